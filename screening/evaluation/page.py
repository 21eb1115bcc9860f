"""A card's own page, card.md, and the evaluation behind it: families of worlds in which it learned
nothing, first and above all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.errors import UsageError
from screening.evaluation.curves import Length, Size, by_length, learning_curve
from screening.evaluation.left_out import (
    ADULTS,
    AMONG,
    APART,
    OTHERS,
    PRECISION,
    RANKED,
    Apart,
    LeftOut,
    left_out,
)
from screening.evaluation.metrics import Area
from screening.evaluation.report import subgroups
from screening.evaluation.screens import (
    SAID,
    CardScreen,
    ProfileScreen,
    Screen,
    candidates,
    learned,
    standard,
)
from screening.evaluation.train import Recipe, Trained, training_groups
from screening.files.templates import render
from screening.proportion import Share, share
from screening.simulation.generate import Cases, generate
from screening.simulation.world import World

__all__ = ["ELSEWHERE", "Measured", "Study", "card_page", "goals", "measured"]

CARD = "card"
BOOSTED, MONOTONE = "gradient boosting", "monotone gradient boosting"
SIZES = (750, 1_500, 3_000)  # cases of each universe, of the learning curve, below the recipe's own
LENGTHS = (5, 10, 15, 20, 30)
AT, AT_90 = "specificity 0.75", "specificity 0.90"
FORMS = ("begging", "labour", "servitude", "sexual")
LEAST = -0.03  # of the card's AUC less that of the list's points
# What is measured where the program does not run: each benchmark writes its figures between the
# marks of its name.
ELSEWHERE = {
    "ctdc": "benchmarks/ctdc.py",
    "scorecard": "benchmarks/scorecard.py",
    "synth": "benchmarks/synth.py",
}


@dataclass(frozen=True)
class Study:
    """Where a card is measured.

    worlds : that it learned from; apart : the families left out
    cases : fresh ones of each family; universes : of each, for the range
    """

    worlds: Sequence[World]
    apart: Sequence[World]
    recipe: Recipe
    cases: int
    universes: int


@dataclass(frozen=True)
class Measured:
    """What `measured` finds out of one card.

    families : every way of screening in each family left out
    said : by family, what the card says of each group: shares of `SAID`
    """

    families: list[LeftOut]
    said: dict[str, dict[str, dict[str, Share]]]
    sizes: list[Size]
    lengths: list[Length]


def measured(
    trained: Trained,
    checklist: Checklist,
    study: Study,
    progress: Callable[[str], None] | None = None,
    n_jobs: int | None = None,
) -> Measured:
    """Measure a card beside practice, lists and ceilings where nothing was learned.

    Raises
    ------
    UsageError : U305 there is no family left out, U306 scikit-learn is not installed
    """
    recipe, apart, n = study.recipe, study.apart, study.cases
    if not apart:
        raise UsageError("U305.no_family_left", place="--world")
    step = progress or (lambda _: None)
    step("training what the card is measured by")
    screens = beside(trained, checklist)
    families, seed = [], recipe.seed + 1
    for world in apart:
        step(f"family {world.family}")
        families.append(
            left_out(screens, world, n, seed, n_universes=study.universes, n_jobs=n_jobs)
        )
    fresh = {world.family: generate(world, n, seed) for world in apart}
    card = CardScreen(CARD, trained.model)
    step("more cases")
    sizes = [s for s in SIZES if s < recipe.cases] + [recipe.cases]
    curve = learning_curve(checklist, study.worlds, recipe, fresh, sizes, n_jobs)
    step("more items")
    lengths = by_length(trained, fresh, LENGTHS, n_jobs)
    return Measured(families, {f: _said(card, c) for f, c in fresh.items()}, curve, lengths)


def beside(trained: Trained, checklist: Checklist) -> list[Screen]:
    """The card, what needs no training, and boosting, children and adults apart, as the ceiling."""
    every, own = candidates(checklist), set(trained.fits["child"].signs)
    own |= set(trained.fits["adult"].signs)
    screens: list[Screen] = [CardScreen(CARD, trained.model), *standard(checklist)]
    for name, signs in ((MONOTONE, sorted(own)), (BOOSTED, every)):
        child, adult = (
            learned(name, trained.sample, signs, who=trained.sample.of(p))
            for p in ("child", "adult")
        )
        screens.append(ProfileScreen(name, child, adult))
    return screens


def _said(card: CardScreen, cases: Cases) -> dict[str, dict[str, Share]]:
    """What the card says of everybody, by group."""
    said, groups = card.said(cases), subgroups(cases)
    asked = {
        "exploited children forced to beg": groups["forced-begging child"],
        "of these, with family and papers": groups["forced-begging child with family and papers"],
        "other exploited children": groups["other exploited child"],
        "exploited adults": ~cases.child & cases.exploited,
        "children not exploited": cases.child & ~cases.exploited,
        "of these, begging": cases.begging_child & ~cases.exploited,
        "adults not exploited": ~cases.child & ~cases.exploited,
    }
    return {
        name: {what: share(int((mask & who).sum()), int(who.sum())) for what, mask in said.items()}
        for name, who in asked.items()
        if who.any()
    }


def goals(families: Sequence[LeftOut], checklist: str) -> dict[str, dict[str, float]]:
    """By family and profile, the card's AUC less that of the list's own points."""
    of_list, found = f"{checklist} list by its points", dict[str, dict[str, float]]()
    for family in families:
        for profile, measure in RANKED.items():
            mine, list_ = (family.figure(s, measure) for s in (CARD, of_list))
            if mine is not None and list_ is not None:
                apart = mine.value.value - list_.value.value
                found.setdefault(family.family, {})[profile] = apart
    return found


def card_page(trained: Trained, checklist: Checklist, found: Measured) -> str:
    """card.md."""
    texts, model = checklist.texts("en"), trained.model
    return (
        render(
            "evaluation/card.md.j2",  # Markdown, of our own words only
            filters={"short": _short, "ranged": _ranged, "count": "{:,}".format},
            m=model,
            items={
                p: [
                    {
                        "id": i.indicator,
                        "yes": i.yes,
                        "open": i.open,
                        "text": texts.statement(i.indicator),
                    }
                    for i in model.items[p]
                ]
                for p in CASE_PROFILES
            },
            paths={p: _path(trained, p) for p in CASE_PROFILES},
            pools={p: _pool(trained, p) for p in CASE_PROFILES},
            families=[_family(f, found.said[f.family]) for f in found.families],
            said=SAID,
            sizes=found.sizes,
            lengths=found.lengths,
            whose={"child": "children", "adult": "adults"},
            goals=_reached(found.families, checklist.id),
            elsewhere=ELSEWHERE,
        ).rstrip()
        + "\n"
    )


def _pool(trained: Trained, profile: Any) -> list[dict[str, list[str]]]:
    own = {i.indicator for i in trained.model.items[profile]}
    fit = trained.fits[profile]
    return [
        {
            "with": sorted(f"`{s}`" for s in other - own),
            "without": sorted(f"`{s}`" for s in own - other),
        }
        for other in ({fit.signs[i.column] for i in p} for p in fit.estimator.pool_)
    ]


def _path(trained: Trained, profile: Any) -> dict[str, Any]:
    """What each item buys, with how many people each column rests on."""
    groups, fit = training_groups(trained.sample, profile), trained.fits[profile]
    names = sorted(set(groups.tolist()) - {""})
    n = {"all": int((groups != "").sum()), **{g: int((groups == g).sum()) for g in names}}
    steps = [
        {
            "id": fit.signs[s["column"]],
            "auc": s["auc"],
            "recalls": [
                share(s["recall"] * n["all"], n["all"]),
                *(share(s[f"recall of {g}"] * n[g], n[g]) for g in names),
            ],
        }
        for s in fit.estimator.path_.to_dict("records")
    ]
    return {"n": n, "steps": steps}


def _family(f: LeftOut, said: Mapping[str, Mapping[str, Share]]) -> dict[str, Any]:
    """One family as the page tells it: a row a way of screening."""
    screens = list(dict.fromkeys(one.screen for one in f.figures))
    depths = list(dict.fromkeys(one.depth for one in f.figures if one.depth))
    children = [("recall", AT), ("recall", AT_90), (APART, ""), (OTHERS, AT), (RANKED["child"], "")]
    adults = [
        (ADULTS, AT),
        *((f"{ADULTS}, {form}", AT) for form in FORMS),
        (RANKED["adult"], ""),
    ]
    return {
        "name": f.family,
        "title": f.title,
        "universes": f.universes,
        "n": f.cases,
        "children": {s: [f.figure(s, *asked) for asked in children] for s in screens},
        "adults": {s: [f.figure(s, *asked) for asked in adults] for s in screens},
        "depths": depths,
        "by_depth": {
            s: [f.figure(s, measure, AT, d) for measure in ("recall", ADULTS) for d in depths]
            for s in screens
        },
        "among": AMONG,
        "precision": {
            s: row
            for s in screens
            if any(row := [f.figure(s, PRECISION, f"{a:.2f} exploited") for a in AMONG])
        },
        "said": said,
    }


def _short(value: Share | Area | None) -> str:
    return "" if value is None else f"{value.value:.2f} ({value.low:.2f}-{value.high:.2f})"


def _ranged(figure: Apart | None) -> str:
    """With the interval, and the range over universes after the semicolon."""
    if figure is None:
        return ""
    v, low, high = figure.value, figure.low, figure.high
    over = "" if low is None else f"; {low:.2f}-{high:.2f}"
    return f"{v.value:.2f} ({v.low:.2f}-{v.high:.2f}{over})"


def _reached(families: Sequence[LeftOut], checklist: str) -> list[str]:
    """A line a profile: how the card ranks beside the list's points, and whether that is enough."""
    found, lines = goals(families, checklist), []
    for profile in CASE_PROFILES:
        values = {family: by[profile] for family, by in found.items() if profile in by}
        short = [family for family, v in values.items() if v < LEAST]
        lines.append(
            f"{profile.capitalize()}: AUC no more than {-LEAST:.2f} below that of the list's"
            " points, at the same length of record. Measured: "
            + ", ".join(f"{family} {v:+.3f}" for family, v in values.items())
            + (f". **Not reached in {', '.join(short)}.**" if short else ". **Reached.**")
        )
    return lines
