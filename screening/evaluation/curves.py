"""What a card gains with more cases, with more items, and what becomes of it where more or fewer of
those met are exploited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.checklist.model import Checklist
from screening.evaluation.metrics import area, roc
from screening.evaluation.report import subgroups
from screening.evaluation.screens import SAID, CardScreen, learned
from screening.evaluation.train import BEGGING, Recipe, Trained, train
from screening.files.parallel import each
from screening.proportion import Share, share
from screening.simulation.generate import Cases, generate
from screening.simulation.world import World

__all__ = ["Length", "Prevalence", "Size", "by_length", "by_prevalence", "learning_curve"]


@dataclass(frozen=True)
class Size:
    """A card learned from so many cases:

    AUC on its own cases and on fresh ones, recall of forced-begging children at specificity 0.75.
    """

    cases: int
    auc_own: float
    auc_fresh: float
    begging: Share


@dataclass(frozen=True)
class Length:
    """The best items found at one length, by world:

    `real` is the AUC with real coefficients, before any rounding; `boosted` with gradient boosting
    on the same items.
    """

    items: int
    real: Mapping[str, float]
    boosted: Mapping[str, float]


@dataclass(frozen=True)
class Prevalence:
    """The card's own bands where this share of those met is exploited: recall, specificity and
    precision of some or many signs, and the share of the exploited told that signs are few.

    `said` and `seen`: mean probability, and what was so.
    """

    prevalence: float
    recall: Share
    specificity: Share
    precision: Share
    few: Share
    said: float
    seen: float


def learning_curve(
    checklist: Checklist,
    world: World,
    recipe: Recipe,
    fresh: Cases,
    sizes: Sequence[int],
    n_jobs: int | None = None,
) -> list[Size]:
    """Train on ever more cases of one world, measure on the same fresh ones."""

    def of_size(size: int) -> Size:
        one = train(checklist, world, "curve", "curve", replace(recipe, cases=size, pool_size=0))
        screen = CardScreen("card", one.model)
        scores = screen.scores(fresh)
        begging = roc(fresh.exploited, scores).recall_at(0.75, scores[subgroups(fresh)[BEGGING]])
        return Size(
            size,
            area(one.cases.exploited, screen.scores(one.cases)).value,
            area(fresh.exploited, scores).value,
            begging,
        )

    return list(each(of_size, sizes, n_jobs))


def by_length(
    trained: Trained,
    fresh: Mapping[str, Cases],
    lengths: Sequence[int],
    n_jobs: int | None = None,
) -> list[Length]:
    """What, for everybody's average, the best choice of so many items that is found could reach, if
    points need not be whole: a ceiling for cards of that length.
    """
    from screening.scorecard.search import Problem, search
    from screening.scorecard.totals import OPEN_STATE, YES_STATE, states_of

    y = trained.cases.exploited
    states, there = (
        states_of(trained.cases.matrix(trained.signs)),
        {world: states_of(c.matrix(trained.signs)) for world, c in fresh.items()},
    )
    bounds = np.tile(np.array([0, 10], dtype=np.int64), (len(trained.signs), 1))

    def of_length(length: int) -> Length:
        support, _ = search(Problem(states, y, np.ones(len(y)), bounds, length))
        model = learned(
            "gradient boosting", trained.cases, [trained.signs[i] for i in support.items]
        )
        real, boosted = {}, {}
        for world, cases in fresh.items():
            scores: NDArray[Any] = np.zeros(len(cases))
            for item, opened, yes in zip(support.items, support.opened, support.yes, strict=True):
                scores += np.where(
                    there[world][item] == YES_STATE,
                    yes,
                    np.where(there[world][item] == OPEN_STATE, opened, 0.0),
                )
            real[world], boosted[world] = (
                area(cases.exploited, scores).value,
                area(cases.exploited, model.scores(cases)).value,
            )
        return Length(length, real, boosted)

    return list(each(of_length, lengths, n_jobs))


def by_prevalence(trained: Trained, world: World, n: int, seed: int) -> list[Prevalence]:
    """The card in the same world where more or fewer are exploited, over the world's own sweep."""
    assert world.file.prevalence is not None
    screen, found = CardScreen("card", trained.model), []
    for prevalence in world.file.prevalence.sweep:
        cases = generate(world, n, seed, prevalence)
        said, y = screen.said(cases), cases.exploited
        acts, few = said[SAID[0]], said[SAID[2]]
        p = screen.probabilities(cases)
        found.append(
            Prevalence(
                prevalence,
                share(int((acts & y).sum()), int(y.sum())),
                share(int((~acts & ~y).sum()), int((~y).sum())),
                share(int((acts & y).sum()), int(acts.sum())),
                share(int((few & y).sum()), int(y.sum())),
                float(p.mean()),
                float(y.mean()),
            )
        )
    return found
