"""A list's words in one language, with English behind it, and Serbian in both its scripts.

English is the source. A translated entry carries the fingerprint of the English it translates, so that a later
change of the English shows the translation as stale (`checklist lint`) and is never passed off as current.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["GROUPS", "LANGUAGES", "Texts", "fingerprint", "to_cyrillic"]

LANGUAGES: Mapping[str, str] = {"en": "English", "sq": "shqip", "sr": "srpski", "sr-Cyrl": "српски"}
GROUPS = ("list", "findings", "dimensions", "sections", "forms", "roles", "reasons", "indicators", "steps")

Entry = Mapping[str, str]
Group = Mapping[str, Entry]


def fingerprint(entry: Entry) -> str:
    """Ten hex digits of an English entry; runs of white space count as one space, `of` itself does not count."""
    words = "\n".join(f"{key}: {' '.join(entry[key].split())}" for key in sorted(entry) if key != "of")
    return hashlib.sha256(words.encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Texts:
    """Look-up of words: this language first, English where it has none."""

    language: str
    status: str
    groups: Mapping[str, Group]
    fallback: Texts | None = None

    def get(self, group: str, key: str, field: str) -> str:
        """The words, or an empty text when no language has them."""
        found = self.groups.get(group, {}).get(key, {}).get(field, "")
        if found:
            return to_cyrillic(found) if self.language == "sr-Cyrl" else found
        return self.fallback.get(group, key, field) if self.fallback else ""

    def statement(self, indicator: str) -> str:
        return self.get("indicators", indicator, "statement")

    def prompt(self, indicator: str, mode: str) -> str:
        """What to say (ask) or what to look at (observe, document)."""
        return self.get("indicators", indicator, "question" if mode == "ask" else "instruction")

    def reason(self, key: str, **values: object) -> str:
        """A reason with its placeholders filled; words in braces that are not placeholders stay as they are."""
        text = self.get("reasons", key, "text")
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text


_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ", "Lj": "Љ", "Nj": "Њ", "Dž": "Џ", "LJ": "Љ", "NJ": "Њ", "DŽ": "Џ"}
_LETTERS = str.maketrans(
    "abvgdđežzijklmnoprstćufhcčšABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠ",
    "абвгдђежзијклмнопрстћуфхцчшАБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШ",
)
# Where two letters are two sounds, and what stays Latin in a Cyrillic text.
_SPLIT = {"injekcij": "инјекциј", "konjug": "конјуг", "nadživ": "наджив", "podžup": "поджуп", "tanjug": "танјуг",
          "Injekcij": "Инјекциј", "Konjug": "Конјуг", "Nadživ": "Наджив", "Podžup": "Поджуп", "Tanjug": "Танјуг"}


def to_cyrillic(text: str) -> str:
    """Serbian Latin to Cyrillic, letter by letter; placeholders, codes and addresses stay as they are."""
    return " ".join(_word(w) for w in text.split(" "))


_LATIN_NAMES = ("ILO", "UNODC", "THBD", "TIP", "GRETA", "CTDC", "KSOP", "OSCE", "UNICEF", "EU", "ISF", "PDF", "QR", "CSV", "NGO", "AI")


def _word(word: str) -> str:
    bare = word.strip(".,;:()[]\"'„“”!?/–-")
    if not bare or "{" in word or "@" in word or "//" in word or "_" in word or bare in _LATIN_NAMES or any(c in "qwxyQWXY" for c in bare):
        return word
    for split, joined in _SPLIT.items():
        word = word.replace(split, joined)
    for latin, cyrillic in _PAIRS.items():
        word = word.replace(latin, cyrillic)
    return word.translate(_LETTERS)
