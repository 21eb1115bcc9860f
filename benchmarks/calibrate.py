"""The trainer's tools: what a change of weights does to a million invented cases, agreement of
sixty raters, sixty forms out and in.

    python benchmarks/calibrate.py [--write]

Every time stands beside a yardstick taken in the same turn: scoring alone, the library called once
a draw, the same cells through openpyxl alone. A ratio is taken within a turn and its median
reported, because other work on the machine comes and goes. For the same reason there are two times:
by the clock, and of this process's own work (CPU), which is what a machine of its own would take.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import openpyxl

from screening.calibration.agreement import agreement
from screening.calibration.agreement.alpha import alpha
from screening.calibration.agreement.draws import Drawn, drawn
from screening.calibration.forms import Asked, read_ratings, write_forms
from screening.calibration.impact import Change, Population, population
from screening.calibration.ratings import ANSWERS, SCALE, Form, Ratings, form_of, new_codes
from screening.checklist import Vignettes, load_checklist, load_vignettes, load_weights
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.simulation import load_world

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks-calibrate.md"
WORLD, SEED = "guarded", 4711
SIZES = ((1_000_000, 1.0), (100_000, 0.2))  # cases, goal in seconds
RATERS, DRAWS, AGREED = 60, 1000, 10.0
KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of this process's own work."""

    clock: float
    cpu: float


def taken(job: Callable[..., Any], *given: Any) -> tuple[Took, Any]:
    clock, cpu = time.perf_counter(), time.process_time()
    result = job(*given)
    return Took(time.perf_counter() - clock, time.process_time() - cpu), result


def median(many: Iterable[float]) -> float:
    return statistics.median(many)


# -- impact ----------------------------------------------------------------------------------------


def turns(people: Population, kernel: str, many: int) -> tuple[list[Took], list[Took]]:
    """Seconds of `Change.impact`, and of scoring the same cases alone, turn by turn.

    Every turn has weights of its own, as a slider gives.
    """
    os.environ["SCREENING_KERNEL"] = kernel
    change = Change(people, KOSOVO, WEIGHTS)  # loaded, scored under the old weights, loops compiled
    signs = [i for i, n in WEIGHTS.points["child"].items() if n]
    whole, alone = [], []
    for turn in range(many):
        moved = {i: WEIGHTS.points["child"][i] + 1 for i in signs[turn::many]}
        after = replace(
            WEIGHTS,
            points={
                "adult": WEIGHTS.points["adult"],
                "child": {**WEIGHTS.points["child"], **moved},
            },
        )
        whole.append(taken(change.impact, after)[0])
        alone.append(taken(people.score, KOSOVO, after)[0])
    del os.environ["SCREENING_KERNEL"]
    return whole, alone


def impacts(many: int) -> Iterable[str]:
    people: Population | None = None
    for n, goal in SIZES:
        drawing, people = taken(population, load_world(KOSOVO, WORLD), n, SEED)
        for kernel in ("numba", "numpy"):
            whole, alone = turns(people, kernel, many)
            clock = [1000 * t.clock for t in whole]
            yield (
                f"| {n:,} | {kernel} | {1000 * median(t.cpu for t in whole):,.0f} |"
                f" {median(clock):,.0f} ({min(clock):,.0f} - {max(clock):,.0f}) |"
                f" {1000 * goal:,.0f} | {1000 * median(t.cpu for t in alone):,.0f} |"
                f" {median(a.cpu / b.cpu for a, b in zip(whole, alone, strict=True)):.2f} |"
                f" {drawing.cpu:.1f} |"
            )


def pages(many: int) -> Iterable[str]:
    """The trainer's page as a browser asks for it when a slider is let go: form in, scored,
    counted, a piece of page out.
    """
    from starlette.testclient import TestClient

    from screening.web.guard import Keys
    from screening.web.server import create_bench
    from screening.web.trainer.state import PEOPLE, Bench

    keys = Keys(8000)
    own = keys.origin
    signs = [i for i, n in WEIGHTS.points["child"].items() if n]
    with TestClient(
        create_bench(keys, Bench()),
        base_url=own,
        headers={"origin": own, "hx-request": "true"},
        cookies={keys.cookie: keys.session},
    ) as client:

        def moved(turn: int) -> Any:
            form = {
                f"child:{i}": str(WEIGHTS.points["child"][i] + (k % many == turn))
                for k, i in enumerate(signs)
            }
            answer = client.post("/weights", data={**form, "world": WORLD})
            assert answer.status_code == 200 and f"{PEOPLE} invented cases" in answer.text

        first = taken(moved, 0)[0]  # draws the people and scores them under the old weights
        took = [taken(moved, turn)[0] for turn in range(many)]
    clock = [1000 * t.clock for t in took]
    yield (
        f"| {PEOPLE:,}, through the server | {1000 * median(t.cpu for t in took):,.0f} |"
        f" {median(clock):,.0f} ({min(clock):,.0f} - {max(clock):,.0f}) | {1000 * SIZES[1][1]:,.0f}"
        f" | {first.clock:.1f} |"
    )


# -- agreement -------------------------------------------------------------------------------------


def street() -> tuple[Vignettes, Form]:
    sets = load_vignettes(KOSOVO, "street-operations")
    return sets, form_of(KOSOVO, [sets])


def invented(form: Form) -> Ratings:
    """Sixty invented people.

    They see the published strengths and the keys, and slip now and then.
    """
    rng = np.random.default_rng(SEED)
    signs, cases = list(form.indicators), form.vignettes
    true = np.array(
        [
            [
                (
                    SCALE.index(KOSOVO.indicators[i].strength_for(p) or "none")
                    if p in form.indicators[i]
                    else -1
                )
                for p in CASE_PROFILES
            ]
            for i in signs
        ]
    )
    strength = np.where(
        true >= 0,
        np.clip(true + rng.choice([-1, 0, 1], p=[0.2, 0.6, 0.2], size=(RATERS, *true.shape)), 0, 3),
        -1,
    ).astype(np.int8)
    keys = np.array([FINDINGS.index(v.expected[KOSOVO.id]) for v in cases])
    finding = np.clip(
        keys + rng.choice([-1, 0, 1], p=[0.15, 0.7, 0.15], size=(RATERS, len(cases))), 0, 4
    ).astype(np.int8)
    told = np.array(
        [
            [ANSWERS.index(a) if (a := v.answers.get(i, "")) in ("no", "yes") else 1 for i in signs]
            for v in cases
        ]
    )
    codes = np.where(
        rng.random((RATERS, *told.shape)) < 0.8, told, rng.integers(0, 3, (RATERS, *told.shape))
    ).astype(np.int8)
    return Ratings(form, 1, tuple(new_codes(RATERS, SEED)), strength, finding, codes)


def one_by_one(codes: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The yardstick: the library once a draw of units, for one sign."""
    counts = np.stack([(codes == c).sum(axis=0) for c in range(len(ANSWERS))], axis=1)
    domain = list(range(len(ANSWERS)))
    return np.array(
        [
            krippendorff.alpha(
                value_counts=np.repeat(counts, t, axis=0),
                value_domain=domain,
                level_of_measurement="ordinal",
            )
            for t in times.astype(int)
        ]
    )


def agreements(many: int) -> Iterable[str]:
    _, form = street()
    ratings = invented(form)
    agreement(ratings, 100)  # libraries loaded
    whole, by_one, apart = [], [], 0.0
    for turn in range(many):
        took, found = taken(agreement, ratings, DRAWS)
        whole.append(took)
        times = drawn(RATERS, len(form.vignettes), DRAWS, found.seed + 1)
        codes = ratings.codes[:, :, turn]
        took, values = taken(one_by_one, codes, times.units)
        by_one.append(took)
        ours = alpha(codes, Drawn(np.ones((DRAWS, RATERS)), times.units), len(ANSWERS))
        apart = max(apart, float(np.nanmax(np.abs(ours - values))))
    assert apart < 1e-9, f"the draws differ by {apart}"
    signs = len(form.indicators)
    factor = median(b.cpu * signs / w.cpu for b, w in zip(by_one, whole, strict=True))
    what = f"{RATERS} raters, {signs} signs, {len(form.vignettes)} vignettes, {DRAWS:,} draws"
    yield (
        f"| everything `calibrate agreement` shows: {what} | {median(w.cpu for w in whole):.2f} |"
        f" {median(w.clock for w in whole):.2f} | {AGREED:g} |"
    )
    yield (
        f"| `krippendorff.alpha` once a draw, one sign only | {median(b.cpu for b in by_one):.2f} |"
        f" {median(b.clock for b in by_one):.2f} | |"
    )
    yield (
        f"| the same for {signs} signs, reckoned: {factor:.0f} times all of ours |"
        f" {signs * median(b.cpu for b in by_one):.0f} | | |"
    )


# -- forms -----------------------------------------------------------------------------------------


def fill(path: Path) -> None:
    """As somebody would who rates every sign, finds something in every story and records a few
    signs.
    """
    book = openpyxl.load_workbook(path)
    for row in book["strength"].iter_rows(min_row=2, min_col=4, max_col=5):
        for cell in row:
            if cell.fill.fgColor.rgb != "00DDDDDD":
                cell.value = "medium"
    for (cell,) in book["vignettes"].iter_rows(min_row=2, min_col=5, max_col=5):
        cell.value = "look_further"
    for row in book["codes"].iter_rows(min_row=2, min_col=3):
        for cell in row[::4]:
            cell.value = "yes"
    book.save(path)


def values(path: Path) -> list[tuple[str, list[tuple[Any, ...]]]]:
    book = openpyxl.load_workbook(path, read_only=True)
    return [(sheet.title, list(sheet.iter_rows(values_only=True))) for sheet in book]


def plainly(sheets: list[tuple[str, list[tuple[Any, ...]]]], path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def forms() -> Iterable[str]:
    sets, form = street()
    names = [f"Person {n}" for n in range(RATERS)]
    with tempfile.TemporaryDirectory() as kept:
        out, again = Path(kept) / "out", Path(kept) / "again"
        again.mkdir()
        writing, written = taken(
            lambda: write_forms(out, Asked(form, KOSOVO, [sets]), names, seed=SEED)
        )
        paths = [p for p in written if p.suffix == ".xlsx"]
        blank = values(paths[0])
        plain_out = taken(lambda: [plainly(blank, again / p.name) for p in paths])[0]
        for path in paths:
            fill(path)
        reading, found = taken(lambda: read_ratings(paths, form))
        plain_in = taken(lambda: [values(p) for p in paths])[0]
        assert (
            len(found.raters) == RATERS and (found.finding == FINDINGS.index("look_further")).all()
        )
        size = sum(p.stat().st_size for p in paths) / len(paths) / 1000
        csv_out, written = taken(
            lambda: write_forms(
                Path(kept) / "csv", Asked(form, KOSOVO, [sets]), names, seed=SEED, kind="csv"
            )
        )
    cells = sum(len(row) for _, rows in blank for row in rows)
    for what, ours, plain in (
        (f"written as workbooks, {cells:,} cells each", writing, plain_out),
        (f"filled in ({size:.0f} kB each) and read back, every cell checked", reading, plain_in),
    ):
        yield (
            f"| {what} | {ours.cpu:.1f} | {ours.clock:.1f} | {plain.cpu:.1f} |"
            f" {ours.cpu / plain.cpu:.1f} |"
        )
    yield f"| written as CSV, a line a rating | {csv_out.cpu:.1f} | {csv_out.clock:.1f} | | |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    before = os.getloadavg()[0]
    one = list(impacts(options.turns))
    page = list(pages(options.turns))
    two = list(agreements(min(options.turns, 3)))
    three = list(forms())
    loads = before, os.getloadavg()[0]
    libraries = ", ".join(
        f"{name} {version(name)}"
        for name in ("numpy", "numba", "krippendorff", "scipy", "openpyxl")
    )
    busy = max(loads) > os.cpu_count() if os.cpu_count() else False
    lines = [
        "# The trainer's tools",
        "",
        (
            "Made by `python benchmarks/calibrate.py --write`; every figure is of one run."
            f" {os.cpu_count()} cores, Python {platform.python_version()}, {libraries}."
        ),
        "",
        f"The machine's load was {loads[0]:.1f} when it began and {loads[1]:.1f} when it ended. "
        + (
            "Other work ran beside it on the same cores, so the times by the clock are far too long"
            " and differ from run to run. CPU is this process's own work: about what a machine of"
            " its own would take. Ratios are of CPU."
            if busy
            else "CPU is this process's own work; ratios are of CPU."
        ),
        "",
        "## What a change of weights does",
        "",
        (
            f"`Change.impact`: invented cases of the world {WORLD}, loaded and scored once. Then"
            " some of the children's weights move, everybody is scored again, and changes, recall"
            f" and specificity are counted by subgroup. Median of {options.turns} turns; every turn"
            " moves other weights. The yardstick is scoring alone."
        ),
        "",
        (
            "| cases | loops | CPU, ms | clock, ms (least - most) | goal, ms | scoring alone, CPU,"
            " ms | times that | drawing the cases, once, CPU, s |"
        ),
        "|---:|---|---:|---:|---:|---:|---:|---:|",
        *one,
        "",
        (
            "The trainer's page when a slider is let go: the whole form in, the part of the page"
            " that says what it does out."
        ),
        "",
        (
            "| cases | CPU, ms | clock, ms (least - most) | goal, ms | the first time, which draws"
            " the cases, s |"
        ),
        "|---|---:|---:|---:|---:|",
        *page,
        "",
        "## How far sixty people agree",
        "",
        (
            "Statistics over all, of each sign and of each rater, with intervals that draw raters"
            f" and units. Median of {min(options.turns, 3)} turns. The yardstick calls a library"
            " once for each draw of units; for those, ours are the same to nine digits."
        ),
        "",
        "| what | CPU, s | clock, s | goal, s |",
        "|---|---:|---:|---:|",
        *two,
        "",
        "## Sixty forms",
        "",
        (
            "The yardstick is openpyxl alone on the same cells: no colours, no lists to choose"
            " from, no checks."
        ),
        "",
        "| what | CPU, s | clock, s | openpyxl alone, CPU, s | times that |",
        "|---|---:|---:|---:|---:|",
        *three,
        "",
    ]
    text = "\n".join(lines)
    print(text)
    if options.write:
        PAGE.write_text(text + TAKE, encoding="utf-8")


TAKE = """## What to take from it

- **A slider may move.** After load, a change costs about what scoring costs: counting by subgroup adds less than a fifth. Keep the population and the old result
  (`Change`), and score only the new weights. Drawing the cases takes far longer than all of it, so draw once.
- Compiled loops halve it, for who asks for them: a page that should be quick at 100,000 cases is started with `SCREENING_KERNEL=numba`.
- **Intervals are cheap.** A thousand draws are matrix products, since a draw only changes how often each rater and each unit counts. The library that others check is
  called by the tests, which hold our sums to it.
- **Forms are the slow part**, a quarter of a second of work for each workbook and nearly as much for each CSV. It is done once a round. Reading workbooks back costs
  little more than openpyxl itself.
"""


if __name__ == "__main__":
    main()
