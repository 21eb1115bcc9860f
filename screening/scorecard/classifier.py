"""`ScorecardClassifier`: a scikit-learn estimator that learns a card of few items and whole points."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_array
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from screening.scorecard.calibrate import METHODS, Calibration, calibrate
from screening.scorecard.points import whole_points
from screening.scorecard.search import Problem, Support, search
from screening.scorecard.subgroups import judge_of, path_of, reachable
from screening.scorecard.totals import YES_STATE, Points, auc_of, recall_at, states_of, totals

__all__ = ["CardItem", "ScorecardClassifier"]

FORMAT = "screening-scorecard/1"
WORST_ROUNDS = 8  # re-weightings towards the subgroup that lags most
PATIENCE = 3  # of them, without a better card
STEP = 4.0  # how strongly a subgroup's weight follows its lag


@dataclass(frozen=True)
class CardItem:
    """One line of a card: the column it reads, and its points for yes and for an open answer."""

    feature: str
    column: int
    points: int
    open_points: int


class ScorecardClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """A card of at most `max_items` items with whole, non-negative points.

    Each column is an answer: 1 (or more) is yes, 0 (or less) is no, anything between is **open** (write 0.5). A yes gives
    the item's points, an open answer its open points, a no gives none, and never is open worth more than yes or as
    little as no: turning no into open or yes, or open into yes, never lowers a total.

    Parameters
    ----------
    max_items : int, default=12
        Items on the card at most; 1 or more.
    max_points : int, default=10
        Points of one item at most; 1 or more.
    bounds : dict or None, default=None
        By column name or number, `(least, most)` points. A least above 0 puts the item on the card; a most of 0 keeps it off.
    caps : list of (columns, most) or None, default=None
        Sets of columns that together give at most so many points. A column may stand in one set.
    subgroup_weights : "worst", dict or None, default=None
        How much positives of each subgroup given to `fit` count. A dict gives factors by subgroup. "worst" judges cards by the
        subgroup that lags most, and raises its weight until that helps no more. A subgroup's lag is how far its recall lies below
        what all items together reach for it, so that nobody pays for the card being short more than another.
    recall_floors : dict or None, default=None
        By subgroup, the recall from which its lag is measured instead.
    specificity : float, default=0.75
        Where subgroups' recall is measured during the search; above 0 and below 1.
    recall_floor : float or None, default=None
        The least recall among all positives that `line_` must keep; None draws the line at probability 0.5.
    least_open : int, default=1
        Points an open answer of an item on the card has at least (at most the item's points).
    calibration : {"isotonic", "logistic"}, default="logistic"
        How totals become probabilities.
    ridge : float, default=1e-4
        Penalty that keeps real coefficients finite; 0 or more.
    pool_size : int, default=0
        How many other cards to keep in `pool_`.
    pool_tolerance : float, default=0.01
        How much AUC, and recall of the worst subgroup, a card in the pool may lie below the best.
    random_state : int, RandomState or None, default=None
        Draws the rows that the search looks at where there are more than `search_rows`.
    search_rows : int, default=50_000
        Rows that the search looks at. Points, line and calibration are made on all.

    Attributes
    ----------
    items_ : list of CardItem, most points first
    points_max_ : int, the highest total
    calibration_ : Calibration, by total
    line_ : int, totals from here on are predicted as `classes_[1]`
    path_ : list of PathStep, items in the order in which they help most
    pool_ : list of lists of CardItem, near-equal cards, best first
    classes_, n_features_in_, feature_names_in_ : as in scikit-learn

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1, 0], [1, 1], [0, 0], [0, 1]] * 20)
    >>> card = ScorecardClassifier(max_items=1).fit(x, x[:, 0])
    >>> [item.feature for item in card.items_]
    ['x0']
    """

    def __init__(
        self, max_items: int = 12, *, max_points: int = 10, bounds: Mapping[Any, tuple[int, int]] | None = None,
        caps: Sequence[tuple[Iterable[Any], int]] | None = None, subgroup_weights: Any = None, recall_floors: Mapping[str, float] | None = None,
        specificity: float = 0.75, recall_floor: float | None = None, least_open: int = 1, calibration: str = "logistic", ridge: float = 1e-4,
        pool_size: int = 0, pool_tolerance: float = 0.01, random_state: Any = None, search_rows: int = 50_000,
    ) -> None:
        self.max_items = max_items
        self.max_points = max_points
        self.bounds = bounds
        self.caps = caps
        self.subgroup_weights = subgroup_weights
        self.recall_floors = recall_floors
        self.specificity = specificity
        self.recall_floor = recall_floor
        self.least_open = least_open
        self.calibration = calibration
        self.ridge = ridge
        self.pool_size = pool_size
        self.pool_tolerance = pool_tolerance
        self.random_state = random_state
        self.search_rows = search_rows

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.poor_score = True  # on any numbers at all: a card can only rise with its columns, and sees three values in each
        return tags

    # -- learning ------------------------------------------------------------------------------------------------

    def fit(self, X: Any, y: Any, sample_weight: Any = None, subgroups: Any = None) -> Self:
        """Learn a card.

        Parameters
        ----------
        X : array-like (n_samples, n_features), finite
        y : array-like (n_samples,), two classes; the second in sorted order is the one looked for
        sample_weight : array-like (n_samples,) or None
        subgroups : array-like of str (n_samples,) or None
            Which subgroup each row belongs to; only positives' subgroups count. "" belongs to none.

        Raises
        ------
        ValueError : in plain words, what is wrong and what would be right
        """
        self._check_parameters()
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(y)
        self.classes_, coded = np.unique(y, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(f"Only binary classification is supported: a card tells two classes apart. The target has {len(self.classes_)} classes.")
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        names = _subgroup_names(subgroups, len(y))
        used = weight > 0
        states, target, weight = states_of(X[used]), coded[used] == 1, weight[used]
        if len(np.unique(coded[used])) < 2:
            raise ValueError("A card needs rows of both classes; all rows are of one class" + (f" ({self.classes_[0]!r})." if len(self.classes_) else "."))
        fewest = min(int(target.sum()), int((~target).sum()))
        if fewest < 2 and weight.sum() < 10:
            raise ValueError(f"{len(target)} rows with {fewest} of the rarer class are too few: a card needs 2 of each class at least.")
        groups = {name: (names[used] == name) & target for name in sorted(set(names[used][target].tolist()) - {""})}
        self._learn(states, target, weight, groups)
        return self

    def _learn(self, states: NDArray[np.uint8], y: NDArray[np.bool_], weight: NDArray[np.float64], groups: dict[str, NDArray[np.bool_]]) -> None:
        rows = self._rows(len(y))
        bounds, caps = self._bounds(), self._caps()

        def problem(w: NDArray[np.float64], some: NDArray[np.intp] | slice) -> Problem:
            return Problem(states[:, some], y[some], w[some], bounds, self.max_items, caps, self.ridge)

        judged = {name: mask for name, mask in groups.items() if self.subgroup_weights == "worst"}
        floors = reachable(problem(weight, rows), {n: m[rows] for n, m in judged.items()}, self.specificity) | dict(self.recall_floors or {}) if judged else {}
        factors = {name: float(self.subgroup_weights.get(name, 1.0)) if isinstance(self.subgroup_weights, Mapping) else 1.0 for name in groups}
        best: tuple[float, float, Points, Support] | None = None
        around: Any = None
        waited = 0
        for _ in range(WORST_ROUNDS if judged else 1):
            w = weight.copy()
            for name, mask in groups.items():
                w[mask] *= factors[name]
            small = problem(w, rows)
            support, neighbours = search(small)
            judge = judge_of({n: m[rows] for n, m in judged.items()}, y[rows], weight[rows], floors, self.specificity) if judged else None
            points = whole_points(small, support, self.least_open, judge, scales=1 if judged else 3)
            total = totals(states, points, caps)
            lags = {n: floors[n] - recall_at(total, y, weight, self.specificity, m) for n, m in judged.items()}
            value = (round(max(lags.values(), default=0.0), 3), -auc_of(total, y, weight))
            if best is None or value < best[:2]:
                best, around, waited = (*value, points, support), (small, neighbours, judge), 0
            else:
                waited += 1
            if not lags or waited >= PATIENCE:
                break
            middle = sum(lags.values()) / len(lags)
            for name, lag in lags.items():
                factors[name] = float(np.clip(factors[name] * math.exp(STEP * (lag - middle)), 0.2, 50.0))
        assert best is not None
        self._keep(best[2], states, y, weight, caps)
        self.path_ = path_of(best[2], self._names(), states, y, weight, groups, caps, self.specificity)
        self.pool_ = self._pool(best, around, states, y, weight, judged, floors, caps)

    def _rows(self, n: int) -> NDArray[np.intp] | slice:
        if n <= self.search_rows:
            return slice(None)
        from sklearn.utils import check_random_state

        return np.sort(check_random_state(self.random_state).choice(n, self.search_rows, replace=False))

    def _keep(self, points: Points, states: NDArray[np.uint8], y: NDArray[np.bool_], weight: NDArray[np.float64], caps: Any) -> None:
        self.items_ = self._items(points)
        self._caps_ = caps
        total = totals(states, points, caps)
        everything = np.full((states.shape[0], 1), YES_STATE, dtype=np.uint8)
        self.points_max_ = int(totals(everything, points, caps)[0])
        self.calibration_ = calibrate(total, y, weight, self.points_max_, self.calibration)
        self.line_ = self._line(total, y, weight)

    def _line(self, total: NDArray[np.int32], y: NDArray[np.bool_], weight: NDArray[np.float64]) -> int:
        if self.recall_floor is None:
            return int(np.searchsorted(np.array(self.calibration_.value), 0.5))
        count = np.bincount(total[y], weights=weight[y], minlength=self.points_max_ + 2)
        above = np.cumsum(count[::-1])[::-1] / count.sum()
        return int(np.flatnonzero(above >= self.recall_floor - 1e-12)[-1])

    def _items(self, points: Points) -> list[CardItem]:
        names = self._names()
        items = [CardItem(names[i], i, yes, opened) for i, yes, opened in zip(points.items, points.yes, points.opened, strict=True)]
        return sorted(items, key=lambda item: (-item.points, item.column))

    def _pool(self, best: Any, around: Any, states: NDArray[np.uint8], y: NDArray[np.bool_], weight: NDArray[np.float64],
              judged: dict[str, NDArray[np.bool_]], floors: Mapping[str, float], caps: Any) -> list[list[CardItem]]:
        if not self.pool_size:
            return []
        small, neighbours, judge = around
        found: dict[frozenset[int], tuple[tuple[float, float], Points]] = {}
        for support in neighbours(3 * self.pool_size):
            points = whole_points(small, support, self.least_open, judge, scales=1)
            total = totals(states, points, caps)
            lag = max((floors[n] - recall_at(total, y, weight, self.specificity, m) for n, m in judged.items()), default=0.0)
            value = (lag, -auc_of(total, y, weight))
            near = value[0] <= best[0] + self.pool_tolerance and value[1] <= best[1] + self.pool_tolerance
            if near and frozenset(points.items) != frozenset(best[2].items):
                found.setdefault(frozenset(points.items), (value, points))
        ranked = sorted(found.values(), key=lambda f: f[0])
        return [self._items(points) for _, points in ranked[: self.pool_size]]

    # -- parameters ----------------------------------------------------------------------------------------------

    def _check_parameters(self) -> None:
        for name, least in (("max_items", 1), ("max_points", 1), ("least_open", 0), ("pool_size", 0), ("search_rows", 1)):
            value = getattr(self, name)
            if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
                raise ValueError(f"{name} must be a whole number of {least} or more, not {value!r}.")
        if not 0 < self.specificity < 1:
            raise ValueError(f"specificity must lie between 0 and 1, not {self.specificity!r}.")
        if self.recall_floor is not None and not 0 < self.recall_floor <= 1:
            raise ValueError(f"recall_floor must lie above 0 and at most at 1, or be None, not {self.recall_floor!r}.")
        if self.calibration not in METHODS:
            raise ValueError(f"calibration must be one of {', '.join(METHODS)}, not {self.calibration!r}.")
        if not self.ridge >= 0:
            raise ValueError(f"ridge must be 0 or more, not {self.ridge!r}.")
        if isinstance(self.subgroup_weights, Mapping):
            if any(not w > 0 for w in self.subgroup_weights.values()):
                raise ValueError("subgroup_weights must be above 0.")
        elif self.subgroup_weights not in (None, "worst"):
            raise ValueError(f"subgroup_weights must be 'worst', a dict of factors or None, not {self.subgroup_weights!r}.")

    def _names(self) -> list[str]:
        names = getattr(self, "feature_names_in_", None)
        return [f"x{n}" for n in range(self.n_features_in_)] if names is None else [str(n) for n in names]

    def _column(self, key: Any, where: str) -> int:
        names = self._names()
        if isinstance(key, (int, np.integer)) and 0 <= key < len(names):
            return int(key)
        if key in names:
            return names.index(key)
        raise ValueError(f"{where} names a column that X does not have: {key!r}.")

    def _bounds(self) -> NDArray[np.int64]:
        result = np.tile(np.array([0, self.max_points], dtype=np.int64), (self.n_features_in_, 1))
        for key, (least, most) in (self.bounds or {}).items():
            if not 0 <= least <= most:
                raise ValueError(f"bounds of {key!r} must be whole numbers, 0 <= least <= most, not ({least!r}, {most!r}).")
            result[self._column(key, "bounds")] = least, most
        return result

    def _caps(self) -> tuple[tuple[frozenset[int], int], ...]:
        result = tuple((frozenset(self._column(c, "caps") for c in columns), int(most)) for columns, most in self.caps or ())
        seen = [c for columns, _ in result for c in columns]
        if len(seen) != len(set(seen)) or any(most < 0 for _, most in result):
            raise ValueError("caps must be 0 or more, and a column may stand in one set only.")
        return result

    # -- using ---------------------------------------------------------------------------------------------------

    def _check_input(self, X: Any) -> NDArray[np.uint8]:
        check_is_fitted(self, "calibration_")
        return states_of(validate_data(self, X, dtype=np.float64, reset=False))

    def totals(self, X: Any, open_as: str = "own") -> NDArray[np.int32]:
        """Total points of every row (n,).

        open_as : "own" gives open answers their own points, "no" none (what is recorded), "yes" all (how far it could go)
        """
        if open_as not in ("own", "no", "yes"):
            raise ValueError(f"open_as must be own, no or yes, not {open_as!r}.")
        states = self._check_input(X)
        opened = tuple({"own": i.open_points, "no": 0, "yes": i.points}[open_as] for i in self.items_)
        points = Points(tuple(i.column for i in self.items_), tuple(i.points for i in self.items_), opened)
        return totals(states, points, self._caps_)

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Points above `line_`, less a half: above 0 where `predict` says `classes_[1]` (n,)."""
        result: NDArray[np.float64] = self.totals(X).astype(np.float64) - self.line_ + 0.5
        return result

    def predict(self, X: Any) -> NDArray[Any]:
        """`classes_[1]` where the total reaches `line_`, else `classes_[0]` (n,)."""
        total = self.totals(X)
        result: NDArray[Any] = self.classes_[(total >= self.line_).astype(np.intp)]
        return result

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probability of both classes, from the table (n, 2)."""
        total = self.totals(X)
        p = np.array(self.calibration_.value)[total]
        return np.stack([1 - p, p], axis=1)

    def predict_interval(self, X: Any) -> NDArray[np.float64]:
        """Ends of the 95 % interval of the probability of `classes_[1]` (n, 2)."""
        total = self.totals(X)
        return np.stack([np.array(self.calibration_.low)[total], np.array(self.calibration_.high)[total]], axis=1)

    # -- keeping -------------------------------------------------------------------------------------------------

    def to_json(self) -> str:
        """Everything that a prediction needs, as JSON."""
        check_is_fitted(self, "calibration_")
        names = getattr(self, "feature_names_in_", None)
        content = {
            "format": FORMAT,
            "classes": self.classes_.tolist(), "classes_dtype": self.classes_.dtype.str,
            "n_features_in": self.n_features_in_, "feature_names_in": None if names is None else [str(n) for n in names],
            "items": [vars(item) for item in self.items_],
            "caps": [{"columns": sorted(columns), "most": most} for columns, most in self._caps_],
            "points_max": self.points_max_, "line": self.line_,
            "calibration": vars(self.calibration_),
        }
        return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> ScorecardClassifier:
        """A fitted card from `to_json`; predictions are equal to the last bit. Parameters of the search are not kept.

        Raises
        ------
        ValueError : text of another kind or format
        """
        try:
            content = json.loads(text)
        except ValueError as error:
            raise ValueError(f"This is no JSON: {error}.") from None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError(f"This is no card of the format {FORMAT}.")
        try:
            card = cls()
            card.classes_ = np.array(content["classes"], dtype=np.dtype(content["classes_dtype"]))
            card.n_features_in_ = int(content["n_features_in"])
            if content["feature_names_in"] is not None:
                card.feature_names_in_ = np.array(content["feature_names_in"], dtype=object)
            card.items_ = [CardItem(**item) for item in content["items"]]
            card._caps_ = tuple((frozenset(c["columns"]), c["most"]) for c in content["caps"])
            card.points_max_, card.line_ = content["points_max"], content["line"]
            table = content["calibration"]
            card.calibration_ = Calibration(table["method"], *(tuple(table[k]) for k in ("value", "low", "high", "rows")))
        except (KeyError, TypeError) as error:
            raise ValueError(f"The card is not complete: {error}.") from None
        return card


def _subgroup_names(subgroups: Any, n: int) -> NDArray[Any]:
    if subgroups is None:
        return np.full(n, "", dtype=object)
    names: NDArray[Any] = check_array(np.asarray(subgroups, dtype=object), dtype=object, ensure_2d=False, ensure_all_finite=False)
    if names.shape != (n,):
        raise ValueError(f"subgroups must be one name a row: ({n},), not {names.shape}.")
    return names
