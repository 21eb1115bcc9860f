"""`case meet`, `correct`, `done`, `postpone`, `note`: what is done with a person, day by day."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli.case.desk import CaseCode, Desk, OnDay, Reason, at_work, day_of, said
from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.keyboard import letter_of, read_line
from screening.cli.options import SOURCE, Lang, List_, Weights
from screening.cli.terminal import paragraph
from screening.errors import CaseError, UsageError, nearest

if TYPE_CHECKING:
    from screening.answers import Response
    from screening.casebook.state import CaseState
    from screening.scoring import Assessment

__all__ = ["correct", "done", "meet", "note", "postpone"]

Steps = Annotated[
    list[str],
    typer.Argument(metavar="STEP...", help="Keys of open steps, as 'case show' has them."),
]


class Company(StrEnum):
    ALONE = "alone"
    FAMILY = "family"
    SAYS_FAMILY = "says_family"
    OTHERS = "others"


Until = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Until this day."),
]
NextDay = Annotated[
    datetime | None,
    typer.Option(
        "--next", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="See the person again that day."
    ),
]


def meet(
    case: CaseCode,
    answers: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            metavar="ID=WORD",
            help="An answer: yes, no, unknown, refused. Can be repeated.",
        ),
    ] = None,
    danger: Annotated[
        str | None,
        typer.Option(
            "--danger",
            metavar="WORD",
            help="Is anybody in danger now: yes, no, unknown. With it, nothing is asked.",
        ),
    ] = None,
    next_: NextDay = None,
    place: Annotated[str, typer.Option("--place", metavar="TEXT", help="Where.")] = "",
    company: Annotated[
        Company | None,
        typer.Option("--company", help="Who was with the person; counted in the statistics."),
    ] = None,
    text: Annotated[str, typer.Option("--note", metavar="TEXT", help="A note.")] = "",
    judge: Annotated[
        str,
        typer.Option(
            "--judge",
            metavar="FINDING",
            help="What you think yourself, recorded before the finding is shown.",
        ),
    ] = "",
    why: Reason = "",
    new: Annotated[
        bool, typer.Option("--new", help="Begin the case; without it a number must be known.")
    ] = False,
    age: Annotated[
        int | None, typer.Option("--age", metavar="YEARS", help="With --new: the age, if known.")
    ] = None,
    age_uncertain: Annotated[
        bool, typer.Option("--age-uncertain", help="With --new: somebody doubts the age.")
    ] = False,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
) -> None:
    """Record a meeting: danger first, three open questions, the next day. Under a minute.

    Example: screening case meet K-17 --store cases
    """
    from screening.answers import Answer
    from screening.casebook.acts import begin
    from screening.casebook.acts import meet as met
    from screening.casebook.events import make
    from screening.interview import load_protocol

    with at_work(store, passphrase_file, by, on, lang, checklist, weights) as desk:
        act = desk.load.act
        if new:
            state, events = begin(desk.load.find(case), act, case, desk.on, age, not age_uncertain)
        else:
            state, events = desk.load.state(case), []
        given = _given(desk, answers or [], danger)
        if danger is None:
            given |= _asked(desk, state, given)
            next_ = next_ or _next_day(desk)
        events += met(
            state,
            act,
            desk.on,
            given,
            day_of(next_),
            place=place,
            company=company.value if company else "",
        )
        if text:
            events.append(make(act, "noted", case, desk.on, text=text))
        if judge:
            events.append(make(act, "judged", case, desk.on, finding=judge, why=why))
        after, assessment = desk.load.screened(state, events, desk.on)
        said(desk, after)
        asked = given.get(load_protocol(desk.load.knowledge[0]).danger)
        _help(desk, assessment, asked is not None and asked.answer is Answer.UNKNOWN)


def _given(desk: Desk, answers: list[str], danger: str | None) -> dict[str, Response]:
    """Answers from options. `C221`, `C220`"""
    from screening.answers import Response
    from screening.interview import load_protocol
    from screening.values import parse_answer

    checklist = desk.load.knowledge[0]
    if danger is not None:
        answers = [f"{load_protocol(checklist).danger}={danger}", *answers]
    found: dict[str, Response] = {}
    for said_ in answers:
        name, _, word = said_.partition("=")
        indicator = checklist.current(name.strip())
        if indicator not in checklist.indicators:
            raise CaseError(
                "C221.indicator_unknown",
                near=nearest(indicator, checklist.indicators),
                indicator=indicator,
                checklist=checklist.id,
            )
        found[indicator] = Response(parse_answer(word))
    return found


def _asked(desk: Desk, state: CaseState, known: dict[str, Response]) -> dict[str, Response]:
    """Danger, then the most telling questions that a social worker may put."""
    from screening.answers import Answer, Response
    from screening.casebook.quick import quick_questions

    say = desk.say
    typer.echo(paragraph(say("Ask aloud only where nobody listens. Enter leaves a question open.")))
    found: dict[str, Response] = {}
    for q in quick_questions(state, desk.load.knowledge, say.language, frozenset(known)):
        typer.echo()
        typer.echo(paragraph(q.prompt))
        word = _word(say("yes, no, unknown, refused"), say.language)
        if word is not None:
            found[q.indicator] = Response(Answer(word), "said" if q.mode == "ask" else "observed")
        if q.danger and word in ("yes", "unknown"):
            break  # help comes before questions
    return found


_LETTERS = {"y": "yes", "n": "no", "u": "unknown", "r": "refused"}


def _word(prompt: str, language: str) -> str | None:
    from screening.values import parse_answer

    while True:
        try:
            typed = letter_of(read_line(f"{prompt}:"), language)
        except EOFError:
            return None
        if not typed:
            return None
        try:
            return str(parse_answer(_LETTERS.get(typed, typed)))
        except CaseError:
            continue  # asked again: what is not understood is no answer


def _next_day(desk: Desk) -> datetime | None:
    while True:
        try:
            typed = read_line(desk.say("See the person again on (YYYY-MM-DD):"))
        except EOFError:
            return None
        if not typed:
            return None
        try:
            return datetime.combine(date.fromisoformat(typed), datetime.min.time())
        except ValueError:
            continue


def _help(desk: Desk, a: Assessment, doubt: bool = False) -> None:
    """What to do now, where somebody is in danger or nobody can tell (S21)."""
    if a.finding == "act_now" or doubt:
        from screening.cli.interview.helping import print_help

        print_help(desk.load.knowledge[0], a.profile, desk.say.language)


def done(
    case: CaseCode,
    steps: Steps,
    text: Annotated[str, typer.Option("--note", metavar="TEXT", help="What came of it.")] = "",
    who: Annotated[
        str, typer.Option("--who", metavar="NAME", help="The guardian; who assessed; who agreed.")
    ] = "",
    to: Annotated[
        str, typer.Option("--to", metavar="TEXT", help="Consent: to what it was given.")
    ] = "referral",
    until: Until = None,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Note that steps were done: a guardian appointed, best interests assessed, a safety plan made,
    a conference held, consent given, a reflection period begun, or any other.

    Example: screening case done K-17 guardian --who "CSW Prishtina" --store cases
    """
    from screening.casebook.acts import do

    with at_work(store, passphrase_file, by, on, lang) as desk:
        state = desk.load.state(case)
        told = {
            "text": text,
            "who": who,
            "to": to,
            "until": until.date().isoformat() if until else "",
        }
        events = [e for step in steps for e in do(state, desk.load.act, desk.on, step, **told)]
        desk.record(events, state)


def postpone(
    case: CaseCode,
    step: Annotated[str, typer.Argument(metavar="STEP", help="Key of an open step.")],
    until: Annotated[
        datetime,
        typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The new day."),
    ],
    why: Reason,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Put a step off to a later day, for a reason. The first day stays on record.

    Example: screening case postpone K-17 guardian --until 2026-12-01 --why "court closed"
    """
    from screening.casebook.acts import postpone as put_off

    with at_work(store, passphrase_file, by, on, lang) as desk:
        state = desk.load.state(case)
        desk.record(put_off(state, desk.load.act, desk.on, step, until.date(), why), state)


def note(
    case: CaseCode,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What happened. Write no name.")],
    next_: NextDay = None,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Write something down about a case, and plan when to see the person again.

    Example: screening case note K-17 "The school takes her from Monday" --next 2026-12-04
    """
    from screening.casebook.events import make

    with at_work(store, passphrase_file, by, on, lang) as desk:
        state, act = desk.load.state(case), desk.load.act
        events = [make(act, "noted", case, desk.on, text=text)]
        if next_ is not None:
            day = next_.date()
            if day <= desk.on:
                raise UsageError(
                    "U341.until_passed", until=day.isoformat(), day=desk.on.isoformat()
                )
            events.append(make(act, "follow_up_set", case, desk.on, on=day.isoformat(), what=text))
        desk.record(events, state)


def correct(
    case: CaseCode,
    why: Reason,
    answers: Annotated[
        list[str] | None,
        typer.Option(
            "--answer", metavar="ID=WORD", help="How an answer is to be read. Can be repeated."
        ),
    ] = None,
    age: Annotated[int | None, typer.Option("--age", metavar="YEARS", help="The age.")] = None,
    age_uncertain: Annotated[
        bool, typer.Option("--age-uncertain", help="Somebody doubts the age.")
    ] = False,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
    on: OnDay = None,
    lang: Lang = SOURCE,
) -> None:
    """Correct an answer or the age, with the reason. What was recorded before stays in the history.

    Example: screening case correct K-17 --answer out_of_school=no --why "wrong child"
    """
    from screening.casebook.events import make

    with at_work(store, passphrase_file, by, on, lang) as desk:
        state = desk.load.state(case)
        given = {i: {"answer": str(r.answer)} for i, r in _given(desk, answers or [], None).items()}
        aged = {"age": age, "age_certain": not age_uncertain} if age is not None else None
        event = make(desk.load.act, "corrected", case, desk.on, why=why, answers=given, age=aged)
        after, assessment = desk.load.screened(state, [event], desk.on)
        said(desk, after)
        _help(desk, assessment)
