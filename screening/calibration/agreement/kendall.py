"""Kendall's W: how far raters put signs in the same order, whatever their levels.

Source: Kendall and Babington Smith 1939, with the correction for ties. W is 1 where all orders are
alike; its mean pair correlation is Spearman's. Tests hold it to Friedman's test in scipy.
"""

from __future__ import annotations

import numpy as np

from screening.calibration.agreement.draws import Codes, Drawn, Floats

__all__ = ["concordance"]


def concordance(codes: Codes, times: Drawn) -> Floats:
    """W by draw (draws,) of complete ratings (raters, units), ties corrected; NaN where nothing
    varies.

    In a draw W is built again from the mean correlation of pairs of raters, each pair as often as
    its two raters were drawn; ranks are those of all units.
    """
    m, n = codes.shape
    if m < 2 or n < 2:
        return np.full(len(times), np.nan)
    ranks = np.stack([_ranks(row) for row in codes])
    units = times.units.sum(axis=1, keepdims=True)
    mean = times.units @ ranks.T / units
    square = times.units @ (ranks.T**2) / units - mean**2
    one, two = np.triu_indices(m, 1)
    product = times.units @ (ranks[one] * ranks[two]).T / units
    shared = product - mean[:, one] * mean[:, two]
    weight = times.raters[:, one] * times.raters[:, two]
    raters = times.raters.sum(axis=1)
    pairs = weight.sum(axis=1)
    own = (times.raters * square).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Variance of the rank sums over its most: shared ranks of pairs beside each rater's own.
        apart = (weight * shared).sum(axis=1) / pairs * (raters - 1)
        result: Floats = np.where((own > 1e-12) & (pairs > 0), (own / raters + apart) / own, np.nan)
    return result


def _ranks(row: Codes) -> Floats:
    """Ranks from 1, ties at their middle."""
    _, place, count = np.unique(row, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    middle: Floats = last - (count - 1) / 2
    return middle[place]
