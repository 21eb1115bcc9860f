"""`screening serve` as a person starts it, with a browser at it: killed, ended, started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from support.browser import (
    PATIENCE,
    answer,
    begin,
    follow,
    meet,
    path,
    visit,
)

pytestmark = pytest.mark.browser

WORDS = "ngjyra mali traktor dritare liqen gur"
LONG = PATIENCE / 1000  # seconds for the program to end


class Program:
    """The program, at its address; what it says beside is in `process.stderr`."""

    def __init__(self, home: Path) -> None:
        env = {**os.environ, "HOME": str(home), "TMPDIR": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "screening", "serve", "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd=home,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    def end(self, how: int = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(LONG)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Any]:
    started = []

    def start() -> Program:
        started.append(Program(tmp_path))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


@pytest.fixture
def window(chromium: Browser) -> Iterator[Any]:
    """Opens a window, in a browser of its own, at the address that a program printed."""
    contexts = []

    def opened(address: str) -> Page:
        context = chromium.new_context()
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        visit(page, address)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_the_program_killed_mid_way_is_seen_at_once_and_nothing_is_called_saved(window, program):
    one = program()
    page = window(one.address)
    begin(page)
    meet(page, "9")
    status, alarm = page.locator("#status"), page.locator("#alarm")
    expect(status).to_have_text(re.compile("^NOT SAVED if you close"))
    place = page.url
    left: list[str] = []
    page.on("request", lambda r: r.is_navigation_request() and left.append(r.url))
    one.end(signal.SIGKILL)
    expect(alarm).to_be_visible(timeout=20_000)
    page.fill("#note", "what she said")
    page.click("#main button[value=yes]")
    page.keyboard.press("Escape")
    expect(alarm).to_contain_text("Nothing more is being saved")
    expect(status).not_to_contain_text("Saved")
    page.click(".now summary")
    expect(page.locator(".steps"), "what to do in danger needs no program").to_be_visible()
    expect(page.locator(".steps")).to_contain_text("112")
    expect(page.locator("#note"), "the words stay where they can be copied").to_have_value(
        "what she said"
    )
    assert page.url == place and left == []


def test_to_end_the_program_with_a_case_in_memory_takes_two_ctrl_c(window, program):
    one = program()
    page = window(one.address)
    begin(page)
    follow(page, "#main button[value=no]", "/person")
    one.process.send_signal(signal.SIGINT)
    assert "in memory only" in one.process.stderr.readline()
    assert "/?token=" in one.process.stderr.readline()
    page.fill("input[name=age]", "9")
    page.check("input[name=age_certain][value=yes]")
    follow(page, "#main button.main", "/precondition/5")
    one.process.send_signal(signal.SIGINT)
    assert one.process.wait(LONG) == 0 and one.process.stderr.read() == ""


def test_an_address_that_is_taken_is_one_plain_line(program, tmp_path):
    port = program().address.split(":")[2].split("/")[0]
    ran = subprocess.run(
        [sys.executable, "-m", "screening", "serve", "--no-browser", "--port", port],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=LONG,
    )
    assert (
        ran.returncode == 2
        and "U303" in ran.stderr
        and ran.stdout == ""
        and len(ran.stderr.splitlines()) == 1
    )


def test_a_case_saved_to_its_file_is_opened_after_a_restart_and_nothing_else_is_on_the_disk(
    window, program, tmp_path
):
    first = program()
    page = window(first.address)
    begin(page, "kept-case")
    meet(page, "9")
    page.fill("#note", "a secret sentence")
    answer(page, "yes")
    waiting = path(page)
    follow(page, "nav.case button[value=file]", "/file")
    page.fill("input[name=passphrase]", WORDS)
    page.fill("input[name=again]", WORDS)
    with page.expect_download() as download:
        page.click("#main button")
    saved = tmp_path / "notes.case"
    download.value.save_as(saved)
    follow(page, ".handed button")
    expect(page.locator(".handed")).to_have_count(0)
    expect(page.locator("#status")).to_contain_text("file")
    expect(page.locator("#status")).not_to_contain_text("not")
    first.end()
    for file in (f for f in tmp_path.rglob("*") if f.is_file()):
        content = file.read_bytes()
        assert b"secret sentence" not in content and b"kept-case" not in content, file.name
    page = window(program().address)
    damaged = tmp_path / "damaged.case"
    damaged.write_bytes(saved.read_bytes()[:-40] + b"x" + saved.read_bytes()[-39:])
    for file, words, says in (
        (saved, WORDS + "x", "U311"),
        (damaged, WORDS, "U312"),
        (saved, WORDS, ""),
    ):
        page.set_input_files("input[name=file]", file)
        page.fill("input[name=passphrase]", words)
        follow(page, 'form[action="/open"] button')
        if says:
            expect(page.locator(".problem")).to_contain_text(says)
    expect(page).to_have_url(re.compile("/q/"))
    assert path(page).split("/q/")[1] == waiting.split("/q/")[1], (
        "the interview goes on with the same question"
    )
    follow(page, "nav.case button[value=all]", "/all")
    expect(page.locator(".s-yes")).to_have_count(1)
