"""Which row of a table is its header: the one that has a column case_id, wherever it is among the
first rows.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["is_header"]


def is_header(cells: Sequence[str]) -> bool:
    """Whether these cells name the columns of a table of cases."""
    return any(_folded(cell) == "case_id" for cell in cells)


def _folded(cell: str) -> str:
    return "_".join(cell.strip().strip("\ufeff").casefold().split())
