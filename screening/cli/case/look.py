"""`case show`, `find` and `week`: looking at cases. That somebody looked is an event."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.case.desk import CaseCode, OnDay, at_work
from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.options import SOURCE, Lang, List_, Overwrite, Weights
from screening.cli.terminal import paragraph, warn_of_english
from screening.errors import UsageError

__all__ = ["find", "show", "week"]


def show(
    case: CaseCode,
    brief: Annotated[
        bool,
        typer.Option("--brief", help="One page for a case conference: without notes and answers."),
    ] = False,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
) -> None:
    """Show a case: meetings, findings, answers old and new, steps, referrals, links.

    Example: screening case show K-17 --store cases
    """
    from screening.cli.case.lines import case_lines, headline

    with at_work(store, passphrase_file, by, on, lang, checklist, weights) as desk:
        state = desk.load.look(case, "brief" if brief else "case")
        left_out = {desk.say(t) for t in ("Notes", "Answers")} if brief else set()
        typer.secho(headline(desk, state), bold=True)
        if brief and state.now is not None:
            yes = [desk.texts.statement(i) for i in state.now.reasons]
            typer.echo(paragraph(f"{desk.say('Why')}: {'; '.join(yes)}", "  ", "    "))
        for title, lines in case_lines(desk, state):
            if lines and title not in left_out:
                typer.echo()
                typer.secho(title, bold=True)
                for line in lines:
                    typer.echo(paragraph(line, "  ", "    "))
        warn_of_english(desk.texts)


def find(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="Part of a case number, of a place or of a note.")
    ] = "",
    worker: Annotated[
        str, typer.Option("--worker", metavar="NAME", help="Who has the case or met the person.")
    ] = "",
    sign: Annotated[
        str, typer.Option("--sign", metavar="ID", help="An indicator that was answered yes.")
    ] = "",
    met: Annotated[
        datetime | None,
        typer.Option("--met", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Met on this day."),
    ] = None,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    lang: Lang = SOURCE,
) -> None:
    """Find cases by number, place, note, day, worker or sign; closed ones too.

    Example: screening case find "bus station" --worker arta --store cases
    """
    from screening.casebook.search import Search, matching
    from screening.cli.case.lines import headline

    day = met.date() if met else None
    with at_work(store, passphrase_file, by, None, lang) as desk:
        wanted = Search(text, worker, sign, day)
        found = [state for state in desk.load.states() if matching(state, wanted)]
        desk.load.looked("find")
        for state in found:
            typer.echo(headline(desk, state))
        typer.echo(desk.say.plural("{n} case found", "{n} cases found", len(found)), err=True)


def week(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="A calendar (.ics) with case numbers only. Without it the week is printed.",
        ),
    ] = None,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="Whose steps.")] = "",
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
    overwrite: Overwrite = False,
) -> None:
    """The seven days from a day on: what is due on each, in case numbers, to print or for a
    calendar.

    Example: screening case week --role social_worker -o week.ics --store cases
    """
    from screening.casebook.reminders import calendar, reminders
    from screening.casebook.worklist import View
    from screening.files.atomic import OutputFile

    if output is not None and output.suffix.lower() != ".ics":
        raise UsageError("U307.calendar_suffix", place=str(output))
    with at_work(store, passphrase_file, by, on, lang) as desk:
        view = View(desk.on, desk.me, role, "mine", due=desk.on + timedelta(days=6))
        found = reminders(desk.load.list(view), desk.on)
        if output is not None:
            with OutputFile(output, overwrite=overwrite) as out:
                out.write(calendar(found, desk.load.act.at).encode())
            desk.load.export("", "calendar", ".ics")
            typer.echo(desk.say("written: {path}", path=output), err=True)
            return
        desk.load.looked("week")
        days: dict[date, list[str]] = {}
        for r in found:
            days.setdefault(r.day, []).append(r.case)
        for day, cases in sorted(days.items()):
            late = f" ({desk.say('overdue')})" if day < desk.on else ""
            typer.echo(paragraph(f"{day.isoformat()}{late}: {', '.join(cases)}", "", "    "))
