"""Content validity: how many raters call a sign telling.

I-CVI of a sign is the share of raters who call it medium or strong; the modified kappa takes off
what chance would give. S-CVI of a list is their mean (Ave) and the share of signs that all raters
call telling (UA). Sources: Lynn 1986; Polit, Beck and Owen 2007, whose table the tests hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from screening.calibration.agreement.spread import Spread
from screening.proportion import Share, share

__all__ = ["EXCELLENT", "Validity", "scale_validity", "validity"]

EXCELLENT = 0.74  # of the modified kappa: above this a sign's validity is called excellent


@dataclass(frozen=True)
class Validity:
    """I-CVI with its Wilson interval, and the modified kappa; NaN where nobody rated."""

    telling: Share
    kappa: float


def validity(spread: Spread) -> Validity:
    """Of one sign for one profile."""
    n, hits = spread.n, sum(spread.counts[2:])
    chance = math.comb(n, hits) * 0.5**n
    value = share(hits, n)
    return Validity(value, (value.value - chance) / (1 - chance) if n > 1 else math.nan)


def scale_validity(signs: Iterable[Validity]) -> dict[str, float]:
    """S-CVI/Ave and S-CVI/UA of these signs."""
    rated = [v.telling for v in signs if v.telling.n]
    if not rated:
        return {"average": math.nan, "all_agree": math.nan}
    return {
        "average": sum(s.value for s in rated) / len(rated),
        "all_agree": sum(s.hits == s.n for s in rated) / len(rated),
    }
