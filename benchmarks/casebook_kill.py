"""A casebook whose program is killed (kill -9) at random points: nothing that was acknowledged is
lost, and the chain is whole.

    python benchmarks/casebook_kill.py [--kills 10000] [--server 500] [--seed 1]

Each time a process opens the casebook and works on it - events with words, identities, snapshots,
new passphrases, backups, erasures - or serves the interview's pages over it. It says through a pipe
what was recorded once the store has returned; a page has said so once its answer is here. Then it
is killed at a random moment. What it had said must be there, every page and event must be as it was
recorded, and the next process goes on.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from screening.casebook import sealed
from screening.casebook.backup import backup
from screening.casebook.event import Act
from screening.casebook.interviews import StoredCases
from screening.casebook.keys import KeysFile
from screening.casebook.laptop import Casebook
from screening.casebook.store import Snapshot
from screening.errors import UsageError

WORDS = ("silver otter walks under lanterns", "seven grey herons cross the weir")
FRESH = 200  # kills after which a new casebook is begun: each is checked from its first event
LONGEST = 0.03  # seconds after the first acknowledgement in which it is killed


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


def work(folder: Path, keys: Any, seed: int, pipe: int) -> None:
    """Work on a casebook until killed."""
    draw = random.Random(seed)
    book = Casebook.with_keys(folder, keys)
    n = 0
    while True:
        n += 1
        case, kind = f"K-{draw.randrange(40)}", draw.random()
        mark = f"{seed}.{n}"
        try:
            if kind < 0.7:
                event = act().event(case, "met", {"mark": mark}, {"note": f"words {mark}"})
                book.append([event, act().event(case, "noted", {"mark": f"{mark}b"})])
            elif kind < 0.8:
                book.set_identity(case, {"name": mark}, act())
            elif kind < 0.9:
                book.keep_snapshots({case: Snapshot(1, {"mark": mark})})
            elif kind < 0.95:
                book.rekey(draw.choice(WORDS))
            elif kind < 0.98:
                backup(book, folder.parent / f"{mark}.backup", act())
            else:
                book.append([act().event(f"E-{mark}", "met", {}, {"note": "to be erased"})])
                book.erase(f"E-{mark}", act())
                mark = f"E-{mark}"
        except UsageError as error:
            if error.code != "U325":  # about a case that was erased
                raise
        os.write(
            pipe,
            f"{'event' if kind < 0.7 else 'erased' if kind >= 0.98 else '-'} {mark}\n".encode(),
        )


def read_all(pipe: int) -> list[list[str]]:
    """Whole lines that a process had written."""
    told = b""
    while piece := os.read(pipe, 1 << 16):
        told += piece
    os.close(pipe)
    return [line.split() for line in told.decode().split("\n")[:-1]]


def killed_at_work(
    folder: Path, keys: Any, seed: int, draw: random.Random
) -> tuple[int, list[str]]:
    """Kill a process at work; how much it had acknowledged, and what of that is lost."""
    pid, pipe = child(lambda its: work(folder, keys, seed, its))
    first = os.read(pipe, 1 << 16)
    time.sleep(draw.random() * LONGEST)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    rest = read_all(pipe)
    said = [line.split() for line in first.decode().splitlines()] + rest
    with Casebook.with_keys(folder, keys) as book:
        book.verify()
        marks = {str(e.data.get("mark")): e for e in book.events(kinds=["met", "noted"])}
        erased = {e.case for e in book.events(kinds=["erased"])}
    lost = [
        mark
        for kind, mark in said
        if (kind == "event" and not {mark, f"{mark}b"} <= marks.keys())
        or (kind == "erased" and mark not in erased)
    ]
    half = [m for m in marks if m.startswith(f"{seed}.") and (f"{m}b" in marks) == m.endswith("b")]
    lost += [f"half {m}" for m in half if f"{m}b" not in marks and not m.endswith("b")]
    opened = sum(_opens(folder, words) for words in WORDS)
    return len(said), lost if opened == 1 else [*lost, f"{opened} passphrases open it"]


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


def killed_server(folder: Path, keys: Any, seed: int, draw: random.Random) -> tuple[int, list[str]]:
    """Answer at the pages until the server is killed while a last answer is on its way; how many
    answers the pages took, and which of them are lost.
    """
    from screening.checklist import load_checklist

    names = list(load_checklist("kosovo").indicators)
    served = Served(folder, keys)
    case, said = f"S-{seed}", dict[str, str]()
    try:
        _, place, _ = served.ask("/new", case_id=case)
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
    with Casebook.with_keys(folder, keys) as book:
        book.verify()
        record = StoredCases(book, act).get(case)
    kept = {i: str(r.answer) for i, r in record.answers.items()}
    return len(said), [f"{case} {i}" for i, a in said.items() if kept.get(i) != a]


# -- all of it -------------------------------------------------------------------------------------


def run(kills: int, server: int, seed: int) -> dict[str, Any]:
    """Kill so many processes at work and so many servers; what was acknowledged and lost."""
    draw, lost = random.Random(seed), list[str]()
    said = {killed_at_work: 0, killed_server: 0}
    turns = [killed_at_work] * kills + [killed_server] * server
    draw.shuffle(turns)
    started = time.perf_counter()
    for first in range(0, len(turns), FRESH):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "book"
            book, recovery = Casebook.create(folder, WORDS[0])
            book.close()
            keys = KeysFile.read(folder).unwrap(recovery)
            for n, turn in enumerate(turns[first : first + FRESH], first):
                some, missing = turn(folder, keys, n, draw)
                said[turn] += some
                lost += missing
                for done in folder.parent.glob("*.backup"):
                    done.unlink()
    return {
        "kills at work": kills,
        "kills of the server": server,
        "acknowledged at work": said[killed_at_work],
        "acknowledged by the pages": said[killed_server],
        "lost": lost,
        "seconds": round(time.perf_counter() - started, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--server", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sealed.WORK = (1, 4, 64)  # how slow a passphrase is guessed is not what is tried here
    found = run(options.kills, options.server, options.seed)
    print(json.dumps(found))
    sys.exit(bool(found["lost"]))


if __name__ == "__main__":
    main()
