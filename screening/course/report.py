"""The report of a course as plain data, and several put together: counts per item over officers,
never a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Annotated, Any, Literal

from pydantic import Field

from screening.checklist.schema import Model
from screening.course.agreement import Tally, again, agreement
from screening.course.course import Course
from screening.course.record import CODE, FORMAT, ListThing, Short, Thing, checked
from screening.errors import UsageError
from screening.files.jsondata import plain
from screening.proportion import Share, share

__all__ = ["put_together", "read_report", "report"]

Count = Annotated[int, Field(ge=0, le=1_000_000)]


def report(course: Course, name: str = "") -> dict[str, Any]:
    """The course report.

    Parameters
    ----------
    name : typed in by hand for this one report; the course itself never holds one
    """
    a, record = agreement(course), course.record
    head = {
        key: value
        for key, value in record.to_dict().items()
        if key in ("code", "checklist", "weights", "set")
    }
    judged = {n: _plain(getattr(a, n)) for n in ("equal", "low", "high", "children_low")}
    items = {i: asdict(t) for i, t in a.items.items()}
    return {
        "format": FORMAT,
        "kind": "course report",
        **head,
        **({"name": name} if name else {}),
        "done": a.done,
        "of": a.of,
        "judgements": judged,
        "answers": _plain(a.answers),
        "items": items,
        "look_again": list(a.again),
    }


def _plain(one: Share) -> dict[str, Any]:
    """A share as a report holds it: of whole counts."""
    found: dict[str, Any] = plain(one)
    return {**found, "hits": int(one.hits)}


def put_together(reports: Sequence[Any]) -> dict[str, Any]:
    """One table over several reports: how often each item was recorded how, and at how many
    officers.

    No code and no name is kept.

    Raises
    ------
    UsageError : U314 for what is no report, U317 for reports of different lists, weights or sets,
        or one report twice
    """
    read = [read_report(r) for r in reports]
    if not read:
        raise UsageError("U317.no_reports")
    first, codes = read[0], set[str]()
    for one in read:
        for what, fault in (
            ("checklist", "U317.lists_differ"),
            ("weights", "U317.weights_differ"),
            ("set", "U317.sets_differ"),
        ):
            if one[what] != first[what]:
                raise UsageError(fault, first=first["code"], one=one["code"])
        if one["code"] in codes:
            raise UsageError("U317.report_twice", one=one["code"])
        codes.add(one["code"])
    items: dict[str, Tally] = {}
    put, apart = Counter[str](), Counter[str]()
    for one in read:
        for indicator, counts in one["items"].items():
            items[indicator] = items.get(indicator, Tally()) + Tally(**counts)
            put[indicator] += counts["coded"] > 0
            apart[indicator] += counts["right"] < counts["coded"]
    judged = {
        n: _plain(share(*(sum(one["judgements"][n][k] for one in read) for k in ("hits", "n"))))
        for n in ("equal", "low", "high", "children_low")
    }
    answers = share(sum(t.right for t in items.values()), sum(t.coded for t in items.values()))
    return {
        "format": FORMAT,
        "kind": "course reports together",
        **{what: first[what] for what in ("checklist", "weights", "set")},
        "officers": len(read),
        "judgements": judged,
        "answers": _plain(answers),
        "items": {
            i: {**asdict(t), "officers": put[i], "officers_apart": apart[i]}
            for i, t in items.items()
        },
        "look_again": list(
            again((i, t) for i, t in items.items() if any(i in one["look_again"] for one in read))
        ),
    }


def read_report(data: Any) -> dict[str, Any]:
    """A report from `report`'s data, checked; `U314` where it is none.

    Its name, if it has one, is dropped.
    """
    file = checked(_Report, data, "U314.not_a_report", "U314.report_unreadable")
    for indicator, tally in file.items.items():
        if sum(getattr(tally, f.name) for f in fields(Tally)[1:]) != tally.coded:
            raise UsageError("U314.counts_differ", indicator=indicator)
    for name, one in [
        ("answers", file.answers),
        *(
            (f"judgements.{n}", getattr(file.judgements, n))
            for n in type(file.judgements).model_fields
        ),
    ]:
        if one.hits > one.n:
            raise UsageError("U314.hits_beyond_total", where=name)
    return file.model_dump(exclude={"name"})


class _Share(Model):
    hits: Count
    n: Count
    value: float | None
    low: float
    high: float


class _Judgements(Model):
    equal: _Share
    low: _Share
    high: _Share
    children_low: _Share


class _Tally(Model):
    coded: Count
    right: Count
    lost: Count
    invented: Count
    open_taken_for_no: Count
    left_open: Count


class _Report(Model):
    format: Literal[1]
    kind: Literal["course report"]
    code: Annotated[str, Field(pattern=CODE)]
    checklist: ListThing
    weights: Thing
    set: Thing
    name: Annotated[str, Field(max_length=200)] = ""
    done: Count
    of: Count
    judgements: _Judgements
    answers: _Share
    items: Annotated[dict[Short, _Tally], Field(max_length=1000)]
    look_again: Annotated[list[Short], Field(max_length=1000)]
