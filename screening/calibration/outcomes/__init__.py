"""Formal decisions that came back from the field, beside what the tool had found.

table      a frame or a file of outcomes, checked
corrected  recall and specificity corrected for partial verification
measured   the same by group, and what sample is still needed
relearn    new weights, where enough outcomes say that they would do better
"""

from screening.calibration.outcomes.measured import OutcomeReport, measure_outcomes
from screening.calibration.outcomes.table import DECISIONS, VERIFIED, Outcomes, read_outcomes

__all__ = [
    "DECISIONS",
    "VERIFIED",
    "OutcomeReport",
    "Outcomes",
    "measure_outcomes",
    "read_outcomes",
]
