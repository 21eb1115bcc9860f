"""What a change of weights does, before anybody signs it: whose finding changes, in which
direction, who is found and who is missed.

Vignettes show it one by one; invented cases by subgroup, in worlds that set neither set of weights;
past cases as counts only. A finding changes through points alone: most rules count signs, not
points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from screening.answers import Profile, profile_of
from screening.checklist.model import Checklist, Vignettes, WeightSet
from screening.checklist.scale import CORROBORATING
from screening.checklist.schema import CASE_PROFILES, FINDINGS, Finding
from screening.checklist.vignettefiles import Vignette
from screening.errors import UsageError, mark
from screening.evaluation.report import subgroups
from screening.files.parallel import each
from screening.proportion import Share, share
from screening.scoring.batch import BlockResult, compile_plan, score_block
from screening.scoring.block import YES, Block
from screening.simulation.generate import Cases, generate
from screening.simulation.world import World, load_world, world_ids
from screening.tables.blocks import block_of

__all__ = [
    "BEGGING_CHILD",
    "GROUPS",
    "GROUP_WORDS",
    "SMALL",
    "STEP",
    "Change",
    "GroupImpact",
    "Moved",
    "Population",
    "Sensitivity",
    "Stories",
    "Threshold",
    "Together",
    "WorldImpact",
    "fallen",
    "moved",
    "population",
    "sensitivity",
    "suppressed",
    "thresholds",
    "together",
    "unused_worlds",
    "world_impact",
]

BEGGING_CHILD = "forced-begging child"
GROUPS = (
    "all",
    BEGGING_CHILD,
    "forced-begging child with family and papers",
    "other exploited child",
    "adult, begging",
    "adult, labour",
    "adult, sexual",
    "adult, servitude",
    "child",
    "adult",
)
GROUP_WORDS = {
    "all": mark("everybody"),
    BEGGING_CHILD: mark("children forced to beg"),
    "forced-begging child with family and papers": mark("… of them with family and papers"),
    "other exploited child": mark("other exploited children"),
    "adult, begging": mark("adults made to beg"),
    "adult, labour": mark("adults in forced labour"),
    "adult, sexual": mark("adults in sexual exploitation"),
    "adult, servitude": mark("adults in servitude"),
    "child": mark("all children"),
    "adult": mark("all adults"),
}
SMALL = 10  # counts of real people below this are not shown
STEP = 5  # and those that are shown are to the nearest so many
_REFER = FINDINGS.index("refer")

Mask = NDArray[np.bool_]
Ranks = NDArray[np.uint8]
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Population:
    """Invented cases of one world, ready to be scored again and again.

    `groups` holds who is looked at apart.
    """

    world: str
    seed: int
    block: Block
    exploited: Mask
    groups: dict[str, Mask]

    def __len__(self) -> int:
        return len(self.exploited)

    @cached_property
    def ids(self) -> dict[str, NDArray[np.intp]]:
        """The same as places: quicker to count with for small groups."""
        return {name: np.flatnonzero(mask) for name, mask in self.groups.items()}

    def score(self, checklist: Checklist, weights: WeightSet) -> BlockResult:
        return score_block(self.block, compile_plan(checklist, weights))


def population(world: World, n: int, seed: int) -> Population:
    """Draw n cases of a world."""
    cases: Cases = generate(world, n, seed)
    every = subgroups(cases)
    block = cases.block()
    return Population(
        world.id,
        seed,
        replace(block, codes=np.ascontiguousarray(block.codes)),
        cases.exploited,
        {g: every[g] for g in GROUPS if g in every},
    )


def unused_worlds(checklist: Checklist, *weights: WeightSet) -> list[str]:
    """The list's worlds whose cases set none of these weights.

    `U305` where none is left: nothing honest can be measured then.
    """
    used = {w for one in weights for w in one.worlds}
    every = world_ids(checklist)
    left = [w for w in every if w not in used]
    if not every:
        raise UsageError("U305.no_world_for_list", checklist=checklist.id)
    if not left:
        raise UsageError("U305.worlds_not_independent", checklist=checklist.id)
    return left


# -- vignettes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """A vignette under two sets of weights.

    `key` is the finding that the vignette names; `guarded` one that must never fall below refer.
    """

    vignette: Vignette
    before: Finding
    after: Finding
    key: Finding | None
    guarded: bool

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Stories:
    """Vignettes that have a key for a list, side by side, so that all are scored at once."""

    checklist: Checklist
    vignettes: tuple[Vignette, ...]
    block: Block
    guarded: tuple[bool, ...]

    @classmethod
    def of(cls, checklist: Checklist, sets: Iterable[Vignettes]) -> Stories:
        begging = _begging_situations(checklist)
        found = tuple(v for s in sets for v in s.cases if checklist.id in v.expected)
        cases = [v.to_case().only(checklist.indicators) for v in found]
        guarded = tuple(
            v.held_out == "yes" and v.situation in begging and profile_of(c)[0] == "child"
            for v, c in zip(found, cases, strict=True)
        )
        return cls(checklist, found, block_of(cases, checklist), guarded)

    def moved(self, before: WeightSet, after: WeightSet) -> list[Moved]:
        """Every vignette under both sets."""
        a = self._findings(before)
        b = a if after is before else self._findings(after)
        return [
            Moved(v, FINDINGS[x], FINDINGS[y], v.expected[self.checklist.id], g)
            for v, x, y, g in zip(self.vignettes, a, b, self.guarded, strict=True)
        ]

    def _findings(self, weights: WeightSet) -> NDArray[np.uint8]:
        return score_block(self.block, compile_plan(self.checklist, weights)).finding


def moved(
    checklist: Checklist, sets: Iterable[Vignettes], before: WeightSet, after: WeightSet
) -> list[Moved]:
    """Every vignette that has a key for this list, under both sets."""
    return Stories.of(checklist, sets).moved(before, after)


def fallen(rows: Iterable[Moved]) -> list[Moved]:
    """Held-out vignettes of children forced to beg that the new weights leave below refer, though
    their key is refer or higher.
    """
    rank = FINDINGS.index
    return [
        m
        for m in rows
        if m.guarded and rank(m.after) < _REFER and m.key is not None and rank(m.key) >= _REFER
    ]


def _begging_situations(checklist: Checklist) -> set[str]:
    worlds = world_ids(checklist)
    return (
        {
            s.id
            for s in load_world(checklist, worlds[0]).situations
            if s.exploited and s.form == "begging"
        }
        if worlds
        else set()
    )


# -- invented cases --------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupImpact:
    """One subgroup: how many findings rise and fall, and the share referred (danger aside) before
    and after.

    For a group of exploited people that share is recall; `spared_*` is the share of its not
    exploited who are not referred, which is specificity, and None where it has none. `contested` is
    the share whose finding plausible weights would change.
    """

    group: str
    n: int
    up: int
    down: int
    recall_before: Share
    recall_after: Share
    spared_before: Share
    spared_after: Share
    contested: Share


@dataclass(frozen=True)
class WorldImpact:
    """One world: changes by subgroup, and from which finding to which."""

    world: str
    n: int
    seed: int
    groups: tuple[GroupImpact, ...]
    table: NDArray[np.int64]

    def group(self, name: str) -> GroupImpact:
        return next(g for g in self.groups if g.group == name)


@dataclass
class Change:
    """The result of `before` on a population, kept: only the new weights are scored when a trainer
    moves a slider.
    """

    population: Population
    checklist: Checklist
    before: WeightSet
    _before: BlockResult = field(init=False)

    def __post_init__(self) -> None:
        self._before = self.population.score(self.checklist, self.before)

    def impact(self, after: WeightSet, draws: bool = False) -> WorldImpact:
        """What `after` does.

        `draws` also scores its plausible sets, which takes as many times as long.
        """
        a, b = self._before, self.population.score(self.checklist, after)
        contested = np.zeros(len(self.population), dtype=bool)
        for points in after.alternatives if draws else ():
            contested |= (
                self.population.score(
                    self.checklist, replace(after, points=points, alternatives=())
                ).finding
                != b.finding
            )
        up, down = b.finding > a.finding, b.finding < a.finding
        refer_a, refer_b = a.finding_without >= _REFER, b.finding_without >= _REFER
        exploited, groups = self.population.exploited, []
        for name, who in self.population.ids.items():
            theirs = exploited[who]
            yes, no = int(theirs.sum()), int((~theirs).sum())
            ra, rb = refer_a[who], refer_b[who]
            groups.append(
                GroupImpact(
                    name,
                    len(who),
                    int(up[who].sum()),
                    int(down[who].sum()),
                    share(int((ra & theirs).sum()), yes),
                    share(int((rb & theirs).sum()), yes),
                    share(int((~ra & ~theirs).sum()), no),
                    share(int((~rb & ~theirs).sum()), no),
                    share(int(contested[who].sum()), len(who)),
                )
            )
        k = len(FINDINGS)
        table = np.bincount(a.finding.astype(np.intp) * k + b.finding, minlength=k * k).reshape(
            k, k
        )
        return WorldImpact(
            self.population.world, len(self.population), self.population.seed, tuple(groups), table
        )


def world_impact(
    checklist: Checklist, world: World, before: WeightSet, after: WeightSet, n: int, seed: int
) -> WorldImpact:
    """What a change of weights does in one world."""
    return Change(population(world, n, seed), checklist, before).impact(after, draws=True)


@dataclass(frozen=True)
class Sensitivity:
    """One weight moved by one point: how many findings change, of all and of children forced to
    beg.
    """

    indicator: str
    profile: Profile
    step: int
    changed: int
    begging_children: int
    recall: Share


def sensitivity(
    checklist: Checklist, weights: WeightSet, people: Population, progress: Progress | None = None
) -> list[Sensitivity]:
    """Every weight up and down by one point, one at a time; what moves most comes first."""
    base = people.score(checklist, weights)
    begging = people.ids.get(BEGGING_CHILD, np.zeros(0, dtype=np.intp))
    moves = [
        (i, p, step)
        for p in CASE_PROFILES
        for i, n in weights.points[p].items()
        for step in (1, -1)
        if checklist.dimensions[checklist.indicators[i].dimension].kind == "sign" and n + step >= 0
    ]
    found = []
    for n, (name, profile, step) in enumerate(moves):
        points = {
            p: {
                **weights.points[p],
                **({name: weights.points[p][name] + step} if p == profile else {}),
            }
            for p in CASE_PROFILES
        }
        result = people.score(checklist, replace(weights, points=points, alternatives=()))
        other = result.finding != base.finding
        recall = share(int((result.finding_without[begging] >= _REFER).sum()), len(begging))
        found.append(
            Sensitivity(name, profile, step, int(other.sum()), int(other[begging].sum()), recall)
        )
        if progress is not None:
            progress(n + 1, len(moves))
    return sorted(found, key=lambda s: (-s.changed, s.indicator, s.profile, -s.step))


@dataclass(frozen=True)
class Together:
    """All weights moved at once, each by one point up, down or not at all, so many times: least,
    median and most of the share of findings that change, and of the recall of children forced to
    beg.
    """

    draws: int
    changed: tuple[float, float, float]
    recall: tuple[float, float, float]


def _moved_by(
    people: Population,
    checklist: Checklist,
    weights: WeightSet,
    before: NDArray[np.uint8],
    begging: NDArray[np.intp],
    points: Mapping[Profile, Mapping[str, int]],
) -> tuple[float, float]:
    """Which share of findings other points change, and how many of these children they refer."""
    result = people.score(checklist, replace(weights, points=points, alternatives=()))
    found = result.finding_without[begging] >= _REFER
    share_found = float(found.mean()) if len(begging) else float("nan")
    return float((result.finding != before).mean()), share_found


def together(
    checklist: Checklist,
    weights: WeightSet,
    people: Population,
    draws: int = 30,
    seed: int = 1,
    progress: Progress | None = None,
    n_jobs: int | None = None,
) -> Together:
    """How far the findings hang on the weights altogether. Weights stay whole and at 0 or more."""
    rng, base = np.random.default_rng(seed), people.score(checklist, weights)
    begging = people.ids.get(BEGGING_CHILD, np.zeros(0, dtype=np.intp))
    sets = [
        {
            p: {
                i: (
                    max(0, w + int(rng.integers(-1, 2)))
                    if checklist.dimensions[checklist.indicators[i].dimension].kind == "sign"
                    else w
                )
                for i, w in weights.points[p].items()
            }
            for p in CASE_PROFILES
        }
        for _ in range(draws)
    ]

    moved = partial(_moved_by, people, checklist, weights, base.finding, begging)
    changed, recall = [], []
    for n, (change, found) in enumerate(each(moved, sets, n_jobs)):
        changed.append(change)
        recall.append(found)
        if progress is not None:
            progress(n + 1, draws)
    return Together(draws, _spread(changed), _spread(recall))


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = (float(q) for q in np.quantile(values, [0, 0.5, 1]))
    return low, middle, high


@dataclass(frozen=True)
class Threshold:
    """A number of points from which a profile would be referred, by points alone, and what that
    finds.
    """

    profile: Profile
    points: int
    recall: Share
    begging: Share
    spared: Share


def thresholds(
    checklist: Checklist, weights: WeightSet, people: Population, most: int = 30
) -> list[Threshold]:
    """What each line would find and spare, profile by profile: so many points on two telling facts,
    or on one sign that reaches the line alone.

    A set without lines is tried by points alone; the list's rules that count signs find more.
    """
    result = people.score(checklist, weights)
    begging = people.groups.get(BEGGING_CHILD, np.zeros(len(people), dtype=bool))
    found = []
    for number, profile in enumerate(CASE_PROFILES):
        mine = result.profile == number
        facts, heaviest = _telling(people, checklist, weights, profile)
        for points in range(1, most + 1):
            over = result.points >= points
            if profile in weights.lines:
                over &= (facts >= CORROBORATING) | (heaviest >= points)
            yes, no, beg = mine & people.exploited, mine & ~people.exploited, mine & begging
            found.append(
                Threshold(
                    profile,
                    points,
                    share(int((over & yes).sum()), int(yes.sum())),
                    share(int((over & beg).sum()), int(beg.sum())),
                    share(int((~over & no).sum()), int(no.sum())),
                )
            )
    return found


def _telling(
    people: Population, checklist: Checklist, weights: WeightSet, profile: Profile
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each case, of how many facts a telling sign is recorded, and the heaviest of them."""
    at = {i: n for n, i in enumerate(checklist.indicators)}
    scale = weights.scale(checklist, profile)
    telling = weights.lines[profile].telling if profile in weights.lines else 0
    facts, heaviest = (np.zeros(len(people), dtype=np.int64) for _ in range(2))
    for fact in scale.telling:
        found = np.zeros(len(people), dtype=bool)
        for sign in fact:
            yes = people.block.codes[at[sign]] == YES
            found |= yes
            if scale.points[sign] >= telling:
                heaviest = np.where(yes, np.maximum(heaviest, scale.points[sign]), heaviest)
        facts += found
    return facts, heaviest


# -- real people, counted only ---------------------------------------------------------------------


def suppressed(table: NDArray[np.int64]) -> list[list[int | None]]:
    """Counts of real people, small ones left out (None).

    Whoever knows the total must not get a hidden count back by subtraction: at least two counts are
    hidden where any is, and all hidden ones together are not small either; else the smallest shown
    ones are hidden too. Counts that are shown are rounded to `STEP`: of two tables over the same
    people none gives back what the other hides.
    """
    flat = table.ravel()
    hidden = (flat > 0) & (flat < SMALL)
    while hidden.any() and (hidden.sum() < 2 or flat[hidden].sum() < SMALL):
        shown = np.flatnonzero(~hidden & (flat > 0))
        if not len(shown):
            break
        hidden[shown[flat[shown].argmin()]] = True
    rounded = (table + STEP // 2) // STEP * STEP
    return [
        [None if h else int(n) for n, h in zip(row, mask, strict=True)]
        for row, mask in zip(rounded, hidden.reshape(table.shape), strict=True)
    ]


def change_table(pairs: Sequence[tuple[Ranks, Ranks]]) -> NDArray[np.int64]:
    """From which finding to which, over blocks of real cases: (findings, findings)."""
    k = len(FINDINGS)
    total = np.zeros(k * k, dtype=np.int64)
    for before, after in pairs:
        total += np.bincount(before.astype(np.intp) * k + after, minlength=k * k)
    return total.reshape(k, k)
