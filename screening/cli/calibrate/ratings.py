"""`calibrate forms`, `ratings` and `agreement`: what people say, and how far they agree."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist import Checklist, Vignettes, load_checklist, teaching_sets
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.texts import Texts
from screening.cli.calibrate.options import MOST_SEED, RatingFiles, Seed, Sets
from screening.cli.options import SOURCE, Encoding, Lang, List_, Overwrite
from screening.cli.progress import progress
from screening.cli.terminal import columns, number, paragraph
from screening.errors import UsageError

if TYPE_CHECKING:
    from screening.calibration.agreement import Agreement
    from screening.calibration.ratings import Form, Ratings

__all__ = ["agreement", "forms", "ratings"]


class FormKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


def _form(checklist: str, sets: Sequence[str]) -> tuple[Checklist, list[Vignettes], Form]:
    from screening.calibration.ratings import form_of

    loaded = load_checklist(checklist)
    chosen = teaching_sets(loaded, sets)
    return loaded, chosen, form_of(loaded, chosen)


def _read(files: Sequence[Path], form: Form, encoding: str | None) -> Ratings:
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

    loaded, chosen, form = _form(checklist, sets or [])
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

        own = _read([before], form, encoding)
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

    _, _, form = _form(checklist, sets or [])
    found = _read(files, form, encoding)
    write_ratings(found, output, overwrite=overwrite)
    rated, coded = int((found.strength >= 0).sum()), int((found.codes >= 0).any(axis=2).sum())
    typer.echo(
        f"{len(found.raters)} raters, round {found.round}: {rated} ratings of signs, {coded}"
        f" vignettes coded. In {output}: codes, no names."
    )


def agreement(
    files: RatingFiles,
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    draws: Annotated[
        int, typer.Option("--draws", help="Bootstrap draws for each interval.")
    ] = 1000,
    seed: Seed = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Also write agreement.json and charts to this folder (charts need screening[ml]).",
        ),
    ] = None,
    encoding: Encoding = None,
    overwrite: Overwrite = False,
) -> None:
    """Measure how far the raters agree: overall, by sign and by rater, with intervals.

    Needs screening[trainer].

    Example: screening calibrate agreement ratings.csv
    """
    from screening.calibration.agreement import agreement as measure

    loaded, _, form = _form(checklist, sets or [])
    if not 100 <= draws <= 100_000:
        raise UsageError("U305.draws", place="--draws", draws=draws)
    found = _read(files, form, encoding)
    with progress("signs") as tick:
        result = measure(found, draws, seed, tick)
    typer.secho(
        f"Agreement of {result.raters} raters, round {result.round} ({draws} draws, seed {seed})",
        bold=True,
    )
    texts = loaded.texts("en")
    _print_agreement(result, texts)
    if output is not None:
        from screening.calibration.plots import draw_ratings, draw_signs
        from screening.calibration.report import agreement_json
        from screening.files.folder import write_folder

        files_ = {"agreement.json": agreement_json(result)}
        for kind in ("svg", "png"):
            files_ |= {
                f"signs.{kind}": draw_signs(result, texts.statement, kind),
                f"ratings.{kind}": draw_ratings(result, texts.statement, kind),
            }
        write_folder(output, files_, overwrite=overwrite)


def _print_agreement(result: Agreement, texts: Texts) -> None:
    """Over all, then what to look at: unclear signs, raters apart, the widest ratings."""
    from screening.calibration.agreement import ABOUT, DIFFERS

    typer.echo(
        paragraph(
            "Agreement is not truth: people may agree on a mistake. Beside the ratings stand the"
            " vignettes' keys."
        )
    )
    typer.echo()
    typer.echo(
        columns(
            [
                (
                    ABOUT[s.of],
                    s.name,
                    number(s.value),
                    f"{number(s.low)} to {number(s.high)}",
                    f"{s.units}",
                    s.note,
                )
                for s in result.overall
            ],
            ("of", "", "value", "95 %", "units", ""),
        )
    )
    unclear = sorted((i for i in result.indicators if i.unclear), key=lambda i: i.coding.value)
    typer.echo()
    typer.secho(
        f"Often seen, and coded differently: look at their texts ({len(unclear)})", bold=True
    )
    typer.echo(
        columns(
            [
                (
                    i.id,
                    number(i.coding.value),
                    f"{number(i.coding.low)} to {number(i.coding.high)}",
                    f"{100 * i.seen:.0f} %",
                    f"{100 * i.right:.0f} %",
                    texts.statement(i.id),
                )
                for i in unclear
            ],
            ("sign", "alpha", "95 %", "seen", "as key", ""),
        )
        if unclear
        else "none"
    )
    apart = [r for r in result.by_rater if r.differs]
    typer.echo()
    typer.secho(f"Raters who differ from the others, and surely so ({len(apart)})", bold=True)
    typer.echo(
        columns(
            [
                (
                    r.rater,
                    f"{r.level:+.2f}",
                    f"{100 * r.yes:+.1f} %",
                    number(r.key),
                    "; ".join(DIFFERS[d] for d in r.differs),
                )
                for r in apart
            ],
            ("rater", "level", "signs", "kappa with key", ""),
        )
        if apart
        else "none"
    )
    widest = sorted(
        result.indicators,
        key=lambda i: -max((s.high - s.low for s in i.strength.values() if s.n), default=0),
    )[:8]
    typer.echo()
    typer.secho("Rated most differently", bold=True)
    typer.echo(
        columns(
            [
                (i.id, p, " ".join(map(str, s.counts)), f"{s.median:g}")
                for i in widest
                for p, s in i.strength.items()
                if s.n
            ],
            ("sign", "", "none weak medium strong", "median"),
        )
    )
