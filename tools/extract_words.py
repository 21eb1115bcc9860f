"""Collect the interface's own words - `say("...")`, `say.plural("...", "...", n)`, `mark("...")` -
into locale/screening.pot.

    python tools/extract_words.py            write the template
    python tools/extract_words.py --missing  list what each translation still lacks

Read from the syntax tree, so that calls inside f-strings count too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.nodes import Call, Const, Getattr, Name

from screening.connect.pocket.page import script, spoken

PACKAGE = Path(__file__).resolve().parent.parent / "screening"
Message = str | tuple[str, str]


def messages() -> list[Message]:
    """Every message in the code, the page templates and the pocket edition's script, once, in
    order of appearance.
    """
    found: list[Message] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        found += _in_code(path)
    for path in sorted(PACKAGE.rglob("*.j2")):
        tree = Environment().parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(Call):
            words = [str(a.value) for a in call.args if isinstance(a, Const)]
            if isinstance(call.node, Name) and call.node.name == "say" and words:
                found.append(words[0])
            elif isinstance(call.node, Getattr) and call.node.attr == "plural":
                found.append((words[0], words[1]))
    found += spoken(script())
    return list(dict.fromkeys(found))


def of_errors() -> list[tuple[str, str]]:
    """Key and text of every message of the error catalogue: the key is the text's context."""
    from screening.errors import PLACES
    from screening.errors.catalogue import CATALOGUE, NEAR

    return [("near", NEAR), *(("place", word) for word in PLACES)] + [
        (f"{code}.{name}", text)
        for code, about in CATALOGUE.items()
        for name, message in about.messages.items()
        for text in message.texts
    ]


def _in_code(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        words = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if (
            getattr(node.func, "id", "") in ("say", "mark")
            or getattr(node.func, "attr", "") == "say"
        ) and words:
            yield words[0]
        elif (
            isinstance(node.func, ast.Attribute) and node.func.attr == "plural" and len(words) >= 2
        ):
            yield words[0], words[1]


def missing(language: str) -> list[Message]:
    """Messages without a translation in `locale/<language>.po`."""
    with (PACKAGE / "locale" / f"{language}.po").open("rb") as handle:
        catalogue = read_po(handle)

    def translated(message: Message) -> bool:
        entry = catalogue.get(message if isinstance(message, str) else message[0])
        return (
            entry is not None
            and bool(entry.string)
            and (all(entry.string) if isinstance(entry.string, tuple) else isinstance(message, str))
        )

    return [m for m in messages() if not translated(m)]


def missing_errors(language: str) -> list[tuple[str, str]]:
    """Texts of the error catalogue without a translation in `locale/<language>.po`."""
    with (PACKAGE / "locale" / f"{language}.po").open("rb") as handle:
        catalogue = read_po(handle)
    return [
        (key, text)
        for key, text in of_errors()
        if not ((entry := catalogue.get(text, context=key)) and entry.string)
    ]


def main() -> None:
    if "--missing" in sys.argv:
        for path in sorted((PACKAGE / "locale").glob("*.po")):
            for message in [*missing(path.stem), *missing_errors(path.stem)]:
                print(path.stem, repr(message))
        return
    template = Catalog(project="screening", charset="utf-8")
    for message in messages():
        template.add(message)
    for key, text in of_errors():
        template.add(text, context=key)
    with (PACKAGE / "locale" / "screening.pot").open("wb") as handle:
        write_po(handle, template, omit_header=True, width=120)


if __name__ == "__main__":
    main()
