"""Danger, leaving, many windows, paper and typing, in a real browser: what a person sees when
things are in a hurry.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from screening.answers import Answer, Response
from screening.checklist import load_checklist
from screening.interview import Judgement
from screening.web.interview.cases import Seen
from support.browser import (
    HER_ANSWERS,
    answer,
    begin,
    escape,
    follow,
    meet,
    note_person,
    path,
    visit,
)
from support.web import Running

pytestmark = pytest.mark.browser

IDS = list(load_checklist("kosovo").indicators)
WORDS = "ngjyra mali traktor dritare liqen gur"


@pytest.fixture
def case(server: Running) -> str:
    """A case with everything gone through, the finding shown and a decision kept; its key."""
    desk = server.app.state.desk
    key = str(desk.begin(desk.suggestion()))

    def fill(now: Any) -> Any:
        for precondition, choice in {
            "danger": "no",
            "private": "yes",
            "interpreter": "trusted",
            "may_stop": "yes",
            "agreement": "yes",
            "representative": "nobody_yet",
        }.items():
            now = now.precondition(precondition, choice)
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


def preconditions_of(server: Running, key: str) -> Any:
    return server.app.state.desk.interview(key).preconditions


@pytest.mark.parametrize("script", [True, False])
def test_S7_danger_is_recorded_on_a_small_screen_in_two_touches_with_a_bad_age_on_the_page(
    windows, server, case, script
):
    page = windows(width=360, height=740, scripts=script)
    visit(page, f"{server.address}/c/{case}/person")
    page.fill("input[name=age]", "abc")
    page.click(".now summary")
    button = page.locator(".record")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box["y"] + box["height"] < 740 and box["height"] >= 44, "seen without scrolling"
    follow(page, button, "/danger")
    assert preconditions_of(server, case)["danger"] == "yes"
    follow(page, "a.onward")
    visit(page, f"{server.address}/c/{case}/person")
    expect(page.locator("input[name=age]")).to_have_value("abc")


def test_S7_danger_is_recorded_from_every_page_of_a_case(windows, server, case):
    page = windows()
    desk = server.app.state.desk
    for place in (
        "precondition/1",
        "person",
        "q/3",
        "all",
        "danger",
        "view",
        "end",
        "paper",
        "file",
    ):
        desk.save(case, Seen(10**6), lambda now: now.precondition("danger", "no"))
        visit(page, f"{server.address}/c/{case}/{place}")
        page.keyboard.press("d")
        follow(page, "button.record[form=main]")
        expect(page.locator("h1.alarmed"), place).to_be_visible()
        expect(page.locator("button[value=yes][aria-pressed]"), place).to_be_visible()
        assert preconditions_of(server, case)["danger"] == "yes", place


def test_after_esc_esc_going_back_shows_nothing_of_the_case_until_somebody_comes_back_on_purpose(
    windows, server, case
):
    page = windows()
    visit(page, f"{server.address}/c/{case}/all")
    follow(page, "nav.case button[value=file]", "/file")
    escape(page)
    page.wait_for_url("about:blank")
    for _ in range(2):
        page.go_back()
        expect(page).to_have_url(re.compile("/blank$"))
        expect(page.locator("a")).to_have_count(1)
        assert case not in page.content() and "child" not in page.content()
    page.goto(f"{server.address}/c/{case}/all")
    expect(page).to_have_url(re.compile("/blank$"))
    escape(page)
    expect(page).to_have_url(f"{server.address}/")
    visit(page, f"{server.address}/c/{case}/all")
    assert page.locator(".section").count() > 3


def test_without_javascript_leaving_is_the_same_and_a_link_leads_back(windows, server, case):
    page = windows(scripts=False)
    visit(page, f"{server.address}/c/{case}/all")
    page.click(".leave")
    expect(page).to_have_url(re.compile("/blank$"))
    expect(page.locator("a")).to_have_count(1)
    page.go_back()
    expect(page).to_have_url(re.compile("/blank$"))
    expect(page.locator(".section")).to_have_count(0)
    page.click("a")
    expect(page.locator("ul.cases")).to_have_count(1)


def test_leaving_in_one_window_leaves_in_all(windows, server, case):
    one = windows()
    visit(one, f"{server.address}/c/{case}/all")
    two = one.context.new_page()
    visit(two, f"{server.address}/c/{case}/q/40")
    one.click(".leave")
    for window in (one, two):
        window.wait_for_url("about:blank")


def test_many_windows_work_and_see_each_other(windows, server, case):
    first = windows()
    visit(first, f"{server.address}/c/{case}/all")
    every = [first, *(first.context.new_page() for _ in range(8))]
    for window in every[1:]:
        visit(window, f"{server.address}/c/{case}/q/40")
    for window in every:
        expect(window.locator("#others")).to_be_visible()
        expect(window.locator("#alarm")).to_be_hidden()
    answer(every[-1], "no")
    others = first.locator("#others")
    expect(others).to_contain_text("changed")
    for window in every[1:]:
        window.close()
    first.reload()
    expect(others, "the program has said: no news").to_have_attribute("data-state", " false")
    expect(others, "windows that are closed are not counted").to_be_hidden()


SIGN = IDS.index("trained_to_beg")  # no sign of danger: such a one opens help first


def test_words_typed_in_a_window_that_was_overtaken_are_sent_before_the_newest_is_shown(
    windows, server, case
):
    page = windows()
    visit(page, f"{server.address}/c/{case}/q/{SIGN}")
    server.app.state.desk.save(
        case,
        Seen(10**6),
        lambda now: now.answer(IDS[SIGN], Response(Answer.YES, note="the other's")),
    )
    page.fill("#note", "FROM TWO IMPORTANT")
    follow(page, "#others button")
    mine = page.locator(".version", has_text="FROM TWO IMPORTANT")
    expect(mine).to_have_count(1)
    assert any(
        "FROM TWO IMPORTANT" in lost
        for lost in server.app.state.desk.interview(case).record.lost(f"answer:{IDS[SIGN]}")
    )
    follow(page, ".languages button[value=sq]")
    expect(page.locator("html")).to_have_attribute("lang", "sq")
    expect(mine).to_have_count(1)
    follow(page, "nav.case button[value=all]", "/all")


def test_a_note_is_kept_on_the_way_back_without_javascript(windows, server):
    page = windows(scripts=False)
    begin(page)
    meet(page, "9")
    answer(page, "no")
    expect(page).to_have_url(re.compile("/q/"))
    here = path(page)
    page.fill("#note", "half a note")
    follow(page, "[data-previous]")
    assert path(page) != here
    visit(page, server.address + here)
    expect(page.locator("#note")).to_have_value("half a note")


def test_nothing_typed_is_lost_by_another_language(windows, server):
    page = windows()
    page.fill("input[name=case_id]", "typed-77")
    follow(page, ".languages button[value=sr]")
    expect(page.locator("html")).to_have_attribute("lang", "sr")
    expect(page.locator("input[name=case_id]")).to_have_value("typed-77")
    follow(page, "#main button", "/precondition/0")
    follow(page, "#main button[value=no]", "/person")
    page.fill("input[name=age]", "1,5")
    page.check("input[name=age_certain][value=yes]")
    page.check("input[name=fact_begs][value=yes]")
    follow(page, "#main button.main", "/person")
    expect(page.locator(".problem")).to_be_visible()
    follow(page, ".languages button[value=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("input[name=age]")).to_have_value("1,5")
    expect(page.locator("input[name=fact_begs][value=yes]")).to_be_checked()
    expect(page.locator("#status")).to_have_text("Not saved yet")
    note_person(page, "9")
    follow(page, "#main button[value=nobody_yet]")
    follow(page, "nav.case button[value=judge]", "/view")
    page.fill("textarea[name=why]", "half a reason")
    follow(page, "nav.case button[value=all]", "/all")
    follow(page, "nav.case button[value=judge]", "/view")
    expect(page.locator("textarea[name=why]")).to_have_value("half a reason")


def test_a_download_that_was_cancelled_is_not_called_saved(windows, server, case):
    page = windows()
    visit(page, f"{server.address}/c/{case}/file")
    page.fill("input[name=passphrase]", WORDS)
    page.fill("input[name=again]", WORDS)
    with page.expect_download() as download:
        page.click("#main button")
    download.value.cancel()
    page.reload()
    expect(page.locator("#status")).not_to_contain_text("put into a file")
    assert server.app.state.desk.case(case).filed is None
    with page.expect_download() as download:
        page.click(".handed a")
    assert download.value.suggested_filename == "notes.case"
    follow(page, ".handed button")
    expect(page.locator(".handed")).to_have_count(0)
    expect(page.locator("#status")).to_contain_text("put into a file")


def test_S10_the_printed_finding_has_its_sources_its_receipt_and_the_decision(
    windows, server, case
):
    page = windows()
    visit(page, f"{server.address}/c/{case}/end")
    receipt = page.locator(".mono")
    source = page.locator(".p-law li, .p-sources li").first
    for element in (receipt, source):
        expect(element, "folded up on the screen").to_be_hidden()
    page.emulate_media(media="print")
    for element in (receipt, source, page.locator(".kept")):
        expect(element).to_be_visible()
        assert element.bounding_box()["height"] > 10
    expect(page.locator(".kept")).to_contain_text("because")
    expect(page.locator(".decide form")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()


def test_a_browser_that_was_closed_gets_in_again_by_a_fresh_address(chromium, server, case):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/")
    expect(page.locator("body")).to_contain_text("Ctrl-C")
    address = f"{server.address}/?token={server.keys.renew()}"
    visit(page, address)
    expect(page).to_have_url(f"{server.address}/")
    visit(page, f"{server.address}/c/{case}/all")
    visit(page, address)
    expect(page, "the same address once more, in the same browser").to_have_url(
        f"{server.address}/"
    )
    expect(page.locator("ul.cases")).to_have_count(1)
    context.close()
