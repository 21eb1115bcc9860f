"""Ratings that came in, round by round. They are in memory only until somebody takes them away."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from screening.calibration.agreement import LEAST_RATERS, Agreement, Spread, agreement, spreads
from screening.calibration.forms import read_lines
from screening.calibration.ratings import Form, Line, Ratings, check_code, from_lines
from screening.errors import RatingError, ScreeningError, UsageError

__all__ = ["Rounds", "What"]

_LONGEST_NAME = 60  # letters of a file's name in a message
_KINDS = (".xlsx", ".csv")

What = tuple[str, str, str, str]  # kind, vignette, indicator, profile
Key = tuple[int, str, str, str, str, str]  # round, rater, and what


@dataclass
class Rounds:
    """All ratings of one run by round and rater, which round the pages ask for, and which one the
    weights rest on.
    """

    form: Form
    lines: dict[Key, Line] = field(
        default_factory=dict
    )  # put there whole, so that it may be read while another page writes
    asking: int = 1  # the round that the pages put
    chosen: int = 0  # the round that weights rest on; 0 is the newest that two people have rated
    filed: set[tuple[int, str]] = field(
        default_factory=set
    )  # round and rater of forms: they are not rated over on the pages
    taken: dict[Key, str] = field(
        default_factory=dict
    )  # what was taken away as a file, as it stood then
    version: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    # -- which round -------------------------------------------------------------------------------

    def there(self) -> dict[int, int]:
        """Rounds that somebody has rated, with how many people did."""
        return {n: len(self.people(n)) for n in sorted({key[0] for key in self.lines})}

    def people(self, n: int) -> list[str]:
        return sorted({key[1] for key in self.lines if key[0] == n})

    @property
    def round(self) -> int:
        """The round that was chosen, or the newest that two people have rated: with one alone there
        is nothing to agree on yet.
        """
        there = self.there()
        if self.chosen in there:
            return self.chosen
        return max(
            (n for n, people in there.items() if people >= LEAST_RATERS),
            default=min(there, default=1),
        )

    def choose(self, n: int) -> None:
        """Let weights and agreement rest on this round from now on."""
        if n not in self.there():
            raise UsageError("U305.round_empty", n=n)
        self.chosen, self.version = n, self.version + 1

    def open_next(self) -> None:
        """Ask on the pages for the next round: signs alone, with what the group said.

        `U305` before two people have rated.
        """
        if self.asking > 1 or len(self.people(self.round)) < LEAST_RATERS:
            raise UsageError("U305.too_few_for_second_round")
        self.asking = self.round + 1

    def close(self) -> None:
        """Ask for the first round again. `U305` where somebody has rated the later one."""
        if self.people(self.asking):
            raise UsageError("U305.round_rated")
        self.asking = 1

    # -- in and out --------------------------------------------------------------------------------

    def take(self, files: Sequence[tuple[str, bytes]]) -> int:
        """Take in forms; how many ratings they held.

        All or nothing: a fault in one leaves everything as it was.
        """
        found: list[Line] = []
        faults: list[ScreeningError] = []
        with tempfile.TemporaryDirectory() as folder:  # ratings by code; no case, no name
            for n, (name, content) in enumerate(files):
                found += _read(Path(folder) / str(n), name, content, self.form, faults)
        if not found and not faults:
            raise RatingError("R507.nothing_rated")
        for n, lines in groupby(sorted(found, key=lambda x: x.round), key=lambda x: x.round):
            try:
                from_lines(self.form, lines, n)  # says what is wrong, or stands twice, and where
            except ScreeningError as error:
                faults += (error, *error.others)
        if faults:
            raise ScreeningError.together(faults)
        every = {self._key(x): x for x in found}
        with self.lock:
            twice = next(
                (
                    x
                    for key, x in every.items()
                    if key in self.lines or (key[0], key[1]) in self.filed
                ),
                None,
            )
            if twice is not None:
                raise RatingError(
                    "R505.rater_in_round",
                    place=twice.place,
                    rater=check_code(twice.rater),
                    n=twice.round,
                )
            self.lines = self.lines | every
            self.filed |= {key[:2] for key in every}
            self.version += 1
        return len(found)

    def count(self, code: str, n: int) -> int:
        """How many ratings somebody gave in a round. `R507` where there are none."""
        found = sum(key[:2] == (n, check_code(code)) for key in self.lines)
        if not found:
            raise RatingError("R507.nothing_rated_in_round", rater=check_code(code), n=n)
        return found

    def take_out(self, code: str, n: int) -> int:
        """Take somebody's ratings of a round out again, so that they may come in corrected; how
        many they were.
        """
        with self.lock:
            found = self.count(code, n)
            self.lines = {
                key: x for key, x in self.lines.items() if key[:2] != (n, check_code(code))
            }
            self.filed.discard((n, check_code(code)))
            self.version += 1
        return found

    def hand_out(self, n: int) -> Ratings | None:
        """Everything of one round as it was given, to be taken away; None where nobody rated it."""
        kept = {key: x for key, x in self.lines.items() if key[0] == n}
        if not kept:
            return None
        self.taken |= {key: x.value for key, x in kept.items()}
        return from_lines(self.form, kept.values())

    def unkept(self) -> int:
        """How many ratings are in no file that was taken away."""
        return sum(self.taken.get(key) != x.value for key, x in self.lines.items())

    # -- rating on the pages -----------------------------------------------------------------------

    def may_rate(self, code: str) -> str:
        """The code as it is kept, if it may rate here now.

        Raises
        ------
        RatingError : R502 no code
        UsageError : U305 somebody whose ratings came as a file, or who did not rate the round
            before
        """
        code, n = check_code(code), self.asking
        if (n, code) in self.filed:
            raise UsageError("U305.ratings_from_file", rater=code)
        if n > 1 and not any(key[:2] == (n - 1, code) for key in self.lines):
            raise UsageError("U305.not_in_previous_round", rater=code)
        return code

    def rate(self, code: str, given: Mapping[What, str]) -> None:
        """Set what somebody gave on a page; what is blank is taken back."""
        code, n = self.may_rate(code), self.asking
        lines = {key: Line(code, n, *key, value) for key, value in given.items() if value}
        if lines:
            from_lines(
                self.form, lines.values()
            )  # whatever is wrong is said before anything is kept
        with self.lock:
            kept = {
                key: x
                for key, x in self.lines.items()
                if key[:2] != (n, code) or key[2:] not in given
            }
            self.lines = kept | {(n, code, *key): line for key, line in lines.items()}
            self.version += 1

    def given(self, code: str, before: int = 0) -> dict[What, str]:
        """What one rater gave, in the round that is asked or so many before it."""
        return {
            key[2:]: x.value
            for key, x in self.lines.items()
            if key[:2] == (self.asking - before, code)
        }

    def group(self) -> dict[str, dict[str, Spread]]:
        """How the round before was rated, for those who rate again; nothing in a first round."""
        before = self.strengths(self.asking - 1) if self.asking > 1 else None
        return spreads(before) if before else {}

    @staticmethod
    def _key(x: Line) -> Key:
        return x.round, check_code(x.rater, x.place), x.kind, x.vignette, x.indicator, x.profile

    # -- what weights rest on ----------------------------------------------------------------------

    def strengths(self, n: int) -> Ratings | None:
        """How those who took part in a round rate signs: who leaves one blank stays with what they
        said before.
        """
        found: dict[What | tuple[str, ...], Line] = {}
        took_part = {key[1] for key in self.lines if key[0] == n and key[2] == "strength"}
        for key, x in sorted(self.lines.items()):  # earlier rounds first
            if key[0] <= n and key[2] == "strength" and key[1] in took_part:
                found[key[1:]] = replace(x, round=n)
        return _ratings(self.form, found.values())

    def codings(self, n: int) -> Ratings | None:
        """Findings and answers in vignettes, of the newest round up to this one in which two
        people, or else anybody, coded any.
        """
        coders: dict[int, set[str]] = {}
        for key in self.lines:
            if key[0] <= n and key[2] != "strength":
                coders.setdefault(key[0], set()).add(key[1])
        newest = max(
            (r for r, people in coders.items() if len(people) >= LEAST_RATERS),
            default=max(coders, default=0),
        )
        return _ratings(
            self.form,
            (x for key, x in self.lines.items() if key[0] == newest and key[2] != "strength"),
        )

    def agreements(self, draws: int) -> tuple[Agreement | None, Agreement | None]:
        """How far raters agree on signs, in the round that counts, and on vignettes; None with
        fewer than two raters.
        """
        both = self.strengths(self.round), self.codings(self.round)
        first, second = (
            agreement(r, draws) if r is not None and len(r.raters) >= LEAST_RATERS else None
            for r in both
        )
        return first, second


def _ratings(form: Form, lines: Iterable[Line]) -> Ratings | None:
    kept = list(lines)
    return from_lines(form, kept) if kept else None


def _read(
    folder: Path, name: str, content: bytes, form: Form, faults: list[ScreeningError]
) -> list[Line]:
    """The lines of one file.

    What its sender called it is only for messages, and never a name on this disk.
    """
    shown = "".join(
        c if c.isprintable() else "?" for c in name.replace("\\", "/").rsplit("/", 1)[-1]
    )
    shown = f"{shown[:_LONGEST_NAME]}…" if len(shown) > _LONGEST_NAME else shown or "form"
    kind = next((k for k in _KINDS if name.lower().endswith(k)), "")
    if not kind:
        faults.append(UsageError("U307.forms_suffix", place=shown))
        return []
    folder.mkdir()
    path = folder / f"form{kind}"
    path.write_bytes(content)
    mine: list[ScreeningError] = []
    lines = list(read_lines(path, form, faults=mine))
    for error in mine:
        error.place = error.place.replace(str(path), shown).replace(path.name, shown, 1)
    faults += mine
    return [replace(x, place=x.place.replace(path.name, shown, 1)) for x in lines]
