"""A course in a terminal: the same course, line by line."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from screening.checklist.schema import FINDINGS
from screening.course import Attempt
from screening.course.files import course_bytes, report_bytes
from screening.i18n import LANGUAGES, words
from support.course import KOSOVO, LESSONS, STREET, keyed
from support.terminal import terminal

ORDER = FINDINGS[::-1]
DIGITS = {"yes": "1", "no": "2", "not_told": ""}  # Enter is not told


def typed(vignette: str, judgement: str = "", **changed: str) -> list[str]:
    """The lines of one vignette: judgement, items, and Enter for the key."""
    lesson = LESSONS[vignette]
    answers = keyed(lesson, **changed)
    return [
        str(ORDER.index(judgement or lesson.finding) + 1),
        *(DIGITS[answers[i]] for i in lesson.items),
        "",
    ]


@pytest.fixture
def course(cli: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Types lines into `screening train-officer` and gives what was printed, on one line."""

    def run(*lines: str, options: tuple[Any, ...] = ("--set", "on-the-street")) -> Any:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        ran = cli("train-officer", *options)
        return type(ran)(ran.code, " ".join(ran.out.split()), ran.err)

    return run


def kept(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def on(path: Path, *more: Any) -> tuple[Any, ...]:
    return ("--set", "on-the-street", "--keep", path, *more)


def shows_the_key(language):
    prompt = "Enter shows the key, {back} goes back, {stop} stops and keeps:"
    return words(language)(prompt, **LANGUAGES[language].keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vignette_from_story_to_key_and_file(course, tmp_path, language):
    file, say = tmp_path / "c.json", words(language)
    ran = course(
        *typed("S-01", "refer", confined_or_watched="no"),
        "q",
        options=on(file, "--lang", language, "--code", "abc-1"),
    )
    assert ran.code == 0 and ran.err == ""
    before, after = ran.out.split(shows_the_key(language))
    for tell in (say("The tempting mistake"), say("The first difference that matters")):
        assert tell not in before, "S9: no key before the own judgement"
    assert (
        say("The tempting mistake") in after
        and say("This is the tempting mistake: your judgement is where it leads.") in after
    )
    data = kept(file)
    assert (
        data["code"] == "abc-1"
        and data["done"]["S-01"]["judgement"] == "refer"
        and data["done"]["S-01"]["answers"] == keyed(LESSONS["S-01"], confined_or_watched="no")
    )
    assert file.stat().st_mode & 0o777 == 0o600 and [p.name for p in tmp_path.iterdir()] == [
        "c.json"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_item_stands_with_what_decides_its_answer_and_the_key_says_it_again(course, language):
    texts = KOSOVO.texts(language)
    ran = course(
        *typed("S-01", confined_or_watched="no"),
        "q",
        "drop",
        options=("--set", "on-the-street", "--lang", language),
    )
    before, after = ran.out.split(shows_the_key(language))
    for item in LESSONS["S-01"].items:
        assert f"{texts.statement(item)} {texts.rule(item)}" in before, item
    assert f"{words(language)('What counts')}: {texts.rule('confined_or_watched')}" in after


def test_an_age_that_is_not_certain_is_told_as_such(course):
    unsure = LESSONS["B-03"].vignette
    assert unsure.age is not None and unsure.age_certain == "no"
    ran = course(
        *typed("B-01"), "", *typed("B-02"), "", "q", "drop", options=("--set", "beyond-the-street")
    )
    assert f"(age {unsure.age} (not certain)) " in ran.out


def test_S5_enter_is_not_told_and_never_no(course, tmp_path):
    file = tmp_path / "c.json"
    course("1", *[""] * len(LESSONS["S-01"].items), "", "q", options=on(file))
    assert set(kept(file)["done"]["S-01"]["answers"].values()) == {"not_told"}


def test_the_judgement_must_be_chosen_and_comes_before_any_item(course, tmp_path):
    ran = course("", "9", "jo", "٣", "2", "q", options=on(tmp_path / "c.json"))
    assert ran.out.count("Type a number from 1 to 5") == 4
    assert ran.out.index("What do you think yourself?") < ran.out.index("Yes 2 No 3 Not told")
    assert kept(tmp_path / "c.json")["begun"]["S-01"]["judgement"] == "refer"


def test_back_puts_right_a_slip_until_the_key_is_shown(course, tmp_path):
    file, lines = tmp_path / "c.json", typed("S-01")
    first = LESSONS["S-01"].items[0]
    course(
        lines[0], "1", "b", "2", *lines[2:-1], "b", lines[-2], "b", "", "", "q", options=on(file)
    )
    assert kept(file)["done"]["S-01"]["answers"] == keyed(LESSONS["S-01"], **{first: "no"}), (
        "Enter leaves what was recorded"
    )


def test_the_story_is_told_again_on_s(course):
    ran = course("s", "1", "s", "q", "drop")
    assert ran.out.count("A girl of ten asks for coins at a supermarket door") == 3


def test_stop_keeps_what_is_begun_and_the_course_goes_on_there(course, tmp_path):
    file, lines = tmp_path / "c.json", typed("S-01")
    assert course(*lines[:4], "q", options=on(file)).code == 0
    assert len(kept(file)["begun"]["S-01"]["answers"]) == 3 and kept(file)["done"] == {}
    ran = course(*lines[4:], "q", options=("--from", file))
    put = len(LESSONS["S-01"].items)
    assert (
        f" 4/{put}" in ran.out
        and f" 3/{put}" not in ran.out
        and "What do you think yourself?" not in ran.out
    )
    assert (
        kept(file)["done"]["S-01"]["answers"] == keyed(LESSONS["S-01"])
        and kept(file)["begun"] == {}
    )


def test_the_end_of_input_keeps_too(course, tmp_path):
    file = tmp_path / "c.json"
    assert course(*typed("S-01"), "", *typed("S-02")[:5], options=on(file)).code == 0
    assert set(kept(file)["done"]) == {"S-01"} and len(kept(file)["begun"]["S-02"]["answers"]) == 4


def test_progress_is_kept_after_every_vignette_whatever_comes_then(course, tmp_path, monkeypatch):
    from screening.cli.course import talk as body

    file, states = tmp_path / "c.json", []
    whole = body.Talk._feedback
    monkeypatch.setattr(
        body.Talk,
        "_feedback",
        lambda self, vignette: (states.append(set(kept(file)["done"])), whole(self, vignette)),
    )
    course(*typed("S-01"), "", *typed("S-02"), "q", options=on(file))
    assert states == [{"S-01"}, {"S-01", "S-02"}]


def test_a_course_that_is_whole_says_so_and_both_twins_are_told_apart(course, tmp_path):
    file = tmp_path / "c.json"
    lines = [line for v in [v for v in LESSONS if v.startswith("S-")] for line in [*typed(v), ""]]
    ran = course(*lines[:-1], options=on(file, "--report", tmp_path / "r.json"))
    assert (
        ran.code == 0
        and "21 of 21 vignettes" in ran.out
        and ran.out.count("What tells them apart") == 8
    )
    assert (
        "Judgements that equal the key's finding: 21 of 21 (100%; 95% interval 85% to 100%)"
        in ran.out
        and "To look at again" not in ran.out
    )
    assert kept(tmp_path / "r.json")["done"] == 21 and kept(tmp_path / "r.json")["look_again"] == []
    assert course(options=("--from", file)).out.count("Vignette ") == 0


@pytest.mark.parametrize("suffix", ["json", "csv", "html"])
def test_the_report_bears_a_name_only_if_one_is_typed(course, tmp_path, suffix):
    with_name, without, file = (
        tmp_path / f"a.{suffix}",
        tmp_path / f"b.{suffix}",
        tmp_path / "c.json",
    )
    ran = course(*typed("S-01"), "q", "Ana Krasniqi", options=on(file, "--report", with_name))
    assert ran.code == 0 and f"written: {with_name}" in ran.err
    course("q", "", options=("--from", file, "--report", without))
    assert (
        b"Ana Krasniqi" in with_name.read_bytes()
        and b"Ana" not in without.read_bytes()
        and b"Ana" not in file.read_bytes()
    )


def test_without_a_vignette_done_no_report_is_written(course, tmp_path):
    ran = course("q", options=on(tmp_path / "c.json", "--report", tmp_path / "r.csv"))
    assert (
        ran.code == 0 and "no report was written" in ran.err and not (tmp_path / "r.csv").exists()
    )


def test_without_a_file_nothing_is_dropped_without_a_word(course, tmp_path):
    there, file = tmp_path / "there.json", tmp_path / "new.json"
    there.write_text("other")
    ran = course("1", "q", str(there), str(tmp_path / "no" / "x.json"), "", str(file))
    assert (
        ran.code == 0
        and "U302" in ran.out
        and "U303" in ran.out
        and there.read_text() == "other"
        and kept(file)["begun"]["S-01"]["judgement"] == "act_now"
    )
    assert course("1", "q", "drop").code == 0
    gone = course("1")
    assert gone.code == 2 and "U303" in gone.err and "not saved" in gone.err
    assert course("q").code == 0, "nothing was done, nothing is asked"


def test_a_disk_that_fails_in_the_middle_ends_no_course(course, tmp_path, monkeypatch):
    from screening.cli.course import talk as body
    from screening.errors import UsageError

    file, other, calls = tmp_path / "c.json", tmp_path / "d.json", []

    class Full(body.OutputFile):
        def __init__(self, path: Any, **options: Any) -> None:
            calls.append(path)
            if path == file and len(calls) > 1:
                raise UsageError("U303.full", place=str(path))
            super().__init__(path, **options)

    monkeypatch.setattr(body, "OutputFile", Full)
    ran = course(*typed("S-01"), "q", str(other), options=on(file))
    assert (
        ran.code == 0
        and "the disk is full" in ran.out
        and "The tempting mistake" in ran.out
        and set(kept(other)["done"]) == {"S-01"}
    )


@pytest.fixture(scope="module")
def one_done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a course that was kept after its first vignette, and its report."""
    folder = tmp_path_factory.mktemp("one-done")
    done = STREET.finish("S-01", Attempt(LESSONS["S-01"].finding, keyed(LESSONS["S-01"])))[0]
    (folder / "kept.json").write_bytes(course_bytes(done.record))
    (folder / "report.json").write_bytes(report_bytes(done, "json"))
    return folder


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--set", "on-the-streets"), "U305"),
        (("--set", "street-operations"), "U305"),
        (("--checklist", "kosovo-street"), "U305"),
        (("--code", "Ana Krasniqi"), "U305"),
        (("--report", "r.pdf"), "U307"),
        (("--report", "there.json"), "U302"),
        (("--keep", "there.json"), "U302"),
        (("--from", "nowhere.json"), "U301"),
        (("--from", "there.json"), "U314"),
        (("--from", "."), "U301"),
        (("--from", "kept.json", "--code", "other"), "U305"),
        (("--from", "kept.json", "--set", "beyond-the-street"), "U305"),
        (("--from", "changed.json"), "U315"),
        (("--together", "kept.json"), "U314"),
        (("--together", "there.json"), "U314"),
        (("--together", "nowhere.json"), "U301"),
        (("--together", "report.json", "--together", "report.json"), "U317"),
        (("--together", "report.json", "--report", "t.html"), "U307"),
        (("--together", "report.json", "--report", "there.json"), "U302"),
    ],
)
def test_what_is_wrong_with_the_call_is_said_before_the_first_vignette(
    course, one_done, tmp_path, monkeypatch, options, code
):
    shutil.copytree(one_done, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    Path("changed.json").write_text(
        Path("kept.json").read_text().replace(kept(Path("kept.json"))["set"]["sha256"], "0" * 64)
    )
    Path("there.json").write_text("other")
    ran = course("1", "q", options=options)
    assert (
        ran.code == 2
        and f"[{code}]" in ran.err
        and len(ran.err.splitlines()) == 1
        and "Vignette" not in ran.out
    )
    assert Path("there.json").read_text() == "other"


def test_overwrite_replaces_what_is_there(course, tmp_path):
    file, out = tmp_path / "c.json", tmp_path / "r.json"
    for path in (file, out):
        path.write_text("other")
    assert (
        course(*typed("S-01"), "q", "", options=on(file, "--report", out, "--overwrite")).code == 0
    )
    assert kept(file)["kind"] == "course" and kept(out)["kind"] == "course report"


def test_a_kept_course_may_go_on_in_another_file(course, tmp_path):
    one, two = tmp_path / "1.json", tmp_path / "2.json"
    course(*typed("S-01"), "q", options=on(one))
    course(*typed("S-02"), "q", options=("--from", one, "--keep", two))
    assert (
        set(kept(one)["done"]) == {"S-01"}
        and set(kept(two)["done"]) == {"S-01", "S-02"}
        and kept(one)["code"] == kept(two)["code"]
    )


def test_reports_put_together_stand_on_stdout_or_in_a_file(course, cli, tmp_path):
    reports = []
    for n in (1, 2):
        reports += ["--together", tmp_path / f"r{n}.json"]
        course(
            *typed("S-01", daily_quota="no"),
            "q",
            "Ana",
            options=on(tmp_path / f"c{n}.json", "--report", tmp_path / f"r{n}.json"),
        )
    ran = cli("train-officer", *reports)
    row = next(line for line in ran.out.splitlines() if line.startswith("daily_quota"))
    assert (
        ran.code == 0
        and ran.err == ""
        and row == "daily_quota,Must bring in a fixed amount,2,2,2,0,0,0,2,0,yes"
        and "Ana" not in ran.out
    )
    assert cli("train-officer", *reports, "--report", tmp_path / "all.json").code == 0
    assert kept(tmp_path / "all.json")["officers"] == 2


def test_the_letters_that_a_cyrillic_screen_shows_are_taken(course):
    ran = course(
        "1",
        "б",
        "с",
        "2",
        "1",
        "љ",
        "заборави",
        options=("--set", "on-the-street", "--lang", "sr-Cyrl"),
    )
    assert ran.code == 0 and ran.out.lower().count("супермаркет") >= 3 and "--keep FILE" in ran.out


def test_in_a_real_terminal_the_set_is_chosen_by_number_and_ctrl_c_keeps(tmp_path):
    file = tmp_path / "pty.json"
    with terminal(tmp_path, "train-officer", "--keep", str(file)) as screen:
        screen.wait("Which vignettes?", "\n> ")
        screen.type("2\n")
        screen.wait("A girl outside a supermarket", "\n> ")
        screen.type("2\n")
        screen.wait(f"1/{len(LESSONS['S-01'].items)}", "\n> ")
        screen.type(b"\x03")
        screen.wait("Kept")
        assert screen.end() == 0
        assert kept(file)["begun"]["S-01"] == {"judgement": "refer", "answers": {}}
        assert max(map(len, screen.text.splitlines())) <= 100
