"""What differs between two lists, or two versions of one: indicators, rules, weights, steps,
words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from screening.checklist.model import Checklist, WeightSet
from screening.checklist.scale import LINES
from screening.checklist.schema import CASE_PROFILES, LEVELS

__all__ = ["Change", "compare"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: of what (indicator, rule, ...), which, and how it reads before and after."""

    kind: Literal["added", "removed", "changed"]
    of: str
    id: str
    field: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if self.kind != "changed":
            return f"{self.kind:8} {self.of} {self.id}"
        return (
            f"changed  {self.of} {self.id}{', ' + self.field if self.field else ''}: {self.before}"
            f" -> {self.after}"
        )


def compare(
    before: Checklist, after: Checklist, weights_before: WeightSet, weights_after: WeightSet
) -> list[Change]:
    """Every difference that can change a result or what a person reads in English, in list
    order.
    """
    return [
        *_keyed("dimension", _plain(before.dimensions), _plain(after.dimensions)),
        *_keyed("indicator", _plain(before.indicators), _plain(after.indicators)),
        *_keyed("words", _words(before), _words(after)),
        *_keyed("rule", _rules(before, weights_before), _rules(after, weights_after)),
        *_keyed("line", _lines(weights_before), _lines(weights_after)),
        *_keyed("alone", *_alone(weights_before, weights_after)),
        *_keyed("weight", _weights(weights_before), _weights(weights_after)),
        *_keyed(
            "step",
            {s.id: s.model_dump() for s in before.steps},
            {s.id: s.model_dump() for s in after.steps},
        ),
    ]


def _plain(models: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {key: model.model_dump() for key, model in models.items()}


def _words(checklist: Checklist) -> dict[str, dict[str, Any]]:
    return {
        i: dict(checklist.texts("en").groups["indicators"].get(i, {})) for i in checklist.indicators
    }


def _rules(checklist: Checklist, weights: WeightSet) -> dict[str, dict[str, Any]]:
    found = {
        f"{level} ({p})": {"": _stable((weights.rules or checklist.rules)[p].levels[level])}
        for p in CASE_PROFILES
        for level in LEVELS
    }
    return found | {
        f"enough_known ({p})": {"": _stable(checklist.rules[p].enough_known)} for p in CASE_PROFILES
    }


def _stable(rule: Any) -> str:
    """A rule as text that does not depend on the order of a set."""
    if hasattr(rule, "of"):
        return f"{type(rule).__name__}({', '.join(_stable(part) for part in rule.of)})"
    fields = (getattr(rule, name) for name in rule.__slots__)
    return f"{type(rule).__name__}({', '.join(map(_plainly, fields))})"


def _plainly(value: Any) -> str:
    if isinstance(value, frozenset):
        return str(sorted(value))
    return str(list(map(_plainly, value))) if isinstance(value, tuple) else str(value)


def _lines(weights: WeightSet) -> dict[str, dict[str, Any]]:
    """What stands beside the numbers; a set without lines has none of them."""
    return {name: {p: getattr(lines, name) for p, lines in weights.lines.items()} for name in LINES}


def _alone(
    before: WeightSet, after: WeightSet
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The signs that decide alone in either of two sets, with the reason by profile."""
    signs = dict.fromkeys(
        i for one in (before, after) for lines in one.lines.values() for i in lines.alone
    )

    def of(one: WeightSet) -> dict[str, dict[str, Any]]:
        return {
            i: {p: lines.alone[i] for p, lines in one.lines.items() if i in lines.alone}
            for i in signs
        }

    return of(before), of(after)


def _weights(weights: WeightSet) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for profile in CASE_PROFILES:
        for key, value in weights.points[profile].items():
            rows.setdefault(key, {})[profile] = value
        for key, value in weights.caps[profile].items():
            rows.setdefault(f"cap of {key}", {})[profile] = value
    return rows


def _keyed(
    of: str, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    for key in before:
        if key not in after:
            yield Change("removed", of, key)
    for key, new in after.items():
        old = before.get(key)
        if old is None:
            yield Change("added", of, key)
            continue
        for field in {**old, **new}:
            if old.get(field) != new.get(field):
                yield Change("changed", of, key, field, str(old.get(field)), str(new.get(field)))
