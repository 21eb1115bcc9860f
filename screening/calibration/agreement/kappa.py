"""Kappas: agreement beyond what the raters' own use of the scale would give.

Sources: Cohen 1968 (weighted kappa), Fleiss 1971, Light 1971 (the mean over pairs of raters). Tests
hold them to published examples and to statsmodels.
"""

from __future__ import annotations

import numpy as np

from screening.calibration.agreement.draws import Codes, Drawn, Floats, counted

__all__ = ["fleiss", "light", "weighted_kappa", "weights_of"]


def fleiss(codes: Codes, times: Drawn, categories: int) -> Floats:
    """Fleiss' kappa, by draw.

    Every unit must have been rated by everybody, or all is NaN: it is not defined otherwise.
    """
    if codes.shape[0] < 2 or not codes.shape[1] or (codes < 0).any():
        return np.full(len(times), np.nan)
    given, own = counted(codes, times, categories)
    n = times.raters.sum(axis=1)
    pairs = n**2 - (times.raters**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        agreed = ((given**2 - own).sum(axis=2) * times.units).sum(axis=1) / pairs
        units = times.units.sum(axis=1)
        share = np.einsum("du,duc->dc", times.units, given) / (units * n)[:, None]
        chance = (share**2).sum(axis=1)
        result: Floats = np.where(
            (chance < 1 - 1e-12) & (pairs > 0), (agreed / units - chance) / (1 - chance), np.nan
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


def light(codes: Codes, times: Drawn) -> Floats:
    """Cohen's kappa with quadratic weights, its mean over all pairs of raters, by draw.

    With these weights kappa needs no table: it is twice the covariance over the sum of the mean
    squares less twice the product of the means, over the units that both rated. A pair counts as
    often as its two raters were drawn; a rater is no pair with themselves.
    """
    raters = len(codes)
    if raters < 2:
        return np.full(len(times), np.nan)
    given = (codes >= 0).T.astype(np.float64)  # units, raters
    value = np.where(codes >= 0, codes, 0).T.astype(np.float64)
    one, two = np.triu_indices(raters, 1)

    def sums(mine: Floats, theirs: Floats) -> Floats:
        """By draw and pair, the sum over units of a product."""
        result: Floats = times.units @ (mine[:, one] * theirs[:, two])
        return result

    n = np.maximum(sums(given, given), 1e-12)
    mean_a, mean_b = sums(value, given) / n, sums(given, value) / n
    squares = (sums(value**2, given) + sums(given, value**2)) / n
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = 2 * (sums(value, value) / n - mean_a * mean_b) / (squares - 2 * mean_a * mean_b)
    kept = np.isfinite(kappa) & (squares - 2 * mean_a * mean_b > 1e-12)
    weight = times.raters[:, one] * times.raters[:, two] * kept
    total = weight.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = np.where(
            total > 0, (weight * np.where(kept, kappa, 0)).sum(axis=1) / total, np.nan
        )
    return mean
