"""Universes: other numbers for the same people, the same again from the same seed, and a zero that
stays a zero.
"""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.checklist import load_checklist
from screening.errors import UsageError
from screening.simulation import families, load_world, universe
from screening.simulation.generate import block_of, generate, prevalence_where
from screening.simulation.universe import SPREAD, Spread
from screening.simulation.world import World
from screening.tables.synthetic import write_cases

KOSOVO = load_checklist("kosovo")
NAMES = sorted(families(KOSOVO))
BASE = load_world(KOSOVO)


def shares(world: World) -> dict[str, list[float]]:
    """Everything of a world that must be shares adding up to 1, or loadings leaving room."""
    f = world.file
    assert f.depths and f.meetings
    return {"depths": [d.share for d in f.depths], "meetings": f.meetings.shares}


@pytest.mark.property
@given(st.sampled_from(NAMES), st.integers(1, 400), st.integers(0, 2**31 - 1))
@settings(max_examples=25, deadline=None)
def test_a_universe_is_a_world_that_can_be(name: str, k: int, seed: int) -> None:
    world = load_world(KOSOVO, name)
    other = universe(world, k, seed)
    for kind, rates in world.rates.items():
        before, after = np.array(rates), np.array(other.rates[kind])
        assert ((after == 0) == (before == 0)).all(), "what cannot apply cannot in any universe"
        assert ((after > 0) & (after < 1))[(before > 0) & (before < 1)].all()
        wrong = np.array(other.false_yes[kind])
        assert ((wrong >= 0) & (wrong < 1)).all() and not wrong[before == 0].any()
    for found in shares(other).values():
        assert sum(found) == pytest.approx(1) and min(found) >= 0
    for kind_ in (True, False):
        mine = [
            (a.share, b.share)
            for a, b in zip(world.situations, other.situations, strict=True)
            if a.exploited == kind_
        ]
        assert sum(b for _, b in mine) == pytest.approx(sum(a for a, _ in mine))
    f = other.file
    assert f.observation and f.correlation and f.depths
    for mode in (f.observation.ask, f.observation.observe, f.observation.document):
        assert mode.not_asked + mode.unknown + mode.refused <= 1 + 1e-9
    c = f.correlation
    assert max(abs(c.exploited), abs(c.others)) ** 2 + c.dimension**2 < 1
    full = {d.id: d for d in f.depths}["interview"]
    assert (full.ask, full.observe, full.document) == (1, 1, 1), "a full interview stays one"


def test_universes_are_all_different_and_come_again_from_their_seed() -> None:
    drawn = [universe(BASE, k, 3) for k in range(8)]
    assert drawn[0] is BASE, "universe 0 is the world as written"
    rates = [np.array(list(u.rates.values())) for u in drawn]
    for a in range(8):
        for b in range(a):
            assert (rates[a] != rates[b])[rates[a] > 0].mean() > 0.9
            assert drawn[a].stream != drawn[b].stream and drawn[a].sha256 != drawn[b].sha256
    assert universe(BASE, 5, 3) == drawn[5]
    assert universe(BASE, 5, 4).rates != drawn[5].rates
    assert universe(load_world(KOSOVO, "guarded"), 5, 3).rates != drawn[5].rates
    assert (
        generate(drawn[5], 300, 1).answers == generate(universe(BASE, 5, 3), 300, 1).answers
    ).all()
    people = [generate(u, 500, 1) for u in drawn]
    for a in range(1, 8):
        assert (people[a].age == people[a - 1].age).mean() < 0.2, "no two share their people"


def test_rates_lie_round_the_worlds_own_as_far_as_is_said_and_partly_together() -> None:
    """In log odds: no bias, the stated SD, and a block's signs move together."""
    kind = ("forced_begging_own_parents", "child")
    before = np.array(BASE.rates[kind])
    some = (before > 0) & (before < 1)
    after = np.array([universe(BASE, k, 1).rates[kind] for k in range(1, 121)])[:, some]
    moved = np.log(after / (1 - after)) - np.log(before[some] / (1 - before[some]))
    assert moved.std() == pytest.approx(SPREAD.rate, abs=0.04)
    assert abs(moved.mean()) < 0.06
    assert Spread(0.45, 0.5, 0.30, 0.15, 40.0) == SPREAD, "as the documentation says"
    names = np.array(BASE.signs)[some].tolist()
    pair = [names.index(s) for s in ("daily_quota", "supervised_begging")]  # both of family_rules
    assert np.corrcoef(moved[:, pair].T)[0, 1] == pytest.approx(SPREAD.shared, abs=0.2)
    apart = [names.index(s) for s in ("daily_quota", "organ_pressure")]
    assert abs(np.corrcoef(moved[:, apart].T)[0, 1]) < 0.25


def test_cases_of_a_universe_say_which_and_few_are_the_first_of_many() -> None:
    third = universe(BASE, 3, 1)
    size = block_of(third)
    many, few = generate(third, size + 50, 2), generate(third, 100, 2)
    assert (many.answers[:, :100] == few.answers).all() and many.ids[
        -1
    ] == f"base-3-{size + 50:08d}"
    frame = few.to_frame()
    assert (frame["truth_universe"] == 3).all() and frame.index[0] == "base-3-00000001"
    assert (generate(BASE, 10, 2).to_frame()["truth_universe"] == 0).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wanted", [0.05, 0.10, 0.20])
def test_of_the_begging_children_as_many_are_exploited_as_was_asked_for(
    name: str, wanted: float
) -> None:
    world = load_world(KOSOVO, name)
    cases = generate(world, 60_000, 4, prevalence_where(world, wanted))
    begging = cases.begging_child
    assert (cases.situation[begging & cases.exploited].size > 0) and begging.sum() > 5000
    assert abs(cases.exploited[begging].mean() - wanted) < 4 * math.sqrt(
        wanted * (1 - wanted) / begging.sum()
    )
    names = {world.situations[n].id for n in np.unique(cases.situation[begging])}
    assert {"poverty_begging_with_family", "forced_begging_own_parents"} <= names
    assert not names & {"street_vending_with_family", "forced_labour"}


def test_what_is_out_of_range_is_refused() -> None:
    for wrong in (
        partial(universe, BASE, -1, 1),
        partial(universe, BASE, 1, -1),
        partial(prevalence_where, BASE, 1.5),
        partial(prevalence_where, BASE, math.nan),
    ):
        with pytest.raises(UsageError) as failed:
            wrong()
        assert failed.value.code == "U305"


def test_synth_writes_universes_in_one_file(cli: Any, tmp_path: Path) -> None:
    out = tmp_path / "cases.parquet"
    ran = cli("synth", "-n", 40, "--universes", 3, "--among-begging-children", 0.1, "-o", out)
    assert ran.code == 0 and "120 invented cases of 3 universes of the world base" in ran.err
    table = pq.read_table(out)
    assert table["truth_universe"].to_pylist() == [1] * 40 + [2] * 40 + [3] * 40
    assert len(set(table["case_id"].to_pylist())) == 120
    other = tmp_path / "other.parquet"
    write_cases(
        universe(BASE, 2, 1),
        40,
        1,
        other,
        prevalence=partial(prevalence_where, among_begging_children=0.1),
    )
    assert pq.read_table(other)["age"].to_pylist() == table["age"].to_pylist()[40:80]
    both = cli("synth", "--prevalence", 0.1, "--among-begging-children", 0.1, "-o", out)
    assert both.code == 2 and "give one of them" in both.err
