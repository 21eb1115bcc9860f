"""Columns of a table as answers, ages and dates.

Each distinct value is parsed once, however many rows have it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from screening.answers import Answer
from screening.checklist.retired import contradict, counting
from screening.errors import CaseError, ScreeningError
from screening.names import look_of
from screening.scoring.block import CODES, OPEN, YES
from screening.tables.arrow import numbers_of, of_numbers, of_texts, valid

__all__ = [
    "ANSWERS",
    "Ids",
    "Place",
    "codes_of",
    "distinct",
    "ids_of",
    "joined",
    "kept_texts",
    "parsed",
    "texts_of",
    "write_codes",
]

T = TypeVar("T")
Place = Callable[[int], str]  # the place of a row of the batch at hand
ANSWERS = tuple(Answer)
_NUMBER = {answer: n for n, answer in enumerate(ANSWERS)}
_COUNTING = np.array([[_NUMBER[counting(a, b)] for b in ANSWERS] for a in ANSWERS], dtype=np.uint8)
_CONTRADICT = np.array([[contradict(a, b) for b in ANSWERS] for a in ANSWERS])
_CODES = np.array([CODES[a] for a in ANSWERS], dtype=np.uint8)


class Ids(Sequence[str]):
    """Case ids that stay in Arrow's memory until one is looked at.

    shortened : the first that a spreadsheet has written as a power of ten, if any
    """

    def __init__(self, arrow: pa.StringArray, shortened: int | None = None) -> None:
        self.arrow, self.shortened = arrow, shortened

    def __len__(self) -> int:
        return len(self.arrow)

    @overload
    def __getitem__(self, n: int) -> str: ...
    @overload
    def __getitem__(self, n: slice) -> Ids: ...
    def __getitem__(self, n: int | slice) -> str | Ids:
        return Ids(self.arrow[n]) if isinstance(n, slice) else str(self.arrow[n].as_py())

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrow.to_pylist())


def ids_of(array: pa.Array, place: Place) -> Ids:
    """The case_id column as text; `C210` where a row has none."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    decimal = pa.types.is_decimal(kind)
    if decimal or pa.types.is_floating(kind):  # a spreadsheet program's whole numbers
        for n, value in enumerate(array.to_pylist()):
            if value is not None and not (math.isfinite(value) and value == int(value)):
                raise CaseError("C210.id_not_text", place=place(n), value=str(value))
        array = array.cast(pa.decimal128(38, 0) if decimal else pa.int64())
    elif not (pa.types.is_integer(kind) or pa.types.is_null(kind) or _is_text(kind)):
        raise CaseError("C210.ids_not_text", place=place(0), kind=kind)
    text = pc.utf8_trim_whitespace(array.cast(pa.string()))
    blank = numbers_of(pc.binary_length(text)) == 0
    present = valid(text)
    if present is not None:
        blank |= present == 0
    data, shortened = _bytes_of(text), None  # one look over all bytes: nearly no table is unusual
    if data.max(initial=0) > ord("~"):
        blank |= np.array([not look_of(v or "") for v in text.to_pylist()])
    if blank.any():
        raise CaseError("C210.row_without_id", place=place(int(blank.argmax())))
    if ((data == ord("+")) | (data == ord("#"))).any():
        found = numbers_of(pc.find_substring_regex(text, _SHORTENED)) >= 0
        shortened = int(found.argmax()) if found.any() else None
    return Ids(text, shortened)


def _bytes_of(text: pa.StringArray) -> NDArray[np.uint8]:
    """The UTF-8 of all texts, one after another."""
    _, offsets, data = text.buffers()
    if data is None or not len(text):
        return np.zeros(0, dtype=np.uint8)
    ends = np.frombuffer(offsets, dtype=np.int32)[text.offset : text.offset + len(text) + 1]
    return np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[-1]]


_SHORTENED = r"^([0-9][.,]?[0-9]*[eE]\+[0-9]+|#{3,})$"


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def distinct(array: pa.Array, place: Place) -> tuple[NDArray[np.integer[Any]], list[Any]]:
    """Per row the number of its value, and the values; the last value is None and stands for
    nothing.
    """
    if not pa.types.is_dictionary(array.type):
        if (
            pa.types.is_nested(array.type)
            or pa.types.is_binary(array.type)
            or pa.types.is_large_binary(array.type)
        ):
            raise CaseError("C220.answers_not_plain", place=place(0), type=array.type)
        array = (
            array.cast(pa.string()) if pa.types.is_string_view(array.type) else array
        ).dictionary_encode()
    values = _values(array.dictionary)
    numbers, present = numbers_of(array.indices), valid(array.indices)
    if present is not None:
        numbers = np.where(present, numbers, len(values))
    return numbers, [*values, None]


def _values(array: pa.Array) -> list[Any]:
    """The values of an array; one that Python has nothing for (a day after the year 9999, a
    nanosecond) is the text that Arrow writes for it.
    """
    if pa.types.is_timestamp(array.type) or pa.types.is_date64(array.type):
        return [_day(n) for n in _days(array)]
    try:
        found: list[Any] = array.to_pylist()
        return found
    except (ArithmeticError, ValueError, ImportError, pa.ArrowException):
        return [None if text is None else text for text in array.cast(pa.string()).to_pylist()]


def _days(array: pa.Array) -> list[int | None]:
    """Days since 1970 of moments, on the calendar of their own zone where this machine knows it."""
    if pa.types.is_timestamp(array.type) and array.type.tz:
        try:
            array = pc.local_timestamp(array)
        except pa.ArrowException:
            array = array.cast(pa.timestamp(array.type.unit))
    days: list[int | None] = array.cast(pa.date32(), safe=False).cast(pa.int32()).to_pylist()
    return days


def _day(days: int | None) -> date | str | None:
    if days is None:
        return None
    try:
        return date.fromordinal(_EPOCH + days)
    except (ValueError, OverflowError):
        return f"day {days} after 1970-01-01"


_EPOCH = date(1970, 1, 1).toordinal()


def parsed(
    array: pa.Array, parse: Callable[[Any], T], place: Place
) -> tuple[NDArray[np.integer[Any]], list[T]]:
    """Per row the number of its value, and the parsed values; an error names the first row that has
    the value.
    """
    numbers, values = distinct(array, place)
    found: list[Any] = []
    for n, value in enumerate(values):
        try:
            found.append(parse(value))
        except ScreeningError as error:
            rows = np.flatnonzero(numbers == n)
            if len(rows):
                raise error.at(place(int(rows[0]))) from None
            found.append(parse(None))  # a dictionary's entry that no row uses
    return numbers, found


def texts_of(array: pa.Array, place: Place) -> list[str]:
    """Free text per row; nothing is empty text."""
    numbers, texts = parsed(array, lambda value: "" if value is None else str(value).strip(), place)
    return [texts[n] for n in numbers.tolist()]


def kept_texts(array: pa.Array, place: Place) -> pa.Array:
    """A column that is carried to the results, as text."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    try:
        return array.cast(pa.string())
    except pa.ArrowException:  # a list, or text that is not text
        pass
    numbers, values = distinct(array, place)
    texts = of_texts([None if v is None else str(v) for v in values])
    return texts.take(of_numbers(numbers.astype(np.int32)))


def joined(
    arrays: Sequence[pa.Array], places: Sequence[Place], answer: Callable[[Any], Answer]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint8]]:
    """Columns that answer one indicator, its own first, as one: per row the number of the answer in
    `ANSWERS` that counts; and the rows in which the columns contradict each other, each with the
    column that does so first.
    """
    found: list[NDArray[np.uint8]] = []
    for array, place in zip(arrays, places, strict=True):
        numbers, answers = parsed(array, answer, place)
        found.append(np.array([_NUMBER[a] for a in answers], dtype=np.uint8).take(numbers))
    counts, first = found[0], np.zeros(len(found[0]), dtype=np.uint8)
    for n, other in enumerate(found[1:], start=1):
        first[_CONTRADICT[counts, other] & (first == 0)] = n
        counts = _COUNTING[counts, other]
    rows = np.flatnonzero(first)
    return counts, rows, first[rows]


def codes_of(numbers: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Numbers of `ANSWERS` as the codes of a `Block`."""
    return _CODES.take(numbers)


def write_codes(
    array: pa.Array, out: NDArray[np.uint8], place: Place, answer: Callable[[Any], Answer]
) -> None:
    """Write an indicator's column into its row of a `Block`; what `answer` raises for a cell that
    is no answer.
    """
    kind = array.type
    if pa.types.is_null(kind):
        out[:] = OPEN
    elif not ((pa.types.is_int8(kind) or pa.types.is_uint8(kind)) and _write_bytes(array, out)):
        numbers, answers = parsed(array, answer, place)
        np.take(np.array([CODES[a] for a in answers], dtype=np.uint8), numbers, out=out)


def _write_bytes(array: pa.Array, out: NDArray[np.uint8]) -> bool:
    """The quick way for 1, 0 and null in single bytes; False when there is anything else to
    explain.

    1 becomes YES, 0 becomes NO (which is 0), null becomes OPEN; what lies under a null is not
    looked at.
    """
    values, present = numbers_of(array).view(np.uint8), valid(array)
    if present is None:
        np.multiply(values, YES, out=out)
        return not len(values) or int(values.max()) <= 1
    np.multiply(values, present, out=out)
    if out.max() > 1:
        return False
    # YES is OPEN and one: what is 1 or null gets OPEN's bit, and what is 1 keeps its own
    possible = present
    possible ^= np.uint8(1)
    possible |= out
    possible *= np.uint8(OPEN)
    out |= possible
    return True
