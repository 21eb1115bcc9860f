"""Words that no output may use, by language: a negative verdict about a person (S1)."""

from __future__ import annotations

from screening.languages import LANGUAGES, WRITTEN

NEGATIVE = {language: LANGUAGES[language].never for language in WRITTEN}
