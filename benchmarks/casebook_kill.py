"""A casebook whose program is killed (kill -9) at random points: nothing that was acknowledged is
lost, and the chain is whole.

    python benchmarks/casebook_kill.py [--kills 9000] [--server 500] [--commands 500] [--seed 1]
        [--minutes 60] [--early]

Each time a process works on the casebook - answers with their new result, notes, identities, the
work list, new passphrases, backups, erasures - or serves the interview's pages over it, or runs
commands on it. It says through a pipe what was recorded once the store has returned; a page has
said so once its answer is here. Then it is killed at a random moment, and the next process goes on.
After every few kills all that was said must be there, every page and event must be as it was
recorded, one passphrase must open it, and the work list must be what the events add up to.

So that many can be killed, a process is forked from one that has everything loaded and nothing
open; one in ten opens the casebook as a program does that has just started. `TMPDIR=/dev/shm` keeps
the files in memory: what kill -9 can lose is the same there. `--early` is the control: it says that
something is recorded before it is, and must lose.
"""

from __future__ import annotations

import argparse
import gc
import http.client
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from screening.answers import Answer, Response
from screening.casebook import sealed
from screening.casebook.acts import meet
from screening.casebook.backup import backup
from screening.casebook.caseload import Caseload
from screening.casebook.event import Act
from screening.casebook.events import make
from screening.casebook.fold import fold
from screening.casebook.interviews import StoredCases
from screening.casebook.keys import Keys, KeysFile
from screening.casebook.laptop import Casebook
from screening.casebook.state import CaseState
from screening.casebook.worklist import View, case_list, summarised
from screening.checklist import load_checklist, load_weights
from screening.errors import UsageError

WORDS = ("silver otter walks under lanterns", "seven grey herons cross the weir")
FRESH = 200  # kills after which a new casebook is begun: each is checked from its first event
EVERY = 10  # kills after which all of it is checked
LONGEST = 0.03  # seconds after the first acknowledgement in which it is killed
CASES = 40
CHECKLIST = load_checklist("kosovo")
KNOWLEDGE = CHECKLIST, load_weights(CHECKLIST)
SIGNS = [i for i in CHECKLIST.indicators if "danger" not in i]


def act() -> Act:
    return Act("arta", datetime.now(UTC))


def child(work: Callable[[int], None]) -> tuple[int, int]:
    """A process that does some work with a pipe to us: its number, and our end."""
    ours, its = os.pipe()
    pid = os.fork()
    if pid:
        os.close(its)
        return pid, ours
    try:
        os.close(ours)
        work(its)
    finally:
        os._exit(0)  # nothing of this process is tidied up in the other's name


@dataclass
class Tried:
    """A casebook that programs are killed over, and what they had said was recorded in it.

    early : they say so before it is: the control
    """

    folder: Path
    keys: Keys
    secret: str  # the recovery key, which opens it whatever the passphrase
    early: bool
    book: Casebook
    marks: set[str] = field(default_factory=set)  # of acts, in meetings or notes
    answers: dict[str, dict[str, str]] = field(default_factory=dict)  # at the pages, by case
    erased: set[str] = field(default_factory=set)

    def lost(self) -> list[str]:
        """What was said to be recorded and is not; and what was recorded by halves."""
        with Casebook.with_keys(self.folder, self.keys) as book:
            book.verify()
            there, halves, erased = set[str](), dict[str, int](), set[str]()
            for event in book.events():
                if event.kind == "erased":
                    erased.add(event.case)
                for mark in (event.data.get("encounter"), event.words.get("text")):
                    there.add(str(mark))
                    if str(mark).startswith("mark"):
                        halves[str(mark)] = halves.get(str(mark), 0) + 1
            cases = StoredCases(book, act)
            kept = {c: cases.get(c).answers for c in self.answers if self.answers[c]}
            load = Caseload(book, KNOWLEDGE, act())
            view = View(date.today(), "arta")
            listed = list(load.list(view))
            states = (fold(None, book.events(c)) for c in book.cases() if c not in erased)
            sums = list(case_list((summarised(s) for s in states if s is not None), view))
        found = [m for m in sorted(self.marks) if m not in there]
        found += [f"{m}: erased" for m in sorted(self.erased - erased)]
        found += [f"{m}: a half" for m, n in halves.items() if n != 2]
        for case, said in self.answers.items():
            now = {i: str(r.answer) for i, r in kept.get(case, {}).items()}
            found += [f"{case} {i}" for i, a in said.items() if now.get(i) != a]
        found += [] if listed == sums else ["the work list is another than the events add up to"]
        opened = sum(_opens(self.folder, words) for words in WORDS)
        return found if opened == 1 else [*found, f"{opened} passphrases open it"]


def work(tried: Tried, seed: int, pipe: int) -> None:
    """Work on a casebook until killed."""
    draw = random.Random(seed)
    afresh = seed % 10 == 0
    book = Casebook.with_keys(tried.folder, tried.keys) if afresh else tried.book
    n = 0
    while True:
        n += 1
        mark = f"mark {seed}.{n}"
        kind = draw.random()
        told = (
            f"{'erased' if kind >= 0.98 else 'mark'} {mark if kind < 0.7 or kind >= 0.98 else ''}"
        )
        if tried.early:
            os.write(pipe, f"{told}\n".encode())
        once(book, draw, kind, mark)
        if not tried.early:
            os.write(pipe, f"{told}\n".encode())


def once(book: Casebook, draw: random.Random, kind: float, mark: str) -> None:
    """One thing that people do; what has a mark writes it into two events, together."""
    case, who = f"K-{draw.randrange(CASES)}", act()
    load = Caseload(book, KNOWLEDGE, who)
    today = who.at.date()
    if kind < 0.4:
        state = load.find(case) or CaseState(case)
        given = {draw.choice(SIGNS): Response(draw.choice((Answer.YES, Answer.NO)))}
        load.screened(state, meet(state, who, today, given, encounter=mark), today)
    elif kind < 0.7:
        load.record([make(who, "noted", case, today, text=mark)] * 2)
    elif kind < 0.8:
        book.set_identity(case, {"name": mark}, who)
    elif kind < 0.9:
        load.looked("today")
        load.list(View(today, "arta"), 10)
    elif kind < 0.95:
        book.rekey(draw.choice(WORDS))
    elif kind < 0.98:
        backup(book, book.folder.parent / f"{mark}.backup", who)
    else:
        load.record([make(who, "noted", mark, today, text=f"{mark} to be erased")] * 2)
        book.erase(mark, who)


def read_all(pipe: int) -> list[str]:
    """Whole lines that a process had written."""
    told = b""
    while piece := os.read(pipe, 1 << 16):
        told += piece
    os.close(pipe)
    return told.decode().split("\n")[:-1]


def killed(doing: Callable[[int], None], longest: float, draw: random.Random) -> list[str]:
    """Kill a process a moment after it first said something; all that it had said."""
    pid, pipe = child(doing)
    first = os.read(pipe, 1 << 16).decode()
    time.sleep(draw.random() * longest)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return [*first.splitlines(), *read_all(pipe)]


def killed_at_work(tried: Tried, seed: int, draw: random.Random) -> int:
    """Kill a process at work; how much it had acknowledged."""
    said = killed(lambda its: work(tried, seed, its), LONGEST, draw)
    for line in said:
        what, mark = line.split(" ", 1)
        if mark:
            (tried.erased if what == "erased" else tried.marks).add(mark)
    return len(said)


def killed_command(tried: Tried, seed: int, draw: random.Random) -> int:
    """Kill a command, one of several in a row; how many had ended well."""
    file = tried.folder.parent / "secret"
    file.write_text(tried.secret, encoding="utf-8")
    own = ["--store", str(tried.folder), "--by", "arta", "--passphrase-file", str(file)]
    answers = ["--danger", "no", "--answer", f"{draw.choice(SIGNS)}=yes"]

    def commands(pipe: int) -> None:
        from screening.cli import run

        for n in (0, 1, 2):  # of what a command prints, nothing is needed here
            os.dup2(os.open(os.devnull, os.O_RDWR), n)
        for n in range(1_000_000):
            case = f"C-{seed}.{n}"
            if tried.early:
                os.write(pipe, f"{case}\n".encode())
            if run(["case", "meet", case, "--new", *answers, "--note", case, *own]) != 0:
                os.write(pipe, f"{case}: refused\n".encode())
            elif not tried.early:
                os.write(pipe, f"{case}\n".encode())

    said = killed(commands, 5 * LONGEST, draw)
    tried.marks.update(said)
    return len(said)


def _opens(folder: Path, words: str) -> bool:
    try:
        KeysFile.read(folder).unwrap(words)
    except UsageError as error:
        if error.code != "U311":
            raise
        return False
    return True


# -- the server ------------------------------------------------------------------------------------


class Served:
    """The real server in a process of its own, and a person who is in."""

    def __init__(self, folder: Path, keys: Any) -> None:
        from screening.web.connections import config, listen
        from screening.web.ending import Told, run
        from screening.web.guard import Keys
        from screening.web.interview.cases import Knowledge
        from screening.web.server import create_app, words

        listening = listen(0)
        self.port = listening[0].getsockname()[1]
        self.keys = Keys(self.port)

        def serve(pipe: int) -> None:
            book = Casebook.with_keys(folder, keys)
            app = create_app(self.keys, Knowledge(), StoredCases(book, act))
            told = Told(lambda *_: _written(pipe), lambda: None, lambda _: None)
            run(config(app), app, self.keys, listening, told, words("en"))

        self.pid, self.pipe = child(serve)
        for one in listening:
            one.close()
        os.read(self.pipe, 1)
        os.close(self.pipe)

    def ask(self, path: str, **form: str) -> tuple[int, str, str]:
        """A page: its status, where it leads, and what it says."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {
            "Host": self.keys.host,
            "Origin": self.keys.origin,
            "Cookie": f"{self.keys.cookie}={self.keys.session}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer.status, answer.getheader("location") or "", text

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _written(pipe: int) -> None:
    os.write(pipe, b".")


def killed_server(tried: Tried, seed: int, draw: random.Random) -> int:
    """Answer at the pages until the server is killed while a last answer is on its way; how many
    answers the pages took.
    """
    names = list(CHECKLIST.indicators)
    served = Served(tried.folder, tried.keys)
    said = tried.answers.setdefault(f"S-{seed}", {})
    try:
        _, place, _ = served.ask("/new", case_id=f"S-{seed}")
        for n in draw.sample(range(len(names)), draw.randrange(1, 6)):
            _, _, page = served.ask(f"{place}/file")
            revision = re.search(r'name="rev" value="(\d+)"', page)
            assert revision is not None, page[:300]
            given = draw.choice(("yes", "no", "unknown"))
            status, _, _ = served.ask(f"{place}/q/{n}", answer=given, rev=revision[1])
            if status == 303:
                said[names[n]] = given
        last = os.fork()
        if last == 0:  # an answer that is under way when it ends
            try:
                served.ask(f"{place}/q/0", note="under way", rev="0")
            finally:
                os._exit(0)
        time.sleep(draw.random() * LONGEST)
    finally:
        served.kill()
    os.waitpid(last, 0)
    return len(said)


# -- all of it -------------------------------------------------------------------------------------


@contextmanager
def begun(early: bool) -> Iterator[Tried]:
    """A new casebook; with everything loaded that is needed to work on it, and nothing open."""
    with tempfile.TemporaryDirectory() as place:
        book, recovery = Casebook.create(Path(place) / "book", WORDS[0])
        keys = KeysFile.read(book.folder).unwrap(recovery)
        draw = random.Random(0)
        for n in range(30):
            once(book, draw, n / 30, f"mark {n}")
        book.close()  # it opens again when it is used, in whichever process
        gc.collect()
        gc.freeze()
        yield Tried(book.folder, keys, recovery, early, book)


def run(
    kills: int, server: int, commands: int, seed: int, minutes: float = 1e9, early: bool = False
) -> dict[str, Any]:
    """Kill so many processes at work, servers and commands, or as many as there are minutes for;
    what was acknowledged and lost.
    """
    draw, lost = random.Random(seed), list[str]()
    turns = [killed_at_work] * kills + [killed_server] * server + [killed_command] * commands
    draw.shuffle(turns)
    done = {turn: [0, 0] for turn in (killed_at_work, killed_server, killed_command)}
    started = time.perf_counter()

    def is_over() -> bool:
        return time.perf_counter() - started > 60 * minutes

    for first in range(0, len(turns), FRESH):
        if is_over():
            break
        with begun(early) as tried:
            some = turns[first : first + FRESH]
            for at in range(0, len(some), EVERY):
                if is_over():
                    break
                for n, turn in enumerate(some[at : at + EVERY], first + at):
                    done[turn][1] += turn(tried, n + 1, draw)
                    done[turn][0] += 1
                found = tried.lost()
                lost += found
                for copy in tried.folder.parent.glob("*.backup"):
                    copy.unlink()
                if found:
                    break  # what is lost stays lost: the next casebook tells more
    return {
        "kills at work": done[killed_at_work][0],
        "kills of the server": done[killed_server][0],
        "kills of commands": done[killed_command][0],
        "acknowledged at work": done[killed_at_work][1],
        "acknowledged by the pages": done[killed_server][1],
        "acknowledged by commands": done[killed_command][1],
        "lost": lost,
        "seconds": round(time.perf_counter() - started, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=9_000)
    parser.add_argument("--server", type=int, default=500)
    parser.add_argument("--commands", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--early", action="store_true")
    options = parser.parse_args()
    sealed.WORK = (1, 4, 64)  # how slow a passphrase is guessed is not what is tried here
    found = run(
        options.kills,
        options.server,
        options.commands,
        options.seed,
        options.minutes,
        options.early,
    )
    print(json.dumps(found))
    sys.exit(bool(found["lost"]))


if __name__ == "__main__":
    main()
