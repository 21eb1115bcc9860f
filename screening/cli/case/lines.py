"""Cases and work lists in lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import typer

from screening.casebook.steps import step_words
from screening.casebook.wording import SECTION_WORDS
from screening.cli.terminal import paragraph
from screening.scoring.wording import shortened

if TYPE_CHECKING:
    from screening.casebook.state import CaseState
    from screening.casebook.steps import Step
    from screening.casebook.worklist import CaseLine, CaseList
    from screening.cli.case.desk import Desk

__all__ = ["case_lines", "headline", "print_list", "step_line"]


def _person(desk: Desk, profile: str, age: int | None) -> str:
    say = desk.say
    word = say("child") if profile == "child" else say("adult")
    return f"{word}, {say('age not known') if age is None else say('age {age}', age=age)}"


def headline(desk: Desk, state: CaseState) -> str:
    """A case in one line."""
    say, now = desk.say, state.now
    found = desk.texts.get("findings", now.finding, "label") if now else say("not screened yet")
    parts = [state.case, found, _person(desk, state.profile, state.age)]
    parts.append(say("with {owner}", owner=state.owner) if state.owner else say("nobody has it"))
    if state.offer:
        parts.append(say("offered to {to}", to=state.offer.to))
    if state.closed:
        parts.append(say("closed"))
    return "  ".join(parts[:2]) + "  " + ", ".join(parts[2:])


def step_line(desk: Desk, step: Step) -> str:
    """A step: its day, its key, what it is and whose."""
    say = desk.say
    if step.done_on is not None:
        when = say("done on {day}", day=step.done_on.isoformat())
    else:
        when = _by(desk, step.day, step.overdue(desk.on))
    who = step.person or desk.texts.get("roles", step.who, "name")
    told = f"{when}  [{step.key}] {step_words(step.id, desk.texts, say)}"
    return told + (f" ({who})" if who else "")


def _by(desk: Desk, day: date, overdue: bool) -> str:
    return f"{day.isoformat()}{', ' + desk.say('overdue') if overdue else ''}"


def print_list(desk: Desk, found: CaseList) -> None:
    """The work list, section by section."""
    say = desk.say
    typer.secho(say.plural("Work list: {n} case", "Work list: {n} cases", found.total), bold=True)
    section = ""
    for number, line in enumerate(found, 1):
        if line.section != section:
            section = line.section
            typer.echo()
            typer.secho(f"{say(SECTION_WORDS[section])} ({found.counts[line.section]})", bold=True)
        label = desk.texts.get("findings", line.finding, "label")
        typer.echo(
            f"{number:>3}. {typer.style(label, bold=True)}  {line.case}  {_about(desk, line)}"
        )
        for lead, text in _told(desk, line):
            typer.echo(paragraph(f"{lead}: {text}", "     ", "       "))
    if more := found.total - len(found):
        typer.echo()
        typer.echo(say.plural("and {n} more", "and {n} more", more))


def _about(desk: Desk, line: CaseLine) -> str:
    say = desk.say
    parts = [_person(desk, line.profile, line.age)]
    if line.days is not None:
        parts.append(
            say.plural("met {n} day ago", "met {n} days ago", line.days)
            if line.days
            else say("met today")
        )
    parts.append(say("with {owner}", owner=line.owner) if line.owner else say("nobody has it"))
    if line.offered_to:
        parts.append(say("offered to {to}", to=line.offered_to))
    return ", ".join(parts)


def _told(desk: Desk, line: CaseLine) -> Iterator[tuple[str, str]]:
    say, texts = desk.say, desk.texts
    if line.reasons:
        yield say("Why"), shortened([texts.statement(i) for i in line.reasons], say, 2)
    else:
        yield (
            say("Why"),
            say(
                "{answered} of {relevant} answered, no sign yes so far",
                answered=line.answered,
                relevant=line.relevant,
            ),
        )
    if line.finding != "act_now" and line.finding_high != line.finding:
        yield (
            say("Could become, without danger"),
            texts.get("findings", line.finding_high, "label"),
        )
    if line.due is not None:
        about = f" ({line.about})" if line.about else ""
        yield (
            say("Your step"),
            f"{_by(desk, line.due, line.overdue)}: {step_words(line.step, texts, say)}{about}",
        )
    elif line.next_due is not None:
        who = texts.get("roles", line.next_role, "name") or line.next_role
        when = _by(desk, line.next_due, line.next_due < desk.on)
        yield say("Others' step"), f"{when}: {step_words(line.next_step, texts, say)} ({who})"
    else:
        yield say("Your step"), say("nothing is planned: set a day")
    if line.question and line.section != "danger":
        yield say("Find out next"), texts.statement(line.question)
    if line.siblings:
        yield say("Siblings"), ", ".join(line.siblings)
    if line.changed and line.section != "changed":
        yield say("Changed since you last looked"), say("yes")


def case_lines(desk: Desk, state: CaseState) -> Iterator[tuple[str, list[str]]]:
    """A case as sections of lines: what a person needs who takes it over."""
    say, texts = desk.say, desk.texts
    yield (
        say("Meetings"),
        [
            "  ".join(filter(None, (e.on.isoformat(), e.by, e.place, e.company, e.channel)))
            for e in state.encounters
        ],
    )
    yield (
        say("Finding"),
        [
            f"{s.on.isoformat()}  {texts.get('findings', s.finding, 'label')} ({s.points})"
            for n, s in enumerate(state.screenings)
            if not n
            or state.screenings[n - 1].finding != s.finding
            or n == len(state.screenings) - 1
        ],
    )
    answer = _answers(desk)
    yield (
        say("Answers"),
        [
            f"{texts.statement(i)}: {' -> '.join(dict.fromkeys(answer[g.answer] for g in history))}"
            for i, history in state.answers.items()
            if len({g.answer for g in history}) > 1 or history[-1].answer == "yes"
        ],
    )
    yield say("To do"), [step_line(desk, s) for s in state.open_steps]
    yield (
        say("Done"),
        [
            f"{step_line(desk, s)}{': ' + s.note if s.note else ''}"
            for s in state.steps
            if not s.open
        ],
    )
    yield (
        say("Referrals"),
        [
            f"{r.id}  {r.to}: "
            + ", ".join(f"{state_} {on.isoformat()}" for on, state_, _ in r.history)
            for r in state.referrals
        ],
    )
    yield (
        say("Links"),
        [
            f"{x.relation}  {x.other}"
            + {None: "", True: f"  {say('holds')}", False: f"  {say('does not hold')}"}[x.holds]
            for x in state.links
        ],
    )
    yield (
        say("Formal identification"),
        [
            f"{i.on.isoformat()}  {i.authority}, {i.who}: {i.result} {i.form}".rstrip()
            for i in state.identifications
        ],
    )
    yield (
        say("Help given"),
        [f"{a.started.isoformat()} - {a.ended or ''}  {a.what}" for a in state.assistance],
    )
    yield (
        say("Closing"),
        [
            f"{c.on.isoformat()}  {c.by}: {c.reason} {c.text} {c.despite}".rstrip()
            + (f"; {c.confirmed_on.isoformat()}  {c.confirmed_by}" if c.confirmed_on else "")
            for c in state.closures
        ],
    )
    yield say("Notes"), [f"{n.on.isoformat()}  {n.by}: {n.text}" for n in state.notes]


def _answers(desk: Desk) -> dict[str, str]:
    say = desk.say
    return {
        "yes": say("Yes"),
        "no": say("No"),
        "unknown": say("Not known"),
        "refused": say("Refused"),
        "not_asked": say("Not asked"),
        "not_applicable": say("Does not apply"),
    }
