"""Tables of outcomes: formal decisions that came back."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["OUTCOMES"]

OUTCOMES: dict[str, Code] = {
    "C250": Code(
        "a table of outcomes that lacks a column, or holds no decision",
        column_missing=Message(
            "column {column!r} is missing",
            "a table of outcomes has the columns {columns}",
        ),
        nothing_found=Message(
            "there is neither a column {column!r} nor a column of the list's indicators",
            "add the finding that was logged at the time, or the answers to score",
        ),
        column_twice=Message("column {column!r} appears twice", "keep one"),
        nobody_decided=Message(
            "no formal decision is recorded",
            "fill in decision, decided_by, decided_on and verified for the cases that came back",
        ),
    ),
    "C251": Code(
        "a word in a table of outcomes that is none of those allowed",
        not_a_word=Message(
            "{value!r} is none of the words of this column",
            "choose one of {words}, or leave it blank",
        ),
    ),
    "C252": Code(
        "a decision that is incomplete",
        incomplete=Message(
            "a decision without {column}", "write who decided, when, and how it was verified"
        ),
    ),
    "C253": Code(
        "an outcome of a case that was never screened",
        never_screened=Message(
            "case {case_id!r} has a decision and no finding",
            "check the id, or add the case to the findings",
        ),
    ),
}
