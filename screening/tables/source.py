"""One file of cases, seen in the two ways the rest needs: case by case, and block by block."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.answers import OLDEST, Answer, Case, Response, reconcile_age
from screening.checklist.model import Checklist
from screening.errors import CaseError, Notice, ScreeningError
from screening.names import fold
from screening.values import (
    Missing,
    answer_cell,
    in_doubt,
    parse_age,
    parse_date,
    parse_estimated,
    parse_stated,
)

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
    "age_estimated",
)  # what a case has besides its answers
PLAIN = {answer: Response(answer) for answer in Answer}  # answers without basis or note, shared
_CASES_A_BLOCK = 16_384
_MOST_TOLD = 20  # lines about cases of one file

# What may be counted where a law asks for it and never carries weight (S12), in en, sq, sr; matched
# by its key, without a group before it.
_STATISTICS = frozenset(
    {
        "sex",
        "gender",
        "ethnicity",
        "ethnic_group",
        "nationality",
        "citizenship",
        "country_of_origin",
        "origin",
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
        "vendi_i_origjines",
        "origjina",
        "zemlja_porekla",
        "poreklo",
    }
)


def is_statistic(name: str) -> bool:
    """Whether a column or key of this name is kept for statistics and never scored."""
    return fold(re.split(r"[/:.]", name)[-1]).replace(" ", "_") in _STATISTICS


@dataclass(frozen=True)
class Reading:
    """What a reader needs to know besides the path.

    today : the day ages and dates are taken on, where the case has none
    sheet : of a workbook, where it is not the one that has a column case_id
    missing : what codes stand for (see `values.missing_codes`)
    keep : columns to carry to the results; None for all that are no answers
    """

    checklist: Checklist
    today: date
    encoding: str | None = None
    sheet: str | None = None
    missing: Missing = field(default_factory=dict)
    keep: tuple[str, ...] | None = ()

    def answer(self, value: Any) -> Answer:
        """A cell as an answer."""
        return answer_cell(value, self.missing)

    @cached_property
    def parsers(self) -> dict[str, Callable[[Any], Any]]:
        """What reads a cell of each column that is no answer and no free text."""

        def met_day(value: Any) -> date | None:
            day = parse_date(value)
            check_met(day, self.today)
            return day

        return {
            "age": partial(parse_age, missing=self.missing),
            "age_certain": partial(parse_stated, missing=self.missing),
            "age_estimated": partial(parse_estimated, missing=self.missing),
            "birth_date": parse_date,
            "met_on": met_day,
        }


class CaseFile(ABC):
    """One file of cases. Rows are numbered from 0 here; `place` gives the number a person counts.

    The iterators can be started more than once: a second pass over the ids names both places of a
    duplicate.
    """

    def __init__(self, path: Path, reading: Reading) -> None:
        self.path, self.name, self.reading = path, path.name, reading
        self.warnings: list[str] = []
        self.kept: tuple[str, ...] = ()  # columns that are carried to the results
        self._told: list[str] = []

    def warn(self, text: str) -> None:
        """Note what was read and not scored, once however often the file is read."""
        if text not in self.warnings:
            self.warnings.append(text)

    def faults(self, most: int | None = None) -> Iterator[tuple[int, ScreeningError]]:
        """What cannot be read, with its row, of the first `most` rows or a few more; nothing where
        a reader cannot look on after a fault.
        """
        return iter(())

    def tell(self, found: Iterable[CaseError]) -> None:
        """Say of cases what stops nobody from reading them: the first lines of it, each once."""
        for error in found:
            line = Notice.of(error)
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
    age: int | None, stated: bool | None, birth_date: date | None, met_on: date | None, today: date
) -> tuple[int | None, bool]:
    """One age from all that was stated, on the day of the meeting. Doubt means child (S4).

    stated : whether somebody says that the age is certain; None where nobody says anything
    """
    if birth_date is None and in_doubt(age, stated):
        return age, False
    certain = stated is not False
    known, sure = reconcile_age(age, certain, birth_date, met_on or today)
    if known is not None and known > OLDEST:
        return (
            age,
            False,
        )  # a birth date of another century: whatever it was meant to say, the age is in doubt
    return known, sure
