"""Who may talk to the server: this machine, this address, whoever holds the token.

In one place, and in front of every route.

    Host     the random name of this run, so that a foreign name that points here (DNS rebinding)
             gets nothing, and no other port is sent our cookie; programs may use 127.0.0.1
    Origin   ours or none; what changes something needs ours, unless a program sends it
    Fetch    what a browser says of where a request comes from (Fetch Metadata) must fit too
    Again    a second start of the program may ask that the pages be opened once more
    Token    the printed address holds one that works once and becomes a cookie (HttpOnly, Strict);
             programs send `Authorization: Bearer`, for /api alone
    Time     without a person at the pages for a while they lock (`keys`)
    Left     a browser that was left (Esc Esc) shows a neutral page until somebody comes back
    After    the answer to a form is fetched from an address of its own: a browser that keeps its
             windows for the next start keeps what was sent with them (`after`)

Limits: whoever runs as the same user on this machine can read the program's memory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from screening.web.after import Answers
from screening.web.keys import Keys

__all__ = ["HEADERS", "Guard", "Keys", "Refusal"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
# (path, the language that the browser has chosen, why) to a page
Refusal = Callable[[str, str, str], str]

LARGEST = 10 * 1024 * 1024  # bytes of a request
LARGEST_FILE = 40 * 1024 * 1024  # the one page that takes a case file

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

# Two of these would leave it to chance which one counts.
_SINGLE = (
    "host",
    "origin",
    "authorization",
    "content-length",
    "content-type",
    "sec-fetch-site",
    "sec-fetch-mode",
)
_ANOTHER = "If it runs with cases that are in no file, Ctrl-C in its window prints another."
_WHY = {
    "host": (421, "This address is not served here. Use the address that the program printed."),
    "origin": (403, "Another page may not talk to this program."),
    "twice": (400, "A header is there twice."),
    "not_open": (
        401,
        "Not open. Start the program and use the address that it prints; each address works once."
        f" {_ANOTHER}",
    ),
    "used": (401, f"This address has been used; each works once. {_ANOTHER}"),
    "locked": (
        401,
        "Locked: nobody was here for a while. Nothing is lost. The program's window shows the"
        " address that leads in again.",
    ),
    "no_page": (403, "What changes something must come from a page of this program."),
    "large": (413, "That is larger than anything this program takes."),
}


def _plain(path: str, language: str, why: str) -> str:
    return ""


class Guard:
    """The middleware. What it refuses never reaches a route."""

    def __init__(self, app: App, keys: Keys, refusal: Refusal = _plain) -> None:
        self.app, self.keys, self.refusal = app, keys, refusal
        self.answers = Answers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers, twice = _read(scope)
        if not twice and self._is_knock(scope, headers):
            self.keys.on_again()
            return await _answer(send, 200, "")
        if why := twice or self._from_elsewhere(scope, headers):
            return await self._refuse(scope, headers, send, why)
        token = _token(scope)
        if token is not None and headers["host"] == self.keys.host:
            return await self._enter(scope, headers, send, token)
        if why := self._not_open(scope, headers):
            return await self._refuse(scope, headers, send, why)
        if self._is_work(scope):
            self.keys.heard()
        await self._within(scope, headers, receive, send)

    async def _within(
        self, scope: Scope, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        """A request of somebody who is in."""
        method, path = scope["method"], scope["path"]
        length = headers.get("content-length", "0")
        largest = LARGEST_FILE if path == "/open" else LARGEST
        if (
            not length.isascii()
            or not length.isdigit()
            or len(length) > 12
            or int(length) > largest
            or "transfer-encoding" in headers
        ):
            return await self._refuse(scope, headers, send, "large")
        if path == "/blank":
            return await self.app(
                scope, receive, _sealed(send, f"{self.keys.left}=1; SameSite=Strict; Path=/")
            )
        if path == "/blank/return":
            return await _answer(send, 303, "", ("location", "/"), self._present)
        if self._left(scope, headers):
            return await _answer(send, 303, "", ("location", "/blank"))
        if (method, path) == ("POST", "/lock"):
            self.answers.forget()
            self.keys.lock()
            return await _answer(send, 303, "", ("location", "/"))
        send = _sealed(send)
        if method == "GET" and (kept := self.answers.take(path)) is not None:
            for message in kept:
                await send(message)
            return
        if method == "POST" and headers.get("sec-fetch-mode") == "navigate":
            if path.endswith("/drop"):
                self.answers.forget()
            send = self.answers.keeping(send)
        await self.app(scope, receive, send)

    async def _refuse(self, scope: Scope, headers: Mapping[str, str], send: Send, why: str) -> None:
        """Why not: a page for whoever looks at one, a line for a program."""
        status, text = _WHY[why]
        # Where the rest of a request is not read, the line must not be used again
        closing = [("connection", "close")] if why in ("large", "twice") else []
        if "text/html" in headers.get("accept", "") and not scope["path"].startswith("/api"):
            page = self.refusal(scope["path"], _cookie(headers, "notes_language"), why)
            if page:
                kind = ("content-type", "text/html; charset=utf-8")
                return await _answer(send, status, page, kind, *closing)
        await _answer(send, status, text, *closing)

    def _from_elsewhere(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """Why a request under another name, or from another page, is refused."""
        program = "authorization" in headers and scope["path"].startswith("/api")
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in (self.keys.program_hosts if program else {self.keys.host}):
            return "host"
        if origin is not None and origin != f"http://{host}":
            return "origin"
        site = headers.get("sec-fetch-site", "same-origin")
        entering = _token(scope) is not None and headers.get("sec-fetch-dest") == "document"
        if site == "same-origin" or (scope["method"] in ("GET", "HEAD") and site == "none"):
            return ""
        return "" if entering else "origin"

    def _is_knock(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        """Whether this is a second start of the program, which no browser can send: it asks that
        the pages be opened where this one runs, and is told nothing.
        """
        return (
            (scope["method"], scope["path"]) == ("POST", "/again")
            and headers.get("host") in self.keys.program_hosts
            and not {"origin", "cookie", "sec-fetch-site"} & headers.keys()
            and self.keys.is_knock(headers.get("authorization", ""))
        )

    def _not_open(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """Why a request without a key, or a change that no page of ours sent, is refused."""
        if "authorization" in headers:
            fits = scope["path"].startswith("/api") and self.keys.is_program(
                headers["authorization"]
            )
            return "" if fits else "not_open"
        if scope["method"] in ("GET", "HEAD") and scope["path"] in _OPEN:
            return ""
        if not self.keys.holds(_cookie(headers, self.keys.cookie)):
            return "locked" if self.keys.locked else "not_open"
        if scope["method"] not in ("GET", "HEAD") and "origin" not in headers:
            return "no_page"
        return ""

    def _is_work(self, scope: Scope) -> bool:
        """Whether a request shows that a person is there; a page asks for signs of life by
        itself, and says when somebody has touched a key meanwhile.
        """
        return (
            not scope["path"].startswith(("/live", "/static/", "/api"))
            or b"active=1" in scope["query_string"]
        )

    def _left(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        """Whether a page is asked for after the browser was left."""
        return (
            scope["method"] == "GET"
            and bool(_cookie(headers, self.keys.left))
            and not scope["path"].startswith(("/static/", "/live", "/api/"))
        )

    @property
    def _present(self) -> tuple[str, str]:
        """Forgets that the browser was left."""
        return "set-cookie", f"{self.keys.left}=; Max-Age=0; SameSite=Strict; Path=/"

    async def _enter(
        self, scope: Scope, headers: Mapping[str, str], send: Send, token: str
    ) -> None:
        """By the printed address; used up, it still leads in whoever is in already."""
        if not self.keys.once(token) and not self.keys.holds(_cookie(headers, self.keys.cookie)):
            return await self._refuse(
                scope, headers, send, "locked" if self.keys.locked else "used"
            )
        cookie = f"{self.keys.cookie}={self.keys.session}; HttpOnly; SameSite=Strict; Path=/"
        put = ("set-cookie", cookie)
        if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
            return await _answer(send, 303, "", ("location", "/"), put, self._present)
        # Opened by another page (the file that hands the address to the browser): a redirect would
        # still count as that page's, and a strict cookie would stay behind.
        onward = '<!doctype html><title></title><meta http-equiv="refresh" content="0; url=/">'
        kind = ("content-type", "text/html; charset=utf-8")
        await _answer(send, 200, onward, kind, put, self._present)


# How the page looks that says why nothing else is shown. Nothing of a case is in it.
_OPEN = frozenset({"/static/pico.css", "/static/app.css"})


def _read(scope: Scope) -> tuple[dict[str, str], str]:
    """Headers by their names in small letters, and "twice" where one is there twice that may not
    be.
    """
    headers: dict[str, str] = {}
    twice = ""
    for key, value in scope["headers"]:
        name, text = key.decode("latin-1").lower(), value.decode("latin-1")
        if name in headers:
            twice = "twice" if name in _SINGLE else twice
            text = f"{headers[name]}; {text}" if name == "cookie" else f"{headers[name]}, {text}"
        headers[name] = text
    return headers, twice


def _token(scope: Scope) -> str | None:
    """The token of the printed address, where it is that address."""
    if scope["path"] != "/" or scope["method"] != "GET":
        return None
    return next(iter(parse_qs(scope["query_string"].decode("latin-1")).get("token", ())), None)


def _cookie(headers: Mapping[str, str], name: str) -> str:
    """One cookie. What others have set is passed over, whatever it looks like."""
    for part in headers.get("cookie", "").split(";"):
        key, found, value = part.partition("=")
        if found and key.strip() == name:
            return value.strip().strip('"')
    return ""


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
    own = {k for k, _ in headers}
    every = [
        *([] if "content-type" in own else [("content-type", "text/plain; charset=utf-8")]),
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
