"""The inner loops of the batch engine, in numpy. `kernel_numba` has the same functions, compiled.

An answer is one byte: NO 0x00, OPEN 0x10, YES 0x11. Added up, the low half of the byte counts yes
and the high half counts yes-or-open, exact while no more than 15 are added: both ends of every
range for the price of one addition. Everything after that has the two *ends* as its first axis:
what is recorded, and what it would be if every open answer were yes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.scoring.plan import Sums, Whole

__all__ = ["add_up", "count_groups", "delphi", "dimensions", "states", "total", "whole"]

_LOW, _HIGH = np.uint8(15), np.uint8(4)  # a byte's low half, and where its high half begins


def count_groups(
    codes: NDArray[np.uint8], start: int, stop: int, groups: Sums
) -> NDArray[np.uint8]:
    """How many of each group are yes, and yes or open, both in one byte, in the rows from `start`
    to `stop`: for `add_up` only.
    """
    counts = np.empty((len(groups), stop - start), dtype=np.uint8)
    for both, columns in zip(counts, groups.terms, strict=True):
        both[:] = codes[columns[0], start:stop]
        for column in columns[1:]:
            both += codes[column, start:stop]
    return counts


def add_up(counts: NDArray[np.uint8], sums: Sums, ends: int = 2) -> NDArray[Any]:
    """Sums over what `count_groups` gave:

    (ends, sums, rows), with one end for what is recorded alone.
    """
    rows = counts.shape[1]
    result = np.empty((ends, len(sums), rows), dtype=sums.dtype)
    given: NDArray[Any] | None = None
    for n, groups in enumerate(sums.terms):
        into = result[:, n]
        if sums.together[n]:  # half the additions: the halves are cut apart afterwards
            both = counts[groups[0]] if len(groups) == 1 else counts[groups[0]].copy()
            for group in groups[1:]:
                both += counts[group]
            np.bitwise_and(both, _LOW, out=into[0])
            if ends == 2:
                np.right_shift(both, _HIGH, out=into[1])
            continue
        if given is None:  # once for all sums: a group is part of several
            given = _given(counts, sums, ends)
        into[:] = given[groups[0]] if groups else 0
        for group in groups[1:]:
            into += given[group]
        if sums.caps:
            np.minimum(
                into, np.full(rows, sums.caps[n], dtype=sums.dtype), out=into
            )  # far quicker than with one number
    return result


def _given(counts: NDArray[np.uint8], sums: Sums, ends: int) -> NDArray[Any]:
    """What each group adds to a sum: (groups, ends, rows)."""
    given = np.empty((len(counts), ends, counts.shape[1]), dtype=sums.dtype)
    np.bitwise_and(counts, _LOW, out=given[:, 0])
    if ends == 2:
        np.right_shift(counts, _HIGH, out=given[:, 1])
    if sums.factors:
        given *= sums.times[:, None, None]
    return given


def total(amounts: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The sum of all dimensions (ends, dimensions, rows): (ends, rows)."""
    result: NDArray[Any] = amounts.sum(axis=1, dtype=dtype)
    return result


def whole(counts: NDArray[np.uint8], plan: Whole) -> NDArray[Any]:
    """Points in all, where facts count once and soft signs are capped together: (ends, rows)."""
    result: NDArray[Any]
    result, soft = add_up(counts, plan.plain).swapaxes(0, 1)
    for n in range(len(plan.telling)):
        telling, other = (_weightiest(counts, sums, n) for sums in (plan.telling, plan.soft))
        if other is None:
            result += 0 if telling is None else telling
        elif telling is None:
            soft += other
        else:
            counts_for = telling >= other
            result += telling * counts_for
            soft += other * ~counts_for
    result += np.minimum(soft, result.dtype.type(plan.most))
    return result


def _weightiest(counts: NDArray[np.uint8], sums: Sums, n: int) -> NDArray[Any] | None:
    """The most that a group of sum `n` gives, each counting once; None where it has none."""
    best: NDArray[Any] | None = None
    for group in sums.terms[n]:
        halves = np.stack([counts[group] & _LOW, counts[group] >> _HIGH])
        given = np.minimum(halves, np.uint8(1)) * sums.times[group]
        best = given if best is None else np.maximum(best, given, out=best)
    return best


def delphi(
    strong: NDArray[Any], medium: NDArray[Any], weak: NDArray[Any], linear: bool = False
) -> NDArray[np.uint8]:
    """The ILO/EC Delphi 2009 rule (`rules.delphi_positive`) on counts (2, ..., rows), as states
    (..., rows).

    `linear` allows the short form 16 strong + 8 medium + weak >= 17. It is exact while there are at
    most 8 weak signs (nine would pass for a medium and a weak one) and the sum fits the counts'
    type.
    """
    if linear:
        return states(strong * strong.dtype.type(16) + medium * medium.dtype.type(8) + weak >= 17)
    one_other = (strong >= 1) & (medium + weak >= 1)
    return states((strong >= 2) | one_other | (medium >= 3) | ((medium >= 2) & (weak >= 1)))


def dimensions(
    strong: NDArray[Any], medium: NDArray[Any], weak: NDArray[Any], linear: bool = False
) -> NDArray[np.uint8]:
    """YES where the Delphi rule is met now, else OPEN where any of these signs is open, else NO;
    shapes and `linear` as in `delphi`.
    """
    if linear:  # every open sign adds to one end of the sum only, so the ends tell it
        total = strong * strong.dtype.type(16) + medium * medium.dtype.type(8) + weak
        met, some_open = total[0] >= 17, total[0] != total[1]
    else:
        met = delphi(strong, medium, weak) & np.uint8(1) == 1
        some_open = (strong[0] != strong[1]) | (medium[0] != medium[1]) | (weak[0] != weak[1])
    return states(np.stack([met, met | some_open]))


def states(ends: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Both ends as one byte: YES when true now, OPEN when it could become true, else NO."""
    bits = ends.view(np.uint8)
    result: NDArray[np.uint8] = bits[0] + bits[1] * np.uint8(16)
    return result
