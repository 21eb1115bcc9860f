"""What is handed in must be a file: pipes, devices and sockets are refused before they are opened.
And memory that holds a key is dumped nowhere.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from screening.cli.calibrate.signing import _open_key
from screening.errors import UsageError

COMMANDS: dict[str, list[str]] = {
    "score": ["score", "IT"],
    "score, another organisation's": ["score", "IT", "--from", "ctdc"],
    "score, with a card": ["score", "cases.csv", "--model", "IT"],
    "score, with weights": ["score", "cases.csv", "--weights", "IT"],
    "explain": ["explain", "IT", "--case", "A"],
    "triage": ["triage", "IT"],
    "letter": ["letter", "IT", "--case", "A", "-o", "letter.pdf"],
    "interview": ["interview", "--open", "IT"],
    "checklist import": ["checklist", "import", "IT", "--into", "kosovo", "-o", "new"],
    "ratings": ["calibrate", "agreement", "IT"],
    "outcomes": ["calibrate", "outcomes", "IT"],
    "past cases": ["calibrate", "impact", "2026-11-23-published-strength", "--file", "IT"],
}
RUNS = """
import json, sys
from screening.cli import run
for command in json.load(sys.stdin):
    print(run(command), file=sys.stderr, flush=True)
"""


def test_no_command_waits_for_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("case_id,age,danger_now\nA,9,yes\n")
    os.mkfifo(tmp_path / "pipe.csv")
    socket.socket(socket.AF_UNIX).bind(str(tmp_path / "socket.csv"))
    for name in ("null", "zero"):  # behind a link, as /dev/stdin is
        (tmp_path / f"{name}.csv").symlink_to(f"/dev/{name}")
    told = [[c.replace("IT", "pipe.csv") for c in command] for command in COMMANDS.values()]
    told += [["score", f"{kind}.csv"] for kind in ("socket", "null", "zero")]
    ran = subprocess.run(
        [sys.executable, "-c", RUNS],
        input=json.dumps(told),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,  # one that waits would never end
    )
    lines = ran.stderr.splitlines()
    assert lines[1::2] == ["2"] * len(told), ran.stderr
    for command, line in zip(told, lines[::2], strict=True):
        assert any(code in line for code in ("[U301]", "[K110]", "[M401]")), (command, line)


def test_a_key_is_not_waited_for_either(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "arta.key")
    with pytest.raises(UsageError) as caught:
        _open_key(tmp_path / "arta.key")
    assert caught.value.code == "U301"


HOLDS = """
import ctypes, resource
{what}
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a call of Linux")
@pytest.mark.parametrize(
    "what",
    [
        "from screening.casebook.sealed import seal; seal({'a': 1}, 'six words that nobody used yet')",
        "from screening.cli.keyboard import secret; secret('Passphrase')",
    ],
)
def test_a_process_that_holds_a_key_is_not_dumped_and_not_looked_into(what: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", HOLDS.format(what=what)], input="x\n", capture_output=True, text=True
    )
    assert ran.stdout.endswith("0 (0, 0)\n"), ran.stderr
