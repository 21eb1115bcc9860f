"""A course as an officer takes it, in a real browser, against a real server on this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from screening.checklist import load_checklist
from screening.course import Attempt
from screening.course.files import course_bytes
from screening.i18n import LANGUAGES, words
from support.axe import faults, faults_in
from support.browser import begin, follow, path, resize, tab_to, turning, visit, windows_of
from support.course import LESSONS, STREET, keyed
from support.web import KNOWLEDGE, Running, running

pytestmark = pytest.mark.browser

KOSOVO = load_checklist("kosovo")


@pytest.fixture
def windows(chromium: Any, server: Running) -> Iterator[Any]:
    """Windows at the start of the courses."""
    with windows_of(chromium, server, "/course") as another:
        yield another


def start(page: Page, set_id: str = "on-the-street") -> str:
    """Begin a course; the path of its overview."""
    follow(page, f"button[name=set][value={set_id}]")
    expect(page.locator("ol.lessons")).to_be_visible()
    return path(page)


def fill(page: Page, vignette: str, judgement: str = "", **changed: str) -> None:
    """The key's answers at once; the judgement and what is changed as a person clicks them."""
    lesson = LESSONS[vignette]
    page.evaluate(
        "all => { for (const [i, told] of Object.entries(all))"
        " document.querySelector(`[name=item_${i}][value=${told}]`).checked = true }",
        keyed(lesson),
    )
    if judgement != "none":
        page.check(f"input[name=judgement][value={judgement or lesson.finding}]")
    for indicator, told in changed.items():
        page.check(f"input[name=item_{indicator}][value={told}]")


def show_key(page: Page) -> None:
    follow(page, "#main button.main", "/key")
    expect(page.locator("section.decide")).to_be_visible()


def texts_of(page: Page) -> str:
    return " ".join(page.inner_text("main").split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_course_from_the_start_page_to_the_report(windows, server, language):
    page, say, texts = windows(language, 390), words(language), KOSOVO.texts(language)
    visit(page, server.address)
    follow(page, "a[href='/course']", "/course")
    home = server.address + start(page)
    follow(page, "main a.main")
    expect(page.locator(".sheet")).to_be_visible()
    expect(page.locator(".told")).to_have_text(
        " ".join(STREET.vignettes.told(STREET.cases["S-01"], "story", language).split())
    )
    items = len(LESSONS["S-01"].items)
    expect(page.locator("fieldset.three")).to_have_count(items)
    expect(
        page.locator("fieldset.three input[value=not_told]:checked"), "S5: not told is the default"
    ).to_have_count(items)
    assert texts.get("findings", "act_now", "statement") not in texts_of(
        page
    ) and STREET.vignettes.told(STREET.cases["S-01"], "why", language)[:30] not in texts_of(page)
    fill(page, "S-01", "refer", confined_or_watched="no")
    show_key(page)
    said = texts_of(page)
    expect(page.locator("h1")).to_contain_text(texts.get("findings", "act_now", "label"))
    expect(page.locator(".decide")).to_contain_text(
        texts.statement("confined_or_watched").rstrip(".")
    )
    assert say("This is the tempting mistake: your judgement is where it leads.") in said
    letters = re.findall(r"[^\W\d_]", said)
    share = sum("Ѐ" <= c <= "ӿ" for c in letters) / len(letters)
    assert share > 0.95 if language == "sr-Cyrl" else share == 0
    visit(page, f"{home}/15")
    fill(page, "S-20")
    show_key(page)
    twin = STREET.vignettes.told(STREET.cases["S-01"], "title", language)
    for shown in (say("No difference from the key."), twin):
        expect(page.locator("main")).to_contain_text(shown)
    follow(page, ".where a")
    expect(page.locator("ol.lessons")).to_be_visible()
    for kind in (".v-apart", ".v-done"):
        expect(page.locator(kind)).to_have_count(1)
    expect(page.locator("main")).to_contain_text(texts.statement("confined_or_watched"))
    page.fill("input[name=name]", "Ana Krasniqi")
    with page.context.expect_page() as opened:
        page.click("button[formtarget]")
    printed = opened.value
    for shown in ("Ana Krasniqi", say("Course report")):
        expect(printed.locator("body")).to_contain_text(shown)
    expect(printed.locator("script")).to_have_count(0)
    with page.expect_download() as download:
        page.click("button[formaction$='report.json']")
    assert json.loads(Path(download.value.path()).read_text())["done"] == 2
    page.reload()
    expect(page.locator("input[name=name]"), "the name was for that one report").to_have_value("")
    assert "Ana" not in page.content()


def test_what_is_held_out_is_shown_nowhere(windows, server):
    page = windows()
    held = [
        v for s in server.app.state.classroom.sets.values() for v in s.cases if v.held_out == "yes"
    ]
    assert len(held) == 12
    for set_id in ("on-the-street", "beyond-the-street"):
        visit(page, server.address + "/course")
        home = start(page, set_id)
        shown = page.content()
        for n in range(page.locator("ol.lessons li").count()):
            shown += server.ask(f"{home}/{n}").text
        assert [
            v.id for v in held if v.title in shown or " ".join(v.story.split())[:60] in shown
        ] == []


def test_without_javascript_the_whole_way_works(windows, server):
    page = windows("sq", scripts=False)
    home = start(page)
    follow(page, "main a.main")
    fill(page, "S-01", "none", daily_quota="no")
    follow(page, ".languages button[value=sr]", f"{home}/0")
    expect(
        page.locator("input[name=item_daily_quota][value=no]"),
        "the choices are still there in the other language",
    ).to_be_checked()
    page.check("input[name=judgement][value=act_now]")
    follow(page, "#main button[name=overview]", home)
    expect(page.locator(".v-begun"), "S9: kept, and no key before it is asked for").to_have_count(1)
    follow(page, "main a.main")
    follow(page, "#main button.main", f"{home}/0/key")
    expect(page.locator(".decide")).to_contain_text("otvoreno", ignore_case=True)
    page.go_back()
    page.goto(f"{server.address}{home}/0")
    expect(page, "what was recorded first stays").to_have_url(f"{server.address}{home}/0/key")
    follow(page, "main a.main", f"{home}/1")
    page.click(".now summary")
    expect(
        page.locator(".steps li").first, "S7: what to do in danger is on every page"
    ).to_be_visible()


def test_the_keyboard_alone_is_enough(windows, server):
    page, first = windows(), LESSONS["S-01"].items[0]
    tab_to(page, "focus.value === 'on-the-street'")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page.locator("ol.lessons")).to_be_visible()
    key = path(page).split("/")[2]
    tab_to(page, "focus.matches('main a.main')")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page.locator(".sheet")).to_be_visible()
    tab_to(page, "focus.name === 'judgement'")
    page.keyboard.press("ArrowDown")
    tab_to(page, f"focus.name === 'item_{first}'")
    assert page.evaluate("document.activeElement.value") == "not_told"
    page.keyboard.press("ArrowUp")
    tab_to(page, "focus.matches('#main button.main')")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page.locator("section.decide")).to_be_visible()
    done = server.app.state.classroom.course(key).record.done["S-01"]
    assert done.judgement == "refer" and done.answers[first] == "no"
    tab_to(page, "focus.matches('main a.main')")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page.locator(".sheet")).to_be_visible()
    expect(page).to_have_url(re.compile("/1$"))
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_S9_without_a_judgement_there_is_no_key_and_nothing_is_lost(windows, server):
    page = windows(scripts=False)
    home = start(page)
    visit(page, f"{server.address}{home}/0")
    fill(page, "S-01", "none", daily_quota="yes")
    page.evaluate("document.querySelectorAll('[required]').forEach(e => e.required = false)")
    follow(page, "#main button.main")
    expect(page.locator(".problem")).to_contain_text("own judgement first")
    expect(page.locator("input[name=item_daily_quota][value=yes]")).to_be_checked()
    page.goto(f"{server.address}{home}/0/key")
    expect(page).to_have_url(f"{server.address}{home}/0")


def test_two_windows_on_one_vignette_the_first_answers_stay(windows, server):
    page = windows()
    home = start(page)
    other = page.context.new_page()
    for window in (page, other):
        visit(window, f"{server.address}{home}/0")
    page.bring_to_front()
    fill(page, "S-01")
    show_key(page)
    other.bring_to_front()
    fill(other, "S-01", "look_further")
    show_key(other)
    expect(other.locator("main")).to_contain_text("The key says the same.")
    course = server.app.state.classroom.course(home.split("/")[2])
    assert course.record.done["S-01"].judgement == "act_now"


def test_a_kept_course_is_taken_up_again_and_broken_ones_are_refused_in_a_line(
    windows, tmp_path, server
):
    page = windows()
    home = start(page)
    visit(page, f"{server.address}{home}/0")
    fill(page, "S-01")
    show_key(page)
    follow(page, ".where a")
    expect(page.locator("ol.lessons")).to_be_visible()
    with page.expect_download() as download:
        page.click("form[action$='/keep'] button")
    kept = Path(download.value.path()).read_bytes()
    assert b"name" not in kept and download.value.suggested_filename == "notes.json"
    page.click("details.drop summary")
    follow(page, "form[action$='/drop'] button", "/course")
    before = len(server.app.state.classroom.courses())
    changed = course_bytes(STREET.record).replace(STREET.record.set_sha256.encode(), b"0" * 64)
    for content, says in (
        (kept[:200], "U314"),
        (changed, "U315"),
        (b"PK\x03\x04", "U314"),
        (kept, ""),
        (kept, "U302"),
    ):
        file = tmp_path / "c.json"
        file.write_bytes(content)
        page.set_input_files("input[name=file]", file)
        follow(page, "form[action='/course/open'] button")
        if says:
            expect(page.locator(".problem")).to_contain_text(says)
        else:
            expect(page.locator(".v-done")).to_have_count(1)
            visit(page, server.address + "/course")
    assert len(server.app.state.classroom.courses()) == before + 1
    assert list(tmp_path.iterdir()) == [tmp_path / "c.json"]


def test_courses_and_cases_do_not_touch(chromium):
    with running(knowledge=KNOWLEDGE) as own, windows_of(chromium, own, "/course") as windows:
        page = windows()
        start(page)
        visit(page, own.address)
        expect(page.locator("main")).to_contain_text("None yet.")
        begin(page, "a-case")
        visit(page, own.address + "/course")
        assert "a-case" not in page.content() and own.app.state.desk.store.ids() == ["a-case"]


PAGES = ("/0/key", "/15/key", "/1")


@pytest.fixture(scope="module")
def home(server: Running) -> str:
    """A course far enough for every page to have something on it."""
    room = server.app.state.classroom
    key = room.begin("on-the-street")

    def some(now: Any) -> Any:
        for vignette, judgement, changed in (
            (
                "S-01",
                "refer",
                {"confined_or_watched": "no", "daily_quota": "no", "violence_now": "not_told"},
            ),
            ("S-20", "", {}),
        ):
            now, _ = now.finish(
                vignette,
                Attempt(
                    judgement or LESSONS[vignette].finding, keyed(LESSONS[vignette], **changed)
                ),
            )
        return now.note("S-02", Attempt("refer"))

    room.change(key, some)
    return f"/course/{key}"


def places(home: str) -> list[str]:
    return ["/course", home, *(home + p for p in PAGES)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_every_width_is_easy_to_touch_and_says_what_it_is(
    windows, server, home, language
):
    page = windows(language)
    for place in places(home):
        visit(page, server.address + place)
        for width in (320, 1280):
            resize(page, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, place
            touched = "main button, main [role=button], main fieldset label"
            small = page.evaluate(
                "s => [...document.querySelectorAll(s)].filter(e => e.offsetParent &&"
                " e.getBoundingClientRect().height < 36).map(e => e.innerText)",
                touched,
            )
            assert [t for t in small if t] == [] or width > 1000, place
            cut = page.evaluate(
                "[...document.querySelectorAll('.three label')].filter(e => e.scrollWidth >"
                " e.clientWidth + 1).map(e => e.innerText)"
            )
            assert cut == [], place
            expect(page.locator("html"), place).to_have_attribute("lang", language)
            expect(page.locator("h1"), place).to_have_count(1)
            expect(page, place).to_have_title(re.compile("^(Notes|Shënime|Beleške|Белешке)$"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_an_accessibility_fault_in_either_theme(windows, server, home, language):
    page = windows(language, 390)
    for place in [p for p in places(home) if not p.endswith("/15/key")]:
        visit(page, server.address + place)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert faults_in(page, language) == [], place


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_fits_a_phone_and_has_no_accessibility_fault(windows, server, home, language):
    from screening.course.files import report_html

    page = windows(language, 390, bypass_csp=True)  # its style stands in itself
    page.set_content(
        report_html(server.app.state.classroom.course(home.split("/")[2]), language, "Ana")
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(page) == []
