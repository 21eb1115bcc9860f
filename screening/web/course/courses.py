"""Courses while they are worked on: in memory, by a random key, apart from every case."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from screening.checklist import Vignettes
from screening.course import Course, CourseRecord, course_sets
from screening.errors import UsageError
from screening.files.ids import harmless_code
from screening.web.interview.cases import Knowledge

__all__ = ["Classroom"]


@dataclass
class _Open:
    """A course, and what of it was last taken out as a file."""

    course: Course
    kept: CourseRecord


class Classroom:
    """The run's courses. They hold nothing of any case, and no case holds anything of them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._open: dict[str, _Open] = {}
        self._lock = threading.RLock()

    @cached_property
    def sets(self) -> dict[str, Vignettes]:
        """What a course can be made of."""
        return course_sets(self.knowledge.checklist)

    def courses(self) -> dict[str, Course]:
        """By key, oldest first."""
        with self._lock:
            return {key: one.course for key, one in self._open.items()}

    def course(self, key: str) -> Course:
        """A course by its key; `U304` where there is none."""
        with self._lock:
            if key not in self._open:
                raise UsageError("U304.course_not_open")
            return self._open[key].course

    def begin(self, set_id: str) -> str:
        """Begin a course under a code that says nothing; its key."""
        code = harmless_code()
        course = Course.begin(
            self.knowledge.checklist, self.knowledge.weights, self._set(set_id), code
        )
        return self._put(course)

    def take_up(self, record: CourseRecord) -> str:
        """Go on with a kept course; its key. `U302` where it lies here already."""
        if any(c.record.code == record.code for c in self.courses().values()):
            raise UsageError("U302.course_open", course=record.code)
        return self._put(
            Course.take_up(
                self.knowledge.checklist, self.knowledge.weights, self._set(record.set_id), record
            )
        )

    def _set(self, set_id: str) -> Vignettes:
        if set_id not in self.sets:
            raise UsageError(
                "U305.course_set_unknown", set=set_id, known=", ".join(self.sets) or "-"
            )
        return self.sets[set_id]

    def _put(self, course: Course) -> str:
        key = secrets.token_hex(4)
        with self._lock:
            self._open[key] = _Open(course, course.record)
        return key

    def change(self, key: str, step: Callable[[Course], Course]) -> Course:
        """Apply a step to the course as it is now."""
        with self._lock:
            changed = step(self.course(key))
            self._open[key].course = changed
            return changed

    def take_out(self, key: str) -> CourseRecord:
        """The record as it goes into a file."""
        with self._lock:
            record = self.course(key).record
            self._open[key].kept = record
            return record

    def unkept(self) -> int:
        """How many courses have something that is in no file."""
        with self._lock:
            return sum(one.course.record != one.kept for one in self._open.values())

    def drop(self, key: str) -> None:
        with self._lock:
            self.course(key)
            del self._open[key]
