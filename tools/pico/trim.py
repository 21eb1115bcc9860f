"""Trim a compiled Pico to what the pages use: rules of its second dark theme, of classes and of
inputs that no page has are left out.

npm install @picocss/pico@2.1.1 sass@1          (the package lies beside build.scss as `pico/`)
npx sass --style=compressed --no-source-map --load-path=. build.scss pico.css
python trim.py pico.css ../../screening/web/static/pico.css
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

UNUSED = re.compile(
    r"\[data-theme=dark\](?!\))|:host\(|\.(?:secondary|contrast|outline|grid|container)|\[type=(?:range|color|date|datetime-local|month|time|week|search|switch|image|reset)\]"
    r"|\[role=(?:switch|search|group)\]|\[multiple\]|\[size\]|progress|::-webkit-color|::-moz-color|blockquote|\bdl\b|\bdd\b|\bdt\b|\bkbd\b|\bins\b|\bdel\b|\babbr\b|\bhgroup\b|\bsamp\b|\bvar\b"
    r"|\[aria-invalid|\bsup\b|\bsub\b|\bmark\b|\bdialog\b|\baddress\b|\[dir=rtl\]"
)


def rules(css: str) -> list[str]:
    """The top-level rules of compressed CSS."""
    found, depth, start = [], 0, 0
    for n, c in enumerate(css):
        if c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0:
                found.append(css[start : n + 1])
                start = n + 1
    return found


def trimmed(css: str) -> str:
    kept = []
    for rule in rules(css):
        head, body = rule.split("{", 1)
        if head.startswith("@"):
            inner = trimmed(body[:-1])
            if inner:
                kept.append(f"{head}{{{inner}}}")
            continue
        selectors = [s for s in re.split(r",(?![^(]*\))", head) if not UNUSED.search(s)]
        if selectors:
            kept.append(f"{','.join(selectors)}{{{body}")
    return "".join(kept)


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    css = source.read_text(encoding="utf-8").lstrip("\ufeff")
    licence, rest = re.match(r"(/\*!.*?\*/)(.*)", css, re.S).groups()
    target.write_text(
        f"{licence}\n/* Trimmed by tools/pico/trim.py. */\n{trimmed(rest)}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
