"""Decision rules: the Delphi rule, the Palermo gate, filters and rounding; and that open means "it
could still be".
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Answer, Profile, Truth, truth
from screening.checklist import Checklist, load_checklist
from screening.checklist.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Delphi,
    Fault,
    PointsAtLeast,
    Resolved,
    delphi_positive,
    holds,
    resolve,
    walk,
)
from support.properties import examples
from support.tiny import write_list


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return load_checklist(write_list(tmp_path_factory.mktemp("rules")))


def resolved(tiny: Checklist, raw: object, profile: Profile = "child", **options: bool) -> Resolved:
    return resolve(
        raw,
        profile,
        tiny.indicators.values(),
        {d.id: d.kind for d in tiny.dimensions.values()},
        **options,
    )


def none(_: str | None) -> int:
    return 0


def ids(words: str) -> frozenset[str]:
    return frozenset(words.split())


# -- the Delphi rule -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strong", "medium", "weak", "positive"),
    [
        (2, 0, 0, True),  # two strong
        (1, 1, 0, True),
        (1, 0, 1, True),  # one strong and one other
        (0, 3, 0, True),  # three medium
        (0, 2, 1, True),  # two medium and one weak
        (0, 0, 0, False),
        (1, 0, 0, False),
        (0, 1, 0, False),
        (0, 2, 0, False),
        (0, 0, 1, False),
        (0, 1, 6, False),
        (0, 0, 6, False),
    ],
)
def test_delphi_as_published(strong: int, medium: int, weak: int, positive: bool) -> None:
    assert delphi_positive(strong, medium, weak) is positive


PUBLISHED = [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 3, 0), (0, 2, 1)]


def test_delphi_is_positive_exactly_where_a_published_combination_is_reached() -> None:
    for counts in product(range(7), repeat=3):
        reached = any(
            all(have >= need for have, need in zip(counts, combination, strict=True))
            for combination in PUBLISHED
        )
        assert delphi_positive(*counts) is reached, counts


def test_one_more_sign_never_undoes_delphi() -> None:
    for s, m, w in product(range(7), repeat=3):
        if delphi_positive(s, m, w):
            assert delphi_positive(s + 1, m, w), (s, m, w)
            assert delphi_positive(s, m + 1, w), (s, m, w)
            assert delphi_positive(s, m, w + 1), (s, m, w)


# -- from what a list writes to plain sets ---------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("adult", [ids("brought"), ids("hurt threatened"), ids("quota long_hours")]),
        ("child", [ids("brought"), ids("sent_to_beg quota long_hours")]),
    ],
)
def test_the_gate_of_a_child_has_no_means(
    tiny: Checklist, profile: Profile, expected: list[frozenset[str]]
) -> None:
    assert resolved(tiny, {"gate": "palermo"}, profile) == AllOf(
        tuple(AtLeast(of, 1) for of in expected)
    )


@pytest.mark.parametrize(
    ("raw", "profile", "expected"),
    [
        ({"element": "act"}, "adult", AtLeast(ids("brought"), 1)),
        ({"element": "purpose"}, "adult", AtLeast(ids("quota long_hours"), 1)),
        ({"indicator": "danger_now"}, "adult", AtLeast(ids("danger_now"), 1)),
        ({"indicator": "sent_to_beg"}, "child", AtLeast(ids("sent_to_beg"), 1)),
        (
            {"dimension": "begging"},
            "child",
            Delphi("begging", ids("sent_to_beg quota"), ids("long_hours"), ids("")),
        ),
        (
            {"dimension": "begging"},
            "adult",
            Delphi("begging", ids("quota"), ids("long_hours"), ids("")),
        ),
        (
            {"dimension": "control"},
            "child",
            Delphi("control", ids("hurt brought"), ids("threatened"), ids("doubt")),
        ),
        (
            {"dimension": "control"},
            "adult",
            Delphi("control", ids("hurt"), ids("threatened brought"), ids("doubt")),
        ),
        (
            {"signs": {}},
            "adult",
            AtLeast(ids("hurt threatened brought quota long_hours doubt"), 1),
        ),  # signs only: no danger, nothing protective
        (
            {"signs": {}},
            "child",
            AtLeast(ids("hurt threatened brought sent_to_beg quota long_hours doubt"), 1),
        ),
        (
            {"signs": {"at_least": "3"}},
            "adult",
            AtLeast(ids("hurt threatened brought quota long_hours doubt"), 3),
        ),
        ({"signs": {"strength": "strong"}}, "adult", AtLeast(ids("hurt quota"), 1)),
        (
            {"signs": {"strength": "strong"}},
            "child",
            AtLeast(ids("hurt brought sent_to_beg quota"), 1),
        ),
        (
            {"signs": {"element": "means", "strength": "medium"}},
            "child",
            AtLeast(ids("threatened"), 1),
        ),
        ({"signs": {"element": "context"}}, "child", AtLeast(ids("doubt"), 1)),
        (
            {"signs": {"dimension": "begging", "at_least": "2"}},
            "child",
            AtLeast(ids("sent_to_beg quota long_hours"), 2),
        ),
        (
            {"signs": {"dimension": ["danger", "protective"]}},
            "child",
            AtLeast(ids("danger_now safe_adult"), 1),
        ),
        (
            {"signs": {"dimension": ["control"], "element": "act"}},
            "child",
            AtLeast(ids("brought"), 1),
        ),
        ({"signs": {"dimension": "danger", "strength": "weak"}}, "child", AtLeast(ids(""), 1)),
        ({"points": {"at_least": "8"}}, "adult", PointsAtLeast(8, None)),
        (
            {"points": {"at_least": "999999", "dimension": "control"}},
            "adult",
            PointsAtLeast(999999, "control"),
        ),
        (
            {"any": [{"element": "act"}, {"all": [{"points": {"at_least": "1"}}]}]},
            "adult",
            AnyOf((AtLeast(ids("brought"), 1), AllOf((PointsAtLeast(1),)))),
        ),
    ],
)
def test_a_rule_becomes_sets_of_indicators_of_its_profile(
    tiny: Checklist, raw: object, profile: Profile, expected: Resolved
) -> None:
    assert resolved(tiny, raw, profile) == expected


@pytest.mark.parametrize(
    ("filters", "percent", "of", "needed"),
    [
        ({}, 100, 7, 7),
        ({}, 50, 7, 4),
        ({}, 1, 7, 1),
        ({}, 14, 7, 1),
        ({}, 15, 7, 2),
        ({}, 99, 7, 7),
        ({}, 57, 7, 4),
        ({}, 58, 7, 5),
        ({"dimension": "begging"}, 50, 3, 2),
        ({"dimension": "begging"}, 33, 3, 1),
        ({"dimension": "begging"}, 34, 3, 2),
        ({"dimension": "begging"}, 67, 3, 3),
        ({"dimension": ["begging", "danger"]}, 50, 4, 2),
        ({"element": "act"}, 1, 1, 1),
        ({"strength": "strong"}, 75, 4, 3),
        ({"dimension": "danger", "strength": "strong"}, 50, 0, 1),  # half of nothing is not enough
    ],
)
def test_so_much_known_is_rounded_up(
    tiny: Checklist, filters: dict[str, object], percent: int, of: int, needed: int
) -> None:
    rule = resolved(tiny, {"known": {**filters, "percent": str(percent)}}, answered=True)
    assert isinstance(rule, AtLeast)
    assert (len(rule.ids), rule.needed) == (of, needed)


@pytest.mark.parametrize(
    ("raw", "code", "route", "remedy"),
    [
        ("gate", "K126", (), "write any, all"),
        ({}, "K126", (), "write any"),
        ({"gate": "palermo", "element": "act"}, "K126", (), "write any"),
        ({"xor": []}, "K126", ("xor",), "write any"),
        ({"pionts": {}}, "K126", ("pionts",), "did you mean 'points'?"),
        ({"any": []}, "K126", ("any",), "after a dash"),
        ({"all": "x"}, "K126", ("all",), "after a dash"),
        (
            {"any": [{"element": "act"}, {"all": [{"gate": "x"}]}]},
            "K107",
            ("any", 1, "all", 0, "gate"),
            "palermo",
        ),
        ({"element": "context"}, "K107", ("element",), "act, means or purpose"),
        ({"element": {"a": "b"}}, "K107", ("element",), "act, means or purpose"),
        ({"signs": ["a"]}, "K107", ("signs",), "allowed keys"),
        ({"signs": {"percent": "5"}}, "K105", ("signs", "percent"), "allowed keys"),
        ({"signs": {"at_leest": "5"}}, "K105", ("signs", "at_leest"), "did you mean 'at_least'?"),
        ({"signs": {"at_least": "0"}}, "K107", ("signs", "at_least"), "digits 0-9"),
        ({"signs": {"element": "force"}}, "K107", ("signs", "element"), "context"),
        (
            {"signs": {"strength": ["weak"]}},
            "K107",
            ("signs", "strength"),
            "strong, medium or weak",
        ),
        ({"signs": {"dimension": []}}, "K107", ("signs", "dimension"), "give one"),
        (
            {"signs": {"dimension": ["begging", "bgging"]}},
            "K120",
            ("signs", "dimension"),
            "did you mean 'begging'?",
        ),
        ({"dimension": ["begging"]}, "K120", ("dimension",), "did you mean 'begging'?"),
        (
            {"dimension": {"x": "y"}},
            "K120",
            ("dimension",),
            "choose one of danger, control, begging, protective",
        ),
        ({"indicator": "hrut"}, "K120", ("indicator",), "did you mean 'hurt'?"),
        ({"indicator": "zzzz"}, "K120", ("indicator",), "use one that it has"),
        ({"points": "8"}, "K105", ("points",), "at_least: 8"),
        ({"points": {"at_least": "8", "elements": "act"}}, "K105", ("points",), "at_least: 8"),
        ({"points": {}}, "K106", ("points",), "add 'at_least:'"),
        ({"points": {"at_least": "08"}}, "K107", ("points", "at_least"), "digits 0-9"),
        ({"points": {"at_least": "1000000"}}, "K107", ("points", "at_least"), "digits 0-9"),
        (
            {"points": {"at_least": "8", "dimension": "x"}},
            "K120",
            ("points", "dimension"),
            "choose one of",
        ),
        ({"known": {"percent": "50"}}, "K126", ("known",), "write signs or points"),
    ],
)
def test_a_faulty_rule_says_where_it_is_wrong(
    tiny: Checklist, raw: object, code: str, route: tuple[str | int, ...], remedy: str
) -> None:
    with pytest.raises(Fault) as caught:
        resolved(tiny, raw)
    assert (caught.value.code, caught.value.route) == (code, route)
    assert remedy in caught.value.remedy
    assert str(caught.value).startswith(caught.value.problem) and caught.value.problem


@pytest.mark.parametrize(
    ("raw", "code", "route"),
    [
        ({"known": {}}, "K106", ("known",)),
        ({"known": {"percent": "0"}}, "K107", ("known", "percent")),
        ({"known": {"percent": "101"}}, "K107", ("known", "percent")),
        ({"known": {"percent": "50", "at_least": "2"}}, "K105", ("known", "at_least")),
        ({"known": "50"}, "K107", ("known",)),
    ],
)
def test_so_much_known_of_the_wrong_kind(
    tiny: Checklist, raw: object, code: str, route: tuple[str, ...]
) -> None:
    with pytest.raises(Fault) as caught:
        resolved(tiny, raw, answered=True)
    assert (caught.value.code, caught.value.route) == (code, route)


def test_an_indicator_of_another_profile_is_not_in_the_rule(tiny: Checklist) -> None:
    with pytest.raises(Fault) as caught:
        resolved(tiny, {"indicator": "sent_to_beg"}, "adult")
    assert caught.value.code == "K120"
    assert "for the profile adult" in caught.value.problem


# -- what holds ------------------------------------------------------------------------------------

A, B = AtLeast(ids("a"), 1), AtLeast(ids("b"), 1)


@pytest.mark.parametrize(
    ("rule", "yes", "true"),
    [
        (AtLeast(ids("a b c"), 2), "a", False),
        (AtLeast(ids("a b c"), 2), "a c", True),
        (AtLeast(ids("a b c"), 2), "a b c", True),
        (AtLeast(ids("a b c"), 2), "a x y", False),
        (Delphi("d", ids("s t"), ids("m"), ids("w")), "s t", True),
        (Delphi("d", ids("s t"), ids("m"), ids("w")), "s w", True),
        (Delphi("d", ids("s t"), ids("m"), ids("w")), "m w", False),
        (Delphi("d", ids("s t"), ids("m"), ids("w")), "s x", False),
        (AllOf((A, B)), "a", False),
        (AllOf((A, B)), "a b", True),
        (AnyOf((A, B)), "", False),
        (AnyOf((A, B)), "b", True),
        (AnyOf((AllOf((A, B)), AtLeast(ids("c"), 1))), "a c", True),
        (AnyOf((AllOf((A, B)), AtLeast(ids("c"), 1))), "a", False),
    ],
)
def test_when_a_rule_holds(rule: Resolved, yes: str, true: bool) -> None:
    assert holds(rule, ids(yes), none) is true


@pytest.mark.parametrize(
    ("needed", "dimension", "true"),
    [(5, None, True), (6, None, False), (3, "d", True), (4, "d", False)],
)
def test_points_in_all_or_in_one_dimension(needed: int, dimension: str | None, true: bool) -> None:
    assert holds(PointsAtLeast(needed, dimension), ids(""), lambda d: 5 if d is None else 3) is true


def test_walk_visits_a_rule_and_everything_in_it() -> None:
    inner = AllOf((B, PointsAtLeast(1)))
    rule = AnyOf((A, inner))
    assert list(walk(rule)) == [rule, A, inner, B, PointsAtLeast(1)]
    assert list(walk(A)) == [A]


# -- open means "some way of answering the open questions would make it true" ----------------------

NAMES = "abcdef"
WEIGHTS = dict(zip(NAMES, (1, 1, 2, 2, 3, 4), strict=True))
DIMENSIONS = {"first": ids("a b c"), "second": ids("d e f")}
CAP = 4


def points_of(yes: frozenset[str]) -> Callable[[str | None], int]:
    def points(dimension: str | None) -> int:
        if dimension is None:
            return sum(points(d) for d in DIMENSIONS)
        return min(CAP, sum(WEIGHTS[i] for i in DIMENSIONS[dimension] & yes))

    return points


some = st.frozensets(st.sampled_from(NAMES))
leaf = st.one_of(
    st.builds(lambda i: AtLeast(frozenset(i), 1), st.sampled_from(NAMES)),
    st.builds(AtLeast, some, st.integers(1, 4)),
    st.builds(Delphi, st.just("d"), some, some, some),
    st.builds(PointsAtLeast, st.integers(1, 9), st.sampled_from([None, *DIMENSIONS])),
)
tree = st.recursive(
    leaf,
    lambda inner: st.builds(
        lambda kind, of: kind(tuple(of)),
        st.sampled_from([AllOf, AnyOf]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
states = st.fixed_dictionaries(
    {i: st.sampled_from([Truth.FALSE, Truth.OPEN, Truth.TRUE]) for i in NAMES}
)


def pair(rule: Resolved, state: dict[str, Truth]) -> Truth:
    """As the engine does it: once with what is yes, once with what could be."""
    yes = frozenset(i for i in NAMES if state[i] is Truth.TRUE)
    possible = frozenset(i for i in NAMES if state[i] is not Truth.FALSE)
    return Truth.of(holds(rule, yes, points_of(yes)), holds(rule, possible, points_of(possible)))


def kleene(rule: Resolved, state: dict[str, Truth]) -> Truth:
    match rule:
        case AllOf(of):
            return min(kleene(part, state) for part in of)
        case AnyOf(of):
            return max(kleene(part, state) for part in of)
        case AtLeast(of, 1) if len(of) == 1:
            return state[min(of)]
    return pair(rule, state)


@examples(50)
@given(tree, states)
def test_the_pair_of_evaluations_is_kleenes_logic(rule: Resolved, state: dict[str, Truth]) -> None:
    assert pair(rule, state) is kleene(rule, state)


@examples(50)
@given(tree, states)
def test_open_is_exactly_that_answers_could_decide_it_either_way(
    rule: Resolved, state: dict[str, Truth]
) -> None:
    still_open = [i for i in NAMES if state[i] is Truth.OPEN]
    sure = frozenset(i for i in NAMES if state[i] is Truth.TRUE)
    outcomes = set()
    for answers in product([False, True], repeat=len(still_open)):
        yes = sure | {i for i, answer in zip(still_open, answers, strict=True) if answer}
        outcomes.add(holds(rule, yes, points_of(yes)))
    assert pair(rule, state) is {(True,): Truth.TRUE, (False,): Truth.FALSE}.get(
        tuple(outcomes), Truth.OPEN
    )


@examples(50)
@given(tree, states, st.sampled_from(NAMES))
def test_s6_one_more_yes_never_makes_a_rule_less_true(
    rule: Resolved, state: dict[str, Truth], name: str
) -> None:
    assert pair(rule, {**state, name: Truth.TRUE}) >= pair(rule, state)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.YES, Truth.TRUE),
        (Answer.NO, Truth.FALSE),
        (Answer.NOT_APPLICABLE, Truth.FALSE),
        (Answer.UNKNOWN, Truth.OPEN),
        (Answer.REFUSED, Truth.OPEN),
        (Answer.NOT_ASKED, Truth.OPEN),
    ],
)
def test_truth_of_the_six_answers(answer: Answer, expected: Truth) -> None:
    assert truth(answer) is expected
