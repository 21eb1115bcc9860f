"""The commands of a case where they ask, print or refuse; what they do to a case is tested in
tests/casebook.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime

import pytest

from screening.casebook.event import Act
from screening.casebook.laptop import Casebook

PASSPHRASE = "baganu lupezo tirofa gedisa munako vizeba"


@pytest.fixture
def at(tmp_path, cli, monkeypatch):
    """A command at an own casebook; `typed` are the lines that somebody types."""
    (tmp_path / "p").touch(0o600)
    (tmp_path / "p").write_text(PASSPHRASE, encoding="utf-8")
    Casebook.create(tmp_path / "cases", PASSPHRASE)[0].close()
    own = ("--store", tmp_path / "cases", "--passphrase-file", tmp_path / "p")

    def call(*words: str, typed: str = "", by: str = "arta"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        return cli(*words, *own, "--by", by)

    return call


def test_a_quick_meeting_asks_danger_first_three_questions_and_the_next_day(at):
    at("case", "meet", "K-1", "--new", "--age", "9", "--danger", "no", "--on", "2026-11-02")
    typed = "n\nmaybe\ny\n\nr\n2026-11-20\n"
    ran = at("case", "meet", "K-1", "--on", "2026-11-10", typed=typed)
    assert ran.code == 0 and ran.out.count("yes, no, unknown, refused:") == 5  # one asked twice
    shown = at("case", "show", "K-1", "--on", "2026-11-10").out
    assert "2026-11-20  [follow_up]" in shown and shown.count(": Yes") == 1


@pytest.mark.parametrize("word", ["y", "u"])
def test_s21_danger_or_doubt_about_it_ends_the_questions(at, word):
    at("case", "meet", "K-1", "--new", "--danger", "no", "--on", "2026-11-02")
    ran = at("case", "meet", "K-1", "--on", "2026-11-10", typed=f"{word}\n\n")
    assert ran.out.count("yes, no, unknown, refused:") == 1
    assert "112" in ran.out


def test_a_case_that_is_not_there_is_named_and_never_begun_by_a_slip(at):
    at("case", "meet", "K-17", "--new", "--danger", "no")
    ran = at("case", "meet", "K-71", "--danger", "no")
    assert ran.code == 2 and "U304" in ran.err
    again = at("case", "meet", "K-17", "--new", "--danger", "no")
    assert again.code == 2 and "U302" in again.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("case", "close", "K-1"), "U305"),
        (("case", "refer", "K-1"), "U305"),
        (("case", "week", "-o", "week.txt"), "U307"),
        (("triage", "--role", "social_wroker"), "U305"),
        (("case", "meet", "K-1", "--danger", "perhaps"), "C220"),
        (("case", "meet", "K-1", "--danger", "no", "--answer", "out_of_scool=yes"), "C221"),
        (("case", "done", "K-1", "no_such_step"), "U341"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(at, words, code):
    at("case", "meet", "K-1", "--new", "--danger", "no")
    ran = at(*words)
    assert ran.code == 2 and f"[{code}]" in ran.err and len(ran.err.strip().splitlines()) == 1


def test_without_a_casebook_a_case_has_nowhere_to_be(cli):
    ran = cli("case", "show", "K-1")
    assert ran.code == 2 and "[U305]" in ran.err


def test_s15_a_calendar_holds_case_numbers_and_days_and_nothing_else(at, tmp_path):
    at("case", "meet", "K-1", "--new", "--danger", "no", "--next", "2026-11-05", "--on", "2026-11-02",
       "--place", "Bus station", "--note", "mother sells at the market")  # fmt: skip
    at("case", "assign", "K-1", "--to", "arta")
    ran = at("case", "week", "--on", "2026-11-02", "-o", str(tmp_path / "w.ics"))
    text = (tmp_path / "w.ics").read_bytes().decode()
    assert ran.code == 0 and text.count("BEGIN:VEVENT") == 1
    names = {line.split(":")[0].split(";")[0] for line in text.split("\r\n") if line}
    assert names == {"BEGIN", "END", "VERSION", "PRODID", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS"}  # fmt: skip
    assert "SUMMARY:K-1" in text and all(len(x.encode()) <= 75 for x in text.split("\r\n"))


def test_s18_looking_listing_and_writing_are_events(at, tmp_path):
    at("case", "meet", "K-1", "--new", "--danger", "no")
    at("case", "show", "K-1")
    at("case", "find", "K")
    at("triage", "-o", str(tmp_path / "list.xlsx"))
    at("letter", "--case", "K-1", "-o", str(tmp_path / "l.html"), "--by-hand")
    with Casebook.open(tmp_path / "cases", PASSPHRASE) as book:
        looks = [
            (e.case, e.kind, e.data["what"]) for e in book.events(kinds=["viewed", "exported"])
        ]
    assert looks == [
        ("K-1", "viewed", "case"),
        ("", "viewed", "find"),
        ("", "exported", "work list"),
        ("K-1", "exported", "letter"),
    ]


def test_s9_the_letter_has_the_judgement_and_the_decision_that_the_casebook_holds(at, tmp_path):
    at("case", "meet", "K-1", "--new", "--danger", "no", "--answer", "supervised_begging=yes",
       "--judge", "look_further", "--why", "first thought")  # fmt: skip
    at("case", "meet", "K-1", "--danger", "no", "--judge", "refer", "--why", "she was sent there")
    at("case", "meet", "K-2", "--new", "--danger", "no", "--answer", "supervised_begging=yes")
    with Casebook.open(tmp_path / "cases", PASSPHRASE) as book:
        decided = {"finding": "act_now", "stage": "decision"}
        act = Act("bora", datetime.now(UTC))
        book.append([act.event("K-1", "judged", decided, {"why": "the panel agreed"})])

    def letter(case: str) -> str:
        out = tmp_path / f"{case}.txt"
        assert at("letter", "--case", case, "-o", str(out), "--by-hand").code == 0
        return " ".join(out.read_text(encoding="utf-8").split())

    judged, without = letter("K-1"), letter("K-2")
    assert "she was sent there" in judged and "the panel agreed" in judged
    assert "first thought" not in judged
    none = "No officer's judgement and no decision is recorded"
    assert none not in judged and none in without


def test_a_list_is_saved_under_a_name_and_asked_for_again(at):
    at("case", "meet", "K-1", "--new", "--danger", "no", "--answer", "out_of_school=yes",
       "--place", "Bus station", "--on", "2026-11-02")  # fmt: skip
    at("case", "meet", "K-2", "--new", "--danger", "no", "--answer", "out_of_school=yes",
       "--place", "Market", "--on", "2026-11-02")  # fmt: skip
    at("case", "meet", "K-3", "--new", "--danger", "yes", "--place", "Bus station")
    named = ("--finding", "act_now", "--save", "danger at the station", "--with", "STATION")
    kept = at("triage", *named)
    assert "K-3" in kept.out and "K-1" not in kept.out and "K-2" not in kept.out
    again = at("triage", "--list", "danger at the station")
    assert "K-3" in again.out and "K-1" not in again.out
    narrower = at("triage", "--list", "danger at the station", "--with", "market")
    assert "K-" not in narrower.out
    assert "K-2" in at("triage", "--with", "market").out
    for wrong, code in (("--list", "U346"), ("--need", "U346"), ("--sign", "C221")):
        ran = at("triage", wrong, "nothing")
        assert ran.code == 2 and f"[{code}]" in ran.err
