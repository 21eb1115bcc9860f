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
from screening.errors import KnowledgeError, nearest
from screening.files.csvtext import delimited
from screening.files.text import read_small
from screening.names import Names

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
        raise KnowledgeError("K157.file_too_large", place=path.name, largest=_LARGEST >> 20)
    found: dict[tuple[str, Profile], Bound] = {}
    try:
        rows = delimited(text, lambda cells: "indicator" in {c.strip() for c in cells})
        _, header = next(rows, (0, []))
        header = _check_header(header, path.name)
        for number, cells in rows:
            place = f"{path.name}, row {number}"
            surplus = [cell for cell in cells[len(header) :] if cell]
            if surplus:
                raise KnowledgeError("K157.cell_beyond_header", place=place, surplus=surplus[0])
            row = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=False))
            bound = _bound(row["low"], row["high"], place)
            for profile in _profiles(row["indicator"], row["profile"], weights, place):
                if (row["indicator"], profile) in found:
                    raise KnowledgeError(
                        "K157.bounds_twice", place=place, row=row["indicator"], profile=profile
                    )
                found[row["indicator"], profile] = bound
    except csv.Error as error:
        raise KnowledgeError("K157.csv_unreadable", place=path.name, error=error) from None
    return found


def _check_header(header: list[str], place: str) -> list[str]:
    """The names that the headings are; `K157` for one that is missing, unknown or there twice."""
    found = Names(COLUMNS).columns(header)
    for name, _, _ in found.twice:
        raise KnowledgeError("K157.column_twice", place=place, near="", name=name)
    if not {"indicator", "low", "high"} <= found.at.keys():
        raise KnowledgeError("K157.columns_missing", place=place)
    for name in found.others.values():
        known = [c for c in COLUMNS if c not in found.at]
        near = nearest(name, known)
        raise KnowledgeError("K157.column_unknown", place=place, near=near, name=name)
    return sorted(found.at, key=lambda name: found.at[name])


def _bound(low: str, high: str, place: str) -> Bound:
    if not all(n == "" or (n.isascii() and n.isdigit() and len(n) < 4) for n in (low, high)):
        raise KnowledgeError("K157.not_whole", place=place, low=low, high=high)
    least = int(low or 0)
    most = int(high) if high else max(least, LARGEST)
    if least > most:
        raise KnowledgeError("K157.reversed", place=place, least=least, most=most)
    return Bound(least, most)


def _profiles(indicator: str, given: str, weights: WeightSet, place: str) -> list[Profile]:
    """The profiles that a row is about."""
    weighed: list[Profile] = [p for p in CASE_PROFILES if indicator in weights.points[p]]
    if not weighed:
        known = {i for p in CASE_PROFILES for i in weights.points[p]}
        raise KnowledgeError(
            "K157.sign_unknown",
            place=place,
            near=nearest(indicator, known),
            indicator=indicator,
        )
    if given not in ("", *CASE_PROFILES):
        raise KnowledgeError("K157.profile_unknown", place=place, given=given)
    if given and given not in weighed:
        raise KnowledgeError(
            "K157.not_weighted_for_profile", place=place, indicator=indicator, given=given
        )
    return [p for p in weighed if given in ("", p)]
