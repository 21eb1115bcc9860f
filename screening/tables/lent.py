"""A Python file lent to Arrow, and taken back before anybody goes on.

Arrow reads ahead in threads of its own, and such a thread drops the file and what it read whenever
it comes to it. Each drop needs the interpreter. One that comes while the program is ending aborts
it: "terminate called without an active exception", exit 134. So whoever stops reading, at the end
or because a cell is refused, waits here until Arrow holds nothing of Python's any more.
"""

from __future__ import annotations

import io
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

__all__ = ["csv_batches"]

_PATIENCE = 10.0  # seconds; blocks on their way are parsed to their end, which takes a moment


def csv_batches(file: io.RawIOBase, **options: Any) -> Iterator[pa.RecordBatch]:
    """The batches of a CSV file that is read through Python; `options` as `open_csv` has them.

    When this generator ends or is closed, no thread of Arrow's refers to `file` or to anything
    that was read from it.
    """
    held, reader = _Held(), None
    try:
        reader = pacsv.open_csv(pa.PythonFile(_Lent(file, held), mode="r"), **options)
        yield from reader
    finally:
        held.ended = True
        del reader
        held.wait()


class _Held:
    """How many Python objects Arrow still has; `ended` once nothing more is to be read."""

    def __init__(self) -> None:
        self.ended = False
        self._lock = threading.RLock()  # a drop may come in the middle of a count
        self._count = 0
        self._none = threading.Event()
        self._none.set()

    def watch(self, what: Any) -> None:
        """Count an object until nobody refers to it any more, whichever thread drops it last."""
        with self._lock:
            self._count += 1
            self._none.clear()
        weakref.finalize(what, self._dropped).atexit = False

    def _dropped(self) -> None:
        with self._lock:
            self._count -= 1
            if not self._count:
                self._none.set()

    def wait(self) -> None:
        self._none.wait(_PATIENCE)


class _Lent(io.RawIOBase):
    """The file as Arrow sees it: what it gives away is counted, and it ends when told to."""

    def __init__(self, file: io.RawIOBase, held: _Held) -> None:
        super().__init__()
        self._file, self._held = file, held
        held.watch(self)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> Any:
        if self._held.ended:
            return b""
        piece = _Piece(self._file.read(size))
        self._held.watch(piece)
        return piece


class _Piece(bytearray):
    """Bytes of which one can tell when they are dropped, which plain bytes cannot."""
