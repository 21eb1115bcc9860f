"""`contacts`: whom to call, as this station filled it in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST, load_checklist
from screening.cli.options import SOURCE, Lang, List_, StationFile
from screening.cli.terminal import columns, warn, warn_of_english
from screening.contacts import (
    Contacts,
    change,
    contacts,
    contacts_path,
    read_contacts,
    station_words,
    write_contacts,
)
from screening.i18n import Words, words

__all__ = ["check", "set_", "show"]


def show(file: StationFile = None, lang: Lang = SOURCE, checklist: List_ = DEFAULT_LIST) -> None:
    """Show whom to call, and how far each number was checked.

    Example: screening contacts show --lang sq
    """
    loaded = load_checklist(checklist)
    found, say = contacts(loaded, lang, file, date.today()), words(lang)
    _print(found, say)
    warn_of_english(loaded.texts(lang))


def _print(found: Contacts, say: Words) -> None:
    heads = ["id", say("Who"), say("Number"), say("How far it was checked")]
    rows = [[c.id, c.name, c.number or "-", c.standing(say.language)] for c in found.lines]
    named = station_words(say)
    rows += [
        [field, name, "", getattr(found, field) or say("not filled in")]
        for field, name in named.items()
    ]
    typer.echo(columns(rows, heads))
    assert found.path is not None
    there = found.path.is_file()
    line = say("File: {path}") if there else say("File: {path} (not there yet)")
    typer.echo(line.replace("{path}", str(found.path)), err=True)


def set_(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="An id that `show` lists: csw_on_duty, unit, address ..."
        ),
    ],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="The number, or the words; '' takes it out.")
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What your station calls who answers.")
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            "--verified-by",
            metavar="WHO",
            help="Who called the number and reached the right office. Without it, every page and"
            " paper says that it is not verified.",
        ),
    ] = "",
    on: Annotated[
        datetime | None,
        typer.Option(
            "--verified-on",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="The day on which it was verified. Default: today.",
        ),
    ] = None,
    file: StationFile = None,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Fill in one number, or your unit, address or signature line. Done once for a station.

    Example: screening contacts set csw_on_duty "038 200 111" --verified-by "A. Krasniqi"
    """
    path, loaded = contacts_path(file), load_checklist(checklist)
    verified = (by, on.date() if on else date.today()) if by.strip() else None
    changed = change(read_contacts(path, loaded), loaded, what, value, name, verified)
    write_contacts(changed, path)
    typer.echo(f"written: {path}", err=True)


def check(file: StationFile = None, lang: Lang = SOURCE, checklist: List_ = DEFAULT_LIST) -> None:
    """Read the contacts strictly, and list what is not filled in, not verified, or verified over a
    year ago.

    Example: screening contacts check
    """
    found, say = contacts(load_checklist(checklist), lang, file, date.today()), words(lang)
    todo = found.to_do(date.today(), lang)
    warn(todo)
    typer.echo(
        say.plural("{n} thing to see to.", "{n} things to see to.", len(todo))
        if todo
        else say("Every number is filled in and verified.")
    )
