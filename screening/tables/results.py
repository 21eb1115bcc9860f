"""Results as a table: one row a case, in the order of the input, with the list, weights and engine
they came from.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import ELEMENTS, FINDINGS
from screening.errors import UsageError, nearest
from screening.files.atomic import OutputFile
from screening.files.spreadsheet_safe import RISKY, inert
from screening.scorecard.model import BANDS, CardModel
from screening.scoring import ENGINE
from screening.scoring.batch import (
    PROFILES,
    BlockResult,
    Plan,
    compile_plan,
    contested,
    red_flags,
    yes_signs,
)
from screening.scoring.block import NO, OPEN, YES, Block
from screening.tables.arrow import of_flags, of_numbers, of_texts
from screening.tables.kinds import format_of

__all__ = ["Sheet", "Writer", "open_writer", "write_results"]

_GROUP = 1 << 17  # rows of a Parquet row group; the last is written when all else is done


class Sheet:
    """Makes the rows. States and findings are dictionary-encoded: a byte a row and the words once.

    `need_<id>`, for each need of the list: present or open; null where neither.

    `contested`, where the weights carry plausible sets: how many of them would give another
    finding.
    """

    def __init__(
        self,
        checklist: Checklist,
        weights: WeightSet,
        plan: Plan,
        model: CardModel | None = None,
        columns: Sequence[str] | None = None,
        kept: Sequence[str] = (),
    ) -> None:
        self.plan, self.checklist, self.model, self.kept = plan, checklist, model, kept
        kinds = checklist.dimensions
        self.no_signs = np.array(
            [kinds[i.dimension].kind != "sign" for i in checklist.indicators.values()], dtype=bool
        )
        self.flags = np.flatnonzero(plan.danger.any(axis=0))  # only these can be red flags
        self.flag_plan = replace(
            plan, applies=plan.applies[:, self.flags], danger=plan.danger[:, self.flags]
        )
        self.indicators = of_texts(plan.indicators)
        self.constants = {
            "checklist": f"{checklist.id} {checklist.version}",
            "checklist_sha256": checklist.sha256,
            "weights": weights.id,
            "weights_sha256": weights.sha256,
            "weights_standing": str(weights.standing),
            "engine": ENGINE,
        }
        word = pa.dictionary(pa.int8(), pa.string())
        ids = pa.list_(pa.field("element", pa.dictionary(pa.int16(), pa.string()), nullable=False))
        fields: list[tuple[str, pa.DataType]] = [
            ("case_id", pa.string()),
            ("profile", word),
            ("finding", word),
            ("finding_high", word),
            ("settled", pa.bool_()),
            ("danger", word),
            ("finding_without_danger", word),
            ("points", pa.int32()),
            ("points_high", pa.int32()),
            ("points_max", pa.int32()),
            ("answered", pa.int32()),
            ("relevant", pa.int32()),
            *((f"need_{need}", word) for need in plan.needs),
            ("gate", word),
            *((e, word) for e in ELEMENTS),
            *((f"dimension_{d}", word) for d in plan.dimensions),
            ("top_form", word),
            ("signs", ids),
            ("red_flags", ids),
            *((name, word) for name in self.constants),
        ]
        if model is not None:
            opinion = [
                (name, pa.int32()) for name in ("points", "points_recorded", "points_high")
            ] + [("band", word), ("band_high", word)]
            self.about_model = {"model": model.id, "card": model.card, "statement": model.statement}
            fields += [
                (f"second_opinion_{name}", kind)
                for name, kind in [*opinion, *((name, word) for name in self.about_model)]
            ]
        self.alternatives = [
            compile_plan(checklist, replace(weights, points=points, alternatives=()))
            for points in weights.alternatives
        ]
        if self.alternatives:
            fields.append(("contested", pa.int32()))
        names = {name for name, _ in fields}
        for name in kept:
            if name in names:
                raise UsageError("U305.keep_taken", place="--keep", column=name)
        self.schema = pa.schema(
            [
                pa.field(name, kind, nullable=name == "top_form" or name.startswith("need_"))
                for name, kind in fields
            ]
            + [pa.field(name, pa.string()) for name in kept]
        )

        self._columns = None if columns is None else self._known(columns)
        self.chosen_schema = (
            self.schema
            if self._columns is None
            else pa.schema([self.schema.field(name) for name in self._columns])
        )

    def _known(self, columns: Sequence[str]) -> list[str]:
        """The columns asked for, `case_id` first; `U305` for one that there is not."""
        for name in columns:
            if name not in self.schema.names:
                raise UsageError(
                    "U305.no_such_column",
                    place="--columns",
                    near=nearest(name, self.schema.names),
                    column=name,
                )
        return list(dict.fromkeys(["case_id", *columns, *self.kept]))

    def chosen(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The columns that were asked for."""
        return batch if self._columns is None else batch.select(self._columns)

    def batch(self, block: Block, result: BlockResult) -> pa.RecordBatch:
        """The rows of one block."""
        n = len(result.finding)
        ids = getattr(block.case_ids, "arrow", None)
        counts = (
            result.points,
            result.points_high,
            result.points_max,
            result.answered,
            result.relevant,
        )
        signs = yes_signs(block, result, self.plan)
        signs[self.no_signs] = False
        flags = red_flags(replace(block, codes=block.codes[self.flags]), result, self.flag_plan)
        columns = [
            of_texts(block.case_ids) if ids is None else ids,
            _words(result.profile, PROFILES),
            _words(result.finding, FINDINGS),
            _words(result.finding_high, FINDINGS),
            of_flags(result.settled),
            _state(result.danger),
            _words(result.finding_without, FINDINGS),
            *(of_numbers(a.astype(np.int32, copy=False)) for a in counts),
            *map(_owed, result.needs),
            _state(result.gate),
            *map(_state, result.elements),
            *(_state(d, ("not_reached", "open", "positive")) for d in result.dimension_state),
            self._top_form(result),
            self._lists(signs, range(len(signs))),
            self._lists(flags, self.flags.tolist()),
            *(_words(_zeros(n), (value,)) for value in self.constants.values()),
        ]
        if self.model is not None:
            columns += self._opinion(self.model, block, result)
        if self.alternatives:
            columns.append(of_numbers(contested(block, result, self.alternatives).astype(np.int32)))
        columns += [block.kept.get(name, of_texts([None] * n)) for name in self.kept]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _opinion(self, model: CardModel, block: Block, result: BlockResult) -> list[pa.Array]:
        from screening.scorecard.batch import opinions

        o = opinions(model, self.checklist, self.plan.indicators, block.codes, result.profile)
        return [
            *(of_numbers(a) for a in (o.points, o.points_recorded, o.points_high)),
            _words(o.band, BANDS),
            _words(o.band_high, BANDS),
            *(_words(_zeros(len(o.points)), (value,)) for value in self.about_model.values()),
        ]

    def _top_form(self, result: BlockResult) -> pa.Array:
        """The form with most evidence, ranked as the engine ranks; null where no sign of any is
        there.
        """
        if not self.plan.forms:
            return _words(np.zeros(len(result.finding), dtype=np.int8), ("",)).take(
                pa.nulls(len(result.finding), pa.int32())
            )
        size = (
            int(result.form_points.max(initial=0)) + 1
        )  # purpose points first, then points, then the list's order
        rank: NDArray[Any] = result.form_purpose_points.astype(
            np.int64 if size > 1 << 15 else np.int32
        )
        rank *= size
        rank += result.form_points
        rank[result.form_signs == 0] = -1
        best = rank.argmax(axis=0)
        none = rank.max(axis=0) < 0
        return pa.DictionaryArray.from_arrays(
            of_numbers(best.astype(np.int8), missing=none), of_texts(self.plan.forms)
        )

    def _lists(self, mask: NDArray[np.bool_], indicators: Sequence[int]) -> pa.Array:
        """Per case the ids of the indicators marked, in list order; `indicators` says which the
        rows of the mask are.
        """
        counts = mask.view(np.uint8).sum(axis=0, dtype=np.uint8 if len(mask) < 256 else np.int32)
        ends = np.zeros(mask.shape[1] + 1, dtype=np.int32)
        np.cumsum(counts, out=ends[1:])
        free = ends[:-1].copy()  # where the next id of a case goes
        values = np.empty(ends[-1], dtype=np.int16)
        for n, row in zip(
            indicators, mask, strict=True
        ):  # one at a time: a case has it once at most, so nothing is written twice
            cases = np.flatnonzero(row)
            at = free[cases]
            values[at] = n
            free[cases] = at + 1
        words = pa.DictionaryArray.from_arrays(of_numbers(values), self.indicators, safe=False)
        return pa.ListArray.from_arrays(
            of_numbers(ends), words, type=self.schema.field("signs").type
        )


def _words(numbers: NDArray[Any], names: Sequence[str]) -> pa.Array:
    """Numbers in a list of names as an Arrow dictionary; the numbers are our own, so they are not
    checked again.
    """
    return pa.DictionaryArray.from_arrays(
        of_numbers(numbers.astype(np.int8, copy=False)), of_texts(names), safe=False
    )


def _zeros(n: int) -> NDArray[np.int8]:
    return np.zeros(n, dtype=np.int8)


_STATE = np.zeros(256, dtype=np.int8)
_STATE[[NO, OPEN, YES]] = (0, 1, 2)


def _state(
    codes: NDArray[np.uint8], names: Sequence[str] = ("absent", "open", "present")
) -> pa.Array:
    return _words(_STATE.take(codes), names)


def _owed(codes: NDArray[np.uint8]) -> pa.Array:
    """A need as `open` or `present`; null where no sign of it is, or could be, yes."""
    states = _STATE.take(codes)
    return pa.DictionaryArray.from_arrays(
        of_numbers(states - 1, missing=states == 0), of_texts(("open", "present"))
    )


# -- writers ---------------------------------------------------------------------------------------


class Writer(Protocol):
    """Takes batches of one schema; `close` writes what is left."""

    def write(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


class _Parquet:
    def __init__(self, file: Any, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        few = [f.name for f in schema if f.name != "case_id" and not pa.types.is_list(f.type)]
        few += [f"{f.name}.list.element" for f in schema if pa.types.is_list(f.type)]
        self._writer = pq.ParquetWriter(
            file, schema, compression="zstd", use_dictionary=few, write_statistics=False
        )  # few different values: their numbers pack in bits, and there is less to compress
        self._held: list[pa.RecordBatch] = []
        self._rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._rows += batch.num_rows
        if self._rows >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(pa.Table.from_batches(self._held), row_group_size=2 * _GROUP)
        self._held, self._rows = [], 0

    def close(self) -> None:
        self._flush()
        self._writer.close()


class _Arrow:
    def __init__(self, file: Any, schema: pa.Schema) -> None:
        self._writer = pa.ipc.new_file(
            file, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
        )

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)

    def close(self) -> None:
        self._writer.close()


class _Csv:
    """A CSV. For a spreadsheet program (`separator` is its language's) it begins with the mark by
    which such programs know UTF-8.
    """

    def __init__(self, file: Any, schema: pa.Schema, separator: str | None = None) -> None:
        if separator is not None:
            file.write(codecs.BOM_UTF8)
        plain = pa.schema(
            [
                (
                    f.name,
                    (
                        f.type
                        if pa.types.is_integer(f.type) or pa.types.is_boolean(f.type)
                        else pa.string()
                    ),
                )
                for f in schema
            ]
        )
        self._writer = pacsv.CSVWriter(
            file,
            plain,
            write_options=pacsv.WriteOptions(quoting_style="needed", delimiter=separator or ","),
        )
        self._schema = plain

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(
            pa.RecordBatch.from_arrays([_plain(c) for c in batch.columns], schema=self._schema)
        )

    def close(self) -> None:
        self._writer.close()


def _plain(column: pa.Array) -> pa.Array:
    """A column as spreadsheets take it: words, lists joined by `;`, nothing that could start a
    formula.
    """
    if pa.types.is_list(column.type):
        words = column.values.dictionary_decode()
        return pc.binary_join(pa.ListArray.from_arrays(column.offsets, words), of_texts([";"])[0])
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    if pa.types.is_string(column.type) and pc.any(pc.match_substring_regex(column, RISKY)).as_py():
        return of_texts([inert(cell) for cell in column.to_pylist()])
    return column


class _Xlsx:
    def __init__(self, file: Any, schema: pa.Schema) -> None:
        from screening.tables.xlsxout import XlsxOut

        widths = [48 if pa.types.is_list(f.type) else max(len(f.name) + 4, 12) for f in schema]
        self._out = XlsxOut(file, schema.names, widths)

    def write(self, batch: pa.RecordBatch) -> None:
        self._out.rows(zip(*(_plain(c).to_pylist() for c in batch.columns), strict=True))

    def close(self) -> None:
        self._out.close()


_WRITERS: dict[str, Callable[[Any, pa.Schema], Writer]] = {
    "parquet": _Parquet,
    "arrow": _Arrow,
    "xlsx": _Xlsx,
}


def open_writer(file: Any, format: str, schema: pa.Schema, separator: str | None = None) -> Writer:
    """A writer of csv, xlsx, parquet or arrow into an open binary file.

    separator : of a CSV that a spreadsheet program is to open; it begins with a byte-order mark
        then
    """
    return _Csv(file, schema, separator) if format == "csv" else _WRITERS[format](file, schema)


def write_results(
    scored: Iterable[tuple[Block, BlockResult]],
    path: str | Path,
    format: str | None,
    checklist: Checklist,
    weights: WeightSet,
    plan: Plan,
    *,
    overwrite: bool = False,
) -> int:
    """Write scored blocks to a file, whole or not at all; returns the number of rows.

    Raises
    ------
    UsageError : U302 the file exists, U303 it cannot be written, U305 or U307 no such format
    """
    kind = format_of(Path(path), format)
    if kind == "json":
        raise UsageError("U305.json_is_not_a_table", place=str(path))
    sheet, rows = Sheet(checklist, weights, plan), 0
    with OutputFile(path, overwrite=overwrite) as file:
        writer = open_writer(file, kind, sheet.schema)
        for block, result in scored:
            writer.write(sheet.batch(block, result))
            rows += len(result.finding)
        writer.close()
    return rows
