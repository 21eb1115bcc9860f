"""`ScorecardClassifier`: a scikit-learn estimator that learns a card of few items and whole
points.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_array
from sklearn.utils._user_interface import _print_elapsed_time
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted
from threadpoolctl import threadpool_limits

from screening.scorecard.encoder import answers_in
from screening.scorecard.points import whole_points
from screening.scorecard.probability import calibrate
from screening.scorecard.search import Problem, Support, search
from screening.scorecard.settings import Caps, bounds_of, caps_of, check_settings, check_subgroups
from screening.scorecard.subgroups import Masks, PathStep, judge_of, path_of, reachable
from screening.scorecard.totals import YES_STATE, Points, auc_of, recall_at, states_of, totals

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CardItem", "ScorecardClassifier"]

FEWEST_ROWS, FEWEST_OF_A_CLASS = (
    9,
    3,
)  # as few as scikit-learn's own checks fit; rows of weight 0 do not count
WORST_ROUNDS = 8  # re-weightings towards the subgroup that lags most
PATIENCE = 3  # of them, without a better card
STEP = 4.0  # how strongly a subgroup's weight follows its lag


def _calibrated(estimator: Any) -> bool:
    """Whether totals may be read as probabilities: not of a card that was shipped without any."""
    return not hasattr(estimator, "items_") or hasattr(estimator, "calibration_")


@dataclass(frozen=True)
class CardItem:
    """One line of a card: the column it reads, and its points for yes and for an open answer."""

    feature: str
    column: int
    points: int
    open_points: int


class ScorecardClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """A scorecard of at most `max_items` signs with whole, non-negative points.

    Each column is an answer: 1 is yes, 0 is no, a number between or NaN is **open**; words,
    booleans and categories are taken as `AnswerEncoder` takes them. A yes gives the item's points,
    an open answer its open points, a no gives none, and never is open worth more than yes or as
    little as no: turning no into open or yes, or open into yes, never lowers a total.

    Parameters
    ----------
    max_items : int, default=12
        Items on the card at most; 1 or more.
    max_points : int, default=10
        Points of one item at most; 1 or more.
    bounds : dict or None, default=None
        By column name or number, `(least, most)` points. A least above 0 puts the item on the card;
        a most of 0 keeps it off.
    caps : list of (columns, most) or None, default=None
        Sets of columns that together give at most so many points. A column may stand in one set.
    subgroup_weights : "worst", dict or None, default=None
        How much positives of each subgroup given to `fit` count. A dict gives factors by subgroup.
        "worst" judges cards by the subgroup that lags most, and raises its weight until that helps
        no more. A subgroup's lag is how far its recall lies below what all items together reach for
        it, so that nobody pays for the card being short more than another.
    recall_floors : dict or None, default=None
        By subgroup, the recall from which its lag is measured instead; only with
        `subgroup_weights="worst"`. A warning with numbers says where a floor was not reached.
    specificity : float, default=0.75
        Where subgroups' recall is measured during the search; above 0 and below 1.
    recall_floor : float or None, default=None
        The least recall among all positives that `line_` must keep; None draws the line at
        probability 0.5.
    least_open : int, default=1
        Points an open answer of an item on the card has at least (at most the item's points); 1 or
        more, for open is not no.
    calibration : {"isotonic", "logistic"}, default="logistic"
        How totals become probabilities.
    ridge : float, default=1e-4
        Penalty that keeps real coefficients finite; 0 or more.
    pool_size : int, default=0
        How many other cards to keep in `pool_`.
    pool_tolerance : float, default=0.01
        How much AUC, and recall of the subgroups that weights or `worst` look after, a card in the
        pool may lie below the best; 0 or more.
    random_state : int, RandomState or None, default=None
        Draws the rows that the search looks at where there are more than `search_rows`.
    search_rows : int, default=50_000
        Rows that the search looks at. Points, line and calibration are made on all.
    class_weight : dict, "balanced" or None, default=None
        How much rows of each class count, as in scikit-learn; they do not count as more rows.
    pos_label : label or None, default=None
        The class that is looked for. None takes the greater of two numbers, or True; classes that
        are words have no order, and the estimator does not guess.
    clip : bool, default=False
        Take more than 1 as yes and less than 0 as no, in place of refusing it: for numbers that are
        no answers. Codes of categories are not answers.
    n_jobs : int or None, default=None
        Threads that try cards; -1 for as many as there are processors. The card does not depend on
        it. Linear algebra keeps to one thread inside `fit`, whatever the machine's default: with
        two, a fit takes 3 to 30 times as long.
    verbose : int, default=0
        Above 0, how long the fit took is printed, as scikit-learn's own estimators do.

    Notes
    -----
    `predict` says `pos_label` from `line_` on. Without a recall floor that is where the probability
    reaches one half; with one, the line lies where that share of positives is found, and `predict`
    and `predict_proba` above one half are then different questions.

    Attributes
    ----------
    card_ : pandas.DataFrame, indexed by feature, most points first: points and open_points
    items_ : list of CardItem, the same as objects
    pos_label_ : the class that is looked for
    points_max_ : int, the highest total
    calibration_ : Calibration, by total
    line_ : int, totals from here on are predicted as `pos_label_`
    path_ : pandas.DataFrame, items in the order in which they help most, indexed by feature:
        column, auc, recall of all and "recall of NAME" for each subgroup
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
        self,
        max_items: int = 12,
        *,
        max_points: int = 10,
        bounds: Mapping[Any, tuple[int, int]] | None = None,
        caps: Sequence[tuple[Iterable[Any], int]] | None = None,
        subgroup_weights: Any = None,
        recall_floors: Mapping[str, float] | None = None,
        specificity: float = 0.75,
        recall_floor: float | None = None,
        least_open: int = 1,
        calibration: str = "logistic",
        ridge: float = 1e-4,
        pool_size: int = 0,
        pool_tolerance: float = 0.01,
        random_state: Any = None,
        search_rows: int = 50_000,
        class_weight: Any = None,
        pos_label: Any = None,
        clip: bool = False,
        n_jobs: int | None = None,
        verbose: int = 0,
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
        self.class_weight = class_weight
        self.pos_label = pos_label
        self.clip = clip
        self.n_jobs = n_jobs
        self.verbose = verbose

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        # On any numbers at all: a card can only rise with its columns, and sees three values in
        # each
        tags.classifier_tags.poor_score = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        return tags

    # -- learning ----------------------------------------------------------------------------------

    def fit(self, X: Any, y: Any, sample_weight: Any = None, subgroups: Any = None) -> Self:
        """Learn a card.

        Parameters
        ----------
        X : frame or array-like (n_samples, n_features) of answers
        y : array-like (n_samples,), two classes
        sample_weight : array-like (n_samples,) or None
        subgroups : array-like of str (n_samples,) or None
            Which subgroup each row belongs to; only positives' subgroups count. "" belongs to none.

        Raises
        ------
        ValueError : in plain words, what is wrong and what would be right
        """
        check_settings(self)
        with threadpool_limits(1), _print_elapsed_time("ScorecardClassifier", self._telling()):
            return self._fit(X, y, sample_weight, subgroups)

    def _telling(self) -> str | None:
        return "learning a card" if self.verbose else None

    def _fit(self, X: Any, y: Any, sample_weight: Any, subgroups: Any) -> Self:
        if y is None:
            raise ValueError("This card requires y to be passed, but the target y is None.")
        X, y = answers_in(self, X, self.clip, reset=True, y=y)
        check_classification_targets(y)
        self.classes_, coded = np.unique(y, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(
                "Only binary classification is supported: a card tells two classes apart. The"
                f" target has {len(self.classes_)} classes."
            )
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        names = _subgroup_names(subgroups, len(y))
        used = weight > 0
        self.pos_label_ = _looked_for(self.classes_, self.pos_label)
        positive = coded == int(np.flatnonzero(self.classes_ == self.pos_label_)[0])
        states, target, weight = states_of(X[used]), positive[used], weight[used]
        if len(np.unique(coded[used])) < 2:
            raise ValueError(
                "A card needs rows of both classes; all rows are of one class"
                + (f" ({self.classes_[0]!r})." if len(self.classes_) else ".")
            )
        fewest = min(
            max(int(kind.sum()), float(weight[kind].sum())) for kind in (target, ~target)
        )  # a weight of 3 is to be as good as 3 rows
        if len(target) < FEWEST_ROWS or fewest < FEWEST_OF_A_CLASS:
            raise ValueError(
                f"{len(target)} rows with {int(min(target.sum(), (~target).sum()))} of the rarer"
                f" class are too few: a card needs {FEWEST_ROWS} rows and {FEWEST_OF_A_CLASS} of"
                " each class at least, and hundreds to be worth anything. Rows of weight 0 do not"
                " count."
            )
        groups = {
            name: (names[used] == name) & target
            for name in sorted(set(names[used][target].tolist()) - {""})
        }
        check_subgroups(self, groups.keys())
        if self.class_weight is not None:
            weight = weight * compute_sample_weight(self.class_weight, y[used])
        self._learn(states, target, weight, groups)
        if not self.items_:
            warnings.warn(
                "The card is empty: no column tells the classes apart in the direction of yes."
                " Check pos_label, and that 1 is yes and 0 is no.",
                UserWarning,
                stacklevel=4,
            )
        return self

    def _learn(
        self,
        states: NDArray[np.uint8],
        y: NDArray[np.bool_],
        weight: NDArray[np.float64],
        groups: dict[str, NDArray[np.bool_]],
    ) -> None:
        rows = self._rows(len(y))
        bounds, caps = (
            bounds_of(self.bounds, self._names(), self.max_points),
            caps_of(self.caps, self._names()),
        )

        def problem(w: NDArray[np.float64], some: NDArray[np.intp] | slice) -> Problem:
            return Problem(
                states[:, some], y[some], w[some], bounds, self.max_items, caps, self.ridge
            )

        judged = {name: mask for name, mask in groups.items() if self.subgroup_weights == "worst"}
        floors = (
            reachable(
                problem(weight, rows), {n: m[rows] for n, m in judged.items()}, self.specificity
            )
            | dict(self.recall_floors or {})
            if judged
            else {}
        )
        factors = {
            name: (
                float(self.subgroup_weights.get(name, 1.0))
                if isinstance(self.subgroup_weights, Mapping)
                else 1.0
            )
            for name in groups
        }
        best: tuple[float, float, Points, Support] | None = None
        around: Any = None
        waited = 0
        for _ in range(WORST_ROUNDS if judged else 1):
            w = weight.copy()
            for name, mask in groups.items():
                w[mask] *= factors[name]
            small = problem(w, rows)
            support, neighbours = search(small, self.n_jobs)
            judge = (
                judge_of(
                    {n: m[rows] for n, m in judged.items()},
                    y[rows],
                    weight[rows],
                    floors,
                    self.specificity,
                )
                if judged
                else None
            )
            points = whole_points(small, support, self.least_open, judge, scales=1 if judged else 3)
            total = totals(states, points, caps)
            lags = {
                n: floors[n] - recall_at(total, y, weight, self.specificity, m)
                for n, m in judged.items()
            }
            value = (round(max(lags.values(), default=0.0), 3), -auc_of(total, y, weight))
            if best is None or value < best[:2]:
                best, around, waited = (*value, points, support), (small, neighbours, judge), 0
            else:
                waited += 1
            if not lags or waited >= PATIENCE:
                break
            middle = sum(lags.values()) / len(lags)
            for name, lag in lags.items():
                factors[name] = float(
                    np.clip(factors[name] * math.exp(STEP * (lag - middle)), 0.2, 50.0)
                )
        assert best is not None
        self._keep(best[2], states, y, weight, caps)
        self._tell_floors(totals(states, best[2], caps), y, weight, judged)
        self.path_ = _path_frame(
            path_of(best[2], self._names(), states, y, weight, groups, caps, self.specificity)
        )
        if isinstance(
            self.subgroup_weights, Mapping
        ):  # near-equal cards must be near for those who were given more weight, too
            judged = {name: groups[name] for name in self.subgroup_weights}
            floors = {
                name: recall_at(totals(states, best[2], caps), y, weight, self.specificity, mask)
                for name, mask in judged.items()
            }
        self.pool_ = self._pool(best, around, states, y, weight, judged, floors, caps)

    def _tell_floors(
        self,
        total: NDArray[np.int32],
        y: NDArray[np.bool_],
        weight: NDArray[np.float64],
        judged: Masks,
    ) -> None:
        """Say with numbers which recall floors the card does not reach."""
        reached = {
            name: recall_at(total, y, weight, self.specificity, judged[name])
            for name in self.recall_floors or {}
        }
        short = [
            f"{name}: {reached[name]:.3f} of {floor}"
            for name, floor in (self.recall_floors or {}).items()
            if reached[name] < floor
        ]
        if short:
            warnings.warn(
                f"recall floors not reached at specificity {self.specificity} with"
                f" {len(self.items_)} items: {'; '.join(short)}. Allow more items, lower the"
                " specificity, or ask less of other subgroups.",
                UserWarning,
                stacklevel=4,
            )

    def _rows(self, n: int) -> NDArray[np.intp] | slice:
        if n <= self.search_rows:
            return slice(None)
        from sklearn.utils import check_random_state

        return np.sort(
            check_random_state(self.random_state).choice(n, self.search_rows, replace=False)
        )

    def _keep(
        self,
        points: Points,
        states: NDArray[np.uint8],
        y: NDArray[np.bool_],
        weight: NDArray[np.float64],
        caps: Caps,
    ) -> None:
        self.items_ = self._items(points)
        self._caps_ = caps
        total = totals(states, points, caps)
        everything = np.full((states.shape[0], 1), YES_STATE, dtype=np.uint8)
        self.points_max_ = int(totals(everything, points, caps)[0])
        self.calibration_ = calibrate(total, y, weight, self.points_max_, self.calibration)
        self.line_ = self._line(total, y, weight)

    def _line(
        self, total: NDArray[np.int32], y: NDArray[np.bool_], weight: NDArray[np.float64]
    ) -> int:
        if self.recall_floor is None:
            return int(np.searchsorted(np.array(self.calibration_.value), 0.5))
        count = np.bincount(total[y], weights=weight[y], minlength=self.points_max_ + 2)
        above = np.cumsum(count[::-1])[::-1] / count.sum()
        return int(np.flatnonzero(above >= self.recall_floor - 1e-12)[-1])

    def _items(self, points: Points) -> list[CardItem]:
        names = self._names()
        items = [
            CardItem(names[i], i, yes, opened)
            for i, yes, opened in zip(points.items, points.yes, points.opened, strict=True)
        ]
        return sorted(items, key=lambda item: (-item.points, item.column))

    def _pool(
        self,
        best: Any,
        around: Any,
        states: NDArray[np.uint8],
        y: NDArray[np.bool_],
        weight: NDArray[np.float64],
        judged: dict[str, NDArray[np.bool_]],
        floors: Mapping[str, float],
        caps: Any,
    ) -> list[list[CardItem]]:
        if not self.pool_size:
            return []
        small, neighbours, judge = around
        found: dict[frozenset[int], tuple[tuple[float, float], Points]] = {}
        for support in neighbours(3 * self.pool_size):
            points = whole_points(small, support, self.least_open, judge, scales=1)
            total = totals(states, points, caps)
            lag = max(
                (
                    floors[n] - recall_at(total, y, weight, self.specificity, m)
                    for n, m in judged.items()
                ),
                default=0.0,
            )
            value = (lag, -auc_of(total, y, weight))
            near = (
                value[0] <= best[0] + self.pool_tolerance
                and value[1] <= best[1] + self.pool_tolerance
            )
            if near and frozenset(points.items) != frozenset(best[2].items):
                found.setdefault(frozenset(points.items), (value, points))
        ranked = sorted(found.values(), key=lambda f: f[0])
        return [self._items(points) for _, points in ranked[: self.pool_size]]

    def _names(self) -> list[str]:
        names = getattr(self, "feature_names_in_", None)
        return (
            [f"x{n}" for n in range(self.n_features_in_)]
            if names is None
            else [str(n) for n in names]
        )

    # -- using -------------------------------------------------------------------------------------

    def _check_input(self, X: Any) -> NDArray[np.uint8]:
        check_is_fitted(self, "items_")
        return states_of(answers_in(self, X, self.clip, reset=False))

    @property
    def card_(self) -> pd.DataFrame:
        """The card as a frame; see the class."""
        import pandas as pd

        check_is_fitted(self, "items_")
        return pd.DataFrame(
            {
                "points": [i.points for i in self.items_],
                "open_points": [i.open_points for i in self.items_],
            },
            index=pd.Index([i.feature for i in self.items_], name="feature", dtype="str"),
        )

    @property
    def _column(self) -> int:
        """Where the class that is looked for stands in `classes_`."""
        return int(np.flatnonzero(self.classes_ == self.pos_label_)[0])

    def totals(self, X: Any, open_as: str = "own") -> NDArray[np.int32]:
        """Total points of every row (n,).

        open_as : "own" gives open answers their own points, "no" none (what is recorded), "yes" all
            (how far it could go)
        """
        if open_as not in ("own", "no", "yes"):
            raise ValueError(f"open_as must be own, no or yes, not {open_as!r}.")
        states = self._check_input(X)
        opened = tuple(
            {"own": i.open_points, "no": 0, "yes": i.points}[open_as] for i in self.items_
        )
        points = Points(
            tuple(i.column for i in self.items_), tuple(i.points for i in self.items_), opened
        )
        return totals(states, points, self._caps_)

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Points above `line_`, less a half (n,): above 0 where `predict` says `classes_[1]`, as
        everywhere in scikit-learn; so the sign is turned where `classes_[0]` is looked for.
        """
        result: NDArray[np.float64] = self.totals(X).astype(np.float64) - self.line_ + 0.5
        return result if self._column else -result

    def predict(self, X: Any) -> NDArray[Any]:
        """`pos_label_` where the total reaches `line_`, else the other class (n,)."""
        reached = self.totals(X) >= self.line_
        result: NDArray[Any] = self.classes_[(reached == self._column).astype(np.intp)]
        return result

    @available_if(_calibrated)  # type: ignore[untyped-decorator]  # scikit-learn carries no types
    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probability of both classes in the order of `classes_`, from the table (n, 2)."""
        total = self.totals(X)
        p = np.array(self.calibration_.value)[total]
        return np.stack([1 - p, p] if self._column else [p, 1 - p], axis=1)

    @available_if(_calibrated)  # type: ignore[untyped-decorator]  # scikit-learn carries no types
    def predict_interval(self, X: Any) -> NDArray[np.float64]:
        """Ends of the 95 % interval of the probability of `pos_label_` (n, 2)."""
        total = self.totals(X)
        return np.stack(
            [np.array(self.calibration_.low)[total], np.array(self.calibration_.high)[total]],
            axis=1,
        )


def _looked_for(classes: NDArray[Any], pos_label: Any) -> Any:
    """The class that is looked for."""
    if pos_label is not None:
        if pos_label not in classes.tolist():
            raise ValueError(f"pos_label {pos_label!r} is none of the classes {classes.tolist()}.")
        return pos_label
    if classes.dtype.kind in "biuf":
        return classes[-1]
    raise ValueError(
        f"The classes {classes.tolist()} are words: say which is looked for, as"
        f" pos_label={classes.tolist()[0]!r}."
    )


def _path_frame(steps: Sequence[PathStep]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "column": s.column,
            "auc": s.auc,
            "recall": s.recall,
            **{f"recall of {name}": value for name, value in s.by_subgroup.items()},
        }
        for s in steps
    ]
    index = pd.Index([s.feature for s in steps], name="feature", dtype="str")
    return pd.DataFrame(rows, index=index)


def _subgroup_names(subgroups: Any, n: int) -> NDArray[Any]:
    if subgroups is None:
        return np.full(n, "", dtype=object)
    names: NDArray[Any] = check_array(
        np.asarray(subgroups, dtype=object), dtype=object, ensure_2d=False, ensure_all_finite=False
    )
    if names.shape != (n,):
        raise ValueError(f"subgroups must be one name a row: ({n},), not {names.shape}.")
    return names
