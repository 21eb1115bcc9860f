"""Text files as what they are:

UTF-8, or an encoding that was declared. Never a guess, never mojibake.
"""

from __future__ import annotations

import codecs
import io
import stat
from collections.abc import Callable
from pathlib import Path

from screening.errors import CaseError, ScreeningError, UsageError

__all__ = ["TextFile", "check_encoding", "check_is_file", "read_small", "unreadable"]

_CHUNK = 1 << 20
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check_encoding(encoding: str | None) -> str | None:
    """The codec's own name, or None when nothing was declared; `U305` for what is no text
    encoding.
    """
    if encoding is None:
        return None
    try:
        codec = codecs.lookup(encoding)
        "a".encode(encoding)  # refuses codecs that are not between text and bytes
        if "escape" in codec.name or codec.name in ("idna", "punycode", "undefined", "utf-7"):
            raise LookupError
    except (LookupError, UnicodeError, ValueError):
        raise UsageError("U305.encoding_unknown", place="--encoding", encoding=encoding) from None
    return codec.name


def unreadable(path: Path, error: OSError) -> UsageError:
    """A file that the system does not let us read, in plain words."""
    why = {
        FileNotFoundError: "missing",
        IsADirectoryError: "folder",
        PermissionError: "not_allowed",
    }
    found = next((name for kind, name in why.items() if isinstance(error, kind)), "cannot")
    return UsageError(f"U301.{found}", place=str(path))


def check_is_file(path: Path) -> None:
    """Before an input is opened: a pipe would wait for ever, and a device give no end of bytes.

    Raises
    ------
    UsageError : U301 not there, a folder, a device, a pipe, a socket
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise unreadable(path, error) from None
    except ValueError:  # a zero byte in the path
        raise UsageError("U301.missing", place=str(path)) from None
    if stat.S_ISDIR(mode):
        raise UsageError("U301.folder", place=str(path))
    if not stat.S_ISREG(mode):
        raise UsageError("U301.not_a_file", place=str(path))


class TextFile(io.RawIOBase):
    """A text file as a stream of valid UTF-8 bytes without a byte-order mark, decoded as it is
    read.

    Raises
    ------
    UsageError : U301 as `check_is_file`
    CaseError : C203 where the bytes are not in the encoding, with the line
    """

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        super().__init__()
        check_is_file(path)
        self.path, self.size = path, path.stat().st_size
        self.encoding = check_encoding(encoding)
        self.error: ScreeningError | None = None
        self._raw = path.open("rb")
        self._utf8 = self.encoding in (None, "utf-8", "utf-8-sig")
        self._decoder = codecs.getincrementaldecoder(
            "utf-8" if self._utf8 else self.encoding or "utf-8"
        )()
        self._pending = False  # the decoder holds the first bytes of a character
        self._ready = b""
        self.watch: Callable[[bytes], None] | None = None  # is shown all that is given away
        self._read = 0
        self._ended = False
        self._check_head(self._raw.read(_CHUNK))
        self._raw.seek(0)
        self._first = True

    def _check_head(self, head: bytes) -> None:
        name = self.path.name
        if self._utf8 and head.startswith(_WIDE_MARKS):
            raise CaseError("C203.utf16", place=name)
        if self._utf8 and b"\0" in head[:4096]:
            raise CaseError("C203.looks_like_utf16", place=name)
        if (
            not self._utf8
            and not (self.encoding or "").startswith("utf")
            and not head.isascii()
            and _is_utf8(head)
        ):
            raise CaseError("C203.utf8_not_encoding", place=name, encoding=self.encoding)

    def _fail(self, error: UnicodeError) -> ScreeningError:
        with self.path.open("rb") as raw:  # count lines only now that one is needed
            line, left = 1, self._read
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            good = (
                max(0, left - len(error.object) + start)
                if isinstance(error, UnicodeDecodeError)
                else left
            )
            while good > 0 and (chunk := raw.read(min(_CHUNK, good))):
                line += chunk.count(b"\n")
                good -= len(chunk)
        declared = None if self._utf8 else self.encoding
        place = f"{self.path.name}, line {line}"
        self.error = (
            CaseError("C203.not_as_declared", place=place, encoding=declared)
            if declared
            else CaseError("C203.not_utf8", place=place)
        )
        return self.error

    def _next(self, size: int) -> bytes:
        chunk = self._raw.read(size)
        self._read += len(chunk)
        self._ended = not chunk
        if self._utf8 and not self._first and not self._pending and chunk.isascii():
            return chunk
        try:
            text = self._decoder.decode(chunk, final=not chunk)
        except UnicodeError as error:
            raise self._fail(error) from None
        self._pending = bool(self._decoder.getstate()[0])
        if self._first and text:
            text, self._first = text.removeprefix("\ufeff"), False
        try:
            return text.encode()
        except UnicodeError as error:  # lone surrogates
            raise self._fail(error) from None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes (all, when negative); empty at the end.

        Whole characters unless `size` cuts one.
        """
        parts, have = [self._ready] if self._ready else [], len(self._ready)
        while (size < 0 or have < size) and not self._ended:
            more = self._next(_CHUNK if size < 0 else max(size - have, 1 << 12))
            parts.append(more)
            have += len(more)
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        size = have if size < 0 else size
        self._ready = data[size:]
        data = data[:size]
        if self.watch is not None:
            self.watch(data)
        return data

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than the stub's Buffer
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def share(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return self._read / self.size if self.size else 1.0

    def close(self) -> None:
        self._raw.close()
        super().close()


def read_small(path: Path, most: int, encoding: str | None = None) -> str | None:
    """All of a text file that is small enough to hold; None above `most` bytes.

    Errors as in `TextFile`, and U301.
    """
    try:
        with TextFile(path, encoding) as file:
            content = file.read(most + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    return None if len(content) > most else content.decode().lstrip("\ufeff")


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeError:
        return False
    return True
