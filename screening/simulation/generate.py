"""Drawing cases from a world: vectorised, seeded, block by block.

A sign is truly there when a normal variable lies below the normal quantile of its rate; the
variable is made of the case's severity, a strain shared by the signs of one dimension, and a rest
of its own, so that signs hang together and each rate stays what the world says. What the interview
then brings to light depends on the sign's mode, on how often the person was met, and on whether
they are guarded or coached.

Every block has a random stream of its own, made from the seed, the world and the block's number:
the first thousand cases of a million are the thousand cases of a thousand, and the same seed in
another world draws other people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from screening.answers import ADULT_AGE, Answer
from screening.checklist.schema import CASE_PROFILES
from screening.errors import UsageError
from screening.scoring.block import NO, OPEN, YES, Block
from screening.simulation.normal import quantile
from screening.simulation.observe import ANSWERS, CODE, Observer
from screening.simulation.schema import AgeRange
from screening.simulation.world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ANSWERS",
    "BLOCK",
    "Cases",
    "block_of",
    "generate",
    "generate_blocks",
    "prevalence_where",
]

BLOCK = 1 << 15  # cases drawn together
_BLOCK_OF_UNIVERSE = 1 << 13  # fewer: of many universes, few cases each are wanted
_UNKNOWN, _NOT_ASKED = CODE[Answer.UNKNOWN], CODE[Answer.NOT_ASKED]
_NOT_APPLICABLE = CODE[Answer.NOT_APPLICABLE]
_BLOCK_CODE = np.array([NO, YES, OPEN, OPEN, OPEN, NO], dtype=np.uint8)
_TRUTH_VALUE = np.array([0.0, 1.0, 0.5, 0.5, 0.5, 0.0], dtype=np.float32)

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Cases:
    """n synthetic cases: what was recorded, and what the world knows to be true.

    start : number of the first case
    age : int16 (n,); certain : bool (n,)
    answers : uint8 (indicators of the list, n), numbers in `ANSWERS`
    truth : bool (indicators, n), whether the sign is truly there
    situation : uint8 (n,), number in the world's situations
    exploited, female : bool (n,)
    origin : uint8 (n,), number in `origins`
    meetings : uint8 (n,), how often the person was met
    depth : uint8 (n,), number in the world's depths: how deep the meeting went
    """

    world: World
    seed: int
    start: int
    age: NDArray[np.int16]
    certain: NDArray[np.bool_]
    answers: Bytes
    truth: NDArray[np.bool_]
    situation: Bytes
    exploited: NDArray[np.bool_]
    female: NDArray[np.bool_]
    origin: Bytes
    meetings: Bytes
    depth: Bytes

    def __len__(self) -> int:
        return len(self.age)

    @cached_property
    def ids(self) -> list[str]:
        """`base-00000001` and so on; in its third universe `base-3-00000001`."""
        name = f"{self.world.id}-{self.world.universe}" if self.world.universe else self.world.id
        return [f"{name}-{n:08d}" for n in range(self.start + 1, self.start + len(self) + 1)]

    @property
    def origins(self) -> tuple[str, ...]:
        return _origins(self.world)

    @property
    def depths(self) -> tuple[str, ...]:
        """What the numbers in `depth` stand for."""
        return tuple(d.id for d in self.world.file.depths or ())

    @property
    def child(self) -> NDArray[np.bool_]:
        """Who is treated as a child: under 18, or of uncertain age."""
        return np.asarray((self.age < ADULT_AGE) | ~self.certain)

    @property
    def begging_child(self) -> NDArray[np.bool_]:
        """Children in a situation of begging, exploited or not (n,)."""
        begs = np.array([self.world.begs(s) for s in self.world.situations])
        return np.asarray(self.child & begs[self.situation])

    @property
    def accompanied(self) -> NDArray[np.bool_]:
        """Truly with family: none of the signs that the world names is there."""
        assert self.world.file.practice is not None
        return self._none_of(self.world.file.practice.accompanied_unless)

    @property
    def papers(self) -> NDArray[np.bool_]:
        """Truly with papers."""
        assert self.world.file.practice is not None
        return self._none_of(self.world.file.practice.papers_unless)

    def _none_of(self, signs: list[str]) -> NDArray[np.bool_]:
        where = [self.world.signs.index(s) for s in signs]
        return np.asarray(~self.truth[where].any(axis=0))

    def form(self) -> NDArray[Any]:
        """The form of exploitation, or "" (n,)."""
        names = np.array([s.form or "" for s in self.world.situations])
        result: NDArray[Any] = names[self.situation]
        return result

    def open_share(self, signs: list[int] | NDArray[np.intp] | None = None) -> NDArray[np.float32]:
        """The share of the signs that apply to the person whose answer is open (n,)."""
        answers = self.answers if signs is None else self.answers[signs]
        is_open = (answers >= _UNKNOWN) & (answers <= _NOT_ASKED)
        applies = (answers != _NOT_APPLICABLE).sum(axis=0)
        result: NDArray[np.float32] = (is_open.sum(axis=0) / np.maximum(applies, 1)).astype(
            np.float32
        )
        return result

    def block(self) -> Block:
        """As the batch engine takes it."""
        return Block(self.ids, self.age, self.certain, _BLOCK_CODE[self.answers])

    def to_frame(self) -> pd.DataFrame:
        """As a pandas frame, indexed by `case_id`: age, age_certain and the answers, which a score
        reads; and, in columns that begin with `truth_`, what only the world knows.
        """
        import pandas as pd

        six = pd.CategoricalDtype([answer.value for answer in ANSWERS])
        columns: dict[str, Any] = {"age": self.age, "age_certain": self.certain}
        for n, sign in enumerate(self.world.signs):
            columns[sign] = pd.Categorical.from_codes(self.answers[n].astype(np.int8), dtype=six)
        situations = [s.id for s in self.world.situations]
        columns |= {
            "truth_exploited": self.exploited,
            "truth_situation": pd.Categorical.from_codes(
                self.situation.astype(np.int16), categories=pd.Index(situations)
            ),
            "truth_form": pd.Categorical(self.form()),
            "truth_with_family": self.accompanied,
            "truth_with_papers": self.papers,
            "truth_sex": pd.Categorical(np.where(self.female, "female", "male")),
            "truth_origin": pd.Categorical(np.array(self.origins)[self.origin]),
            "truth_meetings": self.meetings,
            "truth_depth": pd.Categorical.from_codes(
                self.depth.astype(np.int16), categories=pd.Index(self.depths)
            ),
            "truth_universe": np.full(len(self), self.world.universe, dtype=np.int16),
        }
        return pd.DataFrame(columns, index=pd.Index(self.ids, name="case_id", dtype="str"))

    def matrix(self, signs: Sequence[str]) -> NDArray[np.float32]:
        """As an estimator takes it: (n, signs), 1 yes, 0 no or not applicable, 0.5 open."""
        where = [self.world.signs.index(s) for s in signs]
        return np.ascontiguousarray(_TRUTH_VALUE[self.answers[where]].T)

    def __getitem__(self, rows: slice) -> Cases:
        """Some rows in their order."""
        first = rows.indices(len(self))[0]
        return Cases(
            self.world,
            self.seed,
            self.start + first,
            self.age[rows],
            self.certain[rows],
            self.answers[:, rows],
            self.truth[:, rows],
            self.situation[rows],
            self.exploited[rows],
            self.female[rows],
            self.origin[rows],
            self.meetings[rows],
            self.depth[rows],
        )


def generate(world: World, n: int, seed: int, prevalence: float | None = None) -> Cases:
    """Draw n cases at once; see `generate_blocks`."""
    parts = list(generate_blocks(world, n, seed, prevalence))
    first = parts[0]
    if len(parts) == 1:
        return first

    def joined(name: str) -> Any:
        return np.concatenate([getattr(p, name) for p in parts], axis=-1)

    names = (
        "age",
        "certain",
        "answers",
        "truth",
        "situation",
        "exploited",
        "female",
        "origin",
        "meetings",
        "depth",
    )
    return Cases(world, seed, 0, *(joined(name) for name in names))


def generate_blocks(
    world: World, n: int, seed: int, prevalence: float | None = None, start: int = 0
) -> Iterator[Cases]:
    """Draw n cases, a block at a time.

    Parameters
    ----------
    n : number of cases, 1 or more
    seed : 0 or more; the same world, seed and prevalence give the same cases
    prevalence : the share that is exploited; None is the world's own
    start : number of the first block, to go on where another call ended

    Raises
    ------
    UsageError : U305 where a number is out of range
    """
    if n < 1:
        raise UsageError("U305.number_of_cases", n=n)
    if seed < 0:
        raise UsageError("U305.seed", seed=seed)
    share = (
        world.file.prevalence.share if prevalence is None and world.file.prevalence else prevalence
    )
    if share is None or not 0 <= share <= 1:
        raise UsageError("U305.prevalence", prevalence=prevalence)
    draw = _Drawing(world, seed, share)
    size = block_of(world)
    for number, first in enumerate(range(0, n, size), start):
        cases = draw.block(number)
        yield cases if n - first >= size else cases[: n - first]


def block_of(world: World) -> int:
    """How many cases of a world are drawn together."""
    return _BLOCK_OF_UNIVERSE if world.universe else BLOCK


def prevalence_where(world: World, among_begging_children: float) -> float:
    """The share of everybody that is exploited where this share of the begging children is.

    Who begs is told by the world's situations; among them are children who are treated as such
    because their age is uncertain.

    Raises
    ------
    UsageError : U305 not a share, or nobody to be counted: no child begs in one of the two ways
    """
    a = among_begging_children
    if not 0 <= a <= 1:
        raise UsageError("U305.prevalence", prevalence=a)
    uncertain, children = world.file.age_uncertain or 0.0, {True: 0.0, False: 0.0}
    for kind in children:
        mine = [s for s in world.situations if s.exploited == kind]
        child = [s.people.children + (1 - s.people.children) * uncertain for s in mine]
        begging = sum(s.share * c for s, c in zip(mine, child, strict=True) if world.begs(s))
        children[kind] = begging / sum(s.share for s in mine)
    if not all(children.values()):
        raise UsageError("U305.no_begging_children", place=f"world {world.id}")
    return a * children[False] / (a * children[False] + (1 - a) * children[True])


def _origins(world: World) -> tuple[str, ...]:
    origin = world.file.origin
    assert origin is not None
    return tuple(dict.fromkeys((*origin.exploited.weights, *origin.others.weights)))


class _Drawing:
    """A world's numbers as arrays, made once."""

    def __init__(self, world: World, seed: int, prevalence: float) -> None:
        f = world.file
        assert (
            f.meetings
            and f.observation
            and f.correlation
            and f.origin
            and f.depths
            and f.age_uncertain is not None
        )
        self.world, self.seed, self.prevalence = world, seed, prevalence
        self.size = block_of(world)
        self.coached = f.observation.coached.share
        self.uncertain = f.age_uncertain
        self.meetings = np.cumsum(f.meetings.shares)
        self.depths = np.cumsum([d.share for d in f.depths])
        self.situations = world.situations
        shares = np.array([s.share for s in self.situations])
        exploited = np.array([s.exploited for s in self.situations])
        self.exploited = exploited
        self.chance = [
            np.cumsum(np.where(exploited == kind, shares, 0) / shares[exploited == kind].sum())
            for kind in (False, True)
        ]
        self.origins = [
            np.cumsum([w.get(o, 0) / sum(w.values()) for o in _origins(world)])
            for w in (f.origin.others.weights, f.origin.exploited.weights)
        ]

        indicators = [world.checklist.indicators[i] for i in world.signs]
        self.indicators = indicators
        names = list(world.checklist.dimensions)
        self.dimension = np.array([names.index(i.dimension) for i in indicators])
        self.dimensions = len(names)
        opposed = np.array(
            [-1.0 if i.dimension in f.correlation.opposed else 1.0 for i in indicators]
        )
        own = f.correlation.dimension
        self.severity = [
            _column(opposed * load) for load in (f.correlation.others, f.correlation.exploited)
        ]
        self.strain = np.float32(own)
        self.rest = [
            np.float32(np.sqrt(1 - load**2 - own**2))
            for load in (f.correlation.others, f.correlation.exploited)
        ]
        self.thresholds = {
            (n, p): _column([quantile(r) for r in world.rates[s.id, profile]])
            for n, s in enumerate(self.situations)
            for p, profile in enumerate(CASE_PROFILES)
        }
        self.false_yes = {
            (n, p): _column(world.false_yes[s.id, profile])
            for n, s in enumerate(self.situations)
            for p, profile in enumerate(CASE_PROFILES)
        }
        self.possible = {
            (n, p): np.flatnonzero(world.rates[s.id, profile])
            for n, s in enumerate(self.situations)
            for p, profile in enumerate(CASE_PROFILES)
        }
        self.observer = Observer(indicators, f.observation, f.depths, len(self.meetings) - 1)
        self.pool = (
            np.array([world.signs.index(s) for s in f.lookalike.signs]) if f.lookalike else None
        )

    def block(self, number: int) -> Cases:
        """Draw block `number`.

        People alike are drawn together, then put back in the order they were met.
        """
        rng = np.random.Generator(
            np.random.SFC64(
                np.random.SeedSequence([self.seed, self.world.stream], spawn_key=(number,))
            )
        )
        n = self.size
        exploited = rng.random(n) < self.prevalence
        u = rng.random(n)
        situation = np.where(
            exploited,
            np.searchsorted(self.chance[1], u, "right"),
            np.searchsorted(self.chance[0], u, "right"),
        ).astype(np.uint8)
        np.minimum(situation, len(self.situations) - 1, out=situation)
        child, age, female, certain = self._people(rng, situation)
        u = rng.random(n)
        origin = np.where(
            exploited,
            np.searchsorted(self.origins[1], u, "right"),
            np.searchsorted(self.origins[0], u, "right"),
        ).astype(np.uint8)
        met = np.minimum(
            np.searchsorted(self.meetings, rng.random(n), "right"), len(self.meetings) - 1
        ).astype(np.uint8)
        depth = np.minimum(
            np.searchsorted(self.depths, rng.random(n), "right"), len(self.depths) - 1
        ).astype(np.uint8)
        coached = (rng.random(n) < self.coached) & exploited

        key = ((situation.astype(np.int32) * 2 + child) * len(self.meetings) + met) * 2 + coached
        order = np.argsort(key, kind="stable")
        edges = np.flatnonzero(np.diff(key[order], prepend=-1, append=-1))
        answers = np.empty((len(self.indicators), n), dtype=np.uint8)
        truth = np.empty((len(self.indicators), n), dtype=bool)
        for low, high in pairwise(edges.tolist()):
            first = order[low]
            s, p = int(situation[first]), int(child[first])
            true = self._truth(rng, s, p, high - low)
            truth[:, low:high] = true
            answers[:, low:high] = self.observer.answers(
                rng,
                true,
                self.false_yes[s, p],
                depth[order[low:high]],
                (p, int(met[first]), bool(coached[first])),
            )
        back = np.empty(n, dtype=np.intp)
        back[order] = np.arange(n)
        return Cases(
            self.world,
            self.seed,
            number * self.size,
            age,
            certain,
            answers.take(back, axis=1),
            truth.take(back, axis=1),
            situation,
            exploited,
            female,
            origin,
            met + np.uint8(1),
            depth,
        )

    def _people(
        self, rng: np.random.Generator, situation: Bytes
    ) -> tuple[NDArray[np.bool_], NDArray[np.int16], NDArray[np.bool_], NDArray[np.bool_]]:
        """Who is treated as a child, age, sex, and whether the age is certain."""
        n = len(situation)
        u, v = rng.random(n), rng.random(n)
        minor = u < np.array([s.people.children for s in self.situations])[situation]
        age = np.empty(n, dtype=np.int16)
        for number, s in enumerate(self.situations):
            for of, years in ((minor, s.people.child_years), (~minor, s.people.adult_years)):
                mine = np.flatnonzero((situation == number) & of)
                age[mine] = _triangle(v[mine], years)
        female = rng.random(n) < np.array([s.people.female for s in self.situations])[situation]
        certain = rng.random(n) >= self.uncertain
        return minor | ~certain, age, female, certain

    def _truth(self, rng: np.random.Generator, s: int, p: int, m: int) -> NDArray[np.bool_]:
        """Which signs are truly there for m people in one situation: bool (indicators, m)."""
        kind, possible = int(self.exploited[s]), self.possible[s, p]
        x = rng.standard_normal((len(possible), m), dtype=np.float32)
        x *= self.rest[kind]
        strain = rng.standard_normal((self.dimensions, m), dtype=np.float32)
        strain *= self.strain
        x += strain[self.dimension[possible]]
        x += self.severity[kind][possible] * rng.standard_normal(m, dtype=np.float32)
        true = np.zeros((len(self.indicators), m), dtype=bool)
        true[possible] = x < self.thresholds[s, p][possible]
        if self.pool is not None and not kind:
            self._look_alike(rng, true, s, p)
        return true

    def _look_alike(
        self, rng: np.random.Generator, true: NDArray[np.bool_], s: int, p: int
    ) -> None:
        """Give some people further signs from the pool that can apply to them, until they have as
        many of it as was drawn for them.
        """
        extra = self.world.file.lookalike
        assert extra is not None and self.pool is not None
        m = true.shape[1]
        pool = self.pool[np.isin(self.pool, self.possible[s, p])]
        chosen = rng.random(m) < extra.share
        wanted = np.where(chosen, rng.integers(extra.least, extra.most + 1, m), 0)
        rank = rng.random((len(pool), m), dtype=np.float32)
        rank[true[pool]] = -1  # signs that are there already come first and count
        true[pool] |= rank.argsort(axis=0).argsort(axis=0) < wanted


def _column(values: Any) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)[:, None]


def _triangle(u: NDArray[np.float64], years: AgeRange) -> NDArray[np.int16]:
    """Whole years from a triangle that reaches half a year beyond its ends."""
    low, top, high = years.lowest - 0.5, float(years.mode), years.highest + 0.5
    cut = (top - low) / (high - low)
    x = np.where(
        u < cut,
        low + np.sqrt(u * (high - low) * (top - low)),
        high - np.sqrt((1 - u) * (high - low) * (high - top)),
    )
    return np.clip(np.rint(x), years.lowest, years.highest).astype(np.int16)
