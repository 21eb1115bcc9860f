"""`serve`: the interview in the browser."""

from __future__ import annotations

from importlib import import_module, util
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.options import SOURCE, Card, Lang, List_, Weights
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
) -> None:
    """Run the interview in the browser, on this machine only.

    Prints an address that works once. Needs screening[web].

    Example: screening serve --lang sq
    """
    missing = [name for name in NEEDED if util.find_spec(name) is None]
    if missing:
        raise UsageError("U306.web_packages", missing=missing)

    def ready(address: str, token: str) -> None:
        typer.echo(address)
        if api:
            typer.echo(f"Authorization: Bearer {token}")
        if not no_browser:
            _open(address)

    # The other face is found by name: neither imports the other.
    import_module("screening.web.server").serve(
        port,
        lang,
        checklist,
        weights,
        model,
        ready,
        lambda line: typer.echo(line, err=True),
        trainer,
    )


def _open(address: str) -> None:
    """In a thread: some browsers do not return until they are closed."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
