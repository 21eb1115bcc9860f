"""The inner loops of the batch engine, in numpy. `kernel_numba` has the same three functions, compiled.

An answer is one byte: NO 0x00, OPEN 0x10, YES 0x11. Added up, the low half of the byte counts yes and the high half
counts yes-or-open, exact while no more than 15 are added: both ends of every range for the price of one addition.
Everything after that has the two *ends* as its first axis: what is recorded, and what it would be if every open
answer were yes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.scoring.plan import Sums

__all__ = ["add_up", "count_groups", "delphi"]


def count_groups(codes: NDArray[np.uint8], start: int, stop: int, groups: Sums) -> NDArray[np.uint8]:
    """How many of each group are yes, and yes or open, in the rows from `start` to `stop`: uint8 (2, groups, rows)."""
    both = np.empty((len(groups), stop - start), dtype=np.uint8)
    for into, ((first, _), *more) in zip(both, groups.terms, strict=True):
        into[:] = codes[first, start:stop]
        for column, _ in more:
            into += codes[column, start:stop]
    return np.stack([both & 0x0F, both >> 4])


def add_up(counts: NDArray[np.uint8], sums: Sums) -> NDArray[Any]:
    """Sums over group counts (ends, groups, rows) as (ends, sums, rows)."""
    ends, _, rows = counts.shape
    wide = counts.astype(sums.dtype, copy=False)
    result = np.zeros((ends, len(sums), rows), dtype=sums.dtype)
    for n, terms in enumerate(sums.terms):
        into = result[:, n]
        for group, factor in terms:
            into += wide[:, group] if factor == 1 else wide[:, group] * sums.dtype.type(factor)
    return result


def delphi(strong: NDArray[Any], medium: NDArray[Any], weak: NDArray[Any]) -> NDArray[np.bool_]:
    """The ILO/EC Delphi 2009 rule (`rules.delphi_positive`) on arrays of counts.

    One sum decides: 16 strong + 8 medium + weak >= 17. A ninth weak sign would count as a medium one, which the rule
    does not allow, and large counts would not fit a byte; so each count goes only as far as it can matter.
    """
    value = np.minimum(strong, 2) * 16 + np.minimum(medium, 3) * 8 + np.minimum(weak, 8)
    result: NDArray[np.bool_] = value >= 17
    return result
