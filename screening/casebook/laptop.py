"""The casebook on a laptop: a folder with an encrypted database and a small file of wrapped keys.

    casebook.db     SQLCipher: events, cases, identities, snapshots
    casebook.keys   the keys, wrapped under the passphrase and under the recovery key

While it is open there are also `casebook.db-wal` (encrypted) and `casebook.db-shm` (page numbers).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from screening.casebook import copies
from screening.casebook.chain import GENESIS, Head, link
from screening.casebook.database import DATABASE, connect, engine_of, faults
from screening.casebook.event import Act, Event, Json, as_text
from screening.casebook.folder import new_folder
from screening.casebook.keys import KEYS_FILE, Keys, KeysFile, Sealer, generated_recovery_key
from screening.casebook.migrations import found_format, migrate
from screening.casebook.schema import REVISIONS, cases, events, head, identities, snapshots
from screening.casebook.store import Counted, Due, Folded, Overtaken, Snapshot, Verified
from screening.casebook.worklist import CaseList, View
from screening.errors import UsageError

__all__ = ["Casebook", "Listed", "keys_file"]


class Listed(NamedTuple):
    """A case as it is listed: how many events, on which days, and whether it is erased."""

    case: str
    events: int
    first: date
    last: date
    erased: bool


_CHUNK = 2000  # events read at a time
_KEPT = ("keep_until", "held", "released", "erased")  # the kinds that say how long a case is kept


class Casebook:
    """A `Store` in a folder on this machine. Safe for several threads and several programs.

    Open one with `create` or `open`; close it, or use it in a `with` block.
    """

    def __init__(self, folder: Path, keys: Keys, engine: Engine, writable: bool) -> None:
        self.folder, self.writable = folder, writable
        self._keys, self._engine = keys, engine
        self._wrapper = Sealer(keys.cases)

    @classmethod
    def create(cls, path: str | Path, passphrase: str) -> tuple[Self, str]:
        """A new casebook in a folder that is not there yet; and its recovery key, which is shown
        once.

        Raises
        ------
        UsageError : U302 something is there, U303 it cannot be written, U313 a weak passphrase
        """
        folder = Path(path)
        file, keys, recovery = KeysFile.create(passphrase)
        with new_folder(folder) as made:
            file.write(made)
            engine = engine_of(made / DATABASE, keys.database, "rwc")
            try:
                with faults(folder):
                    migrate(engine, "")
                    with engine.begin() as connection:
                        connection.execute(insert(head).values(id=1, number=0, hash=GENESIS))
            finally:
                engine.dispose()
        return cls.with_keys(folder, keys), recovery

    @classmethod
    def open(cls, path: str | Path, secret: str) -> Self:
        """The casebook in a folder, for its passphrase or its recovery key. One of an older format
        is brought to this program's, after a backup.

        Raises
        ------
        UsageError : U320 there is none, U311 the passphrase is wrong, U321 it is damaged, U322 it
            was written by a newer program, U323 another program is writing to it
        """
        folder = Path(path)
        return cls.with_keys(folder, keys_file(folder).unwrap(secret))

    @classmethod
    def with_keys(cls, folder: Path, keys: Keys) -> Self:
        """The casebook in a folder, for keys that were unwrapped; otherwise like `open`."""
        file = folder / DATABASE
        if not file.is_file():
            raise UsageError("U321.pages_damaged", place=str(folder))
        writable = os.access(folder, os.W_OK) and os.access(file, os.W_OK)
        unread = file.with_name(f"{DATABASE}-wal")
        still = not unread.exists() or not unread.stat().st_size
        mode = "rw" if writable else "immutable" if still else "ro"
        book = cls(folder, keys, engine_of(file, keys.database, mode), writable)
        try:
            with faults(folder):
                found = found_format(book._engine)
                if found != REVISIONS[-1]:
                    book._bring_up(found)
        except BaseException as error:
            book.close()
            if isinstance(error, UsageError) and not error.place:
                error.at(str(folder))
            raise
        return book

    def _bring_up(self, found: str) -> None:
        from screening.casebook.backup import write_backup

        if not self.writable:
            raise UsageError("U303.read_only", place=str(self.folder))
        if not found:
            raise UsageError("U321.pages_damaged", place=str(self.folder))
        kept = self.folder / f"before-{REVISIONS[-1]}-{secrets.token_hex(4)}.backup"
        migrate(self._engine, found, lambda: write_backup(self, kept))

    def close(self) -> None:
        """Close it. Nothing is left in the write-ahead log unless another program is at work."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that writes; durable when the block has ended."""
        if not self.writable:
            raise UsageError("U303.read_only", place=str(self.folder))
        with faults(self.folder), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One state of the casebook, however much is written meanwhile."""
        with (
            faults(self.folder),
            self._engine.connect().execution_options(reads=True) as connection,
        ):
            yield connection

    # -- events ------------------------------------------------------------------------------------

    def append(
        self, events: Sequence[Event], after: int | None = None, folded: Folded | None = None
    ) -> list[Event]:
        """Record events in one transaction; see `Store`."""
        if not events:
            return []
        with self._writing() as connection:
            before = _last(connection)
            recorded = self._record(connection, events, after)
            if folded is not None:
                copies.store(connection, folded(recorded))
            if folded is not None or not any(e.case for e in events):
                copies.go_on(connection, before, recorded[-1].number or 0)
            return recorded

    def _record(
        self, connection: Connection, new: Sequence[Event], after: int | None = None
    ) -> list[Event]:
        number, digest = connection.execute(select(head.c.number, head.c.hash)).one()
        if after is not None and (last := _last(connection, new[0].case)) > after:
            raise Overtaken(new[0].case, last)
        known: dict[str, Sealer | None] = {}
        rows, recorded = [], []
        for event in new:
            number += 1
            words = None
            if event.case and (event.case not in known or (event.words and not known[event.case])):
                known[event.case] = self._case(connection, event.case, number, bool(event.words))
            if event.words and (sealer := known[event.case]):
                words = sealer.seal(as_text(event.words).encode(), _words_of(event.case))
            texts = (
                event.case,
                event.kind,
                event.happened_on.isoformat(),
                event.recorded_at.isoformat(),
                event.by,
                as_text(event.data),
            )
            digest = link(self._keys.chain, digest, (number, *texts), words)
            rows.append(dict(zip(_COLUMNS, (number, *texts, words, digest), strict=True)))
            recorded.append(_numbered(event, number))
        connection.execute(insert(_events), rows)
        connection.execute(update(head).values(number=number, hash=digest))
        return recorded

    def _case(
        self, connection: Connection, code: str, number: int, needs_key: bool
    ) -> Sealer | None:
        """The key of a case, which begins with event `number` if it is new, and has a key from when
        there is something to seal. `U325` where it was erased.
        """
        row = connection.execute(
            select(cases.c.key, cases.c.erased).where(cases.c.code == code)
        ).first()
        if row is None:
            connection.execute(insert(cases).values(code=code, first=number))
        elif row.erased is not None:
            raise UsageError("U325.erased", case=code)
        elif row.key is not None:
            return self._opened(code, row.key)
        if not needs_key:
            return None
        key = secrets.token_bytes(32)
        wrapped = self._wrapper.seal(key, f"key of {code}")
        connection.execute(update(cases).where(cases.c.code == code).values(key=wrapped))
        return Sealer(key)

    def _opened(self, code: str, wrapped: bytes) -> Sealer:
        try:
            return Sealer(self._wrapper.open(wrapped, f"key of {code}"))
        except ValueError:
            raise UsageError("U321.pages_damaged", place=str(self.folder)) from None

    def events(
        self,
        case: str | None = None,
        after: int = 0,
        kinds: Sequence[str] = (),
    ) -> Iterator[Event]:
        """Events in their order; see `Store`."""
        query = select(_events).order_by(_events.c.number).limit(_CHUNK)
        if case is not None:
            query = query.where(_events.c.case_code == case)
        if kinds:
            query = query.where(_events.c.kind.in_(kinds))
        sealers: dict[str, Sealer | None] = {}
        while True:
            with self._reading() as connection:
                rows = connection.execute(query.where(_events.c.number > after)).all()
                for code in {r.case_code for r in rows if r.words} - sealers.keys():
                    wrapped = connection.execute(
                        select(cases.c.key).where(cases.c.code == code)
                    ).scalar()
                    sealers[code] = self._opened(code, wrapped) if wrapped else None
            for row in rows:
                sealer = sealers.get(row.case_code) if row.words else None
                yield self._read(row, sealer)
            if len(rows) < _CHUNK:
                return
            after = rows[-1].number

    def counted(self, kinds: Sequence[str], after: int = 0) -> Iterator[Counted]:
        """What is counted of events; see `Store`."""
        query = (
            select(
                _events.c.number,
                _events.c.case_code,
                _events.c.kind,
                _events.c.happened_on,
                _events.c.data,
            )
            .where(_events.c.kind.in_(kinds), _events.c.number > after)
            .order_by(_events.c.number)
        )
        days: dict[str, date] = {}
        with self._reading() as connection:
            for number, case, kind, day, data in connection.execute(query):
                try:
                    on = days.get(day) or days.setdefault(day, date.fromisoformat(day))
                    yield Counted(number, case, kind, on, json.loads(data))
                except ValueError:
                    raise UsageError("U321.event_changed", number=number) from None

    def _read(self, row: Any, sealer: Sealer | None) -> Event:
        try:
            words = json.loads(sealer.open(row.words, _words_of(row.case_code))) if sealer else {}
            return Event(
                row.case_code,
                row.kind,
                date.fromisoformat(row.happened_on),
                datetime.fromisoformat(row.recorded_at),
                row.recorded_by,
                json.loads(row.data),
                words,
                row.number,
            )
        except ValueError:
            raise UsageError("U321.event_changed", number=row.number) from None

    def last(self, case: str | None = None) -> int:
        """The number of the last event; see `Store`."""
        with self._reading() as connection:
            return _last(connection, case)

    def cases(self) -> list[str]:
        """Codes of all cases, in the order in which they were begun."""
        with self._reading() as connection:
            return list(connection.scalars(select(cases.c.code).order_by(cases.c.first)))

    def contents(self) -> list[Listed]:
        """What there is of each case, in the order in which they were begun."""
        day, number = _events.c.happened_on, func.count(_events.c.number)
        query = (
            select(cases.c.code, cases.c.erased, number, func.min(day), func.max(day))
            .join(_events, _events.c.case_code == cases.c.code)
            .group_by(cases.c.code)
            .order_by(cases.c.first)
        )
        with self._reading() as connection:
            return [
                Listed(code, n, date.fromisoformat(first), date.fromisoformat(last), bool(erased))
                for code, erased, n, first, last in connection.execute(query)
            ]

    # -- the chain ---------------------------------------------------------------------------------

    def head(self) -> str:
        """The chain's last event, such as `1042-9f3a66c1d0b2e7819f3a66c1`."""
        with self._reading() as connection:
            return str(Head(*connection.execute(select(head.c.number, head.c.hash)).one()))

    def verify(
        self, head: str | None = None, progress: Callable[[int, int], None] | None = None
    ) -> Verified:
        """Check every page, every event and every key; see `Store`.

        progress : called now and then with the events done, and all
        """
        from screening.casebook.check import verified

        kept = Head.read(head) if head is not None else None
        with faults(self.folder), _placed(self.folder), self._reading() as connection:
            return verified(connection, self._keys.chain, kept, progress)

    # -- identity, and how long a case is kept -----------------------------------------------------

    def identity(self, case: str, act: Act) -> Mapping[str, Json] | None:
        """Who somebody is; see `Store`."""
        with self._writing() as connection:
            sealed = connection.execute(
                select(identities.c.sealed).where(identities.c.code == case)
            ).scalar()
            if sealed is None:
                return None
            (event,) = self._record(connection, [act.event(case, "identity_viewed")])
            sealer = self._case(connection, case, event.number or 0, True)
        try:
            found: Mapping[str, Json] = (
                json.loads(sealer.open(sealed, _identity_of(case))) if sealer else {}
            )
        except ValueError:
            raise UsageError("U321.identity_changed", case=case) from None
        return found

    def set_identity(self, case: str, identity: Mapping[str, Json], act: Act) -> None:
        """Keep who somebody is; see `Store`."""
        with self._writing() as connection:
            number = _last(connection) + 1
            sealer = self._case(connection, case, number, True)
            if sealer is None:
                raise AssertionError("a case that needs a key has none")
            sealed = sealer.seal(as_text(identity).encode(), _identity_of(case))
            event = act.event(case, "identity_set", {"sha256": hashlib.sha256(sealed).hexdigest()})
            self._record(connection, [event])
            connection.execute(delete(identities).where(identities.c.code == case))
            connection.execute(insert(identities).values(code=case, sealed=sealed))

    def erase(self, case: str, act: Act, reason: str = "") -> None:
        """Destroy the case's key; see `Store`."""
        if held := self._held(case):
            raise UsageError("U325.on_hold", case=case, reason=held)
        with self._writing() as connection:
            self._known(connection, case)
            data = {"reason": reason} if reason else {}
            row = connection.execute(
                select(cases.c.key, cases.c.erased).where(cases.c.code == case)
            ).one()
            if row.erased is None:
                (event,) = self._record(connection, [act.event(case, "erased", data)])
                erased = event.number
            else:  # its key was put back
                erased = row.erased
            connection.execute(
                update(cases).where(cases.c.code == case).values(key=None, erased=erased)
            )
            connection.execute(delete(identities).where(identities.c.code == case))
            copies.drop(connection, case)
        self._tidy()

    def _tidy(self) -> None:
        """Nothing of what was deleted stays in the write-ahead log."""
        with suppress(UsageError), faults(self.folder):
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.close()

    def keep_until(self, case: str, until: date, act: Act) -> None:
        """Set the day on which the case is to be erased."""
        with self._writing() as connection:
            self._known(connection, case)
            event = act.event(case, "keep_until", {"until": until.isoformat()})
            self._record(connection, [event])

    def hold(self, case: str, reason: str, act: Act) -> None:
        """Forbid that the case is erased, or lift that; see `Store`."""
        with self._writing() as connection:
            self._known(connection, case)
            words = {"reason": reason} if reason else {}
            kind = "held" if reason else "released"
            self._record(connection, [act.event(case, kind, words=words)])

    def _known(self, connection: Connection, case: str) -> None:
        if connection.execute(select(cases.c.code).where(cases.c.code == case)).first() is None:
            raise UsageError("U304.no_case", place=str(self.folder), case=case)

    def _held(self, case: str) -> str:
        reason = ""
        for event in self.events(case, kinds=_KEPT[1:3]):
            reason = str(event.words.get("reason", "")) if event.kind == "held" else ""
        return reason

    def due(self, on: date) -> list[Due]:
        """Cases whose time of keeping is over; see `Store`."""
        until: dict[str, date] = {}
        held: dict[str, str] = {}
        for event in self.events(kinds=_KEPT):
            match event.kind:
                case "keep_until":
                    until[event.case] = date.fromisoformat(str(event.data["until"]))
                case "held":
                    held[event.case] = str(event.words.get("reason", ""))
                case "released":
                    held.pop(event.case, None)
                case "erased":
                    until.pop(event.case, None)
        over = [Due(code, day, held.get(code, "")) for code, day in until.items() if day <= on]
        return sorted(over, key=lambda d: (d.until, d.case))

    # -- snapshots ---------------------------------------------------------------------------------

    def snapshot(self, case: str) -> Snapshot | None:
        """The case as it was last folded."""
        with self._reading() as connection:
            row = connection.execute(select(snapshots).where(snapshots.c.code == case)).first()
        return Snapshot(row.number, json.loads(row.state)) if row else None

    def keep_snapshots(
        self, snapshots: Mapping[str, Snapshot], upto: tuple[int, int] | None = None
    ) -> None:
        """Keep folded cases; see `Store`."""
        with self._writing() as connection:
            copies.store(connection, snapshots)
            if upto is not None:
                copies.are_true(connection, *upto)

    def folded(self, form: int) -> int:
        """Up to which event all copies are true; see `Store`."""
        with self._reading() as connection:
            return copies.true_upto(connection, form)

    def unlisted(self) -> list[str]:
        """Cases that are missing on the work list; see `Store`."""
        with self._reading() as connection:
            return copies.unlisted(connection)

    def drop_snapshots(self) -> None:
        """Throw all copies away."""
        with self._writing() as connection:
            copies.drop_all(connection)

    def listed(self, view: View, most: int | None = None) -> CaseList:
        """The work list of a view; see `Store`."""
        with self._reading() as connection:
            return copies.page(connection, view, most)

    # -- keys --------------------------------------------------------------------------------------

    def rekey(self, passphrase: str) -> None:
        """Wrap the keys under a new passphrase; the old one opens it no longer. `U313`."""
        keys_file(self.folder).wrap(self._keys, "passphrase", passphrase).write(self.folder)

    def new_recovery_key(self) -> str:
        """Wrap the keys under a new recovery key, and return it; the old one opens it no longer."""
        made = generated_recovery_key()
        keys_file(self.folder).wrap(self._keys, "recovery", made).write(self.folder)
        return made

    def copy_to(self, path: Path) -> None:
        """A copy of the database as it is now, under the same key; writers go on meanwhile."""
        with faults(self.folder):
            raw = self._engine.raw_connection()
            target = connect(path, self._keys.database, "rwc")
            try:
                target.execute("PRAGMA journal_mode = OFF")
                raw.driver_connection.backup(target)  # type: ignore[union-attr]  # open: just taken
            finally:
                target.close()
                raw.close()


_events = events  # a method has this name too
_COLUMNS = [column.name for column in events.columns]


def keys_file(folder: Path) -> KeysFile:
    """The file of keys of a casebook. `U320` where the folder is none, `U321`."""
    if not folder.exists():
        raise UsageError("U320.not_there", place=str(folder))
    if not (folder / KEYS_FILE).exists() and not (folder / DATABASE).exists():
        raise UsageError("U320.not_a_casebook", place=str(folder))
    with _placed(folder):
        return KeysFile.read(folder)


@contextmanager
def _placed(folder: Path) -> Iterator[None]:
    """What goes wrong within is about this casebook."""
    try:
        yield
    except UsageError as error:
        if not error.place:
            error.at(str(folder))
        raise


def _last(connection: Connection, case: str | None = None) -> int:
    if case is None:
        return int(connection.execute(select(head.c.number)).scalar_one())
    query = select(func.max(_events.c.number)).where(_events.c.case_code == case)
    return int(connection.execute(query).scalar() or 0)


def _numbered(event: Event, number: int) -> Event:
    return Event(
        event.case,
        event.kind,
        event.happened_on,
        event.recorded_at,
        event.by,
        event.data,
        event.words,
        number,
    )


def _words_of(case: str) -> str:
    return f"words of {case}"


def _identity_of(case: str) -> str:
    return f"identity of {case}"
