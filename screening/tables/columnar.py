"""Parquet and Arrow: batch by batch, only the columns that are needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from screening.errors import CaseError
from screening.tables.source import Reading
from screening.tables.table import Table

__all__ = ["ArrowTable", "ParquetTable"]

_ROWS = 1 << 16  # of a batch
_BUFFER = (
    1 << 18
)  # bytes read ahead in each column: a row group of any size never stands in memory whole


class _Columnar(Table):
    header_place = "columns"

    def row(self, n: int) -> int:
        """There is no header row: the first case is row 1."""
        return n + 1

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """What Arrow says of a broken file, as `C204`; of text that is not UTF-8, as `C203`."""
        try:
            yield
        except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
            if isinstance(error, UnicodeDecodeError) or "utf8" in str(error).lower():
                raise CaseError("C203.column_not_utf8", place=self.name) from None
            raise CaseError("C204.file_damaged", place=self.name) from None

    def _ordered(
        self, batch: pa.RecordBatch, names: Sequence[str], untrusted: bool
    ) -> pa.RecordBatch:
        """The columns in the order wanted.

        Text, and anything that names offsets, is checked before it is looked at.
        """
        with self._damage():
            columns = [batch.column(name) for name in names]
            for column in columns:
                if untrusted or not pa.types.is_primitive(column.type):
                    column.validate(full=True)
        return pa.RecordBatch.from_arrays(columns, names=list(names))


class ParquetTable(_Columnar):
    """A Parquet file, or some of its row groups; columns of words are read as dictionaries.

    groups : numbers of the row groups that are read, one after another; all without it

    Raises
    ------
    CaseError : C203, C204, and what the header and cells raise
    """

    def __init__(self, path: Path, reading: Reading, groups: range | None = None) -> None:
        self._rows: int | None = None
        self._groups, self._before = groups, 0
        super().__init__(path, reading)

    def row(self, n: int) -> int:
        return self._before + n + 1

    def read_header(self) -> Sequence[str]:
        with self._damage(), pq.ParquetFile(self.path) as file:
            self._rows = file.metadata.num_rows
            if self._groups is not None:
                sizes = [file.metadata.row_group(g).num_rows for g in range(self._groups.stop)]
                self._before = sum(sizes[: self._groups.start])
                self._rows = sum(sizes) - self._before
            schema: pa.Schema = file.schema_arrow
        self._words = [
            f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)
        ]
        return list(schema.names)

    def total(self) -> int | None:
        return None if self.layout.long else self._rows

    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        names = [self.header[c] for c in columns]
        whole = {self.header[p] for k, p in self.layout.own.items() if k in ("case_id", "note")}
        words = [n for n in names if n in self._words and n not in whole]
        with self._damage():
            file = pq.ParquetFile(
                self.path,
                read_dictionary=words,
                page_checksum_verification=True,
                pre_buffer=False,
                buffer_size=_BUFFER,
            )
        with file:
            groups = None if self._groups is None else list(self._groups)
            batches = file.iter_batches(batch_size=_ROWS, columns=names, row_groups=groups)
            while (batch := self._next(batches)) is not None:
                yield self._ordered(batch, names, untrusted=False)

    def _next(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        with self._damage():
            return next(batches, None)


class ArrowTable(_Columnar):
    """An Arrow (Feather 2) file or stream.

    What it says about its own insides is checked, not believed.

    Memory is bounded by the file's own record batches; writers make them of some ten thousand rows.
    """

    def read_header(self) -> Sequence[str]:
        with self._damage(), pa.memory_map(str(self.path)) as source:
            return list(self._reader(source, None).schema.names)

    def _reader(self, source: Any, columns: list[int] | None) -> Any:
        options = pa.ipc.IpcReadOptions(included_fields=columns) if columns is not None else None
        with self.path.open("rb") as raw:
            is_file = raw.read(6) == b"ARROW1"
        return (
            pa.ipc.open_file(source, options=options)
            if is_file
            else pa.ipc.open_stream(source, options=options)
        )

    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        names = [self.header[c] for c in columns]
        with self._damage():
            source = pa.memory_map(str(self.path))
        with source:
            with self._damage():
                batches = self._each(self._reader(source, sorted(columns)))
            while True:
                with self._damage():
                    batch = next(batches, None)
                if batch is None:
                    return
                for start in range(0, batch.num_rows, _ROWS):
                    yield self._ordered(batch.slice(start, _ROWS), names, untrusted=True)

    @staticmethod
    def _each(reader: Any) -> Iterator[pa.RecordBatch]:
        if isinstance(reader, pa.ipc.RecordBatchFileReader):
            return (reader.get_batch(n) for n in range(reader.num_record_batches))
        return iter(reader)
