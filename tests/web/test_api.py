"""The API: the same results as the functions, no crash on whatever its own schema allows, one plain
line for what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from screening import Answer, Case, Response, catalogue_ids, score
from screening.interview import PRECONDITIONS
from screening.scoring.explain import explain
from screening.web.guard import Keys
from screening.web.interview.cases import Knowledge
from screening.web.server import create_app
from support.properties import examples

PORT = 8000
KEYS = Keys(PORT)
APP = create_app(KEYS, Knowledge())
INSIDE = {"authorization": f"Bearer {KEYS.program}", "host": f"127.0.0.1:{PORT}"}
CASE = {
    "case_id": "A",
    "age": 9,
    "answers": {
        "sent_and_placed": "yes",
        "daily_quota": {"answer": "yes", "basis": "said", "note": "twenty"},
    },
}

schema = schemathesis.openapi.from_dict(
    TestClient(APP, base_url=f"http://127.0.0.1:{PORT}")
    .get("/api/openapi.json", headers=INSIDE)
    .json()
)
schema.app = APP


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(APP, base_url=f"http://127.0.0.1:{PORT}", headers=INSIDE) as c:
        yield c


@schema.parametrize()
@examples(15, suppress_health_check=list(HealthCheck))
def test_nothing_that_the_schema_allows_or_forbids_makes_it_crash(case):
    answer = case.call(headers=INSIDE)
    assert answer.status_code < 500, answer.text
    assert answer.status_code in (200, 400, 404, 405, 422), answer.status_code


def test_the_schema_names_every_operation(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/lists",
        "/api/lists/{name}",
        "/api/score",
        "/api/explain",
        "/api/next",
    }


def test_a_score_is_the_function_s_and_fits_the_published_schema(client, kosovo, kosovo_weights):
    from conftest import ROOT

    got = client.post("/api/score", json={"case": CASE, "language": "sq"}).json()
    case = Case(
        "A",
        9,
        answers={
            "sent_and_placed": Response(Answer.YES),
            "daily_quota": Response(Answer.YES, "said", "twenty"),
        },
    )
    assert got == json.loads(json.dumps(score(case, kosovo, kosovo_weights, "sq").to_dict()))
    Draft202012Validator(
        json.loads((ROOT / "docs/assessment.schema.json").read_text(encoding="utf-8"))
    ).validate(got)


def test_a_card_adds_its_second_opinion_and_changes_nothing_else(client):
    plain = client.post("/api/score", json={"case": CASE}).json()
    beside = client.post("/api/score", json={"case": CASE, "model": "kosovo-15-15"}).json()
    assert (
        beside.pop("second_opinion")["statement"].startswith("trained on synthetic cases")
        and beside == plain
    )


def test_an_explanation_is_the_function_s(client, kosovo, kosovo_weights):
    got = client.post("/api/explain", json={"case": CASE, "language": "sr-Cyrl"}).json()
    case = Case(
        "A",
        9,
        answers={
            "sent_and_placed": Response(Answer.YES),
            "daily_quota": Response(Answer.YES, "said", "twenty"),
        },
    )
    sections = explain(score(case, kosovo, kosovo_weights, "sr-Cyrl"), kosovo.texts("sr-Cyrl"))
    assert [(s["key"], s["title"]) for s in got] == [(s.key, s.title) for s in sections]


def test_the_next_step_goes_danger_person_the_other_preconditions_question(client):
    usual = {"danger": "no", "interpreter": "not_needed", "representative": "guardian"}
    preconditions: dict[str, str] = {}
    asked, person = [], False
    while True:
        body = {
            "case": {"case_id": "A", "age": 9},
            "preconditions": preconditions,
            "person": person,
            "facts": {"company": "family"},
        }
        step = client.post("/api/next", json=body).json()
        if step["kind"] == "question":
            break
        asked.append(step["key"] or step["kind"])
        if step["kind"] == "person":
            person = True
        else:
            preconditions[step["key"]] = usual.get(step["key"], "yes")
    assert asked[:2] == ["danger", "person"], "danger first, and who it is before anything is asked"
    assert {*asked} == {*PRECONDITIONS, "person"} and len(asked) == len(PRECONDITIONS) + 1
    step = client.post("/api/next", json=body).json()
    assert (
        step["kind"] == "question"
        and step["mode"] in ("observe", "document")
        and step["why"]
        and step["prompt"]
    )
    again = client.post("/api/next", json={**body, "passed": [step["key"]]}).json()
    assert again["key"] != step["key"]
    body["case"]["answers"] = {"violence_now": "yes"}
    assert client.post("/api/next", json=body).json()["kind"] == "help", "S21"
    assert client.post("/api/next", json={**body, "helped": True}).json()["stop"] == "danger"


@pytest.mark.parametrize("name", catalogue_ids())
def test_every_list_is_served_whole(client, name):
    got = client.get(f"/api/lists/{name}?language=sq").json()
    assert (
        got["id"] == name
        and len(got["items"]) == got["indicators"]
        and all(i["statement"] for i in got["items"])
    )
    assert (
        client.post("/api/score", json={"case": {"case_id": "x"}, "checklist": name}).json()[
            "checklist"
        ]["id"]
        == name
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"case": {"case_id": "A", "answers": {"daly_quota": "yes"}}}, "C221"),
        ({"case": {"case_id": " "}}, "C210"),
        ({"case": {"case_id": "A", "met_on": "24.13.2026"}}, "C214"),
        ({"case": CASE, "checklist": "kosow"}, "K110"),
        ({"case": CASE, "checklist": "../kosovo"}, "K110"),
        ({"case": CASE, "weights": "/etc/passwd"}, "K110"),
        ({"case": CASE, "checklist": "indicators/kosovo"}, "K110"),
        ({"case": CASE, "model": "../models/kosovo-15-15"}, "K110"),
        ({"case": CASE, "model": "x.json"}, "K110"),
        ({"case": CASE, "model": "kosovo-15-15", "checklist": "ilo-delphi"}, "M404"),
    ],
)
def test_what_is_wrong_is_said_with_its_code_and_what_to_do(client, body, code):
    answer = client.post("/api/score", json=body)
    if code == "M404":  # the case's ids must fit the list first
        body = {**body, "case": {"case_id": "A"}}
        answer = client.post("/api/score", json=body)
    assert answer.status_code in (404, 422)
    told = answer.json()
    assert told["code"] == code and told["remedy"] and told["message"].endswith(f"[{code}]")


@pytest.mark.parametrize(
    "body",
    [
        {"case": CASE, "langage": "sq"},
        {"case": {**CASE, "answer": {}}},
        {"case": {**CASE, "age": 150}},
        {"case": {**CASE, "answers": {"daily_quota": "maybe"}}},
        {},
    ],
)
def test_a_key_or_value_that_is_none_of_the_known_ones_is_refused_never_dropped(client, body):
    assert client.post("/api/score", json=body).status_code == 422


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"case": {"case_id": "A", "age": NaN}}', "C232"),
        ('{"case": {"case_id": "A", "age": 1e999}}', "C232"),
        ('{"case": {"case_id": "A", "age": -Infinity}}', "C232"),
        ('{"case": {"case_id": "\\ud800"}}', "C203"),
        ('{"case": {"case_id": "A", "answers": {"\\ud800": "yes"}}}', "C203"),
        ('{"case": {"case_id": "A"}, "\\ud800": 1}', "C203"),
        (
            (
                '{"case": {"case_id": "A", "answers": {"daily_quota": "yes", "sent_and_placed":'
                ' "no", "daily_quota": "no"}}}'
            ),
            "C231",
        ),
        ('{"case": {"case_id": "A", "case_id": "B"}}', "C231"),
        ('{"case": {"case_id": "A"}, "case": {"case_id": "B"}}', "C231"),
        ("[" * 3000 + "]" * 3000, "C205"),
        ('{"case": {"case_id": "A", "age": NaN}}'.encode("utf-16"), "C232"),
        (b'{"case": {"case_id": "\xed\xa0\x80"}}', "C203"),
        ('{"case": {"case_id": "A", "age": ' + "9" * 5000 + "}}", "C230"),
    ],
)
@pytest.mark.parametrize("path", ["score", "explain", "next"])
def test_what_strict_json_has_no_place_for_is_one_plain_line_and_no_crash(client, path, text, code):
    answer = client.post(f"/api/{path}", content=text, headers={"content-type": "application/json"})
    assert answer.status_code == 422 and answer.json()["code"] == code and answer.content.isascii()


def test_a_key_that_stands_twice_is_refused_with_both_places_and_none_wins(client):
    text = (
        '{"case": {"case_id": "A", "answers": {"daily_quota": "yes", "sent_and_placed": "no",'
        ' "daily_quota": "no"}}}'
    )
    told = client.post(
        "/api/score", content=text, headers={"content-type": "application/json"}
    ).json()
    assert (
        "duplicate key 'daily_quota' (entries 1 and 3 of its object)" in told["problem"]
        and told["remedy"] == "keep one"
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"case": {"case_id": "A", "ključ": 1}}',
        '{"case": {"case_id": "A", "answers": {"daily_quota": "možda"}}}',
        "not json",
        "",
        "{",
        '"\xff"',
        "[1]",
    ],
)
def test_what_is_refused_is_not_sent_back_and_the_answer_is_ascii(client, text):
    answer = client.post(
        "/api/score",
        content=text.encode("latin-1" if "\xff" in text else "utf-8"),
        headers={"content-type": "application/json"},
    )
    assert (
        answer.status_code in (400, 422)
        and answer.content.isascii()
        and "'input'" not in str(answer.json())
    )
    assert "možda" not in str(answer.json())


def test_S8_a_question_is_given_only_when_every_precondition_has_been_gone_through(client):
    body = {"case": {"case_id": "A", "age": 9}, "person": True, "going_on": True}
    usual = {
        "danger": "no",
        "private": "yes",
        "interpreter": "not_needed",
        "may_stop": "yes",
        "agreement": "yes",
        "representative": "guardian",
    }
    for precondition in PRECONDITIONS:
        preconditions = {g: c for g, c in usual.items() if g != precondition}
        step = client.post("/api/next", json={**body, "preconditions": preconditions}).json()
        assert (step["kind"], step["key"], step["prompt"]) == ("precondition", precondition, None)
    assert (
        client.post("/api/next", json={**body, "preconditions": usual}).json()["kind"] == "question"
    )


def test_S1_the_schema_knows_no_negative_verdict(client):
    text = client.get("/api/openapi.json").text
    for word in ("cleared", "not_a_victim", "low_risk", "negative_verdict"):
        assert word not in text
