"""A quick meeting: danger first, then the most telling questions that a social worker may put."""

from __future__ import annotations

from dataclasses import dataclass

from screening.casebook.acts import Knowledge
from screening.casebook.state import CaseState
from screening.checklist.schema import Mode
from screening.interview import load_protocol
from screening.scoring import score

__all__ = ["QUESTIONS", "Question", "quick_questions"]

QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One sign to look at: how (`ask` aloud, `observe`), and its words; `danger` comes first."""

    indicator: str
    mode: Mode
    prompt: str
    danger: bool = False


def quick_questions(
    state: CaseState, knowledge: Knowledge, language: str, known: frozenset[str] = frozenset()
) -> list[Question]:
    """What to find out when a person is met again, without what is known already.

    What was refused is not asked again, what needs papers or an interview room is left out, and
    what is seen stands before what is asked.
    """
    checklist, weights = knowledge
    danger = load_protocol(checklist).danger
    a = score(state.current(), checklist, weights, language)
    open_ones = [
        q
        for q in a.open_questions
        if q.indicator not in (danger, *known)
        and q.mode != "document"
        and q.answer != "refused"
        and checklist.indicators[q.indicator].asked_by_for(a.profile) != "specialist"
    ]
    chosen = sorted(open_ones[:QUESTIONS], key=lambda q: q.mode != "observe")
    texts = checklist.texts(language)

    def question(indicator: str, is_danger: bool = False) -> Question:
        mode = checklist.indicators[indicator].mode_for(a.profile)
        return Question(indicator, mode, texts.prompt(indicator, mode, a.profile), is_danger)

    first = [] if danger in known else [question(danger, True)]
    return [*first, *(question(q.indicator) for q in chosen)]
