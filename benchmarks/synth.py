"""How fast cases are invented, and how much memory writing them takes.

One run, one machine; prints a table, --write keeps it in docs/.

python benchmarks/synth.py [--write]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from page_of_card import put

ROOT = Path(__file__).resolve().parent.parent
CHILD = """
import resource, sys
from screening.checklist import load_checklist
from screening.tables.synthetic import write_cases
from screening.simulation import load_world
write_cases(load_world(load_checklist("kosovo"), sys.argv[3]), int(sys.argv[1]), 1, sys.argv[2])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def written(n: int, world: str) -> tuple[float, int, float]:
    """Seconds, highest memory (MiB) and size (MiB) of writing n cases as Parquet, in a process of
    its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "cases.parquet"
        started = time.perf_counter()
        ran = subprocess.run(
            [sys.executable, "-c", CHILD, str(n), str(out), world],
            check=True,
            capture_output=True,
            text=True,
        )
        return time.perf_counter() - started, int(ran.stdout), out.stat().st_size / 2**20


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines = [
        "# Inventing cases",
        "",
        (
            "Made by `python benchmarks/synth.py --write`: 101 answers a case and the truth, to"
            " Parquet, in a process of its own, start included."
        ),
        "Memory is the highest of the whole process; it must not grow with the number of cases.",
        "",
        "| World | Cases | Seconds | Cases in 10 s | Highest memory, MiB | File, MiB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for world, n in (
        ("base", 100_000),
        ("base", 1_000_000),
        ("base", 3_000_000),
        ("lookalike", 1_000_000),
    ):
        seconds, memory, size = written(n, world)
        lines.append(
            f"| {world} | {n:,} | {seconds:.1f} | {n / seconds * 10:,.0f} | {memory} | {size:.0f} |"
        )
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (ROOT / "docs/benchmarks-synth.md").write_text(text, encoding="utf-8")
        put(
            "synth",
            [
                (
                    "How fast cases are invented (`docs/benchmarks-synth.md`; another run gives"
                    " other seconds, and a busy machine more)."
                ),
                "",
                *lines[5:],
            ],
        )


if __name__ == "__main__":
    main()
