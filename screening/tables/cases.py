"""Reading cases: whatever the kind of file, as cases one by one or as blocks for the batch
engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.answers import Case
from screening.checklist.model import Checklist
from screening.errors import MOST_FAULTS, CaseError, ScreeningError, UsageError
from screening.files.text import check_encoding
from screening.tables.duplicates import SeenIds
from screening.tables.kinds import kind_of
from screening.tables.source import CaseFile, Reading
from screening.values import missing_codes

if TYPE_CHECKING:
    from screening.scoring.block import Block

__all__ = ["BlockReader", "CaseReader", "Paths", "open_files", "read_blocks", "read_cases"]

_LOOKED = 500_000  # rows looked through for other faults, once there is one
Paths = str | Path | Iterable[str | Path]


class _Reader:
    def __init__(self, files: Sequence[CaseFile]) -> None:
        self.files = files

    @property
    def warnings(self) -> list[str]:
        """What was read and not scored; complete once every case has been read."""
        return [w for file in self.files for w in file.warnings]

    @property
    def total(self) -> int | None:
        """How many cases there are, where every file says so."""
        totals = [file.total() for file in self.files]
        return None if None in totals else sum(t for t in totals if t is not None)


class CaseReader(_Reader, Iterator[Case]):
    """Cases in the order of the files.

    That no id stands twice is certain once the last has been read.
    """

    def __init__(self, files: Sequence[CaseFile]) -> None:
        super().__init__(files)
        self._cases = self._read()

    def __next__(self) -> Case:
        return next(self._cases)

    def _read(self) -> Iterator[Case]:
        seen = SeenIds(self.files)
        for n, file in enumerate(self.files):
            with _all_faults(file):
                for row, case in file.cases():
                    seen.add(n, (row,), (case.case_id,))
                    yield case
        seen.end()


class BlockReader(_Reader, Iterator["Block"]):
    """Blocks in the order of the files, some thousand to some hundred thousand rows each.

    watch : called with the ids of each block
    """

    def __init__(
        self,
        files: Sequence[CaseFile],
        watch: Callable[[Sequence[str]], object] | None = None,
    ) -> None:
        super().__init__(files)
        self._watch = watch
        self._blocks = self._read()

    def __next__(self) -> Block:
        return next(self._blocks)

    def _read(self) -> Iterator[Block]:
        seen = SeenIds(self.files)
        for n, file in enumerate(self.files):
            with _all_faults(file):
                for rows, block in file.blocks():
                    seen.add(n, rows, block.case_ids)
                    if self._watch is not None:
                        self._watch(block.case_ids)
                    yield block
        seen.end()


@contextmanager
def _all_faults(file: CaseFile) -> Iterator[None]:
    """Where a cell is refused, name the others that are, up to 50, before anybody corrects one."""
    try:
        yield
    except CaseError as error:
        if not error.others:
            with suppress(ScreeningError):  # what ends the second look is told by the first
                found = islice(file.faults(_LOOKED), 2 * MOST_FAULTS)
                error.with_others(fault for _, fault in found)
        raise


def _json(path: Path, reading: Reading) -> CaseFile:
    from screening.tables.jsonfile import JsonFile

    return JsonFile(path, reading)


def _csv(path: Path, reading: Reading) -> CaseFile:
    from screening.tables.csvfile import CsvTable

    return CsvTable(path, reading)


def _xlsx(path: Path, reading: Reading) -> CaseFile:
    from screening.tables.xlsxfile import XlsxTable

    return XlsxTable(path, reading)


def _parquet(path: Path, reading: Reading) -> CaseFile:
    from screening.tables.columnar import ParquetTable

    return ParquetTable(path, reading)


def _arrow(path: Path, reading: Reading) -> CaseFile:
    from screening.tables.columnar import ArrowTable

    return ArrowTable(path, reading)


_OPENERS: dict[str, Callable[[Path, Reading], CaseFile]] = {
    "json": _json,
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "arrow": _arrow,
}


def open_files(paths: Paths, reading: Reading) -> list[CaseFile]:
    """Files ready to be read: their kinds are known and their headers checked."""
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(p) for p in paths]
    if not given:
        raise UsageError("U301.no_file_given")
    return [_OPENERS[kind_of(path, reading.encoding)](path, reading) for path in given]


def read_cases(
    paths: Paths,
    checklist: Checklist,
    *,
    encoding: str | None = None,
    today: date,
    sheet: str | None = None,
    missing: str | Mapping[Any, Any] | None = None,
) -> CaseReader:
    """Cases one by one, with notes and bases, for the reference engine.

    Parameters
    ----------
    paths : a file or several: CSV, XLSX, Parquet, Arrow or JSON, told by content
    checklist : whose indicators the columns are
    encoding : of text that is not UTF-8, such as "cp1250"
    today : the day ages are taken on where a case has no `met_on`
    sheet : of a workbook, by its title; without it the one that has a column case_id
    missing : what codes for missing answers stand for: "88=unknown,99=refused", or a mapping

    Raises
    ------
    CaseError, UsageError : here for what the header tells, while reading for the rest
    """
    reading = Reading(checklist, today, check_encoding(encoding), sheet, missing_codes(missing))
    return CaseReader(open_files(paths, reading))


def read_blocks(
    paths: Paths,
    checklist: Checklist,
    *,
    encoding: str | None = None,
    today: date,
    sheet: str | None = None,
    missing: str | Mapping[Any, Any] | None = None,
) -> BlockReader:
    """The same cases as blocks for the batch engine; parameters and errors as in `read_cases`.

    Memory stays bounded.
    """
    reading = Reading(checklist, today, check_encoding(encoding), sheet, missing_codes(missing))
    return BlockReader(open_files(paths, reading))
