"""A case is the fold of its events: the same wherever it is cut, and nothing is lost on the way."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from test_events import FULL

from screening.answers import Answer
from screening.casebook.acts import answered, meet
from screening.casebook.event import Event
from screening.casebook.events import KINDS, make
from screening.casebook.fold import fold
from screening.casebook.state import from_plain, to_plain
from screening.checklist.schema import FINDINGS
from support.casework import act, on, said, screening
from support.properties import examples

PEOPLE = ("arta", "bora")
STEPS = ("guardian", "call", "look", "need:health", "follow_up", "best_interests")


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events of one case in any order, as sound ones come: days go back and forth."""
    events = [make(act("2026-01-01"), "opened", "A", None, age=9)]
    for number in range(draw(st.integers(0, 14))):
        day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 60)))
        kind = draw(st.sampled_from(sorted(KINDS)))
        fields = dict(FULL[kind])
        if kind == "screened":
            fields = screening(
                draw(st.sampled_from(FINDINGS)),
                *(
                    {"id": s, "who": "csw", "hours": h, "need": n}
                    for s, h, n in draw(
                        st.lists(
                            st.tuples(
                                st.sampled_from(STEPS),
                                st.sampled_from((0, 24, 72)),
                                st.sampled_from(("", "health")),
                            ),
                            max_size=4,
                        )
                    )
                ),
                needs=draw(st.sampled_from(([], ["health"]))),
            )
        elif kind in ("step_done", "step_postponed"):
            fields["step"] = draw(st.sampled_from(STEPS))
        elif kind == "answered":
            answers = ("yes", "no", "unknown", "refused")
            fields = {
                "encounter": str(draw(st.integers(1, 3))),
                "answers": {"danger_now": {"answer": draw(st.sampled_from(answers))}},
            }
        elif kind == "met":
            fields["encounter"] = str(number)
        by = draw(st.sampled_from(PEOPLE))
        event = make(act("2026-04-01", by), kind, "A", day, **fields)
        events.append(event)
    return [
        Event(e.case, e.kind, e.happened_on, e.recorded_at, e.by, e.data, e.words, n)
        for n, e in enumerate(events, 1)
    ]


@given(histories(), st.data())
@examples(60)
def test_a_case_is_the_same_wherever_its_events_are_cut(events, data):
    at = data.draw(st.integers(0, len(events)))
    assert fold(None, events) == fold(fold(None, events[:at]), events[at:])


@given(histories(), st.data())
@examples(60)
def test_a_case_comes_back_from_its_copy_and_goes_on(events, data):
    at = data.draw(st.integers(1, len(events)))
    first = fold(None, events[:at])
    assert first is not None
    back = from_plain(json.loads(json.dumps(to_plain(first))))
    assert back == first and fold(back, events[at:]) == fold(None, events)


@given(histories())
@examples(60)
def test_no_event_takes_away_a_step_a_result_or_an_answer(events):
    before = None
    for event in events:
        after = fold(before, [event])
        assert after is not None
        if before is not None:
            assert [s.key for s in after.steps][: len(before.steps)] == [
                s.key for s in before.steps
            ]
            for old, new in zip(before.steps, after.steps, strict=False):
                assert (new.opened_on, new.due) == (old.opened_on, old.due), event.kind
                assert old.open or new.done_on == old.done_on
            assert after.screenings[: len(before.screenings)] == before.screenings
            for indicator, history in before.answers.items():
                assert set(history) <= set(after.answers[indicator])
        before = after


@given(histories())
@examples(60)
def test_a_step_that_is_open_has_a_day_and_someone_who_takes_it(events):
    state = fold(None, events)
    assert state is not None
    keys = [s.key for s in state.steps]
    assert len(keys) == len(set(keys))
    for step in state.open_steps:
        assert step.who or step.person or step.id == "confirm_closing"


def test_events_of_the_stores_own_change_nothing_of_the_case():
    first = make(act("2026-01-01"), "opened", "A", None, age=9)
    state = fold(None, [first])
    held = fold(state, [act("2026-01-02").event("A", "held", {}, {"reason": "court"})])
    assert held is not None and state is not None
    assert (held.age, held.changed, held.events) == (9, state.changed, 2)


# -- answers ---------------------------------------------------------------------------------------


def case_with(*meetings: tuple[str, dict[str, str]]):
    state = fold(None, [make(act("2026-01-01"), "opened", "A", None, age=9)])
    for day, answers in meetings:
        assert state is not None
        state = fold(state, meet(state, act("2026-03-01"), on(day), said(**answers)))
    assert state is not None
    return state


def test_the_answer_of_the_latest_meeting_counts_however_late_an_earlier_one_is_recorded():
    state = case_with(
        ("2026-02-02", {"danger_now": "no"}),
        ("2026-01-10", {"danger_now": "yes"}),
    )
    assert state.current().answer("danger_now") is Answer.NO
    assert [(g.on.isoformat(), g.answer) for g in state.answers["danger_now"]] == [
        ("2026-01-10", "yes"),
        ("2026-02-02", "no"),
    ]
    assert (state.met_first, state.met_last) == (on("2026-01-10"), on("2026-02-02"))


def test_s5_what_is_not_said_again_is_not_unsaid():
    state = case_with(
        ("2026-01-10", {"danger_now": "yes"}), ("2026-02-02", {"danger_now": "refused"})
    )
    assert state.current().answer("danger_now") is Answer.YES
    slip = answered("A", act("2026-02-02"), on("2026-02-02"), said(danger_now="no"), "2026-02-02")
    back = answered(
        "A", act("2026-02-02"), on("2026-02-02"), said(danger_now="unknown"), "2026-02-02"
    )
    now = fold(state, [slip, back])
    assert now is not None and now.current().answer("danger_now") is Answer.YES


def test_a_correction_counts_and_both_stay_in_the_history():
    state = case_with(
        ("2026-01-10", {"danger_now": "yes"}), ("2026-02-02", {"danger_now": "refused"})
    )
    fields = {
        "why": "wrong child",
        "answers": {"danger_now": {"answer": "unknown"}},
        "age": {"age": 7},
    }
    now = fold(state, [make(act("2026-02-03"), "corrected", "A", None, **fields)])
    assert now is not None
    assert now.current().answer("danger_now") is Answer.UNKNOWN and now.age == 7
    assert [g.answer for g in now.answers["danger_now"]] == ["yes", "refused", "unknown"]
    assert now.corrections[0].text == "wrong child"


def test_what_changed_is_what_others_did_since_one_looked():
    state = case_with(("2026-01-10", {}))
    assert not state.changed_for("arta") and state.changed_for("bora")
    seen = fold(state, [make(act("2026-02-03", "bora"), "viewed", "A", None, what="case")])
    assert seen is not None and not seen.changed_for("bora")
    told = fold(seen, [make(act("2026-02-04", "arta"), "noted", "A", None, text="x")])
    assert told is not None and told.changed_for("bora") and not told.changed_for("arta")
