"""What is done to a case on its page: each form is one act, and each act one or more events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from screening.answers import Answer
from screening.answers import Response as Given
from screening.casebook import acts
from screening.casebook.caseload import Caseload
from screening.casebook.event import Event
from screening.casebook.events import make
from screening.casebook.quick import quick_questions
from screening.casebook.state import CaseState
from screening.errors import ScreeningError, UsageError
from screening.web.casebook.pages import (
    Form,
    address,
    case_page,
    chosen_of,
    handover_page,
    load_of,
    meeting_page,
    today,
)
from screening.web.view import Posted, language_of, see, told

__all__ = ["day_in", "router"]

router = APIRouter()
_SAID = {"yes", "no", "unknown", "refused"}
_DOUBT = (Answer.YES, Answer.UNKNOWN)
_NOTHING = Given(Answer.NOT_ASKED)


def day_in(form: Posted, name: str, needed: bool = False) -> date | None:
    """A day of a form; None where the field is empty and need not be filled."""
    text = form.get(name, "").strip()
    if not text and not needed:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("U305.day_unreadable", place=name, given=text) from None


def _day_of(form: Posted, name: str) -> date:
    found = day_in(form, name, needed=True)
    assert found is not None  # or it was refused
    return found


def _done(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    return acts.do(state, load.act, today(), form.get("step", ""), form.get("note", "").strip())


def _postponed(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    until, why = _day_of(form, "until"), form.get("why", "").strip()
    return acts.postpone(state, load.act, today(), form.get("step", ""), until, why)


def _noted(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    return [make(load.act, "noted", state.case, today(), text=form.get("text", "").strip())]


def _assigned(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    to, why = form.get("to", "").strip(), form.get("why", "").strip()
    if to == load.act.by:
        return acts.take(state, load.act, today(), why)
    return acts.assign(state, load.act, today(), to, why)


def _taken(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    return acts.take(state, load.act, today(), form.get("why", "").strip())


def _accepted(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    return acts.accept(state, load.act, today())


def _referred(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    to, why = form.get("to", "").strip(), form.get("why", "").strip()
    return acts.refer(state, load.act, today(), to, day_in(form, "reply_by"), why)


def _replied(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    what, text = form.get("reply", ""), form.get("text", "").strip()
    more: dict[str, str] = {}
    if what in ("declined", "revoked"):
        more = {"why": text}
    elif what in ("accepted", "done"):
        more = {"text": text, "reference": form.get("reference", "").strip()}
    by = _day_of(form, "reply_by") if what == "sent" else None
    referral = form.get("referral", "")
    return acts.reply(state, load.act, today(), referral, what, by, **more)


def _linked(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    other = load.state(form.get("other", "").strip())
    relation, why = form.get("relation", ""), form.get("why", "").strip()
    return acts.link(state, other, load.act, today(), relation, why)


def _reviewed(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    holds, why = form.get("holds") == "yes", form.get("why", "").strip()
    other, relation = form.get("other", ""), form.get("relation", "")
    return acts.review_link(state, other, load.act, today(), relation, holds, why)


def _identified(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    fields = {n: form.get(n, "").strip() for n in ("who", "authority", "result", "form", "reason")}
    on = day_in(form, "on") or today()
    return [make(load.act, "identified", state.case, on, **fields)]


def _helped(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    what, whom = form.get("what", "").strip(), form.get("by_whom", "").strip()
    on = day_in(form, "on") or today()
    return [make(load.act, "assistance_started", state.case, on, what=what, by_whom=whom)]


def _shown(kind: str) -> Callable[[Caseload, CaseState, Posted], list[Event]]:
    """An act of practice that closes its step: who, and what came of it."""

    def made(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
        told_ = {"who": form.get("who", "").strip(), "text": form.get("text", "").strip()}
        return [make(load.act, kind, state.case, day_in(form, "on") or today(), **told_)]

    return made


def _consent(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    kind = "consent_withdrawn" if form.get("given") == "no" else "consent_given"
    fields = {n: form.get(n, "").strip() for n in ("to", "given_by", "text")}
    return [make(load.act, kind, state.case, today(), **fields)]


def _proposed(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    reason, text = form.get("reason", ""), form.get("text", "").strip()
    despite = form.get("despite", "").strip()
    return acts.propose_closing(state, load.act, today(), reason, text, despite)


def _confirmed(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    return acts.confirm_closing(state, load.act, today())


def _reopened(load: Caseload, state: CaseState, form: Posted) -> list[Event]:
    return [make(load.act, "reopened", state.case, today(), why=form.get("why", "").strip())]


ACTS: dict[str, Callable[[Caseload, CaseState, Posted], list[Event]]] = {
    "done": _done,
    "postpone": _postponed,
    "note": _noted,
    "assign": _assigned,
    "take": _taken,
    "accept": _accepted,
    "refer": _referred,
    "reply": _replied,
    "link": _linked,
    "review": _reviewed,
    "identified": _identified,
    "help": _helped,
    "guardian": _shown("guardian_appointed"),
    "best-interests": _shown("best_interests_assessed"),
    "safety-plan": _shown("safety_plan_made"),
    "consent": _consent,
    "close": _proposed,
    "confirm": _confirmed,
    "reopen": _reopened,
}


@router.post("/case/{case:path}/meet")
def met(request: Request, case: str, form: Form) -> Response:
    """A meeting, and its result. What is not ticked stays as it was."""
    load = load_of(request)
    state = load.state(case)
    try:
        asked = quick_questions(state, load.knowledge, language_of(request))
        given = {
            q.indicator: Given(
                Answer(form[f"a:{q.indicator}"]), "said" if q.mode == "ask" else "observed"
            )
            for q in asked
            if form.get(f"a:{q.indicator}", "") in _SAID
        }
        on = day_in(form, "on") or today()
        place, company = form.get("place", "").strip(), form.get("company", "").strip()
        events = acts.meet(
            state, load.act, on, given, day_in(form, "next"), place=place, company=company
        )
        if text := form.get("text", "").strip():
            events.append(make(load.act, "noted", case, on, text=text))
        load.screened(state, events, on)
    except ScreeningError as error:
        return meeting_page(request, load, state, told(request, error), form, 400)
    # In doubt counts as yes until somebody knows: help comes before everything else.
    help_first = any(q.danger and given.get(q.indicator, _NOTHING).answer in _DOUBT for q in asked)
    return see(address(case) + ("?help=1" if help_first else ""))


@router.post("/case/{case:path}/{what}")
def act(request: Request, case: str, what: str, form: Form) -> Response:
    """One act. What is wrong stands above the case, and what was typed stays in its field."""
    load = load_of(request)
    state = load.state(case)
    if what not in ACTS:
        raise UsageError("U304.no_act", what=what)
    try:
        events = ACTS[what](load, state, form)
        load.record(events, state)
    except ScreeningError as error:
        shown: dict[str, Any] = {**form, "act": what}
        return case_page(request, load, state, told(request, error), shown, 400)
    onward = form.get("back", "")
    return see("/today" if onward == "today" else address(case))


@router.post("/cases")
def begin(request: Request, form: Form) -> Response:
    """A new case by its number; nothing is asked of it yet."""
    load = load_of(request)
    case, age = form.get("case", "").strip(), form.get("age", "").strip()
    known = int(age) if age.isascii() and age.isdigit() else None
    if age and known is None:
        raise UsageError("U305.age_unreadable", given=age)
    certain = form.get("uncertain", "") != "yes"
    _, events = acts.begin(load.find(case), load.act, case, today(), known, certain)
    load.record(events)
    return see(f"{address(case)}/meet")


@router.post("/lists")
def save_list(request: Request, form: Form) -> Response:
    """The list as it is chosen now, under a name."""
    load = load_of(request)
    name = form.get("name", "").strip()
    load.keep_filter(name, chosen_of(load, form))
    return see(f"/today?{urlencode({'saved': name})}")


@router.post("/handover")
def hand_over(request: Request, form: Form) -> Response:
    load = load_of(request)
    try:
        to, why = form.get("to", "").strip(), form.get("why", "").strip()
        until = day_in(form, "until")
        events = acts.hand_over(load.states(), load.act, today(), load.act.by, to, why, until)
        load.record(events)
    except ScreeningError as error:
        return handover_page(request, load, told(request, error), form, 400)
    return see("/today?whose=mine")
