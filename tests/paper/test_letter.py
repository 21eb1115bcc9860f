"""The letter to another office: everything in it was recorded, its first page says what to do, nothing
is cut, what hurts in a court file stands in the annex, and nothing typed becomes a command.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from screening.answers import Answer, Case, Response
from screening.contacts import Contact, Contacts, contacts
from screening.errors import UsageError
from screening.i18n import LANGUAGES, words
from screening.interview import PRECONDITIONS, Interview, Judgement, Record
from screening.paper.letter import letter, letter_html, letter_pdf, letter_text
from screening.paper.letter.fields import REQUIRED, field_words, still_to_ask
from screening.scoring import score
from support.axe import faults
from support.browser import resize
from support.letters import FIELDS, KOSOVO, PROTOCOL, SAID, SIGNS, WEIGHTS, case
from support.properties import examples

TEXTS = KOSOVO.texts("en")
FOOT = re.compile(r"[0-9a-f]{12} · \d+ / \d+")  # of every page


def text_of(pdf: bytes, page: int | None = None) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    chosen = pages if page is None else [pages[page]]
    said = (" ".join(p.extract_text().split()) for p in chosen)
    return " ".join(FOOT.sub("", text) for text in said)


def flat(text: str) -> str:
    """Without spaces, and without the hyphens at which lines were broken."""
    return re.sub(r"[\s\u200b-]", "", text)


def lines(content: Any, key: str, n: int = 0) -> list[Any]:
    return list(next((b.lines for b in content.blocks[n] if b.key == key), ()))


def told(content: Any, key: str, lead: str) -> str | None:
    return next((r.text for r in lines(content, key) if r.lead == lead), None)


def part(content: Any, *parts: str) -> str:
    rows = [r for b in content.blocks[0] if b.part in parts for r in b.lines]
    return "\n".join(f"{r.lead} {r.text} {r.note}" for r in rows)


# -- the first page --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("age", ["9", "30"])
def test_the_first_page_says_what_happened_where_the_person_is_and_what_is_asked_by_when(
    language, age
):
    content = letter(case(age=age), (language,), date(2026, 11, 24))
    first = flat(text_of(letter_pdf(content), 0))
    say = words(language)
    for name, typed in FIELDS.items():
        if name not in ("notes_language", "consent"):
            assert flat(typed) in first, name
    named = field_words(say)
    for name in ("when", "place", "vehicle", "now", "told", "needs"):
        assert flat(named[name]) in first, name
    for title in ("Danger and needs", "What is asked of you", "Signature", "Answer wanted"):
        assert flat(say(title)) in first, title
    for title in ("Reply slip: fill in and send back", "accepted", "Next step, and by when"):
        assert flat(say(title)) in first, title


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_body_is_set_smaller_than_ten_points(language):
    sizes: set[float] = set()
    foot = 45  # points from the edge: the number of the page

    def seen(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text.strip() and tm[5] * cm[3] + cm[5] > foot:
            sizes.add(round(abs(size * tm[3] * cm[3]), 1))

    for page in PdfReader(io.BytesIO(letter_pdf(letter(case(), (language,))))).pages:
        page.extract_text(visitor_text=seen)
    assert sizes and min(sizes) >= 10


def test_needs_stand_on_the_first_page_with_who_sees_to_them_by_when():
    now = case(40)
    present = [n for n in now.scored().needs if n.state == "present"]
    shown = part(letter(now), "first")
    assert present and all(f"{n.name}: {n.text}" in shown and n.role in shown for n in present)


def test_danger_is_told_with_its_signs_and_an_answer_is_wanted_at_once():
    now = case(3).answer("violence_now", Response(Answer.YES, "observed", "He hit her."))
    content = letter(now)
    assert content.danger and lines(content, "urgency")[0].lead == "Act now"
    assert lines(content, "urgency")[0].note == "At once"
    assert any("He hit her." in r.note for r in lines(content, "needs"))
    assert "He hit her." in text_of(letter_pdf(content), 0)


def test_by_when_is_what_was_typed_else_what_the_next_steps_say():
    assert told(letter(case(by="168")), "asked", "Answer wanted") == "Within 7 days"
    assert told(letter(case()), "asked", "Answer wanted") == "Within 24 hours"


def test_the_answer_goes_to_the_number_of_the_station_with_who_verified_it():
    number = Contact(
        "station", "Desk", "038 200 111", "verified", "A. K.", date(2026, 11, 20), False
    )
    called = Contacts((number,), "Station 9", "Street 1", "Officer on duty")
    now = case(**{"from": "", "officer": ""})
    content = letter(now, called=[called])
    row = next(r for r in lines(content, "asked") if r.lead == "Answer to")
    assert row.text == "038 200 111" and "verified by A. K." in row.note
    assert told(content, "head", "From") == "Station 9"
    assert told(content, "sign", "Officer") == "Officer on duty"
    assert "Station 9" in next(r.note for r in lines(content, "slip") if r.note)
    unverified = replace(number, status="unverified", by="", on=None)
    content = letter(now, called=[replace(called, lines=(unverified,))])
    row = next(r for r in lines(content, "asked") if r.lead == "Answer to")
    assert row.note == "not verified: check before you use it"


@pytest.mark.parametrize(
    ("judged", "decided", "headline"),
    [
        ("look_further", None, "Look further"),
        ("too_little_known", "act_now", "Act now"),
        ("refer", "look_further", "Look further"),
    ],
)
def test_S27_the_headline_is_the_officers_own_word_and_the_finding_stands_below(
    judged, decided, headline
):
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A").person("9").judge(Judgement(judged))
    now = now.decide(Judgement(decided)) if decided else now
    content = letter(now.precondition("danger", "no"), by_hand=True)
    assert lines(content, "urgency")[0].lead == headline
    finding = now.scored()
    first = lines(content, "judged")[0]
    assert (first.lead, first.text) == (
        TEXTS.get("findings", finding.finding, "label"),
        finding.statement,
    )


def test_a_decision_that_differs_is_said():
    differs = "The officer's decision differs from the finding."
    now = case().decide(Judgement("look_further"))
    assert differs in [r.text for r in lines(letter(now), "judged")]
    assert differs not in [r.text for r in lines(letter(case()), "judged")]


def test_S15_no_name_unless_it_was_typed_and_S12_nothing_about_origin():
    assert told(letter(case()), "head", "Name") is None
    assert told(letter(case(name="Arta K.")), "head", "Name") == "Arta K."
    page = letter_html(letter(case())).lower()
    assert not re.search(r"ethnic|nationalit|religio|roma\b|ashkali", page)


# -- what is required ------------------------------------------------------------------------------


@pytest.mark.parametrize("field", REQUIRED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_required_field_that_is_empty_is_named_and_by_hand_leaves_a_line_for_it(field, language):
    now = case(**{field: " "})
    with pytest.raises(UsageError) as refused:
        letter(now, (language,))
    assert refused.value.code == "U319"
    assert field_words(words(language))[field] in str(refused.value)
    page = letter_html(letter(now, (language,), by_hand=True))
    assert page.count('class="hand"') > letter_html(letter(case(), (language,))).count(
        'class="hand"'
    )


def test_in_danger_only_the_place_is_required():
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A").precondition("danger", "yes")
    now = now.person("9").judge(Judgement("act_now"))
    with pytest.raises(UsageError, match="Place"):
        letter(now)
    assert letter(now.for_letter({"place": "Crossing"})).danger


def test_S7_S9_in_danger_a_letter_needs_no_judgement_and_says_no_finding():
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A").precondition("danger", "yes")
    now = now.answer("sent_and_placed", Response(Answer.YES, "said", "Uncle puts me here."))
    content = letter(now)
    keys = [b.key for b in content.blocks[0]]
    assert content.danger and not {"judged", "annex", "reach", "origin"} & set(keys)
    said = letter_text(content)
    assert "Act now" in said and "Uncle puts me here." in said
    assert TEXTS.get("steps", "danger_call", "text")[:40] in said
    assert "Refer" not in [r.lead for b in content.blocks[0] for r in b.lines]
    assert not re.search(r"answered so far|points", said, re.IGNORECASE)


def test_S9_without_danger_there_is_no_letter_before_the_own_judgement():
    with pytest.raises(UsageError) as refused:
        letter(Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "early"), by_hand=True)
    assert refused.value.code == "U310"


def test_a_form_asks_only_what_is_not_known_yet():
    named = Contacts((), "Station 9")
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A")
    asked = still_to_ask(now.person("9", True, {"company": "alone"}), named)
    assert not {"from", "companion", "notes_language"} & set(asked)
    assert {"from", "companion", "notes_language"} <= set(still_to_ask(case(), Contacts(())))


# -- after the first page --------------------------------------------------------------------------


def test_every_sign_is_a_recorded_yes_with_its_whole_note_and_every_precondition_is_told():
    now = case()
    content = letter(now)
    recorded = {TEXTS.statement(i): r for i, r in now.record.answers.items()}
    found = lines(content, "found")
    assert len(found) == 16
    for line in found:
        assert recorded[line.text].answer is Answer.YES and recorded[line.text].note in line.note
    said = {r.lead: r.text for key in ("safety", "needs", "happened") for r in lines(content, key)}
    for precondition in PRECONDITIONS:
        assert said[PROTOCOL.words("preconditions", precondition, "title", "en")] == PROTOCOL.words(
            "preconditions", precondition, now.preconditions[precondition], "en"
        )


def test_what_was_answered_no_refused_not_known_or_left_open_is_told_with_its_note():
    now = case(2)
    given_ = {
        "daily_quota": (Answer.REFUSED, "Refused"),
        "afraid_to_go_back": (Answer.UNKNOWN, "Not known"),
        "confined_or_watched": (Answer.NO, "No"),
        "labour_unpaid": (Answer.NOT_APPLICABLE, "Does not apply"),
        "money_to_controller": (Answer.NOT_ASKED, "Left open"),
    }
    for n, (indicator, (answer, _)) in enumerate(given_.items()):
        now = now.answer(indicator, Response(answer, "said", f"note {n}"))
    shown = {r.text: r for r in lines(letter(now), "already")}
    for n, (indicator, (_, word)) in enumerate(given_.items()):
        row = shown[TEXTS.statement(indicator)]
        assert row.lead == word and f"“note {n}”" in row.note, indicator


@pytest.mark.parametrize(
    ("written", "language", "says"),
    [
        ("sq", "en", f"in this language: {LANGUAGES['sq'].name}"),
        ("", "en", "they are not translated"),
        ("sr", "sr-Cyrl", ""),
        ("en", "en", ""),
    ],
)
def test_notes_in_another_language_say_so(written, language, says):
    content = letter(case(notes_language=written), (language,))
    found = " ".join(r.text for r in lines(content, "happened"))
    assert (says in found) if says else "Бел" not in found and "translated" not in found


def test_a_yes_that_a_skip_hides_says_that_it_does_not_count():
    now = case().answer("labour_unpaid", Response(Answer.YES)).person("9", True, {"works": "no"})
    hidden = [line for line in lines(letter(now), "found") if "not counted" in line.note]
    assert [line.text for line in hidden] == [TEXTS.statement("labour_unpaid")]


def test_what_hurts_in_a_court_file_stands_in_the_annex_on_pages_of_its_own():
    now = case(2)
    content, a = letter(now, on=date(2026, 11, 24)), now.scored()
    before, annex = part(content, "first", "slip", "body"), part(content, "annex")
    shares = f"{a.answered} of {a.relevant}"
    assert shares in annex and shares not in before
    for status in ("read in a secondary copy", "from memory", "not verified", "(read)"):
        assert status not in before
    press = [s.title for s in KOSOVO.sources.values() if "Free Europe" in s.title]
    assert press and not any(title in before for title in press)
    pages = [
        text_of(letter_pdf(content), n)
        for n in range(len(PdfReader(io.BytesIO(letter_pdf(content))).pages))
    ]
    starts = [n for n, page in enumerate(pages) if "Annex: how the finding" in page]
    assert len(starts) == 1 and starts[0] > 0
    assert pages[starts[0]].startswith("Annex")
    assert not any(shares in page for page in pages[: starts[0]])


def test_help_about_begging_is_there_only_where_begging_is_in_question():
    step = TEXTS.get("steps", "report_and_parent", "text")
    assert "begging" in next(s.form for s in KOSOVO.steps if s.id == "report_and_parent")
    begs = next(i for i in SIGNS if "begging" in KOSOVO.indicators[i].forms)
    works = "labour_unpaid"
    assert "begging" not in KOSOVO.indicators[works].forms
    for sign, there in ((begs, True), (works, False)):
        now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A").person("9")
        now = now.answer(sign, Response(Answer.YES)).judge(Judgement("look_further"))
        now = now.precondition("danger", "no")
        steps = [r.text for r in lines(letter(now, by_hand=True), "steps")]
        assert (step in steps) is there, sign
    builder = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "B").person("34")
    for sign in ("labour_unpaid", "labour_hazard"):
        builder = builder.answer(sign, Response(Answer.YES))
    builder = builder.judge(Judgement("refer")).precondition("danger", "no")
    assert "forced to beg" not in part(letter(builder, by_hand=True), "first", "slip", "body")


# -- nothing is cut --------------------------------------------------------------------------------

ITEMS = [i.id for i in KOSOVO.by_profile["child"]]
LONG = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60).map(
    lambda s: (s + " word ") * 20
)


@examples(8)
@given(
    answers=st.dictionaries(
        st.sampled_from(ITEMS), st.tuples(st.sampled_from(list(Answer)), LONG), max_size=12
    ),
    typed=LONG,
    age=st.sampled_from(["", "9", "17", "30"]),
    language=st.sampled_from(list(LANGUAGES)),
)
def test_nothing_that_protects_is_ever_cut_whatever_was_typed(answers, typed, age, language):
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A").precondition("danger", "unknown")
    now = now.person(age)
    for indicator, (answer, note) in answers.items():
        now = now.answer(indicator, Response(answer, "said", note[:4000]))
    now = now.judge(Judgement("refer", typed[:4000]))
    now = now.for_letter(dict.fromkeys(REQUIRED, typed[:1000]))
    content, a = letter(now, (language,)), now.scored(language)
    texts = KOSOVO.texts(language)
    plain = letter_text(content)
    said = flat(plain)
    owed = [f"{n.name}: {n.text}" for n in a.needs if n.state == "present"]
    danger = [texts.statement(i) for i in a.danger.indicators if a.danger.state == "present"]
    steps = [s.text for s in a.next_steps if s.id in ("non_punishment", "nothing_handed_over")]
    titles = [PROTOCOL.words("preconditions", p, "title", language) for p in PRECONDITIONS]
    if a.profile == "adult":
        titles.remove(PROTOCOL.words("preconditions", "representative", "title", language))
    warning = texts.get("steps", "non_punishment", "text")
    if a.finding in ("act_now", "refer", "look_further"):
        assert warning in steps
    for wanted in (*owed, *danger, *steps, *titles):
        assert flat(wanted) in said, wanted
    kept = sum(note[:4000].count(" word ") for _, note in answers.values())
    assert plain.count("word") >= kept


def test_the_longest_notes_leave_all_that_protects_in_the_pdf():
    now = case(0).answer("violence_now", Response(Answer.YES, "said", (SAID + " ") * 20))
    for i in SIGNS[:20]:
        now = now.answer(i, Response(Answer.YES, "observed", (SAID + " ") * 4))
    now = now.for_letter({"happened": (SAID + " ") * 20})
    content, a = letter(now, ("sr-Cyrl",)), now.scored("sr-Cyrl")
    said = flat(text_of(letter_pdf(content)))
    owed = [f"{n.name}: {n.text}" for n in a.needs if n.state == "present"]
    danger = [r.text for r in lines(content, "needs")]
    safety = [r.text for r in lines(content, "safety")]
    for wanted in (*owed, *danger, *safety, *(r.text for r in lines(content, "steps"))):
        assert flat(wanted) in said, wanted
    assert said.count(flat(SAID)) >= 20 + 20 + 20 * 4


def test_no_heading_stands_alone_at_the_foot_of_a_page():
    for signs in range(0, 40, 5):
        content = letter(case(signs), ("en",), date(2026, 11, 24))
        titles = {" ".join(b.title.split()) for b in content.blocks[0] if b.title}
        for page in PdfReader(io.BytesIO(letter_pdf(content))).pages:
            said = [
                " ".join(line.split()) for line in page.extract_text().splitlines() if line.strip()
            ]
            body = [line for line in said if content.receipt[:12] not in line]
            assert body and body[-1] not in titles, (signs, body)


# -- two languages, tables, versions ---------------------------------------------------------------


@pytest.mark.parametrize("languages", list(combinations(LANGUAGES, 2)))
def test_two_languages_are_two_letters_one_after_the_other(languages):
    content = letter(case(5), languages, date(2026, 11, 24))
    assert [[b.key for b in blocks] for blocks in content.blocks] == [
        [b.key for b in content.blocks[0]]
    ] * 2
    pages = [
        " ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(letter_pdf(content))).pages
    ]
    starts = [flat(title) for title in content.titles]
    assert flat(pages[0]).startswith(starts[0])
    assert any(flat(page).startswith(starts[1]) for page in pages[1:])
    alone = letter(case(5), languages[1:], date(2026, 11, 24))
    assert alone.blocks[0] == content.blocks[1]


@pytest.mark.parametrize("languages", [(), ("xx",), ("en", "en"), ("en", "sq", "sr"), ("EN",)])
def test_languages_that_cannot_be_are_refused(languages):
    with pytest.raises(UsageError) as refused:
        letter(case(), languages)
    assert refused.value.code == "U305"


def test_a_letter_of_a_table_says_that_nobody_judged_and_its_headline_is_the_finding():
    row = Case("T-1", age=9, answers={SIGNS[0]: Response(Answer.YES)})
    record = Record.from_case(row, KOSOVO, WEIGHTS)
    content = letter(Interview(KOSOVO, WEIGHTS, PROTOCOL, record), by_hand=True)
    urgency = lines(content, "urgency")
    assert urgency[0].lead == TEXTS.get("findings", score(row, KOSOVO, WEIGHTS).finding, "label")
    assert "from a table of cases" in urgency[1].text
    assert {r.text for r in lines(content, "safety")} == {"not recorded"}


def test_S20_a_case_begun_with_other_weights_says_so_with_both_names():
    now = case()
    now = replace(
        now, record=replace(now.record, weights="2025-01-01-older", weights_sha256="0" * 64)
    )
    said = part(letter(now), "annex")
    assert "2025-01-01-older" in said and WEIGHTS.id in said


def test_the_receipt_is_a_code_that_holds_it_and_nothing_else():
    content = letter(case())
    assert content.receipt == score(case().case, KOSOVO, WEIGHTS).receipt
    assert segno.make(content.receipt, error="m", micro=False).svg_inline(
        scale=1, border=2, omitsize=True
    ) in letter_html(content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_laws_are_named_in_the_body_and_what_was_read_of_them_in_the_annex(language):
    content = letter(case(4), (language,))
    laws = [r.text for r in lines(content, "law")]
    assert "Law No. 04/L-218" in laws[0] and any("Child Protection" in law for law in laws)
    sources = [r.text for r in lines(content, "sources")]
    assert all(any(s.startswith(law) for s in sources) for law in laws)
    numbers = {r.lead for r in lines(content, "sources")}
    cited = {
        f"[{n}]"
        for b in content.blocks[0]
        for r in b.lines
        for group in re.findall(r"\[([\d, ]+)\]", r.note)
        for n in group.split(", ")
    }
    assert cited and cited <= numbers


# -- what was typed --------------------------------------------------------------------------------

HOSTILE = [
    '#eval("1+1")',
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    '"]} #panic()',
    "$ x^2 $ *bold* _it_",
    "a\nb\tc\x00d",
    "x" * 4000,
    "`raw` @ref <label>",
    "{{ 7*7 }}",
]


@pytest.mark.parametrize("note", HOSTILE)
def test_what_was_typed_is_never_a_command(note):
    content = letter(case(4, note, happened=note, place=note[:100], needs=note[:900]))
    page = letter_html(content)
    assert "<script" not in page
    typed = lines(content, "happened")[0].text.replace("\u200b", "")
    assert typed == " ".join(note.replace("\x00", " ").split())
    assert flat(typed) in flat(text_of(letter_pdf(content)))


def test_marks_that_turn_or_hide_letters_are_taken_out():
    content = letter(case(2, happened="hid\u202eden\u200b"))
    assert lines(content, "happened")[0].text == "hidden"


@pytest.mark.browser
@pytest.mark.parametrize("languages", [("en",), ("sr-Cyrl", "sq")])
def test_the_page_fits_every_width_fetches_nothing_and_has_no_accessibility_fault(
    chromium, tmp_path, languages
):
    path = tmp_path / "letter.html"
    path.write_text(letter_html(letter(case(), languages)), encoding="utf-8")
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(path.as_uri())
    assert [u for u in asked if not u.startswith("data:")] == [path.as_uri()]
    assert page.locator("script").count() == 0
    for width in (320, 360, 1280):
        resize(page, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    printed = page.pdf(prefer_css_page_size=True)
    first = flat(text_of(printed, 0))
    say = words(languages[0])
    assert flat(say("Next step, and by when")) in first and flat(FIELDS["now"]) in first
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_window_or_a_list_of_files_calls_the_letter_something_that_says_nothing(language):
    content = letter(case(), (language,))
    assert f"<title>{words(language)('Notes')}</title>" in letter_html(content)
    title = PdfReader(io.BytesIO(letter_pdf(content))).metadata.title
    assert title == words(language)("Notes")


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_pdf_and_text_say_the_same(language):
    content = letter(case(12), (language,), called=[contacts(KOSOVO, language)])
    page, plain, pdf = letter_html(content), letter_text(content), letter_pdf(content)
    from html import unescape

    set_ = flat(text_of(pdf))
    for block in content.blocks[0]:
        for row in block.lines:
            assert row.text.replace("\u200b", "") in plain and row.text in unescape(page)
            assert flat(row.text) in set_, row.text
