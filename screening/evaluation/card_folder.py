"""A trained card as a folder: model.json, results.json, card.md and pictures.

Each file appears whole, and never over another by accident.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from screening.errors import UsageError
from screening.evaluation.page import Curves
from screening.evaluation.report import Evaluation
from screening.files.atomic import OutputFile
from screening.files.jsondata import plain

__all__ = ["check_folder", "results_json", "write_folder"]

_DIGITS = 5  # after the point: they say more than the intervals do


def results_json(evaluations: Sequence[Evaluation], curves: Curves | None = None) -> bytes:
    """results.json: everything that was measured; what is not known is null."""
    more = (
        {}
        if curves is None
        else {
            "ceilings": [
                {
                    "name": c.name,
                    "forced-begging child, recall at specificity 0.75": {
                        w: plain(v) for w, v in c.by_world.items()
                    },
                }
                for c in curves.ceilings
            ],
            "weights": [
                {
                    "weight": t.weight,
                    "auc": plain(t.auc),
                    "recall at specificity 0.75": {
                        "all": plain(t.recall),
                        **{g: plain(v) for g, v in t.by_group.items()},
                    },
                    "forced-begging child by world": {w: plain(v) for w, v in t.by_world.items()},
                }
                for t in curves.tradeoffs
            ],
        }
    )
    content = plain(
        {
            "about": "invented cases; nothing here was measured in the field",
            "worlds": [e.to_dict() for e in evaluations],
            **more,
        },
        _DIGITS,
    )
    return (
        json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
    ).encode()


def check_folder(folder: Path, names: Iterable[str], *, overwrite: bool = False) -> None:
    """Whether these files could be written, looked at before any work is done.

    Raises
    ------
    UsageError : U302 a file exists and `overwrite` is false, U303 no folder can be made there, or
        nothing be written into it
    """
    for name in names:
        if not overwrite and (folder / name).exists():
            raise UsageError("U302.card_exists", place=str(folder / name))
    above = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not above.is_dir():
        raise UsageError("U303.parent_is_file", place=str(folder), above=above)
    if not os.access(above, os.W_OK):
        raise UsageError("U303.parent_read_only", place=str(folder), above=above)


def write_folder(folder: Path, files: Mapping[str, bytes], *, overwrite: bool = False) -> None:
    """Write files into a folder, which is made if it is not there.

    Raises
    ------
    UsageError : U302 a file exists and `overwrite` is false (looked at before any is written), U303
        it cannot be written
    """
    check_folder(folder, files, overwrite=overwrite)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "U303.folder_not_created", place=str(folder), reason=error.strerror
        ) from None
    for name, content in files.items():
        with OutputFile(folder / name, overwrite=overwrite) as file:
            file.write(content)
