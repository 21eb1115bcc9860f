"""Memory that holds cases and keys is written nowhere and shown to no other program.

Frank about its limits: it keeps away dumps after a crash, and debuggers of the same person where
the system (Linux) can refuse them. An administrator reads any memory.
"""

from __future__ import annotations

import sys
from functools import cache

__all__ = ["no_dumps", "no_looking"]

_SET_DUMPABLE = 4  # of prctl(2)


def no_dumps() -> None:
    """No file of this process's memory when it crashes."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):  # Windows keeps none unless it is set up to
        pass


@cache
def no_looking() -> None:
    """From here on there is a key or a passphrase in memory: no dump of any kind, also none that a
    program for crash reports would take, and no debugger of the same person.
    """
    no_dumps()
    if not sys.platform.startswith("linux"):
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    except (ImportError, OSError, AttributeError):  # a system without that call
        pass
