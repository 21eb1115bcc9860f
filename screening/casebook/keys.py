"""The casebook's keys, and the small file in which they lie wrapped.

Three random keys never change: the database's, the chain's, and the one that wraps the keys of
cases. They are wrapped twice (AES-256-GCM): under the passphrase, and under a recovery key that
somebody else keeps. A new passphrase rewrites this small file and nothing else.

    {"casebook": 1, "id": ..., "passphrase": SLOT, "recovery": SLOT, "sum": ...}

A slot has the salt and the work of Argon2id, a nonce, and the wrapped keys. The sum tells a damaged
file from a wrong passphrase; it is no protection, the cipher is. An old file of keys that is put
back opens with the old passphrase: it wraps the same keys.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from screening.casebook import sealed
from screening.casebook.sealed import aes_gcm, check_passphrase, is_fair, stretched
from screening.errors import UsageError
from screening.files.atomic import OutputFile
from screening.files.strict_json import read_json

__all__ = ["KEYS_FILE", "Keys", "KeysFile", "Sealer", "generated_recovery_key"]

KEYS_FILE = "casebook.keys"
FORMAT = 1
_SIZE = 32
_LARGEST = 16 * 1024  # bytes of the file
Holder = Literal["passphrase", "recovery"]
HOLDERS: tuple[Holder, ...] = ("passphrase", "recovery")

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread
_RANDOM, _CHECK, _GROUP = 26, 2, 4  # letters: 130 bits, and ten that show a slip
_WRITTEN = re.compile(r"(?:[0-9A-Z]{4}[-\s]*){7}")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys as they are used, for as long as the casebook is open."""

    id: str
    database: bytes
    chain: bytes
    cases: bytes

    def __repr__(self) -> str:
        return f"Keys({self.id!r})"  # never a key in a traceback


def generated_recovery_key() -> str:
    """A random key that can be written down: seven groups of four letters and digits."""
    random = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
    whole = random + _check_letters(random)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def _check_letters(random: str) -> str:
    two = hashlib.sha256(random.encode()).digest()
    return _LETTERS[two[0] & 31] + _LETTERS[two[1] & 31]


def _as_recovery_key(secret: str) -> str:
    """The letters of a recovery key, however it was typed; "" for a passphrase.

    `U311` for one with a slip in it.
    """
    typed = secret.strip().upper()
    if not _WRITTEN.fullmatch(typed):
        return ""
    letters = re.sub(r"[-\s]", "", typed).translate(str.maketrans("OIL", "011"))
    if letters[_RANDOM:] != _check_letters(letters[:_RANDOM]):
        raise UsageError("U311.recovery_key_misspelt")
    return letters


class Sealer:
    """Seals what only the holder of a key may read: a nonce, then AES-256-GCM.

    `bound` names what is sealed: nothing opens in the place of something else.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = aes_gcm()(key)

    def seal(self, plain: bytes, bound: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + bytes(self._cipher.encrypt(nonce, plain, bound.encode()))

    def open(self, sealed: bytes, bound: str) -> bytes:
        """ValueError where it was sealed under another key or for another place, or is damaged."""
        from cryptography.exceptions import InvalidTag

        try:
            return bytes(self._cipher.decrypt(sealed[:12], sealed[12:], bound.encode()))
        except InvalidTag:
            raise ValueError("sealed under another key, or changed") from None


@dataclass(frozen=True, slots=True)
class KeysFile:
    """What lies in the file of keys: who may open the casebook, and the keys wrapped for each."""

    id: str
    slots: dict[Holder, dict[str, Any]]

    @classmethod
    def create(cls, passphrase: str) -> tuple[KeysFile, Keys, str]:
        """New keys, wrapped under a passphrase and a new recovery key; and that key.

        `U313` for a weak passphrase.
        """
        keys = Keys(secrets.token_hex(8), *(os.urandom(_SIZE) for _ in range(3)))
        recovery = generated_recovery_key()
        empty = cls(keys.id, {})
        made = empty.wrap(keys, "passphrase", passphrase).wrap(keys, "recovery", recovery)
        return made, keys, recovery

    @classmethod
    def parse(cls, content: bytes) -> KeysFile:
        """The file's content. `U321` where it is damaged, `U322` where it is newer than this
        program.
        """
        try:
            if len(content) > _LARGEST:
                raise ValueError
            data = read_json(content)
            given = data.pop("sum")
            if given != _sum(data):
                raise ValueError
            if data["casebook"] != FORMAT:
                raise UsageError("U322.newer", found=data["casebook"])
            slots = {holder: data[holder] for holder in HOLDERS}
            if not all(is_fair(slot["work"]) for slot in slots.values()):
                raise ValueError
            return cls(str(data["id"]), slots)
        except UsageError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError):  # strict JSON's faults among them
            raise UsageError("U321.keys_damaged") from None

    def to_bytes(self) -> bytes:
        data: dict[str, Any] = {"casebook": FORMAT, "id": self.id}
        data |= {str(holder): slot for holder, slot in self.slots.items()}
        return json.dumps({**data, "sum": _sum(data)}, indent=1).encode() + b"\n"

    def wrap(self, keys: Keys, holder: Holder, secret: str) -> KeysFile:
        """The file with the keys wrapped anew for somebody. `U313` for a weak passphrase."""
        if holder == "passphrase":
            check_passphrase(secret)
        salt, nonce = os.urandom(16), os.urandom(12)
        own = secret if holder == "passphrase" else _as_recovery_key(secret)
        wrapped = aes_gcm()(stretched(own, salt, sealed.WORK)).encrypt(
            nonce, keys.database + keys.chain + keys.cases, _bound(self.id, holder)
        )
        slot = {
            "salt": _written(salt),
            "work": list(sealed.WORK),
            "nonce": _written(nonce),
            "keys": _written(wrapped),
        }
        return KeysFile(self.id, {**self.slots, holder: slot})

    def unwrap(self, secret: str) -> Keys:
        """The keys, for the passphrase or the recovery key. `U311` where it is neither."""
        from cryptography.exceptions import InvalidTag

        letters = _as_recovery_key(secret)
        holder: Holder = "recovery" if letters else "passphrase"
        slot = self.slots[holder]
        try:
            salt, nonce, wrapped = (
                base64.b64decode(slot[name], validate=True) for name in ("salt", "nonce", "keys")
            )
            opened = aes_gcm()(stretched(letters or secret, salt, slot["work"])).decrypt(
                nonce, wrapped, _bound(self.id, holder)
            )
        except InvalidTag:
            raise UsageError("U311.wrong_passphrase_for_casebook") from None
        except (KeyError, TypeError, ValueError):
            raise UsageError("U321.keys_damaged") from None
        return Keys(self.id, *(opened[at : at + _SIZE] for at in range(0, 3 * _SIZE, _SIZE)))

    def write(self, folder: Path) -> None:
        """Put the file in a casebook's folder: the old one or the new one is there, never half."""
        with OutputFile(folder / KEYS_FILE, overwrite=True) as out:
            out.write(self.to_bytes())

    @classmethod
    def read(cls, folder: Path) -> KeysFile:
        """The file of a casebook's folder. `U321`."""
        try:
            with (folder / KEYS_FILE).open("rb") as file:
                return cls.parse(file.read(_LARGEST + 1))
        except OSError:
            raise UsageError("U321.keys_damaged") from None


def _bound(casebook: str, holder: Holder) -> bytes:
    """What a slot is bound to: it opens no other casebook, and not in another's place."""
    return f"screening-casebook-{FORMAT}:{casebook}:{holder}".encode()


def _sum(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _written(value: bytes) -> str:
    return base64.b64encode(value).decode()
