"""The trainer's pages as a person takes them: the whole loop in a real browser, ending in a signed
set that scores.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from screening.calibration.forms import ratings_csv
from screening.calibration.ratings import new_codes
from screening.checklist import load_checklist, load_weights
from screening.web.trainer.state import Bench
from support.axe import faults
from support.bench import rated, running_bench, small_bench
from support.browser import escape, follow, ready, turning, visit, windows_of
from support.web import Running

pytestmark = pytest.mark.browser
WORDS = "six words that nobody else has"
REASON = "A trial of one week, agreed with the coordinator."
NEW = "2026-11-25-trainers"
RATER = new_codes(1, 77)[0]
PAGES = (
    "/",
    "/agreement",
    "/weights",
    "/thresholds",
    "/compare?one=2026-11-23-published-strength&two=bench&world=guarded",
    "/keep",
    "/sign?set=2026-11-23-published-strength",
)


# -- the whole way ---------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, bench: Bench) -> Iterator[tuple[Running, Bench, Path]]:
    """A bench with nothing on it, and five people's ratings in files."""
    ratings = rated(bench.checklist, 5, slip=0.05)
    for n in range(5):
        (tmp_path / f"form-{n}.csv").write_bytes(ratings_csv(ratings.of([n])))
    with running_bench(bench) as here:
        yield here, bench, tmp_path


@pytest.fixture
def window(chromium: Browser, place: tuple[Running, Bench, Path]) -> Iterator[Any]:
    with windows_of(chromium, place[0]) as another:
        yield another


def weight(page: Page) -> Locator:
    """The slider, or without scripts the number, of one weight."""
    return page.locator("input[name='child:deceived_activity']")


def said(page: Page) -> Locator:
    """The number beside that slider."""
    return page.locator("label:has(input[name='child:deceived_activity']) output")


def loop(page: Page, place: tuple[Running, Bench, Path], scripts: bool) -> None:
    """Ratings in, agreement, proposal, a slider, a kept set, two keys, two signatures, in force."""
    here, _, folder = place
    page.set_input_files("input[name=files]", sorted(str(p) for p in folder.glob("form-*.csv")))
    follow(page, "form[action='/ratings'] button")
    expect(page.locator(".kept[role=status]")).to_be_visible()
    follow(page, "a[href='/agreement']", "/agreement")
    assert page.locator("svg.ruler").count() > 100
    follow(page, "a[href='/weights']", "/weights")
    follow(page, "form[action='/propose'] button", "/weights")
    expect(page.locator(".note")).to_be_visible()
    if scripts:
        weight(page).fill("6")
        expect(said(page)).to_have_text("6")
    else:
        follow(page, "button[value=show]")
    expect(page.locator("#impact table")).to_be_visible()
    ready(page)
    follow(page, "button[value=keep]", "/keep")
    for name, value in {
        "id": NEW,
        "title": "Five trainers",
        "authors": "A. Kola",
        "valid_from": "2026-11-01",
        "recheck_by": "2028-01-01",
    }.items():
        page.fill(f"main input[name={name}]", value)
    with turning(page):
        page.press("main input[name=title]", "Enter")
    signing = f"{here.address}/sign?set={NEW}"
    expect(page).to_have_url(signing)
    for person in ("arta", "besa"):
        page.click("details:has(form[action='/key']) summary")
        page.fill("form[action='/key'] input[name=id]", person)
        for field in ("passphrase", "again"):
            page.fill(f"form[action='/key'] input[name={field}]", WORDS)
        with page.expect_download() as got:
            page.click("form[action='/key'] button")
        got.value.save_as(folder / f"{person}.key")
        visit(page, signing)
        public = (
            page.locator(f"details:has(form[action='/register']) p.mono:has-text('{person}')")
            .inner_text()
            .split()[1]
        )
        for field, value in {
            "id": person,
            "name": person.title(),
            "role": "trainer",
            "key": public,
        }.items():
            page.fill(f"form[action='/register'] input[name={field}]", value)
        follow(page, "form[action='/register'] button")
        expect(page.locator(".kept[role=status]")).to_be_visible()
        visit(page, signing)
    for person, wanted in (("arta", "sign"), ("besa", "sign"), ("besa", "activate")):
        page.set_input_files("form[action='/sign'] input[name=key]", str(folder / f"{person}.key"))
        page.fill("form[action='/sign'] input[name=passphrase]", WORDS)
        if person == "arta":  # numbers of ratings alone leave some groups worse off
            page.fill("form[action='/sign'] textarea[name=override]", REASON)
        if wanted == "activate":
            page.fill("form[action='/sign'] input[name=reason]", "Decided by the trainers today")
        follow(page, f"form[action='/sign'] button[value={wanted}]")
        expect(page.locator(".kept[role=status]")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_trainer_goes_the_whole_way_and_the_set_scores(window, place, cli, scripts):
    page = window(scripts=scripts)
    loop(page, place, scripts)
    for shown in ("signed by Arta, Besa", "in force"):
        expect(page.locator("main")).to_contain_text(shown)
    own = load_checklist(place[1].checklist.folder)
    assert own.weights_in_force == NEW
    cases = place[2] / "cases.csv"
    cases.write_text("case_id,age,deceived_activity\nA,9,yes\n", encoding="utf-8")
    result = json.loads(cli("score", cases, "--checklist", own.folder, "--format", "json").out)[0]
    assert (
        result["weights"]["id"] == NEW and result["weights"]["standing"] == "signed by Arta, Besa"
    )
    points = load_weights(own).points["child"]["deceived_activity"]
    assert result["points"] == (6 if scripts else points)


def test_a_rater_rates_on_a_phone_without_a_script(window, place):
    page = window("sq", 360, scripts=False)
    follow(page, "form[action='/rate'] button", "/signs/0")
    code = page.url.split("/rate/")[1].split("/")[0]
    page.check("input[name='child:deceived_activity'][value=strong]")
    follow(page, "main button.main", "/signs/1")
    visit(page, f"{place[0].address}/rate/{code}/story/0")
    page.check("input[name=finding][value=refer]")
    follow(page, "main button[value=stop]")
    expect(page.locator(".problem")).to_be_visible()
    page.check("input[name=through]")
    follow(page, "main button[value=stop]")
    expect(page).to_have_url(place[0].address + "/")
    assert len(place[1].rounds.given(code)) == 3


# -- a bench with ratings and a proposal on it -----------------------------------------------------


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Bench]]:
    """A bench on which every page has something to show. Other tests may have moved weights."""
    with small_bench(tmp_path_factory.mktemp("bench")) as bench:
        bench.rounds.take([("r.csv", ratings_csv(rated(bench.checklist, 5)))])
        bench.propose("blend", "kosovo-15-15", 3)
        with running_bench(bench) as here:
            yield here, bench


@pytest.fixture
def weights(chromium: Browser, full: tuple[Running, Bench]) -> Iterator[Any]:
    """Opens windows at the weights of that bench."""
    with windows_of(chromium, full[0], "/weights") as another:
        yield another


def places(here: Running) -> list[str]:
    rating = (f"/rate/{RATER}/signs/0", f"/rate/{RATER}/story/0")
    return [here.address + p for p in (*PAGES, *rating)]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 320)])
def test_no_page_has_an_accessibility_fault(weights, full, scheme, width):
    page = weights("sq", width, scheme=scheme)
    for place in places(full[0]):
        visit(page, place)
        assert faults(page) == [], (place, scheme)


def test_every_page_fits_and_says_its_language(weights, full):
    for language, width in (("en", 1200), ("sq", 320), ("sr", 1200), ("sr-Cyrl", 320)):
        page = weights(language, width)
        for place in places(full[0]):
            visit(page, place)
            expect(page.locator("h1"), place).to_have_count(1)
            expect(page.locator("html"), place).to_have_attribute("lang", language)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (place, width)


def test_a_phone_shows_what_a_slider_does_beside_it(weights):
    page = weights("en", 360, height=740)
    weight(page).scroll_into_view_if_needed()
    weight(page).fill("8")
    headline, bar = page.locator(".headline"), page.locator("header.bar")
    expect(headline).to_contain_text("change")
    ready(page)
    line, above = headline.bounding_box(), bar.bounding_box()
    assert line["y"] + line["height"] <= 741 and line["height"] < 110
    page.evaluate("window.scrollTo({ top: 2000, behavior: 'instant' })")
    assert bar.bounding_box()["y"] + above["height"] < 0, "the bar above takes no room"
    assert headline.bounding_box()["y"] == line["y"]


def test_without_scripts_a_weight_is_a_number_that_can_be_read_and_enter_shows_what_it_does(
    weights, full
):
    page = weights(scripts=False)
    expect(weight(page)).to_have_attribute("type", "number")
    expect(page.locator(".slide output").first).to_be_hidden()
    weight(page).fill("8")
    with turning(page):
        weight(page).press("Enter")
    expect(page.locator("#impact table")).to_be_visible()
    assert full[1].now()["child"]["deceived_activity"] == 8


def test_a_weight_that_is_set_before_the_scripts_are_there_is_what_the_slider_says(weights, full):
    page = weights()
    other = "7" if said(page).inner_text() != "7" else "6"
    held: list[Any] = []
    page.route("**/static/trainer.js", lambda route: held.append(route))
    with page.expect_request("**/static/trainer.js"):
        page.goto(f"{full[0].address}/weights", wait_until="commit")
    weight(page).fill(other)
    held[0].continue_()
    expect(weight(page)).to_have_attribute("type", "range")
    expect(said(page)).to_have_text(other)
    expect(page.locator("#impact table")).to_be_visible()
    assert full[1].now()["child"]["deceived_activity"] == int(other)


def test_a_second_window_that_is_behind_is_brought_up_to_date(weights, full):
    one, two = weights(), weights()
    for value in ("7", "8"):  # one window never quarrels with itself
        with one.expect_response("**/weights"):
            weight(one).fill(value)
        ready(one)
        expect(one.locator("#rev")).to_have_value(str(full[1].revision))
        expect(one.locator("#impact table")).to_be_visible()
    weight(two).fill("1")
    late = two.locator(".problem[role=alert]")
    expect(late).to_contain_text("is now 8, you had 1")
    ready(two)
    expect(two.locator("main")).to_have_count(1)
    expect(weight(two)).to_have_value("8")
    expect(weight(two)).to_have_attribute("type", "range")
    weight(two).fill("3")
    expect(two.locator("#impact table")).to_be_visible()
    assert full[1].now()["child"]["deceived_activity"] == 3


def test_the_keyboard_alone_moves_a_slider_and_esc_twice_leaves(weights):
    page = weights()
    weight(page).focus()
    before = int(weight(page).input_value())
    page.keyboard.press("ArrowLeft" if before else "ArrowRight")
    expect(weight(page)).to_have_value(str(before - 1 if before else 1))
    expect(page.locator("#impact table")).to_be_visible()
    escape(page)
    expect(page).to_have_url(re.compile("/blank$"))
