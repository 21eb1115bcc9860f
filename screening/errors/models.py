"""Scorecards that give a second opinion."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["MODELS"]

MODELS: dict[str, Code] = {
    "M401": Code(
        "a model that is not there or cannot be read",
        no_model=Message(
            "there is no model {text!r}",
            "either give one of {known} or the path of a model.json",
            english=True,
        ),
        cannot_read=Message("it cannot be read ({strerror})", "check the file", english=True),
    ),
    "M402": Code(
        "a file that is no card of the format read here (a pickle is never opened)",
        no_model_json=Message(
            "this is no model.json",
            "give the model.json that `screening train` wrote; pickles and other programs' models"
            " are never opened",
            english=True,
        ),
        format_not_known=Message(
            "format {found!r} is not known here",
            "this version reads format {format}: train the card anew",
            english=True,
        ),
        file_larger_than_any=Message(
            "the file is larger than any card",
            "give the model.json that `screening train` wrote; pickles and other programs' models"
            " are never opened",
            english=True,
        ),
        no_utf_text=Message(
            "this is no UTF-8 text",
            "give the model.json that `screening train` wrote; pickles and other programs' models"
            " are never opened",
            english=True,
        ),
        no_json_card=Message(
            "this is no JSON of a card ({error!r})",
            "give the model.json that `screening train` wrote; pickles and other programs' models"
            " are never opened",
            english=True,
        ),
    ),
    "M403": Code(
        "a card that cannot be: an open answer above a yes, a wrong table, an unknown key",
        card_cannot_be=Message(
            "{problem_}", "use the file as `screening train` wrote it", english=True
        ),
    ),
    "M404": Code(
        "a card made for another list",
        card_made_list_not=Message(
            "this card was made for the list {checklist!r}, not {checklist_2!r}",
            "either choose that list or leave --model out",
            english=True,
        ),
    ),
    "M405": Code(
        "a card with an item that the list does not have or that must not be on a card",
        list_no_indicator=Message(
            "the list {checklist} has no indicator {indicator!r}",
            "train the card anew for this version of the list",
            english=True,
        ),
        no_sign_must_not=Message(
            "{indicator!r} is no sign and must not be on a card",
            "take it off the card",
            english=True,
        ),
    ),
}
