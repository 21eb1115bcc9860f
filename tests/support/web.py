"""A server in this process for tests, and a person who has come in without a browser."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from starlette.testclient import TestClient

from screening.casebook import MemoryStore
from screening.web.connections import config, listen
from screening.web.guard import Keys
from screening.web.interview.cases import Knowledge
from screening.web.server import create_app

PORT = 8000
NAME = "test"  # of the host, where a test has no need of a random one
OWN = f"http://{NAME}.localhost:{PORT}"
KNOWLEDGE = Knowledge()
LETTER = {  # what a letter must say
    "to": "CSW Prishtinë",
    "from": "Station 3",
    "happened": "She went from car to car.",
    "when": "27 November, 22:05",
    "place": "Crossing",
    "now": "Station 3, family room",
}


@dataclass
class Running:
    """A server that answers at `address`; `cookie` is what a browser that came in holds."""

    address: str
    keys: Keys
    app: Any

    @property
    def cookie(self) -> dict[str, str]:
        return {"name": self.keys.cookie, "value": self.keys.session, "url": self.address}

    def ask(self, path: str, language: str = "en", **form: str) -> httpx.Response:
        """A page as somebody who is in gets it, without a browser: outside of one, not every
        resolver knows names under .localhost.

        form : what is posted, if anything
        """
        return httpx.request(
            "POST" if form else "GET",
            f"http://127.0.0.1:{self.address.rsplit(':', 1)[1]}{path}",
            headers={"host": self.keys.host, "origin": self.keys.origin},
            cookies={self.keys.cookie: self.keys.session, "notes_language": language},
            data=form or None,
            follow_redirects=True,
            timeout=60,
        )


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
    keys, store = keys or Keys(PORT, NAME), MemoryStore()
    with inside(create_app(keys, KNOWLEDGE, store), keys) as client:
        client.store, client.keys, client.desk = store, keys, client.app.state.desk
        yield client


def outside(keys: Keys, **headers: str) -> TestClient:
    return TestClient(
        create_app(keys, KNOWLEDGE), base_url=OWN, headers=headers, follow_redirects=False
    )


def case(client: TestClient, age: str = "9", case_id: str = "A-1") -> str:
    """A case with its preconditions and person gone through; its key."""
    key = client.post("/new", data={"case_id": case_id}).headers["location"].removeprefix("/c/")
    usual = ["no", "yes", "not_needed", "yes", "yes", "social_worker"]
    for n, choice in enumerate(usual):
        assert (
            client.post(
                f"/c/{key}/precondition/{n}", data={"choice": choice, "rev": rev(client, key)}
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
    with serving(lambda keys: create_app(keys, knowledge, language=language)) as here:
        yield here


class _Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()


@contextmanager
def serving(make: Callable[[Keys], Any]) -> Iterator[Running]:
    """An app made with its keys, on a free port; ended afterwards."""
    listening = listen(0)
    keys = Keys(listening[0].getsockname()[1])
    app = make(keys)
    server = _Server(config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": listening}, daemon=True)
    thread.start()
    try:
        assert server.answers.wait(60), "the server did not start"
        yield Running(keys.origin, keys, app)
    finally:
        server.should_exit = True
        thread.join(10)
