"""How far a course agrees with its keys: per item and over all, with intervals.

It scores no person and ranks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from screening.course.compare import kind_of
from screening.course.course import Course
from screening.proportion import Share, share
from screening.scoring.engine import RANK

__all__ = ["Agreement", "Tally", "again", "agreement"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How an item was recorded over a course.

    `coded` is how often it was put; the other five sum to it.
    """

    coded: int = 0
    right: int = 0
    lost: int = 0
    invented: int = 0
    open_taken_for_no: int = 0
    left_open: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))


@dataclass(frozen=True)
class Agreement:
    """A course so far.

    items : by indicator, in list order, those that were put
    answers : share of the answers that say what the key says
    equal, low, high : judgements beside the key's finding
    children_low : judgements too low among the children whom the key refers or for whom it acts at
        once
    again : indicators to look at again, most first
    """

    done: int
    of: int
    items: Mapping[str, Tally]
    answers: Share
    equal: Share
    low: Share
    high: Share
    children_low: Share
    again: tuple[str, ...]


def agreement(course: Course) -> Agreement:
    """The agreement of a course with its keys, from the vignettes that are done."""
    tallies: dict[str, Tally] = {}
    apart: list[int] = []
    children: list[int] = []
    for vignette, attempt in course.record.done.items():
        lesson = course.lesson(vignette)
        for indicator, told in attempt.answers.items():
            how = kind_of(told, lesson.answer(indicator)) or "right"
            tallies[indicator] = tallies.get(indicator, Tally()) + Tally(coded=1, **{how: 1})
        assert attempt.judgement is not None
        apart.append(RANK[attempt.judgement] - RANK[lesson.finding])
        if lesson.profile == "child" and lesson.finding in ("refer", "act_now"):
            children.append(apart[-1])
    items = {i: tallies[i] for i in course.checklist.indicators if i in tallies}
    n, right = (sum(getattr(t, name) for t in items.values()) for name in ("coded", "right"))
    judged = [
        share(sum(map(how, apart)), len(apart))
        for how in (lambda d: d == 0, lambda d: d < 0, lambda d: d > 0)
    ]
    return Agreement(
        len(apart),
        len(course.record.vignettes),
        items,
        share(right, n),
        judged[0],
        judged[1],
        judged[2],
        share(sum(d < 0 for d in children), len(children)),
        again((i, t) for i, t in items.items() if _counts(course, i)),
    )


def _counts(course: Course, indicator: str) -> bool:
    """Whether it is a sign; what protects changes no finding."""
    return (
        course.checklist.dimensions[course.checklist.indicators[indicator].dimension].kind
        != "protective"
    )


def again(items: Iterable[tuple[str, Tally]]) -> tuple[str, ...]:
    """Which indicators to look at again: those where a sign was lost, an open taken for no, or a
    sign invented; losses weigh first.
    """
    wrong = [(i, t) for i, t in items if t.lost or t.open_taken_for_no or t.invented]
    return tuple(
        i
        for i, _ in sorted(
            wrong, key=lambda row: (-row[1].lost, -row[1].open_taken_for_no, -row[1].invented)
        )
    )
