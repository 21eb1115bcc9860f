"""Answers, three-valued truth, and the case they belong to.

An answer is closed (`yes`, `no`, `not_applicable`) or open (`unknown`, `refused`, `not_asked`).
Open is never counted as no: it is a value of its own, between false and true.

    all (min)   FALSE OPEN  TRUE        any (max)   FALSE OPEN  TRUE
    FALSE       FALSE FALSE FALSE       FALSE       FALSE OPEN  TRUE
    OPEN        FALSE OPEN  OPEN        OPEN        OPEN  OPEN  TRUE
    TRUE        FALSE OPEN  TRUE        TRUE        TRUE  TRUE  TRUE

This is Kleene's strong logic; since no rule holds a negation, `OPEN` means exactly
"some way of answering the open questions would make it true".
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Literal

from screening.errors import CaseError

__all__ = [
    "ADULT_AGE",
    "BASES",
    "OLDEST",
    "OPEN_ANSWERS",
    "Answer",
    "Case",
    "Profile",
    "Response",
    "Truth",
    "age_on",
    "profile_of",
    "reconcile_age",
    "truth",
]

ADULT_AGE = 18
OLDEST = 120
BASES = ("said", "observed", "document")
Profile = Literal["adult", "child"]


class Answer(StrEnum):
    """The six states an indicator can be in."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # asked, and nobody knows
    REFUSED = "refused"
    NOT_ASKED = "not_asked"  # the default
    NOT_APPLICABLE = "not_applicable"


OPEN_ANSWERS = frozenset({Answer.UNKNOWN, Answer.REFUSED, Answer.NOT_ASKED})


class Truth(IntEnum):
    """False, open or true; `min` is "all", `max` is "any"."""

    FALSE = 0
    OPEN = 1
    TRUE = 2

    @classmethod
    def of(cls, now: bool, at_most: bool) -> Truth:
        """True now; or only if open answers were yes; or not at all."""
        return cls.TRUE if now else cls.OPEN if at_most else cls.FALSE


def truth(answer: Answer) -> Truth:
    """The truth of one answer."""
    return (
        Truth.TRUE
        if answer is Answer.YES
        else Truth.OPEN
        if answer in OPEN_ANSWERS
        else Truth.FALSE
    )


@dataclass(frozen=True, slots=True)
class Response:
    """One answer with what it rests on. The note is free text and never scored."""

    answer: Answer
    basis: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.basis and self.basis not in BASES:
            raise CaseError("C223.basis", basis=self.basis)


@dataclass(frozen=True, slots=True)
class Case:
    """One person at one time, without a name.

    `statistics` holds what a law may ask to be counted (sex, nationality, ...); nothing in scoring
    reads it.
    """

    case_id: str
    age: int | None = None
    age_certain: bool = True
    answers: Mapping[str, Response] = field(default_factory=dict)
    setting: str = ""
    language: str = ""
    met_on: date | None = None
    statistics: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.case_id.strip():
            raise CaseError("C210.case_number_missing")
        if self.age is not None and not 0 <= self.age <= OLDEST:
            raise CaseError("C212.age", value=self.age, most=OLDEST)
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))
        object.__setattr__(self, "statistics", MappingProxyType(dict(self.statistics)))

    def answer(self, indicator: str) -> Answer:
        """The answer to an indicator; `not_asked` when nothing is recorded."""
        response = self.answers.get(indicator)
        return response.answer if response is not None else Answer.NOT_ASKED

    def only(self, indicators: Container[str]) -> Case:
        """The same case with only these indicators' answers: for another list over the same ids."""
        return replace(self, answers={i: r for i, r in self.answers.items() if i in indicators})


def profile_of(case: Case) -> tuple[Profile, str]:
    """Child or adult, and the id of the reason. Any doubt about the age means child."""
    if case.age is None:
        return "child", "profile_age_missing"
    if case.age < ADULT_AGE:
        return "child", "profile_child_age"
    if not case.age_certain:
        return "child", "profile_age_uncertain"
    return "adult", "profile_adult_age"


def age_on(birth_date: date, day: date) -> int:
    """Full years on a day; a person turns 18 on the birthday itself (29 February: on 1 March)."""
    if birth_date > day:
        raise CaseError("C214.born_after", birth_date=birth_date.isoformat(), day=day.isoformat())
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def reconcile_age(
    age: int | None, certain: bool, birth_date: date | None, day: date
) -> tuple[int | None, bool]:
    """One age from what was stated and what the birth date says.

    Where the two differ, or the birth date lies in the future, the lower age is kept and it is not
    certain: doubt means child.
    """
    if birth_date is None:
        return age, certain
    if birth_date > day:
        return age, False
    computed = age_on(birth_date, day)
    if age is None:
        return computed, certain
    return (age, certain) if age == computed else (min(age, computed), False)
