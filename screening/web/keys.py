"""The secrets of one run of the server, and how long they hold."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable

__all__ = ["IDLE", "LONGEST", "Keys"]

IDLE = 15 * 60  # seconds without a person at the pages, after which they lock
LONGEST = 12 * 60 * 60  # seconds after which they lock whoever is there


class Keys:
    """The secrets of one run of the server.

    The pages are served under a host name that no other program has: browsers send cookies to every
    port of a host, so that a cookie for 127.0.0.1 would be handed to whatever else listens there.
    Names that end in .localhost are this machine (RFC 6761).

    Parameters
    ----------
    port : that the server listens on
    name : of the host, before ".localhost"; without one a random name
    clock : seconds, for tests

    Attributes
    ----------
    on_lock : called when the pages lock; the address that leads in once more is known by then
    on_enter : called when somebody has come in by the address
    on_again : called when the program was started a second time, in place of a second program
    """

    def __init__(
        self, port: int, name: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.host = f"{name or 'n' + secrets.token_hex(8)}.localhost:{port}"
        # For programs, which hold no cookies; not every resolver knows names under .localhost
        self.program_hosts = frozenset(
            {self.host, f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"}
        )
        self.cookie = f"notes_{port}"
        self.left = f"notes_left_{port}"  # app.js sets it too: leaving must not wait for an answer
        self.first: str | None = secrets.token_urlsafe(24)  # in the printed address; works once
        self.session = secrets.token_urlsafe(32)
        self.program = secrets.token_urlsafe(32)  # for programs that use the API
        # For a second start: it opens the pages for whoever sits here, and tells nothing
        self.knock = secrets.token_urlsafe(32)
        self.locked = False
        self.on_again: Callable[[], None] = lambda: None
        self.on_lock: Callable[[], None] = lambda: None
        self.on_enter: Callable[[], None] = lambda: None
        self._clock = clock
        self._entered: float | None = None
        self._heard = clock()

    @property
    def origin(self) -> str:
        """Where the pages come from, as browsers write it."""
        return f"http://{self.host}"

    @property
    def address(self) -> str:
        """The address that leads in once."""
        return f"{self.origin}/?token={self.first}"

    def renew(self) -> str:
        """Another token that works once, in place of the last: a browser that forgot its cookie
        must not lock anybody out.
        """
        self.first = secrets.token_urlsafe(24)
        return self.first

    def once(self, token: str) -> bool:
        """Whether this is the token of the printed address; afterwards it is none."""
        if self.first is None or not _same(token, self.first):
            return False
        self.first, self.locked = None, False
        self._entered = self._heard = self._clock()
        self.on_enter()
        return True

    def holds(self, cookie: str) -> bool:
        """Whether a cookie is this session's, which may be too old by now."""
        return _same(cookie, self.session) and not self._expired()

    def is_program(self, authorization: str) -> bool:
        """Whether a header is that of a program that was given its token."""
        return _same(authorization, f"Bearer {self.program}")

    def is_knock(self, authorization: str) -> bool:
        """Whether a header is that of a second start of this program."""
        return _same(authorization, f"Bearer {self.knock}")

    def heard(self) -> None:
        """Somebody is at the pages."""
        self._heard = self._clock()

    def lock(self) -> None:
        """Nobody is in any more; what was entered stays where it is."""
        self.session, self.locked, self._entered = secrets.token_urlsafe(32), True, None
        self.renew()
        self.on_lock()

    def _expired(self) -> bool:
        now = self._clock()
        if now - self._heard > IDLE or (
            self._entered is not None and now - self._entered > LONGEST
        ):
            self.lock()
            return True
        return False


def _same(one: str, two: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), two.encode(errors="replace"))
