"""Results as plain data for JSON: what is not known is null, never a NaN that no reader of JSON has
to know.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

__all__ = ["plain"]


def plain(value: Any, digits: int | None = None) -> Any:
    """Records as mappings, arrays and tuples as lists, numbers as Python's own.

    digits : after the point; None keeps them all
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: plain(getattr(value, f.name), digits)
            for f in fields(value)
            if not f.name.startswith("_")
        }
    if isinstance(value, Mapping):
        return {k: plain(v, digits) for k, v in value.items()}
    if isinstance(value, (str, bool)) or value is None:
        return value
    if hasattr(
        value, "tolist"
    ):  # a number or an array of numpy's, which not every part that says plain things needs
        return plain(value.tolist(), digits)
    if isinstance(value, (list, tuple)):
        return [plain(v, digits) for v in value]
    if isinstance(value, float):
        return (
            None if not math.isfinite(value) else value if digits is None else round(value, digits)
        )
    return value
