"""Statistics of agreement: held to published worked examples, to the libraries that others check,
and to what they must mean.
"""

from __future__ import annotations

import math
from functools import partial

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from screening.calibration.agreement.alpha import alpha
from screening.calibration.agreement.draws import Drawn, drawn, interval, whole
from screening.calibration.agreement.gwet import ac2
from screening.calibration.agreement.icc import icc
from screening.calibration.agreement.kappa import fleiss, light, weighted_kappa
from screening.calibration.agreement.kendall import concordance
from screening.calibration.agreement.spread import Spread, spread_of
from screening.calibration.agreement.straight import straight, straight_lines
from screening.calibration.agreement.validity import scale_validity, validity

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve
# units, missing data; . is missing. The package irrCAC calls it raw_4raters.
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
    ]
)

# Shrout and Fleiss 1979, table 2: six targets, four judges; table 4 has the coefficients.
JUDGES = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)

# Cohen 1968, table 1: two judges, three diagnoses, weights of disagreement by a consensus; weighted
# kappa 0.348, kappa 0.492.
DIAGNOSES = np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])
DISAGREEMENT = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]], dtype=float)


def coded(counts: np.ndarray) -> np.ndarray:
    """Ratings (raters, units) that give these counts (units, categories)."""
    rows = [np.repeat(np.arange(counts.shape[1]), row) for row in counts]
    return np.array(rows, dtype=np.int8).T


def counts_of(codes: np.ndarray, categories: int) -> np.ndarray:
    return np.stack([(codes == c).sum(axis=0) for c in range(categories)], axis=1)


def one(statistic, codes: np.ndarray, **given: object) -> float:
    return float(statistic(codes, whole(codes), **given)[0])


# -- values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_krippendorffs_own_example(level, published):
    found = one(alpha, CODES, categories=5, level=level)
    assert round(found, 3) == published
    values = np.where(CODES >= 0, CODES, np.nan).astype(float)
    assert found == pytest.approx(krippendorff.alpha(values, level_of_measurement=level), abs=1e-12)


@pytest.mark.parametrize(
    ("kind", "published"), [("identity", 0.77544), ("linear", 0.85874), ("quadratic", 0.914)]
)
def test_ac1_and_ac2_of_the_example_of_irrcac(kind, published):
    """The same twelve units in Gwet's own package: AC1 0.77544; the weighted ones by its Python
    port, irrCAC 0.4.4.
    """
    assert round(one(ac2, CODES, categories=5, kind=kind), 5) == published


def test_fleiss_kappa_of_the_textbook_example():
    found = one(fleiss, coded(SUBJECTS), categories=5)
    assert round(found, 3) == 0.210
    assert found == pytest.approx(fleiss_kappa(SUBJECTS), abs=1e-12)


def test_weighted_kappa_of_cohens_own_example():
    assert round(float(weighted_kappa(DIAGNOSES, DISAGREEMENT)), 3) == 0.348
    assert round(float(weighted_kappa(DIAGNOSES, 1 - np.eye(3))), 3) == 0.492


def test_intraclass_correlations_of_shrout_and_fleiss():
    found = icc(JUDGES.T)
    assert {name: round(x.value, 2) for name, x in found.items()} == {"single": 0.29, "mean": 0.62}
    # pingouin and R's psych give these ends for the same table.
    assert (round(found["single"].low, 2), round(found["single"].high, 2)) == (0.02, 0.76)
    assert (round(found["mean"].low, 2), round(found["mean"].high, 2)) == (0.07, 0.93)


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
    counts = counts_of(table, 4)
    ours = one(alpha, table, categories=4)
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


@given(codes((2, 6), (2, 9), 4, missing=True))
def test_ac2_equals_its_definition_pair_by_pair(table):
    """Gwet 2014, chapter 5, written out in loops."""
    weight = [[1 - ((a - b) / 3) ** 2 for b in range(4)] for a in range(4)]
    agreed, used, rated = [], np.zeros(4), 0
    for unit in table.T:
        given_ = [int(c) for c in unit if c >= 0]
        rated += bool(given_)
        for c in given_:
            used[c] += 1 / len(given_)
        if len(given_) > 1:
            pairs = [
                weight[a][b] for i, a in enumerate(given_) for j, b in enumerate(given_) if i != j
            ]
            agreed.append(sum(pairs) / len(pairs))
    ours = one(ac2, table, categories=4)
    if not agreed:
        assert math.isnan(ours)
        return
    share = used / rated
    chance = sum(map(sum, weight)) / 12 * float((share * (1 - share)).sum())
    assert ours == pytest.approx((np.mean(agreed) - chance) / (1 - chance), abs=1e-9)


@given(codes((2, 6), (2, 9), 4, missing=False))
def test_fleiss_and_the_mean_of_pairs_equal_the_library_on_random_tables(table):
    counts = counts_of(table, 4)
    ours = one(fleiss, table, categories=4)
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
    found = one(light, table)
    assert found == pytest.approx(np.mean(defined), abs=1e-9) if defined else math.isnan(found)


@given(codes((3, 6), (3, 9), 4, missing=False))
def test_kendalls_w_equals_friedmans_test_on_random_tables(table):
    """Friedman's chi-square is W times raters times units less one; scipy corrects it for ties."""
    ours = one(concordance, table)
    with np.errstate(invalid="ignore", divide="ignore"):
        chi = friedmanchisquare(*table.T).statistic
    if math.isfinite(chi):
        assert ours == pytest.approx(chi / (len(table) * (table.shape[1] - 1)), abs=1e-9)
    else:
        assert math.isnan(ours)


def test_intraclass_correlations_and_their_intervals_equal_the_library_on_random_tables():
    import pandas as pd
    import pingouin  # slow to import: it draws

    rng = np.random.default_rng(7)
    for _ in range(5):
        values = rng.normal(size=12) + rng.normal(size=(5, 1)) + rng.normal(size=(5, 12))
        frame = pd.DataFrame(
            [(u, r, values[r, u]) for r in range(5) for u in range(12)],
            columns=["unit", "rater", "value"],
        )
        there = pingouin.intraclass_corr(frame, targets="unit", raters="rater", ratings="value")
        ours = icc(values)
        for name, row in (("single", 1), ("mean", 4)):
            assert ours[name].value == pytest.approx(there["ICC"].iloc[row], abs=1e-9)
            ends = there.filter(regex="CI95").iloc[row, 0]
            assert (ours[name].low, ours[name].high) == pytest.approx(tuple(ends), abs=0.006)


@pytest.mark.parametrize(
    ("raters", "agree", "published"),
    [
        (3, 3, 1.00),
        (3, 2, 0.47),
        (4, 3, 0.67),
        (5, 4, 0.76),
        (6, 5, 0.81),
        (6, 4, 0.57),
        (7, 6, 0.85),
        (8, 7, 0.88),
        (8, 6, 0.72),
        (9, 8, 0.89),
        (9, 7, 0.76),
    ],
)
def test_the_modified_kappa_of_polit_beck_and_owen(raters, agree, published):
    """Polit, Beck and Owen 2007, table 4, which reckons with I-CVI of two digits."""
    found = validity(Spread((raters - agree, 0, 0, agree), 3, 3, 3))
    assert found.telling.value == pytest.approx(agree / raters)
    assert found.kappa == pytest.approx(published, abs=0.01)


def test_the_validity_of_a_list_is_a_mean_and_a_share():
    signs = [validity(Spread((0, 0, 2, 3), 3, 2, 3)), validity(Spread((1, 1, 3, 0), 2, 1, 2))]
    found = scale_validity(signs)
    assert found == {"average": pytest.approx(0.8), "all_agree": 0.5}
    nobody = validity(Spread((0, 0, 0, 0), math.nan, math.nan, math.nan))
    assert math.isnan(scale_validity([nobody])["average"]) and math.isnan(nobody.kappa)


@pytest.mark.parametrize(
    ("given_", "consensus"),
    [
        ([3, 3, 3, 2, 2], True),
        ([3, 3, 2, 1, 0], False),  # the middle half spans two steps
        ([1, 1, 2, 2, 2], False),  # three of five on one side
        ([1, 2, 2, 2], False),  # too few people
        ([2, 2, 2, 1], False),
        ([2, 2, 2, 1, 2, 3, 1, 2], True),  # exactly 75 %
    ],
)
def test_a_consensus_is_a_narrow_middle_and_three_of_four_on_one_side(given_, consensus):
    assert spread_of(np.array([*given_, -1], dtype=np.int8)).consensus is consensus


# -- intervals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("statistic", [alpha, ac2, fleiss])
def test_a_draw_of_units_is_the_statistic_of_the_units_drawn(statistic):
    table = np.clip(np.random.default_rng(2).integers(0, 5, (4, 12)), 0, 4).astype(np.int8)
    times = drawn(4, 12, 50, 3)
    units = Drawn(np.ones((50, 4)), times.units)
    found = statistic(table, units, categories=5)
    for row, value in zip(times.units.astype(int), found, strict=True):
        again = np.repeat(table, row, axis=1)
        assert value == pytest.approx(one(statistic, again, categories=5), abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("statistic", [alpha, ac2, fleiss])
def test_a_rater_who_is_drawn_twice_never_agrees_with_themselves(statistic):
    """Three raters who never agree: whoever is drawn twice, nobody agrees."""
    table = np.array([[0, 1, 2, 0], [1, 2, 0, 1], [2, 0, 1, 2]], dtype=np.int8)
    times = Drawn(np.array([[1.0, 1, 1], [2, 1, 0], [3, 0, 0]]), np.ones((3, 4)))
    apart, twice, alone = statistic(table, times, categories=3)
    assert apart < 0 and twice < 0 and math.isnan(alone)


def population(rng: np.random.Generator, raters: int, units: int, severity: float) -> np.ndarray:
    """Raters who see the same and differ in severity and by slips."""
    true = rng.normal(size=units)
    own = rng.normal(size=(raters, 1)) * severity
    seen = (true + own + rng.normal(size=(raters, units)) * 0.7) * 1.1 + 1.5
    return np.clip(np.round(seen), 0, 3).astype(np.int8)


@pytest.mark.parametrize("raters", [3, 5, 8])
@pytest.mark.parametrize("statistic", [alpha, ac2])
def test_an_interval_covers_the_value_of_other_raters_and_other_signs(statistic, raters):
    """Of 120 studies by raters of different severity: 92 in 100 intervals or more hold the value
    of a very large study. Intervals that draw signs alone hold it in 45 to 80.
    """
    rng = np.random.default_rng(11)
    of = partial(statistic, categories=4)
    wanted = np.mean([one(of, population(rng, 120, 1200, 0.5)) for _ in range(3)])
    held = signs_alone = 0
    for n in range(120):
        table = population(rng, raters, 60, 0.5)
        times = drawn(raters, 60, 200, n)
        low, high = interval(one(of, table), table, of, times)
        held += low <= wanted <= high
        narrow = of(table, Drawn(np.ones((200, raters)), times.units))
        low, high = np.quantile(narrow, [0.025, 0.975])
        signs_alone += low <= wanted <= high
    assert held >= 110 and signs_alone < min(held, 114), (held, signs_alone)


def test_an_interval_of_full_agreement_is_by_the_rule_of_three_and_of_nothing_is_none():
    table = np.tile(np.array([0, 1, 2, 3] * 5, dtype=np.int8), (4, 1))
    of = partial(alpha, categories=4)
    assert interval(1.0, table, of, drawn(4, 20, 50, 1)) == (1 - 3 / 20, 1.0)
    assert all(math.isnan(x) for x in interval(math.nan, table, of, drawn(4, 20, 50, 1)))


@pytest.mark.parametrize(
    "call",
    [
        lambda: one(alpha, np.zeros((3, 0), dtype=np.int8), categories=3),
        lambda: one(alpha, np.array([[0], [-1]], dtype=np.int8), categories=2),
        lambda: one(ac2, np.array([[0], [-1]], dtype=np.int8), categories=2),
        lambda: one(fleiss, np.array([[0, 1], [0, -1]], dtype=np.int8), categories=2),
        lambda: one(light, np.zeros((1, 4), dtype=np.int8)),
        lambda: one(concordance, np.zeros((3, 4), dtype=np.int8)),
        lambda: icc(np.ones((3, 4)))["single"].value,
        lambda: icc(np.ones((1, 4)))["single"].value,
    ],
)
def test_what_is_not_defined_is_not_a_number_and_never_a_perfect_score(call):
    assert np.isnan(call())


# -- straight lines --------------------------------------------------------------------------------


def honest(raters: int, seed: int, units: int = 170, severity: float = 0.4) -> np.ndarray:
    """Signs in sections of a kind, as a list has them; raters who differ in severity."""
    rng = np.random.default_rng(seed)
    section = np.repeat(rng.normal(size=units // 10 + 1), 10)[:units]
    true = 1.7 + section + 0.5 * rng.normal(size=units)
    own = rng.normal(size=(raters, 1)) * severity
    seen = true + own + 0.5 * rng.normal(size=(raters, units))
    return np.clip(np.round(seen), 0, 3)


@pytest.mark.parametrize(
    "line",
    [
        lambda v: np.full_like(v, 2),
        lambda v: np.where(np.arange(len(v)) < 0.9 * len(v), 3, v),
        lambda v: np.where(np.arange(len(v)) < 60, v, 1),  # gave up after sixty
        lambda v: np.arange(len(v)) % 4,  # 0 1 2 3 0 1 2 3
    ],
    ids=["all alike", "nearly all", "gave up", "a pattern"],
)
def test_straight_lines_are_named(line):
    for seed in range(5):
        values = honest(8, seed)
        values[3] = line(values[3])
        assert straight_lines(values) == [n == 3 for n in range(8)]
        assert straight(values[3]) > 0.2


def test_honest_raters_are_not_named_for_straight_lines():
    """Of 800 honest raters of different severity, at most 1 in 100."""
    named = sum(sum(straight_lines(honest(8, seed))) for seed in range(100))
    assert named <= 8, named


def test_who_rated_little_is_not_named_for_it():
    values = honest(5, 1)
    values[2, 15:] = np.nan
    values[2, :15] = 2
    assert not straight_lines(values)[2]
    values[2] = np.nan
    assert not straight_lines(values)[2] and math.isnan(straight(values[2]))
