"""One evaluation: ways of screening on one world's cases, by subgroup, every figure with n and
interval.

Lines are drawn in three ways: at a specificity, on the cases themselves (what could be reached with
the best line there); at the screen's own line, brought along from training or from its rules (what
would happen), or lines that the caller chose; and by a recall floor on training cases, which is how
a learned screen gets its own line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from screening.answers import ADULT_AGE
from screening.errors import UsageError
from screening.evaluation.metrics import (
    Area,
    Roc,
    area,
    calibration_line,
    net_benefit,
    reliability,
    roc,
)
from screening.evaluation.screens import SAID, Screen
from screening.files.jsondata import plain
from screening.files.parallel import each
from screening.proportion import Share, share
from screening.scorecard.model import TrainedOn
from screening.simulation.generate import Cases

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "SPECIFICITIES",
    "Evaluation",
    "Figure",
    "Mask",
    "Result",
    "draw_line",
    "evaluate",
    "figures_of",
    "found_by",
    "frame_of",
    "subgroups",
]

SPECIFICITIES = (0.75, 0.90)
THRESHOLDS = (0.02, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.50)  # of the decision curve
FEWEST = 50  # of each kind, before a subgroup's calibration is told
OPEN_BANDS = (
    (0.0, 1 / 3, "open answers below 1/3"),
    (1 / 3, 0.5, "open answers 1/3 to 1/2"),
    (0.5, 1.01, "open answers above 1/2"),
)

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Figure:
    """One number: which screen, of whom, what, at which line."""

    screen: str
    subgroup: str
    # Recall, specificity, precision, auc; of a card also "share of the exploited" and "share of the
    # not exploited"
    measure: str
    # "specificity 0.75", "own line", "from 12 on" (a line of the caller's), one of `SAID`, or ""
    # for auc
    at: str
    value: Share | Area

    @property
    def n(self) -> int:
        """How many people it rests on."""
        v = self.value
        return v.n if isinstance(v, Share) else v.positives + v.negatives


@dataclass(frozen=True)
class Result:
    """Everything about one screen on one world: figures, curves, calibration (only where scores are
    probabilities).
    """

    screen: str
    line: float | None
    figures: list[Figure]
    roc: list[tuple[float, float]]
    reliability: list[tuple[float, Share]]
    calibration: dict[str, float]
    calibration_by: dict[str, dict[str, float]]
    decision: list[tuple[float, float]]

    def figure(self, measure: str, subgroup: str = "all", at: str = "") -> Share | Area:
        """The one figure asked for; KeyError where there is none."""
        for f in self.figures:
            if (f.measure, f.subgroup, f.at) == (measure, subgroup, at):
                return f.value
        raise KeyError((measure, subgroup, at))


@dataclass(frozen=True)
class Evaluation:
    """Results on one world.

    trained_here : the learned screens were trained on universes of this very world
    """

    world: str
    trained_here: bool
    n: int
    exploited: int
    seed: int
    results: list[Result]

    def result(self, screen: str) -> Result:
        return next(r for r in self.results if r.screen == screen)

    def to_frame(self) -> pd.DataFrame:
        """Every figure as a row of a pandas frame: screen, subgroup, measure, at, value, low, high
        (the ends of the 95 % interval) and n, how many people it rests on.
        """
        return frame_of([figure for result in self.results for figure in result.figures])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "world": self.world,
            "trained_here": self.trained_here,
            "n": self.n,
            "exploited": self.exploited,
            "seed": self.seed,
            "results": [
                {
                    "screen": r.screen,
                    "line": plain(r.line),
                    "figures": [
                        {"subgroup": f.subgroup, "measure": f.measure, "at": f.at, **plain(f.value)}
                        for f in r.figures
                    ],
                    "roc": r.roc,
                    "calibration": r.calibration,
                    "calibration_by": r.calibration_by,
                    "decision": r.decision,
                    "reliability": [{"probability": p, **plain(s)} for p, s in r.reliability],
                }
                for r in self.results
            ],
        }


def subgroups(cases: Cases) -> dict[str, Mask]:
    """Who is looked at apart. "forced-begging child" and those like it hold exploited people only;
    others hold both kinds.
    """
    child, exploited, form = cases.child, cases.exploited, cases.form()
    begging = child & (form == "begging")
    ordinary = cases.accompanied & cases.papers
    groups = {
        "all": np.ones(len(cases), dtype=bool),
        "forced-begging child": begging,
        "other exploited child": child & exploited & ~begging,
    }
    groups |= {f"adult, {f}": ~child & (form == f) for f in sorted(set(form.tolist()) - {""})}
    groups |= {
        "child": child,
        "adult": ~child,
        "child with family and papers": child & ordinary,
        "child without family or papers": child & ~ordinary,
        "forced-begging child with family and papers": begging & ordinary,
        "of uncertain age, 18 or more": child & (cases.age >= ADULT_AGE),
    }
    asked = cases.open_share()
    groups |= {name: (asked >= low) & (asked < high) for low, high, name in OPEN_BANDS}
    for number, situation in enumerate(cases.world.situations):
        groups[
            ("exploited: " if situation.exploited else "not exploited: ")
            + situation.id.replace("_", " ")
        ] = cases.situation == number
    return groups


def draw_line(screen: Screen, train: Sequence[Cases], recall: float) -> float:
    """The highest line that finds this share of all exploited training cases, and of the
    forced-begging children among them.
    """
    scores = np.concatenate([screen.scores(c) for c in train])
    exploited = np.concatenate([c.exploited for c in train])
    begging = np.concatenate([subgroups(c)["forced-begging child"] for c in train])
    return min(_line_for(scores[who], recall) for who in (exploited, begging) if who.any())


def _line_for(scores: NDArray[np.float64], recall: float) -> float:
    """The highest score that at least this share reaches."""
    ordered = np.sort(scores)[::-1]
    return (
        float(ordered[max(math.ceil(recall * len(ordered) - 1e-9) - 1, 0)])
        if len(ordered)
        else math.inf
    )


def evaluate(
    screens: Sequence[Screen],
    cases: Cases,
    *,
    trained_on: Sequence[TrainedOn] = (),
    thresholds: Mapping[str, Sequence[float]] | None = None,
    n_jobs: int | None = None,
) -> Evaluation:
    """Put every screen to the same cases.

    Parameters
    ----------
    trained_on : what the learned screens, and their lines, come from: `card.training.worlds`
    thresholds : by screen, further scores from which one might act
    n_jobs : processes; see `files.parallel.each`

    Raises
    ------
    UsageError : U305 all cases are exploited, or none is; U306 scikit-learn is not installed
    """
    if find_spec("sklearn") is None:
        raise UsageError("U306.training_packages", error="scikit-learn")
    if cases.exploited.all() or not cases.exploited.any():
        raise UsageError(
            "U305.all_exploited" if cases.exploited.any() else "U305.none_exploited",
            place=f"world {cases.world.id}",
            n_cases=len(cases),
        )
    groups = subgroups(cases)
    measured = partial(_measured, cases, groups, thresholds or {})
    results = list(each(measured, screens, n_jobs))
    return Evaluation(
        cases.world.id,
        any(t.world == cases.world.id for t in trained_on),
        len(cases),
        int(cases.exploited.sum()),
        cases.seed,
        results,
    )


def frame_of(figures: Sequence[Figure]) -> pd.DataFrame:
    """Figures as rows of a frame; see `Evaluation.to_frame`."""
    import pandas as pd

    rows = [
        (f.screen, f.subgroup, f.measure, f.at, f.value.value, f.value.low, f.value.high, f.n)
        for f in figures
    ]
    names = ["screen", "subgroup", "measure", "at", "value", "low", "high", "n"]
    return pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[:4], "category"))


def _measured(
    cases: Cases,
    groups: dict[str, Mask],
    thresholds: Mapping[str, Sequence[float]],
    screen: Screen,
) -> Result:
    return _result(screen, cases, groups, thresholds.get(screen.name, ()))


def _result(
    screen: Screen, cases: Cases, groups: dict[str, Mask], thresholds: Sequence[float]
) -> Result:
    scores, y = screen.scores(cases), cases.exploited
    curve = roc(y, scores)
    found = found_by(screen, scores, cases)
    lines = ({"own line": found} if found is not None else {}) | {
        f"from {t:g} on": np.asarray(scores >= t) for t in thresholds
    }
    figures = [
        *figures_of(screen.name, scores, y, groups, curve, lines),
        *_said(screen, cases, groups),
    ]
    probability = scores if screen.probability else None
    calibration: dict[str, float] = {}
    by: dict[str, dict[str, float]] = {}
    bins: list[tuple[float, Share]] = []
    decision: list[tuple[float, float]] = []
    if probability is not None:
        calibration = _calibration(y, probability)
        by = {
            name: _calibration(y[mask], probability[mask])
            for name, mask in groups.items()
            if min((mask & y).sum(), (mask & ~y).sum()) >= FEWEST
        }
        bins = reliability(y, probability)
        decision = [(t, net_benefit(y, probability >= t, t)) for t in THRESHOLDS]
    elif found is not None:
        decision = [(t, net_benefit(y, found, t)) for t in THRESHOLDS]
    keep = np.unique(np.linspace(0, len(curve.false) - 1, min(len(curve.false), 60)).astype(int))
    points = [
        (float(a), float(b)) for a, b in zip(curve.false[keep], curve.true[keep], strict=True)
    ]
    return Result(screen.name, screen.line, figures, points, bins, calibration, by, decision)


def _calibration(y: Mask, probability: NDArray[np.float64]) -> dict[str, float]:
    from sklearn.metrics import brier_score_loss

    intercept, slope = calibration_line(y, probability)
    return {
        "n": float(len(y)),
        "brier": float(brier_score_loss(y, probability)),
        "intercept": intercept,
        "slope": slope,
        "mean": float(probability.mean()),
        "observed": float(y.mean()),
    }


def found_by(screen: Screen, scores: NDArray[np.float64], cases: Cases) -> Mask | None:
    """Whom the screen acts for by its own lights; None where it has no line."""
    acts = getattr(screen, "acts", None)
    if acts is not None:
        found: Mask = acts(cases)
        return found
    return None if screen.line is None else np.asarray(scores >= screen.line)


def figures_of(
    screen: str,
    scores: NDArray[np.float64],
    y: Mask,
    groups: dict[str, Mask],
    curve: Roc,
    lines: Mapping[str, Mask],
) -> Iterator[Figure]:
    """Every figure of one screen: areas; recall, specificity and precision at each specificity; and
    at each line of its own or the caller's.
    """
    for name, mask in groups.items():
        positive, negative = mask & y, mask & ~y
        if positive.any():
            rest = (
                negative if negative.any() else ~y
            )  # a group of exploited people only is set against all who are not
            yield Figure(
                screen,
                name,
                "auc",
                "",
                area(
                    np.concatenate([np.ones(positive.sum(), bool), np.zeros(rest.sum(), bool)]),
                    np.concatenate([scores[positive], scores[rest]]),
                ),
            )
        for at in SPECIFICITIES:
            where = f"specificity {at:.2f}"
            if positive.any():
                yield Figure(screen, name, "recall", where, curve.recall_at(at, scores[positive]))
            if negative.any() and name != "all":
                yield Figure(
                    screen, name, "specificity", where, _between(curve, scores[negative], at)
                )
            if positive.any() and negative.any():
                precision = curve.precision_at(at, y[mask], scores[mask])
                if precision.n:
                    yield Figure(screen, name, "precision", where, precision)
        for where, found in lines.items():
            yield from _at_line(screen, name, where, found, (positive, negative))


def _at_line(
    screen: str, name: str, where: str, found: Mask, sides: tuple[Mask, Mask]
) -> Iterator[Figure]:
    """Recall, specificity and precision of a group at one line; `sides` are who is exploited and
    who is not.
    """
    positive, negative = sides
    right, of_positive, of_negative = found & positive, positive.sum(), negative.sum()
    if of_positive:
        yield Figure(screen, name, "recall", where, share(int(right.sum()), int(of_positive)))
    if of_negative:
        left = int((~found & negative).sum())
        yield Figure(screen, name, "specificity", where, share(left, int(of_negative)))
    flagged = int((found & (positive | negative)).sum())
    if of_positive and of_negative and flagged:
        yield Figure(screen, name, "precision", where, share(int(right.sum()), flagged))


def _said(screen: Screen, cases: Cases, groups: dict[str, Mask]) -> Iterator[Figure]:
    """What a card says of whom: the three shares of each group add up to 1."""
    told = getattr(screen, "said", None)
    if told is None:
        return
    said, y = told(cases), cases.exploited
    for name, mask in groups.items():
        for measure, who in (
            ("share of the exploited", mask & y),
            ("share of the not exploited", mask & ~y),
        ):
            if who.any():
                for what in SAID:
                    yield Figure(
                        screen.name,
                        name,
                        measure,
                        what,
                        share(int((said[what] & who).sum()), int(who.sum())),
                    )


def _between(curve: Roc, scores: NDArray[np.float64], specificity: float) -> Share:
    """The specificity in a subgroup when the line is drawn at an overall one."""
    found = curve.recall_at(specificity, scores)
    return share(found.n - found.hits, found.n)
