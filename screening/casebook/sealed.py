"""One case, or one signing key, in one encrypted file:

Argon2id turns the passphrase into a key, which wraps a random key, which seals the case.

    16 bytes   magic "screening-case\\n1" or "screening-key-\\n1"
    16         salt
     4 x 3     Argon2id: iterations, lanes, memory in KiB
    12 + 48    nonce, wrapped key (AES-256-GCM)
    12 + n     nonce, the case as JSON, padded to whole blocks of 4096 (AES-256-GCM)
    32         SHA-256 of everything before it

A browser has no Argon2id. The pocket edition (`connect/pocket/keeping.js`) therefore writes files
of the second kind, whose key is made by PBKDF2-HMAC-SHA256; they are read here, never written.

The sum at the end tells a damaged file from a wrong passphrase; it is no protection, GCM is.
Whoever can change a file can make it look like a wrong passphrase, never like another case. What it
does not hide: that it is such a file, and roughly how long the record is. An old copy put back in
its place is not noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import struct
import unicodedata
from collections.abc import Sequence
from typing import Any, Literal

from screening.errors import UsageError
from screening.files.dumps import no_looking
from screening.files.strict_json import read_json

__all__ = [
    "LARGEST",
    "SHORTEST",
    "SUFFIX",
    "WORK",
    "aes_gcm",
    "check_passphrase",
    "generated_passphrase",
    "is_fair",
    "open_sealed",
    "seal",
    "stretched",
    "two_passphrases",
]

Kind = Literal["case", "key"]
SUFFIX = ".case"
SHORTEST = 15  # letters of a passphrase
LARGEST = 32 * 1024 * 1024

_MAGIC: dict[Kind, bytes] = {"case": b"screening-case\n1", "key": b"screening-key-\n1"}
_FROM_POCKET = b"screening-case\n2"
_ROUNDS = (600_000, 10_000_000)  # of PBKDF2: what a file must ask for, and the most it may
_START = 16
_BLOCK = 4096
# Argon2id: iterations, lanes, memory in KiB
WORK = (3, 4, 64 * 1024)  # RFC 9106, second recommended option
_MOST = (10, 16, 256 * 1024)  # a file may not ask for more work than this
_PARAMETERS = struct.Struct("<III")
_HEAD = _START + 16 + _PARAMETERS.size
_SUM = 32


def check_passphrase(passphrase: str) -> None:
    """`U313` where it is too short to protect anybody, or where somebody who guesses would begin
    with it.

    What is easily guessed (words that everybody uses, rows of keys, numbers, years, anything said
    twice) counts for nothing; what is left must still be long enough for nobody to try it all.
    """
    text = unicodedata.normalize("NFKC", passphrase).casefold().strip()
    if len(text) < SHORTEST or len(_left(text)) < _WORTH or len(set(_left(text))) < 6:
        raise UsageError("U313.passphrase_weak", least=SHORTEST)


_WORTH = 12  # letters that must be left
_GUESSED = re.compile(
    # What lists of passwords are made of, in the languages of the users too
    "pass ?word|pass ?phrase|passwort|pass|admin|login|welcome|letmein|iloveyou|monkey|dragon"
    "|football|master|secret|sunshine|princess|trustno1|abc|correct ?horse ?battery ?staple"
    r"|fjal[eë]kalim\w*|sekret\w*|dashuri\w*|lozink\w*|[sš]ifr\w*|tajn\w*|лозинк\w*|шифр\w*"
    r"|kosov\w*|prishtin\w*|pri[sš]tin\w*|screening|case ?file"
    r"|(?:19|20)\d\d|\d{2,}"
)
_ROWS = (
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)


def _left(text: str) -> str:
    """What of a passphrase is not guessed: without known words, rows and repetitions."""
    if _is_spelt(text):
        text = text.translate(str.maketrans("@$!01345", "asioleas"))
    text = _GUESSED.sub(" ", text)
    for row in _ROWS:
        for line in (row, row[::-1]):
            for start in range(len(line) - 3):
                text = text.replace(line[start : start + 4], " ")
    text = re.sub(r"(.+?)\1+", r"\1", text)  # aaa, abcabc
    words = dict.fromkeys(text.split())  # a word said twice is said once
    return "".join(words)


def _is_spelt(text: str) -> bool:
    """Whether digits and signs stand for letters, as in p@ssw0rd."""
    return bool(re.search(r"[a-z][@$!013457]+[a-z]", text))


# Sounds that everybody can say and type, in each of the languages
_SOUNDS = tuple(c + v for c in "bdfgklmnprstvz" for v in "aeiou")


def generated_passphrase() -> str:
    """Six made-up words that can be spoken: 70 sounds, three a word, 110 bits."""
    return " ".join("".join(secrets.choice(_SOUNDS) for _ in range(3)) for _ in range(6))


def seal(data: dict[str, Any], passphrase: str, kind: Kind = "case") -> bytes:
    """Plain data as the bytes of an encrypted file, which has been opened again before it is
    given out.

    Half a character is written as a question mark: no reader would take it.

    Raises
    ------
    UsageError : U313 for a weak passphrase, U312 for more than a file can hold, U306 where the
        package for encryption is missing
    """
    check_passphrase(passphrase)
    gcm = aes_gcm()
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    if len(plain) > LARGEST - 2 * _BLOCK:
        raise UsageError("U312.too_large", size=len(plain) >> 20, most=LARGEST >> 20)
    text = plain + b" " * (-len(plain) % _BLOCK)
    salt, inner, first, second = os.urandom(16), os.urandom(32), os.urandom(12), os.urandom(12)
    head = _MAGIC[kind] + salt + _PARAMETERS.pack(*WORK)
    body = head + first + gcm(stretched(passphrase, salt, WORK)).encrypt(first, inner, head)
    body += second + gcm(inner).encrypt(second, text, body)
    content = bytes(body + hashlib.sha256(body).digest())
    if open_sealed(content, passphrase, kind) != json.loads(plain):
        raise AssertionError("what was sealed is not what was given")
    return content


def open_sealed(content: bytes, passphrase: str, kind: Kind = "case") -> dict[str, Any]:
    """The data in the bytes of an encrypted file.

    Raises
    ------
    UsageError : U312 where the file is damaged or none of ours, U311 where the passphrase is wrong,
        U306 where the package for
        encryption is missing
    """
    gcm = aes_gcm()
    from cryptography.exceptions import InvalidTag

    pocket = kind == "case" and content.startswith(_FROM_POCKET)
    if not pocket and not content.startswith(_MAGIC[kind]):
        if kind == "key":
            raise UsageError("U312.not_a_key_file")
        raise UsageError("U312.not_a_case_file", suffix=SUFFIX)
    if (
        len(content) > LARGEST
        or len(content) < _HEAD + 60 + 28 + _SUM
        or hashlib.sha256(content[:-_SUM]).digest() != content[-_SUM:]
    ):
        raise _damaged()
    salt = content[_START : _START + 16]
    parameters = _PARAMETERS.unpack(content[_HEAD - _PARAMETERS.size : _HEAD])
    if not (_is_pockets(parameters) if pocket else is_fair(parameters)):
        raise _damaged()
    made = _pocket_key if pocket else stretched
    head, wrapped, body = content[:_HEAD], content[_HEAD : _HEAD + 60], content[_HEAD + 60 : -_SUM]
    try:
        inner = gcm(made(passphrase, salt, parameters)).decrypt(wrapped[:12], wrapped[12:], head)
    except InvalidTag:
        raise UsageError("U311.wrong_passphrase") from None
    try:
        data = read_json(gcm(inner).decrypt(body[:12], body[12:], head + wrapped))
    except (InvalidTag, ValueError):  # strict JSON's faults are among them
        raise _damaged() from None
    if not isinstance(data, dict):
        raise _damaged()
    return data


def _is_pockets(parameters: tuple[int, ...]) -> bool:
    """Whether a file from a phone asks for enough rounds, and not for too many."""
    least, most = _ROUNDS
    return least <= parameters[0] <= most and parameters[1:] == (0, 0)


def two_passphrases() -> UsageError:
    """A passphrase that was typed differently the second time."""
    return UsageError("U313.passphrases_differ")


def _damaged() -> UsageError:
    return UsageError("U312.file_damaged")


def aes_gcm() -> Any:
    """The cipher; `U306` where its package is missing."""
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise UsageError("U306.encryption_package") from None
    return AESGCM


def is_fair(parameters: Sequence[int]) -> bool:
    """Whether a file may ask for this much work, and Argon2id can do it."""
    return (
        len(parameters) == len(_MOST)
        and all(1 <= p <= most for p, most in zip(parameters, _MOST, strict=True))
        and parameters[2] >= 8 * parameters[1]
    )


def stretched(passphrase: str, salt: bytes, parameters: Sequence[int]) -> bytes:
    """The key that a passphrase stands for (Argon2id), 32 bytes."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    no_looking()

    iterations, lanes, memory = parameters
    return bytes(
        Argon2id(
            salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory
        ).derive(unicodedata.normalize("NFKC", passphrase).encode())
    )


def _pocket_key(passphrase: str, salt: bytes, parameters: tuple[int, ...]) -> bytes:
    text = unicodedata.normalize("NFKC", passphrase).encode()
    return hashlib.pbkdf2_hmac("sha256", text, salt, parameters[0], 32)
