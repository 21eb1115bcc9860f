"""Other tables and published cases matched to a list."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["MATCHING"]

MATCHING: dict[str, Code] = {
    "K140": Code(
        "a mapping to or from an indicator that the list does not have",
        mapping_list_not=Message(
            "a mapping to {key_!r}, which the list does not have", "remove it", english=True
        ),
    ),
    "K141": Code(
        "an import file whose rows cannot be matched to the list",
        columns_kosovo_ref_least=Message(
            "the columns kosovo_ref and at least one of {texts} are needed",
            "start from 'screening checklist export LIST -o FILE.xlsx'",
            english=True,
        ),
        no_row_kosovo_ref=Message(
            "no row has a kosovo_ref", "fill in kosovo_ref and the official words", english=True
        ),
        official_words_without_kosovo=Message(
            "official words without a kosovo_ref",
            "write the place in the official text, such as 4.2",
            english=True,
        ),
        kosovo_ref_stands_twice=Message(
            "kosovo_ref {ref!r} stands twice, first in row {seen}",
            "give each its own",
            english=True,
        ),
        matched_twice_first_row=Message(
            "{key_!r} is matched twice, first in row {row}", "leave one without an id", english=True
        ),
        id_unknown=Message(
            "id {key_!r} is not in the list {checklist}",
            "leave the id blank for a sign that we do not have",
            english=True,
        ),
    ),
    "K142": Code(
        "a published case that does not hold together, or a held-out third that is not as drawn",
        held_out_not_drawn=Message(
            "the held-out third is not the one that the seed draws",
            "write [{drawn}]",
            english=True,
        ),
        no_draw=Message(
            "case {case!r} is not in exactly one draw",
            "let one draw alone name {letter!r} under series",
            english=True,
        ),
        not_answered=Message(
            "{key_!r} is not answered in this case",
            "either answer it or remove it from {field}",
            english=True,
        ),
        nothing_told=Message(
            "case {case!r} tells nothing",
            "write at_first_contact or only_later",
            english=True,
        ),
    ),
}
