"""A program in a terminal of its own, for tests: what it prints is waited for, keys are typed."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Terminal:
    """What was printed so far, as `text`; `wait` for some of it, `type` keys, `end` gives the exit
    code.
    """

    def __init__(self, keeper: int, process: subprocess.Popen[bytes]) -> None:
        self._keeper, self._process, self._printed = keeper, process, b""

    @property
    def text(self) -> str:
        return self._printed.decode(errors="replace")

    def wait(self, for_: str) -> None:
        while for_.encode() not in self._printed:
            assert select.select([self._keeper], [], [], 60)[0], self.text
            self._printed += os.read(self._keeper, 4096)

    def type(self, keys: str | bytes) -> None:
        os.write(self._keeper, keys if isinstance(keys, bytes) else keys.encode())

    def end(self) -> int:
        return self._process.wait(30)


@contextmanager
def terminal(folder: Path, *arguments: str) -> Iterator[Terminal]:
    """`screening` with these arguments, started in a folder."""
    keeper, own = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "screening", *arguments],
        stdin=own,
        stdout=own,
        stderr=own,
        cwd=folder,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "80"},
        start_new_session=True,
        preexec_fn=_own_terminal,
    )
    os.close(own)
    try:
        yield Terminal(keeper, process)
    finally:
        process.kill()
        os.close(keeper)


def _own_terminal() -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_DFL
    )  # a run in the background hands down that Ctrl-C is ignored
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
