"""Cells that a spreadsheet would run as a formula are made inert.

Frank about its limit: it protects the reader's spreadsheet, not a program that imports the file and
strips the apostrophe.
"""

from __future__ import annotations

__all__ = ["inert"]

_STARTS = ("=", "+", "-", "@", "|", "%", "\t", "\r")


def inert(cell: str) -> str:
    """The cell with an apostrophe in front when its first character could start a formula."""
    return "'" + cell if cell.startswith(_STARTS) else cell
