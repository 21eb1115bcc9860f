"""How many items an interview puts before it has the finding of the whole list, against three other
orders; and how often it stops too early.

    python benchmarks/interview.py [--cases 200] [--begging 400] [--write]

Invented cases of every world, fresh ones. Children, and adults who are not alone, are first
observed; here every child and every second adult. "Until" counts items until the finding recorded
is that of the whole list and stays so. "Stop" is where the interview itself would stop.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from screening.answers import Truth
from screening.checklist import load_checklist, load_weights
from screening.cli.progress import progress
from screening.interview.choice import Chooser
from screening.interview.likely import ByStrength
from screening.interview.step import ENOUGH, FIRST_WORTH
from screening.proportion import share
from screening.simulation import load_world, world_ids
from screening.simulation.generate import ANSWERS, Cases, generate

ROOT = Path(__file__).resolve().parent.parent
SEED = 4711
KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
TRUTH = {"yes": Truth.TRUE, "no": Truth.FALSE, "not_applicable": Truth.FALSE}
GROUPS = (
    "forced-begging child",
    "other exploited child",
    "exploited adult",
    "other child",
    "other adult",
)


def grouped(cases: Cases, most: int, begging: int) -> dict[str, list[int]]:
    """Row numbers by group."""
    form, child, exploited = cases.form(), cases.child, cases.exploited
    masks = (
        child & exploited & (form == "begging"),
        child & exploited & (form != "begging"),
        ~child & exploited,
        child & ~exploited,
        ~child & ~exploited,
    )
    return {
        name: np.flatnonzero(mask)[: begging if name == GROUPS[0] else most].tolist()
        for name, mask in zip(GROUPS, masks, strict=True)
    }


def truths(cases: Cases, row: int, chooser: Chooser) -> dict[str, Truth]:
    """What an interview would be told to each item, if it put it."""
    index = chooser.reach.index
    return {
        i: TRUTH.get(str(ANSWERS[a]), Truth.OPEN)
        for i, a in zip(cases.world.signs, cases.answers[:, row], strict=True)
        if i in index
    }


def findings(order: Sequence[str], told: dict[str, Truth], chooser: Chooser) -> list[int]:
    """The finding after 0, 1, 2 ... items, 0 too little known to 4 act now."""
    reach = chooser.reach
    yes = np.zeros((len(order) + 1, len(reach.ids)), dtype=bool)
    closed = yes.copy()
    for n, item in enumerate(order, 1):
        yes[n:, reach.index[item]] = told[item] is Truth.TRUE
        closed[n:, reach.index[item]] = told[item] is not Truth.OPEN
    ranks, enough = reach.ranks(yes), reach.enough(closed, yes)
    return [int(r) + 1 if r else int(e) for r, e in zip(ranks, enough, strict=True)]


def until(course: list[int]) -> int:
    """After how many items the last finding is reached for good."""
    return max((n + 1 for n, finding in enumerate(course) if finding != course[-1]), default=0)


def ours(
    told: dict[str, Truth], chooser: Chooser, first: set[str], times: list[float]
) -> tuple[list[str], int]:
    """The order in which the interview puts the items, and after how many it would stop."""
    left, answers, order, stop = list(chooser.reach.ids), dict[str, Truth](), list[str](), None
    while left:
        started = time.perf_counter()
        state = chooser.state(answers)
        if stop is None and (state.settled(left) or state.change(left) < ENOUGH):
            stop = len(order)
        choice = state.choose(left, [i for i in left if i in first], FIRST_WORTH)
        times.append(time.perf_counter() - started)
        assert choice is not None
        order.append(choice.indicator)
        left.remove(choice.indicator)
        answers[choice.indicator] = told[choice.indicator]
    return order, len(order) if stop is None else stop


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--begging", type=int, default=400)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rng = np.random.default_rng(SEED)
    times: list[float] = []
    lines = [
        "# How few questions",
        "",
        (
            f"Made by `python benchmarks/interview.py --write`, {options.begging} forced-begging"
            f" children and {options.cases} of every other group in each world."
        ),
        (
            "Median number of indicators put until the finding is that of the whole list and stays so;"
            " then what happens where the interview itself stops"
        ),
        (
            f"(nothing can change the finding, or the chance is below {ENOUGH}). Goals: at most 40"
            " % of print order, the same finding in at least 98 %,"
        ),
        (
            "forced-begging children lower in at most 1 %. Lower with its 95 % interval."
            " `strengths` in place of a world: what the order is worth where a list has none."
        ),
        (
            "The order knows the rates of `base`, so that its row shows the best case; in the other"
            " worlds it knows nothing of what differs. All are invented."
        ),
        "",
        (
            "| World | Group | Print | Random | Strength | Ours | of print | Stops after | Same"
            " finding | Lower |"
        ),
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    jobs = [(name, False) for name in world_ids(KOSOVO)] + [("base", True)]
    with progress("interviews") as tick:
        done, total = 0, len(jobs) * (options.begging + 4 * options.cases)
        for name, strengths in jobs:
            cases = generate(load_world(KOSOVO, name), 40_000, SEED)
            choosers = {
                p: Chooser(KOSOVO, WEIGHTS, p, ByStrength(KOSOVO, p) if strengths else None)
                for p in ("child", "adult")
            }
            for group, rows in grouped(cases, options.cases, options.begging).items():
                counts: dict[str, list[int]] = defaultdict(list)
                same = lower = 0
                for k, row in enumerate(rows):
                    profile = "child" if cases.child[row] else "adult"
                    chooser = choosers[profile]
                    told = truths(cases, row, chooser)
                    printed = list(chooser.reach.ids)
                    strong = sorted(
                        printed, key=lambda i: -chooser.reach.points[chooser.reach.index[i]]
                    )
                    first = (
                        {i for i in printed if KOSOVO.indicators[i].mode_for(profile) != "ask"}
                        if profile == "child" or k % 2
                        else set()
                    )
                    put, stop = ours(told, chooser, first, times)
                    for order, items in (
                        ("print", printed),
                        ("random", rng.permutation(printed).tolist()),
                        ("strength", strong),
                        ("ours", put),
                    ):
                        counts[order].append(until(findings(items, told, chooser)))
                    course = findings(put, told, chooser)
                    same += course[stop] == course[-1]
                    lower += course[stop] < course[-1]
                    counts["stop"].append(stop)
                    done += 1
                    tick(done, total)
                m = {order: statistics.median(values) for order, values in counts.items()}
                low = share(lower, len(rows))
                medians = " | ".join(
                    f"{m[order]:g}" for order in ("print", "random", "strength", "ours")
                )
                lines.append(
                    f"| {'strengths, ' if strengths else ''}{name} | {group} | {medians} |"
                    f" {100 * m['ours'] / m['print']:.0f} % | {m['stop']:g} |"
                    f" {100 * same / len(rows):.1f} % | {100 * low.value:.1f} %"
                    f" ({100 * low.low:.1f}-{100 * low.high:.1f}) |"
                )
                print(lines[-1], file=sys.stderr)
    p95 = float(np.percentile(times, 95)) * 1000
    lines += [
        "",
        (
            f"One choice with its stop: median {1000 * statistics.median(times):.1f} ms, 95 %"
            f" within {p95:.1f} ms (goal 20 ms), {len(times):,} choices."
        ),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (ROOT / "docs/benchmarks-interview.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
