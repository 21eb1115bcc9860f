"""What people do to a case, as events; and what they may not do.

Every function is given the case as it is and says which events follow, or why not. Nothing is
recorded here.

Who does what: a case that is offered stays with whoever has it until the other accepts. A child's
case is closed by two people: one proposes, another confirms. Neither closes over danger or a step
that is not done without saying why. Links are reviewed by a person, and cases are never merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from screening.answers import Response
from screening.casebook.event import Act, Event
from screening.casebook.events import make
from screening.casebook.fold import fold
from screening.casebook.state import CaseState, Referral
from screening.casebook.steps import CLOSES, Step, tasks
from screening.checklist.model import Checklist, WeightSet
from screening.errors import UsageError, nearest
from screening.scoring import Assessment, score

__all__ = [
    "accept",
    "assign",
    "begin",
    "confirm_closing",
    "do",
    "hand_over",
    "link",
    "meet",
    "postpone",
    "propose_closing",
    "refer",
    "reply",
    "review_link",
    "screen",
    "step_of",
    "take",
]

# What may follow each state of a referral
FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "drafted": ("sent", "revoked"),
    "sent": ("accepted", "declined", "revoked"),
    "accepted": ("done", "revoked"),
    "declined": (),
    "done": (),
    "revoked": (),
}


def begin(
    there: CaseState | None,
    act: Act,
    case: str,
    on: date,
    age: int | None,
    certain: bool,
    **more: Any,
) -> tuple[CaseState, list[Event]]:
    """A new case, as it is before its first event, and that event. `U302` where there is one."""
    if there is not None:
        raise UsageError("U302.case_exists", case=case)
    opened = make(act, "opened", case, on, age=age, age_certain=certain, **more)
    return CaseState(case), [opened]


def meet(
    state: CaseState,
    act: Act,
    on: date,
    answers: Mapping[str, Response],
    next_on: date | None = None,
    **met: str,
) -> list[Event]:
    """A meeting with what was answered. met : encounter, place, company, channel"""
    encounter = met.pop("encounter", "") or encounter_id(state, on)
    events = [make(act, "met", state.case, on, encounter=encounter, **met)]
    if answers:
        events.append(answered(state.case, act, on, answers, encounter))
    if next_on is not None:
        if next_on <= on:
            raise UsageError("U341.until_passed", until=next_on.isoformat(), day=on.isoformat())
        events.append(make(act, "follow_up_set", state.case, on, on=next_on.isoformat()))
    return events


def encounter_id(state: CaseState, on: date) -> str:
    """A new meeting's id: its day, and a number where that day has others."""
    same = sum(e.on == on for e in state.encounters)
    return f"{on.isoformat()}/{same + 1}" if same else on.isoformat()


def answered(
    case: str, act: Act, on: date, answers: Mapping[str, Response], encounter: str = ""
) -> Event:
    """What was answered, at a meeting or after it."""
    given = {
        i: {"answer": str(r.answer), **({"basis": r.basis} if r.basis else {})}
        for i, r in answers.items()
    }
    notes = {i: r.note for i, r in answers.items() if r.note}
    return make(act, "answered", case, on, encounter=encounter, answers=given, notes=notes)


def screen(
    before: CaseState, events: Sequence[Event], act: Act, on: date, knowledge: Knowledge
) -> tuple[list[Event], Assessment]:
    """The result after events: a `screened` event where it is another one than the last, and one on
    each sibling where the finding rose. With the assessment in full.
    """
    state = fold(before, events) or before
    case = state.current()
    a = score(case, *knowledge)
    now = state.now
    if now is not None and now.receipt == a.receipt and state.is_screened:
        return [], a
    found = [make(act, "screened", state.case, on, **screened(a, knowledge[0]))]
    after = fold(state, found) or state
    if now is not None and after.screenings[-1].raised:
        found += [
            make(act, "sibling_rose", other, on, other=state.case, finding=a.finding)
            for other in state.siblings
        ]
    return found, a


Knowledge = tuple[Checklist, WeightSet]


def screened(a: Assessment, checklist: Checklist) -> dict[str, Any]:
    """What is kept of a result."""
    signs = sorted(
        (c for c in a.contributions if c.kind in ("sign", "danger") and c.indicator),
        key=lambda c: (c.indicator not in a.red_flags, -c.points),
    )
    # In danger, help comes before questions
    asked = a.open_questions if a.finding != "act_now" else []
    return {
        "finding": a.finding,
        "finding_high": a.finding_high,
        "finding_high_without_danger": a.danger.finding_high_without,
        "profile": a.profile,
        "points": a.points,
        "points_high": a.points_high,
        "answered": a.answered,
        "relevant": a.relevant,
        "danger": a.danger.state == "present",
        "receipt": a.receipt,
        "checklist": a.checklist.id,
        "version": a.checklist.version,
        "sha256": a.checklist.sha256,
        "weights": a.weights.id,
        "weights_sha256": a.weights.sha256,
        "engine": a.engine,
        "reasons": [c.indicator for c in signs],
        "forms": [f.form for f in a.forms],
        "needs": [n.id for n in a.needs if n.state == "present"],
        "question": asked[0].indicator if asked else "",
        "steps": tasks(a, checklist),
    }


# -- steps -----------------------------------------------------------------------------------------


def step_of(state: CaseState, name: str) -> Step:
    """The open step with this key or id. `U341`"""
    steps = state.open_steps
    found = [s for s in steps if s.key == name] or [s for s in steps if s.id == name]
    if found:
        return found[0]
    if not steps:
        raise UsageError("U341.no_steps", case=state.case)
    known = [s.key for s in steps]
    raise UsageError(
        "U341.no_step",
        case=state.case,
        step=name,
        known=", ".join(known),
        near=nearest(name, known),
    )


def do(state: CaseState, act: Act, on: date, name: str, text: str = "", **told: str) -> list[Event]:
    """A step was done; an act of practice (a guardian appointed, consent given ...) as what it is.

    told : who; to (consent); until (a reflection period)
    """
    step = step_of(state, name)
    kind = _ACTS.get(step.id)
    if kind is None:
        return [make(act, "step_done", state.case, on, step=step.key, note=text)]
    fields = {"text": text, "who": told.get("who", "")}
    if kind == "conference_held":
        fields = {"decided": text}
    elif kind == "consent_given":
        fields = {"text": text, "to": told.get("to", ""), "given_by": told.get("who", "")}
    elif kind == "reflection_period_started":
        fields = {"until": told.get("until", "")}
    return [make(act, kind, state.case, on, **fields)]


_ACTS = {
    step: kind
    for kind, steps in CLOSES.items()
    for step in steps
    if kind not in ("met", "accepted", "closure_confirmed")
}


def postpone(state: CaseState, act: Act, on: date, name: str, until: date, why: str) -> list[Event]:
    """A step is put off to a later day, for a reason."""
    step = step_of(state, name)
    if until <= on:
        raise UsageError("U341.until_passed", until=until.isoformat(), day=on.isoformat())
    return [
        make(
            act,
            "step_postponed",
            state.case,
            on,
            step=step.key,
            until=until.isoformat(),
            why=why,
        )
    ]


# -- who has it ------------------------------------------------------------------------------------


def assign(
    state: CaseState,
    act: Act,
    on: date,
    to: str,
    why: str = "",
    kind: str = "assigned",
    **more: str,
) -> list[Event]:
    """Offer a case to somebody. What somebody else has is offered only for a reason."""
    if state.owner and state.owner != act.by and not why.strip():
        raise UsageError("U342.others_case", case=state.case, owner=state.owner)
    if state.owner == to:
        raise UsageError("U342.has_it", case=state.case, to=state.owner)
    return [make(act, kind, state.case, on, to=to, why=why, **more)]


def accept(state: CaseState, act: Act, on: date) -> list[Event]:
    """Take a case that was offered."""
    if state.offer is None or state.offer.to != act.by:
        raise UsageError("U342.not_offered", case=state.case, by=act.by)
    return [make(act, "accepted", state.case, on)]


def take(state: CaseState, act: Act, on: date, why: str = "") -> list[Event]:
    """Take a case that nobody has; one that somebody has, only for a reason."""
    return [*assign(state, act, on, act.by, why), make(act, "accepted", state.case, on)]


def hand_over(
    states: Iterable[CaseState],
    act: Act,
    on: date,
    giver: str,
    to: str,
    why: str,
    until: date | None,
) -> list[Event]:
    """Offer all open cases of somebody who is away; each stays with them until it is accepted."""
    more = {"until": until.isoformat()} if until else {}
    events = [
        event
        for state in states
        if state.owner == giver and not state.closed
        for event in assign(state, act, on, to, why, "handed_over", **more)
    ]
    if not events:
        raise UsageError("U342.nothing_to_hand_over", by=giver)
    return events


# -- closing ---------------------------------------------------------------------------------------


def propose_closing(
    state: CaseState, act: Act, on: date, reason: str, text: str = "", despite: str = ""
) -> list[Event]:
    """Propose to close a case; an adult's is closed by it. `U343` for what is in the way."""
    _may_close(state, despite)
    event = make(
        act,
        "closure_proposed",
        state.case,
        on,
        reason=reason,
        text=text,
        despite=despite,
    )
    if state.profile == "child":
        return [event]
    return [event, make(act, "closure_confirmed", state.case, on)]


def confirm_closing(state: CaseState, act: Act, on: date) -> list[Event]:
    """Confirm a proposal to close: somebody else than who made it, for a child."""
    closing = state.closing
    if closing is None:
        raise UsageError("U343.not_proposed", case=state.case)
    if state.profile == "child" and closing.by.casefold() == act.by.casefold():
        raise UsageError("U343.same_person", by=act.by)
    _may_close(state, closing.despite)
    return [make(act, "closure_confirmed", state.case, on)]


def _may_close(state: CaseState, despite: str) -> None:
    if state.closed:
        raise UsageError("U343.closed", case=state.case)
    if despite.strip():
        return
    now = state.now
    if now is not None and (now.danger or now.finding == "act_now"):
        raise UsageError("U343.danger", case=state.case)
    undone = [s.key for s in state.open_steps if s.id != "confirm_closing"]
    if undone:
        raise UsageError("U343.undone", case=state.case, steps=", ".join(undone))


# -- links and referrals ---------------------------------------------------------------------------


def link(
    state: CaseState, other: CaseState, act: Act, on: date, relation: str, why: str = ""
) -> list[Event]:
    """Link two cases, on both; a person looks at both before it holds."""
    if state.case == other.case:
        raise UsageError("U344.itself", case=state.case)
    if any((x.other, x.relation) == (other.case, relation) for x in state.links):
        raise UsageError("U344.linked", case=state.case, other=other.case)
    return [
        make(act, "linked", one, on, other=two, relation=relation, why=why)
        for one, two in ((state.case, other.case), (other.case, state.case))
    ]


def review_link(
    state: CaseState, other: str, act: Act, on: date, relation: str, holds: bool, why: str = ""
) -> list[Event]:
    """Say whether a link holds, on both cases."""
    if not any((x.other, x.relation) == (other, relation) for x in state.links):
        raise UsageError("U344.no_link", case=state.case, other=other, relation=relation)
    return [
        make(act, "link_reviewed", one, on, other=two, relation=relation, holds=holds, why=why)
        for one, two in ((state.case, other), (other, state.case))
    ]


def refer(
    state: CaseState, act: Act, on: date, to: str, reply_by: date | None, why: str = ""
) -> list[Event]:
    """A referral to an office: a draft, or sent where there is a day for its answer."""
    referral = f"R{len(state.referrals) + 1}"
    events = [make(act, "referral_drafted", state.case, on, referral=referral, to=to, why=why)]
    if reply_by is not None:
        events += reply_events(state.case, act, on, referral, "sent", reply_by=reply_by)
    return events


def reply(
    state: CaseState,
    act: Act,
    on: date,
    referral: str,
    what: str,
    reply_by: date | None = None,
    **told: str,
) -> list[Event]:
    """How a referral goes on: sent, accepted, declined, done, revoked."""
    found = referral_of(state, referral)
    if what not in FOLLOWS[found.state]:
        raise UsageError(
            "U344.referral_state",
            referral=found.id,
            state=found.state,
            known=", ".join(FOLLOWS[found.state]),
        )
    return reply_events(state.case, act, on, found.id, what, reply_by, **told)


def reply_events(
    case: str,
    act: Act,
    on: date,
    referral: str,
    what: str,
    reply_by: date | None = None,
    **told: str,
) -> list[Event]:
    if what == "sent" and reply_by is not None and reply_by <= on:
        raise UsageError("U341.until_passed", until=reply_by.isoformat(), day=on.isoformat())
    more = {"reply_by": reply_by.isoformat()} if reply_by is not None else {}
    return [make(act, f"referral_{what}", case, on, referral=referral, **more, **told)]


def referral_of(state: CaseState, referral: str) -> Referral:
    """The referral with this id; the last one where none is given. `U344`"""
    found = [r for r in state.referrals if r.id == referral or not referral]
    if not found:
        known = ", ".join(r.id for r in state.referrals) or "-"
        raise UsageError("U344.no_referral", case=state.case, referral=referral, known=known)
    return found[-1]
