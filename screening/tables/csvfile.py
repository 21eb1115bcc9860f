"""CSV: comma, semicolon or tab, told from the header; quoted line breaks; decoded and parsed piece
by piece.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.csv as pacsv

from screening.errors import CaseError, ScreeningError
from screening.files.text import TextFile
from screening.tables.lent import csv_batches
from screening.tables.table import Table

__all__ = ["CsvTable"]

_BLOCK = 4 << 20  # bytes parsed at a time; also the longest row
_HEADER = 1 << 20
_DELIMITERS = (",", ";", "\t")


class CsvTable(Table):
    """A CSV file.

    Raises
    ------
    CaseError : C203 encoding, C204 ends inside quotes or inside a row, C205 a row longer than 4
        MiB, C208 a row of
        another width than the header, and what the cells raise
    """

    def read_header(self) -> Sequence[str]:
        """Split the first record; also sets where the data starts, in bytes of UTF-8."""
        with TextFile(self.path, self.reading.encoding) as file:
            text = file.read(_HEADER).decode(errors="ignore")
        start = len(text) - len(text.lstrip("\r\n"))
        end = _end_of_record(text, start)
        if end is None and len(text) >= _HEADER:
            raise CaseError("C205.header_too_long", place=self.name)
        record = text[start:end]
        if record.count('"') % 2:
            raise CaseError("C204.header_quote_open", place=f"{self.name}, row 1")
        self._start = len(text[: end if end is not None else len(text)].encode())
        splits = {d: next(csv.reader([record], delimiter=d), []) for d in _DELIMITERS}
        self._delimiter = max(
            _DELIMITERS,
            key=lambda d: (any(c.strip() == "case_id" for c in splits[d]), len(splits[d])),
        )
        return splits[self._delimiter]

    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        names = [str(n) for n in range(len(self.header))]
        wanted = [names[c] for c in columns]
        kinds = {n: pa.dictionary(pa.int32(), pa.string()) for n in wanted}
        kinds[str(self.layout.own["case_id"])] = pa.string()
        if "note" in self.layout.own:
            kinds[str(self.layout.own["note"])] = pa.string()
        with TextFile(self.path, self.reading.encoding) as file:
            file.read(self._start)
            try:
                yield from csv_batches(
                    file,
                    read_options=pacsv.ReadOptions(column_names=names, block_size=_BLOCK),
                    parse_options=pacsv.ParseOptions(
                        delimiter=self._delimiter, newlines_in_values=True
                    ),
                    convert_options=pacsv.ConvertOptions(
                        include_columns=wanted,
                        column_types=kinds,
                        null_values=[],
                        strings_can_be_null=False,
                        check_utf8=False,
                    ),
                )
            except pa.ArrowInvalid as error:
                if file.error is not None:
                    raise file.error from None
                if "Empty CSV" in str(error):
                    return
                raise self._diagnosed(error) from None

    def row(self, n: int) -> int:
        if not self._has_blank_lines():
            return n + 2
        for number, _ in self._records():
            n -= 1
            if n == -2:  # the header is the first
                return number
        raise AssertionError("a row that is not in the file")

    # -- only when something is wrong --------------------------------------------------------------

    def _has_blank_lines(self) -> bool:
        """Whether the quick count would be off: blank lines count for a person and not for the
        parser.
        """
        blank = re.compile(rb"\n\r?\n|\r\r")
        last = b"\n"
        with TextFile(self.path, self.reading.encoding) as file:
            while chunk := file.read(_HEADER):
                if blank.search(last + chunk) or (last == b"\n" and chunk[:1] == b"\r"):
                    return True
                last = chunk[-2:]
        return False

    def _records(self, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
        """Records that are not blank, with their numbers, as a spreadsheet would show them."""
        limit = csv.field_size_limit(_BLOCK)
        try:
            with (
                TextFile(self.path, self.reading.encoding) as raw,
                io.TextIOWrapper(io.BufferedReader(raw), "utf-8", newline="") as text,
            ):
                yield from (
                    (n, record)
                    for n, record in enumerate(
                        csv.reader(text, delimiter=self._delimiter, strict=strict), start=1
                    )
                    if record
                )
        finally:
            csv.field_size_limit(limit)

    def _diagnosed(self, error: Exception) -> ScreeningError:
        """What Arrow's parser stumbled over, in words and with the row."""
        expected, number = len(self.header), 0
        try:
            for number, record in self._records(strict=True):
                if len(record) != expected:
                    return self._wrong_width(number, len(record), expected)
        except csv.Error as fault:
            place = f"{self.name}, row {number + 1}"
            if "field larger" in str(fault):
                return CaseError("C205.cell_too_long", place=place, block=_BLOCK >> 20)
            return CaseError("C204.quote_open", place=place)
        return CaseError("C205.row_too_long", place=self.name, block=_BLOCK >> 20, error=error)

    def _wrong_width(self, number: int, found: int, expected: int) -> ScreeningError:
        place = f"{self.name}, row {number}"
        with self.path.open("rb") as raw:
            raw.seek(-1, io.SEEK_END)
            whole = raw.read(1) in (b"\n", b"\r", b"\0")
        if not whole and found < expected and all(n <= number for n, _ in self._records()):
            return CaseError("C204.row_cut_short", place=place, found=found, expected=expected)
        return CaseError("C208.cell_count", place=place, found=found, expected=expected)


def _end_of_record(text: str, start: int) -> int | None:
    """Where the record that begins at `start` ends: at the first line break outside quotes."""
    quoted = False
    for found in re.finditer(r'["\r\n]', text[start:]):
        if found.group() == '"':
            quoted = not quoted
        elif not quoted:
            return start + found.start()
    return None
