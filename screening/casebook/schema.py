"""The tables of a casebook, and the steps by which they came to be as they are."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

__all__ = [
    "REVISIONS",
    "cases",
    "events",
    "folded",
    "head",
    "identities",
    "lines",
    "metadata",
    "nexts",
    "seen",
    "snapshots",
    "written",
]

REVISIONS = ("0001", "0002")  # every format there ever was, oldest first

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

# -- copies: what the events add up to. They may be thrown away and made anew at any time ----------

# Up to which event all copies are true, and the form of the fold that made them.
folded = Table(
    "folded",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("form", Integer, nullable=False),
)

# What the work list needs of every case to put it in its place; `id` is its first event's number.
lines = Table(
    "lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("closed", Integer, nullable=False),
    Column("danger", Integer, nullable=False),
    Column("rank", Integer, nullable=False),  # of the finding, in the order of a work list
    Column("adult", Integer, nullable=False),
    Column("high", Integer, nullable=False),
    Column("met_last", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("offered_to", Text, nullable=False),
    Column("changed_on", Integer, nullable=False),
    Column("last_by", Text, nullable=False),  # who changed it last, by which event,
    Column("last", Integer, nullable=False),
    Column("others", Integer, nullable=False),  # and the last one by anybody else
    Column("reasons", Text, nullable=False),
    Column("needs", Text, nullable=False),
)

# The day of the first open step of each role ("*": of all), or of one person.
nexts = Table(
    "nexts",
    metadata,
    Column("person", Text, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("day", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# The last event that each person had seen when looking at a case.
seen = Table(
    "seen",
    metadata,
    Column("person", Text, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What can be searched for: numbers, places and notes.
written = Table(
    "written",
    metadata,
    Column("line", Integer, primary_key=True),
    Column("text", Text, nullable=False),
)
