"""Ratings on the trainer's pages: rounds, forms that come in and out, and what is lost when the
program ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from screening.calibration.forms import ratings_csv
from screening.calibration.ratings import SCALE, new_codes
from screening.errors import RatingError, UsageError
from screening.i18n import words
from screening.web.trainer.state import Bench
from support.bench import rated, take, training

SIGN = ("strength", "", "deceived_activity", "child")
FIELD = "child:deceived_activity"


@pytest.fixture
def client(bench: Bench) -> Iterator[TestClient]:
    with training(bench) as c:
        yield c


def file(content: bytes, name: str = "r.csv") -> dict[str, tuple[str, bytes]]:
    return {"files": (name, content)}


def second_round(client: TestClient, bench: Bench, raters: int = 6) -> list[str]:
    """A first round of so many; its first two change one sign in a second."""
    take(client, bench, raters)
    people = bench.rounds.people(1)
    assert client.post("/second").status_code == 303
    for one in people[:2]:
        shown = re.findall(
            r'name="((?:child|adult):\w+)" value="(\w+)" checked',
            client.get(f"/rate/{one}/signs/0").text,
        )
        was = dict(shown)
        assert was[FIELD] == bench.rounds.given(one, 1)[SIGN], "one's own earlier rating is marked"
        assert client.post(f"/rate/{one}/signs/0", data={**was, FIELD: "none"}).status_code == 303
    return people


# -- two rounds ------------------------------------------------------------------------------------


def test_who_leaves_a_sign_blank_in_a_second_round_stays_with_what_they_said(client, bench):
    people = second_round(client, bench)
    first, now = bench.rounds.strengths(1), bench.rounds.strengths(2)
    assert bench.rounds.round == 2 and sorted(now.raters) == people[:2]
    k = now.indicators.index("deceived_activity")
    for one in people[:2]:
        mine, before = now.strength[now.raters.index(one)], first.strength[first.raters.index(one)]
        assert mine[k, 1] == SCALE.index("none") and (mine != before).sum() <= 1, (
            "all that was not changed is carried"
        )
    assert client.post("/propose", data={"method": "ratings"}).status_code == 303
    assert "Ratings of round 2 by 2 people" in bench.proposal.evidence
    assert all(row.raters == 2 for row in bench.proposal.rows)


def test_the_first_round_stays_where_it_is_and_can_be_chosen(client, bench):
    second_round(client, bench)
    signs, stories = bench.agreements()
    assert (signs.round, signs.raters, stories.round, stories.raters) == (
        2,
        2,
        1,
        6,
    ), "vignettes were coded in the first round, and keep counting"
    page = " ".join(client.get("/agreement").text.split())
    assert "Signs: 2 raters, round 2." in page and "Vignettes: 6 raters, round 1." in page
    assert (
        client.post("/round", data={"round": "1", "back": "/weights"}).headers["location"]
        == "/weights"
    )
    assert bench.rounds.round == 1 and bench.agreements()[0].raters == 6
    client.post("/propose", data={"method": "ratings"})
    assert "Ratings of round 1 by 6 people" in bench.proposal.evidence
    assert client.post("/round", data={"round": "7"}).status_code == 400 and bench.rounds.round == 1
    assert (
        "/ratings.csv?round=1" in client.get("/").text
        and "/ratings.csv?round=2" in client.get("/").text
    )
    one, two = (client.get(f"/ratings.csv?round={n}").content for n in (1, 2))
    assert one == ratings_csv(rated(bench.checklist, 6)) and 0 < two.count(b"\n") < one.count(b"\n")
    assert client.get("/ratings.csv?round=3").status_code == 400


def test_a_second_round_is_asked_for_once_more_and_closed_while_nobody_rated_in_it(client, bench):
    take(client, bench)
    page = client.get("/").text
    assert re.search(
        r"<details><summary>Open the second round …</summary><form method=\"post\""
        r" action=\"/second\" autocomplete=\"off\">",
        page,
    )
    client.post("/second")
    assert (
        bench.rounds.asking == 2
        and client.post("/second", data={"do": "close"}).status_code == 303
        and bench.rounds.asking == 1
    )
    client.post("/second")
    client.post(f"/rate/{bench.rounds.people(1)[0]}/signs/0", data={FIELD: "weak"})
    assert "Close the second round" not in client.get("/").text
    assert (
        client.post("/second", data={"do": "close"}).status_code == 400 and bench.rounds.asking == 2
    )


# -- forms in and out ------------------------------------------------------------------------------


def test_a_fault_in_any_round_keeps_every_line_out(client, bench):
    ratings = rated(bench.checklist, 3, vignettes=False)
    ratings = replace(
        ratings,
        form=bench.form,
        finding=rated(bench.checklist, 3).finding,
        codes=rated(bench.checklist, 3).codes,
    )
    second = ratings_csv(replace(ratings, round=2)).replace(b",strong", b",strongest", 1)
    both = ratings_csv(ratings) + second.split(b"\n", 1)[1]
    answer = client.post("/ratings", files=file(both))
    assert answer.status_code == 400 and "R503" in answer.text and bench.rounds.there() == {}
    assert (
        client.post(
            "/ratings",
            files=file(
                ratings_csv(ratings) + ratings_csv(replace(ratings, round=2)).split(b"\n", 1)[1]
            ),
        ).status_code
        == 303
    )
    assert bench.rounds.there() == {1: 3, 2: 3}
    assert (
        client.get("/agreement").status_code
        == client.get("/").status_code
        == client.get("/ratings.csv?round=2").status_code
        == 200
    )


def test_a_form_that_was_taken_in_comes_out_again_and_in_corrected(client, bench):
    take(client, bench, 3)
    one = bench.rounds.people(1)[0]
    ratings = rated(bench.checklist, 3)
    corrected = ratings_csv(ratings.of([ratings.raters.index(one)]))
    refused = client.post("/ratings", files=file(corrected))
    assert (
        refused.status_code == 400 and "R505" in refused.text and "remove it first" in refused.text
    )
    asked = client.post("/out", data={"code": one.lower(), "round": "1"})
    assert len(bench.rounds.people(1)) == 3, "it is asked first"
    page = client.get(asked.headers["location"]).text
    assert f"ratings of {one} in round 1?" in page and 'name="sure"' in page
    done = client.post("/out", data={"code": one, "round": "1", "sure": "yes"})
    assert (
        done.status_code == 303
        and one not in bench.rounds.people(1)
        and "Removed:" in client.get(done.headers["location"]).text
    )
    assert client.post("/out", data={"code": one, "round": "1", "sure": "yes"}).status_code == 400
    assert (
        client.post("/ratings", files=file(corrected)).status_code == 303
        and len(bench.rounds.people(1)) == 3
    )


def test_a_senders_file_name_is_no_name_on_this_disk(client, bench):
    content = ratings_csv(rated(bench.checklist, 2))
    assert client.post("/ratings", files=file(content, "ë" * 300 + ".csv")).status_code == 303
    for name in ("x" * 300 + ".csv", "../../etc/passwd.csv", "a\tb.csv"):
        answer = client.post(
            "/ratings", files=file(content.replace(b",strong", b",strongest", 1), name)
        )
        assert (
            answer.status_code == 400
            and ", row" in answer.text
            and "x" * 100 not in answer.text
            and "etc" not in answer.text
        )
    assert client.post("/ratings", files=file(content, "form.doc")).status_code == 400


def test_reloading_after_a_take_in_repeats_nothing(client, bench):
    taken = client.post("/ratings", files=file(ratings_csv(rated(bench.checklist, 2))))
    where = taken.headers["location"]
    assert where.startswith("/?taken=") and all(
        re.search(r"Uploaded: [1-9]\d* ratings", client.get(where).text) for _ in range(2)
    )


# -- codes -----------------------------------------------------------------------------------------


def test_the_start_page_lists_no_code_and_nobody_rates_over_a_form(client, bench):
    take(client, bench)
    people = bench.rounds.people(1)
    page = client.get("/").text
    assert "6 raters" in page and not any(code in page for code in people)
    for answer in (
        client.post("/rate", data={"code": people[0]}),
        client.get(f"/rate/{people[0]}/signs/0"),
        client.post(f"/rate/{people[0]}/signs/0", data={FIELD: "none"}),
        client.post(f"/rate/{people[0]}/story/0", data={"finding": "refer", "alone": "yes"}),
    ):
        assert answer.status_code in (400, 422) and "came from a file" in answer.text
    own = new_codes(40, 9)[39]
    client.post(f"/rate/{own}/signs/0", data={FIELD: "weak"})
    assert client.post("/rate", data={"code": own}).headers["location"] == f"/rate/{own}/signs/0", (
        "a code begun here is gone on with"
    )


def test_an_error_redraws_what_was_posted(client, bench):
    code = new_codes(1, 3)[0]
    client.post(f"/rate/{code}/signs/0", data={FIELD: "weak"})
    answer = client.post(
        f"/rate/{code}/signs/0", data={FIELD: "strong", "adult:deceived_activity": "most"}
    )
    assert (
        answer.status_code == 400
        and re.search(rf'name="{FIELD}" value="strong" checked', answer.text)
        and bench.rounds.given(code)[SIGN] == "weak"
    )
    assert f'name="back" value="/rate/{code}/signs/0"' in answer.text, (
        "another language leads to a page that is there"
    )


# -- stories ---------------------------------------------------------------------------------------


def test_a_finding_without_a_sign_is_asked_about_and_open_only_if_somebody_says_so(client, bench):
    code, case = new_codes(1, 3)[0], bench.form.vignettes[0]
    asked = client.post(f"/rate/{code}/story/0", data={"finding": "refer"})
    assert (
        asked.status_code == 400
        and "gone through the signs" in asked.text
        and bench.rounds.given(code) == {}
    )
    assert re.search(r'name="finding" value="refer" checked', asked.text)
    assert (
        client.post(f"/rate/{code}/story/0", data={"finding": "refer", "alone": "yes"}).status_code
        == 303
    )
    assert bench.rounds.given(code) == {("finding", case.id, "", ""): "refer"}
    assert (
        client.post(
            f"/rate/{code}/story/0", data={"finding": "refer", "through": "yes"}
        ).status_code
        == 303
    )
    codes = {
        what[2]: value for what, value in bench.rounds.given(code).items() if what[0] == "code"
    }
    assert list(codes.values()) == ["open"]
    page = client.get(f"/rate/{code}/story/0").text
    assert re.search(r'name="through" value="yes" checked', page) and re.search(
        rf'name="code:{next(iter(codes))}" value="" checked', page
    )


def test_a_code_that_is_taken_back_is_gone(client, bench):
    code = new_codes(1, 3)[0]
    sign = next(i for i, p in bench.form.indicators.items() if bench.profile(0) in p)
    client.post(f"/rate/{code}/story/0", data={f"code:{sign}": "yes"})
    assert len(bench.rounds.given(code)) == 1
    assert client.post(f"/rate/{code}/story/0", data={f"code:{sign}": ""}).status_code == 303
    assert bench.rounds.given(code) == {}


# -- what would be lost ----------------------------------------------------------------------------


def test_what_is_in_memory_only_is_said_until_it_is_taken_away(client, bench):
    say = words("en")
    assert bench.left(say) == []
    code = new_codes(1, 3)[0]
    client.post(f"/rate/{code}/signs/0", data={FIELD: "weak"})
    assert (
        "1 rating is in memory only" in bench.left(say)[0]
        and "memory until you save it" in client.get("/").text
    )
    client.get("/ratings.csv?round=1")
    assert bench.left(say) == []
    client.post(f"/rate/{code}/signs/0", data={FIELD: "strong"})
    assert len(bench.left(say)) == 1, "changed since"
    client.post("/weights", data={"child:begging_hazard": "8", "world": "guarded"})
    assert "edited weights" in bench.left(say)[1]


def test_rounds_refuse_what_cannot_be(bench):
    rounds = bench.rounds
    for refused, error in (
        (lambda: rounds.choose(1), UsageError),
        (rounds.open_next, UsageError),
        (lambda: rounds.take_out(new_codes(1, 1)[0], 1), RatingError),
    ):
        with pytest.raises(error):
            refused()
