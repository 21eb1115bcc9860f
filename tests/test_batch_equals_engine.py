"""The batch engine equals the reference engine, field by field, on random lists, weights and cases."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import case_lists, checklists, to_block, weight_sets

from screening.answers import Case, profile_of
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import ELEMENTS, FINDINGS
from screening.scoring.batch import PROFILE_REASONS, PROFILES, BlockResult, Plan, compile_plan, red_flags, score_block, yes_signs
from screening.scoring.block import NO, OPEN, YES, Block
from screening.scoring.engine import score

STATES = {NO: "absent", OPEN: "open", YES: "present"}
SIGNS = {NO: "negative", OPEN: "open", YES: "positive"}
KERNELS = ("numpy", "numba")
PROPERTY = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def of_engine(case: Case, checklist: Checklist, weights: WeightSet) -> dict[str, Any]:
    """What the reference engine says, as far as the batch says it too."""
    a = score(case, checklist, weights)
    return {
        "profile": a.profile, "reason": profile_of(case)[1], "points": (a.points, a.points_high, a.points_max), "asked": (a.answered, a.relevant),
        "finding": (a.finding, a.finding_high, a.settled), "danger": a.danger.state,
        "without": (a.danger.finding_without, a.danger.finding_high_without), "gate": a.gate.state,
        "elements": {e: r.state for e, r in a.elements.items()},
        "dimensions": {d: (r.points, r.points_high, r.strong, r.medium, r.weak, r.state) for d, r in a.dimensions.items()},
        "forms": {f.form: (f.points, f.purpose_points, len(f.indicators)) for f in a.forms},
        "yes": [c.indicator for c in a.contributions if c.indicator], "red_flags": a.red_flags,
    }


def of_batch(r: BlockResult, block: Block, plan: Plan, n: int) -> dict[str, Any]:
    """The same from row n of a block."""
    yes, flags = yes_signs(block, r, plan)[:, n], red_flags(block, r, plan)[:, n]
    dimensions = {
        d: (int(r.dimension_points[k, n]), int(r.dimension_points_high[k, n]), *r.dimension_signs[:, k, n].tolist(), SIGNS[int(r.dimension_state[k, n])])
        for k, d in enumerate(plan.dimensions)
    }
    forms = {f: (int(r.form_points[k, n]), int(r.form_purpose_points[k, n]), int(r.form_signs[k, n])) for k, f in enumerate(plan.forms)}
    return {
        "profile": PROFILES[r.profile[n]], "reason": PROFILE_REASONS[r.profile_reason[n]],
        "points": (int(r.points[n]), int(r.points_high[n]), int(r.points_max[n])), "asked": (int(r.answered[n]), int(r.relevant[n])),
        "finding": (FINDINGS[r.finding[n]], FINDINGS[r.finding_high[n]], bool(r.settled[n])), "danger": STATES[int(r.danger[n])],
        "without": (FINDINGS[r.finding_without[n]], FINDINGS[r.finding_high_without[n]]), "gate": STATES[int(r.gate[n])],
        "elements": {e: STATES[int(r.elements[k, n])] for k, e in enumerate(ELEMENTS)},
        "dimensions": dimensions, "forms": {f: v for f, v in forms.items() if v[2]},
        "yes": [i for i, y in zip(plan.indicators, yes, strict=True) if y], "red_flags": [i for i, y in zip(plan.indicators, flags, strict=True) if y],
    }


@pytest.mark.parametrize("kernel", KERNELS)
@PROPERTY
@given(data=st.data())
def test_batch_equals_engine_on_every_field(data: st.DataObject, kernel: str) -> None:
    if kernel == "numba":
        pytest.importorskip("numba")
    checklist = data.draw(checklists())
    weights = data.draw(weight_sets(checklist))
    given_cases = data.draw(case_lists(checklist))
    plan, block = compile_plan(checklist, weights), to_block(given_cases, checklist)
    result = score_block(block, plan, kernel=kernel)
    for n, case in enumerate(given_cases):
        assert of_batch(result, block, plan, n) == of_engine(case, checklist, weights)
