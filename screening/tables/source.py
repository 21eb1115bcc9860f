"""One file of cases, seen in the two ways the rest needs: case by case, and block by block."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from screening.answers import Answer, Case, Response
from screening.checklist.model import Checklist
from screening.errors import CaseError

if TYPE_CHECKING:
    from screening.scoring.block import Block

__all__ = ["CASE_KEYS", "PLAIN", "CaseFile", "Reading", "age_of", "check_met", "is_statistic"]

CASE_KEYS = (
    "case_id",
    "age",
    "age_certain",
    "setting",
    "language",
    "met_on",
    "birth_date",
)  # what a case has besides its answers
PLAIN = {answer: Response(answer) for answer in Answer}  # answers without basis or note, shared
_CASES_A_BLOCK = 16_384
_MOST_TOLD = 20  # lines about cases of one file

# What may be counted where a law asks for it and never carries weight (S12), in en, sq, sr; matched
# without regard to case.
_STATISTICS = frozenset(
    {
        "sex",
        "gender",
        "ethnicity",
        "ethnic_group",
        "nationality",
        "citizenship",
        "country_of_origin",
        "religion",
        "community",
        "race",
        "gjinia",
        "etnia",
        "etniciteti",
        "kombesia",
        "shtetesia",
        "feja",
        "komuniteti",
        "pol",
        "etnicitet",
        "etnicka_pripadnost",
        "nacionalnost",
        "drzavljanstvo",
        "religija",
        "veroispovest",
        "zajednica",
    }
)


def is_statistic(name: str) -> bool:
    """Whether a column or key of this name is kept for statistics and never scored."""
    return name.casefold() in _STATISTICS


@dataclass(frozen=True)
class Reading:
    """What a reader needs to know besides the path.

    `today` is the day ages and dates are taken on, where the case has none. `sheet` is the sheet
    of a workbook, where it is not the one that has a column case_id.
    """

    checklist: Checklist
    today: date
    encoding: str | None = None
    sheet: str | None = None


class CaseFile(ABC):
    """One file of cases. Rows are numbered from 0 here; `place` gives the number a person counts.

    The iterators can be started more than once: a second pass over the ids names both places of a
    duplicate.
    """

    def __init__(self, path: Path, reading: Reading) -> None:
        self.path, self.name, self.reading = path, path.name, reading
        self.warnings: list[str] = []
        self._told: list[str] = []

    def tell(self, found: Iterable[CaseError]) -> None:
        """Say of cases what stops nobody from reading them: the first lines of it, each once."""
        for error in found:
            line = str(error)
            if len(self._told) == _MOST_TOLD:
                return
            if line not in self._told:
                self._told.append(line)
                self.warnings.append(line)

    @abstractmethod
    def cases(self) -> Iterator[tuple[int, Case]]:
        """Row and case, in the order of the file."""

    def blocks(self) -> Iterator[tuple[Sequence[int], Block]]:
        """The rows and the cases in them, a bounded number at a time."""
        from screening.tables.blocks import block_of

        cases = self.cases()
        while part := list(islice(cases, _CASES_A_BLOCK)):
            yield (
                [row for row, _ in part],
                block_of([case for _, case in part], self.reading.checklist),
            )

    def ids(self) -> Iterator[tuple[Sequence[int], Sequence[str]]]:
        """Rows and case ids only."""
        for row, case in self.cases():
            yield (row,), (case.case_id,)

    @abstractmethod
    def place(self, row: int) -> str:
        """File and row as a person counts there."""

    def total(self) -> int | None:
        """How many cases there are, where the file says so."""
        return None


def check_met(met_on: date | None, today: date) -> None:
    """`C214` for a meeting that has not been yet."""
    if met_on is not None and met_on > today:
        raise CaseError("C214.in_future", met_on=met_on.isoformat(), today=today.isoformat())


def age_of(
    age: int | None, certain: bool, birth_date: date | None, met_on: date | None, today: date
) -> tuple[int | None, bool]:
    """One age from all that was stated, on the day of the meeting. Doubt means child (S4)."""
    from screening.answers import OLDEST, reconcile_age

    known, sure = reconcile_age(age, certain, birth_date, met_on or today)
    if known is not None and known > OLDEST:
        return (
            age,
            False,
        )  # a birth date of another century: whatever it was meant to say, the age is in doubt
    return known, sure
