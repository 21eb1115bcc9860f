"""The glossary is right, and what people read keeps to it: one word for one thing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import click
import pytest
from babel.messages.pofile import read_po

from conftest import ROOT
from screening.checklist import Checklist, load_checklist
from screening.cli.app import build
from screening.i18n import LOCALE, in_script, words

GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
# Stories of invented people have gates and cards of their own.
PAGES = [
    *(p for p in sorted((ROOT / "docs").glob("*.md")) if p.name != "vignettes.md"),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
]


class Term(NamedTuple):
    """A row of the glossary: the term, what it is, in three other written forms, and the words
    that it takes the place of."""

    name: str
    meaning: str
    sq: str
    sr: str
    cyrillic: str
    retired: tuple[str, ...]


def rows(header: str) -> Iterator[list[str]]:
    """The rows of every table that begins with this header."""
    for table in re.findall(rf"^\| {header} \|.*\n\|[-:|]+\|\n((?:\|.*\n)+)", GLOSSARY, re.M):
        for line in table.splitlines():
            yield [cell.strip() for cell in line.strip("|").split("|")]


TERMS = [
    Term(name.strip("*"), meaning, sq, sr, cyrillic, tuple(re.findall(r"[\w][\w -]*", instead_of)))
    for name, meaning, sq, sr, cyrillic, instead_of in rows("Term")
]
RETIRED = {old: term.name for term in TERMS for old in term.retired}


def test_every_term_has_a_meaning_and_all_four_written_forms():
    assert len(TERMS) > 60
    for term in TERMS:
        assert all((term.meaning, term.sq, term.sr, term.cyrillic)), term.name
        assert term.meaning.endswith((".", "`.")), term.name
    names = [term.name for term in TERMS]
    assert len(set(names)) == len(names) and not set(names) & set(RETIRED)


@pytest.mark.parametrize("term", TERMS, ids=lambda t: t.name)
def test_cyrillic_is_what_the_program_makes_of_the_latin(term: Term):
    assert term.cyrillic == in_script(term.sr, "sr-Cyrl")


def test_a_term_that_the_interface_shows_is_translated_as_the_glossary_has_it(kosovo: Checklist):
    shown = defaultdict(list)  # a word by itself and the label of a button may differ
    with (LOCALE / "screening.pot").open("rb") as handle:
        for message in read_po(handle):
            # The line of a file is another word than the line of a weight set.
            if message.id and isinstance(message.id, str) and message.context != "place":
                shown[message.id.casefold()].append(message.id)
    labels = kosovo.texts("en").groups["findings"]
    named = {entry["label"].casefold(): finding for finding, entry in labels.items()}
    checked, other = 0, []
    for term in TERMS:
        for language, wanted in (("sq", term.sq), ("sr", term.sr)):
            said = [words(language)(one).casefold() for one in shown.get(term.name, ())]
            if said and wanted not in said:
                other.append(f"{term.name}: {said}, not {wanted}")
            if term.name in named:
                label = kosovo.texts(language).get("findings", named[term.name], "label")
                if label.casefold() != wanted:
                    other.append(f"{term.name}: {label}, not {wanted}")
            checked += bool(said) + (term.name in named)
    assert other == [], "\n" + "\n".join(other)
    assert checked > 20


def prose(text: str) -> str:
    """A page without its code, its commands and the addresses of its links."""
    text = re.sub(r"^(```|~~~)[\s\S]*?^\1|^    .*$", "", text, flags=re.M)
    return re.sub(r"`[^`\n]*`|\]\([^)]*\)|\"[^\"\n]*\.(png|html)\"", " ", text)


def read_by_people() -> Iterator[tuple[str, str]]:
    """Where something stands, and what is said there."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if page.name == "glossary.md":
            text = re.sub(r"\|[^|\n]*\|$", "|", text, flags=re.M)  # the retired words themselves
        yield page.name, prose(text)
    yield from helps(build(), "screening")
    with (LOCALE / "screening.pot").open("rb") as handle:
        for message in read_po(handle):
            # those of K... are about keys of the lists' files, which have the rules' own names
            if message.id and not (message.context or "").startswith("K"):
                for text in [message.id] if isinstance(message.id, str) else message.id:
                    yield f"message {message.context or ''}", re.sub(r"\{[^}]*\}|'[^']*'", "", text)
    for name in ("kosovo", "kosovo-street"):
        for group, entries in load_checklist(name).texts("en").groups.items():
            for key, entry in entries.items():
                yield f"{name}: {group}.{key}", " ".join(map(str, entry.values()))


def helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    yield name, command.help or ""
    for option in command.params:
        yield f"{name} {option.name}", getattr(option, "help", None) or ""
    for sub, inner in getattr(command, "commands", {}).items():
        yield from helps(inner, f"{name} {sub}")


def test_no_retired_word_is_left_in_what_people_read():
    assert RETIRED["gate"] == "precondition" and RETIRED["item"] == "indicator"
    old = "|".join(re.escape(word) for word in sorted(RETIRED, key=len, reverse=True))
    # the rule of the law is a gate, and the only one
    retired = re.compile(rf"(?<!Palermo )\b({old})s?\b", re.I)
    found = [
        f"{place}: …{text[max(0, hit.start() - 30) : hit.end() + 30]}…: say"
        f" '{RETIRED[hit[1].casefold()]}'"
        for place, text in read_by_people()
        for hit in retired.finditer(" ".join(text.split()))
    ]
    assert found == [], "\n" + "\n".join(found)


def counts(kosovo: Checklist, street: Checklist) -> dict[str, int]:
    """How many there are, in the order in which the glossary says it."""

    def kind(checklist: Checklist, name: str, profile: str = "") -> int:
        within = checklist.by_profile[profile] if profile else checklist.indicators.values()
        return sum(checklist.dimensions[i.dimension].kind == name for i in within)

    return {
        "indicators": len(kosovo.indicators),
        "signs": kind(kosovo, "sign"),
        "danger": kind(kosovo, "danger"),
        "protective": kind(kosovo, "protective"),
        "child": kind(kosovo, "sign", "child"),
        "adult": kind(kosovo, "sign", "adult"),
        "street": len(street.indicators),
        "street_signs": kind(street, "sign"),
    }


# Every number of indicators that a page types, and that no command on it prints.
TYPED = {
    "docs/glossary.md": (
        "has {indicators} indicators",
        "y is {child} for a child and {adult} for an adult",
        "the {signs} signs, each for the profiles",
    ),
    "docs/catalogue-changes.md": (
        "A list of {indicators} indicators",
        "{signs} signs, the danger question and {protective} protective observations",
    ),
    "docs/how-to-officer.md": ("with {street} indicators", "full list of {indicators} indicators"),
    "docs/tutorial.md": ("of the {child} signs for a child",),
    "README.md": ("at most {street} indicators",),
    "docs/benchmarks-end-to-end.md": ("{indicators} indicator columns",),
}


def test_the_numbers_of_signs_are_those_of_the_lists(kosovo: Checklist):
    there = counts(kosovo, load_checklist("kosovo-street"))
    assert [int(number) for number, _ in rows("Number")] == list(there.values())
    assert f"(version {kosovo.version})" in GLOSSARY
    for page, sentences in TYPED.items():
        text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
        for sentence in sentences:
            assert sentence.format(**there) in text, f"{page}: {sentence.format(**there)}"


def test_the_marks_of_strengths_are_counted_as_in_the_list(kosovo: Checklist):
    page = (ROOT / "docs/catalogue-changes.md").read_text(encoding="utf-8")
    told = {mark: int(n) for mark, n in re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.M)}
    assert told == Counter(i.strength_basis for i in kosovo.indicators.values())
