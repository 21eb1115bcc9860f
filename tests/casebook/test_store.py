"""The casebook on a laptop: what is recorded stays, in its order, and is checked."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from screening.casebook import keys, sealed
from screening.casebook.backup import backup, restore
from screening.casebook.database import DATABASE
from screening.casebook.event import Act, Event
from screening.casebook.keys import KeysFile, generated_recovery_key
from screening.casebook.laptop import Casebook
from screening.casebook.schema import metadata
from screening.casebook.store import Overtaken, Snapshot
from screening.errors import UsageError
from support.casebook import ACT, OTHER, WORDS, code_of, filled, met


@pytest.fixture
def book(tmp_path):
    made, _ = filled(tmp_path / "book")
    with made:
        yield made


def refused(act) -> str:
    with pytest.raises(UsageError) as found:
        act()
    return code_of(found.value)


# -- events ----------------------------------------------------------------------------------------


def test_what_was_recorded_is_there_after_it_was_closed(tmp_path):
    book, _ = filled(tmp_path / "book")
    before = list(book.events())
    book.close()
    assert sorted(p.name for p in (tmp_path / "book").iterdir()) == ["casebook.db", "casebook.keys"]
    with Casebook.open(tmp_path / "book", WORDS) as again:
        assert list(again.events()) == before
        assert [e.number for e in before] == list(range(1, 21))
        assert before[7] == Event(
            "K-2",
            "met",
            date(2026, 3, 2),
            datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
            "arta",
            {"place": 3},
            {"note": "note 1 of 2"},
            8,
        )


def test_events_are_given_by_case_number_and_kind(book):
    book.append([ACT.event("K-1", "judged", {"finding": "refer"})])
    assert [e.number for e in book.events("K-1")] == [2, 7, 12, 17, 21]
    assert [e.number for e in book.events("K-1", after=12)] == [17, 21]
    assert [e.number for e in book.events(kinds=["judged"])] == [21]
    assert book.last() == 21 and book.last("K-0") == 16 and book.last("nobody") == 0
    assert book.cases() == ["K-0", "K-1", "K-2", "K-3", "K-4"]


def test_what_is_counted_of_events_is_theirs_without_a_word(book):
    events = book.events(kinds=("met",), after=2)
    told = [(e.number, e.case, e.kind, e.happened_on, e.data) for e in events]
    assert [tuple(c) for c in book.counted(("met",), after=2)] == told and len(told) > 2


def test_more_events_than_are_read_at_a_time_come_each_once(book, monkeypatch):
    monkeypatch.setattr("screening.casebook.laptop._CHUNK", 3)
    assert [e.number for e in book.events()] == list(range(1, 21))


def test_events_are_recorded_together_or_not_at_all(book):
    bad = Event("K-9", "met", date(2026, 3, 1), ACT.at, "arta", {"x": float("nan")})
    with pytest.raises(ValueError):
        book.append([met("K-8"), bad])
    assert book.last() == 20 and "K-8" not in book.cases()


def test_a_clock_that_is_set_back_changes_no_order(book):
    earlier = Act("arta", ACT.at - timedelta(days=4000))
    (event,) = book.append([earlier.event("K-1", "noted")])
    assert event.number == 21 and list(book.events())[-1].recorded_at.year == 2015
    assert book.verify().events == 21


@pytest.mark.parametrize(
    "wrong",
    [
        {"recorded_at": datetime(2026, 3, 4)},
        {"kind": ""},
        {"by": ""},
        {"case": "", "words": {"a": 1}},
        {"case": "half \ud800"},
    ],
)
def test_an_event_that_says_too_little_is_our_own_bug(wrong):
    values = {
        "case": "K",
        "kind": "met",
        "happened_on": date(2026, 3, 1),
        "recorded_at": ACT.at,
        "by": "arta",
    }
    with pytest.raises(ValueError):
        Event(**{**values, **wrong})


def test_half_a_character_is_kept_as_a_question_mark(book):
    book.append([ACT.event("K-1", "noted", {"a": "\ud800"}, {"b": "\udfff"})])
    last = list(book.events())[-1]
    assert (last.data, last.words) == ({"a": "?"}, {"b": "?"})


def test_whoever_saw_less_than_was_recorded_is_told_and_nothing_is_recorded(book):
    seen = book.last("K-1")
    book.append([met("K-1")], after=seen)
    with pytest.raises(Overtaken) as found:
        book.append([met("K-1")], after=seen)
    assert found.value.number == 21 == book.last()
    book.append([met("K-2")], after=book.last("K-2"))  # other cases have moved on: no matter


def test_no_event_can_be_changed_or_taken_away(book):
    for statement in ("UPDATE events SET kind = 'x'", "DELETE FROM events WHERE number = 3"):
        with book._engine.begin() as connection, pytest.raises(IntegrityError):
            connection.execute(text(statement))
    assert book.verify().events == 20


def test_many_threads_record_at_once_and_none_is_lost(book):
    def work(n: int) -> None:
        for i in range(10):
            book.append([met(f"T-{n}", f"{i}")])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.verify().events == 100


def test_two_that_have_it_open_record_in_turn(tmp_path, book):
    with Casebook.open(book.folder, WORDS) as other:
        for n in range(5):
            book.append([met(f"A-{n}")])
            other.append([met(f"B-{n}")])
        assert other.head() == book.head()
        assert other.verify().events == 30


def test_who_waits_too_long_for_another_writer_is_told_in_words(book, monkeypatch):
    monkeypatch.setattr("screening.casebook.database.PATIENCE", 0.01)
    with Casebook.open(book.folder, WORDS) as other, book._writing():
        assert refused(lambda: other.append([met("K-1")])) == "U323.busy"
    assert book.last() == 20


# -- keys ------------------------------------------------------------------------------------------


def test_the_recovery_key_opens_it_however_it_is_typed(tmp_path):
    book, recovery = filled(tmp_path / "book")
    book.close()
    for typed in (
        recovery,
        recovery.lower(),
        recovery.replace("-", " "),
        recovery.replace("-", ""),
    ):
        Casebook.open(tmp_path / "book", typed).close()
    wrong = ("1" if recovery[0] != "1" else "2") + recovery[1:]
    assert refused(lambda: Casebook.open(tmp_path / "book", wrong)) == "U311.recovery_key_misspelt"
    other = generated_recovery_key()
    found = refused(lambda: Casebook.open(tmp_path / "book", other))
    assert found == "U311.wrong_passphrase_for_casebook"


def test_a_wrong_passphrase_and_each_kind_of_damage_are_told_apart(tmp_path):
    filled(tmp_path / "book")[0].close()

    def told(change) -> str:
        copy = tmp_path / "copy"
        shutil.copytree(tmp_path / "book", copy)
        try:
            change(copy)
            return refused(lambda: Casebook.open(copy, WORDS))
        finally:
            shutil.rmtree(copy, ignore_errors=True)

    def flip(name: str, at: int):
        def change(folder: Path) -> None:
            content = bytearray((folder / name).read_bytes())
            content[at] ^= 1
            (folder / name).write_bytes(content)

        return change

    assert refused(lambda: Casebook.open(tmp_path / "book", OTHER)) == (
        "U311.wrong_passphrase_for_casebook"
    )
    assert told(flip("casebook.keys", 200)) == "U321.keys_damaged"
    assert told(lambda f: (f / "casebook.keys").unlink()) == "U321.keys_damaged"
    assert told(lambda f: (f / "casebook.keys").write_bytes(b"{" * 5000)) == "U321.keys_damaged"
    assert told(flip("casebook.db", 100)) == "U321.pages_damaged"
    assert told(lambda f: (f / "casebook.db").unlink()) == "U321.pages_damaged"
    assert told(lambda f: (f / "casebook.db").write_bytes(b"")) == "U321.pages_damaged"
    assert told(shutil.rmtree) == "U320.not_there"
    assert told(lambda f: [p.unlink() for p in f.iterdir()]) == "U320.not_a_casebook"


def test_every_letter_of_the_file_of_keys_counts():
    file, _, _ = KeysFile.create(WORDS)
    content = file.to_bytes()
    for at in range(0, len(content), 7):
        changed = bytearray(content)
        changed[at] ^= 1
        if changed.strip() == content.strip():
            continue
        assert refused(lambda c=bytes(changed): KeysFile.parse(c)) == "U321.keys_damaged"


def test_the_wrapped_keys_of_one_holder_open_in_the_place_of_no_other():
    file, _, recovery = KeysFile.create(WORDS)
    swapped = KeysFile(
        file.id, {"passphrase": file.slots["recovery"], "recovery": file.slots["passphrase"]}
    )
    assert refused(lambda: swapped.unwrap(WORDS)) == "U311.wrong_passphrase_for_casebook"
    elsewhere = KeysFile("0" * 16, file.slots)
    assert refused(lambda: elsewhere.unwrap(WORDS)) == "U311.wrong_passphrase_for_casebook"
    assert file.unwrap(recovery) == file.unwrap(WORDS)


def test_keys_are_never_shown():
    _, made, _ = KeysFile.create(WORDS)
    assert made.database.hex() not in repr(made) and str(made.database) not in repr(made)


def test_a_passphrase_asks_for_64_mebibytes_of_work(monkeypatch):
    monkeypatch.undo()  # the cheap one of tests
    assert sealed.WORK[2] >= 64 * 1024 and sealed.WORK[0] >= 3
    monkeypatch.setattr(keys, "stretched", lambda *a: bytes(32))
    file, _, _ = KeysFile.create(WORDS)
    assert {tuple(slot["work"]) for slot in file.slots.values()} == {sealed.WORK}


def test_a_weak_passphrase_makes_no_casebook(tmp_path):
    assert refused(lambda: Casebook.create(tmp_path / "book", "password1234567")) == (
        "U313.passphrase_weak"
    )
    assert not (tmp_path / "book").exists() and not list(tmp_path.iterdir())


def test_a_casebook_is_never_made_over_anything(tmp_path, book):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for there in (book.folder, tmp_path / "empty", tmp_path / "file"):
        assert refused(lambda p=there: Casebook.create(p, WORDS)) == "U302.folder_exists"


def test_a_new_passphrase_rewrites_the_file_of_keys_and_nothing_else(tmp_path):
    book, recovery = filled(tmp_path / "book")
    book.close()
    before = (tmp_path / "book" / "casebook.db").read_bytes()
    with Casebook.open(tmp_path / "book", recovery) as opened:
        opened.rekey(OTHER)
        assert refused(lambda: opened.rekey("short")) == "U313.passphrase_weak"
    assert (tmp_path / "book" / "casebook.db").read_bytes() == before
    assert refused(lambda: Casebook.open(tmp_path / "book", WORDS)) == (
        "U311.wrong_passphrase_for_casebook"
    )
    with Casebook.open(tmp_path / "book", OTHER) as opened:
        assert opened.verify().events == 20
        newer = opened.new_recovery_key()
    assert refused(lambda: Casebook.open(tmp_path / "book", recovery)) == (
        "U311.wrong_passphrase_for_casebook"
    )
    Casebook.open(tmp_path / "book", newer).close()
    Casebook.open(tmp_path / "book", OTHER).close()


# -- identity, retention, erasure ------------------------------------------------------------------


def test_an_identity_is_kept_apart_and_each_reading_of_it_is_an_event(book):
    book.set_identity("K-1", {"name": "Arbër", "born": "2013"}, ACT)
    book.set_identity("K-1", {"name": "Arbër K."}, ACT)
    assert book.identity("K-1", ACT) == {"name": "Arbër K."}
    assert book.identity("K-2", ACT) is None
    kinds = [e.kind for e in book.events("K-1", after=20)]
    assert kinds == ["identity_set", "identity_set", "identity_viewed"]
    assert book.verify().events == 23


def test_an_erased_case_has_no_words_and_no_identity_and_still_counts(book):
    book.set_identity("K-1", {"name": "Arbër"}, ACT)
    book.keep_snapshots({"K-1": Snapshot(17, {"notes": ["note 1 of 1"]})})
    book.erase("K-1", ACT, "time of keeping over")
    events = list(book.events("K-1"))
    assert [e.kind for e in events] == ["met"] * 4 + ["identity_set", "erased"]
    assert not any(e.words for e in events) and all(e.data for e in events)
    assert book.identity("K-1", ACT) is None and book.snapshot("K-1") is None
    assert "K-1" in book.cases() and book.verify().cases == 5
    assert next(iter(book.events("K-2"))).words == {"note": "note 0 of 2"}
    for act in (
        lambda: book.append([met("K-1", "again")]),
        lambda: book.append([met("K-1")]),
        lambda: book.set_identity("K-1", {"name": "Arbër"}, ACT),
    ):
        assert refused(act) == "U325.erased"
    book.keep_snapshots({"K-1": Snapshot(22, {"a": 1})})
    assert book.snapshot("K-1") is None


def test_what_must_be_kept_is_not_erased_until_the_hold_is_lifted(book):
    book.hold("K-1", "court of Prishtina, case 12", ACT)
    book.keep_until("K-1", date(2026, 1, 1), ACT)
    book.keep_until("K-2", date(2026, 1, 2), ACT)
    book.keep_until("K-3", date(2027, 1, 1), ACT)
    assert [(d.case, d.held) for d in book.due(date(2026, 6, 1))] == [
        ("K-1", "court of Prishtina, case 12"),
        ("K-2", ""),
    ]
    assert refused(lambda: book.erase("K-1", ACT)) == "U325.on_hold"
    book.hold("K-1", "", ACT)
    book.erase("K-1", ACT)
    assert [d.case for d in book.due(date(2026, 6, 1))] == ["K-2"]
    book.keep_until("K-2", date(2028, 1, 1), ACT)
    assert book.due(date(2026, 6, 1)) == []


def test_what_is_done_to_a_case_that_is_not_there_is_refused(book):
    for act in (
        lambda: book.erase("K-99", ACT),
        lambda: book.hold("K-99", "court", ACT),
        lambda: book.keep_until("K-99", date(2026, 1, 1), ACT),
    ):
        assert refused(act) == "U304.no_case"


def test_a_key_that_comes_back_after_erasure_is_noticed_and_can_be_destroyed_again(book):
    with book._engine.connect() as connection:
        key = connection.execute(text("SELECT key FROM cases WHERE code = 'K-1'")).scalar()
    book.erase("K-1", ACT)
    with book._engine.begin() as connection:
        connection.execute(text("UPDATE cases SET key = :k WHERE code = 'K-1'"), {"k": key})
    assert refused(book.verify) == "U321.key_returned"
    book.erase("K-1", ACT)
    assert book.verify().events == 21


# -- snapshots -------------------------------------------------------------------------------------


def test_a_snapshot_is_kept_replaced_and_thrown_away(book):
    book.keep_snapshots({"K-1": Snapshot(3, {"a": 1}), "K-2": Snapshot(4, {})})
    book.keep_snapshots({"K-1": Snapshot(9, {"a": 2}), "nobody": Snapshot(1, {})})
    assert book.snapshot("K-1") == Snapshot(9, {"a": 2}) and book.snapshot("K-3") is None
    assert book.snapshot("K-2") == Snapshot(4, {}) and book.snapshot("nobody") is None
    book.keep_snapshots({"K-1": Snapshot(8, {"a": 1})})  # somebody was quicker
    assert book.snapshot("K-1") == Snapshot(9, {"a": 2})
    book.drop_snapshots()
    assert book.snapshot("K-1") is None and book.snapshot("K-2") is None


# -- backup and restore ----------------------------------------------------------------------------


def test_a_backup_of_a_casebook_in_use_is_restored_whole(tmp_path):
    book, recovery = filled(tmp_path / "book")
    with book:
        book.set_identity("K-1", {"name": "Arbër"}, ACT)
        head = backup(book, tmp_path / "one.backup", ACT)
        book.append([met("K-1", "later")])
    for n, secret in enumerate((WORDS, recovery)):
        found = restore(tmp_path / "one.backup", tmp_path / f"again{n}", secret)
        assert (found.events, found.head) == (22, head)
        with Casebook.open(tmp_path / f"again{n}", WORDS) as again:
            assert again.identity("K-1", ACT) == {"name": "Arbër"}
            assert list(again.events("K-2"))[-1].words == {"note": "note 3 of 2"}


def test_a_backup_and_a_restored_casebook_are_put_over_nothing(tmp_path, book):
    backup(book, tmp_path / "one.backup", ACT)
    events = book.last()
    assert refused(lambda: backup(book, tmp_path / "one.backup", ACT)) == "U302.file_exists"
    assert book.last() == events
    there = refused(lambda: restore(tmp_path / "one.backup", book.folder, WORDS))
    assert there == "U302.folder_exists"


def test_of_a_backup_that_is_cut_short_or_changed_nothing_is_made(tmp_path, book):
    backup(book, tmp_path / "one.backup", ACT)
    whole = (tmp_path / "one.backup").read_bytes()
    bad = tmp_path / "bad.backup"
    for length in (0, 10, 26, 29, 30, 40, 600, 5000, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        expected = "U324.not_a_backup" if length < 26 else "U324.backup_damaged"
        assert refused(lambda: restore(bad, tmp_path / "again", WORDS)) == expected, length
    for at in (27, 100, 3000, 20_000, len(whole) - 1):
        changed = bytearray(whole)
        changed[at] ^= 1
        bad.write_bytes(changed)
        assert refused(lambda: restore(bad, tmp_path / "again", WORDS)) == "U324.backup_damaged"
    bad.write_bytes(whole + b"x")
    assert refused(lambda: restore(bad, tmp_path / "again", WORDS)) == "U324.backup_damaged"
    wrong = refused(lambda: restore(tmp_path / "one.backup", tmp_path / "again", OTHER))
    assert wrong == "U311.wrong_passphrase_for_casebook"
    missing = refused(lambda: restore(tmp_path / "none.backup", tmp_path / "again", WORDS))
    assert missing == "U301.missing"
    left = {p.name for p in tmp_path.iterdir()}
    assert left == {"book", "one.backup", "bad.backup"}


# -- what was put back -----------------------------------------------------------------------------


def test_a_head_that_was_kept_elsewhere_shows_that_an_old_copy_was_put_back(tmp_path):
    book, _ = filled(tmp_path / "book")
    book.close()
    shutil.copytree(tmp_path / "book", tmp_path / "old")
    with Casebook.open(tmp_path / "book", WORDS) as newer:
        early = newer.head()
        newer.append([met("K-1", "a sign of danger")])
        late = newer.head()
        assert newer.verify(early).head == newer.verify(late).head == late
        with pytest.raises(UsageError) as unreadable:
            newer.verify("twenty")
        assert unreadable.value.code == "U305"
    with Casebook.open(tmp_path / "old", WORDS) as old:
        assert old.verify(early).events == 20
        assert refused(lambda: old.verify(late)) == "U321.older_than_head"
        old.append([met("K-1", "something else")])  # as long as the other again
        assert refused(lambda: old.verify(late)) == "U321.older_than_head"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE events SET kind = 'noted' WHERE number = 7", "U321.event_changed"),
        ("UPDATE events SET recorded_by = 'x' WHERE number = 7", "U321.event_changed"),
        ("UPDATE events SET words = NULL WHERE number = 7", "U321.event_changed"),
        ("UPDATE events SET data = '{}' WHERE number = 7", "U321.event_changed"),
        ("UPDATE events SET hash = x'00' WHERE number = 7", "U321.event_changed"),
        ("DELETE FROM events WHERE number = 7", "U321.event_missing"),
        ("DELETE FROM events WHERE number = 20", "U321.tables_differ"),
        ("UPDATE head SET number = 19", "U321.tables_differ"),
        ("DELETE FROM cases WHERE code = 'K-3'", "U321.case_differs"),
        ("UPDATE cases SET first = 2 WHERE code = 'K-3'", "U321.case_differs"),
        ("UPDATE cases SET erased = 2 WHERE code = 'K-3'", "U321.case_differs"),
        ("DELETE FROM identities", "U321.identity_changed"),
        ("UPDATE identities SET sealed = x'00'", "U321.identity_changed"),
    ],
)
def test_whatever_somebody_with_the_passphrase_changes_is_named(book, statement, expected):
    book.set_identity("K-1", {"name": "Arbër"}, ACT)
    number = "20" if "number = 20" in statement else ""
    if number:
        with book._engine.begin() as connection:
            connection.execute(text("DROP TRIGGER events_no_delete"))
            connection.execute(text("DELETE FROM events WHERE number = 21"))
        assert refused(book.verify) == expected
        return
    with book._engine.begin() as connection:
        for trigger in ("events_no_delete", "events_no_update"):
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text(statement))
    with pytest.raises(UsageError) as found:
        book.verify()
    assert code_of(found.value) == expected
    if "= 7" in statement:
        assert found.value.facts["number"] == 7


def test_two_events_that_change_places_are_noticed(book):
    with book._engine.begin() as connection:
        for trigger in ("events_no_delete", "events_no_update"):
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE events SET number = 100 WHERE number = 5"))
        connection.execute(text("UPDATE events SET number = 5 WHERE number = 6"))
        connection.execute(text("UPDATE events SET number = 6 WHERE number = 100"))
    with pytest.raises(UsageError) as found:
        book.verify()
    assert found.value.facts["number"] == 5


def pages(folder: Path) -> list[bytes]:
    content = (folder / "casebook.db").read_bytes()
    return [content[at : at + 4096] for at in range(0, len(content), 4096)]


def rows(book: Casebook) -> list[object]:
    """All that the tables hold."""
    with book._reading() as connection:
        return [connection.execute(select(t)).all() for t in metadata.sorted_tables]


def test_every_page_that_is_flipped_swapped_or_put_back_is_noticed(tmp_path):
    book, _ = filled(tmp_path / "book", cases=40)
    book.set_identity("K-1", {"name": "Arbër"}, ACT)
    book.close()
    old = pages(tmp_path / "book")
    with Casebook.open(tmp_path / "book", WORDS) as again:
        for n in range(3):
            again.append([met(f"K-{c}", f"new {n} of {c}") for c in range(40)])
            again.append([met(f"N-{n}-{c}", "new") for c in range(20)])
        again.set_identity("K-1", {"name": "Arbër K."}, ACT)
        head = again.head()
    new = pages(tmp_path / "book")
    tries = tmp_path / "tries"
    tries.mkdir()
    shutil.copy(tmp_path / "book" / "casebook.keys", tries)
    with Casebook.open(tmp_path / "book", WORDS) as again:
        everything = rows(again)

    def noticed(content: list[bytes]) -> bool:
        (tries / "casebook.db").write_bytes(b"".join(content))
        try:
            with closing(Casebook.open(tries, WORDS)) as opened:
                opened.verify(head)
                assert rows(opened) == everything  # written anew, a page can say the same
        except UsageError as error:
            assert error.code == "U321"
            return True
        finally:
            for left in tries.glob("casebook.db-*"):
                left.unlink()
        return False

    assert not noticed(new)  # the control
    assert noticed(old)
    put_back: list[bool] = []
    for n, page in enumerate(new):
        flipped = bytes([*page[:2000], page[2000] ^ 1, *page[2001:]])
        assert noticed([*new[:n], flipped, *new[n + 1 :]]), f"flipped {n}"
        other = (n + 1) % len(new)
        swapped = list(new)
        swapped[n], swapped[other] = swapped[other], swapped[n]
        assert noticed(swapped), f"swapped {n}"
        if n < len(old) and old[n] != page:
            put_back.append(noticed([*new[:n], old[n], *new[n + 1 :]]))
    assert len(new) > len(old) > 10 and sum(put_back) > len(put_back) / 2


# -- formats ---------------------------------------------------------------------------------------


def test_the_steps_make_the_tables_that_the_program_works_with(book):
    with book._engine.connect().execution_options(reads=True) as connection:
        context = MigrationContext.configure(connection)
        different = [
            d
            for d in compare_metadata(context, metadata)
            if d[0] not in ("remove_index",)  # indexes are the steps' own
        ]
    assert different == []


def test_a_casebook_of_a_newer_program_is_refused_in_words_and_left_alone(book):
    with book._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    book.close()
    before = (book.folder / "casebook.db").read_bytes()
    with pytest.raises(UsageError) as found:
        Casebook.open(book.folder, WORDS)
    assert found.value.code == "U322" and "0099" in str(found.value)
    assert (book.folder / "casebook.db").read_bytes() == before


def test_a_file_of_keys_of_a_newer_program_is_refused_in_words(monkeypatch):
    file, _, _ = KeysFile.create(WORDS)
    monkeypatch.setattr(keys, "FORMAT", 2)
    content = file.to_bytes()
    monkeypatch.setattr(keys, "FORMAT", 1)
    assert refused(lambda: KeysFile.parse(content)) == "U322.newer"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_all_of_it_is_its_owners_alone(book):
    assert book.folder.stat().st_mode & 0o077 == 0
    book.append([met("K-1")])
    files = {p.name: p.stat().st_mode & 0o077 for p in book.folder.iterdir()}
    assert set(files.values()) == {0} and f"{DATABASE}-wal" in files
