"""Pages from templates: one environment, one set of words, the same frame for all."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from screening.answers import Profile
from screening.errors import KnowledgeError
from screening.interview import Interview
from screening.words import LANGUAGES, Words, words

if TYPE_CHECKING:
    from jinja2 import Environment

    from screening.web.desk import Desk

__all__ = ["Posted", "back", "desk_of", "language_of", "page", "posted", "saved", "see"]

LANGUAGE_COOKIE = "notes_language"
Posted = Mapping[str, str]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent.parent / "templates" / "web"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def desk_of(request: Request) -> Desk:
    """The run's desk."""
    desk: Desk = request.app.state.desk
    return desk


def language_of(request: Request) -> str:
    """The language chosen in this browser, or the one the program was started in."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else str(request.app.state.language)


async def posted(request: Request) -> Posted:
    """The fields of a form as text; of a field that comes twice the last. Files are read by the one page that takes one."""
    form = await request.form()
    return {k: v for k, v in form.multi_items() if isinstance(v, str)}


def page(request: Request, template: str, status: int = 200, interview: Interview | None = None, key: str = "", **values: Any) -> HTMLResponse:
    """A page in the frame. `interview` and `key` are the case it belongs to, if any."""
    language = language_of(request)
    say = words(language)
    context = {
        "say": say, "lang": language, "languages": LANGUAGES, "path": request.url.path, "key": key, "interview": interview,
        "record": interview.record if interview else None, "help_now": help_now(request, interview.profile if interview else "child"),
        "line": saved(request, key, say) if key else "", "number": desk_of(request).number if interview else {}, "draft": False, "tab": secrets.token_hex(4), **values,
    }
    return HTMLResponse(_environment().get_template(template).render(context), status)


def saved(request: Request, key: str, say: Words) -> str:
    """What is honestly known about where the answers are."""
    desk = desk_of(request)
    case = desk.case(key)
    revision = desk.store.get(case.case_id).revision
    if case.filed == revision:
        return say("Saved, and put into a file")
    return say("Saved in this program's memory, not in a file")


def help_now(request: Request, profile: Profile) -> list[str]:
    """What to do in danger, at once: on every page, so that it needs no server. Kept short, and there without a list too (S13)."""
    language = language_of(request)
    try:
        checklist = desk_of(request).knowledge.checklist
        texts = checklist.texts(language)
    except KnowledgeError:
        say = words(language)
        return [say("Call 192. Stay with the person until help is there.")]
    steps = [s for s in checklist.steps if "act_now" in s.findings and not s.hours and profile in s.profiles]
    return [texts.get("steps", s.id, "text") for s in steps[:6]]


def see(path: str) -> RedirectResponse:
    """Go on to another page, with GET."""
    return RedirectResponse(path, 303)


def back(request: Request, form: Posted, here: str, onward: str) -> RedirectResponse:
    """Where a form leads: the same page in another language, what a button of the frame asks for, or onward."""
    case = "/".join(here.split("/")[:3])
    goes = {"danger": f"{case}/danger", "all": f"{case}/all", "judge": f"{case}/view", "next": case, "file": f"{case}/file", "cases": "/"}
    language = form.get("lang", "")
    answer = see(here if language in LANGUAGES else goes.get(form.get("go", ""), onward))
    if language in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, language, httponly=True, samesite="strict")
    return answer
