"""The command line. It parses, calls the same functions that `import screening` offers, and prints.

Exit codes: 0 done; 2 the input or the call is at fault (one line on stderr: place, problem, remedy,
code); 1 our own bug (one line, and how to report it without any case content).
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence
from typing import Any

from screening.cli import console
from screening.files.dumps import no_dumps

__all__ = ["main"]

STOPPED = 130  # as shells have it: ended by the person


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `screening` and exit with its code.

    What it sets for a quick start holds for this process alone.
    """
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # else pydantic looks through every installed package for them
    _end_in_order()
    console.install()
    gc.set_threshold(
        50_000
    )  # a start makes many objects and drops few: looking for garbage every 700 of them is wasted
    code = run(sys.argv[1:] if arguments is None else list(arguments))
    if said := console.note():
        _say(f"screening: {said}")
    gc.freeze()  # the process ends: nothing is left to be looked through for garbage
    sys.exit(code)


def _end_in_order() -> None:
    """Asked to end (SIGTERM), or left without a terminal (SIGHUP): as with Ctrl-C, what is half
    done is taken back. And no dump of memory, which may hold cases and keys, is ever written.
    """
    import signal

    def ended(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, ended)
    no_dumps()


def run(arguments: Sequence[str]) -> int:
    """Run `screening` and return its exit code; whatever happens ends in plain words."""
    import typer

    from screening.cli import asked
    from screening.cli.app import build
    from screening.errors import CaseError, ScreeningError

    asked.begin(arguments)

    usage_error: type[Any] = typer.BadParameter.__bases__[
        0
    ]  # click's UsageError, wherever this typer keeps it
    try:
        code = build(arguments[0] if arguments else "").main(
            args=list(arguments), prog_name="screening", standalone_mode=False
        )
        sys.stdout.flush()
        return _stopped() if code == STOPPED else code if isinstance(code, int) else 0
    except ScreeningError as error:
        _tell(error)
        return 2
    except MemoryError:
        _say(f"screening: {CaseError('C205.memory_short')}")
        return 2
    except typer.Exit as ended:
        return ended.exit_code
    except usage_error as error:
        if (
            type(error).__name__ == "NoArgsIsHelpError"
        ):  # a bare `screening` or `screening checklist`: the help says it all
            _say(error.format_message())
            return 2
        hint = error.ctx.command_path if error.ctx else "screening"
        _say(f"screening: {error.format_message().rstrip('.')}; see '{hint} --help' [U305]")
        return 2
    except (typer.Abort, KeyboardInterrupt):
        return _stopped()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _full(error) or _no_tables(error) or _our_bug(error)


def _tell(error: Any) -> None:
    """What is wrong, one line a fault, in the language that the command was given."""
    from screening.cli.asked import asked

    say = asked()
    for fault in (error, *error.others):
        _say(f"screening: {fault.into(say)}")


def _stopped() -> int:
    _say("screening: stopped; nothing was changed")
    return STOPPED


def _say(line: str) -> None:
    print(console.visible(line), file=sys.stderr)


def _full(error: Exception) -> int:
    """2 where standard output could not take what was written, and nothing else was wrong."""
    from screening.errors import UsageError

    if (
        not isinstance(error, OSError)
        or error.filename
        or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO)
    ):
        return 0
    _say(f"screening: {UsageError('U303.full', place='standard output')}")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 2


def _no_tables(error: Exception) -> int:
    """2 where a package is missing that the officer's edition goes without."""
    from screening.errors import UsageError

    name = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if name not in ("numpy", "pandas", "pyarrow", "openpyxl"):
        return 0
    missing = UsageError("U306.tables_packages", error=name)
    _say(f"screening: {missing}")
    return 2


def _our_bug(error: Exception) -> int:
    """One line without case content: the kind of error and where in our code, never the message,
    which may quote input.
    """
    if os.environ.get("SCREENING_TRACEBACK"):
        import traceback

        traceback.print_exc()
    where = "unknown place"
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("screening"):
            where = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    _say(
        f"screening: this is our bug, not yours ({type(error).__name__} at {where}); nothing was"
        " changed. Please report this line to the maintainers; set SCREENING_TRACEBACK=1 to see"
        " more (it may show case content). [B001]"
    )
    return 1
