"""A share with its interval: the one way in which everything here says how often something is
so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Share", "Z", "share"]

Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Share:
    """`hits` of `n`, with a 95 % Wilson interval.

    Nothing of nothing is not known: value NaN, interval 0 to 1.
    """

    hits: float
    n: int
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            "no case"
            if not self.n
            else f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f}, n {self.n:,})"
        )


def share(hits: float, n: float) -> Share:
    """A share with its interval (Wilson 1927); `hits` need not be whole where a line was drawn
    between two totals, nor `n` where rows have weights.
    """
    if n == 0:
        return Share(0.0, 0, math.nan, 0.0, 1.0)
    p = hits / n
    centre, half = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return Share(
        float(hits),
        int(n),
        p,
        max(0.0, min(p, (centre - half) / (1 + Z * Z / n))),
        min(1.0, max(p, (centre + half) / (1 + Z * Z / n))),
    )
