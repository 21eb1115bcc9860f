"""Worlds as frozen types: what a file under `worlds/` may say, key by key.

A world is a story about who is met, which signs they truly show, and how much of that an interview
brings to light. It is invented. Each number names its source, or says `assumption`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from screening.answers import Profile
from screening.checklist.schema import Format, Id, ListId, Model, Text, Whole

__all__ = [
    "ASSUMPTION",
    "REQUIRED",
    "AgeRange",
    "Based",
    "Coached",
    "Correlation",
    "Depth",
    "Lookalike",
    "Mode",
    "Observation",
    "Origin",
    "Override",
    "People",
    "Rates",
    "Situation",
    "WorldFile",
]

ASSUMPTION = "assumption"  # stands where a source's id would stand


def _decimal(value: Any) -> Any:
    """A number in the digits 0-9, with a point; no sign, exponent or other script's digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value):
        return float(value)
    raise PydanticCustomError("not_number", "not a number")


def _share(value: Any) -> Any:
    number = _decimal(value)
    if number > 1:
        raise PydanticCustomError("not_share", "not a share")
    return number


def _loading(value: Any) -> Any:
    negative = isinstance(value, str) and value.startswith("-")
    number = _share(value[1:] if negative else value)
    if number > 0.95:
        raise PydanticCustomError("not_loading", "not a loading")
    return -number if negative else number


def _flag(value: Any) -> Any:
    if value in ("yes", "no"):
        return value == "yes"
    raise PydanticCustomError("not_yes_or_no", "neither yes nor no")


Decimal = Annotated[float, BeforeValidator(_decimal)]
Share = Annotated[float, BeforeValidator(_share)]
Loading = Annotated[float, BeforeValidator(_loading)]
Flag = Annotated[bool, BeforeValidator(_flag)]


class Based(Model):
    """Anything with numbers in it:

    `ref` is a source of the list or `assumption`; `at` is the place in it, or why.
    """

    ref: ListId
    at: Text


class Rates(Based):
    """How often each of these signs is truly there."""

    rates: Annotated[dict[Id, Share], Field(min_length=1)]


class AgeRange(Model):
    """Full years from `lowest` to `highest`, most often near `mode` (a triangle)."""

    lowest: Whole
    mode: Whole
    highest: Whole


class People(Based):
    """Who is in a situation: the share of children, ages of children and of adults, the share of
    women and girls.
    """

    children: Share
    child_years: AgeRange
    adult_years: AgeRange
    female: Share


class Situation(Based):
    """One kind of person met.

    `share` is relative to the others that are exploited, or to those that are not.

    `begs` says whether people in it beg; by default those do whose form is begging.

    `ref` and `at` speak for the situation and its share alone: who is in it has a basis of its own,
    and so has each block of rates.
    """

    id: Id
    title: Text
    exploited: Flag
    form: Id | None = None
    begs: Flag | None = None
    share: Decimal
    people: People
    patterns: list[Id] = []
    rates: list[Rates] = []


class Prevalence(Based):
    """The share of those met who are exploited; `sweep` are the values a report tries in its
    place.
    """

    share: Share
    sweep: Annotated[list[Share], Field(min_length=1)]


class Origins(Based):
    """How often people come from each place, relative to one another."""

    weights: Annotated[dict[Text, Decimal], Field(min_length=1)]


class Origin(Model):
    """Where people come from. Recorded for statistics; never an input of anything."""

    exploited: Origins
    others: Origins


class Meetings(Based):
    """Share of cases met once, twice, three times and so on."""

    shares: Annotated[list[Share], Field(min_length=1, max_length=5)]


class Correlation(Based):
    """How signs hang together: each sign's loading on the case's own severity, and on its
    dimension's own strain.

    A sign is there when a normal variable is above its threshold; the variable is the two factors
    and a rest of its own, so that the rate stays what it is written to be. `opposed` dimensions
    load on severity with the other sign.
    """

    exploited: Loading
    others: Loading
    dimension: Loading
    opposed: list[Id] = []


class Mode(Model):
    """What becomes of a sign of one mode at the first meeting.

    not_asked, unknown, refused : shares that stay open
    hidden : share of true signs that are answered no (denied, or overlooked)
    invented : share of absent signs that are answered yes (observer error), where `false_yes`
        does not name the sign; of a sign whose true rate is 0 nobody is mistaken
    """

    not_asked: Share
    unknown: Share
    refused: Share
    hidden: Share
    invented: Share


class Coached(Model):
    """People taught what to say: a share of the exploited; of their ask signs more are refused and
    denied.
    """

    share: Share
    refused: Share
    hidden: Share


class Observation(Based):
    """How much of the truth an interview brings to light.

    guarded : loading of every open answer on the person's own guardedness, so that open answers
        come together
    asked_later, told_later : by each further meeting, the share of what was not asked that is
        asked, and of what was
        refused or denied that is told
    """

    ask: Mode
    observe: Mode
    document: Mode
    coached: Coached
    guarded: Loading
    asked_later: Share
    told_later: Share


class Depth(Based):
    """How deep a meeting goes: a glimpse, a talk of ten minutes, a full interview.

    share : of the meetings
    ask, observe, document : of the items of each mode that a full interview reaches, the share
        that this one does; what is not reached stays not asked
    """

    id: Id
    share: Share
    ask: Share
    observe: Share
    document: Share


class Override(Based):
    """Other rates for some: all who match every key that is given."""

    profile: Profile | None = None
    exploited: Flag | None = None
    situations: list[Id] = []
    rates: Annotated[dict[Id, Share], Field(min_length=1)]


class Lookalike(Based):
    """A share of the not exploited who truly carry at least `least` and up to `most` of these
    signs.
    """

    share: Share
    least: Whole
    most: Whole
    signs: Annotated[list[Id], Field(min_length=3)]


class Practice(Based):
    """What makes a person "with family" and "with papers": none of these signs."""

    accompanied_unless: Annotated[list[Id], Field(min_length=1)]
    papers_unless: Annotated[list[Id], Field(min_length=1)]


class WorldFile(Model):
    """`worlds/<id>.yaml`. What a world that extends another leaves out, it has from that one."""

    format: Format
    id: ListId
    checklist: ListId
    extends: ListId | None = None
    title: Text
    about: Text
    prevalence: Prevalence | None = None
    origin: Origin | None = None
    meetings: Meetings | None = None
    correlation: Correlation | None = None
    observation: Observation | None = None
    false_yes: list[Rates] | None = None
    depths: Annotated[list[Depth], Field(min_length=1)] | None = None
    practice: Practice | None = None
    age_uncertain: Share | None = None
    background: list[Rates] | None = None
    patterns: dict[Id, list[Rates]] | None = None
    situations: list[Situation] | None = None
    overrides: list[Override] = []
    lookalike: Lookalike | None = None


REQUIRED = (
    "prevalence",
    "origin",
    "meetings",
    "correlation",
    "observation",
    "false_yes",
    "depths",
    "practice",
    "age_uncertain",
    "background",
    "patterns",
    "situations",
)
