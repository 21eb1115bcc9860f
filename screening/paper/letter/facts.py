"""The first page: who writes to whom, what happened, where the person is, danger and needs, what is
asked by when, the signature, and the slip that comes back.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.i18n import day_in_words
from screening.paper.letter.fields import field_words
from screening.paper.letter.writing import Block, Writing, shown
from screening.scoring.explain import Row
from screening.scoring.wording import needs_present

__all__ = ["first_page", "slip"]


def first_page(w: Writing) -> Iterator[Block]:
    """Its blocks, in reading order."""
    say = w.say
    yield Block("head", "", tuple(_head(w)), "first")
    yield Block("urgency", "", tuple(_urgency(w)), "first")
    yield Block("happened", say("What happened"), tuple(_happened(w)), "first")
    yield Block("needs", say("Danger and needs"), tuple(_danger(w)), "first")
    yield Block("asked", say("What is asked of you"), tuple(_asked(w)), "first")
    yield Block("sign", "", tuple(_sign(w)), "first")


def _head(w: Writing) -> Iterator[Row]:
    say = w.say
    yield Row(w.typed("to"), say("To"))
    yield Row(w.sender, say("From"), shown(w.called.address))
    yield Row(shown(w.record.case_id), say("Case number"))
    if w.record.letter.get("name"):
        yield Row(w.typed("name"), say("Name"))
    age = say("not known") if w.record.age is None else str(w.record.age)
    yield Row(
        say("child") if w.a.profile == "child" else say("adult"),
        say("Age"),
        f"{age}; {w.a.profile_reason}",
    )
    if w.on is not None:
        yield Row(day_in_words(w.on, w.language), say("Date"))


def _urgency(w: Writing) -> Iterator[Row]:
    """The headline with by when an answer is wanted, and nothing that somebody else must weigh."""
    yield Row("", w.headline, w.within(w.soonest))
    if w.of_table and w.record.judgement is None and w.record.decision is None:
        yield Row(
            w.say(
                "No officer's judgement and no decision is recorded: this letter was made from a"
                " table of cases."
            )
        )


def _happened(w: Writing) -> Iterator[Row]:
    say, named = w.say, field_words(w.say)
    happened = w.typed("happened")
    yield Row(happened, "" if happened else named["happened"])
    for field in ("when", "place"):
        yield Row(w.typed(field), named[field])
    protocol, company = w.i.protocol, w.record.facts.get(w.i.protocol.company, "unknown")
    known = (
        ""
        if company == "unknown"
        else protocol.words("facts", protocol.company, company, w.language)
    )
    if w.typed("companion") or not known:
        yield Row(w.typed("companion"), named["companion"])
    else:
        yield Row(known, named["companion"])
    yield Row(w.typed("vehicle"), named["vehicle"])
    yield Row(w.typed("now"), named["now"])
    yield w.precondition("interpreter")
    if w.record.letter.get("attached"):
        yield Row(w.typed("attached"), say("Attached"))
    if told := w.language_of_notes():
        yield Row(told)


def _danger(w: Writing) -> Iterator[Row]:
    """Danger with its signs, then each need that is present with who sees to it by when. Never left
    out, whatever the room.
    """
    say, named = w.say, field_words(w.say)
    yield w.precondition("danger")
    for sign in w.a.danger.indicators if w.a.danger.state == "present" else ():
        yield Row(w.statement(sign), note=w.behind(w.given(sign)))
    for need in needs_present(w.a):
        yield Row(
            f"{w.texts.get('needs', need.id, 'name')}: {w.texts.get('needs', need.id, 'text')}",
            w.within(need.hours),
            w.role(need.who),
        )
    yield Row(w.typed("needs") or say("not recorded"), named["needs"])
    agreed = {
        "yes": say("Yes"),
        "no": say("No"),
        "child": say("A child: referred in the child's best interests"),
        "not_asked": say("Not asked yet, it was not safe"),
    }
    yield Row(agreed.get(w.i.consent, say("not recorded")), named["consent"])
    yield Row(w.typed("told"), named["told"])


def _asked(w: Writing) -> Iterator[Row]:
    say = w.say
    yield Row(
        w.typed("asked") or say("Take this person on, or say at once that you cannot and who can."),
        note="",
    )
    yield Row(w.within(w.soonest), say("Answer wanted"))
    station = w.called["station"]
    if station is not None and station.number:
        yield Row(station.number, say("Answer to"), station.standing(w.language))
    else:
        yield Row("", say("Answer to"))


def _sign(w: Writing) -> Iterator[Row]:
    say = w.say
    yield Row(w.typed("officer") or shown(w.called.signature), say("Officer"))
    yield Row("", say("Signature"))


def slip(w: Writing) -> Iterator[Block]:
    """What the other office fills in and sends back."""
    say = w.say
    yield Block(
        "slip",
        say("Reply slip: fill in and send back"),
        (
            Row(
                shown(w.record.case_id),
                say("Case number"),
                say("back to: {who}", who=w.sender or "…"),
            ),
            Row(f"☐ {say('accepted')}   ☐ {say('declined, because')}"),
            Row("", say("By whom (office, name, telephone)")),
            Row("", say("Next step, and by when")),
            Row("", say("Date and signature")),
        ),
        "slip",
    )
