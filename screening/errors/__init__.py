"""Everything that can be wrong with what a person gave us, in words that person can act on.

    ScreeningError            exit 2: one plain line - place, problem, remedy, code
    ├── KnowledgeError  K...  a list, weight set, text, pathway, vignette or mapping file
    ├── CaseError       C...  a case or a table of cases
    ├── ModelError      M...  a card that gives a second opinion
    ├── RatingError     R...  a form of ratings that experts filled in
    └── UsageError      U...  a path, an option, an output

Anything else that escapes is our own bug (exit 1).

Code that finds a fault names a message of the catalogue and gives the facts; the sentences are in
`cases`, `knowledge`, `weights`, `models`, `ratings` and `usage`, their translations in the .po
files under the same key. The code (`C220`) is stable: scripts and tests rely on it, never on the
sentence. The reference in docs/ is generated from the catalogue.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol, Self

from screening.errors.message import brief, fill, quote

__all__ = [
    "MOST_FAULTS",
    "PLACES",
    "CaseError",
    "KnowledgeError",
    "ModelError",
    "Notice",
    "RatingError",
    "ScreeningError",
    "ScreeningWarning",
    "UsageError",
    "brief",
    "did_you_mean",
    "mark",
    "nearest",
    "quote",
]

MOST_FAULTS = 50  # told in one run


PLACES = ("row", "column", "cell", "case", "line", "sheet")  # what a place counts
_PLACE = re.compile(rf"(^|, )({'|'.join(PLACES)}) ")
MOST_FAULTS = 50  # named in one report


def mark(words: str) -> str:
    """The words themselves: the mark by which what is to be translated and said later is found."""
    return words


class Say(Protocol):
    """A language's words for a message; see `i18n.Words.of_key`."""

    def of_key(self, key: str, text: str) -> str: ...

    def __call__(self, message: str, **values: object) -> str: ...


class Notice(str):
    """What is told and stops nobody: a line in English that can be said in another language too.

    Parameters
    ----------
    place : what it is about: `week1.csv, row 2`
    text : the English words, marked (`mark`), with `{name}` for each of the facts
    """

    _into: Callable[[Say], str]
    _parts: tuple[Any, ...]

    def __new__(cls, place: str, text: str, **facts: object) -> Self:
        made = super().__new__(cls, f"{place}: {fill(text, facts)}")
        made._parts = (place, text, facts)

        def into(say: Say) -> str:
            where = _PLACE.sub(lambda m: m[1] + say.of_key("place", m[2]) + " ", place)
            return f"{where}: {fill(say(text), facts)}"

        made._into = into
        return made

    @classmethod
    def of(cls, error: ScreeningError) -> Self:
        """The line of an error that stops nobody here."""
        made = super().__new__(cls, str(error))
        made._parts = (error,)
        made._into = lambda say: str(error.into(say))
        return made

    def into(self, say: Say) -> str:
        """The line in the words of a language, as far as they are translated."""
        return self._into(say)

    def __reduce__(self) -> tuple[Any, ...]:  # to another process and back
        return _noticed, self._parts


def _noticed(first: Any, text: str = "", facts: Mapping[str, object] | None = None) -> Notice:
    return Notice(first, text, **(facts or {})) if text else Notice.of(first)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is closest, or nothing when none is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question whether the closest known word was meant; nothing when none is close."""
    close = nearest(word, known)
    return f"did you mean {quote(close)}?" if close else ""


class ScreeningError(Exception):
    """What the person can put right. `str()` is the one line that is shown.

    Parameters
    ----------
    key : code and name of a message in the catalogue: `C220.no_answer`
    place : file and position ("cases.csv, row 7, column age"); may be added later with `at`
    facts : what fills `{name}` in the message; `near`, a known word close to what was written, asks
        whether that one was meant
    """

    def __init__(self, key: str, /, *, place: str = "", **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.code = key.partition(".")[0]
        self.place = place
        self.facts = facts
        self.others: tuple[ScreeningError, ...] = ()
        self._say: Say | None = None
        self._page = False

    @property
    def problem(self) -> str:
        """What is wrong."""
        from screening.errors.catalogue import message

        return self._in_words(self.key, message(self.key).problem)

    @property
    def remedy(self) -> str:
        """What to do about it; nothing where that is plain."""
        from screening.errors.catalogue import NEAR, message

        if self.facts.get("near"):
            return self._in_words("near", NEAR)
        told = message(self.key)
        return self._in_words(self.key, (self._page and told.page) or told.remedy)

    def _in_words(self, key: str, text: str) -> str:
        return fill(self._say.of_key(key, text) if self._say and text else text, self.facts)

    def _where(self) -> str:
        """The place, its words (row, column) in the language of the rest."""
        say = self._say
        if say is None:
            return self.place
        return _PLACE.sub(lambda m: m[1] + say.of_key("place", m[2]) + " ", self.place)

    def into(self, say: Say, page: bool = False) -> Self:
        """The same error in the words of a language, as far as they are translated. The names in
        the place and the code stay.

        page : for somebody who sees pages and has no command line
        """
        self._say, self._page = say, page
        return self

    def with_others(self, others: Iterable[ScreeningError]) -> Self:
        """The same error with what else is wrong, so that all can be put right at once. Each line
        is one of `__notes__` too, for whoever catches the error.
        """
        lines = dict.fromkeys([str(self)])
        for other in islice(others, MOST_FAULTS):
            if str(other) not in lines and len(lines) < MOST_FAULTS:
                lines[str(other)] = None
                self.others += (other,)
                self.add_note(str(other))
        return self

    def at(self, place: str) -> Self:
        """The same error with its place put in front; the outermost place comes first."""
        self.place = f"{place}, {self.place}" if self.place else place
        return self

    @classmethod
    def together(cls, faults: Sequence[ScreeningError]) -> ScreeningError:
        """The first of several faults, the others (up to 50 in all) in `others`, and as notes."""
        first, *others = faults[:MOST_FAULTS]
        first.others = tuple(others)
        for other in others:
            first.add_note(str(other))
        return first

    def __str__(self) -> str:
        head = f"{self._where()}: {self.problem}" if self.place else self.problem
        tail = f"; {self.remedy}" if self.remedy else ""
        return " ".join(f"{head}{tail} [{self.code}]".split())


class ScreeningWarning(UserWarning):
    """What was read and not scored, and what was not asked for and done all the same."""


class KnowledgeError(ScreeningError):
    """Something in a list's own files is wrong."""


class CaseError(ScreeningError):
    """Something in a case or a table of cases is wrong."""


class ModelError(ScreeningError):
    """Something in a card that gives a second opinion is wrong."""


class RatingError(ScreeningError):
    """Something in a form of ratings that experts filled in is wrong."""


class UsageError(ScreeningError):
    """Something about the call is wrong: a path, an option, an output."""
