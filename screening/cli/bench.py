"""Bodies of `calibrate forms`, `ratings`, `agreement`, `weights`, `thresholds`, `impact`."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from screening.checklist import Checklist, Vignettes, load_checklist, teaching_sets
from screening.checklist.model import WeightSet
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.checklist.weights import load_weights
from screening.cli.progress import progress
from screening.cli.terminal import columns, paragraph, warn
from screening.errors import UsageError

if TYPE_CHECKING:
    from screening.calibration.impact import Moved, Sensitivity, Together, WorldImpact
    from screening.calibration.propose import Method
    from screening.calibration.ratings import Form, Ratings

__all__ = ["agreement", "forms", "impact", "ratings", "thresholds", "weights"]

INVENTED = "Invented cases: they test and teach, and are evidence of nothing in the field."


def _form(checklist: str, sets: Sequence[str]) -> tuple[Checklist, list[Vignettes], Form]:
    from screening.calibration.ratings import form_of

    loaded = load_checklist(checklist)
    chosen = teaching_sets(loaded, sets)
    return loaded, chosen, form_of(loaded, chosen)


def _read(files: Sequence[Path], form: Form, encoding: str | None) -> Ratings:
    from screening.calibration.forms import read_ratings

    return read_ratings(files, form, encoding=encoding)


# -- people ----------------------------------------------------------------------------------------


def forms(
    folder: Path,
    names: list[str],
    raters: int,
    before: Path | None,
    checklist: str,
    sets: list[str],
    kind: str,
    language: str,
    seed: int | None,
    encoding: str | None,
) -> None:
    from screening.calibration.forms import write_forms

    loaded, chosen, form = _form(checklist, sets)
    seed = secrets.randbits(32) if seed is None else seed
    if before is None:
        people = names or [""] * raters
        if not 1 <= len(people) <= 500:
            raise UsageError("U305.nobody_ask_more_than", place="--raters")
        written = write_forms(
            folder, form, loaded, chosen, people, seed=seed, kind=kind, language=language
        )
    else:
        from screening.calibration.agreement import spreads

        own = _read([before], form, encoding)
        group = {name: dict(by) for name, by in spreads(own).items()}
        written = write_forms(
            folder,
            form,
            loaded,
            chosen,
            [],
            seed=seed,
            kind=kind,
            language=language,
            round=own.round + 1,
            before=group,
            own=own,
            codes=own.raters,
        )
    many = sum(p.name.startswith("form-") for p in written)
    typer.echo(
        f"{many} {'form' if many == 1 else 'forms'} in {folder}: {len(form.indicators)} signs"
        + (
            f", round {own.round + 1}, with what the group said."
            if before is not None
            else (
                f", {len(form.vignettes)} vignettes."
                if form.vignettes
                else f" and no vignettes: the list {form.checklist} has none made for teaching."
            )
        )
    )
    if before is None:
        typer.echo(
            "register.csv says who has which code. Keep it away from the ratings, and never send"
            " it on.",
            err=True,
        )


def ratings(
    files: list[Path],
    output: Path,
    checklist: str,
    sets: list[str],
    overwrite: bool,
    encoding: str | None,
) -> None:
    from screening.calibration.forms import write_ratings

    _, _, form = _form(checklist, sets)
    found = _read(files, form, encoding)
    write_ratings(found, output, overwrite=overwrite)
    rated, coded = int((found.strength >= 0).sum()), int((found.codes >= 0).any(axis=2).sum())
    typer.echo(
        f"{len(found.raters)} raters, round {found.round}: {rated} ratings of signs, {coded}"
        f" vignettes coded. In {output}: codes, no names."
    )


def agreement(
    files: list[Path],
    checklist: str,
    sets: list[str],
    draws: int,
    seed: int,
    output: Path | None,
    overwrite: bool,
    encoding: str | None,
) -> None:
    from screening.calibration.agreement import ABOUT, DIFFERS
    from screening.calibration.agreement import agreement as measure

    loaded, _, form = _form(checklist, sets)
    if not 100 <= draws <= 100_000:
        raise UsageError("U305.draws", place="--draws", draws=draws)
    found = _read(files, form, encoding)
    with progress("signs") as tick:
        result = measure(found, draws, seed, tick)
    typer.secho(
        f"Agreement of {result.raters} raters, round {result.round} ({draws} draws, seed {seed})",
        bold=True,
    )
    typer.echo(
        paragraph(
            "Agreement is not truth: people may agree on a mistake. Beside the ratings stand the"
            " vignettes' keys."
        )
    )
    typer.echo()
    typer.echo(
        columns(
            [
                (
                    ABOUT[s.of],
                    s.name,
                    number(s.value),
                    f"{number(s.low)} to {number(s.high)}",
                    f"{s.units}",
                    s.note,
                )
                for s in result.overall
            ],
            ("of", "", "value", "95 %", "units", ""),
        )
    )
    texts = loaded.texts("en")
    unclear = sorted((i for i in result.indicators if i.unclear), key=lambda i: i.coding.value)
    typer.echo()
    typer.secho(
        f"Often seen, and coded differently: look at their texts ({len(unclear)})", bold=True
    )
    typer.echo(
        columns(
            [
                (
                    i.id,
                    number(i.coding.value),
                    f"{number(i.coding.low)} to {number(i.coding.high)}",
                    f"{100 * i.seen:.0f} %",
                    f"{100 * i.right:.0f} %",
                    texts.statement(i.id),
                )
                for i in unclear
            ],
            ("sign", "alpha", "95 %", "seen", "as key", ""),
        )
        if unclear
        else "none"
    )
    apart = [r for r in result.by_rater if r.differs]
    typer.echo()
    typer.secho(f"Raters who differ from the others, and surely so ({len(apart)})", bold=True)
    typer.echo(
        columns(
            [
                (
                    r.rater,
                    f"{r.level:+.2f}",
                    f"{100 * r.yes:+.1f} %",
                    number(r.key),
                    "; ".join(DIFFERS[d] for d in r.differs),
                )
                for r in apart
            ],
            ("rater", "level", "signs", "kappa with key", ""),
        )
        if apart
        else "none"
    )
    widest = sorted(
        result.indicators,
        key=lambda i: -max((s.high - s.low for s in i.strength.values() if s.n), default=0),
    )[:8]
    typer.echo()
    typer.secho("Rated most differently", bold=True)
    typer.echo(
        columns(
            [
                (i.id, p, " ".join(map(str, s.counts)), f"{s.median:g}")
                for i in widest
                for p, s in i.strength.items()
                if s.n
            ],
            ("sign", "", "none weak medium strong", "median"),
        )
    )
    if output is not None:
        from screening.calibration.plots import draw_ratings, draw_signs
        from screening.calibration.report import agreement_json
        from screening.evaluation.card_folder import write_folder

        files_ = {"agreement.json": agreement_json(result)}
        for kind in ("svg", "png"):
            files_ |= {
                f"signs.{kind}": draw_signs(result, texts.statement, kind),
                f"ratings.{kind}": draw_ratings(result, texts.statement, kind),
            }
        write_folder(output, files_, overwrite=overwrite)


def number(value: float) -> str:
    return "not defined" if math.isnan(value) else f"{value:.3f}"


# -- weights ---------------------------------------------------------------------------------------


def weights(
    files: list[Path],
    output: str,
    title: str,
    authors: list[str],
    recheck_by: date,
    method: Method,
    model: str | None,
    worth: float,
    bounds: Path | None,
    valid_from: date,
    note: str,
    draws: int,
    seed: int,
    before: str | None,
    checklist: str,
    sets: list[str],
    encoding: str | None,
) -> None:
    from screening.calibration.bounds import read_bounds
    from screening.calibration.files import weights_target, write_draft
    from screening.calibration.propose import LEAST, propose
    from screening.scorecard.model import load_model

    loaded, _, form = _form(checklist, sets)
    old = load_weights(loaded, before, draft=before is not None)
    if not 0 <= draws <= 200:
        raise UsageError("U305.plausible_sets", place="--draws", draws=draws)
    path = weights_target(loaded, output)
    limits = read_bounds(bounds, old, encoding) if bounds else {}
    found = _read(files, form, encoding) if files else None
    card = load_model(model, loaded) if model else None
    proposal = propose(
        loaded, old, found, card, method, worth=worth, bounds=limits, draws=draws, seed=seed
    )
    made = write_draft(
        loaded,
        old,
        proposal,
        path,
        title=title,
        authors=authors,
        valid_from=valid_from,
        recheck_by=recheck_by,
        today=date.today(),
        note=note,
    )
    moved = [r for r in proposal.rows if r.points != r.before]
    typer.secho(f"{made.id}: {made.standing}", bold=True)
    typer.echo(paragraph(made.method))
    typer.echo(
        columns(
            [
                (
                    r.indicator,
                    r.profile,
                    str(r.before),
                    "" if not r.raters else f"{r.median:g} ({r.low:g}-{r.high:g}, n {r.raters})",
                    "" if math.isnan(r.card) else f"{r.card:.1f}",
                    f"{r.exact:.2f}",
                    str(r.points),
                    "bounded" if r.bounded else "",
                    f"{r.plausible[0]}-{r.plausible[1]}" if r.contested else "",
                )
                for r in moved
            ],
            ("sign", "", "was", "people", "card", "exact", "now", "", "plausible"),
        )
        if moved
        else "No weight differs from the set before."
    )
    said = [f"{len(moved)} of {len(proposal.rows)} weights differ from {old.id}."]
    if proposal.alternatives:
        contested = sum(r.contested for r in proposal.rows)
        said.append(
            f"{contested} could as well have come out otherwise with the same people; a finding"
            " that depends on them is shown as contested."
        )
    alone = sum(0 < r.raters < LEAST for r in proposal.rows)
    if alone:
        said.append(
            f"{alone} {'was' if alone == 1 else 'were'} rated by one person alone and"
            f" {'keeps its' if alone == 1 else 'keep their'} weight."
        )
    typer.echo(paragraph(" ".join(said)))
    typer.echo(
        f"written: {path}. See what it changes: screening calibrate impact"
        f" {made.id if path.parent == loaded.folder / 'weights' else path}",
        err=True,
    )


def thresholds(ref: str | None, recall: float, n: int, seed: int, checklist: str) -> None:
    from screening.calibration.impact import population, unused_worlds
    from screening.calibration.impact import thresholds as table
    from screening.simulation import load_world

    loaded = load_checklist(checklist)
    chosen = load_weights(loaded, ref, draft=ref is not None)
    if not 0 < recall < 1:
        raise UsageError("U305.no_share", place="--recall", recall=recall)
    worlds = unused_worlds(loaded, chosen)
    typer.secho(f"Referral by points alone, {chosen.id}", bold=True)
    typer.echo(
        paragraph(
            f"{INVENTED} The list's other rules count signs and find more than points alone do."
        )
    )
    with progress("worlds") as tick:
        for k, name in enumerate(worlds):
            people = population(load_world(loaded, name), n, seed)
            rows, picked = [], dict.fromkeys(CASE_PROFILES, 0)
            for t in table(loaded, chosen, people):
                least = min(t.recall.low, t.begging.low if t.begging.n else 1.0)
                if least >= recall:
                    picked[t.profile] = max(picked[t.profile], t.points)
                if t.points in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20):
                    rows.append(
                        (t.profile, str(t.points), str(t.recall), str(t.begging), str(t.spared))
                    )
            typer.echo()
            typer.secho(f"World {name}: {n} cases, seed {seed}", bold=True)
            typer.echo(
                columns(
                    rows,
                    (
                        "",
                        "points",
                        "exploited found",
                        "forced-begging children found",
                        "others spared",
                    ),
                )
            )
            for profile, points in picked.items():
                typer.echo(
                    f"  {profile}: "
                    + (
                        f"{points} points or less find {recall:.0%} for sure"
                        if points
                        else f"no number of points finds {recall:.0%} for sure"
                    )
                )
            tick(k + 1, len(worlds))


# -- impact ----------------------------------------------------------------------------------------


def impact(
    after_: str,
    before_: str | None,
    files: list[Path],
    n: int,
    seed: int,
    sensitive: bool,
    output: Path | None,
    checklist: str,
    overwrite: bool,
) -> None:
    from screening.calibration.impact import fallen, moved, unused_worlds, world_impact
    from screening.calibration.report import impact_json
    from screening.checklist import load_vignettes, vignette_ids
    from screening.files.atomic import OutputFile
    from screening.simulation import load_world

    loaded = load_checklist(checklist)
    after, before = (
        load_weights(loaded, after_, draft=True),
        load_weights(loaded, before_, draft=before_ is not None),
    )
    if output is not None and output.exists() and not overwrite:
        raise UsageError("U302.file_exists_already", place=str(output))
    if not 100 <= n <= 10_000_000:
        raise UsageError("U305.cases", place="--cases", n=n)
    rows = moved(
        loaded, [load_vignettes(loaded, name) for name in vignette_ids(loaded)], before, after
    )
    typer.secho(f"From {before.id} to {after.id} ({after.standing})", bold=True)
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
            out.write(impact_json(before, after, rows, found, past, moves, at_once))


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
