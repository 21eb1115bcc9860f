"""Which cases somebody is looking for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from screening.casebook.state import CaseState, counts

__all__ = ["Search", "matching", "written"]


@dataclass(frozen=True, slots=True)
class Search:
    """What is wanted; everything that is given must fit.

    text : part of a number, of a place or of a note; worker : has the case or met the person;
    sign : an indicator that is yes; met : a day of a meeting
    """

    text: str = ""
    worker: str = ""
    sign: str = ""
    met: date | None = None


def written(state: CaseState) -> tuple[str, ...]:
    """What can be searched: the number, places and notes."""
    places = [e.place for e in state.encounters if e.place]
    return (state.case, *places, *(n.text for n in state.notes))


def matching(state: CaseState, wanted: Search) -> bool:
    """Whether a case fits a search."""
    text, worker = wanted.text.casefold().strip(), wanted.worker.casefold().strip()
    people = (state.owner, *(e.by for e in state.encounters))
    history = state.answers.get(wanted.sign, ())
    return (
        (not text or any(text in part.casefold() for part in written(state)))
        and (not worker or worker in {p.casefold() for p in people})
        and (not wanted.sign or bool(history and counts(history).answer == "yes"))
        and (wanted.met is None or any(e.on == wanted.met for e in state.encounters))
    )
