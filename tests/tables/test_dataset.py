"""Folders of files: whoever does the parts, in whatever order and after whatever end, the result is
the same bytes, nothing is missing and nothing is done twice.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

import screening
from screening import score_dataset, score_frame
from screening.errors import CaseError, UsageError
from screening.tables import dataset, workers
from screening.tables.pipeline import Job

KOSOVO = screening.load_checklist("kosovo")
ON = Job(today=date(2026, 11, 27))


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    frame = screening.generate(screening.load_world(KOSOVO, "base"), 1200, 2).to_frame()
    frame = frame[[c for c in frame if not c.startswith("truth_")]]
    return frame.astype(str).reset_index()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, cases: pd.DataFrame) -> Path:
    """Twelve parts: ten files of a hundred rows, one of them CSV, and a file of two row groups."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "later").mkdir()
    for n in range(9):
        rows = cases.iloc[100 * n : 100 * n + 100]
        rows.to_parquet(folder / f"{n}.parquet", index=False)
    cases.iloc[900:1000].to_csv(folder / "later/9.csv", index=False)
    cases.iloc[1000:].to_parquet(folder / "later/big.parquet", index=False, row_group_size=100)
    (folder / "notes.txt").write_text("no cases", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "PART_ROWS", 100)


def content(out: Path) -> dict[str, str]:
    """Every file of results by its hash."""
    return {
        str(p.relative_to(out)): sha256(p.read_bytes()).hexdigest()
        for p in sorted(out.rglob("*.parquet"))
    }


@pytest.fixture(scope="module")
def once(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder scored by this process alone."""
    out = tmp_path_factory.mktemp("once") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset, "PART_ROWS", 100)
        score_dataset(folder, out, KOSOVO, job=ON)
    return out


def test_every_row_comes_back_in_its_part_and_the_manifest_holds_the_sums(
    once: Path, cases: pd.DataFrame
) -> None:
    manifest = json.loads((once / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"] == 1200 and len(manifest["parts"]) == 12
    assert manifest["ids_compared_across_parts"] is True
    for part in manifest["parts"]:
        file = once / part["file"]
        assert sha256(file.read_bytes()).hexdigest() == part["sha256"]
        assert pq.read_metadata(file).num_rows == part["rows"] == 100
    every = pd.concat([pd.read_parquet(once / part["file"]) for part in manifest["parts"]])
    expected = score_frame(cases, KOSOVO, keep=False, today=ON.today)
    assert every["case_id"].tolist() == cases["case_id"].tolist()
    assert every["finding"].astype(str).tolist() == expected["finding"].astype(str).tolist()
    counts = expected["finding"].value_counts()
    assert manifest["by_finding"] == {f: int(counts.get(f, 0)) for f in manifest["by_finding"]}


def test_processes_change_nothing(once: Path, folder: Path, tmp_path: Path) -> None:
    ticks: list[int] = []
    told = Job(today=ON.today, progress=lambda done, total: ticks.append(done))
    summary = score_dataset(folder, tmp_path / "out", KOSOVO, n_jobs=2, job=told)
    assert content(tmp_path / "out") == content(once)
    assert summary.parts == 12 and summary.rows == 1200 and sorted(ticks)[-1] == 1200
    assert summary.warnings == [], "a warning of every part is told once, or not at all"


def test_a_job_that_was_stopped_goes_on_and_does_nothing_twice(
    once: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, done, real = tmp_path / "out", list[str](), workers.score_part

    def stopping(part: Any, *others: Any) -> Any:
        if len(done) == 5:
            raise KeyboardInterrupt
        done.append(part.name)
        return real(part, *others)

    monkeypatch.setattr(workers, "score_part", stopping)
    with pytest.raises(KeyboardInterrupt):
        score_dataset(folder, out, KOSOVO, job=ON)
    assert not (out / "manifest.json").exists()
    first, done[:] = list(done), []
    damaged = out / f"{first[0]}.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    monkeypatch.setattr(workers, "score_part", lambda p, *o: (done.append(p.name), real(p, *o))[1])
    summary = score_dataset(folder, out, KOSOVO, job=ON)
    assert summary.done_before == 4, "a file that is not what was written is written again"
    assert sorted(done) == sorted({p.stem for p in once.glob("*.parquet")} - set(first[1:]))
    assert content(out) == content(once)
    done.clear()
    assert score_dataset(folder, out, KOSOVO, job=ON).done_before == 12 and not done


def test_a_folder_of_another_job_is_not_mixed_with_this_one(
    folder: Path, once: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="results of other inputs or settings: today"):
        score_dataset(folder, once, KOSOVO, job=Job(today=date(2026, 11, 28)))
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="files of another origin"):
        score_dataset(folder, tmp_path, KOSOVO, job=ON)
    with pytest.raises(UsageError, match="U301"):
        score_dataset(tmp_path / "*.nothing", tmp_path / "out", KOSOVO)
    with pytest.raises(UsageError, match="did you mean 'finding'"):
        score_dataset(folder, tmp_path / "out", KOSOVO, job=Job(columns=("findin",)))


def test_all_faults_are_told_and_the_other_parts_are_done(
    folder: Path, cases: pd.DataFrame, tmp_path: Path
) -> None:
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    for n in range(4):
        rows = cases.iloc[10 * n : 10 * n + 10].copy()
        if n in (1, 3):
            rows.loc[rows.index[4], "age"] = "old"
        rows.to_csv(given / f"{n}.csv", index=False)
    with pytest.raises(CaseError) as refused:
        score_dataset(given, out, KOSOVO, n_jobs=2, job=ON)
    lines = [str(refused.value), *refused.value.__notes__]
    assert [line.split(",")[0] for line in lines] == ["1.csv", "3.csv"]
    assert len(content(out)) == 2 and not (out / "manifest.json").exists()


def test_an_id_in_two_parts_is_found(cases: pd.DataFrame, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    cases.iloc[:10].to_csv(given / "a.csv", index=False)
    cases.iloc[9:20].to_csv(given / "b.csv", index=False)
    with pytest.raises(CaseError, match=r"b.csv, row 2.*first at a.csv, row 11.*C211"):
        score_dataset(given, tmp_path / "out", KOSOVO, job=ON)


def test_only_the_columns_that_are_asked_for(folder: Path, tmp_path: Path, cli: Any) -> None:
    out = tmp_path / "out"
    done = cli(
        "score", folder, "-o", out, "--jobs", "1", "--columns", "points,finding", "--format", "csv"
    )
    assert done.code == 0 and "1200 rows in, 1200 rows out" in done.err
    header = (out / "0-parquet.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.replace('"', "") == "case_id,points,finding"
    one = cli(
        "score", folder / "0.parquet", "-o", tmp_path / "one.csv", "--columns", "points,finding"
    )
    assert one.code == 0
    assert (tmp_path / "one.csv").read_bytes() == (out / "0-parquet.csv").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ["{folder}"],
        ["{folder}", "{file}", "-o", "{out}"],
        ["{file}", "--jobs", "2"],
        ["{file}", "--cluster", "local"],
        ["{folder}", "-o", "{out}", "--format", "json"],
        ["{folder}", "-o", "{out}", "--from", "ctdc"],
        ["{file}", "--columns", "findin"],
    ],
)
def test_what_does_not_go_together_is_refused(
    arguments: list[str], folder: Path, tmp_path: Path, cli: Any
) -> None:
    places = {"folder": folder, "file": folder / "0.parquet", "out": tmp_path / "out"}
    done = cli("score", *(a.format(**places) for a in arguments))
    assert done.code == 2 and "[U305]" in done.err
    assert not (tmp_path / "out").exists()


# -- a real scheduler and two real workers, one of which dies ---------------------------------------


def slow_part(*arguments: Any) -> Any:
    """A part that takes long enough for its worker to be killed in the middle of it."""
    time.sleep(0.3)
    return _REAL(*arguments)


_REAL = workers.score_part


def test_a_cluster_whose_worker_dies_gives_the_same_bytes(
    once: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    monkeypatch.setattr(workers, "score_part", slow_part)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
        ) as machines,
        distributed.Client(machines) as client,
    ):
        pids = list(client.run(os.getpid).values())
        out, killed = tmp_path / "out", threading.Event()

        def kill() -> None:
            while not list(out.glob("*.parquet")):
                time.sleep(0.01)
            os.kill(pids[0], signal.SIGKILL)
            killed.set()

        thread = threading.Thread(target=kill)
        thread.start()
        summary = score_dataset(folder, out, KOSOVO, cluster=client, job=ON)
        thread.join()
    assert killed.is_set() and summary.parts == 12
    assert content(out) == content(once)


def test_a_scheduler_that_does_not_answer_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no scheduler answers"):
        score_dataset(folder, tmp_path / "out", KOSOVO, cluster="nowhere", job=ON)


def test_frames_are_scored_inside_dask(cases: pd.DataFrame) -> None:
    from dask import dataframe

    parts = dataframe.from_pandas(cases.set_index("case_id"), npartitions=3)
    meta = score_frame(cases.set_index("case_id").iloc[:0], KOSOVO, keep=False)
    found = parts.map_partitions(score_frame, keep=False, today=ON.today, meta=meta).compute(
        scheduler="synchronous"
    )
    expected = score_frame(cases.set_index("case_id"), KOSOVO, keep=False, today=ON.today)
    pd.testing.assert_frame_equal(found.loc[expected.index], expected, check_index_type=False)
