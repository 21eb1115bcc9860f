"""The inner loops of `kernel`, compiled by numba: the same three functions, the same results, less memory traffic.

Loops run over rows innermost and touch bytes in order, which is what lets the compiler use the processor's widest
registers. Compiled code is kept beside this file, or in the user's cache folder, or - where neither can be written -
for this process only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from screening.scoring.plan import Sums

__all__ = ["add_up", "count_groups", "delphi"]


def _compiled(loop: Callable[..., None]) -> Callable[..., None]:
    try:
        return numba.njit(nogil=True, cache=True)(loop)  # type: ignore[no-any-return]
    except RuntimeError:  # no folder that can be written
        return numba.njit(nogil=True)(loop)  # type: ignore[no-any-return]


def count_groups(codes: NDArray[np.uint8], start: int, stop: int, groups: Sums) -> NDArray[np.uint8]:
    """How many of each group are yes, and yes or open, in the rows from `start` to `stop`: uint8 (2, groups, rows)."""
    counts = np.empty((2, len(groups), stop - start), dtype=np.uint8)
    _count_groups(codes, start, groups.starts, groups.rows, counts)
    return counts


def add_up(counts: NDArray[np.uint8], sums: Sums) -> NDArray[Any]:
    """Sums over group counts (ends, groups, rows) as (ends, sums, rows)."""
    result = np.empty((counts.shape[0], len(sums), counts.shape[2]), dtype=sums.dtype)
    _add_up(counts, sums.starts, sums.rows, sums.factors, sums.most, result)
    return result


def delphi(strong: NDArray[Any], medium: NDArray[Any], weak: NDArray[Any], linear: bool = False) -> NDArray[np.uint8]:
    """The ILO/EC Delphi 2009 rule (`rules.delphi_positive`) on counts (2, ..., rows), as states (..., rows)."""
    result = np.empty(strong.shape[1:], dtype=np.uint8)
    shape = (2, -1, strong.shape[-1])
    _delphi(strong.reshape(shape), medium.reshape(shape), weak.reshape(shape), result.reshape(shape[1:]))
    return result


@_compiled
def _count_groups(codes, start, starts, columns, counts):  # type: ignore[no-untyped-def]
    rows = counts.shape[2]
    both = np.empty(rows, np.uint8)
    for group in range(counts.shape[1]):
        column = codes[columns[starts[group]], start:start + rows]
        for i in range(rows):
            both[i] = column[i]
        for term in range(starts[group] + 1, starts[group + 1]):
            column = codes[columns[term], start:start + rows]
            for i in range(rows):
                both[i] += column[i]
        yes, possible = counts[0, group], counts[1, group]
        for i in range(rows):
            yes[i] = both[i] & np.uint8(15)
            possible[i] = both[i] >> np.uint8(4)


@_compiled
def _add_up(counts, starts, groups, factors, most, result):  # type: ignore[no-untyped-def]
    ends, sums, rows = result.shape
    for end in range(ends):
        for s in range(sums):
            into = result[end, s]
            for i in range(rows):
                into[i] = 0
            for term in range(starts[s], starts[s + 1]):
                count, factor = counts[end, groups[term]], factors[term]
                for i in range(rows):
                    into[i] += count[i] * factor
            if len(most):
                cap = most[s]
                for i in range(rows):
                    into[i] = min(into[i], cap)


@_compiled
def _delphi(strong, medium, weak, result):  # type: ignore[no-untyped-def]
    for d in range(result.shape[0]):
        out = result[d]
        for end in range(2):
            s, m, w = strong[end, d], medium[end, d], weak[end, d]
            code = np.uint8(1 if end == 0 else 16)
            for i in range(out.shape[0]):
                holds = (s[i] >= 2) | ((s[i] >= 1) & (m[i] + w[i] >= 1)) | (m[i] >= 3) | ((m[i] >= 2) & (w[i] >= 1))
                out[i] = np.uint8(holds) * code + (np.uint8(0) if end == 0 else out[i])
