"""How long one case takes to explain from a cold start, against a Typer program that does nothing.

    python benchmarks/cold_start.py [--write]

Ratios within one run, medians over 25 turns, each turn every command once, the ratio taken within
the turn, bytecode cached. Target: at most 1.6.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 25
NOTHING = '''import typer
app = typer.Typer(add_completion=False)

@app.command()
def nothing() -> None:
    """Do nothing."""

if __name__ == "__main__":
    app()
'''
CASE = [
    {
        "case_id": "a",
        "age": 9,
        "age_certain": True,
        "answers": {
            "parent_directs_child_begging": "yes",
            "begging_long_hours": "yes",
            "no_lawful_carer": "no",
            "relationship_unproven": "no",
        },
    }
]


def seconds(command: list[str]) -> float:
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("PYTHONDONTWRITEBYTECODE", "COVERAGE_PROCESS_START")
    }
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program, cases = Path(folder) / "nothing.py", Path(folder) / "cases.json"
        program.write_text(NOTHING, encoding="utf-8")
        cases.write_text(json.dumps(CASE), encoding="utf-8")
        entry = str(Path(sys.executable).with_name("screening"))
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "a Typer program that does nothing": [
                sys.executable,
                "-c",
                "import runpy, sys; sys.argv=['n']; import nothing; nothing.app()",
            ],
            "screening explain, English": [entry, "explain", str(cases), "--case", "a"],
            "screening explain, Albanian": [
                entry,
                "explain",
                str(cases),
                "--case",
                "a",
                "--lang",
                "sq",
            ],
            "screening demo": [entry, "demo"],
        }
        os.environ["PYTHONPATH"] = folder
        for command in commands.values():  # bytecode and disk cache
            seconds(command)
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(RUNS):
            for name, command in commands.items():
                taken[name].append(seconds(command))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    base = taken["a Typer program that does nothing"]
    ratios = {
        name: statistics.median(t / b for t, b in zip(times, base, strict=True))
        for name, times in taken.items()
    }
    lines = [
        "# Cold start",
        "",
        (
            f"Made by `python benchmarks/cold_start.py --write`. {os.cpu_count()} cores, Python"
            f" {platform.python_version()}, typer {version('typer')}, pydantic"
            f" {version('pydantic')}; medians over {RUNS} turns, each turn every command once, the"
            " ratio taken within the turn. Target: explaining one case takes at most 1.6 times a"
            " Typer program that does nothing."
        ),
        "",
        "| command | ms | ratio |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {1000 * t:.0f} | {ratios[name]:.2f} |" for name, t in medians.items()]
    lines += [
        "",
        (
            "Where the rest goes: Typer itself already loads pydantic where it is installed, so"
            " both sides pay for that. On top come"
        ),
        (
            "the models of a list's files, reading some 130 kB of strict YAML with the line of"
            " every key, and the result's own types."
        ),
        (
            "Nothing is cached between starts: a cache beside a list could be altered where the"
            " list was not."
        ),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (ROOT / "docs/benchmarks-cold-start.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
