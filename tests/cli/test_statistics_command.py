"""`statistics` at the command line: what it prints and writes, for whom, and that it is recorded."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from screening.casebook.events import make
from screening.casebook.laptop import Casebook
from screening.languages import LANGUAGES
from support.casebook import WORDS
from support.casework import act
from support.year import a_year, identified_person

# What somebody wrote, and who wrote it: none of it is a count
CANARIES = ("Y-0", "V-0", "canary-note", "canary-place", "arta", "besim", "panel", "Shelter")
EXPECTED = ("--expected", "0.1", "--source", "a count")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook of a coordinator's year: 400 cases, and 60 persons identified."""
    folder: Path = tmp_path_factory.mktemp("year")
    (folder / "p").touch(0o600)
    (folder / "p").write_text(WORDS, encoding="utf-8")
    me = act("2026-03-01")
    with Casebook.create(folder / "cases", WORDS)[0] as opened:
        opened.append(a_year())
        for n in range(60):
            counted = {"sex": "f", "origin": "Kosovo" if n % 5 else "=Albania"}
            opened.append(
                identified_person(f"V-0{n}", date(2026, 3, 1), counted, "begging", True, False)
            )
        opened.append([make(me, "noted", "Y-0001", None, text="canary-note")])
        opened.append([make(me, "met", "Y-0001", None, encounter="x", place="canary-place")])
    return folder


@pytest.fixture
def told(cli, book):
    """`told("--internal")`: the command on that casebook, on the last day of the year."""
    own = ("--store", book / "cases", "--passphrase-file", book / "p", "--by", "arta")
    return lambda *words: cli("statistics", *own, "--on", "2026-11-30", *words)


def recorded(book: Path) -> list[tuple[str, str]]:
    with Casebook.open(book / "cases", WORDS) as opened:
        events = opened.events(kinds=("viewed", "exported"))
        return [(e.kind, str(e.data.get("what", ""))) for e in events]


def test_it_prints_the_tables_with_what_they_count_and_leaves_small_counts_out(told) -> None:
    ran = told(*EXPECTED)
    assert ran.code == 0 and "left out: a count below 10" in ran.err
    assert "persons, each counted once" in ran.out and "meetings and acts, not persons" in ran.out
    assert "As of 2026-11-30." in ran.out and "Expected: 10.0 %, according to: a count." in ran.out
    tables = ran.out.split("Are fewer children")[0].split("median days")[0]
    counts = [int(n) for n in re.findall(r"(?<=  )\d+(?= |$)", tables, re.MULTILINE)]
    assert counts and min(counts) >= 10 and " * " in tables


def test_every_count_is_shown_inside_and_that_somebody_looked_is_recorded(told, book) -> None:
    before = len(recorded(book))
    inside = told("--internal")
    assert inside.code == 0 and "*" not in inside.out and "left out" not in inside.err
    told("--release")
    assert recorded(book)[before:] == [("viewed", "statistics, internal"), ("viewed", "statistics")]


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        (".csv", ()),
        (".csv", ("--internal",)),
        (".xlsx", ("--internal",)),
        (".svg", ("--internal",)),
    ],
)
def test_a_file_has_no_word_of_anybody_and_that_it_was_written_is_recorded(
    told, book, tmp_path, kind, extra
) -> None:
    out = tmp_path / f"out{kind}"
    before = len(recorded(book))
    ran = told("-o", out, *extra, *EXPECTED)
    assert ran.code == 0 and ran.out == "" and "written" in ran.err
    assert recorded(book)[-1][0] == "exported" and len(recorded(book)) == before + 2
    text = (
        out.read_text(encoding="utf-8")
        if kind != ".xlsx"
        else repr([[c.value for c in row] for row in load_workbook(out).active])
    )
    assert not [word for word in CANARIES if word in text]
    if kind == ".csv" and extra:
        assert told("-o", out, *extra).code == 2  # it is there already
        assert told("-o", out, *extra, "--overwrite").code == 0


def test_a_csv_and_a_workbook_have_a_row_for_each_count_and_formulas_are_inert(
    told, tmp_path
) -> None:
    for name in ("a.csv", "a.xlsx"):
        told("-o", tmp_path / name, "--internal")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    head, *cells = [
        [c.value for c in row] for row in load_workbook(tmp_path / "a.xlsx").active.iter_rows()
    ]
    assert head == list(rows[0]) and len(cells) == len(rows)
    at = {(r["table_id"], r["row_id"], r["column_id"]): r for r in rows}
    assert at["acts", "decisions", "total"]["value"].isdigit()
    assert at["monitor", "over", "total"]["unit"] == "persons, each counted once"
    assert {r["left_out"] for r in rows} == {"False"}
    numbers = [c[head.index("value")] for c in cells]
    assert all(n is None or isinstance(n, int | float) for n in numbers)
    assert any("=Albania" in str(c) for row in cells for c in row)
    assert not [c for row in cells for c in row if str(c).startswith("=")]


def test_what_a_release_leaves_out_is_left_out_of_its_files(told, tmp_path) -> None:
    told("-o", tmp_path / "a.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    hidden = [r for r in rows if r["left_out"] == "True"]
    assert hidden and {r["value"] for r in hidden} == {"*"}
    shown = [r for r in rows if r["left_out"] == "False" and not r["table_id"].endswith("_days")]
    assert shown and min(int(r["value"]) for r in shown) >= 10


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pictures_are_whole_in_every_language(told, tmp_path, lang) -> None:
    assert told("-o", tmp_path / "a.svg", "--internal", "--lang", lang, *EXPECTED).code == 0
    root = ET.fromstring((tmp_path / "a.svg").read_text(encoding="utf-8"))
    assert root.tag.endswith("svg") and len(root.findall(".//{*}rect")) > 15
    assert len(root.findall(".//{*}polyline")) == 3  # seen, not ruled out, expected
    assert ("Children begging" in "".join(root.itertext())) == (lang == "en")


def test_the_articles_tables_need_no_casebook(cli, tmp_path) -> None:
    ran = cli("statistics", "--paper")
    assert ran.code == 0
    assert re.search(r"Identified +32 +15 +10 +57", ran.out)
    assert re.search(r"57\.17 % +42\.86 % +wrong", ran.out)
    assert cli("statistics", "--paper", "-o", tmp_path / "p.xlsx").code == 0
    cells = list(load_workbook(tmp_path / "p.xlsx").active.values)
    assert any(c[0] == "Victims by origin" and c[3] == 46 for c in cells)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--release", "--internal"), "U305"),
        (("--expected", "2", "--source", "x"), "U305"),
        (("--expected", "nan", "--source", "x"), "U305"),
        (("--expected", "0.1"), "U305"),
        (("--since", "2027-01-01"), "U305"),
        (("-o", "a.pdf"), "U307"),
        (("--paper", "-o", "a.svg"), "U307"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(told, words, code) -> None:
    ran = told(*words)
    assert ran.code == 2 and ran.out == "" and f"[{code}]" in ran.err
    assert len(ran.err.strip().splitlines()) == 1
