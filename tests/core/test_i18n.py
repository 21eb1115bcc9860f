"""The interface's words: complete in every language, placeholders kept, plurals and scripts right,
marked as drafts.
"""

from __future__ import annotations

import re
import sys

import pytest
from babel.messages.pofile import read_po

from conftest import ROOT
from screening.errors import RatingError, UsageError
from screening.errors.catalogue import CATALOGUE
from screening.errors.message import Message, fill
from screening.i18n import LANGUAGES, LOCALE, SOURCE, WRITTEN, in_script, read_catalogue, words

sys.path.insert(0, str(ROOT / "tools"))
import extract_words

TRANSLATED = [language for language in WRITTEN if language != SOURCE]


def catalogue(language: str):
    with (LOCALE / f"{language}.po").open("rb") as handle:
        return read_po(handle)


def test_the_template_holds_every_message_of_the_code():
    with (LOCALE / "screening.pot").open("rb") as handle:
        entries = [m for m in read_po(handle) if m.id]
    held = {m.id if isinstance(m.id, str) else tuple(m.id) for m in entries if not m.context}
    assert held == set(extract_words.messages()), "run: python tools/extract_words.py"
    assert {(m.context, m.id) for m in entries if m.context} == set(extract_words.of_errors())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language):
    assert extract_words.missing(language) == []
    assert extract_words.missing_errors(language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_read_as_babel_reads_it(language):
    theirs = {
        (f"{m.context}\4" if m.context else "") + (m.id if isinstance(m.id, str) else m.id[0]): (
            m.string if isinstance(m.string, tuple) else (m.string,)
        )
        for m in catalogue(language)
        if m.id
    }
    ours = read_catalogue((LOCALE / f"{language}.po").read_text(encoding="utf-8"))
    assert "plural=" in ours.pop("")[0]
    assert ours == {message: told for message, told in theirs.items() if all(told)}
    assert words(language).lacking == 0


def test_what_is_fuzzy_empty_or_retired_is_not_translated():
    entries = {
        "whole": "WHOLE",
        'quoted "so"\\n': "IT\\tIS",
        "empty": "",
    }
    text = "".join(
        f'# a note\nmsgid "{i.replace(chr(34), chr(92) + chr(34))}"\nmsgstr "{s}"\n\n'
        for i, s in entries.items()
    )
    text += '#, fuzzy, python-brace-format\nmsgid "fuzzy"\nmsgstr "FUZZY"\n\n'
    text += 'msgctxt "U301.x"\nmsgid "whole"\nmsgstr "IN CONTEXT"\n\n'
    text += 'msgid "{n} one"\nmsgid_plural "{n} many"\nmsgstr[0] "ONE"\nmsgstr[1] ""\n\n'
    text += 'msgid ""\n"two "\n"lines"\nmsgstr ""\n"TWO "\n"LINES"\n\n'
    text += '#~ msgid "retired"\n#~ msgstr "RETIRED"\n'
    assert read_catalogue(text) == {
        "whole": ("WHOLE",),
        "U301.x\4whole": ("IN CONTEXT",),
        'quoted "so"\n': ("IT\tIS",),
        "two lines": ("TWO LINES",),
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_survive_translation(language):
    for message in catalogue(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(re.findall(r"{(\w+(?:!r)?)}", ids[-1]))
        for string in strings:
            assert set(re.findall(r"{(\w+(?:!r)?)}", string)) - {"n"} == wanted - {"n"}, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_by_us_says_that_it_is_a_draft(language):
    assert "draft" in (LOCALE / f"{language}.po").read_text(encoding="utf-8").split("\n\n")[0]


@pytest.mark.parametrize(("language", "forms"), [("en", 2), ("sq", 2), ("sr", 3), ("sr-Cyrl", 3)])
def test_plurals_have_the_forms_of_the_language(language, forms):
    say = words(language)
    seen = {
        re.sub(r"\d+", "#", say.plural("{n} day waiting", "{n} days waiting", n))
        for n in (1, 2, 5, 11, 21, 22, 25, 101)
    }
    assert len(seen) <= forms
    if language.startswith("sr"):
        said = [
            re.sub(r"\d+", "#", say.plural("Work list: {n} case", "Work list: {n} cases", n))
            for n in (1, 21, 2, 24, 5, 11, 12)
        ]
        assert (
            said[0] == said[1]
            and said[2] == said[3]
            and said[4] == said[5] == said[6]
            and len(set(said)) == 3
        )


CYRILLIC = [
    ("ljubav", "љубав"),
    ("Njegoš", "Његош"),
    ("džep", "џеп"),
    ("LJUDI", "ЉУДИ"),
    ("injekcija", "инјекција"),
    ("nadživeti", "надживети"),
    ("{finding}", "{finding}"),
    ("THBD.", "THBD."),
    ("192", "192"),
    ("THBD-u", "THBD-у"),
    ("CSR/THBD…", "ЦСР/THBD…"),
    ("reč\n{a} reč", "реч\n{a} реч"),
    ("K120", "K120"),
    ("a@b.rs, dve", "a@b.rs, две"),
    ("Esc dvaput, Ctrl-C, Enter", "Esc двапут, Ctrl-C, Enter"),
    ("pišite samo a-z, 0-9, - i .", "пишите само a-z, 0-9, - и ."),
    ("2027-01-15-trainers", "2027-01-15-trainers"),
    ("(.xlsx, .csv) / xlsx ili csv.", "(.xlsx, .csv) / xlsx или csv."),
    ("konjektura, injurija, podžeći", "конјектура, инјурија, поджећи"),
    ("sa --checklist {list}", "са --checklist {list}"),
    ("treba screening[web]", "треба screening[web]"),
    ("čšćžđ", "чшћжђ"),
]


@pytest.mark.parametrize(("latin", "cyrillic"), CYRILLIC)
def test_serbian_is_written_in_both_scripts(latin, cyrillic):
    assert in_script(latin, "sr-Cyrl") == cyrillic


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_translated_stays_as_it_is_in_every_script(language, monkeypatch):
    mine = Message("no such thing as {name!r} [yet]", "do the other")
    monkeypatch.setitem(CATALOGUE["U301"].messages, "mine", mine)
    error = UsageError("U301.mine", place="a.case", name="this")
    assert (
        str(error.into(words(language)))
        == "a.case: no such thing as 'this' [yet]; do the other [U301]"
    )


@pytest.mark.parametrize("language", [x for x in LANGUAGES if x != "en"])
def test_a_fault_is_said_in_the_language_with_what_fills_it_and_its_code(language):
    def fault():
        return UsageError("U304.no_case", case="C-1 {case}")

    said = str(fault().into(words(language)))
    assert said != str(fault()) and "'C-1 {case}'" in said and said.endswith("[U304]")
    assert str(fault()) == "there is no case 'C-1 {case}' here; start it, or open its file [U304]"


def test_a_remedy_on_a_page_names_nothing_that_only_a_command_line_has():
    page = RatingError("R501.column_missing", missing="value").into(words("en"), page=True)
    assert page.remedy == "start from a form that these pages provide"
    assert "screening calibrate forms" in RatingError("R501.column_missing", missing="x").remedy


def test_an_error_never_raises_another():
    assert str(UsageError("U301.nothing_of_this_name")).endswith("[U301]")
    assert "{name" in fill("{name!r}", {}) and fill("{a}", {"a": ["b", "c"]}) == "b, c"


def test_every_language_has_a_name_of_its_own():
    for fact in ("name", "short"):
        assert len({getattr(facts, fact) for facts in LANGUAGES.values()}) == len(LANGUAGES)
