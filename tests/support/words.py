"""Words that no output may use, by language: a negative verdict about a person (S1)."""

from __future__ import annotations

NEGATIVE = {
    "en": r"not a victim of|\bcleared\b|low[- ]risk|no risk|negative result|false claim|ruled out",
    "sq": r"nuk është viktimë e|rrezik i ulët|pa rrezik|u përjashtua",
    "sr": r"nije žrtva trgovine|nizak rizik|bez rizika|isključen[ao]? kao žrtva",
}
