"""The pages of the casebook in Chromium: at 360 px, by keyboard, without scripts, with axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from screening.casebook.laptop import Casebook
from screening.web.server import create_app
from support.axe import faults_in_both_themes
from support.browser import follow, ready, resize, visit, windows_of
from support.office import WORDS, Office
from support.web import KNOWLEDGE, Running, serving

pytestmark = pytest.mark.browser
PAGES = (
    "/today",
    "/case/K-1",
    "/case/K-1/meet",
    "/find?text=market",
    "/week",
    "/handover",
    "/statistics",
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    book, _ = Casebook.create(tmp_path / "cases", WORDS)
    with book:
        made = Office(book)
        made.met("K-1", 9, 30, begging_long_hours="yes", out_of_school="yes")
        made.met("K-1", 9, 12, money_to_controller="yes", daily_quota="yes")
        made.met("K-2", 7, 30, begging_long_hours="yes")
        made.met("K-3", 12, 1, danger_now="yes")
        yield made


@pytest.fixture
def here(office: Office) -> Iterator[Running]:
    with serving(lambda keys: create_app(keys, KNOWLEDGE, office.cases)) as running:
        yield running


@pytest.fixture
def windows(chromium: Any, here: Running) -> Iterator[Any]:
    with windows_of(chromium, here, "/today") as another:
        yield another


@pytest.mark.parametrize("language", ["en", "sq", "sr-Cyrl"])
def test_no_page_is_wider_than_a_phone_and_axe_finds_nothing(
    windows: Any, here: Running, language: str
) -> None:
    page = windows(language, 360)
    for path in PAGES:
        visit(page, here.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        if language == "sq":
            assert faults_in_both_themes(page) == [], path


def test_a_meeting_is_recorded_by_keyboard_alone(
    windows: Any, here: Running, office: Office
) -> None:
    page = windows()
    visit(page, here.address + "/case/K-2/meet")
    page.locator("fieldset.first input").first.focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.locator("fieldset.first input:checked").get_attribute("value") == "no"
    page.locator("textarea[name=text]").focus()
    page.keyboard.type("By keyboard.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ready(page)
    assert "By keyboard." in page.inner_text("main")
    assert len(office.load().state("K-2").encounters) == 2


@pytest.mark.parametrize("scripts", [True, False])
def test_a_day_s_work_goes_with_and_without_scripts(
    windows: Any, here: Running, office: Office, scripts: bool
) -> None:
    page = windows(scripts=scripts)
    follow(page, page.get_by_role("link", name="K-3").first)
    assert page.locator("h2", has_text="Help first").is_visible(), "danger comes before all else"
    visit(page, here.address + "/case/K-1")
    follow(page, page.get_by_role("button", name="Take the case"))
    before = len(office.load().state("K-1").open_steps)
    follow(page, page.locator(".todo button", has_text="Done").first)
    after = office.load().state("K-1")
    assert after.owner == "arta" and len(after.open_steps) == before - 1
    assert page.locator("svg[role=img] path").count() == 1, "how the finding went is drawn"


def test_a_page_is_readable_at_400_percent(windows: Any, here: Running) -> None:
    page = windows()
    resize(page, 320, 256)
    visit(page, here.address + "/today")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    heading = page.locator("h1").bounding_box()
    assert heading and heading["y"] < 256, "what the page is shows without scrolling"
