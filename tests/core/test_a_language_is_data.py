"""A language is data: one that nobody speaks is added to a copy of the package - its facts, a
catalogue, a list's words, a table of letters - and every face of the program speaks it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from conftest import ROOT
from screening.checklist.yamlfile import read_yaml

# Three letters, as Romani has; three plural forms; from right to left; keys that English uses for
# something else; and the same in other letters.
FACTS = """
qaa: {name: Kvirr, short: QV, direction: rtl, cells: {yes: [va], no: [nai], unknown: [kon dzanel]},
      keys: {back: w, note: d, danger: x, stop: y, forget: bister}}
qaa-Grek: {name: Κβιρρ, short: ΚΒ, letters_of: qaa, cells: {yes: [βα]}}
"""
LETTERS = """
letters: {a: α, e: ε, i: ι, k: κ, q: κ, n: ν, o: ο, r: ρ, s: σ, t: τ, v: β}
pairs: {th: θ}
apart: [at-hena]
stay: [Enter]
"""
PLURAL = "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);"
LEFT_OUT = "Receipt"  # the one message that has no translation
NOT_ALL = "Not everything is translated yet; what is missing is in English."
CASES = [{"case_id": "a", "age": 9, "answers": {"daily_quota": "yes"}}]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the language in it."""
    house = tmp_path_factory.mktemp("house")
    for name in ("screening", "indicators"):
        shutil.copytree(
            ROOT / name, house / name, ignore=shutil.ignore_patterns("__pycache__", "_data")
        )
    locale = house / "screening/locale"
    with (locale / "languages.yaml").open("a", encoding="utf-8") as facts:
        facts.write(FACTS)
    (locale / "qaa-Grek.yaml").write_text(LETTERS, encoding="utf-8")
    write_catalogue(locale)
    for name in ("kosovo", "kosovo-street"):
        write_texts(house / "indicators" / name / "texts")
    (house / "cases.json").write_text(json.dumps(CASES), encoding="utf-8")
    return house


def write_catalogue(locale: Path) -> None:
    made = Catalog(locale="en", charset="utf-8")
    with (locale / "screening.pot").open("rb") as handle:
        for message in read_po(handle):
            if not message.id or message.id == LEFT_OUT:
                continue
            several = isinstance(message.id, tuple)
            one = message.id[1] if several else message.id
            made.add(message.id, [f"qv #{n} {one}" for n in range(3)] if several else f"qv {one}")
    made._num_plurals, made._plural_expr = 3, PLURAL.split("plural=", 1)[1].strip("; ")
    with (locale / "qaa.po").open("wb") as handle:
        write_po(handle, made)


def write_texts(folder: Path) -> None:
    """Every English text with a mark."""
    data = read_yaml(folder / "en.yaml", "en.yaml").data

    def marked(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: marked(value) for key, value in part.items() if key != "of"}
        return f"qv {part}"

    texts = {group: marked(part) for group, part in data.items() if isinstance(part, dict)}
    head = {"format": "1", "language": "qaa", "status": "reviewed"}
    content = yaml.safe_dump(head | texts, allow_unicode=True, sort_keys=False, width=10**6)
    (folder / "qaa.yaml").write_text(content, encoding="utf-8")


def run(house: Path, *command: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """A command in the copy."""
    done = subprocess.run(
        [sys.executable, *command],
        input=typed,
        cwd=house,
        capture_output=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONPATH": f"{house}{os.pathsep}{ROOT / 'tests'}",
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "100",
        },
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def screening(house: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return run(house, "-m", "screening", *arguments, typed=typed)


def test_the_command_line_offers_it_and_says_what_is_in_english(house):
    assert "sr-Cyrl, qaa, qaa-Grek" in " ".join(
        screening(house, "explain", "--help").stdout.split()
    )
    told = screening(house, "explain", "cases.json", "--case", "a", "--lang", "qaa")
    lines = [line.strip() for line in told.stdout.splitlines() if line.strip()]
    assert "qv Must bring in a fixed amount" in told.stdout and len(lines) > 20
    assert told.stderr == f"screening: qv {NOT_ALL}\n"
    written = screening(house, "explain", "cases.json", "--case", "a", "--lang", "qaa-Grek")
    assert "κβ" in written.stdout and "qv" not in written.stdout
    screening(house, "demo", "--lang", "qaa")


def test_the_interview_in_the_terminal_speaks_it_and_takes_its_keys(house):
    preconditions = [
        "2",
        "w",
        "2",
        "d",
        "1",
        "1",
        "1",
        "1",
        "2",
    ]  # back once; `d` is the note's key here
    ran = screening(
        house, "interview", "--lang", "qaa", "--case", "T-1",
        typed="\n".join([*preconditions, "x", "2", "9", "y", "bister", ""]),
    )  # fmt: skip
    said = " ".join(ran.stdout.split())
    assert "w back, d note, x danger, l list, y stop and keep" in said
    assert said.count("qv Is anyone here in danger right now?") >= 3  # at first, by back, by x
    assert "qv Help first" in said and f"qv {NOT_ALL}" in said
    assert "or 'bister' to forget it" in said


def test_a_table_is_answered_in_it(house):
    header = "case_id,age,daily_quota,sent_and_placed,labour_unpaid\n"
    rows = "a,9,VA, nai ,Kon dzanel\nb,9,βα,nai,\n"
    (house / "cells.csv").write_text(header + rows, encoding="utf-8")
    done = screening(house, "score", "cells.csv", "--format", "csv", "--lang", "qaa")
    scored = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["signs"] for row in scored] == ["daily_quota", "daily_quota"]
    assert "qv Refer" in done.stderr
    (house / "wrong.csv").write_text(header + "a,9,evet,,\n", encoding="utf-8")
    wrong = subprocess.run(
        [sys.executable, "-m", "screening", "score", "wrong.csv"],
        cwd=house,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(house)},
    )
    assert wrong.returncode == 2 and "va/nai" in wrong.stderr


def test_the_street_card_and_the_workbook_have_it(house):
    screening(house, "checklist", "export", "kosovo-street", "-o", "card.html", "--lang", "qaa")
    page = (house / "card.html").read_text(encoding="utf-8")
    assert '<html lang="qaa" dir="rtl">' in page and page.count("qv ") > 40
    screening(house, "checklist", "export", "kosovo", "-o", "list.xlsx")
    rows = openpyxl.load_workbook(house / "list.xlsx").active.iter_rows(values_only=True)
    header, first = list(next(rows)), list(next(rows))
    assert header.count("statement_qaa") == header.count("text_qaa") == 1
    assert first[header.index("statement_qaa")].startswith("qv ")


SCRIPT = """
import json
from datetime import date
from pypdf import PdfReader
from io import BytesIO
from support.letters import case
from screening.i18n import words
from screening.paper.letter import letter, letter_html, letter_pdf
from screening.web.server import create_app
from support.web import KNOWLEDGE, interviewing
from support.web import case as begun

say = words("qaa")
found = {
    "plurals": [say.plural("{n} day waiting", "{n} days waiting", n) for n in (1, 2, 3, 0)],
    "english": say("Receipt"),
    "letters": [words("qaa-Grek")._catalogue["Notes"][0], words("qaa-Grek")("Notes")],
}
both = letter(case(3), ("qaa", "en"), date(2026, 11, 24))
found["letter"] = letter_html(both)
found["pdf"] = "".join(p.extract_text() for p in PdfReader(BytesIO(letter_pdf(both))).pages)
with interviewing() as client:
    found["menu"] = client.get("/").text
    client.cookies.set("notes_language", "qaa")
    found["start"] = client.get("/").text
    key = begun(client)
    question = client.get(f"/c/{key}").headers["location"]
    found["question"] = client.get(question).text
    found["accepted"] = create_app(client.keys, KNOWLEDGE).openapi()["components"]["schemas"]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def seen(house: Path) -> dict[str, Any]:
    (house / "look.py").write_text(SCRIPT, encoding="utf-8")
    return json.loads(run(house, "look.py").stdout)


def test_plurals_follow_its_rule_and_what_is_missing_is_english(seen):
    assert seen["plurals"] == [
        f"qv #{form} {n} days waiting" for form, n in ((0, 1), (1, 2), (2, 3), (2, 0))
    ]
    assert seen["english"] == LEFT_OUT
    assert seen["letters"] == ["qv Notes", "κβ Νοτεσ"]


def test_pages_offer_it_and_speak_it(seen):
    for code, name, short in (("qaa", "Kvirr", "QV"), ("qaa-Grek", "Κβιρρ", "ΚΒ")):
        assert re.search(
            f'value="{code}" lang="{code}"[^>]*title="{name}"[^>]*>{short}</button>', seen["menu"]
        )
    assert '<html lang="qaa" dir="rtl">' in seen["start"] and f"qv {NOT_ALL}" in seen["start"]
    letters = json.loads(
        re.search('data-letters="([^"]*)"', seen["start"])[1].replace("&#34;", '"')
    )
    assert (
        letters["x"] == "d" and letters["d"] == "n" and letters["w"] == "b" and letters["l"] == "l"
    )
    assert re.search("<h1>qv ", seen["question"])
    assert "qaa-Grek" in seen["accepted"]["ScoreIn"]["properties"]["language"]["enum"]


def test_a_letter_is_set_in_it(seen):
    page = seen["letter"]
    assert '<html lang="qaa" dir="rtl">' in page and '<article lang="en" dir="ltr">' in page
    assert "2026-11-24" in page and "24 November 2026" in page and "qv Referral" in page
    assert "qv Referral" in seen["pdf"] and f"qv {NOT_ALL}" in " ".join(seen["pdf"].split())
