"""What the terminal shows where somebody is in danger: what to do, and whom to call."""

from __future__ import annotations

from datetime import date

import typer

from screening.answers import Profile
from screening.checklist import Checklist
from screening.cli.terminal import paragraph
from screening.contacts import contacts_or_defaults
from screening.i18n import words

__all__ = ["every_step", "print_help", "print_numbers"]


def print_help(checklist: Checklist, profile: Profile, language: str) -> None:
    """What to do at once where somebody is in danger, in few words where the list has them, and
    whom to call.
    """
    texts = checklist.texts(language)
    typer.secho(words(language)("Help first"), bold=True)
    steps = [s.id for s in checklist.steps_now(profile)]
    short = [said for s in steps if (said := texts.get("steps", s, "short"))]
    for n, said in enumerate(short or [texts.get("steps", s, "text") for s in steps], 1):
        typer.echo(paragraph(f"{n}. {said}", "  ", "     "))
    print_numbers(checklist, language)


def every_step(checklist: Checklist, profile: Profile, language: str) -> str:
    """The same in full."""
    texts = checklist.texts(language)
    return " ".join(texts.get("steps", s.id, "text") for s in checklist.steps_now(profile))


def print_numbers(checklist: Checklist, language: str) -> None:
    """Every number that can be called, and how far it was checked; the list's own where the
    station's contacts cannot be read (S7).
    """
    say = words(language)
    called = contacts_or_defaults(checklist, language, None, date.today())
    typer.secho(say("Whom to call"), bold=True)
    for c in called.numbered:
        typer.echo(paragraph(f"{c.number}  {c.name} ({c.standing(language)})", "  ", "     "))
    if called.fault is not None:
        fault = say("Your station's contacts cannot be read; the list's own numbers are shown.")
        typer.echo(paragraph(f"{fault} {called.fault.into(say)}", "  "))
