"""How a command comes to an open casebook: where it is, its passphrase, and who is at work."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.cli.keyboard import secret
from screening.cli.terminal import warn
from screening.errors import Notice, UsageError, mark
from screening.files.text import check_is_file, unreadable

if TYPE_CHECKING:
    from screening.casebook import CaseStore
    from screening.casebook.event import Act
    from screening.casebook.laptop import Casebook

__all__ = [
    "By",
    "Folder",
    "PassphraseFile",
    "Store",
    "check_packages",
    "kept_cases",
    "now",
    "open_casebook",
    "passphrase",
]

_LONGEST = 4096  # bytes of a file with a passphrase
_OTHERS = 0o077  # what the group and everybody else may do

Folder = Annotated[Path, typer.Argument(metavar="PATH", help="The casebook's folder.")]
Store = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="PATH", envvar="SCREENING_STORE", help="The casebook's folder."
    ),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        envvar="SCREENING_PASSPHRASE_FILE",
        help="A file whose first line is the passphrase. Without it you are asked.",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        envvar="SCREENING_BY",
        help="Who is at work, as it is recorded. Default: the name you are logged in under.",
    ),
]


def now(by: str | None) -> Act:
    """Somebody at work at this moment."""
    from screening.casebook.event import Act

    return Act((by or "").strip() or getpass.getuser(), datetime.now(UTC))


def check_packages() -> None:
    """`U306` where what the casebook needs is not installed."""
    missing = [n for n in ("sqlcipher3", "sqlalchemy", "alembic") if util.find_spec(n) is None]
    if missing:
        raise UsageError("U306.store_packages", missing=missing)


def passphrase(file: Path | None, prompt: str) -> str:
    """The first line of a file, or what is typed. `U301`, `U311`."""
    if file is not None:
        line = _first_line(file)
    else:
        try:
            line = secret(prompt, err=True)
        except EOFError:
            raise UsageError("U311.no_passphrase") from None
    if not line:
        raise UsageError("U311.no_passphrase", place=str(file or ""))
    return line


def _first_line(file: Path) -> str:
    """The passphrase in a file; a line that is longer than any passphrase is none.

    Whose file it is counts, not whose link: a stick is often reached through one. Sticks and many
    services give everybody the right to read, so that such a file is warned of and not refused.
    """
    check_is_file(file)
    try:
        with file.open("rb") as opened:
            shared = os.name == "posix" and os.fstat(opened.fileno()).st_mode & _OTHERS
            line, end, _ = opened.read(_LONGEST + 1).partition(b"\n")
        text = line.decode("utf-8-sig").rstrip("\r")
    except OSError as error:
        raise unreadable(file, error) from None
    except ValueError:
        raise UsageError("U311.no_passphrase", place=str(file)) from None
    if len(line) > _LONGEST - len(end):
        raise UsageError("U311.no_passphrase", place=str(file))
    if shared:
        warn([Notice(str(file), mark("others on this machine can read this passphrase"))])
    return text


@contextmanager
def kept_cases(path: Path | None, file: Path | None, by: str | None) -> Iterator[CaseStore | None]:
    """Where an interview's cases are kept while the block runs; None without a casebook."""
    if path is None:
        yield None
        return
    from screening.casebook.interviews import StoredCases

    with open_casebook(path, file) as book:
        yield StoredCases(book, lambda: now(by))


def open_casebook(path: Path, file: Path | None = None) -> Casebook:
    """The casebook in a folder, for the passphrase in a file or the one that is typed; the recovery
    key will do. `U306`, and what `Casebook.open` raises.
    """
    check_packages()
    from screening.casebook.laptop import Casebook, keys_file

    keys = keys_file(path)  # what is wrong with the folder is said before anybody is asked
    return Casebook.with_keys(path, keys.unwrap(passphrase(file, f"Passphrase for {path.name}")))
