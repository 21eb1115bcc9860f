"""What today's engine makes of the published cases, and how far two coders agreed on them.

    python benchmarks/published.py [--write] [--list-only]

Danger stands aside: help in danger is owed whatever the finding. "Half of the signs" keeps, at
random, half of each case's answers of yes (rounded down, one at least), twenty times. Prints the parts of
docs/published-cases.md that are made from data; --write puts them there; --list-only makes the
parts that need no engine.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean

from screening import load_checklist, load_weights, score
from screening.checklist.published import OUTCOMES, PublishedCase, load_published
from screening.checklist.yamlfile import read_yaml
from screening.proportion import share

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/published-cases.md"
REFERRED = {"refer", "act_now"}
DRAWS = 20
WORDS = {
    "exploitation": "found to be exploitation",
    "not_exploitation": "found not to be",
    "mixed": "mixed",
    "court_final": "court, final",
    "court_appeal": "court of appeal",
    "court_first_instance": "court, first instance",
    "mechanism": "referral mechanism",
    "ngo_report": "report of an organisation",
}


def word(key: str) -> str:
    return WORDS.get(key, key)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


def the_cases(cases: Sequence[PublishedCase], held: frozenset[str]) -> list[str]:
    """How many of what, and each case in a line; those held out by number only."""
    by = {o: [c for c in cases if c.outcome == o] for o in OUTCOMES}
    kinds = [
        ("all", lambda c: True),
        ("children", lambda c: c.age < 18),
        ("begging", lambda c: c.form == "begging"),
        ("coded twice", lambda c: c.coded == "twice"),
        ("final judgments", lambda c: c.status == "court_final"),
        ("held out", lambda c: c.id in held),
    ]
    lines = table(
        ("", *(word(o) for o in OUTCOMES)),
        [(name, *(sum(map(test, by[o])) for o in OUTCOMES)) for name, test in kinds],
    )
    lines += ["", "Every case, the held-out ones without their answers:", ""]
    return lines + table(
        ("case", "what was met", "where, when", "form", "who decided", "outcome", "yes, no, later"),
        [
            (
                c.id,
                c.title,
                f"{c.country}, {c.year}{'' if c.year_certain == 'yes' else '?'}",
                c.form,
                word(c.status),
                word(c.outcome),
                "held out"
                if c.id in held
                else f"{len(c.signs)}, {len(c.answers) - len(c.signs)}, {len(c.known_later)}",
            )
            for c in cases
        ],
    )


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa of two codings."""
    n = len(pairs)
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(left[k] * right[k] for k in left) / n**2
    return (sum(a == b for a, b in pairs) / n - chance) / (1 - chance)


def the_coding(folder: Path, indicators: int, name: str = "settled") -> list[str]:
    """Two coders: over what either marked, and over every indicator of every case."""
    file = f"{name}.yaml"
    cases = read_yaml(folder / "coding" / file, file).data["cases"]
    rows = [row for case in cases.values() for row in case.values()]
    marked = [(r["first"], r["second"]) for r in rows]
    every = marked + [("open", "open")] * (indicators * len(cases) - len(marked))
    both = [p for p in marked if "open" not in p]
    differ = [r for r in rows if r["first"] != r["second"]]
    settled = Counter(
        "not yet"
        if "settled" not in r
        else "as first"
        if r["settled"] == r["first"]
        else "as second"
        if r["settled"] == r["second"]
        else "neither"
        for r in differ
    )
    lines = table(
        ("over", "answers", "agree", "Cohen's kappa"),
        [
            (name, f"{len(p):,}", f"{sum(a == b for a, b in p) / len(p):.3f}", f"{kappa(p):.2f}")
            for name, p in (
                ("indicators that either marked", marked),
                ("every indicator of every case", every),
                ("indicators that both marked (yes against no)", both),
            )
        ],
    )
    return [
        *lines,
        "",
        (
            f"Of {len(differ)} differences, {sum('open' in (r['first'], r['second']) for r in differ)}"
            " are marks that one coder made and the other left open."
            + (
                " They are not settled."
                if settled["not yet"]
                else f" Settled as the first coder: {settled['as first']}, as the second:"
                f" {settled['as second']}."
            )
        ),
    ]


def auc(yes: Sequence[float], no: Sequence[float]) -> float:
    """The chance that a case of the first kind ranks above one of the second."""
    return fmean((a > b) + 0.5 * (a == b) for a in yes for b in no) if yes and no else math.nan


def the_engine(cases: Sequence[PublishedCase], held: frozenset[str]) -> list[str]:
    """Shares at refer or above, danger aside: whole records, half of the signs, first contact."""
    checklist = load_checklist("kosovo")
    weights = load_weights(checklist)

    def run(case: PublishedCase, left_out: Iterable[str] = ()) -> tuple[bool, bool, int]:
        a = score(case.to_case(left_out), checklist, weights)
        return a.danger.finding_without in REFERRED, a.finding == "act_now", a.points

    whole = {c.id: run(c) for c in cases}
    half: dict[str, list[bool]] = {}
    for c in cases:
        half[c.id] = []
        for draw in range(DRAWS):
            order = random.Random(f"{draw}:{c.id}")
            kept = order.sample(c.signs, min(len(c.signs), max(1, len(c.signs) // 2)))
            half[c.id].append(run(c, set(c.signs) - set(kept))[0])
    first = {c.id: run(c, c.known_later)[0] for c in cases if set(c.answers) - set(c.known_later)}

    def row(name: str, kept: Sequence[PublishedCase]) -> tuple[str, ...]:
        n = len(kept)
        if not n:
            return (name, "0", "", "", "", "")
        hit = share(sum(whole[c.id][0] for c in kept), n)
        draws = sorted(fmean(half[c.id][d] for c in kept) for d in range(DRAWS))
        met = [first[c.id] for c in kept if c.id in first]
        return (
            name,
            str(n),
            f"{hit.value:.2f} ({hit.low:.2f}-{hit.high:.2f})",
            f"{fmean(draws):.2f} ({draws[1]:.2f}-{draws[-2]:.2f})",
            f"{fmean(met):.2f} of {len(met)}" if met else "",
            f"{sum(whole[c.id][1] for c in kept) / n:.2f}",
        )

    groups = [
        ("all", lambda c: True),
        ("held out", lambda c: c.id in held),
        ("not held out", lambda c: c.id not in held),
        ("the first thirty, coded twice", lambda c: c.coded == "twice"),
        ("added, coded once", lambda c: c.coded == "once"),
        ("children", lambda c: c.age < 18),
        ("adults", lambda c: c.age >= 18),
        ("begging", lambda c: c.form == "begging"),
    ]
    lines = table(
        (
            "at *refer* or above, danger aside",
            "n",
            "whole record",
            "half of the signs",
            "first contact only",
            "*act now*",
        ),
        [
            row(f"{word(outcome)}: {name}", [c for c in cases if c.outcome == outcome and test(c)])
            for outcome in OUTCOMES
            for name, test in groups
        ],
    )
    kind = {o: [c for c in cases if c.outcome == o] for o in OUTCOMES}
    ranked = {
        "points": lambda c: float(whole[c.id][2]),
        "a bare count of signs": lambda c: float(len(c.signs)),
    }
    missed = [c.id for c in kind["exploitation"] if not whole[c.id][0] and c.id not in held]
    sent = [c.id for c in kind["not_exploitation"] if whole[c.id][0] and c.id not in held]
    return [
        (
            f"Weight set `{weights.id}`. In brackets: a 95 % Wilson interval for the whole record, the"
            f" second lowest and second highest of {DRAWS} draws for half of the signs."
        ),
        "",
        *lines,
        "",
        "Area under the curve, exploitation against found not to be: "
        + ", ".join(
            f"{name} {auc([f(c) for c in kind['exploitation']], [f(c) for c in kind['not_exploitation']]):.2f}"
            for name, f in ranked.items()
        )
        + ".",
        "",
        f"Not held out, found to be exploitation and below *refer*: {', '.join(missed) or 'none'}.",
        "",
        f"Not held out, found not to be and at *refer*: {', '.join(sent) or 'none'}.",
    ]


def put(text: str, name: str, lines: Sequence[str]) -> str:
    """The page with what stands between `<!-- name -->` and `<!-- /name -->` replaced."""
    before, rest = text.split(f"<!-- {name} -->\n")
    _, after = rest.split(f"<!-- /{name} -->")
    return f"{before}<!-- {name} -->\n" + "\n".join(lines).strip() + f"\n<!-- /{name} -->{after}"


def parts(*, engine: bool) -> dict[str, list[str]]:
    """The parts of the page that are made from data, by name."""
    checklist = load_checklist("kosovo")
    cases, held = load_published(checklist)
    made = {
        "cases": the_cases(cases, held),
        "coding": the_coding(checklist.folder / "cases", len(checklist.indicators)),
        "second": the_coding(checklist.folder / "cases", len(checklist.indicators), "second"),
    }
    return made | ({"engine": the_engine(cases, held)} if engine else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the parts into the page")
    parser.add_argument("--list-only", action="store_true", help="leave the engine out")
    args = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8") if args.write else ""
    for name, lines in parts(engine=not args.list_only).items():
        print("\n".join(lines), end="\n\n")
        text = put(text, name, lines) if args.write else text
    if args.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
