"""A letter as PDF, as a page and as plain text: the same lines, and nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from screening.errors import UsageError
from screening.files.templates import TEMPLATES, render
from screening.i18n import LANGUAGES, words
from screening.paper.letter.content import Letter
from screening.paper.letter.writing import BREAK
from screening.scoring.explain import Row

__all__ = ["letter_html", "letter_pdf", "letter_text", "source"]

BY_HAND = "____________________"


def letter_html(content: Letter) -> str:
    """One self-contained page: no script, nothing fetched; for a screen of any width and for A4."""
    return render(
        "paper/letter.html.j2",
        letter=content,
        languages=LANGUAGES,
        qr=_code(content),
        neutral=_neutral(content),
    )


def letter_pdf(content: Letter) -> bytes:
    """The letter as PDF.

    The content goes in as data, never as source: what somebody typed cannot become a command.
    """
    try:
        import typst
    except ImportError:
        raise _missing("typst") from None
    return bytes(typst.compile(**source(content), format="pdf"))


def letter_text(content: Letter) -> str:
    """The letter as plain text, for a message or a machine without a printer."""
    parts = []
    for title, blocks in zip(content.titles, content.blocks, strict=True):
        lines = [title.upper(), ""]
        for block in blocks:
            lines += [block.title.upper()] if block.title else []
            lines += [_plain(row) for row in block.lines]
            lines.append("")
        parts.append("\n".join(lines))
    return ("\n" + "=" * 72 + "\n\n").join(parts).replace(BREAK, "")


def _plain(row: Row) -> str:
    if row.lead:
        text = f"{row.lead}: {row.text or (row.note and ' ') or BY_HAND}".rstrip()
    else:
        text = row.text
    return f"{text} ({row.note})" if row.note else text


def _neutral(content: Letter) -> str:
    """What a window or a list of files calls the letter: nothing of what it is about."""
    return words(content.languages[0])("Notes")


def source(content: Letter) -> dict[str, Any]:
    """What typst sets."""
    files: Any = {
        "main": (TEMPLATES / "paper" / "letter.typ").read_bytes(),
        "qr.svg": _code(content).encode(),
    }
    tongues = [LANGUAGES[code] for code in content.languages]
    inputs = {
        "tongues": json.dumps([{"lang": t.tongue, "dir": t.direction} for t in tongues]),
        "neutral": _neutral(content),
        "letter": json.dumps(asdict(content), ensure_ascii=False),
    }
    return {"input": files, "ignore_system_fonts": True, "sys_inputs": inputs}


def _code(content: Letter) -> str:
    """The receipt as a code, where there is an annex: help in danger waits for no package."""
    annexed = any(block.part == "annex" for block in content.blocks[0])
    return _qr(content.receipt) if annexed else ""


@lru_cache(maxsize=8)
def _qr(text: str) -> str:
    """A QR code as SVG: the text and nothing else."""
    try:
        import segno
    except ImportError:
        raise _missing("segno") from None
    return str(
        segno.make(text, error="m", micro=False).svg_inline(scale=1, border=2, omitsize=True)
    )


def _missing(name: str) -> UsageError:
    return UsageError("U306.letter_package", name=name)
