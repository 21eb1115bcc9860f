"""Random lists, weights and cases for properties: every list drawn here is one the loader could
accept.

    checklists()            a Checklist in memory, its rules legal: no negation, and none of a child's needs a means
    weight_sets(checklist)  a WeightSet for it
    cases(checklist)        a Case, from all-yes to all-open; `case_lists` gives several
    to_block(cases, checklist)

Each is read off one string of bytes: a single draw instead of hundreds, which makes hypothesis ten
times quicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st

from screening.answers import Answer, Case, Profile, Response
from screening.checklist.model import Checklist, RuleSet, WeightSet
from screening.checklist.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Line,
    PointsAtLeast,
    Resolved,
    holds,
    resolve,
    walk,
)
from screening.checklist.scale import Lines
from screening.checklist.schema import (
    CASE_PROFILES,
    ELEMENTS,
    LEVELS,
    STRENGTHS,
    Dimension,
    Indicator,
    Need,
    OneFact,
    Source,
    SourceRef,
)
from screening.checklist.texts import Texts
from screening.scoring.block import AGE_UNKNOWN, CODES, Block

T = TypeVar("T")
AGES = (None, 0, 4, 17, 18, 19, 120)
NATURES = ("control", "circumstance", "purpose", "presentation", "act", None)
AMOUNTS = (0, 1, 2, 4, 8, 1, 2, 4, 15, 255, 256, 4369, 65535, 999999)


class _Tape:
    """Choices read off bytes; zeros, and what comes after the end, choose the first."""

    def __init__(self, tape: bytes) -> None:
        self._bytes = iter(tape)

    def below(self, most: int) -> int:
        return next(self._bytes, 0) % most

    def of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def some(self, options: Sequence[T]) -> list[T]:
        return [option for option in options if self.below(2)]

    def palette(self, options: Sequence[T], most: int) -> list[T]:
        """A few of the options to choose from again and again: few make big groups of equals, many
        make all different.
        """
        return [self.of(options) for _ in range(1 + self.below(most))]


# -- lists -----------------------------------------------------------------------------------------


def checklists(most: int = 40) -> st.SearchStrategy[Checklist]:
    """A list of 1 to `most` indicators."""
    return st.binary(min_size=300, max_size=300).map(lambda tape: _checklist(_Tape(tape), most))


def _checklist(tape: _Tape, most: int) -> Checklist:
    kinds = [
        "sign",
        *(tape.of(("sign", "sign", "protective", "danger")) for _ in range(tape.below(5))),
    ]
    dimensions = {
        f"d{n}": Dimension(id=f"d{n}", kind=kind) for n, kind in enumerate(kinds)
    }  # one of the kinds
    forms = tuple(f"f{n}" for n in range(tape.below(4)))
    palette = [_kind(tape, list(dimensions.values()), forms) for _ in range(1 + tape.below(8))]
    indicators = {
        f"i{n}": Indicator.model_validate({"id": f"i{n}", **tape.of(palette)})
        for n in range(1 + tape.below(most))
    }
    rules = {
        profile: _Rules(tape, profile, indicators, dimensions).rule_set()
        for profile in CASE_PROFILES
    }
    return Checklist(
        id="random",
        version="1",
        role="screening",
        authority="For tests",
        catalogue=None,
        weights_in_force="w",
        age_doubt=None,
        folder=Path("random"),
        sections={"all": tuple(indicators)},
        dimensions=dimensions,
        forms=forms,
        indicators=indicators,
        rules=rules,
        steps=(),
        sources={"ours": Source(id="ours", title="ours", status="assumption")},
        sha256="0" * 64,
        read_texts=lambda language: Texts(language, "source", {}),
        needs=tuple(_need(tape, n, list(indicators)) for n in range(tape.below(4))),
        one_fact=_facts(tape, indicators),
    )


def _kind(tape: _Tape, dimensions: Sequence[Dimension], forms: Sequence[str]) -> dict[str, Any]:
    """Everything about an indicator but its id."""
    dimension, applies = tape.of(dimensions), tape.of(("all", "all", "child", "adult"))
    strength = {
        p: tape.of((*STRENGTHS, "weak", None))
        for p in CASE_PROFILES
        if applies in ("all", p) and dimension.kind == "sign"
    }
    return {
        "dimension": dimension.id,
        "applies_to": applies,
        "strength": {p: s for p, s in strength.items() if s},
        "element": tape.of((*ELEMENTS, "context")),
        "strength_basis": "proposed" if strength else "none",
        "mode": "observe",
        "nature": tape.of(NATURES),
        "forms": tape.some(forms),
        "sources": [SourceRef(ref="ours")],
    }


def _need(tape: _Tape, n: int, indicators: Sequence[str]) -> Need:
    within = tape.of((("now", "0h"), ("today", "24h"), ("soon", "3d")))
    return Need.model_validate(
        {
            "id": f"n{n}",
            "urgency": within[0],
            "within": within[1],
            "profiles": tape.of((["adult", "child"], ["child"], ["adult"])),
            "indicators": tape.palette(indicators, 5),
            "who": "anybody",
            "steps": ["s"],
            "checked": {"on": "2026-01-01", "how": "for tests"},
            "sources": [SourceRef(ref="ours")],
        }
    )


def _facts(tape: _Tape, indicators: dict[str, Indicator]) -> tuple[OneFact, ...]:
    """Groups of signs, telling and soft ones together."""
    free = list(indicators.values())
    found = []
    for n in range(tape.below(4)):
        alike = [i.id for i in free if tape.below(2)]
        free = [i for i in free if i.id not in alike]
        if len(alike) > 1:
            found.append(OneFact(id=f"f{n}", signs=alike))
        if not free:
            break
    return tuple(found)


class _Rules:
    """Random rules for one profile: half written as in a list's file, half over sets that no filter
    describes.
    """

    def __init__(
        self,
        tape: _Tape,
        profile: Profile,
        indicators: dict[str, Indicator],
        dimensions: dict[str, Dimension],
    ) -> None:
        self.tape, self.profile, self.indicators, self.dimensions = (
            tape,
            profile,
            indicators,
            dimensions,
        )
        self.relevant = [i for i in indicators.values() if i.applies(profile)]

    def rule_set(self) -> RuleSet:
        everything = frozenset(i.id for i in self.relevant)
        usable = (
            everything
            if self.profile == "adult"
            else frozenset(i.id for i in self.relevant if i.element != "means")
        )
        levels = {level: _legal(self.tree(), usable) for level in LEVELS}
        return RuleSet(levels, _legal(self.tree(known=True), everything))

    def tree(self, depth: int = 2, known: bool = False) -> Resolved:
        kind = self.tape.of(("leaf", "all", "any", "leaf")) if depth else "leaf"
        if kind == "leaf":
            return self.leaf(known)
        parts = tuple(self.tree(depth - 1, known) for _ in range(1 + self.tape.below(3)))
        return AllOf(parts) if kind == "all" else AnyOf(parts)

    def leaf(self, known: bool) -> Resolved:
        tape = self.tape
        kinds = (
            "signs",
            "dimension",
            "gate",
            "element",
            "points",
            "points",
            *("line",) * (not known),
            "set",
            "indicator",
            *("known",) * 4 * known,
        )
        kind = tape.of(kinds)
        if kind in ("set", "indicator") and not self.relevant:
            kind = "element"
        if kind == "set":
            return AtLeast(
                frozenset(i.id for i in tape.palette(self.relevant, 20)), 1 + tape.below(4)
            )
        dimension = tape.of(list(self.dimensions))
        value: Any = {
            "gate": "palermo",
            "element": tape.of(ELEMENTS),
            "dimension": dimension,
            "indicator": tape.of(self.relevant).id if self.relevant else "",
            "signs": {"at_least": tape.of(("1", "2", "3", "5", "16"))},
            "known": {"percent": tape.of(("50", "1", "34", "80", "100"))},
            "points": {"at_least": tape.of(("1", "4", "9", "17", "300", "70000"))},
            "line": "refer",
        }[kind]
        if kind in ("signs", "known"):
            value |= dict(
                tape.some(
                    [
                        ("dimension", tape.palette(list(self.dimensions), 3)),
                        ("element", tape.of((*ELEMENTS, "context"))),
                        ("strength", tape.of(STRENGTHS)),
                    ]
                )
            )
        elif kind == "points" and tape.below(2):
            value["dimension"] = dimension
        kinds_of = {name: d.kind for name, d in self.dimensions.items()}
        return resolve(
            {kind: value}, self.profile, self.indicators.values(), kinds_of, answered=known
        )


def _legal(rule: Resolved, usable: frozenset[str]) -> Resolved:
    """The rule, with a way out where it can never be true (K121), or for a child not without a
    means (K122).
    """
    return (
        rule
        if holds(rule, usable, lambda _: 10**6)
        else AnyOf((rule, AtLeast(usable, 1) if usable else PointsAtLeast(1)))
    )


def weight_sets(checklist: Checklist) -> st.SearchStrategy[WeightSet]:
    """Weights for a list: few or many different ones, small or huge, some dimensions capped."""
    size = 2 * len(checklist.indicators) + 50
    return st.binary(min_size=size, max_size=size).map(
        lambda tape: _weights(_Tape(tape), checklist)
    )


def _weights(tape: _Tape, checklist: Checklist) -> WeightSet:
    points, caps = {}, {}
    for profile in CASE_PROFILES:
        amounts = tape.palette(AMOUNTS[: tape.of((6, 8, len(AMOUNTS)))], 6)
        points[profile] = {
            i.id: tape.of(amounts) if checklist.dimensions[i.dimension].kind == "sign" else 0
            for i in checklist.by_profile[profile]
        }
        caps[profile] = {
            name: tape.of((7, 3, 0, 20, 300)) for name in tape.some(list(checklist.dimensions))
        }
    lines = _lines(tape, checklist)
    if lines:
        caps = {profile: {} for profile in CASE_PROFILES}
    return WeightSet(
        id="w",
        checklist=checklist.id,
        title="For tests",
        authors=("nobody",),
        method="random",
        evidence="none",
        valid_from=date(2026, 1, 1),
        rechecked_on=date(2026, 1, 1),
        points=points,
        caps=caps,
        sha256="1" * 64,
        lines=lines,
    )


def _lines(tape: _Tape, checklist: Checklist) -> dict[Profile, Lines]:
    """Lines where a rule asks for them, and sometimes where none does."""
    asks = any(
        isinstance(leaf, Line)
        for profile in CASE_PROFILES
        for rule in checklist.rules[profile].levels.values()
        for leaf in walk(rule)
    )
    if not asks and tape.below(2):
        return {}
    return {
        profile: Lines(
            refer=tape.of((5, 10, 1, 16, 300)),
            telling=tape.of((2, 4)),
            corroborating=tape.of((1, 2)),
            soft=tape.of((0, 2, 3, 20)),
            alone={},
        )
        for profile in CASE_PROFILES
    }


# -- cases -----------------------------------------------------------------------------------------


def cases(checklist: Checklist) -> st.SearchStrategy[Case]:
    """A case of any age, with answers from a few of the six states so that all-yes and all-open
    occur too.
    """
    return case_lists(checklist, most=1).map(lambda found: found[0])


def case_lists(checklist: Checklist, most: int = 12) -> st.SearchStrategy[list[Case]]:
    """1 to `most` cases of one list."""
    each = len(checklist.indicators) + 12

    def read(tapes: bytes) -> list[Case]:
        return [
            _case(_Tape(tapes[n : n + each]), checklist, f"case-{n // each}")
            for n in range(0, len(tapes), each)
        ]

    return (
        st.integers(1, most)
        .flatmap(lambda n: st.binary(min_size=n * each, max_size=n * each))
        .map(read)
    )


def _case(tape: _Tape, checklist: Checklist, case_id: str) -> Case:
    age, certain, blank = tape.of(AGES), not tape.below(3), tape.below(2)
    answers = tape.palette(tuple(Answer), 6)
    drawn = {i: tape.of(answers) for i in checklist.indicators}
    return Case(
        case_id,
        age=age,
        age_certain=certain,
        answers={i: Response(a) for i, a in drawn.items() if not (blank and a is Answer.NOT_ASKED)},
    )  # left out, or said


def to_block(given: Sequence[Case], checklist: Checklist) -> Block:
    """Cases as the batch engine takes them."""
    return Block(
        [c.case_id for c in given],
        np.array([AGE_UNKNOWN if c.age is None else c.age for c in given], dtype=np.int16),
        np.array([c.age_certain for c in given], dtype=bool),
        np.array(
            [[CODES[c.answer(i)] for c in given] for i in checklist.indicators], dtype=np.uint8
        ),
    )
