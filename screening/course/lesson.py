"""A vignette as it is put to an officer: which items, and what its key says to each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from screening.answers import OPEN_ANSWERS, Answer, Case, Profile, Response, profile_of
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import Finding, Indicator
from screening.checklist.vignettefiles import Vignette
from screening.course.record import Told
from screening.errors import CaseError, UsageError
from screening.scoring import Assessment, score

__all__ = ["ANSWERS", "FEWEST", "MOST", "UNTOLD", "Lesson", "items_put"]

FEWEST, MOST = 12, 22  # items of one vignette, where the list has so many
# Of them at least this many that the story does not tell, where there is room: "not told" must be
# chosen knowingly
UNTOLD = 4


@dataclass(frozen=True)
class Lesson:
    """One vignette with its key. `items` are in list order."""

    vignette: Vignette
    checklist: Checklist
    weights: WeightSet
    items: tuple[str, ...]

    @classmethod
    def of(
        cls, vignette: Vignette, twin: Vignette | None, checklist: Checklist, weights: WeightSet
    ) -> Lesson:
        return cls(vignette, checklist, weights, items_put(checklist, vignette, twin))

    @cached_property
    def case(self) -> Case:
        """The vignette as its key has it, without what the list does not know."""
        return self.vignette.to_case().only(self.checklist.indicators)

    @cached_property
    def profile(self) -> Profile:
        return profile_of(self.case)[0]

    @cached_property
    def key(self) -> Assessment:
        return score(self.case, self.checklist, self.weights)

    @property
    def finding(self) -> Finding:
        return self.key.finding

    def answer(self, indicator: str) -> Answer:
        """What the key says."""
        return self.case.answer(indicator)

    @cached_property
    def sections(self) -> Mapping[str, tuple[str, ...]]:
        """The items by the list's sections, both in list order."""
        found = {
            section: tuple(i for i in self.items if i in ids)
            for section, ids in self.checklist.sections.items()
        }
        return {section: ids for section, ids in found.items() if ids}

    @cached_property
    def taken_as_told(self) -> int:
        """How many items the key closes that are not put: they are taken as the key has them."""
        return sum(
            i.id not in self.items and self.answer(i.id) not in OPEN_ANSWERS
            for i in self.checklist.by_profile[self.profile]
        )

    def recorded(self, answers: Mapping[str, Told]) -> Case:
        """The case with what an officer recorded of the items put; what was not put stays as the
        key has it.

        Raises
        ------
        CaseError : C221 for an item that was not put
        UsageError : U305 where an item put has no answer
        """
        for indicator in answers:
            if indicator not in self.items:
                raise CaseError(
                    "C221.item_not_asked", indicator=indicator, vignette=self.vignette.id
                )
        for indicator in self.items:
            if indicator not in answers:
                raise UsageError(
                    "U305.answer_missing", indicator=indicator, vignette=self.vignette.id
                )
        return self.with_answers({i: ANSWERS[told] for i, told in answers.items()})

    def with_answers(self, answers: Mapping[str, Answer]) -> Case:
        """The key's case with some answers in place of its own."""
        return replace(
            self.case, answers={**self.case.answers, **{i: Response(a) for i, a in answers.items()}}
        )


ANSWERS: Mapping[Told, Answer] = {"yes": Answer.YES, "no": Answer.NO, "not_told": Answer.NOT_ASKED}


def items_put(
    checklist: Checklist, vignette: Vignette, twin: Vignette | None = None
) -> tuple[str, ...]:
    """The items of a vignette, in list order; the same on every machine.

    Whatever the key closes; what it says was asked and not answered; then items like these that the
    story does not tell: first those that its twin answers and does not say yes to, since what it
    says yes to is often denied here between the lines; then those of the same sections and the same
    forms of exploitation. Where the key closes more than can be put, every yes is kept, and of the
    no's those that the twin tells otherwise and an even spread of the rest.
    """
    case = vignette.to_case().only(checklist.indicators)
    applying = checklist.by_profile[profile_of(case)[0]]
    closed = [i.id for i in applying if case.answer(i.id) not in OPEN_ANSWERS]
    asked = [i.id for i in applying if i.id in vignette.answers and i.id not in closed]
    others = dict(twin.answers) if twin else {}
    like = _like(checklist, applying, [*closed, *asked], vignette, others)
    if len(closed) > MOST:
        open_ = [*asked, *like][:UNTOLD]
        closed = _fewer(closed, case, others, MOST - len(open_))
        chosen = {*closed, *open_}
    else:
        chosen = {*closed, *asked[: MOST - len(closed)]}
        wanted = min(max(UNTOLD, FEWEST - len(chosen)), MOST - len(chosen))
        chosen |= set(like[:wanted])
    return tuple(i.id for i in applying if i.id in chosen)


def _like(
    checklist: Checklist,
    applying: Sequence[Indicator],
    told: Sequence[str],
    vignette: Vignette,
    others: Mapping[str, str],
) -> list[str]:
    """Items that could well have been told and are not, most plausible first."""
    sections = {checklist.section_of(i) for i in told}
    forms = {
        form
        for i, answer in [*vignette.answers.items(), *others.items()]
        if answer == "yes" and i in checklist.indicators
        for form in checklist.indicators[i].forms
    }

    def rank(i: Indicator) -> tuple[bool, bool, bool, str]:
        spread = hashlib.sha256(
            f"{vignette.id} {i.id}".encode()
        ).hexdigest()  # so that not every vignette has the same ones
        return (
            i.id not in others,
            checklist.section_of(i.id) not in sections,
            not forms & set(i.forms),
            spread,
        )

    return [
        i.id
        for i in sorted(
            (
                i
                for i in applying
                if i.id not in {*vignette.answers, *vignette.not_put} and others.get(i.id) != "yes"
            ),
            key=rank,
        )
    ]


def _fewer(closed: Sequence[str], case: Case, others: Mapping[str, str], most: int) -> list[str]:
    """At most so many of the closed items."""
    signs = [i for i in closed if case.answer(i) is Answer.YES][:most]
    rest = [i for i in closed if i not in signs]
    telling = [i for i in rest if others.get(i) == "yes"][: most - len(signs)]
    rest = [i for i in rest if i not in telling]
    room = most - len(signs) - len(telling)
    return [*signs, *telling, *(rest[n * len(rest) // room] for n in range(room))]
