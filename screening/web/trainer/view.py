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
from screening.errors import ScreeningError, mark
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

# What other parts of the program say word for word, so that it is translated too.
_SAID = (
    mark("no code of a rater"),
    mark("write the code that came with the form; never a name"),
    mark("the reason is too short to say anything"),
    mark("no held-out child falls with this set"),
    mark("leave the reason out; nothing asks for one"),
    mark("there is a weight set of this name already"),
    mark("choose another id; no set is ever changed"),
    mark("write a-z, 0-9, - and . only"),
    mark("write it out"),
    mark("the list's folder may not be written to"),
    mark("keep one of the two"),
    mark("check this machine's date"),
    mark("check this machine's date, or wait for that day"),
    mark("this file holds no signing key"),
)

# Remedies that are meant for the command line, and what they are on a page.
_REMEDIES = {
    "copy it letter by letter from the form; never write a name": mark(
        "copy it letter by letter; never write a name"
    ),
    "register the public key first: screening calibrate register": mark(
        "register the public key on the page Signatures first"
    ),
    "choose the file that 'screening calibrate key' wrote": mark(
        "choose the key file that was made for you"
    ),
    "copy the public key whole, as 'calibrate key' printed it": mark("copy the public key whole"),
    "give a later --recheck-by": mark("write a later day of re-check"),
    "copy the list's folder and name the copy with --checklist": mark(
        "copy the list's folder and start the program with the copy"
    ),
    "start from the form that 'screening calibrate forms' wrote": mark(
        "start from a form that these pages give"
    ),
    "give a file of ratings, or choose the method card": mark(
        "take in forms or rate on these pages first, or propose from a card"
    ),
    "give --model, or choose the method ratings": mark(
        "choose a card, or propose from what people say"
    ),
    "say for how many raters it counts, such as 5": mark(
        "write for how many raters the card counts, such as 5"
    ),
    "let 'screening calibrate weights' write the set, or write the changes as 'checklist diff' shows them": mark(
        "have the set written anew on the page Weights"
    ),
    "write previous (id and sha256) and changes, or have 'screening calibrate weights' write the set": mark(
        "have the set written anew on the page Weights"
    ),
    "write it as YYYY-MM-DD": mark("write it as year-month-day, such as 2028-01-31"),
}

# Problems that name a value or an option, by how they go.
_PROBLEMS = (
    (r".* is no code of a rater", mark("this is no code of a rater")),
    (r".* is no worth of a card", mark("this is not a number of raters")),
    (r"the method \w+ needs ratings", mark("there are no ratings yet")),
    (r"the method \w+ needs a card", mark("no card is chosen")),
    (r"\d+ rater", mark("fewer than two people have rated")),
    (r".* is not a date", mark("this is not a date")),
    (
        r"to be re-checked by .*, which is not after .*",
        mark("the day of re-check does not lie after the first day"),
    ),
    (
        r".* is not registered as a signer of the list .*",
        mark("this key is not registered as one of a signer"),
    ),
    (r".* has signed this set already", mark("this person has signed the set already")),
    (
        r"signer .* or their key is registered already",
        mark("this id or this key is registered already"),
    ),
    (r"key .* is not written as it must be", mark("the public key is not written as it must be")),
    (r"id .* is not written as it must be", mark("the id is not written as it must be")),
    (r"name .* is not written as it must be", mark("the name is not written as it must be")),
    (r"role .* is not written as it must be", mark("the role is not written as it must be")),
    (r"(.*\.yaml)' is no name of a weight set", mark("this is no name of a weight set")),
)


def plainly(request: Request, error: ScreeningError) -> str:
    """What is wrong, in the language of the page and without what only a command line has: options,
    commands, folders.
    """
    say = words(language_of(request))
    raw = error.remedy
    error.into(say)
    problem = next(
        (say(told) for form, told in _PROBLEMS if re.fullmatch(form, error.problem)), error.problem
    )
    remedy = say(_REMEDIES[raw]) if raw in _REMEDIES else error.remedy.replace(" (--override)", "")
    place = (
        ""
        if error.place.startswith("--")
        else ", ".join(
            Path(part).name if Path(part).is_absolute() else part
            for part in error.place.split(", ")
        )
    )
    return str(ScreeningError(error.code, problem, place=place, remedy=remedy))
