"""How `evaluate` prints the families left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from screening.cli.terminal import columns, paragraph

if TYPE_CHECKING:
    from screening.evaluation.left_out import Apart, LeftOut

__all__ = ["told"]


def told(families: Sequence[LeftOut]) -> Iterator[str]:
    """Family by family: recall against children, all meetings and by depth; begging against poverty
    begging; and what a finding means where few of the begging children met are exploited.
    """
    from screening.evaluation.left_out import AMONG, APART, PRECISION
    from screening.evaluation.report import SPECIFICITIES

    at = [f"specificity {s:.2f}" for s in SPECIFICITIES]
    if not families:
        yield paragraph("None of these worlds is of a family in which nothing was learned.")
        return
    yield paragraph(
        "Families left out: nothing was learned from their rates. Recall is of forced-begging"
        " children where 75 or 90 of 100 children who are not exploited are left alone. Brackets"
        " hold the 95 % interval, which tells how many cases there were; after the semicolon is the"
        " 5 to 95 % range over universes, which tells how far the figure hangs on guesses."
    )
    for f in families:
        screens = list(dict.fromkeys(one.screen for one in f.figures))
        depths = list(dict.fromkeys(one.depth for one in f.figures if one.depth))
        yield f"\nFamily {f.family}: {f.title} ({f.universes} universes)"
        yield columns(
            [
                (s, *(_cell(f.figure(s, "recall", a)) for a in at), _cell(f.figure(s, APART)))
                for s in screens
            ],
            ("", "recall at 0.75", "recall at 0.90", "against poverty begging (AUC)"),
        )
        yield "Recall at specificity 0.75 among children, by how deep the meeting goes"
        yield columns(
            [(s, *(_cell(f.figure(s, "recall", at[0], d)) for d in depths)) for s in screens],
            ("", *depths),
        )
        rows = [
            (s, *(_cell(f.figure(s, PRECISION, f"{a:.2f} exploited")) for a in AMONG))
            for s in screens
        ]
        yield "Of the begging children it acts on, the share exploited, by the share of those met"
        yield columns(
            [row for row in rows if any(row[1:])], ("", *(f"{a:.0%} of those met" for a in AMONG))
        )


def _cell(figure: Apart | None) -> str:
    if figure is None:
        return ""
    v = figure.value
    universes = "" if figure.low is None else f"; {figure.low:.2f}-{figure.high:.2f}"
    return f"{v.value:.2f} ({v.low:.2f}-{v.high:.2f}{universes})"
