"""What a table says that can be read and is probably not meant: told in one line each, once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from screening.errors import CaseError, Notice, mark
from screening.names import fold
from screening.tables.columns import Ids
from screening.values import AGE_CODES, doubtful_ages

if TYPE_CHECKING:
    from screening.tables.table import Table

__all__ = ["Strange"]

_FEW = 4096  # rows of which every id is looked at; of more, the last
_TOTALS = frozenset(
    {"total", "totals", "totali", "totale", "subtotal", "sum", "gjithsej", "shuma", "ukupno"}
    | {"suma", "zbir", "svega", "average", "mean", "mesatarja", "prosek", "count", "numri"}
    | {"укупно", "сума", "збир", "свега", "просек", "σ", "∑"}
)
_COUNTED = frozenset(  # what stands beside such a word
    {"grand", "of", "all", "cases", "case", "rows", "people", "persons", "children", "n", "i", "e"}
    | {"te", "se", "rasteve", "raste", "rasti", "personave", "femijeve", "slucajeva", "slucaja"}
    | {"predmeta", "osoba", "dece", "случајева", "предмета", "особа", "деце"}
)


class Strange:
    """What one reading of a table has met so far."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._aged, self._aged_in = 0, -1
        self._short, self._short_in = "", -1

    def ids(self, first: int, ids: Ids) -> None:
        """Note an id that a spreadsheet has written as a power of ten."""
        if ids.shortened is not None and not self._short:
            self._short, self._short_in = ids[ids.shortened], first + ids.shortened

    def ages(self, age: NDArray[np.int16], sure: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Rows whose age may be a code for "not known": nobody says that it is certain."""
        if not len(age) or age.max() < min(AGE_CODES):
            return np.zeros(len(age), dtype=bool)
        return np.isin(age, AGE_CODES) & ~sure

    def aged(self, first: int, doubt: NDArray[np.bool_]) -> None:
        """Count such rows."""
        if not self._aged:
            self._aged_in = first + int(doubt.argmax())
        self._aged += int(doubt.sum())

    def total_row(self, first: int, ids: Sequence[str], bare: Callable[[int], bool]) -> None:
        """`C210` for a row that adds up a column, and is no person: an id that says so; with a
        number in it, only where nothing else is said.

        bare : whether nothing is said in a row but the id
        """
        n = len(ids)
        for row in range(n) if n <= _FEW else (n - 1,):
            text = ids[row]
            words = set(re.sub(r"[^\w ∑]|\d", "", fold(text)).split())
            if not words & _TOTALS or not words <= _TOTALS | _COUNTED:
                continue
            if not re.search(r"\d", text) or bare(row):
                place = self.table.place(first + row)
                raise CaseError("C210.total_row", place=place, case_id=text)

    def tell(self) -> None:
        """Warn of all that was met; when the table has been read."""
        if self._aged:
            self.table.warn(doubtful_ages(self.table.place(self._aged_in), self._aged))
        if self._short:
            self.table.warn(
                Notice(
                    self.table.place(self._short_in),
                    mark(
                        "id {id!r} looks like a number that a spreadsheet has shortened; two people"
                        " may have been given one id. Format the column as text and enter the ids"
                        " again"
                    ),
                    id=self._short,
                )
            )
