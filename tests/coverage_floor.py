"""The coverage floors: 95 % of the lines of screening/, every line and branch of scoring and rules.

Run after the tests. They are measured by slipcover: it takes its probes out of the code again once
they have been passed, so that measuring costs little.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

FLOOR = 95.0
WHOLE = ("screening/scoring/", "screening/checklist/rules.py")
ALL = ".coverage.json"
LOOPS = ".coverage.loops.json"  # of the compiled loops, from a process where they are not compiled


def files(name: str) -> dict[str, Any]:
    """What was measured of each file."""
    found = json.loads(Path(name).read_text(encoding="utf-8"))["files"]
    return {path.replace("\\", "/"): file for path, file in found.items()}


def percent(measured: dict[str, Any], what: str) -> float:
    """The share of lines or branches that were reached, of all files together."""
    reached = sum(len(file[f"executed_{what}"]) for file in measured.values())
    return 100 * reached / (reached + sum(len(f[f"missing_{what}"]) for f in measured.values()))


def main() -> int:
    measured = files(ALL)
    measured |= {path: file for path, file in files(LOOPS).items() if path not in measured}
    lines = percent(measured, "lines")
    print(f"coverage: {lines:.1f} % of lines, {percent(measured, 'branches'):.1f} % of branches")
    short = [] if lines >= FLOOR else [f"{lines:.1f} % of lines, the floor is {FLOOR} %"]
    for path, file in sorted(measured.items()):
        missing = [*file["missing_lines"], *file["missing_branches"]]
        if path.startswith(WHOLE) and missing:
            short.append(f"{path}: not reached {missing}")
    for line in short:
        print(f"coverage falls short: {line}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
