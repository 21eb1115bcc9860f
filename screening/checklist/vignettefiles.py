"""Invented cases as frozen types: what `vignettes/*.yaml` may say, the same in other languages, and
what readers made of them.
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

__all__ = [
    "Draw",
    "Mistake",
    "Need",
    "Reader",
    "Reading",
    "ReadingsFile",
    "Vignette",
    "VignetteTextsFile",
    "VignetteWords",
    "VignettesFile",
]

# What a person is owed whatever the finding, in the words that readers of vignettes choose from.
Need = Literal[
    "danger",
    "child_protection_now",
    "child_protection_soon",
    "violence_at_home",
    "labour_rights",
    "health",
    "asylum",
]


class Mistake(Model):
    """What tempts an officer in a vignette, and the finding that it leads to."""

    text: Text
    finding: Finding


class Vignette(Model):
    """An invented case: answers, the finding expected per list, and why.

    Where readers made the key, `expected` and `why` stay empty here: see `ReadingsFile`.

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
    expected: dict[ListId, Finding] = Field(default_factory=dict)
    why: str = ""
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


class Draw(Model):
    """How the held-out vignettes were drawn.

    `random.Random(seed).sample(ids, held_out)`, of all ids in alphabetical order.
    """

    seed: Whole
    held_out: Whole


class VignettesFile(Model):
    """`vignettes/<name>.yaml`: invented cases, for training, regression and the demo.

    `keys_from` says where the expected findings come from: the `rules` that they would test, or
    `readers` who had seen neither rules nor weights (`readings/<name>.yaml`).
    """

    format: Format
    id: ListId
    title: str = ""
    about: Text
    keys_from: Literal["rules", "readers"] = "rules"
    draw: Draw | None = None
    compare_with: ListId | None = None
    explain: str = ""
    cases: Annotated[list[Vignette], Field(min_length=1)]


class VignetteWords(Model):
    """A vignette in another language; `of` is the fingerprint of the English it translates."""

    of: Annotated[str, Field(pattern=r"^[0-9a-f]{10}$")]
    title: Text
    story: Text
    why: str = ""
    mistake: str = ""


class VignetteTextsFile(Model):
    """`vignettes/<language>/<name>.yaml`: the invented cases in another language."""

    format: Format
    id: ListId
    language: Annotated[str, Field(pattern=LANGUAGE)]
    status: Literal["draft", "reviewed"]
    title: str = ""
    note: str = ""
    cases: dict[str, VignetteWords]


class Reader(Model):
    """Who read the stories, as far as it bears on what their reading is worth."""

    id: Id
    who: Text


class Reading(Model):
    """What one reader made of one story.

    `facts` decided the finding; `signs` are the telling ones; both in the reader's own words.
    """

    reader: Id
    finding: Finding
    needs: list[Need] = Field(default_factory=list)
    confidence: Literal["low", "medium", "high"]
    facts: Annotated[list[Text], Field(min_length=1)]
    signs: list[Text] = Field(default_factory=list)


class ReadingsFile(Model):
    """`vignettes/readings/<name>.yaml`: what readers made of the stories, from which keys follow.

    `asked` is the instruction that the readers were given, `read_on` the day.
    """

    format: Format
    id: ListId
    about: Text
    asked: Text
    read_on: Day
    readers: Annotated[list[Reader], Field(min_length=3)]
    cases: dict[str, Annotated[list[Reading], Field(min_length=3)]]
