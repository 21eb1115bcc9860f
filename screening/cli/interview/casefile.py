"""The encrypted case file at the command line: read whole, written beside its place and moved
there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from screening.casebook.sealed import open_sealed, seal, two_passphrases
from screening.cli.keyboard import letter_of, read_line, secret
from screening.errors import UsageError
from screening.files.atomic import OutputFile
from screening.files.text import check_is_file
from screening.i18n import Words
from screening.interview import Record

__all__ = ["opened", "typed", "written"]


def _secret(prompt: str, language: str, danger: Callable[[], None]) -> str:
    """A passphrase in an interview: `d` is none, and does what it does everywhere."""
    while letter_of(line := secret(prompt), language) == "d":
        danger()
    return line


def opened(path: Path, say: Words, danger: Callable[[], None]) -> Record:
    """The record in a file. `U301`, `U311`, `U312`, `C241`."""
    check_is_file(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            "U301.unreadable_because", place=str(path), reason=error.strerror
        ) from None
    return Record.from_dict(open_sealed(content, _secret(say("Passphrase"), say.language, danger)))


def typed(say: Words, danger: Callable[[], None]) -> Record:
    """The record in the codes that a phone shows, a line each, in any order. `C241`."""
    from screening.connect.pocket.textcode import parts_missing, read_text

    lines: list[str] = []
    while not lines or parts_missing(lines):
        line = read_line(say("Code {n}", n=len(lines) + 1))
        if letter_of(line, say.language) == "d":
            danger()
        elif line or lines:
            lines.append(line)
            if not line:
                break
    return Record.from_dict(read_text("\n".join(lines)))


def written(
    record: Record, path: Path, own: Path | None, say: Words, danger: Callable[[], None]
) -> None:
    """Write a record under a passphrase typed twice; readable by its owner only.

    Only `own` may be there already. `U302`, `U303`, `U313`.
    """
    first = _secret(say("Passphrase"), say.language, danger)
    if first != _secret(say("The same again"), say.language, danger):
        raise two_passphrases()
    if path.exists() and path != own:
        raise UsageError("U302.name_taken", place=str(path))
    content = seal(record.to_dict(), first)
    with OutputFile(path, overwrite=path == own) as out:
        out.write(content)
    if path.read_bytes() != content:  # nothing is called saved that cannot be read
        raise UsageError("U303.cannot", place=str(path))
