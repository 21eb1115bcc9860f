"""The coverage floors:

95 % of the lines of screening/, every branch of scoring and rules. Run after the tests.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

LINES = 95.0
WHOLE = ("screening/scoring/", "screening/checklist/rules.py")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "coverage.json"
        subprocess.run(
            [sys.executable, "-m", "coverage", "combine", "--append", "-q"],
            check=False,
            capture_output=True,
        )
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(out)], check=True)
        data = json.loads(out.read_text(encoding="utf-8"))
    short = []
    total = data["totals"]
    lines = 100 * total["covered_lines"] / total["num_statements"]
    print(
        f"coverage: {lines:.1f} % of lines,"
        f" {100 * total['covered_branches'] / total['num_branches']:.1f} % of branches"
    )
    if lines < LINES:
        short.append(f"{lines:.1f} % of lines, the floor is {LINES} %")
    for name, file in sorted(data["files"].items()):
        if name.replace("\\", "/").startswith(WHOLE):
            missing = [*file["missing_lines"], *file["missing_branches"]]
            if missing:
                short.append(f"{name}: not reached {missing}")
    for line in short:
        print(f"coverage falls short: {line}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
