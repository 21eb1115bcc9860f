"""`screening checklist ...`: list, show, lint, compare, and carry lists in and out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    help="The lists: show them, check them, compare them, carry them in and out.",
    rich_markup_mode=None,
)

ListId = Annotated[str, typer.Argument(metavar="LIST", help="A bundled id or a list's folder.")]


@app.command("list")
def list_() -> None:
    """The bundled lists, what each is for, its weight sets and who signed them.

    Example: screening checklist list
    """
    from screening.checklist import catalogue_ids, load_checklist, load_weights, weight_set_ids
    from screening.cli.terminal import columns

    rows = []
    for name in catalogue_ids():
        c = load_checklist(name)
        sets = ", ".join(
            f"{w} ({load_weights(c, w, draft=True).standing})" for w in weight_set_ids(c)
        )
        rows.append(
            (
                c.id,
                c.version,
                c.role,
                str(len(c.indicators)),
                sets,
                c.texts("en").get("list", "main", "title"),
            )
        )
    typer.echo(columns(rows, ("list", "version", "role", "indicators", "weight sets", "title")))


@app.command()
def show(
    checklist: ListId = DEFAULT_LIST,
    indicator: Annotated[
        str | None,
        typer.Option(
            "--indicator", metavar="ID", help="One indicator with its sources and weights."
        ),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="en, sq, sr or sr-Cyrl.")] = "en",
) -> None:
    """A list by section, or one indicator with everything that is known about it.

    Example: screening checklist show kosovo --indicator parent_directs_child_begging
    """
    from screening.cli import listing

    listing.show(checklist, indicator, lang)


@app.command()
def lint(
    checklist: Annotated[
        str | None,
        typer.Argument(
            metavar="LIST", help="A bundled id or a list's folder; without it, every bundled list."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 2 when anything is found.")
    ] = False,
) -> None:
    """What is legal in a list but wrong, unwise or out of date.

    Example: screening checklist lint kosovo --strict
    """
    from screening.checklist import catalogue_ids, load_checklist
    from screening.checklist.lint import lint as find

    names = [checklist] if checklist else catalogue_ids()
    found = [w for name in names for w in find(load_checklist(name), date.today())]
    for warning in found:
        typer.echo(str(warning))
    typer.echo(
        f"{len(names)} list{'s' if len(names) != 1 else ''} checked, {len(found)}"
        f" thing{'s' if len(found) != 1 else ''} to look at",
        err=True,
    )
    if found and strict:
        raise typer.Exit(2)


@app.command()
def diff(
    before: ListId,
    after: ListId,
    weights_before: Annotated[str | None, typer.Option("--weights-before", metavar="ID")] = None,
    weights_after: Annotated[str | None, typer.Option("--weights-after", metavar="ID")] = None,
) -> None:
    """What differs between two lists, or two weight sets of one.

    Example: screening checklist diff kosovo kosovo-street
    """
    from screening.checklist import load_checklist, load_weights
    from screening.checklist.compare import compare

    one, two = load_checklist(before), load_checklist(after)
    changes = compare(one, two, load_weights(one, weights_before), load_weights(two, weights_after))
    for change in changes:
        typer.echo(str(change))
    typer.echo(f"{len(changes)} difference{'s' if len(changes) != 1 else ''}", err=True)


@app.command("export")
def export_(
    checklist: ListId,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="OUT", help="An .xlsx to fill in, or an .html card to print."
        ),
    ],
    lang: Annotated[
        str, typer.Option("--lang", help="Language of the card: en, sq, sr or sr-Cyrl.")
    ] = "en",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace OUT if it exists.")
    ] = False,
) -> None:
    """A list as a workbook (to fill in the official references and texts) or as a card to print.

    Example: screening checklist export kosovo-street -o card.html --lang sq
    """
    from screening.cli import listing

    listing.export(checklist, output, lang, overwrite)


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A workbook with columns kosovo_ref, text_en, text_sq, text_sr and, if known, id.",
        ),
    ],
    into: Annotated[
        str,
        typer.Option(
            "--into",
            metavar="LIST",
            help="The list whose indicators the official text is mapped to.",
        ),
    ] = DEFAULT_LIST,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Write a list of its own here: ours with the official references and words.",
        ),
    ] = None,
) -> None:
    """Take in an official text: what matches our indicators by kosovo_ref, what is new, what is
    missing.

    Example: screening checklist import official.xlsx --into kosovo -o kosovo-official
    """
    from screening.cli import listing

    listing.import_(file, into, output)
