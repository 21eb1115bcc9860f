"""What all of the trainer's pages share: their frame, figures, and what is wrong in the words of a
page.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from screening.checklist.schema import CASE_PROFILES
from screening.errors import ScreeningError
from screening.i18n import words
from screening.web.trainer.state import Bench
from screening.web.view import Posted, language_of, page, posted

__all__ = ["Form", "bench_of", "number", "number_in", "plainly", "share_in", "show"]

Form = Annotated[Posted, Depends(posted)]


def bench_of(request: Request) -> Bench:
    """The run's bench."""
    bench: Bench = request.app.state.bench
    return bench


def show(
    request: Request, template: str, status: int = 200, *, here: str = "", **values: Any
) -> Response:
    """A page of the bench.

    `here` is where it can be had again, in another language: needed where a form is answered with a
    page.
    """
    bench = bench_of(request)
    texts = bench.checklist.texts(language_of(request))
    return page(
        request,
        template,
        status,
        bench=bench,
        texts=texts,
        number=number,
        profiles=CASE_PROFILES,
        here=here or again(request),
        **values,
    )


def again(request: Request) -> str:
    """The address that shows this page again; the start page for what was posted."""
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def number(value: float, digits: int = 2) -> str:
    """A figure as it is shown; what is not defined is a dash."""
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def number_in(text: str) -> float:
    """A number as people write it, with a point or a comma; NaN for anything else."""
    return (
        float(text.strip().replace(",", "."))
        if re.fullmatch(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?", text.strip(), re.ASCII)
        else math.nan
    )


def share_in(text: str) -> float:
    """A share as people write it:

    0.95, 0,95, 95 or 95 %. NaN for anything else, such as 1.5, which may mean either.
    """
    bare = text.strip().removesuffix("%")
    value = number_in(bare)
    if bare != text.strip() or value >= 10:
        value /= 100
    return value if 0 < value < 1 else math.nan


# -- what is wrong ---------------------------------------------------------------------------------


def plainly(request: Request, error: ScreeningError) -> str:
    """What is wrong, in the language of the page and without what only a command line has: options,
    commands, folders.
    """
    parts = [] if error.place.startswith("--") else error.place.split(", ")
    error.place = ", ".join(Path(p).name if Path(p).is_absolute() else p for p in parts)
    return str(error.into(words(language_of(request)), page=True))
