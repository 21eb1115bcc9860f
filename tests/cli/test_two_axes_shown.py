"""Both axes on the command line: the table on the screen, the work list, and what a list's numbers
can carry.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.two_axes import two_axes


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return two_axes(tmp_path).folder


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.json"
    given = {"poor": "cold long_hours", "sent": "quota sent_to_beg", "met": ""}
    rows = [
        {
            "case_id": name,
            "age": 9,
            "age_certain": True,
            "answers": dict.fromkeys(yes.split(), "yes"),
        }
        for name, yes in given.items()
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_a_table_on_the_screen_names_the_needs_that_are_present(cli, tiny, cases):
    ran = cli("score", cases, "--checklist", tiny)
    header, *lines = [line for line in ran.out.splitlines() if line.strip()]
    assert header.split()[-1] == "needs"
    told = {line.split()[0]: line[header.index("needs") :].strip() for line in lines}
    assert told == {"poor": "Shelter; Doctor", "sent": "", "met": ""}


def test_columns_that_were_asked_for_are_the_table_on_the_screen(cli, tiny, cases):
    ran = cli("score", cases, "--checklist", tiny, "--columns", "finding,signs,need_doctor")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == ["case_id", "poor", "sent", "met"]
    assert "long_hours;cold" in ran.out and "Look further" in ran.out
    assert "present" in ran.out.splitlines()[1] and "present" not in ran.out.splitlines()[2]


def test_the_work_list_gives_each_need_a_line_of_its_own(cli, tiny, cases):
    out = cli("triage", cases, "--checklist", tiny).out
    poor = out[out.index("poor") :]
    owed = [line.strip() for line in poor.splitlines() if line.strip().startswith("Owed:")]
    assert owed == [
        "Owed: Within 24 hours: Doctor (Nurse)",
        "Owed: Within 3 days: Shelter (Officer)",
    ]
    assert "Owed" not in out[: out.index("poor")]


def test_a_list_shows_what_reaches_the_line_alone_and_why_what_counts_once_and_its_needs(cli, tiny):
    out = " ".join(cli("checklist", "show", tiny).out.split())
    assert "refer, from points adult 10, child 10" in out
    assert "hurt (adult, child; 10/10): Nobody hurts a person for nothing" in out
    assert "outside: long_hours 2/2, cold 1/1" in out
    assert "they open needs long_hours 2/2, cold 1/1" in out
    assert "doctor: Doctor; Nurse, 24h hurt, cold" in out
    carries = {
        line.split()[0]: line.split()[3]
        for line in cli("checklist", "show", tiny).out.partition("What decides")[0].splitlines()
        if line.split()[:1] and line.split()[0] in ("hurt", "quota", "sent_to_beg", "threatened")
    }
    assert carries == {
        "hurt": "alone",
        "quota": "telling",
        "sent_to_beg": "-/telling",
        "threatened": "soft",
    }


def test_one_sign_shows_what_it_carries_its_fact_and_the_needs_that_it_opens(cli, tiny):
    hurt = cli("checklist", "show", tiny, "--indicator", "hurt").out
    assert "adult: Nobody hurts a person for nothing" in hurt and "Doctor" in hurt
    cold = " ".join(cli("checklist", "show", tiny, "--indicator", "cold").out.split())
    assert "carries soft" in cold and "one fact with long_hours" in cold
    assert "opens the needs Shelter; Doctor" in cold
    assert "reaches the line alone" not in cold


def test_lint_says_which_signs_reach_the_line_alone_with_their_numbers(cli, tiny):
    ran = cli("checklist", "lint", tiny)
    told = " ".join(ran.err.split())
    assert "reach the line alone: hurt (adult 10), hurt (child 10)" in told
    assert "reach the line alone" not in cli("checklist", "lint", "ilo-delphi").err
