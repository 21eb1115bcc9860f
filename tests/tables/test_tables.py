"""Reading cases from tables and JSON, and writing results: the same people, whatever the kind of
file.
"""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell

from screening.answers import Answer, Case, Response, profile_of
from screening.checklist import Checklist, load_checklist, load_weights
from screening.checklist.schema import FINDINGS
from screening.errors import ScreeningError
from screening.files.atomic import OutputFile
from screening.scoring import score
from screening.scoring.block import NO, OPEN, YES
from screening.tables.blocks import block_of
from screening.tables.cases import open_files, read_blocks, read_cases
from screening.tables.duplicates import SeenIds
from screening.tables.pipeline import Job, score_file
from screening.tables.source import Reading
from support.properties import examples
from support.tiny import write_list

TODAY = date(2026, 11, 23)
KINDS = ("csv", "xlsx", "parquet", "arrow", "json")


@pytest.fixture(scope="module")
def checklist(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return load_checklist(write_list(tmp_path_factory.mktemp("list")))


# -- helpers: the same cases as each kind of file --------------------------------------------------


def rows_of(cases: Iterable[Case], checklist: Checklist) -> tuple[list[str], list[list[str]]]:
    header = [
        "case_id",
        "age",
        "age_certain",
        "setting",
        "language",
        "met_on",
        *checklist.indicators,
    ]
    return header, [
        [
            c.case_id,
            "" if c.age is None else str(c.age),
            "yes" if c.age_certain else "no",
            c.setting,
            c.language,
            c.met_on.isoformat() if c.met_on else "",
            *(
                "" if c.answer(i) is Answer.NOT_ASKED else str(c.answer(i))
                for i in checklist.indicators
            ),
        ]
        for c in cases
    ]


def write_cases(path: Path, cases: list[Case], checklist: Checklist) -> Path:
    header, rows = rows_of(cases, checklist)
    table = pa.table(
        {name: [row[n] or None for row in rows] for n, name in enumerate(header)},
        schema=pa.schema([(n, pa.string()) for n in header]),
    )
    match path.suffix:
        case ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([header, *rows])
        case ".xlsx":
            book = openpyxl.Workbook(write_only=True)
            sheet = book.create_sheet()
            for row in [header, *rows]:
                cells = [WriteOnlyCell(sheet, cell or None) for cell in row]
                for cell in cells:
                    cell.data_type = (
                        "s" if cell.value else "n"
                    )  # text that begins with = is text here
                sheet.append(cells)
            book.save(path)
        case ".parquet":
            pq.write_table(table, path)
        case ".arrow":
            with pa.ipc.new_file(path, table.schema) as writer:
                writer.write_table(table)
        case ".json":
            path.write_text(
                json.dumps(
                    [
                        {
                            "case_id": c.case_id,
                            "age": c.age,
                            "age_certain": c.age_certain,
                            "setting": c.setting,
                            "language": c.language,
                            "met_on": c.met_on.isoformat() if c.met_on else None,
                            "answers": {i: str(r.answer) for i, r in c.answers.items()},
                        }
                        for c in cases
                    ]
                )
            )
    return path


def write_long(path: Path, cases: list[Case]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(
            [
                "case_id",
                "indicator",
                "answer",
                "basis",
                "note",
                "age",
                "age_certain",
                "setting",
                "language",
                "met_on",
            ]
        )
        for c in cases:
            own = [
                "" if c.age is None else c.age,
                "yes" if c.age_certain else "no",
                c.setting,
                c.language,
                c.met_on or "",
            ]
            out.writerows(
                [[c.case_id, i, r.answer, r.basis, r.note, *own] for i, r in c.answers.items()]
                or [[c.case_id, "", "", "", "", *own]]
            )
    return path


def csv_cases(text: str, checklist: Checklist, tmp_path: Path, **options: Any) -> list[Case]:
    (tmp_path / "in.csv").write_bytes(text.encode())
    return list(read_cases(tmp_path / "in.csv", checklist, today=TODAY, **options))


def same_blocks(path: Path, cases: list[Case], checklist: Checklist) -> None:
    """What the batch engine is given is exactly what the cases say."""
    blocks, expected = list(read_blocks(path, checklist, today=TODAY)), block_of(cases, checklist)
    assert [i for b in blocks for i in b.case_ids] == list(expected.case_ids)
    for name in ("age", "certain"):
        np.testing.assert_array_equal(
            np.concatenate([getattr(b, name) for b in blocks]), getattr(expected, name)
        )
    np.testing.assert_array_equal(np.concatenate([b.codes for b in blocks], axis=1), expected.codes)
    assert all(b.codes.flags["C_CONTIGUOUS"] for b in blocks)


def refusal(call: Any) -> ScreeningError:
    with pytest.raises(ScreeningError) as caught:
        call()
    return caught.value


# -- cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "answer", "code"),
    [
        ("yes", Answer.YES, YES),
        ("1", Answer.YES, YES),
        ("TRUE", Answer.YES, YES),
        ("po", Answer.YES, YES),
        ("Da", Answer.YES, YES),
        ("да", Answer.YES, YES),
        ("no", Answer.NO, NO),
        ("0", Answer.NO, NO),
        ("false", Answer.NO, NO),
        ("jo", Answer.NO, NO),
        ("ne", Answer.NO, NO),
        ("не", Answer.NO, NO),
        ("unknown", Answer.UNKNOWN, OPEN),
        ("refused", Answer.REFUSED, OPEN),
        ("not_asked", Answer.NOT_ASKED, OPEN),
        ("", Answer.NOT_ASKED, OPEN),
        ("  ", Answer.NOT_ASKED, OPEN),
        (" yes ", Answer.YES, YES),
        ("not_applicable", Answer.NOT_APPLICABLE, NO),
    ],
)
def test_a_cell_says_what_it_says_and_blank_is_not_asked(
    cell: str, answer: Answer, code: int, checklist: Checklist, tmp_path: Path
) -> None:
    cases = csv_cases(f"case_id,age,hurt,quota\nA,17,{cell},yes\n", checklist, tmp_path)
    assert cases[0].answer("hurt") is answer
    (block,) = read_blocks(tmp_path / "in.csv", checklist, today=TODAY)
    assert block.codes[list(checklist.indicators).index("hurt"), 0] == code


def test_a_column_that_is_not_there_is_open_and_never_no(
    checklist: Checklist, tmp_path: Path
) -> None:
    cases = csv_cases("case_id,age,hurt\nA,17,no\n", checklist, tmp_path)
    (block,) = read_blocks(tmp_path / "in.csv", checklist, today=TODAY)
    column = dict(zip(checklist.indicators, block.codes[:, 0].tolist(), strict=True))
    assert column.pop("hurt") == NO
    assert set(column.values()) == {OPEN}
    assert cases[0].answers.keys() == {"hurt"}


@pytest.mark.parametrize(
    "kind",
    [
        pa.int8(),
        pa.uint8(),
        pa.int16(),
        pa.int64(),
        pa.float64(),
        pa.bool_(),
        pa.string(),
        pa.large_string(),
        pa.dictionary(pa.int8(), pa.string()),
        pa.dictionary(pa.uint16(), pa.int64()),
        pa.null(),
        pa.string_view(),
    ],
)
@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
def test_every_type_of_column_gives_the_same_codes(
    kind: pa.DataType, suffix: str, checklist: Checklist, tmp_path: Path
) -> None:
    pattern = [1, 0, None, 1, None, 0, 0, 1, 1] * 50
    expected = [YES if v == 1 else NO if v == 0 else OPEN for v in pattern]
    if kind == pa.null():
        pattern, expected = [None] * 450, [OPEN] * 450
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    text = (
        pa.types.is_string(plain)
        or pa.types.is_large_string(plain)
        or pa.types.is_string_view(plain)
    )
    values = [
        None if v is None else str(v) if text else bool(v) if plain == pa.bool_() else v
        for v in pattern
    ]
    column = pa.array(values, plain)
    if pa.types.is_dictionary(kind):
        column = column.dictionary_encode().cast(kind)
    table = pa.table(
        {
            "case_id": [str(n) for n in range(450)],
            "hurt": column,
            "quota": pa.array([1] * 450, pa.int8()),
        }
    )
    path = tmp_path / f"in{suffix}"
    if suffix == ".parquet":
        pq.write_table(table, path)
    else:
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=77)
    blocks = list(read_blocks(path, checklist, today=TODAY))
    hurt = list(checklist.indicators).index("hurt")
    assert np.concatenate([b.codes[hurt] for b in blocks]).tolist() == expected
    same_blocks(path, list(read_cases(path, checklist, today=TODAY)), checklist)


def test_what_lies_under_a_null_is_not_looked_at(checklist: Checklist, tmp_path: Path) -> None:
    data = np.array([1, 77, 0, 99], dtype=np.int8)
    column = pa.Array.from_buffers(
        pa.int8(), 4, [pa.py_buffer(bytes([0b0101])), pa.py_buffer(data.tobytes())]
    )
    table = pa.table({"case_id": list("ABCD"), "hurt": column})
    with pa.ipc.new_file(tmp_path / "a.arrow", table.schema) as writer:
        writer.write_table(table)
    (block,) = read_blocks(tmp_path / "a.arrow", checklist, today=TODAY)
    assert block.codes[list(checklist.indicators).index("hurt")].tolist() == [YES, OPEN, NO, OPEN]


# -- ages (S4) -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "certain", "birth", "met", "profile", "years"),
    [
        ("17", "", "", "", "child", 17),
        ("18", "", "", "", "adult", 18),
        ("17.9", "", "", "", "child", 17),
        ("18", "no", "", "", "child", 18),
        ("18", "unknown", "", "", "child", 18),
        ("", "yes", "", "", "child", None),
        ("unknown", "", "", "", "child", None),
        ("", "", "2008-11-23", "", "adult", 18),
        ("", "", "2008-11-24", "", "child", 17),
        ("", "", "2008-11-24", "2026-11-20", "child", 17),
        ("30", "yes", "2015-01-01", "", "child", 11),
        ("30", "yes", "2027-01-01", "", "child", 30),
        ("17", "", "1990-01-01", "", "child", 17),
        ("", "", "2008-06-01", "2026-05-31", "child", 17),
        ("", "", "2008-06-01", "2026-06-01", "adult", 18),
        ("30", "", "1805-01-01", "", "child", 30),
    ],
)
def test_doubt_about_the_age_means_child(
    age: str,
    certain: str,
    birth: str,
    met: str,
    profile: str,
    years: int | None,
    checklist: Checklist,
    tmp_path: Path,
) -> None:
    cases = csv_cases(
        f"case_id,age,age_certain,birth_date,met_on,hurt\nA,{age},{certain},{birth},{met},yes\n",
        checklist,
        tmp_path,
    )
    assert (profile_of(cases[0])[0], cases[0].age) == (profile, years)
    same_blocks(tmp_path / "in.csv", cases, checklist)
    (tmp_path / "a.json").write_text(
        json.dumps(
            [
                {
                    "case_id": "A",
                    "age": age,
                    "age_certain": certain,
                    "birth_date": birth,
                    "met_on": met,
                    "answers": {"hurt": "yes"},
                }
            ]
        )
    )
    assert list(read_cases(tmp_path / "a.json", checklist, today=TODAY)) == cases


def test_rows_of_the_long_form_that_contradict_each_other_mean_child(
    checklist: Checklist, tmp_path: Path
) -> None:
    text = (
        "case_id,indicator,answer,age,setting\nA,hurt,1,30,street\nA,quota,0,20,office\nB,,,40,\n"
    )
    first, second = csv_cases(text, checklist, tmp_path)
    assert (first.age, first.age_certain, first.setting) == (20, False, "street")
    assert (second.age, second.age_certain, dict(second.answers)) == (40, True, {})
    reader = read_cases(tmp_path / "in.csv", checklist, today=TODAY)
    list(reader)
    assert any("differ in setting" in w for w in reader.warnings)


# -- columns ---------------------------------------------------------------------------------------


def test_unknown_columns_are_named_and_statistics_kept_apart(
    checklist: Checklist, tmp_path: Path
) -> None:
    text = "case_id,age,hurt,Sex,nationality,remarks\nA,30,no,f,XK,yes\n"
    (tmp_path / "in.csv").write_text(text)
    reader = read_cases(tmp_path / "in.csv", checklist, today=TODAY)
    (case,) = reader
    assert dict(case.statistics) == {"Sex": "f", "nationality": "XK"}
    assert case.answers.keys() == {"hurt"}
    warnings = "\n".join(reader.warnings)
    assert "recorded for statistics, never scored (2): 'Sex', 'nationality'" in warnings
    assert "not known and not scored (1): 'remarks'" in warnings
    blocks = read_blocks(tmp_path / "in.csv", checklist, today=TODAY)
    assert len(list(blocks)) == 1
    assert blocks.warnings == reader.warnings


def test_statistics_never_change_a_result(checklist: Checklist, tmp_path: Path) -> None:
    weights, results = load_weights(checklist), []
    for sex, nationality in (("f", "XK"), ("m", "AL"), ("", "")):
        (tmp_path / "in.csv").write_text(
            f"case_id,age,sex,nationality,hurt\nA,30,{sex},{nationality},yes\n"
        )
        score_file(
            tmp_path / "in.csv",
            checklist,
            weights,
            tmp_path / "out.csv",
            job=Job(overwrite=True, today=TODAY),
        )
        results.append((tmp_path / "out.csv").read_text())
    assert len(set(results)) == 1


def test_a_table_without_an_age_treats_everyone_as_a_child_and_says_so(
    checklist: Checklist, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("case_id,hurt\nA,1\n")
    reader = read_cases(tmp_path / "in.csv", checklist, today=TODAY)
    assert [profile_of(c)[0] for c in reader] == ["child"]
    assert any("treated as a child" in w for w in reader.warnings)


# -- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(
    delimiter: str, newline: str, checklist: Checklist, tmp_path: Path
) -> None:
    rows = [
        ["case_id", "age", "hurt", "setting"],
        ["A", "17", "yes", '"a, b; c"'],
        ["B", "30", "no", '"x' + newline + 'y ""z"""'],
    ]
    text = newline.join(delimiter.join(row) for row in rows) + newline
    cases = csv_cases(text, checklist, tmp_path)
    assert [(c.case_id, c.age, str(c.answer("hurt")), c.setting) for c in cases] == [
        ("A", 17, "yes", "a, b; c"),
        ("B", 30, "no", f'x{newline}y "z"'),
    ]


def test_a_mark_spaces_and_blank_lines_do_not_matter(checklist: Checklist, tmp_path: Path) -> None:
    cases = csv_cases(
        "\ufeff case_id , age,hurt \n\n A ,17,yes\n\n\nB,30,no\n\n", checklist, tmp_path
    )
    assert [(c.case_id, c.age) for c in cases] == [("A", 17), ("B", 30)]


@pytest.mark.parametrize(
    ("encoding", "name", "yes"),
    [
        ("cp1250", "Šćepan Çelik", "da"),
        ("iso-8859-2", "Šćepan Çelik", "po"),
        ("cp1251", "Ђорђе", "да"),
        ("utf-16", "Ђорђе Çelik", "да"),
        ("utf-16-le", "Ђорђе Çelik", "да"),
        ("utf-8", "Ђорђе Çelik", "да"),
        ("utf-8-sig", "Ђорђе Çelik", "да"),
    ],
)
def test_a_declared_encoding_is_read(
    encoding: str, name: str, yes: str, checklist: Checklist, tmp_path: Path
) -> None:
    declared = None if encoding.startswith("utf-8") else encoding
    (tmp_path / "in.csv").write_bytes(
        f"case_id,age,setting,hurt\nA,17,{name},{yes}\n".encode(encoding)
    )
    (case,) = read_cases(tmp_path / "in.csv", checklist, encoding=declared, today=TODAY)
    assert (case.setting, case.answer("hurt")) == (name, Answer.YES)
    (tmp_path / "in.json").write_bytes(
        json.dumps([{"case_id": "A", "setting": name}], ensure_ascii=False).encode(encoding)
    )
    assert (
        next(read_cases(tmp_path / "in.json", checklist, encoding=declared, today=TODAY)).setting
        == name
    )


def test_characters_cut_by_the_reading_window_stay_whole(
    checklist: Checklist, tmp_path: Path
) -> None:
    ids = [f"Č{n:06d}ж" for n in range(90_000)]  # two-byte characters over more than a MiB
    (tmp_path / "in.csv").write_text("case_id,age,hurt\n" + "".join(f"{i},17,da\n" for i in ids))
    assert [c.case_id for c in read_cases(tmp_path / "in.csv", checklist, today=TODAY)] == ids


# -- JSON ------------------------------------------------------------------------------------------


def test_json_keeps_bases_notes_and_statistics(checklist: Checklist, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(
        json.dumps(
            [
                {
                    "case_id": "A",
                    "age": 9,
                    "age_certain": "no",
                    "setting": "street",
                    "language": "sq",
                    "met_on": "2026-11-01",
                    "statistics": {"sex": "f"},
                    "answers": {
                        "hurt": {"answer": "yes", "basis": "observed", "note": "left arm"},
                        "quota": True,
                        "doubt": 0,
                        "brought": None,
                        "safe_adult": {"answer": "not_asked", "note": "come back"},
                    },
                }
            ]
        )
    )
    (case,) = read_cases(tmp_path / "in.json", checklist, today=TODAY)
    assert case == Case(
        "A",
        9,
        False,
        {
            "hurt": Response(Answer.YES, "observed", "left arm"),
            "quota": Response(Answer.YES),
            "doubt": Response(Answer.NO),
            "safe_adult": Response(Answer.NOT_ASKED, "", "come back"),
        },
        "street",
        "sq",
        date(2026, 11, 1),
        {"sex": "f"},
    )


@pytest.mark.parametrize("window", [1, 2, 3, 7, 50])
def test_json_is_the_same_however_it_is_cut(
    window: int, checklist: Checklist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        ' [ {"case_id":"A\\u0160\\ud83d\\ude00","age":17.5e0,"answers":{"hurt":true,"quota":{"answer":"no"}}}\n,\t{"case_id":"B","age":null,"answers":{}}'
        " ] \n"
    )
    (tmp_path / "in.json").write_text(text)
    whole = list(read_cases(tmp_path / "in.json", checklist, today=TODAY))
    monkeypatch.setattr("screening.tables.jsonfile._STEP", window)
    assert list(read_cases(tmp_path / "in.json", checklist, today=TODAY)) == whole
    assert [c.age for c in whole] == [17, None]


def test_reading_json_loads_no_table_library() -> None:
    code = (
        "import sys, screening.tables.jsonfile; sys.exit(bool({'numpy', 'pyarrow', 'openpyxl',"
        " 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# -- workbooks -------------------------------------------------------------------------------------


def test_a_workbook_as_people_make_it(checklist: Checklist, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [
        [],
        ["case_id", "age", "met_on", "hurt", "quota", None],
        [1001, 17.0, date(2026, 5, 1), True, 0],
        [None] * 4,
        ["B", None, "2026-05-02", "po", None],
    ]:
        book.active.append(row)
    book.create_sheet("Notes").append(["=1+1"])
    book.save(tmp_path / "in.xlsx")
    reader = read_cases(tmp_path / "in.xlsx", checklist, today=TODAY)
    first, second = reader
    assert (first.case_id, first.age, first.met_on) == ("1001", 17, date(2026, 5, 1))
    assert (first.answer("hurt"), first.answer("quota")) == (Answer.YES, Answer.NO)
    assert (second.case_id, second.age, second.answer("hurt"), second.answer("quota")) == (
        "B",
        None,
        Answer.YES,
        Answer.NOT_ASKED,
    )
    assert any("only the sheet 'Sheet' is read, not 'Notes'" in w for w in reader.warnings)
    book.active["D5"] = "perhaps"
    book.save(tmp_path / "in.xlsx")
    assert "in.xlsx, row 5, column hurt" in str(
        refusal(lambda: list(read_cases(tmp_path / "in.xlsx", checklist, today=TODAY)))
    )


# -- the same people, whatever the kind of file ----------------------------------------------------


def some_cases(checklist: Checklist) -> st.SearchStrategy[list[Case]]:
    words = st.text(
        st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12
    )
    responses = st.sampled_from([a for a in Answer if a is not Answer.NOT_ASKED]).map(Response)
    one = st.builds(
        Case,
        case_id=words,
        age=st.none() | st.integers(0, 120),
        age_certain=st.booleans(),
        setting=st.sampled_from(["", "street", "a,b", 'say "x"']),
        answers=st.dictionaries(st.sampled_from(list(checklist.indicators)), responses),
        language=st.sampled_from(["", "sq"]),
        met_on=st.none() | st.dates(date(2020, 1, 1), TODAY),
    )
    return st.lists(one, min_size=1, max_size=8, unique_by=lambda c: c.case_id)


@given(data=st.data())
@examples(15)
def test_every_kind_of_file_gives_the_same_cases_and_blocks(
    data: st.DataObject, checklist: Checklist, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases, folder = data.draw(some_cases(checklist)), tmp_path_factory.mktemp("kinds")
    files = [write_cases(folder / f"in.{kind}", cases, checklist) for kind in KINDS]
    files.append(write_long(folder / "long.csv", cases))
    for path in files:
        assert list(read_cases(path, checklist, today=TODAY)) == cases, path.name
        same_blocks(path, cases, checklist)


def expected_row(case: Case, checklist: Checklist) -> dict[str, Any]:
    """The engine's assessment as a row of the table of results."""
    weights = load_weights(checklist)
    a = score(case, checklist, weights)
    return {
        "case_id": a.case_id,
        "profile": a.profile,
        "finding": a.finding,
        "finding_high": a.finding_high,
        "settled": a.settled,
        "danger": a.danger.state,
        "finding_without_danger": a.danger.finding_without,
        "points": a.points,
        "points_high": a.points_high,
        "points_max": a.points_max,
        "answered": a.answered,
        "relevant": a.relevant,
        "gate": a.gate.state,
        **{e: r.state for e, r in a.elements.items()},
        **{f"dimension_{d}": r.state for d, r in a.dimensions.items()},
        "top_form": a.forms[0].form if a.forms else None,
        "signs": [c.indicator for c in a.contributions if c.kind == "sign"],
        "red_flags": a.red_flags,
        "checklist": "tiny 1",
        "checklist_sha256": checklist.sha256,
        "weights": weights.id,
        "weights_sha256": weights.sha256,
        "weights_standing": "unsigned",
        "engine": a.engine,
    }


def read_results(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()  # pyarrow has no types
    if path.suffix == ".arrow":
        return pa.ipc.open_file(path).read_all().to_pylist()  # pyarrow has no types
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
    else:
        header, *cells = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        rows = [dict(zip(header, row, strict=True)) for row in cells]
    for row in rows:
        for key in ("points", "points_high", "points_max", "answered", "relevant"):
            row[key] = int(row[key])
        row["settled"] = row["settled"] in (True, "true")
        row["top_form"] = row["top_form"] or None
        row |= {k: row[k].split(";") if row[k] else [] for k in ("signs", "red_flags")}
    return rows


@given(data=st.data())
@examples(6)
def test_results_equal_the_engine_in_every_format_and_order(
    data: st.DataObject, checklist: Checklist, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases, folder = data.draw(some_cases(checklist)), tmp_path_factory.mktemp("results")
    cases = [replace(c, case_id=f"c{n}-{c.case_id}") for n, c in enumerate(cases)]
    expected = [expected_row(c, checklist) for c in cases]
    for kind in KINDS:
        path = write_cases(folder / f"in.{kind}", cases, checklist)
        for out in ("parquet", "arrow", "csv", "xlsx"):
            target = folder / f"{kind}.{out}"
            summary = score_file(
                path, checklist, load_weights(checklist), target, job=Job(today=TODAY)
            )
            assert read_results(target) == expected, (kind, out)
            assert summary.rows == len(cases)
            assert summary.by_finding == {
                f: sum(r["finding"] == f for r in expected) for f in FINDINGS
            }
        score_file(
            path, checklist, load_weights(checklist), folder / f"{kind}.json", job=Job(today=TODAY)
        )
        assert json.loads((folder / f"{kind}.json").read_text()) == [
            json.loads(json.dumps(score(c, checklist, load_weights(checklist)).to_dict()))
            for c in cases
        ]


# -- duplicates ------------------------------------------------------------------------------------


def numbered(path: Path, ids: Iterable[str]) -> Path:
    path.write_text("case_id,age,hurt\n" + "".join(f"{i},17,1\n" for i in ids))
    return path


def test_ids_are_unique_across_files(checklist: Checklist, tmp_path: Path) -> None:
    files = [numbered(tmp_path / "a.csv", ["A", "B"]), numbered(tmp_path / "b.csv", ["C", "A"])]
    for read in (read_cases, read_blocks):
        error = refusal(lambda read=read: list(read(files, checklist, today=TODAY)))
        assert (
            error.code,
            "b.csv, row 3" in str(error),
            "first at a.csv, row 2" in str(error),
        ) == ("C211", True, True)
    assert (
        len(
            list(
                read_cases(
                    [files[0], numbered(tmp_path / "c.csv", ["C", "D"])], checklist, today=TODAY
                )
            )
        )
        == 4
    )


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json"])
@pytest.mark.parametrize("exact", [0, 10, 1000])
def test_a_duplicate_is_found_however_far_apart_and_none_is_invented(
    suffix: str, exact: int, checklist: Checklist, tmp_path: Path
) -> None:
    cases = [Case(f"case-{n}" * (1 + n % 5), age=9) for n in range(3000)]
    for twice in (None, 7):
        people = [*cases, cases[twice]] if twice is not None else cases
        path = write_cases(tmp_path / f"{twice}{suffix}", people, checklist)
        (file,) = open_files(path, Reading(checklist, TODAY))
        seen = SeenIds([file], exact=exact)

        def run(file: Any = file, seen: SeenIds = seen) -> None:
            for rows, ids in file.ids():
                seen.add(0, rows, ids)
            seen.end()

        if twice is None:
            run()
        else:
            error = refusal(run)
            assert error.code == "C211"
            assert (
                file.place(3000) in str(error)
                and file.place(7) in str(error)
                and cases[7].case_id[:10] in str(error)
            )


@pytest.mark.parametrize("exact", [0, 1000])
@pytest.mark.parametrize("again", ["A 1", "A  1", "A\u00a01", "A\u200b 1", "\u0410 1"])
def test_an_id_that_only_looks_the_same_is_a_duplicate_however_many_rows_there_are(
    exact: int, again: str, checklist: Checklist, tmp_path: Path
) -> None:
    path = numbered(tmp_path / "people.csv", ["A 1", "B 1", again])
    (file,) = open_files(path, Reading(checklist, TODAY))
    seen = SeenIds([file], exact=exact)

    def run() -> None:
        for rows, ids in file.ids():
            seen.add(0, rows, ids)
        seen.end()

    assert refusal(run).code == "C211"


def test_a_million_ids_bring_no_false_alarm_and_one_repeat_is_found() -> None:
    class File:
        def place(self, row: int) -> str:
            return f"row {row}"

        def ids(self) -> Any:
            for start in range(0, 1_000_000, 50_000):
                names = [f"KS-{n:09d}" for n in range(start, start + 50_000)]
                if start == 950_000:
                    names[-1] = self.last
                yield range(start, start + 50_000), names

        last = "KS-unique"

    file = File()
    for last in ("KS-unique", "KS-000000003"):
        file.last = last
        seen = SeenIds([file])  # a stand-in with what is needed
        for rows, ids in file.ids():
            seen.add(0, rows, ids)
        if last == "KS-unique":
            assert not len(seen.alike())
            seen.end()
        else:
            assert "row 999999" in str(refusal(seen.end)) and len(seen.alike()) == 1


# -- writing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("case_id", ["=1+1", "+1", "-1", "@x", "|cmd", "%x", '=HYPERLINK("x")'])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_ids_that_a_spreadsheet_would_run_are_made_inert(
    case_id: str, suffix: str, checklist: Checklist, tmp_path: Path
) -> None:
    write_cases(tmp_path / "in.json", [Case(case_id, 9), Case("plain", 9)], checklist)
    score_file(
        tmp_path / "in.json",
        checklist,
        load_weights(checklist),
        tmp_path / f"out{suffix}",
        job=Job(today=TODAY),
    )
    assert [row["case_id"] for row in read_results(tmp_path / f"out{suffix}")] == [
        "'" + case_id,
        "plain",
    ]
    score_file(
        tmp_path / "in.json",
        checklist,
        load_weights(checklist),
        tmp_path / "out.parquet",
        job=Job(overwrite=True, today=TODAY),
    )
    assert read_results(tmp_path / "out.parquet")[0]["case_id"] == case_id


def test_a_workbook_keeps_odd_text_as_text(checklist: Checklist, tmp_path: Path) -> None:
    ids = ["007", "1e5", "a<b>&c", "_x0041_", "x\x01y", "TRUE", "line\nbreak"]
    write_cases(tmp_path / "in.json", [Case(i, 9) for i in ids], checklist)
    score_file(
        tmp_path / "in.json",
        checklist,
        load_weights(checklist),
        tmp_path / "out.xlsx",
        job=Job(today=TODAY),
    )
    cells = [row["case_id"] for row in read_results(tmp_path / "out.xlsx")]
    assert [c.replace("_x005F_", "_") for c in cells] == [
        "007",
        "1e5",
        "a<b>&c",
        "_x0041_",
        "x\ufffdy",
        "TRUE",
        "line\nbreak",
    ]


def test_a_workbook_keeps_its_header_in_sight_and_can_be_filtered(
    checklist: Checklist, tmp_path: Path
) -> None:
    write_cases(tmp_path / "in.json", [Case("A", 9), Case("B", 9)], checklist)
    out = tmp_path / "out.xlsx"
    score_file(tmp_path / "in.json", checklist, load_weights(checklist), out, job=Job(today=TODAY))
    sheet = openpyxl.load_workbook(out).active
    names = [cell.value for cell in sheet[1]]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(3, len(names)).coordinate}"
    for n, name in enumerate(names, 1):
        width = sheet.column_dimensions[sheet.cell(1, n).column_letter].width
        assert len(name) + 3 < width < 60, name


def test_an_output_appears_whole_private_and_never_over_another(
    checklist: Checklist, tmp_path: Path
) -> None:
    source, out, weights = (
        numbered(tmp_path / "in.csv", ["A"]),
        tmp_path / "out.csv",
        load_weights(checklist),
    )
    score_file(source, checklist, weights, out, job=Job(today=TODAY))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    before = out.read_bytes()
    assert (
        refusal(lambda: score_file(source, checklist, weights, out, job=Job(today=TODAY))).code
        == "U302"
    )
    numbered(source, ["A", "B"])
    score_file(source, checklist, weights, out, job=Job(overwrite=True, today=TODAY))
    assert out.read_bytes() != before
    numbered(source, ["A", "A"])
    after = out.read_bytes()
    assert (
        refusal(
            lambda: score_file(
                source, checklist, weights, out, job=Job(overwrite=True, today=TODAY)
            )
        ).code
        == "C211"
    )
    assert out.read_bytes() == after
    assert (
        refusal(
            lambda: score_file(
                source, checklist, weights, source, job=Job(overwrite=True, today=TODAY)
            )
        ).code
        == "U305"
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize(
    ("out", "format_", "code"),
    [
        ("none/out.csv", None, "U303"),
        (".", "csv", "U303"),
        ("out.doc", None, "U307"),
        ("out.tsv", None, "U307"),
        ("out.csv", "doc", "U305"),
        ("in.csv/out.csv", None, "U303"),
    ],
)
def test_an_output_that_cannot_be(
    out: str, format_: str | None, code: str, checklist: Checklist, tmp_path: Path
) -> None:
    source = numbered(tmp_path / "in.csv", ["A"])
    assert (
        refusal(
            lambda: score_file(
                source,
                checklist,
                load_weights(checklist),
                tmp_path / out,
                format_,
                job=Job(today=TODAY),
            )
        ).code
        == code
    )
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "arrow", "json"])
@pytest.mark.parametrize("fails_at", ["write", "fsync"])
def test_a_full_disk_leaves_nothing_behind(
    suffix: str,
    fails_at: str,
    checklist: Checklist,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = numbered(tmp_path / "in.csv", [f"c{n}" for n in range(2000)])

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails_at, full)
    error = refusal(
        lambda: score_file(
            source,
            checklist,
            load_weights(checklist),
            tmp_path / f"out.{suffix}",
            job=Job(today=TODAY),
        )
    )
    monkeypatch.undo()
    assert (error.code, error.problem) == ("U303", "the disk is full; nothing was written")
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def test_an_interrupted_job_leaves_nothing_behind(checklist: Checklist, tmp_path: Path) -> None:
    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    source = numbered(tmp_path / "in.csv", ["A", "B"])
    with pytest.raises(KeyboardInterrupt):
        score_file(
            source,
            checklist,
            load_weights(checklist),
            tmp_path / "out.parquet",
            job=Job(progress=stop, today=TODAY),
        )
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(ScreeningError) as caught, OutputFile(tmp_path / "out") as file:
        file.write(b"ours")
        (tmp_path / "out").write_bytes(b"theirs")
    assert caught.value.code == "U302"
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("out", b"theirs")]


def test_progress_counts_every_case(checklist: Checklist, tmp_path: Path) -> None:
    source, seen = (
        write_cases(tmp_path / "in.parquet", [Case(f"c{n}", 9) for n in range(500)], checklist),
        [],
    )
    score_file(
        source,
        checklist,
        load_weights(checklist),
        tmp_path / "out.csv",
        job=Job(progress=lambda done, total: seen.append((done, total)), today=TODAY),
    )
    assert seen[-1] == (500, 500)


# -- to a screen -----------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["csv", "json", "table"])
def test_nothing_reaches_the_screen_before_every_case_was_read(
    format_: str, checklist: Checklist, tmp_path: Path
) -> None:
    source, screen = numbered(tmp_path / "in.csv", ["A", "B", "A"]), io.StringIO()
    assert (
        refusal(
            lambda: score_file(
                source, checklist, load_weights(checklist), screen, format_, job=Job(today=TODAY)
            )
        ).code
        == "C211"
    )
    assert screen.getvalue() == ""
    numbered(source, ["A", "B\x1b[2J"])
    score_file(source, checklist, load_weights(checklist), screen, format_, job=Job(today=TODAY))
    text = screen.getvalue()
    assert "A" in text and (format_ == "csv" or "\x1b" not in text)
    if format_ == "json":
        assert [a["case_id"] for a in json.loads(text)] == ["A", "B\x1b[2J"]
    assert len(list(tmp_path.iterdir())) == 1


def test_json_of_several_files_is_one_array_in_order(checklist: Checklist, tmp_path: Path) -> None:
    files = [
        numbered(tmp_path / "a.csv", ["Z", "B"]),
        write_cases(tmp_path / "b.json", [Case("A", 9)], checklist),
    ]
    summary = score_file(
        files, checklist, load_weights(checklist), tmp_path / "out.json", job=Job(today=TODAY)
    )
    assert [a["case_id"] for a in json.loads((tmp_path / "out.json").read_text())] == [
        "Z",
        "B",
        "A",
    ]
    assert summary.rows == 3


# -- memory ----------------------------------------------------------------------------------------

_PEAK = """
import resource, sys
from datetime import date
from pathlib import Path
from screening.checklist import load_checklist, load_weights
from screening.tables.pipeline import Job, score_file
checklist = load_checklist(sys.argv[1])
score_file(sys.argv[2], checklist, load_weights(checklist), sys.argv[2] + ".out.parquet", job=Job(today=date(2026, 11, 23)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".arrow"])
def test_memory_does_not_grow_with_the_rows(
    suffix: str, checklist: Checklist, tmp_path: Path
) -> None:
    """A file ten times as long needs no more memory but for the field of ids, 128 MiB once its
    pages are touched.
    """
    peaks = []
    for rows in (150_000, 1_500_000):
        table = pa.table(
            {
                "case_id": pa.array(np.arange(rows)).cast(pa.string()),
                "age": pa.array(np.arange(rows) % 90, pa.int8()),
                **{i: pa.array(np.arange(rows) % 2, pa.int8()) for i in checklist.indicators},
            }
        )
        path = tmp_path / f"{rows}{suffix}"
        if suffix == ".csv":
            import pyarrow.csv as pacsv

            pacsv.write_csv(table, path)
        elif suffix == ".parquet":
            pq.write_table(table, path)
        else:
            with pa.ipc.new_file(path, table.schema) as writer:
                writer.write_table(table, max_chunksize=65536)
        out = subprocess.run(
            [sys.executable, "-c", _PEAK, str(checklist.folder), str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(out.stdout))
    assert peaks[1] - peaks[0] < 128 + 92, peaks  # and what the allocators keep


def test_json_of_any_length_is_read_in_a_window(checklist: Checklist, tmp_path: Path) -> None:
    import tracemalloc

    case = (
        '{"case_id":"%07d","age":9,"answers":{"hurt":{"answer":"yes","note":"' + "x" * 300 + '"}}}'
    )
    (tmp_path / "in.json").write_text("[" + ",\n".join(case % n for n in range(20_000)) + "]")
    reader = read_cases(tmp_path / "in.json", checklist, today=TODAY)
    tracemalloc.start()
    count = sum(1 for _ in reader)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 6 << 20  # of a file of 7 MB; the ids themselves are kept
