"""What a round of ratings tells about agreement, as records; words for every face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from screening.calibration.agreement.spread import Spread
from screening.calibration.agreement.validity import Validity
from screening.errors import mark

__all__ = ["ABOUT", "DIFFERS", "NAMES", "Agreement", "OfIndicator", "OfRater", "Statistic"]

# What a statistic is about, and how a rater can differ from the others: in words for every face.
ABOUT = {
    "strength": mark("strength of signs"),
    "findings": mark("findings in vignettes"),
    "answers": mark("answers in vignettes (no, open, yes)"),
}
NAMES = {
    "alpha": mark("Krippendorff's alpha, ordinal"),
    "ac2": mark("Gwet's AC2, quadratic"),
    "fleiss": mark("Fleiss' kappa"),
    "light": mark("Weighted kappa, mean of pairs"),
    "kendall": mark("Kendall's W"),
    "icc_single": mark("ICC(2,1), one rater"),
    "icc_mean": mark("ICC(2,k), mean of all raters"),
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
    "straight_lined": mark("rates sign after sign the same: ask whether they read them"),
    "straight_lined_stories": mark("gives vignette after vignette the same finding"),
}
PARTLY = mark("only what all raters rated; {left} left out, {most} of them blank for {rater}")


@dataclass(frozen=True)
class Statistic:
    """One figure of agreement.

    `key` is one of `NAMES`, `of` what was rated, a key of `ABOUT` or a sign; NaN where it is not
    defined for these ratings. `note` says why units are missing, its `{names}` filled from `facts`.
    """

    key: str
    of: str
    value: float
    low: float
    high: float
    units: int
    raters: int
    note: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return NAMES[self.key]


@dataclass(frozen=True)
class OfIndicator:
    """One sign: ratings by profile, how alike it was coded in vignettes, and whether its text
    should be looked at.

    validity : by profile, how many raters call the sign telling. seen : share of codings in which
        it was recorded as a yes. unclear : often seen, and coded so differently that even the upper
        end of alpha's interval is below what allows tentative conclusions
    """

    id: str
    strength: Mapping[str, Spread]
    validity: Mapping[str, Validity]
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
    with the vignettes' keys. `without` and `without_findings` are alpha of the others alone; `same`
    and `same_findings` the longest share of ratings in one straight line. `differs` names what is
    far off and surely so, by keys of `DIFFERS`.
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
    without: float
    without_findings: float
    same: float
    same_findings: float
    rated: int
    coded: int
    differs: tuple[str, ...]

    def how_far(self, difference: str) -> float:
        """The figure behind a difference: steps or a share above (+) or below the others, the
        correlation with them, or the share of ratings in a straight line.
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
            "straight_lined": self.same,
            "straight_lined_stories": self.same_findings,
        }[difference]


@dataclass(frozen=True)
class Agreement:
    """Everything about one round.

    scale : S-CVI, how far the list as a whole is made of signs that raters call telling; None where
        nobody rated strengths
    """

    round: int
    raters: int
    overall: tuple[Statistic, ...]
    scale: Mapping[str, float] | None
    indicators: tuple[OfIndicator, ...]
    by_rater: tuple[OfRater, ...]
    draws: int
    seed: int
