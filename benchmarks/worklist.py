"""The work list of a casebook: how long it takes to open with 10,000 and with 100,000 cases.

    python benchmarks/worklist.py [--write] [--cases 10000 100000] [--only whole mine]

An encrypted casebook is filled with folded copies of invented cases, each of about ten events with a
dozen steps. Then the list is opened as a command opens it: the casebook with its keys, newer events
folded, every case counted in its section, and the first fifty lines read.
Goals: under 300 ms for 10,000 cases, under 1 s for 100,000. Also: the list of one person, and the
list after 100 cases changed. Wall time counts what others do on the machine; processor time does
not.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from page_of_figures import put, row

from screening.casebook.caseload import FORM, Caseload, packed
from screening.casebook.event import Act, Event
from screening.casebook.events import make
from screening.casebook.fold import fold
from screening.casebook.keys import KeysFile
from screening.casebook.laptop import Casebook
from screening.casebook.worklist import View
from screening.checklist import load_checklist, load_weights
from screening.checklist.schema import FINDINGS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks-worklist.md"
SECRET = "baganu lupezo tirofa gedisa munako vizeba"
TODAY = date(2026, 11, 27)
ROLES = ("social_worker", "frontline_officer", "thbd_investigator", "victims_advocate")
STEPS = tuple(f"step_{n}" for n in range(12))
LINES = 50
TIMES = 7


def act(day: date, by: str) -> Act:
    return Act(by, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def history(code: str, draw: random.Random) -> list[Event]:
    """A case: opened, met, screened with a dozen steps, some done, given to one of twenty people."""
    day = TODAY - timedelta(days=draw.randrange(1, 360))
    me = act(day, f"worker{draw.randrange(20)}")
    finding = draw.choices(FINDINGS, (30, 20, 30, 17, 3))[0]
    names = ("receipt", "sha256", "weights_sha256")
    screened = {
        **{name: f"{draw.getrandbits(256):064x}" for name in names},
        **{"checklist": "kosovo", "version": "2026.11", "weights": "invented", "engine": "1"},
        **{"finding": finding, "finding_high": "act_now", "finding_high_without_danger": "refer"},
        **{"profile": "child", "points": 9, "points_high": 60, "answered": 20, "relevant": 116},
        "danger": finding == "act_now",
        "reasons": ["out_of_school", "begging_hazard", "sent_and_placed"],
        "question": "daily_quota",
        "steps": [
            {"id": s, "who": draw.choice(ROLES), "hours": draw.choice((0, 24, 72, 168, 8000))}
            for s in STEPS
        ],
    }
    answers = {f"sign_{n}": {"answer": draw.choice(("yes", "no", "unknown"))} for n in range(20)}
    fields = {"encounter": "1", "answers": answers}
    events = [
        make(me, "opened", code, None, age=draw.randrange(4, 18)),
        make(me, "met", code, None, encounter="1", place="Bus station"),
        make(me, "answered", code, None, **fields),
        make(me, "screened", code, None, **screened),
        make(me, "assigned", code, None, to=me.by),
        make(me, "accepted", code),
    ]
    return events + [
        make(me, "step_done", code, None, step=s, note="seen to")
        for s in draw.sample(STEPS, draw.randrange(9))
    ]


def fill(load: Caseload, cases: int) -> None:
    """One event a case, and its folded copy as if all the others had come before it."""
    draw, last = random.Random(7), 0
    pool = [fold(None, history("K-0", draw)) for _ in range(2000)]
    for start in range(0, cases, 2000):
        codes = [f"K-{n:06}" for n in range(start, min(start + 2000, cases))]
        events = load.store.append([make(load.act, "opened", c, None, age=9) for c in codes])
        copies = {}
        for state, event in zip(pool, events, strict=False):
            assert state is not None
            own = replace(state, case=event.case, number=event.number or 0)
            last = event.number or 0
            copies[event.case] = packed(own)
        load.store.keep_snapshots(copies, (last, FORM))


def timed(work: Callable[[], object], times: int = TIMES) -> tuple[float, float]:
    """Medians of wall and processor time."""
    took = []
    for _ in range(times):
        started = time.perf_counter(), time.process_time()
        work()
        took.append((time.perf_counter() - started[0], time.process_time() - started[1]))
    wall, processor = zip(*took, strict=True)
    return statistics.median(wall), statistics.median(processor)


TEAM = View(TODAY, "worker3", "social_worker")
VIEWS = {
    "whole": ("the whole list", TEAM),
    "any": ("everybody's steps", replace(TEAM, role="")),
    "mine": ("my list", replace(TEAM, whose="mine")),
    "sign": ("cases with a sign", replace(TEAM, sign="out_of_school")),
    "words": ("cases with words in a place or note", replace(TEAM, words="station")),
}
CHANGED = "changed"


def measured(cases: int, only: list[str]) -> Iterator[tuple[str, tuple[float, float]]]:
    checklist = load_checklist()
    knowledge = checklist, load_weights(checklist)
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        book, _ = Casebook.create(Path(folder) / "cases", SECRET)
        keys = KeysFile.read(book.folder).unwrap(SECRET)
        with book:
            load = Caseload(book, knowledge, act(TODAY, "worker3"))
            fill(load, cases)
            assert load.list(TEAM, LINES).total == cases

        def opened(view: View) -> None:
            """As a program does that has just unwrapped the keys."""
            with Casebook.with_keys(book.folder, keys) as again:
                found = Caseload(again, knowledge, load.act).list(view, LINES)
                assert len(found) == min(LINES, found.total)

        for name, (words, view) in VIEWS.items():
            if name in only:
                yield f"{words}, first fifty", timed(partial(opened, view))
        if CHANGED not in only:
            return
        with Casebook.with_keys(book.folder, keys) as again:
            load = Caseload(again, knowledge, load.act)

            def changed() -> None:
                some = range(0, cases, max(1, cases // 100))
                again.append([make(load.act, "noted", f"K-{n:06}", None, text="x") for n in some])
                load.list(TEAM, LINES)

            yield "the whole list after 100 cases changed without a copy", timed(changed, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew these rows on the page")
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    names = [*VIEWS, CHANGED]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    given = parser.parse_args()
    for cases in given.cases:
        goal = {10_000: "300 ms", 100_000: "1 s"}.get(cases, "")
        for name, (wall, processor) in measured(cases, given.only):
            told = f"{wall * 1000:,.0f} ms ({processor * 1000:,.0f} ms of processor)"
            line = row(f"{cases:,} cases: {name}", told, "" if "without a copy" in name else goal)
            print(line, flush=True)
            if given.write:
                put(PAGE, [line])


if __name__ == "__main__":
    main()
