"""Where interviews are kept: nothing is overwritten in silence; an encrypted file is opened by its
passphrase or not at all.
"""

from __future__ import annotations

import hashlib
import json
import struct
import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Answer, Response
from screening.casebook import MemoryStore, Moved, sealed
from screening.casebook.sealed import LARGEST, open_sealed, seal
from screening.checklist import load_checklist, load_weights
from screening.errors import UsageError
from screening.interview import Interview, Judgement, load_protocol
from screening.interview.record import Record
from support.properties import examples

KOSOVO = load_checklist("kosovo")
BEGUN = Interview.begin(KOSOVO, load_weights(KOSOVO), load_protocol(KOSOVO), "A-1")
WORDS = "gjashtë fjalë që nuk lidhen"
STRONG = "tqzmrlbxwkvhnpd"  # strong by itself, so that hardly any text is filtered out
DATA = {"note": "a secret sentence ë ш", "n": 1}
SEALED = seal(DATA, WORDS)


def refused(code: str, content: bytes, passphrase: str = WORDS) -> None:
    with pytest.raises(UsageError) as error:
        open_sealed(content, passphrase)
    assert error.value.code == code


def test_a_record_is_put_after_the_revision_it_was_made_from():
    store = MemoryStore()
    store.put(BEGUN.record, None)
    one = BEGUN.answer("daily_quota", Response(Answer.YES)).record
    store.put(one, 0)
    with pytest.raises(Moved) as moved:
        store.put(BEGUN.answer("daily_quota", Response(Answer.NO)).record, 0)
    assert moved.value.record == one == store.get("A-1") and store.ids() == ["A-1"]


def test_a_case_that_is_there_or_is_not_is_said():
    store = MemoryStore()
    store.put(BEGUN.record, None)
    for call, code in (
        (lambda: store.put(BEGUN.record, None), "U302"),
        (lambda: store.get("B"), "U304"),
    ):
        with pytest.raises(UsageError) as error:
            call()
        assert error.value.code == code
    store.drop("A-1")
    store.drop("A-1")
    assert store.ids() == []


def test_of_many_at_once_exactly_one_wins():
    store = MemoryStore()
    store.put(BEGUN.record, None)
    lost, precondition = [], threading.Barrier(8)

    def put(n: int) -> None:
        later = BEGUN.answer("daily_quota", Response(Answer.YES, note=str(n))).record
        precondition.wait()
        try:
            store.put(later, 0)
        except Moved:
            lost.append(n)

    threads = [threading.Thread(target=put, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 7 and int(store.get("A-1").answers["daily_quota"].note) not in lost


def test_what_was_sealed_is_opened_by_its_passphrase_in_either_form_of_its_letters():
    assert (
        open_sealed(SEALED, WORDS)
        == DATA
        == open_sealed(SEALED, unicodedata.normalize("NFD", WORDS))
    )
    assert seal(DATA, WORDS) != SEALED, "never the same file twice"


def test_nothing_readable_is_in_the_file_and_its_length_tells_little():
    assert b"secret" not in SEALED and b"gjasht" not in SEALED  # words that chance does not make
    assert len(seal({"a": "x" * 3000}, WORDS)) == len(SEALED)


def test_a_wrong_passphrase_and_a_damaged_file_are_told_apart():
    refused("U311", SEALED, WORDS + "x")
    refused("U311", SEALED, "")
    for at in range(len(SEALED)):
        refused("U312", SEALED[:at] + bytes([SEALED[at] ^ (1 << at % 8)]) + SEALED[at + 1 :])
    for cut in (0, 1, 16, 43, 44, 100, len(SEALED) - 1):
        refused("U312", SEALED[:cut])
    refused("U312", SEALED + b"x")
    refused("U312", b"PK\x03\x04 something else")
    refused("U312", SEALED + b"\0" * LARGEST)


def test_a_passphrase_costs_as_much_work_as_rfc_9106_asks_for():
    """3 passes, 4 lanes, 64 MiB: its second recommended option."""
    assert struct.unpack("<III", SEALED[32:44]) == (3, 4, 64 * 1024)


def resummed(body: bytes) -> bytes:
    return body + hashlib.sha256(body).digest()


@pytest.mark.parametrize(
    "parameters",
    [
        (0, 4, 65536),
        (3, 0, 65536),
        (3, 4, 0),
        (3, 4, 2**31),
        (10**6, 4, 65536),
        (3, 2**20, 65536),
        (3, 4, 8),
    ],
)
def test_a_file_that_asks_for_absurd_work_is_refused_without_doing_it(parameters, monkeypatch):
    monkeypatch.setattr(sealed, "stretched", lambda *_: pytest.fail("the work was begun"))
    refused("U312", resummed(SEALED[:32] + struct.pack("<III", *parameters) + SEALED[44:-32]))


def test_whoever_mends_the_sum_still_cannot_change_a_case():
    refused("U311", resummed(SEALED[:20] + bytes([SEALED[20] ^ 1]) + SEALED[21:-32]))
    refused("U312", resummed(SEALED[:200] + bytes([SEALED[200] ^ 1]) + SEALED[201:-32]))


@pytest.mark.parametrize(
    "weak", ["", "short", "a" * 40, "abababababababab", " " * 20, "fourteen chars"]
)
def test_a_weak_passphrase_is_not_taken(weak):
    with pytest.raises(UsageError) as error:
        seal(DATA, weak)
    assert error.value.code == "U313"


def test_without_the_package_it_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    for call in (lambda: seal(DATA, WORDS), lambda: open_sealed(SEALED, WORDS)):
        with pytest.raises(UsageError) as error:
            call()
        assert error.value.code == "U306" and "screening[web]" in error.value.remedy


# -- what a store and a file are for ---------------------------------------------------------------


def test_a_record_goes_into_a_file_and_comes_back_whole_with_all_its_changes():
    now = (
        BEGUN.precondition("danger", "no")
        .person("9", True, {"company": "family"})
        .answer("daily_quota", Response(Answer.YES, "said", "gjysmë e парe"))
    )
    now = (
        now.leave_open("out_of_school")
        .answer("daily_quota", Response(Answer.NO))
        .judge(Judgement("refer", "why"))
    )
    content = seal(now.record.to_dict(), WORDS)
    assert Record.from_dict(open_sealed(content, WORDS)) == now.record
    for word in (b"daily_quota", b"kosovo", b"refer", b"A-1", b"answers", "парe".encode()):
        assert word not in content


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def strong(passphrase: str) -> bool:
    same = unicodedata.normalize("NFKC", passphrase)
    return len(same.strip()) >= 15 and len(set(same)) >= 6


@given(
    st.dictionaries(st.text(), JSON, max_size=4),
    st.text(max_size=15).map(lambda more: f"{STRONG}{more}").filter(strong),
)
@examples(8)
def test_any_data_under_any_passphrase_comes_back_as_it_was(data, passphrase):
    # Half a character cannot be written: it comes back as a question mark.
    written = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    assert open_sealed(seal(data, passphrase), passphrase) == written


def test_a_letter_that_is_half_a_character_does_not_cost_the_case():
    half = json.loads('{"note": "\\ud83d"}')  # as a terminal or a page can hand it over
    assert open_sealed(seal(half, WORDS), WORDS) == {"note": "?"}


def test_letters_typed_as_two_signs_do_not_make_a_short_passphrase_long():
    short = unicodedata.normalize("NFD", "ëçšžćčëç")
    assert len(short) >= 15 > len(unicodedata.normalize("NFC", short))
    with pytest.raises(UsageError) as error:
        seal(DATA, short)
    assert error.value.code == "U313"


def test_the_whole_blocks_are_sealed_and_nothing_of_the_length_shows_within_one():
    sizes = {len(seal({"a": "x" * n}, WORDS)) for n in (0, 1, 4000)}
    assert len(sizes) == 1 and len(seal({"a": "x" * 5000}, WORDS)) == sizes.pop() + 4096


def test_what_is_inside_must_be_a_record_s_data_and_not_some_other_json(monkeypatch):
    real = json.dumps
    monkeypatch.setattr(sealed.json, "dumps", lambda data, **how: real([1, 2], **how))
    with pytest.raises(
        UsageError
    ) as error:  # what is sealed is opened again before it is handed out
        seal(DATA, WORDS)
    assert error.value.code == "U312"


@pytest.mark.parametrize("after", [None, 0, 1, 2, 7])
def test_a_put_after_any_revision_but_the_one_kept_changes_nothing(after):
    store = MemoryStore()
    one = BEGUN.precondition("danger", "no")
    store.put(one.record, None)
    assert one.record.revision == 1
    later = one.precondition("private", "yes").record
    if after == 1:
        store.put(later, after)
        assert store.get("A-1") == later
    else:
        with pytest.raises(UsageError if after is None else Moved) as error:
            store.put(later, after)
        assert store.get("A-1") == one.record
        assert after is None or error.value.record == one.record


def test_cases_do_not_touch_each_other_and_keep_their_order():
    store = MemoryStore()
    others = [
        Interview.begin(KOSOVO, BEGUN.weights, BEGUN.protocol, case_id).record
        for case_id in ("B", "A", "C")
    ]
    for record in others:
        store.put(record, None)
    store.drop("A")
    store.put(
        Interview.begin(KOSOVO, BEGUN.weights, BEGUN.protocol, "B")
        .precondition("private", "yes")
        .record,
        0,
    )
    assert (
        store.ids() == ["B", "C"]
        and store.get("C") == others[2]
        and store.get("B").preconditions == {"private": "yes"}
    )
