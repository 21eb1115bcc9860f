"""`score` and `explain`: files of cases in, findings out."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist import WeightSet
from screening.checklist.loader import DEFAULT_LIST
from screening.cli import console
from screening.cli.loading import case_in, load, load_card
from screening.cli.options import (
    SOURCE,
    AsOf,
    Card,
    Encoding,
    Excel,
    Lang,
    List_,
    Missing,
    TableFormat,
    Weights,
    Worksheet,
)
from screening.cli.progress import progress
from screening.cli.terminal import print_explanation, warn, warn_of_english
from screening.errors import UsageError
from screening.i18n import words

if TYPE_CHECKING:
    from screening.tables.pipeline import Summary

__all__ = ["explain", "score"]


def score(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Files of cases: CSV, XLSX, Parquet, Arrow or JSON; or one folder of them.",
        ),
    ],
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="Write the results to this file. It must not exist yet (see --overwrite). For a"
            " folder of files, give a folder; an interrupted run continues where it stopped.",
        ),
    ] = None,
    format_: Annotated[
        TableFormat | None,
        typer.Option("--format", help="Default: by the name of OUT, or a table on the screen."),
    ] = None,
    lang: Lang = SOURCE,
    encoding: Encoding = None,
    sheet: Worksheet = None,
    missing: Missing = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME",
            help="Read another organisation's table with one of the list's mappings, such as ctdc.",
        ),
    ] = None,
    means_only: Annotated[
        bool,
        typer.Option(
            "--ctdc-means-only", help="With --from ctdc: ignore the recorded form of exploitation."
        ),
    ] = False,
    model: Card = None,
    on: AsOf = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace OUT if it exists.")
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NAMES",
            help="Only these columns of the results, with commas between: finding,points.",
        ),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            "--keep",
            metavar="all|COLUMNS",
            help="Carry these columns of the files to the results, never scored: sex,region. all:"
            " every column that is no answer.",
        ),
    ] = None,
    excel: Excel = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            help="For a folder: processes on this machine; without it, one for each processor.",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="For a folder: a dask scheduler's address, or 'local'.",
        ),
    ] = None,
) -> None:
    """Score tables of cases: one result per row, in the same order.

    Example: screening score cases.xlsx -o scored.xlsx
    """
    from screening.tables.pipeline import Job, score_file

    folder = any(file.is_dir() for file in files)
    kind = _kind_in_folder(files, format_, output) if folder else _kind(format_, output)
    for option, given in (("--jobs", jobs), ("--cluster", cluster)):
        if given is not None and not folder:
            raise UsageError("U305.folder_only", option=option)
    if source is not None and folder:
        raise UsageError("U305.folder_not_mapped", place="--from")
    if excel and folder:
        raise UsageError("U305.excel_csv_only", place="--excel", kind=kind)
    if means_only and source is None:
        raise UsageError("U305.ctdc_means_alone")
    loaded, weight_set = load(checklist, weights, on.date() if on else None)
    job = Job(
        encoding=encoding,
        sheet=sheet,
        today=date.today(),
        mapping=source,
        means_only=means_only,
        model=load_card(model, loaded),
        language=lang,
        overwrite=overwrite,
        columns=None if columns is None else _names(columns),
        keep=None if keep == "all" else _names(keep or ""),
        missing=missing,
        excel=excel,
    )
    with progress("scoring") as tick:
        told = replace(job, progress=tick)
        if folder and output is not None:
            from screening.tables.dataset import score_dataset

            summary: Summary = score_dataset(
                files[0],
                output,
                loaded,
                weight_set,
                n_jobs=jobs or -1,
                cluster=cluster,
                format=kind,
                job=told,
            )
        else:
            if output is None and kind in ("json", "csv"):
                console.exact()
            summary = score_file(files, loaded, weight_set, output or sys.stdout, kind, told)
    warn(summary.warnings)
    texts = loaded.texts(lang)
    counts = ", ".join(
        f"{texts.get('findings', f, 'label')}: {n}" for f, n in summary.by_finding.items()
    )
    rows = words(lang)("{n} rows in, {n} rows out.", n=summary.rows)
    typer.echo(f"{rows} {counts}", err=True)
    warn_of_english(texts)
    _say_weights(weight_set)


def _names(given: str) -> tuple[str, ...]:
    """Names with commas between."""
    return tuple(name.strip() for name in given.split(",") if name.strip())


def _kind_in_folder(files: list[Path], asked: TableFormat | None, output: Path | None) -> str:
    """The format of the files of results; `U305` where a folder is not scored by itself."""
    if len(files) > 1:
        raise UsageError("U305.folder_alone")
    if output is None:
        raise UsageError("U305.folder_needs_output")
    return asked.value if asked else "parquet"


def _kind(asked: TableFormat | None, output: Path | None) -> str:
    """The format asked for, or what OUT's name tells; a table where it goes to the screen."""
    from screening.tables.kinds import format_of

    given = asked.value if asked else None
    if output is not None:
        return format_of(output, given)
    if given in ("xlsx", "parquet", "arrow"):
        raise UsageError("U305.not_for_terminal", kind=given)
    return given or "table"


def _say_weights(weights: WeightSet) -> None:
    """Whose judgement the findings rest on, and what contested means where a set says what could as
    well have come out.
    """
    told = f"Weights: {weights.id}, {weights.standing}."
    if weights.alternatives:
        told += (
            f" Contested: how many of {len(weights.alternatives)} sets that the same people could"
            " as well have given lead to another finding."
        )
    typer.echo(told, err=True)


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of cases.")],
    case_id: Annotated[str, typer.Option("--case", metavar="ID", help="Id of the case.")],
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    lang: Lang = SOURCE,
    encoding: Encoding = None,
    sheet: Worksheet = None,
    missing: Missing = None,
    model: Card = None,
    on: AsOf = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every open question.")] = False,
) -> None:
    """Explain one case: finding, range, reasons, open questions, next steps and sources.

    Example: screening explain cases.json --case OP-22-05-03 --lang sq
    """
    from screening.scoring import score as score_one
    from screening.scoring.explain import explain as in_words

    loaded, weight_set = load(checklist, weights, on.date() if on else None)
    found = case_in(file, case_id, loaded, encoding, sheet, missing)
    texts = loaded.texts(lang)
    card = load_card(model, loaded)
    assessment = score_one(found, loaded, weight_set, lang)
    if card is not None:
        assessment = replace(assessment, second_opinion=card.opinion(found, loaded))
    print_explanation(in_words(assessment, texts, None if everything else 8), title=case_id)
    warn_of_english(texts)
