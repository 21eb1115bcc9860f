"""Results as text for a screen or a pipe."""

from __future__ import annotations

import codecs
from typing import Any, TextIO

import pyarrow as pa

from screening.checklist.texts import Texts
from screening.errors import UsageError
from screening.tables.results import Writer, open_writer

__all__ = ["screen_writer"]

_SHOWN = {
    "case_id": 24,
    "profile": 8,
    "finding": 36,
    "finding_high": 36,
    "points": 7,
    "points_high": 7,
    "answered": 9,
    "relevant": 9,
}
_NEED = "need_"


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


def screen_writer(
    stream: TextIO, kind: str, schema: pa.Schema, texts: Texts, separator: str | None = None
) -> Writer:
    """A writer of batches to the stream as csv or as a table; `U305` for any other format.

    separator : as in `open_writer`
    """
    if kind == "csv":
        return _CsvScreen(stream, schema, separator)
    if kind == "table":
        return _TableScreen(stream, schema, texts)
    raise UsageError("U305.not_for_terminal", place="--format", kind=kind)


class _CsvScreen:
    def __init__(self, stream: TextIO, schema: pa.Schema, separator: str | None) -> None:
        self._stream, self._schema, self._separator = stream, schema, separator
        self._writer: Writer | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        if self._writer is None:  # the header is written only when there is a first row
            self._writer = open_writer(
                pa.PythonFile(_Text(self._stream), mode="w"),
                "csv",
                self._schema,
                self._separator,
            )
        self._writer.write(batch)

    def close(self) -> None:
        """Nothing: the stream is somebody else's."""


class _TableScreen:
    """A line a case: findings and the needs that are present in words, the rest as it is; what a
    terminal would obey is replaced. Columns that were asked for are shown as they are.
    """

    def __init__(self, stream: TextIO, schema: pa.Schema, texts: Texts) -> None:
        self._stream, self._texts, self._begun = stream, texts, False
        whole = _SHOWN.keys() <= set(schema.names)
        extra = ["contested"] if "contested" in schema.names else []
        self._shown = [*_SHOWN, *extra] if whole else schema.names
        self._needs = [n for n in schema.names if whole and n.startswith(_NEED)]

    def _line(self, cells: list[str]) -> str:
        widths = [max(_SHOWN.get(name, 9), len(name)) for name in self._shown]
        padded = [c.ljust(w) for c, w in zip(cells, [*widths, 0], strict=False)]
        return "  ".join(padded).rstrip() + "\n"

    def _cell(self, name: str, value: Any) -> str:
        if name.startswith("finding"):
            return self._texts.get("findings", value, "label")
        text = ";".join(value) if isinstance(value, list) else "" if value is None else str(value)
        return "".join(c if c.isprintable() else "?" for c in text)

    def write(self, batch: pa.RecordBatch) -> None:
        if not self._begun:
            self._stream.write(self._line([*self._shown, *(["needs"] if self._needs else [])]))
            self._begun = True
        columns = [batch.column(name).to_pylist() for name in self._shown]
        states = [batch.column(name).to_pylist() for name in self._needs]
        names = [self._texts.get("needs", n.removeprefix(_NEED), "name") for n in self._needs]
        for n, row in enumerate(zip(*columns, strict=True)):
            cells = [self._cell(name, value) for name, value in zip(self._shown, row, strict=True)]
            owed = [name for name, of in zip(names, states, strict=True) if of[n] == "present"]
            self._stream.write(self._line([*cells, "; ".join(owed)]))

    def close(self) -> None:
        """Nothing: the stream is somebody else's."""
