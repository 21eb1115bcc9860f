"""A shipped card on many cases at once, equal to `CardModel.opinion` in every field it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile
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
    rows = {name: codes[n] for n, name in enumerate(indicators)}
    found: dict[str, NDArray[Any]] = {}
    for number, name in enumerate(CASE_PROFILES):
        mine = profile == number
        here = _of_profile(model, name, checklist, rows, mine)
        for field, values in vars(here).items():
            whole = found.setdefault(field, np.zeros(len(profile), dtype=values.dtype))
            whole[mine] = values
    return Opinions(**found)


def _of_profile(
    model: CardModel,
    profile: Profile,
    checklist: Checklist,
    rows: Mapping[str, NDArray[np.uint8]],
    mine: NDArray[np.bool_],
) -> Opinions:
    """The card of one profile, on the cases that are of it."""
    items, n = model.items[profile], int(mine.sum())
    answered, applying, states = np.zeros(n, dtype=np.int32), 0, []
    for item in items:
        applies = checklist.indicators[item.indicator].applies(profile)
        row = rows[item.indicator][mine] if applies else np.full(n, NO, dtype=np.uint8)
        states.append(row)
        answered += applies & (row != OPEN)
        applying += applies

    def total(by_open: str) -> NDArray[np.int32]:
        """Totals with open answers at their own points, as no, as yes, or of open answers alone."""
        result = np.zeros(n, dtype=np.int32)
        sums = [np.zeros(n, dtype=np.int32) for _ in model.caps]
        for item, row in zip(items, states, strict=True):
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
    enough = answered >= model.least_known * applying
    lines = model.lines[profile]
    some, many, few, little = (
        BANDS.index(b) for b in ("some_signs", "many_signs", "few_signs_so_far", "too_little_known")
    )
    below = np.where(enough & (alone < lines.some_signs), few, little)
    band = np.where(
        recorded >= lines.many_signs, many, np.where(recorded >= lines.some_signs, some, below)
    )
    band_high = np.where(
        high >= lines.many_signs, many, np.where(high >= lines.some_signs, some, few)
    )
    return Opinions(
        own,
        recorded,
        alone,
        high,
        answered,
        enough,
        band.astype(np.uint8),
        band_high.astype(np.uint8),
    )
