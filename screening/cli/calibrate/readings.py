"""`calibrate readings`: keys that readers made, and where the tool falls short of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist import load_checklist, load_vignettes, load_weights
from screening.checklist.loader import DEFAULT_LIST
from screening.cli.options import List_, Weights
from screening.cli.terminal import columns, number, paragraph

if TYPE_CHECKING:
    from screening.calibration.readings import Beside

__all__ = ["readings"]


def readings(
    name: Annotated[
        str, typer.Argument(metavar="SET", help="Set of vignettes that readers have read.")
    ] = "hard-to-tell",
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
) -> None:
    """Keys that readers made: how far the readers agree, and where the tool and they part.

    Vignettes held out to judge weights are counted, never named.

    Example: screening calibrate readings hard-to-tell
    """
    from screening.calibration.readings import agreement_of_readings, beside_readers

    loaded = load_checklist(checklist)
    points = load_weights(loaded, weights)
    vignettes = load_vignettes(loaded, name)
    rows = beside_readers(vignettes, loaded, points)
    alpha = agreement_of_readings(vignettes)
    assert vignettes.readings is not None
    typer.secho(f"{vignettes.title()}: {len(rows)} vignettes, weights {points.id}", bold=True)
    typer.echo(paragraph(vignettes.readings.about))
    typer.echo()
    typer.echo(
        paragraph(
            f"{alpha.name}: {number(alpha.value)} (95 % {number(alpha.low)} to"
            f" {number(alpha.high)}), {alpha.raters} readers,"
            f" {sum(r.apart == 0 for r in rows)} of {alpha.units} read alike. Agreement is not"
            " truth: readers may agree on a mistake."
        )
    )
    typer.echo()
    _counts(rows)
    shown = [r for r in rows if r.vignette.held_out == "no" and (r.steps or r.apart)]
    typer.echo()
    typer.secho("Where readers differ, or the tool from their key (none held out)", bold=True)
    typer.echo(
        columns(
            [
                (
                    r.vignette.id,
                    ", ".join(f.replace("_", " ") for f in r.given),
                    r.key.replace("_", " "),
                    r.found.replace("_", " "),
                    f"{r.steps:+d}" if r.steps else "",
                    r.vignette.title,
                )
                for r in shown
            ],
            ("", "readers", "key", "tool", "", ""),
        )
    )


def _counts(rows: Sequence[Beside]) -> None:
    """The tool beside the keys, by who is screened and by what is held out."""
    from screening.calibration.readings import fit

    groups = {
        "all": list(rows),
        "children": [r for r in rows if r.child],
        "adults": [r for r in rows if not r.child],
        "not held out": [r for r in rows if r.vignette.held_out == "no"],
        "held out": [r for r in rows if r.vignette.held_out == "yes"],
    }
    table = []
    for title, members in groups.items():
        f = fit(members)
        table.append((title, *map(str, (f.n, f.equal, f.short, f.beyond, f.missed, f.raised))))
    typer.echo(columns(table, ("tool", "n", "equal", "short", "beyond", "missed", "raised")))
    typer.echo(
        paragraph(
            "Short and beyond: the tool's finding is lower or higher than the key. Missed: readers"
            " refer or act now, the tool does not; raised: the other way round."
        )
    )
