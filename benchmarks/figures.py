"""The statistics of a casebook: how long its tables take.

    python benchmarks/figures.py [--write] [--cases 10000 100000]

An encrypted casebook is filled with the events of invented cases: met over a year, screened, some
referred, few identified, as in the tests. Then the facts are read from the events as the command
reads them, and the report is made: every count, and what may be released. Goal: 100,000 cases under
2 s, which was not measured and is out of reach as it is: reading takes about 20 microseconds an
event. Wall time counts what others do on the machine; processor time does not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from screening.casebook.laptop import Casebook  # noqa: E402 - tests/ is on the path now
from screening.casebook.statistics.facts import facts_of  # noqa: E402 - tests/ is on the path now
from screening.casebook.statistics.report import Wanted, statistics_of  # noqa: E402 - tests/ is on the path now
from support.year import a_year  # noqa: E402 - tests/ is on the path now

PAGE = ROOT / "docs" / "benchmarks-figures.md"
SECRET = "baganu lupezo tirofa gedisa munako vizeba"
END = date(2026, 11, 30)
AT_ONCE = 20_000  # events recorded in one transaction
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    started = time.perf_counter(), time.process_time()
    done = work()
    return done, time.perf_counter() - started[0], time.process_time() - started[1]


def measured(cases: int) -> list[tuple[str, float, float]]:
    events = a_year(cases)
    with tempfile.TemporaryDirectory() as folder:
        with Casebook.create(Path(folder) / "cases", SECRET)[0] as book:
            for at in range(0, len(events), AT_ONCE):
                book.append(events[at : at + AT_ONCE])
            facts, *read = timed(lambda: facts_of(book))
        statistics_of(facts, Wanted(END))  # scipy is loaded once
        found = [(f"facts read from {len(events):,} events", *read)]
        for name, internal in (("every count", True), ("what may be released", False)):
            _, *took = timed(lambda internal=internal: statistics_of(facts, Wanted(END), internal))
            found.append((name, *took))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    given = parser.parse_args()
    rows = []
    for cases in given.cases:
        for name, wall, processor in measured(cases):
            rows.append(f"| {cases:,} | {name} | {wall:.2f} s | {processor:.2f} s |")
            print(rows[-1], flush=True)
    if given.write:
        about = (__doc__ or "").split("\n\n")
        PAGE.write_text(
            f"# The statistics of a casebook\n\n{about[0]}\n\n{' '.join(about[2].split())}\n\n"
            f"One run each on two cores that others used too (load {os.getloadavg()[0]:.0f}).\n\n"
            "| cases | what | wall | processor |\n|---|---|---|---|\n" + "\n".join(rows) + "\n\n"
            "Reproduce: `python benchmarks/figures.py --write --cases 10000`\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
