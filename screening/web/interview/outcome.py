"""The pages after the questions: own judgement, finding, letter, file, street card."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from screening.casebook.sealed import (
    SHORTEST,
    SUFFIX,
    check_passphrase,
    generated_passphrase,
    seal,
    two_passphrases,
)
from screening.checklist import catalogue_ids, load_checklist
from screening.checklist.schema import FINDINGS
from screening.errors import KnowledgeError, ScreeningError, UsageError
from screening.i18n import LANGUAGES, words
from screening.interview import Interview, Judgement
from screening.interview.session import judgement_words
from screening.paper.letter.fields import (
    BY,
    FIELDS,
    REQUIRED,
    REQUIRED_IN_DANGER,
    field_words,
    missing,
    still_to_ask,
)
from screening.paper.street_card import card_html
from screening.scoring.explain import explain, within_words
from screening.web.guard import HEADERS
from screening.web.interview.cases import NOW, Handed, Seen
from screening.web.interview.pages import seen
from screening.web.view import (
    Posted,
    back,
    called,
    chosen,
    desk_of,
    language_of,
    page,
    posted,
    preconditions_first,
    see,
    set_aside,
    shown,
    told,
)

__all__ = ["DOCUMENT", "router"]

router = APIRouter(include_in_schema=False)
Form = Annotated[Posted, Depends(posted)]

SHORT = 20  # items; a longer list is no card for the street
# A page that is one file carries its style in itself; it runs nothing and fetches nothing.
DOCUMENT = {
    "content-security-policy": (
        HEADERS["content-security-policy"]
        .replace("style-src 'self'", "style-src 'unsafe-inline'")
        .replace("script-src 'self'; ", "")
    )
}


@router.get("/c/{key}/view")
def view(request: Request, key: str) -> Response:
    interview, language = desk_of(request).interview(key), language_of(request)
    # Once the finding was shown the own judgement stands; what is thought now is a decision (S9).
    first = preconditions_first(key, interview) or (
        see(f"/c/{key}/end") if interview.record.shown else None
    )
    if first is not None:
        return first
    stop = interview.stop() if interview.record.person else None
    return page(
        request,
        "web/interview/judgement.html.j2",
        interview=interview,
        key=key,
        said=shown(interview, f"/c/{key}/view"),
        findings=FINDINGS[::-1],
        texts=interview.checklist.texts(language),
        danger=stop == "danger",
        stopped=interview.stopped(stop, language) if stop else "",
        left=interview.still_open(language),
        answered=interview.answered,
        closing=interview.spoken > 0,
    )


@router.post("/c/{key}/view")
def judge(request: Request, key: str, form: Form) -> Response:
    """The officer's own judgement.

    Without a choice, or when only the language changes, what was typed waits on the page.
    """
    here = f"/c/{key}/view"
    set_aside(request, key, here, form)
    if not form.get("finding") or "lang" in form:
        return back(request, form, here, here)
    judgement = Judgement(chosen(form, "finding"), form.get("why", "").strip())

    def step(now: Interview) -> Interview:
        """A window that had not seen the finding yet may be late: its words are kept, and the
        judgement stays.
        """
        return (
            now.log("late judgement", judgement_words(judgement))
            if now.record.shown and now.record.judgement != judgement
            else now.judge(judgement)
        )

    desk_of(request).save(key, seen(form), step)
    desk_of(request).typed.pop(here, None)
    return back(request, form, here, f"/c/{key}/end")


@router.get("/c/{key}/end")
def end(request: Request, key: str, problem: str = "", status: int = 200) -> Response:
    """The finding. Before the officer's own judgement there is none to see (S9)."""
    desk = desk_of(request)
    now = desk.interview(key)
    first = preconditions_first(key, now) or (
        see(f"/c/{key}/view") if now.record.judgement is None else None
    )
    if first is not None:
        return first
    language = language_of(request)
    seen_now = desk.save(key, Seen(now.record.revision), lambda i: i.finding(language)[0])
    texts = seen_now.checklist.texts(language)
    _, assessment = seen_now.finding(language)
    sections = [s for s in explain(assessment, texts) if s.key not in ("finding", "provenance")]
    return page(
        request,
        "web/interview/end.html.j2",
        status,
        problem=problem,
        noted=seen_now.noted_open,
        interview=seen_now,
        key=key,
        said=shown(seen_now, f"/c/{key}/end"),
        a=assessment,
        sections=sections,
        texts=texts,
        findings=FINDINGS,
        fault=desk.knowledge.model_fault,
        lost=[i for i in seen_now.not_counted if seen_now.record.answers[i].answer == "yes"],
    )


@router.post("/c/{key}/end")
def decide(request: Request, key: str, form: Form) -> Response:
    here = f"/c/{key}/end"
    set_aside(request, key, here, form)
    if form.get("finding") and "lang" not in form:
        decision = Judgement(chosen(form, "finding"), form.get("why", "").strip())
        try:
            desk_of(request).save(key, seen(form), lambda now: now.decide(decision))
        except UsageError as error:
            if error.code != "U319":
                raise
            return end(request, key, told(request, error), 400)
        desk_of(request).typed.pop(here, None)
    return back(request, form, here, here)


# -- the letter ------------------------------------------------------------------------------------


@router.get("/c/{key}/paper")
def paper(request: Request, key: str) -> Response:
    interview = desk_of(request).interview(key)
    first = preconditions_first(key, interview) or (
        see(f"/c/{key}/view") if interview.record.judgement is None else None
    )
    return first or _form(request, key, interview)


def _form(request: Request, key: str, interview: Interview, problem: str = "") -> Response:
    """What is not yet known, with what is required marked; what was typed is there again."""
    language = language_of(request)
    whom = called(request.app, language)
    return page(
        request,
        "web/interview/paper.html.j2",
        422 if problem else 200,
        interview=interview,
        key=key,
        said=shown(interview, f"/c/{key}/paper"),
        fields=field_words(words(language)),
        asked=still_to_ask(interview, whom),
        empty=missing(interview, whom),
        required=REQUIRED_IN_DANGER if interview.danger == "yes" else REQUIRED,
        hours=[(h, within_words(int(h), words(language))) for h in BY],
        unit=whom.unit,
        problem=problem,
    )


@router.post("/c/{key}/paper")
def keep_paper(request: Request, key: str, form: Form) -> Response:
    _keep(request, key, form)
    return back(request, form, f"/c/{key}/paper", f"/c/{key}/paper")


@router.post("/c/{key}/paper.{kind}")
def print_paper(request: Request, key: str, kind: str, form: Form) -> Response:
    """The letter, in the language of the page and - where one is chosen - once more in another."""
    if kind not in ("html", "pdf", "txt"):
        raise UsageError("U307.letter_kind", kind=kind)
    interview = _keep(request, key, form)
    first = preconditions_first(key, interview)
    if first is not None:
        return first
    also = [x for x in [form.get("also", "")] if x in LANGUAGES]
    try:
        return _letter(request, key, interview, kind, also)
    except UsageError as error:
        if error.code != "U319":
            raise
        return _form(request, key, interview, told(request, error, page=True))


@router.post("/c/{key}/danger/letter")
def letter_in_danger(request: Request, key: str) -> Response:
    """One tap: danger is recorded, and what is known stands on paper, with lines for the rest."""
    desk = desk_of(request)
    interview = desk.save(key, NOW, lambda now: now.precondition("danger", "yes"))
    return _letter(request, key, interview, "html", [], by_hand=True)


def _letter(
    request: Request,
    key: str,
    interview: Interview,
    kind: str,
    also: list[str],
    by_hand: bool = False,
) -> Response:
    from screening.paper.letter import letter, letter_html, letter_pdf, letter_text

    languages = list(dict.fromkeys([language_of(request), *also]))
    whom = [called(request.app, language) for language in languages]
    content = letter(interview, languages, date.today(), whom, by_hand)
    _logged(request, key, "letter", f"{kind} {'+'.join(languages)}")
    if kind == "html":
        return HTMLResponse(letter_html(content), headers=DOCUMENT)
    made = letter_pdf(content) if kind == "pdf" else letter_text(content).encode()
    return Response(
        made,
        media_type="application/pdf" if kind == "pdf" else "text/plain; charset=utf-8",
        headers={"content-disposition": f'inline; filename="notes.{kind}"'},
    )


def _keep(request: Request, key: str, form: Posted) -> Interview:
    place = f"/c/{key}/paper"
    fields = {name: form[name].strip() for name in FIELDS if name in form}
    set_aside(request, key, place, form)
    kept = desk_of(request).save(key, seen(form), lambda now: now.for_letter(fields))
    desk_of(request).typed.pop(place, None)
    return kept


def _logged(request: Request, key: str, what: str, detail: str) -> Interview:
    return desk_of(request).save(key, NOW, lambda now: now.log(what, detail))


# -- the file, and forgetting ----------------------------------------------------------------------


@router.get("/c/{key}/file")
def file_page(request: Request, key: str, problem: str = "", status: int = 200) -> Response:
    interview, handed = desk_of(request).interview(key), desk_of(request).case(key).handed
    return page(
        request,
        "web/interview/file.html.j2",
        status,
        interview=interview,
        key=key,
        problem=problem,
        shortest=SHORTEST,
        words=generated_passphrase(),
        kept=desk_of(request).store.durable,
        handed=(
            handed if handed is not None and handed.revision == interview.record.revision else None
        ),
    )


@router.post("/c/{key}/file")
def save_file(request: Request, key: str, form: Form) -> Response:
    """The case as one encrypted file, for the page to hand over.

    Its plain text is nowhere but in memory.
    """
    if "lang" in form or "go" in form:
        return back(request, form, f"/c/{key}/file", f"/c/{key}/file")
    desk = desk_of(request)
    try:
        if form.get("passphrase", "") != form.get("again", ""):
            raise two_passphrases()
        check_passphrase(form.get("passphrase", ""))
        kept = _logged(request, key, "file", "saved")
        content = seal(kept.record.to_dict(), form.get("passphrase", ""))
    except ScreeningError as error:
        return file_page(request, key, told(request, error), 400)
    desk.case(key).handed = Handed(kept.record.revision, content)
    return see(f"/c/{key}/file")


@router.get("/c/{key}/file.case")
def take_file(request: Request, key: str) -> Response:
    """The file that was made last, as often as it is asked for.

    Whether it arrives, only a person can see.
    """
    handed = desk_of(request).case(key).handed
    if handed is None:
        raise UsageError("U304.no_file_to_confirm")
    handed.taken = True
    return Response(
        handed.content,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="notes{SUFFIX}"'},
    )


@router.post("/c/{key}/filed")
def file_is_there(request: Request, key: str) -> Response:
    """Somebody has seen the file where it should be. Only now is the case in a file."""
    case = desk_of(request).case(key)
    if case.handed is None or not case.handed.taken:
        return file_page(
            request,
            key,
            told(
                request,
                UsageError("U304.no_file_handed_over"),
            ),
            400,
        )
    case.filed, case.handed = case.handed.revision, None
    return see(f"/c/{key}/file")


@router.post("/c/{key}/drop")
def drop(request: Request, key: str, form: Form) -> Response:
    """Forget a case; its number must be typed, so that no slip does it."""
    desk = desk_of(request)
    if form.get("confirm", "").strip() != desk.case(key).case_id:
        wrong = UsageError("U305.forget_number_differs")
        return file_page(request, key, told(request, wrong), 400)
    desk.drop(key)
    return see("/")


# -- the card for the street -----------------------------------------------------------------------


@router.get("/card")
def card(request: Request) -> Response:
    """The short list of this catalogue, to print or to read on a small screen."""
    own = desk_of(request).knowledge.checklist
    for name in [own.id, *catalogue_ids()]:
        found = load_checklist(name) if name != own.id else own
        if (
            found.role == "screening"
            and len(found.indicators) <= SHORT
            and own.id in (found.id, found.catalogue)
        ):
            language = language_of(request)
            whom = called(request.app, language)
            return HTMLResponse(card_html(found, whom, language), headers=DOCUMENT)
    raise KnowledgeError("K110.no_short_list")
