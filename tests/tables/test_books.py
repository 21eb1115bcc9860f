"""Workbooks and CSV files as other programs make them: read as a person sees them, or refused with
the place; and files that ask for far more room than they take.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screening.answers import Case
from screening.checklist import Checklist, load_checklist
from screening.cli import main
from screening.errors import ScreeningError
from screening.tables.booknumbers import plain, shown
from screening.tables.cases import read_blocks, read_cases
from screening.tables.quotes import Quotes
from support.tiny import write_list

TODAY = date(2026, 11, 27)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    LINKS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


@pytest.fixture(scope="module")
def checklist(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return load_checklist(write_list(tmp_path_factory.mktemp("list")))


# -- builders --------------------------------------------------------------------------------------


def cell(spot: str, text: str) -> str:
    return f'<c r="{spot}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int | str, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


HEAD = row(1, cell("A1", "case_id"), cell("B1", "age"), cell("C1", "hurt"))


def book(
    *sheets: str, states: tuple[str, ...] = (), parts: dict[str, str] | None = None, tail: str = ""
) -> bytes:
    """A workbook of these sheets, written by hand; `parts` are further ones, linked by their
    names.
    """
    out = io.BytesIO()
    names = "".join(
        f'<sheet name="s{n}" sheetId="{n}" r:id="rId{n}" state="{state}"/>'
        for n, state in enumerate(states or ("visible",) * len(sheets), 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    for kind in parts or {}:
        links += f'<Relationship Id="x{kind}" Type="{LINKS}/{kind}" Target="/xl/{kind}.xml"/>'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{names}</sheets></workbook>',
        )
        z.writestr("xl/_rels/workbook.xml.rels", f'<R xmlns="r">{links}</R>')
        for n, rows in enumerate(sheets, 1):
            content = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'
            z.writestr(f"xl/worksheets/sheet{n}.xml", content)
        for kind, content in (parts or {}).items():
            z.writestr(f"xl/{kind}.xml", content)
    return out.getvalue()


def strict(workbook: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for usual, other in STRICT.items():
                text = text.replace(usual, other)
            new.writestr(name, text)
    return out.getvalue()


def styles(*codes: str) -> str:
    formats = "".join(
        f'<numFmt numFmtId="{n}" formatCode="{code}"/>' for n, code in enumerate(codes, 200)
    )
    used = "".join(f'<xf numFmtId="{n}"/>' for n in range(200, 200 + len(codes)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    )


def read(content: bytes | str, name: str, checklist: Checklist, folder: Path, **how: Any) -> Any:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    reader = read_cases(path, checklist, today=TODAY, **how)
    cases = list(reader)
    blocks = [i for b in read_blocks(path, checklist, today=TODAY, **how) for i in b.case_ids]
    assert blocks == [c.case_id for c in cases], "both faces read the same people"
    return cases, reader.warnings


def refused(content: bytes | str, name: str, checklist: Checklist, folder: Path) -> str:
    lines = set()
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for face in (read_cases, read_blocks):
        with pytest.raises(ScreeningError) as caught:
            list(face(path, checklist, today=TODAY))
        lines.add(str(caught.value))
    [line] = lines
    assert "\n" not in line and len(line) < 400
    return line


def told(cases: list[Case]) -> list[tuple[str, int | None, str]]:
    return [(c.case_id, c.age, str(c.answer("hurt"))) for c in cases]


A = row(2, cell("A2", "A"), cell("B2", "9"), cell("C2", "yes"))
ONE = [("A", 9, "yes")]

# -- workbooks that are read -----------------------------------------------------------------------

READ = {
    "as it is": book(HEAD + A),
    "Strict Open XML": strict(book(HEAD + A)),
    "cells out of order": book(HEAD + row(2, cell("C2", "yes"), cell("A2", "A"), cell("B2", "9"))),
    "cells without references": book(HEAD + A.replace(' r="A2"', "").replace(' r="B2"', "")),
    "a table at B3": book(
        row(3, cell("B3", "case_id"), cell("C3", "age"), cell("D3", "hurt"))
        + row(4, cell("B4", "A"), cell("C4", "9"), cell("D4", "yes"))
    ),
    "a title above": book(
        row(1, cell("A1", "List of cases"))
        + row(3, cell("A3", "case_id"), cell("B3", "age"), cell("C3", "hurt"))
        + row(4, cell("A4", "A"), cell("B4", "9"), cell("C4", "yes"))
    ),
    "a merged title": book(
        row(1, cell("A1", "List of cases"))
        + row(3, cell("A3", "case_id"), cell("B3", "age"), cell("C3", "hurt"))
        + row(4, cell("A4", "A"), cell("B4", "9"), cell("C4", "yes")),
        tail='<mergeCells><mergeCell ref="A1:C2"/></mergeCells>',
    ),
    "merged blanks below": book(HEAD + A, tail='<mergeCells><mergeCell ref="A5:C9"/></mergeCells>'),
    "the second sheet": book(row(1, cell("A1", "Fill in the next sheet")), HEAD + A),
    "escaped letters": book(HEAD + A.replace(">yes<", ">_x0079_es<")),
    "how it is pronounced": book(
        HEAD + A.replace("<t>yes</t>", "<t>yes</t><rPh sb='0' eb='1'><t>no</t></rPh>")
    ),
    "rich text": book(HEAD + A.replace("<t>yes</t>", "<r><t>y</t></r><r><t>es</t></r>")),
    "shared texts": book(
        HEAD + A.replace(cell("C2", "yes"), '<c r="C2" t="s"><v>1</v></c>'),
        parts={"sharedStrings": f'<sst xmlns="{MAIN}"><si><t>no</t></si><si><t>yes</t></si></sst>'},
    ),
}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("file", ["a.xlsx", "a.xls", "week 1"])
def test_a_workbook_is_read_by_its_references_whatever_it_is_called(
    name: str, file: str, checklist: Checklist, tmp_path: Path
) -> None:
    assert told(read(READ[name], file, checklist, tmp_path)[0]) == ONE


def test_what_is_not_read_is_named(checklist: Checklist, tmp_path: Path) -> None:
    _, told_title = read(READ["a title above"], "a.xlsx", checklist, tmp_path)
    assert any("row 3: the header is here" in w for w in told_title)
    _, told_sheets = read(READ["the second sheet"], "a.xlsx", checklist, tmp_path)
    assert any("only the sheet 's2' is read, not 's1'" in w for w in told_sheets)


def test_a_sheet_is_named_where_several_have_cases(checklist: Checklist, tmp_path: Path) -> None:
    two = book(HEAD + A, HEAD + A.replace(">A<", ">B<"), states=("visible", "hidden"))
    assert "'s1', 's2'" in refused(two, "a.xlsx", checklist, tmp_path)
    cases, _ = read(two, "a.xlsx", checklist, tmp_path, sheet="S2 ")
    assert told(cases) == [("B", 9, "yes")]
    with pytest.raises(ScreeningError, match="U305"):
        read(two, "a.xlsx", checklist, tmp_path, sheet="s3")


# -- workbooks that are refused --------------------------------------------------------------------

B = row(3, cell("A3", "B"), cell("B3", "9"), cell("C3", "yes"))
REFUSED = {
    "rows out of order": (book(HEAD + B + A), "C204", "row 2"),
    "a row twice": (book(HEAD + A + A.replace(">A<", ">B<")), "C204", "row 2"),
    "a cell twice": (book(HEAD + A.replace('r="B2"', 'r="C2"')), "C204", "cell C2"),
    "a cell of another row": (book(HEAD + A.replace("C2", "C7")), "C204", "row 2"),
    "a column that is not there": (book(HEAD + A.replace("C2", "XFE2")), "C204", "row 2"),
    "a row that is no number": (book(HEAD + row("abc")), "C204", "after row 1"),
    "a shared text that is not there": (
        book(HEAD + A.replace(cell("C2", "yes"), '<c r="C2" t="s"><v>-1</v></c>')),
        "C204",
        "cell C2",
    ),
    "a number that is none": (
        book(HEAD + A.replace(cell("B2", "9"), '<c r="B2"><v>NaN</v></c>')),
        "C204",
        "cell B2",
    ),
    "merged answers": (
        book(
            HEAD + A + row(3, cell("A3", "B")),
            tail='<mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>',
        ),
        "C208",
        "row 2, cell C2: cells C2:C3 are merged",
    ),
    "merged ids": (
        book(
            HEAD + A + row(3, cell("C3", "no")),
            tail='<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
        ),
        "C208",
        "A2:A3",
    ),
    "a header merged with its rows": (
        book(HEAD + A, tail='<mergeCells count="1"><mergeCell ref="C1:C2"/></mergeCells>'),
        "C208",
        "C1:C2",
    ),
    "cases on a hidden sheet": (book(HEAD + A, states=("hidden",)), "C201", "--sheet"),
    "an answer without a name": (
        book(HEAD + A.replace("</row>", cell("D2", "yes") + "</row>")),
        "C208",
        "D2",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_workbook_that_cannot_be_read_for_sure_is_refused(
    name: str, checklist: Checklist, tmp_path: Path
) -> None:
    content, code, words = REFUSED[name]
    line = refused(content, "a.xlsx", checklist, tmp_path)
    assert code in line and words in line, line


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64, 10**6])
@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ('a,b\n"x","y ""z"" w"\n"",""""\n"""x""","1"\n', False),
        ('a,b\nx,"one\ntwo"\n', False),
        ('a,b\nx, "y"\n', True),
        ('a,b\nx,y"z\n', True),
        ('a,b\nx,"y" \n', True),
        ('a,b\nx,"y""z\nw,v"\n', True),
    ],
)
def test_quotes_are_looked_at_in_pieces_of_any_size(text: str, doubtful: bool, size: int) -> None:
    quotes, data = Quotes(",", 2), text.encode()
    for at in range(0, len(data), size):
        quotes.see(data[at : at + size])
    quotes.see(b"")
    assert quotes.doubtful == doubtful


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in names:
            z.writestr(name, "x")
    return out.getvalue()


LOCK = b"\x04Vesa" + b" " * 50 + b"\x04\0" + "Vesa".encode("utf-16-le") + b" \0" * 50
OTHERS = {
    "~$week1.xlsx": (b"x" * 20, "leaves beside a file that is open"),
    "week1.xlsx": (LOCK.ljust(165, b"\0"), "leaves beside a file that is open"),
    "page.xls": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "web page"),
    "page.mht": (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n", "web page"),
    "week.xls": (b"\x09\x08\x10\0\0\6\5\0" + bytes(600), "old Excel"),
    "survey.dta": (b"<stata_dta><header>" + bytes(300), "statistics program"),
    "survey.sav": (b"$FL2@(#) SPSS DATA FILE" + bytes(300), "statistics program"),
    "list.numbers": (zipped("Index/Document.iwa"), "Numbers"),
    "table.ods": (zipped("mimetype", "content.xml"), "OpenDocument"),
    "letter.docx": (zipped("[Content_Types].xml", "word/document.xml"), "Word"),
    "binary.xlsx": (zipped("[Content_Types].xml", "xl/workbook.bin"), ".xlsb"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_of_another_kind_is_named(name: str, checklist: Checklist, tmp_path: Path) -> None:
    content, words = OTHERS[name]
    line = refused(content, name, checklist, tmp_path)
    assert "C202" in line and words in line, line


# -- numbers as a person sees them -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code", "seen"),
    [
        ("7", "000", "007"),
        ("4.0999999999999996", "0.00", "4.10"),
        ("4.5", "0.00", "4.50"),
        ("7", "&quot;KS-&quot;000", "KS-007"),
        ("123456789", "000-00-0000", "123-45-6789"),
        ("1234", "#,##0", "1234"),
        ("17.9", "0", "17.9"),
        ("0.5", "0%", "0.5"),
        ("-7", "000", "-007"),
        ("-7", "000;[Red](000)", "(007)"),
        ("12", "@", "12"),
        ("7", "0000;;", "0007"),
        ("12345", "000", "12345"),
    ],
)
def test_an_id_is_what_a_person_sees(
    number: str, code: str, seen: str, checklist: Checklist, tmp_path: Path
) -> None:
    numbered = f'<c r="A2" s="1"><v>{number}</v></c>'
    content = book(HEAD + A.replace(cell("A2", "A"), numbered), parts={"styles": styles(code)})
    cases, _ = read(content, "a.xlsx", checklist, tmp_path)
    assert told(cases) == [(seen, 9, "yes")]


def test_an_age_is_its_value_and_never_what_a_format_rounds_it_to(
    checklist: Checklist, tmp_path: Path
) -> None:
    for number, age in (("17.9", 17), ("18", 18)):
        aged = f'<c r="B2" s="1"><v>{number}</v></c>'
        content = book(HEAD + A.replace(cell("B2", "9"), aged), parts={"styles": styles("0")})
        [case], _ = read(content, "a.xlsx", checklist, tmp_path)
        assert case.age == age

    assert plain("17.999999999999999999999", "", False) == "17.999999999999999999999"


def test_days_are_days_in_both_calendars() -> None:
    assert plain("46342", "yyyy-mm-dd", False) == "2026-11-16"
    assert plain("44880", "dd.mm.yyyy", True) == "2026-11-16"
    assert plain("46342.604166666664", "yyyy-mm-dd hh:mm", False) == "2026-11-16T14:30:00"
    assert plain("9", '0 "days"', False) == "9"
    assert plain("99999999", "yyyy", False) == "99999999"
    assert shown("2026-11-16", "yyyy") == "2026-11-16"


# -- CSV -------------------------------------------------------------------------------------------

CSV = {
    "sep=": "\ufeffsep=;\r\ncase_id;age;hurt\r\nA;9;yes\r\n",
    "sep= in quotes": '"sep=|"\ncase_id|age|hurt\nA|9|yes\n',
    "a title": "List of cases;;\n;;\ncase_id;age;hurt\nA;9;yes\n",
    "a title with another separator": "Cases, of November, in Prizren, all\ncase_id;age;hurt\nA;9;yes\n",
    "columns with nothing in them": ",case_id,age,,hurt,,\r\n,A,9,,yes,,\r\n",
    "rows with nothing in them": "case_id;age;hurt\r\n;;\r\nA;9;yes\r\n;;\r\n;;;;\r\n ; ; \r\n",
    "a separator at the end": "case_id,age,hurt\r\nA,9,yes,\r\n",
    "a quote within a cell": 'case_id,age,hurt,no"te\nA,9,yes,6" tall\n',
    "a quote after a blank": 'case_id,age,hurt,note\nA,9,yes, "she said"\n',
    "lines in a cell": 'case_id,age,hurt,note\nA,9,yes,"one, two\nthree, four, five, ""six"", no"\n',
    "a header that is long": "case_id,age,hurt," + "a" * 200_000 + "\nA,9,yes,\n",
}


@pytest.mark.parametrize("name", CSV)
def test_a_csv_that_another_program_made_is_read(
    name: str, checklist: Checklist, tmp_path: Path
) -> None:
    assert told(read(CSV[name], "a.csv", checklist, tmp_path)[0]) == ONE


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("case_id,age,hurt\nA,9\nB,9,yes\n", "C208", "row 2: the row ends after 2 cells"),
        ("sep=;\nTitle;;\ncase_id;age;hurt\nA;9;maybe\n", "C220", "row 3, column hurt"),
        ("case_id;age;hurt\n;;\nA;9;yes\nB;9;maybe\n", "C220", "row 4, column hurt"),
        ("case_id,age,hurt\nA,9,yes,,1\n", "C208", "row 2: 5 cells"),
        ("case_id,,hurt\nA,,yes\nB,x,yes\n", "C207", "row 3, column 2 (B)"),
        ('case_id,hurt,a"b\nc"d\nA,yes,1\n', "C208", "row 2"),
        ('case_id,age,hurt\nA,9,"yes\n', "C204", "row 2"),
        ('case_id,hurt,age,note\nA,yes,9,"fell\nB,yes,9,\n', "C204", "row 2"),
        # two quotes too many make one cell of what lies between them, with all rows in it
        ('case_id,age,setting,hurt\nA,9,"x,yes\nB,9,z,no\nC,9,"q,yes\n', "C204", "row 2"),
        ('case_id,age,setting,hurt\nA,9,"x,yes\nB,9,z,no\nC,9,w",no\n', "C204", "3 rows"),
        ('case_id,age,setting,hurt\nA,9,"x,yes\nB,9,w",no\n', "C204", "2 rows"),
        ('case_id,age,setting,hurt\r\nA,9,"x,yes\r\nB,"",z,no\r\nC,9,"",no\r\n', "C204", "row 2"),
        ('case_id;setting;hurt\nA;"x;yes\nB;z";no\n', "C204", "2 rows"),
        ('case_id,indicator,answer,note\nA,hurt,no,"x\nB,hurt,yes,y"\n', "C204", "2 rows"),
    ],
)
def test_a_csv_that_cannot_be_read_for_sure_is_refused_with_its_row(
    text: str, code: str, words: str, checklist: Checklist, tmp_path: Path
) -> None:
    line = refused(text, "a.csv", checklist, tmp_path)
    assert code in line and words in line, line


def test_rows_after_many_regular_ones_are_not_lost(checklist: Checklist, tmp_path: Path) -> None:
    many = [f"A{n},9,{'yes' if n % 3 else 'no'}" for n in range(150_000)]
    text = "\n".join(["case_id,age,hurt", *many, ",,", "B,9,yes,", "C,9,no"]) + "\n"
    cases, _ = read(text, "a.csv", checklist, tmp_path)
    assert len(cases) == 150_002
    assert told(cases[-3:]) == [("A149999", 9, "yes"), ("B", 9, "yes"), ("C", 9, "no")]


def test_another_organisations_table_that_is_not_utf8_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_bytes("isAbductión\n1\n".encode("latin-1"))
    with pytest.raises(SystemExit) as ended:
        main(["score", str(tmp_path / "a.csv"), "--from", "ctdc"])
    assert ended.value.code == 2
    assert "[C203]" in capsys.readouterr().err
