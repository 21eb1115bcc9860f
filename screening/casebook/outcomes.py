"""What became of the cases of a casebook, as a table for `calibrate outcomes`: what was found, and
when, and what an authority decided. Cases are numbered anew: nothing leads back to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from screening.casebook.state import CaseState, Screening

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["outcome_frame"]

_COLUMNS = (
    "case_id",
    "finding",
    "found_on",
    "profile",
    "decision",
    "decided_by",
    "decided_on",
    "verified",
)


def outcome_frame(states: Iterable[CaseState]) -> pd.DataFrame:
    """A row for each case that was screened, decided or not.

    The finding is the one that stood on the day of the decision, or the last one where nothing was
    decided; the decision is the last one. A case that was screened only after it was decided stands
    with its first finding, which says by its day that it came too late to count.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for state in states:
        if not state.screenings:
            continue
        act = state.identifications[-1] if state.identifications else None
        stood: Screening = state.screenings[-1]
        if act is not None:
            before = [s for s in state.screenings if s.on <= act.on]
            stood = before[-1] if before else state.screenings[0]
        decided = (act.result, act.authority, act.on, act.verified) if act else (None,) * 4
        rows.append((f"{len(rows) + 1}", stood.finding, stood.on, stood.profile, *decided))
    return pd.DataFrame(rows, columns=list(_COLUMNS))
