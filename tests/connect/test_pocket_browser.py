"""The pocket edition in a real browser, opened from its file: its engine equals ours, and its screens
keep the rules that every face keeps.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import shutil
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from playwright.sync_api import Page, expect

from screening.casebook.sealed import open_sealed
from screening.checklist import load_checklist, load_vignettes, load_weights
from screening.checklist.vignettes import vignette_ids
from screening.connect.pocket import LARGEST, pocket_html
from screening.connect.pocket.textcode import read_text
from screening.contacts import Contacts, contacts
from screening.errors import CaseError, UsageError
from screening.i18n import LANGUAGES
from screening.interview import Interview, Record, load_protocol
from support.axe import faults_in_both_themes
from support.pocket import astray, differences, drawn, knowing, meetings, opened
from support.strategies import case_lists, checklists, weight_sets

pytestmark = pytest.mark.browser

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)


def whom(language: str) -> Contacts:
    """Whom to call where the station filled in nothing."""
    return contacts(KOSOVO, language, Path("nothing-filled-in.yaml"))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pocket") / "pocket.html"
    path.write_text(pocket_html(KOSOVO, WEIGHTS, whom), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def engine(chromium: Any, file: Path) -> Iterator[Page]:
    page = opened(chromium, file)
    yield page
    page.context.close()


@pytest.fixture
def page(chromium: Any, file: Path) -> Iterator[Page]:
    """The page on a small phone; anything that it asks of a network fails the test."""
    page = opened(chromium, file, viewport={"width": 360, "height": 740}, locale="en-GB")
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("pageerror", lambda e: broken.append(str(e)))
    page.on("console", lambda m: broken.append(m.text) if m.type == "error" else None)
    page.on("dialog", lambda d: d.accept())
    yield page
    page.context.close()
    assert not [url for url in asked if not url.startswith(("file:", "blob:"))]
    assert not broken


def ready(page: Page) -> None:
    expect(page.locator("main[data-ready]")).to_have_count(1)


def tap(page: Page, name: str) -> None:
    ready(page)
    page.get_by_role("button", name=name, exact=True).first.click()


def seen(page: Page) -> str:
    """Which view is shown."""
    return (page.locator("main").get_attribute("class") or "").removeprefix("v-")


def meet(page: Page, age: str, danger: str = "No", **facts: str) -> None:
    """From the start to the questions."""
    tap(page, "Begin")
    tap(page, danger)
    if danger != "No":
        tap(page, "Go on")
    page.fill("#f-age", age)
    page.check("input[name=certain][value=yes]")
    for fact, choice in facts.items():
        page.check(f"input[name=fact-{fact}][value={choice}]")
    tap(page, "Go on")


def ask_all(page: Page, answer: str = "No", most: int = 40) -> list[str]:
    """Answer until no question comes; how each was to be established."""
    modes = []
    for _ in range(most):
        ready(page)
        if seen(page) != "question":
            break
        modes.append(page.locator(".mode").inner_text())
        tap(page, answer)
    return modes


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


def test_one_small_file_that_names_nothing_outside_itself(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    assert "default-src 'none'" in html.unescape(text)
    assert not re.findall(r"(?:src|href)=[\"'](?!data:|tel:)", text.split('id="knowledge"')[0])
    assert "localStorage" not in text
    assert "document.cookie" not in text


def test_the_same_list_gives_the_same_file(file: Path) -> None:
    assert pocket_html(KOSOVO, WEIGHTS, whom) == file.read_text(encoding="utf-8")


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
    modes = ask_all(page)
    assert len(modes) == 5  # as many as the list says for a street at night
    assert not [m for m in modes if m.startswith("Ask")]
    assert seen(page) == "check"


def settle_before_asking(page: Page) -> None:
    for choice in (
        "Yes, we are out of hearing",
        "No interpreter needed",
        "Yes, said and understood",
    ):
        tap(page, choice)
    page.locator("fieldset", has_text="agree to talk").get_by_role(
        "button", name="Yes", exact=True
    ).click()
    tap(page, "Go on")


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
    tap(page, "More questions")
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


VIEWS = [
    "start",
    "help",
    "person",
    "ageless",
    "before",
    "check",
    "judgement",
    "list",
    "card",
    "contacts",
    "forget",
    "blank",
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_sound_for_a_screen_reader_and_a_thumb(page: Page, language: str) -> None:
    page.click(f"header [lang={language}]")
    page.evaluate(
        "app.interview.answer('danger_now', {answer: 'no'}); app.interview.person(15, true, {})"
    )
    shown = [(view, None) for view in VIEWS]
    shown += [
        ("precondition", "danger"),
        ("precondition", "representative"),
        ("question", 5),
        ("question", 60),
    ]
    found = []
    for view, arg in [*shown, ("finding", None)]:
        if view == "finding":
            page.evaluate("app.interview.judge('refer', '')")
        page.evaluate("([v, a]) => app.go(v, a)", [view, arg])
        found += [(view, fault) for fault in faults_in_both_themes(page)]
        small = page.evaluate(
            "[...document.querySelectorAll('button, input, textarea, summary, fieldset label, .call')]"
            ".filter((e) => e.offsetParent && e.type !== 'radio')"
            ".map((e) => [e.textContent, e.getBoundingClientRect()])"
            ".filter(([, r]) => r.height < 48 || r.width < 48).map(([t]) => t)"
        )
        found += [(view, small)] if small else []
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [(view, f"{wide} px too wide")] if wide > 0 else []
    assert not found


# -- leaving the phone -----------------------------------------------------------------------------

PASSPHRASE = "biduno zelagi mopatu"


def met(page: Page, note: str = "Ujku më vë këtu; ујак.") -> None:
    """A girl of nine with an answer, a note and the officer's view."""
    meet(page, "9", company="others", begs="yes")
    tap(page, "Nobody yet")
    page.evaluate(
        "note => { app.interview.answer('sent_and_placed', {answer: 'yes', basis: 'said', note});"
        " app.interview.answer('out_of_school', {answer: 'refused'});"
        " app.interview.answer('daily_quota', {answer: 'not_asked'});"
        " app.interview.judge('refer', 'She looks at him first.'); app.go('start'); }",
        note,
    )


def same(record: Record, page: Page) -> None:
    """The record is what the page has, and scores alike on the laptop."""
    there = page.evaluate("app.interview.record")
    made = record.to_dict()
    assert {k: v for k, v in made.items() if k != "changes"} == {
        k: v for k, v in there.items() if k != "changes"
    }
    interview = Interview(KOSOVO, WEIGHTS, load_protocol(KOSOVO), record)
    assert interview.same_list
    ours, theirs = interview.scored(), page.evaluate("app.interview.score()")
    assert (ours.finding, ours.points) == (theirs["finding"], theirs["points"])


def test_what_the_phone_saves_the_laptop_opens(page: Page, tmp_path: Path) -> None:
    met(page)
    tap(page, "Save an encrypted file")
    page.fill("#f-passphrase", PASSPHRASE)
    ready(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save", exact=True).click()
    path = tmp_path / "her.case"
    download.value.save_as(path)
    content = path.read_bytes()
    assert b"sent_and_placed" not in content
    record = Record.from_dict(open_sealed(content, PASSPHRASE))
    same(record, page)
    assert record.changes[-1].what == "judgement"
    with pytest.raises(UsageError, match="U311"):
        open_sealed(content, PASSPHRASE + "x")
    with pytest.raises(UsageError, match="U312"):
        open_sealed(content[:200] + b"\0" + content[201:], PASSPHRASE)
    tap(page, "Menu")
    expect(page.get_by_text("NOT SAVED if you close this page.")).to_be_hidden()
    tap(page, "Forget this case")
    tap(page, "Forget it")
    tap(page, "Open a saved file")
    page.set_input_files("#f-file", path)
    page.fill("#f-opening", "something else entirely")
    tap(page, "Open this file")
    expect(page.get_by_role("alert")).to_contain_text("Wrong passphrase")
    page.fill("#f-opening", PASSPHRASE)
    tap(page, "Open this file")
    expect(page.locator("main.v-start")).to_be_visible()
    same(record, page)


def test_a_file_from_a_phone_may_not_ask_for_little_work(page: Page) -> None:
    met(page)
    made = bytes(
        page.evaluate(f"keeping.seal(app.interview.record, '{PASSPHRASE}').then((b) => [...b])")
    )
    assert open_sealed(made, PASSPHRASE)["case_id"].startswith("P-")
    weak = made[:32] + (1000).to_bytes(4, "little") + made[36:-32]
    with pytest.raises(UsageError, match="U312"):
        open_sealed(weak + hashlib.sha256(weak).digest(), PASSPHRASE)


@pytest.mark.parametrize(
    "note", ["", "ž" * 40 + " ујак 😀", " ".join(str(n**3) for n in range(300))]
)
def test_the_codes_are_read_by_a_real_reader_and_the_laptop(
    page: Page, tmp_path: Path, note: str
) -> None:
    met(page, note)
    tap(page, "Show as a code")
    lines: list[str] = []
    while True:
        expect(page.locator("svg.qr")).to_be_visible()
        page.locator("svg.qr").screenshot(path=tmp_path / "code.png")
        (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
        lines.append(found.text)
        many = int(lines[0].split(":")[1].partition("/")[2])
        if len(lines) == many:
            break
        tap(page, "Next code")
        expect(page.locator(".mode")).to_have_text(f"Code {len(lines) + 1} of {many}")
    assert (len(lines) > 1) == (len(note) > 100)
    same(Record.from_dict(read_text("\n".join(reversed(lines)))), page)
    if len(lines) > 1:
        with pytest.raises(CaseError, match=r"part 1 of .*C241"):
            read_text(lines[1])
    swapped = lines[0][:30].translate(str.maketrans("YZ23", "ZY32")) + lines[0][30:-1]
    with pytest.raises(CaseError, match="C241"):
        read_text(swapped)


@pytest.mark.parametrize("letters", [1, 24, 25, 90, 300, 640, 1000, 2200, 4296])
def test_codes_of_every_size_are_read_back(page: Page, tmp_path: Path, letters: int) -> None:
    text = ("SP1:2/3:89ABCDEF:MFRGGZDFMY234567 $%*+-./" * 200)[:letters]
    page.set_viewport_size({"width": 1200, "height": 1200})
    page.evaluate("t => document.querySelector('main').replaceChildren(keeping.picture(t))", text)
    page.locator("svg.qr").evaluate(
        "e => { e.setAttribute('width', '1100'); e.classList.remove('qr'); }"
    )
    page.locator("main svg").screenshot(path=tmp_path / "code.png")
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
    assert found.text == text


def test_the_terminal_goes_on_from_the_codes_of_a_phone(page: Page) -> None:
    met(page, "")
    parts = page.evaluate("keeping.textParts()")
    ran = subprocess.run(
        [sys.executable, "-m", "screening", "interview", "--open-text"],
        input="\n".join([*parts, "q", ""]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert page.evaluate("app.interview.record.case_id") in ran.stdout
    garbled = subprocess.run(
        [sys.executable, "-m", "screening", "interview", "--open-text"],
        input="SP1:1/1:00000000:AAAA\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (garbled.returncode, garbled.stderr.count("[C241]")) == (2, 1)


def test_the_browser_on_the_laptop_goes_on_from_the_codes_of_a_phone(
    page: Page, windows: Any
) -> None:
    met(page)
    parts = page.evaluate("keeping.textParts()")
    laptop = windows("en", 1280)
    laptop.locator("summary", has_text="Go on from a phone").click()
    laptop.fill("textarea[name=text]", "SP1:1/1:00000000:AAAA")
    laptop.get_by_role("button", name="Open the record").click()
    expect(laptop.locator(".problem")).to_contain_text("C241")
    laptop.locator("summary", has_text="Go on from a phone").click()
    laptop.fill("textarea[name=text]", "\n".join(parts))
    laptop.get_by_role("button", name="Open the record").click()
    expect(laptop).to_have_url(re.compile(r"/c/"))
    laptop.goto(re.sub(r"/c/(\w+).*", r"/c/\1/person", laptop.url))
    expect(laptop.locator("input[name=age]")).to_have_value("9")


# -- in the person's own hands ---------------------------------------------------------------------

CODE = "7391"


def record_sounds(folder: Path, language: str = "sq") -> None:
    """A short tone for every question: what a station would record."""
    there = folder / "sounds" / language
    there.mkdir(parents=True)
    tone = io.BytesIO()
    with wave.open(tone, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(800))
    for sign in KOSOVO.indicators:
        (there / f"{sign}.ogg").write_bytes(tone.getvalue())


@pytest.fixture
def handed(chromium: Any, file: Path, tmp_path: Path) -> Iterator[Page]:
    """The page beside recordings in Albanian, with a man of 34 who agreed to talk."""
    record_sounds(tmp_path)
    shutil.copy(file, tmp_path / "pocket.html")
    page = opened(
        chromium, tmp_path / "pocket.html", viewport={"width": 360, "height": 740}, locale="en-GB"
    )
    page.on("dialog", lambda d: d.accept())
    meet(page, "34", company="alone", works="yes")
    settle_before_asking(page)
    tap(page, "Menu")
    yield page
    page.context.close()


def hand_over(page: Page, language: str = "sq") -> None:
    tap(page, "In the person's own hands")
    page.check(f"input[name=heard-in][value={language}]")
    page.fill("#f-code", CODE)
    tap(page, "Hand over now")


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
