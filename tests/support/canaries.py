"""Words that are typed into a page and looked for in what the browser keeps."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

from support.browser import PATIENCE

CANARY = "QZCANARY"


def found(folder: Path, word: str) -> list[str]:
    """Files that hold a word, in any of the ways that browsers write text."""
    ways = [word.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    places = []
    for file in (f for f in folder.rglob("*") if f.is_file() and not f.is_symlink()):
        content = file.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content += zlib.decompress(content, 31)
        places += [str(file.relative_to(folder))] * any(w in content for w in ways)
    return places


def written(profile: Path, word: str) -> None:
    """Wait until the browser has written a word down: that it keeps its windows at all."""
    until = time.monotonic() + PATIENCE / 1000
    while not found(profile, word):
        assert time.monotonic() < until, f"the browser never wrote {word} down"
        time.sleep(0.2)
