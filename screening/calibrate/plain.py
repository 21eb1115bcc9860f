"""Results of calibration as plain JSON; what is not known is null."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from screening.calibrate.agreement import Agreement
from screening.calibrate.impact import Moved, Sensitivity, Together, WorldImpact
from screening.checklist.model import WeightSet
from screening.checklist.schema import FINDINGS

__all__ = ["agreement_json", "impact_json", "plain"]


def plain(value: Any) -> Any:
    """Records as mappings, arrays as lists, five digits after the point: more than any interval here can tell."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if not f.name.startswith("_")}
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return round(float(value), 5) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


def agreement_json(result: Agreement) -> bytes:
    return _bytes(plain(result))


def impact_json(
    before: WeightSet, after: WeightSet, vignettes: Sequence[Moved], worlds: Sequence[WorldImpact], past: list[list[int | None]] | None, moves: Sequence[Sensitivity],
    all_at_once: Together | None = None,
) -> bytes:
    """Everything an impact run found. Past cases are counts, the small ones null."""
    data = {
        "before": {"id": before.id, "sha256": before.sha256}, "after": {"id": after.id, "sha256": after.sha256, "standing": str(after.standing)}, "findings": FINDINGS,
        "vignettes": [{"id": m.vignette.id, "before": m.before, "after": m.after, "key": m.key, "held_out": m.vignette.held_out == "yes", "guarded": m.guarded}
                      for m in vignettes],
        "worlds": plain(list(worlds)), "sensitivity": plain(list(moves)), "all_together": plain(all_at_once),
    }
    return _bytes(data | ({"past_cases": past} if past is not None else {}))


def _bytes(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
