"""One rule for names and one for values: spellings that other programs make are read, slips are
refused with the name meant, and what is not understood is never an answer.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Answer
from screening.checklist import load_checklist
from screening.errors import CaseError, UsageError
from screening.names import Names, fold, look_of, looks_of
from screening.tables.cases import read_blocks, read_cases
from screening.values import in_doubt, missing_codes, parse_answer

TODAY = date(2026, 11, 23)
NAMES = Names(["case_id", "age", "danger_now", "sent_and_placed"])


@pytest.mark.parametrize(
    "heading",
    ["Danger_Now", "danger now", "danger_now\u200b", "danger\nnow", "ｄanger_now", " danger-now? "],
)
def test_a_spelling_of_a_name_is_the_name(heading: str) -> None:
    assert NAMES.of(heading) == "danger_now"


@pytest.mark.parametrize("heading", ["danger_nw", "dangernow", "now_danger", "danger_now.1"])
def test_what_is_only_near_a_name_is_a_slip_of_it(heading: str) -> None:
    assert NAMES.of(heading) == "" and NAMES.near(heading) == "danger_now"


@pytest.mark.parametrize("heading", ["region", "page", "danger_now_note", "age_group"])
def test_another_word_is_no_slip(heading: str) -> None:
    assert NAMES.of(heading) == NAMES.near(heading) == ""


def test_a_group_before_a_name_is_passed_over_but_a_choice_is_no_answer() -> None:
    assert NAMES.in_group("data.signs/danger_now")[0] == "danger_now"
    assert NAMES.columns(["signs", "signs/danger_now"]).choices == [(1, 0)]
    assert NAMES.in_group("signs[danger_now]") == ("danger_now", "signs")
    assert NAMES.in_group("Signs (danger_now)")[0] == "danger_now"
    assert NAMES.columns(["signs", "signs[danger_now]"]).choices == [(1, 0)]


def test_ids_that_look_alike_are_one() -> None:
    assert look_of("\u010c-1") == look_of("C\u030c-1")
    assert look_of("S-01") == look_of("S-01\u200b") == look_of("\u0405-01")
    assert len({look_of(f"S{line}01") for line in "-‐‑‒–—―−－"}) == 1
    assert len({look_of(f"S{mark}01") for mark in "'’‘ʼ′"}) == 1
    assert look_of("һ\u0501ѕ-1") == look_of("hds-1") and look_of("Ð1") == look_of("Đ1")
    assert len({look_of(i) for i in ("007", "7", "1e3", "1000", "S01", "S 01", "s01")}) == 7
    assert fold("Nuk është pyetur") == "nuk eshte pyetur"


@given(st.lists(st.text("Aа1 -|\u200b\u00a0\n", max_size=4)))
def test_many_ids_look_as_each_alone_does(ids: list[str]) -> None:
    assert looks_of(ids) == [look_of(case_id) for case_id in ids]


def test_a_code_is_an_answer_only_where_it_is_declared() -> None:
    codes = missing_codes("88=unknown,99=refused")
    assert parse_answer("99.0", codes) is Answer.REFUSED
    with pytest.raises(CaseError, match="C220"):
        parse_answer(99)
    for wrong in ("99=yes", "1=unknown", "99=unknown,99=refused"):
        with pytest.raises(UsageError, match="U305"):
            missing_codes(wrong)


def test_an_age_that_may_be_a_code_is_in_doubt_unless_somebody_is_certain() -> None:
    assert in_doubt(99, None) and in_doubt(98, False) and not in_doubt(99, True)


@pytest.mark.parametrize("row", ["Total,,", "Gjithsej,,1", "Укупно случајева,,1", "Sum,18,1"])
@pytest.mark.parametrize("row_of_a_person", ["Total-7,9,yes", "SUM-1,,yes", "Summer,,"])
def test_a_row_that_adds_up_is_nobody_whoever_reads_the_table(
    row: str, row_of_a_person: str, tmp_path: Path
) -> None:
    path, checklist = tmp_path / "a.csv", load_checklist()
    path.write_text(f"case_id,age,danger_now\nA,9,yes\n{row_of_a_person}\n", encoding="utf-8")
    for read in (read_cases, read_blocks):
        assert list(read(path, checklist, today=TODAY))
    path.write_text(f"case_id,age,danger_now\nA,9,yes\n{row}\n", encoding="utf-8")
    for read in (read_cases, read_blocks):
        with pytest.raises(CaseError, match="C210"):
            list(read(path, checklist, today=TODAY))
    path.write_text("case_id,indicator,answer\nA,danger_now,yes\nTotal,,\n", encoding="utf-8")
    with pytest.raises(CaseError, match="C210"):
        list(read_cases(path, checklist, today=TODAY))


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("case_id,age,danger_now\nA,9m,maybe\nB,200,yes\n", encoding="utf-8")
    with pytest.raises(CaseError) as refused:
        list(read_cases(path, load_checklist(), today=TODAY))
    assert len(refused.value.others) == 2
