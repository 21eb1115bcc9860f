"""Arrow arrays made by way of their buffers are those that pyarrow makes itself; and no job loads
pandas.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.tables.arrow import numbers_of, of_flags, of_numbers, of_texts, valid
from support.tiny import write_list

SMALL = st.integers(-128, 127)


@given(st.lists(st.none() | SMALL, max_size=40))
def test_numbers_come_out_as_pyarrow_makes_them(values: list[int | None]) -> None:
    missing = np.array([v is None for v in values], bool)
    plain = np.array([v or 0 for v in values], np.int8)
    made = of_numbers(plain, missing)
    made.validate(full=True)
    assert made.equals(pa.array(values, pa.int8()))
    assert of_numbers(plain).equals(pa.array(plain))


@given(st.lists(st.booleans(), max_size=40))
def test_flags_come_out_as_pyarrow_makes_them(values: list[bool]) -> None:
    made = of_flags(np.array(values, bool))
    made.validate(full=True)
    assert made.equals(pa.array(values, pa.bool_()))


@given(st.lists(st.none() | st.text(st.characters(codec="utf-8")), max_size=20))
def test_texts_come_out_as_pyarrow_makes_them(values: list[str | None]) -> None:
    made = of_texts(values)
    made.validate(full=True)
    assert made.equals(pa.array(values, pa.string()))


@given(st.lists(st.none() | SMALL, max_size=60), st.data())
def test_numbers_are_read_back_from_any_slice(
    values: list[int | None], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(values)))
    part = values[start : start + data.draw(st.integers(0, 60))]
    array = pa.array(values, pa.int8()).slice(start, len(part))
    present = valid(array)
    assert (present is None) == (None not in part)
    known = [True] * len(part) if present is None else present.astype(bool).tolist()
    read = [int(v) if k else None for v, k in zip(numbers_of(array), known, strict=True)]
    assert read == part


JOB = """
import sys
from datetime import date
from screening.checklist import load_checklist, load_weights
from screening.tables.pipeline import Job, score_file

checklist = load_checklist(sys.argv[1])
weights = load_weights(checklist)
for kind in ("parquet", "arrow", "csv", "xlsx"):
    cases, results = (f"{sys.argv[2]}/{name}.{kind}" for name in ("cases", "results"))
    score_file(cases, checklist, weights, results, job=Job(today=date(2026, 11, 23)))
    assert "pandas" not in sys.modules, kind
"""


def test_no_job_loads_pandas(tmp_path: Path) -> None:
    """pyarrow loads it for conversions of its own, and every command would wait for it."""
    pytest.importorskip("pandas")
    folder = write_list(tmp_path / "list")
    table = pa.table({"case_id": ["a", "b"], "age": ["9", ""], "quota": ["yes", None]})
    pa.parquet.write_table(table, tmp_path / "cases.parquet")
    pa.csv.write_csv(table, tmp_path / "cases.csv")
    with pa.ipc.new_file(tmp_path / "cases.arrow", table.schema) as file:
        file.write_table(table)
    table.to_pandas().to_excel(tmp_path / "cases.xlsx", index=False)
    program = [sys.executable, "-c", JOB, str(folder), str(tmp_path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]
