"""A card's own page, card.md, and the evaluation behind it: fresh cases of every world, ceilings
beside the card, goals and what was reached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

from screening.checklist.model import Checklist
from screening.evaluation.ceilings import Ceiling, Tradeoff, ceilings, tradeoffs
from screening.evaluation.curves import (
    Length,
    Prevalence,
    Size,
    by_length,
    by_prevalence,
    learning_curve,
)
from screening.evaluation.metrics import Area
from screening.evaluation.report import Evaluation, Result, draw_line, evaluate
from screening.evaluation.screens import SAID, CardScreen, Screen, candidates, learned, standard
from screening.evaluation.train import BEGGING, JUDGED, Recipe, Trained, training_groups
from screening.files.templates import render
from screening.proportion import Share, share
from screening.simulation.generate import Cases, generate
from screening.simulation.world import load_world, world_ids

__all__ = [
    "ELSEWHERE",
    "GOALS",
    "Curves",
    "Goal",
    "card_page",
    "curves_of",
    "fresh_cases",
    "goals",
    "in_every_world",
]

CARD = "card"
SIZES = (2_500, 5_000, 10_000, 20_000)  # of the learning curve, as far as they go
LENGTHS = (5, 10, 15, 20, 30, 40)
AT, AT_90 = "specificity 0.75", "specificity 0.90"
BESIDE = ("gradient boosting", "monotone gradient boosting", "same items, boosted")
SHOWN = (
    "all",
    "forced-begging child",
    "forced-begging child with family and papers",
    "other exploited child",
    "adult, begging",
    "adult, sexual",
    "adult, labour",
    "adult, servitude",
    "child with family and papers",
    "child without family or papers",
    "open answers below 1/3",
    "open answers 1/3 to 1/2",
    "open answers above 1/2",
)
CALIBRATED = (
    "all",
    "child",
    "adult",
    "child with family and papers",
    "open answers below 1/3",
    "open answers above 1/2",
)
# What is measured where the program does not run: each benchmark writes its figures between the
# marks of its name.
ELSEWHERE = {
    "ctdc": "benchmarks/ctdc.py",
    "scorecard": "benchmarks/scorecard.py",
    "synth": "benchmarks/synth.py",
}


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


def fresh_cases(checklist: Checklist, n: int, seed: int) -> dict[str, Cases]:
    """n cases of every world of the list, by world."""
    return {name: generate(load_world(checklist, name), n, seed) for name in world_ids(checklist)}


def in_every_world(
    trained: Trained,
    checklist: Checklist,
    fresh: Mapping[str, Cases],
    progress: Callable[[str], None] | None = None,
    n_jobs: int | None = None,
) -> list[Evaluation]:
    """The card beside practice, lists and ceilings, on fresh cases of every world.

    EBM is among them where it is installed.

    Raises
    ------
    UsageError : U306 scikit-learn is not installed
    """
    step = progress or (lambda _: None)
    step("training what the card is measured by")
    screens: list[Screen] = [CardScreen(CARD, trained.model), *standard(checklist)]
    names = [
        "logistic regression",
        *(["EBM"] if find_spec("interpret") else []),
        "gradient boosting",
    ]
    models = [learned(name, trained.cases, candidates(checklist)) for name in names]
    models.append(learned("monotone gradient boosting", trained.cases, trained.signs))
    same = [item.indicator for item in trained.model.items]
    models.append(
        replace(learned("gradient boosting", trained.cases, same), name="same items, boosted")
    )
    for screen in models:
        screen.line = draw_line(screen, trained.cases, 0.90)
    found = []
    for name, cases in fresh.items():
        step(f"world {name}")
        worlds = trained.model.training.worlds
        found.append(evaluate([*screens, *models], cases, trained_on=worlds, n_jobs=n_jobs))
    return found


@dataclass(frozen=True)
class Curves:
    """What `curves_of` measures of one card."""

    sizes: list[Size]
    lengths: list[Length]
    prevalences: list[Prevalence]
    ceilings: list[Ceiling]
    tradeoffs: list[Tradeoff]


def curves_of(
    trained: Trained,
    checklist: Checklist,
    recipe: Recipe,
    fresh: Mapping[str, Cases],
    progress: Callable[[str], None] | None = None,
    n_jobs: int | None = None,
) -> Curves:
    """What it costs to serve forced-begging children and what could be reached for them; learning
    curve, curve by length, sweep of prevalence.
    """
    step = progress or (lambda _: None)
    world = load_world(checklist, trained.model.training.worlds[0].world)
    home = fresh[world.id]
    step("other weights")
    trades = tradeoffs(trained, recipe, fresh, n_jobs)
    step("ceilings")
    tops = ceilings(trained, checklist, fresh, n_jobs)
    step("more cases")
    counts = [s for s in SIZES if s < recipe.cases] + [recipe.cases]
    sizes = learning_curve(checklist, world, recipe, home, counts, n_jobs)
    step("more items")
    lengths = by_length(trained, fresh, LENGTHS, n_jobs)
    step("other prevalence")
    return Curves(sizes, lengths, by_prevalence(trained, world, len(home), home.seed), tops, trades)


def goals(evaluation: Evaluation, screen: str = CARD) -> tuple[float, float, float]:
    """What `GOALS` ask for, as reached in one world."""
    mine, best = evaluation.result(screen), evaluation.result("gradient boosting")
    begging, everybody = (mine.figure("recall", g, AT).value for g in (BEGGING, "all"))
    return begging, begging - everybody, mine.figure("auc").value - best.figure("auc").value


def card_page(
    trained: Trained, evaluations: Sequence[Evaluation], checklist: Checklist, curves: Curves
) -> str:
    """card.md."""
    texts, model = checklist.texts("en"), trained.model
    items = [
        {"id": i.indicator, "yes": i.yes, "open": i.open, "text": texts.statement(i.indicator)}
        for i in model.items
    ]
    own = {i.indicator for i in model.items}
    pool = [
        {
            "with": sorted(f"`{s}`" for s in other - own),
            "without": sorted(f"`{s}`" for s in own - other),
        }
        for other in ({trained.signs[i.column] for i in p} for p in trained.estimator.pool_)
    ]
    return (
        render(
            "evaluation/card.md.j2",  # Markdown, of our own words only
            filters={
                "short": _short,
                "count": "{:,}".format,
                "extract": lambda key, of: of[key],
            },
            m=model,
            items=items,
            path=_path(trained),
            judged=JUDGED,
            pool=pool,
            seed=evaluations[0].seed,
            n=evaluations[0].n,
            beside=BESIDE,
            said=SAID,
            worlds=[_world(e) for e in evaluations],
            goals=_reached(evaluations, curves),
            c=curves,
            elsewhere=ELSEWHERE,
            has_ebm=any(r.screen == "EBM" for r in evaluations[0].results),
            begging={e.world: _figure(e.result(CARD), "recall", BEGGING, AT) for e in evaluations},
            average={
                e.world: _figure(e.result("gradient boosting"), "recall", BEGGING, AT)
                for e in evaluations
            },
        ).rstrip()
        + "\n"
    )


def _path(trained: Trained) -> dict[str, Any]:
    """What each item buys, with how many people each column rests on."""
    groups = training_groups(trained.cases)
    n = {"all": int(trained.cases.exploited.sum()), **{g: int((groups == g).sum()) for g in JUDGED}}
    steps = [
        {
            "id": trained.signs[s["column"]],
            "auc": s["auc"],
            "recalls": [
                share(s["recall"] * n["all"], n["all"]),
                *(share(s[f"recall of {g}"] * n[g], n[g]) for g in JUDGED),
            ],
        }
        for s in trained.estimator.path_.to_dict("records")
    ]
    return {"n": n, "steps": steps}


def _world(e: Evaluation) -> dict[str, Any]:
    card = e.result(CARD)
    rows = []
    for group in SHOWN:
        value = _figure(card, "recall", group, AT)
        if value is not None:
            rows.append(
                {
                    "group": group,
                    "n": value.n,
                    "cells": [
                        value,
                        _figure(card, "recall", group, AT_90),
                        *(_figure(card, "share of the exploited", group, s) for s in SAID),
                        *(_figure(e.result(s), "recall", group, AT) for s in BESIDE),
                    ],
                }
            )
    free = [
        name
        for name in dict.fromkeys(f.subgroup for f in card.figures)
        if name.startswith("not exploited: ")
    ]
    others = [
        {
            "group": g.removeprefix("not exploited: "),
            "n": v.n,
            "cells": [_figure(card, "share of the not exploited", g, s) for s in SAID],
        }
        for g in ["all", *free]
        if (v := _figure(card, "share of the not exploited", g, SAID[0])) is not None
    ]
    return {
        "world": e.world,
        "trained_here": e.trained_here,
        "training_cases": e.training_cases,
        "exploited": e.exploited,
        "others": e.n - e.exploited,
        "rows": rows,
        "free": others,
        "auc": {
            r.screen: (
                r.figure("auc"),
                _figure(r, "precision", "all", AT),
                _figure(r, "recall", BEGGING, AT_90),
            )
            for r in e.results
        },
        "calibration": {g: card.calibration_by[g] for g in CALIBRATED if g in card.calibration_by},
    }


def _figure(result: Result, measure: str, group: str, at: str) -> Any:
    try:
        return result.figure(measure, group, at)
    except KeyError:
        return None


def _short(value: Share | Area | None) -> str:
    return "" if value is None else f"{value.value:.2f} ({value.low:.2f}-{value.high:.2f})"


def _reached(evaluations: Sequence[Evaluation], curves: Curves) -> list[str]:
    """One line a goal: reached or not, in which worlds, and what is known of the ceiling where it
    was not.
    """
    lines = []
    for number, goal in enumerate(GOALS):
        values = {e.world: goals(e)[number] for e in evaluations}
        short = [w for w, v in values.items() if v < goal.least]
        said = (
            f"Goal: {goal.text} at least {goal.least:+.2f}. "
            if goal.least < 0
            else f"Goal: {goal.text} at least {goal.least:.2f}. "
        )
        said += (
            "Measured: "
            + ", ".join(
                f"{w} {v:+.3f}" if goal.least < 0 else f"{w} {v:.3f}" for w, v in values.items()
            )
            + ". "
        )
        said += (
            f"**Not reached in {', '.join(short)}.** {_why(evaluations, curves, number, short)}"
            if short
            else "**Reached in every world.**"
        )
        lines.append(said)
    return lines


def _why(
    evaluations: Sequence[Evaluation], curves: Curves, number: int, short: Sequence[str]
) -> str:
    """What could be reached where a goal was not: whether a ceiling proves it out of reach, in
    words that claim no more.
    """
    here = [e for e in evaluations if e.world in short]
    if number == 2:
        items = next(
            (length for length in curves.lengths if length.items == 15), curves.lengths[-1]
        )
        best = {e.world: e.result("gradient boosting").figure("auc").value for e in here}
        near = "; ".join(f"{w} {items.boosted[w] - value:+.3f}" for w, value in best.items())
        return f"Best {items.items} signs that were found for everybody's average, boosted: {near}."
    if number == 0:
        boosted, alone = (
            next(c.by_world for c in curves.ceilings if c.short and ("boosted" in c.name) == kind)
            for kind in (True, False)
        )
        possible = [
            w
            for w in short
            if any(c.by_world[w].high >= GOALS[0].least for c in curves.ceilings if not c.short)
        ]
        closed = [w for w in short if w not in possible]
        said = ""
        if possible:
            said += (
                "With all signs, boosted for these children alone, it could be reached in"
                f" {', '.join(possible)}: it is not these worlds that make it impossible. "
            )
        if closed:
            said += f"In {', '.join(closed)} not even that reaches it. "
        one, two = (", ".join(f"{w} {top[w].value:.3f}" for w in short) for top in (alone, boosted))
        return (
            f"{said}The most that as many signs were found to reach, for them alone and serving"
            f" nobody else: as a card {one}; boosted {two}."
        )
    return (
        "Others: "
        + "; ".join(
            f"{e.world} " + ", ".join(f"{s} {goals(e, s)[number]:.3f}" for s in BESIDE)
            for e in here
        )
        + "."
    )
