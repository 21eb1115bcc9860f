"""Raters and units drawn again: how every statistic of agreement gets its interval.

A study has few raters, and other raters would have said something else: an interval that draws
signs alone says "95 %" and covers 30 to 90. So raters are drawn as well as units. A rater who is
drawn twice agrees perfectly with themselves, which says nothing; so pairs of a rater with
themselves never count, and each statistic here takes weights of raters and of units.

With few raters the draws themselves vary too little. So the interval is not their middle 95 % but
their spread on a scale where values cannot pass 1, times the t quantile of as many degrees of
freedom as raters and units give (Satterthwaite 1946, from leaving each out once). Simulated studies
with 3 to 15 raters of different severity: tests/calibration/test_agreement_statistics.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.errors import UsageError

__all__ = [
    "Codes",
    "Drawn",
    "Floats",
    "Statistic",
    "counted",
    "drawn",
    "interval",
    "left_out",
    "middle",
    "quantile_t",
    "whole",
]

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]
Statistic = Callable[[Codes, "Drawn"], Floats]


@dataclass(frozen=True)
class Drawn:
    """How often each rater and each unit counts, by draw.

    raters : (draws, raters); units : (draws, units)
    """

    raters: Floats
    units: Floats

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, some: slice) -> Drawn:
        return Drawn(self.raters[some], self.units[some])


def whole(codes: Codes) -> Drawn:
    """Everybody and everything once: the estimate itself. codes : (raters, units)."""
    return Drawn(np.ones((1, codes.shape[0])), np.ones((1, codes.shape[1])))


def drawn(raters: int, units: int, n: int, seed: int) -> Drawn:
    """n bootstrap draws of as many raters and as many units."""
    rng = np.random.default_rng(seed)
    return Drawn(*(_times(rng, many, n) for many in (raters, units)))


def _times(rng: np.random.Generator, many: int, n: int) -> Floats:
    if not many:
        return np.zeros((n, 0))
    return rng.multinomial(many, np.full(many, 1 / many), size=n).astype(np.float64)


def left_out(codes: Codes, of: str) -> Drawn:
    """Each rater, or each unit, left out once."""
    raters, units = codes.shape
    many = raters if of == "raters" else units
    one, all_ = 1 - np.eye(many), np.ones((many, units if of == "raters" else raters))
    return Drawn(one, all_) if of == "raters" else Drawn(all_, one)


def counted(codes: Codes, times: Drawn, categories: int) -> tuple[Floats, Floats]:
    """How much weight each category has in each unit, by draw, and how much of its square are pairs
    of a rater with themselves: both (draws, units, categories).
    """
    given = [(codes == c).astype(np.float64) for c in range(categories)]
    own = times.raters**2
    return (
        np.stack([times.raters @ g for g in given], axis=2),
        np.stack([own @ g for g in given], axis=2),
    )


def quantile_t(level: float, freedom: float) -> float:
    """Student's t; U306 where scipy is not installed."""
    try:
        from scipy.special import stdtrit  # scipy.stats takes seconds to import
    except ModuleNotFoundError as error:
        raise UsageError("U306.trainer_packages", error=error.name) from None
    return float(stdtrit(freedom, (1 + level) / 2))


def interval(
    value: float,
    codes: Codes,
    statistic: Statistic,
    times: Drawn,
    level: float = 0.95,
    least: float = -1.0,
) -> tuple[float, float]:
    """The interval of a statistic that cannot pass 1, from its draws.

    `least` is the lowest that the statistic can be. NaN where the value is none. Where nobody
    disagreed anywhere, no draw can disagree either: the lower end is then by the rule of three, as
    if 3 of n units could still part them.
    """
    if not np.isfinite(value):
        return float("nan"), float("nan")
    if value > 1 - 1e-9:
        return max(0.0, 1 - 3 / max(codes.shape[1], 1)), 1.0
    every = _far(statistic(codes, times))
    spread = float(np.nanstd(every)) if np.isfinite(every).any() else float("nan")
    half = quantile_t(level, _freedom(codes, statistic)) * spread
    low, high = 1 - np.exp(np.log(1 - value) + np.array([half, -half]))
    return max(least, float(low)), min(1.0, float(high))


def middle(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """The middle of the draws themselves, where raters are not drawn but named; draws that have no
    value are left out, and none at all gives NaN.
    """
    kept = values[np.isfinite(values)]
    if not len(kept):
        return float("nan"), float("nan")
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _far(values: Floats) -> Floats:
    """Log of the distance from 1; the best draws are cut at a thousandth."""
    with np.errstate(invalid="ignore"):
        far: Floats = np.log(np.maximum(1 - values, 1e-3))
    return far


def _freedom(codes: Codes, statistic: Statistic) -> float:
    """Degrees of freedom of a variance that comes from few raters and more units."""
    parts: list[tuple[float, int]] = []
    for of, many in zip(("raters", "units"), codes.shape, strict=True):
        values = _far(statistic(codes, left_out(codes, of)))
        kept = values[np.isfinite(values)]
        if many > 1 and len(kept) > 1:
            parts.append((float(kept.var()) * (many - 1), many - 1))
    total = sum(v for v, _ in parts)
    if total <= 0:
        return float(max(1, min(len(codes), codes.shape[1]) - 1))
    return float(max(1.0, total**2 / sum(v * v / free for v, free in parts)))
