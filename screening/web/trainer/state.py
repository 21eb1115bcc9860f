"""What the trainer's pages work with: ratings that came in, weights that are being made, and people
to try them on.

No case is near it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from screening.answers import Profile, profile_of
from screening.calibration.agreement import Agreement
from screening.calibration.files import Draft, weights_target, write_draft
from screening.calibration.impact import (
    Change,
    Moved,
    Stories,
    Threshold,
    WorldImpact,
    fallen,
    population,
    thresholds,
    unused_worlds,
)
from screening.calibration.propose import DRAWS, Draws, Method, Proposal, edited, propose
from screening.calibration.ratings import Form, form_of
from screening.checklist import (
    Checklist,
    Vignettes,
    load_checklist,
    load_vignettes,
    load_weights,
    teaching_sets,
    vignette_ids,
)
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.model import WeightSet
from screening.checklist.schema import CASE_PROFILES
from screening.errors import KnowledgeError, ScreeningError, UsageError
from screening.i18n import Words
from screening.scorecard.card_json import load_model, model_ids
from screening.scorecard.model import CardModel
from screening.simulation import load_world
from screening.web.trainer.rounds import Rounds

__all__ = ["PEOPLE", "Behind", "Bench", "Differs", "Tried"]

PEOPLE = 100_000  # invented cases that a slider is tried on
SEED = 5
_DRAWS = 1000

Points = Mapping[Profile, Mapping[str, int]]


@dataclass(frozen=True)
class Tried:
    """What weights on the bench do: one world, the vignettes that move, held-out children who
    fall.
    """

    impact: WorldImpact
    moved: list[Moved]
    lost: list[Moved]


@dataclass(frozen=True)
class Differs:
    """A weight as it stands, and as a page that is behind would have it."""

    indicator: str
    profile: Profile
    stands: int
    sent: int


class Behind(Exception):
    """Another page set the weights meanwhile. What it set stands."""

    def __init__(self, differs: list[Differs]) -> None:
        super().__init__(len(differs))
        self.differs = differs


@dataclass
class Bench:
    """One run's bench.

    Everything that takes long is made once and kept until what it rests on changes.
    """

    checklist_ref: str = DEFAULT_LIST
    proposal: Proposal | None = None
    points: Points | None = None
    revision: int = 0  # of the points: a page that was made from an older one does not set them
    made: dict[str, str] = field(
        default_factory=dict
    )  # public halves of keys made in this run, by id
    _changes: dict[tuple[str, str], Change] = field(default_factory=dict)
    _agreements: tuple[int, tuple[Agreement | None, Agreement | None]] | None = None
    _writer: str = ""  # the page that set the points last
    _kept: Points | None = None  # the points as they were last written into a set
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @cached_property
    def checklist(self) -> Checklist:
        return load_checklist(self.checklist_ref)

    @property
    def in_force(self) -> WeightSet:
        return load_weights(self.checklist)

    @cached_property
    def sets(self) -> list[Vignettes]:
        return teaching_sets(self.checklist)

    @cached_property
    def form(self) -> Form:
        return form_of(self.checklist, self.sets)

    @cached_property
    def stories(self) -> Stories:
        return Stories.of(
            self.checklist,
            [load_vignettes(self.checklist, name) for name in vignette_ids(self.checklist)],
        )

    @cached_property
    def cards(self) -> list[str]:
        """Cards that fit this list."""
        found = []
        for name in model_ids():
            try:
                load_model(name, self.checklist)
            except (
                ScreeningError
            ):  # a card of another list, or one that cannot be read: it is simply not offered
                continue
            found.append(name)
        return found

    def warm(self) -> None:
        """Read the list, and raise what is wrong with it."""
        self.checklist.texts("en")

    def reload(self) -> None:
        """Read the list again: another set is in force."""
        for name in ("checklist", "form", "stories", "sets", "cards"):
            self.__dict__.pop(name, None)
        self._changes.clear()

    # -- ratings -----------------------------------------------------------------------------------

    @cached_property
    def rounds(self) -> Rounds:
        return Rounds(self.form)

    def agreements(self) -> tuple[Agreement | None, Agreement | None]:
        """How far raters agree on signs and on vignettes; None with fewer than two raters."""
        with self._lock:
            if self._agreements is None or self._agreements[0] != self.rounds.version:
                self._agreements = self.rounds.version, self.rounds.agreements(_DRAWS)
            return self._agreements[1]

    def left(self, say: Words) -> list[str]:
        """What would be lost if the program ended now, a line each."""
        found = []
        ratings = self.rounds.unkept()
        if ratings:
            found.append(
                say.plural(
                    "{n} rating is in memory only. Take it away as CSV in the browser, or press"
                    " Ctrl-C again to forget it.",
                    "{n} ratings are in memory only. Take them away as CSV in the browser, or press"
                    " Ctrl-C again to forget them.",
                    ratings,
                )
            )
        if self.points is not None and self.points != self._kept:
            found.append(
                say(
                    "The edited weights are in memory only. Keep them as a set in the"
                    " browser, or press {keys} again to forget them.",
                    keys="Ctrl-C",
                )
            )
        return found

    # -- weights -----------------------------------------------------------------------------------

    def card(self, name: str) -> CardModel | None:
        return load_model(name, self.checklist) if name else None

    def propose(self, method: Method, card: str, worth: float) -> Proposal:
        made = propose(
            self.checklist,
            self.in_force,
            self.rounds.strengths(self.rounds.round),
            self.card(card),
            method,
            worth=worth,
            draws=Draws(DRAWS),
        )
        with self._lock:
            self.proposal, self.points, self._writer = made, made.points, ""
            self.revision += 1
        return made

    @property
    def by_hand(self) -> bool:
        """Whether somebody set a weight that was not proposed."""
        return self.points is not None and self.points != (
            self.proposal.points if self.proposal else self.in_force.points
        )

    def now(self) -> Points:
        """The weights on the bench: proposed and set by hand, or those in force."""
        return self.points or self.in_force.points

    def set_points(self, given: Mapping[str, str]) -> Points:
        """Weights from a form, `child:daily_quota` = 4; what it does not name stays.

        `rev` is the revision that its page was made from, `tab` which page it is: one that moved on
        by itself is not behind.

        Raises
        ------
        KnowledgeError : K132 for anything but a whole number
        Behind : another page set other weights meanwhile; nothing is changed
        """
        with self._lock:
            points = self._read(given)
            differs = [
                Differs(i, p, self.now()[p][i], n)
                for p in CASE_PROFILES
                for i, n in points[p].items()
                if n != self.now()[p][i]
            ]
            known = (
                given.get("rev", str(self.revision)) == str(self.revision)
                or given.get("tab", "") == self._writer != ""
            )
            if differs and not known:
                raise Behind(differs)
            if differs:
                self.points, self._writer = points, given.get("tab", "")
                self.revision += 1
            return points

    def _read(self, given: Mapping[str, str]) -> Points:
        points: dict[Profile, dict[str, int]] = {p: dict(self.now()[p]) for p in CASE_PROFILES}
        for profile in CASE_PROFILES:
            for name in points[profile]:
                text = given.get(f"{profile}:{name}")
                if text is None:
                    continue
                if (
                    not (text.isascii() and text.isdigit() and len(text) < 4)
                    or self.checklist.dimensions[self.checklist.indicators[name].dimension].kind
                    != "sign"
                ):
                    raise KnowledgeError("K132.weight_typed", value=text, indicator=name)
                points[profile][name] = int(text)
        return points

    def weights(self, points: Points) -> WeightSet:
        """Points as a set that can be tried; it lies nowhere."""
        base, made = self.in_force, self.proposal
        return replace(
            base,
            id="bench",
            points=points,
            worlds=made.worlds if made else (),
            alternatives=edited(made, points).alternatives if made else (),
        )

    def worlds(self, *others: WeightSet) -> list[str]:
        """Worlds on which it is honest to try."""
        return unused_worlds(self.checklist, self.in_force, self.weights(self.now()), *others)

    def change(self, world: str, before: WeightSet) -> Change:
        with self._lock:
            key = world, before.sha256
            if key not in self._changes:
                if len(self._changes) >= 6:
                    self._changes.pop(next(iter(self._changes)))
                people = next(
                    (c.population for (w, _), c in self._changes.items() if w == world), None
                )
                self._changes[key] = Change(
                    people or population(load_world(self.checklist, world), PEOPLE, SEED),
                    self.checklist,
                    before,
                )
            return self._changes[key]

    def tried(self, world: str, before: WeightSet, after: WeightSet) -> Tried:
        """What `after` does in place of `before`. `U305` for a world that set one of them."""
        if world not in self.worlds(before, after):
            raise UsageError(
                "U305.world_unknown", world=world, worlds=", ".join(self.worlds(before, after))
            )
        rows = self.stories.moved(before, after)
        return Tried(
            self.change(world, before).impact(after), [m for m in rows if m.changed], fallen(rows)
        )

    def thresholds(self, world: str, weights: WeightSet) -> list[Threshold]:
        return thresholds(self.checklist, weights, self.change(world, self.in_force).population)

    def save(
        self,
        name: str,
        title: str,
        authors: Sequence[str],
        valid_from: date,
        recheck_by: date,
        today: date,
        note: str,
        alone: Mapping[str, str],
    ) -> WeightSet:
        """The weights on the bench as an unsigned set beside the list."""
        if self.proposal is None:
            raise UsageError("U305.nothing_proposed")
        if "/" in name or "\\" in name or name.endswith(".yaml"):
            raise KnowledgeError("K112.weights_name", name=name)
        path, points = weights_target(self.checklist, name), self.now()
        made = write_draft(
            self.checklist,
            self.in_force,
            edited(self.proposal, points),
            path,
            Draft(
                title=title,
                authors=authors,
                valid_from=valid_from,
                recheck_by=recheck_by,
                today=today,
                note=note,
                alone=alone,
            ),
        )
        self._kept = points
        return made

    def profile(self, n: int) -> Profile:
        """Whether the n-th vignette of the form is met as a child."""
        return profile_of(self.form.vignettes[n].to_case())[0]
