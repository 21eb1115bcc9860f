"""The batch engine equals the reference engine, field by field, on random lists, weights and
cases.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from conftest import ROOT
from coverage_floor import LOOPS
from screening.answers import Answer, Case, Response, profile_of
from screening.checklist import load_checklist, load_vignettes, load_weights
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.rules import delphi_positive
from screening.checklist.schema import ELEMENTS, FINDINGS
from screening.errors import UsageError
from screening.scoring import batch, kernel
from screening.scoring.batch import (
    PROFILE_REASONS,
    PROFILES,
    BlockResult,
    Plan,
    compile_plan,
    red_flags,
    score_block,
    yes_signs,
)
from screening.scoring.block import NO, OPEN, YES, Block
from screening.scoring.engine import score
from support.properties import examples
from support.strategies import case_lists, checklists, to_block, weight_sets
from support.tiny import SIGNS, TEXTS, WEIGHTS, write_list

STATES = {NO: "absent", OPEN: "open", YES: "present"}
DELPHI = {NO: "not_reached", OPEN: "open", YES: "positive"}
KERNELS = ("numpy", "numba")
PROPERTY = examples(60, suppress_health_check=list(HealthCheck))


def of_engine(case: Case, checklist: Checklist, weights: WeightSet) -> dict[str, Any]:
    """What the reference engine says, as far as the batch says it too."""
    a = score(case, checklist, weights)
    return {
        "profile": a.profile,
        "reason": profile_of(case)[1],
        "points": (a.points, a.points_high, a.points_max),
        "asked": (a.answered, a.relevant),
        "finding": (a.finding, a.finding_high, a.settled),
        "danger": a.danger.state,
        "without": (a.danger.finding_without, a.danger.finding_high_without),
        "gate": a.gate.state,
        "elements": {e: r.state for e, r in a.elements.items()},
        "dimensions": {
            d: (r.points, r.points_high, r.strong, r.medium, r.weak, r.state)
            for d, r in a.dimensions.items()
        },
        "forms": {f.form: (f.points, f.purpose_points, len(f.indicators)) for f in a.forms},
        "yes": [c.indicator for c in a.contributions if c.indicator],
        "red_flags": a.red_flags,
        "needs": {need.id: need.state for need in a.needs},
    }


def of_batch(r: BlockResult, block: Block, plan: Plan, n: int) -> dict[str, Any]:
    """The same from row n of a block."""
    yes, flags = yes_signs(block, r, plan)[:, n], red_flags(block, r, plan)[:, n]
    dimensions = {
        d: (
            int(r.dimension_points[k, n]),
            int(r.dimension_points_high[k, n]),
            *r.dimension_signs[:, k, n].tolist(),
            DELPHI[int(r.dimension_state[k, n])],
        )
        for k, d in enumerate(plan.dimensions)
    }
    forms = {
        f: (int(r.form_points[k, n]), int(r.form_purpose_points[k, n]), int(r.form_signs[k, n]))
        for k, f in enumerate(plan.forms)
    }
    return {
        "profile": PROFILES[r.profile[n]],
        "reason": PROFILE_REASONS[r.profile_reason[n]],
        "points": (int(r.points[n]), int(r.points_high[n]), int(r.points_max[n])),
        "asked": (int(r.answered[n]), int(r.relevant[n])),
        "finding": (FINDINGS[r.finding[n]], FINDINGS[r.finding_high[n]], bool(r.settled[n])),
        "danger": STATES[int(r.danger[n])],
        "without": (FINDINGS[r.finding_without[n]], FINDINGS[r.finding_high_without[n]]),
        "gate": STATES[int(r.gate[n])],
        "elements": {e: STATES[int(r.elements[k, n])] for k, e in enumerate(ELEMENTS)},
        "dimensions": dimensions,
        "forms": {f: v for f, v in forms.items() if v[2]},
        "yes": [i for i, y in zip(plan.indicators, yes, strict=True) if y],
        "red_flags": [i for i, y in zip(plan.indicators, flags, strict=True) if y],
        "needs": {
            need: STATES[int(state)]
            for need, state in zip(plan.needs, r.needs[:, n], strict=True)
            if state != NO
        },
    }


def compiled() -> ModuleType:
    """The module with the compiled functions; without it there is nothing to compare."""
    return pytest.importorskip(
        "screening.scoring.kernel_numba", reason="the extra `fast` is not installed"
    )


@pytest.fixture(params=KERNELS)
def name(request: pytest.FixtureRequest) -> str:
    if request.param == "numba":
        compiled()
    return str(request.param)


@pytest.fixture
def loops(name: str) -> ModuleType:
    """The module with one kernel's functions."""
    return compiled() if name == "numba" else kernel


def assert_equal(
    cases: list[Case], checklist: Checklist, weights: WeightSet, name: str | None = None
) -> None:
    plan, block = compile_plan(checklist, weights), to_block(cases, checklist)
    result = score_block(block, plan, kernel=name)
    for n, case in enumerate(cases):
        assert of_batch(result, block, plan, n) == of_engine(case, checklist, weights)


@PROPERTY
@given(data=st.data(), rows=st.sampled_from((3, 4096)))
def test_batch_equals_engine_on_every_field(data: st.DataObject, name: str, rows: int) -> None:
    checklist = data.draw(checklists())
    weights, cases = data.draw(weight_sets(checklist)), data.draw(case_lists(checklist))
    with patch.object(batch, "ROWS", rows):  # in several pieces, and in one
        assert_equal(cases, checklist, weights, name)


def test_batch_equals_engine_on_the_bundled_list(name: str) -> None:
    checklist = load_checklist()
    sets = [
        load_vignettes(checklist, path.stem)
        for path in sorted((checklist.folder / "vignettes").glob("*.yaml"))
    ]
    assert sets
    assert_equal(
        [v.to_case() for vignettes in sets for v in vignettes.cases],
        checklist,
        load_weights(checklist),
        name,
    )


def test_more_equals_than_half_a_byte_counts(tmp_path: Path, name: str) -> None:
    sign = SIGNS[SIGNS.index("  - id: threatened") : SIGNS.index("  - id: brought")]
    more = "".join(sign.replace("threatened", f"threat_{n}") for n in range(300))
    weigh = "".join(f"  threat_{n}: {{adult: 2, child: 2}}\n" for n in range(300))
    texts = TEXTS.replace(
        "steps:",
        "".join(
            f"  threat_{n}: {{statement: Is threatened, question: Are you afraid?}}\n"
            for n in range(300)
        )
        + "steps:",
    )
    checklist = load_checklist(
        write_list(
            tmp_path,
            {
                "sections/signs.yaml": SIGNS + more,
                "weights/2026-01-01-base.yaml": WEIGHTS.replace("caps:", weigh + "caps:"),
                "texts/en.yaml": texts,
            },
        )
    )
    cases = [
        Case(f"{yes}", age, answers={f"threat_{n}": Response(Answer.YES) for n in range(yes)})
        for yes in (0, 1, 15, 16, 255, 256, 300)
        for age in (9, 30)
    ]
    assert_equal(cases, checklist, load_weights(checklist), name)


# -- the Delphi rule -------------------------------------------------------------------------------


def _counts(most: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
    return itertools.product(*(range(m + 1) for m in most))


def _as_arrays(counts: list[tuple[int, int, int]]) -> list[Any]:
    """Both ends: the counts, and the same counts in reverse order."""
    return [
        np.array([column, column[::-1]], dtype=np.uint8)
        for column in np.array(counts, dtype=np.uint8).T
    ]


def _expected(counts: list[tuple[int, int, int]]) -> Any:
    low = np.array([delphi_positive(*c) for c in counts])
    return np.where(low, 0x01, 0) + np.where(low[::-1], 0x10, 0)


def test_delphi_in_arrays_is_the_rule_for_every_count(loops: ModuleType) -> None:
    counts = list(_counts((18, 18, 18)))
    assert (loops.delphi(*_as_arrays(counts)) == _expected(counts)).all()


def test_delphi_as_one_sum_is_the_rule_wherever_a_plan_allows_it(loops: ModuleType) -> None:
    counts = [c for c in _counts((15, 31, 8)) if 16 * c[0] + 8 * c[1] + c[2] < 256]
    assert (loops.delphi(*_as_arrays(counts), linear=True) == _expected(counts)).all()


@pytest.mark.parametrize("linear", [False, True])
def test_a_dimension_in_arrays_is_positive_or_open_or_not_reached(
    loops: ModuleType, linear: bool
) -> None:
    most = (4, 5, 4)
    ends = [(low, high) for high in _counts(most) for low in _counts(high)]
    arrays = [
        np.array([[low[k] for low, _ in ends], [high[k] for _, high in ends]], dtype=np.uint8)
        for k in range(3)
    ]
    expected = [YES if delphi_positive(*low) else OPEN if low != high else NO for low, high in ends]
    found = loops.dimensions(*(a[:, None] for a in arrays), linear)
    assert found.shape == (1, len(ends)) and found[0].tolist() == expected


@PROPERTY
@given(data=st.data())
def test_delphi_as_one_sum_is_not_allowed_with_nine_weak_signs_or_beyond_a_byte(
    data: st.DataObject,
) -> None:
    assert not delphi_positive(0, 1, 9)
    assert 16 * 0 + 8 * 1 + 9 >= 17  # so the sum would be wrong here
    checklist = data.draw(checklists())
    for profile in compile_plan(checklist, data.draw(weight_sets(checklist))).profiles:
        for d in (d for d in checklist.dimensions.values() if d.kind == "sign"):
            signs = [
                i.strength_for(profile.profile)
                for i in checklist.by_profile[profile.profile]
                if i.dimension == d.id
            ]
            strong, medium, weak = (
                signs.count(s) for s in ("strong", "medium", "weak")
            )  # any hashable sign
            if weak > 8 or 16 * strong + 8 * medium + weak > 255:
                assert not profile.linear


# -- choosing a kernel, and what is refused --------------------------------------------------------


@pytest.fixture
def tiny(tmp_path: Path) -> tuple[Plan, Block]:
    checklist = load_checklist(write_list(tmp_path))
    cases = [Case("a", 9, answers={"quota": Response(Answer.YES)}), Case("b", 40)]
    return compile_plan(checklist, load_weights(checklist)), to_block(cases, checklist)


def test_a_table_without_rows_gives_a_result_without_rows(tiny: tuple[Plan, Block]) -> None:
    plan, _ = tiny
    empty = Block(
        [], np.zeros(0, np.int16), np.zeros(0, bool), np.zeros((len(plan.indicators), 0), np.uint8)
    )
    result = score_block(empty, plan)
    assert result.finding.shape == (0,)
    assert (
        yes_signs(empty, result, plan).shape
        == red_flags(empty, result, plan).shape
        == (len(plan.indicators), 0)
    )


@pytest.mark.parametrize(
    "codes", [np.zeros((3, 2), np.uint8), np.zeros((9, 2), np.int8), np.zeros((9, 3), np.uint8)]
)
def test_codes_of_another_shape_or_type_are_refused(tiny: tuple[Plan, Block], codes: Any) -> None:
    plan, block = tiny
    with pytest.raises(ValueError, match="codes must be uint8"):
        score_block(Block(block.case_ids, block.age, block.certain, codes), plan)


def test_a_kernel_that_does_not_exist_is_U305(
    tiny: tuple[Plan, Block], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, block = tiny
    with pytest.raises(UsageError, match="U305"):
        score_block(block, plan, kernel="fortran")
    monkeypatch.setenv("SCREENING_KERNEL", "fortran")
    with pytest.raises(UsageError, match="U305"):
        score_block(block, plan)


def test_asking_for_numba_where_it_is_not_installed_is_U306(
    tiny: tuple[Plan, Block], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, block = tiny
    monkeypatch.setitem(sys.modules, "screening.scoring.kernel_numba", None)
    monkeypatch.delattr("screening.scoring.kernel_numba", raising=False)
    with pytest.raises(UsageError, match="U306"):
        score_block(block, plan, kernel="numba")
    monkeypatch.setenv("SCREENING_KERNEL", "numba")
    with pytest.raises(UsageError, match="U306"):
        score_block(block, plan)


@pytest.mark.parametrize(
    ("argument", "variable", "used"),
    [
        (None, None, "kernel"),
        (None, "numba", "kernel_numba"),
        ("numba", None, "kernel_numba"),
        ("numpy", "numba", "kernel"),
    ],
)
def test_compiled_loops_serve_only_who_asks_for_them(
    tiny: tuple[Plan, Block],
    monkeypatch: pytest.MonkeyPatch,
    argument: str | None,
    variable: str | None,
    used: str,
) -> None:
    """Though numba is loaded, and however many rows there are: loading it costs more than it
    wins back in all but the largest jobs.
    """
    modules = {"kernel": kernel, "kernel_numba": compiled()}
    calls: list[str] = []
    for name, module in modules.items():

        def count(*args: Any, name: str = name, of: Any = module.count_groups) -> Any:
            calls.append(name)
            return of(*args)

        monkeypatch.setattr(module, "count_groups", count)
    monkeypatch.delenv("SCREENING_KERNEL", raising=False)
    if variable:
        monkeypatch.setenv("SCREENING_KERNEL", variable)
    plan, block = tiny
    score_block(block, plan, argument)
    assert set(calls) == {used}


def test_compiled_loops_work_where_nothing_can_be_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel_numba = compiled()
    numba = kernel_numba.numba

    plain = numba.njit

    def without_a_folder(**options: Any) -> Any:
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return plain(**options)

    monkeypatch.setattr(numba, "njit", without_a_folder)
    into = np.ones((2, 3), np.int16)
    kernel_numba._compiled(kernel_numba._total.py_func)(np.ones((2, 4, 3), np.uint8), into)
    assert (into == 4).all()


def test_what_is_no_rule_holds_for_nobody() -> None:
    rows = object.__new__(batch._Rows)
    with pytest.raises(TypeError):
        rows.holds("two of these")


_UNCOMPILED = """
import numba
import numpy as np
from screening.checklist import catalogue_ids, load_checklist, load_weights, weight_set_ids
from screening.scoring import kernel_numba
from screening.scoring.batch import compile_plan, score_block
from screening.scoring.block import Block

rng, n = np.random.default_rng(7), 40
for checklist in map(load_checklist, catalogue_ids()):
    shape = (len(checklist.indicators), n)
    codes = rng.choice(np.array([0, 0x10, 0x11], np.uint8), size=shape, p=[0.5, 0.3, 0.2])
    age = rng.integers(-1, 60, n).astype(np.int16)
    block = Block([str(i) for i in range(n)], age, rng.random(n) < 0.8, codes)
    for name in weight_set_ids(checklist):
        plan = compile_plan(checklist, load_weights(checklist, name))
        one, two = (score_block(block, plan, kernel=kernel) for kernel in ("numpy", "numba"))
        for field in one.__dataclass_fields__:
            assert np.array_equal(getattr(one, field), getattr(two, field)), (name, field)


def without_a_folder(plain=numba.njit, **options):
    if "cache" in options:
        raise RuntimeError("cannot cache function: no locator available")
    return plain(**options)


numba.njit = without_a_folder
assert kernel_numba._compiled(kernel_numba._total) is kernel_numba._total
"""


def test_the_compiled_loops_give_the_same_without_a_compiler(tmp_path: Path) -> None:
    """The loops as plain Python: what numba compiles is what is read.

    What is compiled cannot be measured, so this is where `make test` measures its coverage.
    """
    script = tmp_path / "uncompiled.py"
    script.write_text(_UNCOMPILED, encoding="utf-8")
    measured = ("slipcover", "--source", "screening/scoring", "--omit", "", "--out", LOOPS)
    program = ("-m", *measured) if "SLIPCOVER_ENABLED" in os.environ else ()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SLIPCOVER_")}
    done = subprocess.run(
        [sys.executable, *program, script],
        cwd=ROOT,
        env={**environment, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-800:]
