"""The work list in SQL: a narrow row of each case, from which a page of the list is read at once.

Whose turn it is, by when and in which section depends on who asks, and on which day; all of it is
worked out by the database from a few numbers of each case. Only the lines that are shown are read
whole. `worklist.case_list` does the same to summaries in memory, and is what this must equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from screening.casebook.event import as_text
from screening.casebook.schema import cases, folded, lines, nexts, seen, snapshots, written
from screening.casebook.store import Snapshot
from screening.casebook.worklist import (
    NEVER,
    SECTIONS,
    WEEK,
    CaseList,
    Section,
    Summary,
    View,
    rank,
)

__all__ = [
    "are_true",
    "drop",
    "drop_all",
    "go_on",
    "page",
    "rows_of",
    "store",
    "true_upto",
    "unlisted",
]

_AT_ONCE = 500  # cases asked for by their codes in one statement
_ANY = "*"  # stands for every role: the earliest of their days
_PARTS = (nexts, seen, written)

_CASES = """
WITH own AS MATERIALIZED (
    SELECT line, min(day) AS day FROM nexts WHERE person = :me AND :me <> '' GROUP BY line
), placed AS (
    SELECT l.code, l.rank, l.adult, l.high, l.met_last, l.danger,
        min(coalesce(r.day, :never), coalesce(own.day, :never)) AS day,
        :me <> '' AND iif(l.last_by = :me, l.others, l.last) > coalesce(s.number, 0) AS changed
    FROM lines l
    LEFT JOIN nexts r ON r.person = '' AND r.who = :role AND r.line = l.id
    LEFT JOIN own ON own.line = l.id
    LEFT JOIN seen s ON s.person = :me AND s.line = l.id
    WHERE {wanted}
), listed AS (
    SELECT *, CASE WHEN danger THEN 0 WHEN day < :today THEN 1 WHEN day = :today THEN 2
        WHEN day <= :today + :week THEN 3 WHEN changed THEN 4 ELSE 5 END AS section
    FROM placed WHERE day <= :due
)
"""
_COUNTS = "SELECT section, count(*) FROM listed GROUP BY section"
_PAGE = (
    "SELECT code FROM listed ORDER BY section, rank, day, adult, high DESC, met_last, code"
    " LIMIT :most"
)
_FILTERS = {
    "closed": "l.closed = 0",
    "unassigned": "l.owner = ''",
    "mine": "(l.owner = :me OR l.offered_to = :me OR l.id IN (SELECT line FROM own))",
    "since": "l.changed_on >= :since",
    "sign": "instr(l.reasons, :sign)",
    "need": "instr(l.needs, :need)",
    "finding": "l.rank = :finding",
    "words": "l.id IN (SELECT line FROM written WHERE instr(text, :words))",
}


def page(connection: Connection, view: View, most: int | None) -> CaseList:
    """The work list of a view: how many cases stand in each section, and the first lines."""
    wanted, values = _asked(view)
    cases = _CASES.format(wanted=" AND ".join(wanted) or "1")
    counts: dict[Section, int] = dict.fromkeys(SECTIONS, 0)
    for section, n in connection.execute(text(cases + _COUNTS), values):
        counts[SECTIONS[section]] = n
    limit = -1 if most is None else most
    codes = list(connection.scalars(text(cases + _PAGE), {**values, "most": limit}))
    found = dict(_summaries(connection, codes))
    return CaseList((found[c] for c in codes if c in found), view, counts)


def _asked(view: View) -> tuple[list[str], dict[str, Any]]:
    """The conditions of a view, and their values."""
    values: dict[str, Any] = {
        "me": view.me,
        "role": view.role or _ANY,
        "today": view.on.toordinal(),
        "due": view.due.toordinal() if view.due else NEVER,
        "never": NEVER,
        "week": WEEK,
    }
    asked: dict[str, Any] = {
        "closed": None if view.with_closed else "",
        "unassigned": "" if view.whose == "unassigned" else None,
        "mine": "" if view.whose == "mine" else None,
        "since": view.changed_since and view.changed_since.toordinal(),
        "sign": f" {view.sign} " if view.sign else None,
        "need": f" {view.need} " if view.need else None,
        "finding": rank(view.finding) if view.finding else None,
        "words": view.words.casefold().strip() or None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    values |= {name: value for name, value in given.items() if value != ""}
    return [_FILTERS[name] for name in given], values


def _summaries(connection: Connection, codes: Sequence[str]) -> Iterator[tuple[str, Summary]]:
    for at in range(0, len(codes), _AT_ONCE):
        some = codes[at : at + _AT_ONCE]
        query = select(snapshots.c.code, snapshots.c.state).where(snapshots.c.code.in_(some))
        for code, state in connection.execute(query):
            yield code, Summary._make(json.loads(state)["line"])


def rows_of(id_: int, s: Summary) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold of a case, by table; id_ : the number of its first event."""
    changes = sorted(((n, who) for who, n in s.changed.items()), reverse=True)
    (last, last_by), others = changes[0] if changes else (0, ""), changes[1:]
    days: dict[str, int] = {}
    steps = [(who, person, day) for who, person, day, *_ in s.steps]
    for who, person, day in steps:
        if not person:
            days[who], days[_ANY] = day, min(day, days.get(_ANY, day))
    own: dict[str, int] = {}
    for _, person, day in steps:
        if person:
            own[person] = min(day, own.get(person, day))
    line = {
        "id": id_,
        "code": s.case,
        "closed": int(s.closed),
        "danger": int(s.danger),
        "rank": rank(s.finding),
        "adult": int(s.profile != "child"),
        "high": s.high,
        "met_last": s.met_last or 0,
        "owner": s.owner,
        "offered_to": s.offered_to,
        "changed_on": s.changed_on,
        "last_by": last_by,
        "last": last,
        "others": others[0][0] if others else 0,
        "reasons": _spaced(s.reasons),
        "needs": _spaced(s.needs),
    }
    return {
        "lines": [line],
        "nexts": [
            *({"person": "", "who": w, "line": id_, "day": d} for w, d in days.items()),
            *({"person": p, "who": "", "line": id_, "day": d} for p, d in own.items()),
        ],
        "seen": [{"person": p, "line": id_, "number": n} for p, n in s.seen.items()],
        "written": [{"line": id_, "text": s.words}],
    }


def _spaced(ids: Sequence[str]) -> str:
    return f" {' '.join(ids)} " if ids else ""


def store(connection: Connection, copies: Mapping[str, Snapshot]) -> None:
    """Keep folded cases, but for those that are erased, and those of which there is a later one."""
    codes = list(copies)
    firsts: dict[str, int] = {}
    for at in range(0, len(codes), _AT_ONCE):
        some = codes[at : at + _AT_ONCE]
        query = (
            select(cases.c.code, cases.c.first, snapshots.c.number)
            .outerjoin(snapshots, snapshots.c.code == cases.c.code)
            .where(cases.c.code.in_(some), cases.c.erased.is_(None))
        )
        for code, first, number in connection.execute(query):
            if number is None or number <= copies[code].number:
                firsts[code] = first
    _forget(connection, firsts)
    rows: dict[str, list[dict[str, Any]]] = {"snapshots": []}
    for code, first in firsts.items():
        kept = copies[code]
        row = {"code": code, "number": kept.number, "state": as_text(kept.state)}
        rows["snapshots"].append(row)
        if (summary := kept.line) is not None:
            for name, own in rows_of(first, summary).items():
                rows.setdefault(name, []).extend(own)
    for table in (snapshots, lines, *_PARTS):
        if rows.get(table.name):
            connection.execute(insert(table), rows[table.name])


def _forget(connection: Connection, firsts: Mapping[str, int]) -> None:
    """Throw the copies of cases away; firsts : by code, the number of the first event."""
    codes = list(firsts)
    for at in range(0, len(codes), _AT_ONCE):
        some = codes[at : at + _AT_ONCE]
        ids = [firsts[code] for code in some]
        connection.execute(delete(snapshots).where(snapshots.c.code.in_(some)))
        connection.execute(delete(lines).where(lines.c.id.in_(ids)))
        for table in _PARTS:
            connection.execute(delete(table).where(table.c.line.in_(ids)))


def drop(connection: Connection, case: str) -> None:
    """Throw the copies of a case away."""
    first = connection.execute(select(cases.c.first).where(cases.c.code == case)).scalar_one()
    _forget(connection, {case: first})


def drop_all(connection: Connection) -> None:
    """Throw all copies away."""
    for table in (snapshots, lines, *_PARTS):
        connection.execute(delete(table))
    are_true(connection, 0, 0)


def true_upto(connection: Connection, form: int) -> int:
    """Up to which event all copies are true, where they are of this form; 0 otherwise."""
    query = select(folded.c.number).where(folded.c.form == form)
    return int(connection.execute(query).scalar() or 0)


def unlisted(connection: Connection) -> list[str]:
    """Cases that are not erased and have no line."""
    begun, erased, listed = (
        connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one()
        for what in ("cases", "cases WHERE erased IS NOT NULL", "lines")
    )
    if listed == begun - erased:  # each line is that of another case: it is their key
        return []
    query = select(cases.c.code).outerjoin(lines, lines.c.id == cases.c.first)
    return list(connection.scalars(query.where(cases.c.erased.is_(None), lines.c.id.is_(None))))


def are_true(connection: Connection, number: int, form: int) -> None:
    """All copies are of a form, and true up to an event."""
    connection.execute(update(folded).values(number=number, form=form))


def go_on(connection: Connection, before: int, now: int) -> None:
    """The copies of all cases that the events after `before` are about were kept with them."""
    connection.execute(update(folded).where(folded.c.number == before).values(number=now))
