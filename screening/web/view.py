"""Pages from templates: one environment, one set of words, the same frame for all."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from screening.answers import Answer, Profile
from screening.answers import Response as Given
from screening.contacts import Contacts, contacts_or_defaults
from screening.errors import KnowledgeError, ScreeningError
from screening.files.templates import render
from screening.i18n import LANGUAGES, Words, words
from screening.interview import PRECONDITIONS, Interview
from screening.paper.letter.fields import FIELDS
from screening.web.keys import IDLE

if TYPE_CHECKING:
    from screening.checklist.model import Checklist
    from screening.web.interview.cases import Desk

__all__ = [
    "Posted",
    "back",
    "called",
    "desk_of",
    "language_of",
    "page",
    "place_of",
    "posted",
    "preconditions_first",
    "refused",
    "saved",
    "see",
    "set_aside",
    "shown",
    "speak",
    "told",
    "touched",
]

LANGUAGE_COOKIE = "notes_language"
Posted = Mapping[str, str]


def desk_of(request: Request) -> Desk:
    """The run's desk."""
    desk: Desk = request.app.state.desk
    return desk


def language_of(request: Request) -> str:
    """The language chosen in this browser, or the one the program was started in."""
    chosen = getattr(request.state, "language", "") or request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else str(request.app.state.language)


def told(request: Request, error: ScreeningError, page: bool = False) -> str:
    """What is wrong, in the language of the page; `page`: for somebody without a command line."""
    return str(error.into(words(language_of(request)), page))


async def posted(request: Request) -> Posted:
    """The fields of a form as text; of a field that comes twice the last.

    Files are read by the one page that takes one.

    A browser sends the end of a line as two letters where a script sends one, and counts one
    against the most that a field takes.
    """
    form = await request.form()
    return {k: v.replace("\r\n", "\n") for k, v in form.multi_items() if isinstance(v, str)}


def page(
    request: Request,
    template: str,
    status: int = 200,
    interview: Interview | None = None,
    key: str = "",
    **values: Any,
) -> HTMLResponse:
    """A page in the frame. `interview` and `key` are the case it belongs to, if any."""
    language = language_of(request)
    say = words(language)
    typed = desk_of(request).typed.get(request.url.path, {})
    context = {
        "say": say,
        "lang": language,
        "languages": LANGUAGES,
        "path": request.url.path,
        "key": key,
        "interview": interview,
        "record": interview.record if interview else None,
        "help_now": help_now(
            desk_of(request), language, interview.profile if interview else "child"
        ),
        "called": called(request.app, language),
        "idle": IDLE,
        "typed": typed,
        "unsaved": bool(key and typed),
        "turn": "main",
        "line": "" if not key else say("Not saved yet") if typed else saved(request, key, say),
        "pending": interview is not None and interview.pending_precondition() is not None,
        "number": desk_of(request).number if interview else {},
        "draft": False,
        "hold": False,
        "kept": desk_of(request).store.durable,
        "labels": {
            "yes": say("Yes"),
            "no": say("No"),
            "unknown": say("Not known"),
            "refused": say("Refused"),
            "not_applicable": say("Does not apply"),
            "not_asked": say("open"),
        },
        "bases": {
            "said": say("what was said"),
            "observed": say("what was seen"),
            "document": say("a document"),
        },
        "tab": secrets.token_hex(4),
        **values,
    }
    return HTMLResponse(render(template, **context), status)


def saved(request: Request, key: str, say: Words) -> str:
    """What is honestly known about where the answers are."""
    desk = desk_of(request)
    case = desk.case(key)
    revision = desk.store.get(case.case_id).revision
    if desk.store.durable:
        return say("Saved in the casebook")
    if case.filed == revision:
        return say("Saved, and put into a file")
    if case.handed is not None and case.handed.taken and case.handed.revision == revision:
        return say("Check your Downloads folder")
    return say("NOT SAVED if you close this")


@dataclass(frozen=True)
class HelpNow:
    """What to do in danger: the few words that come first, and every step in full."""

    first: list[str]
    steps: list[str]


def help_now(desk: Desk, language: str, profile: Profile) -> HelpNow:
    """What to do in danger, at once: on every page, so that it needs no server.

    There without a list too (S13).
    """
    try:
        checklist = desk.knowledge.checklist
        texts = checklist.texts(language)
    except KnowledgeError:
        say = words(language)
        return HelpNow([say("Call 112. Stay with the person until help is there.")], [])
    steps = [s.id for s in checklist.steps_now(profile)]
    return HelpNow(
        [short for s in steps if (short := texts.get("steps", s, "short"))],
        [texts.get("steps", s, "text") for s in steps],
    )


def called(app: Any, language: str) -> Contacts:
    """Whom to call, whatever is wrong with the list or with the station's file (S7)."""
    try:
        checklist: Checklist | None = app.state.desk.knowledge.checklist
    except KnowledgeError:
        checklist = None
    path = getattr(app.state, "contacts", None)
    return contacts_or_defaults(checklist, language, path, date.today())


def refused(app: Any, path: str, chosen: str, why: str) -> str:
    """The page of whoever is not let in: why, and what to do in danger. Nothing of a case."""
    language = chosen if chosen in LANGUAGES else str(app.state.language)
    say = words(language)
    start = say(
        "Start the program and use the address that it prints; each address works once. If it runs"
        " with cases that are in no file, Ctrl-C in its window prints another."
    )
    title, text = {
        "locked": (
            say("Locked"),
            say(
                "Nobody was here for a while. Nothing is lost: the program's window shows the"
                " address that leads in again."
            ),
        ),
        "used": (say("This address has been used"), start),
        "not_open": (say("Not open in this browser"), start),
        "large": (
            say("That did not work"),
            say("What was sent is larger than anything that this program takes."),
        ),
    }.get(
        why,
        (
            say("That did not work"),
            say("It did not come from a page of this program. Go back and try again."),
        ),
    )
    return render(
        "web/refused.html.j2",
        lang=language,
        languages=LANGUAGES,
        say=say,
        title=title,
        text=text,
        help_now=help_now(app.state.desk, language, "child"),
        called=called(app, language),
    )


def see(path: str) -> RedirectResponse:
    """Go on to another page, with GET."""
    return RedirectResponse(path, 303)


def preconditions_first(key: str, interview: Interview) -> RedirectResponse | None:
    """Where a page of questions, of all indicators or of a finding leads while help was not shown
    or a precondition is not answered (S7, S8, S21).
    """
    if interview.help_due:
        return see(f"/c/{key}/danger")
    pending = interview.pending_precondition()
    if pending is None:
        return None
    return see(place_of(key, interview, pending))


def place_of(key: str, interview: Interview, precondition: str) -> str:
    """Where a precondition is answered: danger, and who speaks for a child, on pages of their own;
    the others together, once the person was noted.
    """
    alone = precondition in ("danger", "representative")
    if precondition != "danger" and not interview.record.person:
        return f"/c/{key}/person"
    number = list(PRECONDITIONS).index(precondition)
    return f"/c/{key}/precondition/{number}" if alone else f"/c/{key}/before"


def shown(interview: Interview, page: str) -> dict[str, str]:
    """What the fields of a page show when nothing was typed in them: what is recorded."""
    r = interview.record
    match page.split("/")[3:]:
        case ["q", n] if (
            n.isascii()
            and n.isdigit()
            and len(n) < 5
            and int(n) < len(interview.checklist.indicators)
        ):
            name = list(interview.checklist.indicators)[int(n)]
            given = r.answers.get(name, Given(Answer.NOT_ASKED))
            return {"note": given.note, "basis": given.basis}
        case ["look"]:
            signs = interview.looked + interview.to_look
            yes = {i for i in signs if i in r.answers and r.answers[i].answer is Answer.YES}
            return {f"see_{i}": "yes" if i in yes else "" for i in signs}
        case ["person"]:
            facts = {
                f"fact_{fact}": r.facts.get(fact, "unknown") for fact in interview.protocol.facts
            }
            return {
                "age": "" if r.age is None else str(r.age),
                "age_certain": "" if not r.person else "yes" if r.age_certain else "no",
                **facts,
            }
        case ["view" | "end" as where]:
            judged = r.judgement if where == "view" else r.decision
            return {
                "finding": judged.finding if judged else "",
                "why": judged.why if judged else "",
            }
        case ["paper"]:
            return {name: r.letter.get(name, "") for name in FIELDS}
        case _:
            return {}


def touched(interview: Interview, page: str, form: Posted) -> bool:
    """Whether a form says anything else than its page showed."""
    return any(form.get(name, value) != value for name, value in shown(interview, page).items())


def chosen(form: Posted, name: str) -> Any:
    """What was chosen, as it came, or None; whoever takes it checks that it is one of theirs."""
    return form.get(name) or None


def set_aside(request: Request, key: str, page: str, form: Posted) -> None:
    """Keep what was typed on a page and is not recorded (yet), as it is; the page shows it again,
    and that it is not saved.
    """
    desk = desk_of(request)
    interview = desk.interview(key)
    desk.typed.pop(page, None)
    if touched(interview, page, form):
        desk.typed[page] = {name: form[name] for name in shown(interview, page) if name in form}


def back(request: Request, form: Posted, here: str, onward: str) -> RedirectResponse:
    """Where a form leads: the same page in another language, what a button of the frame asks for,
    or onward.
    """
    case = "/".join(here.split("/")[:3])
    following = onward if onward.split("?")[0] == case else case
    goes = {
        "danger": f"{case}/danger",
        "all": f"{case}/all",
        "check": f"{case}/check",
        "judge": f"{case}/view",
        "next": following,
        "more": f"{case}?more=1",
        "file": f"{case}/file",
        "paper": f"{case}/paper",
        "cases": "/",
        "here": here,
    }
    language, go = form.get("lang", ""), form.get("go", "")
    if go.startswith("q/") and go[2:].isascii() and go[2:].isdigit():
        goes[go] = f"{case}/{go}"
    answer = see(here if language in LANGUAGES else goes.get(go, onward))
    speak(answer, language)
    return answer


def speak(answer: Response, language: str) -> None:
    """Remember the language in this browser."""
    if language in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, language, httponly=True, samesite="strict")
