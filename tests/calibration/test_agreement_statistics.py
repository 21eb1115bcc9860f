"""Statistics of agreement: held to published worked examples, to the libraries that others check,
and to what they must mean.
"""

from __future__ import annotations

import math

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from screening.calibration import stats

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve
# units, missing data; . is missing.
OBSERVERS = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]
CODES = np.array(
    [[-1 if c == "." else int(c) - 1 for c in row.split()] for row in OBSERVERS], dtype=np.int8
)

# Fleiss 1971 as worked through in many textbooks: ten subjects, fourteen raters, five categories,
# kappa 0.210.
SUBJECTS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ],
    dtype=float,
)

# Shrout and Fleiss 1979, table 2: six targets, four judges; table 4 has the six coefficients.
JUDGES = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)

# Cohen 1968, table 1: two judges, three diagnoses, weights of disagreement by a consensus; weighted
# kappa 0.348, kappa 0.492.
DIAGNOSES = np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])
DISAGREEMENT = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]], dtype=float)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_krippendorffs_own_example(level, published):
    found = float(stats.alpha(stats.counts_of(CODES, 5), stats.ones(12), level)[0])
    assert round(found, 3) == published
    values = np.where(CODES >= 0, CODES, np.nan).astype(float)
    assert found == pytest.approx(krippendorff.alpha(values, level_of_measurement=level), abs=1e-12)


def test_fleiss_kappa_of_the_textbook_example():
    found = float(stats.fleiss(SUBJECTS, stats.ones(10))[0])
    assert round(found, 3) == 0.210
    assert found == pytest.approx(fleiss_kappa(SUBJECTS), abs=1e-12)


def test_weighted_kappa_of_cohens_own_example():
    assert round(float(stats.weighted_kappa(DIAGNOSES, DISAGREEMENT)), 3) == 0.348
    assert round(float(stats.weighted_kappa(DIAGNOSES, 1 - np.eye(3))), 3) == 0.492


def test_intraclass_correlations_of_shrout_and_fleiss():
    found = {name: round(float(v[0]), 2) for name, v in stats.icc(JUDGES.T, stats.ones(6)).items()}
    assert found == {"single": 0.29, "mean": 0.62, "consistent": 0.71}


def codes(
    draw_raters: tuple[int, int], draw_units: tuple[int, int], categories: int, missing: bool
) -> st.SearchStrategy[np.ndarray]:
    low = -1 if missing else 0
    return st.tuples(st.integers(*draw_raters), st.integers(*draw_units)).flatmap(
        lambda shape: st.lists(
            st.lists(st.integers(low, categories - 1), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        ).map(lambda rows: np.array(rows, dtype=np.int8))
    )


@given(codes((2, 6), (2, 9), 4, missing=True))
def test_alpha_equals_the_library_on_random_tables(table):
    counts = stats.counts_of(table, 4)
    ours = float(stats.alpha(counts, stats.ones(table.shape[1]))[0])
    kept = counts[counts.sum(axis=1) >= 2]
    if (kept.sum(axis=0) > 0).sum() < 2:
        assert math.isnan(ours), "where all ratings are alike there is nothing to tell apart"
    else:
        assert ours == pytest.approx(
            krippendorff.alpha(
                value_counts=kept.astype(int),
                value_domain=[0, 1, 2, 3],
                level_of_measurement="ordinal",
            ),
            abs=1e-9,
        )


@given(codes((2, 6), (2, 9), 4, missing=False))
def test_fleiss_and_the_mean_of_pairs_equal_the_library_on_random_tables(table):
    counts = stats.counts_of(table, 4)
    ours = float(stats.fleiss(counts, stats.ones(table.shape[1]))[0])
    if (counts.sum(axis=0) > 0).sum() < 2:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(fleiss_kappa(counts), abs=1e-9)
    pairs = []
    for a in range(len(table)):
        for b in range(a):
            both = np.histogram2d(table[a], table[b], bins=[np.arange(5) - 0.5] * 2)[0]
            with np.errstate(invalid="ignore", divide="ignore"):
                pairs.append(cohens_kappa(both, wt="quadratic", return_results=False))
    defined = [p for p in pairs if math.isfinite(p)]
    light = float(stats.light(table, stats.ones(table.shape[1]))[0])
    assert light == pytest.approx(np.mean(defined), abs=1e-9) if defined else math.isnan(light)


def test_intraclass_correlations_equal_the_library_on_random_tables():
    import pandas as pd
    import pingouin  # slow to import: it draws

    rng = np.random.default_rng(7)
    for _ in range(5):
        values = rng.normal(size=12) + rng.normal(size=(5, 1)) + rng.normal(size=(5, 12))
        frame = pd.DataFrame(
            [(u, r, values[r, u]) for r in range(5) for u in range(12)],
            columns=["unit", "rater", "value"],
        )
        there = pingouin.intraclass_corr(frame, targets="unit", raters="rater", ratings="value")[
            "ICC"
        ].to_numpy()
        ours = stats.icc(values, stats.ones(12))
        assert [float(ours[k][0]) for k in ("single", "consistent", "mean")] == pytest.approx(
            [there[1], there[2], there[4]], abs=1e-9
        )


def test_a_draw_is_the_statistic_of_the_units_drawn():
    times = stats.draws(12, 50, 3)
    assert (times.sum(axis=1) == 12).all()
    drawn = stats.alpha(stats.counts_of(CODES, 5), times)
    for row, value in zip(times.astype(int), drawn, strict=True):
        again = np.repeat(CODES, row, axis=1)
        one = float(stats.alpha(stats.counts_of(again, 5), stats.ones(again.shape[1]))[0])
        assert value == pytest.approx(one, abs=1e-9, nan_ok=True)
    units = np.repeat(np.arange(6), (1, 0, 2, 1, 1, 1))
    once = stats.icc(JUDGES.T, np.array([[1, 0, 2, 1, 1, 1]], dtype=float))
    assert float(once["single"][0]) == pytest.approx(
        float(stats.icc(JUDGES[units].T, stats.ones(6))["single"][0]), abs=1e-9
    )


def test_an_interval_covers_its_value_as_often_as_it_says():
    """Alpha of many small studies from one population: about nineteen of twenty intervals hold the
    value of a very large study.
    """
    rng = np.random.default_rng(11)

    def study(units: int) -> np.ndarray:
        true = rng.integers(0, 4, units)
        return np.clip(true + rng.choice([-1, 0, 0, 0, 1], size=(6, units)), 0, 3).astype(np.int8)

    large = study(20_000)
    wanted = float(stats.alpha(stats.counts_of(large, 4), stats.ones(20_000))[0])
    held = 0
    for n in range(200):
        low, high = stats.interval(
            stats.alpha(stats.counts_of(study(40), 4), stats.draws(40, 400, n))
        )
        held += low <= wanted <= high
    assert 175 <= held <= 199, held


@pytest.mark.parametrize(
    "call",
    [
        lambda: stats.alpha(np.zeros((0, 3)), stats.ones(0)),
        lambda: stats.alpha(np.array([[1.0, 0.0]]), stats.ones(1)),
        lambda: stats.fleiss(np.array([[2.0, 0.0], [1.0, 0.0]]), stats.ones(2)),
        lambda: stats.light(np.zeros((1, 4), dtype=np.int8), stats.ones(4)),
        lambda: np.array([stats.interval(np.array([np.nan]))[0]]),
    ],
)
def test_what_is_not_defined_is_not_a_number_and_never_a_perfect_score(call):
    assert np.isnan(call()).all()
