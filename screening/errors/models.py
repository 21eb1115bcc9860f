"""Scorecards that give a second opinion."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["MODELS"]

MODELS: dict[str, Code] = {
    "M401": Code(
        "a model that does not exist or cannot be read",
        unknown=Message(
            "there is no model {name!r}",
            "either choose one of {known} or give the path of a model.json",
            page="choose one of {known}",
        ),
        unreadable_because=Message("the file cannot be read ({reason})", "check the file"),
    ),
    "M402": Code(
        "a file that is not a card of the format read here (a pickle is never opened)",
        not_a_model_json=Message(
            "the file is not a model.json",
            "give the model.json written by `screening train`; pickles and other programs' "
            "models are never opened",
        ),
        format_unknown=Message(
            "unknown format {found!r}", "this version reads format {format}; train the card again"
        ),
        file_too_large=Message(
            "the file is too large to be a card",
            "give the model.json written by `screening train`; pickles and other programs' "
            "models are never opened",
        ),
        not_utf8=Message(
            "the file is not UTF-8 text",
            "give the model.json written by `screening train`; pickles and other programs' "
            "models are never opened",
        ),
        not_json=Message(
            "the file is not valid JSON of a card ({error!r})",
            "give the model.json written by `screening train`; pickles and other programs' "
            "models are never opened",
        ),
    ),
    "M403": Code(
        "an invalid card: an open answer above a yes, a wrong table, an unknown key",
        key_missing=Message(
            "key {name!r} is missing", "use the file as `screening train` wrote it"
        ),
        key_unknown=Message("unknown key {name!r}", "use the file as `screening train` wrote it"),
        value=Message(
            "{value!r} is not a value that a card can have here",
            "use the file as `screening train` wrote it",
        ),
        open_above_yes=Message(
            "an open answer has more points than a yes; a card must not fall when more is known",
            "use the file as `screening train` wrote it",
        ),
        lines_reversed=Message(
            "some_signs begins above many_signs", "use the file as `screening train` wrote it"
        ),
        item_twice=Message(
            "an indicator appears twice on the scorecard",
            "use the file as `screening train` wrote it",
        ),
        cap_items=Message(
            "the caps give an indicator that is not on the card, or one twice",
            "use the file as `screening train` wrote it",
        ),
        profile_missing=Message(
            "lines and probabilities are needed for both child and adult",
            "use the file as `screening train` wrote it",
        ),
        line_too_high=Message(
            "the line of many signs for the profile {profile} is above {most}, the most points that"
            " the card can give",
            "use the file as `screening train` wrote it",
        ),
        table_length=Message(
            "a probability table has {rows} rows, but the card gives 0 to {most} points",
            "use the file as `screening train` wrote it",
        ),
        probability_order=Message(
            "probabilities fall as the total rises, or lie outside their interval",
            "use the file as `screening train` wrote it",
        ),
        estimator_empty=Message(
            "the estimator is not fitted, or its card is empty", "fit it, and look at its `card_`"
        ),
    ),
    "M404": Code(
        "a card made for another list",
        another_list=Message(
            "this card was made for list {made_for!r}, not {checklist!r}",
            "either choose that list or leave out --model",
        ),
    ),
    "M405": Code(
        "a scorecard with a sign that is not in the list or must not be on a scorecard",
        indicator_unknown=Message(
            "list {checklist} has no indicator {indicator!r}",
            "train the card again for this version of the list",
        ),
        not_a_sign=Message(
            "{indicator!r} is not a sign and must not be on a card", "remove it from the card"
        ),
    ),
}
