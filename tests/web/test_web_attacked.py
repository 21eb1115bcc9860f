"""What somebody who means harm hands to the server, and what it costs the others."""

from __future__ import annotations

import contextlib
import copy
import http.client
import http.server
import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from screening.casebook import sealed
from screening.casebook.sealed import open_sealed, seal
from screening.errors import ScreeningError
from screening.interview import Record
from screening.web import connections
from screening.web.interview.cases import Desk
from support.web import NAME, PORT, Keys, Running, case, interviewing, number, rev, running

WORDS = "ngjyra mali traktor dritare liqen gur"
SIGN = "sent_and_placed"


@pytest.fixture
def client() -> Iterator[TestClient]:
    with interviewing(Keys(PORT, NAME)) as c:
        yield c


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as here:
        yield here


# -- case files ------------------------------------------------------------------------------------


def typed(client: TestClient, key: str, n: int, text: str, step: int, tab: str = "t") -> None:
    for end in range(step, len(text) + 1, step):
        form = {"note": text[:end], "basis": "said", "rev": "99999999", "tab": tab, "seq": str(end)}
        assert client.post(f"/c/{key}/q/{n}?draft=1", data=form).status_code == 200


def test_a_case_with_long_notes_saved_while_they_were_typed_opens_again(client):
    key, text = case(client), "She said that the uncle comes at eight. " * 100
    for n in range(20, 23):
        typed(client, key, n, text, 40, f"t{n}")
    record = client.store.get("A-1")
    written = [c for c in record.changes if c.after.endswith(text.strip())]
    assert len(written) == 3 and len(record.changes) < 30, "one change for what was typed at once"
    assert len(json.dumps(record.to_dict())) < 40_000
    client.post(f"/c/{key}/file", data={"passphrase": WORDS, "again": WORDS})
    content = client.get(f"/c/{key}/file.case").content
    assert Record.from_dict(open_sealed(content, WORDS)) == client.store.get("A-1")
    client.post(f"/c/{key}/drop", data={"confirm": "A-1"})
    opened = client.post("/open", files={"file": ("f", content)}, data={"passphrase": WORDS})
    assert opened.status_code == 303, opened.text


def test_while_one_window_types_another_still_sees_that_the_case_was_changed(client):
    key = case(client)
    typed(client, key, 20, "abcd", 2)
    seen = rev(client, key)
    typed(client, key, 20, "abcdefgh", 2)
    assert int(rev(client, key)) > int(seen)
    form = {"answer": "no", "note": "other", "rev": seen, "tab": "two", "seq": "1"}
    assert client.post(f"/c/{key}/q/20", data=form).status_code == 409, "both versions are shown"


def test_what_no_reader_would_take_is_not_sealed(monkeypatch):
    monkeypatch.setattr(sealed, "LARGEST", 3 * 4096)
    with pytest.raises(ScreeningError) as error:
        seal({"note": "x" * 8192}, WORDS)
    assert error.value.code == "U312"


EVIL: list[Any] = [
    *(None, True, 5, -1, 1e308, 10**18, "", "x", "\u202e1", "\x00", "\x1b[2J", "a\nb", "x" * 5000),
    *([], {}, [[]], {"x": 1}, ["a", "b", "c"], "yes", "danger", "no\rno", "é", "/", "../x", "🙂"),
]


def paths(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    keys = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for key in keys:
        yield from paths(data[key], (*at, key))


def mutated(data: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    made = copy.deepcopy(data)
    for _ in range(draw.choice((1, 1, 2, 3))):
        *way, last = draw.choice(list(paths(made))[1:])
        inner: Any = made
        for key in way:
            inner = inner[key]
        if isinstance(inner, dict) and draw.random() < 0.3:
            inner[str(draw.choice(EVIL))] = inner.pop(last)
        elif draw.random() < 0.1:
            del inner[last]
        else:
            inner[last] = copy.deepcopy(draw.choice(EVIL))
    return made


@pytest.mark.parametrize("seed", range(4))
def test_no_crafted_record_breaks_a_page_or_hides_what_it_holds(client, monkeypatch, seed):
    key = case(client)
    form = {"answer": "yes", "note": "she said", "basis": "said", "rev": rev(client, key)}
    client.post(f"/c/{key}/q/{number(SIGN)}", data=form)
    client.post(f"/c/{key}/view", data={"finding": "refer", "why": "w", "rev": rev(client, key)})
    client.get(f"/c/{key}/end")
    data = json.loads(json.dumps(client.store.get("A-1").to_dict()))
    client.post(f"/c/{key}/drop", data={"confirm": "A-1"})
    draw, taken = random.Random(seed), 0
    for turn in range(60):
        made = mutated(data, draw) if turn else data
        monkeypatch.setattr("screening.web.interview.pages.open_sealed", lambda *a, m=made: m)
        answer = client.post("/open", files={"file": ("f", b"x")}, data={"passphrase": "x"})
        assert answer.status_code in (303, 400), (made, answer.text)
        if answer.status_code != 303:
            continue
        taken += 1
        key = answer.headers["location"].removeprefix("/c/")
        for place in (
            "",
            "/all",
            f"/q/{number(SIGN)}",
            "/person",
            "/view",
            "/end",
            "/paper",
            "/file",
        ):
            assert client.get(f"/c/{key}{place}").status_code < 500, (place, made)
        kept = client.store.get(client.desk.case(key).case_id)
        assert Record.from_dict(json.loads(json.dumps(kept.to_dict()))) == kept
        assert client.get("/").status_code == 200
        client.desk.drop(key)
    assert taken >= 2


@pytest.mark.parametrize("page", ["9" * 5000, "-1", "x", "", "٣", "1/../2", "0x1"])
def test_danger_is_recorded_whatever_page_it_is_said_to_come_from(client, page):
    key = case(client)
    form = {"choice": "yes", "page": f"/c/{key}/q/{page}", "note": "n", "rev": rev(client, key)}
    assert client.post(f"/c/{key}/danger", data=form).status_code == 303
    assert client.store.get("A-1").answers["danger_now"].answer == "yes"


# -- many at once ----------------------------------------------------------------------------------


def test_two_windows_begin_a_case_at_the_same_moment(monkeypatch):
    both, begin = threading.Barrier(2), Desk.begin

    def together(desk: Desk, case_id: str) -> str:
        both.wait(30)
        key = begin(desk, case_id)
        both.wait(30)
        return key

    monkeypatch.setattr(Desk, "begin", together)
    with running() as here, ThreadPoolExecutor(2) as windows:
        begun = list(windows.map(lambda case_id: here.ask("/new", case_id=case_id), ("A-1", "A-2")))
        assert [answer.status_code for answer in begun] == [200, 200]
        pages = here.ask("/").text
        assert "A-1" in pages and "A-2" in pages


def test_a_case_that_is_let_go_while_a_page_lists_it_is_left_out(client, monkeypatch):
    kept, gone, listed = case(client), case(client, case_id="A-2"), Desk.cases
    client.store.drop(client.desk.case(gone).case_id)
    assert client.desk.unsaved() == 1
    monkeypatch.setattr(Desk, "cases", lambda desk: {**listed(desk), "0" * 8: "A-3"})
    page = client.get("/")
    assert page.status_code == 200 and kept in page.text and gone not in page.text


# -- lines -----------------------------------------------------------------------------------------


def asked(server: Running, timeout: float = 5) -> tuple[int, float]:
    started = time.monotonic()
    port = int(server.address.rsplit(":", 1)[1])
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    cookie = f"{server.keys.cookie}={server.keys.session}"
    line.request("GET", "/live", headers={"host": server.keys.host, "cookie": cookie})
    status = line.getresponse().status
    line.close()
    return status, time.monotonic() - started


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1"])
def test_lines_that_ask_for_nothing_shut_nobody_out_and_are_closed(server, monkeypatch, sent):
    monkeypatch.setattr(connections, "PATIENCE", 2.0)
    monkeypatch.setattr(connections, "MOST", 40)
    port, lines = int(server.address.rsplit(":", 1)[1]), []
    for _ in range(120):
        line = socket.create_connection(("127.0.0.1", port), timeout=5)
        if sent:
            line.sendall(sent)
        lines.append(line)
    assert asked(server)[0] == 204
    deadline = time.monotonic() + 30
    for line in lines:
        line.settimeout(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ConnectionError):
            assert line.recv(10) == b""
        line.close()


@pytest.mark.browser
def test_another_program_on_this_machine_is_not_sent_the_cookie(chromium, server):
    got: list[str] = []

    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            got.append(self.headers.get("Cookie", ""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with chromium.new_context() as context:
            context.add_cookies([server.cookie])
            page = context.new_page()
            page.goto(server.address)
            for host in ("127.0.0.1", "localhost", "other.localhost"):
                page.goto(f"http://{host}:{other.server_port}/")
            page.set_content(f'<a id=a href="http://127.0.0.1:{other.server_port}/">a link</a>')
            with page.expect_navigation():
                page.click("#a")
        other.shutdown()
    assert len(got) >= 4 and not any(server.keys.session in cookie for cookie in got)


def test_small_answers_are_sent_at_once():
    listening = connections.listen(0)
    try:
        assert all(s.proto == socket.IPPROTO_TCP for s in listening), "asyncio then sets NODELAY"
        port = listening[0].getsockname()[1]
        assert {s.getsockname()[:2] for s in listening} <= {("127.0.0.1", port), ("::1", port)}
    finally:
        for one in listening:
            one.close()
