"""Families left out: who is counted, what the range beside an interval is, and that a family in
which something was learned is no external test.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from screening.checklist import load_checklist
from screening.evaluation.left_out import (
    AMONG,
    APART,
    PRECISION,
    LeftOut,
    families_left_out,
    left_out,
)
from screening.evaluation.screens import CountScreen, ListScreen, Screen, candidates, standard
from screening.simulation import load_world, universe, world_ids
from screening.simulation.generate import generate, prevalence_where

KOSOVO = load_checklist("kosovo")
COUNT = CountScreen("count", candidates(KOSOVO))
N, SEED, UNIVERSES = 6000, 5, 4


@pytest.fixture(scope="module")
def rules() -> Screen:
    return next(s for s in standard(KOSOVO) if isinstance(s, ListScreen) and "kosovo" in s.name)


@pytest.fixture(scope="module")
def found(rules: Screen) -> LeftOut:
    world = load_world(KOSOVO, "day-centre")
    return left_out([COUNT, rules], world, N, SEED, n_universes=UNIVERSES)


def test_a_family_in_which_something_was_learned_is_not_left_out() -> None:
    worlds = [load_world(KOSOVO, name) for name in world_ids(KOSOVO)]
    assert [w.id for w in families_left_out(KOSOVO, ["guarded"], worlds)] == [
        "case-files",
        "day-centre",
        "street-patrol",
    ], "guarded has base's rates"
    assert next(w.id for w in families_left_out(KOSOVO, [], worlds)) == "base"
    assert families_left_out(KOSOVO, ["base", "a world of somebody else's"], worlds[:2]) == []


def test_figures_are_of_children_alone_and_of_poor_ones_against_begging_ones(
    found: LeftOut,
) -> None:
    cases = generate(load_world(KOSOVO, "day-centre"), N, SEED)
    scores = COUNT.scores(cases)
    begging = cases.child & (cases.form() == "begging")
    for depth, who in [("", cases.age > -1)] + [
        (d, cases.depth == k) for k, d in enumerate(cases.depths)
    ]:
        children = who & cases.child & (begging | ~cases.exploited)
        line = np.quantile(scores[children & ~begging], 0.75)
        recall = found.figure("count", "recall", "specificity 0.75", depth)
        assert recall is not None and recall.value.n == (begging & who).sum()
        exact = [(scores[begging & who] >= at).mean() for at in (line + 1, line)]
        assert exact[0] - 0.001 <= recall.value.value <= exact[1] + 0.001, depth
        near = who & cases.begging_child & (begging | ~cases.exploited)
        apart = found.figure("count", APART, depth=depth)
        assert apart is not None
        assert apart.value.value == pytest.approx(roc_auc_score(begging[near], scores[near]))


def test_the_range_is_that_of_the_universes(found: LeftOut) -> None:
    world = load_world(KOSOVO, "day-centre")
    seen = []
    for k in range(1, UNIVERSES + 1):
        cases = generate(universe(world, k, SEED), N, SEED)
        begging = cases.child & (cases.form() == "begging")
        near = cases.begging_child & (begging | ~cases.exploited)
        seen.append(roc_auc_score(begging[near], COUNT.scores(cases)[near]))
    one = found.figure("count", APART)
    assert one is not None and found.universes == UNIVERSES
    assert [one.low, one.median, one.high] == pytest.approx(np.quantile(seen, [0.05, 0.5, 0.95]))
    alone = left_out([COUNT], world, 1000, SEED, n_universes=0)
    assert {f.low for f in alone.figures} == {None}


def test_what_a_finding_means_is_told_for_few_exploited_among_begging_children(
    found: LeftOut, rules: Screen
) -> None:
    told = [found.figure(rules.name, PRECISION, f"{a:.2f} exploited") for a in AMONG]
    assert all(told)
    values = [t.value.value for t in told if t]
    assert values == sorted(values) and AMONG == (0.05, 0.10, 0.20)
    world = load_world(KOSOVO, "day-centre")
    cases = generate(world, N, SEED, prevalence_where(world, 0.10))
    acted = cases.begging_child & (rules.scores(cases) >= (rules.line or 0))
    assert values[1] == pytest.approx(cases.exploited[acted].mean())
    for t in told:
        assert t and t.low is not None and t.high is not None
        assert t.low - 0.05 < t.value.value < t.high + 0.05, "reweighted and drawn agree"
    assert found.figure("count", PRECISION, "0.10 exploited") is None, "it acts on nobody"


def test_evaluate_prints_families_left_out_first_and_keeps_them(cli: Any, tmp_path: Path) -> None:
    ran = cli(
        "evaluate",
        "--model",
        "kosovo-15-15",
        "--world",
        "street-patrol",
        "-n",
        1500,
        "--universes",
        2,
        "-o",
        tmp_path / "out",
    )
    assert ran.code == 0, ran.err
    first = ran.out.index("Family street-patrol")
    assert first < ran.out.index("World street-patrol")
    assert "(2 universes)" in ran.out and "glimpse" in ran.out and "10% of those met" in ran.out
    kept = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    family = kept["families_left_out"][0]
    assert family["family"] == "street-patrol" and family["universes"] == 2
    card = [f for f in family["figures"] if f["screen"] == "card" and f["measure"] == "recall"]
    assert {f["depth"] for f in card} >= {"", "interview"}
    assert all(set(f["universes"]) == {"low", "median", "high"} for f in card)
    home = cli("evaluate", "--model", "kosovo-15-15", "--world", "guarded", "-n", 500)
    assert home.code == 0 and "None of these worlds" in home.out
