"""What has to be done about a case, by whom and by when.

A step opens with a finding, a need, or something that happened (a referral that waits for its
answer, a sibling whose finding rose). It is due so many hours after the event that opened it. A
clock is never set back: neither a later meeting nor a higher finding moves the day of a step that
is open. A step stays until it is done, or until somebody puts it off and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from screening.checklist.model import Checklist
from screening.checklist.schema import FINDINGS, Finding
from screening.checklist.texts import Texts
from screening.errors import mark
from screening.i18n import Words
from screening.scoring.assessment import Assessment

__all__ = ["CLOSES", "OWN", "Postponed", "Step", "is_a_task", "opened_by", "step_words", "tasks"]

_LOW: frozenset[Finding] = frozenset({"look_further", "nothing_indicated", "too_little_known"})


@dataclass(frozen=True, slots=True)
class Postponed:
    """A step was put off to a day, for a reason."""

    on: date
    by: str
    until: date
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    key : names it within the case; `id` is that of the pathway, `need:<id>` or one of `OWN`
    who : the role that takes it; `person`, where it is one person's own
    opened_on, because : the day and the event that opened it: `finding:refer`, `need:health` ...
    due : by the event that opened it and its hours; `day` is later where it was postponed
    about : another case or a referral that it is about
    """

    key: str
    id: str
    who: str
    hours: int
    opened_on: date
    due: date
    because: str
    person: str = ""
    about: str = ""
    done_on: date | None = None
    done_by: str = ""
    note: str = ""
    postponed: tuple[Postponed, ...] = ()

    @property
    def open(self) -> bool:
        return self.done_on is None

    @property
    def day(self) -> date:
        """The day that counts now."""
        return self.postponed[-1].until if self.postponed else self.due

    def overdue(self, today: date) -> bool:
        """Whether it is open after its day."""
        return self.open and self.day < today


# Steps that no finding opens: who takes them, within how many hours, and in words
OWN: Mapping[str, tuple[str, int, str]] = {
    "safety_plan": ("social_worker", 24, mark("Make a safety plan, and write down what it is")),
    "consent": (
        "social_worker",
        72,
        mark("Ask what the person agrees to, and whom it may be told; a child is heard too"),
    ),
    "consent_withdrawn": (
        "social_worker",
        24,
        mark("Consent was withdrawn: stop what rested on it, and tell those who act on it"),
    ),
    "follow_up": ("social_worker", 0, mark("See the person again")),
    "accept": ("", 24, mark("Accept the case that was offered to you, or say no")),
    "sibling": (
        "social_worker",
        24,
        mark("The finding of a sibling rose: look at this child again"),
    ),
    "link": ("social_worker", 72, mark("Look at both cases: does the link hold?")),
    "reply": ("social_worker", 0, mark("No answer to the referral yet: ask for it")),
    "declined": (
        "social_worker",
        24,
        mark("The referral was declined: refer to another office, or ask why"),
    ),
    "confirm_closing": (
        "",
        168,
        mark("Somebody else proposed to close the case: confirm, or say no"),
    ),
}

# What a kind of event shows as done, by the ids of the pathway and of `OWN`
CLOSES: Mapping[str, tuple[str, ...]] = {
    "met": ("follow_up",),
    "accepted": ("accept",),
    "guardian_appointed": ("guardian",),
    "best_interests_assessed": ("best_interests",),
    "safety_plan_made": ("safety_plan",),
    "conference_held": ("child_roundtable",),
    "consent_given": ("consent", "adult_agreement", "consent_withdrawn"),
    "reflection_period_started": ("reflection_period",),
    "closure_confirmed": ("confirm_closing",),
}
_LASTING = frozenset(CLOSES) - {"met", "accepted", "closure_confirmed"}


def is_a_task(findings: Sequence[Finding], hours: int) -> bool:
    """Whether a step of the pathway is something to do once and tick off.

    What is due at once under low findings too says how to work (with an interpreter, handing
    nothing over), and is never done.
    """
    return hours > 0 or _LOW.isdisjoint(findings)


def tasks(a: Assessment, checklist: Checklist) -> list[dict[str, str | int]]:
    """The steps that go with a result: those of its finding, and of each need that is present the
    need itself and its steps; the data of `screened`.
    """
    pathway = {step.id: step for step in checklist.steps}
    found: list[dict[str, str | int]] = [
        {"id": s.id, "who": s.who, "hours": s.hours}
        for s in a.next_steps
        if s.id in pathway and is_a_task(pathway[s.id].findings, s.hours)
    ]
    for need in a.needs:
        if need.state != "present":
            continue
        found.append(
            {"id": f"need:{need.id}", "who": need.who, "hours": need.hours, "need": need.id}
        )
        found += [
            {"id": s.id, "who": s.who, "hours": s.hours, "need": need.id}
            for s in map(pathway.get, need.steps)
            if s is not None and a.profile in s.profiles and is_a_task(s.findings, s.hours)
        ]
        if need.urgency == "now":
            who, hours, _ = OWN["safety_plan"]
            found.append({"id": "safety_plan", "who": who, "hours": hours, "need": need.id})
    if a.finding in ("act_now", "refer"):
        who, hours, _ = OWN["consent"]
        found.append({"id": "consent", "who": who, "hours": hours})
    return found


def opened_by(
    steps: Sequence[Step],
    told: Iterable[tuple[str, str, int, str]],
    finding: tuple[Finding, bool],
    before: frozenset[str],
    on: date,
) -> tuple[Step, ...]:
    """The steps of a case once it was screened: those that are there stay as they are, and new ones
    are added.

    told : id, role, hours and need ("" for the finding) of each step that goes with the result
    finding : what was found, and whether that is more than before
    before : the needs that were present before

    A step that was done opens again only where it is due at once and what opens it is new: a
    higher finding, or a need that was not there.
    """
    found, rose = list(steps), finding[1]
    for id_, who, hours, need in told:
        same = [s for s in found if s.id == id_]
        new = need not in before if need else rose
        if any(s.open for s in same) or (same and not (new and hours == 0)):
            continue
        because = f"need:{need}" if need else f"finding:{finding[0]}"
        found.append(opened((id_, who, hours), on, because, len(same)))
    return tuple(found)


def opened(
    step: tuple[str, str, int],
    on: date,
    because: str,
    times: int = 0,
    person: str = "",
    about: str = "",
) -> Step:
    """A step (id, role, hours) that an event of a day opens, for the first time or again."""
    id_, who, hours = step
    key = (f"{id_}:{about}" if about else id_) + (f"#{times + 1}" if times else "")
    due = on + timedelta(hours=hours)
    return Step(key, id_, who, hours, on, due, because, person, about)


def own(
    steps: Sequence[Step], id_: str, on: date, because: str, person: str = "", about: str = ""
) -> tuple[Step, ...]:
    """The steps with one of `OWN`, unless the same one is open."""
    who, hours, _ = OWN[id_]
    same = [s for s in steps if s.id == id_ and s.about == about]
    if any(s.open for s in same):
        return tuple(steps)
    return (*steps, opened((id_, who, hours), on, because, len(same), person, about))


def due_on(
    steps: Sequence[Step], id_: str, put_off: Postponed, because: str, about: str = ""
) -> tuple[Step, ...]:
    """The steps with one of `OWN` that is due on a day of its own; one that is open keeps its clock
    and is put off to that day.
    """
    same = [s for s in steps if s.id == id_ and s.about == about]
    if still := next((s for s in same if s.open), None):
        return postponed(steps, still.key, put_off)
    step = opened((id_, OWN[id_][0], 0), put_off.on, because, len(same), about=about)
    return (*steps, replace(step, due=put_off.until))


def closed(
    steps: Sequence[Step], ids: Iterable[str], on: date, by: str, note: str = "", about: str = ""
) -> tuple[Step, ...]:
    """The steps with those of these ids or keys done that are open (and about the same thing)."""
    wanted = set(ids)
    return tuple(
        replace(s, done_on=on, done_by=by, note=note)
        if s.open and (s.key in wanted or s.id in wanted) and (not about or s.about == about)
        else s
        for s in steps
    )


def shown(steps: Sequence[Step], kind: str, on: date, by: str, note: str = "") -> tuple[Step, ...]:
    """The steps once an event of a kind shows what was done.

    A meeting closes what was planned before it, however late it is recorded. What was done before
    anybody had to do it is kept as done, and does not open later.
    """
    ids = CLOSES[kind]
    if kind == "met":
        planned = [s.key for s in steps if s.id in ids and s.opened_on <= on]
        return closed(steps, planned, on, by, note)
    if kind in _LASTING and not any(s.open and s.id in ids for s in steps):
        early = opened((ids[0], "", 0), on, kind, sum(s.id == ids[0] for s in steps))
        return (*steps, replace(early, done_on=on, done_by=by, note=note))
    return closed(steps, ids, on, by, note)


def postponed(steps: Sequence[Step], key: str, put_off: Postponed) -> tuple[Step, ...]:
    """The steps with an open one put off."""
    return tuple(
        replace(s, postponed=(*s.postponed, put_off)) if s.open and key in (s.key, s.id) else s
        for s in steps
    )


def step_words(id_: str, texts: Texts, say: Words) -> str:
    """What a step is, in words."""
    if id_ in OWN:
        return say(OWN[id_][2])
    if id_.startswith("need:"):
        return texts.get("needs", id_.removeprefix("need:"), "name")
    return texts.get("steps", id_, "text")


def rose(before: Finding | None, now: Finding) -> bool:
    """Whether a finding is more than the one before."""
    return before is None or FINDINGS.index(now) > FINDINGS.index(before)
