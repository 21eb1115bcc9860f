"""`screening checklist ...`: list, show, lint, compare, and carry lists in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from screening.answers import Profile
from screening.checklist import (
    Checklist,
    Texts,
    WeightSet,
    catalogue_ids,
    load_checklist,
    load_weights,
    weight_set_ids,
)
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.schema import CASE_PROFILES
from screening.cli.options import SOURCE, Lang, StationFile
from screening.cli.terminal import columns, paragraph, warn_of_english
from screening.errors import KnowledgeError, UsageError, nearest
from screening.i18n import words

__all__ = ["diff", "export_", "import_", "lint", "list_", "show"]

ListId = Annotated[
    str, typer.Argument(metavar="LIST", help="The id of a bundled list, or a list's folder.")
]


def list_() -> None:
    """Show the bundled lists, what each is for, and its weight sets.

    Example: screening checklist list
    """
    rows = []
    for name in catalogue_ids():
        c = load_checklist(name)
        sets = ", ".join(
            f"{w} ({load_weights(c, w, draft=True).standing})" for w in weight_set_ids(c)
        )
        rows.append(
            (
                c.id,
                c.version,
                c.role,
                str(len(c.indicators)),
                sets,
                c.texts("en").get("list", "main", "title"),
            )
        )
    typer.echo(columns(rows, ("list", "version", "role", "indicators", "weight sets", "title")))


def show(
    name: ListId = DEFAULT_LIST,
    indicator: Annotated[
        str | None,
        typer.Option(
            "--indicator", metavar="ID", help="Show one indicator with its sources and weights."
        ),
    ] = None,
    lang: Lang = SOURCE,
) -> None:
    """Show a list by section, or everything about one indicator.

    Example: screening checklist show kosovo --indicator parent_directs_child_begging
    """
    checklist = load_checklist(name)
    texts = checklist.texts(lang)
    if indicator:
        _show_one(checklist, indicator, lang)
        return warn_of_english(texts)
    typer.secho(
        f"{texts.get('list', 'main', 'title')} ({checklist.id} {checklist.version},"
        f" {checklist.role})",
        bold=True,
    )
    typer.echo(paragraph(texts.get("list", "main", "about")))
    weights = load_weights(checklist)
    typer.echo(f"weights in force: {weights.id} ({weights.standing})")
    for section, ids in checklist.sections.items():
        typer.echo()
        typer.secho(texts.get("sections", section, "title"), bold=True)
        rows = []
        for key in ids:
            i = checklist.indicators[key]
            points = _numbers(weights)(key)
            rows.append(
                (key, i.element, points, _role(checklist, weights, key), texts.statement(key))
            )
        typer.echo(columns(rows, ("id", "element", "adult/child", "carries", "statement")))
    _show_lines(checklist, weights, texts)
    _show_needs(checklist, texts)
    warn_of_english(texts)


def _role(checklist: Checklist, weights: WeightSet, key: str) -> str:
    """What a sign can carry, for an adult and a child: `alone`, `telling`, `soft`; `-` where the
    list's own rules decide or it gives no points.
    """
    found = []
    for p in CASE_PROFILES:
        scale = weights.scale(checklist, p)
        if scale.line is None or not scale.points.get(key):
            found.append("-")
        elif key in scale.alone:
            found.append("alone")
        else:
            found.append("telling" if any(key in fact for fact in scale.telling) else "soft")
    return found[0] if found[0] == found[1] else "/".join(found)


def _show_lines(checklist: Checklist, weights: WeightSet, texts: Texts) -> None:
    """What stands beside the numbers: the line, what is telling, what decides alone and why, what
    counts once, and the circumstances.
    """
    if not weights.lines:
        return
    scales = {p: weights.scale(checklist, p) for p in CASE_PROFILES}

    def both(number: Callable[[Profile], object]) -> str:
        return ", ".join(f"{p} {number(p)}" for p in CASE_PROFILES)

    typer.echo()
    typer.secho("What decides", bold=True)
    rows = [
        ("refer, from points", both(lambda p: scales[p].line)),
        ("telling, from points", both(lambda p: weights.lines[p].telling)),
        ("all soft signs together, at most", both(lambda p: scales[p].most)),
    ]
    typer.echo(columns(rows, ("", "")).lstrip())
    numbers = _numbers(weights)
    alone = [i for i in checklist.indicators if any(i in s.alone for s in scales.values())]
    if alone:
        typer.echo()
        typer.secho("Reaches the line alone, and why", bold=True)
    for key in alone:
        who = [p for p in CASE_PROFILES if key in scales[p].alone]
        why = next(weights.lines[p].alone.get(key, "") for p in who)
        typer.echo(paragraph(f"{key} ({', '.join(who)}; {numbers(key)}): {why}", "", "  "))
    if checklist.one_fact:
        typer.echo()
        typer.secho("One fact: of these the weightiest counts, once (adult/child)", bold=True)
    for fact in checklist.one_fact:
        typer.echo(
            paragraph(f"{fact.id}: " + ", ".join(f"{i} {numbers(i)}" for i in fact.signs), "", "  ")
        )
    hard = [i.id for i in checklist.indicators.values() if i.nature == "circumstance"]
    if hard:
        typer.echo()
        typer.secho("Circumstances that poverty shares (adult/child): they open needs", bold=True)
        typer.echo(paragraph(", ".join(f"{i} {numbers(i)}" for i in hard), "", "  "))


def _say_alone(checklist: Checklist) -> None:
    """Which signs reach the line alone, with their numbers: a list stands or falls with these."""
    weights = load_weights(checklist)
    alone = [
        f"{key} ({p} {weights.points[p][key]})"
        for p, lines in weights.lines.items()
        for key in checklist.indicators
        if key in lines.alone
    ]
    if alone:
        told = f"{checklist.id}, {weights.id}: reach the line alone: {', '.join(alone)}"
        typer.echo(paragraph(told, "", "  "), err=True)


def _numbers(weights: WeightSet) -> Callable[[str], str]:
    """A sign's numbers as adult/child; `-` where it does not apply."""
    return lambda key: "/".join(str(weights.points[p].get(key, "-")) for p in CASE_PROFILES)


def _show_needs(checklist: Checklist, texts: Texts) -> None:
    """What a person is owed whatever the finding: who, by when, what opens it."""
    if not checklist.needs:
        return
    typer.echo()
    typer.secho("Needs: owed whatever the finding, opened by any one of their signs", bold=True)
    for need in checklist.needs:
        who = texts.get("roles", need.who, "name")
        typer.echo(f"{need.id}: {texts.get('needs', need.id, 'name')}; {who}, {need.within}")
        typer.echo(paragraph(", ".join(need.indicators), "  "))


def _show_one(checklist: Checklist, key: str, lang: str) -> None:
    if key not in checklist.indicators:
        raise KnowledgeError(
            "K120.indicator_not_in_list",
            near=nearest(key, checklist.indicators),
            indicator=key,
            checklist=checklist.id,
        )
    i, texts, say, weights = (
        checklist.indicators[key],
        checklist.texts(lang),
        words(lang),
        load_weights(checklist),
    )
    rows = [
        ("id", key),
        ("statement", texts.statement(key)),
        ("section", checklist.section_of(key)),
        ("dimension", i.dimension),
        ("element", i.element),
        ("applies to", i.applies_to),
        ("forms", ", ".join(i.forms) or "-"),
    ]
    for p in CASE_PROFILES:
        if i.applies(p):
            rows.append(
                (
                    say("child") if p == "child" else say("adult"),
                    (
                        f"{i.strength_for(p) or '-'}, {weights.points[p][key]} ({weights.id});"
                        f" {i.mode_for(p)}: {texts.prompt(key, i.mode_for(p), p)}"
                    ),
                )
            )
    if weights.lines:
        rows.append(("carries", _role(checklist, weights, key)))
    rows += [
        ("reaches the line alone", f"{p}: {lines.alone[key]}")
        for p, lines in weights.lines.items()
        if key in lines.alone
    ]
    rows += [
        ("one fact with", ", ".join(k for k in fact.signs if k != key))
        for fact in checklist.one_fact
        if key in fact.signs
    ]
    opened = [texts.get("needs", n.id, "name") for n in checklist.needs if key in n.indicators]
    rows += [("opens the needs", "; ".join(opened))] if opened else []
    help_ = texts.get("indicators", key, "help")
    rows += [("help", help_)] if help_ else []
    rows += [
        ("strength basis", i.strength_basis),
        ("kosovo_ref", i.kosovo_ref or "(empty: the official text has not been read)"),
    ]
    rows += [
        ("source", f"{c['title']}{', ' + c['at'] if c['at'] else ''} ({c['status']})")
        for c in checklist.cited(i.sources)
    ]
    lead = max(len(r[0]) for r in rows) + 2
    for label, text in rows:
        typer.echo(paragraph(text, label.ljust(lead), " " * lead))


def lint(
    checklist: Annotated[
        str | None,
        typer.Argument(
            metavar="LIST",
            help="The id of a bundled list, or a list's folder. Default: every bundled list.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 2 if anything is found.")
    ] = False,
) -> None:
    """Report what a list may contain but should not, such as translations that are out of date.

    Example: screening checklist lint kosovo --strict
    """
    from screening.checklist.lint import lint as find

    names = [checklist] if checklist else catalogue_ids()
    found = [w for name in names for w in find(load_checklist(name), date.today())]
    for warning in found:
        typer.echo(str(warning))
    for name in names:
        _say_alone(load_checklist(name))
    typer.echo(
        f"{len(names)} list{'s' if len(names) != 1 else ''} checked, {len(found)}"
        f" thing{'s' if len(found) != 1 else ''} to look at",
        err=True,
    )
    if found and strict:
        raise typer.Exit(2)


def diff(
    before: ListId,
    after: ListId,
    weights_before: Annotated[
        str | None, typer.Option("--weights-before", metavar="ID", help="Weight set of the first.")
    ] = None,
    weights_after: Annotated[
        str | None, typer.Option("--weights-after", metavar="ID", help="Weight set of the second.")
    ] = None,
) -> None:
    """Compare two lists, or two weight sets of one list.

    Example: screening checklist diff kosovo kosovo-street
    """
    from screening.checklist.compare import compare

    one, two = load_checklist(before), load_checklist(after)
    changes = compare(one, two, load_weights(one, weights_before), load_weights(two, weights_after))
    for change in changes:
        typer.echo(str(change))
    typer.echo(f"{len(changes)} difference{'s' if len(changes) != 1 else ''}", err=True)


def export_(
    name: ListId,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="A workbook to fill in (.xlsx) or a card to print (.html).",
        ),
    ],
    lang: Lang = SOURCE,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace OUT if it exists.")
    ] = False,
    station: StationFile = None,
) -> None:
    """Export a list as a workbook for the official references and texts, or as a card to print.

    Example: screening checklist export kosovo-street -o card.html --lang sq
    """
    checklist = load_checklist(name)
    suffix = output.suffix.lower()
    if suffix == ".xlsx":
        from screening.tables.listbook import export_book

        export_book(checklist, output, overwrite=overwrite)
    elif suffix in (".html", ".htm"):
        from screening.contacts import contacts
        from screening.files.atomic import OutputFile
        from screening.paper.street_card import card_html

        page = card_html(checklist, contacts(checklist, lang, station, date.today()), lang)
        with OutputFile(output, overwrite=overwrite) as out:
            out.write(page.encode())
    else:
        raise UsageError("U307.listing_suffix", place=str(output))
    typer.echo(f"written: {output}", err=True)


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A workbook with columns kosovo_ref, text_en, text_sq, text_sr and, if known, id.",
        ),
    ],
    into: Annotated[
        str,
        typer.Option(
            "--into",
            metavar="LIST",
            help="The list whose indicators are matched with the official text.",
        ),
    ] = DEFAULT_LIST,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Folder for the new list: ours with the official references and words.",
        ),
    ] = None,
) -> None:
    """Match an official text with our indicators: what matches, what is new, what is missing.

    Example: screening checklist import official.xlsx --into kosovo -o kosovo-official
    """
    from screening.tables.listbook import match, read_book, write_list

    checklist = load_checklist(into)
    found = match(checklist, read_book(file))
    typer.echo(f"matched: {len(found.matched)} of our {len(checklist.indicators)} indicators")
    typer.echo(
        f"new:     {len(found.new)} official rows that match none of ours; they are not scored"
        " until a person gives them a place"
    )
    for row, near in found.new:
        hint = f"  (nearest of ours: {near})" if near else ""
        typer.echo(f"  row {row.row}, {row.ref}: {next(iter(row.words.values()), '')}{hint}")
    typer.echo(
        f"missing: {len(found.missing)} of our indicators that the official text does not name"
    )
    typer.echo(paragraph(", ".join(found.missing), "  "))
    if output:
        made = write_list(checklist, found, output, file.name, date.today())
        typer.echo(
            f"written: {output} (list {made.id}, rests on {made.catalogue}); use it with"
            f" --checklist {output}",
            err=True,
        )
    else:
        typer.echo(
            "nothing was written; give --output FOLDER for a list with the official references and"
            " words",
            err=True,
        )
