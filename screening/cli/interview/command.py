"""`interview`: begins a case or goes on with one, and hands it to the talk."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.casebook import By, PassphraseFile, Store, kept_cases
from screening.cli.loading import load, load_card
from screening.cli.options import SOURCE, Card, Lang, List_, Weights
from screening.cli.terminal import paragraph
from screening.errors import ScreeningError, UsageError
from screening.i18n import LANGUAGES, Words, words

if TYPE_CHECKING:
    from screening.checklist import Checklist
    from screening.interview import Interview, Record

__all__ = ["interview"]


def interview(
    lang: Lang = SOURCE,
    child: Annotated[
        bool,
        typer.Option(
            "--child",
            help="The person is or may be a child of unknown age. The age is not asked.",
        ),
    ] = False,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    case: Annotated[
        str | None,
        typer.Option(
            "--case", metavar="ID", help="Case number. Use no name. Default: a random number."
        ),
    ] = None,
    model: Card = None,
    opened: Annotated[
        Path | None,
        typer.Option("--open", metavar="FILE", help="Continue a case from its encrypted file."),
    ] = None,
    from_text: Annotated[
        bool,
        typer.Option(
            "--open-text",
            help="Continue a case from the codes that a phone shows, typed or scanned.",
        ),
    ] = False,
    saved: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE", help="Suggested name for the encrypted file."),
    ] = None,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Run the guided interview in the terminal. Cases are saved in encrypted files only, or, with
    --store, in the casebook: each answer before the next question, and a case that is there goes
    on.

    Saving needs screening[web].

    Example: screening interview --lang sr --child
    """
    from screening.cli.interview.talk import Talk
    from screening.files.ids import harmless_code
    from screening.interview import Interview, load_protocol
    from screening.interview.record import check_case_number

    say = words(lang)
    try:
        loaded, weight_set = load(checklist, weights)
        protocol, card = load_protocol(loaded), load_card(model, loaded)
        with kept_cases(store, passphrase_file, by) as kept:
            record = _record(opened, loaded, say) if opened or from_text else None
            if record is None and kept is not None and case in kept.ids(loaded.id):
                record = kept.get(case or "")
            elif record is None:
                check_case_number(case or "")
                name = case or harmless_code()
                record = Interview.begin(loaded, weight_set, protocol, name, card).record
                if kept is not None:
                    kept.put(record, None)
            elif kept is not None:
                kept.put(record, None)
            now = Interview(loaded, weight_set, protocol, record, card)
            _say_how(now, say, kept is not None)
            Talk(now, say, lang, child, saved or opened, opened, kept).run()
    except ScreeningError as error:
        raise error.into(say) from None


def _record(path: Path | None, checklist: Checklist, say: Words) -> Record:
    """The record in a file, or (None) in the codes of a phone; it must be of this list."""
    from screening.cli.interview.casefile import opened, typed
    from screening.cli.interview.helping import print_help

    def danger() -> None:
        print_help(checklist, "child", say.language)

    record = typed(say, danger) if path is None else opened(path, say, danger)
    if record.checklist != checklist.id:
        place = "--open-text" if path is None else str(path)
        raise UsageError("U305.case_of_another_list", place=place, list=record.checklist)
    return record


def _say_how(now: Interview, say: Words, kept: bool) -> None:
    """How to type, and what is kept."""
    case = now.record.case_id
    typer.secho(
        say("Case {case}. Each answer is saved in the casebook as you give it.", case=case)
        if kept
        else say(
            "Case {case}. What you type is in memory only, until you save it to an encrypted file.",
            case=case,
        ),
        bold=True,
    )
    typer.echo(
        say(
            "Answer with a number. ? why, {back} back, {note} note, {danger} danger, {list} list,"
            " {stop} stop and keep.",
            **LANGUAGES[say.language].keys,
        )
    )
    if util.find_spec("cryptography") is None:
        typer.echo(
            paragraph(
                say(
                    "Saving needs screening[web], which is not installed here: this interview"
                    " cannot be kept. Write down what matters."
                )
            )
        )
    if standing := now.checklist.texts(say.language).standing(say):
        typer.echo(paragraph(standing))
    if not now.same_list:
        typer.echo(paragraph(now.moved(say.language)))
