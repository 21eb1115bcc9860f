"""What happened in a case, day by day; and how its finding went, as steps of a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from screening.casebook.state import CaseState, Screening
from screening.checklist.schema import FINDINGS, Finding

__all__ = ["Chart", "Happened", "chart", "timeline"]

_WIDTH, _ROW = 560, 26


class Happened(NamedTuple):
    """Something that happened: `what` is the part of the case that the kind names."""

    on: date
    kind: str
    what: Any


def _turns(state: CaseState) -> list[Screening]:
    """The results at which the finding was another one than before."""
    every = state.screenings
    return [*every[:1], *(b for a, b in pairwise(every) if a.finding != b.finding)]


def timeline(state: CaseState) -> list[Happened]:
    """What happened, the newest first."""
    found = [
        *(Happened(e.on, "met", e) for e in state.encounters),
        *(Happened(s.on, "screened", s) for s in _turns(state)),
        *(Happened(n.on, "note", n) for n in state.notes),
        *(Happened(j.on, "judged", j) for j in state.judgements),
        *(Happened(s.done_on, "done", s) for s in state.steps if s.done_on is not None),
        *(Happened(p.on, "postponed", (s, p)) for s in state.steps for p in s.postponed),
        *(
            Happened(on, "referral", (r, what, why))
            for r in state.referrals
            for on, what, why in r.history
        ),
        *(Happened(i.on, "identified", i) for i in state.identifications),
        *(Happened(a.started, "help", a) for a in state.assistance),
        *(Happened(c.on, "closing", c) for c in state.closures),
    ]
    return sorted(found, key=lambda h: h.on, reverse=True)


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of findings over days: `path` is an SVG path; `rows` the height of each finding,
    lowest first; `met` where meetings lie; `first` the day at the left.
    """

    path: str
    width: int
    height: int
    rows: list[tuple[Finding, int]]
    met: list[float]
    first: date


def chart(state: CaseState, on: date) -> Chart | None:
    """The finding up to a day; None where there are not two days to draw."""
    if not state.screenings or state.screenings[0].on >= on:
        return None
    first = state.screenings[0].on
    span, top = (on - first).days, len(FINDINGS) - 1
    rows = [(f, _ROW * (top - n) + _ROW // 2) for n, f in enumerate(FINDINGS)]
    high = dict(rows)

    def x(day: date) -> float:
        return round(_WIDTH * min(max((day - first).days, 0), span) / span, 1)

    path = f"M0 {high[state.screenings[0].finding]}"
    for s in _turns(state)[1:]:
        path += f"H{x(s.on)}V{high[s.finding]}"
    met = [x(e.on) for e in state.encounters if first <= e.on <= on]
    return Chart(f"{path}H{_WIDTH}", _WIDTH, _ROW * (top + 1), rows, met, first)
