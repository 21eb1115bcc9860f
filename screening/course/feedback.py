"""A comparison in words: the first difference from the key that matters and why, then the rest,
then the vignette's own reasons.

It renders what `compare` found and derives nothing anew. Nothing in it is about the officer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from screening.answers import OPEN_ANSWERS, Answer, truth
from screening.checklist.texts import Texts
from screening.checklist.vignettefiles import Vignette
from screening.course.compare import Comparison, Difference, Kind
from screening.course.course import Course
from screening.course.lesson import Lesson
from screening.course.record import Told
from screening.i18n import Words, words
from screening.scoring.engine import RANK
from screening.scoring.wording import basis, need_row, needs_open, needs_present

__all__ = ["Feedback", "age_words", "course_told", "feedback", "told_words"]

SHOWN = 3  # items named where several would do


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is shown once a vignette is done, as plain lines.

    judgement : the officer's own beside the key's finding
    first : the first difference that matters: what it is, then what it does; one line where there
        is none
    rule : what decides the answer to the item of the first difference
    whole : what the list makes of all the officer's answers
    tempting : said where the judgement is the one that the mistake leads to
    rest : the other differences by kind: what they have in common, and the items
    twin : how the two of a pair differ, once both are done
    basis : what the key's finding rests on, beside the line; nothing where rules decide
    owed : what the person of the story is owed, each need with who and by when; the open ones in a
        line
    """

    agrees: bool
    judgement: str
    first: tuple[str, ...]
    rule: str
    whole: str
    why: str
    mistake: str
    tempting: str
    rest: tuple[tuple[str, tuple[str, ...]], ...]
    twin: str
    basis: str
    owed: tuple[str, ...]


def feedback(course: Course, vignette: str, language: str = "en") -> Feedback:
    """The feedback on a finished vignette; `U310` before it is finished."""
    return _Words(course, course.compared(vignette), language).feedback()


def told_words(say: Words) -> dict[Told, str]:
    """The three answers of a course."""
    return {"yes": say("Yes"), "no": say("No"), "not_told": say("Not told")}


def age_words(vignette: Vignette, say: Words) -> str:
    """What a story says of the person's age."""
    if vignette.age is None:
        return say("age not known")
    return say("age {age}", age=vignette.age) + (
        "" if vignette.age_certain == "yes" else f" ({say('not certain')})"
    )


class _Words:
    def __init__(self, course: Course, compared: Comparison, language: str) -> None:
        self.course, self.c, self.language = course, compared, language
        self.lesson: Lesson = compared.lesson
        self.texts: Texts = course.checklist.texts(language)
        self.say: Words = words(language)

    def feedback(self) -> Feedback:
        say, c, vignette = self.say, self.c, self.lesson.vignette
        yours, key = self._label(c.judgement), self._label(self.lesson.finding)
        judgement = (
            say("You judged: {yours}. The key says the same.", yours=yours)
            if c.judged == "equal"
            else say("You judged: {yours}. The key's finding: {key}.", yours=yours, key=key)
        )
        return Feedback(
            c.judged == "equal",
            judgement,
            self._first(),
            self._rule(),
            self._whole(),
            course_told(self.course, vignette.id, "why", self.language),
            course_told(self.course, vignette.id, "mistake", self.language),
            (
                say("This is the tempting mistake: your judgement is where it leads.")
                if c.tempted
                else ""
            ),
            tuple(self._rest()),
            self._twin(),
            basis(self.lesson.key, self.texts, say),
            tuple(self._owed()),
        )

    def _owed(self) -> Iterator[str]:
        key = self.lesson.key
        for need in needs_present(key):
            row = need_row(need, self.texts, self.say, lambda sources: "")
            yield f"{row.lead}: {row.text} {row.note}"
        if unknown := needs_open(key, self.texts, self.say):
            yield unknown

    def _label(self, finding: str) -> str:
        return self.texts.get("findings", finding, "label")

    def _item(self, indicator: str) -> str:
        return self.texts.statement(indicator).rstrip(".")

    # -- the first difference ----------------------------------------------------------------------

    def _first(self) -> tuple[str, ...]:
        first = self.c.first
        if first is None:
            return (self.say("No difference from the key."),)
        if isinstance(first, Difference):
            return self._what(first), self._does(first)
        return self._judgement(first), self._carried()

    def _rule(self) -> str:
        return (
            self.texts.rule(self.c.first.indicator) if isinstance(self.c.first, Difference) else ""
        )

    def _what(self, d: Difference) -> str:
        """What the officer recorded and what the key says."""
        say, item = self.say, self._item(d.indicator)
        if d.kind == "lost":
            return (
                say(
                    "The story tells it and you recorded no: “{item}”. The key says yes.", item=item
                )
                if d.told == "no"
                else say(
                    "The story tells it and you recorded it as not told: “{item}”. The key says"
                    " yes.",
                    item=item,
                )
            )
        if d.kind == "open_taken_for_no":
            if d.key is Answer.NOT_ASKED:
                return say(
                    "The story does not tell it and you recorded no: “{item}”. Not told is not no.",
                    item=item,
                )
            return say(
                "It was asked or looked for and stayed open, and you recorded no: “{item}”. Open is"
                " not no.",
                item=item,
            )
        if d.kind == "invented":
            if d.key in OPEN_ANSWERS:
                return say("The story does not tell it and you recorded yes: “{item}”.", item=item)
            return say(
                "The story tells that it is not so and you recorded yes: “{item}”.", item=item
            )
        return say(
            "The story tells that it is not so and you recorded it as not told: “{item}”.",
            item=item,
        )

    def _does(self, d: Difference) -> str:
        """What that does to the finding, as the engine has it."""
        say, key = self.say, self.lesson.finding
        before, after = self._label(key), self._label(d.alone)
        if d.kind == "lost" and RANK[d.alone] < RANK[key]:
            return self._with_weight(
                d,
                say(
                    "Without it the finding falls from “{before}” to “{after}”.",
                    before=before,
                    after=after,
                ),
            )
        if d.kind == "lost" and self.c.loses:
            after = self._label(self.c.losses)
            return self._with_weight(
                d,
                say(
                    "Together with the other signs that were lost, the finding falls from"
                    " “{before}” to “{after}”.",
                    before=before,
                    after=after,
                ),
            )
        if d.kind == "left_open" and d.alone != key:
            return say(
                "With it open the finding goes from “{before}” to “{after}”.",
                before=before,
                after=after,
            )
        if d.kind == "left_open":
            return say("That keeps a question open that the story answers. It hides nothing.")
        if d.alone != key:
            return say(
                "With it the finding goes from “{before}” to “{after}”.", before=before, after=after
            )
        if d.kind == "open_taken_for_no":
            high = self.lesson.key.finding_high
            if RANK[d.alone_high] < RANK[high]:
                return say(
                    "Open, it could still raise the finding to “{high}”; after a no, nobody asks"
                    " again.",
                    high=self._label(high),
                )
            return say("Open, it is still asked when it is safe; after a no, nobody asks again.")
        stays = say("By itself it leaves the finding at “{finding}”.", finding=before)
        return self._with_weight(d, stays)

    def _with_weight(self, d: Difference, sentence: str) -> str:
        """The sentence, and what the item is in the list: points and element."""
        say, indicator = self.say, self.course.checklist.indicators[d.indicator]
        if not d.points:
            return sentence
        if indicator.element == "context":
            return f"{sentence} " + say("It adds points: {points}.", points=d.points)
        return f"{sentence} " + say(
            "It adds points: {points}, and belongs to: {element}.",
            points=d.points,
            element=self.texts.reason(f"element_{indicator.element}"),
        )

    def _judgement(self, judged: str) -> str:
        say = self.say
        return (
            say("Your judgement is lower than the key's finding.")
            if judged == "low"
            else say("Your judgement is higher than the key's finding.")
        )

    def _carried(self) -> str:
        """What the key's finding rests on."""
        say, a = self.say, self.lesson.key
        signs = a.red_flags or [
            c.indicator
            for c in sorted(a.contributions, key=lambda c: -c.points)
            if c.kind == "sign" and c.indicator
        ]
        if not signs:
            return self.texts.get("findings", a.finding, "statement")
        return say(
            "The finding “{finding}” rests above all on: {items}.",
            finding=self._label(a.finding),
            items="; ".join(map(self._item, signs[:SHOWN])),
        )

    def _rest(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The differences besides the first, by kind; a judgement that differs has its own line
        already.
        """
        say = self.say
        kinds: dict[Kind, str] = {
            "lost": say("Told, and not recorded as yes"),
            "open_taken_for_no": say("Open, and taken for no"),
            "invented": say("Recorded as yes, and not told so"),
            "left_open": say("Told as not so, and left open"),
        }
        for kind, title in kinds.items():
            items = tuple(
                self._item(d.indicator)
                for d in self.c.differences
                if d.kind == kind and d is not self.c.first
            )
            if items:
                yield title, items

    def _whole(self) -> str:
        say, own, key = self.say, self._label(self.c.own.finding), self._label(self.lesson.finding)
        if self.c.own.finding == self.lesson.finding:
            return say("With all your answers the list finds “{key}”, as with the key's.", key=key)
        return say(
            "With all your answers the list finds “{own}”; with the key's, “{key}”.",
            own=own,
            key=key,
        )

    # -- the twin ----------------------------------------------------------------------------------

    def _twin(self) -> str:
        """What tells the two of a pair apart, once both are done."""
        name = self.course.twin(self.lesson.vignette.id)
        if name is None or name not in self.course.record.done:
            return ""
        say, other = self.say, self.course.lesson(name)
        here, there = self._apart(self.lesson, other), self._apart(other, self.lesson)
        titles = {
            "here": course_told(self.course, self.lesson.vignette.id, "title", self.language),
            "there": course_told(self.course, name, "title", self.language),
        }
        return say(
            "“{here}” ({finding}) looks like “{there}” ({other}). What tells them apart: only here"
            " yes: {yes}; only there yes: {no}.",
            **titles,
            finding=self._label(self.lesson.finding),
            other=self._label(other.finding),
            yes=self._several(here),
            no=self._several(there),
        )

    def _apart(self, one: Lesson, other: Lesson) -> list[str]:
        """The signs that one key says yes to and the other does not, those that weigh most
        first.
        """
        points = one.weights.points[one.profile]
        signs = [
            i
            for i in one.vignette.answers
            if one.answer(i) is Answer.YES and truth(other.answer(i)) is not truth(Answer.YES)
        ]
        return sorted((i for i in signs if i in points), key=lambda i: -points[i])

    def _several(self, indicators: list[str]) -> str:
        say, more = self.say, len(indicators) - SHOWN
        named = "; ".join(f"“{self._item(i)}”" for i in indicators[:SHOWN])
        if not named:
            return say("no indicator")
        return named + (say.plural("; and {n} more", "; and {n} more", more) if more > 0 else "")


def course_told(course: Course, vignette: str, field: str, language: str) -> str:
    """The title, story, why or mistake of a vignette as one run of text."""
    return " ".join(course.vignettes.told(course.cases[vignette], field, language).split())
