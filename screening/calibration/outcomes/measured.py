"""How well the tool did, by group, from decisions that came back; and what sample is still needed.

The finding must have been logged before the decision, and it is what was logged that counts, not
what today's list would say. Decisions are not truth either: an authority can be wrong, and it may
have seen the finding.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from screening.calibration.impact import SMALL, STEP
from screening.calibration.outcomes.corrected import Cell, Corrected, corrected, sample_needed
from screening.calibration.outcomes.table import DECISIONS, REFER, VERIFIED, Outcomes, read_outcomes
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.model import Checklist, WeightSet
from screening.errors import UsageError, mark
from screening.files.jsondata import plain
from screening.proportion import Share, share
from screening.tables.frames import Frames, list_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AT",
    "GROUPS",
    "SAMPLE",
    "Measured",
    "Needed",
    "OutcomeReport",
    "measure",
    "measure_outcomes",
]

GROUPS = {
    "all": mark("all"),
    "children": mark("children"),
    "adults": mark("adults"),
    "begging": mark("met begging"),
    "begging children": mark("children met begging"),
}
AT = {"refer": mark("refer and above"), "danger aside": mark("refer and above, danger aside")}
SAMPLE = 0.10  # of those not referred: the random sample to verify as a rule
_OTHER = list(VERIFIED).index("other")
_SAMPLE = list(VERIFIED).index("sample")

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """One group at one line.

    referred, not_referred : people screened on each side of the line
    verified_above, verified_below : those of them whose decision is used; below, only people drawn
        at random
    victims_above, victims_below : victims among these
    otherwise : decisions about people below that came about in another way, and are not used
    verified_only : recall among the verified alone, for comparison; never the recall
    """

    group: str
    at: str
    referred: int
    not_referred: int
    verified_above: int
    verified_below: int
    victims_above: int
    victims_below: int
    otherwise: int
    recall: Corrected
    specificity: Corrected
    verified_only: Share


@dataclass(frozen=True)
class Needed:
    """The sample of people who were not referred that recall still asks for.

    total : verified people in all for an interval no wider than `width`; None where no sample of
        them is enough
    more : how many of these are missing
    rule : a random 10 % of those not referred so far
    assumed : share of victims among them that was reckoned with
    guessed : whether that share is an assumption because the sample holds no victim
    """

    group: str
    width: float
    total: int | None
    more: int | None
    done: int
    rule: int
    assumed: float
    guessed: bool


@dataclass(frozen=True)
class OutcomeReport:
    """What the outcomes tell.

    possible_count : whether possible victims count as victims
    decisions : how many of each decision
    scored_now, late, undated : findings made now from answers; cases left out because their finding
        was logged after the decision; decided cases whose finding has no day
    """

    screened: int
    decisions: Mapping[str, int]
    possible_count: bool
    scored_now: int
    late: int
    undated: int
    measured: tuple[Measured, ...]
    needed: tuple[Needed, ...]

    @property
    def blind(self) -> bool:
        """Whether nobody below the line was verified at random."""
        return not any(
            m.verified_below for m in self.measured if (m.group, m.at) == ("all", "refer")
        )

    def to_frame(self) -> pd.DataFrame:
        """A row for each group, line and measure: value, low, high, and the people behind it."""
        import pandas as pd

        rows = [
            (m.group, m.at, measure, r.value, r.low, r.high, n)
            for m in self.measured
            for measure, r, n in (
                ("recall", m.recall, m.verified_above + m.verified_below),
                ("specificity", m.specificity, m.verified_above + m.verified_below),
                ("recall of the verified alone", m.verified_only, m.verified_only.n),
            )
        ]
        return pd.DataFrame(
            rows, columns=["group", "at", "measure", "value", "low", "high", "verified"]
        )

    def protected(self) -> dict[str, Any]:
        """Everything as plain data that may leave the house: counts below 10 are None, others to
        the nearest 5, shares to two digits and only where at least 10 people stand behind them.
        """
        data: dict[str, Any] = plain(self, 2)
        data["screened"] = _shown(self.screened)
        for name in ("scored_now", "late", "undated"):
            data[name] = _shown(getattr(self, name))
        data["decisions"] = {k: _shown(n) for k, n in self.decisions.items()}
        for row, m in zip(data["measured"], self.measured, strict=True):
            for name in _COUNTS:
                row[name] = _shown(getattr(m, name))
            row["verified_only"] = {k: row["verified_only"][k] for k in ("value", "low", "high")}
            # Nobody verified is no small count: then it is said what cannot be known.
            if any(0 < n < SMALL for n in (m.verified_above, m.verified_below)):
                for name in ("recall", "specificity", "verified_only"):
                    row[name] = None
            elif m.verified_only.n < SMALL:
                row["verified_only"] = None
        for row, need in zip(data["needed"], self.needed, strict=True):
            row["done"] = _shown(need.done)
            row["rule"] = _shown(need.rule)
        return data


_COUNTS = (
    "referred",
    "not_referred",
    "verified_above",
    "verified_below",
    "victims_above",
    "victims_below",
    "otherwise",
)


def _shown(n: int) -> int | None:
    """A count as it may be shown: none below 10 but 0, others to the nearest 5. Rounded, what two
    counts differ by gives back no small one.
    """
    return n if n == 0 else None if n < SMALL else (n + STEP // 2) // STEP * STEP


def measure_outcomes(
    decisions: Frames | str | Path,
    findings: Frames | str | Path | None = None,
    checklist: Checklist | str | Path = DEFAULT_LIST,
    weights: WeightSet | None = None,
    *,
    possible_count: bool = True,
    width: float = 0.2,
    today: date | None = None,
    encoding: str | None = None,
) -> OutcomeReport:
    """Recall and specificity of what was found, from formal decisions that came back.

    Both are corrected for partial verification (Begg and Greenes 1983): people who were not
    referred are hardly ever looked at, so the verified alone would give a recall near 1 whatever
    the truth. Of those who were not referred only a random sample is used.

    Parameters
    ----------
    decisions : a frame or file with a row a case: case_id, age (or profile), finding as logged at
        the time (or answers to score), found_on, finding_without_danger, begging; decision
        ("actual", "possible", "not_confirmed"), decided_by, decided_on, verified ("referral",
        "sample", "other"). Cases without a decision belong in it too
    findings : what the tool had found, where `decisions` holds only the decisions
    weights : what answers are scored with where no finding was logged; None for the set in force
    possible_count : whether a possible victim counts as a victim
    width : of the interval of recall for which the sample still needed is reckoned

    Raises
    ------
    CaseError : C210 to C253: what cannot be read, all of it; further faults are in `__notes__`
    UsageError : U305 a width that is none

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame(
    ...     {
    ...         "case_id": ["a", "b", "c"],
    ...         "age": [9, 9, 30],
    ...         "finding": ["refer", "look_further", "look_further"],
    ...         "decision": ["actual", None, "not_confirmed"],
    ...         "decided_by": ["court", None, "labour inspector"],
    ...         "decided_on": ["2027-05-01", None, "2027-05-02"],
    ...         "verified": ["referral", None, "sample"],
    ...     }
    ... )
    >>> report = measure_outcomes(frame)
    >>> report.screened, report.decisions["actual"]
    (3, 1)
    """
    outcomes = read_outcomes(
        decisions,
        findings,
        checklist=list_of(checklist),
        weights=weights,
        today=today,
        encoding=encoding,
    )
    return measure(outcomes, possible_count=possible_count, width=width)


def measure(
    outcomes: Outcomes, *, possible_count: bool = True, width: float = 0.2
) -> OutcomeReport:
    """The same of outcomes that were read already."""
    if not 0.01 <= width < 1:
        raise UsageError("U305.interval_width", place="--width", width=width)
    names = list(DECISIONS)
    victims = outcomes.decision == names.index("actual")
    if possible_count:
        victims |= outcomes.decision == names.index("possible")
    measured, needed = [], []
    for group, who in _groups(outcomes).items():
        for at, finding in (("refer", outcomes.finding), ("danger aside", outcomes.without_danger)):
            if (finding[who] < 0).any():
                continue  # not known of everybody: a share of the rest would be of other people
            cells = _cells(outcomes, who, finding >= REFER, victims)
            measured.append(_measured(outcomes, group, at, (who, finding >= REFER), cells, victims))
            if at == "refer" and group in ("all", "children"):
                needed.append(_needed(group, cells, width))
    return OutcomeReport(
        len(outcomes),
        {name: int((outcomes.decision == n).sum()) for n, name in enumerate(names)},
        possible_count,
        outcomes.scored_now,
        outcomes.late,
        outcomes.undated,
        tuple(measured),
        tuple(needed),
    )


def _groups(outcomes: Outcomes) -> dict[str, Mask]:
    every = {
        "all": np.ones(len(outcomes), dtype=bool),
        "children": outcomes.child,
        "adults": ~outcomes.child,
    }
    if outcomes.begging_known:
        every["begging"] = outcomes.begging
        every["begging children"] = outcomes.begging & outcomes.child
    return {name: who for name, who in every.items() if who.any()}


def used(outcomes: Outcomes) -> Mask:
    """Whose decision says something about everybody with the same finding: all who were referred,
    and of the rest those who were drawn at random.
    """
    referred = outcomes.finding >= REFER
    found: Mask = (outcomes.decision >= 0) & (referred | (outcomes.verified == _SAMPLE))
    return found


def strata(outcomes: Outcomes) -> NDArray[np.int64]:
    """A number for each profile and finding, within which it does not hang on the truth who is
    verified; highest findings of children first.
    """
    found = outcomes.finding.astype(np.int64)
    number: NDArray[np.int64] = (~outcomes.child) * 10 + (found.max(initial=0) - found)
    return number


def _cells(outcomes: Outcomes, who: Mask, above: Mask, victims: Mask) -> list[Cell]:
    use, number = used(outcomes), strata(outcomes)
    cells = []
    for stratum in np.unique(number[who]):
        for side in (True, False):
            mine = who & (number == stratum) & (above == side)
            if mine.any():
                known = mine & use
                sampled = bool((outcomes.finding[mine] < REFER).all())
                n, verified, hits = (int(some.sum()) for some in (mine, known, known & victims))
                cells.append(Cell(side, n, verified, hits, sampled))
    return cells


def _measured(
    outcomes: Outcomes,
    group: str,
    at: str,
    masks: tuple[Mask, Mask],
    cells: list[Cell],
    victims: Mask,
) -> Measured:
    who, above = masks
    recall, specificity = corrected(cells)
    decided = who & (outcomes.decision >= 0)
    sides = [[c for c in cells if c.above is side] for side in (True, False)]
    screened, verified, hits = (
        [int(sum(getattr(c, name) for c in side)) for side in sides]
        for name in ("screened", "verified", "victims")
    )
    return Measured(
        group=group,
        at=at,
        referred=screened[0],
        not_referred=screened[1],
        verified_above=verified[0],
        verified_below=verified[1],
        victims_above=hits[0],
        victims_below=hits[1],
        otherwise=int((decided & ~above & ~used(outcomes)).sum()),
        recall=recall,
        specificity=specificity,
        verified_only=share(int((decided & above & victims).sum()), int((decided & victims).sum())),
    )


def _needed(group: str, cells: list[Cell], width: float) -> Needed:
    below = [c for c in cells if not c.above]
    done, there = int(sum(c.verified for c in below)), int(sum(c.screened for c in below))
    total, assumed = sample_needed(cells, width)
    return Needed(
        group,
        width,
        total,
        None if total is None else max(0, total - done),
        done,
        math.ceil(SAMPLE * there),
        assumed,
        not any(c.victims for c in below),
    )
