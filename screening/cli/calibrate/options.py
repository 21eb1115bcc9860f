"""Options that several commands of `screening calibrate` have."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["MOST_SEED", "Day", "KeyFile", "RatingFiles", "Seed", "Sets", "WeightsRef", "as_day"]

MOST_SEED = 2**32 - 1

Day = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="As of this day. Default: today.",
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME",
        help="Set of vignettes. Can be repeated. Default: those for teaching.",
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, max=MOST_SEED, help="The same seed gives the same result.")
]
RatingFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Forms that were filled in (.xlsx, .csv), or a file written by 'calibrate ratings'.",
    ),
]
WeightsRef = Annotated[
    str,
    typer.Argument(metavar="WEIGHTS", help="A weight set: an id in the list's folder, or a file."),
]
KeyFile = Annotated[
    Path,
    typer.Option(
        "--key", metavar="FILE", help="Your signing key. You are asked for its passphrase."
    ),
]


def as_day(on: datetime | None) -> date:
    """The day of an option, or today."""
    return on.date() if on else date.today()
