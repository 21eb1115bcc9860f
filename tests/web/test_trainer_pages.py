"""Weights, thresholds, signatures and errors on the trainer's pages: what is shown, what is asked
first, what stays as it was typed.
"""

from __future__ import annotations

import html
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import get_args

import httpx
import pytest
from starlette.testclient import TestClient

from conftest import ROOT
from screening.calibration.agreement import DIFFERS, Agreement, agreement
from screening.calibration.propose import METHODS
from screening.calibration.ratings import SCALE, new_codes
from screening.checklist import load_checklist, load_weights
from screening.checklist.signed import State
from screening.evaluation import subgroups
from screening.i18n import LANGUAGES, words
from screening.simulation import load_world
from screening.simulation.generate import generate
from screening.web.trainer.state import Bench
from screening.web.trainer.view import share_in
from support.bench import almost_nothing, rated, take, training

WORDS = "six words that nobody else has"
REASON = "A trial of one week, agreed with the coordinator."
PART = {"hx-request": "true"}


@pytest.fixture
def client(bench: Bench) -> Iterator[TestClient]:
    with training(bench) as c:
        yield c


# -- agreement -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compared() -> Agreement:
    return agreement(rated(load_checklist("kosovo"), 6), 20)


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("difference", list(DIFFERS))
def test_every_way_to_differ_has_its_words_and_its_figure_on_the_page(
    bench, compared, monkeypatch, difference, language
):
    one = replace(compared.by_rater[0], differs=(difference,))
    shown = replace(compared, by_rater=(one, *compared.by_rater[1:]))
    monkeypatch.setattr(Bench, "agreements", lambda self: (shown, None))
    with training(bench) as client:
        page = client.get("/agreement", cookies={"notes_language": language})
    assert page.status_code == 200
    said = words(language)(DIFFERS[difference])
    assert said in html.unescape(page.text) and f"({one.how_far(difference):+.2f})" in page.text
    assert language == "en" or said != DIFFERS[difference]


TEMPLATES = ROOT / "screening" / "templates"
# The maps of codes to words in the templates, and the codes that each can be given.
GIVEN = {
    "words": set(SCALE),
    "how": set(METHODS),
    "standings": {*get_args(State), "unsigned"} - {"half_signed"},  # half signed names who signed
    "told": {"signed", "force", "registered"},
    "groups": set(subgroups(generate(load_world(load_checklist("kosovo")), 200, 5))),
    "states": {"", "done", "apart", "begun"},
}


def test_every_phrase_that_a_template_can_be_given_is_there():
    seen = set()
    for path in sorted(TEMPLATES.rglob("*.j2")):
        for name, body in re.findall(
            r"{% set (\w+) = {(\"[^%]*)} %}", path.read_text(encoding="utf-8")
        ):
            keys = set(re.findall(r'"([^"]*)": ', body))
            wanted = GIVEN[name] - ({"not_asked"} if path.name.startswith("question") else set())
            if name == "groups":  # the page shows only those it has words for
                assert keys <= wanted and len(keys) >= 10
            else:
                assert keys == wanted, f"{path.name}: {name}"
            seen.add(name)
    assert seen == set(GIVEN)


# -- weights ---------------------------------------------------------------------------------------


def test_a_window_that_is_behind_sets_nothing_and_is_shown_the_newest(client, bench):
    page = client.get("/weights").text
    rev = re.search(r'name="rev" id="rev" value="(\d+)"', page)[1]
    one, two = (
        {"rev": rev, "tab": "aaaa", "world": "guarded"},
        {"rev": rev, "tab": "bbbb", "world": "guarded"},
    )
    moved = client.post("/weights", data={**one, "child:begging_hazard": "8"}, headers=PART)
    assert moved.status_code == 200 and f'name="rev" id="rev" value="{int(rev) + 1}"' in moved.text
    for headers in ({}, PART):
        late = client.post(
            "/weights",
            data={**two, "child:begging_hazard": "2", "child:trauma_signs": "7"},
            headers=headers,
        )
        assert (
            late.status_code == 409
            and "is now 8, you had 2" in late.text
            and bench.now()["child"]["begging_hazard"] == 8
        )
        assert (
            re.search(r'name="child:begging_hazard"[^>]*value="8"', late.text)
            and bench.now()["child"]["trauma_signs"] != 7
        )
    assert late.headers["hx-retarget"] == "#content"
    own = client.post("/weights", data={**one, "child:begging_hazard": "5"}, headers=PART)
    assert own.status_code == 200 and bench.now()["child"]["begging_hazard"] == 5, (
        "a page never quarrels with itself"
    )


def test_a_proposal_over_weights_that_were_set_by_hand_is_asked_about(client, bench):
    take(client, bench, 3)
    assert client.post("/propose", data={"method": "ratings"}).status_code == 303, (
        "nothing was set by hand"
    )
    client.post("/weights", data={"child:begging_hazard": "8", "world": "guarded"})
    asked = client.post("/propose", data={"method": "ratings", "card": "", "worth": "7"})
    assert (
        asked.status_code == 409
        and "Propose all the same" in asked.text
        and bench.now()["child"]["begging_hazard"] == 8
    )
    assert (
        'name="worth" inputmode="decimal" value="7"' in asked.text
        and '<option value="ratings" selected>' in asked.text
    )
    assert (
        client.post("/propose", data={"method": "ratings", "sure": "yes"}).status_code == 303
        and bench.points == bench.proposal.points
    )


def test_held_out_vignettes_are_a_count_while_weights_are_made(client, bench):
    held = [v.id for v in bench.stories.vignettes if v.held_out == "yes"]
    part = client.post(
        "/weights", data={**almost_nothing(bench), "world": "guarded"}, headers=PART
    ).text
    tried = bench.tried("guarded", bench.in_force, bench.weights(bench.now()))
    changed = sum(m.vignette.held_out == "yes" for m in tried.moved)
    assert (
        tried.lost
        and changed
        and f"Held-out vignettes that change: {changed}." in part
        and f"who fall: {len(tried.lost)}" in part
    )
    compared = client.get(
        "/compare", params={"one": bench.in_force.id, "two": "bench", "world": "guarded"}
    ).text
    for text in (part, compared):
        assert not [name for name in held if re.search(rf"\b{name}\b", text)]


def test_figures_say_of_how_many_they_are(client, bench):
    take(client, bench, 3)
    client.post("/propose", data={"method": "ratings"})
    page = client.get("/weights").text
    assert (
        re.search(r"people \d[\d.]* \([\d.–]+\), n 3", page)
        and 'type="number"' in page
        and "<output hidden>" in page
    )
    part = client.post(
        "/weights", data={"child:begging_hazard": "8", "world": "guarded"}, headers=PART
    ).text
    g = bench.tried("guarded", bench.in_force, bench.weights(bench.now())).impact.group("all")
    assert (
        f"({g.spared_after.low:.3f}–{g.spared_after.high:.3f}, n {g.spared_after.n})" in part
        and f"({g.recall_before.low:.3f}–" in part
    )
    agreement = client.get("/agreement").text
    rows = re.findall(
        r"<tr><td>[^<]*</td><td>([^<]*)</td>.*?</tr>",
        agreement.split("<tbody>")[1].split("</tbody>")[0],
        re.S,
    )
    cuts = [
        ('class="cut"' in row)
        for row in agreement.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    ]
    assert (
        len(rows) == len(cuts) > 5 and [name.startswith("Krippendorff") for name in rows] == cuts
    ), "the line stands where it was defined for"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0.95", 0.95),
        ("0,95", 0.95),
        ("95", 0.95),
        ("95 %", 0.95),
        ("95%", 0.95),
        (" 0.9 ", 0.9),
        ("2 %", 0.02),
    ],
)
def test_a_share_is_understood_as_people_write_it(text, share, client):
    assert share_in(text) == pytest.approx(share)


@pytest.mark.parametrize(
    "text", ["1.5", "", "x", "-1", "0", "1", "100", "0.95.1", "٩٥", "nan", "9" * 400]
)
def test_a_share_that_may_mean_anything_is_refused_in_words(text, client):
    answer = client.get("/thresholds", params={"recall": text})
    assert (
        answer.status_code == 400
        and "no share that can be understood" in answer.text
        and "refer from" not in answer.text
    )
    assert f'value="{text}"' in answer.text


def test_thresholds_say_refer_from_so_many_points_on(client, bench):
    rows = bench.thresholds("guarded", bench.in_force)
    found = [t for t in rows if t.profile == "adult"]
    share = int(100 * found[4].recall.low)  # what the line of five points finds for sure
    text = client.get("/thresholds", params={"recall": f"{share} %", "world": "guarded"}).text
    adults = [t.points for t in found if t.recall.low >= share / 100]
    assert share and 5 <= max(adults) < len(found)
    assert f"refer from {max(adults)} points on" in text and "or less" not in text
    assert (
        f"n {rows[0].recall.n}" in text
        and f"n {rows[0].spared.n}" in text
        and rows[0].recall.n != rows[0].spared.n
    )


# -- signatures ------------------------------------------------------------------------------------


def test_who_signs_second_sees_the_reason_and_everything_the_set_says(client, bench):
    take(client, bench, 3)
    client.post("/propose", data={"method": "ratings"})
    client.post("/weights", data={"world": "guarded", **almost_nothing(bench)})
    client.post(
        "/keep",
        data={
            "id": "2026-11-25-none",
            "title": "t",
            "authors": "A. Kola, B. Gashi",
            "valid_from": "2026-11-01",
            "recheck_by": "2028-01-01",
        },
    )
    keys = {}
    for name in ("arta", "besa"):
        keys[name] = client.post(
            "/key", data={"id": name, "passphrase": WORDS, "again": WORDS}
        ).content
        client.post(
            "/register",
            data={"id": name, "name": name.title(), "role": "trainer", "key": bench.made[name]},
        )
    page = client.get("/sign?set=2026-11-25-none").text
    changes = page.split('aria-label="What it changes in the set before it">')[1]
    said = re.findall(r"<li>([^<]*)</li>", changes.split("</ul>")[0])
    assert (
        len(said) > 20
        and "A. Kola, B. Gashi" in page
        and "2026-11-01" in page
        and "2028-01-01" in page
        and "is not signed without" in page
    )

    def post(name: str, **more: str) -> httpx.Response:
        return client.post(
            "/sign",
            data={"set": "2026-11-25-none", "passphrase": WORDS, "do": "sign", **more},
            files={"key": ("k", keys[name])},
        )

    assert post("arta", override=REASON).status_code == 303
    page = " ".join(client.get("/sign?set=2026-11-25-none").text.split())
    assert (
        f"<strong>{REASON}</strong> (arta, {date.today()})" in page
        and "half signed, by Arta" in page
        and "with a written reason" in page
    )
    assert (
        "is not signed without" not in page
        and "signed although" not in page
        and 'name="override"' not in page
    )
    assert post("besa").status_code == 303
    assert 'value="activate"' in client.get("/sign?set=2026-11-25-none").text
    wrong = post("besa", do="activate", reason="soon & so")
    assert (
        wrong.status_code == 400
        and 'value="soon &amp; so"' in wrong.text
        and "--reason" not in wrong.text
    )
    assert 'name="back" value="/sign?set=2026-11-25-none"' in wrong.text
    assert post("besa", do="activate", reason="Decided by the trainers today").status_code == 303
    page = client.get("/sign?set=2026-11-25-none").text
    assert 'value="activate"' not in page and "This set is in force." in page
    again = post("besa", do="activate", reason="Decided by the trainers again")
    assert again.status_code == 400 and "already in force" in again.text


def test_what_was_typed_for_a_key_or_a_signer_stays_but_no_passphrase(client):
    key = client.post("/key", data={"id": "arta", "passphrase": WORDS, "again": "another one"})
    assert (
        key.status_code == 400
        and re.search(r"<details open><summary>Make a key", key.text)
        and 'name="id" value="arta"' in key.text
        and WORDS not in key.text
    )
    person = client.post(
        "/register", data={"id": "arta", "name": "Arta K", "role": "trainer", "key": "no"}
    )
    assert (
        person.status_code == 400
        and 'value="Arta K"' in person.text
        and re.search(r"<details open><summary>Register", person.text)
    )


# -- errors ----------------------------------------------------------------------------------------


def test_errors_are_pages_of_the_bench_in_its_own_frame(client, bench):
    for answer, status in (
        (client.get("/nothing"), 404),
        (client.get("/?taken=x"), 422),
        (client.post("/sign", data={}), 422),
        (client.get("/rate/AAAAA/signs/0"), 422),
    ):
        assert (
            answer.status_code == status
            and 'href="/weights"' in answer.text
            and "/static/trainer.css" in answer.text
            and "Danger now" not in answer.text
        )
    path = bench.checklist.folder / "weights" / f"{bench.in_force.id}.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("points:", "pointz:", 1), encoding="utf-8"
    )
    broken = client.get("/weights")
    assert (
        broken.status_code == 503
        and 'href="/sign"' in broken.text
        and "cannot be used" in broken.text
        and "112" not in broken.text
    )
    signatures = client.get("/sign")
    assert signatures.status_code == 200 and path.name in signatures.text, (
        "says what is wrong with which set"
    )


def test_errors_met_often_are_in_the_language_of_the_page_and_name_no_option(client):
    client.cookies.set("notes_language", "sq")
    code = client.post("/rate", data={"code": "Teuta"}).text
    assert "nuk është kod vlerësuesi" in code and "is not a rater's code" not in code
    for method, told in (
        ("ratings", "metoda ratings kërkon vlerësime"),
        ("card", "metoda card kërkon një kartelë"),
    ):
        text = client.post("/propose", data={"method": method, "card": ""}).text
        assert told in text and "--" not in text.split('role="alert"')[1].split("</p>")[0]
    client.cookies.set("notes_language", "sr-Cyrl")
    assert "није шифра оцењивача" in client.post("/rate", data={"code": "Teuta"}).text


def test_another_language_after_an_error_leads_to_a_page_that_is_there(client):
    posts = {
        "/propose": {"method": "card"},
        "/keep": {},
        "/register": {},
        "/rate": {"code": "x"},
        "/out": {"code": "x"},
        "/weights": {"child:danger_now": "1"},
    }
    for path, data in posts.items():
        text = client.post(path, data=data).text
        where = re.search(r'name="back" value="([^"]*)"', text)[1]
        onward = client.post("/language", data={"lang": "sq", "back": where}).headers["location"]
        assert client.get(onward).status_code == 200, path
    assert (
        client.post("/language", data={"lang": "sq", "back": "//evil.example"}).headers["location"]
        == "/"
    )
    assert (
        'name="back" value="/sign?set=2026-11-23-published-strength"'
        in client.get("/sign?set=2026-11-23-published-strength").text
    )


# -- the program -----------------------------------------------------------------------------------


def test_a_bad_list_is_refused_before_anything_is_served(cli, tmp_path):
    ran = cli("serve", "--trainer", "--no-browser", "--checklist", tmp_path)
    assert (
        ran.code == 2
        and ran.out == ""
        and len(ran.err.splitlines()) == 1
        and re.search(r"\[K\d+\]", ran.err)
    )


def test_to_end_the_program_with_ratings_in_memory_takes_two_ctrl_c(tmp_path):
    run = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from"
        " screening.cli import run; raise SystemExit(run(['serve', '--trainer', '--no-browser']))"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", run],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    try:
        address = program.stdout.readline().strip()
        origin = address.split("/?")[0]
        code = new_codes(1, 3)[0]
        # Not every resolver knows names under .localhost, as browsers do
        there = re.sub(r"//[^:]+", "//127.0.0.1", origin)
        headers = {"origin": origin, "host": origin.removeprefix("http://")}
        with httpx.Client(
            base_url=there, headers=headers, follow_redirects=True, timeout=60
        ) as web:
            entered = web.get(address.removeprefix(origin), follow_redirects=False)
            web.headers["cookie"] = entered.headers["set-cookie"].split(";")[0]
            assert (
                web.post(
                    f"/rate/{code}/signs/0", data={"child:deceived_activity": "weak"}
                ).status_code
                == 200
            )
            program.send_signal(signal.SIGINT)
            assert (
                "1 rating is in memory only" in program.stderr.readline()
                and "/?token=" in program.stderr.readline()
            )
            assert web.get(f"/rate/{code}/signs/0").status_code == 200
        program.send_signal(signal.SIGINT)
        assert program.wait(15) == 0 and program.stderr.read() == ""
    finally:
        if program.poll() is None:
            program.kill()


def test_weights_that_were_kept_are_no_longer_in_memory_only(client, bench):
    from screening.i18n import words

    take(client, bench, 2)
    client.get("/ratings.csv")
    client.post("/propose", data={"method": "ratings"})
    assert len(bench.left(words("en"))) == 1
    client.post(
        "/keep",
        data={
            "id": "2026-11-25-kept",
            "title": "t",
            "authors": "a",
            "valid_from": "2026-11-01",
            "recheck_by": "2028-01-01",
        },
    )
    assert (
        load_weights(bench.checklist, "2026-11-25-kept").title == "t"
        and bench.left(words("en")) == []
    )
