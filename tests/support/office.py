"""An open casebook with somebody at work in its pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from screening.casebook import acts
from screening.casebook.caseload import Caseload
from screening.casebook.event import Act
from screening.casebook.interviews import StoredCases
from screening.casebook.laptop import Casebook
from support.casework import said
from support.web import KNOWLEDGE

__all__ = ["TODAY", "WORDS", "Office"]

WORDS = "plum orbit walnut saddle gravel tunic"
LISTED = (KNOWLEDGE.checklist, KNOWLEDGE.weights)
TODAY = datetime.now().astimezone().date()


class Office:
    """An open casebook, and who is at work in its pages."""

    def __init__(self, book: Casebook) -> None:
        self.book, self.me = book, "arta"
        self.cases = StoredCases(book, lambda: Act(self.me, datetime.now(UTC)))

    def load(self, by: str = "") -> Caseload:
        return Caseload(self.book, LISTED, Act(by or self.me, datetime.now(UTC)))

    def met(self, case: str, age: int | None, days_ago: int, by: str = "", **answers: str) -> None:
        """A case that was met some days ago, and begun where it is new."""
        load, on = self.load(by), TODAY - timedelta(days=days_ago)
        known = load.find(case)
        state, events = (known, []) if known else acts.begin(None, load.act, case, on, age, True)
        load.screened(state, [*events, *acts.meet(state, load.act, on, said(**answers))], on)

    def kinds(self, case: str = "") -> list[str]:
        return [e.kind for e in self.book.events() if e.case == case]
