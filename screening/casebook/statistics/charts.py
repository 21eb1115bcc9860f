"""Pictures of a report: bars for how far children came, and the monitor month by month.

They are drawn for a narrow screen, of shapes and words only; on a page they take its colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screening.casebook.statistics.monitor import Monitor
from screening.casebook.statistics.report import STAGES, Statistics
from screening.casebook.statistics.show import HIDDEN, cell, label, percent
from screening.casebook.statistics.table import TITLES, TOTAL, Table
from screening.checklist.texts import Texts
from screening.files.templates import render
from screening.i18n import Words

__all__ = ["Picture", "drawn", "pictures"]

WIDTH = 340
_ROW, _TOP, _ROOM = 34, 26, 46  # a bar with its words above it; the title; room for a number
_HIGH, _LEFT = 150, 40  # the monitor's area


@dataclass(frozen=True)
class Bar:
    """A bar with its words; `width` None where the count is left out."""

    label: str
    number: str
    y: int
    width: float | None


@dataclass(frozen=True)
class Picture:
    """Bars, or lines over months.

    lines : what a line is called, how it is drawn (a class), its points, where it ends
    marks : where months and shares are written along the sides
    told : what lines show, in words
    """

    id: str
    title: str
    height: int
    bars: tuple[Bar, ...] = ()
    lines: tuple[tuple[str, str, str], ...] = ()
    marks: tuple[tuple[float, float, str], ...] = ()
    told: str = ""

    @property
    def text(self) -> str:
        """What is drawn, in words."""
        bars = "; ".join(f"{bar.label}: {bar.number}" for bar in self.bars)
        return f"{self.title}. {bars or self.told}"


def pictures(statistics: Statistics, say: Words, texts: Texts) -> list[Picture]:
    """What there is to draw of a report."""
    found = [_funnel(statistics.table(name), say) for name in ("begging", "children")]
    found.append(_victims(statistics.table("victims"), say))
    if len(statistics.monitor.looks) > 1:
        found.append(_monitor(statistics.monitor, say))
    return found


def _funnel(table: Table, say: Words) -> Picture:
    rows = [(label(s, say), table.cells[s, "all"]) for s in STAGES]
    return _bars(table.id, say(TITLES[table.id]), rows)


def _victims(table: Table, say: Words) -> Picture:
    columns = [c for c in table.columns if c != TOTAL]
    rows = [(c, table.cells["identified", c]) for c in columns]
    return _bars(table.id, say(TITLES[table.id]), rows)


def _bars(name: str, title: str, rows: Sequence[tuple[str, float | None]]) -> Picture:
    most = max((value for _, value in rows if value is not None), default=0) or 1
    room = WIDTH - _ROOM
    bars = tuple(
        Bar(text, cell(value), _TOP + n * _ROW, None if value is None else room * value / most)
        for n, (text, value) in enumerate(rows)
    )
    return Picture(name, title, _TOP + len(rows) * _ROW + 6, bars)


def _monitor(monitor: Monitor, say: Words) -> Picture:
    """Share identified, largest share that fits what is seen, and what is expected, by month."""
    looks, expected = monitor.looks, monitor.expectation
    top = min(1.0, max(look.hits / look.n for look in looks) * 1.5 + 0.05)
    if expected is not None:
        top = min(1.0, max(top, expected.share * 2))
    first, last = looks[0].on.toordinal(), looks[-1].on.toordinal()

    def at(day: int, value: float) -> str:
        x = _LEFT + (WIDTH - _LEFT - 8) * (day - first) / max(last - first, 1)
        return f"{x:.1f},{_TOP + _HIGH * (1 - min(value, top) / top):.1f}"

    def line(values: Sequence[float]) -> str:
        days = [look.on.toordinal() for look in looks]
        return " ".join(at(day, v) for day, v in zip(days, values, strict=True))

    lines = [
        (say("identified so far"), "seen", line([look.hits / look.n for look in looks])),
        (say("largest share that fits what is seen"), "high", line([look.high for look in looks])),
    ]
    if expected is not None:
        lines.append((say("expected"), "expected", line([expected.share] * len(looks))))
    marks = (
        (2.0, _TOP + 5.0, percent(top)),
        (2.0, _TOP + float(_HIGH), percent(0)),
        (float(_LEFT), _TOP + _HIGH + 18.0, f"{looks[0].on:%Y-%m}"),
        (WIDTH - 58.0, _TOP + _HIGH + 18.0, f"{looks[-1].on:%Y-%m}"),
    )
    title = say("Children begging: share identified")
    height = _TOP + _HIGH + 30 + 20 * len(lines)
    told = "; ".join(f"{look.on}: {look.hits} / {look.n}" for look in looks)
    return Picture("monitor", title, height, (), tuple(lines), marks, told)


def drawn(found: Sequence[Picture], language: str) -> str:
    """The pictures under each other, as one SVG file."""
    height = sum(p.height + 24 for p in found)
    return render(
        "statistics/file.svg.j2",
        pictures=found,
        width=WIDTH,
        height=height,
        lang=language,
        hidden=HIDDEN,
    )
