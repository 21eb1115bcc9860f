"""What goes wrong with machines: killed programs, full disks, power that fails, steps that stop half
way; and what is left on the disk of what nobody may read.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from screening.casebook.backup import backup, restore
from screening.casebook.caseload import Caseload
from screening.casebook.database import DATABASE, engine_of
from screening.casebook.events import make
from screening.casebook.filters import Filter
from screening.casebook.folder import new_folder
from screening.casebook.interviews import StoredCases
from screening.casebook.keys import KeysFile
from screening.casebook.laptop import Casebook
from screening.casebook.migrations import HERE
from screening.casebook.store import Snapshot
from screening.casebook.worklist import View
from screening.errors import UsageError
from screening.interview import Interview, Judgement, load_protocol
from support.casebook import ACT, OTHER, WORDS, code_of, filled, met
from support.powercut import Note, Noted, PowerCut

ROOT = Path(__file__).resolve().parents[2]
FULL, IO_WRITE, IO_SYNC = 13, 778, 1034  # SQLite's codes


@pytest.fixture
def place(tmp_path):
    """A casebook's folder, and its keys."""
    filled(tmp_path / "book")[0].close()
    return tmp_path / "book", KeysFile.read(tmp_path / "book").unwrap(WORDS)


def in_a_process(work: Callable[[], object], user: int | None = None) -> str:
    """What some work in a process of its own returns, as text."""
    ours, its = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if user is not None:
                os.setuid(user)
            os.write(its, str(work()).encode())
        except BaseException:
            os.write(its, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(its)
    with os.fdopen(ours) as told:
        found = told.read()
    os.waitpid(pid, 0)
    return found


def killed(*options: str) -> dict[str, Any]:
    """What the benchmark of kills found."""
    ran = subprocess.run(
        [sys.executable, "benchmarks/casebook_kill.py", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.stdout, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    assert ran.returncode == bool(found["lost"]), ran.stderr
    return found


def test_killed_at_random_fifty_times_nothing_that_was_acknowledged_is_lost():
    found = killed("--kills", "40", "--server", "5", "--commands", "5")
    assert found["lost"] == []
    assert [found[f"kills {of}"] for of in ("at work", "of the server", "of commands")] == [
        40,
        5,
        5,
    ]
    assert found["acknowledged at work"] >= 40 and found["acknowledged by the pages"] > 5
    assert found["acknowledged by commands"] >= 5


def test_what_is_acknowledged_before_it_is_recorded_is_lost_when_the_program_is_killed():
    found = killed("--early", "--kills", "10", "--server", "0", "--commands", "0")
    assert found["lost"]


# -- power -----------------------------------------------------------------------------------------


def recorded_on_a_failing_disk(place, is_synced: bool = True) -> tuple[PowerCut, list[int]]:
    """Record thirty events, checkpoints among them; the moment at which each was acknowledged."""
    folder, keys = place
    moments = []
    with Noted() as cut:
        careless = engine_of(folder / DATABASE, keys.database, "rw", "OFF")
        with (
            Casebook.with_keys(folder, keys)
            if is_synced
            else Casebook(folder, keys, careless, True) as book
        ):
            with book._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 12")
            for n in range(30):
                book.append([met(f"K-{n % 5}", f"power {n}" * 40)])
                moments.append(cut.mark())
            cut.mark()
    return cut, moments


def lost_after(
    place, before: dict[str, bytes], cut: PowerCut, moment: int, seen: int, n: int
) -> bool:
    """Whether of so many acknowledged events one is lost when the power fails at a moment."""
    folder, keys = place
    again = folder.parent / f"again{n}"
    again.mkdir()
    try:
        for name, content in {**before, **cut.files(moment, random.Random(n), before)}.items():
            (again / name).write_bytes(content)
        with Casebook.with_keys(again, keys) as book:
            return book.verify().events < seen
    except UsageError:
        return True
    finally:
        shutil.rmtree(again)


def test_what_was_acknowledged_survives_a_power_cut_at_any_moment_and_a_control_loses_it(place):
    folder, _ = place
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    cut, moments = recorded_on_a_failing_disk(place)
    assert {n.file for n in cut.notes if n.kind == "sync"} == {DATABASE, f"{DATABASE}-wal"}
    for moment in range(0, moments[-1] + 1, 7):
        acknowledged = 20 + sum(m <= moment for m in moments)
        assert not lost_after(place, before, cut, moment, acknowledged, moment), moment
    for name, content in before.items():
        (folder / name).write_bytes(content)
    cut, moments = recorded_on_a_failing_disk(place, is_synced=False)
    lost = [lost_after(place, before, cut, moment, 21 + n, n) for n, moment in enumerate(moments)]
    assert sum(lost) > len(lost) / 2


@pytest.mark.parametrize("code", [FULL, IO_WRITE, IO_SYNC])
def test_a_disk_that_refuses_at_any_step_loses_nothing_that_was_acknowledged(place, code):
    folder, keys = place
    kinds = {"sync"} if code == IO_SYNC else {"write"}
    with Noted() as cut, Casebook.with_keys(folder, keys) as book:
        done, step, refused = 20, 0, 0
        while True:
            left = step

            def refuse(note: Note) -> int:
                nonlocal left
                if note.kind in kinds:
                    left -= 1
                    return code if left < 0 else 0
                return 0

            cut.refuse = refuse
            try:
                book.append([met(f"K-{step % 5}", "no room " * 200)])
            except UsageError as error:
                assert error.code == "U303"
                refused += 1
            else:
                done += 1
                if left >= 0:
                    break
            cut.refuse = lambda _: 0
            assert book.last() == done
            step += 1
        assert refused >= (1 if code == IO_SYNC else 5)
        assert book.verify().events == done
    with Casebook.with_keys(folder, keys) as again:
        assert again.verify().events == done


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_where_nothing_can_be_written_cases_are_read_and_recording_is_refused_in_words(place):
    folder, keys = place
    for path, mode in (
        (folder / DATABASE, 0o444),
        (folder / "casebook.keys", 0o444),
        (folder, 0o555),
    ):
        path.chmod(mode)
    for above in folder.parents:
        if (
            above.stat().st_uid == os.getuid()
            and above != Path("/")
            and not above.stat().st_mode & 1
        ):
            above.chmod(0o755)

    def tried() -> str:
        with Casebook.with_keys(folder, keys) as book:
            told = [str(book.verify().events), str(len(list(book.events("K-1"))))]
            for act in (
                lambda: book.append([met("K-1")]),
                lambda: book.rekey(OTHER),
                lambda: backup(book, folder / "x.backup", ACT),
            ):
                try:
                    act()
                    told.append("done")
                except UsageError as error:
                    told.append(error.code)
        return " ".join(told)

    nobody = 65534 if os.getuid() == 0 else None
    try:
        assert in_a_process(tried, nobody) == "20 4 U303 U303 U303"
    finally:
        folder.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_processes_that_record_at_once_lose_nothing(place):
    folder, keys = place

    def work(name: str) -> int:
        with Casebook.with_keys(folder, keys) as book:
            for n in range(20):
                book.append([met(name, f"{n}")])
        return 20

    pipes = []
    for name in ("A", "B", "C"):
        ours, its = os.pipe()
        if os.fork() == 0:
            try:
                os.write(its, str(work(name)).encode())
            finally:
                os._exit(0)
        os.close(its)
        pipes.append(ours)
    assert [os.read(ours, 100) for ours in pipes] == [b"20"] * 3
    for ours in pipes:
        os.close(ours)
        os.wait()
    with Casebook.with_keys(folder, keys) as book:
        assert book.verify().events == 80


# -- half way --------------------------------------------------------------------------------------


def test_a_new_passphrase_that_is_not_written_leaves_the_old_one(place, monkeypatch):
    folder, keys = place

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with Casebook.with_keys(folder, keys) as book, monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(UsageError) as found:
            book.rekey(OTHER)
        assert code_of(found.value) == "U303.full"
    Casebook.open(folder, WORDS).close()
    assert sorted(p.name for p in folder.iterdir()) == ["casebook.db", "casebook.keys"]


@pytest.mark.skipif(os.name == "nt", reason="nothing is swept there")
def test_what_a_killed_restore_has_left_is_swept_by_the_next_and_one_at_work_is_left_alone(
    place, tmp_path
):
    folder, keys = place
    with Casebook.with_keys(folder, keys) as book:
        backup(book, tmp_path / "one.backup", ACT)
    left = tmp_path / f".{'a' * 16}.part"
    left.mkdir()
    (left / "casebook.db").write_bytes(b"x")
    with new_folder(tmp_path / "slow") as at_work:
        (at_work / "x").write_bytes(b"x")
        restore(tmp_path / "one.backup", tmp_path / "again", WORDS)
        assert not left.exists() and at_work.exists()
    assert {p.name for p in tmp_path.iterdir()} == {"book", "one.backup", "again", "slow"}


def test_a_restore_that_is_stopped_leaves_nothing(place, tmp_path, monkeypatch):
    folder, keys = place
    with Casebook.with_keys(folder, keys) as book:
        backup(book, tmp_path / "one.backup", ACT)

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for place_of_end in ("verify", "with_keys"):
        with monkeypatch.context() as end, pytest.raises(KeyboardInterrupt):
            end.setattr(Casebook, place_of_end, stopped)
            restore(tmp_path / "one.backup", tmp_path / "again", WORDS)
        assert {p.name for p in tmp_path.iterdir()} == {"book", "one.backup"}
    assert restore(tmp_path / "one.backup", tmp_path / "again", WORDS).events == 21


def steps(folder: Path, body: str) -> Path:
    """The program's steps, and one more."""
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "v0003_more.py").write_text(
        'from alembic import op\nrevision = "0003"\ndown_revision = "0002"\n'
        f"def upgrade():\n    op.execute('CREATE TABLE more (n INTEGER)')\n    {body}\n"
    )
    return folder


def later_program(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    from screening.casebook import laptop, migrations

    for module in (laptop, migrations):
        monkeypatch.setattr(module, "REVISIONS", (*migrations.REVISIONS, "0003"))
    monkeypatch.setattr(laptop, "migrate", partial(migrations.migrate, steps=folder))


def test_a_step_to_a_newer_format_is_taken_after_a_backup(place, tmp_path, monkeypatch):
    folder, keys = place
    with monkeypatch.context() as later:
        later_program(later, steps(tmp_path / "steps", "pass"))
        with Casebook.with_keys(folder, keys) as book:
            assert book.verify().events == 20
            with book._reading() as connection:
                assert connection.execute(text("SELECT count(*) FROM more")).scalar() == 0
        Casebook.with_keys(folder, keys).close()  # once is enough
        (kept,) = folder.glob("before-0003-*.backup")
    with pytest.raises(UsageError) as newer:
        Casebook.with_keys(folder, keys)
    assert newer.value.code == "U322"
    assert restore(kept, tmp_path / "again", WORDS).events == 20


def test_a_step_that_stops_half_way_leaves_the_casebook_as_it_was(place, tmp_path, monkeypatch):
    folder, keys = place
    with monkeypatch.context() as later:
        later_program(later, steps(tmp_path / "steps", "raise KeyboardInterrupt"))
        with pytest.raises(KeyboardInterrupt):
            Casebook.with_keys(folder, keys)
    with Casebook.with_keys(folder, keys) as book:
        assert book.verify().events == 20
        with book._reading() as connection:
            there = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    assert "more" not in there


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parent / "files").glob("*.backup")), ids=lambda p: p.stem
)
def test_a_casebook_of_every_released_format_opens(file, tmp_path):
    found = restore(file, tmp_path / "book", WORDS)
    with Casebook.open(tmp_path / "book", WORDS) as book:
        assert found.events == len(list(book.events())) > 20
        assert book.identity("K-2", ACT) == {"name": "Arbër"}
        assert book.snapshot("K-2") == Snapshot(3, {"meetings": 1})
        assert next(book.events("K-0")).words == {"note": "note 0 of 0"}
        assert not any(e.words for e in book.events("K-1")) and len(book.due(date(2030, 1, 1))) == 1
        book.append([met("K-3", "goes on")])
        assert book.verify().events == found.events + 2


# -- canaries --------------------------------------------------------------------------------------

PLANTED = [
    f"canary-{n:02d}-{word}" for n, word in enumerate(["Besnik", "Çarshia", "dritare", "Љубав"] * 5)
]


def found_in(folder: Path) -> set[str]:
    """Which of the planted strings can be read in any file of a folder, in any usual encoding."""
    content = b"\0".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    return {
        word
        for word in PLANTED
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        if word.encode(encoding) in content or word.encode(encoding)[::-1] in content
    }


def test_nothing_planted_is_readable_in_any_file_and_a_control_finds_all_of_it(
    tmp_path, kosovo, kosovo_weights, monkeypatch
):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("TMPDIR", str(home))
    plant = iter(PLANTED)
    book, recovery = Casebook.create(home / "book", WORDS)
    with book:
        code = next(plant)
        book.append(
            [ACT.event(code, next(plant), {next(plant): next(plant)}, {next(plant): next(plant)})]
        )
        book.set_identity("K-1", {next(plant): next(plant)}, ACT)
        book.keep_snapshots({code: Snapshot(1, {next(plant): next(plant)})})
        book.hold("K-1", next(plant), ACT)
        book.hold("K-1", "", ACT)
        cases = StoredCases(book, lambda: ACT)
        now = Interview.begin(kosovo, kosovo_weights, load_protocol(kosovo), next(plant))
        cases.put(now.record, None)
        later = now.judge(Judgement("refer", next(plant))).for_letter({"to": next(plant)})
        cases.put(later.record, now.record.revision)
        backup(book, home / "one.backup", ACT)
        while_open = found_in(home)
        book.erase("K-1", ACT, next(plant))
        book.rekey(OTHER)
    restore(home / "one.backup", home / "again", recovery)
    left = list(plant)
    assert len(PLANTED) - len(left) >= 15
    with Casebook.open(home / "book", OTHER) as book:
        book.append([met("K-2", word) for word in left])
        read = json.dumps(
            [[e.case, e.kind, dict(e.data), dict(e.words)] for e in book.events()],
            ensure_ascii=False,
        )
    assert while_open | found_in(home) == set()
    plain = tmp_path / "plain"
    plain.mkdir()
    with sqlite3.connect(plain / "plain.db") as control:
        control.execute("CREATE TABLE t (x TEXT)")
        control.executemany("INSERT INTO t VALUES (?)", [(word,) for word in PLANTED])
    control.close()
    assert found_in(plain) == set(PLANTED) and len(PLANTED) == 20
    assert sum(word in read for word in PLANTED) >= 12  # what was planted is what is kept


def test_nothing_of_a_thousand_cases_is_readable_in_the_copies_kept_for_lists(
    tmp_path, kosovo, kosovo_weights, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Casebook.create(tmp_path / "book", WORDS)[0] as book:
        load = Caseload(book, (kosovo, kosovo_weights), ACT)
        cases = [f"{PLANTED[n % 20]}-{n}" for n in range(1000)]
        load.record(
            [make(ACT, "noted", c, None, text=PLANTED[n % 20]) for n, c in enumerate(cases)]
        )
        load.keep_filter(PLANTED[0], Filter(words=PLANTED[1]))
        view = View(ACT.at.date(), PLANTED[2], words=PLANTED[3])
        assert len(load.list(view)) == 50 and load.filter(PLANTED[0]).words == PLANTED[1]
        while_open = found_in(tmp_path)
        for case in cases[::100]:
            book.erase(case, ACT)
        assert len(load.list(view)) == 50
        backup(book, tmp_path / "one.backup", ACT)
    assert while_open | found_in(tmp_path) == set()
    (tmp_path / "control").write_text("\n".join(PLANTED), encoding="utf-8")
    assert found_in(tmp_path) == set(PLANTED)
