"""How many screens, taps and words three meetings take in the browser until the officer's own
judgement, and how long the page of the finding is.

    python benchmarks/street.py [--write "a heading"] [--show]

A person walks the pages in Chromium, as wide as the meeting says. A screen is a page that was
shown; a tap is a press on a button or a choice, or a field that was typed in; words are those that
can be seen in the page's own part without opening anything, without the bar above and the buttons
below. Minutes are reading at 200 words a minute and a second a tap; what is said between two people
comes on top. Without `--write` nothing is kept.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.browser import begin, follow, path, windows_of  # noqa: E402 - tests/ is on the path now
from support.web import KNOWLEDGE, running  # noqa: E402 - tests/ is on the path now

CHROMIUM = "/usr/bin/chromium"
NAMES = list(KNOWLEDGE.checklist.indicators)
SHOWN = "document.querySelector('main').innerText"


@dataclass(frozen=True)
class Meeting:
    """Who is met, on how wide a screen, and what would be said and seen.

    said : what is chosen before any question, by precondition
    facts : of the meeting, by name; what the page does not ask is left out
    yes, unknown : indicators so answered; every other one is no
    """

    name: str
    width: int
    age: str
    said: Mapping[str, str]
    facts: Mapping[str, str]
    yes: frozenset[str]
    unknown: frozenset[str] = frozenset()


@dataclass
class Walk:
    """What was counted: up to the own judgement, then the finding in screens of the window."""

    screens: int = 0
    taps: int = 0
    words: int = 0
    put: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    finding: str = ""
    heights: float = 0.0
    help: tuple[int, int] = (0, 0)

    @property
    def minutes(self) -> float:
        return self.words / 200 + self.taps / 60


PAPERS = frozenset(
    {"out_of_school", "relationship_unproven", "counter_school_verified", "counter_carer_verified",
     "missing_from_home_or_care", "repeat_after_referral", "many_children_one_guardian"}
)  # fmt: skip
MEETINGS = (
    Meeting(
        "girl of 9, begs at 22:00 with an \u201caunt\u201d, nobody speaks for her",
        390,
        "9",
        {"private": "yes", "interpreter": "not_needed", "may_stop": "yes", "agreement": "yes",
         "representative": "nobody_yet"},
        {"setting": "street_night", "company": "says_family", "occasion": "begs", "begs": "yes"},
        frozenset({"begging_hazard", "supervised_begging", "others_answer", "fear_of_companion",
                   "sent_and_placed", "overtired_or_work_marks"}),
        PAPERS,
    ),
    Meeting(
        "man of 34, construction, no papers",
        360,
        "34",
        {"private": "yes", "interpreter": "trusted", "may_stop": "yes", "agreement": "yes",
         "representative": "adult"},
        {"setting": "workplace", "company": "others", "occasion": "works", "works": "yes",
         "begs": "no", "moved": "yes", "infant": "no"},
        frozenset({"labour_unpaid", "labour_long_hours", "lives_where_works", "status_fear"}),
    ),
    Meeting(
        "boy of 16 who refuses",
        1280,
        "16",
        {"private": "yes", "interpreter": "not_needed", "may_stop": "yes", "agreement": "no",
         "representative": "social_worker"},
        {"setting": "office", "company": "alone"},
        frozenset(),
        PAPERS,
    ),
)  # fmt: skip


def walk(page: Page, meeting: Meeting) -> Walk:
    """From the start page to the own judgement and the finding behind it."""
    done = Walk()
    _look(page, done)
    begin(page)
    done.taps += 1
    for _ in range(150):
        _look(page, done)
        place = path(page)
        if "/view" in place:
            break
        _step(page, place, meeting, done)
    page.check("input[name=finding][value=look_further]")
    follow(page, "#main button.main", "/end")
    done.finding = page.inner_text("h1")
    height, window = page.evaluate("[document.body.scrollHeight, innerHeight]")
    done.heights = height / window
    return done


def _look(page: Page, done: Walk) -> None:
    done.screens += 1
    words = len(str(page.evaluate(SHOWN)).split())
    done.words += words
    done.pages.append(f"{path(page).split('/', 3)[-1]} {words}")


def _step(page: Page, place: str, meeting: Meeting, done: Walk) -> None:
    said = {"danger": "no", **meeting.said}
    if "/q/" in place:
        name = NAMES[int(place.rsplit("/", 1)[1])]
        done.put.append(name)
        answer = "yes" if name in meeting.yes else "unknown" if name in meeting.unknown else "no"
        done.taps += 1
        follow(page, f'#main button[name=answer][value="{answer}"]')
    elif place.endswith("/look"):
        for name in sorted(meeting.yes):
            done.taps += _check(page, {f"see_{name}": "yes"})
        done.taps += 1
        follow(page, "#main button.main")
    elif place.endswith("/person"):
        page.fill("input[name=age]", meeting.age)
        fields = {"age_certain": "yes", **{f"fact_{k}": v for k, v in meeting.facts.items()}}
        done.taps += 2 + _check(page, fields)
        follow(page, "#main button.main")
    elif place.endswith("/before"):
        names = page.eval_on_selector_all("fieldset", "all => all.map(f => f.elements[0].name)")
        for name in names:
            done.taps += _check(page, {name: said[name]})
            if "hold" in str(page.locator(f'[name="{name}"]:checked').get_attribute("class")):
                break  # it keeps every question back: the rest need not be said
        done.taps += 1
        follow(page, "#main button.main")
    elif "/precondition/" in place:
        name = list(said)[int(place.rsplit("/", 1)[1])] if "danger" in said else ""
        done.taps += 1
        follow(page, f'#main button[name=choice][value="{said[name]}"]')
    else:
        done.taps += 1
        follow(page, "a.onward")


def _check(page: Page, fields: Mapping[str, str]) -> int:
    """Choose what the page offers of these; how many."""
    found = 0
    for name, value in fields.items():
        choice = page.locator(f'input[name="{name}"][value="{value}"]:visible')
        if choice.count() and not choice.is_checked():
            choice.check()
            found += 1
    return found


def danger(page: Page) -> tuple[int, int]:
    """Taps and words until what to do in danger can be read, from a page of the interview."""
    page.click(".now summary")
    return 1, len(page.inner_text(".now .helpnow").split())


def by_gate(page: Page) -> tuple[int, int]:
    """Taps and words of help until what to do can be read, by saying that somebody is in danger."""
    begin(page)
    follow(page, '#main button[name=choice][value="yes"]')
    return 2, len(page.inner_text("main .helpnow").split())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", metavar="HEADING", default="")
    parser.add_argument("--show", action="store_true", help="print what was put")
    options = parser.parse_args()
    lines = [
        "| Meeting | Width | Screens | Taps | Words | Minutes | Questions | Finding |"
        " Finding page, screens |",
        "|---|---:|---:|---:|---:|---:|---:|---|---:|",
    ]
    with running() as here, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with windows_of(chromium, here) as window:
            for meeting in MEETINGS:
                page = window("en", meeting.width, 844 if meeting.width < 600 else 800)
                found = walk(page, meeting)
                lines.append(
                    f"| {meeting.name} | {meeting.width} | {found.screens} | {found.taps} |"
                    f" {found.words:,} | {found.minutes:.0f} | {len(found.put)} | {found.finding} |"
                    f" {found.heights:.1f} |"
                )
                print(lines[-1], file=sys.stderr)
                if options.show:
                    print(*found.put, *found.pages, sep="\n  ", file=sys.stderr)
            page = window("en", 390, 844)
            bar, gate = danger(page), by_gate(page)
            lines += [
                "",
                (
                    f"What to do in danger: {bar[0]} tap and {bar[1]} words by the bar;"
                    f" {gate[0]} taps and {gate[1]} words from the start page by the question."
                ),
            ]
        chromium.close()
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        page_ = ROOT / "docs/benchmarks-street.md"
        old = page_.read_text(encoding="utf-8")
        block = f"## {options.write}\n\n{text}"
        again = re.compile(rf"## {re.escape(options.write)}\n.*?(?=\n## |\Z)", re.S)
        new = again.sub(lambda _: block, old) if again.search(old) else f"{old}\n{block}"
        page_.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
