"""Worlds from disk, strictly: complete, cross-checked against their list, every number with its
basis.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from screening.answers import Profile
from screening.checklist.loader import read_file
from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.checklist.yamlfile import Doc, Route
from screening.errors import KnowledgeError, nearest
from screening.keyed import Keyed
from screening.simulation.schema import ASSUMPTION, REQUIRED, Based, Rates, Situation, WorldFile

__all__ = ["World", "digest", "families", "load_world", "rates_of", "world_ids"]

_DISTINCT = (
    "id",
    "title",
    "about",
    "extends",
    "overrides",
    "lookalike",
)  # never taken from the world that is extended
_UNKNOWN = {
    "dimension": "K120.dimension_unknown",
    "form": "K120.form_unknown",
    "indicator": "K120.indicator_unknown",
    "pattern": "K120.pattern_unknown",
    "situation": "K120.situation_unknown",
    "source": "K120.source_unknown",
}


_ByPerson = Mapping[tuple[str, Profile], tuple[float, ...]]


@dataclass(frozen=True)
class World:
    """A world ready to draw cases from.

    file : the file, with what it has from the world it extends
    signs : ids of the list's indicators, in list order
    rates : by situation and profile, the true rate of each of `signs`, in that order
    false_yes : likewise, the share of absent signs that a full interview records as yes; 0 where
        the true rate is 0, since what cannot apply is not recorded by mistake either
    sha256 : over everything above
    stream : over its id and its numbers, without the words about them; what random draws are made
        from, so that no two worlds
        share a draw and a better sentence changes no case
    universe : 0, or which redrawing of the world's numbers this is; see `simulation.universe`
    """

    checklist: Checklist
    file: WorldFile
    signs: tuple[str, ...]
    rates: _ByPerson
    false_yes: _ByPerson
    sha256: str
    stream: int
    universe: int = 0

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def family(self) -> str:
        """The world whose rates these are: the one it extends, or itself."""
        return self.file.extends or self.file.id

    @property
    def situations(self) -> list[Situation]:
        assert self.file.situations is not None
        return self.file.situations

    def begs(self, situation: Situation) -> bool:
        """Whether people in this situation beg, whoever makes them or nobody."""
        return situation.form == "begging" if situation.begs is None else situation.begs

    def bases(self) -> Iterator[Based]:
        """Everything in the world that has numbers, with what they rest on."""
        for name in REQUIRED:
            value = getattr(self.file, name)
            if isinstance(value, Based):
                yield value
        if self.file.origin:
            yield from (self.file.origin.exploited, self.file.origin.others)
        yield from self.file.false_yes or ()
        yield from self.file.depths or ()
        yield from self.file.background or ()
        for blocks in (self.file.patterns or {}).values():
            yield from blocks
        for situation in self.situations:
            yield situation
            yield situation.people
            yield from situation.rates
        yield from self.file.overrides
        if self.file.lookalike:
            yield self.file.lookalike


def _folder(checklist: Checklist) -> Path:
    return checklist.folder / "worlds"


def world_ids(checklist: Checklist) -> list[str]:
    """The worlds that lie beside a list; `base` first."""
    return sorted(
        (p.stem for p in _folder(checklist).glob("*.yaml")), key=lambda name: (name != "base", name)
    )


def families(checklist: Checklist) -> dict[str, tuple[str, ...]]:
    """The worlds of a list by family: worlds of one family share their rates, so that none of them
    is an external test of what was learned in another. Whose rates they are comes first; `base` is
    the first family.
    """
    found: dict[str, list[str]] = {}
    for name in world_ids(checklist):
        found.setdefault(load_world(checklist, name).family, []).append(name)
    return {
        family: tuple(sorted(names, key=lambda name: (name != family, name)))
        for family, names in sorted(found.items(), key=lambda pair: (pair[0] != "base", pair[0]))
    }


def load_world(checklist: Checklist, ref: str | Path = "base") -> World:
    """A world of a list, by id or file.

    Raises
    ------
    KnowledgeError : K110 no such world, K106 a part that neither it nor the world it extends has,
        K120 an id that the list
        or the world does not have, K130 another list's, K134 shares that cannot be
    """
    path = _folder(checklist) / f"{ref}.yaml"
    if not path.is_file():
        path = Path(ref)
        if not path.is_file():
            known = world_ids(checklist)
            raise KnowledgeError(
                "K110.world_unknown" if known else "K110.no_worlds",
                near=nearest(str(ref), known),
                checklist=checklist.id,
                ref=str(ref),
                known=known,
            )
    doc, file = _read(checklist, path)
    if file.extends:
        parent = path.parent / f"{file.extends}.yaml"
        if not parent.is_file():
            raise KnowledgeError(
                "K110.base_world_missing", place=doc.place(("extends",)), extends=file.extends
            )
        _, base = _read(checklist, parent)
        if base.extends:
            raise KnowledgeError("K120.base_extends", place=doc.place(("extends",)))
        inherited = {
            name: getattr(base, name)
            for name in WorldFile.model_fields
            if name not in _DISTINCT and name not in file.model_fields_set
        }
        file = file.model_copy(update=inherited)
    for name in REQUIRED:
        if getattr(file, name) is None:
            raise KnowledgeError("K106.world_key_missing", place=doc.place(()), name=name)
    return _Checked(checklist, doc, file).world()


def _read(checklist: Checklist, path: Path) -> tuple[Doc, WorldFile]:
    doc, file = read_file(path, WorldFile)
    if file.id != path.stem:
        raise KnowledgeError(
            "K112.id_and_file", place=doc.place(("id",)), own=file.id, path=path.name
        )
    if file.checklist != checklist.id:
        raise KnowledgeError(
            "K130.world_of_another_list",
            place=doc.place(("checklist",)),
            made_for=file.checklist,
            checklist=checklist.id,
        )
    return doc, file


def digest(content: object) -> str:
    """SHA-256 of plain data."""
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def _numbers(content: object) -> object:
    """A world's content without the words that say where its numbers are from."""
    if isinstance(content, dict):
        return {
            key: _numbers(value)
            for key, value in content.items()
            if key not in ("title", "about", "ref", "at")
        }
    return [_numbers(value) for value in content] if isinstance(content, list) else content


def rates_of(checklist: Checklist, file: WorldFile) -> tuple[_ByPerson, _ByPerson]:
    """`World.rates` and `World.false_yes` of a complete file."""
    kinds = [(s, profile) for s in file.situations or () for profile in CASE_PROFILES]
    rates = {(s.id, profile): _rates(checklist, file, s, profile) for s, profile in kinds}
    wrong = {s: rate for block in file.false_yes or () for s, rate in block.rates.items()}
    return rates, {kind: _false_yes(checklist, file, wrong, kind[1], rates[kind]) for kind in rates}


@lru_cache(maxsize=64)  # a world is loaded time and again
def _rates_once(told: Keyed[tuple[Checklist, WorldFile]]) -> tuple[_ByPerson, _ByPerson]:
    return rates_of(*told.value)


def _rates(
    checklist: Checklist, file: WorldFile, situation: Situation, profile: Profile
) -> tuple[float, ...]:
    """Background first, then the patterns in the order named, then the situation's own, then the
    world's overrides: the last word holds.
    """
    own: dict[str, float] = {}
    patterns = file.patterns or {}
    blocks = [
        *(file.background or ()),
        *(b for name in situation.patterns for b in patterns[name]),
        *situation.rates,
    ]
    for block in blocks:
        own.update(block.rates)
    for override in file.overrides:
        if (
            override.profile in (None, profile)
            and override.exploited in (None, situation.exploited)
            and (not override.situations or situation.id in override.situations)
        ):
            own.update(override.rates)
    return tuple(
        own.get(sign, 0.0) if indicator.applies(profile) else 0.0
        for sign, indicator in checklist.indicators.items()
    )


def _false_yes(
    checklist: Checklist,
    file: WorldFile,
    wrong: Mapping[str, float],
    profile: Profile,
    rates: tuple[float, ...],
) -> tuple[float, ...]:
    """How often each sign is recorded though it is not there: never where it cannot apply."""
    return tuple(
        wrong.get(sign, getattr(file.observation, indicator.mode_for(profile)).invented)
        if rate
        else 0.0
        for (sign, indicator), rate in zip(checklist.indicators.items(), rates, strict=True)
    )


class _Checked:
    """One world against its list.

    What a world has from another is checked again: its places then are those of the keys' names.
    """

    def __init__(self, checklist: Checklist, doc: Doc, file: WorldFile) -> None:
        self.checklist, self.doc, self.file = checklist, doc, file
        self.patterns = file.patterns or {}
        self.situations = file.situations or []

    def world(self) -> World:
        self._ids()
        self._shares()
        self._depths()
        content = self.file.model_dump(mode="json")
        own = digest(content)
        rates, false_yes = _rates_once(
            Keyed((self.checklist, self.file), (self.checklist.sha256, own))
        )
        return World(
            self.checklist,
            self.file,
            tuple(self.checklist.indicators),
            rates,
            false_yes,
            own,
            int(digest(_numbers(content))[:32], 16),
        )

    def _ids(self) -> None:
        self._ids_of_situations()
        self._blocks(self.file.background or [], ("background",))
        self._blocks(self.file.false_yes or [], ("false_yes",))
        for name, blocks in self.patterns.items():
            self._blocks(blocks, ("patterns", name))
        self._ids_of_overrides()
        if self.file.practice:
            self._signs(self.file.practice.accompanied_unless, ("practice", "accompanied_unless"))
            self._signs(self.file.practice.papers_unless, ("practice", "papers_unless"))
        if self.file.correlation:
            for k, name in enumerate(self.file.correlation.opposed):
                self._known(
                    name, self.checklist.dimensions, "dimension", ("correlation", "opposed", k)
                )
        for name in REQUIRED:
            value = getattr(self.file, name)
            if isinstance(value, Based):
                self._source(value, (name,))
        if self.file.origin:
            self._source(self.file.origin.exploited, ("origin", "exploited"))
            self._source(self.file.origin.others, ("origin", "others"))
        if self.file.lookalike:
            self._signs(self.file.lookalike.signs, ("lookalike", "signs"))
            self._source(self.file.lookalike, ("lookalike",))

    def _ids_of_situations(self) -> None:
        seen: set[str] = set()
        for n, s in enumerate(self.situations):
            route: Route = ("situations", n)
            if s.id in seen:
                raise self._error("K113.situation_twice", (*route, "id"), situation=s.id)
            seen.add(s.id)
            if s.exploited != (s.form is not None):
                raise self._error("K120.situation_form", route)
            if s.form is not None:
                self._known(s.form, self.checklist.forms, "form", (*route, "form"))
            for k, name in enumerate(s.patterns):
                self._known(name, self.patterns, "pattern", (*route, "patterns", k))
            self._blocks(s.rates, (*route, "rates"))
            self._source(s, route)
            self._source(s.people, (*route, "people"))

    def _ids_of_overrides(self) -> None:
        situations = {s.id for s in self.situations}
        for n, override in enumerate(self.file.overrides):
            self._signs(override.rates, ("overrides", n, "rates"))
            for k, name in enumerate(override.situations):
                self._known(name, situations, "situation", ("overrides", n, "situations", k))
            self._source(override, ("overrides", n))

    def _blocks(self, blocks: list[Rates], route: Route) -> None:
        for n, block in enumerate(blocks):
            self._source(block, (*route, n))
            self._signs(block.rates, (*route, n, "rates"))

    def _signs(self, ids: Mapping[str, float] | list[str], route: Route) -> None:
        for name in ids:
            self._known(name, self.checklist.indicators, "indicator", (*route, name))

    def _source(self, based: Based, route: Route) -> None:
        self._known(based.ref, {ASSUMPTION, *self.checklist.sources}, "source", (*route, "ref"))

    def _known(
        self,
        name: str,
        known: Mapping[str, object] | set[str] | tuple[str, ...],
        what: str,
        route: Route,
    ) -> None:
        if name not in known:
            raise self._error(
                _UNKNOWN[what],
                route,
                near=nearest(name, known),
                known=sorted(known),
                **{what: name},
            )

    def _depths(self) -> None:
        seen: set[str] = set()
        depths = self.file.depths or []
        for n, depth in enumerate(depths):
            self._source(depth, ("depths", n))
            if depth.id in seen:
                raise self._error("K113.depth_twice", ("depths", n, "id"), depth=depth.id)
            seen.add(depth.id)
        if abs(sum(d.share for d in depths) - 1) > 1e-6:
            raise self._error("K134.shares", ("depths",))

    def _ages(self) -> None:
        for n, s in enumerate(self.situations):
            for name, least, most in (("child_years", 0, 17), ("adult_years", 18, 120)):
                years = getattr(s.people, name)
                if not least <= years.lowest <= years.mode <= years.highest <= most:
                    raise self._error(
                        "K134.ages",
                        ("situations", n, "people", name),
                        least=least,
                        most=most,
                    )

    def _shares(self) -> None:
        f = self.file
        assert f.meetings and f.observation and f.correlation and f.origin
        if abs(sum(f.meetings.shares) - 1) > 1e-6:
            raise self._error("K134.shares", ("meetings", "shares"))
        for name in ("ask", "observe", "document"):
            mode = getattr(f.observation, name)
            if mode.not_asked + mode.unknown + mode.refused > 1:
                raise self._error("K134.open_shares", ("observation", name))
        if (
            max(abs(f.correlation.exploited), abs(f.correlation.others)) ** 2
            + f.correlation.dimension**2
            >= 1
        ):
            raise self._error("K134.loadings", ("correlation",))
        for kind in (True, False):
            if not any(s.share > 0 for s in self.situations if s.exploited == kind):
                raise self._error(
                    "K134.nobody_exploited" if kind else "K134.everybody_exploited", ("situations",)
                )
        self._ages()
        for name in ("exploited", "others"):
            if not sum(getattr(f.origin, name).weights.values()):
                raise self._error("K134.origin_weights", ("origin", name, "weights"))
        if f.lookalike and not f.lookalike.least <= f.lookalike.most <= len(f.lookalike.signs):
            raise self._error("K134.counts", ("lookalike",))

    def _error(self, key: str, route: Route, **facts: object) -> KnowledgeError:
        return KnowledgeError(key, place=self.doc.place(route), **facts)
