"""How the finding was worked out, and from which sources: for whoever checks it.

It stands on pages of its own, because what is open, counted or unread can be turned against the
person in a court file.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.paper.letter.writing import Block, Writing
from screening.scoring.explain import Row
from screening.scoring.wording import basis, needs_open

__all__ = ["annex"]

MOST_OPEN = 8


def annex(w: Writing) -> Iterator[Block]:
    """Its blocks, in reading order; none before somebody has judged (S9)."""
    say = w.say
    if w.urgent:
        return
    yield Block(
        "annex",
        say("Annex: how the finding was worked out"),
        (Row(say("For whoever checks it. It does not belong in a case file or before a court.")),),
        "annex",
    )
    yield Block("reach", say("How far it could still move"), tuple(_reach(w)), "annex")
    if w.a.warnings:
        lines = tuple(Row(warning) for warning in w.a.warnings)
        yield Block("check", say("To check"), lines, "annex")
    yield Block("open", say("What is not known"), tuple(_open(w)), "annex")
    yield Block(
        "sources",
        say("Sources, and whether anyone here read them"),
        tuple(w.cite.rows(w)),
        "annex",
    )
    yield Block("origin", say("Where this comes from"), tuple(_origin(w)), "annex")


def _reach(w: Writing) -> Iterator[Row]:
    say, a = w.say, w.a
    if a.settled:
        yield Row(say("No open question can change this finding."))
    else:
        yield Row(
            say(
                "Could still become: {finding}; without danger: {aside}. Answered so far:"
                " {answered} of {relevant}.",
                finding=w.label(a.finding_high),
                aside=w.label(a.danger.finding_high_without),
                answered=a.answered,
                relevant=a.relevant,
            )
        )
    if rests := basis(a, w.texts, say):
        yield Row(rests)
    if unknown := needs_open(a, w.texts, say):
        yield Row(unknown)


def _open(w: Writing) -> Iterator[Row]:
    """The most telling questions; the sender has the whole list."""
    say, questions = w.say, w.a.open_questions
    for q in questions[:MOST_OPEN]:
        yield Row(w.texts.statement(q.indicator), note=q.why)
    if len(questions) > MOST_OPEN:
        yield Row(
            say.plural(
                "and {n} more open question",
                "and {n} more open questions",
                len(questions) - MOST_OPEN,
            )
        )
    yield Row(say("Not known is not no."))


def _origin(w: Writing) -> Iterator[Row]:
    say, a = w.say, w.a
    yield Row(f"{a.checklist.id} {a.checklist.version} ({a.checklist.sha256[:12]})", say("List"))
    yield Row(f"{a.weights.id} ({a.weights.sha256[:12]})", say("Weights"))
    if not w.i.same_list:
        yield Row(w.i.moved(w.language))
    yield Row(a.receipt, say("Receipt"), a.engine)
