"""`serve`: the interview in the browser."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from importlib import import_module, util
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.casebook import By, PassphraseFile, Store, kept_cases
from screening.cli.options import SOURCE, Card, Lang, List_, StationFile, Weights
from screening.errors import UsageError
from screening.files.atomic import OutputFile
from screening.files.dumps import no_looking

__all__ = ["serve"]

NEEDED = ("fastapi", "uvicorn", "multipart", "jinja2")


def serve(
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="Port on this machine. 0 takes a free one."),
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address without opening a browser.")
    ] = False,
    lang: Lang = SOURCE,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    model: Card = None,
    api: Annotated[
        bool, typer.Option("--api", help="Also print the token that lets programs use /api.")
    ] = False,
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help="If it runs already, open its pages again in place of starting a second one.",
        ),
    ] = False,
    trainer: Annotated[
        bool,
        typer.Option(
            "--trainer",
            help=(
                "Serve the trainer's pages instead of the interview, without any cases. Needs"
                " screening[trainer]."
            ),
        ),
    ] = False,
    station: StationFile = None,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Run the interview in the browser, on this machine only.

    With --store each answer is in the casebook before the page says that it is saved, and cases
    that were begun go on. Prints an address that works once. Needs screening[web].

    Example: screening serve --lang sq
    """
    missing = [name for name in NEEDED if util.find_spec(name) is None]
    if missing:
        raise UsageError("U306.web_packages", missing=missing)

    if trainer and store is not None:
        raise UsageError("U305.trainer_store", place="--store")
    running = _Running("trainer" if trainer else "interview")
    if once and running.opened_again():
        typer.echo("The program is running already. Its pages are opened again.", err=True)
        return
    cases = kept_cases(store, passphrase_file, by)
    door = _Door()

    def ready(address: str, token: str) -> None:
        typer.echo(address)
        if api:
            typer.echo(f"Authorization: Bearer {token}")
        if not no_browser:
            door.open(address)

    no_looking()
    # The other face is found by name: neither imports the other.
    server = import_module("screening.web.server")
    tell = server.Told(
        ready,
        door.close,
        lambda line: typer.echo(line, err=True),
        running.note if once else lambda port, knock: None,
    )
    lists = (checklist, weights, model)
    with cases as kept:
        try:
            server.serve(port, lang, lists, tell, trainer, station, kept)
        finally:
            door.close()
            running.forget()


class _Running:
    """Where the program notes that it runs, so that a second start of it finds the first: a file
    that only its owner can read, with the port and a word that opens the pages in the first one's
    browser. Nothing else can be had for that word.
    """

    def __init__(self, what: str) -> None:
        folder = os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("LOCALAPPDATA")
        self._path = Path(folder or Path.home()) / f".screening-{what}.json"
        self._noted = False

    def opened_again(self) -> bool:
        """Whether a first one runs; it has opened its pages by then."""
        try:
            noted = json.loads(self._path.read_bytes()[:1000])
            asked = HTTPConnection("127.0.0.1", int(noted["port"]), timeout=5)
            host, word = f"127.0.0.1:{asked.port}", f"Bearer {noted['knock']}"
            asked.request("POST", "/again", headers={"Host": host, "Authorization": word})
            return asked.getresponse().status == 200
        except (OSError, ValueError, KeyError, TypeError, HTTPException):
            return False  # none, or one that was killed

    def note(self, port: int, knock: str) -> None:
        """The one that runs is this one."""
        with (
            suppress(UsageError),  # a folder that cannot be written: each start is a new program
            OutputFile(self._path, overwrite=True) as file,
        ):
            file.write(json.dumps({"port": port, "knock": knock}).encode())
            self._noted = True

    def forget(self) -> None:
        """It ends."""
        if self._noted:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)


class _Door:
    """Opens a browser at an address that nobody else may see.

    Everybody on a machine can read what programs are started with; so a browser is given a file
    that only its owner can read, and that is gone once somebody has come in. A browser that is
    packed as a snap reads no hidden or temporary files, hence the home folder where there are any.
    """

    def __init__(self) -> None:
        self._file: Path | None = None

    def open(self, address: str) -> None:
        """In a thread: some browsers do not return until they are closed."""
        import tempfile
        import threading
        import webbrowser

        self.close()
        folder = Path.home() if Path("/snap").is_dir() else Path(tempfile.gettempdir())
        try:
            made, name = tempfile.mkstemp(".html", "screening-", folder)
            with os.fdopen(made, "w", encoding="utf-8") as file:
                file.write(
                    '<!doctype html><meta charset="utf-8"><title></title>'
                    f'<meta http-equiv="refresh" content="0; url={address}">'
                )
        except OSError:  # the address is printed: it can be copied
            return
        self._file = Path(name)
        threading.Thread(target=webbrowser.open, args=(self._file.as_uri(),), daemon=True).start()

    def close(self) -> None:
        """Nobody needs the file any more."""
        if self._file is not None:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)
            self._file = None
