"""What every store of cases can do, on a laptop or in an office.

Open one with `Casebook.open` (`screening.casebook.laptop`). All faults are `UsageError`s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from screening.casebook.event import Act, Event, Json
from screening.casebook.worklist import CaseList, Summary, View
from screening.errors import UsageError

__all__ = ["Counted", "Due", "Folded", "Overtaken", "Snapshot", "Store", "Verified"]


class Overtaken(UsageError):
    """Somebody recorded something about the case meanwhile: `number` is its last event now."""

    def __init__(self, case: str, number: int) -> None:
        super().__init__("U326.overtaken", case=case)
        self.number = number


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole casebook found: the number of its events, and its head."""

    events: int
    cases: int
    head: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case as somebody folded it, true to its event `number`. It may be gone at any time.

    state : what the case is; with its `line` of the work list, if it has one
    """

    number: int
    state: Mapping[str, Json]

    @property
    def line(self) -> Summary | None:
        return Summary._make(self.state["line"]) if "line" in self.state else None


Folded = Callable[[list[Event]], Mapping[str, Snapshot]]  # the cases once events were recorded


@dataclass(frozen=True, slots=True)
class Due:
    """A case whose time of keeping is over.

    held : why it must be kept all the same; "" where it may be erased
    """

    case: str
    until: date
    held: str


class Counted(NamedTuple):
    """Of an event what is counted: its codes, numbers and days; those of `Event`."""

    number: int
    case: str
    kind: str
    happened_on: date
    data: Mapping[str, Json]


class Store(Protocol):
    """A casebook: events in one chain, identities apart, and snapshots that may be thrown away."""

    def append(
        self, events: Sequence[Event], after: int | None = None, folded: Folded | None = None
    ) -> list[Event]:
        """Record events in one transaction, and return them with their numbers once they are
        durable. All of them, or none.

        after : the last event of the first event's case that the caller has seen (0: none);
            `Overtaken` where there is a later one
        folded : asked, before anything is durable, for the cases as the numbered events leave
            them; these copies are kept in the same transaction
        """

    def events(
        self,
        case: str | None = None,
        after: int = 0,
        kinds: Sequence[str] = (),
    ) -> Iterator[Event]:
        """Events in their order, those of one case, later than a number, of some kinds. Of an
        erased case the words are empty.
        """

    def counted(self, kinds: Sequence[str], after: int = 0) -> Iterator[Counted]:
        """What is counted of events of some kinds, in their order, without a word of anybody: many
        times faster than the events.
        """

    def last(self, case: str | None = None) -> int:
        """The number of the last event, of one case; 0 where there is none."""

    def cases(self) -> list[str]:
        """Codes of all cases, in the order in which they were begun; erased ones too."""

    def head(self) -> str:
        """The last event's number and hash. Kept elsewhere, it shows later that nothing was taken
        back.
        """

    def verify(self, head: str | None = None) -> Verified:
        """Check everything. `U321` names the first event that is not as it was recorded, or says
        that the casebook is older than a `head` that was kept elsewhere.
        """

    def identity(self, case: str, act: Act) -> Mapping[str, Json] | None:
        """Who somebody is, None where nothing is kept. That it was read is an event."""

    def set_identity(self, case: str, identity: Mapping[str, Json], act: Act) -> None:
        """Keep who somebody is, under the case's own key. `U325` where the case is erased."""

    def erase(self, case: str, act: Act, reason: str = "") -> None:
        """Destroy the case's key: identity and words can be read by nobody any more. What is
        counted stays. `U304`, `U325` where there is a legal hold.
        """

    def keep_until(self, case: str, until: date, act: Act) -> None:
        """Set the day on which the case is to be erased."""

    def hold(self, case: str, reason: str, act: Act) -> None:
        """Forbid that the case is erased, for a reason; an empty one lifts it."""

    def due(self, on: date) -> list[Due]:
        """Cases whose time of keeping is over on a day, oldest first, and that are not erased."""

    def snapshot(self, case: str) -> Snapshot | None:
        """The case as it was last folded."""

    def keep_snapshots(
        self, snapshots: Mapping[str, Snapshot], upto: tuple[int, int] | None = None
    ) -> None:
        """Keep folded cases; an erased one, and one of which there is a later copy, is passed over.

        upto : the number of an event and a form; from now on all copies are of this form and true
            to all events up to this one
        """

    def folded(self, form: int) -> int:
        """Up to which event all copies are true, as far as they are of a form; 0 otherwise."""

    def unlisted(self) -> list[str]:
        """Cases that are not erased and have no copy with a line of the work list."""

    def drop_snapshots(self) -> None:
        """Throw all copies away."""

    def listed(self, view: View, most: int | None = None) -> CaseList:
        """The work list of a view from the copies: its counts, and so many of its lines."""
