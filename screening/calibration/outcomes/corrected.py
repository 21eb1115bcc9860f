"""Recall and specificity where only some of the people screened were verified.

Whoever is referred is looked at; hardly anybody else is. Among the verified alone, recall is
therefore close to 1 whatever the truth. Begg and Greenes (1983) weigh each verified person by how
many were screened with the same finding: within one finding, who is verified must not depend on
the truth. For people who are not referred only a random sample makes that so.

The interval draws the share of victims behind each finding from its Jeffreys posterior, Beta(hits +
1/2, misses + 1/2), and how common each finding is from its Dirichlet posterior. Findings with few
verified people are counted together with a neighbour on the same side of the line: many small
cells, each with a prior of its own, would shift the result. tests/calibration holds the coverage to
a simulation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_VERIFIED", "Cell", "Corrected", "corrected", "merged", "sample_needed"]

# Verified people below which a finding is counted together with its neighbour.
LEAST_VERIFIED = 8
DRAWS = 4000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cell:
    """People with one finding: how many were screened, how many of them were verified, how many of
    those are victims.

    above : whether the finding lies above the line that is judged
    sampled : whether they were verified by a random sample, because nobody referred them; not the
        same where the line that is judged is another than the one that referred
    """

    above: bool
    screened: float
    verified: float
    victims: float
    sampled: bool = False

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            self.above,
            self.screened + other.screened,
            self.verified + other.verified,
            self.victims + other.victims,
            self.sampled,
        )


@dataclass(frozen=True)
class Corrected:
    """A share with its 95 % interval; value NaN where the data cannot tell it, and then the
    interval holds all that they allow.
    """

    value: float
    low: float
    high: float


def merged(cells: Sequence[Cell], least: int = LEAST_VERIFIED) -> list[Cell]:
    """Neighbours on one side of the line together, until each has `least` verified people.

    What is left over at the end joins the last one; a side that has too few in all is one cell.
    People who were referred and people who were drawn at random are never put together.
    """
    found: list[Cell] = []
    for kind in ((True, False), (True, True), (False, False), (False, True)):
        side: list[Cell] = []
        open_: Cell | None = None
        for cell in (c for c in cells if (c.above, c.sampled) == kind and c.screened):
            open_ = cell if open_ is None else open_ + cell
            if open_.verified >= least:
                side.append(open_)
                open_ = None
        if open_ is not None:
            side = [*side[:-1], side[-1] + open_] if side else [open_]
        found += side
    return found


def corrected(
    cells: Sequence[Cell], draws: int = DRAWS, seed: int = 1
) -> tuple[Corrected, Corrected]:
    """Recall and specificity of "referred", corrected for who was verified.

    A side with people of whom nobody was verified may hold any share of victims: the value is then
    NaN and the interval covers both extremes.
    """
    kept = merged(cells)
    screened, verified, victims = (
        np.array([getattr(c, name) for c in kept], dtype=np.float64)
        for name in ("screened", "verified", "victims")
    )
    above = np.array([c.above for c in kept], dtype=bool)
    if not screened.sum():
        return (Corrected(math.nan, 0.0, 1.0),) * 2
    dark = verified == 0
    with np.errstate(invalid="ignore"):
        share = np.where(dark, np.nan, victims / np.where(dark, 1, verified))
    recall, specificity = _rates(screened[None], share[None], above)
    rng = np.random.default_rng(seed)
    common = rng.dirichlet(screened + 0.5, draws)
    drawn = rng.beta(victims + 0.5, verified - victims + 0.5, (draws, len(kept)))
    found = []
    for rate, which, worst in ((recall[0], 0, above), (specificity[0], 1, ~above)):
        # Unverified cells at their worst and at their best for this rate.
        least = np.where(dark, np.where(worst, which, 1 - which), drawn)
        most = np.where(dark, np.where(worst, 1 - which, which), drawn)
        ends = [
            np.nanquantile(_rates(common, shares, above)[which], at)
            for shares, at in ((least, 0.025), (most, 0.975))
        ]
        low, high = float(np.nan_to_num(ends[0])), float(np.nan_to_num(ends[1], nan=1.0))
        if dark.any():
            found.append(Corrected(math.nan, low, high))
        else:
            value = float(rate)
            found.append(Corrected(value, min(low, value), max(high, value)))
    return found[0], found[1]


def _rates(common: Floats, share: Floats, above: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Recall and specificity by draw, of how common each cell is and its share of victims."""
    victims, others = common * share, common * (1 - share)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (
            victims[:, above].sum(axis=1) / victims.sum(axis=1),
            others[:, ~above].sum(axis=1) / others.sum(axis=1),
        )


def sample_needed(
    cells: Sequence[Cell], width: float, guess: float | None = None
) -> tuple[int | None, float]:
    """How many people who were not referred must be verified, in all, for an interval of recall
    that is no wider than `width`; and the share of victims among them that was reckoned with.

    Parameters
    ----------
    width : from the lower to the upper end, such as 0.2
    guess : the share of victims among people who were not referred. Without it, what the verified
        ones say; where nobody was verified, or no victim found, the share at which recall would be
        one half and so least certain

    Returns
    -------
    None where even verifying all of them so far is not enough: then more people must be screened
    """
    one = [_together([c for c in cells if c.above is above], above) for above in (True, False)]
    high, low = one
    if guess is None:
        guess = low.victims / low.verified if low.verified and low.victims else _half(high, low)

    def wide(n: int) -> float:
        below = Cell(False, low.screened, n, n * guess, True)
        found = corrected([high, below], 2000, 1)[0]
        return found.high - found.low

    small, large = 1, int(low.screened)
    if not large or not high.verified or wide(large) > width:
        return None, guess
    while small < large:
        middle = (small + large) // 2
        small, large = (small, middle) if wide(middle) <= width else (middle + 1, large)
    return small, guess


def _together(cells: Sequence[Cell], above: bool) -> Cell:
    total = Cell(above, 0, 0, 0, not above)
    for cell in cells:
        total = total + cell
    return total


def _half(high: Cell, low: Cell) -> float:
    """The share among people not referred at which as many victims are missed as found."""
    found = high.screened * high.victims / high.verified if high.verified else 0.0
    return min(0.5, max(0.001, found / low.screened)) if low.screened else 0.5
