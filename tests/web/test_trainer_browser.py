"""The trainer's pages as a person takes them: the whole loop in a real browser, ending in a signed
set that scores.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from screening.calibration.forms import ratings_csv
from screening.calibration.ratings import new_codes
from screening.checklist import load_checklist
from screening.web.trainer.state import Bench
from support.bench import rated
from support.web import Running, running_bench, windows_of

pytestmark = pytest.mark.browser
WORDS = "six words that nobody else has"
PAGES = (
    "/",
    "/agreement",
    "/weights",
    "/thresholds",
    "/compare?one=2026-11-23-published-strength&two=bench&world=guarded",
    "/keep",
    "/sign?set=2026-11-23-published-strength",
)


@pytest.fixture
def place(tmp_path: Path, bench: Bench) -> Iterator[tuple[Running, Bench, Path]]:
    for n in range(5):
        (tmp_path / f"form-{n}.csv").write_bytes(
            ratings_csv(rated(bench.checklist, 5, slip=0.05).of([n]))
        )
    with running_bench(bench) as here:
        yield here, bench, tmp_path


@pytest.fixture
def window(chromium: Any, place: tuple[Running, Bench, Path]) -> Iterator[Any]:
    with windows_of(
        chromium, place[0], wait=60_000
    ) as another:  # the first agreement loads libraries
        yield another


def loop(page: Any, place: tuple[Running, Bench, Path], scripts: bool) -> None:
    """Ratings in, agreement, proposal, a slider, a kept set, two keys, two signatures, in force."""
    here, _, folder = place
    page.set_input_files("input[name=files]", sorted(str(p) for p in folder.glob("form-*.csv")))
    page.click("form[action='/ratings'] button")
    page.wait_for_selector(".kept")
    page.click("a[href='/agreement']")
    page.wait_for_selector("table caption")
    assert page.locator("svg.ruler").count() > 100
    page.click("a[href='/weights']")
    page.click("form[action='/propose'] button")
    page.wait_for_selector(".note")
    if scripts:
        page.locator("input[name='child:deceived_activity']").fill("6")
        page.wait_for_selector("#impact table")
        assert (
            page.locator("label:has(input[name='child:deceived_activity']) output").inner_text()
            == "6"
        )
    else:
        page.click("button[value=show]")
        page.wait_for_selector("#impact table")
    page.click("button[value=keep]")
    page.wait_for_url("**/keep")
    for name, value in {
        "id": "2026-11-25-trainers",
        "title": "Five trainers",
        "authors": "A. Kola",
        "valid_from": "2026-11-01",
        "recheck_by": "2028-01-01",
    }.items():
        page.fill(f"main input[name={name}]", value)
    page.press("main input[name=title]", "Enter")
    page.wait_for_url("**/sign?set=2026-11-25-trainers")
    for person in ("arta", "besa"):
        page.click("details:has(form[action='/key']) summary")
        page.fill("form[action='/key'] input[name=id]", person)
        for field in ("passphrase", "again"):
            page.fill(f"form[action='/key'] input[name={field}]", WORDS)
        with page.expect_download() as got:
            page.click("form[action='/key'] button")
        got.value.save_as(folder / f"{person}.key")
        page.goto(f"{here.address}/sign?set=2026-11-25-trainers")
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
        page.click("form[action='/register'] button")
        page.wait_for_selector(".kept")
        page.goto(f"{here.address}/sign?set=2026-11-25-trainers")
    for person, wanted in (("arta", "sign"), ("besa", "sign"), ("besa", "activate")):
        page.set_input_files("form[action='/sign'] input[name=key]", str(folder / f"{person}.key"))
        page.fill("form[action='/sign'] input[name=passphrase]", WORDS)
        if wanted == "activate":
            page.fill("form[action='/sign'] input[name=reason]", "Decided by the trainers today")
        page.click(f"form[action='/sign'] button[value={wanted}]")
        page.wait_for_selector(".kept")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_trainer_goes_the_whole_way_and_the_set_scores(window, place, cli, scripts):
    page = window(java_script_enabled=scripts)
    loop(page, place, scripts)
    assert "signed by Arta, Besa" in page.inner_text("main") and "in force" in page.inner_text(
        "main"
    )
    own = load_checklist(place[1].checklist.folder)
    assert own.weights_in_force == "2026-11-25-trainers"
    cases = place[2] / "cases.csv"
    cases.write_text("case_id,age,deceived_activity\nA,9,yes\n", encoding="utf-8")
    result = json.loads(cli("score", cases, "--checklist", own.folder, "--format", "json").out)[0]
    assert (
        result["weights"]["id"] == "2026-11-25-trainers"
        and result["weights"]["standing"] == "signed by Arta, Besa"
    )
    assert result["points"] == (6 if scripts else own_points(own))


def own_points(own: Any) -> int:
    from screening.checklist import load_weights

    return load_weights(own).points["child"]["deceived_activity"]


def fill(bench: Bench) -> str:
    """Ratings and a proposal, so that every page has something to show; the code of somebody who
    rates on the pages.
    """
    bench.rounds.take([("r.csv", ratings_csv(rated(bench.checklist, 5)))])
    bench.propose("blend", "kosovo-begging-child-15", 3)
    return new_codes(1, 77)[0]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 320)])
def test_no_page_has_an_accessibility_fault(window, place, scheme, width):
    import axe_playwright_python

    script = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(
        encoding="utf-8"
    )
    page = window("sq", width, color_scheme=scheme)
    for path in paths(fill(place[1])):
        page.goto(place[0].address + path)
        page.evaluate(script)
        found = json.loads(
            page.evaluate(
                "axe.run().then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n =>"
                " n.html).slice(0, 3)])))"
            )
        )
        assert found == [], (path, scheme)


def test_every_page_fits_and_says_its_language(window, place):
    every = paths(fill(place[1]))
    for language, width in (("en", 1200), ("sq", 320), ("sr", 1200), ("sr-Cyrl", 320)):
        page = window(language, width)
        for path in every:
            page.goto(place[0].address + path)
            assert (
                page.locator("h1").count() == 1 and page.get_attribute("html", "lang") == language
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def paths(code: str) -> list[str]:
    return [*PAGES, f"/rate/{code}/signs/0", f"/rate/{code}/story/0"]


def test_a_phone_shows_what_a_slider_does_beside_it(window, place):
    fill(place[1])
    page = window("en", 360, height=740)
    page.goto(place[0].address + "/weights")
    slider = page.locator("input[name='child:deceived_activity']")
    slider.scroll_into_view_if_needed()
    slider.fill("8")
    page.wait_for_selector(".headline")
    line, bar = page.locator(".headline").bounding_box(), page.locator("header.bar").bounding_box()
    assert (
        line["y"] + line["height"] <= 741
        and line["height"] < 110
        and "change" in page.inner_text(".headline")
    )
    page.evaluate("window.scrollTo(0, 2000)")
    assert page.locator("header.bar").bounding_box()["y"] + bar["height"] < 0, (
        "the bar above takes no room"
    )
    assert page.locator(".headline").bounding_box()["y"] == line["y"]


def test_without_scripts_a_weight_is_a_number_that_can_be_read_and_enter_shows_what_it_does(
    window, place
):
    fill(place[1])
    page = window(java_script_enabled=False)
    page.goto(place[0].address + "/weights")
    number = page.locator("input[name='child:deceived_activity']")
    assert (
        number.get_attribute("type") == "number"
        and not page.locator(".slide output").first.is_visible()
    )
    number.fill("8")
    number.press("Enter")
    page.wait_for_selector("#impact table")
    assert place[1].now()["child"]["deceived_activity"] == 8


def test_a_second_window_that_is_behind_is_brought_up_to_date(window, place):
    fill(place[1])
    one, two = window(), window()
    for page in (one, two):
        page.goto(place[0].address + "/weights")
    for value in ("7", "8"):  # one window never quarrels with itself
        one.locator("input[name='child:deceived_activity']").fill(value)
        one.wait_for_function(
            "n => document.querySelector('#rev').value >= n", arg=str(place[1].revision)
        )
        one.wait_for_selector("#impact table")
    two.locator("input[name='child:deceived_activity']").fill("1")
    two.wait_for_selector(".problem[role=alert] li")
    assert (
        "stands at 8, you had 1" in two.inner_text(".problem[role=alert]")
        and two.locator("main").count() == 1
    )
    slider = two.locator("input[name='child:deceived_activity']")
    assert slider.input_value() == "8" and slider.get_attribute("type") == "range"
    slider.fill("3")
    two.wait_for_selector("#impact table")
    assert place[1].now()["child"]["deceived_activity"] == 3


def test_the_keyboard_alone_moves_a_slider_and_esc_twice_leaves(window, place):
    fill(place[1])
    page = window()
    page.goto(place[0].address + "/weights")
    slider = page.locator("input[name='child:deceived_activity']")
    slider.focus()
    before = slider.input_value()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#impact table")
    assert int(slider.input_value()) == int(before) + 1
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("**/blank")


def test_a_rater_rates_on_a_phone_without_a_script(window, place):
    page = window("sq", 360, java_script_enabled=False)
    page.click("form[action='/rate'] button")
    page.wait_for_url("**/signs/0")
    code = page.url.split("/rate/")[1].split("/")[0]
    page.check("input[name='child:deceived_activity'][value=strong]")
    page.click("main button.main")
    page.wait_for_url("**/signs/1")
    page.goto(f"{place[0].address}/rate/{code}/story/0")
    page.check("input[name=finding][value=refer]")
    page.click("main button[value=stop]")
    page.wait_for_selector(".problem")
    page.check("input[name=through]")
    page.click("main button[value=stop]")
    page.wait_for_url(place[0].address + "/")
    assert len(place[1].rounds.given(code)) == 3
