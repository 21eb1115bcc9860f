"""Lists as workbooks, other organisations' tables through mappings, and what the linter sees."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from screening.checklist import load_checklist, load_weights
from screening.checklist.lint import lint
from screening.checklist.texts import fingerprint
from screening.errors import ScreeningError
from screening.tables.listbook import COLUMNS
from support import tiny

DAY = date(2026, 11, 23)


@pytest.fixture
def official(cli, tmp_path: Path) -> Path:
    """Our workbook with an official text filled in: two signs of ours, one that we do not have."""
    path = tmp_path / "official.xlsx"
    assert cli("checklist", "export", "kosovo", "-o", path).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert tuple(c.value for c in sheet[1]) == COLUMNS
    rows = {r[0].value: r for r in sheet.iter_rows(min_row=2)}
    assert len(rows) == 122
    for key, ref, en, sq in (
        ("daily_quota", "4.2", "Official words on a quota", "Fjalë zyrtare"),
        ("violence_now", "4.3", "Official words on violence", None),
    ):
        rows[key][6].value, rows[key][7].value, rows[key][8].value = ref, en, sq
    sheet.append([None] * 6 + ["9.9", "Must bring in a fixed sum"])
    book.save(path)
    return path


def test_an_official_text_is_matched_and_what_is_new_or_missing_is_said(cli, official):
    ran = cli("checklist", "import", official)
    assert ran.code == 0
    assert "matched: 2 of our 122" in ran.out and "missing: 120 of our" in ran.out
    assert "9.9: Must bring in a fixed sum  (nearest of ours: daily_quota)" in ran.out
    assert "nothing was written" in ran.err


def test_an_imported_list_has_the_official_words_and_scores_the_same(
    cli, official, tmp_path, kosovo
):
    folder = tmp_path / "kosovo-official"
    assert cli("checklist", "import", official, "-o", folder).code == 0
    made = load_checklist(folder)
    assert made.indicators["daily_quota"].kosovo_ref == "4.2"
    assert made.texts("en").statement("daily_quota") == "Official words on a quota"
    assert made.texts("sq").statement("daily_quota") == "Fjalë zyrtare"
    assert made.texts("sq").statement("violence_now") == "Official words on violence", (
        "our translation does not fit the official English"
    )
    assert made.texts("en").prompt("daily_quota", "ask") == kosovo.texts("en").prompt(
        "daily_quota", "ask"
    )
    assert load_weights(made).points == load_weights(kosovo).points
    assert made.rules["child"].levels == kosovo.rules["child"].levels
    again = cli("checklist", "import", official, "-o", folder)
    assert again.code == 2 and "U302" in again.err
    ran = cli("checklist", "import", official, "--into", folder)
    assert ran.code == 0 and "matched: 2" in ran.out, "now matched by kosovo_ref"
    assert (
        cli("checklist", "import", official, "--into", folder, "-o", tmp_path / "third").code == 2
    )


BROKEN = [
    ("no columns", [["a", "b"], ["1", "2"]], "kosovo_ref"),
    ("words without a reference", [["kosovo_ref", "text_en"], [None, "words"]], "row 2"),
    ("reference twice", [["kosovo_ref", "text_en"], ["1", "a"], ["1", "b"]], "row 2"),
    ("no reference at all", [["kosovo_ref", "text_en"]], "no row"),
    ("unknown id", [["kosovo_ref", "text_en", "id"], ["1", "a", "daily_qota"]], "daily_quota"),
    (
        "id twice",
        [["kosovo_ref", "text_en", "id"], ["1", "a", "daily_quota"], ["2", "b", "daily_quota"]],
        "row 2",
    ),
]


@pytest.mark.parametrize(
    ("rows", "words"), [(r, w) for _, r, w in BROKEN], ids=[n for n, _, _ in BROKEN]
)
def test_an_official_text_that_cannot_be_matched_is_refused_in_one_line(cli, tmp_path, rows, words):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    ran = cli("checklist", "import", tmp_path / "x.xlsx")
    assert ran.code == 2 and "[K141]" in ran.err and words in ran.err and ran.out == ""
    assert cli("checklist", "import", tmp_path / "none.xlsx").code == 2


HEADER = ("ageBroad", "majorityStatus")


def ctdc(path: Path, rows: list[dict[str, str]], kosovo, drop: str = "") -> Path:
    """A table in CTDC's form: every column the mapping names, 0 unless said."""
    from screening.checklist import load_mapping

    mapping = load_mapping(kosovo, "ctdc")
    columns = [
        c
        for c in (
            *HEADER,
            *sorted({c for r in mapping.rules for c in r.when}),
            *mapping.not_carried,
        )
        if c != drop
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, [*columns, "novelty"], restval="0", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    data = out.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


ROWS = [
    {
        "ageBroad": "9--17",
        "majorityStatus": "Minor",
        "typeOfLabourBegging": "1",
        "meansOfControlTakesEarnings": "1",
    },
    {"ageBroad": "30--38", "majorityStatus": "Adult", "meansOfControlPhysicalAbuse": "1"},
    {"ageBroad": "Not Specified", "majorityStatus": "", "meansOfControlThreats": "0"},
]


@pytest.mark.parametrize("name", ["victims.csv", "victims.csv.gz"])
def test_another_organisations_table_is_read_through_its_mapping_and_a_zero_is_not_a_no(
    cli, tmp_path, kosovo, name
):
    import json

    path = ctdc(tmp_path / name, ROWS, kosovo)
    ran = cli("score", path, "--from", "ctdc", "--format", "json")
    begging, adult, unknown = json.loads(ran.out)
    assert {c["indicator"] for c in begging["contributions"]} == {
        "labour_unpaid",
        "money_to_controller",
        "sent_and_placed",
    }
    assert (begging["profile"], begging["finding"]) == ("child", "refer")
    assert (adult["profile"], adult["finding"], adult["danger"]["finding_without"]) == (
        "adult",
        "act_now",
        "look_further",
    )
    assert (unknown["profile"], unknown["finding"], unknown["answered"]) == (
        "child",
        "too_little_known",
        0,
    )
    assert "novelty" in ran.err and "identified victims" in ran.err
    table = cli("score", path, "--from", "ctdc", "--format", "csv")
    assert [r["finding"] for r in csv.DictReader(io.StringIO(table.out))] == [
        "refer",
        "act_now",
        "too_little_known",
    ]
    means = cli("score", path, "--from", "ctdc", "--ctdc-means-only", "--format", "csv")
    assert next(csv.DictReader(io.StringIO(means.out)))["signs"] == "labour_unpaid"


def test_a_table_that_the_mapping_does_not_fit_is_refused(cli, tmp_path, kosovo):
    lacking = ctdc(tmp_path / "lacking.csv", ROWS, kosovo, drop="isAbduction")
    assert "isAbduction" in cli("score", lacking, "--from", "ctdc", "--format", "csv").err
    empty = ctdc(tmp_path / "empty.csv", [], kosovo)
    assert "[C201]" in cli("score", empty, "--from", "ctdc", "--format", "csv").err
    damaged = tmp_path / "damaged.csv.gz"
    damaged.write_bytes(ctdc(tmp_path / "whole.csv.gz", ROWS, kosovo).read_bytes()[:-20])
    assert "[C204]" in cli("score", damaged, "--from", "ctdc", "--format", "csv").err
    assert "[U301]" in cli("score", tmp_path / "none.csv", "--from", "ctdc", "--format", "csv").err


def sq(entry: str) -> str:
    return (
        "format: 1\nlanguage: sq\nstatus: draft\nindicators:\n  hurt: {statement: E lënduan,"
        f' question: A të lëndon dikush?, of: "{entry}"}}\n  gone: {{statement: x}}\n'
    )


SHARED_BY_POVERTY = {  # a hardship that no need names, in a list that has needs
    "needs.yaml": """\
format: 1
needs:
  - id: rest
    urgency: now
    profiles: [adult, child]
    indicators: [hurt]
    who: officer
    within: 0h
    steps: [call]
    checked: {on: 2026-01-01, how: read}
    sources: [{ref: ours}]
""",
    "texts/en.yaml": tiny.TEXTS + "needs: {rest: {name: Rest, text: Let them rest.}}\n",
    "sections/signs.yaml": tiny.SIGNS.replace(
        "  - id: long_hours\n", "  - id: long_hours\n    nature: circumstance\n"
    ),
}

HURT = fingerprint({"statement": "Is hurt", "question": "Does anyone hurt you?"})
LINTS = [
    ("W401", {"texts/sq.yaml": sq(HURT)}, "gone"),
    ("W401", {"texts/sq.yaml": sq(HURT).replace("question", "qestion")}, "'question'"),
    ("W405", {"texts/sq.yaml": sq(HURT).replace("question", "qestion")}, "no 'question'"),
    ("W414", {"texts/xx.yaml": sq(HURT).replace("sq", "xx")}, "'xx'"),
    ("W415", {"texts/sq.yaml": sq(HURT).replace("E lënduan", "Pa rrezik")}, "'Pa rrezik'"),
    (
        "W402",
        {
            "weights/2026-01-01-base.yaml": tiny.WEIGHTS.replace(
                "doubt: {adult: 1, child: 1}", "doubt: {adult: 0, child: 0}"
            )
        },
        "'doubt'",
    ),
    (
        "W403",
        {
            "checklist.yaml": tiny.CHECKLIST.replace(
                "points: {at_least: 9}", "points: {at_least: 90}"
            )
        },
        "90 points",
    ),
    (
        "W403",
        {
            "checklist.yaml": tiny.CHECKLIST.replace(
                "adult: {indicator: danger_now}",
                "adult: {any: [{indicator: danger_now}, {dimension: protective}]}",
            )
        },
        "dimension protective positive",
    ),
    (
        "W403",
        {
            "checklist.yaml": tiny.CHECKLIST.replace(
                "points: {at_least: 8}",
                "all: [{points: {at_least: 99, dimension: control}}, {any: [{points: {at_least:"
                " 99}}]}]",
            )
        },
        "all of 2 parts",
    ),
    (
        "W403",
        {
            "checklist.yaml": tiny.CHECKLIST.replace(
                "points: {at_least: 8}",
                "any: [{points: {at_least: 99}}, {signs: {dimension: begging, at_least: 9}}]",
            )
        },
        "9 of ",
    ),
    ("W404", {"texts/sq.yaml": sq("0000000000")}, "indicators.hurt"),
    ("W405", {"texts/sq.yaml": sq(HURT)}, "no entry for 'quota'"),
    (
        "W406",
        {
            "weights/2026-01-01-base.yaml": tiny.WEIGHTS.replace(
                "rechecked_on: 2026-01-01", "rechecked_on: 2024-01-01"
            )
        },
        "2024-01-01",
    ),
    ("W407", {"pathway.yaml": tiny.PATHWAY.replace("2026-01-01", "2023-01-01")}, "2023-01-01"),
    (
        "W408",
        {"sources.yaml": tiny.SOURCES + "  - {id: lonely, title: Nobody, status: memory}\n"},
        "'lonely'",
    ),
    (
        "W409",
        {
            "checklist.yaml": tiny.CHECKLIST.replace(
                "  - {id: begging, kind: sign}",
                "  - {id: begging, kind: sign}\n  - {id: empty, kind: sign}",
            ),
            "texts/en.yaml": tiny.TEXTS.replace(
                "  begging: {name: Begging}\n  protective",
                "  begging: {name: Begging}\n  empty: {name: E}\n  protective",
            ),
        },
        "'empty'",
    ),
    (
        "W410",
        {"texts/en.yaml": tiny.TEXTS.replace("statement: Is threatened", "statement: Is  HURT")},
        "'hurt'",
    ),
    (
        "W411",
        {
            "checklist.yaml": tiny.CHECKLIST.replace(
                "child: {any: [{element: purpose}",
                "child: {any: [{indicator: quota}, {element: purpose}",
            )
        },
        "1 of quota",
    ),
    ("W412", {}, "'threatened'"),
    (
        "W416",
        {"sources.yaml": tiny.SOURCES.replace("{id: ours,", "{id: ours, law: repealed,")},
        "'ours'",
    ),
    ("W417", SHARED_BY_POVERTY, "'long_hours'"),
    ("W418", SHARED_BY_POVERTY, "'quota'"),
    (
        "W407",
        {
            **SHARED_BY_POVERTY,
            "needs.yaml": SHARED_BY_POVERTY["needs.yaml"].replace("2026-01-01", "2023-01-01"),
        },
        "needs.yaml, 'rest'",
    ),
]


@pytest.mark.parametrize(("code", "changed", "words"), LINTS, ids=[f"{c} {w}" for c, _, w in LINTS])
def test_lint_sees_what_is_legal_and_wrong(tmp_path, code, changed, words):
    found = [
        str(w)
        for w in lint(load_checklist(tiny.write_list(tmp_path, changed)), DAY)
        if w.code == code
    ]
    assert any(words in line for line in found), found


def test_lint_excuses_comparators_from_hearing_every_sign(tmp_path):
    loaded = load_checklist(
        tiny.write_list(
            tmp_path,
            {"checklist.yaml": tiny.CHECKLIST.replace("role: screening", "role: comparator")},
        )
    )
    assert [w for w in lint(loaded, DAY) if w.code == "W412"] == []


def test_explain_shows_caps_refused_questions_and_warnings(tmp_path):
    from screening.answers import Answer, Case, Response
    from screening.i18n import words
    from screening.scoring import score
    from screening.scoring.explain import explain, within_words

    loaded = load_checklist(tiny.write_list(tmp_path))
    answers = {
        i: Response(Answer.YES)
        for i in ("hurt", "threatened", "brought", "doubt", "sent_to_beg", "safe_adult")
    }
    case = Case(
        "a",
        30,
        True,
        {**answers, "quota": Response(Answer.REFUSED), "long_hours": Response(Answer.UNKNOWN)},
    )
    result = score(case, loaded, load_weights(loaded))
    text = " ".join(
        f"{r.lead} {r.text} {r.note}" for s in explain(result, loaded.texts("en")) for r in s.rows
    )
    assert (
        "limit of the group: Control" in text and "do not press" in text and "nobody knows" in text
    )
    assert (
        "called certain, yet doubt was noted" in text
        and "not counted at this age: Is sent to beg" in text
    )
    danger = explain(
        score(
            Case("c", 9, True, {"hurt": Response(Answer.YES, "observed")}),
            loaded,
            load_weights(loaded),
        ),
        loaded.texts("en"),
    )
    assert [s.key for s in danger][:3] == [
        "finding",
        "danger",
        "steps",
    ], "help before reasons and questions"
    empty = explain(score(Case("d", 9), loaded, load_weights(loaded)), loaded.texts("en"))
    assert "No sign has been answered yes." in [r.text for s in empty for r in s.rows]
    everything = Case("b", 9, True, {i: Response(Answer.NO) for i in loaded.indicators})
    settled = explain(score(everything, loaded, load_weights(loaded)), loaded.texts("en"))
    assert "No open question can change this finding." in [r.text for r in settled[0].rows]
    assert "open" not in {s.key for s in settled}
    assert [within_words(h, words("en")) for h in (0, 1, 24, 25, 48)] == [
        "At once",
        "Within 1 hour",
        "Within 24 hours",
        "Within 25 hours",
        "Within 2 days",
    ]


def test_errors_never_raise_while_they_are_made():
    from screening.errors import quote

    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert quote(Broken()) == "'<Broken>'"
    assert str(ScreeningError("C999.none", place="x\nz").at("y")) == "y, x z: C999.none [C999]"
