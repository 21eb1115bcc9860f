"""What the pages of a Parquet file say of their sizes, before Arrow makes room for them.

Arrow believes a page's header: a file of a few kilobytes can ask for gigabytes. The headers are a
few bytes each, in Thrift's compact form, and are walked here without reading what is in the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import pyarrow.parquet as pq

__all__ = ["Page", "pages"]

_HEADER = 1 << 12  # bytes in which a page's header is looked for; one has some thirty
_MOST = 1 << 20  # of a header with statistics as long as the values they are about
_DEEPEST = 16


class Page(NamedTuple):
    """One page: bytes it takes once unpacked, and how many values are in it."""

    unpacked: int
    values: int


class _Short(Exception):
    """The header goes on after the bytes at hand."""


def pages(file: BinaryIO, chunk: pq.ColumnChunkMetaData) -> Iterator[Page]:
    """The pages of one column in one row group. `ValueError` where there is none to be read."""
    start = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset:
        start = min(start, chunk.dictionary_page_offset)
    end = start + chunk.total_compressed_size
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
    """Structures in Thrift's compact form; numbers and structures are kept, the rest is passed
    over.
    """

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def struct(self, depth: int = 0) -> dict[int, object]:
        """The fields of a structure by number."""
        if depth > _DEEPEST:
            raise ValueError("depth")
        found: dict[int, object] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._number()
            found[number] = self._value(head & 15, depth)
        return found

    def _byte(self) -> int:
        if self.at >= len(self.data):
            raise _Short
        self.at += 1
        return self.data[self.at - 1]

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

    def _value(self, kind: int, depth: int) -> object:
        if kind in (1, 2):  # true, false
            return None
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._number()
        if kind in (7, 8):
            size = 8 if kind == 7 else self._unsigned()
            self.at += size
            if self.at > len(self.data):
                raise _Short
            return None
        if kind in (9, 10):
            head = self._byte()
            many = head >> 4 if head >> 4 < 15 else self._unsigned()
            for _ in range(many):
                self._value(3 if head & 15 in (1, 2) else head & 15, depth + 1)
            return None
        if kind == 12:
            return self.struct(depth + 1)
        raise ValueError("kind")
