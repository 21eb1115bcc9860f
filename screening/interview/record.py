"""What an interview keeps: one person at one time, with what was there before every change.

No names, no times (S15).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from screening.answers import Case, Response
from screening.checklist.retired import as_now
from screening.checklist.schema import FINDINGS, Finding
from screening.errors import CaseError

if TYPE_CHECKING:
    from screening.checklist.model import Checklist, WeightSet

__all__ = ["FORMAT", "Change", "Judgement", "Record"]

Source = Literal["interview", "table"]
FORMAT = 2
LONGEST = 4000  # letters of a note


def too_long(letters: int) -> CaseError:
    """What is said of a note, a reason or a field that nobody could read to its end."""
    return CaseError("C242.text_too_long", n=letters, most=LONGEST)


def answer_words(response: Response | None) -> str:
    """An answer as it stands in the changes, basis and note included."""
    if response is None:
        return ""
    return (
        str(response.answer)
        + (f" ({response.basis})" if response.basis else "")
        + (f": {response.note}" if response.note else "")
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person thinks, in the five words of the findings, and why."""

    finding: Finding
    why: str = ""

    def __post_init__(self) -> None:
        if self.finding not in FINDINGS:
            raise CaseError("C240.judgement", value=self.finding, known=", ".join(FINDINGS))
        if len(self.why) > LONGEST:
            raise too_long(len(self.why))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was set:

    `answer:<id>`, `precondition:<id>`, `fact:<id>`, `age`, `judgement` ...; both sides as
    they read. What is answered at the precondition of danger is an answer.
    `conflict:<what>` is what a window wanted to set after another had set it differently: it counts
    for nothing and is not lost.
    """

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Record:
    """An interview as it stands. Each fact is in it once.

    sha256, weights_sha256 : of the list and of the weights that it was begun with
    source : a `table` where nobody was asked by this program: what a table does not say is not
        recorded
    preconditions : the choice at each, but for danger, whose answer is in `answers` like any other
    passed : indicators left open on purpose, in order
    person : whether age and facts have been gone through
    judgement : the officer's own, before any finding was shown (S9); decision : what the officer
        decided after
    letter : what was typed for the letter, by field
    changes : everything that was ever set, oldest first; nothing is removed from it
    """

    case_id: str
    checklist: str
    version: str
    sha256: str
    weights: str
    weights_sha256: str
    age: int | None = None
    age_certain: bool = True
    person: bool = False
    preconditions: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Response] = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    judgement: Judgement | None = None
    decision: Judgement | None = None
    letter: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    source: Source = "interview"

    def __post_init__(self) -> None:
        Case(self.case_id, self.age)  # the same rules for ids and ages as everywhere
        for name in ("preconditions", "facts", "answers", "letter"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @classmethod
    def begin(cls, case_id: str, checklist: Checklist, weights: WeightSet, **values: Any) -> Record:
        """A record that says which list and weights it was begun with, and `values`."""
        knowledge = (checklist.id, checklist.version, checklist.sha256, weights.id, weights.sha256)
        return cls(case_id, *knowledge, **values)

    @classmethod
    def from_case(cls, case: Case, checklist: Checklist, weights: WeightSet) -> Record:
        """A row of a table as a record, for a letter.

        A table knows answers and an age. Preconditions, facts of the meeting, judgement and
        agreement are not in it; they are left out, and none of them is a no.
        """
        return cls.begin(
            case.case_id,
            checklist,
            weights,
            age=case.age,
            age_certain=case.age_certain,
            person=True,
            answers=case.answers,
            source="table",
        )

    def as_now(self, retired: Mapping[str, str]) -> Record:
        """The record under the ids of today. An answer that gave way to another is kept as a
        conflict, which every page shows.
        """
        if retired.keys().isdisjoint((*self.answers, *self.passed)):
            return self
        answers, clashes = as_now(self.answers, retired)
        gave_way = [
            Change(
                f"conflict:answer:{error.facts['indicator']}",
                answer_words(answers[str(error.facts["indicator"])]),
                " / ".join(
                    answer_words(self.answers[i])
                    for i in (str(error.facts["indicator"]), str(error.facts["retired"]))
                    if self.answers[i].answer != error.facts["answer"]
                ),
            )
            for error in clashes
        ]
        passed = tuple(dict.fromkeys(retired.get(i, i) for i in self.passed))
        changes = (*self.changes, *gave_way)
        return replace(self, answers=answers, passed=passed, changes=changes)

    @property
    def shown(self) -> bool:
        """Whether a finding was ever shown."""
        return any(c.what == "shown" for c in self.changes)

    @property
    def revision(self) -> int:
        """How often anything was set."""
        return len(self.changes)

    def with_(self, what: str, before: str, after: str, **values: Any) -> Record:
        """The record with something set, and the change noted; the record itself where nothing
        changes.
        """
        if all(getattr(self, k) == v for k, v in values.items()):
            return self
        return replace(self, **values, changes=(*self.changes, Change(what, before, after)))

    def changed_since(self, revision: int) -> tuple[Change, ...]:
        """What was set after a revision."""
        return self.changes[revision:]

    def lost(self, what: str) -> tuple[str, ...]:
        """What other windows wanted to set here and did not: kept as `conflict:<what>`, and no
        answer.

        Without what counts now.
        """
        now = next((c.after for c in reversed(self.changes) if c.what == what), "")
        return tuple(
            dict.fromkeys(
                c.after for c in self.changes if c.what == f"conflict:{what}" and c.after != now
            )
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        plain = {name: dict(getattr(self, name)) for name in ("preconditions", "facts", "letter")}
        answers = {
            i: {k: str(v) for k, v in asdict(r).items() if v} for i, r in self.answers.items()
        }
        rest = {
            "format": FORMAT,
            "judgement": asdict(self.judgement) if self.judgement else None,
            "decision": asdict(self.decision) if self.decision else None,
            "changes": [[c.what, c.before, c.after] for c in self.changes],
            "passed": list(self.passed),
        }
        names = (
            "case_id",
            "checklist",
            "version",
            "sha256",
            "weights",
            "weights_sha256",
            "age",
            "age_certain",
            "person",
            "source",
        )
        return {**{n: getattr(self, n) for n in names}, **plain, "answers": answers, **rest}

    @classmethod
    def from_dict(cls, data: Any) -> Record:
        """A record from `to_dict`'s data; `C241` where it is none."""
        try:
            return _read(data)
        except CaseError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CaseError("C241.not_a_record") from None


def _read(data: Any) -> Record:
    from screening.answers import Answer

    if data["format"] != FORMAT:
        raise CaseError("C241.format_unknown", value=data["format"], format=FORMAT)
    answers = {
        str(i): Response(Answer(r["answer"]), r.get("basis", ""), r.get("note", ""))
        for i, r in data["answers"].items()
    }
    age = data["age"]
    if age is not None and (isinstance(age, bool) or not isinstance(age, int)):
        raise ValueError("age")
    values: dict[str, Any] = {
        n: str(data[n])
        for n in ("case_id", "checklist", "version", "sha256", "weights", "weights_sha256")
    }
    values |= {n: bool(data[n]) for n in ("age_certain", "person")}
    values |= {
        n: {str(k): str(v) for k, v in data[n].items()}
        for n in ("preconditions", "facts", "letter")
    }
    values |= {n: Judgement(**data[n]) if data[n] else None for n in ("judgement", "decision")}
    if "danger" in values["preconditions"] or data["source"] not in get_args(Source):
        raise ValueError("preconditions" if "danger" in values["preconditions"] else "source")
    return Record(
        **values,
        source=data["source"],
        age=age,
        answers=answers,
        passed=tuple(map(str, data["passed"])),
        changes=tuple(Change(*map(str, c)) for c in data["changes"]),
    )
