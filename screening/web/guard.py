"""Who may talk to the server: this machine, this address, whoever holds the token.

In one place, and in front of every route.

    Host     exactly ours, so that a foreign name that points here (DNS rebinding) gets nothing
    Origin   ours or none; what changes something needs ours, unless its header carries the token
    Token    the printed address holds one that works once and becomes a cookie (HttpOnly, Strict);
             programs send `Authorization: Bearer`
    Left     a browser that was left (Esc Esc) shows a neutral page until somebody comes back

Limits: whoever runs as the same user on this machine can read the program's memory. Cookies do not
know ports; the name carries it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

__all__ = ["HEADERS", "Guard", "Keys"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST = 10 * 1024 * 1024  # bytes of a request

# Nothing is loaded from elsewhere, framed, kept in a cache, or told to anybody. Same-origin
# referrers only: with none at all, browsers send "Origin: null" with a form.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src"
        " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Keys:
    """The secrets of one run of the server."""

    def __init__(self, port: int) -> None:
        self.hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self.cookie = f"notes_{port}"
        self.left = f"notes_left_{port}"  # app.js sets it too: leaving must not wait for an answer
        self.first: str | None = secrets.token_urlsafe(24)  # in the printed address; works once
        self.session = secrets.token_urlsafe(32)
        self.program = secrets.token_urlsafe(32)  # for programs that use the API

    def renew(self) -> str:
        """Another token that works once, in place of the last: a browser that forgot its cookie
        must not lock anybody out.
        """
        self.first = secrets.token_urlsafe(24)
        return self.first

    def once(self, token: str) -> bool:
        """Whether this is the token of the printed address; afterwards it is none."""
        if self.first is None or not hmac.compare_digest(token.encode(), self.first.encode()):
            return False
        self.first = None
        return True

    def known(self, cookie: str, bearer: str) -> bool:
        """Whether the cookie or the header carries the run's secret."""
        by_cookie = hmac.compare_digest(cookie.encode(), self.session.encode())
        return hmac.compare_digest(bearer.encode(), self.program.encode()) or by_cookie


def _token(scope: Scope) -> str | None:
    """The token of the printed address, where it is that address."""
    if scope["path"] != "/" or scope["method"] != "GET":
        return None
    return next(iter(parse_qs(scope["query_string"].decode("latin-1")).get("token", ())), None)


class Guard:
    """The middleware. What it refuses never reaches a route."""

    def __init__(self, app: App, keys: Keys) -> None:
        self.app, self.keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        if refused := self._from_elsewhere(headers):
            return await _answer(send, *refused)
        if (token := _token(scope)) is not None:
            return await self._enter(send, token, self._in_session(headers, ""))
        if refused := self._not_open(scope, headers):
            return await _answer(send, *refused)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST or "transfer-encoding" in headers:
            return await _answer(send, 413, "That is larger than anything this program takes.")
        if scope["path"] == "/blank":
            return await self.app(
                scope, receive, _sealed(send, f"{self.keys.left}=1; SameSite=Strict; Path=/")
            )
        if scope["path"] == "/blank/return":
            return await _answer(send, 303, "", ("location", "/"), self._present)
        if self._left(scope, headers):
            return await _answer(send, 303, "", ("location", "/blank"))
        await self.app(scope, receive, _sealed(send))

    def _from_elsewhere(self, headers: Mapping[str, str]) -> tuple[int, str] | None:
        """Why a request under another name, or from another page, is refused."""
        origin = headers.get("origin")
        if headers.get("host") not in self.keys.hosts:
            return 421, "This address is not served here."
        if origin is not None and origin.removeprefix("http://") not in self.keys.hosts:
            return 403, "Another page may not talk to this program."
        return None

    def _in_session(self, headers: Mapping[str, str], bearer: str) -> bool:
        return self.keys.known(_cookie(headers.get("cookie", ""), self.keys.cookie), bearer)

    def _not_open(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str] | None:
        """Why a request without a key, or a change that no page of ours sent, is refused."""
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if not self._in_session(headers, bearer):
            return (
                401,
                "Not open. Start the program and use the address that it prints; each address"
                f" works once. {_ANOTHER}",
            )
        if scope["method"] not in ("GET", "HEAD") and "origin" not in headers and not bearer:
            return 403, "What changes something must come from a page of this program."
        return None

    def _left(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        """Whether a page is asked for after the browser was left."""
        return (
            scope["method"] == "GET"
            and bool(_cookie(headers.get("cookie", ""), self.keys.left))
            and not scope["path"].startswith(("/static/", "/live", "/api/"))
        )

    @property
    def _present(self) -> tuple[str, str]:
        """Forgets that the browser was left."""
        return "set-cookie", f"{self.keys.left}=; Max-Age=0; SameSite=Strict; Path=/"

    async def _enter(self, send: Send, token: str, known: bool) -> None:
        """By the printed address; used up, it still leads in whoever is in already."""
        if not self.keys.once(token) and not known:
            return await _answer(
                send, 401, f"This address has been used; each works once. {_ANOTHER}"
            )
        cookie = f"{self.keys.cookie}={self.keys.session}; HttpOnly; SameSite=Strict; Path=/"
        await _answer(send, 303, "", ("location", "/"), ("set-cookie", cookie), self._present)


_ANOTHER = "If it runs with cases that are in no file, Ctrl-C in its window prints another."


def _cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _sealed(send: Send, cookie: str = "") -> Send:
    """Adds the headers that every answer has, and a cookie; an answer that set its own policy keeps
    it.
    """

    async def sealed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = {k.lower() for k, _ in message["headers"]}
            more = [(k, v) for k, v in HEADERS.items() if k.encode() not in own] + (
                [("set-cookie", cookie)] if cookie else []
            )
            message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in more)]
        await send(message)

    return sealed


async def _answer(send: Send, status: int, text: str, *headers: tuple[str, str]) -> None:
    body = text.encode()
    every = [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", str(len(body))),
        *HEADERS.items(),
        *headers,
    ]
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(k.encode(), v.encode()) for k, v in every],
        }
    )
    await send({"type": "http.response.body", "body": body})
