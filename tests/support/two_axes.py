"""The tiny list with two axes: points that decide beside a line, and needs beside the finding.

A line of 10; `quota` and `sent_to_beg` are telling, `hurt` reaches the line alone. `long_hours` and
`cold` are circumstances that count at most 2 together and open needs; `cold` and `long_hours` state
one fact.
"""

from __future__ import annotations

from pathlib import Path

from screening.checklist import Checklist, load_checklist
from support.tiny import CHECKLIST, OTHER, PATHWAY, SIGNS, TEXTS, WEIGHTS, write_list

__all__ = ["NEEDS", "files", "two_axes"]

NEEDS = """\
format: 1
needs:
  - id: shelter
    urgency: soon
    profiles: [adult, child]
    indicators: [long_hours, cold]
    who: officer
    within: 3d
    steps: [ask_on]
    checked: {on: 2026-01-01, how: read}
    sources: [{ref: ours}]
  - id: doctor
    urgency: today
    profiles: [adult, child]
    indicators: [hurt, cold]
    who: nurse
    within: 24h
    steps: [call]
    checked: {on: 2026-01-01, how: read}
    sources: [{ref: delphi}]
  - id: guardian
    urgency: now
    profiles: [child]
    indicators: [brought]
    who: officer
    within: 0h
    steps: [call]
    checked: {on: 2026-01-01, how: read}
    sources: [{ref: ours}]
"""
COLD = """\
  - id: cold
    dimension: begging
    element: purpose
    nature: circumstance
    applies_to: all
    strength: {adult: medium, child: medium}
    strength_basis: by_analogy
    mode: observe
    forms: [begging]
    sources: [{ref: ours}]
"""
NATURES = {
    "hurt": "control",
    "threatened": "control",
    "brought": "act",
    "sent_to_beg": "purpose",
    "quota": "purpose",
    "long_hours": "circumstance",
}
LINES = """\
lines:
  refer: {adult: 10, child: 10}
  telling: {adult: 5, child: 5}
  corroborating: {adult: 5, child: 5}
  soft: {adult: 2, child: 2}
  alone: [{indicator: hurt, profiles: [adult, child], why: Nobody hurts a person for nothing}]
points:
  danger_now: {adult: 0, child: 0}
  hurt: {adult: 10, child: 10}
  threatened: {adult: 3, child: 3}
  brought: {adult: 3, child: 3}
  sent_to_beg: {child: 5}
  quota: {adult: 6, child: 6}
  long_hours: {adult: 2, child: 2}
  cold: {adult: 1, child: 1}
  doubt: {adult: 1, child: 1}
  safe_adult: {adult: 0, child: 0}
"""
REASONS = """\
reasons:
  counted_once: {text: "Says the same as: {statement}"}
  soft_capped: {text: "Soft signs count at most {points} together"}
"""
WORDS = """\
needs:
  shelter: {name: Shelter, text: A warm place.}
  doctor: {name: Doctor, text: A doctor sees the person.}
  guardian: {name: Guardian, text: Somebody speaks for the child.}
"""


def two_axes(folder: Path) -> Checklist:
    """The list, written into a folder and loaded."""
    return load_checklist(write_list(folder, files()))


def files() -> dict[str, str | bytes | None]:
    """What differs from the tiny list's files, by name."""
    signs = SIGNS
    for name, nature in NATURES.items():
        signs = signs.replace(f"  - id: {name}\n", f"  - id: {name}\n    nature: {nature}\n")
    rules = CHECKLIST[: CHECKLIST.index("rules:")]
    changed: dict[str, str | bytes | None] = {
        "checklist.yaml": rules
        + "states_one_fact:\n  - {id: outside, signs: [long_hours, cold]}\n"
        + "rules:\n"
        + "  act_now: {adult: {indicator: danger_now}, child: {indicator: danger_now}}\n"
        + "  refer: {adult: {line: refer}, child: {line: refer}}\n"
        + "  look_further: {adult: {signs: {at_least: 1}}, child: {signs: {at_least: 1}}}\n",
        "sections/signs.yaml": signs + COLD,
        "sections/other.yaml": OTHER.replace(
            "  - id: doubt\n", "  - id: doubt\n    nature: presentation\n"
        ),
        "weights/2026-01-01-base.yaml": WEIGHTS[: WEIGHTS.index("points:")] + LINES,
        "pathway.yaml": PATHWAY,
        "needs.yaml": NEEDS,
        "texts/en.yaml": TEXTS.replace("reasons:\n", REASONS)
        .replace(
            "  officer: {name: Officer}\n", "  officer: {name: Officer}\n  nurse: {name: Nurse}\n"
        )
        .replace(
            "  doubt: {statement:",
            "  cold: {statement: Is out in the cold, instruction: Look at the clothes.}\n"
            "  doubt: {statement:",
        )
        + WORDS,
    }
    return changed
