"""An installed wheel in a clean environment works exactly as the checkout does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT

pytestmark = pytest.mark.wheel
PIP = ("-m", "pip", "--disable-pip-version-check", "-q")


def run(*command: object, cwd: Path) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(c) for c in command],
        cwd=cwd,
        env={**clean, "COLUMNS": "100"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable,
        *PIP,
        "wheel",
        ROOT,
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        cwd=folder,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_code_knowledge_words_and_templates_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "screening/_data/indicators/kosovo/checklist.yaml",
        "screening/_data/models/README.md",
        "screening/locale/sq.po",
        "screening/templates/paper/street_card.html.j2",
        "screening/cli/app.py",
    ):
        assert needed in names
    assert [
        n for n in names if n.startswith(("tests/", "docs/", "benchmarks/", "indicators/"))
    ] == []
    lists = {p.parent.name for p in (ROOT / "indicators").glob("*/checklist.yaml")}
    assert {n.split("/")[3] for n in names if n.endswith("/checklist.yaml")} == lists


def test_an_installed_wheel_does_what_the_checkout_does(wheel, tmp_path):
    """Only the hash-pinned runtime requirements are there: a dependency that is not declared would
    be missed here.
    """
    home = tmp_path / "clean"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = (sys.executable, *PIP, "--python", python)
    pinned = ("--no-compile", "--require-hashes", "-r", ROOT / "requirements/base.txt")
    run(*pip, "install", *pinned, cwd=tmp_path)
    run(*pip, "install", "--no-deps", wheel, cwd=tmp_path)
    run(*pip, "check", cwd=tmp_path)
    cases = tmp_path / "cases.json"
    cases.write_text(
        json.dumps(
            [
                {
                    "case_id": "a",
                    "age": 9,
                    "age_certain": True,
                    "answers": {"daily_quota": "yes", "sent_and_placed": "yes"},
                }
            ]
        ),
        encoding="utf-8",
    )
    calls = [
        ("demo", "--lang", "sr"),
        ("checklist", "lint", "--strict"),
        ("score", cases, "--format", "csv"),
        ("explain", cases, "--case", "a", "--lang", "sq"),
        ("triage", cases, "--on", "2026-11-23"),
    ]
    for call in calls:
        there = run(home / python.parent.name / "screening", *call, cwd=tmp_path)
        here = run(sys.executable, "-m", "screening", *call, cwd=ROOT)
        assert there == here, call
    for name in ("card.html", "list.xlsx", "scored.parquet"):
        command = (
            ("score", cases, "-o", name)
            if name.endswith("parquet")
            else ("checklist", "export", "kosovo-street", "-o", name)
        )
        run(home / python.parent.name / "screening", *command, cwd=tmp_path)
        assert (tmp_path / name).stat().st_size > 1000
