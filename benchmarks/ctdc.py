"""Recall on real identified victims: the CTDC half file, scored as it comes.

Nothing is tuned on it.

    python benchmarks/ctdc.py PATH/identified_victims_half.csv.gz [--write]

Every row is an identified victim, so the share at `refer` or above is a recall, and no
false-positive rate exists. The file is not part of the project; the default path is beside the
checkout. Prints a table; --write keeps it in docs/.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from page_of_card import CARD, put

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ROOT.parent / "shared/data/ctdc/identified_victims_half.csv.gz"
REFERRED = {"refer", "act_now"}
CARD_COLUMNS = ("second_opinion_band", "second_opinion_points_recorded")
LISTS = ("kosovo", "kosovo-street", "ilo-delphi", "albania-2005", "practice-accompanied")


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share."""
    if not n:
        return 0.0, 1.0
    z, p = 1.959964, hits / n
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (centre - half) / (1 + z * z / n)), min(1.0, (centre + half) / (1 + z * z / n))


def scored(source: Path, checklist: str, *extra: str) -> tuple[list[dict], float]:
    """Rows of the scored file, and the seconds the command took."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "scored.parquet"
        started = time.perf_counter()
        subprocess.run(
            [
                sys.executable,
                "-m",
                "screening",
                "score",
                str(source),
                "--from",
                "ctdc",
                "--checklist",
                checklist,
                "-o",
                str(out),
                *extra,
            ],
            check=True,
            capture_output=True,
        )
        took = time.perf_counter() - started
        return (
            pq.read_table(
                out,
                columns=[
                    "finding",
                    "finding_without_danger",
                    "signs",
                    *(c for c in CARD_COLUMNS if "--model" in extra),
                ],
            ).to_pylist(),
            took,
        )


def groups(flags: list[dict]) -> dict[str, list[int]]:
    """Row numbers by group, among victims with any means of control recorded."""
    means = [
        c for c in flags[0] if c.startswith("meansOfControl") and not c.endswith("NotSpecified")
    ]
    recorded = [n for n, r in enumerate(flags) if any(r[c] == 1 for c in means)]
    child = {n for n in recorded if flags[n]["majorityStatus"] == "Minor"}
    begging = {n for n in recorded if flags[n]["typeOfLabourBegging"] == 1}
    return {
        "all": recorded,
        "children": [n for n in recorded if n in child],
        "begging": [n for n in recorded if n in begging],
        "begging children": [n for n in recorded if n in begging & child],
    }


def share(rows: list[dict], numbers: list[int], field: str) -> str:
    hits = sum(rows[n][field] in REFERRED for n in numbers)
    low, high = wilson(hits, len(numbers))
    return f"{hits / max(len(numbers), 1):.3f} ({low:.3f}-{high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("path", nargs="?", type=Path, default=BESIDE)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not options.path.is_file():
        print(f"{options.path.name} is not there; this benchmark is optional", file=sys.stderr)
        return
    flags = pacsv.read_csv(pa.input_stream(str(options.path), compression="detect")).to_pylist()
    members = groups(flags)
    lines = [
        "# Recall on real identified victims (CTDC, half of the cases)",
        "",
        (
            "Made by `python benchmarks/ctdc.py --write`. Source: Counter-Trafficking Data"
            " Collaborative, global k-anonymised data set, July 2021."
        ),
        (
            "Every row is an identified victim: these are recalls, there is no false-positive rate,"
            " and nothing was tuned on them."
        ),
        (
            "Flags say 1 for recorded; 0 is read as not asked. See"
            " `indicators/kosovo/mappings/ctdc.yaml` for what is mapped and what cannot be."
        ),
        "",
        (
            f"Rows: {len(flags):,}. Shares at `refer` or above among those with any means of"
            " control recorded, with 95 % Wilson intervals."
        ),
        "",
        "| list | form of exploitation | "
        + " | ".join(f"{g} (n = {len(m):,})" for g, m in members.items())
        + " | seconds |",
        "|---|---|" + "---|" * (len(members) + 1),
    ]
    kept = {}
    for name in LISTS:
        for label, extra in (("mapped", ()), ("left out", ("--ctdc-means-only",))):
            rows, took = scored(options.path, name, *extra)
            kept[name, label] = rows
            lines.append(
                f"| {name} | {label} | "
                + " | ".join(share(rows, m, "finding") for m in members.values())
                + f" | {took:.1f} |"
            )
            lines.append(
                f"| {name}, without danger | {label} | "
                + " | ".join(share(rows, m, "finding_without_danger") for m in members.values())
                + " | |"
            )
    card = by_card(options.path, members)
    lines += ["", f"## By the card {CARD}", "", *card]
    lines += ["", "## What the misses have in common", ""]
    for label in ("mapped", "left out"):
        lines += misses(kept["kosovo", label], flags, members, label)
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (ROOT / "docs/benchmarks-ctdc.md").write_text(text, encoding="utf-8")
        put(
            "ctdc",
            [
                (
                    "Real identified victims (CTDC, half of the cases; `docs/benchmarks-ctdc.md`)."
                    " All are victims, so there is no false-positive rate."
                ),
                *card,
            ],
        )


def by_card(path: Path, members: dict[str, list[int]]) -> list[str]:
    """The shipped card on the same victims: what it says from what is recorded.

    Nearly all of its items are open in this data.
    """
    lines = [
        (
            "`mapped` writes the recorded form of exploitation as the signs it implies, and the"
            " card then reads these back: for begging that alone can reach"
        ),
        (
            "a line, and says little. `left out` has the recorded means of control alone, as they"
            " would be met."
        ),
        "",
        (
            "Of most victims nothing that is on the card is recorded: it says that too little is"
            " known, and never that signs are few because nobody asked."
        ),
        "",
        "| form of exploitation | the card says | "
        + " | ".join(f"{g} (n = {len(m):,})" for g, m in members.items())
        + " |",
        "|---|---|" + "---|" * len(members),
    ]
    for label, extra in (("mapped", ()), ("left out", ("--ctdc-means-only",))):
        rows, _ = scored(path, "kosovo", "--model", CARD, *extra)
        for said, bands in (
            ("some or many signs", ("some_signs", "many_signs")),
            ("too little known", ("too_little_known",)),
            ("few signs so far", ("few_signs_so_far",)),
        ):
            cells = []
            for numbers in members.values():
                hits = sum(rows[n]["second_opinion_band"] in bands for n in numbers)
                low, high = wilson(hits, len(numbers))
                cells.append(f"{hits / max(len(numbers), 1):.3f} ({low:.3f}-{high:.3f})")
            lines.append(f"| {label} | {said} | " + " | ".join(cells) + " |")
    return lines


def misses(
    rows: list[dict], flags: list[dict], members: dict[str, list[int]], label: str
) -> list[str]:
    """Who stays below `refer` on the Kosovo list: how little is recorded of them, and what."""
    lines = [f"Kosovo list, form {label}:", ""]
    for group, numbers in members.items():
        missed = [n for n in numbers if rows[n]["finding"] not in REFERRED]
        if not missed:
            lines.append(f"- {group}: none below `refer`.")
            continue
        signs = Counter(len(rows[n]["signs"]) for n in missed)
        which = Counter(s for n in missed for s in rows[n]["signs"]).most_common(4)
        unmapped = sum(
            flags[n]["meansOfControlPsychologicalAbuse"] == 1
            or flags[n]["meansOfControlOther"] == 1
            for n in missed
        )
        none = signs.get(0, 0)
        lines.append(
            f"- {group}: {len(missed):,} of {len(numbers):,} below `refer`; {none:,} carry no sign"
            f" of the list, {signs.get(1, 0):,} one, "
            f"{len(missed) - none - signs.get(1, 0):,} more; {unmapped:,} have psychological abuse"
            ' or "other" recorded, which the list has no sign for; '
            f"most frequent signs: {', '.join(f'{k} ({v:,})' for k, v in which) or 'none'}."
        )
    return [*lines, ""]


if __name__ == "__main__":
    main()
