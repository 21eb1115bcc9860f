"""The work list: who first, why, what is due, what to ask next.

Rows in = rows out; nobody is dropped or closed.

Order: finding (`act_now` first; too little known stands before nothing indicated, for it is owed a
question), then the most urgent need that is present, then children, then how far the finding could
still rise, then who has waited longest, then the file's order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING

from screening.answers import Case, Profile
from screening.checklist.schema import FINDINGS, Finding
from screening.scoring.assessment import Assessment, NextStep
from screening.scoring.engine import RANK
from screening.scoring.wording import needs_present

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ORDER", "NeedDue", "WorkItem", "WorkList", "work_list"]

ORDER: tuple[Finding, ...] = (
    "act_now",
    "refer",
    "look_further",
    "too_little_known",
    "nothing_indicated",
)


@dataclass(frozen=True, slots=True)
class NeedDue:
    """A need that is present: who sees to it and by when.

    `role` acts within so many `hours` (0: at once) of the meeting; `due` is that date (None: no day
    of meeting to count from), `overdue` whether it has passed.
    """

    id: str
    name: str
    role: str
    hours: int
    due: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of the work list.

    `days` since the person was met (None when no date is recorded). `step` is the first of the next
    steps in danger, else the first that has a time limit; `due` is its date (None: no day of
    meeting to count from), `overdue` whether that date has passed. `needs` are owed whatever the
    finding, each with its own who and when, the most urgent first. `reasons` are the weightiest
    signs first, `question` the most telling open question (none in danger).
    """

    case_id: str
    finding: Finding
    finding_high: Finding
    finding_high_without_danger: Finding
    profile: Profile
    age: int | None
    days: int | None
    reasons: tuple[str, ...]
    step: str
    role: str
    hours: int
    due: date | None
    overdue: bool
    needs: tuple[NeedDue, ...]
    question_mode: str
    question: str
    points: int
    answered: int
    relevant: int


class WorkList(list[WorkItem]):
    """The work list: one entry per case, the most urgent first."""

    def to_frame(self) -> pd.DataFrame:
        """As a pandas frame in this order, indexed by `case_id`, a column for each field of
        `WorkItem`; findings are ordered categories, lowest first; `needs` are lists of ids, and
        `needs_frame` has who and when.
        """
        import pandas as pd

        names = [f.name for f in fields(WorkItem)]
        frame = pd.DataFrame(
            {name: [getattr(item, name) for item in self] for name in names}, columns=names
        )
        findings = pd.CategoricalDtype(list(FINDINGS), ordered=True)
        kinds = {name: findings for name in names if name.startswith("finding")}
        whole = dict.fromkeys(("age", "days"), "Int32")
        frame["due"] = pd.array(frame["due"], dtype="datetime64[s]")
        frame["needs"] = [tuple(need.id for need in item.needs) for item in self]
        return frame.astype({**kinds, **whole, "case_id": "str"}).set_index("case_id")

    def needs_frame(self) -> pd.DataFrame:
        """What is owed as a pandas frame, indexed by `case_id`: a row for each present need of each
        case in this order, a column for each field of `NeedDue`.
        """
        import pandas as pd

        rows = [(item.case_id, *astuple(need)) for item in self for need in item.needs]
        names = [f.name for f in fields(NeedDue)]
        frame = pd.DataFrame(rows, columns=["case_id", *names])
        frame["due"] = pd.array(frame["due"], dtype="datetime64[s]")
        kinds = {"case_id": "str", "hours": "int64", "overdue": "bool"}
        return frame.astype(kinds).set_index("case_id")


def work_list(
    scored: Iterable[tuple[Case, Assessment]], today: date, role: str | None = None
) -> WorkList:
    """Sort scored cases into a work list, as of a day.

    role : whose list it is: the step shown is the first that this role takes, where there is one
    """
    rows = []
    for case, a in scored:
        item = _item(case, a, today, role)
        high = (
            a.danger.finding_high_without
        )  # danger is open on nearly every case and would level all ranges
        rows.append(
            (
                ORDER.index(a.finding),
                min((need.hours for need in item.needs), default=math.inf),
                a.profile != "child",
                -RANK[high],
                item.days is None,
                -(item.days or 0),
                item,
            )
        )
    rows.sort(key=lambda row: row[:-1])  # keeps the file's order among equals
    return WorkList(row[-1] for row in rows)


def _item(case: Case, a: Assessment, today: date, role: str | None) -> WorkItem:
    days = (today - case.met_on).days if case.met_on else None
    first = _step(a, role)
    due, overdue = _due(case, first.hours, today)
    signs = sorted(
        (c for c in a.contributions if c.kind in ("sign", "danger")),
        key=lambda c: (c.indicator not in a.red_flags, -c.points),
    )
    question = (
        a.open_questions[0] if a.open_questions and a.finding != "act_now" else None
    )  # in danger, help comes before questions
    return WorkItem(
        case_id=a.case_id,
        finding=a.finding,
        finding_high=a.finding_high,
        finding_high_without_danger=a.danger.finding_high_without,
        profile=a.profile,
        age=case.age,
        days=days,
        reasons=tuple(c.statement for c in signs),
        step=first.text,
        role=first.role,
        hours=first.hours,
        due=due,
        overdue=overdue,
        needs=tuple(
            NeedDue(n.id, n.name, n.role, n.hours, *_due(case, n.hours, today))
            for n in needs_present(a)
        ),
        question_mode=question.mode if question else "",
        question=question.prompt if question else "",
        points=a.points,
        answered=a.answered,
        relevant=a.relevant,
    )


def _due(case: Case, hours: int, today: date) -> tuple[date | None, bool]:
    """The day by which something is due, counted from the meeting, and whether it has passed."""
    due = case.met_on + timedelta(hours=hours) if case.met_on else None
    return due, due is not None and due < today


def _step(a: Assessment, role: str | None) -> NextStep:
    """What the work list shows of the next steps: the role's own, where it has one."""
    own = [s for s in a.next_steps if s.role == role]
    if own:
        return own[0]
    dated = [s for s in a.next_steps if s.hours]
    return dated[0] if dated and a.finding != "act_now" else a.next_steps[0]
