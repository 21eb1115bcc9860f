"""Cases from a JSON array, one element at a time. Needs nothing but the standard library."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from screening.answers import Answer, Case, Response
from screening.checklist.retired import as_now
from screening.errors import CaseError, ScreeningError, nearest, quote
from screening.files.strict_json import Fault, NotStrict, StrictDecoder, read_json
from screening.files.text import TextFile
from screening.languages import column_words
from screening.names import Names, fold, look_of
from screening.tables.layout import indicator_names
from screening.tables.source import CASE_KEYS, PLAIN, CaseFile, Reading, age_of, is_statistic
from screening.values import doubtful_ages, in_doubt

__all__ = ["JsonFile", "check_json"]

_KEYS = (*CASE_KEYS, "answers", "statistics")
_RESPONSE_KEYS = ("answer", "basis", "note")
_CASE_NAMES = Names(_KEYS, column_words())
_RESPONSE_NAMES = Names(_RESPONSE_KEYS, column_words())
_STEP = 1 << 16  # characters read at a time
_LONGEST = 1 << 22  # characters in one case; nothing about one person is longer
_SPACE = " \t\r\n"
_ARRAY = 'cases stand in an array: [{"case_id": ..., "answers": {...}}, ...]'


class JsonFile(CaseFile):
    """An array of cases.

    Raises
    ------
    CaseError : C203 encoding, C204 ends early, C205 too deep or one case too long, C230 wrong kind
        or unknown key,
        C231 key twice, C232 NaN or infinity, and what the values themselves raise
    """

    def __init__(self, path: Path, reading: Reading) -> None:
        super().__init__(path, reading)
        self._indicators = indicator_names(reading.checklist)

    def place(self, row: int) -> str:
        return f"{self.name}, case {row + 1}"

    def cases(self) -> Iterator[tuple[int, Case]]:
        self._aged: list[int] = []
        for row, raw in self._elements():
            try:
                yield row, self._case(raw, row)
            except ScreeningError as error:
                raise error.at(self.place(row)) from None
        if self._aged:
            self.warn(doubtful_ages(self.place(self._aged[0]), len(self._aged)))

    def faults(self, most: int | None = None) -> Iterator[tuple[int, ScreeningError]]:
        """The first fault of every case that cannot be read."""
        for row, raw in self._elements():
            if most is not None and row >= most:
                return
            try:
                self._case(raw, row)
            except ScreeningError as error:
                yield row, error.at(self.place(row))

    def ids(self) -> Iterator[tuple[Sequence[int], Sequence[str]]]:
        for row, raw in self._elements():
            yield (row,), (_case_id(_named(raw, _CASE_NAMES)),)

    # -- the array ---------------------------------------------------------------------------------

    def _elements(self) -> Iterator[tuple[int, dict[str, Any]]]:
        with (
            TextFile(self.path, self.reading.encoding) as raw,
            io.TextIOWrapper(io.BufferedReader(raw), "utf-8", newline="") as file,
        ):
            buffer = _Buffer(file, self.name)
            if buffer.next() != "[":
                raise self._no_array(buffer)
            buffer.at += 1
            row = 0
            while (first := buffer.next()) != "]" or row:
                place = self.place(row)
                if first != "{":
                    if not first:
                        raise self._early(row)
                    raise CaseError("C230.element_not_object", place=place)
                value = buffer.value(place)
                yield row, value
                row += 1
                after = buffer.next()
                if after not in (",", "]"):
                    raise (
                        self._early(row)
                        if not after
                        else CaseError(
                            "C230.comma_expected",
                            place=f"{place}, at its end",
                            after=after,
                        )
                    )
                if after == "]":
                    break
                buffer.at += 1
            buffer.at += 1
            if buffer.next():
                raise CaseError("C230.text_after_array", place=self.name)
            if not row:
                raise CaseError("C201.array_empty", place=self.name)

    def _no_array(self, buffer: _Buffer) -> CaseError:
        """What stands where the array is expected, in words."""
        if buffer.next() == "{":
            try:
                first = buffer.value(self.name)
            except CaseError as error:
                return error
            inside = next((k for k, v in first.items() if isinstance(v, list)), "")
            if inside and "case_id" not in first:
                return CaseError("C230.cases_inside", place=self.name, name=inside)
            if buffer.next() == "{":
                return CaseError("C230.json_lines", place=self.name)
        return CaseError("C230.not_array", place=self.name)

    def _early(self, row: int) -> CaseError:
        return CaseError(
            "C204.array_open",
            place=f"{self.name}, after case {row}" if row else self.name,
        )

    # -- one case ----------------------------------------------------------------------------------

    def _case(self, raw: dict[str, Any], row: int) -> Case:
        said = _named(raw, _CASE_NAMES)
        for key in said:
            if key not in _CASE_NAMES.known:
                if is_statistic(key):
                    raise CaseError("C230.statistic_misplaced", name=key)
                if self._indicators.of(key):
                    raise CaseError("C230.answer_misplaced", name=key)
                raise CaseError(
                    "C230.unknown_key", near=nearest(key, _KEYS), name=key, allowed=list(_KEYS)
                )
        found = {key: _at(key, parse, said.get(key)) for key, parse in self.reading.parsers.items()}
        stated = [found["age_certain"], found["age_estimated"]]
        sure = False if False in stated else True if True in stated else None
        if found["birth_date"] is None and in_doubt(found["age"], sure):
            self._aged.append(row)
        age, certain = age_of(
            found["age"], sure, found["birth_date"], found["met_on"], self.reading.today
        )
        return Case(
            _case_id(said),
            age,
            certain,
            self._answers(said),
            _text(said, "setting"),
            _text(said, "language"),
            found["met_on"],
            {k: "" if v is None else str(v) for k, v in _object(said, "statistics").items()},
        )

    def _answers(self, raw: dict[str, Any]) -> Mapping[str, Response]:
        names, answers = self._indicators, {}
        for key, value in _named(_object(raw, "answers"), names).items():
            if key not in names.known:
                raise CaseError(
                    "C221.indicator_not_in_list",
                    place="answers",
                    near=nearest(key, names.known),
                    indicator=key,
                    checklist=self.reading.checklist.id,
                )
            answers[key] = _at(f"answers.{key}", self._response, value)
        given = {key: r for key, r in answers.items() if r is not PLAIN[Answer.NOT_ASKED]}
        place = f"{self.name}, case {quote(_case_id(raw))}"
        found, clashes = as_now(given, self.reading.checklist.retired, place)
        self.tell(clashes)
        return found

    def _response(self, value: Any) -> Response:
        if not isinstance(value, dict):
            if isinstance(value, list):
                raise CaseError("C230.answer_is_list")
            return PLAIN[self.reading.answer(value)]
        said = _named(value, _RESPONSE_NAMES)
        for key in said:
            if key not in _RESPONSE_KEYS:
                raise CaseError(
                    "C230.unknown_key",
                    near=nearest(key, _RESPONSE_KEYS),
                    name=key,
                    allowed=list(_RESPONSE_KEYS),
                )
        answer = self.reading.answer(said.get("answer"))
        basis, note = fold(_text(said, "basis")), _text(said, "note")
        return Response(answer, basis, note) if basis or note else PLAIN[answer]


def _named(raw: dict[str, Any], names: Names) -> dict[str, Any]:
    """The same object under the names that its keys are spellings of; `C231` where two are one."""
    if raw.keys() <= names.known.keys():
        return raw
    found: dict[str, Any] = {}
    written: dict[str, str] = {}
    for key, value in raw.items():
        name = names.of(key) or names.in_group(key)[0] or key
        if name in found:
            raise CaseError("C231.key_alike", name=name, first=written[name], second=key)
        found[name], written[name] = value, key
    return found


def _case_id(raw: dict[str, Any]) -> str:
    value = raw.get("case_id")
    if isinstance(value, bool) or not isinstance(value, (str, int, type(None))):
        raise CaseError("C230.not_text", place="case_id", value=value)
    text = "" if value is None else str(value).strip()
    if not look_of(text):
        raise CaseError("C210.case_without_id")
    return text


def _text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise CaseError("C230.not_text", place=key, value=value)
    return value or ""


def _object(raw: dict[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key)
    if value is not None and not isinstance(value, dict):
        raise CaseError("C230.not_object", place=key, value=value)
    return value or {}


def _at(place: str, parse: Any, value: Any) -> Any:
    try:
        return parse(value)
    except ScreeningError as error:
        raise error.at(place) from None


# -- reading piece by piece ------------------------------------------------------------------------


_KEYS_OF: dict[Fault, str] = {
    "twice": "C231.key_twice",
    "no_value": "C232.value_not_finite",
    "number": "C230.number_not_allowed",
    "half": "C203.half_character",
    "deep": "C205.nested_too_deeply",
}


def _refused(error: NotStrict) -> CaseError:
    return CaseError(_KEYS_OF[error.fault], **error.facts)


def check_json(content: bytes) -> None:
    """Hold JSON that came whole to the rules that a file keeps; what is no JSON at all is left to
    whoever reads it.

    Raises
    ------
    CaseError : C203 half a character, C205 too deep, C230 a number that nothing here has, C231 key
        twice, C232 NaN or infinity
    """
    try:  # decoded as the reader after us does
        read_json(content.decode(json.detect_encoding(content), "surrogatepass"))
    except NotStrict as error:
        if error.fault != "syntax":
            raise _refused(error) from None
    except UnicodeError:
        return


class _Buffer:
    """A window on the text that grows by what one element needs and drops what was read."""

    decoder = StrictDecoder()

    def __init__(self, file: io.TextIOWrapper, name: str) -> None:
        self.file, self.name = file, name
        self.text, self.at, self.ended = "", 0, False

    def more(self, size: int = _STEP) -> None:
        read = self.file.read(size)
        self.ended = not read
        self.text, self.at = self.text[self.at :] + read, 0

    def next(self) -> str:
        """The next character that is no space, without taking it; empty at the end."""
        while True:
            while self.at < len(self.text):
                if self.text[self.at] not in _SPACE:
                    return self.text[self.at]
                self.at += 1
            if self.ended:
                return ""
            self.more()

    def value(self, place: str) -> dict[str, Any]:
        """The object that starts here; reads on for as long as the fault could be that it has not
        been read whole.
        """
        while True:
            try:
                value: dict[str, Any]  # it starts with a brace
                value, self.at = self.decoder.raw_decode(self.text, self.at)
                return value
            except NotStrict as error:
                raise _refused(error).at(place) from None
            except json.JSONDecodeError as error:
                cut = (
                    error.msg.startswith("Unterminated string") or error.pos >= len(self.text) - 12
                )
                if cut and self.ended:
                    raise CaseError("C204.case_cut_short", place=place) from None
                if not cut:
                    around = self.text[max(error.pos - 15, 0) : error.pos + 15]
                    raise CaseError(
                        "C230.not_json",
                        place=f"{place}, near {quote(around, 40)}",
                        reason=error.msg[0].lower() + error.msg[1:],
                    ) from None
                if len(self.text) - self.at > _LONGEST:
                    raise CaseError(
                        "C205.case_too_long", place=place, longest=_LONGEST >> 20
                    ) from None
                self.more(max(_STEP, len(self.text) - self.at))
