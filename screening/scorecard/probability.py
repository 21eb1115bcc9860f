"""From a card's totals to a probability with an interval: a table, one row for each total a card
can give.

The table is all there is: nothing is computed when a case is scored, so a reloaded card says the
same to the last bit. Probabilities never fall as the total rises, and are never 0 or 1. Beyond the
totals that enough rows reached nothing is claimed: there the last supported probability stands, and
its interval reaches up as far as anything could.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.proportion import Z, share
from screening.scorecard.totals import line_loss

__all__ = ["METHODS", "Calibration", "calibrate"]

METHODS = ("isotonic", "logistic")
SUPPORT = 50  # rows that a total, or the totals at and above it, must rest on


@dataclass(frozen=True)
class Calibration:
    """By total, from 0 up: probability and the ends of its 95 % interval, and the weight of the
    rows it rests on.
    """

    method: str
    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    rows: tuple[float, ...]


def calibrate(
    total: NDArray[np.int32],
    y: NDArray[np.bool_],
    weight: NDArray[np.float64],
    most: int,
    method: str,
) -> Calibration:
    """Fit a table to totals from 0 to `most`.

    isotonic : pooled neighbours; interval by Wilson on the pooled rows
    logistic : one straight line on the log odds; the interval holds the line's own uncertainty and
        what was observed near each total,
        for a straight line may be wrong
    """
    all_ = np.bincount(total, weights=weight, minlength=most + 1).astype(np.float64)
    positive = np.bincount(total[y], weights=weight[y], minlength=most + 1).astype(np.float64)
    value, low, high = (_isotonic if method == "isotonic" else _logistic)(all_, positive)
    reached = np.cumsum(all_[::-1])[::-1] >= min(SUPPORT, all_.sum())
    top = int(np.flatnonzero(reached)[-1])
    value[top:], low[top:], high[top:] = value[top], low[top], 1.0
    least, greatest = 0.5 / (all_.sum() + 1), 1 - 0.5 / (all_.sum() + 1)
    value, low, high = (
        np.maximum.accumulate(np.clip(a, least, greatest)) for a in (value, low, high)
    )
    return Calibration(method, *(tuple(float(x) for x in a) for a in (value, low, high, all_)))


def _logistic(
    all_: NDArray[np.float64], positive: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    _, (a, b), information = line_loss(all_, positive)
    x = np.arange(len(all_))
    design = np.stack([np.ones(len(x)), x])
    spread = np.sqrt(np.einsum("ix,ij,jx->x", design, np.linalg.inv(information), design))
    eta = a + b * x
    low, value, high = (
        1 / (1 + np.exp(-np.clip(e, -35, 35))) for e in (eta - Z * spread, eta, eta + Z * spread)
    )
    for total in range(len(all_)):
        near_low, near_high = _observed_near(total, all_, positive)
        low[total], high[total] = (
            min(low[total], near_low, value[total]),
            max(high[total], near_high, value[total]),
        )
    return value, np.minimum.accumulate(low[::-1])[::-1], np.maximum.accumulate(high)


def _observed_near(
    total: int, all_: NDArray[np.float64], positive: NDArray[np.float64]
) -> tuple[float, float]:
    """The 95 % interval of the share observed at a total and as many neighbours on both sides as
    `SUPPORT` rows need; no more than 2.
    """
    for reach in range(3):
        near = slice(max(total - reach, 0), total + reach + 1)
        if all_[near].sum() >= SUPPORT:
            seen = share(float(positive[near].sum()), float(all_[near].sum()))
            return seen.low, seen.high
    return 1.0, 0.0  # nothing to add


def _isotonic(
    all_: NDArray[np.float64], positive: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Totals pooled until their shares rise; an interval by what each pool rests on.

    A total nobody had takes the pool below it (the lowest that somebody had, where none is below).
    """
    from sklearn.isotonic import isotonic_regression

    had = np.flatnonzero(all_ > 0)
    rising = isotonic_regression(positive[had] / all_[had], sample_weight=all_[had])
    pools = np.concatenate([[0], np.flatnonzero(np.diff(rising) > 1e-12) + 1])
    n, k = np.add.reduceat(all_[had], pools), np.add.reduceat(positive[had], pools)
    seen = [share(hits, of) for hits, of in zip(k.tolist(), n.tolist(), strict=True)]
    of = np.maximum(np.searchsorted(had[pools], np.arange(len(all_)), "right") - 1, 0)
    low, high = (np.array([getattr(s, end) for s in seen]) for end in ("low", "high"))
    return ((k + 0.5) / (n + 1))[of], low[of], high[of]
