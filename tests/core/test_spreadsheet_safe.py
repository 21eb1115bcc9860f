"""Exported cells: nothing that a spreadsheet could run as a formula leaves as it came."""

from __future__ import annotations

import csv
import io
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from screening.files.spreadsheet_safe import RISKY, csv_text, inert

SIGNS = "=+-@|%"
WIDE = "＝＋－＠｜％"
MADE_INERT = [
    *(f"{sign}1" for sign in SIGNS + WIDE + "﹦﹢﹣﹫"),
    *SIGNS,
    "\tx",
    "\rx",
    "\n=1",
    " =1",
    "   =1",
    "\u00a0=1",  # a blank that does not break
    "\u2003=1",  # a wide blank
    "\u3000＝1",  # an ideographic blank
    "\u200b=1",  # zero width
    "\u200d+1",
    "\u2060-1",
    "\ufeff@x",  # a byte-order mark
    "\u00ad=1",  # a soft hyphen
    "\u200e=1",  # direction marks
    "\u202e=1",
    "\u2066=1",
    "\u034f=1",  # a joiner
    "\u3164=1",  # fillers
    "\u115f=1",
    "\ufe0f=1",  # a variation selector
    "\U000e0020=1",  # a tag
    "\x00=1",
    "\x1b=1",
    "\x7f=1",
    "\x85=1",
    " \u200b\t \ufeff=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
]
WITHIN = {  # cells that another country's separator would end within
    "A;=cmd|' /C calc'!A0;": "A;'=cmd|' /C calc'!A0;",
    "1,\u200b=1;\t+2": "1,\u200b'=1;\t'+2",
    "x\n=1": "x\n'=1",
    "a; ＝1": "a; '＝1",
}
LEFT = [
    "a;b=1",
    "",
    " ",
    "KS-1",
    "a=1",
    "1+1",
    "'=1",
    "ë-së",
    " a",
    "\u200ba",
    "№ 1",
    "Ж",
    "(=1)",
    "·-",
]


@pytest.mark.parametrize("cell", MADE_INERT, ids=ascii)
def test_a_cell_whose_first_sign_that_is_seen_could_start_a_formula_is_made_inert(cell):
    assert inert(cell) == "'" + cell
    assert inert(inert(cell)) == inert(cell)


@pytest.mark.parametrize("cell", LEFT, ids=ascii)
def test_every_other_cell_is_left_as_it_is(cell):
    assert inert(cell) == cell


def test_every_sign_that_is_not_seen_counts_as_none():
    """Controls, format characters and blanks of all of Unicode."""
    unseen = [
        chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in ("Cc", "Cf", "Zs", "Zl")
    ]
    assert len(unseen) > 200
    seen = {"\u0600", "\u0601", "\u0602", "\u0603", "\u0604", "\u0605", "\u06dd", "\u070f"}
    seen |= {"\u0890", "\u0891", "\u08e2", "\U000110bd", "\U000110cd"}  # number signs, drawn
    left = [ascii(c) for c in unseen if c not in seen and inert(c + "=1") == c + "=1"]
    assert [c for c in left if not c.startswith("'\\U00013")] == []  # joiners of hieroglyphs


def test_the_expression_means_the_same_to_a_column():
    """Results are looked through a column at a time, by another engine of expressions."""
    cells = [*MADE_INERT, *LEFT]
    cells += [chr(n) + "=1" for n in range(0x3100) if not 0xD800 <= n < 0xE000]
    found = pc.match_substring_regex(pa.array(cells), RISKY).to_pylist()
    assert found == [inert(cell) != cell for cell in cells]


def test_a_csv_to_hand_out_has_every_text_inert_and_every_number_as_it_is():
    text = csv_text([["id", "n", "note"], ["=1", -3, None], ["a,b", 1.5, '\u200b+"x"']])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["id", "n", "note"],
        ["'=1", "-3", ""],
        ["a,b", "1.5", '\'\u200b+"x"'],
    ]


@pytest.mark.parametrize(("cell", "made"), WITHIN.items())
def test_what_another_separator_would_make_a_cell_of_is_made_inert_too(cell, made):
    assert inert(cell) == made and inert(made) == made
    assert pc.match_substring_regex(pa.array([cell]), RISKY).to_pylist() == [True]
