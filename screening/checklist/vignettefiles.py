"""Invented cases as frozen types: what `vignettes/*.yaml` may say, and the same in other
languages.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from screening.answers import Answer, Case, Response
from screening.checklist.schema import (
    LANGUAGE,
    Day,
    Finding,
    Format,
    Id,
    ListId,
    Model,
    Text,
    Whole,
)

__all__ = ["Mistake", "Vignette", "VignetteTextsFile", "VignetteWords", "VignettesFile"]


class Mistake(Model):
    """What tempts an officer in a vignette, and the finding that it leads to."""

    text: Text
    finding: Finding


class Vignette(Model):
    """An invented case: answers, the finding expected per list, and why.

    What teaching needs besides: a `title`, the `situation` of the list's worlds that the story
    tells, the `twin` that looks alike and ends differently, the tempting `mistake`, and items
    `not_put` in a course because the story can be read either way. One that is `held_out` never
    takes part in setting weights and is in no course.
    """

    id: Text
    title: str = ""
    situation: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    twin: str = ""
    held_out: Literal["yes", "no"] = "no"
    age: Whole | None = None
    age_certain: Literal["yes", "no"] = "yes"
    setting: str = ""
    met_on: Day | None = None
    answers: dict[Id, Literal["yes", "no", "unknown", "refused", "not_asked", "not_applicable"]]
    story: Text
    expected: dict[ListId, Finding]
    why: Text
    mistake: Mistake | None = None
    not_put: list[Id] = Field(default_factory=list)

    def words(self) -> dict[str, str]:
        """What is read, by field: what a translation translates."""
        found = {
            "title": self.title,
            "story": self.story,
            "why": self.why,
            "mistake": self.mistake.text if self.mistake else "",
        }
        return {field: text for field, text in found.items() if text}

    def to_case(self) -> Case:
        """The vignette as a case to score."""
        answers = {i: Response(Answer(a)) for i, a in self.answers.items()}
        return Case(
            self.id,
            self.age,
            self.age_certain == "yes",
            answers,
            setting=self.setting,
            met_on=self.met_on,
        )


class VignettesFile(Model):
    """`vignettes/<name>.yaml`: invented cases, for training, regression and the demo."""

    format: Format
    id: ListId
    title: str = ""
    about: Text
    compare_with: ListId | None = None
    explain: str = ""
    cases: Annotated[list[Vignette], Field(min_length=1)]


class VignetteWords(Model):
    """A vignette in another language; `of` is the fingerprint of the English it translates."""

    of: Annotated[str, Field(pattern=r"^[0-9a-f]{10}$")]
    title: Text
    story: Text
    why: Text
    mistake: Text


class VignetteTextsFile(Model):
    """`vignettes/<language>/<name>.yaml`: the invented cases in another language."""

    format: Format
    id: ListId
    language: Annotated[str, Field(pattern=LANGUAGE)]
    status: Literal["draft", "reviewed"]
    title: str = ""
    note: str = ""
    cases: dict[str, VignetteWords]
