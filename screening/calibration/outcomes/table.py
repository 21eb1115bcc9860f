"""A table of outcomes, checked: a frame or a file, with all its faults at once.

One row a case that was screened, decided or not: who was *not* verified matters as much as who
was. Columns: `case_id`; `finding` as it was logged at the time (or the list's indicators, to be
scored now) and `found_on`, its day; `finding_without_danger`; `age` or `profile`; `begging`, yes
where the person was met begging; `decision`, `decided_by`, `decided_on`, `verified`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from screening.answers import ADULT_AGE, Answer
from screening.calibration.outcomes.rows import joined, twice
from screening.checklist import load_weights
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.errors import CaseError, ScreeningError, mark, nearest
from screening.i18n import LANGUAGES, words
from screening.names import fold
from screening.tables.frames import Frames
from screening.tables.rows import Row, Rows, rows_of, text_of
from screening.values import CELL_WORDS, parse_age, parse_answer, parse_date

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "DECISIONS", "VERIFIED", "Outcomes", "read_outcomes"]

COLUMNS = (
    "case_id",
    "finding",
    "finding_without_danger",
    "found_on",
    "profile",
    "age",
    "begging",
    "decision",
    "decided_by",
    "decided_on",
    "verified",
)
DECISIONS = {
    "actual": mark("actual victim"),
    "possible": mark("possible victim"),
    "not_confirmed": mark("not confirmed"),
}
# How a decision came about: because the person was referred, because they were drawn at random
# from those who were not, or in any other way, which tells nothing about the rest of those.
VERIFIED = {
    "referral": mark("referred"),
    "sample": mark("drawn at random"),
    "other": mark("came to light otherwise"),
}
REFER = FINDINGS.index("refer")


@dataclass(frozen=True)
class Outcomes:
    """Cases that were screened, with what was found and what was decided; arrays have one entry a
    case.

    finding, without_danger : number in `FINDINGS`; `without_danger` is -1 where it is not known
    found_on, decided_on : days, None where there is none
    child, begging : `begging` is False for all where nobody recorded it (`begging_known`)
    decision : number in `DECISIONS`, -1 where none came back
    verified : number in `VERIFIED`, -1 where there is none
    scored_now : findings that were made now from the answers, after the decisions
    late : cases left out because their finding was logged after the decision
    answers : the frame of answers, with the same rows; None where there are none
    """

    case_ids: tuple[str, ...]
    finding: NDArray[np.int8]
    without_danger: NDArray[np.int8]
    found_on: tuple[date | None, ...]
    child: NDArray[np.bool_]
    begging: NDArray[np.bool_]
    begging_known: bool
    decision: NDArray[np.int8]
    decided_by: tuple[str, ...]
    decided_on: tuple[date | None, ...]
    verified: NDArray[np.int8]
    scored_now: int
    late: int
    answers: pd.DataFrame | None

    def __len__(self) -> int:
        return len(self.case_ids)

    @property
    def undated(self) -> int:
        """Decided cases whose finding has no day: nobody can tell that it was logged before."""
        decided = (self.decision >= 0).tolist()
        return sum(d and day is None for d, day in zip(decided, self.found_on, strict=True))


def read_outcomes(
    decisions: Frames | str | Path,
    findings: Frames | str | Path | None = None,
    *,
    checklist: Checklist,
    weights: WeightSet | None = None,
    today: date | None = None,
    encoding: str | None = None,
) -> Outcomes:
    """Outcomes from a frame or a file (CSV, XLSX, Parquet, Arrow).

    Parameters
    ----------
    decisions : all cases with their findings, or decisions alone where `findings` has the rest
    findings : what the tool had found, joined by `case_id`; a case without a decision stays, since
        it was screened and not verified
    weights : what answers are scored with where no finding was logged; None for the set in force
    today : the day against which dates are checked; None leaves that out

    Raises
    ------
    CaseError : C210, C211, C212, C214, C220, C250 to C253; all faults are found in one run, the
        further ones (up to 50) in `__notes__`
    """
    faults: list[ScreeningError] = []
    table = rows_of(decisions, encoding)
    signs = [c for c in checklist.indicators if c in table.columns]
    if findings is not None:
        found = rows_of(findings, encoding)
        signs = [c for c in checklist.indicators if c in found.columns]
        table = joined(found, table, faults)
    _check_columns(table, signs, faults)
    if faults:
        raise _together(faults)
    reader = _Reader(table, signs, today, faults)
    cases = [reader.case(row) for row in table.rows]
    if faults:
        raise _together(faults)
    if not any(c["decision"] >= 0 for c in cases):
        raise CaseError("C250.nobody_decided", place=table.name)
    return _outcomes(table, cases, signs, checklist, weights)


# -- cells -----------------------------------------------------------------------------------------


def _check_columns(table: Rows, signs: Sequence[str], faults: list[ScreeningError]) -> None:
    for column in ("case_id", "decision", "decided_by", "decided_on", "verified"):
        if column not in table.columns:
            faults.append(
                CaseError("C250.column_missing", place=table.name, column=column, columns=COLUMNS)
            )
    for column in dict.fromkeys(table.columns):
        if column and table.columns.count(column) > 1:
            faults.append(CaseError("C250.column_twice", place=table.name, column=column))
    if "finding" not in table.columns and not signs:
        faults.append(CaseError("C250.nothing_found", place=table.name, column="finding"))
    if "profile" not in table.columns and "age" not in table.columns:
        faults.append(
            CaseError("C250.column_missing", place=table.name, column="age", columns=COLUMNS)
        )
    if not faults:
        faults += twice(table)


@cache
def _spoken(known: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """What the words of every language stand for, and the codes themselves."""
    back = {
        fold(words(language)(word)): code
        for language in LANGUAGES
        for code, word in known
        if code != word  # a finding and a profile have codes alone
    }
    return back | {fold(code): code for code, _ in known}


def _numbered(known: Mapping[str, str]) -> Callable[[str], int]:
    names, spoken = list(known), _spoken(tuple(known.items()))

    def number(text: str) -> int:
        code = spoken.get(fold(text))
        if code is None:
            raise CaseError(
                "C251.not_a_word",
                near=nearest(fold(text), spoken),
                value=text,
                words=names,
            )
        return names.index(code)

    return number


_NUMBERS = ("finding", "finding_without_danger", "profile", "decision", "verified")
_FINDING: dict[str, str] = {f: f for f in FINDINGS}
_PROFILE: dict[str, str] = {p: p for p in CASE_PROFILES}


class _Reader:
    """The cells of a row; what is wrong with them is collected."""

    def __init__(
        self,
        table: Rows,
        signs: Sequence[str],
        today: date | None,
        faults: list[ScreeningError],
    ) -> None:
        self.table, self.signs, self.today, self.faults = table, signs, today, faults
        self.parsers: dict[str, Callable[[str], Any]] = {
            "finding": _numbered(_FINDING),
            "finding_without_danger": _numbered(_FINDING),
            "profile": _numbered(_PROFILE),
            "decision": _numbered(DECISIONS),
            "verified": _numbered(VERIFIED),
            "found_on": self._day,
            "decided_on": self._day,
            "age": parse_age,
            "begging": lambda text: parse_answer(text) is Answer.YES,
        }

    def _day(self, text: str) -> date | None:
        day = parse_date(text)
        if day is not None and self.today is not None and day > self.today:
            raise CaseError("C214.in_future", met_on=day.isoformat(), today=self.today.isoformat())
        return day

    def case(self, row: Row) -> dict[str, Any]:
        place, cells = row
        found: dict[str, Any] = {
            "case_id": text_of(cells.get("case_id")),
            "decided_by": text_of(cells.get("decided_by")),
        }
        if not found["case_id"]:
            self.faults.append(CaseError("C210.row_without_id", place=place))
        for column, parse in self.parsers.items():
            text = text_of(cells.get(column))
            found[column] = -1 if column in _NUMBERS else None
            if text:
                self._put(found, column, parse, text, place)
        for sign in self.signs:
            text = text_of(cells.get(sign))
            if text and text not in CELL_WORDS:
                self._put({}, sign, parse_answer, text, place)
        if found["decision"] >= 0:
            for column in ("decided_by", "decided_on", "verified"):
                if not text_of(cells.get(column)):
                    self.faults.append(CaseError("C252.incomplete", place=place, column=column))
        return found

    def _put(
        self, into: dict[str, Any], column: str, parse: Callable[[str], Any], text: str, place: str
    ) -> None:
        try:
            into[column] = parse(text)
        except ScreeningError as error:
            self.faults.append(error.at(f"{place}, column {column}"))


def _together(faults: Iterable[ScreeningError]) -> ScreeningError:
    """The first fault, with the others as notes."""
    first, *others = faults
    return first.with_others(others)


# -- what the tool had found -----------------------------------------------------------------------


def _outcomes(
    table: Rows,
    cases: list[dict[str, Any]],
    signs: Sequence[str],
    checklist: Checklist,
    weights: WeightSet | None,
) -> Outcomes:
    import pandas as pd

    answers = None
    blank = [c["finding"] < 0 for c in cases]
    if signs:
        answers = pd.DataFrame(
            {s: [text_of(cells.get(s)) for _, cells in table.rows] for s in signs},
            index=pd.Index([c["case_id"] for c in cases], name="case_id"),
        )
        answers.insert(0, "age", [_age_of(c) for c in cases])
        _score_blank(cases, answers, checklist, weights)
    unscored = next((n for n, c in enumerate(cases) if c["finding"] < 0), None)
    if unscored is not None:
        place = table.rows[unscored][0]
        raise CaseError(
            "C252.incomplete" if cases[unscored]["decision"] >= 0 else "C250.nothing_found",
            place=place,
            column="finding",
        )
    late = [
        c["decision"] >= 0 and c["found_on"] is not None and c["found_on"] > c["decided_on"]
        for c in cases
    ]
    kept = [n for n, too_late in enumerate(late) if not too_late]
    some = [cases[n] for n in kept]
    child = [_is_child(c) for c in some]
    return Outcomes(
        tuple(c["case_id"] for c in some),
        np.array([c["finding"] for c in some], dtype=np.int8),
        np.array([_without_danger(c) for c in some], dtype=np.int8),
        tuple(c["found_on"] for c in some),
        np.array(child, dtype=bool),
        np.array([bool(c["begging"]) for c in some], dtype=bool),
        "begging" in table.columns,
        np.array([c["decision"] for c in some], dtype=np.int8),
        tuple(c["decided_by"] for c in some),
        tuple(c["decided_on"] for c in some),
        np.array([c["verified"] for c in some], dtype=np.int8),
        sum(blank[n] for n in kept) if signs else 0,
        sum(late),
        None if answers is None else answers.iloc[kept],
    )


def _age_of(case: Mapping[str, Any]) -> str:
    """An age that scores a case for its profile, where that was given."""
    age = case["age"]
    if case["profile"] < 0 or (age is not None and (age < ADULT_AGE) == _is_child(case)):
        return "" if age is None else str(age)
    return "" if _is_child(case) else str(ADULT_AGE)


def _is_child(case: Mapping[str, Any]) -> bool:
    """A blank profile and a blank age are a child's: doubt protects."""
    if case["profile"] >= 0:
        return bool(CASE_PROFILES[case["profile"]] == "child")
    return case["age"] is None or bool(case["age"] < ADULT_AGE)


def _without_danger(case: Mapping[str, Any]) -> int:
    """Danger raises a finding to the highest and to nothing else."""
    told, finding = case["finding_without_danger"], case["finding"]
    return int(told if told >= 0 else finding if finding < len(FINDINGS) - 1 else -1)


def _score_blank(
    cases: list[dict[str, Any]],
    answers: pd.DataFrame,
    checklist: Checklist,
    weights: WeightSet | None,
) -> None:
    """Findings for cases that have none, from their answers."""
    from screening.tables.scored_frames import score_frame

    rows = [n for n, c in enumerate(cases) if c["finding"] < 0]
    if not rows:
        return
    scored = score_frame(
        answers.iloc[rows], checklist, weights or load_weights(checklist), keep=False
    )
    for n, finding, aside, profile in zip(
        rows,
        scored["finding"].cat.codes,
        scored["finding_without_danger"].cat.codes,
        scored["profile"].astype(str),
        strict=True,
    ):
        cases[n] |= {
            "finding": int(finding),
            "finding_without_danger": int(aside),
            "profile": CASE_PROFILES.index(profile),
        }
