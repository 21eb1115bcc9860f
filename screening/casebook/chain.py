"""The chain of events: each is hashed together with the one before, under a key of the casebook.

Who has no key can make no event fit; who has it, and takes back what was recorded, cannot make an
older chain end in a head that somebody else has kept.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from screening.errors import UsageError

__all__ = ["GENESIS", "Head", "check", "link"]

GENESIS = bytes(32)
_SHOWN = 24  # hexadecimal digits of a head: 96 bits
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def link(key: bytes, before: bytes, columns: Sequence[Any], words: bytes | None) -> bytes:
    """The hash of an event as it is kept: its number and texts, its sealed words, and the hash of
    the event before.
    """
    kept = _encoded(columns).encode()
    return hmac.digest(key, b"%b%d:%b%b" % (before, len(kept), kept, words or b""), hashlib.sha256)


class Head:
    """The chain's last event as people copy it: `1042-9f3a66c1d0b2e7819f3a66c1`."""

    def __init__(self, number: int, digest: bytes) -> None:
        self.number, self.digest = number, digest

    def __str__(self) -> str:
        return f"{self.number}-{self.digest.hex()[:_SHOWN]}"

    @staticmethod
    def read(text: str) -> tuple[int, str]:
        """The number and the digits of a head that was copied. `U305`."""
        found = re.fullmatch(rf"([0-9]{{1,15}})-([0-9a-f]{{{_SHOWN}}})", text.strip().lower())
        if found is None:
            raise UsageError("U305.head_unreadable", head=text)
        return int(found[1]), found[2]


def check(key: bytes, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    """Each event's number and hash, as far as they are as they were recorded.

    rows : number, texts ..., words, hash; in their order

    Raises
    ------
    UsageError : U321 with the number of the first event that is missing or changed
    """
    before, expected = GENESIS, 1
    for number, *texts, words, digest in rows:
        if number != expected:
            raise UsageError("U321.event_missing", number=expected)
        before = link(key, before, (number, *texts), words)
        if not hmac.compare_digest(before, digest):
            raise UsageError("U321.event_changed", number=number)
        yield number, digest
        expected += 1
