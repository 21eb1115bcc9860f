"""An output file appears whole or not at all, readable by its owner only, and never over another by
accident.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
from pathlib import Path
from types import TracebackType

from screening.errors import UsageError

__all__ = ["OutputFile"]

_WHY = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "quota",
    errno.EROFS: "read_only",
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "no_folder",
    errno.ENAMETOOLONG: "name_too_long",
}


class OutputFile(io.RawIOBase):
    """A file that is written beside its final place and moved there when the `with` block ends
    well.

    Raises
    ------
    UsageError : U302 it exists and `overwrite` is false, U303 it cannot be written
    """

    def __init__(self, path: str | Path, *, overwrite: bool = False) -> None:
        super().__init__()
        self.final, self.overwrite = Path(path), overwrite
        if self.final.is_dir():
            raise UsageError("U303.folder", place=str(path))
        self._refuse_existing()
        self._part = self.final.with_name(f".{secrets.token_hex(8)}.part")
        try:
            self._file = os.open(
                self._part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600
            )
        except OSError as error:
            raise self._failed(error) from None
        self._at = 0
        # A writer that is thrown away may still want to write its footer: nobody is listening
        self._over = False

    def _refuse_existing(self) -> None:
        if not self.overwrite and os.path.lexists(self.final):
            raise UsageError("U302.file_exists", place=str(self.final))

    def _failed(self, error: OSError) -> UsageError:
        return UsageError(f"U303.{_WHY.get(error.errno or 0, 'cannot')}", place=str(self.final))

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than the stub's Buffer
        view = memoryview(data).cast("B")
        try:
            while view and not self._over:
                view = view[os.write(self._file, view) :]
        except OSError as error:
            raise self._failed(error) from None
        size = memoryview(data).nbytes
        self._at += size
        return size

    def close(self) -> None:
        """Nothing: writers close what they are given, and the file is not finished before the
        `with` block ends.
        """

    def __enter__(self) -> OutputFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over = True
        try:
            try:
                if kind is None:
                    os.fsync(self._file)
            finally:
                os.close(self._file)
            if kind is None:
                self._publish()
        except OSError as failed:
            raise self._failed(failed) from None
        finally:
            with contextlib.suppress(OSError):
                self._part.unlink(missing_ok=True)

    def _publish(self) -> None:
        if self.overwrite:
            self._part.replace(self.final)
        else:
            try:
                os.link(self._part, self.final)  # fails where something has appeared meanwhile
            except FileExistsError:
                self._refuse_existing()
            except (OSError, NotImplementedError):  # a file system without hard links
                self._refuse_existing()
                self._part.replace(self.final)
        with contextlib.suppress(OSError):  # not every system lets a folder be synced
            folder = os.open(self.final.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
