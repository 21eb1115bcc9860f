"""Workbooks to fill in: what is frozen, offered, coloured and greyed out, and that nothing runs."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from screening.tables.fillin import add_sheet, new_book


def test_a_sheet_to_fill_in_has_its_header_choices_grounds_and_no_formula(tmp_path: Path) -> None:
    book = new_book()
    rows = [("=1+1", "+", ""), ("b", None, "x")]
    add_sheet(
        book,
        "signs",
        ("id", "-rating", "note"),
        rows,
        widths=(30, 14, 9),
        freeze="B2",
        fillable=(2, 3),
        choices='"weak,strong"',
    )
    add_sheet(book, "empty", ("a",), [], widths=(5,), freeze="A2", fillable=(1,), choices='"x"')
    book.save(tmp_path / "form.xlsx")
    read = openpyxl.load_workbook(tmp_path / "form.xlsx")
    sheet = read["signs"]
    assert [[c.value for c in row] for row in sheet] == [
        ["id", "'-rating", "note"],
        ["'=1+1", "'+", None],
        ["b", None, "x"],
    ]
    assert all(c.data_type in "sn" for row in sheet for c in row)
    assert sheet.freeze_panes == "B2"
    assert [sheet.column_dimensions[c].width for c in "ABC"] == [30, 14, 9]
    assert all(c.font.bold for c in sheet[1]) and not sheet["A2"].font.bold
    assert all(c.alignment.wrap_text for row in sheet for c in row)
    grounds = [[c.fill.fgColor.rgb[2:] for c in row] for row in sheet.iter_rows(min_row=2)]
    assert grounds == [["000000", "FFF7E0", "FFF7E0"], ["000000", "DDDDDD", "FFF7E0"]]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"weak,strong"' and str(rule.sqref) == "B2 C2:C3"
    assert not read["empty"].data_validations.dataValidation
