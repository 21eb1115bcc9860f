"""CSV that a spreadsheet program opens with a double click, and that our own reader reads back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from screening.cli import main
from screening.files.csvtext import delimited
from screening.files.text import read_small

CASES = (
    "case_id,age,danger_now,hidden,place\n"
    'A,9,yes,no,"Prizren; near the market, =1+1"\n'
    "B,30,no,unknown,Pejë\n"
)
SEPARATORS = {"en": ",", "sq": ";", "sr": ";", "sr-Cyrl": ";"}


def written(path: Path) -> list[dict[str, str]]:
    """The rows of a file by the names of its columns."""
    text = read_small(path, 1 << 20)
    assert text is not None
    [header, *rows] = [cells for _, cells in delimited(text, lambda cells: "case_id" in cells)]
    return [dict(zip(header, row, strict=True)) for row in rows]


def run(capfdbinary: pytest.CaptureFixture[bytes], *args: str) -> tuple[int, bytes, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    out, err = capfdbinary.readouterr()
    return int(ended.value.code or 0), out, err.decode()


@pytest.mark.parametrize("lang", SEPARATORS)
@pytest.mark.parametrize("to", ["file", "screen"])
def test_a_csv_for_excel_has_its_mark_and_the_separator_of_the_language(
    lang: str, to: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    told = ["score", str(tmp_path / "cases.csv"), "--keep", "place", "--lang", lang]
    usual, excel = tmp_path / "usual.csv", tmp_path / "excel.csv"
    for path, more in ((usual, []), (excel, ["--excel"])):
        where = ["-o", str(path)] if to == "file" else ["--format", "csv"]
        code, out, err = run(capfdbinary, *told, *where, *more)
        assert code == 0, err
        if to == "screen":
            path.write_bytes(out)
    content = excel.read_bytes()
    assert content.startswith('\ufeff"case_id"'.encode() + SEPARATORS[lang].encode())
    assert not usual.read_bytes().startswith(b"\xef")
    assert written(excel) == written(usual)
    assert [row["place"] for row in written(excel)] == [
        "Prizren; near the market, '=1+1",
        "Pejë",
    ]


@pytest.mark.parametrize("lang", SEPARATORS)
def test_a_work_list_for_excel_is_read_back_as_it_is_in_json(
    lang: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    told = ["triage", str(tmp_path / "cases.csv"), "--lang", lang, "--on", "2026-11-27"]
    code, out, err = run(capfdbinary, *told, "--format", "csv", "--excel")
    assert code == 0, err
    assert out.startswith(b"\xef\xbb\xbf") and SEPARATORS[lang].encode() in out.splitlines()[0]
    (tmp_path / "list.csv").write_bytes(out)
    listed = json.loads(run(capfdbinary, *told, "--format", "json")[1])
    assert [row["case_id"] for row in written(tmp_path / "list.csv")] == [
        row["case_id"] for row in listed
    ]


@pytest.mark.parametrize(
    "told", [["score", "-o", "out.xlsx"], ["score"], ["triage"], ["triage", "--format", "json"]]
)
def test_what_is_no_csv_is_none_for_excel_either(
    told: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text(CASES, encoding="utf-8")
    code, _, err = run(capfdbinary, told[0], "cases.csv", *told[1:], "--excel")
    assert code == 2 and "[U305]" in err and "--excel" in err
    assert [p.name for p in tmp_path.iterdir()] == ["cases.csv"]
