"""A trainer's limits on weights, from a small CSV: one line a sign, for one profile or for all that
it is weighed for.
"""

from __future__ import annotations

import csv
from pathlib import Path

from screening.answers import Profile
from screening.calibration.propose import LARGEST, Bound
from screening.checklist.model import WeightSet
from screening.checklist.schema import CASE_PROFILES
from screening.errors import KnowledgeError, nearest, quote
from screening.files.text import delimited, read_small

__all__ = ["read_bounds"]

COLUMNS = ("indicator", "profile", "low", "high")
_LARGEST = 1 << 22


def read_bounds(
    path: Path, weights: WeightSet, encoding: str | None = None
) -> dict[tuple[str, Profile], Bound]:
    """Limits by sign and profile, from the columns indicator, profile, low and high.

    A blank profile is every profile for which `weights` weigh the sign; a blank low is 0, a blank
    high the heaviest that a sign may be without somebody saying so, or the low one where that is
    higher.

    Raises
    ------
    KnowledgeError : K157 for anything that cannot be, with its row
    """
    text = read_small(path, _LARGEST, encoding)
    if text is None:
        raise KnowledgeError(
            "K157",
            f"a file of bounds over {_LARGEST >> 20} MiB",
            place=path.name,
            remedy="write one line a sign",
        )
    found: dict[tuple[str, Profile], Bound] = {}
    try:
        rows = delimited(text)
        _, header = next(rows, (0, []))
        _check_header(header, path.name)
        for number, cells in rows:
            place = f"{path.name}, row {number}"
            surplus = [cell for cell in cells[len(header) :] if cell]
            if surplus:
                raise KnowledgeError(
                    "K157",
                    f"{quote(surplus[0])} stands in no column",
                    place=place,
                    remedy="keep one number in each cell",
                )
            row = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=False))
            bound = _bound(row["low"], row["high"], place)
            for profile in _profiles(row["indicator"], row["profile"], weights, place):
                if (row["indicator"], profile) in found:
                    raise KnowledgeError(
                        "K157",
                        f"{quote(row['indicator'])} has bounds for {profile} already",
                        place=place,
                        remedy="keep one of the two rows",
                    )
                found[row["indicator"], profile] = bound
    except csv.Error as error:
        raise KnowledgeError(
            "K157",
            f"this is not readable as CSV ({error})",
            place=path.name,
            remedy="save the bounds anew",
        ) from None
    return found


def _check_header(header: list[str], place: str) -> None:
    if not {"indicator", "low", "high"} <= set(header):
        raise KnowledgeError(
            "K157",
            "the columns indicator, low and high are needed",
            place=place,
            remedy="add profile too where adults and children differ",
        )
    for n, name in enumerate(header):
        if name not in COLUMNS or name in header[:n]:
            problem = (
                f"the column {quote(name)} stands twice"
                if name in header[:n]
                else f"{quote(name)} is no column of bounds"
            )
            raise KnowledgeError(
                "K157",
                problem,
                place=place,
                remedy=nearest(name, [c for c in COLUMNS if c not in header])
                or "take the column out",
            )


def _bound(low: str, high: str, place: str) -> Bound:
    if not all(n == "" or (n.isascii() and n.isdigit() and len(n) < 4) for n in (low, high)):
        raise KnowledgeError(
            "K157",
            f"bounds from {quote(low)} to {quote(high)} cannot be",
            place=place,
            remedy="write whole numbers of 0 or more",
        )
    least = int(low or 0)
    most = int(high) if high else max(least, LARGEST)
    if least > most:
        raise KnowledgeError(
            "K157",
            f"bounds from {least} to {most} cannot be",
            place=place,
            remedy="write the lower one first",
        )
    return Bound(least, most)


def _profiles(indicator: str, given: str, weights: WeightSet, place: str) -> list[Profile]:
    """The profiles that a row is about."""
    weighed: list[Profile] = [p for p in CASE_PROFILES if indicator in weights.points[p]]
    if not weighed:
        known = {i for p in CASE_PROFILES for i in weights.points[p]}
        raise KnowledgeError(
            "K157",
            f"{quote(indicator)} is no sign that carries weight",
            place=place,
            remedy=nearest(indicator, known) or "name a sign that is weighed",
        )
    if given not in ("", *CASE_PROFILES):
        raise KnowledgeError(
            "K157",
            f"{quote(given)} is no profile",
            place=place,
            remedy="write adult or child, or leave it blank for both",
        )
    if given and given not in weighed:
        raise KnowledgeError(
            "K157",
            f"{quote(indicator)} is not weighed for the profile {quote(given)}",
            place=place,
            remedy="leave the profile blank",
        )
    return [p for p in weighed if given in ("", p)]
