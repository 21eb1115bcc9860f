"""The knowledge as frozen types: what a list's files may say, key by key.

Every model allows the keys it names and no others. Values arrive as text (see `yamlfile`) and get
their type here. What one file alone can tell is checked here; what needs several files together, in
`loader`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from screening.answers import Profile

__all__ = [
    "CASE_PROFILES",
    "ELEMENTS",
    "FINDINGS",
    "FORMAT",
    "GATE",
    "LEVELS",
    "STRENGTHS",
    "AskedBy",
    "Checked",
    "ChecklistFile",
    "Day",
    "Dimension",
    "Element",
    "Finding",
    "Format",
    "Id",
    "Indicator",
    "Level",
    "ListId",
    "MappedRule",
    "MappingFile",
    "Mode",
    "Model",
    "Need",
    "NeedsFile",
    "OneFact",
    "PathwayFile",
    "Retired",
    "SectionFile",
    "Source",
    "SourceRef",
    "SourcesFile",
    "Step",
    "Strength",
    "Text",
    "TextsFile",
    "Whole",
]

FORMAT = "1"

Finding = Literal["too_little_known", "nothing_indicated", "look_further", "refer", "act_now"]
FINDINGS: tuple[Finding, ...] = (
    "too_little_known",
    "nothing_indicated",
    "look_further",
    "refer",
    "act_now",
)
Level = Literal["look_further", "refer", "act_now"]
LEVELS: tuple[Level, ...] = ("look_further", "refer", "act_now")  # findings that a rule can raise

Element = Literal["act", "means", "purpose", "context"]
ELEMENTS: tuple[Element, ...] = ("act", "means", "purpose")
Strength = Literal["strong", "medium", "weak"]
STRENGTHS: tuple[Strength, ...] = ("strong", "medium", "weak")
Mode = Literal["ask", "observe", "document"]
CASE_PROFILES: tuple[Profile, ...] = ("adult", "child")

# Palermo Protocol art. 3(a) and (c): for a child neither means nor consent enter. Law, so not a
# setting of any list.
GATE: dict[Profile, tuple[Element, ...]] = {
    "adult": ("act", "means", "purpose"),
    "child": ("act", "purpose"),
}


def _whole_number(value: Any) -> Any:
    """Digits 0-9 only: no sign, point, exponent, underscore or other script's digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value):
        return int(value)
    raise PydanticCustomError("not_whole", "not a whole number of 0 or more")


def _seed(value: Any) -> Any:
    """The seeds that numpy takes and the command line allows."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value) and int(value) < 2**32:
        return int(value)
    raise PydanticCustomError("not_seed", "not a seed")


def _iso_date(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("not_a_date", "not a date")


def _text(value: Any) -> Any:
    if isinstance(value, str):
        if not value.strip():
            raise PydanticCustomError("empty", "empty")
        return value.strip()
    return value


Whole = Annotated[int, BeforeValidator(_whole_number)]
Seed = Annotated[int, BeforeValidator(_seed)]
Day = Annotated[date, BeforeValidator(_iso_date)]
Text = Annotated[str, BeforeValidator(_text)]
LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$"  # a code of `screening.languages`
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
ListId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=64)]
Format = Literal["1"]


class Model(BaseModel):
    """Frozen; strict; a key that is not named here is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True
    )  # built when first used: most commands use few


class SourceRef(Model):
    """Where a statement comes from: a source of the list and the place in it."""

    ref: ListId
    at: str = ""


class Source(Model):
    """A source, and whether anyone here read it:

    `read` (at least the part used), `secondary`, `memory`, or `assumption` (ours). `law` is set for
    legal texts only: `in_force`, a `standard` (binds nobody there by itself), or `repealed`.
    """

    id: ListId
    title: Text
    status: Literal["read", "secondary", "memory", "assumption"]
    law: Literal["in_force", "standard", "repealed"] | None = None
    note: str = ""


class SourcesFile(Model):
    """`sources.yaml`: what the list rests on."""

    format: Format
    sources: list[Source]


class Dimension(Model):
    """A group of indicators; only `sign` dimensions carry weight and can be positive."""

    id: Id
    kind: Literal["sign", "protective", "danger"]


class Strengths(Model):
    """How telling a sign is, per profile, as published or proposed; absent where it has none."""

    adult: Strength | None = None
    child: Strength | None = None


AskedBy = Literal["frontline", "social_worker", "specialist"]
Nature = Literal[
    "danger",
    "act",
    "recruitment",
    "control",
    "purpose",
    "circumstance",
    "presentation",
    "protective",
]


class Askers(Model):
    """Who may put the question, where that differs between adult and child."""

    adult: AskedBy
    child: AskedBy


class Modes(Model):
    """How a sign is established, where that differs between adult and child."""

    adult: Mode
    child: Mode


class Indicator(Model):
    """One entry of the list.

    `asked_by` is who may put its question: the officer of the first contact, the social worker,
    or a trained interviewer in a room for that. `nature` is what it tells of: somebody's act, how
    the person was drawn in (recruitment), what keeps them (control), the exploitation itself
    (purpose), a circumstance that poverty shares, how the person seems, or what protects.
    """

    id: Id
    dimension: Id
    element: Element
    applies_to: Literal["all", "adult", "child"]
    strength: Strengths
    strength_basis: Literal["published", "by_analogy", "proposed", "none"]
    mode: Modes
    asked_by: Askers = Askers(adult="frontline", child="frontline")
    nature: Nature | None = None
    forms: list[Id]
    sources: Annotated[list[SourceRef], Field(min_length=1)]
    kosovo_ref: str = ""

    @model_validator(mode="before")
    @classmethod
    def _one_for_both(cls, data: Any) -> Any:
        for key in ("mode", "asked_by"):
            if isinstance(data, dict) and isinstance(data.get(key), str):
                data = {**data, key: {"adult": data[key], "child": data[key]}}
        return data

    def applies(self, profile: Profile) -> bool:
        """Whether the sign is recorded for this profile at all."""
        return self.applies_to in ("all", profile)

    def strength_for(self, profile: Profile) -> Strength | None:
        return self.strength.child if profile == "child" else self.strength.adult

    def mode_for(self, profile: Profile) -> Mode:
        return self.mode.child if profile == "child" else self.mode.adult

    def asked_by_for(self, profile: Profile) -> AskedBy:
        return self.asked_by.child if profile == "child" else self.asked_by.adult


class SectionFile(Model):
    """Entries stay raw here: in a list with a catalogue they may name only what differs."""

    format: Format
    section: Id
    indicators: list[dict[str, Any]]


class PerProfile(Model):
    """A rule for each profile, still raw (see `rules.parse`)."""

    adult: dict[str, Any]
    child: dict[str, Any]


class RulesFile(Model):
    """The rules that raise a finding, highest first; see `rules` for what one may say."""

    act_now: PerProfile
    refer: PerProfile
    look_further: PerProfile


class Retired(Model):
    """An id that the list no longer has: what it became, since when, and why. Never used again."""

    id: Id
    became: Id
    on: Day
    why: Text


class ChecklistFile(Model):
    """`checklist.yaml`: what the list is, and how answers become a finding."""

    format: Format
    id: ListId
    version: Text
    role: Literal["screening", "comparator"]
    catalogue: ListId | None = None
    authority: Text
    weights: ListId
    age_doubt: Id | None = None
    sections: Annotated[list[Id], Field(min_length=1)]
    dimensions: Annotated[list[Dimension], Field(min_length=1)]
    forms: list[Id]
    states_one_fact: list[OneFact] = []
    retired: list[Retired] = []
    enough_known: PerProfile
    rules: RulesFile


class Checked(Model):
    """When somebody last looked whether a step is right, and how far they looked."""

    on: Day
    how: Text


class Step(Model):
    """What to do next, by whom, by when, on which authority; and when and how it was checked.

    `form` is the form of exploitation it is about, where it is about one: a letter leaves it out
    where that form is not in question.
    """

    id: Id
    findings: Annotated[list[Finding], Field(min_length=1)]
    profiles: Annotated[list[Profile], Field(min_length=1)]
    who: Id
    within: Annotated[str, Field(pattern=r"^[0-9]{1,4}[hd]$")]
    form: Id | None = None
    checked: Checked
    sources: Annotated[list[SourceRef], Field(min_length=1)]

    @property
    def hours(self) -> int:
        """The time allowed, in hours; 0 is at once."""
        return int(self.within[:-1]) * (24 if self.within.endswith("d") else 1)


class Need(Model):
    """What a person is owed whatever the finding: opened by any of its indicators, with an owner
    and a day. `steps` are what to do about it, by their ids in the pathway.
    """

    id: Id
    urgency: Literal["now", "today", "soon"]
    profiles: Annotated[list[Profile], Field(min_length=1)]
    indicators: Annotated[list[Id], Field(min_length=1)]
    who: Id
    within: Annotated[str, Field(pattern=r"^[0-9]{1,4}[hd]$")]
    steps: Annotated[list[Id], Field(min_length=1)]
    checked: Checked
    sources: Annotated[list[SourceRef], Field(min_length=1)]

    @property
    def hours(self) -> int:
        """The time allowed, in hours; 0 is at once."""
        return int(self.within[:-1]) * (24 if self.within.endswith("d") else 1)


class NeedsFile(Model):
    """`needs.yaml`: what people are owed, most urgent first. A list that has none takes those of
    its catalogue.
    """

    format: Format
    needs: Annotated[list[Need], Field(min_length=1)]


class OneFact(Model):
    """Signs that state one fact, of which one should count."""

    id: Id
    signs: Annotated[list[Id], Field(min_length=2)]


class PathwayFile(Model):
    """`pathway.yaml`: the next steps, shown in file order."""

    format: Format
    steps: Annotated[list[Step], Field(min_length=1)]


TextGroup = Annotated[dict[Id, dict[Id, Text]], Field()]


class TextsFile(Model):
    """A language's words by group and id.

    `of` in a translation is the fingerprint of the English it translates.
    """

    format: Format
    language: Annotated[str, Field(pattern=LANGUAGE)]
    status: Literal["source", "draft", "reviewed"]
    note: str = ""
    list: TextGroup = {}
    findings: TextGroup = {}
    dimensions: TextGroup = {}
    sections: TextGroup = {}
    forms: TextGroup = {}
    roles: TextGroup = {}
    reasons: TextGroup = {}
    indicators: TextGroup = {}
    steps: TextGroup = {}
    needs: TextGroup = {}
    preconditions: TextGroup = {}
    facts: TextGroup = {}
    contacts: TextGroup = {}


class MappedAge(Model):
    """Which values of a column tell the age: full years by value; values not named say nothing."""

    column: Text
    years: dict[str, Whole]


class MappedRule(Model):
    """When every named column has its value, these indicators are yes. kind `form` comes from the
    recorded form of exploitation.
    """

    when: Annotated[dict[str, Text], Field(min_length=1)]
    indicators: Annotated[list[Id], Field(min_length=1)]
    kind: Literal["means", "form", "act"]
    note: str = ""


class MappingFile(Model):
    """`mappings/<name>.yaml`: how another organisation's table is read with this list.

    Whatever no rule says yes to stays `not_asked`: a blank or 0 in such a table is not a recorded
    no.
    """

    format: Format
    id: ListId
    about: Text
    case_id: str = ""
    ages: Annotated[list[MappedAge], Field(min_length=1)]
    rules: Annotated[list[MappedRule], Field(min_length=1)]
    not_carried: dict[str, Text] = {}
    sources: Annotated[list[SourceRef], Field(min_length=1)]
