"""The guided interview in a terminal, line by line, so that a serial line will do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import typer

from screening.answers import Answer, Response
from screening.casebook import CaseStore, Moved
from screening.casebook.sealed import SUFFIX
from screening.checklist.schema import FINDINGS
from screening.cli.interview.casefile import written
from screening.cli.interview.helping import every_step, print_help, print_numbers
from screening.cli.keyboard import letter_of, read_line
from screening.cli.terminal import paragraph, print_explanation
from screening.errors import ScreeningError, UsageError
from screening.i18n import LANGUAGES, Words
from screening.interview import PRECONDITIONS, Choice, Interview, Judgement, Step
from screening.scoring.explain import explain

__all__ = ["Talk"]


ANSWERS = (Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.REFUSED, Answer.NOT_APPLICABLE)


class _Stop(Exception):
    """The person at the keyboard wants to stop and keep."""


class _Back(Exception):
    """Back to the step before."""


class Talk:
    """One sitting.

    `now` is always what is kept; nothing is lost by going back or by a slip of the hand.
    """

    def __init__(
        self,
        now: Interview,
        say: Words,
        language: str,
        child: bool,
        target: Path | None,
        own: Path | None,
        store: CaseStore | None = None,
    ) -> None:
        self._now, self.say, self.language, self.child = now, say, language, child
        self.store = store
        self.target, self.own = target, own
        self.texts, self.keys = now.checklist.texts(language), LANGUAGES[language].keys
        self.steps: list[Step] = []
        self.kept = now.record.revision if own else -1
        self.going_on = self.opened = False

    @property
    def now(self) -> Interview:
        return self._now

    @now.setter
    def now(self, later: Interview) -> None:
        """With a casebook, what is set is kept there before it counts. `U326` where somebody else
        set something meanwhile: what is kept stands, and is asked on from.
        """
        before = self._now.record
        if self.store is not None and later.record is not before:
            try:
                self.store.put(later.record, before.revision)
            except Moved as moved:
                self._now = replace(self._now, record=moved.record)
                raise UsageError("U326.overtaken", case=before.case_id) from None
        self._now = later

    def run(self) -> None:
        try:
            step = self.now.next()
            while True:
                try:
                    done = self._step(step)
                except _Back:
                    step = self._before(step)
                    continue
                except ScreeningError as error:
                    typer.echo(str(error.into(self.say)))
                    continue
                if done:
                    break
                if not self.steps or self.steps[-1] != step:
                    self.steps.append(step)
                step = self.now.next(self.going_on)
        except (_Stop, EOFError, KeyboardInterrupt):
            typer.echo()
        self._offer_to_save()

    def _before(self, step: Step) -> Step:
        """The step before. The own judgement is not put again once the finding was shown."""
        while self.steps:
            before = self.steps.pop()
            if not (before.kind == "judgement" and self.now.record.shown):
                return before
        return step

    # -- reading a line ----------------------------------------------------------------------------

    def _read(self, prompt: str, keys: str = "") -> str:
        """A line of text.

        Alone on it, `d` is danger everywhere, and of `keys` `b` goes back and `q` stops.
        """
        while True:
            line = read_line(prompt)
            said = letter_of(line, self.language)
            if said == "d":
                self._danger()
            elif said in ("b", "q") and said in keys:
                raise _Back if said == "b" else _Stop
            else:
                return line

    def _choose(
        self,
        options: Sequence[str],
        why: Callable[[], str] | None = None,
        note: Callable[[], None] | None = None,
        empty: int | None = None,
    ) -> int:
        """The place of the option chosen. Letters do what the first line of the sitting says."""
        for n, option in enumerate(options, 1):
            typer.echo(paragraph(f"{n}  {option}", "  ", "     "))
        while True:
            said = letter_of(self._read(">", "bq"), self.language)
            if said.isascii() and said.isdigit() and 1 <= int(said) <= len(options):
                return int(said) - 1
            if said == "" and empty is not None:
                return empty
            if said == "l":
                self._list()
            elif said == "?" and why is not None:
                typer.echo(paragraph(why(), "  "))
            elif said == "n" and note is not None:
                note()
            else:
                typer.echo(
                    self.say(
                        "Type a number from 1 to {n}, or ? {back} {note} {danger} {list} {stop}.",
                        n=len(options),
                        **self.keys,
                    )
                )

    # -- steps -------------------------------------------------------------------------------------

    def _step(self, step: Step) -> bool:
        """Go through one step; True when the interview is over."""
        typer.echo()
        if step.kind == "help":
            self._help_now()
        elif step.kind == "precondition":
            self._precondition(step.key)
        elif step.kind == "person":
            self._person()
        elif step.kind == "question":
            self._question(step.key, step.choice)
        elif step.kind == "look":
            self._look()
        elif step.kind == "judgement":
            return self._judgement(step)
        else:
            return self._finding()
        return False

    def _precondition(self, precondition: str) -> None:
        protocol = self.now.protocol
        if precondition != "danger" and not self.opened:
            self.opened = True
            typer.echo(
                paragraph(
                    self.say(
                        "Say first: “I am … from …. I would like to talk with you. You need not"
                        " answer, and you may stop when you like. Afterwards I will tell you what"
                        " happens next.”"
                    )
                )
            )
        typer.secho(
            protocol.words("preconditions", precondition, "question", self.language), bold=True
        )
        help_ = protocol.words("preconditions", precondition, "help", self.language)
        if help_:
            typer.echo(paragraph(help_, "  "))
        child = self.now.profile == "child"
        choices = [c for c in PRECONDITIONS[precondition] if not (child and c == "adult")]
        chosen = choices[
            self._choose(
                [protocol.words("preconditions", precondition, c, self.language) for c in choices],
                lambda: "; ".join(protocol.sources.get(precondition, ())) or help_,
            )
        ]
        self.now = self.now.precondition(precondition, chosen)
        self._help_if_due()
        if not PRECONDITIONS[precondition][chosen]:
            self._warn()

    def _warn(self) -> None:
        """That nothing is to be asked aloud, and because of what."""
        given = self.now.record.preconditions
        titles = ", ".join(
            self.now.protocol.words("preconditions", g, "title", self.language)
            for g in self.now.withheld
            if g in given
        )
        typer.echo(
            paragraph(
                self.say(
                    "Do not ask ({preconditions}). Look and note.",
                    preconditions=titles,
                )
            )
        )

    def _help_now(self) -> None:
        print_help(self.now.checklist, self.now.profile, self.language)
        self.now = self.now.helped()

    def _help_if_due(self) -> None:
        """What to do now, where a sign of danger was answered yes or nobody can tell (S21)."""
        if self.now.help_due:
            self._help_now()

    def _danger(self) -> None:
        """What to do, and whether it is so; afterwards exactly where one was, also by `b`."""
        self._help_now()
        typer.echo(self.now.protocol.words("preconditions", "danger", "question", self.language))
        choices = list(PRECONDITIONS["danger"])
        with suppress(_Back):
            self.now = self.now.precondition(
                "danger",
                choices[
                    self._choose(
                        [
                            self.now.protocol.words("preconditions", "danger", c, self.language)
                            for c in choices
                        ],
                        lambda: every_step(self.now.checklist, self.now.profile, self.language),
                    )
                ],
            )
        self.now = self.now.helped()  # it stands above what was just said
        typer.echo(self.say("Go on:"))

    def _person(self) -> None:
        say, protocol = self.say, self.now.protocol
        typer.secho(say("The person and the meeting"), bold=True)
        typer.echo(
            paragraph(
                say(
                    "No name is needed. In any doubt about the age the person is treated as a"
                    " child."
                ),
                "  ",
            )
        )
        age = "" if self.child else self._age()
        self.now.person(age)  # says at once what is no age
        certain, facts = False, dict[str, str]()
        try:
            if age:
                typer.echo(say("Is the age certain?"))
                certain = self._choose([say("Yes"), say("No, or in doubt")]) == 0
            for fact, choices in protocol.facts.items():
                typer.echo(protocol.words("facts", fact, "question", self.language))
                labels = [
                    (
                        say("Not known")
                        if c == "unknown"
                        else protocol.words("facts", fact, c, self.language)
                    )
                    for c in choices
                ]
                facts[fact] = choices[self._choose(labels, empty=len(choices) - 1)]
        except (_Stop, EOFError, KeyboardInterrupt):
            # What was typed is kept, and the rest is put again another time.
            later = self.now.person(age, certain, facts)
            self.now = replace(later, record=replace(later.record, person=self.now.record.person))
            raise
        self.now = self.now.person(age, certain, facts)

    def _age(self) -> str:
        """The age as it is typed; an empty line is asked about, and decides nothing."""
        say = self.say
        while True:
            age = self._read(say("Age in full years, empty if not known") + ":", "bq")
            if age or self._choose([say("Not known: treat as a child"), say("Type the age")]) == 0:
                return age

    def _question(self, indicator: str, choice: Choice | None) -> None:
        say, mode = self.say, self.now.mode(indicator)
        section = self.texts.get("sections", self.now.checklist.section_of(indicator), "title")
        modes = {
            "ask": say("Ask"),
            "observe": say("Observe, do not ask"),
            "document": say("Check records, do not ask"),
        }
        if mode == "ask" and self.now.withheld:
            self._warn()
        elif mode == "ask" and not self.now.aloud(indicator):
            typer.echo(
                say(
                    "For the social worker or a trained interviewer: do not ask. Note what is said"
                    " unasked."
                )
            )
        left = self.now.more() if indicator in self.now.put else 0
        more = " · " + say("about {n} more", n=left) if left else ""
        typer.echo(f"{section} · {modes[mode]}{more}")
        prompt = self.texts.prompt(indicator, mode, self.now.profile)
        typer.secho(paragraph(prompt), bold=not self.now.quiet(indicator))
        if counts := self.texts.get("indicators", indicator, "help"):
            typer.echo(paragraph(counts, "  "))
        typer.echo(paragraph(f"{say('Does this show:')} {self.texts.statement(indicator)}?", "  "))
        given = self.now.record.answers.get(indicator)
        labels = [say("Yes"), say("No"), say("Not known"), say("Refused"), say("Does not apply")]
        if given is not None and given.answer in ANSWERS:
            typer.echo(
                "  "
                + say("Recorded: {answer}", answer=labels[ANSWERS.index(given.answer)])
                + (f" – “{given.note}”" if given.note else "")
            )
        note = [given.note if given else "", given.basis if given else ""]

        def take_note() -> None:
            bases = ("said", "observed", "document")
            try:
                note[0] = self._read(
                    say("Note, in the person's own words where you can") + ":", "bq"
                )
                keep_note()
                typer.echo(say("How do you know?"))
                note[1] = bases[
                    self._choose(
                        [say("what was said"), say("what was seen"), say("a document")],
                    )
                ]
                keep_note()
            except _Back:
                typer.echo(say("Go on:"))

        def keep_note() -> None:
            """A note must not wait for an answer."""
            before = self.now.record.answers.get(indicator)
            self.now = self.now.answer(
                indicator, Response(before.answer if before else Answer.NOT_ASKED, note[1], note[0])
            )

        chosen = self._choose(
            [*labels, say("Leave open")], lambda: self._why(indicator, choice), take_note
        )
        if chosen == len(ANSWERS):
            self.now = self.now.leave_open(indicator, note[0], note[1])
        else:
            self.now = self.now.answer(indicator, Response(ANSWERS[chosen], note[1], note[0]))
        self._help_if_due()

    def _look(self) -> None:
        """What can be seen without a word, on one page: the numbers of what was seen."""
        signs = self.now.to_look
        typer.secho(self.say("What do you see?"), bold=True)
        for n, indicator in enumerate(signs, 1):
            typer.echo(paragraph(f"{n:2}  {self.texts.statement(indicator)}", "  ", "      "))
        while True:
            said = self._read(
                self.say("Numbers of what you saw or heard yourself, Enter for none:"), "bq"
            )
            numbers = said.replace(",", " ").split()
            if all(n.isascii() and n.isdigit() and 1 <= int(n) <= len(signs) for n in numbers):
                break
            typer.echo(self.say("Type numbers from 1 to {n}, with a space between.", n=len(signs)))
        self.now = self.now.look(signs[int(n) - 1] for n in numbers)
        typer.echo(self.say("The rest stays open; open is not no."))
        self._help_if_due()

    def _why(self, indicator: str, choice: Choice | None) -> str:
        return self.now.because(choice or self.now.why(indicator), self.language)

    def _list(self) -> None:
        """All open indicators; once the preconditions are answered, one may be chosen."""
        if self.now.pending_precondition() is not None:
            return typer.echo(
                paragraph(
                    self.say("First what comes before any question: answer here. Nothing is lost.")
                )
            )
        applying = self.now.open_items
        for n, indicator in enumerate(applying, 1):
            typer.echo(paragraph(f"{n}  {self.texts.statement(indicator)}", "  ", "      "))
        said = self._read(self.say("Number of an indicator, or Enter to go back:"))
        if said.isascii() and said.isdigit() and 1 <= int(said) <= len(applying):
            self._question(applying[int(said) - 1], None)

    # -- the end -----------------------------------------------------------------------------------

    def _judgement(self, step: Step) -> bool:
        say = self.say
        self._say_doubt()
        if self.now.spoken:
            typer.echo(
                paragraph(
                    say(
                        "Say before you part: “Thank you. You did nothing wrong. Now … happens, and"
                        " you will hear it from me first. You can always come back to us.”"
                    )
                )
            )
        if step.stop:
            typer.echo(paragraph(self.now.stopped(step.stop, self.language)))
        if left := self.now.still_open(self.language):
            typer.echo(paragraph(left))
        if (
            step.stop
            and self.now.askable
            and not self.going_on
            and self._choose([say("Finish"), say("More questions")]) == 1
        ):
            self.going_on = True
            return False
        typer.secho(say("What do you think yourself?"), bold=True)
        typer.echo(
            paragraph(
                say(
                    "Before the finding is shown. It is kept beside the finding; neither is right"
                    " by itself."
                ),
                "  ",
            )
        )
        self._five(Interview.judge)
        return False

    def _say_doubt(self) -> None:
        if self.now.in_doubt:
            typer.secho(
                paragraph(
                    self.say(
                        "Nobody knows yet whether anyone is in danger. Until somebody does, act as"
                        " if the answer were yes."
                    )
                ),
                bold=True,
            )

    def _five(
        self, keep: Callable[[Interview, Judgement], Interview], empty: int | None = None
    ) -> None:
        """One of the five words, and why. The word is kept before the reason is asked for."""
        order = FINDINGS[::-1]
        chosen = order[
            self._choose([self.texts.get("findings", f, "label") for f in order], empty=empty)
        ]
        kept = ""
        try:
            self.now = keep(self.now, Judgement(chosen))
        except UsageError as error:  # it needs its reason first
            typer.echo(str(error.into(self.say)))
            kept = self._read(self.say("Why") + ":", "bq")
            self.now = keep(self.now, Judgement(chosen, kept))
        if kept:
            return None
        try:
            why = self._read(self.say("Why") + ":", "bq")
        except _Back:
            return self._five(keep, empty)
        if why:
            self.now = keep(self.now, Judgement(chosen, why))

    def _finding(self) -> bool:
        say = self.say
        self.now, assessment = self.now.finding(self.language)
        if not self.now.same_list:
            typer.echo(paragraph(self.now.moved(self.language)))
        self._say_doubt()
        print_explanation(explain(assessment, self.texts), title=self.now.record.case_id)
        for indicator in self.now.not_counted:
            if self.now.record.answers[indicator].answer is Answer.YES:
                typer.echo(
                    paragraph(
                        say(
                            "Answered yes, but not counted because of what was said about the"
                            " meeting:"
                        )
                        + " "
                        + (self.texts.statement(indicator) or indicator)
                    )
                )
        for indicator, given in self.now.noted_open:
            typer.echo(paragraph(f"{self.texts.statement(indicator)} – “{given.note}”", "  "))
        typer.echo()
        print_numbers(self.now.checklist, self.language)
        typer.secho(say("What do you decide?"), bold=True)
        order = FINDINGS[::-1]
        own = self.now.record.judgement
        self._five(Interview.decide, order.index(own.finding) if own else None)
        return True

    # -- keeping -----------------------------------------------------------------------------------

    def _offer_to_save(self) -> None:
        """Nothing is dropped without a word: a file, or the word typed out."""
        say = self.say
        if self.store is not None or self.now.record.revision == self.kept:
            return
        try:
            while True:
                typer.echo(
                    paragraph(
                        say(
                            "What you typed is only in memory. Save it to an encrypted file? Type a"
                            " file name, or '{forget}' to forget it.",
                            **self.keys,
                        )
                    )
                )
                said = self._read(f"[{self.target}] >" if self.target else ">")
                letter = letter_of(said, self.language)
                if letter == "drop":
                    return
                if letter in tuple("bnlq?"):
                    continue  # a slip of the hand, and no name for a file
                target = Path(said) if said else self.target
                if target is not None and self._saved(
                    target if target.suffix == SUFFIX else target.with_name(target.name + SUFFIX)
                ):
                    return
        except (EOFError, KeyboardInterrupt):
            self._gone()
        except _Stop:  # from within the danger dialogue
            self._offer_to_save()

    def _gone(self) -> NoReturn:
        typer.echo()
        raise UsageError("U303.interview_lost")

    def _saved(self, path: Path) -> bool:
        try:
            written(self.now.record, path, self.own, self.say, self._danger)
        except ScreeningError as error:
            typer.echo(str(error.into(self.say)))
            return False
        self.kept, self.own = self.now.record.revision, path
        typer.echo(self.say("Saved: {path}", path=path))
        return True
