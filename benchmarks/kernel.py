"""How fast the batch engine's inner loops are, beside other ways to compute the same numbers.

    python benchmarks/kernel.py [--rows 1000000] [--repeats 7] [--out docs/benchmarks-kernel.md]

Needs the extras `bench` and `fast`. Every way computes the same quantities from the same bytes,
held in its own form before the clock starts, and is checked to agree: points after caps at both
ends of the range, and for each of ten dimensions whether the Delphi rule holds at both ends. All
run in turn in every repeat; the table shows medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from screening.answers import Answer, Case, Response
from screening.checklist import load_checklist, load_weights
from screening.checklist.model import Checklist, RuleSet, WeightSet
from screening.checklist.rules import AtLeast, delphi_positive
from screening.checklist.schema import CASE_PROFILES, LEVELS, STRENGTHS, Dimension, Indicator
from screening.checklist.texts import Texts
from screening.scoring import batch, kernel, kernel_numba
from screening.scoring.block import NO, OPEN, YES, Block
from screening.scoring.engine import score

Result = dict[
    str, NDArray[Any]
]  # points, points_high (rows,); positive, positive_high (dimensions, rows)
EACH = (
    "strong",
    "strong",
    "medium",
    "medium",
    "medium",
    "weak",
    "weak",
    "weak",
)  # the signs of a dimension
POINTS = {"strong": 4, "medium": 2, "weak": 1}
DIMENSIONS, CAP = 10, 12
NAMES = [f"d{d}_{n}" for d in range(DIMENSIONS) for n in range(len(EACH))]
ENDS = (YES, OPEN)  # at least YES: yes; at least OPEN: yes or open


class Work:
    """Random answers to eighty signs, and the weights: by strength, or (`own`) another for every
    sign.
    """

    def __init__(self, rows: int, own: bool) -> None:
        chance = np.random.default_rng(20261123)
        self.rows = rows
        self.codes = chance.choice(
            np.array([NO, OPEN, YES], dtype=np.uint8), p=(0.5, 0.35, 0.15), size=(len(NAMES), rows)
        )
        self.strength = dict(zip(NAMES, EACH * DIMENSIONS, strict=True))
        self.weight = {
            i: POINTS[s] + (n % 7 if own else 0) for n, (i, s) in enumerate(self.strength.items())
        }
        self.by_dimension = [NAMES[d * len(EACH) : (d + 1) * len(EACH)] for d in range(DIMENSIONS)]
        self.cap = 3 * CAP if own else CAP
        self.pandas = pd.DataFrame(dict(zip(NAMES, self.codes, strict=True)))
        self.polars = pl.DataFrame(dict(zip(NAMES, self.codes, strict=True)))
        self.duckdb = duckdb.connect()
        self.duckdb.register("given", self.polars.to_arrow())
        self.duckdb.execute("create table cases as select * from given")
        words = {NO: "no", OPEN: "unknown", YES: "yes"}
        few = [[words[int(c)] for c in column[: max(1, rows // 50)]] for column in self.codes]
        self.dicts = [dict(zip(NAMES, row, strict=True)) for row in zip(*few, strict=True)]
        self.plan = batch.compile_plan(*self._list()).profiles[0]
        counts = self.plan.counts
        self.strengths = replace(counts, terms=counts.terms[: 3 * DIMENSIONS])

    def _list(self) -> tuple[Checklist, WeightSet]:
        dimensions = {f"d{d}": Dimension(id=f"d{d}", kind="sign") for d in range(DIMENSIONS)}
        indicators = {
            i: Indicator.model_validate(
                {
                    "id": i,
                    "dimension": i.split("_")[0],
                    "element": "purpose",
                    "applies_to": "all",
                    "strength": {"adult": s, "child": s},
                    "strength_basis": "proposed",
                    "mode": "observe",
                    "forms": [],
                    "sources": [{"ref": "ours"}],
                }
            )
            for i, s in self.strength.items()
        }
        rule = AtLeast(frozenset(NAMES), 1)
        checklist = Checklist(
            id="bench",
            version="1",
            role="comparator",
            authority="",
            catalogue=None,
            weights_in_force="w",
            age_doubt=None,
            folder=Path(),
            sections={},
            dimensions=dimensions,
            forms=(),
            indicators=indicators,
            rules=dict.fromkeys(CASE_PROFILES, RuleSet(dict.fromkeys(LEVELS, rule), rule)),
            steps=(),
            sources={},
            sha256="",
            read_texts=lambda language: Texts(language, "source", {}),
        )
        return checklist, WeightSet(
            id="w",
            checklist="bench",
            title="",
            authors=(),
            method="",
            evidence="",
            valid_from=date(2026, 1, 1),
            rechecked_on=date(2026, 1, 1),
            points=dict.fromkeys(CASE_PROFILES, self.weight),
            caps={p: dict.fromkeys(dimensions, self.cap) for p in CASE_PROFILES},
            sha256="",
        )


def delphi(strong: Any, medium: Any, weak: Any) -> Any:
    """The Delphi rule as pandas, numpy and polars all take it."""
    return (
        (strong >= 2)
        | ((strong == 1) & (medium + weak >= 1))
        | (medium >= 3)
        | ((medium == 2) & (weak >= 1))
    )


# -- ours ------------------------------------------------------------------------------------------


def ours(work: Work, loops: ModuleType, threads: int) -> Result:
    """The functions `score_block` calls, piece by piece, for the same quantities as everybody
    else.
    """
    points = np.empty((2, work.rows), dtype=work.plan.forms.dtype)
    state = np.empty((DIMENSIONS, work.rows), dtype=np.uint8)

    def piece(start: int) -> None:
        stop = min(start + batch.ROWS, work.rows)
        groups = loops.count_groups(work.codes, start, stop, work.plan.groups)
        strong, medium, weak = np.split(loops.add_up(groups, work.strengths), 3, axis=1)
        points[:, start:stop] = loops.total(loops.add_up(groups, work.plan.amounts), points.dtype)
        state[:, start:stop] = loops.delphi(strong, medium, weak, work.plan.linear)

    starts = range(0, work.rows, batch.ROWS)
    if threads == 1:
        for start in starts:
            piece(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(piece, starts))
    return {
        "points": points[0],
        "points_high": points[1],
        "state": state,
    }  # a state is both ends in one byte


# -- the others ------------------------------------------------------------------------------------


def by_pandas(work: Work) -> Result:
    """Column by column, as one writes it down."""
    result: Result = {}
    for end, least in zip(("", "_high"), ENDS, strict=True):
        points: Any = 0
        positive = []
        for names in work.by_dimension:
            total: Any = 0
            count: dict[str, Any] = dict.fromkeys(STRENGTHS, 0)
            for i in names:
                yes = work.pandas[i] >= least
                total = total + yes * work.weight[i]
                count[work.strength[i]] = count[work.strength[i]] + yes
            points = points + total.clip(upper=work.cap)
            positive.append(delphi(*count.values()))
        result["points" + end] = points.to_numpy()
        result["positive" + end] = np.array(positive)
    return result


def by_polars(work: Work) -> Result:
    """Expressions in narrow types over all columns at once, lazily, on every core."""
    counts, points, found = [], [], []
    for end, least in enumerate(ENDS):
        for d, names in enumerate(work.by_dimension):
            yes = {i: (pl.col(i) >= least).cast(pl.UInt8) for i in names}
            for s in STRENGTHS:
                counts.append(
                    pl.sum_horizontal([yes[i] for i in names if work.strength[i] == s])
                    .cast(pl.UInt8)
                    .alias(f"{s}{d}{end}")
                )
            points.append(
                pl.sum_horizontal([yes[i] * work.weight[i] for i in names])
                .clip(upper_bound=work.cap)
                .cast(pl.UInt16)
                .alias(f"p{d}{end}")
            )
            found.append(delphi(*(pl.col(f"{s}{d}{end}") for s in STRENGTHS)).alias(f"d{d}{end}"))
        found.append(
            pl.sum_horizontal([pl.col(f"p{d}{end}") for d in range(DIMENSIONS)]).alias(
                f"points{end}"
            )
        )
    return _gather(work.polars.lazy().select(counts + points).select(found).collect())


def by_duckdb(work: Work) -> Result:
    """One SQL statement over a table in memory, on every core."""
    counts, found = [], []
    for end, least in enumerate(ENDS):
        for d, names in enumerate(work.by_dimension):
            for s in STRENGTHS:
                counts.append(
                    " + ".join(
                        f"({i} >= {least})::utinyint" for i in names if work.strength[i] == s
                    )
                    + f" as {s}{d}{end}"
                )
            total = " + ".join(
                f"({i} >= {least})::utinyint * {work.weight[i]}::utinyint" for i in names
            )
            counts.append(f"least({total}, {work.cap})::usmallint as p{d}{end}")
            s, m, w = (f"{s}{d}{end}" for s in STRENGTHS)
            found.append(
                f"{s} >= 2 or ({s} = 1 and {m} + {w} >= 1) or {m} >= 3 or ({m} = 2 and {w} >= 1) as"
                f" d{d}{end}"
            )
        found.append(" + ".join(f"p{d}{end}" for d in range(DIMENSIONS)) + f" as points{end}")
    sql = f"select {', '.join(found)} from (select {', '.join(counts)} from cases)"
    return _gather(pl.from_arrow(work.duckdb.sql(sql).to_arrow_table()))  # a table gives a frame


def _gather(table: pl.DataFrame) -> Result:
    columns = {f"points{'_high' * end}": table[f"points{end}"].to_numpy() for end in (0, 1)}
    return columns | {
        f"positive{'_high' * end}": [table[f"d{d}{end}"] for d in range(DIMENSIONS)]
        for end in (0, 1)
    }  # lists of arrays


def by_dicts(work: Work) -> Result:
    """A plain loop over dictionaries of words, on a fiftieth of the rows."""
    points, positive = [], []
    for case in work.dicts:
        low = high = 0
        found = []
        for names in work.by_dimension:
            total, count = [0, 0], {s: [0, 0] for s in STRENGTHS}
            for i in names:
                answer = case[i]
                if answer != "no":
                    for end in (0, 1) if answer == "yes" else (1,):
                        total[end] += work.weight[i]
                        count[work.strength[i]][end] += 1
            low, high = low + min(total[0], work.cap), high + min(total[1], work.cap)
            found.append([delphi_positive(*(count[s][end] for s in STRENGTHS)) for end in (0, 1)])
        points.append((low, high))
        positive.append(found)
    both = np.array(positive)
    return {
        "points": np.array(points)[:, 0],
        "points_high": np.array(points)[:, 1],
        "positive": both[:, :, 0].T,
        "positive_high": both[:, :, 1].T,
    }


def reading(work: Work) -> Result:
    """The least anything can take: every byte read once, eight at a time, into one number."""
    work.codes.view(np.uint64).max()
    return {}


# -- running ---------------------------------------------------------------------------------------


def agree(name: str, result: Result, wanted: Result) -> None:
    """Stop where a way does not give the numbers of the first."""
    if not result:
        return
    if "state" in result:
        state = result["state"]
        result = {**result, "positive": state == YES, "positive_high": state != NO}
    for key in ("points", "points_high", "positive", "positive_high"):
        got = np.asarray(result[key])
        if not np.array_equal(got, wanted[key][..., : got.shape[-1]]):
            raise SystemExit(f"{name}: {key} differs")


def race(rows: int, own: bool, repeats: int) -> dict[str, float]:
    """Median seconds by way; all take turns, so that a slow moment of the machine falls on each."""
    work = Work(rows, own)
    ways: dict[str, Callable[[Work], Result]] = {
        "pandas, column by column": by_pandas,
        "polars, expressions": by_polars,
        "DuckDB, one statement": by_duckdb,
        "plain loop over dictionaries": by_dicts,
        "kernel, numpy": lambda w: ours(w, kernel, 1),
        "kernel, numba": lambda w: ours(w, kernel_numba, 1),
        "kernel, numba, 2 threads": lambda w: ours(w, kernel_numba, 2),
        "reading the bytes once": reading,
    }
    wanted = by_pandas(work)
    for name, way in ways.items():
        agree(name, way(work), wanted)
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            begun = time.perf_counter()
            way(work)
            taken[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(t) for name, t in taken.items()}
    medians["plain loop over dictionaries"] *= rows / len(work.dicts)
    return medians


def whole(rows: int, repeats: int) -> list[tuple[str, str, float]]:
    """Rows a CPU second of `score_block`, and of the reference engine, on the bundled list with adults
    and children mixed.
    """
    checklist = load_checklist()
    weights = load_weights(checklist)
    plan = batch.compile_plan(checklist, weights)
    chance = np.random.default_rng(20261123)
    codes = chance.choice(
        np.array([NO, OPEN, YES], dtype=np.uint8),
        p=(0.5, 0.4, 0.1),
        size=(len(plan.indicators), rows),
    )
    age, size = np.where(chance.random(rows) < 0.6, 10, 30).astype(np.int16), 1 << 16
    starts = range(0, rows, size)
    mixed = [
        Block(
            range(0),
            age[s : s + size],
            np.ones(len(age[s : s + size]), bool),
            np.ascontiguousarray(codes[:, s : s + size]),
        )
        for s in starts
    ]
    children = [Block(b.case_ids, np.minimum(b.age, 10), b.certain, b.codes) for b in mixed]
    results = []
    for who, blocks in (("adults and children mixed", mixed), ("children only", children)):
        for name in ("numpy", "numba"):
            taken = []
            for _ in range(repeats + 1):  # the first also loads and compiles
                begun = time.process_time()
                for block in blocks:
                    batch.score_block(block, plan, kernel=name)
                taken.append(time.process_time() - begun)
            results.append((f"`score_block`, {name}", who, rows / statistics.median(taken[1:])))
    answers = {YES: Answer.YES, OPEN: Answer.NOT_ASKED, NO: Answer.NO}
    cases = []
    for n in range(200):
        given = {
            i: Response(answers[int(c)]) for i, c in zip(plan.indicators, codes[:, n], strict=True)
        }
        cases.append(Case(str(n), age=int(age[n]), answers=given))
    begun = time.process_time()
    for case in cases:
        score(case, checklist, weights)
    results.append(
        (
            "reference engine, whole assessment",
            "adults and children mixed",
            len(cases) / (time.process_time() - begun),
        )
    )
    return results


LOADING = """
import time
import numpy as np
from screening.checklist import load_checklist, load_weights
from screening.scoring.batch import compile_plan, score_block
from screening.scoring.block import Block

checklist = load_checklist()
plan = compile_plan(checklist, load_weights(checklist))
ages = np.array([9, 30] * 500, np.int16)
codes = np.zeros((len(plan.indicators), len(ages)), np.uint8)
block = Block(range(len(ages)), ages, np.ones(len(ages), bool), codes)
score_block(block, plan, "numpy")
begun = time.process_time()
score_block(block, plan, "numba")
print(time.process_time() - begun)
"""


def loading(repeats: int) -> float:
    """Median CPU seconds that a fresh process spends before its first compiled result.

    That is numba's import and its compiled loops read from their cache, which an earlier run has
    filled.
    """
    taken = [
        float(
            subprocess.run(
                [sys.executable, "-c", LOADING], check=True, capture_output=True, text=True
            ).stdout
        )
        for _ in range(repeats + 1)
    ]
    return statistics.median(taken[1:])


def report(rows: int, repeats: int) -> str:
    """The tables as Markdown."""
    lines = [
        "# Speed of the batch engine",
        "",
        "Written by `python benchmarks/kernel.py`; every number is measured in one run of it. "
        + machine(),
        "",
        (
            f"{rows:,} cases, {len(NAMES)} indicators in {DIMENSIONS} dimensions, answers one byte"
            " each. Computed: points after caps, and the"
        ),
        (
            "Delphi rule of every dimension, both as recorded and as it would be if every open"
            " answer were yes. All ways agree on every number."
        ),
        (
            f"Median of {repeats} turns; polars and DuckDB use every core, the rest one unless it"
            " says otherwise; the loop over dictionaries"
        ),
        "ran on a fiftieth of the rows.",
        "",
    ]
    titles = {
        False: "Weights by strength (as a list starts out)",
        True: "A weight of its own for every sign (as calibration leaves it)",
    }
    for own, title in titles.items():
        medians = race(rows, own, repeats)
        pandas, least = medians["pandas, column by column"], medians["reading the bytes once"]
        lines += [
            f"## {title}",
            "",
            "| way | ms | rows/s | times faster than pandas | times reading the bytes once |",
            "|---|--:|--:|--:|--:|",
        ]
        for name, seconds in sorted(medians.items(), key=lambda item: -item[1]):
            lines.append(
                f"| {name} | {seconds * 1e3:,.1f} | {rows / seconds:,.0f} | {pandas / seconds:.1f}"
                f" | {seconds / least:.1f} |"
            )
        polars = medians["polars, expressions"]
        lines += [
            "",
            (
                f"The numpy kernel is {polars / medians['kernel, numpy']:.1f} times as fast as"
                f" polars, the numba kernel {polars / medians['kernel, numba']:.1f} times, on 2"
                f" threads {polars / medians['kernel, numba, 2 threads']:.1f} times."
            ),
            "",
        ]
    lines += [
        "## A whole result for every case",
        "",
        (
            "The bundled list with its findings, range, elements, dimensions and forms; blocks of"
            " 65,536 cases; one thread, CPU seconds."
        ),
        "",
        "| what | who | rows a CPU second |",
        "|---|---|--:|",
    ]
    found = whole(rows, repeats)
    lines += [f"| {what} | {who} | {rate:,.0f} |" for what, who, rate in found]
    numpy, numba = found[0][2], found[1][2]
    cost, saved = loading(repeats), 1 / numpy - 1 / numba
    lines += [
        "",
        (
            f"A fresh process spends {cost:.2f} CPU seconds on loading numba and its cached loops,"
            f" and saves {saved * 1e6:.2f} in a million cases, adults and children mixed: a whole"
            f" job wins from {cost / saved / 1e6:.1f} million cases on, and later where scoring"
            " overlaps with reading and writing. So compiled loops serve only who asks for them:"
            ' `SCREENING_KERNEL=numba`, or `kernel="numba"` in Python.'
        ),
    ]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """What matters of the machine, without its name."""
    names = {
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    }
    import numba

    return (
        f"Machine: {os.cpu_count()} cores ({', '.join(names)}), {platform.system()}, Python"
        f" {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}, pandas"
        f" {pd.__version__}, polars {pl.__version__}, DuckDB {duckdb.__version__}."
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeats", type=int, default=7)
    options.add_argument("--out", type=Path, help="also write the tables to this file")
    given = options.parse_args()
    text = report(given.rows, given.repeats)
    print(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
