"""The reference engine on the tiny list: each finding with its range, and everything that goes into
an assessment.

In the tables an answer not named is `rest`; "hurt quota" means both. The tiny list's rules stand in
`tiny.py`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import FrozenInstanceError, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Answer, Case, Response, reconcile_age
from screening.checklist import Checklist, WeightSet, load_checklist, load_weights
from screening.checklist.schema import FINDINGS
from screening.errors import CaseError
from screening.scoring import ENGINE, Assessment, receipt, score
from screening.scoring.engine import RANK
from screening.values import parse_age, parse_certain
from support.properties import examples
from support.tiny import CHECKLIST, FILES, SIGNS, TEXTS, WEIGHTS, write_list

YES, NO, UNKNOWN, REFUSED, NOT_ASKED, NOT_APPLICABLE = Answer
ALL = (
    "danger_now",
    "hurt",
    "threatened",
    "brought",
    "sent_to_beg",
    "quota",
    "long_hours",
    "doubt",
    "safe_adult",
)
ADULT, CHILD = 30, 9
List = tuple[Checklist, WeightSet]

SERBIAN = """\
format: 1
language: sr
status: draft
findings: {look_further: {label: Proveri dalje, statement: Znaci koji traže više.}}
indicators: {hurt: {statement: Povređen je, question: Da li te neko povređuje?}}
"""


def load(home: Path) -> List:
    checklist = load_checklist(home)
    return checklist, load_weights(checklist)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> List:
    return load(write_list(tmp_path_factory.mktemp("engine"), {"texts/sr.yaml": SERBIAN}))


def case(
    age: int | None,
    yes: str = "",
    no: str = "",
    rest: Answer = NOT_ASKED,
    *,
    certain: bool = True,
    **others: str,
) -> Case:
    """A case in words: indicators answered yes, no or (by keyword) unknown, refused,
    not_applicable; `rest` for all others.
    """
    answers = dict.fromkeys(ALL, rest)
    for answer, ids in {"yes": yes, "no": no, **others}.items():
        answers |= dict.fromkeys(ids.split(), Answer(answer))
    assert set(answers) == set(ALL), "a row names an indicator that the list does not have"
    return Case(
        "A", age=age, age_certain=certain, answers={i: Response(a) for i, a in answers.items()}
    )


def scored(tiny: List, *args: Any, **kwargs: Any) -> Assessment:
    return score(case(*args, **kwargs), *tiny)


# -- findings and their range ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "yes", "no", "rest", "finding", "high"),
    [
        # an adult
        (ADULT, "", "", NOT_ASKED, "too_little_known", "act_now"),
        (ADULT, "", "", UNKNOWN, "too_little_known", "act_now"),
        (ADULT, "", "", REFUSED, "too_little_known", "act_now"),
        (ADULT, "", "", NO, "nothing_indicated", "nothing_indicated"),
        (ADULT, "", "", NOT_APPLICABLE, "nothing_indicated", "nothing_indicated"),
        (
            ADULT,
            "",
            "danger_now hurt quota doubt",
            NOT_ASKED,
            "nothing_indicated",
            "look_further",
        ),  # 3 of 6 signs is half
        (
            ADULT,
            "",
            "danger_now hurt quota brought",
            NOT_ASKED,
            "nothing_indicated",
            "nothing_indicated",
        ),  # nothing open could raise it
        (
            ADULT,
            "",
            "danger_now safe_adult hurt quota",
            NOT_ASKED,
            "too_little_known",
            "look_further",
        ),
        (ADULT, "threatened", "", NO, "nothing_indicated", "nothing_indicated"),
        (
            ADULT,
            "threatened doubt",
            "",
            NO,
            "nothing_indicated",
            "nothing_indicated",
        ),  # 3 points of control
        (
            ADULT,
            "threatened brought",
            "",
            NO,
            "look_further",
            "look_further",
        ),  # 4 points of control
        (ADULT, "hurt", "", NO, "look_further", "look_further"),  # one strong sign
        (ADULT, "quota", "", NO, "look_further", "look_further"),
        (
            ADULT,
            "quota long_hours",
            "",
            NO,
            "look_further",
            "look_further",
        ),  # begging positive, no act, no means
        (ADULT, "quota long_hours hurt", "", NO, "look_further", "look_further"),  # no act
        (
            ADULT,
            "quota long_hours brought",
            "",
            NO,
            "look_further",
            "look_further",
        ),  # no means: an adult needs one
        (
            ADULT,
            "quota long_hours brought threatened",
            "",
            NO,
            "refer",
            "refer",
        ),  # the gate, and begging positive
        (ADULT, "quota brought threatened", "", NO, "refer", "refer"),  # the gate, and 8 points
        (
            ADULT,
            "long_hours brought threatened doubt",
            "",
            NO,
            "look_further",
            "look_further",
        ),  # the gate, and 7 points
        (ADULT, "quota long_hours brought", "danger_now", NOT_ASKED, "look_further", "refer"),
        (ADULT, "danger_now", "", NO, "act_now", "act_now"),
        (ADULT, "hurt", "danger_now", NOT_ASKED, "look_further", "refer"),
        (
            ADULT,
            "safe_adult",
            "",
            NO,
            "nothing_indicated",
            "nothing_indicated",
        ),  # it is shown and weighs nothing
        (
            ADULT,
            "sent_to_beg",
            "",
            NO,
            "nothing_indicated",
            "nothing_indicated",
        ),  # a child's sign only
        # a child
        (CHILD, "", "", NOT_ASKED, "too_little_known", "act_now"),
        (CHILD, "", "", NO, "nothing_indicated", "nothing_indicated"),
        (
            CHILD,
            "",
            "danger_now hurt brought quota",
            NOT_ASKED,
            "too_little_known",
            "refer",
        ),  # one of begging's three
        (
            CHILD,
            "",
            "danger_now hurt quota sent_to_beg",
            NOT_ASKED,
            "too_little_known",
            "refer",
        ),  # 3 of 7 signs
        (
            CHILD,
            "",
            "danger_now hurt brought quota sent_to_beg",
            NOT_ASKED,
            "nothing_indicated",
            "look_further",
        ),
        (
            CHILD,
            "",
            "danger_now hurt brought quota sent_to_beg long_hours",
            NOT_ASKED,
            "nothing_indicated",
            "nothing_indicated",
        ),
        (CHILD, "threatened", "", NO, "nothing_indicated", "nothing_indicated"),
        (CHILD, "brought", "", NO, "look_further", "look_further"),
        (CHILD, "long_hours", "", NO, "look_further", "look_further"),
        (CHILD, "brought long_hours", "", NO, "look_further", "look_further"),
        (
            CHILD,
            "brought quota",
            "",
            NO,
            "refer",
            "refer",
        ),  # act and a strong purpose, no means anywhere
        (CHILD, "quota long_hours", "", NO, "refer", "refer"),
        (CHILD, "sent_to_beg quota", "", NO, "refer", "refer"),
        (
            CHILD,
            "brought threatened doubt long_hours",
            "",
            NO,
            "refer",
            "refer",
        ),  # 7 capped of control, and 2
        (
            CHILD,
            "brought threatened long_hours",
            "",
            NO,
            "look_further",
            "look_further",
        ),  # 8 points
        (CHILD, "hurt", "", NO, "act_now", "act_now"),
        (CHILD, "hurt", "", NOT_ASKED, "act_now", "act_now"),
        (CHILD, "quota", "hurt danger_now", NOT_ASKED, "look_further", "refer"),
        (None, "brought quota", "", NO, "refer", "refer"),  # no age: a child
    ],
)
def test_a_finding_and_the_highest_it_can_become(
    tiny: List, age: int | None, yes: str, no: str, rest: Answer, finding: str, high: str
) -> None:
    result = scored(tiny, age, yes, no, rest)
    assert (result.finding, result.finding_high) == (finding, high)
    assert result.settled is (finding == high)
    assert result.statement == tiny[0].texts().get("findings", finding, "statement") != ""


def test_too_little_may_be_known_though_no_answer_could_raise_anything(tmp_path: Path) -> None:
    tiny = load(
        write_list(
            tmp_path,
            {
                "checklist.yaml": CHECKLIST.replace(
                    "at_least: 4, dimension: control", "at_least: 6, dimension: control"
                )
            },
        )
    )
    result = scored(tiny, ADULT, "", "danger_now hurt quota")
    assert (result.finding, result.finding_high, result.settled) == (
        "too_little_known",
        "nothing_indicated",
        False,
    )
    assert result.points_high == 7


@pytest.mark.parametrize(
    ("how", "known"),
    [
        ("unknown", False),
        ("refused", False),
        ("not_asked", False),
        ("not_applicable", True),
        ("no", True),
    ],
)
def test_s5_not_known_is_not_no(tiny: List, how: str, known: bool) -> None:
    result = scored(
        tiny,
        ADULT,
        "",
        "danger_now brought quota long_hours doubt",
        Answer(how),
        not_asked="safe_adult",
    )
    assert result.answered == (6 if known else 4)
    assert result.elements["means"].state == ("absent" if known else "open")
    assert result.elements["means"].indicators == ([] if known else ["hurt", "threatened"])
    assert result.finding_high == ("nothing_indicated" if known else "look_further")
    left = (
        [] if known else ["hurt", "threatened"]
    )  # what was refused comes last: nobody is to be pressed
    assert [q.indicator for q in result.open_questions] == (
        ["safe_adult", *left] if how == "refused" else [*left, "safe_adult"]
    )


def test_nothing_recorded_is_the_same_as_not_asked(tiny: List) -> None:
    assert score(Case("A", age=CHILD), *tiny) == scored(tiny, CHILD)


answers = st.fixed_dictionaries({i: st.sampled_from(list(Answer)) for i in ALL})
ages = st.sampled_from([CHILD, ADULT])


def of(age: int, given_answers: dict[str, Answer]) -> Case:
    return Case("A", age=age, answers={i: Response(a) for i, a in given_answers.items()})


@examples(50)
@given(ages, answers, st.sampled_from(ALL), st.sampled_from([UNKNOWN, REFUSED, NOT_ASKED]))
def test_s5_opening_an_answer_widens_the_range_and_keeps_the_old_finding_inside(
    tiny: List,
    age: int,
    was: dict[str, Answer],
    i: str,
    opened: Answer,
) -> None:
    before, after = score(of(age, was), *tiny), score(of(age, {**was, i: opened}), *tiny)
    assert (
        RANK[after.finding]
        <= RANK[before.finding]
        <= RANK[before.finding_high]
        <= RANK[after.finding_high]
    )
    assert (
        after.points <= before.points <= before.points_high <= after.points_high <= after.points_max
    )


@examples(50)
@given(ages, answers, st.sampled_from(ALL))
def test_s6_one_more_yes_never_lowers_a_finding(
    tiny: List, age: int, was: dict[str, Answer], i: str
) -> None:
    before, after = score(of(age, was), *tiny), score(of(age, {**was, i: YES}), *tiny)
    assert RANK[after.finding] >= RANK[before.finding]
    assert after.points >= before.points
    if was[i] in (UNKNOWN, REFUSED, NOT_ASKED):
        assert RANK[after.finding_high] <= RANK[before.finding_high]


@examples(50)
@given(ages, answers)
def test_the_range_is_what_the_open_answers_can_bring(
    tiny: List, age: int, was: dict[str, Answer]
) -> None:
    relevant = [i.id for i in tiny[0].by_profile["child" if age == CHILD else "adult"]]
    still_open = [i for i in relevant if was[i] in (UNKNOWN, REFUSED, NOT_ASKED)][:4]
    was = {
        i: a if i in still_open or a in (YES, NO, NOT_APPLICABLE) else NO for i, a in was.items()
    }
    result = score(of(age, was), *tiny)
    completed = [
        score(of(age, {**was, **dict(zip(still_open, ends, strict=True))}), *tiny)
        for ends in product([YES, NO], repeat=len(still_open))
    ]
    assert all(end.settled for end in completed)
    assert result.finding_high == max((end.finding for end in completed), key=FINDINGS.index)
    assert all(RANK[end.finding] >= RANK[result.finding] for end in completed)
    assert result.points_high == max(end.points for end in completed)
    assert result.points == min(end.points for end in completed)


# -- child or adult --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "certain", "born", "profile", "reason"),
    [
        ("17", "yes", None, "child", "age 17"),
        ("18", "yes", None, "adult", "age 18"),
        ("17.9", "", None, "child", "age 17"),
        ("", "yes", None, "child", "the age is not known"),
        ("unknown", "", None, "child", "the age is not known"),
        ("18", "no", None, "child", "age 18 is not certain"),
        ("40", "unknown", None, "child", "age 40 is not certain"),
        ("", "", date(2008, 11, 23), "adult", "age 18"),  # the birthday itself
        ("", "", date(2008, 11, 24), "child", "age 17"),
        ("18", "yes", date(2008, 11, 24), "child", "age 17"),  # stated and born contradict
        ("17", "yes", date(2000, 1, 1), "child", "age 17"),
        ("25", "yes", date(2000, 1, 1), "child", "age 25 is not certain"),
        ("25", "yes", date(2027, 1, 1), "child", "age 25 is not certain"),  # born in the future
        ("", "", date(2027, 1, 1), "child", "the age is not known"),
    ],
)
def test_s4_doubtful_age_is_a_child(
    tiny: List, age: str, certain: str, born: date | None, profile: str, reason: str
) -> None:
    years, sure = reconcile_age(parse_age(age), parse_certain(certain), born, date(2026, 11, 23))
    result = score(Case("A", age=years, age_certain=sure), *tiny)
    assert (result.profile, result.profile_reason) == (profile, reason)
    assert result.gate.needs == (
        ["act", "purpose"] if profile == "child" else ["act", "means", "purpose"]
    )


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"yes": "brought"},
        {"yes": "quota"},
        {"yes": "brought quota"},
        {"no": "brought", "yes": "quota"},
    ],
)
def test_s3_no_answer_on_means_moves_a_childs_gate(tiny: List, others: dict[str, str]) -> None:
    child = case(CHILD, **others)
    gates = set()
    for hurt, threatened in product(Answer, repeat=2):
        means = {"hurt": Response(hurt), "threatened": Response(threatened)}
        gate = score(replace(child, answers={**child.answers, **means}), *tiny).gate
        gates.add((gate.state, *gate.needs))
    assert len(gates) == 1


@pytest.mark.parametrize(
    ("age", "yes", "no", "state"),
    [
        (CHILD, "brought quota", "hurt threatened", "present"),
        (CHILD, "brought", "", "open"),
        (CHILD, "brought", "quota long_hours sent_to_beg", "absent"),
        (CHILD, "quota", "brought", "absent"),
        (CHILD, "", "", "open"),
        (ADULT, "brought quota", "hurt threatened", "absent"),
        (ADULT, "brought quota", "hurt", "open"),
        (ADULT, "brought quota threatened", "", "present"),
        (ADULT, "hurt", "brought", "absent"),
    ],
)
def test_the_gate(tiny: List, age: int, yes: str, no: str, state: str) -> None:
    assert scored(tiny, age, yes, no).gate.state == state


@pytest.mark.parametrize(
    ("age", "yes", "rest", "warnings"),
    [
        (ADULT, "doubt", NO, ["age 30 was called certain, yet doubt was noted"]),
        (ADULT, "", NO, []),
        (ADULT, "", UNKNOWN, []),
        (CHILD, "doubt", NO, []),
    ],
)
def test_doubt_noted_beside_a_certain_age_is_warned_of(
    tiny: List, age: int, yes: str, rest: Answer, warnings: list[str]
) -> None:
    assert scored(tiny, age, yes, "", rest).warnings == warnings


def test_doubt_about_a_grown_up_called_uncertain_needs_no_warning(tiny: List) -> None:
    result = scored(tiny, ADULT, "doubt", certain=False)
    assert (result.profile, result.warnings) == ("child", [])


def test_a_list_without_an_age_doubt_indicator_warns_of_nothing(tmp_path: Path) -> None:
    tiny = load(
        write_list(tmp_path, {"checklist.yaml": CHECKLIST.replace("age_doubt: doubt\n", "")})
    )
    assert scored(tiny, ADULT, "doubt").warnings == []


# -- danger, kept apart ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "yes", "no", "state", "behind", "without", "high_without"),
    [
        (
            ADULT,
            "danger_now",
            "hurt threatened brought quota long_hours doubt",
            "present",
            ["danger_now"],
            "nothing_indicated",
            "nothing_indicated",
        ),
        (ADULT, "danger_now", "", "present", ["danger_now"], "too_little_known", "refer"),
        (
            ADULT,
            "danger_now hurt",
            "brought",
            "present",
            ["danger_now"],
            "look_further",
            "look_further",
        ),
        (ADULT, "hurt", "", "open", ["danger_now"], "look_further", "refer"),
        (ADULT, "", "danger_now", "absent", [], "too_little_known", "refer"),
        (CHILD, "hurt", "", "present", ["hurt"], "too_little_known", "refer"),
        (
            CHILD,
            "danger_now hurt",
            "",
            "present",
            ["danger_now", "hurt"],
            "too_little_known",
            "refer",
        ),
        (CHILD, "hurt brought quota", "danger_now", "present", ["hurt"], "refer", "refer"),
        (CHILD, "", "hurt", "open", ["danger_now"], "too_little_known", "refer"),
        (CHILD, "brought", "hurt danger_now", "absent", [], "look_further", "refer"),
    ],
)
def test_danger_is_kept_apart_from_the_rest(
    tiny: List,
    age: int,
    yes: str,
    no: str,
    state: str,
    behind: list[str],
    without: str,
    high_without: str,
) -> None:
    result = scored(tiny, age, yes, no)
    danger = result.danger
    assert (danger.state, danger.indicators) == (state, behind)
    assert (danger.finding_without, danger.finding_high_without) == (without, high_without)
    assert result.red_flags == (behind if state == "present" else [])
    assert (result.finding == "act_now") is (state == "present")


# -- elements, dimensions, forms -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "yes", "no", "element", "state", "behind"),
    [
        (ADULT, "hurt", "", "means", "present", ["hurt"]),
        (ADULT, "threatened hurt", "", "means", "present", ["hurt", "threatened"]),
        (ADULT, "", "hurt", "means", "open", ["threatened"]),
        (ADULT, "", "hurt threatened", "means", "absent", []),
        (ADULT, "", "", "act", "open", ["brought"]),
        (ADULT, "brought", "", "act", "present", ["brought"]),
        (ADULT, "", "brought", "act", "absent", []),
        (ADULT, "long_hours", "quota", "purpose", "present", ["long_hours"]),
        (ADULT, "sent_to_beg", "", "purpose", "open", ["quota", "long_hours"]),
        (CHILD, "sent_to_beg", "", "purpose", "present", ["sent_to_beg"]),
        (CHILD, "", "quota", "purpose", "open", ["sent_to_beg", "long_hours"]),
    ],
)
def test_an_element_is_present_open_or_absent(
    tiny: List, age: int, yes: str, no: str, element: str, state: str, behind: list[str]
) -> None:
    found = scored(tiny, age, yes, no).elements
    assert list(found) == ["act", "means", "purpose"]
    assert (found[element].state, found[element].indicators) == (state, behind)


@pytest.mark.parametrize(
    ("age", "yes", "rest", "name", "points", "high", "counts", "state"),
    [
        (ADULT, "", NOT_ASKED, "control", 0, 7, (0, 0, 0), "open"),
        (ADULT, "", NO, "control", 0, 0, (0, 0, 0), "not_reached"),
        (ADULT, "hurt", NO, "control", 4, 4, (1, 0, 0), "not_reached"),
        (ADULT, "hurt", UNKNOWN, "control", 4, 7, (1, 0, 0), "open"),
        (ADULT, "hurt", Answer.REFUSED, "control", 4, 7, (1, 0, 0), "open"),
        (ADULT, "hurt doubt", NO, "control", 5, 5, (1, 0, 1), "positive"),
        (ADULT, "threatened brought", NO, "control", 4, 4, (0, 2, 0), "not_reached"),
        (ADULT, "threatened brought doubt", NO, "control", 5, 5, (0, 2, 1), "positive"),
        (
            ADULT,
            "hurt threatened brought doubt",
            NO,
            "control",
            7,
            7,
            (1, 2, 1),
            "positive",
        ),  # 9, capped
        (
            CHILD,
            "hurt brought",
            NO,
            "control",
            7,
            7,
            (2, 0, 0),
            "positive",
        ),  # brought is strong in a child
        (CHILD, "quota", NO, "begging", 4, 4, (1, 0, 0), "not_reached"),
        (CHILD, "sent_to_beg quota long_hours", NO, "begging", 10, 10, (2, 1, 0), "positive"),
        (ADULT, "sent_to_beg quota long_hours", NO, "begging", 6, 6, (1, 1, 0), "positive"),
    ],
)
def test_a_dimension(
    tiny: List,
    age: int,
    yes: str,
    rest: Answer,
    name: str,
    points: int,
    high: int,
    counts: tuple[int, int, int],
    state: str,
) -> None:
    found = scored(tiny, age, yes, "", rest).dimensions
    assert list(found) == [
        "control",
        "begging",
    ]  # danger and protective are no dimensions of evidence
    one = found[name]
    assert (one.points, one.points_high, (one.strong, one.medium, one.weak), one.state) == (
        points,
        high,
        counts,
        state,
    )


@pytest.mark.parametrize(
    ("age", "yes", "forms"),
    [
        (ADULT, "", []),
        (ADULT, "doubt danger_now safe_adult", []),
        (
            ADULT,
            "hurt",
            [("begging", 4, 0, ["hurt"]), ("labour", 4, 0, ["hurt"])],
        ),  # equal: the list's order
        (ADULT, "quota", [("begging", 4, 4, ["quota"])]),
        (ADULT, "sent_to_beg", []),
        (CHILD, "sent_to_beg", [("begging", 4, 4, ["sent_to_beg"])]),
        (
            CHILD,
            "long_hours threatened",
            [("begging", 4, 2, ["threatened", "long_hours"]), ("labour", 2, 0, ["threatened"])],
        ),
    ],
)
def test_forms_of_exploitation(
    tiny: List, age: int, yes: str, forms: list[tuple[str, int, int, list[str]]]
) -> None:
    assert [
        (f.form, f.points, f.purpose_points, f.indicators) for f in scored(tiny, age, yes).forms
    ] == forms


@pytest.mark.parametrize(
    ("age", "yes", "ranking"),
    [
        (ADULT, "threatened", ["labour"]),
        (ADULT, "threatened brought", ["labour", "begging"]),  # equal points: the list's order
        (CHILD, "threatened brought", ["begging", "labour"]),  # 4 points before 2
        (
            ADULT,
            "hurt threatened long_hours",
            ["begging", "labour"],
        ),  # 2 points of the exploitation itself before 6 points of means
        (ADULT, "hurt brought", ["labour", "begging"]),
        (ADULT, "hurt threatened brought quota", ["begging", "labour"]),
        (
            ADULT,
            "danger_now safe_adult",
            [],
        ),  # they belong to a form here, and are no evidence for it
    ],
)
def test_forms_are_ranked_by_the_exploitation_itself(
    age: int, yes: str, ranking: list[str], tmp_path: Path
) -> None:
    tiny = load(
        write_list(
            tmp_path,
            {
                "checklist.yaml": CHECKLIST.replace(
                    "forms: [begging, labour]", "forms: [labour, begging]"
                ),
                "sections/signs.yaml": (
                    SIGNS.replace("forms: [begging, labour]", "forms: [labour]").replace(
                        "forms: []", "forms: [labour]"
                    )
                ),
                "sections/other.yaml": (
                    FILES["sections/other.yaml"].replace(
                        "mode: ask\n    forms: []", "mode: ask\n    forms: [begging]"
                    )
                ),
            },
        )
    )
    assert [f.form for f in scored(tiny, age, yes).forms] == ranking


# -- points and where they come from ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "yes", "rest", "points", "high", "most"),
    [
        (ADULT, "", NOT_ASKED, 0, 13, 13),
        (ADULT, "", NO, 0, 0, 13),
        (CHILD, "", NOT_ASKED, 0, 17, 17),
        (ADULT, "hurt threatened brought doubt", NO, 7, 7, 13),
        (ADULT, "hurt threatened brought doubt", NOT_ASKED, 7, 13, 13),
        (ADULT, "danger_now safe_adult", NO, 0, 0, 13),
        (ADULT, "brought", NO, 2, 2, 13),
        (CHILD, "brought", NO, 4, 4, 17),
        (ADULT, "sent_to_beg", NO, 0, 0, 13),
        (ADULT, " ".join(ALL), NO, 13, 13, 13),
        (CHILD, " ".join(ALL), NO, 17, 17, 17),
    ],
)
def test_points(
    tiny: List, age: int, yes: str, rest: Answer, points: int, high: int, most: int
) -> None:
    result = scored(tiny, age, yes, "", rest)
    assert (result.points, result.points_high, result.points_max) == (points, high, most)


def test_what_is_over_a_cap_is_taken_back_in_a_row_of_its_own(tiny: List) -> None:
    result = scored(
        tiny, ADULT, "danger_now hurt threatened brought doubt quota safe_adult", "", NO
    )
    assert [
        (c.indicator, c.points, c.kind, c.strength, c.element, c.dimension)
        for c in result.contributions
    ] == [
        ("danger_now", 0, "danger", None, "context", "danger"),
        ("hurt", 4, "sign", "strong", "means", "control"),
        ("threatened", 2, "sign", "medium", "means", "control"),
        ("brought", 2, "sign", "medium", "act", "control"),
        ("quota", 4, "sign", "strong", "purpose", "begging"),
        ("doubt", 1, "sign", "weak", "context", "control"),
        ("safe_adult", 0, "protective", None, "context", "protective"),
        (None, -2, "cap", None, None, "control"),
    ]
    cap = result.contributions[-1]
    assert (cap.statement, cap.basis, cap.note, cap.sources) == ("Control", "", "", [])
    assert result.points == 11


def test_a_sum_that_just_reaches_its_cap_has_no_row_for_it(tiny: List) -> None:
    result = scored(tiny, ADULT, "hurt threatened doubt", "", NO)
    assert result.points == 7
    assert [c.kind for c in result.contributions] == ["sign"] * 3


@examples(50)
@given(ages, answers)
def test_s10_contributions_sum_exactly_and_nothing_is_found_without_a_reason(
    tiny: List, age: int, given_answers: dict[str, Answer]
) -> None:
    result = score(of(age, given_answers), *tiny)
    rows = [c for c in result.contributions if c.kind != "cap"]
    assert sum(c.points for c in result.contributions) == result.points
    assert [c.indicator for c in rows] == [
        i.id for i in tiny[0].by_profile[result.profile] if given_answers[i.id] is YES
    ]
    assert all(c.sources and c.statement for c in rows)
    if result.finding in ("look_further", "refer", "act_now"):
        assert any(c.kind != "protective" for c in rows)
    for name, dimension in result.dimensions.items():
        assert (
            sum(c.points for c in result.contributions if c.dimension == name) == dimension.points
        )
    assert sum(d.points for d in result.dimensions.values()) == result.points
    asked_or_open = {c.indicator for c in rows} | {q.indicator for q in result.open_questions}
    closed_no = {i for i, a in given_answers.items() if a in (NO, NOT_APPLICABLE)}
    assert asked_or_open | closed_no >= {i.id for i in tiny[0].by_profile[result.profile]}
    assert result.next_steps
    assert result.statement


def test_s10_a_reason_carries_its_source_basis_note_and_list(tiny: List) -> None:
    hurt = Response(YES, "observed", "a bruise")
    result = score(Case("A", age=ADULT, answers={"hurt": hurt}), *tiny)
    (row,) = result.contributions
    assert (row.statement, row.basis, row.note) == ("Is hurt", "observed", "a bruise")
    assert [(s.ref, s.at, s.title, s.status) for s in row.sources] == [
        ("delphi", "section 5", "ILO/EC Delphi indicators 2009", "secondary")
    ]
    assert (result.checklist.id, result.checklist.version, result.checklist.sha256) == (
        "tiny",
        "1",
        tiny[0].sha256,
    )
    assert (result.weights.id, result.weights.sha256, result.engine) == (
        "2026-01-01-base",
        tiny[1].sha256,
        ENGINE,
    )
    assert (result.answered, result.relevant) == (1, 6)


# -- what is still open ----------------------------------------------------------------------------

RAISES = "a yes would raise the finding to: "


@pytest.mark.parametrize(
    ("age", "yes", "no", "questions"),
    [
        (
            ADULT,
            "",
            "",
            [
                ("danger_now", "observe", 0, "act_now", "a yes means danger now"),
                ("hurt", "ask", 4, "look_further", RAISES + "Look further"),
                ("quota", "ask", 4, "look_further", RAISES + "Look further"),
                ("brought", "observe", 2, None, "a sign of act is still missing"),
                ("long_hours", "observe", 2, None, "a sign of purpose is still missing"),
                (
                    "threatened",
                    "ask",
                    2,
                    None,
                    "a sign of means is still missing",
                ),  # seen before asked
                ("doubt", "document", 1, None, "a yes adds 1 points"),
                ("safe_adult", "ask", 0, None, "recorded and shown"),
            ],
        ),
        (
            ADULT,
            "hurt",
            "danger_now",
            [
                ("quota", "ask", 4, None, "a sign of purpose is still missing"),
                ("brought", "observe", 2, None, "a sign of act is still missing"),
                ("long_hours", "observe", 2, None, "a sign of purpose is still missing"),
                ("threatened", "ask", 2, None, "a yes adds 2 points"),
                ("doubt", "document", 1, None, "a yes adds 1 points"),
                ("safe_adult", "ask", 0, None, "recorded and shown"),
            ],
        ),
        (
            ADULT,
            "threatened quota",
            "danger_now hurt doubt safe_adult",
            [
                ("brought", "observe", 2, "refer", RAISES + "Refer"),
                ("long_hours", "observe", 2, None, "a yes adds 2 points"),
            ],
        ),
        (
            CHILD,
            "",
            "danger_now",
            [
                ("brought", "observe", 4, "look_further", RAISES + "Look further"),
                ("quota", "observe", 4, "look_further", RAISES + "Look further"),
                ("sent_to_beg", "ask", 4, "look_further", RAISES + "Look further"),
                ("long_hours", "observe", 2, "look_further", RAISES + "Look further"),
                (
                    "hurt",
                    "ask",
                    4,
                    "act_now",
                    "a yes means danger now",
                ),  # raises nothing but danger
                (
                    "threatened",
                    "ask",
                    2,
                    None,
                    "a yes adds 2 points",
                ),  # means complete nothing for a child
                ("doubt", "document", 1, None, "a yes adds 1 points"),
                ("safe_adult", "ask", 0, None, "recorded and shown"),
            ],
        ),
        (
            CHILD,
            "hurt",
            "brought long_hours doubt",
            [  # nothing can be higher than danger; its own question still comes first
                ("danger_now", "observe", 0, None, "recorded and shown"),
                ("quota", "observe", 4, None, "a sign of purpose is still missing"),
                ("sent_to_beg", "ask", 4, None, "a sign of purpose is still missing"),
                ("threatened", "ask", 2, None, "a yes adds 2 points"),
                ("safe_adult", "ask", 0, None, "recorded and shown"),
            ],
        ),
        (
            CHILD,
            "hurt danger_now brought quota",
            "threatened sent_to_beg long_hours doubt safe_adult",
            [],
        ),
    ],
)
def test_open_questions_most_telling_first(
    tiny: List, age: int, yes: str, no: str, questions: list[tuple[object, ...]]
) -> None:
    found = scored(tiny, age, yes, no).open_questions
    assert [(q.indicator, q.mode, q.points, q.raises_to, q.why) for q in found] == questions


def test_among_equals_the_danger_question_comes_first(tmp_path: Path) -> None:
    danger = SIGNS[SIGNS.index("  - id: danger_now") : SIGNS.index("  - id: hurt")]
    tiny = load(write_list(tmp_path, {"sections/signs.yaml": SIGNS.replace(danger, "") + danger}))
    assert [q.indicator for q in scored(tiny, CHILD).open_questions][:2] == [
        "danger_now",
        "brought",
    ]
    assert scored(tiny, CHILD, "hurt").open_questions[0].indicator == "danger_now"


def test_what_is_no_sign_is_no_evidence_of_an_element(tmp_path: Path) -> None:
    tiny = load(
        write_list(
            tmp_path,
            {
                "sections/signs.yaml": SIGNS.replace(
                    "dimension: danger\n    element: context", "dimension: danger\n    element: act"
                ),
                "sections/other.yaml": (
                    FILES["sections/other.yaml"].replace(
                        "protective\n    element: context", "protective\n    element: purpose"
                    )
                ),
            },
        )
    )
    result = scored(
        tiny, CHILD, "danger_now", "quota sent_to_beg long_hours", not_asked="safe_adult brought"
    )
    assert {e: (r.state, r.indicators) for e, r in result.elements.items()} == {
        "act": ("open", ["brought"]),
        "means": ("open", ["hurt", "threatened"]),
        "purpose": ("absent", []),
    }
    assert {q.indicator: q.why for q in result.open_questions}["safe_adult"] == "recorded and shown"
    assert [q.indicator for q in result.open_questions] == [
        "brought",
        "hurt",
        "threatened",
        "doubt",
        "safe_adult",
    ]


def test_an_open_question_says_how_it_is_open_and_what_to_say_or_look_at(tiny: List) -> None:
    child = {
        q.indicator: q for q in scored(tiny, CHILD, unknown="hurt", refused="quota").open_questions
    }
    assert [(child[i].answer, child[i].prompt) for i in ("hurt", "quota", "brought")] == [
        ("unknown", "Does anyone hurt you?"),
        ("refused", "Watch for counting."),
        ("not_asked", "Watch who brings the person."),
    ]
    adult = {q.indicator: q for q in scored(tiny, ADULT).open_questions}
    assert (adult["quota"].mode, adult["quota"].prompt) == ("ask", "Is there an amount?")
    assert "sent_to_beg" not in adult


# -- what to do next -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "yes", "rest", "steps"),
    [
        (
            ADULT,
            "danger_now",
            NO,
            [("call", "Call the police unit.", "officer", "Officer", "0h", 0)],
        ),
        (
            CHILD,
            "brought quota",
            NO,
            [("call", "Call the police unit.", "officer", "Officer", "0h", 0)],
        ),
        (
            ADULT,
            "hurt",
            NO,
            [("ask_on", "Ask the next questions.", "officer", "Officer", "7d", 168)],
        ),
        (ADULT, "", NO, [("ask_on", "Ask the next questions.", "officer", "Officer", "7d", 168)]),
        (
            CHILD,
            "",
            NOT_ASKED,
            [("ask_on", "Ask the next questions.", "officer", "Officer", "7d", 168)],
        ),
    ],
)
def test_next_steps(
    tiny: List, age: int, yes: str, rest: Answer, steps: list[tuple[object, ...]]
) -> None:
    found = scored(tiny, age, yes, "", rest).next_steps
    assert [(s.id, s.text, s.who, s.role, s.within, s.hours) for s in found] == steps
    assert all(
        s.checked_on == "2026-01-01" and [c.ref for c in s.sources] == ["ours"] for s in found
    )


def test_a_step_for_one_profile_is_not_given_to_the_other(tmp_path: Path) -> None:
    guardian = (
        "  - {id: guardian, findings: [refer, act_now], profiles: [child], who: officer, within:"
        " 24h, checked: {on: 2026-01-01, how: read}, sources: [{ref: ours}]}\n"
    )
    tiny = load(
        write_list(
            tmp_path,
            {
                "pathway.yaml": FILES["pathway.yaml"] + guardian,
                "texts/en.yaml": TEXTS + "  guardian: {text: Call the guardian.}\n",
            },
        )
    )
    assert [(s.id, s.hours) for s in scored(tiny, CHILD, "danger_now").next_steps] == [
        ("call", 0),
        ("guardian", 24),
    ]
    assert [s.id for s in scored(tiny, ADULT, "danger_now").next_steps] == ["call"]


# -- words, records, receipts ----------------------------------------------------------------------


@examples(50)
@given(ages, answers, st.sampled_from(["sq", "sr", "sr-Cyrl"]))
def test_the_language_changes_words_and_no_result(
    tiny: List, age: int, given_answers: dict[str, Answer], language: str
) -> None:
    def bare(data: Any) -> Any:
        words = {"statement", "profile_reason", "warnings", "why", "prompt", "text", "role"}
        if isinstance(data, dict):
            return {k: bare(v) for k, v in data.items() if k not in words}
        return [bare(v) for v in data] if isinstance(data, list) else data

    english, other = (
        score(of(age, given_answers), *tiny, language) for language in ("en", language)
    )
    assert bare(english.to_dict()) == bare(other.to_dict())


@pytest.mark.parametrize(
    ("language", "statement", "why"),
    [
        ("en", "Signs that call for more.", RAISES + "Look further"),
        ("sq", "Signs that call for more.", RAISES + "Look further"),
        ("sr", "Znaci koji traže više.", RAISES + "Proveri dalje"),
        ("sr-Cyrl", "Знаци који траже више.", RAISES + "Провери даље"),
    ],
)
def test_words_come_in_the_language_asked_for_and_in_english_where_it_has_none(
    tiny: List, language: str, statement: str, why: str
) -> None:
    assert score(case(ADULT, "hurt", "", NO), *tiny, language).statement == statement
    assert (
        next(
            q for q in score(case(ADULT), *tiny, language).open_questions if q.indicator == "hurt"
        ).why
        == why
    )


CONTRACT = {
    "case_id",
    "checklist",
    "weights",
    "engine",
    "receipt",
    "profile",
    "profile_reason",
    "points",
    "points_high",
    "points_max",
    "answered",
    "relevant",
    "finding",
    "finding_high",
    "settled",
    "danger",
    "gate",
    "elements",
    "dimensions",
    "forms",
    "contributions",
    "open_questions",
    "red_flags",
    "needs",
    "next_steps",
    "statement",
    "warnings",
}


def test_a_result_as_plain_data_has_every_name_of_the_contract(tiny: List) -> None:
    result = scored(tiny, CHILD, "hurt quota", "brought")
    data = result.to_dict()
    assert set(data) == CONTRACT
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    parts = {
        "checklist": data["checklist"],
        "weights": data["weights"],
        "danger": data["danger"],
        "gate": data["gate"],
        "element": data["elements"]["act"],
        "dimension": data["dimensions"]["begging"],
        "form": data["forms"][0],
        "contribution": data["contributions"][0],
        "source": data["contributions"][0]["sources"][0],
        "open question": data["open_questions"][0],
        "next step": data["next_steps"][0],
    }
    assert {name: " ".join(sorted(part)) for name, part in parts.items()} == {
        "checklist": "id sha256 version",
        "weights": "id sha256 standing",
        "danger": "finding_high_without finding_without indicators state",
        "gate": "needs state",
        "element": "indicators state",
        "dimension": "medium points points_high state strong weak",
        "form": "form indicators points purpose_points",
        "contribution": (
            "basis dimension element indicator kind note points sources statement strength"
        ),
        "source": "at ref status title",
        "open question": "answer indicator mode points prompt raises_to why",
        "next step": "checked_on hours id role sources text who within",
    }


def test_a_second_opinion_is_left_out_unless_there_is_one(tiny: List) -> None:
    result = scored(tiny, CHILD)
    opinion = {"model": "m", "points": 3}
    assert result.second_opinion is None
    assert replace(result, second_opinion=opinion).to_dict()["second_opinion"] == opinion


def test_a_receipt_is_the_hash_of_what_the_result_follows_from(tiny: List) -> None:
    person = Case(
        "Ђ-1",
        age=17,
        age_certain=False,
        answers={"hurt": Response(YES), "quota": Response(NOT_ASKED), "brought": Response(UNKNOWN)},
    )
    content = {
        "case_id": "Ђ-1",
        "age": 17,
        "age_certain": False,
        "answers": {"hurt": "yes", "brought": "unknown"},
        "checklist": tiny[0].sha256,
        "weights": tiny[1].sha256,
        "engine": ENGINE,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    assert (
        receipt(person, *tiny)
        == hashlib.sha256(text.encode("ascii")).hexdigest()
        == score(person, *tiny).receipt
    )


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"setting": "street"}, True),
        ({"language": "sq"}, True),
        ({"met_on": date(2026, 1, 1)}, True),
        ({"statistics": {"sex": "f"}}, True),
        ({"answers": {"quota": Response(YES), "hurt": Response(NOT_ASKED)}}, True),
        ({"answers": {"quota": Response(YES, "said", "a note")}}, True),
        ({"case_id": "B"}, False),
        ({"age": 10}, False),
        ({"age": None}, False),
        ({"age_certain": False}, False),
        ({"answers": {}}, False),
        ({"answers": {"quota": Response(NO)}}, False),
        ({"answers": {"quota": Response(YES), "hurt": Response(REFUSED)}}, False),
    ],
)
def test_a_receipt_changes_with_what_is_scored_and_with_nothing_else(
    tiny: List, changed: dict[str, Any], same: bool
) -> None:
    person = Case("A", age=9, answers={"quota": Response(YES)})
    assert (receipt(replace(person, **changed), *tiny) == receipt(person, *tiny)) is same


@pytest.mark.parametrize(
    "statistics",
    [
        {"sex": "f"},
        {"sex": "m", "nationality": "x"},
        {"ethnicity": "y", "religion": "z", "community": "w"},
    ],
)
def test_s12_who_somebody_is_changes_nothing(tiny: List, statistics: dict[str, str]) -> None:
    person = case(CHILD, "brought", "hurt")
    assert score(replace(person, statistics=statistics), *tiny) == score(person, *tiny)


def test_s20_reweighting_makes_a_second_result_and_leaves_the_first(
    tiny: List, tmp_path: Path
) -> None:
    person = case(ADULT, "quota brought threatened", "", NO)
    first = score(person, *tiny)
    kept = json.dumps(first.to_dict())
    lower = WEIGHTS.replace("id: 2026-01-01-base", "id: 2027-01-01-lower").replace(
        "quota: {adult: 4", "quota: {adult: 3"
    )
    (tmp_path / "2027-01-01-lower.yaml").write_text(lower)
    second = score(person, tiny[0], load_weights(tiny[0], tmp_path / "2027-01-01-lower.yaml"))
    assert (first.finding, first.points, first.weights.id) == ("refer", 8, "2026-01-01-base")
    assert (second.finding, second.points, second.weights.id) == (
        "look_further",
        7,
        "2027-01-01-lower",
    )
    assert first.receipt != second.receipt
    assert first.checklist == second.checklist
    assert json.dumps(first.to_dict()) == kept == json.dumps(score(person, *tiny).to_dict())
    with pytest.raises(FrozenInstanceError):
        first.finding = "look_further"  # the write must fail


def test_scoring_twice_gives_the_same(tiny: List) -> None:
    assert scored(tiny, CHILD, "quota", "hurt") == scored(tiny, CHILD, "quota", "hurt")


@pytest.mark.parametrize(("name", "remedy"), [("hurts", "did you mean 'hurt'?"), ("zzz", "")])
def test_an_answer_to_what_the_list_does_not_have_is_refused(
    tiny: List, name: str, remedy: str
) -> None:
    with pytest.raises(CaseError) as caught:
        score(Case("A-7", age=9, answers={name: Response(YES)}), *tiny)
    assert caught.value.code == "C221"
    assert str(caught.value).startswith(f"case 'A-7': indicator '{name}' is not in list tiny")
    assert remedy in str(caught.value)


def test_a_finding_that_plausible_weights_would_change_says_so_and_one_that_they_would_not_says_nothing(
    tiny: List,
) -> None:
    checklist, weights = tiny
    sure = scored(tiny, CHILD, "quota")
    assert sure.contested is None and "contested" not in sure.to_dict()
    none = {p: dict.fromkeys(points, 0) for p, points in weights.points.items()}
    much = {p: {i: 9 * n for i, n in points.items()} for p, points in weights.points.items()}
    given = {
        f: scored((checklist, replace(weights, points=points)), CHILD, "quota").finding
        for f, points in (("none", none), ("much", much))
    }
    assert given["none"] != given["much"], "the tiny list has a rule that asks for points"
    found = scored(
        (checklist, replace(weights, points=none, alternatives=(none, much, much))), CHILD, "quota"
    )
    assert found.contested is not None
    assert (found.contested.draws, found.contested.findings) == (
        3,
        {given["none"]: 1, given["much"]: 2},
    )
    assert found.finding == given["none"], "it is shown, and changes nothing"
