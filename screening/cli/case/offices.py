"""`case refer` and `outcome`: what other offices are asked for, and what came of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from screening.cli.case.desk import CaseCode, OnDay, Reason, at_work, day_of
from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.options import SOURCE, Lang
from screening.errors import UsageError

__all__ = ["outcome", "refer"]


class Reply(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    REVOKED = "revoked"


class Outcome(StrEnum):
    IDENTIFIED = "identified"
    ASSISTANCE_STARTED = "assistance_started"
    ASSISTANCE_ENDED = "assistance_ended"
    SHELTERED = "sheltered"
    REPATRIATED = "repatriated"
    CONSENT_WITHDRAWN = "consent_withdrawn"


def refer(
    case: CaseCode,
    to: Annotated[
        str | None, typer.Option("--to", metavar="OFFICE", help="A new referral, to this office.")
    ] = None,
    reply_by: Annotated[
        datetime | None,
        typer.Option(
            "--reply-by",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="It is sent; an answer is due by this day. Without it, it is a draft.",
        ),
    ] = None,
    referral: Annotated[
        str, typer.Option("--referral", metavar="ID", help="Which one. Default: the last.")
    ] = "",
    reply: Annotated[
        Reply | None, typer.Option("--reply", help="What became of a referral.")
    ] = None,
    reference: Annotated[
        str, typer.Option("--reference", metavar="TEXT", help="The office's own reference.")
    ] = "",
    why: Reason = "",
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Refer a case to an office, or note its answer. No answer by its day is a step.

    Example: screening case refer K-17 --to "Shelter" --reply-by 2026-12-04 --store cases
    """
    from screening.casebook.acts import refer as drafted
    from screening.casebook.acts import reply as goes_on

    if (to is None) == (reply is None):
        raise UsageError("U305.refer_how")
    with at_work(store, passphrase_file, by, on, lang) as desk:
        state, act, day = desk.load.state(case), desk.load.act, day_of(reply_by)
        if to is not None:
            events = drafted(state, act, desk.on, to, day, why)
        else:
            word = reply.value if reply else ""
            told = {"why": why} if word in ("declined", "revoked") else {"text": why}
            told = {} if word == "sent" else told
            if word in ("accepted", "done"):
                told["reference"] = reference
            events = goes_on(state, act, desk.on, referral, word, day, **told)
        desk.record(events, state)


def outcome(
    case: CaseCode,
    what: Annotated[Outcome, typer.Argument(metavar="WHAT", help=", ".join(Outcome))],
    result: Annotated[
        str | None,
        typer.Option(
            "--result",
            metavar="RESULT",
            help="Of a formal identification: actual, possible or not_confirmed.",
        ),
    ] = None,
    who: Annotated[str, typer.Option("--who", metavar="NAME", help="Who decided or agreed.")] = "",
    authority: Annotated[
        str, typer.Option("--authority", metavar="NAME", help="The authority that decided.")
    ] = "",
    form: Annotated[
        str, typer.Option("--form", metavar="ID", help="The form of exploitation.")
    ] = "",
    detail: Annotated[
        str,
        typer.Option(
            "--of", metavar="TEXT", help="Which help, which shelter, which country, which consent."
        ),
    ] = "",
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="A shelter: until."
        ),
    ] = None,
    agreed: Annotated[
        bool, typer.Option("--agreed", help="The person agreed to the return.")
    ] = False,
    drawn: Annotated[
        bool,
        typer.Option(
            "--drawn-at-random", help="The case was decided because it was drawn, not referred."
        ),
    ] = False,
    why: Reason = "",
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Record what came of a case: a formal decision of an authority, help, shelter, return.

    Example: screening case outcome K-17 identified --result possible --who panel --authority NRM
    """
    from screening.casebook.events import make

    verified = "sample" if drawn else "referral"
    fields: dict[Outcome, dict[str, object]] = {
        Outcome.IDENTIFIED: {
            "result": result,
            "who": who,
            "authority": authority,
            "form": form,
            "reason": why,
            "verified": verified,
        },
        Outcome.ASSISTANCE_STARTED: {"what": detail, "by_whom": who},
        Outcome.ASSISTANCE_ENDED: {"what": detail, "why": why},
        Outcome.SHELTERED: {
            "where": detail,
            "until": until.date().isoformat() if until else None,
        },
        Outcome.REPATRIATED: {"country": detail, "agreed": agreed, "text": why},
        Outcome.CONSENT_WITHDRAWN: {"to": detail, "given_by": who, "text": why},
    }
    with at_work(store, passphrase_file, by, on, lang) as desk:
        state = desk.load.state(case)
        event = make(desk.load.act, what.value, case, desk.on, **fields[what])
        desk.record([event], state)
