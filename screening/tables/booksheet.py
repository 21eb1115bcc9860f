"""The rows of a sheet, by the references of their cells.

A row or a cell that is not where the sheet says is never read as another one: it is refused. So
are formulas, and cells that were merged, where it is not certain whom the value is about.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from screening.errors import CaseError, ScreeningError
from screening.tables.book import CHUNK, Book, damaged, names_of, parse
from screening.tables.booknumbers import plain, shown

__all__ = ["Merged", "Row", "SheetRows", "coordinate", "merged_in"]

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet
_CELL = 1 << 20  # characters; spreadsheet programs hold 32,767
_ROW = 4 << 20  # characters of a row
_IDLE = 128 << 20  # bytes of a sheet besides what its cells can explain
_PER_CELL = 400  # bytes of XML that a cell with a value may take besides its text
_MERGES = 1 << 18
_MERGE = re.compile(
    rb"mergeCell\s[^<>]*?\bref\s*=\s*[\"']\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})[\"']"
)
_ESCAPED = re.compile("_x(00[0-9A-Fa-f]{2}|(?!d[89a-f])[0-9A-Fa-f]{4})_", re.IGNORECASE)
_SPOT = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class Merged(NamedTuple):
    """Cells that were made one; rows count from 1 and columns from 0, the last ones included."""

    top: int
    bottom: int
    left: int
    right: int


class Row(NamedTuple):
    """Number, and the text of the cells that have one, by column; the number formats of numbers."""

    number: int
    cells: dict[int, str]
    formats: dict[int, str]

    def shown(self, column: int) -> str:
        """A cell as a person sees it: 7 in the format 000 is 007."""
        text, code = self.cells.get(column, ""), self.formats.get(column)
        return shown(text, code) if code else text

    def texts(self, width: int, as_shown: bool = False) -> list[str]:
        """The cells from the first column on."""
        if as_shown:
            return [self.shown(n) for n in range(width)]
        return [self.cells.get(n, "") for n in range(width)]

    @property
    def width(self) -> int:
        return max(self.cells, default=-1) + 1


def column_of(letters: str) -> int:
    """A column by its letters; A is 0."""
    found = 0
    for sign in letters:
        found = 26 * found + ord(sign) - 64
    return found - 1


def coordinate(column: int, row: int) -> str:
    """A cell as a person names it."""
    from screening.tables.layout import letter

    return f"{letter(column)}{row}"


def merged_in(book: Book, part: zipfile.ZipInfo) -> list[Merged]:
    """The merged cells of a sheet. They stand after its rows, so that it is unpacked to its end
    once; damage shows here already.
    """
    found: list[Merged] = []
    tail = b""
    try:
        with book.archive.open(part) as file:
            while chunk := file.read(16 * CHUNK):
                if b"mergeCell" in (window := tail + chunk):
                    for left, top, right, bottom in _MERGE.findall(window):
                        rows = sorted((int(top), int(bottom)))
                        columns = sorted((column_of(left.decode()), column_of(right.decode())))
                        found.append(Merged(*rows, *columns))
                tail = window[-512:]
                if len(found) > _MERGES:
                    raise CaseError("C205.part_too_large", place=book.name, part=part.filename)
    except ScreeningError:
        raise
    except Exception as error:  # zlib's own, and what a broken archive makes zipfile stumble over
        raise damaged(f"{book.name}, {part.filename}", error) from None
    return sorted(set(found))


class SheetRows:
    """The rows of a sheet that have anything in them, some at a time.

    most : bytes of XML after which no more is read; all without it

    Raises
    ------
    CaseError : C204 damaged, or rows or cells that are out of order or there twice, C205 more than
        a sheet can hold, C206 a formula, with its cell
    """

    def __init__(
        self, book: Book, part: zipfile.ZipInfo, place: str, most: int | None = None
    ) -> None:
        self._book, self._part, self._place, self._most = book, part, place, most
        self._kinds = names_of("row", "c", "v", "t", "f", "rPh")
        self._done: list[Row] = []
        self._columns: dict[str, int] = {}
        self._number = self._cells = self._letters = 0
        self._cell: tuple[int, str, str] | None = None  # column, type and style
        self._value: list[str] = []
        self._wanted = self._silent = self._formula = self._inside = False
        self._row: dict[int, str] = {}
        self._codes: dict[int, str] = {}
        self._next = self._size = 0

    def __iter__(self) -> Iterator[Row]:
        for read in parse(self._book, self._part, self._start, self._end, self._text):
            if read > _IDLE + _PER_CELL * self._cells + self._letters:
                raise CaseError(
                    "C205.part_too_large", place=self._book.name, part=self._part.filename
                )
            yield from self._done
            self._done.clear()
            if self._most is not None and read > self._most:
                return

    # -- what the parser calls ---------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self._kinds.get(name)
        if kind == "c":
            if self._inside:
                self._begin_cell(attributes)
        elif kind == "v" or kind == "t":
            self._wanted = self._cell is not None and not self._silent
        elif kind == "row":
            self._begin_row(attributes.get("r"))
        elif kind == "f":
            self._formula = self._cell is not None
        elif kind == "rPh":
            self._silent = True

    def _text(self, data: str) -> None:
        if self._wanted:
            self._value.append(data)
            self._size += len(data)
            if self._size > _ROW:
                raise CaseError("C205.row_too_long", place=self._at(), block=_ROW >> 20)

    def _end(self, name: str) -> None:
        kind = self._kinds.get(name)
        if kind == "c":
            if self._cell is not None:
                self._end_cell(*self._cell)
                self._cell = None
        elif kind == "v" or kind == "t":
            self._wanted = False
        elif kind == "row":
            self._end_row()
        elif kind == "rPh":
            self._silent = False

    # -- rows and cells ----------------------------------------------------------------------------

    def _at(self) -> str:
        where = coordinate(self._cell[0], self._number) if self._cell else None
        return f"{self._place}, cell {where}" if where else f"{self._place}, row {self._number}"

    def _begin_row(self, given: str | None) -> None:
        number = self._number + 1
        if given is not None:
            if not (given.isascii() and given.isdigit()):
                raise damaged(f"{self._place}, after row {self._number}", f"row {given[:20]}")
            number = int(given[:20])
        if number > MOST_ROWS:
            raise CaseError("C205.too_many_rows", place=self._place, most_rows=MOST_ROWS)
        if number <= self._number or self._inside:
            raise CaseError(
                "C204.rows_out_of_order",
                place=f"{self._place}, row {number}",
                before=self._number,
            )
        self._number, self._inside = number, True
        self._row, self._codes = {}, {}
        self._next = self._size = 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        spot = attributes.get("r")
        if spot is None:
            column = self._next
        else:
            found = _SPOT.fullmatch(spot)
            if found is None or int(found[2]) != self._number:
                raise damaged(f"{self._place}, row {self._number}", f"cell {spot[:20]}")
            letters = found[1]
            column = self._columns.get(letters, -1)
            if column < 0:
                column = self._columns[letters] = column_of(letters)
        self._next = column + 1
        if column >= MOST_COLUMNS:
            raise damaged(f"{self._place}, row {self._number}", f"column {column + 1}")
        self._cell = (column, attributes.get("t", "n"), attributes.get("s", "0"))
        self._value.clear()
        self._formula = False

    def _end_cell(self, column: int, kind: str, style: str) -> None:
        if self._formula:
            raise CaseError("C206.formula", place=self._at())
        if not self._value:
            return
        try:
            text = self._meant("".join(self._value), column, kind, style)
        except (ValueError, IndexError, KeyError, ArithmeticError) as error:
            raise damaged(self._at(), error) from None
        if len(text) > _CELL:
            raise CaseError("C205.cell_too_long", place=self._at(), block=_CELL >> 20)
        if self._size > _ROW:
            raise CaseError("C205.row_too_long", place=self._at(), block=_ROW >> 20)
        if column in self._row:
            raise CaseError("C204.cell_twice", place=self._at())
        if text:
            self._row[column] = text
            self._cells += 1
            self._letters += len(text)

    def _meant(self, value: str, column: int, kind: str, style: str) -> str:
        """The text of a cell's value, by the kind of cell; `ValueError` and its like where the two
        do not go together.
        """
        book = self._book
        if kind == "n":
            code = book.formats[int(style)] if book.formats else ""
            if code:
                self._codes[column] = code
            return plain(value, code, book.from_1904)
        if kind == "b":
            return {"1": "true", "0": "false"}[value.strip()]
        if kind == "s":
            value = book.texts[_place_of(value)]
            self._size += len(value)
        elif kind == "d":
            value = value.removesuffix("T00:00:00")
        if "_x" in value:
            value = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), value)
        return value

    def _end_row(self) -> None:
        self._inside = False
        if any(text.strip() for text in self._row.values()):
            self._done.append(Row(self._number, self._row, self._codes))


def _place_of(number: str) -> int:
    """A place among the shared texts; none is counted from the end."""
    if number.startswith("-"):
        raise IndexError(number)
    return int(number)
