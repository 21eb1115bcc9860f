"""Several files into one folder: each appears whole, and never over another by accident."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from screening.errors import UsageError
from screening.files.atomic import OutputFile

__all__ = ["check_folder", "write_folder"]


def check_folder(folder: Path, names: Iterable[str], *, overwrite: bool = False) -> None:
    """Whether these files could be written, looked at before any work is done.

    Raises
    ------
    UsageError : U302 a file exists and `overwrite` is false, U303 no folder can be made there, or
        nothing be written into it
    """
    for name in names:
        if not overwrite and (folder / name).exists():
            raise UsageError("U302.card_exists", place=str(folder / name))
    above = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not above.is_dir():
        raise UsageError("U303.parent_is_file", place=str(folder), above=above)
    if not os.access(above, os.W_OK):
        raise UsageError("U303.parent_read_only", place=str(folder), above=above)


def write_folder(folder: Path, files: Mapping[str, bytes], *, overwrite: bool = False) -> None:
    """Write files into a folder, which is made if it is not there.

    Raises
    ------
    UsageError : U302 a file exists and `overwrite` is false (looked at before any is written), U303
        it cannot be written
    """
    check_folder(folder, files, overwrite=overwrite)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "U303.folder_not_created", place=str(folder), reason=error.strerror
        ) from None
    for name, content in files.items():
        with OutputFile(folder / name, overwrite=overwrite) as file:
            file.write(content)
