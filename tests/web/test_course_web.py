"""The pages of a course: what decides an answer, the age as the story has it, faults in the
language of the page, and no dead end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from screening.i18n import LANGUAGES, words
from support.course import KOSOVO, LESSONS, SETS, keyed
from support.web import interviewing

ENGLISH = re.compile(r"\b(the|this|is no|there|choose|shorten|already|begin|take|begun|not)\b")
OTHERS = [x for x in LANGUAGES if x != "en"]


@pytest.fixture
def client() -> Iterator[TestClient]:
    with interviewing() as c:
        yield c


def begun(client: TestClient, set_id: str = "on-the-street") -> str:
    return client.post("/course/new", data={"set": set_id}).headers["location"]


def kept(client: TestClient, here: str, **changed: Any) -> bytes:
    return json.dumps({**client.post(f"{here}/keep").json(), **changed}).encode()


def place(vignette: str) -> tuple[str, int]:
    """The set that has a vignette in a course, and where."""
    set_id = next(s.id for s in SETS.values() if any(v.id == vignette for v in s.cases))
    return set_id, [v for v in LESSONS if any(c.id == v for c in SETS[set_id].cases)].index(
        vignette
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_item_stands_with_what_decides_its_answer_and_the_key_says_it_again(client, language):
    client.post("/language", data={"lang": language, "back": "/course"})
    here, lesson, texts = begun(client), LESSONS["S-01"], KOSOVO.texts(language)
    page = " ".join(unescape(client.get(f"{here}/0").text).split())
    for item in lesson.items:
        assert (
            f"<legend>{texts.statement(item)} <small>{texts.rule(item)}</small></legend>" in page
        ), item
    assert texts.get("indicators", "confined_or_watched", "help").split()[0] in texts.rule(
        "confined_or_watched"
    )
    answers = keyed(lesson, confined_or_watched="no")
    client.post(
        f"{here}/0",
        data={"judgement": lesson.finding, **{f"item_{i}": told for i, told in answers.items()}},
    )
    assert f"{words(language)('What counts')}: {texts.rule('confined_or_watched')}" in unescape(
        client.get(f"{here}/0/key").text
    )


def test_an_age_that_is_not_certain_is_told_as_such(client):
    unsure = next(
        v
        for v, lesson in LESSONS.items()
        if lesson.vignette.age is not None and lesson.vignette.age_certain == "no"
    )
    set_id, n = place(unsure)
    assert (
        f"age {LESSONS[unsure].vignette.age} (not certain) ·"
        in client.get(f"{begun(client, set_id)}/{n}").text
    )


FAULTS = {
    "U304": lambda c, here: c.get("/course/0000"),
    "U304 vignette": lambda c, here: c.get(f"{here}/999"),
    "U305": lambda c, here: c.post("/course/new", data={"set": "none"}),
    "U305 name": lambda c, here: c.post(f"{here}/report.html", data={"name": "x" * 121}),
    "U307": lambda c, here: c.post(f"{here}/report.pdf"),
    "C240": lambda c, here: c.post(f"{here}/0", data={"judgement": "guilty"}),
    "C220": lambda c, here: c.post(
        f"{here}/0", data={f"item_{LESSONS['S-01'].items[0]}": "perhaps"}
    ),
    "U302": lambda c, here: c.post("/course/open", files={"file": kept(c, here)}),
    "U305 list": lambda c, here: c.post(
        "/course/open",
        files={
            "file": kept(
                c, here, code="b-1", checklist={"id": "x", "version": "1", "sha256": "0" * 64}
            )
        },
    ),
    "U315": lambda c, here: c.post(
        "/course/open",
        files={"file": kept(c, here, code="b-2", weights={"id": "x", "sha256": "0" * 64})},
    ),
    "U314": lambda c, here: c.post("/course/open", files={"file": b"{}"}),
    "U314 large": lambda c, here: c.post("/course/open", files={"file": b" " * (1 << 21)}),
    "U314 deep": lambda c, here: c.post("/course/open", files={"file": b"[" * 100_000}),
}


def problem(page: str) -> str:
    """What is said before the code, without what is quoted from a file or is data."""
    return re.sub(
        r"\([^()]*\)|'[^']*'|[a-z]+-the-street",
        "",
        unescape(re.search(r'<p class="problem" role="alert">(.*?)</p>', page, re.S)[1]),
    )


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_course_is_said_in_the_language_of_the_page(client, fault, language):
    client.post("/language", data={"lang": language, "back": "/course"})
    answer = FAULTS[fault](client, begun(client))
    said = problem(answer.text)
    assert (
        answer.status_code >= 400 and f"[{fault.split()[0]}]" in said and not ENGLISH.search(said)
    ), said


@pytest.mark.parametrize("fault", FAULTS)
def test_another_language_after_a_fault_never_leads_to_a_dead_end(client, fault):
    page = FAULTS[fault](client, begun(client)).text
    back = re.search(r'name="back" value="([^"]*)"', page)[1]
    answer = client.post("/language", data={"lang": "sq", "back": back}, follow_redirects=True)
    assert answer.status_code == (404 if fault.startswith("U304") else 200), (
        "what is not there stays so, in the other language"
    )
