"""A card as one page of paper: tick, add up, read off.

SVG by our own hand; PDF from it by vl-convert.
"""

from __future__ import annotations

import textwrap
from typing import Any
from xml.sax.saxutils import escape

from screening.checklist.model import Checklist
from screening.errors import UsageError
from screening.i18n import words
from screening.scorecard.model import CardModel

__all__ = ["sheet_pdf", "sheet_svg"]

WIDTH, HEIGHT, EDGE = 595.0, 842.0, 36.0  # A4, in points
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
HEADING = 15  # letters a line: two headings side by side must not touch, in any script
COLUMNS = (412.0, 466.0, 520.0)  # centres of yes, open and no


def sheet_svg(model: CardModel, checklist: Checklist, language: str = "en") -> str:
    """One A4 page in the language's words.

    Raises
    ------
    KnowledgeError : K1xx the list has no words in this language
    """
    texts, say = checklist.texts(language), words(language)
    page = _Page()
    page.text(EDGE, 50, say("Second opinion: a card to add up by hand"), 17, bold=True)
    y = page.block(
        EDGE,
        68,
        say("Trained on synthetic cases; not validated in the field; never lowers a finding."),
        9.5,
        90,
        bold=True,
    )
    y = page.block(
        EDGE,
        y + 2,
        say(
            "Fill in the whole list first. Tick one box a line. What was not asked, not answered or"
            " is not known is open, never no. A line that cannot be so for this person is no. With"
            " family and papers or not: neither changes anything here."
        ),
        9,
        98,
    )
    y += 8
    for x, title in zip(COLUMNS, (say("Yes"), say("Open"), say("No")), strict=True):
        page.text(x, y, title, 9, bold=True, anchor="middle")
    y += 6
    for number, item in enumerate(model.items, 1):
        lines = textwrap.wrap(f"{number}. {texts.statement(item.indicator)}", 62)
        tall = max(12.0 * len(lines) + 8, 25)
        if number % 2:
            page.box(EDGE - 4, y, WIDTH - 2 * EDGE + 8, tall, fill="#f1f4f7", stroke="none")
        for k, line in enumerate(lines):
            page.text(EDGE, y + (tall - 12 * len(lines)) / 2 + 9.5 + 12 * k, line, 9.5)
        for x, points in zip(COLUMNS, (item.yes, item.open, 0), strict=True):
            page.box(x - 19, y + tall / 2 - 7, 14, 14)
            page.text(x, y + tall / 2 + 3.5, str(points), 10, bold=points == item.yes)
        y += tall
    y += 18
    page.text(EDGE, y, say("A. Points of all yes boxes"), 10)
    page.line(COLUMNS[0] - 30, y + 3, COLUMNS[0] + 30)
    y += 21
    page.text(EDGE, y, say("B. Points of all open boxes"), 10)
    page.line(COLUMNS[0] - 30, y + 3, COLUMNS[0] + 30)
    y += 24
    needed = [
        len([i for i in model.items if checklist.indicators[i.indicator].applies(p)])
        for p in ("child", "adult")
    ]
    least = [-(-n * round(1000 * model.least_known) // 1000) for n in needed]
    heading = textwrap.wrap(say("Child, or age in doubt"), HEADING)
    for k, line in enumerate(heading):
        page.text(
            WIDTH - EDGE - 118,
            y - 11 * (len(heading) - 1 - k),
            line,
            8.5,
            bold=True,
            anchor="middle",
        )
    page.text(WIDTH - EDGE - 32, y, say("Adult"), 8.5, bold=True, anchor="middle")
    child, adult = model.lines["child"], model.lines["adult"]
    rows = [
        (say("Many signs: A is at least"), str(child.many_signs), str(adult.many_signs)),
        (say("Some signs: A is at least"), str(child.some_signs), str(adult.some_signs)),
        (say("Few signs so far: B is below"), str(child.some_signs), str(adult.some_signs)),
        (say("and of these lines are answered at least"), str(least[0]), str(least[1])),
        (say("Otherwise: too little is known. Ask on, when it is safe."), "", ""),
    ]
    for label, one, two in rows:
        y += 15
        page.text(EDGE, y, label, 9.5)
        page.text(WIDTH - EDGE - 118, y, one, 10, bold=True, anchor="middle")
        page.text(WIDTH - EDGE - 32, y, two, 10, bold=True, anchor="middle")
    y = page.block(
        EDGE,
        y + 20,
        say(
            "The list decides nothing and this card less: a person decides. Few signs is no ground"
            " for closing anything."
        ),
        9,
        92,
        bold=True,
    )
    page.text(
        EDGE,
        HEIGHT - 26,
        f"{model.id} · {model.checklist.id} {model.checklist.version} · {model.card} ·"
        f" {escape(language)}",
        7,
        fill="#555",
    )
    return page.svg(language, model.id)


def sheet_pdf(svg: str) -> bytes:
    """The page as PDF.

    Raises
    ------
    UsageError : U306 vl-convert is not installed
    """
    try:
        import vl_convert
    except ModuleNotFoundError as error:
        raise UsageError("U306.plot_packages", error=error.name) from None
    return bytes(vl_convert.svg_to_pdf(svg))


class _Page:
    """Marks on a page, in order."""

    def __init__(self) -> None:
        self.marks: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        anchor: str = "start",
        fill: str = "#111",
    ) -> None:
        weight = ' font-weight="bold"' if bold else ""
        self.marks.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"{weight} text-anchor="{anchor}"'
            f' fill="{fill}">{escape(text)}</text>'
        )

    def block(self, x: float, y: float, text: str, size: float, wide: int, **kind: Any) -> float:
        """Wrapped lines; returns where the next may go."""
        for line in textwrap.wrap(text, wide):
            self.text(x, y, line, size, **kind)
            y += size * 1.35
        return y

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "white",
        stroke: str = "#333",
    ) -> None:
        self.marks.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"'
            f' stroke="{stroke}"/>'
        )

    def line(self, x: float, y: float, to: float) -> None:
        self.marks.append(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to:.1f}" y2="{y:.1f}" stroke="#333"/>'
        )

    def svg(self, language: str, title: str) -> str:
        inner = "\n".join(self.marks)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.0f}" height="{HEIGHT:.0f}"'
            f' viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" xml:lang="{language}" font-family="{FONT}"'
            f' role="img"><title>{escape(title)}</title>\n<rect width="100%" height="100%"'
            f' fill="white"/>\n{inner}\n</svg>\n'
        )
