"""How likely a yes is to each open question, given what was answered so far.

Where the list has a world, its invented people serve: several thousand are drawn once with the
rates behind their signs (situation, severity, strain of each group of signs), and each counts for
as much as it fits the answers so far. Where it has none, published strengths serve: the stronger a
sign, the rarer it is taken to be. Either only orders questions; no finding rests on it, and open
answers say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile, Truth
from screening.checklist.model import Checklist
from screening.errors import KnowledgeError
from screening.simulation import World, load_world, world_ids
from screening.simulation.normal import cdf, quantiles

__all__ = ["ByStrength", "ByWorld", "Likely", "likely"]

Floats = NDArray[np.float32]

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
            [[_SHARES[i.strength_for(profile)] for i in checklist.by_profile[profile]]],
            dtype=np.float32,
        )

    def weights(self, answers: Mapping[int, Truth]) -> Floats:
        return np.ones(1, dtype=np.float32)


class ByWorld:
    """Invented people of a world, each with its own rates of an answered yes."""

    def __init__(self, world: World, profile: Profile) -> None:
        self.rates = _people(world, profile)
        self._yes, self._no = np.log(self.rates), np.log1p(-self.rates)

    def weights(self, answers: Mapping[int, Truth]) -> Floats:
        yes = [n for n, t in answers.items() if t is Truth.TRUE]
        no = [n for n, t in answers.items() if t is Truth.FALSE]
        fit = self._yes[:, yes].sum(axis=1) + self._no[:, no].sum(axis=1)
        share = np.exp(fit - fit.max())
        return np.asarray(share / share.sum(), dtype=np.float32)


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


def _people(world: World, profile: Profile) -> Floats:
    """Rates of an answered yes: (people, indicators that apply). Deterministic."""
    f = world.file
    assert f.correlation and f.observation and f.prevalence
    rng = np.random.Generator(np.random.PCG64(SEED))
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
    drawn = rng.choice(len(situations), PEOPLE, p=share / share.sum())

    columns = [
        n for n, name in enumerate(world.signs) if world.checklist.indicators[name].applies(profile)
    ]
    signs = [world.checklist.indicators[world.signs[n]] for n in columns]
    names = list(world.checklist.dimensions)
    dimension = np.array([names.index(i.dimension) for i in signs])
    opposed = np.array([-1.0 if i.dimension in f.correlation.opposed else 1.0 for i in signs])
    true_rate = np.array([world.rates[s.id, profile] for s in situations])[:, columns]
    load = np.where(exploited, f.correlation.exploited, f.correlation.others)[drawn][:, None]
    own = f.correlation.dimension
    severity = rng.standard_normal(PEOPLE)[:, None] * load * opposed
    strain = rng.standard_normal((PEOPLE, len(names)))[:, dimension] * own
    rest = np.sqrt(1 - load**2 - own**2)
    there = cdf((quantiles(true_rate)[drawn] - severity - strain) / rest)

    coached = (rng.random(PEOPLE) < f.observation.coached.share) & exploited[drawn]
    hidden = np.empty((2, len(signs)))
    for n, sign in enumerate(signs):
        mode = sign.mode_for(profile)
        seen = getattr(f.observation, mode)
        hidden[:, n] = seen.hidden, f.observation.coached.hidden if mode == "ask" else seen.hidden
    false_yes = np.array([world.false_yes[s.id, profile] for s in situations])[drawn][:, columns]
    told = there * (1 - hidden[coached.astype(int)]) + (1 - there) * false_yes
    result: Floats = np.clip(told, 1e-4, 1 - 1e-4).astype(np.float32)
    return result
