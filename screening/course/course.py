"""A course in progress: a record with the vignettes, list and weights that it is worked with.

It knows no screen.

Every operation gives a new course and leaves the old one as it is. Vignettes that are held out are
never among its cases: they are kept to judge weights. Nor is one whose key does not hold with the
weights used: its `why` would explain another finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from screening.checklist.loader import sha256_of
from screening.checklist.model import Checklist, Vignettes, WeightSet
from screening.checklist.vignettefiles import Vignette
from screening.checklist.vignettes import load_vignettes, teaches, vignette_ids
from screening.course.compare import Comparison, compare
from screening.course.lesson import Lesson
from screening.course.record import TOLD, Attempt, CourseRecord, checked_code
from screening.errors import UsageError, nearest
from screening.scoring import score

__all__ = ["Course", "course_sets"]

# A lesson follows from list, weights and vignettes alone; to score its key each time a page is
# shown would be waste.
_LESSONS: dict[tuple[str, str, str, str], Lesson] = {}


@dataclass(frozen=True)
class Course:
    """Vignettes to work through, and what an officer made of them."""

    checklist: Checklist
    weights: WeightSet
    vignettes: Vignettes
    record: CourseRecord

    @classmethod
    def begin(
        cls, checklist: Checklist, weights: WeightSet, vignettes: Vignettes, code: str
    ) -> Course:
        """A new course; its code is random and says nothing.

        Raises
        ------
        UsageError : U305 for a set that was not made for teaching, or a code that cannot be
        """
        cases = _cases(checklist, weights, vignettes)
        if not cases:
            raise UsageError("U305.set_not_for_teaching", set=vignettes.id)
        record = CourseRecord(
            checked_code(code),
            checklist.id,
            checklist.version,
            checklist.sha256,
            weights.id,
            weights.sha256,
            vignettes.id,
            _sha256(cases),
            tuple(cases),
        )
        return cls(checklist, weights, vignettes, record)

    @classmethod
    def take_up(
        cls, checklist: Checklist, weights: WeightSet, vignettes: Vignettes, record: CourseRecord
    ) -> Course:
        """Go on with a record on the same vignettes.

        Raises
        ------
        UsageError : U305 for a record of another list or set, U315 where list, weights or vignettes
            have changed since
        """
        for key, then, now in (
            ("U305.course_of_another_list", record.checklist, checklist.id),
            ("U305.course_of_another_set", record.set_id, vignettes.id),
        ):
            if then != now:
                raise UsageError(key, then=then, now=now)
        cases = _cases(checklist, weights, vignettes)
        for fault, same in (
            ("U315.list_changed", record.checklist_sha256 == checklist.sha256),
            ("U315.weights_changed", record.weights_sha256 == weights.sha256),
            (
                "U315.vignettes_changed",
                record.set_sha256 == _sha256(cases) and set(record.vignettes) == set(cases),
            ),
        ):
            if not same:
                raise UsageError(fault, version=record.version, weights=record.weights)
        course = cls(checklist, weights, vignettes, record)
        for vignette, attempt in [*record.done.items(), *record.begun.items()]:
            items, given = set(course.lesson(vignette).items), set(attempt.answers)
            if given - items or (vignette in record.done and items - given):
                raise UsageError("U314.answers_differ", vignette=vignette)
        return course

    # -- what there is -----------------------------------------------------------------------------

    @cached_property
    def cases(self) -> Mapping[str, Vignette]:
        """The vignettes of the course, in its order."""
        every = {v.id: v for v in self.vignettes.cases}
        return {v: every[v] for v in self.record.vignettes}

    def lesson(self, vignette: str) -> Lesson:
        """A vignette with the items put and its key; `U316` where the course does not have it."""
        if vignette not in self.cases:
            raise UsageError(
                "U316.vignette_not_in_course", near=nearest(vignette, self.cases), vignette=vignette
            )
        known = (self.checklist.sha256, self.weights.sha256, self.record.set_sha256, vignette)
        if known not in _LESSONS:
            twin = self.twin(vignette)
            _LESSONS[known] = Lesson.of(
                self.cases[vignette],
                self.cases[twin] if twin else None,
                self.checklist,
                self.weights,
            )
        return _LESSONS[known]

    def next(self) -> str | None:
        """The first vignette that is not done."""
        return next((v for v in self.record.vignettes if v not in self.record.done), None)

    def begun(self, vignette: str) -> Attempt:
        """What was recorded of a vignette so far, before it is done."""
        return self.record.begun.get(vignette, Attempt())

    def twin(self, vignette: str) -> str | None:
        """The twin of a vignette, where the course has it."""
        return twin if (twin := self.cases[vignette].twin) in self.cases else None

    # -- what an officer does ----------------------------------------------------------------------

    def note(self, vignette: str, attempt: Attempt) -> Course:
        """Keep what is recorded so far; nothing is compared yet.

        `C221` for an item that was not put.
        """
        self._open(vignette)
        lesson = self.lesson(vignette)
        lesson.recorded({**dict.fromkeys(lesson.items, TOLD[2]), **attempt.answers})
        return (
            replace(self, record=self.record.with_begun(vignette, attempt))
            if attempt != self.begun(vignette)
            else self
        )

    def finish(self, vignette: str, attempt: Attempt) -> tuple[Course, Comparison]:
        """Keep the attempt for good and compare it with the key.

        Raises
        ------
        UsageError : U310 without a judgement, U305 where an item has no answer, U316 where it is
            done already
        """
        self._open(vignette)
        comparison = compare(self.lesson(vignette), attempt)
        return replace(self, record=self.record.with_done(vignette, attempt)), comparison

    def compared(self, vignette: str) -> Comparison:
        """A finished vignette beside its key; `U310` before it is finished."""
        lesson = self.lesson(vignette)
        return compare(lesson, self.record.done.get(vignette, Attempt()))

    def _open(self, vignette: str) -> None:
        if vignette in self.record.done:
            raise UsageError("U316.vignette_done", vignette=vignette)


def course_sets(checklist: Checklist) -> dict[str, Vignettes]:
    """The sets of vignettes beside a list that a course can be made of, by id; none where it has
    none.
    """
    sets = (load_vignettes(checklist, name) for name in vignette_ids(checklist))
    return {s.id: s for s in sets if any(teaches(v, checklist) for v in s.cases)}


def _cases(checklist: Checklist, weights: WeightSet, vignettes: Vignettes) -> dict[str, Vignette]:
    return {
        v.id: v
        for v in vignettes.cases
        if teaches(v, checklist)
        and score(v.to_case().only(checklist.indicators), checklist, weights).finding
        == v.expected[checklist.id]
    }


def _sha256(cases: Mapping[str, Vignette]) -> str:
    """The fingerprint of what is put and of its key, whatever the language."""
    return sha256_of([v.model_dump(mode="json") for v in cases.values()])
