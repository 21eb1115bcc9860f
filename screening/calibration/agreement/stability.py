"""From one round to the next: who moved, which way, and whether another round would help.

A sign is stable where less than 15 % of the ratings moved from one step to another as a whole
(Scheibe, Skutsch and Schofer 1975). Stable without consensus means: talk, do not ask again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from screening.calibration.agreement.draws import drawn, interval, whole
from screening.calibration.agreement.kappa import light
from screening.calibration.agreement.spread import Spread, spread_of
from screening.calibration.ratings import Ratings
from screening.checklist.schema import CASE_PROFILES
from screening.errors import RatingError

__all__ = ["STABLE", "Moved", "Stability", "stability"]

STABLE = 0.15


@dataclass(frozen=True)
class Moved:
    """One sign for one profile, among those who rated it in both rounds.

    changed : share whose rating is another; towards : of these, the share that came nearer to the
        earlier median; shift : half the sum by which the steps' shares differ
    """

    before: Spread
    after: Spread
    changed: float
    towards: float
    shift: float

    @property
    def stable(self) -> bool:
        return self.shift < STABLE


@dataclass(frozen=True)
class Stability:
    """Two rounds beside each other.

    kappa : how far people agree with themselves, weighted kappa over all signs, by rater
    """

    rounds: tuple[int, int]
    raters: int
    signs: Mapping[str, Mapping[str, Moved]]
    kappa: Mapping[str, tuple[float, float, float]]

    @property
    def talk(self) -> tuple[tuple[str, str], ...]:
        """Signs and profiles that are stable without consensus."""
        return tuple(
            (i, p)
            for i, by in self.signs.items()
            for p, m in by.items()
            if m.stable and not m.after.consensus
        )


def stability(first: Ratings, second: Ratings, draws: int = 500, seed: int = 1) -> Stability:
    """What moved between two rounds, among those who took part in both.

    Raises
    ------
    RatingError : R507 nobody took part in both
    """
    both = [r for r in second.raters if r in first.raters]
    if not both:
        raise RatingError("R507.nobody_in_both_rounds")
    one, two = (
        x.of([x.raters.index(r) for r in both]).strength.astype(np.int8) for x in (first, second)
    )
    known = (one >= 0) & (two >= 0)
    one, two = np.where(known, one, -1).astype(np.int8), np.where(known, two, -1).astype(np.int8)
    signs: dict[str, dict[str, Moved]] = {}
    for n, name in enumerate(second.indicators):
        for k, p in enumerate(CASE_PROFILES):
            if known[:, n, k].any():
                signs.setdefault(name, {})[p] = _moved(one[:, n, k], two[:, n, k])
    kappa = {}
    for r, rater in enumerate(both):
        pair = np.stack([one[r].ravel(), two[r].ravel()])
        pair = pair[:, pair[0] >= 0]
        value = float(light(pair, whole(pair))[0]) if pair.shape[1] else math.nan
        times = drawn(1, pair.shape[1], draws, seed)
        # The two rounds are no sample of rounds: only signs are drawn.
        times = type(times)(np.ones((draws, 2)), times.units)
        kappa[rater] = (value, *interval(value, pair, light, times))
    return Stability((first.round, second.round), len(both), signs, kappa)


def _moved(one: np.ndarray, two: np.ndarray) -> Moved:
    kept = one >= 0
    before, after = spread_of(one), spread_of(two)
    a, b = one[kept].astype(float), two[kept].astype(float)
    moved = a != b
    nearer = np.abs(b - before.median) < np.abs(a - before.median)
    shift = (
        sum(
            abs(x / before.n - y / after.n)
            for x, y in zip(before.counts, after.counts, strict=True)
        )
        / 2
    )
    return Moved(
        before,
        after,
        float(moved.mean()),
        float(nearer[moved].mean()) if moved.any() else math.nan,
        shift,
    )
