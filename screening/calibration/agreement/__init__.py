"""How far raters agree, one module a statistic.

draws      raters and units drawn again: the intervals
alpha, gwet, kappa, icc, kendall    the statistics
validity, spread                    how telling a sign is called; whether it is a consensus
raters, straight                    each rater against the others; straight lines
stability                           from one round to the next
measure    all of it for one round
result     the records, and words for every face
"""

from screening.calibration.agreement.measure import LEAST_RATERS, TENTATIVE, agreement, key_of
from screening.calibration.agreement.result import (
    ABOUT,
    DIFFERS,
    NAMES,
    Agreement,
    OfIndicator,
    OfRater,
    Statistic,
)
from screening.calibration.agreement.spread import Spread, spreads
from screening.calibration.agreement.stability import Stability, stability
from screening.calibration.agreement.validity import Validity

__all__ = [
    "ABOUT",
    "DIFFERS",
    "LEAST_RATERS",
    "NAMES",
    "TENTATIVE",
    "Agreement",
    "OfIndicator",
    "OfRater",
    "Spread",
    "Stability",
    "Statistic",
    "Validity",
    "agreement",
    "key_of",
    "spreads",
    "stability",
]
