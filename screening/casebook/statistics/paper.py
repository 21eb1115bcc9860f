"""The tables of the article that this project began with: its counts, and its percentages beside
those that the counts give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from screening.casebook.statistics.table import TOTAL, Table
from screening.files.csvtext import delimited

__all__ = ["PAPER", "Claim", "claims", "paper_tables"]

PAPER = Path(__file__).parent / "maloku_2019"
AS_OF = date(2019, 6, 30)
PERIODS = {"2017": "2017", "2018": "2018", "2019_jan_jun": "2019/1"}  # their names in our tables
_FILES = {
    1: ("table1_criminal_charges", "charges", "charges"),
    2: ("table2_persons_charged", "persons_charged", "persons"),
    3: ("table3_victims", "victims", "persons"),
    4: ("table4_victims_by_origin", "origin", "persons"),
    5: ("table5_victims_by_form", "form", "persons"),
}
# What our tables call the article's rows
_ROWS = {
    "human_trafficking_charges": "charges",
    "assisted_sheltered": "assisted",
    "repatriated": "returned",
}
# Rows that add up to another one, which need not be printed
_ADD_UP: Mapping[int, tuple[tuple[str, ...], str]] = {
    2: (("human_trafficking", "sexual_services_of_a_victim"), TOTAL),
    3: (("female", "male"), "identified"),
}


@dataclass(frozen=True)
class Claim:
    """A percentage that the article prints, and the one that its counts give.

    table : number of the article's table; row : as our tables call it
    measure : `fall` from one period to the next, or `share` of all in all periods
    count, of : what the share is of; of a fall, the later and the earlier count
    """

    table: int
    row: str
    measure: str
    count: int
    of: int
    printed: float
    text: str

    @property
    def right(self) -> float:
        """What the counts give, with two places."""
        part = self.count if self.measure == "share" else self.of - self.count
        return round(100 * part / self.of, 2)

    @property
    def wrong(self) -> bool:
        """Whether the printed figure is off by more than rounding."""
        return abs(self.printed - self.right) > 0.011


def paper_tables() -> dict[int, Table]:
    """The article's tables by their number, with a total of all periods for each row."""
    return {number: _table(number) for number in _FILES}


def _rows(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8")
    return [cells for _, cells in delimited(text, lambda cells: len(cells) > 1)]


def _table(number: int) -> Table:
    file, name, unit = _FILES[number]
    (_, *columns), *rows = _rows(PAPER / f"{file}.csv")
    counts = {_ROWS.get(row, row): [int(cell) for cell in cells] for row, *cells in rows}
    if number == 5:
        counts[TOTAL] = [sum(cells) for cells in zip(*counts.values(), strict=True)]
    parts, whole = _ADD_UP.get(number, (tuple(r for r in counts if r != TOTAL), TOTAL))
    if whole in counts and number != 1:
        added = [sum(cells) for cells in zip(*(counts[p] for p in parts), strict=True)]
        if added != counts[whole]:
            raise ValueError(f"table {number} does not add up")
    cells = {
        (row, PERIODS.get(column, column)): float(n)
        for row, values in counts.items()
        for column, n in zip(columns, values, strict=True)
    }
    cells |= {(row, TOTAL): float(sum(values)) for row, values in counts.items()}
    return Table(
        name,
        unit,
        "published",
        AS_OF,
        tuple(counts),
        (*(PERIODS.get(c, c) for c in columns), TOTAL),
        cells,
    )


@cache
def claims() -> tuple[Claim, ...]:
    """The percentages of the article's text."""
    tables = paper_tables()
    found = []
    _, *rows = _rows(PAPER / "claims.csv")
    for number, name, measure, earlier, later, printed, text in rows:
        table, row = tables[int(number)], _ROWS.get(name, name)
        if measure == "fall":
            count, of = table.cells[row, later], table.cells[row, earlier]
        else:
            count, of = table.cells[row, TOTAL], table.cells[TOTAL, TOTAL]
        told = (int(count or 0), int(of or 0), float(printed), text)
        found.append(Claim(int(number), row, measure, *told))
    return tuple(found)
