"""The folder of a casebook that is being made: it gets its name only once everything is in it."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from screening.errors import UsageError

try:
    import fcntl
except ImportError:  # Windows: nothing is swept there
    fcntl = None  # type: ignore[assignment]  # a module's name may not be None to mypy

__all__ = ["check_new", "new_folder"]

_PART = re.compile(r"\.[0-9a-f]{16}\.part")


def check_new(folder: Path) -> None:
    """`U302` where something is at the place of a casebook to be made."""
    if os.path.lexists(folder):
        raise UsageError("U302.folder_exists", place=str(folder))


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which gets its name only when the block ends well. `U302`, `U303`."""
    check_new(folder)
    made = folder.absolute().parent / f".{secrets.token_hex(8)}.part"
    try:
        _sweep(made.parent)
        made.mkdir(mode=0o700)
    except OSError as error:
        raise UsageError(
            "U303.folder_not_created", place=str(folder), reason=error.strerror
        ) from None
    held = _held(made)
    try:
        yield made
        for path in made.iterdir():
            path.chmod(0o600)
            _sync(path)
        _sync(made)
        check_new(folder)
        made.rename(folder)
        _sync(folder.absolute().parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if held is not None:
            os.close(held)


def _held(folder: Path) -> int | None:
    """A lock on a folder, for as long as somebody is at work in it; None where there is none."""
    if fcntl is None:
        return None
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        return None
    return opened


def _sweep(folder: Path) -> None:
    """Take away what runs that were killed have left of new folders; it was encrypted."""
    for path in folder.glob(".*.part"):
        if _PART.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            held = _held(path)
            if held is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(held)


def _sync(path: Path) -> None:
    """What is in a file or a folder is on the disk; not every system lets a folder be synced."""
    with suppress(OSError):
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
