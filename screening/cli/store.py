"""`store`: the casebook as a whole - made, checked, backed up, restored, erased from."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.cli.casebook import (
    By,
    Folder,
    PassphraseFile,
    check_packages,
    now,
    open_casebook,
    passphrase,
)
from screening.cli.keyboard import read_line
from screening.cli.progress import progress
from screening.cli.terminal import columns
from screening.errors import UsageError

if TYPE_CHECKING:
    from screening.casebook.store import Verified

__all__ = [
    "backup",
    "due",
    "erase",
    "hold",
    "import_",
    "init",
    "keep",
    "list_",
    "rekey",
    "restore",
    "verify",
]

Case = Annotated[str, typer.Argument(metavar="CASE", help="The case's number.")]
On = Annotated[
    datetime | None,
    typer.Option(
        "--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="As of this day. Default: today."
    ),
]


def init(path: Folder, passphrase_file: PassphraseFile = None) -> None:
    """Make a new casebook: a folder whose cases only your passphrase opens.

    Prints the recovery key, once. Needs screening[casebook].

    Example: screening store init cases
    """
    check_packages()
    from screening.casebook.folder import check_new
    from screening.casebook.laptop import Casebook

    check_new(path)
    book, recovery = Casebook.create(path, _new_passphrase(passphrase_file))
    book.close()
    typer.echo(recovery)
    typer.echo(
        "The line above is the recovery key, shown this once. Write it on paper and give it to"
        " somebody you trust; whoever has it can open the casebook. Without passphrase and recovery"
        " key nobody can, not even you.",
        err=True,
    )


def _new_passphrase(file: Path | None) -> str:
    """A passphrase from a file, or typed twice after six words were offered."""
    from screening.casebook.sealed import check_passphrase, generated_passphrase, two_passphrases

    if file is None:
        typer.echo(f"Six words that nobody has used yet: {generated_passphrase()}", err=True)
    given = passphrase(file, "Passphrase for the casebook")
    check_passphrase(given)
    if file is None and passphrase(None, "The same again") != given:
        raise two_passphrases()
    return given


def list_(path: Folder, passphrase_file: PassphraseFile = None) -> None:
    """List the cases: code, events, first and last day.

    Example: screening store list cases
    """
    with open_casebook(path, passphrase_file) as book:
        rows = [
            [c.case, str(c.events), c.first.isoformat(), c.last.isoformat(), _said(c.erased)]
            for c in book.contents()
        ]
    typer.echo(columns(rows, ["case", "events", "first", "last", ""]))


def _said(erased: bool) -> str:
    return "erased" if erased else ""


def verify(
    path: Folder,
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="HEAD",
            help="A head that was kept elsewhere: shows whether an old copy was put back.",
        ),
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Check that everything is as it was recorded, and print the head.

    Keep the head elsewhere, on paper or with a colleague.

    Example: screening store verify cases --head 1042-9f3a66c1d0b2e7819f3a66c1
    """
    with open_casebook(path, passphrase_file) as book, progress(path.name) as tick:
        found = book.verify(head, tick)
    _say(found)


def _say(found: Verified) -> None:
    typer.echo(found.head)
    typer.echo(
        f"{found.events} events of {found.cases} cases are as they were recorded. The line above is"
        " the head: keep it somewhere else.",
        err=True,
    )


def backup(
    path: Folder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write.")],
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Write the whole casebook to one encrypted file; it may be in use meanwhile.

    The same passphrase opens it.

    Example: screening store backup cases /media/stick/cases.backup
    """
    with open_casebook(path, passphrase_file) as book:
        from screening.casebook.backup import backup as write

        head = write(book, file, now(by))
    typer.echo(head)
    typer.echo(f"The backup is in {file}. The line above is its head.", err=True)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder that is not there yet.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make a casebook again from a backup, once all of it was checked. Never over another.

    Example: screening store restore cases.backup cases
    """
    check_packages()
    from screening.casebook.backup import restore as read
    from screening.casebook.folder import check_new

    check_new(path)
    if not file.is_file():
        raise UsageError("U301.missing", place=str(file))
    secret = passphrase(passphrase_file, f"Passphrase for {file.name}")
    with progress(file.name) as tick:
        found = read(file, path, secret, tick)
    _say(found)


def erase(
    path: Folder,
    case: Case,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in a word or two. It stays; write no name.")
    ] = "",
    confirm: Annotated[
        str | None,
        typer.Option("--confirm", metavar="CASE", help="The number again, instead of typing it."),
    ] = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Erase a case: who it is and all notes, for good. What is counted stays.

    Backups made before still hold it: destroy them and write a new one.

    Example: screening store erase cases K-17 --reason "time of keeping over"
    """
    with open_casebook(path, passphrase_file) as book:
        try:
            again = read_line("Type the case number again:") if confirm is None else confirm
        except EOFError:
            again = ""
        if again.strip() != case:
            raise UsageError("U305.forget_number_differs")
        book.erase(case, now(by), reason)
    typer.echo(f"{case} is erased. Backups made before still hold it.", err=True)


def rekey(
    path: Folder,
    recovery: Annotated[
        bool,
        typer.Option("--recovery", help="Make a new recovery key instead; the old one ends."),
    ] = False,
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: Annotated[
        Path | None,
        typer.Option(
            "--new-passphrase-file",
            metavar="FILE",
            help="A file whose first line is the new passphrase. Without it you are asked.",
        ),
    ] = None,
) -> None:
    """Change the passphrase, or the recovery key. Either of the old ones opens it for that.

    Example: screening store rekey cases
    """
    with open_casebook(path, passphrase_file) as book:
        if recovery:
            typer.echo(book.new_recovery_key())
            typer.echo("The line above is the new recovery key, shown this once.", err=True)
            return
        book.rekey(_new_passphrase(new_passphrase_file))
    typer.echo("The passphrase is changed. Backups open with the old one.", err=True)


def hold(
    path: Folder,
    case: Case,
    reason: Annotated[str, typer.Option("--reason", help="Why it must be kept.")] = "",
    lift: Annotated[bool, typer.Option("--lift", help="It need not be kept any longer.")] = False,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Forbid that a case is erased, or lift that.

    Example: screening store hold cases K-17 --reason "court of Prishtina asks for it"
    """
    if bool(reason.strip()) is lift:
        raise UsageError("U305.hold_reason")
    with open_casebook(path, passphrase_file) as book:
        book.hold(case, reason.strip(), now(by))


def keep(
    path: Folder,
    case: Case,
    until: Annotated[
        datetime,
        typer.Option(
            "--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Day of its erasure."
        ),
    ],
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Set the day on which a case is to be erased.

    Example: screening store keep cases K-17 --until 2031-06-30
    """
    with open_casebook(path, passphrase_file) as book:
        book.keep_until(case, until.date(), now(by))


def due(path: Folder, on: On = None, passphrase_file: PassphraseFile = None) -> None:
    """List the cases whose time of keeping is over.

    Nothing is erased by itself.

    Example: screening store due cases
    """
    day = on.date() if on else date.today()
    with open_casebook(path, passphrase_file) as book:
        rows = [[d.case, d.until.isoformat(), d.held] for d in book.due(day)]
    typer.echo(columns(rows, ["case", "until", "must be kept because"]))


def import_(
    path: Folder,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Encrypted case files.")],
    passphrase_file: PassphraseFile = None,
    file_passphrase: Annotated[
        Path | None,
        typer.Option(
            "--file-passphrase",
            metavar="FILE",
            help="A file whose first line opens the case files. Without it you are asked for each.",
        ),
    ] = None,
    by: By = None,
) -> None:
    """Take in interviews from encrypted case files. One that is there as it is changes nothing.

    Example: screening store import cases K-17.case
    """
    from screening.casebook.sealed import LARGEST, open_sealed
    from screening.files.text import unreadable
    from screening.interview import Record

    with open_casebook(path, passphrase_file) as book:
        from screening.casebook.interviews import StoredCases

        cases = StoredCases(book, lambda: now(by))
        for file in files:
            try:
                with file.open("rb") as opened:
                    content = opened.read(LARGEST + 1)
            except OSError as error:
                raise unreadable(file, error) from None
            try:
                secret = passphrase(file_passphrase, f"Passphrase for {file.name}")
                taken = cases.take_in(Record.from_dict(open_sealed(content, secret)))
            except UsageError as error:
                raise error.at(str(file)) from None
            typer.echo(f"{file.name}: {'taken in' if taken else 'was there already'}", err=True)
