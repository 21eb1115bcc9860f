"""The pocket edition in the person's own hands, and in those of somebody who should learn nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from support.axe import faults_in_both_themes
from support.pocket_screens import CODE, KOSOVO, hand_over, ready, tap

pytest_plugins = ["support.pocket_pages"]
pytestmark = pytest.mark.browser


def test_an_adult_hears_each_question_and_answers_with_pictures(handed: Page) -> None:
    hand_over(handed)
    texts = KOSOVO.texts("sq")
    for number in range(12):
        expect(handed.locator("main.v-hands button:enabled")).to_have_count(5)
        ready(handed)
        shown = handed.locator("body").inner_text()
        assert "trafik" not in shown.casefold()
        assert not any(
            texts.prompt(i, "ask", "adult") in shown
            for i in KOSOVO.indicators
            if texts.prompt(i, "ask", "adult")
        )
        assert not faults_in_both_themes(handed)
        answer = handed.locator(".skip" if number == 0 else ".two button >> nth=1")
        before = handed.evaluate("app.interview.answered()")
        answer.click()
        assert handed.evaluate("app.interview.answered()") == before + 1
    expect(handed.locator("main.v-handback")).to_be_visible()
    given = handed.evaluate(
        "Object.values(app.interview.record.answers).map((a) => [a.answer, a.basis])"
    )
    assert given.count(["no", "said"]) == 11
    assert ["refused", None] in given


def test_what_was_answered_comes_back_only_with_the_officers_code(handed: Page) -> None:
    hand_over(handed)
    expect(handed.locator("main.v-hands")).to_be_visible()
    handed.locator(".leave").click()  # one touch
    assert handed.locator("body").inner_text().split()[0] == "Shënime"
    handed.go_back()
    handed.keyboard.press("Escape")
    handed.keyboard.press("Escape")
    expect(handed.locator("main.v-blank")).to_be_visible()
    assert handed.locator("nav, header").count() == 0
    handed.fill("#f-way-back", "0000")
    handed.keyboard.press("Enter")
    expect(handed.get_by_role("alert")).to_be_visible()
    handed.fill("#f-way-back", CODE)
    handed.keyboard.press("Enter")
    expect(handed.locator("main.v-check")).to_be_visible()
    assert handed.locator("html").get_attribute("lang") == "en"


def test_S21_a_sign_of_danger_ends_it_and_the_officer_sees_help_first(handed: Page) -> None:
    hand_over(handed)
    expect(handed.locator("main.v-hands button:enabled")).to_have_count(5)
    handed.evaluate("app.go('hands', app.engine.places.get('threats_now'), false)")
    expect(handed.locator("main.v-hands button:enabled")).to_have_count(5)
    ready(handed)
    handed.locator(".two button").first.click()
    expect(handed.locator("main.v-handback")).to_be_visible()
    handed.fill("#f-way-back", CODE)
    handed.keyboard.press("Enter")
    expect(handed.locator("main.v-help")).to_be_visible()


def test_no_child_is_handed_the_phone_and_nothing_that_cannot_be_heard_is_put(handed: Page) -> None:
    tap(handed, "In the person's own hands")
    handed.check("input[name=heard-in][value=sr]")
    handed.fill("#f-code", CODE)
    tap(handed, "Hand over now")
    expect(handed.get_by_role("alert")).to_contain_text("Nothing can be heard")
    handed.evaluate("app.interview.person(34, false, {}); app.go('start')")
    assert handed.get_by_role("button", name="In the person's own hands").count() == 0
    handed.evaluate("app.go('handover')")
    assert handed.get_by_role("button", name="Hand over now").count() == 0


# -- somebody who should learn nothing -------------------------------------------------------------

TELLING = ("traffick", "trafik", "exploit", "screening", "police", "polic", "danger", "rrezik")


def says_nothing(page: Page) -> None:
    """What a bystander can see or be told of the page: title, address, words, names of pictures."""
    told = page.evaluate(
        "[document.title, location.hash, location.search, document.body.innerText,"
        " ...[...document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')].flatMap("
        " (e) => ['aria-label', 'title', 'alt', 'placeholder'].map((a) => e.getAttribute(a) ?? ''))]"
        ".join(' ').toLowerCase()"
    )
    assert not [word for word in TELLING if word in told]
    statements = (
        KOSOVO.texts(lang).statement(i) for lang in ("en", "sq") for i in KOSOVO.indicators
    )
    assert not [words for words in statements if words and words.lower() in told]
    assert page.locator("header, nav").count() == 0


def handed_over(page: Page) -> None:
    hand_over(page)
    expect(page.locator("main.v-hands button:enabled")).to_have_count(5)


def test_no_page_in_other_hands_says_what_it_is(handed: Page) -> None:
    handed_over(handed)
    says_nothing(handed)
    ready(handed)
    handed.locator(".two button").nth(1).click()
    expect(handed.locator("main.v-hands button:enabled")).to_have_count(5)
    handed.evaluate("app.go('handback', null, false)")
    says_nothing(handed)
    handed.evaluate("app.leave()")
    says_nothing(handed)
    assert handed.title() == "Notes"
    assert handed.url.endswith("/pocket.html")


def test_one_touch_leaves_at_once_although_the_page_is_new(handed: Page) -> None:
    handed_over(handed)
    handed.evaluate("app.draw()")
    handed.locator("main .leave").click()
    assert handed.locator("main.v-blank").count() == 1


def test_the_way_back_and_forward_shows_nothing_more(handed: Page) -> None:
    handed_over(handed)
    for _ in range(4):
        handed.go_back()
        expect(handed.locator("main.v-hands")).to_be_visible()
        says_nothing(handed)
    handed.go_forward()
    says_nothing(handed)
    handed.locator("main .leave").click()
    for _ in range(4):
        handed.go_back()
        expect(handed.locator("main.v-blank")).to_be_visible()
    handed.keyboard.press("Alt+ArrowLeft")
    expect(handed.locator("main.v-blank")).to_be_visible()
    says_nothing(handed)


def test_a_page_that_is_loaded_anew_in_other_hands_stays_a_page_for_notes(handed: Page) -> None:
    handed_over(handed)
    ready(handed)
    handed.locator(".two button").nth(1).click()
    for load in ("reload", "reload", "go_back", "reload", "go_forward", "reload"):
        getattr(handed, load)()
        expect(handed.locator("main.v-blank")).to_be_visible()
        says_nothing(handed)
        assert handed.locator("body").inner_text().split() == ["Notes"]
        assert handed.locator("button, input").count() == 0
        assert not handed.evaluate("app.interview.record.changes.length")
    handed.keyboard.press("Escape")
    handed.keyboard.press("Escape")
    handed.evaluate("location.hash = '#finding'")
    expect(handed.locator("main.v-blank")).to_be_visible()
    handed.goto("about:blank")
    handed.go_back()
    expect(handed.locator("main.v-blank")).to_be_visible()
    anew = handed.context.new_page()  # as the officer opens the file again
    anew.goto(handed.url.partition("#")[0])
    expect(anew.locator("main.v-start")).to_be_visible()
    assert not anew.evaluate("app.interview.record.changes.length")


def test_nothing_is_in_any_storage_before_during_or_after(handed: Page) -> None:
    stored = (
        "(async () => { const n = (f) => { try { return f() } catch { return 0 } }; return ["
        "n(() => localStorage.length), n(() => sessionStorage.length), document.cookie.length,"
        "(await indexedDB.databases().catch(() => [])).length,"
        "JSON.stringify(history.state ?? null), window.name] })()"
    )
    assert handed.evaluate(stored) == [0, 0, 0, 0, "null", ""]
    handed_over(handed)
    assert handed.evaluate(stored) == [0, 0, 0, 0, "null", "notes"]
    handed.locator("main .leave").click()
    handed.fill("#f-way-back", CODE)
    handed.keyboard.press("Enter")
    expect(handed.locator("main.v-check")).to_be_visible()
    assert handed.evaluate(stored) == [0, 0, 0, 0, "null", ""]


@pytest.mark.parametrize("code", ["1234", "9876", "0000", "1122", "abcd", "123"])
def test_a_code_that_is_tried_first_is_not_taken(handed: Page, code: str) -> None:
    tap(handed, "In the person's own hands")
    handed.check("input[name=heard-in][value=sq]")
    handed.fill("#f-code", code)
    tap(handed, "Hand over now")
    expect(handed.get_by_role("alert")).to_be_visible()
    assert handed.locator("main.v-handover").count() == 1


def test_codes_that_are_tried_by_hand_have_to_wait_and_the_right_one_too(handed: Page) -> None:
    handed_over(handed)
    handed.locator("main .leave").click()
    handed.clock.install()
    said = handed.get_by_role("alert")

    def attempt(code: str) -> None:
        handed.fill("#f-way-back", code)
        handed.keyboard.press("Enter")

    for wrong in ("7390", "7391 ", "", "７３９１", "1937"):
        attempt(wrong)
        expect(said).to_have_text("Kod i gabuar.")
    attempt(CODE)  # at once after five wrong ones: not even this
    expect(said).to_have_text("Prisni gjysmë minute.")
    handed.evaluate("app.leave()")  # drawn anew, and no more attempts for it
    attempt(CODE)
    expect(said).to_have_text("Prisni gjysmë minute.")
    handed.clock.fast_forward(31_000)
    attempt("7392")
    expect(said).to_have_text("Kod i gabuar.")
    attempt(CODE)
    expect(said).to_have_text("Prisni gjysmë minute.")
    handed.clock.fast_forward(31_000)
    attempt(CODE)
    expect(handed.locator("main.v-check")).to_be_visible()


# Recordings and voices that tell what was done with them
_WATCHED = """
window.heard = [];
window.Audio = class {
  set src(name) { this.name = name; setTimeout(() => this.oncanplaythrough(), window.slow ?? 0); }
  play() { heard.push("play " + this.name); return Promise.resolve(); }
  pause() { heard.push("pause"); }
  removeAttribute(name) { this.name = ""; heard.push("gone"); }
  load() {}
};
0
"""


def test_leaving_silences_a_question_for_good_even_one_that_has_not_begun(handed: Page) -> None:
    handed.evaluate(_WATCHED)
    hand_over(handed)
    expect(handed.locator("main.v-hands button:enabled")).to_have_count(5)
    handed.evaluate("heard.length = 0; slow = 300")
    handed.locator(".hear").click()
    handed.locator("main .leave").click()
    assert handed.evaluate("heard") == ["pause", "gone"]  # no key of the headphones plays it again
    handed.evaluate("new Promise((done) => setTimeout(done, 2 * slow))")
    assert handed.evaluate("heard") == ["pause", "gone"]


def test_a_page_that_is_put_away_is_silent(handed: Page) -> None:
    handed.evaluate(_WATCHED)
    hand_over(handed)
    expect(handed.locator("main.v-hands button:enabled")).to_have_count(5)
    handed.evaluate(
        "heard.length = 0; Object.defineProperty(document, 'hidden', { get: () => true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert handed.evaluate("heard") == ["pause", "gone"]


def test_a_voice_that_would_send_the_question_away_is_not_used(handed: Page) -> None:
    handed.evaluate(
        "speechSynthesis.getVoices = () => [{ lang: 'sr-RS', localService: false, name: 'far' }]"
    )
    tap(handed, "In the person's own hands")
    handed.check("input[name=heard-in][value=sr]")
    handed.fill("#f-code", CODE)
    tap(handed, "Hand over now")
    expect(handed.get_by_role("alert")).to_contain_text("Nothing can be heard")
