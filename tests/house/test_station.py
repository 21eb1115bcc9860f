"""A station can install it: the folder for a computer without a network."""

from __future__ import annotations

import configparser
import json
import shlex
import shutil
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from wheelhouse import PLATFORMS, PYTHONS, missing, needed, pinned, scripts

ASKS = """
from screening.checklist import load_checklist, load_weights
from screening.interview import Interview, Record, load_protocol

kosovo = load_checklist()
weights = load_weights(kosovo)
begun = Record.begin("a", kosovo, weights, age=30, age_certain=True, person=True)
asked = Interview(kosovo, weights, load_protocol(kosovo), begun)
while (step := asked.next(False)).kind == "precondition":
    choices = {"danger": "no", "interpreter": "not_needed", "representative": "adult"}
    asked = asked.precondition(step.key, choices.get(step.key, "yes"))
print(step.kind)
"""
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
OFFICER = (ROOT / "requirements/officer.txt").read_text(encoding="utf-8")
HEAVY = {"pandas", "pyarrow"}


def names(text: str, platform: str = "manylinux_x86_64", python: str = "3.13") -> set[str]:
    return {r.name for r, _ in needed(text, platform, python)}


def test_every_extra_that_people_run_has_a_pinned_file_of_the_same_versions():
    dev = {(r.name, str(r.specifier)) for r, _ in pinned(read("dev"))}
    for extra in ("base", "web", "ml", "trainer", "cluster", "casebook", "officer"):
        own = [(r.name, str(r.specifier)) for r, hashes in pinned(read(extra)) if hashes]
        assert len(own) == len(list(pinned(read(extra)))), extra
        assert {one for one in own if one[0] != "pip"} <= dev, extra
        if extra != "officer":
            assert names(read("base")) <= names(read(extra))
    assert names(read("web")) - names(OFFICER) >= HEAVY


def read(extra: str) -> str:
    return (ROOT / f"requirements/{extra}.txt").read_text(encoding="utf-8")


def test_what_a_platform_needs_is_read_from_its_markers_and_not_from_this_machine():
    on = {platform: names(OFFICER, platform) for platform in PLATFORMS}
    assert "colorama" in on["win_amd64"] and "colorama" not in on["manylinux_x86_64"]
    assert on["macosx_arm64"] == on["macosx_x86_64"] and "typst" in on["macosx_arm64"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_folder_that_lacks_one_wheel_is_not_called_complete(platform, tmp_path):
    folder = tmp_path / "station"
    (folder / "wheels").mkdir(parents=True)
    (folder / "requirements.txt").write_text(OFFICER, encoding="utf-8")
    tag = {"macosx_arm64": "macosx_11_0_arm64", "macosx_x86_64": "macosx_10_13_x86_64"}.get(
        platform, platform.replace("manylinux", "manylinux_2_17")
    )
    for python in PYTHONS:
        abi = f"cp{python.replace('.', '')}"
        for requirement, _ in needed(OFFICER, platform, python):
            version = str(requirement.specifier).removeprefix("==")
            compiled = requirement.name in ("pydantic-core", "pyyaml")
            its = f"{abi}-{abi}-{tag}" if compiled else "py3-none-any"
            name = requirement.name.replace("-", "_")
            (folder / "wheels" / f"{name}-{version}-{its}.whl").touch()
    (folder / "wheels" / "screening-0.1.0-py3-none-any.whl").touch()
    assert missing(folder, platform, PYTHONS) == []
    for wheel in sorted((folder / "wheels").iterdir()):
        wheel.unlink()
        assert missing(folder, platform, PYTHONS), wheel.name
        wheel.touch()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_scripts_are_filled_in(platform, tmp_path):
    scripts(tmp_path, platform, PYTHONS)
    windows = platform.startswith("win")
    assert {p.name for p in tmp_path.iterdir()} == {
        "install.bat" if windows else "install.sh",
        "README.txt",
    }
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert b"@LISTED" not in content and b"@VERSIONS" not in content
        assert (b"\r\n" in content) == windows
    if not windows:
        subprocess.run(["sh", "-n", str(tmp_path / "install.sh")], check=True)


@pytest.mark.wheel
def test_a_station_installs_from_the_folder_alone_and_its_entry_opens_the_interview(tmp_path):
    """In a network name space of its own, where the system gives one: there is nothing to reach."""
    folder, home = tmp_path / "station", tmp_path / "home"
    home.mkdir()
    tool = [sys.executable, str(ROOT / "tools/wheelhouse.py"), "--platform", "manylinux_x86_64"]
    made = subprocess.run([*tool, "--python", HERE, "-o", str(folder)], capture_output=True)
    assert made.returncode == 0, made.stderr[-2000:]
    alone = ["unshare", "-rn"] if shutil.which("unshare") else []
    if alone and subprocess.run([*alone, "true"], capture_output=True).returncode:
        alone = []
    env = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    env |= {"BROWSER": "true %s", "COLUMNS": "100", "TMPDIR": str(tmp_path)}
    for _ in range(2):  # the second time, it renews what is there
        ran = subprocess.run(
            [*alone, "sh", str(folder / "install.sh")], env=env, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    share = home / ".local/share"
    assert {p.name for p in share.iterdir()} == {"screening", "applications"}
    assert {p.name for p in home.iterdir()} <= {".local", ".cache"}
    there = {p.name.split("-")[0] for p in share.glob("screening/lib/*/site-packages/*.dist-info")}
    assert not there & HEAVY and {"screening", "typst", "fastapi"} <= there

    own = share / "screening/bin/screening"
    cases = tmp_path / "cases.json"
    answers = {"daily_quota": "yes", "sent_and_placed": "yes"}
    cases.write_text(json.dumps([{"case_id": "a", "age": 9, "answers": answers}]))
    run = {"env": env, "capture_output": True, "text": True, "cwd": tmp_path}
    for command in (
        ["explain", cases, "--case", "a", "--lang", "sq"],
        ["triage", cases],
        ["letter", cases, "--case", "a", "--by-hand", "-o", "letter.pdf"],
        ["checklist", "export", "kosovo-street", "-o", "card.html"],
        ["demo"],
    ):
        done = subprocess.run([*alone, own, *command], **run)
        assert done.returncode == 0, (command, done.stderr)
    done = subprocess.run([*alone, own.with_name("python"), "-c", ASKS], **run)
    assert done.stdout == "question\n", done.stderr
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF")
    (tmp_path / "cases.csv").write_text("case_id,age,danger_now\nA,9,yes\n")
    done = subprocess.run([own, "score", "cases.csv"], **run)
    assert done.returncode == 2 and "[U306]" in done.stderr and "pyarrow" in done.stderr

    entry = configparser.RawConfigParser()
    entry.optionxform = str
    entry.read(share / "applications/screening.desktop")
    command = shlex.split(entry["Desktop Entry"]["Exec"])
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            at = urlsplit(program.stdout.readline().strip())
            link = HTTPConnection("127.0.0.1", at.port or 0)
            link.request("GET", f"/?{at.query}", headers={"Host": at.netloc})
            came = link.getresponse()
            assert came.status == 303
            came.read()
            cookie = str(came.headers["set-cookie"]).split(";")[0]
            link.request("GET", "/", headers={"Host": at.netloc, "Cookie": cookie})
            page = link.getresponse().read().decode()
            assert 'action="/new"' in page
            again = subprocess.run(command, env=env, capture_output=True, text=True)
            assert again.returncode == 0 and "running already" in again.stderr
            assert at.netloc in program.stdout.readline()
        finally:
            program.kill()
