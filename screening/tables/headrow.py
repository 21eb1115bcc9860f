"""Which row of a table is its header: the one that has a column case_id, wherever it is among the
first rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from screening.languages import column_words
from screening.names import Names

__all__ = ["is_header"]


_NAMES = Names(["case_id"], column_words())


def is_header(cells: Sequence[str]) -> bool:
    """Whether these cells name the columns of a table of cases."""
    return any(_NAMES.of(cell) or _NAMES.in_group(cell)[0] for cell in cells)
