"""Files that ask for far more room than they take: refused before the room is made, in little
memory and time; and the sizes that Arrow and Parquet files tell of themselves.

Each is read in a process of its own, so that what is measured is what the reader took: not what
the tests before it, or the making of the files, have left.
"""

from __future__ import annotations

import io
import json
import mmap
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from screening.checklist import load_checklist
from screening.errors import CaseError
from screening.tables import columnar
from screening.tables.arrowsizes import batches_of
from screening.tables.cases import read_cases
from screening.tables.parquetpages import chunks, pages
from support.tiny import write_list

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOM = 512  # MiB of resident memory: enough to refuse anything
SECONDS = 10  # of a processor: likewise


# -- builders: none takes much room itself ---------------------------------------------------------


def zeros(n: int) -> pa.Array:
    return pa.array(np.zeros(n, np.int64))


def arrow(table: pa.Table, packed: str | None = "zstd", stream: bool = False) -> bytes:
    out = io.BytesIO()
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(out, table.schema, options=pa.ipc.IpcWriteOptions(compression=packed)) as writer:
        writer.write_table(table)
    return out.getvalue()


def parquet(table: pa.Table, **how: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", **how)
    return out.getvalue()


def wide(columns: int, rows: int) -> pa.Table:
    """One column many times: a batch of all of them is large, and this is not."""
    same = zeros(rows)
    names = ["case_id", "age", "hurt", *(f"c{n}" for n in range(columns - 3))]
    return pa.table([same] * columns, names=names)


def one_long_word(rows: int, letters: int) -> pa.Table:
    numbers = pa.array(np.zeros(rows, np.int32))
    ids = pa.DictionaryArray.from_arrays(numbers, pa.array(["x" * letters]))
    return pa.table({"case_id": ids, "age": zeros(rows), "hurt": zeros(rows)})


def large_page() -> bytes:
    return parquet(
        pa.table({"case_id": zeros(9_000_000), "hurt": zeros(9_000_000)}),
        use_dictionary=["case_id"],
        data_page_size=1 << 30,
        max_rows_per_page=9_000_000,
        row_group_size=9_000_000,
    )


def repeated(text: str, times: int, tell: int = 200) -> Iterator[str]:
    """The text many times; now and then a number, so that it packs as real parts do."""
    for n in range(times // tell):
        yield text * tell + f"<!--{n * 2654435761 % (1 << 32):08x}-->" * 8


CELLS = ("case_id", "age", "hurt")
ROW = "".join(
    f'<c r="{c}1" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("ABC", CELLS, strict=True)
)
SHEET = f'<row r="1">{ROW}</row><row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>1</v></c></row>'


def book(extra: str = "", part: str = "", texts: Iterable[str] = ()) -> bytes:
    """A workbook by hand; `part` is one more part of it, linked by its name, of these texts."""
    out = io.BytesIO()
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        links = f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        links += f'<Relationship Id="r2" Type="{LINKS}/{part}" Target="{part}.xml"/>' * bool(part)
        names = f"<Relationships xmlns='{package}/relationships'>"
        pack.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        pack.writestr(
            "_rels/.rels",
            f'{names}<Relationship Id="r1" Type="{LINKS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        pack.writestr("xl/_rels/workbook.xml.rels", f"{names}{links}</Relationships>")
        pack.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="s" sheetId="1" '
            'r:id="r1"/></sheets></workbook>',
        )
        pack.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData>{SHEET}{extra}</sheetData></worksheet>',
        )
        if part:
            with pack.open(f"xl/{part}.xml", "w") as file:
                for text in texts:
                    file.write(text.encode())
    return out.getvalue()


def styles(many: int) -> bytes:
    text = [f'<styleSheet xmlns="{MAIN}"><fonts>', *repeated("<b/>", many), "</fonts></styleSheet>"]
    return book(part="styles", texts=text)


def shared(many: int) -> bytes:
    text = [f'<sst xmlns="{MAIN}">', *repeated("<si><t>k</t></si><si/><si/>", many), "</sst>"]
    return book(part="sharedStrings", texts=text)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a word of a million letters for every row": (
        "parquet",
        lambda: parquet(one_long_word(2000, 1_000_000), use_dictionary=True),
    ),
    "the same for 20,000 rows, in some kilobytes": (
        "parquet",
        lambda: parquet(one_long_word(20_000, 1 << 20), use_dictionary=True),
    ),
    "the same in Arrow": ("arrow", lambda: arrow(one_long_word(2000, 1_000_000))),
    "a page of 72 MB": ("parquet", large_page),
    "a batch of 320 MB": ("arrow", lambda: arrow(wide(40, 1_000_000))),
    "a batch of 320 MB in a stream": ("arrow", lambda: arrow(wide(40, 1_000_000), stream=True)),
    "elements within elements": (
        "xlsx",
        lambda: book(f'<row r="3">{"<x>" * 100}{"</x>" * 100}</row>'),
    ),
    "a hundred thousand elements within elements": (
        "xlsx",
        lambda: book(f'<row r="3">{"<x>" * 100_000}{"</x>" * 100_000}</row>'),
    ),
    "a million texts": ("xlsx", lambda: shared(400_000)),
    "styles of ten million elements": ("xlsx", lambda: styles(10_000_000)),
    "brackets within brackets": (
        "json",
        lambda: b'[{"case_id": "A", "answers": ' + b"[" * 1_000_000,
    ),
}

READS = """
import json, pathlib, sys, time
from datetime import date
from screening.checklist import load_checklist
from screening.errors import ScreeningError
from screening.tables.cases import read_blocks, read_cases

checklist = load_checklist(sys.argv[1])
for path in sys.argv[2:]:
    lines, taken = [], 0
    for face in (read_cases, read_blocks):
        before = time.process_time()
        try:
            lines.append(f"{len(list(face(path, checklist, today=date(2026, 11, 27))))} read")
        except ScreeningError as error:
            lines.append(str(error))
        taken = max(taken, time.process_time() - before)
    [peak] = [n for n in open("/proc/self/status") if n.startswith("VmHWM")]
    print(json.dumps([lines, int(peak.split()[1]) >> 10, taken]), flush=True)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], int, float]]:
    """What a process that reads them one after another says of each, its peak of resident memory
    so far in MiB, and the seconds of a processor that the slower face took.

    What Arrow maps and never touches is no memory: it is the resident part that is bounded here.
    """
    folder = tmp_path_factory.mktemp("bombs")
    paths = []
    for n, (kind, make) in enumerate(BOMBS.values()):
        paths.append(folder / f"{n}.{kind}")
        paths[-1].write_bytes(make())
        assert paths[-1].stat().st_size < 4_000_000
    ran = subprocess.run(
        [sys.executable, "-c", READS, str(write_list(folder / "list")), *map(str, paths)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30)),
    )
    return dict(zip(BOMBS, map(json.loads, ran.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_asks_for_far_more_room_than_it_takes_is_refused(
    name: str, told: dict[str, tuple[list[str], int, float]]
) -> None:
    lines, room, seconds = told[name]
    assert all("[C205]" in line and "\n" not in line for line in lines), lines
    assert len(set(lines)) == 1, "both faces say the same"
    assert room < ROOM and seconds < SECONDS


# -- sizes that are told ---------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [None, "lz4", "zstd"])
@pytest.mark.parametrize("stream", [False, True])
def test_the_sizes_of_arrow_are_those_that_were_packed(packed: str | None, stream: bool) -> None:
    table = pa.table({"n": zeros(50_000), "w": pa.array(["a", "b"] * 25_000).dictionary_encode()})
    sizes = [n for n in batches_of(arrow(table, packed, stream)) if n]
    if packed is None:
        assert not sizes
    else:
        assert 400_000 + 200_000 <= max(sizes) < 700_000


def test_an_arrow_file_is_refused_whoever_keeps_the_trace_of_its_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A tool that measures coverage or a debugger keeps it, and all that it refers to.
    kept: list[BaseException] = []

    def keeping(data: mmap.mmap) -> Iterator[int]:
        try:
            yield from batches_of(data)
        except Exception as fault:
            kept.append(fault)
            raise

    monkeypatch.setattr(columnar, "batches_of", keeping)
    whole = bytearray(arrow(pa.table({"case_id": ["A", "B"], "hurt": ["yes", None]})))
    start = len(whole) - 10 - int.from_bytes(whole[-10:-6], "little")
    whole[start : start + 4] = b"\xff\xff\xff\x7f"  # where the footer's table would be
    path, checklist = tmp_path / "a.arrow", load_checklist(write_list(tmp_path / "list"))
    path.write_bytes(whole)
    with pytest.raises(CaseError, match="C204"):
        list(read_cases(path, checklist, today=date(2026, 11, 27)))
    assert len(kept) == 1


def test_an_arrow_file_that_names_one_batch_again_and_again_is_refused() -> None:
    out = io.BytesIO()
    with pa.ipc.new_file(out, pa.schema({"n": pa.int64()})) as writer:
        for rows in (3000, 1000):
            writer.write_table(pa.table({"n": zeros(rows)}))
    whole = bytearray(out.getvalue())
    assert len(list(batches_of(bytes(whole)))) == 2
    first, second = (whole.rindex(struct.pack("<q", at)) for at in places_of(whole))
    whole[second : second + 24] = whole[first : first + 24]
    with pytest.raises(ValueError, match="block"):
        list(batches_of(bytes(whole)))


def places_of(whole: bytearray) -> list[int]:
    """Where the batches of an Arrow file begin: messages with a body."""
    reader, places, at = pa.BufferReader(bytes(whole)), [], 8
    reader.seek(at)
    while (message := _message(reader)) is not None:
        if message.type == "record batch":
            places.append(at)
        at = reader.tell()
    return places


def _message(reader: pa.BufferReader) -> Any:
    try:
        return pa.ipc.read_message(reader)
    except EOFError:
        return None


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_the_pages_of_parquet_are_all_there(version: str, tmp_path: Path) -> None:
    table = pa.table({"case_id": [f"c{n}" for n in range(50_000)], "n": zeros(50_000)})
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet(table, data_page_version=version, row_group_size=20_000))
    about = pq.ParquetFile(path).metadata
    with path.open("rb") as file:
        told = chunks(file)
        assert len(told) == about.num_row_groups
        for g, group in enumerate(told):
            for c, (name, chunk) in enumerate(group.items()):
                known = about.row_group(g).column(c)
                assert (name, chunk.values) == (known.path_in_schema, known.num_values)
                assert chunk.unpacked == known.total_uncompressed_size
                assert chunk.words == known.has_dictionary_page
                found = list(pages(file, chunk))
                assert sum(p.values for p in found[int(chunk.words) :]) == chunk.values
                unpacked = sum(p.unpacked for p in found)
                assert unpacked <= chunk.unpacked < unpacked + 3000


DAMAGED = """
import pathlib, sys
from datetime import date
from screening.checklist import load_checklist
from screening.errors import ScreeningError
from screening.tables.cases import read_cases

path, checklist = pathlib.Path(sys.argv[2]), load_checklist(sys.argv[1])
whole = path.read_bytes()
for n in range(len(whole) - 9, whole.rindex(b"hurt"), -1):
    for change in (1, 2, 16):
        damaged = bytearray(whole)
        damaged[n] ^= change
        path.write_bytes(damaged)
        try:
            list(read_cases(path, checklist, today=date(2026, 11, 27)))
        except ScreeningError as error:
            print(str(error)[-5:])
"""


def test_a_parquet_file_with_a_damaged_description_does_not_end_the_process(tmp_path: Path) -> None:
    table = pa.table({"case_id": ["A", "B"], "age": [9, 30], "hurt": ["yes", None]})
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet(table))
    ran = subprocess.run(
        [sys.executable, "-c", DAMAGED, str(write_list(tmp_path / "list")), str(path)],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-500:]
    assert "C204]" in ran.stdout
