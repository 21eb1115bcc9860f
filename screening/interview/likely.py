"""How likely a yes is to each open question, given what was answered so far.

Where the list has a world, its invented people serve: several thousand with the rates behind their
signs (situation, severity, strain of each group of signs), and each counts for as much as it fits
the answers so far. Where it has none, published strengths serve: the stronger a sign, the rarer it
is taken to be. Either only orders questions; no finding rests on it, and open answers say nothing.

The people are made from a few numbers (`Recipe`) and from a stream that every program draws alike,
so that a phone makes the same people and puts the same questions (`connect/pocket/chooser.js`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile, Truth
from screening.checklist.model import Checklist
from screening.errors import KnowledgeError
from screening.simulation import World, load_world, world_ids
from screening.simulation.normal import cdf, quantiles

__all__ = ["PEOPLE", "SEED", "ByStrength", "ByWorld", "Likely", "Recipe", "likely", "luck"]

Floats = NDArray[np.float64]

PEOPLE = 3000  # invented people per profile
SEED = 20
# Taken for how often a sign is there, where no world says so. Ours; only the order matters: rarer
# where stronger.
_SHARES = {"strong": 0.08, "medium": 0.15, "weak": 0.25, None: 0.05}


class Likely(Protocol):
    """Rates of yes under several hypotheses, and how much each hypothesis counts after some
    answers.
    """

    rates: Floats  # (hypotheses, indicators of the profile)

    def weights(self, answers: Mapping[int, Truth]) -> Floats:
        """The share of each hypothesis, after answers by column: (hypotheses,), summing to 1."""


class ByStrength:
    """One hypothesis: every sign as often as its strength suggests."""

    def __init__(self, checklist: Checklist, profile: Profile) -> None:
        self.rates = np.array(
            [[_SHARES[i.strength_for(profile)] for i in checklist.by_profile[profile]]]
        )

    def weights(self, answers: Mapping[int, Truth]) -> Floats:
        return np.ones(1)


class ByWorld:
    """Invented people of a world, each with its own rates of an answered yes."""

    def __init__(self, world: World, profile: Profile) -> None:
        self.recipe = Recipe.of(world, profile)
        self.rates = self.recipe.rates()
        self._yes, self._no = np.log(self.rates), np.log1p(-self.rates)

    def weights(self, answers: Mapping[int, Truth]) -> Floats:
        yes = [n for n, t in answers.items() if t is Truth.TRUE]
        no = [n for n, t in answers.items() if t is Truth.FALSE]
        fit = self._yes[:, yes].sum(axis=1) + self._no[:, no].sum(axis=1)
        share = np.exp(fit - fit.max())
        return np.asarray(share / share.sum())


_MADE: dict[tuple[str, str, Profile], Likely] = {}


def likely(checklist: Checklist, profile: Profile) -> Likely:
    """The best there is for a list: its `base` world, or strengths.

    Made once for each version of a list.
    """
    key = (checklist.id, checklist.sha256, profile)
    if key not in _MADE:
        _MADE[key] = _make(checklist, profile)
    return _MADE[key]


def _make(checklist: Checklist, profile: Profile) -> Likely:
    if "base" not in world_ids(checklist):
        return ByStrength(checklist, profile)
    try:
        return ByWorld(load_world(checklist), profile)
    except (
        KnowledgeError
    ):  # a world that cannot be read orders no questions; `synth` says what is wrong with it
        return ByStrength(checklist, profile)


def luck(seed: int, n: int) -> Floats:
    """The first `n` numbers of a stream between 0 and 1, without the ends (mulberry32): a few lines
    in any language give the same ones.
    """
    with np.errstate(over="ignore"):
        a = np.uint32(seed) + np.arange(1, n + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (a ^ (a >> np.uint32(15))) * (np.uint32(1) | a)
        t = (t + (t ^ (t >> np.uint32(7))) * (np.uint32(61) | t)) ^ t
    return np.asarray(((t ^ (t >> np.uint32(14))).astype(np.float64) + 0.5) / 2**32)


@dataclass(frozen=True)
class Recipe:
    """What the invented people of one profile are made from.

    share : of each situation among them, summing to 1: (situations,)
    coached : of those in a situation who say what they were told to say: (situations,)
    load : how much one severity moves all signs of a person: (situations,)
    own : how much the strain of a dimension moves its signs
    dimension, opposed : each sign's dimension by number; -1 where severity lowers it: (signs,)
    true, false_yes : rates by situation: (situations, signs)
    hidden : the share of signs that are there and not told: (2, signs), not coached and coached
    """

    share: Floats
    coached: Floats
    load: Floats
    own: float
    dimension: NDArray[np.int64]
    opposed: Floats
    true: Floats
    false_yes: Floats
    hidden: Floats

    @classmethod
    def of(cls, world: World, profile: Profile) -> Recipe:
        """The numbers of a world for one profile, signs in list order."""
        f = world.file
        assert f.correlation and f.observation and f.prevalence
        situations = world.situations
        child = profile == "child"
        share = np.array(
            [s.share * (s.people.children if child else 1 - s.people.children) for s in situations]
        )
        exploited = np.array([s.exploited for s in situations])
        for kind, total in ((True, f.prevalence.share), (False, 1 - f.prevalence.share)):
            share[exploited == kind] *= total / max(
                sum(s.share for s in situations if s.exploited == kind), 1e-9
            )
        columns = [
            n
            for n, name in enumerate(world.signs)
            if world.checklist.indicators[name].applies(profile)
        ]
        signs = [world.checklist.indicators[world.signs[n]] for n in columns]
        names = list(world.checklist.dimensions)
        hidden = np.empty((2, len(signs)))
        for n, sign in enumerate(signs):
            mode = sign.mode_for(profile)
            seen = getattr(f.observation, mode)
            told = f.observation.coached.hidden if mode == "ask" else seen.hidden
            hidden[:, n] = seen.hidden, told
        return cls(
            share / share.sum(),
            np.where(exploited, f.observation.coached.share, 0.0),
            np.where(exploited, f.correlation.exploited, f.correlation.others),
            f.correlation.dimension,
            np.array([names.index(i.dimension) for i in signs]),
            np.array([-1.0 if i.dimension in f.correlation.opposed else 1.0 for i in signs]),
            np.array([world.rates[s.id, profile] for s in situations])[:, columns],
            np.array([world.false_yes[s.id, profile] for s in situations])[:, columns],
            hidden,
        )

    def rates(self) -> Floats:
        """Rates of an answered yes: (people, signs). Every situation has its share of the people;
        who is how severe, how strained and coached is drawn.
        """
        even = (np.arange(PEOPLE) + 0.5) / PEOPLE
        at = np.minimum(np.searchsorted(np.cumsum(self.share), even), len(self.share) - 1)
        strains = int(self.dimension.max()) + 1
        drawn = luck(SEED, PEOPLE * (2 * strains + 3)).reshape(PEOPLE, -1)
        # Box and Muller: two even numbers give one of the normal distribution
        first, second = drawn[:, : strains + 1], drawn[:, strains + 1 : -1]
        normal = np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)
        load = self.load[at][:, None]
        moved = normal[:, :1] * load * self.opposed + normal[:, 1:][:, self.dimension] * self.own
        rest = np.sqrt(1 - load**2 - self.own**2)
        there = cdf((quantiles(self.true)[at] - moved) / rest)
        hidden = self.hidden[(drawn[:, -1] < self.coached[at]).astype(int)]
        told = there * (1 - hidden) + (1 - there) * self.false_yes[at]
        return np.asarray(np.clip(told, 1e-4, 1 - 1e-4))
