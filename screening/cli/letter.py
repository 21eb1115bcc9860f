"""`letter`: the referral letter of one case in a file or a casebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.answers import Case
from screening.checklist import Checklist, WeightSet
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
    StationFile,
    Weights,
    Worksheet,
)
from screening.cli.terminal import warn_of_english
from screening.errors import UsageError, nearest

if TYPE_CHECKING:
    from screening.casebook.state import Judged
    from screening.interview import Judgement

__all__ = ["letter"]


def letter(
    case_id: Annotated[str, typer.Option("--case", metavar="ID", help="Id of the case.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The letter: a name that ends in .pdf, .html or .txt.",
        ),
    ],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file of cases; without it, --store."),
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=TEXT",
            help="What a table does not know: to, from, officer, happened, when, place, companion,"
            " vehicle, now (where the person is), told, needs, asked, by (hours), attached, name,"
            " notes_language, consent. May be given again.",
        ),
    ] = None,
    by_hand: Annotated[
        bool,
        typer.Option("--by-hand", help="Leave lines to fill in by hand for what is required."),
    ] = False,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    lang: Lang = SOURCE,
    also: Annotated[
        str | None,
        typer.Option("--also", metavar="LANG", help="The same letter in a second language."),
    ] = None,
    station: StationFile = None,
    encoding: Encoding = None,
    sheet: Worksheet = None,
    missing: Missing = None,
    on: AsOf = None,
    overwrite: Overwrite = False,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Write the referral letter of one case. A casebook's has the judgement and the decision that
    were recorded last, and is an event. Of a table it says that neither is recorded: whoever sends
    it adds them.

    Example: screening letter cases.csv --case A-1 -o letter.pdf --by-hand --lang sq --also en
    """
    from screening.contacts import contacts
    from screening.files.atomic import OutputFile
    from screening.i18n import LANGUAGES
    from screening.interview import Interview, Record, load_protocol
    from screening.paper.letter import letter as written
    from screening.paper.letter import letter_html, letter_pdf, letter_text
    from screening.scoring import receipt

    kind = output.suffix.lower()
    if kind not in (".pdf", ".html", ".txt"):
        raise UsageError("U307.letter_suffix", place=str(output))
    typed = _typed(fields or [])
    languages = [lang] if also is None else [lang, also]

    def made(
        case: Case, loaded: Checklist, weight_set: WeightSet, judged: Sequence[Judged] = ()
    ) -> bytes:
        own, decided = (_last(judged, stage) for stage in ("own", "decision"))
        record = Record.from_case(case, loaded, weight_set)
        record = replace(record, judgement=own, decision=decided)
        interview = Interview(loaded, weight_set, load_protocol(loaded), record).for_letter(typed)
        called = [contacts(loaded, x, station, date.today()) for x in languages if x in LANGUAGES]
        content = written(interview, languages, date.today(), called, by_hand)
        if kind == ".pdf":
            return letter_pdf(content)
        return (letter_html(content) if kind == ".html" else letter_text(content)).encode()

    if file is None:
        from screening.cli.case.desk import at_work

        with at_work(store, passphrase_file, by, None, lang, checklist, weights) as desk:
            loaded, weight_set = desk.load.knowledge
            state = desk.load.state(case_id)
            case = state.current()
            # What is refused is no letter that was written
            whole = made(case, loaded, weight_set, state.judgements)
            desk.load.export(case_id, "letter", kind, receipt(case, loaded, weight_set))
    else:
        loaded, weight_set = load(checklist, weights, on.date() if on else None)
        case = case_in(file, case_id, loaded, encoding, sheet, missing)
        whole = made(case, loaded, weight_set)
    with OutputFile(output, overwrite=overwrite) as out:
        out.write(whole)
    warn_of_english(loaded.texts(lang))
    typer.echo(f"written: {output}", err=True)


def _last(judged: Sequence[Judged], stage: str) -> Judgement | None:
    """What somebody thought last, before the finding (`own`) or after it (`decision`)."""
    from screening.interview import Judgement

    found = [j for j in judged if j.stage == stage]
    return Judgement(found[-1].finding, found[-1].why) if found else None


def _typed(fields: list[str]) -> dict[str, str]:
    from screening.paper.letter.fields import FIELDS

    typed = {}
    for entry in fields:
        name, _, text = entry.partition("=")
        if name not in FIELDS:
            raise UsageError(
                "U319.field_unknown", near=nearest(name, FIELDS), field=name, known=FIELDS
            )
        if not text.strip():
            raise UsageError("U319.field_without_text", value=entry)
        typed[name] = text.strip()
    return typed
