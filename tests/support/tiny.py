"""A whole list small enough to read: the ground on which broken lists are built, one edit at a
time.
"""

from __future__ import annotations

from pathlib import Path

CHECKLIST = """\
format: 1
id: tiny
version: 1
role: screening
authority: For tests.
weights: 2026-01-01-base
age_doubt: doubt
sections: [signs, other]
dimensions:
  - {id: danger, kind: danger}
  - {id: control, kind: sign}
  - {id: begging, kind: sign}
  - {id: protective, kind: protective}
forms: [begging, labour]
enough_known:
  adult: {known: {percent: 50}}
  child: {all: [{known: {percent: 50}}, {known: {dimension: begging, percent: 50}}]}
rules:
  act_now:
    adult: {indicator: danger_now}
    child: {any: [{indicator: danger_now}, {indicator: hurt}]}
  refer:
    adult: {all: [{gate: palermo}, {any: [{dimension: begging}, {points: {at_least: 8}}]}]}
    child: {any: [{dimension: begging}, {all: [{element: act}, {signs: {dimension: begging, strength: strong}}]}, {points: {at_least: 9}}]}
  look_further:
    adult: {any: [{signs: {strength: strong}}, {points: {at_least: 4, dimension: control}}]}
    child: {any: [{element: purpose}, {element: act}]}
"""

SIGNS = """\
format: 1
section: signs
indicators:
  - id: danger_now
    dimension: danger
    element: context
    applies_to: all
    strength: {}
    strength_basis: none
    mode: observe
    forms: []
    sources: [{ref: ours}]
  - id: hurt
    dimension: control
    element: means
    applies_to: all
    strength: {adult: strong, child: strong}
    strength_basis: published
    mode: ask
    forms: [begging, labour]
    sources: [{ref: delphi, at: section 5}]
  - id: threatened
    dimension: control
    element: means
    applies_to: all
    strength: {adult: medium, child: medium}
    strength_basis: published
    mode: ask
    forms: [begging, labour]
    sources: [{ref: delphi}]
  - id: brought
    dimension: control
    element: act
    applies_to: all
    strength: {adult: medium, child: strong}
    strength_basis: proposed
    mode: observe
    forms: [begging]
    sources: [{ref: ours}]
  - id: sent_to_beg
    dimension: begging
    element: purpose
    applies_to: child
    strength: {child: strong}
    strength_basis: proposed
    mode: ask
    forms: [begging]
    sources: [{ref: ours}]
  - id: quota
    dimension: begging
    element: purpose
    applies_to: all
    strength: {adult: strong, child: strong}
    strength_basis: by_analogy
    mode: {adult: ask, child: observe}
    forms: [begging]
    sources: [{ref: delphi}]
  - id: long_hours
    dimension: begging
    element: purpose
    applies_to: all
    strength: {adult: medium, child: medium}
    strength_basis: by_analogy
    mode: observe
    forms: [begging]
    sources: [{ref: delphi}]
"""

OTHER = """\
format: 1
section: other
indicators:
  - id: doubt
    dimension: control
    element: context
    applies_to: all
    strength: {adult: weak, child: weak}
    strength_basis: proposed
    mode: document
    forms: []
    sources: [{ref: ours}]
  - id: safe_adult
    dimension: protective
    element: context
    applies_to: all
    strength: {}
    strength_basis: none
    mode: ask
    forms: []
    sources: [{ref: ours}]
"""

WEIGHTS = """\
format: 1
id: 2026-01-01-base
checklist: tiny
title: For tests
authors: [nobody]
method: strong 4, medium 2, weak 1
evidence: none
valid_from: 2026-01-01
rechecked_on: 2026-01-01
points:
  danger_now: {adult: 0, child: 0}
  hurt: {adult: 4, child: 4}
  threatened: {adult: 2, child: 2}
  brought: {adult: 2, child: 4}
  sent_to_beg: {child: 4}
  quota: {adult: 4, child: 4}
  long_hours: {adult: 2, child: 2}
  doubt: {adult: 1, child: 1}
  safe_adult: {adult: 0, child: 0}
caps:
  control: {adult: 7, child: 7}
"""

SOURCES = """\
format: 1
sources:
  - {id: delphi, title: ILO/EC Delphi indicators 2009, status: secondary, note: not read in the original}
  - {id: ours, title: Our own proposal, status: assumption}
"""

PATHWAY = """\
format: 1
steps:
  - id: call
    findings: [act_now, refer]
    profiles: [adult, child]
    who: officer
    within: 0h
    checked: {on: 2026-01-01, how: read}
    sources: [{ref: ours}]
  - id: ask_on
    findings: [look_further, nothing_indicated, too_little_known]
    profiles: [adult, child]
    who: officer
    within: 7d
    checked: {on: 2026-01-01, how: read}
    sources: [{ref: ours}]
"""

TEXTS = """\
format: 1
language: en
status: source
list: {main: {title: Tiny list, about: A list for tests.}}
findings:
  act_now: {label: Act now, statement: Signs of danger now.}
  refer: {label: Refer, statement: Signs that call for a referral.}
  look_further: {label: Look further, statement: Signs that call for more.}
  nothing_indicated: {label: No sign so far, statement: No sign recorded so far; this does not show that the person is not a victim.}
  too_little_known: {label: Too little known, statement: Too little is known.}
dimensions:
  danger: {name: Danger}
  control: {name: Control}
  begging: {name: Begging}
  protective: {name: Protective}
sections:
  signs: {title: Signs}
  other: {title: Other}
forms:
  begging: {name: Begging}
  labour: {name: Labour}
roles:
  officer: {name: Officer}
reasons:
  raises: {text: "a yes would raise the finding to: {finding}"}
  completes_gate: {text: "a sign of {element} is still missing"}
  danger: {text: a yes means danger now}
  points: {text: "a yes adds {points} points"}
  record: {text: recorded and shown}
  age_doubt_noted: {text: "age {age} was called certain, yet doubt was noted"}
  not_this_profile: {text: "answered yes, and not counted at this age: {statement}"}
  profile_child_age: {text: "age {age}"}
  profile_adult_age: {text: "age {age}"}
  profile_age_missing: {text: the age is not known}
  profile_age_uncertain: {text: "age {age} is not certain"}
  element_act: {text: act}
  element_means: {text: means}
  element_purpose: {text: purpose}
indicators:
  danger_now: {statement: In danger now, instruction: Look for danger.}
  hurt: {statement: Is hurt, question: Does anyone hurt you?}
  threatened: {statement: Is threatened, question: Is there anyone you are afraid of?}
  brought: {statement: Is brought to the spot, instruction: Watch who brings the person.}
  sent_to_beg: {statement: Is sent to beg, question: Who asked you to come here?}
  quota: {statement: Must bring an amount, question: Is there an amount?, instruction: Watch for counting.}
  long_hours: {statement: Begs long hours, instruction: Note the hours.}
  doubt: {statement: The age is in doubt, instruction: Look at the school year.}
  safe_adult: {statement: Has a safe adult, question: Who could you go to?}
steps:
  call: {text: Call the police unit.}
  ask_on: {text: Ask the next questions.}
"""

FILES = {
    "checklist.yaml": CHECKLIST,
    "sections/signs.yaml": SIGNS,
    "sections/other.yaml": OTHER,
    "weights/2026-01-01-base.yaml": WEIGHTS,
    "sources.yaml": SOURCES,
    "pathway.yaml": PATHWAY,
    "texts/en.yaml": TEXTS,
}


def write_list(folder: Path, changed: dict[str, str | bytes | None] | None = None) -> Path:
    """The tiny list in a folder named `tiny`; `changed` replaces files, None leaves one out."""
    home = folder / "tiny"
    for name, text in {**FILES, **(changed or {})}.items():
        if text is not None:
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return home
