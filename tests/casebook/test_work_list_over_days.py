"""The work list over days: sections, whose step, what changed, in which order, and who is on it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.casebook.acts import assign, link, meet, review_link
from screening.casebook.caseload import Caseload
from screening.casebook.events import make
from screening.casebook.worklist import SECTIONS, View
from screening.checklist.schema import FINDINGS
from screening.errors import UsageError
from screening.scoring.triage import ORDER
from support.casework import MemoryStore, act, on, said, screening
from support.properties import examples

LOOK = {"id": "look", "who": "social_worker", "hours": 72}
CALL = {"id": "call", "who": "officer", "hours": 0}
EVERY = View(on("2026-02-03"), me="arta", with_closed=True)


@pytest.fixture
def load(kosovo, kosovo_weights):
    return Caseload(MemoryStore(), (kosovo, kosovo_weights), act("2026-02-02"))


def put(load: Caseload, case: str, finding: str = "look_further", day: str = "2026-02-02", **more):
    """A case with a result, its steps, and whoever has it."""
    steps, owner = more.pop("steps", (LOOK, CALL)), more.pop("owner", "arta")
    events = [
        make(act(day), "opened", case, on(day), age=more.pop("age", 9)),
        make(act(day), "met", case, on(day), encounter="1"),
        make(act(day), "screened", case, on(day), **screening(finding, *steps, **more)),
    ]
    if owner:
        events += [
            make(act(day), "assigned", case, on(day), to=owner),
            make(act(day, owner), "accepted", case, on(day)),
        ]
    return load.record(events)[case]


def test_each_case_stands_in_the_first_section_that_fits_and_nobody_is_dropped(load):
    put(load, "D", "act_now")
    put(load, "O", day="2026-01-05")
    put(load, "T", day="2026-01-30")
    put(load, "W", day="2026-02-02")
    put(load, "C", steps=(), owner="arta")
    load.record([make(act("2026-02-02", "bora"), "noted", "C", None, text="x")])
    put(load, "Z", steps=())
    found = load.list(View(on("2026-02-02"), me="arta", role="social_worker", whose="mine"))
    assert [(line.case, line.section) for line in found] == [
        ("D", "danger"), ("O", "overdue"), ("T", "today"), ("W", "week"), ("C", "changed"), ("Z", "waiting"),
    ]  # fmt: skip
    assert found.counts == dict.fromkeys(SECTIONS, 1)


def test_the_step_shown_is_the_one_that_the_role_takes(load):
    put(load, "A", day="2026-02-02")
    (hers,) = load.list(View(on("2026-02-03"), role="social_worker"))
    (his,) = load.list(View(on("2026-02-03"), role="officer"))
    (any_,) = load.list(View(on("2026-02-03")))
    assert (hers.step, hers.role, hers.due, hers.overdue) == (
        "look",
        "social_worker",
        on("2026-02-05"),
        False,
    )
    assert (his.step, his.overdue) == ("call", True) and any_.step == "call"
    assert (hers.next_step, hers.next_role, hers.next_due) == ("call", "officer", on("2026-02-02"))
    (nobodys,) = load.list(View(on("2026-02-03"), role="prosecutor"))
    assert nobodys.step == "" and nobodys.due is None and not nobodys.overdue


def test_a_case_that_is_offered_stays_with_its_owner_and_shows_on_both_lists(load):
    state = put(load, "A", steps=())
    load.record(assign(state, act("2026-02-02", "arta"), on("2026-02-02"), "bora", "leave"), state)
    (givers,) = load.list(View(on("2026-02-03"), me="arta", role="social_worker", whose="mine"))
    (takers,) = load.list(View(on("2026-02-03"), me="bora", role="social_worker", whose="mine"))
    assert givers.owner == takers.owner == "arta" and takers.offered_to == "bora"
    assert givers.step == "" and takers.step == "accept" and takers.due == on("2026-02-03")
    assert not load.list(View(on("2026-02-03"), me="dona", whose="mine"))


def test_unassigned_filters_and_closed_cases(load):
    put(load, "A", owner="", reasons=["out_of_school"])
    put(load, "B", day="2026-01-05")
    load.record(
        [
            make(
                act("2026-02-02"),
                "closure_proposed",
                "B",
                None,
                reason="help_in_place",
                despite="x",
            ),
            make(act("2026-02-02", "bora"), "closure_confirmed", "B", None),
        ]
    )
    today = on("2026-02-03")
    assert [x.case for x in load.list(View(today, whose="unassigned"))] == ["A"]
    assert [x.case for x in load.list(View(today))] == ["A"]
    assert [x.case for x in load.list(View(today, with_closed=True))] == ["B", "A"]
    assert [x.case for x in load.list(View(today, sign="out_of_school"))] == ["A"]
    assert [x.case for x in load.list(View(today, due=on("2026-02-03"), with_closed=True))] == [
        "B",
        "A",
    ]
    assert not load.list(View(today, changed_since=on("2026-02-04")))


def test_a_frame_has_a_row_for_each_line_in_order(load):
    put(load, "B")
    put(load, "A", "refer", age=None)
    frame = load.list(View(on("2026-02-03"), role="social_worker")).to_frame()
    assert frame.index.tolist() == ["A", "B"] and frame.finding.tolist() == [
        "refer",
        "look_further",
    ]
    assert (frame.finding > "nothing_indicated").all() and frame.days.tolist() == [1, 1]
    assert frame.age.isna().tolist() == [True, False]
    assert frame.due.dt.date.tolist() == [date(2026, 2, 5)] * 2
    empty = load.list(View(on("2026-02-03"), me="x", whose="mine")).to_frame()
    assert empty.columns.tolist() == frame.columns.tolist()


@given(
    st.lists(
        st.tuples(st.sampled_from(FINDINGS), st.integers(0, 40), st.integers(0, 30)), max_size=8
    )
)
@examples(40)
def test_the_order_is_section_then_finding_then_day(kosovo, kosovo_weights, cases):
    load = Caseload(MemoryStore(), (kosovo, kosovo_weights), act("2026-03-01"))
    for n, (finding, ago, hours) in enumerate(cases):
        day = (on("2026-02-10") - timedelta(days=ago)).isoformat()
        put(load, f"K{n}", finding, day, steps=({**LOOK, "hours": hours * 24},))
    found = load.list(View(on("2026-02-10"), me="arta", role="social_worker"))
    keys = [(SECTIONS.index(x.section), ORDER.index(x.finding), x.due) for x in found]
    assert keys == sorted(keys) and len(found) == len(cases)
    for x in found:
        assert x.due is not None
        late = (x.due - on("2026-02-10")).days
        assert x.overdue == (late < 0)
        if x.finding == "act_now":
            assert x.section == "danger"
        else:
            assert x.section == (
                "overdue"
                if late < 0
                else "today"
                if late == 0
                else "week"
                if late <= 7
                else "waiting"
            )


# -- copies that may be thrown away --------------------------------------------------------------------


def test_copies_may_be_thrown_away_or_be_behind_at_any_time(load):
    for n in range(6):
        put(load, f"K{n}", day=f"2026-01-0{n + 1}")
    whole = lines(load)
    store = load.store
    behind = [make(act("2026-02-02", "bora"), "noted", "K3", None, text="past the copies")]
    store.append(behind)  # as a program that was killed between the two
    again = lines(load)
    assert {c for c in whole if whole[c] != again[c]} == {"K3"}
    assert load.state("K3").notes
    for thrown_away in (["K1"], ["K5"], list(store.copies)):
        for case in thrown_away:
            del store.copies[case]
        assert lines(load) == again == lines(afresh(load))
    store.upto = (store.upto[0], 0)  # of another version
    store.copies["K4"] = (store.copies["K4"][0], '{"form": 0}')
    assert lines(load) == again


def test_an_erased_case_is_on_no_list_and_the_others_are(load):
    for case in ("A", "B"):
        put(load, case)
    load.list(EVERY)
    load.store.append([act("2026-02-03").event("A", "erased")])
    del load.store.copies["A"]
    assert set(lines(load)) == set(lines(afresh(load))) == {"B"}


def afresh(load):
    """The same casebook, of which all copies are thrown away."""
    other = MemoryStore()
    other.kept = list(load.store.kept)
    return Caseload(other, load.knowledge, load.act)


def lines(load):
    return {line.case: line for line in load.list(EVERY)}


def test_only_what_is_new_is_folded_when_the_list_is_opened_again(load, monkeypatch):
    for n in range(4):
        put(load, f"K{n}")
    load.list(EVERY)
    asked = []
    monkeypatch.setattr(load, "find", lambda case: asked.append(case))
    load.list(EVERY)
    assert asked == []


def test_two_people_at_one_case_are_told(load):
    state = put(load, "A")
    load.record([make(act("2026-02-02", "bora"), "noted", "A", None, text="first")], state)
    with pytest.raises(UsageError) as caught:
        load.record([make(act("2026-02-02"), "noted", "A", None, text="second")], state)
    assert caught.value.code == "U342"
    assert [n.text for n in load.state("A").notes] == ["first"]


# -- siblings ---------------------------------------------------------------------------------------


def test_a_siblings_rise_puts_a_line_on_each_sibling_and_merges_nobody(load):
    for case in ("A", "B", "C", "D"):
        load.record([make(act("2026-02-01"), "opened", case, None, age=9)])
        state = load.state(case)
        load.screened(
            state,
            meet(state, act("2026-02-01"), on("2026-02-01"), said(out_of_school="yes")),
            on("2026-02-01"),
        )
    for other in ("B", "C", "D"):
        one, two = load.state("A"), load.state(other)
        load.record(link(one, two, act("2026-02-01"), on("2026-02-01"), "sibling"), one)
    one = load.state("A")
    load.record(
        review_link(one, "D", act("2026-02-01"), on("2026-02-01"), "sibling", False, "cousins"), one
    )
    before = load.state("A")
    told, a = load.screened(
        before,
        meet(
            before,
            act("2026-02-02"),
            on("2026-02-02"),
            said(sent_and_placed="yes", supervised_begging="yes", begging_hazard="yes"),
        ),
        on("2026-02-02"),
    )
    assert a.finding == "refer" and told.siblings == ("B", "C")
    lines = {x.case: x for x in load.list(View(on("2026-02-02"), role="social_worker"))}
    assert {c for c in lines if any(s.id == "sibling" for s in load.state(c).open_steps)} == {
        "B",
        "C",
    }
    assert lines["B"].siblings == ("A",) and lines["D"].siblings == () and len(lines) == 4
    assert [s.about for s in load.state("B").open_steps if s.id == "sibling"] == ["A"]
