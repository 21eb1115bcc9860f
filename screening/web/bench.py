"""What the trainer's pages work with: ratings that came in, weights that are being made, and people to try them on. No case is near it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from screening.answers import Profile, profile_of
from screening.calibrate.agreement import Agreement, Spread, agreement, spreads
from screening.calibrate.impact import Change, Moved, Stories, Threshold, WorldImpact, fallen, population, thresholds, unused_worlds
from screening.calibrate.propose import DRAWS, Method, Proposal, edited, propose
from screening.calibrate.ratings import Form, Line, Ratings, check_code, form_of, from_lines
from screening.checklist import Checklist, Vignettes, load_checklist, load_vignettes, load_weights, teaching_sets, vignette_ids
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.model import WeightSet
from screening.checklist.schema import CASE_PROFILES
from screening.errors import KnowledgeError, RatingError, UsageError, quote
from screening.exchange.ratingbook import read_lines
from screening.exchange.weightbook import weights_target, write_draft
from screening.scorecard.model import CardModel, load_model, model_ids
from screening.synth import load_world

__all__ = ["PEOPLE", "Bench", "Tried"]

PEOPLE = 100_000  # invented cases that a slider is tried on
SEED = 5
_DRAWS = 1000

Points = Mapping[Profile, Mapping[str, int]]


@dataclass(frozen=True)
class Tried:
    """What weights on the bench do: one world, the vignettes that move, held-out children who fall."""

    impact: WorldImpact
    moved: list[Moved]
    lost: list[Moved]


@dataclass
class Bench:
    """One run's bench. Everything that takes long is made once and kept until what it rests on changes."""

    checklist_ref: str = DEFAULT_LIST
    lines: dict[tuple[int, str, str, str, str, str], Line] = field(default_factory=dict)
    asking: int = 1  # the round that the pages put
    proposal: Proposal | None = None
    points: Points | None = None
    made: dict[str, str] = field(default_factory=dict)  # public halves of keys made in this run, by id
    _changes: dict[tuple[str, str], Change] = field(default_factory=dict)
    _agreement: tuple[int, Agreement] | None = None
    _version: int = 0
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
        return Stories.of(self.checklist, [load_vignettes(self.checklist, name) for name in vignette_ids(self.checklist)])

    @cached_property
    def cards(self) -> list[str]:
        """Cards that fit this list."""
        found = []
        for name in model_ids():
            try:
                load_model(name, self.checklist)
            except Exception:  # a card of another list, or one that cannot be read: it is simply not offered
                continue
            found.append(name)
        return found

    def reload(self) -> None:
        """Read the list again: another set is in force."""
        for name in ("checklist", "form", "stories", "sets", "cards"):
            self.__dict__.pop(name, None)
        self._changes.clear()

    # -- ratings -------------------------------------------------------------------------------------------------------

    @property
    def round(self) -> int:
        """The newest round that two people have rated: with one alone there is nothing to agree on yet."""
        by_round: dict[int, set[str]] = {}
        for key in self.lines:
            by_round.setdefault(key[0], set()).add(key[1])
        return max((n for n, raters in by_round.items() if len(raters) > 1), default=min(by_round, default=1))

    @property
    def raters(self) -> list[str]:
        newest = self.round
        return sorted({key[1] for key in self.lines if key[0] == newest})

    def take(self, files: Sequence[tuple[str, bytes]]) -> int:
        """Take in forms; how many ratings they held. All or nothing: a fault in one leaves everything as it was."""
        found: list[Line] = []
        with tempfile.TemporaryDirectory() as folder:  # ratings by code; no case, no name
            for n, (name, content) in enumerate(files):
                path = Path(folder) / str(n) / (Path(name).name or "form")
                path.parent.mkdir()
                path.write_bytes(content)
                found += read_lines(path, self.form)
        if not found:
            raise RatingError("R507", "nothing is rated in these files", remedy="fill in the form, save it, and take it in again")
        every = {self._key(x): x for x in found}
        if len(every) < len(found):
            from_lines(self.form, found)  # says which stands twice, and where
        twice = sorted(set(every) & set(self.lines))
        if twice:
            raise RatingError("R505", f"rater {twice[0][1]} rated {twice[0][4] or twice[0][3]} already", place=every[twice[0]].place, remedy="take each form in once")
        from_lines(self.form, [x for x in found if x.round == found[0].round], found[0].round)
        self.lines |= every
        self._version += 1
        return len(found)

    def ask_again(self) -> None:
        """Open the next round on the pages: signs alone, with what the group said. `U305` before two people have rated."""
        if self.asking > 1 or len(self.raters) < 2:
            raise UsageError("U305", "a second round needs two raters of a first one", remedy="take in forms, or rate on these pages")
        self.asking = self.round + 1

    def group(self) -> dict[str, dict[str, Spread]]:
        """How the round before was rated, for those who rate again; nothing in a first round."""
        if self.asking == 1:
            return {}
        before = [x for key, x in self.lines.items() if key[0] == self.asking - 1]
        return spreads(from_lines(self.form, before))

    def rate(self, code: str, given: Mapping[tuple[str, str, str, str], str]) -> None:
        """Set what somebody gave on a page, by kind, vignette, indicator and profile; nothing takes a rating back."""
        code, n = check_code(code), self.asking
        if n > 1 and not any(key[:2] == (n - 1, code) for key in self.lines):
            raise UsageError("U305", f"{code} rated nothing in the round before", remedy="a later round is for those who rated the one before")
        lines = {key: Line(code, n, *key, value) for key, value in given.items() if value}
        if lines:
            from_lines(self.form, lines.values())  # whatever is wrong is said before anything is kept
        with self._lock:
            for key in given:
                self.lines.pop((n, code, *key), None)
            self.lines |= {(n, code, *key): line for key, line in lines.items()}
            self._version += 1

    @staticmethod
    def _key(x: Line) -> tuple[int, str, str, str, str, str]:
        return x.round, check_code(x.rater, x.place), x.kind, x.vignette, x.indicator, x.profile

    def given(self, code: str, before: int = 0) -> dict[tuple[str, str, str, str], str]:
        """What one rater gave, in the round that is asked or so many before it, by kind, vignette, indicator, profile."""
        return {key[2:]: x.value for key, x in self.lines.items() if key[:2] == (self.asking - before, code)}

    def ratings(self) -> Ratings | None:
        newest = self.round
        lines = [x for key, x in self.lines.items() if key[0] == newest]
        return from_lines(self.form, lines) if lines else None

    def agreement(self) -> Agreement | None:
        """Of the newest round; None with fewer than two raters."""
        with self._lock:
            if self._agreement is None or self._agreement[0] != self._version:
                found = self.ratings()
                if found is None or len(found.raters) < 2:
                    return None
                self._agreement = self._version, agreement(found, _DRAWS)
            return self._agreement[1]

    # -- weights -------------------------------------------------------------------------------------------------------

    def card(self, name: str) -> CardModel | None:
        return load_model(name, self.checklist) if name else None

    def propose(self, method: Method, card: str, worth: float) -> Proposal:
        self.proposal = propose(self.checklist, self.in_force, self.ratings(), self.card(card), method, worth=worth, draws=DRAWS)
        self.points = self.proposal.points
        return self.proposal

    def now(self) -> Points:
        """The weights on the bench: proposed and set by hand, or those in force."""
        return self.points or self.in_force.points

    def set_points(self, given: Mapping[str, str]) -> Points:
        """Weights from a form, `child:daily_quota` = 4; what it does not name stays. `K132` for anything but a whole number."""
        points: dict[Profile, dict[str, int]] = {p: dict(self.now()[p]) for p in CASE_PROFILES}
        for profile in CASE_PROFILES:
            for name in points[profile]:
                text = given.get(f"{profile}:{name}")
                if text is None:
                    continue
                if not (text.isascii() and text.isdigit() and len(text) < 4) or self.checklist.dimensions[self.checklist.indicators[name].dimension].kind != "sign":
                    raise KnowledgeError("K132", f"{quote(text)} is no weight of {quote(name)}", remedy="write a whole number of 0 or more")
                points[profile][name] = int(text)
        self.points = points
        return points

    def weights(self, points: Points) -> WeightSet:
        """Points as a set that can be tried; it lies nowhere."""
        base, made = self.in_force, self.proposal
        return replace(base, id="bench", points=points, worlds=made.worlds if made else (), alternatives=edited(made, points).alternatives if made else ())

    def worlds(self, *others: WeightSet) -> list[str]:
        """Worlds on which it is honest to try."""
        return unused_worlds(self.checklist, self.in_force, self.weights(self.now()), *others)

    def change(self, world: str, before: WeightSet) -> Change:
        with self._lock:
            key = world, before.sha256
            if key not in self._changes:
                if len(self._changes) >= 6:
                    self._changes.pop(next(iter(self._changes)))
                people = next((c.population for (w, _), c in self._changes.items() if w == world), None)
                self._changes[key] = Change(people or population(load_world(self.checklist, world), PEOPLE, SEED), self.checklist, before)
            return self._changes[key]

    def tried(self, world: str, before: WeightSet, after: WeightSet) -> Tried:
        """What `after` does in place of `before`. `U305` for a world that set one of them."""
        if world not in self.worlds(before, after):
            raise UsageError("U305", f"{quote(world)} is no world to try these weights on", remedy=f"choose one of {', '.join(self.worlds(before, after))}")
        rows = self.stories.moved(before, after)
        return Tried(self.change(world, before).impact(after), [m for m in rows if m.changed], fallen(rows))

    def thresholds(self, world: str, weights: WeightSet) -> list[Threshold]:
        return thresholds(self.checklist, weights, self.change(world, self.in_force).population)

    def save(self, name: str, title: str, authors: Sequence[str], valid_from: date, recheck_by: date, today: date, note: str) -> WeightSet:
        """The weights on the bench as an unsigned set beside the list."""
        if self.proposal is None:
            raise UsageError("U305", "nothing was proposed yet", remedy="propose weights first: a set says how it was made")
        if "/" in name or "\\" in name or name.endswith(".yaml"):
            raise KnowledgeError("K112", f"{quote(name)} is no name of a weight set", remedy="a date and a word, such as 2027-01-15-trainers")
        path = weights_target(self.checklist, name)
        return write_draft(self.checklist, self.in_force, edited(self.proposal, self.now()), path, title=title, authors=authors, valid_from=valid_from,
                           recheck_by=recheck_by, today=today, note=note)

    def profile(self, n: int) -> Profile:
        """Whether the n-th vignette of the form is met as a child."""
        return profile_of(self.form.vignettes[n].to_case())[0]
