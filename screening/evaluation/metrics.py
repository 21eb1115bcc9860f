"""Shares, curves and areas, each with the numbers it rests on.

Arrays in, small frozen results out. Curves are scikit-learn's. What it has no interval or count for
is worked out here and held to it by tests: the area with DeLong's interval, whose mean is
`roc_auc_score`, and reliability with the number of cases in each bin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.proportion import Share, Z, share

__all__ = ["Area", "Roc", "area", "calibration_line", "net_benefit", "reliability", "roc"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Roc:
    """Every line that can be drawn through some scores, from none found to all found.

    lines : scores from which a case counts as found, falling; the first finds nobody
    false, true : shares of negatives and of positives found (same length)
    """

    lines: Floats
    false: Floats
    true: Floats

    def precision_at(self, specificity: float, y: Mask, scores: Floats) -> Share:
        """Precision among these cases at exactly this specificity of the curve; counts are rounded
        to whole cases.
        """
        hits, false = (self.recall_at(specificity, scores[kind]).hits for kind in (y, ~y))
        return share(min(float(round(hits)), float(round(hits + false))), round(hits + false))

    def recall_at(self, specificity: float, scores: Floats) -> Share:
        """Recall of these positives' scores at exactly this specificity, between the two nearest
        lines.
        """
        positive = np.sort(scores)
        found = len(positive) - np.searchsorted(positive, self.lines, "left")
        return share(float(np.interp(1 - specificity, self.false, found)), len(positive))

    def line_at(self, specificity: float) -> float:
        """The lowest line at which at least this share of the negatives is left alone."""
        return float(self.lines[np.flatnonzero(self.false <= 1 - specificity + 1e-12)[-1]])

    def line_for(self, recall: float) -> float:
        """The highest line at which at least this share of the positives is found."""
        return float(self.lines[np.flatnonzero(self.true >= recall - 1e-12)[0]])


def roc(y: Mask, scores: Floats) -> Roc:
    """The ROC curve; `y` marks the positives and holds both kinds (ValueError where it does
    not).
    """
    if y.all() or not y.any():
        raise ValueError("a curve needs cases of both kinds")
    from sklearn.metrics import roc_curve

    false, true, lines = roc_curve(y, scores, drop_intermediate=False)
    return Roc(lines, false, true)


@dataclass(frozen=True)
class Area:
    """Area under the ROC curve with a 95 % interval (DeLong), and how many positives and negatives
    it rests on.
    """

    value: float
    low: float
    high: float
    positives: int
    negatives: int


def area(y: Mask, scores: Floats) -> Area:
    """AUC: the chance that a positive scores above a negative, ties counting half.

    The interval is DeLong's: the spread of each case's own share of won comparisons.
    """
    positive, negative = scores[y], scores[~y]
    m, n = len(positive), len(negative)
    if not m or not n:
        return Area(math.nan, 0.0, 1.0, m, n)
    won = _below(positive, np.sort(negative)) / n
    lost = 1 - _below(negative, np.sort(positive)) / m
    value = float(won.mean())
    spread = Z * math.sqrt(
        (won.var(ddof=1) / m if m > 1 else 0.25) + (lost.var(ddof=1) / n if n > 1 else 0.25)
    )
    return Area(value, max(0.0, value - spread), min(1.0, value + spread), m, n)


def _below(scores: Floats, others: Floats) -> Floats:
    """For each score, how many of the sorted others lie below, ties counting half."""
    result: Floats = (
        np.searchsorted(others, scores, "left") + np.searchsorted(others, scores, "right")
    ) / 2
    return result


def reliability(y: Mask, probability: Floats, bins: int = 10) -> list[tuple[float, Share]]:
    """Mean probability and observed share in bins of about equal size; equal probabilities are
    never parted.
    """
    edges = np.unique(np.quantile(probability, np.linspace(0, 1, bins + 1)))
    number = np.clip(np.searchsorted(edges, probability, "right") - 1, 0, max(len(edges) - 2, 0))
    return [
        (float(probability[mine].mean()), share(int(y[mine].sum()), int(mine.sum())))
        for mine in (number == b for b in range(len(edges)))
        if mine.any()
    ]


def calibration_line(y: Mask, probability: Floats) -> tuple[float, float]:
    """Intercept and slope of the outcome on the log odds of the probability; 0 and 1 are
    perfect.
    """
    p = np.clip(probability, 1e-6, 1 - 1e-6)
    x = np.log(p / (1 - p))
    design = np.stack([np.ones(len(x)), x])
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-(beta @ design)))
        weight = fitted * (1 - fitted)
        step = np.linalg.solve(
            (design * weight) @ design.T + 1e-9 * np.eye(2), design @ (y - fitted)
        )
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return float(beta[0]), float(beta[1])


def net_benefit(y: Mask, found: Mask, threshold: float) -> float:
    """Net benefit a case at a threshold probability: true positives less false ones at the
    threshold's odds.
    """
    n = len(y)
    return float((y & found).sum() / n - (~y & found).sum() / n * threshold / (1 - threshold))
