"""Whom to call: the numbers of the list, each with how far it was checked, and those of a station,
which fills them in once.

A station keeps one YAML file: its numbers, its unit, address and signature line, and who verified
each of them when. What nobody verified says so wherever it is printed. A file that cannot be read
never keeps help away (S7): the list's own numbers are shown, and what is wrong is said.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from screening.checklist.loader import DEFAULT_LIST, find_list, load_checklist, read_file, typed
from screening.checklist.model import Checklist
from screening.checklist.schema import Checked, Day, Format, Id, Model, SourceRef
from screening.checklist.texts import Texts
from screening.checklist.yamlfile import Doc, dump_yaml, read_yaml
from screening.errors import KnowledgeError, ScreeningError, nearest
from screening.files.atomic import OutputFile
from screening.i18n import SOURCE, Words, day_in_words, words

__all__ = [
    "ENVIRONMENT",
    "STATION",
    "Contact",
    "Contacts",
    "ContactsFile",
    "change",
    "contacts",
    "contacts_or_defaults",
    "contacts_path",
    "listed_contacts",
    "read_contacts",
    "write_contacts",
]

ENVIRONMENT = "SCREENING_CONTACTS"  # names the file, where no option does
STATION = ("unit", "address", "signature")  # what a station says of itself, besides its number
STALE_AFTER_DAYS = 365
LONGEST = 200  # letters of a name, a unit, an address

Status = Literal["verified", "published", "unverified", "empty"]


def _telephone(value: Any) -> Any:
    """Digits 0-9 with what people write between them; three digits to fifteen."""
    if isinstance(value, str):
        text = " ".join(value.split())
        if re.fullmatch(r"\+?[0-9(][0-9 ()/.-]*", text) and 3 <= sum(map(str.isdigit, text)) <= 15:
            return text
    raise PydanticCustomError("not_telephone", "not a telephone number")


def _line(value: Any) -> Any:
    """One line that can be seen."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    if not text:
        raise PydanticCustomError("empty", "empty")
    if not text.isprintable():
        raise PydanticCustomError("not_seen", "not printable")
    return text


def _yes(value: Any) -> Any:
    if value in ("yes", "no"):
        return value == "yes"
    raise PydanticCustomError("not_yes_or_no", "neither yes nor no")


Telephone = Annotated[str, BeforeValidator(_telephone)]
Line = Annotated[str, Field(max_length=LONGEST), BeforeValidator(_line)]


class ListContact(Model):
    """A contact of a list: the number that was read, if any, and how far it was checked."""

    id: Id
    number: Telephone | None = None
    status: Literal["published", "unverified"] = "unverified"
    first: Annotated[bool, BeforeValidator(_yes)] = False
    checked: Checked
    sources: Annotated[list[SourceRef], Field(default_factory=list)]


class ListContacts(Model):
    """`contacts.yaml` of a list."""

    format: Format
    contacts: Annotated[list[ListContact], Field(min_length=1)]


class Verified(Model):
    """Who made sure of something, and on which day."""

    by: Line
    on: Day


class Number(Model):
    """A number as a station has it; `name` is what the station calls who answers."""

    number: Telephone
    name: Line | None = None
    verified: Verified | None = None


class Station(Model):
    """What a station says of itself on a letter."""

    unit: Line | None = None
    address: Line | None = None
    signature: Line | None = None


class ContactsFile(Model):
    """The file of a station."""

    format: Format = "1"
    station: Station = Station()
    numbers: Annotated[dict[Id, Number], Field(default_factory=dict)]


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of whom to call.

    name : as the station has it, else in the list's words
    number : empty where there is none
    status : `verified` by the station; `published` by the office that answers, as the list read;
        `unverified`; `empty`
    by, on : who verified it, and when
    first : whether it is shown wherever danger is
    source : where the list has it from
    """

    id: str
    name: str
    number: str
    status: Status
    by: str = ""
    on: date | None = None
    first: bool = False
    source: str = ""

    @property
    def tel(self) -> str:
        """The number as a link has it."""
        return "tel:" + "".join(c for c in self.number if c.isdigit() or c == "+")

    def standing(self, language: str) -> str:
        """How far it was checked, in words; never left out where the number is shown."""
        say = words(language)
        if self.status == "verified" and self.on is not None:
            return say("verified by {who}, {day}", who=self.by, day=day_in_words(self.on, language))
        return {
            "published": say("as its office publishes it; not verified here"),
            "unverified": say("not verified: check before you use it"),
        }.get(self.status, say("no number filled in"))


@dataclass(frozen=True, slots=True)
class Contacts:
    """All of them in one language, in the list's order.

    path : the station's file, whether it is there or not
    fault : why the station's file counts for nothing, where it does not
    """

    lines: tuple[Contact, ...]
    unit: str = ""
    address: str = ""
    signature: str = ""
    path: Path | None = None
    fault: ScreeningError | None = None

    def __getitem__(self, name: str) -> Contact | None:
        """A contact by id, or None where the list has none of this id."""
        return next((c for c in self.lines if c.id == name), None)

    @property
    def numbered(self) -> tuple[Contact, ...]:
        """Those that can be called."""
        return tuple(c for c in self.lines if c.number)

    @property
    def first(self) -> tuple[Contact, ...]:
        """Those that are shown wherever danger is."""
        return tuple(c for c in self.numbered if c.first)

    def to_do(self, today: date, language: str = SOURCE) -> list[str]:
        """What is not filled in, not verified, or verified long ago, a line each."""
        say = words(language)
        found = [f"{c.name}: {c.standing(language)}" for c in self.lines if c.status != "verified"]
        found += [
            say("{name}: verified over a year ago; check it again", name=c.name)
            for c in self.lines
            if c.on is not None and (today - c.on).days > STALE_AFTER_DAYS
        ]
        named = station_words(say)
        return found + [
            f"{named[field]}: {say('not filled in')}"
            for field in STATION
            if not getattr(self, field)
        ]


def station_words(say: Words) -> dict[str, str]:
    """What each field of a station is called."""
    return {
        "unit": say("Unit"),
        "address": say("Address"),
        "signature": say("Signature line (rank, name)"),
    }


# -- where the file is, and what is in it ----------------------------------------------------------


def contacts_path(given: Path | None = None) -> Path:
    """The station's file: the one given, the one `SCREENING_CONTACTS` names, or that of the user's
    configuration folder. It need not be there.
    """
    if given is not None:
        return given
    if named := os.environ.get(ENVIRONMENT):
        return Path(named)
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return folder / "screening" / "contacts.yaml"


def read_contacts(path: Path, checklist: Checklist | None = None) -> ContactsFile:
    """The station's file, strictly; an empty one where there is none.

    Raises
    ------
    KnowledgeError : K101 to K108, K110 what cannot be read, K105 to K107 and K133 what the format
        does not have, K120 a contact that the list does not have
    """
    if not os.path.lexists(path):
        return ContactsFile.model_validate({})
    doc = read_yaml(path, str(path))
    file = typed(ContactsFile, doc.data, doc, ())
    if checklist is not None:
        known = [c.id for c in _of_list(checklist)[0]]
        for name in file.numbers:
            if name not in known:
                raise _unknown(name, known, doc)
    return file


def _unknown(name: str, known: list[str], doc: Doc | None = None) -> KnowledgeError:
    return KnowledgeError(
        "K120.contact_unknown",
        place=doc.place(("numbers", name)) if doc else "",
        near=nearest(name, known),
        contact=name,
        known=known,
    )


def change(
    file: ContactsFile,
    checklist: Checklist,
    what: str,
    value: str,
    name: str = "",
    verified: tuple[str, date] | None = None,
) -> ContactsFile:
    """The file with one thing filled in; an empty value takes it out.

    what : a contact of the list, or `unit`, `address`, `signature`
    verified : who made sure of the number, and when; without it, it is not verified

    Raises
    ------
    KnowledgeError : K120 for what the list does not have, K107 for what is no number or no line
    """
    known = [c.id for c in _of_list(checklist)[0]]
    plain = file.model_dump(mode="json", exclude_none=True)
    if what in STATION:
        plain["station"].pop(what, None)
        if value.strip():
            plain["station"][what] = value
    elif what in known:
        plain["numbers"].pop(what, None)
        if value.strip():
            entry: dict[str, Any] = {"number": value}
            if name.strip():
                entry["name"] = name
            if verified is not None:
                entry["verified"] = {"by": verified[0], "on": verified[1].isoformat()}
            plain["numbers"][what] = entry
    else:
        raise _unknown(what, [*known, *STATION])
    return typed(ContactsFile, plain, Doc(what, plain, {}), ())


def write_contacts(file: ContactsFile, path: Path) -> None:
    """The file on disk, whole or not at all, for its owner only; its folder is made."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = dump_yaml(file.model_dump(mode="json", exclude_none=True))
    with OutputFile(path, overwrite=True) as out:
        out.write(("# The contacts of this station: screening contacts --help\n" + text).encode())


# -- both together ---------------------------------------------------------------------------------


def contacts(
    checklist: Checklist | None,
    language: str = SOURCE,
    path: Path | None = None,
    today: date | None = None,
) -> Contacts:
    """The list's contacts with what the station filled in.

    Parameters
    ----------
    checklist : None where it cannot be read: then only what the station filled in
    path : the station's file (`contacts_path`)
    today : a verification after this day is refused

    Raises
    ------
    KnowledgeError : where the station's file cannot stand (`read_contacts`), K133 where a number
        was verified on a day to come
    """
    where = contacts_path(path)
    file = read_contacts(where, checklist)
    for name, entry in file.numbers.items():
        if today is not None and entry.verified is not None and entry.verified.on > today:
            raise KnowledgeError(
                "K133.day_to_come",
                place=f"{where}, numbers.{name}.verified.on",
                value=entry.verified.on.isoformat(),
            )
    if checklist is None:
        lines = tuple(_filled(name, name, None, entry) for name, entry in file.numbers.items())
    else:
        listed, texts = _of_list(checklist)
        said = texts(language)
        lines = tuple(
            _filled(c.id, said.get("contacts", c.id, "name"), c, file.numbers.get(c.id), checklist)
            for c in listed
        )
    s = file.station
    return Contacts(lines, s.unit or "", s.address or "", s.signature or "", where)


def contacts_or_defaults(
    checklist: Checklist | None,
    language: str = SOURCE,
    path: Path | None = None,
    today: date | None = None,
) -> Contacts:
    """The same, whatever is wrong with the station's file (S7): then the list's own numbers, and
    the `fault`.
    """
    try:
        return contacts(checklist, language, path, today)
    except ScreeningError as fault:
        try:
            own = listed_contacts(checklist, language) if checklist is not None else Contacts(())
        except ScreeningError:  # a list whose own contacts cannot stand
            own = Contacts(())
        return replace(own, path=contacts_path(path), fault=fault)


def listed_contacts(checklist: Checklist, language: str = SOURCE) -> Contacts:
    """The list's own contacts, and nothing of a station."""
    listed, texts = _of_list(checklist)
    said = texts(language)
    return Contacts(
        tuple(_filled(c.id, said.get("contacts", c.id, "name"), c, None, checklist) for c in listed)
    )


def _filled(
    key: str,
    name: str,
    listed: ListContact | None,
    own: Number | None,
    checklist: Checklist | None = None,
) -> Contact:
    first = listed is not None and listed.first
    if own is not None:
        v = own.verified
        return Contact(
            key,
            own.name or name,
            own.number,
            "verified" if v else "unverified",
            v.by if v else "",
            v.on if v else None,
            first,
        )
    if listed is None or listed.number is None:
        return Contact(key, name, "", "empty", first=first)
    sources = checklist.sources if checklist is not None else {}
    source = "; ".join(sources[s.ref].title for s in listed.sources if s.ref in sources)
    return Contact(key, name, listed.number, listed.status, first=first, source=source)


Listed = tuple[tuple[ListContact, ...], Callable[[str], Texts]]


def _of_list(checklist: Checklist) -> Listed:
    """The contacts of a list, else of its catalogue, else of the default list; and their words."""
    for name in (None, checklist.catalogue, DEFAULT_LIST):
        folder = checklist.folder if name is None else _beside(checklist.folder, name)
        if folder is not None and (folder / "contacts.yaml").is_file():
            own = folder in (checklist.folder, _beside(checklist.folder, checklist.catalogue))
            texts = checklist.texts if own else load_checklist(folder).texts
            return _checked(folder, checklist if name is None else None, texts(SOURCE)), texts
    return (), checklist.texts


def _beside(folder: Path, name: str | None) -> Path | None:
    if name is None:
        return None
    sibling = folder.parent / name
    return sibling if (sibling / "checklist.yaml").is_file() else find_list(name)


def _checked(folder: Path, checklist: Checklist | None, english: Texts) -> tuple[ListContact, ...]:
    """The file of a list against the list: each id once, named, and with sources that it has."""
    doc, file = _read(folder / "contacts.yaml")
    seen: set[str] = set()
    for n, contact in enumerate(file.contacts):
        if contact.id in seen:
            raise KnowledgeError(
                "K113.contact_twice", place=doc.place(("contacts", n)), contact=contact.id
            )
        seen.add(contact.id)
        if not english.get("contacts", contact.id, "name"):
            place = f"{folder.name}/texts/{SOURCE}.yaml, contacts.{contact.id}"
            raise KnowledgeError("K106.key_missing", place=place, name="name")
        if contact.number is not None and not contact.sources:
            raise KnowledgeError(
                "K106.key_missing", place=doc.place(("contacts", n)), name="sources"
            )
        known = checklist.sources if checklist is not None else None
        for source in contact.sources:
            if known is not None and source.ref not in known:
                raise KnowledgeError(
                    "K120.source_unknown",
                    place=doc.place(("contacts", n, "sources")),
                    near=nearest(source.ref, known),
                    source=source.ref,
                )
    return tuple(file.contacts)


@lru_cache(maxsize=8)
def _typed(path: Path, changed: int) -> tuple[Doc, ListContacts]:
    return read_file(path, ListContacts)


def _read(path: Path) -> tuple[Doc, ListContacts]:
    """Read again only where it changed: every page shows whom to call."""
    return _typed(path, path.stat().st_mtime_ns)
