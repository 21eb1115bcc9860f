"""Lines to the server: where it listens, how many may be open, and how long one may say nothing.

Anybody on the machine can open a line, before any key is asked for. Lines that ask for nothing, or
ask so slowly that they never come to an end, are closed; where there are too many, the oldest that
waits makes room, those that never asked for anything first.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from screening.errors import UsageError

__all__ = ["PATIENCE", "Bounded", "config", "listen"]

PATIENCE = 10.0  # seconds in which the head of a request must be there
LONGEST = 60.0  # seconds in which all of it must be there
MOST = 200  # lines open at once
ACCEPTED = 100  # lines taken at a time, before those that are too many are closed


def listen(port: int) -> list[socket.socket]:
    """Sockets of this machine alone, all at one port: of IPv4, and of IPv6 where there is any.

    Both, because browsers try both for a name of this machine: whoever listened at the other would
    be sent what is ours.

    Parameters
    ----------
    port : 0 takes a free one

    Raises
    ------
    UsageError : U303 where the port is taken
    """
    for tries in range(20):
        first = _bind(socket.AF_INET, ("127.0.0.1", port), port)
        try:
            return [first, _bind(socket.AF_INET6, ("::1", first.getsockname()[1]), port)]
        except UsageError:
            first.close()
            if port or tries == 19:
                raise
        except OSError:  # a machine without IPv6
            return [first]
    raise AssertionError


def _bind(family: socket.AddressFamily, address: tuple[str, int], wanted: int) -> socket.socket:
    """A socket that is bound.

    The protocol is named: asyncio sends small answers at once (TCP_NODELAY) only where it is.
    """
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if sys.platform == "win32":  # there the usual option lets others listen beside us
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        listening.close()
        if family == socket.AF_INET6 and error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise UsageError("U303.port_unusable", port=wanted, reason=error.strerror) from None
    return listening


def config(app: Any, **more: Any) -> Any:
    """How the server runs, for tests as for people."""
    import uvicorn

    return uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=5,
        server_header=False,
        date_header=False,
        http=Bounded,
        ws="none",
        backlog=ACCEPTED,
        **more,
    )


class Bounded(H11Protocol):
    """A line that is closed when it asks for nothing, or for too long."""

    _waiting: asyncio.TimerHandle | None = None
    _asked = False  # whether it has ever asked for anything
    _since = 0.0  # when it began to wait, by the loop's clock

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's
        super().connection_made(transport)
        self._wait(PATIENCE)
        lines = [
            c for c in self.connections if isinstance(c, Bounded) and not c.transport.is_closing()
        ]
        if len(lines) > _most():
            idle = [c for c in lines if c.cycle is None or c.cycle.response_complete]
            never = [c for c in idle if not c._asked and c is not self]
            min(never or idle or [self], key=lambda c: c._since).transport.abort()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._since = self.loop.time()
        self._waiting = self.loop.call_later(seconds, self._too_long)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _too_long(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:  # the head of a request is there
            self._asked = True
            self._wait(LONGEST)
        if self.cycle is not None and not self.cycle.more_body:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        before = self.cycle
        super().on_response_complete()
        if self.cycle is before and not self.transport.is_closing():
            self._wait(PATIENCE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)


def _most() -> int:
    """Lines that may be open: far fewer than the files that the system lets us open."""
    if sys.platform == "win32":
        return MOST
    import resource

    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    used = 64  # for the program itself
    return max(8, min(MOST, files - used - ACCEPTED)) if files > 0 else MOST
