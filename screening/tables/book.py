"""A workbook as the archive of XML that it is: what is in it is bounded before it is read, and
every part comes through one strict parser.

Both spellings of the format are read, the usual one and Strict Open XML, whatever the file is
called. Nothing is calculated, linked, run or fetched.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from screening.errors import CaseError, ScreeningError
from screening.files.text import check_is_file, unreadable

__all__ = ["CHUNK", "Book", "SheetPart", "damaged", "names_of", "open_book", "parse"]

CHUNK = 1 << 16  # bytes of XML parsed at a time
_TOTAL = 6 << 30  # bytes of all parts unpacked
_PART = 256 << 20  # bytes of a part that is no sheet
_STYLES = 32 << 20  # bytes of the part that holds all formats
_RATIO = 200  # unpacked to packed, for parts of more than a MiB; sheets of answers come to 10 - 40
_PARTS = 10_000
_TEXTS = 1 << 20  # shared texts, and characters in all of them
_LETTERS = 128 << 20
_FORMATS = 1 << 16
_SHEETS = 1_000
_TOKEN = 4 << 20  # bytes of one tag or comment
_DEEPEST = 64  # elements within elements
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_REFERENCES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_OTHER_KINDS = (  # the beginning of a part's name, or of what the part `mimetype` holds
    ("content.xml", "zip_opendocument"),
    ("word/", "zip_word"),
    ("ppt/", "zip_slides"),
    ("xl/workbook.bin", "zip_binary_workbook"),
    ("index/", "zip_numbers"),
)

Start = Callable[[str, dict[str, str]], Any]
End = Callable[[str], Any]


def names_of(*local: str) -> dict[str, str]:
    """The local name of each of these elements, by its full name in either spelling."""
    return {f"{uri} {name}": name for uri in _MAIN for name in local}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as the workbook names it; `state` is visible, hidden or veryHidden."""

    title: str
    state: str
    part: zipfile.ZipInfo


@dataclass
class Book:
    """An open workbook.

    texts : the shared texts, by number
    formats : the number format of each style, by number; "" for the general one
    from_1904 : days are counted from 1904
    """

    name: str
    archive: zipfile.ZipFile
    parts: dict[str, zipfile.ZipInfo]
    sheets: list[SheetPart] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    from_1904: bool = False


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """A workbook that has been looked over, with its sheets, texts and formats.

    Raises
    ------
    UsageError : U301
    CaseError : C201 no sheet, C202 no workbook or a locked one, C204 damaged, C205 a bomb, C206
        macros, links, DTDs
    """
    name = path.name
    check_is_file(path)
    try:
        with zipfile.ZipFile(path) as archive:
            book = Book(name, archive, _looked_over(archive.infolist(), name))
            _read_book(book)
            yield book
    except ScreeningError:
        raise
    except OSError as error:
        raise unreadable(path, error) from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise damaged(name, error) from None


def damaged(place: str, error: Exception | str) -> CaseError:
    """`C204` in the words there are."""
    reason = error if isinstance(error, str) else type(error).__name__
    return CaseError("C204.workbook_damaged", place=place, reason=reason)


# -- the archive -----------------------------------------------------------------------------------


def _looked_over(parts: Sequence[zipfile.ZipInfo], name: str) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, where a spreadsheet program could have written this archive for a table
    of values.
    """
    by_name = {p.filename.replace("\\", "/").lower().lstrip("/"): p for p in parts}
    _refuse_bomb(parts, name)
    if any(p.flag_bits & 1 for p in parts):
        raise CaseError("C202.archive_locked", place=name)
    if "xl/workbook.xml" not in by_name:
        for beginning, kind in _OTHER_KINDS:
            if any(n.startswith(beginning) for n in by_name):
                raise CaseError(f"C202.{kind}", place=name)
        if "[content_types].xml" not in by_name:
            raise CaseError("C202.zip_not_workbook", place=name)
    if any("vbaproject" in n or "/macrosheets/" in n for n in by_name):
        raise CaseError("C206.macros", place=name)
    linked = ("xl/externallinks/", "xl/connections", "xl/querytables/")
    if any(n.startswith(linked) for n in by_name):
        raise CaseError("C206.external_links", place=name)
    if len(by_name) < len(parts):
        raise damaged(name, "a part is there twice")
    return by_name


def _refuse_bomb(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    if len(parts) > _PARTS or sum(p.file_size for p in parts) > _TOTAL:
        raise CaseError("C205.unpacked_too_large", place=name)
    for p in parts:
        ratio = p.file_size // max(p.compress_size, 1)
        if p.file_size > 1 << 20 and ratio >= _RATIO:
            raise CaseError("C205.part_inflates", place=name, part=p.filename, ratio=ratio)


# -- one part --------------------------------------------------------------------------------------


def parse(
    book: Book,
    part: zipfile.ZipInfo,
    start: Start,
    end: End | None = None,
    text: End | None = None,
) -> Iterator[int]:
    """Read a part through handlers, stepwise: after each step come the bytes read so far.

    Names of elements come with their namespace, a blank between.

    Raises
    ------
    CaseError : C202 not UTF-8, C204 damaged, C205 a tag too long, elements nested too deeply, C206
        a document type
    """
    place = f"{book.name}, {part.filename}"
    parser = _parser(place, start, end, text)
    fed = 0
    try:
        with book.archive.open(part) as file:
            while chunk := file.read(CHUNK):
                if not fed:
                    _refuse_encoding(chunk, place)
                parser.Parse(chunk)
                fed += len(chunk)
                if fed - max(parser.CurrentByteIndex, 0) > _TOKEN:
                    raise CaseError("C205.part_too_large", place=book.name, part=part.filename)
                yield fed
            parser.Parse(b"", True)
            yield fed
    except ScreeningError:
        raise
    except expat.ExpatError as error:
        raise damaged(place, f"line {error.lineno}") from None
    except Exception as error:  # zlib's own, and whatever a broken archive makes zipfile raise
        raise damaged(place, error) from None


def _parser(place: str, start: Start, end: End | None, text: End | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def refuse(*_: Any) -> None:
        raise CaseError("C206.xml_entities", place=place)

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise CaseError("C205.nested_too_deeply", place=place)
        start(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler = text
    return parser


def _refuse_encoding(head: bytes, place: str) -> None:
    declared = _ENCODING.search(head[:200])
    if b"\0" in head or (declared and declared.group(1).lower() not in (b"utf-8", b"us-ascii")):
        raise CaseError("C202.xml_not_utf8", place=place)


def _whole(book: Book, part: zipfile.ZipInfo, most: int, *handlers: Any) -> None:
    """Read a part that is held in memory; `C205` above `most` bytes."""
    if part.file_size > most:
        raise CaseError("C205.part_too_large", place=book.name, part=part.filename)
    for _ in parse(book, part, *handlers):
        pass


# -- what a workbook says of itself ----------------------------------------------------------------


def _read_book(book: Book) -> None:
    about = book.parts.get("xl/workbook.xml") or _main_part(book)
    links = _links(book, about.filename)
    kinds = names_of("sheet", "workbookPr")
    found: list[tuple[str, str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = kinds.get(name)
        if kind == "workbookPr":
            book.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif kind == "sheet":
            link = next((v for k, v in attributes.items() if _is_reference(k)), "")
            state = attributes.get("state", "visible")
            found.append((attributes.get("name", ""), state, link))
            if len(found) > _SHEETS:
                raise CaseError("C205.unpacked_too_large", place=book.name)

    _whole(book, about, _STYLES, start)
    for title, state, link in found:
        kind, target = links.get(link, ("", ""))
        if kind == "worksheet":  # and no chart, dialogue or macro
            book.sheets.append(SheetPart(title, state, _part(book, target)))
    for kind, target in links.values():
        if kind == "sharedStrings":
            book.texts = _texts(book, _part(book, target))
        elif kind == "styles":
            book.formats = _formats(book, _part(book, target))


def _is_reference(attribute: str) -> bool:
    return any(attribute == f"{uri} id" for uri in _REFERENCES)


def _main_part(book: Book) -> zipfile.ZipInfo:
    target = next((t for kind, t in _links(book, "").values() if kind == "officeDocument"), "")
    return _part(book, target)


def _part(book: Book, target: str) -> zipfile.ZipInfo:
    found = book.parts.get(target.lower())
    if found is None:
        raise damaged(book.name, f"{target} is missing")
    return found


def _links(book: Book, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: kind and name of the other part, by the id of the reference."""
    folder, _, name = part.rpartition("/")
    beside = book.parts.get(f"{folder}/_rels/{name}.rels".lower().lstrip("/"))
    found: dict[str, tuple[str, str]] = {}
    if beside is None:
        return found

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = attributes.get("Target", "")
            path = target if target.startswith("/") else f"{folder}/{target}"
            steps: list[str] = []
            for step in path.split("/"):
                if step == "..":
                    del steps[-1:]
                elif step not in ("", "."):
                    steps.append(step)
            found[attributes.get("Id", "")] = (kind, "/".join(steps))

    _whole(book, beside, _STYLES, start)
    return found


def _texts(book: Book, part: zipfile.ZipInfo) -> list[str]:
    """The shared texts: plain and rich ones, without how they are pronounced."""
    kinds = names_of("si", "t", "rPh")
    texts: list[str] = []
    piece: list[str] = []
    letters = 0
    wanted = silent = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal wanted, silent
        kind = kinds.get(name)
        if kind == "si":
            piece.clear()
        elif kind == "rPh":
            silent = True
        wanted = kind == "t" and not silent

    def end(name: str) -> None:
        nonlocal wanted, silent, letters
        wanted = False
        kind = kinds.get(name)
        if kind == "rPh":
            silent = False
        elif kind == "si":
            texts.append("".join(piece))
            letters += len(texts[-1])
            if len(texts) > _TEXTS or letters > _LETTERS:
                raise CaseError("C205.part_too_large", place=book.name, part=part.filename)

    def text(data: str) -> None:
        if wanted:
            piece.append(data)

    _whole(book, part, _PART, start, end, text)
    return texts


def _formats(book: Book, part: zipfile.ZipInfo) -> list[str]:
    """The number format of each style of cells."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    kinds = names_of("numFmt", "cellXfs", "xf")
    own: dict[str, str] = {}
    ids: list[str] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        kind = kinds.get(name)
        if kind == "cellXfs":
            inside = True
        elif kind == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif kind == "xf" and inside:
            ids.append(attributes.get("numFmtId", "0"))
        if len(ids) + len(own) > _FORMATS:
            raise CaseError("C205.part_too_large", place=book.name, part=part.filename)

    def end(name: str) -> None:
        nonlocal inside
        if kinds.get(name) == "cellXfs":
            inside = False

    _whole(book, part, _STYLES, start, end)
    known = {str(n): code for n, code in BUILTIN_FORMATS.items()} | own
    formats = [known.get(n, "") for n in ids]
    return ["" if code == "General" else code for code in formats]
