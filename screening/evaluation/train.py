"""From families of worlds to a shipped card: draw universes, fit, draw the lines, write down how it
was made.

Needs the `ml` extra. Children and adults have a card each: what tells of an exploited adult is
often not what tells of a child, and one card for both serves whoever is more. What is left out of
the candidates is as much a decision as what is in: signs about the company a person is in and about
papers are barred, so that being with family and having papers can neither lower nor raise anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile
from screening.checklist import prior
from screening.checklist.model import Checklist
from screening.checklist.scale import TELLING
from screening.checklist.schema import CASE_PROFILES
from screening.errors import UsageError
from screening.evaluation.screens import CardScreen, candidates
from screening.scorecard.model import FORMAT, STATEMENT, CardModel
from screening.scoring import ENGINE
from screening.simulation.generate import Cases, generate
from screening.simulation.universe import universes
from screening.simulation.world import World

__all__ = ["BEGGING", "Fit", "Recipe", "Sample", "Trained", "barred", "train", "training_groups"]

BEGGING = "forced-begging child"
FEWEST = 50  # exploited training cases of each profile
SMALL = 200  # a group of fewer is looked after together with other small ones
STRENGTHS = ("none", "weak", "medium", "strong")


@dataclass(frozen=True)
class Recipe:
    """What the cards are trained with.

    universes, cases : of each world, and of each universe
    exploited : the share of exploited people among them; it moves neither points nor lines much
    begging_weight : how often each forced-begging child counts; the tool exists for them, and an
        average forgets them
    few_at_most : of how many exploited people of each group the card may say "few signs"
    many_specificity : the least specificity of "many signs", among those of the profile
    """

    max_items: int = 15
    max_points: int = 10
    universes: int = 6
    cases: int = 6_000
    seed: int = 1
    exploited: float = 0.35
    begging_weight: float = 2.0
    few_at_most: float = 0.10
    many_specificity: float = 0.90
    least_known: float = 1 / 3
    pool_size: int = 0


@dataclass(frozen=True)
class Sample:
    """Cases of several worlds or universes, as one."""

    parts: tuple[Cases, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def matrix(self, signs: Sequence[str]) -> NDArray[np.float32]:
        """As `Cases.matrix`: yes 1, open 0.5, no 0 (n, signs)."""
        return np.concatenate([c.matrix(list(signs)) for c in self.parts])

    @cached_property
    def exploited(self) -> NDArray[np.bool_]:
        return np.concatenate([c.exploited for c in self.parts])

    @cached_property
    def child(self) -> NDArray[np.bool_]:
        return np.concatenate([c.child for c in self.parts])

    @cached_property
    def form(self) -> NDArray[Any]:
        """The form of exploitation, or "" (n,)."""
        return np.concatenate([c.form() for c in self.parts])

    def of(self, profile: Profile) -> NDArray[np.bool_]:
        """Who is treated as a child, or as an adult (n,)."""
        return self.child if profile == "child" else ~self.child


@dataclass(frozen=True)
class Fit:
    """One profile's fitted estimator and the signs that are its columns."""

    estimator: Any
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Trained:
    """The model to ship, the fitted estimators behind it, and the cases they learned from."""

    model: CardModel
    fits: Mapping[Profile, Fit]
    sample: Sample


def barred(world: World) -> tuple[str, ...]:
    """Signs about company and papers, as the world names them."""
    practice = world.file.practice
    assert practice is not None
    return (*practice.accompanied_unless, *practice.papers_unless)


def training_groups(sample: Sample, profile: Profile) -> NDArray[Any]:
    """The group of every case that the search looks after; "" for those who are not exploited (n,).

    Of children, those who are forced to beg and all others; of adults, each form of exploitation.
    """
    names = np.full(len(sample), "", dtype=object)
    mine = sample.of(profile) & sample.exploited
    if profile == "child":
        names[mine] = "other exploited child"
        names[mine & (sample.form == "begging")] = BEGGING
        return names
    for form in sorted(set(sample.form[mine].tolist())):
        who = mine & (sample.form == form)
        names[who] = f"adult, {form}" if who.sum() >= SMALL else "adult, other"
    return names


def train(
    checklist: Checklist,
    worlds: Sequence[World],
    id: str,
    title: str,
    recipe: Recipe,
    progress: Callable[[str], None] | None = None,
    n_jobs: int | None = None,
) -> Trained:
    """Train a card for children and one for adults on universes of some worlds. Children who are
    forced to beg count more than others; of adults, the form of exploitation that lags most is
    served first. `n_jobs` threads try cards.

    Raises
    ------
    UsageError : U306 without scikit-learn, U305 where there are too few exploited cases to learn
        from
    """
    step = progress or (lambda _: None)
    step("drawing cases")
    sample = drawn(worlds, recipe)
    fits: dict[Profile, Fit] = {}
    for profile in CASE_PROFILES:
        step(f"searching for a card: {profile}")
        fits[profile] = fitted(checklist, worlds, sample, profile, recipe, n_jobs)
    model = _model(checklist, worlds, sample, fits, id, title, recipe)
    return Trained(model, fits, sample)


def drawn(worlds: Sequence[World], recipe: Recipe) -> Sample:
    """The training cases: universes of each world, never the world as it is written."""
    return Sample(
        tuple(
            generate(one, recipe.cases, recipe.seed, recipe.exploited)
            for world in worlds
            for one in universes(world, recipe.universes, recipe.seed)
        )
    )


def fitted(
    checklist: Checklist,
    worlds: Sequence[World],
    sample: Sample,
    profile: Profile,
    recipe: Recipe,
    n_jobs: int | None = None,
) -> Fit:
    """One profile's card.

    Raises
    ------
    UsageError : as `train`
    """
    try:
        from screening.scorecard.classifier import ScorecardClassifier
    except ModuleNotFoundError as error:
        raise UsageError("U306.training_packages", error=error.name) from None
    mine = sample.of(profile)
    found = int((mine & sample.exploited).sum())
    if found < FEWEST:
        raise UsageError(
            "U305.subgroup_too_small",
            place="--cases",
            found=found,
            name=f"{profile!r}",
            fewest=FEWEST,
        )
    off = {sign for world in worlds for sign in barred(world)}
    signs = tuple(
        sign
        for sign in candidates(checklist, sorted(off))
        if checklist.indicators[sign].applies(profile)
    )
    estimator = ScorecardClassifier(
        recipe.max_items,
        max_points=recipe.max_points,
        bounds={
            n: (0, most_points(checklist, sign, profile, recipe.max_points))
            for n, sign in enumerate(signs)
        },
        # With the worst group first, the card for children finds 5 to 9 in 100 fewer of those who
        # are forced to beg in families left out, and ranks no better.
        subgroup_weights={BEGGING: recipe.begging_weight} if profile == "child" else "worst",
        recall_floor=1 - recipe.few_at_most,
        random_state=recipe.seed,
        pool_size=recipe.pool_size,
        n_jobs=n_jobs,
    )
    groups = training_groups(sample, profile)
    estimator.fit(sample.matrix(signs)[mine], sample.exploited[mine], subgroups=groups[mine])
    return Fit(estimator, signs)


def most_points(checklist: Checklist, sign: str, profile: Profile, most: int) -> int:
    """The most points a sign may have on a card: its place in the prior of the list's own numbers,
    beside a strong telling sign, which may have all. So no invented world can make a card on which
    a circumstance of poverty carries somebody.
    """
    indicator = checklist.indicators[sign]
    numbers = prior.TELLS if indicator.nature in TELLING else prior.SOFT
    place = max(1, STRENGTHS.index(indicator.strength_for(profile) or "none"))
    return max(1, math.ceil(most * numbers[place] / prior.TELLS[-1]))


def _model(
    checklist: Checklist,
    worlds: Sequence[World],
    sample: Sample,
    fits: Mapping[Profile, Fit],
    id: str,
    title: str,
    recipe: Recipe,
) -> CardModel:
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
            "items": {
                profile: [
                    {
                        "indicator": fit.signs[item.column],
                        "yes": item.points,
                        "open": item.open_points,
                    }
                    for item in fit.estimator.items_
                ]
                for profile, fit in fits.items()
            },
            "caps": [],
            "lines": dict.fromkeys(CASE_PROFILES, least),
            "least_known": recipe.least_known,
            "training": {
                "worlds": [
                    {
                        "world": world.id,
                        "sha256": world.sha256,
                        "seed": recipe.seed,
                        "universes": recipe.universes,
                        "cases": recipe.cases,
                    }
                    for world in worlds
                ],
                "prevalence": recipe.exploited,
                "settings": {k: v for k, v in vars(recipe).items() if k != "seed"},
                "engine": ENGINE,
            },
        }
    )
    lines = {profile: _lines(draft, sample, profile, recipe) for profile in CASE_PROFILES}
    return CardModel.model_validate({**draft.model_dump(), "lines": lines})


def _lines(draft: CardModel, sample: Sample, profile: Profile, recipe: Recipe) -> dict[str, int]:
    """Some signs as high as `few_at_most` lets them begin, many from the specificity on; never
    below 1 point.

    The limit holds for each group apart, whom an average would hide. Lines are drawn on what is
    recorded, as the bands are.
    """
    screen, mine = CardScreen(draft.id, draft), sample.of(profile)
    said = [screen.opinions(cases) for cases in sample.parts]
    recorded, opened, enough = (
        np.concatenate([getattr(o, name) for o in said])
        for name in ("points_recorded", "points_open", "enough")
    )
    # "Few" is said from the first line above both, where enough is known.
    nearest = np.maximum(recorded, opened)
    groups = training_groups(sample, profile)
    some = min(
        _highest(nearest[who], enough[who], recipe.few_at_most)
        for name in sorted(set(groups[mine & sample.exploited].tolist()))
        for who in [groups == name]
    )
    free = np.sort(recorded[mine & ~sample.exploited])
    many = int(free[min(int(np.ceil(recipe.many_specificity * len(free))), len(free) - 1)]) + 1
    most = draft.most(profile)
    some = min(max(some, 1), most)
    return {"some_signs": some, "many_signs": min(max(many, some), most)}


def _highest(nearest: NDArray[np.int32], enough: NDArray[np.bool_], most: float) -> int:
    """The highest line below which no more than this share lies, counting those only of whom enough
    is known.
    """
    ordered = np.sort(nearest[enough])
    allowed = int(np.floor(most * len(nearest) + 1e-9))
    return int(ordered[allowed]) if allowed < len(ordered) else int(ordered[-1]) + 1
