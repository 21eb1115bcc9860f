"""The letter from the pages: what is required is asked for with nothing lost, and in danger one tap is
enough.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from screening.i18n import LANGUAGES, words
from screening.paper.letter.fields import REQUIRED, field_words
from support.axe import faults
from support.browser import resize
from support.web import LETTER, case, interviewing, rev


@pytest.fixture
def client() -> Iterator[TestClient]:
    with interviewing() as c:
        yield c


def judged(client: TestClient) -> str:
    key = case(client)
    client.post(f"/c/{key}/view", data={"finding": "refer", "rev": rev(client, key)})
    return key


@pytest.mark.parametrize("field", REQUIRED)
@pytest.mark.parametrize("kind", ["pdf", "html", "txt"])
def test_a_required_field_that_is_empty_is_named_and_everything_else_is_there_again(
    client: TestClient, field: str, kind: str
):
    key = judged(client)
    typed = {**LETTER, field: ""}
    answer = client.post(f"/c/{key}/paper.{kind}", data={"rev": rev(client, key), **typed})
    page = html.unescape(answer.text)
    assert answer.status_code == 422 and "[U319]" in page
    assert (
        field_words(words("en"))[field]
        in page.split('class="problem" role="alert"')[1].split("</p>")[0]
    )
    assert "--set" not in page, "nobody here has a command line"
    assert all(text in page for name, text in typed.items() if name != field)
    assert page.count('aria-invalid="true"') == 1
    assert client.store.get("A-1").letter["to"] == typed["to"]


def test_the_form_asks_for_nothing_that_is_known(client: TestClient):
    key = judged(client)
    page = client.get(f"/c/{key}/paper").text
    assert 'name="from"' in page and 'name="companion"' in page
    assert 'name="notes_language"' not in page, "no note is written"
    client.post(
        f"/c/{key}/person",
        data={"age": "9", "age_certain": "yes", "fact_company": "alone", "rev": rev(client, key)},
    )
    assert 'name="companion"' not in client.get(f"/c/{key}/paper").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_S7_from_the_page_of_danger_one_tap_gives_a_letter_with_what_is_known(
    client: TestClient, language: str
):
    key = client.post("/new", data={"case_id": "A-1"}).headers["location"].removeprefix("/c/")
    client.post(f"/c/{key}/q/7", data={"answer": "yes", "note": "seen", "rev": rev(client, key)})
    client.cookies.set("notes_language", language)
    assert f'action="/c/{key}/danger/letter"' in client.get(f"/c/{key}/danger").text
    answer = client.post(f"/c/{key}/danger/letter")
    assert answer.status_code == 200 and 'class="danger"' in answer.text
    record = client.store.get("A-1")
    assert record.answers["danger_now"].answer == "yes"
    assert [c.what for c in record.changes][-1] == "letter"
    assert "shown" not in [c.what for c in record.changes], "no finding before a judgement (S9)"
    assert words(language)("Reply slip: fill in and send back") in html.unescape(answer.text)


def test_a_letter_as_text_is_one_that_can_be_read_out(client: TestClient):
    key = judged(client)
    answer = client.post(f"/c/{key}/paper.txt", data={"rev": rev(client, key), **LETTER})
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Place: Crossing" in answer.text


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_form_fits_a_phone_and_prints_with_the_slip(chromium, server, script: bool):
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=script
    )
    context.add_cookies([server.cookie])
    page = context.new_page()
    page.goto(server.address)
    page.fill("input[name=case_id]", f"letter-{script}")
    page.click("#main button.main")
    page.wait_for_url("**/precondition/0")
    page.goto(page.url.split("/precondition")[0] + "/danger")
    with context.expect_page() as opened:
        page.click("form[action$='/danger/letter'] button")
    letter = opened.value
    expect(letter.locator(".slip")).to_be_visible()
    assert letter.evaluate("document.documentElement.scrollWidth") <= 360
    resize(letter, 1280)
    if script:
        assert faults(letter) == []
    context.close()
