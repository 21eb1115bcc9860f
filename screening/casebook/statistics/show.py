"""A report in words, as rows of a table, as frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from screening.casebook.event import Act
from screening.casebook.events import make
from screening.casebook.statistics.facts import facts_of
from screening.casebook.statistics.monitor import AFTER, Monitor
from screening.casebook.statistics.paper import paper_tables
from screening.casebook.statistics.report import STAGES, Statistics, Wanted, statistics_of
from screening.casebook.statistics.table import DATED, UNITS, WORDS, Length, Table
from screening.casebook.store import Store
from screening.checklist.texts import Texts
from screening.errors import UsageError, mark
from screening.i18n import Words

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COLUMNS",
    "HIDDEN",
    "LEFT_OUT",
    "Cell",
    "about",
    "cell",
    "label",
    "long_rows",
    "looked",
    "monitor_lines",
    "paper_frames",
    "statistics_frame",
    "to_frame",
]

Cell = str | int | float | bool | None
HIDDEN = "*"
LEFT_OUT = mark(
    "* left out: a count below 10, or one from which a count below 10 could be worked out"
)
COLUMNS = ("table", "row", "column", "value", "left_out", "unit", "counted", "as_of")


def label(key: str, say: Words, texts: Texts | None = None) -> str:
    """What a row or column is called."""
    before, colon, after = key.partition(":")
    if colon and before in STAGES:
        return f"{say(WORDS[before])} → {say(WORDS[after])}"
    if before == "form" and texts is not None and texts.get("forms", after, "name"):
        return texts.get("forms", after, "name")
    return after if colon else say(WORDS[key]) if key in WORDS else key


def cell(value: float | None) -> str:
    """A count or a median as people read it."""
    if value is None:
        return HIDDEN
    return f"{int(value)}" if value == int(value) else f"{value:.1f}"


def about(table: Table, say: Words) -> str:
    """What a table counts, by which day, and as of when."""
    unit, dated = say(UNITS[table.unit]), say(DATED[table.dated])
    return say("Counted: {unit}; {dated}. As of {day}.", unit=unit, dated=dated, day=table.as_of)


def monitor_lines(monitor: Monitor, say: Words) -> Iterator[str]:
    """The monitor in sentences."""
    n, hits, seen = monitor.n, monitor.hits, monitor.observed
    yield say(
        "Children begging, {days} days after they were first met: {n}. Identified by then: {hits}.",
        days=AFTER,
        n=cell(n),
        hits=cell(hits),
    )
    if seen is not None and seen.n:
        low, high = percent(seen.low), percent(seen.high)
        yield say(
            "That is {share} (95 %: {low} to {high}).",
            share=percent(seen.value),
            low=low,
            high=high,
        )
    expected = monitor.expectation
    if expected is None:
        yield say("No share was stated to be expected, so nothing is compared.")
        return
    yield say(
        "Expected: {share}, according to: {source}.",
        share=percent(expected.share),
        source=expected.source,
    )
    if monitor.chance is not None:
        yield say(
            "If that were true, so few would be seen with probability {chance} (one look).",
            chance=f"{monitor.chance:.2g}",
        )
    if monitor.high is not None:
        yield say(
            "However often one looks, a share above {high} does not fit what is seen (95 %).",
            high=percent(monitor.high),
        )
    if monitor.verdict == "fewer" and monitor.since is not None:
        yield say(
            "Fewer than expected, and hardly by chance: so since {day}. Ask why children are not"
            " identified.",
            day=monitor.since,
        )
    else:
        yield say(VERDICTS[monitor.verdict])


VERDICTS = {
    "fewer": mark(
        "Fewer than expected, and hardly by chance. Ask why children are not identified."
    ),
    "may_be_chance": mark(
        "What is seen may differ from what is expected by chance. That does not show that all is"
        " well."
    ),
    "withheld": mark(
        "Whether this may be chance cannot be said here without giving away a small count."
    ),
}


def percent(value: float) -> str:
    """A share as people read it."""
    return f"{100 * value:.1f} %"


def long_rows(
    tables: Sequence[Table], name: Callable[[str], str] = str, title: Callable[[str], str] = str
) -> Iterator[list[Cell]]:
    """A row for each count, under `COLUMNS`. name, title : what codes are called"""
    for t in tables:
        for row in t.rows:
            for column in t.columns:
                value = t.cells.get((row, column), 0 if t.unit != "days" else None)
                left_out = t.cells.get((row, column), 0) is None
                shown = int(value) if value is not None and value == int(value) else value
                yield [
                    title(t.id),
                    name(row),
                    name(column),
                    shown,
                    left_out,
                    t.unit,
                    t.dated,
                    t.as_of.isoformat(),
                ]


def to_frame(statistics: Statistics) -> pd.DataFrame:
    """All tables as one pandas frame, a row for each count, under `COLUMNS`; what is left out or
    not defined has no value.
    """
    import pandas as pd

    frame = pd.DataFrame(list(long_rows(statistics.tables)), columns=list(COLUMNS))
    return frame.astype({"value": "Float64", "left_out": bool})


def paper_frames() -> dict[int, pd.DataFrame]:
    """Tables 1 to 5 of Maloku & Maloku (2019) by their number as pandas frames, as they are
    printed: rows and periods by our names for them, with a total of all periods.
    """
    import pandas as pd

    return {
        number: pd.DataFrame(
            [[t.cells[r, c] for c in t.columns] for r in t.rows],
            index=list(t.rows),
            columns=list(t.columns),
            dtype="Int64",
        )
        for number, t in paper_tables().items()
    }


def looked(store: Store, act: Act, internal: bool) -> None:
    """Note that somebody looked at the report, and whether they saw everything (S18)."""
    what = "statistics, internal" if internal else "statistics"
    store.append([make(act, "viewed", "", what=what)])


def statistics_frame(
    store: Store,
    as_of: date,
    *,
    since: date | None = None,
    period: Length = "year",
    internal: bool = False,
    act: Act | None = None,
) -> pd.DataFrame:
    """The figures of a casebook as one pandas frame, a row for each count: `table`, `row`,
    `column`, `value`, `left_out`, `unit` (persons, acts, days), `counted` (by which day), `as_of`.

    Parameters
    ----------
    store : an open casebook
    as_of : what happened up to this day
    since : the first day of the tables, and of the first meetings of the children; None for all
    period : year, half, quarter or month
    internal : show every count. Otherwise counts below ten, and those from which one could be
        worked out, are left out
    act : who looks, and when; it is recorded. Without it only what may be released is shown

    Raises
    ------
    UsageError : U305 `internal` without `act`
    """
    if internal and act is None:
        raise UsageError("U305.internal_who")
    if act is not None:
        looked(store, act, internal)
    return to_frame(statistics_of(facts_of(store), Wanted(as_of, since, period), internal))
