"""A fitted card as JSON text: every constant that a prediction needs, read back strictly.

No pickle anywhere.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from screening.checklist.schema import Model
from screening.scorecard.model import Share, Whole

__all__ = ["FORMAT", "Kept", "read_kept"]

FORMAT = "screening-scorecard/1"
LARGEST = 4 * 1024 * 1024  # characters

Table = Annotated[list[Share], Field(min_length=1)]


class KeptItem(Model):
    """A line of the card; an open answer has at least 1 point and at most those of a yes."""

    feature: str
    column: Whole
    points: Annotated[int, Field(ge=1, le=100_000)]
    open_points: Annotated[int, Field(ge=1, le=100_000)]

    @model_validator(mode="after")
    def _open_is_no_more_than_yes(self) -> KeptItem:
        if self.open_points > self.points:
            raise ValueError("an open answer has more points than a yes")
        return self


class KeptCap(Model):
    """Columns that together give at most so many points."""

    columns: Annotated[list[Whole], Field(min_length=1)]
    most: Whole


class KeptTable(Model):
    """The probability by total, with interval, and the rows it rests on."""

    method: Literal["isotonic", "logistic"]
    value: Table
    low: Table
    high: Table
    rows: list[Annotated[float, Field(ge=0, allow_inf_nan=False)]]

    @model_validator(mode="after")
    def _rises_within_its_interval(self) -> KeptTable:
        if len({len(self.value), len(self.low), len(self.high), len(self.rows)}) != 1:
            raise ValueError("the columns of the calibration differ in length")
        if self.value != sorted(self.value) or any(
            not low <= v <= high
            for v, low, high in zip(self.value, self.low, self.high, strict=True)
        ):
            raise ValueError("probabilities fall as the total rises, or lie outside their interval")
        return self


class Kept(Model):
    """The whole text."""

    format: Literal["screening-scorecard/1"]
    classes: Annotated[list[bool | int | float | str], Field(min_length=2, max_length=2)]
    classes_dtype: Annotated[str, Field(pattern=r"^(\|b1|[<>|][iuf][1248]|<U[0-9]{1,4}|\|O)$")]
    n_features_in: Annotated[int, Field(ge=1, le=1_000_000)]
    feature_names_in: list[str] | None
    items: list[KeptItem]
    caps: list[KeptCap]
    points_max: Whole
    line: Whole
    calibration: KeptTable

    @model_validator(mode="after")
    def _hangs_together(self) -> Kept:
        names = self.feature_names_in or [f"x{n}" for n in range(self.n_features_in)]
        if len(names) != self.n_features_in or len(set(names)) != len(names):
            raise ValueError(
                f"feature_names_in must name each of the {self.n_features_in} columns once"
            )
        columns = [i.column for i in self.items]
        if len(set(columns)) != len(columns) or any(c >= self.n_features_in for c in columns):
            raise ValueError("an item stands twice, or reads a column that is not there")
        swapped = next((i for i in self.items if names[i.column] != i.feature), None)
        if swapped is not None:
            raise ValueError(
                f"the item {swapped.feature!r} reads column {swapped.column}, which is"
                f" {names[swapped.column]!r}"
            )
        capped = [c for cap in self.caps for c in cap.columns]
        if len(set(capped)) != len(capped) or any(c >= self.n_features_in for c in capped):
            raise ValueError("caps name a column twice, or one that is not there")
        free = sum(i.points for i in self.items if i.column not in capped)
        most = free + sum(
            min(cap.most, sum(i.points for i in self.items if i.column in cap.columns))
            for cap in self.caps
        )
        if self.points_max != most or len(self.calibration.value) != most + 1:
            raise ValueError(
                f"the items give {most} points at most; points_max and the calibration must say the"
                " same"
            )
        if self.line > most + 1:
            raise ValueError(f"the line lies above all {most} points")
        classes = np.array(self.classes, dtype=np.dtype(self.classes_dtype))
        if classes.tolist() != self.classes or len(set(self.classes)) != 2:
            raise ValueError("classes must be two different values of their kind")
        return self


def read_kept(text: str) -> Kept:
    """A kept card from its text.

    Raises
    ------
    ValueError : in plain words, what is wrong with the text and where
    """
    if not isinstance(text, str) or len(text) > LARGEST:
        raise ValueError("This is no text of a card.")
    try:
        content: Any = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"This is no JSON of a card: {error}.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(f"This is no card of the format {FORMAT}.")
    try:
        return Kept.model_validate(content)
    except ValidationError as failed:
        first = failed.errors(include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "the card"
    raise ValueError(
        f"The card is not complete or cannot be: {where}:"
        f" {first.get('ctx', {}).get('error', first['msg'])}."
    )


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number")
