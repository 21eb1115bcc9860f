"""No case_id stands twice, in one file or across several, in memory that does not grow with the
rows.

The first ids are kept as they are, so that small files are exact at once. Beyond that each id sets
eight bits on one line of a fixed field (a split block Bloom filter, as in Parquet); an id whose
bits were all set before is a *suspect*, and a second pass over the ids alone decides. At ten
million ids a false suspect is not expected; a true duplicate always is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from screening.errors import CaseError
from screening.tables.source import CaseFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["EXACT", "SeenIds"]

EXACT = 100_000  # ids kept as they are
_LINES = 22  # the field has 2**22 lines of eight times 32 bits: 128 MiB, touched as it fills
_SALTS = (
    0x47B6137B,
    0x44974D91,
    0x8824AD5B,
    0xA2B7289D,
    0x705495C7,
    0x2DF1424B,
    0x9EFC4947,
    0x5C6BFB31,
)  # any odd numbers do
_WHOLE = f"V{4 * len(_SALTS)}"
_SWEEP = 4096  # ids marked together


class SeenIds:
    """The ids of one run over some files.

    Call `add` for every stretch of ids and `end` after the last.
    """

    def __init__(self, files: Sequence[CaseFile], exact: int = EXACT) -> None:
        self.files, self.exact = files, exact
        self._first: dict[str, tuple[int, int]] = {}
        self._field: NDArray[np.uint32] | None = None
        self._suspects: list[NDArray[np.uint64]] = []
        self._waiting: list[str] = []  # single ids, until they are worth a sweep

    def add(self, file: int, rows: Sequence[int], ids: Sequence[str]) -> None:
        """Note ids; `C211` at once while ids are still kept as they are."""
        if self._field is None and len(self._first) + len(ids) <= self.exact:
            self._note(self._first, file, rows, ids)
            return
        if self._field is None:
            import numpy as np

            self._field = np.zeros((1 << _LINES, len(_SALTS)), dtype=np.uint32)
            self._mark(list(self._first))
            self._first = {}
        if len(ids) >= _SWEEP:
            self._mark(ids)
            return
        self._waiting.extend(ids)
        if len(self._waiting) >= _SWEEP:
            self._mark(self._waiting)
            self._waiting = []

    def end(self) -> None:
        """Settle the suspects; `C211` with both places."""
        if self._waiting:
            self._mark(self._waiting)
        if not self._suspects:
            return
        import numpy as np

        suspects = np.unique(np.concatenate(self._suspects))
        first: dict[str, tuple[int, int]] = {}
        for n, file in enumerate(self.files):
            for rows, ids in file.ids():
                for k in np.flatnonzero(np.isin(_hashes(ids), suspects)).tolist():
                    self._note(first, n, (rows[k],), (ids[k],))

    def _note(
        self, first: dict[str, tuple[int, int]], file: int, rows: Sequence[int], ids: Sequence[str]
    ) -> None:
        if len(set(ids)) == len(ids) and first.keys().isdisjoint(ids):
            first.update(zip(ids, zip([file] * len(ids), rows, strict=True), strict=True))
            return
        for row, case_id in zip(rows, ids, strict=True):
            if case_id in first:
                there, then = first[case_id]
                raise CaseError(
                    "C211.case_twice",
                    place=self.files[file].place(row),
                    case_id=case_id,
                    first=self.files[there].place(then),
                )
            first[case_id] = (file, row)

    def _mark(self, ids: Sequence[str]) -> None:
        import numpy as np

        assert self._field is not None
        hashes = np.sort(_hashes(ids))
        line = (hashes >> np.uint64(64 - _LINES)).astype(np.int64)
        salts = np.array(_SALTS, dtype=np.uint32)
        bits = np.uint32(1) << ((hashes.astype(np.uint32)[:, None] * salts) >> np.uint32(27))
        found = self._field.take(line, axis=0)
        missing = (bits & ~found).view(np.uint64)
        seen = (missing[:, 0] | missing[:, 1] | missing[:, 2] | missing[:, 3]) == 0
        seen[1:] |= hashes[1:] == hashes[:-1]
        self._field.view(_WHOLE)[line] = (found | bits).view(
            _WHOLE
        )  # a line in one move, which is quicker than eight
        shared = np.flatnonzero(
            line[1:] == line[:-1]
        )  # of two ids on one line, the statement above keeps one
        for n in (shared, shared + 1):
            np.bitwise_or.at(self._field, line[n], bits[n])
        if seen.any():
            self._suspects.append(hashes[seen])


_PRIMES = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


def _hashes(ids: Sequence[str]) -> NDArray[np.uint64]:
    """64 bits per id: eight bytes of text at a time are mixed in."""
    import numpy as np

    from screening.tables.arrow import of_texts

    array: Any = getattr(ids, "arrow", None)
    if array is None:
        array = of_texts(ids)
    n = len(array)
    ends = np.frombuffer(array.buffers()[1], dtype=np.int32, count=array.offset + n + 1)[
        array.offset :
    ].astype(np.int64)
    starts, lengths = ends[:-1] - ends[0], np.diff(ends)
    data = np.zeros(int(ends[-1] - ends[0]) + 8, dtype=np.uint8)
    if len(data) > 8:
        data[:-8] = np.frombuffer(array.buffers()[2], dtype=np.uint8)[ends[0] : ends[-1]]
    words = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data.data, strides=(1,))
    keep = np.array([(1 << (8 * k)) - 1 for k in range(9)], dtype=np.uint64)
    mixed = lengths.astype(np.uint64) * np.uint64(_PRIMES[0])
    for word in range(-(-int(lengths.max(initial=0)) // 8)):
        left = lengths - 8 * word
        some = slice(None) if left.min() > 0 else np.flatnonzero(left > 0)
        value = words[starts[some] + 8 * word] & keep[np.minimum(left[some], 8)]
        value = (mixed[some] ^ value) * np.uint64(_PRIMES[1])
        mixed[some] = value ^ (value >> np.uint64(29))
    mixed *= np.uint64(_PRIMES[2])
    mixed ^= mixed >> np.uint64(32)
    return mixed
