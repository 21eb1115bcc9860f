"""After the first page: what was judged and found, what was already asked, what was done for
safety, what to do next, and the law.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.answers import Answer
from screening.interview import PRECONDITIONS
from screening.paper.letter.writing import Block, Writing, shown
from screening.scoring.assessment import NextStep
from screening.scoring.explain import Row, step_deadline

__all__ = ["body"]


def body(w: Writing) -> Iterator[Block]:
    """Its blocks, in reading order; in danger without a finding, which nobody has judged yet."""
    say = w.say
    if not w.urgent:
        yield Block("judged", say("What was judged"), tuple(_judged(w)))
    yield Block("found", say("What was found"), tuple(_found(w)))
    yield Block("already", say("Already asked or seen: do not repeat"), tuple(_already(w)))
    yield Block("safety", say("What was done for safety"), tuple(_safety(w)))
    if steps := tuple(_steps(w)):
        yield Block("steps", say("What to do next"), steps)
    yield Block("law", say("Legal basis"), tuple(Row(s.title) for s in w.laws))
    yield Block("foot", "", tuple(_foot(w)))


def _judged(w: Writing) -> Iterator[Row]:
    say, a = w.say, w.a
    yield Row(a.statement, w.label(a.finding))
    for lead, judgement in (
        (say("The officer's own judgement, before the finding"), w.record.judgement),
        (say("What the officer decided"), w.record.decision),
    ):
        if judgement is not None:
            yield Row(w.label(judgement.finding), lead, shown(judgement.why))
    if w.record.decision is not None and w.record.decision.finding != a.finding:
        yield Row(say("The officer's decision differs from the finding."))
    yield Row(say("This is not a decision. A person decides, and may decide otherwise."))


def _found(w: Writing) -> Iterator[Row]:
    """Every sign that was answered yes, danger first, then the weightiest; and each yes that does
    not count, with its reason.
    """
    say = w.say
    signs = [c for c in w.a.contributions if c.kind in ("danger", "sign") and c.indicator]
    order = sorted(signs, key=lambda c: (c.kind != "danger", 0 if w.urgent else -c.points))
    for c in order:
        yield Row(
            w.statement(c.indicator or ""), note=w.behind(w.given(c.indicator or ""), c.sources)
        )
    if not order:
        yield Row(say("No sign has been answered yes."))
    for i in w.i.not_counted:
        if w.record.answers[i].answer is Answer.YES:
            known = i in w.i.checklist.indicators
            why = (
                say("recorded as yes, and not counted because of what was said about the meeting")
                if known
                else say("recorded as yes; this version of the list does not have it")
            )
            behind = w.behind(w.given(i))
            yield Row(w.statement(i), note="; ".join(p for p in (why, behind) if p))
    for i, given in w.record.answers.items():
        protective = (
            i in w.i.checklist.indicators
            and given.answer is Answer.YES
            and i not in w.i.not_counted
            and i not in {c.indicator for c in order}
        )
        if protective:
            yield Row(w.statement(i), note=w.behind(given))
    if told := w.language_of_notes():
        yield Row(told)


def _already(w: Writing) -> Iterator[Row]:
    """What was answered in any other way than yes, and what was left open with a note: whoever asks
    next must not ask it again.
    """
    say = w.say
    said = {
        Answer.NO: say("No"),
        Answer.UNKNOWN: say("Not known"),
        Answer.REFUSED: say("Refused"),
        Answer.NOT_APPLICABLE: say("Does not apply"),
        Answer.NOT_ASKED: say("Left open"),
    }
    order = list(w.i.checklist.indicators)
    told = sorted(
        (i for i in w.record.answers if w.record.answers[i].answer is not Answer.YES),
        key=lambda i: (
            list(said).index(w.record.answers[i].answer),
            order.index(i) if i in order else len(order),
        ),
    )
    for i in told:
        given = w.record.answers[i]
        yield Row(w.statement(i), said[given.answer], w.behind(given))
    yield Row(
        say(
            "What is written here and under “{found}” was asked or looked at. Do not ask it again;"
            " a refusal stands. Not known is not no.",
            found=say("What was found"),
        )
    )


def _safety(w: Writing) -> Iterator[Row]:
    for precondition in PRECONDITIONS:
        if precondition == "representative" and w.a.profile != "child":
            continue
        if precondition != "danger":
            yield w.precondition(precondition)
    protocol = w.i.protocol
    for fact in protocol.facts:
        given = w.record.facts.get(fact, "unknown")
        if given != "unknown" and fact != protocol.company:
            yield Row(
                protocol.words("facts", fact, given, w.language),
                protocol.words("facts", fact, "title", w.language),
            )


def _steps(w: Writing) -> Iterator[Row]:
    """Every step in its order; one that is about a form of exploitation only where that form is
    in question.
    """
    about = {s.id: s.form for s in w.i.checklist.steps}
    forms = {f.form for f in w.a.forms if f.indicators}
    for s in w.a.next_steps:
        of = about.get(s.id)
        if (of is None or of in forms) and (not w.urgent or w.a.finding == "act_now"):
            yield _step(w, s)


def _step(w: Writing, s: NextStep) -> Row:
    behind = f"{w.role(s.who)} {w.cite(s.sources)}".strip()
    return Row(w.texts.get("steps", s.id, "text"), step_deadline(s, w.say), behind)


def _foot(w: Writing) -> Iterator[Row]:
    say = w.say
    if standing := w.texts.standing(say):
        yield Row(standing)
    yield Row(
        say(
            "For the office it is sent to. Not to be handed to the person: it can put them in"
            " danger."
        )
    )
