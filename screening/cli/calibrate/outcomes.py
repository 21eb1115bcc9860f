"""`calibrate outcomes`: formal decisions that came back, and what they say of the tool."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from screening.checklist import load_checklist
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.weights import load_weights
from screening.cli.casebook import By, PassphraseFile, Store
from screening.cli.options import SOURCE, Encoding, Lang, List_, Overwrite, Weights
from screening.cli.terminal import columns, paragraph
from screening.errors import UsageError
from screening.i18n import Words, words

if TYPE_CHECKING:
    from screening.calibration.outcomes.measured import OutcomeReport
    from screening.calibration.outcomes.relearn import Learned
    from screening.checklist.model import Checklist, WeightSet

__all__ = ["outcomes"]


class Face(StrEnum):
    TEXT = "text"
    JSON = "json"


def outcomes(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Table of outcomes: CSV, XLSX, Parquet or Arrow, one row per case. Without it, the"
            " casebook of --store.",
        ),
    ] = None,
    findings: Annotated[
        Path | None,
        typer.Option(
            "--findings",
            metavar="FILE",
            help="What the tool had found, joined by case_id, if FILE has only the decisions.",
        ),
    ] = None,
    only_actual: Annotated[
        bool,
        typer.Option("--only-actual", help="Count only actual victims, not possible ones."),
    ] = False,
    width: Annotated[
        float,
        typer.Option(
            "--width",
            help="Width of the interval of recall for which the sample still needed is shown.",
        ),
    ] = 0.2,
    propose: Annotated[
        str | None,
        typer.Option(
            "--propose",
            metavar="ID",
            help="Write the proposed weights as an unsigned set with this id, if there are any.",
        ),
    ] = None,
    title: Annotated[str, typer.Option("--title", help="Title of that set.")] = "",
    authors: Annotated[
        list[str] | None,
        typer.Option(
            "--author", metavar="NAME", help="Who is responsible for it. Can be repeated."
        ),
    ] = None,
    recheck_by: Annotated[
        datetime | None,
        typer.Option(
            "--recheck-by",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="The day by which that set must be re-checked.",
        ),
    ] = None,
    face: Annotated[Face, typer.Option("--format", help="text, or json.")] = Face.TEXT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Also write everything as JSON."),
    ] = None,
    weights: Weights = None,
    checklist: List_ = DEFAULT_LIST,
    lang: Lang = SOURCE,
    encoding: Encoding = None,
    overwrite: Overwrite = False,
    store: Store = None,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Measure recall and specificity from formal decisions that came back.

    Corrected for partial verification; small counts are hidden. New weights are proposed only from
    1,000 verified outcomes on, and only if they do better on later cases.

    Example: screening calibrate outcomes outcomes.csv
    """
    from screening.calibration.outcomes.measured import measure
    from screening.calibration.outcomes.relearn import learn
    from screening.calibration.outcomes.table import read_outcomes
    from screening.files.atomic import OutputFile

    loaded = load_checklist(checklist)
    before = load_weights(loaded, weights, draft=weights is not None)
    if output is not None and output.exists() and not overwrite:
        raise UsageError("U302.file_exists", place=str(output))
    if propose is not None and not (title and authors and recheck_by):
        raise UsageError("U305.proposal_incomplete", place="--propose")
    source = file if file is not None else _of_casebook(store, passphrase_file, by)
    found = read_outcomes(
        source, findings, checklist=loaded, weights=before, today=date.today(), encoding=encoding
    )
    report = measure(found, possible_count=not only_actual, width=width)
    learned = learn(found, loaded, before, possible_count=not only_actual)
    data = _data(report, learned, before)
    if face is Face.JSON:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for line in _lines(data, report, learned, before, words(lang)):
            typer.echo(line)
    if output is not None:
        with OutputFile(output, overwrite=overwrite) as out:
            out.write((json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())
    if propose is not None and title and authors and recheck_by:
        _write(propose, (title, authors, recheck_by.date()), loaded, before, learned)


def _of_casebook(store: Path | None, passphrase_file: Path | None, by: str | None) -> Any:
    """What became of the cases of a casebook, without their numbers; that it was read is an
    event.
    """
    from screening.casebook.outcomes import outcome_frame
    from screening.cli.case.desk import at_work

    with at_work(store, passphrase_file, by) as desk:
        desk.load.looked("outcomes")
        return outcome_frame(desk.load.states())


def _data(report: OutcomeReport, learned: Learned, before: WeightSet) -> dict[str, Any]:
    """Everything, small counts hidden."""
    from screening.calibration.outcomes.relearn import LEAST_OUTCOMES
    from screening.files.jsondata import plain

    changed = {
        p: {i: [before.points[p][i], n] for i, n in by.items() if before.points[p][i] != n}
        for p, by in (learned.points or {}).items()
    }
    told = {
        "why": learned.why,
        "needed": LEAST_OUTCOMES,
        "since": learned.since.isoformat() if learned.since else None,
        "gain": None if learned.gain is None else plain(learned.gain, 3),
        "changes": changed,
    }
    return {**report.protected(), "weights": told, "before": before.id}


def _lines(
    data: dict[str, Any], report: OutcomeReport, learned: Learned, before: WeightSet, say: Words
) -> Iterator[str]:
    yield typer.style(
        say("{n} people screened", n=_count(data["screened"], say))
        + ", "
        + ", ".join(_decisions(data, say)),
        bold=True,
    )
    yield paragraph(
        say(
            "Decisions are not truth: an authority may be wrong, and may have seen the finding."
            " Possible victims count as victims."
        )
        if report.possible_count
        else say(
            "Decisions are not truth: an authority may be wrong, and may have seen the finding."
            " Only actual victims count as victims."
        )
    )
    for line in _cautions(data, report, say):
        yield paragraph(f"! {line}", "", "  ")
    yield ""
    yield _table(data, say)
    yield ""
    yield paragraph(
        say(
            "Recall and specificity are corrected for partial verification: of people who were not"
            " referred, only those drawn at random say anything about the rest. The last column is"
            " what the verified alone would give; it is too high."
        )
    )
    if report.blind:
        yield paragraph(
            "! "
            + say(
                "Nobody who was not referred has been verified at random. Recall of the verified"
                " alone is then 1.000 whatever the truth, and the true recall cannot be known."
            ),
            "",
            "  ",
        )
    yield from _sample(data, say)
    yield from _weights(data, learned, before, say)


def _count(n: int | None, say: Words) -> str:
    return say("fewer than 10") if n is None else str(n)


def _decisions(data: dict[str, Any], say: Words) -> Iterator[str]:
    from screening.calibration.outcomes.table import DECISIONS

    for code, word in DECISIONS.items():
        yield f"{say(word)}: {_count(data['decisions'][code], say)}"


def _cautions(data: dict[str, Any], report: OutcomeReport, say: Words) -> Iterator[str]:
    if report.late:
        yield say(
            "Left out because the finding was logged after the decision: {n}.",
            n=_count(data["late"], say),
        )
    if report.scored_now:
        yield say(
            "Findings made now from the answers, not logged at the time: {n}. Whoever wrote the"
            " answers may have known the decision.",
            n=_count(data["scored_now"], say),
        )
    if report.undated:
        yield say(
            "Decisions about a finding without a day: {n}. Whether it was logged before cannot be"
            " checked.",
            n=_count(data["undated"], say),
        )


def _table(data: dict[str, Any], say: Words) -> str:
    from screening.calibration.outcomes.measured import AT, GROUPS

    rows = [
        (
            say(GROUPS[m["group"]]),
            say(AT[m["at"]]),
            f"{_count(m['verified_above'], say)} / {_count(m['referred'], say)}",
            f"{_count(m['verified_below'], say)} / {_count(m['not_referred'], say)}",
            *(_share(m[name], say) for name in ("recall", "specificity", "verified_only")),
        )
        for m in data["measured"]
    ]
    return columns(
        rows,
        (
            "",
            "",
            say("verified of referred"),
            say("of the others"),
            say("recall"),
            say("specificity"),
            say("verified alone"),
        ),
    )


def _share(told: dict[str, float | None] | None, say: Words) -> str:
    """A share in words; nothing where too few people stand behind it."""
    if told is None:
        return say("too few")
    value = say("not known") if told["value"] is None else f"{told['value']:.2f}"
    return f"{value} ({told['low']:.2f}-{told['high']:.2f})"


def _sample(data: dict[str, Any], say: Words) -> Iterator[str]:
    from screening.calibration.outcomes.measured import GROUPS

    for need in data["needed"]:
        group, width = say(GROUPS[need["group"]]), f"{need['width']:g}"
        if need["total"] is None:
            told = say(
                "{group}: an interval of recall no wider than {width} needs more people: even"
                " verifying everybody who was not referred so far would not be enough.",
                group=group,
                width=width,
            )
        elif not need["more"]:
            told = say(
                "{group}: enough people drawn at random are verified for an interval of recall no"
                " wider than {width} ({total}).",
                group=group,
                width=width,
                total=need["total"],
            )
        else:
            told = say(
                "{group}: for an interval of recall no wider than {width}, verify {more} more"
                " people drawn at random from those not referred ({total} in all). As a rule, a"
                " random 10 %: {rule} so far.",
                group=group,
                width=width,
                more=need["more"],
                total=need["total"],
                rule=_count(need["rule"], say),
            )
        if need["guessed"] and need["more"]:
            told += " " + say(
                "No victim is known among them yet, so this supposes that as many are missed as"
                " found."
            )
        yield paragraph(told)


def _weights(
    data: dict[str, Any], learned: Learned, before: WeightSet, say: Words
) -> Iterator[str]:
    from screening.calibration.outcomes.relearn import LEAST_OUTCOMES, WHY

    yield ""
    why = say(WHY[learned.why], least=f"{LEAST_OUTCOMES:,}")
    gain = learned.gain
    if gain is not None and learned.since is not None:
        yield paragraph(
            say(
                "On the decisions from {since} on, which nothing was learned from: AUC {before}"
                " before, {after} after, gain {gain} (95 % {low} to {high}).",
                since=learned.since.isoformat(),
                before=f"{gain.before:.3f}",
                after=f"{gain.after:.3f}",
                gain=f"{gain.gain:+.3f}",
                low=f"{gain.low:+.3f}",
                high=f"{gain.high:+.3f}",
            )
        )
    if learned.points is None:
        yield paragraph(say("No new weights are proposed: {why}.", why=why))
        return
    yield paragraph(say("New weights are proposed: {why}. Two people must sign them.", why=why))
    rows = [
        (i, say(p), str(old), str(new))
        for p, by in data["weights"]["changes"].items()
        for i, (old, new) in by.items()
    ]
    yield columns(rows, (say("sign"), "", say("was"), say("now")))


def _write(
    name: str,
    about: tuple[str, list[str], date],
    checklist: Checklist,
    before: WeightSet,
    learned: Learned,
) -> None:
    """The proposal as an unsigned set; nothing is written where there is none."""
    from screening.calibration.files import Draft, weights_target, write_draft

    proposal = learned.proposal(before)
    if proposal is None:
        return
    title, authors, recheck_by = about
    path = weights_target(checklist, name)
    today = date.today()
    write_draft(checklist, before, proposal, path, Draft(title, authors, today, recheck_by, today))
    typer.echo(f"written: {path}", err=True)
