"""Ids that a list no longer has: readable in every input as what they became, and counted once."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Answer, Case, Response
from screening.calibration.ratings import ANSWERS, Line, form_of, from_lines, new_codes
from screening.checklist import Checklist, load_checklist, load_vignettes, load_weights
from screening.checklist.loader import load_mapping
from screening.checklist.retired import as_now, counting
from screening.errors import KnowledgeError, RatingError, ScreeningWarning
from screening.interview.protocol import load_protocol
from screening.interview.record import Record
from screening.interview.session import Interview
from screening.scoring import score
from screening.scoring.block import CODES
from screening.tables import read_blocks, read_cases
from screening.tables.frames import cases_from_frame
from support.tiny import CHECKLIST, WEIGHTS, write_list

TODAY = date(2026, 6, 1)
RATER = new_codes(1, 1)[0]
RETIRED = """\
retired:
  - {id: beaten, became: hurt, on: 2026-05-01, why: hurt says it without asking how}
  - {id: struck, became: hurt, on: 2026-05-01, why: the same}
  - {id: all_day, became: long_hours, on: 2026-05-01, why: one word for one thing}
"""
MAPPING = """\
format: 1
id: other
about: Somebody's table.
case_id: nr
ages: [{column: age, years: {minor: 12}}]
rules:
  - {when: {beaten: "1"}, indicators: [beaten, hurt], kind: means}
  - {when: {days: "1"}, indicators: [all_day], kind: form}
sources: [{ref: ours}]
"""
VIGNETTES = """\
format: 1
id: tales
title: Tales
about: For tests.
cases:
  - id: one
    title: A boy
    story: A boy begs.
    age: 9
    answers: {beaten: "yes", hurt: "no", quota: "no"}
    not_put: [all_day]
    expected: {tiny: act_now}
    why: He is hurt.
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return load_checklist(
        write_list(
            tmp_path_factory.mktemp("list"),
            {
                "checklist.yaml": CHECKLIST + RETIRED,
                "mappings/other.yaml": MAPPING,
                "vignettes/tales.yaml": VIGNETTES,
                "weights/2025-01-01-old.yaml": WEIGHTS.replace("2026-01-01-base", "2025-01-01-old")
                .replace("  hurt: {adult: 4, child: 4}\n", "  beaten: {adult: 3, child: 2}\n")
                .replace("  long_hours:", "  all_day: {adult: 9, child: 9}\n  long_hours:"),
            },
        )
    )


# What stands under the retired id, what under the id of today: what counts, and whether it is told.
TOGETHER = [
    ("yes", "no", "yes", True),
    ("no", "yes", "yes", True),
    ("unknown", "no", "unknown", True),
    ("no", "refused", "refused", True),
    ("refused", "yes", "yes", True),
    ("yes", "unknown", "yes", True),
    ("yes", "yes", "yes", False),
    ("no", "no", "no", False),
    ("not_applicable", "no", "no", False),
    ("unknown", "refused", "refused", False),
    ("", "no", "no", False),
    ("no", "", "no", False),
    ("yes", "", "yes", False),
    ("", "", "not_asked", False),
]
CLASH = "'hurt' and 'beaten', which it replaced, are answered differently"


def wide(before: str, now: str) -> str:
    return f"case_id,age,hurt,beaten,quota\nA,9,{now},{before},yes\n"


def long(before: str, now: str) -> str:
    rows = [f"A,9,beaten,{before}", f"A,9,hurt,{now}", "A,9,quota,yes"]
    return "\n".join(["case_id,age,indicator,answer", *rows, ""])


def array(before: str, now: str) -> str:
    answers = {"beaten": before or None, "hurt": now or None, "quota": "yes"}
    return json.dumps([{"case_id": "A", "age": 9, "answers": answers}])


@pytest.mark.parametrize(("kind", "text"), [("csv", wide), ("csv", long), ("json", array)])
@pytest.mark.parametrize(("before", "now", "counts", "is_told"), TOGETHER)
def test_an_answer_under_a_retired_id_is_that_of_what_it_became(
    tmp_path: Path,
    tiny: Checklist,
    kind: str,
    text,
    before: str,
    now: str,
    counts: str,
    is_told: bool,
):
    path = tmp_path / f"cases.{kind}"
    path.write_text(text(before, now), encoding="utf-8")
    reader = read_cases(path, tiny, today=TODAY)
    (case,) = list(reader)
    assert case.answer("hurt") == counts and case.answer("quota") == "yes"
    assert "beaten" not in case.answers
    said = [w for w in reader.warnings if CLASH in w]
    assert len(said) == is_told
    if is_told:
        assert f"{counts} counts; check which is right [C222]" in said[0] and path.name in said[0]
    assert not [w for w in reader.warnings if "not known" in w]
    blocks = read_blocks(path, tiny, today=TODAY)
    (block,) = list(blocks)
    codes = dict(zip(tiny.indicators, block.codes[:, 0].tolist(), strict=True))
    assert codes["hurt"] == CODES[Answer(counts)] and codes["quota"] == CODES[Answer.YES]
    assert len([w for w in blocks.warnings if CLASH in w]) == is_told


def test_a_column_under_a_retired_id_alone_needs_no_other(tmp_path: Path, tiny: Checklist):
    path = tmp_path / "cases.csv"
    path.write_text("case_id,age,beaten,all_day,struck\nA,9,yes,0,no\n", encoding="utf-8")
    reader = read_cases(path, tiny, today=TODAY)
    (case,) = list(reader)
    assert {i: str(r.answer) for i, r in case.answers.items()} == {
        "hurt": "yes",
        "long_hours": "no",
    }
    assert [w for w in reader.warnings if "'hurt' and 'struck'" in w]


def test_a_frame_is_read_so_too(tiny: Checklist):
    frame = pd.DataFrame({"case_id": ["A"], "age": [9], "hurt": [np.nan], "beaten": [True]})
    (case,) = cases_from_frame(frame, tiny)
    assert case.answer("hurt") == "yes" and "beaten" not in case.answers


def test_an_older_weight_set_weighs_what_the_id_became_and_todays_number_stands(tiny: Checklist):
    weights = load_weights(tiny, "2025-01-01-old")
    assert (weights.points["adult"]["hurt"], weights.points["child"]["hurt"]) == (3, 2)
    assert weights.points["adult"]["long_hours"] == 2  # not the 9 of all_day
    assert "beaten" not in weights.points["adult"]


def test_a_mapping_says_yes_to_what_the_id_became(tiny: Checklist):
    assert [r.indicators for r in load_mapping(tiny, "other").rules] == [
        ["hurt", "hurt"],
        ["long_hours"],
    ]


def test_a_vignette_has_the_answers_of_today(tiny: Checklist):
    with pytest.warns(ScreeningWarning, match=r"one: 'hurt' and 'beaten'.*yes counts.*\[C222\]"):
        (tale,) = load_vignettes(tiny, "tales").cases
    assert tale.answers == {"hurt": "yes", "quota": "no"} and tale.not_put == ["long_hours"]


@pytest.mark.parametrize(
    ("before", "now", "counts"), [("yes", "no", "yes"), ("no", "open", "open"), ("yes", "", "yes")]
)
def test_a_rating_of_a_vignette_is_read_under_the_id_of_today(
    tiny: Checklist, before: str, now: str, counts: str
):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScreeningWarning)
        form = form_of(tiny, [load_vignettes(tiny, "tales")])
        lines = [Line(RATER, 1, "code", "one", "beaten", "", before, "line 2")]
        lines += [Line(RATER, 1, "code", "one", "hurt", "", now, "line 3")] if now else []
        found = from_lines(form, lines)
    assert ANSWERS[found.codes[0, 0, found.indicators.index("hurt")]] == counts


def test_a_strength_of_today_stands_and_a_difference_is_told(tiny: Checklist):
    form = form_of(tiny)
    old = Line(RATER, 1, "strength", "", "beaten", "child", "strong", "line 2")
    new = Line(RATER, 1, "strength", "", "hurt", "child", "weak", "line 3")
    alone = from_lines(form, [old])
    assert alone.strength[0, alone.indicators.index("hurt"), 1] == 3
    with pytest.warns(ScreeningWarning, match=rf"rater {RATER} .*\[R505\]"):
        both = from_lines(form, [old, new])
    assert both.strength[0, both.indicators.index("hurt"), 1] == 1
    with pytest.raises(RatingError, match="R505"):
        from_lines(form, [old, old])


def test_a_case_file_opens_under_the_ids_of_today_and_loses_nothing(tiny: Checklist):
    answers = {
        "beaten": Response(Answer.YES, "said", "with a belt"),
        "hurt": Response(Answer.NO),
        "all_day": Response(Answer.REFUSED),
    }
    weights = load_weights(tiny)
    record = Record.begin("A", tiny, weights, age=9, answers=answers, passed=("struck", "quota"))
    opened = Record.from_dict(json.loads(json.dumps(record.to_dict())))
    interview = Interview(tiny, weights, load_protocol(tiny), opened)
    assert (
        interview.case.answer("hurt") == "yes" and interview.case.answer("long_hours") == "refused"
    )
    assert interview.record.answers["hurt"].note == "with a belt"
    assert interview.record.passed == ("hurt", "quota")
    assert interview.record.lost("answer:hurt") == ("no",)
    again = Interview(tiny, weights, load_protocol(tiny), interview.record)
    assert again.record == interview.record, "read once"


@pytest.mark.parametrize(
    ("entry", "code", "place"),
    [
        ("{id: hurt, became: quota, on: 2026-05-01, why: x}", "K113", "retired[0].id"),
        ("{id: gone, became: never, on: 2026-05-01, why: x}", "K120", "retired[0].became"),
        ("{id: gone, became: gone, on: 2026-05-01, why: x}", "K120", "retired[0].became"),
        ("{id: ethnicity, became: hurt, on: 2026-05-01, why: x}", "K123", "retired[0].id"),
        ("{id: gone, became: hurt, on: 2026-05-01}", "K106", "retired[0]"),
        (
            "{id: gone, became: hurt, on: 2026-05-01, why: x}\n"
            "  - {id: gone, became: quota, on: 2026-05-01, why: x}",
            "K113",
            "retired[1].id",
        ),
    ],
)
def test_a_list_that_retires_wrongly_does_not_load(
    tmp_path: Path, entry: str, code: str, place: str
):
    changed = {"checklist.yaml": f"{CHECKLIST}retired:\n  - {entry}\n"}
    with pytest.raises(KnowledgeError) as told:
        load_checklist(write_list(tmp_path, changed))
    assert told.value.code == code and place in str(told.value)


def test_kosovo_retires_nothing_yet():
    assert load_checklist().retired == {}


ANSWER = st.sampled_from(list(Answer))


@given(
    now=st.dictionaries(st.sampled_from(["hurt", "long_hours", "quota", "brought"]), ANSWER),
    before=st.dictionaries(st.sampled_from(["beaten", "struck", "all_day"]), ANSWER),
    age=st.sampled_from([9, 30, None]),
)
def test_a_case_with_retired_ids_scores_as_with_those_of_today(
    tiny: Checklist, now: Mapping[str, Answer], before: Mapping[str, Answer], age: int | None
):
    answers = {i: Response(a) for i, a in {**now, **before}.items()}
    expected = dict(now)
    for old, answer in before.items():
        i = tiny.current(old)
        expected[i] = counting(expected.get(i, Answer.NOT_ASKED), answer)
    weights = load_weights(tiny)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScreeningWarning)
        found = score(Case("A", age, True, answers), tiny, weights)
    plain = Case("A", age, True, {i: Response(a) for i, a in expected.items()})
    assert found == score(plain, tiny, weights)
    assert {i: r.answer for i, r in as_now(answers, tiny.retired)[0].items()} == expected
