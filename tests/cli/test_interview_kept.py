"""`interview --store` and `serve --store`: what is answered is in the casebook, and goes on."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from screening.casebook.interviews import StoredCases
from screening.casebook.laptop import Casebook
from support.casebook import ACT, WORDS, filled


@pytest.fixture
def place(tmp_path: Path) -> Path:
    filled(tmp_path / "book")[0].close()
    (tmp_path / "words").write_text(WORDS + "\n", encoding="utf-8")
    return tmp_path


def options(place: Path) -> list[object]:
    return ["--store", place / "book", "--passphrase-file", place / "words"]


def kept(place: Path, case: str):
    with Casebook.open(place / "book", WORDS) as book:
        return StoredCases(book, lambda: ACT).get(case)


def test_an_interview_that_ends_in_the_middle_is_kept_and_goes_on(cli, place, monkeypatch):
    def sitting(typed: str):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        return cli("interview", "--case", "S-1", *options(place))

    first = sitting("2\n1\n")  # and the line is cut
    assert first.code == 0 and "saved in the casebook" in first.out
    assert "only in memory" not in first.out
    answered = kept(place, "S-1")
    assert answered.revision == 2
    second = sitting("1\n")
    after = kept(place, "S-1")
    assert second.code == 0 and after.revision > 2
    assert after.changes[:2] == answered.changes


def test_a_wrong_passphrase_begins_no_interview(cli, place):
    (place / "words").write_text("seven grey herons cross the weir\n", encoding="utf-8")
    for command in (["interview"], ["serve", "--no-browser"]):
        ran = cli(*command, *options(place))
        assert ran.code == 2 and "[U311]" in ran.err and not ran.out


def test_a_trainers_pages_take_no_casebook(cli, place):
    ran = cli("serve", "--trainer", "--no-browser", *options(place))
    assert ran.code == 2 and "[U305]" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="Windows ends programs in another way")
def test_a_server_with_a_casebook_opens_its_pages_and_leaves_it_closed(place):
    command = [
        sys.executable,
        "-m",
        "screening",
        "serve",
        "--no-browser",
        *map(str, options(place)),
    ]
    home = {**os.environ, "HOME": str(place), "TMPDIR": str(place)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=home) as served:
        assert served.stdout is not None
        assert ".localhost:" in served.stdout.readline()
        served.send_signal(signal.SIGTERM)  # nothing is in memory only: once is enough
        served.wait()
    left = sorted(p.name for p in (place / "book").iterdir())
    assert left == ["casebook.db", "casebook.keys"]
