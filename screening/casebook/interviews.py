"""Interviews in a casebook: each thing that is set is recorded before it is shown as saved.

An interview is a record that changes; a casebook keeps events. Each setting is recorded as what
changed of the record (`interview_kept`, all of it words), and, in the same transaction, as what it
says about the case: opened, met, answered, judged. From the first kind the record comes back letter
by letter, from the others the case is worked on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from screening.casebook.acts import Knowledge
from screening.casebook.caseload import Caseload
from screening.casebook.event import Act, Event
from screening.casebook.memory import Moved
from screening.casebook.store import Overtaken, Store
from screening.errors import UsageError
from screening.interview.record import Change, Record

__all__ = ["StoredCases"]

BEGUN, KEPT = "interview_begun", "interview_kept"
ENCOUNTER = "interview"  # the meeting that an interview is
COUNTED = ("company", "begs")  # facts of a meeting that statistics count
_PARTS = ("answers", "facts", "letter", "preconditions")  # of a record, by name


@dataclass(frozen=True, slots=True)
class _Read:
    """A record as plain data, true to the case's event `number`."""

    record: Record
    plain: Mapping[str, Any]
    number: int


class StoredCases:
    """A `CaseStore` over a casebook. Safe for several threads and several programs.

    act : asked for who is at work, and the time, whenever something is recorded
    """

    durable = True

    def __init__(self, store: Store, act: Callable[[], Act]) -> None:
        self._store, self._act = store, act
        self._read: dict[str, _Read] = {}
        self._lock = threading.Lock()

    def caseload(self, knowledge: Knowledge) -> Caseload:
        """The same casebook for who works on the cases, as of now."""
        return Caseload(self._store, knowledge, self._act())

    def ids(self, checklist: str = "") -> list[str]:
        """Cases with an interview (by a list), in the order in which they were begun."""
        found: dict[str, None] = {}
        for event in self._store.events(kinds=[BEGUN, "erased"]):
            if event.kind == "erased":
                found.pop(event.case, None)
            elif not checklist or event.data.get("checklist") == checklist:
                found[event.case] = None
        return list(found)

    def get(self, case_id: str) -> Record:
        """The record as it is now, whoever set it last; `U304` where there is none."""
        with self._lock:
            read = self._now(case_id)
        if read is None:
            raise UsageError("U304.no_case", case=case_id)
        return read.record

    def put(self, record: Record, after: int | None) -> None:
        """Keep a record; durable when it returns. `U302`, `Moved`, and what the store raises."""
        with self._lock:
            while True:
                read = self._now(record.case_id)
                if after is None and read is not None:
                    raise UsageError("U302.case_exists", case=record.case_id)
                if read is not None and read.record.revision != after:
                    raise Moved(read.record)
                last = read.number if read else self._store.last(record.case_id)
                plain = _plain(record)
                events = _events(self._act(), read, record, plain, is_new=not last)
                try:
                    recorded = self._store.append(events, after=last)
                except Overtaken:
                    continue  # look again: it may be about something else than the interview
                self._read[record.case_id] = _Read(record, plain, recorded[-1].number or 0)
                return

    def take_in(self, record: Record) -> bool:
        """Keep an interview from a file; False where all of it is there already.

        One that goes on from what is there is its newer state. `U302` where both went on.
        """
        try:
            there = self.get(record.case_id)
        except UsageError:
            self.put(record, None)
            return True
        ours, theirs = there.changes, record.changes
        if theirs == ours[: len(theirs)] and (len(theirs) < len(ours) or record == there):
            return False
        if ours != theirs[: len(ours)]:
            raise UsageError("U302.case_exists", case=record.case_id)
        self.put(record, there.revision)
        return True

    def drop(self, case_id: str) -> None:
        """Nothing leaves a casebook by the way: `U325`."""
        raise UsageError("U325.in_casebook", case=case_id)

    def _now(self, case_id: str) -> _Read | None:
        """The record with what was recorded since it was read last."""
        read = self._read.get(case_id)
        plain: dict[str, Any] = dict(read.plain) if read else {}
        number, changed = read.number if read else 0, False
        for event in self._store.events(case_id, after=number):
            number = event.number or number
            if event.kind == KEPT and event.words:
                plain, changed = _applied(plain, event.words), True
            elif event.kind == "erased":
                self._read.pop(case_id, None)
                return None
        if not plain:
            return None
        if read is None or changed:
            read = _Read(_record(plain), plain, number)
        elif number != read.number:
            read = replace(read, number=number)
        self._read[case_id] = read
        return read


def _plain(record: Record) -> dict[str, Any]:
    """The record as data, each change with its number."""
    changes = [[c.what, c.before, c.after, c.number] for c in record.changes]
    return {**record.to_dict(), "changes": changes}


def _record(plain: Mapping[str, Any]) -> Record:
    record = Record.from_dict({**plain, "changes": [c[:3] for c in plain["changes"]]})
    return replace(record, changes=tuple(Change(*c) for c in plain["changes"]))


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What `_applied` makes the one into the other with."""
    found: dict[str, Any] = {}
    for name, value in after.items():
        old = before.get(name)
        if name in before and old == value:
            continue
        if name == "changes":
            same = 0
            for one, other in zip(old or (), value, strict=False):
                if one != other:
                    break
                same += 1
            found[name] = {"keep": same, "add": value[same:]}
        elif name in _PARTS and old is not None:
            found[name] = {
                "set": {k: v for k, v in value.items() if old.get(k) != v},
                "drop": [k for k in old if k not in value],
            }
        elif name in _PARTS:
            found[name] = {"set": value, "drop": []}
        else:
            found[name] = value
    return found


def _applied(plain: Mapping[str, Any], difference: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(plain)
    for name, value in difference.items():
        if name == "changes":
            made[name] = [*made.get(name, ())[: value["keep"]], *value["add"]]
        elif name in _PARTS:
            kept = {k: v for k, v in made.get(name, {}).items() if k not in value["drop"]}
            made[name] = {**kept, **value["set"]}
        else:
            made[name] = value
    return made


def _events(
    act: Act, before: _Read | None, record: Record, plain: Mapping[str, Any], is_new: bool
) -> list[Event]:
    """What is recorded of a setting: about the case, then about the record."""
    case, old = record.case_id, before.record if before else None
    aged = {"age": record.age, "age_certain": record.age_certain}
    found: list[Event] = []
    if is_new:
        found.append(act.event(case, "opened", {**_some(aged), "source": "interview"}))
    if old is None:
        met = {"encounter": ENCOUNTER, "channel": "interview"}
        found.append(act.event(case, "met", met))
        knowledge = {"checklist": record.checklist, "version": record.version}
        found.append(act.event(case, BEGUN, knowledge))
    elif (old.age, old.age_certain) != (record.age, record.age_certain):
        found.append(act.event(case, "corrected", {"age": _some(aged)}, {"why": "interview"}))
    counted = {f: record.facts[f] for f in COUNTED if f in record.facts}
    if counted != {f: old.facts[f] for f in COUNTED if old and f in old.facts}:
        found.append(act.event(case, "corrected", {"statistics": counted}, {"why": "interview"}))
    answers = {i: r for i, r in record.answers.items() if not old or old.answers.get(i) != r}
    gone = [i for i in old.answers if i not in record.answers] if old else []
    if answers or gone:
        given = {
            i: {"answer": str(r.answer), **({"basis": r.basis} if r.basis else {})}
            for i, r in answers.items()
        } | {i: {"answer": "not_asked"} for i in gone}
        notes = {i: r.note for i, r in answers.items() if r.note}
        data = {"encounter": ENCOUNTER, "answers": given}
        found.append(act.event(case, "answered", data, {"notes": notes} if notes else {}))
    for stage, now, then in (
        ("own", record.judgement, old and old.judgement),
        ("decision", record.decision, old and old.decision),
    ):
        if now is not None and now != then:
            data = {"finding": now.finding, "stage": stage}
            found.append(act.event(case, "judged", data, {"why": now.why} if now.why else {}))
    words = _difference(before.plain if before else {}, plain)
    found.append(act.event(case, KEPT, {"revision": record.revision}, words))
    return found


def _some(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
