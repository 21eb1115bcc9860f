"""Measured quality: who is found and who is missed, on invented cases, always with n and
interval.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "evaluate": "report",
    "subgroups": "report",
    "Evaluation": "report",
    "CardScreen": "screens",
    "standard": "screens",
    "learned": "screens",
    "Recipe": "train",
    "Trained": "train",
}
__all__ = [
    "CardScreen",
    "Evaluation",
    "Recipe",
    "Trained",
    "evaluate",
    "learned",
    "standard",
    "subgroups",
]

if TYPE_CHECKING:
    from screening.evaluation.report import Evaluation, evaluate, subgroups
    from screening.evaluation.screens import CardScreen, learned, standard
    from screening.evaluation.train import Recipe, Trained


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"screening.evaluation.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'screening.evaluation' has no attribute {name!r}")
