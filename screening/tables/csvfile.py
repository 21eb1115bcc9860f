"""CSV: decoded and parsed piece by piece, by Arrow where the rows are regular and one by one where
they are not.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from screening.errors import CaseError, Notice, ScreeningError, mark
from screening.files.csvtext import FIELD, CsvFront, records
from screening.files.text import TextFile
from screening.tables.arrow import numbers_of, of_texts
from screening.tables.headrow import is_header
from screening.tables.lent import csv_batches
from screening.tables.quotes import Quotes
from screening.tables.table import Table

__all__ = ["CsvTable", "csv_front"]

_BLOCK = FIELD  # bytes parsed at a time; also the longest row
_HEADER = 1 << 20
_ROWS = 1 << 14  # of a batch that is not Arrow's


def csv_front(file: TextFile) -> tuple[CsvFront, int]:
    """What a CSV of cases begins with, and where its rows begin, in bytes of UTF-8.

    Raises
    ------
    CaseError : C204 a quote in the header that is open, C205 a header too long
    """
    name = file.path.name
    text = file.read(_HEADER).decode(errors="ignore")
    try:
        front = CsvFront.of(text, is_header)
    except csv.Error:
        raise CaseError("C205.header_too_long", place=name) from None
    if front.end == len(text):
        if len(text) >= _HEADER:
            raise CaseError("C205.header_too_long", place=name)
        try:
            list(records(io.StringIO(text[front.start :]), front.delimiter, strict=True))
        except csv.Error:
            place = f"{name}, row {front.row}"
            raise CaseError("C204.header_quote_open", place=place) from None
    return front, len(text[: front.end].encode())


class CsvTable(Table):
    """A CSV file.

    Rows and cells with nothing in them, and what a spreadsheet program puts above the header, are
    passed over.

    Raises
    ------
    CaseError : C203 encoding, C204 ends inside quotes or inside a row, C205 a row longer than 4
        MiB, C208 a row of another width than the header, and what the cells raise
    """

    def read_header(self) -> Sequence[str]:
        """Find the header; also sets where the data starts."""
        with TextFile(self.path, self.reading.encoding) as file:
            self._front, self._start = csv_front(file)
        self.header_place = f"row {self._front.row}"
        self._regular = True
        if self._front.titles:
            self.warnings.append(
                Notice(
                    f"{self.name}, {self.header_place}",
                    mark("the header is here; what is above it is not read"),
                )
            )
        return self._front.header

    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        done = 0
        with TextFile(self.path, self.reading.encoding) as file:
            file.read(self._start)
            quotes = Quotes(self._front.delimiter, len(self.header))
            file.watch = quotes.see
            try:
                for batch in csv_batches(file, **self._options(columns)):
                    if self._has_blank_row(batch) or quotes.doubtful:
                        break
                    yield batch
                    done += batch.num_rows
                else:
                    if not (quotes.open or quotes.doubtful):
                        return
            except pa.ArrowInvalid as error:
                if file.error is not None:
                    raise file.error from None
                if "Empty CSV" in str(error):
                    return
        self._regular = False
        yield from self._one_by_one(columns, done)

    def _options(self, columns: Sequence[int]) -> dict[str, object]:
        names = [str(n) for n in range(len(self.header))]
        wanted = [names[c] for c in columns]
        kinds = {n: pa.dictionary(pa.int32(), pa.string()) for n in wanted}
        for key in ("case_id", "note"):
            if key in self.layout.own:
                kinds[str(self.layout.own[key])] = pa.string()
        return {
            "read_options": pacsv.ReadOptions(column_names=names, block_size=_BLOCK),
            "parse_options": pacsv.ParseOptions(
                delimiter=self._front.delimiter, newlines_in_values=True
            ),
            "convert_options": pacsv.ConvertOptions(
                include_columns=wanted,
                column_types=kinds,
                null_values=[],
                strings_can_be_null=False,
                check_utf8=False,
            ),
        }

    def _has_blank_row(self, batch: pa.RecordBatch) -> bool:
        """Whether a row without an id is among these; it may have nothing in it at all."""
        ids = batch.column(str(self.layout.own["case_id"]))
        return bool(len(ids)) and int(numbers_of(pc.binary_length(ids)).min()) == 0

    def _one_by_one(self, columns: Sequence[int], done: int) -> Iterator[pa.RecordBatch]:
        """The rows after the first `done`, where not all are as wide as the header or some have
        nothing in them.
        """
        width, held = len(self.header), list[list[str]]()
        size = 0
        for n, (number, cells) in enumerate(self._rows()):
            if n < done:
                continue
            if len(cells) != width:
                cells = self._fitted(number, cells)
            row = [cells[c] for c in columns]
            held.append(row)
            size += sum(map(len, row))
            if len(held) == _ROWS or size > _BLOCK:
                yield _batch(held, columns)
                held, size = [], 0
        if held:
            yield _batch(held, columns)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Numbers and cells of the rows below the header that are not blank."""
        number = self._front.row
        try:
            for number, cells in self._records(strict=True):
                if number > self._front.row:
                    if sum(map(len, cells)) > _BLOCK:
                        raise CaseError(
                            "C205.row_too_long",
                            place=f"{self.name}, row {number}",
                            block=_BLOCK >> 20,
                        )
                    self._one_row(number, cells)
                    yield number, cells
        except csv.Error as fault:
            place = f"{self.name}, row {number + 1}"
            if "field larger" in str(fault):
                raise CaseError("C205.cell_too_long", place=place, block=_BLOCK >> 20) from None
            raise CaseError("C204.quote_open", place=place) from None

    def _one_row(self, number: int, cells: list[str]) -> None:
        """`C204` for cells of which one holds whole rows: two quotes too many, one in each of two
        rows, make one of them and of all between.
        """
        for n, cell in enumerate(cells):
            first, *lines = re.split("\r\n|\r|\n", cell)
            if lines and self._are_rows([first, *lines], cells[:n], cells[n + 1 :]):
                place = f"{self.name}, row {number}"
                raise CaseError("C204.rows_in_quotes", place=place, found=len(lines) + 1)

    def _are_rows(self, lines: list[str], before: list[str], after: list[str]) -> bool:
        """Whether the lines of a cell, with the cells before and after it, are rows with answers:
        a note may have as many separators by chance.
        """
        rows = [line.split(self._front.delimiter) for line in lines]
        rows[0], rows[-1] = [*before, *rows[0]], [*rows[-1], *after]
        if any(len(row) != len(self.header) for row in rows):
            return False
        answering = self.layout.answering or (self.layout.own["answer"],)
        try:
            for row in rows:
                for at in answering:
                    self.reading.answer(row[at].strip('"'))
        except ScreeningError:
            return False
        return True

    def _fitted(self, number: int, cells: list[str]) -> list[str]:
        """The row without cells at its end that have nothing in them and no name."""
        width, place = len(self.header), f"{self.name}, row {number}"
        if len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                raise CaseError("C208.cell_count", place=place, found=len(cells), expected=width)
            return cells[:width]
        raise self._short(number, len(cells))

    def _short(self, number: int, found: int) -> ScreeningError:
        """A row that ends early: what is missing may have been an answer."""
        expected, place = len(self.header), f"{self.name}, row {number}"
        with self.path.open("rb") as raw:
            raw.seek(-1, io.SEEK_END)
            whole = raw.read(1) in (b"\n", b"\r", b"\0")
        if not whole and all(n <= number for n, _ in self._records()):
            return CaseError("C204.row_cut_short", place=place, found=found, expected=expected)
        missing = expected - found
        return CaseError(
            "C208.cells_missing", place=place, found=found, expected=expected, missing=missing
        )

    def row(self, n: int) -> int:
        if self._regular and not self._has_blank_lines():
            return n + self._front.row + 1
        for number, _ in self._records():
            if number > self._front.row:
                n -= 1
                if n < 0:
                    return number
        raise AssertionError("a row that is not in the file")

    def _has_blank_lines(self) -> bool:
        """Whether the quick count would be off: blank lines count for a person and not for the
        parser.
        """
        blank = re.compile(rb"\n\r?\n|\r\r")
        last = b"\n"
        with TextFile(self.path, self.reading.encoding) as file:
            file.read(self._start)
            while chunk := file.read(_HEADER):
                if blank.search(last + chunk) or (last == b"\n" and chunk[:1] == b"\r"):
                    return True
                last = chunk[-2:]
        return False

    def _records(self, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
        with (
            TextFile(self.path, self.reading.encoding) as raw,
            io.TextIOWrapper(io.BufferedReader(raw), "utf-8", newline="") as text,
        ):
            yield from records(text, self._front.delimiter, strict=strict)


def _batch(rows: list[list[str]], columns: Sequence[int]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [of_texts(c) for c in zip(*rows, strict=True)], names=[str(c) for c in columns]
    )
