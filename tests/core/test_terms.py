"""A term of the field is said one way in each language, wherever the English has it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from screening.i18n import SOURCE, WRITTEN
from screening.languages import read_locale
from support.words import Written, every_text

TERMS: list[dict[str, Any]] = read_locale("terms.yaml")
TEXTS = {language: list(every_text(language)) for language in WRITTEN if language != SOURCE}
PLACEHOLDER = re.compile(r"\{[^}]*\}")
OPTION = re.compile(r"--[a-z-]+")  # an option's name is no word of a text


def has(term: dict[str, Any], written: Written) -> bool:
    """Whether the English uses the term, in the sense meant."""
    if term.get("where") == "catalogue" and not written.place.startswith("catalogue"):
        return False
    if term.get("not_in") == "stories" and ": cases." in written.place:
        return False
    english = OPTION.sub("", PLACEHOLDER.sub("", written.english))
    for other in term.get("but", ()):
        english = english.replace(other, "")
    pattern = term.get("en", rf"\b{re.escape(term['term'])}")
    return re.search(pattern, english, re.IGNORECASE) is not None


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("term", TERMS, ids=lambda term: term["term"])
def test_a_term_is_translated_one_way(term: dict[str, Any], language: str) -> None:
    stem = re.compile(term["stems"][language], re.IGNORECASE)
    used = [w for w in TEXTS[language] if has(term, w)]
    assert used, "no text has this term any more"
    assert [w for w in used if not stem.search(PLACEHOLDER.sub("", w.text))] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term["term"])
def test_a_term_is_whole_and_follows_its_own_stems(term: dict[str, Any]) -> None:
    assert set(term) <= {
        "term",
        "en",
        "sq",
        "sr",
        "stems",
        "source",
        "open",
        "where",
        "not_in",
        "but",
    }
    assert term["source"]
    for language in TEXTS:
        assert re.search(term["stems"][language], term[language], re.IGNORECASE)


def test_no_exception_is_left_over() -> None:
    english = [w.english for texts in TEXTS.values() for w in texts]
    for term in TERMS:
        for other in term.get("but", ()):
            assert any(other in text for text in english), (term["term"], other)


def test_the_texts_gone_over_are_the_lists_the_vignettes_and_the_catalogue() -> None:
    for texts in TEXTS.values():
        starts = {w.place.partition(":")[0] for w in texts if w.english}
        assert {
            "kosovo",
            "kosovo-street",
            "on-the-street",
            "beyond-the-street",
            "catalogue",
        } <= starts
