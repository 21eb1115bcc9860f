"""The interview as a person takes it, in a real browser, against a real server on this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from screening.answers import Answer, Response
from screening.checklist import load_checklist
from screening.i18n import LANGUAGES
from screening.interview import Judgement
from screening.web.interview.cases import Knowledge, Seen
from support.axe import faults_in_both_themes
from support.web import (
    HER_ANSWERS,
    Running,
    answer,
    answer_all,
    begin,
    go_on,
    note_person,
    pass_gates,
    path,
    running,
    windows_of,
)

pytestmark = pytest.mark.browser

KOSOVO = load_checklist("kosovo")
IDS = list(KOSOVO.indicators)
WORDS = "ngjyra mali traktor dritare liqen gur"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as here:
        yield here


@pytest.fixture
def windows(chromium: Any, server: Running) -> Iterator[Any]:
    with windows_of(chromium, server) as another:
        yield another


def cyrillic_share(text: str) -> float:
    letters = re.findall(r"[^\W\d_]", text)
    return sum("Ѐ" <= c <= "ӿ" for c in letters) / len(letters)


def to_the_finding(page: Any, own: str = "refer") -> None:
    page.wait_for_url("**/view")
    page.check(f"input[name=finding][value={own}]")
    page.fill("textarea[name=why]", "She looks at him first.")
    page.click("#main button.main")
    page.wait_for_url("**/end")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_found_begging_with_her_uncle_from_danger_gate_to_letter(windows, language):
    page = windows(language, 390)
    begin(page, f"girl-{language}")
    pass_gates(page)
    note_person(page, "9", begs="yes")
    put = answer_all(page, IDS, HER_ANSWERS)
    assert 5 < put < 60
    to_the_finding(page, "look_further")
    texts = KOSOVO.texts(language)
    finding = page.inner_text("h1.finding")
    assert finding in {texts.get("findings", f, "label") for f in ("refer", "act_now")}, (
        "family with the child changed nothing"
    )
    body = page.inner_text("main")
    assert (
        "Uncle puts me here." in body and texts.get("steps", "call_csw_child", "text")[:40] in body
    )
    share = cyrillic_share(body.replace("Uncle puts me here.", ""))
    assert share > 0.8 if language == "sr-Cyrl" else share == 0
    page.check("input[name=finding][value=refer]")
    page.click("#main button")
    page.wait_for_selector(".kept")
    page.click("#main ~ .actions button[value=paper]")
    page.wait_for_url("**/paper")
    page.fill("textarea[name=from]", "Stacioni 3")
    page.fill("textarea[name=to]", "QPS Prishtinë")
    page.check("input[name=consent][value=child]")
    page.select_option("select[name=beside]", "sq" if language == "en" else "en")
    with page.context.expect_page() as opened:
        page.click("button[formaction$='paper.html']")
    letter = opened.value
    letter.wait_for_load_state()
    said = letter.inner_text("body")
    assert (
        texts.statement("sent_and_placed") in said
        and "QPS Prishtinë" in said
        and f"girl-{language}" in said
        and "Uncle puts me here." in said
    )
    assert letter.locator("script").count() == 0
    fields = {"rev": page.get_attribute("#rev", "value"), "beside": ""}
    pdf = page.context.request.post(
        page.url + ".pdf", form=fields, headers={"origin": page.evaluate("location.origin")}
    )
    assert pdf.ok and pdf.body().startswith(b"%PDF")


def test_an_adult_alone_is_asked_and_may_refuse(windows):
    page = windows()
    begin(page)
    pass_gates(page, representative="adult")
    note_person(page, "34", company="alone", works="yes", begs="no")
    assert page.locator(".mode.ask").count() == 1, "alone and adult: what tells most comes first"
    answer(page, "refused")
    answer(page, "unknown")
    page.click("nav.case button[value=all]")
    page.wait_for_url("**/all")
    assert page.locator(".s-refused").count() == page.locator(".s-unknown").count() == 1
    assert page.locator("li.off").count() >= 15, (
        "nothing about begging is put to somebody who does not beg"
    )


def test_S4_an_age_in_doubt_is_a_child_who_cannot_be_represented_as_an_adult(windows):
    page = windows()
    begin(page)
    pass_gates(page, representative="adult")
    note_person(page, "", certain="no")
    page.wait_for_url("**/gate/5")
    page.click("#main button[value=nobody_yet]")
    page.wait_for_url("**/q/**")


def test_S8_where_it_is_not_safe_to_talk_nothing_is_asked_aloud(windows):
    page = windows()
    begin(page)
    pass_gates(page, private="no")
    note_person(page, "9")
    for _ in range(60):
        if "/q/" not in path(page):
            break
        assert page.locator(".mode.ask").count() == 0
        answer(page, "unknown")
    page.wait_for_url("**/view")
    assert "Nothing may be asked aloud now" in page.inner_text("main")


def test_an_interrupted_interview_goes_on_where_it_stood(windows, server):
    page = windows()
    begin(page, "interrupted")
    pass_gates(page)
    note_person(page, "12")
    answer(page, "yes")
    waiting = path(page)
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(server.address)
    page.click("text=interrupted")
    page.wait_for_url("**/q/**")
    assert path(page) == waiting
    page.click("nav.case button[value=all]")
    page.wait_for_url("**/all")
    assert page.locator(".s-yes").count() == 1


def test_two_windows_on_one_case_see_each_other_and_overwrite_nothing(windows):
    one = windows()
    begin(one, "two")
    pass_gates(one)
    note_person(one, "12")
    one.wait_for_url("**/q/**")
    two = one.context.new_page()
    two.goto(one.url)
    for window in (one, two):
        window.wait_for_selector("#others:not([hidden])")
    assert "another window" in one.inner_text("#others") and "another window" in two.inner_text(
        "#others"
    )
    answer(one, "yes")
    two.wait_for_function("() => document.querySelector('#others').innerText.includes('changed')")
    two.click("#main button[name=answer][value=no]")
    two.wait_for_selector(".version")
    assert [v.split(" (")[0] for v in two.locator(".version").all_inner_texts()] == ["yes", "no"]
    two.click("text=Keep the other one")
    two.wait_for_selector("#note")
    two.click("nav.case button[value=all]")
    two.wait_for_url("**/all")
    assert two.locator(".s-yes").count() == 1 and two.locator(".s-no").count() == 1, (
        "the yes, and the no to danger"
    )


def test_without_javascript_the_whole_way_works(windows):
    page = windows("sq", java_script_enabled=False)
    page.fill("input[name=case_id]", "plain")
    page.click('form[action="/new"] button')
    for choice in ("no", "yes", "not_needed", "yes", "yes", "social_worker"):
        page.click(f"#main button[value={choice}]")
    page.fill("input[name=age]", "9")
    page.check("input[name=age_certain][value=yes]")
    page.click("#main button.main")
    first = page.url
    page.fill("#note", "shënim")
    page.click(".languages button[value=sr]")
    assert page.url == first and page.input_value("#note") == "shënim", (
        "the words typed are still there in the other language"
    )
    page.click("#main button[value=yes]")
    page.click(".now summary")
    assert page.is_visible(".steps li >> nth=0")
    page.click("nav.case button[value=judge]")
    page.check("input[name=finding][value=refer]")
    page.click("#main button.main")
    assert page.url.endswith("/end") and "shënim" in page.inner_text("main")
    assert page.locator("#alarm").is_hidden()


def test_the_keyboard_alone_is_enough(windows):
    page = windows()
    page.wait_for_function("() => window.htmx")
    press(page, "document.activeElement.name === 'case_id'")
    page.keyboard.press("Enter")
    for n, digit in enumerate("211112"):
        page.wait_for_url(f"**/gate/{n}")
        page.keyboard.press(digit)
    page.wait_for_url("**/person")
    press(page, "document.activeElement.name === 'age'")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.wait_for_url("**/q/**")
    first = path(page)
    page.keyboard.press("n")
    page.keyboard.type("digits 1 2 3 are words here")
    assert path(page) == first
    press(page, "document.activeElement.tagName !== 'TEXTAREA'")
    page.keyboard.press("1")
    go_on(page, first)
    page.keyboard.press("b")
    page.wait_for_url(f"**{first}")
    assert (
        page.input_value("#note") == "digits 1 2 3 are words here"
        and page.locator(".a-yes[aria-pressed]").count() == 1
    )
    page.keyboard.press("d")
    assert page.is_visible(".steps")
    press(page, "document.activeElement.value === 'judge'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/view")
    press(page, "document.activeElement.name === 'finding'")
    page.keyboard.press("ArrowDown")
    press(page, "document.activeElement.matches('#main button.main')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/end")


def press(page: Any, until: str, most: int = 60) -> None:
    """Tab until a condition holds; what is focused must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(until):
            return
    raise AssertionError(f"Tab never reached: {until}")


PAGES = ("", "gate/0", "person", "q/3", "q/40", "all", "danger", "view", "end", "paper", "file")


@pytest.fixture(scope="module")
def case(server: Running) -> str:
    """A case far enough for every page to have something on it."""
    desk = server.app.state.desk
    key = desk.begin("every-page")

    def fill(now: Any) -> Any:
        for gate, choice in {
            "danger": "no",
            "private": "no",
            "interpreter": "trusted",
            "may_stop": "yes",
            "agreement": "yes",
            "representative": "nobody_yet",
        }.items():
            now = now.gate(gate, choice)
        now = now.person("9", True, {"company": "family", "begs": "yes", "infant": "no"})
        for indicator, note in HER_ANSWERS.items():
            now = now.answer(indicator, Response(Answer.YES, "said", note))
        return (
            now.answer("infant_unnaturally_still", Response(Answer.YES))
            .leave_open("debt_bondage_now")
            .judge(Judgement("refer", "why"))
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
        page.goto(server.address + place)
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
        page.goto(server.address + place)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert faults_in_both_themes(page) == [], place


def test_the_page_of_two_answers_and_the_page_without_a_list_have_none_either(
    windows, chromium, server, tmp_path
):
    page = windows("sr", 360)
    begin(page)
    pass_gates(page)
    note_person(page, "9")
    page.evaluate("document.getElementById('rev').value = 0")
    old = server.app.state.desk
    key = path(page).split("/")[2]
    n = int(path(page).split("/q/")[1])
    old.save(key, Seen(99), lambda now: now.answer(IDS[n], Response(Answer.YES)))
    page.click("#main button[value=no]")
    page.wait_for_selector(".version")
    with running("sq", Knowledge(str(tmp_path))) as broken:
        other = chromium.new_context(viewport={"width": 360, "height": 800})
        other.add_cookies([broken.cookie])
        without = other.new_page()
        without.goto(broken.address)
        assert "K110" in without.inner_text(".problem")
        for shown in (page, without):
            assert (
                faults_in_both_themes(shown) == []
                and shown.evaluate("document.documentElement.scrollWidth") <= 360
            )
        other.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_language_has_one_heading_and_a_neutral_title(server, case, language):
    cookies = {server.keys.cookie: server.keys.session, "notes_language": language}
    titles = set()
    for place in places(case):
        text = httpx.get(server.address + place, cookies=cookies, follow_redirects=True).text
        assert f'<html lang="{language}"' in text and text.count("<h1") == 1, place
        titles |= set(re.findall("<title>(.*?)</title>", text))
    assert len(titles) == 1 and titles <= {"Notes", "Shënime", "Beleške", "Белешке"}


def test_S7_danger_is_one_key_or_click_from_every_page_of_a_case(windows, server, case):
    page = windows()
    for place in places(case)[2:-1]:
        page.goto(server.address + place)
        page.keyboard.press("d")
        assert "192" in page.inner_text(".steps"), place


@pytest.mark.parametrize(
    ("key", "code"), [("д", "KeyD"), ("Д", "KeyD"), ("в", "KeyD"), ("d", "KeyH")]
)
def test_keys_are_taken_as_a_cyrillic_keyboard_writes_them(windows, server, case, key, code):
    page = windows("sr-Cyrl")
    page.goto(server.address + places(case)[3])
    strike = (
        "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code,"
        " bubbles: true, cancelable: true }))"
    )
    page.evaluate(strike, ["х", "KeyH"])
    assert page.is_hidden(".steps")
    page.evaluate(strike, [key, code])
    assert page.is_visible(".steps") and "192" in page.inner_text(".steps")


def test_the_note_is_reached_by_the_letter_that_the_cyrillic_page_shows(windows, server, case):
    page = windows("sr-Cyrl")
    page.goto(server.address + next(p for p in places(case) if "/q/" in p))
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'н', code: 'KeyN',"
        " bubbles: true, cancelable: true }))"
    )
    assert page.evaluate("document.activeElement.id") == "note"
    page.goto(server.address)
    assert "Esc двапут" in page.inner_text("body", timeout=5000) or "Esc двапут" in page.evaluate(
        "document.body.textContent"
    )


def test_esc_twice_leaves_at_once_and_keeps_nothing_in_the_browser(windows, server, case):
    page = windows()
    page.goto(f"{server.address}/c/{case}/q/40")
    page.wait_for_function("() => window.htmx")
    page.click("#main button[value=no]")
    page.wait_for_selector("h1")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("about:blank")
    assert page.inner_text("body") == ""


def test_esc_leaves_from_inside_a_note_too_and_once_alone_does_not(windows, server, case):
    page = windows()
    page.goto(f"{server.address}/c/{case}/q/40")
    page.focus("#note")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1200)
    page.keyboard.press("Escape")
    assert "/q/40" in page.url
    page.keyboard.press("Escape")
    page.wait_for_url("about:blank")


def test_a_note_is_saved_while_it_is_typed_and_the_page_says_so_truly(windows, server, case):
    page = windows()
    page.goto(f"{server.address}/c/{case}/q/41")
    page.wait_for_function("() => window.htmx")
    page.type("#note", "half a sen", delay=5)
    assert page.inner_text("#status") == "Not saved yet"
    page.wait_for_function("() => document.querySelector('#status').innerText.startsWith('Saved')")
    desk = server.app.state.desk
    assert desk.interview(case).record.answers[IDS[41]].note == "half a sen"
    assert page.input_value("#rev") == str(desk.interview(case).record.revision)
    page.click("#main button[value=unknown]")
    page.wait_for_function("() => !location.pathname.endsWith('/41')")
    assert page.locator(".version").count() == 0, "the page's own saving is no other window"


# -- a program of its own, that can be killed ------------------------------------------------------


class Program:
    """`screening serve` as a person starts it."""

    def __init__(self, home: Path) -> None:
        env = {**os.environ, "HOME": str(home), "TMPDIR": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "screening", "serve", "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd=home,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    def end(self, how: int = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(15)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Any]:
    started = []

    def start() -> Program:
        started.append(Program(tmp_path))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


def test_the_program_killed_mid_way_is_seen_at_once_and_nothing_is_called_saved(chromium, program):
    running_program = program()
    page = chromium.new_context().new_page()
    page.goto(running_program.address)
    page.wait_for_function("() => window.htmx")
    begin(page)
    pass_gates(page)
    note_person(page, "9")
    page.wait_for_url("**/q/**")
    assert page.inner_text("#status").startswith("Saved")
    place = page.url
    running_program.end(signal.SIGKILL)
    page.wait_for_selector("#alarm:not([hidden])", timeout=8000)
    page.fill("#note", "what she said")
    page.click("#main button[value=yes]")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1500)
    assert page.url == place and page.input_value("#note") == "what she said", (
        "the words stay where they can be copied"
    )
    assert "Nothing more is being saved" in page.inner_text(
        "#alarm"
    ) and "Saved" not in page.inner_text("#status")
    page.click(".now summary")
    assert "192" in page.inner_text(".steps"), "what to do in danger needs no program"


def test_to_end_the_program_with_a_case_in_memory_takes_two_ctrl_c(chromium, program):
    one = program()
    page = chromium.new_context().new_page()
    page.goto(one.address)
    begin(page)
    page.click("#main button[value=no]")
    page.wait_for_url("**/gate/1")
    one.process.send_signal(signal.SIGINT)
    assert "in memory only" in one.process.stderr.readline()
    assert "/?token=" in one.process.stderr.readline()
    page.click("#main button[value=yes]")
    page.wait_for_url("**/gate/2")
    one.process.send_signal(signal.SIGINT)
    assert one.process.wait(15) == 0 and one.process.stderr.read() == ""


def test_an_address_that_is_taken_is_one_plain_line(program, tmp_path):
    port = program().address.split(":")[2].split("/")[0]
    ran = subprocess.run(
        [sys.executable, "-m", "screening", "serve", "--no-browser", "--port", port],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=30,
    )
    assert (
        ran.returncode == 2
        and "U303" in ran.stderr
        and ran.stdout == ""
        and len(ran.stderr.splitlines()) == 1
    )


def test_a_case_saved_to_its_file_is_opened_after_a_restart_and_nothing_else_is_on_the_disk(
    chromium, program, tmp_path
):
    first = program()
    page = chromium.new_context(accept_downloads=True).new_page()
    page.goto(first.address)
    begin(page, "kept-case")
    pass_gates(page)
    note_person(page, "9")
    page.wait_for_url("**/q/**")
    page.fill("#note", "a secret sentence")
    answer(page, "yes")
    waiting = path(page)
    page.click("nav.case button[value=file]")
    page.wait_for_url("**/file")
    page.fill("input[name=passphrase]", WORDS)
    page.fill("input[name=again]", WORDS)
    with page.expect_download() as download:
        page.click("#main button")
    saved = tmp_path / "notes.case"
    download.value.save_as(saved)
    page.click(".handed button")
    page.wait_for_function("() => !document.querySelector('.handed')")
    assert "file" in page.inner_text("#status") and "not" not in page.inner_text("#status")
    first.end()
    for file in (f for f in tmp_path.rglob("*") if f.is_file()):
        content = file.read_bytes()
        assert b"secret sentence" not in content and b"kept-case" not in content, file.name
    second = program()
    page = chromium.new_context().new_page()
    page.goto(second.address)
    damaged = tmp_path / "damaged.case"
    damaged.write_bytes(saved.read_bytes()[:-40] + b"x" + saved.read_bytes()[-39:])
    for file, words, says in (
        (saved, WORDS + "x", "U311"),
        (damaged, WORDS, "U312"),
        (saved, WORDS, ""),
    ):
        page.set_input_files("input[name=file]", file)
        page.fill("input[name=passphrase]", words)
        page.click('form[action="/open"] button')
        page.wait_for_load_state()
        if says:
            assert says in page.inner_text(".problem")
    page.wait_for_url("**/q/**")
    assert path(page).split("/q/")[1] == waiting.split("/q/")[1], (
        "the interview goes on with the same question"
    )
    page.click("nav.case button[value=all]")
    page.wait_for_url("**/all")
    assert page.locator(".s-yes").count() == 1
