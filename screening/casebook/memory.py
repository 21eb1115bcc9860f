"""The seam behind which interviews are kept: in memory, or in a casebook (`interviews`).

A record is put *after* the revision it was made from. If another window has put a newer one
meanwhile, nothing is written: `Moved` carries that newer record, and whoever asked decides with
both in view.
"""

from __future__ import annotations

import threading
from typing import Protocol

from screening.errors import UsageError
from screening.interview.record import Record

__all__ = ["CaseStore", "MemoryStore", "Moved"]


class Moved(Exception):
    """The record has moved on since; `record` is what is there now."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.case_id)
        self.record = record


class CaseStore(Protocol):
    """What any store of cases can do.

    When `put` returns, the record is kept as safely as this store keeps things: on the disk where
    it is `durable`.
    """

    durable: bool

    def ids(self, checklist: str = "") -> list[str]:
        """Case ids (by a list), in the order they were begun."""

    def get(self, case_id: str) -> Record:
        """The record; `U304` where there is none."""

    def put(self, record: Record, after: int | None) -> None:
        """Keep a record that was made from revision `after` (None: a new case).

        `U302` where a new case exists, `Moved` where the kept one is at another revision.
        """

    def drop(self, case_id: str) -> None:
        """Forget a case."""


class MemoryStore:
    """Cases in memory: gone when the program ends. Safe for several threads."""

    durable = False

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._lock = threading.Lock()

    def ids(self, checklist: str = "") -> list[str]:
        with self._lock:
            return [c for c, r in self._records.items() if checklist in ("", r.checklist)]

    def get(self, case_id: str) -> Record:
        with self._lock:
            found = self._records.get(case_id)
        if found is None:
            raise UsageError("U304.no_case", case=case_id)
        return found

    def put(self, record: Record, after: int | None) -> None:
        with self._lock:
            now = self._records.get(record.case_id)
            if after is None and now is not None:
                raise UsageError("U302.case_exists", case=record.case_id)
            if after is not None and now is not None and now.revision != after:
                raise Moved(now)
            self._records[record.case_id] = record

    def drop(self, case_id: str) -> None:
        with self._lock:
            self._records.pop(case_id, None)
