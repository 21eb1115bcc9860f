"""The inner loops of `kernel`, compiled by numba: the same functions, the same results, less memory
traffic.

Loops run over rows innermost and touch bytes in order, which is what lets the compiler use the
processor's widest registers. Compiled code is kept beside this file, or in the user's cache folder,
or - where neither can be written - for this process only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from screening.scoring.plan import Sums, Whole

__all__ = ["add_up", "count_groups", "delphi", "dimensions", "total", "whole"]


def _compiled(loop: Callable[..., None]) -> Callable[..., None]:
    try:
        return numba.njit(nogil=True, cache=True)(loop)
    except RuntimeError:  # no folder that can be written
        return numba.njit(nogil=True)(loop)


def count_groups(
    codes: NDArray[np.uint8], start: int, stop: int, groups: Sums
) -> NDArray[np.uint8]:
    """How many of each group are yes, and yes or open, in the rows from `start` to `stop`: for
    `add_up` only.
    """
    counts = np.empty(
        (len(groups), stop - start), dtype=np.uint8
    )  # both in one byte; cutting them apart is left to the next loop
    _count_groups(codes, start, groups.starts, groups.rows, counts)
    return counts


def add_up(counts: NDArray[np.uint8], sums: Sums, ends: int = 2) -> NDArray[Any]:
    """Sums over what `count_groups` gave: (ends, sums, rows)."""
    result = np.empty((ends, len(sums), counts.shape[1]), dtype=sums.dtype)
    shape = (sums.starts, sums.rows, sums.together, sums.single)
    _add_up(counts, shape, sums.times, sums.most, result)
    return result


def total(amounts: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The sum of all dimensions (ends, dimensions, rows): (ends, rows)."""
    result = np.empty((amounts.shape[0], amounts.shape[2]), dtype=dtype)
    _total(amounts, result)
    return result


def whole(counts: NDArray[np.uint8], plan: Whole) -> NDArray[Any]:
    """Points in all, where facts count once and soft signs are capped together: (ends, rows)."""
    parts = add_up(counts, plan.plain)
    result = np.empty((2, counts.shape[1]), dtype=parts.dtype)
    telling, soft = plan.telling, plan.soft
    _whole(
        counts,
        parts,
        (telling.starts, telling.rows, telling.times),
        (soft.starts, soft.rows, soft.times),
        parts.dtype.type(plan.most),
        result,
    )
    return result


def delphi(
    strong: NDArray[Any], medium: NDArray[Any], weak: NDArray[Any], linear: bool = False
) -> NDArray[np.uint8]:
    """The ILO/EC Delphi 2009 rule (`rules.delphi_positive`) on counts (2, ..., rows), as states
    (..., rows).
    """
    result = np.empty(strong.shape[1:], dtype=np.uint8)
    shape = (2, -1, strong.shape[-1])
    _delphi(
        strong.reshape(shape), medium.reshape(shape), weak.reshape(shape), result.reshape(shape[1:])
    )  # `linear` would gain nothing here
    return result


def dimensions(
    strong: NDArray[Any], medium: NDArray[Any], weak: NDArray[Any], linear: bool = False
) -> NDArray[np.uint8]:
    """YES where the Delphi rule is met now, else OPEN where any of these signs is open, else NO."""
    result = np.empty(strong.shape[1:], dtype=np.uint8)
    _dimensions(strong, medium, weak, result)
    return result


@_compiled
def _count_groups(codes, start, starts, columns, counts):
    for group in range(counts.shape[0]):
        into = counts[group]
        first, stop = starts[group], starts[group + 1]
        odd = (
            stop - first - 1
        ) % 3 + 1  # one to three columns first, then three at a time: the sum stays in a register
        a = codes[columns[first], start:]
        b = codes[columns[min(first + 1, stop - 1)], start:]
        c = codes[columns[min(first + 2, stop - 1)], start:]
        if odd == 1:
            for i in range(len(into)):
                into[i] = a[i]
        elif odd == 2:
            for i in range(len(into)):
                into[i] = a[i] + b[i]
        else:
            for i in range(len(into)):
                into[i] = a[i] + b[i] + c[i]
        for term in range(first + odd, stop, 3):
            a, b, c = (
                codes[columns[term], start:],
                codes[columns[term + 1], start:],
                codes[columns[term + 2], start:],
            )
            for i in range(len(into)):
                into[i] += a[i] + b[i] + c[i]


@_compiled
def _add_up(counts, shape, factors, most, result):
    starts, groups, together, single = shape
    ends, sums, rows = result.shape
    low_half, half, one = np.uint8(15), np.uint8(4), result.dtype.type(1)
    for s in range(sums):
        low, high = (
            result[0, s],
            result[ends - 1, s],
        )  # with one end asked for, the same: only `low` is written then
        first, stop = starts[s], starts[s + 1]
        if together[s]:  # few enough to add both halves at once, and to cut them apart at the end
            both = counts[groups[first]]
            for i in range(rows):
                low[i] = both[i]
            for term in range(first + 1, stop):
                both = counts[groups[term]]
                for i in range(rows):
                    low[i] += both[i]
            if ends == 2:
                for i in range(rows):
                    high[i] = low[i] >> half
            for i in range(rows):
                low[i] &= low_half
            continue
        low[:] = 0
        if ends == 2:
            high[:] = 0
        for term in range(first, stop):
            both = counts[groups[term]]
            factor = factors[groups[term]] if len(factors) else one
            # 0 or 1 at both ends: to choose is quicker than to multiply
            if len(factors) and single[groups[term]]:
                if ends == 2:
                    for i in range(rows):
                        low[i] += factor if both[i] & low_half else 0
                        high[i] += factor if both[i] else 0
                else:
                    for i in range(rows):
                        low[i] += factor if both[i] & low_half else 0
            elif ends == 2:
                for i in range(rows):
                    low[i] += (both[i] & low_half) * factor
                    high[i] += (both[i] >> half) * factor
            else:
                for i in range(rows):
                    low[i] += (both[i] & low_half) * factor
        if len(most):
            cap = most[s]
            for i in range(rows):
                low[i] = min(low[i], cap)
                high[i] = min(high[i], cap)


@_compiled
def _total(amounts, result):
    for end in range(result.shape[0]):
        into = result[end]
        into[:] = 0
        for d in range(amounts.shape[1]):
            more = amounts[end, d]
            for i in range(len(into)):
                into[i] += more[i]


@_compiled
def _whole(counts, parts, telling, soft, most, result):
    low_half, half, nothing = np.uint8(15), np.uint8(4), most - most
    starts, groups, factors = telling
    soft_starts, soft_groups, soft_factors = soft
    for end in range(2):
        plain, other, into = parts[end, 0], parts[end, 1], result[end]
        for i in range(len(into)):
            into[i] = plain[i]
            capped = other[i]
            for fact in range(len(starts) - 1):
                best, best_soft = nothing, nothing
                for term in range(starts[fact], starts[fact + 1]):
                    both = counts[groups[term], i]
                    if (both >> half) if end else (both & low_half):
                        best = max(best, factors[groups[term]])
                for term in range(soft_starts[fact], soft_starts[fact + 1]):
                    both = counts[soft_groups[term], i]
                    if (both >> half) if end else (both & low_half):
                        best_soft = max(best_soft, soft_factors[soft_groups[term]])
                if best >= best_soft:
                    into[i] += best
                else:
                    capped += best_soft
            into[i] += min(capped, most)


@_compiled
def _delphi(strong, medium, weak, result):
    for d in range(result.shape[0]):
        out = result[d]
        s, m, w = strong[0, d], medium[0, d], weak[0, d]
        s_high, m_high, w_high = strong[1, d], medium[1, d], weak[1, d]
        for i in range(out.shape[0]):
            low = (
                (s[i] >= 2)
                | ((s[i] >= 1) & ((m[i] | w[i]) >= 1))
                | (m[i] >= 3)
                | ((m[i] >= 2) & (w[i] >= 1))
            )
            high = (
                (s_high[i] >= 2)
                | ((s_high[i] >= 1) & ((m_high[i] | w_high[i]) >= 1))
                | (m_high[i] >= 3)
                | ((m_high[i] >= 2) & (w_high[i] >= 1))
            )
            out[i] = np.uint8(low) + np.uint8(high) * np.uint8(16)


@_compiled
def _dimensions(strong, medium, weak, result):
    for d in range(result.shape[0]):
        out = result[d]
        s, m, w = strong[0, d], medium[0, d], weak[0, d]
        s_high, m_high, w_high = strong[1, d], medium[1, d], weak[1, d]
        for i in range(out.shape[0]):
            met = (
                (s[i] >= 2)
                | ((s[i] >= 1) & ((m[i] | w[i]) >= 1))
                | (m[i] >= 3)
                | ((m[i] >= 2) & (w[i] >= 1))
            )
            some_open = (s[i] != s_high[i]) | (m[i] != m_high[i]) | (w[i] != w_high[i])
            out[i] = np.uint8(met) + np.uint8(met | some_open) * np.uint8(16)
