"""`calibrate impact`: whose finding a new set changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from screening.checklist import Checklist, load_checklist
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.model import WeightSet
from screening.checklist.schema import FINDINGS
from screening.checklist.weights import load_weights
from screening.cli.calibrate.options import Seed, WeightsRef
from screening.cli.options import List_, Overwrite
from screening.cli.progress import progress
from screening.cli.terminal import INVENTED, columns, number, paragraph, warn
from screening.errors import UsageError
from screening.i18n import words

if TYPE_CHECKING:
    from screening.calibration.impact import Moved, Sensitivity, Together, WorldImpact

__all__ = ["impact"]


def impact(
    ref: WeightsRef,
    before_ref: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="ID", help="Compare with this set. Default: the one in force."
        ),
    ] = None,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Past cases: counted only, small counts hidden. Can be repeated.",
        ),
    ] = None,
    n: Annotated[
        int, typer.Option("--cases", "-n", help="Number of invented cases of each world.")
    ] = 40_000,
    seed: Seed = 3,
    sensitive: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="Also move every weight by one point, one at a time and all together.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Also write everything as JSON."),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    overwrite: Overwrite = False,
) -> None:
    """Show whose finding a weight set changes: vignettes, invented cases by subgroup, past cases.

    Uses only worlds that were used for neither set.

    Example: screening calibrate impact 2027-01-15-trainers
    """
    from screening.calibration.changes import changes_in_words
    from screening.calibration.impact import fallen, moved, unused_worlds, world_impact
    from screening.calibration.report import impact_json
    from screening.checklist import load_vignettes, vignette_ids
    from screening.files.atomic import OutputFile
    from screening.simulation import load_world

    loaded = load_checklist(checklist)
    after, before = (
        load_weights(loaded, ref, draft=True),
        load_weights(loaded, before_ref, draft=before_ref is not None),
    )
    if output is not None and output.exists() and not overwrite:
        raise UsageError("U302.file_exists", place=str(output))
    if not 100 <= n <= 10_000_000:
        raise UsageError("U305.case_count", place="--cases", n=n)
    rows = moved(
        loaded, [load_vignettes(loaded, name) for name in vignette_ids(loaded)], before, after
    )
    typer.secho(f"From {before.id} to {after.id} ({after.standing})", bold=True)
    changes = changes_in_words(loaded, before, after, words("en"), "en")
    _decides(changes)
    _vignettes(rows, fallen(rows))
    worlds, found = unused_worlds(loaded, before, after), []
    typer.echo()
    used = sorted({*before.worlds, *after.worlds})
    typer.echo(
        paragraph(
            f"{INVENTED} Worlds whose cases set one of the two sets are left out:"
            f" {', '.join(used) or 'there is none'}."
        )
    )
    with progress("worlds") as tick:
        for k, name in enumerate(worlds):
            found.append(world_impact(loaded, load_world(loaded, name), before, after, n, seed))
            tick(k + 1, len(worlds))
    for one in found:
        _world(one, bool(after.alternatives))
    past = _past(files, loaded, before, after) if files else None
    moves, at_once = (
        _sensitive(loaded, after, worlds[0], min(n, 20_000), seed) if sensitive else ([], None)
    )
    if output is not None:
        with OutputFile(output, overwrite=overwrite) as out:
            out.write(impact_json(before, after, changes, rows, found, past, moves, at_once))


def _sensitive(
    checklist: Checklist, weights: WeightSet, world: str, n: int, seed: int
) -> tuple[list[Sensitivity], Together]:
    """One weight at a time, and all together."""
    from screening.calibration.impact import population, sensitivity, together
    from screening.simulation import load_world

    people = population(load_world(checklist, world), n, seed)
    with progress("weights") as tick:
        moves = sensitivity(checklist, weights, people, tick)
    with progress("all together") as tick:
        at_once = together(checklist, weights, people, progress=tick)
    typer.echo()
    typer.secho(
        f"One weight by one point, one at a time: findings that change of {n}, world {world}",
        bold=True,
    )
    typer.echo(
        columns(
            [
                (
                    m.indicator,
                    m.profile,
                    f"{m.step:+d}",
                    str(m.changed),
                    str(m.begging_children),
                    str(m.recall),
                )
                for m in moves[:12]
            ],
            ("sign", "", "", "findings", "begging children", "their recall"),
        )
    )
    low, middle, high = (f"{100 * share:.1f} %" for share in at_once.changed)
    least, usual, most = (number(share) for share in at_once.recall)
    typer.echo(
        paragraph(
            f"All together, each by one point or none, {at_once.draws} times: {middle} of findings"
            f" change ({low} to {high}); recall of forced-begging children {usual} ({least} to"
            f" {most})."
        )
    )
    return moves, at_once


def _decides(changes: Sequence[str]) -> None:
    """Everything that differs, in words: rules, lines, signs that decide alone, numbers."""
    typer.echo()
    typer.secho(f"What differs: {len(changes)}", bold=True)
    for line in changes:
        typer.echo(paragraph(line, "  ", "    "))


def _vignettes(rows: Sequence[Moved], lost: Sequence[Moved]) -> None:
    changed = [m for m in rows if m.changed]
    typer.echo()
    typer.secho(f"Vignettes: {len(changed)} of {len(rows)} change", bold=True)
    if changed:
        typer.echo(
            columns(
                [
                    (
                        m.vignette.id,
                        m.before.replace("_", " "),
                        m.after.replace("_", " "),
                        (m.key or "").replace("_", " "),
                        "held out" if m.vignette.held_out == "yes" else "",
                        m.vignette.title,
                    )
                    for m in changed
                ],
                ("", "before", "after", "key", "", ""),
            )
        )
    for m in lost:
        typer.secho(
            f"! {m.vignette.id}, a held-out child forced to beg, falls to"
            f" {m.after.replace('_', ' ')}: this set is not signed without a written reason",
            bold=True,
        )


def _world(one: WorldImpact, draws: bool) -> None:
    typer.echo()
    typer.secho(f"World {one.world}: {one.n} cases, seed {one.seed}", bold=True)
    rows = []
    for g in one.groups:
        spared = f"{g.spared_before.value:.3f} > {g.spared_after}" if g.spared_after.n else ""
        recall = f"{g.recall_before.value:.3f} > {g.recall_after}" if g.recall_after.n else ""
        rows.append(
            (
                g.group,
                str(g.up),
                str(g.down),
                recall,
                spared,
                f"{100 * g.contested.value:.1f} %" if draws and g.n else "",
            )
        )
    typer.echo(
        columns(
            rows,
            (
                "",
                "up",
                "down",
                "exploited referred",
                "others not referred",
                "contested" if draws else "",
            ),
        )
    )


def _past(
    files: Sequence[Path], checklist: Checklist, before: WeightSet, after: WeightSet
) -> list[list[int | None]]:
    """Past cases under both sets: from which finding to which, small counts hidden.

    Nothing about any one case.
    """
    from screening.calibration.impact import SMALL, STEP, change_table, suppressed
    from screening.scoring.batch import compile_plan, score_block
    from screening.tables.cases import read_blocks

    reader = read_blocks(list(files), checklist, today=date.today())
    plans = [compile_plan(checklist, w) for w in (before, after)]
    pairs: list[Any] = []
    for block in reader:
        a, b = (score_block(block, plan).finding for plan in plans)
        pairs.append((a, b))
    warn(reader.warnings)
    table = change_table(pairs)
    shown = suppressed(table)
    typer.echo()
    typer.secho(
        f"Past cases, counts only (to the nearest {STEP}; below {SMALL} hidden): from (row) to"
        " (column)",
        bold=True,
    )
    typer.echo(
        columns(
            [
                (f.replace("_", " "), *("hidden" if c is None else str(c) for c in row))
                for f, row in zip(FINDINGS, shown, strict=True)
            ],
            ("", *(f.replace("_", " ") for f in FINDINGS)),
        )
    )
    return shown
