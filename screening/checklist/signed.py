"""Who stands behind a weight set, and which one is in force: signatures of registered people, and a
log of activations.

A signature is Ed25519 over list and set as one hash, the signer and the day. Of the list it covers
what results follow from: signs, rules, facts that count once, needs, pathway. It covers the whole
set: numbers, lines, signs that decide alone with their reasons, rules that the set brings. Words in
any language, citations and days of re-check are outside it, so that a text may be corrected without
anybody signing again; what a result was made with, words included, is in the result's own hashes.

A set is *signed* when two registered people signed it as it is, for the list as it is. Without a
file of signatures it is *unsigned*: a proposal that may be tried and claims nothing. Whatever
claims to be signed and is not is refused.

What this cannot do: whoever may write into the list's folder may register other people in
`signers.yaml`, or put an older log back. So `head` is shown wherever a set is put in force: keep it
somewhere else and compare.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from screening.checklist.loader import read_file, sha256_of
from screening.checklist.model import Checklist, Standing
from screening.checklist.weightfiles import (
    Activation,
    ActivationsFile,
    Signature,
    SignaturesFile,
    Signer,
    SignersFile,
)
from screening.checklist.yamlfile import Doc
from screening.errors import KnowledgeError, nearest

__all__ = [
    "NEEDED",
    "activation_message",
    "activations",
    "checked_activation",
    "entries_since",
    "head",
    "is_weak",
    "public_key_fits",
    "same_person",
    "signatures_path",
    "signed_sha256",
    "signers",
    "standing",
    "weights_message",
]

NEEDED = 2  # people who must sign

State = Literal["half_signed", "altered", "outdated", "mismatched", "unregistered"]
# The parts of a list that a signature covers, the one that people look for first in front.
_PARTS = ("rules", "signs", "facts", "needs", "pathway")


def _message(kind: str, **fields: str) -> bytes:
    """The bytes that are signed: what it is, and every field by name, so that no signature fits
    anything else.
    """
    return json.dumps(
        {"screening": kind, **fields}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    ).encode()


def signed_sha256(parts: Mapping[str, str], weights: str) -> str:
    """What is signed: the parts of a list (`Checklist.decides`) and a weight set, by their hashes,
    as one hash.
    """
    return sha256_of({"list": dict(parts), "set": weights})


def weights_message(checklist: str, weights: str, sha256: str, by: str, on: date) -> bytes:
    """What somebody signs who stands behind a weight set; `sha256` is that of list and set."""
    return _message(
        "weights", checklist=checklist, weights=weights, sha256=sha256, by=by, on=on.isoformat()
    )


def activation_message(checklist: str, entry: Activation) -> bytes:
    """What somebody signs who puts a weight set in force."""
    fields = {k: str(v) for k, v in entry.model_dump(mode="json").items() if k != "signature"}
    return _message("activation", checklist=checklist, **fields)


def public_key_fits(key: str, signature: str, content: bytes) -> bool:
    """Whether a signature (base64) is of this content by the holder of this public key (base64)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        if is_weak(key):
            return False
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True)).verify(
            base64.b64decode(signature, validate=True), content
        )
    except (InvalidSignature, ValueError):
        return False
    return True


_FIELD = 2**255 - 19
# The points of small order: under such a key one signature fits every content. By their y, in RFC
# 8032's encoding.
_SMALL_ORDER = {
    0,
    1,
    _FIELD - 1,
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
}


def is_weak(key: str) -> bool:
    """Whether a public key (base64) is none that anybody may sign with."""
    return int.from_bytes(base64.b64decode(key), "little") % 2**255 % _FIELD in _SMALL_ORDER


def signers(checklist: Checklist) -> dict[str, Signer]:
    """The registered people of a list, by id. `K113` where an id or a key stands twice."""
    path = checklist.folder / "signers.yaml"
    if not os.path.lexists(path):
        return {}
    doc, file = read_file(path, SignersFile)
    found: dict[str, Signer] = {}
    for n, one in enumerate(file.signers):
        if one.id in found or any(one.key == other.key for other in found.values()):
            raise KnowledgeError(
                "K113.signer_twice", place=doc.place(("signers", n)), signer=one.id
            )
        found[one.id] = one
    return found


def signatures_path(weights: Path) -> Path:
    """Where the signatures of the set in this file lie."""
    return weights.parent / "signatures" / weights.name


def standing(
    checklist: Checklist, path: Path, weights: str, sha256: str, made: date = date.min
) -> Standing:
    """What the signatures beside a weight set are worth.

    made : the day on which the set says that it was looked at; no signature under it is older

    Never raises for what they say: the fault is in the result.
    """
    here = signed_sha256(checklist.decides, sha256)
    beside = signatures_path(path)
    if not os.path.lexists(beside):
        return Standing("unsigned", sha256=here)
    doc, file = read_file(beside, SignaturesFile)

    def refused(state: State, fault: KnowledgeError, by: tuple[str, ...] = ()) -> Standing:
        return Standing(state, by, fault, sha256=here)

    if (file.checklist, file.weights) != (checklist.id, weights):
        fault = KnowledgeError(
            "K153.of_another", place=doc.place(()), weights=file.weights, checklist=file.checklist
        )
        return refused("mismatched", fault)
    if file.set_sha256 != sha256 or file.sha256 != signed_sha256(file.parts, sha256):
        fault = KnowledgeError("K150.changed", place=doc.place(()), weights=weights)
        return refused("altered", fault)
    other = [part for part in _PARTS if file.parts.get(part) != checklist.decides.get(part)]
    if file.sha256 != here:
        part = other[0] if other else "signs"
        fault = KnowledgeError(f"K150.{part}_changed", place=doc.place(()), weights=weights)
        return refused("outdated", fault)
    known = signers(checklist)
    names: list[str] = []
    last = date.min
    for n, one in enumerate(file.signatures):
        person, place = known.get(one.by), doc.place(("signatures", n))
        wrong = _signer_fault(one, person, names, made)
        if wrong or person is None:
            facts = {"by": one.by, "on": one.on.isoformat(), "made": made.isoformat()}
            fault = KnowledgeError(wrong, place=place, **facts)
            return refused("unregistered", fault)
        if not public_key_fits(
            one.key, one.signature, weights_message(checklist.id, weights, here, one.by, one.on)
        ):
            return refused("altered", KnowledgeError("K150.signature", place=place, by=one.by))
        names.append(person.name)
        last = max(last, one.on)
    if len(names) < NEEDED:
        fault = KnowledgeError(
            "K151.too_few", place=doc.place(()), n=len(names), needed=NEEDED, weights=weights
        )
        return refused("half_signed", fault, tuple(names))
    return Standing("signed", tuple(names), on=last, sha256=here)


def _signer_fault(one: Signature, person: Signer | None, before: Iterable[str], made: date) -> str:
    """What is wrong with who signed, as a message's key; nothing where all is well."""
    if person is None:
        return "K154.unknown"
    if person.key != one.key:
        return "K154.another_key"
    if not person.may(one.on):
        return "K154.not_then"
    if one.on < made:
        return "K152.signed_before"
    return "K154.twice" if same_person(person.name, before) else ""


def same_person(name: str, names: Iterable[str]) -> bool:
    """Whether somebody of this name is among them: a person with a new key is still one person.

    However it is written: signs that nobody sees, marks on letters, capitals, hyphens, letters of
    another script that look the same, or the name in Cyrillic make nobody else of them.
    """
    mine = _looks(name)
    return any(mine & _looks(other) for other in names)


# Cyrillic and Greek letters that are taken for Latin ones, and Serbian Cyrillic as it is spoken
_ALIKE = str.maketrans("аеорсхуіјѕкмтнвһԁԛԝαοενρτικυχ", "aeopcxyijskmthbhdqwaoevptikux")
_SPOKEN = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgddezzijklmnoprstcufhccs", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dz"}
)


def _looks(name: str) -> set[str]:
    """How a name looks and sounds, bare of all that could be written otherwise."""
    bare = unicodedata.normalize("NFKD", name).casefold().replace("đ", "d").replace("ı", "i")
    bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if c.isalpha())
    return {bare.translate(_ALIKE), bare.translate(_SPOKEN)} if bare else {name}


# -- what is in force ------------------------------------------------------------------------------


def activations(folder: Path) -> tuple[Doc | None, list[Activation]]:
    """The log of a list's folder, oldest first, not yet checked; nothing where nobody has put
    anything in force.
    """
    path = folder / "activations.yaml"
    if not os.path.lexists(path):
        return None, []
    doc, file = read_file(path, ActivationsFile)
    return doc, file.activations


def head(entries: list[Activation]) -> str:
    """The hash over a whole log: kept elsewhere, it shows later whether an entry was taken off or
    an old log put back.
    """
    return hashlib.sha256(_canonical(entries[-1])).hexdigest() if entries else ""


def entries_since(entries: list[Activation], kept: str) -> int:
    """How many entries a log has grown by since its head was kept elsewhere.

    Raises
    ------
    KnowledgeError : K155 where no entry has that head: the log is missing, was cut short or is
        another one
    """
    for n in range(len(entries), 0, -1):
        if head(entries[:n]) == kept.strip().lower():
            return len(entries) - n
    raise KnowledgeError("K155.head_lost", kept=kept.strip(), n=len(entries))


def _canonical(entry: Activation) -> bytes:
    data: Any = entry.model_dump(mode="json")
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def checked_activation(checklist: Checklist) -> Activation | None:
    """The entry that says what is in force, after the whole log was checked; None where there is no
    log.

    Raises
    ------
    KnowledgeError : K155 a chain that does not hold or a signature that does not fit, K154 somebody
        who was not registered
    """
    doc, entries = activations(checklist.folder)
    if doc is None or not entries:
        return None
    known = signers(checklist)
    for n, entry in enumerate(entries):
        place = doc.place(("activations", n))
        if entry.chain != head(entries[:n]):
            raise KnowledgeError("K155.entry_out_of_order", place=place)
        person = known.get(entry.by)
        if person is None or not person.may(entry.on):
            raise KnowledgeError(
                "K154.not_then",
                place=place,
                near=nearest(entry.by, known),
                by=entry.by,
                on=entry.on.isoformat(),
            )
        if not public_key_fits(
            person.key, entry.signature, activation_message(checklist.id, entry)
        ):
            raise KnowledgeError("K155.entry_signature", place=place, by=entry.by)
    return entries[-1]
