"""The pages of a course on invented cases: sets, overview, a vignette, its key.

They hold no logic of their own.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from screening.checklist.schema import FINDINGS
from screening.course import TOLD, Attempt, Course, agreement, feedback
from screening.course.feedback import age_words, course_told, told_words
from screening.course.files import LARGEST, course_bytes, read_course, report_bytes, shares
from screening.errors import ScreeningError, UsageError
from screening.i18n import words
from screening.web.course.courses import Classroom
from screening.web.interview.outcome import DOCUMENT
from screening.web.view import Posted, back, chosen, language_of, page, posted, see, told

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/course")
Form = Annotated[Posted, Depends(posted)]

AGAIN = 8  # indicators to look at again that are named
_TYPES = {"json": "application/json", "csv": "text/csv"}


def _classroom(request: Request) -> Classroom:
    classroom: Classroom = request.app.state.classroom
    return classroom


@router.get("")
def courses(request: Request, problem: str = "", status: int = 200) -> Response:
    """The sets, the courses that are open, and the way back to one that was kept."""
    classroom, language = _classroom(request), language_of(request)
    sets = [(s.id, s.title(language)) for s in classroom.sets.values()]
    return page(
        request,
        "web/course/courses.html.j2",
        status,
        sets=sets,
        courses=classroom.courses(),
        problem=problem,
    )


@router.post("/new")
def begin(request: Request, form: Form) -> Response:
    return see(f"/course/{_classroom(request).begin(form.get('set', ''))}")


@router.post("/open")
def take_up(request: Request, file: UploadFile) -> Response:
    try:
        key = _classroom(request).take_up(read_course(file.file.read(LARGEST + 1)))
    except ScreeningError as error:
        return courses(request, told(request, error), 400)
    return see(f"/course/{key}")


@router.get("/new")
@router.get("/open")
def again() -> Response:
    """What only a form leads to, asked for by another language, a reload or hand: where the form
    stands.
    """
    return see("/course")


@router.get("/{key}/keep")
@router.get("/{key}/drop")
@router.get("/{key}/report.{kind}")
def again_in(key: str) -> Response:
    return see(f"/course/{key}")


@router.get("/{key}")
def overview(request: Request, key: str) -> Response:
    """How far the course is, and what to look at again."""
    course, language = _classroom(request).course(key), language_of(request)
    a = agreement(course)
    said = shares(
        {
            "answers": asdict(a.answers),
            "judgements": {
                n: asdict(getattr(a, n)) for n in ("equal", "low", "high", "children_low")
            },
        },
        words(language),
    )
    entries = [
        (n, course_told(course, v, "title", language), _state(course, v))
        for n, v in enumerate(course.record.vignettes)
    ]
    upcoming = course.next()
    return page(
        request,
        "web/course/course.html.j2",
        course=course,
        course_key=key,
        a=a,
        shares=said,
        entries=entries,
        texts=course.checklist.texts(language),
        again=a.again[:AGAIN],
        upcoming=None if upcoming is None else course.record.vignettes.index(upcoming),
        title=course.vignettes.title(language),
    )


def _state(course: Course, vignette: str) -> str:
    """done (judged as the key finds), apart (judged otherwise), begun or empty."""
    if vignette in course.record.done:
        return (
            "done"
            if course.record.done[vignette].judgement == course.lesson(vignette).finding
            else "apart"
        )
    return "begun" if vignette in course.record.begun else ""


# Named places stand before numbered ones: the first that fits is taken.


@router.post("/{key}/keep")
def keep(request: Request, key: str) -> Response:
    """The course as a file, to go on with another day."""
    record = _classroom(request).take_out(key)
    return Response(
        course_bytes(record),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="notes.json"'},
    )


@router.post("/{key}/report.{kind}")
def report(request: Request, key: str, kind: str, form: Form) -> Response:
    """The report. A name that is typed goes into this one and is kept nowhere."""
    content = report_bytes(
        _classroom(request).course(key), kind, language_of(request), form.get("name", "")
    )
    if kind == "html":
        return HTMLResponse(content, headers=DOCUMENT)
    return Response(
        content,
        media_type=_TYPES[kind],
        headers={"content-disposition": f'attachment; filename="notes-report.{kind}"'},
    )


@router.post("/{key}/drop")
def drop(request: Request, key: str) -> Response:
    _classroom(request).drop(key)
    return see("/course")


def _vignette(course: Course, n: int) -> str:
    if not 0 <= n < len(course.record.vignettes):
        raise UsageError("U304.no_vignette")
    return course.record.vignettes[n]


@router.get("/{key}/{n}")
def vignette(request: Request, key: str, n: int, problem: str = "", status: int = 200) -> Response:
    """A story, the own judgement, the items. One that is done shows its key."""
    course, language = _classroom(request).course(key), language_of(request)
    name = _vignette(course, n)
    if name in course.record.done:
        return see(f"/course/{key}/{n}/key")
    lesson, texts = course.lesson(name), course.checklist.texts(language)
    sections = [(texts.get("sections", s, "title"), items) for s, items in lesson.sections.items()]
    return page(
        request,
        "web/course/vignette.html.j2",
        status,
        course_key=key,
        n=n,
        of=len(course.record.vignettes),
        lesson=lesson,
        texts=texts,
        title=course_told(course, name, "title", language),
        story=course_told(course, name, "story", language),
        sections=sections,
        findings=FINDINGS[::-1],
        begun=course.begun(name),
        age=age_words(course.cases[name], words(language)),
        told=told_words(words(language)),
        problem=problem,
        standing=course.vignettes.standing(language, words(language)),
    )


@router.post("/{key}/{n}")
def answer(request: Request, key: str, n: int, form: Form) -> Response:
    """Whatever button is pressed, what was chosen is kept; the key is shown when it is asked for
    and a judgement is there (S9).
    """
    classroom, here = _classroom(request), f"/course/{key}/{n}"
    course = classroom.course(key)
    name = _vignette(course, n)
    if (
        name in course.record.done
    ):  # another window, or the browser's way back: the first answers stay
        return back(request, form, f"{here}/key", f"{here}/key")
    # An item that the form did not send is not told: the default of the page, and never no.
    answers: dict[str, Any] = {i: form.get(f"item_{i}", TOLD[2]) for i in course.lesson(name).items}
    attempt = Attempt(chosen(form, "judgement"), answers)
    classroom.change(key, lambda now: now if name in now.record.done else now.note(name, attempt))
    if "lang" in form or "overview" in form:
        return back(request, form, here, f"/course/{key}")
    if attempt.judgement is None:
        say = words(language_of(request))
        return vignette(
            request, key, n, say("Choose your own judgement first; the key is shown after it."), 400
        )
    classroom.change(
        key, lambda now: now if name in now.record.done else now.finish(name, attempt)[0]
    )
    return see(f"{here}/key")


@router.get("/{key}/{n}/key")
def key_page(request: Request, key: str, n: int) -> Response:
    """The first difference that matters, and why.

    Before the vignette is done there is none to see (S9).
    """
    course, language = _classroom(request).course(key), language_of(request)
    name = _vignette(course, n)
    if name not in course.record.done:
        return see(f"/course/{key}/{n}")
    order = course.record.vignettes
    upcoming = next(
        (k for k in (*range(n + 1, len(order)), *range(n)) if order[k] not in course.record.done),
        None,
    )
    return page(
        request,
        "web/course/key.html.j2",
        course_key=key,
        n=n,
        of=len(order),
        title=course_told(course, name, "title", language),
        age=age_words(course.cases[name], words(language)),
        story=course_told(course, name, "story", language),
        f=feedback(course, name, language),
        finding=course.lesson(name).finding,
        label=course.checklist.texts(language).get(
            "findings", course.lesson(name).finding, "label"
        ),
        upcoming=upcoming,
    )
