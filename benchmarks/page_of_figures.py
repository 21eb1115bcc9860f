"""A table of figures on a page of the documentation: each run renews the rows it measured, so that
figures may be taken one by one, when the machine is quiet.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["put", "row"]


def row(what: str, *cells: str) -> str:
    """A row, with when it was measured and how many programs were at work on the machine then."""
    when = f"{datetime.now(UTC):%Y-%m-%d}, {os.getloadavg()[0]:.0f} at work"
    return f"| {' | '.join((what, *cells, when))} |"


def put(page: Path, rows: Sequence[str]) -> None:
    """Put rows in place of those with the same first cell; new ones go to the end of the table."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for new in rows:
        first = new.split("|")[1]
        tables = [n for n, line in enumerate(lines) if line.startswith("|")]
        same = [n for n in tables if lines[n].split("|")[1] == first]
        if same:
            lines[same[0]] = new
        else:
            end = next(n for n in tables if n + 1 not in tables)
            lines.insert(end + 1, new)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
