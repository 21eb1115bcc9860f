"""What could be reached for forced-begging children at most, and what serving them costs whom.

A learner fitted for everybody's average is no ceiling for one subgroup. The ceilings here are
fitted for forced-begging children alone, against all who are not exploited: nobody else's recall is
looked after, so no card that serves others too should do better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.checklist.model import Checklist
from screening.evaluation.metrics import Area, area, roc
from screening.evaluation.report import subgroups
from screening.evaluation.screens import candidates, learned
from screening.evaluation.train import BEGGING, JUDGED, Recipe, Trained, training_groups
from screening.files.parallel import each
from screening.proportion import Share
from screening.simulation.generate import Cases

__all__ = ["Ceiling", "Tradeoff", "ceilings", "tradeoffs"]

WEIGHTS = (1.0, 2.0, 3.0, 5.0)  # of a forced-begging child in the search
AT = 0.75

Scores = Callable[[Cases], NDArray[np.float64]]


@dataclass(frozen=True)
class Ceiling:
    """Recall of forced-begging children at specificity 0.75 by world, of something fitted for them.

    `short`: with no more signs than the card has.
    """

    name: str
    short: bool
    by_world: Mapping[str, Share]


@dataclass(frozen=True)
class Tradeoff:
    """A card found with one weight of forced-begging children: its AUC and recalls in the world it
    learned from, and theirs by world.
    """

    weight: float
    auc: Area
    recall: Share
    by_group: Mapping[str, Share]
    by_world: Mapping[str, Share]


class _Scored:
    """Cases with their scores, and the recall of some positives where three of four who are not
    exploited are left alone.
    """

    def __init__(self, cases: Cases, scores: NDArray[np.float64]) -> None:
        self.scores, self.curve = scores, roc(cases.exploited, scores)

    def recall(self, mask: NDArray[np.bool_]) -> Share:
        return self.curve.recall_at(AT, self.scores[mask])


def ceilings(
    trained: Trained,
    checklist: Checklist,
    fresh: Mapping[str, Cases],
    n_jobs: int | None = None,
) -> list[Ceiling]:
    """With every sign, with the signs a card may have, and with as many as this card has; all
    fitted on the card's own training cases.
    """
    cases, items = trained.cases, len(trained.model.items)
    begging = training_groups(cases) == BEGGING
    alone = np.where(begging | ~cases.exploited, 1.0, 0.0)
    short = card_for(trained, items, alone=True)
    best = [trained.signs[i.column] for i in short.items_]
    every = candidates(checklist)
    # Each is fitted where it is measured: in a process of its own, where there are several.
    fits: list[tuple[str, bool, Callable[[], Scores]]] = [
        (
            "every sign, boosted, they count five times",
            False,
            lambda: (
                learned(
                    "gradient boosting", cases, every, weight=np.where(begging, 5.0, 1.0)
                ).scores
            ),
        ),
        (
            "every sign, boosted, for them alone",
            False,
            lambda: learned("gradient boosting", cases, every, weight=alone).scores,
        ),
        (
            "signs a card may have, monotone boosted, for them alone",
            False,
            lambda: (
                learned("monotone gradient boosting", cases, trained.signs, weight=alone).scores
            ),
        ),
        (
            f"best {items} signs, boosted, for them alone",
            True,
            lambda: learned("gradient boosting", cases, best, weight=alone).scores,
        ),
        (
            f"a card of {items} signs for them alone",
            True,
            lambda: lambda c: short.totals(c.matrix(trained.signs)).astype(np.float64),
        ),
    ]

    def measured(one: tuple[str, bool, Callable[[], Scores]]) -> Ceiling:
        name, few, fit = one
        scores = fit()
        by_world = {
            world: _Scored(c, scores(c)).recall(subgroups(c)[BEGGING]) for world, c in fresh.items()
        }
        return Ceiling(name, few, by_world)

    return list(each(measured, fits, n_jobs))


def tradeoffs(
    trained: Trained, recipe: Recipe, fresh: Mapping[str, Cases], n_jobs: int | None = None
) -> list[Tradeoff]:
    """Cards of the same length and cases, found with other weights of forced-begging children; the
    shipped weight is among them.
    """
    with_weight = partial(_with_weight, trained, recipe, fresh)
    return list(each(with_weight, sorted({*WEIGHTS, recipe.begging_weight}), n_jobs))


def _with_weight(
    trained: Trained, recipe: Recipe, fresh: Mapping[str, Cases], weight: float
) -> Tradeoff:
    home = trained.model.training.worlds[0].world
    card = (
        trained.estimator
        if weight == recipe.begging_weight
        else card_for(trained, recipe.max_items, weight=weight)
    )
    curves = {
        world: _Scored(c, card.totals(c.matrix(trained.signs)).astype(np.float64))
        for world, c in fresh.items()
    }
    here, cases = curves[home], fresh[home]
    masks = subgroups(cases) | {"adult": ~cases.child & cases.exploited}
    return Tradeoff(
        weight,
        area(cases.exploited, here.scores),
        here.recall(cases.exploited),
        {g: here.recall(masks[g]) for g in JUDGED},
        {world: curves[world].recall(subgroups(c)[BEGGING]) for world, c in fresh.items()},
    )


def card_for(trained: Trained, items: int, *, alone: bool = False, weight: float = 1.0) -> Any:
    """A card like the trained one with another weight of forced-begging children, or for them
    alone.
    """
    from screening.scorecard.classifier import ScorecardClassifier

    cases, groups = trained.cases, training_groups(trained.cases)
    rows = ~cases.exploited | (groups == BEGGING) if alone else np.ones(len(cases), dtype=bool)
    card = ScorecardClassifier(
        items,
        max_points=trained.estimator.max_points,
        subgroup_weights={BEGGING: weight},
        random_state=trained.estimator.random_state,
    )
    return card.fit(
        cases.matrix(trained.signs)[rows],
        cases.exploited[rows],
        subgroups=np.where(groups == BEGGING, BEGGING, "")[rows],
    )
