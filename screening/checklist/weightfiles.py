"""Weight sets as frozen types, and the files that say who stands behind them and which one is in
force.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from screening.answers import Profile
from screening.checklist.schema import (
    Day,
    Format,
    Id,
    ListId,
    Model,
    RulesFile,
    Seed,
    Text,
    Whole,
)

__all__ = [
    "MOST_DRAWS",
    "Activation",
    "ActivationsFile",
    "Agreed",
    "Alone",
    "Draws",
    "Lines",
    "Plausible",
    "Points",
    "Previous",
    "Signature",
    "SignaturesFile",
    "Signer",
    "SignersFile",
    "WeightsFile",
]

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# Base64 in its one canonical form: no two texts are the same key.
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
SignatureText = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{85}[AQgw]==$")]
Ratio = Annotated[str, Field(pattern=r"^-?[0-9]\.[0-9]{2}$")]
MOST_DRAWS = 200  # plausible sets that a file may hold


class Points(Model):
    """Whole points per profile; a profile the indicator does not apply to is left out."""

    adult: Whole | None = None
    child: Whole | None = None

    def for_profile(self, profile: Profile) -> int | None:
        return self.child if profile == "child" else self.adult


class Previous(Model):
    """The weight set that another departs from."""

    id: ListId
    sha256: Sha256


class Draws(Model):
    """The plausible weights of one indicator: for each profile one number a draw.

    A profile whose weight never varies is left out.
    """

    adult: list[Whole] = []
    child: list[Whole] = []


class Plausible(Model):
    """Weight vectors that the same people and evidence could as well have given: draw k is the k-th
    number of every indicator.

    Indicators that are not named have their weight in every draw.
    """

    draws: Annotated[Whole, Field(le=MOST_DRAWS)]
    seed: Seed
    points: dict[Id, Draws]


class Agreed(Model):
    """How far the raters behind a set agree on the strength of signs: Krippendorff's ordinal alpha
    with its 95 % interval.
    """

    raters: Annotated[Whole, BeforeValidator(str)]  # a number of code as well as a file's word
    alpha: Ratio
    low: Ratio
    high: Ratio

    def is_low(self, least: float, wide: float) -> bool:
        """Whether weights should not rest on it: below `least`, or known no better than `wide`."""
        return float(self.alpha) < least or float(self.high) - float(self.low) > wide


class Alone(Model):
    """A sign that reaches the line by itself, for whom, and why it may."""

    indicator: Id
    profiles: Annotated[list[Profile], Field(min_length=1)]
    why: Text


class Lines(Model):
    """What stands beside the numbers of a set whose points decide, on the same scale.

    `refer` is how many recorded points refer a person; `telling` from how many points on a sign of
    an act, of recruitment, of control or of purpose is telling, and `corroborating` from how many
    it can stand beside a telling one; `soft` the most that all signs which are not telling give
    together; `alone` the signs whose number reaches the line, each with its reason.
    """

    refer: Points
    telling: Points
    corroborating: Points
    soft: Points
    alone: list[Alone] = []


class WeightsFile(Model):
    """One complete, dated weight set. A new judgement is a new file; none is ever changed.

    `lines` say what the points decide; a set without them leaves that to the list's rules. `rules`
    are the rules that a set kept for comparison was made for: they take the place of the list's.

    `previous`, `changes`, `worlds`, `plausible`, `agreement` and `override` are written by
    `calibrate`: what it departs from and how, worlds whose cases set the weights, what could as
    well have come out, how far the raters agree, and the reason why it was signed although somebody
    is worse off.
    """

    format: Format
    id: ListId
    checklist: ListId
    title: Text
    authors: Annotated[list[Text], Field(min_length=1)]
    method: Text
    evidence: Text
    valid_from: Day
    rechecked_on: Day
    recheck_by: Day | None = None
    previous: Previous | None = None
    changes: list[Text] = []
    worlds: list[ListId] = []
    override: str = ""
    agreement: Agreed | None = None
    lines: Lines | None = None
    rules: RulesFile | None = None
    points: dict[Id, Points]
    caps: dict[Id, Points] = {}
    plausible: Plausible | None = None


class Signature(Model):
    """One person's signature; `key` and `signature` are base64."""

    by: ListId
    on: Day
    key: Key
    signature: SignatureText


class SignaturesFile(Model):
    """`weights/signatures/<weights>.yaml`: who stands behind a weight set and the list that it is
    for.

    `sha256` is what they signed: `parts` (of the list, each that a result follows from) and
    `set_sha256` (the whole weight set) as one.
    """

    format: Format
    checklist: ListId
    weights: ListId
    parts: dict[Id, Sha256]
    set_sha256: Sha256
    sha256: Sha256
    signatures: Annotated[list[Signature], Field(min_length=1)]


class Signer(Model):
    """Somebody who may sign weight sets and put them in force, from one day until another."""

    id: ListId
    name: Text
    role: Text
    key: Key
    since: Day
    until: Day | None = None

    def may(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


class SignersFile(Model):
    """`signers.yaml`: the people whose signatures count.

    Whoever may change this file decides whose they are.
    """

    format: Format
    signers: list[Signer]


class Activation(Model):
    """A weight set was put in force: which, instead of which, by whom, when, why.

    `sha256` is what was signed: list and set as one. `chain` is the hash of the entry before.
    """

    weights: ListId
    sha256: Sha256
    before: ListId
    on: Day
    by: ListId
    reason: Text
    chain: str
    signature: SignatureText


class ActivationsFile(Model):
    """`activations.yaml`: every act of putting a weight set in force, oldest first.

    The last one holds.
    """

    format: Format
    activations: list[Activation]
