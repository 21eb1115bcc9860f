"""What can only be checked with several files together: references, the law's limits, completeness.

Everything here is an error: such a list does not load. What is legal but unwise is `lint`'s.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from screening.answers import Profile
from screening.checklist.model import Checklist, RuleSet, WeightSet
from screening.checklist.rules import Line, holds, walk
from screening.checklist.scale import MOST, Scale
from screening.checklist.schema import CASE_PROFILES, FINDINGS, LEVELS, MappingFile, SourceRef
from screening.checklist.weightfiles import Points, WeightsFile
from screening.checklist.yamlfile import Doc, Route
from screening.errors import KnowledgeError, nearest

__all__ = ["REASONS", "check", "mapping", "needs", "reachable", "scale", "weights"]

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

# And those that only points which decide need.
LINE_REASONS = ("counted_once", "soft_capped")

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
    _one_fact(checklist, head)
    _retired(checklist, head)
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
                "K113.dimension_twice", place=head.place(("dimensions", n, "id")), dimension=name
            )
        if _is_forbidden(name):
            raise _forbidden(name, head.place(("dimensions", n, "id")))
    if checklist.age_doubt and checklist.age_doubt not in checklist.indicators:
        raise KnowledgeError(
            "K120.age_doubt",
            place=head.place(("age_doubt",)),
            near=nearest(checklist.age_doubt, checklist.indicators),
            indicator=checklist.age_doubt,
        )
    for n, form in enumerate(checklist.forms):
        if form in checklist.forms[:n]:
            raise KnowledgeError("K113.form_twice", place=head.place(("forms", n)), form=form)


def _one_fact(checklist: Checklist, head: Doc) -> None:
    """Signs of the list, each in one group at most."""
    placed: set[str] = set()
    for n, group in enumerate(checklist.one_fact):
        for key in group.signs:
            place = head.place(("states_one_fact", n, "signs"))
            if key not in checklist.indicators:
                raise KnowledgeError(
                    "K120.indicator_unknown",
                    place=place,
                    near=nearest(key, checklist.indicators),
                    indicator=key,
                )
            if key in placed:
                raise KnowledgeError("K113.sign_of_two_facts", place=place, indicator=key)
            placed.add(key)


def _retired(checklist: Checklist, head: Doc) -> None:
    """A retired id is in no other use, and what it became is an indicator of the list."""
    seen: set[str] = set()
    for n, entry in enumerate(head.data.get("retired", [])):
        key, now = entry["id"], entry["became"]
        if _is_forbidden(key):
            raise _forbidden(key, head.place(("retired", n, "id")))
        if key in checklist.indicators or key in seen:
            raise KnowledgeError(
                "K113.retired_in_use", place=head.place(("retired", n, "id")), indicator=key
            )
        if now not in checklist.indicators:
            raise KnowledgeError(
                "K120.indicator_unknown",
                place=head.place(("retired", n, "became")),
                near=nearest(now, checklist.indicators),
                indicator=now,
            )
        seen.add(key)


def _is_forbidden(name: str) -> bool:
    return _FORBIDDEN.search(_FORBIDDEN_BUT.sub("_", name)) is not None


def _forbidden(name: str, place: str) -> KnowledgeError:
    return KnowledgeError("K123.protected_trait", place=place, name=name)


def _indicator(checklist: Checklist, key: str, doc: Doc, route: Route) -> None:
    indicator = checklist.indicators[key]
    if _is_forbidden(key):
        raise _forbidden(key, doc.place((*route, "id")))
    if indicator.dimension not in checklist.dimensions:
        raise KnowledgeError(
            "K120.dimension_of_indicator",
            place=doc.place((*route, "dimension")),
            near=nearest(indicator.dimension, checklist.dimensions),
            indicator=key,
            dimension=indicator.dimension,
        )
    for form in indicator.forms:
        if form not in checklist.forms:
            raise KnowledgeError(
                "K120.form_unknown",
                place=doc.place((*route, "forms")),
                near=nearest(form, checklist.forms),
                form=form,
            )
    _sources(checklist, indicator.sources, doc, (*route, "sources"))
    kind = checklist.dimensions[indicator.dimension].kind
    if kind != "sign" and (indicator.strength.adult or indicator.strength.child):
        raise KnowledgeError(
            "K124.item_strength", place=doc.place((*route, "strength")), kind=kind, indicator=key
        )
    for profile in CASE_PROFILES:
        _profile(checklist, key, profile, doc, route)
    if not checklist.texts("en").statement(key):
        raise KnowledgeError(
            "K125.statement_missing", place=doc.place((*route, "id")), indicator=key
        )


def _profile(checklist: Checklist, key: str, profile: Profile, doc: Doc, route: Route) -> None:
    """An indicator that applies has words for how it is put; one that does not has no strength."""
    indicator = checklist.indicators[key]
    if not indicator.applies(profile):
        if indicator.strength_for(profile):
            raise KnowledgeError(
                "K107.strength_not_applicable",
                place=doc.place((*route, "strength")),
                profile=profile,
            )
        return
    mode = indicator.mode_for(profile)
    if not checklist.texts("en").prompt(key, mode, profile):
        raise KnowledgeError(
            "K125.prompt_missing",
            place=doc.place((*route, "mode")),
            indicator=key,
            mode=mode,
            profile=profile,
            field="question" if mode == "ask" else "instruction",
        )


def _sources(checklist: Checklist, refs: list[SourceRef], doc: Doc, route: Route) -> None:
    for n, source in enumerate(refs):
        if source.ref not in checklist.sources:
            raise KnowledgeError(
                "K120.source_unknown",
                place=doc.place((*route, n, "ref")),
                near=nearest(source.ref, checklist.sources),
                source=source.ref,
            )


def _words(checklist: Checklist, head: Doc) -> None:
    texts = checklist.texts("en")
    needed = [("list", "main", "title"), ("list", "main", "about")]
    needed += [("findings", f, field) for f in FINDINGS for field in ("label", "statement")]
    needed += [("dimensions", d, "name") for d in checklist.dimensions]
    needed += [("sections", s, "title") for s in checklist.sections]
    needed += [("forms", f, "name") for f in checklist.forms]
    needed += [("reasons", r, "text") for r in REASONS]
    if _draws_line(checklist.rules.values()):
        needed += [("reasons", r, "text") for r in LINE_REASONS]
    for group, key, field in needed:
        if not texts.get(group, key, field):
            raise KnowledgeError(
                "K127.words_missing", place=head.place(), group=group, name=key, field=field
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
                    "K121.never_true",
                    place=place,
                    level=level,
                    profile=profile,
                )
            if profile == "child" and not holds(rule, no_means, lambda _: plenty):
                raise KnowledgeError("K122.child_needs_means", place=place, level=level)
        if not holds(checklist.rules[profile].enough_known, everything, lambda _: plenty):
            raise KnowledgeError(
                "K121.enough_never_known",
                place=head.place(("enough_known", profile)),
                profile=profile,
            )


def _pathway(checklist: Checklist, doc: Doc) -> None:
    texts = checklist.texts("en")
    seen: set[str] = set()
    for n, step in enumerate(checklist.steps):
        route: Route = ("steps", n)
        if step.id in seen:
            raise KnowledgeError("K113.step_twice", place=doc.place((*route, "id")), step=step.id)
        seen.add(step.id)
        _sources(checklist, step.sources, doc, (*route, "sources"))
        if step.form is not None and step.form not in checklist.forms:
            raise KnowledgeError(
                "K120.form_unknown",
                place=doc.place((*route, "form")),
                near=nearest(step.form, checklist.forms),
                form=step.form,
            )
        if not texts.get("roles", step.who, "name"):
            raise KnowledgeError(
                "K120.role_unnamed", place=doc.place((*route, "who")), role=step.who
            )
        if not texts.get("steps", step.id, "text"):
            raise KnowledgeError(
                "K127.step_words_missing", place=doc.place((*route, "id")), step=step.id
            )
    for finding in FINDINGS:
        for profile in CASE_PROFILES:
            if not any(finding in s.findings and profile in s.profiles for s in checklist.steps):
                raise KnowledgeError(
                    "K127.step_missing",
                    place=doc.place(("steps",)),
                    finding=finding,
                    profile=profile,
                )


def needs(checklist: Checklist, doc: Doc) -> None:
    """Refuse a need that names what the list lacks, has no words, or a day that its urgency
    contradicts.
    """
    texts = checklist.texts("en")
    steps = {s.id for s in checklist.steps}
    seen: set[str] = set()
    for n, need in enumerate(checklist.needs):
        route: Route = ("needs", n)
        if need.id in seen:
            raise KnowledgeError("K113.need_twice", place=doc.place((*route, "id")), need=need.id)
        seen.add(need.id)
        for key in need.indicators:
            found = checklist.indicators.get(key)
            if found is None or not any(found.applies(p) for p in need.profiles):
                raise KnowledgeError(
                    "K120.need_indicator",
                    place=doc.place((*route, "indicators")),
                    near=nearest(key, checklist.indicators),
                    indicator=key,
                )
        for key in need.steps:
            if key not in steps:
                raise KnowledgeError(
                    "K120.step_unknown",
                    place=doc.place((*route, "steps")),
                    near=nearest(key, steps),
                    step=key,
                )
        _sources(checklist, need.sources, doc, (*route, "sources"))
        if not texts.get("roles", need.who, "name"):
            raise KnowledgeError(
                "K120.role_unnamed", place=doc.place((*route, "who")), role=need.who
            )
        if not (texts.get("needs", need.id, "name") and texts.get("needs", need.id, "text")):
            raise KnowledgeError(
                "K127.need_words_missing", place=doc.place((*route, "id")), need=need.id
            )
        urgency = "now" if not need.hours else "today" if need.hours <= 24 else "soon"
        if urgency != need.urgency:
            raise KnowledgeError(
                "K107.need_day",
                place=doc.place((*route, "within")),
                within=need.within,
                urgency=need.urgency,
            )


def weights(
    checklist: Checklist, file: WeightsFile, doc: Doc
) -> tuple[dict[Profile, dict[str, int]], dict[Profile, dict[str, int]]]:
    """Points and caps per profile in list order, or `K131`/`K124` for what is missing, left over or
    not allowed.
    """
    for key in file.points:
        if checklist.current(key) not in checklist.indicators:
            raise KnowledgeError(
                "K131.weight_unknown",
                place=doc.place(("points", key)),
                near=nearest(key, checklist.indicators),
                indicator=key,
            )
    for key in file.caps:
        if key not in checklist.dimensions:
            raise KnowledgeError(
                "K131.cap_unknown",
                place=doc.place(("caps", key)),
                near=nearest(key, checklist.dimensions),
                dimension=key,
            )
    points: dict[Profile, dict[str, int]] = {"adult": {}, "child": {}}
    earlier = {checklist.retired[i]: p for i, p in file.points.items() if i in checklist.retired}
    weighed = {**earlier, **file.points}  # a weight under the id of today is the newer judgement
    for indicator in checklist.indicators.values():
        given = weighed.get(indicator.id, Points())
        kind = checklist.dimensions[indicator.dimension].kind
        for profile in CASE_PROFILES:
            value = given.for_profile(profile)
            place = doc.place(("points", indicator.id))
            if indicator.applies(profile) != (value is not None):
                raise KnowledgeError(
                    "K131.weight_missing" if value is None else "K131.weight_to_spare",
                    place=place,
                    indicator=indicator.id,
                    profile=profile,
                )
            if value is None:
                continue
            if value and kind != "sign":
                raise KnowledgeError(
                    "K124.item_weight", place=place, kind=kind, indicator=indicator.id, value=value
                )
            points[profile][indicator.id] = value
    caps: dict[Profile, dict[str, int]] = {
        profile: {
            d: cap for d, p in file.caps.items() if (cap := p.for_profile(profile)) is not None
        }
        for profile in CASE_PROFILES
    }
    return points, caps


def scale(checklist: Checklist, weights: WeightSet, doc: Doc) -> None:
    """Refuse a set whose numbers do not fit its lines, or whose list draws a line that it lacks.

    A set without lines stands where the list's rules ask for none.
    """
    for profile in CASE_PROFILES:
        rules = (weights.rules or checklist.rules)[profile]
        asks = _draws_line([rules])
        lines = weights.lines.get(profile)
        if lines is None:
            if asks:
                raise KnowledgeError("K135.no_lines", place=doc.place(()), profile=profile)
            continue
        place = doc.place(("lines",))
        if weights.caps[profile]:
            raise KnowledgeError("K135.caps_beside_lines", place=doc.place(("caps",)))
        if not (
            0 < lines.corroborating <= lines.telling <= lines.refer and lines.soft < lines.refer
        ):
            raise KnowledgeError("K135.lines_cross", place=place, profile=profile)
        for key, number in weights.points[profile].items():
            if number > MOST:
                raise KnowledgeError(
                    "K135.too_many_points",
                    place=doc.place(("points", key)),
                    indicator=key,
                    points=number,
                    most=MOST,
                )
        drawn = weights.scale(checklist, profile)
        for key in sorted(drawn.alone ^ lines.alone.keys()):
            raise KnowledgeError(
                "K135.alone_unexplained" if key in drawn.alone else "K135.alone_below",
                place=place,
                indicator=key,
                profile=profile,
                line=lines.refer,
            )
        if asks and not reachable(checklist, drawn, profile):
            raise KnowledgeError("K135.line_out_of_reach", place=place, profile=profile)


def _draws_line(rules: Iterable[RuleSet]) -> bool:
    """Whether any rule asks for a weight set's line."""
    return any(
        isinstance(leaf, Line)
        for profile in rules
        for rule in profile.levels.values()
        for leaf in walk(rule)
    )


def reachable(checklist: Checklist, drawn: Scale, profile: Profile) -> bool:
    """Whether everything together reaches the line; for a child, everything but means."""
    yes = frozenset(
        i.id
        for i in checklist.by_profile[profile]
        if i.id in drawn.points and (profile == "adult" or i.element != "means")
    )
    return holds(drawn.rules.levels["refer"], yes, lambda dimension: drawn.total(yes, dimension))


def mapping(checklist: Checklist, file: MappingFile, doc: Doc, ids: Collection[str]) -> None:
    """Refuse a mapping with an unknown source, or to an id that neither the list nor its catalogue
    (`ids`) has.
    """
    _sources(checklist, file.sources, doc, ("sources",))
    for n, rule in enumerate(file.rules):
        for key in rule.indicators:
            if key not in ids:
                raise KnowledgeError(
                    "K140.mapping_target",
                    place=doc.place(("rules", n, "indicators")),
                    near=nearest(key, ids),
                    indicator=key,
                )
