"""Other tables and published cases matched to a list."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["MATCHING"]

MATCHING: dict[str, Code] = {
    "K140": Code(
        "a mapping to or from an indicator that the list does not have",
        mapping_target=Message(
            "the mapping leads to {indicator!r}, which the list does not have", "remove it"
        ),
    ),
    "K141": Code(
        "an import file whose rows cannot be matched to the list",
        columns_missing=Message(
            "the columns kosovo_ref and at least one of {columns} are required",
            "start from 'screening checklist export LIST -o FILE.xlsx'",
        ),
        column_twice=Message("columns {both} are both {column}", "keep one"),
        column_near=Message(
            "column {column!r} is not known, but is close to {meant!r}",
            "name it {meant}, or give it another name if it is something else",
        ),
        no_rows=Message("no row has a kosovo_ref", "fill in kosovo_ref and the official words"),
        ref_missing=Message(
            "the row has official words but no kosovo_ref",
            "write the place in the official text, such as 4.2",
        ),
        ref_is_date=Message(
            "kosovo_ref is the date {ref}, not a place in the official text",
            "format the column as text and type the reference again, such as 4.2",
        ),
        ref_twice=Message(
            "kosovo_ref {ref!r} appears twice, first in row {first}", "give each row its own"
        ),
        matched_twice=Message(
            "{indicator!r} is matched twice, first in row {first}",
            "leave one of the rows without an id",
        ),
        id_unknown=Message(
            "indicator {indicator!r} is not in list {checklist}",
            "leave the id blank for a sign that the list does not have",
        ),
    ),
    "K142": Code(
        "a published case that does not hold together, or a held-out third that is not as drawn",
        held_out=Message(
            "the held-out third is not the one that the seed draws", "write [{drawn}]"
        ),
        draw=Message(
            "case {case!r} is not in exactly one draw",
            "give {letter!r} under series in one draw only",
        ),
        not_answered=Message(
            "indicator {indicator!r} is not answered in this case",
            "either answer it or remove it from {field}",
        ),
        nothing_told=Message("case {case!r} tells nothing", "write at_first_contact or only_later"),
    ),
}
