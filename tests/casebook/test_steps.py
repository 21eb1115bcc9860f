"""Steps: what opens them, whose they are, when they are due, and what never moves their day."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Answer, Case, Response
from screening.casebook.acts import meet, screen
from screening.casebook.events import make
from screening.casebook.fold import fold
from screening.casebook.state import CaseState
from screening.casebook.steps import CLOSES, OWN, step_words, tasks
from screening.checklist.schema import FINDINGS
from screening.i18n import words
from screening.scoring import score
from support.casework import act, on, said, screening
from support.properties import examples

CALL = {"id": "call", "who": "csw", "hours": 0}
LOOK = {"id": "look", "who": "csw", "hours": 72}
GUARDIAN = {"id": "guardian", "who": "court", "hours": 24}
HEALTH = {"id": "need:health", "who": "doctor", "hours": 24, "need": "health"}


def after(*events: tuple[str, str, dict]) -> CaseState:
    state = fold(
        None,
        [
            make(act("2026-01-01"), "opened", "A", None, age=9),
            *(
                make(act("2026-06-01"), kind, "A", on(day), **fields)
                for day, kind, fields in events
            ),
        ],
    )
    assert state is not None
    return state


def screened(day: str, finding: str, *steps: dict, **more):
    return day, "screened", screening(finding, *steps, **more)


def days(state: CaseState) -> dict[str, str]:
    return {s.key: s.day.isoformat() for s in state.open_steps}


def test_a_step_is_due_its_hours_after_the_event_that_opened_it():
    state = after(screened("2026-01-05", "refer", CALL, GUARDIAN, LOOK))
    assert days(state) == {"call": "2026-01-05", "guardian": "2026-01-06", "look": "2026-01-08"}
    assert {s.because for s in state.steps} == {"finding:refer"}


def test_a_raised_finding_opens_new_steps_and_moves_no_clock():
    state = after(
        screened("2026-01-05", "look_further", LOOK),
        screened("2026-02-02", "refer", LOOK, GUARDIAN),
    )
    assert days(state) == {"look": "2026-01-08", "guardian": "2026-02-03"}
    assert state.raised_on == on("2026-02-02")


def test_meeting_again_moves_no_clock_and_only_restarts_the_wait():
    state = after(
        screened("2026-01-05", "look_further", LOOK),
        ("2026-03-03", "met", {"encounter": "2"}),
        screened("2026-03-03", "look_further", LOOK, receipt="y"),
    )
    assert days(state) == {"look": "2026-01-08"}
    assert state.met_last == on("2026-03-03") and state.raised_on == on("2026-01-05")


def test_a_finding_that_falls_takes_no_step_away():
    state = after(
        screened("2026-01-05", "act_now", CALL, GUARDIAN),
        screened("2026-01-06", "look_further", LOOK),
    )
    assert days(state) == {"call": "2026-01-05", "guardian": "2026-01-06", "look": "2026-01-09"}


def test_what_is_done_opens_again_only_if_it_is_due_at_once_and_the_finding_rose_again():
    done = [("2026-01-05", "step_done", {"step": s}) for s in ("call", "guardian")]
    lower = screened("2026-02-01", "look_further")
    state = after(
        screened("2026-01-05", "refer", CALL, GUARDIAN),
        *done,
        screened("2026-01-20", "refer", CALL, GUARDIAN, receipt="y"),
        lower,
    )
    assert days(state) == {}
    rose = fold(
        state,
        [make(act("2026-06-01"), "screened", "A", on("2026-03-01"),
              **screening("refer", CALL, GUARDIAN))],
    )  # fmt: skip
    assert rose is not None and days(rose) == {"call#2": "2026-03-01"}


def test_what_is_still_open_is_not_opened_twice_however_the_finding_rises():
    state = after(
        screened("2026-01-05", "refer", CALL), screened("2026-02-01", "act_now", CALL, receipt="y")
    )
    assert days(state) == {"call": "2026-01-05"}


def test_a_need_opens_its_step_when_it_comes_whatever_the_finding():
    state = after(
        screened("2026-01-05", "nothing_indicated"),
        screened("2026-01-09", "nothing_indicated", HEALTH, needs=["health"]),
    )
    assert days(state) == {"need:health": "2026-01-10"}
    assert state.steps[0].because == "need:health"


def test_undone_stays_red_until_it_is_done_or_put_off_with_a_reason():
    state = after(screened("2026-01-05", "look_further", LOOK))
    assert state.open_steps[0].overdue(on("2026-05-01"))
    put_off = {"step": "look", "until": "2026-05-04", "why": "family is away"}
    later = fold(
        state, [make(act("2026-06-01"), "step_postponed", "A", on("2026-05-01"), **put_off)]
    )
    assert later is not None
    step = later.open_steps[0]
    assert not step.overdue(on("2026-05-01")) and step.overdue(on("2026-05-05"))
    assert step.due == on("2026-01-08") and step.postponed[0].why == "family is away"


def test_a_planned_meeting_is_closed_by_a_meeting_and_not_by_an_older_one_that_is_recorded_late():
    state = after(("2026-01-05", "follow_up_set", {"on": "2026-01-19"}))
    late = fold(state, [make(act("2026-06-01"), "met", "A", on("2026-01-02"), encounter="0")])
    assert late is not None and days(late) == {"follow_up": "2026-01-19"}
    met = fold(state, [make(act("2026-06-01"), "met", "A", on("2026-01-12"), encounter="1")])
    assert met is not None and days(met) == {}


def test_another_day_for_a_planned_meeting_puts_it_off_and_keeps_the_first_day():
    state = after(
        ("2026-01-05", "follow_up_set", {"on": "2026-01-19"}),
        ("2026-01-20", "follow_up_set", {"on": "2026-02-02", "what": "ill"}),
    )
    (step,) = state.open_steps
    assert step.due == on("2026-01-19") and step.day == on("2026-02-02")


def test_a_referral_without_an_answer_by_its_day_is_a_step_and_so_is_one_that_was_declined():
    sent = [
        ("2026-01-05", "referral_drafted", {"referral": "R1", "to": "Shelter"}),
        ("2026-01-05", "referral_sent", {"referral": "R1", "reply_by": "2026-01-09"}),
    ]
    assert days(after(*sent)) == {"reply:R1": "2026-01-09"}
    declined = after(*sent, ("2026-01-07", "referral_declined", {"referral": "R1", "why": "full"}))
    assert days(declined) == {"declined:R1": "2026-01-08"}
    assert [h[1] for h in declined.referrals[0].history] == ["drafted", "sent", "declined"]
    accepted = after(*sent, ("2026-01-07", "referral_accepted", {"referral": "R1"}))
    assert days(accepted) == {}


def test_acts_of_practice_close_their_step_and_count_if_they_came_first():
    for kind, (step, *_) in CLOSES.items():
        if kind in ("met", "accepted", "closure_confirmed"):
            continue
        fields = {"to": "help"} if "consent" in kind else {}
        fields = {"until": "2026-04-01"} if "reflection" in kind else fields
        told = {"id": step, "who": "csw", "hours": 24}
        then = after(screened("2026-01-05", "refer", told), ("2026-01-06", kind, fields))
        assert days(then) == {}, kind
        before = after(("2026-01-02", kind, fields), screened("2026-01-05", "refer", told))
        assert days(before) == {}, kind


def test_consent_that_is_withdrawn_is_a_step():
    state = after(
        ("2026-01-05", "consent_given", {"to": "shelter"}),
        ("2026-02-05", "consent_withdrawn", {"to": "shelter"}),
    )
    assert days(state) == {"consent_withdrawn": "2026-02-06"}
    assert [c.given for c in state.consents] == [True, False]


def test_a_siblings_rise_is_a_step_on_each_sibling():
    state = after(("2026-01-05", "sibling_rose", {"other": "B", "finding": "refer"}))
    assert days(state) == {"sibling:B": "2026-01-06"}


# -- with the list -----------------------------------------------------------------------------------


def test_every_finding_of_the_list_gives_the_social_worker_a_step_of_her_own(
    kosovo, kosovo_weights
):
    seen = set()
    for answers in (
        {"danger_now": "yes", "sent_and_placed": "yes"},
        {"sent_and_placed": "yes", "supervised_begging": "yes", "begging_hazard": "yes"},
        {"sent_and_placed": "yes"},
        {"out_of_school": "yes"},
    ):
        a = score(Case("A", 9, answers=said(**answers)), kosovo, kosovo_weights)
        told = tasks(a, kosovo)
        seen.add(a.finding)
        assert [t for t in told if t["who"] == "social_worker"], a.finding
        for t in told:
            assert step_words(str(t["id"]), kosovo.texts("sq"), words("sq")), t
    assert seen == {"act_now", "refer", "look_further"}


def test_what_says_how_to_work_is_no_step(kosovo, kosovo_weights):
    a = score(Case("A", 9, answers=said(sent_and_placed="yes")), kosovo, kosovo_weights)
    ids = {t["id"] for t in tasks(a, kosovo)}
    assert not ids & {"interpreter", "no_repeat_interview", "nothing_handed_over", "helpline"}
    assert {"tell_csw_child", "best_interests", "need:child_protection_soon"} <= ids


def test_own_steps_have_words():
    say = words("sq")
    assert all(say(told) != told for _, _, told in OWN.values())


@given(st.data())
@examples(15)
def test_s6_one_more_yes_never_takes_a_step_away(kosovo, kosovo_weights, data):
    signs = [i.id for i in kosovo.by_profile["child"]]
    yes = data.draw(st.lists(st.sampled_from(signs), max_size=4, unique=True))
    more = data.draw(st.sampled_from(signs))
    knowledge = kosovo, kosovo_weights
    opened = fold(None, [make(act("2026-01-01"), "opened", "A", None, age=9)])
    assert opened is not None
    met = meet(
        opened, act("2026-01-02"), on("2026-01-02"), dict.fromkeys(yes, Response(Answer.YES))
    )
    first, _ = screen(opened, met, act("2026-01-02"), on("2026-01-02"), knowledge)
    state = fold(opened, [*met, *first])
    assert state is not None
    again = meet(state, act("2026-02-02"), on("2026-02-02"), {more: Response(Answer.YES)})
    second, _ = screen(state, again, act("2026-02-02"), on("2026-02-02"), knowledge)
    later = fold(state, [*again, *second])
    assert later is not None
    assert {s.key: s.day for s in state.open_steps}.items() <= {
        s.key: s.day for s in later.open_steps
    }.items()
    new = {s.key for s in later.open_steps} - {s.key for s in state.open_steps}
    assert all(s.opened_on == on("2026-02-02") for s in later.steps if s.key in new)
    assert FINDINGS.index(later.screenings[-1].finding) >= FINDINGS.index(
        state.screenings[-1].finding
    )


def test_days_are_counted_from_whole_hours():
    state = after(screened("2026-01-05", "refer", {"id": "x", "who": "csw", "hours": 36}))
    assert state.steps[0].due == on("2026-01-05") + timedelta(days=1)
