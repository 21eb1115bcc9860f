"""Bodies of `score`, `explain` and `triage`."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from screening.checklist import Checklist, WeightSet, load_checklist, load_weights
from screening.checklist.weights import check_dates
from screening.cli.terminal import print_explanation, print_work_list, warn
from screening.errors import KnowledgeError, UsageError, nearest

if TYPE_CHECKING:
    from screening.answers import Case
    from screening.scorecard.model import CardModel

__all__ = ["explain", "score", "triage"]


def load(
    checklist: str, weights: str | None, on: date | None = None
) -> tuple[Checklist, WeightSet]:
    """A list with its weights; a comparator says on stderr what it is, and weights in force that
    are due to be looked at again say so.

    A set chosen by hand must be valid on the day. The set in force is never refused for its age:
    somebody waits for a finding.
    """
    loaded = load_checklist(checklist)
    if loaded.role == "comparator":
        warn(
            [
                f"the list {loaded.id} is a comparator: for comparison only, never for use with"
                " people"
            ]
        )
    day = on or date.today()
    found = load_weights(loaded, weights, on=day)
    if weights is None:
        try:
            check_dates(found, day)
        except KnowledgeError as error:
            warn([f"{error.problem}; it is still used: tell the trainers"])
    return loaded, found


def load_card(ref: str | None, checklist: Checklist) -> CardModel | None:
    """The card asked for; on stderr it says that the list has changed since the card was made."""
    if ref is None:
        return None
    from screening.scorecard.model import load_model

    model = load_model(ref, checklist)
    if model.checklist.sha256 != checklist.sha256:
        warn(
            [
                f"the card {model.id} was made for version {model.checklist.version} of this list;"
                f" it is {checklist.version} now, or has changed within it"
            ]
        )
    return model


def explain(
    file: Path,
    case_id: str,
    checklist: str,
    weights: str | None,
    lang: str,
    encoding: str | None,
    everything: bool,
    card: str | None = None,
    on: date | None = None,
) -> None:
    from screening.scoring import score as score_one
    from screening.scoring.explain import explain as in_words
    from screening.tables.cases import read_cases

    loaded, weight_set = load(checklist, weights, on)
    reader = read_cases(file, loaded, encoding=encoding, today=date.today())
    found: Case | None = None
    seen: list[str] = []
    for case in reader:
        seen.append(case.case_id)
        if case.case_id == case_id:
            found = case
    warn(reader.warnings)
    if found is None:
        raise UsageError(
            "U304.case_not_in_file",
            place=str(file),
            near=nearest(case_id, seen),
            case_id=case_id,
            n_seen=len(seen),
        )
    texts = loaded.texts(lang)
    model = load_card(card, loaded)
    assessment = score_one(found, loaded, weight_set, lang)
    if model is not None:
        assessment = replace(assessment, second_opinion=model.opinion(found, loaded))
    print_explanation(in_words(assessment, texts, None if everything else 8), title=case_id)


def triage(
    file: Path,
    checklist: str,
    weights: str | None,
    lang: str,
    encoding: str | None,
    on: date | None,
    format_: str,
) -> None:
    from screening.i18n import words
    from screening.scoring import score as score_one
    from screening.scoring.triage import work_list
    from screening.tables.cases import read_cases

    loaded, weight_set = load(checklist, weights, on)
    today = on or date.today()
    reader = read_cases(file, loaded, encoding=encoding, today=today)
    items = work_list(((case, score_one(case, loaded, weight_set, lang)) for case in reader), today)
    warn(reader.warnings)
    if format_ == "table":
        title = words(lang).plural("Work list: {n} case", "Work list: {n} cases", len(items))
        print_work_list(dict(enumerate(items, 1)), loaded.texts(lang), title)
        typer.echo(f"Weights: {weight_set.id}, {weight_set.standing}.", err=True)
        return
    from screening.tables.worklist import work_list_csv, work_list_json

    typer.echo(work_list_json(items) if format_ == "json" else work_list_csv(items), nl=False)


def _say_weights(weights: WeightSet) -> None:
    """Whose judgement the findings rest on, and what contested means where a set says what could as
    well have come out.
    """
    told = f"Weights: {weights.id}, {weights.standing}."
    if weights.alternatives:
        told += (
            f" Contested: how many of {len(weights.alternatives)} sets that the same people could"
            " as well have given lead to another finding."
        )
    typer.echo(told, err=True)


_BY_SUFFIX = {
    ".json": "json",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
}


def score(
    files: list[Path],
    checklist: str,
    weights: str | None,
    output: Path | None,
    format_: str | None,
    lang: str,
    encoding: str | None,
    source: str | None,
    means_only: bool,
    overwrite: bool,
    card: str | None = None,
    on: date | None = None,
) -> None:
    if format_ is None:
        format_ = "table" if output is None else _BY_SUFFIX.get(output.suffix.lower())
        if format_ is None:
            raise UsageError("U307.table_suffix", place=str(output), by_suffix=_BY_SUFFIX)
    if output is None and format_ in ("xlsx", "parquet", "arrow"):
        raise UsageError("U305.not_for_terminal", kind=format_)
    if means_only and source is None:
        raise UsageError("U305.ctdc_means_alone")
    loaded, weight_set = load(checklist, weights, on)
    model = load_card(card, loaded)
    if format_ == "json":
        _score_json(
            files, loaded, weight_set, output, lang, encoding, source, means_only, overwrite, model
        )
    else:
        _score_table(
            files,
            loaded,
            weight_set,
            output,
            format_,
            lang,
            encoding,
            source,
            means_only,
            overwrite,
            model,
        )


def _score_json(
    files: list[Path],
    checklist: Checklist,
    weights: WeightSet,
    output: Path | None,
    lang: str,
    encoding: str | None,
    source: str | None,
    means_only: bool,
    overwrite: bool,
    model: CardModel | None,
) -> None:
    """Whole assessments, streamed; on the screen nothing is printed before every case has been read
    without fault.
    """
    from screening.tables.pipeline import score_json

    summary = score_json(
        files,
        checklist,
        weights,
        output,
        language=lang,
        encoding=encoding,
        mapping=source,
        means_only=means_only,
        overwrite=overwrite,
        today=date.today(),
        model=model,
        stream=sys.stdout,
    )
    warn(summary.warnings)


def _score_table(
    files: list[Path],
    checklist: Checklist,
    weights: WeightSet,
    output: Path | None,
    format_: str,
    lang: str,
    encoding: str | None,
    source: str | None,
    means_only: bool,
    overwrite: bool,
    model: CardModel | None,
) -> None:
    from screening.cli.progress import progress
    from screening.tables.pipeline import score_file

    texts = checklist.texts(lang)
    with progress("scoring") as tick:
        summary = score_file(
            files,
            checklist,
            weights,
            output,
            format_,
            encoding=encoding,
            mapping=source,
            means_only=means_only,
            overwrite=overwrite,
            today=date.today(),
            model=model,
            progress=tick,
            stream=sys.stdout,
        )
    warn(summary.warnings)
    counts = ", ".join(
        f"{texts.get('findings', f, 'label')}: {n}" for f, n in summary.by_finding.items()
    )
    typer.echo(f"{summary.rows} rows in, {summary.rows} rows out. {counts}", err=True)
    _say_weights(weights)
