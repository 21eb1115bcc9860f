"""How far raters agree: over all, sign by sign, rater by rater, always with an interval.

Values come from libraries that others check (krippendorff, statsmodels); the intervals are
percentiles of bootstrap draws over units (signs, vignettes), for which `stats` computes the same
for a thousand draws at once. Agreement is not truth: people may agree on a mistake. So the
vignettes' keys stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.answers import Answer, truth
from screening.calibration import stats
from screening.calibration.ratings import ANSWERS, SCALE, Ratings
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.errors import RatingError, UsageError, mark

__all__ = [
    "LEAST_RATERS",
    "TENTATIVE",
    "Agreement",
    "OfIndicator",
    "OfRater",
    "Spread",
    "Statistic",
    "agreement",
    "key_of",
    "spreads",
]

LEAST_RATERS = 2
TENTATIVE = (
    0.667  # Krippendorff 2004: below this alpha not even tentative conclusions should be drawn
)
OFTEN = 0.10  # a sign that is recorded in this share of all codings is often seen
LEAST_UNITS = 8  # vignettes or signs below which nothing is said about a sign's text or a rater
# Of all codings: how far off the others' share of recorded signs a rater must be to be named
FAR_YES = 0.02
FAR = 0.25  # steps of the scale by which a rater's level must lie off the others' to be named
FAR_FINDING = 0.4  # steps of the findings, likewise
# Of the correlation with the others: how far below the raters' usual one a rater must be to be
# named
APART = 0.2

Codes = NDArray[np.int8]


# What a statistic is about, and how a rater can differ from the others: in words for every face.
ABOUT = {
    "strength": mark("strength of signs"),
    "findings": mark("findings in vignettes"),
    "answers": mark("answers in vignettes (no, open, yes)"),
}
DIFFERS = {
    "rates_stronger": mark("rates signs stronger than the others"),
    "rates_weaker": mark("rates signs weaker than the others"),
    "records_more": mark("records more signs than the others"),
    "records_fewer": mark("records fewer signs than the others"),
    "finds_more": mark("gives higher findings than the others"),
    "finds_less": mark("gives lower findings than the others"),
    "ranks_signs_apart": mark("ranks signs differently from the others"),
    "ranks_stories_apart": mark("ranks vignettes differently from the others"),
}


@dataclass(frozen=True)
class Statistic:
    """One figure of agreement.

    `of` is what was rated, a key of `ABOUT`; NaN where it is not defined for these ratings, and
    `note` says why.
    """

    name: str
    of: str
    value: float
    low: float
    high: float
    units: int
    raters: int
    note: str = ""


@dataclass(frozen=True)
class Spread:
    """How one sign was rated for one profile: how many chose each step of the scale, the median and
    the middle half.
    """

    counts: tuple[int, int, int, int]
    median: float
    low: float
    high: float

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def within_one(self) -> float:
        """The share of ratings at most one step from the median; NaN where nobody rated."""
        near = sum(c for step, c in enumerate(self.counts) if abs(step - self.median) <= 1)
        return near / self.n if self.n else float("nan")


@dataclass(frozen=True)
class OfIndicator:
    """One sign: ratings by profile, how alike it was coded in vignettes, and whether its text
    should be looked at.

    seen : share of codings in which it was recorded as a yes. unclear : often seen, and coded so
        differently that even the upper end of alpha's interval is below what allows tentative
        conclusions
    """

    id: str
    strength: Mapping[str, Spread]
    coding: Statistic
    seen: float
    right: float
    unclear: bool


@dataclass(frozen=True)
class OfRater:
    """One rater against the others.

    `level` is how many steps of the scale they rate above (+) or below the others' mean, with an
    interval widened for all that is compared; `yes` the same for the share of signs recorded in
    vignettes, `finding` for their findings. `rest` and `rest_findings` are the correlation of their
    strengths and findings with the mean of the others, `key` the weighted kappa of their findings
    with the vignettes' keys. `differs` names what is far off and surely so, by keys of `DIFFERS`.
    """

    rater: str
    level: float
    level_low: float
    level_high: float
    yes: float
    yes_low: float
    yes_high: float
    finding: float
    finding_low: float
    finding_high: float
    rest: float
    rest_findings: float
    key: float
    rated: int
    coded: int
    differs: tuple[str, ...]

    def how_far(self, difference: str) -> float:
        """The figure behind a difference: steps or a share above (+) or below the others, or the
        correlation with them.
        """
        return {
            "rates_stronger": self.level,
            "rates_weaker": self.level,
            "records_more": self.yes,
            "records_fewer": self.yes,
            "finds_more": self.finding,
            "finds_less": self.finding,
            "ranks_signs_apart": self.rest,
            "ranks_stories_apart": self.rest_findings,
        }[difference]


@dataclass(frozen=True)
class Agreement:
    """Everything about one round."""

    round: int
    raters: int
    overall: tuple[Statistic, ...]
    indicators: tuple[OfIndicator, ...]
    by_rater: tuple[OfRater, ...]
    draws: int
    seed: int


def key_of(ratings: Ratings, checklist: str) -> tuple[NDArray[np.int8], Codes]:
    """The keys of the vignettes: findings (vignettes,) and answers (vignettes, indicators), -1 and
    open where the key says nothing.
    """
    names = ratings.indicators
    findings = np.array(
        [
            FINDINGS.index(v.expected[checklist]) if checklist in v.expected else -1
            for v in ratings.form.vignettes
        ],
        dtype=np.int8,
    )
    answers = np.array(
        [
            [int(truth(Answer(v.answers.get(i, "not_asked")))) for i in names]
            for v in ratings.form.vignettes
        ],
        dtype=np.int8,
    )
    return findings, answers.reshape(len(findings), len(names))


def agreement(
    ratings: Ratings,
    draws: int = 1000,
    seed: int = 1,
    progress: Callable[[int, int | None], None] | None = None,
) -> Agreement:
    """How far the raters of one round agree.

    Parameters
    ----------
    draws : bootstrap draws behind every interval

    Raises
    ------
    RatingError : R507 fewer than two raters
    UsageError : U306 a library is not installed
    """
    if len(ratings.raters) < LEAST_RATERS:
        raise RatingError("R507.too_few_for_agreement", n_raters=len(ratings.raters))
    library = _Library()
    tick = progress or (lambda done, total: None)
    overall = tuple(_overall(ratings, draws, seed, library))
    found = []
    key_findings, key_answers = key_of(ratings, ratings.form.checklist)
    times = stats.draws(len(ratings.form.vignettes), draws, seed + 1)
    for n, name in enumerate(ratings.indicators):
        found.append(_indicator(ratings, n, name, key_answers[:, n], times, library))
        tick(n + 1, len(ratings.indicators))
    return Agreement(
        ratings.round,
        len(ratings.raters),
        overall,
        tuple(found),
        tuple(_raters(ratings, key_findings, draws, seed + 2)),
        draws,
        seed,
    )


class _Library:
    """Values one at a time, from packages that others check."""

    def __init__(self) -> None:
        try:
            import krippendorff
            from statsmodels.stats import inter_rater
        except ModuleNotFoundError as error:
            raise UsageError("U306.trainer_packages", error=error.name) from None
        self._krippendorff, self._inter_rater = krippendorff, inter_rater

    def alpha(self, counts: NDArray[np.float64]) -> float:
        kept = counts[counts.sum(axis=1) >= 2]
        if (kept.sum(axis=0) > 0).sum() < 2:
            return float("nan")  # all alike
        return float(
            self._krippendorff.alpha(
                value_counts=kept.astype(int),
                value_domain=list(range(counts.shape[1])),
                level_of_measurement="ordinal",
            )
        )

    def fleiss(self, counts: NDArray[np.float64]) -> float:
        sizes = set(counts.sum(axis=1).tolist())
        if len(sizes) != 1 or min(sizes) < 2:
            return float("nan")
        with np.errstate(invalid="ignore", divide="ignore"):
            return float(self._inter_rater.fleiss_kappa(counts, method="fleiss"))

    def light(self, codes: Codes, categories: int) -> float:
        """The mean over pairs of raters of Cohen's kappa with quadratic weights."""
        values = []
        for a in range(len(codes)):
            for b in range(a):
                both = (codes[a] >= 0) & (codes[b] >= 0)
                table = np.bincount(
                    codes[a][both].astype(int) * categories + codes[b][both],
                    minlength=categories**2,
                ).reshape(categories, categories)
                if table.any():
                    with np.errstate(invalid="ignore", divide="ignore"):
                        values.append(
                            self._inter_rater.cohens_kappa(
                                table, wt="quadratic", return_results=False
                            )
                        )
        kept = [v for v in values if np.isfinite(v)]
        return float(np.mean(kept)) if kept else float("nan")


def _overall(ratings: Ratings, draws: int, seed: int, library: _Library) -> Any:
    """Strengths over signs and profiles, findings over vignettes, codes over vignettes."""
    raters = len(ratings.raters)
    strength = ratings.strength.reshape(raters, -1)
    strength = strength[:, (strength >= 0).sum(axis=0) >= 2]
    if strength.shape[1]:
        yield from _ordinal("strength", strength, len(SCALE), draws, seed, library)
        complete = strength[:, (strength >= 0).all(axis=0)].astype(float)
        if complete.shape[1] > 2:
            times = stats.draws(complete.shape[1], draws, seed)
            value, drawn = (
                stats.icc(complete, stats.ones(complete.shape[1])),
                stats.icc(complete, times),
            )
            for name, title in (("single", "ICC(2,1)"), ("mean", f"ICC(2,{raters})")):
                low, high = stats.interval(drawn[name])
                yield Statistic(
                    title,
                    "strength",
                    float(value[name][0]),
                    low,
                    high,
                    complete.shape[1],
                    raters,
                    "signs that everybody rated",
                )
    coded = (ratings.finding >= 0).sum(axis=0) >= 2
    if coded.any():
        yield from _ordinal(
            "findings", ratings.finding[:, coded], len(FINDINGS), draws, seed, library
        )
    both = (ratings.codes >= 0).any(axis=2).sum(axis=0) >= 2
    if both.any():
        yield _codes(ratings.codes[:, both], draws, seed, library)


def _ordinal(
    of: str, codes: Codes, categories: int, draws: int, seed: int, library: _Library
) -> Any:
    raters, units = codes.shape
    counts, times = stats.counts_of(codes, categories), stats.draws(units, draws, seed)
    yield Statistic(
        "Krippendorff's alpha, ordinal",
        of,
        library.alpha(counts),
        *stats.interval(stats.alpha(counts, times)),
        units,
        raters,
    )
    complete = counts[counts.sum(axis=1) == raters]
    note = "" if len(complete) == units else "units that everybody rated"
    drawn = (
        stats.fleiss(complete, stats.draws(len(complete), draws, seed))
        if len(complete)
        else np.array([np.nan])
    )
    yield Statistic(
        "Fleiss' kappa",
        of,
        library.fleiss(complete) if len(complete) else float("nan"),
        *stats.interval(drawn),
        len(complete),
        raters,
        note,
    )
    yield Statistic(
        "Weighted kappa, mean of pairs",
        of,
        library.light(codes, categories),
        *stats.interval(stats.light(codes, times)),
        units,
        raters,
    )


def _codes(codes: Codes, draws: int, seed: int, library: _Library) -> Statistic:
    """Alpha of all codes together.

    The units drawn are vignettes: codes of one vignette belong together.
    """
    raters, vignettes, signs = codes.shape
    counts = stats.counts_of(codes.reshape(raters, -1), len(ANSWERS))
    times = np.repeat(stats.draws(vignettes, draws, seed), signs, axis=1)
    return Statistic(
        "Krippendorff's alpha, ordinal",
        "answers",
        library.alpha(counts),
        *stats.interval(stats.alpha(counts, times)),
        vignettes,
        raters,
        f"{vignettes} vignettes, {signs} signs each",
    )


def _indicator(
    ratings: Ratings, n: int, name: str, key: Codes, times: NDArray[np.float64], library: _Library
) -> OfIndicator:
    codes = ratings.codes[:, :, n]
    counts = stats.counts_of(codes, len(ANSWERS))
    low, high = stats.interval(stats.alpha(counts, times))
    units = int((counts.sum(axis=1) >= 2).sum())
    coding = Statistic(
        "Krippendorff's alpha, ordinal",
        name,
        library.alpha(counts) if units else float("nan"),
        low,
        high,
        units,
        len(codes),
    )
    known = codes >= 0
    seen = (
        float((codes == ANSWERS.index("yes")).sum() / known.sum()) if known.any() else float("nan")
    )
    right = float((codes == key)[known].mean()) if known.any() else float("nan")
    return OfIndicator(
        name,
        spreads_of(ratings, n, name),
        coding,
        seen,
        right,
        bool(seen >= OFTEN and high < TENTATIVE and units >= LEAST_UNITS),
    )


def spreads(ratings: Ratings) -> dict[str, dict[str, Spread]]:
    """How every sign was rated, by profile."""
    return {name: spreads_of(ratings, n, name) for n, name in enumerate(ratings.indicators)}


def spreads_of(ratings: Ratings, n: int, name: str) -> dict[str, Spread]:
    """The same of the n-th sign."""
    return {
        p: _spread(ratings.strength[:, n, k])
        for k, p in enumerate(CASE_PROFILES)
        if p in ratings.form.indicators[name]
    }


def _spread(values: Codes) -> Spread:
    given = values[values >= 0]
    counts = tuple(int((given == step).sum()) for step in range(len(SCALE)))
    low, median, high = (
        (float(q) for q in np.quantile(given, [0.25, 0.5, 0.75]))
        if len(given)
        else (float("nan"),) * 3
    )
    return Spread((counts[0], counts[1], counts[2], counts[3]), median, low, high)


def _raters(ratings: Ratings, key: NDArray[np.int8], draws: int, seed: int) -> Any:
    """Each rater against the others: their level, and how alike they rank.

    Units are drawn. Intervals are widened: many raters are compared in five ways.
    """
    raters = len(ratings.raters)
    level = 1 - 0.05 / (5 * raters)
    strength, finding = (
        np.where(codes >= 0, codes, np.nan).astype(float).reshape(raters, -1)
        for codes in (ratings.strength, ratings.finding)
    )
    yes = (
        np.where(ratings.codes >= 0, ratings.codes == ANSWERS.index("yes"), np.nan)
        .astype(float)
        .mean(axis=2)
    )
    alike = [_rest(values, draws, seed, level) for values in (strength, finding)]
    usual = [
        (
            float(np.median(values))
            if (values := [v for v, _, units in of if units >= LEAST_UNITS and np.isfinite(v)])
            else float("nan")
        )
        for of in alike
    ]
    for n, rater in enumerate(ratings.raters):
        rated, coded, found = (
            _off(values, n, draws, seed, level) for values in (strength, yes, finding)
        )
        units = [int(np.isfinite(values[n]).sum()) for values in (strength, yes, finding)]
        differs = [
            words[0] if off[0] > 0 else words[1]
            for off, far, many, words in (
                (
                    rated,
                    FAR,
                    units[0],
                    ("rates_stronger", "rates_weaker"),
                ),
                (
                    coded,
                    FAR_YES,
                    units[1],
                    ("records_more", "records_fewer"),
                ),
                (
                    found,
                    FAR_FINDING,
                    units[2],
                    ("finds_more", "finds_less"),
                ),
            )
            if many >= LEAST_UNITS and abs(off[0]) > far and (off[1] > 0 or off[2] < 0)
        ]
        for of, middle, words in zip(
            alike,
            usual,
            ("ranks_signs_apart", "ranks_stories_apart"),
            strict=True,
        ):
            value, high, many = of[n]
            if many >= LEAST_UNITS and value < middle - APART and high < middle:
                differs.append(words)
        mine = ratings.finding[n]
        both = (mine >= 0) & (key >= 0)
        table = np.bincount(
            mine[both].astype(int) * len(FINDINGS) + key[both], minlength=len(FINDINGS) ** 2
        ).reshape(len(FINDINGS), -1)
        kappa = float(stats.weighted_kappa(table.astype(float), stats.weights_of(len(FINDINGS))))
        yield OfRater(
            rater,
            *rated,
            *coded,
            *found,
            alike[0][n][0],
            alike[1][n][0],
            kappa,
            units[0],
            units[1],
            tuple(differs),
        )


def _rest(
    values: NDArray[np.float64], draws: int, seed: int, level: float
) -> list[tuple[float, float, int]]:
    """Each rater's correlation with the mean of the others, whatever their level; its interval's
    upper end, and over how many units.
    """
    found = []
    for n in range(len(values)):
        mine, others = values[n], _mean(np.delete(values, n, axis=0))
        both = np.isfinite(mine) & np.isfinite(others)
        pair = np.stack([mine[both], others[both]])
        value, drawn = (
            _correlation(pair, times)
            for times in (stats.ones(both.sum()), stats.draws(int(both.sum()), draws, seed))
        )
        found.append((float(value[0]), _wide(float(value[0]), drawn, level)[1], int(both.sum())))
    return found


def _correlation(pair: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pearson's, by draw; NaN where one of the two always says the same."""
    if not pair.shape[1]:
        return np.full(len(times), np.nan)
    a, b = pair
    weights = times / pair.shape[1]
    va, vb, cov = (
        weights @ (x * y) - (weights @ x) * (weights @ y) for x, y in ((a, a), (b, b), (a, b))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        result: NDArray[np.float64] = np.where(
            (va > 1e-12) & (vb > 1e-12), cov / np.sqrt(va * vb), np.nan
        )
    return result


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of raters, unit by unit; NaN where nobody rated."""
    there = np.isfinite(values)
    count = there.sum(axis=0)
    return np.where(
        count > 0, np.where(there, values, 0).sum(axis=0) / np.maximum(count, 1), np.nan
    )


def _off(
    values: NDArray[np.float64], n: int, draws: int, seed: int, level: float
) -> tuple[float, float, float]:
    """How far rater n lies off the mean of the others over the units that both rated, with an
    interval.
    """
    apart = values[n] - _mean(np.delete(values, n, axis=0))
    apart = apart[np.isfinite(apart)]
    if len(apart) < 2:
        return (float("nan"),) * 3
    times = stats.draws(len(apart), draws, seed)
    return float(apart.mean()), *_wide(float(apart.mean()), times @ apart / len(apart), level)


def _wide(value: float, drawn: NDArray[np.float64], level: float) -> tuple[float, float]:
    """An interval so wide that percentiles of the draws would need many more of them: normal, with
    the draws' own spread.
    """
    half = (
        NormalDist().inv_cdf((1 + level) / 2) * float(np.nanstd(drawn))
        if np.isfinite(drawn).any()
        else float("nan")
    )
    return value - half, value + half
