"""The interview in a terminal: the same session, line by line."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from screening.answers import Answer, Response
from screening.casebook.sealed import open_sealed, seal
from screening.checklist import load_checklist, load_weights
from screening.i18n import LANGUAGES, words
from screening.interview import Interview, load_protocol, protocol
from support.terminal import terminal

KOSOVO = load_checklist("kosovo")
WORDS = "six words that do not fit"
PRECONDITIONS = ["2"]  # no danger
REST = ["1", "1", "1", "1", "1"]  # a social worker, private, no interpreter, may stop, agrees
# nine, certain, no place, family, begs, the rest not known; then what comes before any question
CHILD = ["9", "1", "", "2", "1", "3", "3", "", *REST]


def statement(finding: str, language: str = "en") -> str:
    return KOSOVO.texts(language).get("findings", finding, "statement")


@pytest.fixture
def talk(cli: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Types lines into `screening interview` and gives what was printed, on one line."""

    def typed(*lines: str, options: tuple[str, ...] = ()) -> Any:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        ran = cli("interview", "--case", "T-1", *options)
        return type(ran)(ran.code, " ".join(ran.out.split()), ran.err)

    return typed


def until_enough(yes: set[str]) -> list[str]:
    """The numbers to type, yes to these and no to the rest, until no question comes any more: from
    the same session.
    """
    now = Interview.begin(KOSOVO, load_weights(KOSOVO), load_protocol(KOSOVO), "T-1")
    for precondition in protocol.PRECONDITIONS:
        usual = {"danger": "no", "interpreter": "not_needed", "representative": "social_worker"}
        now = now.precondition(precondition, usual.get(precondition, "yes"))
    now = now.person("9", True, {"company": "family", "begs": "yes"})
    typed = []
    while (step := now.next()).kind == "question":
        typed.append("1" if step.key in yes else "2")
        now = now.answer(step.key, Response(Answer.YES if step.key in yes else Answer.NO))
    return typed


def keep(path: Path) -> list[str]:
    return [str(path), WORDS, WORDS]


def record(path: Path) -> dict[str, Any]:
    return open_sealed(path.read_bytes(), WORDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_begging_from_danger_precondition_to_finding_and_file(talk, tmp_path, language):
    file = tmp_path / "child.case"
    lines = [
        *PRECONDITIONS,
        *CHILD,
        *until_enough({"sent_and_placed", "daily_quota"}),
        "1",
        "2",
        "her own words",
        "2",
        "as I thought",
    ]
    ran = talk(*lines, *keep(file), options=("--lang", language))
    assert ran.code == 0
    assert (
        record(file)["judgement"] == {"finding": "refer", "why": "her own words"}
        and record(file)["decision"]["why"] == "as I thought"
    )
    before, after = ran.out.split(words(language)("What do you think yourself?"))
    for finding in ("act_now", "refer", "look_further", "too_little_known"):
        assert " ".join(statement(finding, language).split()) not in before, (
            "S9: no finding before the own judgement"
        )
    assert any(
        " ".join(statement(f, language).split()) in after
        for f in ("act_now", "refer", "look_further")
    )


def test_S7_d_shows_what_to_do_at_once_from_any_question_and_records_it(talk, tmp_path):
    file = tmp_path / "d.case"
    ran = talk(*PRECONDITIONS, *CHILD, "d", "1", "q", *keep(file))
    assert "112: anyone hurt" in ran.out.split("Note hunger")[1]
    assert record(file)["answers"]["danger_now"]["answer"] == "yes"


def test_back_and_again_keeps_both_in_the_changes(talk, tmp_path):
    file = tmp_path / "b.case"
    ran = talk(*PRECONDITIONS, *CHILD, "1", "b", "2", "q", *keep(file))
    assert "Recorded: Yes" in ran.out
    changed = [c for c in record(file)["changes"] if c[0] == "answer:neglect_signs"]
    assert [c[2].split(" (")[0] for c in changed] == ["yes", "no"]


def test_a_note_is_kept_before_any_answer_with_what_it_rests_on(talk, tmp_path):
    file = tmp_path / "n.case"
    talk(*PRECONDITIONS, *CHILD, "n", "what the teacher said", "1", "q", *keep(file))
    assert record(file)["answers"]["neglect_signs"] == {
        "answer": "not_asked",
        "basis": "said",
        "note": "what the teacher said",
    }


def test_S5_leave_open_is_no_answer_and_is_not_put_again(talk, tmp_path):
    file = tmp_path / "o.case"
    ran = talk(*PRECONDITIONS, *CHILD, "6", "q", *keep(file))
    assert (
        record(file)["passed"] == ["neglect_signs"]
        and "neglect_signs" not in record(file)["answers"]
    )
    assert ran.out.count("Note hunger") == 1


def test_what_is_no_answer_is_said_and_nothing_is_lost(talk, tmp_path):
    file = tmp_path / "x.case"
    ran = talk(*PRECONDITIONS, "1,5", "200", *CHILD, "7", "yes", "٣", "", "1", "q", *keep(file))
    assert ran.out.count("[C212]") == 2 and ran.out.count("Type a number from 1 to 6") == 4
    assert record(file)["age"] == 9 and record(file)["answers"]["neglect_signs"]["answer"] == "yes"


def test_why_is_one_sentence_about_what_a_yes_could_do(talk):
    ran = talk(*PRECONDITIONS, *CHILD, "?", "q", "drop")
    assert "a yes would raise the finding to: Look further." in ran.out


def test_the_list_leads_to_any_item(talk, tmp_path):
    file = tmp_path / "l.case"
    talk(*PRECONDITIONS, *CHILD, "l", "1", "1", "q", *keep(file))
    first = next(i.id for i in KOSOVO.by_profile["child"] if i.id != "danger_now")
    assert record(file)["answers"][first]["answer"] == "yes"


@pytest.mark.parametrize(
    "preconditions",
    [
        ["4"],
        ["1", "2"],
        ["1", "1", "4"],
        ["1", "1", "1", "2"],
        ["1", "1", "1", "1", "2"],
    ],
)
def test_S8_where_it_is_not_safe_nothing_is_asked_aloud(talk, preconditions):
    ran = talk("2", *CHILD[:-5], *preconditions, *["3"] * 45, "q", "drop")
    assert "Do not ask (" in ran.out and "Nothing may be asked aloud now" in ran.out
    asked = [
        KOSOVO.texts("en").prompt(i.id, "ask")
        for i in KOSOVO.by_profile["child"]
        if i.mode.child == "ask"
    ]
    assert [q for q in asked if q in ran.out.split("What do you think yourself?")[0]] == []


def test_S4_child_without_an_age_is_not_asked_for_one(talk, tmp_path):
    file = tmp_path / "c.case"
    ran = talk(*PRECONDITIONS, *CHILD[2:], "1", "q", *keep(file), options=("--child",))
    assert (
        "Age in full years" not in ran.out
        and record(file)["age"] is None
        and not record(file)["age_certain"]
    )


def test_a_saved_interview_goes_on_where_it_stood(talk, cli, monkeypatch, tmp_path):
    file = tmp_path / "s.case"
    talk(*PRECONDITIONS, *CHILD, "1", "q", *keep(file))
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("\n".join([WORDS, "2", "q", str(file), WORDS, WORDS, ""]))
    )
    ran = cli("interview", "--open", file)
    assert ran.code == 0 and "Note hunger" not in ran.out
    assert len(record(file)["answers"]) == 3 and file.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["s.case"]


@pytest.mark.parametrize(
    ("damage", "typed", "code"), [(False, "another passphrase here", "U311"), (True, WORDS, "U312")]
)
def test_a_wrong_passphrase_and_a_damaged_file_are_told_apart(
    talk, cli, monkeypatch, tmp_path, damage, typed, code
):
    file = tmp_path / "w.case"
    talk(*PRECONDITIONS, "q", *keep(file))
    if damage:
        file.write_bytes(file.read_bytes()[:200])
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
    ran = cli("interview", "--open", file)
    assert ran.code == 2 and f"[{code}]" in ran.err


def test_a_file_that_is_there_is_not_overwritten_and_a_weak_passphrase_not_taken(talk, tmp_path):
    there, file = tmp_path / "there.case", tmp_path / "new.case"
    there.write_bytes(b"other")
    ran = talk(
        *PRECONDITIONS,
        "q",
        *keep(there),
        str(file),
        "short",
        "short",
        str(file),
        WORDS,
        WORDS + "x",
        str(tmp_path / "no" / "x"),
        WORDS,
        WORDS,
        *keep(file),
    )
    assert [code in ran.out for code in ("U302", "U313", "U303")] == [
        True
    ] * 3 and "not the same" in ran.out
    assert there.read_bytes() == b"other" and record(file)["case_id"] == "T-1"


def test_the_end_of_input_never_drops_anything_without_a_word(talk):
    ran = talk(*PRECONDITIONS, "9")
    assert (
        ran.code == 2
        and "only in memory" in ran.out
        and "not saved" in ran.err
        and "U303" in ran.err
    )


def test_what_cannot_be_kept_is_said_before_the_first_question(talk, monkeypatch):
    from screening.cli.interview import command

    monkeypatch.setattr(command.util, "find_spec", lambda name: None)
    ran = talk("q", "drop")
    assert "cannot be kept" in ran.out.split("Is anyone here in danger")[0]


def test_to_forget_takes_the_word(talk, tmp_path):
    ran = talk(*PRECONDITIONS, "q", "drop")
    assert ran.code == 0 and list(tmp_path.iterdir()) == []


def test_in_a_real_terminal_the_passphrase_is_not_echoed_and_ctrl_c_offers_to_keep(tmp_path):
    file = tmp_path / "pty.case"
    with terminal(tmp_path, "interview", "--lang", "sr-Cyrl") as screen:
        screen.wait("опасности?", "\n> ")
        screen.type("2\n")
        screen.wait("Узраст у пуним годинама", ":")
        screen.type(b"\x03")
        screen.wait("шифровану датотеку?", "\n> ")
        screen.type(f"{file}\n")
        for asked in ("Лозинка: ", "Иста лозинка још једном: "):
            screen.wait(asked)
            assert not screen.shows_keys
            screen.type(f"{WORDS}\n")
        screen.wait("Сачувано")
        assert screen.end() == 0
        assert WORDS not in screen.text and record(file)["answers"] == {
            "danger_now": {"answer": "no"}
        }
        assert max(map(len, screen.text.splitlines())) <= 100


def test_the_letters_that_a_cyrillic_screen_shows_are_taken(talk, tmp_path):
    ran = talk(
        *PRECONDITIONS,
        "б",
        "1",
        *CHILD,
        "л",
        "",
        "љ",
        "заборави",
        options=("--lang", "sr-Cyrl"),
    )
    assert ran.code == 0 and list(tmp_path.iterdir()) == []
    assert ran.out.count("„заборави“") + ran.out.count("'заборави'") == 1, (
        "asked once, taken at once"
    )


HELP = "112: anyone hurt"


@pytest.mark.parametrize("letter", ["d", "D", "д"])
@pytest.mark.parametrize(
    "before",
    [
        (),
        PRECONDITIONS,
        [*PRECONDITIONS, "9"],
        [*PRECONDITIONS, "9", "1"],
        [*PRECONDITIONS, *CHILD],
        [*PRECONDITIONS, *CHILD, "n"],
        [*PRECONDITIONS, *CHILD, "n", "a note"],
        [*PRECONDITIONS, *CHILD, "l"],
        [*PRECONDITIONS, *CHILD, "q"],
        [*PRECONDITIONS, *CHILD, "q", "kept.case"],
    ],
    ids=[
        "precondition",
        "age",
        "certain",
        "fact",
        "question",
        "note",
        "basis",
        "list",
        "save",
        "passphrase",
    ],
)
def test_S7_danger_is_one_key_away_at_every_prompt(talk, tmp_path, monkeypatch, before, letter):
    monkeypatch.chdir(tmp_path)
    ran = talk(*before, letter)
    assert HELP in ran.out and "is not an age" not in ran.out
    assert list(tmp_path.iterdir()) == []


def test_S7_danger_is_one_key_away_when_reasons_are_written_and_when_a_file_is_opened(
    talk, cli, monkeypatch, tmp_path
):
    file = tmp_path / "why.case"
    lines = [
        *PRECONDITIONS,
        *CHILD,
        *until_enough(set()),  # what is left is for others: nothing more is offered
        "5",
        "d",
        "2",
        "calm",
        "",
        "d",
        "b",
        "for now",
    ]
    ran = talk(*lines, *keep(file))
    assert ran.out.count(HELP) == 2, ran.out[-3000:]
    assert [record(file)[j]["why"] for j in ("judgement", "decision")] == ["calm", "for now"]
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"d\n{WORDS}\n"))
    assert HELP in " ".join(cli("interview", "--open", file).out.split())


def test_S7_after_danger_one_is_exactly_where_one_was(talk, tmp_path):
    file = tmp_path / "back.case"
    for lines in (["d", "b", "9"], ["d", "1", "9"], ["9", "1", "d", "b"], ["9", "1", "d", "2"]):
        ran = talk(*PRECONDITIONS, *lines, *CHILD[2 if len(lines) == 4 else 1 :], "q", *keep(file))
        assert (
            record(file)["age"] == 9
            and record(file)["facts"]["company"] == "family"
            and record(file)["person"]
        ), ran.out
        file.unlink()


@pytest.mark.parametrize(
    ("typed", "age", "person"), [(["9", "q"], 9, False), (["9", "1", "2", "q"], 9, False)]
)
def test_to_stop_among_the_facts_keeps_what_was_typed_and_puts_the_rest_again(
    talk, tmp_path, typed, age, person
):
    file = tmp_path / "half.case"
    talk(*PRECONDITIONS, *typed, *keep(file))
    assert (record(file)["age"], record(file)["person"]) == (age, person)


def test_a_note_is_kept_whole_although_one_goes_back_from_what_it_rests_on(talk, tmp_path):
    file = tmp_path / "note.case"
    talk(*PRECONDITIONS, *CHILD, "n", "her words", "b", "q", *keep(file))
    assert record(file)["answers"]["neglect_signs"]["note"] == "her words"


def test_a_key_typed_for_a_file_name_makes_no_file(talk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    talk("2", "q", "q", "b", "l", "drop")
    assert list(tmp_path.iterdir()) == []


def test_S7_S8_the_list_leads_to_no_question_before_the_preconditions_are_gone_through(talk):
    for before in ([], ["2", *CHILD[:-5]], ["2", *CHILD[:-3]]):
        ran = talk(*before, "l", "q", "drop")
        assert (
            "First what comes before any question" in ran.out
            and "Number of an indicator" not in ran.out
        )


def test_S8_a_question_that_is_gone_to_although_it_is_withheld_carries_the_warning(talk):
    now = Interview.begin(KOSOVO, load_weights(KOSOVO), load_protocol(KOSOVO), "T-1").person(
        "9", True, {"company": "family", "begs": "yes"}
    )
    asked = next(
        n
        for n, i in enumerate(now.precondition("danger", "no").open_items, 1)
        if now.mode(i) == "ask"
    )
    ran = talk(*PRECONDITIONS, *CHILD[:-4], "2", "l", str(asked), "q", "drop")
    after = ran.out.split("Number of an indicator")[1]
    assert after.index("Do not ask (") < after.index("· Ask ")


def test_S9_going_back_from_the_finding_never_puts_the_own_judgement_again(talk, tmp_path):
    file = tmp_path / "nine.case"
    lines = [
        *PRECONDITIONS,
        *CHILD,
        *until_enough({"sent_and_placed"}),
        "1",
        "5",
        "my own",
        "b",
        "2",
        "1",
        "as shown",
    ]
    ran = talk(*lines, *keep(file))
    assert ran.out.count("What do you think yourself?") == 1
    assert (
        record(file)["judgement"]["why"] == "my own"
        and record(file)["decision"]["why"] == "as shown"
    )


def test_after_danger_the_terminal_says_what_stays_open_and_goes_on_in_one_step(talk, tmp_path):
    file = tmp_path / "on.case"
    ran = talk("1", *PRECONDITIONS[1:], *CHILD, "2", "1", "1", "q", *keep(file))
    assert "is exploited is still open" in " ".join(ran.out.split())
    assert len([a for a in record(file)["answers"] if a != "danger_now"]) == 2


@pytest.mark.parametrize(
    ("language", "words_"),
    [
        ("sq", "ky nuk është fjalëkalimi"),
        ("sr", "ovo nije lozinka"),
        ("sr-Cyrl", "ово није лозинка"),
    ],
)
def test_faults_are_said_in_the_language_of_the_interview_with_their_code(
    talk, cli, monkeypatch, tmp_path, language, words_
):
    file = tmp_path / "said.case"
    ran = talk(
        *PRECONDITIONS,
        "200",
        "q",
        str(file),
        "short",
        "short",
        *keep(file),
        options=("--lang", language),
    )
    assert "[C212]" in ran.out and "[U313]" in ran.out
    assert "is not an age" not in ran.out and "fewer than" not in ran.out
    monkeypatch.setattr(sys, "stdin", io.StringIO("another passphrase here\n"))
    ran = cli("interview", "--open", file, "--lang", language)
    assert ran.code == 2 and words_.lower() in ran.err.lower() and "[U311]" in ran.err


def test_S20_a_file_of_another_list_version_or_other_weights_says_so_on_opening(
    talk, cli, monkeypatch, tmp_path
):
    file = tmp_path / "old.case"
    talk(*PRECONDITIONS, *CHILD, "q", *keep(file))
    file.write_bytes(
        seal({**record(file), "weights": "2025-01-01-older", "weights_sha256": "0" * 64}, WORDS)
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{WORDS}\nq\n"))
    said = " ".join(cli("interview", "--open", file).out.split())
    assert "weights 2025-01-01-older" in said and f"weights {load_weights(KOSOVO).id}" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nobody_speaks_for_a_child_at_night_the_terminal_shows_what_can_be_seen_at_once(
    talk, tmp_path, language
):
    file = tmp_path / "seen.case"
    # nine, certain, street at night, says family, begs; nobody speaks for the child
    child = ["9", "1", "2", "3", "1", "3", "3", "", "4"]
    ran = talk(*PRECONDITIONS, *child, "99", "5, 8", "q", *keep(file), options=("--lang", language))
    say = words(language)
    assert say("What do you see?") in ran.out and ran.code == 0
    assert ran.out.count(say("Numbers of what you saw or heard yourself, Enter for none:")) == 2
    given = {i for i, a in record(file)["answers"].items() if a["answer"] == "yes"}
    assert given == {"others_answer", "begging_hazard"}
    assert say("{n} to see", n=1)[2:] in ran.out, "the pause says what is still open"


def test_the_terminal_prints_the_station_s_numbers_with_help_and_with_the_finding(
    talk, tmp_path, monkeypatch
):
    station, file = tmp_path / "contacts.yaml", tmp_path / "n.case"
    station.write_text("format: 1\nnumbers:\n  csw_on_duty: {number: 038 200 111}\n")
    monkeypatch.setenv("SCREENING_CONTACTS", str(station))
    lines = [*PRECONDITIONS, *CHILD, *until_enough({"sent_and_placed", "daily_quota"})]
    ran = talk(*lines, "1", "2", "own", "2", "as I thought", *keep(file))
    assert "038 200 111" in ran.out.split("What do you think yourself?")[1]
    ran = talk("d", "1", "q", *keep(tmp_path / "d.case"))
    assert "038 200 111" in ran.out and "not verified: check before you use it" in ran.out
    station.write_text("format: [1]\n")
    ran = talk("d", "1", "q", *keep(tmp_path / "e.case"))
    assert ran.code == 0 and "112" in ran.out and "contacts cannot be read" in ran.out
