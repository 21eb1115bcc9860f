"""`statistics`: the tables a coordinator reports, from a casebook, small counts protected; or those
of the article that this project began with.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.options import SOURCE, Lang, Overwrite
from screening.cli.terminal import columns
from screening.errors import UsageError

if TYPE_CHECKING:
    from screening.casebook.statistics.monitor import Expectation
    from screening.casebook.statistics.report import Statistics
    from screening.casebook.statistics.table import Table
    from screening.checklist.texts import Texts
    from screening.cli.case.desk import Desk
    from screening.i18n import Words

__all__ = ["statistics"]


class Period(StrEnum):
    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"


def statistics(
    release: Annotated[
        bool,
        typer.Option(
            "--release",
            help="For people outside: counts below 10, and those that would give one away, are left"
            " out. So it is too where neither is given.",
        ),
    ] = False,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal", help="Show every count. That somebody looked is recorded in the casebook."
        ),
    ] = False,
    paper: Annotated[
        bool,
        typer.Option(
            "--paper",
            help="Instead, tables 1 to 5 of Maloku & Maloku (2019), and its percentages beside"
            " those that its counts give. Needs no casebook.",
        ),
    ] = False,
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="As of this day. Default: today.",
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="First day of the tables, and of the children's first meetings. Default: all.",
        ),
    ] = None,
    period: Annotated[Period, typer.Option("--period", help="Of the tables.")] = Period.YEAR,
    expected: Annotated[
        float | None,
        typer.Option(
            "--expected",
            metavar="SHARE",
            help="The share of children begging that should be identified, such as 0.05: compared"
            " with what is seen. There is no default.",
        ),
    ] = None,
    source: Annotated[
        str,
        typer.Option("--source", metavar="TEXT", help="Whose figure --expected is; shown with it."),
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="Write it: .csv and .xlsx have a row for each count, .svg the pictures.",
        ),
    ] = None,
    overwrite: Overwrite = False,
    lang: Lang = SOURCE,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Print what a coordinator reports: victims by period, how far children came, who is missed.

    Persons, meetings and acts are counted apart, and every table says which. Nothing leads from a
    count to a person.

    Example: screening statistics --store cases --period half --release -o 2026.xlsx
    """
    if release and internal:
        raise UsageError("U305.release_or_internal")
    if output is not None and output.suffix.lower() not in (".csv", ".xlsx", ".svg"):
        raise UsageError("U307.statistics_suffix", place=str(output))
    expectation = _expectation(expected, source)
    if paper:
        _of_paper(lang, output, overwrite)
        return
    from screening.casebook.statistics.facts import facts_of
    from screening.casebook.statistics.report import Wanted, statistics_of
    from screening.casebook.statistics.show import looked
    from screening.cli.case.desk import at_work

    with at_work(store, passphrase_file, by, on, lang) as desk:
        wanted = Wanted(desk.on, since.date() if since else None, period.value, expectation)
        looked(desk.load.store, desk.load.act, internal)
        found = statistics_of(facts_of(desk.load.store), wanted, internal)
        if output is None:
            _print(found, desk.say, desk.texts)
        else:
            _write(found, output, overwrite, desk)


def _expectation(expected: float | None, source: str) -> Expectation | None:
    if expected is None:
        return None
    from screening.casebook.statistics.monitor import expectation_of

    return expectation_of(expected, source)


def _print(found: Statistics, say: Words, texts: Texts) -> None:
    from screening.casebook.statistics.show import LEFT_OUT, monitor_lines

    _print_tables(found.tables, say, texts)
    typer.echo(say("Are fewer children begging identified than expected?"))
    for line in monitor_lines(found.monitor, say):
        typer.echo(f"  {line}")
    if not found.internal:
        typer.echo(say(LEFT_OUT), err=True)


def _print_tables(tables: tuple[Table, ...], say: Words, texts: Texts | None) -> None:
    from screening.casebook.statistics.show import about, cell, label
    from screening.casebook.statistics.table import TITLES

    for t in tables:
        typer.echo(say(TITLES[t.id]))
        typer.echo(about(t, say))
        rows = [
            [
                f"  {label(row, say, texts)}",
                *(cell(t.cells[row, c]) if (row, c) in t.cells else "-" for c in t.columns),
            ]
            for row in t.rows
        ]
        typer.echo(columns(rows, ["", *(label(c, say, texts) for c in t.columns)]) + "\n")


def _write(found: Statistics, output: Path, overwrite: bool, desk: Desk) -> None:
    """Write a file; that it was written is an event."""
    from screening.casebook.statistics.write import written

    kind = output.suffix.lower()
    _put(output, overwrite, written(found, kind, desk.say, desk.texts))
    what = "statistics, internal" if found.internal else "statistics"
    desk.load.export("", what, kind)
    typer.echo(desk.say("written: {path}", path=output), err=True)


def _put(output: Path, overwrite: bool, content: bytes) -> None:
    from screening.files.atomic import OutputFile

    with OutputFile(output, overwrite=overwrite) as out:
        out.write(content)


def _table_file(
    tables: tuple[Table, ...], output: Path, overwrite: bool, say: Words, texts: Texts | None
) -> None:
    from screening.casebook.statistics.write import table_file

    _put(output, overwrite, table_file(tables, output.suffix.lower(), say, texts))


def _of_paper(lang: str, output: Path | None, overwrite: bool) -> None:
    """The article's tables, and what it says beside what they say."""
    from screening.casebook.statistics.paper import claims, paper_tables
    from screening.casebook.statistics.show import label
    from screening.i18n import words

    say, tables = words(lang), tuple(paper_tables().values())
    if output is not None:
        if output.suffix.lower() == ".svg":
            raise UsageError("U307.paper_suffix", place=str(output))
        _table_file(tables, output, overwrite, say, None)
        typer.echo(say("written: {path}", path=output), err=True)
        return
    typer.echo("Maloku & Maloku (2019)\n")
    _print_tables(tables, say, None)
    rows = [
        [
            f"{c.table}",
            label(c.row, say),
            say("fall from 2017 to 2018") if c.measure == "fall" else say("share of all"),
            f"{c.printed:.2f} %",
            f"{c.right:.2f} %",
            say("wrong") if c.wrong else say("right"),
            c.text,
        ]
        for c in claims()
    ]
    head = [say(h) for h in ("Table", "Row", "What", "Printed", "By its counts")]
    typer.echo(columns(rows, [*head, "", say("Its words")]))
