"""Krippendorff's alpha: one less the ratio of observed to expected disagreement.

Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability. Tests hold it to its worked
example and to the package krippendorff.
"""

from __future__ import annotations

import numpy as np

from screening.calibration.agreement.draws import Codes, Drawn, Floats, counted

__all__ = ["alpha"]

_CELLS = 1 << 23  # of one step: more draws at a time would need too much memory


def alpha(codes: Codes, times: Drawn, categories: int, level: str = "ordinal") -> Floats:
    """Alpha by draw (draws,).

    codes : (raters, units), -1 missing; units that fewer than two rated count for nothing. level :
        nominal, ordinal or interval. NaN where all ratings are alike: then there is nothing to tell
        apart.
    """
    step = max(1, _CELLS // max(1, codes.shape[1] * categories))
    parts = [
        _alpha(codes, times[n : n + step], categories, level) for n in range(0, len(times), step)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _alpha(codes: Codes, times: Drawn, categories: int, level: str) -> Floats:
    given, own = counted(codes, times, categories)
    n = given.sum(axis=2)
    pairs = n**2 - own.sum(axis=2)
    each = np.where(pairs > 1e-9, times.units * n / np.where(pairs > 1e-9, pairs, 1), 0)
    seen = (given * each[:, :, None]).transpose(0, 2, 1) @ given  # coincidences of all units
    seen -= np.einsum("du,duc->dc", each, own)[:, :, None] * np.eye(categories)
    totals = seen.sum(axis=2)
    every = totals.sum(axis=1)
    distance = _distance(totals, level)
    observed = (seen * distance).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = np.where(expected > 1e-12, 1 - (every - 1) * observed / expected, np.nan)
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
    # Between two categories lies what was given of those between, and half of the two themselves.
    middle = np.cumsum(totals, axis=1) - totals / 2
    squared: Floats = (middle[:, :, None] - middle[:, None, :]) ** 2
    return squared
