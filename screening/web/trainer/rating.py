"""The trainer's pages of ratings: forms in and out, rounds, and rating on the pages themselves."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response, UploadFile

from screening.calibration.forms import ANONYMOUS_FROM, Asked, ratings_csv, write_form
from screening.calibration.ratings import ANSWERS, SCALE, check_code, new_codes
from screening.checklist.schema import FINDINGS
from screening.errors import ScreeningError, UsageError
from screening.web.trainer.rounds import What
from screening.web.trainer.state import Bench
from screening.web.trainer.view import Form, bench_of, plainly, show
from screening.web.view import language_of, page, see, speak

__all__ = ["router", "sections_of"]

router = APIRouter(include_in_schema=False)
Files = list[UploadFile]

_MOST_FILES = 200


@router.get("/")
def home(request: Request, taken: int = 0, out: str = "", n: int = 0, gone: int = 0) -> Response:
    """The start page.

    `taken` and `gone` say what was just done; `out` and `n` ask whether somebody's ratings are
    taken out.
    """
    rounds = bench_of(request).rounds
    try:
        asked = (check_code(out), n, rounds.count(out, n)) if out else None
    except ScreeningError as error:
        return _home(request, error)
    return _home(request, taken=taken, gone=gone, asked=asked)


def _home(
    request: Request,
    error: ScreeningError | None = None,
    status: int = 400,
    typed: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    said = {"taken": 0, "gone": 0, "asked": None, **values}
    rounds = bench_of(request).rounds
    return show(
        request,
        "web/trainer/ratings.html.j2",
        status if error else 200,
        here="/" if error else "",
        problems=[plainly(request, e) for e in (error, *error.others)] if error else [],
        rounds=rounds,
        there=rounds.there(),
        filled=typed or {},
        **said,
    )


@router.post("/language")
def language(request: Request, form: Form) -> Response:
    target = form.get("back", "/")
    answer = see(target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/")
    speak(answer, form.get("lang", ""))
    return answer


@router.get("/blank")
def blank(request: Request) -> Response:
    return page(request, "web/blank.html.j2")


# -- forms and rounds ------------------------------------------------------------------------------


@router.post("/ratings")
def take(request: Request, files: Files) -> Response:
    try:
        if len(files) > _MOST_FILES:
            raise UsageError("U305.too_many_files", n=len(files), most=_MOST_FILES)
        taken = bench_of(request).rounds.take(
            [(f.filename or "form", f.file.read()) for f in files]
        )
    except ScreeningError as error:
        return _home(request, error)
    return see(f"/?taken={taken}")


@router.post("/out")
def take_out(request: Request, form: Form) -> Response:
    """Take out somebody's ratings of a round; asked once more first."""
    rounds, code, n = bench_of(request).rounds, form.get("code", ""), form.get("round", "")
    number = int(n) if n in map(str, rounds.there()) else 0
    try:
        if form.get("sure") == "yes":
            return see(f"/?gone={rounds.take_out(code, number)}")
        rounds.count(code, number)
    except ScreeningError as error:
        return _home(request, error, typed=form)
    return see(f"/?out={check_code(code)}&n={number}")


@router.get("/ratings.csv")
def ratings(request: Request, round: int = 0) -> Response:
    rounds = bench_of(request).rounds
    found = rounds.hand_out(round or rounds.round)
    if found is None:
        return _home(
            request,
            UsageError("U305.nothing_rated"),
        )
    return Response(
        ratings_csv(found),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="ratings-round-{found.round}.csv"'},
    )


@router.get("/form.{kind}")
def blank_form(request: Request, kind: str, code: str = "") -> Response:
    """A form to fill in elsewhere."""
    bench = bench_of(request)
    if kind not in ("xlsx", "csv"):
        return _home(
            request,
            UsageError("U307.form_kind", kind=kind),
            404,
        )
    code = check_code(code) if code else _new_code()
    with tempfile.TemporaryDirectory() as folder:  # an empty form: nothing anybody said
        path = Path(folder) / f"form-{code}.{kind}"
        write_form(
            path,
            Asked(bench.form, bench.checklist, bench.sets),
            code,
            language=language_of(request),
        )
        content = path.read_bytes()
    media = (
        "text/csv"
        if kind == "csv"
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    return Response(
        content,
        media_type=media,
        headers={"content-disposition": f'attachment; filename="form-{code}.{kind}"'},
    )


def _new_code() -> str:
    return new_codes(1, secrets.randbits(32))[0]


@router.post("/round")
def choose_round(request: Request, form: Form) -> Response:
    """Let agreement and weights rest on another round."""
    n = form.get("round", "")
    try:
        bench_of(request).rounds.choose(
            int(n) if n.isascii() and n.isdigit() and len(n) == 1 else 0
        )
    except ScreeningError as error:
        return _home(request, error)
    return see(form["back"] if form.get("back") in ("/agreement", "/weights") else "/")


@router.post("/second")
def second(request: Request, form: Form) -> Response:
    """Open the second round, or close it again while nobody has rated in it."""
    rounds = bench_of(request).rounds
    try:
        if form.get("do") == "close":
            rounds.close()
        else:
            rounds.open_next()
    except ScreeningError as error:
        return _home(request, error)
    return see("/")


# -- rating on the pages ---------------------------------------------------------------------------


@router.post("/rate")
def begin_rating(request: Request, form: Form) -> Response:
    """Begin with a new code, or go on with one; whoever may not is told before they rate
    anything.
    """
    rounds, code = bench_of(request).rounds, form.get("code", "").strip()
    try:
        if not code and rounds.asking > 1:
            raise UsageError("U305.not_in_first_round")
        code = rounds.may_rate(code or _new_code())
    except ScreeningError as error:
        return _home(request, error, typed=form)
    return see(f"/rate/{code}/signs/0")


@router.get("/rate/{code}/signs/{n}")
def rate_signs(request: Request, code: str, n: int) -> Response:
    rounds = bench_of(request).rounds
    code = rounds.may_rate(code)
    return _rate_signs(
        request, code, n, rounds.given(code, 1) | rounds.given(code)
    )  # whoever does not change stays


def _rate_signs(
    request: Request, code: str, n: int, given: Mapping[What, str], problem: str = ""
) -> Response:
    bench = bench_of(request)
    sections = sections_of(bench)
    name, indicators = _nth(sections, n)
    return show(
        request,
        "web/trainer/rate_signs.html.j2",
        400 if problem else 200,
        here=f"/rate/{code}/signs/{n}",
        code=code,
        n=n,
        section=name,
        indicators=indicators,
        of=len(sections),
        given=given,
        scale=SCALE,
        problem=problem,
        group=bench.rounds.group(),
        own=bench.rounds.given(code, 1),
        enough=ANONYMOUS_FROM,
    )


@router.post("/rate/{code}/signs/{n}")
def keep_signs(request: Request, code: str, n: int, form: Form) -> Response:
    bench = bench_of(request)
    code, sections = bench.rounds.may_rate(code), sections_of(bench)
    _, indicators = _nth(sections, n)
    given = {
        ("strength", "", i, p): form.get(f"{p}:{i}", "")
        for i in indicators
        for p in bench.form.indicators[i]
    }
    try:
        bench.rounds.rate(code, given)
    except ScreeningError as error:
        return _rate_signs(request, code, n, given, plainly(request, error))
    stories = (
        f"/rate/{code}/story/0" if bench.rounds.asking == 1 and bench.form.vignettes else "/"
    )  # a later round asks for signs alone
    onward = f"/rate/{code}/signs/{n + 1}" if n + 1 < len(sections) else stories
    return see("/" if form.get("go") == "stop" else onward)


@router.get("/rate/{code}/story/{n}")
def rate_story(request: Request, code: str, n: int) -> Response:
    rounds = bench_of(request).rounds
    code = rounds.may_rate(code)
    return _rate_story(request, code, n, rounds.given(code))


def _rate_story(
    request: Request,
    code: str,
    n: int,
    given: Mapping[What, str],
    problem: str = "",
    alone: bool = False,
) -> Response:
    bench = bench_of(request)
    vignette = _nth(bench.form.vignettes, n)
    told = next(s for s in bench.sets if any(v.id == vignette.id for v in s.cases))
    signs = set(_signs(bench, n))
    sections = [(s, [i for i in ids if i in signs]) for s, ids in sections_of(bench)]
    gone_through = any(
        what[:2] == ("code", vignette.id) and value == ANSWERS[1] for what, value in given.items()
    )
    return show(
        request,
        "web/trainer/rate_story.html.j2",
        400 if problem or alone else 200,
        here=f"/rate/{code}/story/{n}",
        code=code,
        n=n,
        of=len(bench.form.vignettes),
        vignette=vignette,
        problem=problem,
        alone=alone,
        title=told.told(vignette, "title", language_of(request)),
        story=told.told(vignette, "story", language_of(request)),
        sections=[s for s in sections if s[1]],
        given=given,
        findings=FINDINGS,
        gone_through=gone_through,
    )


@router.post("/rate/{code}/story/{n}")
def keep_story(request: Request, code: str, n: int, form: Form) -> Response:
    """A finding and codes.

    With a finding and no code it is asked whether the signs were gone through: only then all others
    are open.
    """
    bench = bench_of(request)
    code, vignette = bench.rounds.may_rate(code), _nth(bench.form.vignettes, n)
    signs, finding = _signs(bench, n), form.get("finding", "")
    given = {("code", vignette.id, i, ""): form.get(f"code:{i}", "") for i in signs}
    coded = any(given.values())
    if form.get("through") == "yes" and not coded:
        given["code", vignette.id, signs[0], ""] = ANSWERS[
            1
        ]  # one that says so makes all the others open
    given["finding", vignette.id, "", ""] = finding
    if finding and not coded and form.get("through") != "yes" and form.get("alone") != "yes":
        return _rate_story(request, code, n, given, alone=True)
    try:
        bench.rounds.rate(code, given)
    except ScreeningError as error:
        return _rate_story(request, code, n, given, plainly(request, error))
    onward = f"/rate/{code}/story/{n + 1}" if n + 1 < len(bench.form.vignettes) else "/"
    return see("/" if form.get("go") == "stop" else onward)


def _signs(bench: Bench, n: int) -> list[str]:
    """What may be coded in the n-th vignette."""
    profile = bench.profile(n)
    return [i for i, profiles in bench.form.indicators.items() if profile in profiles]


def sections_of(bench: Bench) -> list[tuple[str, list[str]]]:
    """The list's sections with the signs that are rated."""
    found = [
        (s, [i for i in ids if i in bench.form.indicators])
        for s, ids in bench.checklist.sections.items()
    ]
    return [s for s in found if s[1]]


def _nth(items: Sequence[Any], n: int) -> Any:
    if not 0 <= n < len(items):
        raise UsageError("U304.no_page_number", n=n)
    return items[n]
