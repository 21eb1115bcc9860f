"""A list's words in one language, with English behind it.

English is the source. A translated entry carries the fingerprint of the English it translates, so
that a later change of the English shows the translation as stale (`checklist lint`) and is never
passed off as current.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from screening.answers import Profile
from screening.i18n import Words, in_script, not_all

__all__ = ["ADDRESSED", "AROUND", "GROUPS", "Texts", "fingerprint", "standing"]

GROUPS = (
    "list",
    "findings",
    "dimensions",
    "sections",
    "forms",
    "roles",
    "reasons",
    "indicators",
    "steps",
    "needs",
    "preconditions",
    "facts",
    "contacts",
)
# Words around the questions: no result follows from them.
AROUND = ("preconditions", "facts", "contacts")
# How an adult is asked, where a language speaks to a child otherwise (ti and ju, ti and Vi).
# English does not: a translation may have it and its English lack it.
ADDRESSED = {"question_adult": "question"}

Entry = Mapping[str, str]
Group = Mapping[str, Entry]


def fingerprint(entry: Entry) -> str:
    """Ten hex digits of an English entry; runs of white space count as one space, `of` itself does
    not count.
    """
    words = "\n".join(
        f"{key}: {' '.join(entry[key].split())}" for key in sorted(entry) if key != "of"
    )
    return hashlib.sha256(words.encode()).hexdigest()[:10]


def standing(draft: bool, lacking: int, say: Words) -> str:
    """What a reader must know of words in their language; nothing where all is well."""
    said = [say("Draft translation, not reviewed by a native speaker.")] if draft else []
    if lacking or say.lacking:
        said.append(not_all(say))
    return " ".join(said)


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
            return in_script(found, self.language)
        return self.fallback.get(group, key, field) if self.fallback else ""

    @cached_property
    def lacking(self) -> int:
        """How many English texts this language has none for."""
        return sum(
            not self.groups.get(group, {}).get(key, {}).get(field)
            for group, entries in (self.fallback.groups if self.fallback else {}).items()
            for key, entry in entries.items()
            for field in entry
        )

    def statement(self, indicator: str) -> str:
        return self.get("indicators", indicator, "statement")

    def prompt(self, indicator: str, mode: str, profile: Profile = "child") -> str:
        """What to say (ask; an adult as one speaks to adults) or what to look at (observe,
        document).
        """
        if mode != "ask":
            return self.get("indicators", indicator, "instruction")
        own = self.groups.get("indicators", {}).get(indicator, {})
        fields = ("question_adult", "question") if profile == "adult" else ("question",)
        found = next((own[field] for field in fields if own.get(field)), "")
        if found or not self.fallback:
            return in_script(found, self.language)
        return self.fallback.prompt(indicator, mode, profile)

    def rule(self, indicator: str) -> str:
        """What decides the answer to an item: what to ask or to look at, and what counts."""
        parts = (
            self.get("indicators", indicator, field)
            for field in ("question", "instruction", "help")
        )
        return " ".join(" ".join(part.split()) for part in parts if part)

    def reason(self, key: str, **values: object) -> str:
        """A reason with its placeholders filled; words in braces that are not placeholders stay as
        they are.
        """
        text = self.get("reasons", key, "text")
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def standing(self, say: Words) -> str:
        """What a reader must know of these words: a draft, or not complete."""
        return standing(self.status == "draft", self.lacking, say)
