"""Forms of ratings."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["RATINGS"]

RATINGS: dict[str, Code] = {
    "R501": Code(
        "a file that is not a form of ratings, or lacks a column",
        file_too_large=Message(
            "the file of ratings is larger than {largest} MiB",
            "check that it is the form that was sent out",
        ),
        column_missing=Message(
            "column {missing!r} is missing",
            "start from the form written by 'screening calibrate forms'",
            page="start from a form that these pages provide",
        ),
        column_twice=Message("column {column!r} appears twice", "keep one"),
        sheet_missing=Message(
            "there is no sheet {missing!r}", "start from the form that was sent out"
        ),
        csv_unreadable=Message("the file cannot be read as CSV ({error})", "save the form again"),
        cell_misplaced=Message(
            "{cell!r} is in column {column!r}, which is not part of the form",
            "move it to the right column, restore the column's name, or clear the cell",
        ),
        cell_unnamed=Message(
            "{cell!r} is in a column without a name",
            "move it to the right column, restore the column's name, or clear the cell",
        ),
        hidden_sheet=Message("a hidden sheet is not empty", "unhide it, or delete it"),
        sheet_unknown=Message(
            "the sheet is not part of the form", "restore its original name, or delete it"
        ),
        sheet_twice=Message("sheet {name!r} appears twice", "keep one"),
        row_cut_short=Message("the row is incomplete", "check that the file was saved completely"),
    ),
    "R502": Code(
        "a rater's code that is missing, mistyped or used by two people",
        rater_code_missing=Message(
            "the rater's code is missing", "write the code that came with the form, never a name"
        ),
        rater_code_mistyped=Message(
            "{code!r} is not a rater's code",
            "copy it letter by letter from the form, never write a name",
            page="copy it letter by letter, never write a name",
        ),
    ),
    "R503": Code(
        "a rating that is not on the scale",
        kind_unknown=Message("{kind!r} is not a kind of rating", "choose one of {kinds}"),
        not_on_scale=Message("{value!r} is not on the scale", "choose one of {scale}"),
    ),
    "R504": Code(
        "a rating of an indicator or vignette that is not in the form",
        indicator_not_in_form=Message(
            "the form has no indicator {name!r}",
            "either leave it out or use the form that asks for it",
        ),
        vignette_not_in_form=Message(
            "the form has no vignette {name!r}",
            "either leave it out or use the form that asks for it",
        ),
        not_rated_for_profile=Message(
            "{indicator!r} is not rated for the profile {profile!r}", "choose one of {indicators}"
        ),
    ),
    "R505": Code(
        "the same sign or vignette rated twice by one rater in one round",
        rated_twice=Message("rater {rater} already rated this at {cells}", "keep one"),
        retired_and_current=Message(
            "rater {rater} rated a sign and the retired id it replaced differently ({kind})",
            "for a strength the sign of today counts, for an answer yes, then open; check both",
        ),
        rater_in_round=Message(
            "ratings of rater {rater} for round {n} are already here",
            "upload each form once; to correct one, remove it first",
        ),
    ),
    "R506": Code(
        "ratings made with another list, form or round",
        another_form=Message(
            "made with form {form_id!r}, but form {form!r} is expected",
            "use the list and vignettes the form was made with; changed texts make a new form",
        ),
        round=Message("{round!r} is not a round", "write 1, 2 and so on, as on the form"),
        another_list=Message(
            "these ratings are for list {rated!r}", "use ratings for list {checklist}"
        ),
        rounds_mixed=Message(
            "a line of round {round} among lines of round {others}", "upload one round at a time"
        ),
    ),
    "R507": Code(
        "too few raters or ratings",
        too_few_for_agreement=Message(
            "{n_raters} rater", "agreement needs at least two raters; add more forms"
        ),
        too_few_for_weights=Message(
            "{n_raters} rater", "weights from ratings need at least two raters"
        ),
        nobody_in_both_rounds=Message(
            "nobody took part in both rounds", "use ratings of the same people, by the same codes"
        ),
        nothing_rated=Message("nothing is rated", "fill in the form, save it and upload it again"),
        nothing_rated_in_round=Message(
            "rater {rater} has rated nothing in round {n}", "check the code and the round"
        ),
    ),
}
