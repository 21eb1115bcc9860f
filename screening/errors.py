"""Everything that can be wrong with what a person gave us, in words that person can act on.

    ScreeningError            exit 2: one plain line - place, problem, remedy, code
    ├── KnowledgeError  K...  a list, weight set, text, pathway, vignette or mapping file
    ├── CaseError       C...  a case or a table of cases
    ├── ModelError      M...  a card that gives a second opinion
    ├── RatingError     R...  a form of ratings that experts filled in
    └── UsageError      U...  a path, an option, an output

Anything else that escapes is our own bug (exit 1). Codes are stable: scripts and tests rely on
them, never on the sentence. `CODES` is the whole register; the reference in docs/ is generated from
it.

What an officer can meet in an interview is said in the language of the interview: its words are
marked with `mark`, so that they are collected for translation, and `into` puts them in. Everything
else stays the English line that it is.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Protocol, Self

__all__ = [
    "CODES",
    "CaseError",
    "KnowledgeError",
    "ModelError",
    "RatingError",
    "ScreeningError",
    "UsageError",
    "mark",
    "nearest",
    "quote",
]

CODES: dict[str, str] = {
    "K101": "the file is not readable YAML",
    "K102": "YAML with an alias, an anchor or a tag; plain values only",
    "K103": "a key stands twice in one mapping",
    "K104": "nested deeper than any list needs",
    "K105": "a key that the format does not know",
    "K106": "a required key is missing",
    "K107": "a value of the wrong kind",
    "K108": "the file is not UTF-8 text, is empty or is too large",
    "K110": "a list, weight set, text or mapping file that is not there",
    "K111": "a file in a list's folder that its checklist.yaml does not name",
    "K112": "the file's own id does not match its name or folder",
    "K113": "an id that is used twice",
    "K120": (
        "a rule or text refers to an indicator, dimension, form, role or source that the list does"
        " not have"
    ),
    "K121": "a decision rule that can never be true",
    "K122": "a child's rule that needs a means (Palermo Protocol art. 3(c): a child needs none)",
    "K123": "an indicator on ethnicity, nationality, religion, community or sex",
    "K124": "a protective observation or danger question that carries a weight or a strength",
    "K125": "an indicator without the question or instruction that its mode needs",
    "K126": "a rule node that is not one of the known kinds, or has more than one",
    "K127": "finding wording, reason or next step missing for some finding and profile",
    "K130": "a weight set made for another list",
    "K131": "a weight set that is not complete, or weighs what the list does not have",
    "K132": "a weight or cap that is not a whole number of 0 or more in the digits 0-9",
    "K133": "a date that is not YYYY-MM-DD",
    "K134": "shares, loadings, counts or ages of a world that cannot be",
    "K140": "a mapping to or from an indicator that the list does not have",
    "K141": "an import file whose rows cannot be matched to the list",
    "K150": "a weight set that is not as it was signed",
    "K151": "a weight set that fewer people signed than are needed",
    "K152": "a signed weight set that is not valid yet, or past its day of re-check",
    "K153": "signatures that belong to another weight set or list",
    "K154": "a signer who is not registered, or was not on that day, or signed twice",
    "K155": "a log of activations with an entry that was altered, left out or put elsewhere",
    "K156": (
        "signing refused: a held-out vignette of a child forced to beg falls below refer, or there"
        " is none to judge by"
    ),
    "K157": "bounds, or a set of plausible weights, that cannot be",
    "K158": "a weight set that says of its changes what its numbers do not",
    "C201": "the file is empty or has no case in it",
    "C202": "the file is not of the kind its name says, or of no kind that is read",
    "C203": "the text is not UTF-8 and no encoding was declared, or the declared one does not fit",
    "C204": "the file ends too early or is damaged",
    "C205": (
        "the file is larger inside than any table of cases (archive bomb), or nested too deeply"
    ),
    "C206": "macros, formulas or external references where values are expected",
    "C207": "a header that is missing, blank or repeated",
    "C208": "a row with more or fewer cells than the header",
    "C210": "a case without a case_id",
    "C211": "a case_id that stands twice",
    "C212": "an age that is not a number of years from 0 to 120",
    "C213": "age_certain that is neither yes nor no",
    "C214": "a date that is not YYYY-MM-DD, or lies in the future",
    "C220": "an answer that is none of the six",
    "C221": "an answer to an indicator the list does not have",
    "C222": "an indicator answered twice for one case",
    "C223": "a basis that is none of said, observed, document",
    "C230": "a JSON value of the wrong kind or an unknown key",
    "C231": "a key that stands twice in one JSON object",
    "C232": "NaN or infinity",
    "C240": "a judgement that is none of the five findings",
    "C241": "data that is no record of an interview, or of another format",
    "C242": "a note or field that is too long",
    "C243": "an answer to a gate or about the meeting that is not among its choices",
    "M401": "a model that is not there or cannot be read",
    "M402": "a file that is no card of the format read here (a pickle is never opened)",
    "M403": "a card that cannot be: an open answer above a yes, a wrong table, an unknown key",
    "M404": "a card made for another list",
    "M405": "a card with an item that the list does not have or that must not be on a card",
    "R501": "a form of ratings that is not one, or lacks a column",
    "R502": "a rater's code that is missing, mistyped, or stands for two people",
    "R503": "a rating that is not on the scale",
    "R504": "a rating of an indicator or vignette that is not in the form",
    "R505": "the same thing rated twice by one rater in one round",
    "R506": "ratings made with another list, another form or another round",
    "R507": "too few raters or ratings for what is asked",
    "U301": "a file or folder that is not there or cannot be read",
    "U302": "an output that exists already",
    "U303": "an output that cannot be written (disk full, read-only, no such folder)",
    "U304": "a case id that is not in the file",
    "U305": "an option whose value is not one of the allowed ones, or that does not fit the others",
    "U306": "a package that an optional part needs is not installed",
    "U307": "a format that a file's name does not tell",
    "U310": "a finding asked for before the officer's own judgement is recorded",
    "U311": "a passphrase that is not the one the file was saved with",
    "U312": "an encrypted case file that is damaged, or a file that is none",
    "U313": "a passphrase that is too weak",
    "U314": "a file that is no course or course report, or of another format",
    "U315": "a course whose list, weights or vignettes have changed since it was begun",
    "U316": "a vignette that the course does not have, or that is done already",
    "U317": "course reports that cannot be put together: of another list, or one of them twice",
    "U318": "an own judgement that is to be changed after the finding was shown",
}


def quote(value: object, limit: int = 60) -> str:
    """A value as it may stand in a message: one line, printable, cut short."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except Exception:  # the error path never raises
        text = f"<{type(value).__name__}>"
    text = "".join(c if c.isprintable() else "?" for c in text)
    return f"'{text[: limit - 1]}…'" if len(text) > limit else f"'{text}'"


def mark(words: str) -> str:
    """The words themselves: the mark by which `tools/extract_words.py` finds what is to be
    translated and said later.
    """
    return words


class Say(Protocol):
    """Words in a language, with `{name}` filled; see `words.Words`."""

    def __call__(self, message: str, **values: object) -> str: ...


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` when something close is known, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {quote(close[0])}?" if close else ""


def _filled(words: str, **values: object) -> str:
    for name, value in values.items():
        words = words.replace("{" + name + "}", str(value))
    return words


class ScreeningError(Exception):
    """What the person can put right. `str()` is the one line that is shown.

    Parameters
    ----------
    code : a key of `CODES`
    problem : what is wrong, without a full stop
    place : file and position ("cases.csv, row 7, column age"); may be added later with `at`
    remedy : what to do about it
    values : what fills `{name}` in words that are marked for translation
    """

    def __init__(
        self, code: str, problem: str, *, place: str = "", remedy: str = "", **values: object
    ) -> None:
        super().__init__(problem)
        self.code = code
        self.place = place
        self._words, self._values = (problem, remedy), values
        self.problem, self.remedy = (_filled(w, **values) for w in self._words)

    def into(self, say: Say) -> Self:
        """The same error in the words of a language, as far as they are translated.

        The place and the code stay.
        """
        self.problem, self.remedy = (say(w, **self._values) if w else "" for w in self._words)
        return self

    def at(self, place: str) -> ScreeningError:
        """The same error with its place put in front; the outermost place comes first."""
        self.place = f"{place}, {self.place}" if self.place else place
        return self

    def __str__(self) -> str:
        head = f"{self.place}: {self.problem}" if self.place else self.problem
        tail = f"; {self.remedy}" if self.remedy else ""
        return " ".join(f"{head}{tail} [{self.code}]".split())


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
