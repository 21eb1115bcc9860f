"""JSON in: the one reader for everything that somebody hands us.

JSON's own rules leave doors open that a case, a card or a course cannot afford. A key that stands
twice would win in silence; NaN and infinity are no values; a number of thousands of digits costs
minutes; half a character (a lone surrogate) cannot be written out again; and a few thousand
brackets end the process.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Literal

from screening.errors import quote

__all__ = ["Fault", "NotStrict", "StrictDecoder", "read_json"]

Fault = Literal["syntax", "twice", "no_value", "number", "half", "deep"]
LONGEST = 18  # digits of a whole number: what 64 bits hold
DEEPEST = 64  # brackets within brackets; nothing that is read here has more than ten

# Perhaps half a character, perhaps one of a pair
_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


class NotStrict(ValueError):
    """What is wrong with the text: `fault`, with facts as the catalogue of errors names them, and
    a few words.
    """

    def __init__(self, fault: Fault, words: str, **facts: Any) -> None:
        super().__init__(words)
        self.fault: Fault = fault
        self.facts = facts


def read_json(text: str | bytes) -> Any:
    """The value that the whole text is; bytes are UTF-8.

    Raises
    ------
    NotStrict : it is no JSON ("syntax"), or it is JSON and one of the other `Fault`s
    """
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return StrictDecoder().decode(text)
    except NotStrict:
        raise
    except ValueError as error:  # JSON that is none, and bytes that are no text
        raise NotStrict("syntax", str(error)) from None


class StrictDecoder(json.JSONDecoder):
    """The standard decoder, which raises `NotStrict` for what it would let pass.

    `raw_decode` takes one value where it begins, for who reads piece by piece; text that is no JSON
    is a `json.JSONDecodeError` there, as ever.
    """

    def __init__(self) -> None:
        super().__init__(
            object_pairs_hook=_no_repeats,
            parse_constant=_no_value,
            parse_float=_finite,
            parse_int=_whole,
        )

    def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
        """The value that begins at `idx`, and where it ends."""
        try:
            value, end = super().raw_decode(s, idx)
        except RecursionError:
            raise _too_deep() from None
        # Newer Pythons read thousands of levels without complaint; counting brackets is cheap
        if s.count("{", idx, end) + s.count("[", idx, end) > DEEPEST and _is_deep(value):
            raise _too_deep()
        if _HALF.search(s, idx, end):
            try:
                json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                half = ascii(error.object[error.start])
                raise NotStrict("half", f"{half} is half a character", text=half) from None
        return value, end


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, (list, dict))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(inner, (list, dict)) for inner in level)


def _too_deep() -> NotStrict:
    return NotStrict("deep", "brackets nested too deeply")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        places: dict[str, int] = {}
        for place, (name, _) in enumerate(pairs, 1):
            first = places.setdefault(name, place)
            if first < place:
                words = f"duplicate key {quote(name)}"
                raise NotStrict("twice", words, name=name, first=first, second=place)
    return found


def _no_value(word: str) -> Any:
    raise NotStrict("no_value", f"{word} is not a value", word=word)


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_value(text[:20])


def _whole(text: str) -> int:
    if len(text) > LONGEST:
        raise NotStrict("number", f"{quote(text)} has too many digits", text=text)
    return int(text)
