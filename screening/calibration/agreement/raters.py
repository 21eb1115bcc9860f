"""Each rater against the others: their level, how alike they rank, and what they leave unread.

Honest raters differ: some see everything a little stronger. So a rater is named only where three
things hold: they lie far off (a bound for each comparison), surely so for these signs (an interval
that draws signs, widened for all that is compared), and further off than raters like the others
would (a prediction interval from the others' own spread). Who rated in straight lines is named for
that, and left out of "the others".
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from screening.calibration.agreement.alpha import alpha
from screening.calibration.agreement.draws import Codes, Floats, drawn, quantile_t, whole
from screening.calibration.agreement.kappa import weighted_kappa, weights_of
from screening.calibration.agreement.result import OfRater
from screening.calibration.agreement.straight import straight, straight_lines
from screening.calibration.ratings import ANSWERS, SCALE, Ratings
from screening.checklist.schema import FINDINGS

__all__ = ["LEAST_UNITS", "raters_apart"]

LEAST_UNITS = 8  # vignettes or signs below which nothing is said about a sign's text or a rater
LEAST_OTHERS = 3  # raters whose own spread says how far one may differ
# Of all codings: how far off the others' share of recorded signs a rater must be to be named
FAR_YES = 0.02
FAR = 0.25  # steps of the scale by which a rater's level must lie off the others' to be named
FAR_FINDING = 0.4  # steps of the findings, likewise
# Of the correlation with the others: how far below the raters' usual one a rater must be to be
# named
APART = 0.2


def raters_apart(ratings: Ratings, key: Codes, draws: int, seed: int) -> Iterator[OfRater]:
    """Every rater, in the order of the ratings. key : the vignettes' findings, -1 where none."""
    raters = len(ratings.raters)
    level = 1 - 0.05 / (5 * raters)  # many raters are compared in five ways
    strength, finding = (
        np.where(codes >= 0, codes, np.nan).astype(float).reshape(raters, -1)
        for codes in (ratings.strength, ratings.finding)
    )
    yes = (
        np.where(ratings.codes >= 0, ratings.codes == ANSWERS.index("yes"), np.nan)
        .astype(float)
        .mean(axis=2)
    )
    lines = [np.array(straight_lines(values), dtype=bool) for values in (strength, finding)]
    levels = [
        _Level(values, aside, far, words, (draws, seed, level))
        for values, aside, far, words in (
            (strength, lines[0], FAR, ("rates_stronger", "rates_weaker")),
            (yes, lines[1], FAR_YES, ("records_more", "records_fewer")),
            (finding, lines[1], FAR_FINDING, ("finds_more", "finds_less")),
        )
    ]
    orders = [
        _Order(values, aside, word, (draws, seed, level))
        for values, aside, word in (
            (strength, lines[0], "ranks_signs_apart"),
            (finding, lines[1], "ranks_stories_apart"),
        )
    ]
    without = [
        _without(codes, categories)
        for codes, categories in (
            (ratings.strength.reshape(raters, -1), len(SCALE)),
            (ratings.finding, len(FINDINGS)),
        )
    ]
    for n, rater in enumerate(ratings.raters):
        straight_words = [
            word
            for aside, word in zip(lines, ("straight_lined", "straight_lined_stories"), strict=True)
            if aside[n]
        ]
        differs = [
            *(w for one in levels for w in one.differs(n)),
            *(w for one in orders for w in one.differs(n)),
            *straight_words,
        ]
        yield OfRater(
            rater,
            *levels[0].off[n],
            *levels[1].off[n],
            *levels[2].off[n],
            orders[0].rest[n][0],
            orders[1].rest[n][0],
            _kappa(ratings.finding[n], key),
            without[0][n],
            without[1][n],
            straight(strength[n]),
            straight(finding[n]),
            levels[0].units[n],
            levels[1].units[n],
            tuple(differs),
        )


class _Level:
    """How far each rater lies above or below the mean of the others."""

    def __init__(
        self,
        values: Floats,
        aside: NDArray[np.bool_],
        far: float,
        words: tuple[str, str],
        how: tuple[int, int, float],
    ) -> None:
        self.far, self.words, self.aside = far, words, aside
        self.units = [int(np.isfinite(v).sum()) for v in values]
        self.off = [_off(values, n, aside, how) for n in range(len(values))]

    def differs(self, n: int) -> Iterator[str]:
        value, low, high = self.off[n]
        if (
            self.units[n] >= LEAST_UNITS
            and abs(value) > self.far
            and (low > 0 or high < 0)
            and _outside(value, [o[0] for o in self.off], n, self.aside)
        ):
            yield self.words[0] if value > 0 else self.words[1]


class _Order:
    """How far each rater's order is that of the others, whatever their level."""

    def __init__(
        self,
        values: Floats,
        aside: NDArray[np.bool_],
        word: str,
        how: tuple[int, int, float],
    ) -> None:
        self.word, self.aside = word, aside
        self.rest = [_rest(values, n, aside, how) for n in range(len(values))]
        kept = [v for v, _, units in self.rest if units >= LEAST_UNITS and np.isfinite(v)]
        self.usual = float(np.median(kept)) if kept else math.nan

    def differs(self, n: int) -> Iterator[str]:
        value, high, units = self.rest[n]
        if (
            units >= LEAST_UNITS
            and value < self.usual - APART
            and high < self.usual
            and _outside(value, [r[0] for r in self.rest], n, self.aside)
        ):
            yield self.word


def _others(n: int, aside: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Whom a rater is compared with: all others who read what they rated, or all others where
    hardly anybody did.
    """
    honest = np.flatnonzero(~aside)
    honest = honest[honest != n]
    return honest if len(honest) else np.delete(np.arange(len(aside)), n)


def _outside(value: float, every: list[float], n: int, aside: NDArray[np.bool_]) -> bool:
    """Whether one more rater like the others would hardly lie so far off, all raters compared."""
    others = np.array([every[o] for o in _others(n, aside)])
    others = others[np.isfinite(others)]
    if len(others) < LEAST_OTHERS:
        return False
    reach = quantile_t(1 - 0.05 / len(every), len(others) - 1) * math.sqrt(1 + 1 / len(others))
    return bool(abs(value - others.mean()) > reach * others.std(ddof=1))


def _off(
    values: Floats, n: int, aside: NDArray[np.bool_], how: tuple[int, int, float]
) -> tuple[float, float, float]:
    """How far rater n lies off the mean of the others over the units that both rated, with an
    interval.
    """
    draws, seed, level = how
    apart = values[n] - _mean(values[_others(n, aside)])
    apart = apart[np.isfinite(apart)]
    if len(apart) < 2:
        return (math.nan,) * 3
    times = drawn(1, len(apart), draws, seed).units
    return float(apart.mean()), *_wide(float(apart.mean()), times @ apart / len(apart), level)


def _rest(
    values: Floats, n: int, aside: NDArray[np.bool_], how: tuple[int, int, float]
) -> tuple[float, float, int]:
    """A rater's correlation with the mean of the others; its interval's upper end, and over how
    many units.
    """
    draws, seed, level = how
    mine, others = values[n], _mean(values[_others(n, aside)])
    both = np.isfinite(mine) & np.isfinite(others)
    pair, units = np.stack([mine[both], others[both]]), int(both.sum())
    value = float(_correlation(pair, np.ones((1, units)))[0])
    every = _correlation(pair, drawn(1, units, draws, seed).units)
    return value, _wide(value, every, level)[1], units


def _correlation(pair: Floats, times: Floats) -> Floats:
    """Pearson's, by draw; NaN where one of the two always says the same."""
    if not pair.shape[1]:
        return np.full(len(times), np.nan)
    a, b = pair
    weights = times / pair.shape[1]
    va, vb, cov = (
        weights @ (x * y) - (weights @ x) * (weights @ y) for x, y in ((a, a), (b, b), (a, b))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = np.where((va > 1e-12) & (vb > 1e-12), cov / np.sqrt(va * vb), np.nan)
    return result


def _mean(values: Floats) -> Floats:
    """Of raters, unit by unit; NaN where nobody rated."""
    there = np.isfinite(values)
    count = there.sum(axis=0)
    return np.where(
        count > 0, np.where(there, values, 0).sum(axis=0) / np.maximum(count, 1), np.nan
    )


def _wide(value: float, every: Floats, level: float) -> tuple[float, float]:
    """An interval so wide that percentiles of the draws would need many more of them: normal, with
    the draws' own spread.
    """
    half = (
        NormalDist().inv_cdf((1 + level) / 2) * float(np.nanstd(every))
        if np.isfinite(every).any()
        else math.nan
    )
    return value - half, value + half


def _without(codes: Codes, categories: int) -> list[float]:
    """Alpha of all the others, for each rater."""
    return [
        float(alpha(rest, whole(rest), categories)[0])
        for rest in (np.delete(codes, n, axis=0) for n in range(len(codes)))
    ]


def _kappa(mine: Codes, key: Codes) -> float:
    """Weighted kappa of a rater's findings with the vignettes' keys."""
    both = (mine >= 0) & (key >= 0)
    table = np.bincount(
        mine[both].astype(int) * len(FINDINGS) + key[both], minlength=len(FINDINGS) ** 2
    ).reshape(len(FINDINGS), -1)
    return float(weighted_kappa(table.astype(float), weights_of(len(FINDINGS))))
