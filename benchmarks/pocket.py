"""Whether the pocket edition gives what the engine gives, on many random cases in Chromium, and how
the short interview goes for three people.

    python benchmarks/pocket.py [--part engine|interview] [--cases 10000] [--write]

Fails where a single case differs in finding, range, points, needs, elements, danger, steps or the
order of open questions, or where the interview would go on otherwise than on the laptop.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from screening.answers import Case
from screening.checklist import load_checklist, load_vignettes, load_weights
from screening.checklist.vignettes import vignette_ids
from screening.connect.pocket import pocket_html
from screening.contacts import contacts
from screening.scoring import score
from support.pocket import astray, differences, drawn, expected, meetings, opened

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
BATCH = 250
WORKERS = 3  # processes that score while the page does

# Age, facts of the meeting, who speaks for a child, and what is yes: the meetings of `street.py`
PEOPLE: dict[str, tuple[str, dict[str, str], str, tuple[str, ...]]] = {
    "girl of 9 who begs at 22:00 with an “aunt”, nobody speaks for her": (
        "9",
        {"setting": "street_night", "company": "says_family", "begs": "yes"},
        "Nobody yet",
        ("begging_hazard", "supervised_begging", "others_answer", "fear_of_companion",
         "sent_and_placed", "overtired_or_work_marks"),
    ),
    "man of 34 who builds, without papers": (
        "34",
        {"setting": "workplace", "company": "others", "begs": "no", "works": "yes", "moved": "yes",
         "infant": "no"},
        "",
        ("labour_unpaid", "labour_long_hours", "lives_where_works", "status_fear"),
    ),
    "boy of 16 who refuses": (
        "16",
        {"setting": "office", "company": "alone"},
        "A social worker (CSW)",
        (),
    ),
}  # fmt: skip


def walked(page: Any, person: str) -> tuple[int, int, int]:
    """Screens, taps and words to the page of the officer's own judgement."""
    age, facts, speaker, yes = PEOPLE[person]
    page.reload()
    counted = Counter[str]()

    def seen() -> str:
        page.wait_for_selector("main[data-ready]")
        counted["screens"] += 1
        counted["words"] += len(page.locator("main").inner_text().split())
        return str(page.locator("main").get_attribute("class")).removeprefix("v-")

    def tap(selector: str) -> None:
        counted["taps"] += 1
        page.locator(selector).first.click()

    def named(words: str) -> str:
        return f"main button:text-is('{words}')"

    while (view := seen()) != "judgement":
        if view == "start":
            tap(named("Begin"))
        elif view == "precondition" and "danger" in page.locator("h1").inner_text():
            tap(named("No"))
        elif view == "precondition":
            tap(named(speaker))
        elif view == "person":
            page.fill("#f-age", age)
            counted["taps"] += 1
            tap("input[name=certain][value=yes]")
            for fact, choice in facts.items():
                tap(f"input[name=fact-{fact}][value={choice}]")
            tap(named("Go on"))
        elif view == "before":
            for choice in (
                "Yes, we are out of hearing",
                "No interpreter needed",
                "Yes, said and understood",
            ):
                tap(named(choice))
            tap(named("No" if "boy" in person else "Yes") + " >> nth=-1")
            tap(named("Go on"))
        elif view == "question":
            sign = page.evaluate("app.k.signs[app.state.arg].id")
            tap(named("Yes" if sign in yes else "No"))
        elif view == "look":
            shown = page.evaluate("app.state.arg.map((n) => app.k.signs[n].id)")
            for place in (n for n, sign in enumerate(shown) if sign in yes):
                tap(f"main .stack button >> nth={place}")
            tap(named("Go on"))
        else:  # help
            tap(named("Go on"))
    return counted["screens"], counted["taps"], counted["words"]


def sent(batch: list[Case]) -> list[tuple[Any, ...]]:
    """Cases as another process can be given them."""
    return [(c.case_id, c.age, c.age_certain, dict(c.answers)) for c in batch]


def said(batch: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """What the engine says of some cases."""
    return [expected(Case(*parts), KOSOVO, WEIGHTS) for parts in batch]


def engine(page: Any, cases: int) -> tuple[list[str], list[str]]:
    """The part about findings: what is written, and every difference."""
    drawn_cases, wrong = drawn(KOSOVO, cases, 4711), list[str]()
    told = [
        v.to_case() for name in vignette_ids(KOSOVO) for v in load_vignettes(KOSOVO, name).cases
    ]
    batches = [drawn_cases[at : at + BATCH] for at in range(0, cases, BATCH)] + [told]
    with ProcessPoolExecutor(WORKERS) as workers:
        for n, (batch, ours) in enumerate(
            zip(batches, workers.map(said, map(sent, batches)), strict=True), 1
        ):
            wrong += differences(page, batch, KOSOVO, WEIGHTS, ours=ours)
            print(f"{n} of {len(batches)} batches, {len(wrong)} differences", file=sys.stderr)
    found = Counter(score(c, KOSOVO, WEIGHTS).finding for c in drawn_cases[:1000])
    return [
        "Compared: profile, finding, range, danger, elements, needs with state and urgency, points,"
        " what is taken back, next steps, and the order of the open questions.",
        "",
        f"Random cases: {cases} (of the first {found.total()}:"
        f" {', '.join(f'{f} {n}' for f, n in found.most_common())}); vignettes: {len(told)}."
        f" Differences: {len(wrong)}.",
    ], wrong


def interview(page: Any, people: int) -> tuple[list[str], list[str]]:
    """The part about questions: what is written, and every difference."""
    states, wrong = meetings(KOSOVO, WEIGHTS, people, 4712), list[str]()
    for at in range(0, len(states), BATCH):
        wrong += astray(page, states[at : at + BATCH])
        print(f"{at + BATCH} of {len(states)} states, {len(wrong)} differences", file=sys.stderr)
    rows = [
        f"| {person} | {' | '.join(f'{n:,}' for n in walked(page, person))} |" for person in PEOPLE
    ]
    return [
        "Compared, for each state of an interview: what is still to be settled, what may be put,"
        " what is looked at, which question comes, why none comes, and (for one in twelve) how many"
        " are still to come.",
        "",
        f"Interviews with invented people: {people}, with {len(states)} states."
        f" Differences: {len(wrong)}.",
        "",
        "Three meetings (those of [Ten minutes in the street](benchmarks-street.md)) to the page of"
        " the officer's own judgement, the start page and every tick of the facts counted in:",
        "",
        "| person | screens | taps | words |",
        "|---|---:|---:|---:|",
        *rows,
    ], wrong


def written(heading: str, lines: list[str]) -> None:
    """Put one part of the page in its place."""
    path = ROOT / "docs/benchmarks-pocket.md"
    text = path.read_text("utf-8") if path.is_file() else ""
    parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    parts[heading] = "\n" + "\n".join(lines) + "\n"
    head = (
        "# The pocket edition against the engine\n\n"
        "Made by `python benchmarks/pocket.py --part engine --write` and `--part interview --write`.\n"
    )
    order = ("Findings", "Questions")
    body = "".join(f"\n## {name}\n{parts[name].rstrip()}\n" for name in order if name in parts)
    path.write_text(head + body, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=["engine", "interview"])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--meetings", type=int, default=50)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    html = pocket_html(KOSOVO, WEIGHTS, lambda lang: contacts(KOSOVO, lang, Path("none.yaml")))
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "pocket.html"
        path.write_text(html, encoding="utf-8")
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = opened(browser, path, viewport={"width": 360, "height": 740}, locale="en-GB")
        page.on("dialog", lambda d: d.accept())
        for part, heading, run, size in (
            ("engine", "Findings", engine, options.cases),
            ("interview", "Questions", interview, options.meetings),
        ):
            if options.part in (None, part):
                begun = time.perf_counter()
                lines, other = run(page, size)
                minutes = (time.perf_counter() - begun) / 60
                lines += [
                    "",
                    f"Chromium {browser.version}, a file of {len(html.encode()) // 1000} kB,"
                    f" {minutes:.0f} minutes on a busy machine with two cores.",
                ]
                print("\n".join(lines))
                wrong += other
                if options.write:
                    written(heading, lines)
        browser.close()
    print(*wrong[:20], sep="\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
