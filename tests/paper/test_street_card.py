"""The printable card, in a real browser: one page, four written forms, readable when small, nothing
fetched, accessible.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from screening.checklist import load_checklist
from screening.checklist.rules import holds
from screening.contacts import contacts
from screening.i18n import LANGUAGES
from screening.paper.street_card import card_html
from support.axe import faults
from support.browser import resize

pytestmark = pytest.mark.browser
STREET = load_checklist("kosovo-street")


@pytest.fixture(scope="module", params=list(LANGUAGES))
def card(request, chromium, tmp_path_factory) -> Iterator:
    """The street card opened from a file, with every request it makes noted."""
    path = tmp_path_factory.mktemp("card") / f"{request.param}.html"
    path.write_text(
        card_html(STREET, contacts(STREET, request.param), request.param), encoding="utf-8"
    )
    page = chromium.new_page()
    page.requested = []
    page.on("request", lambda r: page.requested.append(r.url))
    page.goto(path.as_uri())
    page.language = request.param
    yield page
    page.close()


def test_the_card_prints_on_one_page(card):
    from pypdf import PdfReader

    assert len(PdfReader(io.BytesIO(card.pdf(prefer_css_page_size=True))).pages) == 1


def test_the_card_has_all_its_items_danger_first_and_room_for_not_known(card):
    street = STREET
    assert 10 <= len(street.indicators) <= 14
    expect(card.locator("li.item")).to_have_count(len(street.indicators))
    expect(card.locator("section").first).to_have_class("danger")
    expect(card.locator("li.item .tick").first.locator("span")).to_have_count(4)  # refused, too


def test_nothing_is_fetched_and_nothing_is_run(card):
    assert len(card.requested) == 1
    expect(card.locator("script")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_card_is_readable_at_every_width(card, width):
    resize(card, width)
    assert card.evaluate("document.documentElement.scrollWidth") <= width
    smallest = card.evaluate(
        "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.innerText).map(e =>"
        " parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 12


def test_the_card_has_no_accessibility_fault(card):
    resize(card, 1280)
    assert faults(card) == []


def test_the_page_says_its_language_and_the_script_fits(card):
    expect(card.locator("html")).to_have_attribute("lang", card.language)
    letters = re.findall(r"[^\W\d_]", card.locator("main").inner_text())
    cyrillic = sum("Ѐ" <= c <= "ӿ" for c in letters) / len(letters)
    assert cyrillic > 0.9 if card.language == "sr-Cyrl" else cyrillic == 0


def test_the_card_says_where_when_and_who_and_whom_to_call(card):
    """What an officer must be able to write and to see without another page."""
    expect(card.locator(".fields span")).to_have_count(6)
    expect(card.locator(".numbers")).to_contain_text("112")
    expect(card.locator(".numbers")).to_contain_text("194")
    said = card.locator("main").inner_text()
    assert "192" not in said and "116 111" not in said


def test_strong_signs_are_marked_and_traffic_and_night_are_not_counted(card):
    street = STREET
    marked = sum(
        bool(i.strength_for("child") == "strong" or i.strength_for("adult") == "strong")
        for i in street.indicators.values()
    )
    expect(card.locator(".mark")).to_have_count(marked)
    alone = {"begging_hazard", "others_answer", "daily_dropoff_pickup"}
    assert alone <= set(street.indicators)
    for profile in ("adult", "child"):
        assert not holds(
            street.rules[profile].levels["refer"], frozenset(alone), lambda _: 10**6
        ), "two signs and a hardship of the street do not refer"
