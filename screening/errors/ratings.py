"""Forms of ratings."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["RATINGS"]

RATINGS: dict[str, Code] = {
    "R501": Code(
        "a form of ratings that is not one, or lacks a column",
        file_ratings_over_mib=Message(
            "a file of ratings over {largest} MiB",
            "check that it is the form that was sent out",
            english=True,
        ),
        column_missing=Message(
            "the column {missing!r} is missing",
            "start from the form that 'screening calibrate forms' wrote",
            page="start from a form that these pages give",
            english=True,
        ),
        column_stands_twice=Message(
            "the column {twice!r} stands twice", "keep one of the two", english=True
        ),
        no_sheet=Message(
            "there is no sheet {missing!r}", "start from the form that was sent out", english=True
        ),
        not_readable_csv=Message(
            "this is not readable as CSV ({error})", "save the form anew", english=True
        ),
        stands=Message(
            "{cell!r} stands in {column}",
            "move it to where it belongs, give the column its name back, or clear the cell",
            english=True,
        ),
        hidden_sheet_something=Message(
            "a hidden sheet with something in it", "show it, or delete it", english=True
        ),
        sheet_form_not=Message(
            "a sheet that the form does not have",
            "give it the name back that it had in the form, or delete it",
            english=True,
        ),
        sheet_once_more=Message(
            "this is the sheet {name!r} once more", "keep one of the two", english=True
        ),
        row_ends_too_early=Message(
            "a row that ends too early", "check that the file was saved whole", english=True
        ),
    ),
    "R502": Code(
        "a rater's code that is missing, mistyped, or stands for two people",
        no_code_rater=Message(
            "no code of a rater", "write the code that came with the form; never a name"
        ),
        no_code_rater_2=Message(
            "{code_!r} is no code of a rater",
            "copy it letter by letter from the form; never write a name",
            page="copy it letter by letter; never write a name",
            english=True,
        ),
    ),
    "R503": Code(
        "a rating that is not on the scale",
        no_kind_rating=Message(
            "{kind!r} is no kind of rating", "write one of {kinds}", english=True
        ),
        not_scale=Message("{value!r} is not on the scale", "write one of {scale}", english=True),
    ),
    "R504": Code(
        "a rating of an indicator or vignette that is not in the form",
        form_no=Message(
            "the form has no {what} {name!r}",
            "leave it out, or use the form that asks for this {what}",
            english=True,
        ),
        not_rated_profile=Message(
            "{indicator!r} is not rated for the profile {profile!r}",
            "write one of {indicators}",
            english=True,
        ),
    ),
    "R505": Code(
        "the same thing rated twice by one rater in one round",
        rater_rated_already_first=Message(
            "rater {rater} rated this already, first at {cells}",
            "keep one of the two",
            english=True,
        ),
        rater_already_round=Message(
            "rater {rater} is here already with round {n}",
            "take each form in once; to correct one, take it out first",
        ),
    ),
    "R506": Code(
        "ratings made with another list, another form or another round",
        made_form_asked=Message(
            "this was made with the form {form_id!r}, and {form!r} is asked for",
            "give the list and the vignettes that the form was made with; texts that changed since"
            " make another form",
            english=True,
        ),
        no_round=Message(
            "{text!r} is no round", "write 1, 2 or so, as the form came", english=True
        ),
        these_ratings_list=Message(
            "these are ratings of the list {checklist!r}",
            "take in ratings of {checklist_2}",
            english=True,
        ),
        line_round_among_those=Message(
            "a line of round {round} among those of round {round_2}",
            "take in one round at a time",
            english=True,
        ),
    ),
    "R507": Code(
        "too few raters or ratings for what is asked",
        rater=Message(
            "{n_raters} rater",
            "agreement needs two raters or more; take in more forms",
            english=True,
        ),
        rater_2=Message(
            "{n_raters} rater",
            "weights that people stand for need two raters or more",
            english=True,
        ),
        nothing_rated=Message(
            "nothing is rated", "fill in the form, save it, and take it in again", english=True
        ),
        nothing_rated_these_files=Message(
            "nothing is rated in these files", "fill in the form, save it, and take it in again"
        ),
        rater_rated_nothing_round=Message(
            "rater {rater} has rated nothing in round {n}", "look at the code and the round again"
        ),
    ),
}
