"""What the pages say in words: faults in the language of the page, why to stop, whose judgement it
was, which list it was begun with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from screening.casebook.sealed import open_sealed, seal
from screening.i18n import LANGUAGES, words
from support.web import KNOWLEDGE, case, interviewing, number, rev

PASSPHRASE = "six words that do not fit"
ENGLISH = re.compile(
    r"\b(the|this|is no|there is|choose|shorten|passphrase|already|try again|not one|every"
    r" case|anew)\b"
)
OTHERS = [x for x in LANGUAGES if x != "en"]


@pytest.fixture
def client() -> Iterator[TestClient]:
    with interviewing() as c:
        yield c


def sealed(client: TestClient, key: str, **other: object) -> bytes:
    """The file of a case, as an older or another program might have written it."""
    client.post(f"/c/{key}/file", data={"passphrase": PASSPHRASE, "again": PASSPHRASE})
    return seal(
        {**open_sealed(client.get(f"/c/{key}/file.case").content, PASSPHRASE), **other}, PASSPHRASE
    )


def problem(page: str) -> str:
    return re.search(r'<p class="problem" role="alert">(.*?)</p>', page, re.S)[1]


FAULTS = {
    "U311": lambda c, key, file: c.post(
        "/open", data={"passphrase": "another passphrase"}, files={"file": file}
    ),
    "U312": lambda c, key, file: c.post(
        "/open", data={"passphrase": PASSPHRASE}, files={"file": file[:-5]}
    ),
    "U312 other": lambda c, key, file: c.post(
        "/open", data={"passphrase": PASSPHRASE}, files={"file": b"%PDF-1.7"}
    ),
    "U313": lambda c, key, file: c.post(
        f"/c/{key}/file", data={"passphrase": "short", "again": "short"}
    ),
    "U313 twice": lambda c, key, file: c.post(
        f"/c/{key}/file", data={"passphrase": PASSPHRASE, "again": "x"}
    ),
    "U305": lambda c, key, file: c.post(
        "/open",
        data={"passphrase": PASSPHRASE},
        files={"file": sealed(c, key, checklist="kosovo-street")},
    ),
    "U305 forget": lambda c, key, file: c.post(f"/c/{key}/drop", data={"confirm": "x"}),
    "C241": lambda c, key, file: c.post(
        "/open", data={"passphrase": PASSPHRASE}, files={"file": seal({"format": 7}, PASSPHRASE)}
    ),
    "C212": lambda c, key, file: c.post(
        f"/c/{key}/person", data={"age": "150", "age_certain": "yes", "rev": rev(c, key)}
    ),
    "C210": lambda c, key, file: c.post("/new", data={"case_id": "  "}),
    "U302": lambda c, key, file: c.post("/new", data={"case_id": "A-1"}),
    "U304": lambda c, key, file: c.get("/c/00000000"),
    "U304 question": lambda c, key, file: c.get(f"/c/{key}/q/9999"),
    "C242": lambda c, key, file: c.post(
        f"/c/{key}/q/3", data={"answer": "yes", "note": "x" * 4001, "rev": rev(c, key)}
    ),
    "U304 file": lambda c, key, file: c.post(f"/c/{case(c, case_id='A-2')}/filed"),
    "C242 number": lambda c, key, file: c.post("/new", data={"case_id": "x" * 5000}),
    "C203": lambda c, key, file: c.post("/new", data={"case_id": "a\ufffd"}),
    "C220": lambda c, key, file: c.post(
        f"/c/{key}/q/3", data={"answer": "maybe", "rev": rev(c, key)}
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", FAULTS)
def test_what_an_officer_can_meet_is_said_in_the_language_of_the_page_with_its_code(
    client, fault, language
):
    key = case(client)
    file = sealed(client, key)
    client.post("/language", data={"lang": language})
    said = problem(FAULTS[fault](client, key, file).text)
    assert f"[{fault[:4]}]" in said
    assert (ENGLISH.search(said) is None) == (language != "en"), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/c/{key}/q/abc", 404),
        ("GET", "/c/{key}/precondition/x", 404),
        ("POST", "/c/{key}/q/abc", 404),
        ("POST", "/open", 422),
        ("GET", "/new", 405),
        ("POST", "/card", 405),
        ("GET", "/nothing", 404),
    ],
)
def test_what_the_framework_refuses_is_a_page_of_ours_in_the_language_of_the_page(
    client, language, method, path, status
):
    key = case(client)
    client.post("/language", data={"lang": language})
    answer = client.request(
        method, path.format(key=key), data={"x": "y"} if method == "POST" else None
    )
    assert answer.status_code == status and answer.headers["content-type"].startswith("text/html")
    assert (
        "detail" not in answer.text.split("<main")[1].split("</main>")[0]
        and f'<html lang="{language}">' in answer.text
    )
    assert (
        words(language)("There is no such page" if status == 404 else "That did not work")
        in answer.text
    )


def test_programs_still_get_the_framework_s_json(client):
    assert client.post("/api/score", json={}).headers[
        "content-type"
    ] == "application/json" and client.get("/api/score").json() == {"detail": "Method Not Allowed"}


def judged(client: TestClient) -> str:
    key = case(client)
    client.post(
        f"/c/{key}/q/{number('daily_quota')}", data={"answer": "yes", "rev": rev(client, key)}
    )
    assert (
        client.post(
            f"/c/{key}/view",
            data={"finding": "look_further", "why": "my own", "rev": rev(client, key)},
        ).headers["location"]
        == f"/c/{key}/end"
    )
    return key


def test_S9_once_the_finding_was_shown_finish_leads_to_it_and_a_late_window_changes_no_judgement(
    client,
):
    key = judged(client)
    before = rev(client, key)
    assert "my own" in client.get(f"/c/{key}/end").text
    assert client.get(f"/c/{key}/view").headers["location"] == f"/c/{key}/end"
    assert (
        client.post(
            f"/c/{key}/view",
            data={"finding": "act_now", "why": "FROM A LATE WINDOW", "rev": before},
        ).status_code
        == 303
    )
    kept = open_sealed(sealed(client, key), PASSPHRASE)
    assert kept["judgement"] == {"finding": "look_further", "why": "my own"}
    assert ["late judgement", "", "act_now: FROM A LATE WINDOW"] in kept["changes"], (
        "what was typed is not lost"
    )
    assert (
        words("en")("It stays as it was before the finding was shown.")
        in client.get(f"/c/{key}/end").text
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_danger_the_page_says_what_stays_open_and_goes_on_in_one_step_until_told_otherwise(
    client, language
):
    key = case(client)
    client.post("/language", data={"lang": language})
    client.post(f"/c/{key}/danger", data={"choice": "yes", "rev": rev(client, key)})
    client.get(f"/c/{key}/danger")
    onward = client.get(f"/c/{key}").headers["location"]
    page = client.get(onward).text
    said = words(language)(
        "Danger alone decides the finding now, so it needs no more questions. Whether the"
        " person is exploited is still open: ask when it is safe."
    )
    assert onward == f"/c/{key}/view" and said in page
    assert 'name="go" value="more"' in page.split(said)[1].split("</p>")[0]
    place = client.post(onward, data={"go": "more", "rev": rev(client, key)}).headers["location"]
    for _ in range(3):
        question = client.get(place).headers["location"]
        assert re.fullmatch(rf"/c/{key}/q/\d+\?more=1", question)
        action = re.search(
            r'<form id="main" method="post" action="([^"]+)"', client.get(question).text
        )[1]
        place = client.post(action, data={"answer": "unknown", "rev": rev(client, key)}).headers[
            "location"
        ]
        assert place == f"/c/{key}?more=1"
    assert (
        client.post(action, data={"go": "next", "rev": rev(client, key)}).headers["location"]
        == f"/c/{key}?more=1"
    )
    assert (
        client.post(action, data={"lang": "sq", "rev": rev(client, key)}).headers["location"]
        == action
    )


@pytest.mark.parametrize(
    "other",
    [
        {"sha256": "0" * 64, "version": "2025.1.1"},
        {"weights": "2025-01-01-older"},
        {"weights_sha256": "000000" + "a" * 58},
    ],
)
def test_S20_a_file_begun_with_another_list_or_other_weights_says_so_on_every_page_of_the_case(
    client, other
):
    key = judged(client)
    client.get(f"/c/{key}/end")
    file = sealed(client, key, case_id="B-2", **other)
    opened = client.post("/open", data={"passphrase": PASSPHRASE}, files={"file": file}).headers[
        "location"
    ]
    for page in (
        "/all",
        "/q/3",
        "/precondition/0",
        "/person",
        "/danger",
        "/end",
        "/paper",
        "/file",
    ):
        said = client.get(opened + page).text
        assert (
            str(next(reversed(other.values())))[:16].removesuffix("a" * 10) in said
            and KNOWLEDGE.checklist.version in said
            and KNOWLEDGE.weights.id in said
        ), page
    assert 'class="note moved"' not in client.get(f"/c/{key}/all").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_S16_what_can_be_seen_is_one_page_that_keeps_what_was_ticked_and_can_be_changed(
    client, language
):
    key = case(client)
    client.post("/language", data={"lang": language})
    met = {"age": "9", "age_certain": "yes", "fact_setting": "street_night", "fact_begs": "yes"}

    def send(place: str, **fields: str) -> str:
        data = {**fields, "rev": rev(client, key)}
        return client.post(f"/c/{key}/{place}", data=data).headers["location"]

    def kept() -> dict[str, str]:
        answers = client.store.get("A-1").answers
        known = {i: str(a.answer) for i, a in answers.items() if i != "danger_now"}
        return {i: a for i, a in known.items() if a != "not_asked"}

    send("person", **met)
    send("precondition/5", choice="nobody_yet")
    assert client.get(f"/c/{key}").headers["location"] == f"/c/{key}/look"
    say = words(language)
    page = client.get(f"/c/{key}/look").text
    assert say("What do you see?") in page and page.count('type="checkbox"') > 10
    assert send("look", see_others_answer="yes", lang="en") == f"/c/{key}/look" and not kept()
    page = client.get(f"/c/{key}/look").text
    assert re.search(r'name="see_others_answer" value="yes" checked', page), "it waits"
    client.post("/language", data={"lang": language})
    send("look", see_others_answer="yes", see_begging_hazard="yes")
    assert kept() == {"others_answer": "yes", "begging_hazard": "yes"}
    onward = client.get(f"/c/{key}").headers["location"]
    assert onward == f"/c/{key}/view"
    open_still = say("Still open, and could change the finding: {what}.").split(":")[0]
    page = client.get(onward).text
    assert open_still in page and f'href="/c/{key}/look"' in page, "the pause leads on"
    send("look", see_others_answer="yes")
    assert kept() == {"others_answer": "yes"}, "what is ticked no more is open again"
    send("look", see_others_answer="yes", see_infant_unnaturally_still="yes")
    assert client.get(f"/c/{key}").headers["location"] == f"/c/{key}/danger", "S21"
