"""`synth`: invented cases, for tests and teaching."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist import Checklist, load_checklist
from screening.checklist.loader import DEFAULT_LIST
from screening.cli.options import List_, Overwrite, Seed, TableFormat, World
from screening.cli.progress import progress
from screening.cli.terminal import INVENTED, columns, paragraph
from screening.errors import UsageError

__all__ = ["synth"]


def synth(
    checklist: List_ = DEFAULT_LIST,
    world: World = "base",
    n: Annotated[int, typer.Option("--cases", "-n", help="Number of cases.")] = 1000,
    seed: Seed = 1,
    prevalence: Annotated[
        float | None,
        typer.Option("--prevalence", help="Share that is exploited. Default: the world's own."),
    ] = None,
    among: Annotated[
        float | None,
        typer.Option(
            "--among-begging-children",
            metavar="SHARE",
            help="Share of the begging children that is exploited, in place of --prevalence.",
        ),
    ] = None,
    universes: Annotated[
        int,
        typer.Option(
            "--universes",
            min=0,
            max=1000,
            help=(
                "Draw --cases in each of so many universes: the world with every number redrawn"
                " round it."
            ),
        ),
    ] = 0,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="Parquet, Arrow, CSV or XLSX. Columns truth_* say what is true of each case.",
        ),
    ] = None,
    format_: Annotated[
        TableFormat | None, typer.Option("--format", help="Default: by the name of OUT.")
    ] = None,
    distances: Annotated[
        bool,
        typer.Option("--distances", help="Print how far the world is from published counts."),
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Draw invented cases from a world, for tests and teaching.

    Without --output and --distances, lists the worlds.

    Example: screening synth --world guarded -n 5000 -o guarded.parquet
    """
    from screening.simulation import load_world, universe
    from screening.simulation.generate import prevalence_where

    if prevalence is not None and among is not None:
        raise UsageError("U305.two_prevalences")
    loaded = load_checklist(checklist)
    if output is None and not distances:
        _worlds(loaded)
        return
    place = load_world(loaded, world)
    if output is not None:
        from screening.tables.synthetic import write_cases

        with progress("drawing cases") as tick:
            exploited = write_cases(
                [universe(place, k, seed) for k in range(1, universes + 1)] or place,
                n,
                seed,
                output,
                format_.value if format_ else None,
                prevalence=prevalence
                if among is None
                else partial(prevalence_where, among_begging_children=among),
                overwrite=overwrite,
                progress=tick,
            )
        of = f"{universes} universes of the world" if universes else "the world"
        typer.echo(
            f"{n * max(universes, 1)} invented cases of {of} {place.id}, {exploited} of them"
            f" exploited, in {output}. Seed {seed}. {INVENTED}",
            err=True,
        )
    if distances:
        share = prevalence if among is None else prevalence_where(place, among)
        _distances(loaded, world, n, seed, share)


def _worlds(checklist: Checklist) -> None:
    from screening.simulation import load_world, world_ids

    typer.secho(INVENTED, bold=True)
    if not world_ids(checklist):
        typer.echo(
            paragraph(
                f"The list {checklist.id} has no worlds. A world is a file in"
                f" {checklist.folder / 'worlds'}; the list kosovo has some to copy from."
            )
        )
    for name in world_ids(checklist):
        world = load_world(checklist, name)
        typer.echo()
        typer.secho(f"{name}: {world.file.title}", bold=True)
        typer.echo(paragraph(world.file.about, "  "))
        exploited = sum(s.exploited for s in world.situations)
        typer.echo(
            f"  {exploited} situations of exploitation, {len(world.situations) - exploited} that"
            " are none"
            + (f"; rates of the world {world.family}" if world.family != world.id else "")
        )


def _distances(
    checklist: Checklist, name: str, n: int, seed: int, prevalence: float | None
) -> None:
    from screening.simulation import load_world
    from screening.simulation.check import distances, load_references
    from screening.simulation.generate import generate

    cases = generate(load_world(checklist, name), n, seed, prevalence)
    typer.secho(
        f"How far the world {name} lies from what was counted ({n} cases, seed {seed})", bold=True
    )
    typer.echo(
        paragraph(
            "Those counted are victims whom practice found. A world is meant to lie far from some"
            " of them: a distance is no fault, but it should be known."
        )
    )
    words = {
        "shares": "mean difference of shares",
        "phi": "mean difference of correlations",
        "table": "share that would have to move",
    }
    for d in distances(cases, load_references(checklist)):
        order = "" if d.order != d.order else f"; rank correlation {d.order:+.2f}"
        typer.echo()
        typer.secho(
            f"{d.reference}, {d.about}: {words[d.kind]} {d.value:.3f}{order} (n there"
            f" {d.n_there or 'not given'}, here {d.n_here})",
            bold=True,
        )
        rows = [(name, f"{there:.3f}", f"{here:.3f}") for name, there, here in d.rows]
        typer.echo(columns(rows, ("", "there", "here")))
