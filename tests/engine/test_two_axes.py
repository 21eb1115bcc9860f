"""Both axes in words: what the finding rests on, and what is owed in any case; in the explanation
and in the work list.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from screening.answers import Answer, Case, Response
from screening.checklist import Checklist, load_weights
from screening.i18n import words
from screening.scoring import Assessment, score
from screening.scoring.explain import Row, explain
from screening.scoring.triage import NeedDue, WorkList, work_list
from screening.scoring.wording import basis, shortened
from screening.tables.worklist import work_list_csv, work_list_json
from support.two_axes import two_axes

TODAY = date(2026, 11, 23)
SAY = words("en")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return two_axes(tmp_path_factory.mktemp("axes"))


def case(yes: str, no: str = "", age: int = 9, met: date | None = None, name: str = "A") -> Case:
    answers = {i: Response(Answer.YES) for i in yes.split()}
    answers |= {i: Response(Answer.NO) for i in no.split()}
    return Case(name, age=age, answers=answers, met_on=met)


def scored(tiny: Checklist, given: Case) -> Assessment:
    return score(given, tiny, load_weights(tiny))


def rows(tiny: Checklist, yes: str, key: str, no: str = "", age: int = 9) -> list[Row]:
    told = explain(scored(tiny, case(yes, no, age)), tiny.texts("en"))
    return next((list(s.rows) for s in told if s.key == key), [])


# -- what is owed ----------------------------------------------------------------------------------


def test_present_needs_come_most_urgent_first_with_who_by_when_and_which_signs(tiny):
    shown = rows(tiny, "brought cold long_hours", "needs")
    assert [(r.lead, r.text) for r in shown[:3]] == [
        ("At once", "Guardian: Somebody speaks for the child."),
        ("Within 24 hours", "Doctor: A doctor sees the person."),
        ("Within 3 days", "Shelter: A warm place."),
    ]
    assert [r.note.partition(" [")[0] for r in shown[:3]] == [
        "Officer. Why: Is brought to the spot",
        "Nurse. Why: Is out in the cold",
        "Officer. Why: Begs long hours; Is out in the cold",
    ]
    assert len(shown) == 3  # nothing is open


def test_open_needs_are_one_line_after_the_present_ones_and_closed_ones_are_not_there(tiny):
    shown = rows(tiny, "cold", "needs", no="long_hours")
    assert [r.lead for r in shown] == ["Within 24 hours", "Within 3 days", ""]
    assert shown[-1] == Row("Not known yet whether this is owed: Guardian.")
    unasked = rows(tiny, "", "needs")
    assert unasked == [Row("Not known yet whether this is owed: Guardian; Doctor; Shelter.")]
    assert rows(tiny, "", "needs", no="brought cold long_hours hurt") == []


def test_S23_a_need_is_shown_whatever_the_finding_and_poverty_alone_refers_nobody(tiny):
    poor = scored(tiny, case("cold long_hours", age=30))
    assert poor.finding == "look_further"
    assert [n.id for n in poor.needs if n.state == "present"] == ["doctor", "shelter"]
    assert any(s.key == "needs" for s in explain(poor, tiny.texts("en")))


# -- what the finding rests on ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yes", "told"),
    [
        (
            "quota sent_to_beg",
            "11 points; the line for a referral is 10. Telling signs of 2 different facts: Is sent"
            " to beg; Must bring an amount.",
        ),
        (
            "hurt",
            "10 points; the line for a referral is 10. This sign reaches the line alone: Is hurt."
            " Telling signs of 1 fact: Is hurt.",
        ),
        (
            "quota threatened brought",
            "8 points; the line for a referral is 10. Telling signs of 1 fact: Must bring an"
            " amount. A referral rests on telling signs of 2 different facts, or on one that"
            " reaches the line alone. Signs that are not telling count at most 2 together.",
        ),
        (
            "cold",
            "1 point; the line for a referral is 10. A referral rests on telling signs of 2"
            " different facts, or on one that reaches the line alone. Signs that are not telling"
            " count at most 2 together.",
        ),
    ],
)
def test_the_finding_s_basis_is_told_before_its_signs(tiny, yes, told):
    first, *signs, total = rows(tiny, yes, "signs")
    assert first == Row(told)
    assert sum(row.lead.startswith("+") for row in signs) == len(yes.split())
    assert total.lead.startswith("= ")


def test_signs_of_one_fact_stand_together_and_one_of_them_takes_no_second_place(tiny):
    a = scored(tiny, case("quota"))
    assert a.line is not None
    both = replace(a, line=replace(a.line, telling=[["quota", "sent_to_beg"]]))
    assert "of 1 fact: Must bring an amount / Is sent to beg." in basis(both, tiny.texts("en"), SAY)


def test_where_rules_decide_no_line_is_told_and_where_no_sign_is_yes_neither(tiny):
    a = scored(tiny, case("quota"))
    assert basis(replace(a, line=None), tiny.texts("en"), SAY) == ""
    assert rows(tiny, "", "signs") == [Row("No sign has been answered yes.")]


def test_points_taken_back_are_rows_of_the_sum(tiny):
    shown = rows(tiny, "long_hours cold", "signs")
    assert [r.lead for r in shown] == ["", "+2", "+1", "-1", "= 2"]
    assert shown[3].text == "Says the same as: Begs long hours"


def test_a_long_list_is_shortened_and_the_rest_counted():
    assert shortened(["a", "b", "c"], SAY) == "a; b; c"
    assert shortened(["a", "b", "c", "d", "e"], SAY) == "a; b; c; and 2 more"


# -- the work list ---------------------------------------------------------------------------------


def listed(tiny: Checklist, *given: Case) -> WorkList:
    return work_list([(c, scored(tiny, c)) for c in given], TODAY)


def test_each_present_need_has_its_own_who_and_when_beside_the_step(tiny):
    met = TODAY - timedelta(days=2)
    (item,) = listed(tiny, case("cold long_hours brought", met=met))
    assert item.needs == (
        NeedDue("guardian", "Guardian", "Officer", 0, met, True),
        NeedDue("doctor", "Doctor", "Nurse", 24, met + timedelta(days=1), True),
        NeedDue("shelter", "Shelter", "Officer", 72, met + timedelta(days=3), False),
    )
    (undated,) = listed(tiny, case("brought"))
    assert [(n.due, n.overdue) for n in undated.needs] == [(None, False)]
    assert listed(tiny, case(""))[0].needs == ()


def test_of_one_finding_the_most_urgent_need_comes_first_and_none_last(tiny):
    none, soon, today, at_once = (
        case("quota", name="none"),
        case("long_hours", age=30, name="soon"),
        case("cold", age=30, name="today"),
        case("brought", name="at once"),
    )
    order = [i.case_id for i in listed(tiny, none, soon, today, at_once)]
    assert order == ["at once", "today", "soon", "none"]
    referred = case("quota sent_to_beg", no="brought hurt long_hours cold", name="referred")
    assert [i.case_id for i in listed(tiny, at_once, referred)] == ["referred", "at once"]


def test_what_is_taken_back_is_no_reason(tiny):
    (item,) = listed(tiny, case("long_hours cold"))
    assert item.reasons == ("Begs long hours", "Is out in the cold")


def test_needs_are_written_whole_as_json_in_words_as_csv_and_as_frames(tiny):
    items = listed(tiny, case("cold", met=TODAY, name="a"), case("long_hours", name="b"))
    written = json.loads(work_list_json(items))
    assert written[0]["needs"][0] == {
        "id": "doctor",
        "name": "Doctor",
        "role": "Nurse",
        "hours": 24,
        "due": "2026-11-24",
        "overdue": False,
    }
    table = list(csv.DictReader(io.StringIO(work_list_csv(items))))
    assert table[0]["needs"] == "Doctor (Nurse, 2026-11-24); Shelter (Officer, 2026-11-26)"
    assert table[1]["needs"] == "Shelter (Officer, 72 h)"
    assert items.to_frame()["needs"].tolist() == [("doctor", "shelter"), ("shelter",)]
    owed = items.needs_frame()
    assert list(owed.columns) == list(NeedDue.__slots__) and owed.index.name == "case_id"
    assert owed["id"].tolist() == ["doctor", "shelter", "shelter"]
    assert owed.index.tolist() == ["a", "a", "b"] and owed["due"].isna().tolist() == [0, 0, 1]
    empty = listed(tiny, case("")).needs_frame()
    assert len(empty) == 0 and str(empty["due"].dtype).startswith("datetime64")
