"""The work list: from a frame of cases, and as JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from screening.answers import Case
from screening.checklist import load_weights
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.model import Checklist, WeightSet
from screening.files.spreadsheet_safe import csv_text
from screening.scoring import Assessment, score
from screening.scoring.triage import WorkItem, WorkList
from screening.scoring.triage import work_list as ordered

Frames = Any  # see `frames`: imported only where one is read

__all__ = ["work_list", "work_list_csv", "work_list_json"]


def work_list(
    cases: Frames | Iterable[tuple[Case, Assessment]],
    on: date,
    role: str | None = None,
    *,
    checklist: Checklist | str | Path = DEFAULT_LIST,
    weights: WeightSet | str | None = None,
    language: str = "en",
) -> WorkList:
    """Who comes first, why, what is due, what to ask next; nobody is dropped.

    Parameters
    ----------
    cases : a frame of cases as `score_frame` takes it, or pairs of a case and its assessment
    on : the day of the list
    role : whose list it is, such as "csw": the step shown is the first that this role takes
    checklist, weights, language : what a frame is scored with, and the language of the words

    Returns
    -------
    WorkList
        A list of `WorkItem`; `to_frame()` gives a pandas frame.

    Raises
    ------
    CaseError : as `cases_from_frame`

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"age": [30, 9], "sent_and_placed": ["no", "yes"]}, index=["B", "A"])
    >>> work_list(frame, date(2026, 11, 27)).to_frame().index.tolist()
    ['A', 'B']
    """
    if not (hasattr(cases, "columns") or hasattr(cases, "__arrow_c_stream__")):
        return ordered(cases, on, role)
    from screening.tables.frames import cases_from_frame, list_of

    listed = list_of(checklist)
    set_ = weights if isinstance(weights, WeightSet) else load_weights(listed, weights)
    given = cases_from_frame(cases, listed, today=on)
    return ordered(((case, score(case, listed, set_, language)) for case in given), on, role)


def _plain(item: WorkItem) -> dict[str, Any]:
    data = asdict(item)
    for row in (data, *data["needs"]):
        row["due"] = row["due"].isoformat() if row["due"] else None
    return data


def work_list_json(items: Sequence[WorkItem]) -> str:
    """An array in work-list order."""
    return json.dumps([_plain(i) for i in items], ensure_ascii=False, indent=1) + "\n"


def work_list_csv(items: Sequence[WorkItem], separator: str | None = None) -> str:
    """One row an item, reasons and needs joined by `; `, cells made inert for spreadsheets.

    A need as its name, who sees to it, and its date or, without one, in how many hours.

    separator : for a spreadsheet program, that of its language; the text begins with a byte-order
        mark then
    """
    fields = list(WorkItem.__slots__)
    rows = [
        {
            **_plain(item),
            "reasons": "; ".join(item.reasons),
            "needs": "; ".join(
                f"{n.name} ({n.role}, {n.due or f'{n.hours} h'})" for n in item.needs
            ),
        }
        for item in items
    ]
    text = csv_text([fields, *([row[f] for f in fields] for row in rows)], separator or ",")
    return "\ufeff" + text if separator else text
