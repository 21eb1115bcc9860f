"""Who has a case, and how one is closed: what takes two people, a reason, or an answer."""

from __future__ import annotations

import pytest

from screening.casebook.acts import (
    accept,
    assign,
    confirm_closing,
    do,
    hand_over,
    link,
    meet,
    postpone,
    propose_closing,
    refer,
    reply,
    take,
)
from screening.casebook.events import make
from screening.casebook.fold import fold
from screening.casebook.state import CaseState
from screening.errors import UsageError
from support.casework import act, on, screening

DAY = on("2026-02-02")
ARTA, BORA, DONA = (act(DAY, name) for name in ("arta", "bora", "dona"))
STEP = {"id": "guardian", "who": "csw", "hours": 24}


def case(*events, age=9, code="A") -> CaseState:
    state = fold(None, [make(ARTA, "opened", code, DAY, age=age), *events])
    assert state is not None
    return state


def then(state: CaseState, events) -> CaseState:
    after = fold(state, events)
    assert after is not None
    return after


def refused(code: str, name: str, call, *args, **more) -> None:
    with pytest.raises(UsageError) as caught:
        call(*args, **more)
    assert caught.value.key == f"{code}.{name}" and "{" not in str(caught.value)


def test_an_offered_case_stays_with_the_giver_until_the_other_accepts():
    state = then(case(), take(case(), ARTA, DAY))
    assert state.owner == "arta" and state.offer is None and not state.open_steps
    offered = then(state, assign(state, ARTA, DAY, "bora"))
    assert offered.owner == "arta" and offered.offer.to == "bora"
    refused("U342", "not_offered", accept, offered, DONA, DAY)
    accepted = then(offered, accept(offered, BORA, DAY))
    assert accepted.owner == "bora" and accepted.offer is None and not accepted.open_steps


def test_what_somebody_has_is_given_away_by_others_only_for_a_reason():
    state = then(case(), take(case(), ARTA, DAY))
    refused("U342", "others_case", assign, state, BORA, DAY, "dona")
    refused("U342", "has_it", assign, state, ARTA, DAY, "arta")
    assert then(state, assign(state, BORA, DAY, "dona", "arta is ill")).offer.why == "arta is ill"


def test_an_absence_hands_over_all_open_cases_at_once_and_each_is_accepted():
    mine = [then(case(code=c), take(case(code=c), ARTA, DAY)) for c in ("A", "B")]
    closed = then(case(code="C"), take(case(code="C"), ARTA, DAY))
    closed = then(closed, propose_closing(closed, ARTA, DAY, "moved_away"))
    closed = then(closed, confirm_closing(closed, BORA, DAY))
    others = then(case(code="D"), take(case(code="D"), DONA, DAY))
    events = hand_over(
        [*mine, closed, others], ARTA, DAY, "arta", "bora", "leave", on("2026-03-01")
    )
    assert [e.case for e in events] == ["A", "B"]
    assert then(mine[0], events[:1]).offer.until == on("2026-03-01")
    refused(
        "U342", "nothing_to_hand_over", hand_over, [others], ARTA, DAY, "arta", "bora", "x", None
    )


def test_s2_a_childs_case_is_closed_by_two_people_and_a_reason():
    state = case()
    refused("U343", "not_proposed", confirm_closing, state, BORA, DAY)
    proposed = then(state, propose_closing(state, ARTA, DAY, "help_in_place", "school, benefits"))
    assert not proposed.closed and [s.id for s in proposed.open_steps] == ["confirm_closing"]
    refused("U343", "same_person", confirm_closing, proposed, act(DAY, "ARTA"), DAY)
    closed = then(proposed, confirm_closing(proposed, BORA, DAY))
    assert closed.closed and closed.closures[0].confirmed_by == "bora" and not closed.open_steps
    refused("U343", "closed", propose_closing, closed, ARTA, DAY, "other")
    refused("U340", "field_value", propose_closing, state, ARTA, DAY, "no reason of the list")


def test_an_adults_case_is_closed_by_one_and_doubtful_age_is_a_child():
    adult = case(age=40)
    assert then(adult, propose_closing(adult, ARTA, DAY, "own_wish")).closed
    unsure = fold(None, [make(ARTA, "opened", "A", DAY, age=19, age_certain=False)])
    assert not then(unsure, propose_closing(unsure, ARTA, DAY, "own_wish")).closed


@pytest.mark.parametrize(
    ("finding", "danger", "steps", "name"),
    [
        ("act_now", True, (), "danger"),
        ("look_further", True, (), "danger"),
        ("refer", False, (STEP,), "undone"),
    ],
)
def test_danger_and_steps_that_are_not_done_block_closing_unless_it_is_said_why(
    finding, danger, steps, name
):
    state = case(make(ARTA, "screened", "A", DAY, **screening(finding, *steps, danger=danger)))
    refused("U343", name, propose_closing, state, ARTA, DAY, "help_in_place")
    despite = propose_closing(state, ARTA, DAY, "taken_over", despite="the Albanian CSW has it all")
    closed = then(state, [*despite, *confirm_closing(then(state, despite), BORA, DAY)])
    assert closed.closed and closed.closures[0].despite and len(closed.open_steps) == len(steps)


def test_danger_that_comes_between_the_two_blocks_the_second():
    proposed = then(case(), propose_closing(case(), ARTA, DAY, "help_in_place"))
    danger = then(proposed, [make(ARTA, "screened", "A", DAY, **screening("act_now"))])
    refused("U343", "danger", confirm_closing, danger, BORA, DAY)


def test_any_new_meeting_opens_a_closed_case_and_ends_a_proposal():
    proposed = then(case(), propose_closing(case(), ARTA, DAY, "moved_away"))
    met = then(proposed, meet(proposed, BORA, on("2026-02-03"), {}))
    assert met.closing is None and not met.open_steps
    closed = then(proposed, confirm_closing(proposed, BORA, DAY))
    again = then(closed, meet(closed, act("2026-03-01"), on("2026-03-01"), {}))
    assert closed.closed and not again.closed and again.closures[0].confirmed_by == "bora"


def test_a_step_that_is_not_open_is_named_and_a_later_day_is_later():
    state = case(make(ARTA, "screened", "A", DAY, **screening("refer", STEP)))
    refused("U341", "no_step", do, state, ARTA, DAY, "gaurdian")
    refused("U341", "until_passed", postpone, state, ARTA, DAY, "guardian", DAY, "x")
    refused("U340", "field_missing", postpone, state, ARTA, DAY, "guardian", on("2026-03-01"), " ")
    refused("U341", "no_steps", do, case(), ARTA, DAY, "guardian")


def test_a_referral_goes_on_only_in_its_order():
    state = case()
    draft = then(state, refer(state, ARTA, DAY, "Shelter", None, "needs a bed"))
    refused("U344", "referral_state", reply, draft, ARTA, DAY, "R1", "accepted")
    sent = then(draft, reply(draft, ARTA, DAY, "", "sent", on("2026-02-09")))
    refused("U344", "no_referral", reply, sent, ARTA, DAY, "R2", "accepted")
    refused("U340", "field_missing", reply, sent, ARTA, DAY, "R1", "declined")
    declined = then(sent, reply(sent, ARTA, DAY, "R1", "declined", why="full"))
    refused("U344", "referral_state", reply, declined, ARTA, DAY, "R1", "done")


def test_a_link_is_put_on_both_and_never_twice_or_on_itself():
    one, two = case(), case(code="B")
    events = link(one, two, ARTA, DAY, "same_adult", "the same man collects")
    assert [(e.case, e.data["other"]) for e in events] == [("A", "B"), ("B", "A")]
    linked = then(one, events[:1])
    assert linked.siblings == () and [s.id for s in linked.open_steps] == ["link"]
    refused("U344", "linked", link, linked, two, ARTA, DAY, "same_adult")
    refused("U344", "itself", link, one, one, ARTA, DAY, "sibling")
