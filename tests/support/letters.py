"""A child with much recorded and a whole letter about her, for tests and for pictures."""

from __future__ import annotations

from screening.answers import Answer, Response
from screening.checklist import load_checklist, load_weights
from screening.interview import Interview, Judgement, load_protocol

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
PROTOCOL = load_protocol(KOSOVO)
SAID = (
    "She said that her uncle puts her at the crossing each morning and takes the money at night,"
    " and that she may not go home before she has twenty euros."
)
SIGNS = [i.id for i in KOSOVO.by_profile["child"] if KOSOVO.dimensions[i.dimension].kind == "sign"]
FIELDS = {
    "from": "Station 3",
    "to": "CSW Prishtinë",
    "happened": "She went from car to car from 21:40 on.",
    "when": "27 November 2026, 22:05",
    "place": "Crossing of streets B and C",
    "companion": "A woman who says she is her aunt",
    "vehicle": "White van, 01-234-AB",
    "now": "Station 3, family room",
    "told": "CSW on duty, 22:20",
    "needs": "Warm clothes, a doctor.",
    "asked": "Come and decide where she sleeps.",
    "officer": "Sgt. A. K.",
    "notes_language": "en",
    "consent": "child",
}


def case(signs: int = 16, note: str = SAID, age: str = "9", **typed: str) -> Interview:
    """A child with much recorded."""
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "7kq2wd")
    for precondition, choice in {
        "danger": "no",
        "private": "yes",
        "interpreter": "trusted",
        "may_stop": "yes",
        "agreement": "yes",
        "representative": "social_worker",
    }.items():
        now = now.precondition(precondition, choice)
    now = now.person(age, True, {"company": "family", "begs": "yes"})
    for n, sign in enumerate(SIGNS[:signs]):
        now = now.answer(
            sign,
            Response(Answer.YES, ("said", "observed", "document")[n % 3], note if n % 2 else ""),
        )
    now = now.judge(Judgement("refer", "She looks at him first.")).decide(
        Judgement("refer", "Agreed by telephone.")
    )
    return now.for_letter({**FIELDS, **typed})
