"""Bodies of `synth`, `train` and `evaluate`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from screening.checklist import Checklist, load_checklist
from screening.cli.terminal import INVENTED, columns, paragraph, warn
from screening.errors import UsageError
from screening.i18n import LANGUAGES

if TYPE_CHECKING:
    from screening.evaluation.report import Evaluation, Result

__all__ = ["evaluate", "synth", "train"]

FEWEST_TRAINING, FEWEST_FRESH, MOST = (
    2_000,
    1_000,
    2_000_000,
)  # cases: with fewer, some subgroup has nobody in it
_AT = "specificity 0.75"
_BEGGING = "forced-begging child"
SHOWN = (
    ("auc", "all", "", "AUC"),
    ("recall", "all", _AT, "all"),
    ("recall", _BEGGING, _AT, "begging child"),
    ("recall", "other exploited child", _AT, "other child"),
)


@contextmanager
def _steps(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """Yields `step(name)`: a bar that moves on and names the step for a person, nothing
    otherwise.
    """
    import sys

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(what, total=total)
        yield lambda now: bar.update(task, advance=1, description=f"{what}: {now}")


def synth(
    checklist: str,
    world: str,
    n: int,
    seed: int,
    prevalence: float | None,
    output: Path | None,
    format_: str | None,
    distances: bool,
    overwrite: bool,
) -> None:
    from screening.simulation import load_world

    loaded = load_checklist(checklist)
    if output is None and not distances:
        _worlds(loaded)
        return
    place = load_world(loaded, world)
    if output is not None:
        from screening.cli.progress import progress
        from screening.tables.synthetic import write_cases

        with progress("drawing cases") as tick:
            exploited = write_cases(
                place,
                n,
                seed,
                output,
                format_,
                prevalence=prevalence,
                overwrite=overwrite,
                progress=tick,
            )
        typer.echo(
            f"{n} invented cases of the world {place.id}, {exploited} of them exploited, in"
            f" {output}. Seed {seed}. {INVENTED}",
            err=True,
        )
    if distances:
        _distances(loaded, world, n, seed, prevalence)


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


def _count(value: int, least: int, most: int, option: str) -> None:
    if not least <= value <= most:
        raise UsageError(
            "U305.number_out_of_range", place=option, value=value, least=least, most=most
        )


def train(
    checklist: str,
    output: Path,
    world: str,
    n: int,
    seed: int,
    items: int,
    title: str | None,
    test_cases: int,
    pool: int,
    begging_weight: float,
    overwrite: bool,
) -> None:
    from screening.evaluation.card_folder import (
        check_folder,
        model_json,
        results_json,
        write_folder,
    )
    from screening.evaluation.page import card_page, curves_of, fresh_cases, in_every_world
    from screening.evaluation.plots import PLOTS, draw, draw_points, drawing
    from screening.evaluation.train import Recipe
    from screening.evaluation.train import train as learn
    from screening.paper.scorecard_sheet import sheet_pdf, sheet_svg
    from screening.scorecard.model import ID
    from screening.simulation import load_world, world_ids

    # Everything that can be wrong is looked at before the minutes of work.
    loaded = load_checklist(checklist)
    place = load_world(loaded, world)
    if output.exists() and not overwrite and any(output.iterdir() if output.is_dir() else [output]):
        raise UsageError("U302.folder_exists_overwrite", place=str(output))
    name = output.resolve().name
    if not re.fullmatch(ID, name):
        raise UsageError("U305.card_id", place="--output", name=name)
    if title is not None and not 1 <= len(title.strip()) <= 200:
        raise UsageError("U305.card_title", place="--title")
    _count(items, 1, 40, "--items")
    _count(n, FEWEST_TRAINING, MOST, "--cases")
    _count(test_cases, FEWEST_FRESH, MOST, "--test-cases")
    _count(pool, 0, 50, "--pool")
    _count(seed, 0, 2**31 - 2, "--seed")
    if not 0.1 <= begging_weight <= 100:
        raise UsageError(
            "U305.begging_weight", place="--begging-weight", begging_weight=begging_weight
        )
    check_folder(output, (), overwrite=overwrite)
    drawing()
    recipe = Recipe(
        max_items=items, cases=n, seed=seed, pool_size=pool, begging_weight=begging_weight
    )
    with _steps("training", 11 + len(world_ids(loaded))) as step:
        trained = learn(loaded, place, name, title or f"Card {name}", recipe, step)
        step("drawing fresh cases")
        fresh = fresh_cases(loaded, test_cases, seed + 1)
        evaluations = in_every_world(trained, loaded, fresh, step)
        curves = curves_of(trained, loaded, recipe, fresh, step)
        files = {
            "model.json": model_json(trained.model),
            "results.json": results_json(evaluations, curves),
            "card.md": card_page(trained, evaluations, loaded, curves).encode(),
        }
        step("drawing")
        for language in LANGUAGES:
            sheet = sheet_svg(trained.model, loaded, language)
            files |= {
                f"sheet-{language}.svg": sheet.encode(),
                f"sheet-{language}.pdf": sheet_pdf(sheet),
            }

        files["points.svg"] = draw_points(trained.model, loaded.texts("en").statement)
        for evaluation in evaluations:
            for plot in PLOTS:
                files[f"{plot}-{evaluation.world}.svg"] = draw(plot, evaluation)
    write_folder(output, files, overwrite=overwrite)
    typer.echo(
        f"{len(trained.model.items)} items, {trained.model.points_max} points at most. Read"
        f" {output / 'card.md'} before anybody uses it: {trained.model.statement}."
    )


def _cell(result: Result, measure: str, group: str, at: str) -> str:
    try:
        found = result.figure(measure, group, at)
    except KeyError:
        return ""
    return f"{found.value:.2f} ({found.low:.2f}-{found.high:.2f})"


def _tables(e: Evaluation, thresholds: Sequence[int]) -> Iterator[str]:
    """An evaluation as lines: who is found at one specificity, then at the line each screen brings
    along, then what the card says.
    """
    from screening.evaluation.screens import SAID
    from screening.proportion import Share

    n = {"all": e.exploited} | {
        f.subgroup: f.value.n
        for r in e.results
        for f in r.figures
        if f.measure == "recall" and f.at == _AT and isinstance(f.value, Share)
    }
    others = e.n - e.exploited
    yield "Recall where 75 of 100 not exploited are left alone"
    yield columns(
        [(r.screen, *(_cell(r, *asked[:3]) for asked in SHOWN)) for r in e.results],
        ("", "AUC", *(f"{word} (n {n.get(group, 0)})" for _, group, _, word in SHOWN[1:])),
    )
    lines = [
        ("own line", "At the line that each brings along"),
        *((f"from {t} on", f"From {t} points of the card on") for t in thresholds),
    ]
    for at, title in lines:
        asked = (
            ("recall", "all"),
            ("recall", _BEGGING),
            ("specificity", "all"),
            ("precision", "all"),
        )
        rows = [(r.screen, *(_cell(r, *of, at) for of in asked)) for r in e.results]
        yield title
        yield columns(
            [row for row in rows if any(row[1:])],
            (
                "",
                f"recall, all (n {e.exploited})",
                f"begging child (n {n.get(_BEGGING, 0)})",
                f"specificity (n {others})",
                "precision",
            ),
        )
    yield "What the card says"
    groups = (
        ("the exploited", "share of the exploited", "all"),
        ("forced-begging children", "share of the exploited", _BEGGING),
        ("the not exploited", "share of the not exploited", "all"),
    )
    yield columns(
        [
            (who, *(_cell(e.result("card"), measure, group, what) for what in SAID))
            for who, measure, group in groups
        ],
        ("of", *SAID),
    )


def evaluate(
    checklist: str,
    card: str,
    worlds: list[str],
    compare: bool,
    n: int,
    seed: int,
    output: Path | None,
    thresholds: list[int],
    overwrite: bool,
) -> None:
    from screening.cli.score import load_card
    from screening.evaluation.card_folder import check_folder, results_json, write_folder
    from screening.evaluation.plots import PLOTS, draw, drawing
    from screening.evaluation.report import draw_line
    from screening.evaluation.report import evaluate as measure
    from screening.evaluation.screens import (
        LEARNED,
        CardScreen,
        Screen,
        candidates,
        learned,
        standard,
    )
    from screening.simulation import load_world, world_ids
    from screening.simulation.generate import generate

    loaded = load_checklist(checklist)
    model = load_card(card, loaded)
    assert model is not None
    home = model.training.worlds[0]
    wanted = [load_world(loaded, name) for name in worlds or world_ids(loaded)]
    if not wanted:
        raise UsageError("U305.no_world", place="--checklist", checklist=loaded.id)
    _count(n, 100, MOST, "--cases")
    _count(seed, 0, 2**31 - 1, "--seed")
    for points in thresholds:
        _count(points, 1, model.points_max, "--threshold")
    if output is not None:
        drawing()
        check_folder(
            output,
            [
                "results.json",
                *(
                    f"{plot}-{w.id}.{kind}"
                    for w in wanted
                    for plot in PLOTS
                    for kind in ("svg", "png")
                ),
            ],
            overwrite=overwrite,
        )
    screens: list[Screen] = [CardScreen("card", model), *standard(loaded)]
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
            found.append(
                measure(
                    screens,
                    generate(world, n, seed),
                    trained_on=model.training.worlds,
                    thresholds={"card": thresholds},
                )
            )
    if any(e.training_cases for e in found):
        warn(
            [
                f"seed {seed} of the world {home.world} drew the cases this card learned from:"
                " choose another --seed"
            ]
        )
    typer.secho(f"Card {model.id}: {model.statement}", bold=True)
    for e in found:
        typer.echo()
        seen = (
            " (THESE ARE THE CASES THE CARD LEARNED FROM)"
            if e.training_cases
            else " (the card was trained on other cases of it)"
            if e.trained_here
            else ""
        )
        typer.secho(
            f"World {e.world}{seen}: {e.n} cases, {e.exploited} exploited, seed {e.seed}", bold=True
        )
        for text in _tables(e, thresholds):
            typer.echo(text)
    typer.echo()
    typer.echo(
        paragraph(
            "Brackets hold 95 % intervals, n the people a figure rests on. What is too little known"
            " is neither found nor set aside. All subgroups are in results.json."
        )
    )
    if output is not None:
        files = {"results.json": results_json(found)}
        for e in found:
            for plot in PLOTS:
                files |= {
                    f"{plot}-{e.world}.svg": draw(plot, e),
                    f"{plot}-{e.world}.png": draw(plot, e, "png"),
                }
        write_folder(output, files, overwrite=overwrite)
