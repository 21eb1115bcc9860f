"""Invented cases from disk: one file a set, and beside it the same in other languages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from screening.checklist.loader import read_file, same_id
from screening.checklist.model import Checklist, Vignettes
from screening.checklist.vignettefiles import (
    Vignette,
    VignettesFile,
    VignetteTextsFile,
    VignetteWords,
)
from screening.checklist.yamlfile import Doc
from screening.errors import KnowledgeError, nearest
from screening.i18n import SOURCE, WRITTEN

__all__ = ["load_vignettes", "teaches", "teaching_sets", "vignette_ids"]


def load_vignettes(checklist: Checklist, name: str) -> Vignettes:
    """The invented cases in `vignettes/<name>.yaml`."""
    path = checklist.folder / "vignettes" / f"{name}.yaml"
    doc, file = read_file(path, VignettesFile)
    same_id(file.id, path, doc)
    seen: set[str] = set()
    for n, case in enumerate(file.cases):
        if case.id in seen:
            raise KnowledgeError(
                "K113.case_stands_twice", place=doc.place(("cases", n, "id")), case=case.id
            )
        seen.add(case.id)
        _check_case(checklist, file, n, doc)
    words: dict[str, dict[str, VignetteWords]] = {}
    draft, titles = set(), {SOURCE: file.title}
    for language in WRITTEN:
        if language == SOURCE:
            continue
        translated = path.parent / language / path.name
        if os.path.lexists(translated):
            found = _translation(translated, file.id, language, seen)
            words[language], titles[language] = found.cases, found.title
            draft |= {language} if found.status == "draft" else set()
    return Vignettes(
        file.id,
        file.about,
        file.compare_with,
        file.explain,
        tuple(file.cases),
        words,
        frozenset(draft),
        titles,
    )


def _check_case(checklist: Checklist, file: VignettesFile, n: int, doc: Doc) -> None:
    """What a case names is in the list, is answered or left out but not both; twins name each
    other.
    """
    case = file.cases[n]
    for key in case.answers:
        if key not in checklist.indicators:
            raise KnowledgeError(
                "K120.indicator_not_list",
                place=doc.place(("cases", n, "answers", key)),
                near=nearest(key, checklist.indicators),
                key_=key,
            )
    for at, key in enumerate(case.not_put):
        if key not in checklist.indicators or key in case.answers:
            problem = "is answered here" if key in case.answers else "is not in this list"
            raise KnowledgeError(
                "K120.indicator",
                place=doc.place(("cases", n, "not_put", at)),
                key_=key,
                problem_=problem,
            )
    twin = next((other for other in file.cases if other.id == case.twin), None)
    if case.twin and (twin is None or twin.twin != case.id):
        raise KnowledgeError(
            "K120.twin_not_name_own",
            place=doc.place(("cases", n, "twin")),
            twin=case.twin,
            case=case.id,
        )


def _translation(path: Path, set_id: str, language: str, cases: set[str]) -> VignetteTextsFile:
    """The words of a set in another language; of its cases only."""
    doc, found = read_file(path, VignetteTextsFile)
    if (found.id, found.language) != (set_id, language):
        raise KnowledgeError(
            "K112.id_language_file_named",
            place=doc.place(("id",)),
            found=found.id,
            language=found.language,
            language_2=language,
            path=path.name,
        )
    for key in found.cases:
        if key not in cases:
            raise KnowledgeError(
                "K120.case_not",
                place=doc.place(("cases", key)),
                near=nearest(key, cases),
                key_=key,
                path=path.name,
            )
    return found


def vignette_ids(checklist: Checklist) -> list[str]:
    """The sets of invented cases that lie beside a list."""
    return sorted(p.stem for p in (checklist.folder / "vignettes").glob("*.yaml"))


def teaches(vignette: Vignette, checklist: Checklist) -> bool:
    """Whether a case was made to teach with: it has a title, a tempting mistake and a key for this
    list.

    Held-out ones never teach.
    """
    return (
        vignette.held_out == "no"
        and bool(vignette.title)
        and vignette.mistake is not None
        and checklist.id in vignette.expected
    )


def teaching_sets(checklist: Checklist, names: Sequence[str] = ()) -> list[Vignettes]:
    """The sets that are named, or those with cases that teach; none where the list has none
    such.
    """
    found = [load_vignettes(checklist, name) for name in names or vignette_ids(checklist)]
    return found if names else [s for s in found if any(teaches(v, checklist) for v in s.cases)]
