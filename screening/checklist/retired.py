"""What became of ids that a list no longer has, and how answers under both ids are read as one.

Old cases, forms and weight sets go on naming an id that is retired. It is read as the id that it
became, here and nowhere else: readers ask `Checklist.current`, or hand their answers to `as_now`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from screening.answers import OPEN_ANSWERS, Answer, Case, Response, truth
from screening.errors import CaseError, ScreeningWarning, quote

if TYPE_CHECKING:
    from screening.checklist.model import Checklist

__all__ = ["as_now", "clash", "contradict", "counting", "read_case", "told"]


def _rank(answer: Answer) -> int:
    if answer is Answer.NOT_ASKED:
        return 0
    return 3 if answer is Answer.YES else 2 if answer in OPEN_ANSWERS else 1


def counting(first: Answer, second: Answer) -> Answer:
    """The one that counts of two answers to what is one question now: yes, then open, then no.

    What was not asked says nothing. Of two of a kind the first counts.
    """
    return max(first, second, key=_rank)


def contradict(first: Answer, second: Answer) -> bool:
    """Whether two answers to one question say different things."""
    return Answer.NOT_ASKED not in (first, second) and truth(first) is not truth(second)


def clash(indicator: str, retired: str, kept: Answer, place: str = "") -> CaseError:
    """What is told where the two are answered differently: one line with a code, never raised."""
    return CaseError(
        "C222.retired_and_current",
        place=place,
        indicator=indicator,
        retired=retired,
        answer=str(kept),
    )


def as_now(
    answers: Mapping[str, Response], retired: Mapping[str, str], place: str = ""
) -> tuple[Mapping[str, Response], list[CaseError]]:
    """The answers under the ids of today, each question answered once; and what to tell of those
    that contradicted each other.

    retired : by retired id, what it became
    """
    if retired.keys().isdisjoint(answers):
        return answers, []
    found = {i: r for i, r in answers.items() if i not in retired}
    clashes = []
    for old, now in retired.items():
        if old not in answers:
            continue
        before, there = answers[old], found.get(now)
        if there is None:
            found[now] = before
            continue
        kept = counting(there.answer, before.answer)
        note = "; ".join(dict.fromkeys(r.note for r in (there, before) if r.note))
        found[now] = replace(there if kept is there.answer else before, note=note)
        if contradict(there.answer, before.answer):
            clashes.append(clash(now, old, kept, place))
    return found, clashes


def told(
    answers: Mapping[str, Response], retired: Mapping[str, str], place: str
) -> Mapping[str, Response]:
    """As `as_now`, for callers that have no list of warnings: a contradiction is a warning of
    Python's.
    """
    found, clashes = as_now(answers, retired, place)
    for error in clashes:
        warnings.warn(str(error), ScreeningWarning, stacklevel=3)
    return found


def read_case(case: Case, checklist: Checklist) -> Case:
    """The case under the ids of today; the case itself where it has no other."""
    answers = told(case.answers, checklist.retired, f"case {quote(case.case_id)}")
    return case if answers is case.answers else replace(case, answers=answers)
