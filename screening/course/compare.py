"""What an officer recorded beside the key: every difference, in the order in which it matters.

A difference is described by what the engine makes of it, never by itself: `alone` is the finding of
the key's answers with this one answer as the officer recorded it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.answers import Answer, Truth, truth
from screening.checklist.schema import Finding
from screening.course.lesson import ANSWERS, Lesson
from screening.course.record import Attempt, Told
from screening.errors import UsageError
from screening.scoring import Assessment, score
from screening.scoring.engine import RANK

__all__ = ["Comparison", "Difference", "Kind", "compare", "kind_of"]

Kind = Literal["lost", "open_taken_for_no", "invented", "left_open"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One item on which officer and key differ."""

    indicator: str
    kind: Kind
    told: Told
    key: Answer
    points: int
    alone: Finding
    alone_high: Finding
    # A protective observation, or a no that was left open: it lowers nothing and hides nothing
    minor: bool


@dataclass(frozen=True)
class Comparison:
    """An attempt beside the key.

    own : what the list makes of the officer's answers
    differences : what matters most first
    losses : the finding of the key's answers with every lost sign as the officer recorded it
    """

    lesson: Lesson
    attempt: Attempt
    own: Assessment
    differences: tuple[Difference, ...]
    losses: Finding

    @property
    def judgement(self) -> Finding:
        assert self.attempt.judgement is not None
        return self.attempt.judgement

    @property
    def loses(self) -> bool:
        """Whether the signs that were lost lower the finding."""
        return RANK[self.losses] < RANK[self.lesson.finding]

    @property
    def judged(self) -> Literal["equal", "low", "high"]:
        """The judgement beside the key's finding."""
        apart = RANK[self.judgement] - RANK[self.lesson.finding]
        return "equal" if apart == 0 else "low" if apart < 0 else "high"

    @property
    def first(self) -> Difference | Literal["low", "high"] | None:
        """The first difference that matters; None where there is none.

        A minor one comes after the judgement.
        """
        item = self.differences[0] if self.differences else None
        if item is not None and not item.minor:
            return item
        return self.judged if self.judged != "equal" else item

    @property
    def tempted(self) -> bool:
        """Whether the judgement is the one that the vignette's mistake leads to."""
        mistake = self.lesson.vignette.mistake
        return mistake is not None and self.judged != "equal" and self.judgement == mistake.finding


def kind_of(told: Told, key: Answer) -> Kind | None:
    """How an answer differs from the key's, or None where it says the same."""
    if truth(key) is Truth.TRUE:
        return None if told == "yes" else "lost"
    if told == "yes":
        return "invented"
    if truth(key) is Truth.OPEN:
        return "open_taken_for_no" if told == "no" else None
    return None if told == "no" else "left_open"


def compare(lesson: Lesson, attempt: Attempt) -> Comparison:
    """The differences between an attempt and the key.

    Raises
    ------
    UsageError : U310 before the officer's own judgement, U305 for an item without an answer
    CaseError : C221 for an item that was not put
    """
    if attempt.judgement is None:
        raise UsageError("U310.key_before_judgement")
    recorded = lesson.recorded(attempt.answers)
    found = [
        _difference(lesson, i, kind, attempt.answers[i])
        for i in lesson.items
        if (kind := kind_of(attempt.answers[i], lesson.answer(i)))
    ]
    lost = {d.indicator: recorded.answer(d.indicator) for d in found if d.kind == "lost"}
    losses = (
        score(lesson.with_answers(lost), lesson.checklist, lesson.weights).finding
        if lost
        else lesson.finding
    )
    lowered = RANK[losses] < RANK[lesson.finding]

    def order(d: Difference) -> tuple[int, int, int]:
        """Losses that lower come before an open taken for no, other losses after it; where no
        single loss lowers and all together do, the one with most points stands for them.

        Within a class, what moves the finding further, then points.
        """
        moves = abs(RANK[d.alone] - RANK[lesson.finding])
        return (
            (
                -1
                if d is leading or (d.kind == "lost" and moves)
                else _MINOR
                if d.minor
                else _CLASS[d.kind]
            ),
            -moves,
            -d.points,
        )

    leading = (
        min((d for d in found if d.kind == "lost"), key=lambda d: (RANK[d.alone], -d.points))
        if lowered
        else None
    )
    return Comparison(
        lesson,
        attempt,
        score(recorded, lesson.checklist, lesson.weights),
        tuple(sorted(found, key=order)),
        losses,
    )


_CLASS: dict[Kind, int] = {"open_taken_for_no": 0, "lost": 1, "invented": 2}
_MINOR = 3


def _difference(lesson: Lesson, indicator: str, kind: Kind, told: Told) -> Difference:
    alone = score(lesson.with_answers({indicator: ANSWERS[told]}), lesson.checklist, lesson.weights)
    item = lesson.checklist.indicators[indicator]
    minor = kind == "left_open" or lesson.checklist.dimensions[item.dimension].kind == "protective"
    return Difference(
        indicator,
        kind,
        told,
        lesson.answer(indicator),
        lesson.weights.points[lesson.profile][indicator],
        alone.finding,
        alone.finding_high,
        minor,
    )
