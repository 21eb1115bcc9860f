"""Danger, leaving, many windows, paper and typing, in a real browser: what a person sees when
things are in a hurry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from screening.answers import Answer, Response
from screening.checklist import load_checklist
from screening.interview import Judgement
from screening.web.interview.cases import Seen
from support.web import (
    HER_ANSWERS,
    Running,
    answer,
    begin,
    note_person,
    pass_gates,
    path,
    running,
    windows_of,
)

pytestmark = pytest.mark.browser

IDS = list(load_checklist("kosovo").indicators)
WORDS = "ngjyra mali traktor dritare liqen gur"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as here:
        yield here


@pytest.fixture
def browser(chromium: Any, server: Running) -> Iterator[Any]:
    with windows_of(chromium, server) as another:
        yield another


@pytest.fixture
def case(server: Running) -> str:
    """A case with everything gone through, the finding shown and a decision kept; its key."""
    desk = server.app.state.desk
    key = str(desk.begin(desk.suggestion()))

    def fill(now: Any) -> Any:
        for gate, choice in {
            "danger": "no",
            "private": "yes",
            "interpreter": "trusted",
            "may_stop": "yes",
            "agreement": "yes",
            "representative": "nobody_yet",
        }.items():
            now = now.gate(gate, choice)
        now = now.person("9", True, {"company": "family", "begs": "yes"})
        for indicator, note in HER_ANSWERS.items():
            now = now.answer(indicator, Response(Answer.YES, "said", note))
        return (
            now.judge(Judgement("refer", "why"))
            .finding()[0]
            .decide(Judgement("act_now", "because"))
        )

    desk.save(key, Seen(0), fill)
    return key


def gates_of(server: Running, key: str) -> Any:
    return server.app.state.desk.interview(key).record.gates


@pytest.mark.parametrize("script", [True, False])
def test_S7_danger_is_recorded_on_a_small_screen_in_two_touches_with_a_bad_age_on_the_page(
    browser, server, case, script
):
    page = browser(width=360, height=740, java_script_enabled=script)
    page.goto(f"{server.address}/c/{case}/person")
    page.fill("input[name=age]", "abc")
    page.click(".now summary")
    button = page.locator(".record")
    box = button.bounding_box()
    assert box["y"] + box["height"] < 740 and box["height"] >= 44, "seen without scrolling"
    button.click()
    page.wait_for_url("**/danger")
    assert gates_of(server, case)["danger"] == "yes"
    page.click("a.onward")
    page.goto(f"{server.address}/c/{case}/person")
    assert page.input_value("input[name=age]") == "abc"


def test_S7_danger_is_recorded_from_every_page_of_a_case(browser, server, case):
    page = browser()
    desk = server.app.state.desk
    for place in ("gate/1", "person", "q/3", "all", "danger", "view", "end", "paper", "file"):
        desk.save(case, Seen(10**6), lambda now: now.gate("danger", "no"))
        page.goto(f"{server.address}/c/{case}/{place}")
        page.wait_for_function("() => window.htmx")
        page.keyboard.press("d")
        page.click(".record")
        page.wait_for_selector("h1.alarmed")
        page.wait_for_selector("button[value=yes][aria-pressed]")
        assert gates_of(server, case)["danger"] == "yes", place


def test_after_esc_esc_going_back_shows_nothing_of_the_case_until_somebody_comes_back_on_purpose(
    browser, server, case
):
    page = browser()
    page.goto(f"{server.address}/c/{case}/all")
    page.wait_for_function("() => window.htmx")
    page.click("nav.case button[value=file]")
    page.wait_for_url("**/file")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("about:blank")
    for _ in range(2):
        page.go_back()
        page.wait_for_url("**/blank")
        assert (
            page.locator("a").count() == 1
            and case not in page.content()
            and "child" not in page.content()
        )
    page.goto(f"{server.address}/c/{case}/all")
    page.wait_for_url("**/blank")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url(f"{server.address}/")
    page.goto(f"{server.address}/c/{case}/all")
    assert page.locator(".section").count() > 3


def test_without_javascript_leaving_is_the_same_and_a_link_leads_back(browser, server, case):
    page = browser(java_script_enabled=False)
    page.goto(f"{server.address}/c/{case}/all")
    page.click(".leave")
    page.wait_for_url("**/blank")
    page.go_back()
    page.wait_for_url("**/blank")
    assert page.locator(".section").count() == 0
    page.click("a")
    assert page.locator("ul.cases").count() == 1


def test_leaving_in_one_window_leaves_in_all(browser, server, case):
    one = browser()
    one.goto(f"{server.address}/c/{case}/all")
    two = one.context.new_page()
    two.goto(f"{server.address}/c/{case}/q/40")
    one.click(".leave")
    for window in (one, two):
        window.wait_for_url("about:blank")


def test_many_windows_work_and_see_each_other(browser, server, case):
    first = browser()
    first.goto(f"{server.address}/c/{case}/all")
    windows = [first, *(first.context.new_page() for _ in range(8))]
    for window in windows[1:]:
        window.goto(f"{server.address}/c/{case}/q/40")
    for window in windows:
        window.wait_for_selector("#others:not([hidden])")
        assert window.locator("#alarm").is_hidden()
    windows[-1].wait_for_function("() => window.htmx")
    answer(windows[-1], "no")
    first.wait_for_function("() => document.querySelector('#others').innerText.includes('changed')")
    for window in windows[1:]:
        window.close()
    first.reload()
    first.wait_for_function(
        "() => document.querySelector('#others').dataset.state === ' false'"
    )  # the program has said: no news
    assert first.locator("#others").is_hidden(), "windows that are closed are not counted"


def test_words_typed_in_a_window_that_was_overtaken_are_sent_before_the_newest_is_shown(
    browser, server, case
):
    page = browser()
    page.goto(f"{server.address}/c/{case}/q/40")
    page.wait_for_function("() => window.htmx")
    server.app.state.desk.save(
        case, Seen(10**6), lambda now: now.answer(IDS[40], Response(Answer.YES, note="the other's"))
    )
    page.fill("#note", "FROM TWO IMPORTANT")
    page.click("#others button")
    page.wait_for_selector(".version")
    assert any("FROM TWO IMPORTANT" in text for text in page.locator(".version").all_inner_texts())
    assert any(
        "FROM TWO IMPORTANT" in lost
        for lost in server.app.state.desk.interview(case).record.lost(f"answer:{IDS[40]}")
    )
    page.click(".languages button[value=sq]")
    page.wait_for_function("() => document.documentElement.lang === 'sq'")
    assert any("FROM TWO IMPORTANT" in text for text in page.locator(".version").all_inner_texts())
    page.click("nav.case button[value=all]")
    page.wait_for_url("**/all")


def test_a_note_is_kept_on_the_way_back_without_javascript(browser, server):
    page = browser(java_script_enabled=False)
    begin(page)
    pass_gates(page)
    note_person_plainly(page)
    page.click('#main button[value="no"]')
    page.wait_for_url("**/q/**")
    here = page.url
    page.fill("#note", "half a note")
    page.click("[data-previous]")
    assert page.url != here
    page.goto(here)
    assert page.input_value("#note") == "half a note"


def note_person_plainly(page: Any) -> None:
    page.wait_for_url("**/person")
    page.fill("input[name=age]", "9")
    page.check("input[name=age_certain][value=yes]")
    page.click("#main button.main")
    page.wait_for_url("**/q/**")


def test_nothing_typed_is_lost_by_another_language(browser, server):
    page = browser()
    page.fill("input[name=case_id]", "typed-77")
    page.click(".languages button[value=sr]")
    page.wait_for_function("() => document.documentElement.lang === 'sr'")
    assert page.input_value("input[name=case_id]") == "typed-77"
    page.click("#main button")
    pass_gates(page)
    page.wait_for_url("**/person")
    page.fill("input[name=age]", "1,5")
    page.check("input[name=fact_begs][value=yes]")
    page.click("#main button.main")
    page.wait_for_selector(".problem")
    page.click(".languages button[value=en]")
    page.wait_for_function("() => document.documentElement.lang === 'en'")
    assert page.input_value("input[name=age]") == "1,5" and page.is_checked(
        "input[name=fact_begs][value=yes]"
    )
    assert page.inner_text("#status") == "Not saved yet"
    note_person(page, "9")
    page.click("nav.case button[value=judge]")
    page.wait_for_url("**/view")
    page.fill("textarea[name=why]", "half a reason")
    page.click("nav.case button[value=all]")
    page.wait_for_url("**/all")
    page.click("nav.case button[value=judge]")
    page.wait_for_url("**/view")
    assert page.input_value("textarea[name=why]") == "half a reason"


def test_a_download_that_was_cancelled_is_not_called_saved(browser, server, case):
    page = browser(accept_downloads=True)
    page.goto(f"{server.address}/c/{case}/file")
    page.fill("input[name=passphrase]", WORDS)
    page.fill("input[name=again]", WORDS)
    with page.expect_download() as download:
        page.click("#main button")
    download.value.cancel()
    page.reload()
    assert (
        "put into a file" not in page.inner_text("#status")
        and server.app.state.desk.case(case).filed is None
    )
    with page.expect_download() as download:
        page.click(".handed a")
    assert download.value.suggested_filename == "notes.case"
    page.click(".handed button")
    page.wait_for_selector(".handed", state="detached")
    assert "put into a file" in page.inner_text("#status")


def test_S10_the_printed_finding_has_its_sources_its_receipt_and_the_decision(
    browser, server, case
):
    page = browser()
    page.goto(f"{server.address}/c/{case}/end")
    receipt = page.locator(".mono")
    source = page.locator(".p-law li, .p-sources li").first
    for element in (receipt, source):
        assert not element.is_visible(), "folded up on the screen"
    page.emulate_media(media="print")
    for element in (receipt, source, page.locator(".kept")):
        assert element.is_visible() and element.bounding_box()["height"] > 10
    assert (
        "because" in page.inner_text(".kept")
        and page.locator(".decide form").is_hidden()
        and page.locator(".bar").is_hidden()
    )


def test_a_browser_that_was_closed_gets_in_again_by_a_fresh_address(chromium, server, case):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/")
    assert "Ctrl-C" in page.inner_text("body")
    address = f"{server.address}/?token={server.keys.renew()}"
    page.goto(address)
    page.wait_for_url(f"{server.address}/")
    page.goto(f"{server.address}/c/{case}/all")
    page.goto(address)
    assert path(page) == "/" and page.locator("ul.cases").count() == 1, (
        "the same address once more, in the same browser"
    )
    context.close()
