"""The bundled course sets with their lessons, and an officer who records what the key says."""

from __future__ import annotations

from screening.answers import Truth, truth
from screening.checklist import load_checklist, load_weights
from screening.course import Course, course_sets
from screening.course.lesson import Lesson

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
SETS = course_sets(KOSOVO)
STREET = Course.begin(KOSOVO, WEIGHTS, SETS["on-the-street"], "t1")
BEYOND = Course.begin(KOSOVO, WEIGHTS, SETS["beyond-the-street"], "t2")
LESSONS = {v: course.lesson(v) for course in (STREET, BEYOND) for v in course.cases}
KEYS = {case.id: case for found in SETS.values() for case in found.cases}  # those held out too
Answers = dict[str, str]


def keyed(lesson: Lesson, **changed: str) -> Answers:
    """What an officer records who sees all that the key says, but for what is changed."""
    said = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.OPEN: "not_told"}
    return {i: changed.get(i, said[truth(lesson.answer(i))]) for i in lesson.items}
