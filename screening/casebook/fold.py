"""From events to the case as it is now.

    fold(None, a + b) == fold(fold(None, a), b)

for any events, so a folded case may be kept anywhere and thrown away at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from screening.casebook.event import Event
from screening.casebook.events import LOOKS, payload
from screening.casebook.state import (
    Assistance,
    CaseState,
    Closure,
    Consent,
    Encounter,
    Given,
    Identification,
    Judged,
    Link,
    Note,
    Offer,
    Referral,
    Screening,
)
from screening.casebook.steps import (
    CLOSES,
    Postponed,
    closed,
    due_on,
    opened_by,
    own,
    postponed,
    rose,
    shown,
)

__all__ = ["fold"]


def fold(state: CaseState | None, events: Iterable[Event]) -> CaseState | None:
    """The case after further events; None while there are none.

    Events of the store's own (identity read, hold set ...) change nothing of the case.
    """
    for event in events:
        if state is None:
            state = CaseState(event.case)
        handler = _HANDLERS.get(event.kind)
        number = event.number or state.number + 1
        if handler is not None:
            state = handler(state, event, payload(event))
        elif event.kind in LOOKS:
            state = replace(state, seen={**state.seen, event.by: number})
        if event.kind in CLOSES:
            note = str(event.words.get("text", ""))
            steps = shown(state.steps, event.kind, event.happened_on, event.by, note)
            state = replace(state, steps=steps)
        if handler is not None:
            changed = {**state.changed, event.by: number}
            on = event.recorded_at.date()
            state = replace(state, changed=changed, changed_on=max(on, state.changed_on or on))
        if event.kind in _FOUND_OUT:
            state = replace(state, is_screened=event.kind == "screened")
        state = replace(state, events=state.events + 1, number=number)
    return state


_FOUND_OUT = frozenset({"opened", "answered", "corrected", "screened"})


# -- one kind of event each ------------------------------------------------------------------------

Handler = Callable[[CaseState, Event, Any], CaseState]


def _opened(state: CaseState, event: Event, d: Any) -> CaseState:
    return replace(
        state,
        opened_on=event.happened_on,
        age=d.age,
        age_certain=d.age_certain,
        language=d.language,
        setting=d.setting,
        source=d.source,
        statistics=d.statistics,
    )


def _met(state: CaseState, event: Event, d: Any) -> CaseState:
    """A meeting opens a closed case again, and sets no clock."""
    met = Encounter(d.encounter, event.happened_on, event.by, d.place, d.company, d.channel)
    encounters = tuple(sorted((*state.encounters, met), key=lambda e: e.on))
    return replace(_stirred(state, event), encounters=encounters)


def _stirred(state: CaseState, event: Event) -> CaseState:
    """Something new came to light: a closed case is open, a proposal to close is off."""
    closing = state.closing
    if closing is None and not state.closed:
        return state
    closures = state.closures[:-1] if closing else state.closures
    steps = closed(state.steps, ["confirm_closing"], event.happened_on, event.by, event.kind)
    return replace(state, closures=closures, steps=steps, closed=False)


def _with_answers(
    state: CaseState, event: Event, d: Any, of: str, corrects: bool = False
) -> CaseState:
    on = next((e.on for e in state.encounters if e.id == of), event.happened_on)
    known, notes = dict(state.answers), getattr(d, "notes", {})
    for indicator, a in d.answers.items():
        note = notes.get(indicator, "")
        given = Given(a.answer, on, event.by, a.basis, note, of, corrects)
        known[indicator] = tuple(sorted((*known.get(indicator, ()), given), key=lambda g: g.on))
    return replace(state, answers=known)


def _answered(state: CaseState, event: Event, d: Any) -> CaseState:
    return _with_answers(_stirred(state, event), event, d, d.encounter)


def _screened(state: CaseState, event: Event, d: Any) -> CaseState:
    before = state.now
    raised = rose(before.finding if before else None, d.finding)
    names = [f for f in Screening.__dataclass_fields__ if f not in ("on", "raised")]
    values = {name: getattr(d, name) for name in names}
    values |= {name: tuple(values[name]) for name in ("reasons", "forms", "needs")}
    screening = Screening(event.happened_on, raised=raised, **values)
    told = [(s.id, s.who, s.hours, s.need) for s in d.steps]
    needs = frozenset(before.needs) if before else frozenset()
    steps = opened_by(state.steps, told, (d.finding, raised), needs, event.happened_on)
    return replace(state, screenings=(*state.screenings, screening), steps=steps)


def _judged(state: CaseState, event: Event, d: Any) -> CaseState:
    judged = Judged(event.happened_on, event.by, d.finding, d.why, d.stage)
    return replace(state, judgements=(*state.judgements, judged))


def _step_done(state: CaseState, event: Event, d: Any) -> CaseState:
    return replace(state, steps=closed(state.steps, [d.step], event.happened_on, event.by, d.note))


def _step_postponed(state: CaseState, event: Event, d: Any) -> CaseState:
    put_off = Postponed(event.happened_on, event.by, date.fromisoformat(d.until), d.why)
    return replace(state, steps=postponed(state.steps, d.step, put_off))


def _offered(state: CaseState, event: Event, d: Any) -> CaseState:
    until = getattr(d, "until", None)
    offer = Offer(
        d.to, event.by, event.happened_on, d.why, date.fromisoformat(until) if until else None
    )
    steps = closed(state.steps, ["accept"], event.happened_on, event.by)
    steps = own(steps, "accept", event.happened_on, event.kind, person=d.to)
    return replace(state, offer=offer, steps=steps)


def _accepted(state: CaseState, event: Event, d: Any) -> CaseState:
    return replace(state, owner=event.by, offer=None)


def _follow_up(state: CaseState, event: Event, d: Any) -> CaseState:
    put_off = Postponed(event.happened_on, event.by, date.fromisoformat(d.on), d.what)
    return replace(state, steps=due_on(state.steps, "follow_up", put_off, event.kind))


def _noted(state: CaseState, event: Event, d: Any) -> CaseState:
    return replace(state, notes=(*state.notes, Note(event.happened_on, event.by, d.text)))


def _linked(state: CaseState, event: Event, d: Any) -> CaseState:
    link = Link(d.other, d.relation, event.happened_on, event.by, d.why)
    links = tuple(x for x in state.links if (x.other, x.relation) != (d.other, d.relation))
    about = f"{d.relation}:{d.other}"
    steps = own(state.steps, "link", event.happened_on, event.kind, about=about)
    return replace(state, links=(*links, link), steps=steps)


def _link_reviewed(state: CaseState, event: Event, d: Any) -> CaseState:
    links = tuple(
        replace(x, holds=d.holds) if (x.other, x.relation) == (d.other, d.relation) else x
        for x in state.links
    )
    about = f"{d.relation}:{d.other}"
    steps = closed(state.steps, ["link"], event.happened_on, event.by, d.why, about)
    return replace(state, links=links, steps=steps)


def _sibling_rose(state: CaseState, event: Event, d: Any) -> CaseState:
    state = _stirred(state, event)
    because = f"sibling:{d.finding}"
    steps = own(state.steps, "sibling", event.happened_on, because, about=d.other)
    return replace(state, steps=steps)


def _drafted(state: CaseState, event: Event, d: Any) -> CaseState:
    on = event.happened_on
    draft = Referral(d.referral, d.to, "drafted", on, text=d.why, history=((on, "drafted", d.why),))
    return replace(state, referrals=(*state.referrals, draft))


def _referral(state: CaseState, event: Event, d: Any) -> CaseState:
    """A referral goes on: sent, answered, ended. What waits for an answer is a step."""
    on, now = event.happened_on, event.kind.removeprefix("referral_")
    told = getattr(d, "text", "") or getattr(d, "why", "")
    by = getattr(d, "reply_by", None)
    reference = getattr(d, "reference", "")
    referrals = tuple(
        replace(
            r,
            state=now,
            on=on,
            reply_by=date.fromisoformat(by) if by else r.reply_by,
            reference=reference or r.reference,
            text=told or r.text,
            history=(*r.history, (on, now, told)),
        )
        if r.id == d.referral
        else r
        for r in state.referrals
    )
    steps = state.steps
    if now == "sent":
        put_off = Postponed(on, event.by, date.fromisoformat(d.reply_by), event.kind)
        steps = due_on(steps, "reply", put_off, event.kind, d.referral)
    else:
        steps = closed(steps, ["reply"], on, event.by, told, d.referral)
    if now == "declined":
        steps = own(steps, "declined", on, event.kind, about=d.referral)
    return replace(state, referrals=referrals, steps=steps)


def _identified(state: CaseState, event: Event, d: Any) -> CaseState:
    act = Identification(
        event.happened_on, d.who, d.authority, d.result, d.form, d.reason, d.verified
    )
    return replace(state, identifications=(*state.identifications, act))


def _helped(state: CaseState, event: Event, d: Any) -> CaseState:
    ended: date | None = None
    match event.kind:
        case "sheltered":
            what, ended = f"shelter:{d.where}", date.fromisoformat(d.until) if d.until else None
        case "repatriated":
            what, ended = f"return:{d.country}", event.happened_on
        case _:
            what = d.what
    return replace(
        state, assistance=(*state.assistance, Assistance(what, event.happened_on, ended))
    )


def _help_ended(state: CaseState, event: Event, d: Any) -> CaseState:
    return replace(
        state,
        assistance=tuple(
            replace(a, ended=event.happened_on) if a.what == d.what and a.ended is None else a
            for a in state.assistance
        ),
    )


def _closure_proposed(state: CaseState, event: Event, d: Any) -> CaseState:
    closure = Closure(event.happened_on, event.by, d.reason, d.text, d.despite)
    closures = state.closures[:-1] if state.closing else state.closures
    steps = own(state.steps, "confirm_closing", event.happened_on, event.kind)
    return replace(state, closures=(*closures, closure), steps=steps)


def _closure_confirmed(state: CaseState, event: Event, d: Any) -> CaseState:
    if state.closing is None:
        return state
    last = replace(state.closures[-1], confirmed_on=event.happened_on, confirmed_by=event.by)
    return replace(state, closures=(*state.closures[:-1], last), closed=True)


def _reopened(state: CaseState, event: Event, d: Any) -> CaseState:
    return _stirred(state, event)


def _corrected(state: CaseState, event: Event, d: Any) -> CaseState:
    if d.age is not None:
        state = replace(state, age=d.age.age, age_certain=d.age.age_certain)
    state = replace(
        state,
        statistics={**state.statistics, **d.statistics},
        corrections=(*state.corrections, Note(event.happened_on, event.by, d.why)),
    )
    last = state.encounters[-1].id if state.encounters else ""
    return _with_answers(state, event, d, last, corrects=True)


def _unchanged(state: CaseState, event: Event, d: Any) -> CaseState:
    """An act of practice: it closes its step."""
    return state


def _consent(state: CaseState, event: Event, d: Any) -> CaseState:
    given = event.kind == "consent_given"
    consent = Consent(event.happened_on, d.to, given, d.given_by)
    steps = state.steps
    if not given:
        steps = own(steps, "consent_withdrawn", event.happened_on, event.kind)
    return replace(state, consents=(*state.consents, consent), steps=steps)


def _reflection(state: CaseState, event: Event, d: Any) -> CaseState:
    return replace(state, reflection_until=date.fromisoformat(d.until))


_HANDLERS: Mapping[str, Handler] = {
    "opened": _opened,
    "met": _met,
    "answered": _answered,
    "screened": _screened,
    "judged": _judged,
    "step_done": _step_done,
    "step_postponed": _step_postponed,
    "assigned": _offered,
    "accepted": _accepted,
    "handed_over": _offered,
    "follow_up_set": _follow_up,
    "noted": _noted,
    "linked": _linked,
    "link_reviewed": _link_reviewed,
    "sibling_rose": _sibling_rose,
    "referral_drafted": _drafted,
    "referral_sent": _referral,
    "referral_accepted": _referral,
    "referral_declined": _referral,
    "referral_done": _referral,
    "referral_revoked": _referral,
    "identified": _identified,
    "assistance_started": _helped,
    "assistance_ended": _help_ended,
    "sheltered": _helped,
    "repatriated": _helped,
    "closure_proposed": _closure_proposed,
    "closure_confirmed": _closure_confirmed,
    "reopened": _reopened,
    "corrected": _corrected,
    "guardian_appointed": _unchanged,
    "best_interests_assessed": _unchanged,
    "safety_plan_made": _unchanged,
    "conference_held": _unchanged,
    "consent_given": _consent,
    "consent_withdrawn": _consent,
    "reflection_period_started": _reflection,
}
