"""Straight lines: ratings given without reading, one like the other.

Looked at in the order of the form: the longest run of one rating (Meade and Craig 2012), the
commonest rating (as for the responder's own variability, Dunn and others 2018), and a pattern that
repeats. Honest raters have such runs too, since signs of one kind stand together; so a rater is
named only where the others who rated the same signs come nowhere near.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_RATED", "straight", "straight_lines"]

LEAST_RATED = 20  # below this a run says nothing
_SAME = 0.85  # of all ratings alike
_APART = 0.25  # by how much that must lie above the others' commonest rating
_RUN = 2.5  # times the longest run that chance and the others have
_REPEATS = 0.9  # of the ratings equal to the one so many places before
_PERIODS = (2, 3, 4, 5)

Values = NDArray[np.float64]


def straight(values: Values) -> float:
    """The share of one rater's ratings in the longest straight line: one rating throughout, a run,
    or a pattern; NaN where nothing was rated. values : in the order of the form, NaN not rated.
    """
    given = values[np.isfinite(values)]
    if not len(given):
        return math.nan
    return max(_commonest(given), _longest(given) / len(given))


def straight_lines(values: Values) -> list[bool]:
    """Whether each rater (raters, units) rated in straight lines, and the others did not."""
    found = []
    for n, mine in enumerate(values):
        asked = np.isfinite(mine)
        given = mine[asked]
        if len(given) < LEAST_RATED:
            found.append(False)
            continue
        others = [o[np.isfinite(o)] for o in np.delete(values, n, axis=0)[:, asked]]
        others = [o for o in others if len(o) >= LEAST_RATED]
        common = float(np.median([_commonest(o) for o in others])) if others else 0.0
        run = float(np.median([_longest(o) for o in others])) if others else 0.0
        share = _commonest(given)
        chance = math.log(len(given)) / -math.log(min(share, 0.99))
        found.append(
            bool(
                (share >= _SAME and share >= common + _APART)
                or _longest(given) >= _RUN * max(run, chance)
                or _repeats(given)
            )
        )
    return found


def _commonest(given: Values) -> float:
    return float(np.unique(given, return_counts=True)[1].max() / len(given))


def _longest(given: Values) -> int:
    """Ratings in the longest run of one."""
    changes = np.flatnonzero(np.diff(given)) + 1
    return int(np.diff(np.concatenate([[0], changes, [len(given)]])).max())


def _repeats(given: Values) -> bool:
    """Whether a short pattern comes again and again, such as 1 2 3 1 2 3."""
    if _commonest(given) >= _SAME:
        return False
    return any((given[p:] == given[:-p]).mean() >= _REPEATS for p in _PERIODS)
