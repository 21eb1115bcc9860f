"""Invented outcomes: cases of a world, screened, and decided on as a field would."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

import screening
from screening.checklist.schema import FINDINGS

__all__ = ["decided"]


def decided(
    checklist: Any,
    n: int,
    seed: int,
    *,
    of_referred: float = 0.8,
    of_others: float = 0.1,
    answers: bool = False,
    world: str = "base",
) -> tuple[pd.DataFrame, dict[str, float]]:
    """A table of outcomes, and the recall and specificity that verifying everybody would give."""
    cases = screening.generate(screening.load_world(checklist, world), n, seed)
    frame = cases.to_frame().filter(regex="^(?!truth_)")
    truth = np.asarray(cases.exploited, dtype=bool)
    found = screening.score_frame(frame, checklist, keep=False)
    finding = found["finding"].astype(str).to_numpy()
    aside = found["finding_without_danger"].astype(str).to_numpy()
    referred = np.isin(finding, FINDINGS[FINDINGS.index("refer") :])
    rng = np.random.default_rng(seed)
    known = rng.random(n) < np.where(referred, of_referred, of_others)
    days = [date(2024, 1, 8) + timedelta(days=int(d)) for d in np.sort(rng.integers(0, 700, n))]
    table = pd.DataFrame(
        {
            "case_id": [f"c{i}" for i in range(n)],
            "age": frame["age"].to_numpy(),
            "finding": finding,
            "finding_without_danger": aside,
            "found_on": [d.isoformat() for d in days],
            "decision": np.where(known, np.where(truth, "actual", "not_confirmed"), ""),
            "decided_by": np.where(known, "prosecutor", ""),
            "decided_on": [
                (d + timedelta(days=60)).isoformat() if k else ""
                for d, k in zip(days, known, strict=True)
            ],
            "verified": np.where(known, np.where(referred, "referral", "sample"), ""),
        }
    )
    if answers:
        signs = [c for c in frame.columns if c in checklist.indicators]
        table = pd.concat([table, frame[signs].reset_index(drop=True)], axis=1)
    return table, {
        "recall": float((referred & truth).sum() / truth.sum()),
        "specificity": float((~referred & ~truth).sum() / (~truth).sum()),
    }
