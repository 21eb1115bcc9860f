"""From answers to a finding: the reference engine, the batch engine that equals it, and the
explanation of a result.
"""

from screening.scoring.assessment import Assessment
from screening.scoring.engine import ENGINE, receipt, score

__all__ = ["ENGINE", "Assessment", "receipt", "score"]
