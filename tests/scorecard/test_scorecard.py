"""The estimator: a real scikit-learn citizen whose cards cannot fall when more is known."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

from screening.proportion import share
from screening.scorecard.classifier import ScorecardClassifier
from screening.scorecard.encoder import AnswerEncoder
from screening.scorecard.probability import calibrate
from screening.scorecard.totals import Points, auc_of, histogram_loss, recall_at, states_of, totals
from support.properties import examples


def table(n: int = 3000, items: int = 20, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Signs of falling worth, a quarter of the answers open."""
    rng = np.random.default_rng(seed)
    y = rng.random(n) < 0.25
    lift = np.linspace(0.35, 0.0, items)
    x = (rng.random((n, items)) < 0.15 + lift * y[:, None]).astype(float)
    x[rng.random((n, items)) < 0.25] = 0.5
    return x, y


# scikit-learn tries any numbers at all, and classes that are words: the one needs `clip`, the other
# `pos_label`, and neither is guessed.
@parametrize_with_checks(
    [
        ScorecardClassifier(max_items=5, clip=True),
        ScorecardClassifier(calibration="isotonic", max_points=3, clip=True),
        AnswerEncoder(clip=True),
    ],
    expected_failed_checks=lambda estimator: (
        {"check_classifiers_classes": "classes that are words have no order"}
        if isinstance(estimator, ScorecardClassifier)
        else {}
    ),
)
def test_scikit_learns_own_checks(estimator: ScorecardClassifier, check: object) -> None:
    check(estimator)  # scikit-learn carries no types


def test_it_works_in_a_pipeline_a_search_and_a_clone() -> None:
    x, y = table(1500)
    pipe = Pipeline([("same", FunctionTransformer()), ("card", ScorecardClassifier())])
    search = GridSearchCV(pipe, {"card__max_items": [1, 6]}, scoring="roc_auc", cv=3).fit(x, y)
    assert search.best_params_ == {"card__max_items": 6}
    copy = clone(search.best_estimator_)
    assert copy.fit(x, y).predict(x).tolist() == search.best_estimator_.predict(x).tolist()


def test_a_card_is_short_whole_and_never_negative() -> None:
    x, y = table()
    card = ScorecardClassifier(max_items=6, max_points=7).fit(x, y)
    assert 1 <= len(card.items_) <= 6
    for item in card.items_:
        assert isinstance(item.points, int) and 1 <= item.points <= 7
        assert 1 <= item.open_points <= item.points
    assert {item.column for item in card.items_} <= set(range(9)), "the worthless signs are last"
    assert roc_auc_score(y, card.totals(x)) == pytest.approx(
        auc_of(card.totals(x), y, np.ones(len(y)))
    )
    assert roc_auc_score(y, card.totals(x)) > 0.80


@pytest.fixture(scope="module")
def fitted() -> ScorecardClassifier:
    x, y = table()
    return ScorecardClassifier(max_items=8, recall_floor=0.9).fit(x, y)


@examples(200)
@given(
    row=st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=20, max_size=20),
    column=st.integers(0, 19),
)
def test_S2_opening_an_answer_or_saying_yes_never_lowers(
    fitted: ScorecardClassifier, row: list[float], column: int
) -> None:
    rows = np.tile(np.array(row), (3, 1))
    rows[:, column] = 0.0, 0.5, 1.0
    total, p = fitted.totals(rows), fitted.predict_proba(rows)[:, 1]
    assert total[0] <= total[1] <= total[2]
    assert p[0] <= p[1] <= p[2]
    if any(item.column == column for item in fitted.items_):
        assert total[0] < total[1], "an open answer on the card is never worth as little as a no"


def test_opened_all_bounds_the_total_from_both_sides(fitted: ScorecardClassifier) -> None:
    x, _ = table(200, seed=3)
    low, own, high = (fitted.totals(x, by) for by in ("no", "own", "yes"))
    assert (low <= own).all() and (own <= high).all() and (high <= fitted.points_max_).all()
    assert (low < high).any()
    with pytest.raises(ValueError, match="open_as"):
        fitted.totals(x, "maybe")


def test_the_recall_floor_holds_where_the_line_is_drawn(fitted: ScorecardClassifier) -> None:
    x, y = table()
    assert fitted.predict(x)[y].mean() >= 0.9
    total = fitted.totals(x)
    assert (total[y] >= fitted.line_ + 1).mean() < 0.9, "the highest such line"
    assert ((fitted.decision_function(x) > 0) == fitted.predict(x)).all()


def test_bounds_caps_and_forced_items() -> None:
    x, y = table()
    card = ScorecardClassifier(
        max_items=4, bounds={"x0": (0, 0), 15: (2, 3), 1: (4, 9), 2: (3, 9)}, caps=[([1, 2], 5)]
    ).fit(x, y)
    by = {item.column: item for item in card.items_}
    assert 0 not in by and 2 <= by[15].points <= 3
    yes = np.ones((1, 20))
    uncapped = sum(i.points for i in card.items_ if i.column not in (1, 2))
    capped = sum(i.points for i in card.items_ if i.column in (1, 2))
    assert capped > 5, "or the cap is not put to the test"
    assert card.totals(yes)[0] == uncapped + 5 == card.points_max_


def rare(n: int = 12_000, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Most positives show signs 0-9; one in fifteen shows 10-15 only. Open nowhere."""
    rng = np.random.default_rng(seed)
    y = rng.random(n) < 0.3
    few = y & (rng.random(n) < 0.07)
    x = (rng.random((n, 24)) < 0.10).astype(float)
    x[:, :10] = np.where((y & ~few)[:, None], rng.random((n, 10)) < 0.42, x[:, :10])
    x[:, 10:16] = np.where(few[:, None], rng.random((n, 6)) < 0.50, x[:, 10:16])
    return x, y, np.where(few, "rare", np.where(y, "common", ""))


def test_the_worst_subgroup_is_served_where_the_average_forgets_it() -> None:
    x, y, group = rare()
    other = rare(seed=2)

    def recalls(card: ScorecardClassifier) -> dict[str, float]:
        total = card.totals(other[0])
        return {
            name: recall_at(total, other[1], np.ones(len(total)), 0.75, other[2] == name)
            for name in ("rare", "common")
        }

    plain = recalls(ScorecardClassifier(8).fit(x, y, subgroups=group))
    worst_card = ScorecardClassifier(8, subgroup_weights="worst").fit(x, y, subgroups=group)
    worst = recalls(worst_card)
    assert worst["rare"] > plain["rare"] + 0.2
    assert min(worst.values()) > min(plain.values())
    assert {i.column for i in worst_card.items_} & set(range(10, 16))
    weighted = recalls(
        ScorecardClassifier(8, subgroup_weights={"rare": 8.0}).fit(x, y, subgroups=group)
    )
    assert weighted["rare"] > plain["rare"] + 0.1
    floors = recalls(
        ScorecardClassifier(
            8, subgroup_weights="worst", recall_floors={"rare": 0.9, "common": 0.3}
        ).fit(x, y, subgroups=group)
    )
    assert floors["rare"] > worst["rare"] - 0.02


def test_the_path_says_what_each_item_buys_for_whom() -> None:
    x, y, group = rare(4000)
    card = ScorecardClassifier(6, subgroup_weights="worst").fit(x, y, subgroups=group)
    columns = card.path_["column"].tolist()
    assert columns != sorted(columns) or len(columns) < 3
    assert set(columns) == {i.column for i in card.items_}
    assert card.path_.index.tolist() == [f"x{n}" for n in columns]
    last = card.path_.iloc[-1]
    total = card.totals(x)
    assert last.auc == pytest.approx(roc_auc_score(y, total))
    assert last["recall of rare"] == pytest.approx(
        recall_at(total, y, np.ones(len(y)), 0.75, group == "rare")
    )


def test_a_pool_of_near_equal_cards() -> None:
    x, y = table(4000)
    card = ScorecardClassifier(5, pool_size=4, pool_tolerance=0.03).fit(x, y)
    assert 1 <= len(card.pool_) <= 4
    own = {i.column for i in card.items_}
    for other in card.pool_:
        columns = tuple(i.column for i in other)
        assert set(columns) != own and len(columns) <= 5
        total = totals(
            states_of(x),
            Points(columns, tuple(i.points for i in other), tuple(i.open_points for i in other)),
        )
        assert roc_auc_score(y, total) >= roc_auc_score(y, card.totals(x)) - 0.03


def test_many_rows_are_searched_by_a_sample_and_judged_by_all() -> None:
    x, y = table(6000)
    card = ScorecardClassifier(5, search_rows=2000, random_state=4).fit(x, y)
    again = ScorecardClassifier(5, search_rows=2000, random_state=4).fit(x, y)
    assert card.items_ == again.items_ and card.line_ == again.line_
    assert card.calibration_ == again.calibration_
    assert sum(card.calibration_.rows) == 6000


@pytest.mark.parametrize("method", ["isotonic", "logistic"])
def test_probabilities_are_near_what_is_observed_and_hold_their_interval(method: str) -> None:
    x, y = table(20_000)
    card = ScorecardClassifier(8, calibration=method).fit(x, y)
    fresh, truth = table(20_000, seed=9)
    p, interval = card.predict_proba(fresh)[:, 1], card.predict_interval(fresh)
    assert (interval[:, 0] <= p).all() and (p <= interval[:, 1]).all()
    assert (np.diff(card.calibration_.value) >= 0).all()
    wide = np.array(card.calibration_.high) - np.array(card.calibration_.low)
    assert wide.min() > 0.001, "no interval is a point"
    seen = np.cumsum(np.array(card.calibration_.rows)[::-1])[::-1]
    assert len(set(np.array(card.calibration_.value)[seen < 50])) <= 1, (
        "nothing is claimed beyond the totals that were seen"
    )
    assert np.array(card.calibration_.high)[seen < 50].min() > 0.99
    assert min(card.calibration_.value) > 0 and max(card.calibration_.value) < 1
    assert abs(p.mean() - truth.mean()) < 0.01
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1.0)):
        mine = (p >= low) & (p < high)
        if mine.sum() > 300:
            assert abs(p[mine].mean() - truth[mine].mean()) < 0.05


def test_isotonic_probabilities_pool_neighbours_and_pass_over_totals_nobody_had() -> None:
    """By hand: 1 of 4, then 2 of 2, then 1 of 4 again: the latter two are one pool, 3 of 6."""
    totals_of = [1] * 4 + [2] * 2 + [4] * 4 + [5] * 60
    yes = [1, 0, 0, 0, 1, 1, 1, 0, 0, 0] + [1] * 60
    found = calibrate(
        np.array(totals_of, dtype=np.int32), np.array(yes, bool), np.ones(70), 6, "isotonic"
    )
    assert found.value == pytest.approx([1.5 / 5] * 2 + [3.5 / 7] * 3 + [60.5 / 61] * 2)
    assert found.low[2:5] == (share(3, 6).low,) * 3 and found.high[2:5] == (share(3, 6).high,) * 3
    assert found.low[0] == share(1, 4).low and found.high[5:] == (1 - 0.5 / 71,) * 2


X20, Y20 = table(60)


@pytest.mark.parametrize(
    ("settings_", "says"),
    [
        ({"max_items": 0}, "max_items must be a whole number of 1 or more, not 0"),
        ({"max_points": 1.5}, "max_points must be a whole number"),
        ({"specificity": 1}, "specificity must lie between 0 and 1"),
        ({"recall_floor": 0}, "recall_floor must lie above 0"),
        ({"calibration": "magic"}, "calibration must be one of isotonic, logistic"),
        ({"ridge": -1}, "ridge must be 0 or more"),
        ({"subgroup_weights": {"a": 0}}, "subgroup_weights must be finite and above 0"),
        ({"least_open": 0}, "least_open must be a whole number of 1 or more"),
        ({"specificity": None}, "specificity must lie between 0 and 1, not None"),
        ({"pool_tolerance": "a"}, "pool_tolerance must be 0 or more and finite, not 'a'"),
        ({"ridge": float("inf")}, "ridge must be 0 or more and finite"),
        ({"recall_floor": "high"}, "recall_floor must lie above 0"),
        ({"recall_floors": {"a": 0.9}}, "only with subgroup_weights='worst'"),
        ({"recall_floors": [0.9]}, "recall_floors must be a dict"),
        ({"subgroup_weights": "worst"}, "give subgroups to fit"),
        ({"bounds": {3: 5}}, "bounds of 3 must be whole numbers"),
        ({"bounds": {3: (0.5, 2.9)}}, "bounds of 3 must be whole numbers"),
        ({"caps": [([0], 5.7)]}, "a cap must be"),
        ({"caps": [5]}, "a cap must be"),
        ({"subgroup_weights": "best"}, "subgroup_weights must be 'worst'"),
        ({"bounds": {"nowhere": (0, 1)}}, "bounds names a column that X does not have"),
        ({"bounds": {0: (3, 2)}}, "bounds of 0 must be whole numbers"),
        ({"caps": [([0], 3), ([0, 1], 2)]}, "a column may stand in one set of caps only"),
        (
            {"max_items": 1, "bounds": {0: (1, 5), 1: (1, 5)}},
            "bounds put 2 items on the card, which has room for 1",
        ),
    ],
)
def test_wrong_settings_are_told_in_plain_words(settings_: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ScorecardClassifier(**settings_).fit(X20, Y20)  # wrong on purpose


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        (X20, np.zeros(60), "all rows are of one class"),
        (np.where(np.arange(1200).reshape(60, 20) == 7, np.inf, X20), Y20, "infinity"),
        (
            np.where(np.arange(1200).reshape(60, 20) == 7, 4, X20),
            Y20,
            "column 'x7', row 0: 4 is not",
        ),
        (X20 - 1, Y20, "is not an answer"),
        (X20[:4], np.array([0, 0, 0, 1]), "4 rows with 1 of the rarer class are too few"),
        (
            np.repeat(X20, 34, axis=0)[:2000],
            np.arange(2000) == 7,
            "2000 rows with 1 of the rarer class are too few",
        ),
        (X20, np.arange(60) % 3, "Only binary"),
    ],
)
def test_data_that_teach_nothing_are_refused_in_plain_words(
    x: np.ndarray, y: np.ndarray, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        ScorecardClassifier().fit(x, y)


def as_words(x: np.ndarray) -> pd.DataFrame:
    """The same answers as somebody writes them, each column in another way."""
    frame = pd.DataFrame(x, columns=[f"s{n}" for n in range(x.shape[1])])
    ways = {
        "s0": frame["s0"].map({1.0: "yes", 0.0: "no", 0.5: "refused"}),
        "s1": frame["s1"].map({1.0: True, 0.0: False}).astype("boolean"),
        "s2": frame["s2"].map({1.0: "da", 0.0: "ne"}).astype("category"),
        "s3": frame["s3"].where(frame["s3"] != 0.5),
        "s4": frame["s4"].map({1.0: 1, 0.0: 0}).astype("Int8"),
        "s5": frame["s5"].map({1.0: "1", 0.0: "0", 0.5: None}),
    }
    return frame.assign(**ways)


def test_S5_words_and_missing_values_are_the_answers_that_they_are() -> None:
    x, y = table(1500)
    frame = as_words(x)
    plain = ScorecardClassifier(5).fit(pd.DataFrame(x, columns=frame.columns), y)
    card = ScorecardClassifier(5).fit(frame, y)
    pd.testing.assert_frame_equal(card.card_, plain.card_)
    assert (card.totals(frame) == plain.totals(frame)).all()
    assert card.card_.index.name == "feature" and card.card_["points"].is_monotonic_decreasing
    encoded = AnswerEncoder().set_output(transform="pandas").fit_transform(frame)
    assert (encoded.to_numpy() == x).all() and list(encoded.columns) == list(frame.columns)
    pipe = Pipeline([("encode", AnswerEncoder()), ("card", ScorecardClassifier(5))]).fit(frame, y)
    assert (pipe.predict(frame) == card.predict(frame)).all()
    blank = pd.DataFrame(np.where(x == 0.5, np.nan, x))
    assert np.isnan(AnswerEncoder("nan").fit_transform(blank)[x == 0.5]).all()


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["yes", "maybe"], "column 's', row 1: 'maybe' is not one of the six answers"),
        (pd.Categorical(["yes", "unknown"]).codes * 4, "column 's', row 0: 4 is not an answer"),
        ([0.0, 0.7], "column 's', row 1: 0.7 is not an answer"),
        (pd.array([2, None], dtype="Int8"), "column 's', row 0: 2 is not an answer"),
        ([-1.0, 1.0], "column 's', row 0: -1 is not an answer"),
    ],
)
def test_S5_a_number_or_word_that_is_no_answer_is_refused(cells: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        AnswerEncoder().fit(pd.DataFrame({"s": cells}))


@pytest.mark.parametrize("wrong", [0, 1, "no", None])
def test_S5_open_is_neither_no_nor_yes(wrong: object) -> None:
    with pytest.raises(ValueError, match="open must lie between 0 and 1"):
        AnswerEncoder(wrong).fit([[1.0]])


def test_the_class_that_is_looked_for_is_not_guessed() -> None:
    x, y = table(1500)
    names = np.where(y, "exploited", "other")
    with pytest.raises(ValueError, match=r"words: say which is looked for, as pos_label='expl"):
        ScorecardClassifier(5).fit(x, names)
    with pytest.raises(ValueError, match="is none of the classes"):
        ScorecardClassifier(5, pos_label="victim").fit(x, names)
    plain = ScorecardClassifier(5).fit(x, y)
    card = ScorecardClassifier(5, pos_label="exploited").fit(x, names)
    assert card.items_ == plain.items_ and card.classes_.tolist() == ["exploited", "other"]
    assert ((card.predict(x) == "exploited") == plain.predict(x)).all()
    assert (card.predict_proba(x)[:, 0] == plain.predict_proba(x)[:, 1]).all()
    assert ((card.decision_function(x) < 0) == plain.predict(x)).all()
    assert roc_auc_score(names, card.predict_proba(x)[:, 1]) == pytest.approx(
        roc_auc_score(y, plain.predict_proba(x)[:, 1])
    )


def test_an_empty_card_says_so() -> None:
    x, y = table(1500)
    with pytest.warns(UserWarning, match="The card is empty"):
        ScorecardClassifier(5).fit(1 - x[:, :3], y)


def test_the_weight_of_a_class_and_threads_are_scikit_learns(capsys: Any) -> None:
    x, y = table(1500)
    plain = ScorecardClassifier(5).fit(x, y)
    assert not capsys.readouterr().out
    heavy = ScorecardClassifier(5, class_weight={False: 1, True: 20}, verbose=1).fit(x, y)
    assert "learning a card" in capsys.readouterr().out
    assert heavy.predict(x).mean() > plain.predict(x).mean()
    alike = ScorecardClassifier(5, class_weight="balanced").fit(x, y)
    assert heavy.predict(x).mean() >= alike.predict(x).mean() > plain.predict(x).mean()
    assert ScorecardClassifier(5, n_jobs=2).fit(x, y).items_ == plain.items_
    grids = [
        GridSearchCV(ScorecardClassifier(), {"max_items": [2, 5]}, cv=3, n_jobs=n).fit(x, y)
        for n in (1, 2)
    ]
    assert grids[0].best_estimator_.items_ == grids[1].best_estimator_.items_


def test_with_a_recall_floor_the_line_and_one_half_are_different_questions() -> None:
    x, y = table(4000)
    half = ScorecardClassifier(6).fit(x, y)
    assert ((half.predict_proba(x)[:, 1] >= 0.5) == half.predict(x)).all()
    floor = ScorecardClassifier(6, recall_floor=0.9).fit(x, y)
    assert floor.predict(x)[y].mean() >= 0.9
    assert (floor.predict_proba(x) == half.predict_proba(x)).all()
    assert (floor.predict(x) > (floor.predict_proba(x)[:, 1] >= 0.5)).any()


def test_a_weight_does_not_make_three_rows_enough() -> None:
    with pytest.raises(ValueError, match="3 rows with 1 of the rarer class are too few"):
        ScorecardClassifier().fit(X20[:3], [0, 0, 1], sample_weight=[10, 10, 10])


def test_a_subgroup_that_nobody_belongs_to_is_told_with_the_nearest() -> None:
    group = np.where(Y20, "rare", "")
    for asked in (
        {"subgroup_weights": {"rar": 2.0}},
        {"subgroup_weights": "worst", "recall_floors": {"rar": 0.5}},
    ):
        with pytest.raises(ValueError, match="did you mean 'rare'"):
            ScorecardClassifier(**asked).fit(X20, Y20, subgroups=group)  # one dict for both


def test_a_recall_floor_that_is_not_reached_is_told_with_numbers() -> None:
    x, y, group = rare(3000)
    with pytest.warns(
        UserWarning,
        match=r"recall floors not reached at specificity 0.75 with \d items: rare: 0\.\d+ of 0.99",
    ):
        ScorecardClassifier(3, subgroup_weights="worst", recall_floors={"rare": 0.99}).fit(
            x, y, subgroups=group
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ScorecardClassifier(6, subgroup_weights="worst", recall_floors={"common": 0.2}).fit(
            x, y, subgroups=group
        )


def test_subgroups_are_one_name_a_row() -> None:
    with pytest.raises(ValueError, match="one name a row"):
        ScorecardClassifier().fit(X20, Y20, subgroups=["a", "b"])


def test_the_loss_of_totals_is_that_of_the_best_logistic_line() -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss

    x, y = table(2000)
    total = totals(states_of(x), Points((0, 1, 4), (5, 3, 2), (1, 1, 1)))
    line = LogisticRegression(C=1e9).fit(total[:, None], y)
    assert histogram_loss(total, y, np.ones(len(y))) == pytest.approx(
        log_loss(y, line.predict_proba(total[:, None])), abs=1e-5
    )
