"""The explanation of an assessment: every line of every section, from what was recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from screening.answers import Answer, Case, Response
from screening.checklist import load_checklist, load_weights
from screening.checklist.schema import FINDINGS
from screening.i18n import words
from screening.scoring import score
from screening.scoring.assessment import Contested, SourceCited
from screening.scoring.explain import (
    Citations,
    Row,
    Section,
    explain,
    source_status,
    step_deadline,
    within_words,
)

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
TEXTS = KOSOVO.texts("en")
SAY = words("en")
SIGNS = [i.id for i in KOSOVO.by_profile["child"] if KOSOVO.dimensions[i.dimension].kind == "sign"]
LABELS = {f: TEXTS.get("findings", f, "label") for f in FINDINGS}
NO_DECISION = Row("This is not a decision. A person decides, and may decide otherwise.")


def assessed(age: int = 9, *yes: str, **changed: Any) -> Any:
    """Without needs and a line unless told: `test_two_axes` looks at these."""
    changed = {"needs": [], "line": None, **changed}
    answers = {i: Response(Answer.YES, "said", "a note") for i in yes or SIGNS[:4]}
    return replace(score(Case("A", age=age, answers=answers), KOSOVO, WEIGHTS), **changed)


def sections(a: Any, limit: int | None = 8) -> dict[str, Section]:
    return {s.key: s for s in explain(a, TEXTS, limit)}


def rows(a: Any, key: str, limit: int | None = 8) -> list[Row]:
    return list(sections(a, limit)[key].rows)


# -- the order of things ---------------------------------------------------------------------------


def test_reasons_and_questions_come_before_the_steps_and_in_danger_after_them():
    needs = score(Case("A", age=9), KOSOVO, WEIGHTS).needs
    usual = [s.key for s in explain(assessed(finding="refer", needs=needs), TEXTS)]
    danger = [s.key for s in explain(assessed(finding="act_now", needs=needs), TEXTS)]
    assert usual[:3] == ["finding", "needs", "signs"]
    assert danger[:4] == ["finding", "steps", "needs", "signs"]
    assert usual[-3:] == ["steps", "sources", "provenance"]
    assert [k for k in usual if k != "steps"] == [k for k in danger if k != "steps"]
    assert usual.index("open") < usual.index("steps")
    assert all(s.title and s.rows for s in explain(assessed(), TEXTS))


# -- the finding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("finding", FINDINGS)
def test_the_finding_is_told_with_its_statement_and_how_far_it_could_move(finding):
    a = assessed(finding=finding, settled=False, finding_high="act_now", answered=4, relevant=70)
    a = replace(a, danger=replace(a.danger, finding_high_without="look_further"))
    first, second = rows(a, "finding")[:2]
    assert first == Row(TEXTS.get("findings", finding, "statement"), LABELS[finding])
    assert second.text == (
        f"Could still become: {LABELS['act_now']}; without danger: {LABELS['look_further']}."
        " Answered so far: 4 of 70."
    )
    settled = rows(replace(a, settled=True), "finding")[1]
    assert settled.text == "No open question can change this finding."


@pytest.mark.parametrize(("profile", "word"), [("child", "a child"), ("adult", "an adult")])
def test_the_profile_is_told_with_its_reason_then_what_to_check_and_who_decides(profile, word):
    a = assessed(profile=profile, profile_reason="because", warnings=["one", "two"])
    assert rows(a, "finding")[2:] == [
        Row(f"Screened as {word}: because."),
        Row("one", "Check"),
        Row("two", "Check"),
        NO_DECISION,
    ]


def test_a_contested_finding_names_the_others_and_of_how_many_sets_of_weights():
    findings = {"look_further": 3, "refer": 90, "act_now": 7}
    a = assessed(finding="refer", contested=Contested(100, findings))
    row = next(r for r in rows(a, "finding") if r.lead == "Contested")
    assert "Of 100 sets" in row.text
    assert f"another finding: {LABELS['look_further']} (3), {LABELS['act_now']} (7)." in row.text
    assert not any(r.lead == "Contested" for r in rows(assessed(), "finding"))


@pytest.mark.parametrize("state", ["present", "open", "absent"])
def test_danger_is_told_apart_only_where_it_is_present(state):
    a = assessed()
    danger = replace(a.danger, state=state, indicators=SIGNS[:2], finding_without="look_further")
    a = replace(a, danger=danger)
    if state != "present":
        assert "danger" not in sections(a)
    else:
        *signs, last = rows(a, "danger")
        assert [r.text for r in signs] == [TEXTS.statement(i) for i in SIGNS[:2]]
        assert f"the finding would be: {LABELS['look_further']}." in last.text


# -- what it rests on ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "strength",
    [("strong", "strong sign"), ("medium", "medium sign"), ("weak", "weak sign"), (None, "")],
)
@pytest.mark.parametrize(
    "basis", [("said", "said"), ("observed", "observed"), ("document", "from a document"), ("", "")]
)
def test_a_sign_is_told_with_its_points_strength_basis_note_and_sources(strength, basis):
    a = assessed()
    sign = replace(a.contributions[0], points=3, strength=strength[0], basis=basis[0], note="seen")
    a = replace(a, contributions=[sign], points=3, points_high=20, points_max=90)
    row, total = rows(a, "signs")
    cited = Citations(SAY)(sign.sources)
    behind = "; ".join(p for p in (strength[1], basis[1], "seen", cited) if p)
    assert row == Row(TEXTS.statement(sign.indicator), "+3", behind)
    assert total == Row(
        "recorded points, of at most 20 if every open answer were yes and 90 on this list", "= 3"
    )


def test_a_cap_is_a_row_of_the_sum_and_what_adds_nothing_is_told_apart():
    a = assessed()
    sign = a.contributions[0]
    listed = [
        sign,
        replace(sign, indicator=None, statement="Deceived", kind="cap", points=-2),
        replace(sign, indicator=SIGNS[5], kind="protective", points=0),
        replace(sign, indicator=SIGNS[6], kind="danger", points=0),
        replace(sign, indicator=SIGNS[7], kind="danger", points=0),
    ]
    a = replace(a, contributions=listed, red_flags=[SIGNS[7]])
    shown = rows(a, "signs")
    assert len(shown) == 3 and shown[1] == Row("limit of the group: Deceived", "-2")
    recorded = rows(a, "recorded")
    assert [r.text for r in recorded] == [TEXTS.statement(i) for i in (SIGNS[5], SIGNS[6])]
    assert {r.note for r in recorded} == {Citations(SAY)(sign.sources)}


def test_where_no_sign_is_recorded_it_is_said_and_no_sum_is_shown():
    assert rows(assessed(contributions=[]), "signs") == [Row("No sign has been answered yes.")]


def test_each_element_is_told_with_its_state_and_means_are_not_needed_for_a_child():
    for age, needless in ((9, {"means"}), (30, set())):
        a = assessed(age)
        states = dict(zip(a.elements, ("present", "open", "absent"), strict=False))
        elements = {n: replace(e, state=states.get(n, "open")) for n, e in a.elements.items()}
        shown = rows(replace(a, elements=elements), "law")
        assert [r.text for r in shown] == [TEXTS.reason(f"element_{n}") for n in elements]
        assert [r.lead for r in shown] == [e.state for e in elements.values()]
        assert [r.note for r in shown] == [
            "not needed for a child" if n in needless else "" for n in elements
        ]


def test_only_groups_that_are_positive_are_told_with_what_they_hold():
    a = assessed()
    names = list(a.dimensions)[:3]
    states = ("open", "positive", "not_reached")
    made = {
        n: replace(a.dimensions[n], state=s, points=7, strong=1, medium=2, weak=3)
        for n, s in zip(names, states, strict=True)
    }
    assert rows(replace(a, dimensions=made), "dimensions") == [
        Row(TEXTS.get("dimensions", names[1], "name"), "+7", "1 strong, 2 medium, 3 weak")
    ]


def test_forms_of_exploitation_are_told_with_the_points_that_speak_for_them():
    a = assessed()
    forms = [replace(a.forms[0], points=9, purpose_points=4)]
    name = TEXTS.get("forms", forms[0].form, "name")
    note = "4 of them from signs of that exploitation itself"
    assert rows(replace(a, forms=forms), "forms") == [Row(name, "+9", note)]


# -- what is open ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "more"),
    [(2, "and 1 more open question"), (1, "and 2 more open questions"), (3, ""), (None, "")],
)
def test_open_questions_beyond_the_limit_are_counted(limit, more):
    a = assessed()
    a = replace(a, open_questions=a.open_questions[:3])
    texts = [r.text for r in rows(a, "open", limit)]
    asked = [TEXTS.prompt(q.indicator, q.mode, "child") for q in a.open_questions[:limit]]
    assert texts == [*asked, *([more] if more else [])]


@pytest.mark.parametrize(
    "mode", [("ask", "Ask"), ("observe", "Observe"), ("document", "Check records")]
)
@pytest.mark.parametrize(
    "answer",
    [
        ("unknown", "asked before, nobody knows"),
        ("refused", "not answered when asked; do not press"),
        ("not_asked", ""),
    ],
)
def test_a_question_says_how_to_find_out_why_and_what_came_of_it_before(mode, answer):
    a = assessed()
    question = next(q for q in a.open_questions if q.mode == "ask")
    question = replace(question, mode=mode[0], answer=answer[0], why="it decides")
    (row,) = rows(replace(a, open_questions=[question]), "open")
    assert row.text == TEXTS.prompt(question.indicator, mode[0], "child")
    assert row.lead == mode[1]
    assert row.note == "; ".join(p for p in ("it decides", answer[1]) if p)


# -- steps, sources, provenance --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "At once"),
        (1, "Within 1 hour"),
        (23, "Within 23 hours"),
        (24, "Within 24 hours"),
        (25, "Within 25 hours"),
        (48, "Within 2 days"),
        (72, "Within 3 days"),
        (168, "Within 7 days"),
    ],
)
def test_a_deadline_of_more_than_a_day_is_told_in_days_where_it_is_whole_days(hours, said):
    assert within_words(hours, SAY) == said
    assert step_deadline(replace(assessed().next_steps[0], hours=hours), SAY) == said


def test_a_step_is_told_with_its_deadline_who_takes_it_and_on_which_authority():
    a = assessed(contributions=[])
    cite = Citations(SAY)
    for step, row in zip(a.next_steps, rows(a, "steps"), strict=True):
        who = TEXTS.get("roles", step.who, "name")
        assert row == Row(
            TEXTS.get("steps", step.id, "text"),
            within_words(step.hours, SAY),
            f"{who} {cite(step.sources)}",
        )
    assert rows(a, "sources") == cite.rows()


def test_a_source_has_one_number_and_is_listed_with_its_place_and_whether_it_was_read():
    one = SourceCited("a", "art. 5", "Law A", "read")
    two = SourceCited("b", "", "Book B", "memory")
    cite = Citations(SAY)
    assert [cite([one]), cite([two, one]), cite([]), cite([two])] == ["[1]", "[2, 1]", "", "[2]"]
    assert cite.rows() == [
        Row("Law A, art. 5 (read)", "[1]"),
        Row("Book B (from memory, not verified)", "[2]"),
    ]
    said = {s: source_status(replace(one, status=s), SAY) for s in ("secondary", "assumption")}
    assert said == {"secondary": "read in a secondary copy", "assumption": "our own proposal"}


@pytest.mark.parametrize(
    ("standing", "said"),
    [("signed by A. B., C. D.", "signed by A. B., C. D."), ("unsigned", "not signed by anybody")],
)
def test_the_provenance_names_list_weights_and_who_signed_engine_and_receipt(standing, said):
    a = assessed()
    steps = [replace(a.next_steps[0], checked_on=day) for day in ("2026-02-01", "2026-01-01")]
    a = replace(a, weights=replace(a.weights, standing=standing), next_steps=[*steps, steps[0]])
    assert rows(a, "provenance") == [
        Row(f"kosovo {a.checklist.version} ({a.checklist.sha256[:12]})", "List"),
        Row(f"{a.weights.id} ({a.weights.sha256[:12]})", "Weights", said),
        Row("2026-01-01", "Next steps checked on"),
        Row("2026-02-01", "Next steps checked on"),
        Row(a.engine, "Engine"),
        Row(a.receipt, "Receipt"),
    ]


# -- the second opinion ----------------------------------------------------------------------------

OPINION: dict[str, Any] = {
    "model": "card-1",
    "card": "a card",
    "band": "some_signs",
    "band_high": "many_signs",
    "points": 9,
    "points_recorded": 6,
    "points_high": 12,
    "points_max": 20,
    "answered": 3,
    "items": 8,
    "probability": None,
    "contributions": [
        {"indicator": SIGNS[0], "answer": "yes", "points": 7},
        {"indicator": None, "answer": "yes", "points": -1},
        {"indicator": SIGNS[1], "answer": "open", "points": 1},
        {"indicator": SIGNS[2], "answer": "open", "points": 2},
    ],
}


def test_a_second_opinion_adds_up_on_the_page_and_open_answers_are_one_row():
    assert "opinion" not in sections(assessed(second_opinion=None))
    shown = rows(assessed(second_opinion=OPINION), "opinion")
    assert shown == [
        Row("Could still become: many signs. Answered on this card: 3 of 8.", "some signs"),
        Row(TEXTS.statement(SIGNS[0]), "+7"),
        Row("limit of a group on the card", "-1"),
        Row("open answers on this card: 2. They count for something, and never as no", "+3"),
        Row(
            "points on the card; 6 from what is recorded, 12 if every open answer were yes,"
            " 20 at most",
            "= 9",
        ),
        Row(
            "Trained on synthetic cases; not validated in the field; never lowers a finding.",
            "Card",
            "card-1: a card",
        ),
    ]
    closed = {**OPINION, "contributions": OPINION["contributions"][:2]}
    assert len(rows(assessed(second_opinion=closed), "opinion")) == 5


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ("too_little_known", "too little known"),
        ("few_signs_so_far", "few signs so far"),
        ("some_signs", "some signs"),
        ("many_signs", "many signs"),
    ],
)
def test_each_band_of_a_card_has_its_words(band, said):
    opinion = {**OPINION, "band": band, "band_high": band}
    first = rows(assessed(second_opinion=opinion), "opinion")[0]
    assert first.lead == said and f"become: {said}." in first.text


@pytest.mark.parametrize(("profile", "who"), [("child", "children"), ("adult", "adults")])
def test_a_probability_is_told_in_whole_people_of_a_hundred_and_as_one_of_invented_cases(
    profile, who
):
    chance = {"value": 0.416, "low": 0.3, "high": 0.549, "prevalence": 0.05}
    opinion = {**OPINION, "probability": chance}
    shown = rows(assessed(profile=profile, second_opinion=opinion), "opinion")
    assert shown[-2].text == (
        f"Of invented {who} with as many points, 42 in 100 were exploited (30 to 55), where 5 in"
        " 100 of all people were. This is no probability for a real person."
    )
