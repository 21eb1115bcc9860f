"""What reaches a terminal: letters that it can show, and nothing that it would obey."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from screening.cli.console import Console, plain, visible

OBEYED = ["\x1b[2J", "\x1b]0;title\x07", "\r", "\x08", "\x9b2J", "\u202e", "\u2066", "\x1b[8m"]
HEAD = "case_id,age,danger_now,sent_and_placed\n"


def screening(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "screening", *arguments],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
    )


def written(text: str, encoding: str = "utf-8", exact: bool = False) -> bytes:
    raw = io.BytesIO()
    console = Console(io.TextIOWrapper(raw, encoding=encoding, newline=""))
    console.exact = exact
    console.write(text)
    console.flush()
    return raw.getvalue()


@pytest.mark.parametrize("sign", OBEYED)
def test_what_a_terminal_obeys_is_shown_as_what_it_is(sign):
    shown = written(f"a{sign}b\n").decode()
    assert sign not in shown and shown.isascii() and shown.startswith("a\\")


def test_of_every_control_and_mark_of_direction_nothing_gets_through():
    signs = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in ("Cc", "Cs")]
    signs += [chr(n) for n in range(0x3000) if unicodedata.bidirectional(chr(n)) in BIDI]
    assert [ascii(c) for c in signs if c not in "\n\t" and c in visible(c)] == []


BIDI = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def test_our_own_styles_get_through():
    styled = "\x1b[1mHelp\x1b[0m \x1b[31mnow\x1b[0m\n"
    assert written(styled) == styled.encode()


@pytest.mark.parametrize(
    "encoding", ["ascii", "cp1252", "cp1250", "cp437", "cp852", "cp1251", "koi8-r"]
)
def test_every_language_is_shown_on_every_console(encoding):
    for text in (
        "Çfarë ndodhi? – “po”",
        "Đorđe, šta žele ćerke…",
        "Шта желе ћерке и ђаци",
        "\udce9",
    ):
        shown = plain(text, encoding)
        shown.encode(encoding)
        assert shown.count("?") <= text.count("?") + text.count("\udce9")
    assert plain("Çfarë", "ascii") == "Cfare" and plain("Шта љубе", "ascii") == "Sta ljube"


@pytest.mark.parametrize("lang", ["en", "sq", "sr", "sr-Cyrl"])
def test_a_work_list_on_a_console_of_another_code_page(tmp_path, lang):
    (tmp_path / "a.csv").write_text(HEAD + "S-01,9,no,yes\n")
    said = screening("triage", "a.csv", "--lang", lang, cwd=tmp_path, PYTHONIOENCODING="cp1252")
    assert said.returncode == 0 and b"B001" not in said.stderr and said.stdout.decode("cp1252")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_data_leaves_exact_whatever_the_console(tmp_path, kind):
    (tmp_path / "a.csv").write_text(HEAD + "Ђ-01,9,no,yes\n", encoding="utf-8")
    for command in ("score", "triage"):
        said = screening(
            command, "a.csv", "--format", kind, cwd=tmp_path, PYTHONIOENCODING="cp1252"
        )
        assert "Ђ-01" in said.stdout.decode("utf-8"), said.stderr
        if kind == "json":
            json.loads(said.stdout)


def test_a_name_of_a_file_or_column_cannot_steer_the_terminal(tmp_path):
    (tmp_path / "a\x1b[2J.csv").write_text(
        HEAD.replace("age", "age,\x1b]0;x\x07") + "A,9,,no,yes\n"
    )
    said = screening("score", "a\x1b[2J.csv", cwd=tmp_path)
    missing = screening("score", "b\x1b[2J\u202e.csv", cwd=tmp_path)
    for out in (said.stdout, said.stderr, missing.stdout, missing.stderr):
        assert b"\x1b" not in out and b"\x07" not in out and "\u202e".encode() not in out
    assert missing.returncode == 2


def test_a_full_disk_behind_standard_output_is_one_line(tmp_path):
    (tmp_path / "a.csv").write_text(HEAD + "A,9,no,yes\n")
    with Path("/dev/full").open("w") as full:
        said = subprocess.run(
            [sys.executable, "-m", "screening", "score", "a.csv"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert said.returncode == 2 and b"U303" in said.stderr and b"Traceback" not in said.stderr
