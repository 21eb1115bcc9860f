"""A whole job: files of cases in, one file of results out.

Reading, scoring and writing overlap in threads.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import FINDINGS
from screening.errors import UsageError
from screening.files.atomic import OutputFile
from screening.files.text import check_encoding
from screening.i18n import cell_separator
from screening.scorecard.model import CardModel
from screening.scoring import score
from screening.tables.cases import BlockReader, CaseReader, Paths, open_files
from screening.tables.kinds import format_of
from screening.tables.source import CaseFile, Reading
from screening.values import missing_codes

if TYPE_CHECKING:
    from screening.tables.results import Writer

__all__ = ["Job", "Progress", "Summary", "score_file", "score_opened"]

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


@dataclass(frozen=True)
class Job:
    """How files are read, scored and written, where it is not as usual.

    encoding : of text that is not UTF-8, such as "cp1250"
    today : the day ages are taken on where a case has no `met_on`; without it, this machine's day
    sheet : of a workbook, by its title; without it the one that has a column case_id
    mapping, means_only : read another organisation's table (see `tables.mapped`)
    model : a card that gives a second opinion beside each finding
    language : of the words in JSON assessments and in a table on the screen
    overwrite : write over a file that exists
    progress : called with cases done and, where known, cases in all
    columns : of the results, in a table; all without it. `case_id` is always the first
    keep : columns of the files that are carried to the results and never scored; None for all that
        are no answers
    missing : what codes for missing answers stand for: "88=unknown,99=refused", or a mapping
    overlap : read, score and write in threads of their own; without it one processor does all
    watch : called with the ids of each block
    excel : a CSV is one that spreadsheet programs open with a double click: a byte-order mark, and
        the separator of `language`
    """

    encoding: str | None = None
    today: date | None = None
    mapping: str | None = None
    means_only: bool = False
    model: CardModel | None = None
    language: str = "en"
    overwrite: bool = False
    progress: Progress | None = None
    columns: tuple[str, ...] | None = None
    keep: tuple[str, ...] | None = ()
    missing: str | Mapping[Any, Any] | None = None
    overlap: bool = True
    watch: Callable[[Sequence[str]], object] | None = None
    sheet: str | None = None
    excel: bool = False


def score_file(
    paths: Paths,
    checklist: Checklist,
    weights: WeightSet,
    out: str | Path | TextIO,
    format: str | None = None,
    job: Job | None = None,
) -> Summary:
    """Score files of cases into one file: rows in = rows out, in order.

    Parameters
    ----------
    paths : a file or several; an id that stands in two of them is an error
    out : the file to write, or a stream of text, which gets text only after every case has been
        read without fault
    format : csv, xlsx, parquet, arrow, or json for whole assessments; None for what the name tells;
        a stream takes csv, json and table
    job : see `Job`

    Raises
    ------
    CaseError : what is wrong with a case or a file, with its place; nothing is written then
    UsageError : U302 the output exists, U303 it cannot be written, U305, U307 the format
    """
    job = job or Job()
    return score_opened(_open(paths, checklist, job), checklist, weights, out, format, job)


def score_opened(
    files: Sequence[CaseFile],
    checklist: Checklist,
    weights: WeightSet,
    out: str | Path | TextIO,
    format: str | None,
    job: Job,
) -> Summary:
    """`score_file` for files whose headers have been read."""
    kind = format_of(Path(out), format) if isinstance(out, (str, Path)) else format or "table"
    summary = Summary()
    if job.excel and kind != "csv":
        raise UsageError("U305.excel_csv_only", place="--excel", kind=kind)
    if kind == "json" and job.keep != ():
        raise UsageError("U305.keep_json", place="--keep")
    run = (_Assessments if kind == "json" else _Rows)(checklist, weights, job, files)

    def write_all(write: Callable[[Any], object]) -> None:
        for part, findings in run.parts():
            write(part)
            for finding, n in findings.items():
                summary.by_finding[finding] += n
                summary.rows += n
            if job.progress is not None:
                job.progress(summary.rows, run.reader.total)

    if isinstance(out, (str, Path)):
        _refuse_input(out, files)
        with OutputFile(out, overwrite=job.overwrite) as file:
            writer = run.writer(file, kind)
            write_all(writer.write)
            writer.close()
    else:
        writer = run.screen(out, kind)
        for _ in type(run.reader)(files):  # a fault in the last row must not leave half a result
            pass
        write_all(writer.write)
        writer.close()
    summary.warnings = run.reader.warnings
    return summary


class _Rows:
    """Cases as rows of a table, by the batch engine, a block at a time."""

    def __init__(
        self, checklist: Checklist, weights: WeightSet, job: Job, files: Sequence[CaseFile]
    ) -> None:
        from screening.scoring.batch import compile_plan
        from screening.tables.results import Sheet

        self.reader = BlockReader(files, job.watch)
        self._texts = checklist.texts(job.language)
        self._separator = cell_separator(job.language) if job.excel else None
        self._plan = compile_plan(checklist, weights)
        kept = dict.fromkeys(name for file in files for name in file.kept)
        self._sheet = Sheet(checklist, weights, self._plan, job.model, job.columns, tuple(kept))
        self._ahead: Callable[[Iterator[Any]], Iterator[Any]] = _ahead if job.overlap else iter

    def parts(self) -> Iterator[tuple[Any, Mapping[str, int]]]:
        """Batches, each with how many of every finding are in it."""
        import numpy as np

        from screening.tables.arrow import numbers_of

        for batch, findings in self._ahead(self._scored()):
            found = numbers_of(findings.indices)
            counts = np.bincount(found, minlength=len(FINDINGS)).tolist()
            yield batch, dict(zip(FINDINGS, counts, strict=True))

    def _scored(self) -> Iterator[Any]:
        from screening.scoring.batch import score_block

        for block in self._ahead(self.reader):
            batch = self._sheet.batch(block, score_block(block, self._plan))
            yield self._sheet.chosen(batch), batch.column("finding")

    def writer(self, file: Any, kind: str) -> Writer:
        from screening.tables.results import open_writer

        return open_writer(file, kind, self._sheet.chosen_schema, self._separator)

    def screen(self, stream: TextIO, kind: str) -> Writer:
        from screening.tables.terminal import screen_writer

        schema = self._sheet.chosen_schema
        return screen_writer(stream, kind, schema, self._texts, self._separator)


class _Assessments:
    """Cases as whole assessments, by the reference engine, one at a time."""

    def __init__(
        self, checklist: Checklist, weights: WeightSet, job: Job, files: Sequence[CaseFile]
    ) -> None:
        self.reader = CaseReader(files)
        self._with = checklist, weights, job.language
        self._model = job.model

    def parts(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """An assessment as JSON, with its finding."""
        for case in self.reader:
            assessment = score(case, *self._with)
            if self._model is not None:
                opinion = self._model.opinion(case, self._with[0])
                assessment = replace(assessment, second_opinion=opinion)
            text = json.dumps(assessment.to_dict(), ensure_ascii=False, allow_nan=False)
            yield text, {assessment.finding: 1}

    def writer(self, file: Any, kind: str) -> Writer:
        return _Array(lambda text: file.write(text.encode()))

    def screen(self, stream: TextIO, kind: str) -> Writer:
        return _Array(stream.write)


class _Array:
    """Texts of values into the text of one JSON array, some at a time."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write, self._between = write, "[\n"
        self._held: list[str] = []

    def write(self, text: str) -> None:
        self._held.append(self._between + text)
        self._between = ",\n"
        if len(self._held) >= 64:
            self._flush()

    def _flush(self) -> None:
        self._write("".join(self._held))
        self._held = []

    def close(self) -> None:
        self._held.append("\n]\n")
        self._flush()


def _open(paths: Paths, checklist: Checklist, job: Job) -> list[CaseFile]:
    reading = Reading(
        checklist,
        job.today or date.today(),
        check_encoding(job.encoding),
        job.sheet,
        missing_codes(job.missing),
        job.keep,
    )
    if job.mapping is None:
        return open_files(paths, reading)
    from screening.tables.mapped import open_mapped

    return open_mapped(paths, reading, job.mapping, means_only=job.means_only)


def _refuse_input(out: str | Path, files: Sequence[CaseFile]) -> None:
    target = Path(out)
    if target.exists() and any(target.samefile(file.path) for file in files):
        raise UsageError("U305.output_is_input", place=str(out))


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
            any(not put(item) for item in items)  # until there is no more, or nobody wants more
        except BaseException as error:  # handed over whole, whatever it is
            failed.append(error)
        finally:
            getattr(items, "close", lambda: None)()
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
