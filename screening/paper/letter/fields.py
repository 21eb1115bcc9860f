"""What is typed for a letter, by field, and which fields must not be empty."""

from __future__ import annotations

from collections.abc import Mapping

from screening.contacts import Contacts
from screening.i18n import Words
from screening.interview import Interview

__all__ = [
    "BY",
    "FIELDS",
    "REQUIRED",
    "REQUIRED_IN_DANGER",
    "field_words",
    "missing",
    "sender",
    "still_to_ask",
]

# In the order of the form. `from` is asked only where the station's contacts do not say it.
FIELDS = (
    "to",
    "from",
    "officer",
    "happened",
    "when",
    "place",
    "companion",
    "vehicle",
    "now",
    "told",
    "needs",
    "asked",
    "by",
    "attached",
    "name",
    "notes_language",
    "consent",
)
REQUIRED = ("to", "from", "happened", "when", "place", "now")
REQUIRED_IN_DANGER = ("place",)  # the rest is written by hand, or not at all
BY = ("0", "24", "72", "168")  # hours within which an answer may be asked for


def field_words(say: Words) -> dict[str, str]:
    """What each field is called."""
    return {
        "to": say("To (office)"),
        "from": say("From (unit, telephone)"),
        "officer": say("Officer"),
        "happened": say("What happened"),
        "when": say("When"),
        "place": say("Place"),
        "companion": say("With the person, and who they say they are"),
        "vehicle": say("Vehicle and plate"),
        "now": say("Where the person is now, and with whom"),
        "told": say("Who was told, and when"),
        "needs": say("What the person needs and wants"),
        "asked": say("What you ask of the other office"),
        "by": say("Answer wanted"),
        "attached": say("Attached"),
        "name": say("Name, only if needed"),
        "notes_language": say("Language of the notes"),
        "consent": say("Agrees to this referral"),
    }


def missing(interview: Interview, called: Contacts) -> tuple[str, ...]:
    """The required fields that are empty; in danger, fewer are required."""
    required = REQUIRED_IN_DANGER if interview.danger == "yes" else REQUIRED
    typed = {**interview.record.letter, "from": sender(interview.record.letter, called)}
    return tuple(f for f in required if not typed.get(f, "").strip())


def sender(typed: Mapping[str, str], called: Contacts) -> str:
    """Who writes: as typed, else the unit of the station's contacts."""
    return typed.get("from", "").strip() or called.unit


def still_to_ask(interview: Interview, called: Contacts) -> tuple[str, ...]:
    """The fields that a form asks: not what the contacts or the interview already say."""
    known = set()
    if called.unit and not interview.record.letter.get("from"):
        known.add("from")
    if interview.record.facts.get(interview.protocol.company) == "alone":
        known.add("companion")
    if not any(r.note for r in interview.record.answers.values()):
        known.add("notes_language")
    return tuple(f for f in FIELDS if f not in known)
