"""XLSX: one sheet, row by row, after the archive has been looked over.

Values only: no formulas, macros, links or DTDs.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from screening.errors import CaseError, ScreeningError, quote
from screening.files.text import unreadable
from screening.tables.arrow import of_texts
from screening.tables.layout import letter
from screening.tables.table import Table

__all__ = ["Sheet", "XlsxTable", "look_over", "open_sheet", "read_sheet", "read_sheets"]

_ROWS = 4096  # of a batch
_MOST_ROWS = 1_048_576  # of a sheet
_TOTAL = 6 << 30  # bytes of all parts unpacked
_PART = 256 << 20  # bytes of a part that is held in memory: all but the sheets
_RATIO = 200  # unpacked to packed, for parts of more than a MiB; sheets of answers come to 10 - 40
_PROLOG = 1 << 16
_ROOT = re.compile(rb"<[A-Za-z_]")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)


def look_over(path: Any, name: str) -> None:
    """Refuse an archive that no spreadsheet program would have written for a table of values.

    Raises
    ------
    CaseError : C202 no workbook or a locked one, C204 damaged, C205 a bomb, C206 macros, links,
        DTDs
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {p.filename.replace("\\", "/").lower().lstrip("/") for p in parts}
            _refuse_bomb(parts, name)
            if any(p.flag_bits & 1 for p in parts):
                raise CaseError("C202.archive_locked", place=name)
            if not any(n.startswith("xl/workbook") for n in names):
                raise CaseError("C202.zip_not_workbook", place=name)
            if any("vbaproject" in n or "/macrosheets/" in n for n in names):
                raise CaseError("C206.macros", place=name)
            if any(
                n.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/"))
                for n in names
            ):
                raise CaseError("C206.external_links", place=name)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        _refuse_dtd(file.read(_PROLOG), f"{name}, {part.filename}")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise _damaged(name, error) from None
    except Exception as error:
        raise error if isinstance(error, ScreeningError) else _damaged(name, error) from None


def _refuse_bomb(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    if len(parts) > 10_000 or sum(p.file_size for p in parts) > _TOTAL:
        raise CaseError("C205.unpacked_too_large", place=name)
    for p in parts:
        sheet = p.filename.lower().startswith("xl/worksheets/")
        if p.file_size > 1 << 20 and p.file_size > _RATIO * max(p.compress_size, 1):
            raise CaseError(
                "C205.part_inflates",
                place=name,
                part=p.filename,
                ratio=p.file_size // max(p.compress_size, 1),
            )
        if not sheet and p.file_size > _PART:
            raise CaseError("C205.part_too_large", place=name, part=p.filename)


def _refuse_dtd(head: bytes, place: str) -> None:
    declared = _ENCODING.search(head[:200])
    if b"\0" in head or (declared and declared.group(1).lower() not in (b"utf-8", b"us-ascii")):
        raise CaseError("C202.xml_not_utf8", place=place)
    root = _ROOT.search(head)
    if b"<!" in re.sub(
        rb"<!--.*?-->", b"", head[: root.start() if root else None], flags=re.DOTALL
    ) or (root is None and len(head) == _PROLOG):
        raise CaseError("C206.xml_entities", place=place)


def _damaged(name: str, error: Exception) -> CaseError:
    return CaseError("C204.workbook_damaged", place=name, reason=type(error).__name__)


class XlsxTable(Table):
    """The first visible sheet of a workbook; its first row that is not blank is the header.

    Blank rows are passed over.

    Raises
    ------
    CaseError : C202, C204, C205, C206 (a formula with its cell), C207, C208, and what the cells
        raise
    """

    def read_header(self) -> Sequence[str]:
        look_over(self.path, self.name)
        self._numbers: array[int] = array("l")
        with open_sheet(self.path, self.name) as (title, others, rows):
            if others:
                self.warnings.append(
                    f"{self.name}: only the sheet {quote(title)} is read, not"
                    f" {', '.join(map(quote, others))}"
                )
            for number, cells in rows:
                while cells and cells[-1] == "":
                    cells.pop()
                self._header_row, self.header_place = number, f"row {number}"
                return cells
        raise CaseError("C201.sheet_empty", place=self.name, title=title)

    def row(self, n: int) -> int:
        return self._numbers[n]

    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        width, held = len(self.header), []
        self._numbers = array("l")
        with open_sheet(self.path, self.name) as (_, _, rows):
            for number, cells in rows:
                if number == self._header_row:
                    continue
                for extra in range(width, len(cells)):
                    if cells[extra]:
                        raise CaseError(
                            "C208.cell_beyond_header",
                            place=f"{self.name}, row {number}, cell {letter(extra)}{number}",
                            width=width,
                        )
                cells += [""] * (width - len(cells))
                self._numbers.append(number)
                held.append([cells[c] for c in columns])
                if len(held) == _ROWS:
                    yield _batch(held, columns)
                    held = []
            if held:
                yield _batch(held, columns)


@contextmanager
def open_sheet(
    path: Path, name: str
) -> Iterator[tuple[str, list[str], Iterator[tuple[int, list[str]]]]]:
    """The first visible sheet's title, the other sheets', and its rows that are not blank, as text.

    Look it over first.
    """
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # openpyxl speaks of styles and validations, which do not matter here
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl lets through whatever a broken part makes it stumble over
        raise error if isinstance(error, ScreeningError) else _damaged(name, error) from None
    try:
        sheets = [s for s in book.worksheets if s.sheet_state == "visible"]
        if not sheets:
            raise CaseError("C201.no_visible_sheet", place=name)
        yield sheets[0].title, [s.title for s in sheets[1:]], _rows(sheets[0], name)
    finally:
        book.close()


def read_sheet(path: Path) -> list[tuple[int, list[str]]]:
    """All rows of a workbook that is small enough to hold, with their numbers.

    Errors as in `XlsxTable`.
    """
    try:
        with path.open("rb") as file:
            look_over(file, path.name)
    except OSError as error:
        raise unreadable(path, error) from None
    with open_sheet(path, path.name) as (_, _, rows):
        return list(rows)


class Sheet(NamedTuple):
    """A sheet of a workbook: its rows that are not blank, with their numbers; `shown` says whether
    a person sees it.
    """

    title: str
    shown: bool
    rows: list[tuple[int, list[str]]]


def read_sheets(path: Path, most: int = 1 << 26) -> list[Sheet]:
    """All sheets of a workbook that is small enough to hold.

    Errors as in `XlsxTable`; C205 above `most` bytes.
    """
    import openpyxl

    try:
        if path.stat().st_size > most:
            raise CaseError("C205.form_too_large", place=path.name, most=most >> 20)
        with path.open("rb") as file:
            look_over(file, path.name)
    except OSError as error:
        raise unreadable(path, error) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # as in `open_sheet`
        raise error if isinstance(error, ScreeningError) else _damaged(path.name, error) from None
    try:
        return [
            Sheet(
                s.title, s.sheet_state == "visible", list(_rows(s, f"{path.name}, sheet {s.title}"))
            )
            for s in book.worksheets
        ]
    finally:
        book.close()


def _rows(sheet: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    number = 0
    try:
        for row in sheet.iter_rows():
            number += 1
            if number > _MOST_ROWS:
                raise CaseError("C205.too_many_rows", place=name, most_rows=_MOST_ROWS)
            cells = [_text(cell, name) for cell in row]
            if any(cells):
                yield number, cells
    except ScreeningError:
        raise
    except (
        Exception
    ) as error:  # as above; nothing in the loop is ours but `_text`, which raises only ours
        raise _damaged(f"{name}, after row {number}", error) from None


def _text(cell: Any, name: str) -> str:
    """A cell as the text a person sees in it; 1.0 is 1 and a day is YYYY-MM-DD."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise CaseError("C206.formula", place=f"{name}, cell {cell.coordinate}")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _batch(rows: list[list[str]], columns: Sequence[int]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [of_texts(c) for c in zip(*rows, strict=True)], names=[str(c) for c in columns]
    )
