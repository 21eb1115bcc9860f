"""Whole points near real coefficients: a range of scales, then one point up or down at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.scorecard.search import Problem, Support
from screening.scorecard.totals import Points, histogram_loss, totals

__all__ = ["Judge", "whole_points"]


class _Board:
    """A card being tried: its totals, and what they would be with one item's points changed."""

    def __init__(
        self, problem: Problem, items: Sequence[int], yes: Sequence[int], opened: Sequence[int]
    ) -> None:
        self.problem, self.items = problem, list(items)
        self.yes, self.opened = list(yes), list(opened)
        self.total = totals(problem.states, self.points(), problem.caps)

    def points(self) -> Points:
        return Points(tuple(self.items), tuple(self.yes), tuple(self.opened))

    def with_(self, n: int, yes: int, opened: int) -> NDArray[np.int32]:
        """The totals if item n had these points."""
        if self.problem.caps:
            old = self.yes[n], self.opened[n]
            self.yes[n], self.opened[n] = yes, opened
            result = totals(self.problem.states, self.points(), self.problem.caps)
            self.yes[n], self.opened[n] = old
            return result
        change = np.array([0, opened - self.opened[n], yes - self.yes[n]], dtype=np.int32)
        changed: NDArray[np.int32] = self.total + change[self.problem.states[self.items[n]]]
        return changed

    def set(self, n: int, yes: int, opened: int, total: NDArray[np.int32]) -> None:
        self.yes[n], self.opened[n], self.total = yes, opened, total


Judge = Callable[[NDArray[np.int32]], float]  # of totals; less is better


def whole_points(
    problem: Problem, support: Support, least_open: int, judge: Judge | None = None, scales: int = 3
) -> Points:
    """Whole points near a support's real coefficients.

    Every scale is tried at which the largest item gets a whole number of points; from the `scales`
    best, points move up and down by one as long as that lowers what `judge` says (the log loss
    where it is None).

    least_open : the fewest points an open answer of an item on the card has; it never has more than
        a yes
    """
    weight, y = problem.weight, problem.y
    if judge is None:

        def judge(total: NDArray[np.int32]) -> float:
            return histogram_loss(total, y, weight)

    bounds = problem.bounds[support.items]
    largest = float(support.yes.max(initial=0.0))
    starts: list[tuple[float, _Board]] = []
    for top in range(1, int(bounds[:, 1].max(initial=1)) + 1):
        scale = top / largest if largest > 0 else 0.0
        yes = np.clip(
            np.rint(scale * support.yes).astype(int), np.maximum(bounds[:, 0], 0), bounds[:, 1]
        )
        opened = np.clip(
            np.rint(scale * support.opened).astype(int), np.minimum(least_open, yes), yes
        )
        board = _Board(problem, support.items, yes.tolist(), opened.tolist())
        starts.append((judge(board.total), board))
    starts.sort(key=lambda s: s[0])
    finished = [
        _descend(board, value, bounds, least_open, judge) for value, board in starts[:scales]
    ]
    _, board = min(finished, key=lambda f: f[0])
    kept = [n for n in range(len(board.items)) if board.yes[n] > 0]
    return Points(
        tuple(board.items[n] for n in kept),
        tuple(board.yes[n] for n in kept),
        tuple(board.opened[n] for n in kept),
        histogram_loss(board.total, y, weight),
    )


def _descend(
    board: _Board, value: float, bounds: NDArray[np.int64], least_open: int, judge: Judge
) -> tuple[float, _Board]:
    """One point up or down at a time, item by item, until nothing is better."""
    improved = True
    while improved:
        improved = False
        for n in range(len(board.items)):
            for yes, opened in _moves(board.yes[n], board.opened[n], bounds[n], least_open):
                total = board.with_(n, yes, opened)
                found = judge(total)
                if found < value - 1e-9:
                    board.set(n, yes, opened, total)
                    value, improved = found, True
                    break
    return value, board


def _moves(
    yes: int, opened: int, bound: NDArray[np.int64], least_open: int
) -> list[tuple[int, int]]:
    low, high = int(bound[0]), int(bound[1])
    near: Mapping[tuple[int, int], Any] = {
        (y, min(max(o, min(least_open, y)), y)): None
        for y, o in (
            (yes + 1, opened),
            (yes - 1, opened),
            (yes, opened + 1),
            (yes, opened - 1),
            (yes + 1, opened + 1),
            (yes - 1, opened - 1),
        )
        if low <= y <= high
    }
    return [m for m in near if m != (yes, opened)]
