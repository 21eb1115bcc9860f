"""From a Parquet file of cases to a Parquet file of results, beside the least that reading and
writing alone can cost, and beside pandas.

    python benchmarks/end_to_end.py                       1 M cases five times, 10 M three, 2 M
                                                          against pandas seven times; writes docs/
    python benchmarks/end_to_end.py --rows 100000 --repeats 3 --against 100000 --no-page

Every stage runs in a process of its own, so that its peak memory is its own. Time is taken inside
it, without imports and without loading the list. The stages of one repeat run one after another; a
ratio is taken within a repeat, and the median of the ratios is reported, because other work on the
machine comes and goes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "benchmarks" / "_work"
PAGE = ROOT / "docs" / "benchmarks-end-to-end.md"
GOAL, MEMORY = 2.5, 1024  # times the floor; MiB
PANDAS, PANDAS_GOAL = "pandas, bare points", 0.75  # its stage; times its time
CHUNK = 1 << 18


def make(rows: int, path: Path) -> None:
    """Invented cases:

    6 % yes, 35 % not asked, one age in ten missing; ids in no order. The same file on every
    machine.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from screening.checklist import load_checklist

    names = list(load_checklist().indicators)
    schema = pa.schema(
        [
            ("case_id", pa.string()),
            ("age", pa.int8()),
            ("age_certain", pa.int8()),
            *[(i, pa.int8()) for i in names],
        ]
    )
    random = np.random.default_rng(20261123)
    part = path.with_suffix(".part")
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for start in range(0, rows, CHUNK):
            n = min(CHUNK, rows - start)
            numbers = np.arange(start, start + n, dtype=np.uint64) * np.uint64(
                0x9E3779B97F4A7C15
            ) >> np.uint64(16)
            draws = (random.random(n, dtype=np.float32) for _ in names)
            writer.write_table(
                pa.Table.from_arrays(
                    [
                        pa.array([f"KS-{v:012x}" for v in numbers.tolist()]),
                        pa.array(
                            random.integers(0, 70, n).astype(np.int8), mask=random.random(n) < 0.1
                        ),
                        pa.array(
                            (random.random(n) < 0.85).astype(np.int8), mask=random.random(n) < 0.05
                        ),
                        *(
                            pa.array((draw < 0.06).astype(np.int8), mask=draw > 0.65)
                            for draw in draws
                        ),
                    ],
                    schema=schema,
                )
            )
    part.rename(path)


# -- the stages: each prepares, and returns what is timed ------------------------------------------


def read_pyarrow(source: Path, out: Path) -> Callable[[], None]:
    import pyarrow.parquet as pq

    def run() -> None:
        for _ in pq.ParquetFile(source).iter_batches(batch_size=1 << 16):
            pass

    return run


def read_polars(source: Path, out: Path) -> Callable[[], None]:
    import polars as pl

    return lambda: bool(pl.read_parquet(source).height) and None


def write_pyarrow(source: Path, out: Path) -> Callable[[], None]:
    import pyarrow.parquet as pq

    table = pq.read_table(out)
    return lambda: pq.write_table(
        table, out.with_suffix(".again"), compression="zstd", write_statistics=False
    )


def write_polars(source: Path, out: Path) -> Callable[[], None]:
    import polars as pl

    table = pl.read_parquet(out)
    return lambda: table.write_parquet(
        out.with_suffix(".again"), compression="zstd", statistics=False
    )


def pandas(source: Path, out: Path) -> Callable[[], None]:
    """The least that could be called scoring: points by profile, added up column by column; no
    caps, no range, no finding, nothing checked.
    """
    import pandas as pd
    import pyarrow.parquet  # noqa: F401  # loaded here, so that no import is timed

    from screening.checklist import load_checklist, load_weights

    checklist = load_checklist()
    weights = load_weights(checklist).points

    def run() -> None:
        frame = pd.read_parquet(source)
        adult = (frame["age"] >= 18) & (frame["age_certain"] == 1)
        sums = {profile: pd.Series(0, index=frame.index) for profile in weights}
        for indicator in checklist.indicators:
            yes = frame[indicator] == 1
            for profile, points in weights.items():
                if indicator in points:
                    sums[profile] += yes * points[indicator]
        points = sums["adult"].where(adult, sums["child"])
        results = pd.DataFrame({"case_id": frame["case_id"], "points": points})
        results.to_parquet(out.with_suffix(".again"), index=False, compression="zstd")

    return run


def screening(source: Path, out: Path) -> Callable[[], None]:
    import pyarrow.parquet  # noqa: F401  # loaded here, so that no import is timed

    from screening.checklist import load_checklist, load_weights
    from screening.tables.pipeline import Job, score_file

    checklist = load_checklist()
    weights = load_weights(checklist)
    return lambda: (
        score_file(source, checklist, weights, out, job=Job(overwrite=True)).rows and None
    )


STAGES: dict[str, Callable[[Path, Path], Callable[[], None]]] = {
    "screening": screening,
    "read, pyarrow": read_pyarrow,
    "read, polars": read_polars,
    "write, pyarrow": write_pyarrow,
    "write, polars": write_polars,
}
AGAINST = {"screening": screening, PANDAS: pandas}


def stage(name: str, source: Path, out: Path) -> None:
    """Run one stage here and print what it took."""
    run = (STAGES | AGAINST)[name](source, out)
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run()
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": after.ru_maxrss / 1024}))


def measure(name: str, source: Path, out: Path) -> dict[str, float]:
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--stage", name, str(source), str(out)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found | {"process": time.perf_counter() - begun}


# -- the tables ------------------------------------------------------------------------------------


def bench(rows: int, repeats: int, names: Iterable[str]) -> list[dict[str, dict[str, float]]]:
    """The stages, `repeats` times, in turn."""
    source, out = WORK / f"cases-{rows}.parquet", WORK / f"results-{rows}.parquet"
    WORK.mkdir(exist_ok=True)
    if not source.exists():
        make(rows, source)
    runs = []
    for n in range(repeats):
        runs.append({name: measure(name, source, out) for name in names})
        times = ", ".join(f"{name} {run['seconds']:.2f} s" for name, run in runs[-1].items())
        print(f"{rows:,} cases, repeat {n + 1}: {times}", file=sys.stderr)
    for path in (out, out.with_suffix(".again")):
        path.unlink(missing_ok=True)
    return runs


def ratios(runs: list[dict[str, dict[str, float]]], what: str) -> list[float]:
    """Within each repeat: the whole job over the fastest reader plus the fastest writer."""
    floor = [
        min(v[what] for k, v in r.items() if k.startswith("read"))
        + min(v[what] for k, v in r.items() if k.startswith("write"))
        for r in runs
    ]
    return [r["screening"][what] / f for r, f in zip(runs, floor, strict=True)]


def report(rows: int, runs: list[dict[str, dict[str, float]]]) -> str:
    def median(name: str, what: str) -> float:
        return statistics.median(r[name][what] for r in runs)

    lines = [
        f"### {rows:,} cases, median of {len(runs)}",
        "",
        "| stage | seconds | least - most | CPU seconds | peak memory, MiB |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in STAGES:
        seconds = [r[name]["seconds"] for r in runs]
        label = "**screening: read, score, write**" if name == "screening" else name
        lines.append(
            f"| {label} | {median(name, 'seconds'):.2f} | {min(seconds):.2f} - {max(seconds):.2f} |"
            f" {median(name, 'cpu'):.2f} | {median(name, 'peak'):.0f} |"
        )
    wall, cpu = ratios(runs, "seconds"), ratios(runs, "cpu")
    lines += [
        "",
        (
            "Whole job over fastest reader plus fastest writer, within a repeat:"
            f" **{statistics.median(wall):.2f}** ({min(wall):.2f} - {max(wall):.2f}); in CPU"
            f" seconds {statistics.median(cpu):.2f} ({min(cpu):.2f} - {max(cpu):.2f})."
            f" {rows / median('screening', 'seconds') / 1e6:.2f} million cases a second."
        ),
        "",
    ]
    return "\n".join(lines)


def against(rows: int, runs: list[dict[str, dict[str, float]]]) -> str:
    """The whole job beside pandas that adds up nothing but the points."""

    def median(name: str, what: str) -> float:
        return statistics.median(r[name][what] for r in runs)

    lines = [
        f"### {rows:,} cases against pandas, median of {len(runs)}",
        "",
        (
            "pandas reads the same file, adds up the points of adults and of children column by"
            " column, and writes ids and points: no caps, no range, no findings, no check of a"
            " cell or an id. The two take turns."
        ),
        "",
        "| stage | seconds | whole process | CPU seconds | peak memory, MiB |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in AGAINST:
        label = "**screening: read, score, write**" if name == "screening" else name
        lines.append(
            f"| {label} | {median(name, 'seconds'):.2f} | {median(name, 'process'):.2f} |"
            f" {median(name, 'cpu'):.2f} | {median(name, 'peak'):.0f} |"
        )
    found = {
        what: [r["screening"][what] / r[PANDAS][what] for r in runs]
        for what in ("seconds", "process", "cpu")
    }
    first, process, cpu = (statistics.median(ratios) for ratios in found.values())
    lines += [
        "",
        (
            f"Times pandas, within a repeat: **{first:.2f}** ({min(found['seconds']):.2f} -"
            f" {max(found['seconds']):.2f}); of the whole process, with imports and the list,"
            f" {process:.2f}; in CPU seconds {cpu:.2f}. The goal is at most {PANDAS_GOAL}."
        ),
        "",
    ]
    return "\n".join(lines)


def page(tables: list[str], columns: int) -> str:
    packages = ", ".join(f"{p} {version(p)}" for p in ("pyarrow", "polars", "pandas", "numpy"))
    return "\n".join(
        [
            "# From a file of cases to a file of results",
            "",
            (
                "Written by `benchmarks/end_to_end.py`; every figure is measured. Cases are"
                " invented, one row each, zstd-compressed Parquet with an id, an age, whether it"
                f" is certain, and {columns} indicator columns of the default list as single bytes"
                " (1, 0, null). Results are Parquet with every column of `score`."
            ),
            "",
            (
                "The floor is the fastest of the readers decoding every column and throwing it"
                " away, plus the fastest of the writers writing the same results from memory. The"
                f" goal is at most {GOAL} times the floor and under {MEMORY} MiB. Times are taken"
                " inside a process of its own per stage, without imports."
            ),
            "",
            (
                f"Measured with Python {platform.python_version()}, {packages}, {os.cpu_count()}"
                " cores, shared with other work at the time."
            ),
            "",
            *tables,
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--repeats", type=int, nargs="+", default=[5, 3])
    parser.add_argument("--against", type=int, default=2_000_000, help="rows against pandas")
    parser.add_argument("--turns", type=int, default=7, help="repeats against pandas")
    parser.add_argument("--no-page", action="store_true", help="print only")
    parser.add_argument("--stage", nargs=3, metavar=("NAME", "FILE", "OUT"), help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.stage:
        stage(options.stage[0], Path(options.stage[1]), Path(options.stage[2]))
        return
    from screening.checklist import load_checklist

    repeats = options.repeats * len(options.rows) if len(options.repeats) == 1 else options.repeats
    tables = [
        report(rows, bench(rows, n, STAGES)) for rows, n in zip(options.rows, repeats, strict=True)
    ]
    runs = bench(options.against, options.turns, AGAINST)
    tables.append(against(options.against, runs))
    text = page(tables, len(load_checklist().indicators))
    print(text)
    if not options.no_page:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
