"""Decision rules: small trees of any/all over a few kinds of leaf, without negation and so
monotone.

A list writes rules over dimensions, elements and strengths. `resolve` turns a rule, for one
profile, into the same tree over plain sets of indicator ids: "at least n of these". `holds`
evaluates that. More answered yes can only make more of them hold - the whole of S6 rests on this.

    any: [RULE, ...]      all: [RULE, ...]
    gate: palermo         a sign of every element the profile needs (a child: act and purpose)
    element: purpose      one sign of that element
    dimension: ID         positive by the Delphi rule
    indicator: ID         that sign itself
    signs: {dimension, element, strength, at_least}       so many signs of a kind
    points: {at_least, dimension}                         so many points, after caps
    line: refer             the weight set's line: so many points, on two telling signs of
                            different facts or on one that reaches the line by itself
    known: {percent, dimension, element, strength}        so much answered (in `enough_known` only)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.answers import Profile
from screening.checklist.schema import ELEMENTS, GATE, STRENGTHS, Indicator
from screening.checklist.yamlfile import Route
from screening.errors import KnowledgeError, nearest, quote

__all__ = [
    "AllOf",
    "AnyOf",
    "AtLeast",
    "Delphi",
    "FactsAtLeast",
    "Fault",
    "Line",
    "PointsAtLeast",
    "Resolved",
    "delphi_positive",
    "holds",
    "named",
    "resolve",
    "walk",
]


class Fault(KnowledgeError):
    """What is wrong with a rule, and where in it; the loader adds the file."""

    def __init__(self, key: str, route: Route, **facts: object) -> None:
        super().__init__(key, place="", **facts)
        self.route = route


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `needed` of these indicators are yes (for `known`: are answered)."""

    ids: frozenset[str]
    needed: int


@dataclass(frozen=True, slots=True)
class Delphi:
    """One dimension's strong, medium and weak signs."""

    dimension: str
    strong: frozenset[str]
    medium: frozenset[str]
    weak: frozenset[str]


@dataclass(frozen=True, slots=True)
class PointsAtLeast:
    """Points after caps, in all or in one dimension (None: all)."""

    needed: int
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class FactsAtLeast:
    """Signs of at least `needed` of these facts; the signs of one fact count once."""

    facts: tuple[frozenset[str], ...]
    needed: int


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a weight set, before one is at hand: `Scale` puts its numbers in place."""


@dataclass(frozen=True, slots=True)
class AllOf:
    of: tuple[Resolved, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple[Resolved, ...]


Resolved = AtLeast | Delphi | PointsAtLeast | FactsAtLeast | Line | AllOf | AnyOf


def delphi_positive(strong: int, medium: int, weak: int) -> bool:
    """The ILO/EC Delphi 2009 rule:

    2 strong; 1 strong and 1 other; 3 medium; or 2 medium and 1 weak.
    """
    return (
        strong >= 2
        or (strong == 1 and medium + weak >= 1)
        or medium >= 3
        or (medium == 2 and weak >= 1)
    )


def holds(rule: Resolved, yes: frozenset[str], points: Callable[[str | None], int]) -> bool:
    """Whether a rule is true when exactly `yes` are yes; `points(dimension)` gives capped points
    (None: all).
    """
    match rule:
        case AtLeast():
            return len(rule.ids & yes) >= rule.needed
        case Delphi():
            strong, medium, weak = (
                len(rule.strong & yes),
                len(rule.medium & yes),
                len(rule.weak & yes),
            )
            return delphi_positive(strong, medium, weak)
        case PointsAtLeast():
            return points(rule.dimension) >= rule.needed
        case FactsAtLeast():
            return sum(not fact.isdisjoint(yes) for fact in rule.facts) >= rule.needed
        case Line():
            return points(None) > 0
        case AllOf():
            return all(holds(part, yes, points) for part in rule.of)
        case _:  # AnyOf
            return any(holds(part, yes, points) for part in rule.of)


def walk(rule: Resolved) -> Iterator[Resolved]:
    """The rule and everything in it."""
    yield rule
    if isinstance(rule, (AllOf, AnyOf)):
        for part in rule.of:
            yield from walk(part)


def named(rule: Resolved, indicators: Iterable[Indicator]) -> frozenset[str]:
    """Every indicator that a rule looks at, among those that apply; for points, all that could give
    them.
    """
    found: frozenset[str] = frozenset()
    for leaf in walk(rule):
        match leaf:
            case AtLeast(ids):
                found |= ids
            case Delphi(_, strong, medium, weak):
                found |= strong | medium | weak
            case PointsAtLeast(_, dimension):
                found |= frozenset(i.id for i in indicators if dimension in (None, i.dimension))
            case FactsAtLeast(facts):
                found |= frozenset[str]().union(*facts)
    return found


_LEAVES = (
    "any",
    "all",
    "gate",
    "element",
    "dimension",
    "indicator",
    "signs",
    "points",
    "line",
    "known",
)
_FILTERS = ("dimension", "element", "strength")


def resolve(
    raw: Any,
    profile: Profile,
    indicators: Iterable[Indicator],
    dimensions: Mapping[str, str],
    *,
    answered: bool = False,
) -> Resolved:
    """One profile's rule over the indicators that apply to it.

    Parameters
    ----------
    raw : the rule as loaded from YAML: mappings, sequences, text
    dimensions : kind (sign, protective, danger) by dimension id
    answered : the rule asks what is answered, not what is yes (`enough_known`); only there may it
        use `known`

    Raises
    ------
    Fault : K120 an id the list does not have, K126 a node of no known kind, K105 to K107 a wrong
        key or value
    """
    return _Resolver(
        profile, [i for i in indicators if i.applies(profile)], dimensions, answered
    ).node(raw, ())


class _Resolver:
    def __init__(
        self,
        profile: Profile,
        indicators: Sequence[Indicator],
        dimensions: Mapping[str, str],
        answered: bool,
    ) -> None:
        self.profile, self.indicators, self.dimensions, self.answered = (
            profile,
            indicators,
            dimensions,
            answered,
        )

    def node(self, raw: Any, route: Route) -> Resolved:
        if not isinstance(raw, dict) or len(raw) != 1:
            if not raw:
                raise Fault("K126.rule_empty", route)
            keys = list(raw) if isinstance(raw, dict) else quote(raw)
            raise Fault("K126.kind_count", route, keys=keys)
        ((kind, value),) = raw.items()
        if kind not in _LEAVES:
            raise Fault("K126.kind_unknown", (*route, kind), near=nearest(kind, _LEAVES), kind=kind)
        here = (*route, kind)
        if kind in ("any", "all"):
            if not isinstance(value, list) or not value:
                raise Fault("K126.not_a_list", here, kind=kind)
            parts = tuple(self.node(part, (*here, n)) for n, part in enumerate(value))
            return AnyOf(parts) if kind == "any" else AllOf(parts)
        leaf: Resolved = getattr(self, f"_{kind}")(value, here)
        return leaf

    def _select(self, **filters: Any) -> frozenset[str]:
        dims, element, strength = (
            filters.get("dimension"),
            filters.get("element"),
            filters.get("strength"),
        )
        return frozenset(
            i.id
            for i in self.indicators
            if (i.dimension in dims if dims else self.dimensions.get(i.dimension) == "sign")
            and (element is None or i.element == element)
            and (strength is None or i.strength_for(self.profile) == strength)
        )

    def _gate(self, value: Any, here: Route) -> Resolved:
        if value != "palermo":
            raise Fault("K107.gate", here, value=value)
        return AllOf(tuple(AtLeast(self._select(element=e), 1) for e in GATE[self.profile]))

    def _element(self, value: Any, here: Route) -> Resolved:
        if value not in ELEMENTS:
            raise Fault("K107.element", here, value=value)
        return AtLeast(self._select(element=value), 1)

    def _dimension(self, value: Any, here: Route) -> Resolved:
        self._known_dimension(value, here)
        by = {s: self._select(dimension=[value], strength=s) for s in STRENGTHS}
        return Delphi(value, by["strong"], by["medium"], by["weak"])

    def _indicator(self, value: Any, here: Route) -> Resolved:
        ids = [i.id for i in self.indicators]
        if value not in ids:
            raise Fault(
                "K120.indicator_of_profile",
                here,
                near=nearest(str(value), ids),
                indicator=value,
                profile=self.profile,
            )
        return AtLeast(frozenset({value}), 1)

    def _signs(self, value: Any, here: Route) -> Resolved:
        filters = self._filters(value, here, ("at_least",))
        return AtLeast(self._select(**filters), self._number(value, "at_least", here, default=1))

    def _points(self, value: Any, here: Route) -> Resolved:
        if not isinstance(value, dict) or set(value) - {"at_least", "dimension"}:
            raise Fault("K105.points_keys", here)
        if "dimension" in value:
            self._known_dimension(value["dimension"], (*here, "dimension"))
        return PointsAtLeast(self._number(value, "at_least", here), value.get("dimension"))

    def _line(self, value: Any, here: Route) -> Resolved:
        if value != "refer" or self.answered:
            raise Fault("K107.line", here, value=value)
        return Line()

    def _known(self, value: Any, here: Route) -> Resolved:
        if not self.answered:
            raise Fault("K126.known_misplaced", here)
        filters = self._filters(value, here, ("percent",))
        percent = self._number(value, "percent", here)
        if percent > 100:
            raise Fault("K107.percent", (*here, "percent"), percent=percent)
        ids = self._select(**filters)
        return AtLeast(
            ids, max(1, -(-len(ids) * percent // 100))
        )  # rounded up; half of nothing is not enough

    def _filters(self, value: Any, here: Route, extra: tuple[str, ...]) -> dict[str, Any]:
        allowed = (*_FILTERS, *extra)
        if not isinstance(value, dict):
            raise Fault("K107.not_mapping", here, allowed=allowed)
        for key in value:
            if key not in allowed:
                raise Fault(
                    "K105.key_unknown",
                    (*here, key),
                    near=nearest(key, allowed),
                    name=key,
                    allowed=allowed,
                )
        filters: dict[str, Any] = {}
        if "dimension" in value:
            names = (
                value["dimension"] if isinstance(value["dimension"], list) else [value["dimension"]]
            )
            if not names:
                raise Fault("K107.dimension_missing", (*here, "dimension"))
            for name in names:
                self._known_dimension(name, (*here, "dimension"))
            filters["dimension"] = names
        for key, known, fault in (
            ("element", (*ELEMENTS, "context"), "K107.element_or_context"),
            ("strength", STRENGTHS, "K107.strength"),
        ):
            if key in value:
                if value[key] not in known:
                    raise Fault(fault, (*here, key), value=value[key])
                filters[key] = value[key]
        return filters

    def _known_dimension(self, name: Any, here: Route) -> None:
        if not isinstance(name, str) or name not in self.dimensions:
            raise Fault(
                "K120.dimension_unknown",
                here,
                near=nearest(str(name), self.dimensions),
                dimension=name,
                known=self.dimensions,
            )

    def _number(
        self, value: dict[str, Any], key: str, here: Route, default: int | None = None
    ) -> int:
        raw = value.get(key)
        if raw is None:
            if default is None:
                raise Fault("K106.key_missing", here, name=key)
            return default
        if not isinstance(raw, str) or not re.fullmatch(r"[1-9][0-9]{0,5}", raw):
            raise Fault("K107.not_count", (*here, key), name=key, value=raw)
        return int(raw)
