"""A card's own page, card.md, and the evaluation behind it: fresh cases of every world, ceilings beside the card, goals and what was reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from screening.checklist.model import Checklist
from screening.evaluate.curves import Length, Prevalence, Size, by_length, by_prevalence, learning_curve
from screening.evaluate.metrics import Area, Share
from screening.evaluate.report import Evaluation, Result, draw_line, evaluate
from screening.evaluate.screens import CardScreen, Screen, candidates, learned, standard
from screening.evaluate.train import JUDGED, Recipe, Trained
from screening.synth.generate import generate
from screening.synth.world import load_world, world_ids

__all__ = ["GOALS", "Curves", "Goal", "card_page", "curves_of", "goals", "in_every_world"]

CARD = "card"
SIZES = (2_500, 5_000, 10_000, 20_000)  # of the learning curve, as far as they go
LENGTHS = (5, 10, 15, 20, 30, 40)
AT = "specificity 0.75"
BESIDE = ("gradient boosting", "monotone gradient boosting", "same items, boosted")
SHOWN = (
    "all", "forced-begging child", "forced-begging child with family and papers", "other exploited child", "adult, begging", "adult, sexual", "adult, labour",
    "adult, servitude", "child with family and papers", "child without family or papers", "open answers below 1/3", "open answers 1/3 to 1/2", "open answers above 1/2",
)


@dataclass(frozen=True)
class Goal:
    """A figure that was asked for before the card was made."""

    text: str
    least: float


GOALS = (
    Goal("recall of forced-begging children at specificity 0.75", 0.90),
    Goal("that recall less the recall of all exploited people", -0.03),
    Goal("AUC less that of gradient boosting", -0.02),
)


def in_every_world(trained: Trained, checklist: Checklist, n: int, seed: int, progress: Callable[[str], None] | None = None) -> list[Evaluation]:
    """The card beside practice, lists and ceilings, on n fresh cases of every world of the list.

    Raises
    ------
    UsageError : U306 scikit-learn is not installed
    """
    step = progress or (lambda _: None)
    home = trained.model.training.worlds[0].world
    step("training what the card is measured by")
    screens: list[Screen] = [CardScreen(CARD, trained.model), *standard(checklist)]
    for name in ("logistic regression", "gradient boosting"):
        screens.append(learned(name, trained.cases, candidates(checklist)))
    screens.append(learned("monotone gradient boosting", trained.cases, trained.signs))
    same = [item.indicator for item in trained.model.items]
    screens.append(replace(learned("gradient boosting", trained.cases, same), name="same items, boosted"))
    for screen in screens[-4:]:
        screen.line = draw_line(screen, trained.cases, 0.90)
    found = []
    for name in world_ids(checklist):
        step(f"world {name}")
        found.append(evaluate(screens, generate(load_world(checklist, name), n, seed), trained_on=home))
    return found


@dataclass(frozen=True)
class Curves:
    """What `curves` measures of one card."""

    sizes: list[Size]
    lengths: list[Length]
    prevalences: list[Prevalence]


def curves_of(trained: Trained, checklist: Checklist, recipe: Recipe, n: int, seed: int, progress: Callable[[str], None] | None = None) -> Curves:
    """Learning curve, curve by length and sweep of prevalence, in the world the card was trained on."""
    step = progress or (lambda _: None)
    world = load_world(checklist, trained.model.training.worlds[0].world)
    fresh = generate(world, n, seed)
    step("more cases")
    sizes = learning_curve(checklist, world, recipe, fresh, [s for s in SIZES if s < recipe.cases] + [recipe.cases])
    step("more items")
    lengths = by_length(trained, fresh, LENGTHS)
    step("other prevalence")
    return Curves(sizes, lengths, by_prevalence(trained, world, n, seed))


def goals(evaluation: Evaluation, screen: str = CARD) -> tuple[float, float, float]:
    """What `GOALS` ask for, as reached in one world."""
    mine, best = evaluation.result(screen), evaluation.result("gradient boosting")
    begging, everybody = (mine.figure("recall", g, AT).value for g in ("forced-begging child", "all"))
    return begging, begging - everybody, mine.figure("auc").value - best.figure("auc").value


def card_page(trained: Trained, evaluations: Sequence[Evaluation], checklist: Checklist, curves: Curves) -> str:
    """card.md."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    texts, model = checklist.texts("en"), trained.model
    items = [{"id": i.indicator, "yes": i.yes, "open": i.open, "text": texts.statement(i.indicator)} for i in model.items]
    path = [{"id": trained.signs[s.column], "recall": s.recall, "by": s.by_subgroup, "auc": s.auc} for s in trained.estimator.path_]
    own = {i.indicator for i in model.items}
    pool = [{"with": sorted(f"`{s}`" for s in other - own), "without": sorted(f"`{s}`" for s in own - other)}
            for other in ({trained.signs[i.column] for i in p} for p in trained.estimator.pool_)]
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent.parent / "templates"), autoescape=False,  # Markdown, of our own words only
                              undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("card.md.j2").render(
        m=model, items=items, path=path, path_groups=list(JUDGED), pool=pool, judged=JUDGED, seed=evaluations[0].seed, n=evaluations[0].n, beside=BESIDE,
        worlds=[_world(e) for e in evaluations], goals=_reached(evaluations),
        sizes=curves.sizes, lengths=curves.lengths, prevalences=curves.prevalences,
    ).rstrip() + "\n"


def _world(e: Evaluation) -> dict[str, Any]:
    card = e.result(CARD)
    rows = []
    for group in SHOWN:
        value = _figure(card, "recall", group, AT)
        if value is not None:
            rows.append({"group": group, "card": _short(value), "n": f"{value.n:,}", "own": _short(_figure(card, "recall", group, "own line")),
                         "beside": [_short(_figure(e.result(s), "recall", group, AT)) for s in BESIDE]})
    free = {f.subgroup.removeprefix("not exploited: "): f"{1 - f.value.value:.2f}" for f in card.figures
            if f.measure == "specificity" and f.at == "own line" and f.subgroup.startswith("not exploited: ")}
    return {
        "world": e.world, "trained_here": e.trained_here, "rows": rows, "false": free, "specificity": _short(_figure(card, "specificity", "all", "own line")),
        "auc": {r.screen: f"{r.figure('auc').value:.3f}" for r in e.results},
    }


def _figure(result: Result, measure: str, group: str, at: str) -> Any:
    try:
        return result.figure(measure, group, at)
    except KeyError:
        return None


def _short(value: Share | Area | None) -> str:
    return "" if value is None else f"{value.value:.2f} ({value.low:.2f}-{value.high:.2f})"


def _reached(evaluations: Sequence[Evaluation]) -> list[str]:
    """One line a goal: reached or not, in which worlds, and the ceiling where it was not."""
    lines = []
    for number, goal in enumerate(GOALS):
        values = {e.world: goals(e)[number] for e in evaluations}
        short = [w for w, v in values.items() if v < goal.least]
        said = f"Goal: {goal.text} at least {goal.least:+.2f}. " if goal.least < 0 else f"Goal: {goal.text} at least {goal.least:.2f}. "
        said += "Measured: " + ", ".join(f"{w} {v:+.3f}" if goal.least < 0 else f"{w} {v:.3f}" for w, v in values.items()) + ". "
        if not short:
            said += "**Reached in every world.**"
        else:
            said += f"**Not reached in {', '.join(short)}.** Ceilings: " + "; ".join(_ceiling(e, number) for e in evaluations if e.world in short) + "."
        lines.append(said)
    return lines


def _ceiling(e: Evaluation, number: int) -> str:
    if number == 2:
        best = e.result("gradient boosting").figure("auc").value
        return f"{e.world} " + ", ".join(f"{s} {e.result(s).figure('auc').value - best:+.3f}" for s in BESIDE[1:])
    return f"{e.world} " + ", ".join(f"{s} {goals(e, s)[number]:.3f}" for s in BESIDE)
