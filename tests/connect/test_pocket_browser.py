"""The pocket edition in a real browser, opened from its file: its engine equals ours, and its screens
keep the rules that every face keeps.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from screening.checklist import load_checklist, load_vignettes, load_weights
from screening.checklist.vignettes import vignette_ids
from screening.connect.pocket import LARGEST, pocket_html
from screening.i18n import LANGUAGES
from support.axe import faults, faults_in_both_themes
from support.pocket import astray, differences, drawn, knowing, meetings, opened
from support.pocket_screens import (
    KOSOVO,
    WEIGHTS,
    ask_all,
    meet,
    ready,
    seen,
    settle_before_asking,
    tap,
    whom,
)
from support.strategies import case_lists, checklists, weight_sets

pytest_plugins = ["support.pocket_pages"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def engine(chromium: Any, pocket_file: Path) -> Iterator[Page]:
    page = opened(chromium, pocket_file)
    yield page
    page.context.close()


# -- the engine ------------------------------------------------------------------------------------


def test_the_pocket_gives_what_the_engine_gives_on_random_cases(engine: Page) -> None:
    assert not differences(engine, drawn(KOSOVO, 300, 1), KOSOVO, WEIGHTS)


def test_the_pocket_gives_what_the_engine_gives_on_every_vignette(engine: Page) -> None:
    sets = [load_vignettes(KOSOVO, name) for name in vignette_ids(KOSOVO)]
    cases = [vignette.to_case() for each in sets for vignette in each.cases]
    assert len(cases) > 50
    assert not differences(engine, cases, KOSOVO, WEIGHTS)


@pytest.mark.parametrize(
    "name", ["ilo-delphi", "albania-2005", "kosovo-street", "practice-accompanied"]
)
def test_the_pocket_follows_the_rules_of_other_lists(engine: Page, name: str) -> None:
    checklist = load_checklist(name)
    weights = load_weights(checklist)
    assert not differences(
        engine, drawn(checklist, 60, 2), checklist, weights, knowing(checklist, weights)
    )


@given(data=st.data())
def test_the_pocket_follows_the_rules_of_any_list(engine: Page, data: st.DataObject) -> None:
    checklist = data.draw(checklists())
    weights = data.draw(weight_sets(checklist))
    cases = data.draw(case_lists(checklist))
    assert not differences(engine, cases, checklist, weights, knowing(checklist, weights))


def test_the_pocket_puts_the_questions_that_the_laptop_puts_and_stops_where_it_stops(
    engine: Page,
) -> None:
    assert not astray(engine, meetings(KOSOVO, WEIGHTS, 6, 3))


# -- the file --------------------------------------------------------------------------------------


def test_one_small_file_that_names_nothing_outside_itself(pocket_file: Path) -> None:
    text = pocket_file.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    assert "default-src 'none'" in html.unescape(text)
    assert not re.findall(r"(?:src|href)=[\"'](?!data:|tel:)", text.split('id="knowledge"')[0])
    assert "localStorage" not in text
    assert "document.cookie" not in text


def test_the_same_list_gives_the_same_file(pocket_file: Path) -> None:
    assert pocket_html(KOSOVO, WEIGHTS, whom) == pocket_file.read_text(encoding="utf-8")


def test_the_command_writes_it_and_names_what_is_wrong(cli: Any, tmp_path: Path) -> None:
    ran = cli("export", "pocket", "-o", tmp_path / "p.html")
    assert ran.code == 0
    assert (tmp_path / "p.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert cli("export", "pocket", "-o", tmp_path / "p.html").err.count("[U302]") == 1
    assert cli("export", "pocket", "-o", tmp_path / "p.pdf").err.count("[U307]") == 1


def test_the_stations_own_numbers_are_in_it_and_say_how_far_they_were_checked(
    cli: Any, chromium: Any, tmp_path: Path
) -> None:
    station = tmp_path / "contacts.yaml"
    cli(
        "contacts",
        "set",
        "csw_on_duty",
        "038 111 222",
        "--verified-by",
        "Sgt. A",
        "--contacts",
        station,
    )
    cli("export", "pocket", "-o", tmp_path / "p.html", "--contacts", station)
    page = opened(chromium, tmp_path / "p.html", locale="en-GB")
    tap(page, "Contacts")
    assert page.locator("a[href='tel:038111222']").count() == 1
    said = page.locator("main").inner_text()
    assert "verified by Sgt. A" in said
    assert "no number filled in" in said
    page.context.close()


# -- the screens -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_S7_help_is_one_tap_away_and_short_in_every_language(page: Page, language: str) -> None:
    page.click(f"header [lang={language}]")
    page.click(".bar .danger")
    words = page.locator("main").inner_text().split()
    assert len(words) <= 60
    assert page.locator("a[href='tel:112']").count() >= 1
    assert page.locator("a[href='tel:194']").count() >= 1


@pytest.mark.parametrize("answer", ["Yes, someone is in danger", "I cannot tell"])
def test_S21_danger_or_doubt_about_it_shows_help_before_anything_else(
    page: Page, answer: str
) -> None:
    tap(page, "Begin")
    tap(page, answer)
    assert seen(page) == "help"
    tap(page, "Go on")
    assert seen(page) == "person"
    assert page.evaluate("app.interview.inDanger()") == "yes"


def test_S21_any_sign_of_danger_opens_help_from_the_card_and_from_the_list(page: Page) -> None:
    meet(page, "9", begs="yes")
    tap(page, "Nobody yet")
    tap(page, "Menu")
    tap(page, "Street card")
    sign = "infant_unnaturally_still"
    line = page.locator("fieldset.tick", has_text=KOSOVO.texts("en").statement(sign))
    ready(page)
    line.get_by_role("button", name="Yes", exact=True).click()
    assert seen(page) == "help"
    page.evaluate("app.go('question', app.engine.places.get('afraid_to_go_back'))")
    tap(page, "Yes")
    assert seen(page) == "help"
    page.evaluate("app.interview.person(34, true, {})")  # no sign of danger in an adult's rules
    page.evaluate("app.go('question', app.engine.places.get('afraid_to_go_back'))")
    tap(page, "Yes")
    assert seen(page) == "help"


def test_S22_nothing_is_asked_aloud_of_a_child_for_whom_nobody_speaks(page: Page) -> None:
    meet(page, "9", setting="street_night", company="others", begs="yes")
    tap(page, "Nobody yet")
    assert seen(page) == "look"  # what can be seen, on one page, before any question
    tap(page, "Go on")
    assert not [m for m in ask_all(page) if m.startswith("Ask")]
    assert seen(page) == "judgement"
    tap(page, "More questions")
    assert not [m for m in ask_all(page, most=12) if m.startswith("Ask")]


def test_what_is_seen_is_ticked_on_one_page_and_what_is_not_stays_open(page: Page) -> None:
    meet(page, "9", setting="street", company="others", begs="yes")
    tap(page, "Nobody yet")
    texts, danger = KOSOVO.texts("en"), "infant_unnaturally_still"
    for sign in ("supervised_begging", "begging_hazard"):
        tap(page, texts.statement(sign))
    tap(page, texts.statement("begging_hazard"))  # taken back
    before = page.locator("main .stack button").all_inner_texts()
    page.click("header [lang=sq]")
    page.click("header [lang=en]")
    assert page.locator("main .stack button").all_inner_texts() == before
    assert page.locator("[aria-pressed=true]").all_inner_texts()[-1] == texts.statement(
        "supervised_begging"
    )
    tap(page, texts.statement(danger))
    assert seen(page) == "help"  # S21: before anything else
    tap(page, "Go on")
    tap(page, "Go on") if seen(page) == "look" else None
    assert seen(page) != "look"
    given = page.evaluate("app.interview.record")
    assert {i: a["answer"] for i, a in given["answers"].items()} == {
        "danger_now": "no",
        "supervised_begging": "yes",
        danger: "yes",
    }
    assert given["passed"] == []
    page.evaluate("app.onward()")
    assert seen(page) != "look"


def test_S22_a_child_hears_at_most_eight_questions_and_none_after_refer(page: Page) -> None:
    meet(page, "15", company="alone")
    tap(page, "A social worker (CSW)")
    settle_before_asking(page)
    page.evaluate("app.state.goingOn = true; app.onward()")
    modes = ask_all(page, most=60)
    assert 1 <= len([m for m in modes if m.startswith("Ask")]) <= 8
    page.evaluate("app.startOver(); app.go('start')")
    meet(page, "15", company="alone")
    tap(page, "A social worker (CSW)")
    settle_before_asking(page)
    for sign in ("sent_and_placed", "money_to_controller", "daily_quota"):
        page.evaluate("id => app.interview.answer(id, {answer: 'yes'})", sign)
    assert page.evaluate("app.interview.score().finding") in ("refer", "act_now")
    assert not page.evaluate(
        "app.interview.askable().filter((n) => app.k.signs[n].mode.child === 'ask').length"
    )


def test_S4_an_empty_age_asks_and_decides_nothing(page: Page) -> None:
    tap(page, "Begin")
    tap(page, "No")
    tap(page, "Go on")
    assert seen(page) == "ageless"
    tap(page, "Enter an age")
    page.fill("#f-age", "1,5")
    tap(page, "Go on")
    expect(page.locator("#age-problem")).to_be_visible()
    page.fill("#f-age", "34")
    tap(page, "Go on")
    expect(page.locator("#age-problem")).to_be_visible()  # whether it is certain was not said
    page.check("input[name=certain][value=no]")
    tap(page, "Go on")
    assert page.evaluate("app.interview.profile()") == "child"


def test_S9_the_finding_waits_for_the_officers_own_judgement(page: Page) -> None:
    meet(page, "9", begs="yes")
    tap(page, "Nobody yet")
    page.evaluate("app.go('finding')")
    expect(page.locator("h1")).to_have_text("What do you think yourself?")
    tap(page, "Save my view, show result")  # nothing is chosen beforehand
    expect(page.locator("h1.finding")).to_have_count(0)
    page.check("input[name=judgement][value=refer]")
    tap(page, "Save my view, show result")
    expect(page.locator("h1.finding")).to_have_text("Too little known")
    assert page.evaluate("app.interview.record.judgement.finding") == "refer"


def test_S24_two_taps_and_a_held_key_answer_one_question(page: Page) -> None:
    meet(page, "9", begs="yes")
    tap(page, "Nobody yet")
    ready(page)
    page.get_by_role("button", name="No", exact=True).dblclick()
    assert page.evaluate("app.interview.answered()") == 1
    ready(page)
    page.get_by_role("button", name="No", exact=True).focus()
    page.keyboard.down("Enter")
    for _ in range(5):
        page.keyboard.down("Enter")  # as a held key repeats
    page.keyboard.up("Enter")
    assert page.evaluate("app.interview.answered()") == 2


def test_S16_a_sexual_matter_never_stands_in_large_type_beside_a_child(page: Page) -> None:
    meet(page, "15")
    tap(page, "Nobody yet")
    for sign in ("forced_sex_acts", "child_commercial_sex", "images_demanded"):
        page.evaluate("id => app.go('question', app.engine.places.get(id))", sign)
        assert page.locator("h1").inner_text() == "Read this for yourself"
        sizes = page.evaluate(
            "[...document.querySelectorAll('main p')].map((p) => parseFloat(getComputedStyle(p).fontSize))"
        )
        assert max(sizes) <= 17


def test_a_switch_of_language_keeps_answers_and_what_is_half_typed(page: Page) -> None:
    meet(page, "9", begs="yes")
    tap(page, "Nobody yet")
    page.locator("summary").first.click()
    page.fill("textarea", "Uncle puts me here.")
    before = page.evaluate("JSON.stringify(app.interview.record)")
    for language in ("sq", "sr-Cyrl"):
        page.click(f"header [lang={language}]")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("textarea").input_value() == "Uncle puts me here."
    assert page.evaluate("JSON.stringify(app.interview.record)") == before


def test_escape_twice_and_one_touch_leave_to_a_page_that_says_nothing(page: Page) -> None:
    meet(page, "9", begs="yes")
    tap(page, "Nobody yet")
    asked = page.locator("h1").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator("body").inner_text().split() == ["Notes", "Start"]
    tap(page, "Start")
    assert page.locator("h1").inner_text() == asked
    page.click(".bar .leave")
    assert seen(page) == "blank"
    assert page.title() == "Notes"


def test_undo_takes_back_one_answer(page: Page) -> None:
    meet(page, "9", begs="yes")
    tap(page, "Nobody yet")
    first = page.locator("h1").inner_text()
    tap(page, "No")
    assert page.evaluate("app.interview.answered()") == 1
    tap(page, "Undo")
    assert page.evaluate("app.interview.answered()") == 0
    assert page.locator("h1").inner_text() == first


# A child of 15, then an adult of 34, each with a finding: every view that there is
CHILD = [
    *((view, None) for view in ("start", "help", "person", "ageless", "before", "check")),
    *((view, None) for view in ("judgement", "list", "card", "contacts", "save", "forget")),
    ("precondition", "danger"),
    ("precondition", "representative"),
    ("question", 5),
    ("question", 60),
    ("look", [5, 60]),
    ("code", 0),
    ("finding", None),
    ("blank", None),
]
ADULT = [("start", None), ("question", 5), ("card", None), ("handover", None), ("finding", None)]
NEW = [("start", None), ("open", None), ("card", None), ("finding", None)]


def each_view(page: Page) -> Iterator[str]:
    """Every view in turn, for a new page, a child and an adult."""
    begun = "app.interview.answer('danger_now', {answer: 'no'}); app.interview.judge('refer', '');"
    for before, views in (
        ("app.startOver()", NEW),
        (f"app.startOver(); app.interview.person(15, true, {{}}); {begun}", CHILD),
        (
            f"app.startOver(); app.interview.person(34, true, {{company: 'alone'}}); {begun}"
            "for (const [p, c] of [['private', 'yes'], ['interpreter', 'not_needed'],"
            " ['may_stop', 'yes'], ['agreement', 'yes']]) app.interview.precondition(p, c)",
            ADULT,
        ),
    ):
        page.evaluate(before)
        for view, arg in views:
            page.evaluate("([v, a]) => app.go(v, a)", [view, arg])
            if view == "code":
                expect(page.locator("svg.qr")).to_be_visible()
            if view == "finding":
                page.evaluate(
                    "document.querySelectorAll('details').forEach((d) => (d.open = true))"
                )
            yield view


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_sound_for_a_screen_reader_and_a_thumb(page: Page, language: str) -> None:
    page.click(f"header [lang={language}]")
    found: list[Any] = []
    for view in each_view(page):
        found += [(view, fault) for fault in faults_in_both_themes(page)]
        small = page.evaluate(
            "[...document.querySelectorAll('button, input, textarea, summary, fieldset label, .call, .number')]"
            ".filter((e) => e.offsetParent && e.type !== 'radio')"
            ".map((e) => [e.textContent, e.getBoundingClientRect()])"
            ".filter(([, r]) => r.height < 48 || r.width < 48).map(([t]) => t)"
        )
        found += [(view, small)] if small else []
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [(view, f"{wide} px too wide")] if wide > 0 else []
    assert not found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_can_be_read_in_the_sun(page: Page, theme: str) -> None:
    """Contrast of 7 to 1 and more."""
    page.emulate_media(color_scheme=theme)
    found = [
        (view, fault)
        for view in each_view(page)
        for fault in faults(page, ("color-contrast-enhanced",))
    ]
    assert not found


@pytest.mark.parametrize("language", ["en", "sr-Cyrl"])
def test_a_screen_reader_finds_a_role_and_a_name_for_all_that_can_be_touched(
    page: Page, language: str
) -> None:
    """The tree that Chromium gives to TalkBack: what has the focus, one title, groups with names."""
    page.click(f"header [lang={language}]")
    reader = page.context.new_cdp_session(page)
    roles = {"button", "link", "radio", "textbox", "DisclosureTriangle", "heading", "RootWebArea"}
    for view in each_view(page):
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        nodes = [n for n in reader.send("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]
        told = [
            (n["role"]["value"], n.get("name", {}).get("value", ""), n.get("properties", []))
            for n in nodes
        ]
        touched = [
            (role, name)
            for role, name, properties in told
            if any(p["name"] == "focusable" and p["value"]["value"] for p in properties)
        ]
        assert {role for role, _ in touched} <= roles, view
        assert all(name.strip() for _, name in touched), (view, touched)
        titles = page.locator("h1")
        assert titles.count() == 1, view
        assert titles.evaluate("e => e === document.activeElement"), view
        groups = [name for role, name, _ in told if role == "group"]
        assert groups.count("") == page.locator("details").count(), view  # their summary has one
        assert len(groups) == page.locator("details, fieldset").count(), view
        pressed = page.locator("[aria-pressed]").count()
        assert pressed == sum(
            any(p["name"] == "pressed" for p in properties) for _, _, properties in told
        )
