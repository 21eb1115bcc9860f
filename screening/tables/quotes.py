"""Quotes in a CSV that a quick reader would take otherwise than a person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Quotes"]


class Quotes:
    """Looks over a CSV as it goes by, for quotes in the middle of a cell or around what may be
    whole rows.

    open : whether a cell in quotes has not ended yet
    doubtful : whether to read row by row
    """

    def __init__(self, delimiter: str, width: int) -> None:
        self.open = self.doubtful = False
        self._separator, self._width = delimiter.encode(), width
        self._around = np.zeros(256, dtype=bool)
        self._around[[ord(delimiter), *b'\r\n"']] = True
        self._held = b"\n"  # what stood before, as far as it matters
        self._lines, self._separators = (
            False,
            0,
        )  # of a cell that goes on from one piece to the next

    def see(self, data: bytes) -> None:
        """Look over the bytes that follow; nothing at the end."""
        if self.doubtful or (not self.open and b'"' not in data and self._held[-1:] != b'"'):
            self._held = data[-1:] or self._held
            return
        data = self._held + (data or b"\n")
        end = len(data.rstrip(b'"'))  # quotes at the end wait for what comes after them
        self._held, text = data[end - 1 :], np.frombuffer(data, dtype=np.uint8)[:end]
        at = np.flatnonzero(text == ord('"'))
        opening, closing = at[int(self.open) :: 2], at[1 - int(self.open) :: 2]
        if not (self._around[text[opening - 1]].all() and self._around[text[closing + 1]].all()):
            self.doubtful = True
        self._count(data, text, at)

    def _count(self, data: bytes, text: NDArray[np.uint8], at: NDArray[np.intp]) -> None:
        """Whether a cell in quotes has a line's end and as many separators as a row; the first byte
        was counted before. Two quotes side by side are a quote within a cell.
        """
        ends = np.concatenate([[0] * self.open, at, [len(text)] * ((self.open + len(at)) % 2)])
        if not len(ends):
            return
        starts, stops = ends[::2].astype(np.intp), ends[1::2].astype(np.intp)
        apart = starts[1:] != stops[:-1] + 1
        starts, stops = starts[np.append(True, apart)], stops[np.append(apart, True)]
        lines = np.flatnonzero((text == ord("\n")) | (text == ord("\r")))
        cells = np.searchsorted(starts, lines, side="right") - 1
        inside = (cells >= 0) & (lines < stops[cells]) & (lines > 0)
        look = set(np.unique(cells[inside]).tolist())
        if self.open:
            look.add(0)
        was_open, self.open = self.open, bool((self.open + len(at)) % 2)
        if self.open:
            look.add(len(starts) - 1)
        lined, separators = self._lines, self._separators
        self._lines, self._separators = False, 0
        for cell in sorted(look):
            start, stop = int(starts[cell]) + 1, int(stops[cell])
            goes_on = was_open and cell == 0
            many = data.count(self._separator, start, stop) + (separators if goes_on else 0)
            broken = any(data.find(end, start, stop) >= 0 for end in (b"\n", b"\r"))
            broken = broken or (goes_on and lined)
            if broken and many >= self._width - 1:
                self.doubtful = True
                return
            if self.open and cell == len(starts) - 1:
                self._lines, self._separators = broken, many
