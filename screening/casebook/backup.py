"""A whole casebook in one file, as encrypted as the casebook: the same passphrase and the same
recovery key open it.

    26 bytes   "screening-casebook-backup\\n"
     4         length of the file of keys
     n         the file of keys
     m         the database
    32         SHA-256 of everything before it

The sum tells a backup that was cut short; what somebody changes on purpose is found by the
database's own seals and the chain when it is restored.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from screening.casebook.database import DATABASE
from screening.casebook.event import Act
from screening.casebook.keys import KeysFile
from screening.casebook.store import Verified
from screening.errors import UsageError
from screening.files.atomic import OutputFile, check_target
from screening.files.text import unreadable

try:
    import fcntl
except ImportError:  # Windows: an open file cannot be taken away there
    fcntl = None  # type: ignore[assignment]  # a module's name may not be None to mypy

if TYPE_CHECKING:
    from screening.casebook.laptop import Casebook

__all__ = ["SUFFIX", "backup", "restore", "write_backup"]

SUFFIX = ".backup"
_MAGIC = b"screening-casebook-backup\n"
_LENGTH = struct.Struct("<I")
_MOST_KEYS = 16 * 1024
_SUM = 32
_PIECE = 1 << 20


def backup(book: Casebook, path: str | Path, act: Act) -> str:
    """Write a backup of a casebook that may be in use, and return the head it is true to. That a
    backup was made is an event in it.

    Raises
    ------
    UsageError : U302 the file exists, U303 it cannot be written
    """
    check_target(path, overwrite=False)
    book.append([act.event("", "backed_up")])
    return write_backup(book, path)


def write_backup(book: Casebook, path: str | Path) -> str:
    """The backup alone, without an event of its own."""
    keys = KeysFile.read(book.folder).to_bytes()
    with OutputFile(path) as out, _copied(book) as database:
        digest = hashlib.sha256()
        for piece in _pieces([_MAGIC, _LENGTH.pack(len(keys)), keys], database):
            digest.update(piece)
            out.write(piece)
        out.write(digest.digest())
    return book.head()


@contextmanager
def _copied(book: Casebook) -> Iterator[BinaryIO]:
    """A copy of the database, as encrypted as it is, that is gone afterwards.

    What a killed program leaves of it is swept like any other half-written file.
    """
    path = book.folder / f".{secrets.token_hex(8)}.part"
    try:
        held = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except OSError:
        raise UsageError("U303.cannot", place=str(book.folder)) from None
    try:
        if fcntl is not None:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        book.copy_to(path)
        with path.open("rb") as database:
            yield database
    finally:
        os.close(held)
        path.unlink(missing_ok=True)


def _pieces(first: list[bytes], rest: BinaryIO) -> Iterator[bytes]:
    yield from first
    while piece := rest.read(_PIECE):
        yield piece


def restore(
    path: str | Path,
    folder: str | Path,
    secret: str,
    progress: Callable[[int, int], None] | None = None,
) -> Verified:
    """Make a casebook again from a backup, in a folder that is not there yet; it is there only once
    all of it was read, opened and checked.

    progress : called now and then with the events checked, and all

    Raises
    ------
    UsageError : U301 no such file, U302 the folder exists, U303 it cannot be written, U311 the
        passphrase is wrong, U321 what is in it is not as it was recorded, U322 it is newer than
        this program, U324 it is no backup, damaged or cut short
    """
    from screening.casebook.folder import new_folder
    from screening.casebook.laptop import Casebook

    path, folder = Path(path), Path(folder)
    try:
        source = path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from None
    try:
        with source, new_folder(folder) as made:
            file = _unpacked(source, path, made)
            keys = file.unwrap(secret)
            file.write(made)
            with Casebook.with_keys(made, keys) as book:
                return book.verify(progress=progress)
    except UsageError as error:
        if error.code not in ("U302", "U303"):
            error.place = str(path)  # not the folder that never was
        raise


def _unpacked(source: BinaryIO, path: Path, folder: Path) -> KeysFile:
    """The parts of a backup: the file of keys is returned, the database is put in a folder."""
    start = source.read(len(_MAGIC) + _LENGTH.size)
    if not start.startswith(_MAGIC):
        raise UsageError("U324.not_a_backup", place=str(path))
    size = path.stat().st_size
    length = _LENGTH.unpack(start[len(_MAGIC) :])[0] if len(start) > len(_MAGIC) + 3 else 0
    left = size - len(start) - length - _SUM
    if not 0 < length <= _MOST_KEYS or left <= 0:
        raise UsageError("U324.backup_damaged", place=str(path))
    keys = source.read(length)
    digest = hashlib.sha256(start + keys)
    with OutputFile(folder / DATABASE) as out:
        while left > 0 and (piece := source.read(min(_PIECE, left))):
            digest.update(piece)
            out.write(piece)
            left -= len(piece)
    if digest.digest() != source.read():
        raise UsageError("U324.backup_damaged", place=str(path))
    return KeysFile.parse(keys)
