"""The work list over days: whose turn it is, because of what, by when.

A list is made of summaries, a line of plain values for each case, so that it needs no case unfolded
that is not looked at. A case stands in the first section that fits:

    danger      somebody is in danger, or the finding is act now
    overdue     a step of mine is open after its day
    today       ... is due today
    week        ... is due within seven days
    changed     somebody else changed the case since I last looked at it
    waiting     everything else; nobody is dropped

Within a section: the finding (as in every work list), then the day, then children, then how far the
finding could still rise, then who was not met for longest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from screening.answers import Profile
from screening.casebook.search import written
from screening.casebook.state import CaseState
from screening.checklist.schema import FINDINGS, Finding
from screening.scoring.triage import ORDER

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NEVER",
    "SECTIONS",
    "WEEK",
    "CaseLine",
    "CaseList",
    "Summary",
    "View",
    "case_list",
    "rank",
    "summarised",
]

Section = Literal["danger", "overdue", "today", "week", "changed", "waiting"]
SECTIONS: tuple[Section, ...] = ("danger", "overdue", "today", "week", "changed", "waiting")
Whose = Literal["mine", "unassigned", "team"]
WEEK = 7
NEVER = 10_000_000  # a day after all days
_NOT_SCREENED: Finding = "too_little_known"


class NextOf(NamedTuple):
    """The first open step of a role, or of one person: `day` counts from the year 1."""

    who: str
    person: str
    day: int
    id: str
    key: str
    about: str
    hours: int


class Summary(NamedTuple):
    """What the work list needs of a case, as plain values; days count from the year 1.

    words : number, places and notes, without capitals, to be searched
    """

    case: str
    profile: Profile
    age: int | None
    finding: int  # place in FINDINGS
    high: int  # danger aside
    danger: bool
    points: int
    answered: int
    relevant: int
    reasons: Sequence[str]
    question: str
    owner: str
    offered_to: str
    closed: bool
    closing: str
    met_first: int | None
    met_last: int | None
    raised_on: int | None
    siblings: Sequence[str]
    steps: Sequence[NextOf]
    changed: Mapping[str, int]
    changed_on: int
    seen: Mapping[str, int]
    needs: Sequence[str]
    words: str


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def summarised(state: CaseState) -> Summary:
    """The summary of a case."""
    now = state.now
    first: dict[tuple[str, str], NextOf] = {}
    for s in state.open_steps:
        first.setdefault(
            (s.who, s.person),
            NextOf(s.who, s.person, s.day.toordinal(), s.id, s.key, s.about, s.hours),
        )
    return Summary(
        state.case,
        state.profile,
        state.age,
        FINDINGS.index(now.finding if now else _NOT_SCREENED),
        FINDINGS.index(now.finding_high_without_danger if now else _NOT_SCREENED),
        bool(now and (now.danger or now.finding == "act_now")),
        now.points if now else 0,
        now.answered if now else 0,
        now.relevant if now else 0,
        now.reasons[:3] if now else (),
        now.question if now else "",
        state.owner,
        state.offer.to if state.offer else "",
        state.closed,
        state.closing.by if state.closing else "",
        _ordinal(state.met_first),
        _ordinal(state.met_last),
        _ordinal(state.raised_on),
        state.siblings,
        tuple(first.values()),
        dict(state.changed),
        _ordinal(state.changed_on) or 0,
        dict(state.seen),
        now.needs if now else (),
        "\n".join(written(state)).casefold(),
    )


@dataclass(frozen=True, slots=True)
class View:
    """Whose list it is, of which day, and what is asked of it.

    me : the account; "" for nobody in particular, who has no changes and no steps of their own
    role : whose steps count as mine; "" for everybody's
    whose : cases that I have or was offered, that nobody has, or of the whole team
    due : only cases that have a step of mine due by this day
    changed_since : only cases that were changed on this day or later
    sign : only cases whose reasons name this indicator; with_closed : closed cases too
    finding, need : only cases with this finding, with this need
    words : only cases whose number, places or notes hold these words, as they are
    """

    on: date
    me: str = ""
    role: str = ""
    whose: Whose = "team"
    due: date | None = None
    changed_since: date | None = None
    sign: str = ""
    with_closed: bool = False
    finding: Finding | Literal[""] = ""
    need: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of the work list, in codes; whoever shows it puts them into words.

    finding_high : how far the finding could rise, danger aside
    reasons : the weightiest signs, by id; question : the most telling open one
    step, step_key, role, due, overdue : my next step and its day; nothing where I have none
    next_step, next_role, next_due : the next step of all, whoever takes it
    about : the sibling, referral or link that my step is about
    days : since the person was last met
    changed : somebody else changed it since I last looked
    closing : who proposed to close it
    """

    case: str
    section: Section
    profile: Profile
    age: int | None
    finding: Finding
    finding_high: Finding
    danger: bool
    points: int
    answered: int
    relevant: int
    reasons: tuple[str, ...]
    step: str
    step_key: str
    role: str
    hours: int | None
    due: date | None
    overdue: bool
    about: str
    next_step: str
    next_role: str
    next_due: date | None
    question: str
    days: int | None
    met_first: date | None
    met_last: date | None
    raised_on: date | None
    siblings: tuple[str, ...]
    owner: str
    offered_to: str
    changed: bool
    closing: str


class CaseList(Sequence[CaseLine]):
    """The work list: its first lines in order, as many as were asked for.

    counts : how many cases stand in each section, shown or not; total : in all of them
    """

    def __init__(
        self, summaries: Iterable[Summary], view: View, counts: dict[Section, int]
    ) -> None:
        self.view, self.counts, self.total = view, counts, sum(counts.values())
        rows = (_row(s, view) for s in summaries)
        self._rows = [row for row in rows if row is not None]

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> CaseLine: ...
    @overload
    def __getitem__(self, at: slice) -> list[CaseLine]: ...
    def __getitem__(self, at: int | slice) -> CaseLine | list[CaseLine]:
        if isinstance(at, slice):
            return [self._line(row) for row in self._rows[at]]
        return self._line(self._rows[at])

    def _line(self, row: tuple[Any, ...]) -> CaseLine:
        section, *_, changed, mine, s = row
        today = self.view.on.toordinal()
        first = min((NextOf._make(n) for n in s.steps), key=lambda n: n.day, default=None)
        return CaseLine(
            s.case,
            SECTIONS[section],
            s.profile,
            s.age,
            FINDINGS[s.finding],
            FINDINGS[s.high],
            s.danger,
            s.points,
            s.answered,
            s.relevant,
            tuple(s.reasons),
            mine.id if mine else "",
            mine.key if mine else "",
            mine.who if mine else "",
            mine.hours if mine else None,
            _day(mine.day) if mine else None,
            mine is not None and mine.day < today,
            mine.about if mine else "",
            first.id if first else "",
            first.who if first else "",
            _day(first.day) if first else None,
            s.question,
            today - s.met_last if s.met_last else None,
            _day(s.met_first),
            _day(s.met_last),
            _day(s.raised_on),
            tuple(s.siblings),
            s.owner,
            s.offered_to,
            changed,
            s.closing,
        )

    def to_frame(self) -> pd.DataFrame:
        """As a pandas frame in this order, indexed by `case`, a column for each other field of
        `CaseLine`; findings and sections are ordered categories, days are dates.
        """
        import pandas as pd

        names = [f.name for f in fields(CaseLine)]
        lines = list(self)
        frame = pd.DataFrame({n: [getattr(line, n) for line in lines] for n in names})
        findings = pd.CategoricalDtype(list(FINDINGS), ordered=True)
        sections = pd.CategoricalDtype(list(SECTIONS), ordered=True)
        kinds = {"finding": findings, "finding_high": findings, "section": sections}
        whole = dict.fromkeys(("age", "days", "hours"), "Int32")
        for name in ("due", "next_due", "met_first", "met_last", "raised_on"):
            frame[name] = pd.array(frame[name], dtype="datetime64[s]")
        return frame.astype({**kinds, **whole, "case": "str"}).set_index("case")


def _day(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def case_list(summaries: Iterable[Summary], view: View, most: int | None = None) -> CaseList:
    """The work list of a view: one line for each case that it is about."""
    rows = [row for s in summaries if (row := _row(s, view)) is not None]
    rows.sort(key=_place)
    numbers = [row[0] for row in rows]
    counts = {s: numbers.count(n) for n, s in enumerate(SECTIONS)}
    return CaseList((row[-1] for row in rows[:most]), view, counts)


_RANKS = {f: ORDER.index(f) for f in FINDINGS}


def rank(finding: int | Finding) -> int:
    """The place of a finding, or of its place in `FINDINGS`, in the order of a work list."""
    return _RANKS[FINDINGS[finding] if isinstance(finding, int) else finding]


def _place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[:-3]


def _row(s: Summary, view: View) -> tuple[Any, ...] | None:
    if not _is_in(s, view):
        return None
    me, role, today = view.me, view.role, view.on.toordinal()
    mine: NextOf | None = None
    for n in s.steps:
        who, person, day, *_ = n
        if (person == me if person else not role or who == role) and (
            mine is None or day < mine[2]
        ):
            mine = n if isinstance(n, NextOf) else NextOf._make(n)
    day = mine.day if mine else NEVER
    if view.due is not None and day > view.due.toordinal():
        return None
    changed = _changed(s, me)
    section = (
        0
        if s.danger
        else 1
        if day < today
        else 2
        if day == today
        else 3
        if day <= today + WEEK
        else 4
        if changed
        else 5
    )
    return (
        section,
        rank(s.finding),
        day,
        s.profile != "child",
        -s.high,
        s.met_last or 0,
        s.case,
        changed,
        mine,
        s,
    )


def _is_in(s: Summary, view: View) -> bool:
    """Whether a view is about this case."""
    if s.closed and not view.with_closed:
        return False
    if view.whose == "unassigned":
        own = not s.owner
    elif view.whose == "mine":
        own = view.me in (s.owner, s.offered_to) or any(n[1] == view.me for n in s.steps)
    else:
        own = True
    since = view.changed_since
    return (
        own
        and (since is None or s.changed_on >= since.toordinal())
        and (not view.sign or view.sign in s.reasons)
        and (not view.need or view.need in s.needs)
        and (not view.finding or view.finding == FINDINGS[s.finding])
        and view.words.casefold().strip() in s.words
    )


def _changed(s: Summary, me: str) -> bool:
    if not me:
        return False
    looked = s.seen.get(me, 0)
    return any(n > looked and who != me for who, n in s.changed.items())
