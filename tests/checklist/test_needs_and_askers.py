"""What the Kosovo list says of its entries besides the signs: what is owed, who may ask, which
signs state one fact; and that a child is asked openly.
"""

from __future__ import annotations

import re

import pytest

from screening.checklist import load_checklist
from screening.checklist.schema import CASE_PROFILES

KOSOVO = load_checklist()
NEEDS = {need.id: need for need in KOSOVO.needs}
OPENING = re.compile(r"(Did|Has|Have|Is|Are|Do|Does|Was|Were|Can|Could|Would|Will)\b")
ASKING = re.compile(r"\b(who|whose|what|where|how|which|when (did|were))\b", re.IGNORECASE)


def spoken_to_a_child(asker: str) -> list[str]:
    return [
        i.id
        for i in KOSOVO.by_profile["child"]
        if i.mode_for("child") == "ask" and i.asked_by_for("child") == asker
    ]


def test_an_officer_puts_at_most_eight_prompts_to_a_child():
    assert 1 <= len(spoken_to_a_child("frontline")) <= 8


def test_violence_crime_and_what_touches_the_body_are_for_a_trained_interviewer():
    theirs = {"violence_now", "threats_now", "made_to_steal", "substances_given", "organ_pressure"}
    assert theirs <= set(spoken_to_a_child("specialist"))


def test_the_street_card_asks_a_child_nothing_that_an_officer_may_not():
    street = load_checklist("kosovo-street")
    asked = [i.id for i in street.by_profile["child"] if i.mode_for("child") == "ask"]
    assert set(asked) <= set(spoken_to_a_child("frontline"))


def test_no_question_to_a_child_can_be_answered_with_a_nod():
    texts = KOSOVO.texts()
    for indicator in KOSOVO.by_profile["child"]:
        if indicator.mode_for("child") == "ask":
            question = texts.prompt(indicator.id, "ask")
            assert ASKING.search(question) and not OPENING.match(question), question


def test_the_needs_are_those_that_a_result_will_name():
    assert list(NEEDS) == [
        "danger",
        "child_protection_now",
        "child_protection_soon",
        "violence_at_home",
        "health",
        "asylum",
        "labour_rights",
    ]


def test_s23_whatever_poverty_shares_opens_a_need_with_an_owner_and_a_day():
    opening = {i for need in KOSOVO.needs for i in need.indicators}
    shared = {i.id for i in KOSOVO.indicators.values() if i.nature == "circumstance"}
    assert len(shared) >= 10 and shared <= opening


def test_a_child_hit_for_any_reason_is_child_protection_now():
    assert "violence_now" in NEEDS["child_protection_now"].indicators
    assert NEEDS["child_protection_now"].who == "social_worker"


@pytest.mark.parametrize("language", ["en", "sq", "sr"])
def test_a_limp_infant_needs_an_ambulance(language):
    texts = KOSOVO.texts(language)
    for need in ("danger", "health"):
        assert "infant_unnaturally_still" in NEEDS[need].indicators
        assert "danger_medical" in NEEDS[need].steps
    assert "194" in texts.get("steps", "danger_medical", "text")
    assert "194" in texts.get("indicators", "infant_unnaturally_still", "instruction")


def test_an_adult_agrees_before_the_police_are_told():
    order = [s.id for s in KOSOVO.steps if "refer" in s.findings and "adult" in s.profiles]
    assert order.index("adult_agreement") < order.index("call_thbd_adult")
    assert "call_thbd" not in order


def test_a_child_is_kept_from_a_parent_in_danger_only():
    kept = [s for s in KOSOVO.steps if s.id == "child_safe_tonight"]
    assert [s.findings for s in kept] == [["act_now"]]


@pytest.mark.parametrize("language", ["en", "sq", "sr"])
def test_no_number_that_nobody_confirmed_for_kosovo(language):
    said = str(KOSOVO.texts(language).groups) + str(load_checklist("kosovo-street").texts(language))
    assert "116 111" not in said and not re.search(r"\b192\b", said)


def test_a_derived_list_has_the_needs_of_its_catalogue_as_far_as_it_has_their_indicators():
    street = load_checklist("kosovo-street")
    assert {"danger", "child_protection_soon"} <= {n.id for n in street.needs}
    assert all(i in street.indicators for n in street.needs for i in n.indicators)


def test_signs_that_state_one_fact_can_all_be_met_in_one_person():
    for group in KOSOVO.one_fact:
        assert any(
            all(KOSOVO.indicators[s].applies(p) for s in group.signs) for p in CASE_PROFILES
        ), group.id
