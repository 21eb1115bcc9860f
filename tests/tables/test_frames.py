"""Frames in, frames out: whatever way a pandas user writes an answer, it means what they meant, or
it is refused by column and row; and what comes back is what the engine says.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given

import screening
from screening.answers import Answer, Case, Response
from screening.checklist import load_checklist, load_weights
from screening.checklist.schema import FINDINGS
from screening.errors import CaseError, UsageError
from screening.scoring import score
from screening.tables.frames import cases_from_frame, cases_to_frame
from screening.tables.scored_frames import (
    ScreeningWarning,
    compare_frames,
    explain_frame,
    score_frame,
)
from screening.tables.worklist import work_list
from support.properties import examples
from support.strategies import case_lists

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
TODAY = date(2026, 11, 27)
SIGN, OTHER = "sent_and_placed", "daily_quota"


def frame(**columns: object) -> pd.DataFrame:
    """Two children, two answers each."""
    return pd.DataFrame({"age": [9, 12], **columns}, index=["A-1", "A-2"])


def yes_of(result: pd.DataFrame) -> list[list[str]]:
    return [list(signs) for signs in result["signs"]]


# -- every way to write an answer ------------------------------------------------------------------

WAYS = {
    "words": ["yes", "no"],
    "Albanian": ["Po", "JO "],
    "booleans": [True, False],
    "whole numbers": [1, 0],
    "floats": [1.0, 0.0],
    "bytes": np.array([1, 0], dtype=np.int8),
    "unsigned": np.array([1, 0], dtype=np.uint32),
    "categories of words": pd.Categorical(["yes", "no"], categories=["no", "unknown", "yes"]),
    "categories of numbers": pd.Categorical([1, 0]),
    "categories of booleans": pd.Categorical([True, False]),
    "nullable booleans": pd.array([True, False], dtype="boolean"),
    "nullable numbers": pd.array([1, 0], dtype="Int64"),
    "nullable floats": pd.array([1.0, 0.0], dtype="Float32"),
    "strings": pd.array(["yes", "no"], dtype="string"),
    "Arrow words": pd.array(["yes", "no"], dtype=pd.ArrowDtype(pa.string())),
    "Arrow booleans": pd.array([True, False], dtype=pd.ArrowDtype(pa.bool_())),
    "Arrow numbers": pd.array([1, 0], dtype=pd.ArrowDtype(pa.int8())),
    "objects": np.array([True, "no"], dtype=object),
    "answers": np.array([Answer.YES, Answer.NO], dtype=object),
    "objects of numpy": np.array([np.int64(1), np.bool_(False)], dtype=object),
}


@pytest.mark.parametrize("way", WAYS)
def test_yes_and_no_in_every_way_to_write_them(way: str) -> None:
    result = score_frame(frame(**{SIGN: WAYS[way]}), today=TODAY)
    assert yes_of(result) == [[SIGN], []]
    assert result["answered"].tolist() == [1, 1]


OPEN = {
    "None": np.array(["yes", None], dtype=object),
    "NaN": [1.0, np.nan],
    "NaN among words": np.array(["yes", np.nan], dtype=object),
    "NA": np.array(["yes", pd.NA], dtype=object),
    "NaT": np.array(["yes", pd.NaT], dtype=object),
    "nullable": pd.array([True, pd.NA], dtype="boolean"),
    "numbers": pd.array([1, pd.NA], dtype="Int8"),
    "categories": pd.Categorical(["yes", None]),
    "Arrow": pd.array(["yes", None], dtype=pd.ArrowDtype(pa.string())),
    "blank": ["yes", "  "],
    "words": ["yes", "refused"],
}


@pytest.mark.parametrize("way", OPEN)
def test_S5_what_is_missing_is_open_and_never_no(way: str) -> None:
    result = score_frame(frame(**{SIGN: OPEN[way]}), today=TODAY)
    assert yes_of(result) == [[SIGN], []] and result["answered"].tolist() == [1, 0]


NO_ANSWERS = {
    "category codes": ([4, 1], "'4'"),
    "a share": ([0.5, 1.0], "0.5"),
    "infinity": ([np.inf, 1.0], "inf"),
    "a word": (["maybe", "yes"], "'maybe'"),
    "a code of Stata": ([99, 1], "'99'"),
    "a list": (np.array([["yes"], "no"], dtype=object), "yes"),
    "a date": (pd.to_datetime(["2026-01-01", "2026-01-02"]), "2026"),
    "nullable codes": (pd.array([2, 1], dtype="Int8"), "'2'"),
    "categories of codes": (pd.Categorical([3, 1]), "'3'"),
}


@pytest.mark.parametrize("way", NO_ANSWERS)
def test_S5_a_value_that_is_no_answer_is_refused_with_column_row_and_value(way: str) -> None:
    cells, value = NO_ANSWERS[way]
    with pytest.raises(CaseError) as refused:
        score_frame(frame(**{SIGN: cells}), today=TODAY)
    told = str(refused.value)
    assert refused.value.code in ("C220", "C232")
    assert f"column {SIGN}" in told and "row 'A-1'" in told and value in told


def test_all_faults_are_told_at_once() -> None:
    faulty = frame(**{SIGN: ["maybe", "x"], OTHER: [2, 0], "age_certain": ["y?", "yes"]})
    with pytest.raises(CaseError) as refused:
        score_frame(faulty.assign(age=[400, 9]), today=TODAY)
    lines = [str(refused.value), *refused.value.__notes__]
    assert len(lines) == len(set(lines)) == 5
    for part in ("400", "maybe", "'x'", "'2'", "y?"):
        assert sum(part in line for line in lines) == 1, part


def test_errors_may_be_collected_and_the_rows_beside_them_are_scored() -> None:
    faulty = frame(**{SIGN: ["maybe", "yes"]})
    result = score_frame(faulty, today=TODAY, errors="collect")
    assert result.index.tolist() == ["A-1", "A-2"]
    assert "maybe" in result.loc["A-1", "error"] and pd.isna(result.loc["A-1", "finding"])
    assert pd.isna(result.loc["A-1", "points"]) and pd.isna(result.loc["A-1", "settled"])
    fine = score_frame(faulty.loc[["A-2"]], today=TODAY)
    assert result.loc["A-2", "finding"] == fine.loc["A-2", "finding"]
    assert pd.isna(result.loc["A-2", "error"])
    alone = score_frame(frame(**{SIGN: [None, None]}), errors="collect")
    assert alone.dtypes["points"] == result.dtypes["points"]


def test_an_id_that_stands_twice_is_nobody_s_answer() -> None:
    twice = frame(case_id=["same", " same"], **{SIGN: ["yes", "no"]})
    with pytest.raises(CaseError, match="C211"):
        score_frame(twice, today=TODAY)
    result = score_frame(twice, today=TODAY, errors="collect")
    assert result["finding"].isna().all() and result["error"].str.contains("C211").all()


# -- what comes back -------------------------------------------------------------------------------


def test_the_index_and_the_other_columns_stay_and_findings_are_ordered() -> None:
    cases = frame(worker=["Ana", "Ben"], **{SIGN: ["yes", None]})
    cases.index = pd.MultiIndex.from_tuples([("x", 1), ("x", 2)], names=["place", "n"])
    cases["case_id"] = ["c", "d"]
    with pytest.warns(ScreeningWarning, match=r"not known and not scored \(1\): 'worker'"):
        result = score_frame(cases, today=TODAY)
    assert result.index.equals(cases.index)
    assert result["worker"].tolist() == ["Ana", "Ben"] and result[SIGN].tolist()[0] == "yes"
    assert list(result["finding"].cat.categories) == list(FINDINGS)
    assert result["finding"].cat.ordered and result["finding"].max() == result["finding"].iloc[0]
    assert (result["finding"] <= result["finding_high"]).all()


def test_what_is_kept_can_be_chosen() -> None:
    cases = frame(worker=["Ana", "Ben"], points=[7, 8], **{SIGN: ["yes", None]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScreeningWarning)
        assert "worker" not in score_frame(cases, today=TODAY, keep=False)
        some = score_frame(cases, today=TODAY, keep=["worker"])
        assert list(some.columns)[:2] == ["worker", "profile"]
    with pytest.warns(ScreeningWarning, match="'points' is replaced"):
        result = score_frame(cases, today=TODAY)
    assert result["points"].tolist() != [7, 8], "a result is never taken for what stood there"


def test_a_frame_without_rows_has_every_column_and_no_result() -> None:
    result = score_frame(frame(**{SIGN: ["yes", "no"]}).iloc[:0], today=TODAY)
    assert len(result) == 0 and list(result["finding"].cat.categories) == list(FINDINGS)


@pytest.mark.parametrize("other", ["a list", 3, None, {"age": [9]}])
def test_what_is_no_frame_is_refused(other: object) -> None:
    with pytest.raises(UsageError, match="U305"):
        score_frame(other)


def test_whatever_speaks_arrow_is_taken() -> None:
    class Speaks:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return pa.table({"case_id": ["a"], "age": [9], SIGN: ["yes"]}).__arrow_c_stream__()

    assert yes_of(score_frame(Speaks(), today=TODAY)) == [[SIGN]]
    assert yes_of(score_frame(pa.table({"case_id": ["a"], "age": [9], SIGN: [1]}))) == [[SIGN]]


def test_the_long_form_gives_a_row_a_case() -> None:
    long = pd.DataFrame(
        {
            "case_id": ["b", "b", "a"],
            "age": [9, 9, 12],
            "indicator": [SIGN, OTHER, SIGN],
            "answer": ["yes", "no", "yes"],
            "note": ["said so", "", ""],
        }
    )
    result = score_frame(long, today=TODAY)
    assert result.index.tolist() == ["b", "a"] and result.index.name == "case_id"
    assert yes_of(result) == [[SIGN], [SIGN]]
    assert cases_from_frame(long)[0].answers[SIGN].note == "said so"


def test_a_level_of_an_index_cannot_be_an_id() -> None:
    cases = frame(**{SIGN: ["yes", "no"]})
    cases.index = pd.MultiIndex.from_tuples([("x", 1), ("x", 2)])
    with pytest.raises(CaseError, match="C207"):
        score_frame(cases)


def test_a_card_stands_beside_the_finding() -> None:
    cases = frame(**{SIGN: ["yes", None]})
    result = score_frame(cases, model=screening.model_ids()[0], today=TODAY)
    assert result["second_opinion_band"].cat.ordered
    plain = score_frame(cases, today=TODAY)
    assert (result["finding"] == plain["finding"]).all()


# -- equal to the engine ---------------------------------------------------------------------------


@examples(25)
@given(cases=case_lists(KOSOVO))
def test_scored_and_explained_frames_equal_the_engine(cases: list[Case]) -> None:
    cases = [Case(f"c{n}", c.age, c.age_certain, c.answers) for n, c in enumerate(cases)]
    wide = cases_to_frame(cases, KOSOVO)
    result, rows = score_frame(wide, KOSOVO, WEIGHTS), explain_frame(wide, KOSOVO, WEIGHTS)
    for case in cases:
        a, row = score(case, KOSOVO, WEIGHTS), result.loc[case.case_id]
        assert (row["finding"], row["finding_high"]) == (a.finding, a.finding_high)
        assert (row["points"], row["points_high"], row["settled"]) == (
            a.points,
            a.points_high,
            a.settled,
        )
        mine = rows.loc[rows.index == case.case_id]
        assert [
            (None if pd.isna(r.indicator) else r.indicator, r.statement, r.points, r.kind)
            for r in mine.itertuples()
        ] == [(c.indicator, c.statement, c.points, c.kind) for c in a.contributions]
        assert mine["points"].sum() == a.points
    assert cases_from_frame(wide, KOSOVO) == [
        Case(
            c.case_id,
            c.age,
            c.age_certain,
            {
                i: Response(r.answer)
                for i, r in c.answers.items()
                if r.answer is not Answer.NOT_ASKED
            },
        )
        for c in cases
    ]


def test_threads_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = screening.generate(screening.load_world(KOSOVO, "base"), 500, 3).to_frame()
    cases = cases.drop(columns=[c for c in cases if c.startswith("truth_")])
    once = score_frame(cases)
    monkeypatch.setattr("screening.tables.frames._ROWS", 64)
    pd.testing.assert_frame_equal(once, score_frame(cases, n_jobs=3))
    pd.testing.assert_frame_equal(explain_frame(cases), explain_frame(cases.copy()))


# -- what changed, and who comes first -------------------------------------------------------------


def test_two_results_are_compared_case_by_case() -> None:
    before = score_frame(frame(**{SIGN: ["yes", None]}), today=TODAY, keep=False)
    later = pd.DataFrame(
        {"age": [9, 7], SIGN: [None, "yes"], OTHER: ["no", "yes"]}, index=["A-1", "A-3"]
    )
    told = compare_frames(before, score_frame(later, today=TODAY, keep=False))
    assert told.index.tolist() == ["A-1", "A-3", "A-2"]
    assert told["change"].tolist() == ["lowered", "new", "gone"]
    assert [list(x) for x in told["signs_removed"]] == [[SIGN], [], []]
    assert [sorted(x) for x in told["signs_added"]] == [[], [OTHER, SIGN], []]
    same = compare_frames(before, before)
    assert (same["change"] == "same").all() and same["finding"].cat.ordered
    with pytest.raises(UsageError):
        compare_frames(before, pd.concat([before, before]))
    with pytest.raises(UsageError):
        compare_frames(before, later)


def test_a_work_list_of_a_frame_is_that_of_its_cases() -> None:
    cases = pd.DataFrame(
        {
            "age": [30, 9, 12],
            "met_on": [date(2026, 11, 1), date(2026, 11, 20), None],
            SIGN: ["yes", "yes", None],
            "violence_now": [None, "yes", None],
        },
        index=["A", "B", "C"],
    )
    items = work_list(cases, TODAY)
    pairs = [(c, score(c, KOSOVO, WEIGHTS)) for c in cases_from_frame(cases, today=TODAY)]
    assert items == work_list(pairs, TODAY)
    table = items.to_frame()
    assert table.index.tolist() == [i.case_id for i in items] and table.index[0] == "B"
    assert table["finding"].cat.ordered and table.loc["B", "days"] == 7
    assert pd.isna(table.loc["C", "due"]) and table.loc["B", "overdue"]


def test_a_work_list_shows_a_role_its_own_step() -> None:
    cases = frame(**{SIGN: ["yes", "yes"]})
    assessed = score(cases_from_frame(cases)[0], KOSOVO, WEIGHTS)
    own = {s.role for s in assessed.next_steps}
    assert len(own) > 1
    for role in own:
        assert {i.role for i in work_list(cases, TODAY, role)} == {role}
    usual = [i.role for i in work_list(cases, TODAY)]
    assert [i.role for i in work_list(cases, TODAY, "nobody")] == usual


# -- other things as frames ------------------------------------------------------------------------

FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    "list": lambda: KOSOVO.to_frame("sq"),
    "weights": lambda: WEIGHTS.to_frame(),
    "card": lambda: screening.load_model(screening.model_ids()[0], KOSOVO).to_frame(KOSOVO, "sr"),
    "cases": lambda: screening.generate(screening.load_world(KOSOVO, "base"), 5, 1).to_frame(),
}


@pytest.mark.parametrize("what", FRAMES)
def test_lists_weights_cards_and_cases_are_frames_too(what: str) -> None:
    table = FRAMES[what]()
    names = [["indicator"], ["case_id"], ["profile", "indicator"]]
    assert table.index.is_unique and len(table) and list(table.index.names) in names
    assert not table.isna().all().any() or what == "cases"
    if what == "list":
        assert table.loc[SIGN, "statement"] == KOSOVO.texts("sq").statement(SIGN)
    if what == "weights":
        assert table.loc[SIGN, "child"] == WEIGHTS.points["child"][SIGN]
