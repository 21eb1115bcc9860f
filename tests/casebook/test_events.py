"""Kinds of events: what each records, what is refused, and what is kept apart as words."""

from __future__ import annotations

import pytest

from screening.casebook.events import KINDS, make, payload
from screening.errors import UsageError
from support.casework import act, on, screening

FULL = {
    "opened": {"age": 9},
    "met": {"encounter": "1", "place": "Bus station"},
    "answered": {"answers": {"danger_now": {"answer": "no"}}, "notes": {"danger_now": "calm"}},
    "screened": screening("refer"),
    "judged": {"finding": "refer", "why": "afraid"},
    "step_done": {"step": "guardian"},
    "step_postponed": {"step": "guardian", "until": "2026-03-01", "why": "court closed"},
    "assigned": {"to": "bora"},
    "accepted": {},
    "handed_over": {"to": "bora", "why": "leave", "until": "2026-03-01"},
    "follow_up_set": {"on": "2026-03-01"},
    "noted": {"text": "mother came"},
    "linked": {"other": "B", "relation": "sibling"},
    "link_reviewed": {"other": "B", "relation": "sibling", "holds": True},
    "sibling_rose": {"other": "B", "finding": "refer"},
    "referral_drafted": {"referral": "R1", "to": "CSW"},
    "referral_sent": {"referral": "R1", "reply_by": "2026-03-01"},
    "referral_accepted": {"referral": "R1"},
    "referral_declined": {"referral": "R1", "why": "full"},
    "referral_done": {"referral": "R1"},
    "referral_revoked": {"referral": "R1", "why": "moved"},
    "identified": {"who": "panel", "authority": "NRM", "result": "possible"},
    "assistance_started": {"what": "school"},
    "assistance_ended": {"what": "school"},
    "sheltered": {"where": "state shelter"},
    "repatriated": {"country": "AL", "agreed": True},
    "closure_proposed": {"reason": "help_in_place"},
    "closure_confirmed": {},
    "reopened": {"why": "new report"},
    "corrected": {"why": "typing error", "age": {"age": 8}},
    "guardian_appointed": {"who": "CSW"},
    "best_interests_assessed": {"text": "stays with aunt"},
    "safety_plan_made": {"text": "calls the line"},
    "conference_held": {"present": ["CSW"], "decided": "school first"},
    "consent_given": {"to": "help"},
    "consent_withdrawn": {"to": "help"},
    "reflection_period_started": {"until": "2026-05-01"},
    "viewed": {"what": "case"},
    "exported": {"what": "letter", "kind": ".pdf"},
    "filter_saved": {"name": "mine this week", "filter": {"whose": "mine", "due": "week"}},
    "columns_matched": {"name": "ours", "columns": {"Kodi": "case_id"}},
}


def test_every_kind_is_made_and_read_back():
    assert FULL.keys() == KINDS.keys()
    for kind, fields in FULL.items():
        event = make(act("2026-02-02"), kind, "A-1", on("2026-02-01"), **fields)
        read = payload(event).model_dump()
        assert all(
            read[name] == value or name in ("answers", "age") for name, value in fields.items()
        )


def test_what_somebody_wrote_is_kept_apart_from_what_is_counted():
    event = make(
        act("2026-02-02"), "answered", "A", on("2026-02-01"),
        answers={"danger_now": {"answer": "no"}}, notes={"danger_now": "her name is written here"},
    )  # fmt: skip
    assert event.data == {"answers": {"danger_now": {"answer": "no"}}}
    assert event.words == {"notes": {"danger_now": "her name is written here"}}
    met = make(act("2026-02-02"), "met", "A", None, encounter="1", place="Behind the mosque")
    assert met.data == {"encounter": "1"} and met.words == {"place": "Behind the mosque"}


def test_an_event_is_read_after_its_words_were_destroyed():
    event = make(act("2026-02-02"), "noted", "A", None, text="gone later")
    assert payload(act("2026-02-02").event("A", event.kind, event.data)).text == ""


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("forgotten", {}, "U340"),
        ("met", {}, "U340"),
        ("met", {"encounter": "1", "name": "x"}, "U340"),
        ("opened", {"age": 151}, "U340"),
        ("opened", {"age": "9"}, "U340"),
        ("opened", {"age": True}, "U340"),
        ("answered", {"answers": {"danger_now": {"answer": "maybe"}}}, "U340"),
        ("answered", {"answers": {}}, "U340"),
        ("judged", {"finding": "cleared"}, "U340"),
        ("noted", {"text": "   "}, "U340"),
        ("noted", {"text": "half \ud800"}, "U340"),
        ("step_postponed", {"step": "guardian", "until": "2026-03-01"}, "U340"),
        ("step_postponed", {"step": "guardian", "until": "1.3.2026", "why": "x"}, "U340"),
        ("closure_proposed", {"reason": "no victim"}, "U340"),
        ("identified", {"who": "a", "authority": "b", "result": "negative"}, "U340"),
    ],
)
def test_what_is_not_known_for_sure_is_refused_in_one_line(kind, fields, code):
    with pytest.raises(UsageError) as caught:
        make(act("2026-02-02"), kind, "A", None, **fields)
    assert caught.value.code == code and "\n" not in str(caught.value)


def test_nothing_happens_in_the_future():
    with pytest.raises(UsageError, match="future"):
        make(act("2026-02-02"), "noted", "A", on("2026-02-04"), text="x")
    make(
        act("2026-02-02"), "noted", "A", on("2026-02-03"), text="after midnight, east of Greenwich"
    )
