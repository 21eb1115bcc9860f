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


def test_a_letter_of_a_row_is_a_pdf_of_two_pages_at_most(cases: Path, tmp_path: Path, cli: Any):
    out = tmp_path / "letter.pdf"
    done = cli("letter", cases, "--case", "L-1", "-o", out, "--lang", "sq", "--beside", "en")
    assert done.code == 0, done.err
    pages = PdfReader(out).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert len(pages) <= 2 and "Act now" in text and "L-1" in text


def test_S27_the_page_says_what_a_table_does_not_know_and_nothing_about_danger_that_is_not_so(
    cases: Path, tmp_path: Path, cli: Any
):
    out = tmp_path / "letter.html"
    assert cli("letter", cases, "--case", "L-1", "-o", out).code == 0
    text = out.read_text(encoding="utf-8")
    assert "from a table of cases" in text and "not recorded" in text and 'class="danger"' in text
    assert cli("letter", cases, "--case", "L-1", "-o", out).code == 2, "it is there already"
    assert cli("letter", cases, "--case", "L-1", "-o", out, "--overwrite").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--case", "L-9", "-o", "x.pdf"], "U304"),
        (["--case", "L-1", "-o", "x.doc"], "U307"),
        (["--case", "L-1", "-o", "x.pdf", "--beside", "en"], "U305"),
        (["--case", "L-1", "-o", "x.pdf", "--beside", "klingon"], "U305"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_line(
    arguments: list[str], code: str, cases: Path, cli: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(cases.parent)
    done = cli("letter", cases, *arguments)
    assert done.code == 2 and f"[{code}]" in done.err and not Path("x.pdf").exists()
