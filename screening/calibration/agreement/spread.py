"""How one sign was rated, and whether that is a consensus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from screening.calibration.agreement.draws import Codes
from screening.calibration.ratings import SCALE, Ratings
from screening.checklist.schema import CASE_PROFILES

__all__ = ["CONSENSUS", "LEAST_FOR_CONSENSUS", "WIDEST", "Spread", "spread_of", "spreads"]

WIDEST = 1.0  # steps that the middle half of the ratings may span
CONSENSUS = 0.75  # of the raters must be on one side of the scale
LEAST_FOR_CONSENSUS = 5  # raters: among fewer, three of four is chance


@dataclass(frozen=True)
class Spread:
    """How one sign was rated for one profile: how many chose each step of the scale, the median and
    the middle half.
    """

    counts: tuple[int, int, int, int]
    median: float
    low: float
    high: float

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def within_one(self) -> float:
        """The share of ratings at most one step from the median; NaN where nobody rated."""
        near = sum(c for step, c in enumerate(self.counts) if abs(step - self.median) <= 1)
        return near / self.n if self.n else float("nan")

    @property
    def one_side(self) -> float:
        """The larger share of: none or weak, medium or strong. NaN where nobody rated."""
        weak = sum(self.counts[:2])
        return max(weak, self.n - weak) / self.n if self.n else float("nan")

    @property
    def consensus(self) -> bool:
        """Whether the raters agree as Delphi studies ask (von der Gracht 2012; Diamond and others
        2014): the middle half spans one step at most, and three of four are on one side.
        """
        return bool(
            self.n >= LEAST_FOR_CONSENSUS
            and self.high - self.low <= WIDEST
            and self.one_side >= CONSENSUS
        )


def spreads(ratings: Ratings) -> dict[str, dict[str, Spread]]:
    """How every sign was rated, by profile."""
    return {
        name: {
            p: spread_of(ratings.strength[:, n, k])
            for k, p in enumerate(CASE_PROFILES)
            if p in ratings.form.indicators[name]
        }
        for n, name in enumerate(ratings.indicators)
    }


def spread_of(values: Codes) -> Spread:
    """The spread of these ratings; -1 is none."""
    given = values[values >= 0]
    counts = tuple(int((given == step).sum()) for step in range(len(SCALE)))
    low, median, high = (
        (float(q) for q in np.quantile(given, [0.25, 0.5, 0.75]))
        if len(given)
        else (float("nan"),) * 3
    )
    return Spread((counts[0], counts[1], counts[2], counts[3]), median, low, high)
