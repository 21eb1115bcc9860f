"""Parquet and Arrow: batch by batch, only the columns that are needed.

What a file says of its sizes is looked at before Arrow makes room for them.
"""

from __future__ import annotations

import errno
import mmap
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from screening.errors import CaseError
from screening.tables.arrowsizes import batches_of
from screening.tables.layout import letter
from screening.tables.parquetpages import chunks, pages
from screening.tables.source import Reading
from screening.tables.table import Table

__all__ = ["ArrowTable", "ParquetTable"]

_ROWS = 1 << 16  # of a batch
_BUFFER = (
    1 << 18
)  # bytes read ahead in each column: a row group of any size never stands in memory whole
_PAGE = 64 << 20  # bytes of a page once unpacked; writers make them of one or some
_PAGES = 256 << 20  # of the largest pages of all columns together, which are there at once
_TEXTS = 64 << 20  # bytes of text of a batch
_TEXT = 4 << 10  # bytes of text a row, on average
_SMALL = (
    8 << 20
)  # bytes of a file all of whose pages are looked at; of others the first of each column
_FIRST = 1
_UNPACKED = 256 << 20  # bytes of an Arrow batch once unpacked


class _Columnar(Table):
    header_place = "columns"
    schema: pa.Schema

    def row(self, n: int) -> int:
        """There is no header row: the first case is row 1."""
        return n + 1

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """What Arrow says of a broken file, as `C204`; of text that is not UTF-8, as `C203`; of
        room that there is not, as `C205`.
        """
        try:
            yield
        except MemoryError:
            raise CaseError("C205.memory_short", place=self.name) from None
        except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError, OverflowError) as error:
            if isinstance(error, UnicodeDecodeError) or "utf8" in str(error).lower():
                raise CaseError("C203.column_not_utf8", place=self.name) from None
            raise CaseError("C204.file_damaged", place=self.name) from None

    def _named(self, schema: pa.Schema) -> Sequence[str]:
        """The names of the columns; `C207` for a blank one."""
        self.schema = schema
        names = list(schema.names)
        for n, name in enumerate(names):
            if not name.strip():
                place = f"{self.name}, {self.header_place}, column {n + 1} ({letter(n)})"
                raise CaseError("C207.column_unnamed", place=place)
        return names

    def _refuse_nested(self, columns: Sequence[int]) -> None:
        """`C220` for columns that hold more than one value a row, or bytes: they can be of any
        size, and are no answers.
        """
        for c in columns:
            kind = self.schema.field(c).type
            if pa.types.is_dictionary(kind):
                kind = kind.value_type
            if isinstance(kind, pa.BaseExtensionType):
                kind = kind.storage_type
            if not (
                _is_text(kind)
                or pa.types.is_primitive(kind)
                or pa.types.is_decimal(kind)
                or pa.types.is_null(kind)
            ):
                place = f"{self.name}, row 1, column {self.header[c]}"
                raise CaseError("C220.answers_not_plain", place=place, type=kind)

    def _ordered(
        self, batch: pa.RecordBatch, names: Sequence[str], untrusted: bool
    ) -> pa.RecordBatch:
        """The columns in the order wanted.

        Text, and anything that names offsets, is checked before it is looked at.
        """
        with self._damage():
            columns = [batch.column(name) for name in names]
            for n, column in enumerate(columns):
                if isinstance(column, pa.ExtensionArray):
                    columns[n] = column = column.storage
                if untrusted or not pa.types.is_primitive(column.type):
                    column.validate(full=True)
                if pa.types.is_decimal(column.type) and column.type.bit_width < 128:
                    wide = pa.decimal128(column.type.precision, column.type.scale)
                    columns[n] = column = column.cast(wide)  # Arrow counts with these only
                if pa.types.is_dictionary(column.type):
                    columns[n] = self._words(column, names[n])
        return pa.RecordBatch.from_arrays(columns, names=list(names))

    def _words(self, column: pa.DictionaryArray, name: str) -> pa.Array:
        """Words by number, without the words that no row has; `C205` where the text of the rows is
        out of all proportion.
        """
        own = self.layout.own
        whole = own.get("case_id"), own.get("note")
        if _is_text(column.dictionary.type) and any(
            c is not None and self.header[c] == name for c in whole
        ):
            sizes = pc.binary_length(column.dictionary)
            size = pc.sum(pc.take(sizes, column.indices)).as_py() or 0
            if size > _TEXTS:
                raise CaseError("C205.texts_too_long", place=self.name, column=name)
        if len(column.dictionary) > max(len(column), 1024):
            used = pc.unique(column.indices.drop_null())
            words = pc.take(column.dictionary, used)
            places = pc.index_in(column.indices, value_set=used, skip_nulls=True)
            return pa.DictionaryArray.from_arrays(places, words)
        return column


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


class ParquetTable(_Columnar):
    """A Parquet file, or some of its row groups; columns of words are read as dictionaries.

    groups : numbers of the row groups that are read, one after another; all without it

    Raises
    ------
    CaseError : C203, C204, C205, and what the header and cells raise
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
        self._words_in = [
            f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)
        ]
        self._batch_rows: dict[tuple[str, ...], int] = {}
        return self._named(schema)

    def total(self) -> int | None:
        return None if self.layout.long else self._rows

    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        self._refuse_nested(columns)
        names = [self.header[c] for c in columns]
        whole = {self.header[p] for k, p in self.layout.own.items() if k in ("case_id", "note")}
        words = [n for n in names if n in self._words_in and n not in whole]
        texts = [n for n in names if n in self._words_in and n in whole]
        with self._damage():
            rows = self._bounded(names, texts)
            file = pq.ParquetFile(
                self.path,
                read_dictionary=words,
                page_checksum_verification=True,
                pre_buffer=False,
                buffer_size=_BUFFER,
            )
        with file:
            groups = None if self._groups is None else list(self._groups)
            batches = file.iter_batches(batch_size=rows, columns=names, row_groups=groups)
            while (batch := self._next(batches)) is not None:
                yield self._ordered(batch, names, untrusted=False)

    def _next(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        with self._damage():
            return next(batches, None)

    # -- before anything is unpacked ---------------------------------------------------------------

    def _bounded(self, names: Sequence[str], texts: Sequence[str]) -> int:
        """How many rows a batch may have; `C205` for pages that no table of cases has."""
        key = tuple(names)
        if key not in self._batch_rows:
            first = None if self.path.stat().st_size <= _SMALL else _FIRST
            rows = _ROWS
            with self.path.open("rb") as raw, pq.ParquetFile(self.path) as file:
                about = file.metadata
                groups = self._groups or range(about.num_row_groups)
                try:
                    columns = chunks(raw)
                except ValueError:
                    raise CaseError("C204.file_damaged", place=self.name) from None
                for g in groups:
                    group, largest = about.row_group(g), 0
                    for name in names:
                        try:
                            chunk = columns[g][name]
                            found = islice(pages(raw, chunk), first) if chunk.values else ()
                            sizes = [page.unpacked for page in found]
                        except (ValueError, LookupError):
                            raise CaseError("C204.file_damaged", place=self.name) from None
                        page, whole = max(sizes, default=0), sum(sizes)
                        largest += page
                        long = name in texts and (
                            whole if first is None else chunk.unpacked
                        ) > _TEXTS + _TEXT * max(group.num_rows, 0)
                        if page > _PAGE or largest > _PAGES or long:
                            raise CaseError("C205.texts_too_long", place=self.name, column=name)
                        if name in texts and chunk.words and sizes:
                            rows = min(rows, self._rows_of(name, g, group.num_rows, sizes[0]))
            self._batch_rows[key] = rows
        return self._batch_rows[key]

    def _rows_of(self, name: str, group: int, rows: int, size: int) -> int:
        """How many rows may be unpacked at once, where one long text can be that of each of them.

        size : of the page that has the texts
        """
        if size * min(rows, _ROWS) <= _TEXTS // 4:
            return _ROWS
        with pq.ParquetFile(self.path, read_dictionary=[name]) as file:
            batch = next(file.iter_batches(batch_size=1, row_groups=[group], columns=[name]), None)
        if batch is None or not pa.types.is_dictionary(batch.schema.field(0).type):
            return _ROWS
        longest = pc.max(pc.binary_length(batch.column(0).dictionary)).as_py() or 0
        return max(1, min(_ROWS, _TEXTS // max(longest, 1)))


def _is_large(mapped: mmap.mmap) -> bool | None:
    """Whether a batch takes too much room once unpacked; None where this is not Arrow."""
    try:
        return any(size > _UNPACKED for size in batches_of(mapped))
    except (ValueError, IndexError, struct.error):
        return None


class ArrowTable(_Columnar):
    """An Arrow (Feather 2) file or stream.

    What it says about its own insides is checked, not believed.

    Memory is bounded by the file's own record batches; writers make them of some ten thousand rows.
    """

    def read_header(self) -> Sequence[str]:
        self._look_over()
        with self._damage(), pa.memory_map(str(self.path)) as source:
            return self._named(self._reader(source, None).schema)

    def _look_over(self) -> None:
        """`C205` for a batch that takes too much room once unpacked."""
        try:
            with (
                self.path.open("rb") as raw,
                mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
            ):
                large = _is_large(mapped)
        except (ValueError, OSError) as error:
            if isinstance(error, OSError) and error.errno == errno.ENOMEM:
                raise CaseError("C205.memory_short", place=self.name) from None
            raise CaseError("C204.file_damaged", place=self.name) from None
        if large is None:
            raise CaseError("C204.file_damaged", place=self.name)
        if large:
            raise CaseError("C205.batch_too_large", place=self.name, most=_UNPACKED >> 20)

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
        self._refuse_nested(columns)
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
