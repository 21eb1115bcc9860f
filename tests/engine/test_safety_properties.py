"""The safety rules as properties, over random lists and cases, of the reference engine and of the
batch engine alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from conftest import ROOT
from screening.answers import ADULT_AGE, OPEN_ANSWERS, Answer, Case, Response, reconcile_age
from screening.checklist import load_checklist, load_weights
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.rules import holds
from screening.checklist.schema import ELEMENTS, FINDINGS
from screening.scoring.batch import PROFILES, compile_plan, score_block
from screening.scoring.block import NO, OPEN, YES
from screening.scoring.engine import receipt, score
from support.properties import examples
from support.strategies import cases, checklists, to_block, weight_sets
from support.tiny import write_list

PROPERTY = examples(60, suppress_health_check=list(HealthCheck))
CLOSED = (Answer.YES, Answer.NO, Answer.NOT_APPLICABLE)
STATE = {"absent": 0, NO: 0, "open": 1, OPEN: 1, "present": 2, YES: 2}
DIMENSION = {NO: "not_reached", OPEN: "open", YES: "positive"}


@dataclass(frozen=True)
class Seen:
    """A result as plain numbers, from either engine: a pair is what is recorded and the highest it
    could become.
    """

    profile: str
    finding: tuple[int, int]
    without_danger: tuple[int, int]
    points: tuple[int, int]
    answered: int
    gate: int
    danger: int
    elements: tuple[int, ...]
    dimensions: Mapping[str, tuple[int, int, str]]


def by_engine(case: Case, checklist: Checklist, weights: WeightSet) -> Seen:
    a = score(case, checklist, weights)
    rank = FINDINGS.index
    return Seen(
        a.profile,
        (rank(a.finding), rank(a.finding_high)),
        (rank(a.danger.finding_without), rank(a.danger.finding_high_without)),
        (a.points, a.points_high),
        a.answered,
        STATE[a.gate.state],
        STATE[a.danger.state],
        tuple(STATE[a.elements[e].state] for e in ELEMENTS),
        {name: (d.points, d.points_high, d.state) for name, d in a.dimensions.items()},
    )


def by_batch(case: Case, checklist: Checklist, weights: WeightSet) -> Seen:
    plan = compile_plan(checklist, weights)
    r = score_block(to_block([case], checklist), plan)
    return Seen(
        PROFILES[r.profile[0]],
        (int(r.finding[0]), int(r.finding_high[0])),
        (int(r.finding_without[0]), int(r.finding_high_without[0])),
        (int(r.points[0]), int(r.points_high[0])),
        int(r.answered[0]),
        STATE[int(r.gate[0])],
        STATE[int(r.danger[0])],
        tuple(STATE[int(e)] for e in r.elements[:, 0]),
        {
            name: (
                int(r.dimension_points[k, 0]),
                int(r.dimension_points_high[k, 0]),
                DIMENSION[int(r.dimension_state[k, 0])],
            )
            for k, name in enumerate(plan.dimensions)
        },
    )


Engine = Callable[[Case, Checklist, WeightSet], Seen]
both_engines = pytest.mark.parametrize("see", [by_engine, by_batch], ids=["engine", "batch"])


def drawn(data: st.DataObject, child: bool = False) -> tuple[Checklist, WeightSet, Case]:
    """A list, its weights and a case of it."""
    checklist = data.draw(checklists(most=25))
    case = data.draw(cases(checklist))
    return checklist, data.draw(weight_sets(checklist)), replace(case, age=9) if child else case


def answered(case: Case, answers: Mapping[str, Answer]) -> Case:
    """The case with some answers put in place of what it had."""
    return replace(case, answers={**case.answers, **{i: Response(a) for i, a in answers.items()}})


def some(data: st.DataObject, ids: list[str], answers: tuple[Answer, ...]) -> dict[str, Answer]:
    """New answers for some of these indicators."""
    chosen = data.draw(st.binary(min_size=len(ids), max_size=len(ids)))
    return {
        i: answers[byte // 2 % len(answers)]
        for i, byte in zip(ids, chosen, strict=True)
        if byte % 2
    }


# -- S3 a child needs no means ---------------------------------------------------------------------


@both_engines
@PROPERTY
@given(data=st.data())
def test_S3_a_childs_gate_is_the_same_for_every_combination_of_means(
    data: st.DataObject, see: Engine
) -> None:
    checklist, weights, case = drawn(data, child=True)
    means = [i.id for i in checklist.indicators.values() if i.element == "means"]
    rest = [i for i in checklist.indicators if i not in means]
    case = answered(
        case, dict.fromkeys(rest, Answer.YES) if data.draw(st.booleans()) else {}
    )  # often all is there but the means
    other = answered(case, some(data, means, tuple(Answer)))
    assert see(other, checklist, weights).gate == see(case, checklist, weights).gate


@both_engines
@PROPERTY
@given(data=st.data())
def test_S3_every_finding_is_open_to_a_child_without_any_means(
    data: st.DataObject, see: Engine
) -> None:
    checklist, weights, case = drawn(data, child=True)
    weights = replace(
        weights,
        caps={"adult": {}, "child": {}},
        points={
            "adult": weights.points["adult"],
            "child": {
                i: (
                    10**5
                    if checklist.dimensions[checklist.indicators[i].dimension].kind == "sign"
                    else 0
                )
                for i in weights.points["child"]
            },
        },
    )
    yes = {
        i.id: Answer.NO if i.element == "means" else Answer.YES
        for i in checklist.indicators.values()
    }
    weighed = {
        d: any(
            weights.points["child"].get(i.id)
            for i in checklist.by_profile["child"]
            if i.dimension == d and i.element != "means"
        )
        for d in checklist.dimensions
    }
    # Otherwise a rule on points can be out of reach, which lint reports; a set whose line is out of
    # reach does not load.
    scale = weights.scale(checklist, "child")
    no_means = frozenset(i for i in scale.points if checklist.indicators[i].element != "means")
    reached = all(
        holds(rule, no_means, lambda dimension: scale.total(no_means, dimension))
        for rule in scale.rules.levels.values()
    )
    if all(weighed.values()) and (reached or not weights.lines):
        assert see(answered(case, yes), checklist, weights).finding[0] == FINDINGS.index("act_now")


@both_engines
@PROPERTY
@given(data=st.data())
def test_S3_family_and_papers_never_lower_anything(data: st.DataObject, see: Engine) -> None:
    checklist, weights, case = drawn(data, child=True)
    protective = [
        i.id
        for i in checklist.indicators.values()
        if checklist.dimensions[i.dimension].kind == "protective"
    ]
    without = see(answered(case, dict.fromkeys(protective, Answer.NO)), checklist, weights)
    with_them = see(answered(case, dict.fromkeys(protective, Answer.YES)), checklist, weights)
    assert with_them.finding >= without.finding
    assert with_them.finding[1] >= without.finding[1]
    assert (with_them.points, with_them.gate, with_them.elements, with_them.dimensions) == (
        without.points,
        without.gate,
        without.elements,
        without.dimensions,
    )


# -- S4 doubtful age is a child --------------------------------------------------------------------


@both_engines
@pytest.mark.parametrize(
    ("age", "certain", "profile"),
    [
        (None, True, "child"),
        (None, False, "child"),
        (0, True, "child"),
        (17, True, "child"),
        (17, False, "child"),
        (18, True, "adult"),
        (18, False, "child"),
        (40, True, "adult"),
        (40, False, "child"),
        (120, True, "adult"),
    ],
)
def test_S4_doubtful_age_is_a_child(
    tmp_path: Path, see: Engine, age: int | None, certain: bool, profile: str
) -> None:
    checklist = load_checklist(write_list(tmp_path))
    assert see(Case("x", age, certain), checklist, load_weights(checklist)).profile == profile


@both_engines
@pytest.mark.parametrize(
    ("stated", "born", "profile"),
    [
        (18, date(2008, 6, 1), "adult"),  # 18 on the birthday itself
        (17, date(2008, 6, 2), "child"),  # the birthday is tomorrow
        (None, date(2008, 6, 1), "adult"),
        (25, date(2008, 6, 2), "child"),  # contradicting ages: the lower, and not certain
        (19, date(2001, 1, 1), "child"),  # both adult, yet they contradict each other
        (30, date(2027, 1, 1), "child"),  # born in the future
        (None, date(2027, 1, 1), "child"),
    ],
)
def test_S4_birth_dates_that_are_near_future_or_contradicted(
    tmp_path: Path, see: Engine, stated: int | None, born: date, profile: str
) -> None:
    checklist = load_checklist(write_list(tmp_path))
    age, certain = reconcile_age(stated, True, born, date(2026, 6, 1))
    assert see(Case("x", age, certain), checklist, load_weights(checklist)).profile == profile


@both_engines
@PROPERTY
@given(data=st.data(), age=st.none() | st.integers(0, ADULT_AGE - 1), certain=st.booleans())
def test_S4_every_age_that_is_missing_or_below_18_scores_the_same(
    data: st.DataObject, see: Engine, age: int | None, certain: bool
) -> None:
    checklist, weights, case = drawn(data, child=True)
    assert see(replace(case, age=age, age_certain=certain), checklist, weights) == see(
        case, checklist, weights
    )
    assert see(replace(case, age=40, age_certain=False), checklist, weights) == see(
        case, checklist, weights
    )


# -- S5 open is not no -----------------------------------------------------------------------------


def inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] <= inner[1] <= outer[1]


@both_engines
@PROPERTY
@given(data=st.data())
def test_S5_opening_answers_widens_the_range_and_keeps_the_old_finding_inside(
    data: st.DataObject, see: Engine
) -> None:
    checklist, weights, case = drawn(data)
    opened = answered(case, some(data, list(checklist.indicators), tuple(sorted(OPEN_ANSWERS))))
    before, after = see(case, checklist, weights), see(opened, checklist, weights)
    assert inside(before.finding, after.finding)
    assert inside(before.without_danger, after.without_danger)
    assert inside(before.points, after.points)
    assert after.answered <= before.answered
    for name, (low, high, _) in before.dimensions.items():
        assert inside((low, high), after.dimensions[name][:2])


@both_engines
@PROPERTY
@given(data=st.data())
def test_S5_no_dimension_is_closed_by_what_nobody_asked(data: st.DataObject, see: Engine) -> None:
    checklist, weights, case = drawn(data)
    seen = see(case, checklist, weights)
    for name, (_, _, state) in seen.dimensions.items():
        is_open = any(
            i.dimension == name and case.answer(i.id) in OPEN_ANSWERS
            for i in checklist.by_profile[seen.profile]  # type: ignore[index]  # a Profile
        )
        assert state == "positive" or state == ("open" if is_open else "not_reached"), name


@both_engines
@PROPERTY
@given(data=st.data())
def test_S5_whatever_the_open_answers_turn_out_to_be_lies_inside_the_range(
    data: st.DataObject, see: Engine
) -> None:
    checklist, weights, case = drawn(data)
    still_open = [i for i in checklist.indicators if case.answer(i) in OPEN_ANSWERS]
    known = answered(
        case, {**dict.fromkeys(still_open, Answer.NO), **some(data, still_open, CLOSED)}
    )
    before, after = see(case, checklist, weights), see(known, checklist, weights)
    assert inside(after.finding, before.finding)
    assert inside(after.points, before.points)
    settled_before = [
        (before.gate, after.gate),
        (before.danger, after.danger),
        *zip(before.elements, after.elements, strict=True),
    ]
    assert all(now == then for then, now in settled_before if then != STATE["open"])


@both_engines
@PROPERTY
@given(data=st.data())
def test_S5_what_is_not_asked_unknown_or_refused_is_one_and_the_same_and_never_no(
    data: st.DataObject, see: Engine
) -> None:
    checklist, weights, case = drawn(data)
    still_open = [i for i in checklist.indicators if case.answer(i) in OPEN_ANSWERS]
    other = answered(case, some(data, still_open, tuple(sorted(OPEN_ANSWERS))))
    left_out = replace(case, answers={i: r for i, r in case.answers.items() if i not in still_open})
    assert (
        see(case, checklist, weights)
        == see(other, checklist, weights)
        == see(left_out, checklist, weights)
    )
    nothing = see(Case("x", case.age, case.age_certain), checklist, weights)
    assert nothing.answered == 0
    assert nothing.finding[0] == FINDINGS.index("too_little_known")


# -- S6 monotone -----------------------------------------------------------------------------------


@both_engines
@PROPERTY
@given(data=st.data())
def test_S6_one_more_yes_never_lowers_the_finding(data: st.DataObject, see: Engine) -> None:
    checklist, weights, case = drawn(data)
    one = data.draw(st.sampled_from(list(checklist.indicators)))
    before, after = (
        see(case, checklist, weights),
        see(answered(case, {one: Answer.YES}), checklist, weights),
    )
    for low, high in (
        (before.finding, after.finding),
        (before.without_danger, after.without_danger),
        (before.points, after.points),
    ):
        assert low[0] <= high[0]
        assert low[1] <= high[1]
    assert before.gate <= after.gate
    assert before.danger <= after.danger
    assert all(b <= a for b, a in zip(before.elements, after.elements, strict=True))
    for name, (low, high, state) in before.dimensions.items():
        more = after.dimensions[name]
        assert low <= more[0] and high <= more[1]
        assert state != "positive" or more[2] == "positive"
        assert state != "not_reached" or more[2] != "open"


# -- S10 parts sum to the whole --------------------------------------------------------------------


@PROPERTY
@given(data=st.data())
def test_S10_contributions_sum_exactly_to_the_points(data: st.DataObject) -> None:
    checklist, weights, case = drawn(data)
    a = score(case, checklist, weights)
    assert (
        sum(row.points for row in a.contributions)
        == a.points
        == by_batch(case, checklist, weights).points[0]
    )
    for name, dimension in a.dimensions.items():
        assert (
            sum(row.points for row in a.contributions if row.dimension == name) == dimension.points
        )
    assert all(row.points < 0 for row in a.contributions if row.kind == "cap")
    assert {row.indicator for row in a.contributions if row.indicator} == {
        i.id for i in checklist.by_profile[a.profile] if case.answer(i.id) is Answer.YES
    }


# -- S12 no forbidden inputs -----------------------------------------------------------------------


@PROPERTY
@given(
    data=st.data(),
    sex=st.sampled_from(("f", "m")),
    community=st.text(max_size=8),
    nationality=st.text(max_size=8),
    religion=st.text(max_size=8),
)
def test_S12_statistics_never_change_anything(
    data: st.DataObject, sex: str, community: str, nationality: str, religion: str
) -> None:
    checklist, weights, case = drawn(data)
    told = replace(
        case,
        statistics={
            "sex": sex,
            "community": community,
            "nationality": nationality,
            "religion": religion,
            "ethnicity": community,
        },
    )
    assert score(told, checklist, weights) == score(case, checklist, weights)
    assert by_batch(told, checklist, weights) == by_batch(case, checklist, weights)


@PROPERTY
@given(data=st.data())
def test_S12_notes_setting_and_language_of_the_case_never_change_a_number(
    data: st.DataObject,
) -> None:
    checklist, weights, case = drawn(data)
    noted = {
        i: replace(r, basis="observed", note="Roma, from abroad") for i, r in case.answers.items()
    }
    told = replace(case, answers=noted, setting="street", language="sq", met_on=date(2026, 1, 1))
    assert by_engine(told, checklist, weights) == by_engine(case, checklist, weights)
    assert by_batch(told, checklist, weights) == by_batch(case, checklist, weights)
    assert receipt(told, checklist, weights) == receipt(case, checklist, weights)


# -- S20 old results never change ------------------------------------------------------------------

_ELSEWHERE = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from screening.answers import Answer, Case, Response
from screening.checklist import load_checklist, load_weights
from screening.scoring.engine import receipt, score
from test_safety_properties import by_batch
for list_id in (sys.argv[2], "kosovo"):
    checklist = load_checklist(list_id)
    weights = load_weights(checklist)
    ids = list(checklist.indicators)
    for n in range(12):
        answers = {i: Response(tuple(Answer)[(7 * k + n) % 6]) for k, i in enumerate(ids) if (k + n) % 3}
        case = Case(f"case {n} \\u0161\\u0111", 15 + n, n % 4 > 0, dict(sorted(answers.items(), reverse=n % 2 > 0)))
        print(receipt(case, checklist, weights), json.dumps(score(case, checklist, weights).to_dict()), by_batch(case, checklist, weights))
"""


def test_S20_receipts_and_results_are_the_same_in_every_process(tmp_path: Path) -> None:
    home = str(write_list(tmp_path))
    paths = json.dumps([str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)])

    def run(seed: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", _ELSEWHERE, paths, home],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        return done.stdout

    first = run("1")
    assert len(first.splitlines()) == 24
    assert first == run("2") == run("54321")


@PROPERTY
@given(data=st.data())
def test_S20_a_receipt_changes_with_whatever_the_result_follows_from(data: st.DataObject) -> None:
    checklist, weights, case = drawn(data)
    mine = receipt(case, checklist, weights)
    one = data.draw(st.sampled_from(list(checklist.indicators)))
    another = data.draw(st.sampled_from([a for a in Answer if a is not case.answer(one)]))
    assert receipt(answered(case, {one: another}), checklist, weights) != mine
    assert receipt(replace(case, age_certain=not case.age_certain), checklist, weights) != mine
    assert receipt(replace(case, age=31), checklist, weights) != mine  # AGES has no 31
    assert receipt(case, replace(checklist, sha256="2" * 64), weights) != mine
    assert receipt(case, checklist, replace(weights, sha256="2" * 64)) != mine
