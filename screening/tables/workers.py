"""Parts of a folder of files, scored by processes of this machine or by those of a cluster.

What a part gives depends on the part alone, so that the result is the same byte for byte, whoever
did it and in whatever order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.checklist import load_checklist, load_weights
from screening.checklist.model import Checklist, WeightSet
from screening.errors import ScreeningError, UsageError
from screening.files.atomic import OutputFile
from screening.scorecard.model import CardModel
from screening.scoring import ENGINE
from screening.tables.cases import open_files
from screening.tables.duplicates import hashes_of
from screening.tables.pipeline import Job, score_opened
from screening.tables.source import CaseFile, Reading
from screening.values import missing_codes

__all__ = ["RECORDS", "Part", "Setting", "open_part", "read_record", "run", "sha256", "write"]

RECORDS = "_parts"  # the folder of records, and of the ids' hashes
TRIES = 3  # at a part whose worker died


@dataclass(frozen=True)
class Part:
    """Something to score by itself.

    name : of the file of results, without its ending
    groups : first row group and the one after the last, or None for a whole file
    stamp : the input's size and time of change: what it was when it was scored
    """

    name: str
    path: str
    groups: tuple[int, int] | None
    rows: int | None
    stamp: tuple[int, int]


@dataclass(frozen=True)
class Setting:
    """What all parts have in common; changed settings make another job."""

    checklist: str
    checklist_sha256: str
    weights: str
    weights_sha256: str
    model: str | None  # the card itself, as JSON
    engine: str
    today: str
    format: str
    columns: tuple[str, ...] | None
    encoding: str | None
    sheet: str | None = None
    missing: tuple[tuple[str, str], ...] = ()  # codes, and what they stand for
    keep: tuple[str, ...] | None = ()

    def reading(self, checklist: Checklist) -> Reading:
        """How its files are read."""
        day, missing = date.fromisoformat(self.today), missing_codes(dict(self.missing))
        return Reading(checklist, day, self.encoding, self.sheet, missing, self.keep)


def read_record(path: Path) -> dict[str, Any]:
    """The record of a part; nothing where there is none or it is none."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write(path: Path, content: bytes) -> None:
    """A file, whole, in place of what was there."""
    with OutputFile(path, overwrite=True) as file:
        file.write(content)


def sha256(path: Path) -> str:
    """Of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=4)
def _knowledge(setting: Setting) -> tuple[Checklist, WeightSet, CardModel | None]:
    """List, weights and card, once a process; `U305` where this machine has others."""
    listed = load_checklist(Path(setting.checklist))
    set_ = load_weights(listed, setting.weights)
    card = None if setting.model is None else CardModel.model_validate_json(setting.model)
    for what, mine, wanted in (
        ("the list", listed.sha256, setting.checklist_sha256),
        ("the weights", set_.sha256, setting.weights_sha256),
        ("the engine", ENGINE, setting.engine),
    ):
        if mine != wanted:
            raise UsageError("U305.parts_unlike", what=what)
    return listed, set_, card


def score_part(part: Part, setting: Setting, out: str) -> dict[str, Any] | ScreeningError:
    """Score one part in this process; its record, or what is wrong with it."""
    import pyarrow as pa

    pa.set_cpu_count(1)  # as many processes work as there are processors
    hashes: list[NDArray[np.uint64]] = []
    try:
        listed, set_, card = _knowledge(setting)
        reading = setting.reading(listed)
        job = Job(
            model=card,
            overwrite=True,
            columns=setting.columns,
            keep=setting.keep,
            overlap=False,
            watch=lambda ids: hashes.append(hashes_of(ids)),
        )
        file = Path(out) / f"{part.name}.{setting.format}"
        opened = [open_part(part, reading)]
        summary = score_opened(opened, listed, set_, file, setting.format, job)
    except ScreeningError as error:
        return error
    records = Path(out) / RECORDS
    write(records / f"{part.name}.ids", np.concatenate(hashes).tobytes())
    record = {
        "part": asdict(part),
        "file": file.name,
        "rows": summary.rows,
        "sha256": sha256(file),
        "by_finding": summary.by_finding,
        "warnings": [w.removeprefix(f"{opened[0].name}: ") for w in summary.warnings],
    }
    write(records / f"{part.name}.json", json.dumps(record, ensure_ascii=False).encode())
    return record


def open_part(part: Part, reading: Reading) -> CaseFile:
    """The part as a file of cases."""
    path = Path(part.path)
    if part.groups is None:
        [file] = open_files(path, reading)
        return file
    from screening.tables.columnar import ParquetTable

    return ParquetTable(path, reading, range(*part.groups))


Results = Iterator[dict[str, Any] | ScreeningError]


def run(
    parts: list[Part], setting: Setting, out: Path, n_jobs: int | None, cluster: str | Any
) -> Results:
    """The records of parts as they are done, in any order."""
    where = str(out.absolute())
    if cluster is not None:
        yield from _on_cluster(parts, setting, where, cluster)
    elif n_jobs in (None, 0, 1) or len(parts) < 2:
        for part in parts:
            yield score_part(part, setting, where)
    else:
        yield from _in_processes(parts, setting, where, int(n_jobs or 1))


def _in_processes(parts: list[Part], setting: Setting, out: str, n_jobs: int) -> Results:
    try:
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import TerminatedWorkerError
    except ModuleNotFoundError as error:
        raise UsageError("U306.jobs_packages", error=error.name) from None
    left = {part.name: part for part in parts}
    for last in (False,) * (TRIES - 1) + (True,):
        work = [delayed(_named)(part, setting, out) for part in left.values()]
        try:
            for name, result in Parallel(n_jobs, return_as="generator_unordered")(work):
                left.pop(name)
                yield result
            return
        except TerminatedWorkerError:  # what it had done is done; the rest is tried again
            if last:
                raise


def _named(part: Part, setting: Setting, out: str) -> tuple[str, dict[str, Any] | ScreeningError]:
    return part.name, score_part(part, setting, out)


def _on_cluster(parts: list[Part], setting: Setting, out: str, cluster: str | Any) -> Results:
    """A bounded number of parts on their way at any time; those of a worker that died go to
    another.
    """
    try:
        distributed: Any = import_module("distributed")  # its calls carry no types
    except ModuleNotFoundError as error:
        raise UsageError("U306.cluster_packages", error=error.name) from None
    own: list[Any] = []
    if isinstance(cluster, str):
        address = cluster
        if cluster == "local":
            machines = distributed.LocalCluster(threads_per_worker=1, dashboard_address=None)
            own.append(machines)
            address = machines.scheduler_address
        try:
            client = distributed.Client(address, timeout="20s")
        except (OSError, ValueError, TimeoutError):
            raise UsageError("U305.no_scheduler", place="--cluster", address=address) from None
        own.insert(0, client)
    else:
        client = cluster
    try:
        waiting = iter(parts)
        threads = max(1, sum(client.nthreads().values()))

        def send(part: Part) -> Any:
            return client.submit(score_part, part, setting, out, pure=False, retries=TRIES)

        first = [send(part) for part in islice(waiting, 3 * threads)]
        running = distributed.as_completed(first)
        for future in running:
            yield future.result()
            future.release()
            part = next(waiting, None)
            if part is not None:
                running.add(send(part))
    finally:
        for closing in own:
            closing.close()
