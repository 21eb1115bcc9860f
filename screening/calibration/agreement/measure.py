"""Agreement of one round: over all, sign by sign, rater by rater, always with an interval."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from screening.answers import Answer, truth
from screening.calibration.agreement.alpha import alpha
from screening.calibration.agreement.draws import Codes, Drawn, drawn, interval, whole
from screening.calibration.agreement.draws import Statistic as Function
from screening.calibration.agreement.gwet import ac2
from screening.calibration.agreement.icc import icc
from screening.calibration.agreement.kappa import fleiss, light
from screening.calibration.agreement.kendall import concordance
from screening.calibration.agreement.raters import LEAST_UNITS, raters_apart
from screening.calibration.agreement.result import PARTLY, Agreement, OfIndicator, Statistic
from screening.calibration.agreement.spread import Spread, spreads
from screening.calibration.agreement.validity import scale_validity, validity
from screening.calibration.ratings import ANSWERS, SCALE, Ratings
from screening.checklist.schema import FINDINGS
from screening.errors import RatingError
from screening.files.parallel import each

__all__ = ["LEAST_RATERS", "TENTATIVE", "agreement", "key_of"]

LEAST_RATERS = 2
# Krippendorff 2004: below this alpha not even tentative conclusions should be drawn
TENTATIVE = 0.667
Note = tuple[str, dict[str, object]]  # a marked text, and what fills it
NO_NOTE: Note = ("", {})
OFTEN = 0.10  # a sign that is recorded in this share of all codings is often seen


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
    n_jobs: int | None = None,
) -> Agreement:
    """How far the raters of one round agree.

    Agreement is not truth: people may agree on a mistake. So the vignettes' keys stand beside it.

    Parameters
    ----------
    draws : bootstrap draws of raters and units behind every interval
    n_jobs : processes for the signs; None for this one, -1 for as many as there are processors.
        Results do not depend on it

    Raises
    ------
    RatingError : R507 fewer than two raters
    UsageError : U306 a library is not installed
    """
    if len(ratings.raters) < LEAST_RATERS:
        raise RatingError("R507.too_few_for_agreement", n_raters=len(ratings.raters))
    tick = progress or (lambda done, total: None)
    rated = spreads(ratings)
    overall = tuple(_overall(ratings, draws, seed))
    key_findings, key_answers = key_of(ratings, ratings.form.checklist)
    times = drawn(len(ratings.raters), len(ratings.form.vignettes), draws, seed + 1)
    signs = [
        (name, ratings.codes[:, :, n], key_answers[:, n], rated[name])
        for n, name in enumerate(ratings.indicators)
    ]
    found = []
    for n, sign in enumerate(each(partial(_indicator, times=times), signs, n_jobs)):
        found.append(sign)
        tick(n + 1, len(signs))
    valid = [v for sign in found for v in sign.validity.values() if v.telling.n]
    return Agreement(
        ratings.round,
        len(ratings.raters),
        overall,
        scale_validity(valid) if valid else None,
        tuple(found),
        tuple(raters_apart(ratings, key_findings, draws, seed + 2)),
        draws,
        seed,
    )


def _overall(ratings: Ratings, draws: int, seed: int) -> Iterator[Statistic]:
    """Strengths over signs and profiles, findings over vignettes, codes over vignettes."""
    raters = len(ratings.raters)
    strength = ratings.strength.reshape(raters, -1)
    strength = strength[:, (strength >= 0).sum(axis=0) >= 2]
    if strength.shape[1]:
        yield from _ordinal("strength", strength, len(SCALE), ratings, (draws, seed))
        complete = strength[:, (strength >= 0).all(axis=0)]
        if complete.shape[1] > 2:
            note = _left_out(strength, ratings)
            for key, found in icc(complete.astype(float)).items():
                ends = found.value, found.low, found.high
                yield Statistic(f"icc_{key}", "strength", *ends, complete.shape[1], raters, *note)
            yield _one("kendall", "strength", complete, concordance, (draws, seed), note)
    coded = (ratings.finding >= 0).sum(axis=0) >= 2
    if coded.any():
        yield from _ordinal(
            "findings", ratings.finding[:, coded], len(FINDINGS), ratings, (draws, seed)
        )
    both = (ratings.codes >= 0).any(axis=2).sum(axis=0) >= 2
    if both.any():
        yield _codes(ratings.codes[:, both], draws, seed)


def _ordinal(
    of: str, codes: Codes, categories: int, ratings: Ratings, how: tuple[int, int]
) -> Iterator[Statistic]:
    yield _one("alpha", of, codes, partial(alpha, categories=categories), how)
    yield _one("ac2", of, codes, partial(ac2, categories=categories), how)
    complete = codes[:, (codes >= 0).all(axis=0)]
    note = _left_out(codes, ratings)
    yield _one("fleiss", of, complete, partial(fleiss, categories=categories), how, note)
    yield _one("light", of, codes, light, how)


def _one(
    key: str,
    of: str,
    codes: Codes,
    statistic: Function,
    how: tuple[int, int],
    note: Note = NO_NOTE,
) -> Statistic:
    draws, seed = how
    value = float(statistic(codes, whole(codes))[0]) if codes.size else float("nan")
    times = drawn(len(codes), codes.shape[1], draws, seed)
    low, high = interval(value, codes, statistic, times, least=0.0 if key == "kendall" else -1.0)
    return Statistic(key, of, value, low, high, codes.shape[1], len(codes), *note)


def _left_out(codes: Codes, ratings: Ratings) -> Note:
    """Why a statistic of complete units has fewer of them: who left most blank."""
    blank = codes < 0
    left = int(blank.any(axis=0).sum())
    if not left:
        return NO_NOTE
    most = blank.sum(axis=1)
    worst = int(most.argmax())
    facts: dict[str, object] = {
        "raters": len(codes),
        "left": left,
        "most": int(most[worst]),
        "rater": ratings.raters[worst],
    }
    return PARTLY, facts


def _codes(codes: Codes, draws: int, seed: int) -> Statistic:
    """Alpha of all codes together.

    The units drawn are vignettes: codes of one vignette belong together.
    """
    raters, vignettes, signs = codes.shape

    def of_stories(stories: Codes, times: Drawn) -> np.ndarray:
        """Alpha where each story stands for all its codes; `stories` only says which there are."""
        each_ = Drawn(times.raters, np.repeat(times.units, signs, axis=1))
        return alpha(codes.reshape(raters, -1), each_, len(ANSWERS))

    stories = np.zeros((raters, vignettes), dtype=np.int8)
    value = float(of_stories(stories, whole(stories))[0])
    low, high = interval(value, stories, of_stories, drawn(raters, vignettes, draws, seed))
    return Statistic("alpha", "answers", value, low, high, vignettes, raters)


def _indicator(sign: tuple[str, Codes, Codes, dict[str, Spread]], times: Drawn) -> OfIndicator:
    """One sign: name, codes (raters, vignettes), the key's answers, and how it was rated."""
    name, codes, key, rated = sign
    of = partial(alpha, categories=len(ANSWERS))
    known = codes >= 0
    units = int((known.sum(axis=0) >= 2).sum())
    value = float(of(codes, whole(codes))[0]) if units else float("nan")
    low, high = interval(value, codes, of, times)
    seen = (
        float((codes == ANSWERS.index("yes")).sum() / known.sum()) if known.any() else float("nan")
    )
    return OfIndicator(
        name,
        rated,
        {p: validity(s) for p, s in rated.items()},
        Statistic("alpha", name, value, low, high, units, len(codes)),
        seen,
        float((codes == key)[known].mean()) if known.any() else float("nan"),
        bool(seen >= OFTEN and high < TENTATIVE and units >= LEAST_UNITS),
    )
