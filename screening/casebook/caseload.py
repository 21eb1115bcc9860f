"""The cases of a store: unfolded, worked on, listed. It keeps a folded copy of each case beside its
events, so that a list of many opens at once; all copies may be thrown away.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from screening.casebook.acts import Knowledge, screen
from screening.casebook.event import Act, Event
from screening.casebook.events import make
from screening.casebook.filters import Filter
from screening.casebook.fold import fold
from screening.casebook.intake import Taken
from screening.casebook.state import CaseState, from_plain, to_plain
from screening.casebook.store import Overtaken, Snapshot, Store
from screening.casebook.worklist import CaseList, Summary, View, summarised
from screening.errors import UsageError, nearest
from screening.scoring import Assessment

__all__ = ["Caseload", "packed"]

_MANY = 500  # cases folded before they are kept
# Copies that another version folded into other fields are folded again
FORM = zlib.crc32(repr((Summary._fields, sorted(CaseState.__dataclass_fields__))).encode())


class Caseload:
    """What somebody does with a store's cases.

    knowledge : the list and weights that cases are screened with
    act : who does it, and when
    """

    def __init__(self, store: Store, knowledge: Knowledge, act: Act) -> None:
        self.store, self.knowledge, self.act = store, knowledge, act

    # -- one case ----------------------------------------------------------------------------------

    def state(self, case: str) -> CaseState:
        """A case as it is now. `U304` where there is none."""
        found = self.find(case)
        if found is None:
            raise UsageError("U304.no_case", case=case, near=nearest(case, self.store.cases()))
        return found

    def find(self, case: str) -> CaseState | None:
        """A case as it is now, or None."""
        kept = self.store.snapshot(case)
        if kept is None or kept.state.get("form") != FORM:
            return fold(None, self.store.events(case))
        return fold(_unpacked(kept.state), self.store.events(case, kept.number))

    def record(self, events: Sequence[Event], *seen: CaseState) -> dict[str, CaseState]:
        """Record events, all or none, and give the cases that they are about as they are then.

        seen : those cases as the events were made for them. Where somebody recorded something about
            the first meanwhile, nothing is kept: `U342`.
        """
        if not events:
            return {}
        after = next((s.number for s in seen if s.case == events[0].case), None)
        first = {s.case: s for s in seen if s.case == events[0].case}  # as `after` makes sure
        touched: dict[str, CaseState] = {}

        def folded(recorded: list[Event]) -> dict[str, Snapshot]:
            for case in dict.fromkeys(e.case for e in recorded if e.case):
                own = [e for e in recorded if e.case == case]
                state = fold(first[case] if case in first else self.find(case), own)
                if state is not None:
                    touched[case] = state
            return {c: packed(s) for c, s in touched.items()}

        try:
            self.store.append(events, after, folded)
        except Overtaken:
            raise UsageError("U342.overtaken", case=events[0].case) from None
        return touched

    def screened(
        self, before: CaseState, events: Sequence[Event], on: date
    ) -> tuple[CaseState, Assessment]:
        """Record what was found out about a case together with its new result, and a line on each
        sibling where the finding rose.
        """
        more, assessment = screen(before, events, self.act, on, self.knowledge)
        if any(e.case != before.case for e in more):
            known = {before.case, *self.store.cases()}
            more = [e for e in more if e.case in known]
        done = self.record([*events, *more], before)
        return done.get(before.case, before), assessment

    def look(self, case: str, what: str) -> CaseState:
        """A case as it is now; that it was looked at is an event."""
        state = self.state(case)
        return self.record([make(self.act, "viewed", case, what=what)], state)[case]

    def looked(self, what: str) -> None:
        """Note that many cases were looked at: a list, a search, a week."""
        self.store.append([make(self.act, "viewed", "", what=what)])

    def export(self, case: str, what: str, kind: str, receipt: str = "") -> None:
        """Note that something of a case (""; of the casebook) was written to a kind of file."""
        self.store.append([make(self.act, "exported", case, what=what, kind=kind, receipt=receipt)])

    def take_in(self, taken: Sequence[Taken], states: Mapping[str, CaseState], on: date) -> None:
        """Record what rows of a table do, case by case, each with its new result."""
        by_case: dict[str, list[Event]] = {}
        for t in taken:
            by_case.setdefault(t.row.case.case_id, []).extend(t.events)
        for case, events in by_case.items():
            if events:
                self.screened(states.get(case, CaseState(case)), events, on)

    def columns(self, name: str) -> Mapping[str, str]:
        """What the columns of somebody's table are, as it was saved. `U345`"""
        saved = {
            e.data["name"]: e.data["columns"] for e in self.store.events("", 0, ["columns_matched"])
        }
        if name not in saved:
            near = nearest(name, saved)
            raise UsageError("U345.no_columns", name=name, near=near)
        found: Mapping[str, str] = saved[name]
        return found

    def keep_columns(self, name: str, columns: Mapping[str, str]) -> None:
        """Save what the columns of a table are."""
        event = make(self.act, "columns_matched", "", name=name, columns=dict(columns))
        self.store.append([event])

    def filters(self) -> dict[str, Filter]:
        """The lists that were saved, by name: of each the last."""
        events = self.store.events("", 0, ["filter_saved"])
        return {e.data["name"]: Filter.of(e.data["filter"]) for e in events}

    def filter(self, name: str) -> Filter:
        """A list that was saved. `U346`"""
        saved = self.filters()
        if name not in saved:
            known, near = ", ".join(saved) or "-", nearest(name, saved)
            raise UsageError("U346.no_filter", name=name, known=known, near=near)
        return saved[name]

    def keep_filter(self, name: str, chosen: Filter) -> None:
        """Save a list under a name."""
        event = make(self.act, "filter_saved", "", name=name, filter=chosen.plain())
        self.store.append([event])

    # -- all cases ---------------------------------------------------------------------------------

    def states(self) -> Iterator[CaseState]:
        """Every case, in the order in which they were begun."""
        for case in self.store.cases():
            state = self.find(case)
            if state is not None:
                yield state

    def list(self, view: View, most: int | None = None) -> CaseList:
        """The work list of a view, with so many of its lines (None: all)."""
        self._catch_up()
        return self.store.listed(view, most)

    def with_(self, person: str) -> CaseList:
        """The open cases that somebody has, was offered, or has a step of their own in."""
        return self.list(View(self.act.at.date(), person, whose="mine"))

    def _catch_up(self) -> None:
        """Fold what was recorded without a copy, by interviews and by programs of another version;
        and screen what was found out since the last result.
        """
        upto, last = self.store.folded(FORM), self.store.last()
        touched = dict.fromkeys(self.store.unlisted())
        if upto == last and not touched:
            return
        newer = (e.case for e in self.store.events(after=upto)) if upto else self.store.cases()
        touched.update(dict.fromkeys(filter(None, newer)))
        kept_now: dict[str, Snapshot] = {}
        for case in touched:
            state = None if self._is_erased(case) else self.find(case)
            if state is not None and not state.is_screened:
                state, _ = self.screened(state, [], self.act.at.date())
            if state is not None:
                kept_now[case] = packed(state)
            if len(kept_now) >= _MANY:
                self.store.keep_snapshots(kept_now)
                kept_now = {}
        self.store.keep_snapshots(kept_now, (last, FORM))

    def _is_erased(self, case: str) -> bool:
        return any(True for _ in self.store.events(case, kinds=["erased"]))


def packed(state: CaseState) -> Snapshot:
    """A folded case: its line of the work list as it is, the rest packed, which is read only when
    the case is opened.
    """
    text = json.dumps(to_plain(state), ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(zlib.compress(text.encode(errors="replace"), 1)).decode()
    kept: dict[str, Any] = {"form": FORM, "line": list(summarised(state)), "case": packed}
    return Snapshot(state.number, kept)


def _unpacked(kept: Mapping[str, Any]) -> CaseState:
    return from_plain(json.loads(zlib.decompress(base64.b64decode(kept["case"]))))
