"""The pocket edition, opened from its file in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from screening.connect.pocket import pocket_html
from support.pocket import opened
from support.pocket_screens import (
    KOSOVO,
    WEIGHTS,
    meet,
    record_sounds,
    settle_before_asking,
    tap,
    whom,
)


@pytest.fixture(scope="session")
def pocket_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pocket") / "pocket.html"
    path.write_text(pocket_html(KOSOVO, WEIGHTS, whom), encoding="utf-8")
    return path


@pytest.fixture
def page(chromium: Any, pocket_file: Path) -> Iterator[Page]:
    """The page on a small phone; anything that it asks of a network fails the test."""
    page = opened(chromium, pocket_file, viewport={"width": 360, "height": 740}, locale="en-GB")
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("pageerror", lambda e: broken.append(str(e)))
    page.on("console", lambda m: broken.append(m.text) if m.type == "error" else None)
    page.on("dialog", lambda d: d.accept())
    yield page
    page.context.close()
    assert not [url for url in asked if not url.startswith(("file:", "blob:"))]
    assert not broken


@pytest.fixture
def handed(chromium: Any, pocket_file: Path, tmp_path: Path) -> Iterator[Page]:
    """The page beside recordings in Albanian, with a man of 34 who agreed to talk."""
    record_sounds(tmp_path)
    shutil.copy(pocket_file, tmp_path / "pocket.html")
    page = opened(
        chromium, tmp_path / "pocket.html", viewport={"width": 360, "height": 740}, locale="en-GB"
    )
    page.on("dialog", lambda d: d.accept())
    meet(page, "34", company="alone", works="yes")
    settle_before_asking(page)
    tap(page, "Menu")
    yield page
    page.context.close()
