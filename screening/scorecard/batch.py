"""A shipped card on many cases at once, equal to `CardModel.opinion` in every field it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.scorecard.model import BANDS, CardModel
from screening.scoring.block import NO, OPEN, YES

__all__ = ["Opinions", "opinions"]


@dataclass(frozen=True)
class Opinions:
    """A card on n cases: totals int32 (n,), whether enough of the card is answered (n,), bands as
    numbers in `model.BANDS` (n,).
    """

    points: NDArray[np.int32]
    points_recorded: NDArray[np.int32]
    points_open: NDArray[np.int32]
    points_high: NDArray[np.int32]
    answered: NDArray[np.int32]
    enough: NDArray[np.bool_]
    band: NDArray[np.uint8]
    band_high: NDArray[np.uint8]


def opinions(
    model: CardModel,
    checklist: Checklist,
    indicators: Sequence[str],
    codes: NDArray[np.uint8],
    profile: NDArray[np.uint8],
) -> Opinions:
    """Put a card to a block of cases.

    Parameters
    ----------
    indicators : ids of the rows of `codes`, which are as in `scoring.block.Block`
    profile : number in `CASE_PROFILES` (n,)
    """
    n = codes.shape[1]
    answered, items = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
    states = []
    for item in model.items:
        applies = np.array(
            [checklist.indicators[item.indicator].applies(p) for p in CASE_PROFILES]
        )[profile]
        row = np.where(applies, codes[list(indicators).index(item.indicator)], NO)
        states.append(row)
        answered += applies & (row != OPEN)
        items += applies

    def total(by_open: str) -> NDArray[np.int32]:
        """Totals with open answers at their own points, as no, as yes, or of open answers alone."""
        result = np.zeros(n, dtype=np.int32)
        sums = [np.zeros(n, dtype=np.int32) for _ in model.caps]
        for item, row in zip(model.items, states, strict=True):
            opened = {"own": item.open, "no": 0, "yes": item.yes, "alone": item.open}[by_open]
            points = np.where(
                row == YES, 0 if by_open == "alone" else item.yes, np.where(row == OPEN, opened, 0)
            ).astype(np.int32)
            cap = next(
                (k for k, cap in enumerate(model.caps) if item.indicator in cap.indicators), None
            )
            if cap is None:
                result += points
            else:
                sums[cap] += points
        for k, cap_of in enumerate(model.caps):
            result += np.minimum(sums[k], cap_of.most)
        return result

    own, recorded, high, alone = total("own"), total("no"), total("yes"), total("alone")
    enough = answered >= model.least_known * items
    limits: list[Any] = [
        np.array([getattr(model.lines[p], name) for p in CASE_PROFILES])[profile]
        for name in ("some_signs", "many_signs")
    ]
    some, many = BANDS.index("some_signs"), BANDS.index("many_signs")
    few = np.where(
        enough & (alone < limits[0]),
        BANDS.index("few_signs_so_far"),
        BANDS.index("too_little_known"),
    )
    band = np.where(recorded >= limits[1], many, np.where(recorded >= limits[0], some, few)).astype(
        np.uint8
    )
    band_high = np.where(
        high >= limits[1], many, np.where(high >= limits[0], some, BANDS.index("few_signs_so_far"))
    ).astype(np.uint8)
    return Opinions(own, recorded, alone, high, answered, enough, band, band_high)
