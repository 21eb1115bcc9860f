"""The casebook at the command line."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from screening.casebook.laptop import Casebook
from screening.casebook.sealed import seal
from screening.interview import Interview, load_protocol
from support.casebook import OTHER, WORDS, filled


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A casebook with five cases, and files with passphrases beside it."""
    filled(tmp_path / "book")[0].close()
    (tmp_path / "words").write_text(WORDS + "\n", encoding="utf-8")
    (tmp_path / "other").write_text(OTHER + "\r\nnot this line\n", encoding="utf-8")
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / "long").write_text(WORDS + " " * 4096, encoding="utf-8")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe" + WORDS.encode())
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    for name in ("words", "other", "empty", "long", "bytes"):
        (tmp_path / name).chmod(0o600)
    return tmp_path


@pytest.fixture
def store(cli, place, monkeypatch):
    """`store("verify")`: a command on the casebook, with its passphrase in a file."""
    monkeypatch.setenv("SCREENING_PASSPHRASE_FILE", str(place / "words"))
    monkeypatch.setenv("SCREENING_BY", "arta")
    return lambda command, *rest: cli("store", command, place / "book", *rest)


def test_a_new_casebook_opens_by_passphrase_and_by_the_key_that_is_printed_once(cli, place):
    made = cli("store", "init", place / "new", "--passphrase-file", place / "words")
    assert made.code == 0 and re.fullmatch(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}\n", made.out)
    for secret in (WORDS, made.out):
        Casebook.open(place / "new", secret).close()
    again = cli("store", "init", place / "new", "--passphrase-file", place / "words")
    assert again.code == 2 and "[U302]" in again.err


def test_what_is_typed_is_asked_twice_and_six_words_are_offered(cli, place, monkeypatch, capsys):
    typed = iter([WORDS, OTHER, WORDS, WORDS])
    monkeypatch.setattr("screening.cli.casebook.secret", lambda *_, **__: next(typed))
    differs = cli("store", "init", place / "new")
    assert differs.code == 2 and "[U313]" in differs.err and not (place / "new").exists()
    offered = re.search(r"used yet: (.+)", differs.err)
    assert offered is not None and len(offered[1].split()) == 6
    assert cli("store", "init", place / "new").code == 0


@pytest.mark.parametrize(
    ("folder", "words", "code"),
    [
        ("book", "other", "U311"),
        ("book", "empty", "U311"),
        ("book", "missing", "U301"),
        ("book", "long", "U311"),
        ("book", "bytes", "U311"),
        ("book", "folder", "U301"),
        ("book", "pipe", "U301"),
        ("book", "device", "U301"),
        ("nowhere", "words", "U320"),
        (".", "words", "U320"),
    ],
)
def test_what_does_not_open_is_said_in_one_line(cli, place, folder, words, code):
    ran = cli("store", "list", place / folder, "--passphrase-file", place / words)
    assert ran.code == 2 and f"[{code}]" in ran.err and ran.err.count("\n") == 1 and not ran.out


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o600, 0o400])
def test_a_passphrase_that_others_can_read_is_warned_of_also_behind_a_link(cli, place, mode):
    (place / "words").chmod(mode)
    (place / "link").symlink_to(place / "words")
    for name in ("words", "link"):
        ran = cli("store", "list", place / "book", "--passphrase-file", place / name)
        assert ran.code == 0 and ("others on this machine" in ran.err) == bool(mode & 0o077)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"", b"\nnot this line\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_passphrase_is_the_first_line_however_it_ends(cli, place, mark, end):
    (place / "words").write_bytes(mark + WORDS.encode() + end)
    assert cli("store", "list", place / "book", "--passphrase-file", place / "words").code == 0


def test_cases_are_listed_and_checked_and_the_head_is_what_tells_an_old_copy(store, place):
    listed = store("list")
    assert listed.out.splitlines()[1].split() == ["K-0", "4", "2026-03-01", "2026-03-04"]
    shutil.copytree(place / "book", place / "old")
    head = store("verify").out.strip()
    assert re.fullmatch(r"20-[0-9a-f]{24}", head)
    assert store("keep", "K-1", "--until", "2026-05-01").code == 0
    later = store("verify", "--head", head)
    assert later.code == 0 and "21 events of 5 cases" in later.err
    shutil.rmtree(place / "book")
    (place / "old").rename(place / "book")
    assert store("verify", "--head", head).code == 0
    older = store("verify", "--head", later.out.strip())
    assert older.code == 2 and "[U321]" in older.err and "older" in older.err


def test_a_backup_is_restored_elsewhere_and_over_nothing(store, cli, place):
    made = store("backup", place / "b.backup")
    assert made.code == 0
    again = cli("store", "restore", place / "b.backup", place / "again")
    assert (again.code, again.out) == (0, made.out)
    for there in ("again", "book"):
        refused = cli("store", "restore", place / "b.backup", place / there)
        assert refused.code == 2 and "[U302]" in refused.err
    refused = store("backup", place / "b.backup")
    assert refused.code == 2 and "[U302]" in refused.err
    missing = cli("store", "restore", place / "c.backup", place / "third")
    assert missing.code == 2 and "[U301]" in missing.err


def test_keeping_holding_and_erasing(store):
    assert store("keep", "K-1", "--until", "2026-05-01").code == 0
    assert store("hold", "K-1", "--reason", "court").code == 0
    assert store("hold", "K-1").code == store("hold", "K-1", "--reason", "x", "--lift").code == 2
    due = store("due", "--on", "2026-05-01").out.splitlines()
    assert due[1].split() == ["K-1", "2026-05-01", "court"]
    assert "K-1" not in store("due", "--on", "2026-04-30").out
    held = store("erase", "K-1", "--confirm", "K-1")
    assert held.code == 2 and "court" in held.err and "[U325]" in held.err
    assert store("hold", "K-1", "--lift").code == 0
    slip = store("erase", "K-1", "--confirm", "K-2")
    assert slip.code == 2 and "[U305]" in slip.err
    assert store("erase", "K-1", "--confirm", "K-1", "--reason", "over").code == 0
    assert "erased" in store("list").out and store("verify").code == 0
    assert "K-1" not in store("due", "--on", "2027-01-01").out
    gone = store("erase", "K-99", "--confirm", "K-99")
    assert gone.code == 2 and "[U304]" in gone.err


def test_passphrase_and_recovery_key_are_changed(store, cli, place):
    assert store("rekey", "--new-passphrase-file", place / "other").code == 0
    assert store("list").code == 2
    other = ("--passphrase-file", place / "other")
    made = cli("store", "rekey", place / "book", "--recovery", *other)
    Casebook.open(place / "book", made.out).close()
    Casebook.open(place / "book", OTHER).close()


def test_a_case_file_is_taken_in_once(store, place, kosovo, kosovo_weights):
    now = Interview.begin(kosovo, kosovo_weights, load_protocol(kosovo), "S-1").person("12")
    file = place / "s.case"
    file.write_bytes(seal(now.record.to_dict(), OTHER))
    words = ("--file-passphrase", place / "other")
    assert "taken in" in store("import", file, *words).err
    head = store("verify").out
    assert "already" in store("import", file, *words).err
    assert store("verify").out == head
    later = now.person("13")
    file.write_bytes(seal(later.record.to_dict(), OTHER))
    assert "taken in" in store("import", file, *words).err
    file.write_bytes(seal(now.person("17").record.to_dict(), OTHER))
    differs = store("import", file, *words)
    assert differs.code == 2 and "[U302]" in differs.err and "s.case" in differs.err
    wrong = store("import", file, "--file-passphrase", place / "words")
    assert wrong.code == 2 and "[U311]" in wrong.err
