"""How the server ends: never with something that is in no file, unless somebody insists.

Ctrl-C and the system's request to end (SIGTERM) are asked for twice. A terminal that is closed
(SIGHUP) cannot be asked: the pages go on, say so, and the program ends once nothing would be lost.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

import uvicorn

from screening.i18n import Words
from screening.web.keys import Keys

__all__ = ["Told", "run"]

_HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none


@dataclass(frozen=True)
class Told:
    """What the window of the program is told.

    Attributes
    ----------
    ready : called with the address (its token works once) and the programs' token when requests are
        answered
    entered : called when somebody has come in by the address
    running : called with the port and what a second start must send (`Keys.knock`)
    warn : called with each line for the person who ends it: what would be lost, and an address that
        works once
    """

    ready: Callable[[str, str], None]
    entered: Callable[[], None]
    warn: Callable[[str], None]
    running: Callable[[int, str], None] = lambda port, knock: None


class _Server(uvicorn.Server):
    """A server that says when it is ready, and does not lose anything in silence."""

    def __init__(self, config: uvicorn.Config, app: Any, keys: Keys, tell: Told, say: Words):
        super().__init__(config)
        self.app, self.keys, self.tell, self.say = app, keys, tell, say
        self.hung_up = False
        keys.on_lock, keys.on_enter, keys.on_again = self._locked, self._entered, self._again

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if _HANGUP is not None:
            signal.signal(_HANGUP, self.handle_exit)
        if self.started:
            self.tell.running(int(self.keys.host.rpartition(":")[2]), self.keys.knock)
            self.tell.ready(self.keys.address, self.keys.program)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        left = self.app.state.left(self.say)
        if not left or (self.app.state.ending and sig != _HANGUP):
            return super().handle_exit(sig, frame)
        again = self.app.state.ending
        self.app.state.ending, self.hung_up = True, self.hung_up or sig == _HANGUP
        if not again:
            self.keys.renew()
            for line in left:
                self._warn(line)
            self._warn(
                self.say(
                    "If the browser has been closed, this address leads in once more: {address}",
                    address=self.keys.address,
                )
            )

    async def on_tick(self, counter: int) -> bool:
        """Asked ten times a second whether to end."""
        if self.hung_up and counter % 10 == 0:
            # Locked, and with no window to show the address: nobody can come back
            self.should_exit |= self.keys.locked or not self.app.state.left(self.say)
        return await super().on_tick(counter)

    def _entered(self) -> None:
        self.app.state.ending = self.hung_up
        self.tell.entered()

    def _again(self) -> None:
        self.keys.renew()
        with suppress(OSError, ValueError):  # the terminal may be gone
            self.tell.ready(self.keys.address, self.keys.program)

    def _locked(self) -> None:
        self._warn(
            self.say(
                "The pages are locked. Nothing is lost; this address leads in once more: {address}",
                address=self.keys.address,
            )
        )

    def _warn(self, line: str) -> None:
        with suppress(OSError, ValueError):  # the terminal may be gone
            self.tell.warn(line)


def run(
    config: uvicorn.Config,
    app: Any,
    keys: Keys,
    listening: list[socket.socket],
    tell: Told,
    say: Words,
) -> None:
    """Serve until it ends."""
    with suppress(KeyboardInterrupt):  # raised again by uvicorn once it has ended in order
        _Server(config, app, keys, tell, say).run(sockets=listening)
