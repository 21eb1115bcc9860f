"""Short cards of whole points: learning one (`ScorecardClassifier`, needs the `ml` extra) and using
one (`model`, needs nothing).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["ScorecardClassifier"]

if TYPE_CHECKING:
    from screening.scorecard.classifier import ScorecardClassifier


def __getattr__(name: str) -> Any:
    if (
        name == "ScorecardClassifier"
    ):  # on first use: a shipped card must not wait for scikit-learn, or need it
        from screening.errors import UsageError

        try:
            from screening.scorecard.classifier import ScorecardClassifier
        except ModuleNotFoundError as error:
            raise UsageError("U306.training_packages", error=error.name) from None
        return ScorecardClassifier
    raise AttributeError(f"module 'screening.scorecard' has no attribute {name!r}")
