"""A progress bar on stderr, drawn only for a person and only when the work lasts."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

__all__ = ["progress"]

PATIENCE = 2.0  # seconds before a bar appears

Tick = Callable[[int, int | None], None]


@contextmanager
def progress(what: str) -> Iterator[Tick]:
    """Yields `tick(done, total)`; total None when it is not known.

    Nothing is drawn within the first two seconds.
    """
    started = time.monotonic()
    bar = None
    task = None

    def tick(done: int, total: int | None) -> None:
        nonlocal bar, task
        if bar is None and sys.stderr.isatty() and time.monotonic() - started > PATIENCE:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=Console(file=_raw(), force_terminal=True),
                transient=True,
            )
            bar.start()
            task = bar.add_task(what, total=total)
        if bar is not None and task is not None:
            bar.update(task, completed=done, total=total)

    try:
        yield tick
    finally:
        if bar is not None:
            bar.stop()


def _raw() -> TextIO:
    """Standard error as it is: a bar moves the cursor, which no text may."""
    return io.TextIOWrapper(
        io.FileIO(os.dup(sys.stderr.fileno()), "w"), encoding=sys.stderr.encoding, errors="replace"
    )
