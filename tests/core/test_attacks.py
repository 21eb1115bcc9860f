"""Inputs with which reviewers once got through, as they were handed in: what is tried by a file and
a command. docs/security.md lists all of them, with those that are tried elsewhere.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from screening.checklist import load_checklist, load_weights
from screening.errors import KnowledgeError
from support.tiny import write_list

SIGN = "sent_and_placed"
LAST_DAY = pa.array([2**31 - 1], pa.int32()).cast(pa.date32())
FLAG = pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1], pa.int8()))


def parquet(**columns: object) -> Callable[[Path], None]:
    return lambda path: pq.write_table(pa.table({"case_id": ["A"], **columns}), path)


def text(words: str) -> Callable[[Path], None]:
    return lambda path: Path(path).write_bytes(words.encode("latin-1"))


# what ended as our bug, and the code of its line now; nothing where it is read
ONCE_OUR_BUG = {
    "wide.csv": (text("case_id," + "a" * 200_000 + "\nA,1\n"), "C207"),
    "quote.csv": (text(f'case_id,{SIGN},a"b\nc"d\nA,yes,1\n'), "C208"),
    "separator.csv": (text(f"case_id,{SIGN},age\nA,yes,\x1c9\n"), ""),
    "half.json": (text('[{"case_id":"\\ud800","age":9}]'), "C203"),
    "note.json": (
        text(f'[{{"case_id":"A","answers":{{"{SIGN}":{{"answer":"yes","note":"\\udc00"}}}}}}]'),
        "C203",
    ),
    "date.parquet": (parquet(birth_date=LAST_DAY, **{SIGN: ["yes"]}), "C214"),
    "bool8.parquet": (parquet(**{SIGN: FLAG}), ""),
    "id.parquet": (
        parquet(case_id=pa.array([2**62]).cast(pa.timestamp("ms")), **{SIGN: [1]}),
        "C210",
    ),
    "zone.parquet": (
        parquet(case_id=pa.array([9]).cast(pa.timestamp("ns", "Nowhere/X")), **{SIGN: [1]}),
        "C210",
    ),
    "decimal.parquet": (
        parquet(**{SIGN: [1]}, age=pa.array([Decimal("9.0")], pa.decimal32(9, 1))),
        "",
    ),
}


@pytest.mark.parametrize("name", ONCE_OUR_BUG)
def test_what_once_ended_as_our_bug_is_read_or_refused_in_one_line(name, tmp_path, cli):
    write, code = ONCE_OUR_BUG[name]
    write(tmp_path / name)
    ran = cli("score", tmp_path / name, "--format", "json")
    if not code:
        [found] = json.loads(ran.out)
        assert ran.code == 0 and found["answered"] == 1 and found["profile"] == "child"
    else:
        assert ran.code == 2 and ran.err.endswith(f"[{code}]\n") and ran.err.count("\n") == 1


def test_a_header_of_another_organisation_that_is_not_utf8_is_refused(tmp_path, cli):
    (tmp_path / "ctdc.csv").write_bytes(b"ageBroad,isForcedLabour,\xe9tat\n0,0,x\n")
    ran = cli("score", tmp_path / "ctdc.csv", "--from", "ctdc")
    assert ran.code == 2 and "[C203]" in ran.err and ran.err.count("\n") == 1


@pytest.mark.parametrize("age", ["17.9999999999999999999", "17.9999999999999999999 years"])
def test_S4_nobody_below_eighteen_is_rounded_up(age, tmp_path, cli):
    (tmp_path / "age.csv").write_text(f"case_id,age,age_certain,{SIGN}\nA,{age},yes,yes\n")
    ran = cli("score", tmp_path / "age.csv", "--format", "json")
    assert '"profile": "child"' in ran.out if ran.code == 0 else "[C2" in ran.err


def test_a_work_list_runs_nothing_in_a_spreadsheet(tmp_path, cli):
    ids = ["A;=cmd|' /C calc'!A0;", "\uff1d1+1", "\u200b=2+1", "B\t=1"]
    rows = "".join(f"{i},9,yes\n" for i in ids)
    (tmp_path / "a.csv").write_text(f"case_id,age,{SIGN}\n{rows}", encoding="utf-8")
    ran = cli("triage", tmp_path / "a.csv", "--format", "csv")
    assert ran.code == 0 and ran.out.count("\n") == 1 + len(ids)
    seen = re.sub("[\u200b]", "", ran.out)
    assert not re.search(r"(?:^|[;,\t\n\"])\s*[=\uff1d+@]", seen)


def test_a_pipe_is_never_written_over(tmp_path, cli):
    (tmp_path / "a.csv").write_text(f"case_id,age,{SIGN}\nA,9,yes\n")
    os.mkfifo(tmp_path / "out")
    ran = cli("score", tmp_path / "a.csv", "-o", tmp_path / "out", "--format", "csv", "--overwrite")
    assert ran.code == 2 and (tmp_path / "out").is_fifo()


@pytest.mark.parametrize("what", ["pipe", "device"])
def test_signatures_that_are_no_file_are_refused_and_not_waited_for(what, tmp_path):
    folder = write_list(tmp_path / "list")
    signed = folder / "weights/signatures/2026-01-01-base.yaml"
    signed.parent.mkdir()
    os.mkfifo(signed) if what == "pipe" else signed.symlink_to("/dev/zero")
    with pytest.raises(KnowledgeError, match=r"\[K110\]"):
        load_weights(load_checklist(folder))


READS = """
import sys
from pathlib import Path
from screening.files.strict_json import NotStrict, read_json

try:
    read_json(Path(sys.argv[1]).read_bytes())
except NotStrict as fault:
    print(fault, vars(fault))
"""


def within_seconds() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))


@pytest.mark.parametrize("keys", [40_000, 80_000])
def test_a_key_that_stands_twice_among_many_is_found_in_one_reading(keys, tmp_path):
    names = ",".join(f'"k{n}":1' for n in range(keys))
    (tmp_path / "a.json").write_text(f'{{"answers":{{{names},"k{keys - 1}":1}}}}')
    ran = subprocess.run(
        [sys.executable, "-c", READS, str(tmp_path / "a.json")],
        preexec_fn=within_seconds,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0 and f"k{keys - 1}" in ran.stdout, ran.stderr[-300:]
