"""The long form: one row per answer.

The rows of one case stand together, so that a file of any length can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from screening.answers import BASES, Answer, Case, Response
from screening.checklist.retired import as_now
from screening.errors import CaseError, Notice, mark, nearest
from screening.names import fold
from screening.tables.columns import Ids, Place, parsed, texts_of
from screening.tables.layout import Layout, indicator_names
from screening.tables.source import PLAIN, Reading, age_of
from screening.values import in_doubt

__all__ = ["Group", "LongRows"]

_OWN = ("age", "age_certain", "age_estimated", "birth_date", "met_on")
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
        age, stated = self._age(), self._stated()
        certain = stated is not False and not self.in_doubt
        for birth in said.get("birth_date", []):
            age, certain = age_of(age, certain, birth, met_on, today)
        statistics = {k: v[0] for k, v in said.items() if k not in _OWN and k not in _TEXTS}
        setting, language = (said.get(k, [""])[0] for k in _TEXTS)
        return Case(self.case_id, age, certain, self.answers, setting, language, met_on, statistics)

    def _age(self) -> int | None:
        return min(self.said.get("age", []), default=None)

    def _stated(self) -> bool | None:
        """Whether the rows say that the age is certain; None where none says anything."""
        said = [*self.said.get("age_certain", []), *self.said.get("age_estimated", [])]
        if len(self.said.get("age", [])) > 1 or False in said:
            return False
        return True if said else None

    @property
    def in_doubt(self) -> bool:
        """Whether the age may be a code for "not known"."""
        return "birth_date" not in self.said and in_doubt(self._age(), self._stated())


class LongRows:
    """Rows in, groups out, one as soon as the next begins.

    That a case comes again later is found by its id, as in any file.
    """

    def __init__(
        self, layout: Layout, reading: Reading, place: Callable[[int], str], warnings: list[str]
    ) -> None:
        self.layout, self.reading, self.place, self.warnings = layout, reading, place, warnings
        self.names = indicator_names(reading.checklist)
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

        parsers = self.reading.parsers
        facts = {key: values(key, parsers[key]) for key in _OWN if key in own}
        facts |= {k: texts_of(column[p], place(first, p)) for k, p in self._texts().items()}
        indicators = values("indicator", self.indicator)
        answers = values("answer", self.reading.answer)
        bases, notes = (
            values("basis", basis_of),
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
                self.warnings.append(
                    Notice(
                        self.place(self.group.rows[0]),
                        mark("the rows of case {who!r} differ in {key}; the first is kept"),
                        who=self.group.case_id,
                        key=key,
                    )
                )
            self.warnings += map(str, self.group.merge(self.reading.checklist.retired))
            del self.warnings[20:]
            yield self.group
            self.group = None

    def _texts(self) -> dict[str, int]:
        return {k: p for k, p in self.layout.own.items() if k in _TEXTS} | dict(
            self.layout.statistics
        )

    def indicator(self, value: Any) -> str:
        """A cell as the id of an indicator; `C221` where it is none."""
        said = "" if value is None else str(value).strip()
        key = self.names.of(said) or self.names.in_group(said)[0]
        if said and not key:
            raise CaseError(
                "C221.indicator_not_in_list",
                near=nearest(said, self.names.known),
                indicator=said,
                checklist=self.reading.checklist.id,
            )
        return key


def basis_of(value: Any) -> str:
    """A cell as what an answer rests on; `C223` where it is nothing of the kind."""
    basis = "" if value is None else fold(str(value))
    if basis and basis not in BASES:
        raise CaseError("C223.basis_cell", basis=basis)
    return basis
