"""A case as it is now: what its events add up to (see `fold`), and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, cast

from screening.answers import OPEN_ANSWERS, Answer, Case, Profile, Response, profile_of
from screening.casebook.steps import (
    Step,
)
from screening.checklist.schema import Finding

__all__ = [
    "Assistance",
    "CaseState",
    "Closure",
    "Consent",
    "Encounter",
    "Given",
    "Identification",
    "Judged",
    "Link",
    "Note",
    "Offer",
    "Referral",
    "Screening",
    "counts",
    "from_plain",
    "to_plain",
]


@dataclass(frozen=True, slots=True)
class Encounter:
    """One meeting: when, by whom, where, in whose company, through which channel."""

    id: str
    on: date
    by: str
    place: str = ""
    company: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given at a meeting (or afterwards: no encounter)."""

    answer: str
    on: date
    by: str
    basis: str = ""
    note: str = ""
    encounter: str = ""
    corrects: bool = False

    @property
    def known(self) -> bool:
        return Answer(self.answer) not in OPEN_ANSWERS


def counts(history: Sequence[Given]) -> Given:
    """Which of the answers to one sign counts: the last one.

    Where nobody knew or would say again what was known at an earlier meeting, that is not unsaid:
    the earlier answer counts until somebody corrects it.
    """
    last = history[-1]
    for earlier in reversed(history):
        if last.known or last.corrects:
            break
        if earlier.encounter != last.encounter and earlier.known:
            return earlier
    return last


@dataclass(frozen=True, slots=True)
class Screening:
    """A frozen result. It never changes; other weights make another one."""

    on: date
    finding: Finding
    finding_high: Finding
    finding_high_without_danger: Finding
    profile: Profile
    points: int
    points_high: int
    answered: int
    relevant: int
    danger: bool
    receipt: str
    checklist: str
    version: str
    sha256: str
    weights: str
    weights_sha256: str
    engine: str
    reasons: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    question: str = ""
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person thinks: `own` before a finding was shown, `decision` after."""

    on: date
    by: str
    finding: Finding
    why: str
    stage: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The case is offered to somebody, and stays with whoever has it until that person accepts."""

    to: str
    by: str
    on: date
    why: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Another case that this one may belong with. `holds`: None until a person looked at both."""

    other: str
    relation: str
    on: date
    by: str
    why: str = ""
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """A letter to an office and its answer: drafted, sent, accepted, declined, done, revoked."""

    id: str
    to: str
    state: str
    on: date
    reply_by: date | None = None
    reference: str = ""
    text: str = ""
    history: tuple[tuple[date, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down."""

    on: date
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Identification:
    """Formal identification by an authority: a recorded act, never the finding."""

    on: date
    who: str
    authority: str
    result: str
    form: str = ""
    reason: str = ""
    verified: str = "referral"


@dataclass(frozen=True, slots=True)
class Assistance:
    """Help that was given: from when to when. A shelter is `shelter:<where>`, a return
    `return:<country>`.
    """

    what: str
    started: date
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to, with whom it may be shared; or that this was taken back."""

    on: date
    to: str
    given: bool
    given_by: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """Closing, proposed and confirmed by two people for a child."""

    on: date
    by: str
    reason: str
    text: str = ""
    despite: str = ""
    confirmed_on: date | None = None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class CaseState:
    """One person's case as it is now.

    encounters : meetings, by their day
    answers : by indicator, every answer ever given, by the day of its meeting (see `counts`)
    screenings : every result, oldest first; none ever changes
    steps : everything to do, done or not
    changed : by person, the number of the last event by which they changed the case
    seen : by person, the number of the last event when they looked at it
    events : how many events it is folded from; number : the last one's
    """

    case: str
    opened_on: date | None = None
    age: int | None = None
    age_certain: bool = True
    language: str = ""
    setting: str = ""
    source: str = ""
    statistics: Mapping[str, str] = field(default_factory=dict)
    encounters: tuple[Encounter, ...] = ()
    answers: Mapping[str, tuple[Given, ...]] = field(default_factory=dict)
    screenings: tuple[Screening, ...] = ()
    judgements: tuple[Judged, ...] = ()
    steps: tuple[Step, ...] = ()
    owner: str = ""
    offer: Offer | None = None
    links: tuple[Link, ...] = ()
    referrals: tuple[Referral, ...] = ()
    notes: tuple[Note, ...] = ()
    identifications: tuple[Identification, ...] = ()
    assistance: tuple[Assistance, ...] = ()
    consents: tuple[Consent, ...] = ()
    closures: tuple[Closure, ...] = ()
    closed: bool = False
    reflection_until: date | None = None
    corrections: tuple[Note, ...] = ()
    changed: Mapping[str, int] = field(default_factory=dict)
    changed_on: date | None = None
    seen: Mapping[str, int] = field(default_factory=dict)
    is_screened: bool = True  # nothing was found out since the last result
    events: int = 0
    number: int = 0

    @property
    def now(self) -> Screening | None:
        """The last result."""
        return self.screenings[-1] if self.screenings else None

    @property
    def profile(self) -> Profile:
        return profile_of(Case(self.case, self.age, self.age_certain))[0]

    @property
    def met_first(self) -> date | None:
        return self.encounters[0].on if self.encounters else None

    @property
    def met_last(self) -> date | None:
        return self.encounters[-1].on if self.encounters else None

    @property
    def raised_on(self) -> date | None:
        """The day on which the finding last rose to what it is; None where nobody screened yet."""
        return next((s.on for s in reversed(self.screenings) if s.raised), None)

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """What is still to do, the earliest day first."""
        return tuple(sorted((s for s in self.steps if s.open), key=lambda s: (s.day, s.hours)))

    @property
    def siblings(self) -> tuple[str, ...]:
        """Brothers and sisters, but for links that somebody looked at and that do not hold."""
        return tuple(
            x.other for x in self.links if x.relation == "sibling" and x.holds is not False
        )

    @property
    def closing(self) -> Closure | None:
        """A proposal to close that waits for somebody else."""
        last = self.closures[-1] if self.closures else None
        return last if last and last.confirmed_on is None and not self.closed else None

    def current(self) -> Case:
        """The case to be scored: of each sign the latest answer."""
        return Case(
            self.case,
            self.age,
            self.age_certain,
            {
                i: Response(Answer(g.answer), g.basis, g.note)
                for i, g in ((i, counts(h)) for i, h in self.answers.items())
            },
            self.setting,
            self.language,
            self.met_last,
            self.statistics,
        )

    def changed_for(self, person: str) -> bool:
        """Whether somebody else changed the case since this person last looked at it."""
        looked = self.seen.get(person, 0)
        return any(n > looked for other, n in self.changed.items() if other != person)


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(CaseState)


def to_plain(state: CaseState) -> dict[str, Any]:
    """The case as data for JSON, for a snapshot."""
    return cast("dict[str, Any]", _adapter().dump_python(state, mode="json"))


def from_plain(data: Mapping[str, Any]) -> CaseState:
    """The case from `to_plain`'s data."""
    return cast("CaseState", _adapter().validate_python(dict(data)))
