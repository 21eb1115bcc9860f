"""Folders of files, on one machine or many: each part of the input becomes a file of results.

A part is a file, or some row groups of a Parquet file. Its results appear whole, then a small
record that says so; whoever starts the same job again goes on with the parts that have no record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from glob import glob
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from screening.checklist import load_checklist, load_weights
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.model import Checklist, WeightSet
from screening.errors import CaseError, ScreeningError, UsageError
from screening.scorecard.card_json import model_json
from screening.scoring import ENGINE
from screening.scoring.batch import compile_plan
from screening.tables.duplicates import hashes_of
from screening.tables.kinds import kind_of
from screening.tables.pipeline import Job, Summary
from screening.tables.results import Sheet
from screening.tables.workers import (
    RECORDS,
    Part,
    Setting,
    open_part,
    read_record,
    run,
    sha256,
    write,
)
from screening.values import missing_codes

__all__ = ["DatasetSummary", "score_dataset"]

PART_ROWS = 1_000_000  # of row groups that go together
MOST_IDS = 100_000_000  # of which it is known that none stands in two parts; 8 bytes each
_SUFFIXES = {".csv", ".tsv", ".xlsx", ".parquet", ".arrow", ".feather", ".ipc", ".json"}


@dataclass
class DatasetSummary(Summary):
    """What a job did, and its parts.

    parts, done_before : how many there are, and how many of them an earlier run had done
    manifest : the file that names every part with its rows and its SHA-256
    """

    parts: int = 0
    done_before: int = 0
    manifest: Path = field(default_factory=Path)


def score_dataset(
    inputs: str | Path | Iterable[str | Path],
    out_dir: str | Path,
    checklist: Checklist | str | Path = DEFAULT_LIST,
    weights: WeightSet | str | None = None,
    *,
    n_jobs: int | None = None,
    cluster: Any = None,
    format: str = "parquet",
    job: Job | None = None,
) -> DatasetSummary:
    """Score many files into a folder, a file of results for each part, and a manifest.

    Parameters
    ----------
    inputs : a folder, a pattern such as "cases/*.parquet", a file, or several of these. Large
        Parquet files are taken apart by their row groups
    out_dir : a folder that is made; where an earlier run of the same job was stopped, it goes on
    checklist, weights : as `score_frame` takes them; every process reads them again, by name
    n_jobs : processes on this machine; None for one, -1 for as many as there are processors
    cluster : "local" or the address of a dask scheduler, or a `distributed.Client`; workers must
        see the same files under the same paths. Needs the `cluster` extra
    format : parquet, csv, arrow or xlsx
    job : encoding, today, model, columns and progress count; see `Job`

    Returns
    -------
    DatasetSummary

    Raises
    ------
    CaseError : what cannot be read in any part; the other parts are done all the same, and further
        faults are in `__notes__`. C211 too, for an id in two parts
    UsageError : U301 no input, U305 a value, or a folder with another job's results, U306 a package
    """
    job = job or Job()
    listed = checklist if isinstance(checklist, Checklist) else load_checklist(checklist)
    set_ = weights if isinstance(weights, WeightSet) else load_weights(listed, weights)
    if format not in ("parquet", "csv", "arrow", "xlsx"):
        raise UsageError("U305.folder_of_json", place="--format")
    if job.columns is not None:
        Sheet(listed, set_, compile_plan(listed, set_), job.model, job.columns)
    setting = Setting(
        str(listed.folder),
        listed.sha256,
        set_.id,
        set_.sha256,
        None if job.model is None else model_json(job.model).decode(),
        ENGINE,
        (job.today or date.today()).isoformat(),
        format,
        job.columns,
        job.encoding,
        job.sheet,
        tuple(sorted((code, str(word)) for code, word in missing_codes(job.missing).items())),
        job.keep,
    )
    out = Path(out_dir)
    parts = list(_parts(_files(inputs, out), job.encoding))
    before = _begin(out, setting, parts)
    left = [part for part in parts if part.name not in before]
    total = None if any(p.rows is None for p in parts) else sum(p.rows or 0 for p in parts)
    done = sum(record["rows"] for record in before.values())
    faults: list[ScreeningError] = []
    for result in run(left, setting, out, n_jobs, cluster):
        if isinstance(result, ScreeningError):
            faults.append(result)
        else:
            done += result["rows"]
            if job.progress is not None:
                job.progress(done, total)
    if faults:
        raise _together(faults)
    return _finish(out, setting, parts, len(before))


# -- what there is to do ---------------------------------------------------------------------------


def _files(inputs: str | Path | Iterable[str | Path], out: Path) -> list[tuple[str, Path]]:
    """Each file of cases with the name of its results, in the order of the names."""
    found: dict[str, Path] = {}
    for given in [inputs] if isinstance(inputs, (str, Path)) else list(inputs):
        path = Path(given)
        if path.is_dir():
            some = [
                p
                for p in sorted(path.rglob("*"))
                if p.suffix.lower() in _SUFFIXES
                and not any(s.startswith((".", "_", "~$")) for s in p.relative_to(path).parts)
                and out.resolve() not in p.resolve().parents
            ]
            named = [("-".join(p.relative_to(path).parts), p) for p in some]
        elif path.exists():
            named = [(path.name, path)]
        else:
            found_by = glob(str(given), recursive=True)  # noqa: PTH207 - Path.glob takes no absolute
            named = [(Path(p).name, Path(p)) for p in sorted(found_by)]
        if not named:
            raise UsageError("U301.nothing_to_score", place=str(given))
        for name, file in named:
            unique = name
            while unique in found and found[unique] != file:
                unique = f"{hashlib.sha256(str(file).encode()).hexdigest()[:8]}-{name}"
            found[unique] = file
    return sorted(found.items())


def _parts(files: Iterable[tuple[str, Path]], encoding: str | None) -> Iterator[Part]:
    for name, path in files:
        about = path.stat()
        stamp = (about.st_size, about.st_mtime_ns)
        if kind_of(path, encoding) != "parquet":
            yield Part(name.replace(".", "-"), str(path.absolute()), None, None, stamp)
            continue
        sizes = _row_groups(path)
        runs = _runs(sizes)
        for first, stop in runs:
            suffix = "" if len(runs) == 1 else f"-{first:05d}"
            rows = sum(sizes[first:stop])
            stem = name.replace(".", "-") + suffix
            yield Part(stem, str(path.absolute()), (first, stop), rows, stamp)


def _row_groups(path: Path) -> list[int]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            about = file.metadata
            return [about.row_group(g).num_rows for g in range(about.num_row_groups)]
    except (pa.ArrowException, OSError):
        raise CaseError("C204.file_damaged", place=path.name) from None


def _runs(sizes: list[int]) -> list[tuple[int, int]]:
    """Row groups that go together: up to `PART_ROWS`, one at the least."""
    runs, first, rows = [], 0, 0
    for n, size in enumerate(sizes):
        if n > first and rows + size > PART_ROWS:
            runs.append((first, n))
            first, rows = n, 0
        rows += size
    return [*runs, (first, len(sizes))]


def _begin(out: Path, setting: Setting, parts: list[Part]) -> dict[str, Any]:
    """Make the folder, or see that it is this job's; the records of parts that are done."""
    records, job = out / RECORDS, out / RECORDS / "job.json"
    try:
        records.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("U303.folder_not_created", place=str(out), reason=error.strerror) from None
    wanted = json.loads(json.dumps(asdict(setting)))
    if job.exists():
        had = read_record(job)
        unlike = [name for name, value in wanted.items() if had.get(name) != value]
        if unlike:
            raise UsageError("U305.dataset_differs", place=str(out), what=", ".join(unlike))
    elif any(p.name != RECORDS for p in out.iterdir()):
        raise UsageError("U305.dataset_differs", place=str(out), what="files of another origin")
    else:
        write(job, json.dumps(wanted, indent=1).encode())
    done = {}
    for part in parts:
        record = read_record(records / f"{part.name}.json")
        if record.get("part") != json.loads(json.dumps(asdict(part))):
            continue
        file = out / f"{part.name}.{setting.format}"
        if file.exists() and sha256(file) == record["sha256"]:
            done[part.name] = record
    return done


# -- when all is done ------------------------------------------------------------------------------


def _together(faults: list[ScreeningError]) -> ScreeningError:
    """One error for all, in the order of their places; the others as notes."""
    first, *others = sorted(faults, key=str)
    return first.with_others(chain.from_iterable((other, *other.others) for other in others))


def _finish(out: Path, setting: Setting, parts: list[Part], before: int) -> DatasetSummary:
    """See that no id stands in two parts, add up, and write the manifest."""
    records = [read_record(out / RECORDS / f"{part.name}.json") for part in parts]
    rows = sum(record["rows"] for record in records)
    checked = rows <= MOST_IDS
    if checked:
        _no_id_twice(out, setting, parts)
    summary = DatasetSummary(rows=rows, parts=len(parts), done_before=before)
    told: dict[str, int] = {}
    for record in records:
        for finding, n in record["by_finding"].items():
            summary.by_finding[finding] += n
        for text in record["warnings"]:
            told[text] = told.get(text, 0) + 1
    summary.warnings = [
        text if n == 1 and len(parts) == 1 else f"{text} (in {n} of {len(parts)} parts)"
        for text, n in told.items()
    ]
    if not checked:
        summary.warnings.append(
            f"{rows} ids are too many to see whether one stands in two parts; within a part none"
            " does"
        )
    summary.manifest = out / "manifest.json"
    content = {
        "setting": asdict(setting),
        "rows": rows,
        "ids_compared_across_parts": checked,
        "by_finding": summary.by_finding,
        "parts": [{"file": r["file"], "rows": r["rows"], "sha256": r["sha256"]} for r in records],
    }
    write(summary.manifest, (json.dumps(content, indent=1) + "\n").encode())
    return summary


def _no_id_twice(out: Path, setting: Setting, parts: list[Part]) -> None:
    """`C211` for an id in two parts: alike hashes are looked at as ids."""
    if len(parts) < 2:
        return
    each = [
        np.frombuffer((out / RECORDS / f"{part.name}.ids").read_bytes(), dtype=np.uint64)
        for part in parts
    ]
    every = np.sort(np.concatenate(each))
    alike = every[1:][every[1:] == every[:-1]]
    if not len(alike):
        return
    reading = setting.reading(load_checklist(Path(setting.checklist)))
    seen: dict[str, str] = {}
    for part, hashes in zip(parts, each, strict=True):
        if not np.isin(hashes, alike).any():
            continue
        file = open_part(part, reading)
        for numbers, ids in file.ids():
            suspect = np.isin(hashes_of(ids), alike)
            for n in np.flatnonzero(suspect).tolist():
                id_, place = str(ids[n]), file.place(list(numbers)[n])
                if id_ in seen:
                    raise CaseError("C211.case_twice", place=place, case_id=id_, first=seen[id_])
                seen[id_] = place
