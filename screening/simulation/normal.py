"""The normal distribution: shares to quantiles and back, without scipy."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["cdf", "quantile", "quantiles"]

_EDGE = 40.0  # stands for the quantile of a share of 0 or 1: no draw reaches it


def quantile(share: float) -> float:
    """The value below which this share lies."""
    if share <= 0:
        return -_EDGE
    return _EDGE if share >= 1 else NormalDist().inv_cdf(share)


def quantiles(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for an array of any shape; 0 and 1 count as one in a million from the end."""
    values, back = np.unique(np.clip(shares, 1e-6, 1 - 1e-6), return_inverse=True)
    return np.array([NormalDist().inv_cdf(v) for v in values])[back].reshape(shares.shape)


def cdf(x: NDArray[Any]) -> NDArray[np.float64]:
    """The share below each value (Abramowitz and Stegun 7.1.26; error below 1.6e-7)."""
    z = np.abs(x) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    tail = (
        t
        * (
            0.254829592
            + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
        )
        * np.exp(-z * z)
    )
    result: NDArray[np.float64] = np.where(x >= 0, 1 - tail / 2, tail / 2)
    return result
