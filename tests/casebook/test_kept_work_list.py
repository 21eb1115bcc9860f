"""The work list that is kept beside the events is the one that the events add up to: on every day,
for everybody, whatever was recorded, by whichever program.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.casebook import copies, sealed
from screening.casebook.caseload import Caseload
from screening.casebook.event import Event
from screening.casebook.events import make
from screening.casebook.fold import fold
from screening.casebook.laptop import Casebook
from screening.casebook.worklist import CaseList, View, case_list, summarised
from screening.checklist.schema import FINDINGS
from support.casebook import WORDS
from support.casework import act, on, screening
from support.properties import examples

START = on("2026-02-02")
PEOPLE = ("arta", "bora", "dona")
ROLES = ("social_worker", "officer")
CASES = ("K-1", "K-2", "Ë-3", "k 4")
SIGNS, NEEDS = ("out_of_school", "begging"), ("health", "asylum")
PLACES = ("Stacioni", "the station, 100 % _", "ura")


class Histories:
    """A casebook in which things happen, each by the means that it would happen by."""

    def __init__(self, load: Caseload, book: Casebook) -> None:
        self.load, self.book, self.gone = load, book, set[str]()

    def happens(self, what: str, case: str, by: str, day: int, n: int, foreign: bool) -> None:
        self.load.act = act(START + timedelta(days=day), by)
        if case in self.gone:
            return
        if what == "dropped":
            self.book.drop_snapshots()
        elif what == "looked at the list":
            self.load.looked("today")
        elif what == "erased":
            if case in self.book.cases():
                self.book.erase(case, self.load.act)
                self.gone.add(case)
        elif foreign:  # by a program that folds nothing, or was ended before it could
            self.book.append(self.events(what, case, n))
        else:
            self.load.record(self.events(what, case, n))

    def events(self, what: str, case: str, n: int) -> list[Event]:
        def event(kind: str, **data: Any) -> Event:
            return make(self.load.act, kind, case, None, **data)

        other = PEOPLE[n % 3]
        until = (self.load.act.at.date() + timedelta(days=1 + n % 20)).isoformat()
        begun = [] if case in self.book.cases() else [event("opened", age=(None, 9, 30)[n % 3])]
        if what == "screened":
            steps = [
                {"id": f"step_{m}", "who": ROLES[m % 2], "hours": 24 * (n % 12 + m)}
                for m in range(n % 3)
            ]
            more = {"profile": ("child", "adult")[n % 2], "finding_high": FINDINGS[-1 - n % 2]}
            more |= {"reasons": list(SIGNS[: n % 3]), "needs": list(NEEDS[: (n + 1) % 3])}
            then = [event(what, **screening(FINDINGS[n % 5], *steps, **more))]
        else:
            then = {
                "met": [event("met", encounter=f"{n}", place=PLACES[n % 3])],
                "noted": [event("noted", text=f"Shënim {n % 3} 100%")],
                "answered": [event("answered", answers={SIGNS[0]: {"answer": "yes"}})],
                "given": [event("assigned", to=other)],
                "taken": [event("accepted")],
                "planned": [event("follow_up_set", on=until)],
                "put off": [event("step_postponed", step="step_0", until=until, why="away")],
                "done": [event("step_done", step="step_1")],
                "closed": [
                    event("closure_proposed", reason="help_in_place", despite="x"),
                    event("closure_confirmed"),
                ],
                "seen": [event("viewed", what="case")],
            }[what]
        return [*begun, *then]


WHAT = (
    *("screened", "screened", "met", "noted", "answered", "given", "taken", "planned", "put off"),
    *("done", "closed", "seen", "seen", "looked at the list", "erased", "dropped"),
)
happened = st.tuples(
    st.sampled_from(WHAT),
    st.sampled_from(CASES),
    st.sampled_from(PEOPLE),
    st.integers(0, 12),
    st.integers(0, 29),
    st.booleans(),
)
day = st.integers(0, 25).map(lambda n: START + timedelta(days=n))
wide = st.builds(
    View,
    on=day,
    me=st.sampled_from(("", *PEOPLE)),
    role=st.sampled_from(("", *ROLES)),
    whose=st.sampled_from(("team", "team", "mine", "unassigned")),
    with_closed=st.booleans(),
)
narrowed = st.one_of(
    st.builds(dict),
    st.builds(dict, due=day),
    st.builds(dict, changed_since=day),
    st.builds(dict, sign=st.sampled_from(("out", *SIGNS))),
    st.builds(dict, finding=st.sampled_from(FINDINGS)),
    st.builds(dict, need=st.sampled_from(NEEDS)),
    st.builds(dict, words=st.sampled_from(("STACION", "% _", "shënim 1", "k 4", "ë-"))),
)
views = st.builds(lambda view, more: replace(view, **more), wide, narrowed)


def added_up(book: Casebook, gone: set[str], view: View, most: int | None) -> CaseList:
    """The work list from nothing but the events."""
    states = (fold(None, book.events(case)) for case in book.cases() if case not in gone)
    return case_list((summarised(s) for s in states if s is not None), view, most)


@given(
    st.lists(st.lists(happened, min_size=1, max_size=8), min_size=1, max_size=3),
    st.lists(views, min_size=4, max_size=12),
    st.sampled_from((None, 0, 1, 2)),
)
@examples(12, deadline=None)
def test_the_kept_list_is_what_the_events_add_up_to(kosovo, kosovo_weights, days, asked, most):
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "WORK", (1, 4, 64))
        book, _ = Casebook.create(f"{folder}/book", WORDS)
        with book:
            load = Caseload(book, (kosovo, kosovo_weights), act("2026-02-02"))
            story = Histories(load, book)
            for happening in days:
                for one in happening:
                    story.happens(*one)
                for view in asked:
                    kept = load.list(view, most)
                    sums = added_up(book, story.gone, view, most)
                    assert kept.counts == sums.counts and kept.total == sums.total
                    assert list(kept) == list(sums)


def test_a_day_that_passes_moves_cases_although_nothing_is_recorded(
    tmp_path, kosovo, kosovo_weights
):
    book, _ = Casebook.create(tmp_path / "book", WORDS)
    with book:
        load = Caseload(book, (kosovo, kosovo_weights), act("2026-02-02"))
        look = {"id": "look", "who": "social_worker", "hours": 24 * 10}
        fields = screening("look_further", look)
        load.record([make(load.act, "opened", "K-1", None, age=9)])
        load.record([make(load.act, "screened", "K-1", None, **fields)])
        recorded = book.last()

        def section(days: int) -> str:
            found = load.list(View(START + timedelta(days=days), role="social_worker"))
            assert found.counts[found[0].section] == found.total == 1
            return found[0].section

        assert [section(n) for n in (2, 3, 9, 10, 11)] == [
            "waiting", "week", "week", "today", "overdue",
        ]  # fmt: skip
        assert book.last() == recorded


def test_a_long_list_is_read_in_parts(tmp_path, kosovo, kosovo_weights, monkeypatch):
    monkeypatch.setattr(copies, "_AT_ONCE", 3)
    book, _ = Casebook.create(tmp_path / "book", WORDS)
    with book:
        load = Caseload(book, (kosovo, kosovo_weights), act("2026-02-02"))
        for n in range(10):
            load.record([make(load.act, "opened", f"K-{n}", None, age=n)])
        found = load.list(View(START))
        assert [x.case for x in found] == [f"K-{n}" for n in range(10)]
        book.drop_snapshots()
        assert list(load.list(View(START))) == list(found)


def test_what_a_case_said_is_gone_from_the_copies_with_it(tmp_path, kosovo, kosovo_weights):
    """An erased case leaves no line, no place and no note in what is kept for the list."""
    book, _ = Casebook.create(tmp_path / "book", WORDS)
    with book:
        load = Caseload(book, (kosovo, kosovo_weights), act("2026-02-02"))
        for case in ("K-1", "K-2"):
            load.record([make(load.act, "opened", case, None, age=9)])
            load.record([make(load.act, "met", case, None, encounter="1", place=f"at {case}")])
        book.erase("K-1", load.act)
        with book._reading() as connection:
            for table in ("snapshots", "lines", "nexts", "seen", "written"):
                rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
                assert "K-1" not in repr(rows) and "k-1" not in repr(rows)
                assert rows or table in ("nexts", "seen")
        assert [x.case for x in load.list(View(START))] == ["K-2"]
