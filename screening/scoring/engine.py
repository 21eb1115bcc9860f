"""The reference engine: one case, plain Python, readable in one sitting.

`batch` must equal it exactly.

The idea in one paragraph. A case gives two sets of indicators: those answered yes, and those that
could be yes (yes or open). Every rule is monotone, so evaluating it on the first set gives the
finding as recorded and on the second the highest the finding can become. Nothing else is needed for
the range, and open is never counted as no.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from screening.answers import Answer, Case, Profile, Truth, profile_of, truth
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.retired import read_case
from screening.checklist.rules import Resolved, delphi_positive, holds, named
from screening.checklist.scale import Scale, TakenBack
from screening.checklist.schema import (
    ELEMENTS,
    FINDINGS,
    GATE,
    LEVELS,
    Finding,
    Indicator,
    SourceRef,
)
from screening.checklist.texts import Texts
from screening.errors import CaseError, nearest, quote
from screening.scoring.assessment import (
    Assessment,
    ChecklistRef,
    Contested,
    Contribution,
    Danger,
    DimensionResult,
    ElementResult,
    FormEvidence,
    LineResult,
    NeedResult,
    NextStep,
    OpenQuestion,
    PalermoGate,
    SourceCited,
    State,
    WeightsRef,
)

__all__ = ["ENGINE", "RANK", "receipt", "score", "taken_back"]

ENGINE = "screening-engine/2"  # changes whenever any result changes

RANK: dict[Finding, int] = {finding: n for n, finding in enumerate(FINDINGS)}
_STATES: dict[Truth, State] = {Truth.TRUE: "present", Truth.OPEN: "open", Truth.FALSE: "absent"}


def score(case: Case, checklist: Checklist, weights: WeightSet, language: str = "en") -> Assessment:
    """Score one case.

    Parameters
    ----------
    case : answers by indicator id; what is not there is `not_asked`
    checklist, weights : from `load_checklist` and `load_weights`
    language : en, sq, sr or sr-Cyrl; changes words only, never a result

    Returns
    -------
    Assessment

    Raises
    ------
    CaseError : C221 for an answer to an indicator that the list does not have
    """
    return _Scoring(case, checklist, weights, language).assessment()


def receipt(case: Case, checklist: Checklist, weights: WeightSet) -> str:
    """SHA-256 over what the result follows from, in one canonical form; the same on every
    machine.
    """
    content = {
        "case_id": case.case_id,
        "age": case.age,
        "age_certain": case.age_certain,
        "answers": {
            i: str(case.answer(i))
            for i in checklist.indicators
            if case.answer(i) is not Answer.NOT_ASKED
        },
        "checklist": checklist.sha256,
        "weights": weights.sha256,
        "engine": ENGINE,
    }
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
    ).hexdigest()


def taken_back(taken: TakenBack, scale: Scale, texts: Texts) -> Contribution:
    """The row of the sum that takes points back."""
    dimension: str | None = None
    if taken.kind == "once":
        words = texts.reason("counted_once", statement=texts.statement(taken.name))
    elif taken.name:
        dimension, words = taken.name, texts.get("dimensions", taken.name, "name")
    else:
        words = texts.reason("soft_capped", points=scale.most)
    return Contribution(None, words, taken.points, taken.kind, None, None, dimension, "", "", [])


@dataclass(frozen=True, slots=True)
class _Range:
    """A finding as recorded and the highest it could become."""

    low: Finding
    high: Finding


class _Scoring:
    """The steps of one scoring, each leaving its trace for the assessment."""

    def __init__(self, case: Case, checklist: Checklist, weights: WeightSet, language: str) -> None:
        case = read_case(case, checklist)
        for key in case.answers:
            if key not in checklist.indicators:
                raise CaseError(
                    "C221.indicator_not_scored",
                    place=f"case {quote(case.case_id)}",
                    near=nearest(key, checklist.indicators),
                    indicator=key,
                    checklist=checklist.id,
                )
        self.case, self.checklist, self.weights = case, checklist, weights
        self.texts = checklist.texts(language)
        self.profile: Profile
        self.profile, self.profile_reason = profile_of(case)
        self.scale = weights.scale(checklist, self.profile)
        self.rules = self.scale.rules
        self.relevant: tuple[Indicator, ...] = checklist.by_profile[self.profile]
        states = {i.id: truth(case.answer(i.id)) for i in self.relevant}
        self.yes = frozenset(i for i, state in states.items() if state is Truth.TRUE)
        self.open = frozenset(i for i, state in states.items() if state is Truth.OPEN)
        self.possible = self.yes | self.open
        self.closed = frozenset(i for i, state in states.items() if state is not Truth.OPEN)

    # -- findings ----------------------------------------------------------------------------------

    def _points(self, yes: frozenset[str]) -> Callable[[str | None], int]:
        """Points of a dimension (None: all), each added up once however many rules ask."""
        return cache(lambda dimension: self.scale.total(yes, dimension))

    def _raised(self, yes: frozenset[str], levels: Iterable[str]) -> Finding | None:
        """The highest of these levels whose rule holds when exactly `yes` are yes."""
        points = self._points(yes)
        for level in reversed(LEVELS):
            if level in levels and holds(self.rules.levels[level], yes, points):
                return level
        return None

    def _finding(
        self, yes: frozenset[str], closed: frozenset[str], levels: Iterable[str] = LEVELS
    ) -> Finding:
        raised = self._raised(yes, levels)
        if raised is not None:
            return raised
        return (
            "nothing_indicated"
            if holds(self.rules.enough_known, closed, self._points(yes))
            else "too_little_known"
        )

    def _range(self, levels: Iterable[str] = LEVELS) -> _Range:
        """Low from what is recorded.

        High: every open answer yes, or - where that raises nothing - every one no.
        """
        everything = frozenset(i.id for i in self.relevant)
        return _Range(
            self._finding(self.yes, self.closed, levels),
            self._finding(self.possible, everything, levels),
        )

    def _contested(self, finding: Finding) -> Contested | None:
        """What plausible weights would give in place of the finding; None where all give the
        same.
        """
        given = [
            _Scoring(
                self.case,
                self.checklist,
                replace(self.weights, points=points, alternatives=()),
                self.texts.language,
            )
            ._range()
            .low
            for points in self.weights.alternatives
        ]
        if all(found == finding for found in given):
            return None
        return Contested(len(given), {f: given.count(f) for f in FINDINGS if f in given})

    def _truth(self, rule: Resolved) -> Truth:
        low = holds(rule, self.yes, self._points(self.yes))
        return Truth.of(low, low or holds(rule, self.possible, self._points(self.possible)))

    # -- parts -------------------------------------------------------------------------------------

    def _danger(self) -> Danger:
        rule = self.rules.levels["act_now"]
        state = _STATES[self._truth(rule)]
        behind = {"present": self.yes, "open": self.open, "absent": frozenset[str]()}[state]
        without = self._range(levels=("look_further", "refer"))
        return Danger(
            state, self._in_order(named(rule, self.relevant) & behind), without.low, without.high
        )

    def _element(self, element: str) -> ElementResult:
        ids = frozenset(
            i.id for i in self.relevant if i.element == element and self._kind(i) == "sign"
        )
        state = _STATES[Truth.of(bool(ids & self.yes), bool(ids & self.possible))]
        return ElementResult(
            state, self._in_order(ids & (self.yes if state == "present" else self.open))
        )

    def _gate(self, elements: dict[str, ElementResult]) -> PalermoGate:
        needs = list(GATE[self.profile])
        order = ("absent", "open", "present")
        return PalermoGate(needs, min((elements[e].state for e in needs), key=order.index))

    def _dimension(self, name: str) -> DimensionResult:
        strengths = self._strengths(name, self.yes)
        # What nobody asked closes nothing: not even a dimension with too few signs for the rule.
        is_open = any(i.dimension == name and i.id in self.open for i in self.relevant)
        return DimensionResult(
            self._points(self.yes)(name),
            self._points(self.possible)(name),
            *strengths,
            "positive" if delphi_positive(*strengths) else "open" if is_open else "not_reached",
        )

    def _strengths(self, dimension: str, yes: frozenset[str]) -> tuple[int, int, int]:
        """How many strong, medium and weak signs of a dimension are among `yes`."""
        found = [
            i.strength_for(self.profile)
            for i in self.relevant
            if i.dimension == dimension and i.id in yes
        ]
        return found.count("strong"), found.count("medium"), found.count("weak")

    def _forms(self) -> list[FormEvidence]:
        found = []
        points = self.weights.points[self.profile]
        for form in self.checklist.forms:
            signs = [
                i
                for i in self.relevant
                if form in i.forms and i.id in self.yes and self._kind(i) == "sign"
            ]
            if signs:
                purpose = sum(points[i.id] for i in signs if i.element == "purpose")
                found.append(
                    FormEvidence(
                        form, sum(points[i.id] for i in signs), purpose, [i.id for i in signs]
                    )
                )
        return sorted(found, key=lambda f: (-f.purpose_points, -f.points))

    def _contributions(self) -> list[Contribution]:
        rows = []
        for i in self.relevant:
            if i.id in self.yes:
                given = self.case.answers[i.id]
                rows.append(
                    Contribution(
                        i.id,
                        self.texts.statement(i.id),
                        self.weights.points[self.profile][i.id],
                        self._kind(i),
                        i.strength_for(self.profile),
                        i.element,
                        i.dimension,
                        given.basis,
                        given.note,
                        self._cited(i.sources),
                    )
                )
        rows += [
            taken_back(taken, self.scale, self.texts) for taken in self.scale.taken_back(self.yes)
        ]
        return rows

    def _line(self) -> LineResult | None:
        scale = self.scale
        if scale.line is None or scale.most is None:
            return None
        facts = [self._in_order(fact) for fact in scale.corroborating(self.yes)]
        return LineResult(
            scale.line,
            facts,
            self._in_order(scale.alone & self.yes),
            self._in_order(scale.soft & self.yes),
            scale.most,
        )

    def _needs(self) -> list[NeedResult]:
        """Present where one of a need's indicators is yes, open where one could be; most urgent
        first, otherwise in the list's order.
        """
        found = []
        for need in self.checklist.needs:
            ids = frozenset(need.indicators)
            behind = ids & self.yes or ids & self.open
            if self.profile not in need.profiles or not behind:
                continue
            found.append(
                NeedResult(
                    need.id,
                    self.texts.get("needs", need.id, "name"),
                    self.texts.get("needs", need.id, "text"),
                    "present" if ids & self.yes else "open",
                    need.urgency,
                    self._in_order(behind),
                    need.who,
                    self.texts.get("roles", need.who, "name"),
                    need.within,
                    need.hours,
                    list(need.steps),
                    self._cited(need.sources),
                )
            )
        return sorted(found, key=lambda n: (n.state != "present", n.hours))

    def _open_questions(self, finding: Finding, without_danger: Finding) -> list[OpenQuestion]:
        """Most telling first.

        The danger question itself; then what a yes alone would raise, danger aside; then what
        completes the gate; then the other signs of danger; then points, what is seen before what is
        asked, list order. What was refused comes last: nobody is to be pressed.
        """
        missing = {e for e in GATE[self.profile] if self._element(e).state != "present"}
        ranked = []
        for n, i in enumerate(self.relevant):
            if i.id not in self.open:
                continue
            yes = self.yes | {i.id}
            raised = aside = self._raised(yes, LEVELS)
            if raised == "act_now":
                aside = self._raised(yes, ("look_further", "refer"))
            raises_to = raised if raised and RANK[raised] > RANK[finding] else None
            lifts = RANK[aside] if aside and RANK[aside] > RANK[without_danger] else 0
            completes = i.element in missing and self._kind(i) == "sign"
            points, mode = self.weights.points[self.profile][i.id], i.mode_for(self.profile)
            answer = self.case.answer(i.id)
            question = OpenQuestion(
                i.id,
                str(answer),  # type: ignore[arg-type]  # an open answer
                mode,
                self.texts.prompt(i.id, mode, self.profile),
                points,
                raises_to,
                self._why(i, raises_to, completes, points),
            )
            order = (
                answer is Answer.REFUSED,
                self._kind(i) != "danger",
                -lifts,
                not completes,
                raises_to is None,
                -points,
                mode == "ask",
                n,
            )
            ranked.append((order, question))
        return [question for _, question in sorted(ranked, key=lambda row: row[0])]

    def _why(
        self, indicator: Indicator, raises_to: Finding | None, completes: bool, points: int
    ) -> str:
        if raises_to == "act_now":
            return self.texts.reason("danger")
        if raises_to:
            return self.texts.reason(
                "raises", finding=self.texts.get("findings", raises_to, "label")
            )
        if completes:
            return self.texts.reason(
                "completes_gate", element=self.texts.reason(f"element_{indicator.element}")
            )
        return self.texts.reason("points", points=points) if points else self.texts.reason("record")

    def _next_steps(self, finding: Finding) -> list[NextStep]:
        return [
            NextStep(
                s.id,
                self.texts.get("steps", s.id, "text"),
                s.who,
                self.texts.get("roles", s.who, "name"),
                s.within,
                s.hours,
                self._cited(s.sources),
                s.checked.on.isoformat(),
            )
            for s in self.checklist.steps
            if finding in s.findings and self.profile in s.profiles
        ]

    def _warnings(self) -> list[str]:
        """What a person should check: a doubted age that was called certain, and a yes that this
        profile does not count.
        """
        doubt = self.checklist.age_doubt
        found = []
        if self.profile == "adult" and doubt is not None and self.case.answer(doubt) is Answer.YES:
            found.append(self.texts.reason("age_doubt_noted", age=self.case.age))
        found += [
            self.texts.reason("not_this_profile", statement=self.texts.statement(i.id))
            for i in self.checklist.indicators.values()
            if not i.applies(self.profile) and self.case.answer(i.id) is Answer.YES
        ]
        return found

    # -- small helpers -----------------------------------------------------------------------------

    def _kind(self, indicator: Indicator) -> Literal["sign", "protective", "danger"]:
        return self.checklist.dimensions[indicator.dimension].kind

    def _in_order(self, ids: frozenset[str]) -> list[str]:
        return [i.id for i in self.relevant if i.id in ids]

    def _cited(self, refs: Iterable[SourceRef]) -> list[SourceCited]:
        return [SourceCited(**c) for c in self.checklist.cited(list(refs))]

    def assessment(self) -> Assessment:
        finding = self._range()
        danger = self._danger()
        elements: dict[str, ElementResult] = {e: self._element(e) for e in ELEMENTS}
        signs = [i for i in self.relevant if self._kind(i) == "sign"]
        return Assessment(
            case_id=self.case.case_id,
            checklist=ChecklistRef(
                self.checklist.id, self.checklist.version, self.checklist.sha256
            ),
            weights=WeightsRef(self.weights.id, self.weights.sha256, str(self.weights.standing)),
            engine=ENGINE,
            receipt=receipt(self.case, self.checklist, self.weights),
            profile=self.profile,
            profile_reason=self.texts.reason(self.profile_reason, age=self.case.age),
            points=self._points(self.yes)(None),
            points_high=self._points(self.possible)(None),
            points_max=self._points(frozenset(i.id for i in self.relevant))(None),
            answered=sum(i.id in self.closed for i in signs),
            relevant=len(signs),
            finding=finding.low,
            finding_high=finding.high,
            settled=finding.low == finding.high,
            danger=danger,
            gate=self._gate(elements),
            elements=elements,
            dimensions={
                name: self._dimension(name)
                for name, d in self.checklist.dimensions.items()
                if d.kind == "sign"
            },
            forms=self._forms(),
            contributions=self._contributions(),
            open_questions=self._open_questions(finding.low, danger.finding_without),
            red_flags=danger.indicators if danger.state == "present" else [],
            needs=self._needs(),
            next_steps=self._next_steps(finding.low),
            statement=self.texts.get("findings", finding.low, "statement"),
            line=self._line(),
            warnings=self._warnings(),
            contested=self._contested(finding.low),
        )
