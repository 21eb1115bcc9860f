"""The search for a short card, held to what trying everything finds on problems small enough for
that.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize

from screening.scorecard import search as searching
from screening.scorecard.search import Columns, Problem, Support, fit_nonnegative, search
from screening.scorecard.totals import NO_STATE, OPEN_STATE, YES_STATE

ANY = (0, 9)  # bounds of an item that may be on the card and need not


def problem(seed: int = 0, items: int = 6, most: int = 3, n: int = 400, **others: Any) -> Problem:
    """Signs that overlap, some of them at times open, one that speaks against, uneven weights."""
    rng = np.random.default_rng(seed)
    y = rng.random(n) < 0.4
    hidden = rng.random(n) + 0.5 * y
    states = np.zeros((items, n), dtype=np.uint8)
    for item in range(items):
        lift = 0.3 - 0.08 * item
        yes = rng.random(n) < 0.2 + 0.25 * (hidden > 0.8) + lift * y
        states[item, yes] = YES_STATE
        if item % 2 == 0:
            states[item, rng.random(n) < 0.15 + 0.1 * y] = OPEN_STATE
    given = {"bounds": np.array([ANY] * items), "weight": rng.uniform(0.5, 2, n), **others}
    return Problem(states, y, max_items=most, **given)


def loss_at(beta: np.ndarray, z: np.ndarray, p: Problem) -> float:
    """The mean weighted log loss with the penalty, written out."""
    chance = 1 / (1 + np.exp(-(beta[0] + beta[1:] @ z)))
    losses = -np.log(np.where(p.y, chance, 1 - chance))
    return float(p.weight @ losses / p.weight.sum() + p.ridge / 2 * (beta[1:] ** 2).sum())


def best_of(p: Problem, items: tuple[int, ...]) -> float:
    return fit_nonnegative(Columns(p, items).z, p.y, p.weight, p.ridge)[1]


# -- what may be on a card -------------------------------------------------------------------------


def test_forced_is_what_must_have_points_and_allowed_what_may_and_is_not_the_same_for_all() -> None:
    bounds = np.array([ANY, (1, 3), (0, 0), ANY, (2, 2), (0, 1)])
    p = problem(bounds=bounds)
    p.states[3], p.states[4] = YES_STATE, NO_STATE
    assert p.forced == [1, 4]
    assert p.allowed == [0, 1, 4, 5], "2 may have no point, 3 is the same for all; 4 is forced"


def test_an_item_has_a_column_for_yes_and_if_it_is_ever_open_one_for_at_least_open() -> None:
    p = problem()
    columns = Columns(p, [1, 4])
    assert columns.items == [1, 4] and columns.owner == [0, 1, 1]
    assert columns.of_item == [[0], [1, 2]]
    expected = [p.states[1] == YES_STATE, p.states[4] == YES_STATE, p.states[4] != NO_STATE]
    assert columns.z.tolist() == np.array(expected, dtype=float).tolist()


def test_points_for_yes_are_those_for_open_and_what_a_yes_adds() -> None:
    opened, yes = Columns(problem(), [1, 4]).split(np.array([1.5, 2.0, 0.25]))
    assert opened.tolist() == [0.0, 0.25] and yes.tolist() == [1.5, 2.25]


# -- coefficients ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ridge", [1e-4, 0.05])
def test_the_fit_has_the_least_loss_that_coefficients_of_nothing_or_more_can_have(
    ridge: float,
) -> None:
    p = problem(1, ridge=ridge)
    p.states[1, p.y] = NO_STATE  # speaks against: its best coefficient would be below nothing
    z = Columns(p, range(6)).z
    beta, loss = fit_nonnegative(z, p.y, p.weight, p.ridge)
    assert loss == pytest.approx(loss_at(beta, z, p), abs=1e-12)
    assert (beta[1:] >= 0).all() and (beta[1:] == 0).any()
    slope = approx_fprime(beta, lambda b: loss_at(b, z, p), 1e-6)
    inside = np.concatenate([[True], beta[1:] > 0])
    assert slope[inside] == pytest.approx(0, abs=1e-4) and (slope[~inside] > -1e-4).all()


def test_a_row_that_weighs_three_is_three_rows() -> None:
    p = problem(2, weight=np.tile([1.0, 3.0], 200))
    z = Columns(p, range(3)).z
    often = np.tile([1, 3], 200)
    once = fit_nonnegative(z, p.y, p.weight, p.ridge)
    thrice = fit_nonnegative(
        np.repeat(z, often, axis=1), np.repeat(p.y, often), np.ones(800), p.ridge
    )
    assert once[1] == pytest.approx(thrice[1], abs=1e-9)
    assert once[0] == pytest.approx(thrice[0], abs=1e-3)


def test_where_no_item_is_left_the_intercept_says_the_share() -> None:
    p = problem(3)
    beta, _ = fit_nonnegative(np.empty((0, 400)), p.y, p.weight, p.ridge)
    share = p.weight[p.y].sum() / p.weight.sum()
    assert beta.tolist() == pytest.approx([np.log(share / (1 - share))], abs=1e-4)


def test_a_start_is_where_the_fit_begins_and_not_where_it_ends(monkeypatch: Any) -> None:
    p = problem(4)
    z = Columns(p, range(6)).z
    cold, loss = fit_nonnegative(z, p.y, p.weight, p.ridge)
    begun = []
    real = searching.minimize
    monkeypatch.setattr(
        searching,
        "minimize",
        lambda f, start, **how: (begun.append(start), real(f, start, **how))[1],
    )
    warm, again = fit_nonnegative(z, p.y, p.weight, p.ridge, cold + 0.3)
    assert begun[0].tolist() == (cold + 0.3).tolist()
    assert again == pytest.approx(loss, abs=1e-7) and warm == pytest.approx(cold, abs=0.02)


def test_the_quadratic_model_has_the_slope_and_the_curvature_of_the_loss() -> None:
    p = problem(5, ridge=0.02)
    columns = Columns(p, range(6))
    beta = np.linspace(-0.5, 0.9, len(columns.z) + 1)
    model = searching._Quadratic(p, columns, beta)

    def slope(b: np.ndarray) -> np.ndarray:
        return approx_fprime(b, lambda x: loss_at(x, columns.z, p), 1e-5)

    assert model.gradient == pytest.approx(slope(beta), abs=1e-4)
    for n, step in enumerate(np.eye(len(beta)) * 0.01):
        curve = (slope(beta + step) - slope(beta - step)) / 0.02
        assert model.hessian[n] == pytest.approx(curve, abs=1e-3)


@pytest.mark.parametrize("seed", range(12))
def test_the_gain_of_a_new_item_is_the_least_of_the_quadratic_where_nothing_is_negative(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    half = rng.normal(size=(2, 3))
    curve, slope = half @ half.T + 0.1 * np.eye(2), rng.normal(size=2)
    found = minimize(
        lambda b: slope @ b + 0.5 * b @ curve @ b, np.ones(2), bounds=[(0, None)] * 2, tol=1e-12
    )
    assert searching._gain(slope, curve) == pytest.approx(-found.fun, abs=1e-5)


@pytest.mark.parametrize(
    ("slope", "curve", "gain"),
    [(-2.0, 4.0, 0.5), (2.0, 4.0, 0.0), (0.0, 4.0, 0.0), (-2.0, 0.0, 0.0)],
)
def test_the_gain_of_an_item_with_one_column(slope: float, curve: float, gain: float) -> None:
    assert searching._gain(np.array([slope]), np.array([[curve]])) == gain


# -- which items -----------------------------------------------------------------------------------


def struck(p: Problem) -> list[int]:
    columns = Columns(p, p.allowed)
    beta, _ = fit_nonnegative(columns.z, p.y, p.weight, p.ridge)
    left = searching.strike_out(p, columns, searching._Quadratic(p, columns, beta), beta)
    return [columns.items[n] for n in left]


@pytest.mark.parametrize("seed", range(6))
def test_the_item_that_is_struck_out_is_the_one_that_is_missed_least(seed: int) -> None:
    p = problem(seed, most=5, n=1000)
    losses = {c: best_of(p, c) for c in combinations(range(6), 5)}
    assert losses[tuple(struck(p))] == pytest.approx(min(losses.values()), abs=2e-4)


def test_striking_out_goes_on_until_there_is_room_and_spares_what_is_forced() -> None:
    bounds = np.array([ANY] * 5 + [(1, 9)])  # the last is the least telling
    for most in (1, 2, 4):
        left = struck(problem(1, most=most, bounds=bounds))
        assert len(left) == most and 5 in left


def test_an_item_without_points_is_struck_out_even_where_there_is_room() -> None:
    p = problem(1, most=6)
    p.states[3, p.y] = NO_STATE
    assert struck(p) == [0, 1, 2, 4], "nor does 5 tell anything beside the others"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_choice_of_items_is_better_than_the_one_that_is_found(seed: int, most: int) -> None:
    p = problem(seed, most=most)
    chosen, _ = search(p)
    best = min(best_of(p, c) for c in combinations(range(6), most))
    assert chosen.loss == pytest.approx(best, abs=1e-5)
    assert chosen.loss == pytest.approx(best_of(p, tuple(chosen.items)), abs=1e-7)


def test_swapping_mends_what_striking_out_got_wrong(monkeypatch: Any) -> None:
    p = problem(2, most=2)
    monkeypatch.setattr(searching, "strike_out", lambda *_: [4, 5])  # the two least telling
    chosen, _ = search(p)
    best = min(best_of(p, c) for c in combinations(range(6), 2))
    assert chosen.loss == pytest.approx(best, abs=1e-6)


def test_a_card_with_room_left_takes_one_more_item(monkeypatch: Any) -> None:
    p = problem(2, most=2)
    monkeypatch.setattr(searching, "strike_out", lambda *_: [0])
    chosen, _ = search(p)
    assert len(chosen.items) == 2


def test_the_choice_comes_with_its_points_for_open_and_for_yes() -> None:
    p = problem(0, most=3)
    chosen, _ = search(p)
    beta, _ = fit_nonnegative(Columns(p, chosen.items).z, p.y, p.weight, p.ridge)
    opened, yes = Columns(p, chosen.items).split(beta[1:])
    assert chosen.items == sorted(chosen.items)
    assert chosen.intercept == pytest.approx(beta[0], abs=0.01)
    assert chosen.opened == pytest.approx(opened, abs=0.01)
    assert chosen.yes == pytest.approx(yes, abs=0.01)


def test_what_is_forced_is_on_the_card_and_more_than_has_room_is_refused() -> None:
    bounds = np.array([ANY] * 4 + [(1, 9)] * 2)
    assert search(problem(1, most=2, bounds=bounds))[0].items == [4, 5]
    assert {4, 5} < set(search(problem(1, most=3, bounds=bounds))[0].items)
    with pytest.raises(ValueError, match=r"put 2 items on the card, which has room for 1$"):
        search(problem(1, most=1, bounds=bounds))


# -- the next best ---------------------------------------------------------------------------------


def swaps(chosen: Support, p: Problem, fixed: tuple[int, ...] = ()) -> set[tuple[int, ...]]:
    """All choices that differ from the chosen one in a single item."""
    outside = set(p.allowed) - set(chosen.items)
    return {
        tuple(sorted({*chosen.items, new} - {old}))
        for old in set(chosen.items) - set(fixed)
        for new in outside
    }


@pytest.mark.parametrize("seed", range(2))
def test_the_next_best_are_all_single_swaps_the_best_first(seed: int) -> None:
    p = problem(seed)
    chosen, more = search(p)
    found = more(99)
    assert {tuple(s.items) for s in found} == swaps(chosen, p) and len(found) == 9
    losses = [s.loss for s in found]
    assert losses == sorted(losses)
    for other in found:
        assert other.loss == pytest.approx(best_of(p, tuple(other.items)), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_of_few_that_are_asked_for_the_best_are_among_them(seed: int) -> None:
    p = problem(seed, n=800)
    chosen, more = search(p)
    few = more(3)
    assert len(few) == 3
    best = sorted(best_of(p, c) for c in swaps(chosen, p))
    assert few[0].loss == pytest.approx(best[0], abs=1e-6)
    assert few[-1].loss <= best[4] + 1e-6, "by the quadratic model, near enough"


def test_no_swap_takes_away_what_is_forced() -> None:
    p = problem(1, bounds=np.array([ANY] * 5 + [(1, 9)]))
    chosen, more = search(p)
    assert {tuple(s.items) for s in more(99)} == swaps(chosen, p, (5,))


def test_beside_a_card_with_room_left_stand_those_with_one_item_more() -> None:
    p = problem(1, most=6)
    for item in (1, 2, 3):
        p.states[item, p.y] = NO_STATE
    chosen, more = search(p)
    assert chosen.items == [0, 4, 5]
    assert {tuple(s.items) for s in more(99)} == {
        tuple(sorted((0, 4, 5, item))) for item in (1, 2, 3)
    }


@pytest.mark.parametrize("seed", range(3))
def test_swaps_are_ranked_by_what_the_quadratic_model_says_they_leave(seed: int) -> None:
    """The promise of a swap is the least of the quadratic model with the new item's columns
    nothing or more, the old ones free to move.
    """
    p = problem(seed, n=800)
    chosen, more = search(p)
    columns = Columns(p, p.allowed)
    where = [columns.items.index(i) for i in chosen.items]
    beta = np.zeros(len(columns.z) + 1)
    beta[0] = chosen.intercept
    for n, opened, yes in zip(where, chosen.opened, chosen.yes, strict=True):
        cells = columns.of_item[n]
        beta[cells[0] + 1] = yes - opened
        beta[[c + 1 for c in cells[1:]]] = opened
    model = searching._Quadratic(p, columns, beta)

    def promise(kept: set[int], new: int) -> float:
        fresh = [c + 1 for c in columns.of_item[new]]
        free = [0] + [c + 1 for n in kept for c in columns.of_item[n]] + fresh
        gone = [c for c in range(len(beta)) if c not in free]

        def value(x: np.ndarray) -> float:
            step = np.zeros(len(beta))
            step[gone], step[free] = -beta[gone], x
            return float(model.gradient @ step + 0.5 * step @ model.hessian @ step)

        limits = [(0, None) if c in fresh else (None, None) for c in free]
        found = minimize(value, np.zeros(len(free)), bounds=limits, options={"ftol": 1e-13})
        return float(found.fun)

    promised = {
        tuple(sorted(columns.items[n] for n in {*where, new} - {old})): promise(
            set(where) - {old}, new
        )
        for old in where
        for new in set(range(6)) - set(where)
    }
    for count in (1, 3, 5):
        best = sorted(promised, key=promised.__getitem__)[:count]
        assert {tuple(s.items) for s in more(count)} == set(best)
