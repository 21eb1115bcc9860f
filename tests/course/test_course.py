"""A course on invented cases: which items are put, which difference comes first and why, what is
kept, what a report holds.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import OPEN_ANSWERS, Answer, Truth, profile_of, truth
from screening.checklist import load_vignettes
from screening.checklist.rules import named
from screening.checklist.schema import FINDINGS
from screening.course import (
    TOLD,
    Attempt,
    Course,
    CourseRecord,
    Lesson,
    agreement,
    compare,
    feedback,
    put_together,
    read_report,
    report,
)
from screening.course.files import (
    LARGEST,
    course_bytes,
    read_course,
    report_bytes,
    report_html,
    together_csv,
)
from screening.course.lesson import FEWEST, MOST, UNTOLD
from screening.errors import CaseError, ScreeningError, UsageError
from screening.i18n import LANGUAGES
from screening.scoring import score
from screening.scoring.engine import RANK
from screening.web.course.courses import Classroom
from screening.web.interview.cases import Knowledge
from support.course import BEYOND, KEYS, KOSOVO, LESSONS, SETS, STREET, WEIGHTS, keyed
from support.properties import examples


def tried(vignette: str, judgement: str = "", **changed: str) -> Any:
    lesson = LESSONS[vignette]
    return compare(lesson, Attempt(judgement or lesson.finding, keyed(lesson, **changed)))


def done(course: Course, vignette: str, judgement: str = "", **changed: str) -> Course:
    lesson = LESSONS[vignette]
    return course.finish(vignette, Attempt(judgement or lesson.finding, keyed(lesson, **changed)))[
        0
    ]


# -- which vignettes and items ---------------------------------------------------------------------


def test_what_is_held_out_is_in_no_course():
    held = {
        v.id
        for name in ("on-the-street", "beyond-the-street", "street-operations")
        for v in load_vignettes(KOSOVO, name).cases
        if v.held_out == "yes"
    }
    assert len(held) == 12 and not held & set(LESSONS)
    assert len(LESSONS) == 40 and set(SETS) == {"on-the-street", "beyond-the-street"}


def test_a_set_that_was_not_made_for_teaching_makes_no_course():
    with pytest.raises(UsageError, match="not a teaching set") as refused:
        Course.begin(KOSOVO, WEIGHTS, load_vignettes(KOSOVO, "street-operations"), "x")
    assert refused.value.code == "U305"


def test_a_vignette_whose_key_does_not_hold_with_the_weights_used_is_left_out():
    nothing = replace(
        WEIGHTS,
        points={p: dict.fromkeys(points, 0) for p, points in WEIGHTS.points.items()},
        caps={"adult": {}, "child": {}},
        sha256="0" * 64,
    )
    course = Course.begin(KOSOVO, nothing, SETS["on-the-street"], "x")
    assert 0 < len(course.cases) < len(STREET.cases)
    assert all(
        course.lesson(v).finding == case.expected["kosovo"] for v, case in course.cases.items()
    )


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_the_items_put_hold_all_that_the_key_closes_and_some_that_the_story_does_not_tell(lesson):
    closed = [
        i.id for i in KOSOVO.by_profile[lesson.profile] if lesson.answer(i.id) not in OPEN_ANSWERS
    ]
    untold = [i for i in lesson.items if i not in lesson.vignette.answers]
    assert FEWEST <= len(lesson.items) <= MOST and len(set(lesson.items)) == len(lesson.items)
    assert [i for i in KOSOVO.indicators if i in lesson.items] == list(lesson.items), (
        "in list order"
    )
    assert all(KOSOVO.indicators[i].applies(lesson.profile) for i in lesson.items)
    if len(closed) <= MOST:
        assert set(closed) <= set(lesson.items) and lesson.taken_as_told == 0
        assert len(untold) >= min(UNTOLD, MOST - len(lesson.items) + len(untold))
    else:
        assert {i for i in closed if lesson.answer(i) is Answer.YES} <= set(lesson.items)
        assert lesson.taken_as_told == len(set(closed) - set(lesson.items))
        assert sum(lesson.answer(i) in OPEN_ANSWERS for i in lesson.items) == UNTOLD
    assert not set(lesson.vignette.not_put) & set(lesson.items)
    assert [i for ids in lesson.sections.values() for i in ids] == list(lesson.items)


def test_the_items_are_the_same_every_time():
    again = Course.begin(KOSOVO, WEIGHTS, SETS["on-the-street"], "other")
    assert {
        v: Lesson.of(again.cases[v], again.cases.get(again.twin(v) or ""), KOSOVO, WEIGHTS).items
        for v in again.cases
    } == {v: LESSONS[v].items for v in again.cases}


@pytest.mark.parametrize("vignette", LESSONS)
def test_the_key_s_own_answers_give_its_finding_and_no_difference(vignette):
    compared = tried(vignette)
    assert compared.own.finding == LESSONS[vignette].vignette.expected["kosovo"]
    assert (
        compared.differences == ()
        and compared.first is None
        and compared.judged == "equal"
        and not compared.loses
    )


@pytest.mark.parametrize("case", KEYS.values(), ids=list(KEYS))
def test_a_key_denies_danger_only_where_the_story_tells_every_part_of_it(case):
    """The item says: when in doubt, answer yes.

    So no key says no where a blow or a threat is open, or another sign of danger is a yes.
    """
    profile = profile_of(case.to_case())[0]
    parts = named(KOSOVO.rules[profile].levels["act_now"], KOSOVO.by_profile[profile]) - {
        "danger_now"
    }
    harm = {
        "family_threatened",
        "punished_low_takings",
        "authority_threat",
        "exposure_threat",
    }  # hurt and threats that no rule of danger names
    danger = case.answers.get("danger_now")
    if danger == "no":
        assert {i: a for i, a in case.answers.items() if i in parts | harm and a != "no"} == {}
        assert {"violence_now", "threats_now"} <= set(case.answers)
    if any(case.answers.get(i) == "yes" for i in parts):
        assert danger == "yes" or "danger_now" in case.not_put, (
            "who records danger there is not told that it is not so"
        )
    assert danger or "danger_now" in case.not_put


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_nothing_is_put_as_not_told_that_the_age_answers(lesson):
    case, untold = lesson.vignette, {i for i in lesson.items if i not in lesson.vignette.answers}
    assert "age_in_doubt" not in untold or case.age_certain == "no"
    assert "infant_unnaturally_still" not in untold or case.age == 0
    assert case.age != 0 or not untold & {
        "other_form_after_begging",
        "begging_in_school_time",
        "out_of_school",
        "told_to_lie",
        "coached_story",
    }


def test_most_vignettes_have_a_twin_and_enough_are_held_out():
    assert (
        len(KEYS) >= 48
        and sum(case.twin != "" for case in KEYS.values()) * 2 >= len(KEYS)
        and sum(case.held_out == "yes" for case in KEYS.values()) >= 12
    )
    assert all(
        KEYS[case.twin].expected["kosovo"] != case.expected["kosovo"]
        for case in KEYS.values()
        if case.twin
    ), "a twin ends differently"


# -- which difference comes first ------------------------------------------------------------------

ORDER = [
    # vignette, judgement, what is changed, what comes first
    ("S-01", "", {"confined_or_watched": "no"}, ("lost", "confined_or_watched")),
    ("S-01", "refer", {"confined_or_watched": "not_told"}, ("lost", "confined_or_watched")),
    (
        "S-01",
        "",
        {"confined_or_watched": "no", "daily_quota": "no"},
        ("lost", "confined_or_watched"),
    ),
    (
        "S-01",
        "",
        {"money_to_controller": "no", "daily_quota": "no"},
        ("open_taken_for_no", "daily_quota"),
    ),
    (
        "S-01",
        "",
        {"money_to_controller": "no", "daily_quota": "yes"},
        ("lost", "money_to_controller"),
    ),
    ("S-01", "refer", {"daily_quota": "yes"}, ("invented", "daily_quota")),
    ("S-01", "refer", {"violence_now": "not_told"}, "low"),
    ("S-01", "refer", {"counter_school_verified": "not_told"}, "low"),
    ("S-01", "", {"counter_school_verified": "not_told"}, ("lost", "counter_school_verified")),
    ("S-01", "", {"violence_now": "not_told"}, ("left_open", "violence_now")),
    ("S-20", "refer", {}, "high"),
    ("S-20", "nothing_indicated", {}, "low"),
    ("S-20", "refer", {"daily_quota": "yes"}, ("invented", "daily_quota")),
]


@pytest.mark.parametrize(("vignette", "judgement", "changed", "first"), ORDER)
def test_the_first_difference_is_the_one_that_matters(vignette, judgement, changed, first):
    found = tried(vignette, judgement, **changed).first
    assert (found if isinstance(found, str) else (found.kind, found.indicator)) == first


def test_signs_that_lower_the_finding_only_together_come_first_too():
    """S-16 has more than one sign that is enough: no single loss lowers, all of them do."""
    lesson = LESSONS["S-16"]
    signs = [
        i for i in lesson.items if lesson.answer(i) is Answer.YES and WEIGHTS.points["child"][i]
    ]
    compared = tried("S-16", "", **dict.fromkeys(signs, "no"), daily_quota="no")
    assert compared.loses and all(d.alone == "refer" for d in compared.differences)
    first = compared.first
    assert first.kind == "lost" and first.points == max(
        d.points for d in compared.differences if d.kind == "lost"
    )
    said = " ".join(feedback(STREET.finish("S-16", compared.attempt)[0], "S-16").first)
    assert "Together with the other signs that were lost, the finding falls from “Refer”" in said


@st.composite
def attempts(draw: Any) -> tuple[Lesson, Attempt]:
    lesson = LESSONS[draw(st.sampled_from(sorted(LESSONS)))]
    answers = keyed(lesson) | draw(
        st.dictionaries(st.sampled_from(lesson.items), st.sampled_from(TOLD), max_size=6)
    )
    return lesson, Attempt(draw(st.sampled_from(FINDINGS)), answers)


def alone(lesson: Lesson, indicator: str, told: str) -> str:
    """The finding of the key's answers with one as the officer recorded it, worked out anew."""
    return score(lesson.recorded({**keyed(lesson), indicator: told}), KOSOVO, WEIGHTS).finding


@examples(12)
@given(attempts())
def test_no_difference_is_claimed_that_is_none_and_none_is_left_out(drawn):
    lesson, attempt = drawn
    compared = compare(lesson, attempt)
    named = {d.indicator: d for d in compared.differences}
    assert len(named) == len(compared.differences)
    for indicator, told in attempt.answers.items():
        differs = (told == "yes", told == "no") != (
            (key := truth(lesson.answer(indicator))) is Truth.TRUE,
            key is Truth.FALSE,
        )
        assert differs == (indicator in named)
        if differs:
            assert named[indicator].alone == alone(lesson, indicator, told)
    assert compared.own.finding == score(lesson.recorded(attempt.answers), KOSOVO, WEIGHTS).finding


@examples(12)
@given(attempts())
def test_the_order_of_what_matters_holds_for_any_answers(drawn):
    lesson, attempt = drawn
    compared = compare(*drawn)
    first = compared.first
    signs = [
        d
        for d in compared.differences
        if KOSOVO.dimensions[KOSOVO.indicators[d.indicator].dimension].kind != "protective"
    ]
    lost = {
        d.indicator: attempt.answers[d.indicator] for d in compared.differences if d.kind == "lost"
    }
    falls = (
        RANK[score(lesson.recorded({**keyed(lesson), **lost}), KOSOVO, WEIGHTS).finding]
        < RANK[lesson.finding]
    )
    kinds = {d.kind for d in signs}
    if falls:
        assert first.kind == "lost"
        if any(RANK[alone(lesson, i, told)] < RANK[lesson.finding] for i, told in lost.items()):
            assert RANK[first.alone] < RANK[lesson.finding]
    elif kinds & {"open_taken_for_no", "lost", "invented"}:
        kind = next(k for k in ("open_taken_for_no", "lost", "invented") if k in kinds)
        assert first.kind == kind
        if kind == "lost":
            assert first.points == max(d.points for d in signs if d.kind == "lost")
    elif attempt.judgement != lesson.finding:
        assert first == ("low" if RANK[attempt.judgement] < RANK[lesson.finding] else "high")
    else:
        assert first is (compared.differences[0] if compared.differences else None)


@examples(25)
@given(attempts(), st.data())
def test_S5_not_told_never_lowers_what_a_no_leaves_and_never_narrows(drawn, data):
    """Not told in place of a no: what a sign raised stays raised, and the highest it could become
    never falls.
    """
    lesson, attempt = drawn
    noes = [i for i, told in attempt.answers.items() if told == "no"]
    opened = data.draw(st.sets(st.sampled_from(noes))) if noes else set()
    before, after = (
        score(lesson.recorded(a), KOSOVO, WEIGHTS)
        for a in (attempt.answers, {**attempt.answers, **dict.fromkeys(opened, "not_told")})
    )
    assert RANK[after.finding_high] >= RANK[before.finding_high] and after.points == before.points
    if RANK[before.finding] >= RANK["look_further"]:
        assert after.finding == before.finding


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_S5_what_an_officer_leaves_as_not_told_is_open_to_the_engine_and_a_no_is_no(lesson):
    for told, counts in (("not_told", Truth.OPEN), ("no", Truth.FALSE), ("yes", Truth.TRUE)):
        recorded = lesson.recorded(dict.fromkeys(lesson.items, told))
        assert {truth(recorded.answer(i)) for i in lesson.items} == {counts}
        assert all(
            recorded.answer(i) == a
            for i, a in lesson.vignette.answers.items()
            if i not in lesson.items
        ), "what was not put stays as the key has it"


@examples(25)
@given(attempts(), st.data())
def test_S6_one_more_sign_told_as_the_key_has_it_never_lowers(drawn, data):
    lesson, attempt = drawn
    signs = [i for i in lesson.items if lesson.answer(i) is Answer.YES]
    if signs:
        more = {**attempt.answers, data.draw(st.sampled_from(signs)): "yes"}
        assert (
            RANK[compare(lesson, replace(attempt, answers=more)).own.finding]
            >= RANK[compare(lesson, attempt).own.finding]
        )


# -- in words --------------------------------------------------------------------------------------


def test_the_first_difference_is_told_with_what_the_key_says_what_it_does_and_what_it_weighs():
    f = feedback(
        done(STREET, "S-01", "refer", confined_or_watched="not_told", daily_quota="no"), "S-01"
    )
    assert f.judgement == "You judged: Refer. The key's finding: Act now." and not f.agrees
    assert f.first == (
        (
            "The story tells it and you recorded it as not told: “Is locked in, escorted or kept"
            " under watch”. The key says yes."
        ),
        (
            "Without it the finding falls from “Act now” to “Refer”. It adds points:"
            f" {WEIGHTS.points['child']['confined_or_watched']}, and belongs"
            " to: means (force, threat, deceit, abuse of a hardship)."
        ),
    )
    assert f.whole == "With all your answers the list finds “Refer”; with the key's, “Act now”."
    assert f.rest == (("Open, and taken for no", ("Must bring in a fixed amount",)),)
    assert (
        f.why.startswith("The man goes everywhere with her")
        and f.mistake.startswith("To see the man only")
        and f.tempting
    )


def test_S5_an_open_taken_for_no_says_that_open_is_not_no():
    asked = feedback(done(STREET, "S-01", "", daily_quota="no"), "S-01").first
    assert asked[0].endswith("Open is not no.") and "stayed open" in asked[0]
    untold = next(i for i in LESSONS["S-01"].items if i not in LESSONS["S-01"].vignette.answers)
    assert (
        feedback(done(STREET, "S-01", "", **{untold: "no"}), "S-01")
        .first[0]
        .endswith("Not told is not no.")
    )


def test_the_mistake_tempts_only_whom_it_leads():
    assert LESSONS["S-01"].vignette.mistake.finding == "refer"
    assert [
        bool(feedback(done(STREET, "S-01", j), "S-01").tempting)
        for j in ("refer", "look_further", "act_now")
    ] == [True, False, False]


def test_where_nothing_differs_nothing_is_found_wanting():
    f = feedback(done(STREET, "S-02"), "S-02")
    assert (
        f.first == ("No difference from the key.",) and f.agrees and f.rest == () and not f.tempting
    )


def test_the_twin_is_named_when_both_are_done_and_tells_what_is_yes_in_one_only():
    one = done(STREET, "S-01")
    assert feedback(one, "S-01").twin == ""
    both = done(one, "S-20")
    said = feedback(both, "S-20").twin
    assert said.startswith(
        "“A girl by the shop doors” (Look further) looks like “A girl outside a supermarket” (Act"
        " now)."
    )
    here, there = said.split("only here yes: ")[1].split("; only there yes: ")
    texts = KOSOVO.texts("en")
    assert (
        texts.statement("money_to_family_only") in here
        and texts.statement("supervised_begging") in there
    )
    assert feedback(both, "S-01").twin and feedback(both, "S-01").twin != said
    assert feedback(done(done(STREET, "S-02"), "S-01"), "S-01").twin == ""


@examples(12)
@given(attempts(), st.sampled_from(list(LANGUAGES)))
def test_the_words_say_only_what_the_engine_found_in_every_language(drawn, language):
    lesson, attempt = drawn
    course = STREET if lesson.vignette.id in STREET.cases else BEYOND
    f = feedback(course.finish(lesson.vignette.id, attempt)[0], lesson.vignette.id, language)
    compared, label = (
        compare(lesson, attempt),
        lambda finding: KOSOVO.texts(language).get("findings", finding, "label"),
    )
    assert all((f.judgement, *f.first, f.whole, f.why, f.mistake)) and "{" not in "".join(
        (f.judgement, *f.first, f.whole, f.twin)
    )
    assert label(compared.own.finding) in f.whole and label(lesson.finding) in f.whole
    present = [n.id for n in lesson.key.needs if n.state == "present"]
    name = [KOSOVO.texts(language).get("needs", n, "name") for n in present]
    assert all(n in line for n, line in zip(name, f.owed, strict=False))
    assert len(f.owed) == len(present) + any(n.state == "open" for n in lesson.key.needs)
    assert bool(f.basis) == (lesson.key.line is not None)
    if isinstance(compared.first, str) or compared.first is None:
        assert len(f.first) == (2 if compared.first else 1)
    else:
        assert KOSOVO.texts(language).statement(compared.first.indicator).rstrip(".") in f.first[0]
        if "falls" in f.first[1] and language == "en":
            fallen = (
                compared.first.alone
                if RANK[compared.first.alone] < RANK[lesson.finding]
                else compared.losses
            )
            assert RANK[fallen] < RANK[lesson.finding] and f"“{label(fallen)}”" in f.first[1]
    assert sum(len(items) for _, items in f.rest) == len(compared.differences) - (
        not isinstance(compared.first, str) and compared.first is not None
    )
    if language == "sr-Cyrl":
        letters = re.findall(r"[^\W\d_]", " ".join(f.first) + f.whole)
        assert sum("Ѐ" <= c <= "ӿ" for c in letters) / len(letters) > 0.9


# -- what is kept ----------------------------------------------------------------------------------


def test_what_was_recorded_first_stays():
    course = done(STREET, "S-01", "refer")
    for step in (lambda: done(course, "S-01"), lambda: course.note("S-01", Attempt("act_now"))):
        with pytest.raises(UsageError) as refused:
            step()
        assert refused.value.code == "U316"
    assert course.record.done["S-01"].judgement == "refer" and course.next() == "S-02"


def test_S9_no_key_before_the_own_judgement():
    for step in (
        lambda: STREET.finish("S-01", Attempt(None, keyed(LESSONS["S-01"]))),
        lambda: feedback(STREET, "S-01"),
        lambda: STREET.compared("S-01"),
    ):
        with pytest.raises(UsageError) as refused:
            step()
        assert refused.value.code == "U310"


def test_what_is_begun_is_kept_and_is_not_compared():
    course = STREET.note("S-02", Attempt("refer", {"danger_now": "no"}))
    assert (
        course.begun("S-02") == Attempt("refer", {"danger_now": "no"})
        and course.record.done == {}
        and course.next() == "S-01"
    )
    assert done(course, "S-02").record.begun == {}
    assert STREET.record.begun == {}, "every operation leaves the old course as it is"


@pytest.mark.parametrize(
    ("attempt", "code"),
    [
        (lambda: Attempt("not_a_victim"), "C240"),
        (lambda: Attempt("refer", {"danger_now": "maybe"}), "C220"),
        (
            lambda: STREET.finish(
                "S-01", Attempt("refer", {**keyed(LESSONS["S-01"]), "organ_pressure": "no"})
            ),
            "C221",
        ),
        (lambda: STREET.finish("S-01", Attempt("refer", {"violence_now": "no"})), "U305"),
        (lambda: STREET.note("S-01", Attempt("refer", {"organ_pressure": "no"})), "C221"),
        (lambda: STREET.lesson("S-03"), "U316"),
        (lambda: STREET.lesson("nothing"), "U316"),
        (lambda: Course.begin(KOSOVO, WEIGHTS, SETS["on-the-street"], "Ana Krasniqi"), "U305"),
        (lambda: Course.begin(KOSOVO, WEIGHTS, SETS["on-the-street"], "x\n"), "U305"),
    ],
)
def test_what_no_course_can_take_is_refused(attempt: Callable[[], Any], code: str):
    with pytest.raises((CaseError, UsageError)) as refused:
        attempt()
    assert refused.value.code == code


@examples(5)
@given(st.lists(attempts(), max_size=3), attempts())
def test_a_course_survives_its_file(finished, begun):
    course = STREET
    for lesson, attempt in finished:
        if lesson.vignette.id in course.cases and lesson.vignette.id not in course.record.done:
            course, _ = course.finish(lesson.vignette.id, attempt)
    if begun[0].vignette.id in course.cases and begun[0].vignette.id not in course.record.done:
        course = course.note(begun[0].vignette.id, begun[1])
    read = read_course(course_bytes(course.record))
    assert read == course.record and list(read.done) == list(course.record.done)
    assert Course.take_up(KOSOVO, WEIGHTS, SETS["on-the-street"], read).record == course.record


def test_the_program_knows_which_courses_are_in_no_file():
    room = Classroom(Knowledge())
    key = room.begin("on-the-street")
    assert room.unkept() == 0, "nothing was done yet"
    room.change(key, lambda now: now.note("S-01", Attempt("refer")))
    assert room.unkept() == 1
    assert room.take_out(key).begun["S-01"].judgement == "refer" and room.unkept() == 0


def test_S15_a_course_holds_no_name_and_no_time():
    kept = done(STREET, "S-01").record.to_dict()
    assert set(kept) == {
        "format",
        "kind",
        "code",
        "checklist",
        "weights",
        "set",
        "vignettes",
        "done",
        "begun",
    }
    assert set(kept["done"]["S-01"]) == {"judgement", "answers"}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"checklist_sha256": "1" * 64}, ["list"]),
        ({"weights_sha256": "1" * 64}, ["weights"]),
        ({"set_sha256": "1" * 64}, ["vignettes"]),
        ({"checklist_sha256": "1" * 64, "set_sha256": "1" * 64}, ["list"]),
    ],
)
def test_a_course_whose_ground_has_changed_says_so(change, names):
    with pytest.raises(UsageError) as refused:
        Course.take_up(KOSOVO, WEIGHTS, SETS["on-the-street"], replace(STREET.record, **change))
    assert (
        refused.value.code == "U315"
        and all(n in refused.value.problem for n in names)
        and "start a new course" in refused.value.remedy
    )


@pytest.mark.parametrize(
    "change", [{"set_id": "beyond-the-street"}, {"checklist": "kosovo-street"}]
)
def test_a_course_of_another_list_or_set_says_so(change):
    with pytest.raises(UsageError) as refused:
        Course.take_up(KOSOVO, WEIGHTS, SETS["on-the-street"], replace(STREET.record, **change))
    assert refused.value.code == "U305"


def test_a_change_of_a_story_a_key_or_the_order_changes_the_fingerprint():
    vignettes = SETS["on-the-street"]
    seen = {STREET.record.set_sha256}
    for cases in (
        vignettes.cases[::-1],
        (vignettes.cases[0].model_copy(update={"story": "Another."}), *vignettes.cases[1:]),
        vignettes.cases[1:],
        (
            vignettes.cases[0].model_copy(
                update={"answers": {**vignettes.cases[0].answers, "daily_quota": "no"}}
            ),
            *vignettes.cases[1:],
        ),
    ):
        seen.add(
            Course.begin(
                KOSOVO, WEIGHTS, replace(vignettes, cases=tuple(cases)), "x"
            ).record.set_sha256
        )
    assert len(seen) == 5


# -- a museum of broken course files ---------------------------------------------------------------


@cache
def under_way() -> str:
    """A course with one vignette done and one begun, as JSON."""
    course = done(STREET, "S-01").note("S-02", Attempt("refer"))
    return json.dumps(course.record.to_dict())


def edited(*route: Any, to: Any = None, gone: bool = False) -> bytes:
    data = json.loads(under_way())
    inner: Any = data
    for part in route[:-1]:
        inner = inner[part]
    if gone:
        del inner[route[-1]]
    else:
        inner[route[-1]] = to
    return json.dumps(data).encode()


MUSEUM = [
    ("nothing", b"", "not valid JSON"),
    ("no JSON", b"course", "not valid JSON"),
    ("half of it", course_bytes(STREET.record)[:300], "not valid JSON"),
    ("other bytes", b"\xff\xfe\x00{", "not valid JSON"),
    ("a workbook", b"PK\x03\x04", "not valid JSON"),
    ("a list", b"[]", "not a course"),
    ("null", b"null", "not a course"),
    ("brackets", b"[" * 100_000, "not valid JSON|nested too deeply"),
    ("an object in an object", b'{"a":' * 50_000, "not valid JSON|nested too deeply"),
    ("too large", b" " * (LARGEST + 1), "too large to be a course"),
    ("a key twice", b'{"format": 1, "format": 1}', "key 'format' appears twice"),
    (
        "no number",
        course_bytes(STREET.record).replace(b'"format": 1', b'"format": NaN'),
        "NaN is not a value",
    ),
    ("another format", edited("format", to=2), "'format' is not as in a course"),
    ("format as text", edited("format", to="1"), "'format' is not as in a course"),
    ("a report", edited("kind", to="course report"), "'kind' is not as in a course"),
    ("a key too many", edited("name", to="Ana"), "'name' is not as in a course"),
    ("a key too few", edited("weights", gone=True), "'weights' is not as in a course"),
    (
        "a code that is a sentence",
        edited("code", to="Ana Krasniqi"),
        "'code' is not as in a course",
    ),
    ("no vignette", edited("vignettes", to=[]), "'vignettes' is not as in a course"),
    ("a vignette twice", edited("vignettes", 1, to="S-01"), "appears twice"),
    ("a number as a vignette", edited("vignettes", 1, to=7), "'vignettes.1' is not as in a course"),
    (
        "a fingerprint that is none",
        edited("set", "sha256", to="abc"),
        "'set.sha256' is not as in a course",
    ),
    (
        "a judgement that is none",
        edited("done", "S-01", "judgement", to="cleared"),
        "'done.S-01.judgement' is not as in a course",
    ),
    (
        "done but has no judgement",
        edited("done", "S-01", "judgement", to=None),
        "'S-01' is done but has no judgement",
    ),
    (
        "an answer that is none",
        edited("done", "S-01", "answers", "violence_now", to="perhaps"),
        "'done.S-01.answers.violence_now' is not as in a course",
    ),
    (
        "an answer that is a truth value",
        edited("done", "S-01", "answers", "violence_now", to=True),
        "'done.S-01.answers.violence_now' is not as in a course",
    ),
    (
        "a time",
        edited("done", "S-01", "time", to="12:00"),
        "'done.S-01.time' is not as in a course",
    ),
    (
        "done and not in the course",
        edited("done", "S-03", to={"judgement": "refer", "answers": {}}),
        "'done.S-03' is not one of the vignettes",
    ),
    (
        "begun and not in the course",
        edited("begun", "X", to={"judgement": None, "answers": {}}),
        "'begun.X' is not one of the vignettes",
    ),
    (
        "done and begun",
        edited("begun", "S-01", to={"judgement": None, "answers": {}}),
        "both done and begun",
    ),
    (
        "answers to other items",
        edited("done", "S-01", "answers", "organ_pressure", to="no"),
        "not the ones this course asks for",
    ),
    (
        "an item without an answer",
        edited("done", "S-01", "answers", "violence_now", gone=True),
        "not the ones this course asks for",
    ),
]


@pytest.mark.parametrize(("content", "says"), [m[1:] for m in MUSEUM], ids=[m[0] for m in MUSEUM])
def test_a_file_that_is_no_course_is_refused_in_one_line(content: bytes, says: str):
    with pytest.raises(UsageError, match=says) as refused:
        Course.take_up(KOSOVO, WEIGHTS, SETS["on-the-street"], read_course(content))
    line = str(refused.value)
    assert refused.value.code == "U314" and "\n" not in line and len(line) < 400


@examples(40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
    )
)
def test_no_data_at_all_gets_further_than_one_line(data):
    for read in (CourseRecord.from_dict, read_report):
        with pytest.raises(UsageError) as refused:
            read(data)
        assert refused.value.code == "U314"


# -- agreement and reports -------------------------------------------------------------------------


@cache
def practised() -> Course:
    """Three vignettes: one as the key, one with a sign lost and an open taken for no, one judged
    too high with a sign invented.
    """
    course = done(STREET, "S-02")
    course = done(
        course,
        "S-01",
        "refer",
        confined_or_watched="not_told",
        daily_quota="no",
        violence_now="not_told",
    )
    return done(course, "S-20", "refer", daily_quota="yes", counter_school_verified="not_told")


def test_the_agreement_counts_each_item_once_for_every_time_it_was_put():
    a = agreement(practised())
    assert (
        asdict(a.items["confined_or_watched"])["lost"] == 1
        and a.items["violence_now"].left_open == 1
    )
    quota = a.items["daily_quota"]
    assert (quota.coded, quota.right, quota.lost, quota.invented, quota.open_taken_for_no) == (
        3,
        1,
        0,
        1,
        1,
    )
    assert all(
        t.coded == t.right + t.lost + t.invented + t.open_taken_for_no + t.left_open
        for t in a.items.values()
    )
    n = sum(len(LESSONS[v].items) for v in ("S-01", "S-02", "S-20"))
    assert (a.answers.hits, a.answers.n) == (n - 5, n) and list(a.items) == [
        i for i in KOSOVO.indicators if i in a.items
    ]
    assert [(s.hits, s.n) for s in (a.equal, a.low, a.high, a.children_low)] == [
        (1, 3),
        (1, 3),
        (1, 3),
        (1, 1),
    ], "only S-01 is a child whom the key refers"
    assert a.again == (
        "confined_or_watched",
        "daily_quota",
    ), "a loss first; what protects changes no finding"


def test_the_share_of_children_judged_too_low_counts_children_whom_the_key_refers():
    course = done(done(BEYOND, "B-13", "look_further"), "B-06", "look_further")
    assert (LESSONS["B-13"].profile, LESSONS["B-06"].profile) == ("adult", "child")
    a = agreement(course)
    assert (a.low.hits, a.children_low.hits, a.children_low.n) == (2, 1, 1)


def test_of_nothing_nothing_is_known():
    a = agreement(STREET)
    assert (a.done, a.of, a.answers.n, a.answers.low, a.answers.high, a.again) == (
        0,
        21,
        0,
        0.0,
        1.0,
        (),
    )
    assert report(STREET)["answers"] == {
        "hits": 0,
        "n": 0,
        "value": None,
        "low": 0.0,
        "high": 1.0,
    }, "not 0, and no NaN in a file"


def test_a_report_bears_a_code_and_a_name_only_where_one_was_typed():
    course = practised()
    plain, named = report(course), report(course, "Ana K.")
    assert "name" not in plain and named == {**plain, "name": "Ana K."} and plain["code"] == "t1"
    assert "Ana" not in json.dumps(course.record.to_dict())
    assert read_report(json.loads(report_bytes(course, "json", name="Ana K."))) == plain
    assert not re.search(
        r"score|rank|grade|passed|failed|time|date", " ".join([*plain, *plain["judgements"]])
    ), "no score of a person, no ranking, no time"


def test_the_table_has_a_row_an_item_and_no_cell_that_a_spreadsheet_would_run():
    rows = list(
        csv.DictReader(io.StringIO(report_bytes(practised(), "csv", "sq", "=cmd()").decode()))
    )
    assert [r["indicator"] for r in rows] == list(agreement(practised()).items)
    assert {r["name"] for r in rows} == {"'=cmd()"} and {r["code"] for r in rows} == {"t1"}
    assert [r["indicator"] for r in rows if r["look_again"]] == [
        "confined_or_watched",
        "daily_quota",
    ]
    assert rows[0]["statement"] == KOSOVO.texts("sq").statement(rows[0]["indicator"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_to_print_is_one_file_that_runs_and_fetches_nothing(language):
    text = report_html(practised(), language, "Ana <K>")
    assert (
        "<script" not in text
        and "http" not in text
        and "Ana &lt;K&gt;" in text
        and "t1" in text
        and f'lang="{language}"' in text
    )
    assert re.search("<title>(.*)</title>", text)[1] in {"Notes", "Shënime", "Beleške", "Белешке"}
    assert (
        SETS["on-the-street"].title(language) in text
        and KOSOVO.texts(language).statement("daily_quota") in text
    )


@pytest.mark.parametrize(
    ("kind", "name", "code"), [("pdf", "", "U307"), ("", "", "U307"), ("json", "x" * 121, "U305")]
)
def test_a_report_of_another_kind_or_under_an_endless_name_is_refused(kind, name, code):
    with pytest.raises(UsageError) as refused:
        report_bytes(practised(), kind, name=name)
    assert refused.value.code == code


def test_reports_put_together_count_officers_and_name_nobody():
    one, two = practised(), replace(practised(), record=replace(practised().record, code="t9"))
    three = replace(done(STREET, "S-02"), record=replace(done(STREET, "S-02").record, code="t8"))
    table = put_together([report(one, "Ana"), report(two), report(three, "Zef")])
    assert (
        table["officers"] == 3 and "Ana" not in json.dumps(table) and "t9" not in json.dumps(table)
    )
    assert table["items"]["confined_or_watched"] == {
        "coded": 4,
        "right": 2,
        "lost": 2,
        "invented": 0,
        "open_taken_for_no": 0,
        "left_open": 0,
        "officers": 2,
        "officers_apart": 2,
    }
    assert (
        table["items"]["daily_quota"]["officers"],
        table["items"]["daily_quota"]["officers_apart"],
    ) == (3, 2)
    assert (
        table["judgements"]["equal"]["hits"] == 3
        and table["judgements"]["equal"]["n"] == 7
        and table["look_again"] == ["confined_or_watched", "daily_quota"]
    )
    rows = list(csv.DictReader(io.StringIO(together_csv(table, KOSOVO.texts("en")).decode())))
    assert len(rows) == len(table["items"]) and "code" not in rows[0] and "name" not in rows[0]


def other(**changed: Any) -> dict[str, Any]:
    return {**report(practised()), "code": "t7", **changed}


@pytest.mark.parametrize(
    ("second", "code", "says"),
    [
        (other(code="t1"), "U317", "appears twice"),
        (
            other(set={"id": "beyond-the-street", "sha256": "0" * 64}),
            "U317",
            "with different sets of vignettes",
        ),
        (other(weights={"id": "w", "sha256": "0" * 64}), "U317", "with different weights"),
        (
            other(checklist={"id": "kosovo", "version": "2", "sha256": "0" * 64}),
            "U317",
            "with different lists",
        ),
        (other(kind="course"), "U314", "'kind' is not as in a course report"),
        (other(done=-1), "U314", "'done' is not as in a course report"),
        (STREET.record.to_dict(), "U314", "as in a course report"),
        (
            other(
                items={
                    "daily_quota": {
                        "coded": 3,
                        "right": 3,
                        "lost": 1,
                        "invented": 0,
                        "open_taken_for_no": 0,
                        "left_open": 0,
                    }
                }
            ),
            "U314",
            "do not add up",
        ),
        (
            other(answers={"hits": 3, "n": 2, "value": 1.0, "low": 0.0, "high": 1.0}),
            "U314",
            "more hits than there are",
        ),
    ],
)
def test_what_cannot_be_put_together_is_refused(second, code, says):
    with pytest.raises(UsageError, match=says) as refused:
        put_together([report(practised()), second])
    assert refused.value.code == code


def test_nothing_put_together_is_refused():
    with pytest.raises(ScreeningError, match="no reports to combine"):
        put_together([])
