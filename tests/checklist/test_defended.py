"""The numbers in force give what a practitioner would defend: poor families are helped and not
referred, exploitation is referred, and what somebody is owed is named.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from screening import load_checklist, load_weights, score
from screening.checklist.defended import Defended, load_defended
from screening.errors import KnowledgeError
from screening.scoring.engine import RANK
from support.tiny import write_list

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
RECORDS = load_defended(KOSOVO)


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.id)
def test_S23_the_finding_and_the_need_are_what_a_practitioner_would_defend(record: Defended):
    a = score(record.to_case(), KOSOVO, WEIGHTS)
    found = a.danger.finding_without
    assert record.floor is None or RANK[found] >= RANK[record.floor], record.why
    assert record.ceiling is None or RANK[found] <= RANK[record.ceiling], record.why
    present = [need.id for need in a.needs if need.state == "present"]
    assert record.need is None or any(n.startswith(record.need) for n in present), record.why


def test_both_mistakes_are_held_for_children_and_adults():
    for child in (True, False):
        mine = [r for r in RECORDS if (r.age < 18) == child]
        assert sum(r.floor == "refer" for r in mine) >= 10
        assert sum(r.ceiling == "look_further" for r in mine) >= 6


def test_the_old_set_fails_many_of_them_so_that_they_can_fail():
    old = load_weights(KOSOVO, "2026-11-23-published-strength")
    wrong = 0
    for record in RECORDS:
        found = score(record.to_case(), KOSOVO, old).danger.finding_without
        wrong += record.floor is not None and RANK[found] < RANK[record.floor]
        wrong += record.ceiling is not None and RANK[found] > RANK[record.ceiling]
    assert wrong >= 20


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ("[{id: D01, age: 9, yes: [quotas], why: w, came_from: ours}]", "K120"),
        (
            "[{id: D01, age: 9, yes: [quota], why: w, came_from: ours},"
            " {id: D01, age: 9, yes: [quota], why: w, came_from: ours}]",
            "K113",
        ),
        ("[{id: D01, age: 9, yes: [], why: w, came_from: ours}]", "K107"),
        ("[{id: D01, age: 9, yes: [quota], why: w, came_from: them}]", "K107"),
    ],
)
def test_a_record_that_cannot_be_is_refused(tmp_path: Path, records: str, code: str):
    folder = write_list(tmp_path)
    (folder / "defended.yaml").write_text(f"format: 1\nrecords: {records}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_defended(load_checklist(folder))
    assert caught.value.code == code
