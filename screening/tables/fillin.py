"""Workbooks that people fill in: a bold header that stays in sight, wrapped text, and a ground of
their own for the cells to fill in.

The rows go through openpyxl's write-only sheets. What can be in them is a list's own text, so that
openpyxl may keep them in a temporary file until the workbook is saved.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
    choices : what the cells to fill in offer, as the formula of a data validation; "" for free text
    """
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = book.create_sheet(title)
    sheet.freeze_panes = freeze
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    if choices and rows:
        rule = DataValidation(type="list", formula1=choices, allow_blank=True)
        for n in fillable:
            rule.add(f"{get_column_letter(n)}2:{get_column_letter(n)}{len(rows) + 1}")
        sheet.data_validations.append(rule)
    wrap, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    grounds = {c: PatternFill("solid", fgColor=c) for c in (_TO_FILL, _CLOSED)}

    def cell(text: str | None, n: int) -> Any:
        made = WriteOnlyCell(sheet, inert(text) if text else None)
        made.alignment = wrap
        if text is None or n in fillable:
            made.fill = grounds[_CLOSED if text is None else _TO_FILL]
        if n in fillable:
            made.number_format = "@"  # text: 4.2 stays what was typed and never becomes a day
        return made

    titles = [cell(text, 0) for text in header]
    for made in titles:
        made.font = bold
    sheet.append(titles)
    for row in rows:
        sheet.append([cell(text, n) for n, text in enumerate(row, 1)])
