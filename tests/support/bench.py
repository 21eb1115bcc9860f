"""A list's folder of one's own for tests that write, raters who rate as told, and a set of weights
with everything that is signed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from conftest import ROOT
from screening.answers import profile_of
from screening.calibration.files import (
    Draft,
    add_signature,
    add_signer,
    signatures,
    signer,
    write_draft,
)
from screening.calibration.forms import ratings_csv
from screening.calibration.impact import fallen, moved
from screening.calibration.propose import Draws, edited, propose
from screening.calibration.ratings import ANSWERS, SCALE, Form, Ratings, form_of, new_codes
from screening.calibration.signing import SigningKey, sign
from screening.checklist import (
    Checklist,
    WeightSet,
    load_checklist,
    load_vignettes,
    load_weights,
    teaching_sets,
    vignette_ids,
)
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.checklist.weights import weights_path
from screening.web.guard import Keys
from screening.web.server import create_bench
from screening.web.trainer.state import Bench
from support.web import NAME, PORT, Running, inside, serving

TODAY = date(2026, 12, 1)
NEXT = "2026-12-01-trainers"


def own_list(folder: Path) -> Checklist:
    """A copy of the bundled list that may be written into.

    A held-out child whom the bundled numbers leave below refer judges nobody here: what signing
    refuses is tested with numbers of the test's own.
    """
    home = folder / "kosovo"
    shutil.copytree(ROOT / "indicators" / "kosovo", home)
    for name, text in _held_nobody_back().items():
        (home / "vignettes" / name).write_text(text, encoding="utf-8")
    return load_checklist(home)


@cache
def _held_nobody_back() -> dict[str, str]:
    """The bundled vignettes that hold such a child, changed."""
    bundled = load_checklist("kosovo")
    before = load_weights(bundled)
    sets = [load_vignettes(bundled, name) for name in vignette_ids(bundled)]
    changed = {}
    for child in fallen(moved(bundled, sets, before, before)):
        name, held = f"- id: {child.vignette.id}\n", "held_out: yes"
        for file in (bundled.folder / "vignettes").glob("*.yaml"):
            ahead, found, after = changed.get(
                file.name, file.read_text(encoding="utf-8")
            ).partition(name)
            if found:
                changed[file.name] = ahead + found + after.replace(held, "held_out: no", 1)
    return changed


@contextmanager
def small_bench(folder: Path) -> Iterator[Bench]:
    """A trainer's bench over a list of its own, with fewer invented cases and draws: how quick the
    real numbers are is measured, not tested.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("screening.web.trainer.state.PEOPLE", 1500)
        patch.setattr("screening.calibration.concerns.PEOPLE", 1000)
        patch.setattr("screening.web.trainer.state._DRAWS", 100)
        yield Bench(str(own_list(folder).folder))


def rated(
    checklist: Checklist, raters: int = 12, seed: int = 1, slip: float = 0.3, vignettes: bool = True
) -> Ratings:
    """Ratings by people who know the list's strengths and the keys, and slip by a step now and
    then.
    """
    form = form_of(checklist, teaching_sets(checklist) if vignettes else [])
    rng = np.random.default_rng(seed)
    strength = np.full((raters, len(form.indicators), 2), -1, np.int8)
    for n, (name, profiles) in enumerate(form.indicators.items()):
        for k, p in enumerate(CASE_PROFILES):
            if p in profiles:
                true = SCALE.index(checklist.indicators[name].strength_for(p) or "none")
                strength[:, n, k] = np.clip(
                    true + rng.choice([-1, 0, 1], p=[slip / 2, 1 - slip, slip / 2], size=raters),
                    0,
                    3,
                )
    return Ratings(
        form,
        1,
        tuple(sorted(new_codes(raters, seed))),
        strength,
        *_coded(form, checklist, raters, rng, slip),
    )


def _coded(
    form: Form, checklist: Checklist, raters: int, rng: np.random.Generator, slip: float
) -> tuple[np.ndarray, np.ndarray]:
    cases, names = form.vignettes, list(form.indicators)
    keys = np.array([FINDINGS.index(v.expected[checklist.id]) for v in cases], dtype=int)
    finding = np.clip(
        keys + rng.choice([-1, 0, 1], p=[slip / 2, 1 - slip, slip / 2], size=(raters, len(cases))),
        0,
        4,
    ).astype(np.int8)
    codes = np.full((raters, len(cases), len(names)), ANSWERS.index("open"), np.int8)
    for v, case in enumerate(cases):
        profile = profile_of(case.to_case())[0]
        for i, name in enumerate(names):
            told = case.answers.get(name)
            if told in ("yes", "no") and profile in form.indicators[name]:
                codes[:, v, i] = np.where(
                    rng.random(raters) < 1 - slip, ANSWERS.index(told), ANSWERS.index("open")
                )
    return finding, codes


@dataclass
class Office:
    """A list, people registered to sign, and a draft."""

    checklist: Checklist
    keys: dict[str, SigningKey] = field(default_factory=dict)

    def hire(
        self, name: str, since: date = date(2026, 1, 1), until: date | None = None
    ) -> SigningKey:
        key = self.keys[name] = SigningKey.generate(name)
        add_signer(
            self.checklist,
            signer(
                id=name, name=name.title(), role="trainer", key=key.public, since=since, until=until
            ),
        )
        return key

    def draft(
        self,
        name: str = NEXT,
        recheck_by: date = date(2027, 12, 1),
        alone: Mapping[str, str] | None = None,
        **changes: int,
    ) -> WeightSet:
        """A new set as the one in force, some weights of children changed."""
        before = load_weights(self.checklist)
        people = rated(self.checklist, slip=0.0, vignettes=False)
        nobody = replace(people, strength=np.full_like(people.strength, -1))
        proposal = propose(self.checklist, before, nobody, None, "ratings", draws=Draws(4))
        points = {
            p: {**proposal.points[p], **(changes if p == "child" else {})} for p in CASE_PROFILES
        }
        path = self.checklist.folder / "weights" / f"{name}.yaml"
        return write_draft(
            self.checklist,
            before,
            edited(proposal, points),
            path,
            Draft(
                title="For tests",
                authors=["A. Kola"],
                valid_from=TODAY,
                recheck_by=recheck_by,
                today=TODAY,
                alone=alone or {},
            ),
        )

    def sign(self, by: str, name: str = NEXT, on: date = TODAY) -> WeightSet:
        path = weights_path(self.checklist, name)
        weights = load_weights(self.checklist, path, draft=True)
        return add_signature(
            self.checklist,
            path,
            weights,
            sign(self.checklist, weights, signatures(path, weights), self.keys[by], on),
        )


@contextmanager
def running_bench(bench: Bench, language: str = "en") -> Iterator[Running]:
    """The trainer's pages on a free port, ended afterwards."""
    with serving(lambda keys: create_bench(keys, bench, language)) as here:
        yield here


@contextmanager
def training(bench: Bench) -> Iterator[TestClient]:
    """Somebody who has come in to the trainer's pages, without a browser."""
    keys = Keys(PORT, NAME)
    with inside(create_bench(keys, bench), keys) as client:
        yield client


def almost_nothing(bench: Bench) -> dict[str, str]:
    """Weights of children, as fields of the form: 0 but for the signs that decide alone. With none
    of those nobody could reach the line, and such a set cannot be kept.
    """
    return {
        f"child:{sign}": "0"
        for sign, profiles in bench.form.indicators.items()
        if "child" in profiles and sign not in bench.in_force.lines["child"].alone
    }


def take(client: TestClient, bench: Bench, raters: int = 6) -> None:
    """Take in ratings by so many people."""
    content = ratings_csv(rated(bench.checklist, raters))
    assert client.post("/ratings", files={"files": ("ratings.csv", content)}).status_code == 303
    assert len(bench.rounds.people(bench.rounds.round)) == raters
