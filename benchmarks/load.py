"""Fifty people at one server at once: whether an answer that was acknowledged is lost, or stands in
another case, how long each waits, and how much memory it takes.

    python benchmarks/load.py [--clients 50] [--seconds 60] [--write]

The server is the program itself, in a process of its own. Each client holds one line open and goes
through interviews one after another: it begins a case, answers every sign of the list with a note
that says whose it is, reads the pages of all signs back, and lets the case go. An answer is
acknowledged when the server has sent the client on. Goals: none lost, none mixed up, 99 of 100
answers within 100 ms, and memory that does not grow with the number of interviews.

Once each client sends as fast as the server lets it, which shows what is lost under pressure; once it
thinks for a second before each answer, quicker than anybody, which shows what people wait. Both
processes share this machine's processors with whatever else runs on it: what a client waits is an
upper bound, and the load at the time and the server's own processor time stand beside it.
"""

from __future__ import annotations

import argparse
import html
import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from screening.interview import Interview
from screening.web.interview.cases import Knowledge

ROOT = Path(__file__).resolve().parent.parent
NEWEST = "99999999"  # a page that has seen everything
BEGUN = {"age": "9", "age_certain": "yes", "fact_company": "family", "rev": NEWEST}
PRECONDITIONS = ("no", "yes", "not_needed", "yes", "yes", "social_worker")
ANSWERS = ("yes", "no", "unknown", "refused", "not_applicable")
WARM = 15.0  # seconds until memory is what it is at work


class Program:
    """The server, and what a browser holds that came in."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "screening", "serve", "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        address = self.process.stdout.readline().strip()
        found = re.fullmatch(r"http://([^/:]+):(\d+)(/.*)", address)
        assert found, address
        self.port = int(found[2])
        self.head = {"host": f"{found[1]}:{self.port}", "origin": f"http://{found[1]}:{self.port}"}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("GET", found[3], headers=self.head)
        came_in = line.getresponse()
        self.head["cookie"] = (came_in.getheader("set-cookie") or "").split(";")[0]
        line.close()

    def memory(self) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def worked(self) -> float:
        """Seconds of a processor that it has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Client:
    """Somebody who interviews one person after another over one line."""

    number: int
    program: Program
    signs: Sequence[Sequence[str]]
    until: float
    thinks: float  # seconds before each answer, on average
    waited: list[float] = field(default_factory=list)  # seconds, of each answer
    asked = acknowledged = checked = interviews = 0
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Interviews until the time is over; the last one is checked too."""
        self.line = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=60)
        draw = random.Random(self.number)
        try:
            while time.monotonic() < self.until:
                self._interview(draw)
        except Exception as fault:
            self.wrong.append(f"client {self.number}: {type(fault).__name__}: {fault}")
        finally:
            self.line.close()

    def _send(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        body = urlencode(form) if form is not None else None
        kind = {"content-type": "application/x-www-form-urlencoded"} if body else {}
        self.line.request("POST" if body else "GET", path, body, self.program.head | kind)
        answer = self.line.getresponse()
        text = answer.read().decode()
        self.asked += 1
        return answer.status, answer.getheader("location") or "", text

    def _interview(self, draw: random.Random) -> None:
        case_id = f"load-{self.number}-{self.interviews}"
        status, place, text = self._send("/new", {"case_id": case_id})
        assert status == 303, f"{case_id} not begun: {status}: {plain(text)}"
        for n, choice in enumerate(PRECONDITIONS):
            status, to, text = self._send(
                f"{place}/precondition/{n}", {"choice": choice, "rev": NEWEST}
            )
            assert status == 303, f"{case_id}, precondition {n}: {status}: {plain(text)}"
        self._send(f"{place}/person", BEGUN)
        kept: dict[int, tuple[str, str]] = {}
        for n in draw.sample(range(len(self.signs)), len(self.signs)):
            time.sleep(self.thinks * draw.uniform(0.5, 1.5))
            if time.monotonic() >= self.until:
                break
            answer, note = draw.choice(self.signs[n]), f"{case_id} said {n}: {draw.random()}"
            form = {"answer": answer, "note": note, "basis": "said", "rev": NEWEST}
            started = time.perf_counter()
            status, _, text = self._send(f"{place}/q/{n}", form)
            self.waited.append(time.perf_counter() - started)
            if status == 303:
                kept[n] = answer, note
                self.acknowledged += 1
            else:
                self.wrong.append(f"{case_id}, sign {n}: {status}: {plain(text)}")
        for n, (answer, note) in kept.items():
            status, to, text = self._send(f"{place}/q/{n}")
            notes = re.findall(r'<textarea[^>]*name="note"[^>]*>([^<]*)<', text)
            pressed = re.findall(r'name="answer" value="(\w+)"[^>]*aria-pressed="true"', text)
            if [html.unescape(t).strip() for t in notes] != [note] or pressed != [answer]:
                found = f"{pressed}, {notes}" if pressed else to or plain(text)
                self.wrong.append(
                    f"{case_id}, sign {n}: not {answer}, {note}, but {status}: {found}"
                )
            self.checked += 1
        status, _, _ = self._send(f"{place}/drop", {"confirm": case_id})
        assert status == 303, f"{case_id} not let go: {status}"
        self.interviews += 1


def answers() -> list[Sequence[str]]:
    """What may be answered to each sign; where a yes opens what to do now, before any other page,
    it is a no.
    """
    known = Knowledge()
    now = Interview.begin(known.checklist, known.weights, known.protocol, "load")
    return [
        ("no",) if i in now.danger_signs or i == known.protocol.danger else ANSWERS
        for i in known.checklist.indicators
    ]


def plain(page: str) -> str:
    """The words of a page, without what is above and below them."""
    words = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[-1].split("</main", 1)[0])
    return " ".join(words.split())[:300]


def measured(clients: int, seconds: float, thinks: float) -> tuple[list[str], list[str]]:
    """The rows of a table, and what was wrong."""
    signs = answers()
    program, begun = Program(), time.monotonic()
    loads = [os.getloadavg()[0]]
    rooms, worked = [(0.0, program.memory())], program.worked()
    people = [Client(n, program, signs, begun + seconds, thinks) for n in range(clients)]
    threads = [threading.Thread(target=person.run) for person in people]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(1)
        rooms.append((time.monotonic() - begun, program.memory()))
        loads.append(os.getloadavg()[0])
    took = time.monotonic() - begun
    worked = program.worked() - worked
    alive = program.process.poll() is None
    program.process.terminate()
    _, said = program.process.communicate()
    wrong = [line for person in people for line in person.wrong]
    if said or not alive:
        wrong.append(f"the server {'said' if alive else 'has ended'}: {said[-2000:]}")
    waits = 1000 * np.array([w for person in people for w in person.waited])
    asked, acknowledged, checked, interviews = (
        sum(getattr(person, name) for person in people)
        for name in ("asked", "acknowledged", "checked", "interviews")
    )
    warm = max(room for at, room in rooms if at <= max(WARM, seconds / 4))
    half, ninety_nine, longest = np.percentile(waits, (50, 99, 100))
    lost = acknowledged - checked + len(wrong)
    return [
        f"| requests | {asked:,} in {took:.0f} s: {asked / took:,.0f} a second | |",
        f"| of a processor, by the server | {1000 * worked / asked:.1f} ms a request | |",
        f"| interviews gone through and let go | {interviews:,} | |",
        f"| answers acknowledged, and read back one by one | {acknowledged:,}, {checked:,} | all |",
        f"| of these lost, other than they were given, or in another case | {lost:,} | 0 |",
        f"| an answer waited for | median {half:.0f} ms, 99 of 100 within {ninety_nine:.0f} ms,"
        f" longest {longest:.0f} ms | 100 ms |",
        f"| memory of the server, MiB | {rooms[0][1]:.0f} at the start, at most {warm:.0f} in the"
        f" first quarter, {max(r for _, r in rooms):.0f} in all, {rooms[-1][1]:.0f} at the end |"
        " does not grow |",
        f"| processes that waited for a processor meanwhile, of {os.cpu_count()} processors |"
        f" {min(loads):.0f} to {max(loads):.0f} | |",
    ], wrong


def main() -> None:
    """Measure, print, write the page; exit 1 where an answer was lost."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--clients", type=int, default=50)
    ask.add_argument("--seconds", type=float, default=60)
    ask.add_argument("--write", action="store_true")
    given = ask.parse_args()
    wrong: list[str] = []
    text = (
        "# Many people at one server\n\nMade by `python benchmarks/load.py --write`:"
        f" {given.clients} clients for {given.seconds:.0f} s at the program itself, over the network"
        " of this machine. Each goes through interviews one after another, and reads every answer"
        " back before it lets the case go. The clients take their part of the same processors: what"
        " they wait is an upper bound.\n"
    )
    for title, thinks in (("As fast as the server lets them", 0.0), ("An answer a second each", 1)):
        rows, faults = measured(given.clients, given.seconds, thinks)
        wrong += faults
        table = ["| what | measured | goal |", "|---|---|---|", *rows]
        text += f"\n## {title}\n\n" + "\n".join(table) + "\n"
    print(text, *wrong[:20], sep="\n")
    if given.write:
        (ROOT / "docs/benchmarks-load.md").write_text(text, encoding="utf-8")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
