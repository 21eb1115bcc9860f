"""What the columns of a table are: told from its header alone, once, before any row is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from screening.checklist.loader import catalogue_ids, load_checklist
from screening.checklist.model import Checklist
from screening.errors import CaseError, Notice, UsageError, mark, nearest, quote
from screening.languages import LANGUAGES, column_words
from screening.names import Columns, Names, fold, seen
from screening.tables.source import CASE_KEYS, is_statistic

__all__ = ["LONG_KEYS", "Layout", "indicator_names", "letter", "named"]

LONG_KEYS = ("indicator", "answer", "basis", "note")
_SHOWN = 8  # unknown columns named in a warning


def letter(position: int) -> str:
    """A column's letter in a spreadsheet; 0 is A."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def indicator_names(checklist: Checklist, own: Iterable[str] = ()) -> Names:
    """The ids of a list, each with its sentences in every language, beside names of our own."""
    names = (*own, *checklist.indicators, *checklist.retired)

    def labels() -> dict[str, str]:
        found = {}
        for language in LANGUAGES:
            texts = checklist.texts(language)
            for indicator in checklist.indicators:
                found[texts.statement(indicator)] = indicator
                for profile in ("child", "adult"):
                    found[texts.prompt(indicator, "ask", profile)] = indicator
        found.pop("", None)
        return found

    def elsewhere() -> Iterable[str]:
        lists = (load_checklist(name).indicators for name in catalogue_ids())
        return (name for name in chain.from_iterable(lists) if name not in names)

    return Names(names, column_words(), labels, elsewhere)


@dataclass(frozen=True)
class Layout:
    """Positions of columns by what they hold.

    `long` has one row per answer, otherwise there is one per case.

    own : by name of `CASE_KEYS` (and, in the long form, of `LONG_KEYS`)
    indicators : by indicator id, in list order; empty in the long form. A column under a retired
        id is that of what it became
    also : by indicator id, further columns that answer it: under retired ids, beside one of today
    statistics : by heading; recorded, never scored
    kept : by heading; carried to the results as they came, never scored
    nameless : without a name; passed over as long as nothing is in them
    """

    long: bool
    own: Mapping[str, int]
    indicators: Mapping[str, int]
    also: Mapping[str, tuple[int, ...]]
    statistics: Mapping[str, int]
    kept: Mapping[str, int]
    warnings: tuple[str, ...]
    nameless: tuple[int, ...] = ()

    @property
    def answering(self) -> tuple[int, ...]:
        """The columns of answers, in list order."""
        return tuple(p for i, at in self.indicators.items() for p in (at, *self.also.get(i, ())))

    @classmethod
    def of(
        cls,
        header: Sequence[str],
        checklist: Checklist,
        name: str,
        first_row: str = "row 1",
        keep: Sequence[str] | None = (),
    ) -> Layout:
        """The layout that a header tells.

        keep : columns to carry to the results; None for all that are no answers

        Raises
        ------
        CaseError : C207 a name that is repeated, missing, or only near a known one
        UsageError : U305 a column to keep that there is not
        """
        place = f"{name}, {first_row}"
        spare = keep or ()
        found = Names((*CASE_KEYS, *LONG_KEYS), column_words()).columns(header, spare)
        long = {"case_id", "indicator", "answer"} <= found.at.keys()
        if not long:
            found = indicator_names(checklist, CASE_KEYS).columns(header, spare)
        _refuse(found, header, place)
        columns = {} if long else _answering(found.at, checklist)
        indicators = {i: at[0] for i, at in columns.items()}
        also = {i: tuple(at[1:]) for i, at in columns.items() if len(at) > 1}
        read = {p for at in columns.values() for p in at}
        own = {k: p for k, p in found.at.items() if p not in read}
        if not long and not indicators:
            raise CaseError("C207.no_indicator_column", place=place, checklist=checklist.id)
        others = {seen(heading): p for p, heading in found.others.items()}
        statistics = {k: p for k, p in others.items() if is_statistic(k)}
        if long and keep != ():
            raise UsageError("U305.keep_long", place="--keep", file=name)
        kept = _kept(header, keep, {*read, own["case_id"]}, place)
        rest = [k for k, p in others.items() if k not in statistics and p not in kept.values()]
        warnings: list[str] = []
        if statistics:
            warnings.append(
                Notice(
                    name,
                    mark("recorded for statistics, never scored ({n}): {columns}"),
                    **named(statistics),
                )
            )
        wide = [k for k in rest if long and checklist.current(k) in checklist.indicators]
        if wide:
            warnings.append(
                Notice(
                    name,
                    mark("answers in the wide form, not scored in the long one ({n}): {columns}"),
                    **named(wide),
                )
            )
        unknown = [k for k in rest if k not in wide]
        if unknown:
            warnings.append(
                Notice(name, mark("not known and not scored ({n}): {columns}"), **named(unknown))
            )
        if "age" not in own and "birth_date" not in own:
            warnings.append(
                Notice(
                    name,
                    mark("there is no column {column}: every person is treated as a child"),
                    column="age",
                )
            )
        nameless = tuple(n for n, heading in enumerate(header) if not seen(heading))
        return cls(long, own, indicators, also, statistics, kept, tuple(warnings), nameless)


def _answering(at: Mapping[str, int], checklist: Checklist) -> dict[str, list[int]]:
    """By indicator, in list order, the columns that answer it: its own first, then those of
    retired ids.
    """
    columns: dict[str, list[int]] = {i: [] for i in checklist.indicators}
    for key in (*checklist.indicators, *checklist.retired):
        if key in at:
            columns[checklist.current(key)].append(at[key])
    return {i: where for i, where in columns.items() if where}


def _at(place: str, position: int) -> str:
    return f"{place}, column {position + 1} ({letter(position)})"


def named(columns: Iterable[str]) -> dict[str, object]:
    """How many columns, and the first of them: the facts of a notice."""
    names = list(columns)
    more = ", …" if len(names) > _SHOWN else ""
    return {"n": len(names), "columns": ", ".join(map(quote, names[:_SHOWN])) + more}


def _refuse(found: Columns, header: Sequence[str], place: str) -> None:
    """Raise what is wrong with the names: all of it, the first fault in front."""
    faults = []
    for name, first, second in found.twice:
        both = " and ".join(f"column {n + 1} ({letter(n)})" for n in (first, second))
        as_written = {seen(header[n]) for n in (first, second)} - {name}
        written = {"written": sorted(as_written)} if as_written else {}
        key = "C207.column_alike" if written else "C207.column_twice"
        faults.append(CaseError(key, place=place, column=name, both=both, **written))
    seen_at: dict[str, int] = {}
    for position, heading in found.others.items():
        first = seen_at.setdefault(fold(heading), position)
        if first != position:
            both = " and ".join(f"column {n + 1} ({letter(n)})" for n in (first, position))
            faults.append(
                CaseError("C207.column_twice", place=place, column=seen(heading), both=both)
            )
    for position, question in found.choices:
        faults.append(
            CaseError(
                "C207.column_choice",
                place=_at(place, position),
                column=seen(header[position]),
                question=seen(header[question]),
            )
        )
    near = [(p, m) for p, m in found.near if m not in CASE_KEYS or m not in found.at]
    if "case_id" not in found.at:
        close = next((seen(header[p]) for p, meant in near if meant == "case_id"), "")
        faults.append(CaseError("C207.no_case_id_column", place=place, near=close))
    faults += [
        CaseError(
            "C207.column_near",
            place=_at(place, position),
            column=seen(header[position]),
            meant=meant,
        )
        for position, meant in near
        if meant != "case_id"
    ]
    if faults:
        raise faults[0].with_others(faults[1:])


def _kept(
    header: Sequence[str], keep: Sequence[str] | None, answers: set[int], place: str
) -> dict[str, int]:
    """The columns to carry to the results: those that are named, or all that are no answers."""
    if keep is None:
        return {seen(heading): n for n, heading in enumerate(header) if n not in answers}
    by_key = {fold(heading): n for n, heading in enumerate(header)}
    kept = {}
    for name in keep:
        position = by_key.get(fold(name))
        if position is None:
            near = nearest(name, [seen(heading) for heading in header])
            raise UsageError("U305.keep_column", place="--keep", near=near, column=name, file=place)
        kept[seen(header[position])] = position
    return kept
