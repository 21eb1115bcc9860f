"""A rule is told so that a trainer can say what it asks: every part of it is there, parts have
numbers and their parts letters, and nothing is left for brackets to sort out.
"""

from __future__ import annotations

import pytest

from screening.calibration.changes import rule_in_words
from screening.checklist import Checklist
from screening.checklist.rules import AllOf, AnyOf, AtLeast, Delphi, Line, PointsAtLeast, Resolved
from screening.i18n import LANGUAGES, words


def at_least(needed: int, *ids: str) -> AtLeast:
    return AtLeast(frozenset(ids), needed)


SENT, HURT, QUOTA = "sent_and_placed", "hurt", "daily_quota"
RULES: list[tuple[Resolved, str]] = [
    (Line(), "the line of the weight set"),
    (PointsAtLeast(15, None), "15 points or more"),
    (PointsAtLeast(4, "movement"), "4 points or more in “{movement}”"),
    (Delphi("movement", frozenset(), frozenset(), frozenset()), "“{movement}” by the Delphi rule"),
    (at_least(1, SENT), "“{sent_and_placed}”"),
    (at_least(1, SENT, QUOTA), "one or more of “{daily_quota}”, “{sent_and_placed}”"),
    (at_least(2, SENT, QUOTA), "all of: “{daily_quota}”, “{sent_and_placed}”"),
    (
        AllOf((at_least(1, SENT), AllOf((at_least(1, QUOTA), Line())))),
        "all of: (1) “{sent_and_placed}”; (2) “{daily_quota}”; (3) the line of the weight set",
    ),
    (
        AllOf(
            (
                Line(),
                AnyOf(
                    (at_least(1, SENT), Delphi("movement", frozenset(), frozenset(), frozenset()))
                ),
            )
        ),
        "all of: (1) the line of the weight set; (2) any of: (a) “{sent_and_placed}”; (b)"
        " “{movement}” by the Delphi rule",
    ),
]


@pytest.mark.parametrize(("rule", "wanted"), RULES, ids=[w for _, w in RULES])
def test_a_rule_is_told_whole(rule: Resolved, wanted: str, kosovo: Checklist) -> None:
    texts = kosovo.texts("en")
    names = {i: texts.statement(i) for i in (SENT, QUOTA)}
    names["movement"] = texts.get("dimensions", "movement", "name")
    told = rule_in_words(kosovo, "child", rule, words("en"), "en")
    assert told == wanted.format(**names)


def test_the_signs_of_an_element_are_called_by_its_name_in_every_language(
    kosovo: Checklist,
) -> None:
    act = frozenset(i.id for i in kosovo.by_profile["child"] if i.element == "act")
    for language in LANGUAGES:
        name = kosovo.texts(language).reason("element_act")
        rule = AtLeast(act, 1)
        assert name in rule_in_words(kosovo, "child", rule, words(language), language)


def test_no_part_is_lost_however_many_there_are(kosovo: Checklist) -> None:
    rule = AllOf(tuple(PointsAtLeast(n, None) for n in range(100, 130)))
    told = rule_in_words(kosovo, "child", rule, words("en"), "en")
    assert all(f"({n - 99}) {n} points" in told for n in range(100, 130))
