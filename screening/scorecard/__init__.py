"""Short cards of whole points: learning one (`ScorecardClassifier` and `AnswerEncoder`, which need
the `ml` extra) and using one (`model`, which needs nothing).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["AnswerEncoder", "ScorecardClassifier"]

if TYPE_CHECKING:
    from screening.scorecard.classifier import ScorecardClassifier
    from screening.scorecard.encoder import AnswerEncoder

_HOMES = {"ScorecardClassifier": "classifier", "AnswerEncoder": "encoder"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:  # on first use: a shipped card must not wait for scikit-learn, or need it
        from screening.errors import UsageError

        try:
            return getattr(import_module(f"screening.scorecard.{_HOMES[name]}"), name)
        except ModuleNotFoundError as error:
            raise UsageError("U306.training_packages", error=error.name) from None
    raise AttributeError(f"module 'screening.scorecard' has no attribute {name!r}")
