"""Needs as columns: present, open or nothing, the same in every format and as the engine has them;
and rows that are taken back.
"""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from screening.answers import Case
from screening.checklist import Checklist, load_checklist, load_weights
from screening.scoring import score
from screening.tables.frames import cases_to_frame
from screening.tables.pipeline import score_file
from screening.tables.scored_frames import explain_frame, score_frame
from support.properties import examples
from support.strategies import case_lists
from support.two_axes import two_axes

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return two_axes(tmp_path_factory.mktemp("needs"))


FRAME = pd.DataFrame(
    {
        "age": [9, 9, 30],
        "cold": ["yes", None, "no"],
        "long_hours": ["yes", "no", "no"],
        "hurt": [None, "no", "no"],
        "brought": ["no", "yes", "yes"],
    },
    index=["poor", "brought", "adult"],
)
STATES = {
    "need_shelter": ["present", "open", None],
    "need_doctor": ["present", "open", None],
    "need_guardian": [None, "present", None],
}


def test_a_frame_has_a_column_for_each_need_missing_where_it_is_neither_present_nor_open(tiny):
    result = score_frame(FRAME, tiny, keep=False)
    for name, states in STATES.items():
        assert [None if pd.isna(s) else s for s in result[name]] == states
        assert list(result[name].cat.categories) == ["open", "present"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "arrow"])
def test_every_format_has_the_same_columns_of_needs_blank_where_there_is_nothing(
    tiny, tmp_path: Path, kind: str
):
    cases, out = tmp_path / "cases.csv", tmp_path / f"out.{kind}"
    FRAME.to_csv(cases, index_label="case_id")
    score_file(cases, tiny, load_weights(tiny), out)
    rows: list[dict[str, object]]
    if kind == "csv":
        rows = list(csv.DictReader(out.open(encoding="utf-8-sig")))
    elif kind == "xlsx":
        header, *cells = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
        rows = [dict(zip(header, row, strict=True)) for row in cells]
    else:
        table = pq.read_table(out) if kind == "parquet" else pa.ipc.open_file(out).read_all()
        rows = table.to_pylist()
    for name, states in STATES.items():
        assert [row[name] or None for row in rows] == states


@examples(25)
@given(cases=case_lists(KOSOVO))
def test_columns_of_needs_equal_the_engine(cases: list[Case]) -> None:
    cases = [Case(f"c{n}", c.age, c.age_certain, c.answers) for n, c in enumerate(cases)]
    result = score_frame(cases_to_frame(cases, KOSOVO), KOSOVO, WEIGHTS)
    for case in cases:
        states = {n.id: n.state for n in score(case, KOSOVO, WEIGHTS).needs}
        row = result.loc[case.case_id]
        for need in KOSOVO.needs:
            told = row[f"need_{need.id}"]
            assert (None if pd.isna(told) else told) == states.get(need.id)


def test_explained_rows_name_the_needs_that_a_sign_opens_and_take_back_what_is_too_many(tiny):
    rows = explain_frame(FRAME, tiny)
    poor = rows.loc["poor"].set_index("indicator")
    assert [list(poor.loc[i, "needs"]) for i in ("long_hours", "cold")] == [
        ["shelter"],
        ["shelter", "doctor"],
    ]
    (once,) = [r for r in rows.loc[["poor"]].itertuples() if r.kind == "once"]
    assert (once.points, once.statement, list(once.needs)) == (
        -1,
        "Says the same as: Begs long hours",
        [],
    )
    assert list(rows["kind"].cat.categories) == ["sign", "protective", "danger", "once", "cap"]
    adult = rows.loc[["adult"]].set_index("indicator")
    assert list(adult.loc["brought", "needs"]) == []  # a guardian is a child's
    totals = score_frame(FRAME, tiny, keep=False)["points"]
    assert (rows["points"].groupby(level=0).sum() == totals[["adult", "brought", "poor"]]).all()
