"""`case import`: a table of meetings into a casebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.case.desk import OnDay, at_work
from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.options import SOURCE, Encoding, Lang, List_, Weights
from screening.cli.terminal import warn
from screening.errors import UsageError, mark

__all__ = ["import_"]

KINDS = {
    "new_case": mark("new case"),
    "new_meeting": mark("new meeting"),
    "changed": mark("changed"),
    "conflict": mark("contradicts what is recorded: left out"),
    "same": mark("there already"),
}


def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A table with a row for each meeting.")
    ],
    match: Annotated[
        list[str] | None,
        typer.Option(
            "--match",
            metavar="COLUMN=NAME",
            help="What a column of yours is: case_id, met_on, encounter_id, age, place, company,"
            " note, an indicator, or - to leave it out. Can be repeated.",
        ),
    ] = None,
    saved: Annotated[
        str,
        typer.Option(
            "--columns",
            metavar="NAME",
            help="Save what is matched under this name, or use what was saved.",
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be taken in, and record nothing.")
    ] = False,
    take_conflicts: Annotated[
        bool,
        typer.Option(
            "--take-conflicts", help="Record the table's side too, as corrections; both stay."
        ),
    ] = False,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    encoding: Encoding = None,
) -> None:
    """Take in a table of meetings: new cases, new meetings, what changed. The same table again
    changes nothing.

    Example: screening case import children.xlsx --match "Emri i kodit=case_id" --columns ours
    """
    from screening.casebook.intake import meetings, taken_in

    with at_work(store, passphrase_file, by, on, lang, checklist, weights) as desk:
        load = desk.load
        columns: Mapping[str, str] = _columns(match or [])
        if saved and not columns:
            columns = load.columns(saved)
        rows, told = meetings(file, load.knowledge[0], columns, desk.on, encoding)
        warn(told)
        numbers = dict.fromkeys(r.case.case_id for r in rows)
        states = {c: s for c in numbers if (s := load.find(c)) is not None}
        taken = taken_in(rows, states, load.act, desk.on, take_conflicts)
        for t in taken:
            if t.kind != "same":
                what = f" ({', '.join(t.what)})" if t.what and t.kind != "new_case" else ""
                typer.echo(
                    f"{t.row.case.case_id}  {t.row.encounter}: {desk.say(KINDS[t.kind])}{what}"
                )
        counts = {k: sum(t.kind == k for t in taken) for k in KINDS}
        typer.echo(", ".join(f"{desk.say(KINDS[k])}: {n}" for k, n in counts.items()), err=True)
        if dry_run:
            typer.echo(desk.say("Nothing was recorded."), err=True)
            return
        load.take_in(taken, states, desk.on)
        if saved and match:
            load.keep_columns(saved, columns)


def _columns(given: list[str]) -> dict[str, str]:
    found = {}
    for text in given:
        column, equals, name = text.rpartition("=")
        if not equals:
            raise UsageError("U345.no_match", text=text)
        found[column.strip()] = name.strip()
    return found
