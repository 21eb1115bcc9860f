"""An assessment in words. It renders the recorded trace and derives nothing anew.

The result is a small tree - sections of rows - that the terminal, a page or a letter can each set
in their own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.checklist.texts import Texts
from screening.i18n import Words, words
from screening.scoring.assessment import (
    Assessment,
    Contribution,
    NextStep,
    OpenQuestion,
    SourceCited,
)
from screening.scoring.wording import (
    Row,
    basis,
    need_row,
    needs_open,
    needs_present,
    within_words,
)

__all__ = [
    "Citations",
    "Row",
    "Section",
    "explain",
    "source_status",
    "step_deadline",
    "within_words",
]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of rows. `key` is stable for faces and tests."""

    key: Literal[
        "finding",
        "danger",
        "needs",
        "signs",
        "recorded",
        "law",
        "dimensions",
        "forms",
        "open",
        "steps",
        "opinion",
        "sources",
        "provenance",
    ]
    title: str
    rows: tuple[Row, ...]


def explain(assessment: Assessment, texts: Texts, open_limit: int | None = 8) -> list[Section]:
    """The assessment as sections in reading order; empty ones are left out.

    Parameters
    ----------
    assessment : a result, scored in any language
    texts : the words of the list it was scored with (`checklist.texts(language)`)
    open_limit : how many open questions to show before the rest is counted; None shows all
    """
    say = words(texts.language)
    a = assessment
    cite = Citations(say)
    finding = Section("finding", say("Finding"), tuple(_finding(a, texts, say)))
    danger = Section("danger", say("Danger, kept apart"), tuple(_danger(a, texts, say)))
    danger_first = (
        [_steps_section(a, texts, say, cite)] if a.finding == "act_now" else []
    )  # help before reasons and questions
    reasons = [
        Section(
            "needs",
            say("What the person is owed, whatever the finding"),
            tuple(_needs(a, texts, say, cite)),
        ),
        Section("signs", say("What the finding rests on"), tuple(_signs(a, texts, say, cite))),
        Section(
            "recorded", say("Recorded and shown, without points"), tuple(_recorded(a, texts, cite))
        ),
        Section("law", say("Act, means, purpose"), tuple(_law(a, texts, say))),
        Section(
            "dimensions",
            say("Groups of signs that are positive (Delphi rule)"),
            tuple(_dimensions(a, texts, say)),
        ),
        Section(
            "forms", say("Forms of exploitation the signs speak for"), tuple(_forms(a, texts, say))
        ),
        Section(
            "open",
            say("What is still open, most telling first"),
            tuple(_open(a, texts, say, open_limit)),
        ),
    ]
    body = (
        [*danger_first, *reasons]
        if danger_first
        else [*reasons, _steps_section(a, texts, say, cite)]
    )
    ends = [
        Section(
            "opinion",
            say("Second opinion of a card; it never changes the finding"),
            tuple(_opinion(a, texts, say)),
        ),
        Section("sources", say("Sources, and whether anyone here read them"), tuple(cite.rows())),
        Section("provenance", say("Where this comes from"), tuple(_provenance(a, say))),
    ]
    return [s for s in (finding, danger, *body, *ends) if s.rows]


class Citations:
    """Sources as numbers in the text and a numbered list at the end; each source once."""

    def __init__(self, say: Words) -> None:
        self._say = say
        self._cited: list[SourceCited] = []

    def __call__(self, sources: list[SourceCited]) -> str:
        self._cited += [s for s in sources if s not in self._cited]
        return f"[{', '.join(str(self._cited.index(s) + 1) for s in sources)}]" if sources else ""

    def rows(self) -> list[Row]:
        return [
            Row(
                f"{s.title}{', ' + s.at if s.at else ''} ({source_status(s, self._say)})",
                lead=f"[{n}]",
            )
            for n, s in enumerate(self._cited, 1)
        ]


def source_status(source: SourceCited, say: Words) -> str:
    """Whether anybody here read it, in words."""
    return {
        "read": say("read"),
        "secondary": say("read in a secondary copy"),
        "memory": say("from memory, not verified"),
        "assumption": say("our own proposal"),
    }[source.status]


def _label(texts: Texts, finding: str) -> str:
    return texts.get("findings", finding, "label")


def _finding(a: Assessment, texts: Texts, say: Words) -> list[Row]:
    rows = [Row(texts.get("findings", a.finding, "statement"), lead=_label(texts, a.finding))]
    if a.settled:
        rows.append(Row(say("No open question can change this finding.")))
    else:
        rows.append(
            Row(
                say(
                    "Could still become: {finding}; without danger: {aside}. Answered so far:"
                    " {answered} of {relevant}.",
                    finding=_label(texts, a.finding_high),
                    aside=_label(texts, a.danger.finding_high_without),
                    answered=a.answered,
                    relevant=a.relevant,
                )
            )
        )
    if a.contested is not None:
        other = ", ".join(
            f"{_label(texts, f)} ({n})" for f, n in a.contested.findings.items() if f != a.finding
        )
        rows.append(
            Row(
                say(
                    "The people who weighed the signs did not agree on all of them. Of {draws} sets"
                    " of weights that they could as well have given, some give another finding:"
                    " {other}. None of them closes anything.",
                    draws=a.contested.draws,
                    other=other,
                ),
                lead=say("Contested"),
            )
        )
    profile = (
        say("Screened as a child: {reason}.")
        if a.profile == "child"
        else say("Screened as an adult: {reason}.")
    )
    rows.append(Row(profile.replace("{reason}", a.profile_reason)))
    rows.extend(Row(w, lead=say("Check")) for w in a.warnings)
    rows.append(Row(say("This is not a decision. A person decides, and may decide otherwise.")))
    return rows


def _danger(a: Assessment, texts: Texts, say: Words) -> list[Row]:
    if a.danger.state != "present":
        return []
    rows = [Row(texts.statement(i)) for i in a.danger.indicators]
    rows.append(
        Row(
            say(
                "Danger sends help whether or not trafficking is indicated. Without the danger"
                " signs the finding would be: {finding}.",
                finding=_label(texts, a.danger.finding_without),
            )
        )
    )
    return rows


def _needs(a: Assessment, texts: Texts, say: Words, cite: Citations) -> list[Row]:
    """Each present need with who, by when and why; the open ones in one line."""
    rows = [need_row(need, texts, say, cite) for need in needs_present(a)]
    unknown = needs_open(a, texts, say)
    return [*rows, Row(unknown)] if unknown else rows


def _signs(a: Assessment, texts: Texts, say: Words, cite: Citations) -> list[Row]:
    rows = [
        _contribution(c, texts, say, cite)
        for c in a.contributions
        if c.kind in ("sign", "once", "cap")
    ]
    if not rows:
        return [Row(say("No sign has been answered yes."))]
    total = say(
        "recorded points, of at most {high} if every open answer were yes and {most} on this list",
        high=a.points_high,
        most=a.points_max,
    )
    line = basis(a, texts, say)
    return [*([Row(line)] if line else []), *rows, Row(total, lead=f"= {a.points}")]


def _contribution(c: Contribution, texts: Texts, say: Words, cite: Citations) -> Row:
    if c.kind in ("once", "cap"):
        words = c.statement
        if c.kind == "cap" and c.dimension:
            words = say("limit of the group: {group}", group=words)
        return Row(words, lead=str(c.points))
    strength = {
        "strong": say("strong sign"),
        "medium": say("medium sign"),
        "weak": say("weak sign"),
    }.get(c.strength or "", "")
    basis = {
        "said": say("said"),
        "observed": say("observed"),
        "document": say("from a document"),
    }.get(c.basis, "")
    note = "; ".join(p for p in (strength, basis, c.note, cite(c.sources)) if p)
    return Row(texts.statement(c.indicator or ""), lead=f"+{c.points}", note=note)


def _recorded(a: Assessment, texts: Texts, cite: Citations) -> list[Row]:
    shown = set(a.red_flags)  # under danger already
    rows = [
        c
        for c in a.contributions
        if c.kind in ("protective", "danger") and c.indicator not in shown
    ]
    return [Row(texts.statement(c.indicator or ""), note=cite(c.sources)) for c in rows]


def _law(a: Assessment, texts: Texts, say: Words) -> list[Row]:
    states = {"present": say("present"), "open": say("open"), "absent": say("absent")}
    rows = []
    for name, element in a.elements.items():
        note = "" if name in a.gate.needs else say("not needed for a child")
        rows.append(Row(texts.reason(f"element_{name}"), lead=states[element.state], note=note))
    return rows


def _dimensions(a: Assessment, texts: Texts, say: Words) -> list[Row]:
    return [
        Row(
            texts.get("dimensions", name, "name"),
            lead=f"+{d.points}",
            note=say(
                "{strong} strong, {medium} medium, {weak} weak",
                strong=d.strong,
                medium=d.medium,
                weak=d.weak,
            ),
        )
        for name, d in a.dimensions.items()
        if d.state == "positive"
    ]


def _forms(a: Assessment, texts: Texts, say: Words) -> list[Row]:
    return [
        Row(
            texts.get("forms", f.form, "name"),
            lead=f"+{f.points}",
            note=say("{n} of them from signs of that exploitation itself", n=f.purpose_points),
        )
        for f in a.forms
    ]


def _open(a: Assessment, texts: Texts, say: Words, limit: int | None) -> list[Row]:
    rows = [_question(q, a, texts, say) for q in a.open_questions[:limit]]
    left = len(a.open_questions) - len(rows)
    if left:
        rows.append(
            Row(say.plural("and {n} more open question", "and {n} more open questions", left))
        )
    return rows


def _question(q: OpenQuestion, a: Assessment, texts: Texts, say: Words) -> Row:
    modes = {"ask": say("Ask"), "observe": say("Observe"), "document": say("Check records")}
    before = {
        "unknown": say("asked before, nobody knows"),
        "refused": say("not answered when asked; do not press"),
    }.get(q.answer, "")
    return Row(
        texts.prompt(q.indicator, q.mode, a.profile),
        lead=modes[q.mode],
        note="; ".join(p for p in (q.why, before) if p),
    )


def _opinion(a: Assessment, texts: Texts, say: Words) -> list[Row]:
    o = a.second_opinion
    if o is None:
        return []
    bands = {
        "too_little_known": say("too little known"),
        "few_signs_so_far": say("few signs so far"),
        "some_signs": say("some signs"),
        "many_signs": say("many signs"),
    }
    rows = [
        Row(
            say(
                "Could still become: {band}. Answered on this card: {answered} of {items}.",
                band=bands[o["band_high"]],
                answered=o["answered"],
                items=o["items"],
            ),
            lead=bands[o["band"]],
        )
    ]
    opened = [c["points"] for c in o["contributions"] if c["answer"] == "open"]
    for c in o["contributions"]:
        if c["answer"] == "open":
            continue
        text = (
            texts.statement(c["indicator"])
            if c["indicator"]
            else say("limit of a group on the card")
        )
        rows.append(Row(text, lead=f"{c['points']:+d}"))
    if opened:
        rows.append(
            Row(
                say(
                    "open answers on this card: {n}. They count for something, and never as no",
                    n=len(opened),
                ),
                lead=f"{sum(opened):+d}",
            )
        )
    rows.append(
        Row(
            say(
                "points on the card; {recorded} from what is recorded, {high} if every open answer"
                " were yes, {most} at most",
                recorded=o["points_recorded"],
                high=o["points_high"],
                most=o["points_max"],
            ),
            lead=f"= {o['points']}",
        )
    )
    if o["probability"] is not None:
        value, low, high, of = (
            round(100 * o["probability"][k]) for k in ("value", "low", "high", "prevalence")
        )
        numbers = {"value": value, "low": low, "high": high, "of": of}
        rows.append(
            Row(
                say(
                    "Of invented children with as many points, {value} in 100 were exploited ({low}"
                    " to {high}), where {of} in 100 of all people were. This is no probability for"
                    " a real person.",
                    **numbers,
                )
                if a.profile == "child"
                else say(
                    "Of invented adults with as many points, {value} in 100 were exploited ({low}"
                    " to {high}), where {of} in 100 of all people were. This is no probability for"
                    " a real person.",
                    **numbers,
                )
            )
        )
    rows.append(
        Row(
            say("Trained on synthetic cases; not validated in the field; never lowers a finding."),
            lead=say("Card"),
            note=f"{o['model']}: {o['card']}",
        )
    )
    return rows


def _steps_section(a: Assessment, texts: Texts, say: Words, cite: Citations) -> Section:
    return Section("steps", say("What to do next"), tuple(_steps(a, texts, say, cite)))


def _steps(a: Assessment, texts: Texts, say: Words, cite: Citations) -> list[Row]:
    return [
        Row(
            texts.get("steps", s.id, "text"),
            lead=step_deadline(s, say),
            note=f"{texts.get('roles', s.who, 'name')} {cite(s.sources)}",
        )
        for s in a.next_steps
    ]


def step_deadline(step: NextStep, say: Words) -> str:
    """How soon, in words."""
    return within_words(step.hours, say)


def _provenance(a: Assessment, say: Words) -> list[Row]:
    return [
        Row(
            f"{a.checklist.id} {a.checklist.version} ({a.checklist.sha256[:12]})", lead=say("List")
        ),
        Row(
            f"{a.weights.id} ({a.weights.sha256[:12]})",
            lead=say("Weights"),
            note=_standing(a.weights.standing, say),
        ),
        *[
            Row(day, lead=say("Next steps checked on"))
            for day in sorted({s.checked_on for s in a.next_steps})
        ],
        Row(a.engine, lead=say("Engine")),
        Row(a.receipt, lead=say("Receipt")),
    ]


def _standing(standing: str, say: Words) -> str:
    names = standing.removeprefix("signed by ")
    return (
        say("signed by {names}", names=names) if names != standing else say("not signed by anybody")
    )
