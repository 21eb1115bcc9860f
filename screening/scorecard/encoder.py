"""Answers as the numbers an estimator takes, and the transformer that makes them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from screening.answers import Answer, truth
from screening.errors import CaseError
from screening.values import parse_answer

__all__ = ["AnswerEncoder", "answers_in"]

_VALUE = {0: 0.0, 1: np.nan, 2: 1.0}  # by `Truth`; what is open is missing until somebody fills it


def answers_in(estimator: Any, X: Any, clip: bool, *, reset: bool, y: Any = None) -> Any:
    """X as floats from 0 to 1, NaN where it is open, (n, features); with y, both.

    A column may be of words in any language of the lists, booleans, numbers, or categories of
    these, in a pandas frame or anything that hands out Arrow's C stream; or X is an array.

    clip : take more than 1 as 1 and less than 0 as 0

    Raises
    ------
    ValueError : what is no answer, with column, row and value
    """
    X = _numbers(X)
    checked = validate_data(
        estimator,
        X,
        *(() if y is None else (y,)),
        dtype=np.float64,
        ensure_all_finite="allow-nan",
        reset=reset,
        **({} if y is None else {"ensure_min_samples": 2}),
    )
    values = checked if y is None else checked[0]
    if clip:
        values = np.clip(values, 0.0, 1.0)
    else:
        wrong = (values < 0) | (values > 1)
        if wrong.any():
            row, column = (int(n) for n in np.argwhere(wrong)[0])
            raise ValueError(
                f"column {_name(estimator, column)!r}, row {row}: {values[row, column]:g} is not"
                " an answer. Write 1 for yes, 0 for no, and NaN where it is open; codes of"
                " categories are not answers, the categories themselves are. With clip=True more"
                " than 1 is taken as yes and less than 0 as no."
            )
    return values if y is None else (values, checked[1])


def _name(estimator: Any, column: int) -> str:
    names = getattr(estimator, "feature_names_in_", None)
    return f"x{column}" if names is None else str(names[column])


def _numbers(X: Any) -> Any:
    """X with words and categories as numbers; what has none of them as it is."""
    import pandas as pd

    if not isinstance(X, pd.DataFrame) and hasattr(X, "__arrow_c_stream__"):
        import pyarrow as pa

        X = pa.table(X).to_pandas()
    if isinstance(X, pd.DataFrame):
        return (
            pd.DataFrame(
                {name: _column(X.iloc[:, n], str(name)) for n, name in enumerate(X.columns)},
                index=X.index,
            )
            if X.columns.is_unique
            else X
        )
    if isinstance(X, np.ndarray) and X.dtype.kind in "OUS" and X.ndim == 2:
        columns = [_column(pd.Series(X[:, n], dtype=object), f"x{n}") for n in range(X.shape[1])]
        return np.stack(columns, axis=1) if columns else X
    return X


def _column(values: Any, name: str) -> Any:
    """One column as floats; a frame's plain numbers as they are."""
    import pandas as pd

    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "biuf":
        return values.to_numpy(dtype=np.float64)
    cells = values.astype(object).to_numpy(dtype=object)
    try:
        codes, found = pd.factorize(cells)
    except TypeError:
        return cells.astype(np.float64)  # a dict or a list: numpy says that it is no number
    table = np.full(len(found) + 1, np.nan)  # the last stands for what is missing
    for n, value in enumerate(found):
        try:
            table[n] = _value(value)
        except CaseError as error:
            row = int(np.flatnonzero(codes == n)[0])
            raise ValueError(f"column {name!r}, row {row}: {error}") from None
    return table[codes]


def _value(value: Any) -> float:
    if isinstance(value, (str, Answer)):
        return _VALUE[int(truth(parse_answer(value)))]
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(
            f"an answer must be a string or a real number, not {type(value).__name__!r}"
        ) from None


class AnswerEncoder(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """Answers into numbers: yes 1, no and not applicable 0, everything open `open`.

    For estimators that want numbers; `ScorecardClassifier` takes answers as they are. Columns may
    be words in any language of the lists, booleans, 1 and 0, and categories of these; NaN, NA and
    None are open. A number that is no answer is refused with its column and row.

    Parameters
    ----------
    open : float or "nan", default=0.5
        The number that stands for an open answer; above 0 and below 1, since open is neither no
        nor yes. "nan" leaves it missing, for estimators that know what that means.
    clip : bool, default=False
        Take more than 1 as yes and less than 0 as no, and what lies between as open, in place of
        refusing it: for numbers that are no answers.

    Attributes
    ----------
    n_features_in_, feature_names_in_ : as in scikit-learn

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"quota": ["yes", "no", None], "placed": [1.0, 0.0, float("nan")]})
    >>> AnswerEncoder().fit_transform(frame).tolist()
    [[1.0, 1.0], [0.0, 0.0], [0.5, 0.5]]
    """

    def __init__(self, open: float | str = 0.5, *, clip: bool = False) -> None:
        self.open = open
        self.clip = clip

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn the columns' names and number; nothing else is learned.

        Raises
        ------
        ValueError : `open` is not between 0 and 1; a value that is no answer
        """
        if self.open != "nan" and not (isinstance(self.open, (int, float)) and 0 < self.open < 1):
            raise ValueError(f"open must lie between 0 and 1, or be 'nan', not {self.open!r}.")
        self._answers(X, reset=True)
        return self

    def transform(self, X: Any) -> NDArray[np.float64]:
        """The numbers (n, features)."""
        check_is_fitted(self, "n_features_in_")
        values = self._answers(X, reset=False)
        closed = (values == 0) | (values == 1)
        return np.where(closed, values, np.nan if self.open == "nan" else float(self.open))

    def _answers(self, X: Any, reset: bool) -> NDArray[np.float64]:
        values: NDArray[np.float64] = answers_in(self, X, self.clip, reset=reset)
        strange = (values > 0) & (values < 1)
        if not self.clip and self.open != "nan":
            strange &= values != self.open  # what this encoder has made is taken again
        if strange.any() and not self.clip:
            row, column = (int(n) for n in np.argwhere(strange)[0])
            raise ValueError(
                f"column {_name(self, column)!r}, row {row}: {values[row, column]:g} is not an"
                " answer. Write 1 for yes, 0 for no, and NaN where it is open."
            )
        return values
