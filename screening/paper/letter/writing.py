"""One language of a letter: its words, and how what was typed is shown.

Nothing is ever cut: a letter gets as many pages as it needs, and the first holds what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal
from unicodedata import category

from screening.answers import Answer, Response
from screening.checklist.schema import SourceRef
from screening.contacts import Contacts
from screening.i18n import LANGUAGES, words
from screening.interview import Interview
from screening.paper.letter.fields import sender
from screening.scoring import Assessment
from screening.scoring.assessment import SourceCited
from screening.scoring.explain import Row, source_status
from screening.scoring.wording import within_words

__all__ = ["BREAK", "Block", "Part", "Writing"]

BREAK = "\u200b"  # a place where a line may end, and no letter
Part = Literal["first", "slip", "body", "annex"]


@dataclass(frozen=True, slots=True)
class Block:
    """A titled group of lines. `key` is the same in every language.

    A line with a lead and no text is left to be filled in by hand. `part` says where it stands:
    the `first` page, the reply `slip`, the `body`, or the `annex`, which is no part of a case file.
    """

    key: str
    title: str
    lines: tuple[Row, ...]
    part: Part = "body"


class Writing:
    """What the blocks of one language are written with.

    urgent : somebody is in danger and nobody has judged yet: what is known, and no finding (S9)
    """

    def __init__(
        self, interview: Interview, language: str, on: date | None, called: Contacts
    ) -> None:
        self.i, self.language, self.on, self.called = interview, language, on, called
        self.record = interview.record
        self.of_table = self.record.source == "table"
        self.urgent = self.record.judgement is None and not self.of_table
        self.a: Assessment = (
            interview.scored(language)
            if self.of_table or self.urgent
            else interview.finding(language)[1]
        )
        self.texts = interview.checklist.texts(language)
        self.say = words(language)
        laws = [SourceRef(ref=r) for r in interview.protocol.laws[self.a.profile]]
        self.laws = [SourceCited(**c) for c in interview.checklist.cited(laws)]
        self.cite = Authorities(self.laws)

    def label(self, finding: str) -> str:
        return self.texts.get("findings", finding, "label")

    def role(self, who: str) -> str:
        return self.texts.get("roles", who, "name")

    def typed(self, name: str) -> str:
        """What was typed in a field, or nothing, which is a line to fill in by hand."""
        return shown(self.record.letter.get(name, ""))

    @property
    def sender(self) -> str:
        return shown(sender(self.record.letter, self.called))

    @property
    def soonest(self) -> int:
        """By when an answer is asked for, in hours: as typed; at once in danger; else the soonest
        step of somebody else that is not due this minute.
        """
        typed = self.record.letter.get("by", "")
        if typed.isascii() and typed.isdigit() and len(typed) < 5:
            return int(typed)
        if self.a.danger.state == "present":
            return 0
        return min((s.hours for s in self.a.next_steps if s.hours), default=24)

    @property
    def headline(self) -> str:
        """What stands largest. Danger goes before everything (S7); else it is the officer's own
        word, which no letter contradicts; of a table, the finding.
        """
        r = self.record
        if self.a.danger.state == "present":
            return self.label("act_now")
        said = r.decision or r.judgement
        return self.label(said.finding if said is not None else self.a.finding)

    def within(self, hours: int) -> str:
        return within_words(hours, self.say)

    def behind(self, given: Response, sources: Sequence[SourceCited] = ()) -> str:
        """How something is known, the whole note, and the numbers of its sources."""
        say = self.say
        basis = {
            "said": say("said"),
            "observed": say("observed"),
            "document": say("from a document"),
        }.get(str(given.basis or ""), "")
        note = f"“{shown(given.note)}”" if given.note else ""
        return "; ".join(p for p in (basis, note, self.cite(sources)) if p)

    def given(self, indicator: str) -> Response:
        return self.record.answers.get(indicator, Response(Answer.NOT_ASKED))

    def statement(self, indicator: str) -> str:
        return self.texts.statement(indicator) or indicator

    def precondition(self, name: str) -> Row:
        say, protocol, given = self.say, self.i.protocol, self.i.preconditions.get(name)
        if name == "danger":
            given = self.i.danger
        missing = say("not recorded") if self.of_table else say("not gone through")
        return Row(
            protocol.words("preconditions", name, given, self.language) if given else missing,
            protocol.words("preconditions", name, "title", self.language),
        )

    def language_of_notes(self) -> str:
        """That what was typed is not translated, and from which language; nothing where it is in
        this letter's own.
        """
        say, r = self.say, self.record
        if not any((*(a.note for a in r.answers.values()), *r.letter.values())):
            return ""
        written = LANGUAGES.get(r.letter.get("notes_language", ""))
        if written is None:
            return say("Notes are as they were written; they are not translated.")
        if written.words_of == LANGUAGES[self.language].words_of:
            return ""
        return say(
            "Notes are as they were written, in this language: {language}. They are not"
            " translated.",
            language=written.name,
        )


class Authorities:
    """Laws and other sources as numbers in the text; the annex lists them: each once, laws first,
    with the places that were cited.
    """

    def __init__(self, laws: Iterable[SourceCited]) -> None:
        self._cited: dict[str, tuple[SourceCited, list[str]]] = {law.ref: (law, []) for law in laws}

    def __call__(self, sources: Sequence[SourceCited]) -> str:
        for s in sources:
            places = self._cited.setdefault(s.ref, (s, []))[1]
            if s.at and s.at not in places and s.status != "assumption":
                places.append(s.at)
        order = list(self._cited)
        numbers = sorted({order.index(s.ref) + 1 for s in sources})
        return f"[{', '.join(map(str, numbers))}]" if sources else ""

    def rows(self, writing: Writing) -> list[Row]:
        """Every source with whether anybody here read it."""
        return [
            Row("; ".join([s.title, *places]) + f" ({source_status(s, writing.say)})", f"[{n}]")
            for n, (s, places) in enumerate(self._cited.values(), 1)
        ]


@lru_cache(maxsize=2048)
def shown(text: str) -> str:
    """What was typed as one line, whole: without marks that turn or hide letters, each run of white
    space as one space; what has no space may be broken.
    """
    kept = "".join(c if c.isprintable() else "" if category(c) == "Cf" else " " for c in text)
    line = " ".join(kept.split())
    return re.sub(r"\S{25}(?=\S{10})", lambda run: run.group() + BREAK, line)
