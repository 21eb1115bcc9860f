"""The casebook: how soon it opens, how long an answer takes to be kept, how long a check and a
restore take when it is large.

    python benchmarks/casebook.py [--write] [--cases 100000] [--only open answer disk check restore]

Goals on a laptop: open within 1.5 s; an answer kept within 50 ms (99 %); 1,000,000 events checked
within 20 s; 100,000 cases restored within 10 minutes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from page_of_figures import put, row

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
PARTS = ["disk", "answer", "open", "check", "restore"]
PAGE = ROOT / "docs/benchmarks-casebook.md"


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


def measured(only: list[str], place: Path, cases: int, there: Path | None) -> Iterator[str]:
    """Rows of the table, each as soon as it is known.

    there : a large casebook that a run before has left; otherwise one is filled where it is needed
    """
    if "disk" in only:
        disk = synced(place)
        told = f"median {percent(disk, 0.5):.1f} ms, 99 % within {percent(disk, 0.99):.1f} ms"
        yield row("the disk alone: 4 kB written through", told, "")
    if "answer" in only:
        book, _ = Casebook.create(place / "small", WORDS)
        kept = answers(book)
        book.close()
        told = f"median {percent(kept, 0.5):.0f} ms, 99 % within {percent(kept, 0.99):.0f} ms"
        told += f" ({1000 * worked(kept):.0f} ms of processor)"
        yield row("an answer kept, as the pages keep it", told, "99 % within 50 ms")
    if not {"open", "check", "restore"} & set(only):
        return
    if there:
        large = Casebook.open(there, WORDS)
    else:
        large, _ = Casebook.create(place / "large", WORDS)
        filled = timed(lambda: fill(large, cases))
        told = f"{large.last():,} events, {AT_ONCE:,} in a transaction: {filled}"
        yield row("a large casebook filled", told, "")
    with large:
        events, cases = f"{large.last():,} events", len(large.cases())
        size = (large.folder / "casebook.db").stat().st_size / 1e6
        if "open" in only:
            times = [timed(lambda: Casebook.open(large.folder, WORDS).close()) for _ in range(9)]
            told = f"{events}: median {percent(times, 0.5) / 1000:.2f} s"
            yield row("unlock", f"{told} ({worked(times):.2f} s of processor)", "1.5 s")
        if "check" in only:
            told = f"{events}, {size:.0f} MB: {timed(large.verify)}"
            yield row("every page and event checked", told, "1,000,000 events in 20 s")
        if "restore" in only:
            stored = timed(lambda: backup(large, place / "large.backup", act()))
            yield row("backup", f"{cases:,} cases: {stored}", "")
            back = timed(lambda: restore(place / "large.backup", place / "again", WORDS))
            told = f"{cases:,} cases: {back}"
            yield row("restore, checked", told, "100,000 cases in 10 minutes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew these rows on the page")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--large", type=Path, help="a large casebook that a run before has left")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as place:
        for line in measured(options.only, Path(place), options.cases, options.large):
            print(line, flush=True)
            if options.write:
                put(PAGE, [line])


if __name__ == "__main__":
    main()
