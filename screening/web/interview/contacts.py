"""The page of whom to call, which a station fills in once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from screening.checklist.model import Checklist
from screening.contacts import (
    STATION,
    ContactsFile,
    change,
    contacts_path,
    read_contacts,
    station_words,
    write_contacts,
)
from screening.errors import ScreeningError
from screening.i18n import words
from screening.web.view import (
    Posted,
    back,
    called,
    desk_of,
    language_of,
    page,
    posted,
    see,
    told,
)

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Form = Annotated[Posted, Depends(posted)]


@router.get("/contacts")
def contacts_page(
    request: Request,
    problems: Mapping[str, str] | None = None,
    typed: Posted | None = None,
    status: int = 200,
) -> Response:
    """What is filled in. `typed` is what came and was not kept, with what is wrong with it."""
    language, found = language_of(request), called(request.app, language_of(request))
    return page(
        request,
        "web/interview/contacts.html.j2",
        status,
        found=found,
        station=station_words(words(language)),
        said={**_shown(request), **(typed or {})},
        problems=problems or {},
        kept="kept" in request.query_params,
    )


@router.post("/contacts")
def keep_contacts(request: Request, form: Form) -> Response:
    """Every field at once: either all of them can stand, or none is kept and each says why."""
    if "lang" in form:
        return back(request, form, "/contacts", "/contacts")
    checklist, path = desk_of(request).knowledge.checklist, contacts_path(_given(request))
    try:
        file = read_contacts(path, checklist)
    except ScreeningError as fault:  # what is in it is not written over
        return contacts_page(request, {"": told(request, fault)}, form, 422)
    before, problems = _shown(request), {}
    for field in _fields(request):
        if _as_before(field, form, before):
            continue
        try:
            file = _changed(file, checklist, field, form)
        except ScreeningError as fault:
            problems[field] = told(request, fault)
    if problems:
        return contacts_page(request, problems, form, 422)
    try:
        write_contacts(file, path)
    except (ScreeningError, OSError) as fault:
        said = told(request, fault) if isinstance(fault, ScreeningError) else str(fault.strerror)
        return contacts_page(request, {"": said}, form, 422)
    return see("/contacts?kept=1")


def _changed(file: ContactsFile, checklist: Checklist, field: str, form: Posted) -> ContactsFile:
    by = form.get(f"{field}_by", "").strip()
    verified = (by, date.today()) if by else None
    return change(
        file, checklist, field, form.get(field, ""), form.get(f"{field}_name", ""), verified
    )


def _fields(request: Request) -> list[str]:
    return [*(c.id for c in called(request.app, language_of(request)).lines), *STATION]


def _as_before(field: str, form: Posted, before: Mapping[str, str]) -> bool:
    """Nobody touched it: who verified it, and when, stays as it is."""
    return all(
        " ".join(form.get(f"{field}{part}", before.get(f"{field}{part}", "")).split())
        == before.get(f"{field}{part}", "")
        for part in ("", "_name", "_by")
    )


def _shown(request: Request) -> dict[str, str]:
    """What the fields show: what the station filled in, and nothing of the list's."""
    try:
        file = read_contacts(contacts_path(_given(request)))
    except ScreeningError:
        return {}
    said = {field: getattr(file.station, field) or "" for field in STATION}
    for key, entry in file.numbers.items():
        said[key], said[f"{key}_name"] = entry.number, entry.name or ""
        said[f"{key}_by"] = entry.verified.by if entry.verified else ""
    return said


def _given(request: Request) -> Path | None:
    path: Path | None = request.app.state.contacts
    return path
