"""The work list: in which order, and what each line says."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from screening.answers import Answer, Case, Profile, Response
from screening.checklist import load_checklist, load_weights
from screening.checklist.schema import FINDINGS, Finding
from screening.scoring import Assessment, score
from screening.scoring.triage import WorkItem, work_list
from screening.tables.worklist import work_list_csv, work_list_json
from support.tiny import write_list

TODAY = date(2026, 11, 23)
Scored = tuple[Case, Assessment]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """An adult with two signs, much open, and steps both with and without a time limit."""
    checklist = load_checklist(write_list(tmp_path_factory.mktemp("triage")))
    answers = {"threatened": Response(Answer.YES), "hurt": Response(Answer.YES)}
    case = Case("base", age=30, answers=answers)
    return case, score(case, checklist, load_weights(checklist))


def row(
    base: Scored,
    case_id: str,
    finding: Finding = "refer",
    profile: Profile = "adult",
    high: Finding = "refer",
    waited: int | None = 0,
) -> Scored:
    """A case that was found so, and could rise to `high` without danger."""
    case, assessment = base
    danger = replace(assessment.danger, finding_high_without=high)
    met_on = None if waited is None else TODAY - timedelta(days=waited)
    return replace(case, case_id=case_id, met_on=met_on), replace(
        assessment, case_id=case_id, finding=finding, profile=profile, danger=danger
    )


def order(*rows: Scored) -> list[str]:
    return [item.case_id for item in work_list(rows, TODAY)]


def test_the_most_pressing_finding_comes_first_and_too_little_known_before_no_sign(base):
    findings = ("nothing_indicated", "too_little_known", "look_further", "refer", "act_now")
    rows = [row(base, finding, finding) for finding in findings]
    assert order(*rows) == list(reversed(findings))


def test_the_finding_goes_before_childhood_the_range_and_the_wait(base):
    adult = row(base, "refer", "refer")
    child = row(base, "look", "look_further", "child", "act_now", 300)
    assert order(child, adult) == ["refer", "look"]


def test_of_one_finding_children_come_first_however_far_adults_could_rise(base):
    adult = row(base, "adult", high="act_now", waited=300)
    assert order(adult, row(base, "child", profile="child")) == ["child", "adult"]


def test_then_who_could_rise_furthest_however_long_others_have_waited(base):
    near, far = (
        row(base, "near", "look_further", waited=300),
        row(base, "far", "look_further", high="act_now"),
    )
    assert order(near, far) == order(far, near) == ["far", "near"]


def test_then_who_has_waited_longest_and_last_whose_day_nobody_recorded(base):
    rows = [row(base, str(waited), waited=waited) for waited in (None, 0, 9, 1)]
    assert order(*rows) == ["9", "1", "0", "None"]


def test_equal_cases_keep_the_order_of_the_file_and_nobody_is_dropped(base):
    names = ["b", "c", "a", "a"]
    assert order(*(row(base, name) for name in names)) == names
    assert work_list([], TODAY) == []


def only(*rows: Scored) -> WorkItem:
    (item,) = work_list(rows, TODAY)
    return item


def test_a_line_says_what_was_found_how_far_it_could_go_and_how_much_is_known(base):
    case, a = base
    item = only(row(base, "A", "look_further", "adult", "act_now", 2))
    assert (item.case_id, item.finding, item.profile, item.age) == (
        "A",
        "look_further",
        "adult",
        30,
    )
    assert item.finding_high == a.finding_high
    assert item.finding_high_without_danger == "act_now"
    assert (item.points, item.answered, item.relevant) == (a.points, a.answered, a.relevant)
    assert case.age == item.age and item.days == 2


def test_reasons_are_the_signs_red_flags_first_then_the_weightiest(base):
    case, a = base
    sign = a.contributions[0]
    rows = [
        replace(sign, indicator="light", statement="light", points=1),
        replace(sign, indicator="capped", statement="capped", kind="cap", points=-3),
        replace(sign, indicator="kin", statement="kin", kind="protective", points=0),
        replace(sign, indicator="heavy", statement="heavy", points=4),
        replace(sign, indicator="flag", statement="flag", points=2),
        replace(sign, indicator="danger", statement="danger", kind="danger", points=0),
    ]
    item = only((case, replace(a, contributions=rows, red_flags=["flag"])))
    assert item.reasons == ("flag", "heavy", "light", "danger")


def steps(a: Assessment, *hours: int) -> list[Any]:
    return [
        replace(a.next_steps[0], text=f"{n}: {h}", role=f"role {n}", hours=h)
        for n, h in enumerate(hours)
    ]


@pytest.mark.parametrize(
    ("finding", "hours", "step"),
    [
        ("refer", (0, 48, 24), "1: 48"),  # the first that has a time limit
        ("refer", (0, 0), "0: 0"),  # none has: the first
        ("act_now", (0, 48), "0: 0"),  # in danger, the first
        ("act_now", (24, 0), "0: 24"),
    ],
)
def test_the_step_is_the_first_with_a_time_limit_and_in_danger_the_very_first(
    base, finding, hours, step
):
    case, a = base
    item = only((case, replace(a, finding=finding, next_steps=steps(a, *hours))))
    assert item.step == step and item.hours == int(step.split()[1])
    assert item.role == f"role {step[0]}"


@pytest.mark.parametrize(("finding", "role"), [("refer", "role 2"), ("act_now", "role 1")])
def test_a_list_of_one_role_shows_that_role_s_own_first_step_if_there_is_one(base, finding, role):
    case, a = base
    mixed = [*steps(a, 0, 48, 0), replace(a.next_steps[0], text="later", role=role)]
    scored = (case, replace(a, finding=finding, next_steps=mixed))
    (own,) = work_list([scored], TODAY, role)
    assert (own.role, own.step.split(":")[0]) == (role, role[-1])
    assert work_list([scored], TODAY, "somebody else") == work_list([scored], TODAY)


def test_as_a_frame_the_list_keeps_its_order_with_ordered_findings_and_true_dates(base):
    rows = [row(base, "b", waited=None), row(base, "a", waited=3)]
    rows[0] = (replace(rows[0][0], age=None), rows[0][1])
    items = work_list(rows, TODAY)
    frame = items.to_frame()
    assert frame.index.name == "case_id" and list(frame.index) == ["a", "b"]
    assert list(frame.reset_index().columns) == list(WorkItem.__slots__)
    for name in ("finding", "finding_high", "finding_high_without_danger"):
        assert list(frame[name].cat.categories) == list(FINDINGS) and frame[name].cat.ordered
    assert [str(frame[name].dtype) for name in ("age", "days")] == ["Int32", "Int32"]
    assert frame["due"].iloc[0].date() == items[0].due and frame.isna()["due"].iloc[1]
    assert list(frame.isna()["days"]) == list(frame.isna()["age"]) == [False, True]


@pytest.mark.parametrize(
    ("waited", "due", "overdue"),
    [(0, 2, False), (1, 1, False), (2, 0, False), (3, -1, True), (9, -7, True)],
)
def test_a_step_is_due_so_many_hours_after_the_meeting_and_overdue_from_the_day_after(
    base, waited, due, overdue
):
    case, a = row(base, "A", waited=waited)
    item = only((case, replace(a, next_steps=steps(a, 48))))
    assert (item.days, item.due) == (waited, TODAY + timedelta(days=due))
    assert item.overdue is overdue


def test_without_a_day_of_meeting_nothing_is_due_and_nothing_overdue(base):
    item = only(row(base, "A", waited=None))
    assert (item.days, item.due, item.overdue) == (None, None, False)


def test_the_question_is_the_most_telling_one_and_in_danger_there_is_none(base):
    case, a = base
    first, second = a.open_questions[:2]
    assert first.prompt != second.prompt
    item = only((case, a))
    assert (item.question, item.question_mode) == (first.prompt, first.mode)
    for other in (replace(a, finding="act_now"), replace(a, open_questions=[])):
        item = only((case, other))
        assert (item.question, item.question_mode) == ("", "")


def test_written_as_json_and_csv_the_list_keeps_its_order_and_every_field(base):
    items = work_list([row(base, "b", waited=None), row(base, "a", waited=3)], TODAY)
    written = json.loads(work_list_json(items))
    table = list(csv.DictReader(io.StringIO(work_list_csv(items))))
    assert [r["case_id"] for r in written] == [r["case_id"] for r in table] == ["a", "b"]
    assert set(written[0]) == set(table[0]) == set(WorkItem.__slots__)
    assert written[0]["due"] == table[0]["due"] == items[0].due.isoformat()
    assert (written[1]["due"], table[1]["due"]) == (None, "")
    assert written[0]["reasons"] == list(items[0].reasons) and len(items[0].reasons) == 2
    assert table[0]["reasons"] == "; ".join(items[0].reasons)


def test_written_the_list_keeps_letters_of_every_language_as_they_are(base):
    case, a = base
    items = work_list([(case, replace(a, case_id="Prishtinë"))], TODAY)
    assert "Prishtinë" in work_list_json(items) and work_list_json(items).endswith("]\n")
