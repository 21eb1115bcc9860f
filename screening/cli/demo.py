"""The first real run: bundled invented cases become a work list, one case is explained, and the two
axes are set beside practice and the rules before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import typer

from screening.checklist import (
    Checklist,
    Texts,
    Vignettes,
    WeightSet,
    load_checklist,
    load_vignettes,
    load_weights,
    weight_set_ids,
)
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
from screening.scoring.wording import needs_present, within_words

if TYPE_CHECKING:
    from screening.answers import Case
    from screening.scoring import Assessment
    from screening.scoring.triage import WorkItem

    Scored = list[tuple[Case, Assessment]]

__all__ = ["demo"]


def demo(lang: Lang = SOURCE) -> None:
    """Score the bundled invented cases, print the work list, explain one case, and show who is
    referred, who is owed protection all the same, and whom practice would have missed.

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
    _two_axes(bundle, scored, checklist, lang, say)
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


def _two_axes(
    bundle: Vignettes, scored: Scored, checklist: Checklist, lang: str, say: Words
) -> None:
    """Who is referred and who is owed protection all the same; whom practice would have missed, and
    whom the rules before would have sent on as well.
    """
    referred = [(case, a) for case, a in scored if _is_referred(a)]
    owed = [(case, a) for case, a in scored if not _is_referred(a) and needs_present(a)]
    groups = {
        say("Referred, or in danger now"): referred,
        say("Owed protection all the same, though not referred"): owed,
    }
    practice = load_checklist(bundle.compare_with) if bundle.compare_with else None
    if practice is not None:
        theirs = _referred_with(practice, load_weights(practice), scored)
        groups[say("Referred, and missed by practice")] = missed = [
            (case, a) for case, a in referred if case.case_id not in theirs
        ]
    before = [load_weights(checklist, w, draft=True) for w in weight_set_ids(checklist)]
    flooded: Scored = []
    for weights in (w for w in before if w.rules is not None):
        sent = _referred_with(checklist, weights, scored)
        flooded = [(case, a) for case, a in scored if case.case_id in sent and not _is_referred(a)]
        groups[
            say("Referred by the earlier rules ({weights}), and no longer", weights=weights.id)
        ] = flooded
    typer.secho(say("Two axes: the finding, and what the person is owed"), bold=True)
    typer.echo(
        columns(
            [
                (str(len(rows)), str(sum(a.profile == "child" for _, a in rows)), title)
                for title, rows in {say("All cases"): scored, **groups}.items()
            ],
            (say("Cases"), say("Children"), ""),
        )
    )
    texts = checklist.texts(lang)
    _named(say("Owed protection all the same, though not referred"), owed, say, texts, _owed)
    if practice is not None:
        told = say(
            'Of {all} cases, this list would refer {referred}. "Accompanied and with papers: no'
            ' further action" would have left {missed} of them without any action, {children}'
            " of them children:",
            all=len(scored),
            referred=len(referred),
            missed=len(missed),
            children=sum(a.profile == "child" for _, a in missed),
        )
        about = f"{practice.texts(lang).get('list', 'main', 'about')} {told}"
        _named(say("What practice would have missed"), missed, say, texts, _weightiest, about)
    _named(
        say("Referred by the earlier rules, and no longer"),
        flooded,
        say,
        texts,
        _owed,
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


def _named(
    title: str,
    rows: Scored,
    say: Words,
    texts: Texts,
    told: Callable[[Assessment, Texts, Words], str],
    about: str = "",
) -> None:
    """A group of cases, a line each."""
    if not rows:
        return
    typer.echo()
    typer.secho(f"{title} ({len(rows)})", bold=True)
    if about:
        typer.echo(paragraph(about))
    for case, assessment in rows:
        age = say("age {age}", age=case.age) if case.age is not None else say("age not known")
        line = f"{case.case_id} ({age}): {told(assessment, texts, say)}"
        typer.echo(paragraph(line, "  ", "    "))


def _owed(a: Assessment, texts: Texts, say: Words) -> str:
    label = texts.get("findings", a.finding, "label")
    needs = [f"{within_words(n.hours, say)}: {n.name}." for n in needs_present(a)]
    return " ".join([f"{label}.", *needs])


def _weightiest(a: Assessment, texts: Texts, say: Words) -> str:
    signs = [c for c in a.contributions if c.kind == "sign"]
    return max(signs, key=lambda c: c.points).statement if signs else ""


def _is_referred(a: Assessment) -> bool:
    from screening.scoring.engine import RANK

    return RANK[a.finding] >= RANK["refer"]


def _referred_with(checklist: Checklist, weights: WeightSet, scored: Scored) -> set[str]:
    """Whom another list or set refers, of the same cases as far as it has their indicators."""
    from screening.scoring import score

    return {
        case.case_id
        for case, _ in scored
        if _is_referred(score(case.only(checklist.indicators), checklist, weights))
    }
