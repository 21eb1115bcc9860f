"""The encrypted database of a casebook: how it is opened, and what its faults mean.

SQLCipher in WAL mode with `synchronous=FULL`: what was committed has been written through to the
disk. Temporary tables stay in memory, what is deleted is overwritten, and SQLCipher's own log,
which would go to the terminal, is off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from screening.errors import UsageError

__all__ = ["DATABASE", "PATIENCE", "connect", "engine_of", "faults"]

DATABASE = "casebook.db"
PATIENCE = 10.0  # seconds that one program waits for another to finish writing

# SQLite's primary result codes
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26


def connect(path: Path, key: bytes, mode: str = "rw", synchronous: str = "FULL") -> Any:
    """A connection to an encrypted file, with Python's own transactions off.

    mode : SQLite's: `ro`, `rw`, `rwc`, or `immutable` for a disk that nobody can write to
    """
    import sqlcipher3.dbapi2 as sqlcipher

    options = "immutable=1" if mode == "immutable" else f"mode={mode}"
    connection = sqlcipher.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in (
            "cipher_log_level = NONE",
            f"key = \"x'{key.hex()}'\"",
            "temp_store = MEMORY",
            "secure_delete = ON",
            f"synchronous = {synchronous}",
            "fullfsync = ON",  # macOS: through the disk's own cache too
            "checkpoint_fullfsync = ON",
            *(("journal_mode = WAL",) if mode in ("rw", "rwc") else ()),
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def engine_of(path: Path, key: bytes, mode: str = "rw", synchronous: str = "FULL") -> Engine:
    """The database for SQLAlchemy. A transaction that writes takes its turn at once."""
    import sqlcipher3.dbapi2 as sqlcipher

    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, key, mode, synchronous),
        poolclass=QueuePool,
        hide_parameters=True,  # no words of a case in a traceback
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """What goes wrong in the database, in words: `U303`, `U321`, `U323`."""
    import sqlcipher3.dbapi2 as sqlcipher

    try:
        yield
    except DBAPIError as error:
        raise _told(error.orig, path) from None
    except sqlcipher.Error as error:
        raise _told(error, path) from None


def _told(error: Any, path: Path) -> Exception:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    name = {
        _BUSY: "U323.busy",
        _LOCKED: "U323.busy",
        _READONLY: "U303.read_only",
        _IOERR: "U303.cannot",
        _FULL: "U303.full",
        _CANTOPEN: "U303.cannot",
        _CORRUPT: "U321.pages_damaged",
        _NOTADB: "U321.pages_damaged",
    }.get(code)
    return UsageError(name, place=str(path)) if name else error
