"""Another organisation's table, read through a mapping of the list
(`indicators/<list>/mappings/<name>.yaml`).

Only what a rule of the mapping says yes to is yes; everything else stays `not_asked`, for a 0 or a
blank in such a table is "no" or "not recorded" and nobody can tell which.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from screening.answers import Answer, Case
from screening.checklist.loader import load_mapping
from screening.checklist.schema import MappedRule, MappingFile
from screening.errors import CaseError, Notice, UsageError, mark, nearest, quote
from screening.names import Names, fold, seen
from screening.scoring.block import AGE_UNKNOWN, OPEN, YES, Block
from screening.tables.arrow import numbers_of
from screening.tables.cases import Paths
from screening.tables.layout import named
from screening.tables.source import PLAIN, CaseFile, Reading
from screening.values import same_value

__all__ = ["MappedTable", "open_mapped"]

_BLOCK = 8 << 20
_SHOWN = 5  # words named in a warning


def open_mapped(
    paths: Paths, reading: Reading, name: str, *, means_only: bool = False
) -> list[CaseFile]:
    """CSV files (gzip or plain) as the mapping `name` reads them; `means_only` leaves out what
    comes from the recorded form.
    """
    mapping = load_mapping(reading.checklist, name)
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(p) for p in paths]
    return [MappedTable(path, reading, mapping, means_only) for path in given]


class MappedTable(CaseFile):
    """One such file.

    Raises
    ------
    UsageError : U301 not there
    CaseError : C204 damaged, C207 a column that the mapping needs is missing
    """

    def __init__(
        self, path: Path, reading: Reading, mapping: MappingFile, means_only: bool
    ) -> None:
        super().__init__(path, reading)
        self.mapping = mapping
        indicators = reading.checklist.indicators
        self.rules = [
            r
            for r in mapping.rules
            if not (means_only and r.kind == "form") and any(i in indicators for i in r.indicators)
        ]
        self.columns = sorted(
            {c for r in mapping.rules for c in r.when}
            | {a.column for a in mapping.ages}
            | ({mapping.case_id} - {""})
        )
        if not path.is_file():
            raise UsageError("U301.missing", place=str(path))
        self.headings = self._headings(self._open(None).schema.names)
        self.warnings.append(f"{self.name}: {mapping.about}")
        self._strange: dict[str, dict[str, None]] = {}  # by column, words that nobody understands

    def _headings(self, header: Sequence[str]) -> dict[str, str]:
        """The heading of every column that the mapping reads; `C207` where one is missing."""
        place, mapping = f"{self.name}, row 1", self.mapping
        found = Names((*self.columns, *mapping.not_carried)).columns(header)
        for name, first, second in found.twice:
            both = f"column {first + 1} and column {second + 1}"
            raise CaseError("C207.column_twice", place=place, column=name, both=both)
        for column in self.columns:
            if column not in found.at:
                raise CaseError(
                    "C207.mapped_column_missing",
                    place=place,
                    near=nearest(column, [seen(header[n]) for n, _ in found.near])
                    or nearest(column, header),
                    column=column,
                    mapping=mapping.id,
                )
        if found.others:
            self.warnings.append(
                Notice(
                    self.name,
                    mark("not known to the mapping and not scored ({n}): {columns}"),
                    **named(seen(heading) for heading in found.others.values()),
                )
            )
        return {column: header[found.at[column]] for column in self.columns}

    def _open(self, columns: list[str] | None) -> pacsv.CSVStreamingReader:
        try:
            opened = pacsv.open_csv(
                self._source(),
                read_options=pacsv.ReadOptions(block_size=_BLOCK),
                convert_options=pacsv.ConvertOptions(
                    include_columns=columns,
                    column_types={c: pa.dictionary(pa.int32(), pa.string()) for c in columns or ()},
                    strings_can_be_null=False,
                    null_values=[],
                ),
            )
            opened.schema.names  # noqa: B018 - a heading that is not UTF-8 is told here
        except (pa.ArrowInvalid, OSError, UnicodeError) as error:
            raise self._damaged(error) from None
        return opened

    def _source(self) -> pa.NativeFile:
        """The text as UTF-8, in memory of Arrow's own: its threads must never need the interpreter
        (see `lent`). Other encodings are rare here, and read whole.
        """
        raw = pa.input_stream(str(self.path), compression="detect")
        if self.reading.encoding is None:
            return raw
        decoder = codecs.getincrementaldecoder(self.reading.encoding)()
        decoded = pa.BufferOutputStream()
        with raw:
            while chunk := raw.read(_BLOCK):
                decoded.write(decoder.decode(chunk).encode())
        decoded.write(decoder.decode(b"", final=True).encode())
        return pa.BufferReader(decoded.getvalue())

    def _damaged(self, error: Exception) -> CaseError:
        if isinstance(error, UnicodeError) or "utf8" in str(error).lower():
            return CaseError("C203.not_utf8", place=self.name)
        return CaseError("C204.csv_unreadable", place=self.name, reason=str(error).splitlines()[0])

    def place(self, row: int) -> str:
        return f"{self.name}, row {row + 2}"

    def _batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        first = 0
        try:
            for batch in self._open(list(self.headings.values())):
                if batch.num_rows:
                    yield first, batch.rename_columns(self.columns)
                first += batch.num_rows
        except (pa.ArrowInvalid, OSError) as error:
            raise self._damaged(error) from None
        if not first:
            raise CaseError("C201.header_only", place=self.name)

    def blocks(self) -> Iterator[tuple[Sequence[int], Block]]:
        order = {i: n for n, i in enumerate(self.reading.checklist.indicators)}
        for first, batch in self._batches():
            codes = np.full((len(order), batch.num_rows), OPEN, dtype=np.uint8)
            for rule in self.rules:
                met = self._met(rule, batch)
                for indicator in rule.indicators:
                    if indicator in order:
                        codes[order[indicator]][met] = YES
            rows = range(first, first + batch.num_rows)
            yield (
                rows,
                Block(
                    self._ids(first, batch),
                    self._age(batch),
                    np.ones(batch.num_rows, dtype=bool),
                    codes,
                ),
            )
        for column, words in self._strange.items():
            said = ", ".join(quote(word) for word in list(words)[:_SHOWN])
            more = f", … (+{len(words) - _SHOWN})" if len(words) > _SHOWN else ""
            self.warn(
                Notice(
                    f"{self.name}, column {column}",
                    mark("not understood, and left open: {words}"),
                    words=said + more,
                )
            )

    def cases(self) -> Iterator[tuple[int, Case]]:
        order = list(self.reading.checklist.indicators)
        for rows, block in self.blocks():
            for n, row in enumerate(rows):
                yes = np.flatnonzero(block.codes[:, n] == YES).tolist()
                age = int(block.age[n])
                yield (
                    row,
                    Case(
                        block.case_ids[n],
                        None if age == AGE_UNKNOWN else age,
                        True,
                        {order[k]: PLAIN[Answer.YES] for k in yes},
                    ),
                )

    def _ids(self, first: int, batch: pa.RecordBatch) -> list[str]:
        if self.mapping.case_id:
            return [str(v) for v in batch.column(self.mapping.case_id).to_pylist()]
        return [f"{self.mapping.id}-{first + n + 1}" for n in range(batch.num_rows)]

    def _age(self, batch: pa.RecordBatch) -> NDArray[np.int16]:
        """The first column that says anything; where none does the age stays unknown, which makes
        the person a child.
        """
        age = np.full(batch.num_rows, AGE_UNKNOWN, dtype=np.int16)
        for source in reversed(self.mapping.ages):
            values = batch.column(source.column)
            known = {fold(word): years for word, years in source.years.items()}
            words = values.dictionary.to_pylist()
            self._note(source.column, (w for w in words if fold(w) not in known))
            years = np.array(
                [known.get(fold(w), AGE_UNKNOWN) for w in words] or [AGE_UNKNOWN], dtype=np.int16
            )
            said = years.take(numbers_of(values.indices))
            age = np.where(said == AGE_UNKNOWN, age, said)
        return age

    def _met(self, rule: MappedRule, batch: pa.RecordBatch) -> NDArray[np.bool_]:
        """Rows where every condition of a rule holds; what says neither yes nor no is noted."""
        met = np.ones(batch.num_rows, dtype=bool)
        for column, value in rule.when.items():
            cells = batch.column(column)
            words = cells.dictionary.to_pylist()
            if self._is_answer(value):
                self._note(column, (w for w in words if not self._is_answer(w)))
            wanted = np.array([same_value(w, value) for w in words] or [False])
            met &= wanted.take(numbers_of(cells.indices))
        return met

    def _is_answer(self, word: str) -> bool:
        try:
            self.reading.answer(word)
        except CaseError:
            return False
        return True

    def _note(self, column: str, words: Iterable[str]) -> None:
        for word in words:
            if fold(word):
                self._strange.setdefault(column, {})[word] = None
