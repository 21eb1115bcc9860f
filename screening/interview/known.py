"""What is known of an interview: who the person is, what was answered, what may be put and why not.

Nothing here changes anything; `session` does.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from screening.answers import (
    OPEN_ANSWERS,
    Answer,
    Case,
    Profile,
    Response,
    Truth,
    profile_of,
    truth,
)
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.rules import holds
from screening.checklist.schema import CASE_PROFILES, LEVELS, AskedBy, Mode
from screening.interview.protocol import PRECONDITIONS, Protocol
from screening.interview.record import Record
from screening.scoring import score

if TYPE_CHECKING:
    from screening.interview.choice import Chooser, State
    from screening.scorecard.model import CardModel

__all__ = ["FORESEEN", "REFER", "Known"]

# What an answer to the danger question is called at the precondition. A refusal leaves it as open
# as "I cannot tell" does.
_DANGER = {
    Answer.YES: "yes",
    Answer.NO: "no",
    Answer.NOT_APPLICABLE: "no",
    Answer.UNKNOWN: "unknown",
    Answer.REFUSED: "unknown",
}
REFER = LEVELS.index("refer") + 1  # as a rank
MOST_SPOKEN = 8  # questions that an officer puts aloud to a child
FORESEEN = 8  # questions that are counted ahead
ASKERS: tuple[AskedBy, ...] = ("frontline", "social_worker", "specialist")  # each may what the
# ones before it may
_DANGER_SIGNS: dict[str, frozenset[str]] = {}
_CHOOSERS: dict[tuple[str, str, Profile], Chooser] = {}


@dataclass(frozen=True)
class Known:
    """A record with the knowledge that it is worked with, and who asks."""

    checklist: Checklist
    weights: WeightSet
    protocol: Protocol
    record: Record
    model: CardModel | None = None
    asker: AskedBy = "frontline"

    def __post_init__(self) -> None:
        object.__setattr__(self, "record", self.record.as_now(self.checklist.retired))

    # -- what is known -----------------------------------------------------------------------------

    @cached_property
    def profile(self) -> Profile:
        return profile_of(Case(self.record.case_id, self.record.age, self.record.age_certain))[0]

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Indicators that a fact or an answer hides: not put, and not counted where they were
        answered before.
        """
        facts, answers = self.record.facts, self.record.answers
        found: set[str] = set()
        for skip in self.protocol.skips:
            given = (
                facts.get(skip.fact)
                if skip.fact
                else (
                    str(answers[skip.indicator].answer)
                    if skip.indicator and skip.indicator in answers
                    else None
                )
            )
            if given in skip.equals:
                found |= skip.hide
        return frozenset(found)

    @property
    def not_counted(self) -> tuple[str, ...]:
        """Answers in the record that a skip keeps from counting, or that this version of the list
        does not have; a yes among them must be shown.
        """
        return tuple(
            i for i in self.record.answers if i in self.hidden or i not in self.checklist.indicators
        )

    @cached_property
    def case(self) -> Case:
        """The case as it is scored: what is hidden is left open, never no."""
        r = self.record
        counted = {i: a for i, a in r.answers.items() if i not in self.not_counted}
        return Case(r.case_id, r.age, r.age_certain, counted)

    @property
    def same_list(self) -> bool:
        """Whether list and weights are those the interview was begun with, to the last number: a
        set that was edited under its name is another set (S20, S26).
        """
        r = self.record
        return (r.sha256, r.weights, r.weights_sha256) == (
            self.checklist.sha256,
            self.weights.id,
            self.weights.sha256,
        )

    @cached_property
    def preconditions(self) -> Mapping[str, str]:
        """What was chosen at each precondition that is answered, in their order.

        Danger is the answer to the danger question, wherever it was given. That somebody is an
        adult counts only while nothing makes the person a child.
        """
        given = dict(self.record.preconditions)
        danger = self.record.answers.get(self.protocol.danger)
        if danger is not None and danger.answer in _DANGER:
            given["danger"] = _DANGER[danger.answer]
        if self.profile == "child" and given.get("representative") == "adult":
            del given["representative"]
        elif self.profile == "adult" and given.get("representative") in (None, "nobody_yet"):
            given["representative"] = "adult"  # nobody speaks for an adult but the adult
        return MappingProxyType(
            {g: given[g] for g in PRECONDITIONS if given.get(g) in PRECONDITIONS[g]}
        )

    @cached_property
    def danger(self) -> str:
        """Whether anyone is in danger, from all that is known: `yes` where any sign of danger is,
        whatever was said at the precondition; else what was said there; nothing where nobody was
        asked.
        """
        present = score(self.case, self.checklist, self.weights).danger.state == "present"
        return "yes" if present else self.preconditions.get("danger", "")

    @cached_property
    def danger_signs(self) -> frozenset[str]:
        """Indicators of which one yes means danger, whoever the person is."""
        key = self.checklist.sha256
        if key not in _DANGER_SIGNS:
            rules = [self.checklist.rules[p].levels["act_now"] for p in CASE_PROFILES]
            _DANGER_SIGNS[key] = frozenset(
                i
                for i in self.checklist.indicators
                if any(holds(rule, frozenset({i}), lambda _: 0) for rule in rules)
            )
        return _DANGER_SIGNS[key]

    @cached_property
    def help_due(self) -> tuple[str, ...]:
        """Signs of danger that were answered yes since help was last shown, in that order; and the
        danger question where nobody can tell, which counts as yes until somebody knows (S21).
        """
        due: dict[str, None] = {}
        for change in self.record.changes:
            name = change.what.removeprefix("answer:")
            if change.what == "help":
                due.clear()
            elif name != change.what and (name in self.danger_signs or self._asks_danger(name)):
                before, after = self._alarms(name, change.before), self._alarms(name, change.after)
                if not after:
                    due.pop(name, None)
                elif not before:
                    due[name] = None
        return tuple(due)

    def _asks_danger(self, indicator: str) -> bool:
        return indicator == self.protocol.danger

    def _alarms(self, indicator: str, said: str) -> bool:
        """Whether an answer, as it is in the changes, calls for help."""
        answer = said.split(" ", 1)[0].removesuffix(":")
        doubt = self._asks_danger(indicator) and answer in (Answer.UNKNOWN, Answer.REFUSED)
        return answer == Answer.YES or doubt

    @property
    def in_doubt(self) -> bool:
        """Whether somebody was asked about danger and nobody knows: acted on as a yes (S21)."""
        return self.danger == "unknown"

    @property
    def consent(self) -> str:
        """Whether the person agrees to the referral, as typed for the letter; nothing where it was
        said of a child and the person is an adult.
        """
        given = self.record.letter.get("consent", "")
        return "" if given == "child" and self.profile == "adult" else given

    @cached_property
    def withheld(self) -> tuple[str, ...]:
        """The preconditions because of which nothing may be asked aloud now: answered so, or not
        answered yet.

        Looking, reading, noting and referring always may.
        """
        return tuple(
            g
            for g, choices in PRECONDITIONS.items()
            if not choices.get(self.preconditions.get(g, ""), False)
        )

    def mode(self, indicator: str) -> Mode:
        return self.checklist.indicators[indicator].mode_for(self.profile)

    @cached_property
    def open_items(self) -> tuple[str, ...]:
        """What may still be put, in list order: applies, not hidden, not answered and not left open
        on purpose.
        """
        answered = {i for i, r in self.record.answers.items() if r.answer is not Answer.NOT_ASKED}
        gone = answered | set(self.record.passed) | self.hidden
        return tuple(i.id for i in self.checklist.by_profile[self.profile] if i.id not in gone)

    @cached_property
    def put(self) -> tuple[str, ...]:
        """Of what may be put, what this meeting is about: its setting, the hour, the person's age
        and what they do; without what was looked for on one page. The rest stays open, and can be
        gone to.
        """
        gone = {*self.last, *self.looked}
        return tuple(i for i in self.askable if self._fits(i) and i not in gone)

    def _fits(self, indicator: str) -> bool:
        r = self.record
        age = r.age if r.age_certain else None
        return all(
            p.fits(r.facts, self.profile, age)
            for p in self.protocol.parts
            if indicator in p.indicators
        )

    @cached_property
    def last(self) -> frozenset[str]:
        """What comes after everything else in this meeting: papers and calls at night."""
        parts = self.protocol.parts
        return frozenset[str]().union(
            *(p.indicators for p in parts if p.comes_last(self.record.facts, self.profile))
        )

    def quiet(self, indicator: str) -> bool:
        """Whether its words must not stand in large type, where the child could read them."""
        return (
            self.profile == "child" and "sexual" in self.checklist.indicators[indicator].dimension
        )

    @cached_property
    def askable(self) -> tuple[str, ...]:
        """Of the open indicators, those that the preconditions and whoever asks allow now."""
        return tuple(i for i in self.open_items if self.mode(i) != "ask" or self.aloud(i))

    @cached_property
    def to_look(self) -> tuple[str, ...]:
        """What can be seen without a word in this meeting, in list order; nothing where it could
        not change the finding any more.
        """
        seen = tuple(i for i in self.put if self.mode(i) == "observe")
        return () if self.state.settled(seen) else seen

    @cached_property
    def looked(self) -> tuple[str, ...]:
        """What was on the page of what can be seen when it was gone through, in list order."""
        pages = (c.after for c in self.record.changes if c.what == "looked")
        shown = {i for page in pages for i in page.split(", ")}
        return tuple(i for i in self.checklist.indicators if i in shown)

    @cached_property
    def looks_first(self) -> bool:
        """Whether what can be seen comes on one page before any question: where nothing may be
        asked aloud, in a place that has room for few questions.
        """
        return bool(self.withheld) and self.protocol.most(self.record.facts) < sys.maxsize

    @property
    def answered(self) -> int:
        """How many questions were gone through, danger aside."""
        given = {i for i, r in self.record.answers.items() if r.answer is not Answer.NOT_ASKED}
        known = (given | set(self.record.passed)) & self.checklist.indicators.keys()
        return len(known - {self.protocol.danger})

    @property
    def noted_open(self) -> list[tuple[str, Response]]:
        """What was noted beside an answer that is open: refused, not known or left open."""
        given = self.record.answers
        order = [i for i in self.checklist.indicators if i in given and given[i].note]
        return [(i, given[i]) for i in order if given[i].answer in OPEN_ANSWERS]

    @property
    def spoken(self) -> int:
        """How many questions were put aloud: answered in any way, or left open."""
        given = {i for i, r in self.record.answers.items() if r.answer is not Answer.NOT_ASKED}
        known = (given | set(self.record.passed)) & self.checklist.indicators.keys()
        return sum(self.mode(i) == "ask" for i in known)

    @cached_property
    def asked_enough(self) -> bool:
        """Whether an officer asks a child nothing more: *refer* is reached, or eight were asked
        (S22).
        """
        officer = self.profile == "child" and self.asker == "frontline"
        return officer and (self.state.rank >= REFER or self.spoken >= MOST_SPOKEN)

    def aloud(self, indicator: str) -> bool:
        """Whether its question may be put aloud now, by the one who asks (S8, S22)."""
        return (
            self.mode(indicator) == "ask"
            and not self.withheld
            and not self.asked_enough
            and ASKERS.index(self.asker_for(indicator)) <= ASKERS.index(self.asker)
        )

    def asker_for(self, indicator: str) -> AskedBy:
        """Who may put its question to this person."""
        return self.checklist.indicators[indicator].asked_by_for(self.profile)

    @cached_property
    def state(self) -> State:
        key = (self.checklist.sha256, self.weights.sha256, self.profile)
        if key not in _CHOOSERS:
            from screening.interview.choice import (
                Chooser,
            )  # numpy: not before somebody is asked something

            _CHOOSERS[key] = Chooser(self.checklist, self.weights, self.profile)
        known = {i: truth(r.answer) for i, r in self.case.answers.items()}
        return _CHOOSERS[key].state({i: t for i, t in known.items() if t is not Truth.OPEN})
