"""What the most dangerous texts say, by their translation back into English (tests/data)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from screening.checklist import catalogue_ids, load_checklist
from screening.i18n import LOCALE, SOURCE, WRITTEN, read_catalogue

FILE = Path(__file__).parents[1] / "data" / "back_translations.yaml"
HELD: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ENTRIES = [
    pytest.param(held, language, id=f"{held['key'][:60]}-{language}")
    for held in HELD
    for language in WRITTEN
    if language != SOURCE
]


def shown(held: dict[str, Any], language: str) -> str:
    """The text as the program has it today."""
    if held["where"] == "catalogue":
        catalogue = read_catalogue((LOCALE / f"{language}.po").read_text(encoding="utf-8"))
        return catalogue[held["key"]][0]
    text: Any = load_checklist(held["where"]).texts(language).groups
    for part in held["key"].split("."):
        text = text[part]
    return str(text)


@pytest.mark.parametrize(("held", "language"), ENTRIES)
def test_a_dangerous_text_is_the_one_that_was_translated_back(
    held: dict[str, Any], language: str
) -> None:
    now = " ".join(shown(held, language).split())
    assert now == held[language]["text"], (
        f"translate it back anew in {FILE.name}, without looking at the English"
    )


@pytest.mark.parametrize(("held", "language"), ENTRIES)
def test_a_dangerous_text_says_what_it_must_and_nothing_that_it_must_not(
    held: dict[str, Any], language: str
) -> None:
    entry = held[language]
    back = entry["back"].lower()
    assert [words for words in entry["says"] if words not in back] == []
    assert [w for w in entry["never"] if re.search(rf"\b{re.escape(w)}(?!\w)", back)] == []
    assert not re.search(entry["not_words"], entry["text"], re.IGNORECASE)


def test_every_entry_names_a_text_once_and_is_whole() -> None:
    named = [(held["where"], held["key"]) for held in HELD]
    assert len(named) == len(set(named)) >= 9
    for held in HELD:
        assert held["where"] in {"catalogue", *catalogue_ids()} and held["meaning"]
        for language in WRITTEN:
            if language != SOURCE:
                assert set(held[language]) == {"text", "back", "says", "never", "not_words"}
                assert held[language]["says"] and held[language]["never"]
