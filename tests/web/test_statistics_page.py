"""The figures of the casebook as a page and as files, over a real encrypted one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from screening.casebook.laptop import Casebook
from screening.languages import LANGUAGES
from screening.web.guard import Keys
from screening.web.server import create_app
from support.office import WORDS, Office
from support.web import KNOWLEDGE, NAME, PORT, inside
from support.year import a_year

END = "on=2026-11-30"
EXPECTED = f"{END}&expected=0,1&source=a+count"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    book, _ = Casebook.create(tmp_path_factory.mktemp("year") / "cases", WORDS)
    with book:
        book.append(a_year())
        yield Office(book)


@pytest.fixture(scope="module")
def client(office: Office) -> Iterator[TestClient]:
    keys = Keys(PORT, NAME)
    with inside(create_app(keys, KNOWLEDGE, office.cases), keys) as client:
        yield client


def numbers(page: str) -> list[int]:
    """The counts in the cells of its tables that are no medians."""
    tables = [t for t in page.split("<section>") if "median" not in t]
    return [int(n) for t in tables for n in re.findall(r"<td>(\d+)</td>", t)]


def last_of(office: Office) -> tuple[str, str]:
    *_, event = office.book.events(kinds=("viewed", "exported"))
    return event.kind, str(event.data.get("what", ""))


def test_the_page_shows_what_may_be_released_unless_every_count_is_asked_for(
    office: Office, client: TestClient
) -> None:
    page = client.get(f"/statistics?{END}")
    assert page.status_code == 200 and min(numbers(page.text)) >= 10
    assert "left out" in page.text and last_of(office) == ("viewed", "statistics")
    inside_ = client.get(f"/statistics?show=internal&{EXPECTED}")
    assert 0 in numbers(inside_.text) and last_of(office) == ("viewed", "statistics, internal")
    assert "that you looked is recorded" in inside_.text and "according to: a count" in inside_.text


def test_each_picture_says_in_words_what_it_shows_and_has_its_table(client: TestClient) -> None:
    page = client.get(f"/statistics?show=internal&{EXPECTED}").text
    told = re.findall(r'<svg [^>]*role="img" aria-label="([^"]+)"', page)
    assert len(told) == 4 and all(re.search(r"\d", text) for text in told)
    assert page.count("<table") >= len(told)


def test_no_page_or_file_has_a_case_or_a_name(client: TestClient) -> None:
    for path in ("", ".csv", ".svg"):
        text = client.get(f"/statistics{path}?show=internal&{EXPECTED}").text
        assert not [w for w in ("Y-0", "besim", "Shelter", "panel") if w in text]


def test_the_files_are_those_of_the_page_and_are_recorded(
    office: Office, client: TestClient
) -> None:
    answer = client.get(f"/statistics.csv?{END}")
    assert "attachment" in answer.headers["content-disposition"]
    assert last_of(office) == ("exported", "statistics")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    shown = [r for r in rows if r["left_out"] == "False" and not r["table_id"].endswith("_days")]
    assert shown and min(int(r["value"]) for r in shown) >= 10
    assert client.get(f"/statistics.xlsx?{END}").content.startswith(b"PK")
    assert client.get(f"/statistics.svg?{END}").text.lstrip().startswith("<svg")
    assert client.get("/statistics.pdf").status_code == 404


@pytest.mark.parametrize(
    "asked", ["expected=2&source=x", "expected=x&source=x", "expected=0.1", "since=x", "period=day"]
)
def test_what_cannot_be_read_is_said_on_the_page(client: TestClient, asked: str) -> None:
    page = client.get(f"/statistics?{asked}")
    assert page.status_code == 400 and "[U305]" in page.text and "<table" not in page.text
    assert client.get(f"/statistics.csv?{asked}").status_code in (400, 422)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_every_language(client: TestClient, language: str) -> None:
    client.post("/language", data={"lang": language, "back": "/statistics"})
    page = client.get(f"/statistics?show=internal&{EXPECTED}").text
    client.post("/language", data={"lang": "en", "back": "/statistics"})
    assert f'lang="{language}"' in page and ("Children begging" in page) == (language == "en")
