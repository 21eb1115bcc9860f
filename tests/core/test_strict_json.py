"""The one reader of JSON: what it refuses, and that it says which of the faults it is."""

from __future__ import annotations

import json

import pytest

from screening.files.strict_json import DEEPEST, NotStrict, StrictDecoder, read_json

GOOD = [
    ("{}", {}),
    ("[1, 2.5, null, true]", [1, 2.5, None, True]),
    ('{"a": {"a": 1}}', {"a": {"a": 1}}),
    ('"\\ud83d\\ude00 ë Ж"', "😀 ë Ж"),
    ("9" * 18, int("9" * 18)),
    ("[" * DEEPEST + "]" * DEEPEST, json.loads("[" * DEEPEST + "]" * DEEPEST)),
    ("[" + ",".join(["[]"] * 500) + "]", [[]] * 500),
]

REFUSED = [
    ("", "syntax", "Expecting value"),
    ("{'a': 1}", "syntax", "double quotes"),
    ("[1] 2", "syntax", "Extra data"),
    ('{"b": 0, "a": 1, "c": 2, "a": 1}', "twice", "duplicate key 'a'"),
    ('[{"x": {"a": 1, "a": 2}}]', "twice", "duplicate key 'a'"),
    ("[NaN]", "no_value", "NaN"),
    ("[-Infinity]", "no_value", "-Infinity"),
    ("1e999", "no_value", "1e999"),
    ("9" * 19, "number", "999"),
    ("-" + "9" * 5000, "number", "-999"),
    ('"\\ud83d"', "half", "half a character"),
    ('{"\\uDE00": 1}', "half", "half a character"),
    ('"\ud83d"', "half", "half a character"),
    ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "deep", "nested"),
    ('{"a":' * 90 + "1" + "}" * 90, "deep", "nested"),
    ("[" * 200_000, "deep", "nested"),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_json_as_it_should_be_is_read_as_the_standard_reader_does(text, value):
    assert read_json(text) == value
    assert read_json(text.encode()) == value


@pytest.mark.parametrize(("text", "fault", "says"), REFUSED)
def test_what_strict_json_has_no_place_for_is_named(text, fault, says):
    with pytest.raises(NotStrict, match=says) as refused:
        read_json(text)
    assert refused.value.fault == fault


def test_a_key_that_stands_twice_is_told_with_both_places():
    with pytest.raises(NotStrict) as refused:
        read_json('{"b": 0, "a": 1, "c": 2, "a": 1}')
    assert refused.value.facts == {"name": "a", "first": 2, "second": 4}


def test_bytes_are_utf_8_with_or_without_a_mark():
    assert read_json(b'\xef\xbb\xbf["\xc3\xab"]') == ["ë"]
    for content in ('["ë"]'.encode("cp1250"), '["a"]'.encode("utf-16")):
        with pytest.raises(NotStrict) as refused:
            read_json(content)
        assert refused.value.fault == "syntax"


def test_a_value_taken_from_the_middle_ends_where_it_ends_and_is_held_to_the_same():
    decoder = StrictDecoder()
    assert decoder.raw_decode('xx{"a": 1}, {"b": 2}', 2) == ({"a": 1}, 10)
    with pytest.raises(NotStrict) as refused:
        decoder.raw_decode('xx{"a": NaN}', 2)
    assert refused.value.fault == "no_value"
    with pytest.raises(json.JSONDecodeError):
        decoder.raw_decode('xx{"a"', 2)
