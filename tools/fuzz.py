"""Whatever is handed in, changed at random, put to every loader.

    python tools/fuzz.py                         1,000,000 inputs in all, on every processor
    python tools/fuzz.py --inputs 20000 --jobs 1 --only "csv;xlsx"

How far it has come is told every 50,000 inputs, and what was done so far when it is stopped.

Small good files of every kind are changed (bits, bytes, words that have been trouble before, parts
cut, doubled, swapped or taken from another), written down and read. Each must be read or refused in
one coded line without signs that a terminal obeys, within 5 seconds of a processor and 1 GiB. Of
what is read, both faces must tell the same people with the same answers; of CSV and JSON, also what
Python's own readers find there. What is not so is printed with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import base64
import csv
import io
import json
import multiprocessing
import os
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import pyarrow as pa
import pyarrow.parquet as pq

from screening.answers import Answer, Case, Response
from screening.calibration.bounds import read_bounds
from screening.calibration.forms import read_ratings
from screening.calibration.outcomes.table import read_outcomes
from screening.calibration.ratings import form_of, new_codes
from screening.casebook import sealed
from screening.checklist import load_checklist, load_weights
from screening.checklist.loader import data_folder, load_mapping
from screening.cli.console import visible
from screening.course.files import course_bytes, read_course
from screening.course.record import CourseRecord
from screening.errors import ScreeningError
from screening.interview import Record
from screening.names import fold
from screening.scorecard.card_json import load_model, model_ids
from screening.tables.blocks import block_of
from screening.tables.cases import read_blocks, read_cases
from screening.tables.jsonfile import check_json
from screening.tables.listbook import read_book
from screening.tables.mapped import open_mapped
from screening.tables.source import Reading
from screening.values import answer_cell
from support.tiny import FILES, write_list

TODAY = date(2026, 11, 27)
EVERY = 50_000  # inputs between two lines that say how far it has come
SECONDS, ROOM = 5.0, 1 << 20  # of a processor; KiB of resident memory
WORDS = [
    *(
        "yes",
        "no",
        "po",
        "jo",
        "da",
        "ne",
        "88",
        "-99",
        "1.0",
        "1e309",
        "NaN",
        "17.99999999999999999",
    ),
    *("=1+1", "\x00", "\x1b[2J", "\x1c", "\u202e", "\u200b", "\ufeff", "\ud800", "\U000e0041", "İ"),
    *('"', '""', ",", ";", "\t", "|", "\r", "\n", "\r\n", "sep=;\n", "'", "\\u0000", "\\ud800"),
    *("[", "]", "{", "}", "[[[[[[[[", "&a", "*a", "!!python/object", "<!DOCTYPE x>", "]]>", "&#0;"),
    *("case_id", "age", "hurt", "danger_now", "9", "-1", "150", "2026-11-16", "16.11.2026", "٣"),
    *("\xff\xff\xff\x7f", "A" * 300, "0" * 5000, "PAR1", "ARROW1", "PK\x03\x04"),
]


@dataclass(frozen=True)
class Loader:
    """One way in: good files, and what reads them; `zipped` where they are archives."""

    seeds: list[bytes]
    read: Callable[[bytes, Path], object]
    zipped: bool = False


# How many of the inputs each gets, of all: the quicker it reads, the more
SHARES = {"csv": 1, "csv, utf-16": 1, "long form": 1, "json": 6, "api": 12, "parquet": 2}
SHARES |= {"arrow": 4, "xlsx": 2, "ctdc": 1, "checklist": 2, "weights": 1, "signatures": 1}
SHARES |= {"log": 1, "model": 4, "sealed": 8, "record": 8, "ratings": 4, "bounds": 4}
SHARES |= {"outcomes": 3, "course": 8, "list book": 3}


class TooLong(BaseException):
    """A read that went on for more than its time."""


# -- what is read ----------------------------------------------------------------------------------


class Ground:
    """The tiny list and everything that the loaders read beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.list = write_list(folder / "list")
        self.checklist = load_checklist(self.list)
        self.weights = load_weights(self.checklist)
        self.form = form_of(self.checklist, [])
        sealed.WORK = (1, 4, 64)  # little, for many tries

    def tables(self, name: str, encoding: str | None = None) -> Callable[[bytes, Path], object]:
        """Reads a file of cases by both faces."""

        def read(content: bytes, folder: Path) -> object:
            path = folder / name
            path.write_bytes(content)
            cases = list(read_cases(path, self.checklist, encoding=encoding, today=TODAY))
            blocks = list(read_blocks(path, self.checklist, encoding=encoding, today=TODAY))
            own = block_of(cases, self.checklist)
            ids = [i for block in blocks for i in block.case_ids]
            assert ids == [c.case_id for c in cases], "the faces tell other people"
            codes = [row for block in blocks for row in block.codes.T.tolist()]
            assert codes == own.codes.T.tolist(), "the faces tell other answers"
            if encoding is None and name.endswith(("csv", "json")):
                plain = _csv(content) if name.endswith("csv") else _json(content)
                if plain is not None:
                    assert len(plain) == len(cases), "rows in are not rows out"
                    for case, told in zip(cases, plain, strict=True):
                        for sign in told.keys() & self.checklist.indicators.keys():
                            found = case.answer(sign)
                            assert found == answer_cell(told[sign]), f"{sign}: another answer"
            return cases

        return read

    def at(self, name: str, load: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
        """Reads a file of another kind."""

        def read(content: bytes, folder: Path) -> object:
            path = folder / name
            path.write_bytes(content)
            return load(path)

        return read

    def part(self, name: str) -> Callable[[bytes, Path], object]:
        """Reads the list with one of its files in place."""
        path = self.list / name
        whole = path.read_bytes() if path.exists() else None

        def read(content: bytes, folder: Path) -> object:
            try:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
                checklist = load_checklist(self.list)
                return load_weights(checklist, draft=True)
            finally:
                path.unlink() if whole is None else path.write_bytes(whole)

        return read


def _csv(content: bytes) -> list[dict[str, str]] | None:
    """What Python's reader finds in a CSV that is regular, row by row; None where it is not."""
    text = content.decode("utf-8-sig")
    if not text.startswith("case_id,") or "\r" in text.replace("\r\n", "") or "\0" in text:
        return None
    rows = [r for r in csv.reader(io.StringIO(text, newline="")) if any(c.strip() for c in r)]
    head, *body = rows
    if (
        "indicator" in map(fold, head)
        or len(set(head)) < len(head)
        or any(len(r) != len(head) for r in body)
    ):
        return None
    return [dict(zip(head, row, strict=True)) for row in body]


def _json(content: bytes) -> list[dict[str, Any]] | None:
    """What Python's reader finds in a JSON of cases, case by case; None where keys are written
    otherwise than our own.
    """
    try:
        return [
            {k: a["answer"] if isinstance(a, dict) else a for k, a in case["answers"].items()}
            for case in json.loads(content.decode("utf-8-sig"))
        ]
    except (KeyError, TypeError, AttributeError):
        return None


# -- the loaders -----------------------------------------------------------------------------------


def loaders(folder: Path) -> dict[str, Loader]:
    """Every way in, by its name."""
    ground = Ground(folder)
    rows = [["A", "9", "yes", "no"], ["B", "", "unknown", "po"], ["C", "17.5", "", "refused"]]
    head = ["case_id", "age", "hurt", "danger_now"]
    text = "\n".join(map(",".join, [head, *rows])) + "\n"
    long = "case_id,age,indicator,answer,note\nA,9,hurt,yes,x\nA,9,danger_now,no,\nB,30,hurt,no,\n"
    answers = [{"case_id": r[0], "age": 9, "answers": {"hurt": r[2] or None}} for r in rows]
    answers[0]["answers"] = {"hurt": {"answer": "yes", "basis": "said", "note": "a note"}}
    table = pa.table({n: [r[c] or None for r in rows] for c, n in enumerate(head)})
    typed = pa.table({"case_id": ["A", "B"], "age": [9, 30], "hurt": [True, None]})
    arrows = [_arrow(t, packed) for t in (table, typed) for packed in (None, "lz4", "zstd")]
    parquets = [_parquet(t, c) for t in (table, typed) for c in ("none", "zstd")]
    case = Case("A", 9, True, {"hurt": Response(Answer.YES, "said", "what she said")})
    begun = Record.from_case(case, ground.checklist, ground.weights)
    record = json.dumps(begun.to_dict())
    course = CourseRecord("A", "tiny", "1", *["0" * 64, "w", "0" * 64, "s", "0" * 64], ("V1", "V2"))
    key = sealed.seal({"kind": "signing key", "by": "a", "private": "x"}, WORDS_OF_KEY, "key")
    ratings = "form,rater,round,kind,vignette,indicator,profile,value\n"
    ratings += f"{ground.form.id},{new_codes(1, 1)[0]},1,strength,,hurt,child,strong\n"
    limits = "indicator,profile,low,high\nhurt,child,1,5\ndanger_now,,0,\n"
    outcomes = "case_id,age,finding,decision,decided_by,decided_on,verified\n"
    outcomes += "A,9,refer,actual,court,2026-11-20,referral\nB,30,refer,,,,\n"
    model = (data_folder("models") / model_ids()[0] / "model.json").read_bytes()
    kosovo = load_checklist("kosovo")
    mapping = load_mapping(kosovo, "ctdc")
    columns = {c for r in mapping.rules for c in r.when} | {a.column for a in mapping.ages}
    mapped = ",".join(sorted(columns)) + "\n" + ",".join("1" * len(columns)) + "\n"
    return {
        "csv": Loader(
            [
                text.encode(),
                text.replace(",", ";").encode(),
                b"sep=;\n" + text.replace(",", ";").encode(),
            ],
            ground.tables("a.csv"),
        ),
        "csv, utf-16": Loader([text.encode("utf-16")], ground.tables("b.csv", "utf-16")),
        "long form": Loader([long.encode()], ground.tables("long.csv")),
        "json": Loader([json.dumps(answers).encode()], ground.tables("a.json")),
        "api": Loader([json.dumps(answers).encode()], lambda c, _: check_json(c)),
        "parquet": Loader(parquets, ground.tables("a.parquet")),
        "arrow": Loader(arrows, ground.tables("a.arrow")),
        "xlsx": Loader([_book([head, *rows])], ground.tables("a.xlsx"), zipped=True),
        "ctdc": Loader(
            [mapped.replace("1", "0", 3).encode()],
            ground.at(
                "c.csv",
                lambda p: [list(f.cases()) for f in open_mapped(p, Reading(kosovo, TODAY), "ctdc")],
            ),
        ),
        "checklist": Loader([FILES["checklist.yaml"].encode()], ground.part("checklist.yaml")),
        "weights": Loader(
            [FILES["weights/2026-01-01-base.yaml"].encode()],
            ground.part("weights/2026-01-01-base.yaml"),
        ),
        "signatures": Loader(
            [_signatures()], ground.part("weights/signatures/2026-01-01-base.yaml")
        ),
        "log": Loader([_log()], ground.part("activations.yaml")),
        "model": Loader([model], ground.at("model.json", lambda p: load_model(p, kosovo))),
        "sealed": Loader([key], lambda c, _: sealed.open_sealed(c, WORDS_OF_KEY, "key")),
        "record": Loader([record.encode()], lambda c, _: Record.from_dict(_plain(c))),
        "ratings": Loader(
            [ratings.encode()], ground.at("r.csv", lambda p: read_ratings([p], ground.form))
        ),
        "bounds": Loader(
            [limits.encode()], ground.at("l.csv", lambda p: read_bounds(p, ground.weights))
        ),
        "outcomes": Loader(
            [outcomes.encode()],
            ground.at("o.csv", lambda p: read_outcomes(p, checklist=ground.checklist, today=TODAY)),
        ),
        "course": Loader([course_bytes(course)], lambda c, _: read_course(c)),
        "list book": Loader(
            [_book([["kosovo_ref", "text_en", "text_sq", "text_sr"], ["4.1", "a", "b", "c"]])],
            ground.at("list.xlsx", read_book),
            zipped=True,
        ),
    }


WORDS_OF_KEY = "ngjyra mali traktor dritare liqen gur"


def _plain(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _arrow(table: pa.Table, packed: str | None) -> bytes:
    out = io.BytesIO()
    how = pa.ipc.IpcWriteOptions(compression=packed)
    with pa.ipc.new_file(out, table.schema, options=how) as writer:
        writer.write_table(table)
    return out.getvalue()


def _parquet(table: pa.Table, packed: str) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression=packed)
    return out.getvalue()


def _book(rows: list[list[str]]) -> bytes:
    from screening.tables.xlsxout import XlsxOut

    out = io.BytesIO()
    book = XlsxOut(out, rows[0], [12] * len(rows[0]))
    book.rows(iter(rows[1:]))
    book.close()
    return out.getvalue()


def _signatures() -> bytes:
    word = base64.b64encode(bytes(64)).decode()
    key = base64.b64encode(bytes(32)).decode()
    hashed = "0" * 64
    names = ("rules", "signs", "facts", "needs", "pathway")
    parts = "{" + ", ".join(f"{name}: '{hashed}'" for name in names) + "}"
    return (
        f"format: 1\nchecklist: tiny\nweights: 2026-01-01-base\nset_sha256: '{hashed}'\n"
        f"sha256: '{hashed}'\nparts: {parts}\nsignatures:\n"
        f"  - {{by: arta, on: 2026-11-27, key: {key}, signature: {word}}}\n"
    ).encode()


def _log() -> bytes:
    word = base64.b64encode(bytes(64)).decode()
    return (
        "format: 1\nactivations:\n  - weights: 2026-01-01-base\n"
        f"    sha256: '{'0' * 64}'\n    before: 2026-01-01-base\n    on: 2026-11-27\n"
        f"    by: arta\n    reason: decided by the trainers\n    chain: ''\n    signature: {word}\n"
    ).encode()


# -- changes ---------------------------------------------------------------------------------------


def changed(content: bytes, others: list[bytes], draw: random.Random) -> bytes:
    """The content with one to four changes."""
    data = bytearray(content)
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        at, to = sorted(draw.randrange(len(data) + 1) for _ in range(2))
        to = min(to, at + draw.choice((1, 4, 30, 400)))
        match draw.randrange(8):
            case 0 if data:
                data[min(at, len(data) - 1)] ^= 1 << draw.randrange(8)
            case 1:
                data[at:at] = draw.choice(WORDS).encode("utf-8", "surrogatepass")
            case 2:
                data[at:to] = draw.choice(WORDS).encode("utf-8", "surrogatepass")
            case 3:
                del data[at:to]
            case 4:
                data[at:at] = data[at:to] * draw.choice((1, 1, 2, 50))
            case 5:
                other = draw.choice(others)
                data[at:] = other[draw.randrange(len(other) + 1) :]
            case 6 if data:
                del data[draw.randrange(len(data)) :]
            case _:
                data[at:to] = bytes(draw.randrange(256) for _ in range(to - at))
    return bytes(data)


def changed_book(content: bytes, draw: random.Random) -> bytes:
    """A workbook with one of its parts changed, as a good archive; now and then a bad one."""
    if draw.random() < 0.1:
        return changed(content, [content], draw)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        chosen = draw.choice([n for n in old.namelist() for _ in range(5 if "sheet1" in n else 1)])
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, changed(part, [part], draw) if name == chosen else part)
    return out.getvalue()


# -- one after another -----------------------------------------------------------------------------


@contextmanager
def limited() -> Iterator[None]:
    """Ends what takes more than its time."""

    def over(number: int, frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fault_of(loader: Loader, content: bytes, folder: Path) -> str:
    """What is wrong with how an input was read or refused; nothing where all is well."""
    try:
        with limited():
            loader.read(content, folder)
    except ScreeningError as error:
        for line in map(str, (error, *error.others)):
            if "\n" in line or visible(line) != line or len(line) > 2000:
                return f"a message that is no line: {line!r}"
        return ""
    except TooLong:
        return f"took more than {SECONDS} s"
    except MemoryError:
        return "no memory"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    return ""


def fuzz(name: str, inputs: int, seed: int, folder: Path) -> list[str]:
    """Put so many inputs to one loader; what is wrong, a line each, at most 20."""
    loader = loaders(folder)[name]
    faults: list[str] = []
    # A process that did other things before may have taken its room for them.
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for n in range(inputs):
        draw = random.Random(f"{name} {seed} {n}")
        one = draw.choice(loader.seeds)
        made = changed_book(one, draw) if loader.zipped else changed(one, loader.seeds, draw)
        if fault := fault_of(loader, made, folder):
            faults.append(f"{name}, seed {seed}, input {n}: {fault}")
            if len(faults) == 20:
                break
        room = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if n % 1000 == 999 and room > max(ROOM, before + ROOM // 2):
            faults.append(f"{name}, seed {seed}, input {n}: {room >> 10} MiB by now")
            break
    return faults


def shares(names: Sequence[str], inputs: int) -> dict[str, int]:
    """How many inputs each loader gets."""
    total = sum(SHARES[n] for n in names)
    return {n: -(-inputs * SHARES[n] // total) for n in names}


def _job(given: tuple[str, int, int]) -> tuple[str, int, list[str]]:
    name, inputs, seed = given
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    with tempfile.TemporaryDirectory() as folder:
        return name, inputs, fuzz(name, inputs, seed, Path(folder))


def reached(inputs: int, begun: float, faults: int) -> str:
    """How far a run has come, in one line."""
    return f"{inputs:,} inputs in {(time.monotonic() - begun) / 60:.1f} minutes, {faults} faults"


def main() -> None:
    """Everything, in as many processes as asked; exit 1 where something is wrong."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--inputs", type=int, default=1_000_000)
    ask.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", default="", help="loaders, with ; between")
    given = ask.parse_args()
    names = given.only.split(";") if given.only else list(SHARES)
    parts = shares(names, given.inputs)
    jobs = [
        (name, min(5000, left), given.seed + k)
        for name, n in parts.items()
        for k, left in enumerate(range(n, 0, -5000))
    ]
    random.Random(given.seed).shuffle(jobs)  # a run that is stopped has put some to every loader
    begun, done, wrong = time.monotonic(), dict.fromkeys(names, 0), 0
    with multiprocessing.get_context("spawn").Pool(given.jobs, maxtasksperchild=1) as pool:
        try:
            for name, inputs, faults in pool.imap_unordered(_job, jobs):
                done[name] += inputs
                wrong += len(faults)
                for line in faults:
                    print(line, flush=True)
                total = sum(done.values())
                if total // EVERY > (total - inputs) // EVERY:
                    print(reached(total, begun, wrong), flush=True)
        except KeyboardInterrupt:
            print("stopped")
    for name, n in done.items():
        print(f"{name:14} {n:9,}")
    print(reached(sum(done.values()), begun, wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
