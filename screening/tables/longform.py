"""The long form: one row per answer.

The rows of one case stand together, so that a file of any length can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from screening.answers import BASES, Answer, Case, Response, parse_age, parse_certain, parse_date
from screening.checklist.model import Checklist
from screening.checklist.retired import as_now
from screening.errors import CaseError, ScreeningError, nearest, quote
from screening.tables.columns import Ids, Place, answer_cell, parsed, texts_of
from screening.tables.layout import Layout
from screening.tables.source import PLAIN, age_of, check_met

__all__ = ["Group", "LongRows"]

_OWN: dict[str, Callable[[Any], Any]] = {
    "age": parse_age,
    "age_certain": parse_certain,
    "birth_date": parse_date,
    "met_on": parse_date,
}
_TEXTS = ("setting", "language")


class Group:
    """The rows of one case, gathered. What is said about the case may stand in any of them."""

    def __init__(self, row: int, case_id: str, place: Callable[[int], str]) -> None:
        self.rows, self.case_id, self.place = (row,), case_id, place
        self.answers: dict[str, Response] = {}
        self.answered_in: dict[str, int] = {}
        self.said: dict[str, list[Any]] = {}

    def say(self, key: str, value: Any) -> None:
        """Note a fact about the case; a blank says nothing."""
        if value is not None and value != "" and value not in self.said.setdefault(key, []):
            self.said[key].append(value)

    def answer(self, row: int, indicator: str, response: Response) -> None:
        """Note an answer; `C222` when there is one already."""
        if indicator in self.answered_in:
            first = self.place(self.answered_in[indicator])
            raise CaseError(
                "C222.answered_twice",
                place=self.place(row),
                indicator=indicator,
                case_id=self.case_id,
                first=first,
            )
        self.answered_in[indicator] = row
        if response is not PLAIN[Answer.NOT_ASKED]:
            self.answers[indicator] = response

    def contradictions(self) -> list[str]:
        """Facts told in more than one way that no rule reads; the first is kept."""
        return [key for key, values in self.said.items() if len(values) > 1 and key not in _OWN]

    def merge(self, retired: Mapping[str, str]) -> list[CaseError]:
        """Read answers under retired ids as those of what they became; what to tell of it."""
        answers, clashes = as_now(self.answers, retired, self.place(self.rows[0]))
        self.answers = dict(answers)
        return clashes

    def case(self, today: date) -> Case:
        """The case.

        Where rows contradict each other on age, the lowest is kept and it is not certain (S4).
        """
        said = self.said
        met_on = min(said.get("met_on", []), default=None)
        try:
            check_met(met_on, today)
        except ScreeningError as error:
            raise error.at(f"{self.place(self.rows[0])}, column met_on") from None
        ages = said.get("age", [])
        age, certain = min(ages, default=None), all(said.get("age_certain", [])) and len(ages) < 2
        for birth in said.get("birth_date", []):
            age, certain = age_of(age, certain, birth, met_on, today)
        statistics = {k: v[0] for k, v in said.items() if k not in _OWN and k not in _TEXTS}
        setting, language = (said.get(k, [""])[0] for k in _TEXTS)
        return Case(self.case_id, age, certain, self.answers, setting, language, met_on, statistics)


class LongRows:
    """Rows in, groups out, one as soon as the next begins.

    That a case comes again later is found by its id, as in any file.
    """

    def __init__(
        self, layout: Layout, checklist: Checklist, place: Callable[[int], str], warnings: list[str]
    ) -> None:
        self.layout, self.checklist, self.place, self.warnings = layout, checklist, place, warnings
        self.group: Group | None = None

    def add(
        self, first: int, column: dict[int, pa.Array], place: Callable[[int, int], Place], ids: Ids
    ) -> Iterator[Group]:
        """The groups that are complete after these rows."""
        own = self.layout.own

        def values(key: str, parse: Callable[[Any], Any]) -> list[Any]:
            if key not in own:
                return [None] * len(ids)
            numbers, found = parsed(column[own[key]], parse, place(first, own[key]))
            return [found[n] for n in numbers.tolist()]

        facts = {key: values(key, parse) for key, parse in _OWN.items() if key in own}
        facts |= {k: texts_of(column[p], place(first, p)) for k, p in self._texts().items()}
        indicators, answers = values("indicator", self._indicator), values("answer", answer_cell)
        bases, notes = (
            values("basis", _basis),
            (
                texts_of(column[own["note"]], place(first, own["note"]))
                if "note" in own
                else [""] * len(ids)
            ),
        )
        for n, case_id in enumerate(ids):
            if self.group is None or self.group.case_id != case_id:
                yield from self.end()
                self.group = Group(first + n, case_id, self.place)
            for key, found in facts.items():
                self.group.say(key, found[n])
            if indicators[n]:
                response = (
                    Response(answers[n], bases[n] or "", notes[n])
                    if bases[n] or notes[n]
                    else PLAIN[answers[n]]
                )
                self.group.answer(first + n, indicators[n], response)
            elif answers[n] is not Answer.NOT_ASKED:
                raise CaseError("C221.indicator_missing", place=place(first, own["indicator"])(n))

    def end(self) -> Iterator[Group]:
        """The last group, if any."""
        if self.group is not None:
            for key in self.group.contradictions():
                where, who = self.place(self.group.rows[0]), quote(self.group.case_id)
                self.warnings.append(
                    f"{where}: the rows of case {who} differ in {key}; the first is kept"
                )
            self.warnings += map(str, self.group.merge(self.checklist.retired))
            del self.warnings[20:]
            yield self.group
            self.group = None

    def _texts(self) -> dict[str, int]:
        return {k: p for k, p in self.layout.own.items() if k in _TEXTS} | dict(
            self.layout.statistics
        )

    def _indicator(self, value: Any) -> str:
        key = "" if value is None else str(value).strip()
        if key and self.checklist.current(key) not in self.checklist.indicators:
            raise CaseError(
                "C221.indicator_not_in_list",
                near=nearest(key, self.checklist.indicators),
                indicator=key,
                checklist=self.checklist.id,
            )
        return key


def _basis(value: Any) -> str:
    basis = "" if value is None else str(value).strip()
    if basis and basis not in BASES:
        raise CaseError("C223.basis_cell", basis=basis)
    return basis
