"""No case_id, as a person sees it, stands twice in one file or several, in eight bytes a row.

The first ids are kept as they are, so that small files are exact at once. Of the rest a hash of 64
bits is kept; where two are alike, a second pass over the ids alone decides. At ten million ids a
false alarm is not expected; a true duplicate always is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from screening.errors import CaseError
from screening.names import looks_of
from screening.tables.source import CaseFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["EXACT", "SeenIds", "hashes_of"]

EXACT = 100_000  # ids kept as they are
_SWEEP = 4096  # single ids hashed together


class SeenIds:
    """The ids of one run over some files.

    Call `add` for every stretch of ids and `end` after the last.
    """

    def __init__(self, files: Sequence[CaseFile], exact: int = EXACT) -> None:
        self.files, self.exact = files, exact
        self._first: dict[str, tuple[int, int]] = {}
        self._hashes: list[NDArray[np.uint64]] = []
        self._waiting: list[str] = []  # single ids, until they are worth a sweep

    def add(self, file: int, rows: Sequence[int], ids: Sequence[str]) -> None:
        """Note ids; `C211` at once while ids are still kept as they are."""
        if not self._hashes and len(self._first) + len(ids) <= self.exact:
            self._note(self._first, file, rows, ids)
            return
        if not self._hashes:
            self._hashes.append(hashes_of(list(self._first)))
            self._first = {}
        if len(ids) < _SWEEP:
            self._waiting.extend(ids)
            if len(self._waiting) < _SWEEP:
                return
            ids, self._waiting = self._waiting, []
        self._hashes.append(hashes_of(ids))

    def end(self) -> None:
        """Settle the ids whose hashes are alike; `C211` with both places."""
        if not self._hashes:
            return
        import numpy as np

        alike = self.alike()
        if not len(alike):
            return
        first: dict[str, tuple[int, int]] = {}
        for n, file in enumerate(self.files):
            for rows, ids in file.ids():
                for k in np.flatnonzero(np.isin(hashes_of(ids), alike)).tolist():
                    self._note(first, n, (rows[k],), (ids[k],))

    def alike(self) -> NDArray[np.uint64]:
        """The hashes that more than one row has, of the ids that are not kept as they are."""
        import numpy as np

        hashes = np.concatenate([*self._hashes, hashes_of(self._waiting)])
        hashes.sort()
        return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])

    def _note(
        self, first: dict[str, tuple[int, int]], file: int, rows: Sequence[int], ids: Sequence[str]
    ) -> None:
        looks = looks_of(ids)
        if len(set(looks)) == len(looks) and first.keys().isdisjoint(looks):
            first.update(zip(looks, zip([file] * len(looks), rows, strict=True), strict=True))
            return
        for row, case_id, look in zip(rows, ids, looks, strict=True):
            if look in first:
                there, then = first[look]
                raise CaseError(
                    "C211.case_twice",
                    place=self.files[file].place(row),
                    case_id=case_id,
                    first=self.files[there].place(then),
                )
            first[look] = (file, row)


_PRIMES = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


def hashes_of(ids: Sequence[str]) -> NDArray[np.uint64]:
    """64 bits per id as it looks: eight bytes of text at a time are mixed in."""
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
    if n and (data.max() > ord("~") or data[:-8].min(initial=ord("!")) <= ord(" ")):
        given = array.to_pylist()
        looks = looks_of(given)
        if looks != given:
            return hashes_of(looks)
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
