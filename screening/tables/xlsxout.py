"""A workbook of one sheet, written straight into the archive: no temporary files, no memory that
grows.

openpyxl's write-only sheets would put every row into the system's folder for temporary files first,
where a stopped program leaves them, and take fourteen times as long.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from screening.errors import UsageError

__all__ = ["MOST_ROWS", "XlsxOut"]

MOST_ROWS = 1_048_576  # of a sheet, header included

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="{_RELATIONS}"/><Override PartName="/xl/workbook.xml"'
        f' ContentType="{_SHEET_TYPE}.sheet.main+xml"/><Override'
        f' PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="results" sheetId="1"'
        ' r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_FROZEN = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
    ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as A


class XlsxOut:
    """Rows go in, a workbook comes out.

    Text is text, whatever it looks like; numbers are numbers. The header stays in sight, and
    every column can be filtered.

    Parameters
    ----------
    widths : of the columns, in letters
    """

    def __init__(self, file: Any, header: Sequence[str], widths: Sequence[int]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        for name, xml in _PARTS.items():
            self._zip.writestr(name, _HEAD + xml)
        self._sheet = self._zip.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
            for n, width in enumerate(widths, 1)
        )
        self._sheet.write(
            f'{_HEAD}<worksheet xmlns="{_MAIN}">{_FROZEN}<cols>{columns}</cols><sheetData>'.encode()
        )
        self._last = get_column_letter(len(header))
        self._count = 0
        self.rows([header])

    def rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of text, numbers, booleans and None; `U305` beyond what a sheet
        holds.
        """
        lines = []
        for row in rows:
            self._count += 1
            lines.append(f"<row>{''.join(map(_cell, row))}</row>")
        if self._count > MOST_ROWS:
            raise UsageError("U305.sheet_full", place="--format xlsx", most_rows=MOST_ROWS - 1)
        self._sheet.write("".join(lines).encode())

    def close(self) -> None:
        self._sheet.write(
            f'</sheetData><autoFilter ref="A1:{self._last}{self._count}"/></worksheet>'.encode()
        )
        self._sheet.close()
        self._zip.close()


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    text = escape(_ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", value)))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
