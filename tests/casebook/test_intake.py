"""A table of meetings into a casebook: matched once, looked at first, taken in once."""

from __future__ import annotations

import openpyxl
import pytest

from screening.answers import Answer
from screening.casebook.caseload import Caseload
from screening.casebook.events import make
from screening.casebook.intake import IGNORED, meetings, taken_in
from screening.errors import CaseError, UsageError
from support.casework import MemoryStore, act, on

MATCH = {"Kodi": "case_id", "Data": "met_on", "Vendi": "place", "Polici": IGNORED}
TABLE = """\
Kodi,Data,mosha,Vendi,Polici,out_of_school,sent_and_placed
K-1,2026-01-05,9,Tregu,x,po,
K-2,2026-01-05,,Tregu,x,,
K-1,2026-01-12,9,Stacioni,y,,po
"""


@pytest.fixture
def load(kosovo, kosovo_weights):
    return Caseload(MemoryStore(), (kosovo, kosovo_weights), act("2026-02-02"))


@pytest.fixture
def take(load, tmp_path, kosovo):
    def taken(text: str, record: bool = True, match=MATCH, **more):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        rows, _ = meetings(path, kosovo, match, on("2026-02-02"))
        states = {r.case.case_id: load.find(r.case.case_id) for r in rows}
        states = {c: s for c, s in states.items() if s is not None}
        found = taken_in(rows, states, load.act, on("2026-02-02"), **more)
        if record:
            load.take_in(found, states, on("2026-02-02"))
        return [t.kind for t in found]

    return taken


def test_a_row_is_a_meeting_and_the_same_table_again_changes_nothing(load, take):
    assert take(TABLE, record=False) == ["new_case", "new_case", "new_meeting"]
    assert load.store.last() == 0
    assert take(TABLE) == ["new_case", "new_case", "new_meeting"]
    events, state = load.store.last(), load.state("K-1")
    assert [(e.on.isoformat(), e.place) for e in state.encounters] == [
        ("2026-01-05", "Tregu"),
        ("2026-01-12", "Stacioni"),
    ]
    assert (
        state.current().answer("out_of_school")
        is state.current().answer("sent_and_placed")
        is Answer.YES
    )
    assert state.age == 9 and load.state("K-2").age is None
    assert take(TABLE) == ["same"] * 3 and load.store.last() == events


def test_clocks_count_from_the_day_the_casebook_learned_of_it_not_from_the_meeting(load, take):
    take(TABLE)
    state = load.state("K-1")
    assert state.met_first == on("2026-01-05") and state.raised_on == on("2026-02-02")
    assert min(s.due for s in state.open_steps) >= on("2026-02-02")


def test_rows_may_come_in_any_order_and_later_weeks_add_meetings_and_answers(load, take):
    head, *rows = TABLE.splitlines()
    assert take("\n".join([head, rows[2], rows[0]])) == ["new_meeting", "new_case"]
    later = (
        TABLE.replace("K-2,2026-01-05,,Tregu,x,,", "K-2,2026-01-05,7,Tregu,x,jo,")
        + "K-2,2026-01-30,7,,,po,\n"
    )
    assert take(later) == ["same", "new_case", "same", "new_meeting"]
    assert take(later.replace("x,jo,", "x,jo,jo")) == ["same", "changed", "same", "same"]
    assert load.state("K-2").current().answer("out_of_school") is Answer.YES


def test_what_contradicts_what_was_recorded_here_is_left_out_until_somebody_takes_it(load, take):
    take(TABLE)
    state = load.state("K-1")
    fields = {"answers": {"sent_and_placed": {"answer": "no"}}, "why": "misheard"}
    load.record([make(act("2026-02-03"), "corrected", "K-1", None, **fields)], state)
    assert take(TABLE) == ["same", "same", "conflict"]
    assert load.state("K-1").current().answer("sent_and_placed") is Answer.NO
    assert take(TABLE, take_conflicts=True) == ["same", "same", "changed"]
    state = load.state("K-1")
    assert state.current().answer("sent_and_placed") is Answer.YES
    assert [g.answer for g in state.answers["sent_and_placed"]] == ["yes", "no", "yes"]


def test_another_age_is_a_conflict_and_never_overwritten(load, take):
    take(TABLE)
    older = TABLE.replace("K-1,2026-01-05,9", "K-1,2026-01-05,19")
    assert take(older)[0] == "conflict" and load.state("K-1").age == 9


def test_a_workbook_with_meetings_numbered_reads_the_same(load, tmp_path, kosovo):
    book = openpyxl.Workbook()
    book.active.append(["case_id", "encounter_id", "age", "note", "out_of_school"])
    book.active.append(["K-9", 1, 8, "first", "yes"])
    book.active.append(["K-9", 2, 8, None, "no"])
    book.save(tmp_path / "t.xlsx")
    rows, told = meetings(tmp_path / "t.xlsx", kosovo, {}, on("2026-02-02"))
    assert [(r.encounter, r.note) for r in rows] == [("1", "first"), ("2", "")] and told == []


@pytest.mark.parametrize(
    ("match", "key"),
    [
        ({"Kodii": "case_id"}, "U345.no_column"),
        ({"Kodi": "case_idd"}, "U345.column_unknown"),
        ({"Kodi": "case_id", "Vendi": "case_id"}, "U345.twice"),
    ],
)
def test_what_is_matched_wrongly_is_named(take, match, key):
    with pytest.raises(UsageError) as caught:
        take(TABLE, match=match)
    assert caught.value.key == key and "{" not in str(caught.value)


def test_a_cell_that_is_no_answer_is_refused_with_its_row(take):
    with pytest.raises(CaseError, match=r"table\.csv.*row '?4.*sent_and_placed"):
        take(TABLE.replace(",,po\n", ",,perhaps\n"))


def test_columns_are_saved_in_the_casebook(load):
    load.keep_columns("ours", MATCH)
    assert load.columns("ours") == MATCH
    with pytest.raises(UsageError, match="U345"):
        load.columns("our")
