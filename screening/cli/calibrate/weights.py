"""`calibrate weights` and `thresholds`: a new set proposed, and a line on its points."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist import load_checklist, teaching_sets
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.model import WeightSet
from screening.checklist.schema import CASE_PROFILES
from screening.checklist.weights import load_weights
from screening.cli.calibrate.options import Seed, Sets, as_day
from screening.cli.options import Encoding, List_, Weights
from screening.cli.progress import progress
from screening.cli.terminal import INVENTED, columns, paragraph
from screening.errors import UsageError

if TYPE_CHECKING:
    from screening.calibration.impact import Threshold
    from screening.calibration.propose import Proposal

__all__ = ["thresholds", "weights"]

_SHOWN = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)  # points that are told of, of all that are tried


class How(StrEnum):
    """ratings: what people say; card: what a card says; blend: both."""

    RATINGS = "ratings"
    CARD = "card"
    BLEND = "blend"


def weights(
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="ID",
            help=(
                "Id of the new set, a date and a word (2027-01-15-trainers), or a file of that"
                " name."
            ),
        ),
    ],
    title: Annotated[str, typer.Option("--title", help="Title of the set, in one line.")],
    authors: Annotated[
        list[str],
        typer.Option(
            "--author", metavar="NAME", help="Who is responsible for it. Can be repeated."
        ),
    ],
    recheck_by: Annotated[
        datetime,
        typer.Option(
            "--recheck-by",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="The day by which the set must be re-checked.",
        ),
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Files of ratings.")
    ] = None,
    method: Annotated[
        How, typer.Option("--method", help="Use ratings, a scorecard, or a blend of both.")
    ] = How.RATINGS,
    model: Annotated[
        str | None, typer.Option("--model", metavar="ID", help="The scorecard.")
    ] = None,
    worth: Annotated[
        float,
        typer.Option(
            "--worth",
            min=0,
            max=1000,
            help="With blend: the number of raters that the scorecard counts as.",
        ),
    ] = 0.0,
    bounds: Annotated[
        Path | None,
        typer.Option(
            "--bounds",
            metavar="CSV",
            help="File of limits, with the columns indicator, profile (blank: all), low, high.",
        ),
    ] = None,
    alone: Annotated[
        list[str] | None,
        typer.Option(
            "--alone",
            metavar="SIGN=REASON",
            help=(
                "Why a sign that now reaches the line may refer a person alone. Can be repeated."
            ),
        ),
    ] = None,
    valid_from: Annotated[
        datetime | None,
        typer.Option(
            "--valid-from",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="First day on which it may be used. Default: today.",
        ),
    ] = None,
    note: Annotated[
        str, typer.Option("--evidence", help="Other evidence for the set, kept in it.")
    ] = "",
    draws: Annotated[
        int, typer.Option("--draws", help="Number of plausible sets to keep with it.")
    ] = 40,
    seed: Seed = 1,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="ID", help="The set to start from. Default: the one in force."
        ),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    encoding: Encoding = None,
) -> None:
    """Propose a new, unsigned weight set from ratings, from a scorecard, or from a blend of both.

    Example: screening calibrate weights ratings.csv -o 2027-01-15-trainers --title "Twelve
    trainers" --author "A. Kola" --recheck-by 2028-01-15
    """
    from screening.calibration.bounds import read_bounds
    from screening.calibration.files import Draft, weights_target, write_draft
    from screening.calibration.forms import read_ratings
    from screening.calibration.propose import Draws, propose
    from screening.calibration.ratings import form_of
    from screening.scorecard.card_json import load_model

    loaded = load_checklist(checklist)
    form = form_of(loaded, teaching_sets(loaded, sets or []))
    old = load_weights(loaded, before, draft=before is not None)
    if not 0 <= draws <= 200:
        raise UsageError("U305.plausible_sets", place="--draws", draws=draws)
    path = weights_target(loaded, output)
    limits = read_bounds(bounds, old, encoding) if bounds else {}
    found = read_ratings(files, form, encoding=encoding) if files else None
    card = load_model(model, loaded) if model else None
    proposal = propose(
        loaded, old, found, card, method.value, worth=worth, bounds=limits, draws=Draws(draws, seed)
    )
    made = write_draft(
        loaded,
        old,
        proposal,
        path,
        Draft(
            title=title,
            authors=authors,
            valid_from=as_day(valid_from),
            recheck_by=recheck_by.date(),
            today=date.today(),
            note=note,
            alone=_reasons(alone or []),
        ),
    )
    _print_proposal(made, proposal, old)
    typer.echo(
        f"written: {path}. See what it changes: screening calibrate impact"
        f" {made.id if path.parent == loaded.folder / 'weights' else path}",
        err=True,
    )


def _reasons(given: Iterable[str]) -> dict[str, str]:
    """The reasons of `--alone`, by sign."""
    found = {}
    for text in given:
        sign, equals, why = (part.strip() for part in text.partition("="))
        if not (sign and equals and why):
            raise UsageError("U305.alone_without_reason", place="--alone", text=text)
        found[sign] = why
    return found


def _print_proposal(made: WeightSet, proposal: Proposal, old: WeightSet) -> None:
    """What moves from the old set to the one made, sign by sign, and how sure that is."""
    from screening.calibration.propose import LEAST

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


def thresholds(
    weights: Weights = None,
    recall: Annotated[
        float,
        typer.Option("--recall", help="Recall to keep, by the lower end of its interval."),
    ] = 0.90,
    n: Annotated[
        int, typer.Option("--cases", "-n", help="Number of invented cases of each world.")
    ] = 40_000,
    seed: Seed = 3,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Show the highest line at which this recall is kept, and whom it would refer wrongly, by
    world. A set without lines is tried by points alone.

    Example: screening calibrate thresholds --recall 0.85
    """
    from screening.calibration.impact import population, unused_worlds
    from screening.calibration.impact import thresholds as table
    from screening.simulation import load_world

    loaded = load_checklist(checklist)
    chosen = load_weights(loaded, weights, draft=weights is not None)
    if not 0 < recall < 1:
        raise UsageError("U305.recall", place="--recall", recall=recall)
    worlds = unused_worlds(loaded, chosen)
    if chosen.lines:
        now = ", ".join(f"{p} {chosen.lines[p].refer}" for p in CASE_PROFILES)
        typer.secho(f"The line for a referral, {chosen.id} (now: {now})", bold=True)
        told = (
            "So many points, on two telling signs of different facts or on one that reaches the"
            " line alone."
        )
    else:
        typer.secho(f"Referral by points alone, {chosen.id}", bold=True)
        told = "The list's other rules count signs and find more than points alone do."
    typer.echo(paragraph(f"{INVENTED} {told}"))
    with progress("worlds") as tick:
        for k, name in enumerate(worlds):
            people = population(load_world(loaded, name), n, seed)
            typer.echo()
            typer.secho(f"World {name}: {n} cases, seed {seed}", bold=True)
            _print_thresholds(table(loaded, chosen, people), recall)
            tick(k + 1, len(worlds))


def _print_thresholds(found: Iterable[Threshold], recall: float) -> None:
    """Some of the lines, and from which on the share is found for sure in each profile."""
    rows, picked = [], dict.fromkeys(CASE_PROFILES, 0)
    for t in found:
        least = min(t.recall.low, t.begging.low if t.begging.n else 1.0)
        if least >= recall:
            picked[t.profile] = max(picked[t.profile], t.points)
        if t.points in _SHOWN:
            rows.append((t.profile, str(t.points), str(t.recall), str(t.begging), str(t.spared)))
    typer.echo(
        columns(
            rows,
            ("", "points", "exploited found", "forced-begging children found", "others spared"),
        )
    )
    for profile, points in picked.items():
        told = f"{points} points or less find" if points else "no number of points finds"
        typer.echo(f"  {profile}: {told} {recall:.0%} for sure")
