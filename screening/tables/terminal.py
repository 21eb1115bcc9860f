"""Results as text for a screen or a pipe."""

from __future__ import annotations

import codecs
from typing import Any, TextIO

import pyarrow as pa

from screening.checklist.texts import Texts
from screening.errors import UsageError
from screening.tables.results import Writer, open_writer

__all__ = ["screen_writer"]

_SHOWN = (
    "case_id",
    "profile",
    "finding",
    "finding_high",
    "points",
    "points_high",
    "answered",
    "relevant",
)
_WIDTHS = (24, 8, 36, 36, 7, 7, 9, 9, 9)


class _Text:
    """What a writer of bytes needs, over a stream of text."""

    closed = False

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def write(self, data: Any) -> int:
        self._stream.write(self._decoder.decode(bytes(data)))
        return len(data)

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self.closed = True


def screen_writer(stream: TextIO, kind: str, schema: pa.Schema, texts: Texts) -> Writer:
    """A writer of batches to the stream as csv or as a table; `U305` for any other format."""
    if kind == "csv":
        return _CsvScreen(stream, schema)
    if kind == "table":
        return _TableScreen(stream, schema, texts)
    raise UsageError("U305.not_for_terminal", place="--format", kind=kind)


class _CsvScreen:
    def __init__(self, stream: TextIO, schema: pa.Schema) -> None:
        self._stream, self._schema = stream, schema
        self._writer: Writer | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        if self._writer is None:  # the header is written only when there is a first row
            self._writer = open_writer(
                pa.PythonFile(_Text(self._stream), mode="w"), "csv", self._schema
            )
        self._writer.write(batch)

    def close(self) -> None:
        """Nothing: the stream is somebody else's."""


class _TableScreen:
    """A line a case: findings in words, the rest as it is; what a terminal would obey is
    replaced.
    """

    def __init__(self, stream: TextIO, schema: pa.Schema, texts: Texts) -> None:
        self._stream, self._texts, self._begun = stream, texts, False
        self._shown = [*_SHOWN, *(["contested"] if "contested" in schema.names else [])]

    def _line(self, cells: list[str]) -> str:
        return (
            "  ".join(
                c if len(c) > w else c.ljust(w) for c, w in zip(cells, _WIDTHS, strict=False)
            ).rstrip()
            + "\n"
        )

    def write(self, batch: pa.RecordBatch) -> None:
        if not self._begun:
            self._stream.write(self._line(self._shown))
            self._begun = True
        columns = [batch.column(name).to_pylist() for name in self._shown]
        for row in zip(*columns, strict=True):
            cells = ["".join(c if c.isprintable() else "?" for c in str(value)) for value in row]
            for n in (2, 3):
                cells[n] = self._texts.get("findings", row[n], "label")
            self._stream.write(self._line(cells))

    def close(self) -> None:
        """Nothing: the stream is somebody else's."""
