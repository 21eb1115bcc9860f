"""What can only be checked with several files together: references, the law's limits, completeness.

Everything here is an error: such a list does not load. What is legal but unwise is `lint`'s.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from screening.answers import Profile
from screening.checklist.model import Checklist
from screening.checklist.rules import holds
from screening.checklist.schema import CASE_PROFILES, FINDINGS, LEVELS, MappingFile, SourceRef
from screening.checklist.weightfiles import Points, WeightsFile
from screening.checklist.yamlfile import Doc, Route
from screening.errors import KnowledgeError, nearest, quote

__all__ = ["REASONS", "check", "mapping", "weights"]

# The sentences the engine gives as reasons; every list (or its catalogue) words them.
REASONS = (
    "raises",
    "completes_gate",
    "danger",
    "points",
    "record",
    "age_doubt_noted",
    "not_this_profile",
    "profile_child_age",
    "profile_adult_age",
    "profile_age_missing",
    "profile_age_uncertain",
    "element_act",
    "element_means",
    "element_purpose",
)

_MANY: Mapping[Profile, str] = {"adult": "adults", "child": "children"}

# S12: no list may weigh these, whatever it calls them (en, sq, sr).
_FORBIDDEN = re.compile(
    r"(^|_)(ethnic\w*|etni\w*|nationality|nacional\w*|kombesi\w*|shtetesi\w*|drzavljanstv\w*|citizenship|religi\w*|faith|feja?|vera|veroispovest|"
    r"community|komunitet\w*|zajednica|race|roma|romani|ashkali|egyptian|rom|sex|seksi|pol|gender|gjini\w*)($|_)"
)
_FORBIDDEN_BUT = re.compile(r"(^|_)(commercial_sex|forced_sex_acts)($|_)")  # acts, not attributes


def check(
    checklist: Checklist, head: Doc, placed: Mapping[str, tuple[Doc, Route]], pathway: Doc
) -> None:
    """Raise the first thing that does not fit together; return nothing when all does."""
    _dimensions(checklist, head)
    for key in checklist.indicators:
        _indicator(checklist, key, *placed[key])
    _words(checklist, head)
    _rules(checklist, head)
    _pathway(checklist, pathway)


def _dimensions(checklist: Checklist, head: Doc) -> None:
    raw = [d["id"] for d in head.data["dimensions"]]
    for n, name in enumerate(raw):
        if name in raw[:n]:
            raise KnowledgeError(
                "K113",
                f"dimension {quote(name)} stands twice",
                place=head.place(("dimensions", n, "id")),
                remedy="keep one",
            )
        if _is_forbidden(name):
            raise _forbidden(name, head.place(("dimensions", n, "id")))
    if checklist.age_doubt and checklist.age_doubt not in checklist.indicators:
        raise KnowledgeError(
            "K120",
            f"age_doubt names {quote(checklist.age_doubt)}, which is no indicator of the list",
            place=head.place(("age_doubt",)),
            remedy=nearest(checklist.age_doubt, checklist.indicators)
            or "either name one or leave the key out",
        )
    for n, form in enumerate(checklist.forms):
        if form in checklist.forms[:n]:
            raise KnowledgeError(
                "K113",
                f"form {quote(form)} stands twice",
                place=head.place(("forms", n)),
                remedy="keep one",
            )


def _is_forbidden(name: str) -> bool:
    return _FORBIDDEN.search(_FORBIDDEN_BUT.sub("_", name)) is not None


def _forbidden(name: str, place: str) -> KnowledgeError:
    return KnowledgeError(
        "K123",
        f"{quote(name)} records ethnicity, nationality, religion, community or sex",
        place=place,
        remedy="remove it; such facts may be kept for statistics and never enter a list",
    )


def _indicator(checklist: Checklist, key: str, doc: Doc, route: Route) -> None:
    indicator = checklist.indicators[key]
    if _is_forbidden(key):
        raise _forbidden(key, doc.place((*route, "id")))
    if indicator.dimension not in checklist.dimensions:
        raise KnowledgeError(
            "K120",
            f"indicator {quote(key)} is in dimension {quote(indicator.dimension)}, which the list"
            " does not have",
            place=doc.place((*route, "dimension")),
            remedy=nearest(indicator.dimension, checklist.dimensions)
            or "either use one it has or add this one in checklist.yaml",
        )
    for form in indicator.forms:
        if form not in checklist.forms:
            raise KnowledgeError(
                "K120",
                f"form {quote(form)} is not in this list",
                place=doc.place((*route, "forms")),
                remedy=nearest(form, checklist.forms)
                or "either use one it has or add this one in checklist.yaml",
            )
    _sources(checklist, indicator.sources, doc, (*route, "sources"))
    kind = checklist.dimensions[indicator.dimension].kind
    if kind != "sign" and (indicator.strength.adult or indicator.strength.child):
        raise KnowledgeError(
            "K124",
            f"{kind} item {quote(key)} has a strength",
            place=doc.place((*route, "strength")),
            remedy="write 'strength: {}'; such items are recorded and shown and never weigh",
        )
    for profile in CASE_PROFILES:
        if not indicator.applies(profile):
            if indicator.strength_for(profile):
                raise KnowledgeError(
                    "K107",
                    f"a strength for {_MANY[profile]} on an indicator that does not apply to them",
                    place=doc.place((*route, "strength")),
                    remedy="either widen applies_to or leave that strength out",
                )
            continue
        mode = indicator.mode_for(profile)
        if not checklist.texts("en").prompt(key, mode):
            field = "question" if mode == "ask" else "instruction"
            raise KnowledgeError(
                "K125",
                f"indicator {quote(key)} has mode {mode} for {_MANY[profile]} and no English"
                f" {field}",
                place=doc.place((*route, "mode")),
                remedy=f"add '{field}:' under its id in texts/en.yaml",
            )
    if not checklist.texts("en").statement(key):
        raise KnowledgeError(
            "K125",
            f"indicator {quote(key)} has no English statement",
            place=doc.place((*route, "id")),
            remedy="add it in texts/en.yaml",
        )


def _sources(checklist: Checklist, refs: list[SourceRef], doc: Doc, route: Route) -> None:
    for n, source in enumerate(refs):
        if source.ref not in checklist.sources:
            raise KnowledgeError(
                "K120",
                f"source {quote(source.ref)} is not in sources.yaml",
                place=doc.place((*route, n, "ref")),
                remedy=nearest(source.ref, checklist.sources)
                or "either use one it has or add this one there",
            )


def _words(checklist: Checklist, head: Doc) -> None:
    texts = checklist.texts("en")
    needed = [("list", "main", "title"), ("list", "main", "about")]
    needed += [("findings", f, field) for f in FINDINGS for field in ("label", "statement")]
    needed += [("dimensions", d, "name") for d in checklist.dimensions]
    needed += [("sections", s, "title") for s in checklist.sections]
    needed += [("forms", f, "name") for f in checklist.forms]
    needed += [("reasons", r, "text") for r in REASONS]
    for group, key, field in needed:
        if not texts.get(group, key, field):
            raise KnowledgeError(
                "K127",
                f"no English words for {group}.{key}.{field}",
                place=head.place(),
                remedy="add them in texts/en.yaml",
            )


def _rules(checklist: Checklist, head: Doc) -> None:
    plenty = 10**6  # points can always be enough here; lint checks them against the weights

    for profile in CASE_PROFILES:
        everything = frozenset(i.id for i in checklist.by_profile[profile])
        no_means = frozenset(i.id for i in checklist.by_profile[profile] if i.element != "means")
        for level in LEVELS:
            rule, place = (
                checklist.rules[profile].levels[level],
                head.place(("rules", level, profile)),
            )
            if not holds(rule, everything, lambda _: plenty):
                raise KnowledgeError(
                    "K121",
                    f"the rule for {level} can never be true for"
                    f" a{'n' if profile == 'adult' else ''} {profile}",
                    place=place,
                    remedy="too few indicators for what it asks; lower it or add indicators",
                )
            if profile == "child" and not holds(rule, no_means, lambda _: plenty):
                raise KnowledgeError(
                    "K122",
                    f"the rule for {level} cannot be true for a child without a sign of means",
                    place=place,
                    remedy="a child needs act and purpose only; remove the means from this rule",
                )
        if not holds(checklist.rules[profile].enough_known, everything, lambda _: plenty):
            raise KnowledgeError(
                "K121",
                f"enough can never be known about a{'n' if profile == 'adult' else ''} {profile}",
                place=head.place(("enough_known", profile)),
                remedy="the rule asks for more answers than the list has questions; lower it",
            )


def _pathway(checklist: Checklist, doc: Doc) -> None:
    texts = checklist.texts("en")
    seen: set[str] = set()
    for n, step in enumerate(checklist.steps):
        route: Route = ("steps", n)
        if step.id in seen:
            raise KnowledgeError(
                "K113",
                f"step {quote(step.id)} stands twice",
                place=doc.place((*route, "id")),
                remedy="keep one",
            )
        seen.add(step.id)
        _sources(checklist, step.sources, doc, (*route, "sources"))
        if not texts.get("roles", step.who, "name"):
            raise KnowledgeError(
                "K120",
                f"role {quote(step.who)} has no name in texts/en.yaml",
                place=doc.place((*route, "who")),
                remedy="add it under 'roles'",
            )
        if not texts.get("steps", step.id, "text"):
            raise KnowledgeError(
                "K127",
                f"step {quote(step.id)} has no English words",
                place=doc.place((*route, "id")),
                remedy="add it under 'steps' in texts/en.yaml",
            )
    for finding in FINDINGS:
        for profile in CASE_PROFILES:
            if not any(finding in s.findings and profile in s.profiles for s in checklist.steps):
                raise KnowledgeError(
                    "K127",
                    f"no next step for {finding}, {profile}",
                    place=doc.place(("steps",)),
                    remedy="every finding ends in something to do; add a step",
                )


def weights(
    checklist: Checklist, file: WeightsFile, doc: Doc
) -> tuple[dict[Profile, dict[str, int]], dict[Profile, dict[str, int]]]:
    """Points and caps per profile in list order, or `K131`/`K124` for what is missing, left over or
    not allowed.
    """
    for key in file.points:
        if key not in checklist.indicators:
            raise KnowledgeError(
                "K131",
                f"a weight for {quote(key)}, which the list does not have",
                place=doc.place(("points", key)),
                remedy=nearest(key, checklist.indicators) or "remove it",
            )
    for key in file.caps:
        if key not in checklist.dimensions:
            raise KnowledgeError(
                "K131",
                f"a cap for {quote(key)}, which is no dimension of the list",
                place=doc.place(("caps", key)),
                remedy=nearest(key, checklist.dimensions) or "remove it",
            )
    points: dict[Profile, dict[str, int]] = {"adult": {}, "child": {}}
    for indicator in checklist.indicators.values():
        given = file.points.get(indicator.id, Points())
        kind = checklist.dimensions[indicator.dimension].kind
        for profile in CASE_PROFILES:
            value = given.for_profile(profile)
            place = doc.place(("points", indicator.id))
            if indicator.applies(profile) != (value is not None):
                raise KnowledgeError(
                    "K131",
                    f"{quote(indicator.id)} {'has no weight' if value is None else 'has a weight'}"
                    f" for {_MANY[profile]}",
                    place=place,
                    remedy=(
                        f"add '{profile}:'"
                        if value is None
                        else f"it does not apply to them; remove '{profile}:'"
                    ),
                )
            if value is None:
                continue
            if value and kind != "sign":
                raise KnowledgeError(
                    "K124",
                    f"{kind} item {quote(indicator.id)} weighs {value}",
                    place=place,
                    remedy="write 0; such items are recorded and shown and never weigh",
                )
            points[profile][indicator.id] = value
    caps: dict[Profile, dict[str, int]] = {
        profile: {
            d: cap for d, p in file.caps.items() if (cap := p.for_profile(profile)) is not None
        }
        for profile in CASE_PROFILES
    }
    return points, caps


def mapping(checklist: Checklist, file: MappingFile, doc: Doc, ids: Collection[str]) -> None:
    """Refuse a mapping with an unknown source, or to an id that neither the list nor its catalogue
    (`ids`) has.
    """
    _sources(checklist, file.sources, doc, ("sources",))
    for n, rule in enumerate(file.rules):
        for key in rule.indicators:
            if key not in ids:
                raise KnowledgeError(
                    "K140",
                    f"a mapping to {quote(key)}, which the list does not have",
                    place=doc.place(("rules", n, "indicators")),
                    remedy=nearest(key, ids) or "remove it",
                )
