"""Scores against somebody's own labels, and a card fitted on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import recall_score, roc_auc_score

import screening
from screening import CardModel, ScorecardClassifier, UsageError, evaluate_frame, score_frame
from screening.errors import ModelError
from screening.scorecard.model import STATEMENT, STATEMENT_OF_LABELS

KOSOVO = screening.load_checklist("kosovo")
CASES = screening.generate(screening.load_world(KOSOVO, "base"), 4000, 5).to_frame()
LABELS = CASES["truth_exploited"]
SIGNS = [
    i for i in KOSOVO.indicators if KOSOVO.dimensions[KOSOVO.indicators[i].dimension].kind == "sign"
][:30]


@pytest.fixture(scope="module")
def fitted() -> ScorecardClassifier:
    return ScorecardClassifier(8, recall_floor=0.9).fit(CASES[SIGNS], LABELS)


@pytest.fixture(scope="module")
def card(fitted: ScorecardClassifier) -> CardModel:
    return CardModel.from_estimator(
        fitted, KOSOVO, id="own-8", title="Eight signs", labels="invented for a test, 2026"
    )


def value(table: pd.DataFrame, group: str, measure: str, at: str = "") -> float:
    [found] = table[
        (table["subgroup"] == group) & (table["measure"] == measure) & (table["at"] == at)
    ]["value"]
    return float(found)


def test_figures_equal_scikit_learns() -> None:
    rng = np.random.default_rng(1)
    y = pd.Series(rng.random(400) < 0.3, index=[f"c{n}" for n in range(400)])
    scores = pd.DataFrame({"one": rng.normal(y, 1), "two": rng.integers(0, 9, 400)}, index=y.index)
    groups = pd.Series(np.where(np.arange(400) % 2, "odd", "even"), index=y.index)
    table = evaluate_frame(y, scores, groups, thresholds=[0.5])
    one = table[table["screen"] == "one"]
    assert set(table["screen"]) == {"one", "two"} and set(table["subgroup"]) == {
        "all",
        "odd",
        "even",
    }
    assert value(one, "all", "auc") == pytest.approx(roc_auc_score(y, scores["one"]))
    odd = groups == "odd"
    assert value(one, "odd", "auc") == pytest.approx(roc_auc_score(y[odd], scores["one"][odd]))
    assert value(one, "odd", "recall", "from 0.5 on") == pytest.approx(
        recall_score(y[odd], scores["one"][odd] >= 0.5)
    )
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    masks = pd.get_dummies(groups)
    pd.testing.assert_frame_equal(
        evaluate_frame(y.to_numpy(), scores, masks[["odd"]], [0.5])["value"].to_frame(),
        evaluate_frame(y.astype("Int8"), scores, groups[odd].reindex(y.index), [0.5])[
            "value"
        ].to_frame(),
    )


def test_plain_numbers_stand_in_the_order_of_the_labels() -> None:
    y = pd.Series([1, 0, 1, 0], index=list("abcd"))
    assert value(evaluate_frame(y, np.array([4, 3, 2, 1])), "all", "auc") == 0.75


@pytest.mark.parametrize(
    ("y", "scores", "says"),
    [
        ([1, 1], [1, 2], "all"),
        ([0, 0], [1, 2], "none"),
        ([1, 2], [1, 2], "not yes and no"),
        ([1, None], [1, 2], "not yes and no"),
        (["a", "b"], [1, 2], "not yes and no"),
        ([1, 0, 1], [1, 2], "3 rows and the scores have 2"),
        (pd.Series([1, 0], index=[5, 6]), pd.Series([1, 2]), "another index"),
        ([1, 0], [1, np.nan], "row '1'"),
    ],
)
def test_what_cannot_be_measured_is_refused(y: object, scores: object, says: str) -> None:
    with pytest.raises(UsageError, match="U305") as refused:
        evaluate_frame(y, scores)
    assert says in str(refused.value)


def test_a_fitted_card_is_a_second_opinion_in_one_call(
    card: CardModel, fitted: ScorecardClassifier, tmp_path: Path
) -> None:
    adults = CASES[~((CASES["age"] < 18) | ~CASES["age_certain"])]
    result = score_frame(adults.filter(regex="^(?!truth_)"), model=card, keep=False)
    assert (result["second_opinion_points"].to_numpy() == fitted.totals(adults[SIGNS])).all()
    assert (result["second_opinion_statement"] == STATEMENT_OF_LABELS).all()
    path = card.save(tmp_path / "own-8")
    assert screening.load_model(path, KOSOVO).model_dump() == card.model_dump()
    assert "invented for a test" in (tmp_path / "own-8/card.md").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="U302"):
        card.save(tmp_path / "own-8")


def test_a_card_is_an_estimator_again(card: CardModel, fitted: ScorecardClassifier) -> None:
    again = card.to_estimator("child")
    assert again.get_params() == fitted.get_params()
    items = CASES[list(again.feature_names_in_)]
    assert (again.totals(items) == fitted.totals(CASES[SIGNS])).all()
    assert (again.predict_proba(items) == fitted.predict_proba(CASES[SIGNS])).all()
    assert (again.predict(items) == fitted.predict(CASES[SIGNS])).all()
    shipped = screening.load_model(screening.model_ids()[0], KOSOVO)
    adult = shipped.to_estimator("adult")
    assert adult.totals(CASES[[i.indicator for i in shipped.items["adult"]]]).std() > 0
    assert not hasattr(adult, "predict_proba"), "nobody calibrated it"
    with pytest.raises(UsageError, match="U305"):
        card.to_estimator("teen")  # type: ignore[arg-type]  # wrong on purpose


def test_a_card_that_cannot_be_one_is_refused(fitted: ScorecardClassifier) -> None:
    about = {"id": "x", "title": "x", "labels": "x"}
    with pytest.raises(ModelError, match="M403"):
        CardModel.from_estimator(ScorecardClassifier(), KOSOVO, **about)
    other = ScorecardClassifier(3).fit(CASES[SIGNS].to_numpy(), LABELS)
    with pytest.raises(ModelError, match="M405"):
        CardModel.from_estimator(other, KOSOVO, **about)


def test_S11_the_statement_is_that_of_what_a_card_was_trained_on(card: CardModel) -> None:
    content = card.model_dump() | {"statement": STATEMENT}
    with pytest.raises(ValueError, match="the statement is not that of what"):
        CardModel.model_validate(content)


def test_it_is_not_compared_with_models_of_worlds_it_never_saw(
    card: CardModel, tmp_path: Path, cli: Any
) -> None:
    path = card.save(tmp_path / "own")
    done = cli("evaluate", "--model", path, "--compare", "--cases", "200")
    assert done.code == 2 and "U305" in done.err
