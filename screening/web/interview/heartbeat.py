"""A sign of life that a page asks for every second, and what other windows did to its case.

Asked for, not held open: a browser opens six lines to one address and no more, and the seventh
window would hang.
"""

from __future__ import annotations

import time

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from screening.web.view import desk_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
# Seconds after which a window is taken as closed; one that nobody looks at asks once a minute at
# the least
SILENT = 75.0
MOST = 50  # windows remembered


@router.get("/live")
async def live() -> Response:
    """Only a sign of life."""
    return Response(status_code=204)


@router.get("/live/{key}")
async def live_case(request: Request, key: str, window: str = "") -> Response:
    """The case's revision, and in how many windows it is open."""
    desk, now = desk_of(request), time.monotonic()
    case = desk.case(key)
    case.windows = {name: heard for name, heard in case.windows.items() if now - heard < SILENT}
    if window and (window in case.windows or len(case.windows) < MOST):
        case.windows[window[:32]] = now
    return JSONResponse(
        {"revision": desk.interview(key).record.revision, "windows": len(case.windows)}
    )


@router.post("/live/{key}")
async def closed(request: Request, key: str, window: str = "") -> Response:
    """A window says that it shows the case no longer."""
    desk_of(request).case(key).windows.pop(window[:32], None)
    return Response(status_code=204)
