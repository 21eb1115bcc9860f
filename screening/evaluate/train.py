"""From worlds to a shipped card: draw cases, fit, draw the lines, write down how it was made.

Needs the `ml` extra. What is left out of the card's candidates is as much a decision as what is in it: signs about the company
a person is in and about papers are barred, so that being with family and having papers can neither lower nor raise anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.checklist.model import Checklist
from screening.errors import UsageError
from screening.evaluate.report import subgroups
from screening.evaluate.screens import candidates
from screening.scorecard.model import FORMAT, STATEMENT, CardModel
from screening.scoring import ENGINE
from screening.synth.generate import Cases, generate
from screening.synth.world import World

__all__ = ["JUDGED", "Recipe", "Trained", "barred", "train", "training_groups"]

# Whose recall the search looks after: it serves whoever of these is found least.
JUDGED = ("forced-begging child", "other exploited child", "adult")


@dataclass(frozen=True)
class Recipe:
    """What a card is trained with.

    some_recall : the least recall, among children and adults apart, from the line of "some signs" on
    many_specificity : the least specificity from the line of "many signs" on
    """

    max_items: int = 15
    max_points: int = 10
    cases: int = 40_000
    seed: int = 1
    some_recall: float = 0.90
    many_specificity: float = 0.90
    least_known: float = 1 / 3
    pool_size: int = 0


@dataclass(frozen=True)
class Trained:
    """The model to ship, the fitted estimator behind it, its candidates, and the cases it learned from."""

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
    """The subgroup of every case that the search looks after, "" for those who are not exploited (n,)."""
    groups = subgroups(cases)
    names = np.full(len(cases), "", dtype=object)
    for name in JUDGED:
        names[groups[name] & cases.exploited] = name
    return names


def train(checklist: Checklist, world: World, id: str, title: str, recipe: Recipe, progress: Callable[[str], None] | None = None) -> Trained:
    """Train a card on one world.

    Raises
    ------
    UsageError : U306 without scikit-learn, U305 where there are too few exploited cases to learn from
    """
    try:
        from screening.scorecard.classifier import ScorecardClassifier
    except ModuleNotFoundError as error:
        raise UsageError("U306", f"{error.name} is not installed", remedy="install screening[ml]; scoring with a shipped card needs nothing more") from None
    step = progress or (lambda _: None)
    step("drawing cases")
    cases = generate(world, recipe.cases, recipe.seed)
    groups = training_groups(cases)
    for name in JUDGED:
        found = int((groups == name).sum())
        if found < 50:
            raise UsageError("U305", f"only {found} training cases are of the subgroup {name!r}", place="--cases", remedy="draw more cases; 50 are the least")
    signs = tuple(candidates(checklist, barred(world)))
    step("searching for a card")
    estimator = ScorecardClassifier(recipe.max_items, max_points=recipe.max_points, subgroup_weights="worst", recall_floor=recipe.some_recall,
                                    random_state=recipe.seed, pool_size=recipe.pool_size)
    estimator.fit(cases.matrix(signs), cases.exploited, subgroups=groups)
    model = _model(checklist, world, cases, estimator, signs, id, title, recipe)
    return Trained(model, estimator, signs, cases)


def _model(checklist: Checklist, world: World, cases: Cases, estimator: Any, signs: Sequence[str], id: str, title: str, recipe: Recipe) -> CardModel:
    table = estimator.calibration_
    settings = {name: value for name, value in vars(recipe).items() if name not in ("cases", "seed")}
    return CardModel.model_validate({
        "format": FORMAT, "id": id, "title": title,
        "checklist": {"id": checklist.id, "version": checklist.version, "sha256": checklist.sha256},
        "statement": STATEMENT,
        "items": [{"indicator": signs[item.column], "yes": item.points, "open": item.open_points} for item in estimator.items_],
        "caps": [],
        "lines": _lines(estimator.totals(cases.matrix(signs)), cases, recipe),
        "least_known": recipe.least_known,
        "probability": [{"value": v, "low": low, "high": high} for v, low, high in zip(table.value, table.low, table.high, strict=True)],
        "training": {
            "worlds": [{"world": world.id, "sha256": world.sha256, "seed": cases.seed, "cases": len(cases)}],
            "prevalence": float(world.file.prevalence.share) if world.file.prevalence else 0.0,
            "settings": settings, "engine": ENGINE,
        },
    })


def _lines(total: NDArray[np.int32], cases: Cases, recipe: Recipe) -> dict[str, dict[str, int]]:
    """For children and adults apart: some signs from the recall floor on, many from the specificity on; never below 1 point.

    For children the floor holds for forced-begging children too, whom an average would hide.
    """
    begging = subgroups(cases)["forced-begging child"]
    lines = {}
    for profile, who in (("child", cases.child), ("adult", ~cases.child)):
        groups = [who & cases.exploited] + ([begging] if profile == "child" else [])
        some = min(_highest(total[group], recipe.some_recall) for group in groups)
        free = np.sort(total[who & ~cases.exploited])
        many = int(free[min(int(np.ceil(recipe.many_specificity * len(free))), len(free) - 1)]) + 1
        lines[profile] = {"some_signs": max(some, 1), "many_signs": max(many, some, 1)}
    return lines


def _highest(totals: NDArray[np.int32], recall: float) -> int:
    """The highest total that at least this share reaches."""
    ordered = np.sort(totals)[::-1]
    return int(ordered[int(np.ceil(recall * len(ordered) - 1e-9)) - 1])
