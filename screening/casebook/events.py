"""What can happen to a case: every kind of event, with what is recorded of it.

An event says what somebody did or found on a day. Nothing is ever taken out of a casebook: what was
wrong is corrected by a later event. Names of children have no place in any of them.

What is counted (codes, numbers, days) is an event's `data`; what somebody wrote (notes, reasons,
places) its `words`, which nobody can read any more once a case is erased. The fields of a kind are
both together: those typed `Text` are words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from screening.answers import BASES, OLDEST, Answer
from screening.casebook.event import Act, Event
from screening.checklist.schema import Finding
from screening.errors import ScreeningError, UsageError, brief, nearest
from screening.interview.record import LONGEST, check_case_number

__all__ = ["CLOSING", "COMPANY", "KINDS", "LOOKS", "RELATIONS", "RESULTS", "make", "payload"]


class _Words:
    """The mark of a field that holds what somebody wrote."""


def _day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("no day")
    return text


def _whole(text: str) -> str:
    text.encode()  # half a character could not be written out again
    return text


def _answer(text: str) -> str:
    return str(Answer(text))


def _basis(text: str) -> str:
    if text and text not in BASES:
        raise ValueError("no basis")
    return text


Day = Annotated[str, AfterValidator(_day)]
Text = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(_whole), _Words()]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
    AfterValidator(_whole),
]
Coded = Annotated[
    str, StringConstraints(max_length=200, strip_whitespace=True), AfterValidator(_whole)
]
Notes = Annotated[dict[Name, Text], _Words()]  # by indicator
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Relation = Literal["sibling", "same_adult", "same_place", "possible_duplicate"]
Result = Literal["actual", "possible", "not_confirmed"]
Company = Literal["", "alone", "family", "says_family", "others"]
Closing = Literal[
    "help_in_place",
    "taken_over",
    "moved_away",
    "safe_return",
    "same_person",
    "own_wish",
    "died",
    "other",
]
RELATIONS: tuple[Relation, ...] = ("sibling", "same_adult", "same_place", "possible_duplicate")
COMPANY: tuple[Company, ...] = ("alone", "family", "says_family", "others")
RESULTS: tuple[Result, ...] = ("actual", "possible", "not_confirmed")
CLOSING: tuple[Closing, ...] = (
    "help_in_place",
    "taken_over",
    "moved_away",
    "safe_return",
    "same_person",
    "own_wish",
    "died",
    "other",
)


class Data(BaseModel):
    """What an event of one kind records: these fields and no others.

    needed : words without which it is not recorded; of an erased case they are gone
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    needed: ClassVar[tuple[str, ...]] = ()


class Aged(Data):
    age: Annotated[int, Field(ge=0, le=OLDEST)] | None = None
    age_certain: bool = True


class Opened(Aged):
    """A case is begun. `statistics` holds coded fields that a law asks to be counted."""

    language: str = ""
    setting: str = ""
    statistics: dict[Name, Name] = {}
    source: str = ""


class Met(Data):
    """Somebody met the person: where, in whose company, through which channel. The company is a
    code, as an interview has it, because it is counted.
    """

    encounter: Name
    place: Text = ""
    company: Company = ""
    channel: str = ""


class Given(Data):
    answer: Annotated[str, AfterValidator(_answer)]
    basis: Annotated[str, AfterValidator(_basis)] = ""


class Answered(Data):
    encounter: str = ""
    answers: Annotated[dict[Name, Given], Field(min_length=1)]
    notes: Notes = {}


class Due(Data):
    """A step that goes with a finding (`need` is empty) or with a need: who takes it, in how many
    hours.
    """

    id: Name
    who: Name
    hours: Count
    need: str = ""


class Screened(Data):
    """A frozen result: what was found on that day, by which list and weights.

    The whole assessment is made again from the answers of that day; the receipt shows that it is
    the same.
    """

    finding: Finding
    finding_high: Finding
    finding_high_without_danger: Finding
    profile: Literal["adult", "child"]
    points: Count
    points_high: Count
    answered: Count
    relevant: Count
    danger: bool
    receipt: Name
    checklist: Name
    version: Name
    sha256: Name
    weights: Name
    weights_sha256: Name
    engine: Name
    reasons: list[Name] = []
    forms: list[Name] = []
    needs: list[Name] = []
    question: str = ""
    steps: list[Due] = []


class Judged(Data):
    """What a person thinks, before the finding was shown (`own`) or after (`decision`)."""

    finding: Finding
    why: Text = ""
    stage: Literal["own", "decision"] = "own"


class StepDone(Data):
    step: Name
    note: Text = ""


class StepPostponed(Data):
    step: Name
    until: Day
    needed = ("why",)
    why: Text = ""


class Assigned(Data):
    to: Name
    why: Text = ""


class HandedOver(Assigned):
    """Offered with all other cases of somebody who is away."""

    until: Day | None = None


class Accepted(Data):
    pass


class FollowUp(Data):
    on: Day
    what: Text = ""


class Noted(Data):
    needed = ("text",)
    text: Text = ""


class Linked(Data):
    other: Name
    relation: Relation
    why: Text = ""


class LinkReviewed(Linked):
    """A person looked at both: the link holds, or it does not. Cases are never merged."""

    holds: bool


class SiblingRose(Data):
    """The finding of a brother or sister rose."""

    other: Name
    finding: Finding


class Referral(Data):
    referral: Name


class ReferralDrafted(Referral):
    to: Name
    why: Text = ""


class ReferralSent(Referral):
    reply_by: Day


class ReferralAnswered(Referral):
    reference: Text = ""
    text: Text = ""


class ReferralEnded(Referral):
    needed = ("why",)
    why: Text = ""


class Identified(Data):
    """Formal identification: an act of an authority, never the finding."""

    who: Name
    authority: Name
    result: Result
    form: Coded = ""
    reason: Text = ""
    verified: Literal["referral", "sample", "other"] = "referral"


class AssistanceStarted(Data):
    what: Name
    by_whom: Text = ""


class AssistanceEnded(Data):
    what: Name
    why: Text = ""


class Sheltered(Data):
    where: Name
    until: Day | None = None


class Repatriated(Data):
    country: Name
    agreed: bool
    text: Text = ""


class ClosureProposed(Data):
    """`despite` says why it may be closed although there is danger or a step is not done."""

    reason: Closing
    text: Text = ""
    despite: Text = ""


class Reopened(Data):
    needed = ("why",)
    why: Text = ""


class Corrected(Data):
    """What had been recorded wrongly: age, answers, or coded fields, as they are to be read now.
    Both stay in the history.
    """

    needed = ("why",)
    why: Text = ""
    age: Aged | None = None
    answers: dict[Name, Given] = {}
    statistics: dict[Name, Name] = {}


class Told(Data):
    """An act of practice that closes its step: who, and what came of it."""

    who: Text = ""
    text: Text = ""


class Conference(Data):
    present: list[Name] = []
    decided: Text = ""


class Consent(Data):
    to: Name
    given_by: Text = ""
    text: Text = ""


class ReflectionPeriod(Data):
    until: Day


class Viewed(Data):
    what: Name


class Exported(Data):
    """Something was written out: what, and the ending of the file's name."""

    what: Name
    kind: str = ""
    receipt: str = ""


class FilterSaved(Data):
    """A list that somebody saved under a name: about the casebook, not a case."""

    name: Name
    filter: dict[Name, Text]


class ColumnsMatched(Data):
    """What the columns of somebody's table are: about the casebook, not a case."""

    name: Name
    columns: dict[Name, Name]


KINDS: Mapping[str, type[Data]] = {
    "opened": Opened,
    "met": Met,
    "answered": Answered,
    "screened": Screened,
    "judged": Judged,
    "step_done": StepDone,
    "step_postponed": StepPostponed,
    "assigned": Assigned,
    "accepted": Accepted,
    "handed_over": HandedOver,
    "follow_up_set": FollowUp,
    "noted": Noted,
    "linked": Linked,
    "link_reviewed": LinkReviewed,
    "sibling_rose": SiblingRose,
    "referral_drafted": ReferralDrafted,
    "referral_sent": ReferralSent,
    "referral_accepted": ReferralAnswered,
    "referral_declined": ReferralEnded,
    "referral_done": ReferralAnswered,
    "referral_revoked": ReferralEnded,
    "identified": Identified,
    "assistance_started": AssistanceStarted,
    "assistance_ended": AssistanceEnded,
    "sheltered": Sheltered,
    "repatriated": Repatriated,
    "closure_proposed": ClosureProposed,
    "closure_confirmed": Accepted,
    "reopened": Reopened,
    "corrected": Corrected,
    "guardian_appointed": Told,
    "best_interests_assessed": Told,
    "safety_plan_made": Told,
    "conference_held": Conference,
    "consent_given": Consent,
    "consent_withdrawn": Consent,
    "reflection_period_started": ReflectionPeriod,
    "viewed": Viewed,
    "exported": Exported,
    "columns_matched": ColumnsMatched,
    "filter_saved": FilterSaved,
}
LOOKS = frozenset({"viewed", "exported"})  # they change nothing of the case


def payload(event: Event) -> Any:
    """What an event records, typed as its kind is; `U340` where the kind or a field is not known,
    or a value cannot be read for sure.
    """
    kind = _kind(event.kind)
    try:
        return kind.model_validate({**event.data, **event.words})
    except ValidationError as error:
        faults = [_fault(event.kind, kind, fault) for fault in error.errors()]
        raise ScreeningError.together(faults) from None


def _kind(name: str) -> type[Data]:
    kind = KINDS.get(name)
    if kind is None:
        raise UsageError("U340.kind", kind=name, near=nearest(name, KINDS))
    return kind


def _fault(name: str, kind: type[Data], fault: Any) -> UsageError:
    field = ".".join(brief(str(step)) for step in fault["loc"])
    if fault["type"] == "missing":
        return UsageError("U340.field_missing", kind=name, field=field)
    if fault["type"] == "extra_forbidden":
        near = nearest(field, kind.model_fields)
        return UsageError("U340.field_unknown", kind=name, field=field, near=near)
    return UsageError("U340.field_value", kind=name, field=field)


def make(act: Act, kind: str, case: str, on: date | None = None, /, **fields: Any) -> Event:
    """An event, checked; what somebody wrote goes to its words.

    on : the day it happened; that of the act unless another is given
    """
    fields = {name: value for name, value in fields.items() if value not in ("", None, {}, [])}
    wordy = {n for n, f in _kind(kind).model_fields.items() if any(map(_is_words, f.metadata))}
    words = {name: value for name, value in fields.items() if name in wordy}
    data = {name: value for name, value in fields.items() if name not in wordy}
    event = act.event(case, kind, data, words, on)
    if case:
        check_case_number(case)
    if event.happened_on > act.at.date() + timedelta(
        days=1
    ):  # clocks of the place run ahead of UTC
        raise UsageError("U340.future", day=event.happened_on.isoformat())
    payload(event)
    for name in KINDS[kind].needed:
        if not str(words.get(name, "")).strip():
            raise UsageError("U340.field_missing", kind=kind, field=name)
    return event


def _is_words(mark: object) -> bool:
    return isinstance(mark, _Words)
