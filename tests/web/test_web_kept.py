"""What is typed, pressed or sent is not lost: danger, the words of a second window, half a form, a
file that never arrived.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from screening.casebook.sealed import open_sealed
from screening.interview import Interview, Record
from screening.web.guard import Keys
from screening.web.interview.cases import Window
from support.web import KNOWLEDGE, NAME, PORT, case, interviewing, outside, rev

WORDS = "six words that do not belong"
NAMES = list(KNOWLEDGE.checklist.indicators)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with interviewing() as c:
        yield c


def fields(page: str) -> dict[str, str]:
    """What the boxes of a page show: texts, and the radio buttons that are chosen."""
    shown = {
        k: html.unescape(v)
        for k, v in re.findall(r'<input name="(\w+)"[^>]*?value="([^"]*)"', page)
    }
    shown |= {
        k: html.unescape(v)
        for k, v in re.findall(r'<textarea[^>]*?name="(\w+)"[^>]*>([^<]*)</textarea>', page)
    }
    return shown | dict(
        re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"(?: required)? checked>', page)
    )


# -- danger ----------------------------------------------------------------------------------------


def test_S7_danger_is_recorded_whatever_is_wrong_with_the_page_it_is_pressed_on(client):
    key = case(client)
    page = client.get(f"/c/{key}/person").text
    assert re.search(
        rf'formaction="/c/{key}/danger"[^>]*name="choice" value="yes" formnovalidate', page
    )
    assert page.index("Record danger") < page.index("112: anyone hurt"), (
        "above the steps, not below them"
    )
    typed = {
        "age": "abc",
        "age_certain": "perhaps",
        "fact_company": "family",
        "rev": "0",
        "page": f"/c/{key}/person",
    }
    answer = client.post(f"/c/{key}/danger", data={"choice": "yes", **typed})
    assert answer.status_code == 303 and answer.headers["location"] == f"/c/{key}/danger"
    record = client.store.get("A-1")
    assert record.answers["danger_now"].answer == "yes" and record.age == 9
    assert fields(client.get(f"/c/{key}/person").text)["age"] == "abc", (
        "what was typed waits where it was typed"
    )


def test_S7_danger_is_recorded_from_a_window_that_has_not_seen_what_another_did(client):
    key = case(client)
    old = rev(client, key)
    client.post(f"/c/{key}/danger", data={"choice": "unknown", "rev": old})
    client.post(f"/c/{key}/q/7", data={"answer": "yes", "note": "one", "rev": old})
    answer = client.post(
        f"/c/{key}/danger",
        data={"choice": "yes", "rev": old, "note": "two", "page": f"/c/{key}/q/7"},
    )
    assert answer.headers["location"] == f"/c/{key}/danger"
    record = client.store.get("A-1")
    assert (
        record.answers["danger_now"].answer == "yes"
        and record.answers[NAMES[7]].note == "one"
        and any("two" in lost for lost in record.lost(f"answer:{NAMES[7]}"))
    )


def test_S7_words_typed_beside_the_danger_button_are_kept(client):
    key = case(client)
    client.post(
        f"/c/{key}/danger",
        data={
            "choice": "yes",
            "rev": rev(client, key),
            "note": "he pulls her away",
            "basis": "observed",
            "page": f"/c/{key}/q/7",
        },
    )
    assert client.store.get("A-1").answers[NAMES[7]].note == "he pulls her away"
    for page in ("//evil.example", "/c/other/person", f"/c/{key}/q/999", f"/c/{key}/q/x", ""):
        assert (
            client.post(
                f"/c/{key}/danger", data={"choice": "yes", "note": "x", "age": "1", "page": page}
            ).status_code
            == 303
        )


# -- the preconditions -------------------------------------------------------------------------------------


def test_S7_S8_until_every_precondition_is_gone_through_pages_of_questions_and_findings_lead_to_the_first_that_is_not(
    client,
):
    key = client.post("/new", data={"case_id": "A"}).headers["location"].removeprefix("/c/")
    together = {
        "private": "yes",
        "interpreter": "not_needed",
        "may_stop": "yes",
        "agreement": "yes",
    }
    for first, sent in (
        ("precondition/0", {"choice": "no"}),
        ("person", {"age": "9", "age_certain": "yes"}),
        ("precondition/5", {"choice": "guardian"}),
        ("before", together),
    ):
        for place in ("q/3", "q/40", "all", "view", "end", "paper", "check"):
            assert client.get(f"/c/{key}/{place}").headers["location"] == f"/c/{key}/{first}", place
        for place in ("danger", "file", first):
            page = client.get(f"/c/{key}/{place}")
            assert (
                page.status_code == 200
                and 'value="all"' not in page.text
                and 'value="judge"' not in page.text
                and "112: anyone hurt" in page.text
            )
        client.post(f"/c/{key}/{first}", data={**sent, "rev": rev(client, key)})
    assert (
        client.get(f"/c/{key}/all").status_code == client.get(f"/c/{key}/view").status_code == 200
    )


def test_S8_a_judgement_sent_before_the_preconditions_is_kept_and_shows_no_finding(client):
    key = client.post("/new", data={"case_id": "A"}).headers["location"].removeprefix("/c/")
    client.post(f"/c/{key}/view", data={"finding": "refer", "why": "x", "rev": "0"})
    client.post(f"/c/{key}/q/7", data={"answer": "yes", "note": "seen", "rev": rev(client, key)})
    assert client.get(f"/c/{key}/end").headers["location"] == f"/c/{key}/precondition/0"
    assert (
        client.post(f"/c/{key}/paper.html", data={"rev": rev(client, key)}).headers["location"]
        == f"/c/{key}/precondition/0"
    )
    record = client.store.get("A")
    assert (
        not record.shown and record.judgement.why == "x" and record.answers[NAMES[7]].note == "seen"
    )


# -- two windows -----------------------------------------------------------------------------------


def quarrel(client: TestClient, key: str, **more: str) -> str:
    seen = rev(client, key)
    client.post(f"/c/{key}/q/7", data={"answer": "yes", "note": "one", "rev": seen})
    answer = client.post(
        f"/c/{key}/q/7", data={"answer": "no", "note": "FROM TWO IMPORTANT", "rev": seen, **more}
    )
    assert answer.status_code == 409
    return answer.text


def test_what_loses_against_another_window_stays_in_the_record_and_in_its_file_and_counts_for_nothing(
    client,
):
    key = case(client)
    quarrel(client, key)
    record = client.store.get("A-1")
    assert record.answers[NAMES[7]].note == "one" and record.answers[NAMES[7]].answer == "yes"
    assert [c.after for c in record.changes if c.what == f"conflict:answer:{NAMES[7]}"] == [
        "no: FROM TWO IMPORTANT"
    ]
    client.post(f"/c/{key}/file", data={"passphrase": WORDS, "again": WORDS})
    again = Record.from_dict(open_sealed(client.get(f"/c/{key}/file.case").content, WORDS))
    assert again.lost(f"answer:{NAMES[7]}") == ("no: FROM TWO IMPORTANT",)
    assert "FROM TWO IMPORTANT" in client.get(f"/c/{key}/q/7").text, (
        "and is shown where it was typed"
    )
    k = KNOWLEDGE
    assert (
        Interview(k.checklist, k.weights, k.protocol, again).case.answers[NAMES[7]].answer == "yes"
    )


def test_a_version_that_lost_is_no_quarrel_with_what_comes_after(client):
    key = case(client)
    before = rev(client, key)
    quarrel(client, key)
    assert client.post(f"/c/{key}/q/8", data={"answer": "yes", "rev": before}).status_code == 303
    assert (
        client.post(
            f"/c/{key}/q/7", data={"answer": "yes", "note": "one", "rev": before}
        ).status_code
        == 303
    ), "what counts is no quarrel"
    size = len(client.store.get("A-1").changes)
    for _ in range(3):
        assert (
            client.post(
                f"/c/{key}/q/7", data={"answer": "no", "note": "FROM TWO IMPORTANT", "rev": before}
            ).status_code
            == 409
        )
    assert len(client.store.get("A-1").changes) == size, "said again, it is not kept again"


def test_the_page_of_two_versions_speaks_another_language_with_both_still_there(client):
    key = case(client)
    text = quarrel(client, key)
    again = re.search(r'<form id="again" method="post" action="([^"]+)"[^>]*>(.*?)</form>', text)
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', again[2]))
    other = client.post(again[1], data={**sent, "lang": "sr-Cyrl"})
    assert (
        other.status_code == 409
        and 'lang="sr-Cyrl"' in other.text
        and "FROM TWO IMPORTANT" in other.text
        and "yes: one" in other.text
    )
    assert "notes_language=sr-Cyrl" in other.headers["set-cookie"]


def test_half_a_form_that_loses_is_kept_whole(client):
    key = case(client)
    old = rev(client, key)
    client.post(
        f"/c/{key}/person", data={"age": "10", "age_certain": "yes", "fact_begs": "no", "rev": old}
    )
    assert (
        client.post(
            f"/c/{key}/person",
            data={
                "age": "11",
                "age_certain": "yes",
                "fact_begs": "yes",
                "fact_works": "yes",
                "rev": old,
            },
        ).status_code
        == 409
    )
    record = client.store.get("A-1")
    assert (record.age, record.facts["begs"]) == (10, "no") and "works" not in record.facts
    assert (record.lost("age"), record.lost("fact:begs"), record.lost("fact:works")) == (
        ("11",),
        ("yes",),
        ("yes",),
    )
    assert fields(client.get(f"/c/{key}/person").text)["age"] == "10"


# -- half a form -----------------------------------------------------------------------------------


@pytest.mark.parametrize("button", [{"lang": "sq"}, {"go": "next"}, {"go": "all"}])
def test_a_changed_basis_is_kept_whatever_button_is_pressed(client, button):
    key = case(client)
    n = next(
        n for n, i in enumerate(NAMES) if KNOWLEDGE.checklist.indicators[i].mode.child == "ask"
    )
    client.post(
        f"/c/{key}/q/{n}", data={"note": "", "basis": "document", "rev": rev(client, key), **button}
    )
    assert fields(client.get(f"/c/{key}/q/{n}").text)["basis"] == "document"
    client.post(
        f"/c/{key}/q/{n}",
        data={"answer": "yes", "note": "", "basis": "document", "rev": rev(client, key)},
    )
    client.post(
        f"/c/{key}/q/{n}", data={"note": "", "basis": "observed", "rev": rev(client, key), **button}
    )
    given = client.store.get("A-1").answers[NAMES[n]]
    assert (given.answer, given.basis) == ("yes", "observed")


def test_no_page_proposes_what_an_answer_rests_on(client):
    key = case(client)
    assert "basis" not in fields(client.get(f"/c/{key}/q/7").text)
    client.post(f"/c/{key}/q/7", data={"answer": "yes", "note": "", "rev": rev(client, key)})
    assert client.store.get("A-1").answers[NAMES[7]].basis == "", "one tap on yes records no basis"


def test_a_note_to_an_item_that_was_left_open_leaves_it_so(client):
    key = case(client)
    client.post(f"/c/{key}/q/7", data={"answer": "open", "rev": rev(client, key)})
    client.post(f"/c/{key}/q/7", data={"note": "later", "go": "all", "rev": rev(client, key)})
    record = client.store.get("A-1")
    assert NAMES[7] in record.passed and record.answers[NAMES[7]].note == "later"


@pytest.mark.parametrize(
    "button", [{"lang": "sq"}, {"go": "all"}, {"go": "danger"}, {"go": "more"}]
)
def test_a_reason_without_a_judgement_waits_on_its_page_and_is_not_called_saved(client, button):
    key = case(client)
    client.post(f"/c/{key}/view", data={"why": "half a reason", "rev": rev(client, key), **button})
    page = client.get(f"/c/{key}/view").text
    assert (
        fields(page)["why"] == "half a reason"
        and 'class="unsaved"' in page
        and client.store.get("A-1").judgement is None
    )
    client.post(
        f"/c/{key}/view", data={"finding": "refer", "why": "a reason", "rev": rev(client, key)}
    )
    page = client.get(f"/c/{key}/view").text
    assert fields(page)["why"] == "a reason" and 'class="unsaved"' not in page


def test_another_language_records_no_judgement(client):
    key = case(client)
    client.post(
        f"/c/{key}/view",
        data={"finding": "refer", "why": "x", "lang": "sq", "rev": rev(client, key)},
    )
    assert (
        client.store.get("A-1").judgement is None
        and fields(client.get(f"/c/{key}/view").text)["finding"] == "refer"
    )
    client.post(f"/c/{key}/view", data={"finding": "refer", "why": "x", "rev": rev(client, key)})
    client.post(
        f"/c/{key}/end",
        data={"finding": "act_now", "why": "y", "lang": "sq", "rev": rev(client, key)},
    )
    assert client.store.get("A-1").decision is None
    assert fields(client.get(f"/c/{key}/end").text) | {"finding": "act_now", "why": "y"} == fields(
        client.get(f"/c/{key}/end").text
    )


@pytest.mark.parametrize("button", [{}, {"lang": "sq"}, {"go": "all"}])
def test_after_a_bad_age_everything_else_on_the_form_stands_as_it_was_put(client, button):
    key = case(client)
    answer = client.post(
        f"/c/{key}/person",
        data={
            "age": "abc",
            "age_certain": "no",
            "fact_company": "alone",
            "fact_begs": "yes",
            "rev": rev(client, key),
            **button,
        },
    )
    assert answer.status_code == (303 if button else 400)
    shown = fields(answer.text if not button else client.get(f"/c/{key}/person").text)
    assert (shown["age"], shown["age_certain"], shown["fact_company"], shown["fact_begs"]) == (
        "abc",
        "no",
        "alone",
        "yes",
    )
    assert client.store.get("A-1").age == 9
    client.post(
        f"/c/{key}/person",
        data={"age": "11", "age_certain": "yes", "fact_company": "alone", "rev": rev(client, key)},
    )
    assert fields(client.get(f"/c/{key}/person").text)["age"] == "11"


def test_another_language_does_not_go_through_the_person_page(client):
    key = client.post("/new", data={"case_id": "A"}).headers["location"].removeprefix("/c/")
    client.post(f"/c/{key}/precondition/0", data={"choice": "no", "rev": rev(client, key)})
    shown = fields(client.get(f"/c/{key}/person").text) | {"age": "9", "age_certain": "yes"}
    for button in ({"lang": "sq"}, {"lang": "sr"}):
        client.post(f"/c/{key}/person", data={**shown, "rev": rev(client, key), **button})
        assert not client.store.get("A").person
    client.post(f"/c/{key}/person", data={**shown, "rev": rev(client, key)})
    assert client.store.get("A").person


def test_the_case_number_typed_on_the_first_page_survives_another_language(client):
    client.post("/new", data={"case_id": "K-77", "lang": "sr"})
    assert client.store.ids() == [] and fields(client.get("/").text)["case_id"] == "K-77"
    client.post("/new", data={"case_id": "K-77"})
    assert client.store.ids() == ["K-77"] and fields(client.get("/").text)["case_id"] != "K-77"


def test_the_way_back_to_the_question_before_is_a_button_that_sends_the_note_along(client):
    key = case(client)
    client.post(f"/c/{key}/q/7", data={"answer": "yes", "rev": rev(client, key)})
    page = client.get(f"/c/{key}/q/8").text
    assert 'value="q/7" formnovalidate data-previous' in page
    answer = client.post(
        f"/c/{key}/q/8", data={"note": "half a note", "go": "q/7", "rev": rev(client, key)}
    )
    assert (
        answer.headers["location"] == f"/c/{key}/q/7"
        and client.store.get("A-1").answers[NAMES[8]].note == "half a note"
    )
    for bad in ("q/", "q/x", "q/../../evil", "//evil", "q/٣"):
        assert (
            client.post(f"/c/{key}/q/8", data={"go": bad})
            .headers["location"]
            .startswith(f"/c/{key}")
        )


def test_lines_count_once_against_the_length_of_a_note(client):
    key = case(client)
    note = "a\r\n" * 1998 + "end"
    assert (
        client.post(
            f"/c/{key}/q/7", data={"answer": "yes", "note": note, "rev": rev(client, key)}
        ).status_code
        == 303
    )
    assert client.store.get("A-1").answers[NAMES[7]].note == note.replace("\r\n", "\n")


def test_a_case_that_is_forgotten_takes_what_was_typed_along(client):
    key = case(client)
    client.post(f"/c/{key}/view", data={"why": "secret", "go": "all", "rev": rev(client, key)})
    client.post(f"/c/{key}/drop", data={"confirm": "A-1"})
    assert "secret" not in str(client.desk.typed)


# -- the file --------------------------------------------------------------------------------------


def test_a_case_is_called_in_a_file_only_after_somebody_has_seen_the_file(client):
    key = case(client)
    assert client.post(f"/c/{key}/filed").status_code == 400, "nothing was handed over"
    assert (
        client.post(f"/c/{key}/file", data={"passphrase": WORDS, "again": WORDS}).headers[
            "location"
        ]
        == f"/c/{key}/file"
    )
    page = client.get(f"/c/{key}/file").text
    assert f'content="0; url=/c/{key}/file.case"' in page and "NOT SAVED" in page
    assert client.post(f"/c/{key}/filed").status_code == 400, "made, and not handed over"
    assert (
        client.get(f"/c/{key}/file.case").headers["content-disposition"]
        == 'attachment; filename="notes.case"'
    )
    page = client.get(f"/c/{key}/file").text
    assert (
        "http-equiv" not in page
        and "Check your Downloads folder" in page
        and "put into a file" not in page
    )
    assert client.desk.unsaved() == 1, "the download may have been cancelled"
    assert client.get(f"/c/{key}/file.case").content, "as often as it is asked for"
    client.post(f"/c/{key}/filed")
    assert (
        "Saved, and put into a file" in client.get(f"/c/{key}/file").text
        and client.desk.unsaved() == 0
    )
    client.post(f"/c/{key}/q/7", data={"answer": "yes", "rev": rev(client, key)})
    assert "NOT SAVED" in client.get(f"/c/{key}/file").text and client.desk.unsaved() == 1


def test_a_file_that_was_made_before_the_last_answer_is_not_the_case(client):
    key = case(client)
    client.post(f"/c/{key}/file", data={"passphrase": WORDS, "again": WORDS})
    client.get(f"/c/{key}/file.case")
    client.post(f"/c/{key}/q/7", data={"answer": "yes", "rev": rev(client, key)})
    client.post(f"/c/{key}/filed")
    assert "NOT SAVED" in client.get(f"/c/{key}/file").text and client.desk.unsaved() == 1


# -- coming in, and leaving ------------------------------------------------------------------------


def test_a_used_address_leads_in_whoever_is_in_already_and_nobody_else():
    keys = Keys(PORT, NAME)
    first = keys.first
    assert outside(keys).get(f"/?token={first}").status_code == 303
    again = outside(keys, cookie=f"{keys.cookie}={keys.session}").get(f"/?token={first}")
    assert again.status_code == 303 and again.headers["location"] == "/"
    for refused in (outside(keys).get(f"/?token={first}"), outside(keys).get("/")):
        assert refused.status_code == 401 and "Ctrl-C" in refused.text


def test_a_fresh_address_works_once_and_ends_the_one_before():
    keys = Keys(PORT, NAME)
    old, new = keys.first, keys.renew()
    assert outside(keys).get(f"/?token={old}").status_code == 401
    assert outside(keys).get(f"/?token={new}").status_code == 303
    assert outside(keys).get(f"/?token={new}").status_code == 401


def test_a_browser_that_was_left_shows_nothing_until_somebody_comes_back_on_purpose(client):
    key = case(client)
    client.get("/blank")
    assert client.cookies[client.keys.left] == "1"
    for place in (
        "/",
        f"/c/{key}/all",
        f"/c/{key}/q/7",
        f"/c/{key}",
        f"/c/{key}/file.case",
        "/card",
        "/nothing",
    ):
        answer = client.get(place)
        assert (answer.status_code, answer.headers["location"], answer.text) == (
            303,
            "/blank",
            "",
        ), place
    page = client.get("/blank").text
    assert key not in page and "A-1" not in page and 'href="/blank/return"' in page
    assert (
        client.post(f"/c/{key}/q/7", data={"note": "sent while leaving", "rev": "99"}).status_code
        == 303
    )
    assert client.store.get("A-1").answers[NAMES[7]].note == "sent while leaving"
    assert client.get("/blank/return").headers["location"] == "/"
    assert client.keys.left not in client.cookies and client.get(f"/c/{key}/all").status_code == 200


def test_the_printed_address_is_a_way_back_too(client):
    client.get("/blank")
    client.get(f"/?token={client.keys.first}")
    assert client.get("/").status_code == 200


# -- small things ----------------------------------------------------------------------------------


def test_a_note_is_not_counted_as_an_answer(client):
    key = case(client)
    before = re.search(r"(\d+) answer", client.get("/").text)[1]
    client.post(f"/c/{key}/q/7", data={"note": "only a note", "rev": rev(client, key)})
    assert re.search(r"(\d+) answer", client.get("/").text)[1] == before == "1", "the one to danger"


@pytest.mark.parametrize(
    ("case_id", "code"),
    [
        ("x" * 61, "C242"),
        ("x" * 5000, "C242"),
        ("a\x00b", "C203"),
        ("a\u202eb", "C203"),
        ("  ", "C210"),
    ],
)
def test_a_case_number_that_nobody_can_read_or_type_is_refused(client, case_id, code):
    answer = client.post("/new", data={"case_id": case_id})
    assert answer.status_code == 400 and code in answer.text and client.store.ids() == []


def test_a_case_number_that_is_no_utf_8_is_refused(client):
    answer = client.post(
        "/new",
        content=b"case_id=%E9%E8abc",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 400 and "C203" in answer.text and client.store.ids() == []


def test_a_page_whose_number_is_none_is_a_page_that_is_not_there(client):
    key = case(client)
    answer = client.get(f"/c/{key}/q/abc")
    assert (
        answer.status_code == 404
        and "<h1" in answer.text
        and "There is no such page" in answer.text
    )


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Notes"), ("sq", "Shënime"), ("sr", "Beleške"), ("sr-Cyrl", "Белешке")],
)
def test_the_title_of_the_card_says_nothing(client, language, title):
    client.cookies.set("notes_language", language)
    assert f"<title>{title}</title>" in client.get("/card").text


@pytest.mark.parametrize(
    ("language", "verb"),
    [("en", "Open this file"), ("sq", "Hap këtë skedar"), ("sr", "Otvori ovu datoteku")],
)
def test_the_button_that_opens_a_file_is_a_verb(client, language, verb):
    client.cookies.set("notes_language", language)
    assert f"<button>{verb}</button>" in client.get("/").text


def test_windows_are_counted_while_they_ask_and_until_they_say_that_they_close(client):
    key = case(client)
    for n, window in enumerate(("one", "two", "two")):
        assert client.get(f"/live/{key}?window={window}").json()["windows"] == min(n + 1, 2)
    client.post(f"/live/{key}?window=one")
    told = client.get(f"/live/{key}?window=two").json()
    assert told == {"revision": client.store.get("A-1").revision, "windows": 1}
    client.desk.case(key).windows["gone"] = Window(1, heard=-1000.0)
    assert client.get(f"/live/{key}?window=two").json()["windows"] == 1, (
        "one that is silent for long is closed"
    )
    assert client.get("/live").status_code == 204 and client.get("/live/none").status_code == 404


def test_a_window_that_closed_is_not_opened_by_a_request_that_its_closing_overtook(client):
    live = f"/live/{case(client)}"
    client.post(f"{live}?window=one&turn=3")
    assert client.get(f"{live}?window=one&turn=3").json()["windows"] == 0
    assert client.get(f"{live}?window=two&turn=1").json()["windows"] == 1
    assert client.get(f"{live}?window=one&turn=4").json()["windows"] == 2, "it came back"
