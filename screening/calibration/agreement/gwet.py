"""Gwet's AC2: agreement that does not collapse where nearly everybody gives the same answer.

Alpha and kappa can be near 0 although raters agree on nearly every sign, because little varies.
AC2 takes chance agreement from how evenly the scale is used. Source: Gwet 2014, Handbook of
Inter-Rater Reliability, 4th edition, chapter 5; AC1 of the nominal case is Gwet 2008. Tests hold it
to the package irrCAC's published example.
"""

from __future__ import annotations

import numpy as np

from screening.calibration.agreement.draws import Codes, Drawn, Floats, counted

__all__ = ["ac2"]


def ac2(codes: Codes, times: Drawn, categories: int, kind: str = "quadratic") -> Floats:
    """AC2 by draw (draws,); with kind "identity" AC1. codes : (raters, units), -1 missing."""
    given, own = counted(codes, times, categories)
    weights = _weights(categories, kind)
    n = given.sum(axis=2)
    pairs = n**2 - own.sum(axis=2)
    both = times.units * (pairs > 1e-9)
    alike = np.einsum("duc,ck,duk->du", given, weights, given, optimize=True) - own.sum(axis=2)
    some = times.units * (n > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        agreed = (both * alike / np.where(pairs > 1e-9, pairs, 1)).sum(axis=1) / both.sum(axis=1)
        share = given / np.where(n > 0, n, 1)[:, :, None]
        used = np.einsum("du,duc->dc", some, share) / some.sum(axis=1)[:, None]
        chance = weights.sum() / (categories * (categories - 1)) * (used * (1 - used)).sum(axis=1)
        result: Floats = np.where(both.sum(axis=1) > 0, (agreed - chance) / (1 - chance), np.nan)
    return result


def _weights(categories: int, kind: str) -> Floats:
    """How much of an agreement two categories are: 1 alike, less the further apart."""
    if kind == "identity":
        return np.eye(categories)
    step = np.arange(categories, dtype=float)
    apart = np.abs(step[:, None] - step[None, :]) / (categories - 1)
    return 1 - (apart if kind == "linear" else apart**2)
