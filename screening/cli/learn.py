"""Bodies of `synth`, `train` and `evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from screening.checklist import Checklist, load_checklist
from screening.cli.show import columns, paragraph, warn
from screening.errors import UsageError, quote
from screening.words import LANGUAGES

if TYPE_CHECKING:
    from screening.evaluate.report import Result

__all__ = ["evaluate", "synth", "train"]

STATEMENT = "Invented cases: they test and teach, and are evidence of nothing in the field."
_AT = "specificity 0.75"
SHOWN = (("auc", "all", ""), ("recall", "all", _AT), ("recall", "forced-begging child", _AT), ("recall", "other exploited child", _AT),
         ("recall", "all", "own line"), ("specificity", "all", "own line"))


@contextmanager
def _steps(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """Yields `step(name)`: a bar that moves on and names the step for a person, nothing otherwise."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda now: bar.update(task, advance=1, description=f"{what}: {now}")


def synth(checklist: str, world: str, n: int, seed: int, prevalence: float | None, output: Path | None, format_: str | None, distances: bool, overwrite: bool) -> None:
    from screening.synth import load_world

    loaded = load_checklist(checklist)
    if output is None and not distances:
        _worlds(loaded)
        return
    place = load_world(loaded, world)
    if output is not None:
        from screening.cli.progress import progress
        from screening.exchange.synthetic import write_cases

        with progress("drawing cases") as tick:
            exploited = write_cases(place, n, seed, output, format_, prevalence=prevalence, overwrite=overwrite, progress=tick)
        typer.echo(f"{n} invented cases of the world {place.id}, {exploited} of them exploited, in {output}. Seed {seed}. {STATEMENT}", err=True)
    if distances:
        _distances(loaded, world, n, seed, prevalence)


def _worlds(checklist: Checklist) -> None:
    from screening.synth import load_world, world_ids

    typer.secho(STATEMENT, bold=True)
    for name in world_ids(checklist):
        world = load_world(checklist, name)
        typer.echo()
        typer.secho(f"{name}: {world.file.title}", bold=True)
        typer.echo(paragraph(world.file.about, "  "))
        exploited = sum(s.exploited for s in world.situations)
        typer.echo(f"  {exploited} situations of exploitation, {len(world.situations) - exploited} that are none")


def _distances(checklist: Checklist, name: str, n: int, seed: int, prevalence: float | None) -> None:
    from screening.synth import load_world
    from screening.synth.check import distances, load_references
    from screening.synth.generate import generate

    cases = generate(load_world(checklist, name), n, seed, prevalence)
    typer.secho(f"How far the world {name} lies from what was counted ({n} cases, seed {seed})", bold=True)
    typer.echo(paragraph("Those counted are victims whom practice found. A world is meant to lie far from some of them: a distance is no fault, but it should be known."))
    words = {"shares": "mean difference of shares", "phi": "mean difference of correlations", "table": "share that would have to move"}
    for d in distances(cases, load_references(checklist)):
        order = "" if d.order != d.order else f"; rank correlation {d.order:+.2f}"
        typer.echo()
        typer.secho(f"{d.reference}, {d.about}: {words[d.kind]} {d.value:.3f}{order} (n there {d.n_there or 'not given'}, here {d.n_here})", bold=True)
        rows = [(name, f"{there:.3f}", f"{here:.3f}") for name, there, here in d.rows]
        typer.echo(columns(rows, ("", "there", "here")))


def train(checklist: str, output: Path, world: str, n: int, seed: int, items: int, title: str | None, test_cases: int, pool: int, overwrite: bool) -> None:
    from screening.evaluate.page import card_page, curves_of, in_every_world
    from screening.evaluate.train import Recipe
    from screening.evaluate.train import train as learn
    from screening.exchange.shelf import model_json, results_json, write_folder
    from screening.synth import load_world, world_ids

    loaded = load_checklist(checklist)
    place = load_world(loaded, world)
    if output.exists() and not overwrite and any(output.iterdir() if output.is_dir() else [output]):
        raise UsageError("U302", "something is there already", place=str(output), remedy="either choose another folder or say --overwrite")
    name = output.resolve().name
    if not 1 <= items <= 40:
        raise UsageError("U305", f"{quote(items)} is no number of items for a card", place="--items", remedy="write 1 to 40")
    recipe = Recipe(max_items=items, cases=n, seed=seed, pool_size=pool)
    with _steps("training", 8 + len(world_ids(loaded))) as step:
        trained = learn(loaded, place, name, title or f"Card {name}", recipe, step)
        evaluations = in_every_world(trained, loaded, test_cases, seed + 1, step)
        curves = curves_of(trained, loaded, recipe, test_cases, seed + 1, step)
        files = {"model.json": model_json(trained.model), "results.json": results_json(evaluations),
                 "card.md": card_page(trained, evaluations, loaded, curves).encode()}
        step("drawing")
        from screening.evaluate.plots import PLOTS, draw, draw_points
        from screening.evaluate.sheet import sheet_pdf, sheet_svg

        for language in LANGUAGES:
            sheet = sheet_svg(trained.model, loaded, language)
            files |= {f"sheet-{language}.svg": sheet.encode(), f"sheet-{language}.pdf": sheet_pdf(sheet)}

        files["points.svg"] = draw_points(trained.model, loaded.texts("en").statement)
        for evaluation in evaluations:
            for plot in PLOTS:
                files[f"{plot}-{evaluation.world}.svg"] = draw(plot, evaluation)
    write_folder(output, files, overwrite=overwrite)
    typer.echo(f"{len(trained.model.items)} items, {trained.model.points_max} points at most. Read {output / 'card.md'} before anybody uses it: {trained.model.statement}.")


def _figure(result: Result, measure: str, group: str, at: str) -> str:
    try:
        return f"{result.figure(measure, group, at).value:.3f}"
    except KeyError:
        return ""


def evaluate(checklist: str, card: str, worlds: list[str], compare: bool, n: int, seed: int, output: Path | None, overwrite: bool) -> None:
    from screening.cli.score import load_card
    from screening.evaluate.report import draw_line
    from screening.evaluate.report import evaluate as measure
    from screening.evaluate.screens import LEARNED, CardScreen, Screen, candidates, learned, standard
    from screening.synth import load_world, world_ids
    from screening.synth.generate import generate

    loaded = load_checklist(checklist)
    model = load_card(card, loaded)
    assert model is not None
    home = model.training.worlds[0]
    screens: list[Screen] = [CardScreen("card", model), *standard(loaded)]
    wanted = [load_world(loaded, name) for name in worlds or world_ids(loaded)]
    with _steps("evaluating", len(wanted) + (1 + len(LEARNED) if compare else 0)) as step:
        if compare:
            step("drawing training cases")
            train_cases = generate(load_world(loaded, home.world), home.cases, home.seed)
            for name in LEARNED:
                step(f"training {name}")
                screen = learned(name, train_cases, candidates(loaded))
                screen.line = draw_line(screen, train_cases, 0.90)
                screens.append(screen)
        found = []
        for world in wanted:
            step(f"world {world.id}")
            found.append(measure(screens, generate(world, n, seed), trained_on=home.world))
    if any(w.id == home.world and seed == home.seed for w in wanted):
        warn([f"seed {seed} of the world {home.world} drew the cases this card learned from: choose another --seed"])
    typer.secho(f"Card {model.id}: {model.statement}", bold=True)
    for e in found:
        typer.echo()
        typer.secho(f"World {e.world}{' (the card was trained on other cases of it)' if e.trained_here else ''}: {e.n} cases, {e.exploited} exploited, seed {e.seed}", bold=True)
        rows = []
        for r in e.results:
            rows.append((r.screen, *(_figure(r, *asked) for asked in SHOWN)))
        typer.echo(columns(rows, ("", "AUC", "recall, all", "begging child", "other child", "own recall", "own specificity")))
    typer.echo()
    typer.echo(paragraph("Recalls are at specificity 0.75 on these cases; own recall and specificity are at the line each brings along. "
                         "Intervals and all subgroups are in results.json."))
    if output is not None:
        from screening.evaluate.plots import PLOTS, draw
        from screening.exchange.shelf import results_json, write_folder

        files = {"results.json": results_json(found)}
        for e in found:
            for plot in PLOTS:
                files |= {f"{plot}-{e.world}.svg": draw(plot, e), f"{plot}-{e.world}.png": draw(plot, e, "png")}
        write_folder(output, files, overwrite=overwrite)
