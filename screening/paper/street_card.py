"""A list as a card to print: one self-contained HTML page, no script, nothing fetched from
anywhere.
"""

from __future__ import annotations

from typing import Any

from screening.checklist.model import Checklist
from screening.checklist.rules import holds
from screening.checklist.schema import CASE_PROFILES, Indicator
from screening.checklist.texts import Texts
from screening.contacts import Contacts
from screening.files.templates import render
from screening.i18n import LANGUAGES, Words, words
from screening.scoring.explain import within_words

__all__ = ["card_html"]

_LONG = 20  # items; a longer list prints smaller and on several pages


def card_html(checklist: Checklist, called: Contacts, language: str = "en") -> str:
    """The page, with whom to call in the same language (`contacts`).

    Items stand danger first, then to observe, to check, to ask; the ticks leave room for "not
    known".
    """
    texts, say = checklist.texts(language), words(language)
    return render(
        "paper/street_card.html.j2",
        lang=language,
        languages=LANGUAGES,
        say=say,
        title=texts.get("list", "main", "title"),
        about=texts.get("list", "main", "about"),
        groups=_groups(checklist, texts, say),
        rules=_rules(texts),
        called=called,
        steps=_steps(checklist, texts, say),
        standing=texts.standing(say),
        print_size=8.4 if len(checklist.indicators) <= _LONG else 7.5,
        provenance=(
            f"{checklist.id} {checklist.version} · {checklist.weights_in_force} ·"
            f" {checklist.sha256[:12]}"
        ),
    )


def _groups(checklist: Checklist, texts: Texts, say: Words) -> list[dict[str, Any]]:
    titles = {
        "danger": say("Danger first"),
        "observe": say("Observe first, do not ask"),
        "document": say("Check records"),
        "ask": say(
            "Ask only when it is safe: alone, out of hearing, never through the companion; the"
            " person may stop"
        ),
    }
    groups = [
        {
            "key": key,
            "title": title,
            "entries": [
                e
                for i in checklist.indicators.values()
                if (e := _entry(checklist, i, key, texts, say))
            ],
        }
        for key, title in titles.items()
    ]
    return [g for g in groups if g["entries"]]


def _entry(
    checklist: Checklist, indicator: Indicator, group: str, texts: Texts, say: Words
) -> dict[str, str] | None:
    """The indicator's line in a group, or None; where the mode differs, it is asked of adults only
    and says so.
    """
    danger = checklist.dimensions[indicator.dimension].kind == "danger"
    modes = {p: indicator.mode_for(p) for p in CASE_PROFILES if indicator.applies(p)}
    if (group == "danger") != danger or (group != "danger" and group not in modes.values()):
        return None
    mine = [p for p, mode in modes.items() if mode == group or group == "danger"]
    who = (
        "" if len(mine) == 2 else say("children only") if mine == ["child"] else say("adults only")
    )
    return {
        "prompt": texts.prompt(
            indicator.id,
            next(iter(modes.values())) if danger else group,
            "adult" if mine == ["adult"] else "child",
        ),
        "statement": texts.statement(indicator.id),
        "who": who,
        "mark": _mark(checklist, indicator, say),
    }


def _mark(checklist: Checklist, indicator: Indicator, say: Words) -> str:
    """What a yes alone means: help now, or a strong sign (as the list's words call it), and for
    whom.
    """
    if checklist.dimensions[indicator.dimension].kind == "danger":
        return ""  # its own heading says so
    applies = [p for p in CASE_PROFILES if indicator.applies(p)]
    yes = frozenset({indicator.id})
    now = [p for p in applies if holds(checklist.rules[p].levels["act_now"], yes, lambda _: 0)]
    strong = [p for p in applies if indicator.strength_for(p) == "strong"]
    if now:
        return say("yes: act now") if now == applies else say("yes, a child: act now")
    if not strong:
        return ""
    return say("strong sign") if strong == applies else say("strong sign for a child")


def _rules(texts: Texts) -> list[str]:
    """What the list itself says about when to act, refer or look further, as plain sentences."""
    return [
        line
        for level in ("act_now", "refer", "look_further")
        if (line := texts.get("list", "card", level))
    ]


def _steps(checklist: Checklist, texts: Texts, say: Words) -> list[dict[str, str]]:
    """Steps for danger and referral."""
    return [
        {"when": within_words(s.hours, say), "text": texts.get("steps", s.id, "text")}
        for s in checklist.steps
        if "act_now" in s.findings or "refer" in s.findings
    ]
