"""What is legal in a list but wrong, unwise or out of date. Nothing here stops a list from loading.

Codes are stable like the errors' (`W4..`); the reference in docs/ is generated from `WARNINGS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from screening.answers import Profile
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Delphi,
    FactsAtLeast,
    Line,
    PointsAtLeast,
    Resolved,
    holds,
    walk,
)
from screening.checklist.schema import CASE_PROFILES, LEVELS, Level, Need, SourceRef, Step
from screening.checklist.texts import ADDRESSED, GROUPS, fingerprint
from screening.checklist.vignettes import load_vignettes, vignette_ids
from screening.checklist.weights import load_weights, weight_set_ids
from screening.errors import did_you_mean, quote
from screening.i18n import LANGUAGES, SOURCE, WRITTEN

__all__ = ["WARNINGS", "LintWarning", "lint"]

STALE_AFTER_DAYS = 2 * 365

WARNINGS: dict[str, str] = {
    "W401": "words for an id that the list does not have",
    "W402": "an indicator that no rule and no weight uses",
    "W403": "a part of a rule that can never be true with the weights in force",
    "W404": "a translation older than the English it translates",
    "W405": "an English entry that a language of the list does not have",
    "W406": "a weight set not re-checked for two years",
    "W407": "a next step or a need not re-checked for two years",
    "W408": "a source that nothing cites",
    "W409": "a dimension without an indicator",
    "W410": "the same English statement on two indicators",
    "W411": "a part of a rule that another part of the same 'any' makes needless",
    "W412": (
        "a sign that alone still ends at 'nothing indicated', whose wording says that no sign is"
        " recorded"
    ),
    "W413": "a weight set whose signatures do not hold",
    "W414": "words in a language that the program does not know",
    "W415": "words that give a negative verdict about a person (S1)",
    "W416": "a sign, a next step or a need that rests on a repealed law",
    "W417": "a circumstance that poverty shares and that opens no need (S23)",
    "W418": "an indicator of a screening list without a nature",
}


@dataclass(frozen=True, slots=True)
class LintWarning:
    """One finding of the linter; `str()` is its line."""

    code: str
    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}; {self.remedy} [{self.code}]"


def lint(checklist: Checklist, today: date) -> list[LintWarning]:
    """Everything that is legal but wrong in a list, its words and its weight sets, as of a day."""
    weights = load_weights(checklist)
    return [
        *_words(checklist),
        *_unused(checklist, weights),
        *_unreachable(checklist, weights),
        *_needless(checklist),
        *_unheard(checklist, weights),
        *_vignettes(checklist),
        *_ages(checklist, today),
        *_sources(checklist),
        *_duplicates(checklist),
        *_natures(checklist),
    ]


def _natures(checklist: Checklist) -> Iterator[LintWarning]:
    """What a list with needs says of each entry; what a derived list has, its catalogue says."""
    if checklist.catalogue or not checklist.needs:
        return
    opening = {i for need in checklist.needs for i in need.indicators}
    for key, indicator in checklist.indicators.items():
        place = f"{checklist.id}, indicator {quote(key)}"
        if indicator.nature is None:
            yield LintWarning("W418", place, "it has no nature", "say what it tells of")
        elif indicator.nature == "circumstance" and key not in opening:
            yield LintWarning(
                "W417",
                place,
                "a hardship for which nobody is told to do anything",
                "name it in a need of needs.yaml",
            )


def _words(checklist: Checklist) -> Iterator[LintWarning]:
    english = checklist.texts(SOURCE).groups
    known = {
        "list": {"main"},
        "findings": english["findings"],
        "dimensions": checklist.dimensions,
        "sections": checklist.sections,
        "forms": checklist.forms,
        "roles": {s.who for s in checklist.steps} | {n.who for n in checklist.needs},
        "reasons": english["reasons"],
        "indicators": checklist.indicators,
        "steps": {s.id for s in checklist.steps},
        "needs": {n.id for n in checklist.needs},
        "preconditions": english["preconditions"],
        "facts": english["facts"],
        "contacts": english["contacts"],
    }
    for path in sorted((checklist.folder / "texts").glob("*.yaml")):
        if path.stem not in WRITTEN:
            yield LintWarning(
                "W414",
                f"{checklist.id}/texts/{path.name}",
                f"the language {quote(path.stem)} is not in languages.yaml",
                f"add its facts there, or write it as one of {', '.join(WRITTEN)}",
            )
            continue
        for group in GROUPS:
            yield from _group(checklist, path.stem, group, known[group])
            yield from _verdicts(checklist, path.stem, group)


def _group(
    checklist: Checklist, language: str, group: str, known: Collection[str]
) -> Iterator[LintWarning]:
    """Words of one kind in one language: of nothing in the list, of older English, or lacking."""
    english = checklist.texts(SOURCE).groups[group]
    own = checklist.texts(language).groups.get(group, {})
    inherited = checklist.catalogue is not None
    place = f"{checklist.id}/texts/{language}.yaml, {group}"
    for key, entry in own.items():
        if key not in known:
            if not inherited:  # a derived list sees all the catalogue's words and uses some
                yield LintWarning(
                    "W401",
                    f"{place}.{key}",
                    "the list has nothing of this id",
                    did_you_mean(key, known) or "remove it",
                )
        elif language != SOURCE and key in english and entry.get("of") != fingerprint(english[key]):
            yield LintWarning(
                "W404",
                f"{place}.{key}",
                "the English has changed since this was translated",
                "translate it again and renew 'of'",
            )
        if language != SOURCE and key in english:
            yield from _fields(f"{place}.{key}", english[key], entry)
    for key in known if language != SOURCE else ():
        if key in english and key not in own:
            yield LintWarning(
                "W405", place, f"no entry for {quote(key)}", "add it; English is shown until then"
            )


def _fields(
    place: str, english: Mapping[str, str], own: Mapping[str, str]
) -> Iterator[LintWarning]:
    """What a translated entry has too much or too little of."""
    known = english.keys() | {"of", *(f for f, of in ADDRESSED.items() if of in english)}
    for field in sorted(own.keys() - known):
        problem = f"the English has no {quote(field)} here"
        yield LintWarning("W401", place, problem, did_you_mean(field, english) or "remove it")
    for field in sorted(english.keys() - own.keys()):
        problem = f"no {quote(field)}"
        yield LintWarning("W405", place, problem, "add it; English is shown until then")


def _verdicts(checklist: Checklist, language: str, group: str) -> Iterator[LintWarning]:
    verdict = re.compile(LANGUAGES[language].never or "(?!)", re.IGNORECASE)
    for key, entry in checklist.texts(language).groups.get(group, {}).items():
        if found := verdict.search(" ".join(" ".join(entry.values()).split())):
            yield LintWarning(
                "W415",
                f"{checklist.id}/texts/{language}.yaml, {group}.{key}",
                f"{quote(found[0])} is a negative verdict",
                "say what was found and what is not known",
            )


def _vignettes(checklist: Checklist) -> Iterator[LintWarning]:
    """Translations of invented cases; a set that has none in a language is no fault, half of one
    is.
    """
    for name in vignette_ids(checklist):
        found = load_vignettes(checklist, name)
        for language, words in found.words.items():
            for case in found.cases:
                place = f"{checklist.id}/vignettes/{language}/{name}.yaml, {case.id}"
                if case.id not in words:
                    yield LintWarning(
                        "W405",
                        place,
                        "no words for this case",
                        "translate it; English is shown until then",
                    )
                elif words[case.id].of != fingerprint(case.words()):
                    yield LintWarning(
                        "W404",
                        place,
                        "the English has changed since this was translated",
                        "translate it again and renew 'of'",
                    )


def _unused(checklist: Checklist, weights: WeightSet) -> Iterator[LintWarning]:
    named: set[str] = set()
    for profile in CASE_PROFILES:
        for level in LEVELS:
            for leaf in walk(_level(checklist, weights, profile, level)):
                if isinstance(leaf, AtLeast):
                    named |= leaf.ids
                elif isinstance(leaf, Delphi):
                    named |= leaf.strong | leaf.medium | leaf.weak
    for key, indicator in checklist.indicators.items():
        weighs = any(weights.points[p].get(key) for p in CASE_PROFILES)
        if (
            not weighs
            and key not in named
            and checklist.dimensions[indicator.dimension].kind != "protective"
        ):
            yield LintWarning(
                "W402",
                f"{checklist.id}, indicator {quote(key)}",
                "no rule and no weight uses it",
                "weigh it, name it in a rule, or drop it",
            )
    for name in checklist.dimensions:
        if not any(i.dimension == name for i in checklist.indicators.values()):
            yield LintWarning(
                "W409",
                f"{checklist.id}, dimension {quote(name)}",
                "has no indicator",
                "remove it or fill it",
            )


def _describe(rule: Resolved) -> str:
    match rule:
        case AtLeast(ids, needed):
            return f"{needed} of {', '.join(sorted(ids)[:3])}{' …' if len(ids) > 3 else ''}"
        case Delphi(dimension):
            return f"dimension {dimension} positive"
        case PointsAtLeast(needed, dimension):
            return f"{needed} points{' in ' + dimension if dimension else ''}"
        case FactsAtLeast(facts, needed):
            return f"{needed} of {len(facts)} facts"
        case Line():
            return "the line of the weight set"
        case AllOf(of):
            return f"all of {len(of)} parts"
        case AnyOf(of):
            return f"any of {len(of)} parts"


def _points(
    checklist: Checklist, weights: WeightSet, profile: Profile, yes: frozenset[str]
) -> Callable[[str | None], int]:
    """Capped points when exactly `yes` are yes, as `holds` wants them."""
    scale = weights.scale(checklist, profile)
    return lambda dimension: scale.total(yes & scale.points.keys(), dimension)


def _level(checklist: Checklist, weights: WeightSet, profile: Profile, level: Level) -> Resolved:
    """The rule of a level as it decides, with the weight set's line in place."""
    return weights.scale(checklist, profile).rules.levels[level]


def _unreachable(checklist: Checklist, weights: WeightSet) -> Iterator[LintWarning]:
    for profile in CASE_PROFILES:
        everything = frozenset(i.id for i in checklist.by_profile[profile])
        points = _points(checklist, weights, profile, everything)
        for level in LEVELS:
            for part in walk(_level(checklist, weights, profile, level)):
                if part != AtLeast(frozenset(), 1) and not holds(part, everything, points):
                    place = f"{checklist.id}/checklist.yaml, rules.{level}.{profile}"
                    yield LintWarning(
                        "W403",
                        place,
                        f"can never be true: {_describe(part)}",
                        "lower what it asks, or remove it",
                    )


def _needless(checklist: Checklist) -> Iterator[LintWarning]:
    for profile in CASE_PROFILES:
        for level in LEVELS:
            for part in walk(checklist.rules[profile].levels[level]):
                leaves = (
                    [p for p in part.of if isinstance(p, AtLeast)]
                    if isinstance(part, AnyOf)
                    else []
                )
                for n, one in enumerate(leaves):
                    if any(
                        one.ids <= other.ids
                        and one.needed >= other.needed
                        and (one != other or n > k)
                        for k, other in enumerate(leaves)
                        if k != n
                    ):
                        yield LintWarning(
                            "W411",
                            f"{checklist.id}/checklist.yaml, rules.{level}.{profile}",
                            f"needless beside the others: {_describe(one)}",
                            "remove it",
                        )


def _unheard(checklist: Checklist, weights: WeightSet) -> Iterator[LintWarning]:
    """Comparators are excused: they word that finding themselves."""
    if checklist.role == "comparator":
        return
    for profile in CASE_PROFILES:
        for indicator in checklist.by_profile[profile]:
            alone = frozenset({indicator.id})
            points = _points(checklist, weights, profile, alone)
            sign = checklist.dimensions[indicator.dimension].kind == "sign"
            if sign and not any(
                holds(_level(checklist, weights, profile, level), alone, points) for level in LEVELS
            ):
                yield LintWarning(
                    "W412",
                    f"{checklist.id}, indicator {quote(indicator.id)}",
                    f"alone it raises no finding for {profile}s",
                    "let look_further hold on any sign",
                )


def _ages(checklist: Checklist, today: date) -> Iterator[LintWarning]:
    for name in weight_set_ids(checklist):
        weights = load_weights(checklist, name, draft=True)
        if weights.standing.fault is not None:
            yield LintWarning(
                "W413",
                f"{checklist.id}/weights/{name}.yaml",
                weights.standing.fault.problem,
                weights.standing.fault.remedy,
            )
        if weights.recheck_by is not None and today > weights.recheck_by:
            yield LintWarning(
                "W406",
                f"{checklist.id}/weights/{name}.yaml",
                f"was to be re-checked by {weights.recheck_by.isoformat()}",
                "re-check it and sign a new dated set",
            )
        elif (today - weights.rechecked_on).days > STALE_AFTER_DAYS:
            yield LintWarning(
                "W406",
                f"{checklist.id}/weights/{name}.yaml",
                f"last re-checked on {weights.rechecked_on.isoformat()}",
                "re-check it and write a new dated set",
            )
    dated_entries: list[tuple[str, Step | Need]] = [("pathway", s) for s in checklist.steps]
    if not checklist.catalogue:
        dated_entries += [("needs", n) for n in checklist.needs]
    for file, dated in dated_entries:
        if (today - dated.checked.on).days > STALE_AFTER_DAYS:
            yield LintWarning(
                "W407",
                f"{checklist.id}/{file}.yaml, {quote(dated.id)}",
                f"last checked on {dated.checked.on.isoformat()}",
                "check it and its source again",
            )


def _sources(checklist: Checklist) -> Iterator[LintWarning]:
    if checklist.catalogue:
        return
    cited = {r.ref for i in checklist.indicators.values() for r in i.sources} | {
        r.ref for refs in _owed(checklist) for r in refs
    }
    cited |= _mapping_sources(checklist)
    for key, source in checklist.sources.items():
        if source.law == "repealed":  # listed so that nobody takes it for law
            if key in cited:
                yield LintWarning(
                    "W416",
                    f"{checklist.id}/sources.yaml, {quote(key)}",
                    "it is repealed, and a sign or a step cites it",
                    "cite the law that took its place",
                )
        elif key not in cited:
            yield LintWarning(
                "W408",
                f"{checklist.id}/sources.yaml, {quote(key)}",
                "nothing cites it",
                "cite it where it is used, or remove it",
            )


def _owed(checklist: Checklist) -> list[list[SourceRef]]:
    """What next steps and needs cite."""
    return [s.sources for s in checklist.steps] + [n.sources for n in checklist.needs]


def _mapping_sources(checklist: Checklist) -> set[str]:
    from screening.checklist.loader import load_mapping

    return {
        r.ref
        for path in (checklist.folder / "mappings").glob("*.yaml")
        for r in load_mapping(checklist, path.stem).sources
    }


def _duplicates(checklist: Checklist) -> Iterator[LintWarning]:
    seen: dict[str, str] = {}
    for key in checklist.indicators:
        words = " ".join(checklist.texts(SOURCE).statement(key).lower().split())
        if words in seen:
            yield LintWarning(
                "W410",
                f"{checklist.id}, indicator {quote(key)}",
                f"same English statement as {quote(seen[words])}",
                "say what differs, or merge them",
            )
        seen.setdefault(words, key)
