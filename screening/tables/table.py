"""Tables of cases, whatever kind of file they stand in: the wide form (a row per case) and the long
(a row per answer).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from screening.answers import OPEN_ANSWERS, Answer, Case, Response
from screening.checklist.retired import clash
from screening.errors import CaseError, ScreeningError
from screening.names import look_of, seen
from screening.scoring.block import AGE_UNKNOWN, OPEN, Block
from screening.tables.columns import (
    ANSWERS,
    Ids,
    Place,
    codes_of,
    distinct,
    ids_of,
    joined,
    kept_texts,
    parsed,
    texts_of,
    write_codes,
)
from screening.tables.layout import Layout, letter
from screening.tables.longform import Group, LongRows, basis_of
from screening.tables.source import PLAIN, CaseFile, Reading, age_of
from screening.tables.strange import Strange

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
        self.layout = Layout.of(
            self.header, reading.checklist, self.name, self.header_place, reading.keep
        )
        self.warnings += self.layout.warnings
        self.kept = tuple(self.layout.kept)

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
        return lambda n: f"{self.place(first + n)}, column {seen(self.header[column])}"

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
        layout = self.layout
        every = (*layout.own.values(), *layout.answering, *layout.kept.values())
        wanted = list(dict.fromkeys(every))
        order = {i: n for n, i in enumerate(self.reading.checklist.indicators)}
        strange = Strange(self)
        for first, batch in self._numbered(wanted):
            column = dict(zip(wanted, batch.columns, strict=True))
            ids = self._ids(first, column)
            strange.ids(first, ids)
            age, certain, _ = self._ages(first, column, batch.num_rows, strange)
            codes = np.empty((len(order), batch.num_rows), dtype=np.uint8)
            for indicator, n in order.items():
                where = self.layout.indicators.get(indicator)
                if where is None:
                    codes[n] = OPEN
                elif indicator in self.layout.also:
                    codes[n] = codes_of(self._joined(indicator, first, column))
                else:
                    place = self._place(first, where)
                    write_codes(column[where], codes[n], place, self.reading.answer)
            strange.total_row(first, ids, partial(_bare, age, codes))
            kept = {
                name: kept_texts(column[p], self._place(first, p))
                for name, p in layout.kept.items()
            }
            yield range(first, first + batch.num_rows), Block(ids, age, certain, codes, kept)
        strange.tell()

    def cases(self) -> Iterator[tuple[int, Case]]:
        if self.layout.long:
            strange = Strange(self)
            for group in self._long(strange):
                if group.in_doubt:
                    strange.aged(group.rows[0], np.ones(1, dtype=bool))
                yield group.rows[0], group.case(self.reading.today)
            strange.tell()
            for text in self._long_warnings:
                self.warn(text)
            return
        layout = self.layout
        wanted = [*layout.own.values(), *layout.answering, *layout.statistics.values()]
        strange = Strange(self)
        for first, batch in self._numbered(wanted):
            column = dict(zip(wanted, batch.columns, strict=True))
            n = batch.num_rows
            found = self._ids(first, column)
            strange.ids(first, found)
            ids = list(found)
            age, certain, met = self._ages(first, column, n, strange)
            answers = self._answers(first, column, n)
            strange.total_row(first, ids, partial(_says_nothing, age, answers))
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
        strange.tell()

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
                place = self._place(first, where)
                numbers, answers = parsed(column[where], self.reading.answer, place)
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
        numbers, rows, by = joined([column[where] for where in at], places, self.reading.answer)
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
        return parsed(column[where], self.reading.parsers[key], self._place(first, where))

    def _ages(self, first: int, column: dict[int, pa.Array], n: int, strange: Strange) -> Ages:
        """Ages and whether they are certain, reconciled with birth dates; and the days of meeting
        where the table has them.
        """
        ages, births, mets = (
            self._own(key, first, column) for key in ("age", "birth_date", "met_on")
        )
        age = np.full(n, AGE_UNKNOWN, dtype=np.int16)
        if ages is not None:
            age = np.array([AGE_UNKNOWN if a is None else a for a in ages[1]], dtype=np.int16).take(
                ages[0]
            )
        sure, unsure = self._stated(first, column, n)
        certain = ~unsure
        met = None if mets is None else [mets[1][k] for k in mets[0].tolist()]
        doubt = strange.ages(age, sure)
        for r, k in enumerate(births[0].tolist()) if births is not None else ():
            birth = births[1][k] if births is not None else None
            if birth is not None:
                known, certain[r] = age_of(
                    None if age[r] == AGE_UNKNOWN else int(age[r]),
                    False if unsure[r] else True if sure[r] else None,
                    birth,
                    met[r] if met else None,
                    self.reading.today,
                )
                age[r] = AGE_UNKNOWN if known is None else known
                doubt[r : r + 1] = False
        if doubt.any():
            certain &= ~doubt
            strange.aged(first, doubt)
        return age, certain, met

    def _stated(
        self, first: int, column: dict[int, pa.Array], n: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Rows where somebody says that the age is certain, and where that it is not."""
        sure, unsure = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        for key in ("age_certain", "age_estimated"):
            said = self._own(key, first, column)
            if said is not None:
                sure |= np.array([s is True for s in said[1]]).take(said[0])
                unsure |= np.array([s is False for s in said[1]]).take(said[0])
        return sure, unsure

    # -- all that is wrong -------------------------------------------------------------------------

    def faults(self, most: int | None = None) -> Iterator[tuple[int, ScreeningError]]:
        """Every cell that cannot be read, with its row: batch by batch, column by column."""
        layout, parsers = self.layout, self.reading.parsers
        if layout.long:
            rows = LongRows(layout, self.reading, self.place, [])
            long = {"indicator": rows.indicator, "answer": self.reading.answer, "basis": basis_of}
            parsers = parsers | long
        each = [(layout.own[key], parsers[key]) for key in parsers if key in layout.own]
        each += [(where, self.reading.answer) for where in layout.answering]
        ids = layout.own["case_id"]
        first_at: dict[str, int] = {}
        for first, batch in self._numbered([ids, *(where for where, _ in each)]):
            if most is not None and first >= most:
                return
            if not layout.long:
                yield from self._id_faults(first, batch.column(0), first_at)
            for (where, parse), array in zip(each, batch.columns[1:], strict=True):
                yield from _cell_faults(first, array, parse, self._place(first, where))

    def _id_faults(
        self, first: int, array: pa.Array, first_at: dict[str, int]
    ) -> Iterator[tuple[int, CaseError]]:
        place = self._place(first, self.layout.own["case_id"])
        kind = array.type
        if pa.types.is_temporal(kind.value_type if pa.types.is_dictionary(kind) else kind):
            return  # the whole column is refused, and Python has no words for some moments
        for n, value in enumerate(array.to_pylist()):
            key = "" if value is None else look_of(str(value))
            if not key:
                yield first + n, CaseError("C210.row_without_id", place=place(n))
            elif key in first_at:
                there = self.place(first_at[key])
                yield (
                    first + n,
                    CaseError(
                        "C211.case_twice",
                        place=self.place(first + n),
                        case_id=str(value),
                        first=there,
                    ),
                )
            else:
                first_at[key] = first + n

    # -- the long form -----------------------------------------------------------------------------

    def _long(self, strange: Strange | None = None) -> Iterator[Group]:
        self._long_warnings: list[str] = []
        wanted = [*self.layout.own.values(), *self.layout.statistics.values()]
        rows = LongRows(self.layout, self.reading, self.place, self._long_warnings)
        for first, batch in self._numbered(wanted):
            column = dict(zip(wanted, batch.columns, strict=True))
            ids = self._ids(first, column)
            if strange is not None:
                strange.ids(first, ids)
                strange.total_row(first, ids, lambda row: False)
            yield from rows.add(first, column, self._place, ids)
        yield from rows.end()


def _bare(age: NDArray[np.int16], codes: NDArray[np.uint8], row: int) -> bool:
    """Whether a row of a block says nothing of anybody."""
    return bool(age[row] == AGE_UNKNOWN and (codes[:, row] == OPEN).all())


def _says_nothing(age: NDArray[np.int16], answers: Sequence[dict[str, Response]], row: int) -> bool:
    """Whether a row of cases says nothing of anybody."""
    said = (response.answer for response in answers[row].values())
    return bool(age[row] == AGE_UNKNOWN) and all(answer in OPEN_ANSWERS for answer in said)


def _cell_faults(
    first: int, array: pa.Array, parse: Callable[[Any], Any], place: Place
) -> Iterator[tuple[int, CaseError]]:
    """The cells of a column that `parse` refuses."""
    numbers, values = distinct(array, place)
    for n, value in enumerate(values):
        try:
            parse(value)
        except ScreeningError as error:
            for row in np.flatnonzero(numbers == n).tolist():
                again = CaseError(error.key, place=error.place, **error.facts)
                yield first + row, again.at(place(row))
