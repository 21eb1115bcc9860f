"""The languages the program speaks, from `locale/languages.yaml`: adding one changes no code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

__all__ = [
    "LANGUAGES",
    "LOCALE",
    "SOURCE",
    "WRITTEN",
    "Language",
    "cell_words",
    "column_words",
    "read_locale",
]

LOCALE = Path(__file__).parent / "locale"
SOURCE = "en"  # what every text is written in first, and what stands in for one that is missing


@dataclass(frozen=True)
class Language:
    """The facts of one language; `languages.yaml` says what each of them is."""

    code: str
    name: str
    short: str
    dates: str
    direction: str
    letters_of: str
    cells: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, str]
    never: str

    @property
    def words_of(self) -> str:
        """The language whose catalogue and texts it uses: its own, or that of `letters_of`."""
        return self.letters_of or self.code

    @property
    def tongue(self) -> str:
        """The language without its script, as a typesetter wants it."""
        return self.code.partition("-")[0]

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """What every key of this language means, as the English letter of the same meaning.

        The English letters work too, and those of a keyboard in another script, except where this
        language uses one for something else.
        """
        english = LANGUAGES[SOURCE].keys
        every = [
            (letter, what) for facts in LANGUAGES.values() for what, letter in facts.keys.items()
        ]
        return (
            {letter: english[what] for letter, what in every if not letter.isascii()}
            | {letter: letter for letter in english.values()}
            | {letter: english[what] for what, letter in self.keys.items()}
        )


def read_locale(name: str) -> Any:
    """A file of `locale/` as plain data, every scalar as text: `no` is a word here, not False."""
    text = (LOCALE / name).read_bytes()
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def _languages() -> Iterator[tuple[str, Language]]:
    facts = read_locale("languages.yaml")
    for code, line in facts.items():
        yield (
            code,
            Language(
                code,
                line["name"],
                line["short"],
                line.get("dates", ""),
                line.get("direction", "ltr"),
                line.get("letters_of", ""),
                _words(line.get("cells", {})),
                _words(line.get("columns", {})),
                facts[SOURCE]["keys"] | line.get("keys", {}),
                line.get("never", ""),
            ),
        )


def _words(line: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(said) for key, said in line.items()}


LANGUAGES: Mapping[str, Language] = MappingProxyType(dict(_languages()))
WRITTEN = tuple(code for code, facts in LANGUAGES.items() if not facts.letters_of)


def cell_words() -> dict[str, str]:
    """What the cells of tables say in all languages, with the answer that each word stands for."""
    return _said(facts.cells for facts in LANGUAGES.values())


def column_words() -> dict[str, str]:
    """What columns of tables are called in all languages, with the name that each stands for."""
    return _said(facts.columns for facts in LANGUAGES.values())


def _said(each: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, str]:
    return {word: key for words in each for key, said in words.items() for word in said}
