"""`screening letter`: a letter from a row of a table, which says what a table does not know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

CASES = """case_id,age,sent_and_placed,violence_now
L-1,9,yes,yes
L-2,34,no,
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.csv"
    file.write_text(CASES, encoding="utf-8")
    return file


SET = [
    x
    for field in ("to=CSW", "from=Station 3", "happened=Begs", "when=Now", "place=Here", "now=Here")
    for x in ("--set", field)
]


def test_a_letter_of_a_row_is_a_pdf_in_one_language_after_the_other(
    cases: Path, tmp_path: Path, cli: Any
):
    out = tmp_path / "letter.pdf"
    done = cli("letter", cases, "--case", "L-1", "-o", out, *SET, "--lang", "sq", "--also", "en")
    assert done.code == 0, done.err
    pages = PdfReader(out).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Act now" in text and "L-1" in text and "Referim" in pages[0].extract_text()


def test_what_is_required_is_given_or_left_to_be_filled_in_by_hand(
    cases: Path, tmp_path: Path, cli: Any
):
    out = tmp_path / "letter.txt"
    done = cli("letter", cases, "--case", "L-2", "-o", out, "--set", "place=Here")
    assert done.code == 2 and "[U319]" in done.err and "To (office)" in done.err
    assert not out.exists()
    assert cli("letter", cases, "--case", "L-2", "-o", out, "--by-hand").code == 0
    assert "Place: ____" in out.read_text(encoding="utf-8")
    done = cli("letter", cases, "--case", "L-2", "-o", out, *SET, "--overwrite")
    assert done.code == 0 and "Place: Here" in out.read_text(encoding="utf-8")


def test_the_numbers_of_the_station_are_on_the_letter(cases: Path, tmp_path: Path, cli: Any):
    station, out = tmp_path / "contacts.yaml", tmp_path / "letter.txt"
    by = ("--verified-by", "A. K.", "--contacts", station)
    assert cli("contacts", "set", "station", "038 200 111", *by).code == 0
    assert cli("contacts", "set", "unit", "Station 9", "--contacts", station).code == 0
    done = cli("letter", cases, "--case", "L-1", "-o", out, "--by-hand", "--contacts", station)
    said = out.read_text(encoding="utf-8")
    assert done.code == 0 and "From: Station 9" in said
    assert "038 200 111 (verified by A. K." in said


def test_S27_the_page_says_what_a_table_does_not_know_and_nothing_about_danger_that_is_not_so(
    cases: Path, tmp_path: Path, cli: Any
):
    out = tmp_path / "letter.html"
    assert cli("letter", cases, "--case", "L-1", "-o", out, "--by-hand").code == 0
    text = out.read_text(encoding="utf-8")
    assert "from a table of cases" in text and "not recorded" in text and 'class="danger"' in text
    assert cli("letter", cases, "--case", "L-1", "-o", out, "--by-hand").code == 2, (
        "it is there already"
    )
    assert cli("letter", cases, "--case", "L-1", "-o", out, "--by-hand", "--overwrite").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--case", "L-9", "-o", "x.pdf"], "U304"),
        (["--case", "L-1", "-o", "x.doc"], "U307"),
        (["--case", "L-1", "-o", "x.pdf", "--set", "plaec=Here"], "U319"),
        (["--case", "L-1", "-o", "x.pdf", "--set", "place"], "U319"),
        (["--case", "L-1", "-o", "x.pdf", "--also", "en"], "U305"),
        (["--case", "L-1", "-o", "x.pdf", "--also", "klingon"], "U305"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_line(
    arguments: list[str], code: str, cases: Path, cli: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(cases.parent)
    done = cli("letter", cases, *arguments)
    assert done.code == 2 and f"[{code}]" in done.err and not Path("x.pdf").exists()
