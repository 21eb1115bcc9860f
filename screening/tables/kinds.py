"""The formats of tables: what a file is that comes in, by its first bytes, and what one shall be
that goes out, by its name.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Literal, get_args

from screening.errors import CaseError, UsageError, nearest
from screening.files.text import check_is_file, unreadable

__all__ = ["KINDS", "READ_KINDS", "Kind", "format_of", "kind_of"]

Kind = Literal["csv", "xlsx", "parquet", "arrow", "json"]
KINDS: tuple[Kind, ...] = get_args(Kind)
READ_KINDS = "CSV, XLSX, Parquet, Arrow or JSON"

_NAMED: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
_ONLY_READ = (".tsv", ".jsonl", ".ndjson")
_WRITTEN = {suffix: kind for suffix, kind in _NAMED.items() if suffix not in _ONLY_READ}
_READ: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", "xlsx"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),
)
_BARE_EXCEL = ((0, b"\4\0"), (2, b"\6\0"), (4, b"\6\0"), (8, b"\x08\0"), (8, b"\x10\0"))
_REFUSED = (  # how a file begins, and the message of C202 about it
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
    (b"PARE", "parquet_encrypted"),
    (b"FEA1", "old_feather"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"PK\x05\x06", "zip_empty"),
    (b"SQLite format 3", "database"),
    *((bytes([9, n]) + more, "old_excel") for n, more in _BARE_EXCEL),
    (b"$FL2", "statistics_file"),
    (b"$FL3", "statistics_file"),
    (b"<stata_dta>", "statistics_file"),
    (bytes(12) + b"\xc2\xea\x81\x60", "statistics_file"),
    (b"{\\rtf", "text_document"),
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    *((b"\x80" + bytes([protocol]), "pickle") for protocol in (2, 3, 4, 5)),
)
_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
)


def format_of(path: Path, given: str | None) -> Kind:
    """The format asked for, or what the name of an output tells; `U305`, `U307`."""
    if given is not None:
        asked = next((kind for kind in KINDS if kind == given), None)
        if asked is None:
            raise UsageError(
                "U305.format_unknown",
                place="--format",
                near=nearest(given, KINDS),
                given=given,
                formats=KINDS,
            )
        return asked
    found = _WRITTEN.get(path.suffix.lower())
    if found is None:
        raise UsageError("U307.table_suffix", place=str(path), by_suffix=_WRITTEN)
    return found


def kind_of(path: Path, encoding: str | None = None) -> Kind:
    """The kind of a file of cases.

    Raises
    ------
    UsageError : U301 not there, not a file, not readable
    CaseError : C201 empty, C202 of another kind than its name says or of none that is read, C206
        macros by name
    """
    try:
        check_is_file(path)
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise unreadable(path, error) from None
    if not head:
        raise CaseError("C201.file_empty", place=path.name)
    if _is_lock(path.name, head):
        raise CaseError("C202.lock_file", place=path.name)
    suffix = path.suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlsb"):
        raise CaseError("C206.macros", place=path.name)
    found = _found(path, head, encoding)
    named = _NAMED.get(suffix)
    if named is not None and named != found:
        raise CaseError("C202.suffix_wrong", place=path.name, named=named, found=found)
    return found


def _is_lock(name: str, head: bytes) -> bool:
    """Whether this is what an office program leaves beside a file that somebody has open: who it
    is, and blanks.
    """
    if name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#")):
        return True
    who = head[1 : head[0] + 1]
    padded = head[len(who) + 1 : 55]
    return len(head) in (162, 165) and len(who) < 55 and padded.strip(b" \0") == b""


def _found(path: Path, head: bytes, encoding: str | None) -> Kind:
    for magic, kind in _READ:
        if head.startswith(magic) and not (encoding and magic == b"\xff\xff\xff\xff"):
            return kind
    for magic, what in _REFUSED:
        if head.startswith(magic):
            raise CaseError(f"C202.{what}", place=path.name, kinds=READ_KINDS)
    for magic, packer in _PACKED:
        if head.startswith(magic):
            raise CaseError("C202.packed", place=path.name, packer=packer)
    start = (
        head.replace(b"\0", b"")
        .lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + codecs.BOM_UTF16_BE + b" \t\r\n")
        .lower()
    )
    if not start and len(head) < 4096:
        raise CaseError("C201.file_blank", place=path.name)
    if start.startswith((b"mime-version:", b"from: <saved by", b"content-type: multipart/")):
        raise CaseError("C202.web_archive", place=path.name)
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise CaseError("C202.web_page", place=path.name)
    return "json" if start[:1] in (b"[", b"{") else "csv"
