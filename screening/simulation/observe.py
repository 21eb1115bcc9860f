"""What a meeting brings to light of the truth: which signs it reaches, which answers stay open,
which are wrong.

One draw a sign and person decides whether the answer is open, and how: a meeting reaches a share of
the signs of each mode, and of those that it reaches some stay open, the more so the more guarded
the person is. Another draw decides whether a closed answer is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.answers import Answer
from screening.checklist.schema import CASE_PROFILES, Indicator
from screening.simulation.normal import cdf, quantile
from screening.simulation.schema import Depth, Observation

__all__ = ["ANSWERS", "CODE", "Observer"]

# The order of these is the number an answer has in `Cases.answers`.
ANSWERS = (
    Answer.NO,
    Answer.YES,
    Answer.UNKNOWN,
    Answer.REFUSED,
    Answer.NOT_ASKED,
    Answer.NOT_APPLICABLE,
)
CODE = {answer: number for number, answer in enumerate(ANSWERS)}
_MODES = ("ask", "observe", "document")

Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]


class _Seen(NamedTuple):
    """What becomes of the signs of one mode in a full interview and so many further meetings.

    open : quantile of the share that stays open; unknown, told : shares of what is open, unknown
        and either unknown or refused
    hidden : the share of true signs that are answered no
    """

    open: float
    unknown: float
    told: float
    hidden: float


class Observer:
    """A world's ways of observing, as arrays made once.

    Parameters
    ----------
    further : the most further meetings there are
    """

    def __init__(
        self,
        indicators: Sequence[Indicator],
        observation: Observation,
        depths: Sequence[Depth],
        further: int,
    ) -> None:
        self.observation = observation
        self.signs = len(indicators)
        # By profile and mode, the signs that apply.
        self.rows = [
            [
                np.flatnonzero([i.applies(p) and i.mode_for(p) == mode for i in indicators])
                for mode in _MODES
            ]
            for p in CASE_PROFILES
        ]
        self.seen = {
            (met, coached): [self._seen(mode, met, coached) for mode in _MODES]
            for met in range(further + 1)
            for coached in (False, True)
        }
        later = [(1 - observation.asked_later) ** met for met in range(further + 1)]
        self.reach = np.array(
            [[[1 - (1 - getattr(d, m)) * left for d in depths] for m in _MODES] for left in later],
            dtype=np.float32,
        )  # further meetings, modes, depths

    def _seen(self, name: str, met: int, coached: bool) -> _Seen:
        o = self.observation
        asked, told = (1 - o.asked_later) ** met, (1 - o.told_later) ** met
        mode = getattr(o, name)
        taught = coached and name == "ask"
        refused = (o.coached.refused if taught else mode.refused) * told
        hidden = (o.coached.hidden if taught else mode.hidden) * told
        still_open = min(mode.not_asked * asked + mode.unknown + refused, 1.0)
        of_open = max(still_open, 1e-9)
        return _Seen(
            quantile(still_open), mode.unknown / of_open, (mode.unknown + refused) / of_open, hidden
        )

    def answers(
        self,
        rng: np.random.Generator,
        true: Bools,
        false_yes: Floats,
        depth: Bytes,
        who: tuple[int, int, bool],
    ) -> Bytes:
        """What is recorded of people alike: uint8 (indicators, m), numbers in `ANSWERS`.

        Parameters
        ----------
        true : (indicators, m)
        false_yes : (indicators, 1), the share of absent signs recorded as yes
        depth : (m,), number of the depth
        who : number of the profile, further meetings, whether coached
        """
        p, met, coached = who
        m = true.shape[1]
        load = self.observation.guarded
        guarded: Floats = rng.standard_normal((m,), dtype=np.float32)
        guarded *= np.float32(load)
        rest = float(np.sqrt(1 - load**2))
        answers = np.full((self.signs, m), CODE[Answer.NOT_APPLICABLE], dtype=np.uint8)
        for mode, rows in enumerate(self.rows[p]):
            seen = self.seen[met, coached][mode]
            reach = self.reach[met, mode][depth]
            stays = reach * cdf((seen.open - guarded) / rest).astype(np.float32)
            v = rng.random((len(rows), m), dtype=np.float32)
            kind = np.full(v.shape, CODE[Answer.NOT_ASKED], dtype=np.uint8)
            kind -= (v < stays * np.float32(seen.told)).view(np.uint8)  # refused
            kind -= (v < stays * np.float32(seen.unknown)).view(np.uint8)  # unknown
            told = self._told(rng, true[rows], false_yes[rows], seen.hidden)
            answers[rows] = np.where(v < 1 - reach + stays, kind, told)
        return answers

    @staticmethod
    def _told(rng: np.random.Generator, true: Bools, false_yes: Floats, hidden: float) -> Bytes:
        """Yes or no, where the answer is closed. Only a sign that can apply is ever a yes."""
        told = true.view(np.uint8).copy()
        can = np.flatnonzero(false_yes[:, 0] + true.any(axis=1))
        u = rng.random((len(can), true.shape[1]), dtype=np.float32)
        told[can] = np.where(true[can], u >= hidden, u < false_yes[can]).view(np.uint8)
        return told
