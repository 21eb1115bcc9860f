"""A report as a file: a row for each count, with the words of a language beside the codes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from screening.casebook.statistics.charts import drawn, pictures
from screening.casebook.statistics.report import Statistics
from screening.casebook.statistics.show import COLUMNS, HIDDEN, Cell, label, long_rows
from screening.casebook.statistics.table import DATED, TITLES, UNITS, Table
from screening.checklist.texts import Texts
from screening.files.spreadsheet_safe import csv_text, inert
from screening.i18n import Words
from screening.tables.xlsxout import XlsxOut

__all__ = ["table_file", "written"]

_WIDTHS = (34, 34, 24, 10, 10, 40, 60, 12, 16, 24, 22)
_CODES = ("table_id", "row_id", "column_id")


def written(statistics: Statistics, kind: str, say: Words, texts: Texts) -> bytes:
    """A report as `.csv` or `.xlsx`, or its pictures as `.svg`."""
    if kind == ".svg":
        return drawn(pictures(statistics, say, texts), say.language).encode()
    return table_file(statistics.tables, kind, say, texts)


def table_file(tables: Sequence[Table], kind: str, say: Words, texts: Texts | None) -> bytes:
    """A report as `.csv` or `.xlsx`: text that a spreadsheet would run is made inert."""
    header, rows = [*COLUMNS, *_CODES], list(_rows(tables, say, texts))
    if kind == ".csv":
        return csv_text([header, *rows]).encode()
    out = io.BytesIO()
    book = XlsxOut(out, header, _WIDTHS)
    book.rows([inert(c) if isinstance(c, str) else c for c in row] for row in rows)
    book.close()
    return out.getvalue()


def _rows(tables: Sequence[Table], say: Words, texts: Texts | None) -> Iterator[list[Cell]]:
    for t in tables:
        for codes in long_rows([t]):
            table, row, column, value, left_out, unit, dated, as_of = codes
            yield [
                say(TITLES[str(table)]),
                label(str(row), say, texts),
                label(str(column), say, texts),
                HIDDEN if left_out else value,
                left_out,
                say(UNITS[str(unit)]),
                say(DATED[str(dated)]),
                as_of,
                table,
                row,
                column,
            ]
