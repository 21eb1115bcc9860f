"""Between a fitted estimator and a card as it is shipped, both ways. Needs the `ml` extra."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from screening.answers import Profile
from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.errors import ModelError, UsageError
from screening.scorecard.card_json import check_items
from screening.scorecard.classifier import CardItem, ScorecardClassifier, _path_frame
from screening.scorecard.model import FORMAT, STATEMENT_OF_LABELS, CardModel
from screening.scorecard.probability import Calibration
from screening.scoring import ENGINE

__all__ = ["card_of", "estimator_of"]

Lines = Mapping[Profile, tuple[int, int]]


def card_of(
    estimator: ScorecardClassifier,
    checklist: Checklist,
    *,
    id: str,
    title: str,
    labels: str,
    lines: Lines | None = None,
    least_known: float = 1 / 3,
) -> CardModel:
    """See `CardModel.from_estimator`."""
    if not getattr(estimator, "items_", None):
        raise ModelError("M403.estimator_empty", place=id)
    table, most = estimator.calibration_, estimator.points_max_
    if lines is None:
        some = min(max(1, estimator.line_), most)
        half = int(np.searchsorted(np.array(table.value), 0.5))
        lines = dict.fromkeys(CASE_PROFILES, (some, min(max(half, some), most)))
    rows = zip(table.value, table.low, table.high, strict=True)
    chances = [{"value": v, "low": low, "high": high} for v, low, high in rows]
    weight = np.array(table.rows)
    items = [
        {"indicator": i.feature, "yes": i.points, "open": i.open_points} for i in estimator.items_
    ]
    names = {item.column: item.feature for item in estimator.items_}
    caps = [
        {"indicators": [names[c] for c in sorted(columns) if c in names], "most": cap}
        for columns, cap in estimator._caps_
    ]
    model = CardModel.model_validate(
        {
            "format": FORMAT,
            "id": id,
            "title": title,
            "checklist": {
                "id": checklist.id,
                "version": checklist.version,
                "sha256": checklist.sha256,
            },
            "statement": STATEMENT_OF_LABELS,
            "items": dict.fromkeys(CASE_PROFILES, items),
            "caps": [cap for cap in caps if cap["indicators"]],
            "lines": {
                p: {"some_signs": some, "many_signs": many} for p, (some, many) in lines.items()
            },
            "least_known": least_known,
            "probability": dict.fromkeys(CASE_PROFILES, chances),
            "training": {
                "worlds": [],
                "labels": labels,
                "prevalence": float((np.array(table.value) * weight).sum() / weight.sum()),
                "settings": _settings(estimator),
                "engine": ENGINE,
            },
        }
    )
    check_items(model, checklist, id)
    return model


def _settings(estimator: ScorecardClassifier) -> dict[str, Any]:
    """The parameters a card depends on, as far as JSON can hold them; the rest by their looks."""
    settings = {}
    for name, value in estimator.get_params().items():
        if name in ("n_jobs", "verbose"):
            continue
        try:
            settings[name] = json.loads(json.dumps(value))
        except (TypeError, ValueError):
            settings[name] = repr(value)
    return settings


def estimator_of(model: CardModel, profile: Profile) -> ScorecardClassifier:
    """See `CardModel.to_estimator`."""
    if profile not in CASE_PROFILES:
        raise UsageError("U305.no_such_profile", given=str(profile))
    known = ScorecardClassifier().get_params()
    settings = {k: v for k, v in model.training.settings.items() if k in known}
    estimator = ScorecardClassifier(**settings)
    items = model.items[profile]
    names = [item.indicator for item in items]
    estimator.items_ = [
        CardItem(item.indicator, n, item.yes, item.open) for n, item in enumerate(items)
    ]
    estimator._caps_ = tuple(
        (frozenset(names.index(i) for i in cap.indicators if i in names), cap.most)
        for cap in model.caps
    )
    if model.probability is not None:
        chances = model.probability[profile]
        estimator.calibration_ = Calibration(
            "as shipped",
            tuple(c.value for c in chances),
            tuple(c.low for c in chances),
            tuple(c.high for c in chances),
            (0.0,) * len(chances),
        )
    estimator.points_max_ = model.most(profile)
    estimator.line_ = model.lines[profile].some_signs
    estimator.classes_ = np.array([False, True])
    estimator.pos_label_ = True
    estimator.n_features_in_ = len(names)
    estimator.feature_names_in_ = np.array(names, dtype=object)
    estimator.path_, estimator.pool_ = _path_frame([]), []
    return estimator
