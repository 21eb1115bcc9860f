"""What the batch engine works out once for a list and its weights, before it sees a case.

The idea: indicators that no result can tell apart - same dimension, element, strength, points,
forms, and in the same sets of every rule - form a *group*. How many of a group are yes is all that
matters, and every result is a small whole-number sum over those counts. A plan holds the groups of
each profile and the sums over them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile
from screening.checklist.model import Checklist, RuleSet, WeightSet
from screening.checklist.rules import AtLeast, Delphi, FactsAtLeast, Resolved, named, walk
from screening.checklist.schema import CASE_PROFILES, ELEMENTS, STRENGTHS, Indicator

__all__ = [
    "GROUP_LIMIT",
    "Plan",
    "ProfilePlan",
    "Sums",
    "Types",
    "Whole",
    "compile_plan",
    "facts_apart",
]

GROUP_LIMIT = (
    15  # members of a group, since its counts must fit half a byte; a larger one is cut up
)


@dataclass(frozen=True)
class Sums:
    """Several sums over the rows of one array: for each, which rows.

    `dtype` holds every sum; `factors` is what each row of the array is multiplied by, or nothing
    where none is; `caps` is what each sum may be at most, or nothing where none is capped.
    `members` is how many indicators each row of the array counts, where it is counts that are
    added. `starts` and `rows` are the same terms laid end to end, for compiled loops: those of sum
    s lie from `starts[s]` up to `starts[s + 1]`.
    """

    terms: tuple[tuple[int, ...], ...]
    dtype: np.dtype[np.integer]
    factors: tuple[int, ...] = ()
    caps: tuple[int, ...] = ()
    members: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.terms)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        return np.cumsum([0, *map(len, self.terms)], dtype=np.int64)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        return np.array([row for terms in self.terms for row in terms], dtype=np.int64)

    @cached_property
    def together(self) -> NDArray[np.bool_]:
        """Of each sum, whether it counts so few that both halves of the bytes can be added at
        once (sums,).
        """
        if self.factors or not self.members or self.dtype != np.uint8:
            return np.zeros(len(self), dtype=bool)
        counted = [sum(self.members[row] for row in terms) for terms in self.terms]
        return np.array([0 < n <= GROUP_LIMIT for n in counted])

    @cached_property
    def single(self) -> NDArray[np.bool_]:
        """Of each row of the array, whether it counts one indicator: 0 or 1 at both ends."""
        return np.array([n == 1 for n in self.members], dtype=bool)

    @cached_property
    def times(self) -> NDArray[np.integer]:
        return np.array(self.factors, dtype=self.dtype)

    @cached_property
    def most(self) -> NDArray[np.integer]:
        return np.array(self.caps, dtype=self.dtype)


class Types(NamedTuple):
    """The narrowest types that hold what they must; narrow numbers are what makes adding fast.

    points : points in all and of forms; signed, so that taking one from another is safe
    amounts : points of one dimension; unsigned
    counts : of indicators; unsigned
    """

    points: np.dtype[np.integer]
    amounts: np.dtype[np.integer]
    counts: np.dtype[np.integer]

    @classmethod
    def of(cls, checklist: Checklist, weights: WeightSet) -> Types:
        """The types for a list and its weights."""
        totals = [
            sum(weights.points[p][i] for i in ids)
            for p in CASE_PROFILES
            for ids in checklist.members[p].values()
        ]
        points = max(sum(weights.points[p].values()) for p in CASE_PROFILES)
        signed = np.result_type(np.int16, np.min_scalar_type(-points - 1))
        return cls(
            signed, np.min_scalar_type(max(totals)), np.min_scalar_type(len(checklist.indicators))
        )


@dataclass(frozen=True)
class Whole:
    """Points in all, where facts count once and soft signs are capped together.

    plain : two sums of points, of the telling signs and of the soft ones, without those of a fact
    telling, soft : for each fact, its telling groups and its soft ones, of which the weightiest
        counts; of equals the telling one
    most : what soft signs give together at most
    """

    plain: Sums
    telling: Sums
    soft: Sums
    most: int


@dataclass(frozen=True)
class ProfilePlan:
    """Everything for one profile.

    groups : sums of columns of a block, each at most 15 of them
    counts : sums of groups: how many strong signs there are in each dimension, how many medium, how
        many weak; how many
        signs of each element; how many signs; how many signs without a strength, in those
        dimensions that have some (`unrated`: dimension, row); and how many of each set that a rule
        counts (`count_row` says where)
    amounts : points of each dimension, capped (`dimension_row` says where; the sign dimensions come
        first)
    whole : how points add up in all; None where they are the sum over dimensions
    needs : for each need, the indicators that open it; none where the profile is owed it not
    forms : for each form, points of its purpose signs; then for each, points of its other signs
    form_signs : how many signs each form has
    sizes : the largest that each of `counts` can be
    points_max, signs, sign_dimensions : how many points, signs and sign dimensions there are in all
    linear : the short form of the Delphi rule is exact for every dimension (see `kernel.delphi`)
    """

    profile: Profile
    rules: RuleSet
    groups: Sums
    counts: Sums
    amounts: Sums
    whole: Whole | None
    needs: tuple[frozenset[str], ...]
    forms: Sums
    form_signs: Sums
    sizes: tuple[int, ...]
    count_row: Mapping[frozenset[str], int]
    unrated: tuple[tuple[int, int], ...]
    dimension_row: Mapping[str, int]
    points_max: int
    signs: int
    sign_dimensions: int
    linear: bool


@dataclass(frozen=True)
class Plan:
    """A list and its weights made ready for `score_block`.

    indicators : ids in list order: what the rows of `Block.codes` are
    dimensions, forms, needs : ids in the order of the result's arrays
    profiles : by profile number, 0 adult and 1 child
    applies, danger : bool (2, indicators): by profile, which indicators apply and which the danger
        rule names
    """

    indicators: tuple[str, ...]
    dimensions: tuple[str, ...]
    forms: tuple[str, ...]
    needs: tuple[str, ...]
    profiles: tuple[ProfilePlan, ...] = field(repr=False)
    applies: NDArray[np.bool_] = field(repr=False)
    danger: NDArray[np.bool_] = field(repr=False)
    types: Types


def compile_plan(checklist: Checklist, weights: WeightSet) -> Plan:
    """Make a list and one of its weight sets ready for `score_block`."""
    types = Types.of(checklist, weights)
    profiles = tuple(
        _Compiler(checklist, weights, profile, types).plan() for profile in CASE_PROFILES
    )
    behind = [
        named(
            weights.scale(checklist, profile).rules.levels["act_now"],
            checklist.by_profile[profile],
        )
        for profile in CASE_PROFILES
    ]
    return Plan(
        indicators=tuple(checklist.indicators),
        dimensions=tuple(d.id for d in checklist.dimensions.values() if d.kind == "sign"),
        forms=checklist.forms,
        needs=tuple(need.id for need in checklist.needs),
        profiles=profiles,
        applies=np.array(
            [
                [i.applies(profile) for i in checklist.indicators.values()]
                for profile in CASE_PROFILES
            ],
            dtype=bool,
        ),
        danger=np.array([[i in ids for i in checklist.indicators] for ids in behind], dtype=bool),
        types=types,
    )


def facts_apart(
    rule: FactsAtLeast,
) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """The signs that are a fact each, as one set to count, and the facts of several signs."""
    single = frozenset[str]().union(*(fact for fact in rule.facts if len(fact) == 1))
    return single, tuple(fact for fact in rule.facts if len(fact) > 1)


def _sets(rule: Resolved) -> Iterable[frozenset[str]]:
    """Every set of ids that a rule counts."""
    for leaf in walk(rule):
        if isinstance(leaf, AtLeast):
            yield leaf.ids
        elif isinstance(leaf, Delphi):
            yield from (leaf.strong, leaf.medium, leaf.weak)
        elif isinstance(leaf, FactsAtLeast):
            single, several = facts_apart(leaf)
            yield from (single, *several)


class _Compiler:
    """The groups of one profile, and sums over them."""

    def __init__(
        self, checklist: Checklist, weights: WeightSet, profile: Profile, types: Types
    ) -> None:
        self.checklist, self.profile = checklist, profile
        self.scale = weights.scale(checklist, profile)
        self.rules, self.points = self.scale.rules, self.scale.points
        self.types = types
        self.relevant = checklist.by_profile[profile]
        rules = (*self.rules.levels.values(), self.rules.enough_known)
        self.counted = list(dict.fromkeys(ids for rule in rules for ids in _sets(rule)))
        self.needs = tuple(
            frozenset(i for i in need.indicators if i in self.points)
            if profile in need.profiles
            else frozenset[str]()
            for need in checklist.needs
        )
        self.counted += [ids for ids in dict.fromkeys(self.needs) if ids not in self.counted]
        self._within: dict[str, list[int]] = defaultdict(list)  # the sets that an indicator is in
        for n, ids in enumerate(self.counted):
            for key in ids:
                self._within[key].append(n)
        alike: dict[Hashable, list[Indicator]] = defaultdict(list)
        for i in self.relevant:
            alike[self._key(i)].append(i)
        self.groups = [
            group[n : n + GROUP_LIMIT]
            for group in alike.values()
            for n in range(0, len(group), GROUP_LIMIT)
        ]
        self._group_of = {group[0].id: n for n, group in enumerate(self.groups)}

    def _key(self, i: Indicator) -> Hashable:
        return (
            i.dimension,
            i.element,
            i.strength_for(self.profile),
            self.points[i.id],
            frozenset(i.forms),
            i.id in self.scale.soft,
            next((n for n, fact in enumerate(self.scale.facts) if i.id in fact), None),
            tuple(self._within.get(i.id, ())),
        )

    def _count(self, ids: Iterable[str]) -> tuple[int, ...]:
        """How many of these are yes, as a sum over groups."""
        found = {self._group_of[i] for i in ids if i in self._group_of}
        return tuple(sorted(found))

    def _amount(self, ids: Iterable[str]) -> tuple[int, ...]:
        """The points of those that are yes, as a sum over groups times their points."""
        return self._count(i for i in ids if self.points[i])

    def plan(self) -> ProfilePlan:
        kinds = {name: d.kind for name, d in self.checklist.dimensions.items()}
        names = sorted(
            kinds, key=lambda name: kinds[name] != "sign"
        )  # sign dimensions first, otherwise in list order
        dimensions = [name for name in names if kinds[name] == "sign"]
        signs = [i for i in self.relevant if kinds[i.dimension] == "sign"]
        column = {key: n for n, key in enumerate(self.checklist.indicators)}

        alike: dict[Hashable, list[str]] = defaultdict(list)
        for i in signs:
            alike[i.dimension, i.strength_for(self.profile)].append(i.id)
        strengths = {s: [alike[d, s] for d in dimensions] for s in STRENGTHS}
        sets = [frozenset(ids) for s in STRENGTHS for ids in strengths[s]]
        sets += [frozenset(i.id for i in signs if i.element == e) for e in ELEMENTS]
        sets += [frozenset(i.id for i in signs)]
        unrated = {
            d: ids for d, name in enumerate(dimensions) if (ids := frozenset(alike[name, None]))
        }
        sets += unrated.values()
        sets += [ids for ids in self.counted if ids not in sets]
        by_strength = zip(*(map(len, strengths[s]) for s in STRENGTHS), strict=True)

        of_dimension = [[i.id for i in self.relevant if i.dimension == name] for name in names]
        totals = [sum(self.points[i] for i in ids) for ids in of_dimension]
        caps = tuple(
            min(total, self.scale.caps.get(name, total))
            for name, total in zip(names, totals, strict=True)
        )

        points = tuple(self.points[group[0].id] for group in self.groups)
        members = tuple(map(len, self.groups))
        of_form = [[i for i in signs if form in i.forms] for form in self.checklist.forms]
        forms = [
            self._amount(i.id for i in found if (i.element == "purpose") == purpose)
            for purpose in (True, False)
            for found in of_form
        ]
        return ProfilePlan(
            profile=self.profile,
            rules=self.rules,
            groups=Sums(
                tuple(tuple(column[i.id] for i in group) for group in self.groups),
                np.dtype(np.uint8),
            ),
            counts=Sums(tuple(map(self._count, sets)), self.types.counts, members=members),
            amounts=Sums(
                tuple(map(self._amount, of_dimension)),
                self.types.amounts,
                points,
                caps if self.scale.caps else (),
                members,
            ),
            whole=self._whole(points),
            needs=self.needs,
            forms=Sums(tuple(forms), self.types.points, points, members=members),
            form_signs=Sums(
                tuple(self._count(i.id for i in found) for found in of_form),
                self.types.counts,
                members=members,
            ),
            sizes=tuple(map(len, sets)),
            count_row={ids: n for n, ids in enumerate(sets)},
            unrated=tuple((d, sets.index(ids)) for d, ids in unrated.items()),
            dimension_row={name: n for n, name in enumerate(names)},
            points_max=self.scale.total(frozenset(self.points)),
            signs=len(signs),
            sign_dimensions=len(dimensions),
            linear=all(
                weak <= 8 and 16 * strong + 8 * medium + weak < 256
                for strong, medium, weak in by_strength
            ),
        )

    def _whole(self, points: tuple[int, ...]) -> Whole | None:
        """Points in all; `points` are those of each group."""
        scale = self.scale
        if scale.most is None:
            return None
        within = frozenset[str]().union(*scale.facts)
        apart = [i for i in self.points if i not in within]
        plain = [[i for i in apart if (i in scale.soft) is kind] for kind in (False, True)]

        def sums(sets: Iterable[Iterable[str]]) -> Sums:
            members = tuple(map(len, self.groups))
            return Sums(tuple(map(self._amount, sets)), self.types.points, points, (), members)

        return Whole(
            plain=sums(plain),
            telling=sums(fact - scale.soft for fact in scale.facts),
            soft=sums(fact & scale.soft for fact in scale.facts),
            most=scale.most,
        )
