"""A table of counts: what it counts, by which day, as of when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from screening.errors import mark

__all__ = ["BY", "DATED", "TITLES", "UNITS", "WORDS", "Key", "Length", "Period", "Table", "periods"]

Length = Literal["year", "half", "quarter", "month"]
BY: Mapping[Length, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1}  # months
TOTAL = "total"


class Key(NamedTuple):
    """Where a count stands; in no table, where it is only what others differ by."""

    table: str
    row: str
    column: str


@dataclass(frozen=True)
class Table:
    """Counts by row and column.

    id, unit, dated : of `TITLES`, `UNITS`, `DATED`
    rows, columns : codes; `WORDS` has what they are called, and the list its forms
    cells : the value of each, None where it is suppressed; what is not defined is not there
    """

    id: str
    unit: str
    dated: str
    as_of: date
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], float | None]


class Period(NamedTuple):
    """A span of days, its name, and the first day after it as an ordinal."""

    name: str
    first: int
    end: int


def periods(first: date, last: date, by: Length) -> list[Period]:
    """The periods from a day's to another day's; the first and the last may be cut."""
    months = BY[by]
    start = date(first.year, (first.month - 1) // months * months + 1, 1)
    found = []
    while start <= last:
        after = start.month + months
        end = date(start.year + (after > 12), after - 12 if after > 12 else after, 1)
        cut = end > last + timedelta(days=1)
        stop = last + timedelta(days=1) if cut else end
        name = f"{start} – {last}" if cut else _named(start, by)
        found.append(Period(name, start.toordinal(), stop.toordinal()))
        start = end
    return found


def _named(start: date, by: Length) -> str:
    part = (start.month - 1) // BY[by] + 1
    names = {"year": "", "half": f"/{part}", "quarter": f" Q{part}", "month": f"-{start.month:02}"}
    return f"{start.year}{names[by]}"


TITLES: Mapping[str, str] = {
    "victims": mark("Victims identified"),
    "origin": mark("Victims by origin"),
    "form": mark("Victims by form of exploitation"),
    "acts": mark("Meetings, referrals and decisions"),
    "children": mark("All children: how far they came"),
    "begging": mark("Children begging: how far they came"),
    "children_days": mark("All children: median days from one stage to the next"),
    "begging_days": mark("Children begging: median days from one stage to the next"),
    "monitor": mark("Children begging: identified within 180 days"),
    "charges": mark("Criminal charges"),
    "persons_charged": mark("Persons charged"),
}
UNITS: Mapping[str, str] = {
    "persons": mark("persons, each counted once"),
    "acts": mark("meetings and acts, not persons"),
    "days": mark("days; half of the persons took longer"),
    "charges": mark("charges, not persons"),
}
DATED: Mapping[str, str] = {
    "identified": mark("by the day of the first decision that says so; the last decision counts"),
    "happened": mark("by the day on which it happened"),
    "first_met": mark("of those first met in the time of the report"),
    "after": mark("180 days after the first meeting"),
    "published": mark("as published"),
}
WORDS: Mapping[str, str] = {
    TOTAL: mark("Total"),
    "identified": mark("Identified"),
    "assisted": mark("Of these: assisted or sheltered"),
    "returned": mark("Of these: returned to their country"),
    "female": mark("Of these: female"),
    "male": mark("Of these: male"),
    "sex_open": mark("Of these: another sex, or not recorded"),
    "children": mark("Of these: children"),
    "adults": mark("Of these: adults"),
    "open": mark("Not recorded"),
    "meetings": mark("Meetings"),
    "referrals": mark("Referrals sent"),
    "decisions": mark("Decisions of an authority"),
    "met": mark("Met"),
    "screened": mark("Screened"),
    "look_further": mark("Look further, or more"),
    "refer": mark("Refer, or act now"),
    "sent": mark("Referred to an office"),
    "accepted": mark("Accepted by the office"),
    "over": mark("Met 180 days ago or earlier"),
    "over_identified": mark("Of these: identified within 180 days"),
    "rare": mark("Others, each below 10"),
    "all": mark("All"),
    "alone": mark("Alone"),
    "family": mark("With family, or somebody who says so"),
    "others": mark("With others"),
    "charges": mark("Charges"),
    "human_trafficking": mark("Trafficking in human beings"),
    "sexual_services_of_a_victim": mark("Sexual services of a victim"),
    "prostitution_of_others": mark("Prostitution of others"),
    "pornography_other_sexual": mark("Pornography or other sexual exploitation"),
    "forced_labour_services": mark("Forced labour or services"),
    "begging": mark("Begging"),
    "slavery_or_similar": mark("Slavery or what is like it"),
    "forced_marriage": mark("Forced marriage"),
    "captivity_or_organ_removal": mark("Captivity or removal of organs"),
}
