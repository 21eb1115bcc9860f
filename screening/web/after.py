"""Answers to forms, at an address of their own.

A browser keeps, for its next start, what was sent to get the page that a window shows: the words of
a form whose answer is a page would lie on the disk. So the answer is kept here for a moment, and
the browser is sent on to fetch it. What leads on elsewhere by itself needs none of this.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["Answers"]

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

MOST = 8  # answers that wait to be fetched, or to be looked at once more


class Answers:
    """The last few answers, in memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, list[Message]] = OrderedDict()

    def take(self, path: str) -> list[Message] | None:
        """What is at a path; it stays there, for whoever loads the page again."""
        found = self._kept.get(path)
        return None if found is None else [dict(m) for m in found]

    def forget(self) -> None:
        """Drop all."""
        self._kept.clear()

    def keeping(self, send: Send) -> Send:
        """Takes an answer in and sends the browser to where it is; a redirect goes out as it is."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                messages.append(message)
                if not _is_page(message["status"]):
                    await send(message)
                return
            if not _is_page(messages[0]["status"]):
                return await send(message)
            messages.append(message)
            if message.get("more_body"):
                return
            path = f"/after/{secrets.token_hex(8)}"
            self._kept[path] = messages
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            cookies = [(k, v) for k, v in messages[0]["headers"] if k.lower() == b"set-cookie"]
            messages[0]["headers"] = [h for h in messages[0]["headers"] if h not in cookies]
            headers = [
                *cookies,
                (b"location", path.encode()),
                (b"content-length", b"0"),
                (b"cache-control", b"no-store"),
            ]
            await send({"type": "http.response.start", "status": 303, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

        return keep


def _is_page(status: int) -> bool:
    return status != 204 and not 300 <= status < 400
