"""What an Arrow file says of its batches and dictionaries, before Arrow makes room for them.

Packed buffers name their size once unpacked; a batch of some kilobytes can ask for gigabytes. The
messages are walked here in the mapped file, and nothing is unpacked.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator

__all__ = ["batches_of"]

_MARK = b"\xff\xff\xff\xff"
_DICTIONARY, _BATCH = 2, 3  # kinds of messages
_ABOUT = 64 << 20  # bytes of what is said about one batch, or about all in a footer


def batches_of(data: mmap.mmap | bytes) -> Iterator[int]:
    """The unpacked size of every batch and dictionary of a file or a stream, one after another;
    those that are not packed count nothing, for they are used where they are.

    What is looked at is copied out of the map, never a view of it: whoever holds one, such as the
    trace of a fault, keeps the map from being closed.

    Raises
    ------
    ValueError, IndexError, struct.error : what is there is not Arrow
    """
    if data[:6] == b"ARROW1":
        yield from _blocks(data)
        return
    at = 0
    while at + 8 <= len(data):
        at, size = _message(data, at)
        if size < 0:
            return
        yield size


def _blocks(data: mmap.mmap | bytes) -> Iterator[int]:
    """Those that the footer of a file names."""
    [length] = struct.unpack_from("<i", data, len(data) - 10)
    if not 0 < length <= min(_ABOUT, len(data) - 10):
        raise ValueError("footer")
    left = len(data)  # messages lie beside one another: a footer cannot name one again and again
    footer = _Table.root(data[len(data) - 10 - length : len(data) - 10])
    for field in (2, 3):  # dictionaries, batches
        for at in footer.structs(field, 24):
            [offset] = struct.unpack_from("<q", footer.data, at)
            if not 0 <= offset < len(data):
                raise ValueError("block")
            end, size = _message(data, offset)
            left -= end - offset
            if left < 0:
                raise ValueError("block")
            yield max(0, size)


def _message(data: mmap.mmap | bytes, at: int) -> tuple[int, int]:
    """Where the next message begins, and what this one takes unpacked; -1 at the end."""
    if data[at : at + 4] == _MARK:
        at += 4
    [length] = struct.unpack_from("<i", data, at)
    at += 4
    if length <= 0:
        return at, -1
    if length > _ABOUT:
        raise ValueError("message")
    message = _Table.root(data[at : at + length])
    body = at + length
    size = message.number(3, "<q")
    if size < 0:
        raise ValueError("body")
    kind, header = message.number(1, "<B"), message.table(2)
    if kind == _DICTIONARY and header is not None:
        header = header.table(1)
    unpacked = 0
    if kind in (_DICTIONARY, _BATCH) and header is not None and header.table(3) is not None:
        for place in header.structs(2, 16):
            offset, held = struct.unpack_from("<qq", header.data, place)
            if held > 8 and 0 <= offset <= len(data):
                unpacked += max(0, struct.unpack_from("<q", data, body + offset)[0])
    return body + size, unpacked


class _Table:
    """A table of a flatbuffer: its fields by number."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        if at < 0:
            raise ValueError("table")
        self.fields = at - struct.unpack_from("<i", data, at)[0]
        if self.fields < 0:
            raise ValueError("table")
        [self.size] = struct.unpack_from("<H", data, self.fields)

    @classmethod
    def root(cls, data: bytes) -> _Table:
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def _place(self, field: int) -> int:
        slot = 4 + 2 * field
        if slot + 2 > self.size:
            return 0
        [offset] = struct.unpack_from("<H", self.data, self.fields + slot)
        return self.at + offset if offset else 0

    def number(self, field: int, kind: str) -> int:
        """A whole number; 0 where there is none."""
        place = self._place(field)
        return int(struct.unpack_from(kind, self.data, place)[0]) if place else 0

    def table(self, field: int) -> _Table | None:
        place = self._place(field)
        if not place:
            return None
        return _Table(self.data, place + struct.unpack_from("<I", self.data, place)[0])

    def structs(self, field: int, size: int) -> Iterator[int]:
        """Where each structure of a vector begins."""
        place = self._place(field)
        if place:
            place += struct.unpack_from("<I", self.data, place)[0]
            [many] = struct.unpack_from("<I", self.data, place)
            if many * size > len(self.data):
                raise ValueError("vector")
            yield from range(place + 4, place + 4 + many * size, size)
