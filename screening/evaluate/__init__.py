"""Measured quality: who is found and who is missed, on invented cases, always with n and interval.

`screening.evaluate` is this package and the function in it: once any module of it is imported, Python binds the package to that
name. So the package can be called like `report.evaluate`, and `from screening import evaluate` is the same whatever came first.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

_HOMES = {
    "evaluate": "report", "subgroups": "report", "Evaluation": "report", "CardScreen": "screens", "standard": "screens", "learned": "screens",
    "Recipe": "train", "Trained": "train",
}
__all__ = ["CardScreen", "Evaluation", "Recipe", "Trained", "evaluate", "learned", "standard", "subgroups"]

if TYPE_CHECKING:
    from screening.evaluate.report import Evaluation, evaluate, subgroups
    from screening.evaluate.screens import CardScreen, learned, standard
    from screening.evaluate.train import Recipe, Trained


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"screening.evaluate.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'screening.evaluate' has no attribute {name!r}")


class _Callable(ModuleType):
    """A package that is a function, too."""

    def __call__(self, *screens_and_cases: Any, **options: Any) -> Evaluation:
        from screening.evaluate.report import evaluate as put

        return put(*screens_and_cases, **options)


sys.modules[__name__].__class__ = _Callable
