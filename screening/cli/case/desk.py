"""What every command about cases has: the open casebook, who is at work, on which day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.casebook import now, open_casebook
from screening.cli.loading import load
from screening.errors import UsageError
from screening.i18n import words
from screening.languages import SOURCE

if TYPE_CHECKING:
    from screening.casebook.caseload import Caseload
    from screening.casebook.event import Event
    from screening.casebook.state import CaseState
    from screening.checklist.texts import Texts
    from screening.i18n import Words

__all__ = ["CaseCode", "Day", "Desk", "OnDay", "Reason", "at_work", "day_of", "said"]

CaseCode = Annotated[str, typer.Argument(metavar="CASE", help="The case's number.")]
OnDay = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="The day it happened. Default: today.",
    ),
]
Reason = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason.")]
Day = datetime  # a day as the command line gives it


@dataclass(frozen=True)
class Desk:
    """An open casebook with the words of a language, on a day."""

    load: Caseload
    texts: Texts
    say: Words
    on: date

    @property
    def me(self) -> str:
        return self.load.act.by

    def record(self, events: list[Event], *seen: CaseState) -> None:
        """Record events, and say of each case what there is to do now."""
        for state in self.load.record(events, *seen).values():
            said(self, state)


@contextmanager
def at_work(
    store: Path | None,
    passphrase_file: Path | None,
    by: str | None,
    on: datetime | None = None,
    lang: str = SOURCE,
    checklist: str = DEFAULT_LIST,
    weights: str | None = None,
) -> Iterator[Desk]:
    """An open casebook. `U305` where none is named, and what opening one raises."""
    from screening.casebook.caseload import Caseload

    if store is None:
        raise UsageError("U305.no_store")
    loaded, weight_set = load(checklist, weights)
    with open_casebook(store, passphrase_file) as book:
        act = now(by)
        day = on.date() if on else act.at.astimezone().date()
        caseload = Caseload(book, (loaded, weight_set), act)
        yield Desk(caseload, loaded.texts(lang), words(lang), day)


def day_of(given: datetime | None) -> date | None:
    return given.date() if given else None


def said(desk: Desk, state: CaseState) -> None:
    """A case and its next step on stderr: what was found, who has it, what is to do."""
    from screening.cli.case.lines import headline, step_line

    typer.echo(headline(desk, state), err=True)
    for step in state.open_steps[:1]:
        typer.echo(f"  {step_line(desk, step)}", err=True)
