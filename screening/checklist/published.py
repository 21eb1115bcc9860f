"""Real cases with a recorded outcome, as published: `cases/*.yaml` of a list, and the third that is
held out.

They are the one truth from outside that the project has, and a small and slanted one: see
`docs/published-cases.md` before a number is read off them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from screening.answers import Answer, Case, Response
from screening.checklist.loader import read_file, same_id
from screening.checklist.model import Checklist
from screening.checklist.retired import told
from screening.checklist.schema import Day, Format, Id, ListId, Model, Text, Whole
from screening.checklist.yamlfile import Doc
from screening.errors import KnowledgeError, nearest

__all__ = ["OUTCOMES", "STATUSES", "PublishedCase", "draw", "load_published"]

HELD_OUT = "held-out.yaml"
Outcome = Literal["exploitation", "not_exploitation", "mixed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Status = Literal[
    "court_final",
    "court_appeal",
    "court_first_instance",
    "mechanism",
    "prosecutor",
    "police",
    "inquiry",
    "ngo_report",
]
STATUSES: tuple[Status, ...] = get_args(Status)


class PublishedSource(Model):
    """Where a case was read: `read` is `excerpt` (what a store of public pages gives of it) or
    `earlier` (by the first coder, who left notes; not opened again).
    """

    title: Text
    address: Annotated[str, Field(pattern=r"^https?://\S+$")]
    read: Literal["whole", "excerpt", "earlier"]


class PublishedCase(Model):
    """A real case: what was told, who decided what, and the answers that the telling supports.

    `outcome` is what the authority found, not what happened; `mixed` where authorities differ or
    left it open. `status` says how far that is final. `age_from` is `stated`, `minor` (a child
    whose age is told as a range or not at all; a middle is written) or `assumed`. What only an
    investigation found is `known_later`; what the authority did not believe is `rejected`. What
    nobody told is not in `answers`: it is open, not no.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z][0-9]{2,3}$")]
    title: Text
    country: Text
    year: Whole
    year_certain: Literal["yes", "no"]
    form: Literal["begging", "labour", "sexual", "servitude", "marriage", "criminal", "other"]
    age: Whole
    age_certain: Literal["yes", "no"]
    age_from: Literal["stated", "minor", "assumed"]
    outcome: Outcome
    status: Status
    decision: Text
    source: PublishedSource
    at_first_contact: str = ""
    only_later: str = ""
    coded: Literal["once", "twice"]
    answers: Annotated[dict[Id, Literal["yes", "no"]], Field(min_length=1)]
    known_later: list[Id] = Field(default_factory=list)
    rejected: list[Id] = Field(default_factory=list)

    @property
    def signs(self) -> tuple[str, ...]:
        """The indicators answered yes, in the order of the file."""
        return tuple(i for i, answer in self.answers.items() if answer == "yes")

    def to_case(self, left_out: Iterable[str] = ()) -> Case:
        """The case as a record to score; the indicators left out stay open."""
        missing = set(left_out)
        answers = {i: Response(Answer(a)) for i, a in self.answers.items() if i not in missing}
        return Case(self.id, self.age, self.age_certain == "yes", answers)


class _PublishedFile(Model):
    """`cases/<name>.yaml`."""

    format: Format
    id: ListId
    title: Text
    cases: Annotated[list[PublishedCase], Field(min_length=1)]


class HeldOutDraw(Model):
    """One draw: from the cases whose ids begin with these letters, by this seed, on this day.

    Cases that come later take a new letter and a draw of their own, so no drawn third ever changes.
    """

    series: Annotated[list[str], Field(min_length=1)]
    seed: Text
    drawn_on: Day
    cases: list[str]


class _HeldOutFile(Model):
    """`cases/held-out.yaml`."""

    format: Format
    id: ListId
    draws: list[HeldOutDraw]


def draw(cases: Iterable[PublishedCase], seed: str) -> tuple[str, ...]:
    """The ids of a third of each outcome, the same on every machine: the first round(n / 3) of an
    outcome when its ids stand in the order of the sha256 of `seed:id`.
    """
    by_outcome: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        by_outcome[case.outcome].append(case.id)
    held: list[str] = []
    for ids in by_outcome.values():
        ids.sort(key=lambda i: hashlib.sha256(f"{seed}:{i}".encode()).digest())
        held += ids[: round(len(ids) / 3)]
    return tuple(sorted(held))


def load_published(checklist: Checklist) -> tuple[tuple[PublishedCase, ...], frozenset[str]]:
    """The published cases beside a list, in the order of their ids, and the ids held out; both
    empty where the list has none. `KnowledgeError` where a file cannot stand.
    """
    folder = checklist.folder / "cases"
    found: dict[str, PublishedCase] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == HELD_OUT:
            continue
        doc, file = read_file(path, _PublishedFile)
        same_id(file.id, path, doc)
        for n, case in enumerate(file.cases):
            if case.id in found:
                raise KnowledgeError(
                    "K113.case_twice", place=doc.place(("cases", n, "id")), case=case.id
                )
            _check(checklist, case, n, doc)
            found[case.id] = _as_now(case, checklist)
    if not found:
        return (), frozenset()
    cases = tuple(found[i] for i in sorted(found))
    return cases, _held_out(folder / HELD_OUT, cases)


def _held_out(path: Path, cases: Sequence[PublishedCase]) -> frozenset[str]:
    """The ids held out; each case is in one draw, and each draw is what its seed draws."""
    doc, file = read_file(path, _HeldOutFile)
    same_id(file.id, path, doc)
    held: set[str] = set()
    for n, one in enumerate(file.draws):
        drawn = draw((c for c in cases if c.id[0] in one.series), one.seed)
        if tuple(sorted(one.cases)) != drawn:
            raise KnowledgeError(
                "K142.held_out",
                place=doc.place(("draws", n, "cases")),
                drawn=drawn,
            )
        held |= set(drawn)
    for case in cases:
        if sum(case.id[0] in one.series for one in file.draws) != 1:
            raise KnowledgeError(
                "K142.draw", place=doc.place(("draws",)), case=case.id, letter=case.id[0]
            )
    return frozenset(held)


def _as_now(case: PublishedCase, checklist: Checklist) -> PublishedCase:
    """A case under the ids of today."""
    if checklist.retired.keys().isdisjoint(case.answers):
        return case
    given = {i: Response(Answer(a)) for i, a in case.answers.items()}
    answers = told(given, checklist.retired, case.id)
    known, rejected = (
        list(dict.fromkeys(map(checklist.current, ids)))
        for ids in (case.known_later, case.rejected)
    )
    return case.model_copy(
        update={
            "answers": {i: str(r.answer) for i, r in answers.items()},
            "known_later": known,
            "rejected": rejected,
        }
    )


def _check(checklist: Checklist, case: PublishedCase, n: int, doc: Doc) -> None:
    """Answers are to indicators of the list, remarks are on answers, and something is told."""
    for key in case.answers:
        if checklist.current(key) not in checklist.indicators:
            raise KnowledgeError(
                "K120.indicator_unknown",
                place=doc.place(("cases", n, "answers", key)),
                near=nearest(key, checklist.indicators),
                indicator=key,
            )
    for field, keys in (("known_later", case.known_later), ("rejected", case.rejected)):
        for at, key in enumerate(keys):
            if key not in case.answers:
                raise KnowledgeError(
                    "K142.not_answered",
                    place=doc.place(("cases", n, field, at)),
                    near=nearest(key, case.answers),
                    indicator=key,
                    field=field,
                )
    if not (case.at_first_contact.strip() or case.only_later.strip()):
        raise KnowledgeError("K142.nothing_told", place=doc.place(("cases", n)), case=case.id)
