"""Many cases at once, equal to the reference engine in every field.

Rows go through in pieces that fit the processor's cache. Each rule is evaluated on arrays of two
rows, the *ends*: what is recorded, and what it would be if every open answer were yes. Adults and
children have plans of their own.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.answers import ADULT_AGE
from screening.checklist.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Delphi,
    FactsAtLeast,
    PointsAtLeast,
    Resolved,
)
from screening.checklist.schema import CASE_PROFILES, ELEMENTS, FINDINGS, GATE
from screening.errors import UsageError
from screening.scoring import kernel as numpy_kernel
from screening.scoring.block import OPEN, YES, Block
from screening.scoring.kernel import states
from screening.scoring.plan import Plan, ProfilePlan, compile_plan, facts_apart

__all__ = [
    "PROFILES",
    "PROFILE_REASONS",
    "BlockResult",
    "Plan",
    "compile_plan",
    "contested",
    "red_flags",
    "score_block",
    "yes_signs",
]

PROFILES = CASE_PROFILES
PROFILE_REASONS = (
    "profile_age_missing",
    "profile_child_age",
    "profile_age_uncertain",
    "profile_adult_age",
)
ROWS = 32768  # at a time: few enough for the cache, enough to be worth a call

_ACT_NOW = np.uint8(FINDINGS.index("act_now"))
_ONE, _HALF = np.uint8(1), np.uint8(4)  # the low end of a state, and where its high end begins

States = NDArray[np.uint8]
Ends = NDArray[Any]  # (2, ...): from what is recorded, and if every open answer were yes


@dataclass(frozen=True)
class BlockResult:
    """What scoring a block of n cases gives; `assessment.Assessment` says what each field means.

    Points, points of one dimension and counts are of `plan.types`, the rest are bytes. A *state* is
    a byte as in `Block.codes`: NO (absent, not reached), OPEN or YES (present, positive).

    profile : (n,) number in `PROFILES`
    profile_reason : (n,) number in `PROFILE_REASONS`
    points, points_high, points_max : (n,)
    answered, relevant : (n,) counts
    finding, finding_high, finding_without, finding_high_without : (n,) number in `schema.FINDINGS`,
        lowest first
    settled : bool (n,)
    danger, gate : (n,) states
    needs : (needs of the plan, n) states
    elements : (3, n) states, in the order of `schema.ELEMENTS`
    dimension_points, dimension_points_high : (dimensions of the plan, n)
    dimension_signs : (3, dimensions, n) counts of signs answered yes, in the order of
        `schema.STRENGTHS`
    dimension_state : (dimensions, n) states
    form_points, form_purpose_points : (forms of the plan, n)
    form_signs : (forms, n) counts of signs answered yes; the engine leaves out forms with none
    """

    profile: NDArray[np.uint8]
    profile_reason: NDArray[np.uint8]
    points: NDArray[Any]
    points_high: NDArray[Any]
    points_max: NDArray[Any]
    answered: NDArray[Any]
    relevant: NDArray[Any]
    finding: NDArray[np.uint8]
    finding_high: NDArray[np.uint8]
    settled: NDArray[np.bool_]
    danger: NDArray[np.uint8]
    finding_without: NDArray[np.uint8]
    finding_high_without: NDArray[np.uint8]
    gate: NDArray[np.uint8]
    needs: NDArray[np.uint8]
    elements: NDArray[np.uint8]
    dimension_points: NDArray[Any]
    dimension_points_high: NDArray[Any]
    dimension_signs: NDArray[Any]
    dimension_state: NDArray[np.uint8]
    form_points: NDArray[Any]
    form_purpose_points: NDArray[Any]
    form_signs: NDArray[Any]


def score_block(block: Block, plan: Plan, kernel: str | None = None) -> BlockResult:
    """Score every row of a block.

    Parameters
    ----------
    block : codes for exactly the plan's indicators
    kernel : "numpy" or "numba"; None takes what the environment variable SCREENING_KERNEL says,
        else numpy. Results are the same. Compiled loops are never chosen unasked: loading numba
        costs a whole job more than they win back below some ten million rows (`benchmarks/kernel`).

    Raises
    ------
    ValueError : codes of another shape or type than the plan needs
    UsageError : U305 no such kernel, U306 numba asked for and not installed
    """
    n = len(block.age)
    if block.codes.shape != (len(plan.indicators), n) or block.codes.dtype != np.uint8:
        raise ValueError(
            f"codes must be uint8 ({len(plan.indicators)}, {n}), not {block.codes.dtype}"
            f" {block.codes.shape}"
        )
    loops = _loops(kernel)
    child, reason = _profiles(block)
    codes, order = np.ascontiguousarray(block.codes), None
    adults = n - int(np.count_nonzero(child))
    if 0 < adults < n:  # each profile has a plan of its own: its rows are scored side by side
        order = np.concatenate([np.flatnonzero(~child), np.flatnonzero(child)])
        codes = _taken(codes, order)
    out = _arrays(plan, n)
    for profile_plan, first, last in zip(plan.profiles, (0, adults), (adults, n), strict=True):
        for start in range(first, last, ROWS):
            stop = min(start + ROWS, last)
            for name, value in _Rows(codes, start, stop, profile_plan, loops).results():
                out[name][..., start:stop] = value
    if order is not None:
        back = np.empty_like(order)
        back[order] = np.arange(n)
        out = {name: _taken(value, back) for name, value in out.items()}
    profile = child.astype(np.uint8)
    return BlockResult(
        profile=profile,
        profile_reason=reason,
        points_max=np.array([p.points_max for p in plan.profiles], dtype=plan.types.points)[
            profile
        ],
        relevant=np.array([p.signs for p in plan.profiles], dtype=plan.types.counts)[profile],
        **out,
    )


def contested(
    block: Block, result: BlockResult, alternatives: Sequence[Plan], kernel: str | None = None
) -> NDArray[np.uint16]:
    """For each case, how many plausible weight sets would give another finding (n,):

    0 where none does.
    """
    counts = np.zeros(len(block.age), dtype=np.uint16)
    for plan in alternatives:
        counts += score_block(block, plan, kernel).finding != result.finding
    return counts


def _loops(kernel: str | None) -> ModuleType:
    """The module with the inner loops that were asked for; numpy's where nobody asked."""
    chosen = kernel or os.environ.get("SCREENING_KERNEL") or "numpy"
    if chosen == "numpy":
        return numpy_kernel
    if chosen != "numba":
        raise UsageError("U305.kernel_unknown", chosen=chosen)
    try:
        from screening.scoring import kernel_numba
    except ImportError:  # not installed, or not made for this numpy
        raise UsageError("U306.numba_missing") from None
    return kernel_numba


def _arrays(plan: Plan, n: int) -> dict[str, NDArray[Any]]:
    """Every field that is filled piece by piece.

    All lie in one piece of memory: the system hands out a large piece in huge pages, many times
    quicker than small ones.
    """
    dimensions, forms = len(plan.dimensions), len(plan.forms)
    points, amounts, counts = plan.types
    byte, shapes = np.dtype(np.uint8), dict[str, tuple[tuple[int, ...], np.dtype[Any]]]()
    for name in ("points", "points_high"):
        shapes[name] = (n,), points
    for name in ("form_points", "form_purpose_points"):
        shapes[name] = (forms, n), points
    for name in ("dimension_points", "dimension_points_high"):
        shapes[name] = (dimensions, n), amounts
    for name in (
        "finding",
        "finding_high",
        "danger",
        "finding_without",
        "finding_high_without",
        "gate",
    ):
        shapes[name] = (n,), byte
    shapes |= {
        "answered": ((n,), counts),
        "form_signs": ((forms, n), counts),
        "dimension_signs": ((3, dimensions, n), counts),
        "elements": ((len(ELEMENTS), n), byte),
        "needs": ((len(plan.needs), n), byte),
        "dimension_state": ((dimensions, n), byte),
        "settled": ((n,), np.dtype(bool)),
    }
    layout = [(name, shape, dtype) for name, (shape, dtype) in shapes.items()]
    layout.sort(
        key=lambda field: -field[2].itemsize
    )  # so that each begins at a multiple of its item's size
    memory = np.empty(
        sum(math.prod(shape) * dtype.itemsize for _, shape, dtype in layout), dtype=np.uint8
    )
    arrays, start = {}, 0
    for name, shape, dtype in layout:
        stop = start + math.prod(shape) * dtype.itemsize
        arrays[name] = memory[start:stop].view(dtype).reshape(shape)
        start = stop
    return arrays


def _profiles(block: Block) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Child or adult, and why, as `answers.profile_of` has it; any doubt means child."""
    minor = block.age < ADULT_AGE
    reason = np.select([block.age < 0, minor, ~block.certain], [0, 1, 2], 3)
    return minor | ~block.certain, reason.astype(np.uint8)


def _taken(values: NDArray[Any], order: NDArray[np.intp]) -> NDArray[Any]:
    """The last axis in another order."""
    # several times quicker than values[..., order]; every number is in range, so none is clipped
    return np.take(values, order, axis=-1, out=np.empty_like(values), mode="clip")


class _Rows:
    """Some rows seen with one profile's plan.

    What is true of them is a state; of states, `&` is "all" and `|` is "any".
    """

    def __init__(
        self, codes: NDArray[np.uint8], start: int, stop: int, plan: ProfilePlan, loops: ModuleType
    ) -> None:
        self.plan, self.loops = plan, loops
        groups = loops.count_groups(codes, start, stop, plan.groups)
        self.counts = loops.add_up(groups, plan.counts)
        self.amounts = loops.add_up(groups, plan.amounts)
        self.points = (
            loops.total(self.amounts, plan.forms.dtype)
            if plan.whole is None
            else loops.whole(groups, plan.whole)
        )
        self.forms = loops.add_up(groups, plan.forms, ends=1)[0]
        self.form_signs = loops.add_up(groups, plan.form_signs, ends=1)[0]

    def holds(self, rule: Resolved, known: bool = False) -> States:
        """`rules.holds` at both ends; `known` counts what is answered in place of what is yes."""
        match rule:
            case AtLeast(ids, needed):
                return states(self._count(ids, known) >= needed)
            case Delphi(_, strong, medium, weak):
                result: States = self.loops.delphi(
                    self._count(strong, known), self._count(medium, known), self._count(weak, known)
                )
                return result
            case PointsAtLeast(needed, dimension):
                points: Ends = (
                    self.points
                    if dimension is None
                    else self.amounts[:, self.plan.dimension_row[dimension]]
                )
                return states(points >= needed)
            case FactsAtLeast(_, needed):
                single, several = facts_apart(rule)
                found = self._count(single, known).copy()
                for fact in several:
                    found += self._count(fact, known) > 0
                return states(found >= needed)
            case AllOf(of):
                return reduce(np.bitwise_and, (self.holds(part, known) for part in of))
            case AnyOf(of):
                return reduce(np.bitwise_or, (self.holds(part, known) for part in of))
        raise TypeError(rule)  # a line without its numbers

    def _count(self, ids: frozenset[str], known: bool) -> Ends:
        """How many of these are yes; or are answered, where the high end is: every one."""
        row = self.plan.count_row[ids]
        ends: Ends = self.counts[:, row]
        if not known:
            return ends
        size = self.counts.dtype.type(self.plan.sizes[row])
        return np.stack([size - ends[1] + ends[0], np.full_like(ends[0], size)])

    def results(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """The fields of the result for these rows."""
        plan, levels = self.plan, self.plan.rules.levels
        danger = self.holds(levels["act_now"])
        raised = [
            self.holds(plan.rules.enough_known, known=True),
            self.holds(levels["look_further"]),
            self.holds(levels["refer"]),
        ]
        low, high = _highest([r & _ONE for r in raised]), _highest([r >> _HALF for r in raised])
        yield "finding_without", low
        yield "finding_high_without", high
        low, high = (
            np.maximum(low, (danger & _ONE) * _ACT_NOW),
            np.maximum(high, (danger >> _HALF) * _ACT_NOW),
        )
        yield "finding", low
        yield "finding_high", high
        yield "settled", low == high
        yield "danger", danger

        if plan.needs:
            yield "needs", np.stack([states(self._count(ids, False) > 0) for ids in plan.needs])
        yield "points", self.points[0]
        yield "points_high", self.points[1]
        dimensions = plan.sign_dimensions
        strong, medium, weak, elements, signs = np.split(
            self.counts, np.cumsum([dimensions] * 3 + [len(ELEMENTS)]), axis=1
        )
        signs = signs[:, 0]
        yield "answered", self.counts.dtype.type(plan.signs) - signs[1] + signs[0]
        present = states(elements > 0)
        yield "elements", present
        yield (
            "gate",
            reduce(
                np.bitwise_and,
                (s for e, s in zip(ELEMENTS, present, strict=True) if e in GATE[plan.profile]),
            ),
        )
        yield "dimension_points", self.amounts[0, :dimensions]
        yield "dimension_points_high", self.amounts[1, :dimensions]
        yield "dimension_signs", self.counts[0, : 3 * dimensions].reshape(3, dimensions, -1)
        yield "dimension_state", self._dimension_states(strong, medium, weak)
        purpose, other = np.split(self.forms, 2)
        yield "form_points", purpose + other
        yield "form_purpose_points", purpose
        yield "form_signs", self.form_signs

    def _dimension_states(self, strong: Ends, medium: Ends, weak: Ends) -> States:
        """Per dimension, whether the Delphi rule is met, or a sign of it is open.

        Signs without a strength count for no rule, and are open all the same.
        """
        found: States = self.loops.dimensions(strong, medium, weak, self.plan.linear)
        for dimension, row in self.plan.unrated:
            found[dimension] |= (self.counts[0, row] != self.counts[1, row]) * np.uint8(OPEN)
        return found


def _highest(raised: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The number of the highest finding whose rule holds (0 or 1 each), from `nothing_indicated`
    upwards.
    """
    return reduce(np.maximum, (held * np.uint8(rank) for rank, held in enumerate(raised, start=1)))


def yes_signs(block: Block, result: BlockResult, plan: Plan) -> NDArray[np.bool_]:
    """Which indicators count as yes for each case: bool (indicators, n)."""
    return _of_profile(block.codes == YES, result, plan.applies)


def red_flags(block: Block, result: BlockResult, plan: Plan) -> NDArray[np.bool_]:
    """The indicators behind a danger that is present: bool (indicators, n)."""
    flags = _of_profile(yes_signs(block, result, plan), result, plan.danger)
    flags &= result.danger == YES
    return flags


def _of_profile(
    mask: NDArray[np.bool_], result: BlockResult, wanted: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The mask without the indicators that are not wanted for the case's profile."""
    child = result.profile.astype(bool)
    for row, adults, children in zip(mask, *wanted, strict=True):
        if not (adults and children):
            row &= ~child if adults else child if children else False
    return mask
