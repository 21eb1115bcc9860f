"""Random lists, weights and cases for properties: every list drawn here is one the loader could accept.

    checklists()            a Checklist in memory, its rules legal: no negation, and none of a child's needs a means
    weight_sets(checklist)  a WeightSet for it
    cases(checklist)        a Case, from all-yes to all-open; `case_lists` gives several
    to_block(cases, checklist)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st

from screening.answers import Answer, Case, Profile, Response
from screening.checklist.model import Checklist, RuleSet, WeightSet
from screening.checklist.rules import AllOf, AnyOf, AtLeast, PointsAtLeast, Resolved, holds, resolve
from screening.checklist.schema import CASE_PROFILES, ELEMENTS, LEVELS, STRENGTHS, Dimension, Indicator, Source
from screening.checklist.texts import Texts
from screening.scoring.block import AGE_UNKNOWN, CODES, Block

T = TypeVar("T")
ANSWERS = tuple(Answer)
AGES = (None, 0, 4, 17, 18, 19, 120)


def _spread(draw: st.DrawFn, palette: Sequence[T], n: int) -> list[T]:
    """n things from a palette, drawn as one string of bytes: quick, and it shrinks to the palette's first."""
    return [palette[byte % len(palette)] for byte in draw(st.binary(min_size=n, max_size=n))]


# -- lists -------------------------------------------------------------------------------------------------------


@st.composite
def _kinds(draw: st.DrawFn, dimensions: Sequence[Dimension], forms: Sequence[str]) -> dict[str, Any]:
    """What an indicator may be. A few kinds make big groups of equals; many make every indicator its own."""
    dimension = draw(st.sampled_from(dimensions))
    applies = draw(st.sampled_from(("all", "all", "child", "adult")))
    strength = {}
    if dimension.kind == "sign":
        strength = {p: draw(st.sampled_from((*STRENGTHS, "weak", None))) for p in CASE_PROFILES if applies in ("all", p)}
    return {
        "dimension": dimension.id, "applies_to": applies, "strength": {p: s for p, s in strength.items() if s},
        "element": draw(st.sampled_from((*ELEMENTS, "context"))), "strength_basis": "proposed" if strength else "none",
        "mode": "observe", "forms": [f for f in forms if draw(st.booleans())], "sources": [{"ref": "ours"}],
    }


@st.composite
def checklists(draw: st.DrawFn, most: int = 40) -> Checklist:
    """A list of 1 to `most` indicators."""
    kinds = ["sign", *draw(st.lists(st.sampled_from(("sign", "protective", "danger")), max_size=4))]
    dimensions = [Dimension(id=f"d{n}", kind=kind) for n, kind in enumerate(kinds)]
    forms = [f"f{n}" for n in range(draw(st.integers(0, 3)))]
    palette = draw(st.lists(_kinds(dimensions, forms), min_size=1, max_size=8))
    chosen = _spread(draw, palette, draw(st.integers(1, most)))
    indicators = {f"i{n}": Indicator.model_validate({"id": f"i{n}", **kind}) for n, kind in enumerate(chosen)}
    rules = {profile: draw(_rule_sets(profile, indicators, dimensions)) for profile in CASE_PROFILES}
    return Checklist(
        id="random", version="1", role="screening", authority="For tests", catalogue=None, weights_in_force="w", age_doubt=None, folder=Path("random"),
        sections={"all": tuple(indicators)}, dimensions={d.id: d for d in dimensions}, forms=tuple(forms), indicators=indicators,
        rules=rules, steps=(), pathway_checked_on=date(2026, 1, 1), sources={"ours": Source(id="ours", title="ours", status="assumption")},
        sha256="0" * 64, read_texts=lambda language: Texts(language, "source", {}),
    )


@st.composite
def _rule_sets(draw: st.DrawFn, profile: Profile, indicators: dict[str, Indicator], dimensions: Sequence[Dimension]) -> RuleSet:
    relevant = [i for i in indicators.values() if i.applies(profile)]
    kinds = {d.id: d.kind for d in dimensions}

    def written(raw: dict[str, Any]) -> Resolved:
        return resolve(raw, profile, indicators.values(), kinds, answered="known" in raw)

    names = st.sampled_from(list(kinds))
    filters = {"dimension": st.lists(names, min_size=1, max_size=3, unique=True), "element": st.sampled_from((*ELEMENTS, "context")),
               "strength": st.sampled_from(STRENGTHS)}
    numbers = st.sampled_from(("1", "2", "3", "5", "16"))
    signs = st.fixed_dictionaries({"at_least": numbers}, optional=filters)
    known = st.fixed_dictionaries({"percent": st.sampled_from(("1", "34", "50", "80", "100"))}, optional=filters)
    single = {
        "gate": st.just("palermo"), "element": st.sampled_from(ELEMENTS), "dimension": names, "signs": signs,
        "points": st.fixed_dictionaries({"at_least": st.sampled_from(("1", "4", "9", "17", "300", "70000"))}, optional={"dimension": names}),
    }
    leaves: st.SearchStrategy[Resolved] = st.one_of([st.builds(lambda v, k=k: written({k: v}), v) for k, v in single.items()])
    if relevant:  # sets that no filter of the language describes, and single indicators
        some = st.frozensets(st.sampled_from([i.id for i in relevant]), max_size=20)
        leaves |= st.builds(AtLeast, some, st.integers(1, 4))
        leaves |= st.builds(lambda i: written({"indicator": i.id}), st.sampled_from(relevant))

    def trees(leaf: st.SearchStrategy[Resolved]) -> st.SearchStrategy[Resolved]:
        return st.recursive(leaf, lambda part: st.builds(AllOf, st.lists(part, min_size=1, max_size=3).map(tuple))
                            | st.builds(AnyOf, st.lists(part, min_size=1, max_size=3).map(tuple)), max_leaves=5)

    everything = frozenset(i.id for i in relevant)
    usable = everything if profile == "adult" else frozenset(i.id for i in relevant if i.element != "means")
    levels = {level: _legal(draw(trees(leaves)), usable) for level in LEVELS}
    enough_known = draw(trees(st.builds(lambda v: written({"known": v}), known) | leaves))
    return RuleSet(levels, _legal(enough_known, everything))


def _legal(rule: Resolved, usable: frozenset[str]) -> Resolved:
    """The rule, with a way out where it can never be true (K121), or for a child not without a means (K122)."""
    plenty: Callable[[str | None], int] = lambda _: 10**6
    return rule if holds(rule, usable, plenty) else AnyOf((rule, AtLeast(usable, 1) if usable else PointsAtLeast(1)))


@st.composite
def weight_sets(draw: st.DrawFn, checklist: Checklist) -> WeightSet:
    """Weights for a list: few or many different ones, small or huge, some dimensions capped."""
    amounts = st.integers(0, 8) | st.sampled_from((0, 15, 255, 256, 4369, 65535, 999999))
    points, caps = {}, {}
    for profile in CASE_PROFILES:
        drawn = _spread(draw, draw(st.lists(amounts, min_size=1, max_size=6)), len(checklist.indicators))
        points[profile] = {
            i.id: value if checklist.dimensions[i.dimension].kind == "sign" else 0
            for i, value in zip(checklist.indicators.values(), drawn, strict=True) if i.applies(profile)
        }
        caps[profile] = draw(st.dictionaries(st.sampled_from(list(checklist.dimensions)), amounts, max_size=3))
    return WeightSet(
        id="w", checklist=checklist.id, title="For tests", authors=("nobody",), method="random", evidence="none", valid_from=date(2026, 1, 1),
        rechecked_on=date(2026, 1, 1), points=points, caps=caps, sha256="1" * 64,
    )


# -- cases -------------------------------------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn, checklist: Checklist, case_id: str = "case") -> Case:
    """A case of any age, with answers from a few of the six states so that all-yes and all-open occur too."""
    palette = draw(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=6))
    answers = dict(zip(checklist.indicators, _spread(draw, palette, len(checklist.indicators)), strict=True))
    blank = draw(st.booleans())  # leave out what is not asked, or say so
    return Case(
        case_id, age=draw(st.sampled_from(AGES)), age_certain=draw(st.booleans()),
        answers={i: Response(a) for i, a in answers.items() if not (blank and a is Answer.NOT_ASKED)},
    )


@st.composite
def case_lists(draw: st.DrawFn, checklist: Checklist, most: int = 12) -> list[Case]:
    """1 to `most` cases of one list."""
    return [draw(cases(checklist, case_id=f"case-{n}")) for n in range(draw(st.integers(1, most)))]


def to_block(given: Sequence[Case], checklist: Checklist) -> Block:
    """Cases as the batch engine takes them."""
    return Block(
        [c.case_id for c in given],
        np.array([AGE_UNKNOWN if c.age is None else c.age for c in given], dtype=np.int16),
        np.array([c.age_certain for c in given], dtype=bool),
        np.array([[CODES[c.answer(i)] for c in given] for i in checklist.indicators], dtype=np.uint8),
    )
