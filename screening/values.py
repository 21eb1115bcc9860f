"""One rule for values: what a cell, a key of JSON or an argument says, whoever reads it.

What is not understood is refused; it is never open, no or yes without a word. Words are read in
every language of `locale/languages.yaml`, with and without their accents. Numbers other than 1 and
0 are answers only where somebody declared what they stand for (`missing_codes`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from screening.answers import OLDEST, OPEN_ANSWERS, Answer
from screening.errors import CaseError, Notice, UsageError, mark
from screening.languages import LANGUAGES, cell_words
from screening.names import fold, seen

__all__ = [
    "AGE_CODES",
    "CELL_WORDS",
    "Missing",
    "answer_cell",
    "doubtful_ages",
    "in_doubt",
    "missing_codes",
    "parse_age",
    "parse_answer",
    "parse_certain",
    "parse_date",
    "parse_estimated",
    "parse_stated",
    "same_value",
]

Missing = Mapping[str, Answer]  # what a code stands for, by the code as `_code` writes it
_NONE: Missing = MappingProxyType({})

# Ages that many forms write for "not known"; they are ages only where somebody says so.
AGE_CODES = (88, 97, 98, 99)

# What a cell may say, in small letters; a blank cell is `not_asked`.
CELL_WORDS: Mapping[str, Answer] = MappingProxyType(
    {word: Answer(answer) for word, answer in cell_words().items()}
    | {a.value: a for a in Answer}
    | {"1": Answer.YES, "true": Answer.YES, "0": Answer.NO, "false": Answer.NO}
    | {"": Answer.NOT_ASKED}
)
_BY_KEY = {fold(word): answer for word, answer in CELL_WORDS.items() if word not in ("1", "0")}
_EXACT = {a.value: a for a in Answer} | {"1": Answer.YES, "0": Answer.NO, "": Answer.NOT_ASKED}
_ONE_OR_NONE = re.compile(r"([01])(?:[.,]0+)?")
_WHOLE = re.compile(r"([+-]?[0-9]{1,6})(?:[.,]0+)?")
_LARGEST = 10**6  # no code has more digits
_SMALLEST_CODE = 7  # 7, 8, 9, 77, 88, -99 are codes in survey forms; 2 may be anything


def _code(value: object) -> str:
    """A value as a code is compared: whole numbers alike however they are written, words folded."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        small = -_LARGEST < value < _LARGEST  # neither NaN nor infinity is
        return str(int(value)) if small and value == int(value) else ""
    whole = _WHOLE.fullmatch(seen(str(value)))
    return str(int(whole[1])) if whole else fold(str(value))


def missing_codes(given: str | Mapping[Any, Any] | None) -> Missing:
    """What codes for answers that are missing stand for: `88=unknown,99=refused`, or a mapping.

    Raises
    ------
    UsageError : U305 a code without a meaning, one that is an answer already, or a meaning that is
        not unknown, refused, not_asked or not_applicable
    """
    if not given:
        return _NONE
    if isinstance(given, str):
        parts = [part.rpartition("=") for part in given.split(",") if part.strip()]
        pairs: list[tuple[Any, Any]] = [(code, word) for code, _, word in parts]
    else:
        pairs = list(given.items())
    found: dict[str, Answer] = {}
    for code, word in pairs:
        key = _code(code)
        answer = _BY_KEY.get(fold(str(word)))
        told = {"place": "--missing", "missing_code": str(code).strip(), "word": str(word).strip()}
        if not key or answer in (None, Answer.YES, Answer.NO) or not fold(str(word)):
            raise UsageError("U305.missing_code", **told)
        if key in _BY_KEY or key in ("0", "1") or found.get(key, answer) is not answer:
            raise UsageError("U305.missing_code_taken", **told)
        found[key] = answer
    return MappingProxyType(found)


def parse_answer(value: object, missing: Missing = _NONE) -> Answer:
    """One cell or JSON value as an answer; `C220` when it is none.

    Text is matched by its key (`names.fold`); `True`, 1, "1" and "1.0" are yes, `False`, 0, "0" and
    "0.0" are no; nothing at all is `not_asked`; what `missing` declares is what it declares.
    """
    if isinstance(value, str):
        found = _EXACT.get(value) or _of_text(value)
        if found is not None:
            return found
    elif value is None:
        return Answer.NOT_ASKED
    elif isinstance(value, (bool, int, float, Decimal)) and value in (0, 1):
        return Answer.YES if value else Answer.NO
    if missing and not isinstance(value, bool):
        declared = missing.get(_code(value))
        if declared is not None:
            return declared
    code = _code(value) if isinstance(value, (str, int, float, Decimal)) else ""
    if _WHOLE.fullmatch(code) and abs(int(code)) >= _SMALLEST_CODE:
        raise CaseError("C220.code", value=value, missing_code=code)
    raise CaseError("C220.answer", value=value, also=_yes_and_no())


def _of_text(value: str) -> Answer | None:
    number = _ONE_OR_NONE.fullmatch(seen(value))
    if number:
        return Answer.YES if number[1] == "1" else Answer.NO
    return _BY_KEY.get(fold(value)) if len(value) < 200 else None


def _yes_and_no() -> list[str]:
    """The other ways to write yes and no, as pairs."""
    said = [facts.cells for facts in LANGUAGES.values()]
    pairs = [f"{c['yes'][0]}/{c['no'][0]}" for c in said if "yes" in c and "no" in c]
    return ["1/0", "true/false", *pairs]


def answer_cell(value: Any, missing: Missing = _NONE) -> Answer:
    """`parse_answer`, with NaN and infinity told apart (`C232`)."""
    if isinstance(value, float) and not math.isfinite(value):
        raise CaseError("C232.answer_not_finite", value=value)
    return parse_answer(value, missing)


def same_value(value: str, wanted: str) -> bool:
    """Whether a cell says what a rule names: an answer by what it means, a word by its key."""
    return value == wanted or _meant(value) == _meant(wanted)


def _meant(value: str) -> object:
    return _of_text(value) or _code(value)


# -- ages ------------------------------------------------------------------------------------------

_YEARS = re.compile(r"([0-9]{1,3})(\.[0-9]+)?")


def parse_age(value: object, missing: Missing = _NONE) -> int | None:
    """Full years lived, or None when not known; `C212` otherwise.

    17.9 is 17, and so is 17.99999999999999999: the birthday has not come.
    """
    if value is None or (missing and not isinstance(value, bool) and _code(value) in missing):
        return None
    if isinstance(value, str):
        text = seen(value)
        years = _YEARS.fullmatch(text)
        if years and (int(years[1]) < OLDEST or (int(years[1]) == OLDEST and not _some(years[2]))):
            return int(years[1])
        if text == "?" or _BY_KEY.get(fold(text)) in OPEN_ANSWERS:
            return None
    elif (
        isinstance(value, (int, float, Decimal))
        and not isinstance(value, bool)
        and 0 <= value <= OLDEST  # neither NaN nor infinity lies between
    ):
        return int(value)
    raise CaseError("C212.age", value=value, most=OLDEST)


def _some(digits: str | None) -> bool:
    return bool(digits and digits.strip(".0"))


def parse_certain(value: object) -> bool:
    """Whether the age is certain. Nothing said is no doubt raised; "unknown" is doubt."""
    return parse_stated(value) is not False


def parse_stated(value: object, missing: Missing = _NONE) -> bool | None:
    """Whether the age is stated to be certain, or not to be; None where nothing is said."""
    if value is None or (isinstance(value, str) and not seen(value)):
        return None
    try:
        return parse_answer(value, missing) is Answer.YES
    except CaseError as error:
        raise CaseError("C213.age_certain", value=value) from error


def parse_estimated(value: object, missing: Missing = _NONE) -> bool | None:
    """Whether the age is certain, from what says that it is estimated: anything but no is doubt;
    no, and nothing at all, say nothing.
    """
    if value is None or (isinstance(value, str) and not seen(value)):
        return None
    try:
        return None if parse_answer(value, missing) is Answer.NO else False
    except CaseError as error:
        raise CaseError("C213.age_estimated", value=value) from error


def in_doubt(age: int | None, certain: bool | None) -> bool:
    """Whether an age may be a code for "not known": nobody says that it is certain."""
    return age in AGE_CODES and certain is not True


def doubtful_ages(place: str, n: int) -> str:
    """What is said of ages that may be codes, the first of them at `place`."""
    codes = ", ".join(map(str, AGE_CODES))
    return Notice(
        place,
        mark(
            "age {codes} is often a code for 'not known' ({n} in all): such a person is treated as"
            " a child. If the age is right, write {yes} under {certain}; if it is a code, add"
            " {option}"
        ),
        yes="yes",
        certain="age_certain",
        option="--missing CODE=unknown",
        codes=codes,
        n=n,
    )


# -- dates -----------------------------------------------------------------------------------------

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s?(?:Z|[+-][0-9]{2}:?(?:[0-9]{2})?)?)?"
)
_DAY_FIRST = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})\.?(?: [0-9]{1,2}:[0-9:]+)?")
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")  # days as Excel counts them: 1927 to 2173


def parse_date(value: object) -> date | None:
    """A day, or None for a blank; `C214` otherwise.

    2026-11-23, with or without a time (the day is the one that is written, whatever the zone), or
    23.11.2026: with dots and four digits the day comes first in every language here.
    """
    if value is None:
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    text = seen(value) if isinstance(value, str) else ""
    if isinstance(value, str) and not text:
        return None
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    if _SERIAL.fullmatch(text or str(value)):
        raise CaseError("C214.excel_number", value=value)
    raise CaseError("C214.date", value=value)
