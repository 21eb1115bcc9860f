"""The letter to another office: everything in it was recorded, it fits its pages, and nothing typed
becomes a command.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from itertools import combinations, cycle
from typing import Any

import pytest
import segno
from pypdf import PdfReader

from screening.answers import Answer, Response
from screening.checklist import load_checklist, load_weights
from screening.errors import UsageError
from screening.i18n import LANGUAGES, words
from screening.interview import PRECONDITIONS, Interview, Judgement, load_protocol
from screening.paper import letter as letters
from screening.paper.letter import PAGES, ROOMS, letter, letter_html, letter_pdf
from screening.scoring import score
from screening.scoring.explain import source_status
from support.axe import faults
from support.browser import resize

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
SAID = (
    "She said that her uncle puts her at the crossing each morning and takes the money at night,"
    " and that she may not go home before she has twenty euros."
)
SIGNS = [i.id for i in KOSOVO.by_profile["child"] if KOSOVO.dimensions[i.dimension].kind == "sign"]


def case(signs: int = 16, note: str = SAID, age: str = "9", **typed: str) -> Interview:
    """A child with much recorded."""
    now = Interview.begin(KOSOVO, WEIGHTS, load_protocol(KOSOVO), "7kq2wd")
    for precondition, choice in {
        "danger": "no",
        "private": "yes",
        "interpreter": "trusted",
        "may_stop": "yes",
        "agreement": "yes",
        "representative": "social_worker",
    }.items():
        now = now.precondition(precondition, choice)
    now = now.person(age, True, {"company": "family", "begs": "yes"})
    for n, sign in enumerate(SIGNS[:signs]):
        now = now.answer(
            sign,
            Response(Answer.YES, ("said", "observed", "document")[n % 3], note if n % 2 else ""),
        )
    now = now.judge(Judgement("refer", "She looks at him first.")).decide(
        Judgement("refer", "Agreed by telephone.")
    )
    return now.for_letter(
        {
            "from": "Station 3",
            "to": "CSW Prishtinë",
            "needs": "Warm clothes, a doctor.",
            "consent": "child",
            **typed,
        }
    )


def text_of(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def lines(content: Any, key: str, n: int = 0) -> list[Any]:
    return list(next(b for b in content.blocks[n] if b.key == key).lines)


def test_every_sign_in_the_letter_is_a_recorded_yes_and_every_precondition_is_told():
    now = case()
    content = letter(now)
    recorded = {KOSOVO.texts("en").statement(i): r for i, r in now.record.answers.items()}
    found = lines(content, "found")
    assert len(found) == 16, "there is room for all of them"
    for line in found:
        assert recorded[line.text].answer == "yes"
        assert not recorded[line.text].note or recorded[line.text].note in line.note
    told = {line.lead: line.text for key in ("safety", "needs") for line in lines(content, key)}
    for precondition in PRECONDITIONS:
        words = now.protocol.words
        assert told[words("preconditions", precondition, "title", "en")] == words(
            "preconditions", precondition, now.preconditions[precondition], "en"
        )


def test_the_finding_both_judgements_and_the_fixed_sentences_are_there():
    now = case()
    assessment = score(now.case, KOSOVO, WEIGHTS)
    said = [f"{line.lead} {line.text} {line.note}" for line in lines(letter(now), "urgency")]
    assert assessment.statement in said[0] and said[0].startswith("Refer") and "At once" in said[0]
    assert any("own judgement" in s and "She looks at him first." in s for s in said) and any(
        "decided" in s and "Agreed by telephone." in s for s in said
    )
    assert "This is not a decision. A person decides, and may decide otherwise." in said[-1]


def test_what_was_not_done_is_said_too():
    now = Interview.begin(KOSOVO, WEIGHTS, load_protocol(KOSOVO), "bare").judge(
        Judgement("too_little_known")
    )
    content = letter(now)
    assert [line.text for line in lines(content, "safety")] == ["not gone through"] * 4
    assert lines(content, "found")[0].text == "No sign has been answered yes."
    assert any(line.text == "not recorded" for line in lines(content, "needs"))


def test_a_yes_that_a_skip_hides_is_in_the_letter_and_says_that_it_does_not_count():
    now = case().answer("labour_unpaid", Response(Answer.YES)).person("9", True, {"works": "no"})
    hidden = [line for line in lines(letter(now), "found") if "not counted" in line.note]
    assert [line.text for line in hidden] == [KOSOVO.texts("en").statement("labour_unpaid")]


def test_S15_no_name_unless_it_was_typed_and_S12_nothing_about_origin():
    assert "Name" not in [line.lead for line in lines(letter(case()), "head")]
    assert "Arta K." in [line.text for line in lines(letter(case(name="Arta K.")), "head")]
    page = letter_html(letter(case())).lower()
    assert not re.search(r"ethnic|nationalit|religio|roma\b|ashkali", page)


def test_a_decision_that_differs_is_said():
    said = [
        line.text for line in lines(letter(case().decide(Judgement("look_further"))), "urgency")
    ]
    assert "The officer's decision differs from the finding." in said
    assert "The officer's decision differs from the finding." not in [
        line.text for line in lines(letter(case()), "urgency")
    ]


WORDY = (SAID + " ") * 30


def worst(**facts: str) -> Interview:
    """Everything yes with the longest notes, and every field of the form full."""
    now = case(
        0, **{"from": WORDY[:400], "to": "Z" * 400, "name": "N" * 120, "needs": WORDY[:1000]}
    )
    now = now.judge(Judgement("refer", WORDY[:4000])).decide(Judgement("act_now", WORDY[:4000]))
    for i in KOSOVO.by_profile["child"]:
        now = now.answer(i.id, Response(Answer.YES, "observed", WORDY[:4000]))
    return now.person(
        "9",
        True,
        {
            "company": "family",
            "begs": "yes",
            "works": "yes",
            "moved": "yes",
            "infant": "yes",
            **facts,
        },
    )


BOTH = [*((x,) for x in LANGUAGES), *combinations(LANGUAGES, 2)]


@pytest.mark.parametrize(
    "facts", [{}, {"begs": "no", "works": "no", "moved": "no"}], ids=["counted", "hidden"]
)
@pytest.mark.parametrize("languages", BOTH)
def test_the_fullest_case_there_can_be_fits_two_pages_and_says_what_is_left_out(languages, facts):
    now = worst(**facts)
    content = letter(now, languages, date(2026, 11, 24))
    assert len(PdfReader(io.BytesIO(letter_pdf(content))).pages) == PAGES
    for n, language in enumerate(languages):
        shown = [line for line in lines(content, "found", n) if line.note]
        counted = [
            c
            for c in score(now.case, KOSOVO, WEIGHTS).contributions
            if c.kind in ("danger", "sign")
        ]
        left = [
            int(found)
            for line in lines(content, "found", n)
            if not line.note
            for found in re.findall(r"\d+", line.text)
        ]
        assert len(shown) + sum(left) == len(counted) + len(now.not_counted), language
        steps = lines(content, "steps", n)
        assert (
            str(len(score(now.case, KOSOVO, WEIGHTS).next_steps) - len(steps) + 1) in steps[-1].text
        )
        cut = sum(
            f"{line.text}{line.note}".count("…")
            for block in content.blocks[n]
            if block.key != "foot"
            for line in block.lines
        )
        assert any(re.match(rf"{cut} .*…", line.text) for line in lines(content, "foot", n)), (
            language,
            cut,
        )


@pytest.mark.parametrize("languages", BOTH)
def test_the_tightest_room_fits_whatever_is_recorded(languages):
    written = [letters._Written(worst(), language, date(2026, 11, 24)) for language in languages]
    for tightest in ROOMS[-1:]:
        assert (
            len(PdfReader(io.BytesIO(letter_pdf(letters._in_room(written, tightest)))).pages)
            <= PAGES
        )


@pytest.mark.parametrize("room", ROOMS, ids=lambda r: str(r.signs))
@pytest.mark.parametrize("age", ["9", "30"])
def test_S14_the_non_punishment_step_is_printed_however_little_room_there_is(room, age):
    now = case(30, age=age)
    content = letters._in_room([letters._Written(now, "en", None)], room)
    texts = [line.text for line in lines(content, "steps")]
    assert (
        KOSOVO.texts("en").get("steps", "non_punishment", "text") in texts
        and len(texts) <= room.steps + 1
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("age", ["9", "30"])
def test_the_laws_stand_first_and_by_name_with_whether_they_were_read(language, age):
    content = letter(case(4, age=age), (language,))
    laws = [line.text for line in lines(content, "law")]
    assert [line.lead for line in lines(content, "law")] == [
        f"[{n}]" for n in range(1, len(laws) + 1)
    ]
    assert "Law No. 04/L-218" in laws[0] and "Criminal Code of the Republic of Kosovo" in laws[1]
    assert any("Child Protection" in law for law in laws) == (age == "9")
    read = {
        s.status: source_status(s, words(language))
        for c in score(case().case, KOSOVO, WEIGHTS).next_steps
        for s in c.sources
    }
    assert laws[0].endswith(f"({read['secondary']})") and all(
        law.endswith(tuple(f"({status})" for status in read.values())) for law in laws
    )
    cited = {
        int(n)
        for key in ("found", "steps")
        for line in lines(content, key)
        for group in re.findall(r"\[([\d, ]+)\]", line.note)
        for n in group.split(", ")
    }
    numbered = {
        int(line.lead[1:-1])
        for key in ("law", "sources")
        for line in lines(content, key)
        if line.lead
    }
    left = sum(
        int(found)
        for line in lines(content, "sources")
        if not line.lead
        for found in re.findall(r"\d+", line.text)
    )
    assert cited <= numbered | set(range(len(numbered) + 1, len(numbered) + left + 1))


def test_no_heading_stands_alone_at_the_foot_of_a_page():
    for signs, languages in zip(range(0, 40, 3), cycle([("en",), ("sr", "sq")]), strict=False):
        content = letter(case(signs), languages, date(2026, 11, 24))
        titles = {" ".join(b.title.split()) for blocks in content.blocks for b in blocks if b.title}
        for page in PdfReader(io.BytesIO(letter_pdf(content))).pages:
            said = [
                " ".join(line.split()) for line in page.extract_text().splitlines() if line.strip()
            ]
            body = [line for line in said if content.receipt[:12] not in line]
            assert body[-1] not in titles, (signs, languages, body[-1])


def test_S20_a_case_begun_with_other_weights_says_so_in_the_letter_with_both_names():
    now = case()
    now = replace(
        now, record=replace(now.record, weights="2025-01-01-older", weights_sha256="0" * 64)
    )
    told = [line.text for line in lines(letter(now), "foot")]
    assert any("2025-01-01-older" in line and WEIGHTS.id in line for line in told)


def test_S9_the_letter_prints_the_judgement_that_was_made_before_the_finding():
    now, _ = case().finding()
    with pytest.raises(UsageError):
        now.judge(Judgement("act_now", "as the finding says"))
    assert any("She looks at him first." in line.note for line in lines(letter(now), "urgency"))


def test_S9_there_is_no_letter_before_the_own_judgement():
    with pytest.raises(UsageError) as refused:
        letter(Interview.begin(KOSOVO, WEIGHTS, load_protocol(KOSOVO), "early"))
    assert refused.value.code == "U310"


@pytest.mark.parametrize("languages", [(), ("xx",), ("en", "en"), ("en", "sq", "sr"), ("EN",)])
def test_languages_that_cannot_be_are_refused(languages):
    with pytest.raises(UsageError) as refused:
        letter(case(), languages)
    assert refused.value.code == "U305"


@pytest.mark.parametrize("languages", [*((x,) for x in LANGUAGES), *combinations(LANGUAGES, 2)])
def test_a_rich_case_fits_two_pages_in_every_language_and_pair(languages):
    content = letter(case(40), languages, date(2026, 11, 24))
    reader = PdfReader(io.BytesIO(letter_pdf(content)))
    assert 1 <= len(reader.pages) <= 2
    assert [[b.key for b in blocks] for blocks in content.blocks] == [
        [b.key for b in content.blocks[0]]
    ] * len(languages)
    said = text_of(letter_pdf(content))
    assert content.receipt in said.replace(" ", "")
    for n, language in enumerate(languages):
        first = lines(content, "found", n)[0].text
        weightiest = max(SIGNS[:40], key=WEIGHTS.points["child"].__getitem__)
        assert first == KOSOVO.texts(language).statement(weightiest)
        assert first.split()[0] in said


def test_a_letter_is_quick_to_read_a_poor_one_is_one_page():
    assert len(PdfReader(io.BytesIO(letter_pdf(letter(case(2))))).pages) <= 2
    content = letter(case(3), ("sq",), date(2026, 11, 24))
    assert "24 nëntor 2026" in [line.text for line in lines(content, "head")]


def test_the_receipt_is_a_code_that_holds_it_and_nothing_else():
    content = letter(case())
    assert content.receipt == score(case().case, KOSOVO, WEIGHTS).receipt
    assert segno.make(content.receipt, error="m", micro=False).svg_inline(
        scale=1, border=2, omitsize=True
    ) in letter_html(content)


HOSTILE = [
    '#eval("1+1")',
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    '"]} #panic()',
    "$ x^2 $ *bold* _it_",
    "\u202egnp.exe",
    "a\nb\tc\x00d",
    "x" * 4000,
    "`raw` @ref <label>",
    "{{ 7*7 }}",
]


@pytest.mark.parametrize("note", HOSTILE)
def test_what_was_typed_is_never_a_command(note):
    content = letter(case(4, note, **{"from": note[:400], "needs": note[:900], "name": note[:100]}))
    page = letter_html(content)
    assert (
        "<script" not in page
        and "49"
        not in re.sub(r"[0-9a-f]{12,}|<svg.*?</svg>|\[[^]]*\]", "", page, flags=re.S).split(
            "Needs and agreement"
        )[1][:400]
    )
    said = text_of(letter_pdf(content))
    said = said.replace("\u200b", "")
    shown = " ".join(note.split())[:12].strip("\u202e\x00")
    assert shown[:6] in said or not shown.isascii() or "\x00" in note
    assert (
        max((len(line.note) for line in lines(content, "found")), default=0) < ROOMS[0].note + 120
    )


@pytest.mark.browser
@pytest.mark.parametrize("languages", [("en",), ("sq", "en"), ("sr-Cyrl", "sq")])
def test_the_page_fits_every_width_fetches_nothing_and_has_no_accessibility_fault(
    chromium, tmp_path, languages
):
    path = tmp_path / "letter.html"
    path.write_text(letter_html(letter(case(), languages, page=True)), encoding="utf-8")
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(path.as_uri())
    assert [u for u in asked if not u.startswith("data:")] == [path.as_uri()] and page.locator(
        "script"
    ).count() == 0
    for width in (320, 360, 1280):
        resize(page, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) <= 2
    for full in (worst(), worst(begs="no", works="no"), case(40)):
        path.write_text(letter_html(letter(full, languages, page=True)), encoding="utf-8")
        page.goto(path.as_uri())
        assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) <= 2
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_window_or_a_list_of_files_calls_the_letter_something_that_says_nothing(language):
    from io import BytesIO

    from pypdf import PdfReader

    from screening.i18n import words

    content = letter(case(), (language,))
    assert f"<title>{words(language)('Notes')}</title>" in letter_html(content)
    assert PdfReader(BytesIO(letter_pdf(content))).metadata.title == words(language)("Notes")
