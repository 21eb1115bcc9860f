"""What comes before and around the questions, as data: preconditions, facts about the meeting,
and which questions they hide.

The preconditions and their order are the same for every list, because a person's safety is (S7,
S8). Their sources, the facts and the skips are in a list's `interview.yaml`, the words of both in
its texts; a list without an `interview.yaml` takes its catalogue's, or the default list's, with
its words.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from screening.answers import Profile
from screening.checklist.loader import DEFAULT_LIST, find_list, load_checklist, read_file
from screening.checklist.model import Checklist
from screening.checklist.rules import holds
from screening.checklist.schema import (
    CASE_PROFILES,
    Format,
    Id,
    ListId,
    Model,
    SourceRef,
    Whole,
)
from screening.checklist.texts import Texts
from screening.checklist.yamlfile import Doc, Route
from screening.errors import KnowledgeError, nearest
from screening.i18n import SOURCE

__all__ = [
    "PRECONDITIONS",
    "REPRESENTATIVES",
    "Meeting",
    "Protocol",
    "ProtocolFile",
    "Skip",
    "load_protocol",
]

# Each choice says whether questions may be asked aloud after it. Danger comes first; the others
# once the person was noted, for a child who represents it before the rest.
PRECONDITIONS: Mapping[str, Mapping[str, bool]] = MappingProxyType(
    {
        "danger": {"yes": True, "no": True, "unknown": True},
        "private": {"yes": True, "no": False},
        "interpreter": {"not_needed": True, "trusted": True, "missing": False, "companion": False},
        "may_stop": {"yes": True, "not_yet": False},
        "agreement": {"yes": True, "no": False, "cannot_say": False},
        "representative": {
            "adult": True,
            "social_worker": True,
            "guardian": True,
            "parent": True,
            "nobody_yet": False,
        },
    }
)
REPRESENTATIVES = tuple(PRECONDITIONS["representative"])


class PreconditionSources(Model):
    """A precondition's authority."""

    id: Id
    sources: Annotated[list[SourceRef], Field(min_length=1)]


class Fact(Model):
    """Something about the meeting that is no sign: the choices besides `unknown`."""

    id: Id
    choices: Annotated[list[Id], Field(min_length=1)]


class SkipRule(Model):
    """When a fact or an answer is one of these, the indicators of `hide` are not put and do not
    count.
    """

    fact: Id | None = None
    indicator: Id | None = None
    equals: Annotated[list[Id], Field(min_length=1)]
    hide: Annotated[list[Id], Field(min_length=1)]


class PartRule(Model):
    """Indicators that are put only where one of these meetings is met; elsewhere they stay open and
    are one key away.

    only : facts with the choices that fit; of a list of such, one is enough
    profiles, below : whom else they are about: years that the person must be under
    last : put after everything else, and only if one goes on
    """

    indicators: Annotated[list[Id], Field(min_length=1)]
    only: Annotated[list[dict[Id, list[Id]]], Field(default_factory=list)]
    last: Annotated[list[dict[Id, list[Id]]], Field(default_factory=list)]
    profiles: Annotated[
        list[Profile], Field(min_length=1, default_factory=lambda: list(CASE_PROFILES))
    ]
    below: Whole | None = None


class MostRule(Model):
    """After how many questions the interview offers to stop where a fact is one of these."""

    fact: Id
    equals: Annotated[list[Id], Field(min_length=1)]
    questions: Whole


class LawRef(Model):
    """A law that a letter stands on, for one profile or for both."""

    ref: ListId
    profiles: Annotated[
        list[Profile], Field(min_length=1, default_factory=lambda: list(CASE_PROFILES))
    ]


class LetterRules(Model):
    """What every letter prints: laws, in this order, and steps that must not be left out."""

    laws: Annotated[list[LawRef], Field(default_factory=list)]
    always: Annotated[list[Id], Field(default_factory=list)]


class ProtocolFile(Model):
    """`interview.yaml`."""

    format: Format
    danger: Id
    company: Id
    letter: Annotated[LetterRules, Field(default_factory=lambda: LetterRules.model_validate({}))]
    preconditions: list[PreconditionSources]
    facts: list[Fact]
    skips: list[SkipRule]
    parts: Annotated[list[PartRule], Field(default_factory=list)]
    most: Annotated[list[MostRule], Field(default_factory=list)]


@dataclass(frozen=True)
class Skip:
    """A skip that this list can use."""

    fact: str | None
    indicator: str | None
    equals: frozenset[str]
    hide: frozenset[str]


Meeting = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Part:
    """A part of this list that is not put in every meeting."""

    indicators: frozenset[str]
    only: tuple[Meeting, ...]
    last: tuple[Meeting, ...]
    profiles: frozenset[Profile]
    below: int | None

    def fits(self, facts: Mapping[str, str], profile: Profile, age: int | None) -> bool:
        """Whether it is put in such a meeting, with such a person."""
        if profile not in self.profiles:
            return True
        young = self.below is None or age is None or age < self.below
        return young and (not self.only or _one(self.only, facts))

    def comes_last(self, facts: Mapping[str, str], profile: Profile) -> bool:
        """Whether everything else comes before it."""
        return profile in self.profiles and _one(self.last, facts)


def _one(meetings: tuple[Meeting, ...], facts: Mapping[str, str]) -> bool:
    """Whether one of these meetings is this one; what nobody noted is unknown."""
    return any(all(facts.get(f, "unknown") in c for f, c in m.items()) for m in meetings)


@dataclass(frozen=True)
class Protocol:
    """Preconditions, facts and skips for one list.

    danger : the indicator under which the answer of the danger precondition is kept; where a list
        has no such indicator the answer is kept all the same, and counts for nothing
    company : the fact that says who is with the person; its choice `alone` is the one that matters
    facts : choices by fact, `unknown` last
    parts : what is put in some meetings only
    pauses : a fact, its choices, and after how many questions the interview offers to stop there
    texts : the words of the list that the protocol is from, by language
    laws : source ids by profile, for the letter; always : steps that a letter never leaves out
    """

    danger: str
    company: str
    facts: Mapping[str, tuple[str, ...]]
    skips: tuple[Skip, ...]
    parts: tuple[Part, ...]
    pauses: tuple[tuple[str, frozenset[str], int], ...]
    sources: Mapping[str, tuple[str, ...]]
    texts: Callable[[str], Texts]
    laws: Mapping[Profile, tuple[str, ...]]
    always: frozenset[str]

    def most(self, facts: Mapping[str, str]) -> int:
        """After how many questions the interview offers to stop in such a meeting."""
        found = [n for fact, choices, n in self.pauses if facts.get(fact) in choices]
        return min(found, default=sys.maxsize)

    def words(
        self, kind: Literal["preconditions", "facts"], key: str, field: str, language: str
    ) -> str:
        """The words in a language, English where it has none: `title`, `question`, `help` or one
        of the choices; an empty text where nobody wrote any.
        """
        return self.texts(language).get(kind, key, field)


def load_protocol(checklist: Checklist) -> Protocol:
    """The interview protocol of a list.

    Raises
    ------
    KnowledgeError : K106 a precondition, fact or wording that is missing, K113 one that is there
        twice, K120 an id that nothing has, K128 a danger question that can be hidden or is not
        act_now
    """
    path = checklist.folder / "interview.yaml"
    for other in (checklist.catalogue, DEFAULT_LIST):
        if not path.is_file() and other:
            path = _beside(checklist.folder, other)
    return _Checked(checklist, path).protocol()


def _beside(folder: Path, name: str) -> Path:
    sibling = folder.parent / name / "interview.yaml"
    return sibling if sibling.is_file() else find_list(name) / "interview.yaml"


class _Checked:
    """One file against its list.

    A list that borrows another's file takes from it what it has indicators for.
    """

    def __init__(self, checklist: Checklist, path: Path) -> None:
        self.checklist = checklist
        self.own = path.parent == checklist.folder
        self.doc: Doc
        self.path = path
        self.doc, self.file = read_file(path, ProtocolFile)

    def protocol(self) -> Protocol:
        f = self.file
        facts = {fact.id: (*fact.choices, "unknown") for fact in f.facts}
        self._once(
            [g.id for g in f.preconditions],
            "preconditions",
            "K113.precondition_twice",
            "precondition",
        )
        self._once([fact.id for fact in f.facts], "facts", "K113.fact_twice", "fact")
        self._same(
            {g.id for g in f.preconditions}, set(PRECONDITIONS), self.doc.place(("preconditions",))
        )
        if f.company not in facts or "alone" not in facts[f.company]:
            raise self._error("K120.company_fact", ("company",), fact=f.company)
        for n, precondition in enumerate(f.preconditions):
            for source in precondition.sources:
                if self.own and source.ref not in self.checklist.sources:
                    raise self._error(
                        "K120.source_unknown",
                        ("preconditions", n, "sources"),
                        near=nearest(source.ref, self.checklist.sources),
                        source=source.ref,
                    )
        skips = [
            skip
            for n, rule in enumerate(f.skips)
            if (skip := self._skip(n, rule, facts)) is not None
        ]
        texts = self._worded(facts)
        if self._has(f.danger, ("danger",)):
            self._raises_at_once()
        sources = {g.id: tuple(self._cited(s) for s in g.sources) for g in f.preconditions}
        return Protocol(
            f.danger,
            f.company,
            facts,
            tuple(skips),
            tuple(self._part(n, rule, facts) for n, rule in enumerate(f.parts)),
            tuple(self._pause(n, rule, facts) for n, rule in enumerate(f.most)),
            sources,
            texts,
            self._laws(),
            self._always(),
        )

    def _raises_at_once(self) -> None:
        """A yes to the danger question is *act now*, whoever the person is and whatever else was
        said: else a precondition and a finding could contradict each other (S7, S27).
        """
        danger = self.file.danger
        for n, skip in enumerate(self.file.skips):
            if danger in skip.hide:
                raise self._error("K128.danger_hidden", ("skips", n, "hide"), indicator=danger)
        for profile in CASE_PROFILES:
            applies = self.checklist.indicators[danger].applies(profile)
            rule = self.checklist.rules[profile].levels["act_now"]
            if not applies or not holds(rule, frozenset({danger}), lambda _: 0):
                raise self._error(
                    "K128.danger_not_act_now", ("danger",), indicator=danger, profile=profile
                )

    def _laws(self) -> dict[Profile, tuple[str, ...]]:
        known = self.checklist.sources
        for n, law in enumerate(self.file.letter.laws):
            if self.own and law.ref not in known:
                raise self._error(
                    "K120.source_unknown",
                    ("letter", "laws", n),
                    near=nearest(law.ref, known),
                    source=law.ref,
                )
        return {
            profile: tuple(
                law.ref
                for law in self.file.letter.laws
                if profile in law.profiles and law.ref in known
            )
            for profile in CASE_PROFILES
        }

    def _always(self) -> frozenset[str]:
        known = [s.id for s in self.checklist.steps]
        for n, step in enumerate(self.file.letter.always):
            if self.own and step not in known:
                raise self._error(
                    "K120.step_unknown",
                    ("letter", "always", n),
                    near=nearest(step, known),
                    step=step,
                )
        return frozenset(self.file.letter.always)

    def _skip(self, n: int, rule: SkipRule, facts: Mapping[str, tuple[str, ...]]) -> Skip | None:
        route: Route = ("skips", n)
        if (rule.fact is None) == (rule.indicator is None):
            raise self._error("K106.skip_empty", route)
        if rule.fact is not None and (
            rule.fact not in facts or not set(rule.equals) <= set(facts[rule.fact])
        ):
            raise self._error("K120.fact_choice", route, fact=rule.fact, known=facts)
        if rule.indicator is not None and not self._has(rule.indicator, (*route, "indicator")):
            return None
        hidden = frozenset(i for i in rule.hide if self._has(i, (*route, "hide")))
        return Skip(rule.fact, rule.indicator, frozenset(rule.equals), hidden) if hidden else None

    def _part(self, n: int, rule: PartRule, facts: Mapping[str, tuple[str, ...]]) -> Part:
        route: Route = ("parts", n)
        for meeting in (*rule.only, *rule.last):
            for fact, choices in meeting.items():
                if fact not in facts or not set(choices) <= set(facts[fact]):
                    raise self._error("K120.fact_choice", route, fact=fact, known=facts)
        return Part(
            frozenset(i for i in rule.indicators if self._has(i, (*route, "indicators"))),
            tuple({f: frozenset(c) for f, c in m.items()} for m in rule.only),
            tuple({f: frozenset(c) for f, c in m.items()} for m in rule.last),
            frozenset(rule.profiles),
            rule.below,
        )

    def _pause(
        self, n: int, rule: MostRule, facts: Mapping[str, tuple[str, ...]]
    ) -> tuple[str, frozenset[str], int]:
        if rule.fact not in facts or not set(rule.equals) <= set(facts[rule.fact]):
            raise self._error("K120.fact_choice", ("most", n), fact=rule.fact, known=facts)
        return rule.fact, frozenset(rule.equals), rule.questions

    def _has(self, indicator: str, route: Route) -> bool:
        if indicator in self.checklist.indicators:
            return True
        if self.own:
            raise self._error(
                "K120.indicator_unknown",
                route,
                near=nearest(indicator, self.checklist.indicators),
                indicator=indicator,
            )
        return False

    def _worded(self, facts: Mapping[str, tuple[str, ...]]) -> Callable[[str], Texts]:
        """The texts that hold the words; the English ones are complete."""
        checklist = self.checklist
        if not self.own and self.path.parent.name != checklist.catalogue:
            checklist = load_checklist(self.path.parent)
        english = checklist.texts(SOURCE).groups
        for kind, known in (("preconditions", PRECONDITIONS), ("facts", facts)):
            place = f"{checklist.id}/texts/{SOURCE}.yaml, {kind}"
            self._same(set(english[kind]), set(known), place)
            for key, choices in known.items():
                self._same(
                    set(english[kind][key]) - {"help"},
                    {"title", "question", *choices} - {"unknown" if kind == "facts" else ""},
                    f"{place}.{key}",
                )
        return checklist.texts

    def _same(self, found: set[str], wanted: set[str], place: str) -> None:
        for key in sorted(wanted - found):
            raise KnowledgeError("K106.key_missing", place=place, name=key)
        for key in sorted(found - wanted):
            raise KnowledgeError(
                "K120.words_unneeded",
                place=place,
                near=nearest(key, wanted),
                name=key,
                allowed=sorted(wanted),
            )

    def _once(self, ids: list[str], where: str, fault: str, what: str) -> None:
        for n, one in enumerate(ids):
            if one in ids[:n]:
                raise self._error(fault, (where, n), **{what: one})

    def _cited(self, ref: SourceRef) -> str:
        source = self.checklist.sources.get(ref.ref)
        return (
            f"{source.title}{', ' + ref.at if ref.at else ''} ({source.status})"
            if source
            else ref.ref
        )

    def _error(self, key: str, route: Route, **facts: object) -> KnowledgeError:
        return KnowledgeError(key, place=self.doc.place(route), **facts)
