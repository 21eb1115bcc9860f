"""Synthetic cases as a table: what a case file holds, and beside it what the world knows, in
columns that no score reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from screening.errors import UsageError
from screening.files.atomic import OutputFile
from screening.simulation.generate import (
    ANSWERS,
    Cases,
    block_of,
    generate_blocks,
)
from screening.simulation.world import World
from screening.tables.kinds import format_of
from screening.tables.results import open_writer

__all__ = ["TRUTH_COLUMNS", "write_cases"]

# Never answers and never inputs: a score lists them as columns it does not know.
TRUTH_COLUMNS = (
    "truth_exploited",
    "truth_situation",
    "truth_form",
    "truth_with_family",
    "truth_with_papers",
    "truth_sex",
    "truth_origin",
    "truth_meetings",
    "truth_depth",
    "truth_universe",
)
_NUMBERS = {"truth_meetings": pa.int8(), "truth_universe": pa.int16()}
_WORD = pa.dictionary(pa.int8(), pa.string())


def write_cases(
    world: World | Sequence[World],
    n: int,
    seed: int,
    out: str | Path,
    format: str | None = None,
    *,
    prevalence: float | Callable[[World], float] | None = None,
    overwrite: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> int:
    """Draw n cases and write them, a block at a time; returns how many are exploited.

    world : one, or universes of one: n cases of each, in their order
    prevalence : the share that is exploited, or what tells it of a world
    out, format : csv, xlsx, parquet or arrow; without `format`, what the name tells

    Raises
    ------
    UsageError : U302, U303 the output, U305, U307 the format or a number out of range
    """
    kind = format_of(Path(out), format)
    if kind == "json":
        raise UsageError("U305.synthetic_format", place=str(out))
    worlds = [world] if isinstance(world, World) else list(world)
    table = _Table(worlds[0])
    written = exploited = 0
    with OutputFile(out, overwrite=overwrite) as file:
        writer = open_writer(file, kind, table.schema)
        for place in worlds:
            share = prevalence(place) if callable(prevalence) else prevalence
            for cases, batch in _drawn(place, n, seed, share, table):
                writer.write(batch)
                written += len(cases)
                exploited += int(cases.exploited.sum())
                if progress is not None:
                    progress(written, n * len(worlds))
        writer.close()
    return exploited


def _drawn(
    world: World, n: int, seed: int, prevalence: float | None, table: _Table
) -> Iterator[tuple[Cases, Any]]:
    """Blocks in order, two drawn at a time: each has a random stream of its own."""
    size = block_of(world)
    blocks = -(-n // size)

    def draw(number: int) -> tuple[Cases, Any]:
        rows = min(size, n - number * size)
        cases = next(generate_blocks(world, rows, seed, prevalence, start=number))
        return cases, table.batch(cases)

    if n < 1:
        next(generate_blocks(world, n, seed, prevalence))  # says what is wrong
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(draw, number) for number in range(min(2, blocks))]
        for number in range(blocks):
            yield waiting.pop(0).result()
            if number + 2 < blocks:
                waiting.append(pool.submit(draw, number + 2))


class _Table:
    """Cases as rows. Words are dictionary-encoded: a byte a cell."""

    def __init__(self, world: World) -> None:
        fields = [
            ("case_id", pa.string()),
            ("age", pa.int16()),
            ("age_certain", _WORD),
            *((s, _WORD) for s in world.signs),
        ]
        fields += [(name, _NUMBERS.get(name, _WORD)) for name in TRUTH_COLUMNS]
        about = {
            "about": "synthetic cases; invented; not evidence of anything in the field",
            "world": world.id,
            "world_sha256": world.sha256,
        }
        self.schema = pa.schema([pa.field(name, kind) for name, kind in fields], metadata=about)
        self.answers = pa.array([a.value for a in ANSWERS])
        self.situations = pa.array([s.id for s in world.situations])
        forms = list(dict.fromkeys(s.form or "" for s in world.situations))
        self.forms = pa.array(forms)
        self.form_of = np.array(
            [forms.index(s.form or "") for s in world.situations], dtype=np.int8
        )

    def batch(self, cases: Cases) -> pa.RecordBatch:
        yes_no, sex = pa.array(["no", "yes"]), pa.array(["male", "female"])

        def words(codes: Any, known: pa.Array) -> pa.Array:
            return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), known)

        columns = [
            pa.array(cases.ids),
            pa.array(cases.age),
            words(cases.certain, yes_no),
            *(words(a, self.answers) for a in cases.answers),
        ]
        columns += [
            words(cases.exploited, yes_no),
            words(cases.situation, self.situations),
            words(self.form_of[cases.situation], self.forms),
            words(cases.accompanied, yes_no),
            words(cases.papers, yes_no),
            words(cases.female, sex),
            words(cases.origin, pa.array(cases.origins)),
            pa.array(cases.meetings.astype(np.int8)),
            words(cases.depth, pa.array(cases.depths)),
            pa.array(np.full(len(cases), cases.world.universe, dtype=np.int16)),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)
