"""Screening for victims of trafficking in human beings: a checklist becomes a weighted, explained
finding.

    import screening

    findings = screening.score_frame(frame)     # a pandas frame in, one out

    checklist = screening.load_checklist("kosovo")
    weights = screening.load_weights(checklist)
    yes = screening.Response(screening.Answer.YES)
    case = screening.Case("A-1", age=9, answers={"sent_and_placed": yes})
    screening.score(case, checklist, weights)   # one case, with all that stands behind it

It never decides and has no negative verdict. Names listed in `__all__` are the public interface.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Loaded on first use: scoring one case must not wait for the table libraries.
_HOMES = {
    "Answer": "answers",
    "Case": "answers",
    "Response": "answers",
    "Truth": "answers",
    "ScreeningError": "errors",
    "KnowledgeError": "errors",
    "CaseError": "errors",
    "UsageError": "errors",
    "Checklist": "checklist",
    "WeightSet": "checklist",
    "Vignettes": "checklist",
    "catalogue_ids": "checklist",
    "load_checklist": "checklist",
    "load_weights": "checklist",
    "load_vignettes": "checklist",
    "load_mapping": "checklist",
    "lint": "checklist.lint",
    "compare": "checklist.compare",
    "Assessment": "scoring",
    "score": "scoring",
    "receipt": "scoring",
    "explain": "scoring.explain",
    "World": "simulation",
    "families": "simulation",
    "load_world": "simulation",
    "universe": "simulation",
    "world_ids": "simulation",
    "Cases": "simulation.generate",
    "generate": "simulation.generate",
    "prevalence_where": "simulation.generate",
    "ModelError": "errors",
    "CardModel": "scorecard.model",
    "load_model": "scorecard.card_json",
    "model_ids": "scorecard.card_json",
    "ScorecardClassifier": "scorecard",
    "AnswerEncoder": "scorecard",
    "train": "evaluation.train",
    "Recipe": "evaluation.train",
    "evaluate": "evaluation.report",
    "evaluate_frame": "evaluation.own_labels",
    "measure_outcomes": "calibration.outcomes",
    "OutcomeReport": "calibration.outcomes",
    "Evaluation": "evaluation.report",
    "CardScreen": "evaluation.screens",
    "standard": "evaluation.screens",
    "write_cases": "tables.synthetic",
    "NeedDue": "scoring.triage",
    "WorkItem": "scoring.triage",
    "WorkList": "scoring.triage",
    "work_list": "tables.worklist",
    "score_frame": "tables.scored_frames",
    "explain_frame": "tables.scored_frames",
    "compare_frames": "tables.scored_frames",
    "ScreeningWarning": "tables.scored_frames",
    "cases_from_frame": "tables.frames",
    "cases_to_frame": "tables.frames",
    "Interview": "interview",
    "Record": "interview",
    "Judgement": "interview",
    "load_protocol": "interview",
    "Course": "course",
    "letter": "paper.letter",
    "letter_html": "paper.letter",
    "letter_pdf": "paper.letter",
    "read_cases": "tables",
    "read_blocks": "tables",
    "score_file": "tables",
    "score_dataset": "tables.dataset",
    "DatasetSummary": "tables.dataset",
    "Job": "tables",
    "Draft": "calibration.files",
    "Form": "calibration.ratings",
    "Proposal": "calibration.propose",
    "Ratings": "calibration.ratings",
    "SigningKey": "calibration.signing",
    "add_signer": "calibration.files",
    "agreement": "calibration.agreement",
    "draw_signs": "calibration.plots",
    "fallen": "calibration.impact",
    "form_of": "calibration.ratings",
    "moved": "calibration.impact",
    "new_codes": "calibration.ratings",
    "propose": "calibration.propose",
    "put_signature": "calibration.files",
    "sensitivity": "calibration.impact",
    "signer": "calibration.files",
    "thresholds": "calibration.impact",
    "unused_worlds": "calibration.impact",
    "world_impact": "calibration.impact",
    "write_draft": "calibration.files",
    "FINDINGS": "checklist.schema",
    "teaching_sets": "checklist",
    "vignette_ids": "checklist",
    "ListScreen": "evaluation.screens",
    "subgroups": "evaluation.report",
    "share": "proportion",
    "Share": "proportion",
    "Change": "calibration.impact",
    "population": "calibration.impact",
    "Casebook": "casebook.laptop",
    "paper_frames": "casebook.statistics.show",
    "statistics_frame": "casebook.statistics.show",
    "profile_of": "answers",
}
__all__ = ["__version__", *_HOMES]

if TYPE_CHECKING:
    from screening.answers import Answer, Case, Response, Truth, profile_of
    from screening.calibration.agreement import agreement
    from screening.calibration.files import Draft, add_signer, put_signature, signer, write_draft
    from screening.calibration.impact import (
        Change,
        fallen,
        moved,
        population,
        sensitivity,
        thresholds,
        unused_worlds,
        world_impact,
    )
    from screening.calibration.outcomes import OutcomeReport, measure_outcomes
    from screening.calibration.plots import draw_signs
    from screening.calibration.propose import Proposal, propose
    from screening.calibration.ratings import Form, Ratings, form_of, new_codes
    from screening.calibration.signing import SigningKey
    from screening.casebook.laptop import Casebook
    from screening.casebook.statistics.show import paper_frames, statistics_frame
    from screening.checklist import (
        Checklist,
        Vignettes,
        WeightSet,
        catalogue_ids,
        load_checklist,
        load_mapping,
        load_vignettes,
        load_weights,
        teaching_sets,
        vignette_ids,
    )
    from screening.checklist.compare import compare
    from screening.checklist.lint import lint
    from screening.checklist.schema import FINDINGS
    from screening.course import Course
    from screening.errors import CaseError, KnowledgeError, ModelError, ScreeningError, UsageError
    from screening.evaluation.own_labels import evaluate_frame
    from screening.evaluation.report import Evaluation, evaluate, subgroups
    from screening.evaluation.screens import CardScreen, ListScreen, standard
    from screening.evaluation.train import Recipe, train
    from screening.interview import Interview, Judgement, Record, load_protocol
    from screening.paper.letter import letter, letter_html, letter_pdf
    from screening.proportion import Share, share
    from screening.scorecard.card_json import load_model, model_ids
    from screening.scorecard.classifier import ScorecardClassifier
    from screening.scorecard.encoder import AnswerEncoder
    from screening.scorecard.model import CardModel
    from screening.scoring import Assessment, receipt, score
    from screening.scoring.explain import explain
    from screening.scoring.triage import NeedDue, WorkItem, WorkList
    from screening.simulation import World, families, load_world, universe, world_ids
    from screening.simulation.generate import Cases, generate, prevalence_where
    from screening.tables import Job, read_blocks, read_cases, score_file
    from screening.tables.dataset import DatasetSummary, score_dataset
    from screening.tables.frames import cases_from_frame, cases_to_frame
    from screening.tables.scored_frames import (
        ScreeningWarning,
        compare_frames,
        explain_frame,
        score_frame,
    )
    from screening.tables.synthetic import write_cases
    from screening.tables.worklist import work_list


def __getattr__(name: str) -> Any:
    """The object of a public name."""
    if name in _HOMES:
        return getattr(import_module(f"screening.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'screening' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
