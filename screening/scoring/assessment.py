"""What scoring one case gives.

Every field is a contract: names are stable, the JSON schema is generated from here.

The explanation renders this record and derives nothing anew; a result keeps the list, weights and
engine it came from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from screening.answers import Profile
from screening.checklist.schema import Element, Finding, Mode, Strength

__all__ = [
    "Assessment",
    "ChecklistRef",
    "Contested",
    "Contribution",
    "Danger",
    "DimensionResult",
    "ElementResult",
    "FormEvidence",
    "LineResult",
    "NeedResult",
    "NextStep",
    "OpenQuestion",
    "PalermoGate",
    "SourceCited",
    "State",
    "WeightsRef",
]

State = Literal["present", "open", "absent"]


@dataclass(frozen=True, slots=True)
class ChecklistRef:
    """The list a result was made with."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class WeightsRef:
    """The weight set a result was made with; `standing` says who signed it, or "unsigned"."""

    id: str
    sha256: str
    standing: str = "unsigned"


@dataclass(frozen=True, slots=True)
class Contested:
    """The finding rests on weights that people did not agree on: of so many plausible weight sets,
    how many give which finding.
    """

    draws: int
    findings: dict[Finding, int]


@dataclass(frozen=True, slots=True)
class SourceCited:
    """A source, the place in it, and whether it was read: read, secondary, memory or assumption
    (ours).
    """

    ref: str
    at: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class ElementResult:
    """One Palermo element; `indicators` are those answered yes when present, those still open when
    open.
    """

    state: State
    indicators: list[str]


@dataclass(frozen=True, slots=True)
class PalermoGate:
    """The Palermo gate: the elements this profile needs and whether all are there.

    A child's never includes means.
    """

    needs: list[Element]
    state: State


@dataclass(frozen=True, slots=True)
class Danger:
    """What danger alone raised, kept apart: help goes out whether or not trafficking is indicated.

    `finding_without` and `finding_high_without` are the finding and its range from everything but
    the danger rule.
    """

    state: State
    indicators: list[str]
    finding_without: Finding
    finding_high_without: Finding


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One dimension: points after its cap, counts of yes by strength, and the Delphi rule.

    `positive` where the rule is met; else `open` while any sign of the dimension is open, however
    few signs it has; `not_reached` only once every sign has its answer. For comparison: it closes
    nothing.
    """

    points: int
    points_high: int
    strong: int
    medium: int
    weak: int
    state: Literal["positive", "open", "not_reached"]


@dataclass(frozen=True, slots=True)
class FormEvidence:
    """Evidence for one form of exploitation: points of the yes signs that belong to it.

    Ranked by `purpose_points` (signs of that exploitation itself), then `points`, then the list's
    order.
    """

    form: str
    points: int
    purpose_points: int
    indicators: list[str]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row of the sum. Rows sum to `points` exactly.

    kind `sign` adds; `once` takes back the other signs of a fact that counts once; `cap` what is
    over a cap; `danger` and `protective` are shown and add nothing. What belongs to the whole
    (`once`, the cap of all soft signs) has no dimension.
    """

    indicator: str | None
    statement: str
    points: int
    kind: Literal["sign", "protective", "danger", "once", "cap"]
    strength: Strength | None
    element: Element | None
    dimension: str | None
    basis: str
    note: str
    sources: list[SourceCited]


@dataclass(frozen=True, slots=True)
class LineResult:
    """What a referral rests on: the line in points, the telling signs answered yes (those of one
    fact together), and those of them that reach the line alone; the soft signs, which are not
    telling, and the most that they count together.
    """

    points: int
    telling: list[list[str]]
    alone: list[str]
    soft: list[str]
    soft_most: int


@dataclass(frozen=True, slots=True)
class NeedResult:
    """What the person is owed whatever the finding.

    state `present` where one of its indicators is yes, `open` where one could be; a need that is
    neither is not listed. `indicators` are those that are yes, or open. `who` acts (`role` in
    words) `within` so many `hours`; `steps` are what to do, by their ids in the pathway.
    """

    id: str
    name: str
    text: str
    state: Literal["present", "open"]
    urgency: Literal["now", "today", "soon"]
    indicators: list[str]
    who: str
    role: str
    within: str
    hours: int
    steps: list[str]
    sources: list[SourceCited]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something not known yet.

    `raises_to` is the finding a yes alone would bring, when higher than the present one.
    """

    indicator: str
    answer: Literal["unknown", "refused", "not_asked"]
    mode: Mode
    prompt: str
    points: int
    raises_to: Finding | None
    why: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do, by whom, within how many hours (0: at once), on which authority, last checked
    when.
    """

    id: str
    text: str
    who: str
    role: str
    within: str
    hours: int
    sources: list[SourceCited]
    checked_on: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result for one case: what was found, what is open, how far it could move, what to do
    next.

    There is no negative verdict among the findings. `points` is the recorded sum, `points_high` the
    sum if every open answer were yes, `points_max` the most this list can give the profile.
    `answered` of `relevant` signs have a closed answer. `receipt` is a SHA-256 over case, list,
    weights and engine. `needs` are owed whatever the finding, most urgent first. `line` is
    there only where points decide, `contested` only where plausible weights would give another
    finding.
    """

    case_id: str
    checklist: ChecklistRef
    weights: WeightsRef
    engine: str
    receipt: str
    profile: Profile
    profile_reason: str
    points: int
    points_high: int
    points_max: int
    answered: int
    relevant: int
    finding: Finding
    finding_high: Finding
    settled: bool
    danger: Danger
    gate: PalermoGate
    elements: dict[str, ElementResult]
    dimensions: dict[str, DimensionResult]
    forms: list[FormEvidence]
    contributions: list[Contribution]
    open_questions: list[OpenQuestion]
    red_flags: list[str]
    needs: list[NeedResult]
    next_steps: list[NextStep]
    statement: str
    line: LineResult | None = None
    warnings: list[str] = field(default_factory=list)
    contested: Contested | None = None
    second_opinion: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `line`, `contested` and `second_opinion` are left out when
        there are none.
        """
        data = asdict(self)
        for name in ("line", "contested", "second_opinion"):
            if data[name] is None:
                del data[name]
        return data
