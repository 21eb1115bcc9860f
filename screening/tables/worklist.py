"""The work list as JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from screening.files.spreadsheet_safe import csv_text
from screening.scoring.triage import WorkItem

__all__ = ["work_list_csv", "work_list_json"]


def _plain(item: WorkItem) -> dict[str, Any]:
    data = asdict(item)
    data["due"] = item.due.isoformat() if item.due else None
    return data


def work_list_json(items: Sequence[WorkItem]) -> str:
    """An array in work-list order."""
    return json.dumps([_plain(i) for i in items], ensure_ascii=False, indent=1) + "\n"


def work_list_csv(items: Sequence[WorkItem]) -> str:
    """One row an item, reasons joined by `; `, cells made inert for spreadsheets."""
    fields = list(WorkItem.__slots__)
    rows = [{**_plain(item), "reasons": "; ".join(item.reasons)} for item in items]
    return csv_text([fields, *([row[f] for f in fields] for row in rows)])
