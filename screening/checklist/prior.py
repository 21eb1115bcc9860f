"""What a rater's word is worth in points: the one place where a strength becomes a number.

On the scale of a set whose points decide (0 to 10, the line at 10) two strong signs of an act, of
recruitment, of control or of purpose reach the line together, a strong and a medium one just reach
it, and two medium ones do not. A circumstance, or how a person seems, is shared with poverty: it
may add to what is there and carries nobody. Raters cannot say "this one alone is enough": that is
decided in the set, with a reason. So a sign that decides alone keeps its number while they call it
strong, and loses that place when they call it less.
"""

from __future__ import annotations

from screening.answers import Profile
from screening.checklist.model import WeightSet
from screening.checklist.scale import TELLING
from screening.checklist.schema import Indicator

__all__ = ["PUBLISHED", "SOFT", "TELLS", "numbers"]

Numbers = tuple[int, int, int, int]

# For none, weak, medium, strong.
TELLS: Numbers = (0, 2, 4, 6)  # signs of an act, of recruitment, of control, of purpose
SOFT: Numbers = (0, 1, 1, 2)  # circumstances, how a person seems, and what is not said to tell
PUBLISHED: Numbers = (0, 1, 2, 4)  # where a list's rules decide: the scale that they count on


def numbers(indicator: Indicator, before: WeightSet, profile: Profile) -> Numbers:
    """What none, weak, medium and strong give this sign in a set that follows `before`."""
    lines = before.lines.get(profile)
    if lines is None:
        return PUBLISHED
    if indicator.nature not in TELLING:
        return SOFT
    if indicator.id in lines.alone:
        return (*TELLS[:3], before.points[profile][indicator.id])
    return TELLS
