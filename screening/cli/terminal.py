"""How results look in a terminal: plain text, wrapped, bold only where a person is looking.

Serial lines cope with it.
"""

from __future__ import annotations

import math
import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from screening.cli.asked import asked
from screening.cli.console import visible
from screening.errors import Notice
from screening.i18n import Words, not_all, words

if TYPE_CHECKING:
    from screening.checklist.texts import Texts
    from screening.scoring.explain import Section
    from screening.scoring.triage import NeedDue, WorkItem

__all__ = [
    "INVENTED",
    "columns",
    "number",
    "paragraph",
    "print_explanation",
    "print_work_list",
    "warn",
    "warn_of_english",
]

INVENTED = "Invented cases: they test and teach, and are evidence of nothing in the field."
WIDEST = 100
_COLOURS = {"act_now": "red", "refer": "yellow", "look_further": "cyan"}


def width() -> int:
    """Columns to write in: the terminal's, between 40 and 100."""
    return max(40, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def warn(lines: Iterable[str]) -> None:
    """Warnings go to stderr, one line each; notices in the language of the command."""
    for line in lines:
        if isinstance(line, Notice):
            line = line.into(asked())
        typer.echo(f"screening: {visible(line)}", err=True)


def warn_of_english(texts: Texts) -> None:
    """That words were said in English for want of others; at the end, when they were said."""
    if texts.lacking or words(texts.language).missed:
        warn([not_all(words(texts.language))])


def paragraph(text: str, indent: str = "", hanging: str = "") -> str:
    """Text as a paragraph of the terminal's width."""
    return textwrap.fill(
        text,
        width(),
        initial_indent=indent,
        subsequent_indent=hanging or indent,
        break_on_hyphens=False,
    )


def print_explanation(sections: Sequence[Section], title: str) -> None:
    """An explanation, section by section."""
    typer.secho(title, bold=True)
    for section in sections:
        typer.echo()
        typer.secho(section.title, bold=True)
        for row in section.rows:
            lead = (
                ""
                if not row.lead
                else (
                    f"{row.lead:>4} "
                    if row.lead.startswith(("+", "-", "=", "["))
                    else f"{row.lead}: "
                )
            )
            typer.echo(paragraph(lead + row.text, "  ", "      "))
            if row.note:
                typer.secho(paragraph(row.note, "      ", "      "), dim=True)


def print_work_list(items: Mapping[int, WorkItem], texts: Texts, title: str) -> None:
    """Items of the work list by their place in it: a line each, then why, what is due, and the next
    question.
    """
    say = words(texts.language)
    typer.secho(title, bold=True)
    for number, item in items.items():
        label = texts.get("findings", item.finding, "label")
        typer.echo()
        typer.echo(
            f"{number:>3}. "
            + typer.style(label, bold=True, fg=_COLOURS.get(item.finding))
            + f"  {item.case_id}  {_who(item, say)}"
        )
        for lead, text in _lines(item, texts, say):
            typer.echo(paragraph(f"{lead}: {text}", "     ", "       "))


def _who(item: WorkItem, say: Words) -> str:
    age = say("age {age}", age=item.age) if item.age is not None else say("age not known")
    parts = [say("child") if item.profile == "child" else say("adult"), age]
    if item.days is not None:
        parts.append(say.plural("{n} day waiting", "{n} days waiting", item.days))
    return ", ".join(parts)


def _lines(item: WorkItem, texts: Texts, say: Words) -> Iterable[tuple[str, str]]:
    from screening.scoring.wording import shortened

    if item.reasons:
        yield say("Why"), shortened(item.reasons, say)
    else:
        yield (
            say("Why"),
            say(
                "{answered} of {relevant} answered, no sign yes so far",
                answered=item.answered,
                relevant=item.relevant,
            ),
        )
    if item.finding != "act_now" and item.finding_high_without_danger != item.finding:
        yield (
            say("Could become, without danger"),
            texts.get("findings", item.finding_high_without_danger, "label"),
        )
    yield say("Due"), f"{_when(item, say)}: {item.step} ({item.role})"
    for need in item.needs:
        yield say("Owed"), f"{_when(need, say)}: {need.name} ({need.role})"
    if item.question:
        modes = {
            "ask": say("Ask next"),
            "observe": say("Observe next"),
            "document": say("Check next"),
        }
        yield modes[item.question_mode], item.question


def _when(due: WorkItem | NeedDue, say: Words) -> str:
    """By when, with its date where one is known, and whether that has passed."""
    from screening.scoring.wording import within_words

    when = within_words(due.hours, say)
    if due.due is not None and due.hours:
        when += f" ({due.due.isoformat()}{', ' + say('overdue') if due.overdue else ''})"
    return when


def columns(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """A plain table; the last column may run on."""
    table = [list(header), *[list(r) for r in rows]]
    widths = [max(len(row[n]) for row in table) for n in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def number(value: float) -> str:
    """A figure with three places; NaN is a figure that is not defined."""
    return "not defined" if math.isnan(value) else f"{value:.3f}"
