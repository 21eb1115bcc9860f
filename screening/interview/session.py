"""An interview in progress: what has been recorded, what comes next and why, what may be shown.

It knows no screen.

Every operation gives a new interview and leaves the old one as it is. Order: preconditions, the
person, questions, the officer's own judgement, then the finding; but any question may be answered
at any time, and stopping keeps everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from screening.answers import (
    OPEN_ANSWERS,
    Answer,
    Response,
)
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import LEVELS
from screening.errors import CaseError, UsageError, nearest
from screening.i18n import words
from screening.interview.known import FORESEEN, REFER, Known
from screening.interview.protocol import PRECONDITIONS, Protocol
from screening.interview.record import LONGEST, Change, Judgement, Record, answer_words, too_long
from screening.interview.step import ENOUGH, FIRST_WORTH, Choice, Step, Stop
from screening.scoring import Assessment, score
from screening.values import parse_age

if TYPE_CHECKING:
    from screening.scorecard.model import CardModel

__all__ = ["Interview"]

_NO_SIGN = ("too_little_known", "nothing_indicated")


@dataclass(frozen=True)
class Interview(Known):
    """A record with the knowledge that it is worked with, and who asks."""

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

    # -- what comes next ---------------------------------------------------------------------------

    def pending_precondition(self) -> str | None:
        """The first precondition not answered; those after danger once the person was noted.

        For a child who represents it comes first. Once one of them keeps every question back, the
        rest can wait: nothing is asked aloud, and what is not answered keeps it so too.
        """
        if "danger" not in self.preconditions:
            return "danger"
        return next(iter(self.before), None)

    @property
    def before(self) -> tuple[str, ...]:
        """The preconditions that are still to be gone through before anything is asked aloud."""
        order = ("representative", *(g for g in PRECONDITIONS if g != "representative"))
        alone = {"danger", *(("representative",) if self.profile == "adult" else ())}
        asked = [g for g in order if g not in alone]
        if any(not PRECONDITIONS[g].get(self.preconditions.get(g, ""), True) for g in asked):
            return ()
        return tuple(g for g in asked if g not in self.preconditions)

    def stop(self) -> Stop | None:
        """Why no further question is needed, or None. The officer may go on all the same."""
        if self.state.settled(self._unsettling):
            if not self.open_items:
                return "nothing_left"
            return "danger" if self.askable and self._danger_alone() else "settled"
        if not self.open_items:
            return "left_open"
        if self.asked_enough and self.state.rank >= REFER:
            return "refer"
        if not self.askable:
            return "withheld" if self.withheld else "for_others"
        if self.state.settled(self.open_items):
            return "left_open"
        if not self.put:
            return "withheld" if self.withheld else "other_parts"
        if self.answered >= self.protocol.most(self.record.facts):
            return "for_now"
        return "unlikely" if self.state.change(self.put) < ENOUGH else None

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
        if not self.record.person and precondition != "danger":
            return Step("person")
        if precondition is not None:
            return Step("precondition", precondition)
        stop = self.stop()
        if self._looks(stop) and not going_on:
            return Step("look", stop=stop)
        if stop is None or (going_on and self.askable):
            choice = self._choose()
            if choice is not None:
                return Step("question", choice.indicator, choice)
        return Step("judgement" if self.record.judgement is None else "finding", stop=stop)

    def _looks(self, stop: Stop | None) -> bool:
        """Whether a look at what needs no words comes now: before any question where nothing may be
        asked, else when it is enough for this place.
        """
        due = stop == "for_now" or (stop is None and self.looks_first)
        return due and self.record.judgement is None and bool(self.to_look)

    def _choose(self) -> Choice | None:
        offered = self.put or self.askable
        careful = self.profile == "child" or self.record.facts.get(self.protocol.company) != "alone"
        # What is seen before what is said, before what needs papers or a call.
        seen = [i for i in offered if self.mode(i) == "observe"]
        first = (seen or [i for i in offered if self.mode(i) != "ask"]) if careful else []
        return self.state.choose(offered, first, FIRST_WORTH)

    def more(self) -> int:
        """About how many questions are still to come if every answer is no; at most `FORESEEN`."""
        now, n = self, 0
        while n < FORESEEN and now.stop() is None and (choice := now._choose()) is not None:
            now, n = now.answer(choice.indicator, Response(Answer.NO)), n + 1
        return n

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
            now = replace(before, answer=Answer(choice))
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

    def look(self, seen: Iterable[str], done: bool = True) -> Interview:
        """What was seen of the page of what can be seen: yes. The rest is open, never no, and one
        that was yes is taken back. `done` notes that the page was gone through.
        """
        shown, seen, now = self.looked + self.to_look, set(seen), self
        for indicator in shown:
            before = self.record.answers.get(indicator, Response(Answer.NOT_ASKED))
            if indicator in seen and before.answer is not Answer.YES:
                given = Response(Answer.YES, before.basis or "observed", before.note)
                now = now.answer(indicator, given)
            elif indicator not in seen and before.answer is Answer.YES:
                now = now.answer(indicator, replace(before, answer=Answer.NOT_ASKED))
        return now.log("looked", ", ".join(self.to_look)) if done and self.to_look else now

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

    def last_answered(self) -> str | None:
        """The indicator that was answered or left open last, for taking it back."""
        given = {i for i, r in self.record.answers.items() if r.answer is not Answer.NOT_ASKED}
        names = (c.what.removeprefix("answer:") for c in reversed(self.record.changes))
        return next((i for i in names if i in given or i in self.record.passed), None)

    def take_back(self) -> Interview:
        """The last answer taken back: the question is open again, its note stays."""
        name = self.last_answered()
        if name is None:
            return self
        before = self.record.answers.get(name, Response(Answer.NOT_ASKED))
        return self.answer(name, replace(before, answer=Answer.NOT_ASKED))

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
        danger = self.state.rank == len(LEVELS)
        if danger and decision.finding in _NO_SIGN and not decision.why.strip():
            raise UsageError("U308.reason_missing")
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

    @staticmethod
    def stopped(stop: Stop, language: str) -> str:
        """Why no further question comes, in words."""
        say = words(language)
        return {
            "settled": say("No open question can change the finding any more."),
            "danger": say(
                "Danger alone decides the finding now, so it needs no more questions. Whether the"
                " person is exploited is still open: ask when it is safe."
            ),
            "unlikely": say("You have enough. Stop asking."),
            "refer": say("You have enough. Ask the child nothing more."),
            "for_now": say(
                "Enough for this place. What is left stays open; ask more where it is calm."
            ),
            "other_parts": say(
                "What is left is not about this meeting, or needs papers or a call. It stays open."
            ),
            "withheld": say(
                "Nothing may be asked aloud now; what can be seen here has been gone through."
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

    def still_open(self, language: str) -> str:
        """What is open and could still change the finding, by what it takes to know it; nothing
        where nothing could.
        """
        say, left = words(language), self._unsettling
        if self.state.settled(left):
            return ""
        n = Counter(self.mode(i) for i in left)
        parts = (
            (n["observe"], say("{n} to see", n=n["observe"])),
            (n["document"], say("{n} in records or by a call", n=n["document"])),
            (n["ask"], say("{n} to ask", n=n["ask"])),
        )
        return say(
            "Still open, and could change the finding: {what}.",
            what=", ".join(part for many, part in parts if many),
        )

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
