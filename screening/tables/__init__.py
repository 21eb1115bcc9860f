"""Cases in, results out: tables, JSON, work lists, cards. Parts are loaded on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "read_blocks": "cases",
    "read_cases": "cases",
    "score_file": "pipeline",
    "Job": "pipeline",
    "write_results": "results",
}
__all__ = ["Job", "read_blocks", "read_cases", "score_file", "write_results"]

if TYPE_CHECKING:
    from screening.tables.cases import read_blocks, read_cases
    from screening.tables.pipeline import Job, score_file
    from screening.tables.results import write_results


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"screening.tables.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'screening.tables' has no attribute {name!r}")
