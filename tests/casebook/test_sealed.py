"""An encrypted file byte by byte: what is written down of it is what is read and written."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from screening.casebook import sealed
from screening.casebook.sealed import (
    LARGEST,
    SHORTEST,
    SUFFIX,
    check_passphrase,
    generated_passphrase,
    open_sealed,
    seal,
    two_passphrases,
)
from screening.errors import UsageError

WORDS = "gjashtë fjalë që nuk lidhen"
DATA = {"note": "a sentence ë ш", "n": [1, None]}
CASE, KEY = b"screening-case\n1", b"screening-key-\n1"
LEAST = (1, 1, 8)  # the least work that Argon2 can be asked for


def by_hand(
    text: bytes = b'{"n": 1}', parameters: tuple[int, int, int] = LEAST, magic: bytes = CASE
) -> bytes:
    """A file made from the description alone."""
    salt, first, inner, second = b"s" * 16, b"1" * 12, b"k" * 32, b"2" * 12
    iterations, lanes, memory = parameters
    key = Argon2id(
        salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory
    ).derive(WORDS.encode())
    head = magic + salt + struct.pack("<III", *parameters)
    body = head + first + AESGCM(key).encrypt(first, inner, head)
    body += second + AESGCM(inner).encrypt(second, text, body)
    return body + hashlib.sha256(body).digest()


def code_of(call: Any) -> str:
    with pytest.raises(UsageError) as error:
        call()
    return str(error.value.code)


def test_a_file_made_from_the_description_alone_opens():
    assert open_sealed(by_hand(), WORDS) == {"n": 1}
    assert open_sealed(by_hand(magic=KEY), WORDS, "key") == {"n": 1}


@pytest.mark.parametrize("kind", ["case", "key"])
def test_what_is_written_has_every_part_where_the_description_says(kind):
    content = seal(DATA, WORDS, kind)
    head, wrapped, body, end = content[:44], content[44:104], content[104:-32], content[-32:]
    assert head[:16] == {"case": CASE, "key": KEY}[kind]
    parameters = struct.unpack("<III", head[32:])
    assert parameters == sealed.WORK
    assert end == hashlib.sha256(content[:-32]).digest()
    iterations, lanes, memory = parameters
    key = Argon2id(
        salt=head[16:32], length=32, iterations=iterations, lanes=lanes, memory_cost=memory
    ).derive(WORDS.encode())
    inner = AESGCM(key).decrypt(wrapped[:12], wrapped[12:], head)
    text = AESGCM(inner).decrypt(body[:12], body[12:], head + wrapped)
    assert len(inner) == 32 and len(text) == 4096
    assert json.loads(text) == DATA and text.rstrip(b" ").endswith(b"}")
    assert "ë ш".encode() in text and b": " not in text, "no letter is spelt out, no blank spent"


def test_text_that_fills_its_blocks_gets_no_further_one():
    exact = 4096 - len('{"a":""}')
    sizes = [len(seal({"a": "x" * n}, WORDS)) - 44 - 60 - 28 - 32 for n in (exact, exact + 1)]
    assert sizes == [4096, 8192]


def test_salt_key_and_both_nonces_are_drawn_anew_for_each_file():
    one, two = seal(DATA, WORDS), seal(DATA, WORDS)
    for start, end in ((16, 32), (44, 56), (56, 104), (104, 116)):
        assert one[start:end] != two[start:end]
        assert len(set(one[start:end])) > 4, "drawn, not filled up"


def test_the_random_bytes_are_as_many_as_each_part_needs(monkeypatch):
    asked: list[int] = []
    real = os.urandom
    monkeypatch.setattr(sealed.os, "urandom", lambda n: (asked.append(n), real(n))[1])
    seal(DATA, WORDS)
    assert sorted(asked) == [12, 12, 16, 32]


def test_a_case_is_no_key_and_a_key_no_case():
    assert code_of(lambda: open_sealed(seal(DATA, WORDS), WORDS, "key")) == "U312"
    assert code_of(lambda: open_sealed(seal(DATA, WORDS, "key"), WORDS)) == "U312"
    for kind, named in (("case", SUFFIX), ("key", "key")):
        with pytest.raises(UsageError) as error:
            open_sealed(b"something else", WORDS, kind)
        assert named in str(error.value)
    assert SUFFIX == ".case"


def test_another_kind_of_file_and_a_damaged_one_are_told_apart():
    said = []
    for content in (b"PK\x03\x04", by_hand()[:-1]):
        with pytest.raises(UsageError) as error:
            open_sealed(content, WORDS)
        said.append(str(error.value))
    assert said[0] != said[1]


MOST = (10, 16, 256 * 1024)


@pytest.mark.parametrize(
    ("parameters", "taken"),
    [
        (LEAST, True),
        (MOST, True),
        ((11, 16, 256 * 1024), False),
        ((10, 17, 256 * 1024), False),
        ((10, 16, 256 * 1024 + 1), False),
        ((0, 1, 8), False),
        ((1, 0, 8), False),
        ((1, 1, 7), False),
        ((1, 2, 16), True),
        ((1, 2, 15), False),
    ],
)
def test_a_file_may_ask_for_so_much_work_and_no_more(parameters, taken, monkeypatch):
    """What passes is refused for its passphrase: the work itself is not done here."""
    monkeypatch.setattr(sealed, "stretched", lambda *_: b"0" * 32)
    content = by_hand()
    body = content[:32] + struct.pack("<III", *parameters) + content[44:-32]
    told = code_of(lambda: open_sealed(body + hashlib.sha256(body).digest(), WORDS))
    assert told == ("U311" if taken else "U312")


def test_what_this_version_writes_it_also_takes():
    assert all(1 <= p <= most for p, most in zip(sealed.WORK, MOST, strict=True))


def test_the_shortest_file_there_can_be_is_opened_and_a_shorter_one_is_damaged():
    assert len(by_hand(b"{}")) == 44 + 60 + 28 + 2 + 32
    assert open_sealed(by_hand(b"{}"), WORDS) == {}
    for end in (20, 44, 80, 104, -33):
        body = by_hand(b"")[:end]
        whole = body + hashlib.sha256(body).digest()
        assert code_of(lambda whole=whole: open_sealed(whole, WORDS)) == "U312"


def test_a_file_of_the_largest_size_is_opened_and_one_byte_more_is_not():
    room = LARGEST - len(by_hand(b""))
    assert LARGEST == 32 * 1024 * 1024
    assert open_sealed(by_hand(b"{}".ljust(room)), WORDS) == {}
    assert code_of(lambda: open_sealed(by_hand(b"{}".ljust(room + 1)), WORDS)) == "U312"


@pytest.mark.parametrize("text", [b"[1]", b"{", b"", b'"a"', b"\xff"])
def test_a_sealed_text_that_is_no_record_is_a_damaged_file(text):
    assert code_of(lambda: open_sealed(by_hand(text), WORDS)) == "U312"


@pytest.mark.parametrize(
    ("passphrase", "taken"),
    [
        ("tqzmrlbxwkvhnpd", True),  # 15
        ("tqzmrlbxwkvhnp", False),
        ("  tqzmrlbxwkvhnp  ", False),  # blanks at the ends do not count
        ("abcdefghijklmno", False),  # a row of letters
        ("tqzmrtqzmrtqzmr", False),  # five different letters
        ("ＴＱＺＭＲlbxwkvhnpd", True),  # full width is read as plain
        ("ＴＱＺＭＲTQZMRtqzmr", False),
    ],
)
def test_a_passphrase_needs_fifteen_letters_and_six_different_ones(passphrase, taken):
    assert SHORTEST == 15
    if taken:
        check_passphrase(passphrase)
    else:
        assert code_of(lambda: check_passphrase(passphrase)) == "U313"
        with pytest.raises(UsageError) as error:
            check_passphrase(passphrase)
        assert "15" in f"{error.value} {error.value.remedy}"


def test_two_passphrases_that_differ_are_told_as_such():
    assert two_passphrases().code == "U313"


@pytest.mark.parametrize(
    "guessed",
    [
        "123456789012345",
        "passwordpassword",
        "Password Password 2026",
        "p@ssw0rdp@ssw0rd!",
        "qwertyuiopasdfghjkl",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "abcdefghijklmnopqrstuvwxyz",
        "kosova kosova kosova 2026",
        "fjalekalimi fjalekalimi",
        "lozinka123456789",
        "mali mali mali mali mali",
        "1999 2001 2002 2010 2020",
        "   a            b   ",
        "iloveyouiloveyou",
    ],
)
def test_a_passphrase_that_guessers_begin_with_is_refused(guessed):
    assert code_of(lambda: check_passphrase(guessed)) == "U313"


@pytest.mark.parametrize(
    "good", [WORDS, "correct horse battery six words", "ngjyra mali traktor dritare liqen gur"]
)
def test_words_that_do_not_belong_together_are_taken(good):
    check_passphrase(good)


def test_words_are_offered_that_are_taken_and_never_the_same():
    offered = {generated_passphrase() for _ in range(200)}
    assert len(offered) == 200
    for words in offered:
        check_passphrase(words)
