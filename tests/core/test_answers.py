"""Answers, ages and cases: what a cell may say, who is treated as a child, and that nothing in a
case can change.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from screening.answers import (
    ADULT_AGE,
    BASES,
    OLDEST,
    OPEN_ANSWERS,
    Answer,
    Case,
    Response,
    Truth,
    age_on,
    profile_of,
    reconcile_age,
)
from screening.errors import CaseError
from screening.values import CELL_WORDS, parse_age, parse_answer, parse_certain, parse_date

YES, NO, UNKNOWN, REFUSED, NOT_ASKED, NOT_APPLICABLE = Answer
NAN, INFINITY = float("nan"), float("inf")


def code_of(call: Any, *args: object) -> str:
    with pytest.raises(CaseError) as caught:
        call(*args)
    line = str(caught.value)
    assert "\n" not in line
    assert caught.value.remedy, line
    assert line.endswith(f"[{caught.value.code}]")
    return caught.value.code


# -- answers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        (
            [
                "yes",
                "YES",
                " Yes ",
                "1",
                "1.0",
                "1,00",
                "1\u200b",
                "true",
                "TRUE",
                "po",
                "Po",
                "da",
                "DA",
                "да",
                "ДА",
                1,
                1.0,
                True,
            ],
            YES,
        ),
        (["no", "No", "0", "0.0", "false", "jo", "JO", "ne", "не", "НЕ", 0, 0.0, False], NO),
        (
            [
                "unknown",
                "Unknown\n",
                "nuk e di",
                "Nuk dihet",
                "ne zna",
                "не зна",
                "don’t know",
                "dont know",
            ],
            UNKNOWN,
        ),
        (["refused", "refuzoi", "odbio", "odbila", "Ne zeli da odgovori", "одбио"], REFUSED),
        (
            ["not_asked", "not asked", "n/a", "nuk është pyetur", "nuk eshte pyetur", "", " "],
            NOT_ASKED,
        ),
        (["\t", "\u00a0", "\u200b", None], NOT_ASKED),
        (
            ["not_applicable", "NOT_APPLICABLE", "Not applicable", "nuk zbatohet", "не односи се"],
            NOT_APPLICABLE,
        ),
    ],
)
def test_what_a_cell_may_say(cells: list[object], answer: Answer) -> None:
    for cell in cells:
        assert parse_answer(cell) is answer, cell


@pytest.mark.parametrize(
    "cell",
    [
        "y",
        "n",
        "2",
        "-1",
        "maybe",
        "yes!",
        "=yes",
        "١",
        "１",
        "nan",
        "None",
        "null",
        "oui",
        "x" * 999,
        2,
        -1,
        0.5,
        NAN,
        INFINITY,
        [],
        ["yes"],
        {},
        b"yes",
        10**400,
        object(),
    ],
)
def test_a_cell_that_is_no_answer(cell: object) -> None:
    assert code_of(parse_answer, cell) == "C220"


def test_every_cell_word_leads_to_one_answer_in_lower_case() -> None:
    assert {a.value for a in Answer} <= set(CELL_WORDS)
    assert all(word == word.strip().lower() for word in CELL_WORDS)
    with pytest.raises(TypeError):
        CELL_WORDS["maybe"] = YES  # the write must fail


def test_open_answers_are_the_three_that_nobody_knows() -> None:
    assert frozenset({UNKNOWN, REFUSED, NOT_ASKED}) == OPEN_ANSWERS


@pytest.mark.parametrize(
    ("now", "at_most", "expected"),
    [
        (True, True, Truth.TRUE),
        (False, True, Truth.OPEN),
        (False, False, Truth.FALSE),
        (True, False, Truth.TRUE),
    ],
)
def test_truth_of_a_pair(now: bool, at_most: bool, expected: Truth) -> None:
    assert Truth.of(now, at_most) is expected


@pytest.mark.parametrize(
    ("basis", "stands"),
    [("", True), *((b, True) for b in BASES), ("Said", False), ("hearsay", False), (" ", False)],
)
def test_what_an_answer_may_rest_on(basis: str, stands: bool) -> None:
    if stands:
        assert Response(YES, basis).basis == basis
    else:
        assert code_of(Response, YES, basis) == "C223"


# -- ages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "age"),
    [
        ("17", 17),
        ("18", 18),
        (" 9 ", 9),
        ("017", 17),
        ("0", 0),
        ("120", 120),
        ("17.9", 17),
        ("17.999999", 17),
        ("17.99999999999999999999", 17),
        (Decimal("17.9"), 17),
        (Decimal(9), 9),
        ("nuk dihet", None),
        ("ne zna", None),
        (17, 17),
        (17.9, 17),
        (0, 0),
        (120, 120),
        ("", None),
        (" ", None),
        (None, None),
        ("unknown", None),
        ("Unknown ", None),
        ("refused", None),
        ("not_asked", None),
        ("?", None),
    ],
)
def test_ages(value: object, age: int | None) -> None:
    assert parse_age(value) == age


@pytest.mark.parametrize(
    "value",
    [
        "-1",
        "121",
        "120.5",
        "150",
        "1e1",
        "1,5",
        "17,5",
        "١٧",
        "１７",
        "²",
        "0x11",
        "1_7",
        "seventeen",
        "17 years",
        "17-18",
        "nan",
        "inf",
        "True",
        ".5",
        "5.",
        "+5",
        -1,
        121,
        120.5,
        -0.1,
        NAN,
        INFINITY,
        -INFINITY,
        10**400,
        True,
        False,
        [],
        {},
        b"17",
        date(2008, 1, 1),
    ],
)
def test_what_is_no_age(value: object) -> None:
    assert code_of(parse_age, value) == "C212"


@pytest.mark.parametrize(
    ("value", "certain"),
    [
        (None, True),
        ("", True),
        ("  ", True),
        ("yes", True),
        ("1", True),
        (True, True),
        (1, True),
        ("po", True),
        ("no", False),
        ("0", False),
        (False, False),
        ("jo", False),
        ("unknown", False),
        ("refused", False),
        ("not_asked", False),
        ("not_applicable", False),
    ],
)
def test_anything_but_yes_is_doubt_about_the_age(value: object, certain: bool) -> None:
    assert parse_certain(value) is certain


@pytest.mark.parametrize("value", ["perhaps", 2, "17", [], NAN])
def test_what_says_nothing_about_certainty(value: object) -> None:
    assert code_of(parse_certain, value) == "C213"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        (" 2026-11-23 ", date(2026, 11, 23)),
        ("2024-02-29", date(2024, 2, 29)),
        ("", None),
        (" ", None),
        (None, None),
        ("23.11.2026", date(2026, 11, 23)),
        ("3.1.2026.", date(2026, 1, 3)),
        ("23. 11. 2026.", date(2026, 11, 23)),
        ("2026-01-02T00:00", date(2026, 1, 2)),
        ("2026-11-16T23:30:00.000+02:00", date(2026, 11, 16)),
        ("2026-11-16 00:30:00Z", date(2026, 11, 16)),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (datetime(2026, 1, 2, 23, 59), date(2026, 1, 2)),
    ],
)
def test_dates(value: object, day: date | None) -> None:
    found = parse_date(value)
    assert found == day
    assert type(found) is type(day)  # a moment becomes its day


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "2025-02-29",
        "2026-13-01",
        "23.11.26",
        "11/23/2026",
        "31.11.2026",
        "46342",
        "2026-1-2",
        "20260102",
        "2026-W01-1",
        "2026-01-02T25",
        "0000-01-01",
        "٢٠٢٦-٠١-٠٢",
        "today",
        20260102,
        1.5,
        True,
        [],
    ],
)
def test_what_is_no_date(value: object) -> None:
    assert code_of(parse_date, value) == "C214"


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2008-11-23", "2026-11-22", 17),
        ("2008-11-23", "2026-11-23", 18),
        ("2008-11-23", "2026-11-24", 18),
        ("2008-12-01", "2026-11-30", 17),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20),
        ("2026-11-23", "2026-11-23", 0),
        ("2025-12-31", "2026-01-01", 0),
        ("1926-01-01", "2026-01-01", 100),
    ],
)
def test_years_lived(born: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


def test_the_law_s_age_and_the_oldest_age() -> None:
    assert (ADULT_AGE, OLDEST) == (18, 120)


def test_nobody_is_born_tomorrow() -> None:
    assert code_of(age_on, date(2026, 11, 24), date(2026, 11, 23)) == "C214"


@pytest.mark.parametrize(
    ("age", "certain", "born", "expected"),
    [
        (19, True, None, (19, True)),
        (None, True, None, (None, True)),
        (19, False, None, (19, False)),
        (18, True, "2008-11-23", (18, True)),  # the birthday itself
        (18, True, "2008-11-24", (17, False)),  # a day too early: they contradict
        (17, True, "2000-01-01", (17, False)),
        (30, True, "2010-01-01", (16, False)),
        (20, True, "2005-01-01", (20, False)),
        (18, False, "2008-11-23", (18, False)),
        (None, True, "2008-11-23", (18, True)),
        (None, True, "2008-11-24", (17, True)),
        (None, False, "2000-01-01", (26, False)),
        (30, True, "2026-11-24", (30, False)),
        (None, True, "2026-11-24", (None, False)),  # born in the future
        (30, True, "1799-01-01", (30, False)),
    ],
)
def test_one_age_from_what_was_stated_and_a_birth_date(
    age: int | None, certain: bool, born: str | None, expected: tuple[int | None, bool]
) -> None:
    day = date(2026, 11, 23)
    assert reconcile_age(age, certain, date.fromisoformat(born) if born else None, day) == expected


@pytest.mark.parametrize(
    ("age", "certain", "profile", "reason"),
    [
        (18, True, "adult", "profile_adult_age"),
        (120, True, "adult", "profile_adult_age"),
        (17, True, "child", "profile_child_age"),
        (0, True, "child", "profile_child_age"),
        (17, False, "child", "profile_child_age"),
        (18, False, "child", "profile_age_uncertain"),
        (60, False, "child", "profile_age_uncertain"),
        (None, True, "child", "profile_age_missing"),
        (None, False, "child", "profile_age_missing"),
    ],
)
def test_s4_any_doubt_about_the_age_means_child(
    age: int | None, certain: bool, profile: str, reason: str
) -> None:
    assert profile_of(Case("A", age=age, age_certain=certain)) == (profile, reason)


# -- cases -----------------------------------------------------------------------------------------


def test_what_is_not_recorded_was_not_asked() -> None:
    case = Case("A", answers={"hurt": Response(NO), "quota": Response(UNKNOWN)})
    assert [case.answer(i) for i in ("hurt", "quota", "other")] == [NO, UNKNOWN, NOT_ASKED]


def test_a_case_does_not_change() -> None:
    answers, statistics = {"hurt": Response(YES)}, {"sex": "f"}
    case = Case("A", age=9, answers=answers, statistics=statistics)
    answers["hurt"] = Response(NO)
    answers["quota"] = Response(YES)
    statistics["sex"] = "m"
    assert dict(case.answers) == {"hurt": Response(YES)}
    assert dict(case.statistics) == {"sex": "f"}
    with pytest.raises(FrozenInstanceError):
        case.age = 20  # the write must fail
    with pytest.raises(TypeError):
        case.answers["hurt"] = Response(NO)  # the write must fail
    with pytest.raises(TypeError):
        case.statistics["sex"] = "m"  # the write must fail
    with pytest.raises(FrozenInstanceError):
        case.answers["hurt"].answer = NO  # the write must fail


def test_a_case_with_only_another_lists_answers_keeps_the_rest() -> None:
    case = Case(
        "A",
        age=20,
        age_certain=False,
        answers={"hurt": Response(YES), "quota": Response(NO)},
        setting="street",
        met_on=date(2026, 1, 1),
    )
    narrowed = case.only({"quota", "other"})
    assert dict(narrowed.answers) == {"quota": Response(NO)}
    assert (
        narrowed.case_id,
        narrowed.age,
        narrowed.age_certain,
        narrowed.setting,
        narrowed.met_on,
    ) == ("A", 20, False, "street", date(2026, 1, 1))
    assert set(case.answers) == {"hurt", "quota"}


@pytest.mark.parametrize(
    ("case_id", "age", "code"),
    [
        ("", 9, "C210"),
        (" ", 9, "C210"),
        ("\t", 9, "C210"),
        ("A", -1, "C212"),
        ("A", 121, "C212"),
        ("A", NAN, "C212"),
    ],
)
def test_a_case_that_cannot_be(case_id: str, age: Any, code: str) -> None:
    assert code_of(lambda: Case(case_id, age=age)) == code
