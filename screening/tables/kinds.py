"""What a file is, by its first bytes; its name only has to agree."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path
from typing import Literal

from screening.errors import CaseError, UsageError
from screening.files.text import unreadable

__all__ = ["READ_KINDS", "Kind", "kind_of"]

Kind = Literal["csv", "xlsx", "parquet", "arrow", "json"]
READ_KINDS = "CSV, XLSX, Parquet, Arrow or JSON"

_NAMED: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
_READ: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", "xlsx"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),
)
_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel file (.xls) or one with a password",
        "save it as .xlsx without a password",
    ),
    (b"PARE", "an encrypted Parquet file", "decrypt it first"),
    (b"FEA1", "an old Feather file", "save it as Arrow or Parquet"),
    (b"%PDF", "a PDF", ""),
    (b"\x89PNG", "an image", ""),
    (b"\xff\xd8\xff", "an image", ""),
    (b"GIF8", "an image", ""),
    (b"II*\0", "an image", ""),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"PK\x05\x06", "an empty ZIP archive", ""),
    (b"SQLite format 3", "a database", ""),
    (b"{\\rtf", "a text document", ""),
    (b"MZ", "a program", ""),
    (b"\x7fELF", "a program", ""),
)


def kind_of(path: Path, encoding: str | None = None) -> Kind:
    """The kind of a file of cases.

    Raises
    ------
    UsageError : U301 not there, not a file, not readable
    CaseError : C201 empty, C202 of another kind than its name says or of none that is read, C206
        macros by name
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError("U301.not_plain_file", place=str(path))
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise unreadable(path, error) from None
    if not head:
        raise CaseError("C201.file_empty", place=path.name)
    suffix = path.suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlsb"):
        raise CaseError("C206.workbook_macros", place=path.name)
    found = _found(path, head, encoding)
    named = _NAMED.get(suffix)
    if named is not None and named != found:
        raise CaseError("C202.name_says_but", place=path.name, named=named, found=found)
    return found


def _found(path: Path, head: bytes, encoding: str | None) -> Kind:
    for magic, kind in _READ:
        if head.startswith(magic) and not (encoding and magic == b"\xff\xff\xff\xff"):
            return kind
    for magic, what, remedy in _REFUSED:
        if head.startswith(magic):
            raise _other(path, what, remedy)
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise _other(
            path,
            "a pickle, which can run programs when it is loaded",
            "it is never loaded; export the cases as CSV or JSON",
        )
    start = (
        head.replace(b"\0", b"")
        .lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + codecs.BOM_UTF16_BE + b" \t\r\n")
        .lower()
    )
    if not start and len(head) < 4096:
        raise CaseError("C201.file_holds_nothing_but", place=path.name)
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise _other(
            path, "a web page or XML", "open it in a spreadsheet and save it as .xlsx or CSV"
        )
    return "json" if start[:1] in (b"[", b"{") else "csv"


def _other(path: Path, what: str, remedy: str) -> CaseError:
    return CaseError(
        "C202.another_kind",
        place=path.name,
        what=what,
        write=remedy or f"cases are read from {READ_KINDS}",
    )
