"""Do the tests notice a changed line? Draws small changes of the code and runs the tests on each.

    python tools/mutate.py GROUP... [--sample 30] [--seed 1]
    python tools/mutate.py screening/scoring/triage.py:77

Works in a copy of the tree. The tests of a group are collected once; each change is then made in a
fork of that process, which runs the tests that enter the changed function, quickest first, until
one fails. What no test noticed, and what is changed outside functions, is run again in a process
that reads the changed file anew. Out of time counts as noticed. Changes that change nothing are
listed, with the reason, in mutants_equivalent.txt.
Before that, the tests must pass unchanged in the order in which they are run here.
"""

from __future__ import annotations

import argparse
import builtins
import hashlib
import importlib
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, TextIO

import pytest
from mutations import Mutant, collected, mutants, probe

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parent.parent
EQUIVALENT = ROOT / "tools" / "mutants_equivalent.txt"
GROUPS: dict[str, tuple[list[str], list[str]]] = {  # files to change, tests that should notice
    "scoring": (
        ["scoring/[a-j]*.py", "scoring/kernel.py", "scoring/plan.py"],
        [
            "tests/engine/test_engine.py",
            "tests/engine/test_batch_equals_engine.py",
            "tests/engine/test_explain.py",
        ],
    ),
    "checklist": (["checklist/*.py"], ["tests/checklist"]),
    "triage": (["scoring/triage.py", "tables/worklist.py"], ["tests/engine/test_triage.py"]),
    "interview": (["interview/*.py"], ["tests/interview"]),
    "casebook": (["casebook/*.py"], ["tests/casebook"]),
    "calibration": (
        ["calibration/*.py"],
        ["tests/calibration/test_calibration.py", "tests/calibration/test_agreement_statistics.py"],
    ),
    "letter": (
        [f"paper/letter/{name}.py" for name in ("facts", "body", "fields", "writing")],
        ["tests/paper/test_letter.py"],
    ),
    "search": (["scorecard/search.py"], ["tests/scorecard/test_search.py"]),
}
WARM = ("hypothesis", "numpy", "pyarrow.csv", "pydantic", "yaml", "typer", "rich.table")
MARKS = "not browser and not wheel and not notebook"


class Chosen:
    """Runs the named tests only, in the order of their names in the list."""

    def __init__(self, order: list[str]) -> None:
        self.place = {name: i for i, name in enumerate(order)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self.place]
        items.sort(key=lambda item: self.place[item.nodeid])


class Warm:
    """Collects once; measures which test enters which function; then a fork for each change."""

    def __init__(self, changes: list[Mutant], out: Path, log: TextIO) -> None:
        self.changes, self.out, self.log, self.failed = changes, out, log, False
        self.entered: set[str] = set()
        self.shared: dict[Path, set[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    def run(self, items: list[pytest.Item]) -> bool:
        """Whether all tests pass; stops at the first that does not."""
        for item, after in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                return False
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """What a fixture entered counts for all tests of the file: it may be made only once."""
        self.shared.setdefault(item.path, set()).update(self.entered)

    def measure(self, items: list[pytest.Item]) -> None:
        """Per test: CPU seconds and the functions that it enters."""
        builtins._entered = self.entered
        for file in {m.file for m in self.changes}:
            probe(file)
        reach = {}
        for item, after in zip(items, [*items[1:], None], strict=True):
            start, self.failed = time.process_time(), False
            self.entered.clear()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            entered = self.entered | self.shared.get(item.path, set())
            if not self.failed:
                reach[item.nodeid] = [time.process_time() - start, sorted(entered)]
        (self.out / "reach.json").write_text(json.dumps(reach))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        collected()
        fork(lambda: self.measure(session.items), 36000)
        reach = json.loads((self.out / "reach.json").read_text())
        item_of = {item.nodeid: item for item in session.items}
        quickest = [item_of[t] for _, t in sorted((spent, t) for t, (spent, _) in reach.items())]
        said: dict[str, bool] | None = {}
        if fork(lambda: self.run(quickest), sum(spent for spent, _ in reach.values())):
            said = None  # what fails in this order without any change tells nothing
        for m in self.changes if said is not None else ():
            tests, seconds = chosen(m, reach)
            if m.unit:
                code = fork(
                    lambda m=m, tests=tests: not m.swap() or self.run([item_of[t] for t in tests]),
                    seconds,
                )
                said[m.key] = code != 0
                print("." if code else "?", end="", file=self.log)
        (self.out / "warm.json").write_text(json.dumps(said))
        return True


def chosen(m: Mutant, reach: dict[str, Any]) -> tuple[list[str], float]:
    """The tests that enter the changed function (or its file), quickest first; their seconds."""
    wanted = f"{m.file}:{m.unit}"
    hit = [
        (seconds, test)
        for test, (seconds, names) in reach.items()
        if any(n == wanted or (not m.unit and n.startswith(f"{m.file}:")) for n in names)
    ]
    return [test for _, test in sorted(hit)], sum(s for s, _ in hit)


def fork(work: Any, seconds: float) -> int:
    """0 where the work in a fork returns something true; it is ended when it takes too long."""
    if pid := os.fork():
        return os.waitpid(pid, 0)[1]
    code = 1
    try:
        limit = int(20 + 3 * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        signal.alarm(10 * limit)
        code = 0 if work() in (True, None) else 1
    finally:
        os._exit(code)


def anew(m: Mutant, reach: dict[str, Any]) -> bool:
    """Whether the tests notice the change when everything is read from the changed file."""
    order, seconds = chosen(m, reach)
    path = Path(m.file)
    before = path.read_bytes()
    files = sorted({name.split("::")[0] for name in order})
    path.write_text(m.source(), encoding="utf-8")
    try:
        return (
            bool(order) and fork(lambda: tested([*files, "-x"], Chosen(order)) == 0, seconds) != 0
        )
    finally:
        path.write_bytes(before)


def tested(arguments: list[str], plugin: object) -> int:
    options = [
        "-qq",
        "--no-header",
        "--tb=no",
        "-p",
        "no:xdist",
        "--basetemp=basetemp",
        "-m",
        MARKS,
    ]
    return int(pytest.main([*options, *arguments], plugins=[plugin]))


def drawn(wanted: list[str], sample: int, seed: int) -> dict[str, list[Mutant]]:
    """By group: as many changes as asked, in an order that only the seed decides."""
    result = {}
    for name in wanted:
        file, _, line = name.partition(":")
        group = next((g for g, (globs, _) in GROUPS.items() if g == name or _is(file, globs)), name)
        files = sorted({p for glob in GROUPS[group][0] for p in Path("screening").glob(glob)})
        found = [m for path in files for m in mutants(str(path))]
        found = [m for m in found if name == group or (m.file == file and str(m.line) == line)]
        order = sorted(found, key=lambda m: hashlib.sha256(f"{seed}{m.key}".encode()).digest())
        result.setdefault(group, []).extend(order[: sample if name == group else None])
    return result


def _is(file: str, globs: list[str]) -> bool:
    return any(Path(file).match(f"screening/{glob}") for glob in globs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("group", nargs="*", default=list(GROUPS), help=", ".join(GROUPS))
    parser.add_argument("--sample", type=int, default=30, help="changes a group")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines()
    equivalent = {line.split()[0] for line in lines if line and not line.startswith("#")}
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    ).stdout.decode().split("\0")  # fmt: skip
    log = io.TextIOWrapper(os.fdopen(os.dup(1), "wb", 0), write_through=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in filter(None, listed):
            if (ROOT / name).is_file():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, Path(folder) / name)
        os.chdir(folder)
        sys.path.insert(0, folder)
        os.environ["PYTHONPATH"] = folder
        for module in WARM:
            importlib.import_module(module)
        short = 0
        for group, changes in drawn(asked.group, asked.sample, asked.seed).items():
            left = [m for m in changes if m.key not in equivalent]
            alive = survivors(left, GROUPS[group][1], Path(folder) / "out", log)
            caught = len(left) - len(alive)
            share = 100 * caught / max(1, len(left))
            short += share < 95
            print(
                f"\n{group}: {len(changes)} drawn, {len(changes) - len(left)} equivalent,"
                f" {caught} caught, {len(alive)} not noticed: {share:.1f} %",
                file=log,
            )
    return 1 if short else 0


def survivors(changes: list[Mutant], tests: list[str], out: Path, log: TextIO) -> list[Mutant]:
    """The changes that no test notices."""
    out.mkdir(exist_ok=True)
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    fork(lambda: tested(tests, Warm(changes, out, log)) in (0, None), 36000)
    warm = json.loads((out / "warm.json").read_text())
    reach = json.loads((out / "reach.json").read_text())
    if warm is None:
        print("The tests fail, quickest first, although nothing is changed.", file=log)
        sys.exit(2)
    sys.dont_write_bytecode = True
    alive = []
    for m in changes:
        if not warm.get(m.key) and not anew(m, reach):
            alive.append(m)
            print(f"\n{m.file}:{m.line} {m.unit}: {m.change}  [{m.key}]", file=log)
    return alive


if __name__ == "__main__":
    sys.exit(main())
