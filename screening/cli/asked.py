"""The language that the running command was given, for what is said outside of its own words."""

from __future__ import annotations

from collections.abc import Sequence

from screening.i18n import LANGUAGES, SOURCE, Words, words

__all__ = ["asked", "begin"]

_arguments: list[str] = []


def begin(arguments: Sequence[str]) -> None:
    """A command begins, with these arguments."""
    _arguments[:] = arguments


def asked() -> Words:
    """The words of the language of `--lang`; English where there is none, or no such language."""
    language = SOURCE
    for option, value in zip(_arguments, [*_arguments[1:], ""], strict=True):
        name, _, joined = option.partition("=")
        if name == "--lang":
            language = joined or value
    return words(language if language in LANGUAGES else SOURCE)
