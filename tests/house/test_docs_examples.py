"""Every command in the documentation runs as it stands there, and prints what stands under it.

How a page is written so that it can be run:

    ```csv title="cases.csv"                     a file that the page's commands need, whole
    ```csv title="official.xlsx"                 the same rows as a workbook
    ```yaml title="new.yaml" edits="old.yaml"    a copy of old.yaml in which these lines take the place of those with the same key
    ```csv title="forms/form-*.csv" fills="value"  what people write into forms that a command made: a column for each, named as the * of their file
    ```console                                   commands after `$ `: `screening ...` is run, `make ...` must name a target
    ```python                                    runs by itself
    ```sh                                        other commands; nothing here runs them
    ```sh env="yes"                              `export NAME=VALUE`: holds for the rest of the page

Under a command stand lines of its output, in order. A line `...` leaves lines out; ` ...` at an end
leaves the rest of that line out. `# exits 2` after a command says that it ends with another code
than 0, `# types WORDS` that these words are typed whenever it asks. `> FILE` keeps what it prints,
and `"$(cat FILE)"` is what such a file holds, as in any shell.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest

import screening
import screening.cli as screening_cli
from screening.answers import Answer, Case, Response
from screening.checklist import Checklist, WeightSet, load_checklist, load_vignettes
from screening.scoring.engine import RANK, score

ROOT = Path(__file__).resolve().parents[2]
PAGES = [p for p in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if p.is_file()]
BLOCK = re.compile(
    r"^```(?P<kind>\w+)(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
VERDICTS = re.compile(
    r"\bcleared\b|\blow[- ]risk\b|\bno risk\b|\bruled out\b|\bnot a victim of\b|\bnegative"
    r" result\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, what stands after it (`title="..."`), its text."""

    kind: str
    info: dict[str, str]
    body: str


@dataclass(frozen=True)
class Command:
    """A command of a console block and the lines shown under it."""

    line: str
    shown: tuple[str, ...]

    @property
    def code(self) -> int:
        said = re.search(r"# exits (\d+)$", self.line)
        return int(said[1]) if said else 0

    @property
    def typed(self) -> str:
        said = re.search(r"# types (.+)$", self.line)
        return f"{said[1]}\n" * 2 if said else ""

    @property
    def words(self) -> list[str]:
        return shlex.split(self.line, comments=True)


def blocks(page: Path) -> Iterator[Block]:
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield Block(
            found["kind"], dict(re.findall(r'(\w+)="([^"]*)"', found["info"])), found["body"]
        )


def commands(block: Block) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        line, *shown = part.splitlines()
        yield Command(line, tuple(shown))


def edited(text: str, lines: str) -> str:
    """The text with each of the lines in place of the one line that has the same key."""
    for new in lines.splitlines():
        key = re.match(r"\s*[\w-]+:", new)
        assert key, f"no key in {new!r}"
        text, changed = re.subn(
            rf"^{re.escape(key[0])}.*$", lambda _, new=new: new, text, flags=re.MULTILINE
        )
        assert changed == 1, f"{key[0]!r} stands {changed} times in the file"
    return text


def put(block: Block, folder: Path) -> None:
    if "fills" in block.info:
        fill(block, folder)
        return
    path = folder / block.info["title"]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in csv.reader(io.StringIO(block.body)):
            book.active.append(row)
        book.save(path)
        return
    before = block.info.get("edits")
    path.write_text(
        edited((folder / before).read_text(encoding="utf-8"), block.body) if before else block.body,
        encoding="utf-8",
    )


def fill(block: Block, folder: Path) -> None:
    """Write each person's column of the table into their form, in the one row that says the same in
    all other columns.
    """
    header, *rows = csv.reader(io.StringIO(block.body))
    for n, name in enumerate(header):
        path = folder / block.info["title"].replace("*", name)
        if not path.is_file():
            continue  # a column that says which row
        form = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        for row in rows:
            named = {h: cell for h, cell in zip(header, row, strict=True) if h in form[0]}
            (place,) = (line for line in form if all(line[h] == cell for h, cell in named.items()))
            place[block.info["fills"]] = row[n]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(form[0]))
            writer.writeheader()
            writer.writerows(form)


def run(command: Command) -> str:
    """What `screening ...` prints, both streams as a terminal has them; a redirection keeps stdout
    in its file.
    """
    _, *words = (
        re.sub(
            r"\$\(cat (\S+)\)",
            lambda file: Path(file[1]).read_text(encoding="utf-8").strip(),
            word,
        )
        for word in command.words
    )
    into = Path(words.pop()) if words[-2:-1] == [">"] else None
    if into is not None:
        words.pop()
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) if into else out
    with (
        patch.object(sys, "stdin", io.StringIO(command.typed)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = screening_cli.run(words)
    printed, told = (stream.buffer.getvalue().decode("utf-8") for stream in (out, err))
    printed = re.sub(
        r"(?m)(^|(?<=: ))(Passphrase|The same)[^:\n]*: ", r"\g<0>\n", printed
    )  # Enter begins a new line on a terminal
    if into is not None:
        into.write_text(printed, encoding="utf-8")
        printed = told
    assert code == command.code, (
        f"$ {command.line}\nended with {code}, not {command.code}:\n{printed}"
    )
    return printed


def left_out(shown: tuple[str, ...], printed: str) -> list[str]:
    """The first run of shown lines that does not stand in the output after those before it; nothing
    when all do.
    """
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    at, chunk = 0, []
    for line in (*(s.strip() for s in shown if s.strip()), "..."):
        if line != "...":
            chunk.append(line)
            continue
        places = [
            n for n in range(at, len(lines) - len(chunk) + 1) if all(map(same, chunk, lines[n:]))
        ]
        if not places:
            return chunk
        at, chunk = places[0] + len(chunk), []
    return []


def same(shown: str, printed: str) -> bool:
    return (
        printed.startswith(shown.removesuffix(" ..."))
        if shown.endswith(" ...")
        else shown == printed
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a page's commands run: beside the cards as they are and a copy of the lists that a page
    may add to.

    They run in this process: starting one for each command costs more than all they do.
    """
    (tmp_path / "models").symlink_to(ROOT / "models", target_is_directory=True)
    shutil.copytree(ROOT / "indicators", tmp_path / "indicators")
    for module in ("checklist.loader", "scorecard.card_json"):
        monkeypatch.setattr(f"screening.{module}.data_folder", lambda kind: tmp_path / kind)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_on_a_page_runs_and_prints_what_is_shown(
    page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for block in blocks(page):
        for name, value in re.findall(r"(?m)^export (\w+)=(.*)$", block.body):
            if "env" in block.info:
                monkeypatch.setenv(name, value)
        if "title" in block.info:
            put(block, folder)
        for command in commands(block) if block.kind == "console" else ():
            if command.words[0] == "screening":
                printed = run(command)
                chunk = left_out(command.shown, printed)
                assert not chunk, "\n".join(
                    [f"$ {command.line}", "does not print:", *chunk, "but:", printed]
                )


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_on_a_page_runs(page: Path) -> None:
    for block in blocks(page):
        if block.kind == "python":
            exec(compile(block.body, page.name, "exec"), {"__name__": page.name})  # our own pages


def test_every_public_name_stands_in_an_example_that_runs() -> None:
    code = "\n".join(b.body for page in PAGES for b in blocks(page) if b.kind == "python")
    used = set(re.findall(r"\bscreening\.(\w+)", code))
    assert set(screening.__all__) - used - {"__version__"} == set()


def test_console_blocks_hold_nothing_that_is_not_checked() -> None:
    targets = set(
        re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for page in PAGES:
        for block in blocks(page):
            if block.kind != "console":
                continue
            for command in commands(block):
                program, *rest = command.words
                assert program in (
                    "screening",
                    "make",
                ), f"{page.name}: {command.line}: put it into an sh block"
                assert program != "make" or set(rest) <= targets, (
                    f"{page.name}: {command.line}: no such target"
                )


def test_s1_no_page_has_words_of_a_negative_verdict() -> None:
    said = [
        f"{page.name}: {found[0]}"
        for page in PAGES
        for found in VERDICTS.finditer(page.read_text(encoding="utf-8"))
    ]
    assert not said


def test_every_rule_of_safety_has_a_row_and_every_test_it_names_is_there() -> None:
    page = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (S\d+) \|(.*)\|$", page, re.MULTILINE))
    assert list(rows) == [f"S{n}" for n in range(1, 21)]
    tests = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert set(re.findall(r"`(test_\w+)`", page)) - tests == set()
    for rule, row in rows.items():
        assert "`test_" in row or "comes with" in row, (
            f"{rule} names no test and does not say what it comes with"
        )


# -- what the pages claim and no other test says ---------------------------------------------------


def bundled() -> list[Case]:
    checklist = load_checklist()
    return [
        v.to_case()
        for path in sorted((checklist.folder / "vignettes").glob("*.yaml"))
        for v in load_vignettes(checklist, path.stem).cases
    ]


def test_s3_family_and_papers_never_lower_a_finding(
    kosovo: Checklist, kosovo_weights: WeightSet
) -> None:
    ties = {
        "no_lawful_carer": Answer.NO,
        "relationship_unproven": Answer.NO,
        "child_with_nonrelatives": Answer.NO,
        "documents_withheld": Answer.NO,
        "counter_carer_verified": Answer.YES,
        "counter_school_verified": Answer.YES,
    }
    for case in bundled():
        without = replace(case, answers={i: r for i, r in case.answers.items() if i not in ties})
        together = replace(
            case, answers={**without.answers, **{i: Response(a) for i, a in ties.items()}}
        )
        one, two = (score(c, kosovo, kosovo_weights) for c in (without, together))
        assert RANK[two.finding] >= RANK[one.finding] and two.points == one.points, case.case_id


def test_s14_non_punishment_is_a_next_step_wherever_there_is_a_sign(
    kosovo: Checklist, kosovo_weights: WeightSet
) -> None:
    found = [score(case, kosovo, kosovo_weights) for case in bundled()]
    told = [a for a in found if RANK[a.finding] >= RANK["look_further"]]
    assert told and all("non_punishment" in {step.id for step in a.next_steps} for a in told)


def test_s19_no_module_of_the_tool_can_reach_a_network() -> None:
    # The server listens on this machine; the browser is opened at its address; three modules only
    # take addresses apart or put them together.
    allowed = {
        "web/guard.py": {"urllib.parse"},
        "web/casebook/acts.py": {"urllib.parse"},
        "web/trainer/weights.py": {"urllib.parse"},
        "web/connections.py": {"socket"},
        "web/ending.py": {"socket"},
        # and asks the program that runs here already
        "cli/serve.py": {"webbrowser", "http.client"},
    }
    networks = {
        "socket",
        "ssl",
        "http",
        "urllib",
        "ftplib",
        "smtplib",
        "requests",
        "httpx",
        "aiohttp",
        "webbrowser",
    }
    for path in (ROOT / "screening").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            used = {name for name in names if name.split(".")[0] in networks}
            inside = path.relative_to(ROOT / "screening").as_posix()
            assert used <= allowed.get(inside, set()), path


@pytest.mark.parametrize(
    ("shown", "chunk"),
    [
        ("a\nb", []),
        ("a\n...\nd", []),
        ("b c ...\nd", []),
        ("a\nd", ["a", "d"]),
        ("d\n...\na", ["a"]),
        ("b", ["b"]),
        ("", []),
    ],
)
def test_shown_lines_are_looked_for_whole_in_order_and_unbroken(
    shown: str, chunk: list[str]
) -> None:
    printed = {"a\nb": "a\nb\n"}.get(shown, "a\n\n  b c d\nd\n")
    assert left_out(tuple(shown.splitlines()), printed) == chunk
