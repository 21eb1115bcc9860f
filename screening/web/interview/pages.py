"""The pages of an interview: start, preconditions, the person, one question a page, all items.

They hold no logic of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, UploadFile

from screening.answers import Answer
from screening.answers import Response as Given
from screening.casebook.sealed import LARGEST, open_sealed
from screening.connect.pocket.textcode import read_text
from screening.errors import CaseError, ScreeningError, UsageError
from screening.i18n import words
from screening.interview import PRECONDITIONS, Interview, Record
from screening.values import parse_certain
from screening.web.interview.cases import LONGEST_NUMBER, NOW, Conflict, Seen
from screening.web.view import (
    Posted,
    back,
    desk_of,
    language_of,
    page,
    place_of,
    posted,
    preconditions_first,
    see,
    set_aside,
    shown,
    told,
)

__all__ = ["router", "seen"]

router = APIRouter(include_in_schema=False)
Form = Annotated[Posted, Depends(posted)]

CHOICES = (
    Answer.YES,
    Answer.NO,
    Answer.UNKNOWN,
    Answer.REFUSED,
    Answer.NOT_APPLICABLE,
)  # keys 1 to 5; 6 leaves it open


# The preconditions on one page.
TOGETHER = tuple(g for g in PRECONDITIONS if g not in ("danger", "representative"))


@router.get("/")
def start(request: Request, problem: str = "", status: int = 200) -> Response:
    desk = desk_of(request)
    texts = desk.knowledge.checklist.texts(language_of(request))
    cases = [(key, iv, _answered(iv)) for key, iv in desk.interviews().items()]
    return page(
        request,
        "web/interview/start.html.j2",
        status,
        cases=cases,
        number=desk.typed.get("/", {}).get("case_id") or desk.suggestion(),
        title=texts.get("list", "main", "title"),
        about=texts.get("list", "main", "about"),
        standing=texts.standing(words(language_of(request))),
        problem=problem,
    )


def _answered(interview: Interview) -> int:
    """How many items of the list have an answer; a note alone is none."""
    return sum(
        r.answer is not Answer.NOT_ASKED
        for i, r in interview.record.answers.items()
        if i in interview.checklist.indicators
    )


@router.post("/language")
def language(request: Request, form: Form) -> Response:
    target = form.get("back", "/")
    return back(
        request,
        form,
        target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/",
        "/",
    )


@router.post("/new")
def new(request: Request, form: Form) -> Response:
    desk = desk_of(request)
    desk.typed["/"] = {"case_id": form.get("case_id", "").strip()[: 2 * LONGEST_NUMBER]}
    if "lang" in form:
        return back(request, form, "/", "/")
    try:
        key = desk.begin(form.get("case_id", ""))
    except ScreeningError as error:
        return start(request, told(request, error), 400)
    desk.typed.pop("/", None)
    return see(f"/c/{key}")


@router.post("/open")
def open_file(request: Request, form: Form, file: UploadFile) -> Response:
    desk = desk_of(request)
    try:
        content = file.file.read(LARGEST + 1)
        record = Record.from_dict(open_sealed(content, form.get("passphrase", "")))
        key = desk.take(record, filed=record.revision)
    except ScreeningError as error:
        return start(request, told(request, error), 400)
    return see(f"/c/{key}")


@router.post("/open-text")
def open_text(request: Request, form: Form) -> Response:
    """A record from the codes that a phone shows."""
    try:
        record = Record.from_dict(read_text(form.get("text", "")))
        key = desk_of(request).take(record)
    except ScreeningError as error:
        return start(request, told(request, error), 400)
    return see(f"/c/{key}")


@router.get("/blank")
def blank(request: Request) -> Response:
    return page(request, "web/blank.html.j2")


@router.get("/c/{key}")
def onward(request: Request, key: str, more: str = "") -> Response:
    """The next step of the interview."""
    desk = desk_of(request)
    step = desk.interview(key).next(going_on=bool(more))
    match step.kind:
        case "help":
            return see(f"/c/{key}/danger")
        case "precondition":
            return see(place_of(key, desk.interview(key), step.key))
        case "person":
            return see(f"/c/{key}/person")
        case "look":
            return see(f"/c/{key}/look")
        case "question":
            return see(f"/c/{key}/q/{desk.number[step.key]}" + ("?more=1" if more else ""))
        case _:
            return see(f"/c/{key}/view" if step.kind == "judgement" else f"/c/{key}/end")


# -- preconditions and the person -----------------------------------------------------------------


def _precondition(n: int) -> str:
    if not 0 <= n < len(PRECONDITIONS):
        raise UsageError("U304.no_page")
    return list(PRECONDITIONS)[n]


@router.get("/c/{key}/precondition/{n}")
def precondition(request: Request, key: str, n: int) -> Response:
    interview = desk_of(request).interview(key)
    name, language = _precondition(n), language_of(request)

    def told(field: str) -> str:
        return interview.protocol.words("preconditions", name, field, language)

    return page(
        request,
        "web/interview/precondition.html.j2",
        interview=interview,
        key=key,
        precondition=name,
        n=n,
        of=len(PRECONDITIONS),
        told=told,
        choices=[c for c in PRECONDITIONS[name] if c != "adult"],
        given=interview.danger if name == "danger" else interview.preconditions.get(name, ""),
        sources=interview.protocol.sources.get(name, ()),
        withheld=_withheld(interview, language),
    )


@router.get("/c/{key}/before")
def before(request: Request, key: str, problem: str = "", status: int = 200) -> Response:
    """What must hold before anything is asked aloud, on one page."""
    interview, language = desk_of(request).interview(key), language_of(request)

    def told(name: str, field: str) -> str:
        return interview.protocol.words("preconditions", name, field, language)

    return page(
        request,
        "web/interview/before.html.j2",
        status,
        interview=interview,
        key=key,
        told=told,
        problem=problem,
        asked=TOGETHER,
        preconditions=PRECONDITIONS,
    )


@router.post("/c/{key}/before")
def answer_before(request: Request, key: str, form: Form) -> Response:
    here = f"/c/{key}/before"

    def step(now: Interview) -> Interview:
        for name in TOGETHER:
            if form.get(name):
                now = now.precondition(name, form[name])
        return now

    kept = desk_of(request).save(key, seen(form), step)
    if kept.before and not {"lang", "go"} & form.keys():
        say = words(language_of(request))
        return before(request, key, say("Choose one in every line, or leave it: then ask nothing."))
    return back(request, form, here, f"/c/{key}")


def _withheld(interview: Interview, language: str) -> list[str]:
    return [
        interview.protocol.words("preconditions", g, "title", language)
        for g in interview.withheld
        if g in interview.record.preconditions
    ]


@router.post("/c/{key}/precondition/{n}")
def answer_precondition(request: Request, key: str, n: int, form: Form) -> Response:
    name = _precondition(n)
    choice = form.get("choice", "")
    if not choice:
        return back(request, form, f"/c/{key}/precondition/{n}", f"/c/{key}/precondition/{n}")
    desk_of(request).save(key, seen(form), lambda now: now.precondition(name, choice))
    return back(request, form, f"/c/{key}/precondition/{n}", f"/c/{key}")


def seen(form: Posted) -> Seen:
    """What the page that sent this knew."""
    return Seen(_count(form.get("rev", "")), form.get("tab", ""), _count(form.get("seq", "")))


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@router.get("/c/{key}/person")
def person(request: Request, key: str, problem: str = "", status: int = 200) -> Response:
    interview = desk_of(request).interview(key)
    language = language_of(request)

    def told(fact: str, field: str) -> str:
        return interview.protocol.words("facts", fact, field, language)

    return page(
        request,
        "web/interview/person.html.j2",
        status,
        interview=interview,
        key=key,
        told=told,
        problem=problem,
        said=shown(interview, f"/c/{key}/person"),
    )


@router.post("/c/{key}/person")
def note_person(request: Request, key: str, form: Form) -> Response:
    """Age and facts.

    Another language records nothing; a button of the frame records what can be, and keeps the rest
    as it was typed.
    """
    desk, here = desk_of(request), f"/c/{key}/person"
    set_aside(request, key, here, form)
    if "lang" in form or ("go" in form and here not in desk.typed):
        return back(request, form, here, here)
    facts = {
        name: form[f"fact_{name}"]
        for name in desk.knowledge.protocol.facts
        if form.get(f"fact_{name}")
    }
    said, age = form.get("age_certain", ""), form.get("age", "").strip()
    try:
        certain = bool(said) and parse_certain(said)
        desk.interview(key).person(age, certain, facts)  # says what is no age, before anything else
        if not said or (certain and not age):  # what is left out decides nothing
            say = words(language_of(request))
            ask = say("How old? Type the age, and say whether it is certain.")
            return (
                back(request, form, here, here) if "go" in form else person(request, key, ask, 400)
            )
        desk.save(key, seen(form), lambda now: now.person(age, certain, facts))
    except CaseError as error:
        return (
            back(request, form, here, here)
            if "go" in form
            else person(request, key, told(request, error), 400)
        )
    desk.typed.pop(here, None)
    return back(request, form, here, f"/c/{key}")


# -- what can be seen ------------------------------------------------------------------------------


@router.get("/c/{key}/look")
def look(request: Request, key: str) -> Response:
    """What can be seen without a word, on one page: to tick, or to look through once more."""
    interview = desk_of(request).interview(key)
    first = preconditions_first(key, interview)
    if first is not None:
        return first
    return page(
        request,
        "web/interview/look.html.j2",
        interview=interview,
        key=key,
        said=shown(interview, f"/c/{key}/look"),
        texts=interview.checklist.texts(language_of(request)),
        signs=interview.looked + interview.to_look,
    )


@router.post("/c/{key}/look")
def note_look(request: Request, key: str, form: Form) -> Response:
    """What was ticked. A button that leads elsewhere keeps it and comes back to the page later."""
    desk, here = desk_of(request), f"/c/{key}/look"
    if "lang" in form:
        set_aside(request, key, here, form)
        return back(request, form, here, here)
    ticked = [name.removeprefix("see_") for name, said in form.items() if said == "yes"]
    done = form.get("go", "next") in ("next", "judge")
    desk.save(key, seen(form), lambda now: now.look(ticked, done))
    desk.typed.pop(here, None)
    return back(request, form, here, f"/c/{key}")


# -- questions -------------------------------------------------------------------------------------


def _indicator(request: Request, n: int) -> str:
    names = list(desk_of(request).knowledge.checklist.indicators)
    if not 0 <= n < len(names):
        raise UsageError("U304.no_question")
    return names[n]


@router.get("/c/{key}/q/{n}")
def question(request: Request, key: str, n: int) -> Response:
    interview, name, language = (
        desk_of(request).interview(key),
        _indicator(request, n),
        language_of(request),
    )
    first = preconditions_first(key, interview)
    if first is not None:
        return first
    texts = interview.checklist.texts(language)
    applies = interview.checklist.indicators[name].applies(interview.profile)
    mode = interview.mode(name)
    given = interview.record.answers.get(name, Given(Answer.NOT_ASKED))
    return page(
        request,
        "web/interview/question.html.j2",
        interview=interview,
        key=key,
        n=n,
        name=name,
        texts=texts,
        mode=mode,
        given=given,
        choices=CHOICES,
        said=shown(interview, f"/c/{key}/q/{n}"),
        why=interview.because(interview.why(name), language) if applies else "",
        quiet=interview.quiet(name),
        left=interview.more() if name in interview.put else 0,
        section=texts.get("sections", interview.checklist.section_of(name), "title"),
        hidden=name in interview.hidden,
        applies=applies,
        aloud=interview.aloud(name),
        withheld=_withheld(interview, language),
        previous=_previous(request, interview, name),
        passed=name in interview.record.passed,
        lost=interview.record.lost(f"answer:{name}"),
        more="more" in request.query_params,
    )


def _previous(request: Request, interview: Interview, name: str) -> int | None:
    """The question that was answered before this one."""
    number = desk_of(request).number
    order = [
        c.what.removeprefix("answer:")
        for c in interview.record.changes
        if c.what.startswith("answer:")
    ]
    if name in order:
        order = order[: len(order) - 1 - order[::-1].index(name)]
    earlier = [i for i in order if i != name and i in number]
    return number[earlier[-1]] if earlier else None


@router.post("/c/{key}/q/{n}")
def answer(request: Request, key: str, n: int, form: Form) -> Response:
    """An answer, or - from the autosave and the buttons of the frame - the note and basis alone."""
    desk, here = desk_of(request), f"/c/{key}/q/{n}"
    name, given, note = _indicator(request, n), form.get("answer", ""), form.get("note", "").strip()
    if given not in ("", "open", *CHOICES):
        raise CaseError("C220.page_answer", value=given)

    # One page answers one question once (S24): what comes after it from there was pressed on what
    # nobody had seen yet.
    case, page_ = desk.case(key), form.get("tab", "")
    if given and page_ and page_ in case.answered:
        return see(f"/c/{key}")

    def step(now: Interview) -> Interview:
        if given == "open":
            return now.leave_open(name, note, form.get("basis", ""))
        return (
            now.answer(name, Given(Answer(given), form.get("basis", ""), note))
            if given
            else _noted(now, name, form)
        )

    if "draft" in request.query_params:
        return _draft(request, key, form, step)
    try:
        desk.save(key, seen(form), step)
    except CaseError:
        set_aside(request, key, here, form)
        raise
    desk.typed.pop(here, None)
    if given and page_:
        case.answered.add(page_)
    more = (
        "?more=1" if "more" in request.query_params else ""
    )  # whoever goes on although enough is known goes on until told otherwise
    return back(
        request,
        form,
        here + more,
        f"/c/{key}{more}" if given or form.get("go") == "next" else here + more,
    )


def _noted(now: Interview, name: str, form: Posted) -> Interview:
    """With note and basis as they stand in the form, whatever the answer is."""
    before = now.record.answers.get(name, Given(Answer.NOT_ASKED))
    note, basis = form.get("note", before.note).strip(), form.get("basis", before.basis)
    if (note, basis) == (before.note, before.basis):
        return now
    return (
        now.leave_open(name, note, basis)
        if name in now.record.passed
        else now.answer(name, Given(before.answer, basis, note))
    )


def _draft(
    request: Request, key: str, form: Posted, step: Callable[[Interview], Interview]
) -> Response:
    """The line that says whether what was typed is saved.

    Another page's words are not overwritten while somebody types; the answer itself then shows
    both.
    """
    try:
        interview = desk_of(request).save(key, seen(form), step, half=True)
    except Conflict:
        say = words(language_of(request))
        return page(
            request,
            "web/status.html.j2",
            interview=desk_of(request).interview(key),
            key=key,
            hold=True,
            unsaved=True,
            line=say("Not saved yet"),
        )
    desk_of(request).typed.pop(request.url.path, None)
    return page(request, "web/status.html.j2", interview=interview, key=key, draft=True)


@router.post("/c/{key}/undo")
def undo(request: Request, key: str, form: Form) -> Response:
    """Take the last answer back, and put its question again."""
    desk = desk_of(request)
    name = desk.interview(key).last_answered()
    desk.save(key, NOW, lambda now: now.take_back())
    return see(f"/c/{key}/q/{desk.number[name]}" if name in desk.number else f"/c/{key}")


@router.get("/c/{key}/check")
def check(request: Request, key: str) -> Response:
    """What was answered so far, to look through before the own judgement."""
    interview = desk_of(request).interview(key)
    first = preconditions_first(key, interview)
    if first is not None:
        return first
    given = interview.record.answers
    return page(
        request,
        "web/interview/check.html.j2",
        interview=interview,
        key=key,
        texts=interview.checklist.texts(language_of(request)),
        answers=[(i, given[i]) for i in interview.checklist.indicators if i in given],
    )


@router.get("/c/{key}/all")
def overview(request: Request, key: str) -> Response:
    interview = desk_of(request).interview(key)
    first = preconditions_first(key, interview)
    if first is not None:
        return first
    texts = interview.checklist.texts(language_of(request))
    sections = []
    for section, ids in interview.checklist.sections.items():
        items = [
            i
            for i in ids
            if interview.checklist.indicators[i].applies(interview.profile)
            or i in interview.record.answers
        ]
        done = sum(
            i in interview.record.answers
            and interview.record.answers[i].answer is not Answer.NOT_ASKED
            for i in items
        )
        sections.append(
            {"title": texts.get("sections", section, "title"), "entries": items, "done": done}
        )
    return page(
        request,
        "web/interview/all.html.j2",
        interview=interview,
        key=key,
        texts=texts,
        sections=[s for s in sections if s["entries"]],
    )


@router.get("/c/{key}/danger")
def danger(request: Request, key: str) -> Response:
    """What to do now; that it was shown is noted, and the interview goes on behind it."""
    due = desk_of(request).interview(key).help_due
    interview = desk_of(request).save(key, NOW, lambda now: now.helped())
    return page(
        request,
        "web/interview/danger.html.j2",
        interview=interview,
        key=key,
        due=due,
        texts=interview.checklist.texts(language_of(request)),
    )


@router.post("/c/{key}/danger")
def note_danger(request: Request, key: str, form: Form) -> Response:
    """Danger, from the page of its own and from the button on every page.

    A yes is recorded whatever else is wrong with what that page sent, and whatever another window
    did (S7); what was typed there is kept as far as it can be.
    """
    choice, here = form.get("choice", ""), f"/c/{key}/danger"
    if choice == "yes":
        desk_of(request).save(key, NOW, lambda now: now.precondition("danger", "yes"))
        with suppress(Conflict, ScreeningError):
            _keep_typed(request, key, form)
        return back(request, form, here, here)
    if choice:
        desk_of(request).save(key, seen(form), lambda now: now.precondition("danger", choice))
    return back(request, form, here, f"/c/{key}")


def _keep_typed(request: Request, key: str, form: Posted) -> None:
    place = form.get("page", "")
    if not place.startswith(f"/c/{key}/"):
        return
    set_aside(request, key, place, form)
    if place in desk_of(request).typed and "/q/" in place:
        number = place.rsplit("/", 1)[1]
        name = _indicator(request, int(number) if number.isdecimal() and len(number) < 5 else -1)
        desk_of(request).save(key, seen(form), lambda now: _noted(now, name, form))
        desk_of(request).typed.pop(place, None)
