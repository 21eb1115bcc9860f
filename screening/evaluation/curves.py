"""What a card gains with more cases to learn from, and with more items, in families in which it
learned nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from screening.answers import Profile
from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.evaluation.metrics import Area, area
from screening.evaluation.screens import learned
from screening.evaluation.train import Recipe, Trained, drawn, fitted
from screening.files.parallel import each
from screening.simulation.generate import Cases
from screening.simulation.world import World

__all__ = ["Length", "Size", "by_length", "learning_curve"]


@dataclass(frozen=True)
class Size:
    """A card learned from so many cases of each universe: its AUC on its own cases of the profile,
    and on fresh ones by family.
    """

    profile: Profile
    cases: int
    own: Area
    fresh: Mapping[str, Area]


@dataclass(frozen=True)
class Length:
    """The best items found at one length, by family: `real` is the AUC with real coefficients,
    before any rounding; `boosted` with gradient boosting on the same items.
    """

    profile: Profile
    items: int
    real: Mapping[str, Area]
    boosted: Mapping[str, Area]


def learning_curve(
    checklist: Checklist,
    worlds: Sequence[World],
    recipe: Recipe,
    fresh: Mapping[str, Cases],
    sizes: Sequence[int],
    n_jobs: int | None = None,
) -> list[Size]:
    """Train on ever more cases, measure on the same fresh ones."""

    of_size = partial(_of_size, checklist, worlds, recipe, fresh)
    return list(each(of_size, [(s, p) for p in CASE_PROFILES for s in sizes], n_jobs))


def _of_size(
    checklist: Checklist,
    worlds: Sequence[World],
    recipe: Recipe,
    fresh: Mapping[str, Cases],
    asked: tuple[int, Profile],
) -> Size:
    size, profile = asked
    smaller = replace(recipe, cases=size, pool_size=0)
    sample = drawn(worlds, smaller)
    fit = fitted(checklist, worlds, sample, profile, smaller)
    mine = sample.of(profile)
    own = fit.estimator.totals(sample.matrix(fit.signs)[mine]).astype(float)
    there = {}
    for family, cases in fresh.items():
        who = cases.child if profile == "child" else ~cases.child
        scores = fit.estimator.totals(cases.matrix(fit.signs)[who]).astype(float)
        there[family] = area(cases.exploited[who], scores)
    return Size(profile, size, area(sample.exploited[mine], own), there)


def by_length(
    trained: Trained, fresh: Mapping[str, Cases], lengths: Sequence[int], n_jobs: int | None = None
) -> list[Length]:
    """What the best choice of so many items that is found could reach, for everybody's average, if
    points need not be whole: a ceiling for cards of that length.
    """
    of_length = partial(_of_length, trained, fresh)
    return list(each(of_length, [(n, p) for p in CASE_PROFILES for n in lengths], n_jobs))


def _of_length(trained: Trained, fresh: Mapping[str, Cases], asked: tuple[int, Profile]) -> Length:
    from screening.scorecard.search import Problem, search
    from screening.scorecard.totals import OPEN_STATE, YES_STATE, states_of

    length, profile = asked
    signs, mine = trained.fits[profile].signs, trained.sample.of(profile)
    y = trained.sample.exploited[mine]
    states = states_of(trained.sample.matrix(signs)[mine])
    bounds = np.tile(np.array([0, 10], dtype=np.int64), (len(signs), 1))
    support, _ = search(Problem(states, y, np.ones(len(y)), bounds, length))
    best = [signs[i] for i in support.items]
    model = learned("gradient boosting", trained.sample, best, who=mine)
    real, boosted = {}, {}
    for family, cases in fresh.items():
        who = cases.child if profile == "child" else ~cases.child
        there = states_of(cases.matrix(best))
        scores = sum(
            np.where(row == YES_STATE, yes, np.where(row == OPEN_STATE, opened, 0.0))
            for row, opened, yes in zip(there, support.opened, support.yes, strict=True)
        )
        real[family] = area(cases.exploited[who], np.asarray(scores)[who])
        boosted[family] = area(cases.exploited[who], model.scores(cases)[who])
    return Length(profile, length, real, boosted)
