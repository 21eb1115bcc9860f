"""Body of `serve`: the interview in the browser."""

from __future__ import annotations

from importlib import import_module, util

import typer

from screening.errors import UsageError

__all__ = ["serve"]

NEEDED = ("fastapi", "uvicorn", "multipart", "jinja2")


def serve(
    port: int,
    browser: bool,
    language: str,
    checklist: str,
    weights: str | None,
    model: str | None,
    api: bool,
    trainer: bool = False,
) -> None:
    missing = [name for name in NEEDED if util.find_spec(name) is None]
    if missing:
        raise UsageError("U306.web_packages", missing=missing)

    def ready(address: str, token: str) -> None:
        typer.echo(address)
        if api:
            typer.echo(f"Authorization: Bearer {token}")
        if browser:
            _open(address)

    # The other face is found by name: neither imports the other.
    import_module("screening.web.server").serve(
        port,
        language,
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
