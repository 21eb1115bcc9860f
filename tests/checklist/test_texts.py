"""A list's words:

English behind every language, fingerprints that show a stale translation, Serbian in both scripts.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Profile
from screening.checklist import LANGUAGES, Texts, catalogue_ids, load_checklist
from screening.checklist.texts import GROUPS, fingerprint
from screening.i18n import in_script
from screening.languages import read_locale
from support.tiny import write_list

HURT = {"statement": "Is hurt", "question": "Does anyone hurt you?"}


# -- fingerprints ----------------------------------------------------------------------------------


def test_a_fingerprint_is_ten_hex_digits_of_the_words_and_stays_so() -> None:
    assert (
        fingerprint(HURT)
        == hashlib.sha256(b"question: Does anyone hurt you?\nstatement: Is hurt").hexdigest()[:10]
    )
    assert fingerprint({}) == "e3b0c44298"


@pytest.mark.parametrize(
    ("entry", "same"),
    [
        ({"question": "Does anyone hurt you?", "statement": "Is hurt"}, True),  # the order of keys
        (
            {"statement": "Is  hurt\n", "question": "Does anyone\n  hurt you?"},
            True,
        ),  # a paragraph folded otherwise
        (HURT | {"of": "1234567890"}, True),
        (HURT | {"statement": "Is hurt."}, False),
        (HURT | {"statement": "is hurt"}, False),
        (HURT | {"help": "Look."}, False),
        ({"statement": "Is hurt"}, False),
        ({"statement": HURT["question"], "question": HURT["statement"]}, False),
    ],
)
def test_a_fingerprint_changes_with_the_words_only(entry: dict[str, str], same: bool) -> None:
    assert (fingerprint(entry) == fingerprint(HURT)) is same


# -- look-up ---------------------------------------------------------------------------------------

ENGLISH = Texts(
    "en",
    "source",
    {
        "indicators": {
            "hurt": HURT | {"instruction": "Look for bruises."},
            "quota": {"statement": "Must bring an amount"},
        },
        "reasons": {"points": {"text": "a yes adds {points} points, {points} in {all}"}},
    },
)
GROUPS_SR = {
    "indicators": {"hurt": {"statement": "Povređen je", "question": ""}},
    "reasons": {"points": {"text": "odgovor da dodaje {points} bodova"}},
}
SERBIAN = Texts("sr", "draft", GROUPS_SR, ENGLISH)
CYRILLIC = Texts("sr-Cyrl", "draft", GROUPS_SR, ENGLISH)


@pytest.mark.parametrize(
    ("texts", "group", "key", "field", "words"),
    [
        (ENGLISH, "indicators", "hurt", "statement", "Is hurt"),
        (SERBIAN, "indicators", "hurt", "statement", "Povređen je"),
        (CYRILLIC, "indicators", "hurt", "statement", "Повређен је"),
        (
            SERBIAN,
            "indicators",
            "hurt",
            "question",
            "Does anyone hurt you?",
        ),  # an empty translation is none
        (SERBIAN, "indicators", "quota", "statement", "Must bring an amount"),
        (
            CYRILLIC,
            "indicators",
            "quota",
            "statement",
            "Must bring an amount",
        ),  # English is not put into Cyrillic
        (SERBIAN, "indicators", "hurt", "help", ""),
        (SERBIAN, "indicators", "none", "statement", ""),
        (SERBIAN, "none", "hurt", "statement", ""),
        (ENGLISH, "indicators", "quota", "question", ""),
    ],
)
def test_this_language_first_english_where_it_has_none(
    texts: Texts, group: str, key: str, field: str, words: str
) -> None:
    assert texts.get(group, key, field) == words


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("ask", "Does anyone hurt you?"),
        ("observe", "Look for bruises."),
        ("document", "Look for bruises."),
    ],
)
def test_s16_only_what_is_asked_is_phrased_as_a_question(mode: str, words: str) -> None:
    assert ENGLISH.prompt("hurt", mode) == words
    assert SERBIAN.prompt("hurt", mode) == words
    assert SERBIAN.prompt("quota", mode) == ""


POLITE = Texts(
    "sr",
    "draft",
    {"indicators": {"hurt": {"question": "Boli li te?", "question_adult": "Boli li vas?"}}},
    ENGLISH,
)


@pytest.mark.parametrize(
    ("texts", "profile", "words"),
    [
        (POLITE, "child", "Boli li te?"),
        (POLITE, "adult", "Boli li vas?"),
        (replace(POLITE, language="sr-Cyrl"), "adult", "Боли ли вас?"),
        (replace(POLITE, groups=GROUPS_SR), "adult", "Does anyone hurt you?"),
        (ENGLISH, "adult", "Does anyone hurt you?"),
        (  # a child's question of this language before an adult's of another
            replace(
                SERBIAN,
                groups={"indicators": {"hurt": {"question": "Boli li te?"}}},
                fallback=POLITE,
            ),
            "adult",
            "Boli li te?",
        ),
    ],
)
def test_an_adult_is_spoken_to_as_an_adult(texts: Texts, profile: Profile, words: str) -> None:
    assert texts.prompt("hurt", "ask", profile) == words


# What only a child or a friend is called, where a language has two ways of saying you.
FAMILIAR = {
    "sq": r"\b(ty|jote|tënde|tënd|tua|je|ke|dole|\w+she|\w+ove|vije|njohe|jetoje|bëje|doje|(?!kush|dikush|askush|jush)\w+sh)\b|\btë (ka|kanë|jep|ndihmon|mbetet|ndalet)\b",
    "sr": r"\b(ti|te(?! pare)|tebi|tobom|tvoj\w*|si|(?!vaš|naš|još|baš)\w+š)\b",
}


@pytest.mark.parametrize("language", FAMILIAR)
@pytest.mark.parametrize("name", catalogue_ids())
def test_no_question_put_to_an_adult_speaks_as_to_a_child(name: str, language: str) -> None:
    checklist = load_checklist(name)
    texts = checklist.texts(language)
    asked = {
        i.id: texts.prompt(i.id, "ask", "adult")
        for i in checklist.indicators.values()
        if i.applies("adult") and i.mode_for("adult") == "ask"
    }
    if texts.status == "source":  # no words in this language: English is shown
        return
    assert {k: q for k, q in asked.items() if re.search(FAMILIAR[language], q, re.IGNORECASE)} == {}


def test_the_pattern_of_the_familiar_finds_the_questions_to_children() -> None:
    for language, pattern in FAMILIAR.items():
        entries = load_checklist("kosovo").texts(language).groups["indicators"].values()
        two = [e for e in entries if "question_adult" in e]
        assert len(two) > 40
        missed = [
            e["question"] for e in two if not re.search(pattern, e["question"], re.IGNORECASE)
        ]
        assert len(missed) <= len(two) // 4, missed


def test_statements() -> None:
    assert (SERBIAN.statement("hurt"), SERBIAN.statement("none")) == ("Povređen je", "")


@pytest.mark.parametrize(
    ("texts", "values", "words"),
    [
        (ENGLISH, {"points": 3}, "a yes adds 3 points, 3 in {all}"),
        (ENGLISH, {}, "a yes adds {points} points, {points} in {all}"),
        (ENGLISH, {"points": "{all}", "other": 1}, "a yes adds {all} points, {all} in {all}"),
        (SERBIAN, {"points": 3}, "odgovor da dodaje 3 bodova"),
        (CYRILLIC, {"points": 3}, "одговор да додаје 3 бодова"),
        (CYRILLIC, {"points": "PDF"}, "одговор да додаје PDF бодова"),
    ],
)
def test_reasons_are_filled(texts: Texts, values: dict[str, object], words: str) -> None:
    assert texts.reason("points", **values) == words


def test_a_reason_without_words_is_empty() -> None:
    assert SERBIAN.reason("none", points=3) == ""


def test_the_four_written_forms_of_a_list(tmp_path: Path) -> None:
    checklist = load_checklist(
        write_list(
            tmp_path,
            {
                "texts/sq.yaml": (
                    "format: 1\nlanguage: sq\nstatus: draft\nindicators: {hurt: {statement: Është"
                    " lënduar}}\n"
                ),
                "texts/sr.yaml": (
                    "format: 1\nlanguage: sr\nstatus: reviewed\nindicators: {hurt: {statement:"
                    " Povređen je}}\n"
                ),
            },
        )
    )
    assert list(LANGUAGES) == ["en", "sq", "sr", "sr-Cyrl"]
    assert {language: checklist.texts(language).statement("hurt") for language in LANGUAGES} == {
        "en": "Is hurt",
        "sq": "Është lënduar",
        "sr": "Povređen je",
        "sr-Cyrl": "Повређен је",
    }
    assert {language: checklist.texts(language).status for language in LANGUAGES} == {
        "en": "source",
        "sq": "draft",
        "sr": "reviewed",
        "sr-Cyrl": "reviewed",
    }
    assert checklist.texts("sr") is checklist.texts("sr")  # read once
    assert set(checklist.texts("en").groups) == set(GROUPS)
    assert checklist.texts("sq").get("findings", "refer", "label") == "Refer"


# -- Serbian, from Latin to Cyrillic ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Da li te neko povređuje?", "Да ли те неко повређује?"),
        ("ljubav", "љубав"),
        ("Ljubav", "Љубав"),
        ("LJUBAV", "ЉУБАВ"),
        ("nedelja", "недеља"),
        ("njega", "њега"),
        ("Njega", "Њега"),
        ("NJEGA", "ЊЕГА"),
        ("uznemirenje", "узнемирење"),
        ("džep", "џеп"),
        ("Džep", "Џеп"),
        ("DŽEP", "ЏЕП"),
        ("narudžbina", "наруџбина"),
        ("injekcija", "инјекција"),
        ("Injekcija", "Инјекција"),
        ("injekcijom", "инјекцијом"),
        ("konjugacija", "конјугација"),
        ("Konjugacija", "Конјугација"),
        ("nadživeti", "надживети"),
        ("Nadživeti", "Надживети"),
        ("podžupan", "поджупан"),
        ("Tanjug", "Танјуг"),
        ("čovek, žena, ćerka, đak, šuma", "човек, жена, ћерка, ђак, шума"),
        ("ČOVEK ŽENA ĆERKA ĐAK ŠUMA", "ЧОВЕК ЖЕНА ЋЕРКА ЂАК ШУМА"),
        ("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш"),
        ("(dete)", "(дете)"),
        ("„dete“", "„дете“"),
        ("dete – otac", "дете – отац"),
        ("već ćirilica: дете", "већ ћирилица: дете"),
        ("", ""),
        (" ", " "),
        ("  dva  razmaka ", "  два  размака "),
        ("18 godina", "18 година"),
    ],
)
def test_serbian_in_cyrillic(latin: str, cyrillic: str) -> None:
    assert in_script(latin, "sr-Cyrl") == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("odgovor {finding} je", "одговор {finding} је"),
        ("({points})", "({points})"),
        ("„{finding}“,", "„{finding}“,"),
        ("vidi PDF", "види PDF"),
        ("ILO, UNODC (EU).", "ILO, UNODC (EU)."),
        ("THBD i GRETA", "THBD и GRETA"),
        ("QR kod", "QR код"),
        ("pol_deteta", "pol_deteta"),
        ("pišite na a@b.rs", "пишите на a@b.rs"),
        ("https://kosovo.rs/tekst", "https://kosovo.rs/tekst"),
        ("www.osce.org", "www.osce.org"),
        ("export", "export"),
        ("WhatsApp", "WhatsApp"),
        ("Eulex", "Eulex"),
        ("euro", "еуро"),
    ],
)
def test_placeholders_acronyms_and_addresses_stay(latin: str, cyrillic: str) -> None:
    assert in_script(latin, "sr-Cyrl") == cyrillic


@given(st.text("абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ ,.!?0123456789"))
def test_what_is_cyrillic_already_stays(text: str) -> None:
    assert in_script(text, "sr-Cyrl") == text


@given(st.text("abvgdđežzijklmnoprstćufhcčš ,."))
def test_no_latin_letter_is_left_in_a_small_letter_text(text: str) -> None:
    left = re.findall("[abvgdđežzijklmnoprstćufhcčš]+", in_script(text, "sr-Cyrl"))
    assert set(left) <= set(read_locale("sr-Cyrl.yaml")["stay"])
