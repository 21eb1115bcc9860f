"""Lists that somebody saved under a name: which cases, whose steps, due by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, Self, cast, get_args

from screening.casebook.worklist import View, Whose

__all__ = ["DAYS", "WHOSE", "Filter"]

DAYS = {"overdue": -1, "today": 0, "week": 7}  # from the day of the list on
WHOSE: tuple[Whose, ...] = get_args(Whose)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is about, whoever asks and on whichever day.

    whose : one of `WHOSE`; due : one of `DAYS`, or "" for any day
    others : as in `View`; "" for all
    """

    whose: str = "team"
    role: str = ""
    due: str = ""
    finding: str = ""
    need: str = ""
    sign: str = ""
    words: str = ""
    closed: bool = False

    def view(self, on: date, me: str, changed_since: date | None = None) -> View:
        """The view of somebody on a day."""
        return View(
            on,
            me,
            self.role,
            cast(Any, self.whose),
            on + timedelta(days=DAYS[self.due]) if self.due else None,
            changed_since,
            self.sign,
            self.closed,
            cast(Any, self.finding),
            self.need,
            self.words,
        )

    def plain(self) -> dict[str, str]:
        """What is saved: only what was chosen."""
        chosen = {n: v for n, v in asdict(self).items() if v != getattr(Filter(), n)}
        return {n: "yes" if v is True else str(v) for n, v in chosen.items()}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """What was saved, as far as this program knows it."""
        known = {f.name for f in fields(cls)}
        chosen: dict[str, Any] = {n: v for n, v in plain.items() if n in known}
        return cls(**{**chosen, "closed": plain.get("closed") == "yes"})
