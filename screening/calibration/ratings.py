"""What experts rate, as arrays: how telling each sign is, and what they record and find in invented
cases, blind.

A rater is a code and nothing else: names are kept in a register of their own, elsewhere. A code
carries a check letter, so that a slip of the pen is noticed and never becomes another person.
"""

from __future__ import annotations

import hashlib
import random
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from screening.checklist.model import Checklist, Vignettes
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.checklist.texts import fingerprint
from screening.checklist.vignettefiles import Vignette
from screening.errors import RatingError, ScreeningError, ScreeningWarning, nearest
from screening.i18n import LANGUAGES
from screening.names import fold

__all__ = [
    "ANSWERS",
    "KINDS",
    "SCALE",
    "Form",
    "Line",
    "Ratings",
    "check_code",
    "form_of",
    "from_lines",
    "new_codes",
    "to_lines",
]

SCALE = ("none", "weak", "medium", "strong")  # how telling a sign is: 0 to 3
ANSWERS = (
    "no",
    "open",
    "yes",
)  # codes of a vignette, in the order of `Truth`: open lies between, and is never no
_Cell = tuple[str, str, int, int]  # kind, rater, and two places in the form
KINDS = ("strength", "finding", "code")

_LETTERS = (  # 29, a prime: one wrong letter, or two swapped, never give another valid code
    "23456789ABCDEFGHJKLMNPQRSTUVW"
)
_LENGTH = 5

Codes = NDArray[np.int8]


def new_codes(n: int, seed: int) -> list[str]:
    """So many codes of raters, each unlike the others."""
    draw, found = (
        random.Random(seed),
        dict[str, None](),
    )  # no secret: a code only keeps people apart
    while len(found) < n:
        body = "".join(draw.choice(_LETTERS) for _ in range(_LENGTH - 1))
        found[body + _check_letter(body)] = None
    return list(found)


def _check_letter(body: str) -> str:
    return _LETTERS[sum(n * _LETTERS.index(c) for n, c in enumerate(body, 2)) % len(_LETTERS)]


def check_code(code: str, place: str = "") -> str:
    """The code as it is kept; `R502` where it is none."""
    code = code.strip().upper()
    if not code:
        raise RatingError("R502.rater_code_missing", place=place)
    if (
        len(code) != _LENGTH
        or any(c not in _LETTERS for c in code)
        or _check_letter(code[:-1]) != code[-1]
    ):
        raise RatingError("R502.rater_code_mistyped", place=place, code=code)
    return code


@dataclass(frozen=True)
class Form:
    """What is put to the raters: signs in list order with the profiles they apply to, and invented
    cases without their keys.

    `id` is a fingerprint of all that is asked, so that answers to another form are never mixed in.
    `labels` are the findings' labels in every language, by their keys (`names.fold`), with the
    finding that each stands for.
    """

    id: str
    checklist: str
    indicators: Mapping[str, tuple[str, ...]]
    vignettes: tuple[Vignette, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, str] = field(default_factory=dict)  # by retired id, what it became

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(v.id for v in self.vignettes)


def form_of(checklist: Checklist, sets: Sequence[Vignettes] = ()) -> Form:
    """The form for a list: every sign that carries weight, and the vignettes of these sets.

    Held-out ones are left out: they never set weights.
    """
    indicators = {
        i.id: tuple(p for p in CASE_PROFILES if i.applies(p))
        for i in checklist.indicators.values()
        if checklist.dimensions[i.dimension].kind == "sign"
    }
    cases = tuple(v for s in sets for v in s.cases if v.held_out == "no")
    texts = checklist.texts("en")
    content = [
        checklist.id,
        *(f"{i} {texts.statement(i)}" for i in indicators),
        *(f"{v.id} {fingerprint(v.words())}" for v in cases),
    ]
    labels = {
        fold(checklist.texts(language).get("findings", f, "label")): f
        for language in LANGUAGES
        for f in FINDINGS
    }
    return Form(
        hashlib.sha256("\n".join(content).encode()).hexdigest()[:10],
        checklist.id,
        indicators,
        cases,
        labels,
        checklist.retired,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One rating as it stands in a file:

    `value` is a word of the scale, a finding, or yes, no, open; `place` is where it was read.
    """

    rater: str
    round: int
    kind: str
    vignette: str
    indicator: str
    profile: str
    value: str
    place: str = ""


@dataclass(frozen=True)
class Ratings:
    """All ratings of one round. -1 is not rated.

    strength : int8 (raters, indicators, 2), number in `SCALE`; the last axis is adult, child
    finding : int8 (raters, vignettes), number in `FINDINGS`
    codes : int8 (raters, vignettes, indicators), number in `ANSWERS`. Of a vignette that a rater
        coded, what is not mentioned is
        open; of one not coded, all is -1: who gave a finding alone coded nothing
    raters : in the order of their codes, so that the order of files changes nothing
    """

    SCALE: ClassVar[tuple[str, ...]] = SCALE
    ANSWERS: ClassVar[tuple[str, ...]] = ANSWERS

    form: Form
    round: int
    raters: tuple[str, ...]
    strength: Codes
    finding: Codes
    codes: Codes

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(self.form.indicators)

    def of(self, raters: Sequence[int] | NDArray[np.intp]) -> Ratings:
        """The ratings of some raters; one may come twice, as in a draw."""
        return replace(
            self,
            raters=tuple(self.raters[r] for r in raters),
            strength=self.strength[raters],
            finding=self.finding[raters],
            codes=self.codes[raters],
        )


def from_lines(
    form: Form,
    lines: Iterable[Line],
    round: int | None = None,
    faults: list[ScreeningError] | None = None,
) -> Ratings:
    """Ratings from the lines of one file or several.

    faults : what was already found wrong while the lines were read, and while they are: all is
        told together (`others` of the error)

    Raises
    ------
    RatingError : R502 a code that is none, R503 a value that is not on the scale, R504 an
        indicator, profile or vignette that the
        form does not have, R505 the same rated twice, R506 lines of another round, R507 nothing
        rated
    """
    indicators, vignettes = (
        {i: n for n, i in enumerate(form.indicators)},
        {v: n for n, v in enumerate(form.names)},
    )
    cells: dict[_Cell, int] = {}
    earlier: dict[_Cell, int] = {}  # rated under ids that are retired
    seen: dict[tuple[str, str, int, int, str], str] = {}
    wrong: list[ScreeningError] = [] if faults is None else faults
    for line in lines:
        try:
            round = line.round if round is None else round
            if line.round != round:
                raise RatingError(
                    "R506.rounds_mixed", place=line.place, round=line.round, others=round
                )
            named = line.indicator
            line = replace(line, indicator=form.retired.get(named, named))
            key, scale = _place_of(line, form, indicators, vignettes)
            value = _value_of(line, scale)
            if (*key, named) in seen:
                raise RatingError(
                    "R505.rated_twice",
                    place=line.place,
                    rater=line.rater,
                    cells=seen[*key, named],
                )
        except RatingError as error:
            wrong.append(error)
            continue
        rated = earlier if named in form.retired else cells
        seen[*key, named] = line.place or "an earlier line"
        rated[key] = max(value, rated.get(key, -1))
    if wrong:
        raise ScreeningError.together(wrong)
    _take_over(cells, earlier)
    if not cells:
        raise RatingError("R507.nothing_rated")
    raters = {code: n for n, code in enumerate(sorted({rater for _, rater, _, _ in cells}))}
    shape = len(raters), len(indicators), len(vignettes)
    found = Ratings(
        form,
        round or 1,
        tuple(raters),
        np.full((shape[0], shape[1], 2), -1, np.int8),
        np.full((shape[0], shape[2]), -1, np.int8),
        np.full((shape[0], shape[2], shape[1]), -1, np.int8),
    )
    for (kind, code, a, b), value in cells.items():
        if kind == "strength":
            found.strength[raters[code], a, b] = value
        elif kind == "finding":
            found.finding[raters[code], a] = value
        else:
            found.codes[raters[code], a, b] = value
    coded = np.any(
        found.codes >= 0, axis=2, keepdims=True
    )  # who coded a vignette and does not mention a sign leaves it open
    found.codes[(found.codes < 0) & coded] = ANSWERS.index("open")
    return found


def _take_over(cells: dict[_Cell, int], earlier: Mapping[_Cell, int]) -> None:
    """Ratings under retired ids become those of what they became. Where both are rated, a strength
    of today stands and of two answers yes counts, then open, then no; a difference is a warning.
    """
    for key, value in earlier.items():
        kind, rater = key[:2]
        there = cells.setdefault(key, value)
        if there != value:
            told = RatingError("R505.retired_and_current", rater=rater, kind=kind)
            warnings.warn(str(told), ScreeningWarning, stacklevel=3)
        cells[key] = max(there, value) if kind == "code" else there


def _value_of(line: Line, scale: Sequence[str]) -> int:
    """The number of a value on its scale; `R503` where it is none of it."""
    if line.value not in scale:
        raise RatingError(
            "R503.not_on_scale",
            place=line.place,
            near=nearest(line.value, scale),
            value=line.value,
            scale=scale,
        )
    return scale.index(line.value)


def _place_of(
    line: Line, form: Form, indicators: Mapping[str, int], vignettes: Mapping[str, int]
) -> tuple[tuple[str, str, int, int], Sequence[str]]:
    """What a line rates: kind, rater, two places in the form; and the scale it rates on."""
    rater = check_code(line.rater, line.place)
    if line.kind not in KINDS:
        raise RatingError("R503.kind_unknown", place=line.place, kind=line.kind, kinds=KINDS)
    one = 0
    if line.kind != "finding":
        one = _number(line.indicator, indicators, "R504.indicator_not_in_form", line.place)
    if line.kind != "strength":
        case = _number(line.vignette, vignettes, "R504.vignette_not_in_form", line.place)
        return (line.kind, rater, case, one), FINDINGS if line.kind == "finding" else ANSWERS
    if line.profile not in CASE_PROFILES or line.profile not in form.indicators[line.indicator]:
        raise RatingError(
            "R504.not_rated_for_profile",
            place=line.place,
            indicator=line.indicator,
            profile=line.profile,
            indicators=form.indicators[line.indicator],
        )
    return ("strength", rater, one, CASE_PROFILES.index(line.profile)), SCALE


def _number(name: str, known: Mapping[str, int], fault: str, place: str) -> int:
    if name not in known:
        raise RatingError(fault, place=place, near=nearest(name, known), name=name)
    return known[name]


def to_lines(ratings: Ratings) -> Iterable[Line]:
    """The lines of a file, as `from_lines` reads them; what is open in a coded vignette is left
    out, since it comes back as open.
    """
    names, n = ratings.indicators, ratings.round
    for r, rater in enumerate(ratings.raters):
        for i, p in zip(*np.nonzero(ratings.strength[r] >= 0), strict=True):
            yield Line(
                rater,
                n,
                "strength",
                "",
                names[i],
                CASE_PROFILES[p],
                SCALE[ratings.strength[r, i, p]],
            )
        for v in np.flatnonzero(ratings.finding[r] >= 0):
            yield Line(
                rater, n, "finding", ratings.form.names[v], "", "", FINDINGS[ratings.finding[r, v]]
            )
        for v in np.flatnonzero((ratings.codes[r] >= 0).any(axis=1)):
            closed = np.flatnonzero(
                (ratings.codes[r, v] >= 0) & (ratings.codes[r, v] != ANSWERS.index("open"))
            )
            for i in closed:
                yield Line(
                    rater,
                    n,
                    "code",
                    ratings.form.names[v],
                    names[i],
                    "",
                    ANSWERS[ratings.codes[r, v, i]],
                )
            if not len(closed):  # nothing else says that it was coded
                yield Line(rater, n, "code", ratings.form.names[v], names[0], "", "open")
