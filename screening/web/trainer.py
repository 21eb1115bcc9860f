"""The trainer's pages: ratings, agreement, weights with sliders, thresholds, comparison, signatures. They do no arithmetic of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, UploadFile

from screening.calibrate.propose import LARGEST, METHODS
from screening.calibrate.ratings import ANSWERS, SCALE, check_code, new_codes
from screening.checklist import load_weights, weight_set_ids
from screening.checklist.model import WeightSet
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.errors import KnowledgeError, ScreeningError, UsageError, quote
from screening.exchange.ratingbook import ANONYMOUS_FROM, ratings_csv, write_form
from screening.web.bench import PEOPLE, Bench, Tried
from screening.web.view import Posted, back, language_of, page, posted, see

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Form = Annotated[Posted, Depends(posted)]
Files = list[UploadFile]

_MOST_FILES = 200


def bench_of(request: Request) -> Bench:
    """The run's bench."""
    bench: Bench = request.app.state.bench
    return bench


def show(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    bench = bench_of(request)
    texts = bench.checklist.texts(language_of(request))
    return page(request, template, status, bench=bench, texts=texts, number=number, profiles=CASE_PROFILES, **values)


def number(value: float, digits: int = 2) -> str:
    """A figure as it is shown; what is not defined is a dash."""
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"


@router.get("/")
def home(request: Request) -> Response:
    return _home(request)


def _home(request: Request, problem: str = "", done: str = "", status: int = 200) -> Response:
    return show(request, "bench.html.j2", status, problem=problem, done=done, raters=bench_of(request).raters)


@router.post("/language")
def language(request: Request, form: Form) -> Response:
    target = form.get("back", "/")
    return back(request, form, target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/", "/")


@router.get("/blank")
def blank(request: Request) -> Response:
    return page(request, "blank.html.j2")


# -- ratings -----------------------------------------------------------------------------------------------------------------


@router.post("/ratings")
def take(request: Request, files: Files) -> Response:
    try:
        if len(files) > _MOST_FILES:
            raise UsageError("U305", f"{len(files)} files at once", remedy=f"take in at most {_MOST_FILES}, or one CSV that 'screening calibrate ratings' wrote")
        taken = bench_of(request).take([(f.filename or "form", f.file.read()) for f in files])
    except ScreeningError as error:
        return _home(request, problem=str(error), status=400)
    return _home(request, done=str(taken))


@router.get("/ratings.csv")
def ratings(request: Request) -> Response:
    found = bench_of(request).ratings()
    if found is None:
        return _home(request, problem=str(UsageError("U305", "nothing is rated yet", remedy="take in forms, or rate on these pages")), status=400)
    return Response(ratings_csv(found), media_type="text/csv", headers={"content-disposition": 'attachment; filename="ratings.csv"'})


@router.get("/form.{kind}")
def blank_form(request: Request, kind: str, code: str = "") -> Response:
    """A form to fill in elsewhere."""
    import secrets
    import tempfile
    from pathlib import Path

    bench = bench_of(request)
    if kind not in ("xlsx", "csv"):
        return _home(request, problem=str(UsageError("U307", f"there is no form of the kind {quote(kind)}", remedy="choose xlsx or csv")), status=404)
    code = check_code(code) if code else new_codes(1, secrets.randbits(32))[0]
    with tempfile.TemporaryDirectory() as folder:  # an empty form: nothing anybody said
        path = Path(folder) / f"form-{code}.{kind}"
        write_form(path, bench.form, bench.checklist, bench.sets, code, language=language_of(request))
        content = path.read_bytes()
    media = "text/csv" if kind == "csv" else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="form-{code}.{kind}"'})


@router.post("/rate")
def begin_rating(request: Request, form: Form) -> Response:
    import secrets

    try:
        code = check_code(form["code"]) if form.get("code") else new_codes(1, secrets.randbits(32))[0]
    except ScreeningError as error:
        return _home(request, problem=str(error), status=400)
    return see(f"/rate/{code}/signs/0")


@router.post("/second")
def second(request: Request) -> Response:
    """Open the second round."""
    try:
        bench_of(request).ask_again()
    except ScreeningError as error:
        return _home(request, problem=str(error), status=400)
    return see("/")


@router.get("/rate/{code}/signs/{n}")
def rate_signs(request: Request, code: str, n: int) -> Response:
    return _rate_signs(request, code, n)


def _rate_signs(request: Request, code: str, n: int, problem: str = "", status: int = 200) -> Response:
    bench = bench_of(request)
    sections = _sections(bench)
    name, indicators = _nth(sections, n)
    code = check_code(code)
    return show(request, "rate_signs.html.j2", status, code=code, n=n, section=name, indicators=indicators, of=len(sections), given=bench.given(code), scale=SCALE,
                problem=problem, group=bench.group(), own=bench.given(code, 1), enough=ANONYMOUS_FROM)


@router.post("/rate/{code}/signs/{n}")
def keep_signs(request: Request, code: str, n: int, form: Form) -> Response:
    bench = bench_of(request)
    sections = _sections(bench)
    _, indicators = _nth(sections, n)
    given = {("strength", "", i, p): form.get(f"{p}:{i}", "") for i in indicators for p in bench.form.indicators[i]}
    try:
        bench.rate(code, given)
    except ScreeningError as error:
        return _rate_signs(request, code, n, str(error), 400)
    stories = f"/rate/{code}/story/0" if bench.asking == 1 and bench.form.vignettes else "/"  # a later round asks for signs alone
    onward = f"/rate/{code}/signs/{n + 1}" if n + 1 < len(sections) else stories
    return back(request, form, f"/rate/{code}/signs/{n}", "/" if form.get("go") == "stop" else onward)


@router.get("/rate/{code}/story/{n}")
def rate_story(request: Request, code: str, n: int) -> Response:
    return _rate_story(request, code, n)


def _rate_story(request: Request, code: str, n: int, problem: str = "", status: int = 200) -> Response:
    bench = bench_of(request)
    vignette = _nth(bench.form.vignettes, n)
    profile = bench.profile(n)
    told = next(s for s in bench.sets if any(v.id == vignette.id for v in s.cases))
    sections = [(s, [i for i in ids if profile in bench.form.indicators[i]]) for s, ids in _sections(bench)]
    return show(request, "rate_story.html.j2", status, code=check_code(code), n=n, of=len(bench.form.vignettes), vignette=vignette, profile=profile, problem=problem,
                title=told.told(vignette, "title", language_of(request)), story=told.told(vignette, "story", language_of(request)), sections=[s for s in sections if s[1]],
                given=bench.given(check_code(code)), findings=FINDINGS)


@router.post("/rate/{code}/story/{n}")
def keep_story(request: Request, code: str, n: int, form: Form) -> Response:
    bench = bench_of(request)
    vignette = _nth(bench.form.vignettes, n)
    given = {("code", vignette.id, i, ""): form.get(f"code:{i}", "") for i, p in bench.form.indicators.items() if bench.profile(n) in p}
    given[("finding", vignette.id, "", "")] = form.get("finding", "")
    if given[("finding", vignette.id, "", "")] or any(v in (ANSWERS[0], ANSWERS[2]) for v in given.values()):
        try:
            bench.rate(code, given)
        except ScreeningError as error:
            return _rate_story(request, code, n, str(error), 400)
    onward = f"/rate/{code}/story/{n + 1}" if n + 1 < len(bench.form.vignettes) else "/"
    return back(request, form, f"/rate/{code}/story/{n}", "/" if form.get("go") == "stop" else onward)


def _sections(bench: Bench) -> list[tuple[str, list[str]]]:
    found = [(s, [i for i in ids if i in bench.form.indicators]) for s, ids in bench.checklist.sections.items()]
    return [s for s in found if s[1]]


def _nth(items: Sequence[Any], n: int) -> Any:
    if not 0 <= n < len(items):
        raise UsageError("U304", f"there is no page {n} here", remedy="go back to the overview")
    return items[n]


# -- agreement ---------------------------------------------------------------------------------------------------------------


@router.get("/agreement")
def agreement(request: Request) -> Response:
    found = bench_of(request).agreement()
    return show(request, "bench_agreement.html.j2", found=found, scale=SCALE)


# -- weights -----------------------------------------------------------------------------------------------------------------


@router.get("/weights")
def weights(request: Request, world: str = "") -> Response:
    return _weights(request, world=world)


def _weights(request: Request, status: int = 200, world: str = "", problem: str = "", tried: Tried | None = None) -> Response:
    bench = bench_of(request)
    before, now, worlds = bench.in_force, bench.now(), bench.worlds()
    rows = {(r.indicator, r.profile): r for r in bench.proposal.rows} if bench.proposal else {}
    most = max(LARGEST, *(n for points in (now, before.points) for p in CASE_PROFILES for n in points[p].values()))
    return show(request, "bench_weights.html.j2", status, before=before, points=now, rows=rows, sections=_sections(bench), worlds=worlds, methods=METHODS, most=most,
                people=PEOPLE, problem=problem, tried=tried, world=world if world in worlds else worlds[0], today=date.today().isoformat())


@router.post("/propose")
def propose(request: Request, form: Form) -> Response:
    bench = bench_of(request)
    try:
        worth = float(form.get("worth") or 0) if _is_number(form.get("worth", "")) else math.nan
        bench.propose(form.get("method", ""), form.get("card", "") if form.get("method") != "ratings" else "", worth)  # type: ignore[arg-type]  # checked there
    except ScreeningError as error:
        return _weights(request, 400, problem=str(error))
    return see("/weights")


def _is_number(text: str) -> bool:
    return text == "" or (text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 8)


@router.post("/weights")
def change_weights(request: Request, form: Form) -> Response:
    """Sliders: the whole page where there is no script, else only what the change does."""
    bench = bench_of(request)
    part = request.headers.get("hx-request") == "true"
    world = form.get("world", "")
    try:
        points = bench.set_points(form)
        if form.get("do") == "save":
            return _save(request, form)
        after = bench.weights(points)
        tried = bench.tried(world or bench.worlds()[0], bench.in_force, after)
    except ScreeningError as error:
        return show(request, "bench_impact.html.j2", 400, problem=str(error), tried=None) if part else _weights(request, 400, problem=str(error))
    if part:
        return show(request, "bench_impact.html.j2", problem="", tried=tried)
    if form.get("lang"):
        return back(request, form, "/weights", "/weights")
    return _weights(request, world=world, tried=tried)


def _save(request: Request, form: Posted) -> Response:
    authors = [a.strip() for a in form.get("authors", "").split(",") if a.strip()]
    try:
        if not authors or not form.get("title", "").strip():
            raise UsageError("U305", "a set needs a title and somebody who answers for it", remedy="fill in both")
        made = bench_of(request).save(form.get("id", "").strip(), form["title"].strip(), authors, _day(form.get("valid_from", "")), _day(form.get("recheck_by", "")),
                                      date.today(), form.get("evidence", "").strip())
    except ScreeningError as error:
        return _weights(request, 400, problem=str(error))
    return see(f"/sign?set={made.id}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise KnowledgeError("K133", f"{quote(text)} is not a date", remedy="write it as YYYY-MM-DD") from None


@router.get("/thresholds")
def thresholds(request: Request, world: str = "", recall: str = "0.90") -> Response:
    bench = bench_of(request)
    worlds = bench.worlds()
    chosen = world if world in worlds else worlds[0]
    floor = float(recall) if _is_number(recall) and recall and 0 < float(recall) < 1 else 0.90
    rows = bench.thresholds(chosen, bench.weights(bench.now()))
    picked = {}
    for profile in CASE_PROFILES:
        mine = [t for t in rows if t.profile == profile and min(t.recall.low, t.begging.low if t.begging.n else 1.0) >= floor]
        picked[profile] = max((t.points for t in mine), default=0)
    return show(request, "bench_thresholds.html.j2", rows=rows, worlds=worlds, world=chosen, recall=floor, picked=picked, people=PEOPLE)


@router.get("/compare")
def compare(request: Request, one: str = "", two: str = "", world: str = "") -> Response:
    bench = bench_of(request)
    names = weight_set_ids(bench.checklist)
    problem, result, changes, worlds = "", None, [], []
    try:
        if one and two:
            first, second = _set(bench, one), _set(bench, two)
            changes = [(i, p, first.points[p][i], second.points[p][i]) for p in CASE_PROFILES for i in first.points[p] if first.points[p][i] != second.points[p][i]]
            worlds = bench.worlds(first, second)
            world = world if world in worlds else worlds[0]
            result = bench.tried(world, first, second)
    except ScreeningError as error:
        problem = str(error)
    return show(request, "bench_compare.html.j2", 400 if problem else 200, names=names, one=one, two=two, tried=result, changes=changes, worlds=worlds or bench.worlds(),
                world=world, problem=problem, people=PEOPLE)


def _set(bench: Bench, name: str) -> WeightSet:
    if name == "bench":
        return bench.weights(bench.now())
    if name not in weight_set_ids(bench.checklist):
        raise KnowledgeError("K110", f"there is no weight set {quote(name)}", remedy="choose one that is listed")
    return load_weights(bench.checklist, name, draft=True)
