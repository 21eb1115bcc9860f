"""Keys that readers made: how far the readers agree, and where the tool and they part.

The readers had seen neither rules nor weights, so these keys can find the tool wrong. Agreement is
not truth: people may agree on a mistake, and readers of one kind more easily than others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from screening.answers import profile_of
from screening.calibration.agreement import Statistic
from screening.calibration.agreement.alpha import alpha
from screening.calibration.agreement.draws import Drawn, drawn, middle, whole
from screening.checklist.model import Checklist, Vignettes, WeightSet
from screening.checklist.schema import FINDINGS, Finding
from screening.checklist.vignettefiles import Need, Vignette
from screening.checklist.vignettes import key_finding, key_needs
from screening.errors import KnowledgeError
from screening.scoring import score

__all__ = ["Beside", "Fit", "agreement_of_readings", "beside_readers", "fit"]

DRAWS = 2000
SEED = 1


@dataclass(frozen=True)
class Beside:
    """One vignette: what each reader said, the key that follows, and what the tool finds.

    `given` is in the order of the set's readers. `steps` is how far the tool lies above (+) or
    below (-) the key, in steps of the findings; `apart` how far the readers lie from each other.
    """

    vignette: Vignette
    given: tuple[Finding, ...]
    key: Finding
    needs: tuple[Need, ...]
    found: Finding
    child: bool

    @property
    def steps(self) -> int:
        return FINDINGS.index(self.found) - FINDINGS.index(self.key)

    @property
    def apart(self) -> int:
        places = [FINDINGS.index(f) for f in self.given]
        return max(places) - min(places)


@dataclass(frozen=True)
class Fit:
    """How many findings equal the key, fall short of it, or go beyond it.

    `missed` are those that readers refer or act on at once and the tool does not; `raised` the
    other way round.
    """

    n: int
    equal: int
    short: int
    beyond: int
    missed: int
    raised: int


def _read(vignettes: Vignettes) -> list[Vignette]:
    """The cases that somebody read; `K110` where nobody has."""
    if vignettes.readings is None:
        raise KnowledgeError("K110.no_readings", set=vignettes.id)
    return [v for v in vignettes.cases if v.id in vignettes.readings.cases]


def agreement_of_readings(vignettes: Vignettes, draws: int = DRAWS, seed: int = SEED) -> Statistic:
    """Krippendorff's ordinal alpha of the readers' findings, all vignettes, held out or not.

    The interval is the middle 95 % of bootstrap draws over vignettes; it says nothing about other
    readers: there are too few to draw them.
    """
    cases = _read(vignettes)
    assert vignettes.readings is not None
    readers = [reader.id for reader in vignettes.readings.readers]
    codes = np.full((len(readers), len(cases)), -1, dtype=np.int8)
    for n, case in enumerate(cases):
        for reading in vignettes.readings.cases[case.id]:
            codes[readers.index(reading.reader), n] = FINDINGS.index(reading.finding)
    of = partial(alpha, categories=len(FINDINGS))
    value = float(of(codes, whole(codes))[0])
    times = drawn(0, len(cases), draws, seed).units
    low, high = middle(of(codes, Drawn(np.ones((draws, len(readers))), times)))
    return Statistic("alpha", "findings", value, low, high, len(cases), len(readers))


def beside_readers(
    vignettes: Vignettes, checklist: Checklist, weights: WeightSet
) -> tuple[Beside, ...]:
    """Every vignette that was read, with the tool's finding on its recorded answers."""
    found = []
    cases = _read(vignettes)
    assert vignettes.readings is not None
    order = [reader.id for reader in vignettes.readings.readers]
    for vignette in cases:
        readings = sorted(
            vignettes.readings.cases[vignette.id], key=lambda r: order.index(r.reader)
        )
        case = vignette.to_case().only(checklist.indicators)
        found.append(
            Beside(
                vignette,
                tuple(r.finding for r in readings),
                key_finding(readings),
                key_needs(readings),
                score(case, checklist, weights).finding,
                profile_of(case)[0] == "child",
            )
        )
    return tuple(found)


def fit(rows: tuple[Beside, ...] | list[Beside]) -> Fit:
    """The counts behind any share that is told of these rows."""
    refer = FINDINGS.index("refer")
    high = [(FINDINGS.index(r.key) >= refer, FINDINGS.index(r.found) >= refer) for r in rows]
    return Fit(
        len(rows),
        sum(r.steps == 0 for r in rows),
        sum(r.steps < 0 for r in rows),
        sum(r.steps > 0 for r in rows),
        sum(key and not tool for key, tool in high),
        sum(tool and not key for key, tool in high),
    )
