"""The cases of a store: unfolded, worked on, listed. It keeps a folded copy of each case beside its
events, so that a list of many opens at once; all copies may be thrown away.
"""

from __future__ import annotations

import base64
import gc
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from screening.casebook.acts import Knowledge, screen
from screening.casebook.event import Act, Event
from screening.casebook.events import make
from screening.casebook.fold import fold
from screening.casebook.intake import Taken
from screening.casebook.state import CaseState, from_plain, to_plain
from screening.casebook.store import Overtaken, Snapshot, Store
from screening.casebook.worklist import CaseList, Summary, View, case_list, summarised
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
        after = next((s.number for s in seen if events and s.case == events[0].case), None)
        try:
            recorded = self.store.append(events, after)
        except Overtaken:
            raise UsageError("U342.overtaken", case=events[0].case) from None
        first = {s.case: s for s in seen if s.case == events[0].case}  # as `after` makes sure
        touched: dict[str, CaseState] = {}
        for case in dict.fromkeys(e.case for e in recorded if e.case):
            own = [e for e in recorded if e.case == case]
            state = fold(first[case], own) if case in first else self.find(case)
            if state is not None:
                touched[case] = state
        self.store.keep_snapshots({c: packed(s) for c, s in touched.items()})
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

    # -- all cases ---------------------------------------------------------------------------------

    def states(self) -> Iterator[CaseState]:
        """Every case, in the order in which they were begun."""
        for case in self.store.cases():
            state = self.find(case)
            if state is not None:
                yield state

    def summaries(self) -> list[Summary]:
        """A line of every case that is not erased, from the folded copies as far as they are true.

        What a program has read once it reads no more: only what was recorded since.
        """
        upto, found = self._copies()
        newer: dict[str, None] = {c: None for c in self.store.cases() if c not in found}
        last = upto
        for event in self.store.events(after=upto):
            last = event.number or last
            if event.case and last > found.get(event.case, (0,))[0]:
                newer[event.case] = None
        kept_now: dict[str, Snapshot] = {}
        for n, case in enumerate(newer, 1):
            found.pop(case, None)
            state = None if self._is_erased(case) else self.find(case)
            if state is not None and not state.is_screened:
                state, _ = self.screened(state, [], self.act.at.date())
                last = max(last, state.number)
            if state is not None:
                found[case] = state.number, summarised(state)
                kept_now[case] = packed(state, last if n == len(newer) else 0)
            if len(kept_now) >= _MANY:
                self.store.keep_snapshots(kept_now)
                kept_now = {}
        if kept_now:
            self.store.keep_snapshots(kept_now)
        _READ[self.store] = last, found
        return [summary for _, summary in found.values()]

    def _copies(self) -> tuple[int, dict[str, tuple[int, Summary]]]:
        """What is known of every case by its copy, and up to which event all copies are true."""
        if self.store in _READ:
            upto, found = _READ[self.store]
            return upto, dict(found)
        upto, found = 0, dict[str, tuple[int, Summary]]()
        with _no_garbage():
            for case, kept in self.store.snapshots():
                if kept.state.get("form") == FORM:
                    found[case] = kept.number, Summary._make(kept.state["line"])
                    upto = max(upto, kept.state.get("upto", 0))
        return upto, found

    def _is_erased(self, case: str) -> bool:
        return any(True for _ in self.store.events(case, kinds=["erased"]))

    def list(self, view: View) -> CaseList:
        """The work list of a view."""
        return case_list(self.summaries(), view)


# What a program has read of each open casebook; gone with it
_READ: WeakKeyDictionary[Store, tuple[int, dict[str, tuple[int, Summary]]]] = WeakKeyDictionary()


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Many small things are made and none is dropped: looking for garbage would take as long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def packed(state: CaseState, upto: int = 0) -> Snapshot:
    """A folded case: its line of the work list as it is, the rest packed, which is read only when
    the case is opened. upto : every event up to this one was folded when it was made
    """
    text = json.dumps(to_plain(state), ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(zlib.compress(text.encode(errors="replace"), 1)).decode()
    kept: dict[str, Any] = {"form": FORM, "line": list(summarised(state)), "case": packed}
    return Snapshot(state.number, {**kept, "upto": upto} if upto else kept)


def _unpacked(kept: Mapping[str, Any]) -> CaseState:
    return from_plain(json.loads(zlib.decompress(base64.b64decode(kept["case"]))))
