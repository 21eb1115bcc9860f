"""Workbooks that people fill in: a bold header that stays in sight, wrapped text, and a ground of
their own for the cells to fill in.

The rows go through openpyxl's write-only sheets. What can be in them is a list's own text, so that
openpyxl may keep them in a temporary file until the workbook is saved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from screening.files.spreadsheet_safe import inert

__all__ = ["add_sheet", "new_book"]

_TO_FILL, _CLOSED = "FFF7E0", "DDDDDD"


def new_book() -> Any:
    """A workbook without a sheet."""
    import openpyxl

    return openpyxl.Workbook(write_only=True)


def add_sheet(
    book: Any,
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    *,
    widths: Sequence[int],
    freeze: str,
    fillable: Collection[int] = (),
    choices: str = "",
) -> None:
    """Add a sheet; nothing in it can run as a formula.

    Parameters
    ----------
    rows : text; None is a cell that is not to be filled in, greyed out
    widths : of the columns from the first on, in letters
    freeze : the first cell that moves when the sheet is scrolled, such as "B2"
    fillable : numbers of the columns to fill in, from 1
    choices : what the cells to fill in offer, as the formula of a data validation; only these cells
        can then be changed (no password). "" for free text anywhere
    """
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = freeze
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    if choices and rows:
        _choose(sheet, rows, fillable, choices)
    wrap, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    grounds = {c: PatternFill("solid", fgColor=c) for c in (_TO_FILL, _CLOSED)}

    def cell(text: str | None, n: int) -> Any:
        made = WriteOnlyCell(sheet, inert(text) if text else None)
        made.alignment = wrap
        made.number_format = "@"  # what is typed stays as it is typed: 4.2 is no day
        if text is None or n in fillable:
            made.fill = grounds[_CLOSED if text is None else _TO_FILL]
        if text is not None and n in fillable:
            made.protection = Protection(locked=False)
        if n in fillable:
            made.number_format = "@"  # text: 4.2 stays what was typed and never becomes a day
        return made

    titles = [cell(text, 0) for text in header]
    for made in titles:
        made.font = bold
    sheet.append(titles)
    for row in rows:
        sheet.append([cell(text, n) for n, text in enumerate(row, 1)])


def _choose(
    sheet: Any, rows: Sequence[Sequence[str | None]], fillable: Collection[int], choices: str
) -> None:
    """A list to choose from in each cell to fill in and in no other; the other cells are locked."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=False)
    for n in fillable:
        for first, last in _open_runs([row[n - 1] for row in rows]):
            rule.add(f"{get_column_letter(n)}{first + 2}:{get_column_letter(n)}{last + 2}")
    sheet.data_validations.append(rule)
    sheet.protection.sheet = True
    for free in ("formatColumns", "formatRows"):
        setattr(sheet.protection, free, False)  # what is False may be done


def _open_runs(cells: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    """From where to where there are cells to fill in; greyed ones lie between."""
    first = None
    for n, cell in enumerate([*cells, None]):
        if cell is not None and first is None:
            first = n
        elif cell is None and first is not None:
            yield first, n - 1
            first = None
