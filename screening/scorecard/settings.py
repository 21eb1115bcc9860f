"""What may be asked of a card: the estimator's parameters, checked in plain words before anything
is learned.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.errors import did_you_mean
from screening.scorecard.probability import METHODS

__all__ = ["Caps", "bounds_of", "caps_of", "check_settings", "check_subgroups"]

Caps = tuple[tuple[frozenset[int], int], ...]


def whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def number(value: Any) -> bool:
    return (
        isinstance(value, (int, float, np.integer, np.floating))
        and not isinstance(value, bool)
        and math.isfinite(value)
    )


def check_settings(asked: Any) -> None:
    """All parameters but those that need the columns' names.

    Raises
    ------
    ValueError : which parameter, what it may be, and what it is
    """
    _check_numbers(asked)
    if not number(asked.specificity) or not 0 < asked.specificity < 1:
        raise ValueError(f"specificity must lie between 0 and 1, not {asked.specificity!r}.")
    if asked.recall_floor is not None and (
        not number(asked.recall_floor) or not 0 < asked.recall_floor <= 1
    ):
        raise ValueError(
            "recall_floor must lie above 0 and at most at 1, or be None, not"
            f" {asked.recall_floor!r}."
        )
    if asked.calibration not in METHODS:
        raise ValueError(
            f"calibration must be one of {', '.join(METHODS)}, not {asked.calibration!r}."
        )
    _check_weights_and_floors(asked)


def _check_numbers(asked: Any) -> None:
    for name, least in (
        ("max_items", 1),
        ("max_points", 1),
        ("least_open", 1),
        ("pool_size", 0),
        ("search_rows", 1),
    ):
        value = getattr(asked, name)
        if not whole(value) or value < least:
            raise ValueError(f"{name} must be a whole number of {least} or more, not {value!r}.")
    for name in ("ridge", "pool_tolerance"):
        value = getattr(asked, name)
        if not number(value) or value < 0:
            raise ValueError(f"{name} must be 0 or more and finite, not {value!r}.")


def _check_weights_and_floors(asked: Any) -> None:
    weights = asked.subgroup_weights
    if isinstance(weights, Mapping):
        if any(not number(w) or not w > 0 for w in weights.values()):
            raise ValueError("subgroup_weights must be finite and above 0.")
    elif not (weights is None or (isinstance(weights, str) and weights == "worst")):
        raise ValueError(
            f"subgroup_weights must be 'worst', a dict of factors or None, not {weights!r}."
        )
    floors = asked.recall_floors
    if floors is not None:
        if not isinstance(floors, Mapping) or any(
            not number(f) or not 0 < f <= 1 for f in floors.values()
        ):
            raise ValueError(
                f"recall_floors must be a dict of recalls above 0 and at most 1, not {floors!r}."
            )
        if floors and not isinstance(weights, str):
            raise ValueError(
                "recall_floors are looked after only with subgroup_weights='worst'; say that too,"
                " or leave them out."
            )


def check_subgroups(asked: Any, known: Collection[str]) -> None:
    """Whether the subgroups that parameters name are among those given to `fit`."""
    if isinstance(asked.subgroup_weights, str) and not known:
        raise ValueError(
            "subgroup_weights='worst' needs to know who belongs where: give subgroups to fit, with"
            " a name for some of the positives."
        )
    for parameter in ("subgroup_weights", "recall_floors"):
        value = getattr(asked, parameter)
        for name in value if isinstance(value, Mapping) else ():
            if name not in known:
                hint = (
                    did_you_mean(str(name), known)
                    or f"known are {', '.join(sorted(known)) or 'none'}"
                )
                raise ValueError(
                    f"{parameter} names a subgroup that no positive belongs to: {name!r}; {hint}."
                )


def _column(key: Any, names: Sequence[str], where: str) -> int:
    if whole(key) and 0 <= key < len(names):
        return int(key)
    if isinstance(key, str) and key in names:
        return names.index(key)
    raise ValueError(f"{where} names a column that X does not have: {key!r}.")


def bounds_of(
    bounds: Mapping[Any, tuple[int, int]] | None, names: Sequence[str], max_points: int
) -> NDArray[np.int64]:
    """Least and most points by column."""
    result = np.tile(np.array([0, max_points], dtype=np.int64), (len(names), 1))
    if bounds is not None and not isinstance(bounds, Mapping):
        raise ValueError(f"bounds must be a dict of (least, most) by column, not {bounds!r}.")
    for key, pair in (bounds or {}).items():
        ends = tuple(pair) if isinstance(pair, Iterable) and not isinstance(pair, str) else ()
        if len(ends) != 2 or not all(map(whole, ends)) or not 0 <= ends[0] <= ends[1]:
            raise ValueError(
                f"bounds of {key!r} must be whole numbers, 0 <= least <= most, not {pair!r}."
            )
        result[_column(key, names, "bounds")] = ends
    return result


def caps_of(caps: Sequence[tuple[Iterable[Any], int]] | None, names: Sequence[str]) -> Caps:
    """Sets of column numbers and the most they may give together."""
    found = []
    for cap in caps or ():
        if (
            not isinstance(cap, (tuple, list))
            or len(cap) != 2
            or isinstance(cap[0], str)
            or not isinstance(cap[0], Iterable)
            or not whole(cap[1])
            or cap[1] < 0
        ):
            raise ValueError(
                f"a cap must be (columns, most points as a whole number of 0 or more), not {cap!r}."
            )
        found.append((frozenset(_column(c, names, "caps") for c in cap[0]), int(cap[1])))
    seen = [c for columns, _ in found for c in columns]
    if len(seen) != len(set(seen)):
        raise ValueError("a column may stand in one set of caps only.")
    return tuple(found)
