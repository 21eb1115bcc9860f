"""Options that commands of several groups have."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from screening.errors import UsageError
from screening.languages import LANGUAGES, SOURCE

__all__ = [
    "SOURCE",
    "AsOf",
    "Card",
    "Encoding",
    "Excel",
    "Jobs",
    "Lang",
    "List_",
    "Missing",
    "Overwrite",
    "Seed",
    "StationFile",
    "TableFormat",
    "Weights",
    "World",
]


class TableFormat(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    ARROW = "arrow"
    TABLE = "table"


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise UsageError("U305.language_unknown", place="--lang", lang=code, languages=LANGUAGES)
    return code


Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="LANG",
        parser=_language,
        help=f"Language: {', '.join(LANGUAGES)}. Never changes a result.",
    ),
]
List_ = Annotated[
    str,
    typer.Option("--checklist", metavar="ID", help="List: the id of a bundled list, or a folder."),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights", metavar="ID", help="Weight set. Default: the one in force for the list."
    ),
]
Card = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="ID",
        help="Also show the second opinion of this scorecard. It never changes the finding.",
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        help="Encoding of a CSV file that is not UTF-8, such as cp1250, cp1251 or utf-16.",
    ),
]
Worksheet = Annotated[
    str | None,
    typer.Option(
        "--sheet",
        metavar="NAME",
        help="Worksheet of a workbook. Default: the one that has a column case_id.",
    ),
]
Missing = Annotated[
    str | None,
    typer.Option(
        "--missing",
        metavar="CODES",
        help="What codes for missing answers stand for, such as 88=unknown,99=refused. Without it"
        " they are refused.",
    ),
]
Excel = Annotated[
    bool,
    typer.Option(
        "--excel",
        help="With --format csv: a CSV that a spreadsheet program opens with a double click, with a"
        " byte-order mark and the separator of the language (; in sq and sr).",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help=(
            "The day on which weights named by --weights must be valid, to reproduce an old result."
            " Default: today."
        ),
    ),
]
Jobs = Annotated[
    int, typer.Option("--jobs", metavar="N", min=1, help="Processes that work at the same time.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")]
World = Annotated[str, typer.Option("--world", metavar="ID", help="A world of the list.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same cases.")]
StationFile = Annotated[
    Path | None,
    typer.Option(
        "--contacts",
        "--file",
        metavar="FILE",
        help="Your station's contacts. Default: the file that SCREENING_CONTACTS names, or the one"
        " in your configuration folder.",
    ),
]
