"""Every translated text that the program can show - lists, vignettes and the catalogue - and the
words that none may use: a negative verdict about a person (S1).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from screening.checklist import catalogue_ids, load_checklist
from screening.i18n import LOCALE, read_catalogue
from screening.languages import LANGUAGES, WRITTEN

__all__ = ["NEGATIVE", "every_text"]

NEGATIVE = {language: LANGUAGES[language].never for language in WRITTEN}


def every_text(language: str) -> Iterator[tuple[str, str]]:
    """Where a text stands, and the text, as a translator wrote it."""
    for name in catalogue_ids():
        folder = load_checklist(name).folder
        for path in (folder / "texts" / f"{language}.yaml", *_vignettes(folder, language)):
            if path.is_file():
                read = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
                yield from _within(f"{name}/{path.stem}", read)
    catalogue = read_catalogue((LOCALE / f"{language}.po").read_text(encoding="utf-8"))
    for message, forms in catalogue.items():
        for text in forms if message else ():
            yield message.replace("\4", ": "), text


def _vignettes(folder: Path, language: str) -> list[Path]:
    return sorted((folder / "vignettes" / language).glob("*.yaml"))


def _within(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("of", "format", "language", "status", "note", "id"):
                yield from _within(f"{place}.{key}", inner)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _within(f"{place}.{n}", inner)
    else:
        yield place, " ".join(str(value).split())
