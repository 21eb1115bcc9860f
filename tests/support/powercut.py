"""A disk that fails: what SQLite writes is noted, and what it had not synced may be gone; or a
write, a cut or a sync is refused.

A VFS of our own is put in front of the system's. It hands every call on, and notes each write, each
cut and each sync. From the notes the files are made as a disk might hold them at any moment: all
that was synced by then, and of what was not any part at all.
"""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable, Mapping
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

import sqlcipher3._sqlite3 as library

_DEFAULT = b"unix"
_MAIN, _WAL = 0x100, 0x80000  # kinds of file that last


@dataclass(frozen=True)
class Note:
    """A write (`data` at `at`), a cut (to the length `at`), a sync, or a moment that is `marked`."""

    kind: str
    file: str
    at: int = 0
    data: bytes = b""


class _Methods(Structure):
    pass


class _File(Structure):
    _fields_ = [("methods", POINTER(_Methods))]


_I = c_int
_READ = CFUNCTYPE(_I, POINTER(_File), c_void_p, _I, c_int64)
_WRITE = CFUNCTYPE(_I, POINTER(_File), c_void_p, _I, c_int64)
_CUT = CFUNCTYPE(_I, POINTER(_File), c_int64)
_SYNC = CFUNCTYPE(_I, POINTER(_File), _I)
_CLOSE = CFUNCTYPE(_I, POINTER(_File))
_Methods._fields_ = [
    ("version", _I),
    ("close", _CLOSE),
    ("read", _READ),
    ("write", _WRITE),
    ("cut", _CUT),
    ("sync", _SYNC),
    *((name, c_void_p) for name in ("size", "lock", "unlock", "reserved", "control")),
    *((name, c_void_p) for name in ("sector", "device", "map", "lock2", "barrier", "unmap")),
    *((name, c_void_p) for name in ("fetch", "unfetch")),
]


class _Vfs(Structure):
    pass


# A name is handed on as the pointer it is: SQLite keeps more behind its end
_OPEN = CFUNCTYPE(_I, POINTER(_Vfs), c_void_p, POINTER(_File), _I, POINTER(_I))
_DELETE = CFUNCTYPE(_I, POINTER(_Vfs), c_void_p, _I)
_Vfs._fields_ = [
    ("version", _I),
    ("size", _I),
    ("longest", _I),
    ("next", c_void_p),
    ("name", c_char_p),
    ("data", c_void_p),
    ("open", _OPEN),
    ("delete", _DELETE),
    *((name, c_void_p) for name in ("access", "full", "dl1", "dl2", "dl3", "dl4", "random")),
    *((name, c_void_p) for name in ("sleep", "time", "error", "time64", "call1", "call2", "call3")),
]


def _name(pointer: int) -> str:
    return Path(ctypes.string_at(pointer).decode()).name


@dataclass
class PowerCut:
    """The notes of everything that was written while the VFS was in place."""

    notes: list[Note] = field(default_factory=list)
    refuse: Callable[[Note], int] = lambda _: (
        0
    )  # SQLite's code for a call that fails; 0: it is done

    def mark(self) -> int:
        """This moment, to be cut at."""
        return len(self.notes)

    def files(
        self, moment: int, draw: random.Random, before: Mapping[str, bytes]
    ) -> dict[str, bytes]:
        """The files by name as a disk might hold them when the power failed at a moment.

        before : what was on it when the notes began
        """
        found = {name: bytearray(content) for name, content in before.items()}
        waiting: dict[str, list[Note]] = {}
        for note in self.notes[:moment]:
            if note.kind == "sync":
                for one in waiting.pop(note.file, []):
                    _do(found, one)
            else:
                waiting.setdefault(note.file, []).append(note)
        for notes in waiting.values():
            for one in notes:
                if draw.random() < 0.5:  # of what was not synced, any part
                    _do(found, one)
        return {name: bytes(content) for name, content in found.items()}


def _do(files: dict[str, bytearray], note: Note) -> None:
    content = files.setdefault(note.file, bytearray())
    if note.kind == "write":
        content.extend(bytes(max(0, note.at + len(note.data) - len(content))))
        content[note.at : note.at + len(note.data)] = note.data
    elif note.kind == "cut":
        del content[note.at :]
    else:
        files.pop(note.file)


class Noted:
    """The VFS; the default one while the `with` block runs."""

    def __init__(self) -> None:
        self._sqlite = ctypes.CDLL(library.__file__)
        self._sqlite.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._own = _Vfs()
        self._methods: list[_Methods] = []
        self.cut = PowerCut()

    def __enter__(self) -> PowerCut:
        system = self._sqlite.sqlite3_vfs_find(_DEFAULT)
        own = self._own
        ctypes.memmove(ctypes.byref(own), system, ctypes.sizeof(_Vfs))
        own.name, own.next = b"noted", None

        def opened(_: object, name: int | None, file: object, flags: int, out: object) -> int:
            code = system.contents.open(system, name, file, flags, out)
            if code == 0 and name and flags & (_MAIN | _WAL):
                self._listen(file, _name(name))
            return code

        def deleted(_: object, name: int, sync: int) -> int:
            self.cut.notes.append(Note("delete", _name(name)))
            self.cut.notes.append(Note("sync", _name(name)))
            return system.contents.delete(system, name, sync)

        own.open, own.delete = _OPEN(opened), _DELETE(deleted)
        self._keep = (opened, deleted, own.open, own.delete)
        self._sqlite.sqlite3_vfs_register(ctypes.byref(own), 1)
        return self.cut

    def __exit__(self, *_: object) -> None:
        self._sqlite.sqlite3_vfs_register(self._sqlite.sqlite3_vfs_find(_DEFAULT), 1)
        self._sqlite.sqlite3_vfs_unregister(ctypes.byref(self._own))

    def _listen(self, file: object, name: str) -> None:
        """Put our own writing, cutting and syncing in the place of the file's."""
        place = ctypes.cast(file.contents.methods, c_void_p).value  # type: ignore[attr-defined]  # a C struct
        theirs = ctypes.cast(place, POINTER(_Methods))  # not a view of what is replaced below
        methods = _Methods()
        ctypes.memmove(ctypes.byref(methods), theirs, ctypes.sizeof(_Methods))

        def refused(note: Note) -> int:
            code = self.cut.refuse(note)
            if not code:
                self.cut.notes.append(note)
            return code

        def write(this: object, data: int, size: int, at: int) -> int:
            note = Note("write", name, at, ctypes.string_at(data, size))
            return refused(note) or theirs.contents.write(this, data, size, at)

        def cut(this: object, size: int) -> int:
            return refused(Note("cut", name, size)) or theirs.contents.cut(this, size)

        def sync(this: object, flags: int) -> int:
            return refused(Note("sync", name)) or theirs.contents.sync(this, flags)

        methods.write, methods.cut, methods.sync = _WRITE(write), _CUT(cut), _SYNC(sync)
        self._methods.append(methods)  # for as long as SQLite may call it
        file.contents.methods = ctypes.pointer(methods)  # type: ignore[attr-defined]  # a C struct
