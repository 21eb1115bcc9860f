"""An interview in progress: what has been recorded, what comes next and why, what may be shown.

It knows no screen.

Every operation gives a new interview and leaves the old one as it is. Order: preconditions, the
person, questions, the officer's own judgement, then the finding; but any question may be answered
at any time, and stopping keeps everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from screening.checklist.schema import CASE_PROFILES, AskedBy, Mode
from screening.errors import CaseError, UsageError, nearest
from screening.i18n import words
from screening.interview.protocol import PRECONDITIONS, Protocol
from screening.interview.record import LONGEST, Change, Judgement, Record, answer_words, too_long
from screening.interview.step import ENOUGH, FIRST_WORTH, Choice, Step, Stop
from screening.scoring import Assessment, score
from screening.values import parse_age

if TYPE_CHECKING:
    from screening.interview.choice import Chooser, State
    from screening.scorecard.model import CardModel

__all__ = ["Interview"]

# What an answer to the danger question is called at the precondition. A refusal leaves it as open
# as "I cannot tell" does.
_DANGER = {
    Answer.YES: "yes",
    Answer.NO: "no",
    Answer.NOT_APPLICABLE: "no",
    Answer.UNKNOWN: "unknown",
    Answer.REFUSED: "unknown",
}
ASKERS: tuple[AskedBy, ...] = ("frontline", "social_worker", "specialist")  # each may what the
# ones before it may
_CHOOSERS: dict[tuple[str, str, Profile], Chooser] = {}


@dataclass(frozen=True)
class Interview:
    """A record with the knowledge that it is worked with, and who asks."""

    checklist: Checklist
    weights: WeightSet
    protocol: Protocol
    record: Record
    model: CardModel | None = None
    asker: AskedBy = "frontline"

    def __post_init__(self) -> None:
        object.__setattr__(self, "record", self.record.as_now(self.checklist.retired))

    @classmethod
    def begin(
        cls,
        checklist: Checklist,
        weights: WeightSet,
        protocol: Protocol,
        case_id: str,
        model: CardModel | None = None,
    ) -> Interview:
        """A new interview; the case id need not be a name and should not be."""
        return cls(checklist, weights, protocol, Record.begin(case_id, checklist, weights), model)

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
        return frozenset(
            i
            for i in self.checklist.indicators
            if any(
                holds(self.checklist.rules[p].levels["act_now"], frozenset({i}), lambda _: 0)
                for p in CASE_PROFILES
            )
        )

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
    def askable(self) -> tuple[str, ...]:
        """Of the open indicators, those that the preconditions and whoever asks allow now."""
        return tuple(i for i in self.open_items if self.mode(i) != "ask" or self.aloud(i))

    def aloud(self, indicator: str) -> bool:
        """Whether its question may be put aloud now, by the one who asks (S8, S22)."""
        return (
            self.mode(indicator) == "ask"
            and not self.withheld
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

    # -- what comes next ---------------------------------------------------------------------------

    def pending_precondition(self) -> str | None:
        """The first precondition that is not answered.

        A child cannot be represented as an adult: that one comes again, once the age was asked.
        """
        said = self.record.preconditions.get("representative")
        before_age = said == "adult" and not self.record.person
        return next(
            (
                g
                for g in PRECONDITIONS
                if g not in self.preconditions and not (g == "representative" and before_age)
            ),
            None,
        )

    def stop(self) -> Stop | None:
        """Why no further question is needed, or None. The officer may go on all the same."""
        if self.state.settled(self._unsettling):
            if not self.open_items:
                return "nothing_left"
            return "danger" if self.askable and self._danger_alone() else "settled"
        if not self.open_items:
            return "left_open"
        if not self.askable:
            return "withheld" if self.withheld else "for_others"
        if self.state.settled(self.open_items):
            return "left_open"
        return "unlikely" if self.state.change(self.askable) < ENOUGH else None

    @property
    def _unsettling(self) -> list[str]:
        """Every item that is open for the engine: also what nobody knows, was refused, left open or
        hidden.

        Open is not no (S5).
        """
        closed = {i for i, r in self.case.answers.items() if r.answer not in OPEN_ANSWERS}
        return [i.id for i in self.checklist.by_profile[self.profile] if i.id not in closed]

    def _danger_alone(self) -> bool:
        """Whether the finding cannot move only because danger is known: what lies behind it is
        still open.
        """
        danger = score(self.case, self.checklist, self.weights).danger
        return danger.state == "present" and danger.finding_without != danger.finding_high_without

    def next(self, going_on: bool = False) -> Step:
        """The next step. `going_on` puts further questions although enough is known."""
        if self.help_due:
            return Step("help")
        precondition = self.pending_precondition()
        if precondition is not None:
            return Step("precondition", precondition)
        if not self.record.person:
            return Step("person")
        stop = self.stop()
        if stop is None or (going_on and self.askable):
            choice = self._choose()
            if choice is not None:
                return Step("question", choice.indicator, choice)
        return Step("judgement" if self.record.judgement is None else "finding", stop=stop)

    def _choose(self) -> Choice | None:
        careful = self.profile == "child" or self.record.facts.get(self.protocol.company) != "alone"
        first = [i for i in self.askable if self.mode(i) != "ask"] if careful else []
        return self.state.choose(self.askable, first, FIRST_WORTH)

    # -- what an officer does ----------------------------------------------------------------------

    def precondition(self, key: str, choice: str) -> Interview:
        """Answer a precondition. That of danger answers the danger question and keeps its note."""
        if key not in PRECONDITIONS or choice not in PRECONDITIONS[key]:
            raise CaseError(
                "C243.choice",
                value=choice,
                question=key,
                choices=", ".join(PRECONDITIONS.get(key, PRECONDITIONS)),
            )
        r = self.record
        if key == "danger":
            before = r.answers.get(self.protocol.danger, Response(Answer.NOT_ASKED))
            now = replace(before, answer=Answer(choice), basis=before.basis or "observed")
            return self.answer(self.protocol.danger, now)
        preconditions = {**r.preconditions, key: choice}
        return replace(
            self,
            record=r.with_(
                f"precondition:{key}",
                r.preconditions.get(key, ""),
                choice,
                preconditions=preconditions,
            ),
        )

    def person(
        self, age: object = None, certain: bool = True, facts: dict[str, str] | None = None
    ) -> Interview:
        """Age (None: not known) and the facts of the meeting. Any doubt means child."""
        years = parse_age(age)
        given = {k: v for k, v in (facts or {}).items() if v}
        for key, value in given.items():
            if value not in self.protocol.facts.get(key, ()):
                raise CaseError(
                    "C243.choice",
                    value=value,
                    question=key,
                    choices=", ".join(self.protocol.facts.get(key, self.protocol.facts)),
                )
        r = self.record
        r = r.with_(
            "age",
            _age_words(r.age, r.age_certain),
            _age_words(years, certain),
            age=years,
            age_certain=certain,
            person=True,
        )
        for key, value in given.items():
            r = r.with_(f"fact:{key}", r.facts.get(key, ""), value, facts={**r.facts, key: value})
        return replace(self, record=r)

    def answer(self, indicator: str, response: Response) -> Interview:
        """Answer a question; an earlier answer stays in the changes.

        `not_asked` takes an answer back; its note stays.
        """
        return self._set(
            indicator, response, tuple(p for p in self.record.passed if p != indicator)
        )

    def leave_open(self, indicator: str, note: str = "", basis: str = "") -> Interview:
        """Go on without an answer.

        It stays open, is never no, and is not put again unless one goes to it.
        """
        passed = self.record.passed
        return self._set(
            indicator,
            Response(Answer.NOT_ASKED, basis, note),
            passed if indicator in passed else (*passed, indicator),
        )

    def _set(self, indicator: str, response: Response, passed: tuple[str, ...]) -> Interview:
        if indicator not in self.checklist.indicators and indicator != self.protocol.danger:
            raise CaseError(
                "C221.indicator_unknown",
                near=nearest(indicator, self.checklist.indicators),
                indicator=indicator,
                checklist=self.checklist.id,
            )
        if len(response.note) > LONGEST:
            raise too_long(len(response.note))
        r = self.record
        answers = {k: v for k, v in r.answers.items() if k != indicator}
        if response.answer is not Answer.NOT_ASKED or response.note or response.basis:
            answers[indicator] = response
        before = answer_words(r.answers.get(indicator))
        return replace(
            self,
            record=r.with_(
                f"answer:{indicator}",
                before,
                answer_words(response),
                answers=answers,
                passed=passed,
            ),
        )

    def judge(self, judgement: Judgement) -> Interview:
        """The officer's own judgement.

        Once the finding was shown it stays as it is: what is thought after that is a decision (S9).
        """
        r = self.record
        if r.shown and r.judgement not in (None, judgement):
            raise UsageError("U318.judgement_fixed")
        return replace(
            self,
            record=r.with_(
                "judgement",
                judgement_words(r.judgement),
                judgement_words(judgement),
                judgement=judgement,
            ),
        )

    def decide(self, decision: Judgement) -> Interview:
        """What the officer decides after seeing the finding: one step, whatever the direction, and
        kept.
        """
        if self.record.judgement is None:
            raise _own_first()
        r = self.record
        return replace(
            self,
            record=r.with_(
                "decision",
                judgement_words(r.decision),
                judgement_words(decision),
                decision=decision,
            ),
        )

    def for_letter(self, fields: dict[str, str]) -> Interview:
        """What is typed for the letter."""
        r = self.record
        for key, value in fields.items():
            if len(value) > LONGEST:
                raise too_long(len(value))
            r = r.with_(
                f"letter:{key}", r.letter.get(key, ""), value, letter={**r.letter, key: value}
            )
        return replace(self, record=r)

    # -- what may be shown -------------------------------------------------------------------------

    def finding(self, language: str = "en") -> tuple[Interview, Assessment]:
        """The finding, and the interview with the showing noted.

        `U310` before the officer's own judgement (S9).
        """
        if self.record.judgement is None:
            raise _own_first()
        assessment = self.scored(language)
        what: str = assessment.finding
        if not self.same_list:
            what += f" ({self.checklist.version} {self.checklist.sha256[:6]}, "
            what += f"{self.weights.id} {self.weights.sha256[:6]})"
        return (self if self._shown_already(what) else self.log("shown", what)), assessment

    def scored(self, language: str = "en") -> Assessment:
        """The result as it is, for what is printed of a table; whoever shows it to an officer takes
        `finding`.
        """
        assessment = score(self.case, self.checklist, self.weights, language)
        if self.model is None:
            return assessment
        return replace(assessment, second_opinion=self.model.opinion(self.case, self.checklist))

    def log(self, what: str, detail: str) -> Interview:
        """Note that something was shown, printed or taken out (S18)."""
        return replace(
            self,
            record=replace(self.record, changes=(*self.record.changes, Change(what, "", detail))),
        )

    def helped(self) -> Interview:
        """The interview with it noted that what to do now was shown (S18)."""
        return self.log("help", ", ".join(self.help_due)) if self.help_due else self

    def _shown_already(self, what: str) -> bool:
        last = next((c.after for c in reversed(self.record.changes) if c.what == "shown"), None)
        return last == what

    def why(self, indicator: str) -> Choice:
        """What an answer to this question could do now."""
        return self.state.why(indicator)

    def moved(self, language: str) -> str:
        """That the case was begun with other knowledge than it is scored with now, both named with
        the first of their sums; nothing where it was not.
        """
        r, say = self.record, words(language)
        return (
            ""
            if self.same_list
            else say(
                "This case was begun with list {version} ({sum}) and weights {weights}"
                " ({weights_sum}). What is shown now comes from list {version_now} ({sum_now}) and"
                " weights {weights_now} ({weights_sum_now}), and may differ. Answers that this"
                " version does not have are kept and do not count.",
                version=r.version,
                sum=r.sha256[:6],
                weights=r.weights,
                weights_sum=r.weights_sha256[:6],
                version_now=self.checklist.version,
                sum_now=self.checklist.sha256[:6],
                weights_now=self.weights.id,
                weights_sum_now=self.weights.sha256[:6],
            )
        )

    def stopped(self, stop: Stop, language: str) -> str:
        """Why no further question comes, in words."""
        say = words(language)
        return {
            "settled": say("No open question can change the finding any more."),
            "danger": say(
                "Danger comes first, and no answer can change the finding now. It says nothing"
                " about exploitation: for that, go on asking when it is safe."
            ),
            "unlikely": say(
                "No remaining answer is likely to change this (chance below 2 in 100)."
            ),
            "withheld": say(
                "Nothing may be asked aloud now; what can be seen or read has been gone through."
            ),
            "for_others": say(
                "What is left to ask is for the social worker or a trained interviewer. It stays"
                " open."
            ),
            "left_open": say(
                "Nothing that is left to ask can change the finding. What is not known, was refused"
                " or was left open still could."
            ),
            "nothing_left": say("Every indicator has been gone through."),
        }[stop]

    def because(self, choice: Choice, language: str) -> str:
        """Why a question is put, in one sentence."""
        say = words(language)
        finding = (
            self.checklist.texts(language).get("findings", choice.to, "label") if choice.to else ""
        )
        asked = self.mode(choice.indicator) == "ask"
        match choice.why:
            case "raises":
                return (
                    say(
                        "Asked because a yes would raise the finding to: {finding}.",
                        finding=finding,
                    )
                    if asked
                    else say(
                        "Worth a look because a yes would raise the finding to: {finding}.",
                        finding=finding,
                    )
                )
            case "leads":
                return (
                    say(
                        "Asked because a yes, with one more sign, would raise the finding to:"
                        " {finding}.",
                        finding=finding,
                    )
                    if asked
                    else say(
                        "Worth a look because a yes, with one more sign, would raise the finding"
                        " to: {finding}.",
                        finding=finding,
                    )
                )
            case "known":
                return (
                    say("Asked because too little is known to say anything yet.")
                    if asked
                    else say("Worth a look because too little is known to say anything yet.")
                )
            case "points":
                return say("A yes adds weight; alone it does not change the finding.")
            case _:
                return say("Recorded and shown; it changes no finding.")


def _own_first() -> UsageError:
    return UsageError("U310.finding_before_judgement")


def _age_words(age: int | None, certain: bool) -> str:
    return f"{'?' if age is None else age}{'' if certain else ' (not certain)'}"


def judgement_words(judgement: Judgement | None) -> str:
    """A judgement as it stands in the changes."""
    return (
        ""
        if judgement is None
        else judgement.finding + (f": {judgement.why}" if judgement.why else "")
    )
