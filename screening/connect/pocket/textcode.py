"""A record as text: what the pocket edition shows as QR codes and the laptop reads.

    SP1:2/3:89ABCDEF:MFRGG...

The parts of one text, in any order, each on a line: which part of how many, the CRC-32 of the whole
record, and a piece of its Base32. The whole is the record's JSON in UTF-8, deflated without a
header. Every character is one that QR codes hold most densely. It is not encrypted.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Any

from screening.errors import CaseError
from screening.files.strict_json import read_json

__all__ = ["parts_missing", "read_text"]

_PART = re.compile(r"SP1:([0-9]{1,2})/([0-9]{1,2}):([0-9A-F]{8}):([A-Z2-7]+)")
_LARGEST = 1 << 20  # bytes of a record


def parts_missing(lines: list[str]) -> bool:
    """Whether more codes have to be read before the text is whole; not where one is garbled."""
    found = [_PART.fullmatch(line.strip().upper()) for line in lines]
    seen = {part[1] for part in found if part is not None}
    return all(found) and len(seen) < int(found[0][2] if found and found[0] else 1)


def read_text(text: str) -> dict[str, Any]:
    """The plain record in the text of its codes.

    Raises
    ------
    CaseError : C241 where it is no such text, a part is missing, or a letter was misread
    """
    found = [_PART.fullmatch(line) for line in text.upper().split()]
    parts = [part for part in found if part is not None]
    if not parts or len(parts) < len(found):
        raise CaseError("C241.code_garbled")
    if len({part.group(2, 3) for part in parts}) > 1:
        raise CaseError("C241.code_garbled")
    pieces = {int(part[1]): part[4] for part in parts}
    if any(pieces[int(part[1])] != part[4] for part in parts):
        raise CaseError("C241.code_garbled")
    many = int(parts[0][2])
    for number in range(1, many + 1):
        if number not in pieces:
            raise CaseError("C241.code_part_missing", part=number, parts=many)
    whole = "".join(pieces[number] for number in range(1, many + 1))
    try:
        packed = base64.b32decode(whole + "=" * (-len(whole) % 8))
        # Left-over bits at the end say nothing; a letter misread there is refused all the same
        same = base64.b32encode(packed).decode().rstrip("=") == whole
        if not same or f"{zlib.crc32(packed):08X}" != parts[0][3]:
            raise CaseError("C241.code_garbled")
        unpack = zlib.decompressobj(-15)
        data = read_json(unpack.decompress(packed, _LARGEST))
    except (binascii.Error, zlib.error, ValueError):  # strict JSON's faults are among them
        raise CaseError("C241.code_garbled") from None
    if not unpack.eof or not isinstance(data, dict):
        raise CaseError("C241.code_garbled")
    return data
