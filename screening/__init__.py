"""Screening for victims of trafficking in human beings: a checklist becomes a weighted, explained finding.

    import screening
    checklist = screening.load_checklist("kosovo")
    weights = screening.load_weights(checklist)
    case = screening.Case("A-1", age=9, answers={"sent_and_placed": screening.Response(screening.Answer.YES)})
    result = screening.score(case, checklist, weights)

It never decides and has no negative verdict. Names listed in `__all__` are the public interface.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Loaded on first use: scoring one case must not wait for the table libraries.
_HOMES = {
    "Answer": "answers", "Case": "answers", "Response": "answers", "Truth": "answers",
    "ScreeningError": "errors", "KnowledgeError": "errors", "CaseError": "errors", "UsageError": "errors",
    "Checklist": "checklist", "WeightSet": "checklist", "Vignettes": "checklist", "catalogue_ids": "checklist",
    "load_checklist": "checklist", "load_weights": "checklist", "load_vignettes": "checklist", "load_mapping": "checklist",
    "lint": "checklist.lint", "compare": "checklist.compare",
    "Assessment": "scoring", "score": "scoring", "receipt": "scoring", "explain": "scoring.explain",
    "World": "synth", "load_world": "synth", "world_ids": "synth", "Cases": "synth.generate", "generate": "synth.generate",
    "ModelError": "errors", "CardModel": "scorecard.model", "load_model": "scorecard.model", "model_ids": "scorecard.model",
    "ScorecardClassifier": "scorecard", "train": "evaluate.train", "Recipe": "evaluate.train", "evaluate": "evaluate.report", "Evaluation": "evaluate.report",
    "CardScreen": "evaluate.screens", "standard": "evaluate.screens", "write_cases": "exchange.synthetic",
    "WorkItem": "triage", "work_list": "triage",
    "Interview": "interview", "Record": "interview", "Judgement": "interview", "load_protocol": "interview",
    "Course": "course",
    "letter": "exchange.letter", "letter_html": "exchange.letter", "letter_pdf": "exchange.letter",
    "read_cases": "exchange", "read_blocks": "exchange", "score_file": "exchange",
}
__all__ = ["__version__", *_HOMES]

if TYPE_CHECKING:
    from screening.answers import Answer, Case, Response, Truth
    from screening.checklist import Checklist, Vignettes, WeightSet, catalogue_ids, load_checklist, load_mapping, load_vignettes, load_weights
    from screening.checklist.compare import compare
    from screening.checklist.lint import lint
    from screening.course import Course
    from screening.errors import CaseError, KnowledgeError, ModelError, ScreeningError, UsageError
    from screening.evaluate.report import Evaluation, evaluate
    from screening.evaluate.screens import CardScreen, standard
    from screening.evaluate.train import Recipe, train
    from screening.exchange import read_blocks, read_cases, score_file
    from screening.exchange.letter import letter, letter_html, letter_pdf
    from screening.exchange.synthetic import write_cases
    from screening.interview import Interview, Judgement, Record, load_protocol
    from screening.scorecard.classifier import ScorecardClassifier
    from screening.scorecard.model import CardModel, load_model, model_ids
    from screening.scoring import Assessment, receipt, score
    from screening.scoring.explain import explain
    from screening.synth import World, load_world, world_ids
    from screening.synth.generate import Cases, generate
    from screening.triage import WorkItem, work_list


def __getattr__(name: str) -> Any:
    """The object of a public name. `evaluate` is the folder's name, too: that package can be called, see there."""
    if name == "evaluate":
        return import_module("screening.evaluate")
    if name in _HOMES:
        return getattr(import_module(f"screening.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'screening' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
