"""Lists from disk, strictly: either the whole list stands, or one error says where it does not.

A list is a folder under `indicators/`. One that names a `catalogue` takes indicators, sources and
words from that list and says only what differs. This is the only part of the core that touches the
disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from screening.answers import Profile
from screening.checklist import crosscheck
from screening.checklist.model import Checklist, RuleSet
from screening.checklist.rules import Fault, Resolved, resolve
from screening.checklist.schema import (
    CASE_PROFILES,
    LANGUAGE,
    LEVELS,
    ChecklistFile,
    Indicator,
    Level,
    MappingFile,
    Model,
    Need,
    NeedsFile,
    PathwayFile,
    PerProfile,
    RulesFile,
    SectionFile,
    Source,
    SourcesFile,
    TextsFile,
)
from screening.checklist.texts import AROUND, GROUPS, Texts
from screening.checklist.weightfiles import ActivationsFile, WeightsFile
from screening.checklist.yamlfile import Doc, Route, read_yaml
from screening.errors import KnowledgeError, nearest
from screening.i18n import LANGUAGES, SOURCE

__all__ = [
    "DEFAULT_LIST",
    "catalogue_ids",
    "data_folder",
    "is_file",
    "load_checklist",
    "load_mapping",
    "read_file",
    "rules_of",
    "same_id",
    "sha256_of",
    "typed",
]

M = TypeVar("M", bound=Model)

DEFAULT_LIST = "kosovo"  # used when nobody names one; nothing else in code knows a list's name


def data_folder(kind: str) -> Path:
    """`indicators` or `models`: inside an installed package, or beside it in a checkout."""
    package = Path(str(files("screening")))
    installed = package / "_data" / kind
    return installed if installed.is_dir() else package.parent / kind


def catalogue_ids() -> list[str]:
    """The ids of the bundled lists."""
    return sorted(p.parent.name for p in data_folder("indicators").glob("*/checklist.yaml"))


def find_list(ref: str | Path) -> Path:
    """The folder of a list: a bundled id, or a path to a folder that holds a checklist.yaml."""
    bundled = data_folder("indicators") / str(ref)
    if "/" not in str(ref) and "\\" not in str(ref) and is_file(bundled / "checklist.yaml"):
        return bundled
    given = Path(ref)
    if is_file(given / "checklist.yaml"):
        return given
    raise KnowledgeError(
        "K110.list_unknown",
        near=nearest(str(ref), catalogue_ids()),
        ref=str(ref),
        known=catalogue_ids(),
    )


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have, or a folder that may not be read,
    has none.
    """
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def load_checklist(ref: str | Path = DEFAULT_LIST) -> Checklist:
    """Load a list by id or folder.

    Raises
    ------
    KnowledgeError : with file, place, problem and remedy; nothing is ever half loaded
    """
    folder = find_list(ref)
    parts = _Parts(folder)
    head = parts.head
    kinds = {d.id: d.kind for d in head.dimensions}
    indicators = parts.indicators.values()
    levels = rules_of(head.rules, indicators, kinds, parts.doc)
    enough = {
        p: _resolved(head.enough_known, p, indicators, kinds, parts.doc, ("enough_known",))
        for p in CASE_PROFILES
    }
    rules = {p: RuleSet(levels[p], enough[p]) for p in CASE_PROFILES}
    pathway_doc, pathway = read_file(folder / "pathway.yaml", PathwayFile)
    needs_doc, needs = _needs(parts, {s.id for s in pathway.steps})
    checklist = Checklist(
        id=head.id,
        version=head.version,
        role=head.role,
        authority=head.authority,
        catalogue=head.catalogue,
        weights_in_force=_in_force(folder, head.weights),
        age_doubt=head.age_doubt,
        folder=folder,
        sections=parts.sections,
        dimensions={d.id: d for d in head.dimensions},
        forms=tuple(head.forms),
        indicators=parts.indicators,
        rules=rules,
        steps=tuple(pathway.steps),
        sources=parts.sources,
        sha256=parts.sha256(pathway_doc, needs),
        decides=parts.decides(pathway_doc, needs),
        needs=needs,
        one_fact=tuple(head.states_one_fact),
        retired=parts.retired(),
        read_texts=parts.texts,
    )
    crosscheck.check(checklist, parts.doc, parts.placed, pathway_doc)
    if needs_doc is not None:
        crosscheck.needs(checklist, needs_doc)
    return checklist


def rules_of(
    file: RulesFile, indicators: Iterable[Indicator], kinds: Mapping[str, str], doc: Doc
) -> dict[Profile, dict[Level, Resolved]]:
    """The rules of a list or of a weight set, by profile and level; a `KnowledgeError` with its
    place where one cannot stand.
    """
    return {
        profile: {
            level: _resolved(
                getattr(file, level), profile, indicators, kinds, doc, ("rules", level)
            )
            for level in LEVELS
        }
        for profile in CASE_PROFILES
    }


def _resolved(
    raw: PerProfile,
    profile: Profile,
    indicators: Iterable[Indicator],
    kinds: Mapping[str, str],
    doc: Doc,
    route: Route,
) -> Resolved:
    try:
        return resolve(
            getattr(raw, profile),
            profile,
            indicators,
            kinds,
            answered=route == ("enough_known",),
        )
    except Fault as fault:
        raise fault.at(doc.place((*route, profile, *fault.route))) from None


def _needs(parts: _Parts, steps: set[str]) -> tuple[Doc | None, tuple[Need, ...]]:
    """The list's own needs with their file; else its catalogue's, as far as this list has their
    indicators and steps.
    """
    path = parts.folder / "needs.yaml"
    if os.path.lexists(path):
        doc, file = read_file(path, NeedsFile)
        return doc, tuple(file.needs)
    if parts.base is None:
        return None, ()
    kept = []
    for need in _needs(parts.base, steps)[1]:
        indicators = [i for i in need.indicators if i in parts.indicators]
        if indicators:
            known = [s for s in need.steps if s in steps]
            kept.append(need.model_copy(update={"indicators": indicators, "steps": known}))
    return None, tuple(kept)


def load_mapping(checklist: Checklist, name: str) -> MappingFile:
    """How another organisation's table is read:

    `mappings/<name>.yaml` of the list or of its catalogue.
    """
    folders, ids = [checklist.folder], {*checklist.indicators, *checklist.retired}
    if checklist.catalogue:
        folders.append(_catalogue_folder(checklist.folder, checklist.catalogue))
        ids |= set(_Parts(folders[1]).raw)
    known = sorted({p.stem for f in folders for p in (f / "mappings").glob("*.yaml")})
    for folder in folders:
        path = folder / "mappings" / f"{name}.yaml"
        if is_file(path):
            doc, file = read_file(path, MappingFile)
            same_id(file.id, path, doc)
            crosscheck.mapping(checklist, file, doc, ids)
            rules = [
                r.model_copy(update={"indicators": [checklist.current(i) for i in r.indicators]})
                for r in file.rules
            ]
            return file.model_copy(update={"rules": rules})
    if not known:
        raise KnowledgeError("K110.no_mappings", checklist=checklist.id)
    raise KnowledgeError("K110.mapping_unknown", near=nearest(name, known), name=name, known=known)


def same_id(own: str, path: Path, doc: Doc) -> None:
    """`K112` where a file is not named as its id says."""
    if own != path.stem:
        raise KnowledgeError("K112.id_and_file", place=doc.place(("id",)), own=own, path=path.name)


def _in_force(folder: Path, named: str) -> str:
    """The weight set put in force last (`signed` checks that entry when the set is loaded), or the
    one the list names.
    """
    path = folder / "activations.yaml"
    if os.path.lexists(path):
        entries = read_file(path, ActivationsFile)[1].activations
        return entries[-1].weights if entries else named
    return named


class _Parts:
    """The raw material of one list: head, merged indicators, sources, and its words on demand."""

    def __init__(self, folder: Path, derived: Doc | None = None) -> None:
        self.folder = folder
        self._own_texts: dict[str, TextsFile | None] = {}
        self.doc, self.head = read_file(folder / "checklist.yaml", ChecklistFile)
        if self.head.id != folder.resolve().name:
            raise KnowledgeError(
                "K112.id_and_folder",
                place=self.doc.place(("id",)),
                own=self.head.id,
                folder=folder.resolve().name,
            )
        if self.head.catalogue and derived:
            raise KnowledgeError("K120.catalogue_of_catalogue", place=derived.place(("catalogue",)))
        base_folder = (
            _catalogue_folder(folder, self.head.catalogue, self.doc)
            if self.head.catalogue
            else None
        )
        self.base = _Parts(base_folder, derived=self.doc) if base_folder else None
        self.sources: dict[str, Source] = dict(self.base.sources) if self.base else {}
        if os.path.lexists(folder / "sources.yaml") or not self.base:
            sources_doc, sources_file = read_file(folder / "sources.yaml", SourcesFile)
            own: set[str] = set()
            for n, source in enumerate(sources_file.sources):
                if source.id in own:
                    raise KnowledgeError(
                        "K113.source_twice",
                        place=sources_doc.place(("sources", n, "id")),
                        source=source.id,
                    )
                own.add(source.id)
                self.sources[source.id] = source
        self._read_sections()

    def _read_sections(self) -> None:
        self.indicators: dict[str, Indicator] = {}
        self.sections: dict[str, tuple[str, ...]] = {}
        self.raw: dict[str, Any] = {}
        self.placed: dict[str, tuple[Doc, Route]] = {}
        for n, name in enumerate(self.head.sections):
            if name in self.sections:
                raise KnowledgeError(
                    "K113.section_twice", place=self.doc.place(("sections", n)), section=name
                )
            doc, file = read_file(self.folder / "sections" / f"{name}.yaml", SectionFile)
            if file.section != name:
                raise KnowledgeError(
                    "K112.section_and_file",
                    place=doc.place(("section",)),
                    section=file.section,
                    name=name,
                )
            for k, entry in enumerate(file.indicators):
                self._add(doc, ("indicators", k), entry)
            self.sections[name] = tuple(e["id"] for e in file.indicators)
        for path in sorted((self.folder / "sections").iterdir()):
            if path.name.removesuffix(".yaml") not in self.sections or path.suffix != ".yaml":
                raise KnowledgeError(
                    "K111.section_not_named", place=self.doc.place(("sections",)), path=path.name
                )

    def _add(self, doc: Doc, route: Route, entry: dict[str, Any]) -> None:
        key = entry.get("id")
        if not isinstance(key, str):
            raise KnowledgeError("K106.indicator_id", place=doc.place(route))
        if key in self.indicators:
            other, there = self.placed[key]
            raise KnowledgeError(
                "K113.indicator_twice",
                place=doc.place((*route, "id")),
                indicator=key,
                first=other.place(there),
            )
        inherited = self.base.raw.get(key, {}) if self.base else {}
        if self.base and not inherited and set(entry) == {"id"}:
            raise KnowledgeError(
                "K120.not_in_catalogue",
                place=doc.place((*route, "id")),
                near=nearest(key, self.base.raw),
                catalogue=self.base.head.id,
                indicator=key,
            )
        merged = {**inherited, **entry}
        self.indicators[key] = typed(Indicator, merged, doc, route)
        self.raw[key] = merged
        self.placed[key] = (doc, route)

    def retired(self) -> dict[str, str]:
        """By retired id, what it became: the list's own, and those of its catalogue as far as this
        list has what they became.
        """
        of_base = self.base.head.retired if self.base else ()
        taken = {r.id: r.became for r in of_base if r.became in self.indicators}
        own = {r.id: r.became for r in self.head.retired}
        return {**{i: now for i, now in taken.items() if i not in self.indicators}, **own}

    def own_texts(self, language: str) -> TextsFile | None:
        """This list's own file of words, if it has one.

        English it must have, or a catalogue that does.
        """
        if language not in self._own_texts:
            self._own_texts[language] = self._read_texts(language)
        return self._own_texts[language]

    def _read_texts(self, language: str) -> TextsFile | None:
        path = self.folder / "texts" / f"{language}.yaml"
        if not os.path.lexists(path) and (language != "en" or self.base):
            return None
        doc, file = read_file(path, TextsFile)
        if file.language != language:
            raise KnowledgeError(
                "K112.language_and_file",
                place=doc.place(("language",)),
                language=file.language,
                path=path.name,
            )
        return file

    def texts_raw(self, language: str) -> dict[str, Any]:
        """Words by group and id, own entries over the catalogue's.

        Where this list words the English anew, the catalogue's translation says something else and
        is left out.
        """
        groups: dict[str, dict[str, Any]] = (
            {g: dict(v) for g, v in self.base.texts_raw(language).items()}
            if self.base
            else {g: {} for g in GROUPS}
        )
        english = self.own_texts("en") if self.base and language != "en" else None
        own = self.own_texts(language)
        for group in GROUPS:
            for key in getattr(english, group, ()):
                groups[group].pop(key, None)
            groups[group].update(getattr(own, group, {}))
        return groups

    def texts_status(self, language: str) -> str:
        own = self.own_texts(language)
        return own.status if own else self.base.texts_status(language) if self.base else "source"

    def sha256(self, pathway: Doc, needs: Iterable[Need]) -> str:
        """Over everything a result follows from except the weights; the order of indicators counts,
        that of keys does not.
        """
        sources = [s.model_dump() for s in self.sources.values()]
        words = {g: v for g, v in self.texts_raw(SOURCE).items() if g not in AROUND}
        return sha256_of(
            [
                self.doc.data,
                self.raw,
                list(self.sections.items()),
                sources,
                pathway.data,
                [n.model_dump(mode="json") for n in needs],
                words,
            ]
        )

    def decides(self, pathway: Doc, needs: Iterable[Need]) -> dict[str, str]:
        """The hash of each part of the list that a result follows from, as people sign it.

        Words, citations and the list's version are no part of it: they may be corrected without
        anybody having to sign again.
        """
        head = self.doc.data
        rules = ("rules", "enough_known", "dimensions", "forms", "age_doubt")
        content = {
            "signs": [list(self.sections.items()), self.raw],
            "rules": {key: head.get(key) for key in rules},
            "facts": head.get("states_one_fact", []),
            "needs": [n.model_dump(mode="json") for n in needs],
            "pathway": pathway.data,
        }
        return {part: sha256_of(_uncited(data)) for part, data in content.items()}

    def texts(self, language: str) -> Texts:
        if language not in LANGUAGES:
            raise KnowledgeError("K110.language_unknown", language=language, languages=LANGUAGES)
        fallback = None if language == SOURCE else self.texts(SOURCE)
        words_of = LANGUAGES[language].words_of
        return Texts(language, self.texts_status(words_of), self.texts_raw(words_of), fallback)


def _catalogue_folder(folder: Path, catalogue: str, doc: Doc | None = None) -> Path:
    beside = folder.resolve().parent / catalogue
    try:
        return beside if (beside / "checklist.yaml").is_file() else find_list(catalogue)
    except KnowledgeError as error:
        raise (error.at(doc.place(("catalogue",))) if doc else error) from None


_FOLDERS = (
    "sections",
    "texts",
    "weights",
    "signatures",
    "vignettes",
    "mappings",
    "worlds",
    "references",
    "cases",
)


def read_file(path: Path, model: type[M]) -> tuple[Doc, M]:
    """One knowledge file, typed; a `KnowledgeError` with its place where it cannot stand."""
    beside = path.parent.parent.name == "vignettes"  # in another language, or what readers made
    deep = 4 if beside else 3 if path.parent.name in _FOLDERS else 2
    doc = read_yaml(path, "/".join(path.parts[-deep:]))
    return doc, cast(M, _whole(model, doc))


@lru_cache(maxsize=256)  # as for what was parsed; nobody writes into a model either
def _whole(model: type[Model], doc: Doc) -> Model:
    return typed(model, doc.data, doc, ())


# What pydantic, or a validator of `schema`, calls the fault: the message for it.
_FAULTS = {
    "model_type": "K107.not_keys",
    "dict_type": "K107.not_keys",
    "list_type": "K107.not_list",
    "too_short": "K107.too_few",
    "string_type": "K107.not_text",
    "string_too_long": "K107.too_long",
    "literal_error": "K107.not_choice",
    "empty": "K107.empty",
    "not_whole": "K107.not_whole",
    "not_number": "K107.not_number",
    "not_share": "K107.not_share",
    "not_loading": "K107.not_loading",
    "not_yes_or_no": "K107.not_yes_or_no",
    "not_seed": "K107.not_seed",
    "not_a_date": "K133.not_a_date",
    "not_telephone": "K107.not_telephone",
    "not_seen": "K107.not_seen",
}
_PATTERNS = {
    "^[a-z][a-z0-9_]*$": "K107.not_id",
    "^[a-z0-9][a-z0-9.-]*$": "K107.not_name",
    LANGUAGE: "K107.not_language",
    "^[A-Z][0-9]{2,3}$": "K107.not_case_code",
    r"^https?://\S+$": "K107.not_address",
    "^[0-9]{1,4}[hd]$": "K107.not_deadline",
    "^[0-9a-f]{64}$": "K107.not_sha256",
    "^[0-9a-f]{10}$": "K107.not_fingerprint",
    "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$": "K107.not_key",
    "^[A-Za-z0-9+/]{85}[AQgw]==$": "K107.not_signature",
}


def typed(model: type[M], data: Mapping[str, Any], doc: Doc, route: Route) -> M:
    """The data as a model; the first thing that is wrong becomes one error with its place."""
    try:
        return model.model_validate(data)
    except ValidationError as failed:
        problems = failed.errors(include_url=False, include_context=True)
    first = min(problems, key=lambda e: (e["type"] != "extra_forbidden", e["type"] != "missing"))
    where = (*route, *(step for step in first["loc"] if step != "[key]"))
    key = str(first["loc"][-1]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        allowed = _allowed(model, first["loc"][:-1])
        raise KnowledgeError(
            "K105.key_unknown",
            place=doc.place(where),
            near=nearest(key, allowed),
            name=key,
            allowed=allowed,
        )
    if first["type"] == "missing":
        raise KnowledgeError("K106.key_missing", place=doc.place(where[:-1]), name=key)
    context = first.get("ctx", {})
    raise KnowledgeError(
        _fault(first["type"], context.get("pattern", ""), model),
        place=doc.place(where),
        value=first["input"],
        least=context.get("min_length"),
        most=context.get("max_length"),
        choices=re.findall(r"'([^']*)'", context.get("expected", "")),
    )


def _fault(kind: str, pattern: str, model: type[Model]) -> str:
    """The message for a value that is not of the kind its key needs."""
    if kind == "not_whole" and model is WeightsFile:
        return "K132.not_whole"
    return _FAULTS.get(kind) or _PATTERNS.get(pattern) or "K107.wrong_kind"


def _allowed(model: type[Model], loc: Iterable[str | int]) -> list[str]:
    """The keys allowed at a place inside a model, read off the model itself."""
    current: Any = model
    for step in loc:
        if (
            isinstance(step, str)
            and hasattr(current, "model_fields")
            and step in current.model_fields
        ):
            current = current.model_fields[step].annotation
        while not hasattr(current, "model_fields") and getattr(current, "__args__", None):
            models = [a for a in current.__args__ if a is not type(None)]
            current = models[-1]
    return list(current.model_fields) if hasattr(current, "model_fields") else []


def _uncited(data: Any) -> Any:
    """The data without its citations, and without when and how somebody last checked it."""
    if isinstance(data, dict):
        around = ("sources", "kosovo_ref", "checked")
        return {key: _uncited(value) for key, value in data.items() if key not in around}
    return [_uncited(value) for value in data] if isinstance(data, list | tuple) else data


def sha256_of(content: Any) -> str:
    """The hash of plain data, whatever the order of its keys."""
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
