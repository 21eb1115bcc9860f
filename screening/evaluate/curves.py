"""What a card gains with more cases, with more items, and what becomes of it where more or fewer of those met are exploited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.checklist.model import Checklist
from screening.evaluate.metrics import Share, area, roc, share
from screening.evaluate.report import subgroups
from screening.evaluate.screens import CardScreen, learned
from screening.evaluate.train import Recipe, Trained, train
from screening.synth.generate import Cases, generate
from screening.synth.world import World

__all__ = ["Length", "Prevalence", "Size", "by_length", "by_prevalence", "learning_curve"]

BEGGING = "forced-begging child"


@dataclass(frozen=True)
class Size:
    """A card learned from so many cases: AUC on its own cases and on fresh ones, recall of forced-begging children at specificity 0.75."""

    cases: int
    auc_own: float
    auc_fresh: float
    begging: Share


@dataclass(frozen=True)
class Length:
    """The best items found at one length. `real` is the AUC with real coefficients, before any rounding; `boosted` with gradient boosting on the same items."""

    items: int
    real: float
    boosted: float


@dataclass(frozen=True)
class Prevalence:
    """The card's own bands where this share of those met is exploited. `said` and `seen`: mean probability, and what was so."""

    prevalence: float
    recall: Share
    specificity: Share
    precision: Share
    said: float
    seen: float


def learning_curve(checklist: Checklist, world: World, recipe: Recipe, fresh: Cases, sizes: Sequence[int]) -> list[Size]:
    """Train on ever more cases of one world, measure on the same fresh ones."""
    found = []
    for size in sizes:
        one = train(checklist, world, "curve", "curve", replace(recipe, cases=size, pool_size=0))
        screen = CardScreen("card", one.model)
        scores = screen.scores(fresh)
        begging = roc(fresh.exploited, scores).recall_at(0.75, scores[subgroups(fresh)[BEGGING]])
        found.append(Size(size, area(one.cases.exploited, screen.scores(one.cases)).value, area(fresh.exploited, scores).value, begging))
    return found


def by_length(trained: Trained, fresh: Cases, lengths: Sequence[int]) -> list[Length]:
    """What the best choice of so many items that is found could reach, if points need not be whole: a ceiling for cards of that length."""
    from screening.scorecard.search import Problem, search
    from screening.scorecard.totals import OPEN_STATE, YES_STATE, states_of

    y = trained.cases.exploited
    states, there = states_of(trained.cases.matrix(trained.signs)), states_of(fresh.matrix(trained.signs))
    bounds = np.tile(np.array([0, 10], dtype=np.int64), (len(trained.signs), 1))
    found = []
    for length in lengths:
        support, _ = search(Problem(states, y, np.ones(len(y)), bounds, length))
        scores: NDArray[Any] = np.zeros(len(fresh))
        for item, opened, yes in zip(support.items, support.opened, support.yes, strict=True):
            scores += np.where(there[item] == YES_STATE, yes, np.where(there[item] == OPEN_STATE, opened, 0.0))
        boosted = learned("gradient boosting", trained.cases, [trained.signs[i] for i in support.items])
        found.append(Length(length, area(fresh.exploited, scores).value, area(fresh.exploited, boosted.scores(fresh)).value))
    return found


def by_prevalence(trained: Trained, world: World, n: int, seed: int) -> list[Prevalence]:
    """The card in the same world where more or fewer are exploited, over the world's own sweep."""
    assert world.file.prevalence is not None
    screen, found = CardScreen("card", trained.model), []
    for prevalence in world.file.prevalence.sweep:
        cases = generate(world, n, seed, prevalence)
        acts, y = screen.acts(cases), cases.exploited
        p = screen.probabilities(cases)
        found.append(Prevalence(prevalence, share(int((acts & y).sum()), int(y.sum())), share(int((~acts & ~y).sum()), int((~y).sum())),
                                share(int((acts & y).sum()), int(acts.sum())), float(p.mean()), float(y.mean())))
    return found
