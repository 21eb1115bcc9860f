"""`serve`: the interview in the browser."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module, util
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.casebook import By, PassphraseFile, Store, kept_cases
from screening.cli.options import SOURCE, Card, Lang, List_, StationFile, Weights
from screening.errors import UsageError

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
    cases = kept_cases(store, passphrase_file, by)
    door = _Door()

    def ready(address: str, token: str) -> None:
        typer.echo(address)
        if api:
            typer.echo(f"Authorization: Bearer {token}")
        if not no_browser:
            door.open(address)

    # The other face is found by name: neither imports the other.
    server = import_module("screening.web.server")
    tell = server.Told(ready, door.close, lambda line: typer.echo(line, err=True))
    lists = (checklist, weights, model)
    with cases as kept:
        try:
            server.serve(port, lang, lists, tell, trainer, station, kept)
        finally:
            door.close()


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
        import os
        import tempfile
        import threading
        import webbrowser

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
