"""What the columns of a table are: told from its header alone, once, before any row is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from screening.checklist.model import Checklist
from screening.errors import CaseError, did_you_mean, nearest, quote
from screening.tables.source import CASE_KEYS, is_statistic

__all__ = ["LONG_KEYS", "Layout", "letter"]

LONG_KEYS = ("indicator", "answer", "basis", "note")


def letter(position: int) -> str:
    """A column's letter in a spreadsheet; 0 is A."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@dataclass(frozen=True)
class Layout:
    """Positions of columns by what they hold.

    `long` has one row per answer, otherwise there is one per case.

    own : by name of `CASE_KEYS` (and, in the long form, of `LONG_KEYS`)
    indicators : by indicator id, in list order; empty in the long form. A column under a retired
        id is that of what it became
    also : by indicator id, further columns that answer it: under retired ids, beside one of today
    statistics : kept, never scored
    nameless : without a name; passed over as long as nothing is in them
    """

    long: bool
    own: Mapping[str, int]
    indicators: Mapping[str, int]
    also: Mapping[str, tuple[int, ...]]
    statistics: Mapping[str, int]
    warnings: tuple[str, ...]
    nameless: tuple[int, ...] = ()

    @property
    def answering(self) -> tuple[int, ...]:
        """The columns of answers, in list order."""
        return tuple(p for i, at in self.indicators.items() for p in (at, *self.also.get(i, ())))

    @classmethod
    def of(
        cls, header: Sequence[str], checklist: Checklist, name: str, first_row: str = "row 1"
    ) -> Layout:
        """The layout that a header tells.

        Raises
        ------
        CaseError : C207 a name that is repeated or missing
        """
        names = _clean(header, name, first_row)
        long = {"case_id", "indicator", "answer"} <= names.keys()
        own = {k: names[k] for k in (*CASE_KEYS, *(LONG_KEYS if long else ())) if k in names}
        columns = {} if long else _answering(names, own, checklist)
        indicators = {i: at[0] for i, at in columns.items()}
        also = {i: tuple(at[1:]) for i, at in columns.items() if len(at) > 1}
        if "case_id" not in own:
            raise CaseError(
                "C207.no_case_id_column",
                place=f"{name}, {first_row}",
                near=nearest("case_id", names),
            )
        read = {p for at in columns.values() for p in at}
        rest = {k: p for k, p in names.items() if k not in own and p not in read}
        statistics = {k: p for k, p in rest.items() if is_statistic(k)}
        known = (*CASE_KEYS, *(LONG_KEYS if long else checklist.indicators))
        warnings = [
            f"{name}: column {quote(k)} is recorded for statistics, never scored"
            for k in statistics
        ]
        for k in rest:
            if k not in statistics:
                wide = long and checklist.current(k) in checklist.indicators
                kept = (
                    "is an answer in the wide form and not scored in the long one"
                    if wide
                    else "is not known and not scored"
                )
                warnings.append(
                    f"{name}: column {quote(k)} {kept}; {did_you_mean(k, known)}".removesuffix("; ")
                )
        if not long and not indicators:
            warnings.append(
                f"{name}: no column is an indicator of the list {checklist.id}; see 'screening"
                f" checklist show {checklist.id}'"
            )
        if "age" not in own and "birth_date" not in own:
            warnings.append(f"{name}: there is no column age: every person is treated as a child")
        named = set(names.values())
        nameless = tuple(n for n in range(len(header)) if n not in named)
        return cls(long, own, indicators, also, statistics, tuple(warnings), nameless)


def _answering(
    names: Mapping[str, int], own: Mapping[str, int], checklist: Checklist
) -> dict[str, list[int]]:
    """By indicator, in list order, the columns that answer it: its own first, then those of
    retired ids.
    """
    columns: dict[str, list[int]] = {i: [] for i in checklist.indicators}
    for key in (*checklist.indicators, *checklist.retired):
        if key in names and key not in own:
            columns[checklist.current(key)].append(names[key])
    return {i: at for i, at in columns.items() if at}


def _clean(header: Sequence[str], name: str, first_row: str) -> dict[str, int]:
    names: dict[str, int] = {}
    for position, raw in enumerate(header):
        key = raw.strip().removeprefix("\ufeff").strip()
        if not key:
            continue
        if key in names:
            first = names[key]
            both = (
                f"column {first + 1} ({letter(first)}) and column {position + 1}"
                f" ({letter(position)})"
            )
            raise CaseError(
                "C207.column_twice", place=f"{name}, {first_row}", column=key, both=both
            )
        names[key] = position
    return names
