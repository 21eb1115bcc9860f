"""A course on invented cases in a terminal, line by line, so that a serial line will do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import typer

from screening.checklist import Checklist, Vignettes
from screening.checklist.schema import FINDINGS
from screening.cli.keyboard import letter_of, read_line
from screening.cli.terminal import paragraph
from screening.course import (
    TOLD,
    Course,
    agreement,
    course_sets,
    feedback,
)
from screening.course.feedback import age_words, course_told, told_words
from screening.course.files import (
    course_bytes,
    share_words,
)
from screening.errors import ScreeningError, UsageError, nearest
from screening.files.atomic import OutputFile
from screening.i18n import LANGUAGES, Words

__all__ = ["Talk", "chosen_set"]

AGAIN = 8  # indicators named at the end


class _Stop(Exception):
    """The person at the keyboard wants to stop and keep."""


class _Back(Exception):
    """Back to the step before."""


# -- reading a line --------------------------------------------------------------------------------


def _choose(
    options: Sequence[str],
    say: Words,
    empty: int | None = None,
    story: Callable[[], None] | None = None,
    inline: bool = False,
) -> int:
    """The place of the option chosen."""
    if inline:
        typer.echo("  " + "   ".join(f"{n}  {option}" for n, option in enumerate(options, 1)))
    else:
        for n, option in enumerate(options, 1):
            typer.echo(paragraph(f"{n}  {option}", "  ", "     "))
    while True:
        said = letter_of(read_line(">"), say.language)
        if said.isascii() and said.isdigit() and 1 <= int(said) <= len(options):
            return int(said) - 1
        if said == "" and empty is not None:
            return empty
        if said == "b":
            raise _Back
        if said == "q":
            raise _Stop
        if said == "s" and story is not None:
            story()
        else:
            typer.echo(
                say(
                    "Type a number from 1 to {n}, or {back} {story} {stop}.",
                    n=len(options),
                    **LANGUAGES[say.language].keys,
                )
            )


def chosen_set(checklist: Checklist, set_id: str | None, language: str, say: Words) -> Vignettes:
    """The set asked for; where none is named and there are several, the person chooses."""
    sets = course_sets(checklist)
    if set_id is None and len(sets) > 1 and sys.stdin.isatty():
        typer.echo(say("Which vignettes?"))
        found = list(sets.values())
        try:
            return found[_choose([s.title(language) for s in found], say)]
        except (_Stop, _Back, EOFError):
            raise typer.Abort from None
    wanted = set_id or next(iter(sets), "")
    if wanted not in sets:
        if not sets:
            raise UsageError("U305.no_set", place="--set", checklist=checklist.id)
        raise UsageError(
            "U305.set_unknown",
            place="--set",
            near=nearest(wanted, sets),
            checklist=checklist.id,
            wanted=wanted,
            sets=list(sets),
        )
    return sets[wanted]


class Talk:
    """One sitting.

    `now` is always what is kept; a slip of the hand is put right by going back until the key is
    shown.
    """

    def __init__(
        self, now: Course, say: Words, language: str, target: Path | None, own: bool
    ) -> None:
        self.now, self.say, self.language = now, say, language
        self.target, self.own = (
            target,
            own,
        )  # own: the file holds this course already, so it may be replaced
        self.texts, self.keys = now.checklist.texts(language), LANGUAGES[language].keys
        self.told = list(told_words(say).values())
        self.kept = now.record if own else None

    def start(self, overwrite: bool) -> None:
        """Say how it works; what cannot be kept is said now and not after the first vignette."""
        say, course = self.say, self.now
        self.own = self.own or overwrite
        if self.target is not None:
            self._keep()
        typer.secho(
            say("Course {code}", code=course.record.code)
            + ": "
            + course.vignettes.title(self.language),
            bold=True,
        )
        typer.echo(
            paragraph(
                say(
                    "Invented cases. Nothing here is about a person met, and nothing is a mark for"
                    " the one who practises."
                )
            )
        )
        if standing := course.vignettes.standing(self.language, say):
            typer.echo(paragraph(standing))
        typer.echo(
            paragraph(
                say(
                    "Answer with a number. Enter is not told, which is open and never no."
                    " {back} back, {story} the story again, {stop} stop and keep.",
                    **self.keys,
                )
            )
        )
        if self.target is None:
            typer.echo(
                paragraph(
                    say("Without {option} what you do is in memory only.", option="--keep FILE")
                )
            )

    def run(self) -> None:
        try:
            while (vignette := self.now.next()) is not None:
                self._vignette(vignette)
                if self.now.next() is not None:
                    self._onward()
            self._summary()
        except (_Stop, EOFError, KeyboardInterrupt):
            typer.echo()
            if self.now.record.done:
                self._summary()
        self._offer()

    def _onward(self) -> None:
        while True:
            asked = self.say("Enter for the next vignette, {stop} to stop and keep:", **self.keys)
            said = letter_of(read_line(asked), self.language)
            if said == "q":
                raise _Stop
            if said == "":
                return

    # -- one vignette ------------------------------------------------------------------------------

    def _vignette(self, vignette: str) -> None:
        say, course = self.say, self.now
        lesson, place = course.lesson(vignette), course.record.vignettes.index(vignette) + 1
        typer.echo()
        typer.secho(
            say("Vignette {n} of {of}", n=place, of=len(course.record.vignettes))
            + ": "
            + course_told(course, vignette, "title", self.language),
            bold=True,
        )
        self._story(vignette)
        steps = ["", *lesson.items]  # the judgement comes first, before any item (S9)
        begun = course.begun(vignette)
        at = (
            0
            if begun.judgement is None
            else next((n for n, i in enumerate(steps) if i and i not in begun.answers), len(steps))
        )
        while True:
            try:
                if at == len(steps):
                    said = letter_of(
                        read_line(
                            say(
                                "Enter shows the key, {back} goes back, {stop} stops and keeps:",
                                **self.keys,
                            )
                        ),
                        self.language,
                    )
                    if said in ("b", "q"):
                        raise _Back if said == "b" else _Stop
                    if said == "":
                        break
                    continue
                self._step(vignette, steps, at)
                at += 1
            except _Back:
                at = max(0, at - 1)
        self.now, _ = self.now.finish(vignette, self.now.begun(vignette))
        try:
            if self.target is not None:
                self._keep()
        except (
            ScreeningError
        ) as error:  # a full disk ends no course: at the end another place is asked for
            typer.echo(str(error))
        self._feedback(vignette)

    def _story(self, vignette: str) -> None:
        age = age_words(self.now.cases[vignette], self.say)
        typer.echo(
            paragraph(f"({age}) " + course_told(self.now, vignette, "story", self.language), "  ")
        )
        if taken := self.now.lesson(vignette).taken_as_told:
            typer.echo(
                paragraph(
                    self.say.plural(
                        "{n} more indicator was gone through in the story and is taken as the key"
                        " has it.",
                        "{n} more indicators were gone through in the story and are taken as the"
                        " key has them.",
                        taken,
                    ),
                    "  ",
                )
            )

    def _step(self, vignette: str, steps: Sequence[str], at: int) -> None:
        say, begun, item = self.say, self.now.begun(vignette), steps[at]
        typer.echo()
        if not item:
            typer.secho(say("What do you think yourself?"), bold=True)
            order = FINDINGS[::-1]
            before = order.index(begun.judgement) if begun.judgement else None
            chosen = order[
                _choose(
                    [self.texts.get("findings", f, "label") for f in order],
                    say,
                    before,
                    lambda: self._story(vignette),
                )
            ]
            attempt = replace(begun, judgement=chosen)
        else:
            section = self.now.checklist.section_of(item)
            typer.echo(f"{at}/{len(steps) - 1} · " + self.texts.get("sections", section, "title"))
            typer.secho(paragraph(self.texts.statement(item)), bold=True)
            if rule := self.texts.rule(item):
                typer.secho(paragraph(rule, "  "), dim=True)
            told = begun.answers.get(item, "not_told")
            if item in begun.answers:
                typer.echo("  " + say("Recorded: {answer}", answer=self.told[TOLD.index(told)]))
            attempt = replace(
                begun,
                answers={
                    **begun.answers,
                    item: TOLD[
                        _choose(
                            self.told,
                            say,
                            TOLD.index(told),
                            lambda: self._story(vignette),
                            inline=True,
                        )
                    ],
                },
            )
        self.now = self.now.note(vignette, attempt)

    def _feedback(self, vignette: str) -> None:
        say, f = self.say, feedback(self.now, vignette, self.language)
        typer.echo()
        typer.secho(f.judgement, bold=True)
        for line in f.first:
            typer.echo(paragraph(line, "  "))
        if f.rule:
            typer.echo(paragraph(say("What counts") + ": " + f.rule, "  "))
        typer.echo(paragraph(f.whole, "  "))
        typer.echo(paragraph(" ".join(p for p in (say("Why") + ": " + f.why, f.basis) if p), "  "))
        if f.owed:
            typer.echo(paragraph(say("What the person is owed, whatever the finding") + ":", "  "))
        for line in f.owed:
            typer.echo(paragraph(line, "  - ", "    "))
        typer.echo(paragraph(say("The tempting mistake") + ": " + f.mistake, "  "))
        if f.tempting:
            typer.secho(paragraph(f.tempting, "  "), bold=True)
        for title, items in f.rest:
            typer.echo(paragraph(f"{title}: {'; '.join(items)}", "  ", "    "))
        if f.twin:
            typer.echo(paragraph(f.twin, "  "))

    def _summary(self) -> None:
        say, a = self.say, agreement(self.now)
        typer.echo()
        typer.secho(say("{n} of {of} vignettes", n=a.done, of=a.of), bold=True)
        typer.echo(
            "  "
            + say("Answers that say what the key says")
            + ": "
            + share_words(asdict(a.answers), say)
        )
        typer.echo(
            "  "
            + say("Judgements that equal the key's finding")
            + ": "
            + share_words(asdict(a.equal), say)
        )
        if a.again:
            typer.echo("  " + say("To look at again") + ":")
            for indicator in a.again[:AGAIN]:
                typer.echo(paragraph(self.texts.statement(indicator), "  - ", "    "))

    # -- keeping -----------------------------------------------------------------------------------

    def _keep(self) -> None:
        """The course as it is now, whole or not at all."""
        assert self.target is not None
        if self.kept == self.now.record:
            return
        with OutputFile(self.target, overwrite=self.own) as out:
            out.write(course_bytes(self.now.record))
        self.kept, self.own = self.now.record, True

    def _offer(self) -> None:
        """What was done is kept where FILE says; without one, or where it cannot be written, the
        person says where.
        """
        say = self.say
        if self.kept is None and not self.now.record.done and not self.now.record.begun:
            return
        try:
            while self.kept != self.now.record:
                try:
                    if self.target is None:
                        typer.echo(
                            paragraph(
                                say(
                                    "What you did is only in memory. Type a file name to keep it,"
                                    " or '{forget}' to forget it.",
                                    **self.keys,
                                )
                            )
                        )
                        said = read_line(">")
                        if letter_of(said, self.language) == "drop":
                            return
                        self.target, self.own = (Path(said), False) if said else (None, False)
                        continue
                    self._keep()
                except ScreeningError as error:
                    typer.echo(str(error))
                    self.target = None
        except (EOFError, KeyboardInterrupt):
            typer.echo()
            raise UsageError("U303.course_lost") from None
        typer.echo(say("Kept: {path}", path=self.target))
