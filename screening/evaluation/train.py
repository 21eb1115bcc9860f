"""From worlds to a shipped card: draw cases, fit, draw the lines, write down how it was made.

Needs the `ml` extra. What is left out of the card's candidates is as much a decision as what is in
it: signs about the company a person is in and about papers are barred, so that being with family
and having papers can neither lower nor raise anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.checklist.model import Checklist
from screening.errors import UsageError
from screening.evaluation.report import subgroups
from screening.evaluation.screens import CardScreen, candidates
from screening.scorecard.batch import Opinions
from screening.scorecard.model import FORMAT, STATEMENT, CardModel
from screening.scorecard.probability import calibrate
from screening.scoring import ENGINE
from screening.simulation.generate import Cases, generate
from screening.simulation.world import World

__all__ = ["BEGGING", "JUDGED", "Recipe", "Trained", "barred", "train", "training_groups"]

BEGGING = "forced-begging child"
# Of whom the page says what each item buys and what weight costs.
JUDGED = (BEGGING, "other exploited child", "adult")
FEWEST = 50  # exploited training cases of each of these


@dataclass(frozen=True)
class Recipe:
    """What a card is trained with.

    begging_weight : how often each forced-begging child counts in the search; the tool exists for
        them, and an average forgets them
    few_at_most : of how many exploited people, among children, forced-begging children and adults
        apart, the card may say "few signs"
    many_specificity : the least specificity, among children and adults apart, of "many signs"
    """

    max_items: int = 15
    max_points: int = 10
    cases: int = 40_000
    seed: int = 1
    begging_weight: float = 3.0
    few_at_most: float = 0.10
    many_specificity: float = 0.90
    least_known: float = 1 / 3
    pool_size: int = 0


@dataclass(frozen=True)
class Trained:
    """The model to ship, the fitted estimator behind it, its candidates, and the cases it learned
    from.
    """

    model: CardModel
    estimator: Any
    signs: tuple[str, ...]
    cases: Cases


def barred(world: World) -> tuple[str, ...]:
    """Signs about company and papers, as the world names them."""
    practice = world.file.practice
    assert practice is not None
    return (*practice.accompanied_unless, *practice.papers_unless)


def training_groups(cases: Cases) -> NDArray[Any]:
    """The subgroup of every case that the search looks after, "" for those who are not exploited
    (n,).
    """
    groups = subgroups(cases)
    names = np.full(len(cases), "", dtype=object)
    for name in JUDGED:
        names[groups[name] & cases.exploited] = name
    return names


def train(
    checklist: Checklist,
    world: World,
    id: str,
    title: str,
    recipe: Recipe,
    progress: Callable[[str], None] | None = None,
    n_jobs: int | None = None,
) -> Trained:
    """Train a card on one world; `n_jobs` threads try cards.

    Raises
    ------
    UsageError : U306 without scikit-learn, U305 where there are too few exploited cases to learn
        from
    """
    try:
        from screening.scorecard.classifier import ScorecardClassifier
    except ModuleNotFoundError as error:
        raise UsageError("U306.training_packages", error=error.name) from None
    step = progress or (lambda _: None)
    step("drawing cases")
    cases = generate(world, recipe.cases, recipe.seed)
    groups = training_groups(cases)
    for name in JUDGED:
        found = int((groups == name).sum())
        if found < FEWEST:
            raise UsageError(
                "U305.subgroup_too_small",
                place="--cases",
                found=found,
                name=f"{name!r}",
                fewest=FEWEST,
            )
    signs = tuple(candidates(checklist, barred(world)))
    step("searching for a card")
    estimator = ScorecardClassifier(
        recipe.max_items,
        max_points=recipe.max_points,
        subgroup_weights={BEGGING: recipe.begging_weight},
        recall_floor=1 - recipe.few_at_most,
        random_state=recipe.seed,
        pool_size=recipe.pool_size,
        n_jobs=n_jobs,
    )
    estimator.fit(cases.matrix(signs), cases.exploited, subgroups=groups)
    model = _model(checklist, world, cases, estimator, signs, id, title, recipe)
    return Trained(model, estimator, signs, cases)


def _model(
    checklist: Checklist,
    world: World,
    cases: Cases,
    estimator: Any,
    signs: Sequence[str],
    id: str,
    title: str,
    recipe: Recipe,
) -> CardModel:
    settings = {
        name: value for name, value in vars(recipe).items() if name not in ("cases", "seed")
    }
    least = {"some_signs": 1, "many_signs": 1}
    draft = CardModel.model_validate(
        {
            "format": FORMAT,
            "id": id,
            "title": title,
            "checklist": {
                "id": checklist.id,
                "version": checklist.version,
                "sha256": checklist.sha256,
            },
            "statement": STATEMENT,
            "items": [
                {"indicator": signs[item.column], "yes": item.points, "open": item.open_points}
                for item in estimator.items_
            ],
            "caps": [],
            "lines": {"child": least, "adult": least},
            "least_known": recipe.least_known,
            "probability": _probability(estimator, cases, signs),
            "training": {
                "worlds": [
                    {
                        "world": world.id,
                        "sha256": world.sha256,
                        "seed": cases.seed,
                        "cases": len(cases),
                    }
                ],
                "prevalence": float(world.file.prevalence.share) if world.file.prevalence else 0.0,
                "settings": settings,
                "engine": ENGINE,
            },
        }
    )
    return CardModel.model_validate(
        {
            **draft.model_dump(),
            "lines": _lines(CardScreen(id, draft).opinions(cases), cases, draft.points_max, recipe),
        }
    )


def _probability(
    estimator: Any, cases: Cases, signs: Sequence[str]
) -> dict[str, list[dict[str, float]]]:
    """Children and adults apart: the same total does not mean the same of both."""
    total, tables = estimator.totals(cases.matrix(signs)), {}
    for profile, who in (("child", cases.child), ("adult", ~cases.child)):
        table = calibrate(
            total[who],
            cases.exploited[who],
            np.ones(int(who.sum())),
            estimator.points_max_,
            estimator.calibration,
        )
        tables[profile] = [
            {"value": v, "low": low, "high": high}
            for v, low, high in zip(table.value, table.low, table.high, strict=True)
        ]
    return tables


def _lines(said: Opinions, cases: Cases, most: int, recipe: Recipe) -> dict[str, dict[str, int]]:
    """For children and adults apart: some signs as high as `few_at_most` lets them begin, many from
    the specificity on; never below 1 point.

    For children the limit holds for forced-begging children too, whom an average would hide. Lines
    are drawn on what is recorded, as the bands are.
    """
    begging = subgroups(cases)[BEGGING]
    nearest = np.maximum(
        said.points_recorded, said.points_open
    )  # "few" is said from the first line above both, where enough is known
    lines = {}
    for profile, who in (("child", cases.child), ("adult", ~cases.child)):
        groups = [who & cases.exploited] + ([begging] if profile == "child" else [])
        some = min(
            _highest(nearest[group], said.enough[group], recipe.few_at_most) for group in groups
        )
        free = np.sort(said.points_recorded[who & ~cases.exploited])
        many = int(free[min(int(np.ceil(recipe.many_specificity * len(free))), len(free) - 1)]) + 1
        some = min(max(some, 1), most)
        lines[profile] = {"some_signs": some, "many_signs": min(max(many, some), most)}
    return lines


def _highest(nearest: NDArray[np.int32], enough: NDArray[np.bool_], most: float) -> int:
    """The highest line below which no more than this share lies, counting those only of whom enough
    is known.
    """
    ordered = np.sort(nearest[enough])
    allowed = int(np.floor(most * len(nearest) + 1e-9))
    return int(ordered[allowed]) if allowed < len(ordered) else int(ordered[-1]) + 1
