"""What is counted of each case, in numbers and codes: one row a case, in columns.

It is read from the events without a word of anybody, so that an erased case still counts.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from screening.answers import Case, profile_of
from screening.checklist.schema import FINDINGS
from screening.names import fold

if TYPE_CHECKING:
    import numpy as np

    from screening.casebook.store import Counted, Store

__all__ = ["ACTS", "FIELDS", "LABELS", "Facts", "facts_of"]

# Days count from the year 1; 0 is never
FIELDS = (
    "child",
    "sex",  # place in its list of labels, as origin, company and form are
    "origin",
    "company",
    "begs",
    "opened",
    "met",
    "screened",
    "look_further",
    "refer",
    "sent",
    "accepted",
    "actual",  # first decision that the person is a victim
    "possible",
    "unconfirmed",  # last decision, where it was not confirmed
    "form",  # of the last decision that names one
    "assisted",
    "returned",
    "double",  # -1 proposed, 1 closed as the case of a person who has another
)
_AT = {name: n for n, name in enumerate(FIELDS)}
LABELS = ("sex", "origin", "company", "form")
ACTS = ("meetings", "referrals", "decisions")  # counted by day, whoever they are about
# The first of these that was recorded says where somebody comes from
_ORIGINS = (
    *("origin", "country of origin", "vendi i origjines", "origjina", "zemlja porekla", "poreklo"),
    *("citizenship", "shtetesia", "drzavljanstvo", "nationality"),
)
_LOOK, _REFER = FINDINGS.index("look_further"), FINDINGS.index("refer")


@dataclass
class Facts:
    """The facts of every case.

    rows : `FIELDS` of each case, one after the other
    cases : each case's place
    labels : the codes that columns of `LABELS` count
    acts : by act, how many on each day
    """

    rows: array[int] = field(default_factory=lambda: array("i"))
    cases: dict[str, int] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=lambda: {n: [""] for n in LABELS})
    acts: dict[str, Counter[int]] = field(default_factory=lambda: {a: Counter() for a in ACTS})

    def columns(self) -> dict[str, np.ndarray[Any, Any]]:
        """Each field as an array, a value for each case."""
        import numpy as np

        table = np.frombuffer(self.rows, dtype=np.int32).reshape(-1, len(FIELDS))
        return {name: table[:, n] for n, name in enumerate(FIELDS)}

    def add(self, events: Iterable[Counted]) -> None:
        """Count further events."""
        for event in events:
            handler = _HANDLERS.get(event.kind)
            if handler is not None and event.case:
                row = self.cases.get(event.case)
                if row is None:
                    row = self.cases[event.case] = len(self.cases)
                    self.rows.extend(_EMPTY)
                handler(self, row * len(FIELDS), event)

    # -- one row -----------------------------------------------------------------------------------

    def first(self, row: int, name: str, day: int) -> None:
        """The earliest day on which something was so."""
        at = row + _AT[name]
        if not self.rows[at] or day < self.rows[at]:
            self.rows[at] = day

    def set(self, row: int, name: str, value: int) -> None:
        self.rows[row + _AT[name]] = value

    def get(self, row: int, name: str) -> int:
        return self.rows[row + _AT[name]]

    def code(self, row: int, name: str, code: str) -> None:
        """A code by its place among the labels."""
        labels = self.labels[name]
        if code not in labels:
            labels.append(code)
        self.set(row, name, labels.index(code))


_EMPTY = array("i", [1] + [0] * (len(FIELDS) - 1))  # nobody is an adult before it is known


def facts_of(store: Store) -> Facts:
    """The facts of a store as it is now."""
    facts = Facts()
    facts.add(store.counted(tuple(_HANDLERS)))
    return facts


# -- one kind of event each ------------------------------------------------------------------------


def _aged(facts: Facts, row: int, event: Counted, aged: Mapping[str, Any]) -> None:
    case = Case(event.case, aged.get("age"), aged.get("age_certain", True))
    facts.set(row, "child", int(profile_of(case)[0] == "child"))


def _counted(facts: Facts, row: int, counted: Mapping[str, str]) -> None:
    """Fields that a law asks to be counted, by the names that tables have for them."""
    named = {fold(name): value for name, value in counted.items() if value.strip()}
    for sex in _SEX & named.keys():
        facts.code(row, "sex", _SEXES.get(fold(named[sex]), "other"))
    for origin in _ORIGINS:
        if origin in named:
            facts.code(row, "origin", named[origin].strip())
            break
    if "company" in named:
        facts.code(row, "company", named["company"])
    if "begs" in named:
        facts.set(row, "begs", int(named["begs"] == "yes"))


# As tables have it in the languages of the country
_SEX = {"sex", "gender", "gjinia", "pol"}
_FEMALE = "f female woman girl femer z zensko zenski ж женско женски"
_MALE = "m male man boy mashkull musko muski м мушко мушки"
_SEXES = dict.fromkeys(_FEMALE.split(), "female") | dict.fromkeys(_MALE.split(), "male")


def _opened(facts: Facts, row: int, event: Counted) -> None:
    facts.first(row, "opened", event.happened_on.toordinal())
    _aged(facts, row, event, event.data)
    _counted(facts, row, event.data.get("statistics", {}))


def _corrected(facts: Facts, row: int, event: Counted) -> None:
    if event.data.get("age") is not None:
        _aged(facts, row, event, event.data["age"])
    _counted(facts, row, event.data.get("statistics", {}))


def _met(facts: Facts, row: int, event: Counted) -> None:
    day = event.happened_on.toordinal()
    facts.first(row, "met", day)
    facts.acts["meetings"][day] += 1
    facts.set(row, "double", 0)
    company = event.data.get("company", "")
    if company and not facts.get(row, "company"):
        facts.code(row, "company", company)


def _screened(facts: Facts, row: int, event: Counted) -> None:
    day, rank = event.happened_on.toordinal(), FINDINGS.index(event.data["finding"])
    facts.first(row, "screened", day)
    if rank >= _LOOK:
        facts.first(row, "look_further", day)
    if rank >= _REFER:
        facts.first(row, "refer", day)
    if "begging" in event.data.get("forms", ()):
        facts.set(row, "begs", 1)


def _sent(facts: Facts, row: int, event: Counted) -> None:
    facts.first(row, "sent", event.happened_on.toordinal())
    facts.acts["referrals"][event.happened_on.toordinal()] += 1


def _accepted(facts: Facts, row: int, event: Counted) -> None:
    facts.first(row, "accepted", event.happened_on.toordinal())
    facts.first(row, "sent", event.happened_on.toordinal())


def _identified(facts: Facts, row: int, event: Counted) -> None:
    """The last decision counts; the person is identified from the first one that says so."""
    day, result = event.happened_on.toordinal(), event.data["result"]
    facts.acts["decisions"][day] += 1
    if result == "not_confirmed":
        facts.set(row, "unconfirmed", day)
        return
    facts.first(row, str(result), day)
    if facts.get(row, "unconfirmed") <= day:
        facts.set(row, "unconfirmed", 0)
    if event.data.get("form"):
        facts.code(row, "form", event.data["form"])


def _assisted(facts: Facts, row: int, event: Counted) -> None:
    facts.first(row, "assisted", event.happened_on.toordinal())


def _returned(facts: Facts, row: int, event: Counted) -> None:
    facts.first(row, "returned", event.happened_on.toordinal())


def _proposed(facts: Facts, row: int, event: Counted) -> None:
    facts.set(row, "double", -1 if event.data.get("reason") == "same_person" else 0)


def _confirmed(facts: Facts, row: int, event: Counted) -> None:
    if facts.get(row, "double") == -1:
        facts.set(row, "double", 1)


def _reopened(facts: Facts, row: int, event: Counted) -> None:
    facts.set(row, "double", 0)


_HANDLERS: Mapping[str, Callable[[Facts, int, Counted], None]] = {
    "opened": _opened,
    "corrected": _corrected,
    "met": _met,
    "screened": _screened,
    "referral_sent": _sent,
    "referral_accepted": _accepted,
    "identified": _identified,
    "sheltered": _assisted,
    "assistance_started": _assisted,
    "repatriated": _returned,
    "closure_proposed": _proposed,
    "closure_confirmed": _confirmed,
    "reopened": _reopened,
}
