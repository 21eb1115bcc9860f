"""What the pocket edition knows, as plain data: a list, a weight set, the protocol and the words.

Signs are named by their place in the list, which keeps the file small. Nothing is decided here:
rules are resolved and scales are drawn by the same code that the engine uses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from screening.answers import ADULT_AGE, OLDEST, Profile
from screening.checklist import catalogue_ids, load_checklist
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
from screening.checklist.scale import Scale, scale_of
from screening.checklist.schema import CASE_PROFILES, GATE, Indicator, SourceRef
from screening.checklist.texts import GROUPS
from screening.contacts import Contacts
from screening.i18n import LANGUAGES, SOURCE, in_script, words
from screening.interview.likely import ByWorld, likely
from screening.interview.protocol import PRECONDITIONS, Meeting, Protocol
from screening.interview.record import FORMAT
from screening.interview.session import Interview
from screening.interview.step import ENOUGH, FIRST_WORTH, Stop
from screening.scoring.engine import ENGINE
from screening.simulation.normal import quantiles

__all__ = ["contacts_of", "knowledge", "texts_of", "weights_of"]

_SHORT = 20  # items of a list that is its own street card
# Words that only the laptop shows
_LEFT_OUT = frozenset({"dimensions"})


def knowledge(checklist: Checklist, weights: WeightSet, protocol: Protocol) -> dict[str, Any]:
    """Everything but the words, ready for JSON."""
    place = {key: n for n, key in enumerate(checklist.indicators)}
    return {
        "engine": ENGINE,
        "comparator": checklist.role == "comparator",
        "format": FORMAT,
        "oldest": OLDEST,
        **weights_of(checklist, weights),
        "street": _street(checklist),
        "steps": [
            {
                "id": s.id,
                "findings": s.findings,
                "profiles": s.profiles,
                "who": s.who,
                "hours": s.hours,
                "sources": _cited(s.sources),
            }
            for s in checklist.steps
        ],
        "sources": {s.id: [s.title, s.status] for s in checklist.sources.values()},
        "protocol": {
            "danger": protocol.danger,
            "company": protocol.company,
            "preconditions": {key: dict(choices) for key, choices in PRECONDITIONS.items()},
            "facts": {key: list(choices) for key, choices in protocol.facts.items()},
            "skips": [
                {
                    "fact": s.fact,
                    "indicator": s.indicator,
                    "equals": sorted(s.equals),
                    "hide": sorted(s.hide),
                }
                for s in protocol.skips
            ],
            "parts": [
                {
                    "signs": _places(p.indicators, place),
                    "only": _meetings(p.only),
                    "last": _meetings(p.last),
                    "profiles": sorted(p.profiles),
                    "below": p.below,
                }
                for p in protocol.parts
            ],
            "pauses": [[fact, sorted(c), n] for fact, c, n in protocol.pauses],
        },
        "enough": ENOUGH,
        "first_worth": FIRST_WORTH,
        "likely": {p: _likely(checklist, p) for p in CASE_PROFILES},
        "languages": {
            code: {"name": facts.name, "short": facts.short, "direction": facts.direction}
            for code, facts in LANGUAGES.items()
        },
    }


def weights_of(checklist: Checklist, weights: WeightSet) -> dict[str, Any]:
    """What a result follows from: signs, needs, and for each profile numbers, facts and rules."""
    place = {key: n for n, key in enumerate(checklist.indicators)}
    return {
        "adult_age": ADULT_AGE,
        "gate": GATE,
        "checklist": {
            "id": checklist.id,
            "version": checklist.version,
            "sha256": checklist.sha256,
        },
        "weights": {
            "id": weights.id,
            "sha256": weights.sha256,
            "standing": str(weights.standing),
        },
        "signs": [_sign(i, checklist) for i in checklist.indicators.values()],
        "age_doubt": place.get(checklist.age_doubt or "", -1),
        "needs": [
            {
                "id": n.id,
                "urgency": n.urgency,
                "profiles": n.profiles,
                "signs": [place[i] for i in n.indicators if i in place],
                "who": n.who,
                "hours": n.hours,
            }
            for n in checklist.needs
        ],
        "profiles": {
            p: {
                **_scale(weights.scale(checklist, p), place),
                "alternatives": [
                    _scale(scale_of(checklist, replace(weights, points=points), p), place)
                    for points in weights.alternatives
                ],
            }
            for p in CASE_PROFILES
        },
    }


def texts_of(checklist: Checklist, protocol: Protocol, spoken: Iterable[str]) -> dict[str, Any]:
    """Words by language and key; English stands in for what a language does not have.

    Keys: `group/id/field` for the list's words, the English itself for the interface's (`spoken`).
    """
    messages = sorted(set(spoken))
    tables: dict[str, dict[str, str]] = {}
    for code in LANGUAGES:
        texts, say = checklist.texts(code), words(code)
        table = {
            f"{group}/{key}/{field}": in_script(text, code)
            for group in GROUPS
            if group not in _LEFT_OUT
            for key, entry in texts.groups.get(group, {}).items()
            for field, text in entry.items()
            if field != "of" and text
        }
        around: tuple[tuple[Any, Iterable[str]], ...] = (
            ("preconditions", PRECONDITIONS),
            ("facts", protocol.facts),
        )
        for kind, keys in around:
            for key in keys:
                choices = PRECONDITIONS[key] if kind == "preconditions" else protocol.facts[key]
                for field in ("title", "question", "help", *choices):
                    if text := protocol.words(kind, key, field, code):
                        table[f"{kind}/{key}/{field}"] = text
        table |= {message: say(message) for message in messages}
        table |= {f"stops/{stop}/text": Interview.stopped(stop, code) for stop in get_args(Stop)}
        table["standing"] = texts.standing(say)
        english = tables.get(SOURCE, {})
        tables[code] = {k: v for k, v in table.items() if v and english.get(k) != v}
    return tables


def contacts_of(whom: Contacts, language: str) -> dict[str, Any]:
    """Whom to call, with how far each number was checked; what has no number says so."""
    return {
        "unit": whom.unit,
        "lines": [
            {
                "name": c.name,
                "number": c.number,
                "tel": c.tel,
                "standing": c.standing(language),
                "first": c.first,
            }
            for c in whom.lines
        ],
    }


def _sign(i: Indicator, checklist: Checklist) -> dict[str, Any]:
    return {
        "id": i.id,
        "section": checklist.section_of(i.id),
        "dimension": i.dimension,
        "kind": checklist.dimensions[i.dimension].kind,
        "element": i.element,
        "applies": i.applies_to,
        "mode": {p: i.mode_for(p) for p in CASE_PROFILES},
        "asked_by": {p: i.asked_by_for(p) for p in CASE_PROFILES},
        "strength": {p: i.strength_for(p) for p in CASE_PROFILES},
        "forms": i.forms,
        # A matter that never stands in large type beside a child
        "sexual": "sexual" in i.dimension,
        "sources": _cited(i.sources),
    }


def _scale(scale: Scale, place: dict[str, int]) -> dict[str, Any]:
    points = [0] * len(place)
    for key, n in scale.points.items():
        points[place[key]] = n
    sets = [*scale.rules.levels.values(), scale.rules.enough_known]
    *levels, enough = (_rule(rule, place) for rule in sets)
    return {
        "points": points,
        "facts": [_places(fact, place) for fact in scale.facts],
        "soft": _places(scale.soft, place),
        "most": scale.most,
        "caps": dict(scale.caps),
        "line": scale.line,
        "telling": [_places(fact, place) for fact in scale.telling],
        "alone": _places(scale.alone, place),
        "levels": dict(zip(scale.rules.levels, levels, strict=True)),
        "enough_known": enough,
    }


def _rule(rule: Resolved, place: dict[str, int]) -> list[Any]:
    """A rule as a list: its kind, then what it needs."""
    match rule:
        case AtLeast(ids, needed):
            return ["least", needed, _places(ids, place)]
        case Delphi(_, strong, medium, weak):
            return ["delphi", *(_places(ids, place) for ids in (strong, medium, weak))]
        case PointsAtLeast(needed, dimension):
            return ["points", needed, dimension]
        case FactsAtLeast(facts, needed):
            return ["facts", needed, [_places(fact, place) for fact in facts]]
        case AllOf(of):
            return ["all", *(_rule(part, place) for part in of)]
        case AnyOf(of):
            return ["any", *(_rule(part, place) for part in of)]
        case Line():
            return ["points", 1, None]


def _meetings(meetings: Iterable[Meeting]) -> list[dict[str, list[str]]]:
    return [{fact: sorted(choices) for fact, choices in m.items()} for m in meetings]


def _places(ids: Iterable[str], place: dict[str, int]) -> list[int]:
    return sorted(place[i] for i in ids)


def _cited(refs: Iterable[SourceRef]) -> list[list[str]]:
    return [[r.ref, r.at] for r in refs]


def _likely(checklist: Checklist, profile: Profile) -> dict[str, Any]:
    """What the invented people are made of that order the questions, or their one row of rates
    (`interview/likely.py`). No finding rests on them.
    """
    found = likely(checklist, profile)
    if not isinstance(found, ByWorld):
        return {"rates": found.rates[0].tolist()}
    made = found.recipe
    values, at = np.unique(quantiles(made.true), return_inverse=True)
    wrong, wrong_at = np.unique(made.false_yes, return_inverse=True)
    return {
        "share": made.share.tolist(),
        "coached": made.coached.tolist(),
        "load": made.load.tolist(),
        "own": made.own,
        "dimension": made.dimension.tolist(),
        "opposed": made.opposed.tolist(),
        "hidden": made.hidden.tolist(),
        "values": values.tolist(),
        "quantiles": at.reshape(made.true.shape).tolist(),
        "wrong": wrong.tolist(),
        "false_yes": wrong_at.reshape(made.true.shape).tolist(),
    }


def _street(checklist: Checklist) -> list[int]:
    """The signs of the list's own street card, by place; all of a short list; none otherwise."""
    place = {key: n for n, key in enumerate(checklist.indicators)}
    card = _card(checklist)
    if card is not None:
        return [place[i] for i in card.indicators if i in place]
    return list(place.values()) if len(place) <= _SHORT else []


def _card(checklist: Checklist) -> Checklist | None:
    """The list that is this one's street card, where one is bundled."""
    name = f"{checklist.id}-street"
    card = load_checklist(name) if name in catalogue_ids() else None
    return card if card is not None and card.catalogue == checklist.id else None
