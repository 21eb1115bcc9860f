"""What the casebook keeps: events, each in the place in which it was recorded, none ever changed.

The store knows when, by whom and about which case; what a kind means and what its data must hold is
the model's to say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, TypeAlias

__all__ = ["Act", "Event", "Json", "as_text"]

Json: TypeAlias = Any  # what JSON can hold: text, numbers, true, false, null, lists, objects
_NOTHING: Mapping[str, Json] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and was recorded.

    case : the case's code; "" where it is about the casebook itself
    kind : what happened: opened, met, answered, judged ...
    happened_on : the day in the world
    recorded_at : when it was recorded, in UTC; clocks are set back, so it orders nothing
    by : who recorded it
    data : what is counted: codes, numbers, days. It stays when a case is erased
    words : what may say who somebody is: notes, reasons, places, names. It is kept under the case's
        own key, and nobody can read it once the case is erased
    number : its place in the chain, from 1; given by the store
    """

    case: str
    kind: str
    happened_on: date
    recorded_at: datetime
    by: str
    data: Mapping[str, Json] = field(default_factory=lambda: _NOTHING)
    words: Mapping[str, Json] = field(default_factory=lambda: _NOTHING)
    number: int | None = None

    def __post_init__(self) -> None:
        if self.recorded_at.utcoffset() is None:
            raise ValueError("recorded_at has no time zone")
        if not self.kind or not self.by:
            raise ValueError("an event has a kind, and somebody who recorded it")
        (self.case + self.kind + self.by).encode()  # a ValueError for half a character
        if self.words and not self.case:
            raise ValueError("only a case has words of its own")
        object.__setattr__(self, "recorded_at", self.recorded_at.astimezone(UTC))
        for name in ("data", "words"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something to the casebook, and when: what reads no clock is told the time."""

    by: str
    at: datetime

    def event(
        self,
        case: str,
        kind: str,
        data: Mapping[str, Json] | None = None,
        words: Mapping[str, Json] | None = None,
        happened_on: date | None = None,
    ) -> Event:
        """An event recorded by this act; it happened on the same day unless another is given."""
        day = happened_on or self.at.date()
        return Event(case, kind, day, self.at, self.by, data or {}, words or {})


def as_text(value: Mapping[str, Json]) -> str:
    """JSON in the one form in which it is kept and hashed.

    Half a character is written as a question mark: no reader would take it.
    """
    text = json.dumps(
        dict(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text if text.isascii() else text.encode(errors="replace").decode()
