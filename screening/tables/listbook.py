"""A list as a workbook, out and in: how the official text takes the place of the reconstruction.

`export_book` writes every indicator with an empty column `kosovo_ref` and columns for the official
words. Someone who has the official text fills them in - or sends a workbook of their own with the
same column names. `read_book` takes it in, `match` maps it to our indicators, and `write_list`
makes a list of its own from ours: the same signs and rules, the official references and words. Ours
is never changed.
"""

from __future__ import annotations

import difflib
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from screening.checklist import load_checklist, load_weights
from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.checklist.texts import fingerprint
from screening.checklist.yamlfile import dump_yaml, read_yaml
from screening.errors import CaseError, KnowledgeError, UsageError, nearest
from screening.files.atomic import OutputFile
from screening.i18n import SOURCE, WRITTEN
from screening.names import Names
from screening.tables.fillin import add_sheet, new_book
from screening.tables.layout import letter
from screening.tables.xlsxfile import Sheet, read_sheets

__all__ = ["COLUMNS", "Match", "OfficialRow", "export_book", "match", "read_book", "write_list"]

COLUMNS = (
    "id",
    "section",
    "mode",
    *(f"statement_{lang}" for lang in WRITTEN),
    "kosovo_ref",
    *(f"text_{lang}" for lang in WRITTEN),
)
_TEXTS = tuple(f"text_{lang}" for lang in WRITTEN)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?")  # what a spreadsheet made of 4.2
_NAMES = Names(COLUMNS)
_ALIKE = 0.5  # similarity at which one of our statements is offered for an unmatched row


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """One row of the official text: its reference, its words by language, and our id if somebody
    wrote it beside.
    """

    row: int
    ref: str
    words: dict[str, str]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What the official text and our list have in common.

    matched : official row by our id; new : official rows without one, each with our nearest
        statement ("" for none);
    missing : our ids that no official row names
    """

    matched: dict[str, OfficialRow]
    new: tuple[tuple[OfficialRow, str], ...]
    missing: tuple[str, ...]


def export_book(checklist: Checklist, path: Path, *, overwrite: bool = False) -> None:
    """The workbook to fill in. `UsageError` U302, U303 when it cannot be written."""
    book = new_book()
    by_language = {lang: checklist.texts(lang) for lang in WRITTEN}
    rows = []
    for indicator in checklist.indicators.values():
        modes = dict.fromkeys(
            m for p in CASE_PROFILES if indicator.applies(p) for m in [indicator.mode_for(p)]
        )
        rows.append(
            (
                indicator.id,
                checklist.section_of(indicator.id),
                ", ".join(modes),
                *(by_language[lang].statement(indicator.id) for lang in WRITTEN),
                indicator.kosovo_ref,
                *[""] * len(WRITTEN),
            )
        )
    add_sheet(
        book,
        "list",
        COLUMNS,
        rows,
        widths=(30, 18, 16, *[48] * len(WRITTEN), 14, *[48] * len(WRITTEN)),
        freeze="D2",
        fillable=range(7, len(COLUMNS) + 1),
    )
    with OutputFile(path, overwrite=overwrite) as out:
        book.save(out)


def read_book(path: Path) -> list[OfficialRow]:
    """The rows of an official text, on all sheets that have its columns.

    `K141` where a column is missing, a reference is missing, a date or there twice; `C201` where
    rows are on a hidden sheet.
    """
    sheets = [sheet for sheet in read_sheets(path, _is_header, as_shown=True) if sheet.rows]
    found: list[OfficialRow] = []
    seen: dict[str, str] = {}
    for sheet in sheets:
        if _is_header(sheet.rows[0][1]):
            place = path.name if len(sheets) == 1 else f"{path.name}, sheet {sheet.title}"
            if not sheet.shown:
                raise CaseError("C201.hidden_list", place=path.name, title=sheet.title)
            found += _official(sheet, place, seen)
    if not any(_is_header(sheet.rows[0][1]) for sheet in sheets):
        number = sheets[0].rows[0][0] if sheets else 1
        place = f"{path.name}, row {number}"
        raise KnowledgeError("K141.columns_missing", place=place, columns=_TEXTS)
    if not found:
        raise KnowledgeError("K141.no_rows", place=path.name)
    return found


def _is_header(cells: Sequence[str]) -> bool:
    names = _NAMES.columns(cells).at.keys()
    return "kosovo_ref" in names and not names.isdisjoint(_TEXTS)


def _official(sheet: Sheet, place: str, seen: dict[str, str]) -> Iterator[OfficialRow]:
    """The rows of one sheet; `seen` is where each reference was."""
    columns = _columns(sheet.rows[0][1], f"{place}, row {sheet.rows[0][0]}")
    for number, cells in sheet.rows[1:]:

        def cell(name: str, cells: Sequence[str] = cells) -> str:
            return (
                cells[columns[name]].strip().removeprefix("'")
                if name in columns and columns[name] < len(cells)
                else ""
            )

        ref, words = (
            cell("kosovo_ref"),
            {lang: cell(f"text_{lang}") for lang in WRITTEN if cell(f"text_{lang}")},
        )
        if not ref and not words:
            continue
        row = f"{place}, row {number}"
        if not ref:
            raise KnowledgeError("K141.ref_missing", place=row)
        if _DAY.fullmatch(ref):
            raise KnowledgeError("K141.ref_is_date", place=row, ref=ref)
        if ref in seen:
            raise KnowledgeError("K141.ref_twice", place=row, ref=ref, first=seen[ref])
        seen[ref] = str(number) if place.count(",") == 0 else f"{number} ({sheet.title})"
        yield OfficialRow(number, ref, words, cell("id"))


def _columns(header: Sequence[str], place: str) -> dict[str, int]:
    """Positions of the columns by name; `K141` for one that stands twice, or is only near a name,
    whose words would be lost.
    """
    found = _NAMES.columns(header)
    for name, first, second in found.twice:
        both = f"{letter(first)} and {letter(second)}"
        raise KnowledgeError("K141.column_twice", place=place, column=name, both=both)
    for position, meant in found.near:
        raise KnowledgeError(
            "K141.column_near", place=place, column=header[position].strip(), meant=meant
        )
    return dict(found.at)


def match(checklist: Checklist, rows: Iterable[OfficialRow]) -> Match:
    """By our `kosovo_ref` first, then by the id written beside; the rest is new.

    `K141` for an id we do not have, or one named twice.
    """
    by_ref = {i.kosovo_ref: i.id for i in checklist.indicators.values() if i.kosovo_ref}
    matched: dict[str, OfficialRow] = {}
    new: list[tuple[OfficialRow, str]] = []
    for row in rows:
        key = by_ref.get(row.ref, row.id)
        if key and key not in checklist.indicators:
            raise KnowledgeError(
                "K141.id_unknown",
                place=f"row {row.row}",
                near=nearest(key, checklist.indicators),
                indicator=key,
                checklist=checklist.id,
            )
        if key in matched:
            raise KnowledgeError(
                "K141.matched_twice",
                place=f"row {row.row}",
                indicator=key,
                first=matched[key].row,
            )
        if key:
            matched[key] = row
        else:
            new.append((row, _nearest(checklist, row)))
    return Match(matched, tuple(new), tuple(i for i in checklist.indicators if i not in matched))


def _nearest(checklist: Checklist, row: OfficialRow) -> str:
    best, score = "", _ALIKE
    for lang, words in row.words.items():
        texts = checklist.texts(lang)
        for key in checklist.indicators:
            ratio = difflib.SequenceMatcher(
                None, words.lower(), texts.statement(key).lower()
            ).ratio()
            if ratio > score:
                best, score = key, ratio
    return best


def write_list(
    checklist: Checklist, found: Match, folder: Path, source: str, today: date
) -> Checklist:
    """Write the list with the official references and words to a new folder, and load it as proof
    that it stands.

    The new list names ours as its catalogue, so it holds only what differs. Official rows that
    match nothing are not scored: they need a dimension, an element and a strength, which only a
    person can give.
    """
    if folder.exists():
        raise UsageError("U302.folder_exists", place=str(folder))
    if checklist.catalogue:
        raise UsageError(
            "U305.import_into_catalogue", checklist=checklist.id, catalogue=checklist.catalogue
        )
    head = dict(read_yaml(checklist.folder / "checklist.yaml", "checklist.yaml").data)
    note = (
        f"Official references and words from {source}, taken in on {today.isoformat()}; signs,"
        f" strengths and rules as in {checklist.id} {checklist.version}."
    )
    weights = load_weights(checklist)
    head.update(
        weights=weights.id,
        id=folder.name,
        version=today.strftime("%Y.%m.%d"),
        catalogue=checklist.id,
        authority=note,
    )
    files: dict[str, Any] = {
        "checklist.yaml": head,
        "pathway.yaml": read_yaml(checklist.folder / "pathway.yaml", "pathway.yaml").data,
    }
    for section, ids in checklist.sections.items():
        entries = [
            {"id": i, **({"kosovo_ref": found.matched[i].ref} if i in found.matched else {})}
            for i in ids
        ]
        files[f"sections/{section}.yaml"] = {
            "format": "1",
            "section": section,
            "indicators": entries,
        }
    files[f"weights/{weights.id}.yaml"] = read_yaml(
        checklist.folder / "weights" / f"{weights.id}.yaml", "weights"
    ).data | {"checklist": folder.name}
    english = _entries(checklist, found, SOURCE)
    for lang in WRITTEN:
        official = _entries(checklist, found, lang)
        if lang != SOURCE:
            for key, entry in official.items():
                entry["of"] = fingerprint(
                    english.get(key) or checklist.texts(SOURCE).groups["indicators"][key]
                )
        if official:
            files[f"texts/{lang}.yaml"] = {
                "format": "1",
                "language": lang,
                "status": "source" if lang == SOURCE else "reviewed",
                "note": note,
                "indicators": official,
            }
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".import-") as beside:
        made = Path(beside) / folder.name
        for name, data in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dump_yaml(data), encoding="utf-8")
        load_weights(load_checklist(made))  # before anything shows under the final name
        shutil.move(made, folder)
    return load_checklist(folder)


def _entries(checklist: Checklist, found: Match, lang: str) -> dict[str, dict[str, str]]:
    """Our words with the official statement in place of ours."""
    groups = checklist.texts(lang).groups["indicators"]
    return {
        key: (
            {k: v for k, v in groups.get(key, {}).items() if k != "of"}
            | {"statement": row.words[lang]}
        )
        for key, row in found.matched.items()
        if lang in row.words
    }
