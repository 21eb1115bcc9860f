"""Whether a casebook is as it was recorded: its pages, its chain, its identities and keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from screening.casebook.chain import GENESIS, Head, check
from screening.casebook.schema import cases, head, identities
from screening.casebook.store import Verified
from screening.errors import UsageError

__all__ = ["verified"]

_STEP = 20_000  # events between two reports of progress
_ROWS = (
    "SELECT number, case_code, kind, happened_on, recorded_at, recorded_by, data, words, hash"
    " FROM events ORDER BY number"
)


def verified(
    connection: Connection,
    key: bytes,
    kept: tuple[int, str] | None,
    progress: Callable[[int, int], None] | None,
) -> Verified:
    """What was found. `U321` for the first thing that is not as it was recorded.

    key : of the chain
    kept : number and digits of a head that somebody kept elsewhere
    """
    recorded, digest = connection.execute(select(head.c.number, head.c.hash)).one()
    found = _Chain(kept)
    for number, at in check(key, found.read(connection)):
        found.last, found.digest = number, at
        if kept is not None and number == kept[0] and str(Head(number, at)) != found.kept:
            raise UsageError("U321.older_than_head", head=found.kept)
        if progress is not None and number % _STEP == 0:
            progress(number, recorded)
    if found.last != recorded or found.digest != digest:
        raise UsageError("U321.tables_differ", number=found.last, expected=recorded)
    if kept is not None and kept[0] > found.last:
        raise UsageError("U321.older_than_head", head=found.kept)
    _check_cases(connection, found)
    _check_pages(connection)
    count = connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one()
    return Verified(found.last, count, str(Head(found.last, found.digest)))


class _Chain:
    """What the chain says as it is gone through: the kept head, and what the tables must hold."""

    def __init__(self, kept: tuple[int, str] | None) -> None:
        self.kept = f"{kept[0]}-{kept[1]}" if kept else ""
        self.last, self.digest = 0, GENESIS
        self.first: dict[str, int] = {}
        self.erased: dict[str, int] = {}
        self.identities: dict[str, str] = {}

    def read(self, connection: Connection) -> Iterator[Any]:
        """The rows of all events; `U321` with the number of the first that cannot be read."""
        import sqlcipher3.dbapi2 as sqlcipher

        raw = connection.connection.driver_connection
        try:
            for row in raw.execute(_ROWS):  # type: ignore[union-attr]  # open: it belongs to the block
                code, kind = row[1], row[2]
                if code and code not in self.first:
                    self.first[code] = row[0]
                if kind == "identity_set":
                    self.identities[code] = row[6]
                elif kind == "erased":
                    self.erased[code] = row[0]
                    self.identities.pop(code, None)
                yield row
        except sqlcipher.OperationalError:  # busy, a disk that fails: nothing about the events
            raise
        except sqlcipher.Error:
            raise UsageError("U321.event_unreadable", number=self.last + 1) from None


def _check_cases(connection: Connection, chain: _Chain) -> None:
    """That each case begins where the chain says, that erased ones have no key, and that each
    identity is the one that was recorded last.
    """
    first, identity = dict(chain.first), dict(chain.identities)
    for row in connection.execute(select(cases)):
        if first.pop(row.code, None) != row.first or chain.erased.get(row.code) != row.erased:
            if row.code in chain.erased and row.key is not None:
                raise UsageError("U321.key_returned", case=row.code)
            raise UsageError("U321.case_differs", case=row.code)
        if row.erased is not None and row.key is not None:
            raise UsageError("U321.key_returned", case=row.code)
    if first:
        raise UsageError("U321.case_differs", case=next(iter(first)))
    for row in connection.execute(select(identities)):
        data = identity.pop(row.code, None)
        if data is None or json.loads(data)["sha256"] != hashlib.sha256(row.sealed).hexdigest():
            raise UsageError("U321.identity_changed", case=row.code)
    if identity:
        raise UsageError("U321.identity_changed", case=next(iter(identity)))


def _check_pages(connection: Connection) -> None:
    """Every page, those of indexes and of free space too."""
    for pragma in ("cipher_integrity_check", "integrity_check"):
        found = [row[0] for row in connection.exec_driver_sql(f"PRAGMA {pragma}")]
        if found not in ([], ["ok"]):
            raise UsageError("U321.pages_damaged")
