"""Bringing a casebook to the format of this program: one step at a time, each whole or not at
all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from screening.casebook.schema import REVISIONS
from screening.errors import UsageError

__all__ = ["found_format", "migrate"]

HERE = Path(__file__).parent


def found_format(engine: Engine) -> str:
    """The format of a casebook, "" for an empty file; `U322` for one of a newer program."""
    with engine.connect().execution_options(reads=True) as connection:
        is_there = connection.execute(
            text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
        ).scalar()
        found = (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if is_there
            else ""
        )
    if found and found not in REVISIONS:
        raise UsageError("U322.newer", found=found)
    return str(found or "")


def migrate(
    engine: Engine,
    found: str,
    before: Callable[[], Any] | None = None,
    steps: Path = HERE,
) -> None:
    """Take every step from a format to that of this program, each in a transaction of its own.

    before : called before the first step, to make a backup
    steps : the folder whose `versions` are the steps
    """
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(steps), version_locations=[str(steps / "versions")])
    todo = [step.revision for step in script.walk_revisions("base", "heads")][::-1]
    todo = todo[todo.index(found) + 1 :] if found else todo
    if todo and before is not None:
        before()
    for revision in todo:
        with engine.begin() as connection:
            context = MigrationContext.configure(
                connection,
                opts={
                    "fn": lambda now, _, to=revision: script._upgrade_revs(to, now),
                    "script": script,
                    "transactional_ddl": True,
                },
            )
            with Operations.context(context):
                context.run_migrations()
