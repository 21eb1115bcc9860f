"""Pictures of an evaluation, as SVG and PNG.

Built with altair, drawn by vl-convert: no browser, no network.

Colours are Okabe and Ito's, told apart by people who see colours differently. Where there are more
lines than colours, the next ones are dashed and their points have another shape, so that no two
look alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from screening.answers import Profile
from screening.errors import UsageError
from screening.evaluation.left_out import ADULTS, APART, LeftOut
from screening.evaluation.report import Evaluation, Result
from screening.proportion import Share
from screening.scorecard.model import CardModel

__all__ = [
    "PLOTS",
    "draw",
    "draw_families",
    "draw_points",
    "drawing",
    "drawn",
    "marks_of",
    "plots_of",
]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
DASHES = ([1, 0], [6, 3], [2, 2])  # with each colour once before the colours come again
SHAPES = ("circle", "square", "triangle-up")
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
NOTE = "Invented cases; not validated in the field"
SHOWN = (  # subgroups in the picture of recalls, in this order
    "all",
    "forced-begging child",
    "forced-begging child with family and papers",
    "other exploited child",
    "adult, begging",
    "adult, sexual",
    "adult, labour",
    "adult, servitude",
    "open answers below 1/3",
    "open answers 1/3 to 1/2",
    "open answers above 1/2",
)


def draw(name: str, evaluation: Evaluation, kind: str = "svg") -> bytes:
    """One of `PLOTS` for one world, as svg or png.

    Raises
    ------
    UsageError : U306 altair or vl-convert is not installed
    """
    alt = drawing()
    longest = max(map(len, SHOWN)) + len(" (n 10,000)") if name == "recall-by-subgroup" else 0
    return drawn(
        PLOTS[name](alt, evaluation).configure_axis(grid=True, gridColor="#e5e5e5"), kind, longest
    )


def plots_of(evaluation: Evaluation) -> list[str]:
    """Those of `PLOTS` that there is something to draw for: calibration needs a probability."""
    said = any(r.reliability for r in evaluation.results)
    return [name for name in PLOTS if said or name != "calibration"]


def drawing() -> Any:
    """altair, where it and vl-convert are installed.

    Raises
    ------
    UsageError : U306 one of them is not
    """
    try:
        import altair

        import_module(
            "vl_convert"
        )  # needed a moment later; better missed before the work than after it
    except ModuleNotFoundError as error:
        raise UsageError("U306.plot_packages", error=error.name) from None
    return altair


def drawn(chart: Any, kind: str, longest: int = 0) -> bytes:
    """Drawn, with room left of the axis for `longest` letters in a wider font."""
    import vl_convert

    # A picture is measured here, with these fonts, and read elsewhere: where none of them is there,
    # words are up to a third wider, and would be cut off.
    spec = (
        chart.configure(
            font=FONT, padding={"left": 16 + 2 * longest, "right": 90, "top": 12, "bottom": 12}
        )
        .configure_view(stroke=None)
        .configure_title(anchor="start", subtitleColor="#555")
        .to_json(validate=False)  # each part was checked when it was made
    )
    return (
        vl_convert.vegalite_to_svg(spec).encode()
        if kind == "svg"
        else bytes(vl_convert.vegalite_to_png(spec, scale=2))
    )


def draw_points(
    model: CardModel, profile: Profile, statement: Callable[[str], str], kind: str = "svg"
) -> bytes:
    """The points of one profile's card, for yes and for open, item by item."""
    alt = drawing()
    rows = [
        {"sign": statement(i.indicator), "order": n, "points": p, "answer": a}
        for n, i in enumerate(model.items[profile])
        for a, p in (("yes", i.yes), ("open", i.open))
    ]
    chart = (
        alt.Chart(
            alt.Data(values=rows),
            title=alt.Title(model.title, subtitle=f"{model.id}, {profile}. {NOTE}"),
        )
        .mark_bar()
        .encode(
            x=alt.X("points:Q", title="points", stack=None),
            y=alt.Y(
                "sign:N",
                sort=alt.EncodingSortField("order", op="min"),
                title=None,
                axis=alt.Axis(labelLimit=600),
            ),
            yOffset=alt.YOffset("answer:N", sort=["yes", "open"]),
            color=alt.Color(
                "answer:N",
                sort=["yes", "open"],
                scale=alt.Scale(domain=["yes", "open"], range=["#0072B2", "#E69F00"]),
                title=None,
            ),
        )
        .properties(width=360, height=alt.Step(9))
    )
    return drawn(chart, kind, max(len(statement(i.indicator)) for i in model.items[profile]))


def draw_families(families: Sequence[LeftOut], kind: str = "svg") -> bytes:
    """What each way of screening is worth in families in which nothing was learned: the interval as
    a thick line, the range over universes as a thin one.
    """
    alt = drawing()
    wanted = {
        ("recall", "specificity 0.75"): "begging children found, 3 of 4 children left alone",
        (APART, ""): "begging against poverty begging (AUC)",
        (ADULTS, "specificity 0.75"): "exploited adults found, 3 of 4 adults left alone",
    }
    rows = [
        {
            "screen": one.screen,
            "family": f.family,
            "what": wanted[one.measure, one.at],
            "value": one.value.value,
            "low": one.value.low,
            "high": one.value.high,
            "from": one.low,
            "to": one.high,
        }
        for f in families
        for one in f.figures
        if not one.depth and (one.measure, one.at) in wanted
    ]
    order = list(dict.fromkeys(r["screen"] for r in rows))
    y = alt.Y("screen:N", sort=order, title=None, axis=alt.Axis(labelLimit=400))
    of_family = alt.Color("family:N", title="family", scale=alt.Scale(range=list(COLOURS)))
    off = alt.YOffset("family:N")
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart().encode(y=y, yOffset=off, color=of_family)
    layer = (
        base.mark_rule(strokeWidth=1).encode(x=alt.X("from:Q", title=None, scale=scale), x2="to:Q")
        + base.mark_rule(strokeWidth=4, opacity=0.5).encode(x="low:Q", x2="high:Q")
        + base.mark_point(filled=True, size=40).encode(x="value:Q")
    )
    chart = (
        alt.layer(layer, data=alt.Data(values=rows))
        .properties(width=300, height=alt.Step(9))
        .facet(column=alt.Column("what:N", sort=list(wanted.values()), title=None))
        .properties(
            title=alt.Title(
                "Where nothing was learned",
                subtitle=f"thick: 95 % interval; thin: 5 to 95 % of the universes. {NOTE}",
            )
        )
    )
    return drawn(chart, kind)


def _chart(alt: Any, rows: Sequence[dict[str, Any]], title: str, evaluation: Evaluation) -> Any:
    trained = " the card's own training world" if evaluation.trained_here else ""
    return alt.Chart(
        alt.Data(values=list(rows)),
        title=alt.Title(
            title,
            subtitle=(
                f"World {evaluation.world}{':' + trained if trained else ''}. {evaluation.n:,}"
                f" cases. {NOTE}"
            ),
        ),
    )


def marks_of(names: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Colour, and number of the dashes and shape, of each line by name; no two are alike."""
    return {name: (COLOURS[n % len(COLOURS)], n // len(COLOURS)) for n, name in enumerate(names)}


def _look(alt: Any, results: Sequence[Result], *channels: str) -> dict[str, Any]:
    """Colour, and dashes or shape, of each result: encodings with one legend."""
    marks = marks_of([r.screen for r in results])
    values = {
        "color": [c for c, _ in marks.values()],
        "strokeDash": [DASHES[k] for _, k in marks.values()],
        "shape": [SHAPES[k] for _, k in marks.values()],
    }
    kinds = {"color": alt.Color, "strokeDash": alt.StrokeDash, "shape": alt.Shape}
    legend = alt.Legend(labelLimit=400, symbolSize=120, symbolStrokeWidth=2)
    return {
        c: kinds[c](
            "screen:N",
            scale=alt.Scale(domain=list(marks), range=values[c]),
            title=None,
            legend=legend,
        )
        for c in ("color", *channels)
    }


def _roc(alt: Any, e: Evaluation) -> Any:
    rows = [
        {"screen": r.screen, "false": x, "true": y, "order": n}
        for r in e.results
        for n, (x, y) in enumerate(r.roc)
    ]
    return (
        _chart(alt, rows, "Who is found at what price", e)
        .mark_line()
        .encode(
            x=alt.X(
                "false:Q",
                title="share of the not exploited who are found too",
                scale=alt.Scale(domain=[0, 1]),
            ),
            y=alt.Y(
                "true:Q",
                title="share of the exploited who are found",
                scale=alt.Scale(domain=[0, 1]),
            ),
            order="order:Q",
            **_look(alt, e.results, "strokeDash"),
        )
        .properties(width=420, height=420)
    )


def _calibration(alt: Any, e: Evaluation) -> Any:
    rows = [
        {"screen": r.screen, "said": p, "seen": s.value, "low": s.low, "high": s.high}
        for r in e.results
        for p, s in r.reliability
    ]
    said = [r for r in e.results if r.reliability]
    base = _chart(alt, rows, "What a card says, and what is so", e)
    x = alt.X("said:Q", title="probability said", scale=alt.Scale(domain=[0, 1]))
    bars = base.mark_rule().encode(
        x=x,
        y=alt.Y("low:Q", title="share truly exploited", scale=alt.Scale(domain=[0, 1])),
        y2="high:Q",
        **_look(alt, said),
    )
    points = base.mark_point(filled=True, size=50).encode(
        x=x, y="seen:Q", **_look(alt, said, "shape")
    )
    even = (
        alt.Chart(alt.Data(values=[{"a": 0}, {"a": 1}]))
        .mark_line(color="#999", strokeDash=[4, 4])
        .encode(x="a:Q", y="a:Q")
    )
    return (even + bars + points).properties(width=420, height=420)


def _recalls(alt: Any, e: Evaluation) -> Any:
    rows = []
    for r in e.results:
        for f in r.figures:
            if (
                f.measure == "recall"
                and f.at == "specificity 0.75"
                and f.subgroup in SHOWN
                and isinstance(f.value, Share)
                and f.value.n
            ):
                rows.append(
                    {
                        "screen": r.screen,
                        "group": f"{f.subgroup} (n {f.value.n:,})",
                        "order": SHOWN.index(f.subgroup),
                        "value": f.value.value,
                        "low": f.value.low,
                        "high": f.value.high,
                    }
                )
    base = _chart(alt, rows, "Recall by subgroup, where 3 of 4 not exploited are left alone", e)
    y = alt.Y(
        "group:N",
        sort=alt.EncodingSortField("order", op="min"),
        title=None,
        axis=alt.Axis(labelLimit=500),
    )
    off = alt.YOffset("screen:N", sort=[r.screen for r in e.results])
    x = alt.X("low:Q", title="recall, with 95 % interval", scale=alt.Scale(domain=[0, 1]))
    bars = base.mark_rule().encode(y=y, yOffset=off, x=x, x2="high:Q", **_look(alt, e.results))
    points = base.mark_point(filled=True, size=35).encode(
        y=y, yOffset=off, x="value:Q", **_look(alt, e.results, "shape")
    )
    return (bars + points).properties(width=440, height=alt.Step(6))


def _decision(alt: Any, e: Evaluation) -> Any:
    rows = [
        {"screen": r.screen, "threshold": t, "benefit": b} for r in e.results for t, b in r.decision
    ]
    return (
        _chart(alt, rows, "Net benefit of acting on a screen", e)
        .mark_line()
        .encode(
            x=alt.X("threshold:Q", title="probability from which one would act"),
            y=alt.Y("benefit:Q", title="net benefit a case"),
            **_look(alt, e.results, "strokeDash"),
        )
        .properties(width=440, height=320)
    )


PLOTS = {
    "roc": _roc,
    "calibration": _calibration,
    "recall-by-subgroup": _recalls,
    "decision-curve": _decision,
}
