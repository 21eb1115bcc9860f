"""Real cases with a recorded outcome: they say where they come from, carry nobody's name, and a
third is held out exactly as it was drawn.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from conftest import ROOT
from screening.answers import Answer
from screening.checklist import load_checklist
from screening.checklist.published import OUTCOMES, STATUSES, draw, load_published
from screening.checklist.yamlfile import read_yaml
from screening.errors import KnowledgeError
from support.tiny import write_list

sys.path.insert(0, str(ROOT / "benchmarks"))

import published as page

CASES = """\
format: 1
id: some
title: Some
cases:
  - id: A01
    title: A child at a light
    country: Elsewhere
    year: 2020
    year_certain: yes
    form: begging
    age: 9
    age_certain: yes
    age_from: stated
    outcome: mixed
    status: police
    decision: Left open.
    source: {title: A paper, address: "https://example.org/a", read: excerpt}
    at_first_contact: A child asked drivers for coins.
    coded: once
    answers: {quota: yes, hurt: no}
    known_later: [hurt]
"""
DRAWS = """\
format: 1
id: held-out
draws:
  - {series: [A], seed: one, drawn_on: 2026-01-01, cases: []}
"""
FILES = {"cases/some.yaml": CASES, "cases/held-out.yaml": DRAWS}


@pytest.fixture(scope="module")
def published(kosovo):
    return load_published(kosovo)


def test_there_are_cases_of_either_outcome_and_each_says_who_decided_and_what_was_read(published):
    cases, _ = published
    outcomes = Counter(case.outcome for case in cases)
    assert set(outcomes) == set(OUTCOMES)
    added = Counter(case.outcome for case in cases if case.coded == "once")
    assert added["exploitation"] + added["not_exploitation"] >= 20
    assert min(added["exploitation"], added["not_exploitation"]) / added.total() > 0.33
    for case in cases:
        assert case.status in STATUSES and case.decision and case.source.title, case.id
        assert case.source.read != "whole" or case.source.address, case.id
        assert 0 < case.age < 100 and 1990 < case.year <= 2026, case.id


def test_no_text_of_a_case_carries_a_name(published):
    # Not one capital inside a sentence: no name of a person, a town or a paper.
    for case in published[0]:
        for text in (case.title, case.decision, case.at_first_contact, case.only_later):
            found = re.findall(r"(?<=[^.:?!] )[\"'(]?[A-ZČĆĐŠŽËÇ]\w*|\b[A-Z]\. ?[A-Z]", text)
            assert found == [], (case.id, found)
        assert not re.search(r"\b(Mr|Mrs|Ms|Mme)\b|\b[A-Z]\.\s?[A-Z]\.", case.source.title), case.id


def test_what_nobody_told_is_open_and_what_is_left_out_becomes_open(published):
    case = next(c for c in published[0] if len(c.signs) > 2)
    whole, less = case.to_case(), case.to_case(case.signs[:1])
    assert {i for i, r in whole.answers.items() if r.answer is Answer.YES} == set(case.signs)
    assert set(whole.answers) - set(less.answers) == set(case.signs[:1])


def test_the_held_out_third_is_as_drawn_within_each_outcome(published):
    cases, held = published
    seed = "published-cases-2026-11-27"
    for outcome in OUTCOMES:
        ids = [c.id for c in cases if c.outcome == outcome and c.id[0] in "RN"]
        ids.sort(key=lambda i: hashlib.sha256(f"{seed}:{i}".encode()).hexdigest())
        third = round(len(ids) / 3)
        assert set(ids[:third]) <= held
        assert not set(ids[third:]) & held
    assert draw(reversed(cases), "x") == draw(cases, "x") != draw(cases, "y")


def test_the_first_thirty_carry_what_two_coders_settled_on_in_the_open(published, kosovo):
    doc = read_yaml(kosovo.folder / "cases/coding/settled.yaml", "settled.yaml")
    settled: dict[str, dict[str, str]] = {}
    for case, items in doc.data["cases"].items():
        for item, row in items.items():
            said = {row["first"], row["second"], row["settled"]}
            assert said <= {"yes", "no", "open"} and said != {"open"}, (case, item)
            assert len(said) == 1 or row["why"], (case, item)
            if row["settled"] != "open":
                settled.setdefault(case, {})[item] = row["settled"]
    twice = {c.id: c.answers for c in published[0] if c.coded == "twice"}
    assert len(twice) == 30
    assert twice == settled


def test_the_parts_of_the_page_that_need_no_engine_are_current():
    text = page.PAGE.read_text(encoding="utf-8")
    for name, lines in page.parts(engine=False).items():
        assert page.put(text, name, lines) == text, f"{name}: run benchmarks/published.py --write"


def test_a_list_without_cases_has_none(tmp_path: Path):
    assert load_published(load_checklist(write_list(tmp_path))) == ((), frozenset())


def test_cases_beside_any_list_load(tmp_path: Path):
    cases, held = load_published(load_checklist(write_list(tmp_path, dict(FILES))))
    assert ([c.id for c in cases], held) == (["A01"], frozenset())
    assert cases[0].signs == ("quota",)


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        ("some", "quota: yes", "quotas: yes", "K120", ["answers.quotas", "mean 'quota'"]),
        ("some", "hurt: no", "hurt: maybe", "K107", ["line 20, cases[0].answers.hurt", "'maybe'"]),
        ("some", "hurt: no", "hurt: unknown", "K107", ["'unknown'"]),
        ("some", "[hurt]", "[threatened]", "K142", ["known_later[0]", "'threatened' is not"]),
        ("some", "[hurt]\n", "[]\n    rejected: [hrt]\n", "K142", ["rejected[0]", "'hurt'"]),
        (
            "some",
            "at_first_contact: A child asked drivers for coins.",
            "only_later: ' '",
            "K142",
            [],
        ),
        ("some", "status: police", "status: hearsay", "K107", ["'hearsay'", "court_final"]),
        ("some", "outcome: mixed", "outcome: not_a_victim", "K107", ["'not_a_victim'"]),
        ("some", "    status: police\n", "", "K106", ["key 'status' is missing"]),
        ("some", "read: excerpt", "read: heard", "K107", ["source.read"]),
        ("some", "https://example.org/a", "a book", "K107", ["source.address"]),
        ("some", "id: A01", "id: a-1", "K107", ["cases[0].id"]),
        ("some", "    country", "    name: Ana\n    country", "K105", ["unknown key 'name'"]),
        ("some", "id: some", "id: other", "K112", ["tiny/cases/some.yaml"]),
        ("held-out", "cases: []", "cases: [A01]", "K142", ["draws[0].cases", "write []"]),
        ("held-out", "series: [A]", "series: [B]", "K142", ["'A01' is not in exactly one draw"]),
        ("held-out", "series: [A]", "series: []", "K107", ["draws[0].series"]),
    ],
)
def test_a_case_that_does_not_hold_together_is_refused_in_one_line(
    file: str, old: str, new: str, code: str, words: list[str], tmp_path: Path
):
    name = f"cases/{file}.yaml"
    assert FILES[name].count(old) == 1
    checklist = load_checklist(write_list(tmp_path, {**FILES, name: FILES[name].replace(old, new)}))
    with pytest.raises(KnowledgeError) as caught:
        load_published(checklist)
    line = str(caught.value)
    assert caught.value.code == code, line
    assert re.fullmatch(rf"tiny/cases/[^\n]+: [^\n]+; [^\n]+ \[{code}\]", line), line
    for word in words:
        assert word in line, line


def test_an_id_that_stands_twice_and_a_missing_draw_are_refused(tmp_path: Path):
    again = CASES.replace("id: some", "id: more")
    checklist = load_checklist(write_list(tmp_path, {**FILES, "cases/more.yaml": again}))
    with pytest.raises(KnowledgeError, match=r"K113"):
        load_published(checklist)
    (tmp_path / "tiny/cases/more.yaml").unlink()
    (tmp_path / "tiny/cases/held-out.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"held-out.yaml: no such file"):
        load_published(checklist)
