"""Invented cases from disk: one file a set, and beside it the same in other languages."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from screening.checklist.loader import read_file, same_id
from screening.checklist.model import Checklist, Vignettes
from screening.checklist.retired import told
from screening.checklist.schema import FINDINGS, Finding
from screening.checklist.vignettefiles import (
    Need,
    Reading,
    ReadingsFile,
    Vignette,
    VignettesFile,
    VignetteTextsFile,
    VignetteWords,
)
from screening.checklist.yamlfile import Doc
from screening.errors import KnowledgeError, nearest
from screening.i18n import SOURCE, WRITTEN

__all__ = [
    "key_finding",
    "key_needs",
    "load_vignettes",
    "teaches",
    "teaching_sets",
    "vignette_ids",
]


def load_vignettes(checklist: Checklist, name: str) -> Vignettes:
    """The invented cases in `vignettes/<name>.yaml`."""
    path = checklist.folder / "vignettes" / f"{name}.yaml"
    doc, file = read_file(path, VignettesFile)
    same_id(file.id, path, doc)
    seen: set[str] = set()
    for n, case in enumerate(file.cases):
        if case.id in seen:
            raise KnowledgeError(
                "K113.case_twice", place=doc.place(("cases", n, "id")), case=case.id
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
            found = _translation(translated, file, language)
            words[language], titles[language] = found.cases, found.title
            draft |= {language} if found.status == "draft" else set()
    readings = _readings(path, file)
    keys = readings if file.keys_from == "readers" else None
    return Vignettes(
        file.id,
        file.about,
        file.compare_with,
        file.explain,
        tuple(_keyed(_as_now(case, checklist), checklist.id, keys) for case in file.cases),
        words,
        frozenset(draft),
        titles,
        file.keys_from,
        readings,
    )


def _as_now(case: Vignette, checklist: Checklist) -> Vignette:
    """A case under the ids of today."""
    if checklist.retired.keys().isdisjoint((*case.answers, *case.not_put)):
        return case
    answers = told(case.to_case().answers, checklist.retired, case.id)
    return case.model_copy(
        update={
            "answers": {i: str(r.answer) for i, r in answers.items()},
            "not_put": list(dict.fromkeys(map(checklist.current, case.not_put))),
        }
    )


def key_finding(readings: Sequence[Reading]) -> Finding:
    """The key that follows from readings: the middle one, the higher of two middle ones."""
    ordered = sorted(FINDINGS.index(r.finding) for r in readings)
    return FINDINGS[ordered[len(ordered) // 2]]


def key_needs(readings: Sequence[Reading]) -> tuple[Need, ...]:
    """The needs that more than half of the readers name, in the order of their first mention."""
    named = Counter(need for r in readings for need in dict.fromkeys(r.needs))
    return tuple(need for need, n in named.items() if 2 * n > len(readings))


def _keyed(case: Vignette, list_id: str, readings: ReadingsFile | None) -> Vignette:
    """A case with the key that its readings make; as it is where nobody has read it."""
    if readings is None or case.id not in readings.cases:
        return case
    found = key_finding(readings.cases[case.id])
    return case.model_copy(update={"expected": case.expected | {list_id: found}})


def _readings(path: Path, file: VignettesFile) -> ReadingsFile | None:
    """The readings that lie beside a set; none until somebody has read it."""
    place = path.parent / "readings" / path.name
    if not os.path.lexists(place):
        return None
    doc, found = read_file(place, ReadingsFile)
    same_id(found.id, place, doc)
    cases, readers = {case.id for case in file.cases}, {reader.id for reader in found.readers}
    for key, given in found.cases.items():
        if key not in cases:
            raise KnowledgeError(
                "K120.case_unknown",
                place=doc.place(("cases", key)),
                near=nearest(key, cases),
                case=key,
                path=path.name,
            )
        named = [reading.reader for reading in given]
        if len(set(named)) < len(named) or not set(named) <= readers:
            raise KnowledgeError("K120.readers_of_case", place=doc.place(("cases", key)), case=key)
    return found


def _check_case(checklist: Checklist, file: VignettesFile, n: int, doc: Doc) -> None:
    """What a case names is in the list, is answered or left out but not both; twins name each
    other; a key stands here where rules made it, and nowhere but in the readings otherwise.
    """
    case = file.cases[n]
    for field in ("expected", "why"):
        if file.keys_from == "rules" and not getattr(case, field):
            raise KnowledgeError("K106.key_missing", place=doc.place(("cases", n)), name=field)
    if file.keys_from == "readers" and case.expected:
        raise KnowledgeError("K120.key_of_readers", place=doc.place(("cases", n, "expected")))
    for key in case.answers:
        if checklist.current(key) not in checklist.indicators:
            raise KnowledgeError(
                "K120.indicator_unknown",
                place=doc.place(("cases", n, "answers", key)),
                near=nearest(key, checklist.indicators),
                indicator=key,
            )
    for at, key in enumerate(case.not_put):
        now = checklist.current(key)
        if now not in checklist.indicators or now in map(checklist.current, case.answers):
            answered = now in checklist.indicators
            raise KnowledgeError(
                "K120.indicator_answered" if answered else "K120.indicator_unknown",
                place=doc.place(("cases", n, "not_put", at)),
                near="" if answered else nearest(key, checklist.indicators),
                indicator=key,
            )
    twin = next((other for other in file.cases if other.id == case.twin), None)
    if case.twin and (twin is None or twin.twin != case.id):
        raise KnowledgeError(
            "K120.twin",
            place=doc.place(("cases", n, "twin")),
            twin=case.twin,
            case=case.id,
        )


def _translation(path: Path, file: VignettesFile, language: str) -> VignetteTextsFile:
    """The words of a set in another language; of its cases only, and whole for each of them."""
    doc, found = read_file(path, VignetteTextsFile)
    if (found.id, found.language) != (file.id, language):
        raise KnowledgeError(
            "K112.vignettes_and_file",
            place=doc.place(("id",)),
            own=found.id,
            language=found.language,
            folder=language,
            path=path.name,
        )
    cases = {case.id: case for case in file.cases}
    for key, words in found.cases.items():
        if key not in cases:
            raise KnowledgeError(
                "K120.case_unknown",
                place=doc.place(("cases", key)),
                near=nearest(key, cases),
                case=key,
                path=path.name,
            )
        for field in cases[key].words():
            if not getattr(words, field):
                raise KnowledgeError(
                    "K106.key_missing", place=doc.place(("cases", key)), name=field
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
