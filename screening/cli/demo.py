"""The first real run: bundled invented cases become a work list, one case is explained, and
practice is set beside.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import typer

from screening.checklist import Checklist, Vignettes, load_checklist, load_vignettes, load_weights
from screening.checklist.loader import DEFAULT_LIST
from screening.cli.options import SOURCE, Lang
from screening.cli.terminal import (
    columns,
    paragraph,
    print_explanation,
    print_work_list,
    warn_of_english,
    width,
)
from screening.errors import KnowledgeError
from screening.i18n import Words, words

if TYPE_CHECKING:
    from screening.answers import Case
    from screening.scoring import Assessment
    from screening.scoring.triage import WorkItem

    Scored = list[tuple[Case, Assessment]]

__all__ = ["demo"]


def demo(lang: Lang = SOURCE) -> None:
    """Score the bundled invented cases, print the work list, explain one case, and show what
    practice would have missed.

    Example: screening demo --lang sq
    """
    from screening.scoring.triage import work_list

    say = words(lang)
    checklist = load_checklist(DEFAULT_LIST)
    texts = checklist.texts(lang)
    bundle = _bundle(checklist)
    scored = _score(bundle, checklist, lang)
    today = max((case.met_on for case, _ in scored if case.met_on), default=date.today())

    typer.secho(texts.get("list", "main", "title"), bold=True)
    typer.echo(paragraph(texts.get("list", "main", "about")))
    typer.echo()
    items = dict(enumerate(work_list(scored, today), 1))
    typer.secho(
        say.plural(
            "Work list of {n} invented case, as of {day}",
            "Work list of {n} invented cases, as of {day}",
            len(items),
            day=today.isoformat(),
        ),
        bold=True,
    )
    typer.echo(
        columns(
            [_short(n, item, checklist, lang) for n, item in items.items()],
            ("", say("Finding"), say("Case"), say("Age"), say("Answered"), say("Weightiest sign")),
        )
    )
    typer.echo()
    first = {item.finding: n for n, item in reversed(items.items())}
    print_work_list(
        {n: items[n] for n in sorted(first.values())},
        texts,
        say("The first of each, with why, what is due and what to ask"),
    )
    typer.echo()
    _explain_one(bundle, scored, checklist, lang, say)
    if bundle.compare_with:
        _beside_practice(bundle, scored, checklist, lang, say)
    warn_of_english(texts)


def _bundle(checklist: Checklist) -> Vignettes:
    """The bundled cases that name something to be set beside."""
    for path in sorted((checklist.folder / "vignettes").glob("*.yaml")):
        found = load_vignettes(checklist, path.stem)
        if found.compare_with:
            return found
    raise KnowledgeError("K110.demo_cases_missing", checklist=checklist.id)


def _score(bundle: Vignettes, checklist: Checklist, lang: str) -> Scored:
    from screening.scoring import score

    weights = load_weights(checklist)
    cases = [v.to_case() for v in bundle.cases]
    return [(case, score(case, checklist, weights, lang)) for case in cases]


def _short(number: int, item: WorkItem, checklist: Checklist, lang: str) -> tuple[str, ...]:
    say = words(lang)
    reason = item.reasons[0] if item.reasons else say("no sign yes so far")
    room = max(20, width() - 52)
    age = str(item.age) if item.age is not None else "?"
    label = checklist.texts(lang).get("findings", item.finding, "label")
    return (
        f"{number:>3}.",
        label,
        item.case_id,
        age,
        f"{item.answered}/{item.relevant}",
        reason if len(reason) <= room else reason[: room - 1] + "…",
    )


def _explain_one(
    bundle: Vignettes, scored: Scored, checklist: Checklist, lang: str, say: Words
) -> None:
    from screening.scoring.explain import explain

    chosen = bundle.explain or bundle.cases[0].id
    vignette = next(v for v in bundle.cases if v.id == chosen)
    assessment = next(a for _, a in scored if a.case_id == chosen)
    typer.echo("─" * width())
    typer.echo(paragraph(f"{say('One case in words')}: {vignette.story}"))
    typer.echo()
    print_explanation(explain(assessment, checklist.texts(lang), 5), title=chosen)
    typer.echo("─" * width())


def _beside_practice(
    bundle: Vignettes, scored: Scored, checklist: Checklist, lang: str, say: Words
) -> None:
    """What the comparator leaves without action among the cases that the list would refer."""
    from screening.scoring.engine import RANK

    practice = load_checklist(bundle.compare_with or "")
    theirs = {a.case_id: a for _, a in _score_with(practice, scored, lang)}
    referred = [(case, a) for case, a in scored if RANK[a.finding] >= RANK["refer"]]
    missed = [(case, a) for case, a in referred if RANK[theirs[a.case_id].finding] < RANK["refer"]]
    children = sum(a.profile == "child" for _, a in missed)
    typer.secho(say("What practice would have missed"), bold=True)
    typer.echo(paragraph(practice.texts(lang).get("list", "main", "about")))
    typer.echo()
    typer.echo(
        paragraph(
            say(
                'Of {all} cases, this list would refer {referred}. "Accompanied and with papers: no'
                ' further action" would have left {missed} of them without any action, {children}'
                " of them children:",
                all=len(scored),
                referred=len(referred),
                missed=len(missed),
                children=children,
            )
        )
    )
    for case, assessment in missed:
        reason = max(
            (c for c in assessment.contributions if c.kind == "sign"),
            key=lambda c: c.points,
            default=None,
        )
        age = say("age {age}", age=case.age) if case.age is not None else say("age not known")
        typer.echo(
            paragraph(f"{case.case_id} ({age}): {reason.statement if reason else ''}", "  ", "    ")
        )
    typer.echo()
    typer.echo(
        paragraph(
            say(
                "These cases are invented. They show how the rules differ, not how often that"
                " happens."
            )
        )
    )


def _score_with(practice: Checklist, scored: Scored, lang: str) -> Scored:
    """The same cases, as far as the other list has their indicators."""
    from screening.scoring import score

    weights = load_weights(practice)
    return [
        (case, score(case.only(practice.indicators), practice, weights, lang)) for case, _ in scored
    ]
