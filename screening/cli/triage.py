"""`triage`: the work list, of a file on one day or of a casebook over days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.schema import FINDINGS
from screening.cli import console
from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.loading import load
from screening.cli.options import (
    SOURCE,
    Encoding,
    Excel,
    Lang,
    List_,
    Missing,
    Overwrite,
    Weights,
    Worksheet,
)
from screening.cli.terminal import print_work_list, warn, warn_of_english
from screening.errors import UsageError

if TYPE_CHECKING:
    from screening.casebook.worklist import CaseList
    from screening.cli.case.desk import Desk

__all__ = ["triage"]

SHOWN = 50  # cases of a casebook on the screen


class ListFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Due(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"


FindingWord = StrEnum("FindingWord", {f: f for f in FINDINGS})  # type: ignore[misc]  # choices


def triage(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="A file of cases. Days waiting are counted from the column met_on (YYYY-MM-DD).",
        ),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    lang: Lang = SOURCE,
    encoding: Encoding = None,
    sheet: Worksheet = None,
    missing: Missing = None,
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Count days up to this date. Default: today.",
        ),
    ] = None,
    format_: Annotated[ListFormat, typer.Option("--format")] = ListFormat.TABLE,
    excel: Excel = False,
    store: Store = None,
    mine: Annotated[
        bool, typer.Option("--mine", help="Of a casebook: cases that you have or were offered.")
    ] = False,
    unassigned: Annotated[
        bool, typer.Option("--unassigned", help="Of a casebook: cases that nobody has.")
    ] = False,
    role: Annotated[
        str,
        typer.Option(
            "--role",
            metavar="ROLE",
            envvar="SCREENING_ROLE",
            help="Of a casebook: whose steps are yours, such as social_worker.",
        ),
    ] = "",
    due: Annotated[
        Due | None, typer.Option("--due", help="Of a casebook: only cases with a step due by then.")
    ] = None,
    changed_since: Annotated[
        datetime | None,
        typer.Option(
            "--changed-since",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Of a casebook: only cases that were changed on this day or later.",
        ),
    ] = None,
    sign: Annotated[
        str, typer.Option("--sign", metavar="ID", help="Of a casebook: only cases with this sign.")
    ] = "",
    finding: Annotated[
        FindingWord | None,
        typer.Option("--finding", help="Of a casebook: only cases with this finding."),
    ] = None,
    need: Annotated[
        str, typer.Option("--need", metavar="ID", help="Of a casebook: only cases with this need.")
    ] = "",
    with_words: Annotated[
        str,
        typer.Option(
            "--with",
            metavar="TEXT",
            help="Of a casebook: only cases with this in their number, a place or a note.",
        ),
    ] = "",
    saved: Annotated[
        str,
        typer.Option(
            "--list", metavar="NAME", help="Of a casebook: a list that was saved with --save."
        ),
    ] = "",
    save: Annotated[
        str,
        typer.Option("--save", metavar="NAME", help="Of a casebook: save this list under a name."),
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help=f"Show every case of a casebook, not the first {SHOWN}.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="Of a casebook: write the list, as .csv, .xlsx or .json.",
        ),
    ] = None,
    overwrite: Overwrite = False,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Print the work list: whom to see first, why, what is due and what to ask next.

    Example: screening triage cases.csv --on 2026-11-23
    """
    if file is None:
        from screening.casebook.filters import Filter
        from screening.cli.case.desk import at_work, day_of

        with at_work(store, passphrase_file, by, on, lang, checklist, weights) as desk:
            chosen = Filter(
                "mine" if mine else "unassigned" if unassigned else "team",
                _role(desk, role),
                due.value if due else "",
                finding.value if finding else "",
                _need(desk, need),
                sign and _sign(desk, sign),
                with_words,
            )
            if saved:
                chosen = Filter.of({**desk.load.filter(saved).plain(), **chosen.plain()})
            if save:
                desk.load.keep_filter(save, chosen)
            view = chosen.view(desk.on, desk.me, day_of(changed_since))
            most = None if everything or output else SHOWN
            _of_casebook(desk, desk.load.list(view, most), output, overwrite)
        return
    for option, given in (("--mine", mine), ("--unassigned", unassigned), ("--due", due)):
        if given:
            raise UsageError("U305.needs_store", place=str(file), option=option)
    others = (
        ("--output", output), ("--changed-since", changed_since), ("--sign", sign),
        ("--finding", finding), ("--need", need), ("--with", with_words), ("--list", saved),
        ("--save", save),
    )  # fmt: skip
    for option, value in others:
        if value:
            raise UsageError("U305.needs_store", place=str(file), option=option)
    if excel and format_ is not ListFormat.CSV:
        raise UsageError("U305.excel_csv_only", place="--excel", kind=format_.value)
    reading = (encoding, sheet, missing)
    _of_file(file, (checklist, weights, lang), reading, on, (format_, excel))


def _need(desk: Desk, need: str) -> str:
    """A need of the list. `U346`"""
    from screening.errors import nearest

    known = [n.id for n in desk.load.knowledge[0].needs]
    if need and need not in known:
        near = nearest(need, known)
        raise UsageError("U346.need_unknown", need=need, known=", ".join(known), near=near)
    return need


def _sign(desk: Desk, sign: str) -> str:
    """An indicator of the list. `C221`"""
    from screening.errors import CaseError, nearest

    checklist = desk.load.knowledge[0]
    indicator = checklist.current(sign)
    if indicator not in checklist.indicators:
        near = nearest(indicator, checklist.indicators)
        facts = {"indicator": indicator, "checklist": checklist.id, "near": near}
        raise CaseError("C221.indicator_unknown", **facts)
    return indicator


def _role(desk: Desk, role: str) -> str:
    """A role of the list. `U305`"""
    from screening.errors import nearest

    known = {step.who for step in desk.load.knowledge[0].steps}
    if role and role not in known:
        near = nearest(role, known)
        raise UsageError("U305.role_unknown", role=role, known=", ".join(sorted(known)), near=near)
    return role


def _of_file(
    file: Path,
    knowledge: tuple[str, str | None, str],
    reading: tuple[str | None, str | None, str | None],
    on: datetime | None,
    written: tuple[ListFormat, bool],
) -> None:
    from screening.i18n import words
    from screening.scoring import score as score_one
    from screening.scoring.triage import work_list
    from screening.tables.cases import read_cases

    today = on.date() if on else date.today()
    checklist, weights, lang = knowledge
    encoding, sheet, missing = reading
    loaded, weight_set = load(checklist, weights, today)
    reader = read_cases(file, loaded, encoding=encoding, today=today, sheet=sheet, missing=missing)
    items = work_list(((case, score_one(case, loaded, weight_set, lang)) for case in reader), today)
    warn(reader.warnings)
    format_, excel = written
    if format_ is ListFormat.TABLE:
        title = words(lang).plural("Work list: {n} case", "Work list: {n} cases", len(items))
        print_work_list(dict(enumerate(items, 1)), loaded.texts(lang), title)
        warn_of_english(loaded.texts(lang))
        typer.echo(f"Weights: {weight_set.id}, {weight_set.standing}.", err=True)
        return
    from screening.i18n import cell_separator
    from screening.tables.worklist import work_list_csv, work_list_json

    console.exact()
    separator = cell_separator(lang) if excel else None
    json = format_ is ListFormat.JSON
    typer.echo(work_list_json(items) if json else work_list_csv(items, separator), nl=False)


def _of_casebook(desk: Desk, found: CaseList, output: Path | None, overwrite: bool) -> None:
    """Print the list, or write it; either is an event."""
    from screening.cli.case.lines import print_list

    if output is None:
        desk.load.looked("work list")
        print_list(desk, found)
        warn_of_english(desk.texts)
        return
    from screening.files.atomic import OutputFile

    kind = output.suffix.lower()
    if kind not in (".csv", ".xlsx", ".json"):
        raise UsageError("U307.work_list_suffix", place=str(output))
    with OutputFile(output, overwrite=overwrite) as out:
        if kind == ".xlsx":
            from screening.tables.xlsxout import XlsxOut

            header, *rows = _rows(desk, found)
            book = XlsxOut(out, list(map(str, header)), [14] * len(header))
            book.rows(rows)
            book.close()
        else:
            out.write(_text(desk, found, kind).encode())
    desk.load.export("", "work list", kind)
    typer.echo(desk.say("written: {path}", path=output), err=True)


def _rows(desk: Desk, found: CaseList) -> Iterator[list[str | int | bool | None]]:
    """The list as rows of a table: codes and days, in the order of the list."""
    from dataclasses import astuple, fields

    from screening.casebook.worklist import CaseLine

    yield [f.name for f in fields(CaseLine)]
    for line in found:
        yield [
            "; ".join(v) if isinstance(v, tuple) else v.isoformat() if isinstance(v, date) else v
            for v in astuple(line)
        ]


def _text(desk: Desk, found: CaseList, kind: str) -> str:
    import json

    from screening.files.spreadsheet_safe import csv_text

    header, *rows = _rows(desk, found)
    if kind == ".csv":
        return csv_text([header, *rows])
    plain = [dict(zip(map(str, header), row, strict=True)) for row in rows]
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
