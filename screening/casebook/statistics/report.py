"""The figures of a casebook: the tables by period, how far children came, and whether fewer are
identified than expected.

Three things are kept apart: persons, meetings, and acts such as a referral or a decision. A person
is identified by a decision of an authority, never by a finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from screening.casebook.statistics.facts import ACTS, Facts
from screening.casebook.statistics.monitor import Expectation, Monitor, monitored
from screening.casebook.statistics.protect import LEAST, Sum, suppressed
from screening.casebook.statistics.table import TOTAL, Key, Length, Period, Table, periods
from screening.errors import UsageError

if TYPE_CHECKING:
    import numpy as np

    Column: TypeAlias = np.ndarray[Any, Any]

__all__ = ["COMPANIES", "STAGES", "WATCHED", "Statistics", "Wanted", "statistics_of"]

STAGES = ("met", "screened", "look_further", "refer", "sent", "accepted", "identified")
# Who has reached a stage has reached this one too
_WITHIN = {
    "screened": "met",
    "look_further": "screened",
    "refer": "look_further",
    "sent": "met",
    "accepted": "sent",
    "identified": "met",
}
WATCHED = ("over", "over_identified")
COMPANIES = ("all", "alone", "family", "others", "open")
_FAMILY = ("family", "says_family")
_POPULATIONS = ("children", "begging")


@dataclass(frozen=True)
class Wanted:
    """What a report is about.

    as_of : what happened up to this day
    since : of the tables the first day, and of the children the first day on which they were first
        met; None for everything there is
    period : how long the periods of the tables are
    expectation : the share of children begging that is expected to be identified

    Raises
    ------
    UsageError : U305 `since` is after `as_of`
    """

    as_of: date
    since: date | None = None
    period: Length = "year"
    expectation: Expectation | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.since > self.as_of:
            raise UsageError("U305.since_late", since=f"{self.since}", day=f"{self.as_of}")


@dataclass(frozen=True)
class Statistics:
    """A report: its tables, and whether fewer children begging are identified than expected.

    internal : everything is shown; otherwise counts below ten, and those from which one could be
        worked out, are suppressed
    """

    wanted: Wanted
    tables: tuple[Table, ...]
    monitor: Monitor
    internal: bool

    def table(self, name: str) -> Table:
        """The table with this id."""
        return next(t for t in self.tables if t.id == name)

    @property
    def suppresses(self) -> bool:
        """Whether any cell is suppressed."""
        return any(value is None for t in self.tables for value in t.cells.values())


def statistics_of(facts: Facts, wanted: Wanted, internal: bool = False) -> Statistics:
    """The report on the facts of a casebook."""
    made = _Counted(facts, wanted, internal)
    tables, monitor = made.tables(), made.monitor()
    whole = Statistics(wanted, (*tables, made.watched(monitor)), monitor, True)
    return whole if internal else _released(whole, made)


def _released(whole: Statistics, made: _Counted) -> Statistics:
    """Without counts below ten, those that would give one away, and what rests on either."""
    hidden = suppressed(made.values, made.sums, made.published, made.named)
    told = made.published - hidden
    tables = []
    for t in whole.tables:
        cells: dict[tuple[str, str], float | None] = {}
        for at in ((row, column) for row in t.rows for column in t.columns):
            key = Key(t.id, *at)
            shown = made.of[key].told(told) if t.unit == "days" else key in told
            cells[at] = t.cells[at] if shown else None
        tables.append(replace(t, cells=cells))
    n, hits = (Key("monitor", row, TOTAL) in told for row in WATCHED)
    return Statistics(whole.wanted, tuple(tables), whole.monitor.released(n, hits), False)


@dataclass(frozen=True)
class _Behind:
    """Of a median: whom it is of, and the counts of the two stages between which it lies."""

    n: int
    stages: tuple[Key, Key]
    reached: tuple[int, int]

    def told(self, shown: Collection[Key]) -> bool:
        """Whether the median may be: it is of ten persons or more, those of either stage whom it
        leaves out are nobody or ten or more, and nothing about the stages is suppressed. So
        neither a median nor its absence says anything of a count below ten.
        """
        rest = [whole - self.n for whole in self.reached]
        return (
            self.n >= LEAST
            and all(not r or r >= LEAST for r in rest)
            and all(stage in shown for stage in self.stages)
        )


class _Counted:
    """Every count of a report, and how counts add up to others.

    values : every count, also those that stand in no table; published : those that do
    named : totals of rows that a release names because they are ten or more
    of : what each median is of
    """

    def __init__(self, facts: Facts, wanted: Wanted, internal: bool) -> None:
        self.facts, self.wanted, self.internal = facts, wanted, internal
        self.values: dict[Key, int] = {}
        self.published: set[Key] = set()
        self.sums: list[Sum] = []
        self.named: set[Key] = set()
        self.of: dict[Key, _Behind] = {}
        columns = facts.columns()
        self.c = {name: column[columns["double"] != 1] for name, column in columns.items()}
        self.until = wanted.as_of.toordinal()
        self.since = wanted.since.toordinal() if wanted.since else 1
        self.entered = self._entered()
        self.identified = self._identified()
        self.spans = self._spans()

    def _entered(self) -> Column:
        import numpy as np

        entered: Column = np.where(self.c["met"] > 0, self.c["met"], self.c["opened"])
        return entered

    def _within(self, days: Column) -> Column:
        return (days >= self.since) & (days <= self.until)

    def _identified(self) -> Column:
        """The day of the first decision that says so, where the last one does not take it back."""
        import numpy as np

        actual, back = self.c["actual"], self.c["unconfirmed"]
        stands = self._within(actual) & ~((back >= actual) & (back <= self.until))
        return np.where(stands, actual, 0)

    def _spans(self) -> list[Period]:
        if self.wanted.since:
            first = self.wanted.since
        else:
            days = [d for acts in self.facts.acts.values() for d in acts]
            for found in (self.entered, self.identified):
                days += [int(found[found > 0].min())] if (found > 0).any() else []
            first = date.fromordinal(min(days, default=self.until))
        return periods(min(first, self.wanted.as_of), self.wanted.as_of, self.wanted.period)

    # -- counts ------------------------------------------------------------------------------------

    def _put(self, key: Key, value: int) -> Key:
        self.values[key] = int(value)
        return key

    def _shown(self, key: Key, value: int) -> Key:
        self.published.add(key)
        return self._put(key, value)

    def _part_of(self, part: Key, whole: Key) -> None:
        """That one count is of persons who are in another too: the rest could be worked out."""
        rest = Key("", f"{whole} without", str(part))
        self._put(rest, self.values[whole] - self.values[part])
        self.sums.append(Sum(whole, (part, rest)))

    def _by_period(self, table: str, row: str, days: Column) -> None:
        """How many of these days are in each period, and in all."""
        import numpy as np

        edges = [self.spans[0].first, *(p.end for p in self.spans)]
        counts, _ = np.histogram(days[days > 0], bins=edges)
        parts = [
            self._shown(Key(table, row, p.name), n)
            for p, n in zip(self.spans, counts.tolist(), strict=True)
        ]
        self._total(table, row, parts)

    def _total(self, table: str, row: str, parts: Sequence[Key]) -> None:
        whole = self._shown(Key(table, row, TOTAL), sum(self.values[k] for k in parts))
        self.sums.append(Sum(whole, tuple(parts)))

    def _table(self, name: str, unit: str, dated: str, rows: Sequence[str]) -> Table:
        columns = (*(p.name for p in self.spans), TOTAL)
        cells: Mapping[tuple[str, str], float | None] = {
            (row, column): self.values[Key(name, row, column)] for row in rows for column in columns
        }
        return Table(name, unit, dated, self.wanted.as_of, tuple(rows), columns, cells)

    def _adds_up(self, whole: tuple[str, str], parts: Sequence[tuple[str, str]]) -> None:
        """That rows add up to another row, in every column."""
        for column in (*(p.name for p in self.spans), TOTAL):
            keys = tuple(Key(*part, column) for part in parts)
            self.sums.append(Sum(Key(*whole, column), keys))

    # -- tables ------------------------------------------------------------------------------------

    def tables(self) -> tuple[Table, ...]:
        found = [self._victims(), self._named("origin"), self._named("form"), self._acts()]
        for name in _POPULATIONS:
            found += self._funnel(name)
        self._margins()
        return tuple(found)

    def _victims(self) -> Table:
        c, found = self.c, self.identified
        sexes = {label: n for n, label in enumerate(self.facts.labels["sex"])}
        female, male = (c["sex"] == sexes.get(s, -1) for s in ("female", "male"))
        by_row = {
            "identified": found > 0,
            "assisted": self._within(c["assisted"]),
            "returned": self._within(c["returned"]),
            "female": female,
            "male": male,
            "sex_open": ~(female | male),
            "children": c["child"] == 1,
            "adults": c["child"] == 0,
        }
        for row, these in by_row.items():
            self._by_period("victims", row, found * these)
        whole = ("victims", "identified")
        self._adds_up(whole, [("victims", r) for r in ("female", "male", "sex_open")])
        self._adds_up(whole, [("victims", r) for r in ("children", "adults")])
        for column in (*(p.name for p in self.spans), TOTAL):
            for row in ("assisted", "returned"):
                self._part_of(Key("victims", row, column), Key(*whole, column))
        return self._table("victims", "persons", "identified", tuple(by_row))

    def _named(self, name: str) -> Table:
        """Victims by a code: those that somebody has, then those of whom it is not known.

        A release names only codes that ten or more have; that there is a row for a rare one would
        say that somebody has it, and that there is none that nobody has.
        """
        codes, labels = self.c[name], self.facts.labels[name]
        counted = Counter(codes[self.identified > 0].tolist())
        least = 1 if self.internal else LEAST
        there = [n for n, some in counted.items() if n and some >= least]
        there.sort(key=lambda n: labels[n])
        rows = {f"{name}:{labels[n]}": codes == n for n in there}
        self.named |= {Key(name, row, TOTAL) for row in rows} if not self.internal else set()
        if not self.internal:
            rows["rare"] = (codes > 0) & ~_any(codes, there)
        rows["open"] = codes == 0
        for row, these in rows.items():
            self._by_period(name, row, self.identified * these)
        self._by_period(name, TOTAL, self.identified)
        self._adds_up((name, TOTAL), [(name, row) for row in rows])
        self._adds_up((name, TOTAL), [("victims", "identified")])
        return self._table(name, "persons", "identified", (*rows, TOTAL))

    def _acts(self) -> Table:
        for act in ACTS:
            days = self.facts.acts[act]
            parts = [
                self._shown(
                    Key("acts", act, p.name),
                    sum(n for d, n in days.items() if p.first <= d < p.end),
                )
                for p in self.spans
            ]
            self._total("acts", act, parts)
        for column in (*(p.name for p in self.spans), TOTAL):
            # the decision by which somebody is identified is one of the decisions
            self._part_of(Key("victims", "identified", column), Key("acts", "decisions", column))
        return self._table("acts", "acts", "happened", ACTS)

    def _stages(self) -> dict[str, Column]:
        """The day on which each stage was reached by those first met in the time of the report."""
        days = {name: self.c[name] for name in STAGES if name in self.c}
        days |= {"met": self.entered, "identified": self.identified}
        reached = self._within(self.entered)
        return {s: days[s] * (reached & (days[s] > 0) & (days[s] <= self.until)) for s in STAGES}

    def _companies(self) -> dict[str, Column]:
        labels = self.facts.labels["company"]
        codes = self.c["company"]
        found: dict[str, Column] = {"all": codes >= 0}
        for name in ("alone", "family", "others"):
            names = _FAMILY if name == "family" else (name,)
            these = [n for n, label in enumerate(labels) if label in names]
            found[name] = _any(codes, these)
        found["open"] = ~(found["alone"] | found["family"] | found["others"])
        return found

    def _funnel(self, name: str) -> list[Table]:
        these = self.c["child"] == 1
        if name == "begging":
            these = these & (self.c["begs"] == 1)
        stages, companies = self._stages(), self._companies()
        medians: dict[tuple[str, str], float | None] = {}
        for company, there in companies.items():
            days = {s: d[these & there] for s, d in stages.items()}
            for stage in STAGES:
                key = self._shown(Key(name, stage, company), int((days[stage] > 0).sum()))
                if stage in _WITHIN:
                    self._part_of(key, Key(name, _WITHIN[stage], company))
            for before, after in [*pairwise(STAGES), ("met", "identified")]:
                step = f"{before}:{after}"
                n, median = _median(days[before], days[after])
                ends = Key(name, before, company), Key(name, after, company)
                reached = self.values[ends[0]], self.values[ends[1]]
                self.of[Key(f"{name}_days", step, company)] = _Behind(n, ends, reached)
                if n:
                    medians[step, company] = median
        for stage in STAGES:
            parts = tuple(Key(name, stage, company) for company in COMPANIES[1:])
            self.sums.append(Sum(Key(name, stage, "all"), parts))
        steps = tuple(dict.fromkeys(k.row for k in self.of if k.table == f"{name}_days"))
        cells: dict[tuple[str, str], float | None] = {
            (s, c): self.values[Key(name, s, c)] for s in STAGES for c in COMPANIES
        }
        as_of = self.wanted.as_of
        return [
            Table(name, "persons", "first_met", as_of, STAGES, COMPANIES, cells),
            Table(f"{name}_days", "days", "first_met", as_of, steps, COMPANIES, medians),
        ]

    def _margins(self) -> None:
        """What tables share: those begging are children, and children identified are victims."""
        for stage in STAGES:
            for company in COMPANIES:
                self._part_of(Key("begging", stage, company), Key("children", stage, company))
        self._part_of(Key("children", "identified", "all"), Key("victims", "children", TOTAL))

    def monitor(self) -> Monitor:
        these = (self.c["child"] == 1) & (self.c["begs"] == 1) & self._within(self.entered)
        found = monitored(
            self.entered[these], self.identified[these], self.wanted.as_of, self.wanted.expectation
        )
        n, hits = (Key("monitor", row, TOTAL) for row in WATCHED)
        self._shown(n, found.n or 0)
        self._shown(hits, found.hits or 0)
        self._part_of(hits, n)
        self._part_of(n, Key("begging", "met", "all"))
        self._part_of(hits, Key("begging", "identified", "all"))
        return found

    def watched(self, monitor: Monitor) -> Table:
        """The counts of the monitor as a table."""
        counts = zip(WATCHED, (monitor.n, monitor.hits), strict=True)
        cells: dict[tuple[str, str], float | None] = {(row, TOTAL): n for row, n in counts}
        as_of = self.wanted.as_of
        return Table("monitor", "persons", "after", as_of, WATCHED, (TOTAL,), cells)


def _any(codes: Column, these: Sequence[int]) -> Column:
    import numpy as np

    found: Column = np.isin(codes, these)
    return found


def _median(before: Column, after: Column) -> tuple[int, float]:
    """Of those who reached both, how many and the median days between."""
    import numpy as np

    both = (before > 0) & (after > 0)
    n = int(both.sum())
    return n, float(np.median(after[both] - before[both])) if n else 0.0
