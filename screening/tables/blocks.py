"""Cases as blocks for the batch engine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from screening.answers import Case
from screening.checklist.model import Checklist
from screening.checklist.retired import read_case
from screening.scoring.block import AGE_UNKNOWN, CODES, OPEN, Block

__all__ = ["block_of"]


def block_of(cases: Sequence[Case], checklist: Checklist) -> Block:
    """The same cases side by side; answers to indicators of other lists are left out."""
    column = {indicator: n for n, indicator in enumerate(checklist.indicators)}
    codes = np.full((len(column), len(cases)), OPEN, dtype=np.uint8)
    for n, given in enumerate(cases):
        for indicator, response in read_case(given, checklist).answers.items():
            if indicator in column:
                codes[column[indicator], n] = CODES[response.answer]
    return Block(
        [case.case_id for case in cases],
        np.array([AGE_UNKNOWN if case.age is None else case.age for case in cases], dtype=np.int16),
        np.array([case.age_certain for case in cases], dtype=bool),
        codes,
    )
