"""The tables of a casebook, and the steps by which they came to be as they are."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

__all__ = ["REVISIONS", "cases", "events", "head", "identities", "metadata", "snapshots"]

REVISIONS = ("0001",)  # every format there ever was, oldest first

metadata = MetaData()

# Append-only: triggers refuse what changes or deletes a row.
events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("case_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("happened_on", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("words", LargeBinary),  # under the case's key
    Column("hash", LargeBinary, nullable=False),
)

# The last event once more, on a page of its own: a page that is put back does not match it.
head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("code", Text, primary_key=True),
    Column("first", Integer, nullable=False),  # number of the first event
    Column("key", LargeBinary),  # wrapped; none before it is needed, and none after erasure
    Column("erased", Integer),  # number of the event
)

identities = Table(
    "identities",
    metadata,
    Column("code", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # under the case's key
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("code", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
)
