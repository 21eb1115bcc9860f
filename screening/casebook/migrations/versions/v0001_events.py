"""The first format: events in a chain, cases with their keys, identities and snapshots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("case_code", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("happened_on", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("words", sa.LargeBinary),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_index("events_of_a_case", "events", ["case_code", "number"])
    op.create_index("events_of_a_kind", "events", ["kind", "number"])
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_no_{what.lower()} BEFORE {what} ON events"
            " BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
        )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("key", sa.LargeBinary),
        sa.Column("erased", sa.Integer),
    )
    op.create_table(
        "identities",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
