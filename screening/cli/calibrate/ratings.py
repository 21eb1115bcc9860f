"""`calibrate forms` and `ratings`: what people say."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist import Checklist, Vignettes, load_checklist, teaching_sets
from screening.checklist.loader import DEFAULT_LIST
from screening.cli.calibrate.options import MOST_SEED, RatingFiles, Sets
from screening.cli.options import SOURCE, Encoding, Lang, List_, Overwrite
from screening.errors import UsageError

if TYPE_CHECKING:
    from screening.calibration.ratings import Form, Ratings

__all__ = ["form_of_list", "forms", "ratings", "read"]


class FormKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


def form_of_list(checklist: str, sets: Sequence[str]) -> tuple[Checklist, list[Vignettes], Form]:
    from screening.calibration.ratings import form_of

    loaded = load_checklist(checklist)
    chosen = teaching_sets(loaded, sets)
    return loaded, chosen, form_of(loaded, chosen)


def read(files: Sequence[Path], form: Form, encoding: str | None) -> Ratings:
    from screening.calibration.forms import read_ratings

    return read_ratings(files, form, encoding=encoding)


def forms(
    folder: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="New folder for the forms, and for register.csv, which says who has which code.",
        ),
    ],
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Name of a rater. Can be repeated."),
    ] = None,
    raters: Annotated[
        int, typer.Option("--raters", help="Number of forms, if no names are given.")
    ] = 0,
    before: Annotated[
        Path | None,
        typer.Option(
            "--before",
            metavar="FILE",
            help="Ratings of the first round, to make forms for the second round.",
        ),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    kind: Annotated[
        FormKind,
        typer.Option(
            "--format", help="xlsx: workbooks with lists to choose from. csv: one line per rating."
        ),
    ] = FormKind.XLSX,
    lang: Lang = SOURCE,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            min=0,
            max=MOST_SEED,
            help="The same seed gives the same codes. Default: random codes.",
        ),
    ] = None,
    encoding: Encoding = None,
) -> None:
    """Make forms in which people rate signs and code vignettes without seeing the key.

    Held-out vignettes are never used.

    Example: screening calibrate forms -o round-1 --raters 12
    """
    from screening.calibration.forms import Asked, Round, write_forms

    loaded, chosen, form = form_of_list(checklist, sets or [])
    seed = secrets.randbits(32) if seed is None else seed
    if before is None:
        people = names or [""] * raters
        if not 1 <= len(people) <= 500:
            raise UsageError("U305.rater_count", place="--raters")
        written = write_forms(
            folder, Asked(form, loaded, chosen), people, seed=seed, kind=kind.value, language=lang
        )
    else:
        from screening.calibration.agreement import spreads

        own = read([before], form, encoding)
        group = {name: dict(by) for name, by in spreads(own).items()}
        written = write_forms(
            folder,
            Asked(form, loaded, chosen),
            [],
            seed=seed,
            kind=kind.value,
            language=lang,
            round=Round(number=own.round + 1, before=group, own=own, codes=own.raters),
        )
    many = sum(p.name.startswith("form-") for p in written)
    typer.echo(
        f"{many} {'form' if many == 1 else 'forms'} in {folder}: {len(form.indicators)} signs"
        + (
            f", round {own.round + 1}, with what the group said."
            if before is not None
            else (
                f", {len(form.vignettes)} vignettes."
                if form.vignettes
                else f" and no vignettes: the list {form.checklist} has none made for teaching."
            )
        )
    )
    if before is None:
        typer.echo(
            "register.csv says who has which code. Keep it away from the ratings, and never send"
            " it on.",
            err=True,
        )


def ratings(
    files: RatingFiles,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="CSV file for all ratings, with codes and no names.",
        ),
    ],
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    encoding: Encoding = None,
    overwrite: Overwrite = False,
) -> None:
    """Check filled-in forms and write all ratings to one file.

    Example: screening calibrate ratings round-1/form-*.xlsx -o ratings.csv
    """
    from screening.calibration.forms import write_ratings

    _, _, form = form_of_list(checklist, sets or [])
    found = read(files, form, encoding)
    write_ratings(found, output, overwrite=overwrite)
    rated, coded = int((found.strength >= 0).sum()), int((found.codes >= 0).any(axis=2).sum())
    typer.echo(
        f"{len(found.raters)} raters, round {found.round}: {rated} ratings of signs, {coded}"
        f" vignettes coded. In {output}: codes, no names."
    )
