"""Whom to call: what nobody verified never looks verified, a station's file is read strictly, and
none that cannot be read keeps help away.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screening.checklist import catalogue_ids, load_checklist
from screening.contacts import (
    ContactsFile,
    change,
    contacts,
    contacts_or_defaults,
    contacts_path,
    read_contacts,
    write_contacts,
)
from screening.errors import KnowledgeError
from screening.i18n import LANGUAGES, words
from screening.paper.street_card import card_html

KOSOVO = load_checklist("kosovo")
TODAY = date(2026, 11, 27)
WHOLE = """\
format: 1
station:
  unit: Station 3, Prishtinë
  address: Rruga e Parë 1
  signature: "Officer, badge no."
numbers:
  csw_on_duty:
    number: 038 200 111
    name: CSW Prishtinë, night line
    verified: {by: A. Krasniqi, on: 2026-11-20}
  thbd: {number: +383 38 200-222}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "contacts.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def test_without_a_file_the_numbers_of_the_list_are_there_and_none_is_called_verified(
    tmp_path: Path,
):
    found = contacts(KOSOVO, "en", tmp_path / "none.yaml", TODAY)
    assert {c.id: c.number for c in found.first} == {"emergency": "112", "ambulance": "194"}
    assert found["csw_on_duty"].status == found["thbd"].status == "empty"
    for c in found.lines:
        assert c.status != "verified" and "verified by" not in c.standing("en")
    assert found["prosecutor_line"].standing("en") == "not verified: check before you use it"
    assert "2018" in found["prosecutor_line"].source


@pytest.mark.parametrize("name", catalogue_ids())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_knows_whom_to_call_in_every_language(name: str, language: str):
    for c in contacts(load_checklist(name), language, Path("none")).lines:
        assert c.name and c.standing(language)
        assert c.name != c.id


def test_what_a_station_filled_in_stands_in_place_of_the_list_with_who_verified_it_and_when(
    file: Path,
):
    found = contacts(KOSOVO, "en", file, TODAY)
    csw, thbd = found["csw_on_duty"], found["thbd"]
    assert (csw.name, csw.number, csw.tel) == (
        "CSW Prishtinë, night line",
        "038 200 111",
        "tel:038200111",
    )
    assert csw.standing("en") == "verified by A. Krasniqi, 20 November 2026"
    assert thbd.standing("en") == "not verified: check before you use it"
    assert thbd.tel == "tel:+38338200222"
    assert (found.unit, found.address) == ("Station 3, Prishtinë", "Rruga e Parë 1")


def test_a_new_number_is_not_verified_by_whoever_verified_the_old_one(file: Path):
    kept = change(read_contacts(file), KOSOVO, "csw_on_duty", "038 200 999")
    write_contacts(kept, file)
    assert contacts(KOSOVO, "en", file, TODAY)["csw_on_duty"].status == "unverified"
    write_contacts(change(kept, KOSOVO, "csw_on_duty", ""), file)
    assert contacts(KOSOVO, "en", file, TODAY)["csw_on_duty"].status == "empty"
    assert contacts(KOSOVO, "en", file, TODAY)["thbd"].number == "+383 38 200-222"


def test_what_was_written_reads_back_and_only_its_owner_can_read_it(tmp_path: Path):
    path = tmp_path / "a" / "b" / "contacts.yaml"
    kept = change(
        ContactsFile.model_validate({}),
        KOSOVO,
        "station",
        "038 1 2 3",
        "Desk",
        ("B. Berisha", TODAY),
    )
    kept = change(kept, KOSOVO, "unit", " Station   3 ")
    write_contacts(kept, path)
    assert read_contacts(path, KOSOVO) == kept and kept.station.unit == "Station 3"
    assert path.stat().st_mode & 0o077 == 0


# Each line: what is wrong in the file, the code, and what the message names.
BAD = {
    "a number that is none": ("numbers: {thbd: {number: call me}}", "K107", "call me"),
    "a number of another script": ("numbers: {thbd: {number: ٠٣٨٢٠٠١١١}}", "K107", "thbd.number"),
    "a number too short": ("numbers: {thbd: {number: 1}}", "K107", "thbd"),
    "a number too long": ("numbers: {thbd: {number: 1234567890123456}}", "K107", "thbd"),
    "a number left out": ("numbers: {thbd: {name: THBD}}", "K106", "number"),
    "an empty number": ("numbers: {thbd: {number: ''}}", "K107", "thbd"),
    "a contact the list does not have": ("numbers: {tbhd: {number: 038 200}}", "K120", "thbd"),
    "a contact twice": ("numbers:\n  thbd: {number: 111}\n  thbd: {number: 112}", "K103", "thbd"),
    "a key the format does not have": ("numbers: {thbd: {nummer: 038}}", "K105", "number"),
    "a part the format does not have": ("statoin: {unit: 3}", "K105", "station"),
    "verified by nobody": (
        "numbers: {thbd: {number: 111, verified: {on: 2026-01-01}}}",
        "K106",
        "by",
    ),
    "verified on no day": ("numbers: {thbd: {number: 111, verified: {by: A}}}", "K106", "on"),
    "verified on what is no day": (
        "numbers: {thbd: {number: 111, verified: {by: A, on: 20.11.2026}}}",
        "K133",
        "20.11.2026",
    ),
    "verified tomorrow": (
        "numbers: {thbd: {number: 111, verified: {by: A, on: 2026-11-28}}}",
        "K133",
        "2026-11-28",
    ),
    "a verification that is a word": ("numbers: {thbd: {number: 111, verified: yes}}", "K107", ""),
    "a unit that turns letters": ("station: {unit: 'a\u202eb'}", "K107", "unit"),
    "a unit without end": (f"station: {{unit: {'x' * 201}}}", "K107", "200"),
    "an alias": ("station: {unit: &a b, address: *a}", "K102", "line 2"),
    "a tag": ("station: {unit: !!python/name:os.system x}", "K102", "line 2"),
    "a list": ("numbers: [112]", "K107", "numbers"),
    "not YAML": ("numbers: {thbd: [", "K101", "line"),
    "nested without end": ("station: " + "[" * 100, "K104", "line 2"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_line_and_never_keeps_help_away(name: str, tmp_path: Path):
    text, code, named = BAD[name]
    path = tmp_path / "contacts.yaml"
    path.write_text(f"format: 1\n{text}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        contacts(KOSOVO, "en", path, TODAY)
    assert refused.value.code == code and named in str(refused.value)
    assert "\n" not in str(refused.value) and "contacts.yaml" in str(refused.value)
    found = contacts_or_defaults(KOSOVO, "sq", path, TODAY)
    assert [c.number for c in found.first] == ["112", "194"]
    assert str(found.fault) == str(refused.value)


@pytest.mark.parametrize(
    ("content", "code"), [(b"\xff\xfe\x00", "K108"), (b"", "K108"), (b"a: b", "K105")]
)
def test_S7_a_file_of_another_kind_never_keeps_help_away(content: bytes, code: str, tmp_path: Path):
    path = tmp_path / "contacts.yaml"
    path.write_bytes(content)
    found = contacts_or_defaults(KOSOVO, "en", path, TODAY)
    assert found.fault is not None and found.fault.code == code and found.first
    folder = contacts_or_defaults(KOSOVO, "en", tmp_path, TODAY)
    assert folder.fault is not None and folder.fault.code == "K110" and folder.first


def test_where_the_file_is_an_option_goes_before_the_environment_before_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SCREENING_CONTACTS", str(tmp_path / "named.yaml"))
    assert contacts_path(tmp_path / "given.yaml") == tmp_path / "given.yaml"
    assert contacts_path() == tmp_path / "named.yaml"
    monkeypatch.delenv("SCREENING_CONTACTS")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert contacts_path() == tmp_path / "screening" / "contacts.yaml"


# -- the command -----------------------------------------------------------------------------------


def test_a_station_fills_in_its_numbers_and_sees_what_is_left_to_do(cli: Any, tmp_path: Path):
    path = tmp_path / "contacts.yaml"
    done = cli("contacts", "set", "thbd", "038 200 222", "--verified-by", "A. K.", "--file", path)
    assert done.code == 0, done.err
    assert cli("contacts", "set", "csw_on_duty", "038 1111", "--file", path).code == 0
    assert cli("contacts", "set", "unit", "Station 3", "--file", path).code == 0
    shown = cli("contacts", "show", "--file", path)
    thbd, csw = (
        next(x for x in shown.out.splitlines() if x.startswith(i)) for i in ("thbd", "csw")
    )
    assert "038 200 222" in thbd and "verified by A. K." in thbd
    assert "038 1111" in csw and "not verified: check before you use it" in csw
    left = cli("contacts", "check", "--file", path)
    assert left.code == 0 and "THBD" not in left.err and "Centre for Social Work" in left.err


def test_a_number_verified_over_a_year_ago_is_to_be_checked_again(cli: Any, tmp_path: Path):
    path = tmp_path / "contacts.yaml"
    of_old = ("--verified-by", "A. K.", "--verified-on", "2020-01-01", "--file", path)
    assert cli("contacts", "set", "thbd", "038 200 222", *of_old).code == 0
    assert "verified over a year ago" in cli("contacts", "check", "--file", path).err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["tbhd", "038 200 222"], "K120"),
        (["thbd", "none"], "K107"),
        (["thbd", "038 200 222", "--verified-by", "\u202e"], "K107"),
    ],
)
def test_what_cannot_be_set_is_told_in_a_line_and_nothing_is_written(
    arguments: list[str], code: str, cli: Any, tmp_path: Path
):
    path = tmp_path / "contacts.yaml"
    done = cli("contacts", "set", *arguments, "--file", path)
    assert done.code == 2 and f"[{code}]" in done.err and not path.exists()


def test_a_file_that_cannot_stand_is_not_written_over(cli: Any, tmp_path: Path):
    path = tmp_path / "contacts.yaml"
    path.write_text("format: 1\nnumbers: {thbd: {number: x}}\n", encoding="utf-8")
    before = path.read_bytes()
    assert cli("contacts", "set", "unit", "Station 3", "--file", path).code == 2
    assert path.read_bytes() == before


# -- on the card -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_prints_each_number_with_how_far_it_was_checked(language: str, file: Path):
    street = load_checklist("kosovo-street")
    found = contacts(street, language, file, TODAY)
    page = card_html(street, found, language)
    lines = re.findall(r"<li[^>]*><span>[^<]*</span> .*?</li>", page)
    for c in found.lines:
        line = next(x for x in lines if f"<span>{c.name}</span>" in x)
        if c.number:
            assert f'href="{c.tel}"' in line and c.standing(language) in line
        else:
            assert "tel:" not in line and words(language)("fill in") in line
