"""Cells that a spreadsheet would run as a formula are made inert.

A program that opens a table may look past blanks and signs that nobody sees before it decides that
a cell is a formula, and East Asian keyboards write the signs at full width. So the rule looks at
the first sign that a person sees.

What a country separates cells with (`;`, `,`, a tab) may stand within a cell of a table that was
written with another: there the rest of the cell becomes a cell of its own, and is held to the same
rule.

Frank about its limits: it protects the reader's spreadsheet, not a program that imports the file
and strips the apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["RISKY", "csv_text", "inert"]

# Controls, blanks, zero-width and direction marks, fillers, variation selectors, tags: what can
# stand before a sign and is not seen. Written out, so that Python's and Arrow's expressions agree.
_UNSEEN = (
    "\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SIGNS = r"=+\-@|%" + "＝＋－＠｜％" + "﹦﹢﹣﹫﹪"  # as typed, at full width, small
_WITHIN = f"[;,\t\r\n][{_UNSEEN}]*[{_SIGNS}]"
RISKY = f"^(?:[\t\r\n]|[{_UNSEEN}]*[{_SIGNS}])|{_WITHIN}"
# The beginning of such a cell, whether or not it was made inert before
_FIRST = re.compile(f"'?(?:[{_UNSEEN}]*[{_SIGNS}]|[\t\r\n])")
_INNER = re.compile(f"([;,\t\r\n][{_UNSEEN}]*)(?=[{_SIGNS}])")


def inert(cell: str) -> str:
    """The cell with an apostrophe in front of what a spreadsheet might take for a formula."""
    first = _FIRST.match(cell)
    if first is None:
        return _INNER.sub(r"\1'", cell)
    made = first.group() + _INNER.sub(r"\1'", cell[first.end() :])
    return made if made.startswith("'") else "'" + made


def csv_text(rows: Iterable[Sequence[Any]], separator: str = ",") -> str:
    """Rows as CSV to hand out: text made inert, numbers as they are, nothing for None."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(
        [inert(c) if isinstance(c, str) else c for c in row] for row in rows
    )
    return out.getvalue()
