"""Casebooks for tests: one with a few cases in it, and who is at work."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from screening.casebook.event import Act, Event
from screening.casebook.laptop import Casebook

WORDS = "silver otter walks under lanterns"
OTHER = "seven grey herons cross the weir"
ACT = Act("arta", datetime(2026, 3, 4, 9, 30, tzinfo=UTC))


def met(case: str, note: str = "", day: int = 1) -> Event:
    """Somebody was met in March."""
    words = {"note": note} if note else {}
    return ACT.event(case, "met", {"place": 3}, words, date(2026, 3, day))


def filled(folder: Path, cases: int = 5, meetings: int = 4) -> tuple[Casebook, str]:
    """A casebook in which each case was met a few times, and its recovery key."""
    book, recovery = Casebook.create(folder, WORDS)
    for n in range(meetings):
        book.append([met(f"K-{c}", f"note {n} of {c}", n + 1) for c in range(cases)])
    return book, recovery


def code_of(error: BaseException) -> str:
    """The code and name of an error's message."""
    return str(getattr(error, "key", error))
