"""A card's points, the totals they give, and what totals tell: loss, recall, rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "NO_STATE",
    "OPEN_STATE",
    "YES_STATE",
    "Floats",
    "Points",
    "States",
    "auc_of",
    "histogram_loss",
    "line_loss",
    "recall_at",
    "states_of",
    "totals",
]

NO_STATE, OPEN_STATE, YES_STATE = 0, 1, 2

Floats = NDArray[np.float64]
States = NDArray[np.uint8]


@dataclass(frozen=True)
class Points:
    """A card: items, whole points for yes and for open, and the log loss of the best line through
    its totals.
    """

    items: tuple[int, ...]
    yes: tuple[int, ...]
    opened: tuple[int, ...]
    loss: float = field(compare=False, default=float("nan"))


def totals(
    states: States, points: Points, caps: Sequence[tuple[frozenset[int], int]] = ()
) -> NDArray[np.int32]:
    """The total of every row: int32 (n,).

    `states` has all items, `points.items` says which count.
    """
    tables = np.array(
        [(0, o, y) for o, y in zip(points.opened, points.yes, strict=True)], dtype=np.int32
    ).reshape(-1, 3)
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
    all_ = np.bincount(total, weights=weight, minlength=size).astype(np.float64)
    positive = np.bincount(total[y], weights=weight[y], minlength=size).astype(np.float64)
    return line_loss(all_, positive)[0]


def line_loss(all_: Floats, positive: Floats) -> tuple[float, Floats, Floats]:
    """Loss, coefficients (intercept, slope 0 or more) and their information matrix, from weights by
    total.
    """
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
    return (
        best,
        np.array([a, b / scale]),
        np.array([[h00, h01 * scale], [h01 * scale, h11 * scale * scale]]),
    )


def states_of(x: NDArray[Any]) -> NDArray[np.uint8]:
    """Values as states, items first: uint8 (features, n).

    1 or more is yes, 0 or less is no, anything between is open.
    """
    states = np.full((x.shape[1], x.shape[0]), OPEN_STATE, dtype=np.uint8)
    columns = np.ascontiguousarray(x.T)
    states[columns >= 1] = YES_STATE
    states[columns <= 0] = NO_STATE
    return states


def recall_at(
    total: NDArray[np.int32],
    y: NDArray[np.bool_],
    weight: NDArray[np.float64],
    specificity: float,
    of: NDArray[np.bool_] | None = None,
) -> float:
    """Recall at exactly this specificity, between the two nearest lines; of those positives that
    `of` marks.
    """
    size = int(total.max()) + 2
    negative = np.bincount(total[~y], weights=weight[~y], minlength=size)
    chosen = y if of is None else y & of
    positive = np.bincount(total[chosen], weights=weight[chosen], minlength=size)
    false = np.cumsum(negative[::-1])[::-1] / max(
        negative.sum(), 1e-300
    )  # share of negatives at or above each total
    true = np.cumsum(positive[::-1])[::-1] / max(positive.sum(), 1e-300)
    return float(np.interp(1 - specificity, false[::-1], true[::-1]))


def auc_of(total: NDArray[np.int32], y: NDArray[np.bool_], weight: NDArray[np.float64]) -> float:
    """Area under the ROC curve of whole totals; ties count half."""
    size = int(total.max()) + 1
    negative = np.bincount(total[~y], weights=weight[~y], minlength=size)
    positive = np.bincount(total[y], weights=weight[y], minlength=size)
    below = np.cumsum(negative) - negative / 2
    return float((positive @ below) / (positive.sum() * negative.sum()))
