"""`screening export ...`: one definition, every door out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.loading import load
from screening.cli.options import List_, Overwrite, StationFile, Weights
from screening.errors import UsageError

__all__ = ["pocket"]


def pocket(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="OUT", help="The file: a name that ends in .html."),
    ],
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    station: StationFile = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the pocket edition: help, street card, interview, list and finding in one HTML file
    for a phone. It needs no network and keeps nothing by itself.

    Example: screening export pocket -o pocket.html
    """
    from screening.connect.pocket import pocket_html
    from screening.contacts import contacts
    from screening.files.atomic import OutputFile

    if output.suffix.lower() != ".html":
        raise UsageError("U307.pocket_suffix", place=str(output))
    loaded, weight_set = load(checklist, weights)
    made = pocket_html(
        loaded, weight_set, lambda lang: contacts(loaded, lang, station, date.today())
    ).encode()
    with OutputFile(output, overwrite=overwrite) as out:
        out.write(made)
    typer.echo(f"written: {output} ({len(made) // 1000} kB)", err=True)
