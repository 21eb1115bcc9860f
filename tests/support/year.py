"""A coordinator's year: the events of invented cases, met in the street and followed up."""

from __future__ import annotations

import random
from datetime import date, timedelta

from screening.casebook.event import Event
from screening.casebook.events import make
from support.casework import act, screening

__all__ = ["FORMS", "a_year", "identified_person"]

FORMS = ("begging", "labour", "sexual", "servitude", "marriage")


def a_year(cases: int = 400, seed: int = 20, begins: date = date(2025, 12, 1)) -> list[Event]:
    """Cases first met over a year, most of them children, three in five of whom beg; a few go all
    the way to a decision. In the order in which somebody would have recorded them.
    """
    draw = random.Random(seed)
    return [e for n in range(cases) for e in _case(f"Y-{n:04}", draw, begins)]


def _case(code: str, draw: random.Random, begins: date) -> list[Event]:
    day = begins + timedelta(days=draw.randrange(365))
    child = draw.random() < 0.8
    begs = draw.random() < (0.6 if child else 0.1)
    counted = {
        "sex": draw.choices(("female", "male"), (55, 45))[0],
        "origin": draw.choices(("Kosovo", "Albania", "Serbia"), (70, 25, 5))[0],
    }
    company = draw.choices(("alone", "family", "says_family", "others", ""), (20, 50, 10, 15, 5))[0]
    me = act(day, draw.choice(("arta", "besim")))
    found = [
        make(
            me, "opened", code, day, age=draw.randrange(4, 18) if child else 30, statistics=counted
        ),
        make(me, "met", code, day, encounter="1", company=company),
    ]
    if draw.random() > 0.9:
        return found
    forms = ["begging"] if begs else []
    finding = draw.choices(
        ("too_little_known", "nothing_indicated", "look_further", "refer", "act_now"),
        (25, 15, 35, 22, 3),
    )[0]
    found.append(make(me, "screened", code, day, **screening(finding, forms=forms)))
    for n in range(draw.randrange(3)):
        later = day + timedelta(days=7 * (n + 1))
        found.append(make(act(later), "met", code, later, encounter=str(n + 2)))
    if finding not in ("refer", "act_now") or draw.random() < 0.15:
        return found
    return found + _referred(code, draw, day, forms)


def _referred(code: str, draw: random.Random, day: date, forms: list[str]) -> list[Event]:
    sent = day + timedelta(days=draw.randrange(1, 6))
    by = (sent + timedelta(days=7)).isoformat()
    found = [
        make(act(sent), "referral_drafted", code, sent, referral="R1", to="Office"),
        make(act(sent), "referral_sent", code, sent, referral="R1", reply_by=by),
    ]
    if draw.random() < 0.25:
        return found
    took = sent + timedelta(days=draw.randrange(1, 15))
    found.append(make(act(took), "referral_accepted", code, took, referral="R1"))
    if draw.random() < 0.55:
        return found
    decided = took + timedelta(days=draw.randrange(10, 60))
    form = draw.choice(forms or FORMS)
    return found + _decided(code, draw, decided, form)


def _decided(code: str, draw: random.Random, day: date, form: str) -> list[Event]:
    me = act(day)
    result = draw.choices(("actual", "possible", "not_confirmed"), (70, 15, 15))[0]
    who = {"who": "panel", "authority": "NRM"}
    found = [make(me, "identified", code, day, result=result, form=form, **who)]
    if result == "actual" and draw.random() < 0.8:
        found.append(make(me, "sheltered", code, day, where="Shelter"))
    if result == "actual" and draw.random() < 0.2:
        found.append(make(me, "repatriated", code, day, country="Albania", agreed=True))
    return found


def identified_person(
    code: str, day: date, counted: dict[str, str], form: str, helped: bool, returned: bool
) -> list[Event]:
    """A person who is identified as a victim on a day."""
    me = act(day)
    who = {"who": "panel", "authority": "NRM"}
    found = [
        make(me, "opened", code, day, age=30, statistics=counted),
        make(me, "identified", code, day, result="actual", form=form, **who),
    ]
    if helped:
        found.append(make(me, "sheltered", code, day, where="Shelter"))
    if returned:
        found.append(make(me, "repatriated", code, day, country="elsewhere", agreed=True))
    return found
