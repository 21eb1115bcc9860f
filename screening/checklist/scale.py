"""How one profile's answers become points and a finding: a weight set's numbers, put to its list.

One number decides. Each sign has one whole number; the line says how many recorded points refer a
person. Three things stand beside the numbers, and nothing else counts:

- *One fact counts once.* Of the signs that state one fact, the weightiest counts.
- *Soft signs are capped together.* What is not telling - circumstances that poverty shares, how a
  person seems, a sign of few points - opens needs and adds little; a pile of it never reaches the
  line, however long the interview.
- *Corroboration.* The line is reached on a telling sign and another of a different fact, or on one
  whose number reaches it alone. Only an act, recruitment, control or purpose corroborates.

A list that publishes rules of its own (the Delphi rule, a gate) has a weight set without lines:
there the points are shown, and the rules decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from screening.answers import Profile
from screening.checklist.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    FactsAtLeast,
    Line,
    PointsAtLeast,
    Resolved,
)

if TYPE_CHECKING:
    from screening.checklist.model import Checklist, RuleSet, WeightSet

__all__ = ["CORROBORATING", "LINES", "MOST", "TELLING", "Lines", "Scale", "TakenBack", "scale_of"]

MOST = 10  # the largest number of a sign in a set whose points decide
CORROBORATING = 2  # facts that a referral rests on where no sign decides alone
# What tells of exploitation by somebody; a circumstance or a look never corroborates anything.
TELLING = frozenset({"act", "recruitment", "control", "purpose"})


@dataclass(frozen=True, slots=True)
class Lines:
    """What stands beside the numbers of one profile; `weightfiles.Lines` says what each means.
    `alone` gives the reason by sign.
    """

    refer: int
    telling: int
    corroborating: int
    soft: int
    alone: Mapping[str, str]


LINES = ("refer", "telling", "corroborating", "soft")  # what of them is a number


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Points that the sum of the signs has too many, below 0.

    kind : `once`, a fact counted once: `name` is the sign that counts; `cap`, over a cap: `name` is
        the dimension, or "" for all soft signs together
    """

    kind: Literal["once", "cap"]
    name: str
    points: int


@dataclass(frozen=True)
class Scale:
    """The numbers and the rules of one profile.

    points, dimensions : by indicator that applies
    facts : groups of two or more signs that state one fact, of which one counts
    soft, most : the signs that are not telling, and the most they count together (None: not capped)
    caps : the most that a dimension counts, where it is capped
    line, telling, alone : points that refer; the facts that corroborate, each with its
        signs; the signs that reach the line by themselves. None and empty where rules decide
    rules : the list's, with the line's numbers in place
    """

    points: Mapping[str, int]
    dimensions: Mapping[str, str]
    facts: tuple[frozenset[str], ...]
    soft: frozenset[str]
    most: int | None
    caps: Mapping[str, int]
    line: int | None
    telling: tuple[frozenset[str], ...]
    alone: frozenset[str]
    rules: RuleSet

    def total(self, yes: frozenset[str], dimension: str | None = None) -> int:
        """Points when exactly `yes` are yes: of one dimension, or (None) in all.

        Within a dimension only its own cap counts; the rest belongs to the whole.
        """
        if dimension is None:
            return sum(self.points[i] for i in yes) + sum(t.points for t in self.taken_back(yes))
        own = sum(self.points[i] for i in yes if self.dimensions[i] == dimension)
        return min(own, self.caps.get(dimension, own))

    def taken_back(self, yes: frozenset[str]) -> list[TakenBack]:
        """What the sum over single signs has too many, row by row."""
        rows = []
        counted = yes
        for fact in self.facts:
            found = fact & yes
            if len(found) > 1:
                best = self.weightiest(found)
                counted = counted - found | {best}
                over = sum(self.points[i] for i in found) - self.points[best]
                if over:
                    rows.append(TakenBack("once", best, -over))
        soft = sum(self.points[i] for i in self.soft & counted)
        if self.most is not None and soft > self.most:
            rows.append(TakenBack("cap", "", self.most - soft))
        for dimension, most in self.caps.items():
            own = sum(self.points[i] for i in yes if self.dimensions[i] == dimension)
            if own > most:
                rows.append(TakenBack("cap", dimension, most - own))
        return rows

    def weightiest(self, signs: frozenset[str]) -> str:
        """The sign that counts for a fact; of equals one that is not soft, then by id."""
        return max(sorted(signs), key=lambda i: (self.points[i], i not in self.soft))

    def corroborating(self, yes: frozenset[str]) -> tuple[frozenset[str], ...]:
        """The telling signs among `yes`, one set a fact."""
        return tuple(found for fact in self.telling if (found := fact & yes))


def scale_of(checklist: Checklist, weights: WeightSet, profile: Profile) -> Scale:
    """The scale of a list and one of its weight sets for one profile."""
    points = weights.points[profile]
    relevant = {i.id: i for i in checklist.by_profile[profile]}
    rules = (weights.rules or checklist.rules)[profile]
    lines = weights.lines.get(profile)
    if lines is None:
        return Scale(
            points=points,
            dimensions={i: relevant[i].dimension for i in points},
            facts=(),
            soft=frozenset(),
            most=None,
            caps=weights.caps[profile],
            line=None,
            telling=(),
            alone=frozenset(),
            rules=rules,
        )
    facts = [frozenset(i for i in g.signs if i in points) for g in checklist.one_fact]
    doing = {i: n for i, n in points.items() if relevant[i].nature in TELLING}
    telling = {i for i, n in doing.items() if n >= lines.telling}
    second = {i for i, n in doing.items() if n >= lines.corroborating}
    fact_of = {i: fact for fact in facts for i in fact}
    corroborating = tuple(
        dict.fromkeys(fact_of.get(i, frozenset({i})) & second for i in points if i in second)
    )
    alone = frozenset(i for i in telling if points[i] >= lines.refer)
    line = AllOf(
        (
            PointsAtLeast(lines.refer),
            AnyOf((AtLeast(alone, 1), FactsAtLeast(corroborating, CORROBORATING))),
        )
    )
    return Scale(
        points=points,
        dimensions={i: relevant[i].dimension for i in points},
        facts=tuple(fact for fact in facts if len(fact) > 1),
        soft=frozenset(points) - telling,
        most=lines.soft,
        caps={},
        line=lines.refer,
        telling=corroborating,
        alone=alone,
        rules=type(rules)(
            levels={level: _drawn(rule, line) for level, rule in rules.levels.items()},
            enough_known=rules.enough_known,
        ),
    )


def _drawn(rule: Resolved, line: Resolved) -> Resolved:
    """The rule with the line's numbers in place."""
    match rule:
        case Line():
            return line
        case AllOf(of):
            return AllOf(tuple(_drawn(part, line) for part in of))
        case AnyOf(of):
            return AnyOf(tuple(_drawn(part, line) for part in of))
    return rule
