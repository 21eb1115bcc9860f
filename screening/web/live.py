"""A line that stays open between a page and the program: it breaks when the program ends, and tells what other windows did.

Server-sent events need no library on either side. The page shows at once when the line breaks: nothing is saved any more.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from screening.errors import UsageError
from screening.web.desk import Desk, OpenCase
from screening.web.view import desk_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
EVERY = 0.25  # seconds between looks at the case


@router.get("/live")
async def live(request: Request) -> StreamingResponse:
    """Only a sign of life."""
    return StreamingResponse(_beats(request), media_type="text/event-stream")


@router.get("/live/{key}")
async def live_case(request: Request, key: str) -> StreamingResponse:
    """A sign of life, and each change of the case: its revision and in how many windows it is open."""
    desk = desk_of(request)
    return StreamingResponse(_changes(request, desk, key, desk.case(key)), media_type="text/event-stream")


async def _beats(request: Request) -> AsyncIterator[str]:
    while not await _over(request):
        yield ": here\n\n"
        await asyncio.sleep(5 * EVERY)


async def _changes(request: Request, desk: Desk, key: str, case: OpenCase) -> AsyncIterator[str]:
    case.windows += 1
    told = None
    try:
        while not await _over(request):
            try:
                now = {"revision": desk.interview(key).record.revision, "windows": case.windows}
            except UsageError:  # forgotten meanwhile, in another window
                yield "event: gone\ndata: {}\n\n"
                return
            yield ": here\n\n" if now == told else f"data: {json.dumps(now)}\n\n"
            told = now
            await asyncio.sleep(EVERY)
    finally:
        case.windows -= 1


async def _over(request: Request) -> bool:
    return bool(request.app.state.ending) or await request.is_disconnected()
