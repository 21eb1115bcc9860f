"""The two axes in words: what the finding rests on, and what the person is owed in any case.

Every face takes its rows from here or from `explain`; none says it in words of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from screening.checklist.scale import CORROBORATING
from screening.checklist.texts import Texts
from screening.i18n import Words
from screening.scoring.assessment import Assessment, NeedResult, SourceCited

__all__ = ["Row", "basis", "need_row", "needs_open", "needs_present", "shortened", "within_words"]

_SIGNS = 3  # of a need or of a finding's basis; the rest is counted


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a short lead (points, a deadline, a mode), the text, and what stands behind it."""

    text: str
    lead: str = ""
    note: str = ""


def within_words(hours: int, say: Words) -> str:
    """`at once`, `within 24 hours`, `within 7 days`."""
    if hours == 0:
        return say("At once")
    if hours % 24 or hours == 24:
        return say.plural("Within {n} hour", "Within {n} hours", hours)
    return say.plural("Within {n} day", "Within {n} days", hours // 24)


def shortened(items: Sequence[str], say: Words, most: int = _SIGNS) -> str:
    """The first few, and how many more there are."""
    more = len(items) - most
    rest = say.plural("; and {n} more", "; and {n} more", more) if more > 0 else ""
    return "; ".join(items[:most]) + rest


def needs_present(a: Assessment) -> list[NeedResult]:
    """What is owed for certain, most urgent first."""
    return [need for need in a.needs if need.state == "present"]


def need_row(
    need: NeedResult, texts: Texts, say: Words, cite: Callable[[list[SourceCited]], str]
) -> Row:
    """A present need: by when, what, who sees to it, because of which signs."""
    signs = shortened([texts.statement(i) for i in need.indicators], say)
    who = texts.get("roles", need.who, "name")
    return Row(
        f"{texts.get('needs', need.id, 'name')}: {texts.get('needs', need.id, 'text')}",
        lead=within_words(need.hours, say),
        note=f"{who}. {say('Why')}: {signs} {cite(need.sources)}".rstrip(),
    )


def needs_open(a: Assessment, texts: Texts, say: Words) -> str:
    """The needs that an open answer could show, in one line; nothing where there are none."""
    names = [texts.get("needs", need.id, "name") for need in a.needs if need.state == "open"]
    return (
        say("Not known yet whether this is owed: {needs}.", needs="; ".join(names)) if names else ""
    )


def basis(a: Assessment, texts: Texts, say: Words) -> str:
    """Where the recorded points are beside the line, and what carries them; nothing where a list's
    own rules decide.
    """
    line = a.line
    if line is None:
        return ""
    told = [
        say.plural(
            "{n} point; the line for a referral is {line}.",
            "{n} points; the line for a referral is {line}.",
            a.points,
            line=line.points,
        )
    ]
    if line.alone:
        told.append(
            say.plural(
                "This sign reaches the line alone: {signs}.",
                "Each of these signs reaches the line alone: {signs}.",
                len(line.alone),
                signs="; ".join(map(texts.statement, line.alone)),
            )
        )
    if line.telling:
        told.append(
            say.plural(
                "Telling signs of {n} fact: {signs}.",
                "Telling signs of {n} different facts: {signs}.",
                len(line.telling),
                signs=shortened(
                    [" / ".join(map(texts.statement, fact)) for fact in line.telling], say
                ),
            )
        )
    if not line.alone and len(line.telling) < CORROBORATING:
        told.append(
            say(
                "A referral rests on telling signs of {n} different facts, or on one that reaches"
                " the line alone.",
                n=CORROBORATING,
            )
        )
    if line.soft:
        told.append(
            say(
                "Signs that are not telling count at most {n} together.",
                n=line.soft_most,
            )
        )
    return " ".join(told)
