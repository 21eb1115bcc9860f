"""The figures of the casebook as a page with pictures, and as files. Counts only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from screening.errors import UsageError
from screening.web.casebook.acts import day_in
from screening.web.casebook.pages import book_page, load_of, today
from screening.web.view import language_of, told

if TYPE_CHECKING:
    from screening.casebook.caseload import Caseload
    from screening.casebook.statistics.monitor import Expectation
    from screening.casebook.statistics.report import Statistics, Wanted

__all__ = ["router"]

router = APIRouter()
FIELDS = ("show", "period", "since", "on", "expected", "source")
KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
}
_LONGEST = 200  # characters of a field


@router.get("/statistics")
def figures(request: Request) -> Response:
    """What is asked stands in the address; nothing asked is what may be released of everything."""
    asked = _asked(request)
    load = load_of(request)
    try:
        found = _found(load, asked)
    except UsageError as problem:
        return book_page(
            request,
            "statistics",
            400,
            found=None,
            problem=told(request, problem, page=True),
            asked=asked,
        )
    return book_page(request, "statistics", problem="", asked=asked, **_shown(request, found))


@router.get("/statistics.{kind}")
def file_of_figures(request: Request, kind: str) -> Response:
    """The same as a file; that it was written is recorded."""
    from screening.casebook.statistics.write import written

    if kind not in KINDS:
        return Response(status_code=404)
    load = load_of(request)
    found = _found(load, _asked(request))
    say, texts = _words(request)
    content = written(found, f".{kind}", say, texts)
    load.export("", "statistics, internal" if found.internal else "statistics", kind)
    headers = {"Content-Disposition": f'attachment; filename="statistics.{kind}"'}
    return Response(content, media_type=KINDS[kind], headers=headers)


def _asked(request: Request) -> dict[str, str]:
    return {f: request.query_params.get(f, "").strip()[:_LONGEST] for f in FIELDS}


def _found(load: Caseload, asked: dict[str, str]) -> Statistics:
    from screening.casebook.statistics.facts import facts_of
    from screening.casebook.statistics.report import statistics_of
    from screening.casebook.statistics.show import looked

    wanted, internal = _wanted(asked), asked["show"] == "internal"
    looked(load.store, load.act, internal)
    return statistics_of(facts_of(load.store), wanted, internal)


def _wanted(asked: dict[str, str]) -> Wanted:
    from screening.casebook.statistics.report import Wanted
    from screening.casebook.statistics.table import BY

    named = asked["period"] or "year"
    period = next((known for known in BY if known == named), None)
    if period is None:
        raise UsageError("U305.period_unknown", period=named, known=", ".join(BY))
    since, on = day_in(asked, "since"), day_in(asked, "on") or today()
    return Wanted(on, since, period, _expectation(asked))


def _expectation(asked: dict[str, str]) -> Expectation | None:
    from screening.casebook.statistics.monitor import expectation_of

    if not asked["expected"]:
        return None
    try:
        share = float(asked["expected"].replace(",", "."))
    except ValueError:
        share = float("nan")  # which is no share either
    return expectation_of(share, asked["source"])


def _words(request: Request) -> Any:
    from screening.i18n import words
    from screening.web.view import desk_of

    language = language_of(request)
    return words(language), desk_of(request).knowledge.checklist.texts(language)


def _shown(request: Request, found: Statistics) -> dict[str, Any]:
    """What the page shows of a report."""
    from screening.casebook.statistics import charts, show
    from screening.casebook.statistics.table import TITLES, WORDS

    say, texts = _words(request)
    return {
        "found": found,
        "pictures": {p.id: p for p in charts.pictures(found, say, texts)},
        "width": charts.WIDTH,
        "titles": TITLES,
        "stages": WORDS,
        "label": lambda key: show.label(key, say, texts),
        "cell": show.cell,
        "percent": show.percent,
        "about": lambda table: show.about(table, say),
        "lines": list(show.monitor_lines(found.monitor, say)),
        "left_out": say(show.LEFT_OUT),
    }
