"""What is told and stops nobody, in the language of the command."""

from __future__ import annotations

import pickle

import pytest

from screening.errors import CaseError, Notice, mark
from screening.i18n import LANGUAGES, words

TOLD = {
    "en": ("row 2: the header is here", "there is no column age", "not known and not scored (1)"),
    "sq": ("rreshti 2: kreu", "nuk ka kolonë age", "nuk njihen dhe nuk vlerësohen (1)"),
    "sr": ("red 2: zaglavlje", "nema kolone age", "nisu poznate i ne boduju se (1)"),
    "sr-Cyrl": ("ред 2: заглавље", "нема колоне age", "нису познате и не бодују се (1)"),
}
FILE = "The week\ncase_id,sent_and_placed,foo\nA,yes,x\n"


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize("command", [["score"], ["triage"], ["explain", "--case", "A"]])
def test_what_stops_nobody_is_told_in_the_language_of_the_command(command, lang, tmp_path, cli):
    assert set(TOLD) == set(LANGUAGES)
    (tmp_path / "week.csv").write_text(FILE)
    name, *more = command
    ran = cli(name, tmp_path / "week.csv", *more, "--lang", lang)
    assert ran.code == 0
    lines = [line for line in ran.err.splitlines() if line.startswith("screening: week.csv")]
    assert len(lines) == len(TOLD[lang])
    for told in TOLD[lang]:
        assert any(told in line for line in lines), ran.err


def test_a_notice_is_its_line_in_english_and_goes_to_another_process_and_back():
    one = Notice(
        "a.csv, row 2",
        mark("there is no column {column}: every person is treated as a child"),
        column="{n}",
    )
    other = Notice.of(CaseError("C210.total_row", place="a.csv, row 2", case_id="Total"))
    assert one == "a.csv, row 2: there is no column {n}: every person is treated as a child"
    for notice in (one, other):
        back = pickle.loads(pickle.dumps(notice))
        assert back == notice and back.into(words("sq")) == notice.into(words("sq")) != notice
