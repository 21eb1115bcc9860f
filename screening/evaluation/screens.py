"""Ways of screening, put to the same cases: today's practice, published instruments, plain sums,
learned models, the card.

A way of screening gives every case a score, and may have a line of its own from which it acts.
Those that learn are given training cases and never see others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from screening.checklist import catalogue_ids, load_checklist, load_weights
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.errors import UsageError
from screening.scorecard.batch import Opinions, opinions
from screening.scorecard.model import BANDS, CardModel
from screening.scoring.batch import compile_plan, score_block
from screening.scoring.block import YES, Block
from screening.simulation.generate import Cases

__all__ = [
    "LEARNED",
    "SAID",
    "CardScreen",
    "CountScreen",
    "ListScreen",
    "ModelScreen",
    "PointsScreen",
    "ProfileScreen",
    "Screen",
    "candidates",
    "learned",
    "standard",
]

Floats = NDArray[np.float64]

SAID = ("some or many signs", "too little known", "few signs so far")  # by a card, of everybody one

_REFER = FINDINGS.index("refer")


class Screen(Protocol):
    """One way of screening.

    line : score from which it acts, or None where it has none of its own
    probability : whether its scores are probabilities
    """

    name: str
    line: float | None
    probability: bool

    def scores(self, cases: Cases) -> Floats: ...


@dataclass
class ListScreen:
    """A list by its rules: acts from `refer` on.

    Danger counts for nothing here, since it is no sign of trafficking.
    """

    name: str
    checklist: Checklist
    weights: WeightSet
    line: float | None = float(_REFER)
    probability: bool = False

    def __post_init__(self) -> None:
        self.plan = compile_plan(self.checklist, self.weights)

    def scores(self, cases: Cases) -> Floats:
        """The finding's rank, and below that the points."""
        where = [cases.world.signs.index(i) for i in self.plan.indicators]
        block = cases.block()
        mine = Block(block.case_ids, block.age, block.certain, block.codes[where])
        result = score_block(mine, self.plan)
        points: Floats = result.points / (1.0 + result.points_max)
        finding: Floats = result.finding_without + points
        return finding


@dataclass
class PointsScreen:
    """A list by its points alone."""

    name: str
    checklist: Checklist
    weights: WeightSet
    line: float | None = None
    probability: bool = False

    def scores(self, cases: Cases) -> Floats:
        result = score_block(cases.block(), compile_plan(self.checklist, self.weights))
        return result.points.astype(np.float64)


@dataclass
class CountScreen:
    """How many signs are a yes."""

    name: str
    signs: Sequence[str]
    line: float | None = None
    probability: bool = False

    def scores(self, cases: Cases) -> Floats:
        where = [cases.world.signs.index(i) for i in self.signs]
        counted: Floats = (cases.block().codes[where] == YES).sum(axis=0).astype(np.float64)
        return counted


@dataclass
class ModelScreen:
    """A fitted estimator over some signs. `encode` turns their three states into its columns."""

    name: str
    model: Any
    signs: Sequence[str]
    encode: Callable[[NDArray[np.float32]], NDArray[Any]]
    line: float | None = None
    probability: bool = True

    def scores(self, cases: Cases) -> Floats:
        p: Floats = self.model.predict_proba(self.encode(cases.matrix(list(self.signs))))[:, 1]
        return p


@dataclass
class ProfileScreen:
    """One way for children and another for adults. Their scores are not on one scale."""

    name: str
    child: Screen
    adult: Screen
    line: float | None = None
    probability: bool = False

    def scores(self, cases: Cases) -> Floats:
        both: Floats = np.where(cases.child, self.child.scores(cases), self.adult.scores(cases))
        return both


@dataclass
class CardScreen:
    """A card as it is used: scores are its points, and it acts where it says that there are some or
    many signs.

    Too little known is neither found nor set aside: it is a question still owed, and is counted
    apart.
    """

    name: str
    card: CardModel
    line: float | None = None
    probability: bool = False

    def opinions(self, cases: Cases) -> Opinions:
        """What the card says of everybody."""
        profile = np.where(
            cases.child, CASE_PROFILES.index("child"), CASE_PROFILES.index("adult")
        ).astype(np.uint8)
        return opinions(
            self.card, cases.world.checklist, cases.world.signs, cases.block().codes, profile
        )

    def scores(self, cases: Cases) -> Floats:
        points: Floats = self.opinions(cases).points.astype(np.float64)
        return points

    def acts(self, cases: Cases) -> NDArray[np.bool_]:
        """Those of whom the card says `some_signs` or `many_signs`."""
        return self.said(cases)[SAID[0]]

    def said(self, cases: Cases) -> dict[str, NDArray[np.bool_]]:
        """What the card says of whom: one of `SAID` for everybody (n,)."""
        band = self.opinions(cases).band
        return {
            "some or many signs": np.asarray(band >= BANDS.index("some_signs")),
            "too little known": np.asarray(band == BANDS.index("too_little_known")),
            "few signs so far": np.asarray(band == BANDS.index("few_signs_so_far")),
        }


def candidates(checklist: Checklist, barred: Sequence[str] = ()) -> list[str]:
    """The signs a card may use, in list order: those that carry weight, without the ones barred."""
    return [
        i.id
        for i in checklist.indicators.values()
        if checklist.dimensions[i.dimension].kind == "sign" and i.id not in barred
    ]


def standard(checklist: Checklist, weights: WeightSet | None = None) -> list[Screen]:
    """Everything that needs no training: practice, published instruments, the plain count, the
    weights in use.
    """
    screens: list[Screen] = []
    for name in catalogue_ids():
        other = load_checklist(name)
        if other.role == "comparator":
            screens.append(ListScreen(f"{name} list by its rules", other, load_weights(other)))
    used = weights or load_weights(checklist)
    screens.append(CountScreen("plain count of signs", candidates(checklist)))
    screens.append(ListScreen(f"{checklist.id} list by its rules", checklist, used))
    screens.append(PointsScreen(f"{checklist.id} list by its points", checklist, used))
    return screens


def as_states(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Two columns a sign: yes, open."""
    return np.concatenate([x == 1, x == 0.5], axis=1).astype(np.float32)


def as_is(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return x


LEARNED = ("logistic regression", "EBM", "gradient boosting", "monotone gradient boosting")


class Labelled(Protocol):
    """Cases with what is true of them: a world's, or a sample of several."""

    @property
    def exploited(self) -> NDArray[np.bool_]: ...

    def matrix(self, signs: Sequence[str]) -> NDArray[np.float32]: ...


def learned(
    name: str,
    train: Labelled,
    signs: Sequence[str],
    seed: int = 0,
    who: NDArray[np.bool_] | None = None,
) -> ModelScreen:
    """One of `LEARNED`, fitted on training cases with their true labels.

    Gradient boosting is the ceiling: of anything that may be learned from the answers, or,
    monotone, of anything that no recorded sign can lower. `who` (n,) says which cases to learn
    from: fitted on children and adults together it is no ceiling for either.

    Raises
    ------
    UsageError : U306 a package is not installed
    """
    x, y = train.matrix(list(signs)), train.exploited
    if who is not None:
        x, y = x[who], y[who]
    try:
        if name == "logistic regression":
            from sklearn.linear_model import LogisticRegression

            return ModelScreen(
                name, LogisticRegression(max_iter=1000).fit(as_states(x), y), signs, as_states
            )
        if name in ("gradient boosting", "monotone gradient boosting"):
            from sklearn.ensemble import HistGradientBoostingClassifier

            rising = [1] * len(signs) if name.startswith("monotone") else None
            model = HistGradientBoostingClassifier(
                max_iter=300,
                learning_rate=0.06,
                early_stopping=True,
                random_state=seed,
                monotonic_cst=rising,
            )
            return ModelScreen(name, model.fit(x, y), signs, as_is)
        from interpret.glassbox import ExplainableBoostingClassifier

        model = ExplainableBoostingClassifier(
            interactions=0,
            monotone_constraints=[1] * x.shape[1],
            outer_bags=2,
            n_jobs=1,
            random_state=seed,
        )
        return ModelScreen(name, model.fit(x, y), signs, as_is)
    except ModuleNotFoundError as error:
        raise UsageError("U306.compare_packages", error=error.name) from None
