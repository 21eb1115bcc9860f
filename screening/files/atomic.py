"""An output file appears whole or not at all, readable by its owner only, and never over another by
accident.

Until it is whole it has no name where the system allows that (Linux): whatever ends the program,
nothing is left behind. Elsewhere it stands beside its final place under a name that says nothing,
and what an earlier run could not take away is taken away by the next that writes there.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import secrets
import shutil
import stat
from pathlib import Path
from types import TracebackType

from screening.errors import UsageError

try:
    import fcntl
except ImportError:  # Windows: an open file cannot be taken away there
    fcntl = None  # type: ignore[assignment]  # a module's name may not be None to mypy

__all__ = ["OutputFile", "check_target"]

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
_PART = re.compile(r"\.[0-9a-f]{16}\.part")
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")  # names on Windows
_swept: set[Path] = set()


def check_target(path: str | Path, *, overwrite: bool) -> Path:
    """Where a file of this name will be: behind a link, what the link points to.

    Raises
    ------
    UsageError : U302 something is there and `overwrite` is false, U303 what is there is no file: a
        folder, a device, a pipe, a socket
    """
    path = Path(path)
    if path.is_dir():
        raise UsageError("U303.folder", place=str(path))
    if not overwrite and os.path.lexists(path):
        raise UsageError("U302.file_exists", place=str(path))
    final = Path(os.path.realpath(path)) if path.is_symlink() else path
    try:
        is_file = stat.S_ISREG(os.lstat(final).st_mode)
    except OSError:
        is_file = True  # nothing is there yet, or opening it will tell
    if not is_file or (os.name == "nt" and _DEVICE.fullmatch(final.name)):
        raise UsageError("U303.not_a_file", place=str(path))
    return final


class OutputFile(io.RawIOBase):
    """A file that is written beside its final place and moved there when the `with` block ends
    well.

    Raises
    ------
    UsageError : U302 it exists and `overwrite` is false, U303 it cannot be written
    """

    def __init__(self, path: str | Path, *, overwrite: bool = False) -> None:
        super().__init__()
        self.path, self.overwrite = Path(path), overwrite
        self.final = check_target(path, overwrite=overwrite)
        folder = self.final.parent
        _sweep(folder)
        self._part = folder / f".{secrets.token_hex(8)}.part"
        unnamed = _unnamed(folder)
        try:
            self._file = (
                unnamed
                if unnamed is not None
                else os.open(
                    self._part,
                    os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0),
                    0o600,
                )
            )
        except OSError as error:
            raise self._failed(error) from None
        self._has_name = unnamed is None
        if fcntl is not None:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._at = 0
        # A writer that is thrown away may still want to write its footer: nobody is listening
        self._over = False

    def _refuse_existing(self) -> None:
        if not self.overwrite and os.path.lexists(self.final):
            raise UsageError("U302.file_exists", place=str(self.path))

    def _failed(self, error: OSError) -> UsageError:
        return UsageError(f"U303.{_WHY.get(error.errno or 0, 'cannot')}", place=str(self.path))

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
                    self._publish()
            finally:
                os.close(self._file)
        except OSError as failed:
            raise self._failed(failed) from None
        finally:
            with contextlib.suppress(OSError):
                self._part.unlink(missing_ok=True)

    def _publish(self) -> None:
        try:
            if self.overwrite:
                if not self._has_name:
                    self._link(self._part)
                self._part.replace(self.final)
            else:
                self._link(self.final)  # fails where something has appeared meanwhile
        except FileExistsError:
            self._refuse_existing()
        except (OSError, NotImplementedError):  # a file system without hard links
            self._refuse_existing()
            if not self._has_name:
                self._copy()
            self._part.replace(self.final)
        with contextlib.suppress(OSError):  # not every system lets a folder be synced
            folder = os.open(self.final.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _link(self, name: Path) -> None:
        """Gives the file a name that nothing has yet."""
        if self._has_name:
            return os.link(self._part, name)
        folder = os.open(name.parent, os.O_RDONLY)
        try:  # with a folder named, Python follows the link that the file's number is
            os.link(f"/proc/self/fd/{self._file}", name, src_dir_fd=folder, follow_symlinks=True)
        finally:
            os.close(folder)

    def _copy(self) -> None:
        """The file under a name, where it cannot be given one."""
        made = os.open(self._part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with (
            Path(f"/proc/self/fd/{self._file}").open("rb") as whole,
            os.fdopen(made, "wb") as part,
        ):
            shutil.copyfileobj(whole, part, 1 << 20)
            part.flush()
            os.fsync(part.fileno())


def _unnamed(folder: Path) -> int | None:
    """A file without a name in a folder, or None where there are none."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None:
        return None
    try:
        file = os.open(folder, flag | os.O_RDWR, 0o600)
    except OSError:  # a file system that has none, or a folder that cannot be written: seen next
        return None
    if Path(f"/proc/self/fd/{file}").exists():
        return file
    os.close(file)
    return None


def _sweep(folder: Path) -> None:
    """Takes away what runs that were killed have left in a folder; what another run is writing
    stays.
    """
    if folder in _swept:
        return
    _swept.add(folder)
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    _take_away(Path(entry.path))


def _take_away(path: Path) -> None:
    if fcntl is None:
        return path.unlink()
    file = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        if os.fstat(file).st_uid == os.geteuid():
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # an OSError while it is being written
            path.unlink()
    finally:
        os.close(file)
