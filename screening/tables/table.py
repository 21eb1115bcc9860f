"""Tables of cases, whatever kind of file they stand in: the wide form (a row per case) and the long
(a row per answer).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from screening.answers import Answer, Case, Response, parse_age, parse_certain, parse_date
from screening.checklist.retired import clash
from screening.errors import CaseError
from screening.scoring.block import AGE_UNKNOWN, OPEN, Block
from screening.tables.columns import (
    ANSWERS,
    Ids,
    Place,
    answer_cell,
    codes_of,
    distinct,
    ids_of,
    joined,
    parsed,
    texts_of,
    write_codes,
)
from screening.tables.layout import Layout, letter
from screening.tables.longform import Group, LongRows
from screening.tables.source import PLAIN, CaseFile, Reading, age_of, check_met

__all__ = ["Table"]

Batches = Iterator[tuple[int, pa.RecordBatch]]
Ages = tuple[NDArray[np.int16], NDArray[np.bool_], list[date | None] | None]


class Table(CaseFile):
    """A file with a header and rows.

    Kinds of file say how to get batches; the meaning of cells is the same for all.
    """

    header_place = "row 1"

    def __init__(self, path: Path, reading: Reading) -> None:
        super().__init__(path, reading)
        self.header = self.read_header()
        self.layout = Layout.of(self.header, reading.checklist, self.name, self.header_place)
        self.warnings += self.layout.warnings

    @abstractmethod
    def read_header(self) -> Sequence[str]:
        """The names of the columns as they stand."""

    @abstractmethod
    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """These columns, in this order, a bounded number of rows at a time."""

    @abstractmethod
    def row(self, n: int) -> int:
        """The number of the n-th row of data as a person counts."""

    def place(self, row: int) -> str:
        return f"{self.name}, row {self.row(row)}"

    def _numbered(self, columns: Iterable[int]) -> Batches:
        """Batches of these columns, each with the number of its first row."""
        first, wanted = 0, list(columns)
        for batch in self.batches([*wanted, *self.layout.nameless]):
            if batch.num_rows:
                self._nothing_nameless(first, batch.columns[len(wanted) :])
                yield first, batch.select(range(len(wanted)))
                first += batch.num_rows
        if not first:
            raise CaseError("C201.header_only", place=self.name)

    def _nothing_nameless(self, first: int, columns: Sequence[pa.Array]) -> None:
        """`C207` for a column without a name that holds anything: it may be an answer."""
        for position, array in zip(self.layout.nameless, columns, strict=True):
            numbers, values = distinct(array, lambda n: self.place(first + n))
            said = np.array([value is not None and bool(str(value).strip()) for value in values])
            rows = np.flatnonzero(said[numbers])
            if len(rows):
                place = f"{self.place(first + int(rows[0]))}, column {position + 1}"
                raise CaseError("C207.column_unnamed", place=f"{place} ({letter(position)})")

    def _place(self, first: int, column: int) -> Place:
        return lambda n: f"{self.place(first + n)}, column {self.header[column].strip()}"

    # -- the two faces -----------------------------------------------------------------------------

    def ids(self) -> Iterator[tuple[Sequence[int], Sequence[str]]]:
        if self.layout.long:
            yield from ((case.rows, (case.case_id,)) for case in self._long())
            return
        column = self.layout.own["case_id"]
        for first, batch in self._numbered([column]):
            yield (
                range(first, first + batch.num_rows),
                ids_of(batch.column(0), self._place(first, column)),
            )

    def blocks(self) -> Iterator[tuple[Sequence[int], Block]]:
        if self.layout.long:
            yield from super().blocks()
            return
        wanted = [*self.layout.own.values(), *self.layout.answering]
        order = {i: n for n, i in enumerate(self.reading.checklist.indicators)}
        for first, batch in self._numbered(wanted):
            column = dict(zip(wanted, batch.columns, strict=True))
            ids = self._ids(first, column)
            age, certain, _ = self._ages(first, column, batch.num_rows)
            codes = np.empty((len(order), batch.num_rows), dtype=np.uint8)
            for indicator, n in order.items():
                where = self.layout.indicators.get(indicator)
                if where is None:
                    codes[n] = OPEN
                elif indicator in self.layout.also:
                    codes[n] = codes_of(self._joined(indicator, first, column))
                else:
                    write_codes(column[where], codes[n], self._place(first, where))
            yield range(first, first + batch.num_rows), Block(ids, age, certain, codes)

    def cases(self) -> Iterator[tuple[int, Case]]:
        if self.layout.long:
            for group in self._long():
                yield group.rows[0], group.case(self.reading.today)
            self.warnings += self._long_warnings
            return
        layout = self.layout
        wanted = [*layout.own.values(), *layout.answering, *layout.statistics.values()]
        for first, batch in self._numbered(wanted):
            column = dict(zip(wanted, batch.columns, strict=True))
            n = batch.num_rows
            ids = list(self._ids(first, column))
            age, certain, met = self._ages(first, column, n)
            answers = self._answers(first, column, n)
            setting, language = (
                self._texts(first, column, layout.own.get(k), n) for k in ("setting", "language")
            )
            statistics = {k: self._texts(first, column, p, n) for k, p in layout.statistics.items()}
            for r in range(n):
                yield (
                    first + r,
                    Case(
                        ids[r],
                        None if age[r] == AGE_UNKNOWN else int(age[r]),
                        bool(certain[r]),
                        answers[r],
                        setting[r],
                        language[r],
                        met[r] if met else None,
                        {k: texts[r] for k, texts in statistics.items() if texts[r]},
                    ),
                )

    # -- parts of a batch --------------------------------------------------------------------------

    def _ids(self, first: int, column: dict[int, pa.Array]) -> Ids:
        where = self.layout.own["case_id"]
        return ids_of(column[where], self._place(first, where))

    def _texts(
        self, first: int, column: dict[int, pa.Array], where: int | None, n: int
    ) -> list[str]:
        return [""] * n if where is None else texts_of(column[where], self._place(first, where))

    def _answers(
        self, first: int, column: dict[int, pa.Array], n: int
    ) -> list[dict[str, Response]]:
        """What was asked, case by case; a blank is left out."""
        found: list[dict[str, Response]] = [{} for _ in range(n)]
        for indicator, where in self.layout.indicators.items():
            if indicator in self.layout.also:
                numbers: NDArray[Any] = self._joined(indicator, first, column)
                answers: Sequence[Any] = ANSWERS
            else:
                numbers, answers = parsed(column[where], answer_cell, self._place(first, where))
            for k, answer in enumerate(answers):
                if answer is not Answer.NOT_ASKED:
                    for r in np.flatnonzero(numbers == k).tolist():
                        found[r][indicator] = PLAIN[answer]
        return found

    def _joined(self, indicator: str, first: int, column: dict[int, pa.Array]) -> NDArray[np.uint8]:
        """The answers of columns under the id of today and under retired ones, read as one; the
        first contradictions are told.
        """
        at = (self.layout.indicators[indicator], *self.layout.also[indicator])
        places = [self._place(first, where) for where in at]
        numbers, rows, by = joined([column[where] for where in at], places)
        self.tell(
            clash(indicator, self.header[at[n]].strip(), ANSWERS[numbers[r]], self.place(first + r))
            for r, n in zip(rows.tolist(), by.tolist(), strict=True)
        )
        return numbers

    def _own(
        self, key: str, first: int, column: dict[int, pa.Array]
    ) -> tuple[NDArray[np.integer[Any]], list[Any]] | None:
        where = self.layout.own.get(key)
        if where is None:
            return None
        return parsed(column[where], self.parsers[key], self._place(first, where))

    @property
    def parsers(self) -> dict[str, Callable[[Any], Any]]:
        """What reads a cell of each column that is no answer and no free text."""

        def met_day(value: Any) -> date | None:
            day = parse_date(value)
            check_met(day, self.reading.today)
            return day

        return {
            "age": parse_age,
            "age_certain": parse_certain,
            "birth_date": parse_date,
            "met_on": met_day,
        }

    def _ages(self, first: int, column: dict[int, pa.Array], n: int) -> Ages:
        """Ages and whether they are certain, reconciled with birth dates; and the days of meeting
        where the table has them.
        """
        today = self.reading.today
        ages, certains, births, mets = (
            self._own(key, first, column) for key in ("age", "age_certain", "birth_date", "met_on")
        )
        age = np.full(n, AGE_UNKNOWN, dtype=np.int16)
        certain = np.ones(n, dtype=bool)
        if ages is not None:
            age = np.array([AGE_UNKNOWN if a is None else a for a in ages[1]], dtype=np.int16).take(
                ages[0]
            )
        if certains is not None:
            certain = np.array(certains[1], dtype=bool).take(certains[0])
        met = None if mets is None else [mets[1][k] for k in mets[0].tolist()]
        if births is not None:
            for r, k in enumerate(births[0].tolist()):
                birth = births[1][k]
                if birth is not None:
                    known, sure = age_of(
                        None if age[r] == AGE_UNKNOWN else int(age[r]),
                        bool(certain[r]),
                        birth,
                        met[r] if met else None,
                        today,
                    )
                    age[r], certain[r] = AGE_UNKNOWN if known is None else known, sure
        return age, certain, met

    # -- the long form -----------------------------------------------------------------------------

    def _long(self) -> Iterator[Group]:
        self._long_warnings: list[str] = []
        wanted = [*self.layout.own.values(), *self.layout.statistics.values()]
        rows = LongRows(self.layout, self.reading.checklist, self.place, self._long_warnings)
        for first, batch in self._numbered(wanted):
            column = dict(zip(wanted, batch.columns, strict=True))
            yield from rows.add(first, column, self._place, self._ids(first, column))
        yield from rows.end()
