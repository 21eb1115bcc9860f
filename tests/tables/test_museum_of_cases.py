"""A museum of broken case files: each is refused in one plain line that names the place, and
nothing is written.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from screening.checklist import Checklist, load_checklist, load_weights
from screening.errors import ScreeningError
from screening.errors.catalogue import CATALOGUE
from screening.tables.cases import read_blocks, read_cases
from screening.tables.pipeline import Job, score_file
from support.tiny import write_list

TODAY = date(2026, 11, 23)
HEAD = "case_id,age,hurt,quota\n"
GOOD = HEAD + "A,17,yes,no\nB,30,,po\n"


@pytest.fixture(scope="module")
def checklist(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return load_checklist(write_list(tmp_path_factory.mktemp("list")))


# -- builders --------------------------------------------------------------------------------------


def workbook(*rows: Iterable[Any]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


SHEET = workbook(["case_id", "age", "hurt"], ["A", 9, "yes"])


def rezipped(
    change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None
) -> bytes:
    """The good workbook with parts changed (None: left out) and added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SHEET)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def keep(name: str, data: bytes) -> bytes:
    return data


def in_sheet(old: bytes, new: bytes) -> bytes:
    return rezipped(
        lambda name, data: data.replace(old, new) if name == "xl/worksheets/sheet1.xml" else data
    )


def locked_workbook() -> bytes:
    data = bytearray(SHEET)
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def parquet(columns: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def parquet_twice() -> bytes:
    out = io.BytesIO()
    pq.write_table(
        pa.Table.from_arrays(
            [pa.array(["A"]), pa.array([1]), pa.array([0])], names=["case_id", "hurt", "hurt"]
        ),
        out,
    )
    return out.getvalue()


def arrow(columns: dict[str, Any]) -> bytes:
    out, table = io.BytesIO(), pa.table(columns)
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def flipped(data: bytes, at: int, count: int = 40) -> bytes:
    return data[:at] + bytes(b ^ 0xFF for b in data[at : at + count]) + data[at + count :]


def arrow_that_lies() -> bytes:
    """Words by number, where one number lies far outside the words: reading on would read foreign
    memory.
    """
    words = pa.DictionaryArray.from_arrays(
        pa.array([0, 99_999_999], pa.int32()), pa.array(["yes"]), safe=False
    )
    return arrow({"case_id": ["A", "B"], "hurt": words})


def not_utf8(build: Callable[[dict[str, Any]], bytes]) -> bytes:
    return build(
        {
            "case_id": pa.StringArray.from_buffers(
                1, pa.py_buffer(b"\0\0\0\0\x02\0\0\0"), pa.py_buffer(b"\xe9\xff")
            ),
            "hurt": pa.array([1], pa.int8()),
        }
    )


def case(**values: Any) -> str:
    import json

    return json.dumps([{"case_id": "A", "answers": {"hurt": "yes"}, **values}])


COLUMNS = {"case_id": ["A", "B"], "age": [9, 30], "hurt": pa.array([1, 0], pa.int8())}
BIG = {
    "case_id": [f"case-{n}" for n in range(5000)],
    "hurt": pa.array([n % 2 for n in range(5000)], pa.int8()),
}

# name, file name, content, code, words that the line must contain
MUSEUM: list[tuple[str, str, bytes | str, str, tuple[str, ...]]] = [
    ("empty", "a.csv", "", "C201", ("a.csv", "empty")),
    ("blanks only", "a.csv", "\n  \n", "C201", ("a.csv", "only blanks")),
    ("header only", "a.csv", HEAD, "C201", ("a.csv", "no case")),
    ("json without a case", "a.json", "[]", "C201", ("a.json", "no case")),
    ("empty sheet", "a.xlsx", workbook(), "C201", ("a.xlsx", "empty")),
    (
        "sheet with a header only",
        "a.xlsx",
        workbook(["case_id", "hurt"]),
        "C201",
        ("a.xlsx", "no case"),
    ),
    (
        "parquet without rows",
        "a.parquet",
        parquet({"case_id": pa.array([], pa.string()), "hurt": pa.array([], pa.int8())}),
        "C201",
        ("a.parquet", "no case"),
    ),
    # another kind of file, whatever its name
    ("pdf", "a.csv", b"%PDF-1.7\n...", "C202", ("a.csv", "PDF")),
    ("image", "a.xlsx", b"\x89PNG\r\n\x1a\n0000", "C202", ("a.xlsx", "image")),
    (
        "old xls",
        "a.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "C202",
        ("a.xlsx", ".xls"),
    ),
    (
        "pickle",
        "a.parquet",
        pickle.dumps({"case_id": "A"}),
        "C202",
        ("a.parquet", "pickle", "never opened"),
    ),
    ("gzip", "a.csv", b"\x1f\x8b\x08\0\0\0\0\0", "C202", ("a.csv", "gzip", "unpack")),
    (
        "zip that is no workbook",
        "a.xlsx",
        rezipped(lambda n, d: None, {"x.txt": b"x"}),
        "C202",
        ("a.xlsx", "not a workbook"),
    ),
    ("web page", "a.csv", "<html><table><tr><td>case_id", "C202", ("a.csv", "web page")),
    ("parquet called csv", "a.csv", parquet(COLUMNS), "C202", ("a.csv", "parquet")),
    ("csv called json", "a.json", GOOD, "C202", ("a.json", "csv")),
    ("json called csv", "a.csv", case(), "C202", ("a.csv", "json")),
    ("locked workbook", "a.xlsx", locked_workbook(), "C202", ("a.xlsx", "password")),
    (
        "sheet in UTF-16",
        "a.xlsx",
        rezipped(lambda n, d: d.decode().encode("utf-16") if n.endswith("sheet1.xml") else d),
        "C202",
        ("sheet1.xml", "UTF-8"),
    ),
    # encodings
    (
        "cp1250",
        "a.csv",
        HEAD.encode() + "Šaban,17,da,ne\n".encode("cp1250"),
        "C203",
        ("a.csv", "line 2", "--encoding"),
    ),
    (
        "cp1251",
        "a.csv",
        HEAD.encode() + b"A,1,1,1\n" + "Б,17,да,не\n".encode("cp1251"),
        "C203",
        ("a.csv", "line 3", "--encoding"),
    ),
    (
        "utf-16 with a mark",
        "a.csv",
        GOOD.encode("utf-16"),
        "C203",
        ("a.csv", "UTF-16", "--encoding utf-16"),
    ),
    (
        "utf-16 without a mark",
        "a.csv",
        GOOD.encode("utf-16-le"),
        "C203",
        ("a.csv", "UTF-16", "--encoding"),
    ),
    (
        "json in cp1250",
        "a.json",
        case(setting="Š").encode().replace(b"\\u0160", b"\x8a"),
        "C203",
        ("a.json", "UTF-8"),
    ),
    (
        "bytes cut inside a character",
        "a.csv",
        GOOD.encode() + b"C,1,1,\xc5",
        "C203",
        ("a.csv", "line 4"),
    ),
    (
        "parquet with text of another encoding",
        "a.parquet",
        not_utf8(parquet),
        "C203",
        ("a.parquet", "UTF-8"),
    ),
    (
        "arrow with text of another encoding",
        "a.arrow",
        not_utf8(arrow),
        "C203",
        ("a.arrow", "UTF-8"),
    ),
    # truncated or damaged
    ("csv cut in a row", "a.csv", GOOD + "C,30", "C204", ("a.csv", "row 4", "2 of 4")),
    ("csv cut in quotes", "a.csv", GOOD + 'C,"30', "C204", ("a.csv", "row 4", "quote")),
    ("csv cut in the header", "a.csv", 'case_id,"age', "C204", ("a.csv", "row 1", "quote")),
    ("xlsx cut", "a.xlsx", SHEET[:-200], "C204", ("a.xlsx", "damaged")),
    ("xlsx cut short", "a.xlsx", SHEET[:60], "C204", ("a.xlsx", "damaged")),
    (
        "xlsx with a broken sheet",
        "a.xlsx",
        in_sheet(b"</sheetData>", b""),
        "C204",
        ("a.xlsx", "damaged"),
    ),
    (
        "xlsx with flipped bytes",
        "a.xlsx",
        flipped(SHEET, SHEET.index(b"sheet1.xml") + 60),
        "C204",
        ("a.xlsx", "damaged"),
    ),
    (
        "xlsx with a column beyond ZZZ",
        "a.xlsx",
        in_sheet(b'r="A2"', b'r="ZZZZZZ2"'),
        "C204",
        ("a.xlsx", "damaged"),
    ),
    ("parquet cut", "a.parquet", parquet(COLUMNS)[:-30], "C204", ("a.parquet", "incomplete")),
    (
        "parquet with flipped bytes",
        "a.parquet",
        flipped(parquet(BIG), 60),
        "C204",
        ("a.parquet", "damaged"),
    ),
    ("arrow cut", "a.arrow", arrow(COLUMNS)[:-40], "C204", ("a.arrow", "incomplete")),
    ("arrow whose insides lie", "a.arrow", arrow_that_lies(), "C204", ("a.arrow", "damaged")),
    ("json cut in a case", "a.json", case()[:-8], "C204", ("a.json", "case 1", "ends")),
    ("json cut after a case", "a.json", case()[:-1], "C204", ("a.json", "after case 1")),
    ("json cut after a comma", "a.json", case()[:-1] + ",", "C204", ("a.json", "after case 1")),
    # bombs
    (
        "xlsx bomb by ratio",
        "a.xlsx",
        rezipped(keep, {"xl/media/x.xml": b"<a>" + b"0" * 3_000_000}),
        "C205",
        ("a.xlsx", "times its size"),
    ),
    (
        "json nested 5,000 deep",
        "a.json",
        '[{"case_id":"A","answers":' + "[" * 5000 + "]" * 5000 + "}]",
        "C205",
        ("a.json", "case 1", "nested"),
    ),
    (
        "json nested 200,000 objects deep",
        "a.json",
        '[{"case_id":"A","answers":' + '{"a":' * 200_000,
        "C205",
        ("a.json", "case 1", "nested"),
    ),
    (
        "a cell that never ends",
        "a.csv",
        GOOD + 'C,"' + "x" * 9_000_000,
        "C205",
        ("a.csv", "row 4", "MiB"),
    ),
    (
        "a row that says it is far away",
        "a.xlsx",
        in_sheet(b'<row r="2"', b'<row r="99999999999"'),
        "C205",
        ("a.xlsx", "rows"),
    ),
    # macros, formulas, links, DTDs
    ("xlsm by name", "a.xlsm", SHEET, "C206", ("a.xlsm", "macros")),
    (
        "macros inside",
        "a.xlsx",
        rezipped(keep, {"xl/vbaProject.bin": b"x"}),
        "C206",
        ("a.xlsx", "macros"),
    ),
    (
        "links to another workbook",
        "a.xlsx",
        rezipped(keep, {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "C206",
        ("a.xlsx", "links"),
    ),
    (
        "formula",
        "a.xlsx",
        workbook(["case_id", "age", "hurt"], ["A", "=2+7", "yes"]),
        "C206",
        ("a.xlsx", "cell B2", "formula"),
    ),
    (
        "formula with a cached value",
        "a.xlsx",
        in_sheet(b"<v>9</v>", b"<f>4+5</f><v>9</v>"),
        "C206",
        ("a.xlsx", "cell B2", "formula"),
    ),
    (
        "formula in the header",
        "a.xlsx",
        workbook(["case_id", "hurt", '="age"'], ["A", 1, 3]),
        "C206",
        ("a.xlsx", "cell C1", "formula"),
    ),
    (
        "document type",
        "a.xlsx",
        in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        "C206",
        ("sheet1.xml", "document type"),
    ),
    # headers and widths
    (
        "column twice",
        "a.csv",
        "case_id,hurt,age,hurt\nA,1,2,1\n",
        "C207",
        ("a.csv", "row 1", "'hurt'", "column 2 (B)", "column 4 (D)"),
    ),
    (
        "column twice in Parquet",
        "a.parquet",
        parquet_twice(),
        "C207",
        ("a.parquet", "'hurt'", "column 2", "column 3"),
    ),
    (
        "column without a name",
        "a.csv",
        "case_id,,hurt\nA,x,1\n",
        "C207",
        ("a.csv", "row 2", "column 2 (B)"),
    ),
    (
        "no case_id",
        "a.csv",
        "caseid,hurt\nA,1\n",
        "C207",
        ("a.csv", "case_id", "did you mean 'caseid'?"),
    ),
    ("row too short", "a.csv", GOOD + "C,3\nD,1,1,1\n", "C208", ("a.csv", "row 4", "2 cells", "4")),
    ("row too long", "a.csv", HEAD + "A,1,5,1,1\n", "C208", ("a.csv", "row 2", "5 cells")),
    (
        "sheet row too long",
        "a.xlsx",
        workbook(["case_id", "hurt"], ["A", 1], ["B", 1, None, "x"]),
        "C208",
        ("a.xlsx", "row 3", "D3"),
    ),
    # ids
    ("no id in a row", "a.csv", GOOD + ",3,1,1\n", "C210", ("a.csv", "row 4", "column case_id")),
    ("no id in an object", "a.json", '[{"answers":{}}]', "C210", ("a.json", "case 1")),
    (
        "null id in Parquet",
        "a.parquet",
        parquet({**COLUMNS, "case_id": ["A", None]}),
        "C210",
        ("a.parquet", "row 2"),
    ),
    (
        "id that a spreadsheet made a fraction",
        "a.parquet",
        parquet({**COLUMNS, "case_id": [1.0, 1.5]}),
        "C210",
        ("a.parquet", "row 2", "1.5"),
    ),
    (
        "id twice",
        "a.csv",
        GOOD + "\nA,3,1,1\n",
        "C211",
        ("a.csv, row 5", "'A'", "first at a.csv, row 2"),
    ),
    (
        "id twice in JSON",
        "a.json",
        '[{"case_id":"A"},{"case_id":"B"},{"case_id":"A"}]',
        "C211",
        ("case 3", "case 1"),
    ),
    (
        "case comes again in the long form",
        "a.csv",
        "case_id,indicator,answer\nA,hurt,1\nB,hurt,1\nA,quota,1\n",
        "C211",
        ("row 4", "row 2", "together"),
    ),
    # ages and dates
    ("age 1,5", "a.csv", HEAD + 'A,"1,5",1,1\n', "C212", ("a.csv", "row 2", "column age", "'1,5'")),
    (
        "age in Arabic digits",
        "a.csv",
        HEAD + "A,١٧,1,1\n",
        "C212",
        ("a.csv", "row 2", "column age"),
    ),
    ("age NaN", "a.csv", HEAD + "A,NaN,1,1\n", "C212", ("a.csv", "row 2", "column age", "'NaN'")),
    (
        "age NaN in Parquet",
        "a.parquet",
        parquet({**COLUMNS, "age": pa.array([3.0, float("nan")])}),
        "C212",
        ("a.parquet", "row 2", "column age"),
    ),
    ("age -3", "a.csv", GOOD + "C,-3,1,1\n", "C212", ("a.csv", "row 4", "'-3'")),
    (
        "age 150",
        "a.xlsx",
        workbook(["case_id", "age", "hurt"], ["A", 150, 1]),
        "C212",
        ("a.xlsx", "row 2", "column age", "150"),
    ),
    (
        "age that a spreadsheet made a date",
        "a.xlsx",
        workbook(["case_id", "age", "hurt"], ["A", date(2026, 5, 1), 1]),
        "C212",
        ("a.xlsx", "row 2", "2026-05-01"),
    ),
    ("age true", "a.json", case(age=True), "C212", ("a.json", "case 1", "age")),
    (
        "age_certain maybe",
        "a.csv",
        "case_id,age,age_certain,hurt\nA,1,maybe,1\n",
        "C213",
        ("a.csv", "row 2", "column age_certain", "'maybe'"),
    ),
    (
        "date the wrong way round",
        "a.csv",
        "case_id,birth_date,hurt\nA,03/04/2010,1\n",
        "C214",
        ("a.csv", "row 2", "column birth_date"),
    ),
    (
        "no such day",
        "a.json",
        case(birth_date="2010-02-30"),
        "C214",
        ("a.json", "case 1", "birth_date"),
    ),
    (
        "met in the future",
        "a.csv",
        "case_id,met_on,hurt\nA,2027-01-01,1\n",
        "C214",
        ("a.csv", "row 2", "column met_on", "future"),
    ),
    # answers
    (
        "no answer",
        "a.csv",
        GOOD + "C,3,1,maybe\n",
        "C220",
        ("a.csv", "row 4", "column quota", "'maybe'"),
    ),
    (
        "answer 2 in bytes",
        "a.parquet",
        parquet({**COLUMNS, "hurt": pa.array([1, 2], pa.int8())}),
        "C220",
        ("a.parquet", "row 2", "column hurt", "'2'"),
    ),
    (
        "answer -1 beside a blank",
        "a.parquet",
        parquet({**COLUMNS, "hurt": pa.array([None, -1], pa.int8())}),
        "C220",
        ("a.parquet", "row 2", "'-1'"),
    ),
    (
        "a list for an answer",
        "a.parquet",
        parquet({**COLUMNS, "hurt": [[1], [0]]}),
        "C220",
        ("a.parquet", "column hurt", "list"),
    ),
    (
        "answer 2 in Arrow",
        "a.arrow",
        arrow({**COLUMNS, "hurt": [1, 2]}),
        "C220",
        ("a.arrow", "row 2", "column hurt"),
    ),
    (
        "answer in a sheet",
        "a.xlsx",
        workbook(["case_id", "hurt"], ["A", "yes"], [], ["B", "perhaps"]),
        "C220",
        ("a.xlsx", "row 4", "column hurt"),
    ),
    (
        "answer in JSON",
        "a.json",
        case(answers={"hurt": "maybe"}),
        "C220",
        ("a.json", "case 1", "answers.hurt", "'maybe'"),
    ),
    (
        "unknown indicator in JSON",
        "a.json",
        case(answers={"hrut": "yes"}),
        "C221",
        ("a.json", "case 1", "'hrut'", "did you mean 'hurt'?"),
    ),
    (
        "unknown indicator in the long form",
        "a.csv",
        "case_id,indicator,answer\nA,quotas,1\n",
        "C221",
        ("a.csv", "row 2", "did you mean 'quota'?"),
    ),
    (
        "an answer to nothing",
        "a.csv",
        "case_id,indicator,answer\nA,,1\n",
        "C221",
        ("a.csv", "row 2", "no indicator"),
    ),
    (
        "answered twice",
        "a.csv",
        "case_id,indicator,answer\nA,hurt,1\nA,hurt,0\n",
        "C222",
        ("a.csv, row 3", "'hurt'", "row 2"),
    ),
    (
        "unknown basis",
        "a.json",
        case(answers={"hurt": {"answer": "yes", "basis": "guess"}}),
        "C223",
        ("a.json", "case 1", "answers.hurt", "'guess'"),
    ),
    (
        "unknown basis in the long form",
        "a.csv",
        "case_id,indicator,answer,basis\nA,hurt,1,guess\n",
        "C223",
        ("a.csv", "row 2", "column basis"),
    ),
    # JSON
    ("one object", "a.json", case()[1:-1], "C230", ("a.json", "array")),
    ("elements that are no objects", "a.json", '["A"]', "C230", ("a.json", "case 1")),
    (
        "unknown key",
        "a.json",
        case(agee=3),
        "C230",
        ("a.json", "case 1", "'agee'", "did you mean 'age'?"),
    ),
    (
        "indicator beside the answers",
        "a.json",
        case(quota="yes"),
        "C230",
        ("a.json", "case 1", "'quota'", '"answers"'),
    ),
    (
        "sex beside the statistics",
        "a.json",
        case(sex="f"),
        "C230",
        ("a.json", "case 1", '"statistics"'),
    ),
    (
        "unknown key of an answer",
        "a.json",
        case(answers={"hurt": {"answr": "yes"}}),
        "C230",
        ("answers.hurt", "did you mean 'answer'?"),
    ),
    (
        "a list of answers",
        "a.json",
        case(answers=["hurt"]),
        "C230",
        ("a.json", "case 1", "answers"),
    ),
    (
        "a missing comma",
        "a.json",
        '[{"case_id": "A" "age": 3}, {"case_id": "B"}]',
        "C230",
        ("a.json", "case 1", "not valid JSON"),
    ),
    ("two arrays", "a.json", case() + case(), "C230", ("a.json", "after the end")),
    (
        "key twice",
        "a.json",
        '[{"case_id":"A","answers":{"hurt":"no","hurt":"yes"}}]',
        "C231",
        ("a.json", "case 1", "'hurt'", "1 and 2"),
    ),
    ("NaN", "a.json", '[{"case_id":"A","age":NaN}]', "C232", ("a.json", "case 1", "NaN")),
    (
        "infinity",
        "a.json",
        '[{"case_id":"A","age":-Infinity}]',
        "C232",
        ("a.json", "case 1", "Infinity"),
    ),
    (
        "half a character",
        "a.json",
        '[{"case_id":"A\\ud83d"}]',
        "C203",
        ("a.json", "case 1", "half a character"),
    ),
    ("1e999", "a.json", '[{"case_id":"A","age":1e999}]', "C232", ("a.json", "case 1", "1e999")),
    (
        "a number of 5,000 digits",
        "a.json",
        '[{"case_id":"A","age":' + "9" * 5000 + "}]",
        "C230",
        ("a.json", "case 1", "number"),
    ),
    (
        "NaN for an answer",
        "a.parquet",
        parquet({**COLUMNS, "hurt": [1.0, float("nan")]}),
        "C232",
        ("a.parquet", "row 2", "column hurt"),
    ),
]


@pytest.mark.parametrize(
    ("filename", "content", "code", "words"),
    [row[1:] for row in MUSEUM],
    ids=[row[0] for row in MUSEUM],
)
def test_a_broken_file_is_refused_in_one_plain_line(
    filename: str,
    content: bytes | str,
    code: str,
    words: tuple[str, ...],
    checklist: Checklist,
    tmp_path: Path,
) -> None:
    path, out = tmp_path / filename, tmp_path / "out.parquet"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    faces: list[Callable[[], Any]] = [
        lambda: list(read_cases(path, checklist, today=TODAY)),
        lambda: list(read_blocks(path, checklist, today=TODAY)),
        lambda: score_file(path, checklist, load_weights(checklist), out, job=Job(today=TODAY)),
    ]
    lines = set()
    for face in faces:
        with pytest.raises(ScreeningError) as caught:
            face()
        line = str(caught.value)
        lines.add(line)
        assert caught.value.code == code in CATALOGUE, line
        for word in words:
            assert word in line
        assert (
            "\n" not in line
            and "Traceback" not in line
            and "pyarrow" not in line.lower()
            and "Arrow error" not in line
        )
        assert len(line) < 400
    assert len(lines) == 1, "both faces say the same"
    assert [p.name for p in tmp_path.iterdir()] == [filename], "nothing is written"


def test_the_museum_is_not_small() -> None:
    assert len(MUSEUM) >= 45
    assert len({row[0] for row in MUSEUM}) == len(MUSEUM)


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        (GOOD.encode("cp1250") + "Č,17,da,ne\n".encode(), "utf-16", ("not utf-16",)),
        (HEAD.encode() + b"A\x81,1,1,1\n", "cp1250", ("line 2", "not cp1250")),
        (
            HEAD.encode() + "Č,17,da,ne\n".encode(),
            "cp1250",
            ("UTF-8, not cp1250", "leave out --encoding"),
        ),
        (HEAD.encode() + "Č,17,da,ne\n".encode("cp1250"), "utf-8", ("line 2", "not UTF-8")),
    ],
)
def test_a_declared_encoding_that_does_not_fit_is_refused(
    content: bytes, encoding: str, words: tuple[str, ...], checklist: Checklist, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(ScreeningError) as caught:
        list(read_cases(tmp_path / "a.csv", checklist, encoding=encoding, today=TODAY))
    assert caught.value.code == "C203"
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("name", ["hex", "rot13", "unicode_escape", "klingon", "idna", ""])
def test_what_is_no_text_encoding_is_refused(
    name: str, checklist: Checklist, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    with pytest.raises(ScreeningError) as caught:
        read_cases(tmp_path / "a.csv", checklist, encoding=name, today=TODAY)
    assert caught.value.code == "U305"


def test_a_path_that_is_not_there_or_no_file(checklist: Checklist, tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(ScreeningError) as caught:
            read_cases(path, checklist, today=TODAY)
        assert caught.value.code == "U301"


def test_a_pickle_is_not_run(checklist: Checklist, tmp_path: Path) -> None:
    class Planted:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "ran",))

    (tmp_path / "a.csv").write_bytes(pickle.dumps(Planted()))
    with pytest.raises(ScreeningError):
        read_cases(tmp_path / "a.csv", checklist, today=TODAY)
    assert not (tmp_path / "ran").exists()
