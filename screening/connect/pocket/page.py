"""The pocket edition as one HTML file: page, style, script and knowledge in one.

Its policy allows this script and this style, by their hashes, and recordings that lie beside the
file. Nothing else is loaded and nothing is sent.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from screening.checklist.model import Checklist, WeightSet
from screening.connect.pocket.knowledge import contacts_of, knowledge, texts_of
from screening.contacts import Contacts
from screening.files.templates import render
from screening.i18n import LANGUAGES
from screening.interview.protocol import load_protocol

__all__ = ["LARGEST", "pocket_html", "script", "spoken"]

LARGEST = 600_000  # bytes of the file
_HERE = Path(__file__).parent
# In the order in which they need each other
_SCRIPTS = ("engine", "chooser", "record", "screens", "qr", "keeping", "hands", "start")
_SAID = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')


def pocket_html(checklist: Checklist, weights: WeightSet, whom: Callable[[str], Contacts]) -> str:
    """The whole file, UTF-8 text of at most `LARGEST` bytes for the bundled lists.

    whom : whom to call, in a language

    The same list, weights and contacts always give the same file.
    """
    protocol = load_protocol(checklist)
    code = script()
    style = (_HERE / "pocket.css").read_text(encoding="utf-8")
    data = {
        **knowledge(checklist, weights, protocol),
        "contacts": {code: contacts_of(whom(code), code) for code in LANGUAGES},
        "texts": texts_of(checklist, protocol, spoken(code)),
    }
    return render(
        "connect/pocket.html.j2",
        policy="; ".join(
            (
                "default-src 'none'",
                f"script-src {_hash(code)}",
                f"style-src {_hash(style)}",
                "media-src 'self' file:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        script=code,
        style=style,
        knowledge=_json(data),
    )


@cache
def script() -> str:
    """The program of the page."""
    return "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)


def spoken(code: str) -> Iterable[str]:
    """The interface's words in a script: every `say("...")`."""
    return [json.loads(f'"{message}"') for message in _SAID.findall(code)]


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: Any) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
