"""The server: how soon it is ready, how long a page takes, how much a page weighs, how long a
letter takes.

    python benchmarks/web.py [--write]

Readiness is a ratio within one run: the time until the first answer, against a FastAPI app that
does nothing, in turns. Goals: 1.5 times; a question page within 50 ms at the server (95 %) and
under 60 kB with all it loads first; a letter under 1 s.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import numpy as np
from starlette.testclient import TestClient

from screening.answers import Answer, Response
from screening.interview import Interview, Judgement
from screening.paper.letter import letter, letter_html, letter_pdf
from screening.web.guard import Keys
from screening.web.interview.cases import Knowledge, Seen
from screening.web.server import create_app

ROOT = Path(__file__).resolve().parent.parent
TURNS = 12
EMPTY = """
import socket, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
def nothing(): return {}
listening = socket.socket(); listening.bind(("127.0.0.1", 0))
class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listening])
"""


def ready(command: list[str], env: dict[str, str]) -> float:
    """Seconds until the address is printed and answers."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        own = httpx.URL(address)  # not every resolver knows names under .localhost
        asked = httpx.get(own.copy_with(host="127.0.0.1"), headers={"host": own.netloc.decode()})
        assert asked.status_code in (200, 303)
        return time.perf_counter() - started
    finally:
        process.kill()
        process.wait()


def timed(work: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - started))
    return found


def pages() -> list[str]:
    """A question page again and again, through the whole application; and its weight."""
    keys, knowledge = Keys(8000), Knowledge()
    own = keys.origin
    with TestClient(
        create_app(keys, knowledge),
        base_url=own,
        headers={"origin": own},
        cookies={keys.cookie: keys.session},
        follow_redirects=False,
    ) as client:
        desk = client.app.state.desk
        key = desk.begin("bench")

        def fill(now: Interview) -> Interview:
            for precondition, choice in {
                "danger": "no",
                "private": "yes",
                "interpreter": "trusted",
                "may_stop": "yes",
                "agreement": "yes",
                "representative": "guardian",
            }.items():
                now = now.precondition(precondition, choice)
            return now.person("9", True, {"company": "family", "begs": "yes"})

        desk.save(key, Seen(0), fill)
        lines = []
        for language in ("en", "sq", "sr-Cyrl"):
            client.cookies.set("notes_language", language)
            for n in (3, 40, 87):
                client.get(f"/c/{key}/q/{n}")
            page = timed(lambda: client.get(f"/c/{key}/q/40"), 200)

            def answered() -> None:
                now = desk.interview(key)
                step = now.next()
                if step.kind != "question":
                    desk.drop(key)
                    raise StopIteration
                client.post(
                    f"/c/{key}/q/{desk.number[step.key]}",
                    data={"answer": "no", "rev": str(now.record.revision)},
                )
                client.get(client.get(f"/c/{key}").headers["location"])

            steps = timed(answered, 10) if language == "en" else []
            html = client.get(f"/c/{key}/q/40").text
            loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', html)
            weight = len(html.encode()) + sum(len(client.get(asset).content) for asset in loaded)
            lines.append(
                f"| a question page, {language} | median {statistics.median(page):.1f} ms, 95 %"
                f" within {np.percentile(page, 95):.1f} ms | 50 ms |"
            )
            if steps:
                lines.append(
                    "| an answer kept, the next question chosen and shown | median"
                    f" {statistics.median(steps):.1f} ms, longest {max(steps):.1f} ms | |"
                )
            names = ", ".join(asset.rsplit("/", 1)[1] for asset in loaded)
            lines.append(
                f"| first load, {language}: page {len(html.encode()) / 1000:.1f} kB and {names} |"
                f" {weight / 1000:.1f} kB | 60 kB |"
            )
        later = len(client.get("/static/htmx.min.js").content)
        lines.append(f"| after it works, once: htmx.min.js | {later / 1000:.1f} kB | |")
    return lines


def letters() -> list[str]:
    knowledge = Knowledge()
    now = Interview.begin(
        knowledge.checklist, knowledge.weights, knowledge.protocol, "bench"
    ).person("9")
    for indicator in [i.id for i in knowledge.checklist.by_profile["child"]][:40]:
        now = now.answer(indicator, Response(Answer.YES, "said", "what she said " * 8))
    now = now.judge(Judgement("refer"))
    code = (
        "import time; t = time.perf_counter(); from screening.paper import letter; import typst,"
        " segno; print(time.perf_counter() - t)"
    )
    cold = (
        float(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            ).stdout
        )
        * 1000
    )
    both = timed(
        lambda: letter_pdf(letter(now, ("sq", "en"), date(2026, 11, 24), by_hand=True)), 15
    )
    html = timed(lambda: letter_html(letter(now, ("sq", "en"), by_hand=True)), 15)
    return [
        (
            f"| a letter in two languages as PDF, 40 signs | first {both[0]:.0f} ms (and {cold:.0f}"
            f" ms to load), median {statistics.median(both):.0f} ms | 1 s |"
        ),
        (
            f"| the same as a page | first {html[0]:.0f} ms, median {statistics.median(html):.0f}"
            " ms | 1 s |"
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as cache:
        env["PYTHONPYCACHEPREFIX"] = cache
        commands = {
            "empty": [sys.executable, "-c", EMPTY],
            "ours": [sys.executable, "-m", "screening", "serve", "--no-browser"],
        }
        for command in commands.values():
            ready(command, env)
        turns = [
            {name: ready(command, env) for name, command in commands.items()} for _ in range(TURNS)
        ]
    ratio = statistics.median(t["ours"] / t["empty"] for t in turns)
    empty, ours = (1000 * statistics.median(t[name] for t in turns) for name in commands)
    lines = [
        "# The server",
        "",
        (
            f"Made by `python benchmarks/web.py --write`. Readiness: {TURNS} turns, each both"
            " programs once, bytecode cached, until the first answer."
        ),
        "",
        "| what | measured | goal |",
        "|---|---|---|",
        (
            f"| ready, against an empty FastAPI app ({empty:.0f} ms) | {ours:.0f} ms, {ratio:.2f}"
            " times | 1.5 times |"
        ),
        *pages(),
        *letters(),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (ROOT / "docs/benchmarks-web.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
