"""A trained card as a folder: model.json, results.json, card.md and pictures. Each file appears whole, and never over another by accident."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from screening.errors import UsageError
from screening.evaluate.report import Evaluation
from screening.exchange.output import OutputFile
from screening.scorecard.model import CardModel

__all__ = ["model_json", "results_json", "write_folder"]


def model_json(model: CardModel) -> bytes:
    """model.json as it is written and read."""
    return (json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def results_json(evaluations: Sequence[Evaluation]) -> bytes:
    """results.json: everything that was measured; what is not known is null."""
    content = _rounded({"about": "invented cases; nothing here was measured in the field", "worlds": [e.to_dict() for e in evaluations]})
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode()


def _rounded(value: Any) -> Any:
    """Five digits after the point say more than the intervals do."""
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(v) for v in value]
    return round(value, 5) if isinstance(value, float) else value


def write_folder(folder: Path, files: Mapping[str, bytes], *, overwrite: bool = False) -> None:
    """Write files into a folder, which is made if it is not there.

    Raises
    ------
    UsageError : U302 a file exists and `overwrite` is false (looked at before any is written), U303 it cannot be written
    """
    for name in files:
        if not overwrite and (folder / name).exists():
            raise UsageError("U302", "this file exists already", place=str(folder / name), remedy="either choose another folder or say --overwrite")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("U303", f"the folder cannot be made ({error.strerror})", place=str(folder), remedy="choose another place") from None
    for name, content in files.items():
        with OutputFile(folder / name, overwrite=overwrite) as file:
            file.write(content)
