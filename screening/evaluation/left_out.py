"""Families left out: what a way of screening is worth where nothing of it was learned, and how far
that hangs on guesses.

Worlds of one family share their rates, so another world of the family it was learned in is no
external test. Figures of children are of children alone: forced-begging children against children
who are not exploited, which adults would flatter, or against the children who beg out of poverty,
who are the hardest to keep apart. Figures of adults are of adults alone. Beside the interval, which
only tells how many cases there were, is the 5 to 95 % range over universes of the family, which
tells how far the figure hangs on numbers that nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.checklist.model import Checklist
from screening.evaluation.metrics import Area, area, roc
from screening.evaluation.report import SPECIFICITIES, Mask, found_by
from screening.evaluation.screens import Screen
from screening.files.jsondata import plain
from screening.files.parallel import each
from screening.proportion import Share, share
from screening.simulation.generate import Cases, generate, prevalence_where
from screening.simulation.universe import universes
from screening.simulation.world import World, load_world, world_ids

__all__ = [
    "ADULTS",
    "AMONG",
    "APART",
    "OTHERS",
    "RANKED",
    "Apart",
    "LeftOut",
    "families_left_out",
    "left_out",
]

AMONG = (0.05, 0.10, 0.20)  # of the begging children met, tried as the share that is exploited
APART = "begging against poverty begging"
OTHERS = "recall of other exploited children"
ADULTS = "recall of adults"
RANKED = {"child": "AUC among children", "adult": "AUC among adults"}
PRECISION = "exploited among the begging children found"
OF_UNIVERSE = 8192  # cases of each universe, at most: one block
FORMS = ("begging", "labour", "servitude", "sexual")
FEWEST = 20  # of each kind, for a figure

Key = tuple[str, str, str]  # depth, measure, at


@dataclass(frozen=True)
class Apart:
    """One figure of a way of screening in a family.

    depth : of the meeting, or "" for all meetings
    measure, at : "recall" of forced-begging children, or `OTHERS`, at "specificity 0.75" among
        children who are not exploited; `ADULTS`, also by form ("recall of adults, labour"), at one
        among adults; the areas `APART` and `RANKED`; or `PRECISION` where so many of those met are
        exploited ("0.10 exploited")
    value : in the world as it is written
    low, median, high : 5 %, 50 % and 95 % of the universes; None without universes
    """

    screen: str
    depth: str
    measure: str
    at: str
    value: Share | Area
    low: float | None
    median: float | None
    high: float | None


@dataclass(frozen=True)
class LeftOut:
    """A family and every figure measured in it."""

    family: str
    title: str
    cases: int
    universes: int
    figures: list[Apart]

    def figure(self, screen: str, measure: str, at: str = "", depth: str = "") -> Apart | None:
        """The one figure asked for; None where too few people stand behind it."""
        key = (screen, depth, measure, at)
        return next((f for f in self.figures if (f.screen, f.depth, f.measure, f.at) == key), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "family": self.family,
            "cases": self.cases,
            "universes": self.universes,
            "figures": [
                {
                    "screen": f.screen,
                    "depth": f.depth,
                    "measure": f.measure,
                    "at": f.at,
                    **plain(f.value),
                    "universes": {"low": f.low, "median": f.median, "high": f.high},
                }
                for f in self.figures
            ],
        }


def families_left_out(
    checklist: Checklist, learned_in: Sequence[str], worlds: Sequence[World]
) -> list[World]:
    """Of these worlds, the first of each family in which nothing was learned."""
    known = world_ids(checklist)
    used = {load_world(checklist, name).family for name in learned_in if name in known}
    found: dict[str, World] = {}
    for world in worlds:
        if world.family not in used:
            found.setdefault(world.family, world)
    return list(found.values())


def left_out(
    screens: Sequence[Screen],
    world: World,
    n: int,
    seed: int,
    *,
    n_universes: int = 20,
    n_jobs: int | None = None,
) -> LeftOut:
    """Measure every screen in a world and in universes of it, on cases it has never seen.

    Parameters
    ----------
    n : cases of the world; of each universe as many, up to `OF_UNIVERSE`
    n_universes : 0 for no range
    """
    cases = generate(world, n, seed)
    swept = {a: generate(world, n, seed, prevalence_where(world, a)) for a in AMONG}
    here = {s.name: dict(_figures(s, cases)) | dict(_precision(s, swept)) for s in screens}
    measured = partial(_in_universe, screens, min(n, OF_UNIVERSE), seed)
    others = list(each(measured, universes(world, n_universes, seed), n_jobs))
    figures = []
    for screen in screens:
        for key, value in here[screen.name].items():
            seen = [o[screen.name][key] for o in others if key in o[screen.name]]
            low, median, high = np.quantile(seen, [0.05, 0.5, 0.95]) if seen else (None,) * 3
            figures.append(
                Apart(
                    screen.name,
                    *key,
                    value,
                    *(None if x is None else float(x) for x in (low, median, high)),
                )
            )
    return LeftOut(world.family, world.file.title, n, len(others), figures)


def _in_universe(
    screens: Sequence[Screen], n: int, seed: int, world: World
) -> dict[str, dict[Key, float]]:
    """The same figures from one draw: precision at each share follows from the two shares found."""
    cases = generate(world, n, seed)
    begging, y = cases.begging_child, cases.exploited
    measured = {}
    for screen in screens:
        mine = {key: figure.value for key, figure in _figures(screen, cases)}
        found = found_by(screen, screen.scores(cases), cases)
        if found is not None and (begging & y).any() and (begging & ~y).any():
            right, wrong = (float(found[begging & kind].mean()) for kind in (y, ~y))
            for a in AMONG:
                acted = a * right + (1 - a) * wrong
                if acted:
                    mine["", PRECISION, f"{a:.2f} exploited"] = a * right / acted
        measured[screen.name] = mine
    return measured


def _figures(screen: Screen, cases: Cases) -> Iterator[tuple[Key, Share | Area]]:
    """Of all meetings, then of each depth, with a line drawn for it."""
    scores, y = screen.scores(cases), cases.exploited
    begging = cases.child & (cases.form() == "begging")
    others = cases.child & ~y
    poor = cases.begging_child & ~y
    depths: list[tuple[str, Mask]] = [("", np.ones(len(cases), dtype=bool))]
    depths += [(name, cases.depth == k) for k, name in enumerate(cases.depths)]
    for depth, who in depths:
        mine, negative, near = begging & who, others & who, poor & who
        among = {"recall": mine, OTHERS: cases.child & y & who & ~begging}
        yield from _recalls(scores, mine, negative, among, depth)
        if min(mine.sum(), near.sum()) >= FEWEST:
            yield (depth, APART, ""), area(*_against(scores, mine, near))
        adult, free = ~cases.child & y & who, ~cases.child & ~y & who
        forms = {} if depth else {f: adult & (cases.form() == f) for f in FORMS}
        of_form = {f"{ADULTS}, {f}": mask for f, mask in forms.items()}
        yield from _recalls(scores, adult, free, {ADULTS: adult, **of_form}, depth)
    for profile, who in (("child", cases.child), ("adult", ~cases.child)):
        if min((who & y).sum(), (who & ~y).sum()) >= FEWEST:
            yield ("", RANKED[profile], ""), area(*_against(scores, who & y, who & ~y))


def _recalls(
    scores: NDArray[np.float64],
    positive: Mask,
    negative: Mask,
    among: Mapping[str, Mask],
    depth: str,
) -> Iterator[tuple[Key, Share]]:
    """Recall of each of these where so many of the negatives are left alone."""
    if min(positive.sum(), negative.sum()) < FEWEST:
        return
    curve = roc(*_against(scores, positive, negative))
    for measure, who in among.items():
        if who.sum() >= FEWEST:
            for at in SPECIFICITIES:
                yield (depth, measure, f"specificity {at:.2f}"), curve.recall_at(at, scores[who])


def _against(
    scores: NDArray[np.float64], positive: Mask, negative: Mask
) -> tuple[Mask, NDArray[np.float64]]:
    both = positive | negative
    return positive[both], scores[both]


def _precision(screen: Screen, swept: Mapping[float, Cases]) -> Iterator[tuple[Key, Share | Area]]:
    """Of the begging children it acts on by its own line, how many are exploited."""
    for among, cases in swept.items():
        found = found_by(screen, screen.scores(cases), cases)
        if found is None:
            return
        acted = found & cases.begging_child
        if acted.sum() >= FEWEST:
            right = int((acted & cases.exploited).sum())
            yield ("", PRECISION, f"{among:.2f} exploited"), share(right, int(acted.sum()))
