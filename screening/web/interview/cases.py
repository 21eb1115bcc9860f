"""What the pages work with: the list, the cases, and one way of saving that never overwrites what
another window saved.
"""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from screening.casebook import CaseStore, MemoryStore, Moved
from screening.checklist import Checklist, WeightSet, load_checklist, load_weights
from screening.checklist.loader import DEFAULT_LIST
from screening.errors import ModelError, UsageError
from screening.files.ids import harmless_code
from screening.i18n import WRITTEN
from screening.interview import Change, Interview, Protocol, Record, load_protocol
from screening.interview.record import LONGEST_NUMBER, check_case_number

if TYPE_CHECKING:
    from screening.scorecard.model import CardModel

__all__ = ["LONGEST_NUMBER", "NOW", "Conflict", "Desk", "Handed", "Knowledge", "OpenCase", "Seen"]

LOGGED = (
    "shown",
    "letter",
    "file",
    "help",
    "looked",
)  # what only notes that something was looked at or taken out


class Knowledge:
    """The list, its weights, protocol and card; read when first needed, so that the server is ready
    at once.
    """

    def __init__(
        self, checklist: str = DEFAULT_LIST, weights: str | None = None, model: str | None = None
    ) -> None:
        self._names = (checklist, weights, model)
        self._lock = threading.RLock()
        self.model_fault = ""  # why there is no second opinion although one was asked for

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        with self._lock:
            if name not in self.__dict__:
                self.__dict__[name] = make()
            return self.__dict__[name]

    @property
    def checklist(self) -> Checklist:
        found: Checklist = self._once("_checklist", lambda: load_checklist(self._names[0]))
        return found

    @property
    def weights(self) -> WeightSet:
        found: WeightSet = self._once(
            "_weights", lambda: load_weights(self.checklist, self._names[1], on=date.today())
        )
        return found

    @property
    def protocol(self) -> Protocol:
        found: Protocol = self._once("_protocol", lambda: load_protocol(self.checklist))
        return found

    @property
    def model(self) -> CardModel | None:
        """The card asked for; None also where it cannot be used: a second opinion that fails must
        not stop anybody (S13).
        """
        found: CardModel | None = self._once("_model", self._load_model)
        return found

    def _load_model(self) -> CardModel | None:
        if self._names[2] is None:
            return None
        from screening.scorecard.card_json import load_model

        try:
            return load_model(self._names[2], self.checklist)
        except ModelError as error:
            self.model_fault = str(error)
            return None

    def warm(self) -> None:
        """Reads everything and makes the first choice, so that the first page need not wait."""
        Interview.begin(
            self.checklist, self.weights, self.protocol, "warm", self.model
        ).state.choose(list(self.checklist.indicators))
        for language in WRITTEN:
            self.checklist.texts(language)


class Conflict(Exception):
    """Another window set the same thing meanwhile.

    What it set stands; both are here, and in the record.
    """

    def __init__(self, now: Interview, what: str, theirs: str, ours: str) -> None:
        super().__init__(what)
        self.now, self.what, self.theirs, self.ours = now, what, theirs, ours


@dataclass(frozen=True)
class Seen:
    """What a page knew when it sent something: the revision it was made from, which page it is, and
    how much was typed in it.

    A page that saves while somebody types must not quarrel with itself; and what it sent late must
    not undo what it sent after.
    """

    revision: int
    page: str = ""
    typed: int = 0


# Whatever stands: for what must be recorded in any case, and for what only notes that something
# happened.
NOW = Seen(sys.maxsize)


@dataclass
class Handed:
    """An encrypted file that was made from a revision.

    That the browser took it does not yet mean that it is on a disk.
    """

    revision: int
    content: bytes
    taken: bool = False


@dataclass(frozen=True)
class Window:
    """A window that showed a case: the last of what it asked, when, and whether it still does."""

    turn: int
    open: bool = True
    heard: float = field(default_factory=time.monotonic)  # seconds


@dataclass
class OpenCase:
    """A case as this run knows it: its windows, who set what last, and whether it is in a file as
    it stands.
    """

    case_id: str
    windows: dict[str, Window] = field(default_factory=dict)
    last: dict[str, Seen] = field(default_factory=dict)
    # which page is saving what while it is typed
    typing: dict[str, str] = field(default_factory=dict)
    now: Interview | None = None  # as it was last asked for
    answered: set[str] = field(default_factory=set)  # pages that have answered their question
    handed: Handed | None = None
    filed: int | None = None  # the revision of which somebody said that its file is there


class Desk:
    """Cases by a random key: an address must not say whose case it is."""

    def __init__(self, knowledge: Knowledge, store: CaseStore | None = None) -> None:
        self.knowledge = knowledge
        self.store = store or MemoryStore()
        self._open: dict[str, OpenCase] = {}
        self._taken_up = threading.Lock()
        self._is_taken_up = False
        self.typed: dict[
            str, dict[str, str]
        ] = {}  # by page: what was typed there and is not recorded (yet); in no file

    @cached_property
    def number(self) -> dict[str, int]:
        """Indicators by their place in the list: an address must not say what is asked either."""
        return {name: n for n, name in enumerate(self.knowledge.checklist.indicators)}

    def cases(self) -> dict[str, str]:
        """Case ids by key, oldest first."""
        self._take_up()
        return {key: c.case_id for key, c in list(self._open.items())}

    def interviews(self) -> dict[str, Interview]:
        """The cases themselves by key; without one that another window lets go meanwhile."""
        found = {}
        for key in self.cases():
            with suppress(UsageError):
                found[key] = self.interview(key)
        return found

    def case(self, key: str) -> OpenCase:
        """A case by its key; `U304` where there is none."""
        self._take_up()
        if key not in self._open:
            raise UsageError("U304.case_not_open")
        return self._open[key]

    def _take_up(self) -> None:
        """What a run before this one has kept, by this list."""
        with self._taken_up:
            if self._is_taken_up:
                return
            ids = self.store.ids(self.knowledge.checklist.id) if self.store.durable else ()
            self._open.update((secrets.token_hex(4), OpenCase(case_id)) for case_id in ids)
            self._is_taken_up = True

    def interview(self, key: str) -> Interview:
        """The case as it is now; the same one, with all that was worked out from it, until
        something of it changes.
        """
        case = self.case(key)
        record, last = self.store.get(case.case_id), case.now
        if last is None or last.record is not record:
            case.now = last = self._with(record)
        return last

    def _with(self, record: Record) -> Interview:
        k = self.knowledge
        return Interview(k.checklist, k.weights, k.protocol, record, k.model)

    def suggestion(self) -> str:
        """A case number that says nothing."""
        return harmless_code()

    def begin(self, case_id: str) -> str:
        """Begin a case; its key. `C203`, `C210`, `C242`, `U302`."""
        k = self.knowledge
        check_case_number(case_id)
        record = Interview.begin(
            k.checklist, k.weights, k.protocol, case_id.strip(), k.model
        ).record
        return self.take(record)

    def take(self, record: Record, filed: int | None = None) -> str:
        """Put a record on the desk; its key. `U302` where the case lies here already."""
        if record.checklist != self.knowledge.checklist.id:
            raise UsageError("U305.case_of_another_list", list=record.checklist)
        self._take_up()
        self.store.put(record, None)
        key = secrets.token_hex(4)
        self._open[key] = OpenCase(record.case_id, filed=filed)
        return key

    def unsaved(self) -> int:
        """How many cases have something that is in no file, and in no casebook."""
        if self.store.durable:
            return 0
        unsaved = 0
        for case in list(self._open.values()):
            with suppress(UsageError):  # let go meanwhile
                revision = self.store.get(case.case_id).revision
                unsaved += bool(revision) and revision != case.filed
        return unsaved

    def drop(self, key: str) -> None:
        """Forget a case."""
        case = self.case(key)
        self._open.pop(key, None)
        self.store.drop(case.case_id)
        for page in list(self.typed):
            if page.startswith(f"/c/{key}/"):
                self.typed.pop(page, None)

    def save(
        self, key: str, seen: Seen, step: Callable[[Interview], Interview], half: bool = False
    ) -> Interview:
        """Apply a step to the case as it is now and keep the result.

        Whatever another page set since `seen`, and the step would set differently, is left as it
        is; what the step would have set goes into the record as what it is, a version that does not
        count - unless it is `half` a sentence, still being typed. What the same page sent before,
        and came late, is passed over.

        Raises
        ------
        Conflict : with the case as it is now, and both versions
        """
        case = self.case(key)
        while True:
            now = self.interview(key)
            later = step(now)
            ours = _last(later.record.changed_since(now.record.revision))
            theirs = _last(now.record.changed_since(seen.revision))
            own = {
                what
                for what in ours
                if (last := case.last.get(what)) is not None and last.page == seen.page != ""
            }
            if any(seen.typed < case.last[what].typed for what in own):
                return now
            for what in ours.keys() & theirs.keys() - own:
                if ours[what] != theirs[what]:
                    raise Conflict(
                        now if half else self._keep_lost(key, ours), what, theirs[what], ours[what]
                    )
            if later.record.revision == now.record.revision:
                return now
            for what in ours:
                if half and seen.page and case.typing.get(what) == seen.page:
                    later = replace(later, record=later.record.typed_on(what))
            try:
                self.store.put(later.record, now.record.revision)
            except Moved:
                continue
            case.last.update(dict.fromkeys(ours, seen))
            case.typing.update(dict.fromkeys(ours, seen.page if half else ""))
            return replace(now, record=later.record)

    def _keep_lost(self, key: str, ours: dict[str, str]) -> Interview:
        """The case with what did not win noted in it."""
        while True:
            now = self.interview(key)
            stands = _last(now.record.changes)
            lost = tuple(
                Change(f"conflict:{what}", stands.get(what, ""), text)
                for what, text in ours.items()
                if text not in now.record.lost(what)
            )
            record = replace(now.record, changes=(*now.record.changes, *lost))
            with suppress(Moved):
                self.store.put(record, now.record.revision)
                return replace(now, record=record)


def _last(changes: Iterable[Change]) -> dict[str, str]:
    """What each thing was last set to; that something was shown or taken out is no quarrel, and a
    quarrel sets nothing.
    """
    return {
        c.what: c.after
        for c in changes
        if c.what not in LOGGED and not c.what.startswith("conflict:")
    }
