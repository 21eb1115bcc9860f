"""From ratings to weights and what they do: forms out and in, proposals, impact.

People are invented and rate as told.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Answer, Case, Response
from screening.calibration import impact as imp
from screening.calibration.agreement import agreement, key_of, spreads, stability
from screening.calibration.bounds import read_bounds
from screening.calibration.files import Draft, weights_target, write_draft
from screening.calibration.form_words import answers, headers, meant, sheets, steps
from screening.calibration.forms import (
    COLUMNS,
    Asked,
    Round,
    group_words,
    ratings_csv,
    read_ratings,
    write_form,
    write_forms,
)
from screening.calibration.propose import Bound, Draws, edited, propose
from screening.calibration.ratings import (
    ANSWERS,
    SCALE,
    Line,
    Ratings,
    check_code,
    form_of,
    from_lines,
    new_codes,
    to_lines,
)
from screening.calibration.report import agreement_json
from screening.checklist import load_vignettes, load_weights, teaching_sets, vignette_ids
from screening.checklist.prior import PUBLISHED, SOFT, TELLS
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.errors import KnowledgeError, RatingError, ScreeningError, UsageError
from screening.i18n import LANGUAGES, words
from screening.scorecard.card_json import load_model
from screening.scoring import score
from screening.scoring.batch import compile_plan, contested, score_block
from screening.simulation import load_world, world_ids
from screening.simulation.generate import generate
from support.bench import NEXT, TODAY, Office, own_list, rated
from support.properties import examples


@pytest.fixture(scope="module")
def ratings(kosovo):
    return rated(kosovo)


# -- codes -----------------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.data())
def test_a_slip_in_a_raters_code_is_noticed_and_never_becomes_another_person(seed, data):
    code = new_codes(1, seed)[0]
    assert check_code(f" {code.lower()} ") == code
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(
        st.sampled_from([c for c in "23456789ABCDEFGHJKLMNPQRSTUVW" if c != code[at]])
    )
    slips = [code[:at] + other + code[at + 1 :]]
    if at + 1 < len(code) and code[at] != code[at + 1]:
        slips.append(code[:at] + code[at + 1] + code[at] + code[at + 2 :])
    for slip in slips:
        with pytest.raises(RatingError) as caught:
            check_code(slip)
        assert caught.value.code == "R502"


# -- forms -----------------------------------------------------------------------------------------


def test_a_form_never_puts_a_held_out_vignette_nor_any_key(kosovo):
    sets = teaching_sets(kosovo)
    held = {v.id for s in sets for v in s.cases if v.held_out == "yes"}
    assert len(held) >= 10
    form = form_of(kosovo, sets)
    assert held.isdisjoint(form.names) and len(form.names) == sum(len(s.cases) for s in sets) - len(
        held
    )
    assert {"danger_now", "counter_school_verified"}.isdisjoint(form.indicators), (
        "what carries no weight is not rated"
    )


def chosen(sheet: Any, column: int) -> list[str]:
    """What a cell of a form lets people choose from."""
    rule = next(
        r
        for r in sheet.data_validations.dataValidation
        if sheet.cell(2, column).coordinate in r.sqref
    )
    return rule.formula1.strip('"').split(",")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_in_any_language_comes_back_as_it_was_chosen(language, kosovo, tmp_path):
    sets, form = teaching_sets(kosovo), form_of(kosovo, teaching_sets(kosovo))
    path, say, case = tmp_path / "form.xlsx", words(language), form.vignettes[0]
    write_form(path, Asked(form, kosovo, sets), new_codes(1, 5)[0], language=language)
    book = openpyxl.load_workbook(path)
    about, strength, stories, codes = book.worksheets
    assert say("Write no name anywhere in this file. The code above is enough.") in [
        row[1].value for row in about.iter_rows()
    ]
    assert {s.title for s in book.worksheets} == set(sheets(say).values())
    assert chosen(strength, 6) == [say("none"), say("weak"), say("medium"), say("strong")]
    assert chosen(stories, 5)[-1] == kosovo.texts(language).get("findings", "act_now", "label")
    for row, word in zip(
        strength.iter_rows(min_row=2, max_row=5), chosen(strength, 6), strict=True
    ):
        row[5].value = f"{word} ".upper()
    assert stories["A2"].value == case.id and len(stories["D2"].value) > 100
    stories["E2"].value = chosen(stories, 5)[-1]
    column = [c.value for c in codes[1]].index(case.id) + 1
    for row, word in enumerate(chosen(codes, column), 2):
        codes.cell(row, column).value = word
    book.save(path)
    found = read_ratings([path], form)
    assert found.strength[0, :4, 1].tolist() == [0, 1, 2, 3] and found.finding[
        0, 0
    ] == FINDINGS.index("act_now")
    assert found.codes[0, 0, :3].tolist() == [ANSWERS.index(a) for a in ("yes", "no", "open")]


@pytest.mark.parametrize("of", [sheets, headers, steps, answers])
def test_no_word_of_a_form_stands_for_two_things_in_any_language(of):
    meanings: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for code, word in of(words(language)).items():
            meanings.setdefault(word.lower(), set()).add(code)
            meanings.setdefault(code, set()).add(code)
    assert [word for word, codes in meanings.items() if len(codes) > 1] == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("po", "yes"),
        ("Da", "yes"),
        ("не", "no"),
        ("JO", "no"),
        ("1", "yes"),
        ("false", "no"),
        ("unknown", "open"),
    ],
)
def test_a_code_is_read_in_the_words_that_tables_of_cases_take(said, code, ratings, tmp_path):
    path = tmp_path / "back.csv"
    path.write_bytes(
        csv_of(
            line(ratings.form, kind="code", vignette=ratings.form.names[0], profile="", value=said)
        )
    )
    found = read_ratings([path], ratings.form)
    assert found.codes[0, 0, found.indicators.index("daily_quota")] == ANSWERS.index(code)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_form_says_what_decides_each_answer_and_how_sure_an_age_is(kind, kosovo, tmp_path):
    sets, form, path = (
        teaching_sets(kosovo),
        form_of(kosovo, teaching_sets(kosovo)),
        tmp_path / f"form.{kind}",
    )
    write_form(path, Asked(form, kosovo, sets), new_codes(1, 5)[0], language="sr")
    texts, unsure = (
        kosovo.texts("sr"),
        next(v for v in form.vignettes if v.age is not None and v.age_certain == "no"),
    )
    rule = " ".join(texts.get("indicators", "journey_controlled", "help").split())
    if kind == "xlsx":
        book = openpyxl.load_workbook(path)
        for sheet, column in ((book.worksheets[1], 3), (book.worksheets[3], 2)):
            assert (
                rule
                in next(
                    r for r in sheet.iter_rows(values_only=True) if r[0] == "journey_controlled"
                )[column]
            )
        age = next(r for r in book.worksheets[2].iter_rows(values_only=True) if r[0] == unsure.id)[
            2
        ]
    else:
        rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
        assert all(rule in r["help"] for r in rows if r["indicator"] == "journey_controlled")
        age = next(r["text"] for r in rows if r["kind"] == "finding" and r["vignette"] == unsure.id)
    assert f"{unsure.age} (nije pouzdano)" in age


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_form_filled_in_comes_back_as_it_was_filled_in(kind, kosovo, tmp_path):
    sets, form = teaching_sets(kosovo), form_of(kosovo, teaching_sets(kosovo))
    path = tmp_path / f"form.{kind}"
    write_form(path, Asked(form, kosovo, sets), new_codes(1, 5)[0], language="en")
    case = form.vignettes[0]
    if kind == "xlsx":
        book = openpyxl.load_workbook(path)
        for row in book["strength"].iter_rows(min_row=2, max_row=4):
            row[5].value = "Strong "
        book["vignettes"]["E2"].value = "refer"
        heads = [c.value for c in book["codes"][1]]
        book["codes"].cell(2, heads.index(case.id) + 1).value = "yes"
        book.save(path)
    else:
        rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
        children = [r for r in rows if r["kind"] == "strength" and r["profile"] == "child"][:3]
        for r in [
            *children,
            *[
                r
                for r in rows
                if r["vignette"] == case.id
                and (r["kind"] == "finding" or r["indicator"] == next(iter(form.indicators)))
            ],
        ]:
            r["value"] = {"strength": "strong", "finding": "refer", "code": "yes"}[r["kind"]]
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8")
    found = read_ratings([path], form)
    assert found.raters == tuple(new_codes(1, 5))
    assert (found.strength >= 0).sum() == 3 and set(
        found.strength[found.strength >= 0].tolist()
    ) == {SCALE.index("strong")}
    assert (found.finding >= 0).sum() == 1 and found.finding[0, 0] == FINDINGS.index("refer")
    assert found.codes[0, 0, 0] == ANSWERS.index("yes")
    assert (found.codes[0, 0, 1:] == ANSWERS.index("open")).all(), (
        "what a rater does not mention is open, never no"
    )
    assert (found.codes[0, 1:] == -1).all(), "a vignette that nobody coded is missing, not open"


def test_no_name_comes_near_the_ratings(kosovo, tmp_path):
    form = form_of(kosovo)
    written = write_forms(
        tmp_path / "out", Asked(form, kosovo, []), ["Teuta Berisha", "=cmd()"], seed=3
    )
    register = (tmp_path / "out" / "register.csv").read_text(encoding="utf-8-sig")
    assert "Teuta Berisha" in register and ",'=cmd()" in register
    for path in written[1:]:
        assert "Teuta" not in path.name
        for sheet in openpyxl.load_workbook(path).worksheets:
            assert not any(
                "Teuta" in str(c) for row in sheet.iter_rows(values_only=True) for c in row
            )
    with pytest.raises(UsageError, match="the folder is not empty"):
        write_forms(tmp_path / "out", Asked(form, kosovo, []), ["B"], seed=4)


def test_a_second_round_shows_the_group_without_showing_anybody(kosovo, tmp_path):
    many, few = rated(kosovo, 6, vignettes=False), rated(kosovo, 4, vignettes=False)
    name = many.indicators[0]
    say = words("en")
    assert group_words(spreads(many)[name]["child"], say) == ", ".join(
        f"{w} {c}" for w, c in zip(SCALE, spreads(many)[name]["child"].counts, strict=True)
    )
    assert group_words(spreads(few)[name]["child"], say).startswith("median "), (
        "among four everybody knows who it was"
    )
    written = write_forms(
        tmp_path / "two",
        Asked(many.form, kosovo, []),
        [],
        seed=1,
        round=Round(number=2, before=spreads(many), own=many, codes=many.raters),
    )
    assert [p.name for p in written] == [f"form-{c}.xlsx" for c in many.raters], (
        "the same people, and no second register"
    )
    row = next(
        r
        for r in openpyxl.load_workbook(written[0])["strength"].iter_rows(
            min_row=2, values_only=True
        )
        if r[0] == name
    )
    assert row[6] == SCALE[many.strength[0, 0, 0]] and row[9] == group_words(
        spreads(many)[name]["child"], say
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_in_a_second_round_what_is_not_touched_stays_as_it_was(kind, kosovo, tmp_path):
    first = rated(kosovo, 5, vignettes=False)
    written = write_forms(
        tmp_path / "two",
        Asked(first.form, kosovo, []),
        [],
        seed=1,
        kind=kind,
        language="sq",
        round=Round(number=2, before=spreads(first), own=first, codes=first.raters),
    )
    again = read_ratings(written, first.form)
    assert (
        again.round == 2
        and again.raters == first.raters
        and (again.strength == first.strength).all()
    )
    if kind == "xlsx":
        book = openpyxl.load_workbook(written[0])
        told = [row[1] for row in book.worksheets[0].iter_rows(values_only=True)]
        assert any("pjesa tjetër mbetet siç është" in t for t in told) and len(book.worksheets) == 2


@examples(8)
@given(st.integers(0, 10_000))
def test_ratings_written_and_read_again_are_the_same(seed):
    from screening.checklist import load_checklist

    found = rated(load_checklist("kosovo"), 3, seed, slip=0.5)
    again = from_lines(found.form, list(to_lines(found)))
    assert again.raters == found.raters
    for name in ("strength", "finding", "codes"):
        assert (getattr(again, name) == getattr(found, name)).all(), name


MUSEUM = [
    ("no code", {"rater": ""}, "R502", "code is missing"),
    ("a name", {"rater": "Teuta"}, "R502", "never write a name"),
    ("another form", {"form": "0000000000"}, "R506", "'0000000000'"),
    ("no round", {"round": "one"}, "R506", "is not a round"),
    ("another kind", {"kind": "weight"}, "R503", "is not a kind of rating"),
    ("off the scale", {"value": "5"}, "R503", "none, weak, medium, strong"),
    ("nearly on it", {"value": "stron"}, "R503", "did you mean 'strong'"),
    ("an unknown sign", {"indicator": "daily_quotas"}, "R504", "did you mean 'daily_quota'"),
    (
        "a profile it has not",
        {"indicator": "child_lent_or_hired", "profile": "adult"},
        "R504",
        "is not rated for the profile",
    ),
    (
        "an unknown vignette",
        {"kind": "finding", "vignette": "S-99", "value": "refer"},
        "R504",
        "no vignette 'S-99'",
    ),
    (
        "a held-out vignette",
        {"kind": "finding", "vignette": "S-03", "value": "refer"},
        "R504",
        "no vignette 'S-03'",
    ),
]


def line(form: object, **changes: str) -> dict[str, str]:
    return {
        "form": form.id,
        "rater": new_codes(1, 1)[0],
        "round": "1",
        "kind": "strength",
        "vignette": "",
        "indicator": "daily_quota",
        "profile": "child",
        "value": "strong",
    } | changes


def csv_of(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("changes", "code", "words"), [m[1:] for m in MUSEUM], ids=[m[0] for m in MUSEUM]
)
def test_a_bad_rating_is_refused_with_its_place(changes, code, words, ratings, tmp_path):
    path = tmp_path / "back.csv"
    path.write_bytes(
        csv_of(line(ratings.form), line(ratings.form, indicator="begging_hazard") | changes)
    )
    with pytest.raises(RatingError) as caught:
        read_ratings([path], ratings.form)
    assert (
        caught.value.code == code
        and words in str(caught.value)
        and "back.csv, row 3" in str(caught.value)
    )


FILES = [
    ("empty.csv", b"", "R501"),
    ("short.csv", b"form,rater\n", "R501"),
    ("twice.csv", csv_of(columns=(*COLUMNS, "value")), "R501"),
    ("cut.csv", csv_of() + b"3560b8f544,2222,1\n", "R501"),
    ("quote.csv", csv_of() + b'a,b,c,d,e,f,g,"h\n', "R501"),
    ("latin.csv", csv_of() + "é".encode("latin-1"), "C203"),
    ("book.xlsx", b"no workbook", "C204"),
    ("form.pdf", b"%PDF", "U307"),
    ("nothing.csv", csv_of(), "R507"),
]


@pytest.mark.parametrize(("name", "content", "code"), FILES, ids=[f[0] for f in FILES])
def test_a_file_that_is_no_form_is_refused_in_one_line(name, content, code, ratings, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ScreeningError) as caught:
        read_ratings([path], ratings.form)
    assert caught.value.code == code and "\n" not in str(caught.value), str(caught.value)


def test_a_workbook_with_a_formula_or_without_its_sheets_is_refused(ratings, kosovo, tmp_path):
    path = tmp_path / "form.xlsx"
    write_form(path, Asked(ratings.form, kosovo, teaching_sets(kosovo)), new_codes(1, 1)[0])
    book = openpyxl.load_workbook(path)
    book["strength"]["D2"].value = "=1+1"
    book.save(path)
    with pytest.raises(ScreeningError, match="C206"):
        read_ratings([path], ratings.form)
    del book["strength"]
    book.save(path)
    with pytest.raises(RatingError, match="R501"):
        read_ratings([path], ratings.form)


def renamed(book: Any) -> str:
    book["vignettes"].title = "Stories"
    return "sheet Stories: the sheet is not part of the form"


def deleted(book: Any) -> str:
    del book["codes"]
    return "there is no sheet 'codes'"


def hidden(book: Any) -> str:
    book["codes"].sheet_state = "veryHidden"
    return "sheet codes: a hidden sheet"


def copied(book: Any) -> str:
    book.copy_worksheet(book["codes"]).title = "kodet"
    return "sheet kodet: sheet 'codes' appears twice"


def cleared(book: Any) -> str:
    book["codes"]["D1"].value, book["codes"]["D20"].value = None, "yes"
    return "sheet codes, cell D20: 'yes' is in a column without a name"


def beside(book: Any) -> str:
    book["vignettes"]["F3"].value = "refer"
    return "sheet vignettes, cell F3: 'refer' is in a column without a name"


def elsewhere(book: Any) -> str:
    book["strength"]["G1"].value, book["strength"]["G4"].value = "grown up", "strong"
    return "sheet strength, cell G4: 'strong' is in column 'grown up'"


@pytest.mark.parametrize("change", [renamed, deleted, hidden, copied, cleared, beside, elsewhere])
def test_no_rating_in_a_workbook_is_lost_without_a_word(change, ratings, kosovo, tmp_path):
    path = tmp_path / "form.xlsx"
    write_form(path, Asked(ratings.form, kosovo, teaching_sets(kosovo)), new_codes(1, 1)[0])
    book = openpyxl.load_workbook(path)
    book["strength"]["F2"].value = "strong"
    book.create_sheet("Sheet1")  # a sheet with nothing in it loses nothing
    book.save(path)
    assert (read_ratings([path], ratings.form).strength >= 0).sum() == 1
    says = change(book)
    book.save(path)
    with pytest.raises(RatingError) as caught:
        read_ratings([path], ratings.form)
    assert caught.value.code == "R501" and says in str(caught.value)


def test_a_rating_in_no_column_of_a_csv_is_refused(ratings, tmp_path):
    path = tmp_path / "back.csv"
    path.write_bytes(csv_of(line(ratings.form)).rstrip() + b",strong\n")
    with pytest.raises(
        RatingError, match=r"back\.csv, cell I2: 'strong' is in a column without a name.*R501"
    ):
        read_ratings([path], ratings.form)


# -- bounds ----------------------------------------------------------------------------------------


def limits(tmp_path: Path, text: str, weights: Any) -> Any:
    path = tmp_path / "limits.csv"
    path.write_text(text, encoding="utf-8")
    return read_bounds(path, weights)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_bounds_without_a_profile_are_for_every_one_that_the_sign_is_weighed_for(
    separator, kosovo_weights, tmp_path
):
    text = "indicator,profile,low,high\n\n,,,\nchild_lent_or_hired,,1,5\nthreats_now,,2,\ndaily_quota,child,20,\n".replace(
        ",", separator
    )
    assert limits(tmp_path, text, kosovo_weights) == {
        ("child_lent_or_hired", "child"): Bound(1, 5),
        ("threats_now", "adult"): Bound(2),
        ("threats_now", "child"): Bound(2),
        ("daily_quota", "child"): Bound(20, 20),
    }
    assert limits(tmp_path, "indicator,low,high\n", kosovo_weights) == {}


BOUNDS = [
    ("indicator,profil,low,high\n", "'profil' is not a column of bounds; did you mean 'profile'?"),
    ("indicator,low,low,high\n", "'low' appears twice"),
    ("indicator,low\n", "are required"),
    ("", "are required"),
    (
        "indicator,low,high\nthreats_now,1,2\nthreats_now,1,2\n",
        "row 3: 'threats_now' already has bounds for adult",
    ),
    (
        "indicator,profile,low,high\nthreats_now,child,1,2\nthreats_now,,1,2\n",
        "row 3: 'threats_now' already has bounds for child",
    ),
    (
        "indicator,low,high\nthreats_no,1,2\n",
        "row 2: 'threats_no' is not a weighted sign; did you mean 'threats_now'?",
    ),
    (
        "indicator,profile,low,high\nchild_lent_or_hired,adult,1,2\n",
        "row 2: 'child_lent_or_hired' has no weight for the profile 'adult'",
    ),
    ("indicator,profile,low,high\nthreats_now,baby,1,2\n", "'baby' is not a profile"),
    ("indicator,low,high\nthreats_now,1,2,3\n", "row 2: '3' is not in any column"),
    ("indicator,low,high\nthreats_now,3,2\n", "the lower one first"),
    ("indicator,low,high\nthreats_now,-1,2\n", "whole numbers"),
    ("indicator,low,high\nthreats_now,1," + "2" * 140_000 + "\n", "whole numbers"),
    ('indicator,low,high\nthreats_now,1,"2\n', "cannot be read as CSV"),
    ('indicator,low,high\n"threats_now,1,2\n', "cannot be read as CSV"),
]


@pytest.mark.parametrize(("text", "says"), BOUNDS, ids=range(len(BOUNDS)))
def test_bounds_that_cannot_be_are_refused_with_their_row(text, says, kosovo_weights, tmp_path):
    with pytest.raises(KnowledgeError) as caught:
        limits(tmp_path, text, kosovo_weights)
    assert (
        caught.value.code == "K157"
        and says in str(caught.value)
        and str(caught.value).startswith("limits.csv")
    )


def test_the_same_rated_twice_names_both_places_and_rounds_are_never_mixed(ratings, tmp_path):
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_bytes(csv_of(line(ratings.form)))
    two.write_bytes(csv_of(line(ratings.form, value="weak")))
    with pytest.raises(
        RatingError, match=r"two\.csv, row 2.*already rated this at one\.csv, row 2.*R505"
    ):
        read_ratings([one, two], ratings.form)
    two.write_bytes(csv_of(line(ratings.form, indicator="begging_hazard", round="2")))
    with pytest.raises(RatingError, match="R506"):
        read_ratings([one, two], ratings.form)


def test_every_fault_of_every_form_is_told_in_one_run(ratings, tmp_path):
    one, two, three = (tmp_path / f"{n}.csv" for n in "abc")
    rows = [
        line(ratings.form, value="heavy"),
        line(ratings.form, indicator="begging_hazard", profile="nobody"),
        line(ratings.form, indicator="no_such_sign"),
        line(ratings.form, rater="XXXXX"),
    ]
    one.write_bytes(csv_of(*rows))
    two.write_bytes(b"nothing;of;this;kind\n1;2;3;4\n")
    three.write_bytes(csv_of(line(ratings.form, value="huge")))
    with pytest.raises(RatingError) as failed:
        read_ratings([one, two, three], ratings.form)
    told = [str(failed.value), *failed.value.__notes__]
    assert [t.rsplit("[", 1)[1].rstrip("]") for t in told] == [
        "R503",
        "R504",
        "R504",
        "R502",
        "R501",
        "R503",
    ]
    assert [t.split(",")[0].split(":")[0] for t in told] == ["a.csv"] * 4 + ["b.csv", "c.csv"]
    many = tmp_path / "many.csv"
    many.write_bytes(csv_of(*[line(ratings.form, value=f"x{n}") for n in range(80)]))
    with pytest.raises(RatingError) as failed:
        read_ratings([many], ratings.form)
    assert len(failed.value.others) == 49


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("e forte", "strong"),
        ("i fortë", "strong"),
        ("E FORTË", "strong"),
        ("forte", "strong"),
        ("asnje", "none"),
        ("asnjë", "none"),
        ("e dobet", "weak"),
        ("e dobët", "weak"),
        ("mesatar", "medium"),
        ("mesatare", "medium"),
        ("3", "strong"),
        ("0", "none"),
        ("2", "medium"),
        ("jaka", "strong"),
        ("nikakav", "none"),
        ("јак", "strong"),
        ("Strong", "strong"),
    ],
)
def test_what_people_write_without_marks_or_as_a_number_is_understood(ratings, written, step):
    assert meant("strength", written, ratings.form) == step


def test_a_question_mark_is_no_rating_and_in_a_story_open(ratings, tmp_path):
    assert meant("strength", "?", ratings.form) == "" and meant("finding", "?", ratings.form) == ""
    assert meant("code", "?", ratings.form) == "open"
    assert meant("strength", "4", ratings.form) == "4", "points are no steps: refused"
    path = tmp_path / "a.csv"
    other = line(ratings.form, indicator="begging_hazard")
    path.write_bytes(csv_of(line(ratings.form, value="?"), other))
    assert (read_ratings([path], ratings.form).strength >= 0).sum() == 1


def test_grey_cells_of_a_form_are_locked_and_offer_nothing(ratings, kosovo, tmp_path):
    path = tmp_path / "form.xlsx"
    write_form(path, Asked(ratings.form, kosovo, teaching_sets(kosovo)), ratings.raters[0])
    sheet = openpyxl.load_workbook(path)["strength"]
    assert sheet.protection.sheet
    offered = {
        cell
        for rule in sheet.data_validations.dataValidation
        for at in rule.sqref.ranges
        for row in at.rows
        for cell in row
    }
    names = list(ratings.form.indicators)
    for n, name in enumerate(names):
        for k, p in enumerate(CASE_PROFILES):
            cell = sheet.cell(n + 2, 5 + k)
            to_fill = p in ratings.form.indicators[name]
            assert cell.protection.locked is not to_fill, (name, p)
            assert ((cell.row, cell.column) in offered) is to_fill
    assert sheet.cell(2, 3).protection.locked, "nor can a sign's words be changed"


# -- agreement -------------------------------------------------------------------------------------


def test_agreement_finds_the_sign_whose_text_is_unclear_and_the_rater_who_is_apart(ratings):
    n, rng = ratings.indicators.index("parent_directs_child_begging"), np.random.default_rng(3)
    codes, strength = ratings.codes.copy(), ratings.strength.copy()
    codes[:, :, n] = rng.integers(0, 3, codes.shape[:2])  # nobody knows what it means
    strength[4] = np.where(
        strength[4] >= 0, np.clip(strength[4] - 1, 0, 3), -1
    )  # one sees everything a step weaker
    found = agreement(replace(ratings, codes=codes, strength=strength), draws=200)
    assert [i.id for i in found.indicators if i.unclear] == ["parent_directs_child_begging"]
    assert [(r.rater, r.differs) for r in found.by_rater if r.differs] == [
        (ratings.raters[4], ("rates_weaker",))
    ]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda s, f: (np.where(s >= 0, 3 - s, -1), f), "ranks_signs_apart"),
        (lambda s, f: (s, np.where(f >= 0, 4 - f, -1)), "ranks_stories_apart"),
        (
            lambda s, f: (s, np.where(f >= 0, np.clip(f - 1, 0, 4), -1)),
            "finds_less",
        ),
        (
            lambda s, f: (s, np.where(f >= 0, np.clip(f + 1, 0, 4), -1)),
            "finds_more",
        ),
    ],
    ids=["turned upside down", "findings turned", "lower", "higher"],
)
def test_a_rater_who_differs_is_named_however_they_differ(ratings, change, difference):
    strength, finding = ratings.strength.copy(), ratings.finding.copy()
    strength[4], finding[4] = change(strength[4], finding[4])
    found = agreement(replace(ratings, strength=strength, finding=finding), draws=200)
    assert [r.rater for r in found.by_rater if r.differs] == [ratings.raters[4]]
    assert difference in found.by_rater[4].differs
    assert (
        found.by_rater[4].rest < found.by_rater[0].rest
        or found.by_rater[4].rest_findings < found.by_rater[0].rest_findings
    )


def test_honest_raters_of_different_severity_are_not_named_and_one_who_did_not_read_is(kosovo):
    """Twelve raters who differ in severity by half a step or so; then one of them answers "medium"
    throughout, and is named for that alone.
    """
    honest = rated(kosovo, 12)
    rng = np.random.default_rng(4)
    own = rng.normal(size=(12, 1, 1)) * 0.5
    moved = np.clip(np.round(honest.strength + own), 0, 3).astype(np.int8)
    strength = np.where(honest.strength >= 0, moved, -1).astype(np.int8)
    found = agreement(replace(honest, strength=strength), draws=150)
    assert [r.differs for r in found.by_rater if r.differs] == []
    strength[5] = np.where(strength[5] >= 0, 2, -1)
    found = agreement(replace(honest, strength=strength), draws=150)
    assert {r.rater: r.differs for r in found.by_rater if r.differs} == {
        honest.raters[5]: ("straight_lined",)
    }
    careless = found.by_rater[5]
    assert careless.same == 1.0 and careless.without > found.overall[0].value


def test_units_that_one_rater_left_blank_are_explained(ratings):
    strength = ratings.strength.copy()
    strength[3, 10:] = -1
    found = agreement(replace(ratings, strength=strength), draws=100)
    by_key = {(s.key, s.of): s for s in found.overall}
    icc, whole = by_key["icc_single", "strength"], by_key["alpha", "strength"]
    assert icc.units < whole.units and icc.facts["rater"] == ratings.raters[3]
    assert icc.facts["left"] == whole.units - icc.units


def test_stability_tells_who_moved_which_way_and_what_to_talk_about(ratings):
    name = "daily_quota"
    n = ratings.indicators.index(name)
    before, after = ratings.strength.copy(), ratings.strength.copy()
    before[:, n, 1] = [0, 0, 0, 3, 3, 3] * 2
    after[:, n, 1] = [0, 0, 0, 3, 3, 3] * 2
    other = ratings.indicators.index("begging_hazard")
    before[:, other, 1] = [0, 3] * 6
    after[:, other, 1] = 3
    first = replace(ratings, strength=before)
    second = replace(ratings, round=2, strength=after)
    moved = stability(first, second, draws=100)
    assert moved.raters == 12 and moved.rounds == (1, 2)
    quota, hazard = moved.signs[name]["child"], moved.signs["begging_hazard"]["child"]
    assert quota.changed == 0 and quota.stable and not quota.after.consensus
    assert (name, "child") in moved.talk
    assert hazard.changed == 0.5 and hazard.shift == 0.5 and not hazard.stable
    assert hazard.after.consensus and not hazard.before.consensus
    assert ("begging_hazard", "child") not in moved.talk
    assert all(low <= value <= high for value, low, high in moved.kappa.values())
    with pytest.raises(RatingError, match="R507"):
        stability(first.of([0, 1]), second.of([2, 3]))


def test_who_gives_a_finding_alone_coded_nothing(ratings):
    story = ratings.form.vignettes[0].id
    lines = [
        x for x in to_lines(ratings) if not (x.kind == "code" and x.rater == ratings.raters[0])
    ]
    read = from_lines(ratings.form, lines)
    assert (read.codes[0] == -1).all() and (read.finding[0] == ratings.finding[0]).all()
    one = from_lines(
        ratings.form,
        [*lines, Line(ratings.raters[0], 1, "code", story, ratings.indicators[0], "", "open")],
    )
    assert (one.codes[0, 0] == ANSWERS.index("open")).all() and (one.codes[0, 1:] == -1).all(), (
        "one word that it was coded is enough"
    )


def test_agreement_of_people_who_agree_on_everything_is_one_or_not_defined_and_never_less(kosovo):
    found = agreement(rated(kosovo, 5, slip=0.0), draws=200)
    assert {round(s.value, 9) for s in found.overall} == {1.0}
    assert all(i.coding.value in (1.0,) or np.isnan(i.coding.value) for i in found.indicators)
    assert not any(i.unclear for i in found.indicators) and not any(
        r.differs for r in found.by_rater
    )
    assert all(r.key == pytest.approx(1.0) for r in found.by_rater), "they coded as the key has it"


def test_agreement_needs_two_and_the_same_ratings_give_the_same_figures(ratings):
    with pytest.raises(RatingError, match="R507"):
        agreement(ratings.of([0]))
    one, two = (agreement_json(agreement(ratings, draws=150, seed=4)) for _ in range(2))
    assert one == two and b"NaN" not in one
    three = agreement_json(agreement(ratings, draws=150, seed=4, n_jobs=2))
    assert one == three, "however many processes share the work"


def test_the_key_holds_open_as_open(ratings):
    findings, answers = key_of(ratings, "kosovo")
    for v, case in enumerate(ratings.form.vignettes):
        assert FINDINGS[findings[v]] == case.expected["kosovo"]
        for i, name in enumerate(ratings.indicators):
            told = case.answers.get(name, "not_asked")
            assert ANSWERS[answers[v, i]] == {"yes": "yes", "no": "no", "not_applicable": "no"}.get(
                told, "open"
            )


# -- proposals -------------------------------------------------------------------------------------


def one_sign(ratings: Ratings, name: str, profile: str, values: list[int]) -> Ratings:
    strength = ratings.strength[: len(values)].copy()
    strength[:, ratings.indicators.index(name), CASE_PROFILES.index(profile)] = values
    return replace(ratings.of(range(len(values))), strength=strength)


@pytest.mark.parametrize(
    ("steps", "weight"),
    [
        ([3, 3, 3], TELLS[3]),
        ([0, 1, 3], TELLS[1]),
        ([1, 2], (TELLS[1] + TELLS[2] + 1) // 2),
        ([2, 3], (TELLS[2] + TELLS[3] + 1) // 2),
        ([0, 1], (TELLS[0] + TELLS[1] + 1) // 2),
        ([0, 0, 0, 3], 0),
        ([-1, -1, -1], None),
        ([-1, 1, 1], TELLS[1]),
        ([-1, -1, 0], None),
    ],
)
def test_a_weight_is_the_median_in_points_and_half_goes_up(
    steps, weight, ratings, kosovo, kosovo_weights
):
    made = propose(
        kosovo,
        kosovo_weights,
        one_sign(ratings, "daily_quota", "child", steps),
        None,
        "ratings",
        draws=Draws(20),
    )
    kept = kosovo_weights.points["child"]["daily_quota"]
    assert made.points["child"]["daily_quota"] == (kept if weight is None else weight), (
        "a sign that nobody rated, or one person alone, keeps its weight"
    )
    if weight is None:
        assert {one["child"]["daily_quota"] for one in made.alternatives} == {kept}, (
            "whoever is drawn, and however often"
        )
    assert "fewer than 2 people rated keeps its weight" in made.method


def by_all(ratings: Ratings, word: int) -> Ratings:
    """Everybody says one word of every sign."""
    return replace(ratings, strength=np.where(ratings.strength < 0, -1, word).astype(np.int8))


def test_a_circumstance_is_worth_less_than_what_tells_of_somebody(ratings, kosovo, kosovo_weights):
    made = propose(
        kosovo, kosovo_weights, by_all(ratings, 3), None, "ratings", draws=Draws(1)
    ).points
    for profile in CASE_PROFILES:
        for sign in kosovo.by_profile[profile]:
            if kosovo.dimensions[sign.dimension].kind != "sign":
                continue
            if sign.id in kosovo_weights.lines[profile].alone:
                expected = kosovo_weights.points[profile][sign.id]
            elif sign.nature in ("circumstance", "presentation"):
                expected = SOFT[3]
            else:
                expected = TELLS[3]
            assert made[profile][sign.id] == expected, sign.id
    assert SOFT[3] < TELLS[3] < kosovo_weights.lines["child"].refer < 2 * TELLS[3]


def test_what_everybody_calls_none_counts_nothing_also_where_it_decided_alone_or_a_card_has_it(
    ratings, kosovo, kosovo_weights
):
    card = load_model("kosovo-15-15", kosovo)
    sign = next(iter(kosovo_weights.lines["child"].alone))
    for one in (sign, card.items["child"][0].indicator):
        strength = ratings.strength.copy()
        strength[:, ratings.indicators.index(one), CASE_PROFILES.index("child")] = 0
        said = replace(ratings, strength=strength)
        for method, evidence in (("ratings", None), ("blend", card)):
            made = propose(
                kosovo, kosovo_weights, said, evidence, method, worth=9, draws=Draws(1)
            ).points["child"]
            assert made[one] == 0, (one, method)
            assert (
                one
                not in replace(kosovo_weights, points={**kosovo_weights.points, "child": made})
                .scale(kosovo, "child")
                .alone
            )


def test_a_set_without_lines_is_rated_on_the_scale_that_its_rules_count_on(ratings, kosovo):
    old = load_weights(kosovo, "2026-11-23-published-strength")
    made = propose(kosovo, old, by_all(ratings, 3), None, "ratings", draws=Draws(1))
    given = {n for p in CASE_PROFILES for n in made.points[p].values()}
    assert given == {0, PUBLISHED[3]}, "and what is no sign still weighs nothing"


def test_a_blend_gives_a_card_no_more_than_its_worth_where_nobody_rated(
    ratings, kosovo, kosovo_weights
):
    card = load_model("kosovo-15-15", kosovo)
    nobody = replace(ratings, strength=np.full_like(ratings.strength, -1))
    made = propose(kosovo, kosovo_weights, nobody, card, "blend", worth=1, draws=Draws(3))
    assert made.points == kosovo_weights.points and all(
        one == kosovo_weights.points for one in made.alternatives
    )


def test_a_set_names_as_evidence_what_was_used_and_every_world_that_ever_set_a_weight(
    ratings, kosovo, kosovo_weights
):
    card = load_model("kosovo-15-15", kosovo)
    people, learned = (
        propose(kosovo, kosovo_weights, ratings, card, method, draws=Draws(2))
        for method in ("ratings", "card")
    )
    trained = [w.world for w in card.training.worlds]
    worlds = tuple(dict.fromkeys([*kosovo_weights.worlds, *trained]))
    assert card.id not in people.evidence.split("Ratings")[-1]
    assert people.worlds == kosovo_weights.worlds
    assert (
        "Ratings" not in learned.evidence
        and learned.alternatives == ()
        and learned.worlds == worlds
    )
    later = propose(
        kosovo,
        replace(kosovo_weights, points=learned.points, worlds=learned.worlds),
        ratings,
        None,
        "ratings",
        draws=Draws(2),
    )
    assert later.worlds == worlds, "what the card set was kept"


def test_a_blend_is_the_update_of_a_mean_and_says_so_row_by_row(ratings, kosovo, kosovo_weights):
    card = load_model("kosovo-15-15", kosovo)
    made = propose(kosovo, kosovo_weights, ratings, card, "blend", worth=6, draws=Draws(3))
    on_card = {(item.indicator, p) for p in CASE_PROFILES for item in card.items[p]}
    for row in made.rows:
        if (row.indicator, row.profile) in on_card:
            assert row.exact == pytest.approx(
                (row.raters * row.median + 6 * row.card) / (row.raters + 6)
            )
        else:
            assert row.exact == row.median and np.isnan(row.card), (
                "a card says nothing about what it does not carry"
            )
        assert row.points == int(row.exact + 0.5)
    assert "counts for 6 raters beside 12" in made.method and card.statement in made.evidence
    trained = [w.world for w in card.training.worlds]
    assert made.worlds == tuple(dict.fromkeys([*kosovo_weights.worlds, *trained]))
    # Both weigh the same in all over the card's signs: a blend moves weight, it does not add any
    for profile in CASE_PROFILES:
        mine = [r for r in made.rows if r.profile == profile and (r.indicator, profile) in on_card]
        assert sum(r.card for r in mine) == pytest.approx(sum(r.median for r in mine))


def test_a_card_alone_leaves_what_it_does_not_carry(kosovo, kosovo_weights):
    card = load_model("kosovo-15-15", kosovo)
    made = propose(kosovo, kosovo_weights, None, card, "card")
    on_card = {(item.indicator, p) for p in CASE_PROFILES for item in card.items[p]}
    assert all(r.points == r.before for r in made.rows if (r.indicator, r.profile) not in on_card)
    assert any(r.points != r.before for r in made.rows) and made.alternatives == ()


def test_a_trainers_bounds_hold_and_are_shown(ratings, kosovo, kosovo_weights):
    limits = {("daily_quota", "child"): Bound(1, 2), ("trauma_signs", "adult"): Bound(3, 8)}
    made = propose(kosovo, kosovo_weights, ratings, None, "ratings", bounds=limits, draws=Draws(20))
    for (name, profile), bound in limits.items():
        assert bound.low <= made.points[profile][name] <= bound.high
        assert all(bound.low <= one[profile][name] <= bound.high for one in made.alternatives)
        assert next(r for r in made.rows if (r.indicator, r.profile) == (name, profile)).bounded


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda c, w, r: propose(c, w, None, None, "ratings"), "U305"),
        (lambda c, w, r: propose(c, w, r, None, "blend", worth=1), "U305"),
        (
            lambda c, w, r: propose(c, w, r, load_model("kosovo-15-15", c), "blend"),
            "U305",
        ),
        (lambda c, w, r: propose(c, w, r, None, "mean"), "U305"),
        (lambda c, w, r: propose(c, w, r.of([0]), None, "ratings"), "R507"),
        (
            lambda c, w, r: propose(
                c, w, r, None, "ratings", bounds={("danger_now", "child"): Bound()}
            ),
            "K157",
        ),
        (lambda c, w, r: Bound(3, 1), "K157"),
        (lambda c, w, r: Bound(-1, 1), "K157"),
        (
            lambda c, w, r: propose(
                c, w, r, None, "ratings", bounds={("nothing", "child"): Bound()}
            ),
            "K157",
        ),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(call, code, ratings, kosovo, kosovo_weights):
    with pytest.raises(ScreeningError) as caught:
        call(kosovo, kosovo_weights, ratings)
    assert caught.value.code == code


def test_weights_are_whole_and_never_negative_and_danger_and_protective_items_never_weigh(
    ratings, kosovo, kosovo_weights
):
    made = propose(
        kosovo,
        kosovo_weights,
        ratings,
        load_model("kosovo-15-15", kosovo),
        "blend",
        worth=3,
        draws=Draws(5),
    )
    for points in (made.points, *made.alternatives):
        for p in CASE_PROFILES:
            assert list(points[p]) == list(kosovo_weights.points[p])
            assert all(isinstance(n, int) and n >= 0 for n in points[p].values())
            assert all(
                points[p][i] == 0
                for i in points[p]
                if kosovo.dimensions[kosovo.indicators[i].dimension].kind != "sign"
            )


def test_the_same_data_give_the_same_weights_bit_for_bit(ratings, kosovo, kosovo_weights, tmp_path):
    made = [
        propose(kosovo, kosovo_weights, rated(kosovo), None, "ratings", draws=Draws(12, 9))
        for _ in range(2)
    ]
    lines = list(to_lines(rated(kosovo)))
    made.append(
        propose(
            kosovo,
            kosovo_weights,
            from_lines(rated(kosovo).form, reversed(lines)),
            None,
            "ratings",
            draws=Draws(12, 9),
        )
    )
    written = []
    for n, one in enumerate(made):
        path = tmp_path / str(n) / f"{NEXT}.yaml"
        write_draft(
            kosovo,
            kosovo_weights,
            one,
            path,
            Draft(
                title="T", authors=["A"], valid_from=TODAY, recheck_by=date(2028, 1, 1), today=TODAY
            ),
        )
        written.append(path.read_bytes())
    assert written[0] == written[1] == written[2], "in whatever order they come in"
    assert (tmp_path / "0" / f"{NEXT}.yaml").stat().st_mode & 0o777 == 0o644, (
        "whoever screens must be able to read it"
    )


def test_what_is_set_by_hand_no_longer_varies(ratings, kosovo, kosovo_weights):
    made = propose(kosovo, kosovo_weights, ratings, None, "ratings", draws=Draws(10))
    points = {p: {**made.points[p]} for p in CASE_PROFILES}
    points["child"]["trauma_signs"] = 7
    by_hand = edited(made, points)
    assert {one["child"]["trauma_signs"] for one in by_hand.alternatives} == {
        7
    } and "trauma_signs (child)" in by_hand.method
    assert edited(made, made.points) is made


@pytest.mark.parametrize(
    "name", ["trainers", "2026-13-trainers.yaml", "2026-12-01-Trainers", "2026-12-01-a.txt"]
)
def test_a_set_is_named_by_its_day_and_a_word(name, kosovo, kosovo_weights, ratings, tmp_path):
    made = propose(kosovo, kosovo_weights, ratings, None, "ratings", draws=Draws(0))
    path = tmp_path / (name if "." in name else f"{name}.yaml")
    with pytest.raises(KnowledgeError, match="K112"):
        write_draft(
            kosovo,
            kosovo_weights,
            made,
            path,
            Draft(
                title="T", authors=["A"], valid_from=TODAY, recheck_by=date(2028, 1, 1), today=TODAY
            ),
        )
    with pytest.raises(KnowledgeError, match="K133"):
        write_draft(
            kosovo,
            kosovo_weights,
            made,
            tmp_path / f"{NEXT}.yaml",
            Draft(title="T", authors=["A"], valid_from=TODAY, recheck_by=TODAY, today=TODAY),
        )


def test_no_set_is_ever_written_over(tmp_path):
    checklist = own_list(tmp_path)
    with pytest.raises(UsageError, match="U302"):
        weights_target(checklist, "2026-11-23-published-strength")
    assert weights_target(checklist, NEXT) == checklist.folder / "weights" / f"{NEXT}.yaml"
    assert weights_target(checklist, str(tmp_path / f"{NEXT}.yaml")) == tmp_path / f"{NEXT}.yaml"


def test_a_set_read_back_has_its_plausible_sets_and_the_batch_counts_what_the_engine_counts(
    tmp_path,
):
    office = Office(own_list(tmp_path))
    before = load_weights(office.checklist)
    made = propose(
        office.checklist, before, rated(office.checklist, slip=0.8), None, "ratings", draws=Draws(6)
    )
    path = office.checklist.folder / "weights" / f"{NEXT}.yaml"
    weights = write_draft(
        office.checklist,
        before,
        made,
        path,
        Draft(title="T", authors=["A"], valid_from=TODAY, recheck_by=date(2028, 1, 1), today=TODAY),
    )
    assert [dict(a["child"]) for a in weights.alternatives] == [
        dict(a["child"]) for a in made.alternatives
    ]
    cases = generate(load_world(office.checklist, "guarded"), 300, 5)
    block = cases.block()
    plans = [
        compile_plan(office.checklist, replace(weights, points=a, alternatives=()))
        for a in weights.alternatives
    ]
    counts = contested(block, score_block(block, compile_plan(office.checklist, weights)), plans)
    assert (counts > 0).any()
    words = {0: Answer.NO, 0x10: Answer.UNKNOWN, 0x11: Answer.YES}
    for n in range(0, 300, 3):
        answers = {
            i: Response(words[int(c)])
            for i, c in zip(office.checklist.indicators, block.codes[:, n], strict=True)
        }
        one = score(
            Case(f"c{n}", int(block.age[n]), bool(block.certain[n]), answers),
            office.checklist,
            weights,
        )
        assert (
            one.contested.draws - one.contested.findings.get(one.finding, 0) if one.contested else 0
        ) == counts[n]


def test_plausible_weights_that_do_not_fit_are_refused(tmp_path):
    office = Office(own_list(tmp_path))
    office.draft()
    path = office.checklist.folder / "weights" / f"{NEXT}.yaml"
    text = path.read_text(encoding="utf-8")
    for points in (
        "{danger_now: {child: [1, 1, 1, 1]}}",
        "{daily_quota: {child: [1, 1]}}",
        "{child_lent_or_hired: {adult: [1, 1, 1, 1]}}",
        "{nothing: {child: [1, 1, 1, 1]}}",
    ):
        path.write_text(
            (
                f"{text}plausible: {{draws: 4, seed: 1, points: {points}}}\n"
                if "plausible:" not in text
                else text
            ),
            encoding="utf-8",
        )
        with pytest.raises(KnowledgeError, match="K157"):
            load_weights(office.checklist, NEXT)


# -- impact ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people(kosovo):
    return imp.population(load_world(kosovo, "guarded"), 6_000, 4)


def heavier(weights: object, **children: int) -> object:
    return replace(
        weights,
        points={
            p: {**weights.points[p], **(children if p == "child" else {})} for p in CASE_PROFILES
        },
    )


FEW = 300  # scored one by one


def test_impact_counts_are_those_of_scoring_one_by_one(people, kosovo, kosovo_weights):
    begging = [
        i for i in kosovo_weights.points["child"] if kosovo.section_of(i) in ("begging", "control")
    ]
    lighter, more = dict.fromkeys(begging[::2], 0), dict.fromkeys(begging[1::2], 9)
    after = heavier(kosovo_weights, **lighter, **more)
    found = imp.Change(people, kosovo, kosovo_weights).impact(after)
    words = {0: Answer.NO, 0x10: Answer.UNKNOWN, 0x11: Answer.YES}
    up = down = referred = exploited = 0
    for n in range(FEW):
        answers = {
            i: Response(words[int(c)])
            for i, c in zip(kosovo.indicators, people.block.codes[:, n], strict=True)
        }
        case = Case(f"c{n}", int(people.block.age[n]), bool(people.block.certain[n]), answers)
        a, b = score(case, kosovo, kosovo_weights), score(case, kosovo, after)
        up += FINDINGS.index(b.finding) > FINDINGS.index(a.finding)
        down += FINDINGS.index(b.finding) < FINDINGS.index(a.finding)
        exploited += int(people.exploited[n])
        referred += int(
            people.exploited[n]
            and FINDINGS.index(b.danger.finding_without) >= FINDINGS.index("refer")
        )
    first = replace(
        people,
        block=replace(
            people.block,
            case_ids=people.block.case_ids[:FEW],
            age=people.block.age[:FEW],
            certain=people.block.certain[:FEW],
            codes=np.ascontiguousarray(people.block.codes[:, :FEW]),
        ),
        exploited=people.exploited[:FEW],
        groups={g: m[:FEW] for g, m in people.groups.items()},
    )
    small = imp.Change(first, kosovo, kosovo_weights).impact(after).group("all")
    assert (small.up, small.down) == (up, down) and up > 0 and down > 0
    assert (small.recall_after.hits, small.recall_after.n) == (referred, exploited)
    assert int(found.table.sum()) == 6_000 and found.group("all").up == int(
        np.triu(found.table, 1).sum()
    )


def test_the_same_weights_change_nothing_and_heavier_ones_lower_nobody(
    people, kosovo, kosovo_weights
):
    change = imp.Change(people, kosovo, kosovo_weights)
    same = change.impact(kosovo_weights)
    assert all((g.up, g.down) == (0, 0) and g.recall_before == g.recall_after for g in same.groups)
    more = change.impact(
        heavier(kosovo_weights, **{i: n + 1 for i, n in kosovo_weights.points["child"].items()})
    )
    assert (
        all(g.down == 0 for g in more.groups)
        and more.group("child").up > 0
        and more.group("adult").up == 0
    )
    begging = more.group(imp.BEGGING_CHILD)
    assert begging.recall_after.value >= begging.recall_before.value and begging.spared_after.n == 0


def test_one_sign_moved_by_one_moves_findings(people, kosovo, kosovo_weights):
    change = imp.Change(people, kosovo, kosovo_weights)
    telling = [i for fact in kosovo_weights.scale(kosovo, "child").telling for i in fact]
    by = {
        i: change.impact(heavier(kosovo_weights, **{i: kosovo_weights.points["child"][i] - 1}))
        for i in telling
    }
    moving = [i for i, one in by.items() if one.group("all").up + one.group("all").down]
    assert len(moving) > len(by) / 3, "most numbers carry somebody"
    assert all(one.group("all").up == 0 for one in by.values())


def test_begging_signs_set_to_nothing_destroy_the_finding(people, kosovo, kosovo_weights):
    nothing = {i: 0 for i in kosovo_weights.points["child"] if kosovo.section_of(i) in ("begging",)}
    found = imp.Change(people, kosovo, kosovo_weights).impact(heavier(kosovo_weights, **nothing))
    group = found.group(imp.BEGGING_CHILD)
    assert group.recall_after.value < group.recall_before.value - 0.1 and group.down > 0
    assert found.group("adult").down == 0, "adults keep their numbers"


def test_worlds_that_set_a_set_never_measure_it(kosovo, kosovo_weights):
    unused = imp.unused_worlds(kosovo, kosovo_weights)
    assert unused and not set(unused) & set(kosovo_weights.worlds)
    learned = replace(kosovo_weights, worlds=(unused[0],))
    assert unused[0] not in imp.unused_worlds(kosovo, kosovo_weights, learned)
    every = replace(kosovo_weights, worlds=tuple(world_ids(kosovo)))
    with pytest.raises(UsageError, match="U305"):
        imp.unused_worlds(kosovo, every)


def test_a_held_out_child_who_falls_is_found_and_others_who_fall_are_not_called_that(
    kosovo, kosovo_weights
):
    sets = [load_vignettes(kosovo, name) for name in vignette_ids(kosovo)]
    nothing = heavier(kosovo_weights, **dict.fromkeys(kosovo_weights.points["child"], 0))
    rows = imp.moved(kosovo, sets, kosovo_weights, nothing)
    lost = imp.fallen(rows)
    assert {m.vignette.id for m in lost} >= {"S-03", "S-27"}
    assert all(m.vignette.held_out == "yes" and m.key == "refer" for m in lost)
    assert {m.vignette.id for m in rows if m.changed} - {m.vignette.id for m in lost}, (
        "others fall too, and stop nobody from signing"
    )
    below = imp.fallen(imp.moved(kosovo, sets, kosovo_weights, kosovo_weights))
    assert {m.vignette.id for m in below} < {m.vignette.id for m in lost}, (
        "a set is asked about everybody whom it leaves below, also where the set before did"
    )


def test_sensitivity_moves_one_weight_at_a_time_and_says_what_moves_most(kosovo, kosovo_weights):
    people = imp.population(load_world(kosovo, "base"), 800, 2)
    rows = imp.sensitivity(kosovo, kosovo_weights, people)
    assert [r.changed for r in rows] == sorted((r.changed for r in rows), reverse=True) and rows[
        0
    ].changed > 0
    assert all(kosovo_weights.points[r.profile][r.indicator] + r.step >= 0 for r in rows)
    first = rows[0]
    points = {p: {**kosovo_weights.points[p]} for p in CASE_PROFILES}
    points[first.profile][first.indicator] += first.step
    again = imp.Change(people, kosovo, kosovo_weights).impact(
        replace(kosovo_weights, points=points)
    )
    assert again.group("all").up + again.group("all").down == first.changed


def test_thresholds_find_fewer_the_higher_they_are(people, kosovo, kosovo_weights):
    rows = imp.thresholds(kosovo, kosovo_weights, people, most=25)
    for profile in CASE_PROFILES:
        mine = [r for r in rows if r.profile == profile]
        assert [r.points for r in mine] == list(range(1, 26))
        assert all(
            a.recall.value >= b.recall.value and a.spared.value <= b.spared.value
            for a, b in pairwise(mine)
        )
        assert all(r.begging.n == 0 for r in mine) == (profile == "adult")


@examples(50)
@given(st.lists(st.integers(0, 40), min_size=25, max_size=25))
def test_no_small_count_of_real_people_can_be_got_back_by_subtraction(counts):
    table = np.array(counts, dtype=np.int64).reshape(5, 5)
    shown = imp.suppressed(table)
    hidden = [
        int(n)
        for n, cell in zip(table.ravel(), (c for row in shown for c in row), strict=True)
        if cell is None
    ]
    assert all(cell is None or cell == 0 or cell >= 10 for row in shown for cell in row)
    if hidden and (table > 0).sum() > len(hidden):
        assert len(hidden) >= 2 and sum(hidden) >= 10, (
            "the total less what is shown says nothing about a few people"
        )
    assert not hidden or any(0 < n < 10 for n in hidden), "nothing is hidden that need not be"


def test_no_small_count_can_be_got_back_from_two_tables_over_the_same_people():
    """Somebody hides h of c + h people; another set moves nobody and shows c + h.

    Whatever the two say, several h fit.
    """
    fits: dict[tuple[int, int], set[int]] = {}
    for c in range(10, 200):
        for h in range(1, 10):
            split, whole = (
                imp.suppressed(np.array([[c, h], [50, 7]]))[0],
                imp.suppressed(np.array([[c + h, 0], [57, 0]]))[0],
            )
            assert split[1] is None
            fits.setdefault((split[0] or 0, whole[0] or 0), set()).add(h)
    assert min(len(found) for (shown, _), found in fits.items() if shown < 180) >= 2, (
        "never one alone"
    )


def test_ratings_as_csv_carry_codes_and_nothing_else(ratings):
    text = ratings_csv(ratings).decode()
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert {r["rater"] for r in csv.DictReader(io.StringIO(text, newline=""))} == set(
        ratings.raters
    )
    with pytest.raises(RatingError):
        from_lines(
            ratings.form, [Line("ABCDE", 1, "strength", "", "daily_quota", "child", "strong")]
        )


def test_a_form_for_the_same_list_and_stories_is_the_same_form_and_another_text_makes_another(
    kosovo, tmp_path
):
    assert form_of(kosovo).id == form_of(kosovo).id != form_of(kosovo, teaching_sets(kosovo)).id
    other = own_list(Path(tmp_path))
    path = other.folder / "texts" / "en.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "Must bring in a fixed amount", "Must bring in a certain amount"
        ),
        encoding="utf-8",
    )
    from screening.checklist import load_checklist

    assert form_of(load_checklist(other.folder)).id != form_of(kosovo).id


@pytest.mark.parametrize("language", ["en", "sq", "sr", "sr-Cyrl"])
def test_a_contested_finding_is_said_in_words_and_one_that_is_not_says_nothing(
    language, kosovo, kosovo_weights
):
    from screening.scoring.explain import explain

    none = {p: dict.fromkeys(points, 0) for p, points in kosovo_weights.points.items()}
    line = kosovo_weights.lines["child"].refer
    heavy = {
        p: {i: line if n else 0 for i, n in points.items()}
        for p, points in kosovo_weights.points.items()
    }
    case = Case("A", 9, answers={"cut_off": Response(Answer.YES)})
    unsure = score(
        case, kosovo, replace(kosovo_weights, alternatives=(none, heavy, heavy)), language
    )
    rows = explain(unsure, kosovo.texts(language))[0].rows
    told = [r for r in rows if r.lead == words(language)("Contested")]
    assert unsure.contested is not None and len(told) == 1
    assert (
        f"{kosovo.texts(language).get('findings', 'refer', 'label')} (2)" in told[0].text
        and "3" in told[0].text
    )
    sure = explain(score(case, kosovo, kosovo_weights, language), kosovo.texts(language))[0].rows
    assert not any(r.lead == words(language)("Contested") for r in sure)


def test_all_weights_together_move_findings_and_no_move_moves_none(
    kosovo, kosovo_weights, monkeypatch
):
    people = imp.population(load_world(kosovo, "base"), 800, 2)
    found = imp.together(kosovo, kosovo_weights, people, draws=6, seed=3)
    assert found == imp.together(kosovo, kosovo_weights, people, draws=6, seed=3, n_jobs=2), (
        "the same seed gives the same"
    )
    assert (
        0 < found.changed[0] <= found.changed[1] <= found.changed[2] < 0.5
        and found.recall[0] <= found.recall[1] <= found.recall[2]
    )
    base = (
        imp.Change(people, kosovo, kosovo_weights)
        .impact(kosovo_weights)
        .group(imp.BEGGING_CHILD)
        .recall_after.value
    )
    assert found.recall[0] <= base <= found.recall[2] or abs(found.recall[1] - base) < 0.05

    class Still:
        def integers(self, low, high):
            return 0

    monkeypatch.setattr(imp.np.random, "default_rng", lambda seed: Still())
    still = imp.together(kosovo, kosovo_weights, people, draws=2)
    assert still.changed == (0.0, 0.0, 0.0) and still.recall == (base, base, base)
