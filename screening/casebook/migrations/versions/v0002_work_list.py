"""Copies from which a page of the work list is read at once; they are made when it is opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    whole = (
        "closed",
        "danger",
        "rank",
        "adult",
        "high",
        "met_last",
        "changed_on",
        "last",
        "others",
    )
    texts = ("code", "owner", "offered_to", "last_by", "reasons", "needs")
    op.create_table(
        "folded",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("form", sa.Integer, nullable=False),
    )
    op.execute("INSERT INTO folded VALUES (1, 0, 0)")
    op.create_table(
        "lines",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in whole),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
    )
    op.create_table(
        "nexts",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("who", sa.Text, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("day", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seen",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "written",
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("nexts_of_a_line", "nexts", ["line"])
    op.create_index("seen_of_a_line", "seen", ["line"])
    op.create_index("lines_by_code", "lines", ["code"])
    op.create_index("erased_cases", "cases", ["erased"], sqlite_where=sa.text("erased IS NOT NULL"))
