"""What is released gives no count below ten back, to somebody who has all of it and a solver."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from screening.casebook.statistics.facts import Facts, facts_of
from screening.casebook.statistics.monitor import Expectation
from screening.casebook.statistics.protect import LEAST, Sum, suppressed
from screening.casebook.statistics.report import Statistics, Wanted, statistics_of
from screening.casebook.statistics.show import monitor_lines
from screening.casebook.statistics.table import Key
from screening.i18n import words
from support.casework import MemoryStore, on
from support.year import FORMS, a_year, identified_person

END = on("2026-11-30")
Cell = tuple[str, str, str]


class Attacker:
    """Somebody who has a release and knows what its tables mean; written from what they mean, not
    from how they are protected.
    """

    def __init__(self, released: Statistics) -> None:
        tables = {t.id: t for t in released.tables if t.unit != "days"}
        self.known: dict[Cell, float | None] = {
            (t.id, r, c): t.cells[r, c] for t in tables.values() for r in t.rows for c in t.columns
        }
        self.place = {cell: n for n, cell in enumerate(self.known)}
        self.least = [self.place[c] for c in self.known if ":" in c[1] and c[2] == "total"]
        self.rows: list[tuple[list[tuple[Cell, int]], float]] = []  # sum of these >= 0, or == 0
        for t in tables.values():
            if "total" in t.columns and len(t.columns) > 1:
                for r in t.rows:
                    self.equal((t.id, r, "total"), [(t.id, r, c) for c in t.columns[:-1]])
        for column in tables["victims"].columns:
            whole = ("victims", "identified", column)
            self.equal(whole, [("victims", r, column) for r in ("female", "male", "sex_open")])
            self.equal(whole, [("victims", r, column) for r in ("children", "adults")])
            for name in ("origin", "form"):
                rows = [r for r in tables[name].rows if r != "total"]
                self.equal((name, "total", column), [(name, r, column) for r in rows])
                self.equal((name, "total", column), [whole])
            for part in ("assisted", "returned"):
                self.within(("victims", part, column), whole)
            self.within(whole, ("acts", "decisions", column))
        stages, companies = tables["children"].rows, tables["children"].columns
        for name in ("children", "begging"):
            for stage in stages:
                self.equal((name, stage, "all"), [(name, stage, c) for c in companies[1:]])
            for company in companies:
                for part, whole_ in (
                    ("screened", "met"),
                    ("look_further", "screened"),
                    ("refer", "look_further"),
                    ("sent", "met"),
                    ("accepted", "sent"),
                    ("identified", "met"),
                ):
                    self.within((name, part, company), (name, whole_, company))
        for stage in stages:
            for company in companies:
                self.within(("begging", stage, company), ("children", stage, company))
        self.within(("children", "identified", "all"), ("victims", "children", "total"))
        self.within(("monitor", "over_identified", "total"), ("monitor", "over", "total"))
        self.within(("monitor", "over", "total"), ("begging", "met", "all"))
        self.within(("monitor", "over_identified", "total"), ("begging", "identified", "all"))

    def equal(self, whole: Cell, parts: list[Cell]) -> None:
        self.rows.append(([(whole, -1), *((p, 1) for p in parts)], 0))

    def within(self, part: Cell, whole: Cell) -> None:
        self.rows.append(([(part, -1), (whole, 1)], np.inf))

    def differences(self) -> Iterator[tuple[Cell, Cell]]:
        """Counts of which one is within the other."""
        for terms, most in self.rows:
            if most:
                yield terms[0][0], terms[1][0]

    def certain(self, cells: Collection[Cell | tuple[Cell, Cell]]) -> list[object]:
        """Which of these counts (or a whole without a part of it) cannot be ten or more, for all
        that is released says.
        """
        n, k = len(self.place), len(self.rows)
        low, high = np.zeros(n), np.full(n, 10_000.0)
        low[self.least] = LEAST
        for cell, value in self.known.items():
            if value is not None:
                low[self.place[cell]] = high[self.place[cell]] = value
        matrix = np.zeros((k, n))
        for row, (parts, _) in enumerate(self.rows):
            for cell, sign in parts:
                matrix[row, self.place[cell]] += sign
        bounds = LinearConstraint(csr_array(matrix), 0, [most for _, most in self.rows])
        goals, left = {}, list(cells)
        for asked in left:
            goal = np.zeros(n)
            whole, part = asked if isinstance(asked[0], tuple) else (asked, None)
            goal[self.place[whole]] += 1  # type: ignore[index]  # a cell, never a word
            if part is not None:
                goal[self.place[part]] -= 1  # type: ignore[index]  # a cell, never a word
            goals[asked] = goal
        small = []
        while left:
            goal = goals[asked := left.pop()]
            found = milp(
                -goal, integrality=np.ones(n), bounds=Bounds(low, high), constraints=bounds
            )
            assert found.x is not None, "the release contradicts itself"
            values = np.rint(found.x)
            assert np.abs(values - found.x).max() < 1e-6
            if goal @ values < LEAST:
                small.append(asked)
            left = [cell for cell in left if goals[cell] @ values < LEAST]
        return small


def office(cases: int, victims: int, seed: int) -> MemoryStore:
    """Invented cases, and people identified in the time of the report."""
    store = MemoryStore()
    store.append(a_year(cases, seed))
    people = [
        identified_person(
            f"V-{n}",
            date(2025, 12, 1) + timedelta(days=n * 37 % 365),
            {"sex": "m" if n % 7 == 0 else "f", "origin": ("Kosovo", "Albania", "Chad")[n % 9 % 3]},
            FORMS[n * n % 5],
            n % 3 > 0,
            n % 11 == 0,
        )
        for n in range(victims)
    ]
    store.append([e for events in people for e in events])
    return store


@cache
def facts_in(cases: int, victims: int, seed: int) -> Facts:
    return facts_of(office(cases, victims, seed))


@pytest.mark.parametrize(
    ("cases", "victims", "seed", "period"),
    [
        (40, 3, 1, "year"),
        (400, 60, 2, "half"),
        (400, 200, 3, "quarter"),
        (3000, 40, 4, "year"),
        (3000, 400, 5, "month"),
    ],
)
def test_no_count_below_ten_can_be_worked_out_from_a_release(
    cases: int, victims: int, seed: int, period: str
) -> None:
    facts = facts_in(cases, victims, seed)
    wanted = Wanted(END, None, period)  # type: ignore[arg-type]  # one of BY
    released = statistics_of(facts, wanted)
    attacker = Attacker(released)
    left_out = [cell for cell, value in attacker.known.items() if value is None]
    assert left_out and all(v is None or v >= LEAST for v in attacker.known.values())
    assert attacker.certain(left_out) == []
    true = {
        (t.id, r, c): t.cells.get((r, c)) or 0
        for t in statistics_of(facts, wanted, internal=True).tables
        for r in t.rows
        for c in t.columns
    }
    rests = {(whole, part): true[whole] - true[part] for part, whole in attacker.differences()}
    assert attacker.certain([pair for pair, rest in rests.items() if 0 < rest < LEAST]) == []


def test_what_is_released_is_true_and_not_everything_is_left_out() -> None:
    facts = facts_in(3000, 400, 5)
    whole, released = (statistics_of(facts, Wanted(END), internal=i) for i in (True, False))
    told = 0
    for t in released.tables:
        for (r, c), value in t.cells.items():
            if value is not None:
                told += 1
                assert whole.table(t.id).cells[r, c] == value
    assert told > 60


def test_a_rare_origin_has_no_row_of_its_own_in_a_release() -> None:
    store = office(400, 60, 2)
    store.append(identified_person("X", END, {"sex": "f", "origin": "Tuvalu"}, "x", True, False))
    facts = facts_of(store)
    assert "origin:Tuvalu" in statistics_of(facts, Wanted(END), True).table("origin").rows
    released = statistics_of(facts, Wanted(END)).table("origin").rows
    assert "origin:Tuvalu" not in released and "rare" in released


def test_a_median_says_nothing_of_a_count_below_ten() -> None:
    """Neither that nobody went from one stage to the next, nor that a few did."""
    facts = facts_in(400, 60, 2)
    released = statistics_of(facts, Wanted(END))
    for name in ("children", "begging"):
        counts, days = released.table(name), released.table(f"{name}_days")
        for step in days.rows:
            before, after = step.split(":")
            for c in days.columns:
                assert (step, c) in days.cells
                if counts.cells[before, c] is None or counts.cells[after, c] is None:
                    assert days.cells[step, c] is None


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4),
)
def test_in_any_table_with_totals_every_small_count_could_be_ten(cells: list[list[int]]) -> None:
    rows, columns = range(len(cells)), range(3)
    values = {Key("t", f"{r}", f"{c}"): cells[r][c] for r in rows for c in columns}
    sums = []
    for r in rows:
        parts = tuple(Key("t", f"{r}", f"{c}") for c in columns)
        values[whole := Key("t", f"{r}", "all")] = sum(values[p] for p in parts)
        sums.append(Sum(whole, parts))
    for c in [*map(str, columns), "all"]:
        parts = tuple(Key("t", f"{r}", c) for r in rows)
        values[whole := Key("t", "all", c)] = sum(values[p] for p in parts)
        sums.append(Sum(whole, parts))
    hidden = suppressed(values, sums, values)
    place = {key: n for n, key in enumerate(values)}
    matrix = np.zeros((len(sums), len(values)))
    for k, s in enumerate(sums):
        matrix[k, place[s.whole]] = -1
        for part in s.parts:
            matrix[k, place[part]] = 1
    low = [0 if key in hidden else v for key, v in values.items()]
    high = [np.inf if key in hidden else v for key, v in values.items()]
    for key, value in values.items():
        if value < LEAST:
            goal = np.zeros(len(values))
            goal[place[key]] = -1
            found = milp(
                goal,
                integrality=np.ones(len(values)),
                bounds=Bounds(low, np.minimum(high, 10_000)),
                constraints=[LinearConstraint(matrix, 0, 0)],
            )
            assert key in hidden and -found.fun >= LEAST - 1e-6


def test_an_alarm_is_released_only_where_ten_identified_children_would_raise_it_too() -> None:
    """With few children, that there is one would say how few were identified."""
    few, many = facts_in(400, 0, 2), facts_in(3000, 0, 2)
    wanted = Wanted(END, expectation=Expectation(0.2, "a count"))
    inside, outside = (statistics_of(few, wanted, i).monitor for i in (True, False))
    assert inside.verdict == "fewer" and (inside.hits or 0) < LEAST
    assert outside.verdict == "withheld"
    assert (outside.hits, outside.chance, outside.high, outside.since) == (None,) * 4
    assert not outside.looks
    assert statistics_of(many, wanted).monitor.verdict == "fewer"


def test_the_monitor_of_a_release_says_in_words_what_it_cannot_say() -> None:
    facts = facts_in(400, 0, 2)
    wanted = Wanted(END, expectation=Expectation(0.2, "a count"))
    text = " ".join(monitor_lines(statistics_of(facts, wanted).monitor, words("en")))
    assert "cannot be said" in text and "Identified by then: *." in text
