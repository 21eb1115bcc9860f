"""Frames and folders: what a frame costs beside the block that it becomes, and what a second
process wins.

    python benchmarks/frames.py              writes docs/benchmarks-frames.md
    python benchmarks/frames.py --quick      a tenth of the rows or less, no page

Ratios are taken within one repeat, and the median of the repeats is told.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import screening
from screening.scoring.batch import compile_plan, score_block
from screening.scoring.block import Block
from screening.tables.results import Sheet
from screening.tables.scored_frames import _as_pandas

ROOT = Path(__file__).resolve().parent.parent
KOSOVO = screening.load_checklist()
WEIGHTS = screening.load_weights(KOSOVO)
PLAN = compile_plan(KOSOVO, WEIGHTS)
PIECE = 1 << 16


def seconds(work: Callable[[], Any]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def from_block(block: Block) -> Any:
    """The block from memory through the batch engine, and the frame of its results."""
    sheet, batches = Sheet(KOSOVO, WEIGHTS, PLAN), []
    for start in range(0, len(block.age), PIECE):
        rows = slice(start, start + PIECE)
        part = Block(
            block.case_ids[rows],
            block.age[rows],
            block.certain[rows],
            np.ascontiguousarray(block.codes[:, rows]),
        )
        batches.append(sheet.batch(part, score_block(part, PLAN)))
    return _as_pandas(pa.Table.from_batches(batches, sheet.schema).drop_columns(["case_id"]))


def frames(n: int, repeats: int) -> tuple[float, float, float]:
    """Median seconds of the block, of the frame, and of their ratio."""
    cases = screening.generate(screening.load_world(KOSOVO, "base"), n, 1)
    frame = cases.to_frame()
    frame = frame.drop(columns=[c for c in frame if c.startswith("truth_")])
    block = cases.block()
    runs = [
        (
            seconds(lambda: from_block(block)),
            seconds(lambda: screening.score_frame(frame, KOSOVO, WEIGHTS)),
        )
        for _ in range(repeats)
    ]
    return (
        statistics.median(b for b, _ in runs),
        statistics.median(f for _, f in runs),
        statistics.median(f / b for b, f in runs),
    )


def fill(folder: Path, parts: int, rows: int) -> None:
    """So many Parquet files of the same people under ids of their own."""
    folder.mkdir()
    frame = screening.generate(screening.load_world(KOSOVO, "base"), rows, 1).to_frame()
    frame = frame.drop(columns=[c for c in frame if c.startswith("truth_")])
    for n in range(parts):
        frame.index = [f"{n}-{row}" for row in range(rows)]
        frame.rename_axis("case_id").reset_index().to_parquet(folder / f"{n:04d}.parquet")


def clusters(parts: int, rows: int) -> tuple[float, float, float, float, float]:
    """Seconds of one dask worker, of two, and of the same in this process without a cluster;
    seconds until two workers are ready; MiB of the larger worker at its end.
    """
    import distributed

    with tempfile.TemporaryDirectory() as place:
        given = Path(place) / "given"
        fill(given, parts, rows)
        spent, ready, memory = dict[int, float](), 0.0, 0.0
        for workers in (1, 2):
            start = time.perf_counter()
            with (
                distributed.LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None
                ) as machines,
                distributed.Client(machines) as client,
            ):
                client.wait_for_workers(workers)
                ready = time.perf_counter() - start
                client.run(lambda: __import__("screening.tables.workers"))
                out = Path(place) / f"out-{workers}"

                def run(client: Any = client, out: Path = out) -> Any:
                    return screening.score_dataset(given, out, KOSOVO, WEIGHTS, cluster=client)

                spent[workers] = seconds(run)
                memory = max(client.run(_resident).values())
        here = seconds(
            lambda: screening.score_dataset(given, Path(place) / "out-here", KOSOVO, WEIGHTS)
        )
    return spent[1], spent[2], here, ready, memory


def _resident() -> float:
    """MiB of this process at its most."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def folders(parts: int, rows: int, repeats: int) -> tuple[float, float, float]:
    """Median seconds of one process, of two, and of their ratio."""
    with tempfile.TemporaryDirectory() as place:
        given = Path(place) / "given"
        fill(given, parts, rows)

        def run(jobs: int, n: int) -> Callable[[], Any]:
            out = Path(place) / f"out-{jobs}-{n}"
            return lambda: screening.score_dataset(given, out, KOSOVO, WEIGHTS, n_jobs=jobs)

        run(2, -1)()  # the processes are started once, not in what is measured
        runs = [(seconds(run(1, n)), seconds(run(2, n))) for n in range(repeats)]
    return (
        statistics.median(one for one, _ in runs),
        statistics.median(two for _, two in runs),
        statistics.median(one / two for one, two in runs),
    )


def fits(repeats: int) -> float:
    """How much longer a fit takes with the machine's default threads than with one."""
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(1)
    y = rng.random(20_000) < 0.2
    x = (rng.random((20_000, 80)) < 0.1 + 0.2 * y[:, None] * np.linspace(1, 0, 80)).astype(float)
    x[rng.random(x.shape) < 0.25] = 0.5

    def fit() -> Any:
        return screening.ScorecardClassifier(12).fit(x, y)

    def alone() -> Any:
        with threadpool_limits(1):
            return fit()

    fit()
    return statistics.median(seconds(fit) / seconds(alone) for _ in range(repeats))


PAGE = """# Frames and folders

`python benchmarks/frames.py`, on {cores} cores, Python {python}. Medians of repeats; ratios within one repeat.

| What | Measured | Goal |
|---|---|---|
| `score_frame`, 20,000 rows of categories, {signs} signs | {small:.3f} s | 0.2 s |
| `score_frame`, {n:,} rows ({large:.2f} s), against the same block from memory by the batch engine and the frame of its results ({block:.2f} s) | {ratio:.2f} times | 1.3 |
| {parts} Parquet parts of {rows:,} rows: one process ({one:.1f} s) against two ({two:.1f} s) | {gain:.2f} times quicker | 1.6 |
| {wide:,} rows in {wide_parts} Parquet files on dask: one worker ({dask_one:.0f} s) against two ({dask_two:.0f} s) | {dask_gain:.2f} times quicker | 1.6 |
| The same without a cluster, in one process | {here:.0f} s; a worker takes {over:+.0%} | |
| Until two workers are ready | {ready:.1f} s, {memory:.0f} MiB each at most | |
| A fit of 20,000 x 80, 12 signs, default threads against one | {fit:.2f} times | 1.2 |
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    _, small, _ = frames(20_000, 5)
    many = 100_000 if quick else 1_000_000
    block, large, ratio = frames(many, 5)
    parts, rows = (20, 2_000) if quick else (200, 20_000)
    one, two, gain = folders(parts, rows, 1 if quick else 3)
    wide_parts, wide_rows = (8, 5_000) if quick else (40, 500_000)
    dask_one, dask_two, here, ready, memory = clusters(wide_parts, wide_rows)
    page = PAGE.format(
        wide=wide_parts * wide_rows,
        wide_parts=wide_parts,
        dask_one=dask_one,
        dask_two=dask_two,
        dask_gain=dask_one / dask_two,
        here=here,
        over=dask_one / here - 1,
        ready=ready,
        memory=memory,
        cores=os.cpu_count(),
        python=platform.python_version(),
        signs=len(KOSOVO.indicators),
        small=small,
        n=many,
        large=large,
        block=block,
        ratio=ratio,
        parts=parts,
        rows=rows,
        one=one,
        two=two,
        gain=gain,
        fit=fits(3),
    )
    sys.stdout.write(page)
    if not quick:
        (ROOT / "docs/benchmarks-frames.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
