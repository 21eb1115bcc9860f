"""What a Parquet file says of its parts and sizes, before Arrow makes room for them.

Arrow believes a page's header: a file of a few kilobytes can ask for gigabytes. And a part that is
described wrongly ends the whole process where Arrow's Python interface is asked about it. So the
description at the file's end and the headers of pages are walked here, in Thrift's compact form,
without reading what is in the pages.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

__all__ = ["Chunk", "Page", "chunks", "pages"]

_HEADER = 1 << 12  # bytes in which a page's header is looked for; one has some thirty
_MOST = 1 << 20  # of a header with statistics as long as the values they are about
_FOOTER = (
    16 << 20
)  # bytes of the description at the end; a column of a row group takes some hundred
_DEEPEST = 16
_MARK = b"PAR1"
# Of the description, by numbers of fields: row groups, their columns, and of each its path, values,
# sizes unpacked and packed, and where its pages begin, those of words apart
_GROUPS, _COLUMNS, _ABOUT, _PATH, _VALUES, _UNPACKED, _PACKED, _DATA, _WORDS = (
    4,
    1,
    3,
    3,
    5,
    6,
    7,
    9,
    11,
)
_PARTS = {_GROUPS: {_COLUMNS: {_ABOUT: dict.fromkeys((3, 5, 6, 7, 9, 11), True)}}}


class Page(NamedTuple):
    """One page: bytes it takes once unpacked, and how many values are in it."""

    unpacked: int
    values: int


class Chunk(NamedTuple):
    """One column of one row group: its values, its size once unpacked, where its pages are, and
    whether the first of them has words.
    """

    values: int
    unpacked: int
    start: int
    end: int
    words: bool


class _Short(Exception):
    """The header goes on after the bytes at hand."""


def chunks(file: BinaryIO) -> list[dict[str, Chunk]]:
    """The columns of each row group, by their paths. `ValueError` where nothing tells them."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    if len(tail) < 8 or tail[4:] != _MARK:
        raise ValueError("mark")
    [length] = struct.unpack("<I", tail[:4])
    if not 0 < length <= min(_FOOTER, size - 8):
        raise ValueError("footer")
    file.seek(size - 8 - length)
    try:
        about = _Thrift(file.read(length)).struct(_PARTS)
        return [
            {b".".join(c[_ABOUT][_PATH]).decode(): _chunk(c[_ABOUT]) for c in group[_COLUMNS]}
            for group in about.get(_GROUPS, [])
        ]
    except (_Short, KeyError, TypeError, AttributeError, UnicodeError):
        raise ValueError("footer") from None


def _chunk(about: Mapping[int, Any]) -> Chunk:
    numbers = [about[n] for n in (_VALUES, _UNPACKED, _PACKED, _DATA)]
    words = about.get(_WORDS)
    if not all(isinstance(n, int) and n >= 0 for n in (*numbers, words or 0)):
        raise ValueError("column")
    values, unpacked, packed, data = numbers
    start = min(data, words) if words else data
    return Chunk(values, unpacked, start, start + packed, bool(words))


def pages(file: BinaryIO, chunk: Chunk) -> Iterator[Page]:
    """The pages of one column in one row group. `ValueError` where there is none to be read."""
    start, end = chunk.start, chunk.end
    while start < end:
        head, fields = _header(file, start)
        unpacked, packed = fields.get(2, -1), fields.get(3, -1)
        if not (isinstance(unpacked, int) and isinstance(packed, int)) or min(unpacked, packed) < 0:
            raise ValueError("page")
        about = next((f for n in (5, 7, 8) if isinstance(f := fields.get(n), dict)), {})
        values = about.get(1, 0)
        yield Page(unpacked, values if isinstance(values, int) else 0)
        start += head + packed


def _header(file: BinaryIO, start: int) -> tuple[int, dict[int, object]]:
    """How long the header at `start` is, and its fields by number."""
    size = _HEADER
    while True:
        file.seek(start)
        reader = _Thrift(file.read(size))
        try:
            fields = reader.struct()
            return reader.at, fields
        except _Short:
            if size >= _MOST or len(reader.data) < size:
                raise ValueError("page") from None
            size *= 16


class _Thrift:
    """Structures in Thrift's compact form, as numbers, bytes, lists and mappings by field."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def struct(self, wanted: Any = None, depth: int = 0) -> dict[int, Any]:
        """The fields of a structure by number.

        wanted : the numbers that are kept, each with those of the structures in it; all without it
        """
        if depth > _DEEPEST:
            raise ValueError("depth")
        every = not isinstance(wanted, dict)
        found: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._number()
            if every:
                found[number] = self._value(head & 15, depth)
            elif number in wanted:
                found[number] = self._value(head & 15, depth, wanted[number])
            else:
                self._value(head & 15, depth, {})
        return found

    def _byte(self) -> int:
        at = self.at
        if at >= len(self.data):
            raise _Short
        self.at = at + 1
        return self.data[at]

    def _unsigned(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7
            if shift > 63:
                raise ValueError("number")

    def _number(self) -> int:
        found = self._unsigned()
        return (found >> 1) ^ -(found & 1)

    def _value(self, kind: int, depth: int, wanted: Any = None) -> Any:
        if kind in (4, 5, 6):
            return self._number()
        if kind in (7, 8):
            size = 8 if kind == 7 else self._unsigned()
            begin = self.at
            self.at += size
            if self.at > len(self.data):
                raise _Short
            return self.data[begin : self.at]
        if kind == 12:
            return self.struct(wanted, depth + 1)
        if kind in (9, 10):
            head = self._byte()
            many = head >> 4 if head >> 4 < 15 else self._unsigned()
            kind = 3 if head & 15 in (1, 2) else head & 15
            return [self._value(kind, depth + 1, wanted) for _ in range(many)]
        if kind == 3:
            return self._byte()
        if kind in (1, 2):  # true, false
            return None
        raise ValueError("kind")
