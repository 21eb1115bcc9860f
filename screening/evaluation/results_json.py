"""results.json, beside a trained card: everything that was measured."""

from __future__ import annotations

import json
from collections.abc import Sequence

from screening.evaluation.left_out import LeftOut
from screening.evaluation.report import Evaluation
from screening.files.jsondata import plain

__all__ = ["results_json"]

_DIGITS = 5  # after the point: they say more than the intervals do


def results_json(evaluations: Sequence[Evaluation] = (), families: Sequence[LeftOut] = ()) -> bytes:
    """results.json: everything that was measured; what is not known is null."""
    content = plain(
        {
            "about": "invented cases; nothing here was measured in the field",
            **({"families_left_out": [f.to_dict() for f in families]} if families else {}),
            **({"worlds": [e.to_dict() for e in evaluations]} if evaluations else {}),
        },
        _DIGITS,
    )
    return (
        json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
    ).encode()
