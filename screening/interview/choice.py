"""Which open question matters most next, and when enough is known.

Pure arithmetic over what was answered.

For each open question: how likely is a yes, and how far would a yes move the finding - alone, or
together with one more. The most that can be hoped for wins; equal ones stand in list order. Nothing
here is random at run time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile, Truth
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import LEVELS, Finding
from screening.interview.likely import Likely, likely, luck
from screening.interview.reach import Reach
from screening.interview.step import Choice

__all__ = ["Chooser", "State"]

_PAIRS = 14  # questions that are looked at two by two
_FUTURES = 400  # ways the open answers could fall, looked at for the stop
_SEED = 7
_GRAIN = 1e12  # values this close are equal, whatever machine adds them up; then list order decides


class Chooser:
    """Choices for one list, weights and profile. Keeps nothing between questions."""

    def __init__(
        self,
        checklist: Checklist,
        weights: WeightSet,
        profile: Profile,
        beliefs: Likely | None = None,
    ) -> None:
        self.reach = Reach(checklist, weights, profile)
        self._likely = beliefs or likely(checklist, profile)
        self._enough_known = checklist.rules[profile].enough_known
        signs = len(self.reach.ids)
        self._luck = luck(_SEED, _FUTURES * signs).reshape(_FUTURES, signs)
        self._spread = (np.arange(_FUTURES) + 0.5) / _FUTURES

    def state(self, answers: Mapping[str, Truth]) -> State:
        """Where the answers so far stand.

        Indicators that do not apply, and open ones, may be left out.
        """
        return State(
            self,
            {
                self.reach.index[i]: t
                for i, t in answers.items()
                if i in self.reach.index and t is not Truth.OPEN
            },
        )


class State:
    """One set of answers, looked at from every open question."""

    def __init__(self, chooser: Chooser, answers: dict[int, Truth]) -> None:
        self._of, self._answers = chooser, answers
        self._reach = chooser.reach
        self.yes = np.zeros(len(self._reach.ids), dtype=bool)
        self.yes[[n for n, t in answers.items() if t is Truth.TRUE]] = True
        self.closed = np.zeros(len(self._reach.ids), dtype=bool)
        self.closed[list(answers)] = True

    @cached_property
    def rank(self) -> int:
        """0 no rule holds, 1 look further, 2 refer, 3 act now."""
        return int(self._reach.ranks(self.yes[None])[0])

    @cached_property
    def finding(self) -> Finding:
        """The finding as recorded; the engine's, by another road."""
        if self.rank:
            return LEVELS[self.rank - 1]
        return (
            "nothing_indicated"
            if self._reach.enough(self.closed[None], self.yes[None])[0]
            else "too_little_known"
        )

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        return self._of._likely.weights(self._answers)

    @cached_property
    def chances(self) -> NDArray[np.float64]:
        """How likely a yes to each indicator is: (ids,)."""
        return np.asarray(self._weights @ self._of._likely.rates)

    def change(self, askable: Iterable[str]) -> float:
        """How likely it is that answers to these questions still change the finding.

        1 while too little is known.
        """
        where = self._reach.places(askable)
        if not where or self.rank == len(LEVELS):
            return 0.0
        if self.finding == "too_little_known":
            return 1.0
        return float((self._futures(where) > self.rank).mean())

    def _futures(self, where: list[int]) -> NDArray[np.int8]:
        picked = np.minimum(
            np.searchsorted(np.cumsum(self._weights), self._of._spread), len(self._weights) - 1
        )
        open_now = np.zeros(len(self._reach.ids), dtype=bool)
        open_now[where] = True
        falls = (self._of._luck < self._of._likely.rates[picked]) & open_now
        return self._reach.ranks(falls | self.yes)

    def settled(self, open_items: Iterable[str]) -> bool:
        """Whether no answer to the open questions can raise the finding, or tell that nothing is
        indicated.
        """
        could_be = self._reach.row(open_items)
        at_most, answered = self.yes | could_be, self.closed | could_be
        if int(self._reach.ranks(at_most[None])[0]) > self.rank:
            return False
        return self.rank > 0 or bool(self._reach.enough(answered[None], at_most[None])[0]) == (
            self.finding == "nothing_indicated"
        )

    def choose(
        self, askable: Sequence[str], first: Sequence[str] = (), worth: float = 0.0
    ) -> Choice | None:
        """The question of these that matters most; None where there is none.

        Those of `first` (a part of `askable`) come before the others as long as the best of them is
        worth at least `worth` of the best of all.
        """
        where = self._reach.places(askable)
        if not where:
            return None
        chance = self.chances[where]
        alone, together, leads = self._outlook(where, chance)
        value = chance * (alone + together) + 1e-3 * chance * (self._reach.points[where] + 0.1)
        value = np.rint(value * _GRAIN)
        k = int(np.argmax(value))
        early = [n for n, i in enumerate(where) if self._reach.ids[i] in set(first)]
        if early:
            best = max(early, key=lambda n: (value[n], -n))
            k = best if value[best] >= worth * value[k] else k
        return self._told(self._reach.ids[where[k]], float(chance[k]), int(alone[k]), int(leads[k]))

    def _outlook(
        self, where: list[int], chance: NDArray[np.float64]
    ) -> tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.int8]]:
        """For each question: what a yes gains alone; what it can be expected to gain with the best
        second one; and the level that such a pair reaches.

        Pairs are looked at among the most telling only.
        """
        alone = self._gains([(n,) for n in where])
        together, leads = (
            np.zeros(len(where), dtype=np.float64),
            np.zeros(len(where), dtype=np.int8),
        )
        telling = [
            int(k)
            for k in np.argsort(
                -np.rint(chance * (self._reach.points[where] + 1) * _GRAIN), kind="stable"
            )[:_PAIRS]
        ]
        pairs = [(a, b) for n, a in enumerate(telling) for b in telling[n + 1 :]]
        for (a, b), gain in zip(
            pairs, self._gains([(where[a], where[b]) for a, b in pairs]), strict=True
        ):
            more = gain - max(alone[a], alone[b])
            if more > 0:
                for one, other in ((a, b), (b, a)):
                    together[one] = max(together[one], chance[other] * more)
                    leads[one] = max(leads[one], gain)
        return alone, together, leads

    def _gains(self, sets: list[tuple[int, ...]]) -> NDArray[np.int8]:
        """By how much each set of further yes would raise the finding.

        Once danger is known, danger is set aside.
        """
        rows = np.repeat(self.yes[None], len(sets), axis=0)
        for row, where in zip(rows, sets, strict=True):
            row[list(where)] = True
        return np.asarray(self._reach.ranks(rows, self._levels) - self._base)

    @cached_property
    def _levels(self) -> int:
        """How many levels questions aim at: all, or - once the highest is reached - all below
        it.
        """
        return len(LEVELS) - (self.rank == len(LEVELS))

    @cached_property
    def _base(self) -> int:
        return int(self._reach.ranks(self.yes[None], self._levels)[0])

    def why(self, indicator: str) -> Choice:
        """What an answer to this one question could do, for an officer who goes to it by
        herself.
        """
        where = self._reach.index[indicator]
        gain = int(self._gains([(where,)])[0])
        return self._told(indicator, float(self.chances[where]), gain, 0)

    def _told(self, indicator: str, chance: float, alone: int, leads: int) -> Choice:
        if alone > 0:
            return Choice(indicator, "raises", LEVELS[self._base + alone - 1], chance)
        if leads > 0:
            return Choice(indicator, "leads", LEVELS[self._base + leads - 1], chance)
        if self.finding == "too_little_known":
            return Choice(indicator, "known", None, chance)
        return Choice(
            indicator,
            "points" if self._reach.points[self._reach.index[indicator]] else "record",
            None,
            chance,
        )
