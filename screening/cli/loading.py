"""What the options name: a list with its weights, a card."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from screening.checklist import Checklist, WeightSet, load_checklist, load_weights
from screening.checklist.weights import check_dates
from screening.cli.asked import asked
from screening.cli.terminal import warn
from screening.errors import KnowledgeError, Notice, UsageError, mark, nearest
from screening.names import look_of

if TYPE_CHECKING:
    from screening.answers import Case
    from screening.scorecard.model import CardModel

__all__ = ["case_in", "load", "load_card"]


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
        told = mark("this list is a comparator: for comparison only, never for use with people")
        warn([Notice(loaded.id, told)])
    day = on or date.today()
    found = load_weights(loaded, weights, on=day)
    if weights is None:
        try:
            check_dates(found, day)
        except KnowledgeError as error:
            due = error.into(asked()).problem
            warn([Notice(found.id, mark("{due}; it is still used: tell the trainers"), due=due)])
    return loaded, found


def case_in(
    file: Path,
    case_id: str,
    checklist: Checklist,
    encoding: str | None,
    sheet: str | None,
    missing: str | None,
) -> Case:
    """One case of a file; `U304` where no case has this id. The whole file is read, so that a fault
    anywhere in it is told.
    """
    from screening.tables.cases import read_cases

    reader = read_cases(
        file, checklist, encoding=encoding, today=date.today(), sheet=sheet, missing=missing
    )
    found, seen, look = None, [], look_of(case_id)
    for case in reader:
        seen.append(case.case_id)
        if look_of(case.case_id) == look:
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
    return found


def load_card(ref: str | None, checklist: Checklist) -> CardModel | None:
    """The card asked for; on stderr it says that the list has changed since the card was made."""
    if ref is None:
        return None
    from screening.scorecard.card_json import load_model

    model = load_model(ref, checklist)
    if model.checklist.sha256 != checklist.sha256:
        told = mark(
            "this card was made for version {before} of the list; it is {now} now, or has changed"
            " within it"
        )
        warn([Notice(model.id, told, before=model.checklist.version, now=checklist.version)])
    return model
