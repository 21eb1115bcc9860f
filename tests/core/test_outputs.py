"""Outputs: whole or absent whatever ends the program, through links, and into files alone."""

from __future__ import annotations

import os
import resource
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from screening.errors import UsageError
from screening.files import atomic
from screening.files.atomic import OutputFile

SECRET = b"what she said, before the file is whole "


@pytest.fixture(params=["unnamed", "named"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With and without files that have no name until they are whole."""
    monkeypatch.setattr(atomic, "_swept", set())
    if request.param == "named":
        monkeypatch.setattr(atomic, "_unnamed", lambda folder: None)
    return str(request.param)


def write(path: Path, content: bytes = b"new", overwrite: bool = False) -> None:
    with OutputFile(path, overwrite=overwrite) as out:
        out.write(content)


def refused(path: Path, overwrite: bool = True) -> str:
    with pytest.raises(UsageError) as error:
        write(path, overwrite=overwrite)
    return str(error.value.code)


def test_a_file_appears_whole_and_for_its_owner_alone(kind, tmp_path):
    path = tmp_path / "out.csv"
    with OutputFile(path) as out:
        out.write(SECRET * 1000)
        assert not path.exists()
        assert bool(list(tmp_path.iterdir())) == (kind == "named")
    assert path.read_bytes() == SECRET * 1000 and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert refused(path, overwrite=False) == "U302"
    write(path, overwrite=True)
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


def test_what_fails_leaves_nothing_and_what_was_there(kind, tmp_path):
    path = tmp_path / "out"
    write(path, b"old")
    with pytest.raises(ZeroDivisionError), OutputFile(path, overwrite=True) as out:
        out.write(SECRET)
        raise ZeroDivisionError
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_what_has_appeared_meanwhile_is_left_alone(kind, tmp_path):
    path = tmp_path / "out"
    with pytest.raises(UsageError) as error, OutputFile(path) as out:
        out.write(b"mine")
        path.write_bytes(b"theirs")
    assert error.value.code == "U302"
    assert path.read_bytes() == b"theirs" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("there", [True, False])
def test_through_a_link_its_target_is_written(kind, tmp_path, there):
    """A result that is meant for the encrypted disk goes there."""
    (tmp_path / "encrypted").mkdir()
    target, link = tmp_path / "encrypted" / "out", tmp_path / "out"
    if there:
        target.write_bytes(b"old")
    link.symlink_to(Path("encrypted") / "out")
    assert refused(link, overwrite=False) == "U302"
    write(link, overwrite=True)
    assert link.is_symlink() and target.read_bytes() == b"new" and not target.is_symlink()
    assert list(target.parent.iterdir()) == [target]


def fifo(path: Path) -> None:
    os.mkfifo(path)


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def to_device(path: Path) -> None:
    path.symlink_to("/dev/null")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [fifo, listener, to_device, loop, Path.mkdir])
@pytest.mark.parametrize("linked", [False, True])
def test_pipes_sockets_devices_folders_and_links_to_them_are_refused_and_left(
    kind, tmp_path, monkeypatch, make: Callable[[Path], None], linked
):
    monkeypatch.chdir(tmp_path)  # names of sockets are short
    path = Path("thing")
    make(path)
    before = os.lstat(path)
    if linked:
        Path("link").symlink_to(path)
        path = Path("link")
    assert refused(path) == "U303"
    assert os.lstat("thing").st_ino == before.st_ino and stat.S_ISCHR(
        Path("/dev/null").stat().st_mode
    )


def test_what_a_killed_run_has_left_is_taken_away_and_what_is_being_written_stays(kind, tmp_path):
    left, other = tmp_path / ".0123456789abcdef.part", tmp_path / ".notes.part"
    left.write_bytes(SECRET)
    other.write_bytes(b"somebody's own")
    with OutputFile(tmp_path / "one") as one:
        one.write(SECRET)
        atomic._swept.clear()
        write(tmp_path / "two")
    assert not left.exists() and other.exists()
    assert (tmp_path / "one").read_bytes() == SECRET


WRITES = """
import signal, sys
from screening.files import atomic
from screening.cli import _end_in_order
_end_in_order()
if sys.argv[2] == "named":
    atomic._unnamed = lambda folder: None
with atomic.OutputFile(sys.argv[1]) as out:
    out.write(b"what she said" * 1000)
    print("writing", flush=True)
    signal.pause()  # until somebody ends the program
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_nothing_readable_is_left_whatever_ends_the_program(kind, tmp_path, how):
    running = subprocess.Popen(
        [sys.executable, "-c", WRITES, str(tmp_path / "out"), kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert running.stdout is not None and running.stdout.readline() == b"writing\n"
    running.send_signal(how)
    running.wait(60)
    if (kind, how) == ("named", signal.SIGKILL):  # the next run takes it away
        write(tmp_path / "next")
        (tmp_path / "next").unlink()
    assert list(tmp_path.iterdir()) == []


def test_no_dump_of_memory_is_written():
    limit = "from screening.cli import _end_in_order as e; import resource as r; e();"
    said = subprocess.run(
        [sys.executable, "-c", f"{limit} print(r.getrlimit(r.RLIMIT_CORE))"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2
        ),
    )
    assert said.stdout == "(0, 0)\n"
