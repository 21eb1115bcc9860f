"""Two tables of outcomes joined, and rows that stand twice."""

from __future__ import annotations

from collections.abc import Iterator

from screening.errors import CaseError, ScreeningError
from screening.tables.rows import Rows, text_of

__all__ = ["joined", "twice"]


def joined(found: Rows, decided: Rows, faults: list[ScreeningError]) -> Rows:
    """Findings with the decisions about the same cases."""
    by_id = {text_of(cells.get("case_id")): (place, cells) for place, cells in decided.rows}
    known = {text_of(cells.get("case_id")) for _, cells in found.rows}
    for place, cells in decided.rows:
        case_id = text_of(cells.get("case_id"))
        if case_id and case_id not in known:
            faults.append(CaseError("C253.never_screened", place=place, case_id=case_id))
    faults += twice(decided)
    own = ("decision", "decided_by", "decided_on", "verified", "begging", "found_on")
    rows = []
    for place, cells in found.rows:
        where, more = by_id.get(text_of(cells.get("case_id")), (place, {}))
        rows.append((where, cells | {k: v for k, v in more.items() if k in own}))
    columns = dict.fromkeys((*found.columns, *(c for c in decided.columns if c in own)))
    return Rows(found.name, tuple(columns), rows)


def twice(table: Rows) -> Iterator[ScreeningError]:
    first: dict[str, str] = {}
    for place, cells in table.rows:
        case_id = text_of(cells.get("case_id"))
        if case_id in first:
            yield CaseError("C211.case_twice", place=place, case_id=case_id, first=first[case_id])
        elif case_id:
            first[case_id] = place
