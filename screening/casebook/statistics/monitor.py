"""Whether fewer children begging are identified than expected, and whether that may be chance.

Each child counts once, a fixed time after it was first met: one who was met yesterday could not
have been identified yet, and would make every month look bad.

Two answers are given. `chance` is the exact binomial probability of so few or fewer if the
expectation were true; it holds for one look. Who looks every month and acts on the first small
probability is wrong far more often than it says. So the alarm is a sequential one: the likelihood
of what was seen, averaged over all shares below the expectation, against its likelihood at the
expectation. Where the true share is the expectation or more, the chance that this ratio ever
reaches 1 / ALPHA is at most ALPHA, however often somebody looks (Ville 1939; mixtures of
likelihoods: Robbins 1970, Annals of Mathematical Statistics 41; Howard, Ramdas, McAuliffe and
Sekhon 2021, Annals of Statistics 49(2)). `high` is the largest share that it does not rule out.

Siblings and children of one sweep are not independent of each other, and both answers take them to
be: read an alarm as a question to the practice, not as a proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from screening.casebook.statistics.protect import LEAST
from screening.errors import UsageError
from screening.proportion import Share, share

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "AFTER",
    "ALPHA",
    "Expectation",
    "Monitor",
    "evidence",
    "expectation_of",
    "highest",
    "monitored",
]

AFTER = 180  # days after the first meeting on which a child is counted
ALPHA = 0.05
Verdict = Literal["no_expectation", "fewer", "may_be_chance", "withheld"]


@dataclass(frozen=True)
class Expectation:
    """The share of children begging that somebody expects to be identified, and whose figure it
    is. None is built in: nobody has measured it.
    """

    share: float
    source: str


def expectation_of(share: float, source: str) -> Expectation:
    """What somebody stated; `U305` where it is no share, or where nobody is named for it."""
    if not 0 < share < 1:
        raise UsageError("U305.expected_share", given=share)
    if not source.strip():
        raise UsageError("U305.expected_source")
    return Expectation(share, source.strip())


@dataclass(frozen=True)
class Look:
    """What was known at the end of a month: `high` is the largest share not ruled out by then."""

    on: date
    n: int
    hits: int
    high: float


@dataclass(frozen=True)
class Monitor:
    """Children begging whose time of `AFTER` days is over, and how many of them were identified
    within it. None where that is suppressed.

    chance : of so few or fewer, if the expectation were true and this the only look
    high : the largest share not ruled out, however often somebody looked
    since : the end of the month in which the alarm was first raised
    looks : month by month
    """

    n: int | None
    hits: int | None
    expectation: Expectation | None
    verdict: Verdict
    chance: float | None = None
    high: float | None = None
    since: date | None = None
    looks: tuple[Look, ...] = ()

    @property
    def observed(self) -> Share | None:
        """The share with its interval (Wilson, for one look)."""
        return None if self.n is None or self.hits is None else share(self.hits, self.n)

    def released(self, n: bool, hits: bool) -> Monitor:
        """Without what is suppressed; n, hits : whether these are told.

        Earlier months had smaller counts, so only the last look is told of. An alarm is given away
        only where ten identified children would have raised it too, so that it says nothing about
        a count below ten.
        """
        children, found, both = self.n or 0, self.hits or 0, n and hits
        verdict = self.verdict
        if self.expectation is not None and not both:
            ten = max(found, LEAST)
            shows = n and ten <= children and evidence(ten, children, self.expectation.share)
            verdict = "fewer" if shows and shows >= 1 / ALPHA else "withheld"
        return Monitor(
            children if n else None,
            found if hits else None,
            self.expectation,
            verdict,
            chance=self.chance if both else None,
            high=highest(found, children) if both and self.expectation else None,
        )


def evidence(hits: int, n: int, expected: float) -> float:
    """The likelihood of so many among n, averaged over all shares below the expectation, over that
    at the expectation: 1 / ALPHA or more is an alarm.
    """
    import math

    from scipy.special import betainc, betaln

    below = float(betainc(hits + 1, n - hits + 1, expected))
    if not below:
        return 0.0
    log = (
        math.log(below)
        + float(betaln(hits + 1, n - hits + 1))
        - math.log(expected)
        - hits * math.log(expected)
        - (n - hits) * math.log1p(-expected)
    )
    return math.exp(min(log, 700.0))


def highest(hits: int, n: int) -> float:
    """The largest expectation that raises no alarm."""
    low, high = hits / n if n else 1.0, 1.0
    if not n or evidence(hits, n, 1 - 1e-12) < 1 / ALPHA:
        return 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if middle <= 0 or evidence(hits, n, middle) < 1 / ALPHA:
            low = middle
        else:
            high = middle
    return high


def monitored(
    entered: np.ndarray[Any, Any],
    actual: np.ndarray[Any, Any],
    as_of: date,
    expectation: Expectation | None,
) -> Monitor:
    """The monitor of children begging.

    entered, actual : by child, the day of the first meeting and that of the first decision that
        says that it is a victim (0: none), as ordinals
    """
    import numpy as np

    over = np.sort(entered + AFTER)
    n = int(np.searchsorted(over, as_of.toordinal(), side="right"))
    found = (actual > 0) & (actual <= entered + AFTER)
    hits_over = np.sort((entered + AFTER)[found])
    hits = int(np.searchsorted(hits_over, as_of.toordinal(), side="right"))
    if expectation is None:
        return Monitor(n, hits, None, "no_expectation")
    from scipy.special import bdtr

    looks, since = [], None
    for day in _month_ends(over[:n], as_of):
        seen = int(np.searchsorted(over, day.toordinal(), side="right"))
        told = int(np.searchsorted(hits_over, day.toordinal(), side="right"))
        looks.append(Look(day, seen, told, highest(told, seen)))
        if since is None and evidence(told, seen, expectation.share) >= 1 / ALPHA:
            since = day
    return Monitor(
        n,
        hits,
        expectation,
        "fewer" if since else "may_be_chance",
        float(bdtr(hits, n, expectation.share)) if n else None,
        min((look.high for look in looks), default=1.0),
        since,
        tuple(looks),
    )


def _month_ends(over: np.ndarray[Any, Any], as_of: date) -> list[date]:
    """The last day of each month in which a child was counted, up to the day of the report."""
    if not over.size:
        return []
    months = sorted({date.fromordinal(int(day)).replace(day=1) for day in set(over.tolist())})
    ends = []
    for first in months:
        year, month = first.year + first.month // 12, first.month % 12 + 1
        ends.append(min(date.fromordinal(date(year, month, 1).toordinal() - 1), as_of))
    return ends
