"""Many cases side by side: what the readers hand to the batch engine.

One byte an answer, laid out indicator by indicator, so that a whole column is added in one sweep.
The bytes are chosen so that plain addition counts both ends of the range at once: the low half of
the byte counts yes, the high half counts yes-or-open (exact while no sum holds more than 15
columns; see `batch`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.answers import Answer, Truth, truth

__all__ = ["AGE_UNKNOWN", "CODES", "NO", "OPEN", "YES", "Block"]

NO, OPEN, YES = 0x00, 0x10, 0x11
AGE_UNKNOWN = -1

_BY_TRUTH = {Truth.FALSE: NO, Truth.OPEN: OPEN, Truth.TRUE: YES}
CODES: dict[Answer, int] = {answer: _BY_TRUTH[truth(answer)] for answer in Answer}


@dataclass(frozen=True)
class Block:
    """Some rows of a table of cases.

    case_ids : n ids
    age : int16 (n,), full years, `AGE_UNKNOWN` where not known
    certain : bool (n,), whether the age is certain
    codes : uint8 (indicators of the list in list order, n), C-contiguous, each byte NO, OPEN or YES
    kept : columns of text (n,) by name, carried to the results and never scored
    """

    case_ids: Sequence[str]
    age: NDArray[np.int16]
    certain: NDArray[np.bool_]
    codes: NDArray[np.uint8]
    kept: Mapping[str, Any] = field(default_factory=dict)
