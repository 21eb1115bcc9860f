"""docs/vignettes.md: the vignettes with their keys, and where each key comes from.

Those held out to judge weights stand nowhere but in their file.
"""

from __future__ import annotations

from collections.abc import Sequence

from cells import cell, table

import screening
from screening.calibration.readings import Beside, agreement_of_readings, beside_readers, fit
from screening.checklist import Checklist, load_vignettes, load_weights, teaching_sets, vignette_ids
from screening.checklist.model import Vignettes, WeightSet
from screening.checklist.texts import Texts
from screening.checklist.vignettefiles import Vignette
from screening.scoring import score

HEAD = [
    "# Vignettes",
    "",
    "Generated from `indicators/kosovo/vignettes` by `make docs`; do not edit.",
    "",
    (
        "Every person and sentence is invented. For trainers: each story stands with its key, so do"
        " not show this page to somebody who is about to rate or to take the course. Vignettes held"
        " out to judge weights are not here."
    ),
    "",
    "## Where the keys come from",
    "",
    (
        "- **From the rules**: the sets that teach, and the street operations. Their expected"
        " findings are what the rules make of the recorded answers. They teach the rules and guard"
        " against a change that nobody meant; they test nothing about the rules. What three readers"
        " said of the same stories, blind, stands beside each set."
    ),
    (
        "- **From readers**: the set *Hard to tell*. Its key is the middle one of what at least"
        " three readers said who had seen neither rules nor weights. These keys can find the tool"
        " wrong."
    ),
    "",
]


def vignettes() -> str:
    """The page."""
    kosovo = screening.load_checklist("kosovo")
    texts = kosovo.texts("en")
    parts = [*HEAD]
    for name in vignette_ids(kosovo):
        found = load_vignettes(kosovo, name)
        if found.keys_from == "readers":
            parts += _by_readers(found, kosovo, texts)
    for taught in teaching_sets(kosovo):
        if taught.keys_from == "rules":
            parts += _by_rules(taught, kosovo, texts)
    operations = load_vignettes(kosovo, "street-operations")
    parts += ["## Street operations", "", *_beside(operations, kosovo, texts)]
    return "\n".join(parts)


def _told(v: Vignette, texts: Texts) -> list[str]:
    """A vignette's head, story and recorded answers."""
    age = (
        "age not known"
        if v.age is None
        else f"age {v.age}" + ("" if v.age_certain == "yes" else ", not certain")
    )
    parts = [f"### {v.id}: {v.title}", "", f"*{age}*", "", cell(v.story), ""]
    for word, answers in (
        ("Recorded", ("yes",)),
        ("Told not to be so", ("no", "not_applicable")),
        ("Asked and not answered", ("unknown", "refused")),
    ):
        items = [texts.statement(i) for i, a in v.answers.items() if a in answers]
        parts += [f"**{word}**: {'; '.join(items)}.", ""] if items else []
    return parts


def _by_rules(found: Vignettes, kosovo: Checklist, texts: Texts) -> list[str]:
    """A set that teaches, each case with its key, its why and its tempting mistake."""
    shown = {v.id: v for v in found.cases if v.held_out == "no"}
    parts = [
        f"## {found.title('en')}",
        "",
        "Keys: made from the rules; they test nothing about them.",
        "",
        *_beside(found, kosovo, texts),
    ]
    for v in shown.values():
        finding = texts.get("findings", v.expected["kosovo"], "label")
        parts += [
            *_told(v, texts),
            f"**Expected finding**: {finding}. {cell(v.why)}",
            "",
        ]
        if v.mistake:
            tempting = texts.get("findings", v.mistake.finding, "label")
            parts += [f"**The tempting mistake** ({tempting}): {cell(v.mistake.text)}", ""]
        if v.twin in shown:
            parts += [f"**Looks like** {v.twin}: {shown[v.twin].title}, and ends differently.", ""]
    return parts


def _by_readers(found: Vignettes, kosovo: Checklist, texts: Texts) -> list[str]:
    """A set that readers keyed: how, how far they agree, where the tool falls short, and the
    stories.
    """
    if found.readings is None:
        return [f"## {found.title('en')}", "", "Nobody has read these for a key yet.", ""]
    parts = [f"## {found.title('en')}", "", cell(found.about), "", *_beside(found, kosovo, texts)]
    for r in beside_readers(found, kosovo, load_weights(kosovo)):
        if r.vignette.held_out == "no":
            parts += _read_by(r, found, texts)
    return parts


def _beside(found: Vignettes, kosovo: Checklist, texts: Texts) -> list[str]:
    """What readers said of a set, how far they agree, and where the tool parts from them."""
    if found.readings is None:
        return []
    weights = load_weights(kosovo)
    rows = beside_readers(found, kosovo, weights)
    shown = [r for r in rows if r.vignette.held_out == "no"]
    alpha = agreement_of_readings(found)
    alike = sum(r.apart == 0 for r in rows)
    return [
        cell(found.readings.about),
        "",
        (
            "What readers make of a story is the middle one of their readings."
            f" {alpha.name}: **{alpha.value:.2f}** (95 % {alpha.low:.2f} to"
            f" {alpha.high:.2f}, bootstrap over the {alpha.units} vignettes;"
            " it says nothing about other readers)."
            f" {alike} of {alpha.units} were read alike by all {alpha.raters},"
            f" {sum(r.apart > 1 for r in rows)} lie two or more steps apart. Agreement is not"
            " truth."
        ),
        "",
        "### The tool beside the readers",
        "",
        (
            f"With the weights `{weights.id}`, as `screening calibrate readings {found.id}` prints"
            " it. Short: the tool's finding is lower than the readers'. Missed: readers refer or"
            " act now and the tool does not; raised: the other way round."
        ),
        "",
        _counts(rows),
        "### Where readers differ, or the tool from them",
        "",
        "Held-out vignettes are counted above and not named.",
        "",
        table(
            ("vignette", "readers", "the middle one", "tool", "why"),
            [
                (
                    f"{r.vignette.id} {r.vignette.title}",
                    ", ".join(texts.get("findings", f, "label") for f in r.given),
                    texts.get("findings", r.key, "label"),
                    texts.get("findings", r.found, "label"),
                    _why(r, kosovo, weights),
                )
                for r in shown
                if r.apart or r.steps
            ],
        ),
    ]


def _why(row: Beside, kosovo: Checklist, weights: WeightSet) -> str:
    """What in the tool makes the difference; "" where there is none."""
    if row.steps == 0:
        return ""
    a = score(row.vignette.to_case().only(kosovo.indicators), kosovo, weights)
    line = weights.lines[a.profile].refer
    if row.found == "act_now":
        return "danger is recorded"
    if row.key == "act_now":
        return f"no danger is recorded; {a.points} points"
    if row.found == "refer":
        return f"{a.points} points, on telling signs of two facts or one that decides alone"
    if row.found == "too_little_known":
        return f"{a.answered} of {a.relevant} signs answered"
    if row.key == "refer":
        short = f"{a.points} of {line} points"
        return short if a.points < line else f"{a.points} points, not of two telling facts"
    natures = {kosovo.indicators[c.indicator].nature for c in a.contributions if c.indicator}
    soft = "only circumstances" if natures <= {"circumstance"} else "a sign is recorded"
    return f"{soft}: any sign is looked into"


def _counts(rows: Sequence[Beside]) -> str:
    groups = (
        ("all", list(rows)),
        ("children", [r for r in rows if r.child]),
        ("adults", [r for r in rows if not r.child]),
        ("held out", [r for r in rows if r.vignette.held_out == "yes"]),
    )
    return table(
        ("", "n", "equal", "short", "beyond", "missed", "raised"),
        [
            (name, *map(str, (f.n, f.equal, f.short, f.beyond, f.missed, f.raised)))
            for name, f in ((name, fit(members)) for name, members in groups)
        ],
    )


def _read_by(row: Beside, found: Vignettes, texts: Texts) -> list[str]:
    """One story with its key and what each reader gave as reasons."""
    assert found.readings is not None
    parts = _told(row.vignette, texts)
    parts += [
        f"**Key, from {len(row.given)} readers**: {texts.get('findings', row.key, 'label')}."
        + (f" Needs: {_needs(row.needs)}." if row.needs else ""),
        "",
    ]
    for reading in found.readings.cases[row.vignette.id]:
        owed = f" Needs: {_needs(reading.needs)}." if reading.needs else ""
        parts.append(
            f"- {texts.get('findings', reading.finding, 'label')} ({reading.confidence}"
            f" confidence): {cell('; '.join(reading.facts))}.{owed}"
        )
    return [*parts, ""]


def _needs(needs: Sequence[str]) -> str:
    return ", ".join(need.replace("_", " ") for need in needs)
