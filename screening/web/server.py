"""The server: pages and API behind one guard, on this machine only."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from screening import __version__
from screening.casebook import CaseStore
from screening.errors import KnowledgeError, ScreeningError
from screening.i18n import Words, words
from screening.web import api
from screening.web.course import pages as course
from screening.web.course.courses import Classroom
from screening.web.ending import Told, run
from screening.web.guard import Guard, Keys
from screening.web.interview import contacts, heartbeat, outcome, pages
from screening.web.interview.cases import Conflict, Desk, Knowledge
from screening.web.view import language_of, page, posted, refused, speak, told

if TYPE_CHECKING:
    from screening.web.trainer.state import Bench

__all__ = ["create_app", "create_bench", "serve"]

_NOT_THERE = {"U304", "K110"}


def create_app(
    keys: Keys,
    knowledge: Knowledge | None = None,
    store: CaseStore | None = None,
    language: str = "en",
    station: Path | None = None,
) -> FastAPI:
    """The application; `station` is the file of its contacts, where an option names one.

    Nothing is read from the list before somebody asks or `lifespan` warms it.
    """
    knowledge = knowledge or Knowledge()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=_warm, args=(knowledge,), daemon=True).start()
        yield

    app = FastAPI(
        title="screening",
        version=__version__,
        summary="Screening for victims of trafficking. It never decides.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.desk, app.state.language, app.state.ending = Desk(knowledge, store), language, False
    app.state.classroom, app.state.contacts = Classroom(knowledge), station
    app.state.left = lambda say: _left(app, say)
    for part in (api, heartbeat, pages, outcome, contacts, course):
        app.include_router(part.router)
    if store is not None and store.durable:
        from screening.web.casebook import acts, statistics  # what an interview never needs
        from screening.web.casebook import pages as cases

        for part in (acts, cases, statistics):
            app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    app.add_exception_handler(ScreeningError, _refused)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(Conflict, _conflict)
    app.add_exception_handler(404, _missing)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(Exception, _our_bug)
    app.add_middleware(Guard, keys=keys, refusal=lambda *why: refused(app, *why))
    return app


def _bench(checklist: str) -> Bench:
    from screening.web.trainer.state import Bench  # the interview needs none of what it brings

    bench = Bench(checklist)
    bench.warm()
    return bench


def create_bench(keys: Keys, bench: Bench, language: str = "en") -> FastAPI:
    """The trainer's pages.

    No page, route or store of cases is part of it: a trainer sees vignettes and counts.
    """
    from screening.web.trainer import rating, signing, weights

    app = FastAPI(
        title="screening", version=__version__, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.desk, app.state.bench, app.state.language, app.state.ending = (
        Desk(Knowledge(bench.checklist_ref)),
        bench,
        language,
        False,
    )
    app.state.left = bench.left
    for router in (rating.router, weights.router, signing.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    app.add_exception_handler(ScreeningError, _refused_bench)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(404, _missing)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(Exception, _our_bug)
    app.add_middleware(Guard, keys=keys, refusal=lambda *why: refused(app, *why))
    return app


def _warm(knowledge: Knowledge) -> None:
    with suppress(ScreeningError):  # said on the first page
        knowledge.warm()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ScreeningError)
    status = 404 if error.code in _NOT_THERE else 422
    if request.url.path.startswith("/api"):
        return api.Ascii(
            {
                "code": error.code,
                "place": error.place,
                "problem": error.problem,
                "remedy": error.remedy,
                "message": str(error),
            },
            status,
        )
    if isinstance(
        error, KnowledgeError
    ):  # the list itself: notes and referral go on, the score is withheld in words (S13)
        return page(request, "web/without.html.j2", 503, problem=str(error))
    say = words(language_of(request))
    return _problem(request, status, say("That did not work"), told(request, error))


async def _refused_bench(request: Request, error: Exception) -> Response:
    """What is wrong with the list, or with what was asked, for a trainer: they can put it right."""
    from screening.web.trainer.view import plainly

    assert isinstance(error, ScreeningError)
    say = words(language_of(request))
    lists = isinstance(error, KnowledgeError) and error.code not in _NOT_THERE
    status = 404 if error.code in _NOT_THERE else 503 if lists else 422
    title = (
        say("The list or its weights cannot be used as they are")
        if lists
        else say("That did not work")
    )
    return _problem(request, status, title, plainly(request, error))


def _problem(request: Request, status: int, title: str, problem: str = "") -> Response:
    """A page that says what is wrong, in the frame of the pages it stands among."""
    bench = hasattr(request.app.state, "bench")
    here = request.url.path if request.method == "GET" else "/"
    return page(
        request,
        "web/trainer/problem.html.j2" if bench else "web/problem.html.j2",
        status,
        title=title,
        problem=problem,
        here=here,
    )


async def _unfit(request: Request, error: Exception) -> Response:
    """What was sent does not fit its form.

    It is not sent back: not everything that can be sent can be written as JSON.
    """
    assert isinstance(error, RequestValidationError)
    if request.url.path.startswith("/api"):
        return api.Ascii(
            {
                "detail": [
                    {"type": e["type"], "loc": list(e["loc"]), "msg": e["msg"]}
                    for e in error.errors()
                ]
            },
            422,
        )
    if any(fault["loc"][:1] == ("path",) for fault in error.errors()):
        return await _missing(request, error)
    return _incomplete(request, 422)


async def _framework(request: Request, error: Exception) -> Response:
    """What the framework refuses before a page sees it: on a page of ours.

    Programs get the framework's JSON.
    """
    assert isinstance(error, HTTPException)
    return (
        await http_exception_handler(request, error)
        if request.url.path.startswith("/api")
        else _incomplete(request, error.status_code)
    )


def _incomplete(request: Request, status: int) -> Response:
    say = words(language_of(request))
    return _problem(
        request,
        status,
        say("That did not work"),
        say(
            "What was sent is not complete, or this page does not take it. Go back, fill in what is"
            " asked for or choose a file, and send it again."
        ),
    )


async def _conflict(request: Request, error: Exception) -> Response:
    assert isinstance(error, Conflict)
    key, form = request.path_params["key"], await posted(request)
    request.app.state.desk.typed.pop(request.url.path, None)  # it is in the record now
    request.state.language = form.get("lang", "")
    kept = {k: v for k, v in form.items() if k not in ("rev", "tab", "seq", "lang", "page")}
    answer = page(
        request,
        "web/interview/conflict.html.j2",
        409,
        interview=error.now,
        key=key,
        what=error.what,
        theirs=error.theirs,
        ours=error.ours,
        form=kept,
        seen=form.get("rev", ""),
        turn="again",
    )
    speak(answer, form.get("lang", ""))
    return answer


async def _missing(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/api"):
        return JSONResponse({"detail": "Not Found"}, 404)
    say = words(language_of(request))
    return _problem(request, 404, say("There is no such page"))


async def _our_bug(request: Request, error: Exception) -> Response:
    """What went wrong is not told to the log: it may hold what somebody said."""
    logging.getLogger("screening").error(
        "our bug: %s at %s",
        type(error).__name__,
        request.scope.get("route") and request.scope["route"].path,
    )
    if request.url.path.startswith("/api"):
        return JSONResponse({"detail": "this is our bug"}, 500)
    say = words(language_of(request))
    return _problem(
        request,
        500,
        say("This is our bug"),
        say("What was saved before is still there. Go back and try again; please report it."),
    )


def _left(app: FastAPI, say: Words) -> list[str]:
    """What would be lost if the interview's program ended now, a line each."""
    cases = app.state.desk.unsaved()
    found = (
        [
            say.plural(
                "{n} case is in memory only. Save it in the browser, or press Ctrl-C again to"
                " forget it.",
                "{n} cases are in memory only. Save them in the browser, or press Ctrl-C again to"
                " forget them.",
                cases,
            )
        ]
        if cases
        else []
    )
    if app.state.classroom.unkept():
        found.append(
            say(
                "A course is in memory only. Keep it in the browser, or press {keys} again to"
                " forget it.",
                keys="Ctrl-C",
            )
        )
    return found


def serve(
    port: int,
    language: str,
    lists: tuple[str, str | None, str | None],
    tell: Told,
    trainer: bool = False,
    station: Path | None = None,
    store: CaseStore | None = None,
) -> None:
    """Serve on loopback until interrupted; with cases, or a trainer's work, that are in no file,
    until interrupted twice. When the terminal is closed, it goes on until nothing would be lost.

    Parameters
    ----------
    port : 0 takes a free one
    lists : the list, weights and card to work with; None where they are the usual
    trainer : the trainer's pages in place of the interview
    station : the file of the station's contacts, where an option names one
    store : where cases are kept; in memory without

    Raises
    ------
    UsageError : U303 where the port is taken
    KnowledgeError : a list that cannot be read, for the trainer's pages: they are about nothing
        else
    """
    from screening.web.connections import config, listen

    bench = (
        _bench(lists[0]) if trainer else None
    )  # a list that cannot be read is said before the address
    listening = listen(port)
    keys = Keys(listening[0].getsockname()[1])
    app = (
        create_bench(keys, bench, language)
        if bench is not None
        else create_app(keys, Knowledge(*lists), store, language, station)
    )
    run(config(app), app, keys, listening, tell, words(language))
