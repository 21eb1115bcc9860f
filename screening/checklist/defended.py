"""Records that a practitioner would defend: few signs, and what the finding may and may not be.

They are invented. They hold the numbers of a weight set to practice: a test meets each, and the
numbers are learned under them (`benchmarks/learn_weights.py`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from screening.answers import ADULT_AGE, Answer, Case, Profile, Response
from screening.checklist.loader import read_file
from screening.checklist.model import Checklist
from screening.checklist.schema import Finding, Format, Id, Model, Text, Whole
from screening.errors import KnowledgeError, nearest

__all__ = ["Defended", "load_defended"]


class Defended(Model):
    """One record. `floor` and `ceiling` bound the finding, danger aside; `need` is how the id of a
    need begins that must be present. `came_from` says whose judgement it is: a review of the list
    by a practitioner of the field, or the project's own in the same spirit, read by nobody else.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z][0-9]{2,3}$")]
    age: Whole
    yes: Annotated[list[Id], Field(min_length=1)]
    floor: Finding | None = None
    ceiling: Finding | None = None
    need: Id | None = None
    why: Text
    came_from: Literal["practitioner", "ours"]

    def to_case(self) -> Case:
        """The record as a case; what is not named stays open."""
        return Case(self.id, self.age, True, {i: Response(Answer.YES) for i in self.yes})


class _DefendedFile(Model):
    """`defended.yaml` of a list."""

    format: Format
    records: Annotated[list[Defended], Field(min_length=1)]


def load_defended(checklist: Checklist) -> tuple[Defended, ...]:
    """The records of a list. `K113` where an id stands twice, `K120` where a sign is not the
    list's, or not one for that age.
    """
    doc, file = read_file(checklist.folder / "defended.yaml", _DefendedFile)
    seen: set[str] = set()
    for n, record in enumerate(file.records):
        place = doc.place(("records", n))
        if record.id in seen:
            raise KnowledgeError("K113.case_twice", place=place, case=record.id)
        seen.add(record.id)
        profile: Profile = "child" if record.age < ADULT_AGE else "adult"
        known = [i.id for i in checklist.by_profile[profile]]
        for key in record.yes:
            if key not in known:
                raise KnowledgeError(
                    "K120.indicator_of_profile",
                    place=place,
                    near=nearest(key, known),
                    indicator=key,
                    profile=profile,
                )
    return tuple(file.records)
