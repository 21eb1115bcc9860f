"""Intraclass correlation of complete ratings, two-way and random: other raters, other signs.

Sources: Shrout and Fleiss 1979 (the coefficients), McGraw and Wong 1996, table 7 (the interval,
which counts raters as drawn). Tests hold both to pingouin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from screening.calibration.agreement.draws import Floats
from screening.errors import UsageError

__all__ = ["Intraclass", "icc"]


@dataclass(frozen=True)
class Intraclass:
    """A coefficient with its interval."""

    value: float
    low: float
    high: float


def icc(values: Floats, level: float = 0.95) -> dict[str, Intraclass]:
    """Intraclass correlations of complete ratings (raters, units).

    "single" : ICC(2,1), how far one rater can stand for the others, levels counted; "mean" :
    ICC(2,k), how far the mean of these raters can. NaN where nothing varies.
    """
    k, n = values.shape
    if k < 2 or n < 2:
        nothing = Intraclass(math.nan, math.nan, math.nan)
        return {"single": nothing, "mean": nothing}
    grand = values.mean()
    rows = k * ((values.mean(axis=0) - grand) ** 2).sum()
    columns = n * ((values.mean(axis=1) - grand) ** 2).sum()
    error = ((values - grand) ** 2).sum() - rows - columns
    ms_rows, ms_columns = rows / (n - 1), columns / (k - 1)
    ms_error = max(0.0, error) / ((n - 1) * (k - 1))
    below = ms_rows + (k - 1) * ms_error + k * (ms_columns - ms_error) / n
    if below <= 1e-12:
        nothing = Intraclass(math.nan, math.nan, math.nan)
        return {"single": nothing, "mean": nothing}
    value = (ms_rows - ms_error) / below
    low, high = _ends(value, (ms_rows, ms_columns, ms_error), k, n, level)
    single = Intraclass(float(value), low, high)
    return {
        "single": single,
        "mean": Intraclass(*(_of_mean(x, k) for x in (single.value, low, high))),
    }


def _of_mean(single: float, k: int) -> float:
    """Spearman and Brown: from one rater to the mean of k."""
    return k * single / (1 + (k - 1) * single)


def _ends(
    value: float, squares: tuple[float, float, float], k: int, n: int, level: float
) -> tuple[float, float]:
    """McGraw and Wong 1996; degrees of freedom of the lower sum by Satterthwaite."""
    rows, columns, error = squares
    if value > 1 - 1e-9:
        return max(0.0, 1 - 3 / n), 1.0  # as for the other statistics: rule of three
    try:
        from scipy.special import fdtri
    except ModuleNotFoundError as missing:
        raise UsageError("U306.trainer_packages", error=missing.name) from None
    a, b = k * value / (n * (1 - value)), 1 + k * value * (n - 1) / (n * (1 - value))
    free = (a * columns + b * error) ** 2 / (
        (a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    )
    at = (1 + level) / 2
    below, above = fdtri(n - 1, free, at), fdtri(free, n - 1, at)
    rest = k * columns + (k * n - k - n) * error
    low = n * (rows - below * error) / (below * rest + n * rows)
    high = n * (above * rows - error) / (rest + n * above * rows)
    return float(low), float(high)
