"""Whom to call, on the pages: danger, the card, and the page that a station fills in once."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from screening.contacts import contacts, read_contacts
from screening.i18n import LANGUAGES, day_in_words
from support.web import KNOWLEDGE, interviewing, outside


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with interviewing() as c:
        c.app.state.contacts = c.file = tmp_path / "contacts.yaml"
        c.post("/new", data={"case_id": "A-1"})
        (c.key,) = c.desk.cases()
        yield c


FILLED = {
    "csw_on_duty": "038 200 111",
    "csw_on_duty_by": "A. Krasniqi",
    "thbd": "038 200 222",
    "unit": "Station 3",
}


def test_what_is_filled_in_once_is_on_the_page_of_danger_and_on_the_card_with_who_verified_it(
    client: TestClient,
):
    assert client.post("/contacts", data=FILLED).headers["location"] == "/contacts?kept=1"
    today = day_in_words(date.today(), "en")
    for path in (f"/c/{client.key}/danger", "/card"):
        page = html.unescape(client.get(path).text)
        for number in ("038200111", "038200222", "112", "194"):
            assert f'href="tel:{number}"' in page, path
        assert f"verified by A. Krasniqi, {today}" in page
        assert "not verified: check before you use it" in page
    assert read_contacts(client.file).station.unit == "Station 3"


def test_who_verified_a_number_stays_until_somebody_changes_it(client: TestClient):
    client.post("/contacts", data=FILLED)
    old = client.file.read_text("utf-8").replace(date.today().isoformat(), "2026-01-02")
    client.file.write_text(old, "utf-8")
    client.post("/contacts", data=FILLED | {"unit": "Station 4"})
    found = contacts(KNOWLEDGE.checklist, "en", client.file)
    assert found["csw_on_duty"].on == date(2026, 1, 2) and found.unit == "Station 4"
    client.post("/contacts", data=FILLED | {"csw_on_duty": "038 9", "csw_on_duty_by": ""})
    client.post("/contacts", data=FILLED | {"csw_on_duty": "038 99", "csw_on_duty_by": ""})
    assert contacts(KNOWLEDGE.checklist, "en", client.file)["csw_on_duty"].status == "unverified"


def test_one_field_that_cannot_stand_keeps_all_that_was_typed_and_writes_nothing(
    client: TestClient,
):
    answer = client.post("/contacts", data=FILLED | {"thbd": "call me", "address": "x" * 300})
    page = html.unescape(answer.text)
    assert answer.status_code == 422 and page.count("[K107]") == 2
    assert 'value="call me"' in page and 'value="038 200 111"' in page
    assert not client.file.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_S7_a_file_that_cannot_be_read_never_keeps_help_away_and_is_not_written_over(
    client: TestClient, language: str
):
    client.file.write_text("format: 1\nnumbers: {thbd: {number: x}}\n", "utf-8")
    client.cookies.set("notes_language", language)
    page = client.get(f"/c/{client.key}/danger")
    assert page.status_code == 200 and 'href="tel:112"' in page.text and "[K107]" in page.text
    assert client.get("/card").status_code == 200
    answer = client.post("/contacts", data=FILLED)
    assert answer.status_code == 422 and "[K107]" in answer.text
    assert client.file.read_text("utf-8").endswith("{number: x}}\n")


def test_the_bar_on_every_page_calls_in_one_tap(client: TestClient):
    for path in ("/", f"/c/{client.key}/precondition/0", "/contacts"):
        bar = client.get(path).text.split("<header")[1].split("</header>")[0]
        assert 'href="tel:112"' in bar and 'href="tel:194"' in bar


def test_whoever_is_locked_out_sees_whom_to_call(client: TestClient):
    page = outside(client.keys, accept="text/html").get("/")
    assert page.status_code == 401 and 'href="tel:112"' in page.text
