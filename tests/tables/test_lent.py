"""What is read through Python is let go by Arrow before anybody goes on: a refused table ends the
program with 2, never with an abort.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from screening.files.text import TextFile
from screening.tables.lent import csv_batches

HEAD = "case_id,age,danger_now\n"
REFUSED = {
    "C212": HEAD + "S-01,9m,yes\n",
    "C220": HEAD + "S-01,9,perhaps\n",
    "C211": HEAD + "S-01,9,yes\nS-01,9,no\n",
    "C208": HEAD + "S-01,9,yes\nS-02,9\nS-03,9,no\n",
    "C203": HEAD + "S-01,9,yes\n\udcff,9,no\n",
}
GOOD = "".join(f"A-{n},9,no\n" for n in range(2000))
# A thread of Arrow's is reading ahead when a cell is refused, and drops the file while the
# interpreter shuts down: the moment in which one run of thirty used to abort, made long enough.
SLOW = """
import sys, threading, time
from screening.cli import main
from screening.tables import csvfile
from screening.tables.lent import _Lent

read, calls = _Lent.read, []

def elsewhere():
    return threading.current_thread() is not threading.main_thread()

def slow_read(self, size=-1):
    data = read(self, size)
    calls.append(size)
    if elsewhere() and len(calls) > 4:
        time.sleep(0.2)
    return data

def slow_drop(self, sleep=time.sleep, elsewhere=elsewhere):
    if elsewhere():
        sleep(0.4)

class Leaving:
    def __del__(self, sleep=time.sleep):
        sleep(0.8)

_Lent.read, _Lent.__del__, leaving, csvfile._BLOCK = slow_read, slow_drop, Leaving(), 512
main(["score", *sys.argv[1:]])
"""


def table(folder: Path, text: str) -> Path:
    path = folder / "refused.csv"
    path.write_bytes(text.encode(errors="surrogateescape"))
    return path


@pytest.mark.parametrize(
    ("code", "more"),
    [
        *((code, []) for code in REFUSED),
        ("C212", ["--output", "out.csv"]),
        ("C212", ["--format", "json"]),
    ],
)
def test_a_refused_csv_ends_with_2_also_while_arrow_is_still_reading(tmp_path, code, more):
    path = table(tmp_path, REFUSED[code] + GOOD)
    ran = subprocess.run(
        [sys.executable, "-c", SLOW, str(path), *more],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert ran.returncode == 2, ran.stderr
    assert f"[{code}]" in ran.stderr and len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("rows", [1, 1000, 300_000])
@pytest.mark.parametrize("taken", [0, 1, None])
def test_nothing_of_a_file_is_held_once_its_batches_are_no_longer_read(tmp_path, rows, taken):
    path = table(tmp_path, HEAD + "".join(f"S-{n},9,yes\n" for n in range(rows)))
    for _ in range(20 if rows == 1 else 3):
        with TextFile(path) as file:
            before = sys.getrefcount(file)
            batches = csv_batches(file)
            for _ in range(taken or 0):
                next(batches)
            if taken is None:
                assert sum(b.num_rows for b in batches) == rows
            batches.close()
            assert sys.getrefcount(file) == before


def test_a_table_that_cannot_even_be_opened_is_let_go_too(tmp_path):
    path = table(tmp_path, HEAD)
    with TextFile(path) as file:
        before = sys.getrefcount(file)
        with pytest.raises(TypeError):
            next(csv_batches(file, no_such_option=1))
        assert sys.getrefcount(file) == before
