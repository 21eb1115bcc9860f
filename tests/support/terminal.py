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
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 120  # seconds for one thing to be printed; only a failure takes as long


class Terminal:
    """What was printed so far, as `text`.

    `wait` for what is to come, `type` keys, `end` gives the exit code.
    """

    def __init__(self, keeper: int, process: subprocess.Popen[bytes]) -> None:
        self._keeper, self._process = keeper, process
        self._printed, self._seen = b"", 0

    @property
    def text(self) -> str:
        return self._printed.decode(errors="replace")

    @property
    def shows_keys(self) -> bool:
        """Whether what is typed appears on the screen."""
        return bool(termios.tcgetattr(self._keeper)[3] & termios.ECHO)

    def wait(self, *texts: str) -> None:
        """Wait until these were printed, one after the other, after all that was waited for before.

        Keys belong after a prompt: wait for it too.
        """
        for text in texts:
            wanted, until = text.encode(), time.monotonic() + PATIENCE
            while (found := self._printed.find(wanted, self._seen)) < 0:
                assert self._read(until), f"{text!r} did not come after:\n{self.text}"
            self._seen = found + len(wanted)

    def type(self, keys: str | bytes) -> None:
        os.write(self._keeper, keys if isinstance(keys, bytes) else keys.encode())

    def end(self) -> int:
        """Take in what is still printed until the program ends."""
        until = time.monotonic() + PATIENCE
        while self._read(until):
            pass
        return self._process.wait(max(1, until - time.monotonic()))

    def _read(self, until: float) -> bool:
        """Take in what is printed next; False when that was all, or nothing comes in time."""
        left = max(0, until - time.monotonic())
        if not select.select([self._keeper], [], [], left)[0]:
            return False
        try:
            new = os.read(self._keeper, 4096)
        except OSError:  # Linux, when the program has closed its side
            return False
        self._printed += new
        return bool(new)


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
        process.wait()
        os.close(keeper)


def _own_terminal() -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_DFL
    )  # a run in the background hands down that Ctrl-C is ignored
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
