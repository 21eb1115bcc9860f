"""The interface's own words in every language of `locale/languages.yaml`.

Source strings are English and stand in the code; translations are gettext catalogues under
`locale/`. They are read as .po files, so that a translator's change needs no build step. A language
in two scripts is written once; the other script is made from it, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache

from screening.languages import LANGUAGES, LOCALE, SOURCE, WRITTEN, read_locale

__all__ = [
    "LANGUAGES",
    "LOCALE",
    "SOURCE",
    "WRITTEN",
    "Words",
    "day_in_words",
    "in_script",
    "not_all",
    "read_catalogue",
    "words",
]

Catalogue = Mapping[str, tuple[str, ...]]  # message -> its translation, in every plural form


class Words:
    """The interface in one language; a message that nobody has translated stays English."""

    def __init__(self, language: str, catalogue: Catalogue, form: Callable[[int], int]) -> None:
        self.language = language
        self._catalogue, self._form = catalogue, form
        self.missed = False  # whether anything was said in English for want of a translation

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, `{name}` placeholders filled."""
        found = self._find(message)
        return _filled(in_script(found[0], self.language) if found else message, values)

    def of_key(self, key: str, text: str) -> str:
        """A text of the error catalogue in this language; `{name}` is filled by who asked."""
        found = self._catalogue.get(key + _CONTEXT + text)
        return in_script(found[0], self.language) if found else text

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The form that goes with n; `{n}` is filled with it."""
        found = self._find(one)
        text = in_script(found[self._form(n)], self.language) if found else one if n == 1 else many
        return _filled(text, {"n": n, **values})

    def _find(self, message: str) -> tuple[str, ...] | None:
        found = self._catalogue.get(message)
        self.missed |= found is None and self.language != SOURCE
        return found

    @property
    def lacking(self) -> int:
        """How many messages have no translation, and so are said in English; errors aside, of which
        many are for those who keep lists and files.
        """
        if self.language == SOURCE:
            return 0
        return len(_template().keys() - self._catalogue.keys())


def not_all(say: Words) -> str:
    """That English stands in for what a language does not have."""
    return say("Not everything is translated yet; what is missing is in English.")


def _filled(text: str, values: Mapping[str, object]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


@cache
def words(language: str) -> Words:
    """The interface in a language of `LANGUAGES`."""
    path = LOCALE / f"{LANGUAGES[language].words_of}.po"
    if language == SOURCE or not path.is_file():
        return Words(language, {}, lambda n: int(n != 1))
    from gettext import c2py

    catalogue = read_catalogue(path.read_text(encoding="utf-8"))
    rule = re.search(r"plural=([^;\n]+)", catalogue.pop("", ("",))[0])
    return Words(language, catalogue, c2py(rule[1] if rule else "n != 1"))


# -- catalogues ------------------------------------------------------------------------------------

_ENTRY = re.compile(
    r"(?P<flags>(?:#,.*\n)*)"
    r'(?:msgctxt (?P<context>(?:".*"\n)+))?'
    r'msgid (?P<id>(?:".*"\n)+)'
    r'(?:msgid_plural (?:".*"\n)+)?'
    r'(?P<strings>(?:msgstr(?:\[\d\])? (?:".*"(?:\n|\Z))+)+)'
)
_STRING = re.compile(r'msgstr(?:\[\d\])? ((?:".*"(?:\n|\Z))+)')
_CONTEXT = "\4"  # between a context and its message, as gettext has it
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


def read_catalogue(text: str) -> dict[str, tuple[str, ...]]:
    """The translated messages of a .po file, the header under "", a context before its message.

    Fuzzy entries and those with an empty form count as untranslated. Reading with Babel gives the
    same and takes a third of a cold start.
    """
    found = {}
    for entry in _ENTRY.finditer(text):
        strings = tuple(map(_unquoted, _STRING.findall(entry["strings"])))
        message = _unquoted(entry["id"])
        if all(strings) and not (message and "fuzzy" in entry["flags"]):
            context = entry["context"]
            found[_unquoted(context) + _CONTEXT + message if context else message] = strings
    return found


def _unquoted(lines: str) -> str:
    text = "".join(line[1:-1] for line in lines.split("\n"))
    if "\\" in text:
        text = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), text)
    return text


@lru_cache(maxsize=1)
def _template() -> Mapping[str, None]:
    text = (LOCALE / "screening.pot").read_text(encoding="utf-8")
    ids = (_unquoted(entry["id"]) for entry in _ENTRY.finditer(text) if not entry["context"])
    return dict.fromkeys(message for message in ids if message)


# -- scripts ---------------------------------------------------------------------------------------

# Placeholders, what is quoted to be typed, options, ids, ranges of letters and addresses are taken
# whole and stay as they are; every other run of letters is a word.
_TOKENS = re.compile(
    r"\{[^}]*\}|'[^']*'|\"[^\"]*\"|`[^`]*`|--[a-z-]+|\w+\[\w+\]|Ctrl-\w|\b[A-Za-z]-[A-Za-z]\b|\b[0-9]+(?:-\w+)+"
    r"|\S*(?:@|//)\S*|[\w.-]+\.(?:org|com|net|eu|int|gov|info)\b|\w*_\w*"
    r"|[^\W\d_]+\d+|[^\W\d_]+"
)


@lru_cache(maxsize=4096)
def in_script(text: str, language: str) -> str:
    """A text of a language's `words_of`, in the language's own letters; codes, acronyms and
    addresses stay as they are.
    """
    if not LANGUAGES[language].letters_of:
        return text
    script = _script(language)
    return _TOKENS.sub(lambda token: script.word(token.group()), text)


class _Script:
    """The table of one script: `locale/<language>.yaml`."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        letters = dict(table["letters"])
        self.stay = frozenset(table["stay"])
        self.letters = str.maketrans(
            letters | {latin.upper(): other.upper() for latin, other in letters.items()}
        )
        self.foreign = frozenset("abcdefghijklmnopqrstuvwxyz") - letters.keys()
        self.pairs = dict(table["pairs"])
        self.pair = re.compile("|".join(self.pairs), re.IGNORECASE)
        self.cuts = {stem.replace("-", ""): stem.index("-") for stem in table["apart"]}
        self.stem = re.compile("|".join(self.cuts), re.IGNORECASE)

    def word(self, word: str) -> str:
        if not word.isalpha() or word in self.stay or not self.foreign.isdisjoint(word.lower()):
            return word
        word = self.stem.sub(self._cut, word)
        return self.pair.sub(self._joined, word).replace("\0", "").translate(self.letters)

    def _cut(self, stem: re.Match[str]) -> str:
        at = self.cuts[stem[0].lower()]
        return stem[0][:at] + "\0" + stem[0][at:]

    def _joined(self, pair: re.Match[str]) -> str:
        letter = self.pairs[pair[0].lower()]
        return letter.upper() if pair[0][0].isupper() else letter


@cache
def _script(language: str) -> _Script:
    return _Script(read_locale(f"{language}.yaml"))


def cell_separator(language: str) -> str:
    """What spreadsheet programs set to this language expect between the cells of a CSV: a semicolon
    where the comma is that of numbers.
    """
    if not LANGUAGES[language].dates:
        return ","
    from babel.numbers import get_decimal_symbol

    return ";" if get_decimal_symbol(LANGUAGES[language].dates) == "," else ","


def day_in_words(day: date, language: str) -> str:
    """A day as the language writes it; 2026-11-23 where `languages.yaml` does not say how."""
    if not LANGUAGES[language].dates:
        return day.isoformat()
    from babel.dates import format_date

    return str(format_date(day, "long", locale=LANGUAGES[language].dates))
