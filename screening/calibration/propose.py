"""Weights from people and data: the consensus of ratings, a card's points, or both with a stated
blend.

The blend is the textbook update of a mean. The consensus of n raters is the prior; a card, learned
from invented cases, is evidence that counts for as many raters as somebody says it is *worth*:

    weight = (n x consensus + worth x card) / (n + worth)

It is done sign by sign and written beside every weight, so that nobody has to trust it. A card that
does not carry a sign says nothing about it. A sign that everybody calls none counts nothing,
whatever a card says. Weights are whole, never below 0, so that no recorded sign can lower anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import quantiles
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile
from screening.calibration.concerns import agreed
from screening.calibration.ratings import SCALE, Ratings
from screening.checklist import prior
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.scale import MOST
from screening.checklist.schema import CASE_PROFILES
from screening.checklist.weightfiles import Agreed
from screening.errors import KnowledgeError, RatingError, UsageError, nearest
from screening.scorecard.model import CardModel

__all__ = [
    "DRAWS",
    "LARGEST",
    "LEAST",
    "METHODS",
    "Bound",
    "Draws",
    "Method",
    "Proposal",
    "Row",
    "edited",
    "propose",
]

Method = Literal["ratings", "card", "blend"]
METHODS: tuple[Method, ...] = ("ratings", "card", "blend")
LARGEST = MOST  # the heaviest that a sign may be without somebody saying so
# People who must have rated a sign for its weight to change: one alone stands for nobody else
LEAST = 2
DRAWS = 40  # plausible sets of weights that are kept with a set

Points = Mapping[Profile, Mapping[str, int]]


@dataclass(frozen=True)
class Bound:
    """A trainer's limits on the weight of a sign, both ends included; `low` of 1 says that it must
    count, `high` of 0 that it must not.
    """

    low: int = 0
    high: int = LARGEST

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 999:
            raise KnowledgeError("K157.bounds_invalid", low=self.low, high=self.high)


Bounds = Mapping[tuple[str, Profile], Bound]


@dataclass(frozen=True)
class Row:
    """How one weight came about: what it was, what people say (median and middle half in points),
    what the card says, what was cut.
    """

    indicator: str
    profile: Profile
    before: int
    raters: int
    median: float
    low: float
    high: float
    card: float
    exact: float
    points: int
    bounded: bool
    plausible: tuple[int, int]

    @property
    def contested(self) -> bool:
        """Whether the same raters, drawn again, could as well have given another weight."""
        return self.plausible[0] != self.plausible[1]


@dataclass(frozen=True)
class Proposal:
    """A proposed set: points, how each came about, other sets that could as well have come out, and
    what it rests on.
    """

    points: Points
    rows: tuple[Row, ...]
    alternatives: tuple[Points, ...]
    method: str
    evidence: str
    worlds: tuple[str, ...]
    seed: int
    agreement: Agreed | None = None


class Draws(NamedTuple):
    """How many plausible sets are drawn, and from which seed."""

    n: int = DRAWS
    seed: int = 1


def propose(
    checklist: Checklist,
    before: WeightSet,
    ratings: Ratings | None,
    card: CardModel | None,
    method: Method,
    *,
    worth: float = 0.0,
    bounds: Bounds | None = None,
    draws: Draws = Draws(),  # noqa: B008 - it never changes
) -> Proposal:
    """Weights from ratings, from a card, or from both.

    Parameters
    ----------
    before : the set it departs from. A sign that fewer than two people rated keeps its weight; with
        `card`, one that it does not carry
    worth : with `blend`, for how many raters the card counts
    bounds : limits by indicator and profile
    draws : plausible sets, from raters drawn again with replacement; none where there are no
        ratings

    Raises
    ------
    UsageError : U305 a method without what it needs
    KnowledgeError : K157 bounds for a sign that has no weight
    RatingError : R506 ratings of another list, R507 fewer than two raters
    """
    _check(checklist, before, ratings, card, method, worth, bounds or {})
    ratings, card = (
        None if method == "card" else ratings,
        None if method == "ratings" else card,
    )  # what is not used is no evidence
    maker = _Maker(checklist, before, ratings, card, method, worth, bounds or {})
    raters = len(ratings.raters) if ratings else 0
    rows = maker.rows(ratings)
    rng = np.random.default_rng(draws.seed)
    others = (
        tuple(maker.points(ratings.of(rng.integers(raters, size=raters))) for _ in range(draws.n))
        if ratings
        else ()
    )
    found = []
    for row in rows:
        seen = [o[row.profile][row.indicator] for o in others] or [row.points]
        found.append(
            Row(
                **{
                    **{name: getattr(row, name) for name in row.__dataclass_fields__},
                    "plausible": (min(seen), max(seen)),
                }
            )
        )
    points: dict[Profile, dict[str, int]] = {p: dict(before.points[p]) for p in CASE_PROFILES}
    for row in found:
        points[row.profile][row.indicator] = row.points
    worlds = tuple(
        dict.fromkeys(
            [*before.worlds, *(w.world for w in card.training.worlds)] if card else before.worlds
        )
    )  # a weight that is kept was set by them
    return Proposal(
        points,
        tuple(found),
        others,
        _method(method, worth, ratings, bool(before.lines)),
        _evidence(ratings, card),
        worlds,
        draws.seed,
        agreed(ratings),
    )


def edited(proposal: Proposal, points: Points) -> Proposal:
    """A proposal after a trainer set some weights by hand: those no longer vary in the plausible
    sets, since a person stands for them.
    """
    changed = {
        (p, i) for p in CASE_PROFILES for i, n in points[p].items() if proposal.points[p][i] != n
    }
    if not changed:
        return proposal
    others = tuple(
        {
            p: {i: points[p][i] if (p, i) in changed else n for i, n in one[p].items()}
            for p in CASE_PROFILES
        }
        for one in proposal.alternatives
    )
    named = ", ".join(f"{i} ({p})" for p, i in sorted(changed))
    return Proposal(
        points,
        proposal.rows,
        others,
        f"{proposal.method} Set by hand afterwards: {named}.",
        proposal.evidence,
        proposal.worlds,
        proposal.seed,
        proposal.agreement,
    )


def _check(
    checklist: Checklist,
    before: WeightSet,
    ratings: Ratings | None,
    card: CardModel | None,
    method: Method,
    worth: float,
    bounds: Bounds,
) -> None:
    if method not in METHODS:
        raise UsageError(
            "U305.method_unknown",
            place="--method",
            near=nearest(str(method), METHODS),
            method=method,
            methods=METHODS,
        )
    if method != "card" and ratings is None:
        raise UsageError("U305.method_needs_ratings", place="--method", method=method)
    if method != "ratings" and card is None:
        raise UsageError("U305.method_needs_card", place="--method", method=method)
    if method == "blend" and not 0 < worth <= 1000:
        raise UsageError("U305.card_worth", place="--worth", worth=worth)
    if ratings is not None and ratings.form.checklist != checklist.id:
        raise RatingError("R506.another_list", rated=ratings.form.checklist, checklist=checklist.id)
    if ratings is not None and method != "card" and len(ratings.raters) < 2:
        raise RatingError("R507.too_few_for_weights", n_raters=len(ratings.raters))
    for key, profile in bounds:
        sign = (
            key in checklist.indicators
            and checklist.dimensions[checklist.indicators[key].dimension].kind == "sign"
        )
        if not sign or profile not in before.points or key not in before.points[profile]:
            raise KnowledgeError(
                "K157.bounds_without_weight",
                near=nearest(key, checklist.indicators),
                indicator=key,
                profile=profile,
            )


class _Maker:
    """One way of making weights, used for the ratings as they are and for every draw of raters."""

    def __init__(
        self,
        checklist: Checklist,
        before: WeightSet,
        ratings: Ratings | None,
        card: CardModel | None,
        method: Method,
        worth: float,
        bounds: Bounds,
    ) -> None:
        self.before, self.method, self.worth, self.bounds = before, method, worth, bounds
        self.numbers = {
            (i.id, p): np.array(prior.numbers(i, before, p))
            for i in checklist.indicators.values()
            for p in CASE_PROFILES
            if i.applies(p)
        }
        self.signs = [
            (i.id, k, p)
            for i in checklist.indicators.values()
            for k, p in enumerate(CASE_PROFILES)
            if checklist.dimensions[i.dimension].kind == "sign" and i.applies(p)
        ]
        self.card: dict[Profile, dict[str, int]] = {
            p: {item.indicator: item.yes for item in card.items[p]} if card else {}
            for p in CASE_PROFILES
        }
        # Whoever is drawn, a sign that one person alone rated keeps its weight.
        self.rated = {
            key for key in self.signs if method != "card" and self._said(ratings, key)[0] >= LEAST
        }
        # Not averaged with anything: they all say that it tells nothing.
        self.nothing = {key for key in self.rated if ratings and not _steps(ratings, *key).any()}

    def points(self, ratings: Ratings) -> Points:
        made: dict[Profile, dict[str, int]] = {
            p: dict(self.before.points[p]) for p in CASE_PROFILES
        }
        for row in self.rows(ratings):
            made[row.profile][row.indicator] = row.points
        return made

    def rows(self, ratings: Ratings | None) -> list[Row]:
        said = {key: self._said(ratings, key) for key in self.signs}
        scale = {p: self._scale(said, p) for p in CASE_PROFILES}
        rows = []
        for key in self.signs:
            name, _, profile = key
            (n, low, median, high), before = said[key], self.before.points[profile][name]
            mine = self.card[profile]
            card = mine[name] * scale[profile] if name in mine else math.nan
            exact = self._exact(n if key in self.rated else 0, median, card, before)
            if key in self.nothing:
                exact = 0.0
            bound = self.bounds.get((name, profile), Bound(0, max(LARGEST, before)))
            points = min(
                max(math.floor(exact + 0.5), bound.low), bound.high
            )  # half goes up: towards help
            rows.append(
                Row(
                    name,
                    profile,
                    before,
                    n,
                    median,
                    low,
                    high,
                    card,
                    exact,
                    points,
                    points != math.floor(exact + 0.5),
                    (points, points),
                )
            )
        return rows

    def _said(
        self, ratings: Ratings | None, key: tuple[str, int, Profile]
    ) -> tuple[int, float, float, float]:
        """How many rated a sign, and the quartiles of their words in points."""
        if ratings is None:
            return 0, math.nan, math.nan, math.nan
        given: list[int] = self.numbers[key[0], key[2]][_steps(ratings, *key)].tolist()
        if not given:
            return 0, math.nan, math.nan, math.nan
        low, median, high = quantiles(
            given if len(given) > 1 else given * 2, n=4, method="inclusive"
        )  # linear between neighbours; exact for whole numbers
        return len(given), low, median, high

    def _exact(self, n: int, median: float, card: float, before: int) -> float:
        if self.method == "card":
            return before if math.isnan(card) else card
        if n == 0:
            return before
        if math.isnan(card):
            return median
        return (n * median + self.worth * card) / (n + self.worth)

    def _scale(
        self,
        said: Mapping[tuple[str, int, Profile], tuple[int, float, float, float]],
        profile: Profile,
    ) -> float:
        """What one point of the card is in points of the list: so that over the card's signs both
        weigh the same in all.
        """
        card = self.card[profile]
        mine = [key for key in self.signs if key[2] == profile and key[0] in card]
        wanted = sum(
            (
                said[key][2]
                if key in self.rated and said[key][0]
                else self.before.points[profile][key[0]]
            )
            for key in mine
        )
        have = sum(card[key[0]] for key in mine)
        return wanted / have if have else 0.0


def _steps(ratings: Ratings, name: str, k: int, profile: Profile) -> NDArray[np.int8]:
    """The words that were given for a sign, as numbers of the scale."""
    steps: NDArray[np.int8] = ratings.strength[:, ratings.indicators.index(name), k]
    return steps[steps >= 0]


def _method(method: Method, worth: float, ratings: Ratings | None, decides: bool) -> str:
    tells, soft = (
        ", ".join(f"{word} {n}" for word, n in zip(SCALE, numbers, strict=True))
        for numbers in (prior.TELLS if decides else prior.PUBLISHED, prior.SOFT)
    )
    apart = (
        f"; a circumstance, or how a person seems: {soft}; a sign that decides alone keeps its"
        " number where it is called strong"
    )
    consensus = f"the median of the raters' points ({tells}{apart if decides else ''})"
    kept = f"A sign that fewer than {LEAST} people rated keeps its weight."
    if method == "ratings":
        return f"Each sign weighs {consensus}, half a point going up. {kept}"
    if method == "card":
        return (
            "Each sign on the card weighs the card's points, brought to this list's scale; a sign"
            " that it does not carry keeps its weight."
        )
    raters = len(ratings.raters) if ratings else 0
    return (
        f"Each sign weighs {consensus} and the card's points together: the card counts for"
        f" {worth:g} raters beside {raters}. A sign that the card does not carry weighs the median."
        f" {kept} A sign that everybody calls none counts nothing. Half a point goes up."
    )


def _evidence(ratings: Ratings | None, card: CardModel | None) -> str:
    parts: list[str] = []
    if ratings is not None:
        parts.append(
            f"Ratings of round {ratings.round} by {len(ratings.raters)} people, form"
            f" {ratings.form.id}."
        )
    if card is not None:
        worlds: Iterable[str] = (
            f"{w.world} ({w.universes} universes of {w.cases} cases, seed {w.seed})"
            for w in card.training.worlds
        )
        parts.append(f"Card {card.id}, trained on {', '.join(worlds)}: {card.statement}.")
    return " ".join([*parts, "Not tested on real cases."])
