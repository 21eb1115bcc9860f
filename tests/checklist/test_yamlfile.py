"""YAML read strictly: every value is text, every part knows its line, and nothing that a list does
not need gets in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from screening.checklist import yamlfile
from screening.checklist.yamlfile import DEEPEST, Doc, dotted, parse_yaml, read_yaml
from screening.errors import KnowledgeError

WORDS = [
    "no",
    "yes",
    "on",
    "off",
    "true",
    "null",
    "~",
    "",
    "1",
    "1.0",
    "1e3",
    "0x1F",
    "0o7",
    "190:20:30",
    "2026-01-01",
    ".nan",
    ".inf",
    "=",
    "<<",
    "_",
]


@pytest.mark.parametrize("word", WORDS)
def test_a_plain_word_stays_the_text_it_is(word: str) -> None:
    assert parse_yaml(f"key: {word}\n", "f").data == {"key": word}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("key: 'no'", "no"),
        ('key: "a\\tb"', "a\tb"),
        ("key: |\n  one\n  two\n", "one\ntwo\n"),
        ("key: >-\n  one\n  two\n", "one two"),
        ("key: [no, 1, []]", ["no", "1", []]),
        ("key: {no: no}", {"no": "no"}),
        ("key:\n- a\n- b: c\n", ["a", {"b": "c"}]),
        ("key: a#b", "a#b"),
        ("key: a # b", "a"),
        ("key:", ""),
        ("key: Ђорђе", "Ђорђе"),
        ("%YAML 1.1\n---\nkey: x\n...\n", "x"),
    ],
)
def test_values_of_every_style(text: str, value: object) -> None:
    assert parse_yaml(text, "f").data == {"key": value}


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            "a: b: c",
            "K101",
            [
                "f, line 1",
                "the file cannot be read as YAML: mapping values are not allowed",
                "check indentation",
            ],
        ),
        ("a: [1, 2", "K101", ["f, line"]),
        ("a: 1\n b: 2", "K101", ["f, line 2"]),
        ("a: \x07", "K101", ["f: the file contains a character that YAML does not allow"]),
        ("{a: 1}: b", "K101", ["f, line 1", "a key is itself a mapping or a list"]),
        ("a: 1\n? [b]\n: c", "K101", ["f, line 2", "write keys as plain words"]),
        ("a: 1\nb: *a", "K102", ["f, line 2", "alias '*a'", "write the value out"]),
        ("a: 1\nb: &x 2", "K102", ["f, line 2", "anchor '&x'", "write the value out"]),
        ("a: &x [1]", "K102", ["f, line 1", "anchor '&x'"]),
        ("&x a: 1", "K102", ["anchor '&x'"]),
        ("&x {a: 1}", "K102", ["anchor '&x'"]),
        ("a: !!str 1", "K102", ["f, line 1", "tag 'tag:yaml.org,2002:str'", "remove it"]),
        ("a: ! 1", "K102", ["tag '!'"]),
        ("a: !local {b: c}", "K102", ["tag '!local'"]),
        ("a: !!binary aGVsbG8=", "K102", ["tag"]),
        (
            "a: 1\nb: 2\na: 3",
            "K103",
            ["f, line 3", "key 'a' appears twice, first on line 1", "keep one"],
        ),
        ("a:\n  - x\nb: 2\na: 3", "K103", ["f, line 4", "first on line 1"]),
        ("a: {b: 1, b: 2}", "K103", ["f, line 1", "key 'b' appears twice"]),
        ("a: {b: 1, 'b': 2}", "K103", ["key 'b' appears twice"]),
        ("- {c: 1}\n- {c: 1, c: 2}", "K103", ["f, line 2", "first on line 2"]),
        ("", "K108", ["f: the file is not a single mapping", "start it with 'format: 1'"]),
        ("# only words", "K108", ["not a single mapping"]),
        ("- a", "K108", ["not a single mapping"]),
        ("word", "K108", ["not a single mapping"]),
        ("a: 1\n---\nb: 2", "K108", ["not a single mapping"]),
    ],
)
def test_what_no_list_needs_is_refused_with_its_line(
    text: str, code: str, words: list[str]
) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse_yaml(text, "f")
    assert caught.value.code == code, caught.value
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("depth", "stands"), [(DEEPEST, True), (DEEPEST + 1, False), (3000, False)]
)
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_depth_has_a_limit(depth: int, stands: bool, brackets: str) -> None:
    inner = depth - 1  # the file's own mapping is the first level
    text = "a: " + ("[" * inner + "]" * inner if brackets == "[]" else "{k: " * inner + "}" * inner)
    if stands:
        value: Any = parse_yaml(text, "f").data["a"]
        for _ in range(inner - 1):
            value = value[0] if brackets == "[]" else value["k"]
        assert len(value) == (0 if brackets == "[]" else 1)
    else:
        with pytest.raises(KnowledgeError) as caught:
            parse_yaml(text, "f")
        assert caught.value.code == "K104"
        assert f"nested more than {DEEPEST} levels deep" in str(caught.value)


def test_a_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"k{n}: &k{n} [*{p}, *{p}]\n" for n, p in enumerate(["a", *(f"k{i}" for i in range(60))])
    )
    with pytest.raises(KnowledgeError) as caught:
        parse_yaml(bomb, "f")
    assert (caught.value.code, caught.value.place) == ("K102", "f, line 1")


LIST = """\
format: 1
rules:
  refer:
    child:
      any:
        - {element: act}
        -
          points: {at_least: 9}
about: >-
  many
  words
"""


@pytest.mark.parametrize(
    ("route", "place"),
    [
        ((), "f"),
        (("format",), "f, line 1, format"),
        (("rules",), "f, line 2, rules"),  # the key's own line, not that of what is in it
        (("rules", "refer"), "f, line 3, rules.refer"),
        (("rules", "refer", "child", "any", 0), "f, line 6, rules.refer.child.any[0]"),
        (
            ("rules", "refer", "child", "any", 1, "points", "at_least"),
            "f, line 8, rules.refer.child.any[1].points.at_least",
        ),
        (("about",), "f, line 9, about"),
        (
            ("rules", "refer", "adult"),
            "f, line 3, rules.refer.adult",
        ),  # not there: the nearest that is
        (("rules", "refer", "child", "any", 5, "gate"), "f, line 5, rules.refer.child.any[5].gate"),
        (("steps", 0), "f, steps[0]"),
    ],
)
def test_a_place_names_file_line_and_path(route: tuple[str | int, ...], place: str) -> None:
    assert parse_yaml(LIST, "f").place(route) == place


def test_a_place_in_a_list_of_lists() -> None:
    assert dotted(("a", 0, 1, "b")) == "a[0][1].b"
    assert Doc("f", {}, {}).place() == "f"


@pytest.mark.parametrize(
    ("content", "data"),
    [
        (b"a: 1\n", {"a": "1"}),
        (b"a: 1\r\nb: |\r\n  x\r\n  y\r\n", {"a": "1", "b": "x\ny\n"}),
        (b"\xef\xbb\xbfa: 1\n", {"a": "1"}),
        ("a: ћ\n".encode(), {"a": "ћ"}),
        (b"a: 1", {"a": "1"}),
    ],
)
def test_bytes_of_a_file(content: bytes, data: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    assert read_yaml(path, "f").data == data


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("a: č".encode("cp1250"), "K108", "byte 3 is not UTF-8; save the file as UTF-8"),
        ("a: ч".encode("cp1251"), "K108", "byte 3 is not UTF-8"),
        ("a: 1".encode("utf-16"), "K108", "byte 0 is not UTF-8"),
        (b"a: \xed\xa0\x80", "K108", "byte 3 is not UTF-8"),  # half of a surrogate pair
        (b"a: \x00", "K101", "a character that YAML does not allow"),
        (b"", "K108", "not a single mapping"),
        (b"PK\x03\x04" + bytes(range(128, 160)), "K108", "is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text(content: bytes, code: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    with pytest.raises(KnowledgeError) as caught:
        read_yaml(path, "f")
    assert caught.value.code == code
    assert words in str(caught.value)


@pytest.mark.parametrize(("size", "stands"), [(64, True), (65, False)])
def test_a_file_over_the_limit_is_not_read(
    size: int, stands: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yamlfile, "LARGEST", 64)
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: " + b"x" * (size - 3))
    if stands:
        assert read_yaml(path, "f").data == {"a": "x" * (size - 3)}
    else:
        monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
        with pytest.raises(KnowledgeError, match="the file is larger than") as caught:
            read_yaml(path, "f")
        assert caught.value.code == "K108"


plain = st.recursive(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x4FF, exclude_categories=("Cs", "Cc")),
        max_size=8,
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcxyz_", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["format", "id", "no", "1"]), plain, min_size=1))
def test_what_is_written_is_what_is_read_with_either_parser(data: dict[str, Any]) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, default_style='"')
    assert parse_yaml(text, "f").data == data
    with pytest.MonkeyPatch.context() as patch:
        fast = parse_yaml(text, "f")
        patch.setattr(yamlfile, "_Loader", yaml.BaseLoader)
        slow = parse_yaml(text, "f")
        assert (slow.name, slow.data, slow.lines) == (fast.name, fast.data, fast.lines)
