"""What somebody types: a line, a letter, a passphrase that is not shown. Ctrl-C is always heard."""

from __future__ import annotations

import getpass
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from screening.files.dumps import no_looking
from screening.languages import LANGUAGES

__all__ = ["letter_of", "read_line", "secret"]

_LISTEN = 0.2  # seconds between two looks whether Ctrl-C was pressed


def letter_of(line: str, language: str) -> str:
    """What was typed; a key of the language as the English letter of the same meaning."""
    said = line.strip().lower()
    return LANGUAGES[language].letters.get(said, said)


def read_line(prompt: str) -> str:
    """Print a prompt and return the line typed after it, without spaces around it.

    Raises EOFError when the input ends, and KeyboardInterrupt on Ctrl-C.
    """
    return _line(prompt, err=False).strip()


def secret(prompt: str, err: bool = False) -> str:
    """A passphrase exactly as it is typed; where there is a terminal it is not shown.

    err : print the prompt beside the results, not among them

    Raises as `read_line`.
    """
    no_looking()
    if not sys.stdin.isatty():
        return _line(f"{prompt}:", err)
    if sys.platform == "win32":
        return getpass.getpass(f"{prompt}: ")
    with _hidden():
        try:
            return _line(f"{prompt}:", err)
        finally:
            typer.echo(err=err)  # the end of the line was not shown either


def _line(prompt: str, err: bool) -> str:
    typer.echo(f"{prompt} ", nl=False, err=err)
    _wait_for_a_line()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _wait_for_a_line() -> None:
    """Wait until a line was typed in a terminal.

    Python acts on Ctrl-C between two of its own steps. One that is pressed after the last step and
    before the system's read has begun interrupts nothing: it would be heard with the next line
    only. This wait ends several times a second, and each time Python takes a step.
    """
    if sys.platform != "win32" and sys.stdin.isatty():
        while not select.select([sys.stdin], [], [], _LISTEN)[0]:
            pass


@contextmanager
def _hidden() -> Iterator[None]:
    """The terminal shows nothing of what is typed, and drops what was typed before."""
    import termios  # not on Windows

    terminal = sys.stdin.fileno()
    shown = termios.tcgetattr(terminal)
    hidden = shown.copy()
    hidden[3] &= ~termios.ECHO
    try:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, hidden)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, shown)
