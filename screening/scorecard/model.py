"""A shipped card: plain JSON, checked strictly, used without numpy or scikit-learn.

The card is a second opinion. It stands beside the finding and never changes it. An open answer has
points of its own, above those of no and at most those of yes; and the opinion always says how far
it could still go.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from screening.answers import Answer, Case, Profile, Truth, profile_of, truth
from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES, Model
from screening.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from screening.scorecard.classifier import ScorecardClassifier

__all__ = ["BANDS", "FORMAT", "STATEMENT", "STATEMENT_OF_LABELS", "CardModel"]

FORMAT = 3
ID = r"^[a-z0-9][a-z0-9.-]{0,63}$"  # of a card, which is its folder's name
# The words that go with every output of a card (S11).
STATEMENT = "trained on synthetic cases; not validated in the field; never lowers a finding"
STATEMENT_OF_LABELS = (
    "trained on its maker's labels; not validated in the field; never lowers a finding"
)
Band = Literal["too_little_known", "few_signs_so_far", "some_signs", "many_signs"]
# Lowest first, in the order of the findings: one more yes never lowers a band, and an answer that
# opens can only lower it towards too_little_known, below which `band` cannot be while `band_high`
# stays (tests: test_S6_one_more_yes_never_lowers_a_band).
BANDS: tuple[Band, ...] = ("too_little_known", "few_signs_so_far", "some_signs", "many_signs")

Whole = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Item(Model):
    """One line of the card.

    `open` points are at least 1, for open is not no, and at most those of a yes.
    """

    indicator: Name
    yes: Annotated[int, Field(ge=1, le=1000)]
    open: Annotated[int, Field(ge=1, le=1000)]

    @model_validator(mode="after")
    def _open_is_no_more_than_yes(self) -> Item:
        if self.open > self.yes:
            raise PydanticCustomError("open_above_yes", "more points for open than for yes")
        return self


class Cap(Model):
    """Items that together give at most so many points."""

    indicators: Annotated[list[Name], Field(min_length=1)]
    most: Whole


class Lines(Model):
    """From how many points on a band begins, for one profile."""

    some_signs: Annotated[int, Field(ge=1)]
    many_signs: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Lines:
        if self.some_signs > self.many_signs:
            raise PydanticCustomError("lines_reversed", "some_signs begins above many_signs")
        return self


class Chance(Model):
    """Probability at one total, with its 95 % interval, among cases of one profile like the
    training ones.
    """

    value: Share
    low: Share
    high: Share


class ListRef(Model):
    """The list a card was made for."""

    id: Name
    version: Name
    sha256: Name


class TrainedOn(Model):
    """One world the card learned from: so many universes of it, each of so many cases."""

    world: Name
    sha256: Name
    seed: Whole
    universes: Whole
    cases: Whole


class Training(Model):
    """How the card was made, so that it can be made again.

    worlds : of invented cases; none where people labelled cases
    labels : where those labels come from
    """

    worlds: list[TrainedOn]
    labels: Name | None = None
    prevalence: Share
    settings: dict[str, Any]
    engine: Name


class CardModel(Model):
    """`models/<id>/model.json`: a card for children and one for adults.

    items : by profile; each of them may be on one card or on both
    least_known : share of the card's items (those that apply to the person) that must be answered
        before few signs may be said
    probability : by profile and total, from 0 to the most the card can give; None where nobody has
        calibrated any, as with all that is learned from invented cases alone
    """

    format: Literal[3]
    id: Annotated[str, Field(pattern=ID)]
    title: Name
    checklist: ListRef
    statement: Literal[
        "trained on synthetic cases; not validated in the field; never lowers a finding",
        "trained on its maker's labels; not validated in the field; never lowers a finding",
    ]
    items: dict[
        Literal["child", "adult"], Annotated[list[Item], Field(min_length=1, max_length=40)]
    ]
    caps: list[Cap]
    lines: dict[Literal["child", "adult"], Lines]
    least_known: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    probability: (
        dict[Literal["child", "adult"], Annotated[list[Chance], Field(min_length=2)]] | None
    ) = None
    training: Training
    _page: str = PrivateAttr("")  # where card.md lies, for a card that is kept elsewhere

    @model_validator(mode="after")
    def _hangs_together(self) -> CardModel:
        invented = self.statement == STATEMENT
        if invented != bool(self.training.worlds) or invented == bool(self.training.labels):
            raise ValueError("the statement is not that of what the card was trained on")
        if any(
            set(kept) != {"child", "adult"}
            for kept in (self.items, self.lines, self.probability)
            if kept is not None
        ):
            raise PydanticCustomError("profile_missing", "child and adult are both needed")
        for items in self.items.values():
            if len({i.indicator for i in items}) != len(items):
                raise PydanticCustomError("item_twice", "an indicator twice among the items")
        capped = [i for cap in self.caps for i in cap.indicators]
        known = {i.indicator for items in self.items.values() for i in items}
        if len(set(capped)) != len(capped) or not set(capped) <= known:
            raise PydanticCustomError("cap_items", "caps of other indicators, or one twice")
        for profile, lines in self.lines.items():
            if lines.many_signs > self.most(profile):
                raise PydanticCustomError(
                    "line_too_high",
                    "many_signs of {profile} above {most}",
                    {"profile": profile, "most": self.most(profile)},
                )
        self._check_probability()
        return self

    def _check_probability(self) -> None:
        for profile, table in (self.probability or {}).items():
            if len(table) != self.most(profile) + 1:
                raise PydanticCustomError(
                    "table_length",
                    "{rows} probabilities for 0 to {most} points",
                    {"rows": len(table), "most": self.most(profile)},
                )
            values = [c.value for c in table]
            if values != sorted(values) or any(not c.low <= c.value <= c.high for c in table):
                raise PydanticCustomError("probability_order", "probabilities out of order")

    @property
    def card(self) -> str:
        """Where the card's own page is: what it is for, how it was made, whom it misses."""
        return self._page or f"models/{self.id}/card.md"

    def most(self, profile: Profile) -> int:
        """The most the card of a profile can give."""
        return self._total({i.indicator: i.yes for i in self.items[profile]})

    @classmethod
    def from_estimator(
        cls,
        estimator: ScorecardClassifier,
        checklist: Checklist,
        *,
        id: str,
        title: str,
        labels: str,
        lines: Mapping[Profile, tuple[int, int]] | None = None,
        least_known: float = 1 / 3,
    ) -> CardModel:
        """A fitted estimator as a card: a second opinion in `score_frame`, and, once saved, for
        `--model`.

        Parameters
        ----------
        estimator : a `ScorecardClassifier` whose columns are indicators of the list
        id, title : the card's name (a folder's name: small letters, digits, `-` and `.`) and title
        labels : where the labels come from that it was fitted on: whose, of which cases, when
        lines : by profile, from how many points on there are some signs, and many; without it the
            estimator's own line, and the total where the probability reaches one half
        least_known : share of the items that must be answered before few signs may be said

        Raises
        ------
        ModelError : M403 an empty card, M405 a column that is no sign of the list
        """
        from screening.scorecard.bridge import card_of

        return card_of(
            estimator,
            checklist,
            id=id,
            title=title,
            labels=labels,
            lines=lines,
            least_known=least_known,
        )

    def to_estimator(self, profile: Profile = "child") -> ScorecardClassifier:
        """The card as a fitted estimator: its columns are the card's items in their order
        (`feature_names_in_`), its line the one of some signs. It has `predict_proba` where the
        card has probabilities.

        profile : whose line and probabilities; the same total does not mean the same of both

        Raises
        ------
        UsageError : U305 there is no such profile, U306 without scikit-learn
        """
        try:
            from screening.scorecard.bridge import estimator_of
        except ModuleNotFoundError as error:
            raise UsageError("U306.training_packages", error=error.name) from None
        return estimator_of(self, profile)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write model.json and a card.md into a folder, and give the path of the former, which
        `load_model` and `--model` take.

        Raises
        ------
        UsageError : U302 they are there, U303 they cannot be written
        """
        from screening.scorecard.card_json import save_card

        return save_card(self, Path(folder), overwrite=overwrite)

    def to_frame(self, checklist: Checklist | None = None, language: str = "en") -> pd.DataFrame:
        """The cards as a pandas frame: a row an item, indexed by profile and indicator, most points
        first, with its points for yes and for open; and, with the list, its statement in a
        language.
        """
        import pandas as pd

        rows = [
            (profile, item)
            for profile in CASE_PROFILES
            for item in sorted(self.items[profile], key=lambda i: -i.yes)
        ]
        columns: dict[str, Any] = {
            "yes": [i.yes for _, i in rows],
            "open": [i.open for _, i in rows],
        }
        if checklist is not None:
            texts = checklist.texts(language)
            columns["statement"] = [texts.statement(i.indicator) for _, i in rows]
        index = pd.MultiIndex.from_tuples(
            [(profile, i.indicator) for profile, i in rows], names=["profile", "indicator"]
        )
        return pd.DataFrame(columns, index=index)

    def _total(self, points: Mapping[str, int]) -> int:
        return sum(points.values()) - sum(self._over(points).values())

    def _over(self, points: Mapping[str, int]) -> dict[int, int]:
        """By cap, the points that are over it."""
        sums = {n: sum(points.get(i, 0) for i in cap.indicators) for n, cap in enumerate(self.caps)}
        return {
            n: total - self.caps[n].most for n, total in sums.items() if total > self.caps[n].most
        }

    def opinion(self, case: Case, checklist: Checklist) -> dict[str, Any]:
        """The second opinion on one case, for `Assessment.second_opinion`.

        points : total, open answers at their own points; contributions sum to it exactly
        points_recorded, points_high, points_max : with open answers as nothing, with them as yes,
            the most the card can give
        points_open : what the open answers give at their own points
        band, band_high : see `BANDS`; `too_little_known` is never left by knowing less
        probability : among cases like the training ones, with interval; null where the card has
            none, and while fewer than `least_known` of the items are answered,
            whatever the band: such a total is mostly made of open answers, and was hardly ever seen
            in training
        """
        profile, _ = profile_of(case)
        items = self.items[profile]
        answers = {
            i.indicator: truth(_answer(case, checklist, i.indicator, profile)) for i in items
        }
        by_answer = {Truth.TRUE: "yes", Truth.OPEN: "open", Truth.FALSE: "no"}
        own = {i.indicator: (0, i.open, i.yes)[answers[i.indicator]] for i in items}
        recorded = self._total(
            {i.indicator: i.yes for i in items if answers[i.indicator] is Truth.TRUE}
        )
        high = self._total(
            {i.indicator: i.yes for i in items if answers[i.indicator] is not Truth.FALSE}
        )
        total = self._total(own)
        opened = self._total(
            {i.indicator: i.open for i in items if answers[i.indicator] is Truth.OPEN}
        )
        applying = [i for i in items if checklist.indicators[i.indicator].applies(profile)]
        answered = sum(answers[i.indicator] is not Truth.OPEN for i in applying)
        enough = answered >= self.least_known * len(applying)
        band = self.band(profile, recorded, opened, enough)
        chance = self.probability[profile][total] if self.probability else None
        rows: list[dict[str, Any]] = [
            {"indicator": i, "answer": by_answer[answers[i]], "points": points}
            for i, points in own.items()
            if points
        ]
        rows += [
            {"indicator": None, "answer": "cap", "points": -over}
            for over in self._over(own).values()
        ]
        return {
            "model": self.id,
            "points": total,
            "points_recorded": recorded,
            "points_open": opened,
            "points_high": high,
            "points_max": self.most(profile),
            "answered": answered,
            "items": len(applying),
            "band": band,
            "band_high": self.band(profile, high, 0, True),
            "probability": (
                None
                if chance is None or band == "too_little_known" or not enough
                else {**chance.model_dump(), "prevalence": self.training.prevalence}
            ),
            "contributions": rows,
            "card": self.card,
            "statement": self.statement,
        }

    def band(self, profile: Profile, recorded: int, opened: int, enough: bool) -> Band:
        """The band of what is recorded and what is open.

        Signs are said to be there by what is recorded alone; that they are few is said only where
        enough is known and where the open answers by themselves, at their own points, do not reach
        the line.

        Recorded points do not enter that last condition: with them, one more yes could carry a case
        over the line together with its open answers and take `few_signs_so_far` back to
        `too_little_known`, which is lower.
        """
        lines = self.lines[profile]
        if recorded >= lines.many_signs:
            return "many_signs"
        if recorded >= lines.some_signs:
            return "some_signs"
        return "few_signs_so_far" if enough and opened < lines.some_signs else "too_little_known"


def _answer(case: Case, checklist: Checklist, indicator: str, profile: Profile) -> Answer:
    """The answer, or not applicable where the sign is none for this profile."""
    return (
        case.answer(indicator)
        if checklist.indicators[indicator].applies(profile)
        else Answer.NOT_APPLICABLE
    )
