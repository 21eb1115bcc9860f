"""The trainer's pages without a browser: who may come in, what is kept, what is refused, and that
no case is near them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from screening.calibration.concerns import concerns
from screening.calibration.forms import ratings_csv
from screening.calibration.ratings import new_codes
from screening.casebook.sealed import open_sealed
from screening.checklist import load_weights, weight_set_ids
from screening.checklist.signed import activations
from screening.web.guard import HEADERS, Keys
from screening.web.server import create_bench
from screening.web.trainer.state import Bench
from support.bench import almost_nothing, rated, take, training
from support.web import NAME, OWN, PORT

WORDS = "six words that nobody else has"
TELLING = "begging_long_hours"  # a telling sign that does not decide alone


@pytest.fixture
def client(bench: Bench) -> Iterator[TestClient]:
    with training(bench) as c:
        yield c


# -- who may come in -------------------------------------------------------------------------------


def written() -> list[tuple[str, str]]:
    found = set()
    for route in create_bench(Keys(PORT, NAME), Bench()).routes:
        inner = getattr(route, "original_router", None)
        for one in inner.routes if inner is not None else [route]:
            found |= {
                (m, re.sub(r"{\w+}", "0", one.path))
                for m in getattr(one, "methods", None) or ()
                if m != "HEAD"
            }
    return sorted(found)


def test_no_route_of_a_case_or_of_the_api_is_part_of_it():
    paths = {path for _, path in written()}
    assert {"/sign", "/weights", "/rate/0/signs/0", "/ratings"} <= paths and len(paths) >= 15
    assert not any(p.startswith(("/c/", "/api", "/new", "/open", "/live")) for p in paths)


@pytest.mark.parametrize(("method", "path"), [*written(), ("GET", "/static/trainer.js")])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example:8000"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"cookie": ""}, 401),
    ],
)
def test_wrong_host_foreign_origin_and_missing_token_are_refused_on_every_route(
    method, path, headers, status
):
    keys = Keys(PORT, NAME)
    inside = {"cookie": f"{keys.cookie}={keys.session}", "origin": OWN}
    client = TestClient(
        create_bench(keys, Bench()),
        base_url=OWN,
        headers={**inside, **headers},
        follow_redirects=False,
    )
    answer = client.request(method, path)
    assert (
        answer.status_code == status and answer.headers["cache-control"] == HEADERS["cache-control"]
    )


# -- ratings ---------------------------------------------------------------------------------------


def test_forms_are_taken_in_all_or_none_and_a_fault_is_said_with_its_place(client, bench):
    content = ratings_csv(rated(bench.checklist, 2))
    first = rated(bench.checklist, 2).raters[0].encode()
    hurt = content.replace(b",strong", b",strongest", 1).replace(
        first, new_codes(9, 77)[8].encode()
    )
    answer = client.post(
        "/ratings", files=[("files", ("one.csv", content)), ("files", ("two.csv", hurt))]
    )
    assert (
        answer.status_code == 400
        and "two.csv, row" in answer.text
        and "R503" in answer.text
        and bench.rounds.people(bench.rounds.round) == []
    )
    take(client, bench)
    again = client.post(
        "/ratings", files={"files": ("ratings.csv", ratings_csv(rated(bench.checklist, 6)))}
    )
    assert again.status_code == 400 and "R505" in again.text
    back = client.get("/ratings.csv")
    assert (
        back.content == ratings_csv(bench.rounds.hand_out(bench.rounds.round))
        and "attachment" in back.headers["content-disposition"]
    )


def test_somebody_rates_on_the_pages_and_goes_on_where_they_stopped(client, bench):
    code = new_codes(1, 3)[0]
    assert (
        client.post("/rate", data={"code": code.lower()}).headers["location"]
        == f"/rate/{code}/signs/0"
    )
    assert client.post("/rate", data={"code": "Teuta"}).status_code == 400
    answer = client.post(
        f"/rate/{code}/signs/0",
        data={"child:deceived_activity": "strong", "adult:deceived_activity": ""},
    )
    assert answer.headers["location"] == f"/rate/{code}/signs/1"
    shown = client.get(f"/rate/{code}/signs/0").text
    assert re.search(r'name="child:deceived_activity" value="strong" checked', shown)
    case = bench.form.vignettes[2]
    profile = bench.profile(2)
    sign = next(i for i, p in bench.form.indicators.items() if profile in p)
    assert (
        client.post(
            f"/rate/{code}/story/2", data={"finding": "refer", f"code:{sign}": "yes", "go": "stop"}
        ).headers["location"]
        == "/"
    )
    given = bench.rounds.given(code)
    assert given == {
        ("strength", "", "deceived_activity", "child"): "strong",
        ("finding", case.id, "", ""): "refer",
        ("code", case.id, sign, ""): "yes",
    }
    client.post(
        f"/rate/{code}/story/2",
        data={"finding": "look_further", f"code:{sign}": "", "alone": "yes"},
    )
    assert bench.rounds.given(code)["finding", case.id, "", ""] == "look_further" and (
        "code",
        case.id,
        sign,
        "",
    ) not in bench.rounds.given(code)
    assert (
        client.post(f"/rate/{code}/signs/0", data={"child:deceived_activity": "most"}).status_code
        == 400
    )
    assert (
        client.get("/rate/AAAAA/signs/0").status_code == 422
        and client.get(f"/rate/{code}/signs/99").status_code == 404
    )


@pytest.mark.parametrize("place", ["signs/1", "story/3"])
def test_a_rater_reads_what_decides_an_answer(place, client, bench):
    page = " ".join(html.unescape(client.get(f"/rate/{new_codes(1, 3)[0]}/{place}").text).split())
    texts = bench.checklist.texts("en")
    shown = [i for i in bench.form.indicators if f'"code:{i}"' in page or f':{i}"' in page]
    assert len(shown) > 5 and all(texts.rule(i) in page for i in shown)


def test_S16_a_story_shows_no_key_and_no_held_out_story_is_put(client, bench):
    held = [v for s in bench.sets for v in s.cases if v.held_out == "yes"]
    code = new_codes(1, 3)[0]
    seen = ""
    for n, vignette in enumerate(bench.form.vignettes):
        page = client.get(f"/rate/{code}/story/{n}").text
        assert " ".join(vignette.why.split())[:60] not in " ".join(page.split())
        seen += page
    assert len(held) >= 10 and not any(
        " ".join(v.story.split())[:60] in " ".join(seen.split()) for v in held
    )
    assert client.get(f"/rate/{code}/story/{len(bench.form.vignettes)}").status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_empty_form_can_be_taken_away_and_comes_back(kind, client, bench):
    answer = client.get(f"/form.{kind}")
    assert answer.status_code == 200 and re.search(
        rf"form-[A-Z0-9]{{5}}\.{kind}", answer.headers["content-disposition"]
    )
    empty = client.post("/ratings", files={"files": (f"form.{kind}", answer.content)})
    assert empty.status_code == 400 and "R507" in empty.text
    assert client.get("/form.pdf").status_code == 404


# -- weights ---------------------------------------------------------------------------------------


def test_a_slider_shows_what_the_program_works_out_and_nothing_is_kept_by_it(client, bench):
    sets, before = weight_set_ids(bench.checklist), bench.in_force.points["child"][TELLING]
    part = client.post(
        "/weights",
        data={f"child:{TELLING}": "9", "world": "guarded"},
        headers={"hx-request": "true"},
    )
    assert (
        part.status_code == 200
        and "<html" not in part.text
        and "invented cases of the world guarded" in part.text
    )
    group = bench.tried("guarded", bench.in_force, bench.weights(bench.now())).impact.group("all")
    assert group.up > 0 and f'<td class="n moves">{group.up}</td>' in part.text
    whole = client.post(
        "/weights",
        data={f"child:{TELLING}": "9", "world": "guarded", "do": "show"},
        follow_redirects=True,
    )
    assert "<html" in whole.text and f'<td class="n moves">{group.up}</td>' in whole.text, (
        "without a script the whole page says the same"
    )
    assert (
        weight_set_ids(bench.checklist) == sets
        and bench.in_force.points["child"][TELLING] == before < 9
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("child:begging_hazard", "-1"),
        ("child:begging_hazard", "1.5"),
        ("child:begging_hazard", "٣"),
        ("child:danger_now", "3"),
        ("adult:begging_hazard", "1e3"),
    ],
)
def test_a_weight_that_cannot_be_is_refused_and_nothing_moves(field, value, client, bench):
    before = bench.now()
    answer = client.post("/weights", data={field: value, "world": "guarded"})
    assert answer.status_code == 400 and "K132" in answer.text and bench.now() == before


def test_a_world_that_set_the_weights_is_not_offered_to_try_them(client, bench):
    take(client, bench)
    assert (
        client.post(
            "/propose", data={"method": "blend", "card": "kosovo-15-15", "worth": "4"}
        ).status_code
        == 303
    )
    page = client.get("/weights").text
    assert (
        "counts for 4 raters beside 6" in " ".join(page.split())
        and "<option>base" not in page
        and ">guarded</option>" in page
    )
    assert (
        client.post("/weights", data={"world": "base"}, headers={"hx-request": "true"}).status_code
        == 400
    )
    for bad in (
        {"method": "blend", "card": "kosovo-15-15", "worth": "x"},
        {"method": "mean"},
        {"method": "card", "card": ""},
    ):
        assert client.post("/propose", data=bad).status_code == 400


def test_the_whole_loop_ends_in_a_signed_set_that_is_in_force(client, bench):
    take(client, bench)
    client.post("/propose", data={"method": "ratings"})
    assert (
        client.post(
            "/weights", data={"do": "keep", "child:trauma_signs": "3", f"child:{TELLING}": "10"}
        ).headers["location"]
        == "/keep"
    )
    keep = {
        "id": "2026-11-25-trainers",
        "title": "Six trainers",
        "authors": "A. Kola, B. Gashi",
        "valid_from": "2026-11-01",
        "recheck_by": "2028-01-01",
        f"alone:{TELLING}": "No child begs so long of its own accord.",
    }
    for field, bad in (
        ("title", ""),
        ("authors", " , "),
        (f"alone:{TELLING}", " "),
        ("recheck_by", "soon"),
        ("recheck_by", "2026-10-01"),
        ("id", "../../evil"),
        ("id", "trainers"),
    ):
        refused = client.post("/keep", data={**keep, field: bad})
        assert refused.status_code == 400 and re.findall(r'id="f-([\w:]+)"', refused.text) == [
            field
        ], "what is wrong stands at its field"
        assert all(f'value="{v}"' in refused.text for k, v in keep.items() if k != field), (
            "and what was typed stays"
        )
    assert client.post("/keep", data=keep).headers["location"] == "/sign?set=2026-11-25-trainers"
    made = load_weights(bench.checklist, "2026-11-25-trainers")
    assert made.points["child"]["trauma_signs"] == 3 and made.authors == ("A. Kola", "B. Gashi")
    by_hand = " ".join(made.method.split()).split("Set by hand afterwards: ")[1].split(".")[0]
    assert set(by_hand.split(", ")) == {"trauma_signs (child)", f"{TELLING} (child)"}
    assert made.lines["child"].alone[TELLING] == keep[f"alone:{TELLING}"]
    assert client.post("/keep", data=keep).status_code == 400, "no set is ever written over"

    files = {}
    for name in ("arta", "besa"):
        assert (
            client.post(
                "/key", data={"id": name, "passphrase": WORDS, "again": WORDS + "!"}
            ).status_code
            == 400
        )
        made_key = client.post("/key", data={"id": name, "passphrase": WORDS, "again": WORDS})
        files[name] = made_key.content
        assert (
            open_sealed(files[name], WORDS, "key")["by"] == name
            and bench.made[name] in client.get("/sign").text
        )
        assert (
            client.post(
                "/register",
                data={"id": name, "name": name.title(), "role": "trainer", "key": bench.made[name]},
            ).status_code
            == 303
        )
    assert (
        client.post(
            "/register", data={"id": "x", "name": "X", "role": "t", "key": "no"}
        ).status_code
        == 400
    )

    def sign(name: str, **more: str) -> int:
        return client.post(
            "/sign",
            data={"set": "2026-11-25-trainers", "passphrase": WORDS, "do": "sign", **more},
            files={"key": ("k", files[name])},
        ).status_code

    assert sign("arta", passphrase="wrong words of some length") == 400
    assert concerns(bench.checklist, made)
    assert sign("arta") == 400, "groups are worse off, and no reason is written"
    reason = "A trial of one week, agreed with the coordinator."
    assert sign("arta", override=reason) == 303 and sign("arta") == 400
    assert "half signed, by Arta" in client.get("/sign").text
    assert sign("besa", do="activate", reason="Decided by the trainers today") == 400, (
        "half signed is not put in force"
    )
    assert sign("besa") == 303
    assert sign("besa", do="activate", reason="short") == 400
    assert sign("besa", do="activate", reason="Decided by the trainers today") == 303
    assert (
        bench.in_force.id == "2026-11-25-trainers"
        and str(bench.in_force.standing) == "signed by Arta, Besa"
    )
    assert activations(bench.checklist.folder)[1][-1].reason == "Decided by the trainers today"
    assert "Decided by the trainers today" in client.get("/sign").text
    compared = client.get(
        "/compare",
        params={
            "one": "2026-11-23-published-strength",
            "two": "2026-11-25-trainers",
            "world": "guarded",
        },
    )
    assert compared.status_code == 200 and "Weights that differ" in compared.text


def test_a_set_that_loses_a_held_out_child_says_so_before_anybody_signs(client, bench):
    take(client, bench)
    client.post("/propose", data={"method": "ratings"})
    part = client.post(
        "/weights",
        data={**almost_nothing(bench), "world": "guarded"},
        headers={"hx-request": "true"},
    )
    assert "held-out children forced to beg fall below refer" in part.text and not any(
        v.id in part.text for s in bench.sets for v in s.cases if v.held_out == "yes"
    )
    client.post(
        "/keep",
        data={
            "id": "2026-11-25-none",
            "title": "t",
            "authors": "a",
            "valid_from": "2026-11-01",
            "recheck_by": "2028-01-01",
        },
    )
    client.post("/key", data={"id": "arta", "passphrase": WORDS, "again": WORDS})
    own = client.post("/key", data={"id": "arta", "passphrase": WORDS, "again": WORDS}).content
    client.post(
        "/register",
        data={"id": "arta", "name": "Arta", "role": "trainer", "key": bench.made["arta"]},
    )
    page = client.get("/sign?set=2026-11-25-none").text
    lost = bench.tried("guarded", bench.in_force, bench.weights(bench.now())).lost
    assert lost and all(f"{m.vignette.id}, a held-out child" in page for m in lost)
    assert 'name="override"' in page

    def sign(**more: str) -> object:
        return client.post(
            "/sign",
            data={"set": "2026-11-25-none", "passphrase": WORDS, "do": "sign", **more},
            files={"key": ("k", own)},
        )

    assert "K156" in sign().text and "--override" not in sign().text
    short = sign(override="because")
    assert "U305" in short.text and ">because</textarea>" in short.text, "what was typed stays"
    assert sign(override="A trial of one week, agreed with the coordinator.").status_code == 303
    assert load_weights(bench.checklist, "2026-11-25-none", draft=True).override.startswith(
        "A trial of one week"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/thresholds?recall=x&world=none",
        "/thresholds?recall=0.5",
        "/compare?one=none&two=bench",
        "/compare",
        "/sign?set=none",
        "/agreement",
    ],
)
def test_pages_cope_with_whatever_an_address_says(path, client):
    assert client.get(path).status_code in (200, 400)


def test_a_page_says_its_language_and_nothing_about_the_work_in_its_title(client, bench):
    for lang in ("en", "sq", "sr", "sr-Cyrl"):
        client.post("/language", data={"lang": lang, "back": "/weights"})
        client.cookies.set("notes_language", lang)
        text = client.get("/weights").text
        assert f'<html lang="{lang}">' in text
        assert re.search(r"<title>(.*)</title>", text)[1] in {
            "Notes",
            "Shënime",
            "Beleške",
            "Белешке",
        }


def test_a_second_round_on_the_pages_shows_the_group_and_oneself_and_is_for_those_of_the_first(
    client, bench
):
    assert client.post("/second").status_code == 400 and bench.rounds.asking == 1, (
        "nobody has rated yet"
    )
    take(client, bench, 6)
    one = bench.rounds.people(bench.rounds.round)[0]
    first = bench.rounds.given(one)["strength", "", "deceived_activity", "child"]
    assert client.post("/second").status_code == 303
    page = " ".join(client.get(f"/rate/{one}/signs/0").text.split())
    counts = bench.rounds.group()["deceived_activity"]["child"].counts
    assert (
        f"The group: none {counts[0]}, weak {counts[1]}, medium {counts[2]}, strong {counts[3]}."
        in page
        and f"You before: {first}." in page
    )
    assert re.search(rf'name="child:deceived_activity" value="{first}" checked', page), (
        "whoever does not change stays"
    )
    assert (
        client.post(f"/rate/{one}/signs/0", data={"child:deceived_activity": "weak"}).status_code
        == 303
    )
    stranger = new_codes(30, 123)[29]
    refused = client.post(f"/rate/{stranger}/signs/0", data={"child:deceived_activity": "weak"})
    assert refused.status_code == 422 and "rated nothing in the previous round" in refused.text
    begun = client.post("/rate", data={"code": stranger})
    assert (
        begun.status_code == 400
        and "rated nothing in the previous round" in begun.text
        and f'value="{stranger}"' in begun.text
    ), "refused before anything is rated"
    assert client.post("/rate", data={"code": ""}).status_code == 400
    assert bench.rounds.round == 1, "one alone is no round yet"
    client.post(
        f"/rate/{bench.rounds.people(bench.rounds.round)[1]}/signs/0",
        data={"child:deceived_activity": "weak"},
    )
    assert bench.rounds.round == 2 and bench.rounds.there() == {1: 6, 2: 2}
    assert client.post("/second").status_code == 400, "it is open already"
    last = (
        len(
            [
                s
                for s in bench.checklist.sections
                if any(i in bench.form.indicators for i in bench.checklist.sections[s])
            ]
        )
        - 1
    )
    assert client.post(f"/rate/{one}/signs/{last}", data={}).headers["location"] == "/", (
        "stories are not put again"
    )


def test_among_few_the_second_round_shows_a_median_and_no_counts(client, bench):
    take(client, bench, 4)
    client.post("/second")
    page = client.get(f"/rate/{bench.rounds.people(bench.rounds.round)[0]}/signs/0").text
    assert "The group&#39;s median:" in page and "The group:" not in page


def test_a_list_without_stories_is_rated_by_its_signs_alone():
    bench = Bench("kosovo-street")
    with training(bench) as client:
        assert client.get("/").status_code == 200
        last = len({bench.checklist.section_of(i) for i in bench.form.indicators}) - 1
        assert (
            client.post(f"/rate/{new_codes(1, 1)[0]}/signs/{last}", data={}).headers["location"]
            == "/"
        )
