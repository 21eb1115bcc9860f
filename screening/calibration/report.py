"""Results of calibration as JSON, five digits after the point: more than any interval here can
tell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from screening.calibration.agreement import Agreement
from screening.calibration.impact import Moved, Sensitivity, Together, WorldImpact
from screening.checklist.model import WeightSet
from screening.checklist.schema import FINDINGS
from screening.files.jsondata import plain

__all__ = ["agreement_json", "impact_json"]

_DIGITS = 5


def agreement_json(result: Agreement) -> bytes:
    return _bytes(plain(result, _DIGITS))


def impact_json(
    before: WeightSet,
    after: WeightSet,
    changes: Sequence[str],
    vignettes: Sequence[Moved],
    worlds: Sequence[WorldImpact],
    past: list[list[int | None]] | None,
    moves: Sequence[Sensitivity],
    all_at_once: Together | None = None,
) -> bytes:
    """Everything an impact run found. `changes` are what differs between the sets, rules too, in
    words. Past cases are counts, the small ones null."""
    data = {
        "before": {"id": before.id, "sha256": before.sha256},
        "after": {"id": after.id, "sha256": after.sha256, "standing": str(after.standing)},
        "changes": list(changes),
        "findings": FINDINGS,
        "vignettes": [
            {
                "id": m.vignette.id,
                "before": m.before,
                "after": m.after,
                "key": m.key,
                "held_out": m.vignette.held_out == "yes",
                "guarded": m.guarded,
            }
            for m in vignettes
        ],
        "worlds": plain(worlds, _DIGITS),
        "sensitivity": plain(moves, _DIGITS),
        "all_together": plain(all_at_once, _DIGITS),
    }
    return _bytes(data | ({"past_cases": past} if past is not None else {}))


def _bytes(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
