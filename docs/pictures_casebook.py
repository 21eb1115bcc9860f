"""Takes the pictures of the casebook in docs/pictures, of invented cases.

python docs/pictures_casebook.py        needs Debian's chromium
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import sync_playwright

from screening.casebook import acts
from screening.casebook.event import Act
from screening.casebook.laptop import Casebook
from screening.web.server import create_app
from support.browser import visit, windows_of
from support.office import TODAY, WORDS, Office
from support.web import KNOWLEDGE, serving

OUT = ROOT / "docs/pictures"
TALLEST = 2000  # pixels; a longer page is cut
PAGES = {"today": "/today", "case": "/case/K-17", "meeting": "/case/K-17/meet"}


def invented(office: Office) -> None:
    """A few weeks of an office."""
    office.met("K-17", 9, 56, begging_long_hours="yes", out_of_school="yes")
    office.met("K-18", 7, 56, begging_long_hours="yes")
    office.met("K-17", 9, 38, sent_and_placed="yes")
    office.met("K-17", 9, 17, daily_quota="yes", money_to_controller="yes")
    office.met("K-21", 34, 7, documents_withheld="yes", labour_unpaid="yes")
    office.met("K-22", 15, 2, by="besim", money_to_controller="yes", daily_quota="yes")
    office.met("K-23", 12, 1, danger_now="yes")
    arta, load = Act("arta", datetime.now(UTC)), office.load()
    one, two = load.state("K-17"), load.state("K-18")
    load.record(acts.take(one, arta, TODAY), one)
    one = load.state("K-17")
    load.record(acts.link(one, two, arta, TODAY, "sibling", "the same mother"), one, two)
    one = load.state("K-17")
    load.record(acts.refer(one, arta, TODAY, "Shelter", TODAY + timedelta(days=7)), one)
    other = load.state("K-22")
    besim = Act("besim", datetime.now(UTC))
    load.record(acts.assign(other, besim, TODAY, "arta", "on leave"), other)


def main() -> None:
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        book, _ = Casebook.create(Path(place) / "cases", WORDS)
        office = Office(book)
        invented(office)
        with book, serving(lambda keys: create_app(keys, KNOWLEDGE, office.cases)) as here:
            chromium = driver.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            with windows_of(chromium, here, "/today") as another:
                for name, language, width, scheme in (
                    ("desk", "en", 1100, "light"),
                    ("phone", "sq", 390, "dark"),
                ):
                    page = another(language, width, scheme=scheme)
                    for what, path in PAGES.items():
                        visit(page, here.address + path)
                        tall = page.evaluate("document.documentElement.scrollHeight")
                        clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)}
                        page.screenshot(
                            path=OUT / f"casebook-{what}-{name}.png", full_page=True, clip=clip
                        )
            chromium.close()


if __name__ == "__main__":
    main()
