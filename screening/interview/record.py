"""What an interview keeps: one person at one time, with what was there before every change.

No names, no times (S15).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from screening.answers import Case, Response
from screening.checklist.retired import as_now
from screening.checklist.schema import FINDINGS, Finding
from screening.errors import CaseError

if TYPE_CHECKING:
    from screening.checklist.model import Checklist, WeightSet

__all__ = ["FORMAT", "LONGEST_NUMBER", "Change", "Judgement", "Record", "check_case_number"]

Source = Literal["interview", "table"]
FORMAT = 2
LONGEST = 4000  # letters of a note
LONGEST_NUMBER = 60  # letters of a case number


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

    number : which setting of the record it was, from 1; given by the record
    """

    what: str
    before: str
    after: str
    number: int = field(default=0, compare=False)


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
    changes : everything that was ever set, oldest first; nothing is removed from it, but words that
        were saved again and again while they were typed are one change
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
        if self.changes and not self.changes[-1].number:
            object.__setattr__(self, "changes", _numbered(self.changes))

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
        return self.changes[-1].number if self.changes else 0

    def with_(self, what: str, before: str, after: str, **values: Any) -> Record:
        """The record with something set, and the change noted; the record itself where nothing
        changes.
        """
        if all(getattr(self, k) == v for k, v in values.items()):
            return self
        return replace(self, **values, changes=(*self.changes, Change(what, before, after)))

    def changed_since(self, revision: int) -> tuple[Change, ...]:
        """What was set after a revision."""
        first = bisect_right(self.changes, revision, key=lambda c: c.number)
        return self.changes[first:]

    def typed_on(self, what: str) -> Record:
        """The record with the last two settings of a thing as one: somebody went on typing."""
        places = [n for n, c in enumerate(self.changes) if c.what == what]
        if len(places) < 2:
            return self
        earlier, last = places[-2:]
        changes = list(self.changes)
        changes[last] = replace(changes[last], before=changes[earlier].before)
        del changes[earlier]
        return replace(self, changes=tuple(changes))

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


def _numbered(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Those that have no number yet are counted on from those that have."""
    numbered, last = [], 0
    for change in changes:
        last = change.number or last + 1
        numbered.append(change if change.number else replace(change, number=last))
    return tuple(numbered)


def check_case_number(case_id: str) -> None:
    """`C203`, `C242` for a number that nobody could read or type, on a page or in a terminal."""
    if len(case_id) > LONGEST_NUMBER:
        raise CaseError("C242.case_number_too_long", most=LONGEST_NUMBER)
    if "\ufffd" in case_id or not case_id.isprintable():
        raise CaseError("C203.case_number_unreadable")


def _read(data: Any) -> Record:
    from screening.answers import Answer
    from screening.interview.protocol import PRECONDITIONS

    if type(data["format"]) is not int or data["format"] != FORMAT:
        raise CaseError("C241.format_unknown", value=data["format"], format=FORMAT)
    answers = {
        _text(i): Response(Answer(r["answer"]), **{k: _text(v) for k, v in r.items() if k in _SAID})
        for i, r in data["answers"].items()
        if _only(r, {"answer", *_SAID})
    }
    age = data["age"]
    if age is not None and type(age) is not int:
        raise ValueError("age")
    values: dict[str, Any] = {
        n: _text(data[n])
        for n in ("case_id", "checklist", "version", "sha256", "weights", "weights_sha256")
    }
    check_case_number(values["case_id"])
    values |= {n: _flag(data[n]) for n in ("age_certain", "person")}
    values |= {
        n: {_text(k): _text(v) for k, v in data[n].items()}
        for n in ("preconditions", "facts", "letter")
    }
    values |= {
        n: Judgement(cast("Finding", _text(data[n]["finding"])), _text(data[n]["why"]))
        if data[n]
        else None
        for n in ("judgement", "decision")
    }
    # Danger is an answer like any other.
    if data["source"] not in get_args(Source) or "danger" in values["preconditions"]:
        raise ValueError("source or preconditions")
    # A choice that is none is asked for again (S8).
    values["preconditions"] = {
        name: choice
        for name, choice in values["preconditions"].items()
        if choice in PRECONDITIONS.get(name, ())
    }
    return Record(
        **values,
        source=data["source"],
        age=age,
        answers=answers,
        passed=tuple(map(_text, data["passed"])),
        changes=tuple(_change(*c) for c in data["changes"]),
    )


_SAID = ("basis", "note")


def _text(value: Any) -> str:
    """Text that can be written out again; a number or half a character is none."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # a ValueError for half a character
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _only(value: Mapping[str, Any], keys: set[str]) -> bool:
    if not value.keys() <= keys:
        raise ValueError("keys")
    return True


def _change(what: Any, before: Any, after: Any) -> Change:
    return Change(_text(what), _text(before), _text(after))


def _judged(value: Any) -> Judgement:
    _only(value, {"finding", "why"})
    return Judgement(cast("Finding", _text(value["finding"])), _text(value["why"]))
