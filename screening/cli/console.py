"""What is written to a terminal: letters that it can show, and nothing that it would obey.

Notes, names of files and keys of a list may hold signs that move the cursor, hide what was written
or turn its direction; they are shown as what they are, such as `\\x1b`. Letters that a console's
code page lacks are shown in a plainer form, and a line says so. Data (JSON, CSV) leaves exact, in
UTF-8, when it goes elsewhere than to a terminal.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
import unicodedata

__all__ = ["Console", "exact", "install", "note", "plain", "visible"]

# Controls but for the end of a line and a tab, marks of direction, lines of other standards, halves
# of characters, tags
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Bold, faint, the colours that we use, and their end
_STYLE = re.compile("(\x1b\\[(?:0|1|2|22|3[0-7]|39)(?:;(?:0|1|2|3[0-7]))*m)")
_PLAINER = str.maketrans(
    {"đ": "dj", "Đ": "Dj", "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-"}
    | {"…": "...", "·": "-", "→": "->", "←": "<-", "≥": ">=", "≤": "<=", "×": "x", "−": "-"}
)
_LATIN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"
_CYRILLIC = dict(zip("абвгдђежзијклљмнњопрстћуфхцчџш", _LATIN.split(), strict=True))


def visible(text: str) -> str:
    """Text in which signs that a terminal obeys are written as what they are."""
    return _OBEYED.sub(lambda sign: _written(sign.group()), text) if _OBEYED.search(text) else text


def _written(sign: str) -> str:
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def plain(text: str, encoding: str) -> str:
    """Text in letters that an encoding has: without their marks, or in Latin, or a `?`."""
    return "".join(c if _fits(c, encoding) else _plainer(c, encoding) for c in text)


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


def _plainer(letter: str, encoding: str) -> str:
    latin = _CYRILLIC.get(letter.lower(), "")
    latin = latin if letter.islower() else latin.capitalize()
    for text in (latin or letter, (latin or letter).translate(_PLAINER)):
        parts = unicodedata.normalize("NFKD", text)
        bare = "".join(c for c in parts if not unicodedata.combining(c))
        for one in (text, bare):
            if one and _fits(one, encoding):
                return one
    return "?"


class Console(io.TextIOWrapper):
    """A stream of text in the encoding that the console has."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self.own = codecs.lookup(stream.encoding or "utf-8").name
        self.exact, self.simplified = False, False
        super().__init__(
            stream.detach(),
            # All that is written fits in `own`; libraries wrap a stream again that says ASCII
            encoding="latin-1" if self.own == "ascii" else self.own,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )

    def write(self, text: str) -> int:
        """Write what a person reads, or data as it is."""
        if self.exact:
            return super().write(text)
        shown = "".join(
            part if n % 2 else visible(part) for n, part in enumerate(_STYLE.split(text))
        )
        if not shown.isascii() and not _fits(shown, self.own):
            self.simplified, shown = True, plain(shown, self.own)
        super().write(shown)
        return len(text)


def install() -> None:
    """Standard output and error of this process become consoles."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if type(stream) is io.TextIOWrapper:
            setattr(sys, name, Console(stream))
            setattr(sys, f"__{name}__", getattr(sys, name))


def exact() -> None:
    """What comes on standard output is data for a program, unless a person is looking."""
    if isinstance(sys.stdout, Console) and not sys.stdout.isatty():
        sys.stdout.exact = True
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")


def note() -> str:
    """What is to be said of letters that the console lacked; nothing where it had all."""
    consoles = [s for s in (sys.stdout, sys.stderr) if isinstance(s, Console) and s.simplified]
    if not consoles:
        return ""
    return (
        f"this console ({consoles[0].own}) lacks some letters; they are shown in a plainer form."
        " Set PYTHONUTF8=1 to see all"
    )
