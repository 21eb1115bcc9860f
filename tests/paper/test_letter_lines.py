"""What each line of the letter says and how much of it, whatever the room."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

import pytest

from screening.answers import Answer, Case, Response
from screening.checklist import load_checklist, load_weights
from screening.errors import UsageError
from screening.i18n import LANGUAGES
from screening.interview import Interview, Judgement, load_protocol
from screening.interview.record import Record
from screening.paper import letter as letters
from screening.paper.letter import PAGES, ROOMS, Room, letter
from screening.scoring import score
from screening.scoring.assessment import SourceCited
from screening.scoring.explain import Row, source_status, step_deadline, within_words

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
TEXTS = KOSOVO.texts("en")
AMPLE = Room(99, 99, 99, 99, 999, 999)
SAY = letters.words("en")
SIGNS = [i.id for i in KOSOVO.by_profile["child"] if KOSOVO.dimensions[i.dimension].kind == "sign"]


def begun(age: str = "9", signs: int = 5, **facts: str) -> Interview:
    now = Interview.begin(KOSOVO, WEIGHTS, load_protocol(KOSOVO), "7kq2wd")
    now = now.person(age, True, {"company": "family", **facts})
    for sign in SIGNS[:signs]:
        now = now.answer(sign, Response(Answer.YES, "said", "a note"))
    return now.judge(Judgement("refer", "She looks at him first."))


def written(now: Interview | None = None, on: date | None = None, **changed: Any) -> Any:
    """One language of a letter, with its assessment changed."""
    made = letters._Written(now or begun(), "en", on)
    made.a = replace(made.a, **changed)
    return made


def lines(made: Any, key: str, room: Room = AMPLE) -> list[Row]:
    return list(next(b for b in made.blocks(room) if b.key == key).lines)


def told(made: Any, key: str, lead: str, room: Room = AMPLE) -> Row | None:
    return next((r for r in lines(made, key, room) if r.lead == lead), None)


# -- what is owed ----------------------------------------------------------------------------------


def test_S23_each_present_need_is_told_with_who_was_to_be_told_by_when_before_what_was_found():
    need = score(Case("A", age=9), KOSOVO, WEIGHTS).needs[0]
    needs = [
        replace(need, id="health", state="present", hours=24, who="medical_staff"),
        replace(need, id="labour_rights", state="present", hours=168, who="social_worker"),
        replace(need, id="asylum", state="open"),
    ]
    made, texts = written(needs=needs), KOSOVO.texts("en")
    shown = lines(made, "owed")
    assert [r.lead for r in shown] == ["Within 24 hours", "Within 7 days", ""]
    for row, n in zip(shown[:2], needs, strict=False):
        name, asked = (texts.get("needs", n.id, field) for field in ("name", "text"))
        assert row.text == f"{name}: {asked}"
        assert row.note.startswith(texts.get("roles", n.who, "name"))
        tight = next(r for r in lines(made, "owed", ROOMS[-1]) if r.lead == row.lead)
        assert tight.text == name and tight.note.startswith(texts.get("roles", n.who, "name"))
    assert texts.get("needs", "asylum", "name") in shown[-1].text


def test_a_letter_without_a_need_has_no_heading_for_needs():
    assert "owed" not in [b.key for b in written(needs=[]).blocks(AMPLE)]


# -- at the head -----------------------------------------------------------------------------------


def test_the_blocks_have_an_order_and_titles_and_only_the_first_and_the_last_have_none():
    blocks = list(written().blocks(AMPLE))
    keys = " ".join(b.key for b in blocks)
    assert keys == "head urgency owed found open safety needs steps law sources foot"
    assert [b.key for b in blocks if not b.title] == ["head", "foot"]
    assert written().title() == "Referral"


def test_without_a_sender_and_an_addressee_a_dash_stands_for_them():
    made = written()
    assert told(made, "head", "From").text == told(made, "head", "To").text == "—"
    made = written(begun().for_letter({"from": "Station 3", "to": "CSW"}))
    assert (told(made, "head", "From").text, told(made, "head", "To").text) == ("Station 3", "CSW")


def test_S15_a_name_is_there_only_where_it_was_typed():
    assert told(written(), "head", "Name") is None
    assert told(written(begun().for_letter({"name": "Arta K."})), "head", "Name").text == "Arta K."


def test_the_case_number_is_cut_only_where_it_is_longer_than_sixty_letters():
    for length, cut in ((60, False), (61, True)):
        number = "n" * length
        now = begun()
        made = written(replace(now, record=replace(now.record, case_id=number)))
        shown = told(made, "head", "Case number").text.replace(letters.BREAK, "")
        assert shown == (("n" * 59 + "…") if cut else number)


@pytest.mark.parametrize(("age", "shown"), [("9", "child"), ("30", "adult"), ("", "child")])
def test_the_age_is_told_with_the_reason_for_the_profile(age, shown):
    made = written(begun(age))
    row = told(made, "head", "Age")
    assert row.text == shown
    assert row.note == f"{age or 'not known'}; {made.a.profile_reason}"


def test_a_date_is_there_only_where_it_is_given():
    assert told(written(), "head", "Date") is None
    assert "27 November 2026" in told(written(on=date(2026, 11, 27)), "head", "Date").text


# -- how urgent ------------------------------------------------------------------------------------


@pytest.mark.parametrize("finding", ["act_now", "refer", "look_further", "too_little_known"])
def test_the_soonest_deadline_is_told_only_where_the_finding_asks_to_act(finding):
    step = written().a.next_steps[0]
    steps = [replace(step, hours=h) for h in (72, 24, 48)]
    made = written(finding=finding, next_steps=steps)
    first = lines(made, "urgency")[0]
    assert first.lead == TEXTS.get("findings", finding, "label")
    assert first.text == made.a.statement
    assert first.note == (within_words(24, SAY) if finding in ("act_now", "refer") else "")
    assert lines(written(finding=finding, next_steps=[]), "urgency")[0].note == ""


def test_how_far_it_could_still_move_is_told_with_danger_aside_unless_it_is_settled():
    made = written(settled=False, answered=5, relevant=60, finding_high="act_now")
    made.a = replace(made.a, danger=replace(made.a.danger, finding_high_without="look_further"))
    said = lines(made, "urgency")[1].text
    labels = [TEXTS.get("findings", f, "label") for f in ("act_now", "look_further")]
    assert said == (
        f"Could still become: {labels[0]}; danger aside: {labels[1]}. Answered so far: 5 of 60."
    )
    settled = lines(written(settled=True), "urgency")[1].text
    assert settled == "No open question can change this finding."


def test_a_letter_from_a_table_says_that_nobody_judged_and_one_of_an_interview_does_not():
    case = Case("T-1", age=9, answers={SIGNS[0]: Response(Answer.YES)})
    record = Record.from_case(case, KOSOVO, WEIGHTS)
    of_table = letters._Written(replace(begun(), record=record), "en", None)
    assert "from a table of cases" in lines(of_table, "urgency")[2].text
    assert {r.text for r in lines(of_table, "safety")} == {"not recorded"}
    assert not any("table" in r.text for r in lines(written(), "urgency"))
    assert "not gone through" in {r.text for r in lines(written(), "safety")}


def test_a_long_reason_is_cut_to_the_room_for_a_note_and_what_was_cut_is_counted():
    now = begun()
    long = Judgement("refer", "word " * 20)
    now = replace(now, record=replace(now.record, judgement=long, decision=long))
    made = written(now)
    room = replace(AMPLE, note=30)
    notes = [r.note for r in lines(made, "urgency", room) if r.note.endswith("…")]
    assert len(notes) == 2 and all(len(n) <= 30 for n in notes)
    assert any(r.text.startswith("2 texts are cut short") for r in lines(made, "foot", room)) is (
        all(len(c.note) <= 30 for c in made.a.contributions)
    )


# -- what was found --------------------------------------------------------------------------------


def found(made: Any, room: Room = AMPLE) -> list[str]:
    return [r.text for r in lines(made, "found", room)]


def test_danger_stands_first_then_the_weightiest_signs_and_nothing_else():
    made = written()
    sign = made.a.contributions[0]
    ids = SIGNS[:3]
    rows = [
        replace(sign, indicator=ids[0], points=1),
        replace(sign, indicator=None, kind="cap", points=-9),
        replace(sign, indicator=ids[1], points=4),
        replace(sign, indicator="safe_home", kind="protective", points=0),
        replace(sign, indicator=ids[2], kind="danger", points=0),
    ]
    made.a = replace(made.a, contributions=rows, warnings=[])
    assert found(made) == [TEXTS.statement(i) for i in (ids[2], ids[1], ids[0])]


@pytest.mark.parametrize(
    ("room", "more"),
    [
        (4, "and 1 more recorded; the sender has it"),
        (3, "and 2 more recorded; the sender has them"),
        (5, None),
    ],
)
def test_signs_for_which_there_is_no_room_are_counted(room, more):
    made = written(warnings=[])
    said = found(made, replace(AMPLE, signs=room))
    assert sum(c.kind == "sign" for c in made.a.contributions) == 5
    assert said[room:] == ([more] if more else [])
    assert "No sign has been answered yes." not in said


def test_where_no_sign_is_recorded_it_is_said():
    assert found(written(begun(signs=0), warnings=[])) == ["No sign has been answered yes."]


def test_a_yes_that_does_not_count_is_told_with_its_reason_and_what_has_no_room_is_counted():
    now = begun(signs=0)
    yes = Response(Answer.YES)
    answers = {"labour_unpaid": yes, "of_old": yes, "older": yes, "oldest": Response(Answer.NO)}
    now = now.person("9", True, {"works": "no"})
    now = replace(now, record=replace(now.record, answers=answers))
    made = written(now, warnings=[])
    assert set(made.i.not_counted) == set(answers)
    rows = lines(made, "found")[1:]
    assert [r.text for r in rows] == [TEXTS.statement("labour_unpaid"), "of_old", "older"]
    assert "because of what was said about the meeting" in rows[0].note
    assert (
        rows[1].note
        == rows[2].note
        == ("recorded as yes; this version of the list does not have it")
    )
    for room, left in ((1, 2), (2, 1)):
        rows = lines(made, "found", replace(AMPLE, open=room))[1:]
        assert len(rows) == room + 1
        assert rows[-1].text == f"and {left} more recorded as yes and not counted"


@pytest.mark.parametrize(
    ("room", "more"),
    [
        (1, "and 2 more to check; the sender has them"),
        (2, "and 1 more to check; the sender has it"),
        (3, None),
    ],
)
def test_warnings_are_told_as_things_to_check_and_those_without_room_are_counted(room, more):
    made = written(begun(signs=0), warnings=["one", "two", "three"])
    rows = lines(made, "found", replace(AMPLE, open=room))[1:]
    assert [r.text for r in rows if r.lead == "Check"] == ["one", "two", "three"][:room]
    assert [r.text for r in rows if r.lead != "Check"] == ([more] if more else [])


@pytest.mark.parametrize(
    ("basis", "words"),
    [("said", "said"), ("observed", "observed"), ("document", "from a document"), ("", "")],
)
def test_behind_a_sign_stand_its_basis_its_note_and_its_sources(basis, words):
    made = written()
    list(made.blocks(AMPLE))
    sign = replace(made.a.contributions[0], basis=basis, note="“her words”")
    cited = made.cite(sign.sources)
    assert made._behind(sign) == "; ".join(p for p in (words, "““her words””", cited) if p)
    assert made._behind(replace(sign, note="", sources=[])) == words


# -- what is typed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("as it is", 8, "as it is"),
        ("  a\n b\tc\x00d ", 20, "a b c d"),
        ("hid\u202eden\u200b", 20, "hidden"),
        ("cut at a word's end", 12, "cut at a…"),
        ("cut, there", 8, "cut…"),
        ("x" * 20, 10, "x" * 9 + "…"),
        ("x" * 34, 99, "x" * 34),
        ("x" * 35, 99, "x" * 25 + letters.BREAK + "x" * 10),
        ("x" * 60, 99, "x" * 25 + letters.BREAK + "x" * 25 + letters.BREAK + "x" * 10),
    ],
)
def test_a_text_becomes_one_line_that_is_cut_at_a_word_and_may_be_broken(text, most, shown):
    made = written()
    list(made.blocks(AMPLE))
    before = made.cut
    assert made._clipped(text, most) == shown
    assert made.cut - before == shown.endswith("…")


def test_what_was_typed_has_room_of_its_own():
    made = written(begun().for_letter({"needs": "warm clothes and a doctor", "to": "a b c d e f"}))
    lead = "What the person needs and wants"
    assert told(made, "needs", lead).text == "warm clothes and a doctor"
    assert told(made, "needs", lead, replace(AMPLE, typed=14)).text == "warm clothes…"
    assert told(written(), "needs", lead).text == "not recorded"


# -- open, safety, agreement -----------------------------------------------------------------------


def test_open_items_without_room_are_counted_and_not_known_is_not_no():
    made = written()
    questions = made.a.open_questions[:3]
    made.a = replace(made.a, open_questions=questions)
    shown = [Row(TEXTS.statement(q.indicator), note=q.why) for q in questions]
    last = Row("Not known is not no.")
    assert lines(made, "open") == [*shown, last]
    for room, more in ((2, "and 1 more open question"), (1, "and 2 more open questions")):
        rows = lines(made, "open", replace(AMPLE, open=room))
        assert rows == [*shown[:room], Row(more), last]


def test_of_the_meeting_only_what_is_known_is_told():
    made = written(begun(begs="yes", works="unknown"))
    words = made.i.protocol.words
    asked = {f: words("facts", f, "title", "en") for f in made.i.protocol.facts}
    said = {r.lead: r.text for r in lines(made, "safety")}
    assert said[asked["begs"]] == words("facts", "begs", "yes", "en")
    assert said[asked["company"]] == words("facts", "company", "family", "en")
    assert not {asked[f] for f in ("works", "moved", "infant")} & set(said)


def test_danger_at_the_precondition_is_what_is_known_of_it_from_all_answers():
    now = begun().precondition("danger", "no")
    precondition = now.protocol.words("preconditions", "danger", "title", "en")
    words = {c: now.protocol.words("preconditions", "danger", c, "en") for c in ("yes", "no")}
    assert told(written(now), "safety", precondition).text == words["no"]
    now = now.answer("violence_now", Response(Answer.YES))
    assert now.danger == "yes" and told(written(now), "safety", precondition).text == words["yes"]


@pytest.mark.parametrize("age", ["9", "30"])
def test_agreement_stands_with_the_needs_and_a_representative_only_of_a_child(age):
    made = written(begun(age).precondition("private", "yes"))
    title = {
        g: made.i.protocol.words("preconditions", g, "title", "en")
        for g in ("agreement", "representative", "private")
    }
    leads = [r.lead for r in lines(made, "needs")]
    assert leads[0] == title["agreement"]
    assert (title["representative"] in leads) == (age == "9")
    safety = [r.lead for r in lines(made, "safety")]
    assert title["private"] in safety
    assert not {title["agreement"], title["representative"]} & set(safety)


@pytest.mark.parametrize(
    ("consent", "said"),
    [
        ("yes", "Yes"),
        ("no", "No"),
        ("child", "A child: referred in the child's best interests"),
        ("not_asked", "Not asked yet, it was not safe"),
        ("", "not recorded"),
    ],
)
def test_the_agreement_is_told_as_it_was_given(consent, said):
    made = written(begun().for_letter({"consent": consent}))
    assert told(made, "needs", "Agrees to this referral").text == said


# -- steps and sources -----------------------------------------------------------------------------


def stepped(always: int = 1, others: int = 4) -> Any:
    """A letter with so many steps, the last of which are never left out."""
    made = written()
    step = made.a.next_steps[0]
    ids = [s.id for s in made.a.next_steps if s.id != "non_punishment"][:others]
    steps = [replace(step, id=i, hours=24 * n) for n, i in enumerate(ids)]
    steps += [replace(step, id="non_punishment", hours=0)] * always
    made.a = replace(made.a, next_steps=steps)
    return made


def test_a_step_is_told_with_its_deadline_who_takes_it_and_its_sources():
    made = written()
    step = made.a.next_steps[0]
    row = lines(made, "steps")[0]
    assert row.text == TEXTS.get("steps", step.id, "text")
    assert row.lead == step_deadline(step, SAY)
    assert row.note == f"{TEXTS.get('roles', step.who, 'name')} {made.cite(step.sources)}"


@pytest.mark.parametrize(
    ("room", "kept", "more"),
    [
        (5, [0, 1, 2, 3, 4], None),
        (4, [0, 1, 2, 4], "and 1 more step; the sender has it"),
        (3, [0, 1, 4], "and 2 more steps; the sender has them"),
        (1, [4], "and 4 more steps; the sender has them"),
        (0, [4], "and 4 more steps; the sender has them"),
    ],
)
def test_S14_other_steps_make_room_for_those_that_are_never_left_out(room, kept, more):
    made = stepped()
    ids = [s.id for s in made.a.next_steps]
    said = [r.text for r in lines(made, "steps", replace(AMPLE, steps=room))]
    expected = [TEXTS.get("steps", ids[n], "text") for n in kept]
    assert said == [*expected, *([more] if more else [])]


def test_sources_without_room_are_counted():
    made = written()
    every = lines(made, "sources")
    assert len(every) >= 3
    for left, more in (
        (1, "and 1 more source; the sender has it"),
        (2, "and 2 more sources; the sender has them"),
    ):
        room = replace(AMPLE, sources=len(every) - left)
        assert lines(made, "sources", room) == [*every[:-left], Row(more)]
    assert lines(made, "sources", replace(AMPLE, sources=len(every))) == every


def source(ref: str, at: str = "", status: str = "read") -> SourceCited:
    return SourceCited(ref, at, f"Title {ref}", status)


def test_each_source_has_one_number_laws_first_with_the_places_that_were_cited():
    cite = letters._Authorities(SAY, [source("law"), source("code")])
    assert cite([source("book", "p. 1"), source("law", "art. 5")]) == "[1, 3]"
    assert cite([source("law", "art. 2"), source("law", "art. 5")]) == "[1]"
    assert cite([source("ours", "somewhere", "assumption"), source("book")]) == "[3, 4]"
    assert cite([]) == ""
    status = {s: source_status(source("x", "", s), SAY) for s in ("read", "assumption")}
    assert cite.laws() == [
        Row(f"Title law; art. 5; art. 2 ({status['read']})", "[1]"),
        Row(f"Title code ({status['read']})", "[2]"),
    ]
    assert cite.others() == [
        Row(f"Title book; p. 1 ({status['read']})", "[3]"),
        Row(f"Title ours ({status['assumption']})", "[4]"),
    ]


# -- at the foot -----------------------------------------------------------------------------------


def test_the_foot_names_list_weights_and_receipt_and_whom_the_letter_is_for():
    made = written()
    a = made.a
    rows = lines(made, "foot")
    assert rows[0] == Row(
        f"{a.checklist.id} {a.checklist.version} ({a.checklist.sha256[:12]})", "List"
    )
    assert rows[1] == Row(f"{a.weights.id} ({a.weights.sha256[:12]})", "Weights")
    assert rows[2] == Row(a.receipt, "Receipt", a.engine)
    assert "Not to be handed to the person" in rows[-1].text
    assert not any("cut short" in r.text for r in rows)
    standing = TEXTS.standing(SAY)
    assert [r.text for r in rows[3:-1]] == ([standing] if standing else [])


def test_the_texts_that_were_cut_are_counted_anew_for_each_room():
    made = written(begun(signs=0).for_letter({"to": "word " * 30, "from": "word " * 30}))
    for room, said in ((20, "2 texts are cut short"), (20, "2 texts are cut short"), (999, None)):
        foot = [r.text for r in lines(made, "foot", replace(AMPLE, typed=room))]
        cut = [text for text in foot if "cut short" in text]
        assert [text.startswith(said or "") for text in cut] == ([True] if said else [])


def test_a_translation_that_is_a_draft_says_so():
    made = letters._Written(begun(), "sq", None)
    standing = KOSOVO.texts("sq").standing(letters.words("sq"))
    assert standing and standing in [r.text for r in lines(made, "foot")]


# -- which room ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fits_from", range(len(ROOMS)))
@pytest.mark.parametrize("page", [False, True])
def test_the_most_ample_room_that_fits_its_pages_is_taken(fits_from, page, monkeypatch):
    """Setting is stood in for: rooms before `fits_from` take one page too many."""
    asked = []

    def set_in(content: Any, wider: float = 1) -> Any:
        asked.append(wider)
        pages = PAGES + (content.blocks[0] < fits_from)
        return replace(content, pdf=b"/Type /Pages " + b"/Type /Page " * pages)

    def in_room(_: Any, room: Room) -> Any:
        return letters.Letter(("en",), ("R",), (ROOMS.index(room),), "receipt", False)

    monkeypatch.setattr(letters, "_set", set_in)
    monkeypatch.setattr(letters, "_in_room", in_room)
    content = letter(begun(), page=page)
    assert content.blocks == (fits_from,)
    assert set(asked) == {letters.BROWSER if page else 1} and letters.BROWSER > 1
    assert bool(content.pdf) == (not page and fits_from < len(ROOMS) - 1)


def test_where_nothing_can_measure_the_tightest_room_is_taken(monkeypatch):
    monkeypatch.setattr(letters, "find_spec", lambda _: None)
    monkeypatch.setattr(letters, "_in_room", lambda _, room: room)
    assert letter(begun()) == ROOMS[-1]


def test_two_languages_stand_in_the_order_asked_for_with_the_receipt_of_both():
    both = [letters._Written(begun(), language, None) for language in ("sq", "en")]
    content = letters._in_room(both, AMPLE)
    assert content.languages == ("sq", "en")
    assert content.titles == (both[0].title(), "Referral") and both[0].title() != "Referral"
    assert content.receipt == both[0].a.receipt == both[1].a.receipt
    assert content.blocks[1] == tuple(both[1].blocks(AMPLE))


@pytest.mark.parametrize("state", ["present", "open", "absent"])
def test_a_letter_is_one_of_danger_only_where_danger_is_present(state):
    made = written()
    made.a = replace(made.a, danger=replace(made.a.danger, state=state))
    assert letters._in_room([made], AMPLE).danger is (state == "present")


# -- page and PDF ----------------------------------------------------------------------------------


def test_what_is_set_is_the_content_as_data_with_its_language_and_a_title_that_says_nothing():
    both = [letters._Written(begun(), language, None) for language in ("sq", "sr-Cyrl")]
    content = replace(letters._in_room(both, AMPLE), pdf=b"of before")
    source = letters._source(content, 1.15)
    inputs = source["sys_inputs"]
    assert source["ignore_system_fonts"] is True
    assert set(source["input"]) == {"main", "qr.svg"}
    assert source["input"]["qr.svg"].decode() == letters._qr(content.receipt)
    assert inputs["wider"] == "1.15" and letters._source(content)["sys_inputs"]["wider"] == "1"
    assert json.loads(inputs["tongues"]) == [
        {"lang": LANGUAGES[c].tongue, "dir": LANGUAGES[c].direction} for c in ("sq", "sr-Cyrl")
    ]
    assert inputs["neutral"] == letters.words("sq")("Notes")
    told = json.loads(inputs["letter"])
    assert "pdf" not in told and told["receipt"] == content.receipt
    assert told["blocks"][0][2]["title"] == content.blocks[0][2].title
    assert content.blocks[0][2].title in inputs["letter"], "letters are not spelt out"


def test_a_letter_that_was_set_is_not_set_again(monkeypatch):
    content = replace(letters._in_room([written()], AMPLE), pdf=b"as it was set")
    monkeypatch.setattr(letters, "_set", lambda *_: pytest.fail("set again"))
    assert letters.letter_pdf(content) == b"as it was set"


def test_the_page_and_the_pdf_show_both_languages_and_the_receipt():
    both = [letters._Written(begun(signs=1), language, None) for language in ("en", "sq")]
    content = letters._in_room(both, ROOMS[-1])
    page, pdf = letters.letter_html(content), letters.letter_pdf(content)
    assert pdf.startswith(b"%PDF") and letters._qr(content.receipt) in page
    for blocks in content.blocks:
        for block in blocks:
            assert escape(block.title) in page
    assert "Not known is not no." in page and content.receipt in page


@pytest.mark.parametrize(("name", "use"), [("typst", "_set"), ("segno", "_qr")])
def test_where_a_package_is_missing_it_is_named_with_how_to_get_it(name, use, monkeypatch):
    content = letters._in_room([written()], ROOMS[-1])
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError) as refused:
        getattr(letters, use)(content if use == "_set" else "text")
    assert refused.value.code == "U306" and name in str(refused.value)


@pytest.mark.parametrize("languages", [(), ("xx",), ("en", "en"), ("en", "sq", "sr")])
def test_languages_that_cannot_be_are_refused_with_those_there_are(languages):
    with pytest.raises(UsageError) as refused:
        letter(begun(), languages)
    assert refused.value.code == "U305"
    assert all(code in f"{refused.value}{refused.value.remedy}" for code in LANGUAGES)
