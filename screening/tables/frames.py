"""Cases as a data frame: read as a table of any other kind is, and written as one.

pandas is imported when the first frame is made or read, never before: scoring one case does not
wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from screening.answers import Answer, Case
from screening.checklist.loader import DEFAULT_LIST, load_checklist
from screening.checklist.model import Checklist
from screening.errors import CaseError, UsageError
from screening.languages import column_words
from screening.names import Names, look_of
from screening.tables.arrow import of_numbers, of_texts
from screening.tables.source import Reading
from screening.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FrameTable", "Frames", "as_frame", "cases_from_frame", "cases_to_frame", "list_of"]

NAME = "data frame"
_ROWS = 1 << 16  # of a block

Frames = Any  # a pandas frame, or anything that hands out Arrow's C stream: polars, DuckDB, pyarrow


def list_of(checklist: Checklist | str | Path) -> Checklist:
    """The list itself, or the one of this name or folder."""
    return checklist if isinstance(checklist, Checklist) else load_checklist(checklist)


def as_frame(frame: Frames) -> pd.DataFrame:
    """A pandas frame as it is; anything else by Arrow's C stream, with rows numbered from 0.

    Raises
    ------
    UsageError : U305 it is neither
    """
    import pandas as pd

    if isinstance(frame, pd.DataFrame):
        return frame
    if hasattr(frame, "__arrow_c_stream__"):
        table: pd.DataFrame = pa.table(frame).to_pandas()
        return table
    raise UsageError("U305.not_a_frame", kind=type(frame).__name__)


class FrameTable(Table):
    """A data frame as a table of cases.

    Cells may be words, booleans, 1 and 0, categories of these, in numpy, nullable, object or Arrow
    columns; NaN, NA, NaT and None are open. Where there is no column `case_id` the index is one.

    Raises
    ------
    CaseError : C207 for the columns; while reading, what cells raise, with column and row
    """

    header_place = "columns"

    def __init__(self, frame: pd.DataFrame, reading: Reading) -> None:
        names = [str(name) for name in frame.columns]
        self.frame, self.index = frame, frame.index
        self._columns = [frame.iloc[:, n] for n in range(len(names))]
        if "case_id" not in Names(["case_id"], column_words()).columns(names).at:
            if self.index.nlevels > 1:
                raise CaseError("C207.frame_index_levels", place=NAME)
            names = ["case_id", *names]
            self._columns = [self.index.to_series(), *self._columns]
        self._names = names
        self._pieces = [pieces_of(column) for column in self._columns]
        super().__init__(Path(NAME), reading)

    def read_header(self) -> Sequence[str]:
        return self._names

    def row(self, n: int) -> int:
        return n

    def place(self, row: int) -> str:
        return f"{self.name}, row {self.index[row]!r}"

    def total(self) -> int | None:
        return None if self.layout.long else len(self.frame)

    def batches(self, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
        names = [self.header[c] for c in columns]
        for start in range(0, len(self.frame), _ROWS):
            arrays = [self._pieces[c](start, start + _ROWS) for c in columns]
            yield pa.RecordBatch.from_arrays(arrays, names=names)

    def _id_faults(
        self, first: int, array: pa.Array, first_at: dict[str, int]
    ) -> Iterator[tuple[int, CaseError]]:
        """Both rows of an id that two of them have: neither can be scored."""
        if first:  # the first batch has told of all
            return
        position = self.layout.own["case_id"]
        texts = self._columns[position].astype("string").map(look_of, na_action="ignore")
        blank = (texts.isna() | (texts == "")).to_numpy(dtype=bool)
        for row in np.flatnonzero(blank).tolist():
            yield row, CaseError("C210.row_without_id", place=self._place(0, position)(row))
        twice = texts.duplicated(keep=False).to_numpy(dtype=bool) & ~blank
        for row in np.flatnonzero(twice).tolist():
            other = first_at.setdefault(texts.iloc[row], row)
            where = "this row" if other == row else self.place(other)
            yield (
                row,
                CaseError(
                    "C211.case_twice",
                    place=self._place(0, position)(row),
                    case_id=texts.iloc[row],
                    first=where,
                ),
            )


def pieces_of(values: pd.Series[Any]) -> Callable[[int, int], pa.Array]:
    """What gives the rows from here to there of a column as Arrow has them."""
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy()
        words = _arrow_of(values.cat.categories.array)
        if pa.types.is_dictionary(words.type):
            words = words.dictionary_decode()

        def piece(start: int, stop: int) -> pa.Array:
            some = codes[start:stop]
            missing = some < 0
            numbers = of_numbers(some, missing=missing if missing.any() else None)
            return pa.DictionaryArray.from_arrays(numbers, words, safe=False)

        return piece
    cells = values.array  # without the index: Arrow would look its own words up in it
    return lambda start, stop: _arrow_of(cells[start:stop])


def _arrow_of(values: Any) -> pa.Array:
    """Some cells as Arrow has them; numbers that are all 1, 0 or missing as single bytes."""
    import pandas as pd

    if isinstance(values, pd.arrays.NumpyExtensionArray):
        values = values.to_numpy()
    if isinstance(values, np.ndarray) and values.dtype.kind in "biuf":
        small = _bytes(values)
        if small is not None:
            return small
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return _of_objects(values)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _bytes(numbers: NDArray[Any]) -> pa.Array | None:
    if numbers.dtype.kind == "b":
        return of_numbers(numbers.view(np.int8))
    missing = np.isnan(numbers) if numbers.dtype.kind == "f" else None
    ones = numbers == 1
    right = ones | (numbers == 0)
    if missing is not None:
        right |= missing
    if not right.all():
        return None
    gaps = missing if missing is not None and missing.any() else None
    return of_numbers(ones.view(np.int8), missing=gaps)


def _of_objects(values: Any) -> pa.Array:
    """A column of anything, each distinct value as the text that a cell of a file would hold."""
    import pandas as pd

    cells = np.asarray(values, dtype=object)
    try:
        codes, found = pd.factorize(cells)
    except TypeError:  # a list or a dict in a cell: no answer, and it is said so by its text
        cells = np.array([v if _is_missing(v) else str(v) for v in cells], dtype=object)
        codes, found = pd.factorize(cells)
    numbers = of_numbers(codes.astype(np.int32), missing=codes < 0)
    return pa.DictionaryArray.from_arrays(numbers, of_texts([_text(v) for v in found]))


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


def _text(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else str(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def cases_from_frame(
    frame: Frames, checklist: Checklist | str | Path = DEFAULT_LIST, *, today: date | None = None
) -> list[Case]:
    """The cases in a frame, for the reference engine.

    Parameters
    ----------
    frame : a row a case (`case_id` or the index, `age`, `age_certain`, a column for each sign), or
        the long form (`case_id`, `indicator`, `answer`, and `basis` and `note`, which only it has)
    checklist : the list, its name or its folder
    today : the day ages are taken on where a case has no `met_on`; without it, this machine's day

    Raises
    ------
    CaseError : what cannot be read, with row and column; further faults are in `__notes__`

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"age": [9], "sent_and_placed": ["yes"]}, index=["A-1"])
    >>> [case] = cases_from_frame(frame)
    >>> case.case_id, case.age, case.answer("sent_and_placed").value
    ('A-1', 9, 'yes')
    """
    from screening.tables.cases import CaseReader

    reading = Reading(list_of(checklist), today or date.today())
    table = FrameTable(as_frame(frame), reading)
    return list(CaseReader([table])) if len(table.frame) else []


def cases_to_frame(
    cases: Iterable[Case], checklist: Checklist | str | Path | None = None
) -> pd.DataFrame:
    """Cases as a frame with a row each, indexed by `case_id`.

    Columns: age (nullable whole years), age_certain, met_on, setting, language, what is kept for
    statistics, then each sign as a category of the six answers. Basis and note of an answer are not
    in it: they belong to the long form.

    checklist : gives the order of the signs, and a column to those that nobody was asked; without
        it there is one for each that any case has
    """
    import pandas as pd

    given = list(cases)
    answered = dict.fromkeys(i for case in given for i in case.answers)
    signs = list(answered) if checklist is None else list(list_of(checklist).indicators)
    six = pd.CategoricalDtype([answer.value for answer in Answer])
    own = {
        "age": pd.array([case.age for case in given], dtype="Int16"),
        "age_certain": [case.age_certain for case in given],
        "met_on": np.array([case.met_on for case in given], dtype="datetime64[s]"),
        "setting": [case.setting for case in given],
        "language": [case.language for case in given],
    }
    counted = dict.fromkeys(k for case in given for k in case.statistics)
    columns: dict[str, Any] = own | {k: [c.statistics.get(k, "") for c in given] for k in counted}
    columns |= {
        i: pd.Categorical([case.answer(i).value for case in given], dtype=six) for i in signs
    }
    index = pd.Index([case.case_id for case in given], name="case_id", dtype="str")
    return pd.DataFrame(columns, index=index)
