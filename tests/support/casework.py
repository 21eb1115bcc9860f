"""A casebook in memory, and cases worked on in it: for tests of what is worked on, not of how it is
kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from screening.answers import Answer, Response
from screening.casebook.event import Act, Event, as_text
from screening.casebook.store import Counted, Folded, Overtaken, Snapshot
from screening.casebook.worklist import CaseList, View, case_list


class MemoryStore:
    """Events and snapshots as JSON in memory, in the manner of any `Store`."""

    def __init__(self) -> None:
        self.kept: list[Event] = []
        self.copies: dict[str, tuple[int, str]] = {}
        self.upto = (0, 0)

    def append(
        self, events: Sequence[Event], after: int | None = None, folded: Folded | None = None
    ) -> list[Event]:
        if events and after is not None and self.last(events[0].case) > after:
            raise Overtaken(events[0].case, self.last(events[0].case))
        recorded: list[Event] = []
        before = len(self.kept)
        for number, event in enumerate(events, before + 1):
            data, words = (json.loads(as_text(v)) for v in (event.data, event.words))
            recorded.append(replace(event, data=data, words=words, number=number))
        copies = folded(recorded) if folded else {}
        self.kept += recorded
        self.keep_snapshots(copies)
        if self.upto[0] == before and (folded or not any(e.case for e in events)):
            self.upto = (len(self.kept), self.upto[1])
        return recorded

    def events(
        self,
        case: str | None = None,
        after: int = 0,
        kinds: Sequence[str] = (),
    ) -> Iterator[Event]:
        for e in self.kept[after:]:
            if (case is None or e.case == case) and (not kinds or e.kind in kinds):
                yield e

    def counted(self, kinds: Sequence[str], after: int = 0) -> Iterator[Counted]:
        for e in self.events(after=after, kinds=kinds):
            yield Counted(e.number or 0, e.case, e.kind, e.happened_on, e.data)

    def last(self, case: str | None = None) -> int:
        return max((e.number or 0 for e in self.events(case)), default=0)

    def cases(self) -> list[str]:
        return list(dict.fromkeys(e.case for e in self.kept if e.case))

    def snapshot(self, case: str) -> Snapshot | None:
        kept = self.copies.get(case)
        return Snapshot(kept[0], json.loads(kept[1])) if kept else None

    def keep_snapshots(
        self, snapshots: Mapping[str, Snapshot], upto: tuple[int, int] | None = None
    ) -> None:
        self.copies |= {c: (s.number, json.dumps(dict(s.state))) for c, s in snapshots.items()}
        self.upto = upto or self.upto

    def folded(self, form: int) -> int:
        return self.upto[0] if self.upto[1] == form else 0

    def unlisted(self) -> list[str]:
        erased = {e.case for e in self.events(kinds=["erased"])}
        return [c for c in self.cases() if c not in self.copies and c not in erased]

    def drop_snapshots(self) -> None:
        self.copies, self.upto = {}, (0, 0)

    def listed(self, view: View, most: int | None = None) -> CaseList:
        found = (self.snapshot(case) for case in self.copies)
        return case_list([s.line for s in found if s and s.line], view, most)


def act(day: str | date, by: str = "arta") -> Act:
    """Somebody doing something at noon of a day."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return Act(by, datetime.combine(on, time(12), UTC))


def said(**answers: str) -> dict[str, Response]:
    """Answers by indicator."""
    return {i: Response(Answer(a)) for i, a in answers.items()}


def on(day: str) -> date:
    return date.fromisoformat(day)


def screening(finding: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The fields of a `screened` event."""
    fields: dict[str, Any] = {
        "finding": finding,
        "finding_high": "act_now",
        "finding_high_without_danger": "refer",
        "profile": "child",
        "points": 0,
        "points_high": 9,
        "answered": 1,
        "relevant": 9,
        "danger": finding == "act_now",
        "steps": list(steps),
    }
    names = ("receipt", "checklist", "version", "sha256", "weights", "weights_sha256", "engine")
    return {**dict.fromkeys(names, "x"), **fields, **more}
