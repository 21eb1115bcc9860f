"""What is due when, for a calendar or a sheet of paper: case numbers and days, and nothing else. A
calendar goes to telephones and clouds that nobody here knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from screening.casebook.worklist import CaseLine

__all__ = ["Reminder", "calendar", "reminders"]


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something of a case is due on a day. `key` tells a calendar that it is the same one."""

    day: date
    case: str
    key: str


def reminders(lines: Iterable[CaseLine], today: date) -> list[Reminder]:
    """A reminder for each case that has a step of mine with a day, the earliest first."""
    found = [Reminder(x.due, x.case, x.step_key) for x in lines if x.due is not None]
    return sorted(found, key=lambda r: (r.day, r.case))


def calendar(found: Sequence[Reminder], now: datetime) -> str:
    """An iCalendar file (RFC 5545): one entry of a whole day each, titled with the case number."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//notes//EN"]
    for n, r in enumerate(found):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{r.day:%Y%m%d}-{n}@notes",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{r.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{r.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(r.case)}",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """No line has more than 75 bytes; one that goes on begins with a blank."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > 73:
            parts, part = [*parts, part], ""
        part += letter
    return "\r\n ".join([*parts, part])
