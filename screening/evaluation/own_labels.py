"""Scores measured against labels that somebody has: no invented cases, no worlds."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from screening.errors import UsageError
from screening.evaluation.metrics import roc
from screening.evaluation.report import Figure, Mask, figures_of, frame_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["evaluate_frame"]


def evaluate_frame(
    y: Any,
    scores: Any,
    groups: Any = None,
    thresholds: Sequence[float] = (),
) -> pd.DataFrame:
    """Measure scores against one's own labels.

    Parameters
    ----------
    y : booleans, or 1 and 0, one a row: who is (True) what the scores look for
    scores : numbers, more for more; a frame has a column for each way of screening
    groups : a name for each row, or a frame of booleans with a column for each group; "all" is
        always among them
    thresholds : scores from which one might act

    Returns
    -------
    pandas.DataFrame
        As `Evaluation.to_frame`: for each screen and group the area under the curve (DeLong),
        recall, specificity and precision at specificities 0.75 and 0.90 and from each threshold on,
        with 95 % intervals and the people they rest on. What nobody is there for has no row.

    Raises
    ------
    UsageError : U305 labels of one kind only, labels that are not yes and no, a score that is
        missing, lengths or indexes that differ; U306 scikit-learn is not installed

    Examples
    --------
    >>> frame = evaluate_frame([True, True, False, False], [4, 2, 3, 1], thresholds=[3])
    >>> frame.query("measure == 'auc'")["value"].tolist()
    [0.75]
    """
    import pandas as pd

    if find_spec("sklearn") is None:
        raise UsageError("U306.training_packages", error="scikit-learn")
    if isinstance(scores, pd.DataFrame):
        table = scores
    elif isinstance(scores, pd.Series):
        table = scores.to_frame("score" if scores.name is None else scores.name)
    else:  # plain numbers stand in the order of the labels
        index = y.index if isinstance(y, pd.Series) and len(y) == len(scores) else None
        table = pd.DataFrame({"score": scores}, index=index)
    truth = _labels(y, table.index)
    if truth.all() or not truth.any():
        key = "U305.all_exploited" if truth.any() else "U305.none_exploited"
        raise UsageError(key, place="labels", n_cases=len(truth))
    masks = {"all": np.ones(len(truth), dtype=bool), **_groups(groups, table.index)}
    figures: list[Figure] = []
    for name in table.columns:
        values = table[name].to_numpy(dtype=np.float64, na_value=np.nan)
        if not np.isfinite(values).all():
            row = table.index[int(np.flatnonzero(~np.isfinite(values))[0])]
            raise UsageError("U305.score_missing", screen=str(name), row=row)
        lines = {f"from {t:g} on": np.asarray(values >= t) for t in thresholds}
        figures += figures_of(str(name), values, truth, masks, roc(truth, values), lines)
    return frame_of(figures)


def _labels(y: Any, index: pd.Index[Any]) -> Mask:
    import pandas as pd

    labels = pd.Series(y) if not isinstance(y, pd.Series) else y
    _alike(labels, "the labels", index, isinstance(y, pd.Series))
    try:
        numbers = labels.astype("Float64")
    except (TypeError, ValueError):
        raise UsageError("U305.labels_not_two") from None
    if numbers.isna().any() or not numbers.isin([0.0, 1.0]).all():
        raise UsageError("U305.labels_not_two")
    found: Mask = numbers.to_numpy(dtype=np.float64) == 1
    return found


def _alike(values: Any, what: str, index: pd.Index[Any], indexed: bool) -> None:
    if len(values) != len(index) or (indexed and not values.index.equals(index)):
        raise UsageError("U305.labels_unlike", what=what, n=len(values), rows=len(index))


def _groups(groups: Any, index: pd.Index[Any]) -> dict[str, Mask]:
    import pandas as pd

    if groups is None:
        return {}
    if isinstance(groups, pd.DataFrame):
        _alike(groups, "the frame of groups", index, True)
        return {str(g): groups[g].fillna(False).to_numpy(dtype=bool) for g in groups.columns}
    names = groups if isinstance(groups, pd.Series) else pd.Series(groups)
    _alike(names, "the groups", index, isinstance(groups, pd.Series))
    return {str(g): (names == g).to_numpy(dtype=bool) for g in names.dropna().unique()}
