"""Who is found, subgroup by subgroup: what could be reached, what a card is judged by, what each of
its items buys for whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.scorecard.points import Judge
from screening.scorecard.search import Columns, Problem, fit_nonnegative
from screening.scorecard.totals import Floats, Points, States, auc_of, recall_at, totals

__all__ = ["Masks", "PathStep", "judge_of", "path_of", "reachable"]

Masks = Mapping[str, NDArray[np.bool_]]  # by subgroup, which rows are its positives


@dataclass(frozen=True)
class PathStep:
    """What adding one more item to the card buys, at the specificity asked for: recall of all, and
    of each subgroup.
    """

    feature: str
    column: int
    recall: float
    by_subgroup: Mapping[str, float]
    auc: float


def reachable(problem: Problem, groups: Masks, specificity: float) -> dict[str, float]:
    """By subgroup, the recall that all items together reach with real coefficients: what a short
    card is measured by.
    """
    columns = Columns(problem, problem.allowed)
    beta, _ = fit_nonnegative(columns.z, problem.y, problem.weight, problem.ridge)
    rank = np.unique(beta[1:] @ columns.z, return_inverse=True)[1].astype(np.int32)
    return {
        name: recall_at(rank, problem.y, problem.weight, specificity, mask)
        for name, mask in groups.items()
    }


def judge_of(
    groups: Masks,
    y: NDArray[np.bool_],
    weight: Floats,
    below: Mapping[str, float],
    specificity: float,
) -> Judge:
    """What the search for whole points lowers: the worst subgroup's lag, and the rank of all, in
    equal parts.
    """
    names = list(groups)
    code = np.zeros(
        len(y), dtype=np.int64
    )  # 0 negative, 1 a positive of no subgroup, then the subgroups
    code[y] = 1
    for k, name in enumerate(names, 2):
        code[groups[name]] = k
    floors = np.array([below[n] for n in names])

    def judge(total: NDArray[np.int32]) -> float:
        size = int(total.max()) + 2
        table = np.bincount(
            code * size + total, weights=weight, minlength=size * (len(names) + 2)
        ).reshape(-1, size)
        above = table[:, ::-1].cumsum(axis=1)
        false = above[0] / above[0, -1]
        recalls = [np.interp(1 - specificity, false, a / a[-1]) for a in above[2:] if a[-1] > 0]
        positive = table[1:].sum(axis=0)
        below = np.cumsum(table[0]) - table[0] / 2
        area = float(positive @ below / (positive.sum() * table[0].sum()))
        return float(np.max(floors - np.array(recalls))) - area

    return judge


def path_of(
    points: Points,
    names: Sequence[str],
    states: States,
    y: NDArray[np.bool_],
    weight: Floats,
    groups: Masks,
    caps: Any,
    specificity: float,
) -> list[PathStep]:
    """Items of the card in the order in which each next one helps the worst subgroup, then
    everybody, most.
    """
    left = list(range(len(points.items)))
    order: list[int] = []
    steps: list[PathStep] = []
    while left:
        tried = []
        for n in left:
            some = [*order, n]
            items, yes, opened = (
                tuple(values[m] for m in some)
                for values in (points.items, points.yes, points.opened)
            )
            part = Points(items, yes, opened)
            total = totals(states, part, caps)
            recalls = {
                name: recall_at(total, y, weight, specificity, mask)
                for name, mask in groups.items()
            }
            auc = auc_of(total, y, weight)
            tried.append(
                (round(min(recalls.values(), default=0.0), 3) + auc, -n, total, recalls, auc)
            )
        _, negative, total, recalls, auc = max(tried, key=lambda t: t[:2])
        n = -negative
        order.append(n)
        left.remove(n)
        steps.append(
            PathStep(
                names[points.items[n]],
                points.items[n],
                recall_at(total, y, weight, specificity),
                recalls,
                auc,
            )
        )
    return steps
