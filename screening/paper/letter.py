"""The referral letter: what another office needs to act, from the recorded trace and nothing else.

The content is a list of blocks of plain lines, the same blocks in every language, so that two can
stand side by side. A page and a PDF set the same content; neither derives anything. It has two
pages: how much room each part gets is measured on the set pages, and whatever is left out or cut is
said where it is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from typing import Any
from unicodedata import category

from screening.checklist.schema import SourceRef
from screening.checklist.texts import Texts
from screening.errors import UsageError
from screening.files.templates import TEMPLATES, render
from screening.i18n import LANGUAGES, Words, day_in_words, words
from screening.interview import PRECONDITIONS, Interview
from screening.scoring import Assessment
from screening.scoring.assessment import Contribution, NextStep, SourceCited
from screening.scoring.explain import Row, source_status, step_deadline, within_words
from screening.scoring.wording import need_row, needs_open, needs_present

__all__ = ["PAGES", "ROOMS", "Block", "Letter", "Room", "letter", "letter_html", "letter_pdf"]

PAGES = 2
AMPLE = 130  # letters of a note: from here on there is room for what a need asks for, too
BROWSER = 1.15  # how much wider than ours the letters of a browser's own font may be
BREAK = "\u200b"  # a place where a line may end, and no letter


@dataclass(frozen=True, slots=True)
class Room:
    """How much a letter holds: signs, open items, steps, other sources than laws; letters of a note
    and of what was typed for it.
    """

    signs: int
    open: int
    steps: int
    sources: int
    note: int
    typed: int


# From ample to tight. The first that fits its pages is taken; the last fits whatever is recorded.
ROOMS = (
    Room(40, 8, 40, 40, 400, 1000),
    Room(30, 8, 40, 24, 300, 1000),
    Room(26, 6, 40, 18, 260, 800),
    Room(24, 6, 24, 16, 240, 800),
    Room(20, 6, 18, 12, 220, 600),
    Room(18, 6, 14, 10, 200, 480),
    Room(16, 5, 12, 8, 180, 400),
    Room(16, 5, 10, 6, 160, 320),
    Room(14, 5, 9, 6, 130, 260),
    Room(12, 4, 8, 6, 110, 200),
    Room(10, 3, 7, 4, 80, 160),
    Room(8, 3, 6, 4, 60, 120),
    Room(6, 2, 5, 2, 50, 90),
    Room(4, 2, 4, 0, 30, 60),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A titled group of lines. `key` is the same in every language."""

    key: str
    title: str
    lines: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language, or in two whose blocks go together."""

    languages: tuple[str, ...]
    titles: tuple[str, ...]
    blocks: tuple[tuple[Block, ...], ...]  # by language
    receipt: str
    danger: bool
    pdf: bytes = field(default=b"", repr=False, compare=False)  # as it was set when it was measured


def letter(
    interview: Interview,
    languages: Sequence[str] = ("en",),
    on: date | None = None,
    page: bool = False,
) -> Letter:
    """The letter of an interview, or of a row of a table (`Record.from_case`).

    Parameters
    ----------
    interview : of a row it says that no judgement, precondition or agreement is recorded
    languages : one, or two to stand side by side
    on : the date it bears; without it, none
    page : whether a browser is to set and print it, with letters that may be wider than ours

    Raises
    ------
    UsageError : U305 for languages that cannot be, U310 before the officer's own judgement
    """
    if (
        not 1 <= len(languages) <= 2
        or len(set(languages)) < len(languages)
        or not set(languages) <= set(LANGUAGES)
    ):
        raise UsageError(
            "U305.letter_languages", languages=", ".join(languages), known=", ".join(LANGUAGES)
        )
    written = [_Written(interview, language, on) for language in languages]
    if find_spec("typst") is None:
        return _in_room(
            written, ROOMS[-1]
        )  # nothing measures it: the tightest, which is sure to fit
    low, high = 0, len(ROOMS) - 1
    fits = _in_room(written, ROOMS[-1])
    while low < high:  # tighter rooms never take more pages
        middle = (low + high) // 2
        tried = _set(_in_room(written, ROOMS[middle]), BROWSER if page else 1)
        if len(re.findall(rb"/Type\s*/Page\b", tried.pdf)) <= PAGES:
            high, fits = middle, tried
        else:
            low = middle + 1
    return replace(fits, pdf=b"") if page else fits


def _in_room(written: Sequence[_Written], room: Room) -> Letter:
    blocks = tuple(tuple(w.blocks(room)) for w in written)
    first = written[0]
    return Letter(
        tuple(w.language for w in written),
        tuple(w.title() for w in written),
        blocks,
        first.a.receipt,
        first.a.danger.state == "present",
    )


class _Written:
    """One language of a letter."""

    def __init__(self, interview: Interview, language: str, on: date | None) -> None:
        self.i, self.language, self.on = interview, language, on
        self.record = interview.record
        self.of_table = self.record.source == "table"
        self.a: Assessment = (
            interview.scored(language) if self.of_table else interview.finding(language)[1]
        )
        self.texts: Texts = interview.checklist.texts(language)
        self.say: Words = words(language)

    def title(self) -> str:
        say = self.say
        return say("Referral")

    def blocks(self, room: Room) -> Iterator[Block]:
        """In reading order. Every language has the same ones."""
        say = self.say
        self.room, self.cut = room, 0  # how many texts were cut short
        self.cite = _Authorities(
            say,
            [
                SourceCited(**c)
                for c in self.i.checklist.cited(
                    [SourceRef(ref=r) for r in self.i.protocol.laws[self.a.profile]]
                )
            ],
        )
        yield Block("head", "", tuple(self._head()))
        yield Block("urgency", say("How urgent, and what was found in all"), tuple(self._urgency()))
        if owed := tuple(self._owed()):
            yield Block("owed", say("What the person is owed, whatever the finding"), owed)
        yield Block("found", say("What was found"), tuple(self._found()))
        yield Block("open", say("What is not known"), tuple(self._open()))
        yield Block("safety", say("What was done for safety"), tuple(self._safety()))
        yield Block("needs", say("Needs and agreement"), tuple(self._needs()))
        yield Block("steps", say("What to do next"), tuple(self._steps()))
        yield Block(
            "law", say("Legal basis, and whether anyone here read it"), tuple(self.cite.laws())
        )
        yield Block(
            "sources",
            say("Other sources, and whether anyone here read them"),
            tuple(self._sources()),
        )
        yield Block("foot", "", tuple(self._foot()))

    def _label(self, finding: str) -> str:
        return self.texts.get("findings", finding, "label")

    def _head(self) -> Iterator[Row]:
        say, typed = self.say, self.record.letter
        yield Row(self._typed("from") or "—", say("From"))
        yield Row(self._typed("to") or "—", say("To"))
        yield Row(self._clipped(self.record.case_id, 60), say("Case number"))
        if typed.get("name"):
            yield Row(self._typed("name"), say("Name"))
        age = say("not known") if self.record.age is None else str(self.record.age)
        yield Row(
            (say("child") if self.a.profile == "child" else say("adult")),
            say("Age"),
            f"{age}; {self.a.profile_reason}",
        )
        if self.on is not None:
            yield Row(day_in_words(self.on, self.language), say("Date"))

    def _urgency(self) -> Iterator[Row]:
        say, a = self.say, self.a
        soonest = min((s.hours for s in a.next_steps), default=None)
        when = (
            within_words(soonest, say)
            if soonest is not None and a.finding in ("act_now", "refer")
            else ""
        )
        yield Row(a.statement, self._label(a.finding), when)
        if a.settled:
            yield Row(say("No open question can change this finding."))
        else:
            yield Row(
                say(
                    "Could still become: {finding}; danger aside: {aside}. Answered so far:"
                    " {answered} of {relevant}.",
                    finding=self._label(a.finding_high),
                    aside=self._label(a.danger.finding_high_without),
                    answered=a.answered,
                    relevant=a.relevant,
                )
            )
        if self.of_table:
            yield Row(
                say(
                    "No officer's judgement and no decision is recorded: this letter was made from"
                    " a table of cases."
                )
            )
        for lead, judgement in (
            (say("The officer's own judgement, before the finding"), self.record.judgement),
            (say("What the officer decided"), self.record.decision),
        ):
            if judgement is not None:
                yield Row(
                    self._label(judgement.finding),
                    lead,
                    self._clipped(judgement.why, self.room.note),
                )
        if self.record.decision is not None and self.record.decision.finding != a.finding:
            yield Row(say("The officer's decision differs from the finding."))
        yield Row(say("This is not a decision. A person decides, and may decide otherwise."))

    def _owed(self) -> Iterator[Row]:
        """Each need that is present, with who was to be told and by when; the open ones in a line.

        Where room is short, a need is named and no more.
        """
        for need in needs_present(self.a):
            row = need_row(need, self.texts, self.say, self.cite)
            who = self.texts.get("roles", need.who, "name")
            yield Row(
                row.text if self.room.note >= AMPLE else self.texts.get("needs", need.id, "name"),
                row.lead,
                f"{who} {self.cite(need.sources)}".strip(),
            )
        if unknown := needs_open(self.a, self.texts, self.say):
            yield Row(unknown)

    def _found(self) -> Iterator[Row]:
        say = self.say
        rows = sorted(
            (c for c in self.a.contributions if c.kind in ("danger", "sign")),
            key=lambda c: (c.kind != "danger", -c.points),
        )
        for c in rows[: self.room.signs]:
            yield Row(self.texts.statement(c.indicator or ""), note=self._behind(c))
        if len(rows) > self.room.signs:
            yield Row(
                say.plural(
                    "and {n} more recorded; the sender has it",
                    "and {n} more recorded; the sender has them",
                    len(rows) - self.room.signs,
                )
            )
        if not rows:
            yield Row(say("No sign has been answered yes."))
        hidden = [i for i in self.i.not_counted if self.record.answers[i].answer == "yes"]
        for i in hidden[: self.room.open]:
            yield Row(
                self.texts.statement(i) or i,
                note=(
                    say(
                        "recorded as yes, and not counted because of what was said about the"
                        " meeting"
                    )
                    if i in self.i.checklist.indicators
                    else say("recorded as yes; this version of the list does not have it")
                ),
            )
        if len(hidden) > self.room.open:
            yield Row(
                say.plural(
                    "and {n} more recorded as yes and not counted",
                    "and {n} more recorded as yes and not counted",
                    len(hidden) - self.room.open,
                )
            )
        warnings = self.a.warnings
        for warning in warnings[: self.room.open]:
            yield Row(warning, say("Check"))
        if len(warnings) > self.room.open:
            yield Row(
                say.plural(
                    "and {n} more to check; the sender has it",
                    "and {n} more to check; the sender has them",
                    len(warnings) - self.room.open,
                )
            )

    def _behind(self, c: Contribution) -> str:
        say = self.say
        basis = {
            "said": say("said"),
            "observed": say("observed"),
            "document": say("from a document"),
        }.get(c.basis, "")
        note = f"“{self._clipped(c.note, self.room.note)}”" if c.note else ""
        return "; ".join(p for p in (basis, note, self.cite(c.sources)) if p)

    def _typed(self, name: str) -> str:
        return self._clipped(self.record.letter.get(name, ""), self.room.typed)

    def _clipped(self, text: str, most: int) -> str:
        """One line, cut where it would fill the page.

        Marks that turn or hide letters are taken out; what has no space may be broken.
        """
        line = _one_line(text)
        if len(line) > most:
            self.cut += 1
            line = re.sub(r"\s\S{0,20}$", "", line[: most - 1]).rstrip(" .,;:") + "…"
        return re.sub(r"\S{25}(?=\S{10})", lambda run: run.group() + BREAK, line)

    def _open(self) -> Iterator[Row]:
        say, questions = self.say, self.a.open_questions
        for q in questions[: self.room.open]:
            yield Row(self.texts.statement(q.indicator), note=q.why)
        if len(questions) > self.room.open:
            yield Row(
                say.plural(
                    "and {n} more open question",
                    "and {n} more open questions",
                    len(questions) - self.room.open,
                )
            )
        yield Row(say("Not known is not no."))

    def _safety(self) -> Iterator[Row]:
        for precondition in PRECONDITIONS:
            if precondition not in ("agreement", "representative"):
                yield self._precondition(precondition)
        protocol = self.i.protocol
        for fact in protocol.facts:
            given = self.record.facts.get(fact, "unknown")
            if given != "unknown":
                yield Row(
                    protocol.words("facts", fact, given, self.language),
                    protocol.words("facts", fact, "title", self.language),
                )

    def _precondition(self, precondition: str) -> Row:
        say, protocol, given = self.say, self.i.protocol, self.i.preconditions.get(precondition)
        if precondition == "danger":
            given = self.i.danger
        missing = say("not recorded") if self.of_table else say("not gone through")
        return Row(
            protocol.words("preconditions", precondition, given, self.language)
            if given
            else missing,
            protocol.words("preconditions", precondition, "title", self.language),
        )

    def _needs(self) -> Iterator[Row]:
        say = self.say
        yield self._precondition("agreement")
        if self.a.profile == "child":
            yield self._precondition("representative")
        agreed = {
            "yes": say("Yes"),
            "no": say("No"),
            "child": say("A child: referred in the child's best interests"),
            "not_asked": say("Not asked yet, it was not safe"),
        }
        yield Row(
            agreed.get(self.i.consent, say("not recorded")),
            say("Agrees to this referral"),
        )
        yield Row(
            self._typed("needs") or say("not recorded"), say("What the person needs and wants")
        )

    def _steps(self) -> Iterator[Row]:
        say, printed = self.say, self._printed()
        for s in printed:
            yield Row(
                self.texts.get("steps", s.id, "text"),
                step_deadline(s, say),
                f"{self.texts.get('roles', s.who, 'name')} {self.cite(s.sources)}".strip(),
            )
        if left := len(self.a.next_steps) - len(printed):
            yield Row(
                say.plural(
                    "and {n} more step; the sender has it",
                    "and {n} more steps; the sender has them",
                    left,
                )
            )

    def _printed(self) -> list[NextStep]:
        """The steps for which there is room, in their order; those that a letter never leaves out
        are among them (S14).
        """
        steps, always = self.a.next_steps, self.i.protocol.always
        others = [s.id for s in steps if s.id not in always][
            : max(0, self.room.steps - sum(s.id in always for s in steps))
        ]
        return [s for s in steps if s.id in always or s.id in others]

    def _sources(self) -> Iterator[Row]:
        rows, most = list(self.cite.others()), self.room.sources
        yield from rows[:most]
        if len(rows) > most:
            yield Row(
                self.say.plural(
                    "and {n} more source; the sender has it",
                    "and {n} more sources; the sender has them",
                    len(rows) - most,
                )
            )

    def _foot(self) -> Iterator[Row]:
        say, a = self.say, self.a
        yield Row(
            f"{a.checklist.id} {a.checklist.version} ({a.checklist.sha256[:12]})", say("List")
        )
        yield Row(f"{a.weights.id} ({a.weights.sha256[:12]})", say("Weights"))
        if not self.i.same_list:
            yield Row(self.i.moved(self.language))
        yield Row(a.receipt, say("Receipt"), a.engine)
        if self.cut:
            yield Row(
                say.plural(
                    "{n} text is cut short to fit two pages, where “…” stands; the sender has the"
                    " whole of it.",
                    "{n} texts are cut short to fit two pages, where “…” stands; the sender has the"
                    " whole of them.",
                    self.cut,
                )
            )
        if standing := self.texts.standing(say):
            yield Row(standing)
        yield Row(
            say(
                "For the office it is sent to. Not to be handed to the person: it can put them in"
                " danger."
            )
        )


class _Authorities:
    """Laws and other sources as numbers in the text and lists at the end: each once, laws first,
    with the places that were cited.
    """

    def __init__(self, say: Words, laws: Sequence[SourceCited]) -> None:
        self._say, self._laws = say, len(laws)
        self._cited: dict[str, tuple[SourceCited, list[str]]] = {law.ref: (law, []) for law in laws}

    def __call__(self, sources: Sequence[SourceCited]) -> str:
        for s in sources:
            places = self._cited.setdefault(s.ref, (s, []))[1]
            if s.at and s.at not in places and s.status != "assumption":
                places.append(s.at)
        order = list(self._cited)
        return (
            f"[{', '.join(map(str, sorted({order.index(s.ref) + 1 for s in sources})))}]"
            if sources
            else ""
        )

    def _rows(self) -> list[Row]:
        return [
            Row("; ".join([s.title, *places]) + f" ({source_status(s, self._say)})", f"[{n}]")
            for n, (s, places) in enumerate(self._cited.values(), 1)
        ]

    def laws(self) -> list[Row]:
        return self._rows()[: self._laws]

    def others(self) -> list[Row]:
        return self._rows()[self._laws :]


@lru_cache(maxsize=512)  # a letter is set several times until it fits
def _one_line(text: str) -> str:
    """The text without marks that turn or hide letters, each run of white space as one space."""
    kept = "".join(c if c.isprintable() else "" if category(c) == "Cf" else " " for c in text)
    return " ".join(kept.split())


def letter_html(content: Letter) -> str:
    """One self-contained page: no script, nothing fetched; for a screen of any width and for A4."""
    return render(
        "paper/letter.html.j2",
        letter=content,
        languages=LANGUAGES,
        rows=list(zip(*content.blocks, strict=True)),
        qr=_qr(content.receipt),
        neutral=_neutral(content),
    )


def _neutral(content: Letter) -> str:
    """What a window or a list of files calls the letter: nothing of what it is about."""
    return words(content.languages[0])("Notes")


def letter_pdf(content: Letter) -> bytes:
    """The letter as PDF."""
    return content.pdf or _set(content).pdf


def _set(content: Letter, wider: float = 1) -> Letter:
    """The letter with its PDF, for measuring also with wider letters.

    The content goes in as data, never as source: what somebody typed cannot become a command.
    """
    try:
        import typst
    except ImportError:
        raise _missing("typst") from None
    return replace(content, pdf=bytes(typst.compile(**_source(content, wider), format="pdf")))


def _source(content: Letter, wider: float = 1) -> dict[str, Any]:
    """What typst sets."""
    files: Any = {
        "main": (TEMPLATES / "paper" / "letter.typ").read_bytes(),
        "qr.svg": _qr(content.receipt).encode(),
    }
    tongues = [LANGUAGES[code] for code in content.languages]
    inputs = {
        "wider": str(wider),
        "tongues": json.dumps([{"lang": t.tongue, "dir": t.direction} for t in tongues]),
        "neutral": _neutral(content),
        "letter": json.dumps(
            {k: v for k, v in asdict(content).items() if k != "pdf"}, ensure_ascii=False
        ),
    }
    return {"input": files, "ignore_system_fonts": True, "sys_inputs": inputs}


@lru_cache(maxsize=8)  # the same in every room that is tried, and on the page
def _qr(text: str) -> str:
    """A QR code as SVG: the text and nothing else."""
    try:
        import segno
    except ImportError:
        raise _missing("segno") from None
    return str(
        segno.make(text, error="m", micro=False).svg_inline(scale=1, border=2, omitsize=True)
    )


def _missing(name: str) -> UsageError:
    return UsageError("U306.letter_package", name=name)
