"""A museum of broken lists: each exhibit is the tiny list with one thing wrong, and the one line it
must bring.

The code is what counts; the words are the place and what the person needs to find and mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from screening.checklist import (
    Checklist,
    WeightSet,
    load_checklist,
    load_mapping,
    load_vignettes,
    load_weights,
    loader,
    yamlfile,
)
from screening.errors import KnowledgeError
from screening.errors.catalogue import CATALOGUE
from support import two_axes
from support.tiny import CHECKLIST, FILES, OTHER, SIGNS, SOURCES, TEXTS, WEIGHTS, write_list

HEAD, SIGN, REST, BASE, SRC, PATH, EN = FILES  # the tiny list's seven files
Changes = dict[str, str | bytes | None]
Prank = Callable[[Path, pytest.MonkeyPatch], object]

VIGNETTES = """\
format: 1
id: few
about: Invented.
cases:
  - id: A
    age: 9
    met_on: 2026-01-05
    answers: {quota: yes, hurt: unknown}
    story: A child counts coins.
    expected: {tiny: look_further}
    why: A purpose alone.
"""
THIRD = "    - {reader: third, finding: refer, confidence: low, facts: [coins]}\n"
READINGS = f"""\
format: 1
id: few
about: Three who read.
asked: What would you do?
read_on: 2026-11-27
readers: [{{id: first, who: one}}, {{id: second, who: two}}, {{id: third, who: three}}]
cases:
  A:
    - {{reader: first, finding: refer, needs: [health], confidence: low, facts: [coins]}}
    - {{reader: second, finding: look_further, confidence: high, facts: [coins]}}
{THIRD}"""
MAPPING = """\
format: 1
id: other
about: Somebody else's table.
ages:
  - {column: age, years: {0--8: 8}}
rules:
  - {when: {meansDebt: 1}, indicators: [threatened], kind: means}
sources: [{ref: ours}]
"""
SERBIAN = """\
format: 1
language: sr
status: draft
indicators:
  hurt: {statement: Povređen je, question: Da li te neko povređuje?}
"""
FEW = "format: 1\nsection: few\nindicators:\n" + "".join(
    f"  - id: {i}\n"
    for i in ("danger_now", "hurt", "brought", "sent_to_beg", "quota", "long_hours")
)
# A list that takes everything but its head, its weights and its section from the tiny one
SMALL: Changes = {
    "../small/checklist.yaml": (
        CHECKLIST.replace("id: tiny", "id: small\ncatalogue: tiny")
        .replace("[signs, other]", "[few]")
        .replace("age_doubt: doubt\n", "")
    ),
    "../small/sections/few.yaml": FEW,
    "../small/weights/2026-01-01-base.yaml": "".join(
        line
        for line in WEIGHTS.replace("checklist: tiny", "checklist: small").splitlines(keepends=True)
        if not line.startswith(("  threatened", "  doubt", "  safe_adult"))
    ),
    "../small/pathway.yaml": FILES[PATH],
    "../small/texts/en.yaml": (
        "format: 1\nlanguage: en\nstatus: source\nsections: {few: {title: Few}}\n"
    ),
}
FEW_FILE = "../small/sections/few.yaml"


def read_by(readings: str) -> dict[str, str]:
    """The set of vignettes without a key of its own, and what readers made of it."""
    unkeyed = ("    expected: {tiny: look_further}\n    why: A purpose alone.\n", "")
    return {
        "vignettes/few.yaml": swap(VIGNETTES, ("cases:", "keys_from: readers\ncases:"), unkeyed),
        "vignettes/readings/few.yaml": readings,
    }


SMALL_HEAD = "../small/checklist.yaml"


NEEDS = """\
format: 1
needs:
  - id: rest
    urgency: soon
    profiles: [child]
    indicators: [long_hours]
    who: officer
    within: 3d
    steps: [call]
    checked: {on: 2026-01-01, how: read}
    sources: [{ref: ours}]
"""


def swap(text: str, *pairs: tuple[str, str]) -> str:
    """The text with each old part, which must stand in it once, replaced by the new one."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def edit(file: str, *pairs: tuple[str, str]) -> Changes:
    return {file: swap(FILES[file], *pairs)}


def also(text: str, *pairs: tuple[str, str], file: str) -> Changes:
    return {file: swap(text, *pairs)}


def lined(*pairs: tuple[str, str]) -> Changes:
    """The list whose points decide, its weights edited."""
    changed = two_axes.files()
    return changed | {BASE: swap(str(changed[BASE]), *pairs)}


def small(file: str = "", *pairs: tuple[str, str]) -> Changes:
    """The derived list, one of its files edited."""
    return SMALL | ({file: swap(str(SMALL[file]), *pairs)} if file else {})


def load(home: Path) -> tuple[Checklist, WeightSet]:
    """Everything of a list that can be loaded; of the derived one where there is one."""
    derived = home.parent / "small"
    checklist = load_checklist(derived if derived.is_dir() else home)
    weights = load_weights(checklist)
    for path in checklist.folder.glob("weights/*.yaml"):
        load_weights(checklist, path.stem)
    for path in checklist.folder.glob("vignettes/*.yaml"):
        load_vignettes(checklist, path.stem)
    for path in checklist.folder.glob("mappings/*.yaml"):
        load_mapping(checklist, path.stem)
    for path in checklist.folder.glob("texts/*.yaml"):
        checklist.texts(path.stem)
    return checklist, weights


def instead(file: str, put: Callable[[Path], object]) -> Prank:
    """Something else in the place of a file."""

    def prank(home: Path, _: pytest.MonkeyPatch) -> None:
        path = home / file
        path.unlink(missing_ok=True)
        put(path)

    return prank


def renamed(home: Path, _: pytest.MonkeyPatch) -> Path:
    return home.rename(home.with_name("renamed"))


def forbidden_to_read(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == "sources.yaml":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


def one_kilobyte_at_most(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlfile, "LARGEST", 1024)


LAUGHS = "a: &a [lol, lol, lol]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
ASK_ON = "[look_further, nothing_indicated, too_little_known]"
ADULT_ACT = "    adult: {indicator: danger_now}\n"
ADULT_LOOK = "{any: [{signs: {strength: strong}}, {points: {at_least: 4, dimension: control}}]}"
CHILD_LOOK = "{any: [{element: purpose}, {element: act}]}"
CHILD_ACT = "{any: [{indicator: danger_now}, {indicator: hurt}]}"
THREATENED = "  - id: threatened\n    dimension: control\n    element: means\n"
DANGER = (
    "  - id: danger_now\n    dimension: danger\n    element: context\n    applies_to: all\n   "
    " strength: {}\n"
)
SENT = "    applies_to: child\n    strength: {child: strong}\n"
FORMS = "forms: [begging]\n    sources: [{ref: ours}]\n  - id: quota"
ARABIC_THREE = "٣"


def rule(old: str, new: str) -> Changes:
    return edit(HEAD, (old, new))


# name, what is changed in the tiny list, code, words that must be in the line, what is done on the
# disk (if anything)
EXHIBITS: list[tuple[str, Changes, str, list[str], Prank | None]] = [
    (*row, None) if len(row) == 4 else row
    for row in [  # rows of four or five
        # -- no YAML -------------------------------------------------------------------------------
        (
            "two colons on a line",
            edit(HEAD, ("version: 1", "version: a: b")),
            "K101",
            ["tiny/checklist.yaml, line 3", "check indentation"],
        ),
        (
            "a tab as indentation",
            edit(SIGN, ("  - id: quota", "\t- id: quota")),
            "K101",
            ["tiny/sections/signs.yaml, line 49"],
        ),
        (
            "a quote left open",
            edit(PATH, ("who: officer\n    within: 0h", "who: 'officer\n    within: 0h")),
            "K101",
            ["tiny/pathway.yaml, line"],
        ),
        (
            "zero bytes",
            {SRC: b"format: 1\x00\nsources: []\n"},
            "K101",
            ["tiny/sources.yaml", "a character that YAML does not allow"],
        ),
        (
            "a list as a key",
            {SRC: "format: 1\n? [a, b]\n: c\n"},
            "K101",
            ["tiny/sources.yaml, line 2", "write keys as plain words"],
        ),
        # -- aliases, anchors, tags, bombs ---------------------------------------------------------
        (
            "an alias",
            edit(BASE, ("authors: [nobody]", "authors: *people")),
            "K102",
            ["2026-01-01-base.yaml, line 5", "alias '*people'"],
        ),
        (
            "an anchor on a word",
            edit(HEAD, ("id: tiny", "id: &x tiny")),
            "K102",
            ["tiny/checklist.yaml, line 2", "anchor '&x'"],
        ),
        (
            "an anchor on a list",
            edit(HEAD, ("forms: [", "forms: &f [")),
            "K102",
            ["tiny/checklist.yaml, line 14", "anchor '&f'"],
        ),
        (
            "a merge key",
            edit(BASE, ("  hurt: {", "  hurt: {<<: *hit, ")),
            "K102",
            ["line 12", "alias '*hit'"],
        ),
        (
            "a tag",
            edit(HEAD, ("version: 1", "version: !!int 1")),
            "K102",
            ["tiny/checklist.yaml, line 3", "tag 'tag:yaml.org,2002:int'"],
        ),
        (
            "a tag that runs code",
            edit(HEAD, ("version: 1", "version: !!python/object/apply:os.system [id]")),
            "K102",
            ["line 3", "os.system"],
        ),
        (
            "a billion laughs",
            {SRC: "format: 1\n" + LAUGHS},
            "K102",
            ["tiny/sources.yaml, line 2", "anchor '&a'"],
        ),
        (
            "3,000 nested brackets",
            {EN: "format: 1\nnote: " + "[" * 3000 + "]" * 3000},
            "K104",
            ["tiny/texts/en.yaml, line 2", "simplify"],
        ),
        (
            "3,000 brackets never closed",
            {SIGN: "[" * 3000},
            "K104",
            ["tiny/sections/signs.yaml, line 1"],
        ),
        # -- keys that stand twice -----------------------------------------------------------------
        (
            "a key twice at the top",
            edit(HEAD, ("role: screening\n", "role: screening\nversion: 2\n")),
            "K103",
            ["tiny/checklist.yaml, line 5", "key 'version' appears twice, first on line 3"],
        ),
        (
            "a block twice",
            edit(HEAD, ("rules:\n", "forms:\n  - begging\nrules:\n")),
            "K103",
            ["line 18", "'forms' appears twice, first on line 14"],
        ),
        (
            "a weight twice",
            edit(BASE, ("  doubt:", "  hurt:")),
            "K103",
            ["line 18", "key 'hurt' appears twice, first on line 12"],
        ),
        (
            "words twice",
            edit(EN, ("  ask_on: {", "  call: {")),
            "K103",
            ["tiny/texts/en.yaml, line", "key 'call' appears twice"],
        ),
        # -- not text, not one mapping -------------------------------------------------------------
        (
            "cp1250",
            {EN: TEXTS.replace("Begging", "Prošnja").encode("cp1250")},
            "K108",
            ["tiny/texts/en.yaml", "is not UTF-8", "save the file as UTF-8"],
        ),
        (
            "UTF-16",
            {EN: TEXTS.encode("utf-16")},
            "K108",
            ["tiny/texts/en.yaml", "byte 0 is not UTF-8"],
        ),
        (
            "UTF-16 without its mark",
            {EN: TEXTS.encode("utf-16-le")},
            "K101",
            ["tiny/texts/en.yaml", "a character that YAML does not allow"],
        ),
        (
            "an empty file",
            {SRC: b""},
            "K108",
            ["tiny/sources.yaml", "not a single mapping", "format: 1"],
        ),
        (
            "nothing but a comment",
            {PATH: "# later\n"},
            "K108",
            ["tiny/pathway.yaml", "not a single mapping"],
        ),
        (
            "a list at the top",
            {SRC: "- format\n- sources\n"},
            "K108",
            ["tiny/sources.yaml", "not a single mapping"],
        ),
        (
            "a word at the top",
            {SRC: "sources"},
            "K108",
            ["tiny/sources.yaml", "not a single mapping"],
        ),
        (
            "two documents",
            {SRC: SOURCES + "---\n" + SOURCES},
            "K108",
            ["tiny/sources.yaml", "not a single mapping"],
        ),
        ("a huge file", {}, "K108", ["tiny/", "the file is larger than"], one_kilobyte_at_most),
        # -- keys that the format does not know ----------------------------------------------------
        (
            "unknown key: list",
            edit(HEAD, ("role: screening", "role: screening\nowner: me")),
            "K105",
            [
                "tiny/checklist.yaml, line 5, owner",
                "unknown key 'owner'",
                "allowed keys: format, id,",
            ],
        ),
        (
            "unknown key: a required one misspelt",
            edit(HEAD, ("authority:", "autority:")),
            "K105",
            ["line 5, autority", "did you mean 'authority'?"],
        ),
        (
            "unknown key: dimension",
            edit(HEAD, ("{id: control, kind: sign}", "{id: control, kind: sign, cap: 7}")),
            "K105",
            ["line 11, dimensions[1].cap", "allowed keys: id, kind"],
        ),
        (
            "unknown key: finding in the rules",
            edit(HEAD, ("rules:\n", "rules:\n  clear: {adult: {gate: palermo}}\n")),
            "K105",
            ["line 19, rules.clear", "unknown key 'clear'", "act_now, refer, look_further"],
        ),
        (
            "unknown key: profile in the rules",
            edit(HEAD, ("  refer:\n", "  refer:\n    adults: {gate: palermo}\n")),
            "K105",
            ["line 23, rules.refer.adults", "did you mean 'adult'?"],
        ),
        (
            "unknown key: points in a rule",
            rule("{points: {at_least: 8}}", "{points: {at_least: 8, element: act}}"),
            "K105",
            ["line 23, rules.refer.adult.all[1].any[1].points", "at_least"],
        ),
        (
            "unknown key: signs in a rule",
            rule("dimension: begging, strength: strong", "dimension: begging, strenght: strong"),
            "K105",
            ["line 24, rules.refer.child.any[1].all[1].signs.strenght", "did you mean 'strength'?"],
        ),
        (
            "unknown key: known in a rule",
            rule("dimension: begging, percent: 50", "dimension: begging, percent: 50, of: x"),
            "K105",
            [
                "line 17, enough_known.child.all[1].known.of",
                "allowed keys: dimension, element, strength, percent",
            ],
        ),
        (
            "unknown key: section",
            edit(SIGN, ("section: signs", "section: signs\ntitle: Signs")),
            "K105",
            ["tiny/sections/signs.yaml, line 3, title"],
        ),
        (
            "unknown key: indicator",
            edit(SIGN, (SENT, SENT + "    wieght: 4\n")),
            "K105",
            ["line 45, indicators[4].wieght", "unknown key 'wieght'"],
        ),
        (
            "unknown key: strength",
            edit(SIGN, ("{child: strong}", "{child: strong, infant: strong}")),
            "K105",
            ["indicators[4].strength.infant", "allowed keys: adult, child"],
        ),
        (
            "unknown key: mode",
            edit(SIGN, ("{adult: ask, child: observe}", "{adult: ask, child: observe, all: ask}")),
            "K105",
            ["indicators[5].mode.all"],
        ),
        (
            "unknown key: cited source",
            edit(SIGN, ("at: section 5", "page: 5")),
            "K105",
            ["indicators[1].sources[0].page", "allowed keys: ref, at"],
        ),
        (
            "unknown key: sources",
            edit(SRC, ("status: assumption", "status: assumption, url: x")),
            "K105",
            ["tiny/sources.yaml, line 4, sources[1].url"],
        ),
        (
            "unknown key: pathway",
            edit(PATH, ("steps:", "checked_by: me\nsteps:")),
            "K105",
            ["line 2, checked_by"],
        ),
        (
            "unknown key: step",
            edit(PATH, ("    within: 7d", "    within: 7d\n    until: 8d")),
            "K105",
            ["tiny/pathway.yaml, line 15, steps[1].until"],
        ),
        (
            "unknown key: weight set",
            edit(BASE, ("method:", "multiplier: 2\nmethod:")),
            "K105",
            ["2026-01-01-base.yaml, line 6, multiplier"],
        ),
        (
            "unknown key: weight",
            edit(BASE, ("sent_to_beg: {child: 4}", "sent_to_beg: {child: 4, teen: 4}")),
            "K105",
            ["line 15, points.sent_to_beg.teen", "allowed keys: adult, child"],
        ),
        (
            "unknown key: texts",
            edit(EN, ("roles:", "sayings: {}\nroles:")),
            "K105",
            ["tiny/texts/en.yaml", "unknown key 'sayings'"],
        ),
        (
            "unknown key: vignette",
            {"vignettes/few.yaml": swap(VIGNETTES, ("    age: 9", "    name: Ana\n    age: 9"))},
            "K105",
            ["tiny/vignettes/few.yaml, line 6, cases[0].name"],
        ),
        (
            "unknown key: mapping",
            {"mappings/other.yaml": swap(MAPPING, ("kind: means", "kind: means, weight: 4"))},
            "K105",
            ["tiny/mappings/other.yaml, line 7, rules[0].weight"],
        ),
        # -- keys that are missing -----------------------------------------------------------------
        (
            "missing key: list",
            edit(HEAD, ("authority: For tests.\n", "")),
            "K106",
            ["tiny/checklist.yaml: key 'authority' is missing", "add 'authority:'"],
        ),
        (
            "missing key: a child's rule",
            rule(f"    child: {CHILD_LOOK}\n", ""),
            "K106",
            ["line 25, rules.look_further: key 'child' is missing"],
        ),
        (
            "missing key: a finding's rule",
            edit(
                HEAD,
                ("  look_further:\n", ""),
                (f"    adult: {ADULT_LOOK}\n", ""),
                (f"    child: {CHILD_LOOK}\n", ""),
            ),
            "K106",
            ["line 18, rules: key 'look_further' is missing"],
        ),
        (
            "missing key: number of points",
            rule("{points: {at_least: 9}}", "{points: {}}"),
            "K106",
            ["line 24", "any[2].points", "add 'at_least:'"],
        ),
        (
            "missing key: percent",
            rule("{dimension: begging, percent: 50}", "{dimension: begging}"),
            "K106",
            ["all[1].known: key 'percent' is missing"],
        ),
        (
            "missing key: indicator",
            edit(SIGN, (THREATENED, "  - id: threatened\n    dimension: control\n")),
            "K106",
            ["tiny/sections/signs.yaml, line 22, indicators[2]: key 'element' is missing"],
        ),
        (
            "missing key: an indicator's id",
            edit(SIGN, ("  - id: hurt\n    dimension", "  - dimension")),
            "K106",
            ["line 13, indicators[1]: the indicator has no id", "give it one"],
        ),
        (
            "missing key: one profile's mode",
            edit(SIGN, ("{adult: ask, child: observe}", "{adult: ask}")),
            "K106",
            ["indicators[5].mode: key 'child'"],
        ),
        (
            "missing key: source",
            edit(SRC, ("title: Our own proposal, ", "")),
            "K106",
            ["tiny/sources.yaml, line 4, sources[1]: key 'title'"],
        ),
        (
            "missing key: step",
            edit(PATH, ("    within: 7d\n", "")),
            "K106",
            ["tiny/pathway.yaml, line 10, steps[1]: key 'within' is missing"],
        ),
        (
            "missing key: weight set",
            edit(BASE, ("evidence: none\n", "")),
            "K106",
            ["2026-01-01-base.yaml: key 'evidence' is missing"],
        ),
        (
            "missing key: texts",
            edit(EN, ("language: en\n", "")),
            "K106",
            ["tiny/texts/en.yaml: key 'language' is missing"],
        ),
        # -- values of the wrong kind --------------------------------------------------------------
        (
            "another format",
            edit(HEAD, ("format: 1", "format: 2")),
            "K107",
            ["tiny/checklist.yaml, line 1, format: '2'", "allowed words: 1"],
        ),
        (
            "an id with a capital",
            edit(HEAD, ("age_doubt: doubt", "age_doubt: Doubt")),
            "K107",
            ["line 7, age_doubt: 'Doubt'", "only a-z, 0-9 and _"],
        ),
        (
            "an id of 65 letters",
            edit(HEAD, ("age_doubt: doubt", "age_doubt: " + "d" * 65)),
            "K107",
            ["line 7, age_doubt", "is too long", "64"],
        ),
        (
            "a dimension without keys",
            edit(HEAD, ("- {id: control, kind: sign}", "- control")),
            "K107",
            ["line 11, dimensions[1]: 'control'", "key: value"],
        ),
        (
            "one rule for both profiles",
            rule(ADULT_ACT, "    adult: danger_now\n"),
            "K107",
            ["line 20, rules.act_now.adult: 'danger_now'"],
        ),
        (
            "no section at all",
            edit(HEAD, ("sections: [signs, other]", "sections: []")),
            "K107",
            ["line 8, sections", "write at least 1"],
        ),
        (
            "a word for a list",
            edit(
                REST, ("    mode: document\n    forms: []", "    mode: document\n    forms: none")
            ),
            "K107",
            ["tiny/sections/other.yaml, line 11, indicators[0].forms: 'none' is not a list"],
        ),
        (
            "a list for a word",
            edit(HEAD, ("version: 1", "version: [1]")),
            "K107",
            ["line 3, version", "is not text"],
        ),
        (
            "empty text",
            edit(HEAD, ("authority: For tests.", "authority: ' '")),
            "K107",
            ["line 5, authority", "is empty", "write it out"],
        ),
        (
            "an unknown strength",
            edit(SIGN, ("{child: strong}", "{child: very}")),
            "K107",
            ["indicators[4].strength.child: 'very'", "strong, medium, weak"],
        ),
        (
            "an unknown mode",
            edit(SIGN, ("{adult: ask, child: observe}", "{adult: ask, child: probe}")),
            "K107",
            ["indicators[5].mode.child: 'probe'"],
        ),
        (
            "an unknown element",
            edit(SIGN, (THREATENED, THREATENED.replace("means", "force"))),
            "K107",
            ["indicators[2].element: 'force'"],
        ),
        (
            "an unknown element in a rule",
            rule("{any: [{element: purpose}", "{any: [{element: intent}"),
            "K107",
            [
                "line 27, rules.look_further.child.any[0].element",
                "'intent' is not an element",
                "act, means or purpose",
            ],
        ),
        (
            "a list as an element in a rule",
            rule("{any: [{element: purpose}", "{any: [{element: [purpose]}"),
            "K107",
            ["is not an element"],
        ),
        (
            "an unknown element of signs",
            rule("{signs: {strength: strong}}", "{signs: {element: intent}}"),
            "K107",
            ["signs.element", "or context"],
        ),
        (
            "an unknown strength of signs",
            rule("{signs: {strength: strong}}", "{signs: {strength: huge}}"),
            "K107",
            ["signs.strength", "'huge'"],
        ),
        (
            "signs without keys",
            rule("{signs: {strength: strong}}", "{signs: strong}"),
            "K107",
            ["any[0].signs: a mapping of keys to values is expected", "at_least"],
        ),
        (
            "signs of no dimension",
            rule("{signs: {strength: strong}}", "{signs: {dimension: []}}"),
            "K107",
            ["signs.dimension: no dimension is given"],
        ),
        (
            "a gate of one's own",
            rule("{gate: palermo}", "{gate: lisbon}"),
            "K107",
            ["line 23, rules.refer.adult.all[0].gate", "write palermo, the only gate"],
        ),
        (
            "no points in a rule",
            rule("{points: {at_least: 9}}", "{points: {at_least: 0}}"),
            "K107",
            ["points.at_least: at_least is '0'", "1 or more"],
        ),
        (
            "points below nothing",
            rule("{points: {at_least: 9}}", "{points: {at_least: -9}}"),
            "K107",
            ["at_least is '-9'"],
        ),
        (
            "points in other digits",
            rule("{points: {at_least: 9}}", f"{{points: {{at_least: {ARABIC_THREE}}}}}"),
            "K107",
            ["in the digits 0-9"],
        ),
        (
            "a list as a number",
            rule("{points: {at_least: 9}}", "{points: {at_least: [9]}}"),
            "K107",
            ["in the digits 0-9"],
        ),
        (
            "101 percent",
            rule("{known: {dimension: begging, percent: 50}}", "{known: {percent: 101}}"),
            "K107",
            ["known.percent: 101 percent", "1 to 100"],
        ),
        (
            "a strength for those it does not apply to",
            edit(SIGN, (SENT, SENT.replace("{child: strong}", "{child: strong, adult: weak}"))),
            "K107",
            [
                "line 44, indicators[4].strength",
                "a strength for the profile adult",
                "widen applies_to",
            ],
        ),
        (
            "a time without a unit",
            edit(PATH, ("within: 0h", "within: 24")),
            "K107",
            ["tiny/pathway.yaml, line 7, steps[0].within: '24'", "such as 24h or 7d"],
        ),
        (
            "a language by its name",
            edit(EN, ("language: en", "language: english")),
            "K107",
            ["line 2, language: 'english'", "write a code such as sq"],
        ),
        (
            "a weight under no id",
            edit(BASE, ("  hurt:", "  Hurt:")),
            "K107",
            ["line 12, points.Hurt: 'Hurt'", "a letter first"],
        ),
        (
            "a vignette's answer that is none",
            {"vignettes/few.yaml": swap(VIGNETTES, ("quota: yes", "quota: maybe"))},
            "K107",
            ["tiny/vignettes/few.yaml, line 8, cases[0].answers.quota: 'maybe'", "not_asked"],
        ),
        (
            "a vignette that leaves out of a course what the list does not have",
            {
                "vignettes/few.yaml": swap(
                    VIGNETTES, ("    story", "    not_put: [quotas]\n    story")
                )
            },
            "K120",
            ["cases[0].not_put[0]", "'quotas' is not in this list"],
        ),
        (
            "a vignette that leaves out of a course what it answers",
            {
                "vignettes/few.yaml": swap(
                    VIGNETTES, ("    story", "    not_put: [quota]\n    story")
                )
            },
            "K120",
            ["'quota' is both answered and in not_put", "remove it from one of the two"],
        ),
        (
            "a vignette without the key that rules made",
            {"vignettes/few.yaml": swap(VIGNETTES, ("    expected: {tiny: look_further}\n", ""))},
            "K106",
            ["few.yaml, line 5, cases[0]", "'expected'"],
        ),
        (
            "a vignette without its why",
            {"vignettes/few.yaml": swap(VIGNETTES, ("    why: A purpose alone.\n", ""))},
            "K106",
            ["few.yaml, line 5, cases[0]", "'why'"],
        ),
        (
            "a key in the file of a set that readers key",
            {"vignettes/few.yaml": swap(VIGNETTES, ("cases:", "keys_from: readers\ncases:"))},
            "K120",
            ["few.yaml, line 11, cases[0].expected", "comes from its readings"],
        ),
        (
            "a translated vignette without its why",
            {
                "vignettes/few.yaml": VIGNETTES,
                "vignettes/sr/few.yaml": "format: 1\nid: few\nlanguage: sr\nstatus: draft\ncases:\n"
                '  A: {of: "0123456789", title: A, story: Dete broji.}\n',
            },
            "K106",
            ["tiny/vignettes/sr/few.yaml, line 6, cases.A", "'why'"],
        ),
        (
            "readings of a case that the set does not have",
            read_by(swap(READINGS, ("  A:", "  C:"))),
            "K120",
            ["tiny/vignettes/readings/few.yaml", "few.yaml have no case 'C'"],
        ),
        (
            "readings by fewer than three",
            read_by(swap(READINGS, (THIRD, ""))),
            "K107",
            ["tiny/vignettes/readings/few.yaml", "cases.A", "too few entries; write at least 3"],
        ),
        (
            "two readings by one reader",
            read_by(swap(READINGS, (THIRD, THIRD.replace("third", "second")))),
            "K120",
            ["tiny/vignettes/readings/few.yaml", "'A'", "or who read it twice"],
        ),
        (
            "a reading by nobody",
            read_by(swap(READINGS, (THIRD, THIRD.replace("third", "fourth")))),
            "K120",
            [
                "tiny/vignettes/readings/few.yaml",
                "'A'",
                "somebody who is not named under 'readers'",
            ],
        ),
        (
            "a reading with a need that is none",
            read_by(swap(READINGS, ("needs: [health]", "needs: [money]"))),
            "K107",
            ["tiny/vignettes/readings/few.yaml", "'money'"],
        ),
        (
            "a vignette's age in other digits",
            {"vignettes/few.yaml": swap(VIGNETTES, ("age: 9", f"age: {ARABIC_THREE}"))},
            "K107",
            ["cases[0].age"],
        ),
        (
            "a verdict that is no finding",
            {"vignettes/few.yaml": swap(VIGNETTES, ("tiny: look_further", "tiny: not_a_victim"))},
            "K107",
            ["'not_a_victim'"],
        ),
        # -- files that are not there --------------------------------------------------------------
        (
            "no section file",
            {REST: None},
            "K110",
            ["tiny/sections/other.yaml: no such file"],
        ),
        ("no sources", {SRC: None}, "K110", ["tiny/sources.yaml: no such file"]),
        ("no pathway", {PATH: None}, "K110", ["tiny/pathway.yaml: no such file"]),
        ("no English", {EN: None}, "K110", ["tiny/texts/en.yaml: no such file"]),
        (
            "no weight set in force",
            edit(HEAD, ("weights: 2026-01-01-base", "weights: 2026-01-01-bose")),
            "K110",
            [
                "tiny/checklist.yaml, weights: list tiny has no weight set '2026-01-01-bose'",
                "did you mean '2026-01-01-base'?",
            ],
        ),
        (
            "no weight set at all",
            {BASE: None},
            "K110",
            ["tiny/checklist.yaml, weights", "no weight sets"],
        ),
        (
            "a folder in place of a file",
            {},
            "K110",
            ["tiny/sections/other.yaml: not an ordinary file"],
            instead(REST, lambda p: p.mkdir()),
        ),
        (
            "an endless device in place of a file",
            {},
            "K110",
            ["tiny/sources.yaml: not an ordinary file"],
            instead(SRC, lambda p: p.symlink_to("/dev/zero")),
        ),
        (
            "a link to nothing",
            {},
            "K110",
            ["tiny/sources.yaml: no such file"],
            instead(SRC, lambda p: p.symlink_to("gone.yaml")),
        ),
        (
            "a link to itself",
            {},
            "K110",
            ["tiny/pathway.yaml: the file cannot be read"],
            instead(PATH, lambda p: p.symlink_to(p)),
        ),
        (
            "a file that may not be read",
            {},
            "K110",
            ["tiny/sources.yaml: the file cannot be read (Permission denied)"],
            forbidden_to_read,
        ),
        (
            "no catalogue",
            edit(HEAD, ("role: screening", "role: screening\ncatalogue: tinny")),
            "K110",
            ["tiny/checklist.yaml, line 5, catalogue: there is no list 'tinny'"],
        ),
        (
            "words of a derived list that lead nowhere",
            small(),
            "K110",
            ["small/texts/en.yaml: no such file"],
            instead("../small/texts/en.yaml", lambda p: p.symlink_to("gone.yaml")),
        ),
        (
            "sources of a derived list that are a folder",
            small(),
            "K110",
            ["small/sources.yaml: not an ordinary file"],
            instead("../small/sources.yaml", lambda p: p.mkdir()),
        ),
        # -- files and ids that do not fit ---------------------------------------------------------
        (
            "a section that is not named",
            {"sections/extra.yaml": OTHER},
            "K111",
            ["tiny/checklist.yaml, line 8, sections: extra.yaml", "name it there"],
        ),
        (
            "a section by another ending",
            {"sections/signs.txt": SIGNS},
            "K111",
            ["signs.txt is not named", "remove the file"],
        ),
        (
            "a backup left behind",
            {"sections/signs.yaml~": SIGNS},
            "K111",
            ["signs.yaml~ is not named"],
        ),
        (
            "a list in another's folder",
            {},
            "K112",
            ["renamed/checklist.yaml, line 2, id: the list in folder 'renamed' has the id 'tiny'"],
            renamed,
        ),
        (
            "a section in another's file",
            edit(REST, ("section: other", "section: others")),
            "K112",
            ["tiny/sections/other.yaml, line 2, section"],
        ),
        (
            "a language in another's file",
            {"texts/sq.yaml": SERBIAN},
            "K112",
            ["tiny/texts/sq.yaml, line 2, language: the file 'sq.yaml' has the language 'sr'"],
        ),
        (
            "a weight set in another's file",
            edit(BASE, ("id: 2026-01-01-base", "id: 2026-01-02-base")),
            "K112",
            ["has the id '2026-01-02-base'"],
        ),
        (
            "vignettes in another's file",
            {"vignettes/more.yaml": VIGNETTES},
            "K112",
            ["tiny/vignettes/more.yaml, line 2, id", "make the two match"],
        ),
        (
            "a mapping in another's file",
            {"mappings/more.yaml": MAPPING},
            "K112",
            ["tiny/mappings/more.yaml, line 2, id: the file 'more.yaml' has the id 'other'"],
        ),
        (
            "an indicator twice",
            edit(REST, ("  - id: doubt", "  - id: hurt")),
            "K113",
            [
                "tiny/sections/other.yaml, line 4, indicators[0].id",
                "'hurt' appears twice, first at tiny/sections/signs.yaml, line 13, indicators[1]",
            ],
        ),
        (
            "a section twice",
            edit(HEAD, ("[signs, other]", "[signs, other, signs]")),
            "K113",
            ["line 8, sections[2]: section 'signs' appears twice"],
        ),
        (
            "a dimension twice",
            edit(
                HEAD, ("  - {id: protective", "  - {id: begging, kind: sign}\n  - {id: protective")
            ),
            "K113",
            ["line 13, dimensions[3].id: dimension 'begging' appears twice"],
        ),
        (
            "a form twice",
            edit(HEAD, ("[begging, labour]", "[begging, labour, begging]")),
            "K113",
            ["line 14, forms[2]: form 'begging' appears twice"],
        ),
        (
            "a source twice",
            edit(SRC, ("id: ours", "id: delphi")),
            "K113",
            ["tiny/sources.yaml, line 4, sources[1].id: source 'delphi'"],
        ),
        (
            "a step twice",
            edit(PATH, ("id: ask_on", "id: call")),
            "K113",
            ["tiny/pathway.yaml, line 10, steps[1].id: step 'call' appears twice"],
        ),
        (
            "a vignette twice",
            {"vignettes/few.yaml": VIGNETTES + VIGNETTES[VIGNETTES.index("  - id") :]},
            "K113",
            ["line 12, cases[1].id: case 'A'"],
        ),
        # -- what the list does not have -----------------------------------------------------------
        (
            "no such dimension: indicator",
            edit(SIGN, (THREATENED, THREATENED.replace("control", "contrl"))),
            "K120",
            [
                "tiny/sections/signs.yaml, line 23, indicators[2].dimension",
                "'threatened' is in dimension 'contrl'",
                "did you mean 'control'?",
            ],
        ),
        (
            "no such dimension: rule",
            rule("{any: [{dimension: begging}, {points: {at_least: 8}}]}", "{dimension: labour}"),
            "K120",
            [
                (
                    "line 23, rules.refer.adult.all[1].dimension: dimension 'labour' is not in this"
                    " list"
                ),
                "choose one of danger, control",
            ],
        ),
        (
            "no such dimension: a list of them",
            rule(
                "{any: [{dimension: begging}, {points: {at_least: 8}}]}", "{dimension: [begging]}"
            ),
            "K120",
            ["rules.refer.adult.all[1].dimension"],
        ),
        (
            "no such dimension: points",
            rule("at_least: 4, dimension: control", "at_least: 4, dimension: controls"),
            "K120",
            [
                "line 26, rules.look_further.adult.any[1].points.dimension",
                "did you mean 'control'?",
            ],
        ),
        (
            "no such dimension: signs",
            rule("{signs: {strength: strong}}", "{signs: {dimension: [begging, work]}}"),
            "K120",
            ["'work' is not in this list"],
        ),
        (
            "no such dimension: keys for a name",
            rule("{signs: {strength: strong}}", "{signs: {dimension: {a: b}}}"),
            "K120",
            ["signs.dimension"],
        ),
        (
            "no such indicator: rule",
            rule(ADULT_ACT, ADULT_ACT.replace("danger_now", "danger")),
            "K120",
            [
                "line 20, rules.act_now.adult.indicator",
                "no indicator 'danger' for the profile adult",
                "did you mean 'danger_now'?",
            ],
        ),
        (
            "no such indicator: of the other profile",
            rule(ADULT_ACT, ADULT_ACT.replace("danger_now", "sent_to_beg")),
            "K120",
            ["for the profile adult"],
        ),
        (
            "no such indicator: a list of them",
            rule(ADULT_ACT, ADULT_ACT.replace("danger_now", "[danger_now]")),
            "K120",
            ["act_now.adult.indicator"],
        ),
        (
            "no such indicator: age doubt",
            edit(HEAD, ("age_doubt: doubt", "age_doubt: doubts")),
            "K120",
            ["line 7, age_doubt", "did you mean 'doubt'?"],
        ),
        (
            "no such indicator: vignette",
            {"vignettes/few.yaml": swap(VIGNETTES, ("hurt: unknown", "hurts: unknown"))},
            "K120",
            ["tiny/vignettes/few.yaml, line 8, cases[0].answers.hurts", "did you mean 'hurt'?"],
        ),
        (
            "no such form",
            edit(SIGN, (FORMS, FORMS.replace("begging", "pegging"))),
            "K120",
            ["indicators[4].forms: form 'pegging'", "did you mean 'begging'?"],
        ),
        (
            "no such source: indicator",
            edit(SIGN, ("{ref: delphi, at: section 5}", "{ref: dolphin, at: section 5}")),
            "K120",
            ["line 21, indicators[1].sources[0].ref: source 'dolphin' is not in sources.yaml"],
        ),
        (
            "no such source: step",
            edit(
                PATH,
                (
                    "within: 7d\n    checked: {on: 2026-01-01, how: read}\n    sources: [{ref: ours}]",
                    "within: 7d\n    checked: {on: 2026-01-01, how: read}\n    sources: [{ref: law}]",
                ),
            ),
            "K120",
            ["tiny/pathway.yaml, line 16, steps[1].sources[0].ref: source 'law'"],
        ),
        (
            "a need that names no indicator of the list",
            {"needs.yaml": swap(NEEDS, ("[long_hours]", "[long_nights]"))},
            "K120",
            [
                "tiny/needs.yaml, line 6, needs[0].indicators: the list has no indicator 'long_nights'"
            ],
        ),
        (
            "a need for those to whom its indicator does not apply",
            {"needs.yaml": swap(NEEDS, ("[long_hours]", "[sent_to_beg]"), ("[child]", "[adult]"))},
            "K120",
            ["the list has no indicator 'sent_to_beg' for the people"],
        ),
        (
            "a need with a step that is not there",
            {"needs.yaml": swap(NEEDS, ("steps: [call]", "steps: [shout]"))},
            "K120",
            ["line 9, needs[0].steps: step 'shout'"],
        ),
        (
            "a need without words",
            {"needs.yaml": NEEDS},
            "K127",
            ["line 3, needs[0].id: need 'rest' has no English name or text"],
        ),
        (
            "a need whose day is not its urgency",
            {
                "needs.yaml": swap(NEEDS, ("within: 3d", "within: 2h")),
                EN: FILES[EN] + "needs: {rest: {name: Rest, text: Let them rest.}}\n",
            },
            "K107",
            ["line 8, needs[0].within: within 2h does not match the urgency soon"],
        ),
        (
            "a need twice",
            {
                "needs.yaml": NEEDS + NEEDS.split("needs:\n")[1],
                EN: FILES[EN] + "needs: {rest: {name: Rest, text: Let them rest.}}\n",
            },
            "K113",
            ["needs[1].id: need 'rest' appears twice"],
        ),
        (
            "one fact: a sign that is not there",
            edit(HEAD, ("forms: ", "states_one_fact: [{id: a, signs: [quota, quotas]}]\nforms: ")),
            "K120",
            ["states_one_fact[0].signs: indicator 'quotas' is not in this list"],
        ),
        (
            "one fact: a sign in two groups",
            edit(
                HEAD,
                (
                    "forms: ",
                    "states_one_fact: [{id: a, signs: [quota, hurt]}, {id: b, signs: [quota,"
                    " brought]}]\nforms: ",
                ),
            ),
            "K113",
            ["states_one_fact[1].signs: sign 'quota' is in two groups"],
        ),
        (
            "no such source: mapping",
            {"mappings/other.yaml": swap(MAPPING, ("{ref: ours}", "{ref: theirs}"))},
            "K120",
            ["tiny/mappings/other.yaml, line 8, sources[0].ref: source 'theirs'"],
        ),
        (
            "no such role",
            edit(PATH, ("who: officer\n    within: 7d", "who: doctor\n    within: 7d")),
            "K120",
            [
                "tiny/pathway.yaml, line 13, steps[1].who: role 'doctor' has no name in"
                " texts/en.yaml"
            ],
        ),
        (
            "no such indicator: catalogue",
            small(FEW_FILE, ("- id: hurt", "- id: hurts")),
            "K120",
            [
                (
                    "small/sections/few.yaml, line 5, indicators[1].id: the catalogue tiny has no"
                    " indicator 'hurts'"
                ),
                "did you mean 'hurt'?",
            ],
        ),
        (
            "a catalogue of a catalogue",
            small(SMALL_HEAD)
            | also(CHECKLIST, ("id: tiny", "id: tiny\ncatalogue: small"), file=HEAD),
            "K120",
            ["small/checklist.yaml, line 3, catalogue", "itself derived from a catalogue"],
        ),
        (
            "its own catalogue",
            edit(HEAD, ("id: tiny", "id: tiny\ncatalogue: tiny")),
            "K120",
            ["tiny/checklist.yaml, line 3, catalogue"],
        ),
        # -- rules that cannot be ------------------------------------------------------------------
        (
            "a rule that can never fire",
            rule(f"adult: {ADULT_LOOK}", "adult: {signs: {strength: strong, at_least: 9}}"),
            "K121",
            [
                (
                    "line 26, rules.look_further.adult: the rule look_further for the"
                    " profile adult can never be true"
                ),
                "the list has too few",
            ],
        ),
        (
            "protective signs can never be positive",
            rule(f"adult: {ADULT_LOOK}", "adult: {dimension: protective}"),
            "K121",
            ["rules.look_further.adult"],
        ),
        (
            "a child's rule that can never fire",
            rule(f"child: {CHILD_LOOK}", "child: {signs: {element: act, at_least: 2}}"),
            "K121",
            ["line 27, rules.look_further.child", "for the profile child", "add indicators"],
        ),
        (
            "enough that can never be known",
            rule("{known: {percent: 50}}, {known", "{signs: {at_least: 8}}, {known"),
            "K121",
            [
                "line 17, enough_known.child: the rule enough_known for the profile child can never be met"
            ],
        ),
        (
            "half of nothing is not enough",
            rule(
                "adult: {known: {percent: 50}}",
                "adult: {known: {percent: 50, dimension: protective, strength: weak}}",
            ),
            "K121",
            ["line 16, enough_known.adult"],
        ),
        (
            "a child must show means",
            rule(f"child: {CHILD_LOOK}", "child: {element: means}"),
            "K122",
            [
                "line 27, rules.look_further.child",
                "only with a sign of means",
                "for a child, act and purpose are enough",
            ],
        ),
        (
            "a child must show means as well",
            rule(f"child: {CHILD_LOOK}", "child: {all: [{element: purpose}, {element: means}]}"),
            "K122",
            ["line 27"],
        ),
        (
            "a child must be hurt",
            rule(
                f"child: {CHILD_ACT}", "child: {all: [{indicator: danger_now}, {indicator: hurt}]}"
            ),
            "K122",
            ["rules.act_now.child"],
        ),
        (
            "a child must be controlled",
            rule(f"child: {CHILD_LOOK}", "child: {signs: {dimension: control, strength: medium}}"),
            "K122",
            ["line 27"],
        ),
        (
            "two kinds in one rule",
            rule("{gate: palermo}", "{gate: palermo, element: act}"),
            "K126",
            ["all[0]: a rule must have exactly one kind, but this one has gate, element"],
        ),
        (
            "a rule of no kind",
            rule(ADULT_ACT, "    adult: {}\n"),
            "K126",
            ["line 20, rules.act_now.adult", "the rule is empty", "write any, all"],
        ),
        (
            "a rule that is a word",
            rule("{gate: palermo}", "palermo"),
            "K126",
            ["all[0]: a rule must have exactly one kind, but this one has 'palermo'"],
        ),
        (
            "a negation",
            rule("{gate: palermo}", "{not: {element: act}}"),
            "K126",
            ["all[0].not: 'not' is not a kind of rule"],
        ),
        (
            "a rule misspelt",
            rule("{gate: palermo}", "{elements: act}"),
            "K126",
            ["did you mean 'element'?"],
        ),
        (
            "an expression",
            rule(f"adult: {ADULT_LOOK}", "adult: {expression: points > 3}"),
            "K126",
            ["rules.look_further.adult.expression"],
        ),
        (
            "any of nothing",
            rule(f"child: {CHILD_LOOK}", "child: {any: []}"),
            "K126",
            ["child.any: 'any' needs a list of rules", "after a dash"],
        ),
        (
            "all of one rule without a list",
            rule(f"child: {CHILD_LOOK}", "child: {all: {element: act}}"),
            "K126",
            ["child.all: 'all' needs a list of rules"],
        ),
        (
            "known where yes is asked",
            rule(ADULT_ACT, "    adult: {known: {percent: 1}}\n"),
            "K126",
            ["act_now.adult.known", "only in enough_known"],
        ),
        # -- the law's limits ----------------------------------------------------------------------
        *[
            (
                f"forbidden: {name}",
                edit(SIGN, ("- id: threatened", f"- id: {name}")),
                "K123",
                [
                    (
                        f"tiny/sections/signs.yaml, line 22, indicators[2].id: '{name}' records"
                        " ethnicity"
                    ),
                    "remove it",
                ],
            )
            for name in (
                "ethnicity",
                "nationality",
                "sex",
                "gjinia",
                "pol",
                "vera",
                "komuniteti",
                "citizenship",
                "is_roma",
                "sex_of_the_child",
                "religion_known",
                "etnicka_pripadnost",
                "feja",
                "gender",
                "gjinise",
                "community",
                "forced_sex_acts_by_sex",
                "child_commercial_sex_nationality",
            )
        ],
        (
            "forbidden: a dimension",
            edit(
                HEAD,
                ("  - {id: protective", "  - {id: ethnicity, kind: sign}\n  - {id: protective"),
            ),
            "K123",
            ["tiny/checklist.yaml, line 13, dimensions[3].id: 'ethnicity'"],
        ),
        (
            "a protective observation with a strength",
            edit(REST, ("    strength: {}", "    strength: {child: weak}")),
            "K124",
            [
                (
                    "tiny/sections/other.yaml, line 17, indicators[1].strength: 'safe_adult' is"
                    " of the kind protective and has a strength"
                ),
                "strength: {}",
            ],
        ),
        (
            "a danger question with a strength",
            edit(SIGN, (DANGER, DANGER.replace("{}", "{adult: strong}"))),
            "K124",
            ["line 8", "'danger_now' is of the kind danger"],
        ),
        (
            "a protective observation that weighs",
            edit(BASE, ("safe_adult: {adult: 0, child: 0}", "safe_adult: {adult: 0, child: 1}")),
            "K124",
            [
                "line 19, points.safe_adult: 'safe_adult' is of the kind protective and has the weight 1",
                "write 0",
            ],
        ),
        (
            "a danger question that weighs",
            edit(BASE, ("danger_now: {adult: 0", "danger_now: {adult: 4")),
            "K124",
            ["line 11", "has the weight 4"],
        ),
        (
            "nothing to ask",
            edit(EN, (", question: Does anyone hurt you?", "")),
            "K125",
            [
                (
                    "tiny/sections/signs.yaml, line 19, indicators[1].mode: indicator 'hurt' has"
                    " the mode ask for the profile adult but no English question"
                ),
                "'question:'",
            ],
        ),
        (
            "nothing to look at",
            edit(EN, (", instruction: Watch for counting.", "")),
            "K125",
            [
                "line 55, indicators[5].mode: indicator 'quota' has the mode observe for the"
                " profile child but no English instruction"
            ],
        ),
        (
            "a question misspelt",
            edit(EN, ("question: Who could you go to?", "qestion: Who could you go to?")),
            "K125",
            ["'safe_adult' has the mode ask"],
        ),
        (
            "nothing to say it with",
            edit(EN, ("{statement: Is hurt, ", "{")),
            "K125",
            ["line 13, indicators[1].id: indicator 'hurt' has no English statement"],
        ),
        # -- words and steps that are missing ------------------------------------------------------
        (
            "no words: finding",
            edit(EN, ("{label: Refer, ", "{")),
            "K127",
            ["findings.refer.label has no English words", "add them in texts/en.yaml"],
        ),
        (
            "no words: list",
            edit(EN, (", about: A list for tests.", "")),
            "K127",
            ["list.main.about has no English words"],
        ),
        (
            "no words: dimension",
            edit(EN, ("  control: {name: Control}\n", "")),
            "K127",
            ["dimensions.control.name has no English words"],
        ),
        (
            "no words: section",
            edit(EN, ("  other: {title: Other}\n", "")),
            "K127",
            ["sections.other.title has no English words"],
        ),
        (
            "no words: form",
            edit(EN, ("  labour: {name: Labour}\n", "")),
            "K127",
            ["forms.labour.name has no English words"],
        ),
        (
            "no words: reason",
            edit(EN, ("  profile_age_missing: {text: the age is not known}\n", "")),
            "K127",
            ["reasons.profile_age_missing.text"],
        ),
        (
            "no words: step",
            edit(EN, ("  ask_on: {text: Ask the next questions.}\n", "")),
            "K127",
            ["tiny/pathway.yaml, line 10, steps[1].id: step 'ask_on' has no English words"],
        ),
        (
            "no step: finding",
            edit(PATH, (ASK_ON, "[look_further, too_little_known]")),
            "K127",
            [
                "tiny/pathway.yaml, line 2, steps: the finding nothing_indicated has no next step"
                " for the profile adult",
                "every finding ends in something to do",
            ],
        ),
        (
            "no step: profile",
            edit(
                PATH,
                (f"{ASK_ON}\n    profiles: [adult, child]", f"{ASK_ON}\n    profiles: [adult]"),
            ),
            "K127",
            ["too_little_known has no next step for the profile child"],
        ),
        # -- weight sets ---------------------------------------------------------------------------
        (
            "a weight set of another list",
            edit(BASE, ("checklist: tiny", "checklist: kosovo")),
            "K130",
            [
                "tiny/weights/2026-01-01-base.yaml, line 3, checklist: this weight set is for"
                " list 'kosovo', not 'tiny'"
            ],
        ),
        (
            "a weight missing",
            edit(BASE, ("  doubt: {adult: 1, child: 1}\n", "")),
            "K131",
            ["points.doubt: 'doubt' has no weight for the profile adult", "add 'adult:'"],
        ),
        (
            "a weight missing for one profile",
            edit(BASE, ("quota: {adult: 4, child: 4}", "quota: {adult: 4}")),
            "K131",
            ["line 16, points.quota: 'quota' has no weight for the profile child", "add 'child:'"],
        ),
        (
            "a weight where it does not apply",
            edit(BASE, ("{child: 4}", "{adult: 4, child: 4}")),
            "K131",
            [
                "line 15, points.sent_to_beg: 'sent_to_beg' has a weight for the profile adult",
                "remove 'adult:'",
            ],
        ),
        (
            "a weight of zero where it does not apply",
            edit(BASE, ("{child: 4}", "{adult: 0, child: 4}")),
            "K131",
            ["has a weight for the profile adult"],
        ),
        (
            "a weight left over",
            edit(BASE, ("  doubt:", "  old_sign: {adult: 1}\n  doubt:")),
            "K131",
            ["line 18, points.old_sign", "remove it"],
        ),
        (
            "a weight misspelt",
            edit(BASE, ("  doubt:", "  doubts:")),
            "K131",
            ["line 18, points.doubts", "did you mean 'doubt'?"],
        ),
        (
            "a cap on nothing",
            edit(BASE, ("  control: {", "  controls: {")),
            "K131",
            ["line 21, caps.controls", "did you mean 'control'?"],
        ),
        *[
            (
                f"a weight that is no number: {bad!r}",
                edit(BASE, ("hurt: {adult: 4, child: 4}", f"hurt: {{adult: 4, child: '{bad}'}}")),
                "K132",
                [
                    "line 12, points.hurt.child",
                    "is not a whole number of 0 or more; write it in the digits 0-9",
                ],
            )
            for bad in (
                ARABIC_THREE,
                "1,5",
                "1.5",
                "1.0",
                "-1",
                "+1",
                "1e3",
                "NaN",
                ".nan",
                "inf",
                "",
                " 1",
                "1_000",
                "0x10",
                "３",
                "²",
                "1234567",
                "yes",
            )
        ],
        (
            "a weight without its number",
            edit(BASE, ("hurt: {adult: 4, child: 4}", "hurt: {adult: 4, child: }")),
            "K132",
            ["line 12, points.hurt.child"],
        ),
        (
            "a cap below nothing",
            edit(BASE, ("{adult: 7, child: 7}", "{adult: 7, child: -7}")),
            "K132",
            ["line 21, caps.control.child: '-7'"],
        ),
        *[
            (
                f"a date that is none: {bad}",
                edit(BASE, ("valid_from: 2026-01-01", f"valid_from: '{bad}'")),
                "K133",
                [f"line 8, valid_from: '{bad}' is not a date", "write it as YYYY-MM-DD"],
            )
            for bad in (
                "2026-02-30",
                "2026-13-01",
                "1.1.2026",
                "2026-1-1",
                "20260101",
                "2026-01-01T00:00",
                "٢٠٢٦-٠١-٠١",
                "0000-01-01",
                "",
            )
        ],
        (
            "a pathway never checked",
            edit(
                PATH,
                (
                    "    within: 0h\n    checked: {on: 2026-01-01, how: read}",
                    "    within: 0h\n    checked: {on: soon, how: read}",
                ),
            ),
            "K133",
            ["tiny/pathway.yaml, line 8, steps[0].checked.on: 'soon'"],
        ),
        (
            "a meeting on 29 February of a common year",
            {"vignettes/few.yaml": swap(VIGNETTES, ("2026-01-05", "2026-02-29"))},
            "K133",
            ["cases[0].met_on"],
        ),
        # -- a set whose points decide ---------------------------------------------------------
        (
            "a line that the set does not draw",
            lined((two_axes.LINES[: two_axes.LINES.index("points:")], "")),
            "K135",
            ["the list's rules need a line for the profile adult", "write lines"],
        ),
        (
            "a line of another name",
            edit(
                HEAD,
                ("child: {any: [{dimension: begging}, {all", "child: {any: [{line: act}, {all"),
            ),
            "K107",
            ["'act' is not a line", "write refer"],
        ),
        (
            "a line for one profile only",
            lined(("  soft: {adult: 2, child: 2}", "  soft: {adult: 2}")),
            "K135",
            ["lines: a line has no number for the profile child"],
        ),
        (
            "caps by dimension beside lines",
            lined(("points:\n", "caps: {control: {adult: 3}}\npoints:\n")),
            "K135",
            ["caps: a set with lines has caps by dimension"],
        ),
        (
            "lines that cross",
            lined(("  telling: {adult: 5, child: 5}", "  telling: {adult: 5, child: 11}")),
            "K135",
            ["the lines for the profile child do not fit together"],
        ),
        (
            "soft signs that reach the line",
            lined(("  soft: {adult: 2, child: 2}", "  soft: {adult: 10, child: 2}")),
            "K135",
            ["the lines for the profile adult do not fit together"],
        ),
        (
            "a number above the scale",
            lined(("  quota: {adult: 6, child: 6}", "  quota: {adult: 6, child: 11}")),
            "K135",
            ["'quota' has 11 points, more than the 10", "from 0 to 10"],
        ),
        (
            "a sign that reaches the line without a reason",
            lined(("  quota: {adult: 6, child: 6}", "  quota: {adult: 6, child: 10}")),
            "K135",
            ["'quota' alone reaches the line of 10 points for child", "with its reason"],
        ),
        (
            "a reason for a sign below the line",
            lined(("  hurt: {adult: 10, child: 10}", "  hurt: {adult: 9, child: 10}")),
            "K135",
            ["'hurt' is under alone for adult"],
        ),
        (
            "a line out of reach",
            lined(
                ("  refer: {adult: 10, child: 10}", "  refer: {adult: 10, child: 40}"),
                ("profiles: [adult, child], why", "profiles: [adult], why"),
            ),
            "K135",
            ["all signs together (a child: without means) miss the line for the profile child"],
        ),
        # -- mappings ------------------------------------------------------------------------------
        (
            "a mapping to what is not there",
            {"mappings/other.yaml": swap(MAPPING, ("[threatened]", "[hurt, threatend]"))},
            "K140",
            [
                "tiny/mappings/other.yaml, line 7, rules[0].indicators: the mapping leads to 'threatend'",
                "did you mean 'threatened'?",
            ],
        ),
        (
            "a derived list's mapping to what neither list has",
            small()
            | {"../small/mappings/other.yaml": swap(MAPPING, ("[threatened]", "[threatend]"))},
            "K140",
            ["small/mappings/other.yaml, line 7", "did you mean 'threatened'?"],
        ),
    ]
]


@pytest.mark.parametrize(
    ("changes", "code", "words", "prank"),
    [row[1:] for row in EXHIBITS],
    ids=[row[0] for row in EXHIBITS],
)
def test_a_broken_list_does_not_load_and_one_line_says_where_and_what_to_do(
    changes: Changes,
    code: str,
    words: list[str],
    prank: Prank | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = write_list(tmp_path, changes)
    if prank is not None:
        home = prank(home, monkeypatch) or home  # a prank that moves the list says where to
    with pytest.raises(KnowledgeError) as caught:
        load(home)
    line = str(caught.value)
    assert caught.value.code == code, line
    assert re.fullmatch(rf"(tiny|small|renamed)/[^\n]+: [^\n]+; [^\n]+ \[{code}\]", line), (
        f"not place, problem, remedy: {line}"
    )
    assert len(line) < 400, line
    for word in words:
        assert word in line, line


def test_every_code_of_a_list_is_in_the_museum() -> None:
    # A protocol (test_interview.py); a table; published cases (test_published.py); a world
    # (test_synth.py); signatures (test_signed.py).
    raised_elsewhere = {"K128", "K141", "K142", "K134"} | {
        c for c in CATALOGUE if c.startswith("K15")
    }
    assert {code for _, _, code, _, _ in EXHIBITS} == {
        code for code in CATALOGUE if code.startswith("K")
    } - raised_elsewhere
    assert len({name for name, *_ in EXHIBITS}) == len(EXHIBITS)


# -- what is asked for by a name that no list has: no file stands behind it, so no place either ----


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            lambda c: load_checklist(c.folder.parent / "tinny"),
            ["there is no list '", "the path of a list's folder"],
        ),
        (lambda c: load_checklist("a" * 300), ["there is no list"]),
        (lambda c: load_checklist("a\0b"), ["there is no list 'a?b'"]),
        (lambda c: load_checklist(c.folder / EN), ["there is no list"]),
        (
            lambda c: load_weights(c, "2026-01-01-bass"),
            ["list tiny has no weight set", "did you mean '2026-01-01-base'?"],
        ),
        (
            lambda c: load_weights(c, "b" * 300),
            [
                "list tiny has no weight set",
                "either choose one of 2026-01-01-base or give the path",
            ],
        ),
        (lambda c: load_weights(c, c.folder), ["list tiny has no weight set"]),
        (lambda c: load_vignettes(c, "none"), ["tiny/vignettes/none.yaml: no such file"]),
        (lambda c: load_vignettes(c, "a\0b"), ["a?b.yaml", "is not a valid file name"]),
        (
            lambda c: load_mapping(c, "othr"),
            ["there is no mapping 'othr'", "did you mean 'other'?"],
        ),
        (lambda c: load_mapping(c, "zzz"), ["there is no mapping 'zzz'", "choose one of other"]),
        (
            lambda c: c.texts("de"),
            ["'de' is not a language of this tool", "choose one of en, sq, sr, sr-Cyrl"],
        ),
    ],
    ids=[
        "list",
        "long list",
        "zero byte",
        "file for a folder",
        "weights",
        "long weights",
        "folder for weights",
        "vignettes",
        "zero byte vignettes",
        "mapping",
        "mapping far off",
        "language",
    ],
)
def test_a_name_that_nothing_has_is_refused_with_what_there_is(
    asked: Callable[[Checklist], object], words: list[str], tmp_path: Path
) -> None:
    checklist = load_checklist(write_list(tmp_path, {"mappings/other.yaml": MAPPING}))
    with pytest.raises(KnowledgeError) as caught:
        asked(checklist)
    assert caught.value.code == "K110"
    for word in words:
        assert word in str(caught.value)


# -- lists that must load --------------------------------------------------------------------------

ACTS = {
    SIGN: SIGNS.replace("threatened", "child_commercial_sex"),
    BASE: WEIGHTS.replace("threatened", "child_commercial_sex"),
    EN: TEXTS.replace("threatened", "child_commercial_sex"),
}

LOADS: list[tuple[str, Changes, Callable[[Checklist, WeightSet], object], object]] = [
    (
        "as it is",
        {},
        lambda c, w: (c.id, list(c.indicators)[:2], list(c.sections), w.points["child"]["hurt"]),
        ("tiny", ["danger_now", "hurt"], ["signs", "other"], 4),
    ),
    (
        "each indicator in its section, its dimension and its profiles",
        {},
        lambda c, w: (
            c.section_of("quota"),
            c.section_of("doubt"),
            c.members["adult"]["begging"],
            c.members["child"]["begging"],
        ),
        ("signs", "other", {"quota", "long_hours"}, {"sent_to_beg", "quota", "long_hours"}),
    ),
    ("no stays text", edit(HEAD, ("version: 1", "version: no")), lambda c, w: c.version, "no"),
    (
        "yes, on and null stay text",
        edit(EN, ("title: Tiny list, about: A list for tests.", "title: yes, about: on")),
        lambda c, w: (
            c.texts().get("list", "main", "title"),
            c.texts().get("list", "main", "about"),
        ),
        ("yes", "on"),
    ),
    (
        "190:20:30 stays text",
        edit(HEAD, ("version: 1", "version: 190:20:30")),
        lambda c, w: c.version,
        "190:20:30",
    ),
    (
        "1e3 and 0x10 stay text",
        edit(HEAD, ("version: 1", "version: 1e3"), ("For tests.", "0x10")),
        lambda c, w: (c.version, c.authority),
        ("1e3", "0x10"),
    ),
    (
        "a weight in quotes is that number",
        edit(BASE, ("hurt: {adult: 4, child: 4}", 'hurt: {adult: "4", child: 007}')),
        lambda c, w: (w.points["adult"]["hurt"], w.points["child"]["hurt"]),
        (4, 7),
    ),
    (
        "a sign may weigh nothing",
        edit(BASE, ("doubt: {adult: 1", "doubt: {adult: 0")),
        lambda c, w: w.points["adult"]["doubt"],
        0,
    ),
    (
        "no caps",
        edit(BASE, ("caps:\n  control: {adult: 7, child: 7}\n", "")),
        lambda c, w: w.caps,
        {"adult": {}, "child": {}},
    ),
    (
        "a cap for one profile",
        edit(BASE, ("{adult: 7, child: 7}", "{child: 7}")),
        lambda c, w: w.caps,
        {"adult": {}, "child": {"control": 7}},
    ),
    (
        "an act, not an attribute: child_commercial_sex",
        ACTS,
        lambda c, w: "child_commercial_sex" in c.indicators,
        True,
    ),
    (
        "an act, not an attribute: forced_sex_acts",
        {f: str(t).replace("child_commercial_sex", "forced_sex_acts") for f, t in ACTS.items()},
        lambda c, w: w.points["adult"]["forced_sex_acts"],
        2,
    ),
    (
        "near a forbidden word",
        {
            f: str(t).replace("child_commercial_sex", "embraces_policy_of_romance")
            for f, t in ACTS.items()
        },
        lambda c, w: len(c.indicators),
        9,
    ),
    ("no age doubt", edit(HEAD, ("age_doubt: doubt\n", "")), lambda c, w: c.age_doubt, None),
    (
        "Cyrillic words",
        edit(EN, ("Is hurt", "Повређен је"), ("title: Tiny list", "title: Кратка листа")),
        lambda c, w: (c.texts().statement("hurt"), c.texts().get("list", "main", "title")),
        ("Повређен је", "Кратка листа"),
    ),
    (
        "a language of a few words",
        {"texts/sr.yaml": SERBIAN},
        lambda c, w: (
            c.texts("sr").statement("hurt"),
            c.texts("sr-Cyrl").statement("hurt"),
            c.texts("sr").statement("quota"),
            c.texts("sr").status,
        ),
        ("Povređen je", "Повређен је", "Must bring an amount", "draft"),
    ),
    (
        "vignettes and a mapping",
        {"vignettes/few.yaml": VIGNETTES, "mappings/other.yaml": MAPPING},
        lambda c, w: (
            load_vignettes(c, "few").cases[0].answers,
            load_mapping(c, "other").rules[0].indicators,
        ),
        ({"quota": "yes", "hurt": "unknown"}, ["threatened"]),
    ),
    (
        "older weight sets stay beside the one in force",
        {
            "weights/2020-01-01-old.yaml": WEIGHTS.replace(
                "id: 2026-01-01-base", "id: 2020-01-01-old"
            )
        },
        lambda c, w: (w.id, load_weights(c, "2020-01-01-old").id),
        ("2026-01-01-base", "2020-01-01-old"),
    ),
    ("a weight set by its path", {}, lambda c, w: load_weights(c, c.folder / BASE) == w, True),
    (
        "a derived list takes indicators, sources and words",
        small(),
        lambda c, w: (
            c.id,
            len(c.indicators),
            c.indicators["hurt"].strength.child,
            list(c.sources),
            c.texts().prompt("hurt", "ask"),
            c.sections,
        ),
        (
            "small",
            6,
            "strong",
            ["delphi", "ours"],
            "Does anyone hurt you?",
            {"few": ("danger_now", "hurt", "brought", "sent_to_beg", "quota", "long_hours")},
        ),
    ),
    (
        "a derived list says what differs",
        small(FEW_FILE, ("- id: hurt", "- {id: hurt, dimension: begging}")),
        lambda c, w: (
            c.indicators["hurt"].dimension,
            c.indicators["hurt"].element,
            c.dimensions["begging"].kind,
        ),
        ("begging", "means", "sign"),
    ),
    (
        "a derived list adds an indicator of its own",
        small()
        | {
            FEW_FILE: (
                FEW
                + SIGNS[SIGNS.index("  - id: threatened") : SIGNS.index("  - id: brought")].replace(
                    "threatened", "watched"
                )
            ),
            "../small/texts/en.yaml": (
                f"{SMALL['../small/texts/en.yaml']}indicators: {{watched: {{statement: Is watched,"
                " question: Who?}}\n"
            ),
            "../small/weights/2026-01-01-base.yaml": (
                str(SMALL["../small/weights/2026-01-01-base.yaml"]).replace(
                    "  quota", "  watched: {adult: 2, child: 2}\n  quota"
                )
            ),
        },
        lambda c, w: (c.texts().statement("watched"), w.points["adult"]["watched"]),
        ("Is watched", 2),
    ),
    (
        "a derived list adds a source of its own",
        small() | {"../small/sources.yaml": SOURCES.replace("id: ours", "id: theirs")},
        lambda c, w: list(c.sources),
        ["delphi", "ours", "theirs"],
    ),
    (
        "a derived list uses its catalogue's mapping and carries what it has",
        small() | {"mappings/other.yaml": MAPPING},
        lambda c, w: ("threatened" in c.indicators, load_mapping(c, "other").rules[0].indicators),
        (False, ["threatened"]),
    ),
    (
        "a derived list falls back to its catalogue's language",
        small() | {"texts/sr.yaml": SERBIAN},
        lambda c, w: (c.texts("sr").statement("hurt"), c.texts("sr").status),
        ("Povređen je", "draft"),
    ),
]


def test_a_bundled_list_is_found_by_its_id_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = write_list(tmp_path)
    (tmp_path / "notes").mkdir()
    monkeypatch.setattr(loader, "data_folder", lambda kind: tmp_path)
    assert load_checklist("tiny") == load_checklist(home)
    assert loader.catalogue_ids() == ["tiny"]


@pytest.mark.parametrize(
    ("changes", "look", "expected"), [row[1:] for row in LOADS], ids=[row[0] for row in LOADS]
)
def test_a_sound_list_loads(
    changes: Changes,
    look: Callable[[Checklist, WeightSet], object],
    expected: object,
    tmp_path: Path,
) -> None:
    assert look(*load(write_list(tmp_path, changes))) == expected


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "changes",
    [
        {name: crlf(text) for name, text in FILES.items()},
        {name: b"\xef\xbb\xbf" + text.encode() for name, text in FILES.items()},
        {
            name: "# a comment\n" + text.replace("\n", "  # and another\n", 1)
            for name, text in FILES.items()
        },
        {name: "---\n" + text + "...\n" for name, text in FILES.items()},
        edit(
            HEAD,
            (
                "role: screening\nauthority: For tests.\n",
                "authority: 'For tests.'\nrole: screening\n",
            ),
        ),
        edit(
            SIGN,
            (
                "    forms: []\n    sources: [{ref: ours}]\n",
                "    sources:\n      - ref: ours\n    forms: []\n",
            ),
        ),
    ],
    ids=[
        "Windows line ends",
        "byte order mark",
        "comments",
        "document marks",
        "order of keys",
        "block for flow style",
    ],
)
def test_what_says_the_same_has_the_same_sha256(changes: Changes, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    checklist, weights = load(write_list(tmp_path / "a"))
    again, weights_again = load(write_list(tmp_path / "b", changes))
    assert (again.sha256, weights_again.sha256) == (checklist.sha256, weights.sha256)


HURT = SIGNS[SIGNS.index("  - id: hurt") : SIGNS.index("  - id: threatened")]


@pytest.mark.parametrize(
    "changes",
    [
        edit(HEAD, ("version: 1", "version: 2")),
        rule("{points: {at_least: 9}}", "{points: {at_least: 8}}"),
        edit(SIGN, ("at: section 5", "at: section 6")),
        {SIGN: SIGNS.replace(HURT, "") + HURT},
        edit(SRC, ("status: assumption", "status: memory")),
        edit(PATH, ("within: 7d", "within: 8d")),
        edit(EN, ("Does anyone hurt you?", "Does somebody hurt you?")),
    ],
    ids=["version", "rule", "indicator", "order of indicators", "source", "pathway", "words"],
)
def test_what_can_change_a_result_changes_the_sha256(changes: Changes, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert (
        load(write_list(tmp_path / "a"))[0].sha256
        != load(write_list(tmp_path / "b", changes))[0].sha256
    )


def test_a_weight_set_that_differs_has_another_sha256_and_leaves_the_lists_alone(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    checklist, weights = load(write_list(tmp_path / "a"))
    again, other = load(
        write_list(tmp_path / "b", edit(BASE, ("doubt: {adult: 1", "doubt: {adult: 2")))
    )
    assert again.sha256 == checklist.sha256
    assert other.sha256 != weights.sha256
