"""`interview`: begins a case or goes on with one, and hands it to the talk."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
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
    saved: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE", help="Suggested name for the encrypted file."),
    ] = None,
) -> None:
    """Run the guided interview in the terminal. Cases are saved in encrypted files only.

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
        if opened is None:
            check_case_number(case or "")
            now = Interview.begin(loaded, weight_set, protocol, case or harmless_code(), card)
        else:
            now = Interview(loaded, weight_set, protocol, _record(opened, loaded, say), card)
        _say_how(now, say)
        Talk(now, say, lang, child, saved or opened, opened).run()
    except ScreeningError as error:
        raise error.into(say) from None


def _record(path: Path, checklist: Checklist, say: Words) -> Record:
    """The record in a file, which must be of this list."""
    from screening.cli.interview.casefile import opened
    from screening.cli.interview.talk import print_help

    record = opened(path, say, lambda: print_help(checklist, "child", say.language))
    if record.checklist != checklist.id:
        raise UsageError("U305.case_of_another_list", place=str(path), list=record.checklist)
    return record


def _say_how(now: Interview, say: Words) -> None:
    """How to type, and what is kept."""
    typer.secho(
        say(
            "Case {case}. What you type is in memory only, until you save it to an encrypted file.",
            case=now.record.case_id,
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
