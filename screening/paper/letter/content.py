"""The letter as blocks of plain lines, the same blocks in every language.

PDF, page and text set the same content; none of them derives anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from screening.contacts import Contacts, listed_contacts
from screening.errors import UsageError
from screening.i18n import LANGUAGES, words
from screening.interview import Interview
from screening.paper.letter.annex import annex
from screening.paper.letter.body import body
from screening.paper.letter.facts import first_page, slip
from screening.paper.letter.fields import field_words, missing
from screening.paper.letter.writing import Block, Writing

__all__ = ["Letter", "letter"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language, or in two: then one whole letter after the other."""

    languages: tuple[str, ...]
    titles: tuple[str, ...]
    blocks: tuple[tuple[Block, ...], ...]  # by language
    receipt: str
    danger: bool


def letter(
    interview: Interview,
    languages: Sequence[str] = ("en",),
    on: date | None = None,
    called: Sequence[Contacts] = (),
    by_hand: bool = False,
) -> Letter:
    """The letter of an interview, or of a row of a table (`Record.from_case`).

    In danger it needs no judgement: without one it says what is known and no finding (S9).

    Parameters
    ----------
    interview : of a row it says that no judgement, precondition or agreement is recorded
    languages : one, or two: a letter in each
    on : the date it bears; without it, none
    called : whom to call, in each of the languages; without it, the list's own numbers
    by_hand : leave lines to fill in by hand where a required field is empty

    Raises
    ------
    UsageError : U305 for languages that cannot be, U310 before the officer's own judgement, U319
        where a required field is empty; nothing of what was typed is lost
    """
    if (
        not 1 <= len(languages) <= 2
        or len(set(languages)) < len(languages)
        or not set(languages) <= set(LANGUAGES)
    ):
        raise UsageError(
            "U305.letter_languages", languages=", ".join(languages), known=", ".join(LANGUAGES)
        )
    called = called or [listed_contacts(interview.checklist, x) for x in languages]
    judged = interview.record.judgement is not None or interview.record.source == "table"
    if not judged and interview.danger != "yes":
        raise UsageError("U310.finding_before_judgement")
    empty = missing(interview, called[0])
    if empty and judged and not by_hand:
        named = field_words(words(languages[0]))
        raise UsageError(
            "U319.letter_incomplete", fields=[named[f] for f in empty], example=f"{empty[0]}=TEXT"
        )
    written = [
        Writing(interview, language, on, whom)
        for language, whom in zip(languages, called, strict=True)
    ]
    return Letter(
        tuple(languages),
        tuple(w.say("Referral") for w in written),
        tuple((*first_page(w), *slip(w), *body(w), *annex(w)) for w in written),
        written[0].a.receipt,
        written[0].a.danger.state == "present",
    )
