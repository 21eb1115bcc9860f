"""A server in this process for tests, and the steps of an interview as a person takes them."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.testclient import TestClient

from screening.casebook import MemoryStore
from screening.web.guard import Keys
from screening.web.interview.cases import Knowledge
from screening.web.server import create_app

PORT = 8000
OWN = f"http://127.0.0.1:{PORT}"
KNOWLEDGE = Knowledge()

GATES = {
    "danger": "no",
    "private": "yes",
    "interpreter": "not_needed",
    "may_stop": "yes",
    "agreement": "yes",
    "representative": "social_worker",
}


# A girl of nine, met begging with her uncle: what is answered yes, and the note.
HER_ANSWERS = {
    "sent_and_placed": "Uncle puts me here.",
    "daily_quota": "Twenty, or I wait.",
    "money_to_controller": "He takes it at night.",
    "others_answer": "He answered twice.",
}


@dataclass
class Running:
    """A server that answers at `address`; `cookie` is what a browser that came in holds."""

    address: str
    keys: Keys
    app: Any
    server: uvicorn.Server

    @property
    def cookie(self) -> dict[str, str]:
        return {"name": self.keys.cookie, "value": self.keys.session, "url": self.address}


@contextmanager
def inside(app: Any, keys: Keys) -> Iterator[TestClient]:
    """Somebody who has come in, without a browser: with the cookie, the right host and origin."""
    with TestClient(
        app,
        base_url=OWN,
        headers={"origin": OWN},
        cookies={keys.cookie: keys.session},
        follow_redirects=False,
    ) as client:
        yield client


@contextmanager
def interviewing(keys: Keys | None = None) -> Iterator[TestClient]:
    """The same at an interview; what is behind it hangs on the client: `store`, `keys`, `desk`."""
    keys, store = keys or Keys(PORT), MemoryStore()
    with inside(create_app(keys, KNOWLEDGE, store), keys) as client:
        client.store, client.keys, client.desk = store, keys, client.app.state.desk
        yield client


def outside(keys: Keys, **headers: str) -> TestClient:
    return TestClient(
        create_app(keys, KNOWLEDGE), base_url=OWN, headers=headers, follow_redirects=False
    )


def case(client: TestClient, age: str = "9", case_id: str = "A-1") -> str:
    """A case with its gates and person gone through; its key."""
    key = client.post("/new", data={"case_id": case_id}).headers["location"].removeprefix("/c/")
    usual = ["no", "yes", "not_needed", "yes", "yes", "social_worker"]
    for n, choice in enumerate(usual):
        assert (
            client.post(
                f"/c/{key}/gate/{n}", data={"choice": choice, "rev": rev(client, key)}
            ).status_code
            == 303
        )
    assert (
        client.post(
            f"/c/{key}/person",
            data={
                "age": age,
                "age_certain": "yes",
                "fact_company": "family",
                "rev": rev(client, key),
            },
        ).status_code
        == 303
    )
    return key


def rev(client: TestClient, key: str) -> str:
    return re.search(r'id="rev" name="rev" value="(\d+)"', client.get(f"/c/{key}/file").text)[1]


def number(indicator: str) -> int:
    return list(KNOWLEDGE.checklist.indicators).index(indicator)


@contextmanager
def running(language: str = "en", knowledge: Knowledge | None = None) -> Iterator[Running]:
    """A server on a free port, ended afterwards."""
    with _running(lambda keys: create_app(keys, knowledge, language=language)) as here:
        yield here


@contextmanager
def _running(make: Any) -> Iterator[Running]:
    import socket

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    keys = Keys(port)
    app = make(keys)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", access_log=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Running(f"http://127.0.0.1:{port}", keys, app, server)
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def windows_of(chromium: Any, here: Running, start: str = "/", wait: int = 10_000) -> Iterator[Any]:
    """Opens windows that have come in, each in a browser of its own:

    `another(language, width)`. No request may leave the machine.

    wait : milliseconds that a page may take
    """
    contexts: list[Any] = []
    asked: list[str] = []

    def another(language: str = "en", width: int = 1000, height: int = 800, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.add_cookies(
            [here.cookie, {"name": "notes_language", "value": language, "url": here.address}]
        )
        context.set_default_timeout(wait)
        context.on("request", lambda r: asked.append(r.url))
        contexts.append(context)
        page = context.new_page()
        page.goto(here.address + start)
        return page

    yield another
    for context in contexts:
        context.close()
    assert (
        asked
        and [u for u in asked if not u.startswith((here.address, "data:", "about:", "blob:"))] == []
    ), "a request left the machine"


def begin(page: Any, case_id: str = "") -> None:
    """Begin a case on the start page."""
    if case_id:
        page.fill("input[name=case_id]", case_id)
    page.click('form[action="/new"] button')
    page.wait_for_url("**/gate/0")


def pass_gates(page: Any, **choices: str) -> None:
    """Go through the gates that come, in the order they come."""
    for n, (gate, usual) in enumerate(GATES.items()):
        page.wait_for_url(f"**/gate/{n}")
        page.click(f'#main button[name=choice][value="{choices.get(gate, usual)}"]')
        if choices.get(gate) == "yes" and gate == "danger":
            page.wait_for_url("**/danger")
            page.click("a.onward")


def note_person(
    page: Any, age: str, company: str = "family", certain: str = "yes", **facts: str
) -> None:
    """Fill in age and facts."""
    page.wait_for_url("**/person")
    page.fill("input[name=age]", age)
    for name, value in {
        "age_certain": certain,
        "fact_company": company,
        **{f"fact_{k}": v for k, v in facts.items()},
    }.items():
        page.check(f'input[name="{name}"][value="{value}"]')
    old = path(page)
    page.click("#main button.main")
    go_on(page, old)


def go_on(page: Any, old: str) -> None:
    """Wait until another page is there, and whole."""
    page.wait_for_function("old => location.pathname !== old", arg=old)
    page.wait_for_selector("h1")


def path(page: Any) -> str:
    """The path of the page."""
    return str(page.evaluate("location.pathname"))


def answer(page: Any, value: str) -> None:
    """Give one answer to the question shown."""
    old = path(page)
    page.click(f'#main button[name=answer][value="{value}"]')
    go_on(page, old)


def answer_all(page: Any, indicators: list[str], yes: dict[str, str], most: int = 130) -> int:
    """Answer what is put until no question comes: yes with a note for some, no for the rest.

    How many were put.
    """
    for put in range(most):
        place = path(page)
        if "/q/" not in place:
            return put
        name = indicators[int(place.split("/q/")[1])]
        if name in yes:
            page.fill("#note", yes[name])
        answer(page, "yes" if name in yes else "no")
    raise AssertionError("the questions do not end")


@contextmanager
def running_bench(bench: Any, language: str = "en") -> Iterator[Running]:
    """The trainer's pages on a free port."""
    from screening.web.server import create_bench

    with _running(lambda keys: create_bench(keys, bench, language)) as here:
        yield here
