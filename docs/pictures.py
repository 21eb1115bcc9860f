"""Takes the pictures in docs/pictures: the main pages of the interview, as a phone and a desk show
them.

python docs/pictures.py        needs Debian's chromium
"""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import sync_playwright

from support.browser import (
    HER_ANSWERS,
    answer_all,
    begin,
    follow,
    meet,
    meet_rest,
    note_person,
    visit,
    windows_of,
)
from support.web import running

OUT = ROOT / "docs/pictures"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1100, "height": 900}


MAIN = ("precondition", "question", "finding")  # kept in every language; the rest in English
# What an officer who overlooks the most telling sign records of the first vignette.
HER_STORY = {
    "child_with_nonrelatives": "no",
    "violence_now": "no",
    "threats_now": "no",
    "money_to_controller": "yes",
    "daily_quota": "no",
    "supervised_begging": "yes",
    "sent_and_placed": "yes",
    "no_lawful_carer": "no",
    "out_of_school": "no",
    "injury_made_for_begging": "no",
    "age_in_doubt": "no",
    "counter_school_verified": "yes",
}
TALLEST = 2000  # pixels of a picture; a longer page is cut


def walk(page: Any, name: str) -> None:
    """The way through an interview, with a picture of each main page."""

    def shot(what: str) -> None:
        if what not in MAIN and (not name.startswith("en-") or "dark" in name):
            return
        page.mouse.move(0, 0)
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        page.screenshot(
            path=OUT / f"{name.replace('*', what)}.png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height},
            animations="disabled",
        )

    from screening.checklist import load_checklist

    shot("start")
    begin(page, "7kq2wd")
    shot("precondition")
    follow(page, "#main button[value=no]", "/person")
    shot("person")
    note_person(page, "9", begs="yes")
    shot("speaks")
    follow(page, "#main button[value=social_worker]", "/before")
    shot("before")
    meet_rest(page)
    shot("question")
    answer_all(page, list(load_checklist().indicators), HER_ANSWERS)
    shot("judgement")
    page.check("input[name=finding][value=refer]")
    page.fill("textarea[name=why]", "She looks at him first.")
    follow(page, "#main button.main", "/end")
    shot("finding")
    follow(page, "nav.case button[value=all]", "/all")
    shot("all")
    visit(page, page.url.replace("/all", "/paper"))
    shot("letter-form")
    visit(page, page.url.replace("/paper", "/danger"))
    shot("danger")
    visit(page, page.url.split("/c/")[0] + "/course")
    follow(page, "button[value=on-the-street]")
    visit(page, page.url + "/0")
    page.check("input[name=judgement][value=refer]")
    for indicator, told in HER_STORY.items():
        page.check(f"input[name=item_{indicator}][value={told}]")
    page.evaluate(
        "() => { document.activeElement.blur(); window.scrollTo({top: 0, behavior: 'instant'}) }"
    )
    shot("vignette")
    follow(page, "#main button.main", "/key")
    if "phone" in name:
        shot("key")


def night(page: Any) -> None:
    """A child at night for whom nobody speaks: what can be seen, and the pause behind it."""
    begin(page, "4mt8zx")
    nobody = {"representative": "nobody_yet"}
    meet(page, "9", "says_family", said=nobody, setting="street_night", begs="yes")
    for what, name in (("look", "en-phone-look"), ("pause", "en-phone-pause")):
        if what == "look":
            for sign in ("others_answer", "supervised_begging", "begging_hazard"):
                page.check(f"input[name=see_{sign}][type=checkbox]")
        page.mouse.move(0, 0)
        page.screenshot(path=OUT / f"{name}.png", full_page=True, animations="disabled")
        if what == "look":
            follow(page, "#main button.main", "/view")


def the_letter() -> None:
    """The first page of a letter in each written form, and the second of one."""
    import typst

    from screening.i18n import LANGUAGES
    from screening.paper.letter import letter
    from screening.paper.letter.setting import source
    from support.letters import case

    for language in LANGUAGES:
        content = letter(case(7), (language,), date(2026, 11, 24))
        pages = typst.compile(**source(content), format="png", ppi=80)
        (OUT / f"{language}-letter.png").write_bytes(pages[0])
        if language == "en":
            (OUT / "en-letter-after.png").write_bytes(pages[1])


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as driver, running() as server:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for language, size, scheme, name in (
            ("en", PHONE, "light", "en-phone-*"),
            ("en", DESK, "light", "en-desk-*"),
            ("sq", PHONE, "light", "sq-phone-*"),
            ("sr", PHONE, "light", "sr-phone-*"),
            ("sr-Cyrl", PHONE, "dark", "sr-Cyrl-phone-*-dark"),
            ("en", DESK, "dark", "en-desk-*-dark"),
        ):
            with windows_of(browser, server) as windows:
                walk(windows(language, **size, scheme=scheme), name)
                if name == "en-phone-*":
                    night(windows(language, **size, scheme=scheme))
            desk = server.app.state.desk
            for key in list(desk.cases()):
                desk.drop(key)
            for key in server.app.state.classroom.courses():
                server.app.state.classroom.drop(key)
        browser.close()
    the_letter()


if __name__ == "__main__":
    main()
