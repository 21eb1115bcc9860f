"""XLSX: which sheet holds the table, and the table row by row.

Values only: no formulas, macros, links or document types.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from screening.errors import CaseError, Notice, ScreeningError, UsageError, mark, nearest, quote
from screening.files.csvtext import TITLES
from screening.files.text import unreadable
from screening.tables.arrow import of_texts
from screening.tables.book import Book, SheetPart, open_book
from screening.tables.booksheet import Merged, Row, SheetRows, coordinate, merged_in
from screening.tables.headrow import is_header
from screening.tables.table import Table

__all__ = ["Sheet", "XlsxTable", "read_sheet", "read_sheets"]

_ROWS = 4096  # of a batch
_CELLS, _LETTERS = 1 << 20, 4 << 20  # of a batch
_HEAD = 8 << 20  # bytes of a sheet in which its header is looked for
_BY_VALUE = ("age", "age_certain", "birth_date", "met_on", "answer")  # not as a format shows them


class _Head(NamedTuple):
    """The beginning of a sheet: its header, or its first row where none is one, how many rows are
    above it, and what is wrong with it.
    """

    sheet: SheetPart
    row: Row | None
    found: bool
    titles: int
    fault: ScreeningError | None = None

    @property
    def filled(self) -> bool:
        return self.row is not None or self.fault is not None


class XlsxTable(Table):
    """The sheet of a workbook that has a column case_id, or the one that is asked for.

    Blank rows, and what is above the header, are passed over.

    Raises
    ------
    CaseError : C201, C202, C204, C205, C206 (a formula with its cell), C207, C208, and what the
        cells raise
    UsageError : U305 a sheet that is not there
    """

    def read_header(self) -> Sequence[str]:
        self._numbers: array[int] = array("l")
        with open_book(self.path) as book:
            heads = [_head(book, sheet, is_header) for sheet in book.sheets]
            head, unread = chosen(heads, self.name, self.reading.sheet)
            if head.fault is not None:
                raise head.fault
            if head.row is None:
                raise CaseError("C201.sheet_empty", place=self.name, title=head.sheet.title)
            self._sheet, self._header_row = head.sheet.title, head.row.number
            self.header_place = f"row {self._header_row}"
            header = head.row.texts(head.row.width)
            named = {n for n, name in enumerate(header) if name.strip()}
            self._merged = _anchors(merged_in(book, head.sheet.part), head.row, named, self.name)
        if unread:
            self.warnings.append(
                Notice(
                    self.name,
                    mark("only the sheet {sheet!r} is read, not {others}"),
                    sheet=self._sheet,
                    others=", ".join(map(quote, unread)),
                )
            )
        if head.titles:
            self.warnings.append(
                Notice(
                    f"{self.name}, {self.header_place}",
                    mark("the header is here; what is above it is not read"),
                )
            )
        return header

    def row(self, n: int) -> int:
        return self._numbers[n]

    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        width, held, letters = len(self.header), list[list[str]](), 0
        by_value = {self.layout.own[k] for k in _BY_VALUE if k in self.layout.own}
        by_value |= set(self.layout.indicators.values())
        seen = [c for c in columns if c not in by_value]
        self._numbers = array("l")
        with open_book(self.path) as book:
            part = next(s.part for s in book.sheets if s.title == self._sheet)
            for row in SheetRows(book, part, self.name):
                if row.number <= self._header_row:
                    continue
                if row.width > width:
                    self._nothing_beyond(row, width)
                for merged in self._merged.get(row.number, ()):
                    _refuse_merged(row, merged, self.name)
                for c in seen:
                    if c in row.formats:
                        row.cells[c] = row.shown(c)
                cells = [row.cells.get(c, "") for c in columns]
                self._numbers.append(row.number)
                held.append(cells)
                letters += sum(map(len, cells))
                full = len(held) == _ROWS or len(held) * len(columns) > _CELLS
                if full or letters > _LETTERS:
                    yield _batch(held, columns)
                    held, letters = [], 0
            if held:
                yield _batch(held, columns)

    def _nothing_beyond(self, row: Row, width: int) -> None:
        for column in sorted(row.cells):
            if column >= width and row.cells[column].strip():
                where = f"row {row.number}, cell {coordinate(column, row.number)}"
                raise CaseError(
                    "C208.cell_beyond_header", place=f"{self.name}, {where}", width=width
                )


def _head(book: Book, sheet: SheetPart, is_head: Callable[[Sequence[str]], bool]) -> _Head:
    """What the first rows of a sheet tell."""
    first: Row | None = None
    try:
        for n, row in enumerate(SheetRows(book, sheet.part, book.name, _HEAD)):
            if is_head(row.texts(row.width)):
                return _Head(sheet, row, True, n)
            first = first or row
            if n + 1 == TITLES:
                break
    except ScreeningError as error:  # told where this is the sheet that is read
        return _Head(sheet, first, False, 0, error)
    return _Head(sheet, first, False, 0)


def chosen(heads: Sequence[_Head], name: str, wanted: str | None) -> tuple[_Head, list[str]]:
    """The sheet that is read: the one that is asked for, or the one that has a column case_id; and
    the titles of those that are not read.
    """
    if wanted is not None:
        return _asked(heads, wanted, name), []
    cases = [head for head in heads if head.found]
    if len(cases) > 1:
        sheets = [quote(head.sheet.title) for head in cases]
        raise CaseError("C207.sheets_alike", place=name, sheets=sheets)
    if cases and cases[0].sheet.state != "visible":
        raise CaseError("C201.hidden_sheet", place=name, title=cases[0].sheet.title)
    visible = [head for head in heads if head.sheet.state == "visible"]
    if not visible:
        raise CaseError("C201.no_visible_sheet", place=name)
    head = (cases or [head for head in visible if head.filled] or visible)[0]
    return head, [h.sheet.title for h in heads if h.filled and h is not head]


def _asked(heads: Sequence[_Head], wanted: str, name: str) -> _Head:
    key = " ".join(wanted.split()).casefold()
    for head in heads:
        if " ".join(head.sheet.title.split()).casefold() == key:
            return head
    titles = [head.sheet.title for head in heads]
    near, sheets = nearest(wanted, titles), [quote(title) for title in titles]
    raise UsageError("U305.sheet_unknown", place=name, near=near, sheet=wanted, sheets=sheets)


# -- merged cells ----------------------------------------------------------------------------------


def _anchors(
    merged: Iterable[Merged], header: Row, named: set[int], place: str
) -> dict[int, list[Merged]]:
    """The merged cells of the rows below the header, by their first row; those that reach from the
    header into the rows are refused.
    """
    found: dict[int, list[Merged]] = {}
    for cells in merged:
        if cells.bottom > header.number and not named.isdisjoint(
            range(cells.left, min(cells.right, max(named, default=0)) + 1)
        ):
            if cells.top <= header.number:
                raise _merged_cells(cells, place)
            found.setdefault(cells.top, []).append(cells)
    return found


def _refuse_merged(row: Row, merged: Merged, place: str) -> None:
    """Whom a value in merged cells is about is not certain. Without a value, nothing is lost."""
    if row.cells.get(merged.left, "").strip():
        raise _merged_cells(merged, place)


def _merged_cells(merged: Merged, place: str) -> CaseError:
    first = coordinate(merged.left, merged.top)
    cells = f"{first}:{coordinate(merged.right, merged.bottom)}"
    return CaseError(
        "C208.cells_merged", place=f"{place}, row {merged.top}, cell {first}", cells=cells
    )


# -- small workbooks, read whole -------------------------------------------------------------------


class Sheet(NamedTuple):
    """A sheet of a workbook: its rows that are not blank, with their numbers, from the header on;
    `shown` says whether a person sees it.
    """

    title: str
    shown: bool
    rows: list[tuple[int, list[str]]]


def read_sheets(
    path: Path,
    is_head: Callable[[Sequence[str]], bool] = any,
    *,
    as_shown: bool = False,
    most: int = 1 << 26,
) -> list[Sheet]:
    """All sheets of a workbook that is small enough to hold.

    Parameters
    ----------
    is_head : whether cells are a header; what is above it is left out. Where no row is one, the
        first row that is not blank stands for it
    as_shown : numbers as their format shows them: 4.1 in the format 0.00 is 4.10

    Raises
    ------
    CaseError, UsageError : as in `XlsxTable`; C205 above `most` bytes
    """
    try:
        if path.stat().st_size > most:
            raise CaseError("C205.form_too_large", place=path.name, most=most >> 20)
    except OSError as error:
        raise unreadable(path, error) from None
    with open_book(path) as book:
        return [
            Sheet(sheet.title, sheet.state == "visible", _rows(book, sheet, is_head, as_shown))
            for sheet in book.sheets
        ]


def read_sheet(path: Path) -> list[tuple[int, list[str]]]:
    """The rows of the sheet that has a column case_id, from its header on, with their numbers.

    Parameters and errors as in `XlsxTable`.
    """
    with open_book(path) as book:
        heads = [_head(book, sheet, is_header) for sheet in book.sheets]
        head, _ = chosen(heads, path.name, None)
        return _rows(book, head.sheet, is_header, as_shown=True)


def _rows(
    book: Book, sheet: SheetPart, is_head: Callable[[Sequence[str]], bool], as_shown: bool
) -> list[tuple[int, list[str]]]:
    place = f"{book.name}, sheet {sheet.title}"
    rows = list(SheetRows(book, sheet.part, place))
    first = next((n for n, row in enumerate(rows[:TITLES]) if is_head(row.texts(row.width))), 0)
    merged: dict[int, list[Merged]] = {}
    if rows:
        header = rows[first]
        merged = _anchors(merged_in(book, sheet.part), header, set(header.cells), place)
    found = []
    for row in rows[first:]:
        for cells in merged.get(row.number, ()):
            _refuse_merged(row, cells, place)
        found.append((row.number, row.texts(row.width, as_shown)))
    return found


def _batch(rows: list[list[str]], columns: Sequence[int]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [of_texts(c) for c in zip(*rows, strict=True)], names=[str(c) for c in columns]
    )
