"""`train` and `evaluate`: a card learned from invented cases, and measured on others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist import Checklist, load_checklist
from screening.checklist.loader import DEFAULT_LIST
from screening.cli.left_out import told
from screening.cli.options import Jobs, List_, Overwrite, Seed
from screening.cli.terminal import columns, paragraph
from screening.errors import UsageError
from screening.i18n import LANGUAGES

if TYPE_CHECKING:
    from screening.evaluation.left_out import LeftOut
    from screening.evaluation.report import Evaluation, Result
    from screening.evaluation.screens import Screen
    from screening.scorecard.model import CardModel

__all__ = ["evaluate", "train"]

TAUGHT = ("base", "day-centre")  # the worlds a card learns from
OVER_UNIVERSES = 20  # of each family left out, for the range beside the interval
FEWEST_TRAINING, FEWEST_FRESH, MOST = (
    500,
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


def _count(value: int, least: int, most: int, option: str) -> None:
    if not least <= value <= most:
        raise UsageError(
            "U305.number_out_of_range", place=option, value=value, least=least, most=most
        )


def train(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Folder of the scorecard. Its name is the scorecard's id.",
        ),
    ],
    checklist: List_ = DEFAULT_LIST,
    worlds: Annotated[
        list[str] | None,
        typer.Option(
            "--world",
            metavar="ID",
            help=(
                "World to learn from. Can be repeated. Default: base and day-centre. All other"
                " families are left out, and measured."
            ),
        ),
    ] = None,
    universes: Annotated[
        int, typer.Option("--universes", help="Number of universes of each world to learn from.")
    ] = 6,
    n: Annotated[
        int, typer.Option("--cases", "-n", help="Number of invented cases of each universe.")
    ] = 6_000,
    seed: Seed = 1,
    signs: Annotated[
        int, typer.Option("--signs", help="Most signs on each of the two cards.")
    ] = 15,
    title: Annotated[str | None, typer.Option("--title", help="Title of the scorecard.")] = None,
    test_cases: Annotated[
        int,
        typer.Option("--test-cases", help="Number of new cases of each family to measure it on."),
    ] = 20_000,
    pool: Annotated[
        int, typer.Option("--pool", help="Number of similar scorecards to name beside each.")
    ] = 5,
    jobs: Jobs = 1,
    overwrite: Overwrite = False,
) -> None:
    """Train a scorecard for children and one for adults on invented cases, measure both where they
    learned nothing, and write their page.

    Needs screening[ml].

    Example: screening train -o my-card --signs 12
    """
    from screening.checklist.schema import CASE_PROFILES
    from screening.evaluation.left_out import families_left_out
    from screening.evaluation.page import Study, card_page, measured
    from screening.evaluation.plots import draw_families, draw_points, drawing
    from screening.evaluation.results_json import results_json
    from screening.evaluation.train import Recipe
    from screening.evaluation.train import train as learn
    from screening.files.folder import check_folder, write_folder
    from screening.paper.scorecard_sheet import sheet_of
    from screening.scorecard.card_json import model_json
    from screening.scorecard.model import ID
    from screening.simulation import load_world, world_ids

    # Everything that can be wrong is looked at before the minutes of work.
    loaded = load_checklist(checklist)
    known = [load_world(loaded, name) for name in world_ids(loaded)]
    places = [load_world(loaded, name) for name in dict.fromkeys(worlds or TAUGHT)]
    apart = families_left_out(loaded, [w.id for w in places], known)
    if not apart:
        raise UsageError("U305.no_family_left", place="--world")
    if output.exists() and not overwrite and any(output.iterdir() if output.is_dir() else [output]):
        raise UsageError("U302.folder_exists_overwrite", place=str(output))
    name = output.resolve().name
    if not re.fullmatch(ID, name):
        raise UsageError("U305.card_id", place="--output", name=name)
    if title is not None and not 1 <= len(title.strip()) <= 200:
        raise UsageError("U305.card_title", place="--title")
    _count(signs, 1, 40, "--signs")
    _count(universes, 1, 100, "--universes")
    _count(n, FEWEST_TRAINING, MOST, "--cases")
    _count(test_cases, FEWEST_FRESH, MOST, "--test-cases")
    _count(pool, 0, 50, "--pool")
    _count(seed, 0, 2**31 - 2, "--seed")
    check_folder(output, (), overwrite=overwrite)
    drawing()
    recipe = Recipe(max_items=signs, universes=universes, cases=n, seed=seed, pool_size=pool)
    with _steps("training", 7 + len(apart)) as step:
        trained = learn(loaded, places, name, title or f"Card {name}", recipe, step, jobs)
        study = Study(places, apart, recipe, test_cases, OVER_UNIVERSES)
        found = measured(trained, loaded, study, step, jobs)
        files = {
            "model.json": model_json(trained.model),
            "results.json": results_json(families=found.families),
            "card.md": card_page(trained, loaded, found).encode(),
        }
        step("drawing")
        statement = loaded.texts("en").statement
        for profile in CASE_PROFILES:
            for language in LANGUAGES:
                sheet = sheet_of(trained.model, loaded, profile, language)
                files[f"sheet-{profile}-{language}.pdf"] = sheet
            files[f"points-{profile}.svg"] = draw_points(trained.model, profile, statement)
        files["families-left-out.svg"] = draw_families(found.families)
    write_folder(output, files, overwrite=overwrite)
    sizes = ", ".join(
        f"{p} {len(trained.model.items[p])} signs and {trained.model.most(p)} points at most"
        for p in CASE_PROFILES
    )
    typer.echo(
        f"{sizes}. Read {output / 'card.md'} before anybody uses it: {trained.model.statement}."
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
    card: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="ID",
            help="Scorecard: the id of a bundled one, a folder or a model.json.",
        ),
    ],
    checklist: List_ = DEFAULT_LIST,
    worlds: Annotated[
        list[str] | None,
        typer.Option("--world", metavar="ID", help="World. Can be repeated. Default: all."),
    ] = None,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help=(
                "Also train logistic regression, EBM and gradient boosting for comparison. Needs"
                " screening[ml,compare]."
            ),
        ),
    ] = False,
    n: Annotated[
        int, typer.Option("--cases", "-n", help="Number of cases of each world.")
    ] = 40_000,
    seed: Seed = 2,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Write results.json and charts to this folder. Needs screening[ml].",
        ),
    ] = None,
    from_points: Annotated[
        list[int] | None,
        typer.Option(
            "--threshold",
            metavar="POINTS",
            help="Also show who is found at this number of points or more. Can be repeated.",
        ),
    ] = None,
    universes: Annotated[
        int,
        typer.Option(
            "--universes",
            min=0,
            max=1000,
            help=(
                "How many universes of each family left out to measure it in: the range that"
                " stands beside each interval there."
            ),
        ),
    ] = 20,
    jobs: Jobs = 1,
    overwrite: Overwrite = False,
) -> None:
    """Compare a scorecard with practice, lists and other models on invented cases: who is found and
    who is missed.

    First come the families of worlds in which it did not learn.

    Example: screening evaluate --model kosovo-15-15 --world guarded
    """
    from screening.cli.loading import load_card
    from screening.evaluation.left_out import families_left_out, left_out
    from screening.evaluation.plots import draw, plots_of
    from screening.evaluation.report import evaluate as measure
    from screening.evaluation.results_json import results_json
    from screening.evaluation.screens import LEARNED
    from screening.files.folder import write_folder
    from screening.simulation import load_world, world_ids
    from screening.simulation.generate import generate

    loaded, thresholds = load_checklist(checklist), from_points or []
    model = load_card(card, loaded)
    assert model is not None
    wanted = [load_world(loaded, name) for name in worlds or world_ids(loaded)]
    if not wanted:
        raise UsageError("U305.no_world", place="--checklist", checklist=loaded.id)
    _count(n, 100, MOST, "--cases")
    _count(seed, 0, 2**31 - 1, "--seed")
    for points in thresholds:
        _count(points, 1, max(map(model.most, model.items)), "--threshold")
    if output is not None:
        _check_output(output, [w.id for w in wanted], overwrite)
    apart = families_left_out(loaded, [t.world for t in model.training.worlds], wanted)
    found, families = [], []
    steps = len(apart) + len(wanted) + (1 + len(LEARNED) if compare else 0)
    with _steps("evaluating", steps) as step:
        screens = _screens(loaded, model, compare, step)
        for world in apart:
            step(f"family {world.family}")
            families.append(left_out(screens, world, n, seed, n_universes=universes, n_jobs=jobs))
        for world in wanted:
            step(f"world {world.id}")
            found.append(
                measure(
                    screens,
                    generate(world, n, seed),
                    trained_on=model.training.worlds,
                    thresholds={"card": thresholds},
                    n_jobs=jobs,
                )
            )
    _print_evaluations(found, families, model, thresholds)
    if output is not None:
        files = {"results.json": results_json(found, families=families)}
        for e in found:
            for plot in plots_of(e):
                files |= {
                    f"{plot}-{e.world}.svg": draw(plot, e),
                    f"{plot}-{e.world}.png": draw(plot, e, "png"),
                }
        write_folder(output, files, overwrite=overwrite)


def _check_output(folder: Path, worlds: Sequence[str], overwrite: bool) -> None:
    """What cannot be drawn or written is said before the minutes of work."""
    from screening.evaluation.plots import PLOTS, drawing
    from screening.files.folder import check_folder

    drawing()
    pictures = [f"{p}-{w}.{kind}" for w in worlds for p in PLOTS for kind in ("svg", "png")]
    check_folder(folder, ["results.json", *pictures], overwrite=overwrite)


def _screens(
    checklist: Checklist, model: CardModel, compare: bool, step: Callable[[str], None]
) -> list[Screen]:
    """The card, other ways of screening and, to compare, models trained on the card's cases."""
    from screening.evaluation.report import draw_line
    from screening.evaluation.screens import LEARNED, CardScreen, candidates, learned, standard
    from screening.evaluation.train import Sample
    from screening.simulation import load_world
    from screening.simulation.generate import generate
    from screening.simulation.universe import universes

    screens: list[Screen] = [CardScreen("card", model), *standard(checklist)]
    if compare:
        step("drawing training cases")
        if not model.training.worlds:
            raise UsageError("U305.no_training_world", place="--compare", model=model.id)
        sample = Sample(
            tuple(
                generate(one, w.cases, w.seed, model.training.prevalence)
                for w in model.training.worlds
                for one in universes(load_world(checklist, w.world), w.universes, w.seed)
            )
        )
        for name in LEARNED:
            step(f"training {name}")
            screen = learned(name, sample, candidates(checklist))
            screen.line = draw_line(screen, sample.parts, 0.90)
            screens.append(screen)
    return screens


def _print_evaluations(
    found: Sequence[Evaluation],
    families: Sequence[LeftOut],
    model: CardModel,
    thresholds: Sequence[int],
) -> None:
    """The families left out, then world by world."""
    typer.secho(f"Card {model.id}: {model.statement}", bold=True)
    for text in told(families):
        typer.echo(text)
    for e in found:
        typer.echo()
        seen = " (the card was trained on universes of it)" if e.trained_here else ""
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
