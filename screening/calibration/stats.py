"""Statistics of agreement on counts, so that a thousand bootstrap draws are one matrix product.

Each statistic is a function of sums over units (a vignette, a sign). A draw only changes how often
each unit counts, so `times` (draws, units) weighs them: a row of ones is the estimate itself. The
libraries that compute one value at a time are the oracle: krippendorff for alpha, statsmodels for
Fleiss' and Cohen's kappa; tests hold these to them and to published examples.

Sources: Krippendorff 2011 (alpha, ordinal metric); Fleiss 1971; Cohen 1968 (weighted kappa); Light
1971 (its mean over pairs); McGraw and Wong 1996, after Shrout and Fleiss 1979 (intraclass
correlation).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "alpha",
    "counts_of",
    "draws",
    "fleiss",
    "icc",
    "interval",
    "light",
    "ones",
    "weighted_kappa",
    "weights_of",
]

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]


def ones(units: int) -> Floats:
    """Every unit once: the estimate itself."""
    return np.ones((1, units))


def draws(units: int, n: int, seed: int) -> Floats:
    """How often each unit comes in n bootstrap draws of as many units: (n, units)."""
    rng = np.random.default_rng(seed)
    return (
        rng.multinomial(units, np.full(units, 1 / units), size=n).astype(np.float64)
        if units
        else np.zeros((n, 0))
    )


def interval(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """The middle of the draws; draws that have no value (nothing varied in them) are left out, and
    none at all gives NaN.
    """
    kept = values[np.isfinite(values)]
    if not len(kept):
        return float("nan"), float("nan")
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def counts_of(codes: Codes, categories: int) -> Floats:
    """How many raters gave each category to each unit: codes (raters, units), -1 missing, to
    (units, categories).
    """
    return np.stack([(codes == c).sum(axis=0) for c in range(categories)], axis=1).astype(
        np.float64
    )


def alpha(counts: Floats, times: Floats, level: str = "ordinal") -> Floats:
    """Krippendorff's alpha, by draw (draws,).

    counts : (units, categories); units rated by fewer than two count for nothing. level : nominal,
        ordinal or interval. NaN where all ratings are alike: then there is nothing to tell apart.
    """
    n = counts.sum(axis=1)
    counts, n, times = counts[n >= 2], n[n >= 2], times[:, n >= 2]
    if not len(counts):
        return np.full(len(times), np.nan)
    k = counts.shape[1]
    pairs = (counts[:, :, None] * counts[:, None, :] - np.eye(k) * counts[:, :, None]) / (n - 1)[
        :, None, None
    ]  # coincidences of each unit
    seen = (times @ pairs.reshape(len(counts), -1)).reshape(-1, k, k)
    totals = seen.sum(axis=2)  # of each category
    every = totals.sum(axis=1)
    distance = _distance(totals, level)
    observed = (seen * distance).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = np.where(expected > 0, 1 - (every - 1) * observed / expected, np.nan)
    return result


def _distance(totals: Floats, level: str) -> Floats:
    """Squared differences between categories, by draw; the ordinal ones depend on how often each
    category comes.
    """
    k = totals.shape[1]
    if level == "nominal":
        return np.broadcast_to(1 - np.eye(k), (len(totals), k, k))
    if level == "interval":
        step = np.arange(k, dtype=float)
        return np.broadcast_to((step[:, None] - step[None, :]) ** 2, (len(totals), k, k))
    middle = (
        np.cumsum(totals, axis=1) - totals / 2
    )  # sum between two categories, their own halves included
    squared: Floats = (middle[:, :, None] - middle[:, None, :]) ** 2
    return squared


def fleiss(counts: Floats, times: Floats) -> Floats:
    """Fleiss' kappa, by draw.

    Every unit must have as many ratings as the others, or all is NaN: it is not defined otherwise.
    """
    n = counts.sum(axis=1)
    if not len(n) or n[0] < 2 or (n != n[0]).any():
        return np.full(len(times), np.nan)
    m = n[0]
    agreed = ((counts**2).sum(axis=1) - m) / (m * (m - 1))
    units = times.sum(axis=1)
    share = times @ counts / (units * m)[:, None]
    by_chance = (share**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = np.where(
            by_chance < 1, (times @ agreed / units - by_chance) / (1 - by_chance), np.nan
        )
    return result


def weights_of(categories: int, kind: str = "quadratic") -> Floats:
    """How far two categories disagree: 0 alike, more the further apart."""
    step = np.arange(categories, dtype=float)
    apart = np.abs(step[:, None] - step[None, :])
    return apart if kind == "linear" else apart**2


def weighted_kappa(tables: Floats, weights: Floats) -> Floats:
    """Cohen's weighted kappa of tables of pairs (..., categories, categories), by table; NaN where
    one of the two always says the same.
    """
    total = tables.sum(axis=(-1, -2), keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = tables / total
        expected = (
            share.sum(axis=-1)[..., :, None] * share.sum(axis=-2)[..., None, :] * weights
        ).sum(axis=(-1, -2))
        result: Floats = np.where(
            expected > 0, 1 - (share * weights).sum(axis=(-1, -2)) / expected, np.nan
        )
    return result


def light(codes: Codes, times: Floats) -> Floats:
    """Cohen's kappa with quadratic weights, its mean over all pairs of raters, by draw: codes
    (raters, units), -1 missing.

    With these weights kappa needs no table: it is twice the covariance over the sum of the mean
    squares less twice the product of the means, over the units that both rated.
    """
    raters = len(codes)
    if raters < 2:
        return np.full(len(times), np.nan)
    given = (codes >= 0).T.astype(np.float64)  # units, raters
    value = np.where(codes >= 0, codes, 0).T.astype(np.float64)
    upper = np.triu_indices(raters, 1)

    def sums(mine: Floats, theirs: Floats) -> Floats:
        """By draw and pair, the sum over units of a product."""
        result: Floats = times @ (mine[:, upper[0]] * theirs[:, upper[1]])
        return result

    n = np.maximum(sums(given, given), 1e-12)
    mean_a, mean_b = sums(value, given) / n, sums(given, value) / n
    squares = (sums(value**2, given) + sums(given, value**2)) / n
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = 2 * (sums(value, value) / n - mean_a * mean_b) / (squares - 2 * mean_a * mean_b)
    kept = np.isfinite(kappa) & (squares - 2 * mean_a * mean_b > 1e-12)
    mean: Floats = np.where(
        kept.any(axis=1),
        np.where(kept, kappa, 0).sum(axis=1) / np.maximum(kept.sum(axis=1), 1),
        np.nan,
    )
    return mean


def icc(values: Floats, times: Floats) -> dict[str, Floats]:
    """Intraclass correlations of complete ratings (raters, units), by draw.

    "single" : ICC(2,1), how far one rater can stand for the others, levels counted; "mean" :
    ICC(2,k), how far the mean of these raters can; "consistent" : ICC(3,1), the same as single with
    each rater's own level set aside. Levels are absolute agreement in the two-way random model
    (Shrout and Fleiss 1979).
    """
    k = values.shape[0]
    n = times.sum(axis=1)
    mean = (times @ values.T) / n[:, None]  # of each rater, by draw
    of_unit = values.mean(axis=0)
    grand = mean.mean(axis=1)
    rows = k * ((times @ of_unit**2) - n * grand**2)
    columns = n * ((mean - grand[:, None]) ** 2).sum(axis=1)
    total = times @ (values**2).sum(axis=0) - n * k * grand**2
    ms_rows, ms_columns = rows / (n - 1), columns / max(k - 1, 1)
    ms_error = (total - rows - columns) / ((n - 1) * max(k - 1, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "single": (
                (ms_rows - ms_error)
                / (ms_rows + (k - 1) * ms_error + k * (ms_columns - ms_error) / n)
            ),
            "mean": (ms_rows - ms_error) / (ms_rows + (ms_columns - ms_error) / n),
            "consistent": (ms_rows - ms_error) / (ms_rows + (k - 1) * ms_error),
        }
