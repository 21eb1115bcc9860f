"""Bodies of `checklist show`, `export` and `import`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

from screening.checklist import Checklist, load_checklist, load_weights
from screening.checklist.schema import CASE_PROFILES
from screening.cli.terminal import columns, paragraph
from screening.errors import KnowledgeError, UsageError, nearest
from screening.i18n import LANGUAGES, words

__all__ = ["export", "import_", "show"]


def _language(lang: str) -> str:
    if lang not in LANGUAGES:
        raise UsageError("U305.language_unknown", lang=lang, languages=LANGUAGES)
    return lang


def show(name: str, indicator: str | None, lang: str) -> None:
    checklist = load_checklist(name)
    texts = checklist.texts(_language(lang))
    if indicator:
        _show_one(checklist, indicator, lang)
        return
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
            points = "/".join(
                "-" if weights.points[p].get(key) is None else str(weights.points[p][key])
                for p in CASE_PROFILES
            )
            rows.append((key, i.element, points, texts.statement(key)))
        typer.echo(columns(rows, ("id", "element", "adult/child", "statement")))


def _show_one(checklist: Checklist, key: str, lang: str) -> None:
    if key not in checklist.indicators:
        raise KnowledgeError(
            "K120.indicator_not_list_2",
            near=nearest(key, checklist.indicators),
            key_=key,
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
                        f" {i.mode_for(p)}: {texts.prompt(key, i.mode_for(p))}"
                    ),
                )
            )
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


def export(name: str, output: Path, lang: str, overwrite: bool) -> None:
    checklist = load_checklist(name)
    suffix = output.suffix.lower()
    if suffix == ".xlsx":
        from screening.tables.listbook import export_book

        export_book(checklist, output, overwrite=overwrite)
    elif suffix in (".html", ".htm"):
        from screening.files.atomic import OutputFile
        from screening.paper.street_card import card_html

        page = card_html(checklist, _language(lang))
        with OutputFile(output, overwrite=overwrite) as out:
            out.write(page.encode())
    else:
        raise UsageError("U307.listing_suffix", place=str(output))
    typer.echo(f"written: {output}", err=True)


def import_(file: Path, into: str, output: Path | None) -> None:
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
