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
        self._delimiter, self._width = ord(delimiter), width
        self._around = np.zeros(256, dtype=bool)
        self._around[[self._delimiter, *b'\r\n"']] = True
        self._held = b"\n"  # what stood before, as far as it matters
        self._lines = self._delimiters = 0  # in the cells in quotes since one was begun

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
        self._lines += self._inside(at, text[1:] == ord("\n")) + self._inside(
            at, text[1:] == ord("\r")
        )
        self._delimiters += self._inside(at, text[1:] == self._delimiter)
        if self._lines and self._delimiters >= self._width - 1:
            self.doubtful = True
        self.open ^= bool(len(at) % 2)
        if not self.open:
            self._lines = self._delimiters = 0

    def _inside(self, quotes: NDArray[np.intp], marks: NDArray[np.bool_]) -> int:
        """How many marks lie in quotes; the first byte was counted before."""
        before = np.searchsorted(quotes, np.flatnonzero(marks) + 1)
        return int(((before + self.open) % 2).sum())
