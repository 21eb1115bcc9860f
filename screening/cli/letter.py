"""`letter`: the referral letter of one case in a file or a casebook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.loading import case_in, load
from screening.cli.options import (
    SOURCE,
    AsOf,
    Encoding,
    Lang,
    List_,
    Missing,
    Overwrite,
    Weights,
    Worksheet,
)
from screening.cli.terminal import warn_of_english
from screening.errors import UsageError

__all__ = ["letter"]


def letter(
    case_id: Annotated[str, typer.Option("--case", metavar="ID", help="Id of the case.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="OUT", help="The letter: a name that ends in .pdf or .html."
        ),
    ],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file of cases; without it, --store."),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    lang: Lang = SOURCE,
    beside: Annotated[
        str | None,
        typer.Option("--beside", metavar="LANG", help="A second language, side by side."),
    ] = None,
    encoding: Encoding = None,
    sheet: Worksheet = None,
    missing: Missing = None,
    on: AsOf = None,
    overwrite: Overwrite = False,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Write the referral letter of one case. It says that a table holds no judgement, precondition
    or agreement: whoever sends it adds them. That a casebook's letter was written is an event.

    Example: screening letter cases.csv --case A-1 -o letter.pdf --lang sq --beside en
    """
    from screening.files.atomic import OutputFile
    from screening.interview import Interview, Record, load_protocol
    from screening.paper.letter import letter as written
    from screening.paper.letter import letter_html, letter_pdf
    from screening.scoring import receipt

    kind = output.suffix.lower()
    if kind not in (".pdf", ".html"):
        raise UsageError("U307.letter_suffix", place=str(output))
    if file is None:
        from screening.cli.case.desk import at_work

        with at_work(store, passphrase_file, by, None, lang, checklist, weights) as desk:
            loaded, weight_set = desk.load.knowledge
            case = desk.load.state(case_id).current()
            desk.load.export(case_id, "letter", kind, receipt(case, loaded, weight_set))
    else:
        loaded, weight_set = load(checklist, weights, on.date() if on else None)
        case = case_in(file, case_id, loaded, encoding, sheet, missing)
    record = Record.from_case(case, loaded, weight_set)
    interview = Interview(loaded, weight_set, load_protocol(loaded), record)
    languages = [lang] if beside is None else [lang, beside]
    content = written(interview, languages, date.today(), page=kind == ".html")
    made = letter_pdf(content) if kind == ".pdf" else letter_html(content).encode()
    with OutputFile(output, overwrite=overwrite) as out:
        out.write(made)
    warn_of_english(loaded.texts(lang))
    typer.echo(f"written: {output}", err=True)
