"""The front of every CSV: what separates its cells, where its header is, and its records one by
one.

Cases, ratings, limits and other organisations' tables all come through here, so that one rule holds
for what spreadsheet programs put around a table: a line `sep=;`, a title above the header, rows and
cells with nothing in them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["DELIMITERS", "FIELD", "CsvFront", "delimited", "records"]

DELIMITERS = (",", ";", "\t", "|")
FIELD = 4 << 20  # characters of a cell; also the longest row
TITLES = 20  # rows among which the header is looked for
_SEP = re.compile(r'\s*"?sep=([^\w\s"]|\t)"?[ \t;,]*(?:\r\n|\r|\n|$)', re.IGNORECASE)

csv.field_size_limit(FIELD)  # for the whole process: its own limit is half a page of notes


@dataclass(frozen=True, slots=True)
class CsvFront:
    """What the beginning of a CSV tells.

    header : the cells of the header as they are
    row : its number as a spreadsheet program counts: a line `sep=` is no row
    start, end : where the header begins and ends, in characters of the text
    titles : how many rows above it are not blank
    lines_above : how many lines above it there are, whatever is in them
    """

    delimiter: str
    header: Sequence[str]
    row: int
    start: int
    end: int
    titles: int
    lines_above: int = 0

    @classmethod
    def of(cls, text: str, is_header: Callable[[Sequence[str]], bool]) -> CsvFront:
        """Look for the header among the first rows of the text; where none is one, the first row
        stands for it.

        Raises
        ------
        csv.Error : a cell longer than `FIELD`
        """
        declared, begin = _declared(text)
        best: CsvFront | None = None
        for delimiter in [declared] if declared else DELIMITERS:
            front = cls._split(text, begin, delimiter, is_header)
            if front is not None and (
                best is None or front._rank(is_header) > best._rank(is_header)
            ):
                best = front
        return best or cls(declared or ",", [], 1, begin, len(text), 0)

    def _rank(self, is_header: Callable[[Sequence[str]], bool]) -> tuple[bool, int]:
        return is_header(self.header), len(self.header)

    @classmethod
    def _split(
        cls, text: str, begin: int, delimiter: str, is_header: Callable[[Sequence[str]], bool]
    ) -> CsvFront | None:
        first: CsvFront | None = None
        found, start = 0, begin
        for number, cells, taken in _counted(io.StringIO(text[begin:], newline=""), delimiter):
            end = begin + taken
            if any(cell.strip() for cell in cells):
                above = sum(1 for _ in io.StringIO(text[:start], newline=""))
                front = cls(delimiter, cells, number, start, end, found, above)
                if is_header(cells):
                    return front
                first, found = first or front, found + 1
                if found == TITLES:
                    break
            start = end
        return first


def _declared(text: str) -> tuple[str, int]:
    """The separator that a line `sep=` names, and where the rows begin."""
    line = _SEP.match(text)
    return (line[1], line.end()) if line else ("", 0)


def _counted(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str], int]]:
    """Number and cells of each record, and how many characters were taken until its end."""
    taken = 0

    def counted() -> Iterator[str]:
        nonlocal taken
        for line in lines:
            taken += len(line)
            yield line

    for number, cells in enumerate(csv.reader(counted(), delimiter=delimiter), 1):
        yield number, cells, taken


def records(
    lines: Iterable[str], delimiter: str, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, with their numbers as a spreadsheet program shows them.

    Raises
    ------
    csv.Error : a cell longer than `FIELD`; with `strict`, quotes that are open or in the wrong
        place
    """
    begun = False
    each = iter(lines)

    def without_sep() -> Iterator[str]:
        nonlocal begun
        for line in each:
            if begun or not _SEP.fullmatch(line):
                yield line
            begun = True

    rows = csv.reader(without_sep(), delimiter=delimiter, strict=strict)
    for number, cells in enumerate(rows, 1):
        if any(cells) and any(cell.strip() for cell in cells):
            yield number, cells


def delimited(
    text: str, is_header: Callable[[Sequence[str]], bool]
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a small CSV from its header on, with their numbers and without blanks around
    cells. The header ends with its last name, and a row with its last cell that says anything or
    has a name.

    Raises
    ------
    csv.Error : it is none
    """
    front = CsvFront.of(text, is_header)
    width = 0
    for number, cells in records(io.StringIO(text, newline=""), front.delimiter, strict=True):
        if number < front.row:
            continue
        row = [cell.strip() for cell in cells]
        while len(row) > width and not row[-1]:
            row.pop()
        width = width or len(row)
        yield number, row
