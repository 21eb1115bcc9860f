"""A scorecard as one page of paper: tick, add up, read off. typst sets it."""

from __future__ import annotations

import json
from typing import Any, Literal

from screening.answers import Profile
from screening.checklist.model import Checklist
from screening.errors import UsageError
from screening.files.templates import TEMPLATES
from screening.i18n import LANGUAGES, words
from screening.scorecard.model import CardModel

__all__ = ["sheet_of"]


def sheet_of(
    model: CardModel,
    checklist: Checklist,
    profile: Profile,
    language: str = "en",
    kind: Literal["pdf", "svg"] = "pdf",
) -> bytes:
    """One profile's card as an A4 page in the language's words.

    Raises
    ------
    KnowledgeError : K1xx the list has no words in this language
    UsageError : U306 typst is not installed
    """
    try:
        import typst
    except ModuleNotFoundError as error:
        raise UsageError("U306.plot_packages", error=error.name) from None
    source: dict[str, Any] = {
        "input": {"main": (TEMPLATES / "paper" / "scorecard_sheet.typ").read_bytes()},
        "ignore_system_fonts": True,
        "sys_inputs": {"sheet": json.dumps(_words(model, checklist, profile, language))},
    }
    return bytes(typst.compile(**source, format=kind))


def _words(
    model: CardModel, checklist: Checklist, profile: Profile, language: str
) -> dict[str, Any]:
    """All that stands on the page."""
    texts, say = checklist.texts(language), words(language)
    items, lines = model.items[profile], model.lines[profile]
    applying = sum(checklist.indicators[i.indicator].applies(profile) for i in items)
    least = -(-applying * round(1000 * model.least_known) // 1000)
    rows = [
        (say("Many signs: A is at least"), lines.many_signs),
        (say("Some signs: A is at least"), lines.some_signs),
        (say("Few signs so far: B is below"), lines.some_signs),
        (say("and of these lines are answered at least"), least),
        (say("Otherwise: too little is known. Ask on, when it is safe."), ""),
    ]
    return {
        "lang": LANGUAGES[language].tongue,
        "title": say("Second opinion: a card to add up by hand"),
        "statement": say(
            "Trained on synthetic cases; not validated in the field; never lowers a finding."
        ),
        "how": say(
            "Fill in the whole list first. Tick one box a line. What was not asked, not answered or"
            " is not known is open, never no. A line that cannot be so for this person is no. With"
            " family and papers or not: neither changes anything here."
        ),
        "heads": [say("Yes"), say("Open"), say("No")],
        "items": [
            {"text": texts.statement(i.indicator), "yes": i.yes, "open": i.open} for i in items
        ],
        "sums": [say("A. Points of all yes boxes"), say("B. Points of all open boxes")],
        "who": say("Child, or age in doubt") if profile == "child" else say("Adult"),
        "rows": [[str(cell) for cell in row] for row in rows],
        "ending": say(
            "The list decides nothing and this card less: a person decides. Few signs is no ground"
            " for closing anything."
        ),
        "foot": f"{model.id} · {model.checklist.id} {model.checklist.version} · {model.card}",
    }
