"""The interface's own words in four written forms, and Serbian from Latin to Cyrillic.

Source strings are English and stand in the code; translations are gettext catalogues under
`locale/`. They are read as .po files, so that a translator's change needs no build step. Serbian is
written once, in Latin script.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

__all__ = ["LANGUAGES", "Words", "to_cyrillic", "words"]

LANGUAGES: Mapping[str, str] = {"en": "English", "sq": "shqip", "sr": "srpski", "sr-Cyrl": "српски"}
LOCALE = Path(__file__).parent / "locale"


class _English(str):
    """A message that nobody has translated: it stays as it is, in every script."""


class _Untranslated(gettext.NullTranslations):
    """What a catalogue falls back on."""

    def gettext(self, message: str) -> str:
        return _English(message)

    def pgettext(self, context: str, message: str) -> str:
        return _English(message)


class Words:
    """Translated interface strings of one language."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, `{name}` placeholders filled."""
        return self._fill(self._catalogue.gettext(message), values)

    def of_key(self, key: str, text: str) -> str:
        """A text of the error catalogue in this language; `{name}` is filled by who asked."""
        return self._script(self._catalogue.pgettext(key, text))

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The form that goes with n; `{n}` is filled with it."""
        return self._fill(self._catalogue.ngettext(one, many, n), {"n": n, **values})

    def _fill(self, text: str, values: Mapping[str, object]) -> str:
        text = self._script(text)
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def _script(self, text: str) -> str:
        if self.language == "sr-Cyrl" and not isinstance(text, _English):
            return to_cyrillic(text)
        return text


@lru_cache(maxsize=len(LANGUAGES))
def words(language: str) -> Words:
    """The interface in a language of `LANGUAGES`."""
    path = LOCALE / f"{language[:2]}.po"
    if language == "en" or not path.is_file():
        return Words(language, gettext.NullTranslations())
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as handle:
        write_mo(compiled, read_po(handle, locale=language[:2]))
    compiled.seek(0)
    catalogue = gettext.GNUTranslations(compiled)
    catalogue.add_fallback(_Untranslated())
    return Words(language, catalogue)


_PAIRS = {
    "lj": "љ",
    "nj": "њ",
    "dž": "џ",
    "Lj": "Љ",
    "Nj": "Њ",
    "Dž": "Џ",
    "LJ": "Љ",
    "NJ": "Њ",
    "DŽ": "Џ",
}
_LETTERS = str.maketrans(
    "abvgdđežzijklmnoprstćufhcčšABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠ",
    "абвгдђежзијклмнопрстћуфхцчшАБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШ",
)
# Where two letters are two sounds, and what stays Latin in a Cyrillic text.
_SPLIT = {
    "injekc": "инјекц",
    "injekt": "инјект",
    "konjug": "конјуг",
    "konjunk": "конјунк",
    "tanjug": "танјуг",
    "vanjezi": "ванјези",
    "nadživ": "наджив",
    "nadžnj": "наджњ",
    "odživ": "оджив",
    "podžup": "поджуп",
    "podžanr": "поджанр",
    "predživ": "преджив",
    "Injekc": "Инјекц",
    "Injekt": "Инјект",
    "Konjug": "Конјуг",
    "Konjunk": "Конјунк",
    "Tanjug": "Танјуг",
    "Vanjezi": "Ванјези",
    "Nadživ": "Наджив",
    "Nadžnj": "Наджњ",
    "Odživ": "Оджив",
    "Podžup": "Поджуп",
    "Podžanr": "Поджанр",
    "Predživ": "Преджив",
    "INJEKC": "ИНЈЕКЦ",
    "KONJUNK": "КОНЈУНК",
    "TANJUG": "ТАНЈУГ",
    "NADŽIV": "НАДЖИВ",
}


# Placeholders, addresses, identifiers, options and keys are taken whole and stay; every other run
# of letters is a word.
_TOKENS = re.compile(
    r"\{[^}]*\}|--[a-z-]+|\w+\[\w+\]|Ctrl-\w|\S*(?:@|//)\S*|[\w.-]+\.(?:org|com|net|eu|int|gov|info)\b|\w*_\w*|[^\W\d_]+\d+|[^\W\d_]+"
)


def to_cyrillic(text: str) -> str:
    """Serbian Latin to Cyrillic, letter by letter; placeholders, codes, acronyms and addresses stay
    as they are.
    """
    return _TOKENS.sub(lambda found: _word(found.group()), text)


_LATIN_NAMES = (
    "ILO",
    "IOM",
    "UNODC",
    "THBD",
    "TIP",
    "GRETA",
    "CTDC",
    "KSOP",
    "OSCE",
    "UNICEF",
    "EU",
    "ISF",
    "NGO",
    "AI",
    "PDF",
    "QR",
    "CSV",
    "HTML",
    "JSON",
    "USB",
    "ID",
    "Esc",
    "Ctrl",
    "Enter",
    "II",
    "III",
    "IV",
    "VI",
    "VII",
    "VIII",
)


def _word(word: str) -> str:
    if not word.isalpha() or word in _LATIN_NAMES or any(c in "qwxyQWXY" for c in word):
        return word
    for split, joined in _SPLIT.items():
        word = word.replace(split, joined)
    for latin, cyrillic in _PAIRS.items():
        word = word.replace(latin, cyrillic)
    return word.translate(_LETTERS)
