"""`case assign`, `accept`, `handover`, `link`, `close`: what takes two people or a second look."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from screening.cli.case.desk import CaseCode, OnDay, Reason, at_work, day_of
from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.options import SOURCE, Lang

__all__ = ["accept", "assign", "close", "handover", "link"]

To = Annotated[
    str, typer.Option("--to", metavar="NAME", help="To whom, by the name they work under.")
]


def assign(
    case: CaseCode,
    to: To,
    why: Reason = "",
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Offer a case to somebody; it stays with whoever has it until they accept. To take a case that
    nobody has, give your own name.

    Example: screening case assign K-17 --to bora --store cases
    """
    from screening.casebook.acts import assign as offer
    from screening.casebook.acts import take

    with at_work(store, passphrase_file, by, on, lang) as desk:
        state, act = desk.load.state(case), desk.load.act
        events = (
            take(state, act, desk.on, why) if to == act.by else offer(state, act, desk.on, to, why)
        )
        desk.record(events, state)


def accept(
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="CASE...", help="Cases that were offered to you. Default: all."),
    ] = None,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Accept cases that were offered to you: from now on they are yours.

    Example: screening case accept K-17 --store cases
    """
    from screening.casebook.acts import accept as take_over

    with at_work(store, passphrase_file, by, on, lang) as desk:
        load = desk.load
        offered = cases or [s.case for s in load.with_(desk.me) if s.offered_to == desk.me]
        states = [load.state(case) for case in offered]
        events = [e for s in states for e in take_over(s, load.act, desk.on)]
        if events:
            desk.record(events, *states)


def handover(
    to: To,
    why: Reason,
    giver: Annotated[
        str, typer.Option("--from", metavar="NAME", help="Whose cases. Default: yours.")
    ] = "",
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Back on this day."
        ),
    ] = None,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Offer all open cases of somebody who is away; each stays with them until it is accepted.

    Example: screening case handover --to bora --why "leave" --until 2026-12-07 --store cases
    """
    from screening.casebook.acts import hand_over

    with at_work(store, passphrase_file, by, on, lang) as desk:
        load, whose = desk.load, giver or desk.me
        states = [load.state(s.case) for s in load.with_(whose) if s.owner == whose]
        desk.record(hand_over(states, load.act, desk.on, whose, to, why, day_of(until)), *states)


def link(
    case: CaseCode,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The other case.")],
    relation: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="RELATION",
            help="sibling, same_adult, same_place or possible_duplicate.",
        ),
    ] = "sibling",
    holds: Annotated[
        bool | None,
        typer.Option(
            "--holds/--does-not-hold", help="Somebody looked at both: whether the link holds."
        ),
    ] = None,
    why: Reason = "",
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Link two cases, or say after looking at both whether the link holds. They are never merged.

    Example: screening case link K-17 K-18 --as sibling --store cases
    """
    from screening.casebook.acts import link as linked
    from screening.casebook.acts import review_link

    with at_work(store, passphrase_file, by, on, lang) as desk:
        load = desk.load
        one, two = load.state(case), load.state(other)
        if holds is None:
            events = linked(one, two, load.act, desk.on, relation, why)
        else:
            events = review_link(one, two.case, load.act, desk.on, relation, holds, why)
        desk.record(events, one)


def close(
    case: CaseCode,
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason",
            metavar="REASON",
            help="Propose to close: help_in_place, taken_over, moved_away, safe_return,"
            " same_person, own_wish, died or other.",
        ),
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Confirm what somebody else proposed.")
    ] = False,
    why: Reason = "",
    despite: Annotated[
        str,
        typer.Option(
            "--despite", metavar="TEXT", help="Why, although there is danger or a step is not done."
        ),
    ] = "",
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Propose to close a case, or confirm it. A child's takes two people; a new meeting opens it
    again.

    Example: screening case close K-17 --reason help_in_place --store cases
    """
    from screening.casebook.acts import confirm_closing, propose_closing
    from screening.errors import UsageError

    if confirm == (reason is not None):
        raise UsageError("U305.close_how")
    with at_work(store, passphrase_file, by, on, lang) as desk:
        state, act = desk.load.state(case), desk.load.act
        if reason is None:
            events = confirm_closing(state, act, desk.on)
        else:
            events = propose_closing(state, act, desk.on, reason, why, despite)
        desk.record(events, state)
