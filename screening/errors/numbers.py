"""What a weight set or an invented world says in numbers: days, lines, points, rates."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["NUMBERS"]

NUMBERS: dict[str, Code] = {
    "K130": Code(
        "a weight set made for another list",
        weights_of_another_list=Message(
            "this weight set is for list {made_for!r}, not {checklist!r}",
            "either choose that list or a weight set made for this one",
        ),
        world_of_another_list=Message(
            "this world is for list {made_for!r}, not {checklist!r}",
            "either choose that list or a world made for this one",
        ),
    ),
    "K131": Code(
        "a weight set that is incomplete, or gives a weight to something the list does not have",
        weight_unknown=Message(
            "there is a weight for {indicator!r}, which the list does not have", "remove it"
        ),
        cap_unknown=Message(
            "there is a cap for {dimension!r}, which is not a dimension of the list", "remove it"
        ),
        weight_missing=Message(
            "{indicator!r} has no weight for the profile {profile}", "add '{profile}:'"
        ),
        weight_to_spare=Message(
            "{indicator!r} has a weight for the profile {profile}, to which it does not apply",
            "remove '{profile}:'",
        ),
    ),
    "K132": Code(
        "a weight or cap that is not a whole number of 0 or more in the digits 0-9",
        weight_typed=Message(
            "{value!r} is not a valid weight for {indicator!r}", "write a whole number of 0 or more"
        ),
        not_whole=Message(
            "{value!r} is not a whole number of 0 or more", "write it in the digits 0-9"
        ),
    ),
    "K133": Code(
        "a date that is not YYYY-MM-DD",
        review_too_early=Message(
            "the review date {recheck_by} is not after {valid_from}, from which the set is valid",
            "give a later --recheck-by",
            page="write a later review date",
        ),
        not_a_date=Message("{value!r} is not a date", "write it as YYYY-MM-DD"),
        day_to_come=Message("{value} is a day to come", "write the day on which it was verified"),
    ),
    "K135": Code(
        "a weight set whose numbers do not fit its lines",
        no_lines=Message(
            "the list's rules need a line for the profile {profile}, and this set draws none",
            "write lines, or bring the rules that the set was made for",
        ),
        line_missing=Message(
            "a line has no number for the profile {profile}",
            "give every line a number for adult and child",
        ),
        caps_beside_lines=Message(
            "a set with lines has caps by dimension as well",
            "remove caps: soft signs are capped together, and one fact counts once",
        ),
        lines_cross=Message(
            "the lines for the profile {profile} do not fit together",
            "keep corroborating up to telling, telling up to refer, and soft below refer",
        ),
        too_many_points=Message(
            "{indicator!r} has {points} points, more than the {most} of a set with lines",
            "write a number from 0 to {most}",
        ),
        alone_unexplained=Message(
            "{indicator!r} alone reaches the line of {line} points for {profile}, with no reason",
            "name it under alone with its reason, or give it fewer points",
        ),
        alone_below=Message(
            "{indicator!r} is under alone for {profile} without the {line} points of the line",
            "give it the points of the line, or remove it from alone",
        ),
        alone_asked=Message(
            "with these numbers a single sign would refer a person, and no reason is given: "
            "{named}",
            "either give each a reason with --alone 'SIGN=REASON' or keep it below the line with"
            " --bounds",
            page="either write the reason for each or give it fewer points",
        ),
        alone_not_asked=Message(
            "{indicator!r} does not newly decide alone with these numbers",
            "leave its reason out",
        ),
        line_out_of_reach=Message(
            "all signs together (a child: without means) miss the line for the profile {profile}",
            "lower the line or raise the points",
        ),
    ),
    "K134": Code(
        "impossible shares, loadings, counts or ages in a world",
        shares=Message("the shares do not add up to 1", "correct them so that they do"),
        loadings=Message(
            "the loadings leave nothing to chance", "keep the sum of their squares below 1"
        ),
        counts=Message(
            "these counts are not possible",
            "keep least at or below most, and most at or below the number of signs",
        ),
        open_shares=Message(
            "the shares of open answers add up to more than 1",
            "keep not_asked, unknown and refused together at 1 or less",
        ),
        origin_weights=Message(
            "the weights add up to 0", "give at least one of them a number above 0"
        ),
        ages=Message(
            "these ages are not possible",
            "write lowest, mode and highest in order, from {least} to {most}",
        ),
        nobody_exploited=Message(
            "no situation with exploitation has a share above 0",
            "give at least one of them a share above 0",
        ),
        everybody_exploited=Message(
            "no situation without exploitation has a share above 0",
            "give at least one of them a share above 0",
        ),
    ),
}
