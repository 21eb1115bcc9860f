"""A whole job: files of cases in, one file of results out.

Reading, scoring and writing overlap in threads.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TextIO, TypeVar

from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import FINDINGS
from screening.errors import UsageError
from screening.files.atomic import OutputFile
from screening.scorecard.model import CardModel
from screening.scoring import score
from screening.tables.cases import BlockReader, CaseReader, Paths, open_files
from screening.tables.source import CaseFile

__all__ = ["Progress", "Summary", "score_file", "score_json"]

T = TypeVar("T")
Progress = Callable[[int, int | None], None]  # cases done, cases in all (None: not known)
_AHEAD = 2  # blocks that wait between two threads
_ORDER = (
    "act_now",
    "refer",
    "look_further",
    "too_little_known",
    "nothing_indicated",
)  # as in a work list


@dataclass
class Summary:
    """What a job did: rows written (as many as were read), how many of each finding, and what was
    not scored.
    """

    rows: int = 0
    by_finding: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_ORDER, 0))
    warnings: list[str] = field(default_factory=list)


def score_file(
    paths: Paths,
    checklist: Checklist,
    weights: WeightSet,
    out: str | Path | None,
    format: str | None = None,
    *,
    encoding: str | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    today: date | None = None,
    language: str = "en",
    mapping: str | None = None,
    means_only: bool = False,
    model: CardModel | None = None,
    stream: TextIO | None = None,
) -> Summary:
    """Score files of cases into one file: rows in = rows out, in order.

    Parameters
    ----------
    paths : a file or several; an id that stands in two of them is an error
    out : the file to write, or None for `stream` (csv, json or table)
    format : csv, xlsx, parquet, arrow, json; None for what the name tells; table for `stream` only
    progress : called with cases done and, where known, cases in all
    today : the day ages are taken on where a case has no `met_on`; without it, this machine's day
    language : of the words in JSON assessments and in table
    mapping, means_only : read another organisation's table (see `exchange.mapped`)
    model : a card that gives a second opinion beside each finding
    stream : gets text only after every case has been read without fault

    Raises
    ------
    CaseError : what is wrong with a case or a file, with its place; nothing is written then
    UsageError : U302 the output exists, U303 it cannot be written, U305, U307 the format
    """
    from screening.tables.results import Sheet, format_of, open_writer

    kind = (
        "table"
        if out is None and format is None
        else format
        if out is None
        else format_of(Path(out), format)
    )
    if kind == "json":
        return score_json(
            paths,
            checklist,
            weights,
            out,
            language=language,
            encoding=encoding,
            mapping=mapping,
            means_only=means_only,
            overwrite=overwrite,
            today=today,
            model=model,
            stream=stream,
            progress=progress,
        )
    from screening.scoring.batch import compile_plan, score_block

    plan = compile_plan(checklist, weights)
    sheet, summary = Sheet(checklist, weights, plan, model), Summary()
    files = _open(paths, checklist, encoding, today, mapping, means_only)

    def scored() -> Iterator[Any]:
        for block in _ahead(BlockReader(files)):
            yield sheet.batch(block, score_block(block, plan))

    def run(write: Callable[[Any], None]) -> None:
        total = BlockReader(files).total
        for batch in _ahead(scored()):
            write(batch)
            _count(summary, batch)
            if progress is not None:
                progress(summary.rows, total)

    if out is None:
        from screening.tables.terminal import screen_writer

        write = screen_writer(stream, kind, sheet.schema, checklist.texts(language))
        _read_through(files)
        run(write)
    else:
        _refuse_input(out, files)
        with OutputFile(out, overwrite=overwrite) as file:
            writer = open_writer(file, str(kind), sheet.schema)
            run(writer.write)
            writer.close()
    summary.warnings = BlockReader(files).warnings
    return summary


def score_json(
    paths: Paths,
    checklist: Checklist,
    weights: WeightSet,
    out: str | Path | None,
    *,
    language: str = "en",
    encoding: str | None = None,
    mapping: str | None = None,
    means_only: bool = False,
    overwrite: bool = False,
    today: date | None = None,
    model: CardModel | None = None,
    stream: TextIO | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Whole assessments by the reference engine as one JSON array, streamed in the order of the
    input.

    Parameters, errors and result as in `score_file`.
    """
    files = _open(paths, checklist, encoding, today, mapping, means_only)
    summary = Summary()

    def run(write: Callable[[str], Any]) -> None:
        reader = CaseReader(files)
        total = reader.total
        for case in reader:
            assessment = score(case, checklist, weights, language)
            if model is not None:
                assessment = replace(assessment, second_opinion=model.opinion(case, checklist))
            write(
                (",\n" if summary.rows else "[\n")
                + json.dumps(assessment.to_dict(), ensure_ascii=False, allow_nan=False)
            )
            summary.rows += 1
            summary.by_finding[assessment.finding] += 1
            if progress is not None:
                progress(summary.rows, total)
        write("\n]\n")
        summary.warnings = reader.warnings

    if out is None:
        if stream is None:
            raise UsageError("U305.no_output")
        for _ in CaseReader(files):
            pass
        _forget_warnings(files)
        run(stream.write)
    else:
        _refuse_input(out, files)
        with OutputFile(out, overwrite=overwrite) as file:
            held: list[str] = []

            def write(text: str) -> None:
                held.append(text)
                if len(held) >= 64:
                    flush()

            def flush() -> None:
                file.write("".join(held).encode())
                held.clear()

            run(write)
            flush()
    return summary


def _open(
    paths: Paths,
    checklist: Checklist,
    encoding: str | None,
    today: date | None,
    mapping: str | None,
    means_only: bool,
) -> list[CaseFile]:
    day = today or date.today()
    if mapping is None:
        return open_files(paths, checklist, encoding=encoding, today=day)
    from screening.tables.mapped import open_mapped

    return open_mapped(
        paths, checklist, mapping, means_only=means_only, encoding=encoding, today=day
    )


def _refuse_input(out: str | Path, files: list[CaseFile]) -> None:
    target = Path(out)
    if target.exists() and any(target.samefile(file.path) for file in files):
        raise UsageError("U305.output_is_input", place=str(out))


def _read_through(files: list[CaseFile]) -> None:
    """Read everything once: a fault in the last row must not leave half a result on the screen."""
    for _ in BlockReader(files):
        pass
    _forget_warnings(files)


def _forget_warnings(files: list[CaseFile]) -> None:
    for file in files:
        file.warnings = list(dict.fromkeys(file.warnings))


def _count(summary: Summary, batch: Any) -> None:
    import numpy as np

    from screening.tables.arrow import numbers_of

    counts = np.bincount(numbers_of(batch.column("finding").indices), minlength=len(FINDINGS))
    summary.rows += batch.num_rows
    for finding, n in zip(FINDINGS, counts.tolist(), strict=True):
        summary.by_finding[finding] += n


_END = object()


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, made in a thread of their own that stays a few ahead.

    Its error is raised here, in its place.
    """
    waiting: queue.Queue[Any] = queue.Queue(maxsize=_AHEAD)
    stopped = threading.Event()
    failed: list[BaseException] = []

    def put(item: Any) -> bool:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put(item):
                    break
        except BaseException as error:  # handed over whole, whatever it is
            failed.append(error)
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()
            put(_END)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not _END:
            yield item
        if failed:
            raise failed[0]
    finally:
        stopped.set()
        thread.join()
