"""Universes: a world with every number redrawn round what it says, since nobody knows the numbers.

A result that holds in one world may rest on that world's guesses; over many universes the guesses
differ. A rate moves on the log-odds scale, partly together with the others of its block, as a
reader who sees one kind of people too harshly sees all their signs so. What is 0 stays 0: it cannot
apply in any universe.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from screening.errors import UsageError
from screening.simulation.schema import (
    Correlation,
    Depth,
    Mode,
    Observation,
    Override,
    Rates,
    Situation,
    WorldFile,
)
from screening.simulation.world import World, digest, rates_of

__all__ = ["SPREAD", "Spread", "universe", "universes"]

_MODES = ("ask", "observe", "document")
B = TypeVar("B", Rates, Override)


@dataclass(frozen=True)
class Spread:
    """How far a universe's numbers lie from the world's.

    rate : SD of a sign's rate, in log odds
    shared : the part of that variance which all signs of one block (a pattern's, a situation's)
        have together
    observation : SD of what is open, hidden, mistaken, reached and told later, in log odds
    loading : SD of a correlation's loading, as the inverse hyperbolic tangent
    concentration : of the Dirichlet distribution that shares of situations, depths and meetings
        come from; at 40, a share of 0.10 has an SD of 0.05
    """

    rate: float = 0.45
    shared: float = 0.5
    observation: float = 0.30
    loading: float = 0.15
    concentration: float = 40.0


SPREAD = Spread()


def universes(world: World, n: int, seed: int, spread: Spread = SPREAD) -> Iterator[World]:
    """Universes 1 to n of a world."""
    return (universe(world, k, seed, spread) for k in range(1, n + 1))


def universe(world: World, k: int, seed: int, spread: Spread = SPREAD) -> World:
    """Universe k of a world: the same people and signs, other numbers. 0 is the world as written.

    The same world, k, seed and spread give the same universe; no two of them share random draws.

    Raises
    ------
    UsageError : U305 k or the seed below 0
    """
    if seed < 0:
        raise UsageError("U305.seed", seed=seed)
    if k < 0:
        raise UsageError("U305.universe", universe=k)
    if k == 0:
        return world
    name = [k, seed, *vars(spread).values()]
    stream = int(digest([world.stream, *name])[:32], 16)
    rng = np.random.Generator(np.random.SFC64(stream))
    file = _Redrawn(rng, spread).file(world.file)
    rates, false_yes = rates_of(world.checklist, file)
    return replace(
        world,
        file=file,
        rates=rates,
        false_yes=false_yes,
        sha256=digest([world.sha256, *name]),
        stream=stream,
        universe=k,
    )


class _Redrawn:
    """A world's numbers, each once, in the order of the file."""

    def __init__(self, rng: np.random.Generator, spread: Spread) -> None:
        self.rng, self.spread = rng, spread

    def file(self, f: WorldFile) -> WorldFile:
        assert f.correlation and f.observation and f.meetings and f.depths and f.situations
        assert f.age_uncertain is not None
        update: dict[str, Any] = {
            "meetings": f.meetings.model_copy(update={"shares": self.shares(f.meetings.shares)}),
            "correlation": self.correlation(f.correlation),
            "observation": self.observation(f.observation),
            "false_yes": self.blocks(f.false_yes or [], self.spread.observation),
            "depths": self.depths(f.depths),
            "age_uncertain": self.share(f.age_uncertain),
            "background": self.blocks(f.background or [], self.spread.rate),
            "patterns": {
                name: self.blocks(blocks, self.spread.rate)
                for name, blocks in (f.patterns or {}).items()
            },
            "situations": self.situations(f.situations),
            "overrides": self.blocks(f.overrides, self.spread.rate),
        }
        if f.lookalike:
            share = self.share(f.lookalike.share, self.spread.rate)
            update["lookalike"] = f.lookalike.model_copy(update={"share": share})
        return f.model_copy(update=update)

    def share(self, share: float, sd: float | None = None) -> float:
        """One share, moved in log odds; 0 and 1 stay."""
        z = self.rng.standard_normal()
        return _moved(share, z * (self.spread.observation if sd is None else sd))

    def blocks(self, blocks: Sequence[B], sd: float) -> list[B]:
        """Blocks of rates; those of one pattern or situation share a part of how far they move."""
        together = self.rng.standard_normal() * math.sqrt(self.spread.shared)
        alone = math.sqrt(1 - self.spread.shared)
        found = []
        for block in blocks:
            z = (together + alone * self.rng.standard_normal(len(block.rates))) * sd
            rates = {
                s: _moved(r, float(by)) for (s, r), by in zip(block.rates.items(), z, strict=True)
            }
            found.append(block.model_copy(update={"rates": rates}))
        return found

    def shares(self, shares: Sequence[float]) -> list[float]:
        """Shares that add up to what they did; 0 stays."""
        total = sum(shares)
        drawn = self.rng.gamma([max(s / total * self.spread.concentration, 1e-12) for s in shares])
        drawn = np.where(np.array(shares) > 0, np.maximum(drawn, 1e-9), 0)
        return [float(x) for x in drawn / drawn.sum() * total]

    def situations(self, situations: Sequence[Situation]) -> list[Situation]:
        shares: dict[str, float] = {}
        for kind in (True, False):
            mine = [s for s in situations if s.exploited == kind]
            shares |= zip((s.id for s in mine), self.shares([s.share for s in mine]), strict=True)
        return [
            s.model_copy(
                update={"share": shares[s.id], "rates": self.blocks(s.rates, self.spread.rate)}
            )
            for s in situations
        ]

    def correlation(self, c: Correlation) -> Correlation:
        def moved(loading: float) -> float:
            z = self.rng.standard_normal() * self.spread.loading
            return math.tanh(math.atanh(loading) + z) if loading else 0.0

        update = {name: moved(getattr(c, name)) for name in ("exploited", "others", "dimension")}
        most = math.hypot(max(abs(update["exploited"]), abs(update["others"])), update["dimension"])
        if most > 0.95:  # something is left to chance in every universe
            update = {name: loading * 0.95 / most for name, loading in update.items()}
        return c.model_copy(update=update)

    def observation(self, o: Observation) -> Observation:
        update: dict[str, Any] = {name: self.mode(getattr(o, name)) for name in _MODES}
        update["coached"] = o.coached.model_copy(update=self.each(o.coached, self.share))
        update |= {name: self.share(getattr(o, name)) for name in ("asked_later", "told_later")}
        z = self.rng.standard_normal() * self.spread.loading
        update["guarded"] = min(math.tanh(math.atanh(o.guarded) + z), 0.95) if o.guarded else 0.0
        return o.model_copy(update=update)

    def mode(self, mode: Mode) -> Mode:
        update = self.each(mode, self.share)
        still_open = update["not_asked"] + update["unknown"] + update["refused"]
        if still_open > 1:
            update |= {n: update[n] / still_open for n in ("not_asked", "unknown", "refused")}
        return mode.model_copy(update=update)

    def depths(self, depths: Sequence[Depth]) -> list[Depth]:
        shares = self.shares([d.share for d in depths])
        return [
            d.model_copy(update={"share": share} | {m: self.share(getattr(d, m)) for m in _MODES})
            for d, share in zip(depths, shares, strict=True)
        ]

    @staticmethod
    def each(model: Mode | Any, moved: Callable[[float], float]) -> dict[str, float]:
        return {name: moved(getattr(model, name)) for name in type(model).model_fields}


def _moved(share: float, by: float) -> float:
    if share <= 0 or share >= 1:
        return share
    return 1 / (1 + math.exp(-(math.log(share / (1 - share)) + by)))
