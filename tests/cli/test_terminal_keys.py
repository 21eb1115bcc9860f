"""What is typed in a real terminal: Ctrl-C is heard, passphrases are not shown."""

from __future__ import annotations

import _thread
import os
import pty
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.cli.keyboard import read_line
from support.terminal import Terminal, terminal

WORDS = "six words that do not fit"


def test_ctrl_c_is_heard_although_it_interrupts_no_call_of_the_system(monkeypatch):
    """Pressed between Python's last step and the system's read, it leaves nothing but a mark."""
    keeper, own = pty.openpty()
    waited_for, heard, late = threading.Event(), threading.Event(), threading.Event()
    lines = os.fdopen(own, encoding="utf-8")

    class Keyboard:
        isatty = lines.isatty

        def fileno(self) -> int:
            waited_for.set()
            return own

        def readline(self) -> str:
            waited_for.set()
            return lines.readline()

    def stop(*_: object) -> None:
        if not heard.is_set():
            heard.set()
            raise KeyboardInterrupt

    def press() -> None:
        waited_for.wait(60)
        for _ in range(100):
            _thread.interrupt_main()  # leaves the mark, and interrupts no call
            if heard.wait(0.1):
                return
        late.set()
        os.write(keeper, b"a line\n")

    monkeypatch.setattr("sys.stdin", Keyboard())
    turns = sys.getswitchinterval()
    sys.setswitchinterval(60)  # the thread gets its turn when this one waits, and not before
    before = signal.signal(signal.SIGINT, stop)
    pressing = threading.Thread(target=press)
    pressing.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            read_line(">")
    finally:
        pressing.join()
        sys.setswitchinterval(turns)
        signal.signal(signal.SIGINT, before)
        lines.close()
        os.close(keeper)
    assert not late.is_set(), "it was heard with the next line only"


@pytest.fixture
def at_the_passphrase(tmp_path: Path) -> Iterator[Terminal]:
    """An interview that was stopped and is about to be kept."""
    with terminal(tmp_path, "interview") as screen:
        screen.wait("in danger", "\n> ")
        screen.type(b"\x03")
        screen.wait("encrypted file?", "\n> ")
        assert screen.shows_keys
        screen.type("kept\n")
        screen.wait("Passphrase: ")
        yield screen


def test_a_passphrase_is_not_shown_and_afterwards_keys_are(at_the_passphrase, tmp_path):
    screen = at_the_passphrase
    assert not screen.shows_keys
    screen.type(f"{WORDS}\n")
    screen.wait("The same again: ")
    assert not screen.shows_keys
    screen.type(f"{WORDS} x\n")
    screen.wait("not the same", "\n> ")
    assert screen.shows_keys and WORDS not in screen.text
    screen.type("drop\n")
    assert screen.end() == 0 and list(tmp_path.iterdir()) == []


def test_ctrl_c_at_a_passphrase_says_what_is_lost_and_shows_keys_again(at_the_passphrase):
    screen = at_the_passphrase
    screen.type(b"\x03")
    screen.wait("U303")
    assert screen.end() == 2 and screen.shows_keys
