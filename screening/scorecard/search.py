"""Finding a short card: which items, and how many whole points each.

An item's answer has three states: no, open, yes. Open gives `open` points and yes gives `yes`, with 0 <= open <= yes, so that
every card is monotone by construction. Written with two 0/1 columns an item (at least open; yes), that is a logistic model with
non-negative coefficients. The search goes in four steps:

1. fit all items at once (`fit_nonnegative`);
2. strike items out one by one, by what a quadratic model of the loss says they cost (`strike_out`);
3. swap items, again by the quadratic model, and keep a swap that lowers the true loss (`swap`);
4. look for whole points near the real ones, over a range of scales, one point up or down at a time (`whole_points`).

Nothing here draws a random number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

__all__ = [
    "NO_STATE", "OPEN_STATE", "YES_STATE", "Points", "Problem", "Support", "fit_nonnegative", "histogram_loss", "line_loss", "search", "totals", "whole_points",
]

NO_STATE, OPEN_STATE, YES_STATE = 0, 1, 2
ROUNDS = 12  # swaps at most
TRIED = 4  # swaps that the quadratic model likes best, tried on the data in each round

Floats = NDArray[np.float64]
States = NDArray[np.uint8]


@dataclass(frozen=True)
class Problem:
    """Answers and what they are to tell.

    states : uint8 (items, n), NO_STATE, OPEN_STATE or YES_STATE
    y : bool (n,); weight : float (n,), above 0
    bounds : by item, the least and the most points a yes may have; a least above 0 puts the item on the card
    caps : sets of items that together give at most so many points
    max_items : items on the card at most
    ridge : strength of the quadratic penalty on coefficients
    """

    states: States
    y: NDArray[np.bool_]
    weight: Floats
    bounds: NDArray[np.int64]
    max_items: int
    caps: tuple[tuple[frozenset[int], int], ...] = ()
    ridge: float = 1e-4

    @property
    def forced(self) -> list[int]:
        return np.flatnonzero(self.bounds[:, 0] > 0).tolist()

    @property
    def allowed(self) -> list[int]:
        """Items that may be on the card: not bound to nothing, and not the same for everybody."""
        varies = self.states.min(axis=1) != self.states.max(axis=1)
        return np.flatnonzero((self.bounds[:, 1] > 0) & (varies | (self.bounds[:, 0] > 0))).tolist()


class Columns:
    """The 0/1 columns of some items; an item that is never open needs only one."""

    def __init__(self, problem: Problem, items: Sequence[int]) -> None:
        self.items = list(items)
        self.owner: list[int] = []  # position in `items` of each column
        columns = []
        for n, item in enumerate(self.items):
            state = problem.states[item]
            columns.append(state == YES_STATE)
            self.owner.append(n)
            if (state == OPEN_STATE).any():
                columns.append(state >= OPEN_STATE)
                self.owner.append(n)
        self.z = np.empty((len(columns), problem.states.shape[1]))
        for row, column in zip(self.z, columns, strict=True):
            row[:] = column
        self.of_item = [[c for c, o in enumerate(self.owner) if o == n] for n in range(len(self.items))]

    def split(self, beta: Floats) -> tuple[Floats, Floats]:
        """Points for open and for yes of each item, as real numbers."""
        opened, yes = np.zeros(len(self.items)), np.zeros(len(self.items))
        for n, columns in enumerate(self.of_item):
            yes[n] = beta[columns].sum()
            opened[n] = beta[columns[1]] if len(columns) == 2 else 0.0
        return opened, yes


@dataclass
class Support:
    """A choice of items with their best real coefficients. `loss` is the mean weighted log loss with the penalty."""

    items: list[int]
    intercept: float
    opened: Floats
    yes: Floats
    loss: float


@dataclass(frozen=True)
class Points:
    """A card: items, whole points for yes and for open, and the log loss of the best line through its totals."""

    items: tuple[int, ...]
    yes: tuple[int, ...]
    opened: tuple[int, ...]
    loss: float = field(compare=False, default=float("nan"))


def fit_nonnegative(z: Floats, y: NDArray[np.bool_], weight: Floats, ridge: float, start: Floats | None = None) -> tuple[Floats, float]:
    """Coefficients (intercept first, the others 0 or more) with the least mean weighted log loss, and that loss.

    z : (columns, n), so that a column is contiguous
    """
    k = len(z)
    total = weight.sum()
    w = weight / total
    target = y.astype(float)
    if start is None:
        share = float((w * target).sum())
        start = np.concatenate([[np.log(share / (1 - share))], np.full(k, 0.1)])

    def loss(beta: Floats) -> tuple[float, Floats]:
        eta = beta[1:] @ z
        eta += beta[0]
        p = _sigmoid(eta)
        value = float(w @ (np.logaddexp(0, eta) - target * eta)) + 0.5 * ridge * float(beta[1:] @ beta[1:])
        residual = w * (p - target)
        return value, np.concatenate([[residual.sum()], z @ residual + ridge * beta[1:]])

    limits = [(None, None)] + [(0.0, None)] * k
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 200, "ftol": 1e-9, "gtol": 1e-6})
    return found.x, float(found.fun)


def _sigmoid(x: Floats) -> Floats:
    result: Floats = 0.5 * (1 + np.tanh(0.5 * x))
    return result


def search(problem: Problem) -> tuple[Support, Callable[[int], list[Support]]]:
    """The best choice of items that is found, and a way to get the next best: those a single swap away.

    Raises
    ------
    ValueError : more items are forced onto the card than it may have
    """
    if len(problem.forced) > problem.max_items:
        raise ValueError(f"bounds put {len(problem.forced)} items on the card, which has room for {problem.max_items}")
    everything = Columns(problem, problem.allowed)
    beta, _ = fit_nonnegative(everything.z, problem.y, problem.weight, problem.ridge)
    model = _Quadratic(problem, everything, beta)
    chosen = _refit(problem, everything, strike_out(problem, everything, model, beta))
    for _ in range(ROUNDS):
        better = next((s for s in _neighbours(problem, everything, chosen, TRIED) if s.loss < chosen.loss - 1e-7), None)
        if better is None:
            break
        chosen = better
    return chosen, lambda count: sorted(_neighbours(problem, everything, chosen, count), key=lambda s: s.loss)


class _Quadratic:
    """The loss near some coefficients: gradient and curvature over all columns, the intercept first."""

    def __init__(self, problem: Problem, columns: Columns, beta: Floats) -> None:
        z, w = columns.z, problem.weight / problem.weight.sum()
        eta = beta[1:] @ z + beta[0]
        p = _sigmoid(eta)
        residual, curve = w * (p - problem.y), w * p * (1 - p)
        self.gradient = np.concatenate([[residual.sum()], z @ residual + problem.ridge * beta[1:]])
        self.hessian = np.empty((len(z) + 1, len(z) + 1))
        weighted = z * curve
        self.hessian[1:, 1:] = weighted @ z.T
        self.hessian[0, 1:] = self.hessian[1:, 0] = weighted.sum(axis=1)
        self.hessian[0, 0] = curve.sum()
        self.hessian[np.diag_indices(len(z) + 1)] += np.concatenate([[1e-12], np.full(len(z), problem.ridge)])


def strike_out(problem: Problem, columns: Columns, model: _Quadratic, beta: Floats) -> list[int]:
    """Positions in `columns.items` of those that are left when one after the other is struck out, the cheapest first.

    What striking out costs is told by the curvature alone, the others moving to make up for it.
    """
    forced = {columns.items.index(i) for i in problem.forced}
    beta = beta.copy()
    left = [n for n in range(len(columns.items)) if n in forced or beta[[c + 1 for c in columns.of_item[n]]].sum() > 0]
    while len(left) > problem.max_items:
        kept = [0] + [c + 1 for n in left for c in columns.of_item[n]]
        inverse = np.linalg.inv(model.hessian[np.ix_(kept, kept)])
        at, costs = 1, []
        for n in left:
            mine = slice(at, at + len(columns.of_item[n]))
            b = beta[[c + 1 for c in columns.of_item[n]]]
            costs.append((np.inf if n in forced else float(b @ np.linalg.solve(inverse[mine, mine], b)), n, mine))
            at = mine.stop
        _, n, mine = min(costs, key=lambda c: c[0])
        step = inverse[:, mine] @ np.linalg.solve(inverse[mine, mine], beta[[c + 1 for c in columns.of_item[n]]])
        beta[kept] -= step
        np.maximum(beta[1:], 0, out=beta[1:])
        beta[[c + 1 for c in columns.of_item[n]]] = 0
        left.remove(n)
    return left


def _refit(problem: Problem, columns: Columns, chosen: Sequence[int], start: Floats | None = None) -> Support:
    """The best real coefficients for a choice of items, given as positions in `columns.items`."""
    chosen = sorted(chosen)
    mine = [c for n in chosen for c in columns.of_item[n]]
    beta, loss = fit_nonnegative(columns.z[mine], problem.y, problem.weight, problem.ridge, start)
    full = np.zeros(len(columns.z))
    full[mine] = beta[1:]
    opened, yes = columns.split(full)
    return Support([columns.items[n] for n in chosen], float(beta[0]), opened[chosen], yes[chosen], loss)


def _neighbours(problem: Problem, columns: Columns, chosen: Support, count: int) -> list[Support]:
    """The `count` most promising swaps by the quadratic model, each refitted on the data."""
    where = [columns.items.index(i) for i in chosen.items]
    beta = np.zeros(len(columns.z) + 1)
    beta[0] = chosen.intercept
    for n, opened, yes in zip(where, chosen.opened, chosen.yes, strict=True):
        cells = columns.of_item[n]
        beta[cells[0] + 1] = yes - opened
        if len(cells) == 2:
            beta[cells[1] + 1] = opened
    model = _Quadratic(problem, columns, beta)
    outside = [n for n in range(len(columns.items)) if n not in where]
    out = [None] if len(where) < problem.max_items else [n for n in where if columns.items[n] not in problem.forced]
    ranked: list[tuple[float, int | None, int]] = []
    for gone in out:
        kept = [0] + [c + 1 for n in where if n != gone for c in columns.of_item[n]]
        h = model.hessian[np.ix_(kept, kept)]
        shift = np.zeros(len(beta))
        if gone is not None:
            cells = [c + 1 for c in columns.of_item[gone]]
            shift[cells] = -beta[cells]
        g = model.gradient + model.hessian @ shift
        solved = np.linalg.solve(h, np.concatenate([g[kept, None], model.hessian[kept]], axis=1))
        step = -solved[:, 0]
        value = float(model.gradient @ shift + 0.5 * shift @ model.hessian @ shift + 0.5 * g[kept] @ step)
        slope = g + model.hessian[:, kept] @ step  # what the outside columns feel once the others have moved
        for n in outside:
            cells = [c + 1 for c in columns.of_item[n]]
            left = model.hessian[np.ix_(cells, cells)] - model.hessian[np.ix_(cells, kept)] @ solved[:, [c + 1 for c in cells]]
            ranked.append((value - _gain(slope[cells], left), gone, n))
    ranked.sort(key=lambda r: r[0])
    found = []
    for _, gone, n in ranked[:count]:
        found.append(_refit(problem, columns, [m for m in where if m != gone] + [n]))
    return found


def _gain(slope: Floats, curve: Floats) -> float:
    """How much a new item lowers the quadratic model, its coefficients 0 or more."""
    alone = [float(s * s / (2 * c)) for s, c in zip(slope, curve.diagonal(), strict=True) if s < 0 and c > 0]
    if len(slope) == 2:
        both = -np.linalg.solve(curve + 1e-12 * np.eye(2), slope)
        if (both > 0).all():
            alone.append(float(-0.5 * slope @ both))
    return max(alone, default=0.0)


# -- whole points ------------------------------------------------------------------------------------------------


def totals(states: States, points: Points, caps: Sequence[tuple[frozenset[int], int]] = ()) -> NDArray[np.int32]:
    """The total of every row: int32 (n,). `states` has all items, `points.items` says which count."""
    tables = np.array([(0, o, y) for o, y in zip(points.opened, points.yes, strict=True)], dtype=np.int32).reshape(-1, 3)
    n = states.shape[1]
    result = np.zeros(n, dtype=np.int32)
    capped: set[int] = set()
    for items, most in caps:
        part = np.zeros(n, dtype=np.int32)
        for item, table in zip(points.items, tables, strict=True):
            if item in items:
                part += table[states[item]]
                capped.add(item)
        result += np.minimum(part, most)
    for item, table in zip(points.items, tables, strict=True):
        if item not in capped:
            result += table[states[item]]
    return result


def histogram_loss(total: NDArray[np.int32], y: NDArray[np.bool_], weight: Floats) -> float:
    """Mean weighted log loss of the best logistic curve over whole totals."""
    size = int(total.max()) + 1
    all_ = np.bincount(total, weights=weight, minlength=size)
    positive = np.bincount(total[y], weights=weight[y], minlength=size)
    return line_loss(all_, positive)[0]


def line_loss(all_: Floats, positive: Floats) -> tuple[float, Floats, Floats]:
    """Loss, coefficients (intercept, slope 0 or more) and their information matrix, from weights by total."""
    x = np.flatnonzero(all_ > 0)
    n, k = all_[x], positive[x]
    whole = n.sum()
    scale = max(float(x[-1]), 1.0)
    t = x / scale
    share = min(max(float(k.sum() / whole), 1e-9), 1 - 1e-9)
    a, b = np.log(share / (1 - share)), 0.0
    best = None
    for _ in range(30):
        eta = np.clip(a + b * t, -35, 35)
        p = 1 / (1 + np.exp(-eta))
        v = n * p * (1 - p)
        residual = k - n * p
        g0, g1 = residual.sum(), (residual * t).sum() - 1e-3 * b
        h00, h01, h11 = v.sum() + 1e-12, (v * t).sum(), (v * t * t).sum() + 1e-3
        determinant = h00 * h11 - h01 * h01
        da, db = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        largest = max(abs(da), abs(db))
        if largest > 4:
            da, db = da * 4 / largest, db * 4 / largest
        a, b = a + da, b + db
        if largest < 1e-7:
            break
    b = max(b, 0.0)
    eta = a + b * t
    best = float((n * np.logaddexp(0, eta) - k * eta).sum() / whole)
    return best, np.array([a, b / scale]), np.array([[h00, h01 * scale], [h01 * scale, h11 * scale * scale]])


class _Board:
    """A card being tried: its totals, and what they would be with one item's points changed."""

    def __init__(self, problem: Problem, items: Sequence[int], yes: Sequence[int], opened: Sequence[int]) -> None:
        self.problem, self.items = problem, list(items)
        self.yes, self.opened = list(yes), list(opened)
        self.total = totals(problem.states, self.points(), problem.caps)

    def points(self) -> Points:
        return Points(tuple(self.items), tuple(self.yes), tuple(self.opened))

    def with_(self, n: int, yes: int, opened: int) -> NDArray[np.int32]:
        """The totals if item n had these points."""
        if self.problem.caps:
            old = self.yes[n], self.opened[n]
            self.yes[n], self.opened[n] = yes, opened
            result = totals(self.problem.states, self.points(), self.problem.caps)
            self.yes[n], self.opened[n] = old
            return result
        change = np.array([0, opened - self.opened[n], yes - self.yes[n]], dtype=np.int32)
        changed: NDArray[np.int32] = self.total + change[self.problem.states[self.items[n]]]
        return changed

    def set(self, n: int, yes: int, opened: int, total: NDArray[np.int32]) -> None:
        self.yes[n], self.opened[n], self.total = yes, opened, total


Judge = Callable[[NDArray[np.int32]], float]  # of totals; less is better


def whole_points(problem: Problem, support: Support, least_open: int, judge: Judge | None = None, scales: int = 3) -> Points:
    """Whole points near a support's real coefficients.

    Every scale is tried at which the largest item gets a whole number of points; from the `scales` best, points move up and
    down by one as long as that lowers what `judge` says (the log loss where it is None).

    least_open : the fewest points an open answer of an item on the card has; it never has more than a yes
    """
    weight, y = problem.weight, problem.y
    if judge is None:
        def judge(total: NDArray[np.int32]) -> float:
            return histogram_loss(total, y, weight)
    bounds = problem.bounds[support.items]
    largest = float(support.yes.max(initial=0.0))
    starts: list[tuple[float, _Board]] = []
    for top in range(1, int(bounds[:, 1].max(initial=1)) + 1):
        scale = top / largest if largest > 0 else 0.0
        yes = np.clip(np.rint(scale * support.yes).astype(int), np.maximum(bounds[:, 0], 0), bounds[:, 1])
        opened = np.clip(np.rint(scale * support.opened).astype(int), np.minimum(least_open, yes), yes)
        board = _Board(problem, support.items, yes.tolist(), opened.tolist())
        starts.append((judge(board.total), board))
    starts.sort(key=lambda s: s[0])
    finished = [_descend(board, value, bounds, least_open, judge) for value, board in starts[:scales]]
    value, board = min(finished, key=lambda f: f[0])
    kept = [n for n in range(len(board.items)) if board.yes[n] > 0]
    return Points(tuple(board.items[n] for n in kept), tuple(board.yes[n] for n in kept), tuple(board.opened[n] for n in kept),
                  histogram_loss(board.total, y, weight))


def _descend(board: _Board, value: float, bounds: NDArray[np.int64], least_open: int, judge: Judge) -> tuple[float, _Board]:
    """One point up or down at a time, item by item, until nothing is better."""
    improved = True
    while improved:
        improved = False
        for n in range(len(board.items)):
            for yes, opened in _moves(board.yes[n], board.opened[n], bounds[n], least_open):
                total = board.with_(n, yes, opened)
                found = judge(total)
                if found < value - 1e-9:
                    board.set(n, yes, opened, total)
                    value, improved = found, True
                    break
    return value, board


def _moves(yes: int, opened: int, bound: NDArray[np.int64], least_open: int) -> list[tuple[int, int]]:
    low, high = int(bound[0]), int(bound[1])
    near: Mapping[tuple[int, int], Any] = {
        (y, min(max(o, min(least_open, y)), y)): None
        for y, o in ((yes + 1, opened), (yes - 1, opened), (yes, opened + 1), (yes, opened - 1), (yes + 1, opened + 1), (yes - 1, opened - 1))
        if low <= y <= high
    }
    return [m for m in near if m != (yes, opened)]
