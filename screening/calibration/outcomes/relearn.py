"""New weights from decisions that came back: proposed only where they do better on later cases.

Few outcomes mislead: in simulations 100 cases hurt, 300 may hurt, 5,000 helped. So nothing is
proposed below 1,000 verified outcomes. The numbers are learned on the earlier decisions and judged
on the later ones, which they never saw; only where the lower end of the gain's interval is above 0
are they learned once more on all. What comes out is a draft like any other: two people sign it, or
nobody uses it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from screening.answers import Answer, Profile
from screening.calibration.outcomes.measured import strata, used
from screening.calibration.outcomes.table import DECISIONS, Outcomes
from screening.calibration.propose import LARGEST, Points, Proposal
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import CASE_PROFILES
from screening.errors import mark
from screening.values import parse_answer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEAST_OUTCOMES", "Fit", "Gain", "Learned", "learn", "shrunk_points"]

LEAST_OUTCOMES = 1000  # verified outcomes with answers below which nothing is proposed
LEAST_OF_KIND = 30  # victims, and others, that a profile needs among the earlier outcomes
EARLIER = 2 / 3  # of the decisions by date, to learn on; the rest judges
_STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3)  # of the pull towards the weights before

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WHY = {
    "proposed": mark("the gain on later cases is above 0 by the lower end of its interval"),
    "too_few": mark("there are fewer than {least} verified outcomes with answers"),
    "no_answers": mark("the table has no answers to learn from"),
    "no_dates": mark("all decisions are of one day, so none is later than the others"),
    "one_kind": mark("the outcomes hold too few victims, or too few others, to learn from"),
    "no_gain": mark("the gain on later cases is not above 0 by the lower end of its interval"),
}


class Fit(Protocol):
    """How points are learned for one profile: from answers (people, signs), who is a victim, how
    many people each stands for, and the points before (signs,); gives points (signs,), 0 or more.
    """

    def __call__(self, yes: Mask, victim: Mask, stands_for: Floats, before: Floats) -> Floats: ...


@dataclass(frozen=True)
class Gain:
    """How much oftener, among later cases, a victim has more points than somebody who is none
    (AUC within each profile): before, after, and the difference with its 95 % interval.
    """

    before: float
    after: float
    gain: float
    low: float
    high: float
    victims: int
    others: int


@dataclass(frozen=True)
class Learned:
    """What came of learning: `why` is a key of `WHY`; `points` only where they are proposed."""

    outcomes: int
    why: str
    since: date | None = None
    gain: Gain | None = None
    points: Points | None = None

    def proposal(self, before: WeightSet, seed: int = 1) -> Proposal | None:
        """The same as a proposal that can be written as a draft."""
        if self.points is None or self.gain is None or self.since is None:
            return None
        g = self.gain
        return Proposal(
            self.points,
            (),
            (),
            "Learned from formal decisions: penalised logistic regression, points 0 or more, shrunk"
            f" towards {before.id}, children and adults apart.",
            f"{self.outcomes} verified outcomes. Judged on {g.victims + g.others} decisions from"
            f" {self.since.isoformat()} on that it was not learned from: AUC within profiles"
            f" {g.before:.3f} before, {g.after:.3f} after; gain {g.gain:+.3f} (95 %"
            f" {g.low:+.3f} to {g.high:+.3f}).",
            before.worlds,
            seed,
        )


def learn(
    outcomes: Outcomes,
    checklist: Checklist,
    before: WeightSet,
    *,
    possible_count: bool = True,
    fit: Fit | None = None,
    least: int = LEAST_OUTCOMES,
    draws: int = 1000,
    seed: int = 1,
) -> Learned:
    """Weights from outcomes, if they do better on later cases.

    Parameters
    ----------
    fit : how points are learned; None for `shrunk_points`. Another way of making weights plugs in
        here, and is judged in the same way
    least : verified outcomes with answers below which nothing is learned
    """
    use = used(outcomes)
    count = int(use.sum())
    if outcomes.answers is None:
        return Learned(count, "no_answers")
    if count < least:
        return Learned(count, "too_few")
    names = list(DECISIONS)
    counted = ("actual", "possible") if possible_count else ("actual",)
    data = _Data(
        outcomes,
        np.flatnonzero(use),
        np.isin(outcomes.decision, [names.index(n) for n in counted]),
        checklist,
        before,
    )
    since = data.later_from()
    if since is None:
        return Learned(count, "no_dates")
    early = np.array([day < since for day in data.days], dtype=bool)
    fitted = data.fitted(early, fit or shrunk_points)
    if fitted is None or not data.both_kinds(~early):
        return Learned(count, "one_kind", since)
    gain = data.gain(~early, fitted, draws, seed)
    if not gain.low > 0:
        return Learned(count, "no_gain", since, gain)
    final = data.fitted(np.ones(len(data.days), dtype=bool), fit or shrunk_points)
    return Learned(count, "proposed", since, gain, final)


class _Data:
    """Verified people with their answers, by profile."""

    def __init__(
        self,
        outcomes: Outcomes,
        rows: NDArray[np.intp],
        victims: Mask,
        checklist: Checklist,
        before: WeightSet,
    ) -> None:
        assert outcomes.answers is not None
        rows = np.array(sorted(rows, key=lambda n: outcomes.decided_on[n] or date.min))
        self.checklist, self.before = checklist, before
        self.answers: pd.DataFrame = outcomes.answers.iloc[rows]
        self.victim, self.child = victims[rows], outcomes.child[rows]
        days = [outcomes.decided_on[n] for n in rows]
        self.days: list[date] = [day for day in days if day is not None]
        self.stands_for = _stands_for(outcomes)[rows]
        self.signs = {
            p: [i for i in before.points[p] if i in self.answers.columns and _is_sign(checklist, i)]
            for p in CASE_PROFILES
        }
        self.yes = {
            name: np.array([parse_answer(v) is Answer.YES for v in self.answers[name]], dtype=bool)
            for name in dict.fromkeys(i for p in CASE_PROFILES for i in self.signs[p])
        }

    def later_from(self) -> date | None:
        """The first day of the later part; None where there is none."""
        days = sorted(self.days)
        first = days[min(len(days) - 1, math.ceil(EARLIER * len(days)))]
        return first if first > days[0] else None

    def both_kinds(self, some: Mask) -> bool:
        """Whether some profile has enough of both kinds among these people."""
        return any(self._enough(some, p) for p in CASE_PROFILES)

    def _mine(self, some: Mask, profile: Profile) -> Mask:
        return some & (self.child if profile == "child" else ~self.child)

    def _enough(self, some: Mask, profile: Profile) -> bool:
        mine = self._mine(some, profile)
        hits = int(self.victim[mine].sum())
        return min(hits, int(mine.sum()) - hits) >= LEAST_OF_KIND

    def fitted(self, some: Mask, fit: Fit) -> Points | None:
        """Whole points learned from these people; a profile with too few of them keeps its own,
        and None where both do.
        """
        made: dict[Profile, Mapping[str, int]] = dict(self.before.points)
        learned = False
        for p in CASE_PROFILES:
            if not self._enough(some, p):
                continue
            mine, names = self._mine(some, p), self.signs[p]
            old = np.array([self.before.points[p][i] for i in names], dtype=np.float64)
            yes = np.stack([self.yes[i][mine] for i in names], axis=1)
            points = fit(yes, self.victim[mine], self.stands_for[mine], old)
            whole = np.clip(np.floor(points + 0.5), 0, max(LARGEST, old.max(initial=0)))
            made[p] = dict(self.before.points[p]) | {
                i: int(n) for i, n in zip(names, whole, strict=True)
            }
            learned = True
        return made if learned else None

    def gain(self, some: Mask, points: Points, draws: int, seed: int) -> Gain:
        """The areas before and after among these people, both as the tool itself counts points;
        the interval draws people.
        """
        after = replace(self.before, points=points, alternatives=())
        scores = [self._scored(some, w) for w in (self.before, after)]
        rng = np.random.default_rng(seed)
        won = np.zeros((2, draws + 1))
        pairs = np.zeros(draws + 1)
        victim, child = self.victim[some], self.child[some]
        n = len(victim)
        drawn = rng.multinomial(n, np.full(n, 1 / n), draws)
        times = np.vstack([np.ones(n), drawn]) * self.stands_for[some]
        for mine in (child, ~child):
            yes, no = np.flatnonzero(mine & victim), np.flatnonzero(mine & ~victim)
            if not len(yes) or not len(no):
                continue
            of, against = times[:, yes], times[:, no]
            pairs += of.sum(axis=1) * against.sum(axis=1)
            for n, s in enumerate(scores):
                apart = np.sign(s[yes][:, None] - s[no][None, :]) / 2 + 0.5
                won[n] += ((of @ apart) * against).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            areas = won / pairs
        gains = areas[1] - areas[0]
        low, high = np.nanquantile(gains[1:], [0.025, 0.975])
        return Gain(
            float(areas[0, 0]),
            float(areas[1, 0]),
            float(gains[0]),
            float(low),
            float(high),
            int(victim.sum()),
            int((~victim).sum()),
        )

    def _scored(self, some: Mask, weights: WeightSet) -> Floats:
        from screening.tables.scored_frames import score_frame

        scored = score_frame(
            self.answers.iloc[np.flatnonzero(some)], self.checklist, weights, keep=False
        )
        points: Floats = scored["points"].to_numpy(dtype=np.float64)
        return points


def _is_sign(checklist: Checklist, indicator: str) -> bool:
    """Protective observations and questions of age never carry weight."""
    return checklist.dimensions[checklist.indicators[indicator].dimension].kind == "sign"


def _stands_for(outcomes: Outcomes) -> Floats:
    """How many people screened with the same finding each verified person stands for."""
    number, use = strata(outcomes), used(outcomes)
    found = np.zeros(len(outcomes))
    for stratum in np.unique(number):
        mine = number == stratum
        known = int((mine & use).sum())
        if known:
            found[mine] = mine.sum() / known
    return found


def shrunk_points(yes: Mask, victim: Mask, stands_for: Floats, before: Floats) -> Floats:
    """Points 0 or more by logistic regression, pulled towards those before.

    First one number is found that turns the points before into log odds; then each sign may part
    from that, at the price of a penalty on the square of how far. How strong the penalty is, the
    last third of these people decides, who come in the order of their decisions.
    """
    if not before.any():
        before = np.ones_like(before)
    weight = stands_for / stands_for.mean()
    scale = _scale(yes @ before, victim, weight)
    cut = math.ceil(len(victim) * EARLIER)
    first, last = slice(None, cut), slice(cut, None)
    prior = scale * before
    best, strength = math.inf, _STRENGTHS[-1]
    for tried in _STRENGTHS:
        beta, base = _logistic(yes[first], victim[first], weight[first], prior, tried)
        loss = _loss(base + yes[last] @ beta, victim[last], weight[last])
        if loss < best:
            best, strength = loss, tried
    beta, _ = _logistic(yes, victim, weight, prior, strength)
    points: Floats = beta / scale
    return points


def _scale(points: Floats, victim: Mask, weight: Floats) -> float:
    """What one point is in log odds; never below a fiftieth, so that points stay finite."""
    slope, _ = _logistic(points[:, None], victim, weight, np.zeros(1), 1e-6)
    return max(float(slope[0]), 0.02)


def _loss(odds: Floats, victim: Mask, weight: Floats) -> float:
    return float((weight * (np.logaddexp(0, odds) - victim * odds)).sum() / weight.sum())


def _logistic(
    x: NDArray[np.generic], victim: Mask, weight: Floats, prior: Floats, strength: float
) -> tuple[Floats, float]:
    """Coefficients 0 or more and an intercept: mean log loss and `strength` times the squared
    distance from `prior`; projected gradient with momentum, its step from the largest curvature.
    """
    x = np.asarray(x, dtype=np.float64)
    share = weight / weight.sum()
    base = math.log((share @ victim + 1e-6) / (share @ ~victim + 1e-6))
    whole = np.column_stack([x, np.ones(len(x))])
    curvature = np.linalg.norm((whole * share[:, None]).T @ whole, 2) / 4 + 2 * strength
    at = np.append(prior, base)
    look, pace = at.copy(), 1.0
    for _ in range(1000):
        off = share * (1 / (1 + np.exp(-(whole @ look))) - victim)
        slope = whole.T @ off
        slope[:-1] += 2 * strength * (look[:-1] - prior)
        new = look - slope / curvature
        new[:-1] = np.maximum(new[:-1], 0)
        faster = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        look = new + (pace - 1) / faster * (new - at)
        moved = float(np.abs(new - at).max())
        at, pace = new, faster
        if moved < 1e-6:
            break
    return at[:-1], float(at[-1])
