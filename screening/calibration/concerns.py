"""What speaks against signing a set: who is worse off under it, and how little the people behind it
agree. None of it forbids anything; all of it is shown with its numbers and asks for a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from screening.calibration.agreement.alpha import alpha
from screening.calibration.agreement.draws import Codes, Drawn, Floats, drawn, interval, whole
from screening.calibration.impact import (
    GROUP_WORDS,
    Change,
    Moved,
    Population,
    fallen,
    moved,
    population,
    unused_worlds,
)
from screening.calibration.ratings import SCALE, Ratings
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.vignettes import load_vignettes, vignette_ids
from screening.checklist.weightfiles import Agreed
from screening.checklist.weights import load_weights
from screening.errors import KnowledgeError, UsageError
from screening.i18n import Words
from screening.keyed import Keyed
from screening.proportion import Share
from screening.simulation import load_world
from screening.simulation.world import World

__all__ = ["LEAST_LOSS", "LOW", "WIDE", "Concerns", "Loss", "agreed", "concerns", "losses"]

LOW = 0.667  # Krippendorff 2004: below this alpha not even tentative conclusions should be drawn
WIDE = 0.3  # from the lower to the upper end of alpha's interval: more than this is not known
LEAST_LOSS = 0.01  # of a group: a smaller change is not called a loss
LEAST_PEOPLE = 5  # nor is that of fewer people
PEOPLE, SEED = 10_000, 11  # invented cases of each world that a set is judged on
_DRAWS = 200


@dataclass(frozen=True)
class Loss:
    """A group that is worse off in a world: exploited people who are no longer referred (`found`),
    or others who now are (`spared`).
    """

    world: str
    group: str
    what: str
    before: Share
    after: Share

    def __str__(self) -> str:
        kind = "found" if self.what == "found" else "left alone"
        return (
            f"{self.group} {kind} {self.before.value:.3f} > {self.after.value:.3f} ({self.world})"
        )


@dataclass(frozen=True)
class Concerns:
    """What a set is asked about before it is signed; false where there is nothing.

    judged : whether any held-out child is there to judge by
    agreement : of the ratings behind it, where it is low or not well known
    """

    lost: tuple[Moved, ...]
    judged: bool
    losses: tuple[Loss, ...]
    agreement: Agreed | None

    def __bool__(self) -> bool:
        return bool(self.lost or self.losses or self.agreement) or not self.judged

    def lines(self, say: Words) -> list[str]:
        """Groups and agreement in words, one line each; children are named elsewhere."""
        found = []
        for loss in self.losses:
            facts = {
                "group": say(GROUP_WORDS[loss.group]),
                "before": f"{loss.before.value:.3f}",
                "after": f"{loss.after.value:.3f}",
                "n": loss.after.n,
                "world": loss.world,
            }
            found.append(
                say(
                    "Fewer are referred of {group}: {before} before, {after} now (n {n}, world"
                    " {world}).",
                    **facts,
                )
                if loss.what == "found"
                else say(
                    "More who are not exploited are referred of {group}: {before} were left alone"
                    " before, {after} now (n {n}, world {world}).",
                    **facts,
                )
            )
        if self.agreement is not None:
            a = self.agreement
            found.append(
                say(
                    "The {n} raters agree too little to rest weights on: alpha {alpha} ({low} to"
                    " {high}); {least} is the least.",
                    n=a.raters,
                    alpha=a.alpha,
                    low=a.low,
                    high=a.high,
                    least=LOW,
                )
            )
        return found


def concerns(checklist: Checklist, weights: WeightSet) -> Concerns:
    """What speaks against signing this set in place of the one that it departs from."""
    sets = [load_vignettes(checklist, name) for name in vignette_ids(checklist)]
    rows = moved(checklist, sets, weights, weights)
    agreement = weights.agreement
    if agreement is not None and not agreement.is_low(LOW, WIDE):
        agreement = None
    return Concerns(
        tuple(fallen(rows)),
        any(m.guarded for m in rows),
        losses(checklist, weights),
        agreement,
    )


def losses(checklist: Checklist, after: WeightSet) -> tuple[Loss, ...]:
    """Every group that is worse off than under the set before, in every world that set neither."""
    if not after.previous:
        return ()
    try:
        before = load_weights(checklist, after.previous, draft=True)
        worlds = unused_worlds(checklist, before, after)
    except (KnowledgeError, UsageError):
        return ()  # no set to compare with, or nothing honest to measure on
    found: list[Loss] = []
    for name in worlds:
        world = load_world(checklist, name)
        told = checklist.sha256, world.sha256, PEOPLE, *(_numbers(w) for w in (before, after))
        found += _worse(Keyed((checklist, world, before, after, PEOPLE), told))
    return tuple(found)


def _numbers(weights: WeightSet) -> str:
    """All of a set that decides anything."""
    return repr((weights.points, weights.caps, weights.lines, weights.rules))


# A set is judged when each person signs it and when it is put in force: the answer is the same.
@lru_cache(maxsize=256)
def _worse(asked: Keyed[tuple[Checklist, World, WeightSet, WeightSet, int]]) -> tuple[Loss, ...]:
    checklist, world, before, after, n = asked.value
    people = _people(Keyed((world, n), (checklist.sha256, world.sha256, n)))
    found = []
    for g in Change(people, checklist, before).impact(after).groups:
        for what, was, now in (
            ("found", g.recall_before, g.recall_after),
            ("spared", g.spared_before, g.spared_after),
        ):
            fewer = was.hits - now.hits
            if fewer >= max(LEAST_PEOPLE, LEAST_LOSS * now.n):
                found.append(Loss(world.id, g.group, what, was, now))
    return tuple(found)


@lru_cache(maxsize=24)
def _people(asked: Keyed[tuple[World, int]]) -> Population:
    return population(*asked.value, SEED)


def agreed(ratings: Ratings | None) -> Agreed | None:
    """How far raters agree on the strength of signs: ordinal alpha, its interval from raters and
    signs drawn again; None where nothing was rated twice or all ratings are alike.
    """
    if ratings is None:
        return None
    steps = ratings.strength.reshape(len(ratings.raters), -1)
    steps = steps[:, (steps >= 0).sum(axis=0) >= 2]

    def statistic(codes: Codes, times: Drawn) -> Floats:
        return alpha(codes, times, len(SCALE))

    value = float(statistic(steps, whole(steps))[0]) if steps.shape[1] else float("nan")
    if not np.isfinite(value):
        return None
    times = drawn(len(ratings.raters), steps.shape[1], _DRAWS, SEED)
    low, high = interval(value, steps, statistic, times)
    return Agreed.model_construct(
        raters=len(ratings.raters), alpha=f"{value:.2f}", low=f"{low:.2f}", high=f"{high:.2f}"
    )
