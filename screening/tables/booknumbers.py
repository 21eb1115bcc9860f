"""Numbers of a workbook as a person sees them: days as days, 7 in the format 000 as 007.

What a format rounds away is never lost: 17.9 shown as 18 is still 17.9.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

__all__ = ["plain", "shown"]

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_SILENT = re.compile(r"\\.|_.|\*.|\"[^\"]*\"")  # what is written beside the digits of a format
_PIECE = re.compile(r"\"([^\"]*)\"|\\(.)|_(.)|\*.|\[([^\]]*)\]|(.)", re.DOTALL)
_LITERAL = frozenset(" $-+():!^&'~{}<>=/")
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color *[0-9]+|\$[^\]]*", re.I)
_LONGEST = 40  # characters of a number; a spreadsheet program writes at most 24


def plain(number: str, code: str, from_1904: bool) -> str:
    """The number in a cell as text: a day is YYYY-MM-DD, 1.0 is 1, and nothing is rounded up.

    `ValueError` where it is no number.
    """
    if code and _is_day(code):
        return _day(number, from_1904)
    if _WHOLE.fullmatch(number):
        return str(int(number))
    value = float(number)
    if not number.isascii() or "_" in number or value - value != 0:
        raise ValueError(number)
    exact = Decimal(number.strip())
    if exact == exact.to_integral_value() and abs(exact) < 10**15:
        return str(int(exact))
    if value.is_integer() and exact != int(value):  # 17.99999999999999999999 is not 18
        return format(exact, "f") if len(number) <= _LONGEST else f"{int(exact)}.9"
    return repr(value)


@lru_cache(maxsize=1024)
def _is_day(code: str) -> bool:
    from openpyxl.styles.numbers import is_date_format

    return bool(is_date_format(_SILENT.sub("", code)))


def _day(number: str, from_1904: bool) -> str:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
    try:
        value = from_excel(float(number), epoch)
    except OverflowError:  # a day after the year 9999
        return number
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


# -- digits by a format ----------------------------------------------------------------------------


def shown(text: str, code: str) -> str:
    """A number as its format shows it, where the format only adds to it: zeros, a sign for a
    place, a word before or after. The number itself where digits would be lost or moved.

    text : as `plain` gives it
    """
    try:
        value = Decimal(text)
    except ArithmeticError:  # a day
        return text
    section, magnitude = _section(code, value)
    pieces = _pieces(section)
    if pieces is None:
        return text
    point = next((n for n, (kind, _) in enumerate(pieces) if kind == "."), len(pieces))
    places = [sign for kind, sign in pieces[point:] if kind == "digit"]
    digits, _, rest = format(magnitude, "f").partition(".")
    rest = rest.rstrip("0")
    if len(rest) > len(places):
        return text
    least = max((n for n, sign in enumerate(places, 1) if sign == "0"), default=0)
    after = rest.ljust(max(len(rest), least), "0")
    before = _before(pieces[:point], "" if digits == "0" else digits)
    return (before + _after(pieces[point:], after)).strip() or text


def _section(code: str, value: Decimal) -> tuple[str, Decimal]:
    """The part of a format that is for this number, and the number as that part has it."""
    sections = re.findall(r"(?:\"[^\"]*\"|\\.|[^;])+|(?<=;)(?=;|$)", code) or [code]
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return ("-" if value < 0 else "") + sections[0], abs(value)


@lru_cache(maxsize=1024)
def _pieces(section: str) -> Sequence[tuple[str, str]] | None:
    """A format's digits, point and words; None where it does more than to add to a number."""
    found: list[tuple[str, str]] = []
    for quoted, escaped, blank, bracket, sign in _PIECE.findall(section):
        if bracket:
            if not _COLOUR.fullmatch(bracket):
                return None
        elif blank:
            found.append(("word", " "))
        elif sign in ("0", "#", "?"):
            found.append(("digit", sign))
        elif sign == ".":
            found.append((".", "."))
        elif sign and sign not in _LITERAL:
            return None
        else:
            found.append(("word", quoted or escaped or sign))
    kinds = [kind for kind, _ in found]
    return found if "digit" in kinds and kinds.count(".") < 2 else None


def _before(pieces: Sequence[tuple[str, str]], digits: str) -> str:
    """Digits into their places from the right; those that have none stand before the first."""
    left, places = list(digits), [n for n, (kind, _) in enumerate(pieces) if kind == "digit"]
    out: list[str] = []
    for n in range(len(pieces) - 1, -1, -1):
        kind, sign = pieces[n]
        if kind != "digit":
            out.append(sign)
            continue
        out.append(left.pop() if left else {"0": "0", "?": " "}.get(sign, ""))
        if n == places[0]:
            out.append("".join(left))
    return "".join(reversed(out))


def _after(pieces: Sequence[tuple[str, str]], digits: str) -> str:
    left = list(reversed(digits))
    out = []
    for kind, sign in pieces:
        if kind != "digit":
            out.append(sign)
        elif left:
            out.append(left.pop())
    return "".join(out)
