"""The command line as people meet it: results on stdout, words on stderr, exit 0, 1 or 2."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import screening
from screening.i18n import LANGUAGES, words

CASES = [
    {
        "case_id": "calm",
        "age": 9,
        "age_certain": True,
        "met_on": "2026-11-03",
        "answers": {
            "parent_directs_child_begging": {
                "answer": "yes",
                "basis": "said",
                "note": "the mother said so",
            },
            "begging_long_hours": "yes",
            "no_lawful_carer": "no",
            "relationship_unproven": "no",
            "documents_withheld": "no",
            "counter_carer_verified": "yes",
        },
    },
    {"case_id": "empty", "age": 30, "age_certain": True, "answers": {}},
    {
        "case_id": "danger",
        "age": None,
        "age_certain": False,
        "met_on": "2026-11-20",
        "answers": {"danger_now": "yes", "daily_quota": "refused"},
    },
]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(CASES), encoding="utf-8")
    return path


COMMANDS = [
    "demo",
    "score",
    "explain",
    "triage",
    "interview",
    "serve",
    "synth",
    "train",
    "evaluate",
    "checklist",
    *(f"checklist {c}" for c in ("list", "show", "lint", "diff", "export", "import")),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(cli, command):
    ran = cli(*command.split(), "--help")
    assert ran.code == 0
    assert f"screening {command}" in ran.out
    if command != "checklist":
        assert "Example: screening " in ran.out


@pytest.mark.parametrize("arguments", [[], ["checklist"]])
def test_a_call_without_a_command_gets_the_help_and_nothing_on_stdout(cli, arguments):
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: screening")
    assert "U305" not in ran.err


def test_a_misspelt_command_is_answered_with_the_nearest(cli):
    ran = cli("explan")
    assert ran.code == 2
    assert "'explain'" in ran.err
    assert "U305" in ran.err


def test_the_module_runs_as_the_command_does(cases):
    done = subprocess.run(
        [sys.executable, "-m", "screening", "score", str(cases), "--format", "csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [r["finding"] for r in csv.DictReader(io.StringIO(done.stdout))] == [
        "refer",
        "too_little_known",
        "act_now",
    ]
    assert "3 rows in, 3 rows out" in done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_is_told_in_the_language_and_every_format_says_what_was_done(
    cli, cases, language
):
    label = screening.load_checklist().texts(language).get("findings", "act_now", "label")
    for format_ in ("table", "csv", "json"):
        ran = cli("score", cases, "--lang", language, "--format", format_)
        assert (label in ran.out) == (format_ == "table"), ran.out
        rows = words(language)("{n} rows in, {n} rows out.", n=3)
        assert rows in ran.err and f"{label}: 1" in ran.err


def test_version(cli):
    assert cli("--version").out.strip() == f"screening {screening.__version__}"


def test_json_holds_whole_assessments_in_the_order_of_the_input(cli, cases):
    ran = cli("score", cases, "--format", "json")
    found = json.loads(ran.out)
    assert [(a["case_id"], a["finding"]) for a in found] == [
        ("calm", "refer"),
        ("empty", "too_little_known"),
        ("danger", "act_now"),
    ]
    said = {c["indicator"]: (c["basis"], c["note"]) for c in found[0]["contributions"]}
    assert said["parent_directs_child_begging"] == ("said", "the mother said so")
    assert found[2]["danger"]["finding_without"] == "too_little_known"


@pytest.mark.parametrize(
    "name", ["out.json", "out.csv", "out.xlsx", "out.parquet", "out.arrow", "out.feather"]
)
def test_the_name_of_the_output_tells_the_format_and_it_is_never_overwritten(
    cli, cases, tmp_path, name
):
    out = tmp_path / name
    assert cli("score", cases, "-o", out).code == 0
    before = out.read_bytes()
    again = cli("score", cases, "-o", out)
    assert again.code == 2 and "U302" in again.err and out.read_bytes() == before
    assert cli("score", cases, "-o", out, "--overwrite").code == 0
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".part")]


def test_a_table_on_the_screen_has_a_line_per_case(cli, cases):
    ran = cli("score", cases)
    assert ran.code == 0
    for case in CASES:
        assert sum(case["case_id"] in line for line in ran.out.splitlines()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_change_with_the_language_and_results_do_not(cli, cases, language):
    here, english = (
        json.loads(cli("score", cases, "--format", "json", "--lang", lang).out)
        for lang in (language, "en")
    )
    for ours, theirs in zip(here, english, strict=True):
        for field in ("finding", "finding_high", "points", "points_high", "receipt", "red_flags"):
            assert ours[field] == theirs[field]
        assert (ours["statement"] == theirs["statement"]) == (language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_explain_gives_finding_reasons_open_questions_steps_and_provenance_in_every_language(
    cli, cases, language
):
    ran = cli("explain", cases, "--case", "calm", "--lang", language)
    english = cli("explain", cases, "--case", "calm")
    assert ran.code == 0
    receipt = re.findall(r"[0-9a-f]{64}", ran.out)
    assert receipt == re.findall(r"[0-9a-f]{64}", english.out) and len(receipt) == 1
    scored = json.loads(cli("score", cases, "--format", "json").out)
    calm = next(a for a in scored if a["case_id"] == "calm")
    signs = [c["points"] for c in calm["contributions"] if c["kind"] == "sign"]
    assert f"= {calm['points']}" in ran.out and len(signs) >= 2
    assert all(ran.out.count(f"+{n} ") >= signs.count(n) for n in signs)
    assert (ran.out == english.out) == (language == "en")
    if language == "sr-Cyrl":
        letters = [c for c in ran.out if c.isalpha()]
        assert sum("а" <= c.lower() <= "џ" for c in letters) > len(letters) / 2


def test_explain_names_the_note_the_basis_and_the_status_of_each_source(cli, cases):
    out = " ".join(cli("explain", cases, "--case", "calm").out.split())
    assert "said; the mother said so" in out
    assert "(our own proposal)" in out
    assert "A person decides" in out


def test_explain_shows_eight_open_questions_or_all(cli, cases):
    short, whole = (
        cli("explain", cases, "--case", "calm").out,
        cli("explain", cases, "--case", "calm", "--all").out,
    )
    assert "more open questions" in short and "more open questions" not in whole
    assert whole.count("Ask: ") > 4 * short.count("Ask: ")


def test_a_case_that_is_not_there_is_answered_with_the_nearest(cli, cases):
    ran = cli("explain", cases, "--case", "clam")
    assert (
        ran.code == 2 and "did you mean 'calm'?" in ran.err and "U304" in ran.err and ran.out == ""
    )


def test_triage_puts_danger_first_and_keeps_everybody(cli, cases):
    ran = cli("triage", cases, "--on", "2026-11-23")
    order = [ran.out.index(i) for i in ("danger", "calm", "empty")]
    assert order == sorted(order)
    assert "20 days waiting" in ran.out and "3 days waiting" in ran.out


def test_triage_as_json_and_csv_hold_the_same(cli, cases):
    as_json = json.loads(cli("triage", cases, "--on", "2026-11-23", "--format", "json").out)
    as_csv = list(
        csv.DictReader(
            io.StringIO(cli("triage", cases, "--on", "2026-11-23", "--format", "csv").out)
        )
    )
    assert (
        [r["case_id"] for r in as_json]
        == [r["case_id"] for r in as_csv]
        == ["danger", "calm", "empty"]
    )
    assert as_json[1]["days"] == 20 and as_csv[1]["days"] == "20"
    assert (
        as_json[0]["step"] and as_json[0]["question"] == ""
    )  # in danger, help comes before questions
    assert as_json[1]["question"] and as_json[1]["due"] == "2026-11-04" and as_json[1]["overdue"]


def test_the_demo_shows_the_work_list_one_case_in_words_and_what_practice_missed(cli):
    ran = cli("demo")
    assert ran.code == 0 and ran.err == ""
    vignettes = screening.load_vignettes(screening.load_checklist(), "street-operations")
    assert len(vignettes.cases) >= 40
    for vignette in vignettes.cases:
        assert vignette.id in ran.out
    missed = re.search(
        r"would have left (\d+) of them without any action, (\d+) of them children",
        " ".join(ran.out.split()),
    )
    assert missed and int(missed[1]) > 0 and 0 < int(missed[2]) <= int(missed[1])
    everybody, referred, owed, by_practice, earlier = re.findall(
        r"^(\d+) +(\d+) {2,}(\S.*)$", ran.out.partition("Two axes")[2], re.M
    )
    assert everybody[0] == str(len(vignettes.cases))
    assert by_practice[:2] == (missed[1], missed[2]) and int(referred[0]) >= int(missed[1])
    assert all(int(children) <= int(n) for n, children, _ in (everybody, referred, owed, earlier))
    assert "2026-11-23-published-strength" in earlier[2]
    told = ran.out.partition(f"though not referred ({owed[0]})\n")[2].split("\n\n")[0]
    cases = [line for line in told.splitlines() if not line.startswith("    ")]
    assert len(cases) == int(owed[0]) > 0
    assert not re.search(r"\): (Refer|Act now)\.", told)


@pytest.mark.parametrize("language", [lang for lang in LANGUAGES if lang != "en"])
def test_the_demo_speaks_every_language(cli, language):
    ran = cli("demo", "--lang", language)
    assert ran.code == 0 and "What to do next" not in ran.out


def test_unknown_columns_are_listed_in_a_warning_and_never_scored(cli, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(
        "case_id,age,age_certain,daily_quota,weather,shoe_size\na,9,yes,,wet,40\n", encoding="utf-8"
    )
    ran = cli("score", path, "--format", "csv")
    assert ran.code == 0
    assert "weather" in ran.err and "shoe_size" in ran.err
    assert next(csv.DictReader(io.StringIO(ran.out)))["finding"] == "too_little_known"


BAD_CALLS = [
    ("unknown option", ["score", "{cases}", "--colour", "red"], "U305"),
    ("missing file argument", ["score"], "U305"),
    ("no such file", ["score", "none.csv"], "U301"),
    ("format of the screen", ["score", "{cases}", "--format", "parquet"], "U305"),
    ("format not told", ["score", "{cases}", "-o", "out.bin"], "U307"),
    ("means only without a mapping", ["score", "{cases}", "--ctdc-means-only"], "U305"),
    ("no such mapping", ["score", "{cases}", "--from", "ctcd"], "K110"),
    ("no such list", ["score", "{cases}", "--checklist", "kosova"], "K110"),
    ("no such weights", ["score", "{cases}", "--weights", "2020-01-01-none"], "K110"),
    ("no such language", ["score", "{cases}", "--lang", "de"], "U305"),
    ("a language of show", ["checklist", "show", "kosovo", "--lang", "de"], "U305"),
    ("no such indicator", ["checklist", "show", "kosovo", "--indicator", "daly_quota"], "K120"),
    ("export of a kind unknown", ["checklist", "export", "kosovo", "-o", "list.doc"], "U307"),
    ("output into no folder", ["score", "{cases}", "-o", "nowhere/out.csv"], "U303"),
    ("a date that is none", ["triage", "{cases}", "--on", "2026-02-30"], "U305"),
]


@pytest.mark.parametrize(
    ("arguments", "code"), [(a, c) for _, a, c in BAD_CALLS], ids=[n for n, _, _ in BAD_CALLS]
)
def test_a_call_at_fault_gets_one_line_and_exit_2(
    cli, cases, tmp_path, monkeypatch, arguments, code
):
    monkeypatch.chdir(tmp_path)
    ran = cli(*[a.format(cases=cases) for a in arguments])
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.strip().splitlines()) == 1 and f"[{code}]" in ran.err, ran.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cases.json"]


def test_our_own_bug_gets_exit_1_one_line_and_no_case_content(cli, cases, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("secret answer of case calm")

    monkeypatch.setattr("screening.scoring.engine._Scoring.assessment", broken)
    monkeypatch.delenv("SCREENING_TRACEBACK", raising=False)
    ran = cli("explain", cases, "--case", "calm")
    assert ran.code == 1
    assert "our bug" in ran.err and "B001" in ran.err and "RuntimeError" in ran.err
    assert "secret" not in ran.err and "Traceback" not in ran.err
    monkeypatch.setenv("SCREENING_TRACEBACK", "1")
    assert "Traceback" in cli("explain", cases, "--case", "calm").err


def test_a_stop_by_the_person_is_said_and_is_no_bug(cli, cases, monkeypatch):
    def stopped(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("screening.scoring.engine._Scoring.assessment", stopped)
    ran = cli("explain", cases, "--case", "calm")
    assert ran.code == 130 and "stopped" in ran.err


def test_a_closed_pipe_is_no_bug(cases):
    command = f'"{sys.executable}" -m screening explain "{cases}" --case calm --all | head -n 1'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True
    )
    assert "bug" not in done.stderr and "Traceback" not in done.stderr


def test_a_comparator_says_what_it_is(cli, cases):
    ran = cli("score", cases, "--checklist", "practice-accompanied", "--format", "csv")
    assert "never for use with people" in ran.err


def test_lists_are_listed_shown_and_compared(cli):
    listed = cli("checklist", "list").out
    assert (
        all(name in listed for name in screening.catalogue_ids())
        and "2026-11-23-published-strength (unsigned)" in listed
    )
    shown = cli("checklist", "show", "kosovo", "--lang", "sq").out
    assert "daily_quota" in shown and "4/4" not in shown.split("daily_quota")[0].splitlines()[-1]
    one = cli("checklist", "show", "kosovo", "--indicator", "daily_quota").out
    assert "kosovo_ref" in one and "secondary" in one
    assert cli("checklist", "diff", "kosovo", "kosovo").out == ""
    assert (
        "removed  indicator deceived_activity"
        in cli("checklist", "diff", "kosovo", "kosovo-street").out
    )


def test_lint_is_clean_for_every_bundled_list_and_strict_tells_when_it_is_not(cli, tmp_path):
    from support import tiny

    assert cli("checklist", "lint", "--strict").code == 0
    assert cli("checklist", "lint", "--strict").out == ""
    stale = tiny.write_list(
        tmp_path,
        {
            "weights/2026-01-01-base.yaml": tiny.WEIGHTS.replace(
                "rechecked_on: 2026-01-01", "rechecked_on: 2020-01-01"
            )
        },
    )
    ran = cli("checklist", "lint", stale)
    assert ran.code == 0 and "W406" in ran.out
    assert cli("checklist", "lint", stale, "--strict").code == 2


SCORING_NEEDS_NONE_OF = (
    "pandas",
    "pyarrow",
    "sklearn",
    "numpy",
    "openpyxl",
    "babel",
    "jinja2",
    "rich",
    "numba",
)


def test_explaining_one_case_imports_no_table_library(cases):
    """A cold start must not wait for libraries that one case does not need."""
    code = (
        "import sys; from screening.cli import run; code = run(sys.argv[1:]);"
        " print(sorted({m.split('.')[0] for m in sys.modules} & set(sys.argv[0].split() or ())),"
        " file=sys.stderr); sys.exit(code)"
    )
    program = code.replace("set(sys.argv[0].split() or ())", repr(set(SCORING_NEEDS_NONE_OF)))
    done = subprocess.run(
        [sys.executable, "-c", program, "explain", str(cases), "--case", "calm"],
        capture_output=True,
        text=True,
        env={**os.environ, "COVERAGE_PROCESS_START": ""},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[-1] == "[]"
