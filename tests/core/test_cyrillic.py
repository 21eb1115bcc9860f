"""Serbian in Cyrillic, over every text there is: exact words, and no Latin letter but the declared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from screening.i18n import in_script
from screening.languages import read_locale
from support.words import every_text

FILE = Path(__file__).parents[1] / "data" / "cyrillic.yaml"
WORDS: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
EXACT = ("two_sounds", "one_sound", "stays_latin", "written_as_spoken")
TEXTS = [(w.place, w.text) for w in every_text("sr")]
TABLE = read_locale("sr-Cyrl.yaml")

# What is not a word: placeholders, what is quoted to be typed, ids, addresses, extras of a package.
TAKEN_WHOLE = re.compile(
    r"\{[^}]*\}|'[^']*'|\"[^\"]*\"|`[^`]*`|--[a-z-]+|\S*(?:@|//|_)\S*|\w+\[\w+\]|Ctrl-\w|a-z"
    r"|[A-Za-z]*\d[\w-]*|\.\w+"
)


@pytest.mark.parametrize(
    ("latin", "cyrillic"), [pair for group in EXACT for pair in WORDS[group].items()]
)
def test_a_listed_word_is_exact(latin: str, cyrillic: str) -> None:
    assert in_script(latin, "sr-Cyrl") == cyrillic
    if latin.isalpha():
        assert in_script(latin.capitalize(), "sr-Cyrl") == cyrillic.capitalize()


def test_no_latin_letter_is_left_but_what_is_declared() -> None:
    allowed = {*TABLE["stay"], *WORDS["latin_allowed"]}
    left = {
        (word, place)
        for place, text in TEXTS
        for word in re.findall(
            r"[A-Za-zŠĐČĆŽšđčćž]+", TAKEN_WHOLE.sub(" ", in_script(text, "sr-Cyrl"))
        )
        if word not in allowed
    }
    assert left == set()


def test_no_word_is_half_latin_and_half_cyrillic() -> None:
    mixed = re.compile(
        r"[A-Za-zŠĐČĆŽšđčćž][А-Яа-яЂЈЉЊЋЏђјљњћџ]|[А-Яа-яЂЈЉЊЋЏђјљњћџ][A-Za-zŠĐČĆŽšđčćž]"
    )
    shown = [(place, in_script(text, "sr-Cyrl")) for place, text in TEXTS]
    assert [
        (p, mixed.search(re.sub(r"\{[^}]*\}", " ", t)))
        for p, t in shown
        if mixed.search(re.sub(r"\{[^}]*\}", " ", t))
    ] == []


def test_no_text_has_a_spelling_of_another_language() -> None:
    """It would come out letter by letter; write it as it is spoken, or let it stay Latin."""
    foreign = re.compile(WORDS["foreign_spelling"], re.IGNORECASE)
    stay = {*TABLE["stay"], *WORDS["latin_allowed"]}
    found = {
        (word, place)
        for place, text in TEXTS
        for word in re.findall(r"[^\W\d_]+", TAKEN_WHOLE.sub(" ", text))
        if foreign.search(word) and word not in stay and in_script(word, "sr-Cyrl") != word
    }
    assert found == set()


def test_a_word_whose_pair_may_be_two_sounds_is_in_the_list() -> None:
    doubtful = re.compile(r"(?:nad|od|pod|pred)ž|\b(?:in|kon|an|tan|van)j[eu]", re.IGNORECASE)
    listed = {*WORDS["two_sounds"], *WORDS["one_sound"]}
    words = {w.lower() for _, t in TEXTS for w in re.findall(r"[^\W\d_]+", t) if doubtful.search(w)}
    assert words - listed == set()
