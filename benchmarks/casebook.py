"""The casebook: how soon it opens, how long an answer takes to be kept, how long a check and a
restore take when it is large.

    python benchmarks/casebook.py [--write] [--cases 100000] [--kills FILE]

Goals on a laptop: open within 1.5 s; an answer kept within 50 ms (99 %); 1,000,000 events checked
within 20 s; 100,000 cases restored within 10 minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from screening.answers import Answer, Response
from screening.casebook.backup import backup, restore
from screening.casebook.event import Act, Event
from screening.casebook.interviews import StoredCases
from screening.casebook.laptop import Casebook
from screening.interview import Interview
from screening.web.interview.cases import Desk, Knowledge, Seen

ROOT = Path(__file__).resolve().parent.parent
WORDS = "silver otter walks under lanterns"
A_CASE = 10  # events
AT_ONCE = 10_000  # events recorded in one transaction when the large casebook is made
ANSWERS = 400


def act() -> Act:
    return Act("arta", datetime.now(UTC))


@dataclass(frozen=True, order=True)
class Time:
    """Seconds on the clock, and seconds that processors worked on it."""

    clock: float
    worked: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.worked:.1f} s of processor)"


def timed(work: Callable[[], object]) -> Time:
    started, working = time.perf_counter(), time.process_time()
    work()
    return Time(time.perf_counter() - started, time.process_time() - working)


def percent(times: list[Time], share: float) -> float:
    """The time within which a share of them were, in milliseconds."""
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))].clock


def worked(times: list[Time]) -> float:
    """Seconds of processor that one of them takes, usually."""
    return statistics.median(t.worked for t in times)


def synced(folder: Path) -> list[Time]:
    """What the disk alone needs to write 4 kB through: no program can be quicker."""
    times = []
    with (folder / "synced").open("wb", buffering=0) as file:
        for _ in range(ANSWERS):
            times.append(timed(lambda: (file.write(b"x" * 4096), os.fsync(file.fileno()))))
    return times


def answers(book: Casebook) -> list[Time]:
    """Each answer of an interview as the pages keep it."""
    desk = Desk(Knowledge(), StoredCases(book, act))
    names = list(desk.knowledge.checklist.indicators)
    times = []
    for n in range(ANSWERS):
        name = names[n % len(names)]
        if n % len(names) == 0:
            key = desk.begin(f"B-{n}")
        given = Response(Answer.YES, note="what she said about it, in a sentence or two")
        step = partial(Interview.answer, indicator=name, response=given)
        times.append(timed(partial(desk.save, key, Seen(0), step)))
    return times


def fill(book: Casebook, cases: int) -> None:
    """So many cases with ten events each, half of them with words."""
    day, now = date(2026, 3, 1), act()
    waiting: list[Event] = []
    for n in range(cases * A_CASE):
        words = {"note": f"what was said at meeting {n}"} if n % 2 else {}
        waiting.append(
            Event(f"K-{n // A_CASE}", "answered", day, now.at, "arta", {"answers": {"a": n}}, words)
        )
        if len(waiting) == AT_ONCE:
            book.append(waiting)
            waiting.clear()
    if waiting:
        book.append(waiting)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--large", type=Path, help="a large casebook that a run before has left")
    parser.add_argument("--kills", type=Path, help="what benchmarks/casebook_kill.py printed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as place:
        folder = Path(place)
        book, _ = Casebook.create(folder / "small", WORDS)
        disk = synced(folder)
        kept = answers(book)
        book.close()
        if options.large:
            large, filled = Casebook.open(options.large, WORDS), None
        else:
            large, _ = Casebook.create(folder / "large", WORDS)
            print("filling ...", file=sys.stderr)
            filled = timed(lambda: fill(large, options.cases))
        size = (large.folder / "casebook.db").stat().st_size / 1e6
        events, cases = large.last(), len(large.cases())
        checked = timed(large.verify)
        stored = timed(lambda: backup(large, folder / "large.backup", act()))
        large.close()
        opened = [timed(lambda: Casebook.open(large.folder, WORDS).close()) for _ in range(9)]
        back = timed(lambda: restore(folder / "large.backup", folder / "again", WORDS))
    lines = [
        "# The casebook",
        "",
        (
            f"Made by `python benchmarks/casebook.py --write` on {platform.machine()},"
            f" {os.cpu_count()} processors, Python {platform.python_version()}. Other programs were"
            f" at work on it ({os.getloadavg()[0]:.1f} waiting for a processor on average)."
        ),
        "",
        "| what | measured | goal |",
        "|---|---|---|",
        (
            f"| open, with {events:,} events in it | median {percent(opened, 0.5) / 1000:.2f} s"
            f" ({worked(opened):.2f} s of processor) | 1.5 s |"
        ),
        (
            f"| an answer kept, as the pages keep it | median {percent(kept, 0.5):.0f} ms, 99 %"
            f" within {percent(kept, 0.99):.0f} ms ({1000 * worked(kept):.0f} ms of processor) | 50"
            " ms |"
        ),
        (
            f"| the disk alone, 4 kB written through | median {percent(disk, 0.5):.1f} ms, 99 %"
            f" within {percent(disk, 0.99):.1f} ms | |"
        ),
        f"| {events:,} events checked ({size:.0f} MB) | {checked} | 20 s |",
        f"| backup of {cases:,} cases | {stored} | |",
        f"| restore of {cases:,} cases, checked | {back} | 10 minutes |",
    ]
    if filled is not None:
        lines.append(f"| {events:,} events recorded, {AT_ONCE:,} in a transaction | {filled} | |")
    if options.kills:
        kills = json.loads(options.kills.read_text(encoding="utf-8"))
        lines += [
            "",
            (
                f"`python benchmarks/casebook_kill.py`: {kills['kills at work']} programs at work and"
                f" {kills['kills of the server']} servers were killed (kill -9) at random moments."
                f" Of {kills['acknowledged at work']:,} acknowledged acts and"
                f" {kills['acknowledged by the pages']:,} answers that the pages had taken,"
                f" **{len(kills['lost'])}** were lost; after each, every page and event was as it"
                " was recorded. Its goal is 10,000 kills, which is what it does without options."
            ),
        ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (ROOT / "docs/benchmarks-casebook.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
