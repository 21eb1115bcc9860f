"""The interview without a screen: preconditions in order, what is put next and why, what counts, what is
kept.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from screening.answers import OPEN_ANSWERS, Answer, Case, Response, Truth, truth
from screening.checklist import catalogue_ids, load_checklist, load_weights
from screening.errors import CaseError, KnowledgeError, UsageError
from screening.errors.catalogue import CATALOGUE
from screening.i18n import LANGUAGES, WRITTEN
from screening.interview import PRECONDITIONS, Interview, Judgement, Record, load_protocol
from screening.interview.choice import Chooser
from screening.interview.likely import ByStrength, ByWorld, likely
from screening.interview.reach import Reach
from screening.interview.step import ENOUGH
from screening.scoring import score
from screening.scoring.engine import RANK
from support.properties import examples
from support.strategies import cases, checklists, weight_sets
from support.tiny import write_list
from support.words import NEGATIVE

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
PROTOCOL = load_protocol(KOSOVO)
USUAL = {
    "danger": "no",
    "private": "yes",
    "interpreter": "not_needed",
    "may_stop": "yes",
    "agreement": "yes",
    "representative": "social_worker",
}
YES, NO = Response(Answer.YES), Response(Answer.NO)


def begun(**choices: str) -> Interview:
    """An interview with its preconditions gone through."""
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A-1")
    for precondition, usual in USUAL.items():
        now = now.precondition(precondition, choices.get(precondition, usual))
    return now


def child(**choices: str) -> Interview:
    return begun(**choices).person("9", True, {"company": "family"}).helped()


def put(now: Interview, answer: Answer = Answer.NO, most: int = 200) -> list[str]:
    """What is put until it stops, each answered alike."""
    found = []
    while (step := now.next()).kind == "question" and len(found) < most:
        found.append(step.key)
        now = now.answer(step.key, Response(answer))
    return found


# -- preconditions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("age", ["9", "30"])
def test_S7_S8_danger_comes_first_then_the_person_and_the_rest_before_any_question(age):
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A-1")
    assert now.next().key == "danger"
    now = now.precondition("danger", "no")
    assert now.next().kind == "person"
    now, seen = now.person(age), []
    while now.next().kind == "precondition":
        seen.append(now.next().key)
        now = now.precondition(now.next().key, USUAL[now.next().key])
    rest = ["private", "interpreter", "may_stop", "agreement"]
    assert seen == (["representative", *rest] if age == "9" else rest)
    assert now.next().kind == "question" and not now.withheld


@pytest.mark.parametrize(
    ("precondition", "choice"),
    [(g, c) for g, choices in PRECONDITIONS.items() for c, aloud in choices.items() if not aloud],
)
def test_S8_once_one_of_them_keeps_questions_back_the_rest_can_wait_and_nothing_is_asked(
    precondition, choice
):
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A").precondition("danger", "no").person("9")
    now = now.precondition(precondition, choice)
    assert now.pending_precondition() is None and now.next().kind == "question"
    assert all(now.mode(i) != "ask" for i in put(now))


def test_S7_danger_is_the_list_s_own_question_and_raises_at_once():
    now = begun(danger="yes")
    assert now.record.answers["danger_now"].answer is Answer.YES and now.state.finding == "act_now"
    assert now.precondition("danger", "no").state.finding != "act_now"


@pytest.mark.parametrize(
    ("precondition", "choice"),
    [
        ("danger", "maybe"),
        ("no_such", "yes"),
        ("private", "unknown"),
        ("interpreter", "yes"),
        ("", ""),
    ],
)
def test_an_answer_that_a_precondition_does_not_have_is_refused(precondition, choice):
    with pytest.raises(CaseError) as refused:
        begun().precondition(precondition, choice)
    assert refused.value.code == "C243"


@pytest.mark.parametrize(
    ("precondition", "choice"),
    [(g, c) for g, choices in PRECONDITIONS.items() for c, aloud in choices.items() if not aloud],
)
@pytest.mark.parametrize("age", ["9", "30"])
def test_S8_while_a_precondition_withholds_it_nothing_is_asked_aloud_and_everything_can_be_recorded(
    precondition, choice, age
):
    if (age, precondition) == ("30", "representative"):
        return  # nobody speaks for an adult but the adult
    now = begun(**{precondition: choice}).person(age, True, {"company": "alone"})
    assert now.withheld == (precondition,)
    for step in put(now):
        assert now.mode(step) != "ask"
    for step in put(now):
        now = now.answer(step, NO)
    assert now.stop() == "withheld" and now.next().kind == "judgement"
    assert now.answer("debt_bondage_now", YES).record.answers["debt_bondage_now"] == YES
    assert now.precondition(precondition, USUAL[precondition]).stop() is None, (
        "as soon as it is safe, questions go on"
    )


def test_S8_a_precondition_that_nobody_has_gone_through_withholds_what_would_be_asked_aloud():
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A").person("9", True, {"company": "alone"})
    assert (
        now.withheld == tuple(PRECONDITIONS)
        and now.askable
        and all(now.mode(i) != "ask" for i in now.askable)
    )
    for precondition in ("danger", "representative", *list(USUAL)[1:5]):
        choice = USUAL[precondition]
        assert precondition in now.withheld and now.next(going_on=True).key == precondition
        now = now.precondition(precondition, choice)
    assert now.withheld == () and any(now.mode(i) == "ask" for i in now.askable)


def test_what_a_note_rests_on_is_kept_with_it_and_without_it_and_is_no_answer():
    now = begun().answer("daily_quota", Response(Answer.NOT_ASKED, "document"))
    assert now.record.answers["daily_quota"].basis == "document" and "daily_quota" in now.open_items
    later = now.leave_open("daily_quota", "a note", "document")
    assert later.record.answers["daily_quota"] == Response(
        Answer.NOT_ASKED, "document", "a note"
    ) and later.record.passed == ("daily_quota",)


def test_S4_a_child_cannot_be_represented_as_an_adult():
    now = begun(representative="adult")
    assert now.person("34").next().kind == "question"
    for age, certain in (("17", True), ("", True), ("18", False)):
        assert now.person(age, certain).next().key == "representative"
    assert now.person("9").precondition("representative", "nobody_yet").next().kind == "question"


@pytest.mark.parametrize("age", ["1,5", "-1", "150", "٩", "NaN", "nine", True])
def test_an_age_that_is_none_is_refused_and_nothing_changes(age):
    now = begun()
    with pytest.raises(CaseError) as refused:
        now.person(age)
    assert refused.value.code == "C212" and not now.record.person


@pytest.mark.parametrize("facts", [{"company": "dog"}, {"no_such": "yes"}])
def test_a_fact_that_is_none_is_refused(facts):
    with pytest.raises(CaseError) as refused:
        begun().person("9", True, facts)
    assert refused.value.code == "C243"


# -- what is put next ------------------------------------------------------------------------------


def test_for_a_child_or_somebody_not_alone_what_is_seen_or_read_comes_before_what_is_asked():
    firsts = {
        company: [
            begun().person(age, True, {"company": company}).mode(i)
            for i in put(begun().person(age, True, {"company": company}))[:6]
        ]
        for company, age in (("family", "30"), ("others", "30"), ("unknown", "30"), ("alone", "9"))
    }
    assert all(mode != "ask" for modes in firsts.values() for mode in modes[:3]), firsts
    alone = begun().person("30", True, {"company": "alone"})
    assert alone.mode(alone.next().key) == "ask", "an adult alone is asked what tells most"


def test_S16_a_child_is_asked_nothing_that_is_to_be_observed_or_read():
    texts = KOSOVO.texts("en")
    for i in KOSOVO.by_profile["child"]:
        if i.mode.child != "ask":
            assert texts.prompt(i.id, i.mode.child) and texts.prompt(
                i.id, i.mode.child
            ) != texts.get("indicators", i.id, "question"), i.id


def test_nothing_is_put_twice_and_it_ends():
    for age in ("9", "30"):
        for answer in (Answer.NO, Answer.UNKNOWN, Answer.REFUSED, Answer.NOT_APPLICABLE):
            order = put(begun().person(age), answer)
            assert len(order) == len(set(order)) <= len(KOSOVO.indicators)


def test_the_same_answers_give_the_same_question_in_any_process():
    code = "import test_interview as t; print(','.join(t.put(t.child())[:25]))"
    runs = []
    for seed in ("0", "1"):
        env = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(Path(__file__).parent)]),
        }
        runs.append(
            subprocess.run(
                [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
            ).stdout
        )
    assert runs[0] == runs[1] and runs[0].count(",") == 24
    assert runs[0].strip().split(",") == put(child())[:25]


@pytest.mark.parametrize("age", ["9", "34"])
def test_what_is_said_to_raise_the_finding_truly_does(age):
    now = begun().person(age, True, {"company": "alone"})
    rank = ["too_little_known", "nothing_indicated", "look_further", "refer", "act_now"]
    kinds = set()
    for k in range(50):
        step = now.next()
        if step.choice is None:
            break
        before = now.state.finding
        yes = now.answer(step.key, YES)
        kinds.add(step.choice.why)
        if step.choice.why == "raises":
            assert score(yes.case, KOSOVO, WEIGHTS).finding == step.choice.to and rank.index(
                step.choice.to
            ) > rank.index(before)
        elif step.choice.why == "leads":
            assert rank.index(yes.state.finding) < rank.index(step.choice.to)
            seconds = (yes.answer(i, YES).state.finding for i in yes.open_items)
            assert any(rank.index(s) >= rank.index(step.choice.to) for s in seconds)
        now = now.answer(step.key, YES if k % 9 == 2 and step.choice.to != "act_now" else NO)
    assert "raises" in kinds


def test_after_danger_questions_go_on_about_what_lies_below_it():
    now = child(danger="yes")
    assert now.stop() == "danger" and now.next().kind == "judgement"
    step = now.next(going_on=True)
    assert (
        step.kind == "question"
        and step.choice is not None
        and step.choice.to in ("look_further", "refer", None)
    )


def test_it_stops_where_no_answer_can_or_is_likely_to_change_the_finding():
    now = child()
    while now.stop() is None:
        now = now.answer(now.next().key, NO if now.next().key != "out_of_school" else YES)
    assert now.stop() == "unlikely" and now.state.change(now.askable) < ENOUGH
    assert now.next(going_on=True).kind == "question", "the officer may go on all the same"


def test_after_danger_the_reason_to_stop_is_danger_until_what_lies_behind_it_is_settled_too():
    now = child(danger="yes")
    for _ in range(200):
        result = score(now.case, KOSOVO, WEIGHTS)
        assert result.settled and (now.stop() == "danger") == (
            result.danger.finding_without != result.danger.finding_high_without
        )
        step = now.next(going_on=True)
        if step.kind != "question" or now.stop() != "danger":
            break
        now = now.answer(step.key, YES).helped()
    assert now.stop() in ("settled", "nothing_left")


@pytest.mark.parametrize("given", [Answer.UNKNOWN, Answer.REFUSED, None])
def test_S5_what_nobody_knows_was_refused_or_left_open_is_never_called_settled(given):
    now = child()
    for i in now.open_items:
        now = now.leave_open(i) if given is None else now.answer(i, Response(given))
    result = score(now.case, KOSOVO, WEIGHTS)
    assert not result.settled and now.stop() == "left_open"
    assert "still could" in now.stopped("left_open", "en")


SUMS = itertools.count()


@given(checklists(most=15).flatmap(lambda c: st.tuples(st.just(c), weight_sets(c), cases(c))))
@examples(120)
def test_S5_the_interview_calls_settled_on_random_lists_and_answers_only_what_the_engine_calls_settled(
    drawn,
):
    checklist, weights, case = drawn
    checklist = replace(
        checklist, sha256=str(next(SUMS))
    )  # random lists all bear the same sum, and what is learnt of a list is kept by it
    now = Interview.begin(checklist, weights, replace(PROTOCOL, skips=()), "r").person(
        case.age, case.age_certain
    )
    for n, (i, response) in enumerate(case.answers.items()):
        now = now.leave_open(i) if n % 5 == 4 else now.answer(i, response)
    result, stop = score(now.case, checklist, weights), now.stop()
    assert (stop in ("settled", "danger", "nothing_left")) == result.settled


def test_S13_too_little_known_is_never_called_settled_while_questions_are_left():
    now = child()
    assert (
        now.state.finding == "too_little_known"
        and now.stop() is None
        and now.state.change(now.askable) == 1.0
    )
    withheld = child(private="no")
    for key in put(withheld):
        withheld = withheld.answer(key, Response(Answer.UNKNOWN))
    assert withheld.state.finding == "too_little_known" and withheld.stop() == "withheld"


# -- it agrees with the engine ---------------------------------------------------------------------


def states(case: Case, checklist: Any) -> dict[str, Truth]:
    return {i: truth(case.answer(i)) for i in checklist.indicators}


@given(st.data())
@examples(30)
def test_what_it_thinks_the_finding_is_equals_the_engine_on_every_bundled_list(data):
    checklist = load_checklist(data.draw(st.sampled_from(catalogue_ids())))
    weights = load_weights(checklist)
    case = data.draw(cases(checklist))
    result = score(case, checklist, weights)
    state = Chooser(
        checklist, weights, result.profile, ByStrength(checklist, result.profile)
    ).state(states(case, checklist))
    open_items = [
        i.id for i in checklist.by_profile[result.profile] if case.answer(i.id) in OPEN_ANSWERS
    ]
    assert state.finding == result.finding
    assert state.settled(open_items) == (result.settled or result.finding == "act_now")


@given(checklists().flatmap(lambda c: st.tuples(st.just(c), weight_sets(c), cases(c))))
@examples(40)
def test_it_equals_the_engine_on_random_lists_too(drawn):
    checklist, weights, case = drawn
    result = score(case, checklist, weights)
    state = Chooser(
        checklist, weights, result.profile, ByStrength(checklist, result.profile)
    ).state(states(case, checklist))
    assert state.finding == result.finding
    open_items = [
        i.id for i in checklist.by_profile[result.profile] if case.answer(i.id) in OPEN_ANSWERS
    ]
    assert state.settled(open_items) == result.settled
    for indicator in state._reach.ids[:3]:
        assert state.why(indicator).indicator == indicator


def test_the_levels_asked_about_can_be_cut_from_above():
    reach = Reach(KOSOVO, WEIGHTS, "child")
    row = reach.row(["violence_now"])[None]
    assert (reach.ranks(row)[0], reach.ranks(row, 2)[0]) == (3, 1)


def test_beliefs_are_shares_and_follow_the_answers():
    beliefs = likely(KOSOVO, "child")
    assert isinstance(beliefs, ByWorld) and likely(KOSOVO, "child") is beliefs
    assert beliefs.rates.min() > 0 and beliefs.rates.max() < 1
    reach = Reach(KOSOVO, WEIGHTS, "child")
    at = reach.index["money_to_controller"]
    chance = {
        a: float(
            beliefs.weights({reach.index["daily_quota"]: a} if a is not None else {})
            @ beliefs.rates[:, at]
        )
        for a in (None, Truth.TRUE, Truth.FALSE)
    }
    assert chance[Truth.TRUE] > 2 * chance[None] > chance[None] > chance[Truth.FALSE]
    assert abs(float(beliefs.weights({}).sum()) - 1) < 1e-5
    assert isinstance(likely(load_checklist("ilo-delphi"), "adult"), ByStrength)


# -- what counts -----------------------------------------------------------------------------------


@given(
    st.sampled_from([Answer.UNKNOWN, Answer.REFUSED, Answer.NOT_ASKED]),
    st.sampled_from([i.id for i in KOSOVO.by_profile["child"]]),
)
@examples(40)
def test_S5_what_is_left_open_is_never_a_no(answer, indicator):
    now = child().answer(indicator, Response(answer))
    assert now.case.answer(indicator) in OPEN_ANSWERS
    assert not now.state.closed[now.state._reach.index[indicator]]
    left = child().leave_open(indicator)
    assert left.case.answer(indicator) is Answer.NOT_ASKED and indicator not in left.open_items
    assert (
        left.answer(indicator, YES).case.answer(indicator) is Answer.YES
        and indicator not in left.answer(indicator, YES).record.passed
    )


def test_an_answer_hidden_later_stops_counting_stays_in_the_record_and_comes_back():
    now = child().person("9", True, {"begs": "yes"}).answer("daily_quota", YES)
    counted = score(now.case, KOSOVO, WEIGHTS)
    hidden = now.person("9", True, {"begs": "no"})
    assert hidden.record.answers["daily_quota"] == YES and hidden.not_counted == ("daily_quota",)
    assert hidden.case.answer("daily_quota") is Answer.NOT_ASKED
    result = score(hidden.case, KOSOVO, WEIGHTS)
    assert result.points < counted.points and result.finding_high == counted.finding_high, (
        "hidden is open: the range does not narrow"
    )
    assert "daily_quota" not in hidden.open_items and "money_to_controller" not in hidden.open_items
    assert hidden.person("9", True, {"begs": "unknown"}).case == now.case


def test_an_answer_hides_by_what_it_is_and_what_is_not_known_hides_nothing():
    now = child().answer("out_of_school", YES)
    assert (
        now.hidden == {"counter_school_verified"} and not child().answer("out_of_school", NO).hidden
    )
    unknown = child().person("9", True, dict.fromkeys(PROTOCOL.facts, "unknown"))
    assert unknown.hidden == frozenset()


def test_no_skip_hides_a_sign_of_danger_but_for_want_of_anybody_it_could_be_about():
    named = {i for rule in ("adult", "child") for i in _danger_signs(rule)}
    hidden = {i for skip in PROTOCOL.skips for i in skip.hide}
    assert named & hidden == {"infant_unnaturally_still"}


def _danger_signs(profile: Any) -> set[str]:
    from screening.checklist.rules import named

    return set(named(KOSOVO.rules[profile].levels["act_now"], KOSOVO.by_profile[profile]))


# -- what is kept ----------------------------------------------------------------------------------


def test_everything_that_was_ever_set_stays_in_the_changes():
    now = (
        child()
        .answer("daily_quota", Response(Answer.YES, "said", "twenty"))
        .answer("daily_quota", NO)
        .leave_open("daily_quota", "unsure")
    )
    now = now.judge(Judgement("refer", "a")).judge(Judgement("look_further", "b"))
    told = [
        (c.what, c.before, c.after)
        for c in now.record.changes
        if c.what in ("answer:daily_quota", "judgement")
    ]
    assert told == [
        ("answer:daily_quota", "", "yes (said): twenty"),
        ("answer:daily_quota", "yes (said): twenty", "no"),
        ("answer:daily_quota", "no", "not_asked: unsure"),
        ("judgement", "", "refer: a"),
        ("judgement", "refer: a", "look_further: b"),
    ]
    assert now.record.revision == len(now.record.changes)
    assert now.record.changed_since(now.record.revision - 1) == now.record.changes[-1:]


def test_to_set_the_same_again_changes_nothing():
    now = child().answer("daily_quota", YES)
    assert (
        now.answer("daily_quota", YES).record is now.record
        and now.precondition("private", "yes").record == now.record
    )


def test_an_interview_is_never_changed_in_place():
    before = child()
    kept = before.record
    before.answer("daily_quota", YES)
    assert before.record is kept and "daily_quota" not in kept.answers
    with pytest.raises(TypeError):
        kept.answers["daily_quota"] = YES  # that it cannot be is the test


def test_S9_the_finding_and_the_decision_wait_for_the_own_judgement():
    now = child().answer("violence_now", YES)
    for early in (now.finding, lambda: now.decide(Judgement("refer"))):
        with pytest.raises(UsageError) as refused:
            early()
        assert refused.value.code == "U310"
    later, assessment = now.judge(Judgement("nothing_indicated", "calm")).finding()
    assert (
        assessment.finding == "act_now"
        and later.record.shown
        and later.record.changes[-1].what == "shown"
    )
    again, _ = later.finding("sq")
    assert again.record.revision == later.record.revision, (
        "to look again at the same finding is no change"
    )
    decided = later.decide(Judgement("look_further", "otherwise"))
    assert (decided.record.judgement.finding, decided.record.decision.finding) == (
        "nothing_indicated",
        "look_further",
    )


def test_S9_the_own_judgement_stays_as_it_was_before_the_finding_was_shown():
    now = (
        child()
        .answer("violence_now", YES)
        .judge(Judgement("look_further"))
        .judge(Judgement("look_further", "calm"))
    )
    shown, _ = now.finding()
    with pytest.raises(UsageError) as refused:
        shown.judge(Judgement("act_now", "as the finding says"))
    assert (
        refused.value.code == "U318"
        and shown.judge(Judgement("look_further", "calm")).record == shown.record
    )
    assert shown.decide(Judgement("act_now")).record.judgement == Judgement("look_further", "calm")


@pytest.mark.parametrize(
    ("set_", "code"),
    [
        (lambda n: n.answer("daly_quota", YES), "C221"),
        (lambda n: n.answer("daily_quota", Response(Answer.YES, note="x" * 4001)), "C242"),
        (lambda n: n.judge(Judgement("victim")), "C240"),
        (lambda n: n.judge(Judgement("refer", "x" * 4001)), "C242"),
        (lambda n: n.for_letter({"to": "x" * 4001}), "C242"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(set_, code):
    with pytest.raises(CaseError) as refused:
        set_(child())
    assert refused.value.code == code


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(KOSOVO.indicators)),
            st.sampled_from(list(Answer)),
            st.sampled_from(["", "said", "observed"]),
            st.text(max_size=30),
        ),
        max_size=25,
    )
)
@examples(25)
def test_a_record_is_the_same_after_json(answers):
    now = child()
    for indicator, answer, basis, note in answers:
        now = now.answer(indicator, Response(answer, basis, note))
    now = (
        now.leave_open("daily_quota")
        .judge(Judgement("refer"))
        .for_letter({"to": "ë ш"})
        .log("letter", "pdf")
    )
    assert Record.from_dict(json.loads(json.dumps(now.record.to_dict()))) == now.record


GOOD = child().answer("daily_quota", YES).judge(Judgement("refer")).record.to_dict()


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "x",
        {},
        {**GOOD, "format": 3},
        {k: v for k, v in GOOD.items() if k != "changes"},
        {**GOOD, "age": "nine"},
        {**GOOD, "age": 200},
        {**GOOD, "age": True},
        {**GOOD, "answers": {"daily_quota": {"answer": "maybe"}}},
        {**GOOD, "answers": {"daily_quota": "yes"}},
        {**GOOD, "answers": []},
        {**GOOD, "case_id": " "},
        {**GOOD, "judgement": {"finding": "victim", "why": ""}},
        {**GOOD, "judgement": {"found": "x"}},
        {**GOOD, "changes": [["a"]]},
        {**GOOD, "changes": 5},
        {**GOOD, "preconditions": None},
        {**GOOD, "preconditions": {**GOOD["preconditions"], "danger": "no"}},
        {k: v for k, v in GOOD.items() if k != "weights_sha256"},
        {**GOOD, "source": "hearsay"},
        {**GOOD, "answers": {"daily_quota": {"answer": "yes", "basis": "gossip"}}},
    ],
)
def test_data_that_is_no_record_is_one_plain_line(broken):
    with pytest.raises(CaseError) as refused:
        Record.from_dict(broken)
    assert refused.value.code in ("C241", "C212", "C210", "C240", "C223") and "\n" not in str(
        refused.value
    )


def test_a_case_of_another_version_is_opened_and_what_the_list_lacks_does_not_count():
    data = {
        **GOOD,
        "sha256": "0" * 64,
        "answers": {**GOOD["answers"], "gone_indicator": {"answer": "yes"}},
    }
    now = Interview(KOSOVO, WEIGHTS, PROTOCOL, Record.from_dict(data))
    assert not now.same_list and now.not_counted == ("gone_indicator",)
    assert now.finding()[1].finding and "gone_indicator" in now.record.answers
    assert KOSOVO.version in now.finding()[0].record.changes[-1].after, (
        "S20: a second result says with what it was made"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"sha256": "0" * 64, "version": "2025.1.1"},
        {"sha256": "0" * 64},
        {"weights": "2025-01-01-older", "weights_sha256": "0" * 64},
        {"weights_sha256": "0" * 64},
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_S20_a_case_begun_with_another_list_or_other_weights_names_both(other, language):
    now = Interview(KOSOVO, WEIGHTS, PROTOCOL, Record.from_dict({**GOOD, **other}))
    said, r = now.moved(language), now.record
    assert not now.same_list and all(
        x in said
        for x in (
            *(r.version, r.sha256[:6], r.weights, r.weights_sha256[:6]),
            *(KOSOVO.version, KOSOVO.sha256[:6], WEIGHTS.id, WEIGHTS.sha256[:6]),
        )
    )
    assert "000000" in said
    assert Interview(KOSOVO, WEIGHTS, PROTOCOL, Record.from_dict(GOOD)).moved(language) == ""


# -- the protocol as data --------------------------------------------------------------------------


@pytest.mark.parametrize("name", catalogue_ids())
def test_every_bundled_list_has_a_protocol_that_names_only_what_it_has(name):
    checklist = load_checklist(name)
    protocol = load_protocol(checklist)
    for skip in protocol.skips:
        assert skip.hide <= set(checklist.indicators)
    assert protocol.danger in checklist.indicators
    assert set(protocol.sources) == set(PRECONDITIONS) and all(protocol.sources.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_precondition_fact_and_choice_has_its_words(language):
    told = [
        PROTOCOL.words("preconditions", g, field, language)
        for g, choices in PRECONDITIONS.items()
        for field in ("title", "question", *choices)
    ]
    told += [
        PROTOCOL.words("facts", f, field, language)
        for f, choices in PROTOCOL.facts.items()
        for field in ("title", "question", *choices)
        if field != "unknown"
    ]
    assert all(told)
    english = [PROTOCOL.words("preconditions", g, "question", "en") for g in PRECONDITIONS]
    assert language == "en" or not set(english) & set(told)
    assert PROTOCOL.words("preconditions", "danger", "no_such_field", language) == ""


TEXT = (KOSOVO.folder / "interview.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  - id: private\n    sources:", "  - id: privat\n    sources:", "K106"),
        ("  - id: may_stop\n", "  - id: private\n", "K113"),
        ("company: company ", "company: begs ", "K120"),
        ("fact: begs", "fact: bags", "K120"),
        ("equals: [alone]", "equals: [lone]", "K120"),
        ("indicator: out_of_school\n", "indicator: out_of_scool\n", "K120"),
        ("hide: [infant_unnaturally_still]", "hide: [infant_still]", "K120"),
        ("danger: danger_now", "danger: dangr", "K120"),
        ("fact: infant\n", "fact: infant\n    indicator: out_of_school\n", "K106"),
        ("ref: tip-2022, at: a social", "ref: tip-1822, at: a social", "K120"),
        ("format: 1", "format: 2", "K107"),
        ("danger: danger_now", "dangers: danger_now", "K105"),
        ('{id: works, choices: ["yes", "no"]}', '{id: begs, choices: ["yes", "no"]}', "K113"),
        ("    equals: [alone]\n", "    equals: []\n", "K107"),
        ("  - fact: infant\n    equals", "  - equals", "K106"),
        ("company: company ", "company: nobody ", "K120"),
        ("  - id: may_stop\n    sources:", "  - id: may_go\n    sources:", "K106"),
        ("ref: law-04-l-218}", "ref: law-04-l-219}", "K120"),
        ("always: [non_punishment]", "always: [non_punishmnt]", "K120"),
        ("profiles: [child]}", "profiles: [teen]}", "K107"),
        ("danger: danger_now", "danger: out_of_school", "K128"),
        ("hide: [infant_unnaturally_still]", "hide: [danger_now]", "K128"),
        ("format: 1\n", "format: 1\nextra: x\n", "K105"),
    ],
)
def test_a_broken_protocol_is_one_error_with_its_place(tmp_path, old, new, code):
    folder = tmp_path / "kosovo"
    shutil.copytree(KOSOVO.folder, folder)
    assert old in TEXT
    (folder / "interview.yaml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        load_protocol(load_checklist(folder))
    assert refused.value.code == code and "interview.yaml" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    title: Safe to talk\n", "", "K106"),
        ("    title: Safe to talk\n", "    titel: Danger\n", "K106"),
        ("    not_yet: Not yet\n", "    not_yet: Not yet\n    later: Later\n", "K120"),
        ("    question: Who interprets?\n", "", "K106"),
        ("  begs:\n", "  begz:\n", "K106"),
        ("    alone: Nobody\n", "", "K106"),
    ],
)
def test_broken_words_of_a_protocol_are_one_error_with_their_place(tmp_path, old, new, code):
    folder = tmp_path / "kosovo"
    shutil.copytree(KOSOVO.folder, folder)
    path = folder / "texts/en.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        load_protocol(load_checklist(folder))
    assert refused.value.code == code and "kosovo/texts/en.yaml, " in str(refused.value)


def test_a_list_without_one_takes_the_default_s(tmp_path):
    folder = tmp_path / "kosovo"
    shutil.copytree(KOSOVO.folder, folder)
    (folder / "interview.yaml").unlink()
    assert load_protocol(load_checklist(folder)).skips == PROTOCOL.skips


# -- whatever is recorded in whatever order --------------------------------------------------------

OPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["answer", "answer", "answer", "leave", "precondition", "person", "judge", "log"]
        ),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    ),
    max_size=20,
)


def done(now: Interview, op: tuple[str, int, int]) -> Interview:
    """One thing that an officer can do, chosen by two numbers."""
    kind, a, b = op
    signs, preconditions, facts = (
        sorted(KOSOVO.indicators),
        list(PRECONDITIONS),
        list(PROTOCOL.facts),
    )
    match kind:
        case "answer":
            return now.answer(
                signs[a % len(signs)],
                Response(list(Answer)[b % 6], ("", "said")[a % 2], ("", "a note")[b % 2]),
            )
        case "leave":
            return now.leave_open(signs[a % len(signs)], ("", "later")[b % 2])
        case "precondition":
            precondition = preconditions[a % len(preconditions)]
            return now.precondition(
                precondition,
                list(PRECONDITIONS[precondition])[b % len(PRECONDITIONS[precondition])],
            )
        case "person":
            fact = facts[a % len(facts)]
            return now.person(
                (None, "9", "17", "18", "34")[b % 5],
                bool(a % 3),
                {fact: PROTOCOL.facts[fact][b % len(PROTOCOL.facts[fact])]},
            )
        case "judge":
            return now.judge(
                Judgement(("refer", "act_now", "nothing_indicated")[a % 3], ("", "why")[b % 2])
            )
        case _:
            return now.log("letter", "pdf")


@given(OPS)
@examples(25)
def test_whatever_is_done_the_changes_only_grow_and_the_record_is_the_same_after_json(ops):
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A-1")
    for op in ops:
        later = done(now, op)
        assert later.record.changes[: now.record.revision] == now.record.changes, (
            "nothing is removed from the changes"
        )
        assert (
            later.record.changed_since(now.record.revision)
            == later.record.changes[now.record.revision :]
        )
        assert (later.record.revision > now.record.revision) == (later.record != now.record), (
            "whatever changes is noted, and nothing else"
        )
        now = later
    assert Record.from_dict(json.loads(json.dumps(now.record.to_dict()))) == now.record


@given(
    OPS,
    st.sampled_from(
        [
            {},
            {"private": "no"},
            {"interpreter": "companion", "agreement": "no"},
            {"may_stop": "not_yet"},
            {"agreement": "cannot_say"},
        ]
    ),
    st.booleans(),
)
@examples(60)
def test_S8_S16_whatever_was_done_before_nothing_is_put_aloud_that_a_precondition_withholds_nor_anything_twice(
    ops, withholding, going_on
):
    now = begun().person("9", True, {"company": "others"})
    for op in ops:
        now = done(now, op)
    for precondition, choice in {**USUAL, **withholding}.items():
        now = now.precondition(precondition, choice)
    now = now.person(now.record.age, now.record.age_certain)
    for _ in range(12):
        step = now.next(going_on)
        if step.kind != "question":
            assert step.kind != "precondition"
            break
        assert (
            step.key not in now.record.passed
            and now.case.answer(step.key) is Answer.NOT_ASKED
            and step.key not in now.hidden
        )
        assert not withholding or now.mode(step.key) != "ask"
        assert KOSOVO.indicators[step.key].applies(now.profile)
        now = now.leave_open(step.key)


@given(OPS, st.data())
@examples(60)
def test_S6_one_more_yes_never_lowers_what_the_interview_finds_although_an_answer_can_hide_another(
    ops, data
):
    now = child()
    for op in ops:
        now = done(now, op)
    indicator = data.draw(
        st.sampled_from(
            [
                "out_of_school",
                *(i.id for i in KOSOVO.by_profile[now.profile] if i.id not in now.hidden),
            ]
        )
    )
    if now.case.answer(indicator) is not Answer.YES:
        assert RANK[now.answer(indicator, YES).state.finding] >= RANK[now.state.finding]


@given(
    cases(KOSOVO),
    st.lists(st.tuples(st.sampled_from(sorted(PROTOCOL.facts)), st.integers(0, 5)), max_size=5),
)
@examples(60)
def test_S5_S6_what_is_hidden_is_open_so_the_range_holds_all_that_it_held_before(case, facts):
    plain = begun().person(case.age, case.age_certain)
    plain = replace(
        plain,
        record=replace(
            plain.record, answers={i: r for i, r in case.answers.items() if i in KOSOVO.indicators}
        ),
    )
    hiding = plain.person(
        case.age,
        case.age_certain,
        {f: PROTOCOL.facts[f][n % len(PROTOCOL.facts[f])] for f, n in facts},
    )
    before, after = score(plain.case, KOSOVO, WEIGHTS), score(hiding.case, KOSOVO, WEIGHTS)
    assert (
        RANK[after.finding]
        <= RANK[before.finding]
        <= RANK[before.finding_high]
        <= RANK[after.finding_high]
    )
    assert hiding.record.answers == plain.record.answers, "what was answered stays in the record"
    assert set(hiding.not_counted) == hiding.hidden & set(plain.record.answers)
    assert all(hiding.case.answer(i) in OPEN_ANSWERS for i in hiding.hidden)


@given(cases(KOSOVO), st.lists(st.integers(0, 10**6), min_size=4, max_size=4))
@examples(60)
def test_S10_a_question_is_said_to_raise_the_finding_if_and_only_if_one_yes_raises_the_engine_s(
    case, picks
):
    now = begun().person(case.age, case.age_certain)
    now = replace(now, record=replace(now.record, answers=dict(case.answers)))

    def below_danger(interview: Interview) -> str:
        """The finding; once there is danger, the one beside it, which is what further questions are
        about.
        """
        result = score(interview.case, KOSOVO, WEIGHTS)
        return result.danger.finding_without if now.state.finding == "act_now" else result.finding

    at = below_danger(now)
    for pick in picks:
        if not now.open_items:
            break
        indicator = now.open_items[pick % len(now.open_items)]
        why, after = now.why(indicator), below_danger(now.answer(indicator, YES))
        risen = RANK[after] > max(RANK[at], RANK["nothing_indicated"])
        assert (why.why == "raises") == risen and (not risen or why.to == after)
        assert why.why != "points" or WEIGHTS.points[now.profile][indicator] > 0


# -- the rest of the rules, by name ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "certain", "profile"),
    [
        (None, True, "child"),
        ("", True, "child"),
        ("unknown", True, "child"),
        ("?", True, "child"),
        ("17", True, "child"),
        ("17.9", True, "child"),
        ("18", True, "adult"),
        ("18", False, "child"),
        ("40", False, "child"),
        (0, True, "child"),
        (120, True, "adult"),
    ],
)
def test_S4_an_age_that_is_missing_or_not_certain_is_a_child_s(age, certain, profile):
    assert begun().person(age, certain).profile == profile
    assert begun().profile == "child", "and before anything is known"


def test_S4_to_say_adult_again_does_not_get_a_child_past_the_precondition():
    now = begun(representative="adult").person("9")
    assert now.precondition("representative", "adult").next().key == "representative"


def test_S7_danger_is_found_with_nothing_else_known():
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A-1").precondition("danger", "yes")
    assert (
        now.state.finding == "act_now" == score(now.case, KOSOVO, WEIGHTS).finding
        and now.profile == "child"
    )


def test_S5_danger_that_nobody_can_tell_stays_open():
    now = begun(danger="unknown")
    assert (
        now.case.answer("danger_now") is Answer.UNKNOWN
        and score(now.case, KOSOVO, WEIGHTS).finding_high == "act_now"
    )


def test_the_danger_precondition_of_a_list_without_a_danger_question_is_kept_and_counts_for_nothing():
    protocol = replace(PROTOCOL, danger="danger_elsewhere")
    now = Interview.begin(KOSOVO, WEIGHTS, protocol, "A-1").precondition("danger", "yes")
    assert now.preconditions == {"danger": "yes"} and now.not_counted == ("danger_elsewhere",)
    assert not now.case.answers and now.next().kind == "help"
    assert now.helped().next().kind == "person"


@pytest.mark.parametrize(
    ("answer", "precondition"),
    [
        (Answer.YES, "yes"),
        (Answer.NO, "no"),
        (Answer.NOT_APPLICABLE, "no"),
        (Answer.UNKNOWN, "unknown"),
        (Answer.REFUSED, "unknown"),
        (Answer.NOT_ASKED, None),
    ],
)
def test_S27_danger_is_one_fact_wherever_it_is_answered(answer, precondition):
    for before in ("yes", "no", "unknown"):
        now = child(danger=before).answer("danger_now", Response(answer, "said", "as she told"))
        assert now.preconditions.get("danger") == precondition
        assert (now.next().key == "danger") is (precondition is None), (
            "not answered: it is asked first"
        )
        assert (now.state.finding == "act_now") is (precondition == "yes")
        again = now.precondition("danger", "no")
        assert again.record.answers["danger_now"] == Response(Answer.NO, "said", "as she told")
        assert "danger" not in again.record.preconditions and again.preconditions["danger"] == "no"


def test_S27_nobody_is_a_child_on_one_line_and_an_adult_on_another():
    now = begun(representative="adult").person("9").for_letter({"consent": "child"})
    assert "representative" not in now.preconditions and now.consent == "child"
    assert now.withheld == ("representative",), "nobody speaks for the child"
    grown = now.person("30")
    assert grown.preconditions["representative"] == "adult" and grown.consent == ""
    assert grown.withheld == ()


@pytest.mark.parametrize("precondition", [g for g in PRECONDITIONS if g != "danger"])
@pytest.mark.parametrize("choice", ["", "banana", "Yes"])
def test_S8_a_precondition_whose_kept_choice_is_none_comes_again(precondition, choice):
    kept = Record.from_dict(
        {**GOOD, "preconditions": {**GOOD["preconditions"], precondition: choice}}
    )
    assert Interview(KOSOVO, WEIGHTS, PROTOCOL, kept).next().key == precondition


def test_S5_what_is_left_open_says_nothing_about_the_rest():
    now = child().answer("out_of_school", YES)
    for later in (
        now.leave_open("daily_quota"),
        now.answer("daily_quota", Response(Answer.UNKNOWN)),
        now.answer("daily_quota", Response(Answer.REFUSED)),
    ):
        assert (
            later.state.chances == now.state.chances
        ).all() and later.state.finding == now.state.finding
    assert not (now.answer("daily_quota", NO).state.chances == now.state.chances).all()


def test_an_answer_taken_back_is_open_again_and_is_put_again():
    now = child().answer("daily_quota", NO)
    assert "daily_quota" not in now.open_items
    again = now.answer("daily_quota", Response(Answer.NOT_ASKED))
    assert (
        "daily_quota" in again.open_items
        and "daily_quota" not in again.record.answers
        and again.record.revision == now.record.revision + 1
    )


def test_the_first_to_be_looked_at_need_only_be_worth_their_share():
    state = child().state
    ask = [i for i in child().askable if child().mode(i) == "ask"]
    look = [i for i in child().askable if child().mode(i) != "ask"]
    assert state.choose(child().askable, look, 0.0).indicator == state.choose(look).indicator, (
        "worth nothing: always first"
    )
    assert (
        state.choose(child().askable, ask, 1e9).indicator == state.choose(child().askable).indicator
    ), "worth more than the best: never"
    assert (
        state.choose([]) is None and state.choose(["no_such"]) is None and state.change([]) == 0.0
    )


@pytest.mark.parametrize("name", catalogue_ids())
@pytest.mark.parametrize("language", LANGUAGES)
def test_S16_for_a_child_what_is_seen_or_read_has_no_question_mark_in_any_language(name, language):
    checklist = load_checklist(name)
    texts = checklist.texts(language)
    for i in checklist.by_profile["child"]:
        if i.mode_for("child") != "ask":
            assert texts.prompt(i.id, i.mode_for("child")) and "?" not in texts.prompt(
                i.id, i.mode_for("child")
            ), i.id


@given(checklists(most=15).flatmap(lambda c: st.tuples(st.just(c), weight_sets(c), cases(c))))
@examples(60)
def test_settled_means_on_random_lists_what_the_engine_s_range_means(drawn):
    checklist, weights, case = drawn
    result = score(case, checklist, weights)
    state = Chooser(
        checklist, weights, result.profile, ByStrength(checklist, result.profile)
    ).state(states(case, checklist))
    still = [
        i.id for i in checklist.by_profile[result.profile] if case.answer(i.id) in OPEN_ANSWERS
    ]
    assert state.settled(still) == result.settled
    if state.settled(still) and result.finding != "too_little_known":
        assert state.change(still) == 0.0
    choice = state.choose(still)
    assert (choice is None) == (not still) and (choice is None or choice.indicator in still)


# -- the protocol of other lists -------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in catalogue_ids() if n != "kosovo"])
def test_a_list_without_a_protocol_takes_its_catalogue_s_as_far_as_it_has_the_indicators(name):
    checklist = load_checklist(name)
    assert not (checklist.folder / "interview.yaml").exists()
    protocol = load_protocol(checklist)
    theirs = [
        (s.fact, s.indicator, s.equals, s.hide & set(checklist.indicators))
        for s in PROTOCOL.skips
        if s.indicator is None or s.indicator in checklist.indicators
    ]
    assert [(s.fact, s.indicator, s.equals, s.hide) for s in protocol.skips] == [
        t for t in theirs if t[3]
    ]
    assert protocol.facts == PROTOCOL.facts and (protocol.danger == PROTOCOL.danger) == (
        PROTOCOL.danger in checklist.indicators
    )


def test_a_list_from_anywhere_takes_the_default_s(tmp_path):
    tiny = load_checklist(write_list(tmp_path))
    protocol = load_protocol(tiny)
    assert (
        protocol.danger == "danger_now"
        and protocol.skips == ()
        and protocol.facts == PROTOCOL.facts
    )
    assert all(
        protocol.words("preconditions", precondition, "question", "sr-Cyrl")
        for precondition in PRECONDITIONS
    )


def test_words_are_in_every_language_and_script_and_nobody_is_called_clear():
    for language, pattern in NEGATIVE.items():
        words = PROTOCOL.texts(language).groups
        said = [
            text
            for part in (words["preconditions"], words["facts"])
            for entry in part.values()
            for text in entry.values()
        ]
        assert len(said) > 50 and not [
            text for text in said if re.search(pattern, text, flags=re.I)
        ]
    assert re.search(
        "[а-яј]", PROTOCOL.words("preconditions", "danger", "question", "sr-Cyrl")
    ) and not re.search("[a-z]", PROTOCOL.words("facts", "begs", "question", "sr-Cyrl"))


# -- data that is no record ------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 10**30)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["yes", "refer", "9"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(GOOD)), ANYTHING, st.booleans())
@examples(120)
def test_a_record_with_anything_in_it_is_read_or_refused_in_one_plain_line(key, value, deep):
    broken = json.loads(json.dumps(GOOD))
    if deep and isinstance(broken[key], dict) and broken[key]:
        broken[key][sorted(broken[key])[0]] = value
    else:
        broken[key] = value
    try:
        record = Record.from_dict(broken)
    except CaseError as error:
        assert error.code in CATALOGUE and "\n" not in str(error)
    else:
        assert record.revision >= 0 and Interview(KOSOVO, WEIGHTS, PROTOCOL, record).next().kind


def test_s22_an_officer_is_led_to_no_question_to_a_child_that_is_for_others():
    from dataclasses import replace

    from screening.checklist import load_checklist, load_weights
    from screening.interview import Interview, load_protocol

    kosovo = load_checklist()
    begun = Interview.begin(kosovo, load_weights(kosovo), load_protocol(kosovo), "c1")
    for key, choice in (
        ("danger", "no"),
        ("private", "yes"),
        ("interpreter", "not_needed"),
        ("may_stop", "yes"),
        ("agreement", "yes"),
        ("representative", "social_worker"),
    ):
        begun = begun.precondition(key, choice)
    child = begun.person(9, True, {})
    spoken = [i for i in child.askable if child.mode(i) == "ask"]
    assert 1 <= len(spoken) <= 8
    assert "violence_now" in child.open_items and not child.aloud("violence_now")
    worker = replace(child, asker="social_worker")
    assert len([i for i in worker.askable if worker.mode(i) == "ask"]) > 8
    assert replace(child, asker="specialist").aloud("violence_now")
    adult = begun.person(30, True, {})
    assert adult.aloud("violence_now"), "an adult may be asked"


# -- help first ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", sorted(begun().danger_signs))
def test_S21_a_sign_of_danger_answered_yes_opens_help_before_anything_else_and_once(sign):
    now = child().answer(sign, YES)
    assert now.help_due == (sign,) and now.next().kind == now.next(going_on=True).kind == "help"
    helped = now.helped()
    assert not helped.help_due and helped.next().kind != "help"
    assert helped.record.changes[-1].what == "help" and helped.record.changes[-1].after == sign
    again = helped.answer(sign, replace(YES, note="her words"))
    assert not again.help_due, "a note to it is no new danger"
    assert not now.answer(sign, NO).help_due, "taken back before anybody saw it"
    assert helped.answer(sign, NO).answer(sign, YES).help_due == (sign,), "there again"


@pytest.mark.parametrize("answer", [Answer.UNKNOWN, Answer.REFUSED])
def test_S21_where_nobody_can_tell_about_danger_help_comes_first_and_it_is_acted_on_as_a_yes(
    answer,
):
    now = begun().answer("danger_now", Response(answer))
    assert now.next().kind == "help" and now.in_doubt
    assert now.helped().in_doubt, "until somebody knows"
    assert not now.helped().precondition("danger", "no").in_doubt
    assert now.case.answer("danger_now") in (Answer.UNKNOWN, Answer.REFUSED), "S5: open, no yes"


def test_S21_a_sign_that_is_no_danger_and_a_danger_answered_no_open_no_help():
    assert not child().answer("out_of_school", YES).help_due
    assert not child().answer("threats_now", NO).help_due
    assert not child().answer("threats_now", Response(Answer.UNKNOWN)).help_due


def test_S21_help_is_due_too_where_the_sign_does_not_count_and_after_json():
    now = begun().person("9", True, {"infant": "no"}).answer("infant_unnaturally_still", YES)
    assert now.not_counted == ("infant_unnaturally_still",) and now.next().kind == "help"
    again = Record.from_dict(json.loads(json.dumps(now.record.to_dict())))
    assert replace(now, record=again).next().kind == "help"


@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize("profile", ["child", "adult"])
def test_S21_what_comes_first_in_danger_is_at_most_sixty_words(language, profile):
    texts = KOSOVO.texts(language)
    said = [texts.get("steps", s.id, "short") for s in KOSOVO.steps_now(profile)]
    assert len([s for s in said if s]) >= 4 and len(" ".join(said).split()) <= 60
    assert "112" in said[0] and "194" in said[1]


# -- few questions ---------------------------------------------------------------------------------

STREET = {"setting": "street_night", "company": "says_family", "begs": "yes"}


def met(age: str, facts: dict[str, str], **choices: str) -> Interview:
    return begun(**choices).person(age, True, facts).helped()


def test_S22_none_is_put_aloud_to_a_child_for_whom_nobody_speaks():
    now = met("9", STREET, representative="nobody_yet")
    assert "representative" in now.withheld and now.next().kind == "look"
    looked = now.look(())
    assert all(now.mode(i) != "ask" for i in (*now.askable, *put(looked)))
    by_day = met("9", {**STREET, "setting": "street"}, representative="nobody_yet").look(())
    assert put(by_day) and all(by_day.mode(i) == "document" for i in put(by_day))
    assert not met("30", STREET, representative="nobody_yet").withheld, "an adult speaks alone"


def test_S22_at_most_eight_questions_are_put_aloud_to_a_child_by_an_officer_and_none_after_refer():
    now = met("9", {"company": "family"})
    while (step := now.next(going_on=True)).kind == "question":
        assert now.mode(step.key) != "ask" or now.spoken < 8
        now = now.answer(step.key, Response(Answer.UNKNOWN)).helped()
    assert now.spoken <= 8
    referred = met("9", {"company": "family"})
    for sign in ("supervised_begging", "money_to_controller", "sent_and_placed"):
        referred = referred.answer(sign, YES)
    assert referred.state.finding == "refer" and referred.stop() == "refer"
    assert referred.next().kind == "judgement"
    assert all(referred.mode(i) != "ask" for i in referred.askable), "looking may go on"
    social = replace(referred, asker="social_worker")
    assert any(social.mode(i) == "ask" for i in social.askable)


@pytest.mark.parametrize(
    ("age", "facts", "never"),
    [
        ("34", {"setting": "workplace", "works": "yes"}, {"organ_pressure", "made_to_steal"}),
        ("34", {"setting": "workplace", "begs": "no"}, {"injury_made_for_begging", "daily_quota"}),
        ("16", {"setting": "office"}, {"supervised_begging", "used_below_criminal_age"}),
        ("9", STREET, {"out_of_school", "kept_in_household", "forced_sex_acts"}),
    ],
)
def test_S5_what_is_not_about_a_meeting_is_not_put_stays_open_counts_and_can_be_gone_to(
    age, facts, never
):
    now = met(age, facts)
    assert never.isdisjoint(put(now)) and never & set(now.open_items)
    sign = next(i for i in sorted(never) if i in now.open_items)
    assert now.answer(sign, YES).case.answer(sign) is Answer.YES
    assert never <= set(replace(now, protocol=replace(PROTOCOL, parts=())).put) | now.hidden | {
        i for i in never if not now.aloud(i) and now.mode(i) == "ask"
    }


def test_what_needs_papers_or_a_call_comes_last_at_night_and_in_its_turn_by_day():
    looks = {"representative": "nobody_yet"}
    assert "out_of_school" in met("9", {**STREET, "setting": "street"}, **looks).put
    now = met("9", STREET, **looks)
    assert "out_of_school" not in now.put and "out_of_school" in now.askable
    seen = []
    while (step := now.next(going_on=True)).kind == "question":
        seen.append(step.key)
        now = now.answer(step.key, NO)
    papers = [n for n, i in enumerate(seen) if i in now.last]
    others = [n for n, i in enumerate(seen) if i not in now.last and i in met("9", STREET).put]
    assert papers and max(others) < min(papers)


def test_S16_sexual_matters_are_never_put_beside_a_child_and_never_stand_in_large_type():
    sexual = [i for i in KOSOVO.indicators if "sexual" in KOSOVO.indicators[i].dimension]
    for setting in PROTOCOL.facts["setting"][:-1]:
        now = met("9", {"setting": setting, "company": "family"})
        assert set(sexual).isdisjoint(now.put) and all(now.quiet(i) for i in sexual)
    assert not any(met("30", {}).quiet(i) for i in sexual)


def test_a_street_at_night_has_room_for_five_and_the_officer_may_go_on():
    now = met("9", STREET)
    assert len(put(now)) == 5
    for i in put(now):
        now = now.answer(i, NO)
    assert now.stop() == "for_now" and now.next(going_on=True).kind == "question"
    assert now.state.finding == "too_little_known", "S5: a pause says nothing"
    assert "Still open" in now.still_open("en")
    step = now.next()
    assert step.kind == "look" and step.stop == "for_now", "what needs no words comes first"
    assert now.look(()).next().kind == "judgement"


def test_S16_where_nobody_may_be_asked_in_the_street_all_that_can_be_seen_is_on_one_page():
    now = met("9", STREET, representative="nobody_yet")
    assert now.next().kind == "look" and now.next(going_on=True).kind == "question"
    assert all(now.mode(i) == "observe" for i in now.to_look)
    assert now.danger_signs & set(now.to_look), "danger among them opens help first"
    seen = now.look(["begging_hazard", "others_answer"])
    given = {i: r for i, r in seen.record.answers.items() if i != "danger_now"}
    assert given == dict.fromkeys(
        ["begging_hazard", "others_answer"], replace(YES, basis="observed")
    )
    assert seen.looked == now.to_look and seen.next().kind == "judgement"
    assert set(now.to_look) - given.keys() <= set(seen.open_items), "S5: not ticked is open"
    again = seen.look(["others_answer"])
    assert "begging_hazard" in again.open_items and again.next().kind == "judgement"
    drowsy = now.look(["infant_unnaturally_still"])
    assert drowsy.next().kind == "help", "S21"
    calm = met("9", {"setting": "office", "company": "family"}, representative="nobody_yet")
    assert calm.next().kind == "question", "at a desk there is time for one at a time"


def test_a_look_that_could_change_nothing_is_not_offered():
    now = met("9", STREET, representative="nobody_yet")
    for i in ("danger_now", "infant_unnaturally_still"):
        now = now.answer(i, YES).helped()
    assert now.state.settled(now.put) and not now.to_look and now.next().kind == "judgement"


def test_about_how_many_more_is_what_comes_when_all_is_no():
    now = met("9", STREET)
    assert [now.more(), now.answer(now.next().key, NO).more()] == [5, 4]


# -- answers that mean what they say ---------------------------------------------------------------


def test_the_last_answer_is_taken_back_and_its_note_stays():
    now = child().answer("neglect_signs", YES).answer("others_answer", replace(YES, note="aunt"))
    back = now.take_back()
    assert back.record.answers["others_answer"] == Response(Answer.NOT_ASKED, "", "aunt")
    assert back.last_answered() == "neglect_signs" and back.take_back().last_answered() != ""
    assert now.leave_open("coached_story").take_back().record.passed == ()


def test_what_was_noted_beside_refused_not_known_and_left_open_is_told():
    now = child()
    now = now.answer("daily_quota", Response(Answer.REFUSED, "", "looked away"))
    now = now.answer("out_of_school", Response(Answer.UNKNOWN, "", "school is closed"))
    now = now.leave_open("coached_story", "not now").answer("neglect_signs", replace(YES, note="x"))
    told = dict(now.noted_open)
    assert {i: r.note for i, r in told.items()} == {
        "daily_quota": "looked away",
        "out_of_school": "school is closed",
        "coached_story": "not now",
    }


def test_an_answer_has_no_basis_that_nobody_gave():
    assert begun(danger="no").record.answers["danger_now"].basis == ""


def test_that_nothing_is_indicated_is_not_decided_over_danger_without_a_reason():
    now = child(danger="yes").judge(Judgement("act_now"))
    for finding in ("nothing_indicated", "too_little_known"):
        with pytest.raises(UsageError) as refused:
            now.decide(Judgement(finding, " "))
        assert refused.value.code == "U308"
        assert now.decide(Judgement(finding, "a play")).record.decision.finding == finding
    assert now.decide(Judgement("look_further")).record.decision, "one step, equal both ways"
    assert child().judge(Judgement("refer")).decide(Judgement("nothing_indicated")).record.decision
