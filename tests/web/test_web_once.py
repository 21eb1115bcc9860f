"""The entry in the menu opened a second time: the program that runs opens its pages again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

Start = Callable[[], subprocess.Popen[str]]
PATIENCE = 120


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the program as the entry in the menu does; the browser writes down what it is given."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\ncp "${{1#file://}}" {tmp_path}/opened-$$.html\n')
    browser.chmod(0o700)
    home = tmp_path / "home"
    home.mkdir()
    env = {k: v for k, v in os.environ.items() if k not in ("XDG_RUNTIME_DIR", "DISPLAY")}
    env |= {"HOME": str(home), "TMPDIR": str(home), "BROWSER": f"{browser} %s"}
    begun: list[subprocess.Popen[str]] = []

    def program() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "screening", "serve", "--once"]
        begun.append(
            subprocess.Popen(
                command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return begun[-1]

    yield program
    for one in begun:
        one.kill()
        one.communicate()


def line(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def ask(address: str, method: str, path: str, body: str = "", **headers: str) -> HTTPResponse:
    at = urlsplit(address)
    link = HTTPConnection("127.0.0.1", at.port or 0, timeout=PATIENCE)
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    link.request(method, path, body, {"Host": at.netloc, **named})
    return link.getresponse()


def come_in(address: str) -> str:
    """The cookie of somebody who came in by an address."""
    at = urlsplit(address)
    answer = ask(address, "GET", f"/?{at.query}")
    assert answer.status == 303
    return str(answer.headers["set-cookie"]).split(";")[0]


def noted(folder: Path) -> Path:
    return folder / "home" / ".screening-interview.json"


def test_a_second_start_opens_the_pages_of_the_first_with_what_is_in_them(start, tmp_path):
    first = start()
    address = line(first)
    cookie = come_in(address)
    form = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    origin = f"http://{urlsplit(address).netloc}"
    assert ask(address, "POST", "/new", "case_id=K-7", Origin=origin, **form).status == 303
    note = noted(tmp_path)
    assert note.stat().st_mode & 0o777 == 0o600 and "token" not in note.read_text()
    second = start()
    out, err = second.communicate(timeout=PATIENCE)
    assert (second.returncode, out) == (0, "") and "running already" in err
    again = line(first)
    assert again != address and urlsplit(again).netloc == urlsplit(address).netloc
    later = come_in(again)
    assert b"K-7" in ask(again, "GET", "/", Cookie=later).read()
    for _ in range(PATIENCE * 10):  # the browser was given a file with the new address
        if any(again in file.read_text() for file in tmp_path.glob("opened-*.html")):
            break
        signal.sigtimedwait([], 0.1)
    else:
        pytest.fail("no browser was given the new address")


def test_no_process_is_given_the_token(start, tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(browser.read_text() + f'printf "%s" "$*" > {tmp_path}/given.new\n')
    with browser.open("a") as file:
        file.write(f"mv {tmp_path}/given.new {tmp_path}/given\n")
    token = line(start()).split("token=")[1]
    for _ in range(PATIENCE * 10):
        if (tmp_path / "given").exists():
            break
        signal.sigtimedwait([], 0.1)
    given = (tmp_path / "given").read_text()
    assert given.startswith("file://") and token not in given
    kept = Path(given.removeprefix("file://"))
    assert not kept.exists() or kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_once_the_first_has_ended_a_start_is_a_new_program(start, tmp_path, how):
    first = start()
    address = line(first)
    first.send_signal(how)
    first.wait(PATIENCE)
    assert noted(tmp_path).exists() == (how == signal.SIGKILL)
    assert re.match("http://", new := line(start())) and new != address


def test_the_word_of_a_second_start_opens_nothing_else(start, tmp_path):
    first = start()
    address = line(first)
    note = json.loads(noted(tmp_path).read_text())
    word = {"Authorization": f"Bearer {note['knock']}"}
    for method, path, more in (
        ("POST", "/again", {"Authorization": "Bearer x"}),
        ("POST", "/again", {}),
        ("POST", "/again", {**word, "Origin": f"http://{urlsplit(address).netloc}"}),
        ("POST", "/again", {**word, "Sec_Fetch_Site": "same-origin"}),
        ("POST", "/again", {**word, "Host": "elsewhere.example"}),
        ("GET", "/again", word),
        ("GET", "/", word),
        ("GET", "/api/health", word),
        ("POST", "/api/score", word),
    ):
        assert ask(address, method, path, **more).status in (400, 401, 403, 421), (path, more)
    assert come_in(address), "and the printed address still works"
    told = ask(address, "POST", "/again", **word)
    assert (told.status, told.read(), told.headers["set-cookie"]) == (200, b"", None)
