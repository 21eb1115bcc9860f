"""What an officer did in a course: judgements and answers by vignette.

No name, no time, nothing of any case (S15).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import Field, ValidationError

from screening.checklist.schema import FINDINGS, Finding, Model
from screening.errors import CaseError, UsageError, brief

__all__ = [
    "CODE",
    "FORMAT",
    "TOLD",
    "Attempt",
    "CourseRecord",
    "ListThing",
    "Short",
    "Thing",
    "Told",
    "checked",
    "checked_code",
]

FORMAT = 1
CODE = r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$"  # says which course it was, never whose
M = TypeVar("M", bound=Model)
Told = Literal["yes", "no", "not_told"]
TOLD: tuple[Told, ...] = get_args(
    Told
)  # what an officer records of an item: `not_told` is open, never no


@dataclass(frozen=True, slots=True)
class Attempt:
    """The officer's own judgement of a vignette, and what they recorded of the items put.

    None and missing: not yet.
    """

    judgement: Finding | None = None
    answers: Mapping[str, Told] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.judgement is not None and self.judgement not in FINDINGS:
            raise CaseError("C240.judgement", value=self.judgement, known=", ".join(FINDINGS))
        for indicator, told in self.answers.items():
            if told not in TOLD:
                raise CaseError(
                    "C220.course_answer", value=told, indicator=indicator, known=", ".join(TOLD)
                )
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))

    def to_dict(self) -> dict[str, Any]:
        return {"judgement": self.judgement, "answers": dict(self.answers)}


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """A course as it stands: what it is on, with a fingerprint of each, and what was done.

    vignettes : ids in the order of the course
    done : finished vignettes; what was recorded first stays, since afterwards the key has been seen
    begun : those left in the middle
    """

    code: str
    checklist: str
    version: str
    checklist_sha256: str
    weights: str
    weights_sha256: str
    set_id: str
    set_sha256: str
    vignettes: tuple[str, ...]
    done: Mapping[str, Attempt] = field(default_factory=dict)
    begun: Mapping[str, Attempt] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("done", "begun"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def with_begun(self, vignette: str, attempt: Attempt) -> CourseRecord:
        return replace(self, begun={**self.begun, vignette: attempt})

    def with_done(self, vignette: str, attempt: Attempt) -> CourseRecord:
        return replace(
            self,
            done={**self.done, vignette: attempt},
            begun={v: a for v, a in self.begun.items() if v != vignette},
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "format": FORMAT,
            "kind": "course",
            "code": self.code,
            "checklist": {
                "id": self.checklist,
                "version": self.version,
                "sha256": self.checklist_sha256,
            },
            "weights": {"id": self.weights, "sha256": self.weights_sha256},
            "set": {"id": self.set_id, "sha256": self.set_sha256},
            "vignettes": list(self.vignettes),
            **{
                name: {v: a.to_dict() for v, a in getattr(self, name).items()}
                for name in ("done", "begun")
            },
        }

    @classmethod
    def from_dict(cls, data: Any) -> CourseRecord:
        """A record from `to_dict`'s data; `U314` where it is none."""
        file = checked(_File, data, "U314.not_a_course", "U314.course_unreadable")
        known = set(file.vignettes)
        if len(known) < len(file.vignettes):
            raise UsageError("U314.vignette_twice")
        for name, attempts in (("done", file.done), ("begun", file.begun)):
            for vignette, attempt in attempts.items():
                if vignette not in known:
                    raise UsageError("U314.vignette_unknown", where=f"{name}.{vignette}")
                if name == "done" and attempt.judgement is None:
                    raise UsageError("U314.judgement_missing", vignette=vignette)
        if both := file.done.keys() & file.begun.keys():
            raise UsageError("U314.done_and_begun", vignette=min(both))
        made = {
            name: {v: Attempt(a.judgement, dict(a.answers)) for v, a in getattr(file, name).items()}
            for name in ("done", "begun")
        }
        return cls(
            file.code,
            file.checklist.id,
            file.checklist.version,
            file.checklist.sha256,
            file.weights.id,
            file.weights.sha256,
            file.set.id,
            file.set.sha256,
            tuple(file.vignettes),
            **made,
        )


# -- the file's keys -------------------------------------------------------------------------------


Short = Annotated[str, Field(min_length=1, max_length=100)]
_Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Thing(Model):
    """Something by its id and fingerprint."""

    id: Short
    sha256: _Sha


class ListThing(Thing):
    """A list by its id, version and fingerprint."""

    version: Short


class _Attempt(Model):
    judgement: Finding | None
    answers: Annotated[dict[Short, Told], Field(max_length=200)]


class _File(Model):
    format: Literal[1]
    kind: Literal["course"]
    code: Annotated[str, Field(pattern=CODE)]
    checklist: ListThing
    weights: Thing
    set: Thing
    vignettes: Annotated[list[Short], Field(min_length=1, max_length=500)]
    done: Annotated[dict[Short, _Attempt], Field(max_length=500)]
    begun: Annotated[dict[Short, _Attempt], Field(max_length=500)]


def checked(model: type[M], data: Any, whole: str, part: str) -> M:
    """The data typed, or `U314` with the first place that is wrong: the message `part`, or `whole`
    where it is no such file at all.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(brief(str(step)) for step in first["loc"])
        raise UsageError(part if where else whole, where=where) from None


def checked_code(code: str) -> str:
    """The code of a course; `U305` where it could be a sentence, or a name with its title."""
    if not re.fullmatch(CODE, code):
        raise UsageError("U305.course_code", code=code)
    return code
