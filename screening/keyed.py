"""Arguments that are told apart by what they say, for functions that remember their results."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

__all__ = ["Keyed"]

T = TypeVar("T")


@dataclass(frozen=True)
class Keyed(Generic[T]):
    """An argument of a function that remembers its results: two are the same where their keys are.

    The key must hold all that the result depends on.
    """

    value: T = field(compare=False, repr=False)
    key: Hashable
