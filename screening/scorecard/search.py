"""Finding a short card: which items, and how many whole points each.

An item's answer has three states: no, open, yes. Open gives `open` points and yes gives `yes`, with
0 <= open <= yes, so that every card is monotone by construction. Written with two 0/1 columns an
item (at least open; yes), that is a logistic model with non-negative coefficients. The search goes
in four steps:

1. fit all items at once (`fit_nonnegative`);
2. strike items out one by one, by what a quadratic model of the loss says they cost (`strike_out`);
3. swap items, again by the quadratic model, and keep a swap that lowers the true loss (`swap`);
4. look for whole points near the real ones (module `points`).

Nothing here draws a random number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.optimize import minimize

from screening.scorecard.totals import OPEN_STATE, YES_STATE, Floats, States

__all__ = ["Columns", "Problem", "Support", "fit_nonnegative", "search"]

ROUNDS = 12  # swaps at most
TRIED = 4  # swaps that the quadratic model likes best, tried on the data in each round


@dataclass(frozen=True)
class Problem:
    """Answers and what they are to tell.

    states : uint8 (items, n), NO_STATE, OPEN_STATE or YES_STATE
    y : bool (n,); weight : float (n,), above 0
    bounds : by item, the least and the most points a yes may have; a least above 0 puts the item on
        the card
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
        self.of_item = [
            [c for c, o in enumerate(self.owner) if o == n] for n in range(len(self.items))
        ]

    def split(self, beta: Floats) -> tuple[Floats, Floats]:
        """Points for open and for yes of each item, as real numbers."""
        opened, yes = np.zeros(len(self.items)), np.zeros(len(self.items))
        for n, columns in enumerate(self.of_item):
            yes[n] = beta[columns].sum()
            opened[n] = beta[columns[1]] if len(columns) == 2 else 0.0
        return opened, yes


@dataclass
class Support:
    """A choice of items with their best real coefficients.

    `loss` is the mean weighted log loss with the penalty.
    """

    items: list[int]
    intercept: float
    opened: Floats
    yes: Floats
    loss: float


def fit_nonnegative(
    z: Floats, y: NDArray[np.bool_], weight: Floats, ridge: float, start: Floats | None = None
) -> tuple[Floats, float]:
    """Coefficients (intercept first, the others 0 or more) with the least mean weighted log loss,
    and that loss.

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
        value = float(w @ (np.logaddexp(0, eta) - target * eta)) + 0.5 * ridge * float(
            beta[1:] @ beta[1:]
        )
        residual = w * (p - target)
        return value, np.concatenate([[residual.sum()], z @ residual + ridge * beta[1:]])

    limits = [(None, None)] + [(0.0, None)] * k
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"maxiter": 200, "ftol": 1e-9, "gtol": 1e-6},
    )
    return found.x, float(found.fun)


def _sigmoid(x: Floats) -> Floats:
    result: Floats = 0.5 * (1 + np.tanh(0.5 * x))
    return result


def search(
    problem: Problem, n_jobs: int | None = None
) -> tuple[Support, Callable[[int], list[Support]]]:
    """The best choice of items that is found, and a way to get the next best: those a single swap
    away.

    n_jobs : threads that refit; numpy works without the interpreter's lock

    Raises
    ------
    ValueError : more items are forced onto the card than it may have
    """
    if len(problem.forced) > problem.max_items:
        raise ValueError(
            f"bounds put {len(problem.forced)} items on the card, which has room for"
            f" {problem.max_items}"
        )
    everything = Columns(problem, problem.allowed)
    beta, _ = fit_nonnegative(everything.z, problem.y, problem.weight, problem.ridge)
    model = _Quadratic(problem, everything, beta)
    chosen = _refit(problem, everything, strike_out(problem, everything, model, beta))
    for _ in range(ROUNDS):
        better = next(
            (
                s
                for s in _neighbours(problem, everything, chosen, TRIED, n_jobs)
                if s.loss < chosen.loss - 1e-7
            ),
            None,
        )
        if better is None:
            break
        chosen = better
    return chosen, lambda count: sorted(
        _neighbours(problem, everything, chosen, count, n_jobs), key=lambda s: s.loss
    )


class _Quadratic:
    """The loss near some coefficients: gradient and curvature over all columns, the intercept
    first.
    """

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
        self.hessian[np.diag_indices(len(z) + 1)] += np.concatenate(
            [[1e-12], np.full(len(z), problem.ridge)]
        )


def strike_out(problem: Problem, columns: Columns, model: _Quadratic, beta: Floats) -> list[int]:
    """Positions in `columns.items` of those that are left when one after the other is struck out,
    the cheapest first.

    What striking out costs is told by the curvature alone, the others moving to make up for it.
    """
    forced = {columns.items.index(i) for i in problem.forced}
    beta = beta.copy()
    left = [
        n
        for n in range(len(columns.items))
        if n in forced or beta[[c + 1 for c in columns.of_item[n]]].sum() > 0
    ]
    while len(left) > problem.max_items:
        kept = [0] + [c + 1 for n in left for c in columns.of_item[n]]
        inverse = np.linalg.inv(model.hessian[np.ix_(kept, kept)])
        at, costs = 1, []
        for n in left:
            mine = slice(at, at + len(columns.of_item[n]))
            b = beta[[c + 1 for c in columns.of_item[n]]]
            costs.append(
                (
                    np.inf if n in forced else float(b @ np.linalg.solve(inverse[mine, mine], b)),
                    n,
                    mine,
                )
            )
            at = mine.stop
        _, n, mine = min(costs, key=lambda c: c[0])
        step = inverse[:, mine] @ np.linalg.solve(
            inverse[mine, mine], beta[[c + 1 for c in columns.of_item[n]]]
        )
        beta[kept] -= step
        np.maximum(beta[1:], 0, out=beta[1:])
        beta[[c + 1 for c in columns.of_item[n]]] = 0
        left.remove(n)
    return left


def _refit(
    problem: Problem, columns: Columns, chosen: Sequence[int], near: Floats | None = None
) -> Support:
    """The best real coefficients for a choice of items, given as positions in `columns.items`;
    `near` are some to start from, intercept first.
    """
    chosen = sorted(chosen)
    mine = [c for n in chosen for c in columns.of_item[n]]
    start = None if near is None else np.concatenate([near[:1], near[[c + 1 for c in mine]]])
    beta, loss = fit_nonnegative(columns.z[mine], problem.y, problem.weight, problem.ridge, start)
    full = np.zeros(len(columns.z))
    full[mine] = beta[1:]
    opened, yes = columns.split(full)
    return Support(
        [columns.items[n] for n in chosen], float(beta[0]), opened[chosen], yes[chosen], loss
    )


def _neighbours(
    problem: Problem, columns: Columns, chosen: Support, count: int, n_jobs: int | None
) -> list[Support]:
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
    out = (
        [None]
        if len(where) < problem.max_items
        else [n for n in where if columns.items[n] not in problem.forced]
    )
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
        value = float(
            model.gradient @ shift + 0.5 * shift @ model.hessian @ shift + 0.5 * g[kept] @ step
        )
        slope = (
            g + model.hessian[:, kept] @ step
        )  # what the outside columns feel once the others have moved
        for n in outside:
            cells = [c + 1 for c in columns.of_item[n]]
            left = (
                model.hessian[np.ix_(cells, cells)]
                - model.hessian[np.ix_(cells, kept)] @ solved[:, [c + 1 for c in cells]]
            )
            ranked.append((value - _gain(slope[cells], left), gone, n))
    ranked.sort(key=lambda r: r[0])
    found: list[Support] = Parallel(n_jobs, prefer="threads")(
        delayed(_refit)(problem, columns, [m for m in where if m != gone] + [n], beta)
        for _, gone, n in ranked[:count]
    )
    return found


def _gain(slope: Floats, curve: Floats) -> float:
    """How much a new item lowers the quadratic model, its coefficients 0 or more."""
    alone = [
        float(s * s / (2 * c))
        for s, c in zip(slope, curve.diagonal(), strict=True)
        if s < 0 and c > 0
    ]
    if len(slope) == 2:
        both = -np.linalg.solve(curve + 1e-12 * np.eye(2), slope)
        if (both > 0).all():
            alone.append(float(-0.5 * slope @ both))
    return max(alone, default=0.0)
