"""The rows of a table as they are, whatever the kind of file: cells by column, nothing read yet."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.errors import CaseError
from screening.files.csvtext import delimited
from screening.files.text import read_small
from screening.tables.frames import Frames, as_frame
from screening.tables.headrow import is_header
from screening.tables.kinds import kind_of
from screening.tables.xlsxfile import read_sheet

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Row", "Rows", "rows_of", "text_of"]

_LARGEST = 64 << 20

# A row: its place in words, and its cells by column.
Row = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Rows:
    """A table's name, its columns in order, its rows with their places."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row]


def rows_of(source: Frames | str | Path, encoding: str | None) -> Rows:
    """The rows of a frame or a file. C204, C205 and what its kind raises."""
    if not isinstance(source, (str, Path)):
        return _of_frame(as_frame(source), "data frame")
    path = Path(source)
    kind = kind_of(path, encoding)
    if kind in ("parquet", "arrow"):
        return _of_frame(_columnar(path, kind), path.name)
    if kind == "xlsx":
        numbered = read_sheet(path)
    else:
        text = read_small(path, _LARGEST, encoding)
        if text is None:
            raise CaseError("C205.form_too_large", place=path.name, most=_LARGEST >> 20)
        try:
            numbered = list(delimited(text, is_header))
        except csv.Error:
            raise CaseError("C204.file_damaged", place=path.name) from None
    _, header = numbered[0] if numbered else (0, [])
    columns = tuple(h.strip() for h in header)
    rows = [
        (f"{path.name}, row {n}", dict(zip(columns, cells, strict=False)))
        for n, cells in numbered[1:]
    ]
    return Rows(path.name, columns, rows)


def _columnar(path: Path, kind: str) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    try:
        read = pa.parquet.read_table if kind == "parquet" else pa.feather.read_table
        table = read(path)
        table.validate(full=True)
        frame: pd.DataFrame = table.to_pandas()
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError):
        raise CaseError("C204.file_damaged", place=path.name) from None
    return frame


def _of_frame(frame: pd.DataFrame, name: str) -> Rows:
    import pandas as pd

    columns = [str(c).strip() for c in frame.columns]
    index = frame.index
    if "case_id" not in columns:
        frame, columns = frame.assign(case_id=index.astype(str)), [*columns, "case_id"]
    cells = [
        [None if pd.isna(v) else v for v in frame.iloc[:, n].astype(object)]
        for n in range(len(columns))
    ]
    return Rows(
        name,
        tuple(columns),
        [
            (f"{name}, row {i!r}", dict(zip(columns, values, strict=True)))
            for i, values in zip(index, zip(*cells, strict=True), strict=True)
        ],
    )


def text_of(value: Any) -> str:
    """A cell as text: days as ISO has them, whole numbers without a point."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()[:10])
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
