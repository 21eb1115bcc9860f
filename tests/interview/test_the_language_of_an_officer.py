"""Everything that an officer can meet is said through the catalogue or the list's texts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import screening

PACKAGE = Path(screening.__file__).parent
SPOKEN = ("echo", "secho", "prompt", "confirm")
CODE = [
    *sorted((PACKAGE / "cli" / "interview").glob("*.py")),
    *sorted((PACKAGE / "cli" / "course").glob("*.py")),
]
PAGES = [
    *sorted((PACKAGE / "templates" / "web").glob("*.j2")),
    *sorted((PACKAGE / "templates" / "web" / "interview").glob("*.j2")),
    *sorted((PACKAGE / "templates" / "web" / "course").glob("*.j2")),
    *sorted((PACKAGE / "templates" / "course").glob("*.j2")),
    *sorted((PACKAGE / "templates" / "paper").glob("*.html.j2")),
]
WORD = re.compile(r"[A-Za-z]{3,}")
NO_WORDS = {"CSV", "JSON", "PDF", "Esc", "screening"}  # a file's kind, a key, the program itself
JINJA = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<style.*?</style>|<script.*?</script>|<!DOCTYPE[^>]*>",
    re.DOTALL,
)
READ_ALOUD = re.compile(r'\b(?:aria-label|title|alt|placeholder)="([^"]*)"')


def words_in(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word not in NO_WORDS]


@pytest.mark.parametrize("path", CODE, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_the_terminal_prints_no_words_of_its_own(path: Path) -> None:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in SPOKEN and node.args:
            found += [w for part in _bare(node.args[0]) for w in words_in(part)]
    assert found == []


def _bare(node: ast.expr) -> list[str]:
    """The literal parts of what is printed, without what another call says."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        return [str(v.value) for v in node.values if isinstance(v, ast.Constant)]
    if isinstance(node, ast.BinOp):
        return _bare(node.left) + _bare(node.right)
    return []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_page_or_letter_has_no_words_of_its_own(path: Path) -> None:
    page = JINJA.sub(" ", path.read_text(encoding="utf-8"))
    assert words_in(" ".join(READ_ALOUD.findall(page))) == []
    assert words_in(re.sub(r"<[^>]*>", " ", page)) == []


def test_there_is_something_to_look_at() -> None:
    assert len(CODE) >= 5 and len(PAGES) >= 12
