"""The work list of a casebook: how long it takes to open with 10,000 and with 100,000 cases.

    python benchmarks/worklist.py [--write] [--cases 10000 100000]

Invented cases with a year of events each are put into an encrypted casebook once. Then the list is
opened as a command opens it: folded copies are read, decrypted and parsed, newer events are folded,
every case is put in its place, and the first fifty lines are made. Goals: under 300 ms for 10,000
cases, under 1 s for 100,000. Also: the list of one person, the list after 100 cases changed, and a
rebuild without any copy.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from screening.casebook.caseload import Caseload
from screening.casebook.event import Act, Event
from screening.casebook.events import make
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


def fill(load: Caseload, cases: int) -> int:
    draw, count = random.Random(7), 0
    for start in range(0, cases, 500):
        events = [
            e for n in range(start, min(start + 500, cases)) for e in history(f"K-{n:06}", draw)
        ]
        count += len(events)
        load.store.append(events)
    return count


def timed(work: Callable[[], object], times: int = TIMES) -> float:
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def measured(cases: int) -> tuple[int, dict[str, float]]:
    checklist = load_checklist()
    knowledge = checklist, load_weights(checklist)
    with tempfile.TemporaryDirectory() as folder:
        book, _ = Casebook.create(Path(folder) / "cases", SECRET)
        with book:
            load = Caseload(book, knowledge, act(TODAY, "worker3"))
            events = fill(load, cases)
            found = {"rebuilt from events alone": timed(load.summaries, 1)}
            team = View(TODAY, "worker3", "social_worker")
            mine = View(TODAY, "worker3", "social_worker", "mine")
            assert len(load.list(team)) == cases
            found["the whole list, first fifty lines"] = timed(lambda: load.list(team)[:50])
            found["my list, first fifty lines"] = timed(lambda: load.list(mine)[:50])

            def changed() -> None:
                note = [
                    make(load.act, "noted", f"K-{n:06}", None, text="x")
                    for n in range(0, cases, max(1, cases // 100))
                ]
                book.append(note)
                load.list(team)[:50]

            found["after 100 cases changed"] = timed(changed, 3)
    return events, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-worklist.md")
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    given = parser.parse_args()
    rows = []
    for cases in given.cases:
        events, found = measured(cases)
        for name, seconds in found.items():
            rows.append(f"| {cases:,} | {events:,} | {name} | {seconds * 1000:,.0f} ms |")
            print(rows[-1], flush=True)
    if given.write:
        about = (__doc__ or "").split("[--cases")[0].split("\n\n")[0]
        goals = "Goals: under 300 ms for 10,000 cases, under 1 s for 100,000."
        PAGE.write_text(
            f"# The work list of a casebook\n\n{about}\n\n{goals} Medians of {TIMES} runs on two cores"
            " that others used too; invented cases with about ten events each.\n\n"
            "| cases | events | what | time |\n|---|---|---|---|\n" + "\n".join(rows) + "\n\n"
            "Reproduce: `python benchmarks/worklist.py --write`\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
