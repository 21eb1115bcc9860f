"""The pages of the casebook, over a real encrypted one: the work list, a case, a quick meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from screening.casebook import acts
from screening.casebook.caseload import Caseload
from screening.casebook.event import Act
from screening.casebook.filters import Filter
from screening.casebook.laptop import Casebook
from screening.languages import LANGUAGES
from screening.web.guard import Keys
from screening.web.server import create_app
from support.casework import said
from support.office import TODAY, WORDS, Office
from support.web import KNOWLEDGE, NAME, PORT, inside


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    book, _ = Casebook.create(tmp_path / "cases", WORDS)
    with book:
        yield Office(book)


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    keys = Keys(PORT, NAME)
    with inside(create_app(keys, KNOWLEDGE, office.cases), keys) as client:
        yield client


def text_of(page: Any) -> str:
    """What a page says, without its tags."""
    body = page.text.split("<main", 1)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def step_of(office: Office, case: str) -> str:
    return office.load().state(case).open_steps[0].key


def test_the_work_list_says_of_each_case_why_whose_step_and_by_when(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 20, begging_long_hours="yes")
    office.met("K-2", 15, 0, money_to_controller="yes", daily_quota="yes")
    page = client.get("/today")
    told = text_of(page)
    assert page.status_code == 200
    assert re.search(r"Overdue <b>\d", page.text) and "K-1" in told and "K-2" in told
    first = told.index("Begs for most of the day")
    assert "Your step" in told[first:] and "overdue" in told[first:]
    assert "met 20 days ago" in told and "met today" in told and "nobody has it" in told
    assert office.kinds()[-1] == "viewed", "S18: that a list was looked at is recorded"


def test_S2_no_case_is_left_out_of_the_list_of_the_team(office: Office, client: TestClient) -> None:
    office.met("K-1", 9, 1, begging_long_hours="no")
    office.met("K-2", None, 1)
    told = text_of(client.get("/today?whose=team&role="))
    assert "K-1" in told and "K-2" in told
    assert "K-1" not in text_of(client.get("/today?whose=mine"))


def test_a_meeting_takes_danger_first_then_three_questions_and_a_day(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    page = client.get("/case/K-1/meet")
    asked = re.findall(r'name="a:(\w+)" value="yes"', page.text)
    assert asked[0] == KNOWLEDGE.protocol.danger and len(asked) == 4
    again = (TODAY + timedelta(days=7)).isoformat()
    form = {f"a:{asked[1]}": "yes", f"a:{asked[0]}": "no", "place": "Market", "next": again}
    done = client.post("/case/K-1/meet", data={**form, "text": "With her aunt."})
    assert done.status_code == 303 and done.headers["location"] == "/case/K-1"
    told = text_of(client.get("/case/K-1"))
    assert "Market" in told and "With her aunt." in told and again in told
    state = office.load().state("K-1")
    assert state.current().answer(asked[1]) == "yes"
    assert [a for a in asked[2:] if a in state.answers] == [], "what was left empty stays open"


@pytest.mark.parametrize("word", ["yes", "unknown"])
def test_S21_danger_or_doubt_opens_help_before_anything_else(
    office: Office, client: TestClient, word: str
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    danger = KNOWLEDGE.protocol.danger
    done = client.post("/case/K-1/meet", data={f"a:{danger}": word})
    page = client.get(done.headers["location"])
    told = text_of(page)
    assert told.index("Help first") < told.index("To do")
    assert 'href="tel:' in page.text


def test_a_meeting_that_cannot_be_keeps_what_was_typed(office: Office, client: TestClient) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    before = len(office.kinds("K-1"))
    refused = client.post(
        "/case/K-1/meet", data={"next": TODAY.isoformat(), "text": "She was alone."}
    )
    assert refused.status_code == 400 and 'role="alert"' in refused.text
    assert "She was alone." in refused.text and len(office.kinds("K-1")) == before
    odd = client.post("/case/K-1/meet", data={"on": "last week", "text": "x"})
    assert odd.status_code == 400 and "is no day" in odd.text


def test_a_step_is_done_or_put_off_with_a_reason(office: Office, client: TestClient) -> None:
    office.met("K-1", 9, 20, begging_long_hours="yes")
    key = step_of(office, "K-1")
    later = (TODAY + timedelta(days=3)).isoformat()
    without = client.post("/case/K-1/postpone", data={"step": key, "until": later, "why": " "})
    assert without.status_code == 400, "nothing is put off without a reason"
    put_off = {"step": key, "until": later, "why": "The school is closed."}
    assert client.post("/case/K-1/postpone", data=put_off).status_code == 303
    assert "The school is closed." in text_of(client.get("/case/K-1"))
    done = client.post("/case/K-1/done", data={"step": key, "back": "today"})
    assert done.headers["location"] == "/today"
    assert key not in [s.key for s in office.load().state("K-1").open_steps]
    again = client.post("/case/K-1/done", data={"step": key})
    assert again.status_code == 400, "S24: what is done is not done twice"


def test_a_case_that_is_offered_stays_with_its_owner_until_the_other_accepts(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    assert client.post("/case/K-1/take").status_code == 303
    assert client.post("/case/K-1/assign", data={"to": "besim", "why": "leave"}).status_code == 303
    assert office.load().state("K-1").owner == "arta"
    assert client.post("/case/K-1/accept").status_code == 400, "it was not offered to her"
    office.me = "besim"
    assert "Accept the case" in text_of(client.get("/case/K-1"))
    assert client.post("/case/K-1/accept").status_code == 303
    assert office.load().state("K-1").owner == "besim"


def test_all_cases_are_offered_at_once_before_an_absence(
    office: Office, client: TestClient
) -> None:
    for case in ("K-1", "K-2"):
        office.met(case, 9, 3, begging_long_hours="yes")
        client.post(f"/case/{case}/take")
    assert "2 open cases" in text_of(client.get("/handover"))
    given = client.post("/handover", data={"to": "besim", "why": "leave", "until": ""})
    assert given.status_code == 303
    states = [office.load().state(c) for c in ("K-1", "K-2")]
    assert [s.offer.to if s.offer else "" for s in states] == ["besim", "besim"]
    assert client.post("/handover", data={"to": "", "why": ""}).status_code == 400


def test_S2_a_childs_case_is_closed_by_two_and_never_over_open_steps_without_a_word(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    form = {"reason": "help_in_place", "text": "In school again."}
    refused = client.post("/case/K-1/close", data=form)
    assert refused.status_code == 400 and "In school again." in refused.text
    form["despite"] = "The office that took over does the rest."
    assert client.post("/case/K-1/close", data=form).status_code == 303
    assert client.post("/case/K-1/confirm").status_code == 400, "not by who proposed it"
    assert not office.load().state("K-1").closed
    office.me = "besim"
    assert "Confirm closing" in text_of(client.get("/case/K-1"))
    assert client.post("/case/K-1/confirm").status_code == 303
    assert office.load().state("K-1").closed
    assert "K-1" not in text_of(client.get("/today"))
    client.post("/case/K-1/meet", data={"place": "Market"})
    assert not office.load().state("K-1").closed, "any new meeting opens it again"


def test_a_referral_goes_its_way_and_a_refusal_is_a_step(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    by = (TODAY + timedelta(days=7)).isoformat()
    sent = client.post("/case/K-1/refer", data={"to": "Shelter", "reply_by": by, "why": ""})
    assert sent.status_code == 303 and "waiting for an answer" in text_of(client.get("/case/K-1"))
    reply = {"referral": "R1", "reply": "declined", "text": "full"}
    assert client.post("/case/K-1/reply", data=reply).status_code == 303
    assert "declined" in [s.id for s in office.load().state("K-1").open_steps]
    assert client.post("/case/K-1/reply", data=reply).status_code == 400


def test_siblings_stand_side_by_side_and_a_link_is_reviewed(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    office.met("K-2", 7, 3, begging_long_hours="yes")
    made = client.post("/case/K-1/link", data={"other": "K-2", "relation": "sibling", "why": ""})
    assert made.status_code == 303
    page = client.get("/case/K-1")
    assert "Siblings" in page.text and 'href="/case/K-2"' in page.text
    review = {"other": "K-2", "relation": "sibling", "holds": "no"}
    assert client.post("/case/K-1/review", data=review).status_code == 303
    assert office.load().state("K-2").siblings == ()


def test_formal_identification_is_a_recorded_act_and_never_the_finding(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    before = office.load().state("K-1").now
    form = {"result": "possible", "who": "panel", "authority": "NRM", "form": "", "reason": ""}
    assert client.post("/case/K-1/identified", data=form).status_code == 303
    state = office.load().state("K-1")
    assert state.identifications[0].result == "possible" and state.now == before
    assert "a possible victim of trafficking" in text_of(client.get("/case/K-1"))


def test_what_somebody_else_recorded_meanwhile_is_not_overwritten(
    office: Office, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    seen = office.load().state("K-1")
    office.load("besim").record(
        acts.meet(seen, Act("besim", datetime.now(UTC)), TODAY, said(out_of_school="yes"))
    )
    monkeypatch.setattr(Caseload, "state", lambda self, case: seen)
    late = client.post("/case/K-1/note", data={"text": "She was alone."})
    assert late.status_code == 400 and "She was alone." in late.text


def test_a_case_is_found_by_place_note_worker_or_sign(office: Office, client: TestClient) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    client.post("/case/K-1/note", data={"text": "Seen at the bus station."})
    assert "1 case found" in text_of(client.get("/find?text=bus"))
    assert "1 case found" in text_of(client.get("/find?sign=begging_long_hours"))
    assert "0 cases found" in text_of(client.get("/find?text=nowhere"))


def test_S15_the_week_on_paper_and_in_a_calendar_has_codes_only(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    client.post("/case/K-1/take")
    client.post("/case/K-1/note", data={"text": "Seen at the bus station."})
    told = text_of(client.get("/week"))
    assert "K-1" in told and "bus station" not in told and "Begs" not in told
    calendar = client.get("/week.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:K-1" in calendar.text and "bus" not in calendar.text
    assert office.kinds()[-2:] == ["exported", "exported"]


def test_S18_each_look_at_a_case_is_recorded(office: Office, client: TestClient) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    client.get("/case/K-1")
    client.get("/case/K-1/meet")
    assert office.kinds("K-1")[-2:] == ["viewed", "viewed"]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_page_speaks_every_written_form(
    office: Office, client: TestClient, language: str
) -> None:
    office.met("K-1", 9, 30, begging_long_hours="yes", out_of_school="yes")
    office.met("K-2", 9, 3, danger_now="yes")
    client.post("/case/K-1/take")
    client.cookies.set("notes_language", language)
    for path in ("/today", "/case/K-1", "/case/K-2", "/case/K-1/meet", "/find?text=x", "/week"):
        page = client.get(path)
        assert page.status_code == 200 and f'<html lang="{language}"' in page.text, path
        told = text_of(page)
        assert language == "en" or not re.search(r"\b(Today|Overdue|To do|Whose|Met|with)\b", told)


def test_a_case_or_act_that_is_not_there_is_said_and_a_code_may_hold_anything(
    office: Office, client: TestClient
) -> None:
    assert client.get("/case/K-9").status_code == 404
    office.met("A/1 é?", 9, 3, begging_long_hours="yes")
    page = client.get("/today")
    href = re.search(r'<h3><a href="(/case/[^"]+)"', page.text)
    assert href and client.get(href[1]).status_code == 200
    assert client.post(f"{href[1]}/nothing", data={}).status_code in (400, 404)


def test_a_new_case_is_begun_by_its_number(office: Office, client: TestClient) -> None:
    begun = client.post("/cases", data={"case": "K-7", "age": "", "uncertain": ""})
    assert begun.headers["location"] == "/case/K-7/meet"
    assert office.load().state("K-7").profile == "child", "S4: no age is a child"
    odd = client.post("/cases", data={"case": "K-8", "age": "nine"})
    assert odd.status_code == 422 and "K-8" not in office.book.cases()


def test_without_a_casebook_there_are_no_such_pages() -> None:
    keys = Keys(PORT, NAME)
    with inside(create_app(keys, KNOWLEDGE), keys) as alone:
        assert alone.get("/today").status_code == alone.get("/case/K-1").status_code == 404


def _days(state: Any) -> list[date]:
    return [s.day for s in state.open_steps]


@pytest.mark.parametrize("act", ["note", "done"])
def test_no_clock_is_set_back_by_what_is_recorded(
    office: Office, client: TestClient, act: str
) -> None:
    office.met("K-1", 9, 20, begging_long_hours="yes")
    days, key = _days(office.load().state("K-1")), step_of(office, "K-1")
    client.post(f"/case/K-1/{act}", data={"text": "x", "step": key})
    assert set(_days(office.load().state("K-1"))) <= set(days)


def test_a_list_is_saved_on_the_page_and_opened_by_its_name(
    office: Office, client: TestClient
) -> None:
    office.met("K-1", 9, 3, begging_long_hours="yes")
    office.met("K-2", 9, 3, danger_now="yes")
    client.post("/case/K-1/note", data={"text": "Seen at the bus station."})
    told = text_of(client.get("/today?words=STATION"))
    assert "K-1" in told and "K-2" not in told
    form = {"name": "at the station & near", "words": "STATION", "due": "week", "finding": "wrong"}
    kept = client.post("/lists", data=form)
    assert kept.status_code == 303
    assert office.load().filters() == {form["name"]: Filter(words="STATION", due="week")}
    page = client.get(kept.headers["location"])
    assert "K-1" in text_of(page) and "K-2" not in text_of(page)
    href = re.search(r'<a href="(/today\?saved=[^"]+)"', page.text)
    assert href and "K-1" in text_of(client.get(href[1].replace("&amp;", "&")))
    assert client.get("/today?saved=nothing").status_code == 422
    assert client.post("/lists", data={"name": " "}).status_code == 422
