"""Twenty thousand changed files, put to every loader; `make fuzz` puts a million."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from fuzz import SHARES, WORDS_OF_KEY, Loader, fault_of, fuzz, loaders, shares

INPUTS = 20_000


@pytest.mark.parametrize("name", SHARES)
def test_whatever_is_handed_in_is_read_as_it_is_or_refused_in_one_line(
    name: str, tmp_path: Path
) -> None:
    assert fuzz(name, shares(list(SHARES), INPUTS)[name], 18, tmp_path) == []


def test_every_loader_has_its_share_and_reads_its_good_files(tmp_path: Path) -> None:
    every = loaders(tmp_path)
    assert list(every) == list(SHARES) and WORDS_OF_KEY
    for name, loader in every.items():
        if name not in ("signatures", "log"):  # signed by nobody: they are refused for that
            for content in loader.seeds:
                loader.read(content, tmp_path)


def test_what_is_wrong_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.SECONDS", 0.1)

    def bug(content: bytes, folder: Path) -> object:
        return {}["x"]

    def endless(content: bytes, folder: Path) -> object:
        while True:
            pass

    assert "KeyError" in fault_of(Loader([b"x"], bug), b"x", tmp_path)
    assert "took more" in fault_of(Loader([b"x"], endless), b"x", tmp_path)
    table = loaders(tmp_path)["csv"]
    assert fault_of(table, b"case_id,hurt\nA,yes\nA,no\n", tmp_path) == "", "refused, in one line"
