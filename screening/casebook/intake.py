"""Taking in a table of meetings: what is new, what changed, what contradicts what is recorded.

A row is a meeting of a person: `case_id`, and `encounter_id` or `met_on` where a person has several
rows. What is taken in once changes nothing when it comes again. A row that says otherwise than the
casebook about something that was recorded here is a conflict: both stay, and a person decides.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from screening.answers import Answer, Case, Response
from screening.casebook.acts import answered
from screening.casebook.event import Act, Event
from screening.casebook.events import COMPANY, make
from screening.casebook.fold import fold
from screening.casebook.state import CaseState, Given
from screening.checklist.model import Checklist
from screening.errors import CaseError, UsageError, nearest
from screening.interview import load_protocol
from screening.languages import LANGUAGES, column_words
from screening.names import Names
from screening.tables.rows import Rows, rows_of, text_of

__all__ = ["IGNORED", "OWN_COLUMNS", "Kind", "Met", "Taken", "matched", "meetings", "taken_in"]

Kind = Literal["new_case", "new_meeting", "changed", "same", "conflict"]
OWN_COLUMNS = ("encounter_id", "place", "company", "note")  # besides those of any table of cases
IGNORED = "-"  # what a column is matched to that is not to be read
CHANNEL = "table"


@dataclass(frozen=True)
class Met:
    """One row: where it stands, the person with what was answered, the meeting."""

    place: str
    case: Case
    encounter: str
    at: str = ""
    company: str = ""
    note: str = ""


@dataclass(frozen=True)
class Taken:
    """What a row would do, in the order of the table; `what` names the signs it is about."""

    row: Met
    kind: Kind
    what: tuple[str, ...] = ()
    events: tuple[Event, ...] = field(default=(), repr=False)


def matched(columns: Sequence[str], match: Mapping[str, str], checklist: Checklist) -> list[str]:
    """The columns under the names that are read, by what somebody matched. `U345`"""
    known = (*OWN_COLUMNS, *_CASE_COLUMNS, IGNORED)
    targets = {*known, *checklist.indicators, *checklist.retired}
    for column, target in match.items():
        if column not in columns:
            near = nearest(column, columns)
            raise UsageError("U345.no_column", column=column, near=near)
        if target not in targets:
            near = nearest(target, targets)
            raise UsageError(
                "U345.column_unknown",
                column=column,
                target=target,
                known=", ".join(known),
                near=near,
            )
    names = [match.get(c, c) for c in columns]
    for target in match.values():
        if target != IGNORED and names.count(target) > 1:
            raise UsageError("U345.twice", target=target)
    return names


_CASE_COLUMNS = ("case_id", "age", "age_certain", "birth_date", "met_on", "setting", "language")


def meetings(
    source: str | Path,
    checklist: Checklist,
    match: Mapping[str, str],
    today: date,
    encoding: str | None = None,
) -> tuple[list[Met], list[str]]:
    """The rows of a table, and what was not read of it. `U345`, and what tables of cases raise."""
    from screening.tables.frames import cases_from_frame

    table = rows_of(source, encoding)
    names = matched(table.columns, match, checklist)
    found = Names(("case_id", "met_on", *OWN_COLUMNS), column_words()).columns(names)
    if "case_id" not in found.at:
        raise CaseError("C207.no_case_id_column", place=f"{table.name}, row 1")
    at = {name: table.columns[n] for name, n in found.at.items()}
    own = {table.columns[n] for name, n in found.at.items() if name in OWN_COLUMNS}
    kept = [
        (c, n) for c, n in zip(table.columns, names, strict=True) if n != IGNORED and c not in own
    ]
    told: list[str] = []
    cases: dict[int, Case] = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for rows in _passes(table, at["case_id"]):
            frame = _frame(table, rows, kept)
            try:
                read = cases_from_frame(frame, checklist, today=today)
            except CaseError as error:
                raise error.at(table.name) from None
            cases |= dict(zip(rows, read, strict=True))
    told += [str(w.message) for w in caught]
    met = []
    for n, (place, cells) in enumerate(table.rows):
        if n in cases:
            more = {name: text_of(cells.get(at[name])) for name in OWN_COLUMNS if name in at}
            met.append(
                Met(
                    place,
                    cases[n],
                    more.get("encounter_id") or _encounter(cases[n]),
                    more.get("place", ""),
                    _company(more.get("company", ""), place, checklist),
                    more.get("note", ""),
                )
            )
    return met, told


def _company(text: str, place: str, checklist: Checklist) -> str:
    """Who was with the person, as a code: from the code, or its words in any language. `U345`"""
    protocol = load_protocol(checklist)
    said = {
        words.casefold(): code
        for code in COMPANY
        for words in (
            code,
            *(protocol.words("facts", protocol.company, code, lang) for lang in LANGUAGES),
        )
    }
    if text and text.casefold() not in said:
        near = nearest(text.casefold(), said)
        known = ", ".join(COMPANY)
        raise UsageError("U345.company", place=place, text=text, known=known, near=near)
    return said.get(text.casefold(), "")


def _encounter(case: Case) -> str:
    return case.met_on.isoformat() if case.met_on else CHANNEL


def _passes(table: Rows, case_id: str) -> Iterable[list[int]]:
    """The rows in as many turns as a person has rows at most: each turn has a person once."""
    turns: list[list[int]] = []
    seen: dict[str, int] = {}
    for n, (_, cells) in enumerate(table.rows):
        name = text_of(cells.get(case_id))
        if not name and not any(text_of(v) for v in cells.values()):
            continue  # a blank row
        turn = seen.get(name, 0)
        seen[name] = turn + 1
        while len(turns) <= turn:
            turns.append([])
        turns[turn].append(n)
    return turns


def _frame(table: Rows, rows: Sequence[int], kept: Sequence[tuple[str, str]]) -> Any:
    import pandas as pd

    cells = [[table.rows[n][1].get(column) for column, _ in kept] for n in rows]
    index = [table.rows[n][0].rpartition(" ")[2] for n in rows]
    return pd.DataFrame(cells, columns=[name for _, name in kept], index=index, dtype=object)


def taken_in(
    rows: Sequence[Met],
    states: Mapping[str, CaseState],
    act: Act,
    today: date,
    take_conflicts: bool = False,
) -> list[Taken]:
    """What each row does to the cases as they are. Nothing is recorded.

    states : by number, the cases that are there
    today : the day of what changed without a meeting of its own
    take_conflicts : take the table's side, as corrections
    """
    now = dict(states)
    found = []
    for row in sorted(rows, key=lambda r: r.case.met_on or date.min):
        taken = _taken(row, now.get(row.case.case_id), act, today, take_conflicts)
        state = fold(now.get(row.case.case_id), taken.events)
        if state is not None:
            now[row.case.case_id] = state
        found.append(taken)
    place = {id(row): n for n, row in enumerate(rows)}
    return sorted(found, key=lambda t: place[id(t.row)])


def _taken(row: Met, state: CaseState | None, act: Act, today: date, take_conflicts: bool) -> Taken:
    case, day = row.case, row.case.met_on or today
    answers = {i: r for i, r in case.answers.items() if r.answer is not Answer.NOT_ASKED}
    if state is None:
        opened = make(
            act,
            "opened",
            case.case_id,
            day,
            age=case.age,
            age_certain=case.age_certain,
            setting=case.setting,
            language=case.language,
            statistics=dict(case.statistics),
            source=CHANNEL,
        )
        return Taken(row, "new_case", tuple(answers), (opened, *_met(row, act, day, answers)))
    there = next((e for e in state.encounters if e.id == row.encounter), None)
    if there is None:
        events = [*_met(row, act, day, answers), *_aged(row, state, act, today, force=True)]
        return Taken(row, "new_meeting", tuple(answers), tuple(events))
    new, against = _compared(state, row, answers, there.channel == CHANNEL)
    aged = _aged(row, state, act, today, force=take_conflicts)
    if (case.age is not None and case.age != state.age) and not aged:
        against = {**against, "age": Response(Answer.UNKNOWN)}
    if against and not take_conflicts:
        return Taken(row, "conflict", tuple(against))
    events = list(aged)
    if new:
        events.append(answered(case.case_id, act, today, new, row.encounter))
    if put := {i: r for i, r in against.items() if i != "age"}:
        given = {i: {"answer": str(r.answer)} for i, r in put.items()}
        events.append(
            make(
                act, "corrected", case.case_id, today, why=f"{CHANNEL}: {row.place}", answers=given
            )
        )
    return Taken(row, "changed" if events else "same", (*new, *against), tuple(events))


def _met(row: Met, act: Act, day: date, answers: Mapping[str, Response]) -> list[Event]:
    case = row.case.case_id
    events = [
        make(
            act,
            "met",
            case,
            day,
            encounter=row.encounter,
            place=row.at,
            company=row.company,
            channel=CHANNEL,
        )
    ]
    if answers:
        events.append(answered(case, act, day, answers, row.encounter))
    if row.note:
        events.append(make(act, "noted", case, day, text=row.note))
    return events


def _compared(
    state: CaseState, row: Met, answers: Mapping[str, Response], ours: bool
) -> tuple[dict[str, Response], dict[str, Response]]:
    """Of a row's answers those that are new for its meeting, and those that contradict what was
    recorded of it here.
    """
    new: dict[str, Response] = {}
    against: dict[str, Response] = {}
    for indicator, response in answers.items():
        last = _last(state, indicator, row.encounter)
        if last is None:
            new[indicator] = response
        elif last.answer != str(response.answer):
            (new if ours and not last.corrects else against)[indicator] = response
    return new, against


def _last(state: CaseState, indicator: str, encounter: str) -> Given | None:
    same = [g for g in state.answers.get(indicator, ()) if g.encounter == encounter]
    return same[-1] if same else None


def _aged(row: Met, state: CaseState, act: Act, today: date, force: bool) -> list[Event]:
    """The age, where the table knows more or, if that is wanted, otherwise."""
    case = row.case
    if case.age is None or case.age == state.age or (state.age is not None and not force):
        return []
    aged = {"age": case.age, "age_certain": case.age_certain and state.age is None}
    return [make(act, "corrected", case.case_id, today, why=CHANNEL, age=aged)]
