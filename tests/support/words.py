"""Every text that a translator wrote, beside its English - lists, vignettes and the catalogue - and
the words that none may use: a negative verdict about a person (S1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from screening.checklist import catalogue_ids, load_checklist
from screening.i18n import LOCALE, SOURCE, read_catalogue
from screening.languages import LANGUAGES, WRITTEN

__all__ = ["NEGATIVE", "Written", "every_text"]

NEGATIVE = {language: LANGUAGES[language].never for language in WRITTEN}

_NOT_WORDS = ("of", "format", "language", "status", "note", "id")


class Written(NamedTuple):
    """Where a text stands, its English ("" where there is none) and the text, as it was written."""

    place: str
    english: str
    text: str


def every_text(language: str) -> Iterator[Written]:
    for name in catalogue_ids():
        folder = load_checklist(name).folder
        own = _texts(folder / "texts" / f"{language}.yaml")
        english = _texts(folder / "texts" / f"{SOURCE}.yaml")
        yield from (Written(f"{name}: {k}", english.get(k, ""), t) for k, t in own.items())
        for path in sorted((folder / "vignettes" / language).glob("*.yaml")):
            english = _texts(folder / "vignettes" / path.name)
            yield from (
                Written(f"{path.stem}: {k}", english.get(k, ""), t) for k, t in _texts(path).items()
            )
    catalogue = read_catalogue((LOCALE / f"{language}.po").read_text(encoding="utf-8"))
    for message, forms in catalogue.items():
        # Messages about a list's own files quote the keys and words of the format.
        for text in forms if message and not message.startswith("K1") else ():
            yield Written(f"catalogue: {message}", message.split("\4")[-1], text)


def _texts(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    return dict(_within("", yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)))


def _within(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """The texts within; an English vignette has its cases in a list and a mistake with a finding."""
    if isinstance(value, list):
        value = {v["id"]: v for v in value if isinstance(v, Mapping) and "id" in v}
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and place.endswith("mistake"):
                yield place, " ".join(inner.split())
            elif key not in _NOT_WORDS:
                yield from _within(f"{place}.{key}".lstrip("."), inner)
    else:
        yield place, re.sub(r"\s+", " ", str(value)).strip()
