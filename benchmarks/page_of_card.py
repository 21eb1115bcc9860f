"""Figures of a benchmark put into the shipped card's own page, between the marks of its name;
nothing else on the page is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

CARD = "kosovo-15-15"
PAGE = Path(__file__).resolve().parent.parent / "models" / CARD / "card.md"


def put(name: str, lines: Sequence[str]) -> None:
    """Replace what stands between `<!-- name -->` and `<!-- /name -->`."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(f"<!-- {name} -->\n")
    _, after = rest.split(f"<!-- /{name} -->")
    PAGE.write_text(
        f"{before}<!-- {name} -->\n" + "\n".join(lines).strip() + f"\n<!-- /{name} -->{after}",
        encoding="utf-8",
    )
