"""The referral letter: what another office needs to act, from the recorded trace and nothing else.

The content is a list of blocks of plain lines, the same blocks in every language, so that two can stand side by side. A page and
a PDF set the same content; neither derives anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import category

from screening.checklist.texts import Texts
from screening.errors import UsageError, quote
from screening.interview import GATES, Interview
from screening.scoring import Assessment
from screening.scoring.assessment import Contribution
from screening.scoring.explain import Citations, Row, step_deadline, within_words
from screening.words import LANGUAGES, Words, words

__all__ = ["Block", "Letter", "letter", "letter_html", "letter_pdf"]

SHOWN = {1: 12, 2: 10}  # signs, by how many languages share the page; the rest is counted
OPEN = {1: 6, 2: 4}
STEPS = {1: 8, 2: 6}
NOTE = {1: 220, 2: 110}  # letters of a note; the whole of it is in the case
TEMPLATES = Path(__file__).parent.parent / "templates"


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


def letter(interview: Interview, languages: Sequence[str] = ("en",), on: date | None = None) -> Letter:
    """The letter of an interview.

    Parameters
    ----------
    languages : one, or two to stand side by side
    on : the date it bears; without it, none

    Raises
    ------
    UsageError : U305 for languages that cannot be, U310 before the officer's own judgement
    """
    if not 1 <= len(languages) <= 2 or len(set(languages)) < len(languages) or not set(languages) <= set(LANGUAGES):
        raise UsageError("U305", f"{quote(', '.join(languages))} are no languages of a letter", remedy=f"name one or two of {', '.join(LANGUAGES)}")
    written = [_Written(interview, language, on, len(languages)) for language in languages]
    return Letter(tuple(languages), tuple(w.title() for w in written), tuple(tuple(w.blocks()) for w in written), written[0].a.receipt,
                  written[0].a.danger.state == "present")


class _Written:
    """One language of a letter."""

    def __init__(self, interview: Interview, language: str, on: date | None, beside: int) -> None:
        self.i, self.language, self.on, self.beside = interview, language, on, beside
        self.record = interview.record
        self.a: Assessment = interview.finding(language)[1]
        self.texts: Texts = interview.checklist.texts(language)
        self.say: Words = words(language)
        self.cite = Citations(self.say)

    def title(self) -> str:
        say = self.say
        return say("Referral")

    def blocks(self) -> Iterator[Block]:
        """In reading order. Every language has the same ones."""
        say = self.say
        yield Block("head", "", tuple(self._head()))
        yield Block("urgency", say("How urgent, and what was found in all"), tuple(self._urgency()))
        yield Block("found", say("What was found"), tuple(self._found()))
        yield Block("open", say("What is not known"), tuple(self._open()))
        yield Block("safety", say("What was done for safety"), tuple(self._safety()))
        yield Block("needs", say("Needs and agreement"), tuple(self._needs()))
        yield Block("steps", say("What to do next"), tuple(self._steps()))
        yield Block("law", say("Legal basis and sources, and whether anyone here read them"), tuple(Row(r.text, r.lead) for r in self.cite.rows()))
        yield Block("foot", "", tuple(self._foot()))

    def _label(self, finding: str) -> str:
        return self.texts.get("findings", finding, "label")

    def _head(self) -> Iterator[Row]:
        say, typed = self.say, self.record.letter
        yield Row(typed.get("from", "") or "—", say("From"))
        yield Row(typed.get("to", "") or "—", say("To"))
        yield Row(self.record.case_id, say("Case number"))
        if typed.get("name"):
            yield Row(typed["name"], say("Name"))
        age = say("not known") if self.record.age is None else str(self.record.age)
        yield Row((say("child") if self.a.profile == "child" else say("adult")), say("Age"), f"{age}; {self.a.profile_reason}")
        if self.on is not None:
            from babel.dates import format_date

            yield Row(format_date(self.on, "long", locale={"en": "en_GB", "sr": "sr_Latn", "sr-Cyrl": "sr_Cyrl"}.get(self.language, self.language)), say("Date"))

    def _urgency(self) -> Iterator[Row]:
        say, a = self.say, self.a
        soonest = min((s.hours for s in a.next_steps), default=None)
        when = within_words(soonest, say) if soonest is not None and a.finding in ("act_now", "refer") else ""
        yield Row(a.statement, self._label(a.finding), when)
        if a.settled:
            yield Row(say("No open question can change this finding."))
        else:
            yield Row(say("Could still become: {finding}; danger aside: {aside}. Answered so far: {answered} of {relevant}.", finding=self._label(a.finding_high),
                           aside=self._label(a.danger.finding_high_without), answered=a.answered, relevant=a.relevant))
        for lead, judgement in ((say("The officer's own judgement, before the finding"), self.record.judgement), (say("What the officer decided"), self.record.decision)):
            if judgement is not None:
                yield Row(self._label(judgement.finding), lead, self._clipped(judgement.why))
        if self.record.decision is not None and self.record.decision.finding != a.finding:
            yield Row(say("The officer's decision differs from the finding."))
        yield Row(say("This is not a decision. A person decides, and may decide otherwise."))

    def _found(self) -> Iterator[Row]:
        say = self.say
        rows = sorted((c for c in self.a.contributions if c.kind in ("danger", "sign")), key=lambda c: (c.kind != "danger", -c.points))
        for c in rows[:SHOWN[self.beside]]:
            yield Row(self.texts.statement(c.indicator or ""), note=self._behind(c))
        if len(rows) > SHOWN[self.beside]:
            yield Row(say.plural("and {n} more recorded", "and {n} more recorded", len(rows) - SHOWN[self.beside]))
        if not rows:
            yield Row(say("No sign has been answered yes."))
        for i in self.i.not_counted:
            if self.record.answers[i].answer == "yes":
                yield Row(self.texts.statement(i) or i, note=say("recorded as yes, and not counted because of what was said about the meeting"))

    def _behind(self, c: Contribution) -> str:
        say = self.say
        basis = {"said": say("said"), "observed": say("observed"), "document": say("from a document")}.get(c.basis, "")
        note = f"“{self._clipped(c.note)}”" if c.note else ""
        return "; ".join(p for p in (basis, note, self.cite(c.sources)) if p)

    def _clipped(self, text: str) -> str:
        """One line, cut where it would fill the page. Marks that turn or hide letters are taken out."""
        kept = "".join(c if c.isprintable() else "" if category(c) == "Cf" else " " for c in text)
        line, most = " ".join(kept.split()), NOTE[self.beside]
        return line if len(line) <= most else line[:most - 1] + "…"

    def _open(self) -> Iterator[Row]:
        say, questions = self.say, self.a.open_questions
        for q in questions[:OPEN[self.beside]]:
            yield Row(self.texts.statement(q.indicator), note=q.why)
        if len(questions) > OPEN[self.beside]:
            yield Row(say.plural("and {n} more open item", "and {n} more open items", len(questions) - OPEN[self.beside]))
        yield Row(say("Not known is not no."))

    def _safety(self) -> Iterator[Row]:
        for gate in GATES:
            if gate not in ("agreement", "representative"):
                yield self._gate(gate)
        protocol = self.i.protocol
        for fact in protocol.facts:
            given = self.record.facts.get(fact, "unknown")
            if given != "unknown":
                yield Row(protocol.words("facts", fact, given, self.language), protocol.words("facts", fact, "title", self.language))

    def _gate(self, gate: str) -> Row:
        say, protocol, given = self.say, self.i.protocol, self.record.gates.get(gate)
        return Row(protocol.words("gates", gate, given, self.language) if given else say("not gone through"), protocol.words("gates", gate, "title", self.language))

    def _needs(self) -> Iterator[Row]:
        say, typed = self.say, self.record.letter
        yield self._gate("agreement")
        if self.a.profile == "child":
            yield self._gate("representative")
        agreed = {"yes": say("Yes"), "no": say("No"), "child": say("A child: referred in the child's best interests"), "not_asked": say("Not asked yet, it was not safe")}
        yield Row(agreed.get(typed.get("consent", ""), say("not recorded")), say("Agrees to this referral"))
        yield Row(typed.get("needs") or say("not recorded"), say("What the person needs and wants"))

    def _steps(self) -> Iterator[Row]:
        say, most = self.say, STEPS[self.beside]
        for s in self.a.next_steps[:most]:
            yield Row(self.texts.get("steps", s.id, "text"), step_deadline(s, say), f"{self.texts.get('roles', s.who, 'name')} {self.cite(s.sources)}".strip())
        if len(self.a.next_steps) > most:
            yield Row(say.plural("and {n} more step, in the case itself", "and {n} more steps, in the case itself", len(self.a.next_steps) - most))

    def _foot(self) -> Iterator[Row]:
        say, a = self.say, self.a
        yield Row(f"{a.checklist.id} {a.checklist.version} ({a.checklist.sha256[:12]})", say("List"))
        yield Row(f"{a.weights.id} ({a.weights.sha256[:12]})", say("Weights"))
        yield Row(a.receipt, say("Receipt"), a.engine)
        if self.texts.status == "draft":
            yield Row(say("Draft translation, not reviewed by a native speaker."))
        yield Row(say("For the office it is sent to. Not to be handed to the person: it can put them in danger."))


def letter_html(content: Letter) -> str:
    """One self-contained page: no script, nothing fetched; for a screen of any width and for A4."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("letter.html.j2").render(letter=content, rows=list(zip(*content.blocks, strict=True)), qr=_qr(content.receipt))


def letter_pdf(content: Letter) -> bytes:
    """The letter as PDF. The content goes in as data, never as source: what somebody typed cannot become a command."""
    try:
        import typst
    except ImportError:
        raise _missing("typst") from None
    files: Any = {"main": (TEMPLATES / "letter.typ").read_bytes(), "qr.svg": _qr(content.receipt).encode()}
    return bytes(typst.compile(files, format="pdf", ignore_system_fonts=True, sys_inputs={"letter": json.dumps(asdict(content), ensure_ascii=False)}))


def _qr(text: str) -> str:
    """A QR code as SVG: the text and nothing else."""
    try:
        import segno
    except ImportError:
        raise _missing("segno") from None
    return str(segno.make(text, error="m", micro=False).svg_inline(scale=1, border=2, omitsize=True))


def _missing(name: str) -> UsageError:
    return UsageError("U306", f"a letter needs the package {name}, which is not installed", remedy="install screening[web]")
