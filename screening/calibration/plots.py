"""Pictures of agreement, as SVG and PNG: how signs were rated, and which are coded differently
although often seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from screening.calibration.agreement import TENTATIVE, Agreement
from screening.calibration.ratings import SCALE
from screening.evaluation.plots import drawing, drawn

__all__ = ["draw_ratings", "draw_signs"]

_BLUE, _ORANGE, _GREY = "#0072B2", "#D55E00", "#7F7F7F"


def draw_signs(result: Agreement, statement: Callable[[str], str], kind: str = "svg") -> bytes:
    """Alpha of each sign's codes against how often it is seen; those whose text should be looked at
    carry their names.
    """
    alt = drawing()
    rows = [
        {
            "sign": statement(i.id),
            "seen": i.seen,
            "alpha": i.coding.value,
            "low": i.coding.low,
            "high": i.coding.high,
            "kind": "look at its text" if i.unclear else "clear enough, or seldom seen",
        }
        for i in result.indicators
        if i.coding.value == i.coding.value and i.coding.low == i.coding.low
    ]
    base = alt.Chart(
        alt.Data(values=rows),
        title=alt.Title(
            "How alike each sign is coded",
            subtitle=f"{result.raters} raters, round {result.round}; bars are 95 % intervals",
        ),
    )
    x = alt.X(
        "seen:Q", title="share of codings in which the sign was recorded", axis=alt.Axis(format="%")
    )
    kinds = alt.Scale(
        domain=["look at its text", "clear enough, or seldom seen"], range=[_ORANGE, _GREY]
    )
    colour = alt.Color("kind:N", scale=kinds, title=None, legend=alt.Legend(labelLimit=260))
    bars = base.mark_rule(opacity=0.5).encode(
        x=x,
        y=alt.Y("low:Q", title="Krippendorff's alpha", scale=alt.Scale(domain=[-0.2, 1])),
        y2="high:Q",
        color=colour,
    )
    points = base.mark_point(filled=True, size=45).encode(
        x=x, y="alpha:Q", color=colour, shape=alt.Shape("kind:N", title=None, legend=None)
    )
    names = (
        base.transform_filter("datum.kind == 'look at its text'")
        .mark_text(align="left", dx=6, fontSize=9, limit=260)
        .encode(x=x, y="alpha:Q", text="sign:N")
    )
    line = (
        alt.Chart(alt.Data(values=[{"y": TENTATIVE}]))
        .mark_rule(strokeDash=[4, 4], color="#555")
        .encode(y="y:Q")
    )
    return drawn((line + bars + points + names).properties(width=620, height=420), kind)


def draw_ratings(result: Agreement, statement: Callable[[str], str], kind: str = "svg") -> bytes:
    """Median and middle half of the ratings of each sign, for children and adults."""
    alt = drawing()
    rows: list[dict[str, Any]] = [
        {
            "sign": statement(i.id),
            "order": n,
            "profile": p,
            "median": s.median,
            "low": s.low,
            "high": s.high,
        }
        for n, i in enumerate(result.indicators)
        for p, s in i.strength.items()
        if s.n
    ]
    base = alt.Chart(
        alt.Data(values=rows),
        title=alt.Title(
            "How telling people find each sign",
            subtitle=f"{result.raters} raters, round {result.round}; median and middle half",
        ),
    )
    y = alt.Y(
        "sign:N",
        sort=alt.EncodingSortField("order", op="min"),
        title=None,
        axis=alt.Axis(labelLimit=460, labelFontSize=9),
    )
    off = alt.YOffset("profile:N", sort=["child", "adult"])
    x = alt.X(
        "low:Q",
        title=None,
        scale=alt.Scale(domain=[0, 3]),
        axis=alt.Axis(values=[0, 1, 2, 3], labelExpr=f"{list(SCALE)}[datum.value]", orient="top"),
    )
    colour = alt.Color(
        "profile:N", scale=alt.Scale(domain=["child", "adult"], range=[_ORANGE, _BLUE]), title=None
    )
    bars = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        y=y, yOffset=off, x=x, x2="high:Q", color=colour
    )
    points = base.mark_point(filled=True, size=36).encode(
        y=y, yOffset=off, x="median:Q", color=colour, shape=alt.Shape("profile:N", title=None)
    )
    return drawn((bars + points).properties(width=320, height=alt.Step(7)), kind)
