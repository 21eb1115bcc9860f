"""What is typed is on the disk nowhere: a browser that keeps its windows for the next start, and
the program, looked through for words that were typed into every field.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from support.browser import (
    PATIENCE,
    answer,
    begin,
    follow,
    meet,
    visit,
)
from support.canaries import CANARY, found, written
from support.web import running

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_that_is_typed_is_in_the_browsers_profile(chromium: Browser, tmp_path, scripts):
    profile = tmp_path / "profile"
    with running() as server:
        context = chromium.browser_type.launch_persistent_context(
            str(profile),
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox"],
            java_script_enabled=scripts,
            accept_downloads=False,
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([server.cookie])
        page = context.new_page()
        visit(page, server.address + "/")
        begin(page, CANARY + "ID")
        meet(page, "9")
        case = page.url.split("/q/")[0]
        page.fill("#note", CANARY + "NOTE")
        answer(page, "yes")
        page.fill("#note", CANARY + "LEFT")  # typed, and the page left
        visit(page, case + "/view")
        page.check("input[name=finding][value=refer]")
        page.fill("textarea[name=why]", CANARY + "WHY")
        follow(page, "#main button.main", "/end")
        visit(page, case + "/paper")
        for name in ("from", "to", "name", "needs"):
            page.fill(f"[name={name}]", CANARY + name)
        for button in page.locator('button[formaction$="paper.html"]').all():
            button.evaluate("b => b.removeAttribute('formtarget')") if scripts else None
            with context.expect_event("response", lambda r: "paper" in r.url):
                button.click()
            break
        visit(page, case + "/file")
        page.fill("input[name=passphrase]", CANARY + "P")
        page.fill("input[name=again]", CANARY + "Q")
        with page.expect_response(lambda r: r.request.method == "POST"):
            page.click("#main button.main")  # refused: they differ
        visit(page, server.address + "/")
        page.fill("input[name=case_id]", CANARY + "TWO")
        expect(page.locator("input[name=case_id]")).to_have_value(CANARY + "TWO")
        written(profile, server.address.split("//")[1])
        context.close()
    assert profile.exists() and sum(1 for _ in profile.rglob("*")) > 20
    assert found(profile, CANARY) == []


def test_the_search_for_words_finds_what_a_form_without_care_leaves(chromium: Browser, tmp_path):
    """The control: without `autocomplete=off` the words are there."""
    profile, page_file = tmp_path / "profile", tmp_path / "page.html"
    page_file.write_text("<!doctype html><form><textarea name=note></textarea></form>")
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path="/usr/bin/chromium", args=["--no-sandbox"]
    )
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.fill("textarea", CANARY)
    expect(page.locator("textarea")).to_have_value(CANARY)
    written(profile, page_file.name)
    page.goto("about:blank")
    written(profile, CANARY)
    context.close()
    assert found(profile, CANARY) != []
