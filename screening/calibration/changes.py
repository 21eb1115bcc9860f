"""What a new set changes, in words and whole: numbers by the names of signs, lines, signs that
decide alone, rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from string import ascii_lowercase

from screening.answers import Profile
from screening.checklist.compare import Change, compare
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
)
from screening.checklist.schema import CASE_PROFILES, LEVELS
from screening.checklist.texts import Texts
from screening.i18n import Words

__all__ = ["changes_in_words", "rule_in_words", "rules_in_words"]

_NAMED = 6  # signs that a rule is told by name; more are counted


def changes_in_words(
    checklist: Checklist, before: WeightSet, after: WeightSet, say: Words, language: str
) -> list[str]:
    """Every difference between two sets of a list, a line each, nothing left out."""
    texts = checklist.texts(language)
    found = []
    for change in compare(checklist, checklist, before, after):
        if change.of == "rule":
            continue  # told below, by what is new and what is gone
        who = say("child") if change.field == "child" else say("adult")
        name = texts.statement(change.id) if change.id in checklist.indicators else change.id
        if change.of == "line":
            name = {
                "refer": say("The line for a referral"),
                "telling": say("Points from which a sign is telling"),
                "corroborating": say("Points from which a sign stands beside a telling one"),
                "soft": say("Most that signs which are not telling count together"),
            }[change.id]
        if change.of == "alone":
            found.append(_alone(change, name, who, say))
        else:
            was, now = (_shown(n, say) for n in (change.before, change.after))
            found.append(f"{name} ({who}): {was} > {now}")
    return [*rules_in_words(checklist, before, after, say, language), *found]


def _shown(number: str, say: Words) -> str:
    return say("none") if number == "None" else number


def _alone(change: Change, name: str, who: str, say: Words) -> str:
    if change.after == "None":
        return say("No longer decides alone: {sign} ({who}).", sign=name, who=who)
    return say("Decides alone: {sign} ({who}). {why}", sign=name, who=who, why=change.after)


def rules_in_words(
    checklist: Checklist, before: WeightSet, after: WeightSet, say: Words, language: str
) -> list[str]:
    """What the rules for each finding and profile no longer ask, and what they ask anew."""
    found = []
    texts = checklist.texts(language)
    for profile in CASE_PROFILES:
        for level in LEVELS:
            one, two = (
                list(_ways((s.rules or checklist.rules)[profile].levels[level]))
                for s in (before, after)
            )
            facts = {
                "finding": texts.get("findings", level, "label"),
                "who": say("child") if profile == "child" else say("adult"),
            }
            for way in (w for w in one if w not in two):
                told = rule_in_words(checklist, profile, way, say, language)
                found.append(
                    say("No longer enough for {finding} ({who}): {rule}", rule=told, **facts)
                )
            for way in (w for w in two if w not in one):
                told = rule_in_words(checklist, profile, way, say, language)
                found.append(say("Newly enough for {finding} ({who}): {rule}", rule=told, **facts))
    return found


def _ways(rule: Resolved) -> Iterator[Resolved]:
    """Each way by itself in which a rule can hold."""
    if isinstance(rule, AnyOf):
        for part in rule.of:
            yield from _ways(part)
    else:
        yield rule


def rule_in_words(
    checklist: Checklist, profile: Profile, rule: Resolved, say: Words, language: str
) -> str:
    """One rule as a sentence's part: parts of it are numbered, and parts of those have letters."""
    return _told(checklist, profile, rule, say, language, 0)


def _told(
    checklist: Checklist, profile: Profile, rule: Resolved, say: Words, language: str, depth: int
) -> str:
    texts = checklist.texts(language)

    def names(ids: frozenset[str]) -> str:
        listed = [i for i in checklist.indicators if i in ids]
        if len(listed) <= _NAMED:
            return ", ".join(f"“{texts.statement(i)}”" for i in listed)
        return _kind(checklist, profile, ids, say, texts) or say("{n} signs", n=len(listed))

    match rule:
        case AtLeast(ids, needed):
            return _at_least(needed, len(ids), names(ids), say)
        case Delphi(dimension):
            name = texts.get("dimensions", dimension, "name")
            return say("“{name}” by the Delphi rule", name=name)
        case PointsAtLeast(needed, dimension):
            if dimension is None:
                return say("{n} points or more", n=needed)
            name = texts.get("dimensions", dimension, "name")
            return say("{n} points or more in “{name}”", n=needed, name=name)
        case Line() | FactsAtLeast():
            return say("the line of the weight set")
        case AllOf(of) | AnyOf(of):
            inner = (part.of if type(part) is type(rule) else (part,) for part in of)
            flat = chain.from_iterable(inner)
            told = (_told(checklist, profile, part, say, language, depth + 1) for part in flat)
            parts = "; ".join(f"({_mark(n, depth)}) {part}" for n, part in enumerate(told))
            if isinstance(rule, AllOf):
                return say("all of: {parts}", parts=parts)
            return say("any of: {parts}", parts=parts)


def _mark(n: int, depth: int) -> str:
    """Of a part of a rule: a number; of a part's part, a letter."""
    letters = depth % 2 and n < len(ascii_lowercase)
    return ascii_lowercase[n] if letters else str(n + 1)


def _at_least(needed: int, of: int, signs: str, say: Words) -> str:
    if needed == of:
        return signs if of == 1 else say("all of: {parts}", parts=signs)
    if needed == 1:
        return say("one or more of {signs}", signs=signs)
    return say("at least {n} of: {signs}", n=needed, signs=signs)


def _kind(
    checklist: Checklist, profile: Profile, ids: frozenset[str], say: Words, texts: Texts
) -> str:
    """What many signs have in common, if these are all that have it."""
    every = [
        i for i in checklist.by_profile[profile] if checklist.dimensions[i.dimension].kind == "sign"
    ]
    for element in {i.element for i in every if i.id in ids and i.element}:
        if ids == {i.id for i in every if i.element == element}:
            return say("the signs of “{name}”", name=texts.reason(f"element_{element}"))
    for dimension in {i.dimension for i in every if i.id in ids}:
        if ids == {i.id for i in every if i.dimension == dimension}:
            name = texts.get("dimensions", dimension, "name")
            return say("the signs of “{name}”", name=name)
    return ""
