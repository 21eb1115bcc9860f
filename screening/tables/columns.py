"""Columns of a table as answers, ages and dates.

Each distinct value is parsed once, however many rows have it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from screening.answers import Answer, parse_answer
from screening.checklist.retired import contradict, counting
from screening.errors import CaseError, ScreeningError
from screening.scoring.block import CODES, OPEN, YES
from screening.tables.arrow import numbers_of, valid

__all__ = [
    "ANSWERS",
    "Ids",
    "Place",
    "codes_of",
    "distinct",
    "ids_of",
    "joined",
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
    """Case ids that stay in Arrow's memory until one is looked at."""

    def __init__(self, arrow: pa.StringArray) -> None:
        self.arrow = arrow

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
    if pa.types.is_floating(kind):  # a spreadsheet program's whole numbers
        for n, value in enumerate(array.to_pylist()):
            if value is not None and not (math.isfinite(value) and value == int(value)):
                raise CaseError("C210.id_not_text", place=place(n), value=value)
        array = array.cast(pa.int64())
    elif not (pa.types.is_integer(kind) or pa.types.is_null(kind) or _is_text(kind)):
        raise CaseError("C210.ids_not_text", place=place(0), kind=kind)
    text = pc.utf8_trim_whitespace(array.cast(pa.string()))
    blank = numbers_of(pc.binary_length(text)) == 0
    present = valid(text)
    if present is not None:
        blank |= present == 0
    if blank.any():
        raise CaseError("C210.row_without_id", place=place(int(blank.argmax())))
    return Ids(text)


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
    values = array.dictionary.to_pylist()
    numbers, present = numbers_of(array.indices), valid(array.indices)
    if present is not None:
        numbers = np.where(present, numbers, len(values))
    return numbers, [*values, None]


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


def answer_cell(value: Any) -> Any:
    """`parse_answer`, with NaN and infinity told apart (`C232`)."""
    if isinstance(value, float) and not math.isfinite(value):
        raise CaseError("C232.answer_not_finite", value=value)
    return parse_answer(value)


def joined(
    arrays: Sequence[pa.Array], places: Sequence[Place]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint8]]:
    """Columns that answer one indicator, its own first, as one: per row the number of the answer in
    `ANSWERS` that counts; and the rows in which the columns contradict each other, each with the
    column that does so first.
    """
    found: list[NDArray[np.uint8]] = []
    for array, place in zip(arrays, places, strict=True):
        numbers, answers = parsed(array, answer_cell, place)
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


def write_codes(array: pa.Array, out: NDArray[np.uint8], place: Place) -> None:
    """Write an indicator's column into its row of a `Block`; `C220`, `C232` for a cell that is no
    answer.
    """
    kind = array.type
    if pa.types.is_null(kind):
        out[:] = OPEN
    elif not ((pa.types.is_int8(kind) or pa.types.is_uint8(kind)) and _write_bytes(array, out)):
        numbers, answers = parsed(array, answer_cell, place)
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
