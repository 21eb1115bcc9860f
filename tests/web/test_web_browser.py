"""The interview as a person takes it, in a real browser, against a real server on this machine."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from screening.answers import Answer, Response
from screening.checklist import load_checklist
from screening.i18n import LANGUAGES
from screening.interview import Judgement
from screening.web.interview.cases import Knowledge, Seen
from support.axe import faults_in, faults_in_both_themes
from support.browser import (
    HER_ANSWERS,
    answer,
    answer_all,
    begin,
    escape,
    follow,
    meet,
    path,
    ready,
    tab_to,
    turning,
    visit,
    windows_of,
)
from support.web import LETTER, Running, running

pytestmark = pytest.mark.browser

KOSOVO = load_checklist("kosovo")
IDS = list(KOSOVO.indicators)


def cyrillic_share(text: str) -> float:
    letters = re.findall(r"[^\W\d_]", text)
    return sum("Ѐ" <= c <= "ӿ" for c in letters) / len(letters)


def to_the_finding(page: Page, own: str = "refer") -> None:
    expect(page).to_have_url(re.compile("/view$"))
    page.check(f"input[name=finding][value={own}]")
    page.fill("textarea[name=why]", "She looks at him first.")
    follow(page, "#main button.main", "/end")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_found_begging_with_her_uncle_from_danger_precondition_to_letter(
    windows, server, language
):
    page = windows(language, 390)
    begin(page, f"girl-{language}")
    meet(page, "9", begs="yes")
    put = answer_all(page, IDS, HER_ANSWERS)
    assert 5 < put < 60
    to_the_finding(page, "look_further")
    texts = KOSOVO.texts(language)
    finding = page.inner_text("h1.finding")
    assert finding in {texts.get("findings", f, "label") for f in ("refer", "act_now")}, (
        "family with the child changed nothing"
    )
    body = page.text_content("main") or ""  # much of it is folded
    # Once *refer* is reached nothing more is asked: what was told until then is there.
    told = {sign: note for sign, note in HER_ANSWERS.items() if note in body}
    assert len(told) >= 2 and texts.get("steps", "call_csw_child", "text")[:40] in body
    for note in told.values():
        body = body.replace(note, "")
    # Titles of sources stay as they were published.
    body = body.replace(page.text_content(".p-sources") or "", "")
    share = cyrillic_share(body)
    assert share > 0.95 if language == "sr-Cyrl" else share == 0
    page.check("input[name=finding][value=refer]")
    follow(page, page.locator("#main button").first)
    expect(page.locator(".kept")).to_be_visible()
    follow(page, "#main ~ .actions button[value=paper]", "/paper")
    for name, typed in {**LETTER, "from": "Stacioni 3", "to": "QPS Prishtinë"}.items():
        page.fill(f"#main [name={name}]", typed)
    page.check("input[name=consent][value=child]")
    page.select_option("select[name=also]", "sq" if language == "en" else "en")
    with page.context.expect_page() as opened:
        page.click("button[formaction$='paper.html']")
    letter = opened.value
    for said in (
        *map(texts.statement, told),
        "QPS Prishtinë",
        f"girl-{language}",
        *told.values(),
    ):
        expect(letter.locator("body")).to_contain_text(said)
    expect(letter.locator("script")).to_have_count(0)
    pdf = server.ask(path(page) + ".pdf", rev=page.get_attribute("#rev", "value"), also="")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")


def test_an_adult_alone_is_asked_and_may_refuse(windows):
    page = windows()
    begin(page)
    meet(page, "34", company="alone", works="yes", begs="no")
    expect(page.locator(".mode.ask"), "alone and adult: what tells most comes first").to_have_count(
        1
    )
    answer(page, "refused")
    answer(page, "unknown")
    follow(page, "nav.case button[value=all]", "/all")
    expect(page.locator(".s-refused")).to_have_count(1)
    expect(page.locator(".s-unknown")).to_have_count(1)
    assert page.locator("li.off").count() >= 15, (
        "nothing about begging is put to somebody who does not beg"
    )


def test_S4_an_age_in_doubt_is_a_child_who_cannot_be_represented_as_an_adult(windows):
    page = windows()
    begin(page)
    meet(page, "", certain="no", said={"representative": "nobody_yet"})
    assert page.locator("#main button[value=adult]").count() == 0
    expect(page).to_have_url(re.compile("/q/"))


def test_S8_where_it_is_not_safe_to_talk_nothing_is_asked_aloud(windows):
    page = windows()
    begin(page)
    meet(page, "9", said={"private": "no"})
    for _ in range(60):
        if "/q/" not in path(page):
            break
        expect(page.locator(".mode.ask")).to_have_count(0)
        answer(page, "unknown")
    expect(page).to_have_url(re.compile("/view$"))
    expect(page.locator("main")).to_contain_text("Nothing may be asked aloud now")


def test_an_interrupted_interview_goes_on_where_it_stood(windows, server):
    page = windows()
    begin(page, "interrupted")
    meet(page, "12")
    answer(page, "yes")
    waiting = path(page)
    context = page.context
    page.close()
    page = context.new_page()
    visit(page, server.address)
    follow(page, "text=interrupted", waiting)
    follow(page, "nav.case button[value=all]", "/all")
    expect(page.locator(".s-yes")).to_have_count(1)


def test_two_windows_on_one_case_see_each_other_and_overwrite_nothing(windows):
    one = windows()
    begin(one, "two")
    meet(one, "12")
    two = one.context.new_page()
    visit(two, one.url)
    for window in (one, two):
        expect(window.locator("#others")).to_be_visible()
        expect(window.locator("#others")).to_contain_text("another window")
    answer(one, "yes")
    expect(two.locator("#others")).to_contain_text("changed")
    answer(two, "no")
    versions = two.locator(".version")
    expect(versions).to_have_text([re.compile(r"^\s*yes"), re.compile(r"^\s*no")])
    follow(two, "text=Keep the other one")
    expect(two.locator("#note")).to_be_visible()
    follow(two, "nav.case button[value=all]", "/all")
    expect(two.locator(".s-yes")).to_have_count(1)
    expect(two.locator(".s-no"), "the no to danger").to_have_count(1)


def test_without_javascript_the_whole_way_works(windows):
    page = windows("sq", scripts=False)
    begin(page, "plain")
    meet(page, "9")
    first = path(page)
    page.fill("#note", "shënim")
    follow(page, ".languages button[value=sr]", first)
    expect(
        page.locator("#note"), "the words typed are still there in the other language"
    ).to_have_value("shënim")
    follow(page, "#main button[value=yes]")
    page.click(".now summary")
    expect(page.locator(".steps li").first).to_be_visible()
    follow(page, "nav.case button[value=judge]")
    page.check("input[name=finding][value=refer]")
    follow(page, "#main button.main", "/end")
    expect(page.locator("main")).to_contain_text("shënim")
    expect(page.locator("#alarm")).to_be_hidden()


def test_the_keyboard_alone_is_enough(windows):
    page = windows()
    tab_to(page, "focus.name === 'case_id'")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/precondition/0$"))
    with turning(page):
        page.keyboard.press("2")
    expect(page).to_have_url(re.compile("/person$"))
    tab_to(page, "focus.name === 'age'")
    page.keyboard.type("9")
    tab_to(page, "focus.name === 'age_certain'")
    page.keyboard.press(" ")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/precondition/5$"))
    with turning(page):
        page.keyboard.press("1")
    expect(page).to_have_url(re.compile("/before$"))
    for name in ("private", "interpreter", "may_stop", "agreement"):
        tab_to(page, f"focus.name === '{name}'")
        page.keyboard.press(" ")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/q/"))
    first = path(page)
    page.keyboard.press("n")
    page.keyboard.type("digits 1 2 3 are words here")
    tab_to(page, "focus.tagName !== 'TEXTAREA'")
    assert path(page) == first
    with turning(page):
        page.keyboard.press("1")
    with turning(page):
        page.keyboard.press("b")
    expect(page).to_have_url(re.compile(f"{first}$"))
    expect(page.locator("#note")).to_have_value("digits 1 2 3 are words here")
    expect(page.locator(".a-yes[aria-pressed]")).to_have_count(1)
    page.keyboard.press("d")
    expect(page.locator(".steps")).to_be_visible()
    tab_to(page, "focus.value === 'judge'")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/view$"))
    tab_to(page, "focus.name === 'finding'")
    page.keyboard.press("ArrowDown")
    tab_to(page, "focus.matches('#main button.main')")
    with turning(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/end$"))


PAGES = (
    "",
    "precondition/0",
    "precondition/5",
    "before",
    "person",
    "q/3",
    "q/40",
    "all",
    "check",
    "danger",
    "look",
    "view",
    "end",
    "paper",
    "file",
)


@pytest.fixture(scope="module")
def case(server: Running) -> str:
    """A case far enough for every page to have something on it."""
    desk = server.app.state.desk
    key = desk.begin(f"every-page-{uuid4().hex[:8]}")  # a module may come to one server twice

    def fill(now: Any) -> Any:
        for precondition, choice in {
            "danger": "no",
            "private": "no",
            "interpreter": "trusted",
            "may_stop": "yes",
            "agreement": "yes",
            "representative": "nobody_yet",
        }.items():
            now = now.precondition(precondition, choice)
        now = now.person("9", True, {"company": "family", "begs": "yes", "infant": "no"})
        for indicator, note in HER_ANSWERS.items():
            now = now.answer(indicator, Response(Answer.YES, "said", note))
        return (
            now.answer("infant_unnaturally_still", Response(Answer.YES))
            .leave_open("debt_bondage_now")
            .judge(Judgement("refer", "why"))
            .helped()  # a sign of danger opened help first
        )

    desk.save(key, Seen(0), fill)
    return key


def places(key: str) -> list[str]:
    return [
        "/",
        "/c/none/all",
        *(f"/c/{key}/{p}" for p in PAGES if p),
        "/blank",
    ]  # the last: it leaves


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_every_width_and_is_easy_to_touch(windows, server, case, width, language):
    page = windows(language, width)
    for place in places(case):
        visit(page, server.address + place)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        touched = "main button, main [role=button], nav.case button, summary, .leave"
        small = page.evaluate(
            "s => [...document.querySelectorAll(s)].filter(e => e.offsetParent &&"
            " e.getBoundingClientRect().height < 24).map(e => e.innerText)",
            touched,
        )
        assert small == [], place
        if "/q/" in place:
            assert (
                page.evaluate(
                    "Math.min(...[...document.querySelectorAll('#main .answers button')].map(e =>"
                    " e.getBoundingClientRect().height))"
                )
                >= 44
            )
        tiny = page.evaluate(
            "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.innerText &&"
            " e.offsetParent).map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert tiny >= 11, place


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_an_accessibility_fault_in_either_theme(windows, server, case, language):
    page = windows(language, 390)
    for place in places(case):
        visit(page, server.address + place)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert faults_in(page, language) == [], place


def test_the_page_of_two_answers_and_the_page_without_a_list_have_none_either(
    windows, chromium, server, tmp_path
):
    page = windows("sr", 360)
    begin(page)
    meet(page, "9")
    page.evaluate("document.getElementById('rev').value = 0")
    key, n = path(page).split("/")[2], int(path(page).split("/q/")[1])
    server.app.state.desk.save(key, Seen(99), lambda now: now.answer(IDS[n], Response(Answer.YES)))
    answer(page, "no")
    expect(page.locator(".version")).to_have_count(2)
    with (
        running("sq", Knowledge(str(tmp_path))) as broken,
        windows_of(chromium, broken) as others,
    ):
        without = others("sq", 360)
        expect(without.locator(".problem")).to_contain_text("K110")
        for shown in (page, without):
            assert faults_in_both_themes(shown) == []
            assert shown.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_language_has_one_heading_and_a_neutral_title(server, case, language):
    titles = set()
    for place in places(case):
        text = server.ask(place, language).text
        assert f'<html lang="{language}"' in text and text.count("<h1") == 1, place
        titles |= set(re.findall("<title>(.*?)</title>", text))
    assert len(titles) == 1 and titles <= {"Notes", "Shënime", "Beleške", "Белешке"}


def test_S7_danger_is_one_key_or_click_from_every_page_of_a_case(windows, server, case):
    page = windows()
    for place in places(case)[2:-1]:
        visit(page, server.address + place)
        page.keyboard.press("d")
        expect(page.locator(".steps"), place).to_be_visible()
        expect(page.locator(".steps"), place).to_contain_text("112")


@pytest.mark.parametrize(
    ("key", "code"), [("д", "KeyD"), ("Д", "KeyD"), ("в", "KeyD"), ("d", "KeyH")]
)
def test_keys_are_taken_as_a_cyrillic_keyboard_writes_them(windows, server, case, key, code):
    page = windows("sr-Cyrl")
    visit(page, server.address + places(case)[3])
    strike = (
        "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code,"
        " bubbles: true, cancelable: true }))"
    )
    page.evaluate(strike, ["х", "KeyH"])
    assert page.is_hidden(".steps"), "the listener has run: this letter means nothing"
    page.evaluate(strike, [key, code])
    expect(page.locator(".steps")).to_be_visible()
    expect(page.locator(".steps")).to_contain_text("112")


def test_the_note_is_reached_by_the_letter_that_the_cyrillic_page_shows(windows, server, case):
    page = windows("sr-Cyrl")
    visit(page, server.address + next(p for p in places(case) if "/q/" in p))
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'н', code: 'KeyN',"
        " bubbles: true, cancelable: true }))"
    )
    expect(page.locator("#note")).to_be_focused()
    visit(page, server.address)
    expect(page.locator("body")).to_contain_text("Esc двапут")


def test_esc_twice_leaves_at_once_and_keeps_nothing_in_the_browser(windows, server, case):
    page = windows()
    visit(page, f"{server.address}/c/{case}/q/40")
    answer(page, "no")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    escape(page)
    page.wait_for_url("about:blank")
    expect(page.locator("body")).to_be_empty()


def test_esc_leaves_from_inside_a_note_too_and_once_alone_does_not(windows, server, case):
    page = windows()
    visit(page, f"{server.address}/c/{case}/q/40")
    page.focus("#note")
    escape(page, apart=1200)
    expect(page.locator("#note"), "two that are apart are each alone").to_be_focused()
    assert path(page).endswith("/q/40")
    page.keyboard.press("Escape")
    page.wait_for_url("about:blank")


def test_a_note_is_saved_while_it_is_typed_and_the_page_says_so_truly(windows, server, case):
    page = windows()
    visit(page, f"{server.address}/c/{case}/q/41")
    note, status = page.locator("#note"), page.locator("#status")
    held: list[Any] = []
    page.route("**/q/41?draft=1", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/q/41?draft=1"):
        note.press_sequentially("half a")
    expect(status).to_have_text("Not saved yet")
    desk = server.app.state.desk
    note.press_sequentially(" sentence")  # while the beginning is on its way
    held[0].continue_()
    expect(status).to_contain_text(re.compile("^NOT SAVED if"))
    assert desk.interview(case).record.answers[IDS[41]].note == "half a sentence"
    ready(page)
    expect(page.locator("#rev")).to_have_value(str(desk.interview(case).record.revision))
    answer(page, "unknown")
    assert not path(page).endswith("/41")
    expect(page.locator(".version"), "the page's own saving is no other window").to_have_count(0)


def test_S24_a_held_key_a_double_tap_and_a_second_press_answer_one_question(windows, server, case):
    page = windows(width=390)
    desk = server.app.state.desk
    given = {i for i, r in desk.interview(case).record.answers.items()}
    visit(page, f"{server.address}/c/{case}/q/40")
    page.keyboard.down("2")  # the first press, then what a keyboard sends while it is held
    for _ in range(20):
        page.keyboard.down("2")
    page.keyboard.up("2")
    ready(page)
    now = desk.interview(case).record.answers
    assert len(set(now) - given) <= 1
    visit(page, f"{server.address}/c/{case}/q/41")
    page.evaluate("""() => { const yes = document.querySelector('.a-yes');
      yes.click(); document.querySelector('.a-no').click(); yes.click(); }""")
    ready(page)
    assert len(set(desk.interview(case).record.answers) - given) <= 2


def test_S24_without_javascript_a_page_that_answered_answers_nothing_more(server, case):
    desk, shown = server.app.state.desk, server.ask(f"/c/{case}/q/42").text
    fields = dict(re.findall(r'name="(tab|rev)" value="(\w+)"', shown))
    server.ask(f"/c/{case}/q/42", answer="no", **fields)
    before = desk.interview(case).record
    server.ask(f"/c/{case}/q/42", answer="yes", **fields)
    assert desk.interview(case).record == before
    again = dict(re.findall(r'name="(tab|rev)" value="(\w+)"', server.ask(f"/c/{case}/q/42").text))
    server.ask(f"/c/{case}/q/42", answer="yes", **again)
    name = list(desk.knowledge.checklist.indicators)[42]
    assert desk.interview(case).record.answers[name].answer == "yes", "a page shown again may"


def test_S24_a_finger_still_on_its_way_presses_nothing_with_or_without_scripts(
    windows, server, case
):
    for scripts in (True, False):
        page = windows(scripts=scripts)
        page.goto(f"{server.address}/c/{case}/q/43")
        names = page.locator(".answers button").first.evaluate(
            "b => b.getAnimations().map(a => [a.animationName, a.effect.getTiming().duration])"
        )
        assert names in ([["unseen", 600]], []), "over by now, or still running"
        page.locator(".answers button").first.wait_for()


def test_at_four_hundred_percent_a_question_can_be_seen_and_danger_is_one_tap(
    windows, server, case
):
    page = windows(width=320, height=200)
    visit(page, f"{server.address}/c/{case}/q/40")
    page.locator("h1").scroll_into_view_if_needed()
    title, window = page.locator("h1").bounding_box(), page.viewport_size
    assert title is not None and 0 <= title["y"] < window["height"] - 20
    hidden = page.evaluate(
        """() => { const b = document.querySelector('h1').getBoundingClientRect();
          return document.elementFromPoint(b.left + 5, b.top + 5)?.closest('header') !== null }"""
    )
    assert not hidden, "no bar lies over the question"
    page.click(".now summary")
    expect(page.locator(".now .helpnow")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_can_be_seen_is_ticked_by_keyboard_at_four_hundred_percent_with_and_without_scripts(
    windows, scripts
):
    page = windows(width=320, height=200, scripts=scripts)
    begin(page)
    nobody = {"representative": "nobody_yet"}
    meet(page, "9", "says_family", said=nobody, setting="street_night", begs="yes")
    expect(page).to_have_url(re.compile("/look$"))
    tab_to(page, "focus.name === 'see_others_answer'")
    page.keyboard.press(" ")
    box = page.locator("input[name=see_others_answer][type=checkbox]")
    expect(box).to_be_checked()
    expect(box).to_be_in_viewport(ratio=1)  # what has focus is seen: the page glides there
    with turning(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/view$"))
    follow(page, "main a[href$='/look']", "/look")
    expect(box).to_be_checked()


def test_S21_a_yes_to_a_sign_of_danger_opens_help_with_and_without_scripts(windows, server):
    for scripts in (True, False):
        page = windows(scripts=scripts, width=390)
        begin(page)
        meet(page, "34", company="alone")
        number = list(server.app.state.desk.knowledge.checklist.indicators).index("threats_now")
        visit(page, page.url.rsplit("/", 1)[0] + f"/{number}")
        answer(page, "yes")
        expect(page).to_have_url(re.compile("/danger$"))
        expect(page.locator("main .helpnow")).to_contain_text("112")
        follow(page, "a.onward")
        assert not path(page).endswith("/danger")
