"""What is looked at: the work list of a day, a case, a quick meeting, finding, a week on paper.

Looking at a case is an event. A work list, a week and a calendar hold codes and no names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from screening.casebook.events import CLOSING, COMPANY, RELATIONS, RESULTS
from screening.casebook.filters import DAYS, WHOSE, Filter
from screening.casebook.quick import quick_questions
from screening.casebook.reminders import calendar, reminders
from screening.casebook.search import Search, matching
from screening.casebook.state import CaseState, counts
from screening.casebook.steps import step_words
from screening.casebook.timeline import chart, timeline
from screening.casebook.wording import (
    CLOSINGS,
    REFERRALS,
    SECTION_WORDS,
)
from screening.casebook.wording import (
    RELATIONS as RELATION_WORDS,
)
from screening.casebook.wording import (
    RESULTS as RESULT_WORDS,
)
from screening.casebook.worklist import SECTIONS, View, Whose
from screening.checklist.schema import FINDINGS
from screening.errors import UsageError
from screening.i18n import words
from screening.interview import load_protocol
from screening.web.view import Posted, desk_of, language_of, page, posted

if TYPE_CHECKING:
    from screening.casebook.caseload import Caseload
    from screening.checklist.model import Checklist

__all__ = ["Form", "address", "book_page", "case_page", "chosen_of", "load_of", "router", "today"]

router = APIRouter()
Form = Annotated[Posted, Depends(posted)]
MOST = 200  # lines on one page
ROLE = "social_worker"  # whose steps come first


def load_of(request: Request) -> Caseload:
    """The open casebook, with who is at work now. `U304` where the program has none."""
    desk = desk_of(request)
    caseload = getattr(desk.store, "caseload", None)
    if caseload is None:
        raise UsageError("U304.no_casebook")
    found: Caseload = caseload((desk.knowledge.checklist, desk.knowledge.weights))
    return found


def address(case: str) -> str:
    """Where a case's page is; a redirect escapes the rest."""
    for letter, escaped in (("%", "%25"), ("?", "%3F"), ("#", "%23")):
        case = case.replace(letter, escaped)
    return f"/case/{case}"


def today() -> date:
    """The day on this machine."""
    return datetime.now().astimezone().date()


def book_page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page of the casebook: in the frame, with the words that all of them need."""
    language = language_of(request)
    say = words(language)
    checklist = desk_of(request).knowledge.checklist
    texts = checklist.texts(language)
    return page(
        request,
        f"web/casebook/{template}.html.j2",
        status,
        texts=texts,
        finding=lambda f: texts.get("findings", f, "label"),
        sign=texts.statement,
        role=lambda who: texts.get("roles", who, "name") if who else "",
        step=lambda id_: first_sentence(step_words(id_, texts, say)),
        more_of=lambda id_: step_words(id_, texts, say),
        today=today(),
        answers=_answers(say),
        company=_company(checklist, language),
        roles=sorted({s.who for s in checklist.steps}),
        **values,
    )


def first_sentence(text: str) -> str:
    """What a list has room for: the text up to the end of its first sentence."""
    head, end, _ = text.partition(". ")
    return head + end.rstrip()


def _company(checklist: Checklist, language: str) -> dict[str, str]:
    protocol = load_protocol(checklist)
    return {c: protocol.words("facts", protocol.company, c, language) for c in COMPANY}


def _answers(say: Any) -> dict[str, str]:
    return {
        "yes": say("Yes"),
        "no": say("No"),
        "unknown": say("Not known"),
        "refused": say("Refused"),
        "not_asked": say("Not asked"),
        "not_applicable": say("Does not apply"),
    }


@router.get("/today")
def work_list(
    request: Request,
    whose: str = "team",
    role: str = ROLE,
    finding: Annotated[str, Query(max_length=100)] = "",
    words: Annotated[str, Query(max_length=200)] = "",
    closed: Annotated[str, Query(max_length=1)] = "",
    saved: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    load = load_of(request)
    asked = {
        "whose": whose,
        "role": role,
        "finding": finding,
        "words": words,
        "closed": closed and "yes",
    }
    chosen = load.filter(saved) if saved else chosen_of(load, asked)
    view = chosen.view(today(), load.act.by)
    found = load.list(view, MOST)
    load.looked("today")
    return book_page(
        request,
        "today",
        me=load.act.by,
        view=view,
        counts=found.counts,
        sections=[(s, [x for x in found if x.section == s]) for s in SECTIONS],
        section_words=SECTION_WORDS,
        relation_words=RELATION_WORDS,
        more=found.total - len(found),
        whose=WHOSE,
        findings=FINDINGS,
        chosen=chosen.plain(),
        saved=saved,
        lists=list(load.filters()),
    )


def chosen_of(load: Caseload, form: Mapping[str, str]) -> Filter:
    """What is chosen on the page of a day; what is not known there is not chosen."""
    checklist = load.knowledge[0]
    known = {
        "whose": WHOSE,
        "role": {s.who for s in checklist.steps},
        "due": DAYS,
        "finding": FINDINGS,
        "need": {n.id for n in checklist.needs},
        "sign": checklist.indicators,
    }
    chosen = {name: v for name, v in form.items() if name in known and v in known[name]}
    return Filter.of(
        {**chosen, "words": form.get("words", "").strip(), "closed": form.get("closed")}
    )


def case_page(
    request: Request,
    load: Caseload,
    state: CaseState,
    problem: str = "",
    form: Posted | None = None,
    status: int = 200,
) -> Response:
    """A case: what it is now, what to do, and what happened, newest first."""
    say = words(language_of(request))
    in_danger = bool(state.now and state.now.finding == "act_now")
    return book_page(
        request,
        "case",
        status,
        me=load.act.by,
        c=state,
        problem=problem,
        filled=form or {},
        mine=[s for s in state.open_steps if s.who == ROLE or s.person == load.act.by],
        others=[s for s in state.open_steps if s.who != ROLE and s.person != load.act.by],
        in_danger=in_danger,
        help=in_danger or "help" in request.query_params,
        chart=chart(state, today()),
        timeline=timeline(state),
        changed=[
            (i, [g.answer for g in history], counts(history).answer)
            for i, history in state.answers.items()
            if len({g.answer for g in history}) > 1 or counts(history).answer == "yes"
        ],
        referral_words=REFERRALS,
        relation_words=RELATION_WORDS,
        result_words=RESULT_WORDS,
        closing_words=CLOSINGS,
        relations=RELATIONS,
        results=RESULTS,
        closings=CLOSING,
        forms=load.knowledge[0].forms,
        siblings=[s for s in map(load.find, state.siblings) if s is not None],
        follows={
            "drafted": ("sent", "revoked"),
            "sent": ("accepted", "declined", "revoked"),
            "accepted": ("done", "revoked"),
        },
        say_reply={
            "sent": say("Sent"),
            "accepted": say("Accepted"),
            "declined": say("Declined"),
            "done": say("Done"),
            "revoked": say("Take back"),
        },
    )


@router.get("/case/{case:path}/meet")
def meeting(request: Request, case: str) -> Response:
    load = load_of(request)
    state = load.look(case, "meet")
    return meeting_page(request, load, state)


def meeting_page(
    request: Request,
    load: Caseload,
    state: CaseState,
    problem: str = "",
    form: Posted | None = None,
    status: int = 200,
) -> Response:
    """Danger, three questions, the next day."""
    return book_page(
        request,
        "meet",
        status,
        c=state,
        problem=problem,
        filled=form or {},
        questions=quick_questions(state, load.knowledge, language_of(request)),
    )


@router.get("/case/{case:path}")
def one_case(request: Request, case: str) -> Response:
    load = load_of(request)
    return case_page(request, load, load.look(case, "page"))


@router.get("/find")
def find(
    request: Request,
    text: Annotated[str, Query(max_length=200)] = "",
    worker: Annotated[str, Query(max_length=200)] = "",
    sign: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    load = load_of(request)
    wanted = Search(text, worker, sign)
    asked = bool(text.strip() or worker.strip() or sign)
    found = [s for s in load.states() if matching(s, wanted)] if asked else []
    if asked:
        load.looked("find")
    signs = [i.id for i in load.knowledge[0].indicators.values()]
    return book_page(
        request, "find", wanted=wanted, asked=asked, found=found[:MOST], n=len(found), signs=signs
    )


def _whose(word: str) -> Whose:
    for known in WHOSE:
        if known == word:
            return known
    return "mine"


@router.get("/week")
def week(request: Request, whose: str = "mine") -> Response:
    load = load_of(request)
    kind = _whose(whose)
    view = View(today(), load.act.by, ROLE, kind)
    found = reminders(load.list(view), today())
    load.export("", "week", "page")
    return book_page(request, "week", found=found, whose=kind, me=load.act.by)


@router.get("/week.ics")
def week_for_a_calendar(request: Request, whose: str = "mine") -> Response:
    load = load_of(request)
    kind = _whose(whose)
    view = View(today(), load.act.by, ROLE, kind)
    text = calendar(reminders(load.list(view), today()), load.act.at)
    load.export("", "week", "ics")
    headers = {"Content-Disposition": 'attachment; filename="week.ics"'}
    return Response(text, media_type="text/calendar", headers=headers)


@router.get("/handover")
def handing_over(request: Request) -> Response:
    load = load_of(request)
    return handover_page(request, load)


def handover_page(
    request: Request,
    load: Caseload,
    problem: str = "",
    form: Posted | None = None,
    status: int = 200,
) -> Response:
    """All open cases of somebody who is away, offered to somebody else."""
    mine = [s for s in load.with_(load.act.by) if s.owner == load.act.by]
    return book_page(
        request,
        "handover",
        status,
        me=load.act.by,
        mine=[s.case for s in mine],
        problem=problem,
        filled=form or {},
    )
