"""What a finding would be for many sets of answers at once: the rules of one profile over a matrix
of yes.

The engine is the oracle; a test holds the two together. The interview asks this thousands of times,
the engine once: how far would each open question move the finding, and how likely is it that any of
them still does?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Delphi,
    FactsAtLeast,
    PointsAtLeast,
    Resolved,
    walk,
)
from screening.checklist.schema import LEVELS

__all__ = ["Reach"]

Bools = NDArray[np.bool_]


class Reach:
    """The rules of one profile, ready for many answers.

    ids : the indicators that apply, in list order: the columns of every matrix here
    points : the points of each, float64 (ids,)
    """

    def __init__(self, checklist: Checklist, weights: WeightSet, profile: Profile) -> None:
        self.ids = tuple(i.id for i in checklist.by_profile[profile])
        self.index = {name: n for n, name in enumerate(self.ids)}
        self.points = np.array([weights.points[profile][i] for i in self.ids], dtype=np.float64)
        self._scale = weights.scale(checklist, profile)
        self._rules = self._scale.rules
        self._dimensions = checklist.members[profile]
        sets: dict[frozenset[str], int] = {}
        for rule in (*self._rules.levels.values(), self._rules.enough_known):
            for leaf in walk(rule):
                for ids in _counted(leaf):
                    sets.setdefault(ids, len(sets))
        self._sets = sets
        self._counted = np.zeros(
            (len(self.ids), len(sets) + len(self._dimensions)), dtype=np.float32
        )
        for ids, column in sets.items():
            self._counted[self.places(ids), column] = 1
        for column, members in enumerate(self._dimensions.values(), len(sets)):
            where = self.places(members)
            self._counted[where, column] = self.points[where]

    def places(self, ids: Iterable[str]) -> list[int]:
        """The columns of these indicators; those that do not apply have none."""
        return [self.index[i] for i in ids if i in self.index]

    def row(self, ids: Iterable[str]) -> Bools:
        """One set of indicators as bool (ids,)."""
        row = np.zeros(len(self.ids), dtype=bool)
        row[self.places(ids)] = True
        return row

    def ranks(self, yes: Bools, levels: int = len(LEVELS)) -> NDArray[np.int8]:
        """The highest of the first `levels` levels whose rule holds, per row of bool (n, ids):

        0 none, 1 look further, 2 refer, 3 act now.
        """
        holds = self._reader(yes)
        found = np.zeros(len(yes), dtype=np.int8)
        for rank, level in enumerate(LEVELS[:levels], 1):
            found[holds(self._rules.levels[level])] = rank
        return found

    def enough(self, closed: Bools, yes: Bools) -> Bools:
        """Whether enough is answered to say that nothing is indicated so far, per row of bool (n,
        ids).

        Points count for yes only.
        """
        return self._reader(closed, yes)(self._rules.enough_known)

    def _reader(self, rows: Bools, yes: Bools | None = None) -> Callable[[Resolved], Bools]:
        """What tells, for a rule, in which of these rows it holds; points come from `yes` where
        that is given.
        """
        counts = rows.astype(np.float32) @ self._counted
        given = counts if yes is None else yes.astype(np.float32) @ self._counted
        names = list(self._dimensions)

        caps = self._scale.caps

        @cache
        def points(dimension: str | None) -> NDArray[np.float32]:
            if dimension is None:
                whole = np.asarray(sum(points(name) for name in names))
                return whole - self._taken_back(rows if yes is None else yes)
            own = given[:, len(self._sets) + names.index(dimension)]
            return np.minimum(own, caps[dimension]) if dimension in caps else own

        def holds(rule: Resolved) -> Bools:
            match rule:
                case AtLeast(ids, needed):
                    return np.asarray(counts[:, self._sets[ids]] >= needed)
                case Delphi(_, strong, medium, weak):
                    s, m, w = (counts[:, self._sets[ids]] for ids in (strong, medium, weak))
                    return np.asarray(
                        (s >= 2) | ((s == 1) & (m + w >= 1)) | (m >= 3) | ((m == 2) & (w >= 1))
                    )
                case PointsAtLeast(needed, dimension):
                    return np.asarray(points(dimension) >= needed)
                case FactsAtLeast(facts, needed):
                    there = [counts[:, self._sets[fact]] > 0 for fact in facts]
                    return np.asarray(sum(there, start=np.zeros(len(rows), np.int16)) >= needed)
                case AllOf(of):
                    return np.asarray(np.logical_and.reduce([holds(part) for part in of]))
                case AnyOf(of):
                    return np.asarray(np.logical_or.reduce([holds(part) for part in of]))
            raise TypeError(rule)  # a line without its numbers

        return holds

    def _taken_back(self, yes: Bools) -> NDArray[np.float32]:
        """What facts that count once, and soft signs over their cap, take off the sum (n,)."""
        scale = self._scale
        taken = np.zeros(len(yes), dtype=np.float32)
        if scale.most is None:
            return taken
        within = frozenset[str]().union(*scale.facts)
        apart = np.where(self.row(scale.soft - within), self.points, np.float32(0))
        soft = yes.astype(np.float32) @ apart
        for fact in scale.facts:
            where = self.places(fact)
            given = yes[:, where] * self.points[where]
            best = given.max(axis=1)
            taken += given.sum(axis=1) - best
            telling = np.array([self.ids[k] not in scale.soft for k in where])
            soft += np.where((given * telling).max(axis=1) < best, best, 0)
        return np.asarray(taken + np.maximum(soft - np.float32(scale.most), 0))


def _counted(leaf: Resolved) -> tuple[frozenset[str], ...]:
    """The sets of indicators that a rule counts."""
    match leaf:
        case AtLeast(ids):
            return (ids,)
        case Delphi(_, strong, medium, weak):
            return (strong, medium, weak)
        case FactsAtLeast(facts):
            return facts
    return ()
